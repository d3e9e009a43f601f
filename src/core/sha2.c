/*
 * SHA-256, and HMAC (RFC 2104), over libcrypto's SHA256_* and SHA512_* functions. They are marked deprecated in favour of
 * EVP, but EVP cannot do this: in OpenSSL 3.0 every EVP_DigestInit_ex2, EVP_MD_CTX_copy_ex and EVP_MAC_init of an HMAC
 * allocates (measured), also for a context that was used before, and the first one reads openssl.cnf for the whole process.
 * These are pure functions of a state that we hold: no allocation, no library context, and key and message bytes stay in our
 * secret pages instead of libcrypto's heap.
 *
 * HMAC: the states after the inner and the outer key block are kept; a call copies them, so a short message costs two blocks.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdbool.h>
#include <string.h>

#include "core/hash.h"
#include "core/pool.h"

#define BLOCK_MAX  128 /* SHA-512 */
#define DIGEST_MAX 64

typedef union sha_state {
    SHA256_CTX sha256;
    SHA512_CTX sha512;
} sha_state;

struct vl_hmac {
    uint32_t bits;
    size_t block_bytes;
    sha_state inner_start; /* after key ^ ipad */
    sha_state outer_start; /* after key ^ opad */
    sha_state work;
    uint8_t inner[DIGEST_MAX];
};

static bool sha_init(uint32_t bits, sha_state *state)
{
    return bits == 256 ? SHA256_Init(&state->sha256) == 1 : SHA512_Init(&state->sha512) == 1;
}

static bool sha_update(uint32_t bits, sha_state *state, const void *data, size_t size_bytes)
{
    if (size_bytes == 0) return true;
    return bits == 256 ? SHA256_Update(&state->sha256, data, size_bytes) == 1
                       : SHA512_Update(&state->sha512, data, size_bytes) == 1;
}

static bool sha_final(uint32_t bits, sha_state *state, uint8_t *out)
{
    return bits == 256 ? SHA256_Final(out, &state->sha256) == 1 : SHA512_Final(out, &state->sha512) == 1;
}

static bool start_with(const vl_hmac *hmac, sha_state *state, const uint8_t key[BLOCK_MAX], uint8_t pad)
{
    uint8_t block[BLOCK_MAX];
    for (size_t i = 0; i < hmac->block_bytes; i++) {
        block[i] = key[i] ^ pad;
    }
    bool done = sha_init(hmac->bits, state) && sha_update(hmac->bits, state, block, hmac->block_bytes);
    vl_wipe(block, sizeof block);
    return done;
}

/* RFC 2104: a key longer than a block is hashed first. */
static bool set_key(vl_hmac *hmac, const void *key, size_t key_bytes)
{
    uint8_t block[BLOCK_MAX] = {0};
    bool done = true;
    if (key_bytes > hmac->block_bytes) {
        done = sha_init(hmac->bits, &hmac->work) && sha_update(hmac->bits, &hmac->work, key, key_bytes) &&
               sha_final(hmac->bits, &hmac->work, block);
    } else if (key_bytes > 0) {
        memcpy(block, key, key_bytes);
    }
    done =
        done && start_with(hmac, &hmac->inner_start, block, 0x36) && start_with(hmac, &hmac->outer_start, block, 0x5C);
    vl_wipe(block, sizeof block);
    vl_wipe(&hmac->work, sizeof hmac->work);
    return done;
}

veil_status vl_hmac_create(const vl_allocator *allocator, const vl_crypto *crypto, uint32_t bits, const void *key,
                           size_t key_bytes, vl_hmac **out)
{
    (void)allocator; /* nothing of it may lie on the heap */
    (void)crypto;    /* no library context takes part, see above */
    *out = NULL;
    if (bits != 256 && bits != 512) return VEIL_ERR_INVALID_ARGUMENT;
    vl_hmac *hmac = vl_secret_pages(sizeof *hmac);
    if (hmac == NULL) return VEIL_ERR_NO_MEMORY;
    hmac->bits = bits;
    hmac->block_bytes = bits == 256 ? SHA256_CBLOCK : SHA512_CBLOCK;
    if (!set_key(hmac, key, key_bytes)) {
        vl_hmac_destroy(hmac);
        return VEIL_ERR_INTERNAL;
    }
    *out = hmac;
    return VEIL_OK;
}

void vl_hmac_destroy(vl_hmac *hmac)
{
    if (hmac == NULL) return;
    vl_secret_pages_free(hmac, sizeof *hmac);
}

veil_status vl_hmac_run(vl_hmac *hmac, const void *data, size_t size_bytes, uint8_t *out)
{
    uint32_t bits = hmac->bits;
    hmac->work = hmac->inner_start;
    bool done = sha_update(bits, &hmac->work, data, size_bytes) && sha_final(bits, &hmac->work, hmac->inner);
    hmac->work = hmac->outer_start;
    done = done && sha_update(bits, &hmac->work, hmac->inner, bits / 8) && sha_final(bits, &hmac->work, out);
    vl_wipe(&hmac->work, sizeof hmac->work);
    vl_wipe(hmac->inner, sizeof hmac->inner);
    if (!done) vl_wipe(out, bits / 8);
    return done ? VEIL_OK : VEIL_ERR_INTERNAL;
}

veil_status vl_sha256(const vl_crypto *crypto, const void *data, size_t size_bytes, uint8_t out[32])
{
    (void)crypto; /* no library context takes part, see above */
    sha_state state;
    bool done = sha_init(256, &state) && sha_update(256, &state, data, size_bytes) && sha_final(256, &state, out);
    vl_wipe(&state, sizeof state);
    if (!done) vl_wipe(out, 32);
    return done ? VEIL_OK : VEIL_ERR_INTERNAL;
}
