/*
 * A picture from checks to written pixels:
 *
 *   request -> workspace -> [exact cache] -> letterbox -> network -> NMS -> codes -> text -> regions with margin -> effects -> result
 *   with alpha, from the letterbox to the text again over white and over black
 *
 * The cache remembers boxes; effects are always computed from this picture's own pixels. Between stages the deadline is
 * looked at. From the moment the work starts, a failure of a redaction zeroes the whole picture.
 */
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "image/codes.h"
#include "image/engine.h"
#include "image/flatten.h"
#include "image/planar.h"
#include "image/shapes.h"
#include "image/tiling.h"

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
    vl_tiling tiling; /* no tiles: the picture in one pass */
} search;

static void use_faces(vl_image_workspace *workspace)
{
    workspace->faces = workspace->cached.faces.faces;
    workspace->face_count = workspace->cached.faces.count;
}

static void use_cached(vl_image_workspace *workspace)
{
    use_faces(workspace);
    workspace->marks.count = workspace->cached.mark_count;
    memcpy(workspace->marks.items, workspace->cached.marks, workspace->marks.count * sizeof *workspace->marks.items);
}

static bool find_near(search *s, const vl_letterbox *box)
{
    static const char purpose[8] = "near-1";
    vl_image_workspace *workspace = s->workspace;

    if (!s->uses_near) return false;
    s->near_head = vl_picture_head_make(purpose, s->request, s->view);
    return vl_near_cache_get(s->engine->near, workspace->near, &s->near_head, box, workspace->detector.planes,
                             &workspace->cached.faces);
}

/* A picture with doubtful faces is no measure for others: noise may lift one of them over the threshold. */
static void remember(search *s)
{
    vl_image_workspace *workspace = s->workspace;
    vl_cached_picture *cached = &workspace->cached;

    if (!s->uses_exact || !vl_cached_picture_pack(workspace->faces, workspace->face_count, &workspace->marks, cached))
        return;
    vl_cache_put(s->engine->exact, s->key, cached);
    if (s->uses_near && !workspace->detector.has_doubts)
        vl_near_cache_put(s->engine->near, workspace->near, &s->near_head, &cached->faces);
}

/* One part of the picture, into the detector's pool. */
static veil_status detect_part(const search *s, vl_rect part, veil_error *error)
{
    vl_detector *detector = &s->workspace->detector;
    const vl_image_view view = vl_view_part(s->view, part);
    veil_status status = check_deadline(s->request, error);
    vl_letterbox box;

    if (status != VEIL_OK) return status;
    box = vl_detector_prepare(detector, &view);
    status = vl_detector_gather(detector, &box, s->view, part, s->request->min_score);
    if (status == VEIL_ERR_LIMIT) return vl_error_set(error, status, 0, "more boxes than the detector has room for");
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "the face detector failed");
}

/* The whole, then each tile. */
static veil_status detect_parts(const search *s, veil_error *error)
{
    veil_status status = detect_part(s, (vl_rect){0, 0, s->view->width, s->view->height}, error);

    for (uint32_t i = 0; status == VEIL_OK && i < vl_tiling_count(&s->tiling); i++)
        status = detect_part(s, vl_tiling_at(&s->tiling, i), error);
    if (status == VEIL_OK) vl_detector_merge(&s->workspace->detector, s->view);
    return status;
}

static veil_status detect_once(const search *s, const vl_letterbox *box, veil_error *error)
{
    vl_detector *detector = &s->workspace->detector;
    veil_status status = check_deadline(s->request, error);

    if (status != VEIL_OK) {
        vl_detector_forget(detector);
        return status;
    }
    status = vl_detector_run(detector, box, s->view, s->request->min_score);
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "the face detector failed");
}

static void use_near(const search *s, uint32_t *mark)
{
    vl_detector_forget(&s->workspace->detector);
    use_faces(s->workspace);
    vl_metrics_count(s->engine->runtime->metrics, VL_COUNT_CACHE_NEAR, 1);
    *mark = VEIL_CACHE_NEAR;
}

static veil_status find_faces(search *s, uint32_t *mark, veil_error *error)
{
    vl_detector *detector = &s->workspace->detector;
    veil_status status;

    if (vl_tiling_count(&s->tiling) > 0) {
        status = detect_parts(s, error);
    } else {
        const vl_letterbox box = vl_detector_prepare(detector, s->view);

        if (find_near(s, &box)) {
            use_near(s, mark);
            return VEIL_OK;
        }
        status = detect_once(s, &box, error);
    }
    if (status != VEIL_OK) return status;
    s->workspace->faces = detector->faces;
    s->workspace->face_count = detector->face_count;
    return VEIL_OK;
}

static vl_tiling tiling_of(const vl_image_engine *engine, uint32_t width, uint32_t height)
{
    const vl_face_model *model = &engine->model;

    if (!model->has_tiles) return (vl_tiling){.width = width, .height = height};
    return vl_tiling_plan(width, height, model->facts.width, model->facts.height);
}

static bool has_parts(const vl_image_engine *engine, uint32_t width, uint32_t height)
{
    const vl_tiling tiling = tiling_of(engine, width, height);

    return vl_tiling_count(&tiling) > 0;
}

/* Near duplicates are told by the whole picture as the network sees it, which does not show what tiles show. */
static void plan(search *s)
{
    s->tiling = tiling_of(s->engine, s->view->width, s->view->height);
    if (vl_tiling_count(&s->tiling) > 0) s->uses_near = false;
}

/* Largest plane that is searched for codes: what a profile says, and what the pool can hold. With the gate's
 * memory and the overviews a plane takes 1.36 times its pixels. */
static uint64_t code_pixels(const vl_image_engine *engine)
{
    static const uint64_t pixels[] = {[VEIL_PROFILE_BALANCED] = 3000000,
                                      [VEIL_PROFILE_SPEED] = 1000000,
                                      [VEIL_PROFILE_ACCURACY] = 12000000,
                                      [VEIL_PROFILE_MEMORY] = 1000000};
    const uint64_t most = vl_pool_largest(engine->runtime->pool) / 10 * 7;
    const uint64_t wanted = pixels[engine->config.profile];

    return engine->config.pool_policy == VEIL_POOL_BUSY && most < wanted ? most : wanted;
}

static veil_status take_payload(void *user, const char *text, size_t text_bytes, vl_rect rect)
{
    search *s = user;

    return vl_reader_payload(&s->workspace->reader, s->request, text, text_bytes, rect, &s->workspace->marks);
}

/* Codes that were read for what they say alone. */
static void drop_unreported(const vl_image_request *request, vl_mark_list *marks)
{
    size_t kept = 0;

    for (size_t i = 0; i < marks->count; i++) {
        const char *entity = marks->items[i].entity;

        if (!request->wants_qr && strcmp(entity, "QR_CODE") == 0) continue;
        if (!request->wants_bars && strcmp(entity, "BARCODE") == 0) continue;
        marks->items[kept++] = marks->items[i];
    }
    marks->count = kept;
}

static veil_status find_codes(search *s, veil_error *error)
{
    const vl_code_search codes = {
        .pool = s->engine->runtime->pool,
        .kernels = s->engine->runtime->kernels,
        .max_pixels = code_pixels(s->engine),
        .is_quick = s->engine->config.profile == VEIL_PROFILE_SPEED,
        .looks_everywhere = s->engine->config.profile == VEIL_PROFILE_ACCURACY,
        .wants_qr = s->request->reads_qr,
        .wants_bars = s->request->reads_bars,
        .min_score = s->request->mark_min_score,
        .payload = s->request->wants_payloads ? take_payload : NULL,
        .payload_user = s,
        .deadline_ns = s->request->deadline_ns,
    };

    const veil_status status = vl_codes_find(&codes, s->view, &s->workspace->marks, error);

    drop_unreported(s->request, &s->workspace->marks);
    return status;
}

/* All that is looked for, in one view. */
static veil_status detect_view(search *s, uint32_t *mark, veil_error *error)
{
    veil_status status = VEIL_OK;

    if (s->request->wants_faces) status = find_faces(s, mark, error);
    if (status == VEIL_OK) status = check_deadline(s->request, error);
    if (status == VEIL_OK && (s->request->reads_qr || s->request->reads_bars)) status = find_codes(s, error);
    if (status == VEIL_OK && s->request->wants_text) {
        status = check_deadline(s->request, error);
        if (status == VEIL_OK)
            status = vl_reader_picture(&s->workspace->reader, s->request, s->view, &s->workspace->marks, error);
    }
    return status;
}

/* The same as viewers show it over that ground. */
static veil_status detect_over(search *s, uint32_t ground, uint32_t *mark, veil_error *error)
{
    vl_pool *pool = s->engine->runtime->pool;
    const vl_image_view *given = s->view;
    const uint32_t format = vl_flatten_format(given->format);
    const size_t bytes = vl_image_tight_bytes(given->width, given->height, format), known = s->workspace->marks.count;
    void *memory = NULL;
    veil_status status = vl_pool_take(pool, bytes, &memory);

    if (status != VEIL_OK)
        return vl_error_set(error, status, 0, "no buffer of %zu bytes for a picture with alpha", bytes);
    const vl_image_view flat = vl_view_make(memory, given->width, given->height, format);
    vl_flatten_draw(given, ground, &flat);
    s->view = &flat;
    status = detect_view(s, mark, error);
    s->view = given;
    vl_pool_give(pool, memory, bytes);
    if (status == VEIL_OK) status = vl_image_faces_to_marks(s->workspace, error);
    if (status == VEIL_OK) vl_marks_join(&s->workspace->marks, known);
    return status;
}

/* After the exact cache missed. Of a picture with alpha: its colours, and what shows over white and over black. The near cache knows
 * colours alone. */
static veil_status detect(search *s, uint32_t *mark, veil_error *error)
{
    const uint32_t grounds = vl_flatten_grounds(s->view);
    veil_status status;

    if (grounds != 0) s->uses_near = false;
    status = detect_view(s, mark, error);
    if (status == VEIL_OK && grounds != 0) status = vl_image_faces_to_marks(s->workspace, error);
    if (status == VEIL_OK && (grounds & VL_GROUND_WHITE) != 0) status = detect_over(s, VL_GROUND_WHITE, mark, error);
    if (status == VEIL_OK && (grounds & VL_GROUND_BLACK) != 0) status = detect_over(s, VL_GROUND_BLACK, mark, error);
    if (status == VEIL_OK && *mark != VEIL_CACHE_NEAR) remember(s);
    return status;
}

static veil_status find(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                        const vl_image_view *view, uint32_t *mark, veil_error *error)
{
    search s = {.engine = engine, .workspace = workspace, .request = request, .view = view};
    veil_status status;

    *mark = VEIL_CACHE_NONE;
    if (!vl_image_request_detects(request)) return VEIL_OK;
    s.uses_exact = engine->exact != NULL && workspace->hasher != NULL && request->wants_cache;
    s.uses_near = s.uses_exact && request->wants_faces && engine->near != NULL && workspace->near != NULL;
    plan(&s);
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

/* Detectors look at a BGR copy of a planar picture. */
veil_status vl_image_find(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                          const vl_image_view *view, uint32_t *mark, veil_error *error)
{
    vl_pool *pool = engine->runtime->pool;
    const size_t bytes = vl_image_tight_bytes(view->width, view->height, VEIL_PIXEL_BGR);
    void *memory = NULL;
    veil_status status;

    if (!vl_format_is_planar(view->format) || !vl_image_request_detects(request))
        return find(engine, workspace, request, view, mark, error);
    status = vl_pool_take(pool, bytes, &memory);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no buffer of %zu bytes for a planar picture", bytes);
    const vl_image_view copy = vl_view_make(memory, view->width, view->height, VEIL_PIXEL_BGR);
    vl_planar_to_bgr(view, &copy);
    status = find(engine, workspace, request, &copy, mark, error);
    vl_pool_give(pool, memory, bytes);
    return status;
}

uint32_t vl_image_detail(const vl_image_engine *engine, const vl_image_request *request, uint32_t width,
                         uint32_t height)
{
    const vl_code_search codes = {.max_pixels = code_pixels(engine)};
    uint32_t detail = 1;
    vl_letterbox box;

    if (!vl_image_request_detects(request)) return 0;
    if (request->wants_text) return 8; /* letters are small */
    if (request->wants_faces) {
        if (has_parts(engine, width, height)) return 8; /* tiles look at every pixel */
        box = vl_letterbox_fit(width, height, engine->model.facts.width, engine->model.facts.height);
        while (detail < 8 && (width / 8 * detail < box.fitted_width || height / 8 * detail < box.fitted_height))
            detail *= 2;
    }
    /* no fewer samples than codes are looked for in: 8 / detail is at most what they shrink the picture by */
    while (detail < 8 && (request->reads_qr || request->reads_bars) &&
           vl_codes_shrink(&codes, width, height) * detail < 8)
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
    vl_face *remembered = workspace->cached.faces.faces;
    vl_face *faces = workspace->faces == remembered ? remembered : workspace->detector.faces;

    for (size_t i = 0; i < workspace->face_count; i++) {
        enlarge(&faces[i].rect.x, &faces[i].rect.w, detail, whole->width);
        enlarge(&faces[i].rect.y, &faces[i].rect.h, detail, whole->height);
    }
    for (size_t i = 0; i < workspace->marks.count; i++) {
        vl_rect *rect = &workspace->marks.items[i].rect;

        enlarge(&rect->x, &rect->w, detail, whole->width);
        enlarge(&rect->y, &rect->h, detail, whole->height);
    }
}

veil_status vl_image_faces_to_marks(vl_image_workspace *workspace, veil_error *error)
{
    for (size_t i = 0; i < workspace->face_count; i++) {
        if (!vl_marks_add(&workspace->marks, "FACE", workspace->faces[i].rect, workspace->faces[i].score))
            return vl_error_set(error, VEIL_ERR_LIMIT, 0, "more than %u findings in one picture", VL_MARKS_MAX);
    }
    workspace->face_count = 0;
    return VEIL_OK;
}

/* ---- Hiding ------------------------------------------------------------------------------------------------------ */

static void add_region(vl_image_workspace *workspace, const vl_image_view *view, const vl_block_grid *grid,
                       vl_rect rect, const vl_region_effect *effect, bool is_ellipse)
{
    if (grid != NULL) rect = vl_block_grid_cover(grid, view, rect);
    if (grid != NULL && grid->step_x > 0) is_ellipse = false; /* whole blocks */
    workspace->regions[workspace->regions_used++] = (vl_effect_region){
        .rect = rect, .effect = effect->effect, .color_rgb = effect->color_rgb, .is_ellipse = is_ellipse};
}

/* Only a colour may be put on by steps: means of many small boxes would say more than those of one. */
static void add_polygon(vl_image_workspace *workspace, const vl_image_request *request, const vl_image_view *view,
                        const vl_block_grid *grid, const veil_polygon *polygon)
{
    vl_rect boxes[VL_POLYGON_STEPS];
    size_t count = 1;

    if (request->region.effect == VEIL_EFFECT_FILL)
        count = vl_polygon_cover(polygon, view, boxes);
    else if (!vl_polygon_box(polygon, view, &boxes[0]))
        count = 0;
    for (size_t i = 0; i < count; i++)
        add_region(workspace, view, grid, boxes[i], &request->region, false);
}

void vl_image_collect(vl_image_workspace *workspace, const vl_image_request *request, const vl_image_view *view,
                      const vl_block_grid *grid)
{
    for (size_t i = 0; i < request->polygon_count; i++)
        add_polygon(workspace, request, view, grid, &request->polygons[i]);
    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];
        vl_rect rect;

        if (vl_rect_clip(view, given->x, given->y, given->w, given->h, &rect))
            add_region(workspace, view, grid, rect, &request->region, false);
    }
    for (size_t i = 0; i < workspace->face_count; i++) {
        const vl_rect rect = workspace->faces[i].rect;
        const uint32_t dx = (uint32_t)ceilf((float)rect.w * request->margin);
        const uint32_t dy = (uint32_t)ceilf((float)rect.h * request->margin);

        add_region(workspace, view, grid, vl_rect_grow(view, rect, dx, dy), &request->face, request->wants_ellipses);
    }
    for (size_t i = 0; i < workspace->marks.count; i++) {
        const vl_mark *found = &workspace->marks.items[i];
        const bool is_face = strcmp(found->entity, "FACE") == 0; /* of a sequence, or with alpha */
        const uint32_t less = found->rect.w < found->rect.h ? found->rect.w : found->rect.h;
        const uint32_t dx = (uint32_t)ceilf((float)(is_face ? found->rect.w : less) * request->margin);
        const uint32_t dy = (uint32_t)ceilf((float)(is_face ? found->rect.h : less) * request->margin);
        const vl_region_effect effect = vl_image_request_effect(request, found->entity);

        add_region(workspace, view, grid, vl_rect_grow(view, found->rect, dx, dy), &effect,
                   is_face && request->wants_ellipses);
    }
}

void vl_image_hide(const vl_image_engine *engine, vl_image_workspace *workspace, const vl_image_request *request,
                   const vl_image_view *view, const vl_block_grid *grid)
{
    vl_image_collect(workspace, request, view, grid);
    if (vl_format_is_planar(view->format)) {
        vl_planar_hide(engine->runtime->kernels, view, workspace->regions, workspace->regions_used,
                       &workspace->effects);
        return;
    }
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
    for (size_t i = 0; i < request->polygon_count; i++) {
        vl_rect rect;

        if (vl_polygon_box(&request->polygons[i], view, &rect)) put_region(result, "REGION", rect, 1);
    }
    for (size_t i = 0; i < workspace->face_count; i++)
        put_region(result, "FACE", workspace->faces[i].rect, workspace->faces[i].score);
    for (size_t i = 0; i < workspace->marks.count; i++) {
        const vl_mark *found = &workspace->marks.items[i];

        put_region(result, found->entity, found->rect, found->score);
    }
    if (must_fit && result->region_count > result->region_capacity)
        return vl_error_set(error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "%zu regions; the array holds %zu",
                            result->region_count, result->region_capacity);
    return VEIL_OK;
}

void vl_image_count(const vl_image_engine *engine, const vl_image_workspace *workspace, const vl_image_request *request,
                    const vl_image_view *view)
{
    uint64_t found = workspace->face_count + workspace->marks.count + request->polygon_count;
    vl_rect rect;

    for (size_t i = 0; i < request->region_count; i++) {
        const veil_region *given = &request->regions[i];

        found += vl_rect_clip(view, given->x, given->y, given->w, given->h, &rect);
    }
    if (found > 0) vl_metrics_count(engine->runtime->metrics, VL_COUNT_FINDINGS, found);
}

/* ---- Raw pixels -------------------------------------------------------------------------------------------------- */

/* Errors that promise an untouched picture, when nothing was started. */
bool vl_image_leaves_untouched(veil_status status)
{
    return status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_UNSUPPORTED || status == VEIL_ERR_LIMIT ||
           status == VEIL_ERR_BUSY || status == VEIL_ERR_TIMEOUT;
}

veil_status vl_image_begin(const vl_image_engine *engine, const veil_image_options *options, const veil_image *image,
                           vl_image_request *request, vl_image_view *view, uint32_t *slot,
                           vl_image_workspace **workspace, veil_error *error)
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
    veil_status status = vl_image_begin(engine, options, image, &request, &view, &slot, &workspace, error);

    if (status != VEIL_OK) return status;
    status = vl_image_find(engine, workspace, &request, &view, &mark, error);
    if (status == VEIL_OK) vl_image_filter(workspace, &request);
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
    veil_status status = vl_image_begin(engine, options, image, &request, &view, &slot, &workspace, error);

    if (status != VEIL_OK) {
        if (!vl_image_leaves_untouched(status) && view.pixels != NULL) vl_view_clear(&view);
        return status;
    }
    status = vl_image_find(engine, workspace, &request, &view, &mark, error);
    if (status == VEIL_OK) vl_image_filter(workspace, &request);
    if (status == VEIL_OK) status = check_deadline(&request, error);
    if (status == VEIL_OK) {
        vl_image_hide(engine, workspace, &request, &view, NULL);
        status = vl_image_report(workspace, &request, &view, mark, false, result, error);
        vl_image_count(engine, workspace, &request, &view);
    } else if (!vl_image_leaves_untouched(status) || status == VEIL_ERR_TIMEOUT) {
        vl_view_clear(&view); /* the others happened before a pixel was written, and promise an untouched picture */
    }
    vl_image_workspace_give(engine, slot);
    return status;
}
