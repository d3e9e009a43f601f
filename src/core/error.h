/*
 * One-line reasons for failures. A message carries counts, offsets and type names, never bytes of the input: there is no
 * way to pass text into it but names that Veil itself owns.
 */
#ifndef VL_CORE_ERROR_H
#define VL_CORE_ERROR_H

#include "veil.h"

#if defined(__GNUC__)
#define VL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define VL_PRINTF(fmt, args)
#endif

/** Record `status` with a formatted reason and return it. `error` may be NULL. Locale-independent formats only. */
veil_status vl_error_set(veil_error *error, veil_status status, uint64_t offset, const char *format, ...)
    VL_PRINTF(4, 5);

/** Forget an earlier reason: status VEIL_OK, empty message. `error` may be NULL. */
void vl_error_clear(veil_error *error);

#endif
