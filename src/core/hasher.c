/*
 * Keyed 128-bit hashes for cache keys: XXH3 under a random secret, or Poly1305.
 *
 * Poly1305 is a one-time authenticator: reusing its key is unsafe against someone who sees tags. Here nobody does: tags
 * stay in the process as cache keys, and what is asked of it is only that two different inputs rarely collide for a key the
 * attacker does not know. That is its proven property (Bernstein 2005): at most 8 * ceil(L / 16) / 2^106 for a pair of
 * messages of up to L bytes, 2^-87 for 1 MB pictures, for every pair, under one and the same key. So one key is made from
 * the secret at creation and used for every message; a nonce or a derived key per message would make equal pictures differ.
 * XXH3 under a secret has no such proof; it is several times faster, and the default.
 */
#include "core/cpu.h"
#include "core/crypto.h"
#include "core/pool.h"
#include <stdbool.h>
#include <string.h>

#define POLY_KEY_BYTES 32

struct vl_hasher {
    _Alignas(64) uint8_t xxh3[VL_XXH3_STATE_BYTES]; /* buffers input: the whole struct lives in secret pages */
    vl_allocator allocator;
    const vl_kernels *kernels;
    vl_crypto *crypto; /* MAC only */
    EVP_MAC_CTX *mac;  /* MAC only */
    uint32_t mode;
    uint8_t secret[VL_HASH_SECRET_BYTES];
    uint8_t key[POLY_KEY_BYTES];
};

/* Below this the choice of vectors does not matter, and XXH3 uses none up to 240 bytes. */
#define WIDE_FROM_BYTES 1024

vl_hash128 vl_hash_keyed(const void *secret, const void *data, size_t size_bytes)
{
    uint64_t out[2];
    const vl_kernels *kernels = size_bytes < WIDE_FROM_BYTES ? &vl_kernels_plain : vl_kernels_for(VEIL_CPU_AUTO);
    kernels->hash_bytes(secret, VL_HASH_SECRET_BYTES, data, size_bytes, out);
    return (vl_hash128){out[0], out[1]};
}

/* The key is a SHA-256 of secret and purpose, so that it tells nothing about the secret's use under XXH3. */
static veil_status mac_create(vl_hasher *hasher)
{
    static const char purpose[] = "veil cache mac";
    uint8_t input[VL_HASH_SECRET_BYTES + sizeof purpose];
    veil_status status = vl_crypto_create(&hasher->allocator, &hasher->crypto, NULL);
    if (status != VEIL_OK) return status;
    hasher->mac = EVP_MAC_CTX_new(hasher->crypto->poly1305);
    if (hasher->mac == NULL) return VEIL_ERR_NO_MEMORY;
    memcpy(input, hasher->secret, VL_HASH_SECRET_BYTES);
    memcpy(input + VL_HASH_SECRET_BYTES, purpose, sizeof purpose);
    status = vl_sha256(hasher->crypto, input, sizeof input, hasher->key);
    vl_wipe(input, sizeof input);
    return status;
}

veil_status vl_hasher_create(const vl_allocator *allocator, uint32_t mode, const void *secret, vl_hasher **out)
{
    *out = NULL;
    if (mode != VEIL_CACHE_HASH_XXH3 && mode != VEIL_CACHE_HASH_MAC) return VEIL_ERR_INVALID_ARGUMENT;
    vl_hasher *hasher = vl_secret_pages(sizeof *hasher);
    if (hasher == NULL) return VEIL_ERR_NO_MEMORY;
    hasher->allocator = *allocator;
    hasher->kernels = vl_kernels_for(VEIL_CPU_AUTO);
    hasher->mode = mode;
    memcpy(hasher->secret, secret, VL_HASH_SECRET_BYTES);
    veil_status status = mode == VEIL_CACHE_HASH_MAC ? mac_create(hasher) : VEIL_OK;
    if (status == VEIL_OK) {
        *out = hasher;
    } else {
        vl_hasher_destroy(hasher);
    }
    return status;
}

void vl_hasher_destroy(vl_hasher *hasher)
{
    if (hasher == NULL) return;
    EVP_MAC_CTX_free(hasher->mac);
    vl_crypto_destroy(hasher->crypto);
    vl_secret_pages_free(hasher, sizeof *hasher);
}

static bool update(vl_hasher *hasher, const void *data, size_t size_bytes)
{
    return size_bytes == 0 || EVP_MAC_update(hasher->mac, data, size_bytes) == 1;
}

static bool mac_rows(vl_hasher *hasher, const vl_hash_input *input, uint64_t out[2])
{
    const uint64_t lengths[3] = {input->head_bytes, input->row_bytes, input->row_count};
    bool done = EVP_MAC_init(hasher->mac, hasher->key, POLY_KEY_BYTES, NULL) == 1 &&
                update(hasher, lengths, sizeof lengths) && update(hasher, input->head, input->head_bytes);
    if (input->stride_bytes == input->row_bytes) {
        done = done && update(hasher, input->rows, input->row_bytes * input->row_count);
    } else {
        for (size_t i = 0; i < input->row_count && done; i++) {
            done = update(hasher, (const uint8_t *)input->rows + i * input->stride_bytes, input->row_bytes);
        }
    }
    size_t tag_bytes = 0;
    return done && EVP_MAC_final(hasher->mac, (uint8_t *)out, &tag_bytes, 16) == 1 && tag_bytes == 16;
}

/* XXH3 keeps the last bytes of its input in its state and in the frames that have just ended; a cache hit would leave them
 * there (tests/api/canary_test.c finds them). */
static __attribute__((noinline)) void wipe_stack(void)
{
    uint8_t ended_frames[2048];
    vl_wipe(ended_frames, sizeof ended_frames);
}

/* The three lengths come first, so that no two different (head, rows) pairs are the same byte string. */
veil_status vl_hasher_rows(vl_hasher *hasher, const void *head, size_t head_bytes, const void *rows, size_t row_bytes,
                           size_t stride_bytes, size_t row_count, vl_hash128 *out)
{
    const vl_hash_input input = {head, head_bytes, rows, row_bytes, stride_bytes, row_count};
    uint64_t hash[2] = {0, 0};
    veil_status status = VEIL_OK;
    if (hasher->mode == VEIL_CACHE_HASH_XXH3) {
        hasher->kernels->hash_rows(hasher->xxh3, hasher->secret, VL_HASH_SECRET_BYTES, &input, hash);
        vl_wipe(hasher->xxh3, sizeof hasher->xxh3);
        wipe_stack();
    } else if (!mac_rows(hasher, &input, hash)) {
        status = VEIL_ERR_INTERNAL;
        hash[0] = hash[1] = 0;
    }
    *out = (vl_hash128){hash[0], hash[1]};
    return status;
}
