/* The three hooks that libjpeg has: errors, progress, output. */
#include "image/jpeg_trap.h"

#include "core/error.h"

#include <jerror.h>

enum { MAX_SCANS = 64 }; /* encoders write about 10 */

static veil_status status_of(int message)
{
    switch (message) {
    case JERR_OUT_OF_MEMORY:
        return VEIL_ERR_NO_MEMORY;
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW:
        return VEIL_ERR_LIMIT;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return VEIL_ERR_UNSUPPORTED;
    default:
        return VEIL_ERR_MALFORMED_INPUT;
    }
}

_Noreturn static void trap_exit(j_common_ptr cinfo)
{
    vl_jpeg_trap *trap = (vl_jpeg_trap *)cinfo->err;
    trap->status = status_of(cinfo->err->msg_code);
    longjmp(trap->jump, 1);
}

_Noreturn void vl_jpeg_trap_fail(j_common_ptr cinfo, int code)
{
    cinfo->err->msg_code = code;
    trap_exit(cinfo);
}

/* Warnings about data that is missing or wrong end the decoding. These few say nothing about the pixels. */
static void trap_message(j_common_ptr cinfo, int level)
{
    if (level >= 0) return; /* traces */
    int code = cinfo->err->msg_code;
    if (code == JWRN_EXTRANEOUS_DATA || code == JWRN_JFIF_MAJOR || code == JWRN_ADOBE_XFORM || code == JWRN_BOGUS_ICC)
        return;
    trap_exit(cinfo);
}

static void trap_print(j_common_ptr cinfo)
{
    (void)cinfo;
}

struct jpeg_error_mgr *vl_jpeg_trap_set(vl_jpeg_trap *trap)
{
    jpeg_std_error(&trap->base);
    trap->base.error_exit = trap_exit;
    trap->base.emit_message = trap_message;
    trap->base.output_message = trap_print;
    trap->status = VEIL_ERR_INTERNAL;
    return &trap->base;
}

static const char *reason_of(const vl_jpeg_trap *trap)
{
    int code = trap->base.msg_code;
    if (code == JWRN_JPEG_EOF || code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY) return "the file is truncated";
    if (code == JERR_BAD_PROGRESSION) return "too many scans, or scans that contradict each other";
    if (trap->status == VEIL_ERR_NO_MEMORY) return "no memory";
    if (trap->status == VEIL_ERR_LIMIT) return "too large";
    if (trap->status == VEIL_ERR_UNSUPPORTED) return "it uses a feature that is not supported";
    return trap->status == VEIL_ERR_MALFORMED_INPUT ? "corrupt data" : "a failure inside";
}

veil_status vl_jpeg_trap_report(const vl_jpeg_trap *trap, veil_error *error, const char *verb)
{
    return vl_error_set(error, trap->status, 0, "JPEG: cannot %s: %s (libjpeg message %d)", verb, reason_of(trap),
                        trap->base.msg_code);
}

void vl_jpeg_watch_scans(j_common_ptr cinfo)
{
    if (((j_decompress_ptr)cinfo)->input_scan_number > MAX_SCANS) vl_jpeg_trap_fail(cinfo, JERR_BAD_PROGRESSION);
}

/* ---- Output ---- */

/* Offer libjpeg what is left of the caller's buffer, and the spare bytes when nothing is. */
static void sink_offer(vl_jpeg_target *target)
{
    vl_sink *sink = target->sink;
    bool has_room = sink->needed < sink->capacity;
    target->base.next_output_byte = has_room ? sink->out + sink->needed : target->spare;
    target->base.free_in_buffer = has_room ? sink->capacity - sink->needed : sizeof target->spare;
}

static void sink_begin(j_compress_ptr cinfo)
{
    sink_offer((vl_jpeg_target *)cinfo->dest);
}

static boolean sink_full(j_compress_ptr cinfo) /* all that was offered has been written */
{
    vl_jpeg_target *target = (vl_jpeg_target *)cinfo->dest;
    vl_sink *sink = target->sink;
    sink->needed += sink->needed < sink->capacity ? sink->capacity - sink->needed : sizeof target->spare;
    sink_offer(target);
    return TRUE;
}

static void sink_end(j_compress_ptr cinfo)
{
    vl_jpeg_target *target = (vl_jpeg_target *)cinfo->dest;
    vl_sink *sink = target->sink;
    size_t offered = sink->needed < sink->capacity ? sink->capacity - sink->needed : sizeof target->spare;
    sink->needed += offered - target->base.free_in_buffer;
}

void vl_jpeg_target_set(vl_jpeg_target *target, vl_sink *sink)
{
    target->base.init_destination = sink_begin;
    target->base.empty_output_buffer = sink_full;
    target->base.term_destination = sink_end;
    target->sink = sink;
}

void vl_jpeg_write_icc(j_compress_ptr cinfo, const vl_image_info *info, vl_bytes input)
{
    vl_jpeg_icc icc;
    if (info->icc_bytes == 0) return;
    uint32_t count = vl_jpeg_icc_chunks(input, &icc);
    for (uint32_t number = 1; number <= count; number++)
        jpeg_write_marker(cinfo, JPEG_APP0 + 2, input.data + icc.offset[number], icc.size[number]);
}
