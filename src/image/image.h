/*
 * The image engine's interface to api. An engine is immutable; each call takes a workspace (network instance, detector
 * input, decode buffers) from its pool.
 */
#ifndef VL_IMAGE_IMAGE_H
#define VL_IMAGE_IMAGE_H

#include "core/cache.h"
#include "core/runtime.h"
#include "text/text.h"

typedef struct vl_image_engine vl_image_engine;

/** Load and prove the detector (MODEL when it does not find the known face), make workspaces and caches. `text` (NULL: nothing is
 *  looked for in text) outlives the engine. */
veil_status vl_image_engine_create(const veil_config *config, const vl_runtime *runtime, const vl_text_engine *text,
                                   vl_image_engine **out, veil_error *error);
void vl_image_engine_destroy(vl_image_engine *engine);

/** As the public calls of the same names; pointers, struct_size and reserved fields were checked by api. */
veil_status vl_image_scan(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                          veil_image_result *result, veil_error *error);
veil_status vl_image_redact(const vl_image_engine *engine, const veil_image_options *options, veil_image *image,
                            veil_image_result *result, veil_error *error);
veil_status vl_image_encoded_bound(const vl_image_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error);
veil_status vl_image_scan_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                  size_t input_bytes, veil_image_result *result, veil_error *error);
veil_status vl_image_redact_encoded(const vl_image_engine *engine, const veil_image_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_image_result *result, veil_error *error);

void vl_image_cache_stats(const vl_image_engine *engine, vl_cache_stats *stats);
/** In a forked child: forget cached results (their secret is renewed). */
void vl_image_engine_after_fork(vl_image_engine *engine);
/** Default on (1), off (0), or INVALID_ARGUMENT. */
veil_status vl_image_engine_has(const vl_image_engine *engine, const char *entity);

size_t vl_image_entity_count(void);
void vl_image_entity_at(size_t index, veil_entity_info *info);
/** "OpenCV 4.6.0, libjpeg-turbo 2.1.5, libpng 1.6.39, libwebp 1.2.4" */
const char *vl_image_engine_version(void);
/** "face_ssd (embedded, sha256 ...)" or "" */
const char *vl_image_models(void);

#endif
