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
#include <stdbool.h>
#include <string.h>

#define XXH_INLINE_ALL /* the state is embedded: its layout must be that of this very header */
#include <xxhash.h>

#include "core/crypto.h"
#include "core/pool.h"

#define POLY_KEY_BYTES 32

struct vl_hasher {
    XXH3_state_t xxh3; /* wants 64-byte alignment: first in a page. Buffers input: secret pages */
    vl_allocator allocator;
    vl_crypto *crypto; /* MAC only */
    EVP_MAC_CTX *mac;  /* MAC only */
    uint32_t mode;
    uint8_t secret[VL_HASH_SECRET_BYTES];
    uint8_t key[POLY_KEY_BYTES];
};

vl_hash128 vl_hash_keyed(const void *secret, const void *data, size_t size_bytes)
{
    XXH128_hash_t hash = XXH3_128bits_withSecret(data, size_bytes, secret, VL_HASH_SECRET_BYTES);
    return (vl_hash128){hash.low64, hash.high64};
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

static bool begin(vl_hasher *hasher)
{
    if (hasher->mode == VEIL_CACHE_HASH_MAC) return EVP_MAC_init(hasher->mac, hasher->key, POLY_KEY_BYTES, NULL) == 1;
    return XXH3_128bits_reset_withSecret(&hasher->xxh3, hasher->secret, VL_HASH_SECRET_BYTES) == XXH_OK;
}

static bool update(vl_hasher *hasher, const void *data, size_t size_bytes)
{
    if (size_bytes == 0) return true;
    if (hasher->mode == VEIL_CACHE_HASH_MAC) return EVP_MAC_update(hasher->mac, data, size_bytes) == 1;
    return XXH3_128bits_update(&hasher->xxh3, data, size_bytes) == XXH_OK;
}

static bool finish(vl_hasher *hasher, vl_hash128 *out)
{
    if (hasher->mode == VEIL_CACHE_HASH_XXH3) {
        XXH128_hash_t hash = XXH3_128bits_digest(&hasher->xxh3);
        *out = (vl_hash128){hash.low64, hash.high64};
        return true;
    }
    uint8_t tag[16];
    size_t tag_bytes = 0;
    if (EVP_MAC_final(hasher->mac, tag, &tag_bytes, sizeof tag) != 1 || tag_bytes != sizeof tag) return false;
    memcpy(&out->low, tag, 8);
    memcpy(&out->high, tag + 8, 8);
    return true;
}

/* The three lengths come first, so that no two different (head, rows) pairs are the same byte string. */
veil_status vl_hasher_rows(vl_hasher *hasher, const void *head, size_t head_bytes, const void *rows, size_t row_bytes,
                           size_t stride_bytes, size_t row_count, vl_hash128 *out)
{
    const uint64_t lengths[3] = {head_bytes, row_bytes, row_count};
    *out = (vl_hash128){0, 0};
    bool done = begin(hasher) && update(hasher, lengths, sizeof lengths) && update(hasher, head, head_bytes);
    if (done && stride_bytes == row_bytes) {
        done = update(hasher, rows, row_bytes * row_count);
    } else {
        for (size_t i = 0; i < row_count && done; i++) {
            done = update(hasher, (const uint8_t *)rows + i * stride_bytes, row_bytes);
        }
    }
    if (done && finish(hasher, out)) return VEIL_OK;
    *out = (vl_hash128){0, 0};
    return VEIL_ERR_INTERNAL;
}
