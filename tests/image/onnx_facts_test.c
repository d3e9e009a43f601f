/* The look at an ONNX file before OpenCV gets it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "face_fixture.h"
#include "image/onnx_facts.h"

static const char model_path[] = VEIL_TEST_SOURCE_DIR "/src/image/model/face_ssd.onnx";

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

/* ---- Files made here ---- */

typedef struct message {
    uint8_t bytes[512];
    size_t count;
} message;

static void put_varint(message *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        to->bytes[to->count++] = (uint8_t)(value | 0x80);
    to->bytes[to->count++] = (uint8_t)value;
}

static void put_number(message *to, uint32_t field, uint64_t value)
{
    put_varint(to, field << 3);
    put_varint(to, value);
}

static void put_bytes(message *to, uint32_t field, const void *bytes, size_t count)
{
    put_varint(to, field << 3 | 2);
    put_varint(to, count);
    assert_true(to->count + count <= sizeof to->bytes);
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
}

static void put_message(message *to, uint32_t field, const message *inner)
{
    put_bytes(to, field, inner->bytes, inner->count);
}

/* ValueInfoProto { name, type { tensor_type { shape { dim { dim_value } ... } } } } */
static void put_value(message *graph, uint32_t field, const char *name, const uint64_t *dims, size_t dim_count)
{
    message shape = {0}, tensor = {0}, type = {0}, value = {0};

    for (size_t i = 0; i < dim_count; i++) {
        message dim = {0};

        put_number(&dim, 1, dims[i]);
        put_message(&shape, 1, &dim);
    }
    put_message(&tensor, 2, &shape);
    put_message(&type, 1, &tensor);
    put_bytes(&value, 1, name, strlen(name));
    put_message(&value, 2, &type);
    put_message(graph, field, &value);
}

static void put_node(message *graph, const char *input, const char *output)
{
    message node = {0};

    put_bytes(&node, 1, input, strlen(input));
    put_bytes(&node, 2, output, strlen(output));
    put_bytes(&node, 4, "Relu", 4);
    put_message(graph, 1, &node);
}

static const char *read_made(uint64_t width, uint64_t height, const message *weights)
{
    const uint64_t input[] = {1, 3, height, width}, scores[] = {1, 10, 2}, boxes[] = {1, 10, 4};
    message graph = {0}, model = {0};
    vl_onnx_facts facts;

    put_node(&graph, "picture", "scores");
    put_node(&graph, "picture", "boxes");
    put_message(&graph, 5, weights);
    put_value(&graph, 11, "picture", input, 4);
    put_value(&graph, 12, "scores", scores, 3);
    put_value(&graph, 12, "boxes", boxes, 3);
    put_message(&model, 7, &graph);
    return vl_onnx_read_facts(model.bytes, model.count, &facts);
}

/* TensorProto { dims 6, data_type, and numbers in `field` or, with field 9, raw }. */
static message weights_of(uint64_t type, uint32_t field, size_t bytes)
{
    const uint8_t zeros[64] = {0};
    message tensor = {0};

    put_number(&tensor, 1, 6);
    put_number(&tensor, 2, type);
    put_bytes(&tensor, field, zeros, bytes);
    return tensor;
}

/* OpenCV copies as many numbers as the shape says, whichever list they are in. */
static void test_weights_shorter_than_their_shape(void **state)
{
    enum { FLOAT = 1, INT64 = 7, FLOAT_DATA = 4, INT64_DATA = 7, RAW_DATA = 9 };
    static const struct {
        uint64_t type;
        uint32_t field;
        size_t bytes;
        bool is_whole;
    } cases[] = {
        {FLOAT, FLOAT_DATA, 24, true},  {FLOAT, FLOAT_DATA, 20, false}, {FLOAT, FLOAT_DATA, 28, false},
        {FLOAT, FLOAT_DATA, 23, false}, {FLOAT, RAW_DATA, 24, true},    {FLOAT, RAW_DATA, 20, false},
        {INT64, INT64_DATA, 6, true},   {INT64, INT64_DATA, 5, false},  {INT64, RAW_DATA, 48, true},
        {INT64, RAW_DATA, 24, false},   {FLOAT, INT64_DATA, 6, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        message weights = weights_of(cases[i].type, cases[i].field, cases[i].bytes);

        assert_int_equal(read_made(320, 240, &weights) == NULL, cases[i].is_whole);
    }
    message both = weights_of(FLOAT, RAW_DATA, 24); /* whole, but the list beside it comes first, and is short */
    const uint8_t one[4] = {0};
    put_bytes(&both, FLOAT_DATA, one, sizeof one);
    assert_non_null(read_made(320, 240, &both));
}

/* A picture of 65,535 pixels a side must fit the letterbox's work rows. */
static void test_inputs_too_small_or_too_large(void **state)
{
    const message weights = weights_of(1, 4, 24);

    (void)state;
    assert_null(read_made(64, 64, &weights));
    assert_null(read_made(4096, 64, &weights));
    assert_non_null(read_made(63, 64, &weights));
    assert_non_null(read_made(64, 16, &weights));
    assert_non_null(read_made(4097, 64, &weights));
    assert_non_null(read_made(0, 64, &weights));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_our_network),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_unknown_operator),
        cmocka_unit_test(test_other_shapes),
        cmocka_unit_test(test_weights_shorter_than_their_shape),
        cmocka_unit_test(test_inputs_too_small_or_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
