/*
 * Allow lists. A finding's whole text is looked up, as it is and in one case; then all regular expressions are asked at once,
 * anchored at both ends. Findings are few, so this costs nothing elsewhere.
 */
#include "text/allow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "text/custom_fold.h"
#include "text/custom_impl.h"
#include "text/wordlist_impl.h"

#define EXACT_BYTES   512u
#define EXACT_MAX     1000000u
#define REGEX_MAX     4096u
#define EVERY_ENTITY  UINT16_MAX
#define EXTRA_ANCHORS 16u

/** One exact text. */
typedef struct exact {
    uint64_t text; /* offset */
    uint32_t next; /* index + 1 of another with the same hash; 0: none */
    uint16_t bytes;
    uint16_t entity;
    uint32_t is_caseless;
} exact;

struct vl_allow {
    vl_allocator allocator;
    exact *exacts;
    size_t exact_count;
    uint32_t *heads; /* by hash: index + 1 */
    size_t head_count;
    uint8_t *texts;
    size_t text_bytes;
    size_t text_capacity;
    hs_database_t *regexes; /* NULL: none */
    uint16_t *entities;     /* of each regex */
    size_t regex_count;
};

static veil_status refuse(veil_error *error, const veil_allow_rule *rule, size_t index, const char *reason)
{
    if (rule->line != 0)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "line %u: allow rule %zu: %s", rule->line, index,
                            reason);
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "config.allow[%zu]: %s", index, reason);
}

static const char *fault_of(const veil_allow_rule *rule, const vl_catalogue *catalogue)
{
    if (rule->struct_size != sizeof *rule) return "struct_size is not that of this library";
    if (rule->kind > VEIL_ALLOW_REGEX) return "unknown kind";
    if (rule->is_caseless > 1 || rule->reserved != 0) return "is_caseless or reserved is wrong";
    if (rule->entity == NULL || rule->text == NULL || rule->text[0] == '\0') return "entity or text is NULL or empty";
    if (strcmp(rule->entity, "*") != 0 && vl_catalogue_find(catalogue, rule->entity) < 0) return "unknown entity";
    if (rule->kind == VEIL_ALLOW_EXACT)
        return strnlen(rule->text, EXACT_BYTES + 1) > EXACT_BYTES ? "text is longer than 512 bytes" : NULL;
    return vl_own_pattern_fault(rule->text);
}

/* A pattern is a whole one: "a)|(?:b" would leave the anchors that are put around it. */
static veil_status check_alone(const veil_allow_rule *rule, size_t index, veil_error *error)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *reason = NULL;
    hs_error_t code = hs_expression_info(rule->text, rule->is_caseless ? HS_FLAG_CASELESS : 0u, &info, &reason);
    free(info); /* Hyperscan's misc allocator, which is malloc unless the host changed it; we never do */
    if (code == HS_SUCCESS) return VEIL_OK;
    veil_status status =
        code == HS_COMPILER_ERROR && reason != NULL ? refuse(error, rule, index, reason->message) : VEIL_ERR_NO_MEMORY;
    hs_free_compile_error(reason);
    return status;
}

static uint16_t entity_of(const veil_allow_rule *rule, const vl_catalogue *catalogue)
{
    return strcmp(rule->entity, "*") == 0 ? EVERY_ENTITY : (uint16_t)vl_catalogue_find(catalogue, rule->entity);
}

static veil_status check(const veil_allow_rule *rules, size_t count, const vl_catalogue *catalogue, vl_allow *allow,
                         veil_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *fault = fault_of(&rules[i], catalogue);
        if (fault != NULL) return refuse(error, &rules[i], i, fault);
        if (rules[i].kind == VEIL_ALLOW_REGEX) {
            veil_status status = check_alone(&rules[i], i, error);
            if (status != VEIL_OK) return status;
            allow->regex_count++;
        } else {
            allow->exact_count++;
            allow->text_capacity += strlen(rules[i].text) * (rules[i].is_caseless ? 2 : 1);
        }
        if (allow->exact_count > EXACT_MAX) return refuse(error, &rules[i], i, "there are more than 1,000,000 texts");
        if (allow->regex_count > REGEX_MAX) return refuse(error, &rules[i], i, "there are more than 4,096 patterns");
    }
    return VEIL_OK;
}

static uint32_t *head_of(const vl_allow *allow, const uint8_t *folded, size_t bytes)
{
    return &allow->heads[vl_word_place(vl_word_mix(vl_word_hash(folded, bytes)), allow->head_count)];
}

static veil_status add_exacts(vl_allow *allow, const veil_allow_rule *rules, size_t count,
                              const vl_catalogue *catalogue)
{
    if (allow->exact_count == 0) return VEIL_OK;
    size_t added = 0;
    allow->head_count = allow->exact_count * 2;
    allow->exacts = vl_alloc_zero(&allow->allocator, allow->exact_count, sizeof *allow->exacts);
    allow->heads = vl_alloc_zero(&allow->allocator, allow->head_count, sizeof *allow->heads);
    allow->texts = vl_alloc(&allow->allocator, allow->text_capacity);
    if (allow->exacts == NULL || allow->heads == NULL || allow->texts == NULL) return VEIL_ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        uint8_t folded[2 * EXACT_BYTES];
        const veil_allow_rule *rule = &rules[i];
        if (rule->kind != VEIL_ALLOW_EXACT) continue;
        size_t bytes = strlen(rule->text);
        size_t folded_bytes = vl_fold_case((const uint8_t *)rule->text, bytes, folded, sizeof folded);
        uint32_t *head = head_of(allow, folded, folded_bytes);
        exact *to = &allow->exacts[added++];
        to->text = allow->text_bytes;
        to->bytes = (uint16_t)(rule->is_caseless ? folded_bytes : bytes);
        to->entity = entity_of(rule, catalogue);
        to->is_caseless = rule->is_caseless;
        to->next = *head;
        memcpy(allow->texts + allow->text_bytes, rule->is_caseless ? (const char *)folded : rule->text, to->bytes);
        allow->text_bytes += to->bytes;
        *head = (uint32_t)added;
    }
    return VEIL_OK;
}

/* What hs_compile_multi wants, for the regular expressions among the rules. */
typedef struct arrays {
    const char **texts;
    unsigned *flags;
    unsigned *ids;
    const veil_allow_rule **rules;
    char *copies;
    size_t copy_bytes;
} arrays;

static void arrays_free(const vl_allocator *allocator, arrays *a, size_t count)
{
    vl_free(allocator, a->texts, count * sizeof *a->texts);
    vl_free(allocator, a->flags, count * sizeof *a->flags);
    vl_free(allocator, a->ids, count * sizeof *a->ids);
    vl_free(allocator, a->rules, count * sizeof *a->rules);
    vl_free(allocator, a->copies, a->copy_bytes);
}

static veil_status arrays_make(const vl_allow *allow, const veil_allow_rule *rules, size_t count, arrays *a)
{
    const vl_allocator *allocator = &allow->allocator;
    for (size_t i = 0; i < count; i++)
        if (rules[i].kind == VEIL_ALLOW_REGEX) a->copy_bytes += strlen(rules[i].text) + EXTRA_ANCHORS;
    a->texts = vl_alloc(allocator, allow->regex_count * sizeof *a->texts);
    a->flags = vl_alloc(allocator, allow->regex_count * sizeof *a->flags);
    a->ids = vl_alloc(allocator, allow->regex_count * sizeof *a->ids);
    a->rules = vl_alloc(allocator, allow->regex_count * sizeof *a->rules);
    a->copies = vl_alloc(allocator, a->copy_bytes);
    bool has_all = a->texts != NULL && a->flags != NULL && a->ids != NULL && a->rules != NULL && a->copies != NULL;
    if (!has_all) return VEIL_ERR_NO_MEMORY;
    char *to = a->copies;
    unsigned made = 0;
    for (size_t i = 0; i < count; i++) {
        if (rules[i].kind != VEIL_ALLOW_REGEX) continue;
        a->texts[made] = to;
        to += sprintf(to, "\\A(?:%s)\\z", rules[i].text) + 1;
        a->flags[made] = HS_FLAG_SINGLEMATCH | (rules[i].is_caseless ? HS_FLAG_CASELESS : 0u);
        a->ids[made] = made;
        a->rules[made] = &rules[i];
        allow->entities[made++] = 0;
    }
    return VEIL_OK;
}

static veil_status compile(vl_allow *allow, const veil_allow_rule *rules, arrays *a, veil_error *error)
{
    hs_compile_error_t *reason = NULL;
    hs_error_t code = hs_compile_multi(a->texts, a->flags, a->ids, (unsigned)allow->regex_count, HS_MODE_BLOCK, NULL,
                                       &allow->regexes, &reason);
    veil_status status = code == HS_SUCCESS ? VEIL_OK : VEIL_ERR_NO_MEMORY;
    if (code == HS_COMPILER_ERROR && reason != NULL && reason->expression >= 0 &&
        (size_t)reason->expression < allow->regex_count) {
        const veil_allow_rule *rule = a->rules[reason->expression];
        status = refuse(error, rule, (size_t)(rule - rules), reason->message);
    }
    hs_free_compile_error(reason);
    return status;
}

static veil_status add_regexes(vl_allow *allow, const veil_allow_rule *rules, size_t count,
                               const vl_catalogue *catalogue, veil_error *error)
{
    if (allow->regex_count == 0) return VEIL_OK;
    arrays a = {.copy_bytes = 0};
    allow->entities = vl_alloc(&allow->allocator, allow->regex_count * sizeof *allow->entities);
    veil_status status = allow->entities == NULL ? VEIL_ERR_NO_MEMORY : arrays_make(allow, rules, count, &a);
    for (size_t i = 0; i < allow->regex_count && status == VEIL_OK; i++)
        allow->entities[i] = entity_of(a.rules[i], catalogue);
    if (status == VEIL_OK) status = compile(allow, rules, &a, error);
    arrays_free(&allow->allocator, &a, allow->regex_count);
    return status;
}

veil_status vl_allow_create(const vl_allocator *allocator, const veil_allow_rule *rules, size_t count,
                            const vl_catalogue *catalogue, vl_allow **out, veil_error *error)
{
    *out = NULL;
    if (count == 0) return VEIL_OK;
    vl_allow *allow = vl_alloc_zero(allocator, 1, sizeof *allow);
    if (allow == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "allow list");
    allow->allocator = *allocator;
    veil_status status = check(rules, count, catalogue, allow, error);
    if (status == VEIL_OK) status = add_exacts(allow, rules, count, catalogue);
    if (status == VEIL_OK) status = add_regexes(allow, rules, count, catalogue, error);
    if (status != VEIL_OK) {
        if (status == VEIL_ERR_NO_MEMORY) vl_error_set(error, status, 0, "allow list");
        vl_allow_destroy(allow);
        return status;
    }
    *out = allow;
    return VEIL_OK;
}

void vl_allow_destroy(vl_allow *allow)
{
    if (allow == NULL) return;
    vl_allocator allocator = allow->allocator;
    vl_free(&allocator, allow->exacts, allow->exact_count * sizeof *allow->exacts);
    vl_free(&allocator, allow->heads, allow->head_count * sizeof *allow->heads);
    vl_free(&allocator, allow->texts, allow->text_capacity);
    vl_free(&allocator, allow->entities, allow->regex_count * sizeof *allow->entities);
    hs_free_database(allow->regexes);
    vl_free(&allocator, allow, sizeof *allow);
}

veil_status vl_allow_scratch(const vl_allow *allow, hs_scratch_t **scratch)
{
    if (allow->regexes == NULL) return VEIL_OK;
    return hs_alloc_scratch(allow->regexes, scratch) == HS_SUCCESS ? VEIL_OK : VEIL_ERR_NO_MEMORY;
}

static bool is_for(uint16_t rule, unsigned entity)
{
    return rule == EVERY_ENTITY || rule == entity;
}

static bool holds_exact(const vl_allow *allow, const uint8_t *text, size_t size, unsigned entity)
{
    uint8_t folded[2 * EXACT_BYTES];
    if (allow->exact_count == 0 || size > 2 * EXACT_BYTES) return false;
    size_t folded_bytes = vl_fold_case(text, size, folded, sizeof folded);
    if (folded_bytes == SIZE_MAX) return false;
    bool holds = false;
    for (uint32_t next = *head_of(allow, folded, folded_bytes); next != 0 && !holds;
         next = allow->exacts[next - 1].next) {
        const exact *e = &allow->exacts[next - 1];
        const uint8_t *form = e->is_caseless ? folded : text;
        size_t bytes = e->is_caseless ? folded_bytes : size;
        holds = is_for(e->entity, entity) && e->bytes == bytes && memcmp(allow->texts + e->text, form, bytes) == 0;
    }
    vl_wipe(folded, folded_bytes);
    return holds;
}

typedef struct asking {
    const vl_allow *allow;
    unsigned entity;
    bool holds;
} asking;

static int note(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    asking *a = context;
    (void)from, (void)to, (void)flags;
    if (is_for(a->allow->entities[id], a->entity)) a->holds = true;
    return a->holds;
}

veil_status vl_allow_holds(const vl_allow *allow, hs_scratch_t *scratch, const uint8_t *text, size_t size,
                           unsigned entity, bool *holds)
{
    *holds = holds_exact(allow, text, size, entity);
    if (*holds || allow->regexes == NULL || size > UINT32_MAX) return VEIL_OK;
    asking a = {allow, entity, false};
    hs_error_t code = hs_scan(allow->regexes, (const char *)text, (unsigned)size, 0, scratch, note, &a);
    *holds = a.holds;
    return code == HS_SUCCESS || code == HS_SCAN_TERMINATED ? VEIL_OK : VEIL_ERR_INTERNAL;
}
