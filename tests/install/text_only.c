/* A build without images and audio: text works, the other calls answer UNSUPPORTED and leave no input in their outputs. */
#include <stdio.h>
#include <string.h>

#include <veil.h>

static int expect(int is_true, const char *what)
{
    if (!is_true) fprintf(stderr, "text-only: %s\n", what);
    return is_true ? 0 : 1;
}

int main(void)
{
    int wrong = 0;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    wrong += expect(veil_sanitizer_create(NULL, &sanitizer, &error) == VEIL_OK, "create with the defaults");
    static const char text[] = "mail jane.roe@example.com";
    char out[64];
    memset(out, 'x', sizeof out);
    size_t out_bytes = 0;
    wrong += expect(veil_text_redact(sanitizer, NULL, text, sizeof text - 1, out, sizeof out, &out_bytes, NULL, NULL) ==
                        VEIL_OK,
                    "redact a text");
    wrong += expect(out_bytes == 20 && memcmp(out, "mail <EMAIL_ADDRESS>", 20) == 0, "the redacted text");

    unsigned char pixels[12] = {1, 2, 3};
    veil_image image = {sizeof image, pixels, 6, 2, 2, VEIL_PIXEL_BGR, 0};
    wrong += expect(veil_image_redact(sanitizer, NULL, &image, NULL, NULL) == VEIL_ERR_UNSUPPORTED, "images");
    wrong += expect(pixels[0] == 1, "the picture was touched");
    memset(out, 'x', sizeof out);
    wrong += expect(veil_audio_redact_encoded(sanitizer, NULL, text, sizeof text, out, sizeof out, &out_bytes, NULL,
                                              &error) == VEIL_ERR_UNSUPPORTED,
                    "audio");
    wrong += expect(out_bytes == 0 && out[0] == 0 && out[63] == 0, "an output that was not cleared");
    wrong += expect(strstr(error.message, "build") != NULL, "the reason says that the build lacks it");
    veil_sanitizer_destroy(sanitizer);

    veil_build_info build = {.struct_size = sizeof build};
    wrong += expect(veil_build_info_get(&build) == VEIL_OK && strcmp(build.options, "VEIL_TEXT") == 0, "the options");

    veil_config config;
    veil_config_init(&config);
    wrong += expect(config.modalities == VEIL_MODALITY_TEXT, "the default modalities are those of the build");
    config.modalities |= VEIL_MODALITY_IMAGE;
    wrong += expect(veil_sanitizer_create(&config, &sanitizer, &error) == VEIL_ERR_UNSUPPORTED, "create with images");
    return wrong;
}
