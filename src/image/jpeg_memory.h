/*
 * Memory for libjpeg that is wiped when it is given back. libjpeg's own manager frees rows and coefficients of the picture as
 * they are, so they would stay in the heap; this one also takes no more than a bound. It replaces the manager of a
 * (de)compressor right after creation, before any pixel was seen.
 */
#ifndef VL_IMAGE_JPEG_MEMORY_H
#define VL_IMAGE_JPEG_MEMORY_H

#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

typedef struct vl_jpeg_block vl_jpeg_block;

typedef struct vl_jpeg_memory {
    struct jpeg_memory_mgr base;      /* first: libjpeg holds a pointer to it */
    struct jpeg_memory_mgr *original; /* of what was taken before the replacement */
    vl_jpeg_block *blocks[JPOOL_NUMPOOLS];
    struct jvirt_sarray_control *sample_arrays; /* asked for and not yet realized */
    struct jvirt_barray_control *block_arrays;
    size_t taken_bytes;
    size_t limit_bytes;
} vl_jpeg_memory;

/** Take over `cinfo`'s memory. `memory` must outlive it; jpeg_destroy wipes and frees everything. */
void vl_jpeg_memory_install(vl_jpeg_memory *memory, j_common_ptr cinfo, size_t limit_bytes);

/** All rows of an array of coefficients that was realized by such a manager. */
JBLOCKARRAY vl_jpeg_memory_blocks(jvirt_barray_ptr array);

#endif
