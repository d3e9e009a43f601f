/* Configuration files: any bytes as YAML, with and without the flag of rule files. Reasons are ASCII and name a place; what is
 * accepted can be applied, and a sanitizer made of its recognizers or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (uint32_t flags = 0; flags <= VEIL_FILE_RULES; flags++) {
        veil_config_file *file = NULL;
        veil_config config;
        veil_error error = VEIL_ERROR_INIT;
        if (veil_config_file_create(NULL, &file, NULL) != VEIL_OK) return 0;
        veil_status status = veil_config_file_read(file, (const char *)data, size, NULL, flags, &error);
        for (const char *c = error.message; *c; c++)
            if (*c < ' ' || *c > '~') abort();
        if (status != VEIL_OK && error.message[0] == '\0') abort();
        veil_config_init(&config);
        if ((veil_config_file_apply(file, &config) == VEIL_OK) != (status == VEIL_OK)) abort();
        if (status == VEIL_OK && config.recognizer_count > 0 && size < 400) {
            veil_config own;
            veil_sanitizer *sanitizer = NULL;
            veil_config_init(&own);
            own.modalities = VEIL_MODALITY_TEXT;
            own.text_workspaces = 1;
            own.recognizers = config.recognizers;
            own.recognizer_count = config.recognizer_count;
            if (veil_sanitizer_create(&own, &sanitizer, NULL) == VEIL_OK) {
                veil_text_result result = {sizeof result, NULL, 0, 0};
                if (veil_text_scan(sanitizer, NULL, (const char *)data, size, &result, NULL) == VEIL_ERR_INTERNAL)
                    abort();
            }
            veil_sanitizer_destroy(sanitizer);
        }
        veil_config_file_destroy(file);
    }
    return 0;
}
