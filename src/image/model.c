/*
 * Loading the face network. An altered network finds nothing and says nothing, so the embedded one is pinned here by its
 * SHA-256, a file by the caller's, and both must find the known face afterwards (detector.c).
 */
#include "image/model.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef VEIL_HAS_EMBEDDED_MODEL
/* src/image/model/face_pilot.onnx, put there by CMakeLists.txt; its pin changes with the file, in the same commit. */
extern const uint8_t vl_embedded_model_begin[];
extern const uint8_t vl_embedded_model_end[];
#define EMBEDDED_SHA256 "2fc8202d5011ff38518df36dd7d5615345f8f02ee657cda3e45dee2fe756859d"
#define EMBEDDED_NAME   "face_pilot (embedded, sha256 2fc8202d5011)"
#endif

/*
 * Scores at which a network is used when the caller names none. face_pilot: from its own report (model/README.md). The
 * published networks: measured on 385 photos, where 0.7 leaves 0.09 to 0.10 stray boxes of 40 px and more a photo and finds
 * .82 (slim-320), .87 (RFB-320), .86 (RFB-640) of the faces of that size.
 * In profile ACCURACY face_pilot runs at 640x480 from 0.6 on: .945 of those faces, against .906 at 320x240 from 0.73 on.
 */
#define PILOT_SCORE          0.73F
#define PILOT_ACCURACY_SCORE 0.6F
#define PUBLISHED_SCORE      0.7F

#define PILOT_WIDTH  320u
#define PILOT_HEIGHT 240u

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
    return check_pin(runtime, model, EMBEDDED_SHA256, error);
#else
    (void)runtime, (void)model;
    return vl_error_set(error, VEIL_ERR_MODEL, 0, "this build embeds no network: model_path is required");
#endif
}

/* ---- The embedded network at twice its size ----------------------------------------------------------------------- */

/* A piece of the file and what takes its place. Each occurs exactly once. */
typedef struct patch {
    uint8_t from[16];
    uint8_t to[16];
    size_t bytes;
} patch;

static bool patch_once(uint8_t *onnx, size_t onnx_bytes, const patch *p)
{
    uint8_t *at = memmem(onnx, onnx_bytes, p->from, p->bytes);

    if (at == NULL || memmem(at + 1, onnx_bytes - (size_t)(at + 1 - onnx), p->from, p->bytes) != NULL) return false;
    memcpy(at, p->to, p->bytes);
    return true;
}

/*
 * face_pilot is convolutions, so it runs at any size; only four places of its file name one: the two sides of the input (as
 * varints behind the tag 08) and the targets of its two upsamplings (rows and columns as 64-bit numbers).
 */
static veil_status double_input(const vl_runtime *runtime, vl_face_model *model, veil_error *error)
{
    static const patch patches[] = {
        {{0x08, 0xF0, 0x01}, {0x08, 0xE0, 0x03}, 3}, /* height 240 to 480 */
        {{0x08, 0xC0, 0x02}, {0x08, 0x80, 0x05}, 3}, /* width 320 to 640 */
        {{30, 0, 0, 0, 0, 0, 0, 0, 40}, {60, 0, 0, 0, 0, 0, 0, 0, 80}, 16},
        {{15, 0, 0, 0, 0, 0, 0, 0, 20}, {30, 0, 0, 0, 0, 0, 0, 0, 40}, 16},
    };

    model->owned = vl_alloc(&runtime->allocator, model->onnx_bytes);
    if (model->owned == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the model");
    memcpy(model->owned, model->onnx, model->onnx_bytes);
    model->onnx = model->owned;
    for (size_t i = 0; i < sizeof patches / sizeof patches[0]; i++) {
        if (!patch_once(model->owned, model->onnx_bytes, &patches[i]))
            return vl_error_set(error, VEIL_ERR_MODEL, 0, "the embedded network is not the one this build knows");
    }
    model->is_doubled = true;
    return VEIL_OK;
}

static veil_status read_and_pin(const veil_config *config, const vl_runtime *runtime, vl_face_model *model,
                                veil_error *error)
{
    const bool has_path = config->model_path != NULL;
    veil_status status;

    status = has_path ? read_file(runtime, config->model_path, model, error) : take_embedded(runtime, model, error);
    if (status != VEIL_OK) return status;
    if (!has_path && config->profile == VEIL_PROFILE_ACCURACY) return double_input(runtime, model, error);
    if (config->model_sha256 != NULL) return check_pin(runtime, model, config->model_sha256, error);
    if (has_path) vl_log(runtime, VEIL_LOG_WARNING, "the face model file is not pinned: set model_sha256");
    return VEIL_OK;
}

static veil_status read_facts(const vl_runtime *runtime, vl_face_model *model, veil_error *error)
{
    const char *reason = vl_onnx_read_facts(model->onnx, model->onnx_bytes, &model->facts);

    if (reason != NULL) return vl_error_set(error, VEIL_ERR_MODEL, 0, "%s", reason);
    if (model->is_doubled) /* the outputs' declared shapes are still the old ones; nobody reads them */
        model->facts.prior_count = vl_priors_count(2 * PILOT_WIDTH, 2 * PILOT_HEIGHT);
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

void vl_face_model_use(vl_face_model *model, vl_box_coding coding)
{
    model->coding = coding;
    model->operating_score = PUBLISHED_SCORE;
    if (coding == VL_BOXES_PILOT) model->operating_score = model->is_doubled ? PILOT_ACCURACY_SCORE : PILOT_SCORE;
    vl_priors_make(coding, model->facts.width, model->facts.height, model->priors);
}

const char *vl_face_model_embedded_name(void)
{
#ifdef VEIL_HAS_EMBEDDED_MODEL
    return EMBEDDED_NAME;
#else
    return "";
#endif
}
