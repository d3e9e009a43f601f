/*
 * THREATS row 26: networks, code readers and lists of boxes belong to one call at a time. Threads search pictures of their own, raw and as
 * JPEG, more of them than there are workspaces; every answer must be the one that the picture got when nothing else ran.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "picture_fixture.h"

enum { THREADS = 4, PICTURES = 6, ROUNDS = 4, FOUND_MAX = 8, WIDTH = 320, HEIGHT = 240 };

typedef struct answer {
    veil_region found[FOUND_MAX];
    size_t count;
} answer;

typedef struct sample {
    vl_image_view view;
    test_bytes jpeg;
    answer raw, coded;
} sample;

typedef struct worker {
    const veil_sanitizer *sanitizer;
    sample *samples;
    int id;
    int wrong;
} worker;

static veil_status search(const veil_sanitizer *s, const sample *p, bool is_coded, answer *a)
{
    const veil_image image = picture_image(&p->view);
    veil_image_options options;
    veil_image_result result = {.struct_size = sizeof result, .regions = a->found, .region_capacity = FOUND_MAX};
    veil_status status;
    veil_image_options_init(&options);
    options.flags = VEIL_IMAGE_NO_CACHE;
    status = is_coded ? veil_image_scan_encoded(s, &options, p->jpeg.data, p->jpeg.size, &result, NULL)
                      : veil_image_scan(s, &options, &image, &result, NULL);
    a->count = result.region_count;
    return status;
}

static bool is_equal(const answer *a, const answer *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        const veil_region *r = &a->found[i], *q = &b->found[i];
        if (strcmp(r->entity, q->entity) != 0 || r->x != q->x || r->y != q->y || r->w != q->w || r->h != q->h ||
            r->score != q->score)
            return false;
    }
    return true;
}

/* Faces of other sizes in other places, two in some, none in the last. */
static void draw(sample *samples)
{
    for (uint32_t i = 0; i < PICTURES; i++) {
        sample *p = &samples[i];
        const uint32_t side = 90 + 20 * i;
        p->view = picture_make(WIDTH, HEIGHT, VEIL_PIXEL_RGB);
        picture_draw_wall(&p->view, i + 1);
        if (i < PICTURES - 1) picture_paste_face(&p->view, 11 * i, 5 * i, side, side, NULL);
        if (i % 2 == 1 && i < PICTURES - 1) picture_paste_face(&p->view, 200, 100, 110, 130, NULL);
        p->jpeg = make_jpeg(&(jpeg_recipe){.width = WIDTH, .height = HEIGHT, .channels = 3, .pixels = p->view.pixels});
    }
}

static void *run(void *argument)
{
    worker *w = argument;
    for (int round = 0; round < ROUNDS * PICTURES; round++) {
        const sample *p = &w->samples[(round * (w->id + 1) + w->id) % PICTURES];
        const bool is_coded = (round + w->id) % 2 == 0;
        answer a;
        if (search(w->sanitizer, p, is_coded, &a) != VEIL_OK || !is_equal(&a, is_coded ? &p->coded : &p->raw))
            w->wrong++;
    }
    return NULL;
}

static void answers_are_those_of_a_call_alone(void **state)
{
    static sample samples[PICTURES];
    worker workers[THREADS];
    pthread_t threads[THREADS];
    veil_config config = picture_config();
    veil_sanitizer *sanitizer;
    size_t faces = 0;
    (void)state;
    if (!picture_has_network()) skip();
    config.image_workspaces = 2; /* the others wait for one, or take a new one */
    assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
    draw(samples);
    for (int i = 0; i < PICTURES; i++) {
        assert_int_equal(search(sanitizer, &samples[i], false, &samples[i].raw), VEIL_OK);
        assert_int_equal(search(sanitizer, &samples[i], true, &samples[i].coded), VEIL_OK);
        faces += samples[i].raw.count;
        for (int j = 0; j < i; j++) /* or the comparison would show nothing */
            assert_false(is_equal(&samples[i].raw, &samples[j].raw));
    }
    assert_true(faces >= PICTURES);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){sanitizer, samples, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, run, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].wrong, 0);
    for (int i = 0; i < PICTURES; i++) {
        free(samples[i].view.pixels);
        bytes_free(&samples[i].jpeg);
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_a_call_alone),
    };
    return cmocka_run_group_tests_name("detect_stress", tests, NULL, NULL);
}
