/* Expected findings of the .txt files in golden/, one text a line. entities.txt says how they are written. */
#include <glob.h>

#include "text/scan_fixture.h"

static void unescape(char *text)
{
    char *to = text;
    for (; *text != '\0'; text++) {
        if (text[0] == '\\' && text[1] == '&') { /* nothing: splits what looks like a token */
            text++;
            continue;
        }
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

/* Number of lines that give something else than they say. */
static unsigned check_line(const veil_sanitizer *sanitizer, char *line)
{
    static found all;
    static char got[4096];
    char *text = strchr(line, '|');
    char *expected = text == NULL ? NULL : strrchr(text + 1, '|');
    if (expected == NULL) fail_msg("no golden line: %s", line);
    *text++ = '\0';
    *expected++ = '\0';
    unescape(text);
    unescape(expected);
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = line;
    scan_text(sanitizer, &options, text, strlen(text), &all);
    describe(&all, text, got, sizeof got);
    if (strcmp(got, expected) == 0) return 0;
    printf("text: %s\n  expected: %s\n  found:    %s\n", text, expected, got);
    return 1;
}

static unsigned check_file(const veil_sanitizer *sanitizer, const char *path, unsigned *count)
{
    static char line[4096];
    unsigned failures = 0;
    unsigned before = *count;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#') continue;
        line[strcspn(line, "\n")] = '\0';
        failures += check_line(sanitizer, line);
        (*count)++;
    }
    (void)fclose(file);
    printf("golden: %-28s %5u lines, %u differ\n", strrchr(path, '/') + 1, *count - before, failures);
    return failures;
}

static void golden_lines_give_their_findings(void **state)
{
    (void)state;
    glob_t files;
    unsigned failures = 0;
    unsigned count = 0;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    assert_int_equal(glob(VEIL_TEST_SOURCE_DIR "/tests/text/golden/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        failures += check_file(sanitizer, files.gl_pathv[i], &count);
    globfree(&files);
    veil_sanitizer_destroy(sanitizer);
    printf("%u lines\n", count);
    assert_true(count > 50);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(golden_lines_give_their_findings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
