/*
 * Recognizers that Hyperscan finds: secrets with fixed beginnings, and every row that has no matcher of ours. One database
 * for all, without start offsets (they cost three times as much); the start of a hit is found afterwards in the few bytes
 * before its end, by a matcher or by a small database of that row alone.
 */
#ifndef VL_TEXT_SECRETS_H
#define VL_TEXT_SECRETS_H

#include "core/alloc.h"
#include "text/scan.h"

#define VL_HITS_MAX 256u

typedef struct vl_secrets vl_secrets;
typedef struct vl_secrets_scratch vl_secrets_scratch; /* of one workspace */

/** All rows of the table that are flagged VL_ROW_HYPERSCAN. */
veil_status vl_secrets_create(const vl_allocator *allocator, vl_secrets **out, veil_error *error);
void vl_secrets_destroy(vl_secrets *secrets);

veil_status vl_secrets_scratch_create(const vl_secrets *secrets, const vl_allocator *allocator,
                                      vl_secrets_scratch **out);
void vl_secrets_scratch_destroy(vl_secrets_scratch *scratch, const vl_allocator *allocator);

/** Emit the matches that start in [from, to). VEIL_OK or INTERNAL when Hyperscan fails. */
veil_status vl_secrets_scan(const vl_secrets *secrets, vl_secrets_scratch *scratch, const vl_kernels *kernels,
                            vl_scan *scan, size_t from, size_t to);

/** "Hyperscan 5.4.0" */
const char *vl_text_engine_version(void);

#endif
