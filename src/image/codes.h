/*
 * QR codes, bar codes and the other codes that machines read. A plane of brightness of bounded size, the gate, the reader on
 * what the gate lets through, and boxes in the picture. Bars are followed to their ends: one row of them is the whole code.
 */
#ifndef VL_IMAGE_CODES_H
#define VL_IMAGE_CODES_H

#include "core/error.h"
#include "core/pool.h"
#include "image/marks.h"

#define VL_CODE_DAMAGED_SCORE 0.5F  /* one that was found but whose check digits are wrong */
#define VL_CODE_FOUND_MAX     1536u /* answers of the reader in one picture, two for each code of bars; more are LIMIT */

/** Receives the text of one code with the box of the code. Not VEIL_OK: the search ends with that. */
typedef veil_status (*vl_payload_fn)(void *user, const char *text, size_t text_bytes, vl_rect rect);

typedef struct vl_code_search {
    vl_pool *pool;
    const vl_kernels *kernels; /* NULL: the best of this CPU */
    uint64_t max_pixels;       /* larger pictures are shrunk by a whole number */
    bool looks_everywhere;     /* QR and bar codes also where the gate sees nothing */
    bool is_quick;             /* fewer rows */
    bool wants_qr;
    bool wants_bars;
    float min_score;
    vl_payload_fn payload; /* NULL: not wanted */
    void *payload_user;
    uint64_t deadline_ns; /* 0: none; looked at between places, and whenever a code was found */
} vl_code_search;

/** This build has a reader of codes. Without one, the calls below answer UNSUPPORTED. */
bool vl_codes_are_built(void);

/** "ZXing-C++ 1.4.0" or "". */
const char *vl_codes_version(void);

/** By how much a picture is shrunk before it is searched. */
uint32_t vl_codes_shrink(const vl_code_search *search, uint32_t width, uint32_t height);

/** Add what is found. VEIL_OK; BUSY, LIMIT (too many), TIMEOUT, NO_MEMORY, INTERNAL. */
veil_status vl_codes_find(const vl_code_search *search, const vl_image_view *view, vl_mark_list *marks,
                          veil_error *error);

/** A QR code and a bar code drawn from constants must be found, whole and where they are; else SELF_TEST. */
veil_status vl_codes_prove(vl_pool *pool, veil_error *error);

#endif
