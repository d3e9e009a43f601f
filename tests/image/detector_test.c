/*
 * Face networks: which files are taken, how their boxes are coded, and how many faces are found on photos. Networks and
 * photos of ../shared are used where they are there.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/cpu.h"
#include "face_fixture.h"
#include "image/detector.h"
#include "image/model/pin.h"
#include "photos.h"
#include "support/effort.h"

static const char embedded_path[] = VEIL_TEST_SOURCE_DIR "/src/image/model/face_ssd.onnx";

/* ---- The three codings ------------------------------------------------------------------------------------------- */

typedef struct loaded {
    vl_runtime runtime;
    vl_face_model model;
    vl_detector detector;
    vl_letterbox_scratch *letterbox;
} loaded;

static veil_status load_profile(const char *path, uint32_t profile, loaded *l, veil_error *error)
{
    veil_config config = picture_config();
    veil_status status;

    memset(l, 0, sizeof *l);
    l->runtime.allocator = vl_allocator_default;
    l->runtime.kernels = vl_kernels_for(VEIL_CPU_AUTO);
    assert_int_equal(veil_config_apply_profile(&config, profile), VEIL_OK);
    config.model_path = path;
    l->letterbox = calloc(1, sizeof *l->letterbox);
    status = vl_crypto_create(&l->runtime.allocator, &l->runtime.crypto, error);
    if (status == VEIL_OK) status = vl_face_model_load(&config, &l->runtime, &l->model, error);
    if (status == VEIL_OK) status = vl_detector_create(&l->runtime, &l->model, l->letterbox, &l->detector, error);
    if (status == VEIL_OK) status = vl_detector_identify(&l->detector, &l->model, error);
    if (status == VEIL_OK) status = vl_detector_prove(&l->detector, l->model.operating_score, error);
    return status;
}

static veil_status load(const char *path, loaded *l, veil_error *error)
{
    return load_profile(path, VEIL_PROFILE_BALANCED, l, error);
}

static void unload(loaded *l)
{
    if (l->detector.net != NULL) vl_detector_destroy(&l->detector);
    vl_face_model_release(&l->runtime, &l->model);
    vl_crypto_destroy(l->runtime.crypto);
    free(l->letterbox);
}

static void check_family(const char *path, vl_box_coding coding)
{
    static const uint32_t sizes[][2] = {{640, 480}, {320, 240}, {1280, 960}, {500, 700}};
    veil_error error = VEIL_ERROR_INIT;
    loaded l;

    if (load(path, &l, &error) != VEIL_OK) fail_msg("%s", error.message);
    assert_int_equal(l.model.coding, coding);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        vl_image_view view = picture_make(sizes[i][0], sizes[i][1], VEIL_PIXEL_BGR);
        veil_region truth, found;
        vl_letterbox box;

        picture_draw_face(&view, &truth);
        box = vl_detector_prepare(&l.detector, &view);
        assert_int_equal(vl_detector_run(&l.detector, &box, &view, l.model.operating_score), VEIL_OK);
        assert_true(l.detector.face_count >= 1);
        const vl_rect *rect = &l.detector.faces[0].rect;
        found = (veil_region){"FACE", (int32_t)rect->x, (int32_t)rect->y, (int32_t)rect->w, (int32_t)rect->h, 1, 0};
        assert_true(picture_iou(&found, &truth) > 0.6);
        for (size_t k = 0; k < (size_t)3 * l.model.facts.width * l.model.facts.height; k++)
            assert_true(l.detector.planes[k] == 0); /* wiped */
        picture_free(&view);
    }
    unload(&l);
}

static void test_embedded(void **state)
{
    (void)state;
    check_family(embedded_path, VL_BOXES_TALL);
    if (picture_has_network()) check_family(NULL, VL_BOXES_TALL);
}

/* ---- Input sizes and tiles --------------------------------------------------------------------------------------- */

static veil_sanitizer *sanitizer_of(uint32_t profile)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;

    assert_int_equal(veil_config_apply_profile(&config, profile), VEIL_OK);
    config.image_workspaces = 1;
    config.cache_entries = 0;
    config.near_duplicates = 0;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK) fail_msg("%s", error.message);
    return sanitizer;
}

static void need_network(void)
{
    if (picture_has_network()) return;
    print_message("skipped: no network in this build\n");
    skip();
}

/* Each larger profile finds faces that are too small for the one before. */
static void test_larger_inputs_find_smaller_faces(void **state)
{
    static const uint32_t profiles[] = {VEIL_PROFILE_SPEED, VEIL_PROFILE_BALANCED, VEIL_PROFILE_ACCURACY};
    size_t found[3] = {0, 0, 0};

    (void)state;
    need_network();
    for (size_t p = 0; p < 3; p++) {
        veil_sanitizer *sanitizer = sanitizer_of(profiles[p]);

        /* the profiles differ below 64: all of those in every build */
        for (uint32_t w = 24; w <= 160; w += w < 64 ? 4 : 4 * TEST_STRIDE) {
            vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
            const veil_image image = picture_image(&view);
            veil_image_result result = {sizeof result, NULL, 0, 0, 0, 0, 0, 0};

            picture_draw_wall(&view, w);
            picture_paste_face(&view, 300, 200, w, w * 3 / 4, NULL);
            (void)veil_image_scan(sanitizer, NULL, &image, &result, NULL);
            found[p] += result.region_count > 0;
            picture_free(&view);
        }
        veil_sanitizer_destroy(sanitizer);
    }
    print_message("of the small faces SPEED finds %zu, BALANCED %zu, ACCURACY %zu\n", found[0], found[1], found[2]);
    assert_true(found[1] >= found[0]);
    assert_true(found[2] > found[0]);
}

/* The embedded network at sizes that nothing else uses, odd ones too: it must still know the known face. */
static void test_any_input_size(void **state)
{
    static const uint32_t sizes[][2] = {{128, 128}, {320, 240}, {321, 243}, {257, 480}, {640, 360}, {200, 1000}};

    (void)state;
    need_network();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        veil_config config = picture_config();
        veil_sanitizer *sanitizer = NULL;
        veil_error error = VEIL_ERROR_INIT;

        config.face_input_width = sizes[i][0];
        config.face_input_height = sizes[i][1];
        config.image_workspaces = 1;
        if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK)
            fail_msg("%u x %u: %s", sizes[i][0], sizes[i][1], error.message);
        veil_sanitizer_destroy(sanitizer);
    }
}

enum { CROWD = 12, CROWD_HEAD = 120 };

/* A 4K picture with small faces, some at the seams of the tiles, and one large face that spans several tiles. */
static vl_image_view draw_crowd(veil_region truth[CROWD + 1])
{
    static const uint32_t places[CROWD][2] = {{10, 10},     {1240, 700},  {1290, 420},  {2520, 900},
                                              {3700, 20},   {3720, 2040}, {30, 2050},   {1910, 1200},
                                              {2600, 1250}, {870, 1640},  {2110, 1960}, {3300, 850}};
    vl_image_view view = picture_make(3840, 2160, VEIL_PIXEL_BGR);

    picture_draw_wall(&view, 7);
    for (size_t i = 0; i < CROWD; i++)
        picture_paste_face(&view, places[i][0], places[i][1], CROWD_HEAD, CROWD_HEAD * 3 / 4, &truth[i]);
    picture_paste_face(&view, 100, 300, 1100, 1100, &truth[CROWD]);
    return view;
}

static size_t count_found(const veil_image_result *result, const veil_region *truth, size_t count)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_found = false;

        for (size_t k = 0; k < result->region_count; k++)
            is_found |= picture_iou(&result->regions[k], &truth[i]) > 0.4;
        found += is_found;
    }
    return found;
}

static void test_tiles_keep_small_faces(void **state)
{
    static veil_region regions[2][64];
    veil_region truth[CROWD + 1];
    veil_image_result results[3];
    vl_image_view view;
    size_t small[3];
    static const uint32_t profiles[3] = {VEIL_PROFILE_ACCURACY, VEIL_PROFILE_ACCURACY, VEIL_PROFILE_BALANCED};

    (void)state;
    need_network();
    view = draw_crowd(truth);
    for (size_t p = 0; p < 3; p++) {
        const veil_image image = picture_image(&view);
        veil_sanitizer *sanitizer = sanitizer_of(profiles[p]);
        veil_error error = VEIL_ERROR_INIT;

        results[p] =
            (veil_image_result){.struct_size = sizeof results[p], .regions = regions[p == 1], .region_capacity = 64};
        if (veil_image_scan(sanitizer, NULL, &image, &results[p], &error) != VEIL_OK) fail_msg("%s", error.message);
        small[p] = count_found(&results[p], truth, CROWD);
        if (p < 2) assert_int_equal(count_found(&results[p], &truth[CROWD], 1), 1);
        veil_sanitizer_destroy(sanitizer);
    }
    picture_free(&view);
    print_message("of %d faces of %d px in 4K ACCURACY finds %zu, BALANCED %zu\n", CROWD, truth[0].w, small[0],
                  small[2]);
    assert_int_equal(small[0], CROWD);
    assert_true(results[0].region_count <= CROWD + 3); /* a face is one region, however many parts showed it */
    assert_true(small[2] < CROWD / 2);
    assert_int_equal(results[0].region_count, results[1].region_count);
}

/* The deadline is asked for between tiles, and a picture that was begun is then gone. */
static void test_tiles_and_deadline(void **state)
{
    vl_image_view view;
    veil_image image;
    veil_image_options options;
    veil_sanitizer *sanitizer;
    veil_region truth[CROWD + 1];
    size_t left = 0;

    (void)state;
    need_network();
    view = draw_crowd(truth);
    image = picture_image(&view);
    sanitizer = sanitizer_of(VEIL_PROFILE_ACCURACY);
    veil_image_options_init(&options);
    options.timeout_us = 1000;
    assert_int_equal(veil_image_redact(sanitizer, &options, &image, NULL, NULL), VEIL_ERR_TIMEOUT);
    for (uint32_t y = 0; y < view.height; y++)
        for (uint32_t x = 0; x < view.width * 3; x++)
            left += vl_view_row(&view, y)[x] != 0;
    assert_int_equal(left, 0);
    veil_sanitizer_destroy(sanitizer);
    picture_free(&view);
}

static void check_shared_family(const char *name, vl_box_coding coding)
{
    const char *path = picture_shared(name);

    if (path == NULL) {
        print_message("skipped: %s is not beside this checkout\n", name);
        skip();
    }
    check_family(path, coding);
}

static void test_rfb_320(void **state)
{
    (void)state;
    check_shared_family("models/version-RFB-320_simplified.onnx", VL_BOXES_SQUARE);
}

static void test_slim_320(void **state)
{
    (void)state;
    check_shared_family("models/version-slim-320_simplified.onnx", VL_BOXES_SQUARE);
}

static void test_rfb_640(void **state)
{
    (void)state;
    check_shared_family("models/version-RFB-640.onnx", VL_BOXES_CORNERS);
}

static void test_other_networks_are_refused(void **state)
{
    const char *path = picture_shared("models/yunet_n_320.onnx");
    veil_error error = VEIL_ERROR_INIT;
    loaded l;

    (void)state;
    if (path == NULL) {
        print_message("skipped: no other networks beside this checkout\n");
        skip();
    }
    assert_int_equal(load(path, &l, &error), VEIL_ERR_MODEL);
    assert_true(strlen(error.message) > 10);
    unload(&l);
}

/* ---- Altered files ----------------------------------------------------------------------------------------------- */

static veil_status create_with(const char *path, const char *pin)
{
    veil_config config = picture_config();
    veil_sanitizer *sanitizer = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status;

    config.model_path = path;
    config.model_sha256 = pin;
    config.image_workspaces = 1;
    config.cache_entries = 0;
    status = veil_sanitizer_create(&config, &sanitizer, &error);
    assert_int_equal(error.status, status);
    assert_true((sanitizer != NULL) == (status == VEIL_OK));
    veil_sanitizer_destroy(sanitizer);
    return status;
}

static const char *write_temporary(const void *bytes, size_t count)
{
    static char path[] = "/tmp/veil-model-XXXXXX";
    int fd;

    (void)snprintf(path, sizeof path, "/tmp/veil-model-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, count), (ssize_t)count);
    close(fd);
    return path;
}

static void test_pin(void **state)
{
    static const char pin[] = VL_EMBEDDED_SHA256;
    char upper[] = VL_EMBEDDED_SHA256;
    char other[] = VL_EMBEDDED_SHA256;

    (void)state;
    for (char *at = upper; *at != 0; at++)
        *at = (char)toupper((unsigned char)*at);
    other[63] = other[63] == '0' ? '1' : '0';
    assert_int_equal(create_with(embedded_path, pin), VEIL_OK);
    assert_int_equal(create_with(embedded_path, upper), VEIL_OK);
    assert_int_equal(create_with(NULL, pin), VEIL_ERR_INVALID_ARGUMENT); /* the embedded network has its own */
    assert_int_equal(create_with(embedded_path, other), VEIL_ERR_MODEL);
    assert_int_equal(create_with(embedded_path, "2fc8"), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(create_with(embedded_path, "zz"), VEIL_ERR_INVALID_ARGUMENT);
}

static void test_missing_and_odd_files(void **state)
{
    (void)state;
    assert_int_equal(create_with(NULL, NULL), picture_has_network() ? VEIL_OK : VEIL_ERR_MODEL);
    assert_int_equal(create_with("/nonexistent/model.onnx", NULL), VEIL_ERR_MODEL);
    assert_int_equal(create_with("/dev/null", NULL), VEIL_ERR_MODEL);
    assert_int_equal(create_with("/tmp", NULL), VEIL_ERR_MODEL);
    assert_int_equal(create_with(VEIL_TEST_SOURCE_DIR "/LICENSE", NULL), VEIL_ERR_MODEL);
    const char *path = write_temporary("x", 0);
    assert_int_equal(create_with(path, NULL), VEIL_ERR_MODEL);
    unlink(path);
}

/* A bit flipped anywhere: with a pin never accepted; without one refused, or still able to find the face (many weights do
 * not matter). Offsets are spread over the file; the structure at its end is taken more often. */
static void test_flipped_bits(void **state)
{
    static const char pin[] = VL_EMBEDDED_SHA256;
    size_t bytes, accepted = 0, refused = 0;
    uint8_t *onnx = picture_read_file(embedded_path, &bytes);
    uint32_t seed = 31;

    (void)state;
    assert_non_null(onnx);
    for (int n = 0; n < 24; n++) {
        const size_t at = n % 2 == 0 ? picture_random(&seed) % bytes : bytes - 1 - picture_random(&seed) % 120;
        const uint8_t bit = (uint8_t)(1u << picture_random(&seed) % 8);
        const char *path;
        veil_status status;

        onnx[at] ^= bit;
        path = write_temporary(onnx, bytes);
        assert_int_equal(create_with(path, pin), VEIL_ERR_MODEL);
        status = create_with(path, NULL); /* creation itself proves that the face is found */
        assert_true(status == VEIL_OK || status == VEIL_ERR_MODEL);
        accepted += status == VEIL_OK;
        refused += status == VEIL_ERR_MODEL;
        unlink(path);
        onnx[at] ^= bit;
    }
    print_message("without a pin %zu of 24 flips were harmless, %zu were refused\n", accepted, refused);
    assert_true(refused > 0);
    free(onnx);
}

/* Weights of zero and of noise: a whole file that loads and runs, and finds nothing. */
static void test_network_that_finds_nothing(void **state)
{
    size_t bytes;
    uint8_t *onnx = picture_read_file(embedded_path, &bytes);
    const char *path;

    (void)state;
    assert_non_null(onnx);
    memset(onnx + bytes / 2, 0, bytes / 4); /* inside the weights: the graph's own text is small */
    path = write_temporary(onnx, bytes);
    assert_int_equal(create_with(path, NULL), VEIL_ERR_MODEL);
    unlink(path);
    free(onnx);
}

/* ---- Photos ------------------------------------------------------------------------------------------------------ */

enum { SMALLEST = 40 }; /* pixels: smaller faces are neither asked for nor counted */

typedef struct score_sheet {
    size_t photos;
    size_t faces; /* labelled */
    size_t found;
    size_t stray; /* boxes on nothing that is labelled */
} score_sheet;

static bool matches(const vl_face *face, const veil_region *label, double min_iou)
{
    const veil_region answer = {
        "FACE", (int32_t)face->rect.x, (int32_t)face->rect.y, (int32_t)face->rect.w, (int32_t)face->rect.h, 1, 0};

    return picture_iou(&answer, label) > min_iou;
}

static void score(const vl_detector *detector, const photo *p, score_sheet *sheet)
{
    sheet->photos++;
    for (size_t i = 0; i < p->box_count; i++) {
        bool is_found = false;

        for (size_t k = 0; k < detector->face_count && !is_found; k++)
            is_found = matches(&detector->faces[k], &p->boxes[i], 0.4);
        sheet->faces += p->boxes[i].h >= SMALLEST;
        sheet->found += p->boxes[i].h >= SMALLEST && is_found;
    }
    for (size_t k = 0; k < detector->face_count; k++) {
        bool is_labelled = detector->faces[k].rect.h < SMALLEST;

        for (size_t i = 0; i < p->box_count && !is_labelled; i++)
            is_labelled = matches(&detector->faces[k], &p->boxes[i], 0.3);
        sheet->stray += !is_labelled;
    }
}

/* Every sixth photo, or all of them with VEIL_ALL_PHOTOS=1 in the environment: that is how the model card's numbers came. */
static score_sheet run_photos(const char *path, uint32_t profile)
{
    const int step = getenv("VEIL_ALL_PHOTOS") != NULL ? 1 : 6;
    photo_list *list = photos_open("dev");
    score_sheet sheet = {0, 0, 0, 0};
    veil_error error = VEIL_ERROR_INIT;
    loaded l;
    photo p;

    if (list == NULL) {
        print_message("skipped: no photos beside this checkout\n");
        skip();
    }
    if (load_profile(path, profile, &l, &error) != VEIL_OK) fail_msg("%s", error.message);
    for (; photos_next(list, &p); photos_skip(list, step - 1)) {
        const vl_letterbox box = vl_detector_prepare(&l.detector, &p.view);

        assert_int_equal(vl_detector_run(&l.detector, &box, &p.view, l.model.operating_score), VEIL_OK);
        score(&l.detector, &p, &sheet);
        picture_free(&p.view);
    }
    print_message("%zu photos; %zu of %zu labelled faces of %d px and more found; %zu stray boxes\n", sheet.photos,
                  sheet.found, sheet.faces, SMALLEST, sheet.stray);
    unload(&l);
    photos_close(list);
    return sheet;
}

/* Floors against regressions, not claims. */
static void test_recall_on_photos(void **state)
{
    score_sheet sheet;

    (void)state;
    sheet = run_photos(embedded_path, VEIL_PROFILE_BALANCED);
    assert_true(sheet.faces > 50);
    assert_true(sheet.found * 100 >= sheet.faces * 90);
    assert_true(sheet.stray * 100 <= sheet.photos * 20);
    if (!picture_has_network()) return;
    sheet = run_photos(NULL, VEIL_PROFILE_ACCURACY);
    assert_true(sheet.found * 100 >= sheet.faces * 92);
    assert_true(sheet.stray * 100 <= sheet.photos * 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_embedded),
        cmocka_unit_test(test_larger_inputs_find_smaller_faces),
        cmocka_unit_test(test_any_input_size),
        cmocka_unit_test(test_tiles_keep_small_faces),
        cmocka_unit_test(test_tiles_and_deadline),
        cmocka_unit_test(test_rfb_320),
        cmocka_unit_test(test_slim_320),
        cmocka_unit_test(test_rfb_640),
        cmocka_unit_test(test_other_networks_are_refused),
        cmocka_unit_test(test_pin),
        cmocka_unit_test(test_missing_and_odd_files),
        cmocka_unit_test(test_flipped_bits),
        cmocka_unit_test(test_network_that_finds_nothing),
        cmocka_unit_test(test_recall_on_photos),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
