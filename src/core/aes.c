/*
 * AES in the modes that operators need, by the functions of libcrypto's default provider (ciphers.h says why not by EVP).
 * A context is keyed once; a message only sets its IV, which allocates nothing.
 */
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <string.h>

#include "core/ciphers.h"
#include "core/crypto.h"

typedef struct aes_calls {
    OSSL_FUNC_cipher_newctx_fn *newctx;
    OSSL_FUNC_cipher_freectx_fn *freectx;
    OSSL_FUNC_cipher_encrypt_init_fn *encrypt_init;
    OSSL_FUNC_cipher_decrypt_init_fn *decrypt_init;
    OSSL_FUNC_cipher_update_fn *update;
    OSSL_FUNC_cipher_final_fn *final;
    OSSL_FUNC_cipher_cipher_fn *cipher;
    OSSL_FUNC_cipher_get_ctx_params_fn *get_params;
    OSSL_FUNC_cipher_set_ctx_params_fn *set_params;
} aes_calls;

struct vl_aes {
    vl_allocator allocator;
    aes_calls calls;
    void *context; /* libcrypto's */
    uint32_t mode;
};

/* A provider names a cipher "AES-256-ECB:2.16.840...": the first name counts. */
static const OSSL_DISPATCH *find_cipher(const vl_crypto *crypto, const char *name)
{
    int no_store = 0;
    const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(crypto->provider, OSSL_OP_CIPHER, &no_store);
    size_t length = strlen(name);
    for (; all != NULL && all->algorithm_names != NULL; all++) {
        bool is_same = strncmp(all->algorithm_names, name, length) == 0;
        if (is_same && (all->algorithm_names[length] == ':' || all->algorithm_names[length] == '\0'))
            return all->implementation;
    }
    return NULL;
}

static void take_call(aes_calls *calls, const OSSL_DISPATCH *entry)
{
    switch (entry->function_id) {
    case OSSL_FUNC_CIPHER_NEWCTX:
        calls->newctx = OSSL_FUNC_cipher_newctx(entry);
        break;
    case OSSL_FUNC_CIPHER_FREECTX:
        calls->freectx = OSSL_FUNC_cipher_freectx(entry);
        break;
    case OSSL_FUNC_CIPHER_ENCRYPT_INIT:
        calls->encrypt_init = OSSL_FUNC_cipher_encrypt_init(entry);
        break;
    case OSSL_FUNC_CIPHER_DECRYPT_INIT:
        calls->decrypt_init = OSSL_FUNC_cipher_decrypt_init(entry);
        break;
    case OSSL_FUNC_CIPHER_UPDATE:
        calls->update = OSSL_FUNC_cipher_update(entry);
        break;
    case OSSL_FUNC_CIPHER_FINAL:
        calls->final = OSSL_FUNC_cipher_final(entry);
        break;
    case OSSL_FUNC_CIPHER_CIPHER:
        calls->cipher = OSSL_FUNC_cipher_cipher(entry);
        break;
    case OSSL_FUNC_CIPHER_GET_CTX_PARAMS:
        calls->get_params = OSSL_FUNC_cipher_get_ctx_params(entry);
        break;
    case OSSL_FUNC_CIPHER_SET_CTX_PARAMS:
        calls->set_params = OSSL_FUNC_cipher_set_ctx_params(entry);
        break;
    default:
        break;
    }
}

static bool take_calls(aes_calls *calls, const OSSL_DISPATCH *table)
{
    if (table == NULL) return false;
    for (; table->function_id != 0; table++)
        take_call(calls, table);
    return calls->newctx != NULL && calls->freectx != NULL && calls->encrypt_init != NULL &&
           calls->decrypt_init != NULL && calls->update != NULL && calls->final != NULL && calls->cipher != NULL &&
           calls->get_params != NULL && calls->set_params != NULL;
}

static const char *cipher_name(uint32_t mode, size_t key_bytes)
{
    static const char *const names[3][3] = {{"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"},
                                            {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"},
                                            {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}};
    if (mode > VL_AES_GCM_DECRYPT || (key_bytes != 16 && key_bytes != 24 && key_bytes != 32)) return NULL;
    return names[(mode + 1) / 2][key_bytes / 8 - 2];
}

static bool set_iv(const vl_aes *aes, const void *key, size_t key_bytes, const uint8_t *iv, size_t iv_bytes)
{
    bool decrypts = aes->mode == VL_AES_CBC_DECRYPT || aes->mode == VL_AES_GCM_DECRYPT;
    OSSL_FUNC_cipher_encrypt_init_fn *init = decrypts ? aes->calls.decrypt_init : aes->calls.encrypt_init;
    return init(aes->context, key, key_bytes, iv, iv_bytes, NULL) == 1;
}

veil_status vl_aes_create(const vl_allocator *allocator, const vl_crypto *crypto, uint32_t mode, const void *key,
                          size_t key_bytes, vl_aes **out)
{
    *out = NULL;
    const char *name = cipher_name(mode, key_bytes);
    if (name == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    vl_aes *aes = vl_alloc_zero(allocator, 1, sizeof *aes);
    if (aes == NULL) return VEIL_ERR_NO_MEMORY;
    aes->allocator = *allocator;
    aes->mode = mode;
    veil_status status = take_calls(&aes->calls, find_cipher(crypto, name)) ? VEIL_OK : VEIL_ERR_INTERNAL;
    if (status == VEIL_OK) {
        aes->context = aes->calls.newctx(OSSL_PROVIDER_get0_provider_ctx(crypto->provider));
        if (aes->context == NULL) status = VEIL_ERR_NO_MEMORY;
    }
    if (status == VEIL_OK && !set_iv(aes, key, key_bytes, NULL, 0)) status = VEIL_ERR_INTERNAL;
    if (status == VEIL_OK)
        *out = aes;
    else
        vl_aes_destroy(aes);
    return status;
}

void vl_aes_destroy(vl_aes *aes)
{
    if (aes == NULL) return;
    if (aes->context != NULL) aes->calls.freectx(aes->context); /* clears the key schedule */
    vl_allocator allocator = aes->allocator;
    vl_free(&allocator, aes, sizeof *aes);
}

veil_status vl_aes_blocks(vl_aes *aes, const uint8_t *in, size_t size_bytes, uint8_t *out)
{
    size_t done = 0;
    bool good = aes->mode == VL_AES_ECB && size_bytes % VL_AES_BLOCK == 0 &&
                aes->calls.cipher(aes->context, out, &done, size_bytes, in, size_bytes) == 1;
    return good && done == size_bytes ? VEIL_OK : VEIL_ERR_INTERNAL;
}

veil_status vl_aes_cbc(vl_aes *aes, const uint8_t iv[VL_AES_BLOCK], const uint8_t *in, size_t size_bytes, uint8_t *out)
{
    size_t done = 0;
    bool good = (aes->mode == VL_AES_CBC || aes->mode == VL_AES_CBC_DECRYPT) && size_bytes % VL_AES_BLOCK == 0 &&
                set_iv(aes, NULL, 0, iv, VL_AES_BLOCK) &&
                aes->calls.cipher(aes->context, out, &done, size_bytes, in, size_bytes) == 1;
    return good && done == size_bytes ? VEIL_OK : VEIL_ERR_INTERNAL;
}

static bool gcm_run(vl_aes *aes, const uint8_t *nonce, vl_bytes associated, vl_bytes in, uint8_t *out)
{
    size_t done = 0;
    bool good = set_iv(aes, NULL, 0, nonce, VL_GCM_NONCE);
    if (good && associated.size > 0)
        good = aes->calls.update(aes->context, NULL, &done, associated.size, associated.data, associated.size) == 1;
    if (good && in.size > 0)
        good = aes->calls.update(aes->context, out, &done, in.size, in.data, in.size) == 1 && done == in.size;
    return good;
}

static bool gcm_finish(vl_aes *aes)
{
    uint8_t nothing[VL_AES_BLOCK];
    size_t done = 0;
    return aes->calls.final(aes->context, nothing, &done, sizeof nothing) == 1 && done == 0;
}

veil_status vl_aes_seal(vl_aes *aes, const uint8_t nonce[VL_GCM_NONCE], vl_bytes associated, vl_bytes in, uint8_t *out,
                        uint8_t tag[VL_GCM_TAG])
{
    OSSL_PARAM params[2] = {OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, VL_GCM_TAG), OSSL_PARAM_END};
    bool good = aes->mode == VL_AES_GCM && gcm_run(aes, nonce, associated, in, out) && gcm_finish(aes) &&
                aes->calls.get_params(aes->context, params) == 1;
    if (!good) vl_wipe(out, in.size);
    return good ? VEIL_OK : VEIL_ERR_INTERNAL;
}

veil_status vl_aes_open(vl_aes *aes, const uint8_t nonce[VL_GCM_NONCE], vl_bytes associated, vl_bytes in,
                        const uint8_t tag[VL_GCM_TAG], uint8_t *out)
{
    uint8_t copy[VL_GCM_TAG]; /* OSSL_PARAM wants what it may write to */
    memcpy(copy, tag, sizeof copy);
    OSSL_PARAM params[2] = {OSSL_PARAM_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, copy, VL_GCM_TAG), OSSL_PARAM_END};
    if (aes->mode != VL_AES_GCM_DECRYPT) return VEIL_ERR_INTERNAL;
    bool runs = set_iv(aes, NULL, 0, nonce, VL_GCM_NONCE) && aes->calls.set_params(aes->context, params) == 1 &&
                gcm_run(aes, nonce, associated, in, out);
    bool is_genuine = runs && gcm_finish(aes);
    if (!is_genuine) vl_wipe(out, in.size);
    if (!runs) return VEIL_ERR_INTERNAL;
    return is_genuine ? VEIL_OK : VEIL_ERR_MALFORMED_INPUT;
}
