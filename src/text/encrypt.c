/*
 * ENCRYPT. GCM (random nonce) and SIV (none: equal values, equal output) write
 *     <ENTITY:gcm:base64url(nonce, ciphertext, tag)>      <ENTITY:siv:base64url(tag, ciphertext)>
 * with entity and field as associated data, so that a value cannot be moved to another one. CBC writes what Presidio's encrypt
 * operator does, and reads what that wrote: padded base64url of IV and PKCS #7 padded ciphertext under the key as it is
 * (presidio_anonymizer/operators/aes_cipher.py). It is not authenticated: a wrong key shows only in the padding.
 */
#include <string.h>

#include "text/base_text.h"
#include "text/chars.h"
#include "text/ciphers.h"

#define BLOCK        VL_AES_BLOCK
#define SPACE_BYTES  (VL_ENTITY_NAME_BYTES + 1 + VL_OPERATOR_INPUT_MAX_BYTES)
#define PREFIX_BYTES 5u /* ":gcm:" */
#define GCM_EXTRA    (VL_GCM_NONCE + VL_GCM_TAG)

static const char *field_of(const vl_value *value)
{
    return value->inputs == NULL || value->inputs->field == NULL ? "" : value->inputs->field;
}

/* Entity, a zero byte, field: no name holds a zero. 0 when it does not fit. */
static size_t name_space(const vl_value *value, char out[SPACE_BYTES])
{
    const char *field = field_of(value);
    size_t field_bytes = strlen(field);
    if (value->entity_bytes >= VL_ENTITY_NAME_BYTES || field_bytes > VL_OPERATOR_INPUT_MAX_BYTES) return 0;
    memcpy(out, value->entity, value->entity_bytes);
    out[value->entity_bytes] = '\0';
    memcpy(out + value->entity_bytes + 1, field, field_bytes);
    return value->entity_bytes + 1 + field_bytes;
}

static veil_status seal_gcm(vl_ciphers *c, const vl_value *value, size_t *sealed_bytes)
{
    char space[SPACE_BYTES];
    size_t space_bytes = name_space(value, space);
    if (space_bytes == 0) return VEIL_ERR_INTERNAL;
    uint8_t *body = c->sealed + VL_GCM_NONCE;
    veil_status status = vl_random_bytes(c->sealed, VL_GCM_NONCE);
    if (status == VEIL_OK)
        status = vl_aes_seal(c->gcm, c->sealed, (vl_bytes){space, space_bytes}, (vl_bytes){value->text, value->size},
                             body, body + value->size);
    *sealed_bytes = value->size + GCM_EXTRA;
    return status;
}

static veil_status seal_siv(vl_ciphers *c, const vl_value *value, size_t *sealed_bytes)
{
    const char *field = field_of(value);
    const vl_bytes associated[2] = {{value->entity, value->entity_bytes}, {field, strlen(field)}};
    *sealed_bytes = value->size + VL_SIV_TAG;
    return vl_siv_seal(c->siv, associated, 2, (vl_bytes){value->text, value->size}, c->sealed + VL_SIV_TAG, c->sealed);
}

static veil_status seal_cbc(vl_ciphers *c, const vl_value *value, size_t *sealed_bytes)
{
    size_t padding = BLOCK - value->size % BLOCK;
    size_t padded = value->size + padding;
    if (c->cbc == NULL) return VEIL_ERR_KEY;
    veil_status status = vl_random_bytes(c->sealed, BLOCK);
    memcpy(c->value, value->text, value->size);
    memset(c->value + value->size, (int)padding, padding);
    if (status == VEIL_OK) status = vl_aes_cbc(c->cbc, c->sealed, c->value, padded, c->sealed + BLOCK);
    vl_wipe(c->value, padded);
    *sealed_bytes = BLOCK + padded;
    return status;
}

veil_status vl_encrypt_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                             bool *is_taken)
{
    size_t sealed_bytes = 0;
    veil_status status = op->cipher == VEIL_CIPHER_GCM   ? seal_gcm(ciphers, value, &sealed_bytes)
                         : op->cipher == VEIL_CIPHER_SIV ? seal_siv(ciphers, value, &sealed_bytes)
                                                         : seal_cbc(ciphers, value, &sealed_bytes);
    if (status != VEIL_OK) return status;
    bool is_cbc = op->cipher == VEIL_CIPHER_CBC;
    if (!is_cbc) {
        vl_sink_put(sink, "<", 1);
        vl_sink_put(sink, value->entity, value->entity_bytes);
        vl_sink_put(sink, op->cipher == VEIL_CIPHER_GCM ? ":gcm:" : ":siv:", PREFIX_BYTES);
    }
    vl_base64_put(sink, ciphers->sealed, sealed_bytes, is_cbc);
    if (!is_cbc) vl_sink_put(sink, ">", 1);
    *is_taken = true;
    return VEIL_OK;
}

static veil_status open_gcm(vl_ciphers *c, const vl_value *value, size_t sealed_bytes, size_t *size)
{
    char space[SPACE_BYTES];
    size_t space_bytes = name_space(value, space);
    if (space_bytes == 0 || sealed_bytes < GCM_EXTRA) return VEIL_ERR_MALFORMED_INPUT;
    *size = sealed_bytes - GCM_EXTRA;
    const uint8_t *body = c->sealed + VL_GCM_NONCE;
    return vl_aes_open(c->gcm_open, c->sealed, (vl_bytes){space, space_bytes}, (vl_bytes){body, *size}, body + *size,
                       c->value);
}

static veil_status open_siv(vl_ciphers *c, const vl_value *value, size_t sealed_bytes, size_t *size)
{
    const char *field = field_of(value);
    const vl_bytes associated[2] = {{value->entity, value->entity_bytes}, {field, strlen(field)}};
    if (sealed_bytes < VL_SIV_TAG) return VEIL_ERR_MALFORMED_INPUT;
    *size = sealed_bytes - VL_SIV_TAG;
    return vl_siv_open(c->siv, associated, 2, (vl_bytes){c->sealed + VL_SIV_TAG, *size}, c->sealed, c->value);
}

static veil_status open_cbc(vl_ciphers *c, size_t sealed_bytes, size_t *size)
{
    if (c->cbc_open == NULL) return VEIL_ERR_KEY;
    if (sealed_bytes < 2 * BLOCK || sealed_bytes % BLOCK != 0) return VEIL_ERR_MALFORMED_INPUT;
    size_t padded = sealed_bytes - BLOCK;
    *size = padded;
    veil_status status = vl_aes_cbc(c->cbc_open, c->sealed, c->sealed + BLOCK, padded, c->value);
    if (status != VEIL_OK) return status;
    unsigned padding = c->value[padded - 1];
    unsigned wrong = padding == 0 || padding > BLOCK;
    for (unsigned i = 0; i < BLOCK; i++) /* every byte is looked at, whatever the first ones were */
        wrong |= i < padding && c->value[padded - 1 - i] != padding;
    if (wrong != 0) return VEIL_ERR_MALFORMED_INPUT;
    *size = padded - padding;
    return VEIL_OK;
}

/* "<ENTITY:gcm:" and ">" around the body; 0 for another text. */
static unsigned take_frame(const vl_value *value, const char **body, size_t *body_bytes)
{
    size_t head = 1 + value->entity_bytes + PREFIX_BYTES;
    const char *text = value->text;
    if (value->size < head + 1 || text[0] != '<' || text[value->size - 1] != '>') return 0;
    if (memcmp(text + 1, value->entity, value->entity_bytes) != 0) return 0;
    *body = text + head;
    *body_bytes = value->size - head - 1;
    if (memcmp(text + head - PREFIX_BYTES, ":gcm:", PREFIX_BYTES) == 0) return VEIL_CIPHER_GCM;
    return memcmp(text + head - PREFIX_BYTES, ":siv:", PREFIX_BYTES) == 0 ? VEIL_CIPHER_SIV : 0;
}

veil_status vl_encrypt_restore(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink)
{
    const char *body = value->text;
    size_t body_bytes = value->size;
    size_t sealed_bytes = 0;
    size_t size = 0;
    bool is_cbc = op->cipher == VEIL_CIPHER_CBC;
    unsigned cipher = is_cbc ? VEIL_CIPHER_CBC : take_frame(value, &body, &body_bytes);
    if (cipher == 0 || (op->cipher != 0 && cipher != op->cipher)) return VEIL_ERR_MALFORMED_INPUT;
    if (!vl_base64_read(body, body_bytes, is_cbc, ciphers->sealed, sizeof ciphers->sealed, &sealed_bytes))
        return VEIL_ERR_MALFORMED_INPUT;
    veil_status status = cipher == VEIL_CIPHER_GCM   ? open_gcm(ciphers, value, sealed_bytes, &size)
                         : cipher == VEIL_CIPHER_SIV ? open_siv(ciphers, value, sealed_bytes, &size)
                                                     : open_cbc(ciphers, sealed_bytes, &size);
    if (status == VEIL_OK) vl_sink_put(sink, (const char *)ciphers->value, size);
    vl_wipe(ciphers->value, sealed_bytes);
    return status;
}
