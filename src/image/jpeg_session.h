/*
 * JPEG without generation loss: the file's quantised coefficients are read, and blocks that touch a region get new ones. Of a usual
 * baseline file all other bits are copied as they are (jpeg_scan.h); of others, all coefficients are coded again. What no region
 * touches keeps its coefficients, whatever the quality was. Turning by
 * EXIF orientation moves and mirrors blocks, which is exact where the mirrored sides are whole MCUs.
 *
 * A session belongs to one call. Memory of libjpeg is wiped when it ends.
 */
#ifndef VL_IMAGE_JPEG_SESSION_H
#define VL_IMAGE_JPEG_SESSION_H

#include "image/codec_internal.h"
#include "image/jpeg_memory.h"
#include "image/jpeg_scan.h"
#include "image/jpeg_trap.h"
#include "image/jpeg_window.h"

typedef struct vl_jpeg_session {
    vl_jpeg_trap trap;
    struct jpeg_decompress_struct cinfo;
    struct jpeg_progress_mgr progress;
    vl_jpeg_memory memory;
    jvirt_barray_ptr *arrays; /* NULL while the bits of the scan are enough */
    vl_jpeg_scan scan;        /* open: has memory */
    vl_bytes input;
    const vl_image_info *info;
    vl_pool *pool;
    vl_jpeg_frame frame;
    uint32_t detail;
    bool is_open;
} vl_jpeg_session;

/** Whether blocks can be turned as the orientation asks. */
bool vl_jpeg_session_suits(const vl_image_info *info);

/**
 * Read a file. `info` and `input` must stay. `detail` (1, 2, 4 or 8): what vl_jpeg_session_draw will be asked for, 1 when nothing.
 * @return VEIL_OK; NO_MEMORY, MALFORMED_INPUT, LIMIT, UNSUPPORTED
 */
veil_status vl_jpeg_session_open(vl_bytes input, const vl_image_info *info, uint32_t detail, vl_pool *pool,
                                 vl_jpeg_session *session, veil_error *error);

/** Size of the oriented picture at the session's detail: that many samples for each 8 pixels. */
void vl_jpeg_session_size(const vl_jpeg_session *session, uint32_t *width, uint32_t *height);

/** Draw it into a view of that size and of info->format. NO_MEMORY, BUSY, LIMIT. */
veil_status vl_jpeg_session_draw(vl_jpeg_session *session, const vl_image_view *into, veil_error *error);

/**
 * Hide regions (rects in pixels of the oriented picture; they are overwritten) and write the file.
 * @param is_coded  out: false when these coefficients cannot be coded (only a made-up file has such): nothing was written
 * @return VEIL_OK; NO_MEMORY, BUSY, LIMIT, INTERNAL
 */
veil_status vl_jpeg_session_redact(vl_jpeg_session *session, const vl_kernels *kernels, vl_effect_region *regions,
                                   size_t region_count, vl_effect_scratch *scratch, vl_sink *sink, bool *is_coded,
                                   veil_error *error);

void vl_jpeg_session_close(vl_jpeg_session *session);

#endif
