/* What pictures are searched for in this build, by name, and the names of the engines. */
#include <pthread.h>
#include <stdio.h>

#include "image/codec.h"
#include "image/codes.h"
#include "image/cv_net.h"
#include "image/image.h"
#include "image/model.h"

static const veil_entity_info catalogue[] = {
#if VEIL_HAS_CODES
    {sizeof(veil_entity_info), "BARCODE", "Bar code, Aztec, Data Matrix, MaxiCode, PDF417", "", "", "", "image", 1.0F,
     1},
#endif
    {sizeof(veil_entity_info), "FACE", "Human face", "", "", "", "image", 0.73F, 1},
#if VEIL_HAS_CODES
    {sizeof(veil_entity_info), "QR_CODE", "QR code", "", "", "", "image", 1.0F, 1},
#endif
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

static char version[128];
static pthread_once_t version_once = PTHREAD_ONCE_INIT;

static void make_version(void)
{
    const uint32_t webp = vl_codec_webp_version();
    int used = snprintf(version, sizeof version, "%s, %s%s%s", vl_cv_version(), vl_codec_versions(),
                        vl_codes_are_built() ? ", " : "", vl_codes_version());

    if (webp != 0 && used > 0 && (size_t)used < sizeof version)
        (void)snprintf(version + used, sizeof version - (size_t)used, ", libwebp %u.%u.%u", webp >> 16, webp >> 8 & 255,
                       webp & 255);
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
