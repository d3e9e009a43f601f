/*
 * What the near-duplicate cache compares: a 64-bit perceptual hash, by which an earlier picture is looked up, and statistics
 * of 8x8 tiles, which alone decide. Both are taken from the detector's input planes: what is not in there, the detector
 * cannot see either.
 *
 * A tile's statistics are its mean luma and two colour means, and five sums of its luma under random signs that only this
 * process knows. Means and spread alone could be kept while the content is exchanged; a sum under unknown signs moves by about
 * the energy of whatever changed, so a change that stays below the noise in all five of all tiles is a small change.
 */
#ifndef VL_IMAGE_FINGERPRINT_H
#define VL_IMAGE_FINGERPRINT_H

#include "core/hash.h"
#include "image/letterbox.h"

#define VL_TILE_SIDE   8u
#define VL_TILE_PIXELS (VL_TILE_SIDE * VL_TILE_SIDE)
#define VL_TILE_SUMS   5u                  /* under random signs */
#define VL_TILE_VALUES (3u + VL_TILE_SUMS) /* luma, red - green, blue - green, sums; in 1/16 of a level */
#define VL_SIGN_SETS   16u                 /* neighbouring tiles use different signs */
#define VL_PHASH_SIDE  32u
#define VL_PHASH_BITS  64u

/** Secret of one engine: signs of +1 and -1. In secret pages. */
typedef struct vl_fingerprint_key {
    _Alignas(64) int16_t signs[VL_SIGN_SETS][VL_TILE_SUMS][VL_TILE_PIXELS];
    float cosines[8][VL_PHASH_SIDE]; /* no secret: the DCT's rows 1 to 8 */
} vl_fingerprint_key;

/** One picture's. The tiles lie where the caller says: vl_tile_count(...) * VL_TILE_VALUES numbers. */
typedef struct vl_fingerprint {
    uint64_t phash;
    uint32_t tile_columns;
    uint32_t tile_rows;
    int16_t *tiles;
} vl_fingerprint;

/** Work memory: one row of tiles of the input, as luma. */
typedef struct vl_fingerprint_scratch {
    _Alignas(64) int16_t luma[VL_TILE_SIDE][VL_LETTERBOX_SIDE_MAX];
    _Alignas(64) int16_t red[VL_TILE_SIDE][VL_LETTERBOX_SIDE_MAX]; /* red - green */
    _Alignas(64) int16_t blue[VL_TILE_SIDE][VL_LETTERBOX_SIDE_MAX];
    int32_t bins[VL_PHASH_SIDE][VL_PHASH_SIDE];
    uint32_t bin_pixels[VL_PHASH_SIDE][VL_PHASH_SIDE];
} vl_fingerprint_scratch;

void vl_fingerprint_key_make(const void *hash_secret, vl_fingerprint_key *key);

/** Most tiles that an input of this size can have. */
size_t vl_tile_count(uint32_t input_width, uint32_t input_height);

/** Take the fingerprint of the fitted part of the planes. Allocates nothing. */
void vl_fingerprint_take(const vl_fingerprint_key *key, const vl_letterbox *box, const float *planes,
                         vl_fingerprint_scratch *scratch, vl_fingerprint *out);

/** True when no tile differs by more than noise. Any other shape differs. */
bool vl_fingerprint_is_same(const vl_fingerprint *a, const vl_fingerprint *b);

#endif
