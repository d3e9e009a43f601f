/*
 * Operators: rules are checked and resolved once, then applied piece by piece. Output goes through a sink that keeps
 * counting when its room is used up, so that one pass gives either the text or the size it needs. A rule field that its
 * operator would ignore is an error: configuration that does nothing is how data stays in clear (THREATS row 25).
 */
#include "text/operators.h"

#include <string.h>

#include "core/error.h"
#include "text/utf8.h"

/* A replacement is written once for each finding; a longer one is a mistake, not a label. */
#define REPLACEMENT_MAX_BYTES 4096u

#define HASH_MAX_BYTES 64u

void vl_sink_put(vl_sink *sink, const char *bytes, size_t size_bytes)
{
    if (sink->written < sink->capacity) {
        size_t room = sink->capacity - sink->written;
        memcpy(sink->out + sink->written, bytes, size_bytes < room ? size_bytes : room);
    }
    sink->written += size_bytes;
}

void vl_operators_default(vl_operator_set *set)
{
    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < VL_ENTITY_MAX; i++)
        set->of[i].op = VEIL_OP_REPLACE;
}

static bool is_utf8(const char *text, size_t size_bytes)
{
    for (size_t at = 0; at < size_bytes;) {
        size_t step = vl_utf8_step(text + at, size_bytes - at);
        if (step == 1 && (text[at] & 0x80) != 0) return false;
        at += step;
    }
    return true;
}

static veil_status refuse(veil_error *error, size_t index, const char *reason)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "operator rule %zu: %s", index, reason);
}

/* The first field that is set although `op` has no use for it, in words, or NULL. */
static const char *idle_field(const veil_operator_rule *rule)
{
    if (rule->reserved != 0) return "reserved is not 0";
    if (rule->op != VEIL_OP_REPLACE && rule->text != NULL) return "text is given, but the operator is not replace";
    if (rule->op != VEIL_OP_HASH && rule->hash_bits != 0) return "hash_bits is given, but the operator is not hash";
    if (rule->op == VEIL_OP_MASK) return NULL;
    if (rule->mask_char != 0 || rule->mask_count != 0 || rule->mask_end != 0)
        return "a mask field is given, but the operator is not mask";
    return NULL;
}

static const char *build_replace(const veil_operator_rule *rule, vl_operator *out)
{
    if (rule->text == NULL) return NULL;
    size_t bytes = strnlen(rule->text, REPLACEMENT_MAX_BYTES + 1);
    if (bytes > REPLACEMENT_MAX_BYTES) return "text is longer than 4,096 bytes";
    if (!is_utf8(rule->text, bytes)) return "text is not UTF-8";
    out->text = rule->text;
    out->text_bytes = (uint32_t)bytes;
    return NULL;
}

static const char *build_mask(const veil_operator_rule *rule, vl_operator *out)
{
    if (rule->mask_end > 1) return "mask_end is neither 0 nor 1";
    size_t bytes = vl_utf8_encode(rule->mask_char == 0 ? '*' : rule->mask_char, out->mask_char);
    if (bytes == 0) return "mask_char is not a Unicode scalar value";
    out->mask_char_bytes = (uint8_t)bytes;
    out->mask_count = rule->mask_count;
    out->mask_end = (uint8_t)rule->mask_end;
    return NULL;
}

static const char *build_hash(const veil_operator_rule *rule, vl_operator *out)
{
    out->hash_bits = rule->hash_bits == 0 ? 256 : rule->hash_bits;
    return out->hash_bits == 256 || out->hash_bits == 512 ? NULL : "hash_bits is neither 256 nor 512";
}

/* Turn a rule into an operator; the reason why it cannot be one, or NULL. */
static const char *build(const veil_operator_rule *rule, vl_operator *out)
{
    memset(out, 0, sizeof *out);
    if (rule->op < VEIL_OP_REPLACE || rule->op > VEIL_OP_KEEP) return "unknown operator";
    const char *reason = idle_field(rule);
    if (reason != NULL) return reason;
    out->op = (uint8_t)rule->op;
    if (rule->op == VEIL_OP_REPLACE) return build_replace(rule, out);
    if (rule->op == VEIL_OP_MASK) return build_mask(rule, out);
    if (rule->op == VEIL_OP_HASH) return build_hash(rule, out);
    return NULL;
}

static bool is_wildcard(const veil_operator_rule *rule)
{
    return rule->entity[0] == '*' && rule->entity[1] == '\0';
}

static veil_status check_rule(const veil_operator_rule *rule, size_t index, bool has_key,
                              int (*entity_of)(const void *names, const char *name), const void *names,
                              size_t entity_count, veil_error *error)
{
    vl_operator built;
    if (rule->struct_size != sizeof *rule) return refuse(error, index, "struct_size is not that of this library");
    if (rule->entity == NULL) return refuse(error, index, "entity is NULL");
    if (!is_wildcard(rule)) {
        int entity = entity_of(names, rule->entity);
        if (entity < 0 || (size_t)entity >= entity_count) return refuse(error, index, "unknown entity");
    }
    const char *reason = build(rule, &built);
    if (reason != NULL) return refuse(error, index, reason);
    if (built.op == VEIL_OP_HASH && !has_key)
        return vl_error_set(error, VEIL_ERR_KEY, 0, "operator rule %zu: hash needs a key", index);
    return VEIL_OK;
}

static void note_kinds(vl_operator_set *set, size_t entity_count)
{
    set->any_keep = false;
    set->any_hash = false;
    for (size_t i = 0; i < entity_count; i++) {
        set->any_keep |= set->of[i].op == VEIL_OP_KEEP;
        set->any_hash |= set->of[i].op == VEIL_OP_HASH;
    }
}

veil_status vl_operators_parse(vl_operator_set *set, const veil_operator_rule *rules, size_t rule_count, bool has_key,
                               int (*entity_of)(const void *names, const char *name), const void *names,
                               size_t entity_count, veil_error *error)
{
    if (entity_count > VL_ENTITY_MAX || (rules == NULL && rule_count > 0))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "operator rules are NULL");
    const veil_operator_rule *wildcard = NULL;
    for (size_t i = 0; i < rule_count; i++) {
        veil_status status = check_rule(&rules[i], i, has_key, entity_of, names, entity_count, error);
        if (status != VEIL_OK) return status;
        if (is_wildcard(&rules[i])) wildcard = &rules[i];
    }
    /* "*" stands for the entities that these rules do not name, wherever it stands among them. */
    if (wildcard != NULL) {
        vl_operator built;
        (void)build(wildcard, &built);
        for (size_t i = 0; i < entity_count; i++)
            set->of[i] = built;
    }
    for (size_t i = 0; i < rule_count; i++) {
        if (!is_wildcard(&rules[i])) (void)build(&rules[i], &set->of[entity_of(names, rules[i].entity)]);
    }
    note_kinds(set, entity_count);
    return VEIL_OK;
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

static veil_status apply_hash(const vl_operator *op, const char *span, size_t size_bytes, vl_hmac *hmac, vl_sink *sink)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t digest[HASH_MAX_BYTES];
    char text[2 * HASH_MAX_BYTES];
    if (hmac == NULL) return VEIL_ERR_KEY;
    veil_status status = vl_hmac_run(hmac, span, size_bytes, digest);
    if (status != VEIL_OK) return status;
    size_t digest_bytes = op->hash_bits / 8;
    for (size_t i = 0; i < digest_bytes; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    vl_sink_put(sink, text, 2 * digest_bytes);
    return VEIL_OK;
}

veil_status vl_operators_apply(const vl_operator_set *set, const char *window, size_t from, size_t to,
                               const vl_piece *pieces, size_t piece_count, vl_hmac *hmac256, vl_hmac *hmac512,
                               const char *(*placeholder_of)(const void *names, uint16_t entity, size_t *size_bytes),
                               const void *names, vl_sink *sink)
{
    static const vl_operator rest = {.op = VEIL_OP_REPLACE};
    for (size_t i = 0; i < piece_count; i++) {
        const vl_piece *piece = &pieces[i];
        const vl_operator *op = &set->of[piece->entity];
        bool sees_value = op->op == VEIL_OP_MASK || op->op == VEIL_OP_HASH;
        if (piece->kind == VL_PIECE_REST || (piece->kind == VL_PIECE_LONG && sees_value)) op = &rest;
        const char *span = window + piece->start;
        size_t span_bytes = piece->end - piece->start;
        veil_status status = VEIL_OK;
        size_t placeholder_bytes = 0;
        vl_sink_put(sink, window + from, piece->start - from);
        from = piece->end;
        switch (op->op) {
        case VEIL_OP_REDACT:
            break;
        case VEIL_OP_MASK:
            apply_mask(op, span, span_bytes, sink);
            break;
        case VEIL_OP_HASH:
            status = apply_hash(op, span, span_bytes, op->hash_bits == 512 ? hmac512 : hmac256, sink);
            break;
        case VEIL_OP_KEEP:
            vl_sink_put(sink, span, span_bytes);
            break;
        default: {
            const char *placeholder = op->text;
            placeholder_bytes = op->text_bytes;
            if (placeholder == NULL) placeholder = placeholder_of(names, piece->entity, &placeholder_bytes);
            vl_sink_put(sink, placeholder, placeholder_bytes);
        }
        }
        if (status != VEIL_OK) return status;
    }
    vl_sink_put(sink, window + from, to - from);
    return VEIL_OK;
}
