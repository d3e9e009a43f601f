/*
 * The face detector of one workspace: a network instance, its input planes and its candidate boxes. One user at a time.
 * Finds boxes in pixels of the picture, before any margin.
 */
#ifndef VL_IMAGE_DETECTOR_H
#define VL_IMAGE_DETECTOR_H

#include "image/cv_net.h"
#include "image/letterbox.h"
#include "image/model.h"

#define VL_NMS_MAX_IOU 0.45F

/** A found face: clipped to the picture, never empty. */
typedef struct vl_face {
    vl_rect rect;
    float score;
} vl_face;

typedef struct vl_detector {
    vl_allocator allocator;
    const vl_kernels *kernels;
    const vl_face_model *model;
    vl_cv_net *net;
    float *planes;  /* 3 * width * height; zero between calls */
    vl_box *boxes;  /* facts.prior_count */
    vl_face *faces; /* facts.prior_count */
    size_t face_count;
    bool has_doubts;       /* the last run also saw a face that scored too low, but not by far */
    size_t box_high_water; /* boxes written since the last wipe */
    vl_box *pool; /* facts.prior_count, when the model has tiles: boxes in pixels of the picture, from all its parts */
    size_t pool_whole; /* at its front: boxes of faces that lie inside their part */
    size_t pool_cut;   /* at its end: boxes that an edge of a tile cuts */
    void *pages;       /* secret pages that hold the arrays above */
    size_t page_bytes;
    vl_letterbox_scratch *letterbox; /* the workspace's */
} vl_detector;

/** Make an instance. MODEL when OpenCV cannot run it. */
veil_status vl_detector_create(const vl_runtime *runtime, const vl_face_model *model, vl_letterbox_scratch *letterbox,
                               vl_detector *detector, veil_error *error);
void vl_detector_destroy(vl_detector *detector);

/**
 * Find how this network codes its boxes, by its answer to the known face, and set it in `model` (before other threads see
 * it). MODEL when no coding finds the face.
 */
veil_status vl_detector_identify(vl_detector *detector, vl_face_model *model, veil_error *error);

/** The known face must be found where it is, above `min_score`; else MODEL. */
veil_status vl_detector_prove(vl_detector *detector, float min_score, veil_error *error);

/** Draw the picture into the input planes. Returns the mapping for vl_detector_run. */
vl_letterbox vl_detector_prepare(vl_detector *detector, const vl_image_view *view);

/**
 * Run the network on what was prepared, decode, suppress, clip: fills faces, highest score first. The planes are wiped.
 * @return VEIL_OK; NO_MEMORY, INTERNAL (also when the network answers with something that is no number)
 */
veil_status vl_detector_run(vl_detector *detector, const vl_letterbox *box, const vl_image_view *view, float min_score);

/**
 * The same for a picture of several parts: run on what was prepared from the view of `part` and keep the boxes; when all parts
 * are done, vl_detector_merge makes the faces.
 * @return as vl_detector_run; LIMIT (more boxes than there is room for)
 */
veil_status vl_detector_gather(vl_detector *detector, const vl_letterbox *box, const vl_image_view *picture,
                               vl_rect part, float min_score);
void vl_detector_merge(vl_detector *detector, const vl_image_view *picture);

/** Forget boxes and faces of the last picture. */
void vl_detector_wipe(vl_detector *detector);

/** Wipe the planes after vl_detector_prepare when the network is not needed. */
void vl_detector_forget(vl_detector *detector);

#endif
