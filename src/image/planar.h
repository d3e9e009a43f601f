/*
 * NV12 and I420: a plane of luma and chroma for 2x2 pixels at a time, as cameras and video decoders hand them out. Colours are
 * ITU-R BT.601 in the narrow range of video. Effects work on the planes, on whole chroma cells; detectors get a BGR copy.
 */
#ifndef VL_IMAGE_PLANAR_H
#define VL_IMAGE_PLANAR_H

#include "image/effects.h"

typedef struct vl_planar {
    vl_image_view luma;      /* gray */
    vl_image_view chroma[2]; /* NV12: one of VL_PIXEL_PAIR; I420: U and V, gray */
    uint32_t chroma_count;
} vl_planar;

bool vl_format_is_planar(uint32_t format);

/** The planes behind a view of such a format, which is checked as vl_view_from_image does. */
vl_planar vl_planar_split(const vl_image_view *view);

/** The picture as BGR of the same size. Chroma is repeated. */
void vl_planar_to_bgr(const vl_image_view *view, const vl_image_view *into);

/** vl_effects_apply for all planes. Regions (which are overwritten) grow to whole chroma cells. */
void vl_planar_hide(const vl_kernels *kernels, const vl_image_view *view, vl_effect_region *regions,
                    size_t region_count, vl_effect_scratch *scratch);

#endif
