/* FF1: the nine samples of NIST, domains, and that it is a permutation at every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/error.h"
#include "support/seed.h"
#include "text/ff1.h"

static vl_crypto *crypto;

static const uint8_t key[32] = {0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6, 0xAB, 0xF7, 0x15,
                                0x88, 0x09, 0xCF, 0x4F, 0x3C, 0xEF, 0x43, 0x59, 0xD8, 0xD5, 0x80,
                                0xAA, 0x4F, 0x7F, 0x03, 0x6D, 0x6F, 0x04, 0xFC, 0x6A, 0x94};

static int setup(void **state)
{
    (void)state;
    return vl_crypto_create(&vl_allocator_default, &crypto, NULL);
}

static int teardown(void **state)
{
    (void)state;
    vl_crypto_destroy(crypto);
    return 0;
}

static vl_aes *make(size_t key_bytes)
{
    vl_aes *aes;
    assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_ECB, key, key_bytes, &aes), VEIL_OK);
    return aes;
}

static size_t read_numerals(const char *text, uint8_t *out)
{
    size_t count = strlen(text);
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(text[i] >= 'a' ? text[i] - 'a' + 10 : text[i] - '0');
    return count;
}

/* "Block Cipher Modes of Operation: FF1 Method for Format-Preserving Encryption", NIST's samples 1 to 9. */
static void the_nine_samples(void **state)
{
    (void)state;
    static const struct {
        size_t key_bytes;
        uint32_t radix;
        const char *tweak, *plain, *sealed;
    } rows[] = {{16, 10, "", "0123456789", "2433477484"},
                {16, 10, "9876543210", "0123456789", "6124200773"},
                {16, 36, "7777pqrs777", "0123456789abcdefghi", "a9tv40mll9kdu509eum"},
                {24, 10, "", "0123456789", "2830668132"},
                {24, 10, "9876543210", "0123456789", "2496655549"},
                {24, 36, "7777pqrs777", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"},
                {32, 10, "", "0123456789", "6657667009"},
                {32, 10, "9876543210", "0123456789", "1001623463"},
                {32, 36, "7777pqrs777", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t numerals[32];
        uint8_t want[32];
        vl_aes *aes = make(rows[i].key_bytes);
        const vl_bytes tweak = {rows[i].tweak, strlen(rows[i].tweak)};
        size_t count = read_numerals(rows[i].plain, numerals);
        assert_int_equal(read_numerals(rows[i].sealed, want), count);
        assert_int_equal(vl_ff1_run(aes, true, rows[i].radix, tweak, numerals, count), VEIL_OK);
        assert_memory_equal(numerals, want, count);
        assert_int_equal(vl_ff1_run(aes, false, rows[i].radix, tweak, numerals, count), VEIL_OK);
        read_numerals(rows[i].plain, want);
        assert_memory_equal(numerals, want, count);
        vl_aes_destroy(aes);
    }
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_ff1_prove(&vl_allocator_default, crypto, &error), VEIL_OK);
}

static void small_domains_are_refused(void **state)
{
    (void)state;
    uint8_t numerals[200] = {0};
    vl_aes *aes = make(32);
    assert_false(vl_ff1_fits(10, 5));
    assert_true(vl_ff1_fits(10, 6));
    assert_false(vl_ff1_fits(36, 3));
    assert_true(vl_ff1_fits(36, 4));
    assert_false(vl_ff1_fits(62, 3));
    assert_true(vl_ff1_fits(62, 4));
    assert_false(vl_ff1_fits(2, 19));
    assert_true(vl_ff1_fits(2, 20));
    assert_false(vl_ff1_fits(1, 100));
    assert_false(vl_ff1_fits(257, 100));
    assert_true(vl_ff1_fits(10, 128));
    assert_false(vl_ff1_fits(10, 129));
    const vl_bytes none = {NULL, 0};
    assert_int_equal(vl_ff1_run(aes, true, 10, none, numerals, 5), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_ff1_run(aes, true, 10, none, numerals, 129), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_ff1_run(aes, true, 10, (vl_bytes){numerals, 33}, numerals, 10), VEIL_ERR_INVALID_ARGUMENT);
    vl_aes_destroy(aes);
}

/* Every length and radix comes back, is in its radix, and depends on the tweak. */
static void all_lengths_come_back(void **state)
{
    (void)state;
    static const uint32_t radices[] = {2, 10, 26, 36, 62, 255, 256};
    uint32_t random = (uint32_t)test_seed(1);
    vl_aes *aes = make(32);
    for (size_t r = 0; r < sizeof radices / sizeof radices[0]; r++) {
        for (size_t count = 2; count <= VL_FF1_NUMERALS_MAX; count++) {
            uint8_t plain[VL_FF1_NUMERALS_MAX], sealed[VL_FF1_NUMERALS_MAX], other[VL_FF1_NUMERALS_MAX];
            if (!vl_ff1_fits(radices[r], count)) continue;
            for (size_t i = 0; i < count; i++) {
                random = random * 1664525 + 1013904223;
                plain[i] = (uint8_t)((random >> 16) % radices[r]);
            }
            memcpy(sealed, plain, count);
            memcpy(other, plain, count);
            assert_int_equal(vl_ff1_run(aes, true, radices[r], (vl_bytes){"a", 1}, sealed, count), VEIL_OK);
            assert_int_equal(vl_ff1_run(aes, true, radices[r], (vl_bytes){"b", 1}, other, count), VEIL_OK);
            assert_memory_not_equal(sealed, other, count);
            for (size_t i = 0; i < count; i++)
                assert_true(sealed[i] < radices[r]);
            assert_int_equal(vl_ff1_run(aes, false, radices[r], (vl_bytes){"a", 1}, sealed, count), VEIL_OK);
            assert_memory_equal(sealed, plain, count);
        }
    }
    vl_aes_destroy(aes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nine_samples),
        cmocka_unit_test(small_domains_are_refused),
        cmocka_unit_test(all_lengths_come_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
