/*
 * The audio engine's interface to api. An engine is immutable; each call takes a workspace from its pool. Transcripts go
 * through the text engine that it is given.
 */
#ifndef VL_AUDIO_AUDIO_H
#define VL_AUDIO_AUDIO_H

#include "core/runtime.h"
#include "text/text.h"

typedef struct vl_audio_engine vl_audio_engine;

veil_status vl_audio_engine_create(const veil_config *config, const vl_runtime *runtime, const vl_text_engine *text,
                                   vl_audio_engine **out, veil_error *error);
void vl_audio_engine_destroy(vl_audio_engine *engine);

/** As the public calls of the same names; pointers, struct_size and reserved fields were checked by api. */
veil_status vl_audio_scan(const vl_audio_engine *engine, const veil_audio_options *options, const veil_audio *audio,
                          veil_audio_result *result, veil_error *error);
veil_status vl_audio_redact(const vl_audio_engine *engine, const veil_audio_options *options, veil_audio *audio,
                            veil_audio_result *result, veil_error *error);
veil_status vl_audio_encoded_bound(const vl_audio_engine *engine, const void *input, size_t input_bytes,
                                   size_t *bound_bytes, veil_error *error);
veil_status vl_audio_scan_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                  size_t input_bytes, veil_audio_result *result, veil_error *error);
veil_status vl_audio_redact_encoded(const vl_audio_engine *engine, const veil_audio_options *options, const void *input,
                                    size_t input_bytes, void *out, size_t out_capacity, size_t *out_bytes,
                                    veil_audio_result *result, veil_error *error);
veil_status vl_transcript_redact(const vl_audio_engine *engine, const veil_audio_options *options, double duration_s,
                                 uint32_t channel_count, char *out, size_t out_capacity, size_t *out_bytes,
                                 veil_error *error);
veil_status vl_audio_engine_has(const vl_audio_engine *engine, const char *entity);

size_t vl_audio_entity_count(void);
void vl_audio_entity_at(size_t index, veil_entity_info *info);
/** "libsndfile 1.2.0" */
const char *vl_audio_engine_version(void);

#endif
