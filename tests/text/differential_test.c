/*
 * The fast matchers and Hyperscan against an independent engine: for every row whose pattern says all there is to say, PCRE2
 * tries every start of generated texts; the row's neighbour conditions and validator are applied to the longest match that
 * passes. Both must name the same spans. Also: every match contains a byte of its row's trigger.
 *
 * The long run: text_differential_test --cases 10000000 [--seed S] compares that many short texts (all rows each) and prints
 * how many findings it saw; the ordinary test runs a sample of them.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <time.h>

#include "support/seed.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"

#define TEXT_BYTES 600
#define ROUNDS     400
#define SHORT_MAX  240 /* bytes of a text of the long run: up to three samples */
#define SAMPLE_MAX 100
#define CASES      10000 /* of the long run, in the ordinary test */

static uint32_t seed = 12345;

static uint32_t next_random(uint32_t limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool digit_at(const char *text, size_t size, size_t p)
{
    return p < size && is_digit(text[p]);
}

static size_t hex_run(const char *text, size_t size, size_t p)
{
    size_t run = 0;
    while (p + run < size && isxdigit((unsigned char)text[p + run]))
        run++;
    return run;
}

static size_t count_digits(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += is_digit(text[i]);
    return count;
}

/* VL_ROW_WHOLE in words: no group of a UUID, nothing behind "_-". */
static bool is_whole(const char *text, size_t size, size_t start, size_t end)
{
    if (start >= 2 && text[start - 1] == '-' && text[start - 2] == '_') return false;
    if (start >= 5 && text[start - 1] == '-' && hex_run(text, start, start - 5) == 4 &&
        (count_digits(text + start - 5, 4) > 0 || (start >= 6 && text[start - 6] == '-')))
        return false;
    if (end >= size || text[end] != '-') return true;
    size_t run = hex_run(text, size, end + 1);
    char behind = end + 1 + run < size ? text[end + 1 + run] : '\0';
    size_t digits = count_digits(text + end + 1, run);
    if (run < 4 || isalnum((unsigned char)behind) || behind == '_' || digits == 0) return true;
    return !((run == 4 && behind == '-') || digits < run);
}

/* "so.5.3.31", "lib-7.11.40", "10.3.15@", "7.11.40.jar" */
static bool is_version(const char *text, size_t size, size_t start, size_t end)
{
    if (memchr(text + start, '.', end - start) == NULL || text[end - 3] != '.') return false;
    if (is_digit(text[start + 1]) && is_digit(text[start + 2])) return false; /* the year stands first */
    char last = start >= 2 ? text[start - 1] : '\0';
    char name = start >= 2 ? text[start - 2] : '\0';
    if ((last == '.' || last == '-') && (isalnum((unsigned char)name) || name == '_')) return true;
    if (end < size && text[end] == '@') return true;
    return end + 1 < size && (text[end] == '.' || text[end] == '-') && text[end + 1] >= 'a' && text[end + 1] <= 'z';
}

static bool neighbours_allow(size_t row, const char *text, size_t size, size_t start, size_t end)
{
    if ((vl_rows[row].flags & VL_ROW_WHOLE) != 0 && !is_whole(text, size, start, end)) return false;
    bool is_joined = start >= 2 && text[start - 1] == '-' && isalpha((unsigned char)text[start - 2]);
    if ((vl_rows[row].flags & VL_ROW_ALONE) != 0 && is_joined)
        return false; /* no context word of theirs is generated */
    return row != VL_ROW_DATE_NUMERIC || !is_version(text, size, start, end);
}

/* Two hexadecimal digits and no more at p. */
static bool is_octet(const char *text, size_t size, size_t p)
{
    bool goes_on = p + 2 < size && (isalnum((unsigned char)text[p + 2]) || text[p + 2] == '_');
    return hex_run(text, size, p) == 2 && !goes_on;
}

static bool is_octet_before(const char *text, size_t start, char separator)
{
    if (start < 2 || text[start - 1] != separator) return false;
    if (text[start - 2] == separator) return true;
    bool goes_on = start > 3 && (isalnum((unsigned char)text[start - 4]) || text[start - 4] == '_');
    return start >= 3 && hex_run(text, start - 1, start - 3) == 2 && !goes_on;
}

static bool left_allows(size_t row, const char *text, size_t start)
{
    char c = start > 0 ? text[start - 1] : '\0';
    bool one = start >= 2 && is_digit(text[start - 2]);
    bool two = one && start >= 3 && is_digit(text[start - 3]);
    if (row == VL_ROW_MAC) return !is_octet_before(text, start, text[start + 2]);
    if (row == VL_ROW_IPV4) return !(c == '.' && one);
    if ((vl_rows[row].flags & VL_ROW_NUMBER_LEFT) == 0 || !is_digit(text[start])) return true;
    bool four = two && start >= 5 && is_digit(text[start - 4]) && is_digit(text[start - 5]);
    return !(c == '.' && one) && !(c == '-' && two) && !(c == ':' && two && !four);
}

static bool right_allows(size_t row, const char *text, size_t size, size_t start, size_t end)
{
    uint32_t flags = vl_rows[row].flags;
    char c = end < size ? text[end] : '\0';
    bool digit = digit_at(text, size, end + 1);
    if (row == VL_ROW_MAC) return !(c == text[start + 2] && is_octet(text, size, end + 1));
    if (row == VL_ROW_IPV4) return !(c == '.' && digit);
    if ((flags & VL_ROW_NUMBER_RIGHT) != 0 && (c == '-' || c == '.') && digit) return false;
    if ((flags & VL_ROW_SLASH_RIGHT) != 0 && c == '/' && digit) return false;
    return !((flags & VL_ROW_TIME_RIGHT) != 0 && c == ':' && digit);
}

/* "+44 7911...": from a plus sign on, with at most three digits between, the number is a telephone's. */
static bool is_dialled(size_t row, const char *text, size_t start, size_t end)
{
    bool is_phone = vl_rows[row].entity == VL_ENTITY_PHONE_NUMBER;
    if (is_phone || (vl_rows[row].flags & VL_ROW_WHOLE) == 0 || start == 0) return false;
    size_t plus = strchr(" -.", text[start - 1]) != NULL ? start - 1 : start;
    for (size_t digits = 0; digits < 3 && plus > 0 && is_digit(text[plus - 1]); digits++)
        plus--;
    if (plus == 0 || text[plus - 1] != '+' ||
        (plus >= 2 && (isalnum((unsigned char)text[plus - 2]) || text[plus - 2] == '_')))
        return false;
    return vl_validate_phone(text + plus - 1, end - plus + 1) != VL_INVALID;
}

/* End of the reference's match at `start`, or 0. */
static size_t reference_end(size_t row, pcre2_code *code, pcre2_match_data *data, const char *text, size_t size,
                            size_t start)
{
    int workspace[600];
    int count = pcre2_dfa_match(code, (PCRE2_SPTR)text, size, start, PCRE2_ANCHORED, data, NULL, workspace, 600);
    if (count <= 0 || !left_allows(row, text, start)) return 0;
    const PCRE2_SIZE *vector = pcre2_get_ovector_pointer(data);
    for (int i = 0; i < count; i++) {
        size_t end = vector[2 * i + 1];
        if (!right_allows(row, text, size, start, end) || !neighbours_allow(row, text, size, start, end)) continue;
        vl_validity validity =
            vl_rows[row].validate == NULL ? VL_UNKNOWN : vl_rows[row].validate(text + start, end - start);
        if (validity != VL_INVALID || (vl_rows[row].flags & VL_ROW_SOFT_CHECK) != 0)
            return is_dialled(row, text, start, end) ? 0 : end;
    }
    return 0;
}

/* Samples, samples with a byte changed, digits in groups, and separators between them. */
static size_t generate(char *text, size_t wanted)
{
    static const char *const joints[] = {" ", " ",    " ",   ", ",  "-",     ".",       ":",    "/",      "_",
                                         "x", "",     "\n",  "; ",  "(",     ") ",      "_-",   "-b1c2-", "-a07f",
                                         "@", ".jar", "\\n", "\\t", "\\\\n", "\\u003c", "\\\"", "%3D"};
    size_t size = 0;
    while (size < wanted) {
        if (next_random(3) > 0) {
            const char *sample = vl_rows[next_random(VL_ROW_COUNT)].sample;
            size_t length = strlen(sample) > SAMPLE_MAX ? SAMPLE_MAX : strlen(sample);
            memcpy(text + size, sample, length);
            if (next_random(3) == 0) text[size + next_random((uint32_t)length)] = "0159AZaz-. :_"[next_random(13)];
            size += length;
        } else {
            for (uint32_t n = 1 + next_random(19); n > 0; n--)
                text[size++] = (char)('0' + next_random(10));
        }
        const char *joint = joints[next_random(sizeof joints / sizeof joints[0])];
        memcpy(text + size, joint, strlen(joint));
        size += strlen(joint);
    }
    return size;
}

static bool is_found(const found *all, size_t row, size_t start, size_t end)
{
    const char *entity = vl_entities[vl_rows[row].entity].name;
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        /* rows of one entity with the same span are reported once, and a date with a time hides the date in it */
        if (f->start <= start && f->end >= end && strcmp(f->entity, entity) == 0) return true;
    }
    return false;
}

/* What the reference does not know: how far a word reaches that stands for a context word ("hooks.slack.com/services") and lets
 * what is joined count; units behind a number; a month's name before four digits, which are then a date's year and no group. */
static bool is_unknown(size_t row, const char *text, size_t size, size_t start, size_t end)
{
    bool has_letter =
        start >= 2 && (text[start - 1] == '-' || text[start - 1] == ' ') && isalpha((unsigned char)text[start - 2]);
    bool is_joined = has_letter && text[start - 1] == '-';
    if (is_joined && (vl_rows[row].flags & VL_ROW_ALONE) != 0 && memmem(text, size, "service", 7) != NULL) return true;
    bool has_unit = end + 2 < size && text[end] == ' ' && isalpha((unsigned char)text[end + 1]);
    if (has_unit && (vl_rows[row].flags & (VL_ROW_NO_KEY | VL_ROW_NO_UNIT)) != 0) return true;
    return has_letter && (text[start] == '1' || text[start] == '2') && end - start > 4 && is_digit(text[start + 3]) &&
           !is_digit(text[start + 4]);
}

/* The percent escape before p is no part of what the row finds: of a token that has percent signs itself (TWITTER), those in it
 * are its own, and one directly before its beginning is not. */
static bool drops_percent(size_t row, const char *text, size_t size, size_t p)
{
    const char *lead = vl_rows[VL_ROW_TWITTER].lead;
    size_t length = strlen(lead);
    return row != VL_ROW_TWITTER || (size - p >= length && memcmp(text + p, lead, length) == 0);
}

/* A copy in which letters of JSON and percent escapes are bytes of no class, for they separate. */
static void drop_escapes(size_t row, const char *text, size_t size, char *out)
{
    memcpy(out, text, size);
    for (size_t i = 0; i + 1 < size; i++) {
        if (text[i] != '\\') continue;
        i++;
        if (strchr("nrtbf", text[i]) != NULL && text[i] != '\0') out[i] = 1;
        if (text[i] == 'u' && hex_run(text, size, i + 1) >= 4) memset(out + i, 1, 5);
    }
    for (size_t i = 0; i + 2 < size; i++) {
        char value[3] = {text[i + 1], text[i + 2], '\0'};
        if (text[i] != '%' || hex_run(text, size, i + 1) < 2 || !drops_percent(row, text, size, i + 3)) continue;
        unsigned long byte = strtoul(value, NULL, 16);
        if (byte != 0 && (byte > 127 || !isalnum((int)byte))) memset(out + i + 1, 1, 2);
    }
}

/* Where the pattern next begins to match, by the compiled matcher, which is faster than the one that knows all ends. */
static size_t next_start(pcre2_code *code, pcre2_match_data *data, const char *text, size_t size, size_t from)
{
    int matched = from < size ? pcre2_match(code, (PCRE2_SPTR)text, size, from, 0, data, NULL) : PCRE2_ERROR_NOMATCH;
    if (matched <= 0 && matched != PCRE2_ERROR_NOMATCH) fail_msg("PCRE2: %d", matched);
    return matched > 0 ? pcre2_get_ovector_pointer(data)[0] : size;
}

static void compare_row(size_t row, pcre2_code *code, pcre2_match_data *data, const char *original, size_t size,
                        const found *all)
{
    static size_t ends[TEXT_BYTES];
    static char text[TEXT_BYTES];
    drop_escapes(row, original, size, text);
    memset(ends, 0, size * sizeof ends[0]);
    for (size_t start = next_start(code, data, text, size, 0); start < size;
         start = next_start(code, data, text, size, start + 1)) {
        ends[start] = reference_end(row, code, data, text, size, start);
        if (ends[start] != 0 && is_unknown(row, text, size, start, ends[start])) continue;
        if (ends[start] != 0 && !is_found(all, row, start, ends[start]))
            fail_msg("%s misses [%zu, %zu) \"%.*s\" of \"%.*s\"", vl_rows[row].name, start, ends[start],
                     (int)(ends[start] - start), text + start, (int)size, original);
    }
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        if (strcmp(f->recognizer, vl_rows[row].name) != 0 || is_unknown(row, text, size, f->start, f->end)) continue;
        if (ends[f->start] != f->end)
            fail_msg("%s finds [%zu, %zu) \"%.*s\" of \"%.*s\", the reference [.., %zu)", f->recognizer,
                     (size_t)f->start, (size_t)f->end, (int)(f->end - f->start), text + f->start, (int)size, original,
                     ends[f->start]);
    }
}

static bool has_reference(size_t row)
{
    bool runs = vl_entities[vl_rows[row].entity].is_default; /* US_DEA is another name of MEDICAL_LICENSE */
    const uint32_t none =
        VL_ROW_NO_REFERENCE | VL_ROW_ASKS_WORD | VL_ROW_NEEDS_WORD; /* context is not in the reference */
    return runs && (vl_rows[row].flags & none) == 0 && row != VL_ROW_PAN_HIGH;
}

typedef struct reference {
    veil_sanitizer *sanitizer;
    pcre2_code *codes[VL_ROW_COUNT];
    pcre2_match_data *data;
    uint64_t findings;
} reference;

static void reference_open(reference *r)
{
    r->sanitizer = make_text("any", 0.0f);
    r->findings = 0;
    r->data = pcre2_match_data_create(64, NULL);
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        int code;
        PCRE2_SIZE offset;
        uint32_t flags = (vl_rows[row].flags & VL_ROW_CASELESS) != 0 ? PCRE2_CASELESS : 0;
        r->codes[row] = pcre2_compile((PCRE2_SPTR)vl_rows[row].pattern, PCRE2_ZERO_TERMINATED, flags | PCRE2_DOTALL,
                                      &code, &offset, NULL);
        if (r->codes[row] == NULL) fail_msg("pattern of %s", vl_rows[row].name);
        if (pcre2_jit_compile(r->codes[row], PCRE2_JIT_COMPLETE) != 0) fail_msg("%s: no JIT", vl_rows[row].name);
    }
}

static void reference_close(reference *r)
{
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        pcre2_code_free(r->codes[row]);
    pcre2_match_data_free(r->data);
    veil_sanitizer_destroy(r->sanitizer);
}

static void compare_text(reference *r, const char *text, size_t size)
{
    static found all;
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL | VEIL_TEXT_NO_FOLD | VEIL_TEXT_NO_DECODE;
    scan_text(r->sanitizer, &options, text, size, &all);
    r->findings += all.count;
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        if (has_reference(row)) compare_row(row, r->codes[row], r->data, text, size, &all);
}

static void matchers_agree_with_the_reference(void **state)
{
    (void)state;
    static reference r;
    char text[TEXT_BYTES];
    reference_open(&r);
    for (size_t round = 0; round < ROUNDS; round++)
        compare_text(&r, text, generate(text, TEXT_BYTES - 120));
    reference_close(&r);
}

static uint64_t run_cases(uint64_t count)
{
    static reference r;
    char text[SHORT_MAX];
    reference_open(&r);
    for (uint64_t number = 0; number < count; number++) {
        seed = seed * 1664525 + (uint32_t)number; /* the generator alone would repeat itself */
        compare_text(&r, text, generate(text, 1 + next_random(SHORT_MAX - SAMPLE_MAX - 20)));
        if (number % 100000 == 99999) fprintf(stderr, "%llu cases\n", (unsigned long long)number + 1);
    }
    reference_close(&r);
    return r.findings;
}

static void short_texts_agree(void **state)
{
    (void)state;
    assert_true(run_cases(CASES) > CASES / 2); /* texts hold something to find */
}

static void matches_contain_their_trigger(void **state)
{
    (void)state;
    static char text[TEXT_BYTES];
    static found all;
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL | VEIL_TEXT_NO_FOLD | VEIL_TEXT_NO_DECODE;
    for (size_t round = 0; round < 50; round++) {
        scan_text(sanitizer, &options, text, generate(text, TEXT_BYTES - 120), &all);
        for (size_t i = 0; i < all.count; i++) {
            const veil_finding *f = &all.items[i];
            size_t row = 0;
            while (strcmp(vl_rows[row].name, f->recognizer) != 0)
                row++;
            if ((vl_rows[row].flags & VL_ROW_CUED) != 0) continue;
            const char *trigger = vl_rows[row].trigger;
            if (strcmp(trigger, "0-9") == 0) trigger = "0123456789";
            bool has_trigger = false;
            for (size_t p = f->start; p < f->end; p++)
                has_trigger |= strchr(trigger, text[p]) != NULL && text[p] != '\0';
            if (!has_trigger) fail_msg("%s: %.*s", f->recognizer, (int)(f->end - f->start), text + f->start);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* Outside cmocka a failed comparison ends the program, with its message. */
static int long_run(int argc, char **argv)
{
    uint64_t cases = strtoull(argv[2], NULL, 10);
    if (argc == 5 && strcmp(argv[3], "--seed") == 0) seed = (uint32_t)strtoul(argv[4], NULL, 10);
    uint32_t first = seed;
    time_t begin = time(NULL);
    uint64_t findings = run_cases(cases);
    printf("differential: %llu cases of seed %u, %llu findings, no difference, %.0f s\n", (unsigned long long)cases,
           first, (unsigned long long)findings, difftime(time(NULL), begin));
    return 0;
}

int main(int argc, char **argv)
{
    seed = (uint32_t)test_seed(seed);
    if (argc >= 3 && strcmp(argv[1], "--cases") == 0) return long_run(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matchers_agree_with_the_reference),
        cmocka_unit_test(short_texts_agree),
        cmocka_unit_test(matches_contain_their_trigger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
