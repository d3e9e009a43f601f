/* JSON pull parser (RFC 8259): the walk. Strings and numbers are checked when met; conversion is in json_value.c. */
#include "core/json.h"

#include "core/json_scan.h"

enum { EXPECT_VALUE, EXPECT_FIRST_ITEM, EXPECT_FIRST_KEY, EXPECT_KEY, EXPECT_COLON, AFTER_VALUE, AT_END, FAILED };

void vl_json_init(vl_json *json, const char *text, size_t size_bytes)
{
    *json = (vl_json){.text = text, .size_bytes = size_bytes, .state = EXPECT_VALUE};
}

static vl_json_type fail(vl_json *json, vl_json_token *token, size_t offset)
{
    json->state = FAILED;
    json->offset = offset;
    *token = (vl_json_token){.type = VL_JSON_ERROR, .offset = offset};
    return VL_JSON_ERROR;
}

static void skip_space(vl_json *json)
{
    while (json->offset < json->size_bytes) {
        char c = json->text[json->offset];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
        json->offset++;
    }
}

static bool in_object(const vl_json *json)
{
    return (json->is_object[0] >> (json->depth - 1)) & 1;
}

static vl_json_type emit(vl_json *json, vl_json_token *token, vl_json_type type, size_t length)
{
    *token =
        (vl_json_token){.type = type, .raw = json->text + json->offset, .raw_bytes = length, .offset = json->offset};
    json->offset += length;
    return type;
}

static vl_json_type open_level(vl_json *json, vl_json_token *token, bool is_object)
{
    if (json->depth == VL_JSON_MAX_DEPTH) return fail(json, token, json->offset);
    uint64_t bit = 1ull << json->depth++;
    json->is_object[0] = is_object ? json->is_object[0] | bit : json->is_object[0] & ~bit;
    json->state = is_object ? EXPECT_FIRST_KEY : EXPECT_FIRST_ITEM;
    return emit(json, token, is_object ? VL_JSON_OBJECT_BEGIN : VL_JSON_ARRAY_BEGIN, 1);
}

static vl_json_type close_level(vl_json *json, vl_json_token *token)
{
    bool is_object = in_object(json);
    json->depth--;
    json->state = json->depth == 0 ? AT_END : AFTER_VALUE;
    return emit(json, token, is_object ? VL_JSON_OBJECT_END : VL_JSON_ARRAY_END, 1);
}

static vl_json_type string_token(vl_json *json, vl_json_token *token, vl_json_type type)
{
    size_t start = json->offset + 1;
    bool has_escapes;
    size_t length = vl_json_scan_string(json->text + start, json->size_bytes - start, &has_escapes);
    if (length == SIZE_MAX) return fail(json, token, json->offset);
    *token = (vl_json_token){type, json->text + start, length, json->offset, has_escapes};
    json->offset = start + length + 1;
    return type;
}

static vl_json_type value_token(vl_json *json, vl_json_token *token)
{
    const char *text = json->text + json->offset;
    size_t n = json->size_bytes - json->offset;
    vl_json_type type = VL_JSON_ERROR;
    if (*text == '{') return open_level(json, token, true);
    if (*text == '[') return open_level(json, token, false);
    json->state = json->depth == 0 ? AT_END : AFTER_VALUE;
    if (*text == '"') return string_token(json, token, VL_JSON_STRING);
    size_t length = vl_json_scan_literal(text, n, &type);
    if (length == 0) {
        length = vl_json_scan_number(text, n);
        type = VL_JSON_NUMBER;
    }
    if (length == 0) return fail(json, token, json->offset);
    return emit(json, token, type, length);
}

static vl_json_type key_token(vl_json *json, vl_json_token *token)
{
    if (json->text[json->offset] != '"') return fail(json, token, json->offset);
    vl_json_type type = string_token(json, token, VL_JSON_KEY);
    if (type != VL_JSON_KEY) return type;
    json->state = EXPECT_COLON;
    return type;
}

/* Steps over ',' or ':' where one must stand. Returns false when the level is closed instead, or on an error. */
static bool separator(vl_json *json, vl_json_token *token)
{
    char c = json->text[json->offset];
    if (json->state == EXPECT_COLON) {
        if (c != ':') {
            fail(json, token, json->offset);
            return false;
        }
        json->state = EXPECT_VALUE;
    } else if (c == ',') {
        json->state = in_object(json) ? EXPECT_KEY : EXPECT_VALUE;
    } else {
        if (c == (in_object(json) ? '}' : ']')) {
            close_level(json, token);
        } else {
            fail(json, token, json->offset);
        }
        return false;
    }
    json->offset++;
    skip_space(json);
    return true;
}

static vl_json_type next_inside(vl_json *json, vl_json_token *token)
{
    char c = json->text[json->offset];
    switch (json->state) {
    case EXPECT_FIRST_ITEM:
        return c == ']' ? close_level(json, token) : value_token(json, token);
    case EXPECT_FIRST_KEY:
        return c == '}' ? close_level(json, token) : key_token(json, token);
    case EXPECT_KEY:
        return key_token(json, token);
    default:
        return value_token(json, token);
    }
}

vl_json_type vl_json_next(vl_json *json, vl_json_token *token)
{
    if (json->state == FAILED) return fail(json, token, json->offset);
    skip_space(json);
    if (json->state == AT_END) {
        if (json->offset < json->size_bytes) return fail(json, token, json->offset);
        *token = (vl_json_token){.type = VL_JSON_END, .offset = json->offset};
        return VL_JSON_END;
    }
    bool needs_separator = json->state == EXPECT_COLON || json->state == AFTER_VALUE;
    if (json->offset < json->size_bytes && needs_separator && !separator(json, token)) return token->type;
    if (json->offset >= json->size_bytes) return fail(json, token, json->size_bytes);
    return next_inside(json, token);
}

bool vl_json_skip(vl_json *json, const vl_json_token *token)
{
    vl_json_token inner = *token;
    if (inner.type == VL_JSON_KEY) vl_json_next(json, &inner);
    if (inner.type == VL_JSON_ERROR) return false;
    if (inner.type != VL_JSON_OBJECT_BEGIN && inner.type != VL_JSON_ARRAY_BEGIN) return true;
    uint32_t outside = json->depth - 1;
    while (json->depth > outside) {
        if (vl_json_next(json, &inner) == VL_JSON_ERROR) return false;
    }
    return true;
}
