/* Text: find and redact personal data in a string. Usage: example_text ["some text"] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "veil.h"

static const char sample[] = "Hi, I'm Jane Roe, reach me at jane.roe@example.com or 415-555-0132; SSN 536-90-4399, "
                             "card 4111 1111 1111 1111 thanks";

static int fail(const char *what, veil_status status, const veil_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, veil_status_string(status), error->message);
    return 1;
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : sample;
    veil_error error = VEIL_ERROR_INIT;
    veil_sanitizer *sanitizer = NULL;
    veil_config config;

    /* Once, at start-up. Cards keep their last four digits; everything else becomes <ENTITY>. */
    veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "CREDIT_CARD", .op = VEIL_OP_MASK};
    rule.mask_count = 15; /* of "4111 1111 1111 1111", spaces counted */
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.operators = &rule;
    config.operator_count = 1;
    veil_status status = veil_sanitizer_create(&config, &sanitizer, &error);
    if (status != VEIL_OK) return fail("create", status, &error);

    /* For every text, from any thread; nothing is allocated in here. */
    static char out[65536];
    size_t out_bytes = 0;
    veil_finding findings[32];
    veil_text_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 32};
    status = veil_text_redact(sanitizer, NULL, text, strlen(text), out, sizeof out, &out_bytes, &result, &error);
    if (status != VEIL_OK) {
        veil_sanitizer_destroy(sanitizer);
        return fail("redact", status, &error);
    }
    printf("%.*s\n", (int)out_bytes, out);
    for (size_t i = 0; i < result.finding_count && i < result.finding_capacity; i++)
        printf("%-16s bytes %3llu to %3llu  score %.2f\n", findings[i].entity, (unsigned long long)findings[i].start,
               (unsigned long long)findings[i].end, (double)findings[i].score);

    veil_sanitizer_destroy(sanitizer);
    return result.finding_count > 0 ? 0 : 1;
}
