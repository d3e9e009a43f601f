/*
 * JPEG through libjpeg-turbo. Errors come back by longjmp into the one function that called setjmp; nothing is printed. What
 * libjpeg calls a warning and then papers over (grey blocks for missing data) is an error here, because a picture that is
 * partly made up cannot be searched for faces. Progressive files are limited in scans, and by that in time.
 */
#include "image/codec_internal.h"

#include <setjmp.h>
#include <string.h>

#include "core/error.h"
#include "image/jpeg_memory.h"

#include <jerror.h>

enum {
    STRIP_ROWS = 16,        /* rows decoded at a time when they have to be turned */
    MAX_SCANS = 64,         /* encoders write about 10; each scan costs a pass over all coefficients */
    SINK_SPARE = 512,       /* where output goes that has no room: it is only counted */
    DEFAULT_QUALITY = 92,   /* veil_image_options.jpeg_quality 0 */
    FIXED_MEMORY = 4 << 20, /* tables, states and small rows of libjpeg, generously */
    ROW_MEMORY = 1024       /* bytes a column: some 40 rows of up to 4 components in each of a few stages */
};

typedef struct jpeg_trap {
    struct jpeg_error_mgr base; /* first: libjpeg holds a pointer to it */
    jmp_buf jump;
    veil_status status;
} jpeg_trap;

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
    jpeg_trap *trap = (jpeg_trap *)cinfo->err;
    trap->status = status_of(cinfo->err->msg_code);
    longjmp(trap->jump, 1);
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

static struct jpeg_error_mgr *trap_set(jpeg_trap *trap)
{
    jpeg_std_error(&trap->base);
    trap->base.error_exit = trap_exit;
    trap->base.emit_message = trap_message;
    trap->base.output_message = trap_print;
    trap->status = VEIL_ERR_INTERNAL;
    return &trap->base;
}

/* libjpeg's own texts may hold numbers of the file; these hold nothing of it. */
static const char *reason_of(const jpeg_trap *trap)
{
    int code = trap->base.msg_code;
    if (code == JWRN_JPEG_EOF || code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY) return "the file is truncated";
    if (code == JERR_BAD_PROGRESSION) return "too many scans, or scans that contradict each other";
    if (trap->status == VEIL_ERR_NO_MEMORY) return "no memory";
    if (trap->status == VEIL_ERR_LIMIT) return "too large";
    if (trap->status == VEIL_ERR_UNSUPPORTED) return "it uses a feature that is not supported";
    return trap->status == VEIL_ERR_MALFORMED_INPUT ? "corrupt data" : "a failure inside";
}

static veil_status report(const jpeg_trap *trap, veil_error *error, const char *verb)
{
    return vl_error_set(error, trap->status, 0, "JPEG: cannot %s: %s (libjpeg message %d)", verb, reason_of(trap),
                        trap->base.msg_code);
}

/* ---- Decoding ---- */

typedef struct decoder {
    jpeg_trap trap;
    struct jpeg_decompress_struct cinfo;
    struct jpeg_progress_mgr progress;
    vl_jpeg_memory memory;
    vl_bytes input;
    const vl_image_info *info;
    const vl_image_view *into;
    uint8_t *strip; /* STRIP_ROWS tight rows, or NULL when rows go straight into the view */
} decoder;

static void watch_scans(j_common_ptr cinfo)
{
    if (((j_decompress_ptr)cinfo)->input_scan_number <= MAX_SCANS) return;
    cinfo->err->msg_code = JERR_BAD_PROGRESSION;
    trap_exit(cinfo);
}

/* Read up to `count` rows that lie `stride` bytes apart, all of them even if libjpeg hands them out one by one. */
static void read_rows(decoder *d, uint8_t *first, size_t stride, uint32_t count)
{
    JSAMPROW rows[STRIP_ROWS];
    for (uint32_t i = 0; i < count; i++)
        rows[i] = first + i * stride;
    for (uint32_t done = 0; done < count;) {
        JDIMENSION got = jpeg_read_scanlines(&d->cinfo, rows + done, count - done);
        if (got == 0) { /* our source never suspends, so this would be an endless loop */
            d->cinfo.err->msg_code = JERR_CANT_SUSPEND;
            trap_exit((j_common_ptr)&d->cinfo);
        }
        done += got;
    }
}

static void read_picture(decoder *d)
{
    const vl_image_info *info = d->info;
    size_t row_bytes = (size_t)info->stored_width * vl_pixel_bytes(info->format);
    for (uint32_t y = 0; y < info->stored_height; y += STRIP_ROWS) {
        uint32_t left = info->stored_height - y;
        uint32_t count = left < STRIP_ROWS ? left : STRIP_ROWS;
        if (d->strip == NULL) {
            read_rows(d, vl_view_row(d->into, y), d->into->stride_bytes, count);
        } else {
            read_rows(d, d->strip, row_bytes, count);
            vl_orient_rows(d->into, info, d->strip, y, count);
        }
    }
}

static void decode_steps(decoder *d)
{
    struct jpeg_decompress_struct *cinfo = &d->cinfo;
    const vl_image_info *info = d->info;
    jpeg_mem_src(cinfo, d->input.data, (unsigned long)d->input.size);
    jpeg_read_header(cinfo, TRUE);
    int components = info->format == VEIL_PIXEL_GRAY ? 1 : 3;
    if (cinfo->image_width != info->stored_width || cinfo->image_height != info->stored_height ||
        cinfo->num_components != components) {
        cinfo->err->msg_code = JERR_BAD_LENGTH; /* our reader and libjpeg disagree: not a file to trust */
        trap_exit((j_common_ptr)cinfo);
    }
    cinfo->out_color_space = info->format == VEIL_PIXEL_GRAY ? JCS_GRAYSCALE : JCS_EXT_BGR;
    cinfo->dct_method = JDCT_ISLOW;
    cinfo->do_block_smoothing = FALSE; /* it would carry what is in a block into its neighbours, past vl_block_grid */
    jpeg_start_decompress(cinfo);
    read_picture(d);
    jpeg_finish_decompress(cinfo); /* reads to EOI: a file without it is refused */
}

/* Owns the setjmp: everything it needs afterwards lives in *d. */
static veil_status decode_guarded(decoder *d)
{
    if (setjmp(d->trap.jump) != 0) return d->trap.status;
    jpeg_create_decompress(&d->cinfo);
    /* two bytes a coefficient in progressive files, padded to whole MCUs, and rows to work on */
    size_t width = d->info->stored_width, samples = (width + 32) * (d->info->stored_height + 32) * 3;
    vl_jpeg_memory_install(&d->memory, (j_common_ptr)&d->cinfo, 3 * samples + width * ROW_MEMORY + FIXED_MEMORY);
    d->progress.progress_monitor = watch_scans;
    d->cinfo.progress = &d->progress;
    decode_steps(d);
    return VEIL_OK;
}

veil_status vl_jpeg_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                           veil_error *error)
{
    decoder d = {.input = input, .info = info, .into = into};
    void *strip = NULL;
    size_t strip_bytes = (size_t)info->stored_width * vl_pixel_bytes(info->format) * STRIP_ROWS;
    if (info->orientation != 1) {
        veil_status status = vl_pool_take(pool, strip_bytes, &strip);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "JPEG: no buffer for %zu bytes", strip_bytes);
        d.strip = strip;
    }
    d.cinfo.err = trap_set(&d.trap);
    veil_status status = decode_guarded(&d);
    if (status != VEIL_OK) report(&d.trap, error, "decode");
    jpeg_destroy_decompress(&d.cinfo);
    if (strip != NULL) vl_pool_give(pool, strip, strip_bytes);
    return status;
}

/* ---- Encoding ---- */

typedef struct sink_manager {
    struct jpeg_destination_mgr base; /* first: libjpeg holds a pointer to it */
    vl_sink *sink;
    uint8_t spare[SINK_SPARE];
} sink_manager;

typedef struct encoder {
    jpeg_trap trap;
    struct jpeg_compress_struct cinfo;
    vl_jpeg_memory memory;
    sink_manager target;
    const vl_image_info *info;
    const vl_image_view *view;
    vl_bytes input;
    uint32_t quality;
} encoder;

/* Offer libjpeg what is left of the caller's buffer, and the spare bytes when nothing is. */
static void sink_offer(sink_manager *target)
{
    vl_sink *sink = target->sink;
    bool has_room = sink->needed < sink->capacity;
    target->base.next_output_byte = has_room ? sink->out + sink->needed : target->spare;
    target->base.free_in_buffer = has_room ? sink->capacity - sink->needed : sizeof target->spare;
}

static void sink_begin(j_compress_ptr cinfo)
{
    sink_offer((sink_manager *)cinfo->dest);
}

static boolean sink_full(j_compress_ptr cinfo) /* all that was offered has been written */
{
    sink_manager *target = (sink_manager *)cinfo->dest;
    vl_sink *sink = target->sink;
    sink->needed += sink->needed < sink->capacity ? sink->capacity - sink->needed : sizeof target->spare;
    sink_offer(target);
    return TRUE;
}

static void sink_end(j_compress_ptr cinfo)
{
    sink_manager *target = (sink_manager *)cinfo->dest;
    vl_sink *sink = target->sink;
    size_t offered = sink->needed < sink->capacity ? sink->capacity - sink->needed : sizeof target->spare;
    sink->needed += offered - target->base.free_in_buffer;
}

static void write_icc(encoder *e)
{
    vl_jpeg_icc icc;
    if (e->info->icc_bytes == 0) return;
    uint32_t count = vl_jpeg_icc_chunks(e->input, &icc);
    for (uint32_t number = 1; number <= count; number++)
        jpeg_write_marker(&e->cinfo, JPEG_APP0 + 2, e->input.data + icc.offset[number], icc.size[number]);
}

static void encode_steps(encoder *e)
{
    struct jpeg_compress_struct *cinfo = &e->cinfo;
    bool is_gray = e->info->format == VEIL_PIXEL_GRAY;
    cinfo->dest = &e->target.base;
    cinfo->image_width = e->view->width;
    cinfo->image_height = e->view->height;
    cinfo->input_components = is_gray ? 1 : 3;
    cinfo->in_color_space = is_gray ? JCS_GRAYSCALE : JCS_EXT_BGR;
    jpeg_set_defaults(cinfo);
    jpeg_set_quality(cinfo, (int)e->quality, TRUE);
    cinfo->dct_method = JDCT_ISLOW;
    if (!is_gray) {
        cinfo->comp_info[0].h_samp_factor = (int)e->info->sampling_h;
        cinfo->comp_info[0].v_samp_factor = (int)e->info->sampling_v;
    }
    jpeg_start_compress(cinfo, TRUE);
    write_icc(e);
    for (uint32_t y = 0; y < e->view->height; y++) {
        JSAMPROW row = vl_view_row(e->view, y);
        jpeg_write_scanlines(cinfo, &row, 1);
    }
    jpeg_finish_compress(cinfo);
}

static veil_status encode_guarded(encoder *e)
{
    if (setjmp(e->trap.jump) != 0) return e->trap.status == VEIL_ERR_NO_MEMORY ? e->trap.status : VEIL_ERR_INTERNAL;
    jpeg_create_compress(&e->cinfo);
    /* one interleaved scan: rows only, never the whole picture */
    vl_jpeg_memory_install(&e->memory, (j_common_ptr)&e->cinfo, (size_t)e->view->width * ROW_MEMORY + FIXED_MEMORY);
    encode_steps(e);
    return VEIL_OK;
}

veil_status vl_jpeg_encode(const vl_image_view *view, const vl_image_info *info, vl_bytes input, uint32_t quality,
                           vl_sink *sink, veil_error *error)
{
    encoder e = {.info = info, .view = view, .input = input, .quality = quality == 0 ? DEFAULT_QUALITY : quality};
    e.target = (sink_manager){
        .base = {.init_destination = sink_begin, .empty_output_buffer = sink_full, .term_destination = sink_end},
        .sink = sink};
    e.cinfo.err = trap_set(&e.trap);
    veil_status status = encode_guarded(&e);
    e.trap.status = status;
    if (status != VEIL_OK) report(&e.trap, error, "encode");
    jpeg_destroy_compress(&e.cinfo);
    vl_wipe(e.target.spare, sizeof e.target.spare);
    return status;
}
