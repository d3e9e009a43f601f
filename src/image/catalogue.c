/* What pictures are searched for in this version, and the names of the engines. QR_CODE and BARCODE come with a detector. */
#include <pthread.h>
#include <stdio.h>

#include "image/codec.h"
#include "image/cv_net.h"
#include "image/image.h"
#include "image/model.h"

static const veil_entity_info catalogue[] = {
    {sizeof(veil_entity_info), "FACE", "Human face", "", "", "", "image", 0.73F, 1},
    {sizeof(veil_entity_info), "REGION", "Box given by the caller", "", "", "", "image", 1.0F, 1},
};

size_t vl_image_entity_count(void)
{
    return sizeof catalogue / sizeof catalogue[0];
}

void vl_image_entity_at(size_t index, veil_entity_info *info)
{
    *info = catalogue[index];
}

static char version[96];
static pthread_once_t version_once = PTHREAD_ONCE_INIT;

static void make_version(void)
{
    (void)snprintf(version, sizeof version, "%s, %s", vl_cv_version(), vl_codec_versions());
}

const char *vl_image_engine_version(void)
{
    (void)pthread_once(&version_once, make_version);
    return version;
}

const char *vl_image_models(void)
{
    return vl_face_model_embedded_name();
}
