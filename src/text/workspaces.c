/* Workspaces: made at creation, handed out without a lock, made on demand where the configuration lets the pool grow. */
#include <stdatomic.h>

#include "text/ciphers.h"
#include "text/engine.h"

#define GROWN_MAX 4096u

static void destroy_one(const vl_text_engine *engine, vl_workspace *workspace)
{
    if (workspace == NULL) return;
    vl_ciphers_destroy(workspace->ciphers);
    vl_secrets_scratch_destroy(workspace->secrets, &engine->runtime->allocator);
    vl_custom_scratch_destroy(workspace->custom);
    vl_secret_pages_free(workspace, sizeof *workspace);
}

static veil_status create_one(const vl_text_engine *engine, vl_workspace **out)
{
    const vl_runtime *runtime = engine->runtime;
    vl_workspace *workspace = vl_secret_pages(sizeof *workspace);
    *out = NULL;
    if (workspace == NULL) return VEIL_ERR_NO_MEMORY;
    veil_status status = vl_secrets_scratch_create(engine->secrets, &runtime->allocator, &workspace->secrets);
    if (status == VEIL_OK) status = vl_custom_scratch_create(engine->custom, &workspace->custom);
    if (status == VEIL_OK && engine->cipher_keys != NULL)
        status = vl_ciphers_create(&runtime->allocator, runtime->crypto, engine->cipher_keys, &workspace->ciphers);
    if (status != VEIL_OK) {
        destroy_one(engine, workspace);
        return status;
    }
    *out = workspace;
    return VEIL_OK;
}

veil_status vl_workspaces_create(vl_text_engine *engine, uint32_t count, veil_error *error)
{
    const vl_allocator *allocator = &engine->runtime->allocator;
    uint32_t capacity = engine->may_grow && count < GROWN_MAX ? GROWN_MAX : count;
    engine->workspaces = vl_alloc_zero(allocator, capacity, sizeof *engine->workspaces);
    if (engine->workspaces == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text workspaces");
    engine->capacity = capacity;
    veil_status status = vl_slots_create(allocator, capacity, count, &engine->slots);
    for (uint32_t i = 0; i < count && status == VEIL_OK; i++) {
        vl_workspace *workspace;
        status = create_one(engine, &workspace);
        atomic_store_explicit(&engine->workspaces[i], workspace, memory_order_relaxed);
    }
    return status == VEIL_OK ? VEIL_OK : vl_error_set(error, status, 0, "text workspaces");
}

void vl_workspaces_destroy(vl_text_engine *engine)
{
    if (engine->workspaces == NULL) return;
    for (uint32_t i = 0; i < engine->capacity; i++)
        destroy_one(engine, atomic_load_explicit(&engine->workspaces[i], memory_order_relaxed));
    vl_slots_destroy(engine->slots);
    vl_free(&engine->runtime->allocator, engine->workspaces, engine->capacity * sizeof *engine->workspaces);
}

/* The slot's holder alone touches its entry; the slot pool orders one holder's writes before the next one's reads. */
veil_status vl_workspace_take(const vl_text_engine *engine, uint32_t *slot, vl_workspace **out)
{
    *slot = vl_slots_take(engine->slots);
    if (*slot == VL_SLOT_NONE && engine->may_grow) *slot = vl_slots_grow(engine->slots);
    if (*slot == VL_SLOT_NONE) return VEIL_ERR_BUSY;
    *out = atomic_load_explicit(&engine->workspaces[*slot], memory_order_acquire);
    if (*out != NULL) return VEIL_OK;
    veil_status status = create_one(engine, out);
    atomic_store_explicit(&engine->workspaces[*slot], *out, memory_order_release);
    if (status != VEIL_OK) vl_slots_give(engine->slots, *slot);
    return status;
}

void vl_workspace_give(const vl_text_engine *engine, uint32_t slot)
{
    vl_slots_give(engine->slots, slot);
}
