/* What hasher.c needs from the crypto context. Nobody else includes libcrypto's headers through this. */
#ifndef VL_CORE_CRYPTO_H
#define VL_CORE_CRYPTO_H

#include <openssl/evp.h>

#include "core/hash.h"

struct vl_crypto {
    vl_allocator allocator;
    OSSL_LIB_CTX *library;
    OSSL_PROVIDER *provider;
    EVP_MAC *poly1305;
};

#endif
