/*
 * Prior boxes of the SSD face networks that Veil takes, and their decoding. Strides 8, 16, 32 and 64 carry priors of the
 * sizes (10,16,24), (32,48), (64,96), (128,192,256) pixels of the network's input, ordered by stride, row, column, size.
 */
#ifndef VL_IMAGE_PRIORS_H
#define VL_IMAGE_PRIORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum vl_box_coding {
    VL_BOXES_TALL = 0,   /* offsets to priors 1.25 times as high as wide, not clipped: face_ssd */
    VL_BOXES_SQUARE = 1, /* offsets to square priors clipped to the input: RFB-320, slim-320 and their kin */
    VL_BOXES_CORNERS = 2 /* x0, y0, x1, y1 as parts of the input's sides: networks that decode inside, as RFB-640 */
} vl_box_coding;

#define VL_BOX_CODINGS 3u

/** Centre and size as parts of the input's sides. */
typedef struct vl_prior {
    float cx;
    float cy;
    float w;
    float h;
} vl_prior;

/** A detection in parts of the input's sides; may reach outside [0,1]. */
typedef struct vl_box {
    float x0;
    float y0;
    float x1;
    float y1;
    float score;
} vl_box;

/** Priors of a network with this input size; 0 when a side is 0 or above 4,096. */
size_t vl_priors_count(uint32_t width, uint32_t height);

/** Write vl_priors_count priors. CORNERS has none to write: the network used them itself. */
void vl_priors_make(vl_box_coding coding, uint32_t width, uint32_t height, vl_prior *priors);

/**
 * Boxes that score at least `min_score`, in the order of the priors.
 * @param scores  count pairs: background, face
 * @param codes   count quadruples
 * @param boxes   room for `count`
 * @return false when the network gave something that is no number: its answer must not be used
 */
bool vl_boxes_decode(vl_box_coding coding, const vl_prior *priors, const float *scores, const float *codes,
                     size_t count, float min_score, vl_box *boxes, size_t *box_count);

/** True when nearly every quadruple is a box with x1 > x0 and y1 > y0: what offsets never look like, corners always. */
bool vl_boxes_are_corners(const float *codes, size_t count);

float vl_box_iou(const vl_box *a, const vl_box *b);

#endif
