/* What a host does first: a sanitizer for text, one redaction; prints the result. */
#include <stdio.h>

#include <veil.h>

int main(void)
{
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        fprintf(stderr, "%s: %s\n", veil_status_string(error.status), error.message);
        return 1;
    }
    static const char text[] = "mail jane.roe@example.com";
    char out[64];
    size_t out_bytes = 0;
    const veil_status status =
        veil_text_redact(sanitizer, NULL, text, sizeof text - 1, out, sizeof out, &out_bytes, NULL, &error);
    if (status == VEIL_OK) printf("%.*s (%s)\n", (int)out_bytes, out, veil_version_string());
    if (status != VEIL_OK) fprintf(stderr, "%s: %s\n", veil_status_string(status), error.message);
    veil_sanitizer_destroy(sanitizer);
    return status == VEIL_OK ? 0 : 1;
}
