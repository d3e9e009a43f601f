/*
 * The JSON parser on arbitrary bytes: it ends, stays inside the text, keeps begin and end in balance, and what it hands out
 * can be decoded and converted. A document it accepts is walked again with every value skipped: both walks must agree.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) abort();
}

static void use_token(const vl_json_token *token, const char *text, size_t size)
{
    char out[64];
    double value;
    require(token->offset <= size);
    if (token->raw != NULL) require(token->raw >= text && token->raw + token->raw_bytes <= text + size);
    if (token->type == VL_JSON_STRING || token->type == VL_JSON_KEY) {
        size_t written = vl_json_decode(token, out, sizeof out);
        require(written == SIZE_MAX || written <= token->raw_bytes);
        require(written != SIZE_MAX || token->raw_bytes > sizeof out); /* a token handed out is well-formed */
        (void)vl_json_equals(token, "start");
    }
    if (token->type == VL_JSON_NUMBER && vl_json_double(token, &value)) require(value - value == 0);
}

static bool skip_through(const char *text, size_t size)
{
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, text, size);
    while (vl_json_next(&json, &token) != VL_JSON_END) {
        if (token.type == VL_JSON_ERROR || !vl_json_skip(&json, &token)) return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    vl_json json;
    vl_json_token token;
    size_t depth = 0;
    size_t steps = 0;
    vl_json_init(&json, text, size);
    while (vl_json_next(&json, &token) != VL_JSON_END && token.type != VL_JSON_ERROR) {
        use_token(&token, text, size);
        if (token.type == VL_JSON_OBJECT_BEGIN || token.type == VL_JSON_ARRAY_BEGIN) depth++;
        if (token.type == VL_JSON_OBJECT_END || token.type == VL_JSON_ARRAY_END) require(depth-- > 0);
        require(depth <= VL_JSON_MAX_DEPTH && ++steps <= size);
    }
    bool is_valid = token.type == VL_JSON_END;
    if (is_valid) require(depth == 0);
    require(skip_through(text, size) == is_valid);
    return 0;
}
