/*
 * Which codes are found, by kind, size of modules, contrast and inversion, and wherever they lie on the gate's squares. The sizes go
 * from 2 pixels a module to 100. Prints the table of docs/accuracy.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/codes.h"
#include "support/draw_code.h"

typedef struct kind {
    drawn_kind kind;
    const char *name;
    const char *text;
    uint32_t width; /* modules, with paper around */
    uint32_t height;
    uint32_t largest; /* module; the picture stays below 20 million pixels */
} kind;

static const kind kinds[] = {
    {DRAWN_QR, "QR", "https://example.com/jane", 41, 41, 100},
    {DRAWN_DATA_MATRIX, "Data Matrix", "jane.roe@example.com", 38, 38, 100},
    {DRAWN_AZTEC, "Aztec", "jane.roe@example.com", 38, 38, 100},
    {DRAWN_CODE_128, "Code 128", "JANE4155", 125, 60, 40},
    {DRAWN_EAN_13, "EAN-13", "590123412345", 115, 60, 40},
    {DRAWN_PDF_417, "PDF417", "JANE ROE", 120, 40, 40},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

typedef struct look {
    uint32_t module;
    uint8_t paper;
    uint8_t ink;
    uint32_t shift; /* pixels from the gate's squares */
    bool is_quick;
} look;

/* At one pixel a module, each pixel all of one: whole or half pixels off the middle, as its sides are even or odd. */
static void draw_small(const kind *k, uint8_t *small)
{
    const size_t pixels = (size_t)k->width * k->height;

    for (int at = 0; at < 4; at++) {
        const drawn_code code = {k->kind, k->text, (k->width + at % 2) / 2.0, (k->height + at / 2) / 2.0, 1, 0, 40};
        size_t mixed = 0;

        memset(small, 240, pixels);
        if (!draw_code(small, k->width, k->height, &code, NULL)) fail_msg("%s cannot be drawn", k->name);
        for (size_t i = 0; i < pixels; i++)
            mixed += small[i] != 20 && small[i] != 240;
        if (mixed == 0) return;
    }
    fail_msg("%s has no whole pixels", k->name);
}

static vl_image_view draw(const kind *k, const look *how)
{
    const uint32_t m = how->module, width = k->width * m + how->shift, height = k->height * m + how->shift;
    vl_image_view view = picture_make(width, height, VEIL_PIXEL_GRAY);
    uint8_t *small = malloc((size_t)k->width * k->height);

    draw_small(k, small);
    memset(view.pixels, how->paper, (size_t)width * height);
    for (uint32_t y = how->shift; y < height; y++) {
        uint8_t *row = view.pixels + (size_t)y * width;
        const uint8_t *from = small + (size_t)((y - how->shift) / m) * k->width;

        for (uint32_t x = how->shift; x < width; x++)
            row[x] = from[(x - how->shift) / m] < 128 ? how->ink : how->paper;
    }
    free(small);
    return view;
}

static bool is_found(const kind *k, const look *how)
{
    static const vl_pool_class classes[] = {{(size_t)1 << 22, 1}};
    vl_image_view view = draw(k, how);
    vl_mark marks[16];
    vl_mark_list list = {marks, 0, 16};
    vl_code_search search = {
        .max_pixels = 3000000, .is_quick = how->is_quick, .wants_qr = true, .wants_bars = true, .min_score = 1};
    bool is_there = false;

    assert_int_equal(vl_pool_create(&vl_allocator_default, classes, 1, VEIL_POOL_GROW, &search.pool), VEIL_OK);
    assert_int_equal(vl_codes_find(&search, &view, &list, NULL), VEIL_OK);
    for (size_t i = 0; i < list.count; i++) {
        /* the modules begin behind the paper: six on a side at most are its own */
        const bool is_large = marks[i].rect.w >= k->width * how->module / 3;

        is_there = is_there || (is_large && strcmp(marks[i].entity, k->kind == DRAWN_QR ? "QR_CODE" : "BARCODE") == 0);
    }
    vl_pool_destroy(search.pool);
    picture_free(&view);
    return is_there;
}

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ /* a fifth of the pixels: these builds are slow */
static const uint32_t modules[] = {2, 4, 8, 20, 40};
#else
static const uint32_t modules[] = {2, 3, 4, 6, 8, 12, 16, 20, 30, 40, 60, 100};
#endif

/* All rows of one kind of print; how many codes of at least that module were lost. */
static size_t print_rows(const char *name, uint8_t paper, uint8_t ink, uint32_t least)
{
    size_t lost = 0;

    for (size_t i = 0; i < KINDS; i++) {
        char row[256] = "";

        for (size_t j = 0; j < sizeof modules / sizeof modules[0]; j++) {
            const look how = {modules[j], paper, ink, 5, false};
            const bool is_drawn = modules[j] <= kinds[i].largest;
            const bool is_there = is_drawn && is_found(&kinds[i], &how);

            lost += is_drawn && !is_there && modules[j] >= least;
            snprintf(row + strlen(row), sizeof row - strlen(row), " %s |", !is_drawn ? "" : is_there ? "yes" : "no");
        }
        print_message("| %s | %s |%s\n", kinds[i].name, name, row);
    }
    return lost;
}

static void test_codes_of_every_size_are_found(void **state)
{
    (void)state;
    assert_int_equal(print_rows("black on white", 240, 20, 2), 0);
}

static void test_light_on_dark_is_found(void **state)
{
    (void)state;
    assert_int_equal(print_rows("white on black", 20, 240, 2), 0);
}

/* Below 40 levels the gate sees nothing at the picture's own size: overviews find what is large. */
static void test_faint_print_is_found(void **state)
{
    (void)state;
    assert_int_equal(print_rows("60 levels", 150, 90, 2), 0);
    assert_int_equal(print_rows("38 levels", 118, 80, 6), 0);
}

static void test_wherever_it_lies(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        for (uint32_t shift = 0; shift < 16; shift += 3) {
            for (uint32_t module = 2; module <= 6; module += 2) {
                const look how = {module, 240, 20, shift, false};

                if (!is_found(&kinds[i], &how)) fail_msg("%s, %u pixels, at %u", kinds[i].name, module, shift);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_of_every_size_are_found),
        cmocka_unit_test(test_light_on_dark_is_found),
        cmocka_unit_test(test_faint_print_is_found),
        cmocka_unit_test(test_wherever_it_lies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
