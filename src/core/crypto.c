/*
 * The crypto context: libcrypto's default provider in a private OSSL_LIB_CTX, so that neither the host's providers nor its
 * openssl.cnf change what Veil computes, nor the other way round. libcrypto takes its own memory from malloc (its global
 * hooks belong to the host); after creation the calls here and in hmac.c and hasher.c make it take none.
 */
#include "core/crypto.h"

#include <openssl/provider.h>

#include <stdbool.h>

#include "core/error.h"

static bool fetch_all(vl_crypto *crypto)
{
    crypto->library = OSSL_LIB_CTX_new();
    if (crypto->library == NULL) return false;
    crypto->provider = OSSL_PROVIDER_load(crypto->library, "default");
    if (crypto->provider == NULL) return false;
    crypto->sha256 = EVP_MD_fetch(crypto->library, "SHA2-256", NULL);
    crypto->sha512 = EVP_MD_fetch(crypto->library, "SHA2-512", NULL);
    crypto->poly1305 = EVP_MAC_fetch(crypto->library, "POLY1305", NULL);
    return crypto->sha256 != NULL && crypto->sha512 != NULL && crypto->poly1305 != NULL;
}

veil_status vl_crypto_create(const vl_allocator *allocator, vl_crypto **out, veil_error *error)
{
    *out = NULL;
    vl_crypto *crypto = vl_alloc_zero(allocator, 1, sizeof *crypto);
    if (crypto == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the crypto context");
    crypto->allocator = *allocator;
    if (!fetch_all(crypto)) {
        vl_crypto_destroy(crypto);
        return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "libcrypto does not offer SHA-2 and Poly1305");
    }
    *out = crypto;
    return VEIL_OK;
}

void vl_crypto_destroy(vl_crypto *crypto)
{
    if (crypto == NULL) return;
    EVP_MAC_free(crypto->poly1305);
    EVP_MD_free(crypto->sha512);
    EVP_MD_free(crypto->sha256);
    if (crypto->provider != NULL) (void)OSSL_PROVIDER_unload(crypto->provider);
    OSSL_LIB_CTX_free(crypto->library);
    vl_allocator allocator = crypto->allocator;
    vl_free(&allocator, crypto, sizeof *crypto);
}

veil_status vl_sha256(const vl_crypto *crypto, const void *data, size_t size_bytes, uint8_t out[32])
{
    unsigned length = 0;
    if (EVP_Digest(data, size_bytes, out, &length, crypto->sha256, NULL) != 1 || length != 32) {
        vl_wipe(out, 32);
        return VEIL_ERR_INTERNAL;
    }
    return VEIL_OK;
}
