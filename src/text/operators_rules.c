/*
 * Operator rules: checked and resolved once, before any text is read. A rule field that its operator would ignore is an
 * error, as is an input of a call that no operator uses: configuration that does nothing is how data stays in clear (THREATS
 * row 25).
 */
#include <stddef.h>
#include <string.h>

#include "core/error.h"
#include "text/operators.h"
#include "text/text.h"
#include "text/utf8.h"

#define SHIFT_DAYS_DEFAULT 365u
#define SHIFT_DAYS_MAX     36500u

static const char *const op_names[] = {NULL,      "replace", "redact",    "mask",  "hash",       "keep",
                                       "encrypt", "fpe",     "pseudonym", "token", "date shift", "callback"};

const char *vl_operator_name(uint32_t op)
{
    return op >= VEIL_OP_REPLACE && op <= VEIL_OP_CALLBACK ? op_names[op] : "unknown";
}

void vl_operators_default(vl_operator_set *set)
{
    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < VL_ENTITY_MAX; i++)
        set->of[i].op = VEIL_OP_REPLACE;
}

bool vl_operator_rule_read(const veil_operator_rule *rules, size_t index, veil_operator_rule *out)
{
    size_t stride = rules[0].struct_size;
    memset(out, 0, sizeof *out);
    if (stride < VL_OPERATOR_RULE_MIN_BYTES || stride > 4096 || stride % 8 != 0) return false;
    const unsigned char *at = (const unsigned char *)rules + index * stride;
    memcpy(out, at, stride < sizeof *out ? stride : sizeof *out);
    if (out->struct_size != stride) return false;
    for (size_t i = sizeof *out; i < stride; i++)
        if (at[i] != 0) return false;
    out->struct_size = sizeof *out;
    return true;
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
    if (rule->op != VEIL_OP_ENCRYPT && rule->cipher != 0) return "cipher is given, but the operator is not encrypt";
    if (rule->op != VEIL_OP_DATE_SHIFT && rule->shift_days != 0)
        return "shift_days is given, but the operator is not date shift";
    if (rule->op != VEIL_OP_CALLBACK && (rule->replace != NULL || rule->replace_user != NULL))
        return "replace is given, but the operator is not callback";
    if (rule->op == VEIL_OP_MASK) return NULL;
    if (rule->mask_char != 0 || rule->mask_count != 0 || rule->mask_end != 0)
        return "a mask field is given, but the operator is not mask";
    return NULL;
}

static const char *build_replace(const veil_operator_rule *rule, vl_operator *out)
{
    if (rule->text == NULL) return NULL;
    size_t bytes = strnlen(rule->text, VL_REPLACEMENT_MAX_BYTES + 1);
    if (bytes > VL_REPLACEMENT_MAX_BYTES) return "text is longer than 4,096 bytes";
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
    if (rule->hash_bits != 0 && rule->hash_bits != 256 && rule->hash_bits != 512)
        return "hash_bits is neither 256 nor 512";
    out->hash_bits = rule->hash_bits == 512 ? 512 : 256;
    return NULL;
}

static const char *build_callback(const veil_operator_rule *rule, vl_operator *out)
{
    out->replace = rule->replace;
    out->replace_user = rule->replace_user;
    return rule->replace == NULL ? "replace is NULL, but the operator is callback" : NULL;
}

/* Turn a rule into an operator; the reason why it cannot be one, or NULL. */
static const char *build(const veil_operator_rule *rule, vl_operator *out)
{
    memset(out, 0, sizeof *out);
    if (rule->op < VEIL_OP_REPLACE || rule->op > VEIL_OP_CALLBACK) return "unknown operator";
    const char *reason = idle_field(rule);
    if (reason != NULL) return reason;
    out->op = (uint8_t)rule->op;
    switch (rule->op) {
    case VEIL_OP_REPLACE:
        return build_replace(rule, out);
    case VEIL_OP_MASK:
        return build_mask(rule, out);
    case VEIL_OP_HASH:
        return build_hash(rule, out);
    case VEIL_OP_ENCRYPT:
        if (rule->cipher > VEIL_CIPHER_CBC) return "unknown cipher";
        out->cipher = (uint8_t)(rule->cipher == 0 ? VEIL_CIPHER_GCM : rule->cipher);
        return NULL;
    case VEIL_OP_DATE_SHIFT:
        if (rule->shift_days > SHIFT_DAYS_MAX) return "shift_days is above 36,500";
        out->shift_days = (uint16_t)(rule->shift_days == 0 ? SHIFT_DAYS_DEFAULT : rule->shift_days);
        return NULL;
    case VEIL_OP_CALLBACK:
        return build_callback(rule, out);
    default:
        return NULL;
    }
}

static veil_status check_key(const vl_operator *op, size_t index, size_t key_bytes, veil_error *error)
{
    bool needs_key = op->op == VEIL_OP_HASH || (op->op >= VEIL_OP_ENCRYPT && op->op <= VEIL_OP_DATE_SHIFT);
    if (needs_key && key_bytes == 0)
        return vl_error_set(error, VEIL_ERR_KEY, 0, "operator rule %zu: %s needs a key", index, op_names[op->op]);
    bool is_cbc = op->op == VEIL_OP_ENCRYPT && op->cipher == VEIL_CIPHER_CBC;
    if (is_cbc && key_bytes != 16 && key_bytes != 24 && key_bytes != 32)
        return vl_error_set(error, VEIL_ERR_KEY, 0,
                            "operator rule %zu: encrypt with CBC needs a key of 16, 24 or 32 bytes, not %zu", index,
                            key_bytes);
    return VEIL_OK;
}

veil_status vl_operator_parse_one(const veil_operator_rule *rule, size_t key_bytes, vl_operator *out, veil_error *error)
{
    const char *reason = build(rule, out);
    return reason != NULL ? refuse(error, 0, reason) : check_key(out, 0, key_bytes, error);
}

static bool is_wildcard(const veil_operator_rule *rule)
{
    return rule->entity[0] == '*' && rule->entity[1] == '\0';
}

static veil_status check_rule(const veil_operator_rule *rule, size_t index, size_t key_bytes,
                              int (*entity_of)(const void *names, const char *name), const void *names,
                              size_t entity_count, veil_error *error)
{
    vl_operator built;
    if (rule->entity == NULL) return refuse(error, index, "entity is NULL");
    if (!is_wildcard(rule)) {
        int entity = entity_of(names, rule->entity);
        if (entity < 0 || (size_t)entity >= entity_count) return refuse(error, index, "unknown entity");
    }
    const char *reason = build(rule, &built);
    return reason != NULL ? refuse(error, index, reason) : check_key(&built, index, key_bytes, error);
}

static void note_kinds(vl_operator_set *set, size_t entity_count)
{
    set->any_keep = set->any_hash = set->any_shift = set->any_token = set->any_field = false;
    for (size_t i = 0; i < entity_count; i++) {
        const vl_operator *op = &set->of[i];
        set->any_keep |= op->op == VEIL_OP_KEEP;
        set->any_hash |= op->op == VEIL_OP_HASH;
        set->any_shift |= op->op == VEIL_OP_DATE_SHIFT;
        set->any_token |= op->op == VEIL_OP_TOKEN;
        set->any_field |= op->op == VEIL_OP_FPE || (op->op == VEIL_OP_ENCRYPT && op->cipher != VEIL_CIPHER_CBC);
    }
}

veil_status vl_operators_parse(vl_operator_set *set, const veil_operator_rule *rules, size_t rule_count,
                               size_t key_bytes, int (*entity_of)(const void *names, const char *name),
                               const void *names, size_t entity_count, veil_error *error)
{
    veil_operator_rule rule;
    if (entity_count > VL_ENTITY_MAX || (rules == NULL && rule_count > 0))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "operator rules are NULL");
    size_t wildcard = rule_count;
    for (size_t i = 0; i < rule_count; i++) {
        if (!vl_operator_rule_read(rules, i, &rule))
            return refuse(error, i, "struct_size is not that of the first rule, or not one of this library");
        veil_status status = check_rule(&rule, i, key_bytes, entity_of, names, entity_count, error);
        if (status != VEIL_OK) return status;
        if (is_wildcard(&rule)) wildcard = i;
    }
    /* "*" stands for the entities that these rules do not name, wherever it stands among them. */
    if (wildcard < rule_count) {
        vl_operator built;
        (void)vl_operator_rule_read(rules, wildcard, &rule);
        (void)build(&rule, &built);
        for (size_t i = 0; i < entity_count; i++)
            set->of[i] = built;
    }
    for (size_t i = 0; i < rule_count; i++) {
        (void)vl_operator_rule_read(rules, i, &rule);
        if (!is_wildcard(&rule)) (void)build(&rule, &set->of[entity_of(names, rule.entity)]);
    }
    note_kinds(set, entity_count);
    return VEIL_OK;
}

static veil_status refuse_input(veil_error *error, const char *reason)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "options.%s", reason);
}

veil_status vl_operators_check_inputs(const vl_operator_set *set, const vl_operator_inputs *inputs, bool redacts,
                                      veil_error *error)
{
    if (inputs->subject != NULL && !set->any_shift)
        return refuse_input(error, "subject is given, but no operator shifts dates");
    if (inputs->token_context != NULL && !set->any_token)
        return refuse_input(error, "token_context is given, but no operator makes tokens");
    if (inputs->field != NULL && !set->any_field)
        return refuse_input(error, "field is given, but no operator encrypts (GCM, SIV) or is fpe");
    if (redacts && set->any_shift && inputs->subject == NULL)
        return refuse_input(error, "subject is needed: an operator shifts dates");
    return VEIL_OK;
}
