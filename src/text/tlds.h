/* Top-level domains: the root zone's ASCII names, and the names that are reserved for use outside it. */
#ifndef VL_TEXT_TLDS_H
#define VL_TEXT_TLDS_H

#include <stdbool.h>
#include <stddef.h>

/** True for a name of the root zone in any case, and for every internationalised name (by its prefix "xn--"). */
/** The table of names, lower case. */
size_t vl_tld_count(void);
const char *vl_tld_at(size_t index);

bool vl_tld_exists(const char *label, size_t n);

/** True for names that never enter the root zone but name hosts in private networks and in examples. */
bool vl_tld_is_private(const char *label, size_t n);

#endif
