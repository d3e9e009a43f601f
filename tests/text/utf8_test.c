/* UTF-8 by the table of RFC 3629 and offsets against a slow reference on random bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/seed.h"
#include "text/text.h"
#include "text/utf8.h"

static size_t step(const char *text)
{
    size_t bytes = strlen(text);
    char *copy = malloc(bytes); /* so that a sanitizer sees a read past the end */
    assert_non_null(copy);
    memcpy(copy, text, bytes);
    size_t got = vl_utf8_step(copy, bytes);
    free(copy);
    return got;
}

static void sequences_have_their_length(void **state)
{
    (void)state;
    assert_int_equal(step("a"), 1);
    assert_int_equal(step("\xC3\xA9x"), 2);
    assert_int_equal(step("\xE2\x82\xAC"), 3);
    assert_int_equal(step("\xF0\x9F\x98\x80"), 4);
    assert_int_equal(step("\xF4\x8F\xBF\xBF"), 4); /* U+10FFFF */
    assert_int_equal(step("\xED\x9F\xBF"), 3);     /* U+D7FF */
    assert_int_equal(step("\xEE\x80\x80"), 3);     /* U+E000 */
}

static void broken_sequences_are_single_bytes(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\x80",
        "\xBF\x80",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC3",
        "\xC3\x28",
        "\xE0\x9F\xBF",
        "\xE2\x82",
        "\xE2\x28\xA1",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF0\x9F\x98",
        "\xF0\x9F\x98\x28",
        "\xF0\x28\x8C\xBC",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFE",
        "\xFF",
    };
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_int_equal(step(broken[i]), 1);
}

static void encoding_is_the_inverse(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= 0x110010; point++) {
        char out[4];
        size_t bytes = vl_utf8_encode(point, out);
        bool is_scalar = point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
        if (!is_scalar) {
            if (bytes != 0) fail_msg("U+%X was encoded", point);
            continue;
        }
        if (bytes != vl_utf8_step(out, bytes)) fail_msg("U+%X does not come back", point);
    }
    assert_int_equal(vl_utf8_encode(UINT32_MAX, (char[4]){0}), 0);
}

static veil_finding span(uint64_t start, uint64_t end)
{
    return (veil_finding){.start = start, .end = end};
}

/* "é", e with a combining acute, an astral face and a stray byte before an address. */
static void offsets_in_each_unit(void **state)
{
    (void)state;
    static const char text[] = "\xC3\xA9 e\xCC\x81 \xF0\x9F\x98\x80\xF0\x9F\x91\x8D\x80 jane@example.com";
    size_t bytes = sizeof text - 1;
    veil_finding at[2] = {span(17, 33), span(22, 29)};
    assert_int_equal(text[17], 'j');
    assert_int_equal(vl_text_convert_offsets(text, bytes, VEIL_OFFSET_CODEPOINT, at, 2), VEIL_OK);
    assert_int_equal(at[0].start, 9);
    assert_int_equal(at[0].end, 25);
    assert_int_equal(at[1].start, 14);
    assert_int_equal(at[1].end, 21);
    veil_finding units[1] = {span(17, 33)};
    assert_int_equal(vl_text_convert_offsets(text, bytes, VEIL_OFFSET_UTF16, units, 1), VEIL_OK);
    assert_int_equal(units[0].start, 11);
    assert_int_equal(units[0].end, 27);
    veil_finding same[1] = {span(17, 33)};
    assert_int_equal(vl_text_convert_offsets(text, bytes, VEIL_OFFSET_BYTE, same, 1), VEIL_OK);
    assert_int_equal(same[0].start, 17);
}

static void refusals_change_nothing(void **state)
{
    (void)state;
    veil_finding beyond[2] = {span(0, 1), span(2, 5)};
    assert_int_equal(vl_text_convert_offsets("\xC3\xA9xx", 4, VEIL_OFFSET_CODEPOINT, beyond, 2),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(beyond[0].end, 1);
    assert_int_equal(beyond[1].start, 2);
    veil_finding unordered[2] = {span(2, 3), span(0, 2)};
    assert_int_equal(vl_text_convert_offsets("\xC3\xA9xx", 4, VEIL_OFFSET_UTF16, unordered, 2),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(unordered[0].start, 2);
    veil_finding inverted[1] = {span(3, 2)};
    assert_int_equal(vl_text_convert_offsets("abcd", 4, VEIL_OFFSET_CODEPOINT, inverted, 1), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_text_convert_offsets("abcd", 4, 3, inverted, 0), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_text_convert_offsets(NULL, 4, VEIL_OFFSET_BYTE, inverted, 0), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_text_convert_offsets("a", 1, VEIL_OFFSET_BYTE, NULL, 1), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_text_convert_offsets(NULL, 0, VEIL_OFFSET_UTF16, NULL, 0), VEIL_OK);
}

/* Units before byte `to`; a sequence counts from its first byte on. */
static uint64_t slow_units(const char *text, size_t bytes, uint64_t to, uint32_t unit)
{
    uint64_t units = 0;
    for (size_t at = 0; at < to;) {
        size_t n = vl_utf8_step(text + at, bytes - at);
        units += unit == VEIL_OFFSET_UTF16 && n == 4 ? 2 : 1;
        at += n;
    }
    return units;
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void random_texts_agree_with_the_reference(void **state)
{
    (void)state;
    uint64_t seed = test_seed(88172645463325252u);
    for (int round = 0; round < 3000; round++) {
        char text[96];
        size_t bytes = next_random(&seed) % sizeof text;
        bool is_mostly_ascii = next_random(&seed) % 2 == 0;
        for (size_t i = 0; i < bytes; i++) {
            uint64_t value = next_random(&seed);
            text[i] = (char)(is_mostly_ascii && value % 16 != 0 ? value % 128 : value >> 8);
        }
        veil_finding findings[8];
        veil_finding kept[8];
        uint64_t start = 0;
        size_t count = 0;
        for (; count < 8 && start < bytes; count++) {
            start += next_random(&seed) % (bytes - start);
            findings[count] = span(start, start + next_random(&seed) % (bytes - start + 1));
        }
        memcpy(kept, findings, sizeof kept);
        uint32_t unit = round % 2 == 0 ? VEIL_OFFSET_CODEPOINT : VEIL_OFFSET_UTF16;
        assert_int_equal(vl_text_convert_offsets(text, bytes, unit, findings, count), VEIL_OK);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(findings[i].start, slow_units(text, bytes, kept[i].start, unit));
            assert_int_equal(findings[i].end, slow_units(text, bytes, kept[i].end, unit));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_have_their_length), cmocka_unit_test(broken_sequences_are_single_bytes),
        cmocka_unit_test(encoding_is_the_inverse),     cmocka_unit_test(offsets_in_each_unit),
        cmocka_unit_test(refusals_change_nothing),     cmocka_unit_test(random_texts_agree_with_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
