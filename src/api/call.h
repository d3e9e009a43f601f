/*
 * The frame around image and audio calls: what was refused, what was counted, what must be cleared. These calls take
 * microseconds and more, so clarity comes before nanoseconds.
 */
#ifndef VL_API_CALL_H
#define VL_API_CALL_H

#include "check.h"
#include "sanitizer.h"

typedef struct vl_call {
    const veil_sanitizer *sanitizer; /* NULL when the caller's was */
    veil_error *error;               /* NULL when the caller's was, or cannot be written */
    uint32_t operation;              /* VEIL_METRIC_* */
    uint32_t modality;               /* VEIL_MODALITY_* that it needs */
    uint64_t begin;                  /* 0: not timed, or refused */
    uint64_t bytes;
} vl_call;

/** Fill `call`, check the handle and that it has the modality. */
veil_status vl_call_begin(vl_call *call, const veil_sanitizer *sanitizer, uint32_t operation, uint32_t modality,
                          veil_error *error);
/** Every argument is right: the engine is about to run over `bytes` of input. */
void vl_call_start(vl_call *call, uint64_t bytes);
/** Count the call, started or refused, and complete the error struct. Returns `status`. */
veil_status vl_call_end(vl_call *call, veil_status status);

#endif
