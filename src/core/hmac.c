/*
 * HMAC (RFC 2104) over one EVP_MD_CTX that is initialised again for each hash. EVP_MAC would copy digest contexts on every
 * call, which allocates; initialising a context with the digest it already has does not (a test counts). It costs two more
 * blocks a call, some 100 ns.
 *
 * The state, key pads included, lives in secret pages. libcrypto's context holds message bytes while a call runs; the outer
 * hash that ends every call overwrites its block buffer, and a failed call drops the context, which clears it.
 */
#include <stdbool.h>
#include <string.h>

#include "core/crypto.h"
#include "core/pool.h"

#define BLOCK_MAX  128 /* SHA-512 */
#define DIGEST_MAX 64

struct vl_hmac {
    vl_allocator allocator;
    EVP_MD_CTX *context;
    const EVP_MD *digest;
    size_t block_bytes;
    size_t digest_bytes;
    uint8_t inner_pad[BLOCK_MAX];
    uint8_t outer_pad[BLOCK_MAX];
    uint8_t inner[DIGEST_MAX];
};

/* out = digest(first | second) */
static bool hash_two(vl_hmac *hmac, const uint8_t *first, size_t first_bytes, const void *second, size_t second_bytes,
                     uint8_t *out)
{
    unsigned length = 0;
    return EVP_DigestInit_ex2(hmac->context, hmac->digest, NULL) == 1 &&
           EVP_DigestUpdate(hmac->context, first, first_bytes) == 1 &&
           EVP_DigestUpdate(hmac->context, second, second_bytes) == 1 &&
           EVP_DigestFinal_ex(hmac->context, out, &length) == 1 && length == hmac->digest_bytes;
}

/* RFC 2104: a key longer than a block is hashed first. */
static bool set_key(vl_hmac *hmac, const void *key, size_t key_bytes)
{
    uint8_t block[BLOCK_MAX] = {0};
    bool done = true;
    if (key_bytes > hmac->block_bytes) {
        done = hash_two(hmac, NULL, 0, key, key_bytes, block);
    } else if (key_bytes > 0) {
        memcpy(block, key, key_bytes);
    }
    for (size_t i = 0; i < BLOCK_MAX; i++) {
        hmac->inner_pad[i] = block[i] ^ 0x36;
        hmac->outer_pad[i] = block[i] ^ 0x5C;
    }
    vl_wipe(block, sizeof block);
    return done;
}

veil_status vl_hmac_create(const vl_allocator *allocator, const vl_crypto *crypto, uint32_t bits, const void *key,
                           size_t key_bytes, vl_hmac **out)
{
    *out = NULL;
    if (bits != 256 && bits != 512) return VEIL_ERR_INVALID_ARGUMENT;
    vl_hmac *hmac = vl_secret_pages(sizeof *hmac);
    if (hmac == NULL) return VEIL_ERR_NO_MEMORY;
    hmac->allocator = *allocator;
    hmac->digest = bits == 256 ? crypto->sha256 : crypto->sha512;
    hmac->block_bytes = bits == 256 ? 64 : 128;
    hmac->digest_bytes = bits / 8;
    hmac->context = EVP_MD_CTX_new();
    /* The first hash makes libcrypto allocate its state here and not in the first call. */
    uint8_t warm[DIGEST_MAX];
    veil_status status = hmac->context == NULL ? VEIL_ERR_NO_MEMORY : VEIL_OK;
    if (status == VEIL_OK && !set_key(hmac, key, key_bytes)) status = VEIL_ERR_INTERNAL;
    if (status == VEIL_OK) status = vl_hmac_run(hmac, NULL, 0, warm);
    vl_wipe(warm, sizeof warm);
    if (status == VEIL_OK) {
        *out = hmac;
    } else {
        vl_hmac_destroy(hmac);
    }
    return status;
}

void vl_hmac_destroy(vl_hmac *hmac)
{
    if (hmac == NULL) return;
    EVP_MD_CTX_free(hmac->context);
    vl_secret_pages_free(hmac, sizeof *hmac);
}

veil_status vl_hmac_run(vl_hmac *hmac, const void *data, size_t size_bytes, uint8_t *out)
{
    bool done = hash_two(hmac, hmac->inner_pad, hmac->block_bytes, data, size_bytes, hmac->inner) &&
                hash_two(hmac, hmac->outer_pad, hmac->block_bytes, hmac->inner, hmac->digest_bytes, out);
    vl_wipe(hmac->inner, sizeof hmac->inner);
    if (done) return VEIL_OK;
    (void)EVP_MD_CTX_reset(hmac->context);
    vl_wipe(out, hmac->digest_bytes);
    return VEIL_ERR_INTERNAL;
}
