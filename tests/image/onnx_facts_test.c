/* The look at an ONNX file before OpenCV gets it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/onnx_facts.h"

static const char model_path[] = VEIL_TEST_SOURCE_DIR "/src/image/model/face_pilot.onnx";

static void test_our_network(void **state)
{
    vl_onnx_facts facts;
    size_t bytes;
    void *onnx = picture_read_file(model_path, &bytes);

    (void)state;
    assert_non_null(onnx);
    assert_null(vl_onnx_read_facts(onnx, bytes, &facts));
    assert_int_equal(facts.width, 320);
    assert_int_equal(facts.height, 240);
    assert_int_equal(facts.prior_count, 4420);
    assert_string_equal(facts.scores_name, "scores");
    assert_string_equal(facts.boxes_name, "boxes");
    free(onnx);
}

/* Cut anywhere, it must be refused: outputs come last in the file. */
static void test_every_truncation_is_refused(void **state)
{
    vl_onnx_facts facts;
    size_t bytes;
    uint8_t *onnx = picture_read_file(model_path, &bytes);

    (void)state;
    assert_non_null(onnx);
    for (size_t cut = 0; cut + 8 < bytes; cut += cut < 4096 || cut + 4096 > bytes ? 1 : 997) {
        uint8_t *copy = malloc(cut + 1); /* so that a read past the end is seen */

        assert_non_null(copy);
        memcpy(copy, onnx, cut);
        assert_non_null(vl_onnx_read_facts(copy, cut, &facts));
        free(copy);
    }
    free(onnx);
}

static size_t find(const uint8_t *onnx, size_t bytes, const char *what)
{
    const uint8_t *at = memmem(onnx, bytes, what, strlen(what));

    assert_non_null(at);
    return (size_t)(at - onnx);
}

static void test_unknown_operator(void **state)
{
    vl_onnx_facts facts;
    size_t bytes;
    uint8_t *onnx = picture_read_file(model_path, &bytes);

    (void)state;
    assert_non_null(onnx);
    for (int i = 0; i < 2; i++) /* the node's name, and its operator */
        memcpy(onnx + find(onnx, bytes, "Softmax"), "LogSoft", 7);
    assert_non_null(vl_onnx_read_facts(onnx, bytes, &facts));
    free(onnx);
}

static void test_other_shapes(void **state)
{
    static const uint8_t tiny[] = {0x08, 0x06, 0x3A, 0x00};             /* a model with an empty graph */
    static const uint8_t wild[] = {0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}; /* longer than the file */
    static const uint8_t endless[] = {0x3A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    vl_onnx_facts facts;
    const char *yunet = picture_shared("models/yunet_n_320.onnx");

    (void)state;
    assert_non_null(vl_onnx_read_facts(tiny, 0, &facts));
    assert_non_null(vl_onnx_read_facts(tiny, sizeof tiny, &facts));
    assert_non_null(vl_onnx_read_facts(wild, sizeof wild, &facts));
    assert_non_null(vl_onnx_read_facts(endless, sizeof endless, &facts));
    if (yunet != NULL) { /* another family: no prior-box SSD */
        size_t bytes;
        void *onnx = picture_read_file(yunet, &bytes);

        assert_string_equal(vl_onnx_read_facts(onnx, bytes, &facts),
                            "the model's outputs are not one [1,N,2] and one [1,N,4]");
        free(onnx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_our_network),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_unknown_operator),
        cmocka_unit_test(test_other_shapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
