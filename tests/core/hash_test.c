/* Hashes against published vectors: RFC 4231 (HMAC), FIPS 180-4 (SHA-256), RFC 8439 (Poly1305 through the hasher's maths). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <stdio.h>

#include "core/cpu.h"
#include "core/hash.h"
#include "support/fail_alloc.h"
#include "support/malloc_count.h"

/* ---- fopen in front of libc's: who reads openssl.cnf, changes the whole process ---- */

static int config_files_opened;

static FILE *open_real(const char *name, const char *path, const char *mode)
{
    FILE *(*real)(const char *, const char *);
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(&real, &symbol, sizeof real);
    if (strstr(path, ".cnf") != NULL) config_files_opened++;
    return real(path, mode);
}

__attribute__((visibility("default"))) FILE *fopen(const char *path, const char *mode)
{
    return open_real("fopen", path, mode);
}

__attribute__((visibility("default"))) FILE *fopen64(const char *path, const char *mode);
FILE *fopen64(const char *path, const char *mode)
{
    return open_real("fopen64", path, mode);
}

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

/* ---- the hasher ---- */

static void fill(uint8_t *bytes, size_t n, uint64_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        bytes[i] = (uint8_t)(seed >> 56);
    }
}

/* What a hasher is defined to hash: three lengths, head, rows. Returns the bytes written to `out`. */
static size_t joined(const char *head, const uint8_t *rows, size_t row_bytes, size_t stride, size_t count, uint8_t *out)
{
    const uint64_t lengths[3] = {strlen(head), row_bytes, count};
    size_t n = 0;
    memcpy(out, lengths, sizeof lengths);
    n += sizeof lengths;
    memcpy(out + n, head, strlen(head));
    n += strlen(head);
    for (size_t i = 0; i < count; i++, n += row_bytes)
        memcpy(out + n, rows + i * stride, row_bytes);
    return n;
}

/*
 * Poly1305 straight from RFC 8439 section 2.5: numbers below 2^136 as 17 base-256 digits, schoolbook multiplication, and
 * 2^130 = 5. An independent answer to compare libcrypto's with.
 */
static void poly_reduce(uint32_t h[17])
{
    for (int round = 0; round < 3; round++) {
        uint32_t carry = 0;
        for (int i = 0; i < 17; i++) {
            uint32_t sum = h[i] + carry;
            h[i] = sum & 255;
            carry = sum >> 8;
        }
        h[0] += 5 * ((h[16] >> 2) + (carry << 6)); /* what lies above bit 130 comes back times 5 */
        h[16] &= 3;
    }
}

static void poly1305_reference(const uint8_t key[32], const uint8_t *data, size_t n, uint8_t tag[16])
{
    uint32_t r[17] = {0};
    uint32_t h[17] = {0};
    for (int i = 0; i < 16; i++)
        r[i] = key[i];
    for (int i = 3; i < 16; i += 4)
        r[i] &= 15;
    for (int i = 4; i < 16; i += 4)
        r[i] &= 252;
    for (size_t at = 0; at < n; at += 16) {
        size_t length = n - at < 16 ? n - at : 16;
        uint32_t product[17] = {0};
        for (size_t i = 0; i < length; i++)
            h[i] += data[at + i];
        h[length]++;
        for (int i = 0; i < 17; i++) /* digit 17 + k stands for 2^(136 + 8k) = 2^130 * 2^6 * 2^8k, so times 5 * 64 */
            for (int j = 0; j < 17; j++)
                product[(i + j) % 17] += (i + j < 17 ? 1u : 320u) * h[i] * r[j];
        memcpy(h, product, sizeof h);
        poly_reduce(h);
    }
    uint32_t reduced[17]; /* h - p = h + 5 - 2^130, taken when that is not negative */
    memcpy(reduced, h, sizeof h);
    reduced[0] += 5;
    for (int i = 0; i < 16; i++) {
        reduced[i + 1] += reduced[i] >> 8;
        reduced[i] &= 255;
    }
    if (reduced[16] >= 4) memcpy(h, reduced, sizeof h);
    uint32_t carry = 0;
    for (int i = 0; i < 16; i++) {
        carry += h[i] + key[16 + i];
        tag[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void the_reference_gives_rfc_8439(void **state)
{
    (void)state;
    uint8_t key[32];
    uint8_t tag[16];
    static const char text[] = "Cryptographic Forum Research Group"; /* section 2.5.2 */
    from_hex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", key);
    poly1305_reference(key, (const uint8_t *)text, strlen(text), tag);
    check(tag, "a8061dc1305136c6c22b8baf0c0127a9");
    memset(key, 0, sizeof key); /* appendix A.3, vector 7: wrap around 2^130 - 5 */
    key[0] = 1;
    uint8_t blocks[48];
    memset(blocks, 0xFF, 16);
    from_hex("f0ffffffffffffffffffffffffffffff", blocks + 16);
    from_hex("11000000000000000000000000000000", blocks + 32);
    poly1305_reference(key, blocks, sizeof blocks, tag);
    check(tag, "05000000000000000000000000000000");
}

static void the_mac_is_poly1305_under_a_derived_key(void **state)
{
    (void)state;
    static const char purpose[] = "veil cache mac";
    uint8_t secret[VL_HASH_SECRET_BYTES + sizeof purpose];
    uint8_t key[32];
    uint8_t rows[300];
    uint8_t message[512];
    uint8_t tag[16];
    vl_crypto *crypto;
    vl_hasher *hasher;
    vl_hash128 got;
    fill(secret, VL_HASH_SECRET_BYTES, 1);
    memcpy(secret + VL_HASH_SECRET_BYTES, purpose, sizeof purpose);
    fill(rows, sizeof rows, 2);
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &crypto, NULL), VEIL_OK);
    assert_int_equal(vl_sha256(crypto, secret, sizeof secret, key), VEIL_OK);
    assert_int_equal(vl_hasher_create(&vl_allocator_default, VEIL_CACHE_HASH_MAC, secret, &hasher), VEIL_OK);
    for (size_t row_bytes = 0; row_bytes <= 60; row_bytes += 5) {
        size_t n = joined("head", rows, row_bytes, 60, 5, message);
        poly1305_reference(key, message, n, tag);
        assert_int_equal(vl_hasher_rows(hasher, "head", 4, rows, row_bytes, 60, 5, &got), VEIL_OK);
        assert_memory_equal(&got.low, tag, 8);
        assert_memory_equal(&got.high, tag + 8, 8);
    }
    vl_hasher_destroy(hasher);
    vl_crypto_destroy(crypto);
}

static void rows_hash_as_their_bytes_in_sequence(void **state)
{
    (void)state;
    static uint8_t rows[40 * 700];
    static uint8_t message[sizeof rows + 64];
    uint8_t secret[VL_HASH_SECRET_BYTES];
    vl_hasher *hasher;
    fill(secret, sizeof secret, 3);
    fill(rows, sizeof rows, 4);
    assert_int_equal(vl_hasher_create(&vl_allocator_default, VEIL_CACHE_HASH_XXH3, secret, &hasher), VEIL_OK);
    for (size_t row_bytes = 0; row_bytes <= 700; row_bytes += 41) {
        for (size_t count = 0; count <= 40; count += 13) {
            vl_hash128 got;
            size_t n = joined("640x480", rows, row_bytes, 700, count, message);
            vl_hash128 want = vl_hash_keyed(secret, message, n);
            assert_int_equal(vl_hasher_rows(hasher, "640x480", 7, rows, row_bytes, 700, count, &got), VEIL_OK);
            assert_true(got.low == want.low && got.high == want.high);
        }
    }
    vl_hasher_destroy(hasher);
}

static bool same(vl_hash128 a, vl_hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

/* Padding does not count; shape, head, secret and every byte of the rows do. */
static void hashes_depend_on_what_they_must(void **state)
{
    (void)state;
    uint8_t secret[VL_HASH_SECRET_BYTES];
    uint8_t rows[16 * 20];
    for (uint32_t mode = VEIL_CACHE_HASH_XXH3; mode <= VEIL_CACHE_HASH_MAC; mode++) {
        vl_hasher *hasher;
        vl_hasher *other;
        vl_hash128 base;
        vl_hash128 got;
        fill(secret, sizeof secret, 5);
        fill(rows, sizeof rows, 6);
        assert_int_equal(vl_hasher_create(&vl_allocator_default, mode, secret, &hasher), VEIL_OK);
        secret[77] ^= 1;
        assert_int_equal(vl_hasher_create(&vl_allocator_default, mode, secret, &other), VEIL_OK);
        assert_int_equal(vl_hasher_rows(hasher, "h", 1, rows, 17, 20, 16, &base), VEIL_OK);
        assert_int_equal(vl_hasher_rows(other, "h", 1, rows, 17, 20, 16, &got), VEIL_OK);
        assert_false(same(base, got));
        assert_int_equal(vl_hasher_rows(hasher, "i", 1, rows, 17, 20, 16, &got), VEIL_OK);
        assert_false(same(base, got));
        assert_int_equal(vl_hasher_rows(hasher, "h", 1, rows, 16, 20, 16, &got), VEIL_OK);
        assert_false(same(base, got));
        for (size_t i = 0; i < sizeof rows; i++) {
            rows[i] ^= 0x10;
            assert_int_equal(vl_hasher_rows(hasher, "h", 1, rows, 17, 20, 16, &got), VEIL_OK);
            assert_int_equal(same(base, got), i % 20 >= 17);
            rows[i] ^= 0x10;
        }
        vl_hash128 wide; /* the same bytes in another shape */
        assert_int_equal(vl_hasher_rows(hasher, "", 0, rows, 40, 40, 8, &wide), VEIL_OK);
        assert_int_equal(vl_hasher_rows(hasher, "", 0, rows, 20, 20, 16, &got), VEIL_OK);
        assert_false(same(wide, got));
        vl_hasher_destroy(hasher);
        vl_hasher_destroy(other);
    }
}

static void every_cpu_level_gives_the_same_hash(void **state)
{
    (void)state;
    _Alignas(64) uint8_t xxh3[VL_XXH3_STATE_BYTES];
    static uint8_t rows[9000];
    uint8_t secret[VL_HASH_SECRET_BYTES];
    fill(secret, sizeof secret, 8);
    fill(rows, sizeof rows, 9);
    for (uint32_t level = VEIL_CPU_AVX2; level <= VEIL_CPU_AVX512; level++) {
        const vl_kernels *kernels = vl_kernels_for(level);
        if (kernels == NULL) continue;
        for (size_t n = 0; n < sizeof rows; n += 1 + n / 9) {
            uint64_t want[2];
            uint64_t got[2];
            const vl_hash_input input = {"head", 4, rows + 1, n / 5, n / 5 + 3, 4};
            vl_kernels_plain.hash_bytes(secret, sizeof secret, rows, n, want);
            kernels->hash_bytes(secret, sizeof secret, rows, n, got);
            assert_memory_equal(got, want, sizeof got);
            vl_kernels_plain.hash_rows(xxh3, secret, sizeof secret, &input, want);
            kernels->hash_rows(xxh3, secret, sizeof secret, &input, got);
            assert_memory_equal(got, want, sizeof got);
        }
    }
}

static void hashing_allocates_nothing(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    static uint8_t rows[8000];
    uint8_t secret[VL_HASH_SECRET_BYTES] = {1};
    uint8_t out[64];
    vl_crypto *crypto;
    vl_hmac *hmac256;
    vl_hmac *hmac512;
    vl_hasher *xxh3;
    vl_hasher *mac;
    vl_hash128 hash;
    malloc_counts start = malloc_count_read();
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &crypto, NULL), VEIL_OK);
    assert_int_equal(vl_hmac_create(&vl_allocator_default, crypto, 256, secret, 16, &hmac256), VEIL_OK);
    assert_int_equal(vl_hmac_create(&vl_allocator_default, crypto, 512, secret, 192, &hmac512), VEIL_OK);
    assert_int_equal(vl_hasher_create(&vl_allocator_default, VEIL_CACHE_HASH_XXH3, secret, &xxh3), VEIL_OK);
    assert_int_equal(vl_hasher_create(&vl_allocator_default, VEIL_CACHE_HASH_MAC, secret, &mac), VEIL_OK);
    malloc_counts before = malloc_count_read();
    veil_status status = VEIL_OK;
    for (size_t n = 0; n < sizeof rows && status == VEIL_OK; n += 61) { /* the very first call counts, too */
        status = vl_hmac_run(hmac256, rows, n, out);
        if (status == VEIL_OK) status = vl_hmac_run(hmac512, rows, n, out);
        if (status == VEIL_OK) status = vl_hasher_rows(xxh3, "h", 1, rows, n / 8, n / 8 + 1, 7, &hash);
        if (status == VEIL_OK) status = vl_hasher_rows(mac, "h", 1, rows, n / 8, n / 8 + 1, 7, &hash);
        hash = vl_hash_keyed(secret, rows, n);
    }
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(status, VEIL_OK);
    assert_int_equal(change.allocations, 0);
    assert_int_equal(change.maps, 0);
    vl_hasher_destroy(mac);
    vl_hasher_destroy(xxh3);
    vl_hmac_destroy(hmac512);
    vl_hmac_destroy(hmac256);
    vl_crypto_destroy(crypto);
    assert_int_equal(malloc_count_since(start).live_maps, 0);
}

static void bad_arguments_are_refused(void **state)
{
    (void)state;
    uint8_t secret[VL_HASH_SECRET_BYTES] = {0};
    vl_crypto *crypto;
    vl_hmac *hmac;
    vl_hasher *hasher;
    assert_int_equal(vl_crypto_create(&vl_allocator_default, &crypto, NULL), VEIL_OK);
    assert_int_equal(vl_hmac_create(&vl_allocator_default, crypto, 384, "k", 1, &hmac), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(vl_hasher_create(&vl_allocator_default, 2, secret, &hasher), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(hmac);
    assert_null(hasher);
    vl_hmac_destroy(NULL);
    vl_hasher_destroy(NULL);
    vl_crypto_destroy(crypto);
    vl_crypto_destroy(NULL);
}

static veil_status create_all(const vl_allocator *hooks)
{
    uint8_t secret[VL_HASH_SECRET_BYTES] = {1};
    uint8_t out[64];
    vl_crypto *crypto;
    vl_hmac *hmac = NULL;
    vl_hasher *hasher = NULL;
    veil_status status = vl_crypto_create(hooks, &crypto, NULL);
    if (status == VEIL_OK) status = vl_hmac_create(hooks, crypto, 512, secret, 192, &hmac);
    if (status == VEIL_OK) status = vl_hasher_create(hooks, VEIL_CACHE_HASH_MAC, secret, &hasher);
    if (status == VEIL_OK) status = vl_hmac_run(hmac, "x", 1, out);
    vl_hasher_destroy(hasher);
    vl_hmac_destroy(hmac);
    vl_crypto_destroy(crypto);
    return status;
}

static void refused_hooks_fail_clean(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        fail_alloc heap = {.fail_at = n};
        vl_allocator hooks = {fail_alloc_take, fail_alloc_free, &heap};
        veil_status status = create_all(&hooks);
        assert_true(fail_alloc_is_clean(&heap));
        if (!fail_alloc_has_failed(&heap)) {
            assert_int_equal(status, VEIL_OK);
            break;
        }
        assert_int_equal(status, VEIL_ERR_NO_MEMORY);
    }
}

/* Every malloc and mmap in our code and in libcrypto, one after the other. Success is allowed: libcrypto does without some
 * of its allocations. After each, everything works again. */
static void any_refused_allocation_fails_closed(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    assert_int_equal(create_all(&vl_allocator_default), VEIL_OK); /* one-time set-up of libcrypto itself */
    uint64_t refusals = 0;
    for (uint64_t n = 1; n < 20000; n += 1 + n / 64) {
        malloc_counts before = malloc_count_read();
        malloc_count_fail_at(n);
        veil_status status = create_all(&vl_allocator_default);
        bool failed = malloc_count_fail_done();
        assert_int_equal(malloc_count_since(before).live_maps, 0);
        assert_true(status == VEIL_OK || status == VEIL_ERR_NO_MEMORY || status == VEIL_ERR_INTERNAL);
        if (!failed) break;
        refusals += status != VEIL_OK;
    }
    assert_true(refusals > 10);
    assert_int_equal(create_all(&vl_allocator_default), VEIL_OK);
}

static void no_configuration_file_is_read(void **state)
{
    (void)state;
    assert_int_equal(create_all(&vl_allocator_default), VEIL_OK);
    assert_int_equal(config_files_opened, 0);
    FILE *file = fopen("does-not-exist.cnf", "r"); /* the counter counts */
    assert_null(file);
    assert_int_equal(config_files_opened, 1);
}

static void random_bytes_differ(void **state)
{
    (void)state;
    uint8_t a[300] = {0};
    uint8_t b[300] = {0};
    uint8_t zero[300] = {0};
    assert_int_equal(vl_random_bytes(a, sizeof a), VEIL_OK);
    assert_int_equal(vl_random_bytes(b, sizeof b), VEIL_OK);
    assert_memory_not_equal(a, b, 16);
    assert_memory_not_equal(a + 284, zero, 16);
    assert_int_equal(vl_random_bytes(NULL, 0), VEIL_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_vectors),
        cmocka_unit_test(hmac_published_vectors),
        cmocka_unit_test(the_reference_gives_rfc_8439),
        cmocka_unit_test(the_mac_is_poly1305_under_a_derived_key),
        cmocka_unit_test(rows_hash_as_their_bytes_in_sequence),
        cmocka_unit_test(hashes_depend_on_what_they_must),
        cmocka_unit_test(every_cpu_level_gives_the_same_hash),
        cmocka_unit_test(hashing_allocates_nothing),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(refused_hooks_fail_clean),
        cmocka_unit_test(any_refused_allocation_fails_closed),
        cmocka_unit_test(no_configuration_file_is_read),
        cmocka_unit_test(random_bytes_differ),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
