/*
 * Loading the face network. An altered network finds nothing and says nothing, so the embedded one is pinned here by its
 * SHA-256, a file by the caller's, and both must find the known face afterwards (detector.c).
 */
#include "image/model.h"
#include "image/model/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef VEIL_HAS_EMBEDDED_MODEL
/* src/image/model/face_ssd.onnx, put there by CMakeLists.txt. */
extern const uint8_t vl_embedded_model_begin[];
extern const uint8_t vl_embedded_model_end[];
#endif

/*
 * Scores at which a network is used when the caller names none: where it leaves 0.1 to 0.2 stray boxes a photo
 * (bench/face_accuracy.py, docs/accuracy.md). face_ssd can have another at each input size.
 */
#define PUBLISHED_SCORE 0.7F

typedef struct operating_point {
    uint64_t pixels; /* inputs of at most so many */
    float score;
} operating_point;

static const operating_point operating_points[] = {
    {UINT64_C(320) * 240, 0.57F},
    {UINT64_MAX, 0.55F},
};

/* What the embedded file says about its input. */
#define FILE_WIDTH  320u
#define FILE_HEIGHT 240u

#define SHA256_BYTES 32u

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_pin(const char *hex, uint8_t out[SHA256_BYTES])
{
    size_t i;

    for (i = 0; i < SHA256_BYTES; i++) {
        const int high = hex_digit(hex[2 * i]);
        const int low = high < 0 ? -1 : hex_digit(hex[2 * i + 1]);

        if (low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return hex[2 * SHA256_BYTES] == 0;
}

static veil_status check_pin(const vl_runtime *runtime, const vl_face_model *model, const char *hex, veil_error *error)
{
    uint8_t wanted[SHA256_BYTES];
    uint8_t found[SHA256_BYTES];
    veil_status status;

    if (!parse_pin(hex, wanted))
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "model_sha256 is not 64 hex digits");
    status = vl_sha256(runtime->crypto, model->onnx, model->onnx_bytes, found);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "SHA-256 of the model failed");
    if (memcmp(wanted, found, SHA256_BYTES) != 0)
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model's SHA-256 is not the pinned one");
    return VEIL_OK;
}

static bool read_all(int fd, uint8_t *out, size_t bytes)
{
    size_t done = 0;

    while (done < bytes) {
        const ssize_t got = read(fd, out + done, bytes - done);

        if (got == 0 || (got < 0 && errno != EINTR)) return false;
        if (got > 0) done += (size_t)got;
    }
    return true;
}

static veil_status read_open_file(const vl_runtime *runtime, int fd, vl_face_model *model, veil_error *error)
{
    struct stat info;

    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model is not a regular file");
    if (info.st_size <= 0 || info.st_size > (off_t)VL_MODEL_FILE_MAX)
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model file is empty or larger than %u bytes",
                            VL_MODEL_FILE_MAX);
    model->onnx_bytes = (size_t)info.st_size;
    model->owned = vl_alloc(&runtime->allocator, model->onnx_bytes);
    if (model->owned == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the model file");
    model->onnx = model->owned;
    if (!read_all(fd, model->owned, model->onnx_bytes))
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model file could not be read");
    return VEIL_OK;
}

static veil_status read_file(const vl_runtime *runtime, const char *path, vl_face_model *model, veil_error *error)
{
    /* Non-blocking, so that a pipe in the place of the file cannot hold creation up. */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    veil_status status;

    if (fd < 0) return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model file could not be opened (errno %d)", errno);
    status = read_open_file(runtime, fd, model, error);
    close(fd);
    return status;
}

static veil_status take_embedded(const vl_runtime *runtime, vl_face_model *model, veil_error *error)
{
#ifdef VEIL_HAS_EMBEDDED_MODEL
    model->onnx = vl_embedded_model_begin;
    model->onnx_bytes = (size_t)(vl_embedded_model_end - vl_embedded_model_begin);
    return check_pin(runtime, model, VL_EMBEDDED_SHA256, error);
#else
    (void)runtime, (void)model;
    return vl_error_set(error, VEIL_ERR_MODEL, 0, "this build embeds no network: model_path is required");
#endif
}

/* ---- The embedded network at other sizes -------------------------------------------------------------------------- */

/* A piece of the file and what takes its place. Each occurs exactly once. */
typedef struct patch {
    uint8_t from[16];
    uint8_t to[16];
    size_t bytes;
} patch;

/* Looked for in the file as it was, written into the copy: a new number may look like an old one. */
static bool patch_all(vl_face_model *model, const patch *patches, size_t count)
{
    const uint8_t *end = model->onnx + model->onnx_bytes;

    for (size_t i = 0; i < count; i++) {
        const patch *p = &patches[i];
        const uint8_t *at = memmem(model->onnx, model->onnx_bytes, p->from, p->bytes);

        if (at == NULL || memmem(at + 1, (size_t)(end - at - 1), p->from, p->bytes) != NULL) return false;
        memcpy(model->owned + (at - model->onnx), p->to, p->bytes);
    }
    return true;
}

/* A side of the input: tag 08 and a varint, which has two bytes for every side from 128 to 16,383. */
static void put_side(uint8_t out[16], uint32_t side)
{
    out[0] = 0x08;
    out[1] = (uint8_t)(side | 0x80);
    out[2] = (uint8_t)(side >> 7);
}

static patch side_patch(uint32_t from, uint32_t to)
{
    patch p = {{0}, {0}, 3};

    put_side(p.from, from);
    put_side(p.to, to);
    return p;
}

/* Rows or columns of a map, a 64-bit number, lowest byte first. */
static void put_cells(uint8_t *out, uint32_t side, uint32_t stride)
{
    const uint32_t cells = (side + stride - 1) / stride;

    out[0] = (uint8_t)cells;
    out[1] = (uint8_t)(cells >> 8);
}

static patch map_patch(uint32_t width, uint32_t height, uint32_t stride)
{
    patch p = {{0}, {0}, 16};

    put_cells(p.from, FILE_HEIGHT, stride);
    put_cells(p.from + 8, FILE_WIDTH, stride);
    put_cells(p.to, height, stride);
    put_cells(p.to + 8, width, stride);
    return p;
}

/*
 * face_ssd is convolutions, so it runs at any size; only four places of its file name one: the two sides of the input and the
 * maps that its two upsamplings give.
 */
static veil_status resize_input(const vl_runtime *runtime, uint32_t width, uint32_t height, vl_face_model *model,
                                veil_error *error)
{
    const patch patches[] = {
        side_patch(FILE_HEIGHT, height),
        map_patch(width, height, 8),
        map_patch(width, height, 16),
        side_patch(FILE_WIDTH, width),
    };

    if (width == FILE_WIDTH && height == FILE_HEIGHT) return VEIL_OK;
    model->owned = vl_alloc(&runtime->allocator, model->onnx_bytes);
    if (model->owned == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the model");
    memcpy(model->owned, model->onnx, model->onnx_bytes);
    if (!patch_all(model, patches, sizeof patches / sizeof patches[0]))
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the embedded network is not the one this build knows");
    model->onnx = model->owned;
    model->is_resized = true;
    return VEIL_OK;
}

static veil_status read_and_pin(const veil_config *config, const vl_runtime *runtime, vl_face_model *model,
                                veil_error *error)
{
    const bool has_path = config->model_path != NULL;
    veil_status status;

    status = has_path ? read_file(runtime, config->model_path, model, error) : take_embedded(runtime, model, error);
    if (status != VEIL_OK) return status;
    if (!has_path) return resize_input(runtime, config->face_input_width, config->face_input_height, model, error);
    if (config->model_sha256 != NULL) return check_pin(runtime, model, config->model_sha256, error);
    vl_log(runtime, VEIL_LOG_WARNING, "the face model file is not pinned: set model_sha256");
    return VEIL_OK;
}

static veil_status read_facts(const vl_runtime *runtime, vl_face_model *model, veil_error *error)
{
    const char *reason = vl_onnx_read_facts(model->onnx, model->onnx_bytes, &model->facts);

    if (reason != NULL) return vl_error_set(error, VEIL_ERR_MODEL, 0, "%s", reason);
    if (model->is_resized) /* the outputs' declared shapes are still the old ones; nobody reads them */
        model->facts.prior_count = vl_priors_count(model->facts.width, model->facts.height);
    if (model->facts.prior_count != vl_priors_count(model->facts.width, model->facts.height))
        return vl_error_set(error, VEIL_ERR_MODEL, 0, "the model gives %zu boxes where its input size has %zu priors",
                            model->facts.prior_count, vl_priors_count(model->facts.width, model->facts.height));
    model->priors = vl_alloc_zero(&runtime->allocator, model->facts.prior_count, sizeof *model->priors);
    if (model->priors == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the prior boxes");
    return VEIL_OK;
}

veil_status vl_face_model_load(const veil_config *config, const vl_runtime *runtime, vl_face_model *model,
                               veil_error *error)
{
    veil_status status;

    memset(model, 0, sizeof *model);
    model->has_tiles = config->face_tiles != 0;
    status = read_and_pin(config, runtime, model, error);
    if (status == VEIL_OK) status = read_facts(runtime, model, error);
    if (status != VEIL_OK) vl_face_model_release(runtime, model);
    return status;
}

void vl_face_model_release(const vl_runtime *runtime, vl_face_model *model)
{
    vl_free(&runtime->allocator, model->owned, model->onnx_bytes);
    vl_free(&runtime->allocator, model->priors, model->facts.prior_count * sizeof *model->priors);
    memset(model, 0, sizeof *model);
}

static float score_at(uint32_t width, uint32_t height)
{
    const operating_point *point = operating_points;

    while (point->pixels < (uint64_t)width * height)
        point++;
    return point->score;
}

void vl_face_model_use(vl_face_model *model, vl_box_coding coding)
{
    model->coding = coding;
    model->operating_score =
        coding == VL_BOXES_TALL ? score_at(model->facts.width, model->facts.height) : PUBLISHED_SCORE;
    vl_priors_make(coding, model->facts.width, model->facts.height, model->priors);
}

const char *vl_face_model_embedded_name(void)
{
#ifdef VEIL_HAS_EMBEDDED_MODEL
    return VL_EMBEDDED_NAME;
#else
    return "";
#endif
}
