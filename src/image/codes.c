/* From a picture to the boxes of its codes. */
#include "image/codes.h"

#include <string.h>

#include "core/clock.h"
#include "core/cpu.h"
#include "image/code_bars.h"
#include "image/code_gate.h"
#include "image/code_turn.h"
#include "image/luma.h"
#include "image/zxing_codes.h"

#define OVERVIEW_MIN 96u /* pixels of the longer side: eight modules of 12, fewer than any code has */

bool vl_codes_are_built(void)
{
    return true;
}

const char *vl_codes_version(void)
{
    return vl_zxing_version();
}

/* ---- Searching --------------------------------------------------------------------------------------------------- */

typedef struct reading {
    const vl_code_search *search;
    const vl_image_view *view; /* the picture */
    vl_mark_list *marks;
    uint8_t *plane;
    uint32_t width; /* of the plane */
    uint32_t height;
    uint32_t shrink;
    bool is_overview;         /* the plane was shrunk for modules that are large */
    size_t most;              /* pixels of a turned place: no more than the pool has for a plane */
    vl_rect place;            /* what is being read */
    const vl_code_turn *turn; /* NULL: as it lies */
    uint32_t found;           /* how often the reader answered */
} reading;

uint32_t vl_codes_shrink(const vl_code_search *search, uint32_t width, uint32_t height)
{
    const uint64_t pixels = (uint64_t)width * height;
    uint32_t shrink = 1;

    while (shrink < VL_LUMA_SHRINK_MAX && pixels / shrink / shrink > search->max_pixels)
        shrink++;
    return shrink;
}

/* The box around the corners in the picture; a pixel of the plane counts whole. False when it lies outside. */
static bool box_of(const reading *r, int32_t corners[4][2], vl_rect *out)
{
    int64_t left = INT32_MAX, top = INT32_MAX, right = INT32_MIN, bottom = INT32_MIN;

    for (int i = 0; i < 4; i++) {
        left = corners[i][0] < left ? corners[i][0] : left;
        right = corners[i][0] > right ? corners[i][0] : right;
        top = corners[i][1] < top ? corners[i][1] : top;
        bottom = corners[i][1] > bottom ? corners[i][1] : bottom;
    }
    return vl_rect_clip(r->view, left * r->shrink, top * r->shrink, (right - left + 1) * r->shrink,
                        (bottom - top + 1) * r->shrink, out);
}

static bool is_degenerate(const int32_t corners[4][2])
{
    const int32_t *a = corners[0], *c = corners[2];

    return a[0] == c[0] && a[1] == c[1];
}

static uint32_t shared_side(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    const uint32_t from = a > b ? a : b, to = a + a_size < b + b_size ? a + a_size : b + b_size;

    return to > from ? to - from : 0;
}

/* A code that was read before, as it lies or turned: half of the smaller box is in the other one. The box grows to hold both, but not
 * by the coarser corners of an overview. A whole code after a damaged one is not known. */
static vl_mark *known_mark(const reading *r, const char *entity, const vl_rect *box, float score)
{
    for (size_t i = 0; i < r->marks->count; i++) {
        vl_mark *known = &r->marks->items[i];
        const uint64_t area = (uint64_t)box->w * box->h, other = (uint64_t)known->rect.w * known->rect.h;
        const uint64_t shared = (uint64_t)shared_side(box->x, box->w, known->rect.x, known->rect.w) *
                                shared_side(box->y, box->h, known->rect.y, known->rect.h);

        if (strcmp(known->entity, entity) == 0 && known->score >= score && 2 * shared >= (area < other ? area : other))
            return known;
    }
    return NULL;
}

/* Where a code is in the picture. What was read whole is somewhere in the place, whatever the reader says. */
static bool locate(const reading *r, const vl_code *found, vl_rect *box)
{
    const vl_rect *place = &r->place;
    int32_t corners[4][2];

    for (int i = 0; i < 4; i++) {
        corners[i][0] = found->corners[i][0];
        corners[i][1] = found->corners[i][1];
        if (r->turn != NULL) vl_code_turn_back(r->turn, corners[i]);
        if (r->turn == NULL) corners[i][0] += (int32_t)place->x;
        if (r->turn == NULL) corners[i][1] += (int32_t)place->y;
    }
    if (found->is_linear) vl_code_bars_extend(r->plane, r->width, r->height, corners);
    if (!is_degenerate(found->corners) && box_of(r, corners, box)) return true;
    return found->is_whole && vl_rect_clip(r->view, (int64_t)place->x * r->shrink, (int64_t)place->y * r->shrink,
                                           (int64_t)place->w * r->shrink, (int64_t)place->h * r->shrink, box);
}

static veil_status check_time(const reading *r)
{
    return vl_deadline_passed(r->search->deadline_ns) ? VEIL_ERR_TIMEOUT : VEIL_OK;
}

/* Seen in an overview, whose pixels are coarse: the box says no more than the one that is known. */
static bool is_about(const reading *r, const vl_rect *known, const vl_rect *box)
{
    const vl_rect grown = vl_rect_grow(r->view, *known, 3 * r->shrink, 3 * r->shrink);
    const vl_rect both = vl_rect_union(&grown, box);

    return r->is_overview && memcmp(&both, &grown, sizeof grown) == 0;
}

static veil_status take_code(void *user, const vl_code *found)
{
    reading *r = user;
    const char *entity = found->is_qr ? "QR_CODE" : "BARCODE";
    const float score = found->is_whole ? 1.0F : VL_CODE_DAMAGED_SCORE;
    vl_mark *known;
    vl_rect box;

    if (++r->found > VL_CODE_FOUND_MAX) return VEIL_ERR_LIMIT; /* every one is one more read of a place */
    if (check_time(r) != VEIL_OK) return VEIL_ERR_TIMEOUT;
    if (score < r->search->min_score) return VEIL_OK;
    if (!locate(r, found, &box)) return VEIL_OK; /* damaged, and it does not say where: an idea of the reader's */
    known = known_mark(r, entity, &box, score);
    if (known != NULL && is_about(r, &known->rect, &box)) box = known->rect;
    if (known != NULL) box = known->rect = vl_rect_union(&known->rect, &box);
    if (known == NULL && !vl_marks_add(r->marks, entity, box, score)) return VEIL_ERR_LIMIT;
    if (r->search->payload == NULL || found->payload_bytes == 0) return VEIL_OK;
    /* also of a known one: two codes may share a box */
    return r->search->payload(r->search->payload_user, found->payload, found->payload_bytes, box);
}

static veil_status read_place(reading *r, const vl_rect *place, uint32_t kinds)
{
    const veil_status status = check_time(r);

    if (status != VEIL_OK) return status;
    r->place = *place;
    return vl_zxing_read(r->plane + (size_t)place->y * r->width + place->x, place->w, place->h, r->width, kinds,
                         take_code, r);
}

static veil_status read_window(reading *r, const vl_code_turn *turn)
{
    const size_t bytes = (size_t)turn->width * turn->height;
    void *turned;
    veil_status status = vl_pool_take(r->search->pool, bytes, &turned);

    if (status != VEIL_OK) return status;
    vl_code_turn_draw(r->plane, r->width, turn, turned);
    r->turn = turn;
    r->place = turn->place;
    status = vl_zxing_read(turned, turn->width, turn->height, turn->width,
                           VL_CODES_BARS | (r->search->is_quick ? VL_CODES_QUICK : 0), take_code, r);
    r->turn = NULL;
    vl_pool_give(r->search->pool, turned, bytes);
    return status;
}

/* Slanted bars, where the place has one direction. */
static veil_status read_turned(reading *r, const vl_rect *place)
{
    vl_code_turn turn, part;
    size_t windows;
    veil_status status = check_time(r);

    if (status != VEIL_OK || !vl_code_turn_wanted(r->plane, r->width, place, &turn)) return status;
    windows = vl_code_turn_windows(&turn, r->most);
    for (size_t i = 0; i < windows && status == VEIL_OK; i++) {
        vl_code_turn_window(&turn, r->most, i, &part);
        status = read_window(r, &part);
        if (status == VEIL_OK) status = check_time(r);
    }
    return status;
}

static const vl_kernels *kernels_of(const vl_code_search *search)
{
    return search->kernels != NULL ? search->kernels : vl_kernels_for(VEIL_CPU_AUTO);
}

/* Dark on light, and light on dark, which the reader does not know. */
static veil_status read_both(reading *r, const vl_rect *place, uint32_t kinds)
{
    const veil_status status = read_place(r, place, kinds);

    return status == VEIL_OK ? read_place(r, place, kinds | VL_CODES_QUICK | VL_CODES_INVERTED) : status;
}

static veil_status read_places(reading *r, uint8_t *scratch, vl_code_places *places)
{
    const vl_code_search *search = r->search;
    const uint32_t kinds =
        (search->wants_qr ? VL_CODES_QR : 0) | (search->wants_bars ? VL_CODES_BARS | VL_CODES_MATRIX : 0) |
        (search->is_quick ? VL_CODES_QUICK : 0) | (r->is_overview ? VL_CODES_QUICK | VL_CODES_COARSE : 0);
    vl_rect dense;
    veil_status status = VEIL_OK;

    vl_code_gate(kernels_of(search), r->plane, r->width, r->height, scratch, places);
    if (r->is_overview && !places->has_print) return VEIL_OK;
    for (size_t i = 0; i < places->wide_count && search->wants_bars && status == VEIL_OK; i++)
        status = read_turned(r, &places->wide[i]);
    if (search->looks_everywhere || r->is_overview) {
        places->wide[0] = (vl_rect){0, 0, r->width, r->height};
        places->wide_count = 1;
    }
    for (size_t i = 0; i < places->wide_count && status == VEIL_OK; i++)
        status = read_both(r, &places->wide[i], kinds);
    while (status == VEIL_OK && search->wants_bars && vl_code_gate_dense(places, &dense))
        status = read_both(r, &dense, VL_CODES_MATRIX);
    return status;
}

static size_t aligned(size_t bytes)
{
    return (bytes + 63) & ~(size_t)63;
}

/* Overviews are read whole, so what is beyond the gate's modules alone is not beyond theirs: of small ones there is no other. */
static bool has_overview(uint32_t width, uint32_t height, bool is_overview)
{
    const uint32_t least = is_overview ? 4 * OVERVIEW_MIN : OVERVIEW_MIN;

    return width >= 4 && height >= 4 && (width >= least || height >= least);
}

/* Of the plane and of all its overviews. */
static size_t scratch_bytes(uint32_t width, uint32_t height)
{
    size_t bytes = aligned(vl_code_gate_bytes(width, height));

    for (bool is_overview = false; has_overview(width, height, is_overview);
         width /= 4, height /= 4, is_overview = true)
        bytes += aligned(vl_code_gate_bytes(width / 4, height / 4));
    return bytes;
}

/* The plane, and again a quarter of its size, and so on: a code that fills it has modules of some pixels in one of them. What an
 * overview takes is a sixteenth of what the one before takes. */
static veil_status read_planes(reading *r, uint8_t *scratch)
{
    vl_code_places places;
    veil_status status = read_places(r, scratch, &places);

    while (status == VEIL_OK && has_overview(r->width, r->height, r->is_overview)) {
        scratch += aligned(vl_code_gate_bytes(r->width, r->height));
        r->plane = places.quarter;
        r->width = places.quarter_width;
        r->height = places.quarter_height;
        r->shrink *= 4;
        r->is_overview = true;
        r->found = 0;
        status = read_places(r, scratch, &places);
    }
    return status;
}

/* The plane, what the gate needs and the overviews took as much; 4/3 of max_pixels is about what they may take. */
static size_t most_pixels(const vl_code_search *search, size_t bytes)
{
    const uint64_t most = search->max_pixels / 3 * 4;

    return (size_t)(most < bytes ? bytes : most < INT32_MAX / 2 ? most : INT32_MAX / 2);
}

veil_status vl_codes_find(const vl_code_search *search, const vl_image_view *view, vl_mark_list *marks,
                          veil_error *error)
{
    reading r = {.search = search, .view = view, .marks = marks};
    size_t plane_bytes, bytes;
    void *buffer;
    veil_status status;

    r.shrink = vl_codes_shrink(search, view->width, view->height);
    r.width = vl_luma_side(view->width, r.shrink);
    r.height = vl_luma_side(view->height, r.shrink);
    plane_bytes = aligned((size_t)r.width * r.height);
    bytes = plane_bytes + scratch_bytes(r.width, r.height);
    status = vl_pool_take(search->pool, bytes, &buffer);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no buffer to look for codes in");
    vl_luma_draw(kernels_of(search), view, r.shrink, buffer);
    r.plane = buffer;
    r.most = most_pixels(search, bytes);
    status = read_planes(&r, (uint8_t *)buffer + plane_bytes);
    vl_pool_give(search->pool, buffer, bytes);
    if (status == VEIL_ERR_LIMIT)
        return vl_error_set(error, status, 0,
                            "more codes than can be read in one picture, or more than %u codes and texts",
                            VL_MARKS_MAX);
    if (status == VEIL_ERR_TIMEOUT) return vl_error_set(error, status, 0, "the deadline passed");
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "the search for codes failed");
}

/* ---- Known answers ----------------------------------------------------------------------------------------------- */

#define PROOF_WIDTH  192u
#define PROOF_HEIGHT 144u
#define QR_SIDE      21u
#define QR_MODULE    3u
#define QR_AT        12u
#define BARS_AT_X    24u
#define BARS_AT_Y    90u
#define BARS_TALL    36u
#define BARS_MODULE  2u

/* "VEIL" as QR code (ISO/IEC 18004), version 1, level M: rows of 21 modules from the top, the left one highest. */
static const uint32_t qr_rows[QR_SIDE] = {
    0x1FC57F, 0x104841, 0x175C5D, 0x17535D, 0x17515D, 0x105241, 0x1FD57F, 0x001800, 0x17CE7C, 0x0EABCE, 0x15C960,
    0x1EABCC, 0x18E529, 0x001D2A, 0x1FCA92, 0x105835, 0x175A94, 0x1757C8, 0x175160, 0x1047C9, 0x1FDD24,
};

/* 9638507 with its check digit 4 as EAN-8 (GS1 General Specifications): guard, four digits, centre, four digits, guard. */
static const char ean_bars[] = "101"
                               "0001011"
                               "0101111"
                               "0111101"
                               "0110111"
                               "01010"
                               "1001110"
                               "1110010"
                               "1000100"
                               "1011100"
                               "101";

static void draw_proof(uint8_t *plane)
{
    memset(plane, 235, (size_t)PROOF_WIDTH * PROOF_HEIGHT);
    for (uint32_t y = 0; y < QR_SIDE * QR_MODULE; y++) {
        for (uint32_t x = 0; x < QR_SIDE * QR_MODULE; x++) {
            if ((qr_rows[y / QR_MODULE] >> (QR_SIDE - 1 - x / QR_MODULE) & 1U) != 0)
                plane[(size_t)(QR_AT + y) * PROOF_WIDTH + QR_AT + x] = 20;
        }
    }
    for (uint32_t y = BARS_AT_Y; y < BARS_AT_Y + BARS_TALL; y++) {
        for (uint32_t x = 0; x < (sizeof ean_bars - 1) * BARS_MODULE; x++) {
            if (ean_bars[x / BARS_MODULE] == '1') plane[(size_t)y * PROOF_WIDTH + BARS_AT_X + x] = 20;
        }
    }
}

static veil_status check_payload(void *user, const char *text, size_t text_bytes, vl_rect rect)
{
    uint32_t *seen = user;
    const bool is_qr = text_bytes == 4 && memcmp(text, "VEIL", 4) == 0;
    const bool is_ean = text_bytes == 8 && memcmp(text, "96385074", 8) == 0;

    if (is_qr && rect.x <= QR_AT + 1 && rect.y <= QR_AT + 1 && rect.x + rect.w + 1 >= QR_AT + QR_SIDE * QR_MODULE &&
        rect.y + rect.h + 1 >= QR_AT + QR_SIDE * QR_MODULE)
        *seen |= 1;
    if (is_ean && rect.x <= BARS_AT_X + 2 && rect.y <= BARS_AT_Y + 2 && rect.y + rect.h + 2 >= BARS_AT_Y + BARS_TALL)
        *seen |= 2;
    return VEIL_OK;
}

veil_status vl_codes_prove(vl_pool *pool, veil_error *error)
{
    uint32_t seen = 0;
    vl_mark found[8];
    vl_mark_list marks = {found, 0, 8};
    const vl_code_search search = {.pool = pool,
                                   .max_pixels = PROOF_WIDTH * PROOF_HEIGHT,
                                   .is_quick = true,
                                   .wants_qr = true,
                                   .wants_bars = true,
                                   .min_score = 1.0F,
                                   .payload = check_payload,
                                   .payload_user = &seen};
    vl_image_view view;
    void *plane;
    veil_status status = vl_pool_take(pool, (size_t)PROOF_WIDTH * PROOF_HEIGHT, &plane);

    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no buffer for the known codes");
    view = vl_view_make(plane, PROOF_WIDTH, PROOF_HEIGHT, VEIL_PIXEL_GRAY);
    draw_proof(plane);
    status = vl_codes_find(&search, &view, &marks, error);
    vl_pool_give(pool, plane, (size_t)PROOF_WIDTH * PROOF_HEIGHT);
    if (status != VEIL_OK || seen == 3) return status;
    return vl_error_set(error, VEIL_ERR_SELF_TEST, 0, "the code reader did not find its known %s",
                        (seen & 1) == 0 ? "QR code" : "bar code");
}
