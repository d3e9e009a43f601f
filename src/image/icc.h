/* ICC profiles are carried over for their colours alone: what else their authors, cameras and others put in is taken out. */
#ifndef VL_IMAGE_ICC_H
#define VL_IMAGE_ICC_H

#include <stddef.h>
#include <stdint.h>

#define VL_ICC_PIECES_MAX 255u /* of a JPEG */

typedef struct vl_icc_piece {
    uint32_t offset;
    uint32_t size;
} vl_icc_piece;

/** A profile, whole, in the pieces in which its file carries it. */
typedef struct vl_icc {
    uint8_t *base; /* what the offsets count from */
    size_t total;  /* bytes of all pieces */
    size_t count;
    vl_icc_piece pieces[VL_ICC_PIECES_MAX];
} vl_icc;

/**
 * Clears all but the colours, in place: private tags, bytes that belong to no tag, dates, makers, models, identifiers. Description and
 * copyright, which a profile must have, say "ICC" afterwards where there is room, else they go. The size stays. A profile whose
 * table of tags cannot be read keeps its header alone.
 */
void vl_icc_keep_colors(vl_icc *icc);

#endif
