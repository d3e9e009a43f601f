/* Dates moved by a number of days, in the form in which they were written. */
#ifndef VL_TEXT_DATES_SHIFT_H
#define VL_TEXT_DATES_SHIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VL_DATE_MAX_BYTES 160u /* longest date that is read; what is written is no longer than twice that */

/**
 * Write text[0, size) with its date moved by `days`. False, with nothing written, when the date cannot be read for certain,
 * or leaves the years 1000 to 9999.
 */
bool vl_date_shift_text(const char *text, size_t size, int32_t days, char out[2 * VL_DATE_MAX_BYTES],
                        size_t *out_bytes);

/** Names of months in five languages. */
typedef struct vl_month_style {
    uint8_t language;
    bool is_short;
} vl_month_style;

/** Month (1 to 12) that a word names, or 0. `hint` decides between languages that share the name. */
enum { VL_MONTHS_ANY, VL_MONTHS_SPANISH, VL_MONTHS_GERMAN };
unsigned vl_month_read(const char *word, size_t size, unsigned hint, vl_month_style *style);
/** The name of a month in a style, in small letters. */
const char *vl_month_write(unsigned month, vl_month_style style);

#endif
