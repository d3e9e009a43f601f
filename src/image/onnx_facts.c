/*
 * A reader for the few fields of ONNX that decide whether a file may go to OpenCV. Field numbers are those of onnx.proto
 * (ONNX 1.11, messages ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto). Weights are not looked at beyond
 * their size: whether they still find a face is for the known picture to say.
 */
#include "image/onnx_facts.h"

#include <string.h>

typedef struct reader {
    const uint8_t *at;
    const uint8_t *end;
} reader;

typedef struct field {
    uint32_t number;
    uint32_t wire; /* 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes */
    uint64_t value;
    reader bytes; /* wire 2 */
} field;

typedef struct walk {
    vl_onnx_facts *facts;
    const char *reason;
    size_t node_count;
    size_t name_count; /* inputs of nodes */
    reader graph;
    bool has_graph;
    bool has_input;
    size_t score_rows;
    size_t box_rows;
} walk;

#define DIMS_MAX       8u
#define TENSOR_MAX     (256u << 20) /* elements; far above any face network */
#define ONNX_FLOAT     1u
#define ONNX_INT64     7u
#define PRIOR_ROWS_MAX (1u << 20)
#define NODES_MAX      2000u /* so that the check of names, which is quadratic, stays short */
#define NAMES_MAX      8000u

static bool read_varint(reader *in, uint64_t *value)
{
    uint32_t shift = 0;

    *value = 0;
    while (in->at < in->end && shift < 64) {
        const uint8_t byte = *in->at++;

        *value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) return true;
        shift += 7;
    }
    return false;
}

static bool read_fixed(reader *in, size_t bytes)
{
    if ((size_t)(in->end - in->at) < bytes) return false;
    in->at += bytes;
    return true;
}

static bool read_field(reader *in, field *out)
{
    uint64_t key;

    memset(out, 0, sizeof *out);
    if (!read_varint(in, &key) || key >> 3 == 0 || key >> 3 > 1000) return false;
    out->number = (uint32_t)(key >> 3);
    out->wire = (uint32_t)(key & 7);
    switch (out->wire) {
    case 0:
        return read_varint(in, &out->value);
    case 1:
        return read_fixed(in, 8);
    case 5:
        return read_fixed(in, 4);
    case 2:
        if (!read_varint(in, &out->value) || out->value > (uint64_t)(in->end - in->at)) return false;
        out->bytes.at = in->at;
        in->at += out->value;
        out->bytes.end = in->at;
        return true;
    default:
        return false;
    }
}

static bool more(const reader *in)
{
    return in->at < in->end;
}

static bool equals(const reader *text, const char *name)
{
    const size_t length = strlen(name);

    return (size_t)(text->end - text->at) == length && memcmp(text->at, name, length) == 0;
}

static bool fail(walk *state, const char *reason)
{
    state->reason = reason;
    return false;
}

static const char broken[] = "the model file is cut short or damaged";

/* ---- Shapes ------------------------------------------------------------------------------------------------------ */

typedef struct shape {
    uint64_t dims[DIMS_MAX]; /* 0: not fixed */
    size_t count;
} shape;

static bool read_dim(walk *state, reader in, shape *out)
{
    field item;

    if (out->count == DIMS_MAX) return fail(state, broken);
    out->dims[out->count] = 0;
    while (more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 1 && item.wire == 0) out->dims[out->count] = item.value;
    }
    out->count++;
    return true;
}

/* TensorShapeProto inside TypeProto.Tensor inside TypeProto: each level is one field deeper. */
static bool read_shape(walk *state, reader in, unsigned level, shape *out)
{
    static const uint32_t wanted[3] = {1, 2, 1}; /* tensor_type, shape, dim */
    field item;

    while (more(&in)) {
        bool is_good = true;

        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number != wanted[level] || item.wire != 2) continue;
        if (level == 2)
            is_good = read_dim(state, item.bytes, out);
        else
            is_good = read_shape(state, item.bytes, level + 1, out); /* bounded: three levels */
        if (!is_good) return false;
    }
    return true;
}

static bool read_value_info(walk *state, reader in, reader *name, shape *out)
{
    field item;

    memset(out, 0, sizeof *out);
    memset(name, 0, sizeof *name);
    while (more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 1 && item.wire == 2) *name = item.bytes;
        if (item.number == 2 && item.wire == 2 && !read_shape(state, item.bytes, 0, out)) return false;
    }
    return true;
}

static bool is_input_side(uint64_t side)
{
    return side >= VL_ONNX_SIDE_MIN && side <= VL_ONNX_SIDE_MAX;
}

/* The first input is the picture; older exporters list the weights behind it. */
static bool read_input(walk *state, reader in)
{
    reader name;
    shape s;

    if (state->has_input) return true;
    if (!read_value_info(state, in, &name, &s)) return false;
    if (s.count != 4 || s.dims[0] != 1 || s.dims[1] != 3 || !is_input_side(s.dims[2]) || !is_input_side(s.dims[3]))
        return fail(state, "the model's first input is not [1,3,height,width] with fixed sides of 64 to 4096");
    state->facts->height = (uint32_t)s.dims[2];
    state->facts->width = (uint32_t)s.dims[3];
    state->has_input = true;
    return true;
}

static bool keep_name(walk *state, const reader *name, char *out)
{
    const size_t length = (size_t)(name->end - name->at);

    if (length == 0 || length >= VL_ONNX_NAME_BYTES || memchr(name->at, 0, length) != NULL)
        return fail(state, "the model has an output without a usable name");
    memcpy(out, name->at, length);
    out[length] = 0;
    return true;
}

static bool read_output(walk *state, reader in)
{
    reader name;
    shape s;

    if (!read_value_info(state, in, &name, &s)) return false;
    if (s.count == 3 && s.dims[0] == 1 && s.dims[1] > 0 && s.dims[1] <= PRIOR_ROWS_MAX) {
        if (s.dims[2] == 2 && state->score_rows == 0) {
            state->score_rows = s.dims[1];
            return keep_name(state, &name, state->facts->scores_name);
        }
        if (s.dims[2] == 4 && state->box_rows == 0) {
            state->box_rows = s.dims[1];
            return keep_name(state, &name, state->facts->boxes_name);
        }
    }
    return fail(state, "the model's outputs are not one [1,N,2] and one [1,N,4]");
}

/* ---- Nodes and weights ------------------------------------------------------------------------------------------- */

/* Operators of the face networks this was proven on, and of their near relatives. */
static bool is_known_operator(const reader *type)
{
    static const char *const known[] = {"Add",       "AveragePool", "BatchNormalization",
                                        "Clip",      "Concat",      "Constant",
                                        "Conv",      "Div",         "Exp",
                                        "Flatten",   "Gather",      "Identity",
                                        "MaxPool",   "Mul",         "PRelu",
                                        "LeakyRelu", "Relu",        "Reshape",
                                        "Resize",    "Shape",       "Sigmoid",
                                        "Slice",     "Split",       "Softmax",
                                        "Squeeze",   "Sub",         "Transpose",
                                        "Unsqueeze", "Upsample"};
    size_t i;

    for (i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (equals(type, known[i])) return true;
    }
    return false;
}

static bool count_varints(reader in, uint64_t *product)
{
    uint64_t value;

    while (more(&in)) {
        if (!read_varint(&in, &value) || value > TENSOR_MAX) return false;
        *product *= value;
        if (*product > TENSOR_MAX) return false;
    }
    return true;
}

typedef struct tensor {
    uint64_t elements;
    uint64_t type;
    uint64_t raw_bytes;
    uint64_t floats; /* in float_data, */
    uint64_t int64s; /* in int64_data: OpenCV prefers both to raw_data, and believes the shape */
    bool is_external;
} tensor;

/* Numbers in one occurrence of float_data or int64_data, packed or not; SIZE_MAX when it is broken. */
static uint64_t count_numbers(const field *item)
{
    reader in = item->bytes;
    uint64_t count = 0, value;

    if (item->wire != 2) return 1;
    if (item->number == 4) return item->value % 4 == 0 ? item->value / 4 : SIZE_MAX;
    for (; more(&in); count++) {
        if (!read_varint(&in, &value)) return SIZE_MAX;
    }
    return count;
}

static bool add_numbers(const field *item, uint64_t *total)
{
    const uint64_t count = count_numbers(item);

    if (count > TENSOR_MAX) return false;
    *total += count;
    return *total <= TENSOR_MAX;
}

static bool read_tensor_field(const field *item, tensor *out)
{
    switch (item->number) {
    case 1: /* dims, packed or one by one */
        if (item->wire == 2) return count_varints(item->bytes, &out->elements);
        out->elements *= item->value > TENSOR_MAX ? TENSOR_MAX : item->value;
        return out->elements <= TENSOR_MAX;
    case 2:
        out->type = item->value;
        return true;
    case 4:
        return add_numbers(item, &out->floats);
    case 7:
        return add_numbers(item, &out->int64s);
    case 9:
        out->raw_bytes = item->wire == 2 ? item->value : 0;
        return item->wire == 2;
    case 13:
        out->is_external = true;
        return true;
    case 14:
        out->is_external = out->is_external || item->value != 0;
        return true;
    default:
        return true;
    }
}

/* Weights must be as long as their shape says: the importer would read past the end, or complain aloud. */
static bool read_tensor(walk *state, reader in)
{
    tensor t = {.elements = 1};
    field item;
    uint64_t width, typed;

    while (more(&in)) {
        if (!read_field(&in, &item) || !read_tensor_field(&item, &t)) return fail(state, broken);
    }
    if (t.is_external) return fail(state, "the model keeps weights in another file");
    if (t.type != ONNX_FLOAT && t.type != ONNX_INT64)
        return fail(state, "the model has weights that are neither float32 nor int64");
    width = t.type == ONNX_FLOAT ? 4 : 8;
    typed = t.type == ONNX_FLOAT ? t.floats : t.int64s;
    if (typed > 0) return typed == t.elements || fail(state, broken);
    return t.raw_bytes == t.elements * width || fail(state, broken);
}

static bool read_attribute(walk *state, reader in)
{
    field item;

    while (more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 5 && item.wire == 2 && !read_tensor(state, item.bytes)) return false;
        if (item.number == 6 || item.number == 11) return fail(state, "the model has graphs inside nodes");
    }
    return true;
}

static bool read_node(walk *state, reader in)
{
    reader type = {NULL, NULL};
    field item;

    while (more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 1) state->name_count++;
        if (item.number == 4 && item.wire == 2) type = item.bytes;
        if (item.number == 7 && item.wire == 2 && more(&item.bytes))
            return fail(state, "the model has operators outside of the ONNX set");
        if (item.number == 5 && (item.wire != 2 || !read_attribute(state, item.bytes)))
            return state->reason != NULL ? false : fail(state, broken);
    }
    if (++state->node_count > NODES_MAX || state->name_count > NAMES_MAX)
        return fail(state, "the model is larger than face networks are");
    return (type.at != NULL && is_known_operator(&type)) ||
           fail(state, "the model has an operator that face networks do not use");
}

static bool read_graph(walk *state, reader in)
{
    field item;

    if (state->has_graph) return fail(state, broken);
    state->has_graph = true;
    state->graph = in;
    while (more(&in)) {
        bool is_good = true;

        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.wire != 2) continue;
        if (item.number == 1)
            is_good = read_node(state, item.bytes);
        else if (item.number == 5)
            is_good = read_tensor(state, item.bytes);
        else if (item.number == 11)
            is_good = read_input(state, item.bytes);
        else if (item.number == 12)
            is_good = read_output(state, item.bytes);
        if (!is_good) return false;
    }
    return true;
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static bool same(const reader *a, const reader *b)
{
    const size_t length = (size_t)(a->end - a->at);

    return length == (size_t)(b->end - b->at) && memcmp(a->at, b->at, length) == 0;
}

/* True when a message has a string field of that number with that content. */
static bool has_string(reader in, uint32_t number, const reader *text)
{
    field item;

    while (more(&in)) {
        if (!read_field(&in, &item)) return false;
        if (item.number == number && item.wire == 2 && same(&item.bytes, text)) return true;
    }
    return false;
}

/* A name is made by an input of the graph, by weights anywhere in it, or by a node before `limit`. */
static bool is_made(const walk *state, const reader *name, const uint8_t *limit)
{
    reader in = state->graph;
    field item;

    while (more(&in)) {
        if (!read_field(&in, &item)) return false;
        if (item.wire != 2) continue;
        if (item.number == 1 && item.bytes.at < limit && has_string(item.bytes, 2, name)) return true;
        if (item.number == 5 && has_string(item.bytes, 8, name)) return true;
        if (item.number == 11 && has_string(item.bytes, 1, name)) return true;
    }
    return false;
}

static bool check_node_names(const walk *state, reader node)
{
    const uint8_t *start = node.at;
    field item;

    while (more(&node)) {
        if (!read_field(&node, &item)) return false;
        /* An empty name stands for an input that is left out. */
        if (item.number == 1 && item.wire == 2 && more(&item.bytes) && !is_made(state, &item.bytes, start))
            return false;
    }
    return true;
}

static bool check_output(const walk *state, const char *name)
{
    const reader text = {(const uint8_t *)name, (const uint8_t *)name + strlen(name)};

    return is_made(state, &text, state->graph.end);
}

/* Every input of a node and both outputs must come from somewhere; the importer prints when one does not. */
static bool check_names(walk *state)
{
    reader in = state->graph;
    field item;
    bool is_good = check_output(state, state->facts->scores_name) && check_output(state, state->facts->boxes_name);

    while (is_good && more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 1 && item.wire == 2) is_good = check_node_names(state, item.bytes);
    }
    return is_good || fail(state, "the model uses a value that nothing in it makes");
}

static bool read_model(walk *state, reader in)
{
    field item;

    while (more(&in)) {
        if (!read_field(&in, &item)) return fail(state, broken);
        if (item.number == 7 && (item.wire != 2 || !read_graph(state, item.bytes)))
            return state->reason != NULL ? false : fail(state, broken);
    }
    if (!state->has_graph || state->node_count == 0 || !state->has_input) return fail(state, broken);
    if (state->score_rows == 0 || state->score_rows != state->box_rows)
        return fail(state, "the model's outputs are not one [1,N,2] and one [1,N,4]");
    state->facts->prior_count = state->score_rows;
    return check_names(state);
}

const char *vl_onnx_read_facts(const void *onnx, size_t onnx_bytes, vl_onnx_facts *facts)
{
    walk state = {.facts = facts};
    reader in = {onnx, (const uint8_t *)onnx + onnx_bytes};

    memset(facts, 0, sizeof *facts);
    if (onnx_bytes == 0) return "the model file is empty";
    return read_model(&state, in) ? NULL : state.reason;
}
