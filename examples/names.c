/*
 * A model of your own as a recognizer: here, titles before capital letters stand for the model that you would call. Veil hands
 * it each text, checks what it answers, and treats its findings like its own: scores, overlaps, operators.
 */
#include <stdio.h>
#include <string.h>

#include "veil.h"

/* Called on the thread that scans, from several threads at once: `user` must stand that. */
static veil_status find_names(void *user, const char *text, size_t text_bytes, veil_callback_finding *findings,
                              size_t capacity, size_t *count)
{
    const char *const *titles = user;
    for (size_t i = 0; titles[i] != NULL; i++) {
        size_t length = strlen(titles[i]);
        for (size_t at = 0; at + length < text_bytes; at++) {
            if (memcmp(text + at, titles[i], length) != 0) continue;
            size_t end = at + length;
            while (end < text_bytes && ((text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z'))
                end++;
            if (*count == capacity) return VEIL_ERR_LIMIT; /* never drop one */
            findings[(*count)++] = (veil_callback_finding){.start = at + length, .end = end, .score = 0.85f};
        }
    }
    return VEIL_OK;
}

int main(int argc, char **argv)
{
    static const char *const titles[] = {"Mr. ", "Ms. ", "Dr. ", NULL};
    const char *text = argc > 1 ? argv[1] : "Dr. Roe wrote to jane.roe@example.com";
    veil_recognizer model = {.struct_size = sizeof model,
                             .name = "titles",
                             .entity = "PERSON",
                             .kind = VEIL_RECOGNIZER_CALLBACK,
                             .callback = find_names,
                             .user = (void *)titles,
                             .sample = NULL};
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.recognizers = &model;
    config.recognizer_count = 1;

    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) {
        fprintf(stderr, "create: %s\n", error.message);
        return 1;
    }
    char out[2048];
    size_t bytes = 0;
    veil_status status = veil_text_redact(sanitizer, NULL, text, strlen(text), out, sizeof out, &bytes, NULL, &error);
    if (status == VEIL_OK)
        printf("%.*s\n", (int)bytes, out);
    else
        fprintf(stderr, "redact: %s\n", error.message);
    veil_sanitizer_destroy(sanitizer);
    return status == VEIL_OK ? 0 : 1;
}
