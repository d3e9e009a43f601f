/*
 * Ciphers: AES by libcrypto, and what is built on it here (SIV, RFC 5297) or on HMAC (HKDF, RFC 5869). A context is made and
 * keyed at creation; calls allocate nothing. Contexts serve one thread at a time.
 *
 * AES is called through the default provider's own functions (provider-cipher(7)), not through EVP: in OpenSSL 3.0 the first
 * EVP_CipherInit asks for engines, and that loads openssl.cnf into the host's default context (seen with strace), as EVP
 * digests do. It is faster, too. libcrypto keeps the key schedule on its heap and clears it when the context is freed.
 */
#ifndef VL_CORE_CIPHERS_H
#define VL_CORE_CIPHERS_H

#include <stdbool.h>

#include "core/hash.h"

#define VL_AES_BLOCK 16u
#define VL_GCM_NONCE 12u
#define VL_GCM_TAG   16u
#define VL_SIV_TAG   16u

/** Bytes with their length. */
typedef struct vl_bytes {
    const void *data;
    size_t size;
} vl_bytes;

/** One AES key in one mode and direction. */
typedef struct vl_aes vl_aes;
enum { VL_AES_ECB = 0, VL_AES_CBC = 1, VL_AES_CBC_DECRYPT = 2, VL_AES_GCM = 3, VL_AES_GCM_DECRYPT = 4 };

/** Keys of 16, 24 or 32 bytes. VEIL_OK, INVALID_ARGUMENT, NO_MEMORY, INTERNAL (libcrypto does not offer the cipher). */
veil_status vl_aes_create(const vl_allocator *allocator, const vl_crypto *crypto, uint32_t mode, const void *key,
                          size_t key_bytes, vl_aes **out);
void vl_aes_destroy(vl_aes *aes);

/** ECB: whole blocks, encrypted each for itself. in and out may be the same. VEIL_OK or INTERNAL. */
veil_status vl_aes_blocks(vl_aes *aes, const uint8_t *in, size_t size_bytes, uint8_t *out);
/** CBC in the direction of the context: whole blocks, no padding. */
veil_status vl_aes_cbc(vl_aes *aes, const uint8_t iv[VL_AES_BLOCK], const uint8_t *in, size_t size_bytes, uint8_t *out);
/** GCM: encrypt and write the tag. */
veil_status vl_aes_seal(vl_aes *aes, const uint8_t nonce[VL_GCM_NONCE], vl_bytes associated, vl_bytes in, uint8_t *out,
                        uint8_t tag[VL_GCM_TAG]);
/** GCM: decrypt; MALFORMED_INPUT when the tag is wrong (out is zero then). */
veil_status vl_aes_open(vl_aes *aes, const uint8_t nonce[VL_GCM_NONCE], vl_bytes associated, vl_bytes in,
                        const uint8_t tag[VL_GCM_TAG], uint8_t *out);

/** AES-SIV: deterministic, authenticated. Keys of 32, 48 or 64 bytes: half for the MAC, half for the cipher. */
typedef struct vl_siv vl_siv;
veil_status vl_siv_create(const vl_allocator *allocator, const vl_crypto *crypto, const void *key, size_t key_bytes,
                          vl_siv **out);
void vl_siv_destroy(vl_siv *siv);
/** tag receives the synthetic IV. `associated` is a vector of strings, each of its own (RFC 5297 section 2.4). */
veil_status vl_siv_seal(vl_siv *siv, const vl_bytes *associated, size_t associated_count, vl_bytes in, uint8_t *out,
                        uint8_t tag[VL_SIV_TAG]);
/** MALFORMED_INPUT when the tag is wrong (out is zero then). */
veil_status vl_siv_open(vl_siv *siv, const vl_bytes *associated, size_t associated_count, vl_bytes in,
                        const uint8_t tag[VL_SIV_TAG], uint8_t *out);

/** HKDF-SHA-256 (RFC 5869). At most 255 * 32 bytes. VEIL_OK, INVALID_ARGUMENT, NO_MEMORY, INTERNAL (out is zero). */
veil_status vl_hkdf(const vl_allocator *allocator, const vl_crypto *crypto, vl_bytes secret, vl_bytes salt,
                    vl_bytes info, uint8_t *out, size_t out_bytes);

/** Equal bytes, in a time that depends on the size alone. */
bool vl_bytes_equal(const void *a, const void *b, size_t size_bytes);

/** Known answers of AES in each mode, SIV and HKDF. VEIL_OK, SELF_TEST (the reason names which), NO_MEMORY, INTERNAL. */
veil_status vl_ciphers_prove(const vl_allocator *allocator, const vl_crypto *crypto, veil_error *error);

#endif
