/*
 * The keyed part of a workspace: one context for each use of the key, each under a key of its own that HKDF derives from the
 * host's (hash and CBC use that as it is: values must be comparable with what other programs compute). Made once, so that
 * calls allocate nothing; one thread at a time. Buffers hold values of the input: the struct lies in secret pages.
 */
#ifndef VL_TEXT_CIPHERS_H
#define VL_TEXT_CIPHERS_H

#include "text/operators.h"

/** Longest value that a keyed operator takes, and of what it makes: no finding is longer (VL_CHAIN_MAX_BYTES). */
#define VL_VALUE_MAX_BYTES  VL_CHAIN_MAX_BYTES
#define VL_SEALED_MAX_BYTES (VL_VALUE_MAX_BYTES + 256u) /* an entity, a nonce and a tag beside it */

struct vl_ciphers {
    vl_hmac *hash256;
    vl_hmac *hash512;
    vl_hmac *pseudonym;
    vl_hmac *shift;
    vl_aes *gcm;
    vl_aes *gcm_open;
    vl_siv *siv;
    vl_siv *token;
    vl_aes *fpe;      /* ECB */
    vl_aes *cbc;      /* NULL unless the key has 16, 24 or 32 bytes */
    vl_aes *cbc_open; /* as above */
    uint8_t sealed[VL_SEALED_MAX_BYTES];
    uint8_t value[VL_SEALED_MAX_BYTES];
};

/** Keys for the contexts above, derived once for an engine; kept in secret pages. */
typedef struct vl_cipher_keys {
    uint8_t pseudonym[32];
    uint8_t shift[32];
    uint8_t gcm[32];
    uint8_t siv[64];
    uint8_t token[64];
    uint8_t fpe[32];
    const void *master;
    size_t master_bytes;
} vl_cipher_keys;

/** Derive, and run the known answers of all ciphers. VEIL_OK, NO_MEMORY, SELF_TEST, INTERNAL. */
veil_status vl_cipher_keys_create(const vl_allocator *allocator, const vl_crypto *crypto, const void *master,
                                  size_t master_bytes, vl_cipher_keys **out, veil_error *error);
void vl_cipher_keys_destroy(vl_cipher_keys *keys);

veil_status vl_ciphers_create(const vl_allocator *allocator, const vl_crypto *crypto, const vl_cipher_keys *keys,
                              vl_ciphers **out);
void vl_ciphers_destroy(vl_ciphers *ciphers);

/** A value with what it belongs to, as the keyed operators see it. */
typedef struct vl_value {
    const char *entity; /* name, not ended by NUL */
    size_t entity_bytes;
    const char *text;
    size_t size;
    const vl_operator_inputs *inputs;
} vl_value;

/*
 * Each writes a replacement of the value. *is_taken false: the operator cannot take this value and has written nothing; the
 * placeholder goes there (fail closed).
 */
typedef veil_status (*vl_keyed_fn)(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                                   bool *is_taken);
veil_status vl_encrypt_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                             bool *is_taken);
veil_status vl_fpe_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                         bool *is_taken);
veil_status vl_pseudonym_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                               bool *is_taken);
veil_status vl_token_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                           bool *is_taken);
veil_status vl_date_shift_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                                bool *is_taken);

/* The way back: value->text is the replacement. MALFORMED_INPUT when it is not genuine. */
veil_status vl_encrypt_restore(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink);
veil_status vl_fpe_restore(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink);
veil_status vl_token_restore(vl_ciphers *ciphers, const vl_value *value, vl_sink *sink);

/**
 * Look for tokens in text[0, size) and put values back; *restored and *refused count. deadline_ns 0: none. VEIL_OK,
 * TIMEOUT or INTERNAL.
 */
veil_status vl_tokens_restore(vl_ciphers *ciphers, const vl_operator_inputs *inputs, const char *text, size_t size,
                              uint64_t deadline_ns, vl_sink *sink, uint64_t *restored, uint64_t *refused);

#endif
