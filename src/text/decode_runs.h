/* Runs of base64 and hexadecimal digits: where one begins and ends, and what it says (THREATS row 10). */
#ifndef VL_TEXT_DECODE_RUNS_H
#define VL_TEXT_DECODE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VL_RUN_MAX    4096u /* bytes of a run, line breaks included: longer ones are read in pieces */
#define VL_RUN_LINE   40u   /* digits of a wrapped line; shorter ones are words under each other */
#define VL_TEXT_LEAST 16u   /* printable bytes in a row that chance does not give */
#define VL_RUN_BACK   448u  /* how far before a place in it its start is looked for */

/** A run of base64 digits (both alphabets), its lines and its padding included. */
typedef struct vl_run_text {
    size_t start;
    size_t end;
    bool is_whole; /* its start was reached and it is no longer than VL_RUN_MAX */
} vl_run_text;

/** A digit of either alphabet of base64, padding apart. */
bool vl_is_base64(uint8_t c);

/** The run around p, of which text[p] is a part. Looks VL_RUN_BACK bytes back and VL_RUN_MAX on. */
void vl_run_find(const uint8_t *text, size_t size, size_t p, vl_run_text *run);

/** Bytes that text[from, end) says in base64, up to `capacity`; origin[i] is where the four digits of byte i begin, counted
 *  from `from`. Line breaks are passed over, other bytes and padding end it. */
size_t vl_base64_decode(const uint8_t *text, size_t from, size_t end, uint8_t *out, uint16_t *origin, size_t capacity);
/** The same for pairs of hexadecimal digits. */
size_t vl_hex_decode(const uint8_t *text, size_t from, size_t end, uint8_t *out, uint16_t *origin, size_t capacity);

/** False when the first bytes that the hexadecimal digits text[from, end) say are no text for certain. */
bool vl_hex_may_begin(const uint8_t *text, size_t from, size_t end);
/** False when text[from, end) in base64 does not begin with six bytes of text among the first nine. */
bool vl_base64_may_begin(const uint8_t *text, size_t from, size_t end);
/** False when no VL_TEXT_LEAST bytes in a row of what it says are text. */
bool vl_base64_may_hold(const uint8_t *text, size_t from, size_t end);

/** Length of the longest piece of bytes[0, n) that is printable ASCII, white space, or well-formed UTF-8. */
size_t vl_text_stretch(const uint8_t *bytes, size_t n);

#endif
