/*
 * Argument checks shared by the public calls. The rules of every public struct: it begins with struct_size, a multiple of 8
 * (so that a size never cuts a field in two); a shorter one comes from an older caller and gets defaults for the rest; a
 * longer one comes from a newer caller and is refused unless everything beyond what this library knows is zero.
 *
 * A text call without options must cost next to nothing here, so what it needs is inline.
 */
#ifndef VL_API_CHECK_H
#define VL_API_CHECK_H

#include <stdbool.h>
#include <string.h>

#include "core/error.h"

/** True when bytes [from, to) of `base` are all zero. */
bool vl_tail_is_zero(const void *base, size_t from, size_t to);

/**
 * Check a struct's declared size and its unknown tail. `minimum` is what the call cannot do without, `known` what this
 * library knows. `what` names the struct in the reason.
 */
veil_status vl_check_struct(const void *base, size_t minimum, size_t known, const char *what, veil_error *error);

/** An error struct can be written to, and holds nothing of an earlier call afterwards. */
static inline bool vl_error_begin(veil_error *error)
{
    if (error == NULL) return true;
    if (error->struct_size < sizeof *error) return false;
    error->status = VEIL_OK;
    error->reserved = 0;
    error->offset = 0;
    error->message[0] = '\0';
    return true;
}

/** Complete an error struct after a failure: every failure has a reason, if only its name. `error` may be NULL. */
static inline void vl_error_end(veil_error *error, veil_status status)
{
    if (error == NULL) return;
    if (status != VEIL_OK && error->message[0] == '\0')
        (void)vl_error_set(error, status, error->offset, "%s", veil_status_string(status));
    error->status = status;
}

/** The field of the rule that is wrong, with the reason; NULL: none. */
const char *vl_operator_fault(const veil_operator_rule *rule);

/** Two ranges of memory share a byte. */
static inline bool vl_overlap(const void *a, size_t a_bytes, const void *b, size_t b_bytes)
{
    const uintptr_t x = (uintptr_t)a;
    const uintptr_t y = (uintptr_t)b;
    return a_bytes != 0 && b_bytes != 0 && x < y + b_bytes && y < x + a_bytes;
}

/** Zero an output buffer after a failure. NULL is accepted. */
static inline void vl_scrub(void *out, size_t out_capacity, size_t *out_bytes)
{
    if (out != NULL && out_capacity != 0) memset(out, 0, out_capacity);
    if (out_bytes != NULL) *out_bytes = 0;
}

/** A list of entity names: pointer and count agree, no name is NULL or empty. `field` names it in the reason. */
veil_status vl_check_names(const char *const *names, size_t count, const char *field, veil_error *error);
/** Operator and effect rules: pointer and count agree, sizes, enums, reserved fields, numbers. Not whether names exist. */
veil_status vl_check_operators(const veil_operator_rule *rules, size_t count, veil_error *error);
veil_status vl_check_effects(const veil_effect_rule *rules, size_t count, veil_error *error);
/** "en", "de", ..., "any"; NULL is accepted where `may_be_null`. */
veil_status vl_check_language(const char *language, bool may_be_null, veil_error *error);
/** Negative (the sanitizer's) or in [0,1]; never NaN. */
veil_status vl_check_score(float score, const char *field, veil_error *error);

/**
 * Per-call options: checked, and when the caller's struct is shorter than ours, completed in `local` with defaults.
 * *options is what to hand to the engine (NULL stays NULL).
 */
veil_status vl_check_text_options(const veil_text_options **options, veil_text_options *local, veil_error *error);
veil_status vl_check_image_options(const veil_image_options **options, veil_image_options *local, veil_error *error);
veil_status vl_check_audio_options(const veil_audio_options **options, veil_audio_options *local, veil_error *error);

/** Where results go. Arrays and capacities agree; outputs are cleared. A NULL result is accepted when not `required`. */
veil_status vl_check_text_result(veil_text_result *result, bool required, veil_error *error);
veil_status vl_check_image_result(veil_image_result *result, bool required, veil_error *error);
veil_status vl_check_audio_result(veil_audio_result *result, bool required, veil_error *error);

/** Pictures and sounds in the caller's memory: everything that can be said without the configuration's limits. */
veil_status vl_check_image(const veil_image *image, veil_error *error);
veil_status vl_check_audio(const veil_audio *audio, veil_error *error);

/** Bytes of a picture or sound for the metrics; 0 when the struct is not there. */
uint64_t vl_image_size_bytes(const veil_image *image);
uint64_t vl_audio_size_bytes(const veil_audio *audio);

/** Input and output of the calls that take encoded bytes: pointers, counts, overlap. */
veil_status vl_check_input(const void *input, size_t input_bytes, veil_error *error);
veil_status vl_check_output(const void *input, size_t input_bytes, const void *out, size_t out_capacity,
                            const size_t *out_bytes, veil_error *error);

#endif
