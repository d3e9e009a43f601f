/*
 * A workspace: all that one call needs, made before it is needed. It may hold input while a call runs, so it lies in secret
 * pages, and what the call used of it is wiped when it is given back.
 */
#ifndef VL_IMAGE_WORKSPACE_H
#define VL_IMAGE_WORKSPACE_H

#include "image/near_cache.h"
#include "image/reading.h"

typedef struct vl_image_workspace {
    vl_detector detector; /* unused when the engine has no faces */
    vl_reader reader;
    vl_hasher *hasher;     /* NULL without cache */
    vl_near_scratch *near; /* NULL without near-duplicate cache */
    vl_letterbox_scratch letterbox;
    vl_effect_scratch effects;
    vl_cached_picture cached; /* copied out of a cache, or on its way into one */
    const vl_face *faces;     /* of this picture: the detector's, or `cached` */
    size_t face_count;
    vl_mark_list marks;        /* of this picture, whether just found or remembered */
    vl_effect_region *regions; /* VL_CALLER_REGIONS_MAX, VL_MARKS_MAX, and one for each face there can be */
    size_t regions_used;
    size_t region_capacity;
    size_t page_bytes; /* of this very struct and what follows it */
} vl_image_workspace;

/** What a workspace is made for. */
typedef struct vl_workspace_plan {
    const vl_face_model *model; /* NULL: no detector */
    const veil_ocr_engine *ocr; /* NULL: pictures are not read */
    const vl_text_engine *text; /* NULL: nothing is looked for in text */
    bool is_cached;             /* what is found may be remembered */
} vl_workspace_plan;

/** The detector is not proven yet. NO_MEMORY, MODEL, or what the host's reader answers. */
veil_status vl_image_workspace_create(const vl_runtime *runtime, const vl_workspace_plan *plan,
                                      const veil_config *config, vl_image_workspace **out, veil_error *error);
void vl_image_workspace_destroy(vl_image_workspace *workspace);

/** Forget what the last call left. */
void vl_image_workspace_wipe(vl_image_workspace *workspace);

#endif
