/* What characters beyond ASCII stand for when text is read for personal data (THREATS row 9). */
#ifndef VL_TEXT_FOLD_H
#define VL_TEXT_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/kernels.h"

#define VL_FOLD_HIDDEN 1u /* not seen: zero width, soft hyphen, bidi control, combining mark, tag, variation selector */
#define VL_FOLD_ALIKE  0x80u /* | ASCII letter that it looks like: counts only in a word with Latin letters or digits */

/** The code point of the well-formed UTF-8 sequence that begins at text[0] (size > 0) and its length; 0 when there is none. */
unsigned vl_fold_decode(const uint8_t *text, size_t size, uint32_t *code_point);
/** Write a code point as UTF-8; its length. */
unsigned vl_fold_encode(uint32_t code_point, uint8_t out[4]);
/** 0: the character stays; VL_FOLD_HIDDEN; an ASCII character it stands for; or VL_FOLD_ALIKE | letter. */
uint8_t vl_fold_code(uint32_t code_point);
/** Add the bytes with which characters begin that vl_fold_code changes. */
void vl_fold_leads(vl_byte_set *set);

/** A word and whether its look-alike letters count: remembered from letter to letter. Zero-initialise. */
typedef struct vl_fold_word {
    size_t start;
    size_t end;
    bool is_mixed;
} vl_fold_word;

/** True when the look-alike at p stands in a word of which every letter is Latin or looks so, and some character is plain
 *  ASCII. Looks at most VL_FOLD_WORD bytes to each side. */
bool vl_fold_is_mixed(const uint8_t *text, size_t size, size_t p, vl_fold_word *word);
#define VL_FOLD_WORD 64u

#endif
