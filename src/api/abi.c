/*
 * The rules of public structs, checked by the compiler: struct_size comes first, and the last field ends where the struct
 * ends, so that a field added later never lands in what used to be padding (which an older caller does not clear).
 * tests/api/abi_test.c freezes every offset.
 */
#include <assert.h>
#include <stddef.h>

#include "veil.h"

#define ENDS_WITH(type, last)                                                                                          \
    static_assert(offsetof(type, last) + sizeof(((type *)0)->last) == sizeof(type), #type " has padding at its end")
#define PUBLIC_STRUCT(type, last)                                                                                      \
    ENDS_WITH(type, last);                                                                                             \
    static_assert(offsetof(type, struct_size) == 0, #type " must begin with struct_size");                             \
    static_assert(sizeof(type) % 8 == 0, #type " must end on a multiple of 8")

PUBLIC_STRUCT(veil_error, message);
PUBLIC_STRUCT(veil_operator_rule, replace_user);
PUBLIC_STRUCT(veil_effect_rule, color_rgb);
PUBLIC_STRUCT(veil_ocr_word, line);
PUBLIC_STRUCT(veil_ocr_engine, destroy);
PUBLIC_STRUCT(veil_recognizer, line);
PUBLIC_STRUCT(veil_allow_rule, reserved);
PUBLIC_STRUCT(veil_asr_word, alternative);
PUBLIC_STRUCT(veil_asr_sound, reserved);
PUBLIC_STRUCT(veil_asr_engine, reserved);
PUBLIC_STRUCT(veil_config, ocr);
PUBLIC_STRUCT(veil_entity_info, is_default);
PUBLIC_STRUCT(veil_build_info, options);
PUBLIC_STRUCT(veil_field_rule, entity);
PUBLIC_STRUCT(veil_text_options, reserved);
PUBLIC_STRUCT(veil_restore_result, refused_count);
PUBLIC_STRUCT(veil_text_result, finding_count);
PUBLIC_STRUCT(veil_image, reserved);
PUBLIC_STRUCT(veil_polygon, point_count);
PUBLIC_STRUCT(veil_image_options, reserved);
PUBLIC_STRUCT(veil_image_result, path);
PUBLIC_STRUCT(veil_audio, layout);
PUBLIC_STRUCT(veil_audio_options, heard_count);
PUBLIC_STRUCT(veil_audio_result, reserved);
PUBLIC_STRUCT(veil_audio_stream_options, delay_ms);
PUBLIC_STRUCT(veil_completion, error);
PUBLIC_STRUCT(veil_job, user);
PUBLIC_STRUCT(veil_metrics, live_recognizers);

/* Elements of arrays: their size is an argument of the call, or frozen. */
ENDS_WITH(veil_finding, is_loser);
ENDS_WITH(veil_callback_finding, reserved);
ENDS_WITH(veil_text_item, reserved);
ENDS_WITH(veil_region, reserved);
ENDS_WITH(veil_image_item, reserved);
ENDS_WITH(veil_audio_range, reserved);
ENDS_WITH(veil_audio_finding, source);
ENDS_WITH(veil_operation_metrics, max_ns);
