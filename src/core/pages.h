/* Pages from the kernel for memory that may hold input. Used by the pool and by vl_secret_pages. */
#ifndef VL_CORE_PAGES_H
#define VL_CORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/** `size_bytes` rounded up to whole pages; 0 when that overflows or the size is 0. */
size_t vl_pages_round(size_t size_bytes);

/** Zeroed, touched, kept out of core dumps; locked where allowed (`locked` says whether, may be NULL). NULL when refused. */
void *vl_pages_map(size_t size_bytes, bool *locked);

/** Wipe and unmap. NULL is accepted. */
void vl_pages_unmap(void *pages, size_t size_bytes);

#endif
