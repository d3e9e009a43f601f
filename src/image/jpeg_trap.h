/*
 * libjpeg without exits and prints: errors come back by longjmp into the one function that called setjmp. What libjpeg calls
 * a warning and then papers over (grey blocks for missing data) is an error here, because a picture that is partly made up
 * cannot be searched for faces. Also: its output into a vl_sink, and the bound on scans.
 */
#ifndef VL_IMAGE_JPEG_TRAP_H
#define VL_IMAGE_JPEG_TRAP_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "image/codec_internal.h"

#define VL_JPEG_SINK_SPARE   512        /* where output goes that has no room: it is only counted */
#define VL_JPEG_FIXED_MEMORY (4u << 20) /* tables, states and small rows of libjpeg, generously */
#define VL_JPEG_ROW_MEMORY   1024u      /* bytes a column: some 40 rows of up to 4 components in each of a few stages */

typedef struct vl_jpeg_trap {
    struct jpeg_error_mgr base; /* first: libjpeg holds a pointer to it */
    jmp_buf jump;
    veil_status status;
} vl_jpeg_trap;

struct jpeg_error_mgr *vl_jpeg_trap_set(vl_jpeg_trap *trap);

/** End the call with libjpeg's message `code`, as libjpeg itself would. */
_Noreturn void vl_jpeg_trap_fail(j_common_ptr cinfo, int code);

/** Set `error` from what the trap caught, in words of ours: libjpeg's may hold numbers of the file. Returns its status. */
veil_status vl_jpeg_trap_report(const vl_jpeg_trap *trap, veil_error *error, const char *verb);

/** A progress monitor that stops files with too many scans, each of which costs a pass over all coefficients. */
void vl_jpeg_watch_scans(j_common_ptr cinfo);

typedef struct vl_jpeg_target {
    struct jpeg_destination_mgr base; /* first: libjpeg holds a pointer to it */
    vl_sink *sink;
    uint8_t spare[VL_JPEG_SINK_SPARE]; /* holds output: wipe it afterwards */
} vl_jpeg_target;

void vl_jpeg_target_set(vl_jpeg_target *target, vl_sink *sink);

/** Write the chunks of the input's profile as markers, where info says that there is one to be kept. */
void vl_jpeg_write_icc(j_compress_ptr cinfo, const vl_image_info *info, vl_bytes input);

#endif
