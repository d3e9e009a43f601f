/* Where the body of a private key ends that has no end line nearby. */
#ifndef VL_TEXT_ARMOUR_H
#define VL_TEXT_ARMOUR_H

#include "text/scan.h"

/** End of the key material that follows the begin line ending at `at`, not beyond `limit`; `at` when nothing follows. */
size_t vl_armour_end(const vl_scan *scan, size_t at, size_t limit);

#endif
