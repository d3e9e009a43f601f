/* Ciphers against published vectors, at every length around a block, altered in every bit, and without allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/ciphers.h"
#include "core/error.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

static vl_crypto *crypto;

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

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t size = strlen(hex) / 2;
    for (size_t i = 0; i < size; i++) {
        unsigned value = 0;
        for (size_t k = 0; k < 2; k++) {
            char c = hex[2 * i + k];
            value = value << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        out[i] = (uint8_t)value;
    }
    return size;
}

/* FIPS 197 C.1 to C.3. */
static void aes_blocks_are_those_of_fips_197(void **state)
{
    (void)state;
    static const char *const want[] = {"69c4e0d86a7b0430d8cdb78070b4c55a", "dda97ca4864cdfe06eaf70a0ec0d7191",
                                       "8ea2b7ca516745bfeafc49904b496089"};
    uint8_t key[32];
    uint8_t in[16];
    uint8_t expected[16];
    uint8_t out[32];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    from_hex("00112233445566778899aabbccddeeff", in);
    for (size_t i = 0; i < 3; i++) {
        vl_aes *aes;
        assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_ECB, key, 16 + 8 * i, &aes), VEIL_OK);
        memcpy(out, in, 16);
        memcpy(out + 16, in, 16);
        assert_int_equal(vl_aes_blocks(aes, out, 32, out), VEIL_OK);
        from_hex(want[i], expected);
        assert_memory_equal(out, expected, 16);
        assert_memory_equal(out + 16, expected, 16);
        assert_int_equal(vl_aes_blocks(aes, in, 15, out), VEIL_ERR_INTERNAL); /* no part of a block */
        assert_int_equal(vl_aes_cbc(aes, key, in, 16, out), VEIL_ERR_INTERNAL);
        vl_aes_destroy(aes);
    }
    vl_aes *none;
    assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_ECB, key, 20, &none),
                     VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, 9, key, 16, &none), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(none);
}

/* NIST SP 800-38A F.2.1, F.2.3, F.2.5, the first two blocks. */
static void cbc_is_that_of_sp_800_38a(void **state)
{
    (void)state;
    static const char *const rows[3][2] = {
        {"2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
        {"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
         "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"},
        {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
         "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"}};
    uint8_t key[32];
    uint8_t iv[16];
    uint8_t in[32];
    uint8_t want[32];
    uint8_t out[32];
    from_hex("000102030405060708090a0b0c0d0e0f", iv);
    from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51", in);
    for (size_t i = 0; i < 3; i++) {
        vl_aes *forth;
        vl_aes *back;
        size_t key_bytes = from_hex(rows[i][0], key);
        from_hex(rows[i][1], want);
        assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_CBC, key, key_bytes, &forth), VEIL_OK);
        assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_CBC_DECRYPT, key, key_bytes, &back),
                         VEIL_OK);
        for (int round = 0; round < 2; round++) { /* a context serves again */
            assert_int_equal(vl_aes_cbc(forth, iv, in, 32, out), VEIL_OK);
            assert_memory_equal(out, want, 32);
            assert_int_equal(vl_aes_cbc(back, iv, out, 32, out), VEIL_OK);
            assert_memory_equal(out, in, 32);
        }
        assert_int_equal(vl_aes_cbc(forth, iv, in, 17, out), VEIL_ERR_INTERNAL);
        vl_aes_destroy(forth);
        vl_aes_destroy(back);
    }
}

/* McGrew and Viega, test cases 13 to 16 (AES-256): nothing, a block, four blocks, a part of one with associated data. */
static void gcm_is_that_of_its_authors(void **state)
{
    (void)state;
    static const struct {
        const char *key, *nonce, *associated, *in, *out, *tag;
    } rows[] = {{"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
                 "", "530f8afbc74536b9a963b4f1c4cb738b"},
                {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
                 "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18",
                 "d0d1c8a799996bf0265b98b5d48ab919"},
                {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888", "",
                 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16ae"
                 "df5aa0de657b"
                 "a637b391aafd255",
                 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61"
                 "e6393ba7a0ab"
                 "cc9f662898015ad",
                 "b094dac5d93471bdec1a502270e3cc6c"},
                {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                 "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                 "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16ae"
                 "df5aa0de657b"
                 "a637b39",
                 "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61"
                 "e6393ba7a0ab"
                 "cc9f662",
                 "76fc6ece0f4e1768cddf8853bb2d551b"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t key[32], nonce[12], associated[32], in[64], want[64], want_tag[16], out[64], tag[16], back[64];
        vl_aes *seal;
        vl_aes *open;
        from_hex(rows[i].key, key);
        from_hex(rows[i].nonce, nonce);
        from_hex(rows[i].tag, want_tag);
        from_hex(rows[i].out, want);
        const vl_bytes head = {associated, from_hex(rows[i].associated, associated)};
        const vl_bytes text = {in, from_hex(rows[i].in, in)};
        assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_GCM, key, 32, &seal), VEIL_OK);
        assert_int_equal(vl_aes_create(&vl_allocator_default, crypto, VL_AES_GCM_DECRYPT, key, 32, &open), VEIL_OK);
        for (int round = 0; round < 2; round++) {
            assert_int_equal(vl_aes_seal(seal, nonce, head, text, out, tag), VEIL_OK);
            assert_memory_equal(out, want, text.size);
            assert_memory_equal(tag, want_tag, 16);
            assert_int_equal(vl_aes_open(open, nonce, head, (vl_bytes){out, text.size}, tag, back), VEIL_OK);
            assert_memory_equal(back, in, text.size);
            tag[15] ^= 0x80;
            memset(back, 'x', sizeof back);
            assert_int_equal(vl_aes_open(open, nonce, head, (vl_bytes){out, text.size}, tag, back),
                             VEIL_ERR_MALFORMED_INPUT);
            for (size_t k = 0; k < text.size; k++)
                assert_int_equal(back[k], 0);
        }
        vl_aes_destroy(seal);
        vl_aes_destroy(open);
    }
}

static void check_siv(const char *key_hex, const vl_bytes *associated, size_t count, const char *in_hex,
                      const char *want_hex)
{
    uint8_t key[64], in[64], want[96], out[96], back[64];
    vl_siv *siv;
    size_t key_bytes = from_hex(key_hex, key);
    const vl_bytes text = {in, from_hex(in_hex, in)};
    from_hex(want_hex, want);
    assert_int_equal(vl_siv_create(&vl_allocator_default, crypto, key, key_bytes, &siv), VEIL_OK);
    assert_int_equal(vl_siv_seal(siv, associated, count, text, out + 16, out), VEIL_OK);
    assert_memory_equal(out, want, text.size + 16);
    assert_int_equal(vl_siv_open(siv, associated, count, (vl_bytes){out + 16, text.size}, out, back), VEIL_OK);
    assert_memory_equal(back, in, text.size);
    vl_siv_destroy(siv);
}

/* RFC 5297 A.1 and A.2. */
static void siv_is_that_of_rfc_5297(void **state)
{
    (void)state;
    uint8_t one[24], two[40], three[10], nonce[16];
    const vl_bytes first = {one, from_hex("101112131415161718191a1b1c1d1e1f2021222324252627", one)};
    check_siv("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", &first, 1,
              "112233445566778899aabbccddee", "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c");
    const vl_bytes vector[3] = {
        {two, from_hex("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100", two)},
        {three, from_hex("102030405060708090a0", three)},
        {nonce, from_hex("09f911029d74e35bd84156c5635688c0", nonce)}};
    check_siv("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f", vector, 3,
              "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d414553",
              "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad54"
              "4a272e9c4"
              "85b62a3fd5c0d");
}

static void siv_notices_every_change(void **state)
{
    (void)state;
    uint8_t key[64], in[300], sealed[316], back[300];
    vl_siv *siv;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 37);
    memcpy(key, in, sizeof key);
    assert_int_equal(vl_siv_create(&vl_allocator_default, crypto, key, sizeof key, &siv), VEIL_OK);
    const vl_bytes head[2] = {{"ENTITY", 6}, {"", 0}};
    const vl_bytes moved[2] = {{"ENTIT", 5}, {"Y", 1}};
    for (size_t size = 0; size <= sizeof in; size += size < 40 ? 1 : 13) {
        const vl_bytes body = {sealed + 16, size};
        assert_int_equal(vl_siv_seal(siv, head, 2, (vl_bytes){in, size}, sealed + 16, sealed), VEIL_OK);
        assert_int_equal(vl_siv_open(siv, head, 2, body, sealed, back), VEIL_OK);
        assert_memory_equal(back, in, size);
        assert_int_equal(vl_siv_open(siv, moved, 2, body, sealed, back), VEIL_ERR_MALFORMED_INPUT);
        assert_int_equal(vl_siv_open(siv, head, 1, body, sealed, back), VEIL_ERR_MALFORMED_INPUT);
        for (size_t bit = 0; bit<8 * (size + 16); bit += size> 32 ? 29 : 1) {
            sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_int_equal(vl_siv_open(siv, head, 2, body, sealed, back), VEIL_ERR_MALFORMED_INPUT);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(back[i], 0);
            sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    vl_siv_destroy(siv);
    assert_int_equal(vl_siv_create(&vl_allocator_default, crypto, key, 40, &siv), VEIL_ERR_INVALID_ARGUMENT);
}

/* RFC 5869 A.1 to A.3. */
static void hkdf_is_that_of_rfc_5869(void **state)
{
    (void)state;
    uint8_t secret[80], salt[80], info[80], out[82], want[82];
    memset(secret, 0x0B, 22);
    from_hex("000102030405060708090a0b0c", salt);
    from_hex("f0f1f2f3f4f5f6f7f8f9", info);
    from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865", want);
    assert_int_equal(vl_hkdf(&vl_allocator_default, crypto, (vl_bytes){secret, 22}, (vl_bytes){salt, 13},
                             (vl_bytes){info, 10}, out, 42),
                     VEIL_OK);
    assert_memory_equal(out, want, 42);
    for (size_t i = 0; i < 80; i++) {
        secret[i] = (uint8_t)i;
        salt[i] = (uint8_t)(0x60 + i);
        info[i] = (uint8_t)(0xB0 + i);
    }
    from_hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600"
             "c2f09b83677"
             "93a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
             want);
    assert_int_equal(vl_hkdf(&vl_allocator_default, crypto, (vl_bytes){secret, 80}, (vl_bytes){salt, 80},
                             (vl_bytes){info, 80}, out, 82),
                     VEIL_OK);
    assert_memory_equal(out, want, 82);
    memset(secret, 0x0B, 22);
    from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8", want);
    assert_int_equal(vl_hkdf(&vl_allocator_default, crypto, (vl_bytes){secret, 22}, (vl_bytes){NULL, 0},
                             (vl_bytes){NULL, 0}, out, 42),
                     VEIL_OK);
    assert_memory_equal(out, want, 42);
    assert_int_equal(vl_hkdf(&vl_allocator_default, crypto, (vl_bytes){secret, 22}, (vl_bytes){NULL, 0},
                             (vl_bytes){secret, 200}, out, 42),
                     VEIL_ERR_INVALID_ARGUMENT);
}

static void ciphers_allocate_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    uint8_t key[64] = {1}, in[256] = {2}, out[256], tag[16], back[256];
    vl_aes *seal, *open, *cbc;
    vl_siv *siv;
    const vl_allocator *heap = &vl_allocator_default;
    assert_int_equal(vl_aes_create(heap, crypto, VL_AES_GCM, key, 32, &seal), VEIL_OK);
    assert_int_equal(vl_aes_create(heap, crypto, VL_AES_GCM_DECRYPT, key, 32, &open), VEIL_OK);
    assert_int_equal(vl_aes_create(heap, crypto, VL_AES_CBC, key, 32, &cbc), VEIL_OK);
    assert_int_equal(vl_siv_create(heap, crypto, key, 64, &siv), VEIL_OK);
    const vl_bytes head = {"ENTITY", 6};
    const vl_bytes text = {in, sizeof in};
    int failed = 0;
    malloc_counts before = malloc_count_read();
    for (int i = 0; i < 20; i++) {
        failed += vl_aes_seal(seal, key, head, text, out, tag) != VEIL_OK;
        failed += vl_aes_open(open, key, head, (vl_bytes){out, sizeof out}, tag, back) != VEIL_OK;
        failed += vl_aes_cbc(cbc, key, in, sizeof in, out) != VEIL_OK;
        failed += vl_siv_seal(siv, &head, 1, text, out, tag) != VEIL_OK;
        failed += vl_siv_open(siv, &head, 1, (vl_bytes){out, sizeof out}, tag, back) != VEIL_OK;
    }
    malloc_counts made = malloc_count_since(before);
    assert_int_equal(failed, 0);
    assert_int_equal(made.allocations, 0);
    vl_aes_destroy(seal);
    vl_aes_destroy(open);
    vl_aes_destroy(cbc);
    vl_siv_destroy(siv);
}

static void proof_passes_and_reports_refused_memory(void **state)
{
    (void)state;
    veil_error error = VEIL_ERROR_INIT;
    assert_int_equal(vl_ciphers_prove(&vl_allocator_default, crypto, &error), VEIL_OK);
    for (uint64_t n = 1;; n++) {
        fail_alloc heap = {.fail_at = n};
        const vl_allocator allocator = {fail_alloc_take, fail_alloc_free, &heap};
        veil_status status = vl_ciphers_prove(&allocator, crypto, &error);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) break;
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    }
    assert_true(vl_bytes_equal("abc", "abc", 3));
    assert_false(vl_bytes_equal("abc", "abd", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aes_blocks_are_those_of_fips_197), cmocka_unit_test(cbc_is_that_of_sp_800_38a),
        cmocka_unit_test(gcm_is_that_of_its_authors),       cmocka_unit_test(siv_is_that_of_rfc_5297),
        cmocka_unit_test(siv_notices_every_change),         cmocka_unit_test(hkdf_is_that_of_rfc_5869),
        cmocka_unit_test(ciphers_allocate_nothing),         cmocka_unit_test(proof_passes_and_reports_refused_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
