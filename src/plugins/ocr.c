/*
 * libveil-ocr.so: reads the text of a picture with Tesseract, as veil.h's veil_ocr_engine. What Tesseract does not do by
 * itself is done here: small pictures are doubled, light text on dark ground is inverted, and a picture that reads badly
 * upright is also read from its three other sides. Every pass adds its words; a word that an earlier pass read at the same
 * place is left out. More words than there are do no harm, a missed one does.
 */
#include <stdlib.h>
#include <string.h>

#include "plugins/tess.h"

#define DOUBLED_PIXELS_MAX 3000000u /* above this, letters are taken to be large enough */
#define TILE               32u      /* polarity is decided in squares of this side */
#define DARK_BELOW         110u     /* mean of a dark square */
#define MINORITY_SHARE     0.02     /* this much of the other polarity is read in a pass of its own */
#define WORD_BYTES_MAX     1024u    /* as veil.h promises */
#define GOOD_CONFIDENCE    0.75F    /* mean over letters: below, the other sides are tried */
#define KEPT_CONFIDENCE    0.20F    /* less is noise: shapes that are no letters */
#define WORDS_MAX          200000u

/* Which way up a pass reads: quarter turns clockwise that bring the text upright. */
typedef struct pass {
    uint32_t turns;
    bool inverts;
} pass;

typedef struct word {
    size_t text; /* where it begins in the letters */
    size_t text_bytes;
    int32_t box[4]; /* left, top, right, bottom in the picture */
    float confidence;
    uint32_t line;
} word;

typedef struct reader {
    vl_tess *tess;
    const veil_image *picture;
    pass now;
    uint32_t scale;
    uint8_t *page; /* what Tesseract gets; 0 to scale * scale * w * h bytes */
    size_t page_bytes;
    word *words;
    size_t word_count;
    size_t word_room;
    char *letters;
    size_t letter_count;
    size_t letter_room;
    uint32_t lines;
    size_t pass_first; /* first word of the pass that runs */
    double pass_sum;   /* confidence over bytes of that pass */
    size_t pass_bytes;
} reader;

/* ---- The page that Tesseract gets --------------------------------------------------------------------------------- */

/* Where pixel (x, y) of the turned page lies in the picture. */
static void source_of(const reader *r, uint32_t x, uint32_t y, uint32_t *sx, uint32_t *sy)
{
    const uint32_t w = r->picture->width;
    const uint32_t h = r->picture->height;

    *sx = r->now.turns == 0 ? x : r->now.turns == 1 ? y : r->now.turns == 2 ? w - 1 - x : w - 1 - y;
    *sy = r->now.turns == 0 ? y : r->now.turns == 1 ? h - 1 - x : r->now.turns == 2 ? h - 1 - y : x;
}

static uint32_t turned_width(const reader *r)
{
    return r->now.turns % 2 == 0 ? r->picture->width : r->picture->height;
}

static uint32_t turned_height(const reader *r)
{
    return r->now.turns % 2 == 0 ? r->picture->height : r->picture->width;
}

static uint8_t pixel(const reader *r, uint32_t x, uint32_t y)
{
    const uint8_t *pixels = r->picture->pixels;
    uint32_t sx, sy;

    source_of(r, x, y, &sx, &sy);
    return (uint8_t)(pixels[(size_t)sy * r->picture->stride_bytes + sx] ^ (r->now.inverts ? 0xFFU : 0U));
}

/* Bilinear, centres of new pixels a quarter of an old one off: the four neighbours weigh 9, 3, 3 and 1. */
static void draw_doubled(const reader *r, uint32_t w, uint32_t h)
{
    for (uint32_t y = 0; y < h; y++) {
        uint8_t *out = r->page + (size_t)y * 4 * w;

        for (uint32_t x = 0; x < w; x++) {
            const uint32_t left = x == 0 ? 0 : x - 1, right = x + 1 == w ? x : x + 1;
            const uint32_t up = y == 0 ? 0 : y - 1, down = y + 1 == h ? y : y + 1;
            const uint32_t here = 9U * pixel(r, x, y);
            const uint32_t l = 3U * pixel(r, left, y), t = 3U * pixel(r, x, up);
            const uint32_t g = 3U * pixel(r, right, y), b = 3U * pixel(r, x, down);

            out[2 * x] = (uint8_t)((here + l + t + pixel(r, left, up) + 8) / 16);
            out[2 * x + 1] = (uint8_t)((here + g + t + pixel(r, right, up) + 8) / 16);
            out[2 * w + 2 * x] = (uint8_t)((here + l + b + pixel(r, left, down) + 8) / 16);
            out[2 * w + 2 * x + 1] = (uint8_t)((here + g + b + pixel(r, right, down) + 8) / 16);
        }
    }
}

static void draw_page(const reader *r)
{
    const uint32_t w = turned_width(r);
    const uint32_t h = turned_height(r);

    if (r->scale == 2) {
        draw_doubled(r, w, h);
        return;
    }
    for (uint32_t y = 0; y < h; y++) {
        for (uint32_t x = 0; x < w; x++)
            r->page[(size_t)y * w + x] = pixel(r, x, y);
    }
}

/* The box of a word on the page, in the picture: each corner goes back through the turn. */
static void box_in_picture(const reader *r, const int32_t box[4], int32_t out[4])
{
    const uint32_t w = turned_width(r), h = turned_height(r);
    const uint32_t scale = r->scale;
    const uint32_t left = (uint32_t)(box[0] < 0 ? 0 : box[0]) / scale,
                   top = (uint32_t)(box[1] < 0 ? 0 : box[1]) / scale;
    uint32_t right = ((uint32_t)(box[2] < 1 ? 1 : box[2]) - 1) / scale;
    uint32_t bottom = ((uint32_t)(box[3] < 1 ? 1 : box[3]) - 1) / scale;
    uint32_t ax, ay, bx, by;

    right = right >= w ? w - 1 : right;
    bottom = bottom >= h ? h - 1 : bottom;
    source_of(r, left > right ? right : left, top > bottom ? bottom : top, &ax, &ay);
    source_of(r, right, bottom, &bx, &by);
    out[0] = (int32_t)(ax < bx ? ax : bx);
    out[1] = (int32_t)(ay < by ? ay : by);
    out[2] = (int32_t)(ax < bx ? bx : ax) + 1;
    out[3] = (int32_t)(ay < by ? by : ay) + 1;
}

/* ---- Words -------------------------------------------------------------------------------------------------------- */

/* Grown memory is wiped where it was: it held what the picture says. */
static bool make_room(void **items, size_t *room, size_t used, size_t wanted, size_t item_bytes)
{
    size_t more = *room == 0 ? 256 : *room;
    void *made;

    if (wanted <= *room) return true;
    while (more < wanted)
        more *= 2;
    made = calloc(more, item_bytes);
    if (made == NULL) return false;
    if (used > 0) memcpy(made, *items, used * item_bytes);
    if (*items != NULL) explicit_bzero(*items, *room * item_bytes);
    free(*items);
    *items = made;
    *room = more;
    return true;
}

/* The same letters at more or less the same place, read by an earlier pass. */
static bool is_known(const reader *r, const char *text, size_t text_bytes, const int32_t box[4])
{
    for (size_t i = 0; i < r->pass_first; i++) {
        const word *known = &r->words[i];
        const int32_t x = (box[0] + box[2]) / 2, y = (box[1] + box[3]) / 2;

        if (known->text_bytes == text_bytes && memcmp(r->letters + known->text, text, text_bytes) == 0 &&
            x >= known->box[0] && x < known->box[2] && y >= known->box[1] && y < known->box[3])
            return true;
    }
    return false;
}

/* Lines, dashes and single letters are read with confidence on a page that lies on its side. */
static bool says_something(const char *text, size_t bytes)
{
    size_t known = 0;

    for (size_t i = 0; i < bytes; i++) {
        const unsigned char c = (unsigned char)text[i];

        known += (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }
    return known >= 2;
}

static veil_status take_word(void *user, const char *text, const int32_t box[4], float confidence, bool begins_line)
{
    reader *r = user;
    const size_t bytes = strnlen(text, WORD_BYTES_MAX + 1);
    word *made;

    if (begins_line) r->lines++;
    if (bytes == 0 || confidence < KEPT_CONFIDENCE) return VEIL_OK;
    if (bytes > WORD_BYTES_MAX) return VEIL_ERR_LIMIT; /* left out, it would stay in the picture unsearched */
    if (says_something(text, bytes)) {
        r->pass_sum += (double)confidence * (double)bytes;
        r->pass_bytes += bytes;
    }
    if (r->word_count >= WORDS_MAX) return VEIL_ERR_LIMIT;
    if (!make_room((void **)&r->words, &r->word_room, r->word_count, r->word_count + 1, sizeof *r->words) ||
        !make_room((void **)&r->letters, &r->letter_room, r->letter_count, r->letter_count + bytes, 1))
        return VEIL_ERR_NO_MEMORY;
    made = &r->words[r->word_count];
    box_in_picture(r, box, made->box);
    if (is_known(r, text, bytes, made->box)) return VEIL_OK;
    memcpy(r->letters + r->letter_count, text, bytes);
    made->text = r->letter_count;
    made->text_bytes = bytes;
    made->confidence = confidence > 1 ? 1 : confidence;
    made->line = r->lines;
    r->letter_count += bytes;
    r->word_count++;
    return VEIL_OK;
}

static veil_status run_pass(reader *r, pass now)
{
    veil_status status;

    r->now = now;
    r->pass_first = r->word_count;
    r->pass_sum = 0;
    r->pass_bytes = 0;
    r->lines++;
    draw_page(r);
    status = vl_tess_read(r->tess, r->page, turned_width(r) * r->scale, turned_height(r) * r->scale, take_word, r);
    return status;
}

static bool reads_badly(const reader *r)
{
    return r->pass_bytes == 0 || r->pass_sum < (double)GOOD_CONFIDENCE * (double)r->pass_bytes;
}

/* ---- Which passes ------------------------------------------------------------------------------------------------- */

static uint32_t square_mean(const veil_image *picture, uint32_t x, uint32_t y)
{
    const uint32_t w = picture->width - x < TILE ? picture->width - x : TILE;
    const uint32_t h = picture->height - y < TILE ? picture->height - y : TILE;
    const uint8_t *pixels = picture->pixels;
    uint32_t sum = 0;

    for (uint32_t j = 0; j < h; j++) {
        for (uint32_t i = 0; i < w; i++)
            sum += pixels[(size_t)(y + j) * picture->stride_bytes + x + i];
    }
    return sum / (w * h);
}

static double dark_share(const veil_image *picture)
{
    size_t dark = 0, all = 0;

    for (uint32_t y = 0; y < picture->height; y += TILE) {
        for (uint32_t x = 0; x < picture->width; x += TILE, all++)
            dark += square_mean(picture, x, y) < DARK_BELOW;
    }
    return (double)dark / (double)all;
}

static veil_status read_all(reader *r)
{
    const double dark = dark_share(r->picture);
    const bool inverts = dark > 0.5;
    const double minority = inverts ? 1 - dark : dark;
    veil_status status = run_pass(r, (pass){0, inverts});
    bool is_bad = reads_badly(r);

    if (status == VEIL_OK && minority >= MINORITY_SHARE) {
        status = run_pass(r, (pass){0, !inverts});
        is_bad = is_bad && reads_badly(r);
    }
    for (uint32_t turns = 1; status == VEIL_OK && is_bad && turns < 4; turns++)
        status = run_pass(r, (pass){turns, inverts});
    return status;
}

static veil_status give(const reader *r, veil_ocr_sink sink, void *sink_user)
{
    veil_status status = VEIL_OK;

    for (size_t i = 0; i < r->word_count && status == VEIL_OK; i++) {
        const word *one = &r->words[i];
        const veil_ocr_word out = {
            .struct_size = sizeof out,
            .text = r->letters + one->text,
            .text_bytes = one->text_bytes,
            .x = one->box[0],
            .y = one->box[1],
            .w = one->box[2] - one->box[0],
            .h = one->box[3] - one->box[1],
            .confidence = one->confidence,
            .line = one->line,
        };

        status = sink(sink_user, &out);
    }
    return status;
}

/* ---- The engine of veil.h ------------------------------------------------------------------------------------------ */

static veil_status check(const veil_image *picture)
{
    if (picture->format != VEIL_PIXEL_GRAY || picture->width == 0 || picture->height == 0) return VEIL_ERR_UNSUPPORTED;
    if (picture->width > VL_TESS_SIDE_MAX || picture->height > VL_TESS_SIDE_MAX) return VEIL_ERR_LIMIT;
    return VEIL_OK;
}

static void release(reader *r)
{
    if (r->page != NULL) explicit_bzero(r->page, r->page_bytes);
    if (r->words != NULL) explicit_bzero(r->words, r->word_room * sizeof *r->words);
    if (r->letters != NULL) explicit_bzero(r->letters, r->letter_room);
    free(r->page);
    free(r->words);
    free(r->letters);
}

static veil_status recognize(void *instance, const struct veil_image *picture, veil_ocr_sink sink, void *sink_user)
{
    reader r = {.tess = instance, .picture = picture};
    const uint64_t pixels = (uint64_t)picture->width * picture->height;
    veil_status status = check(picture);

    if (status != VEIL_OK) return status;
    r.scale = pixels <= DOUBLED_PIXELS_MAX && picture->width <= VL_TESS_SIDE_MAX / 2 &&
                      picture->height <= VL_TESS_SIDE_MAX / 2
                  ? 2
                  : 1;
    r.page_bytes = (size_t)(pixels * r.scale * r.scale);
    r.page = malloc(r.page_bytes);
    status = r.page == NULL ? VEIL_ERR_NO_MEMORY : read_all(&r);
    if (status == VEIL_OK) status = give(&r, sink, sink_user);
    release(&r);
    return status;
}

static void destroy(void *instance)
{
    vl_tess_destroy(instance);
}

#define KNOWN_WIDTH  192u
#define KNOWN_HEIGHT 40u

static const uint8_t known_text[KNOWN_WIDTH / 8 * KNOWN_HEIGHT] = {
#include "known_text_table.inc"
};

static veil_status take_known(void *user, const veil_ocr_word *given)
{
    bool *seen = user;

    *seen = *seen || (given->text_bytes == 4 && memcmp(given->text, "4711", 4) == 0);
    return VEIL_OK;
}

/* A reader that reads nothing would make every picture look clean. */
static veil_status prove(vl_tess *tess)
{
    static const size_t bytes = (size_t)KNOWN_WIDTH * KNOWN_HEIGHT;
    uint8_t *pixels = malloc(bytes);
    veil_image picture = {sizeof picture, pixels, KNOWN_WIDTH, KNOWN_WIDTH, KNOWN_HEIGHT, VEIL_PIXEL_GRAY, 0};
    bool seen = false;
    veil_status status;

    if (pixels == NULL) return VEIL_ERR_NO_MEMORY;
    for (size_t i = 0; i < bytes; i++)
        pixels[i] = (known_text[i / 8] >> (7 - i % 8) & 1) != 0 ? 20 : 240;
    status = recognize(tess, &picture, take_known, &seen);
    free(pixels);
    return status == VEIL_OK && !seen ? VEIL_ERR_SELF_TEST : status;
}

static veil_status create(void *user, void **instance)
{
    vl_tess *made = NULL;
    veil_status status = vl_tess_create(user, &made);

    if (status == VEIL_OK) status = prove(made);
    if (status != VEIL_OK) destroy(made);
    *instance = status == VEIL_OK ? made : NULL;
    return status;
}

VEIL_API veil_status veil_ocr_plugin(veil_ocr_engine *engine);

veil_status veil_ocr_plugin(veil_ocr_engine *engine)
{
    if (engine == NULL || engine->struct_size < sizeof *engine) return VEIL_ERR_INVALID_ARGUMENT;
    engine->name = vl_tess_name();
    engine->user = NULL;
    engine->create = create;
    engine->recognize = recognize;
    engine->destroy = destroy;
    return VEIL_OK;
}
