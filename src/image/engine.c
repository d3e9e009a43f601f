/*
 * Life cycle of the image engine: network, proof, workspaces, caches. Everything after creation is read-only but for the
 * workspaces, each of which has one user at a time, and the caches, which have their own locks.
 */
#include "image/engine.h"

#include <string.h>

#include "core/clock.h"
#include "image/codes.h"

/* Something is looked for in pixels, whose answer can be remembered. */
static bool detects(const vl_image_engine *engine)
{
    return engine->policy.has_faces || engine->policy.has_qr || engine->policy.has_bars || engine->policy.has_ocr;
}

static veil_status make_workspace(const vl_image_engine *engine, vl_image_workspace **out, veil_error *error)
{
    const vl_workspace_plan plan = {
        .model = engine->policy.has_faces ? &engine->model : NULL,
        .ocr = engine->policy.has_ocr ? &engine->ocr : NULL,
        .text = engine->policy.text,
        .is_cached = detects(engine),
    };

    return vl_image_workspace_create(engine->runtime, &plan, &engine->config, out, error);
}

/* The first instance also tells how the network codes its boxes, and so its operating score. */
static veil_status prove(vl_image_engine *engine, uint32_t index, veil_error *error)
{
    vl_detector *detector = &engine->workspaces[index]->detector;
    veil_status status = VEIL_OK;

    if (!engine->policy.has_faces) return VEIL_OK;
    if (index == 0) {
        status = vl_detector_identify(detector, &engine->model, error);
        if (engine->policy.min_score <= 0) engine->policy.min_score = engine->model.operating_score;
    }
    if (status == VEIL_OK) status = vl_detector_prove(detector, engine->policy.min_score, error);
    vl_image_workspace_wipe(engine->workspaces[index]);
    return status;
}

static veil_status make_workspaces(vl_image_engine *engine, veil_error *error)
{
    const uint32_t count = engine->config.image_workspaces;
    const vl_allocator *allocator = &engine->runtime->allocator;
    veil_status status = vl_slots_create(allocator, VL_IMAGE_WORKSPACES_MAX, count, &engine->slots);

    engine->workspaces = vl_alloc_zero(allocator, VL_IMAGE_WORKSPACES_MAX, sizeof *engine->workspaces);
    if (status == VEIL_OK && engine->workspaces == NULL) status = VEIL_ERR_NO_MEMORY;
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no memory for the image workspaces");
    for (uint32_t i = 0; i < count && status == VEIL_OK; i++) {
        status = make_workspace(engine, &engine->workspaces[i], error);
        if (status == VEIL_OK) status = prove(engine, i, error);
    }
    return status;
}

static veil_status make_caches(vl_image_engine *engine, veil_error *error)
{
    const uint32_t entries = engine->config.cache_entries;
    veil_status status;

    if (entries == 0 || !detects(engine)) return VEIL_OK;
    status = vl_cache_create(&engine->runtime->allocator, entries, sizeof(vl_cached_picture), &engine->exact);
    if (status == VEIL_OK && engine->policy.has_faces && engine->config.near_duplicates != 0)
        status = vl_near_cache_create(engine->runtime, entries, engine->model.facts.width, engine->model.facts.height,
                                      &engine->near);
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "no memory for the image cache");
}

static veil_status build(vl_image_engine *engine, const veil_config *config, const vl_text_engine *text,
                         veil_error *error)
{
    veil_status status = vl_image_policy_make(config, text, &engine->runtime->allocator, &engine->policy, error);

    if (config->ocr != NULL) engine->ocr = *config->ocr;
    if (status == VEIL_OK && engine->policy.has_faces)
        status = vl_face_model_load(config, engine->runtime, &engine->model, error);
    if (status == VEIL_OK) status = make_workspaces(engine, error);
    if (status == VEIL_OK && (engine->policy.has_qr || engine->policy.has_bars))
        status = vl_codes_prove(engine->runtime->pool, error);
    if (status == VEIL_OK) status = make_caches(engine, error);
    return status;
}

/* The caller's pointers end with the create call. */
static veil_config numbers_of(const veil_config *config)
{
    veil_config numbers = *config;

    numbers.language = NULL;
    numbers.entities = NULL;
    numbers.exclude = NULL;
    numbers.operators = NULL;
    numbers.effects = NULL;
    numbers.key = NULL;
    numbers.model_path = NULL;
    numbers.model_sha256 = NULL;
    numbers.ocr = NULL;
    return numbers;
}

veil_status vl_image_engine_create(const veil_config *config, const vl_runtime *runtime, const vl_text_engine *text,
                                   vl_image_engine **out, veil_error *error)
{
    vl_image_engine *engine;
    veil_status status;

    *out = NULL;
    if (config->image_workspaces == 0 || config->image_workspaces > VL_IMAGE_WORKSPACES_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "image_workspaces is %u; it goes from 1 to %u",
                            config->image_workspaces, VL_IMAGE_WORKSPACES_MAX);
    engine = vl_alloc_zero(&runtime->allocator, 1, sizeof *engine);
    if (engine == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the image engine");
    engine->runtime = runtime;
    engine->config = numbers_of(config);
    engine->limits.max_bytes = config->max_image_bytes;
    engine->limits.max_pixels = config->max_image_pixels;
    status = build(engine, config, text, error);
    if (status != VEIL_OK)
        vl_image_engine_destroy(engine);
    else
        *out = engine;
    return status;
}

void vl_image_engine_destroy(vl_image_engine *engine)
{
    const vl_runtime *runtime;

    if (engine == NULL) return;
    runtime = engine->runtime;
    for (uint32_t i = 0; engine->workspaces != NULL && i < VL_IMAGE_WORKSPACES_MAX; i++)
        vl_image_workspace_destroy(engine->workspaces[i]);
    vl_free(&runtime->allocator, engine->workspaces, VL_IMAGE_WORKSPACES_MAX * sizeof(*engine->workspaces));
    vl_slots_destroy(engine->slots);
    vl_cache_destroy(engine->exact);
    vl_near_cache_destroy(engine->near);
    vl_face_model_release(runtime, &engine->model);
    vl_image_policy_release(&engine->policy, &runtime->allocator);
    vl_free(&runtime->allocator, engine, sizeof *engine);
}

/* ---- Workspaces -------------------------------------------------------------------------------------------------- */

/* Only the holder of the slot gets here, so nobody else looks at the entry. */
static veil_status grow(const vl_image_engine *engine, uint32_t slot, veil_error *error)
{
    vl_image_workspace *made;
    veil_status status = make_workspace(engine, &made, error);

    if (status == VEIL_OK && engine->policy.has_faces) {
        status = vl_detector_prove(&made->detector, engine->policy.min_score, error);
        vl_image_workspace_wipe(made);
        if (status != VEIL_OK) vl_image_workspace_destroy(made);
    }
    /* The file proved itself at creation; that it cannot be loaded again is no fault of the file. */
    if (status == VEIL_ERR_MODEL) return vl_error_set(error, VEIL_ERR_INTERNAL, 0, "one more network instance failed");
    if (status == VEIL_OK) engine->workspaces[slot] = made;
    return status;
}

veil_status vl_image_workspace_take(const vl_image_engine *engine, uint32_t *slot, vl_image_workspace **out,
                                    veil_error *error)
{
    veil_status status = VEIL_OK;

    *out = NULL;
    *slot = vl_slots_take(engine->slots);
    if (*slot == VL_SLOT_NONE && engine->config.pool_policy == VEIL_POOL_GROW) *slot = vl_slots_grow(engine->slots);
    if (*slot == VL_SLOT_NONE) return vl_error_set(error, VEIL_ERR_BUSY, 0, "every image workspace is in use");
    if (engine->workspaces[*slot] == NULL) status = grow(engine, *slot, error);
    if (status != VEIL_OK) {
        vl_slots_give(engine->slots, *slot); /* whoever takes it next tries again */
        return status;
    }
    *out = engine->workspaces[*slot];
    return VEIL_OK;
}

void vl_image_workspace_give(const vl_image_engine *engine, uint32_t slot)
{
    vl_image_workspace_wipe(engine->workspaces[slot]);
    vl_slots_give(engine->slots, slot);
}

/* ---- Small answers ----------------------------------------------------------------------------------------------- */

void vl_image_cache_stats(const vl_image_engine *engine, vl_cache_stats *stats)
{
    memset(stats, 0, sizeof *stats);
    if (engine->exact != NULL) vl_cache_stats_read(engine->exact, stats);
}

/* The secret in the runtime is a new one; hashers keep a copy of the old. One that cannot be made again is dropped, and its
 * workspace works without a cache. Calls that other threads had in progress are gone with them. */
void vl_image_engine_after_fork(vl_image_engine *engine)
{
    const vl_allocator *allocator = &engine->runtime->allocator;

    if (engine->exact != NULL) vl_cache_after_fork(engine->exact);
    if (engine->near != NULL) vl_near_cache_after_fork(engine->near);
    for (uint32_t i = 0; i < VL_IMAGE_WORKSPACES_MAX; i++) {
        vl_image_workspace *workspace = engine->workspaces[i];

        if (workspace == NULL || workspace->hasher == NULL) continue;
        vl_hasher_destroy(workspace->hasher);
        workspace->hasher = NULL;
        (void)vl_hasher_create(allocator, engine->config.cache_hash, engine->runtime->hash_secret, &workspace->hasher);
    }
}

veil_status vl_image_engine_has(const vl_image_engine *engine, const char *entity)
{
    if (strcmp(entity, "FACE") == 0) return engine->policy.has_faces ? 1 : 0;
    if (vl_codes_are_built() && strcmp(entity, "QR_CODE") == 0) return engine->policy.has_qr ? 1 : 0;
    if (vl_codes_are_built() && strcmp(entity, "BARCODE") == 0) return engine->policy.has_bars ? 1 : 0;
    if (strcmp(entity, "REGION") == 0) return engine->policy.has_regions ? 1 : 0;
    return VEIL_ERR_INVALID_ARGUMENT;
}
