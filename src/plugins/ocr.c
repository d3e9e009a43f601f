/*
 * libveil-ocr.so: reads the text of a picture with Tesseract, as veil.h's veil_ocr_engine. What Tesseract does not do by
 * itself is done here: small pictures are doubled, light text on dark ground is inverted, what is written in the other ink is
 * read in a pass of its own, and a picture that reads badly upright is also read from its three other sides. Every pass adds
 * its words; a word that an earlier pass read at the same place is left out. More words than there are do no harm, a missed
 * one does.
 */
#include <stdlib.h>
#include <string.h>

#include "plugins/tess.h"

#define DOUBLED_PIXELS_MAX 3000000u /* above this, letters are taken to be large enough */
#define TILE               8u       /* which ink stands on which ground is decided in squares of this side */
#define AROUND             8u /* the ground is the commonest level of the square and so much around it: no letter's stroke */
#define INK_CONTRAST       40    /* levels between ink and ground */
#define INK_PIXELS         3u    /* of a square */
#define INK_SQUARES        4u    /* of the rarer ink, a word or so: it is read in a pass of its own */
#define WORD_BYTES_MAX     1024u /* as veil.h promises */
#define GOOD_CONFIDENCE    0.75F /* mean over letters: below, the other sides are tried */
#define KEPT_CONFIDENCE    0.20F /* less is noise: shapes that are no letters */
#define WORDS_MAX          200000u

/* What Tesseract gets as dark letters on light paper: levels as they are, turned over, or how far they lie from the ground around
 * them, so that a badge or a bubble of another colour is paper, too. */
typedef enum ink { INK_DARK, INK_LIGHT, INK_DARKER, INK_LIGHTER } ink;

/* `turns`: quarter turns clockwise that bring the text upright. */
typedef struct pass {
    uint32_t turns;
    ink ink;
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
    uint8_t *ground; /* level of each square's ground, in the page's last bytes */
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

static size_t squares(uint32_t side)
{
    return (side + TILE - 1) / TILE;
}

static uint8_t pixel(const reader *r, uint32_t x, uint32_t y)
{
    const uint8_t *pixels = r->picture->pixels;
    uint32_t sx, sy;
    int level, apart;

    source_of(r, x, y, &sx, &sy);
    level = pixels[(size_t)sy * r->picture->stride_bytes + sx];
    if (r->now.ink == INK_DARK) return (uint8_t)level;
    if (r->now.ink == INK_LIGHT) return (uint8_t)(255 - level);
    apart = level - r->ground[sy / TILE * squares(r->picture->width) + sx / TILE];
    if (r->now.ink == INK_DARKER) apart = -apart;
    return (uint8_t)(apart <= 0 ? 255 : apart >= 127 ? 1 : 255 - 2 * apart);
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

#define LEVELS 16u /* of 16 each; the commonest two that lie side by side are the ground */

static uint32_t clamp_end(uint32_t at, uint32_t side)
{
    return at < side ? at : side;
}

/* Every second pixel of every second row. */
static int ground_level(const veil_image *picture, uint32_t x, uint32_t y)
{
    const uint32_t right = clamp_end(x + TILE + AROUND, picture->width);
    const uint32_t bottom = clamp_end(y + TILE + AROUND, picture->height);
    const uint8_t *pixels = picture->pixels;
    uint32_t counts[LEVELS] = {0};
    uint32_t best = 0;

    for (uint32_t j = y < AROUND ? 0 : y - AROUND; j < bottom; j += 2) {
        for (uint32_t i = x < AROUND ? 0 : x - AROUND; i < right; i += 2)
            counts[pixels[(size_t)j * picture->stride_bytes + i] / 16]++;
    }
    for (uint32_t level = 1; level + 1 < LEVELS; level++) {
        if (counts[level] + counts[level + 1] > counts[best] + counts[best + 1]) best = level;
    }
    return 16 * (int)(best + 1);
}

static void count_ink(const veil_image *picture, uint32_t x, uint32_t y, int ground, size_t *dark, size_t *light)
{
    const uint32_t right = clamp_end(x + TILE, picture->width), bottom = clamp_end(y + TILE, picture->height);
    const uint8_t *pixels = picture->pixels;
    uint32_t above = 0, below = 0;

    for (uint32_t j = y; j < bottom; j++) {
        for (uint32_t i = x; i < right; i++) {
            const int level = pixels[(size_t)j * picture->stride_bytes + i];

            above += level > ground + INK_CONTRAST;
            below += level < ground - INK_CONTRAST;
        }
    }
    *dark += below >= INK_PIXELS;
    *light += above >= INK_PIXELS;
}

typedef struct inks {
    size_t squares;
    size_t on_light; /* their ground is in the lighter half */
    size_t dark;     /* they hold ink darker than their ground */
    size_t light;
} inks;

/* The ground of all squares is kept, for the passes. */
static inks look(reader *r)
{
    uint8_t *ground = r->ground;
    inks seen = {0};

    for (uint32_t y = 0; y < r->picture->height; y += TILE) {
        for (uint32_t x = 0; x < r->picture->width; x += TILE) {
            const int level = ground_level(r->picture, x, y);

            *ground++ = (uint8_t)level;
            seen.squares++;
            seen.on_light += level >= 128;
            count_ink(r->picture, x, y, level, &seen.dark, &seen.light);
        }
    }
    return seen;
}

/* The page as most of it is, then the other ink, from the ground up. */
static veil_status read_all(reader *r)
{
    const inks seen = look(r);
    const bool is_light = 2 * seen.on_light < seen.squares;
    veil_status status = run_pass(r, (pass){0, is_light ? INK_LIGHT : INK_DARK});
    bool is_bad = reads_badly(r);

    if (status == VEIL_OK && (is_light ? seen.dark : seen.light) >= INK_SQUARES) {
        status = run_pass(r, (pass){0, is_light ? INK_DARKER : INK_LIGHTER});
        is_bad = is_bad && reads_badly(r);
    }
    for (uint32_t turns = 1; status == VEIL_OK && is_bad && turns < 4; turns++)
        status = run_pass(r, (pass){turns, is_light ? INK_LIGHT : INK_DARK});
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
    r.page_bytes = (size_t)(pixels * r.scale * r.scale) + squares(picture->width) * squares(picture->height);
    r.page = malloc(r.page_bytes);
    if (r.page == NULL) return VEIL_ERR_NO_MEMORY;
    r.ground = r.page + (size_t)(pixels * r.scale * r.scale);
    status = read_all(&r);
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
