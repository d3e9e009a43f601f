/* Sorting in place without allocation (qsort of the C library may allocate) and in O(n log n) for any input. */
#ifndef VL_AUDIO_SORT_H
#define VL_AUDIO_SORT_H

#include <stdbool.h>
#include <stddef.h>

/** True when a comes before b. */
typedef bool (*vl_before_fn)(const void *a, const void *b);

/** Not stable: the order given must be total. size_bytes at most 128. */
void vl_sort(void *base, size_t count, size_t size_bytes, vl_before_fn before);

#endif
