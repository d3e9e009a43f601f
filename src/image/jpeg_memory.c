/*
 * The jpeg_memory_mgr of libjpeg (see its jpeglib.h) on plain blocks: each allocation is a block in the list of its pool, with
 * its size before it, wiped when the pool is freed. Whole-picture arrays are one allocation each; there is no backing store.
 *
 *   block: | next, size | 64-byte aligned payload ... |
 */
#include "image/jpeg_memory.h"

#include <stdint.h>
#include <string.h>

#include "core/alloc.h"

#include <jerror.h>

#define ALIGNMENT 64u /* libjpeg-turbo's SIMD rows want 32 */

struct vl_jpeg_block {
    vl_jpeg_block *next;
    size_t size_bytes; /* of the whole allocation */
};

/* Rows of samples or of coefficient blocks over the whole picture. libjpeg knows these by pointer only. */
struct jvirt_sarray_control {
    JSAMPARRAY rows;
    JDIMENSION width, height;
    struct jvirt_sarray_control *next;
};
struct jvirt_barray_control {
    JBLOCKARRAY rows;
    JDIMENSION width, height;
    struct jvirt_barray_control *next;
};

static vl_jpeg_memory *memory_of(j_common_ptr cinfo)
{
    return (vl_jpeg_memory *)cinfo->mem;
}

static void fail(j_common_ptr cinfo)
{
    cinfo->err->msg_code = JERR_OUT_OF_MEMORY;
    cinfo->err->error_exit(cinfo); /* does not return */
}

static void *take(j_common_ptr cinfo, int pool, uint64_t size_bytes)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    if (pool < 0 || pool >= JPOOL_NUMPOOLS) fail(cinfo);
    if (size_bytes > memory->limit_bytes - memory->taken_bytes) fail(cinfo);
    size_t total = ALIGNMENT + (size_t)size_bytes;
    vl_jpeg_block *block = vl_alloc_aligned(&vl_allocator_default, ALIGNMENT, total);
    if (block == NULL) fail(cinfo);
    *block = (vl_jpeg_block){memory->blocks[pool], total};
    memory->blocks[pool] = block;
    memory->taken_bytes += (size_t)size_bytes;
    return (uint8_t *)block + ALIGNMENT;
}

static void *take_size(j_common_ptr cinfo, int pool, size_t size_bytes)
{
    return take(cinfo, pool, size_bytes);
}

/* `count` rows that start on aligned addresses, reached through an array of pointers. */
static void *take_rows(j_common_ptr cinfo, int pool, uint64_t row_bytes, JDIMENSION count)
{
    uint64_t stride = (row_bytes + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; /* SIMD may write past a row's end */
    uint8_t **rows = take(cinfo, pool, (uint64_t)count * sizeof(uint8_t *));
    uint8_t *payload = take(cinfo, pool, stride * count);
    for (JDIMENSION i = 0; i < count; i++)
        rows[i] = payload + stride * i;
    return rows;
}

static JSAMPARRAY take_samples(j_common_ptr cinfo, int pool, JDIMENSION width, JDIMENSION rows)
{
    return take_rows(cinfo, pool, width, rows);
}

static JBLOCKARRAY take_blocks(j_common_ptr cinfo, int pool, JDIMENSION width, JDIMENSION rows)
{
    return take_rows(cinfo, pool, (uint64_t)width * sizeof(JBLOCK), rows);
}

static jvirt_sarray_ptr request_samples(j_common_ptr cinfo, int pool, boolean pre_zero, JDIMENSION width,
                                        JDIMENSION height, JDIMENSION max_access)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    (void)pre_zero, (void)max_access; /* every block starts as zeros; all rows are there at once */
    jvirt_sarray_ptr array = take(cinfo, pool, sizeof *array);
    *array = (struct jvirt_sarray_control){NULL, width, height, memory->sample_arrays};
    return memory->sample_arrays = array;
}

static jvirt_barray_ptr request_blocks(j_common_ptr cinfo, int pool, boolean pre_zero, JDIMENSION width,
                                       JDIMENSION height, JDIMENSION max_access)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    (void)pre_zero, (void)max_access;
    jvirt_barray_ptr array = take(cinfo, pool, sizeof *array);
    *array = (struct jvirt_barray_control){NULL, width, height, memory->block_arrays};
    return memory->block_arrays = array;
}

static void realize_arrays(j_common_ptr cinfo)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    for (; memory->sample_arrays != NULL; memory->sample_arrays = memory->sample_arrays->next) {
        jvirt_sarray_ptr array = memory->sample_arrays;
        array->rows = take_samples(cinfo, JPOOL_IMAGE, array->width, array->height);
    }
    for (; memory->block_arrays != NULL; memory->block_arrays = memory->block_arrays->next) {
        jvirt_barray_ptr array = memory->block_arrays;
        array->rows = take_blocks(cinfo, JPOOL_IMAGE, array->width, array->height);
    }
}

static JSAMPARRAY access_samples(j_common_ptr cinfo, jvirt_sarray_ptr array, JDIMENSION start, JDIMENSION rows,
                                 boolean writable)
{
    (void)writable;
    if (array->rows == NULL || start > array->height || rows > array->height - start) fail(cinfo);
    return array->rows + start;
}

static JBLOCKARRAY access_blocks(j_common_ptr cinfo, jvirt_barray_ptr array, JDIMENSION start, JDIMENSION rows,
                                 boolean writable)
{
    (void)writable;
    if (array->rows == NULL || start > array->height || rows > array->height - start) fail(cinfo);
    return array->rows + start;
}

JBLOCKARRAY vl_jpeg_memory_blocks(jvirt_barray_ptr array)
{
    return array->rows;
}

static void free_pool(j_common_ptr cinfo, int pool)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    if (pool == JPOOL_IMAGE) {
        memory->sample_arrays = NULL;
        memory->block_arrays = NULL;
    }
    while (memory->blocks[pool] != NULL) {
        vl_jpeg_block *block = memory->blocks[pool];
        size_t total = block->size_bytes;
        memory->blocks[pool] = block->next;
        memory->taken_bytes -= total - ALIGNMENT;
        vl_wipe(block, total);
        vl_free_aligned(&vl_allocator_default, block, ALIGNMENT, total);
    }
}

static void self_destruct(j_common_ptr cinfo)
{
    vl_jpeg_memory *memory = memory_of(cinfo);
    for (int pool = JPOOL_NUMPOOLS - 1; pool >= JPOOL_PERMANENT; pool--)
        free_pool(cinfo, pool);
    cinfo->mem = memory->original;
    cinfo->mem->self_destruct(cinfo);
}

void vl_jpeg_memory_install(vl_jpeg_memory *memory, j_common_ptr cinfo, size_t limit_bytes)
{
    *memory = (vl_jpeg_memory){.original = cinfo->mem, .limit_bytes = limit_bytes};
    memory->base = (struct jpeg_memory_mgr){
        .alloc_small = take_size,
        .alloc_large = take_size,
        .alloc_sarray = take_samples,
        .alloc_barray = take_blocks,
        .request_virt_sarray = request_samples,
        .request_virt_barray = request_blocks,
        .realize_virt_arrays = realize_arrays,
        .access_virt_sarray = access_samples,
        .access_virt_barray = access_blocks,
        .free_pool = free_pool,
        .self_destruct = self_destruct,
        .max_memory_to_use = (long)(limit_bytes / 2),
        .max_alloc_chunk = 1000000000L, /* libjpeg's own default */
    };
    cinfo->mem = &memory->base;
}
