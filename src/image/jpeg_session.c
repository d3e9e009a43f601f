/* Reading coefficients, turning them, and writing them, through libjpeg-turbo's interface for transcoding. */
#include "image/jpeg_session.h"

#include <string.h>

#include "core/error.h"
#include "image/jpeg_reduce.h"

#include <jerror.h>

/* Which sides of the stored picture are mirrored on the way to the oriented one (placements in orient.c). */
static bool is_mirrored_x(uint32_t o)
{
    return o == 2 || o == 3 || o == 7 || o == 8;
}

static bool is_mirrored_y(uint32_t o)
{
    return o == 3 || o == 4 || o == 6 || o == 7;
}

bool vl_jpeg_session_suits(const vl_image_info *info)
{
    return (!is_mirrored_x(info->orientation) || info->stored_width % info->mcu_w == 0) &&
           (!is_mirrored_y(info->orientation) || info->stored_height % info->mcu_h == 0);
}

/* ---- Reading ---- */

static vl_jpeg_color color_of(const struct jpeg_decompress_struct *cinfo)
{
    switch (cinfo->jpeg_color_space) {
    case JCS_GRAYSCALE:
        return VL_JPEG_GRAY;
    case JCS_RGB:
        return VL_JPEG_RGB;
    case JCS_CMYK:
        return VL_JPEG_CMYK;
    case JCS_YCCK:
        return VL_JPEG_YCCK;
    default:
        return VL_JPEG_YCC;
    }
}

/* libjpeg has read the header, and agrees with ours. */
static void set_frame(vl_jpeg_session *s)
{
    const struct jpeg_decompress_struct *cinfo = &s->cinfo;
    vl_jpeg_frame *frame = &s->frame;
    frame->width = cinfo->image_width;
    frame->height = cinfo->image_height;
    frame->count = (uint32_t)cinfo->num_components;
    frame->max_h = frame->count == 1 ? 1 : (uint32_t)cinfo->max_h_samp_factor;
    frame->max_v = frame->count == 1 ? 1 : (uint32_t)cinfo->max_v_samp_factor;
    frame->mcu_w = frame->max_h * VL_JPEG_BLOCK_SIDE;
    frame->mcu_h = frame->max_v * VL_JPEG_BLOCK_SIDE;
    frame->mcus_w = (frame->width + frame->mcu_w - 1) / frame->mcu_w;
    frame->mcus_h = (frame->height + frame->mcu_h - 1) / frame->mcu_h;
    frame->color = color_of(cinfo);
    frame->is_inverted = cinfo->saw_Adobe_marker;
    for (uint32_t c = 0; c < frame->count; c++) {
        frame->component[c].h = frame->count == 1 ? 1 : (uint32_t)cinfo->comp_info[c].h_samp_factor;
        frame->component[c].v = frame->count == 1 ? 1 : (uint32_t)cinfo->comp_info[c].v_samp_factor;
    }
}

/* ITU-T T.81, B.2.4.1: no step is 0. One that is hides coefficients from the detector, and a better table would bring them back. */
static void set_quantisers(vl_jpeg_session *s)
{
    for (uint32_t c = 0; c < s->frame.count; c++) {
        const jpeg_component_info *component = &s->cinfo.comp_info[c];
        const JQUANT_TBL *table =
            s->arrays != NULL ? component->quant_table : s->cinfo.quant_tbl_ptrs[component->quant_tbl_no];
        if (table == NULL) vl_jpeg_trap_fail((j_common_ptr)&s->cinfo, JERR_NO_QUANT_TABLE); /* it was in no scan */
        for (int i = 0; i < DCTSIZE2; i++)
            if (table->quantval[i] == 0) vl_jpeg_trap_fail((j_common_ptr)&s->cinfo, JERR_DQT_INDEX);
        memcpy(s->frame.component[c].quant, table->quantval, sizeof table->quantval);
    }
}

static void open_steps(vl_jpeg_session *s)
{
    struct jpeg_decompress_struct *cinfo = &s->cinfo;
    const vl_image_info *info = s->info;
    jpeg_mem_src(cinfo, s->input.data, (unsigned long)s->input.size);
    jpeg_read_header(cinfo, TRUE);
    if (cinfo->image_width != info->stored_width || cinfo->image_height != info->stored_height ||
        cinfo->num_components != (int)info->component_count)
        vl_jpeg_trap_fail((j_common_ptr)cinfo, JERR_BAD_LENGTH); /* our reader and libjpeg disagree */
    set_frame(s);
    if (s->frame.mcu_w != info->mcu_w || s->frame.mcu_h != info->mcu_h)
        vl_jpeg_trap_fail((j_common_ptr)cinfo, JERR_BAD_LENGTH);
    if (info->orientation != 1 || !vl_jpeg_scan_open(cinfo, &s->frame, s->detail, s->pool, &s->scan))
        s->arrays = jpeg_read_coefficients(cinfo); /* to EOI: a file without it is refused */
    set_quantisers(s);
}

/* Owns the setjmp: everything it needs afterwards lives in *s. */
static veil_status open_guarded(vl_jpeg_session *s)
{
    if (setjmp(s->trap.jump) != 0) return s->trap.status;
    jpeg_create_decompress(&s->cinfo);
    s->is_open = true;
    /* two bytes a coefficient, padded to whole MCUs, twice where blocks are turned */
    const vl_image_info *info = s->info;
    size_t width = info->stored_width, values = (width + 32) * (info->stored_height + 32) * info->component_count;
    vl_jpeg_memory_install(&s->memory, (j_common_ptr)&s->cinfo,
                           5 * values + width * VL_JPEG_ROW_MEMORY + VL_JPEG_FIXED_MEMORY);
    s->progress.progress_monitor = vl_jpeg_watch_scans;
    s->cinfo.progress = &s->progress;
    open_steps(s);
    return VEIL_OK;
}

/* The same file again, where its bits were not enough. */
static veil_status read_guarded(vl_jpeg_session *s)
{
    if (setjmp(s->trap.jump) != 0) return s->trap.status;
    s->arrays = jpeg_read_coefficients(&s->cinfo);
    set_quantisers(s);
    return VEIL_OK;
}

veil_status vl_jpeg_session_open(vl_bytes input, const vl_image_info *info, uint32_t detail, vl_pool *pool,
                                 vl_jpeg_session *session, veil_error *error)
{
    memset(session, 0, sizeof *session);
    session->input = input;
    session->info = info;
    session->detail = detail;
    session->pool = pool;
    session->cinfo.err = vl_jpeg_trap_set(&session->trap);
    veil_status status = open_guarded(session);
    return status == VEIL_OK ? status : vl_jpeg_trap_report(&session->trap, error, "decode");
}

void vl_jpeg_session_close(vl_jpeg_session *session)
{
    vl_jpeg_scan_close(&session->scan);
    if (session->is_open) jpeg_destroy_decompress(&session->cinfo);
    session->is_open = false;
}

/* ---- Blocks ---- */

static int16_t *block_at(void *source, uint32_t component, uint32_t x, uint32_t y)
{
    const vl_jpeg_session *s = source;
    return vl_jpeg_memory_blocks(s->arrays[component])[y][x];
}

static vl_jpeg_blocks blocks_of(vl_jpeg_session *session)
{
    return (vl_jpeg_blocks){session, block_at, VL_JPEG_BLOCK_SIDE};
}

void vl_jpeg_session_size(const vl_jpeg_session *session, uint32_t *width, uint32_t *height)
{
    *width = vl_jpeg_reduced_side(session->info->width, session->detail);
    *height = vl_jpeg_reduced_side(session->info->height, session->detail);
}

static veil_status draw_turned(vl_jpeg_session *session, const vl_jpeg_blocks *blocks, const vl_image_view *into)
{
    uint32_t detail = session->detail;
    vl_image_info info = *session->info; /* of the small picture */
    void *memory;
    info.stored_width = vl_jpeg_reduced_side(info.stored_width, detail);
    info.stored_height = vl_jpeg_reduced_side(info.stored_height, detail);
    size_t bytes = vl_image_tight_bytes(info.stored_width, info.stored_height, into->format);
    veil_status status = vl_pool_take(session->pool, bytes, &memory);
    if (status != VEIL_OK) return status;
    vl_image_view stored = vl_view_make(memory, info.stored_width, info.stored_height, into->format);
    status = vl_jpeg_reduce(&session->frame, blocks, detail, session->pool, &stored);
    if (status == VEIL_OK) vl_orient_rows(into, &info, memory, 0, info.stored_height);
    vl_pool_give(session->pool, memory, bytes);
    return status;
}

veil_status vl_jpeg_session_draw(vl_jpeg_session *session, const vl_image_view *into, veil_error *error)
{
    const vl_jpeg_blocks blocks = session->arrays != NULL
                                      ? blocks_of(session)
                                      : (vl_jpeg_blocks){&session->scan, vl_jpeg_scan_low, session->detail};
    veil_status status = session->info->orientation == 1
                             ? vl_jpeg_reduce(&session->frame, &blocks, session->detail, session->pool, into)
                             : draw_turned(session, &blocks, into);
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "JPEG: no buffer for rows");
}

/* ---- Writing ---- */

typedef struct writer {
    vl_jpeg_trap trap;
    struct jpeg_compress_struct cinfo;
    vl_jpeg_memory memory;
    vl_jpeg_target target;
    vl_jpeg_session *source;
} writer;

/* u counts cosines across and v down: mirrored, the odd ones change sign (they are odd functions about the block's middle). */
static void turn_block(const int16_t *from, uint32_t orientation, int16_t *to)
{
    bool is_transposed = orientation >= 5;
    for (uint32_t v = 0; v < 8; v++) {
        for (uint32_t u = 0; u < 8; u++) {
            bool is_negated = (is_mirrored_x(orientation) && (u & 1)) != (is_mirrored_y(orientation) && (v & 1));
            int16_t value = from[8 * v + u];
            to[is_transposed ? 8 * u + v : 8 * v + u] = (int16_t)(is_negated ? -value : value);
        }
    }
}

static jvirt_barray_ptr turned_array(vl_jpeg_session *s, uint32_t c)
{
    j_common_ptr cinfo = (j_common_ptr)&s->cinfo;
    uint32_t o = s->info->orientation;
    JDIMENSION w = s->frame.mcus_w * s->frame.component[c].h, h = s->frame.mcus_h * s->frame.component[c].v;
    jvirt_barray_ptr array =
        cinfo->mem->request_virt_barray(cinfo, JPOOL_IMAGE, TRUE, o >= 5 ? h : w, o >= 5 ? w : h, 1);
    cinfo->mem->realize_virt_arrays(cinfo);
    JBLOCKARRAY to = vl_jpeg_memory_blocks(array);
    for (JDIMENSION y = 0; y < h; y++) {
        for (JDIMENSION x = 0; x < w; x++) {
            JDIMENSION nx = is_mirrored_x(o) ? w - 1 - x : x, ny = is_mirrored_y(o) ? h - 1 - y : y;
            turn_block(block_at(s, c, x, y), o, o >= 5 ? to[nx][ny] : to[ny][nx]);
        }
    }
    return array;
}

static void swap_int(int *a, int *b)
{
    int keep = *a;
    *a = *b;
    *b = keep;
}

/* What else changes when across becomes down. */
static void transpose_parameters(struct jpeg_compress_struct *cinfo)
{
    JDIMENSION width = cinfo->image_width;
    cinfo->image_width = cinfo->image_height;
    cinfo->image_height = width;
    for (int c = 0; c < cinfo->num_components; c++)
        swap_int(&cinfo->comp_info[c].h_samp_factor, &cinfo->comp_info[c].v_samp_factor);
    for (int t = 0; t < NUM_QUANT_TBLS; t++) {
        UINT16 *q = cinfo->quant_tbl_ptrs[t] != NULL ? cinfo->quant_tbl_ptrs[t]->quantval : NULL;
        for (int v = 0; q != NULL && v < 8; v++) {
            for (int u = 0; u < v; u++) {
                UINT16 keep = q[8 * v + u];
                q[8 * v + u] = q[8 * u + v];
                q[8 * u + v] = keep;
            }
        }
    }
}

static void write_steps(writer *w)
{
    struct jpeg_compress_struct *cinfo = &w->cinfo;
    vl_jpeg_session *s = w->source;
    uint32_t o = s->info->orientation;
    cinfo->dest = &w->target.base;
    jpeg_copy_critical_parameters(&s->cinfo, cinfo);
    if (o >= 5) transpose_parameters(cinfo);
    for (uint32_t c = 0; o != 1 && c < s->frame.count; c++)
        s->arrays[c] = turned_array(s, c);
    if (s->frame.color == VL_JPEG_CMYK) cinfo->write_Adobe_marker = s->frame.is_inverted;
    cinfo->optimize_coding = TRUE; /* its tables hold what this picture needs */
    if (s->cinfo.progressive_mode) jpeg_simple_progression(cinfo);
    if (o == 1 && !s->cinfo.progressive_mode) cinfo->restart_interval = s->cinfo.restart_interval;
    jpeg_write_coefficients(cinfo, s->arrays);
    vl_jpeg_write_icc(cinfo, s->info, s->input);
    jpeg_finish_compress(cinfo);
}

static veil_status write_guarded(writer *w)
{
    if (setjmp(w->trap.jump) != 0) return w->trap.status;
    jpeg_create_compress(&w->cinfo);
    vl_jpeg_memory_install(&w->memory, (j_common_ptr)&w->cinfo,
                           (size_t)w->source->frame.width * VL_JPEG_ROW_MEMORY + VL_JPEG_FIXED_MEMORY);
    /* The source allocates, too, where blocks are turned. */
    w->source->cinfo.err = &w->trap.base;
    write_steps(w);
    return VEIL_OK;
}

static veil_status write_file(vl_jpeg_session *session, vl_sink *sink, bool *is_coded, veil_error *error)
{
    writer w = {.source = session};
    vl_jpeg_target_set(&w.target, sink);
    w.cinfo.err = vl_jpeg_trap_set(&w.trap);
    veil_status status = write_guarded(&w);
    session->cinfo.err = &session->trap.base;
    if (status == VEIL_ERR_NO_MEMORY) vl_jpeg_trap_report(&w.trap, error, "encode");
    jpeg_destroy_compress(&w.cinfo);
    vl_wipe(w.target.spare, sizeof w.target.spare);
    *is_coded = status == VEIL_OK;
    if (status != VEIL_OK) sink->needed = 0;
    return status == VEIL_ERR_NO_MEMORY ? status : VEIL_OK;
}

/* ---- Bits with some MCUs replaced ---- */

/* Coefficients of the window's MCUs alone. */
typedef struct patch {
    const vl_jpeg_scan *scan;
    const vl_jpeg_window *window;
    int16_t (*blocks)[VL_JPEG_BLOCK_VALUES]; /* MCU by MCU, each in coded order */
    size_t bytes;
    uint32_t mcu_blocks;
} patch;

static int16_t (*patch_mcu(const patch *p, uint32_t mx, uint32_t my))[VL_JPEG_BLOCK_VALUES]
{
    const vl_rect *m = &p->window->mcus;
    return p->blocks + ((size_t)(my - m->y) * m->w + (mx - m->x)) * p->mcu_blocks;
}

static int16_t *patch_block(void *source, uint32_t c, uint32_t x, uint32_t y)
{
    const patch *p = source;
    const vl_jpeg_component *component = &p->scan->frame->component[c];
    uint32_t index = y % component->v * component->h + x % component->h;
    for (uint32_t i = 0; i < c; i++)
        index += p->scan->frame->component[i].h * p->scan->frame->component[i].v;
    return patch_mcu(p, x / component->h, y / component->v)[index];
}

static void patch_read(const patch *p)
{
    const vl_rect *m = &p->window->mcus;
    for (uint32_t y = m->y; y < m->y + m->h; y++) {
        for (uint32_t x = m->x; x < m->x + m->w; x++)
            if (vl_jpeg_window_mark(p->window, x, y) & VL_JPEG_READ)
                vl_jpeg_scan_mcu(p->scan, y * p->scan->frame->mcus_w + x, patch_mcu(p, x, y));
    }
}

static veil_status patch_file(vl_jpeg_session *s, vl_jpeg_window *window, const vl_kernels *kernels,
                              const vl_effect_region *regions, size_t region_count, vl_effect_scratch *scratch,
                              vl_sink *sink, bool *is_coded)
{
    patch p = {.scan = &s->scan, .window = window, .mcu_blocks = s->info->mcu_blocks};
    const vl_jpeg_blocks blocks = {&p, patch_block, VL_JPEG_BLOCK_SIDE};
    void *memory = NULL;
    p.bytes = (size_t)window->mcus.w * window->mcus.h * p.mcu_blocks * sizeof *p.blocks;
    veil_status status = p.bytes > 0 ? vl_pool_take(s->pool, p.bytes, &memory) : VEIL_OK;
    if (status != VEIL_OK) return status;
    p.blocks = memory;
    patch_read(&p);
    vl_jpeg_window_redact(&s->frame, window, &blocks, kernels, regions, region_count, scratch);
    *is_coded = vl_jpeg_scan_write(&s->scan, window, &blocks, s->info, s->input, sink);
    if (!*is_coded) sink->needed = 0;
    vl_pool_give(s->pool, memory, p.bytes);
    return VEIL_OK;
}

/* All coefficients, coded again; read first where the bits were tried before. */
static veil_status code_file(vl_jpeg_session *s, vl_jpeg_window *window, const vl_kernels *kernels,
                             const vl_effect_region *regions, size_t region_count, vl_effect_scratch *scratch,
                             vl_sink *sink, bool *is_coded, veil_error *error)
{
    const vl_jpeg_blocks blocks = blocks_of(s);
    veil_status status = s->arrays != NULL ? VEIL_OK : read_guarded(s);
    if (status != VEIL_OK) return vl_jpeg_trap_report(&s->trap, error, "decode");
    vl_jpeg_window_redact(&s->frame, window, &blocks, kernels, regions, region_count, scratch);
    return write_file(s, sink, is_coded, error);
}

veil_status vl_jpeg_session_redact(vl_jpeg_session *session, const vl_kernels *kernels, vl_effect_region *regions,
                                   size_t region_count, vl_effect_scratch *scratch, vl_sink *sink, bool *is_coded,
                                   veil_error *error)
{
    vl_jpeg_window window;
    *is_coded = false;
    for (size_t i = 0; i < region_count; i++)
        regions[i].rect = vl_jpeg_mcus_of(&session->frame, session->info->orientation, regions[i].rect);
    veil_status status = vl_jpeg_window_make(&session->frame, regions, region_count, session->pool, &window);
    if (status == VEIL_OK && session->arrays == NULL)
        status = patch_file(session, &window, kernels, regions, region_count, scratch, sink, is_coded);
    if (status != VEIL_OK)
        vl_error_set(error, status, 0, "JPEG: no buffer for the regions");
    else if (!*is_coded)
        status = code_file(session, &window, kernels, regions, region_count, scratch, sink, is_coded, error);
    vl_jpeg_window_release(&window);
    return status;
}
