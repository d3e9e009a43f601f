/*
 * CSV (RFC 4180) and TSV. The first record names the columns unless the call says that it does not; each later record is walked
 * beside it, so that no table of names is kept. Quotes within a field without quotes are bytes as others; behind the closing
 * quote of a field only a separator or the record's end may stand.
 */
#include "text/structured.h"

typedef vl_csv_field field;

#define LONG_NAME_BYTES 256u /* names up to here are read again beside each record */

static bool ends_line(const vl_structured *s, size_t p)
{
    return p == s->size || s->text[p] == '\n' || s->text[p] == '\r';
}

static size_t behind_line(const vl_structured *s, size_t p)
{
    if (p < s->size && s->text[p] == '\r') p++;
    if (p < s->size && s->text[p] == '\n') p++;
    return p;
}

static veil_status read_quoted(const vl_structured *s, size_t p, uint8_t separator, field *out)
{
    size_t at = p + 1;
    out->start = at;
    out->is_quoted = true;
    for (;; at++) {
        if (at == s->size)
            return vl_error_set(s->error, VEIL_ERR_MALFORMED_INPUT, p, "a quote that opens a field is not closed");
        if (s->text[at] != '"') continue;
        if (at + 1 == s->size || s->text[at + 1] != '"') break;
        out->has_quotes = true;
        at++;
    }
    out->end = at;
    out->next = at + 1;
    if (ends_line(s, out->next) || s->text[out->next] == separator) return VEIL_OK;
    return vl_error_set(s->error, VEIL_ERR_MALFORMED_INPUT, out->next,
                        "bytes stand behind the closing quote of a field");
}

static veil_status read_field(const vl_structured *s, size_t p, uint8_t separator, field *out)
{
    veil_status status = VEIL_OK;
    *out = (field){.first = p, .start = p};
    if (p < s->size && s->text[p] == '"') {
        status = read_quoted(s, p, separator, out);
    } else {
        for (; !ends_line(s, p) && s->text[p] != separator; p++)
            out->has_odd_ones |= s->text[p] == '"';
        out->end = p;
        out->next = p;
    }
    if (status != VEIL_OK) return status;
    out->ends_record = ends_line(s, out->next);
    out->next = out->ends_record ? behind_line(s, out->next) : out->next + 1;
    return VEIL_OK;
}

/* A name of the header, for each record again: what one long name costs must not be paid by records of two bytes. */
static veil_status read_name(vl_structured *s, size_t p, uint8_t separator, field *out)
{
    for (size_t i = 0; i < s->long_name_count; i++) {
        if (s->long_names[i].first == p) {
            *out = s->long_names[i];
            return VEIL_OK;
        }
    }
    veil_status status = read_field(s, p, separator, out);
    if (status != VEIL_OK || out->next - p <= LONG_NAME_BYTES) return status;
    if (s->long_name_count == VL_LONG_NAMES_MAX)
        return vl_error_set(s->error, VEIL_ERR_LIMIT, p, "more than %u names of columns have over %u bytes",
                            VL_LONG_NAMES_MAX, LONG_NAME_BYTES);
    s->long_names[s->long_name_count++] = *out;
    return VEIL_OK;
}

static vl_name name_of(const field *header)
{
    return (vl_name){header->start, header->end, header->has_quotes ? VL_ESCAPES_CSV : VL_ESCAPES_NONE};
}

static veil_status take_field(vl_structured *s, const field *f, const vl_name *name, int entity)
{
    vl_field value = {.start = f->start, .end = f->end, .entity = entity};
    bool quotes = f->is_quoted || f->has_odd_ones || s->may_need_quotes;
    value.escapes = f->has_quotes ? VL_ESCAPES_CSV : VL_ESCAPES_NONE;
    value.sink_encoding = quotes ? VL_SINK_CSV : VL_SINK_RAW;
    value.needs_quotes = quotes && !f->is_quoted;
    if (name != NULL) value.name = *name;
    return vl_field_run(s, &value);
}

/* The record at *p. `header`: where the record of names is, SIZE_MAX: there are none. */
static veil_status take_record(vl_structured *s, size_t *p, uint8_t separator, size_t header, bool is_header)
{
    field f = {.ends_record = false};
    field named = {.ends_record = header == SIZE_MAX};
    for (size_t column = 1; !f.ends_record; column++) {
        bool has_name = !named.ends_record;
        veil_status status = read_field(s, *p, separator, &f);
        if (status == VEIL_OK && has_name) status = read_name(s, header, separator, &named);
        if (status != VEIL_OK) return status;
        vl_name name = name_of(&named);
        int entity = is_header ? -1 : vl_field_entity(s, &name, has_name ? 1 : 0, column);
        status = take_field(s, &f, has_name ? &name : NULL, entity);
        if (status != VEIL_OK) return status;
        if (column > s->widest) s->widest = column;
        *p = f.next;
        header = named.next;
    }
    return VEIL_OK;
}

static bool fits_a_column(vl_structured *s, const veil_field_rule *rule, uint8_t separator, size_t header)
{
    field f = {.ends_record = header == SIZE_MAX};
    for (size_t column = 1; column <= s->widest; column++) {
        bool has_name = !f.ends_record;
        if (has_name && read_name(s, header, separator, &f) != VEIL_OK) return false; /* it was read before */
        vl_name name = name_of(&f);
        if (vl_field_fits(s, rule, &name, has_name ? 1 : 0, column)) return true;
        header = f.next;
    }
    return false;
}

/* A rule that fits no column would leave in clear what it was to hide. */
static veil_status check_rules(vl_structured *s, uint8_t separator, size_t header)
{
    for (size_t i = 0; i < s->plan->field_count && s->widest > 0; i++)
        if (!fits_a_column(s, &s->plan->fields[i], separator, header))
            return vl_error_set(s->error, VEIL_ERR_INVALID_ARGUMENT, 0, "field rule %zu names no column that is there",
                                i + 1);
    return VEIL_OK;
}

veil_status vl_structured_csv(vl_structured *s, uint8_t separator)
{
    size_t p =
        s->size >= 3 && s->text[0] == 0xEF && s->text[1] == 0xBB && s->text[2] == 0xBF ? 3 : 0; /* a byte order mark */
    size_t first = p;
    bool has_header = s->plan->has_header;
    veil_status status = VEIL_OK;
    for (bool is_first = true; p < s->size && status == VEIL_OK; is_first = false) {
        bool is_header = is_first && has_header;
        status = take_record(s, &p, separator, has_header && !is_first ? first : SIZE_MAX, is_header);
    }
    return status == VEIL_OK ? check_rules(s, separator, has_header ? first : SIZE_MAX) : status;
}
