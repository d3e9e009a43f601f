/* Texts without personal data that look as if they had some: identifiers, digests, versions, clocks, code, logs. Each is made from
 * its family, its number and nothing else, so that counts can be kept in the tree and reviewed as a diff. */
#ifndef VL_TESTS_TEXT_NEGATIVES_H
#define VL_TESTS_TEXT_NEGATIVES_H

#include <stddef.h>
#include <stdint.h>

/** Number of families, and the name of one ("uuid", "semver", ...). */
size_t negatives_family_count(void);
const char *negatives_family_name(size_t family);

/** Write text `number` of a family; its length in bytes, below `capacity` (at least 512). */
size_t negatives_make(size_t family, uint32_t number, char *out, size_t capacity);

#endif
