/*
 * Data does not stand between spaces only. Every recognizer's known answer is put into some forty surroundings (quotes,
 * brackets, key=value, JSON, CSV, XML, markdown, URL queries, line ends, bytes that are no UTF-8, letters and punctuation of other
 * scripts) and must be removed whole. What cannot be told there is listed, with the reason.
 */
#include "support/effort.h"
#include "support/seed.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"

typedef struct surrounding {
    const char *before;
    const char *behind;
} surrounding;

static const surrounding surroundings[] = {
    {"", ""},
    {"text ", " text"},
    {"\n", "\n"},
    {"\r\n", "\r\n"},
    {"\t", "\t"},
    {"a\n", "\nb"},
    {"\"", "\""},
    {"'", "'"},
    {"`", "`"},
    {"(", ")"},
    {"[", "]"},
    {"{", "}"},
    {"<", ">"},
    {"<b>", "</b>"},
    {"<a x=\"", "\"/>"},
    {"key=", ""},
    {"key=", "&next=1"},
    {"?key=", "#top"},
    {"key:", ";"},
    {"key: ", ","},
    {"{\"key\":\"", "\"}"},
    {"{\"key\": \"", "\",\"b\":1}"},
    {"[\"", "\",\"x\"]"},
    {"{\\\"key\\\":\\\"", "\\\"}"},
    {"a,", ",b"},
    {"\"a\",\"", "\",\"b\""},
    {"a;", ";b"},
    {"a|", "|b"},
    {"**", "**"},
    {"*", "*"},
    {"- ", "."},
    {"* ", "!"},
    {"x = ", "?"},
    {"~", "~"},
    {"\x93", "\x94"},                             /* Windows-1252 quotes */
    {"\xe9", "\xe9"},                             /* and a letter */
    {"\xc3\xa9", "\xc3\xa9"},                     /* e acute */
    {"\xe2\x80\x9c", "\xe2\x80\x9d"},             /* quotes */
    {"\xe3\x80\x8c", "\xe3\x80\x8d"},             /* corner brackets */
    {"\xe5\x8f\xb7\xe7\xa0\x81", "\xe3\x80\x82"}, /* Chinese letters, full stop */
    {"\xc2\xa0", "\xc2\xa0"},                     /* no-break space */
    {"\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82"},     /* emoji */
    {"\xe2\x80\x94", "\xe2\x80\x94"},             /* em dash */
    {"/", "/"},
    {"$", "$"},
};

/* What cannot be told: a third colon beside "::", and a path's part that looks like a host. */
static bool is_excepted(unsigned row, const surrounding *s)
{
    if (row == VL_ROW_AGE_KEY) return strpbrk(s->before, "abekx$?") != NULL; /* stands next to its word */
    if (row == VL_ROW_IPV6_ANY) return strcmp(s->before, "key:") == 0;
    return (row == VL_ROW_URL_HOST || row == VL_ROW_URL_WEAK) && strcmp(s->before, "/") == 0;
}

/* The last group has two or three digits: a colon behind them and digits is read as a clock. */
static bool ends_like_clock(const char *sample)
{
    size_t size = strlen(sample);
    size_t digits = 0;
    while (digits < size && sample[size - 1 - digits] >= '0' && sample[size - 1 - digits] <= '9')
        digits++;
    return digits == 2 || digits == 3;
}

/* Forms that go on behind the separator: clocks, addresses and ports behind a colon, dates behind a slash. What stands there may be
 * part of them. */
static bool may_go_on(unsigned row, const char *separator)
{
    static const unsigned rows[] = {VL_ROW_DATE_ISO, VL_ROW_DATE_SHORT, VL_ROW_IPV6,
                                    VL_ROW_IPV6_ANY, VL_ROW_MAC,        VL_ROW_URL_WEAK};
    if (strcmp(separator, ":") == 0 && ends_like_clock(vl_rows[row].sample)) return true;
    if (row == VL_ROW_DATE_SHORT && strcmp(separator, "/") == 0) return true;
    if (row == VL_ROW_URL_WEAK && (separator[0] == '/' || separator[0] == '&')) return true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i] == row && strcmp(separator, ":") == 0) return true;
    return false;
}

static bool is_removed(const found *all, size_t start, size_t end)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].start <= start && all->items[i].end > start) start = all->items[i].end;
    return start >= end;
}

/* Redaction removes the losers' rests, too. */
static veil_text_options all_findings(void)
{
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL;
    return options;
}

static unsigned check_row(const veil_sanitizer *sanitizer, const veil_text_options *options, unsigned row)
{
    static found all;
    char text[1024];
    unsigned failures = 0;
    const vl_row *rule = &vl_rows[row];
    for (size_t i = 0; i < sizeof surroundings / sizeof surroundings[0]; i++) {
        const surrounding *s = &surroundings[i];
        /* the context word comes first, what surrounds next */
        int start = snprintf(text, sizeof text, "%s%s", rule->before, s->before);
        int size = start + snprintf(text + start, sizeof text - (size_t)start, "%s%s", rule->sample, s->behind);
        scan_text(sanitizer, options, text, (size_t)size, &all);
        if (is_removed(&all, (size_t)start, (size_t)start + strlen(rule->sample)) || is_excepted(row, s)) continue;
        printf("%s stays: %s\n", rule->name, text);
        failures++;
    }
    return failures;
}

static void known_answers_are_removed_everywhere(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    unsigned failures = 0;
    veil_text_options options = all_findings();
    for (unsigned row = 0; row < VL_ROW_COUNT; row++)
        if ((vl_rows[row].flags & VL_ROW_NAMED) == 0) failures += check_row(sanitizer, &options, row);
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(failures, 0);
}

static const char *const separators[] = {",",   ", ",  ";",    "|",  "\t", "\n", "\r\n",        "\",\"",
                                         "','", "&k=", "<br>", ")(", "/",  ":",  "\xe2\x80\xa2"};

static unsigned check_pair(const veil_sanitizer *sanitizer, const veil_text_options *options, unsigned a, unsigned b)
{
    static found all;
    char text[1024];
    unsigned failures = 0;
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        if (may_go_on(a, separators[i])) continue;
        int start = snprintf(text, sizeof text, "%s", vl_rows[a].before);
        int end = start + snprintf(text + start, sizeof text - (size_t)start, "%s", vl_rows[a].sample);
        int second = end + snprintf(text + end, sizeof text - (size_t)end, "%s", separators[i]);
        int size = second + snprintf(text + second, sizeof text - (size_t)second, "%s", vl_rows[b].sample);
        scan_text(sanitizer, options, text, (size_t)size, &all);
        if (!is_removed(&all, (size_t)start, (size_t)end)) {
            printf("%s stays before: %s\n", vl_rows[a].name, text);
            failures++;
        }
        if (vl_rows[b].before[0] == '\0' && !is_removed(&all, (size_t)second, (size_t)size)) {
            printf("%s stays behind: %s\n", vl_rows[b].name, text);
            failures++;
        }
    }
    return failures;
}

static void neighbours_are_removed_both(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    unsigned failures = 0;
    veil_text_options options = all_findings();
    for (unsigned a = 0; a < VL_ROW_COUNT; a++)
        for (unsigned b = a % TEST_STRIDE; b < VL_ROW_COUNT; b += TEST_STRIDE)
            failures += check_pair(sanitizer, &options, a, b);
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(failures, 0);
}

/* Filler without context words, so that some rows are far from theirs. */
static size_t add_filler(char *text, size_t size, uint32_t *seed)
{
    static const char *const words[] = {"alpha ", "went 12 ", "to 7.5 ", "green-3 ", "x9y8 ", "house, ", "10:22 "};
    *seed = *seed * 1664525 + 1013904223;
    for (uint32_t n = *seed >> 24 & 63; n > 0; n--) {
        *seed = *seed * 1664525 + 1013904223;
        const char *word = words[(*seed >> 16) % (sizeof words / sizeof words[0])];
        memcpy(text + size, word, strlen(word));
        size += strlen(word);
    }
    return size;
}

/* A call that names the sanitizer's own language asks every row everywhere; one without options leaves out rows that wait for a
 * context word where none stands. Both must find the same. */
static void rows_that_wait_for_words_miss_nothing(void **state)
{
    (void)state;
    static char text[16384];
    static found narrow;
    static found wide;
    static const char *const languages[] = {"en", "de", "es", "any"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        veil_sanitizer *sanitizer = make_text(languages[i], 0.4f);
        veil_text_options options;
        veil_text_options_init(&options);
        options.language = languages[i];
        uint32_t seed = (uint32_t)test_seed(1);
        for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
            size_t size = add_filler(text, 0, &seed);
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%s ", row % 3 == 0 ? "" : vl_rows[row].before,
                                     vl_rows[row].sample);
            size = add_filler(text, size, &seed);
            scan_text(sanitizer, NULL, text, size, &narrow);
            scan_text(sanitizer, &options, text, size, &wide);
            assert_int_equal(narrow.count, wide.count);
            for (size_t n = 0; n < wide.count; n++) {
                assert_int_equal(narrow.items[n].start, wide.items[n].start);
                assert_int_equal(narrow.items[n].end, wide.items[n].end);
                assert_string_equal(narrow.items[n].recognizer, wide.items[n].recognizer);
            }
        }
        veil_sanitizer_destroy(sanitizer);
    }
}

/* Blocks, groups of blocks and windows begin at fixed places: an answer and its context word are found across all of them. */
static void known_answers_are_found_at_every_place(void **state)
{
    (void)state;
    static char text[4096];
    static found all;
    static const char filler[] = "at 12 of 7.5 so ";
    const size_t period = 64 * 8; /* a group of blocks (anchors.h) */
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = filler[i % (sizeof filler - 1)];
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        char answer[1024];
        if ((vl_rows[row].flags & VL_ROW_NAMED) != 0) continue;
        size_t before = (size_t)snprintf(answer, sizeof answer, ", so; %s", vl_rows[row].before);
        size_t size = before + (size_t)snprintf(answer + before, sizeof answer - before, "%s ", vl_rows[row].sample);
        scan_text(sanitizer, NULL, answer, size, &all);
        bool is_found = is_removed(&all, before, size - 1);
        for (size_t at = 640 + row % TEST_STRIDE; is_found && at < 640 + period; at += TEST_STRIDE) {
            char kept[1024];
            memcpy(kept, text + at, size);
            memcpy(text + at, answer, size);
            scan_text(sanitizer, NULL, text, at + size, &all);
            if (!is_removed(&all, at + before, at + size - 1)) fail_msg("%s at %zu", vl_rows[row].name, at);
            memcpy(text + at, kept, size);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* A check that can prove a match would be believed without a context word, so the flag must tell the truth. */
static void rows_without_proof_are_never_proved(void **state)
{
    (void)state;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        const vl_row *rule = &vl_rows[row];
        if ((rule->flags & VL_ROW_NO_PROOF) == 0) continue;
        assert_non_null(rule->validate);
        assert_int_not_equal(rule->validate(rule->sample, strlen(rule->sample)), VL_VALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answers_are_removed_everywhere),
                                       cmocka_unit_test(neighbours_are_removed_both),
                                       cmocka_unit_test(rows_that_wait_for_words_miss_nothing),
                                       cmocka_unit_test(known_answers_are_found_at_every_place),
                                       cmocka_unit_test(rows_without_proof_are_never_proved)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
