/* The class kernels: every level against the plain twin, at all small sizes and alignments, in blocks of just their size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* clang-format off */
#include <cmocka.h>
/* clang-format on */
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "veil.h"

static uint32_t seed = 7;

static uint8_t next_byte(void)
{
    static const char likely[] = "09azAZ_@.:-/ \x80\xff"
                                 "eyJgh---AKI";
    seed = seed * 1664525 + 1013904223;
    return (seed >> 24 & 1) != 0 ? (uint8_t)likely[(seed >> 8) % (sizeof likely - 1)] : (uint8_t)(seed >> 16);
}

static void compare_level(const vl_kernels *kernels, const uint8_t *text, size_t n, const vl_lead_set *set)
{
    vl_class_block blocks[5];
    vl_class_block plain[5];
    uint64_t marks[5] = {0};
    uint64_t plain_marks[5] = {0};
    memset(blocks, 0, sizeof blocks);
    memset(plain, 0, sizeof plain);
    kernels->classify(text, n, blocks);
    vl_kernels_plain.classify(text, n, plain);
    assert_memory_equal(blocks, plain, sizeof blocks);
    assert_int_equal(kernels->find_lead(text, n, set), vl_kernels_plain.find_lead(text, n, set));
    vl_letter_set letters;
    vl_letter_set_clear(&letters);
    vl_letter_set_add(&letters, 0, "az@");
    vl_letter_set_add(&letters, 7, "kia");
    vl_letter_set_add(&letters, 7, "-_1");
    bool any = kernels->mark_letters(text, n, &letters, marks);
    assert_int_equal(any, vl_kernels_plain.mark_letters(text, n, &letters, plain_marks));
    assert_memory_equal(marks, plain_marks, sizeof marks);
}

static void letters_are_found_in_both_cases(void **state)
{
    (void)state;
    static const char text[] = "sec ..SECret s3c seC sex";
    vl_letter_set set;
    uint64_t marks;
    vl_letter_set_clear(&set);
    vl_letter_set_add(&set, 3, "sec");
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        assert_true(kernels->mark_letters((const uint8_t *)text, sizeof text - 1, &set, &marks));
        assert_int_equal(marks, 1ull | 1ull << 6 | 1ull << 17);
        assert_false(kernels->mark_letters((const uint8_t *)"se", 2, &set, &marks));
        assert_int_equal(marks, 0);
    }
}

static void levels_agree(void **state)
{
    (void)state;
    vl_lead_set set;
    vl_lead_set_clear(&set);
    vl_lead_set_add(&set, 0, "eyj");
    vl_lead_set_add(&set, 1, "gh-");
    vl_lead_set_add(&set, 2, "aki");
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n <= 300; n++) {
            uint8_t *text = malloc(n > 0 ? n : 1);
            assert_non_null(text);
            for (size_t i = 0; i < n; i++)
                text[i] = next_byte();
            size_t offset = n % 7 < n ? n % 7 : 0;
            compare_level(kernels, text + offset, n - offset, &set);
            free(text);
        }
    }
}

static void plain_classes_are_right(void **state)
{
    (void)state;
    vl_class_block block;
    vl_kernels_plain.classify((const uint8_t *)"a1_@.:-/Z \xc3", 11, &block);
    assert_int_equal(block.alpha, 0x101);
    assert_int_equal(block.digit, 2);
    assert_int_equal(block.under, 4);
    assert_int_equal(block.at, 8);
    assert_int_equal(block.dot, 16);
    assert_int_equal(block.colon, 32);
    assert_int_equal(block.dash, 64);
    assert_int_equal(block.slash, 128);
}

/* ---- words and numbers ---- */

static bool may_begin(uint32_t level, const char *sample, size_t at)
{
    uint8_t *text = malloc(66); /* of just this size: reading on is found */
    vl_letter_set set;
    assert_non_null(text);
    vl_letter_set_clear(&set);
    vl_letter_set_add(&set, 2, "ssn");
    memset(text, ' ', 66);
    memcpy(text + at, sample, strlen(sample));
    bool found = vl_kernels_for(level)->may_begin_word(text, &set);
    free(text);
    return found;
}

static void words_begin_where_letters_do(void **state)
{
    (void)state;
    for (uint32_t level = VEIL_CPU_PLAIN; level <= VEIL_CPU_AVX512; level++) {
        if (vl_kernels_for(level) == NULL) continue;
        for (size_t at = 0; at < 63; at++) {
            assert_true(may_begin(level, "ssn", at));
            assert_true(may_begin(level, "SSn", at));
            assert_false(may_begin(level, "s.n", at));
            assert_int_equal(may_begin(level, "assn", at < 62 ? at : 61), (at < 62 ? at : 61) + 1 < VL_WORD_ENTRY);
            assert_true(may_begin(level, "\\", at));
            assert_true(may_begin(level, "%", at));
            assert_true(may_begin(level, "\x1B", at));
            assert_true(may_begin(level, "\xC3", at));
        }
        assert_true(may_begin(level, "ssn", 63)); /* it goes on behind the 64 bytes */
        assert_false(may_begin(level, "\\", 64));
    }
}

static uint8_t digit_heavy(void)
{
    static const char likely[] = "0123456789012345678901234567890123456789  --..:/_azAZ\x80\n";
    seed = seed * 1664525 + 1013904223;
    return (uint8_t)likely[(seed >> 8) % (sizeof likely - 1)];
}

static const uint8_t kinds[128] = {[' '] = 1, ['-'] = 2, ['.'] = 3, [':'] = 15};

typedef struct numbers {
    uint8_t *text; /* of just the size that may be read */
    vl_class_block blocks[VL_NUMBER_BLOCKS + 1];
    uint64_t starts[VL_NUMBER_BLOCKS + 1];
    uint64_t rests[VL_NUMBER_BLOCKS + 1];
    vl_number_input in;
} numbers;

static bool is_word(uint8_t c)
{
    return (uint8_t)((c | 0x20) - 'a') < 26 || (uint8_t)(c - '0') < 10 || c == '_';
}

/* The first digit of each word, those that begin before the text among them. */
static void open_numbers(numbers *n, size_t count)
{
    const uint8_t *text = n->text + 1;
    bool has_digit = false;
    memset(n->starts, 0, sizeof n->starts);
    memset(n->rests, 0, sizeof n->rests);
    vl_kernels_plain.classify(text, (count + 1) * 64, n->blocks);
    for (size_t i = 0; i < count * 64; i++) {
        bool is_digit = (uint8_t)(text[i] - '0') < 10;
        if (is_digit && !has_digit) n->starts[i / 64] |= 1ull << i % 64;
        if (is_digit && !has_digit && !is_word(text[(ptrdiff_t)i - 1]) && seed % 3 == 0)
            n->rests[i / 64] |= 1ull << i % 64;
        has_digit = is_word(text[i]) && (has_digit || is_digit);
    }
    n->in = (vl_number_input){
        .text = text, .blocks = n->blocks, .count = count, .starts = n->starts, .rests = n->rests, .kinds = kinds};
    n->in.rest_kind = 6;
    n->in.goes_on = is_word(n->text[0]);
}

static void expect_same(const numbers *n, const vl_number_block *plain, size_t entries, const uint64_t *left,
                        const vl_kernels *kernels)
{
    static vl_number_block other;
    uint64_t other_left[VL_NUMBER_BLOCKS];
    assert_int_equal(kernels->read_numbers(&n->in, &other, other_left), entries);
    assert_memory_equal(other_left, left, n->in.count * sizeof left[0]);
    assert_memory_equal(other.place, plain->place, entries * sizeof plain->place[0]);
    assert_memory_equal(other.begin, plain->begin, entries);
    assert_memory_equal(other.word, plain->word, entries);
    assert_memory_equal(other.next, plain->next, entries);
    assert_memory_equal(other.next_but_one, plain->next_but_one, entries);
    assert_memory_equal(other.second, plain->second, entries);
    assert_memory_equal(other.third, plain->third, entries);
}

/* Texts of digits mostly; in every fifth a long word or a long run stands somewhere. */
static void make_numbers(numbers *n, size_t round, size_t count)
{
    size_t size = (count + 1) * 64 + 1;
    n->text = malloc(size);
    assert_non_null(n->text);
    for (size_t i = 0; i < size; i++)
        n->text[i] = digit_heavy();
    size_t from = round * 7 % size;
    size_t to = from + 55 + round % 17 < size ? from + 55 + round % 17 : size;
    for (size_t i = from; i < to && round % 5 == 0; i++)
        n->text[i] = round % 2 == 0 ? '7' : 'a';
}

static void numbers_agree(void **state)
{
    (void)state;
    static vl_number_block plain;
    size_t entries = 0;
    size_t left_count = 0;
    for (size_t round = 0; round < 4000; round++) {
        numbers n;
        uint64_t left[VL_NUMBER_BLOCKS];
        size_t count = round % VL_NUMBER_BLOCKS + 1;
        make_numbers(&n, round, count);
        open_numbers(&n, count);
        size_t read = vl_kernels_plain.read_numbers(&n.in, &plain, left);
        size_t starts = 0;
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(left[i] & ~n.starts[i], 0);
            left_count += (size_t)__builtin_popcountll(left[i]);
            starts += (size_t)__builtin_popcountll(n.starts[i] & ~left[i]);
        }
        assert_int_equal(read, starts);
        entries += read;
        for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++)
            if (vl_kernels_for(level) != NULL) expect_same(&n, &plain, read, left, vl_kernels_for(level));
        free(n.text);
    }
    assert_true(entries > 60000);
    assert_in_range(left_count, 100, 4000);
}

static void plain_numbers_are_right(void **state)
{
    (void)state;
    static vl_number_block out;
    uint8_t text[129];
    uint64_t left[VL_NUMBER_BLOCKS];
    numbers n = {.text = text};
    memset(text, ' ', sizeof text);
    memcpy(text, "z9 123 4567 7x9, 12345678901234567890.5/8 .33 ab_xy7-1", 54);
    memcpy(text + 60, "44-55", 5);
    open_numbers(&n, 1);
    memset(n.rests, 0, sizeof n.rests);
    assert_int_equal(vl_kernels_plain.read_numbers(&n.in, &out, left), 11);
    assert_int_equal(left[0], 1); /* its word begins before the text */
    assert_int_equal(out.place[0], 2);
    assert_int_equal(out.begin[0], 1 << 4 | 2);
    assert_int_equal(out.word[0], 3 << 4 | 1);
    assert_int_equal(out.next[0], ' ');
    assert_int_equal(out.next_but_one[0], '4');
    assert_int_equal(out.second[0], 4);
    assert_int_equal(out.third[0], ' ');
    assert_int_equal(out.second[1], 1);
    assert_int_equal(out.third[1], 'x');
    assert_int_equal(out.word[2], 3 << 4 | 7);
    assert_int_equal(out.second[2], VL_NUMBER_NO_SECOND);
    assert_int_equal(out.begin[3], 1 << 4 | 15);
    assert_int_equal(out.word[3], 15 << 4 | 1);
    assert_int_equal(out.second[3], 32 + 1);
    assert_int_equal(out.third[3], '/');
    assert_int_equal(out.begin[4], 3 << 4);
    assert_int_equal(out.third[4], VL_NUMBER_NO_THIRD);
    assert_int_equal(out.begin[7], (7 + 2) << 4); /* two letters behind the underscore */
    assert_int_equal(out.word[7], 6 << 4 | 7);
    assert_int_equal(out.second[7], 16 + 1);
    assert_int_equal(out.place[9], 59);
    assert_int_equal(out.second[9], 16 + 2); /* across the block's end */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(levels_agree),
                                       cmocka_unit_test(letters_are_found_in_both_cases),
                                       cmocka_unit_test(plain_classes_are_right),
                                       cmocka_unit_test(words_begin_where_letters_do),
                                       cmocka_unit_test(numbers_agree),
                                       cmocka_unit_test(plain_numbers_are_right)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
