/*
 * Operators, applied piece by piece. Output goes through a sink that keeps counting when its room is used up. Whatever an
 * operator cannot do to a value, the placeholder does: no operator leaves a value standing but `keep`.
 */
#include "text/operators.h"

#include <string.h>

#include "text/ciphers.h"
#include "text/utf8.h"

#define HASH_MAX_BYTES 64u

static void put_raw(vl_sink *sink, const char *bytes, size_t size_bytes)
{
    if (sink->written < sink->capacity) {
        size_t room = sink->capacity - sink->written;
        memcpy(sink->out + sink->written, bytes, size_bytes < room ? size_bytes : room);
    }
    sink->written += size_bytes;
}

/* What may not stand in a JSON string (RFC 8259 section 7) or in a quoted field (RFC 4180) goes as an escape. */
static void put_encoded(vl_sink *sink, const char *bytes, size_t size_bytes)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < size_bytes; i++) {
        uint8_t c = (uint8_t)bytes[i];
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        if (c == '"')
            put_raw(sink, sink->encoding == VL_SINK_CSV ? "\"\"" : "\\\"", 2);
        else if (sink->encoding == VL_SINK_JSON && c == '\\')
            put_raw(sink, "\\\\", 2);
        else if (sink->encoding == VL_SINK_JSON && c < 0x20)
            put_raw(sink, escape, sizeof escape);
        else
            put_raw(sink, bytes + i, 1);
    }
}

void vl_sink_put(vl_sink *sink, const char *bytes, size_t size_bytes)
{
    if (sink->encoding == VL_SINK_RAW)
        put_raw(sink, bytes, size_bytes);
    else
        put_encoded(sink, bytes, size_bytes);
}

static size_t count_points(const char *text, size_t size_bytes)
{
    size_t points = 0;
    for (size_t at = 0; at < size_bytes; points++)
        at += vl_utf8_step(text + at, size_bytes - at);
    return points;
}

static void apply_mask(const vl_operator *op, const char *span, size_t size_bytes, vl_sink *sink)
{
    size_t points = count_points(span, size_bytes);
    size_t covered = op->mask_count == 0 || op->mask_count > points ? points : op->mask_count;
    size_t first = op->mask_end == 1 ? points - covered : 0;
    size_t at = 0;
    for (size_t i = 0; i < points; i++) {
        size_t step = vl_utf8_step(span + at, size_bytes - at);
        if (i >= first && i - first < covered) {
            vl_sink_put(sink, op->mask_char, op->mask_char_bytes);
        } else {
            vl_sink_put(sink, span + at, step);
        }
        at += step;
    }
}

static veil_status apply_hash(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                              bool *is_taken)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[HASH_MAX_BYTES];
    char text[2 * HASH_MAX_BYTES];
    vl_hmac *hmac = op->hash_bits == 512 ? ciphers->hash512 : ciphers->hash256;
    veil_status status = vl_hmac_run(hmac, value->text, value->size, digest);
    if (status != VEIL_OK) return status;
    size_t digest_bytes = op->hash_bits / 8;
    for (size_t i = 0; i < digest_bytes; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    vl_sink_put(sink, text, 2 * digest_bytes);
    *is_taken = true;
    return VEIL_OK;
}

static vl_keyed_fn keyed_of(unsigned op)
{
    switch (op) {
    case VEIL_OP_HASH:
        return apply_hash;
    case VEIL_OP_ENCRYPT:
        return vl_encrypt_value;
    case VEIL_OP_FPE:
        return vl_fpe_value;
    case VEIL_OP_PSEUDONYM:
        return vl_pseudonym_value;
    case VEIL_OP_TOKEN:
        return vl_token_value;
    default:
        return vl_date_shift_value;
    }
}

static veil_status apply_callback(const vl_operator_call *call, const vl_operator *op, const vl_value *value,
                                  vl_sink *sink)
{
    char name[VL_ENTITY_NAME_BYTES];
    size_t written = 0;
    if (value->entity_bytes >= sizeof name) return VEIL_ERR_INTERNAL;
    memcpy(name, value->entity, value->entity_bytes);
    name[value->entity_bytes] = '\0';
    int32_t failed =
        op->replace(op->replace_user, name, value->text, value->size, call->buffer, VL_REPLACEMENT_MAX_BYTES, &written);
    bool is_good = failed == 0 && written <= VL_REPLACEMENT_MAX_BYTES;
    if (is_good) vl_sink_put(sink, call->buffer, written);
    vl_wipe(call->buffer, is_good ? written : VL_REPLACEMENT_MAX_BYTES);
    return is_good ? VEIL_OK : VEIL_ERR_CALLBACK;
}

/* What needs the value: a key's operators and the host's. */
static veil_status apply_to_value(const vl_operator_call *call, const vl_operator *op, const vl_piece *piece,
                                  const char *span, vl_sink *sink, bool *is_taken)
{
    size_t placeholder_bytes;
    const char *placeholder = call->placeholder_of(call->names, piece->entity, &placeholder_bytes);
    const vl_value value = {placeholder + 1, placeholder_bytes - 2, span, piece->end - piece->start, call->inputs};
    *is_taken = true;
    if (op->op == VEIL_OP_CALLBACK) return apply_callback(call, op, &value, sink);
    if (call->ciphers == NULL) return VEIL_ERR_KEY;
    *is_taken = false;
    if (value.size > VL_VALUE_MAX_BYTES) return VEIL_OK;
    return keyed_of(op->op)(call->ciphers, op, &value, sink, is_taken);
}

static veil_status apply_one(const vl_operator_call *call, const vl_piece *piece, const char *span, vl_sink *sink)
{
    const vl_operator *op = &call->set->of[piece->entity];
    bool is_whole = piece->kind == VL_PIECE_WHOLE;
    bool is_text = op->op == VEIL_OP_REPLACE && piece->kind != VL_PIECE_REST && op->text != NULL;
    bool is_taken = false;
    veil_status status = VEIL_OK;
    if (is_text) {
        vl_sink_put(sink, op->text, op->text_bytes);
        return VEIL_OK;
    }
    switch (piece->kind == VL_PIECE_REST ? (unsigned)VEIL_OP_REPLACE : op->op) {
    case VEIL_OP_REDACT:
        return VEIL_OK;
    case VEIL_OP_KEEP:
        vl_sink_put(sink, span, piece->end - piece->start);
        return VEIL_OK;
    case VEIL_OP_MASK:
        if (is_whole) apply_mask(op, span, piece->end - piece->start, sink);
        is_taken = is_whole;
        break;
    case VEIL_OP_REPLACE:
        break;
    default:
        if (is_whole) status = apply_to_value(call, op, piece, span, sink, &is_taken);
    }
    if (status != VEIL_OK || is_taken) return status;
    size_t placeholder_bytes;
    const char *placeholder = call->placeholder_of(call->names, piece->entity, &placeholder_bytes);
    vl_sink_put(sink, placeholder, placeholder_bytes);
    return VEIL_OK;
}

veil_status vl_operators_apply(const vl_operator_call *call, const char *window, size_t from, size_t to,
                               const vl_piece *pieces, size_t piece_count, vl_sink *sink)
{
    for (size_t i = 0; i < piece_count; i++) {
        const vl_piece *piece = &pieces[i];
        vl_sink_put(sink, window + from, piece->start - from);
        from = piece->end;
        veil_status status = apply_one(call, piece, window + piece->start, sink);
        if (status != VEIL_OK) return status;
    }
    vl_sink_put(sink, window + from, to - from);
    return VEIL_OK;
}
