/*
 * PocketSphinx behind a small interface: the only place that sees it. One value is one pair of decoders (a grammar of digits, a
 * language model of English) for one thread at a time.
 */
#ifndef VEIL_PLUGINS_SPHINX_H
#define VEIL_PLUGINS_SPHINX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "veil.h"

#define VL_SPHINX_RATE_HZ 16000u
#define VL_SPHINX_FRAME   160u /* samples of one frame of its times */

typedef struct vl_sphinx vl_sphinx;

/** A word: frames [first, end), and how well it fits: acoustic score a frame, 0 at best. */
typedef struct vl_sphinx_word {
    const char *text; /* without the mark of a variant; valid during the callback */
    size_t text_bytes;
    uint32_t first;
    uint32_t end;
    double score;
} vl_sphinx_word;

typedef veil_status (*vl_sphinx_sink)(void *user, const vl_sphinx_word *word);

/** Read the model from `folder` (en-us, en-us.lm.bin, cmudict-en-us.dict). MODEL, NO_MEMORY */
veil_status vl_sphinx_open(const char *folder, vl_sphinx **out);
void vl_sphinx_close(vl_sphinx *sphinx);

/** What an utterance is heard as. */
typedef enum vl_sphinx_ear {
    VL_EAR_WORDS,  /* by the language model */
    VL_EAR_DIGITS, /* zero to nine */
    VL_EAR_OHS     /* the same, and "oh" between them */
} vl_sphinx_ear;

/** Decode one utterance; silence and noises are left out. */
veil_status vl_sphinx_hear(vl_sphinx *sphinx, vl_sphinx_ear ear, const int16_t *samples, size_t count,
                           vl_sphinx_sink sink, void *user);

#endif
