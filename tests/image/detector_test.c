/*
 * Face networks: which files are taken, how their boxes are coded, and how many faces are found on photos. Networks and
 * photos of ../shared are used where they are there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/detector.h"
#include "photos.h"
#include "support/effort.h"

static const char pilot_path[] = VEIL_TEST_SOURCE_DIR "/src/image/model/face_pilot.onnx";

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
    config.model_path = path;
    config.profile = profile;
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

static void test_pilot(void **state)
{
    (void)state;
    check_family(pilot_path, VL_BOXES_PILOT);
    if (picture_has_network()) check_family(NULL, VL_BOXES_PILOT);
}

/* Profile ACCURACY doubles the embedded network's input: faces too small for 320x240 are found. */
static void test_accuracy_finds_smaller_faces(void **state)
{
    veil_config config = picture_config();
    size_t found[2] = {0, 0};

    (void)state;
    if (!picture_has_network()) {
        print_message("skipped: no network in this build\n");
        skip();
    }
    for (uint32_t profile = 0; profile < 2; profile++) {
        veil_sanitizer *sanitizer;

        config.profile = profile == 0 ? VEIL_PROFILE_BALANCED : VEIL_PROFILE_ACCURACY;
        assert_int_equal(veil_sanitizer_create(&config, &sanitizer, NULL), VEIL_OK);
        for (uint32_t w = 24; w <= 160; w += 4 * TEST_STRIDE) {
            vl_image_view view = picture_make(640, 480, VEIL_PIXEL_BGR);
            const veil_image image = picture_image(&view);
            veil_image_result result = {sizeof result, NULL, 0, 0, 0, 0, 0, 0};

            picture_draw_wall(&view, w);
            picture_paste_face(&view, 300, 200, w, w * 3 / 4, NULL);
            (void)veil_image_scan(sanitizer, NULL, &image, &result, NULL);
            found[profile] += result.region_count > 0;
            picture_free(&view);
        }
        veil_sanitizer_destroy(sanitizer);
    }
    print_message("of the small faces BALANCED finds %zu, ACCURACY %zu\n", found[0], found[1]);
    assert_true(found[1] > found[0]);
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
    static const char pin[] = "2fc8202d5011ff38518df36dd7d5615345f8f02ee657cda3e45dee2fe756859d";
    static const char upper[] = "2FC8202D5011FF38518DF36DD7D5615345F8F02EE657CDA3E45DEE2FE756859D";
    static const char other[] = "2fc8202d5011ff38518df36dd7d5615345f8f02ee657cda3e45dee2fe756859e";

    (void)state;
    assert_int_equal(create_with(pilot_path, pin), VEIL_OK);
    assert_int_equal(create_with(pilot_path, upper), VEIL_OK);
    assert_int_equal(create_with(NULL, pin), VEIL_ERR_INVALID_ARGUMENT); /* the embedded network has its own */
    assert_int_equal(create_with(pilot_path, other), VEIL_ERR_MODEL);
    assert_int_equal(create_with(pilot_path, "2fc8"), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(create_with(pilot_path, "zz"), VEIL_ERR_INVALID_ARGUMENT);
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
    static const char pin[] = "2fc8202d5011ff38518df36dd7d5615345f8f02ee657cda3e45dee2fe756859d";
    size_t bytes, accepted = 0, refused = 0;
    uint8_t *onnx = picture_read_file(pilot_path, &bytes);
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
    uint8_t *onnx = picture_read_file(pilot_path, &bytes);
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
    sheet = run_photos(pilot_path, VEIL_PROFILE_BALANCED);
    assert_true(sheet.faces > 50);
    assert_true(sheet.found * 100 >= sheet.faces * 85);
    assert_true(sheet.stray * 100 <= sheet.photos * 25);
    if (!picture_has_network()) return;
    sheet = run_photos(NULL, VEIL_PROFILE_ACCURACY);
    assert_true(sheet.found * 100 >= sheet.faces * 88);
    assert_true(sheet.stray * 100 <= sheet.photos * 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pilot),
        cmocka_unit_test(test_accuracy_finds_smaller_faces),
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
