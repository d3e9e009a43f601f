/* Word lists against a plain search, at every place in a window, at a million entries; patterns at the same places. */
#include "scan_fixture.h"
#include "support/seed.h"

#include "support/cpu_time.h"

static uint32_t seed = 1;

static uint32_t next_random(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)(seed >> 4) * below >> 28);
}

static veil_recognizer words_of(const char *const *items, size_t count, uint32_t flags)
{
    return (veil_recognizer){.struct_size = sizeof(veil_recognizer),
                             .name = "words",
                             .entity = "OWN_WORD",
                             .items = items,
                             .item_count = count,
                             .score = 0.8f,
                             .kind = VEIL_RECOGNIZER_WORDS,
                             .flags = flags};
}

static veil_sanitizer *make_own(const veil_recognizer *recognizer)
{
    static const char *const only[] = {"OWN_WORD"};
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.text_workspaces = 1;
    config.entities = only;
    config.entity_count = 1;
    config.recognizers = recognizer;
    config.recognizer_count = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    return sanitizer;
}

/* Words of one to three letters from a small alphabet, phrases of one to three words. */
static size_t write_word(char *to)
{
    size_t length = 1 + next_random(3);
    for (size_t i = 0; i < length; i++)
        to[i] = "abcA"[next_random(4)];
    return length;
}

static char *make_entry(void)
{
    char text[64];
    size_t size = 0;
    for (uint32_t words = 1 + next_random(3); words > 0; words--) {
        size += write_word(text + size);
        if (words > 1) text[size++] = ' ';
    }
    return strndup(text, size);
}

static bool is_same(char a, char b, bool is_caseless)
{
    return a == b || (is_caseless && (a | 0x20) == (b | 0x20));
}

/* The longest entry that begins at p, and ends there with a word; 0: none. */
static size_t longest_at(const char *text, size_t size, size_t p, char *const *entries, size_t count, bool is_caseless)
{
    size_t longest = 0;
    if (text[p] == ' ' || text[p] == '.' || (p > 0 && text[p - 1] != ' ' && text[p - 1] != '.')) return 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(entries[i]);
        size_t k = 0;
        while (k < length && p + k < size && is_same(entries[i][k], text[p + k], is_caseless))
            k++;
        bool ends = k == length && (p + k == size || text[p + k] == ' ' || text[p + k] == '.');
        if (ends && length > longest) longest = length;
    }
    return longest;
}

static void check_list(bool is_caseless)
{
    static found got;
    static char text[4000];
    char *entries[40];
    size_t size = 0;
    size_t count = 1 + next_random(40);
    for (size_t i = 0; i < count; i++)
        entries[i] = make_entry();
    while (size + 8 < sizeof text) {
        size += write_word(text + size);
        text[size++] = next_random(5) == 0 ? '.' : ' ';
    }
    veil_recognizer r = words_of((const char *const *)entries, count, is_caseless ? VEIL_RECOGNIZER_CASELESS : 0);
    veil_sanitizer *s = make_own(&r);
    scan_text(s, NULL, text, size, &got);
    size_t at = 0;
    size_t end = 0; /* of the run that overlapping words make */
    size_t start = 0;
    for (size_t p = 0; p <= size; p++) {
        size_t length = p == size ? 0 : longest_at(text, size, p, entries, count, is_caseless);
        if (end > start && (p == size || (length > 0 && p >= end))) {
            assert_true(at < got.count);
            assert_int_equal(got.items[at].start, start);
            assert_int_equal(got.items[at].end, end);
            at++;
            start = end = p;
        }
        if (length == 0) continue;
        if (end <= start) start = p, end = p;
        if (p + length > end) end = p + length;
    }
    assert_int_equal(at, got.count);
    veil_sanitizer_destroy(s);
    for (size_t i = 0; i < count; i++)
        free(entries[i]);
}

static void lists_find_what_a_plain_search_finds(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 150; i++)
        check_list(i % 2 == 1);
}

/* The same findings wherever windows fall. */
static void check_shifts(const veil_recognizer *recognizer, const char *unit)
{
    static found base;
    static found shifted;
    static char text[50000];
    const size_t pad_max = 700;
    size_t size = 0;
    while (size + 200 < sizeof text - pad_max) {
        size += (size_t)sprintf(text + pad_max + size, "%s", unit);
        for (uint32_t i = next_random(90); i > 0; i--)
            text[pad_max + size++] = "abc .-z9\n"[next_random(9)];
    }
    memset(text, ' ', pad_max);
    veil_sanitizer *s = make_own(recognizer);
    scan_text(s, NULL, text + pad_max, size, &base);
    assert_true(base.count > 100);
    for (size_t pad = 1; pad <= pad_max; pad += 1 + next_random(40)) {
        scan_text(s, NULL, text + pad_max - pad, size + pad, &shifted);
        assert_int_equal(shifted.count, base.count);
        for (size_t i = 0; i < base.count; i++) {
            assert_int_equal(shifted.items[i].start, base.items[i].start + pad);
            assert_int_equal(shifted.items[i].end, base.items[i].end + pad);
        }
    }
    veil_sanitizer_destroy(s);
}

static void windows_change_nothing(void **state)
{
    static const char *const words[] = {"abc", "Jane Roe", "@abc", "a b c", "z9"};
    static const char *const patterns[] = {"[a-c]{2,40}", "z.{1,60}9", "\\b9[a-z ]{1,30}\\b", "(?:\\.-){1,9}"};
    (void)state;
    veil_recognizer r = words_of(words, 5, VEIL_RECOGNIZER_CASELESS);
    check_shifts(&r, " Jane  Roe ");
    for (size_t i = 0; i < 4; i++) {
        r = words_of(&patterns[i], 1, 0);
        r.kind = VEIL_RECOGNIZER_PATTERN;
        check_shifts(&r, "9abz.-.-.-9");
    }
}

static double time_scan(const veil_sanitizer *s, const char *text, size_t size)
{
    double best = 1e9;
    for (unsigned i = 0; i < 3; i++) {
        veil_text_result result = {sizeof result, NULL, 0, 0};
        double begin = cpu_seconds();
        veil_status status = veil_text_scan(s, NULL, text, size, &result, NULL);
        double took = cpu_seconds() - begin;
        assert_true(status == VEIL_OK || status == VEIL_ERR_BUFFER_TOO_SMALL); /* they are counted only */
        if (took < best) best = took;
    }
    return best;
}

/* Patterns that make backtracking engines hang, dense hits, phrases that begin at every word: time per byte stays flat. */
static void time_per_byte_is_flat(void **state)
{
    static const char *const slow[] = {"(?:a{1,10}){1,10}b", "(?:a|aa|aaa){1,30}c", "[a-z0-9]{1,100}", "a.{0,90}a"};
    static const char *const phrases[] = {"a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a b", "a"};
    const size_t small = 10000;
    const size_t large = 16 * small;
    char *text = malloc(large);
    (void)state;
    for (size_t i = 0; i < 5; i++) {
        veil_recognizer r = i < 4 ? words_of(&slow[i], 1, 0) : words_of(phrases, 2, 0);
        if (i < 4) r.kind = VEIL_RECOGNIZER_PATTERN;
        for (size_t k = 0; k < large; k++)
            text[k] = i == 4 && k % 2 == 1 ? ' ' : 'a';
        veil_sanitizer *s = make_own(&r);
        double few = time_scan(s, text, small) / (double)small;
        double many = time_scan(s, text, large) / (double)large;
        printf("%zu: %.1f and %.1f ns a byte\n", i, few * 1e9, many * 1e9);
        assert_true(many < 6 * few); /* a quadratic one would be at 16 */
        veil_sanitizer_destroy(s);
    }
    free(text);
}

static void a_million_words(void **state)
{
    const size_t count = 1000000;
    char *names = malloc(count * 16);
    const char **items = malloc(count * sizeof *items);
    static found got;
    static char text[60000];
    size_t size = 0;
    (void)state;
    assert_non_null(names);
    assert_non_null(items);
    for (size_t i = 0; i < count; i++) {
        items[i] = names + i * 16;
        snprintf(names + i * 16, 16, "Nm%xq", (unsigned)(i * 2654435761u));
    }
    veil_recognizer r = words_of(items, count, VEIL_RECOGNIZER_CASELESS);
    double begin = cpu_seconds();
    veil_sanitizer *s = make_own(&r);
    printf("created in %.2f s\n", cpu_seconds() - begin);
    size_t wanted = 0;
    while (size + 64 < sizeof text) {
        size_t i = next_random((uint32_t)count);
        bool is_whole = i % 3 != 0;
        size += (size_t)sprintf(text + size, "%s%s, some words. ", items[i], is_whole ? "" : "x");
        wanted += is_whole;
    }
    scan_text(s, NULL, text, size, &got);
    assert_int_equal(got.count, wanted);
    veil_sanitizer_destroy(s);
    items[0] = NULL;
    veil_config config;
    veil_config_init(&config);
    config.recognizers = &r;
    config.recognizer_count = 1;
    assert_int_equal(veil_sanitizer_create(&config, &s, NULL), VEIL_ERR_INVALID_ARGUMENT);
    free(items);
    free(names);
}

int main(void)
{
    seed = (uint32_t)test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_find_what_a_plain_search_finds),
        cmocka_unit_test(windows_change_nothing),
        cmocka_unit_test(time_per_byte_is_flat),
        cmocka_unit_test(a_million_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
