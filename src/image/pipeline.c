/*
 * A picture from checks to written pixels:
 *
 *   request -> workspace -> [exact cache] -> letterbox -> network -> NMS -> regions with margin -> effects -> result
 *
 * The cache remembers boxes; effects are always computed from this picture's own pixels. Between stages the deadline is
 * looked at. From the moment the work starts, a failure of a redaction zeroes the whole picture.
 */
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "image/engine.h"

static veil_status check_deadline(const vl_image_request *request, veil_error *error)
{
    if (!vl_deadline_passed(request->deadline_ns)) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed");
}

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

/* One search: what is looked for, in what, and where an answer would be remembered. */
typedef struct search {
    const vl_image_engine *engine;
    vl_image_workspace *workspace;
    const vl_image_request *request;
    const vl_image_view *view;
    vl_hash128 key;
    vl_picture_head near_head;
    bool uses_exact;
    bool uses_near;
} search;

static void use_cached(vl_image_workspace *workspace)
{
    workspace->faces = workspace->cached.faces;
    workspace->face_count = workspace->cached.count;
}

static bool find_near(search *s, const vl_letterbox *box)
{
    static const char purpose[8] = "near-1";
    vl_image_workspace *workspace = s->workspace;

    if (!s->uses_near) return false;
    s->near_head = vl_picture_head_make(purpose, s->request, s->view);
    return vl_near_cache_get(s->engine->near, workspace->near, &s->near_head, box, workspace->detector.planes,
                             &workspace->cached);
}

/* A picture with doubtful faces is no measure for others: noise may lift one of them over the threshold. */
static void remember(search *s)
{
    vl_image_workspace *workspace = s->workspace;

    if (!s->uses_exact || !vl_cached_faces_pack(workspace->faces, workspace->face_count, &workspace->cached)) return;
    vl_cache_put(s->engine->exact, s->key, &workspace->cached);
    if (s->uses_near && !workspace->detector.has_doubts)
        vl_near_cache_put(s->engine->near, workspace->near, &s->near_head, &workspace->cached);
}

/* After the exact cache missed. */
static veil_status detect(search *s, uint32_t *mark, veil_error *error)
{
    vl_detector *detector = &s->workspace->detector;
    const vl_letterbox box = vl_detector_prepare(detector, s->view);
    veil_status status;

    if (find_near(s, &box)) {
        vl_detector_forget(detector);
        use_cached(s->workspace);
        vl_metrics_count(s->engine->runtime->metrics, VL_COUNT_CACHE_NEAR, 1);
        *mark = VEIL_CACHE_NEAR;
        return VEIL_OK;
    }
    status = check_deadline(s->request, error);
    if (status != VEIL_OK) {
        vl_detector_forget(detector);
        return status;
    }
    status = vl_detector_run(detector, &box, s->view, s->request->min_score);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "the face detector failed");
    s->workspace->faces = detector->faces;
    s->workspace->face_count = detector->face_count;
    remember(s);
    return VEIL_OK;
}

veil_status vl_image_find(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                          const vl_image_view *view, uint32_t *mark, veil_error *error)
{
    search s = {.engine = engine, .workspace = workspace, .request = request, .view = view};
    veil_status status;

    *mark = VEIL_CACHE_NONE;
    if (!request->wants_faces) return VEIL_OK;
    s.uses_exact = engine->exact != NULL && workspace->hasher != NULL && request->wants_cache;
    s.uses_near = s.uses_exact && engine->near != NULL && workspace->near != NULL;
    if (s.uses_exact) {
        status = vl_exact_key(workspace->hasher, request, view, &s.key);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "the picture could not be hashed");
        if (vl_cache_get(engine->exact, s.key, &workspace->cached)) {
            use_cached(workspace);
            *mark = VEIL_CACHE_EXACT;
            return VEIL_OK;
        }
        *mark = VEIL_CACHE_MISS;
    }
    status = check_deadline(request, error);
    return status == VEIL_OK ? detect(&s, mark, error) : status;
}

uint32_t vl_image_detail(const vl_image_engine *engine, const vl_image_request *request, uint32_t width,
                         uint32_t height)
{
    uint32_t detail = 1;
    vl_letterbox box;

    if (!request->wants_faces) return 0;
    box = vl_letterbox_fit(width, height, engine->model.facts.width, engine->model.facts.height);
    while (detail < 8 && (width / 8 * detail < box.fitted_width || height / 8 * detail < box.fitted_height))
        detail *= 2;
    return detail;
}

static void enlarge(uint32_t *start, uint32_t *length, uint32_t detail, uint32_t side)
{
    const uint32_t end = (*start + *length) * 8 / detail;

    *start = *start * 8 / detail;
    *length = (end < side ? end : side) - *start;
}

void vl_image_enlarge(vl_image_workspace *workspace, uint32_t detail, const vl_image_view *whole)
{
    vl_face *faces = workspace->faces == workspace->cached.faces ? workspace->cached.faces : workspace->detector.faces;

    for (size_t i = 0; i < workspace->face_count; i++) {
        enlarge(&faces[i].rect.x, &faces[i].rect.w, detail, whole->width);
        enlarge(&faces[i].rect.y, &faces[i].rect.h, detail, whole->height);
    }
}

/* ---- Hiding ------------------------------------------------------------------------------------------------------ */

static void add_region(vl_image_workspace *workspace, const vl_image_view *view, const vl_block_grid *grid,
                       vl_rect rect, const vl_region_effect *effect)
{
    if (grid != NULL) rect = vl_block_grid_cover(grid, view, rect);
    workspace->regions[workspace->regions_used++] = (vl_effect_region){rect, effect->effect, effect->color_rgb};
}

void vl_image_collect(vl_image_workspace *workspace, const vl_image_request *request, const vl_image_view *view,
                      const vl_block_grid *grid)
{
    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];
        vl_rect rect;

        if (vl_rect_clip(view, given->x, given->y, given->w, given->h, &rect))
            add_region(workspace, view, grid, rect, &request->region);
    }
    for (size_t i = 0; i < workspace->face_count; i++) {
        const vl_rect rect = workspace->faces[i].rect;
        const uint32_t dx = (uint32_t)ceilf((float)rect.w * request->margin);
        const uint32_t dy = (uint32_t)ceilf((float)rect.h * request->margin);

        add_region(workspace, view, grid, vl_rect_grow(view, rect, dx, dy), &request->face);
    }
}

void vl_image_hide(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                   const vl_image_view *view, const vl_block_grid *grid)
{
    vl_image_collect(workspace, request, view, grid);
    vl_effects_apply(engine->runtime->kernels, view, workspace->regions, workspace->regions_used, &workspace->effects);
}

/* ---- Reporting --------------------------------------------------------------------------------------------------- */

static void put_region(veil_image_result *result, const char *entity, vl_rect rect, float score)
{
    const size_t at = result->region_count++;

    if (at >= result->region_capacity) return;
    result->regions[at] = (veil_region){
        .entity = entity,
        .x = (int32_t)rect.x,
        .y = (int32_t)rect.y,
        .w = (int32_t)rect.w,
        .h = (int32_t)rect.h,
        .score = score,
    };
}

veil_status vl_image_report(const vl_image_workspace *workspace, const vl_image_request *request,
                            const vl_image_view *view, uint32_t mark, bool must_fit, veil_image_result *result,
                            veil_error *error)
{
    if (result == NULL) return VEIL_OK;
    result->region_count = 0;
    result->width = view->width;
    result->height = view->height;
    result->cache = mark;
    result->path = VEIL_PATH_NONE;
    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];
        vl_rect rect;

        if (vl_rect_clip(view, given->x, given->y, given->w, given->h, &rect)) put_region(result, "REGION", rect, 1);
    }
    for (size_t i = 0; i < workspace->face_count; i++)
        put_region(result, "FACE", workspace->faces[i].rect, workspace->faces[i].score);
    if (must_fit && result->region_count > result->region_capacity)
        return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%zu regions; the array holds %zu",
                            result->region_count, result->region_capacity);
    return VEIL_OK;
}

void vl_image_count(const vl_image_engine *engine, const vl_image_workspace *workspace, const vl_image_request *request,
                    const vl_image_view *view)
{
    uint64_t found = workspace->face_count;
    vl_rect rect;

    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];

        found += vl_rect_clip(view, given->x, given->y, given->w, given->h, &rect);
    }
    if (found > 0) vl_metrics_count(engine->runtime->metrics, VL_COUNT_FINDINGS, found);
}

/* ---- Raw pixels -------------------------------------------------------------------------------------------------- */

/* Errors that promise an untouched picture, when nothing was started. */
static bool leaves_untouched(veil_status status)
{
    return status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_UNSUPPORTED || status == VEIL_ERR_LIMIT ||
           status == VEIL_ERR_BUSY || status == VEIL_ERR_TIMEOUT;
}

/* All that can be refused before the start: arguments, limits, deadline, workspace. */
static veil_status begin(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                         vl_image_request *request, vl_image_view *view, uint32_t *slot, vl_image_workspace **workspace,
                         veil_error *error)
{
    veil_status status = vl_image_request_make(&engine->policy, options, request, error);

    if (status == VEIL_OK) status = vl_view_from_image(image, engine->limits.max_pixels, view, error);
    if (status == VEIL_OK) status = vl_image_request_fits(request, view->width, view->height, error);
    if (status == VEIL_OK) status = vl_image_workspace_take(engine, slot, workspace, error);
    if (status != VEIL_OK) return status;
    status = check_deadline(request, error);
    if (status != VEIL_OK) vl_image_workspace_give(engine, *slot);
    return status;
}

veil_status vl_image_scan(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                          veil_image_result *result, veil_error *error)
{
    vl_image_request request;
    vl_image_view view;
    vl_image_workspace *workspace;
    uint32_t slot, mark;
    veil_status status = begin(engine, options, image, &request, &view, &slot, &workspace, error);

    if (status != VEIL_OK) return status;
    status = vl_image_find(engine, workspace, &request, &view, &mark, error);
    if (status == VEIL_OK) status = vl_image_report(workspace, &request, &view, mark, true, result, error);
    if (status == VEIL_OK) vl_image_count(engine, workspace, &request, &view);
    vl_image_workspace_give(engine, slot);
    return status;
}

veil_status vl_image_redact(const vl_image_engine *engine, const veil_image_options *options, veil_image *image,
                            veil_image_result *result, veil_error *error)
{
    vl_image_request request;
    vl_image_view view = {0};
    vl_image_workspace *workspace;
    uint32_t slot, mark;
    veil_status status = begin(engine, options, image, &request, &view, &slot, &workspace, error);

    if (status != VEIL_OK) {
        if (!leaves_untouched(status) && view.pixels != NULL) vl_view_clear(&view);
        return status;
    }
    status = vl_image_find(engine, workspace, &request, &view, &mark, error);
    if (status == VEIL_OK) status = check_deadline(&request, error);
    if (status == VEIL_OK) {
        vl_image_hide(engine, workspace, &request, &view, NULL);
        status = vl_image_report(workspace, &request, &view, mark, false, result, error);
        vl_image_count(engine, workspace, &request, &view);
    } else {
        vl_view_clear(&view);
    }
    vl_image_workspace_give(engine, slot);
    return status;
}
