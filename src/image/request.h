/*
 * What one call asks for, resolved against the sanitizer: which detectors run, above which score, and what is done to what
 * they find. No name lives longer than the call.
 */
#ifndef VL_IMAGE_REQUEST_H
#define VL_IMAGE_REQUEST_H

#include "core/error.h"
#include "image/effects.h"

#define VL_CALLER_REGIONS_MAX 4096u /* boxes of the caller in one call; more are LIMIT */

typedef struct vl_region_effect {
    uint32_t effect; /* VEIL_EFFECT_FILL .. _KEEP */
    uint32_t color_rgb;
    bool is_named; /* a rule named the entity itself: "*" does not count for it any more */
} vl_region_effect;

/** What the sanitizer was configured to do to pictures; copied out of the config. */
typedef struct vl_image_policy {
    bool has_faces; /* FACE is in force: a detector was made */
    bool has_qr;    /* QR_CODE and BARCODE, as far as this build has them */
    bool has_bars;
    bool has_regions;    /* REGION was not excluded */
    bool finds_anything; /* an entity of pictures is in force */
    float min_score;
    float margin; /* part of the box, on each side */
    vl_region_effect face;
    vl_region_effect qr;
    vl_region_effect bars;
    vl_region_effect region;
} vl_image_policy;

typedef struct vl_image_request {
    bool wants_faces;
    bool wants_qr;
    bool wants_bars;
    bool wants_cache;
    float min_score;
    float mark_min_score; /* of codes */
    float margin;
    vl_region_effect face;
    vl_region_effect qr;
    vl_region_effect bars;
    vl_region_effect region;
    const veil_region *regions; /* the caller's */
    size_t region_count;
    uint64_t tenant;
    uint64_t deadline_ns; /* 0: none */
    uint32_t jpeg_quality;
} vl_image_request;

/** Names of other modalities are left to their engines; those of pictures are checked. min_score of the policy is set later,
 *  when the network's operating score is known. INVALID_ARGUMENT, UNSUPPORTED. */
veil_status vl_image_policy_make(const veil_config *config, vl_image_policy *policy, veil_error *error);

/** `options` may be NULL. INVALID_ARGUMENT (unknown names, contradictions), UNSUPPORTED (entities that pictures are not
 *  searched for in this version, or that this sanitizer was made without), LIMIT (too many regions). */
veil_status vl_image_request_make(const vl_image_policy *policy, const veil_image_options *options,
                                  vl_image_request *request, veil_error *error);

/** Anything is looked for in the pixels. */
static inline bool vl_image_request_detects(const vl_image_request *request)
{
    return request->wants_faces || request->wants_qr || request->wants_bars;
}

/** What is done to what is found under this name. */
const vl_region_effect *vl_image_request_effect(const vl_image_request *request, const char *entity);

/** A box of the caller that lies wholly outside of a picture of this size would hide nothing: INVALID_ARGUMENT. */
veil_status vl_image_request_fits(const vl_image_request *request, uint32_t width, uint32_t height, veil_error *error);

#endif
