/* Letters as the host's own recognizers see them: what a word is made of, and one case for all (text in UTF-8). */
#ifndef VL_TEXT_CUSTOM_FOLD_H
#define VL_TEXT_CUSTOM_FOLD_H

#include <stddef.h>
#include <stdint.h>

typedef enum vl_char_kind {
    VL_CHAR_APART,  /* space, punctuation, symbols, bytes that are no UTF-8 */
    VL_CHAR_LETTER, /* letters, digits, marks, _ */
    VL_CHAR_LONE    /* of a script that sets no spaces between words (Han, kana, Thai, ...): each stands for itself */
} vl_char_kind;

/** What the character at text[0] is, and how many bytes it has (1 for a byte that begins none). size > 0. */
vl_char_kind vl_char_at(const uint8_t *text, size_t size, size_t *length);

/** The same for the character that ends before text[at]; at > 0. */
vl_char_kind vl_char_before(const uint8_t *text, size_t at);

/** Simple case folding of Latin, Greek and Cyrillic letters, everything else as it is. `out` may hold half as much again as
 *  `size`, at least; returns the bytes written, or SIZE_MAX when `capacity` is too small. */
size_t vl_fold_case(const uint8_t *text, size_t size, uint8_t *out, size_t capacity);

#endif
