/*
 * JPEG pixels through libjpeg-turbo: decoding in whole, and encoding from pixels. Files whose blocks can be rewritten in place
 * do not come here (jpeg_session.h). CMYK becomes BGR on its way in, without colour management.
 */
#include <string.h>

#include "core/error.h"
#include "image/jpeg_memory.h"
#include "image/jpeg_trap.h"

#include <jerror.h>

enum {
    STRIP_ROWS = 16,     /* rows decoded at a time when they have to be turned */
    DEFAULT_QUALITY = 92 /* veil_image_options.jpeg_quality 0 */
};

/* ---- Decoding ---- */

typedef struct decoder {
    vl_jpeg_trap trap;
    struct jpeg_decompress_struct cinfo;
    struct jpeg_progress_mgr progress;
    vl_jpeg_memory memory;
    vl_bytes input;
    const vl_image_info *info;
    const vl_image_view *into;
    uint8_t *strip; /* STRIP_ROWS tight rows, or NULL when rows go straight into the view */
} decoder;

/* Read up to `count` rows that lie `stride` bytes apart, all of them even if libjpeg hands them out one by one. */
static void read_rows(decoder *d, uint8_t *first, size_t stride, uint32_t count)
{
    JSAMPROW rows[STRIP_ROWS];
    for (uint32_t i = 0; i < count; i++)
        rows[i] = first + i * stride;
    for (uint32_t done = 0; done < count;) {
        JDIMENSION got = jpeg_read_scanlines(&d->cinfo, rows + done, count - done);
        /* our source never suspends, so this would be an endless loop */
        if (got == 0) vl_jpeg_trap_fail((j_common_ptr)&d->cinfo, JERR_CANT_SUSPEND);
        done += got;
    }
}

/* In place: four bytes become three. Adobe's inks are stored as what is left of the paper's white. */
static void cmyk_to_bgr(uint8_t *strip, size_t pixels, bool is_inverted)
{
    const uint8_t *from = strip;
    for (size_t i = 0; i < pixels; i++, from += 4, strip += 3) {
        uint8_t flip = is_inverted ? 0 : 255;
        uint32_t black = from[3] ^ flip;
        uint32_t red = (from[0] ^ flip) * black, green = (from[1] ^ flip) * black, blue = (from[2] ^ flip) * black;
        strip[0] = (uint8_t)((blue + 127) / 255);
        strip[1] = (uint8_t)((green + 127) / 255);
        strip[2] = (uint8_t)((red + 127) / 255);
    }
}

static void read_picture(decoder *d)
{
    const vl_image_info *info = d->info;
    bool is_cmyk = info->component_count == 4;
    size_t row_bytes = (size_t)info->stored_width * (is_cmyk ? 4 : vl_pixel_bytes(info->format));
    for (uint32_t y = 0; y < info->stored_height; y += STRIP_ROWS) {
        uint32_t left = info->stored_height - y;
        uint32_t count = left < STRIP_ROWS ? left : STRIP_ROWS;
        if (d->strip == NULL) {
            read_rows(d, vl_view_row(d->into, y), d->into->stride_bytes, count);
        } else {
            read_rows(d, d->strip, row_bytes, count);
            if (is_cmyk) cmyk_to_bgr(d->strip, (size_t)info->stored_width * count, d->cinfo.saw_Adobe_marker);
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
    if (cinfo->image_width != info->stored_width || cinfo->image_height != info->stored_height ||
        cinfo->num_components != (int)info->component_count)
        vl_jpeg_trap_fail((j_common_ptr)cinfo,
                          JERR_BAD_LENGTH); /* our reader and libjpeg disagree: not to be trusted */
    cinfo->out_color_space = info->component_count == 1   ? JCS_GRAYSCALE
                             : info->component_count == 4 ? JCS_CMYK
                                                          : JCS_EXT_BGR;
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
    const vl_image_info *info = d->info;
    size_t width = info->stored_width, samples = (width + 32) * (info->stored_height + 32);
    vl_jpeg_memory_install(&d->memory, (j_common_ptr)&d->cinfo,
                           3 * info->component_count * samples + width * VL_JPEG_ROW_MEMORY + VL_JPEG_FIXED_MEMORY);
    d->progress.progress_monitor = vl_jpeg_watch_scans;
    d->cinfo.progress = &d->progress;
    decode_steps(d);
    return VEIL_OK;
}

veil_status vl_jpeg_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                           veil_error *error)
{
    decoder d = {.input = input, .info = info, .into = into};
    void *strip = NULL;
    size_t strip_bytes = (size_t)info->stored_width * 4 * STRIP_ROWS;
    if (info->orientation != 1 || info->component_count == 4) {
        veil_status status = vl_pool_take(pool, strip_bytes, &strip);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "JPEG: no buffer for %zu bytes", strip_bytes);
        d.strip = strip;
    }
    d.cinfo.err = vl_jpeg_trap_set(&d.trap);
    veil_status status = decode_guarded(&d);
    if (status != VEIL_OK) vl_jpeg_trap_report(&d.trap, error, "decode");
    jpeg_destroy_decompress(&d.cinfo);
    if (strip != NULL) vl_pool_give(pool, strip, strip_bytes);
    return status;
}

/* ---- Encoding ---- */

typedef struct encoder {
    vl_jpeg_trap trap;
    struct jpeg_compress_struct cinfo;
    vl_jpeg_memory memory;
    vl_jpeg_target target;
    const vl_image_info *info;
    const vl_image_view *view;
    vl_bytes input;
    uint32_t quality;
} encoder;

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
    if (e->info->component_count != 4) vl_jpeg_write_icc(cinfo, e->info, e->input); /* CMYK became RGB */
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
    vl_jpeg_memory_install(&e->memory, (j_common_ptr)&e->cinfo,
                           (size_t)e->view->width * VL_JPEG_ROW_MEMORY + VL_JPEG_FIXED_MEMORY);
    encode_steps(e);
    return VEIL_OK;
}

veil_status vl_jpeg_encode(const vl_image_view *view, const vl_image_info *info, vl_bytes input, uint32_t quality,
                           vl_sink *sink, veil_error *error)
{
    encoder e = {.info = info, .view = view, .input = input, .quality = quality == 0 ? DEFAULT_QUALITY : quality};
    vl_jpeg_target_set(&e.target, sink);
    e.cinfo.err = vl_jpeg_trap_set(&e.trap);
    veil_status status = encode_guarded(&e);
    e.trap.status = status;
    if (status != VEIL_OK) vl_jpeg_trap_report(&e.trap, error, "encode");
    jpeg_destroy_compress(&e.cinfo);
    vl_wipe(e.target.spare, sizeof e.target.spare);
    return status;
}
