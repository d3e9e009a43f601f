/*
 * Many codes in one picture: all are found and covered, or the call fails; the time is bounded, and deadlines hold within a place. What a
 * sheet costs is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/clock.h"
#include "face_fixture.h"
#include "image/code_finders.h"
#include "image/codes.h"
#include "support/draw_code.h"

#define MARKS 1024u

typedef struct sheet {
    vl_pool *pool;
    vl_image_view view;
    uint8_t *mask; /* dark modules */
    vl_mark *marks;
    vl_mark_list list;
} sheet;

static sheet sheet_make(uint32_t width, uint32_t height)
{
    static const vl_pool_class classes[] = {{(size_t)1 << 22, 1}};
    sheet s = {.view = picture_make(width, height, VEIL_PIXEL_GRAY),
               .mask = calloc(width, height),
               .marks = calloc(MARKS, sizeof(vl_mark))};
    assert_int_equal(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &s.pool), VEIL_OK);
    memset(s.view.pixels, 236, (size_t)width * height);
    s.list = (vl_mark_list){s.marks, 0, MARKS};
    return s;
}

static void sheet_free(sheet *s)
{
    picture_free(&s->view);
    vl_pool_destroy(s->pool);
    free(s->mask);
    free(s->marks);
}

static void put(sheet *s, drawn_code code)
{
    assert_true(draw_code(s->view.pixels, s->view.width, s->view.height, &code, s->mask));
}

/* Codes in columns and rows. */
static void fill(sheet *s, drawn_kind kind, uint32_t columns, uint32_t rows, double module, double degrees)
{
    const uint32_t w = s->view.width / columns, h = s->view.height / rows;
    for (uint32_t i = 0; i < columns * rows; i++) {
        char text[32];
        snprintf(text, sizeof text, "P%05u", i);
        put(s, (drawn_code){kind, text, (i % columns + 0.5) * w, (i / columns + 0.5) * h, module, degrees,
                            (uint32_t)(h * 0.5 / module)});
    }
}

static veil_status find(sheet *s, uint64_t deadline_ns)
{
    const vl_code_search search = {.pool = s->pool,
                                   .max_pixels = 3000000,
                                   .looks_everywhere = true,
                                   .wants_qr = true,
                                   .wants_bars = true,
                                   .deadline_ns = deadline_ns};
    s->list.count = 0;
    return vl_codes_find(&search, &s->view, &s->list, NULL);
}

/* Dark modules outside of every box grown by the margin. */
static size_t left_in_clear(const sheet *s)
{
    uint8_t *left = malloc((size_t)s->view.width * s->view.height);
    size_t count = 0;
    memcpy(left, s->mask, (size_t)s->view.width * s->view.height);
    for (size_t i = 0; i < s->list.count; i++) {
        const vl_rect *r = &s->marks[i].rect;
        const uint32_t less = r->w < r->h ? r->w : r->h, grown = (less * 15 + 99) / 100;
        const vl_rect all = vl_rect_grow(&s->view, *r, grown, grown);
        for (uint32_t y = all.y; y < all.y + all.h; y++)
            memset(left + (size_t)y * s->view.width + all.x, 0, all.w);
    }
    for (size_t i = 0; i < (size_t)s->view.width * s->view.height; i++)
        count += left[i] != 0;
    free(left);
    return count;
}

/* A label as they are printed: kinds beside each other, one of them slanted. Each hid another one from the reader. */
static void test_codes_beside_each_other(void **state)
{
    (void)state;
    for (int degrees = -12; degrees <= 12; degrees += 4) {
        sheet s = sheet_make(480, 320);
        put(&s, (drawn_code){DRAWN_QR, "https://example.com/ticket/0042", 96, 96, 4, 0, 0});
        put(&s, (drawn_code){DRAWN_EAN_13, "4006381333931", 310, 60, 2, 0, 34});
        put(&s, (drawn_code){DRAWN_CODE_128, "ORDER-0042", 330, 180, 1.9, degrees, 30});
        put(&s, (drawn_code){DRAWN_DATA_MATRIX, "SEAT 17C", 90, 246, 4, 0, 0});
        put(&s, (drawn_code){DRAWN_PDF_417, "DOE/JANE 0042", 320, 278, 1.5, 0, 0});
        assert_int_equal(find(&s, 0), VEIL_OK);
        if (s.list.count < 5 || left_in_clear(&s) != 0)
            fail_msg("%d degrees: %zu codes, %zu pixels left", degrees, s.list.count, left_in_clear(&s));
        sheet_free(&s);
    }
}

/* Bars that are as tall as they are long, read as they lie. */
static void test_slanted_bars_are_followed(void **state)
{
    (void)state;
    for (int degrees = -24; degrees <= 24; degrees += 3) {
        sheet s = sheet_make(640, 480);
        put(&s, (drawn_code){DRAWN_CODE_128, "JANE4155", 330, 260, 2, degrees, 70});
        put(&s, (drawn_code){DRAWN_QR, "beside", 60, 60, 4, 0, 0});
        assert_int_equal(find(&s, 0), VEIL_OK);
        if (s.list.count < 2 || left_in_clear(&s) != 0)
            fail_msg("%d degrees: %zu codes, %zu pixels left", degrees, s.list.count, left_in_clear(&s));
        sheet_free(&s);
    }
}

static void test_sheets_are_read_whole(void **state)
{
    static const struct {
        drawn_kind kind;
        uint32_t columns, rows;
        double module, degrees;
    } sheets[] = {
        {
            DRAWN_QR,
            6,
            8,
            5,
            0,
        },
        {DRAWN_QR, 10, 15, 3, 0},
        {DRAWN_QR, 10, 15, 3, 30},
        {DRAWN_QR, 14, 18, 2.2, 0},
        {DRAWN_CODE_128, 5, 13, 2, 0},
        {DRAWN_DATA_MATRIX, 6, 8, 4, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof sheets / sizeof sheets[0]; i++) {
        sheet s = sheet_make(1240, 1700);
        const uint32_t codes = sheets[i].columns * sheets[i].rows;
        fill(&s, sheets[i].kind, sheets[i].columns, sheets[i].rows, sheets[i].module, sheets[i].degrees);
        const clock_t start = clock();
        assert_int_equal(find(&s, 0), VEIL_OK);
        const double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
        print_message("%u codes of kind %d on 1240 x 1700: %zu found, %.0f ms\n", codes, (int)sheets[i].kind,
                      s.list.count, ms);
        assert_true(s.list.count >= codes);
        assert_int_equal(left_in_clear(&s), 0);
        sheet_free(&s);
    }
}

/* So many that the reader cannot tell them apart, or more than there is time for: an error, never the first few. */
static void test_what_is_too_much_fails(void **state)
{
    sheet s = sheet_make(1240, 1700);
    (void)state;
    fill(&s, DRAWN_QR, 20, 27, 1.7, 0);
    const clock_t start = clock();
    const veil_status status = find(&s, 0);
    print_message("540 codes: status %d, %zu found, %.0f ms\n", (int)status, s.list.count,
                  (double)(clock() - start) * 1000 / CLOCKS_PER_SEC);
    if (status != VEIL_ERR_LIMIT) {
        assert_int_equal(status, VEIL_OK);
        assert_int_equal(left_in_clear(&s), 0);
    }
    sheet_free(&s);
}

/* Within one place, which takes long enough here for the deadline to pass in it. */
static void test_deadlines_hold_within_a_place(void **state)
{
    sheet s = sheet_make(1240, 1700);
    (void)state;
    fill(&s, DRAWN_CODE_128, 5, 13, 2, 0);
    const uint64_t start = vl_clock_ns();
    assert_int_equal(find(&s, 0), VEIL_OK);
    const uint64_t whole = vl_clock_ns() - start;
    assert_int_equal(find(&s, vl_clock_ns() + whole / 8), VEIL_ERR_TIMEOUT);
    assert_true(s.list.count < 65);
    sheet_free(&s);
}

static void test_finder_patterns_are_counted(void **state)
{
    static const double angles[] = {0, 15, 30, 45};
    uint32_t seed = 5;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        sheet s = sheet_make(600, 600);
        fill(&s, DRAWN_QR, 3, 3, 4, angles[i]);
        const size_t count = vl_code_finders_count(s.view.pixels, 600, 600, 600);
        if (count < 25 || count > 31) fail_msg("%zu of 27 at %g degrees", count, angles[i]);
        memset(s.view.pixels, 236, 360000);
        fill(&s, DRAWN_CODE_128, 3, 10, 1.5, angles[i]);
        const size_t of_bars = vl_code_finders_count(s.view.pixels, 600, 600, 600);
        if (of_bars > 4) fail_msg("%zu in bars at %g degrees", of_bars, angles[i]);
        for (int soft = 0; soft < 4; soft++) {
            for (size_t at = 0; at < 360000; at++) {
                const uint8_t value = (uint8_t)(picture_random(&seed) >> 8);
                s.view.pixels[at] =
                    at < 2 || soft == 0 ? value : (uint8_t)((value + soft * s.view.pixels[at - 1]) / (soft + 1));
            }
            const size_t of_noise = vl_code_finders_count(s.view.pixels, 600, 600, 600);
            if (of_noise > 8) fail_msg("%zu in noise", of_noise);
        }
        sheet_free(&s);
    }
    for (uint32_t side = 1; side < 24; side++) { /* nothing is read beyond the plane */
        uint8_t *plane = malloc((size_t)side * side);
        for (size_t at = 0; at < (size_t)side * side; at++)
            plane[at] = at / 3 % 2 == 0 ? 0 : 255;
        (void)vl_code_finders_count(plane, side, side, side);
        free(plane);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_beside_each_other),       cmocka_unit_test(test_slanted_bars_are_followed),
        cmocka_unit_test(test_sheets_are_read_whole),         cmocka_unit_test(test_what_is_too_much_fails),
        cmocka_unit_test(test_deadlines_hold_within_a_place), cmocka_unit_test(test_finder_patterns_are_counted),
    };
    return cmocka_run_group_tests_name("code_sheets", tests, NULL, NULL);
}
