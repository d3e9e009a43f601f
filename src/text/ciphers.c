/*
 * Keys and contexts of the keyed operators. The host's key is the secret of HKDF (RFC 5869); the label of each use is its
 * info, so that a key that leaks through one use says nothing about another.
 */
#include "text/ciphers.h"

#include <string.h>

#include "core/error.h"
#include "core/pool.h"
#include "text/ff1.h"

static veil_status derive(const vl_allocator *allocator, const vl_crypto *crypto, vl_cipher_keys *keys)
{
    static const char salt[] = "veil operator keys 1";
    const struct {
        const char *label;
        uint8_t *out;
        size_t size;
    } rows[] = {{"pseudonym", keys->pseudonym, sizeof keys->pseudonym},
                {"date shift", keys->shift, sizeof keys->shift},
                {"encrypt gcm", keys->gcm, sizeof keys->gcm},
                {"encrypt siv", keys->siv, sizeof keys->siv},
                {"token", keys->token, sizeof keys->token},
                {"fpe ff1", keys->fpe, sizeof keys->fpe}};
    const vl_bytes master = {keys->master, keys->master_bytes};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const vl_bytes info = {rows[i].label, strlen(rows[i].label)};
        veil_status status =
            vl_hkdf(allocator, crypto, master, (vl_bytes){salt, sizeof salt - 1}, info, rows[i].out, rows[i].size);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

veil_status vl_cipher_keys_create(const vl_allocator *allocator, const vl_crypto *crypto, const void *master,
                                  size_t master_bytes, vl_cipher_keys **out, veil_error *error)
{
    *out = NULL;
    veil_status status = vl_ciphers_prove(allocator, crypto, error);
    if (status == VEIL_OK) status = vl_ff1_prove(allocator, crypto, error);
    if (status != VEIL_OK) return status;
    vl_cipher_keys *keys = vl_secret_pages(sizeof *keys);
    if (keys == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "operator keys");
    keys->master = master;
    keys->master_bytes = master_bytes;
    status = derive(allocator, crypto, keys);
    if (status != VEIL_OK) {
        vl_cipher_keys_destroy(keys);
        return vl_error_set(error, status, 0, "operator keys");
    }
    *out = keys;
    return VEIL_OK;
}

void vl_cipher_keys_destroy(vl_cipher_keys *keys)
{
    if (keys != NULL) vl_secret_pages_free(keys, sizeof *keys);
}

static bool fits_cbc(size_t key_bytes)
{
    return key_bytes == 16 || key_bytes == 24 || key_bytes == 32;
}

static veil_status create_hmacs(const vl_allocator *allocator, const vl_crypto *crypto, const vl_cipher_keys *keys,
                                vl_ciphers *c)
{
    const struct {
        vl_hmac **out;
        uint32_t bits;
        const void *key;
        size_t size;
    } rows[] = {{&c->hash256, 256, keys->master, keys->master_bytes},
                {&c->hash512, 512, keys->master, keys->master_bytes},
                {&c->pseudonym, 256, keys->pseudonym, sizeof keys->pseudonym},
                {&c->shift, 256, keys->shift, sizeof keys->shift}};
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && status == VEIL_OK; i++)
        status = vl_hmac_create(allocator, crypto, rows[i].bits, rows[i].key, rows[i].size, rows[i].out);
    return status;
}

static veil_status create_aes(const vl_allocator *allocator, const vl_crypto *crypto, const vl_cipher_keys *keys,
                              vl_ciphers *c)
{
    const struct {
        vl_aes **out;
        uint32_t mode;
        const void *key;
        size_t size;
    } rows[] = {{&c->gcm, VL_AES_GCM, keys->gcm, sizeof keys->gcm},
                {&c->gcm_open, VL_AES_GCM_DECRYPT, keys->gcm, sizeof keys->gcm},
                {&c->fpe, VL_AES_ECB, keys->fpe, sizeof keys->fpe},
                {&c->cbc, VL_AES_CBC, keys->master, keys->master_bytes},
                {&c->cbc_open, VL_AES_CBC_DECRYPT, keys->master, keys->master_bytes}};
    size_t count = fits_cbc(keys->master_bytes) ? 5 : 3;
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < count && status == VEIL_OK; i++)
        status = vl_aes_create(allocator, crypto, rows[i].mode, rows[i].key, rows[i].size, rows[i].out);
    return status;
}

veil_status vl_ciphers_create(const vl_allocator *allocator, const vl_crypto *crypto, const vl_cipher_keys *keys,
                              vl_ciphers **out)
{
    *out = NULL;
    vl_ciphers *c = vl_secret_pages(sizeof *c);
    if (c == NULL) return VEIL_ERR_NO_MEMORY;
    veil_status status = create_hmacs(allocator, crypto, keys, c);
    if (status == VEIL_OK) status = create_aes(allocator, crypto, keys, c);
    if (status == VEIL_OK) status = vl_siv_create(allocator, crypto, keys->siv, sizeof keys->siv, &c->siv);
    if (status == VEIL_OK) status = vl_siv_create(allocator, crypto, keys->token, sizeof keys->token, &c->token);
    if (status == VEIL_OK)
        *out = c;
    else
        vl_ciphers_destroy(c);
    return status;
}

void vl_ciphers_destroy(vl_ciphers *ciphers)
{
    if (ciphers == NULL) return;
    vl_hmac_destroy(ciphers->hash256);
    vl_hmac_destroy(ciphers->hash512);
    vl_hmac_destroy(ciphers->pseudonym);
    vl_hmac_destroy(ciphers->shift);
    vl_aes_destroy(ciphers->gcm);
    vl_aes_destroy(ciphers->gcm_open);
    vl_aes_destroy(ciphers->fpe);
    vl_aes_destroy(ciphers->cbc);
    vl_aes_destroy(ciphers->cbc_open);
    vl_siv_destroy(ciphers->siv);
    vl_siv_destroy(ciphers->token);
    vl_secret_pages_free(ciphers, sizeof *ciphers);
}
