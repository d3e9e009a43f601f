/* JSON (RFC 8259): the walk over a document, with the names of the levels that are open. */
#include "core/json.h"
#include "text/structured.h"

typedef struct walk {
    vl_structured *s;
    vl_json json;
    size_t origin;                     /* of the document in the text */
    vl_name path[VL_JSON_MAX_DEPTH];   /* names of the keys that lead here, outermost first */
    size_t lengths[VL_JSON_MAX_DEPTH]; /* of the path where each open level began */
    size_t count;                      /* names in the path, that of the value to come included */
    bool has_key;                      /* the last one is the key of the value to come */
    uint32_t ruled_depth;              /* levels below this one belong to a value that a rule names; 0: none */
    int ruled_entity;
} walk;

static void take_key(walk *w, const vl_json_token *token)
{
    size_t start = w->origin + (size_t)(token->raw - w->json.text);
    w->path[w->count++] =
        (vl_name){start, start + token->raw_bytes, token->has_escapes ? VL_ESCAPES_JSON : VL_ESCAPES_NONE};
    w->has_key = true;
}

static void drop_key(walk *w)
{
    if (w->has_key) w->count--;
    w->has_key = false;
}

/* The entity that a rule gives to the value at hand, or to one that it is a part of. */
static int entity_here(const walk *w)
{
    if (w->ruled_depth != 0) return w->ruled_entity;
    return w->has_key ? vl_field_entity(w->s, w->path, w->count, 0) : -1;
}

static void open_level(walk *w)
{
    int entity = entity_here(w);
    w->lengths[w->json.depth - 1] = w->has_key ? w->count - 1 : w->count;
    if (entity >= 0 && w->ruled_depth == 0) {
        w->ruled_depth = w->json.depth;
        w->ruled_entity = entity;
    }
    w->has_key = false; /* it stays in the path until the level ends */
}

static void close_level(walk *w)
{
    w->count = w->lengths[w->json.depth];
    if (w->json.depth < w->ruled_depth) w->ruled_depth = 0;
}

static veil_status take_value(walk *w, const vl_json_token *token)
{
    size_t start = w->origin + (size_t)(token->raw - w->json.text);
    bool is_string = token->type == VL_JSON_STRING;
    bool is_word = token->type == VL_JSON_TRUE || token->type == VL_JSON_FALSE;
    vl_field value = {.start = start,
                      .end = start + token->raw_bytes,
                      .escapes = is_string && token->has_escapes ? VL_ESCAPES_JSON : VL_ESCAPES_NONE,
                      .sink_encoding = VL_SINK_JSON,
                      .needs_quotes = !is_string,
                      .entity = entity_here(w)};
    if (w->count > 0) value.name = w->path[w->count - 1];
    drop_key(w);
    return is_word && value.entity < 0 ? VEIL_OK : vl_field_run(w->s, &value);
}

/* The parser stops before a level that it cannot hold, too. */
static veil_status refuse(const walk *w, size_t at)
{
    bool opens = at < w->s->size && (w->s->text[at] == '{' || w->s->text[at] == '[');
    if (opens && w->json.depth == VL_JSON_MAX_DEPTH)
        return vl_error_set(w->s->error, VEIL_ERR_LIMIT, at, "objects and arrays are more than %u deep",
                            VL_JSON_MAX_DEPTH);
    return vl_error_set(w->s->error, VEIL_ERR_MALFORMED_INPUT, at, "this is not valid JSON");
}

veil_status vl_structured_json(vl_structured *s, size_t from, size_t to)
{
    walk w = {.s = s, .origin = from};
    vl_json_token token;
    veil_status status = VEIL_OK;
    vl_json_init(&w.json, (const char *)s->text + from, to - from);
    while (status == VEIL_OK) {
        switch (vl_json_next(&w.json, &token)) {
        case VL_JSON_END:
            return VEIL_OK;
        case VL_JSON_ERROR:
            return refuse(&w, from + token.offset);
        case VL_JSON_OBJECT_BEGIN:
        case VL_JSON_ARRAY_BEGIN:
            open_level(&w);
            break;
        case VL_JSON_OBJECT_END:
        case VL_JSON_ARRAY_END:
            close_level(&w);
            break;
        case VL_JSON_KEY:
            take_key(&w, &token);
            break;
        case VL_JSON_NULL:
            drop_key(&w);
            break;
        default:
            status = take_value(&w, &token);
        }
    }
    return status;
}
