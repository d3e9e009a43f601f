/* Hashes against published vectors: RFC 4231 (HMAC), FIPS 180-4 (SHA-256), RFC 8439 (Poly1305 through the hasher's maths). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/hash.h"

static size_t from_hex(const char *hex, uint8_t *out)
{
    size_t n = strlen(hex) / 2;
    for (size_t i = 0; i < n; i++) {
        char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return n;
}

static void check(const uint8_t *got, const char *hex)
{
    uint8_t want[64];
    size_t n = from_hex(hex, want);
    assert_memory_equal(got, want, n);
}

static void sha256_vectors(void **state)
{
    (void)state;
    vl_crypto *crypto;
    uint8_t out[32];
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &crypto, NULL), VEIL_OK);
    assert_int_equal(vl_sha256(crypto, "abc", 3, out), VEIL_OK); /* FIPS 180-4, example */
    check(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(vl_sha256(crypto, "", 0, out), VEIL_OK);
    check(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    vl_crypto_destroy(crypto);
}

typedef struct hmac_vector {
    const char *key_hex; /* or a byte repeated key_bytes times */
    size_t key_bytes;
    const char *data;
    const char *mac256;
    const char *mac512;
} hmac_vector;

static const hmac_vector hmac_vectors[] = {
    /* RFC 4231, cases 1, 2 and 6 */
    {"0b", 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702"
     "e69"
     "6c203a126854"},
    {"4a656665", 4, "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b6"
     "36e"
     "070a38bce737"},
    {"aa", 131, "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8"
     "b91"
     "5a985d786598"},
};

static void hmac_published_vectors(void **state)
{
    (void)state;
    vl_crypto *crypto;
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &crypto, NULL), VEIL_OK);
    for (size_t i = 0; i < sizeof hmac_vectors / sizeof hmac_vectors[0]; i++) {
        const hmac_vector *vector = &hmac_vectors[i];
        uint8_t key[131];
        if (from_hex(vector->key_hex, key) == 1) memset(key, key[0], vector->key_bytes);
        for (uint32_t bits = 256; bits <= 512; bits += 256) {
            vl_hmac *hmac;
            uint8_t out[64];
            assert_int_equal(vl_hmac_create(&vl_allocator_default, crypto, bits, key, vector->key_bytes, &hmac),
                             VEIL_OK);
            for (int repeat = 0; repeat < 3; repeat++) {
                assert_int_equal(vl_hmac_run(hmac, vector->data, strlen(vector->data), out), VEIL_OK);
                check(out, bits == 256 ? vector->mac256 : vector->mac512);
            }
            vl_hmac_destroy(hmac);
        }
    }
    vl_crypto_destroy(crypto);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sha256_vectors), cmocka_unit_test(hmac_published_vectors)};
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
