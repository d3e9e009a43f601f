/* What the loaded library is: its version, and what it was built with, readable at run time. */
#include <pthread.h>
#include <stdio.h>

#include "check.h"
#include "core/cpu.h"
#include "sanitizer.h"

#define INFO_MIN_BYTES 16u

uint32_t veil_version_number(void)
{
    return VEIL_VERSION_MAJOR * 10000u + VEIL_VERSION_MINOR * 100u + VEIL_VERSION_PATCH;
}

const char *veil_version_string(void)
{
    return VEIL_VERSION_TEXT;
}

static char engines[256];
static pthread_once_t engines_once = PTHREAD_ONCE_INIT;

static void describe_engines(void)
{
    const char *hyperscan = vl_text_engine_version(); /* with the date of its build behind a space */
    (void)snprintf(engines, sizeof engines, "Hyperscan %.*s%s%s%s%s", (int)strcspn(hyperscan, " "), hyperscan,
#if VEIL_HAS_IMAGE
                   ", ", vl_image_engine_version(),
#else
                   "", "",
#endif
#if VEIL_HAS_AUDIO
                   ", ", vl_audio_engine_version()
#else
                   "", ""
#endif
    );
}

veil_status veil_build_info_get(veil_build_info *info)
{
    if (vl_check_struct(info, INFO_MIN_BYTES, sizeof *info, "info", NULL) != VEIL_OK) return VEIL_ERR_INVALID_ARGUMENT;
    (void)pthread_once(&engines_once, describe_engines);
    veil_build_info ours = {
        .struct_size = info->struct_size,
        .version = VEIL_VERSION_TEXT,
        .engines = engines,
        .cpu_level = vl_cpu_name(vl_cpu_best()),
        .models = "",
        .options = VEIL_BUILD_OPTIONS,
    };
#if VEIL_HAS_IMAGE
    ours.models = vl_image_models();
#endif
    memcpy(info, &ours, info->struct_size < sizeof ours ? info->struct_size : sizeof ours);
    return VEIL_OK;
}
