/*
 * TOKEN: <ENTITY:BASE32>, where BASE32 is the tag and ciphertext of AES-SIV with the entity's name (in capitals) and the
 * call's token_context as associated data. The token carries its value, so restoring needs the key and nothing else; equal
 * values give equal tokens, so a model can tell that two mentions are the same. A look-alike does not verify and stays text.
 *
 * Restoring passes over letter case and white space in a token: models and mail change both. Nothing is lost by that: name
 * and bytes are authenticated after they are read. One pass: what was read for a look-alike holds no '<' and is not read again.
 */
#include <string.h>

#include "core/clock.h"
#include "text/base_text.h"
#include "text/chars.h"
#include "text/ciphers.h"

#define LOOK_ALIKE_LETTERS 16u /* shorter bodies are markup or labels, not broken tokens */
#define BLANKS_MAX         64u /* in a row: a wrapped line with its indentation */

static size_t capitals(const char *name, size_t size, char out[VL_ENTITY_NAME_BYTES])
{
    if (size >= VL_ENTITY_NAME_BYTES) return 0;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
    return size;
}

static vl_bytes context_of(const vl_operator_inputs *inputs)
{
    const char *context = inputs == NULL || inputs->token_context == NULL ? "" : inputs->token_context;
    return (vl_bytes){context, strlen(context)};
}

veil_status vl_token_value(vl_ciphers *ciphers, const vl_operator *op, const vl_value *value, vl_sink *sink,
                           bool *is_taken)
{
    (void)op;
    char name[VL_ENTITY_NAME_BYTES];
    const vl_bytes associated[2] = {{name, capitals(value->entity, value->entity_bytes, name)},
                                    context_of(value->inputs)};
    if (associated[0].size == 0) return VEIL_ERR_INTERNAL;
    veil_status status = vl_siv_seal(ciphers->token, associated, 2, (vl_bytes){value->text, value->size},
                                     ciphers->sealed + VL_SIV_TAG, ciphers->sealed);
    if (status != VEIL_OK) return status;
    vl_sink_put(sink, "<", 1);
    vl_sink_put(sink, value->entity, value->entity_bytes);
    vl_sink_put(sink, ":", 1);
    vl_base32_put(sink, ciphers->sealed, value->size + VL_SIV_TAG);
    vl_sink_put(sink, ">", 1);
    *is_taken = true;
    return VEIL_OK;
}

/* Put the value of <name:body> into the sink. MALFORMED_INPUT when it does not verify. */
static veil_status open_token(vl_ciphers *c, const vl_operator_inputs *inputs, vl_bytes token_name, vl_bytes body,
                              vl_sink *sink)
{
    char name[VL_ENTITY_NAME_BYTES];
    size_t sealed_bytes;
    const vl_bytes associated[2] = {{name, capitals(token_name.data, token_name.size, name)}, context_of(inputs)};
    if (associated[0].size == 0 || !vl_base32_read(body.data, body.size, c->sealed, sizeof c->sealed, &sealed_bytes) ||
        sealed_bytes < VL_SIV_TAG)
        return VEIL_ERR_MALFORMED_INPUT;
    size_t size = sealed_bytes - VL_SIV_TAG;
    veil_status status =
        vl_siv_open(c->token, associated, 2, (vl_bytes){c->sealed + VL_SIV_TAG, size}, c->sealed, c->value);
    if (status == VEIL_OK) vl_sink_put(sink, (const char *)c->value, size);
    vl_wipe(c->value, size);
    return status;
}

veil_status vl_token_restore(vl_ciphers *ciphers, const vl_value *value, vl_sink *sink)
{
    size_t head = 1 + value->entity_bytes + 1;
    const char *text = value->text;
    if (value->size < head + 1 || text[0] != '<' || text[head - 1] != ':' || text[value->size - 1] != '>')
        return VEIL_ERR_MALFORMED_INPUT;
    if (memcmp(text + 1, value->entity, value->entity_bytes) != 0) return VEIL_ERR_MALFORMED_INPUT;
    return open_token(ciphers, value->inputs, (vl_bytes){value->entity, value->entity_bytes},
                      (vl_bytes){text + head, value->size - head - 1}, sink);
}

static bool is_name_byte(char c)
{
    return vl_is_alpha(c) || vl_is_digit(c) || c == '_' || c == '-' || c == '.';
}

/* What stands at a '<': a name, a colon and base32 letters up to `end`; closed by '>' there or not. */
typedef struct token_shape {
    char name[VL_ENTITY_NAME_BYTES]; /* white space left out */
    size_t name_bytes;
    size_t body;
    size_t end;     /* of the body */
    size_t letters; /* of the body, white space apart */
    bool is_closed;
} token_shape;

/* The name and its colon. */
static bool read_name(const char *text, size_t size, token_shape *shape)
{
    size_t blanks = 0;
    size_t at = 1;
    shape->name_bytes = 0;
    for (; at < size && blanks <= BLANKS_MAX; at++) {
        bool is_blank = vl_is_blank(text[at]);
        if (!is_blank && !is_name_byte(text[at])) break;
        blanks = is_blank ? blanks + 1 : 0;
        if (is_blank) continue;
        if (shape->name_bytes == VL_ENTITY_NAME_BYTES - 1) return false;
        shape->name[shape->name_bytes++] = text[at];
    }
    shape->body = at + 1;
    return shape->name_bytes > 0 && at < size && text[at] == ':';
}

static bool read_shape(const char *text, size_t size, token_shape *shape)
{
    if (!read_name(text, size, shape)) return false;
    size_t at = shape->body;
    size_t blanks = 0;
    shape->letters = 0;
    for (; at < size && blanks <= BLANKS_MAX; at++) {
        bool is_blank = vl_is_blank(text[at]);
        if (!is_blank && vl_base32_digit(text[at]) < 0) break;
        blanks = is_blank ? blanks + 1 : 0;
        shape->letters += !is_blank;
    }
    shape->end = at;
    shape->is_closed = at < size && text[at] == '>';
    return true;
}

veil_status vl_tokens_restore(vl_ciphers *ciphers, const vl_operator_inputs *inputs, const char *text, size_t size,
                              uint64_t deadline_ns, vl_sink *sink, uint64_t *restored, uint64_t *refused)
{
    size_t copied = 0;
    size_t seen = 0;
    for (size_t at = 0; at < size;) {
        const char *open = memchr(text + at, '<', size - at);
        if (open == NULL) break;
        token_shape shape;
        size_t start = (size_t)(open - text);
        at = start + 1;
        if (deadline_ns != 0 && ++seen % 64 == 0 && vl_deadline_passed(deadline_ns)) return VEIL_ERR_TIMEOUT;
        if (!read_shape(open, size - start, &shape)) continue;
        at = start + shape.end;
        veil_status status = VEIL_ERR_MALFORMED_INPUT;
        if (shape.is_closed) {
            vl_sink_put(sink, text + copied, start - copied);
            copied = start;
            status = open_token(ciphers, inputs, (vl_bytes){shape.name, shape.name_bytes},
                                (vl_bytes){open + shape.body, shape.end - shape.body}, sink);
        }
        if (status == VEIL_OK) {
            copied = ++at;
            ++*restored;
        } else if (status != VEIL_ERR_MALFORMED_INPUT) {
            return status;
        } else if (shape.letters >= LOOK_ALIKE_LETTERS) {
            ++*refused;
        }
    }
    vl_sink_put(sink, text + copied, size - copied);
    return VEIL_OK;
}
