/* Frames of one camera: when to search, and what stays hidden in between. One caller at a time. */
#ifndef VL_IMAGE_SEQUENCE_H
#define VL_IMAGE_SEQUENCE_H

#include "image/image.h"

typedef struct vl_image_sequence vl_image_sequence;

/** In secret pages: boxes tell where people were. NO_MEMORY. */
veil_status vl_image_sequence_create(const vl_image_engine *engine, uint32_t detect_every, uint32_t hold_frames,
                                     vl_image_sequence **out, veil_error *error);
void vl_image_sequence_destroy(vl_image_sequence *sequence);

/** As veil_image_sequence_redact. */
veil_status vl_image_sequence_redact(vl_image_sequence *sequence, const veil_image_options *options, veil_image *frame,
                                     veil_image_result *result, veil_error *error);

#endif
