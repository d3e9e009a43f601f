/* The anchored set as it was compiled when the library was built, best level first. Words are little-endian, as x86-64 is. */
#include <stddef.h>

#include "text/patterns.h"
#include "text/secrets_databases.inc"

#if defined(__x86_64__)
static const vl_patterns_image images[] = {avx512_IMAGE, avx2_IMAGE, plain_IMAGE};
#else
static const vl_patterns_image images[] = {plain_IMAGE};
#endif

const vl_patterns_image *vl_secrets_images(size_t *count)
{
    *count = sizeof images / sizeof images[0];
    return images;
}
