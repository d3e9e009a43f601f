/*
 * What one call asks for, resolved against the sanitizer: which detectors run, above which score, and what is done to what
 * they find. No name lives longer than the call.
 */
#ifndef VL_IMAGE_REQUEST_H
#define VL_IMAGE_REQUEST_H

#include "core/error.h"
#include "image/effects.h"
#include "text/text.h"

#define VL_CALLER_REGIONS_MAX 4096u /* boxes of the caller in one call; more are LIMIT */
#define VL_POLYGONS_MAX       64u
#define VL_POLYGON_STEPS      64u  /* boxes that cover one */
#define VL_TEXT_NAMES_MAX     256u /* text entities that one call may name, or exclude */

typedef struct vl_region_effect {
    uint32_t effect; /* VEIL_EFFECT_FILL .. _KEEP */
    uint32_t color_rgb;
    bool is_named; /* a rule named the entity itself: "*" does not count for it any more */
} vl_region_effect;

/** A rule of the config for an entity that is found in text. */
typedef struct vl_text_effect {
    char entity[72];
    vl_region_effect effect;
} vl_text_effect;

/** What the sanitizer was configured to do to pictures; copied out of the config. */
typedef struct vl_image_policy {
    bool has_faces; /* FACE is in force: a detector was made */
    bool has_qr;    /* QR_CODE and BARCODE, as far as this build has them */
    bool has_bars;
    bool may_read_qr; /* not excluded: they may be read for what they say */
    bool may_read_bars;
    bool names_text;            /* the config names an entity of text */
    bool has_regions;           /* REGION was not excluded */
    bool finds_anything;        /* an entity of pictures is in force */
    bool has_ocr;               /* pictures can be read */
    const vl_text_engine *text; /* NULL: nothing is looked for in text */
    float min_score;
    float margin; /* part of the box, on each side */
    vl_region_effect face;
    vl_region_effect qr;
    vl_region_effect bars;
    vl_region_effect region;
    vl_region_effect any_text;    /* of entities found in text that no rule names */
    vl_text_effect *text_effects; /* in the order of the config */
    size_t text_effect_count;
} vl_image_policy;

typedef struct vl_image_request {
    bool wants_faces;
    bool wants_qr;
    bool wants_bars;
    bool reads_qr; /* for what they say, even where they are not reported */
    bool reads_bars;
    bool wants_text;     /* read the picture */
    bool wants_payloads; /* look into codes */
    bool wants_cache;
    bool wants_ellipses; /* faces are hidden as such */
    bool has_min_score;  /* mark_min_score was given: it counts for text, too */
    float min_score;
    float mark_min_score; /* of codes */
    float margin;
    vl_region_effect face;
    vl_region_effect qr;
    vl_region_effect bars;
    vl_region_effect region;
    const char *const *entities; /* the caller's lists, names of all kinds */
    size_t entity_count;
    const char *const *exclude;
    size_t exclude_count;
    const vl_image_policy *policy;
    const veil_effect_rule *effects;
    size_t effect_count;
    const veil_region *regions; /* the caller's */
    size_t region_count;
    const veil_polygon *polygons;
    size_t polygon_count;
    const veil_region *exempt;
    size_t exempt_count;
    uint32_t min_side;
    uint64_t tenant;
    uint64_t deadline_ns; /* 0: none */
    uint32_t jpeg_quality;
} vl_image_request;

/** Names of other modalities are left to their engines; those of pictures are checked. min_score of the policy is set later,
 *  when the network's operating score is known. INVALID_ARGUMENT, UNSUPPORTED. */
veil_status vl_image_policy_make(const veil_config *config, const vl_text_engine *text, const vl_allocator *allocator,
                                 vl_image_policy *policy, veil_error *error);
void vl_image_policy_release(vl_image_policy *policy, const vl_allocator *allocator);

/** `options` may be NULL. INVALID_ARGUMENT (unknown names, contradictions), UNSUPPORTED (entities that pictures are not
 *  searched for in this version, or that this sanitizer was made without), LIMIT (too many regions). */
veil_status vl_image_request_make(const vl_image_policy *policy, const veil_image_options *options,
                                  vl_image_request *request, veil_error *error);

/** Anything is looked for in the pixels. */
static inline bool vl_image_request_detects(const vl_image_request *request)
{
    return request->wants_faces || request->reads_qr || request->reads_bars || request->wants_text;
}

/** What is done to what is found under this name. */
vl_region_effect vl_image_request_effect(const vl_image_request *request, const char *entity);

/** A number that tells which names a call listed, for cache keys. */
uint64_t vl_image_request_names(const vl_image_request *request);

/** A box of the caller that lies wholly outside of a picture of this size would hide nothing: INVALID_ARGUMENT. */
veil_status vl_image_request_fits(const vl_image_request *request, uint32_t width, uint32_t height, veil_error *error);

#endif
