/*
 * PNG through libpng. Everything libpng would print is dropped, everything it would forgive about checksums is an error, and
 * chunks other than the picture and its colour profile are skipped unread. Its memory is wiped when it is given back.
 * Palettes become RGB(A), gray stays gray; the interlaced form is not kept. Of 16 bits a channel 8 are decoded; the encoder reads the
 * file once more and writes 16 for every pixel that is still what it was.
 */
#include "image/codec_internal.h"
#include "image/icc.h"

#include <setjmp.h>
#include <string.h>

#include <png.h>

#include "core/error.h"

enum {
    COMPRESSION_LEVEL = 2, /* a 640x426 photo: 25 ms and 472 KB; level 6 takes 50 ms for 462 KB */
    MEMORY_HEAD = 16,      /* keeps the alignment of malloc */
    ICC_MAX_CHUNKS = 64,
    CACHE_MAX = 8 << 20
};

typedef struct png_trap {
    jmp_buf jump;
    bool is_out_of_memory;
} png_trap;

/* Each allocation carries its size before it, so that it can be wiped. */
static png_voidp trap_alloc(png_structp png, png_alloc_size_t size)
{
    png_trap *trap = png_get_mem_ptr(png);
    size_t *memory = size <= SIZE_MAX - MEMORY_HEAD ? vl_alloc(&vl_allocator_default, size + MEMORY_HEAD) : NULL;
    if (memory == NULL) {
        trap->is_out_of_memory = true;
        return NULL;
    }
    *memory = size + MEMORY_HEAD;
    return (uint8_t *)memory + MEMORY_HEAD;
}

static void trap_free(png_structp png, png_voidp pointer)
{
    (void)png;
    if (pointer == NULL) return;
    size_t *memory = (size_t *)(void *)((uint8_t *)pointer - MEMORY_HEAD);
    size_t size = *memory;
    vl_wipe(memory, size);
    vl_free(&vl_allocator_default, memory, size);
}

_Noreturn static void trap_error(png_structp png, png_const_charp message)
{
    (void)message;
    png_trap *trap = png_get_error_ptr(png);
    longjmp(trap->jump, 1);
}

static void trap_warning(png_structp png, png_const_charp message)
{
    (void)png, (void)message;
}

/* ---- Reading ---- */

typedef struct reader {
    png_trap trap;
    png_structp png;
    png_infop header;
    vl_bytes input;
    size_t at;
} reader;

static void read_bytes(png_structp png, png_bytep out, size_t count)
{
    reader *r = png_get_io_ptr(png);
    if (count > r->input.size - r->at) png_error(png, "end of input");
    memcpy(out, r->input.data + r->at, count);
    r->at += count;
}

/* Ancillary chunks that libpng would parse and we never use. */
static const char skipped_chunks[] = "tEXt\0zTXt\0iTXt\0tIME\0eXIf\0sPLT\0hIST\0pCAL\0sCAL\0oFFs\0pHYs\0bKGD\0sBIT";

static void reader_limit(reader *r)
{
    png_set_user_limits(r->png, VL_IMAGE_MAX_SIDE, VL_IMAGE_MAX_SIDE);
    png_set_chunk_cache_max(r->png, ICC_MAX_CHUNKS);
    png_set_chunk_malloc_max(r->png, CACHE_MAX);
    png_set_crc_action(r->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
    png_set_keep_unknown_chunks(r->png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep)skipped_chunks,
                                (int)(sizeof skipped_chunks / 5));
    png_set_read_fn(r->png, r, read_bytes);
}

/* Create and read up to the first IDAT. The caller has set the trap's jump. */
static void reader_open(reader *r)
{
    r->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &r->trap, trap_error, trap_warning, &r->trap, trap_alloc,
                                      trap_free);
    if (r->png == NULL) {
        r->trap.is_out_of_memory = true;
        longjmp(r->trap.jump, 1);
    }
    reader_limit(r);
    r->header = png_create_info_struct(r->png);
    if (r->header == NULL) png_error(r->png, "memory");
    png_read_info(r->png, r->header);
}

static void reader_close(reader *r)
{
    if (r->png != NULL) png_destroy_read_struct(&r->png, &r->header, NULL);
}

static veil_status reader_status(const reader *r, veil_error *error)
{
    if (r->trap.is_out_of_memory) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "PNG: libpng got no memory");
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, r->at, "PNG: damaged or cut short");
}

typedef struct decoder {
    reader read;
    const vl_image_info *info;
    const vl_image_view *into;
    uint8_t *turned; /* the stored picture, or one row of it, when it has to be turned; else NULL */
} decoder;

static void set_transforms(const decoder *d)
{
    png_structp png = d->read.png;
    png_set_expand(png);   /* palette to RGB, gray to 8 bits, tRNS to alpha */
    png_set_scale_16(png); /* rounds, where strip_16 would cut */
    if (d->info->format != VEIL_PIXEL_GRAY) {
        png_set_gray_to_rgb(png);
        png_set_bgr(png);
    }
}

/* Rows of the stored picture: where row y is decoded to. */
static uint8_t *row_target(const decoder *d, uint32_t y, size_t row_bytes)
{
    if (d->turned == NULL) return vl_view_row(d->into, y);
    return d->info->is_interlaced ? d->turned + y * row_bytes : d->turned;
}

static void decode_steps(decoder *d)
{
    png_structp png = d->read.png;
    const vl_image_info *info = d->info;
    set_transforms(d);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, d->read.header);
    size_t row_bytes = (size_t)info->stored_width * vl_pixel_bytes(info->format);
    if (png_get_image_width(png, d->read.header) != info->stored_width ||
        png_get_image_height(png, d->read.header) != info->stored_height ||
        png_get_rowbytes(png, d->read.header) != row_bytes)
        png_error(png, "headers differ");
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < info->stored_height; y++) {
            uint8_t *row = row_target(d, y, row_bytes);
            png_read_row(png, row, NULL);
            if (d->turned != NULL && !info->is_interlaced) vl_orient_rows(d->into, info, row, y, 1);
        }
    }
    png_read_end(png, NULL); /* checks what is left: a file without its end is refused */
    if (d->turned != NULL && info->is_interlaced) vl_orient_rows(d->into, info, d->turned, 0, info->stored_height);
}

static bool decode_guarded(decoder *d)
{
    if (setjmp(d->read.trap.jump) != 0) return false;
    reader_open(&d->read);
    decode_steps(d);
    return !d->read.trap.is_out_of_memory; /* libpng drops chunks that it has no memory for, and goes on */
}

veil_status vl_png_decode(vl_bytes input, const vl_image_info *info, vl_pool *pool, const vl_image_view *into,
                          veil_error *error)
{
    decoder d = {.read.input = input, .info = info, .into = into};
    void *turned = NULL;
    size_t row_bytes = (size_t)info->stored_width * vl_pixel_bytes(info->format);
    size_t turned_bytes = info->is_interlaced ? row_bytes * info->stored_height : row_bytes;
    if (info->orientation != 1) {
        veil_status status = vl_pool_take(pool, turned_bytes, &turned);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "PNG: no buffer for %zu bytes", turned_bytes);
        d.turned = turned;
    }
    veil_status status = decode_guarded(&d) ? VEIL_OK : reader_status(&d.read, error);
    reader_close(&d.read);
    if (turned != NULL) vl_pool_give(pool, turned, turned_bytes);
    return status;
}

/* ---- Writing ---- */

typedef struct writer {
    png_trap trap;
    png_structp png;
    png_infop header;
    vl_sink *sink;
    const vl_image_view *view;
    const vl_image_info *info;
    png_const_bytep icc; /* owned by the reader that it was found with */
    png_uint_32 icc_bytes;
    uint8_t *row; /* gray with alpha: one packed row; 16 bits: one row, and what else deep_layout puts there */
    reader *source;
    const vl_codec_touched *touched;
    uint32_t channels; /* 16 bits */
    uint8_t *mask;     /* 16 bits: a byte a pixel of a row, 1 in a region */
    uint8_t *stored;   /* 16 bits: the stored picture where it is turned or interlaced, else one row of it */
} writer;

static void write_bytes(png_structp png, png_bytep data, size_t count)
{
    writer *w = png_get_io_ptr(png);
    vl_sink_write(w->sink, data, count);
}

static void write_flush(png_structp png)
{
    (void)png;
}

static int color_type(const vl_image_info *info)
{
    if (info->is_gray_alpha) return PNG_COLOR_TYPE_GRAY_ALPHA;
    if (info->format == VEIL_PIXEL_GRAY) return PNG_COLOR_TYPE_GRAY;
    return info->format == VEIL_PIXEL_BGRA ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB;
}

/* BGRA whose colours are gray, but for a fill colour, which becomes its luma (ITU-R BT.601). */
static void pack_gray_alpha(const uint8_t *bgra, uint8_t *out, uint32_t width)
{
    for (uint32_t x = 0; x < width; x++, bgra += 4, out += 2) {
        out[0] = (uint8_t)((114u * bgra[0] + 587u * bgra[1] + 299u * bgra[2] + 500u) / 1000u);
        out[1] = bgra[3];
    }
}

static void write_header(writer *w)
{
    png_set_write_fn(w->png, w, write_bytes, write_flush);
    png_set_benign_errors(w->png, 1); /* the writer refuses profiles that the reader takes, such as an odd illuminant */
    png_set_compression_level(w->png, COMPRESSION_LEVEL);
    png_set_compression_buffer_size(w->png, VL_PNG_CHUNK_BYTES);
    png_set_filter(w->png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB | PNG_FILTER_UP);
    png_set_IHDR(w->png, w->header, w->view->width, w->view->height, w->info->is_deep ? 16 : 8, color_type(w->info),
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
    /* the name in the file is text of its author, and not carried over */
    if (w->icc != NULL) png_set_iCCP(w->png, w->header, "ICC profile", PNG_COMPRESSION_TYPE_BASE, w->icc, w->icc_bytes);
    png_write_info(w->png, w->header);
    if (w->info->format != VEIL_PIXEL_GRAY && !w->info->is_gray_alpha && !w->info->is_deep) png_set_bgr(w->png);
}

static void write_rows(writer *w)
{
    for (uint32_t y = 0; y < w->view->height; y++) {
        const uint8_t *row = vl_view_row(w->view, y);
        if (w->row != NULL) pack_gray_alpha(row, w->row, w->view->width);
        png_write_row(w->png, w->row != NULL ? w->row : row);
    }
    png_write_end(w->png, NULL);
}

/* ---- 16 bits a channel ---- */

static bool reads_whole(const vl_image_info *info)
{
    return info->orientation != 1 || info->is_interlaced;
}

/* Of the one buffer: a row that is written, its mask, and what is read. */
static size_t deep_bytes(const vl_image_info *info, size_t pixel)
{
    const size_t rows = reads_whole(info) ? info->stored_height : 1;
    return (size_t)info->width * (pixel + 1) + rows * info->stored_width * pixel;
}

static void read_deep(writer *w)
{
    png_structp png = w->source->png;
    const size_t row_bytes = (size_t)w->info->stored_width * w->channels * 2;
    png_set_expand(png); /* tRNS to alpha; nothing else is left to expand at 16 bits */
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, w->source->header);
    if (png_get_rowbytes(png, w->source->header) != row_bytes) png_error(png, "headers differ");
    for (int pass = 0; pass < passes && reads_whole(w->info); pass++)
        for (uint32_t y = 0; y < w->info->stored_height; y++)
            png_read_row(png, w->stored + y * row_bytes, NULL);
}

/* Pixel x of row y, where it is stored. */
static const uint8_t *stored_at(const writer *w, uint32_t x, uint32_t y)
{
    const uint32_t right = w->info->stored_width - 1, bottom = w->info->stored_height - 1, turn = w->info->orientation;
    const uint32_t across = turn >= 5 ? y : x, down = turn >= 5 ? x : y;
    const bool is_back_x = turn == 2 || turn == 3 || turn == 7 || turn == 8;
    const bool is_back_y = turn == 3 || turn == 4 || turn == 6 || turn == 7;
    const size_t at_x = is_back_x ? right - across : across;
    const size_t at_y = !reads_whole(w->info) ? 0 : is_back_y ? bottom - down : down;
    return w->stored + (at_y * w->info->stored_width + at_x) * w->channels * 2;
}

/* As libpng scales, so that what was decoded is known again. */
static uint8_t scaled(const uint8_t *big)
{
    return (uint8_t)((vl_big16(big) * 255 + 32895) >> 16);
}

static void mark_row(const writer *w, uint32_t y)
{
    memset(w->mask, 0, w->view->width);
    for (size_t i = 0; w->touched != NULL && i < w->touched->count; i++) {
        const vl_effect_region *region = &w->touched->regions[i];
        uint32_t first, end;
        if (y < region->rect.y || y - region->rect.y >= region->rect.h || region->effect == VEIL_EFFECT_KEEP) continue;
        vl_effect_region_columns(region, y - region->rect.y, &first, &end);
        if (first < end) memset(w->mask + region->rect.x + first, 1, end - first);
    }
}

/* The pixel's 8-bit values in the order of the file: gray, or red, green, blue; and alpha. */
static void values_of(const writer *w, const uint8_t *pixel, uint8_t values[4])
{
    if (w->info->is_gray_alpha) {
        pack_gray_alpha(pixel, values, 1);
        return;
    }
    for (uint32_t c = 0; c < w->channels; c++)
        values[c] = pixel[w->channels >= 3 && c < 3 ? 2 - c : c];
}

/* 16 bits where the pixel is outside of every region and is what was decoded; else the 8 bits, widened: the low bits of a region's pixel
 * would tell of what was there, and those of a colour under alpha 0, which was cleared, of what is hidden. */
static void write_deep_rows(writer *w)
{
    const uint32_t step = vl_pixel_bytes(w->view->format);
    for (uint32_t y = 0; y < w->view->height; y++) {
        if (!reads_whole(w->info)) png_read_row(w->source->png, w->stored, NULL);
        mark_row(w, y);
        for (uint32_t x = 0; x < w->view->width; x++) {
            const uint8_t *deep = stored_at(w, x, y);
            uint8_t *out = w->row + (size_t)x * w->channels * 2, values[4];
            bool is_kept = w->mask[x] == 0;
            values_of(w, vl_view_row(w->view, y) + (size_t)x * step, values);
            if (w->channels % 2 == 0 && values[w->channels - 1] == 0) is_kept = false;
            for (uint32_t c = 0; c < w->channels && is_kept; c++)
                is_kept = scaled(deep + 2 * c) == values[c];
            for (uint32_t c = 0; c < w->channels * 2; c++)
                out[c] = is_kept ? deep[c] : values[c / 2];
        }
        png_write_row(w->png, w->row);
    }
    png_write_end(w->png, NULL);
}

static bool encode_guarded(writer *w)
{
    if (setjmp(w->trap.jump) != 0) return false;
    if (setjmp(w->source->trap.jump) != 0) { /* while 16 bits are read */
        w->trap.is_out_of_memory = w->source->trap.is_out_of_memory;
        return false;
    }
    w->png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &w->trap, trap_error, trap_warning, &w->trap, trap_alloc,
                                       trap_free);
    if (w->png == NULL) {
        w->trap.is_out_of_memory = true;
        return false;
    }
    w->header = png_create_info_struct(w->png);
    if (w->header == NULL) return false;
    write_header(w);
    if (w->info->is_deep) {
        read_deep(w);
        write_deep_rows(w);
    } else {
        write_rows(w);
    }
    return !w->trap.is_out_of_memory;
}

/* Find the profile of the original; *icc stays NULL when there is none, or libpng does not accept it. */
static bool find_icc(reader *r, writer *w)
{
    png_charp name;
    png_bytep profile;
    png_uint_32 size;
    int method;
    if (setjmp(r->trap.jump) != 0) return false;
    reader_open(r);
    if (r->trap.is_out_of_memory) return false;
    if (png_get_iCCP(r->png, r->header, &name, &method, &profile, &size) == 0) return true;
    if (size > VL_PNG_ICC_MAX) return true;
    vl_icc icc = {.base = profile, .total = size, .count = 1, .pieces = {{0, size}}};
    vl_icc_keep_colors(&icc); /* in the reader's copy */
    w->icc = profile;
    w->icc_bytes = size;
    return true;
}

veil_status vl_png_encode(const vl_image_view *view, const vl_image_info *info, const vl_codec_touched *touched,
                          vl_bytes input, vl_pool *pool, vl_sink *sink, veil_error *error)
{
    reader source = {.input = input};
    writer w = {.sink = sink, .view = view, .info = info, .source = &source, .touched = touched};
    void *rows = NULL;
    veil_status status = VEIL_OK;
    w.channels = info->is_gray_alpha ? 2 : vl_pixel_bytes(info->format);
    const size_t rows_bytes = info->is_deep         ? deep_bytes(info, (size_t)w.channels * 2)
                              : info->is_gray_alpha ? (size_t)view->width * 2
                                                    : 0;
    if (rows_bytes > 0) status = vl_pool_take(pool, rows_bytes, &rows);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "PNG: no buffer for %zu bytes", rows_bytes);
    w.row = rows;
    w.mask = info->is_deep ? w.row + (size_t)view->width * w.channels * 2 : NULL;
    w.stored = info->is_deep ? w.mask + view->width : NULL;
    if ((info->icc_bytes > 0 || info->is_deep) && !find_icc(&source, &w))
        status = reader_status(&source, error);
    else if (!encode_guarded(&w))
        status = vl_error_set(error, w.trap.is_out_of_memory ? VEIL_ERR_NO_MEMORY : VEIL_ERR_INTERNAL, 0,
                              "PNG: cannot encode");
    if (w.png != NULL) png_destroy_write_struct(&w.png, &w.header);
    reader_close(&source);
    if (rows != NULL) vl_pool_give(pool, rows, rows_bytes);
    return status;
}
