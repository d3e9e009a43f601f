/*
 * Sequences (THREATS row 24): a synthetic track with dropped detections stays covered, what has gone is let go, and a scene is
 * searched when it changes. The tracks by themselves, and frames through the API with a face that the detector is kept from seeing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/tracks.h"
#include "support/malloc_count.h"

static const vl_image_view picture = {.width = 640, .height = 480};

typedef struct world {
    vl_tracks tracks;
    vl_mark items[64];
    vl_mark_list marks;
} world;

static world *world_make(void)
{
    world *w = calloc(1, sizeof *w);
    w->marks = (vl_mark_list){w->items, 0, 64};
    return w;
}

static bool covers(const vl_mark_list *marks, const vl_rect *truth)
{
    for (size_t i = 0; i < marks->count; i++) {
        const vl_rect *r = &marks->items[i].rect;
        const uint32_t dx = (r->w * 15 + 99) / 100, dy = (r->h * 15 + 99) / 100; /* the default margin */
        const vl_rect all = vl_rect_grow(&picture, *r, dx, dy);
        if (truth->x >= all.x && truth->y >= all.y && truth->x + truth->w <= all.x + all.w &&
            truth->y + truth->h <= all.y + all.h)
            return true;
    }
    return false;
}

/* One frame: `detected` is what a search would give, or nothing. */
static void step(world *w, const vl_rect *detected, uint32_t hold_frames)
{
    w->marks.count = 0;
    vl_tracks_advance(&w->tracks, hold_frames);
    if (detected != NULL) assert_true(vl_marks_add(&w->marks, "FACE", *detected, 0.9F));
    vl_tracks_update(&w->tracks, &w->marks, hold_frames);
    assert_true(vl_tracks_list(&w->tracks, &picture, &w->marks));
}

static void test_dropped_detections_leave_no_frame_in_clear(void **state)
{
    static const int speeds[][2] = {{0, 0}, {3, 0}, {-4, 2}, {8, 3}, {0, -6}};
    uint32_t seed = 11;
    (void)state;
    for (size_t s = 0; s < sizeof speeds / sizeof speeds[0]; s++) {
        world *w = world_make();
        size_t dropped = 0;
        for (int frame = 0; frame < 40; frame++) {
            const int x = 300 + speeds[s][0] * (frame - 20), y = 200 + speeds[s][1] * (frame - 20);
            const vl_rect truth = {(uint32_t)x, (uint32_t)y, 60, 76};
            const vl_rect shaky = {(uint32_t)(x + (int)(picture_random(&seed) % 5) - 2),
                                   (uint32_t)(y + (int)(picture_random(&seed) % 5) - 2), 60, 76};
            const bool is_missed = frame > 4 && (frame % 9 >= 5 || picture_random(&seed) % 4 == 0);
            dropped += is_missed;
            step(w, is_missed ? NULL : &shaky, 12);
            if (!covers(&w->marks, &truth)) fail_msg("speed %d,%d: frame %d", speeds[s][0], speeds[s][1], frame);
        }
        assert_true(dropped > 15);
        free(w);
    }
}

static void test_what_is_gone_is_let_go(void **state)
{
    const vl_rect box = {100, 100, 50, 60};
    world *w = world_make();
    (void)state;
    for (int frame = 0; frame < 5; frame++)
        step(w, &box, 7);
    for (int frame = 0; frame < 7; frame++) {
        step(w, NULL, 7);
        assert_int_equal(w->marks.count, 1);
    }
    step(w, NULL, 7);
    assert_int_equal(w->marks.count, 0);
    step(w, &box, 0);
    step(w, NULL, 0); /* hold nothing */
    assert_int_equal(w->marks.count, 0);
    free(w);
}

/* Between searches a track goes on; those behind the one that missed it are the frames that it is held for. */
static void test_searches_that_are_rare_hold_as_long(void **state)
{
    enum { EVERY = 10, HOLD = 5, MISSED_AT = 20 };
    const vl_rect box = {100, 100, 50, 60};
    world *w = world_make();
    (void)state;
    for (int frame = 0; frame < MISSED_AT + EVERY; frame++) {
        w->marks.count = 0;
        vl_tracks_advance(&w->tracks, HOLD);
        if (frame % EVERY == 0) {
            if (frame < MISSED_AT) assert_true(vl_marks_add(&w->marks, "FACE", box, 0.9F));
            vl_tracks_update(&w->tracks, &w->marks, HOLD);
        }
        assert_true(vl_tracks_list(&w->tracks, &picture, &w->marks));
        if ((w->marks.count == 1) != (frame < MISSED_AT + HOLD)) fail_msg("frame %d: %zu marks", frame, w->marks.count);
    }
    free(w);
}

static void test_two_that_cross_and_one_that_leaves(void **state)
{
    world *w = world_make();
    (void)state;
    for (int frame = 0; frame < 60; frame++) {
        const vl_rect a = {(uint32_t)(100 + 6 * frame), 200, 60, 70}, b = {(uint32_t)(460 - 6 * frame), 204, 64, 70};
        const bool is_hidden = frame >= 26 && frame <= 32; /* one stands before the other */
        w->marks.count = 0;
        vl_tracks_advance(&w->tracks, 7);
        assert_true(vl_marks_add(&w->marks, "FACE", a, 0.9F));
        if (!is_hidden) assert_true(vl_marks_add(&w->marks, "FACE", b, 0.8F));
        vl_tracks_update(&w->tracks, &w->marks, 15);
        assert_true(vl_tracks_list(&w->tracks, &picture, &w->marks));
        assert_true(covers(&w->marks, &a));
        assert_true(covers(&w->marks, &b));
    }
    free(w);
    w = world_make();
    for (int frame = 0; frame < 12; frame++)
        step(w, &(vl_rect){(uint32_t)(500 + 10 * frame), 10, 30, 30}, 100);
    for (int frame = 0; frame < 30; frame++)
        step(w, NULL, 100);
    assert_int_equal(w->marks.count, 0); /* it has left the picture */
    free(w);
}

static void test_more_than_can_be_followed(void **state)
{
    world *w = calloc(1, sizeof *w);
    vl_mark *many = calloc(VL_TRACKS_MAX + 50, sizeof *many);
    vl_mark_list list = {many, 0, VL_TRACKS_MAX + 50};
    (void)state;
    for (uint32_t i = 0; i < VL_TRACKS_MAX + 50; i++)
        assert_true(vl_marks_add(&list, "FACE", (vl_rect){i % 20 * 30, i / 20 * 25, 20, 20}, 0.9F));
    vl_tracks_advance(&w->tracks, 7);
    vl_tracks_update(&w->tracks, &list, 10);
    assert_int_equal(list.count, VL_TRACKS_MAX + 50); /* each is hidden where it is found */
    assert_int_equal(w->tracks.overflow, 50);         /* and the next frame is searched */
    list.count = VL_TRACKS_MAX - 10;
    vl_tracks_advance(&w->tracks, 7);
    vl_tracks_update(&w->tracks, &list, 0);
    assert_int_equal(w->tracks.overflow, 0);
    free(many);
    free(w);
}

/* ---- Through the API --------------------------------------------------------------------------------------------- */

#define W 640u
#define H 480u

static veil_sanitizer *make(uint32_t every, uint32_t hold, const veil_image_options *options, veil_image_sequence **out)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    config.image_workspaces = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(veil_image_sequence_create(sanitizer, options, every, hold, out, NULL), VEIL_OK);
    return sanitizer;
}

static size_t redact(veil_image_sequence *sequence, vl_image_view *view, veil_region regions[8], uint32_t *cache)
{
    veil_image image = picture_image(view);
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 8};
    veil_error error = VEIL_ERROR_INIT;
    if (veil_image_sequence_redact(sequence, &image, &result, &error) != VEIL_OK) fail_msg("%s", error.message);
    if (cache != NULL) *cache = result.cache;
    return result.region_count;
}

/* The face is there in every frame; in some it is drawn so that the detector cannot see it. */
static void test_a_face_that_is_missed_stays_hidden(void **state)
{
    veil_image_sequence *sequence;
    veil_sanitizer *sanitizer = make(1, 10, NULL, &sequence);
    veil_region regions[8], truth;
    (void)state;
    for (int frame = 0; frame < 12; frame++) {
        vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
        const bool is_blind = frame == 5 || frame == 6 || frame == 9;
        picture_draw_wall(&view, 4);
        picture_paste_face(&view, (uint32_t)(60 + 6 * frame), 80, 320, 240, &truth);
        if (is_blind) /* bars over it: still a face to people */
            for (int32_t y = truth.y; y < truth.y + truth.h; y++)
                if (y / 3 % 2 == 0)
                    memset(view.pixels + ((size_t)y * W + (size_t)truth.x) * 3, 128, (size_t)truth.w * 3);
        const size_t count = redact(sequence, &view, regions, NULL);
        bool is_hidden = false;
        for (size_t i = 0; i < count; i++)
            is_hidden = is_hidden || (strcmp(regions[i].entity, "FACE") == 0 && picture_iou(&regions[i], &truth) > 0.4);
        if (!is_hidden) fail_msg("frame %d: not hidden", frame);
        picture_free(&view);
    }
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
}

static void test_quiet_scenes_are_not_searched_and_changes_are(void **state)
{
    veil_image_sequence *sequence;
    veil_image_options options;
    veil_image_options_init(&options);
    veil_sanitizer *sanitizer = make(5, 10, &options, &sequence);
    veil_region regions[8], truth;
    uint32_t cache, searched = 0;
    (void)state;
    for (int frame = 0; frame < 11; frame++) {
        vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
        picture_draw_wall(&view, 4);
        picture_paste_face(&view, 60, 80, 320, 240, &truth);
        view.pixels[frame * 3] ^= 1;                                   /* noise: no frame equals another */
        assert_int_equal(redact(sequence, &view, regions, &cache), 1); /* hidden in every frame */
        searched += cache != VEIL_CACHE_NONE;
        picture_free(&view);
    }
    assert_int_equal(searched, 3);            /* 0, 5, 10 */
    for (int frame = 0; frame < 2; frame++) { /* somebody appears: at once */
        vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
        picture_draw_wall(&view, 4);
        picture_paste_face(&view, 60, 80, 320, 240, NULL);
        picture_paste_face(&view, 400, 200, 200, 150, NULL);
        assert_true(redact(sequence, &view, regions, &cache) >= 2);
        assert_int_equal(cache != VEIL_CACHE_NONE, frame == 0);
        picture_free(&view);
    }
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
}

static veil_sanitizer *make_for_codes(uint32_t every, veil_image_sequence **out)
{
    static const char *const entities[] = {"BARCODE", "REGION"};
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    config.entities = entities; /* needs no network */
    config.entity_count = 2;
    config.image_workspaces = 1;
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    assert_int_equal(veil_image_sequence_create(sanitizer, NULL, every, 10, out, NULL), VEIL_OK);
    return sanitizer;
}

static bool is_searched(veil_image_sequence *sequence, const vl_image_view *scene)
{
    vl_image_view frame = picture_make(scene->width, scene->height, scene->format);
    veil_image image = picture_image(&frame);
    veil_region regions[8];
    veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 8};
    memcpy(frame.pixels, scene->pixels, scene->stride_bytes * scene->height);
    assert_int_equal(veil_image_sequence_redact(sequence, &image, &result, NULL), VEIL_OK);
    picture_free(&frame);
    return result.cache != VEIL_CACHE_NONE;
}

static void add(vl_image_view *view, uint32_t x, uint32_t y, uint32_t side, int levels)
{
    for (uint32_t j = y; j < y + side; j++)
        for (uint32_t i = x; i < x + side; i++)
            view->pixels[j * view->stride_bytes + i] = (uint8_t)(view->pixels[j * view->stride_bytes + i] + levels);
}

/* Strokes two pixels wide and apart: ink enough for a line of text. */
static void write_line(vl_image_view *view, uint32_t x, uint32_t y, uint32_t seed)
{
    for (uint32_t i = 0; i < 40; i++)
        for (uint32_t j = 0; j < 16; j += 2)
            if (picture_random(&seed) % 2 == 0) add(view, x + 4 * i, y + j, 2, -80);
}

/* Two blocks wide and tall: the smallest thing that is promised to be seen, at every place; noise is not. */
static void test_small_things_are_seen_at_once(void **state)
{
    veil_image_sequence *sequence;
    veil_sanitizer *sanitizer = make_for_codes(250, &sequence);
    vl_image_view view = picture_make(1920, 1080, VEIL_PIXEL_GRAY);
    uint32_t seed = 5;
    (void)state;
    memset(view.pixels, 120, view.stride_bytes * 1080);
    assert_true(is_searched(sequence, &view));
    for (int round = 0; round < 12; round++) { /* noise of a camera: 10 levels from end to end */
        for (size_t i = 0; i < view.stride_bytes * 1080; i++)
            view.pixels[i] = (uint8_t)(115 + picture_random(&seed) % 11);
        assert_false(is_searched(sequence, &view));
    }
    for (int round = 0; round < 12; round++) {
        memset(view.pixels, 120, view.stride_bytes * 1080);
        (void)is_searched(sequence, &view); /* as it was */
        assert_false(is_searched(sequence, &view));
        add(&view, picture_random(&seed) % 1900, picture_random(&seed) % 1060, 20, 30);
        assert_true(is_searched(sequence, &view));
    }
    memset(view.pixels, 120, view.stride_bytes * 1080);
    write_line(&view, 300, 200, 1);
    (void)is_searched(sequence, &view);
    assert_false(is_searched(sequence, &view));
    memset(view.pixels, 120, view.stride_bytes * 1080);
    write_line(&view, 300, 200, 2); /* other text, as much ink */
    assert_true(is_searched(sequence, &view));
    picture_free(&view);
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
}

static void test_another_size_starts_anew(void **state)
{
    veil_image_sequence *sequence;
    veil_sanitizer *sanitizer = make(5, 10, NULL, &sequence);
    veil_region regions[8];
    uint32_t cache;
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR), other = picture_make(320, 240, VEIL_PIXEL_GRAY);
    (void)state;
    picture_draw_wall(&view, 4);
    picture_paste_face(&view, 60, 80, 320, 240, NULL);
    assert_int_equal(redact(sequence, &view, regions, &cache), 1);
    picture_draw_wall(&other, 4);
    assert_int_equal(redact(sequence, &other, regions, &cache), 0);
    assert_true(cache != VEIL_CACHE_NONE);
    picture_free(&view);
    picture_free(&other);
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
}

static void test_frames_between_searches_allocate_nothing(void **state)
{
    veil_image_sequence *sequence;
    veil_sanitizer *sanitizer = make(100, 10, NULL, &sequence);
    veil_region regions[8];
    vl_image_view view = picture_make(W, H, VEIL_PIXEL_BGR);
    (void)state;
    picture_draw_wall(&view, 4);
    (void)redact(sequence, &view, regions, NULL);
    const malloc_counts before = malloc_count_read();
    for (int frame = 0; frame < 10; frame++)
        (void)redact(sequence, &view, regions, NULL);
    assert_int_equal(malloc_count_since(before).allocations, 0);
    picture_free(&view);
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
}

static void test_arguments(void **state)
{
    veil_image_sequence *sequence = (veil_image_sequence *)&sequence;
    veil_sanitizer *sanitizer;
    vl_image_view view = picture_make(64, 64, VEIL_PIXEL_GRAY);
    veil_image image = picture_image(&view);
    (void)state;
    sanitizer = make(1, 0, NULL, &sequence);
    assert_int_equal(veil_image_sequence_redact(sequence, NULL, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_sequence_redact(NULL, &image, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_sequence_redact(sequence, &image, NULL, NULL), VEIL_OK);
    veil_image_sequence_destroy(sequence);
    assert_int_equal(veil_image_sequence_create(sanitizer, NULL, 0, 5, &sequence, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_null(sequence);
    assert_int_equal(veil_image_sequence_create(sanitizer, NULL, 251, 5, &sequence, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_sequence_create(sanitizer, NULL, 1, 1001, &sequence, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_sequence_create(NULL, NULL, 1, 1, &sequence, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(veil_image_sequence_create(sanitizer, NULL, 1, 1, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
    veil_image_sequence_destroy(NULL);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dropped_detections_leave_no_frame_in_clear),
        cmocka_unit_test(test_what_is_gone_is_let_go),
        cmocka_unit_test(test_searches_that_are_rare_hold_as_long),
        cmocka_unit_test(test_two_that_cross_and_one_that_leaves),
        cmocka_unit_test(test_more_than_can_be_followed),
        cmocka_unit_test(test_small_things_are_seen_at_once),
    };
    const struct CMUnitTest with_network[] = {
        cmocka_unit_test(test_a_face_that_is_missed_stays_hidden),
        cmocka_unit_test(test_quiet_scenes_are_not_searched_and_changes_are),
        cmocka_unit_test(test_another_size_starts_anew),
        cmocka_unit_test(test_frames_between_searches_allocate_nothing),
        cmocka_unit_test(test_arguments),
    };
    int failed = cmocka_run_group_tests_name("tracks", tests, NULL, NULL);
    if (picture_has_network()) failed += cmocka_run_group_tests_name("sequence", with_network, NULL, NULL);
    return failed;
}
