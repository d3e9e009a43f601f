/*
 * The face network of an engine: its file (embedded or the caller's), the pin, what is in it, how its boxes are coded, and
 * the score at which it is used. Immutable once proven; shared by all workspaces.
 */
#ifndef VL_IMAGE_MODEL_H
#define VL_IMAGE_MODEL_H

#include "core/runtime.h"
#include "image/onnx_facts.h"
#include "image/priors.h"

#define VL_MODEL_FILE_MAX (64u << 20) /* bytes; a face network has about one million */

typedef struct vl_face_model {
    const uint8_t *onnx;
    size_t onnx_bytes;
    uint8_t *owned;  /* the file's bytes, when they are not the embedded ones */
    bool is_resized; /* the embedded network at another input size than its file states */
    bool has_tiles;  /* large pictures are searched in tiles, too */
    vl_onnx_facts facts;
    vl_box_coding coding;  /* set by vl_detector_prove */
    float operating_score; /* likewise */
    vl_prior *priors;      /* facts.prior_count of them, of that coding */
} vl_face_model;

/**
 * Read and check config->model_path, or take the embedded network (at the input size of the config; a file has the one that it
 * states). The pin is checked before a byte is parsed.
 * @return VEIL_OK; MODEL (missing, unreadable, too large, not what the pin says, not a face network of a known shape, no
 *         network embedded), NO_MEMORY, INVALID_ARGUMENT (pin is not 64 hex digits)
 */
veil_status vl_face_model_load(const veil_config *config, const vl_runtime *runtime, vl_face_model *model,
                               veil_error *error);
void vl_face_model_release(const vl_runtime *runtime, vl_face_model *model);

/** Use this coding: makes the priors and sets the operating score. */
void vl_face_model_use(vl_face_model *model, vl_box_coding coding);

/** "face_ssd (embedded, sha256 1d32...)", or "" in a build without a network. Static. */
const char *vl_face_model_embedded_name(void);

#endif
