/* Bytes as letters: base64url (RFC 4648 section 5) and base32 (section 6). Reading is strict: one text for one byte string. */
#ifndef VL_TEXT_BASE_TEXT_H
#define VL_TEXT_BASE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "text/sink.h"

void vl_base64_put(vl_sink *sink, const uint8_t *bytes, size_t size_bytes, bool is_padded);
/** False when the text is not exactly what vl_base64_put writes, or does not fit. */
bool vl_base64_read(const char *text, size_t size, bool is_padded, uint8_t *out, size_t capacity, size_t *out_bytes);

/** Capital letters, no padding. */
void vl_base32_put(vl_sink *sink, const uint8_t *bytes, size_t size_bytes);
/** Either case; white space (space, tab, line ends) is passed over. False as above. */
bool vl_base32_read(const char *text, size_t size, uint8_t *out, size_t capacity, size_t *out_bytes);

/** Value of a base32 letter, or -1. */
int vl_base32_digit(char c);
bool vl_is_blank(char c);

#endif
