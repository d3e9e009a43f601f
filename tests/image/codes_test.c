/*
 * Codes in pictures: found wherever they lie, covered to the last bar, several at a time, filled by default; what the gate
 * leaves out; and that remembered answers belong to what was looked for.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/code_bars.h"
#include "image/code_gate.h"
#include "image/code_turn.h"
#include "image/codes.h"
#include "support/draw_code.h"

#define W 640u
#define H 480u

typedef struct lot {
    vl_pool *pool;
    vl_image_view view;
    uint8_t *mask; /* dark modules of what was drawn */
    vl_mark marks[64];
    vl_mark_list list;
} lot;

static lot *lot_make(uint32_t width, uint32_t height)
{
    static const vl_pool_class classes[] = {{(size_t)1 << 22, 1}};
    lot *l = calloc(1, sizeof *l);
    assert_int_equal(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &l->pool), VEIL_OK);
    l->view = picture_make(width, height, VEIL_PIXEL_GRAY);
    picture_draw_wall(&l->view, 3);
    l->mask = calloc(width, height);
    l->list = (vl_mark_list){l->marks, 0, 64};
    return l;
}

static void lot_free(lot *l)
{
    picture_free(&l->view);
    vl_pool_destroy(l->pool);
    free(l->mask);
    free(l);
}

static void draw(lot *l, const drawn_code *code)
{
    assert_true(draw_code(l->view.pixels, l->view.width, l->view.height, code, l->mask));
}

static void find(lot *l, bool is_quick)
{
    const vl_code_search search = {
        .pool = l->pool, .max_pixels = 3000000, .is_quick = is_quick, .wants_qr = true, .wants_bars = true};
    l->list.count = 0;
    assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_OK);
}

/* Dark modules that lie outside of every box grown by a margin of 15 percent of its shorter side. */
static size_t left_in_clear(const lot *l)
{
    size_t left = 0;
    for (uint32_t y = 0; y < l->view.height; y++) {
        for (uint32_t x = 0; x < l->view.width; x++) {
            bool is_covered = l->mask[(size_t)y * l->view.width + x] == 0;
            for (size_t i = 0; i < l->list.count && !is_covered; i++) {
                const vl_rect *r = &l->marks[i].rect;
                const uint32_t less = r->w < r->h ? r->w : r->h, grown = (less * 15 + 99) / 100;
                const vl_rect all = vl_rect_grow(&l->view, *r, grown, grown);
                is_covered = x >= all.x && y >= all.y && x < all.x + all.w && y < all.y + all.h;
            }
            left += !is_covered;
        }
    }
    return left;
}

static void test_qr_codes_are_covered_at_every_angle(void **state)
{
    (void)state;
    for (int degrees = 0; degrees < 360; degrees += 40) {
        lot *l = lot_make(W, H);
        draw(l, &(drawn_code){DRAWN_QR, "mailto:jane.roe@example.com", 300, 220, 3.5, degrees, 0});
        find(l, true);
        assert_true(l->list.count >= 1);
        assert_string_equal(l->marks[0].entity, "QR_CODE");
        assert_true(l->marks[0].score == 1.0F);
        assert_int_equal(left_in_clear(l), 0);
        lot_free(l);
    }
}

/* The reader reads the rows it needs; the box must go to the ends of the bars. */
static void test_bars_are_covered_to_their_ends(void **state)
{
    static const double angles[] = {0, 2, -4, 8, -10, 90, 87, 180, 272};
    (void)state;
    for (size_t a = 0; a < sizeof angles / sizeof angles[0]; a++) {
        for (uint32_t tall = 20; tall <= 140; tall += 120) {
            lot *l = lot_make(W, H);
            draw(l, &(drawn_code){DRAWN_CODE_128, "JANE4155550132", 320, 240, 2, angles[a], tall});
            find(l, false);
            /* a row that crosses all bars is what the reader needs: low and slanted ones have none */
            const bool has_row = tall >= 80 || fabs(remainder(angles[a], 90)) <= 4;
            if (l->list.count == 0 && has_row) fail_msg("not found at %g degrees, %u tall", angles[a], tall);
            if (l->list.count != 0) assert_string_equal(l->marks[0].entity, "BARCODE");
            if (l->list.count != 0 && left_in_clear(l) != 0)
                fail_msg("%zu left at %g, %u", left_in_clear(l), angles[a], tall);
            lot_free(l);
        }
    }
}

static void test_slanted_bars_are_turned_and_covered(void **state)
{
    static const double angles[] = {20, 33, 45, -60, 110, 200, -150};
    (void)state;
    for (size_t a = 0; a < sizeof angles / sizeof angles[0]; a++) {
        lot *l = lot_make(W, H);
        draw(l, &(drawn_code){a % 2 == 0 ? DRAWN_CODE_128 : DRAWN_EAN_13, a % 2 == 0 ? "JANE4155" : "590123412345", 320,
                              240, 2, angles[a], 50});
        find(l, false);
        if (l->list.count == 0) fail_msg("not found at %g degrees", angles[a]);
        assert_string_equal(l->marks[0].entity, "BARCODE");
        if (left_in_clear(l) != 0) fail_msg("%zu left at %g", left_in_clear(l), angles[a]);
        lot_free(l);
    }
}

/* The reader of bars may not meet the same code twice (zxing_codes.cpp says why): each one must be found all the same. */
static void test_the_same_bars_several_times(void **state)
{
    lot *l = lot_make(W, H);
    (void)state;
    for (int i = 0; i < 4; i++)
        draw(l, &(drawn_code){DRAWN_EAN_13, "590123412345", 170 + i % 2 * 300, 130 + i / 2 * 200, 2, 0, 60});
    find(l, true);
    assert_int_equal(l->list.count, 4);
    assert_int_equal(left_in_clear(l), 0);
    lot_free(l);
}

static void test_several_codes_of_several_kinds(void **state)
{
    lot *l = lot_make(W, H);
    size_t qr = 0, bars = 0;
    (void)state;
    draw(l, &(drawn_code){DRAWN_QR, "one", 100, 100, 4, 0, 0});
    draw(l, &(drawn_code){DRAWN_QR, "two", 500, 110, 3, 20, 0});
    draw(l, &(drawn_code){DRAWN_EAN_13, "590123412345", 180, 300, 2, 0, 40});
    draw(l, &(drawn_code){DRAWN_DATA_MATRIX, "jane.roe@example.com", 520, 350, 4, 0, 0});
    draw(l, &(drawn_code){DRAWN_PDF_417, "JANE ROE", 200, 420, 2, 0, 0});
    find(l, false);
    for (size_t i = 0; i < l->list.count; i++) {
        qr += strcmp(l->marks[i].entity, "QR_CODE") == 0;
        bars += strcmp(l->marks[i].entity, "BARCODE") == 0;
    }
    assert_int_equal(qr, 2);
    assert_true(bars >= 3);
    assert_int_equal(left_in_clear(l), 0);
    lot_free(l);
}

static void test_codes_in_large_pictures_are_found_after_shrinking(void **state)
{
    lot *l = lot_make(3000, 2200);
    const vl_code_search search = {
        .pool = l->pool, .max_pixels = 1000000, .is_quick = true, .wants_qr = true, .wants_bars = true};
    (void)state;
    assert_int_equal(vl_codes_shrink(&search, 3000, 2200), 3);
    assert_int_equal(vl_codes_shrink(&search, 1000, 1000), 1);
    assert_int_equal(vl_codes_shrink(&search, 65535, 65535), 66);
    draw(l, &(drawn_code){DRAWN_QR, "large", 1501, 1102, 11, 15, 0});
    assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_OK);
    assert_true(l->list.count >= 1);
    assert_int_equal(left_in_clear(l), 0);
    lot_free(l);
}

static void test_pictures_without_codes_and_of_any_size(void **state)
{
    static const uint32_t sides[] = {1, 2, 3, 15, 16, 17, 33, 64, 200};
    (void)state;
    for (size_t i = 0; i < 81; i++) {
        lot *l = lot_make(sides[i % 9], sides[i / 9]);
        uint32_t seed = (uint32_t)i + 1;
        find(l, false);
        assert_int_equal(l->list.count, 0);
        for (size_t at = 0; at < (size_t)l->view.width * l->view.height; at++) /* noise passes the gate */
            l->view.pixels[at] = (uint8_t)(picture_random(&seed) >> 8);
        find(l, false);
        lot_free(l);
    }
}

static void test_full_lists_are_an_error(void **state)
{
    lot *l = lot_make(W, H);
    const vl_code_search search = {.pool = l->pool, .max_pixels = 3000000, .wants_qr = true};
    (void)state;
    draw(l, &(drawn_code){DRAWN_QR, "one", 100, 100, 4, 0, 0});
    draw(l, &(drawn_code){DRAWN_QR, "two", 500, 110, 3, 20, 0});
    l->list.capacity = 1;
    assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_ERR_LIMIT);
    lot_free(l);
}

/* What the gate loses against a search of everything: codes of print's contrasts, from the smallest that can be read. */
static void test_the_gate_loses_no_code(void **state)
{
    static const drawn_kind kinds[] = {DRAWN_QR, DRAWN_CODE_128, DRAWN_EAN_13};
    static const char *const texts[] = {"https://example.com/jane", "JANE4155550132", "590123412345"};
    size_t readable = 0, lost = 0;
    uint32_t seed = 77;
    (void)state;
    for (int round = 0; round < 36; round++) {
        const size_t kind = (size_t)round % 3;
        lot *l = lot_make(W, H);
        vl_code_search search = {.pool = l->pool, .max_pixels = 3000000, .wants_qr = true, .wants_bars = true};
        size_t with_gate;
        draw(l, &(drawn_code){kinds[kind], texts[kind], 250 + picture_random(&seed) % 140,
                              200 + picture_random(&seed) % 80, 1.5 + picture_random(&seed) % 8 / 4.0,
                              picture_random(&seed) % 6, 40});
        for (size_t at = 0; at < (size_t)W * H; at++) { /* paper and ink of a bad print in bad light */
            const int tone = 60 + l->view.pixels[at] / 2 + (int)(picture_random(&seed) % 9) - 4;
            l->view.pixels[at] = (uint8_t)tone;
        }
        assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_OK);
        with_gate = l->list.count;
        search.looks_everywhere = true;
        l->list.count = 0;
        assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_OK);
        readable += l->list.count > 0;
        lost += l->list.count > 0 && with_gate == 0;
        lot_free(l);
    }
    print_message("the gate lost %zu of %zu codes that can be read\n", lost, readable);
    assert_true(readable >= 30);
    assert_int_equal(lost, 0);
}

/* A long strip of slanted stripes: turned whole it would take 2.1 GB. It is cut, within a pool that must not grow. */
static void test_long_slanted_strips_are_cut(void **state)
{
    static const vl_pool_class classes[] = {{(size_t)1 << 22, 2}};
    lot *l = lot_make(65500, 45);
    const vl_code_search bars = {.max_pixels = 3000000, .is_quick = true, .wants_bars = true};
    vl_code_search search = bars;
    vl_pool *pool;
    veil_status status;
    (void)state;
    assert_int_equal(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_BUSY, &pool), VEIL_OK);
    search.pool = pool;
    for (uint32_t y = 0; y < 45; y++)
        for (uint32_t x = 0; x < 65500; x++)
            l->view.pixels[(size_t)y * 65500 + x] = (x + y) / 7 % 2 == 0 ? 20 : 230;
    status = vl_codes_find(&search, &l->view, &l->list, NULL);
    if (status != VEIL_OK) assert_int_equal(status, VEIL_ERR_LIMIT); /* more codes than the list holds, if any */
    search.deadline_ns = 1;
    assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_ERR_TIMEOUT);
    lot_free(l);
    vl_pool_destroy(pool);
}

static void test_windows_hold_codes_and_keep_to_the_limit(void **state)
{
    static const float angles[] = {0.2F, 0.5F, 0.785F, 1.1F, 1.38F, -0.6F, 2.0F};
    static const vl_rect places[] = {{0, 0, 65500, 45}, {7, 9, 45, 65500}, {0, 0, 2000, 1500}, {3, 3, 30, 30}};
    (void)state;
    for (size_t i = 0; i < sizeof angles / sizeof angles[0] * 4; i++) {
        const float angle = angles[i / 4];
        vl_code_turn turn = {.place = places[i % 4], .cosine = cosf(angle), .sine = sinf(angle)}, part;
        const size_t count = vl_code_turn_windows(&turn, 4000000);
        uint64_t area = 0;
        uint32_t right = 0, bottom = 0;
        for (size_t at = 0; at < count; at++) {
            vl_code_turn_window(&turn, 4000000, at, &part);
            assert_true((uint64_t)part.width * part.height <= 4000000);
            assert_true(part.place.x >= turn.place.x && part.place.y >= turn.place.y);
            right = part.place.x + part.place.w > right ? part.place.x + part.place.w : right;
            bottom = part.place.y + part.place.h > bottom ? part.place.y + part.place.h : bottom;
            area += (uint64_t)part.width * part.height;
        }
        assert_int_equal(right, turn.place.x + turn.place.w);
        assert_int_equal(bottom, turn.place.y + turn.place.h);
        assert_true(area <= (uint64_t)turn.place.w * turn.place.h * 14 + 65536);
    }
}

/* Many dense places: the last is found as the first is. */
static void test_every_dense_place_is_listed(void **state)
{
    lot *l = lot_make(W, H);
    uint8_t *scratch = malloc(vl_code_gate_bytes(W, H));
    vl_code_places places;
    vl_rect place = {0};
    size_t count = 0;
    uint32_t lowest = 0;
    (void)state;
    memset(l->view.pixels, 235, (size_t)W * H);
    for (uint32_t k = 0; k < 35; k++)
        for (uint32_t y = 0; y < 48; y++)
            for (uint32_t x = 0; x < 48; x++)
                if ((x / 3 + y / 3) % 2 == 0)
                    l->view.pixels[(size_t)(k / 7 * 96 + 16 + y) * W + k % 7 * 90 + 10 + x] = 20;
    vl_code_gate(vl_kernels_for(VEIL_CPU_AUTO), l->view.pixels, W, H, scratch, &places);
    while (vl_code_gate_dense(&places, &place)) {
        count++;
        lowest = place.y + place.h > lowest ? place.y + place.h : lowest;
    }
    print_message("%zu dense places\n", count);
    assert_true(count > 16);
    assert_true(lowest > 4 * 96 + 48);
    free(scratch);
    lot_free(l);
}

static veil_status note_payload(void *user, const char *text, size_t text_bytes, vl_rect rect)
{
    char *notes = user;
    (void)rect;
    if (text_bytes < 16) strncat(notes, text, text_bytes);
    return VEIL_OK;
}

/* One box within the other: what both say is looked at. */
static void test_payloads_of_codes_that_share_a_box(void **state)
{
    lot *l = lot_make(W, H);
    char notes[256] = "";
    const vl_code_search search = {.pool = l->pool,
                                   .max_pixels = 3000000,
                                   .looks_everywhere = true,
                                   .wants_qr = true,
                                   .payload = note_payload,
                                   .payload_user = notes};
    (void)state;
    draw(l, &(drawn_code){DRAWN_QR, "inner", 320, 240, 3, 0, 0});
    assert_true(vl_marks_add(&l->list, "QR_CODE", (vl_rect){200, 120, 240, 240}, 1));
    assert_int_equal(vl_codes_find(&search, &l->view, &l->list, NULL), VEIL_OK);
    assert_int_equal(l->list.count, 1);
    assert_non_null(strstr(notes, "inner"));
    lot_free(l);
}

/* Sides beyond 46,341 pixels, whose squares no int holds. */
static void test_bars_in_very_wide_pictures(void **state)
{
    int32_t corners[4][2] = {{0, 2}, {65000, 2}, {65000, 40}, {0, 40}},
            tall[4][2] = {{2, 0}, {40, 0}, {40, 65000}, {2, 65000}};
    uint8_t *plane = calloc(65500, 45);
    (void)state;
    vl_code_bars_extend(plane, 65500, 45, corners);
    assert_true(corners[1][0] >= 65000 && corners[2][1] >= 40);
    vl_code_bars_extend(plane, 45, 65500, tall);
    assert_true(tall[2][1] >= 65000);
    free(plane);
}

/* ---- Through the API --------------------------------------------------------------------------------------------- */

static vl_image_view letter(void)
{
    vl_image_view gray = picture_make(W, H, VEIL_PIXEL_GRAY);
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
    picture_draw_wall(&gray, 5);
    draw_code(gray.pixels, W, H, &(drawn_code){DRAWN_QR, "jane.roe@example.com", 480, 120, 4, 0, 0}, NULL);
    draw_code(gray.pixels, W, H, &(drawn_code){DRAWN_CODE_128, "JANE4155550132", 200, 360, 2, 0, 50}, NULL);
    for (size_t i = 0; i < (size_t)W * H; i++)
        memset(view.pixels + 3 * i, gray.pixels[i], 3);
    picture_free(&gray);
    return view;
}

static size_t found(const veil_sanitizer *sanitizer, const vl_image_view *view, const char *const *entities,
                    size_t count, uint32_t *cache, veil_region regions[16])
{
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 16};
    const veil_image image = picture_image(view);
    veil_image_options_init(&options);
    options.entities = entities;
    options.entity_count = count;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    if (cache != NULL) *cache = result.cache;
    return result.region_count;
}

static void test_codes_are_found_and_filled_by_default(void **state)
{
    vl_image_view view = letter();
    const vl_image_view before = picture_copy(&view);
    veil_image image = picture_image(&view);
    veil_region regions[16];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 16};
    size_t changed = 0, white = 0;
    assert_int_equal(veil_image_redact(*state, NULL, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 2);
    for (size_t i = 0; i < result.region_count; i++) {
        const veil_region *r = &regions[i];
        assert_true(strcmp(r->entity, "QR_CODE") == 0 || strcmp(r->entity, "BARCODE") == 0);
        for (int32_t y = r->y; y < r->y + r->h; y++)
            for (int32_t x = r->x; x < r->x + r->w; x++)
                white += view.pixels[((size_t)y * W + (size_t)x) * 3] != 0;
    }
    assert_int_equal(white, 0);
    for (size_t i = 0; i < (size_t)W * H * 3; i++)
        changed += view.pixels[i] != before.pixels[i];
    assert_true(changed > 1000 && changed < (size_t)W * H * 3 / 3);
    assert_int_equal(found(*state, &view, NULL, 0, NULL, regions), 0); /* nothing to read is left */
    picture_free(&view);
    vl_image_view copy = before;
    picture_free(&copy);
}

static void test_answers_belong_to_what_was_looked_for(void **state)
{
    static const char *const qr[] = {"QR_CODE"}, *const bars[] = {"BARCODE"}, *const all[] = {"QR_CODE", "BARCODE"};
    vl_image_view view = letter();
    veil_region regions[16];
    uint32_t cache;
    view.pixels[0] ^= 1; /* no other test has seen this one */
    for (int round = 0; round < 2; round++) {
        const uint32_t expected = round == 0 ? VEIL_CACHE_MISS : VEIL_CACHE_EXACT;
        assert_int_equal(found(*state, &view, qr, 1, &cache, regions), 1);
        assert_int_equal(cache, expected);
        assert_string_equal(regions[0].entity, "QR_CODE");
        assert_int_equal(found(*state, &view, bars, 1, &cache, regions), 1);
        assert_int_equal(cache, expected);
        assert_string_equal(regions[0].entity, "BARCODE");
        assert_int_equal(found(*state, &view, all, 2, &cache, regions), 2);
        assert_int_equal(cache, expected);
    }
    picture_free(&view);
}

/* A code that appears in a picture that the network cannot tell from one before. */
static void test_near_duplicates_are_searched_for_codes(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
    vl_image_view gray = picture_make(W, H, VEIL_PIXEL_GRAY);
    veil_region regions[16];
    uint32_t cache;
    (void)state;
    config.near_duplicates = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    picture_draw_face(&view, NULL);
    (void)found(sanitizer, &view, NULL, 0, &cache, regions);
    view.pixels[0] ^= 1; /* another picture to the exact cache, the same to the other one */
    (void)found(sanitizer, &view, NULL, 0, &cache, regions);
    assert_int_equal(cache, VEIL_CACHE_NEAR);
    memset(gray.pixels, 200, (size_t)W * H);
    assert_true(draw_code(gray.pixels, W, H, &(drawn_code){DRAWN_QR, "here", 70, 70, 3, 0, 0}, NULL));
    for (uint32_t y = 20; y < 120; y++)
        for (uint32_t x = 20; x < 120; x++)
            memset(view.pixels + ((size_t)y * W + x) * 3, gray.pixels[(size_t)y * W + x], 3);
    bool has_code = false;
    const size_t count = found(sanitizer, &view, NULL, 0, &cache, regions);
    for (size_t i = 0; i < count; i++)
        has_code = has_code || strcmp(regions[i].entity, "QR_CODE") == 0;
    assert_true(has_code);
    picture_free(&view);
    picture_free(&gray);
    veil_sanitizer_destroy(sanitizer);
}

static void test_effects_and_exclusion_by_name(void **state)
{
    static const veil_effect_rule keep = {sizeof keep, "QR_CODE", VEIL_EFFECT_KEEP, 0};
    static const char *const without[] = {"BARCODE"};
    vl_image_view view = letter();
    const vl_image_view before = picture_copy(&view);
    veil_image image = picture_image(&view);
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result};
    veil_image_options_init(&options);
    options.effects = &keep;
    options.effect_count = 1;
    options.exclude = without;
    options.exclude_count = 1;
    assert_int_equal(veil_image_redact(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 1); /* the kept one is reported */
    assert_memory_equal(view.pixels, before.pixels, (size_t)W * H * 3);
    vl_image_view copy = before;
    picture_free(&copy);
    picture_free(&view);
}

/* Only when asked, and then under the code's own box; never the text itself. */
static void test_payloads_are_looked_into_when_asked(void **state)
{
    vl_image_view view = letter();
    const veil_image image = picture_image(&view);
    veil_region regions[16];
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 16};
    size_t mails = 0;
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_PAYLOADS;
    assert_int_equal(veil_image_scan(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_true(result.region_count >= 3);
    for (size_t i = 0; i < result.region_count; i++) {
        if (strcmp(regions[i].entity, "EMAIL_ADDRESS") != 0) continue;
        mails++;
        for (size_t j = 0; j < result.region_count; j++)
            if (strcmp(regions[j].entity, "QR_CODE") == 0) assert_int_equal(regions[j].x, regions[i].x);
    }
    assert_int_equal(mails, 1);
    assert_int_equal(found(*state, &view, NULL, 0, NULL, regions), 2); /* another question, another answer */
    options.flags |= VEIL_IMAGE_NO_DETECTORS;
    assert_int_equal(veil_image_scan(*state, &options, &image, &result, NULL), VEIL_ERR_INVALID_ARGUMENT);
    picture_free(&view);
}

/* Where text alone is named, codes are read for what they say and are not reported; what is excluded is not read. */
static void test_codes_are_read_for_named_text(void **state)
{
    static const char *const entities[] = {"EMAIL_ADDRESS", "REGION"}, *const codes[] = {"QR_CODE", "BARCODE"};
    vl_image_view view = letter();
    const veil_image image = picture_image(&view);
    veil_region regions[8];
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 8};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    (void)state;
    config.modalities |= VEIL_MODALITY_TEXT;
    config.entities = entities;
    config.entity_count = 2;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_PAYLOADS;
    for (int i = 0; i < 2; i++) { /* the second answer may be remembered */
        assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
        assert_int_equal(result.region_count, 1);
        assert_string_equal(regions[0].entity, "EMAIL_ADDRESS");
    }
    options.exclude = codes;
    options.exclude_count = 2;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_ERR_UNSUPPORTED);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
}

static void test_codes_are_never_blurred(void **state)
{
    static const uint32_t effects[] = {VEIL_EFFECT_BLUR, VEIL_EFFECT_PIXELATE};
    static const char *const names[] = {"QR_CODE", "BARCODE"};
    for (size_t i = 0; i < 4; i++) {
        vl_image_view view = letter(), filled = letter();
        veil_image image = picture_image(&view), other = picture_image(&filled);
        const veil_effect_rule star = {sizeof star, "*", effects[i / 2], 0};
        const veil_effect_rule named = {sizeof named, names[i % 2], effects[i / 2], 0};
        veil_image_options options;
        veil_image_options_init(&options);
        assert_int_equal(veil_image_redact(*state, &options, &other, NULL, NULL), VEIL_OK);
        options.effects = &named;
        options.effect_count = 1;
        assert_int_equal(veil_image_redact(*state, &options, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
        options.effects = &star;
        assert_int_equal(veil_image_redact(*state, &options, &image, NULL, NULL), VEIL_OK);
        assert_memory_equal(view.pixels, filled.pixels, (size_t)W * H * 3);
        picture_free(&view);
        picture_free(&filled);
    }
}

/* Faces alone may be too small to matter. */
static void test_min_side_keeps_codes(void **state)
{
    vl_image_view view = letter();
    const veil_image image = picture_image(&view);
    veil_region regions[16];
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 16};
    veil_image_options_init(&options);
    options.min_side = 5000;
    assert_int_equal(veil_image_scan(*state, &options, &image, &result, NULL), VEIL_OK);
    assert_int_equal(result.region_count, 2);
    picture_free(&view);
}

static int make_sanitizer(void **state)
{
    static const char *const entities[] = {"QR_CODE", "BARCODE", "REGION", "EMAIL_ADDRESS"};
    veil_config config = picture_config();
    config.modalities |= VEIL_MODALITY_TEXT;
    veil_sanitizer *sanitizer = NULL;
    config.entities = entities; /* needs no network */
    config.entity_count = 4;
    if (veil_sanitizer_create(&config, &sanitizer, NULL) != VEIL_OK) return 1;
    *state = sanitizer;
    return 0;
}

static int drop_sanitizer(void **state)
{
    veil_sanitizer_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qr_codes_are_covered_at_every_angle),
        cmocka_unit_test(test_bars_are_covered_to_their_ends),
        cmocka_unit_test(test_slanted_bars_are_turned_and_covered),
        cmocka_unit_test(test_the_same_bars_several_times),
        cmocka_unit_test(test_several_codes_of_several_kinds),
        cmocka_unit_test(test_codes_in_large_pictures_are_found_after_shrinking),
        cmocka_unit_test(test_pictures_without_codes_and_of_any_size),
        cmocka_unit_test(test_full_lists_are_an_error),
        cmocka_unit_test(test_the_gate_loses_no_code),
        cmocka_unit_test(test_long_slanted_strips_are_cut),
        cmocka_unit_test(test_windows_hold_codes_and_keep_to_the_limit),
        cmocka_unit_test(test_every_dense_place_is_listed),
        cmocka_unit_test(test_payloads_of_codes_that_share_a_box),
        cmocka_unit_test(test_bars_in_very_wide_pictures),
        cmocka_unit_test(test_codes_are_found_and_filled_by_default),
        cmocka_unit_test(test_min_side_keeps_codes),
        cmocka_unit_test(test_answers_belong_to_what_was_looked_for),
        cmocka_unit_test(test_near_duplicates_are_searched_for_codes),
        cmocka_unit_test(test_effects_and_exclusion_by_name),
        cmocka_unit_test(test_payloads_are_looked_into_when_asked),
        cmocka_unit_test(test_codes_are_read_for_named_text),
        cmocka_unit_test(test_codes_are_never_blurred),
    };
    return cmocka_run_group_tests_name("codes", tests, make_sanitizer, drop_sanitizer);
}
