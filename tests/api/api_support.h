/* What the api suites share: cmocka in its order, sanitizers for each modality, a reason that must name a field. */
#ifndef VL_TESTS_API_SUPPORT_H
#define VL_TESTS_API_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "veil.h"

#define SAMPLE          "mail jane.roe@example.com now"
#define SAMPLE_REDACTED "mail <EMAIL_ADDRESS> now"

static inline void config_for(veil_config *config, uint32_t modalities)
{
    veil_config_init(config);
    if (modalities != 0) config->modalities = modalities;
}

static inline veil_sanitizer *make(const veil_config *config)
{
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    const veil_status status = veil_sanitizer_create(config, &sanitizer, &error);
    if (status != VEIL_OK) fail_msg("create: %s: %s", veil_status_string(status), error.message);
    return sanitizer;
}

static inline veil_sanitizer *make_for(uint32_t modalities)
{
    veil_config config;
    config_for(&config, modalities);
    return make(&config);
}

/* What the library was built with, by the option's name: suites that run in every build ask, and skip the rest. */
static inline bool built_with(const char *option)
{
    veil_build_info info = {.struct_size = sizeof info};
    return veil_build_info_get(&info) == VEIL_OK && strstr(info.options, option) != NULL;
}

/* An entity that Veil knows and this build leaves out. */
static inline bool needs_another_build(const char *entity)
{
    if (entity == NULL) return false;
    return (strcmp(entity, "FACE") == 0 && !built_with("VEIL_IMAGE")) ||
           ((strcmp(entity, "QR_CODE") == 0 || strcmp(entity, "BARCODE") == 0) && !built_with("VEIL_CODES")) ||
           ((strcmp(entity, "RANGE") == 0 || strcmp(entity, "DTMF") == 0) && !built_with("VEIL_AUDIO"));
}

/* The call failed with this status, and its reason has this word in it. */
#define assert_refused(call, expected, error, word)                                                                    \
    do {                                                                                                               \
        const veil_status refused_ = (call);                                                                           \
        assert_int_equal(refused_, expected);                                                                          \
        assert_int_equal((error).status, expected);                                                                    \
        if (strstr((error).message, word) == NULL) fail_msg("no \"%s\" in \"%s\"", word, (error).message);             \
    } while (0)

#endif
