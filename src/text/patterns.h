/*
 * Sets of patterns that Hyperscan carries: compiled from arrays, scanned over a range, every match given with its start. The
 * database that walks the text has no start offsets (they cost three times as much); the start of a match is found
 * afterwards, by a second database, in the few bytes before its end. Used for the secrets of the table and for the host's
 * own patterns.
 *
 * Bytes, not characters: the text may be anything, so patterns are never compiled as UTF-8 (Hyperscan's answer to malformed
 * text would be undefined). A character beyond ASCII in a class is refused by whoever reads the pattern.
 *
 * Threads: a set is immutable; a scratch belongs to one call at a time.
 */
#ifndef VL_TEXT_PATTERNS_H
#define VL_TEXT_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/alloc.h"
#include "veil.h"

#define VL_PATTERN_WIDTH_MAX 400u /* bytes of a match: below VL_LOOK_BACK with what stands around it */

enum { VL_PATTERN_CASELESS = 1u };

typedef struct vl_pattern {
    const char *text; /* in the common subset of Hyperscan, PCRE2 and RE2; "." takes a newline as well */
    uint32_t flags;   /* VL_PATTERN_* */
    uint32_t id;      /* given back with a match */
} vl_pattern;

typedef enum vl_patterns_kind {
    VL_PATTERNS_ANYWHERE, /* for vl_patterns_scan */
    VL_PATTERNS_ANCHORED  /* for vl_patterns_at: every match begins where the caller says; half the memory */
} vl_patterns_kind;

/** Which pattern was refused, and why. The reason names no input: patterns are the configuration's. */
typedef struct vl_pattern_fault {
    size_t index;     /* SIZE_MAX: none of them alone */
    char reason[160]; /* Hyperscan's words, or ours */
} vl_pattern_fault;

typedef struct vl_patterns vl_patterns;
typedef struct vl_patterns_scratch vl_patterns_scratch; /* of one workspace */

/** A match; `end` is exclusive, offsets are those of the text. Every end is reported: of "[0-9]{4,6}" in six digits come three,
 *  in growing order; who wants the longest keeps the last. */
typedef veil_status (*vl_pattern_fn)(void *user, uint32_t id, size_t start, size_t end);

/**
 * Compile. The patterns are borrowed until this returns.
 *
 * @param fault  May be NULL. Written when a pattern is refused.
 * @return VEIL_OK; VEIL_ERR_INVALID_ARGUMENT for a pattern that Hyperscan refuses, that may match nothing, or whose matches
 *         may be longer than VL_PATTERN_WIDTH_MAX; VEIL_ERR_NO_MEMORY.
 */
veil_status vl_patterns_create(const vl_allocator *allocator, const vl_pattern *patterns, size_t count,
                               vl_patterns_kind kind, vl_patterns **out, vl_pattern_fault *fault);
void vl_patterns_destroy(vl_patterns *patterns);

/** An anchored set that was compiled before: serialised by the Hyperscan of that version. */
typedef struct vl_patterns_image {
    const char *version; /* hs_version() */
    const uint64_t *words;
    size_t size_bytes;
    uint8_t digest[32]; /* SHA-256 of the bytes */
} vl_patterns_image;

/** secrets_databases.c: the images of the table's anchored rows, best level of CPU first. */
const vl_patterns_image *vl_secrets_images(size_t *count);

/**
 * Load a compiled set instead of compiling. `width`: bytes of its longest match.
 *
 * @return VEIL_OK; VEIL_ERR_UNSUPPORTED when another version or a better CPU is needed: compile then; VEIL_ERR_INTERNAL when
 *         the bytes are not those that were compiled, which Hyperscan never sees; VEIL_ERR_NO_MEMORY.
 */
veil_status vl_patterns_load(const vl_allocator *allocator, const vl_patterns_image *image, size_t width,
                             vl_patterns **out);

/** Bytes of the longest match. */
size_t vl_patterns_width(const vl_patterns *patterns);

/** Hyperscan's own memory for this set's databases, in bytes. */
size_t vl_patterns_bytes(const vl_patterns *patterns);

/** One scratch serves all sets of the list; NULL entries are passed over. */
veil_status vl_patterns_scratch_create(const vl_allocator *allocator, const vl_patterns *const *list, size_t count,
                                       vl_patterns_scratch **out);
void vl_patterns_scratch_destroy(vl_patterns_scratch *scratch);
size_t vl_patterns_scratch_bytes(const vl_patterns_scratch *scratch);

/**
 * Every match that starts in [from, to). What stands around the range is looked at (boundaries, the rest of a match).
 * The callback may not scan with the same scratch. Stops at the first status that is not VEIL_OK and returns it;
 * VEIL_ERR_INTERNAL when Hyperscan fails. Allocates nothing.
 */
veil_status vl_patterns_scan(const vl_patterns *patterns, vl_patterns_scratch *scratch, const uint8_t *text,
                             size_t size, size_t from, size_t to, vl_pattern_fn each, void *user);

/** The matches that start at `at`. A boundary before `at` is the caller's to judge. */
veil_status vl_patterns_at(const vl_patterns *patterns, vl_patterns_scratch *scratch, const uint8_t *text, size_t size,
                           size_t at, vl_pattern_fn each, void *user);

#endif
