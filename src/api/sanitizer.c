/*
 * Life cycle of the handle: services first, then engines, then workers; taken down in the opposite order, also when creation
 * fails half way. Everything that fails here gives a reason and leaves nothing behind.
 */
#include "sanitizer.h"

#include <string.h>
#include <unistd.h>

#include "check.h"
#include "config.h"

#define SECRET_BYTES (VL_HASH_SECRET_BYTES + (size_t)VL_KEY_MAX_BYTES)

static veil_status no_memory(veil_error *error, const char *what)
{
    return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for %s", what);
}

/* Hash secret and key live in pages that are neither dumped nor swapped where the system allows it. */
static veil_status make_secrets(veil_sanitizer *s, veil_error *error)
{
    s->secrets = vl_secret_pages(SECRET_BYTES);
    if (s->secrets == NULL) return no_memory(error, "the secrets");
    uint8_t *bytes = s->secrets;
    const veil_status status = vl_random_bytes(bytes, VL_HASH_SECRET_BYTES);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "the system gave no random bytes");
    s->runtime.hash_secret = bytes;
    if (s->config.key != NULL) {
        memcpy(bytes + VL_HASH_SECRET_BYTES, s->config.key, s->config.key_bytes);
        s->config.key = bytes + VL_HASH_SECRET_BYTES;
    }
    return VEIL_OK;
}

/*
 * Buffers that engines borrow for what does not fit their workspaces: decoded pictures (640x480 in 3 channels takes 0.9 MiB,
 * 1280x960 3.6 MiB), long transcripts. Text works in its workspaces alone, so a sanitizer for text reserves next to nothing.
 * Where the pool must not grow, a call holds four at a time: what was decoded, its copy without alpha, the plane for codes, a turned part.
 */
static veil_status make_pool(veil_sanitizer *s, veil_error *error)
{
    const veil_config *c = &s->config;
    const uint32_t small = c->text_workspaces < 4 ? c->text_workspaces : 4;
    vl_pool_class classes[4] = {{4096, small}, {65536, small}};
    size_t count = 2;
    if ((c->modalities & VEIL_MODALITY_IMAGE) != 0) {
        const uint32_t calls = c->image_workspaces < 2 ? c->image_workspaces : 2;
        const uint32_t large = c->pool_policy == VEIL_POOL_BUSY ? 4 * calls : calls;
        classes[count++] = (vl_pool_class){(size_t)1 << 20, large};
        classes[count++] = (vl_pool_class){(size_t)4 << 20, large};
    }
    if (vl_pool_create(&s->runtime.allocator, classes, count, c->pool_policy, &s->runtime.pool) != VEIL_OK)
        return no_memory(error, "the buffer pool");
    return VEIL_OK;
}

static veil_status make_services(veil_sanitizer *s, veil_error *error)
{
    s->runtime.kernels = vl_kernels_for(s->config.cpu_level);
    if (s->runtime.kernels == NULL)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "config.cpu_level asks for %s; this machine has %s",
                            vl_cpu_name(s->config.cpu_level), vl_cpu_name(vl_cpu_best()));
    veil_status status = make_secrets(s, error);
    if (status != VEIL_OK) return status;
    if (vl_metrics_create(&s->runtime.allocator, s->config.metrics, &s->runtime.metrics) != VEIL_OK)
        return no_memory(error, "the metrics");
    status = vl_crypto_create(&s->runtime.allocator, &s->runtime.crypto, error);
    if (status != VEIL_OK) return status;
    return make_pool(s, error);
}

static veil_status make_engines(veil_sanitizer *s, veil_error *error)
{
    veil_status status = VEIL_OK;
    if ((s->config.modalities & (VEIL_MODALITY_TEXT | VEIL_MODALITY_AUDIO)) != 0 || s->config.ocr != NULL)
        status = vl_text_engine_create(&s->config, &s->runtime, &s->text, error);
#if VEIL_HAS_IMAGE
    if (status == VEIL_OK && (s->config.modalities & VEIL_MODALITY_IMAGE) != 0)
        status = vl_image_engine_create(&s->config, &s->runtime, s->text, &s->image, error);
#endif
#if VEIL_HAS_AUDIO
    if (status == VEIL_OK && (s->config.modalities & VEIL_MODALITY_AUDIO) != 0)
        status = vl_audio_engine_create(&s->config, &s->runtime, s->text, &s->audio, error);
#endif
    return status;
}

static veil_status make_workers(veil_sanitizer *s, veil_error *error)
{
    if (s->config.worker_count == 0) return VEIL_OK;
    veil_status status = vl_batches_create(s);
    if (status == VEIL_OK)
        status = vl_workers_create(&s->runtime.allocator, s->config.worker_count, s->config.queue_capacity, vl_work_run,
                                   s, &s->workers);
    if (status != VEIL_OK) vl_error_set(error, status, 0, "%u workers could not be started", s->config.worker_count);
    return status;
}

/* What the caller lent ends with creation; the key was moved to our own pages. */
static void forget_borrowed(veil_config *config)
{
    config->language = NULL;
    config->entities = NULL;
    config->exclude = NULL;
    config->operators = NULL;
    config->effects = NULL;
    config->ocr = NULL;
    config->recognizers = NULL;
    config->allow = NULL;
    config->asr = NULL;
    config->model_path = NULL;
    config->model_sha256 = NULL;
}

static veil_status create(const veil_config *config, veil_sanitizer **out, veil_error *error)
{
    const vl_allocator allocator = vl_allocator_from_config(config);
    veil_sanitizer *s = vl_alloc_zero(&allocator, 1, sizeof *s);
    if (s == NULL) return no_memory(error, "the sanitizer");
    s->config = *config;
    s->pid = getpid();
    s->runtime.allocator = allocator;
    s->runtime.log = config->log;
    s->runtime.log_user = config->log_user;
    veil_status status = make_services(s, error);
    if (status == VEIL_OK) status = make_engines(s, error);
    if (status == VEIL_OK) status = make_workers(s, error);
    if (status != VEIL_OK) {
        vl_log(&s->runtime, VEIL_LOG_ERROR, "sanitizer not created: %s", veil_status_string(status));
        veil_sanitizer_destroy(s);
        return status;
    }
    forget_borrowed(&s->config);
    vl_log(&s->runtime, VEIL_LOG_INFO, "sanitizer created: modalities 0x%x, %s, %u workers", s->config.modalities,
           vl_cpu_name(s->runtime.kernels->level), s->config.worker_count);
    *out = s;
    return VEIL_OK;
}

veil_status veil_sanitizer_create(const veil_config *config, veil_sanitizer **out, veil_error *error)
{
    if (out != NULL) *out = NULL;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (out == NULL) return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "out is NULL");
    veil_config copy;
    veil_status status = VEIL_OK;
    if (config == NULL)
        vl_config_defaults(&copy);
    else
        status = vl_config_copy(config, &copy, error);
    if (status == VEIL_OK) status = vl_config_check(&copy, error);
    if (status == VEIL_OK) status = create(&copy, out, error);
    vl_error_end(error, status);
    return status;
}

/* Threads do not cross a fork: what they held is not coming back, and submit answers UNSUPPORTED from now on. */
static void drop_workers(veil_sanitizer *s)
{
    if (s->workers != NULL) vl_workers_after_fork(s->workers);
    vl_workers_destroy(s->workers);
    s->workers = NULL;
    vl_batches_after_fork(s);
    s->pid = getpid();
}

void veil_sanitizer_destroy(veil_sanitizer *sanitizer)
{
    veil_sanitizer *s = sanitizer;
    if (s == NULL) return;
    if (s->pid != getpid()) drop_workers(s);
    vl_workers_destroy(s->workers);
    vl_batches_destroy(s);
#if VEIL_HAS_AUDIO
    vl_audio_engine_destroy(s->audio);
#endif
#if VEIL_HAS_IMAGE
    vl_image_engine_destroy(s->image);
#endif
    vl_text_engine_destroy(s->text);
    vl_pool_destroy(s->runtime.pool);
    vl_crypto_destroy(s->runtime.crypto);
    vl_metrics_destroy(s->runtime.metrics);
    if (s->secrets != NULL) {
        vl_wipe(s->secrets, SECRET_BYTES);
        vl_secret_pages_free(s->secrets, SECRET_BYTES);
    }
    const vl_allocator allocator = s->runtime.allocator;
    vl_wipe(s, sizeof *s);
    vl_free(&allocator, s, sizeof *s);
}

veil_status veil_sanitizer_after_fork(veil_sanitizer *sanitizer)
{
    veil_sanitizer *s = sanitizer;
    if (s == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    if (s->pid == getpid()) return VEIL_OK; /* not a child, or done before: secrets may be in use */
    drop_workers(s);
    if (vl_random_bytes(s->secrets, VL_HASH_SECRET_BYTES) != VEIL_OK) return VEIL_ERR_INTERNAL;
#if VEIL_HAS_IMAGE
    if (s->image != NULL) vl_image_engine_after_fork(s->image);
#endif
    return VEIL_OK;
}
