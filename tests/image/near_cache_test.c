/*
 * Attacks on the near-duplicate cache (THREATS row 1): a picture without a face is remembered, then one that looks the same
 * to a perceptual hash, or nearly so in every tile, but holds a face the detector finds. Every such face must be reported.
 * The opposite, noise on the same picture, should be a near hit, or the cache would be of no use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/fingerprint.h"
#include "photos.h"
#include "support/effort.h"

enum { FOUND_MAX = 16 };

typedef struct answer {
    veil_region found[FOUND_MAX];
    size_t count;
    uint32_t cache;
} answer;

static int set_up(void **state)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;

    config.near_duplicates = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    *state = sanitizer;
    return 0;
}

static int tear_down(void **state)
{
    veil_sanitizer_destroy(*state);
    return 0;
}

static answer scan(const veil_sanitizer *sanitizer, const vl_image_view *view, uint32_t flags, uint64_t tenant)
{
    const veil_image image = picture_image(view);
    veil_image_options options;
    answer a;
    veil_image_result result = {sizeof result, a.found, FOUND_MAX, 0, 0, 0, 0, 0};

    veil_image_options_init(&options);
    options.flags = flags;
    options.tenant = tenant;
    assert_int_equal(veil_image_scan(sanitizer, &options, &image, &result, NULL), VEIL_OK);
    a.count = result.region_count;
    a.cache = result.cache;
    return a;
}

static bool reports(const answer *a, const veil_region *face)
{
    for (size_t i = 0; i < a->count; i++) {
        if (picture_iou(&a->found[i], face) > 0.6) return true;
    }
    return false;
}

typedef struct tally {
    uint64_t tenant; /* one for each pair, so that pairs do not meet; starts apart from other tests */
    size_t pairs;    /* whose second picture has a face that the detector finds */
    size_t near_hits;
    size_t escapes; /* faces that the detector finds and the answer for the pair did not report */
} tally;

/* Remember `first`, then ask for `second`: nothing that the detector finds in it may be missing. */
static void attack(const veil_sanitizer *sanitizer, const vl_image_view *first, const vl_image_view *second, tally *t)
{
    const answer truth = scan(sanitizer, second, VEIL_IMAGE_NO_CACHE, 0);
    answer given;

    if (truth.count == 0) return;
    t->tenant++;
    t->pairs++;
    (void)scan(sanitizer, first, 0, t->tenant);
    given = scan(sanitizer, second, 0, t->tenant);
    t->near_hits += given.cache == VEIL_CACHE_NEAR;
    for (size_t i = 0; i < truth.count; i++)
        t->escapes += !reports(&given, &truth.found[i]);
}

static uint8_t blend(uint8_t below, uint8_t above, double part)
{
    return (uint8_t)(below + part * (above - below) + 0.5);
}

/* `to` moves towards `other` by `part` inside a box. */
static void blend_box(const vl_image_view *to, const vl_image_view *other, const veil_region *box, double part)
{
    const uint32_t bytes = vl_pixel_bytes(to->format);

    for (int32_t y = box->y < 0 ? 0 : box->y; y < box->y + box->h && y < (int32_t)to->height; y++) {
        uint8_t *row = vl_view_row(to, (uint32_t)y);
        const uint8_t *from = vl_view_row(other, (uint32_t)y);

        for (int32_t x = box->x < 0 ? 0 : box->x; x < box->x + box->w && x < (int32_t)to->width; x++) {
            for (uint32_t c = 0; c < bytes; c++)
                row[(uint32_t)x * bytes + c] = blend(row[(uint32_t)x * bytes + c], from[(uint32_t)x * bytes + c], part);
        }
    }
}

static void add_noise(const vl_image_view *view, uint32_t range, uint32_t *seed)
{
    for (uint32_t y = 0; y < view->height; y++) {
        for (uint32_t i = 0; i < view->width * vl_pixel_bytes(view->format); i++) {
            uint8_t *at = vl_view_row(view, y) + i;
            const int32_t value = *at + (int32_t)(picture_random(seed) % (2 * range + 1)) - (int32_t)range;

            *at = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

/* ---- Use --------------------------------------------------------------------------------------------------------- */

static void test_noise_is_a_near_hit_with_the_same_faces(void **state)
{
    uint32_t seed = 77;
    size_t hits = 0;

    for (uint64_t i = 0; i < 10; i++) {
        vl_image_view first = picture_make(640, 480, VEIL_PIXEL_BGR);
        vl_image_view second;
        answer before, after;

        picture_draw_face(&first, NULL);
        second = picture_copy(&first);
        add_noise(&second, 1 + (uint32_t)i % 3, &seed);
        before = scan(*state, &first, 0, i);
        after = scan(*state, &second, 0, i);
        hits += after.cache == VEIL_CACHE_NEAR;
        assert_int_equal(before.cache, VEIL_CACHE_MISS);
        assert_int_equal(after.count, before.count);
        assert_true(reports(&after, &before.found[0]));
        picture_free(&first);
        picture_free(&second);
    }
    assert_int_equal(hits, 10);
}

static void test_near_hits_keep_to_their_tenant_and_size(void **state)
{
    uint32_t seed = 3;
    vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view smaller = picture_make(320, 240, VEIL_PIXEL_BGR);

    picture_draw_face(&view, NULL);
    picture_draw_face(&smaller, NULL);
    assert_int_equal(scan(*state, &view, 0, 101).cache, VEIL_CACHE_MISS);
    add_noise(&view, 1, &seed);
    assert_int_equal(scan(*state, &view, 0, 102).cache, VEIL_CACHE_MISS);
    assert_int_equal(scan(*state, &smaller, 0, 101).cache, VEIL_CACHE_MISS);
    add_noise(&view, 1, &seed);
    assert_int_equal(scan(*state, &view, 0, 101).cache, VEIL_CACHE_NEAR);
    picture_free(&view);
    picture_free(&smaller);
}

/* How many faces slip through while one fades in, a hundredth a step. */
static size_t fade_in(const veil_sanitizer *sanitizer, const vl_image_view *wall, const vl_image_view *face, int last)
{
    const veil_region there = {NULL, 200, 100, 320, 240, 0, 0};
    size_t found = 0, escapes = 0;

    for (int step = 0; step <= last; step++) {
        vl_image_view frame = picture_copy(wall);
        answer truth, given;

        blend_box(&frame, face, &there, step / 100.0);
        truth = scan(sanitizer, &frame, VEIL_IMAGE_NO_CACHE, 9);
        given = scan(sanitizer, &frame, 0, 9);
        found += truth.count;
        for (size_t i = 0; i < truth.count; i++)
            escapes += !reports(&given, &truth.found[i]);
        picture_free(&frame);
    }
    assert_true(found > (size_t)last / 4);
    return escapes;
}

/* Small steps must not add up: every picture is compared with one that the detector saw. Signs are random, so with
 * several keys. */
static void test_a_slowly_appearing_face_does_not_drift_in(void **state)
{
    vl_image_view wall = picture_make(640, 480, VEIL_PIXEL_BGR);
    vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);

    picture_draw_wall(&wall, 4);
    picture_draw_wall(&face, 4);
    picture_paste_face(&face, 200, 100, 320, 240, NULL);
    assert_int_equal(fade_in(*state, &wall, &face, 100), 0);
    for (int key = 0; key < 10; key += TEST_STRIDE) {
        void *fresh = NULL;

        set_up(&fresh);
        assert_int_equal(fade_in(fresh, &wall, &face, 16), 0);
        tear_down(&fresh);
    }
    picture_free(&wall);
    picture_free(&face);
}

/* Bars of brightness: a scene without faces, and with enough structure for the perceptual hash to find it again. */
static void draw_bars(const vl_image_view *view, uint32_t seed)
{
    for (uint32_t y = 0; y < view->height; y++) {
        for (uint32_t i = 0; i < view->width * 3; i++)
            vl_view_row(view, y)[i] = (uint8_t)(60 + (i / 3 / 90 * 37 + y / 70 * 53 + seed * 11) % 120);
    }
}

/* Scenes without faces must be near hits under a camera's noise, though their limits are closer. */
static void test_noise_on_a_scene_without_faces_is_a_near_hit(void **state)
{
    uint32_t seed = 5;
    size_t hits = 0;

    for (uint64_t i = 0; i < 10; i++) {
        vl_image_view first = picture_make(640, 480, VEIL_PIXEL_BGR);
        vl_image_view second;

        draw_bars(&first, (uint32_t)i);
        second = picture_copy(&first);
        add_noise(&first, 3, &seed); /* sigma 2 */
        add_noise(&second, 3, &seed);
        assert_int_equal(scan(*state, &first, 0, 300 + i).cache, VEIL_CACHE_MISS);
        hits += scan(*state, &second, 0, 300 + i).cache == VEIL_CACHE_NEAR;
        picture_free(&first);
        picture_free(&second);
    }
    print_message("%zu of 10 scenes without faces under noise were near hits\n", hits);
    assert_true(hits >= 5);
}

/* ---- Attacks ----------------------------------------------------------------------------------------------------- */

static void test_appearing_moved_and_shrunk_faces(void **state)
{
    static const uint32_t widths[] = {40, 64, 100, 160, 320, 480};
    uint32_t seed = 21;
    tally t = {.tenant = __LINE__ * 10000ull};

    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        for (uint32_t n = 0; n < 6; n += TEST_STRIDE) {
            const uint32_t w = widths[i];
            const uint32_t h = w * 3 / 4;
            vl_image_view none = picture_make(640, 480, VEIL_PIXEL_BGR);
            vl_image_view there = picture_make(640, 480, VEIL_PIXEL_BGR);
            vl_image_view elsewhere = picture_make(640, 480, VEIL_PIXEL_BGR);

            picture_draw_wall(&none, n);
            picture_draw_wall(&there, n);
            picture_draw_wall(&elsewhere, n);
            picture_paste_face(&there, picture_random(&seed) % (641 - w), picture_random(&seed) % (481 - h), w, h,
                               NULL);
            picture_paste_face(&elsewhere, picture_random(&seed) % (641 - w), picture_random(&seed) % (481 - h), w, h,
                               NULL);
            attack(*state, &none, &there, &t);
            attack(*state, &there, &elsewhere, &t);
            picture_paste_face(&elsewhere, 0, 0, w / 2, h / 2, NULL);
            attack(*state, &there, &elsewhere, &t);
            picture_free(&none);
            picture_free(&there);
            picture_free(&elsewhere);
        }
    }
    print_message("%zu pairs, %zu near hits, %zu escapes\n", t.pairs, t.near_hits, t.escapes);
    assert_true(t.pairs > 60 / TEST_STRIDE);
    assert_int_equal(t.escapes, 0);
}

/* The faintest face that is found must still be far from a near hit. */
static void test_faint_faces(void **state)
{
    tally t = {.tenant = __LINE__ * 10000ull};
    double faintest = 1;

    for (uint32_t n = 0; n < 12; n++) {
        vl_image_view wall = picture_make(640, 480, VEIL_PIXEL_BGR);
        vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);
        const uint32_t w = 120 + 40 * n;
        const veil_region there = {NULL, 10, 10, (int32_t)w, (int32_t)w * 3 / 4, 0, 0};

        picture_draw_wall(&wall, n);
        picture_draw_wall(&face, n);
        picture_paste_face(&face, 10, 10, w, w * 3 / 4, NULL);
        for (int percent = 2; percent <= 60; percent += (percent < 30 ? 2 : 10) * TEST_STRIDE) {
            vl_image_view faint = picture_copy(&wall);
            const size_t before = t.pairs;

            blend_box(&faint, &face, &there, percent / 100.0);
            attack(*state, &wall, &faint, &t);
            if (t.pairs > before && percent / 100.0 < faintest) faintest = percent / 100.0;
            picture_free(&faint);
        }
        picture_free(&wall);
        picture_free(&face);
    }
    print_message("%zu pairs, %zu near hits, %zu escapes; faintest face found at %.0f %% contrast\n", t.pairs,
                  t.near_hits, t.escapes, 100 * faintest);
    assert_true(t.pairs > 50 / TEST_STRIDE);
    assert_int_equal(t.escapes, 0);
}

static void shift_brightness(const vl_image_view *view, int32_t levels, double slope)
{
    for (uint32_t y = 0; y < view->height; y++) {
        const double here = levels * (1 - slope + 2 * slope * y / view->height);

        for (uint32_t i = 0; i < view->width * vl_pixel_bytes(view->format); i++) {
            uint8_t *at = vl_view_row(view, y) + i;
            const int32_t value = *at + (int32_t)here;

            *at = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

/*
 * The light changes, evenly or down the picture, and with the change a face comes, faint or whole, or another one goes away: a
 * perceptual hash does not see light. Darker, brighter, from a level to what clips.
 */
static void test_faces_that_come_with_the_light(void **state)
{
    static const int32_t levels[] = {-90, -40, -12, -4, -2, -1, 1, 2, 4, 12, 40, 90};
    static const double contrasts[] = {0.1, 0.2, 0.4, 1};
    tally t = {.tenant = __LINE__ * 10000ull};

    for (uint32_t n = 0; n < 2 * sizeof levels / sizeof levels[0]; n += TEST_STRIDE) {
        const double slope = n % 2 == 0 ? 0 : 1;

        for (size_t k = 0; k < sizeof contrasts / sizeof contrasts[0]; k++) {
            const uint32_t w = 80 + 60 * (n % 7);
            const veil_region there = {NULL, 30, 20, (int32_t)w, (int32_t)w * 3 / 4, 0, 0};
            vl_image_view wall = picture_make(640, 480, VEIL_PIXEL_BGR);
            vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);
            vl_image_view second;

            picture_draw_wall(&wall, n);
            picture_draw_wall(&face, n);
            picture_paste_face(&face, 30, 20, w, w * 3 / 4, NULL);
            second = picture_copy(&wall);
            blend_box(&second, &face, &there, contrasts[k]);
            shift_brightness(&second, levels[n / 2], slope);
            attack(*state, &wall, &second, &t);
            shift_brightness(&wall, levels[n / 2], slope);
            attack(*state, &wall, &second, &t);
            picture_free(&wall);
            picture_free(&face);
            picture_free(&second);
        }
    }
    print_message("%zu pairs, %zu near hits, %zu escapes\n", t.pairs, t.near_hits, t.escapes);
    assert_true(t.pairs > 60 / TEST_STRIDE);
    assert_int_equal(t.escapes, 0);
}

/* ---- Made to collide --------------------------------------------------------------------------------------------- */

typedef struct lens {
    vl_fingerprint_key *key;
    vl_fingerprint_scratch *scratch;
    vl_letterbox_scratch *letterbox;
    float *planes;
    int16_t *tiles;
} lens;

static lens lens_make(void)
{
    uint8_t secret[VL_HASH_SECRET_BYTES];
    lens l = {calloc(1, sizeof *l.key), calloc(1, sizeof *l.scratch), calloc(1, sizeof *l.letterbox),
              calloc(3 * 320 * 240, sizeof(float)), calloc(vl_tile_count(320, 240) * VL_TILE_VALUES, sizeof(int16_t))};

    if (l.key == NULL || l.scratch == NULL || l.letterbox == NULL || l.planes == NULL || l.tiles == NULL) abort();
    memset(secret, 0x5A, sizeof secret); /* the attacker does not know the engine's */
    vl_fingerprint_key_make(secret, l.key);
    return l;
}

static void lens_free(lens *l)
{
    free(l->key);
    free(l->scratch);
    free(l->letterbox);
    free(l->planes);
    free(l->tiles);
}

static uint64_t phash_of(lens *l, const vl_image_view *view)
{
    const vl_letterbox box = vl_letterbox_fit(view->width, view->height, 320, 240);
    vl_fingerprint print = {.tiles = l->tiles};

    memset(l->planes, 0, 3 * 320 * 240 * sizeof(float));
    vl_letterbox_draw(&box, view, vl_kernels_for(VEIL_CPU_AUTO), l->planes, l->letterbox);
    vl_fingerprint_take(l->key, &box, l->planes, l->scratch, &print);
    return print.phash;
}

/* How much of each of the hash's own waves to add: the smallest change that moves a bit. Constant within a bin. */
static void make_waves(const lens *l, uint64_t different, uint64_t target, double waves[VL_PHASH_SIDE][VL_PHASH_SIDE])
{
    memset(waves, 0, sizeof(double) * VL_PHASH_SIDE * VL_PHASH_SIDE);
    for (uint32_t bit = 0; bit < VL_PHASH_BITS; bit++) {
        const double amplitude = (target >> bit & 1) != 0 ? 1.5 : -1.5;

        for (uint32_t i = 0; i < VL_PHASH_SIDE * VL_PHASH_SIDE && (different >> bit & 1) != 0; i++)
            waves[i / VL_PHASH_SIDE][i % VL_PHASH_SIDE] +=
                amplitude * l->key->cosines[bit / 8][i / VL_PHASH_SIDE] * l->key->cosines[bit % 8][i % VL_PHASH_SIDE];
    }
}

static void add_waves(const vl_image_view *view, double waves[VL_PHASH_SIDE][VL_PHASH_SIDE])
{
    for (uint32_t y = 0; y < view->height; y++) {
        uint8_t *at = vl_view_row(view, y);
        const double *row = waves[y * VL_PHASH_SIDE / view->height];

        for (uint32_t i = 0; i < view->width * 3; i++, at++) {
            const double value = *at + row[i / 3 * VL_PHASH_SIDE / view->width] + 0.5;

            *at = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

/* Greedy: push every bit that differs, a little at a time, until the hash is the target's. */
static bool collide(lens *l, const vl_image_view *view, uint64_t target)
{
    static double waves[VL_PHASH_SIDE][VL_PHASH_SIDE]; /* too large for a stack frame here */

    for (int round = 0; round < 200; round++) {
        const uint64_t different = phash_of(l, view) ^ target;

        if (different == 0) return true;
        make_waves(l, different, target, waves);
        add_waves(view, waves);
    }
    return false;
}

static void test_pictures_made_to_have_equal_hashes(void **state)
{
    lens l = lens_make();
    uint32_t seed = 99;
    tally t = {.tenant = __LINE__ * 10000ull};
    size_t collisions = 0;

    for (uint32_t n = 0; n < 30; n += TEST_STRIDE) {
        const uint32_t w = 160 + 16 * n;
        vl_image_view innocent = picture_make(640, 480, VEIL_PIXEL_BGR);
        vl_image_view face = picture_make(640, 480, VEIL_PIXEL_BGR);

        picture_draw_wall(&innocent, n);
        picture_draw_wall(&face, n);
        add_noise(&innocent, 6, &seed);
        add_noise(&face, 6, &seed);
        if (n % 2 == 1) picture_paste_face(&innocent, 0, 0, 160, 120, NULL); /* another face, somewhere else */
        picture_paste_face(&face, 640 - w, 480 - w * 3 / 4, w, w * 3 / 4, NULL);
        if (collide(&l, &innocent, phash_of(&l, &face))) {
            collisions++;
            assert_true(phash_of(&l, &innocent) == phash_of(&l, &face));
            attack(*state, &innocent, &face, &t);
        }
        picture_free(&innocent);
        picture_free(&face);
    }
    print_message("%zu collisions made, %zu pairs, %zu near hits, %zu escapes\n", collisions, t.pairs, t.near_hits,
                  t.escapes);
    assert_true(collisions >= 15 / TEST_STRIDE);
    assert_true(t.pairs >= 15 / TEST_STRIDE);
    assert_int_equal(t.escapes, 0);
    lens_free(&l);
}

/* Same means and same spread in every tile, by moving pixels about inside the tiles: statistics that an attacker knows how
 * to keep must not be all there is. At 320x240 the tiles are those of the network's input. */
static void test_pixels_shuffled_inside_tiles(void **state)
{
    vl_image_view face = picture_make(320, 240, VEIL_PIXEL_GRAY);
    vl_image_view shuffled;
    uint32_t seed = 12;

    picture_draw_face(&face, NULL);
    shuffled = picture_copy(&face);
    for (uint32_t tile = 0; tile < 40 * 30; tile++) {
        uint8_t *corner = vl_view_row(&shuffled, tile / 40 * 8) + tile % 40 * 8;

        for (uint32_t i = 63; i > 0; i--) {
            const uint32_t j = picture_random(&seed) % (i + 1);
            uint8_t *a = corner + i / 8 * 320 + i % 8;
            uint8_t *b = corner + j / 8 * 320 + j % 8;
            const uint8_t kept = *a;

            *a = *b;
            *b = kept;
        }
    }
    assert_int_equal(scan(*state, &shuffled, 0, 5001).cache, VEIL_CACHE_MISS);
    assert_int_equal(scan(*state, &face, 0, 5001).cache, VEIL_CACHE_MISS);
    picture_free(&face);
    picture_free(&shuffled);
}

/* ---- Real photos ------------------------------------------------------------------------------------------------- */

/* Each face taken out (its box filled from its left and right edges), then let back in: whole, and faint. */
static void take_out(const vl_image_view *view, const veil_region *box)
{
    const int32_t x0 = box->x - box->w / 4 < 0 ? 0 : box->x - box->w / 4;
    const int32_t x1 =
        box->x + box->w + box->w / 4 >= (int32_t)view->width ? (int32_t)view->width - 1 : box->x + box->w + box->w / 4;

    for (int32_t y = box->y - box->h / 4; y < box->y + box->h + box->h / 4; y++) {
        if (y < 0 || y >= (int32_t)view->height) continue;
        uint8_t *row = vl_view_row(view, (uint32_t)y);
        for (int32_t x = x0 + 1; x < x1; x++) {
            for (int32_t c = 0; c < 3; c++)
                row[x * 3 + c] = blend(row[x0 * 3 + c], row[x1 * 3 + c], (double)(x - x0) / (x1 - x0));
        }
    }
}

static void attack_with_photo(const veil_sanitizer *sanitizer, const photo *p, tally *t)
{
    static const double parts[] = {1.0, 0.5, 0.25, 0.12, 0.06};
    const veil_region all = {NULL, 0, 0, (int32_t)p->view.width, (int32_t)p->view.height, 0, 0};
    vl_image_view without = picture_copy(&p->view);

    for (size_t i = 0; i < p->box_count; i++)
        take_out(&without, &p->boxes[i]);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        vl_image_view with = picture_copy(&without);

        blend_box(&with, &p->view, &all, parts[i]);
        attack(sanitizer, &without, &with, t);
        picture_free(&with);
    }
    picture_free(&without);
}

static void test_faces_let_back_into_photos(void **state)
{
    photo_list *list = photos_open("dev");
    tally t = {.tenant = __LINE__ * 10000ull};
    photo p;

    if (list == NULL) {
        print_message("skipped: no photos beside this checkout\n");
        skip();
    }
    for (int n = 0; n < 120 && photos_next(list, &p); n += 3 * TEST_STRIDE) {
        if (p.box_count <= 10) attack_with_photo(*state, &p, &t);
        picture_free(&p.view);
        photos_skip(list, 3 * TEST_STRIDE - 1);
    }
    photos_close(list);
    print_message("%zu pairs of photos, %zu near hits, %zu escapes\n", t.pairs, t.near_hits, t.escapes);
    assert_true(t.pairs > 30 / TEST_STRIDE);
    assert_int_equal(t.escapes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise_is_a_near_hit_with_the_same_faces),
        cmocka_unit_test(test_near_hits_keep_to_their_tenant_and_size),
        cmocka_unit_test(test_noise_on_a_scene_without_faces_is_a_near_hit),
        cmocka_unit_test(test_a_slowly_appearing_face_does_not_drift_in),
        cmocka_unit_test(test_appearing_moved_and_shrunk_faces),
        cmocka_unit_test(test_faint_faces),
        cmocka_unit_test(test_faces_that_come_with_the_light),
        cmocka_unit_test(test_pictures_made_to_have_equal_hashes),
        cmocka_unit_test(test_pixels_shuffled_inside_tiles),
        cmocka_unit_test(test_faces_let_back_into_photos),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
