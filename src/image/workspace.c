/* Workspaces: one mapping of secret pages for the struct and its region list, and the detector's own beside it. */
#include "image/workspace.h"

#include <string.h>

veil_status vl_image_workspace_create(const vl_runtime *runtime, const vl_workspace_plan *plan,
                                      const veil_config *config, vl_image_workspace **out, veil_error *error)
{
    const vl_face_model *model = plan->model;
    const size_t capacity = VL_CALLER_REGIONS_MAX + VL_POLYGONS_MAX * VL_POLYGON_STEPS + VL_MARKS_MAX +
                            (model != NULL ? model->facts.prior_count : 0);
    const size_t mark_bytes = VL_MARKS_MAX * sizeof(vl_mark);
    const size_t page_bytes = sizeof(vl_image_workspace) + mark_bytes + capacity * sizeof(vl_effect_region);
    vl_image_workspace *workspace = vl_secret_pages(page_bytes);
    veil_status status = VEIL_OK;

    *out = NULL;
    if (workspace == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for an image workspace");
    workspace->page_bytes = page_bytes;
    workspace->marks = (vl_mark_list){(vl_mark *)(workspace + 1), 0, VL_MARKS_MAX};
    workspace->regions = (vl_effect_region *)(workspace->marks.items + VL_MARKS_MAX);
    workspace->region_capacity = capacity;
    if (config->cache_entries > 0 && plan->is_cached) {
        status = vl_hasher_create(&runtime->allocator, config->cache_hash, runtime->hash_secret, &workspace->hasher);
        if (status != VEIL_OK) vl_error_set(error, status, 0, "no hasher for an image workspace");
    }
    if (status == VEIL_OK && workspace->hasher != NULL && model != NULL && config->near_duplicates != 0) {
        workspace->near = vl_near_scratch_create(model->facts.width, model->facts.height);
        if (workspace->near == NULL)
            status = vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for an image workspace");
    }
    if (status == VEIL_OK && model != NULL)
        status = vl_detector_create(runtime, model, &workspace->letterbox, &workspace->detector, error);
    if (status == VEIL_OK) status = vl_reader_open(&workspace->reader, plan->ocr, plan->text, runtime->pool, error);
    if (status != VEIL_OK)
        vl_image_workspace_destroy(workspace);
    else
        *out = workspace;
    return status;
}

void vl_image_workspace_destroy(vl_image_workspace *workspace)
{
    if (workspace == NULL) return;
    vl_reader_close(&workspace->reader);
    vl_detector_destroy(&workspace->detector);
    vl_hasher_destroy(workspace->hasher);
    vl_near_scratch_destroy(workspace->near);
    vl_secret_pages_free(workspace, workspace->page_bytes);
}

void vl_image_workspace_wipe(vl_image_workspace *workspace)
{
    vl_detector_wipe(&workspace->detector);
    if (workspace->near != NULL) vl_near_scratch_wipe(workspace->near);
    vl_wipe(&workspace->letterbox.sums, sizeof workspace->letterbox.sums);
    vl_wipe(&workspace->effects, sizeof workspace->effects);
    vl_wipe(&workspace->cached, sizeof workspace->cached);
    vl_wipe(workspace->marks.items, workspace->marks.count * sizeof *workspace->marks.items);
    workspace->marks.count = 0;
    vl_wipe(workspace->regions, workspace->regions_used * sizeof *workspace->regions);
    workspace->regions_used = 0;
    workspace->faces = NULL;
    workspace->face_count = 0;
}
