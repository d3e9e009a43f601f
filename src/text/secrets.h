/*
 * Secrets: tokens with known beginnings, the armour of private keys, and what stands behind the name of a secret
 * (credentials.c) or in a URL (authority.c). Where a token may begin is known from the bitmaps: at the start of a long run
 * of letters, digits and dashes. There the exact beginnings are compared, and only where one stands Hyperscan is asked,
 * with patterns that are anchored at that place: so the start of a match is known and clean text pays nothing for the number
 * of rows.
 *
 * Rows flagged VL_ROW_HYPERSCAN without beginnings make Hyperscan walk the whole text (patterns.h).
 */
#ifndef VL_TEXT_SECRETS_H
#define VL_TEXT_SECRETS_H

#include "core/alloc.h"
#include "text/scan.h"

typedef struct vl_secrets vl_secrets;
typedef struct vl_secrets_scratch vl_secrets_scratch; /* of one workspace */

/** For tests and the bench: do not load what the build compiled. Set it before any engine is made. */
extern bool vl_secrets_compile_always;

/** All rows of the table that are flagged VL_ROW_HYPERSCAN. */
veil_status vl_secrets_create(const vl_allocator *allocator, vl_secrets **out, veil_error *error);
void vl_secrets_destroy(vl_secrets *secrets);

veil_status vl_secrets_scratch_create(const vl_secrets *secrets, const vl_allocator *allocator,
                                      vl_secrets_scratch **out);
void vl_secrets_scratch_destroy(vl_secrets_scratch *scratch, const vl_allocator *allocator);

/** Emit the matches that start in [from, *to). Where there are so many that others would find no room, *to is moved back to
 *  the place up to which all were emitted. VEIL_OK, or INTERNAL when Hyperscan fails. */
veil_status vl_secrets_scan(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t from,
                            size_t *to);

/** Memory of the databases and of one scratch, in bytes. */
void vl_secrets_sizes(const vl_secrets *secrets, const vl_secrets_scratch *scratch, size_t *databases,
                      size_t *per_workspace);

/** "Hyperscan 5.4.0" */
const char *vl_text_engine_version(void);

#endif
