/* Expected findings of golden/entities.txt, one text a line. The file says how it is written. */
#include "text/scan_fixture.h"

static void unescape(char *text)
{
    char *to = text;
    for (; *text != '\0'; text++) {
        bool is_newline = text[0] == '\\' && text[1] == 'n';
        *to++ = is_newline ? '\n' : *text;
        text += is_newline;
    }
    *to = '\0';
}

static void describe(const found *all, const char *text, char *out, size_t capacity)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < all->count && used < capacity; i++) {
        const veil_finding *f = &all->items[i];
        used += (size_t)snprintf(out + used, capacity - used, "%s%s=%.*s", i > 0 ? " ; " : "", f->entity,
                                 (int)(f->end - f->start), text + f->start);
    }
}

static void golden_lines_give_their_findings(void **state)
{
    (void)state;
    static found all;
    static char line[4096];
    static char got[4096];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/tests/text/golden/entities.txt", "r");
    assert_non_null(file);
    unsigned failures = 0;
    unsigned count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') continue;
        line[strcspn(line, "\n")] = '\0';
        char *text = strchr(line, '|');
        char *expected = text == NULL ? NULL : strrchr(text + 1, '|');
        assert_non_null(expected);
        *text++ = '\0';
        *expected++ = '\0';
        unescape(text);
        unescape(expected);
        veil_text_options options;
        veil_text_options_init(&options);
        options.language = line;
        scan_text(sanitizer, &options, text, strlen(text), &all);
        describe(&all, text, got, sizeof got);
        count++;
        if (strcmp(got, expected) == 0) continue;
        printf("text: %s\n  expected: %s\n  found:    %s\n", text, expected, got);
        failures++;
    }
    (void)fclose(file);
    veil_sanitizer_destroy(sanitizer);
    assert_true(count > 50);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_lines_give_their_findings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
