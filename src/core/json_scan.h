/* Lexical scans of the JSON parser; each reads at most `n` bytes. */
#ifndef VL_CORE_JSON_SCAN_H
#define VL_CORE_JSON_SCAN_H

#include "core/json.h"

/** Length of a string body up to its closing quote (not counted); SIZE_MAX when malformed: no quote, control character,
 *  bad escape, lone surrogate, invalid UTF-8. */
size_t vl_json_scan_string(const char *text, size_t n, bool *has_escapes);

/** Length of true, false or null at the start, with its type; 0 when there is none. */
size_t vl_json_scan_literal(const char *text, size_t n, vl_json_type *type);

/** Length of a number token; 0 when malformed. */
size_t vl_json_scan_number(const char *text, size_t n);

/** Code point of the escape whose backslash is text[0], with its length in bytes (a surrogate pair counts as one escape of
 *  12); UINT32_MAX when bad. */
uint32_t vl_json_escape(const char *text, size_t n, size_t *length);

#endif
