/*
 * Prior boxes and box decoding. Geometry and variances (0.1 for centres, 0.2 for sizes) are those of SSD (Liu et al. 2016,
 * arXiv 1512.02325); the prior sizes are those of the published RFB and slim face networks, which face_ssd shares.
 */
#include "image/priors.h"

#include <math.h>

#define STRIDE_COUNT    4u
#define SIZES_MAX       3u
#define CENTRE_VARIANCE 0.1F
#define SIZE_VARIANCE   0.2F
#define SIZE_STEP_MAX   8.0F /* exp(8) inputs wide: enough to cover everything, small enough to stay finite */
#define TALL_ASPECT     1.25F
#define INPUT_SIDE_MAX  4096u

static const uint32_t strides[STRIDE_COUNT] = {8, 16, 32, 64};
static const uint32_t size_counts[STRIDE_COUNT] = {3, 2, 2, 3};
static const float sizes[STRIDE_COUNT][SIZES_MAX] = {{10, 16, 24}, {32, 48, 0}, {64, 96, 0}, {128, 192, 256}};

static uint32_t cells(uint32_t side, uint32_t stride)
{
    return (side + stride - 1) / stride;
}

size_t vl_priors_count(uint32_t width, uint32_t height)
{
    size_t count = 0;
    size_t k;

    if (width == 0 || height == 0 || width > INPUT_SIDE_MAX || height > INPUT_SIDE_MAX) return 0;
    for (k = 0; k < STRIDE_COUNT; k++)
        count += (size_t)cells(width, strides[k]) * cells(height, strides[k]) * size_counts[k];
    return count;
}

static vl_prior prior_at(vl_box_coding coding, uint32_t width, uint32_t height, size_t level, uint32_t column,
                         uint32_t row, float size)
{
    vl_prior prior;

    prior.cx = ((float)column + 0.5F) * (float)strides[level] / (float)width;
    prior.cy = ((float)row + 0.5F) * (float)strides[level] / (float)height;
    prior.w = size / (float)width;
    prior.h = (coding == VL_BOXES_TALL ? TALL_ASPECT : 1.0F) * size / (float)height;
    if (coding == VL_BOXES_SQUARE) {
        prior.cx = fminf(prior.cx, 1.0F);
        prior.cy = fminf(prior.cy, 1.0F);
        prior.w = fminf(prior.w, 1.0F);
        prior.h = fminf(prior.h, 1.0F);
    }
    return prior;
}

static vl_prior *make_level(vl_box_coding coding, uint32_t width, uint32_t height, size_t level, vl_prior *out)
{
    const uint32_t columns = cells(width, strides[level]);
    const size_t cell_count = (size_t)columns * cells(height, strides[level]);
    size_t cell, m;

    for (cell = 0; cell < cell_count; cell++) {
        for (m = 0; m < size_counts[level]; m++)
            *out++ = prior_at(coding, width, height, level, (uint32_t)(cell % columns), (uint32_t)(cell / columns),
                              sizes[level][m]);
    }
    return out;
}

void vl_priors_make(vl_box_coding coding, uint32_t width, uint32_t height, vl_prior *priors)
{
    size_t level;

    for (level = 0; level < STRIDE_COUNT; level++)
        priors = make_level(coding, width, height, level, priors);
}

static vl_box decode_one(vl_box_coding coding, const vl_prior *prior, const float *code, float score)
{
    vl_box box = {code[0], code[1], code[2], code[3], score};
    float cx, cy, half_w, half_h;

    if (coding == VL_BOXES_CORNERS) return box;
    cx = prior->cx + code[0] * CENTRE_VARIANCE * prior->w;
    cy = prior->cy + code[1] * CENTRE_VARIANCE * prior->h;
    half_w = 0.5F * prior->w * expf(fminf(code[2] * SIZE_VARIANCE, SIZE_STEP_MAX));
    half_h = 0.5F * prior->h * expf(fminf(code[3] * SIZE_VARIANCE, SIZE_STEP_MAX));
    box.x0 = cx - half_w;
    box.y0 = cy - half_h;
    box.x1 = cx + half_w;
    box.y1 = cy + half_h;
    return box;
}

static bool is_usable(const vl_box *box)
{
    return isfinite(box->x0) && isfinite(box->y0) && isfinite(box->x1) && isfinite(box->y1);
}

bool vl_boxes_decode(vl_box_coding coding, const vl_prior *priors, const float *scores, const float *codes,
                     size_t count, float min_score, vl_box *boxes, size_t *box_count)
{
    const float epsilon = 1e-3F; /* softmax rounds */
    size_t found = 0;
    size_t i;

    *box_count = 0;
    for (i = 0; i < count; i++) {
        const float score = scores[2 * i + 1];

        if (!(score >= -epsilon && score <= 1.0F + epsilon)) /* also NaN: a broken network, not an empty picture */
            return false;
        if (score < min_score) continue;
        boxes[found] = decode_one(coding, &priors[i], &codes[4 * i], fminf(score, 1.0F));
        if (!is_usable(&boxes[found])) return false;
        if (boxes[found].x1 > boxes[found].x0 && boxes[found].y1 > boxes[found].y0) found++;
    }
    *box_count = found;
    return true;
}

bool vl_boxes_are_corners(const float *codes, size_t count)
{
    size_t ordered = 0;
    size_t i;

    for (i = 0; i < count; i++)
        ordered += codes[4 * i + 2] > codes[4 * i] && codes[4 * i + 3] > codes[4 * i + 1];
    return count > 0 && ordered >= count - count / 50;
}

float vl_box_iou(const vl_box *a, const vl_box *b)
{
    const float w = fminf(a->x1, b->x1) - fmaxf(a->x0, b->x0);
    const float h = fminf(a->y1, b->y1) - fmaxf(a->y0, b->y0);
    float shared, joint;

    if (!(w > 0 && h > 0)) return 0;
    shared = w * h;
    joint = (a->x1 - a->x0) * (a->y1 - a->y0) + (b->x1 - b->x0) * (b->y1 - b->y0) - shared;
    return joint > 0 ? shared / joint : 0;
}
