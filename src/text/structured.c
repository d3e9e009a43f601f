/* Documents: which format, the rules of fields, and the walk over lines of JSON. */
#include "text/structured.h"

#include <string.h>

#include "core/clock.h"
#include "core/json_scan.h"
#include "text/utf8.h"

/* ---- rules of fields ---- */

/* The byte at `at` of a name, or the bytes that an escape stands for; ASCII letters small. Moves `at` behind it. */
static size_t read_letter(const vl_structured *s, const vl_name *name, size_t *at, char out[4])
{
    size_t length = 1;
    size_t count = 1;
    out[0] = (char)s->text[*at];
    if (name->escapes == VL_ESCAPES_CSV && out[0] == '"') length = 2;
    if (name->escapes == VL_ESCAPES_JSON && out[0] == '\\')
        count = vl_utf8_encode(vl_json_escape((const char *)s->text + *at, name->end - *at, &length), out);
    *at += length;
    out[0] = vl_to_lower(out[0]);
    return count;
}

static bool is_name(const vl_structured *s, const vl_name *name, const char *wanted, size_t size)
{
    size_t at = name->start;
    for (size_t i = 0; i < size;) {
        char unit[4];
        if (at >= name->end) return false;
        size_t count = read_letter(s, name, &at, unit);
        if (count > size - i) return false;
        for (size_t k = 0; k < count; k++, i++)
            if (unit[k] != vl_to_lower(wanted[i])) return false;
    }
    return at == name->end;
}

/* "users.phone": the last names of the path. */
static bool is_path(const vl_structured *s, const vl_name *path, size_t count, const char *wanted)
{
    size_t end = strlen(wanted);
    if (count > 0 && is_name(s, &path[count - 1], wanted, end)) return true;
    for (; count > 0; count--) {
        size_t start = end;
        while (start > 0 && wanted[start - 1] != '.')
            start--;
        if (!is_name(s, &path[count - 1], wanted + start, end - start)) return false;
        if (start == 0) return true;
        end = start - 1;
    }
    return false;
}

/* "#3" */
static bool is_column(const char *wanted, size_t column)
{
    size_t number = 0;
    if (wanted[0] != '#' || column == 0) return false;
    for (wanted++; vl_is_digit(*wanted) && number < 100000; wanted++)
        number = number * 10 + (size_t)(*wanted - '0');
    return *wanted == '\0' && number == column;
}

bool vl_field_fits(const vl_structured *s, const veil_field_rule *rule, const vl_name *path, size_t count,
                   size_t column)
{
    return is_column(rule->name, column) || is_path(s, path, count, rule->name);
}

int vl_field_entity(const vl_structured *s, const vl_name *path, size_t count, size_t column)
{
    for (size_t i = s->plan->field_count; i-- > 0;) {
        const veil_field_rule *rule = &s->plan->fields[i];
        if (vl_field_fits(s, rule, path, count, column)) return vl_catalogue_find(&s->engine->catalogue, rule->entity);
    }
    return -1;
}

/* ---- documents ---- */

static bool is_blank(const vl_structured *s, size_t from, size_t to)
{
    while (from < to && (s->text[from] == ' ' || s->text[from] == '\t' || s->text[from] == '\r'))
        from++;
    return from == to;
}

static veil_status run_lines(vl_structured *s)
{
    veil_status status = VEIL_OK;
    for (size_t at = 0; at < s->size && status == VEIL_OK;) {
        const uint8_t *newline = memchr(s->text + at, '\n', s->size - at);
        size_t end = newline == NULL ? s->size : (size_t)(newline - s->text);
        if (!is_blank(s, at, end)) status = vl_structured_json(s, at, end);
        at = end + (newline != NULL);
    }
    return status;
}

/* What an operator writes may hold a separator, a quote or a line's end. */
static bool may_need_quotes(const vl_operator *op)
{
    static const char special[] = ",\t\"\r\n";
    if (op->op == VEIL_OP_REPLACE) return op->text != NULL && strcspn(op->text, special) < op->text_bytes;
    if (op->op == VEIL_OP_MASK) return op->mask_char_bytes == 1 && strchr(special, op->mask_char[0]) != NULL;
    return op->op != VEIL_OP_REDACT && op->op != VEIL_OP_HASH && op->op != VEIL_OP_KEEP;
}

static void note_quotes(vl_structured *s)
{
    for (unsigned i = 0; i < vl_entity_end(&s->engine->catalogue); i++)
        s->may_need_quotes |= may_need_quotes(&s->operators->of[i]);
}

static veil_status run_format(vl_structured *s)
{
    switch (s->plan->format) {
    case VEIL_FORMAT_JSON:
        return vl_structured_json(s, 0, s->size);
    case VEIL_FORMAT_NDJSON:
        return run_lines(s);
    case VEIL_FORMAT_CSV:
        note_quotes(s);
        return vl_structured_csv(s, ',');
    default:
        note_quotes(s);
        return vl_structured_csv(s, '\t');
    }
}

veil_status vl_structured_run(const vl_text_engine *engine, const vl_plan *plan, vl_workspace *workspace,
                              const uint8_t *text, size_t size, const vl_output *output, veil_error *error)
{
    vl_windows w;
    vl_structured s = {.engine = engine,
                       .plan = plan,
                       .workspace = workspace,
                       .text = text,
                       .size = size,
                       .output = output,
                       .error = error};
    vl_windows_init(&w, engine, plan, text, 0);
    vl_windows_attach(&w, workspace);
    veil_status status = vl_windows_operators(&w, output->sink != NULL, error);
    s.operators = w.operators;
    s.drops_kept = output->sink != NULL && s.operators->any_keep;
    if (status == VEIL_OK) status = run_format(&s);
    if (status == VEIL_OK && output->sink != NULL && size > s.copied)
        vl_sink_put(output->sink, (const char *)text + s.copied, size - s.copied);
    return status;
}
