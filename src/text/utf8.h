/* UTF-8 (RFC 3629): validation through the kernel table, lengths, and offset conversion. */
#ifndef VL_TEXT_UTF8_H
#define VL_TEXT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/** Bytes of the code point at text[0], 1 for a byte that starts none (each stray byte counts as one code point). */
size_t vl_utf8_step(const char *text, size_t size_bytes);
/** Encode a code point; 0 for a surrogate or one above U+10FFFF. */
size_t vl_utf8_encode(uint32_t code_point, char out[4]);

#endif
