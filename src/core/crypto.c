/*
 * The crypto context: libcrypto's default provider in a private OSSL_LIB_CTX, so that neither the host's providers nor its
 * openssl.cnf change what Veil computes, nor the other way round. Holds what has no context-free form: Poly1305.
 * EVP digests are not used: their initialisation makes OpenSSL 3.0 load openssl.cnf into the host's default context
 * (seen with strace), which is process-wide state; sha2.c does without. libcrypto takes its memory from malloc, its global
 * hooks belong to the host.
 */
#include "core/crypto.h"

#include <openssl/provider.h>

#include <stdbool.h>
#include <string.h>

#include "core/error.h"

static bool fetch_all(vl_crypto *crypto)
{
    crypto->library = OSSL_LIB_CTX_new();
    if (crypto->library == NULL) return false;
    crypto->provider = OSSL_PROVIDER_load(crypto->library, "default");
    if (crypto->provider == NULL) return false;
    crypto->poly1305 = EVP_MAC_fetch(crypto->library, "POLY1305", NULL);
    return crypto->poly1305 != NULL;
}

/* FIPS 180-4, the example "abc". */
static bool sha256_works(const vl_crypto *crypto)
{
    static const uint8_t want[32] = {0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40,
                                     0xDE, 0x5D, 0xAE, 0x22, 0x23, 0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17,
                                     0x7A, 0x9C, 0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD};
    uint8_t got[32];
    return vl_sha256(crypto, "abc", 3, got) == VEIL_OK && memcmp(got, want, sizeof want) == 0;
}

veil_status vl_crypto_create(const vl_allocator *allocator, vl_crypto **out, veil_error *error)
{
    *out = NULL;
    vl_crypto *crypto = vl_alloc_zero(allocator, 1, sizeof *crypto);
    if (crypto == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the crypto context");
    crypto->allocator = *allocator;
    if (!fetch_all(crypto)) {
        vl_crypto_destroy(crypto);
        return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "libcrypto does not offer Poly1305");
    }
    if (!sha256_works(crypto)) {
        vl_crypto_destroy(crypto);
        return vl_error_set(error, VEIL_ERR_SELF_TEST, 0, "SHA-256 did not give its known answer");
    }
    *out = crypto;
    return VEIL_OK;
}

void vl_crypto_destroy(vl_crypto *crypto)
{
    if (crypto == NULL) return;
    EVP_MAC_free(crypto->poly1305);
    if (crypto->provider != NULL) (void)OSSL_PROVIDER_unload(crypto->provider);
    OSSL_LIB_CTX_free(crypto->library);
    vl_allocator allocator = crypto->allocator;
    vl_free(&allocator, crypto, sizeof *crypto);
}
