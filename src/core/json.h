/*
 * JSON pull parser (RFC 8259): bounded depth, no allocation, strict. Walks a buffer that the caller keeps; string values are
 * handed out raw (still escaped) with a function to decode them into a caller's buffer.
 */
#ifndef VL_CORE_JSON_H
#define VL_CORE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "veil.h"

#define VL_JSON_MAX_DEPTH 64

typedef enum vl_json_type {
    VL_JSON_END, /* the document is over */
    VL_JSON_OBJECT_BEGIN,
    VL_JSON_OBJECT_END,
    VL_JSON_ARRAY_BEGIN,
    VL_JSON_ARRAY_END,
    VL_JSON_KEY,    /* raw string without quotes */
    VL_JSON_STRING, /* raw string without quotes */
    VL_JSON_NUMBER, /* raw token */
    VL_JSON_TRUE,
    VL_JSON_FALSE,
    VL_JSON_NULL,
    VL_JSON_ERROR /* malformed, too deep, or trailing bytes; offset says where */
} vl_json_type;

typedef struct vl_json {
    const char *text;
    size_t size_bytes;
    size_t offset; /* next byte to read */
    uint32_t depth;
    uint32_t state;
    uint64_t is_object[1]; /* one bit a level */
} vl_json;

typedef struct vl_json_token {
    vl_json_type type;
    const char *raw; /* KEY, STRING, NUMBER: into the text */
    size_t raw_bytes;
    size_t offset;    /* of the token's first byte in the text */
    bool has_escapes; /* KEY, STRING */
} vl_json_token;

void vl_json_init(vl_json *json, const char *text, size_t size_bytes);
vl_json_type vl_json_next(vl_json *json, vl_json_token *token);
/** After OBJECT_BEGIN or ARRAY_BEGIN: skip to behind its end. After KEY: skip the value. False on malformed input. */
bool vl_json_skip(vl_json *json, const vl_json_token *token);
/** Compare an unescaped or escaped string token with a NUL-terminated ASCII name. */
bool vl_json_equals(const vl_json_token *token, const char *name);
/** Decode a string token to UTF-8. Returns bytes written, or SIZE_MAX when capacity is too small or an escape is bad
 *  (lone surrogates are bad). */
size_t vl_json_decode(const vl_json_token *token, char *out, size_t capacity);
/** Number token to double without the locale; false when out of range. */
bool vl_json_double(const vl_json_token *token, double *out);

#endif
