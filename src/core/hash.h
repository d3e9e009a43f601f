/*
 * Keyed hashes. XXH3 (libxxhash) under a random 192-byte secret for cache keys, Poly1305 for hosts that want a MAC there,
 * SHA-256 for pinned files, HMAC for the hash operator. Cryptography comes from libcrypto: in a private OSSL_LIB_CTX where it
 * has a context at all; SHA-256 and HMAC use its context-free functions, because those allocate nothing.
 */
#ifndef VL_CORE_HASH_H
#define VL_CORE_HASH_H

#include "core/alloc.h"

typedef struct vl_hash128 {
    uint64_t low;
    uint64_t high;
} vl_hash128;

#define VL_HASH_SECRET_BYTES 192

/** Random bytes from the kernel (getrandom). VEIL_OK or VEIL_ERR_INTERNAL. */
veil_status vl_random_bytes(void *out, size_t size_bytes);

/** XXH3-128 of `data` under a secret of VL_HASH_SECRET_BYTES random bytes. */
vl_hash128 vl_hash_keyed(const void *secret, const void *data, size_t size_bytes);

/** Hash of rows: `row_bytes` of each of `rows` rows that lie `stride_bytes` apart, preceded by `head`. mode VEIL_CACHE_HASH_*. */
typedef struct vl_hasher vl_hasher; /* preallocated state; one per workspace */
veil_status vl_hasher_create(const vl_allocator *allocator, uint32_t mode, const void *secret, vl_hasher **out);
void vl_hasher_destroy(vl_hasher *hasher);
veil_status vl_hasher_rows(vl_hasher *hasher, const void *head, size_t head_bytes, const void *rows, size_t row_bytes,
                           size_t stride_bytes, size_t row_count, vl_hash128 *out);

/** A crypto context: private OSSL_LIB_CTX and fetched algorithms. Shared by all threads. Half a millisecond to create.
 *  VEIL_OK, NO_MEMORY, INTERNAL, SELF_TEST. */
typedef struct vl_crypto vl_crypto;
veil_status vl_crypto_create(const vl_allocator *allocator, vl_crypto **out, veil_error *error);
void vl_crypto_destroy(vl_crypto *crypto);

/** SHA-256 of a buffer. Allocates nothing. VEIL_OK or INTERNAL (out is zero). */
veil_status vl_sha256(const vl_crypto *crypto, const void *data, size_t size_bytes, uint8_t out[32]);

/** Keyed HMAC state in secret pages; one per workspace, one thread at a time. bits 256 or 512. */
typedef struct vl_hmac vl_hmac;
veil_status vl_hmac_create(const vl_allocator *allocator, const vl_crypto *crypto, uint32_t bits, const void *key,
                           size_t key_bytes, vl_hmac **out);
void vl_hmac_destroy(vl_hmac *hmac);
/** out receives bits / 8 bytes. Allocates nothing, libcrypto included (a test counts). VEIL_OK or INTERNAL (out is zero). */
veil_status vl_hmac_run(vl_hmac *hmac, const void *data, size_t size_bytes, uint8_t *out);

#endif
