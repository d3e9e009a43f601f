/*
 * Formats: random patterns of the subset against PCRE2, at every start of texts made from them; keys and starts leave no match
 * out; patterns outside the subset are refused with a reason; every row of the table that is found this way compiles. (A little
 * over 600 lines: one fixture serves all.)
 */
#define PCRE2_CODE_UNIT_WIDTH 8
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include <ctype.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "support/seed.h"
#include "text/anchors.h"
#include "text/formats_keys.h"

#define PATTERNS   60
#define ROUNDS     40
#define TEXT_BYTES 400

static uint32_t seed = 777;

static uint32_t below(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

/* A pattern and a text that it matches, written side by side. */
typedef struct writer {
    char pattern[400];
    char sample[400];
    size_t pattern_size;
    size_t sample_size;
} writer;

static void write_pattern(writer *w, const char *text)
{
    w->pattern_size += (size_t)snprintf(w->pattern + w->pattern_size, sizeof w->pattern - w->pattern_size, "%s", text);
}

static const char *const classes[][2] = {
    {"[0-9]", "0123456789"}, {"[A-Z]", "ABXYZ"}, {"[0-9A-F]", "09AF"}, {"[1-9]", "159"},  {"[A-Za-z]", "AZaz"},
    {"[0-9]", "0123456789"}, {"[ -]", " -"},     {"[a-fk]", "afk"},    {"\\d", "0369"},   {"[./-]", "./-"},
    {"[A-HJ-NP-Z]", "AHJZ"}, {"(?:AB|C)", NULL}, {"[0-9_]", "07_"},    {"X", "X"},        {"\\.", "."},
    {"(?:0[1-9]|1)", NULL},  {"(?: |-)?", NULL}, {"\\x2d", "-"},       {"[\\t ]", "\t "},
};

static const char *sample_of(size_t class, unsigned choice)
{
    static const char *const groups[3][2] = {{"AB", "C"}, {"07", "1"}, {"", "-"}};
    return groups[class == 11 ? 0 : class == 15 ? 1 : 2][choice];
}

static void write_sample(writer *w, size_t class)
{
    if (classes[class][1] == NULL) {
        const char *text = sample_of(class, below(2));
        memcpy(w->sample + w->sample_size, text, strlen(text));
        w->sample_size += strlen(text);
        return;
    }
    w->sample[w->sample_size++] = classes[class][1][below((uint32_t)strlen(classes[class][1]))];
}

static void write_element(writer *w, size_t class)
{
    char repeat[16] = "";
    unsigned count = 1;
    bool may_repeat = class != 16;
    switch (may_repeat ? below(5) : 0) {
    case 1:
        snprintf(repeat, sizeof repeat, "?");
        count = below(2);
        break;
    case 2:
        count = 2 + below(3);
        snprintf(repeat, sizeof repeat, "{%u}", count);
        break;
    case 3:
        count = 1 + below(3);
        snprintf(repeat, sizeof repeat, "{%u,%u}", below(count + 1), count + below(3));
        break;
    default:
        break;
    }
    write_pattern(w, classes[class][0]);
    write_pattern(w, repeat);
    for (unsigned i = 0; i < count; i++)
        write_sample(w, class);
}

/* Word characters at both ends, digits somewhere. */
static void make_pattern(writer *w)
{
    static const size_t ends[] = {0, 1, 3, 0, 4};
    unsigned inner = below(6);
    unsigned digits = below(inner + 1);
    memset(w, 0, sizeof *w);
    write_pattern(w, "\\b");
    size_t class = ends[below(5)];
    write_pattern(w, classes[class][0]);
    write_sample(w, class);
    for (unsigned i = 0; i < inner; i++) {
        if (i == digits) write_element(w, 0);
        bool is_group = below(6) == 0;
        if (is_group) write_pattern(w, "(?:");
        write_element(w, below(sizeof classes / sizeof classes[0]));
        if (is_group) write_pattern(w, ")?");
    }
    class = ends[below(5)];
    write_pattern(w, classes[class][0]);
    write_pattern(w, "[0-9]\\b");
    write_sample(w, class);
    write_sample(w, 0);
}

typedef struct fixture {
    vl_row rows[PATTERNS];
    char names[PATTERNS][16];
    writer written[PATTERNS];
    pcre2_code *codes[PATTERNS];
    vl_formats *formats;
    vl_class_block blocks[TEXT_BYTES / 64 + 3];
    vl_scan scan;
    vl_tables tables;
} fixture;

static void make_rows(fixture *f)
{
    static const uint32_t flags[] = {0, VL_ROW_NUMBER_LEFT, VL_ROW_NUMBER_LEFT | VL_ROW_NUMBER_RIGHT, VL_ROW_CASELESS};
    static vl_automaton scratch;
    for (size_t i = 0; i < PATTERNS; i++) {
        do {
            make_pattern(&f->written[i]);
        } while (vl_automaton_compile(f->written[i].pattern, false, &scratch) != NULL);
        snprintf(f->names[i], sizeof f->names[i], "ROW_%zu", i);
        f->rows[i] = (vl_row){.name = f->names[i], .pattern = f->written[i].pattern, .context = "", .lead = ""};
        f->rows[i].flags = flags[below(4)];
        int code;
        PCRE2_SIZE offset;
        uint32_t options = (f->rows[i].flags & VL_ROW_CASELESS) != 0 ? PCRE2_CASELESS : 0;
        f->codes[i] =
            pcre2_compile((PCRE2_SPTR)f->written[i].pattern, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
        if (f->codes[i] == NULL) fail_msg("PCRE2 refuses %s", f->written[i].pattern);
    }
}

static void make_fixture(fixture *f)
{
    veil_error error = VEIL_ERROR_INIT;
    vl_row_set chosen = {{0}};
    memset(f, 0, sizeof *f);
    make_rows(f);
    for (unsigned i = 0; i < PATTERNS; i += 2)
        vl_row_set_add(&chosen, i);
    if (vl_formats_create(&vl_allocator_default, f->rows, PATTERNS, &chosen, &f->formats, &error) != VEIL_OK)
        fail_msg("create: %s", error.message);
}

static void drop_fixture(fixture *f)
{
    for (size_t i = 0; i < PATTERNS; i++)
        pcre2_code_free(f->codes[i]);
    vl_formats_destroy(f->formats);
}

/* Samples, changed in a byte or cut, between joints. */
static size_t make_text(const fixture *f, char *text)
{
    static const char *const joints[] = {" ",   ".",  "-",  ":",  "_", "x",        "",
                                         "12-", "9.", "\n", ", ", "/", "\xC3\xA9", "- "};
    size_t size = 0;
    while (size < TEXT_BYTES - 120) {
        const writer *w = &f->written[below(PATTERNS)];
        size_t length = w->sample_size < 100 ? w->sample_size : 100;
        if (below(6) == 0) length = below((uint32_t)length + 1);
        memcpy(text + size, w->sample, length);
        if (length > 0 && below(3) == 0) text[size + below((uint32_t)length)] = "0159AZaz-. :_"[below(13)];
        size += length;
        const char *joint = joints[below(sizeof joints / sizeof joints[0])];
        memcpy(text + size, joint, strlen(joint));
        size += strlen(joint);
    }
    return size;
}

static void open_scan(fixture *f, const char *text, size_t size)
{
    memset(f->blocks, 0, sizeof f->blocks);
    vl_kernels_plain.classify((const uint8_t *)text, size, f->blocks);
    f->scan = (vl_scan){.text = (const uint8_t *)text, .size = size, .blocks = f->blocks, .tables = &f->tables};
    f->scan.block_count = (size + 63) / 64;
    f->scan.knows_formats = true;
    memset(f->scan.formats_on, 0xFF, sizeof f->scan.formats_on);
}

static bool is_digit_at(const char *text, size_t size, size_t p)
{
    return p < size && isdigit((unsigned char)text[p]);
}

/* The digits at p go on from another number. */
static bool is_rest(const char *text, size_t p)
{
    char c = p > 0 ? text[p - 1] : '\0';
    bool one = p >= 2 && isdigit((unsigned char)text[p - 2]);
    bool two = one && p >= 3 && isdigit((unsigned char)text[p - 3]);
    bool four = two && p >= 5 && isdigit((unsigned char)text[p - 4]) && isdigit((unsigned char)text[p - 5]);
    return (c == '.' && one) || (c == '-' && two) || (c == ':' && two && !four);
}

/* Ends of all matches that begin at `start`, as PCRE2 sees them. */
static uint64_t reference_ends(const fixture *f, size_t row, pcre2_match_data *data, const char *text, size_t size,
                               size_t start)
{
    static int workspace[2000];
    uint64_t ends = 0;
    int count =
        pcre2_dfa_match(f->codes[row], (PCRE2_SPTR)text, size, start, PCRE2_ANCHORED, data, NULL, workspace, 2000);
    assert_true(count > 0 || count == PCRE2_ERROR_NOMATCH);
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(data);
    for (int i = 0; i < count; i++)
        ends |= 1ull << (vector[2 * i + 1] - start - 1);
    return ends;
}

static bool is_asked(const vl_format_view *view, const vl_around *around, size_t format)
{
    for (size_t bit = 0; bit < view->count; bit++)
        if (view->ids[bit] == format) return (vl_formats_at(view, around, bit / 64) >> (bit % 64) & 1) != 0;
    return false;
}

static size_t format_of(const fixture *f, size_t row)
{
    for (size_t i = 0; i < f->formats->count; i++)
        for (size_t r = 0; r < f->formats->items[i].row_count; r++)
            if (f->formats->rows[f->formats->items[i].row_begin + r] == row) return i;
    fail_msg("row %zu has no format", row);
    return 0;
}

/* The format is asked at the first digit of a match, and says where the match begins. */
static void expect_found(fixture *f, size_t row, const char *text, size_t size, size_t start)
{
    size_t format = format_of(f, row);
    const vl_format *item = &f->formats->items[format];
    size_t p = start;
    while (!is_digit_at(text, size, p))
        p++;
    if (p == start && is_rest(text, p) && (f->rows[row].flags & VL_ROW_NUMBER_LEFT) != 0) return;
    vl_around around = vl_around_read(&f->scan, p, is_rest(text, p));
    bool is_chosen = row % 2 == 0;
    if (!is_asked(&f->formats->all, &around, format) || (is_chosen && !is_asked(&f->formats->chosen, &around, format)))
        fail_msg("%s is not asked at %zu of \"%.*s\"", f->written[row].pattern, p, (int)size, text);
    if ((vl_format_starts(item, &f->scan, p, around.before) >> (63 - (p - start)) & 1) == 0)
        fail_msg("%s does not begin at %zu of \"%.*s\"", f->written[row].pattern, start, (int)size, text);
}

static uint64_t right_ends(uint32_t flags, const char *text, size_t size, size_t start, uint64_t ends)
{
    for (unsigned i = 0; i < 64 && (flags & VL_ROW_NUMBER_RIGHT) != 0; i++) {
        size_t end = start + i + 1;
        bool goes_on = end < size && (text[end] == '-' || text[end] == '.') && is_digit_at(text, size, end + 1);
        if (goes_on) ends &= ~(1ull << i);
    }
    return ends;
}

static size_t compare_row(fixture *f, size_t row, pcre2_match_data *data, const char *text, size_t size)
{
    size_t found = 0;
    const vl_format *format = &f->formats->items[format_of(f, row)];
    for (size_t start = 0; start < size; start++) {
        uint64_t expected = reference_ends(f, row, data, text, size, start);
        bool starts_word = start == 0 || !(isalnum((unsigned char)text[start - 1]) || text[start - 1] == '_');
        uint64_t ends = starts_word ? vl_format_ends(f->formats, format, &f->scan, start) : 0;
        if (ends != expected)
            fail_msg("%s ends at %llx, PCRE2's at %llx, from %zu of \"%.*s\"", f->written[row].pattern,
                     (unsigned long long)ends, (unsigned long long)expected, start, (int)size, text);
        if (right_ends(f->rows[row].flags, text, size, start, expected) == 0) continue;
        expect_found(f, row, text, size, start);
        found++;
    }
    return found;
}

static void automata_agree_with_pcre2(void **state)
{
    (void)state;
    static fixture f;
    static char text[TEXT_BYTES];
    pcre2_match_data *data = pcre2_match_data_create(128, NULL);
    size_t found = 0;
    for (size_t batch = 0; batch < 5; batch++) {
        make_fixture(&f);
        for (size_t round = 0; round < ROUNDS; round++) {
            size_t size = make_text(&f, text);
            open_scan(&f, text, size);
            for (size_t row = 0; row < PATTERNS; row++)
                found += compare_row(&f, row, data, text, size);
        }
        drop_fixture(&f);
    }
    pcre2_match_data_free(data);
    assert_true(found > 5000);
}

static void expect_nothing(const fixture *f, const vl_format_view *view, const char *text, size_t size, size_t p)
{
    vl_around around = vl_around_read(&f->scan, p, is_rest(text, p));
    for (size_t bit = 0; bit < view->count; bit++) {
        const vl_format *format = &f->formats->items[view->ids[bit]];
        if ((vl_formats_at(view, &around, bit / 64) >> (bit % 64) & 1) == 0) continue;
        uint64_t starts = vl_format_starts(format, &f->scan, p, around.before);
        for (; starts != 0; starts &= starts - 1)
            if (vl_format_ends(f->formats, format, &f->scan, p - (63 - vl_low_bit(starts))) != 0)
                fail_msg("left out at %zu of \"%.*s\"", p, (int)size, text);
    }
}

/* Every first digit of a word at which a format matches is asked, at every level of CPU, and all levels agree. */
static void expect_asked(fixture *f, const vl_format_view *view, const char *text, size_t size)
{
    static const uint32_t levels[] = {VEIL_CPU_PLAIN, VEIL_CPU_AVX2, VEIL_CPU_AVX512};
    vl_anchors anchors[3];
    f->scan.formats = view;
    for (size_t i = 0; i < 3; i++) {
        f->scan.kernels = vl_kernels_for(levels[i]);
        if (f->scan.kernels == NULL) f->scan.kernels = &vl_kernels_plain;
        memset(&anchors[i], 0, sizeof anchors[i]);
        if (!vl_anchors_find(&f->scan, 0, &anchors[i])) return;
        assert_memory_equal(anchors[i].formats, anchors[0].formats, f->scan.block_count * sizeof(uint64_t));
    }
    for (size_t p = 0; p < size; p++) {
        size_t word = p;
        while (word > 0 && (isalpha((unsigned char)text[word - 1]) || text[word - 1] == '_'))
            word--;
        bool is_first = is_digit_at(text, size, p) && (word == 0 || !isdigit((unsigned char)text[word - 1]));
        bool is_asked = (anchors[0].formats[p / 64] >> (p % 64) & 1) != 0;
        if (is_first && !is_asked) expect_nothing(f, view, text, size, p);
        if (is_asked) assert_true(is_digit_at(text, size, p));
    }
}

static void nothing_is_left_out(void **state)
{
    (void)state;
    static fixture f;
    static char text[TEXT_BYTES];
    for (size_t batch = 0; batch < 3; batch++) {
        make_fixture(&f);
        for (size_t round = 0; round < 3 * ROUNDS; round++) {
            size_t size = make_text(&f, text);
            open_scan(&f, text, size);
            expect_asked(&f, &f.formats->all, text, size);
            expect_asked(&f, &f.formats->chosen, text, size);
        }
        drop_fixture(&f);
    }
}

/* The same with a few patterns, where most shapes of numbers are free. */
static void nothing_is_left_out_of_few(void **state)
{
    (void)state;
    static fixture f;
    static char text[TEXT_BYTES];
    size_t free_count = 0;
    for (size_t batch = 0; batch < 3; batch++) {
        make_fixture(&f);
        vl_formats *all = f.formats;
        for (size_t first = 0; first + 2 <= PATTERNS; first += 2) {
            vl_row_set chosen = {{1}};
            assert_int_equal(vl_formats_create(&vl_allocator_default, &f.rows[first], 2, &chosen, &f.formats, NULL),
                             VEIL_OK);
            for (unsigned rule = 0; rule < VL_FREE_RULES; rule++)
                free_count += f.formats->all.free[rule] != 0;
            for (size_t round = 0; round < 20; round++) {
                size_t size = make_text(&f, text);
                open_scan(&f, text, size);
                expect_asked(&f, &f.formats->all, text, size);
                expect_asked(&f, &f.formats->chosen, text, size);
            }
            vl_formats_destroy(f.formats);
        }
        f.formats = all;
        drop_fixture(&f);
    }
    assert_in_range(free_count, 200, 3 * PATTERNS / 2 * VL_FREE_RULES - 50); /* proofs succeed and fail */
}

/* A pattern takes the freedom of the shapes that it can begin with, and of no others. */
static void free_shapes_are_proved(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        uint32_t flags;
        unsigned taken;
    } cases[] = {
        {"\\b[0-9]{9}\\b", 0, 0},
        {"\\b[0-9]{2}\\.[0-9]{3}\\b", 0, 1u << VL_FREE_POINT | 1u << VL_FREE_DOTS},
        {"\\b[0-9]{2}\\b", 0, 1u << VL_FREE_POINT | 1u << VL_FREE_END | 1u << VL_FREE_DOTS},
        {"\\b[0-9]{2}-[A-Z]{3}\\b", 0, 0},
        {"\\b[0-9]{2}--[A-Z]{3}\\b", 0, 1u << VL_FREE_END},
        {"\\b[0-9]{2}[A-Z]\\b", 0, 1u << VL_FREE_UNIT},
        {"\\b[0-9]{2}[A-Z]\\b", VL_ROW_NUMBER_LEFT, 0},
        {"\\b[0-9]{2}T[0-9]{2}\\b", 0, 1u << VL_FREE_HOUR},
        {"\\b[0-9]{4}-[0-9]{2}-[0-9]{4}\\b", VL_ROW_NUMBER_LEFT, 1u << VL_FREE_YEAR},
        {"\\b[0-9]{4}-[0-9]{3}-[0-9]{4}\\b", 0, 0},
        {"\\b[0-9]{3}\\.[0-9]{3}\\.[0-9]{3}\\b", VL_ROW_NUMBER_LEFT, 1u << VL_FREE_DOTS},
        {"\\b[0-9]{5}[A-Z]{2}\\b", VL_ROW_NUMBER_LEFT, 1u << VL_FREE_LONG},
        {"\\b[0-9]{5}[A-Z]{3}\\b", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        vl_row row = {.name = "A", .pattern = cases[i].pattern, .flags = cases[i].flags, .context = "", .lead = ""};
        vl_row_set chosen = {{1}};
        vl_formats *formats;
        assert_int_equal(vl_formats_create(&vl_allocator_default, &row, 1, &chosen, &formats, NULL), VEIL_OK);
        for (unsigned rule = 0; rule < VL_FREE_RULES; rule++) {
            uint64_t expected = (cases[i].taken >> rule & 1) != 0 ? 0 : ~0ull;
            if (formats->chosen.free[rule] != expected) fail_msg("%s and shape %u", cases[i].pattern, rule);
        }
        vl_formats_destroy(formats);
    }
}

/* What is not asked has no match of these formats that begins there. */
static void expect_no_start(const fixture *f, const char *text, size_t size, size_t p)
{
    const vl_format_view *view = f->scan.formats;
    vl_around around = vl_around_read(&f->scan, p, is_rest(text, p));
    for (size_t bit = 0; bit < view->count; bit++) {
        const vl_format *format = &f->formats->items[view->ids[bit]];
        uint64_t asked = f->scan.formats_on[bit / 64] & vl_formats_at(view, &around, bit / 64);
        bool may_start = (vl_format_starts(format, &f->scan, p, around.before) & 1ull << 63) != 0;
        if (!may_start || (asked >> (bit % 64) & 1) == 0) continue;
        if (vl_format_ends(f->formats, format, &f->scan, p) != 0)
            fail_msg("left out at %zu of \"%.*s\"", p, (int)size, text);
    }
}

static void expect_selected(const fixture *f)
{
    for (size_t bit = 0; bit < f->formats->all.count; bit++) {
        const vl_format *format = &f->formats->items[f->formats->all.ids[bit]];
        bool is_on = false;
        for (size_t r = 0; r < format->row_count; r++)
            is_on |= f->formats->rows[format->row_begin + r] % 7 == 0;
        assert_int_equal(f->scan.formats_on[bit / 64] >> (bit % 64) & 1, is_on);
    }
}

/* Only formats with a row in force are asked. */
static void formats_follow_the_rows_in_force(void **state)
{
    (void)state;
    static fixture f;
    static char text[TEXT_BYTES];
    vl_row_set rows = {{0}};
    size_t fewer = 0;
    make_fixture(&f);
    for (unsigned i = 0; i < PATTERNS; i += 7)
        vl_row_set_add(&rows, i);
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t size = make_text(&f, text);
        vl_anchors all, some;
        open_scan(&f, text, size);
        f.scan.rows = &rows;
        f.scan.formats = &f.formats->all;
        f.scan.kernels = &vl_kernels_plain;
        if (!vl_anchors_find(&f.scan, 0, &all)) continue;
        f.scan.knows_formats = false;
        assert_true(vl_anchors_find(&f.scan, 0, &some));
        expect_selected(&f);
        for (size_t p = 0; p < size; p++) {
            uint64_t bit = 1ull << p % 64;
            assert_int_equal(some.formats[p / 64] & ~all.formats[p / 64], 0);
            if ((all.formats[p / 64] & ~some.formats[p / 64] & bit) == 0) continue;
            expect_no_start(&f, text, size, p);
            fewer++;
        }
    }
    drop_fixture(&f);
    assert_true(fewer > 50);
}

static void expect_refused(const char *pattern, const char *reason)
{
    vl_row row = {.name = "BROKEN", .pattern = pattern, .context = "", .lead = ""};
    vl_row_set chosen = {{0}};
    vl_formats *formats = NULL;
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_formats_create(&vl_allocator_default, &row, 1, &chosen, &formats, &error), VEIL_ERR_SELF_TEST);
    assert_null(formats);
    if (strstr(error.message, "BROKEN") == NULL || strstr(error.message, reason) == NULL)
        fail_msg("%s: %s", pattern, error.message);
}

static void other_patterns_are_refused(void **state)
{
    (void)state;
    expect_refused("\\b[0-9]+\\b", "repeat");
    expect_refused("\\b[0-9]*\\b", "repeat");
    expect_refused("\\b[0-9]{2,}\\b", "repeat");
    expect_refused("\\b[0-9]{0}\\b", "repeat");
    expect_refused("\\b[0-9]{5,2}\\b", "repeat");
    expect_refused("\\b[0-9]{2}?\\b", "repeat");
    expect_refused("\\b[0-9]{49}\\b", "48 bytes");
    expect_refused("\\b(?:[0-9]{20}|[0-9]{21}|[0-9]{24})\\b", "64 positions");
    expect_refused("\\b[^a]1\\b", "negated");
    expect_refused("\\b.1\\b", "one of");
    expect_refused("\\b(1)\\b", "groups");
    expect_refused("\\b(?:1\\b", "group");
    expect_refused("\\b[0-9\\b", "class");
    expect_refused("\\b1|2\\b", "alternatives");
    expect_refused("\\b1\\b2\\b", "escape");
    expect_refused("\\b1\\s2\\b", "escape");
    expect_refused("\\b1\\\\2\\b", "backslash");
    expect_refused("\\b1[Z-\\d]2\\b", "range");
    expect_refused("\\b[A-Z]{3}\\b", "no digit");
    expect_refused("\\b[A-Z0-9]{3}\\b", "no digit");
    expect_refused("\\b[0-9]?\\b", "nothing");
    expect_refused("[0-9]{3}\\b", "\\b");
    expect_refused("\\b[0-9]{3}", "\\b");
    expect_refused("\\b-?[0-9]{3}\\b", "\\b");
    expect_refused("\\b[A-Z\xC3]{0,3}[0-9]\\b", "\\b");
}

static void edges_of_the_subset_are_taken(void **state)
{
    (void)state;
    static vl_automaton automaton;
    assert_null(vl_automaton_compile("\\b[0-9]{48}\\b", false, &automaton));
    assert_int_equal(automaton.width, 48);
    assert_null(vl_automaton_compile("#[0-9]{3}!", false, &automaton));
    assert_false(automaton.starts_word);
    assert_null(vl_automaton_compile("\\b(?:(?:(?:[0-9]{1,3}\\.){3}[0-9]{1,3}))\\b", false, &automaton));
    assert_int_equal(automaton.width, 15);
}

/* Equal patterns of rows are one format; conditions on the left and right set them apart. */
static void rows_share_formats(void **state)
{
    (void)state;
    vl_row rows[4] = {{.name = "A", .pattern = "\\b[0-9]{9}\\b"},
                      {.name = "B", .pattern = "\\b[0-9]{9}\\b", .flags = VL_ROW_WHOLE},
                      {.name = "C", .pattern = "\\b[0-9]{9}\\b", .flags = VL_ROW_NUMBER_LEFT},
                      {.name = "D", .pattern = "\\b[0-9]{9}\\b", .flags = VL_ROW_OWN}};
    vl_row_set chosen = {{2}};
    vl_formats *formats;
    assert_int_equal(vl_formats_create(&vl_allocator_default, rows, 4, &chosen, &formats, NULL), VEIL_OK);
    assert_int_equal(formats->count, 2);
    assert_int_equal(formats->row_count, 3);
    vl_around around = {VL_BEFORE_SPACE, 8, VL_BEHIND_OTHER, 9, 5, VL_SECOND_ANY, ' ', {';', ' '}, VL_THIRD_ANY};
    assert_int_equal(vl_formats_at(&formats->all, &around, 0), 3);
    assert_int_equal(formats->chosen.count, 1);
    assert_int_equal(vl_formats_at(&formats->chosen, &around, 0), 1);
    around.before = VL_BEFORE_REST;
    assert_int_equal(vl_formats_at(&formats->all, &around, 0), 1);
    around.run = 7;
    around.word = 8;
    assert_int_equal(vl_formats_at(&formats->all, &around, 0), 0);
    vl_formats_destroy(formats);
}

static void the_table_compiles(void **state)
{
    (void)state;
    vl_row_set chosen = {{0}};
    vl_formats *formats;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = vl_formats_create(&vl_allocator_default, vl_rows, VL_ROW_COUNT, &chosen, &formats, &error);
    if (status != VEIL_OK) fail_msg("%s", error.message);
    printf("%zu rows in %zu formats, %u classes\n", formats->row_count, formats->count, formats->class_count);
    vl_formats_destroy(formats);
}

int main(void)
{
    seed = (uint32_t)test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(automata_agree_with_pcre2),
        cmocka_unit_test(nothing_is_left_out),
        cmocka_unit_test(nothing_is_left_out_of_few),
        cmocka_unit_test(free_shapes_are_proved),
        cmocka_unit_test(formats_follow_the_rows_in_force),
        cmocka_unit_test(other_patterns_are_refused),
        cmocka_unit_test(edges_of_the_subset_are_taken),
        cmocka_unit_test(rows_share_formats),
        cmocka_unit_test(the_table_compiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
