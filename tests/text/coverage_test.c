/*
 * Nothing in the catalogue is a name alone: every entity has a row, a golden line that finds it, and a golden line that holds
 * something of its shape (a match of one of its patterns, by PCRE2) which must not be found. Rows whose pattern is only a
 * beginning count by that beginning. text_coverage_test --suggest prints lines for entities that have none, to be read by someone.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <glob.h>
#include <pcre2.h>

#include "text/recognizers.h"
#include "text/scan_fixture.h"

#define EXPECTED_MAX 64

typedef struct expected {
    int entity;
    size_t start;
    size_t end;
} expected;

static unsigned positives[VL_ENTITY_COUNT];
static unsigned negatives[VL_ENTITY_COUNT];
static pcre2_code *codes[VL_ROW_COUNT];

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

/* "ENTITY=value ; ENTITY=value" to spans; values stand in the text in this order. */
static size_t read_expected(const char *text, char *list, expected *out)
{
    size_t count = 0;
    size_t at = 0;
    while (*list != '\0') {
        char *next = strstr(list, " ; ");
        if (next != NULL) *next = '\0';
        char *value = strchr(list, '=');
        if (value == NULL || count == EXPECTED_MAX) fail_msg("no list of findings: %s", list);
        *value++ = '\0';
        const char *found_at = strstr(text + at, value);
        if (found_at == NULL) fail_msg("\"%s\" is not in \"%s\"", value, text);
        at = (size_t)(found_at - text);
        out[count++] = (expected){vl_entity_find(list), at, at + strlen(value)};
        list = next == NULL ? value + strlen(value) : next + 3;
    }
    return count;
}

static bool is_expected(const expected *all, size_t count, int entity, size_t start, size_t end)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].entity == entity && all[i].start < end && start < all[i].end) return true;
    return false;
}

/* True when the row's pattern matches where no finding of its entity is expected. */
static bool has_negative(size_t row, const char *text, const expected *all, size_t count, pcre2_match_data *data)
{
    size_t size = strlen(text);
    size_t from = 0;
    while (from < size && pcre2_match(codes[row], (PCRE2_SPTR)text, size, from, 0, data, NULL) > 0) {
        const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(data);
        if (!is_expected(all, count, vl_rows[row].entity, vector[0], vector[1])) return true;
        from = vector[1] > vector[0] ? vector[1] : vector[0] + 1;
    }
    return false;
}

static void count_line(char *line, pcre2_match_data *data)
{
    expected all[EXPECTED_MAX];
    char *text = strchr(line, '|');
    char *list = text == NULL ? NULL : strrchr(text + 1, '|');
    if (list == NULL) fail_msg("no golden line: %s", line);
    *list++ = '\0';
    unescape(++text);
    unescape(list);
    size_t count = read_expected(text, list, all);
    for (size_t i = 0; i < count; i++)
        if (all[i].entity >= 0) positives[all[i].entity]++;
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        negatives[vl_rows[row].entity] += has_negative(row, text, all, count, data);
}

static void read_golden(void)
{
    static char line[4096];
    glob_t files;
    pcre2_match_data *data = pcre2_match_data_create(64, NULL);
    assert_int_equal(glob(VEIL_TEST_SOURCE_DIR "/tests/text/golden/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "r");
        assert_non_null(file);
        while (fgets(line, sizeof line, file) != NULL) {
            line[strcspn(line, "\n")] = '\0';
            if (line[0] != '#') count_line(line, data);
        }
        (void)fclose(file);
    }
    globfree(&files);
    pcre2_match_data_free(data);
}

static int open_all(void **state)
{
    (void)state;
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        int code;
        PCRE2_SIZE offset;
        uint32_t flags = (vl_rows[row].flags & VL_ROW_CASELESS) != 0 ? PCRE2_CASELESS : 0;
        codes[row] = pcre2_compile((PCRE2_SPTR)vl_rows[row].pattern, PCRE2_ZERO_TERMINATED, flags | PCRE2_DOTALL, &code,
                                   &offset, NULL);
        if (codes[row] == NULL) return -1;
        (void)pcre2_jit_compile(codes[row], PCRE2_JIT_COMPLETE);
    }
    read_golden();
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        pcre2_code_free(codes[row]);
    return 0;
}

static void every_entity_has_a_row(void **state)
{
    (void)state;
    static unsigned rows[VL_ENTITY_COUNT];
    unsigned missing = 0;
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        rows[vl_rows[row].entity]++;
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++) {
        if (rows[i] > 0) continue;
        printf("no row: %s\n", vl_entities[i].name);
        missing++;
    }
    printf("coverage: %d entities, %d rows\n", (int)VL_ENTITY_COUNT, (int)VL_ROW_COUNT);
    assert_int_equal(missing, 0);
}

/* Whatever has their form is found, so nothing of their form can be refused. */
static const char *const without_negative[] = {"AUTH_TOKEN", "DE_HANDELSREGISTER", "IN_GSTIN"};

static bool may_miss(const char *what, size_t entity)
{
    if (!vl_entities[entity].is_default) return true; /* US_DEA: another name of MEDICAL_LICENSE, found when named */
    for (size_t i = 0; i < sizeof without_negative / sizeof without_negative[0]; i++)
        if (strcmp(what, "negative") == 0 && strcmp(vl_entities[entity].name, without_negative[i]) == 0) return true;
    return false;
}

static unsigned count_missing(const char *what, const unsigned *counts)
{
    unsigned missing = 0;
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++) {
        if (counts[i] > 0) continue;
        printf("no %s golden line: %s\n", what, vl_entities[i].name);
        missing += !may_miss(what, i);
    }
    printf("coverage: %u more entities without a %s golden line than known\n", missing, what);
    return missing;
}

static void every_entity_has_a_positive_line(void **state)
{
    (void)state;
    assert_int_equal(count_missing("positive", positives), 0);
}

static void entities_have_a_negative_line(void **state)
{
    (void)state;
    assert_int_equal(count_missing("negative", negatives), 0);
}

/* ---- Lines for entities that have none, to be read before they are kept ---- */

static bool is_held(const found *all, int entity)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].entity, vl_entities[entity].name) == 0) return true;
    return false;
}

static void print_line(const char *language, const char *text, const found *all)
{
    printf("%s|%s|", language, text);
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        printf("%s%s=%.*s", i > 0 ? " ; " : "", f->entity, (int)(f->end - f->start), text + f->start);
    }
    printf("\n");
}

static const char *language_of(size_t row, char out[8])
{
    const char *all = vl_entities[vl_rows[row].entity].languages;
    bool is_english = *all == '\0' || strstr(all, "en") != NULL;
    (void)snprintf(out, 8, "%.2s", is_english ? "en" : all);
    return out;
}

static char another(char c)
{
    if (c >= '0' && c <= '9') return c == '9' ? '0' : (char)(c + 1);
    if (c >= 'a' && c <= 'z') return c == 'z' ? 'a' : (char)(c + 1);
    return c == 'Z' ? 'A' : (char)(c + 1);
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool suggest_positive(const veil_sanitizer *sanitizer, size_t row)
{
    static found all;
    char text[2048], language[8];
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = language_of(row, language);
    int before = snprintf(text, sizeof text, "%s", vl_rows[row].before);
    int size = before + snprintf(text + before, sizeof text - (size_t)before, "%s", vl_rows[row].sample);
    scan_text(sanitizer, &options, text, (size_t)size, &all);
    if (size > 400 || strchr(text, '\n') != NULL || !is_held(&all, vl_rows[row].entity)) return false;
    print_line(language, text, &all);
    return true;
}

/* A value that its last letters or digits make wrong, or whose letters are all the same. */
static bool suggest_negative(const veil_sanitizer *sanitizer, size_t row, pcre2_match_data *data)
{
    static found all;
    char text[2048], language[8];
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = language_of(row, language);
    int before = snprintf(text, sizeof text, "%s", vl_rows[row].before);
    int size = before + snprintf(text + before, sizeof text - (size_t)before, "%s", vl_rows[row].sample);
    if (size > 400 || strchr(text, '\n') != NULL) return false;
    for (int p = size - 1; p >= before; p--) {
        char kept = text[p];
        char *c = &text[p];
        if (!is_word(kept)) continue;
        *c = strstr(vl_entities[vl_rows[row].entity].validator, "entropy") != NULL && is_word(text[size - 1])
                 ? text[size - 1]
                 : another(kept);
        scan_text(sanitizer, &options, text, (size_t)size, &all);
        if (!is_held(&all, vl_rows[row].entity) && has_negative(row, text, NULL, 0, data)) {
            print_line(language, text, &all);
            return true;
        }
        if (strstr(vl_entities[vl_rows[row].entity].validator, "entropy") == NULL) *c = kept;
    }
    return false;
}

static int suggest(void)
{
    void *state = NULL;
    if (open_all(&state) != 0) return 1;
    pcre2_match_data *data = pcre2_match_data_create(64, NULL);
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        unsigned entity = vl_rows[row].entity;
        if (positives[entity] == 0) positives[entity] += suggest_positive(sanitizer, row);
        if (negatives[entity] == 0) negatives[entity] += suggest_negative(sanitizer, row, data);
    }
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++)
        if (positives[i] == 0 || negatives[i] == 0) printf("# none for %s\n", vl_entities[i].name);
    veil_sanitizer_destroy(sanitizer);
    pcre2_match_data_free(data);
    return close_all(&state);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--suggest") == 0) return suggest();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entity_has_a_row),
        cmocka_unit_test(every_entity_has_a_positive_line),
        cmocka_unit_test(entities_have_a_negative_line),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
