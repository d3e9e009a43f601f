/*
 * Tokens: hide a prompt from a language model, restore its answer. The model is played by a function that does what models do:
 * it repeats tokens, wraps lines, and changes letter case. Usage: example_tokens ["some text"]
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "veil.h"

#define ROOM 65536

static const char sample[] = "Write to jane.roe@example.com about card 4111 1111 1111 1111, then call 415-555-0132.";

static int fail(const char *what, veil_status status, const veil_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, veil_status_string(status), error->message);
    return 1;
}

/* Answers with the prompt, in small letters, wrapped at 60 columns. */
static size_t ask_model(const char *prompt, size_t prompt_bytes, char *answer, size_t room)
{
    size_t size = (size_t)snprintf(answer, room, "Sure! You said:\n");
    for (size_t i = 0; i < prompt_bytes && size + 2 < room; i++) {
        answer[size++] = (char)tolower((unsigned char)prompt[i]);
        if (i % 60 == 59) answer[size++] = '\n';
    }
    return size;
}

int main(int argc, char **argv)
{
    static char hidden[ROOM], answer[ROOM], restored[ROOM];
    const char *text = argc > 1 ? argv[1] : sample;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;

    /* Once. The key comes from your key store; whoever holds it can restore. */
    static const unsigned char key[32] = "an example: take random bytes";
    const veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_TOKEN};
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.operators = &rule;
    config.operator_count = 1;
    config.key = key;
    config.key_bytes = sizeof key;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);
    if (status != VEIL_OK) return fail("create", status, &error);

    /* For every conversation its own context: a token that somebody pastes from another one means nothing here. */
    veil_text_options options;
    veil_text_options_init(&options);
    options.token_context = "tenant 7, conversation 42";

    size_t hidden_bytes = 0, restored_bytes = 0;
    status = veil_text_redact(sanitizer, &options, text, strlen(text), hidden, ROOM, &hidden_bytes, NULL, &error);
    if (status == VEIL_OK) {
        printf("to the model:   %.*s\n", (int)hidden_bytes, hidden);
        size_t answer_bytes = ask_model(hidden, hidden_bytes, answer, ROOM);
        veil_restore_result result = {.struct_size = sizeof result};
        status = veil_text_restore(sanitizer, &options, answer, answer_bytes, restored, ROOM, &restored_bytes, &result,
                                   &error);
        if (status == VEIL_OK)
            printf("to the user:    %.*s\n%llu restored, %llu refused\n", (int)restored_bytes, restored,
                   (unsigned long long)result.restored_count, (unsigned long long)result.refused_count);
    }
    veil_sanitizer_destroy(sanitizer);
    return status == VEIL_OK ? 0 : fail("call", status, &error);
}
