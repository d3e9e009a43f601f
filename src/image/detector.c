/*
 * Picture to faces: letterbox, network, decoding, suppression, and the way back to the picture's pixels.
 *
 * Which of the three box codings a network uses is not written in its file. Corners are told by their values: nearly all
 * rows have x1 > x0 and y1 > y0, which offsets never do. Offsets to TALL and to SQUARE priors differ by a factor of 1.25 in
 * height, and the wrong one shows: neighbouring rows of priors then disagree about where the face is. The known face is
 * looked for under each, and the coding whose candidates agree best with each other and cover the face is taken.
 */
#include "image/detector.h"

#include <math.h>
#include <string.h>

#include "image/known_face.h"
#include "image/nms.h"

#define KNOWN_IOU_MIN  0.4F
#define DOUBT_PART     0.2F /* of the minimum score: doubts start here; at 0.5 a fading face jumped from none to 0.88 */
#define IDENTIFY_SCORE 0.5F /* candidates that take part in telling the coding */
#define EDGE_PIXELS    2.0F /* of the input: a box this near to a tile's edge may be part of a face */
#define INSIDE_PART    0.6F /* of a cut box: when another box holds as much, it is the same face */
#define ALIGN_MASK     63u

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGN_MASK) & ~(size_t)ALIGN_MASK;
}

static size_t plane_floats(const vl_face_model *model)
{
    return (size_t)3 * model->facts.width * model->facts.height;
}

veil_status vl_detector_create(const vl_runtime *runtime, const vl_face_model *model, vl_letterbox_scratch *letterbox,
                               vl_detector *detector, veil_error *error)
{
    const size_t planes = aligned(plane_floats(model) * sizeof(float));
    const size_t boxes = aligned(model->facts.prior_count * sizeof(vl_box));
    const size_t faces = aligned(model->facts.prior_count * sizeof(vl_face));
    veil_status status;

    memset(detector, 0, sizeof *detector);
    detector->allocator = runtime->allocator;
    detector->kernels = runtime->kernels;
    detector->model = model;
    detector->letterbox = letterbox;
    detector->page_bytes = planes + boxes + faces + (model->has_tiles ? boxes : 0);
    detector->pages = vl_secret_pages(detector->page_bytes);
    if (detector->pages == NULL)
        return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the detector's input");
    detector->planes = detector->pages;
    detector->boxes = (vl_box *)((uint8_t *)detector->pages + planes);
    detector->faces = (vl_face *)((uint8_t *)detector->pages + planes + boxes);
    if (model->has_tiles) detector->pool = (vl_box *)((uint8_t *)detector->pages + planes + boxes + faces);
    status = vl_cv_net_create(&runtime->allocator, model->onnx, model->onnx_bytes, &model->facts, &detector->net);
    if (status != VEIL_OK) {
        vl_error_set(error, status, 0, "OpenCV cannot take the network");
        vl_detector_destroy(detector);
    }
    return status;
}

void vl_detector_destroy(vl_detector *detector)
{
    vl_cv_net_destroy(detector->net);
    if (detector->pages != NULL) vl_secret_pages_free(detector->pages, detector->page_bytes);
    memset(detector, 0, sizeof *detector);
}

vl_letterbox vl_detector_prepare(vl_detector *detector, const vl_image_view *view)
{
    const vl_onnx_facts *facts = &detector->model->facts;
    const vl_letterbox box = vl_letterbox_fit(view->width, view->height, facts->width, facts->height);

    vl_letterbox_draw(&box, view, detector->kernels, detector->planes, detector->letterbox);
    return box;
}

void vl_detector_forget(vl_detector *detector)
{
    vl_wipe(detector->planes, plane_floats(detector->model) * sizeof(float));
}

/* One pass, after which neither our planes nor OpenCV's copy of them hold the picture, whatever came of it. */
static veil_status run_and_forget(vl_detector *detector, const float **scores, const float **codes)
{
    const veil_status status = vl_cv_net_run(detector->net, detector->planes, scores, codes);
    veil_status forgotten;

    vl_detector_forget(detector);
    forgotten = vl_cv_net_forget(detector->net, detector->planes);
    return status != VEIL_OK ? status : forgotten;
}

static int64_t picture_edge(float edge, uint32_t input_side, float back, bool is_end)
{
    const double at = (double)edge * input_side * back;
    const double limit = 4.0 * VL_IMAGE_MAX_SIDE;

    if (at < -limit || at > limit) return (int64_t)(at < 0 ? -limit : limit);
    return (int64_t)(is_end ? ceil(at) : floor(at));
}

static bool face_from_box(const vl_box *box, const vl_letterbox *letterbox, const vl_image_view *view, vl_face *face)
{
    const int64_t x0 = picture_edge(box->x0, letterbox->input_width, letterbox->back_x, false);
    const int64_t y0 = picture_edge(box->y0, letterbox->input_height, letterbox->back_y, false);
    const int64_t x1 = picture_edge(box->x1, letterbox->input_width, letterbox->back_x, true);
    const int64_t y1 = picture_edge(box->y1, letterbox->input_height, letterbox->back_y, true);

    face->score = box->score;
    return vl_rect_clip(view, x0, y0, x1 - x0, y1 - y0, &face->rect);
}

/* Kept boxes come with the highest score first, so those below the minimum, the doubts, are behind the faces. */
static void collect_faces(vl_detector *detector, size_t kept, const vl_letterbox *box, const vl_image_view *view,
                          float min_score)
{
    for (size_t i = 0; i < kept; i++) {
        if (detector->boxes[i].score < min_score) {
            detector->has_doubts = true;
            return;
        }
        if (face_from_box(&detector->boxes[i], box, view, &detector->faces[detector->face_count]))
            detector->face_count++;
    }
}

/* The boxes of one pass, suppressed, highest score first. */
static veil_status run_and_suppress(vl_detector *detector, float min_score, size_t *kept)
{
    const vl_face_model *model = detector->model;
    const float *scores;
    const float *codes;
    size_t count;
    veil_status status = run_and_forget(detector, &scores, &codes);

    *kept = 0;
    if (status != VEIL_OK) return status;
    if (!vl_boxes_decode(model->coding, model->priors, scores, codes, model->facts.prior_count, min_score,
                         detector->boxes, &count))
        return VEIL_ERR_INTERNAL;
    if (count > detector->box_high_water) detector->box_high_water = count;
    *kept = vl_nms_apply(detector->boxes, count, VL_NMS_MAX_IOU);
    return VEIL_OK;
}

veil_status vl_detector_run(vl_detector *detector, const vl_letterbox *box, const vl_image_view *view, float min_score)
{
    size_t kept;
    veil_status status;

    detector->face_count = 0;
    detector->has_doubts = false;
    status = run_and_suppress(detector, min_score * DOUBT_PART, &kept);
    if (status == VEIL_OK) collect_faces(detector, kept, box, view, min_score);
    return status;
}

void vl_detector_wipe(vl_detector *detector)
{
    if (detector->pages == NULL) return;
    vl_wipe(detector->boxes, detector->box_high_water * sizeof *detector->boxes);
    vl_wipe(detector->faces, detector->face_count * sizeof *detector->faces);
    if (detector->pool_whole + detector->pool_cut > 0)
        vl_wipe(detector->pool, detector->model->facts.prior_count * sizeof *detector->pool);
    detector->box_high_water = 0;
    detector->face_count = 0;
    detector->pool_whole = 0;
    detector->pool_cut = 0;
}

/* ---- Pictures of several parts ----------------------------------------------------------------------------------- */

/* An edge of the part that is not one of the picture's, and a box that reaches it. */
static bool is_cut(const vl_box *box, const vl_image_view *picture, vl_rect part, const vl_letterbox *fit)
{
    const float dx = EDGE_PIXELS * fit->back_x;
    const float dy = EDGE_PIXELS * fit->back_y;

    return (part.x > 0 && box->x0 <= (float)part.x + dx) || (part.y > 0 && box->y0 <= (float)part.y + dy) ||
           (part.x + part.w < picture->width && box->x1 >= (float)(part.x + part.w) - dx) ||
           (part.y + part.h < picture->height && box->y1 >= (float)(part.y + part.h) - dy);
}

static vl_box picture_box(const vl_box *box, vl_rect part, const vl_letterbox *fit)
{
    const float scale_x = (float)fit->input_width * fit->back_x;
    const float scale_y = (float)fit->input_height * fit->back_y;

    return (vl_box){(float)part.x + box->x0 * scale_x, (float)part.y + box->y0 * scale_y,
                    (float)part.x + box->x1 * scale_x, (float)part.y + box->y1 * scale_y, box->score};
}

veil_status vl_detector_gather(vl_detector *detector, const vl_letterbox *box, const vl_image_view *picture,
                               vl_rect part, float min_score)
{
    const size_t capacity = detector->model->facts.prior_count;
    size_t kept;
    const veil_status status = run_and_suppress(detector, min_score, &kept);

    if (status != VEIL_OK) return status;
    if (kept > capacity - detector->pool_whole - detector->pool_cut) return VEIL_ERR_LIMIT;
    for (size_t i = 0; i < kept; i++) {
        const vl_box found = picture_box(&detector->boxes[i], part, box);

        if (is_cut(&found, picture, part, box))
            detector->pool[capacity - ++detector->pool_cut] = found;
        else
            detector->pool[detector->pool_whole++] = found;
    }
    return VEIL_OK;
}

/* Of a face that a tile cut in two, another part shows more. */
static bool is_inside_of_another(const vl_box *box, const vl_box *others, size_t count)
{
    const float area = (box->x1 - box->x0) * (box->y1 - box->y0);

    for (size_t i = 0; i < count; i++) {
        const float w = fminf(box->x1, others[i].x1) - fmaxf(box->x0, others[i].x0);
        const float h = fminf(box->y1, others[i].y1) - fmaxf(box->y0, others[i].y0);

        if (w > 0 && h > 0 && w * h >= INSIDE_PART * area) return true;
    }
    return false;
}

void vl_detector_merge(vl_detector *detector, const vl_image_view *picture)
{
    static const vl_letterbox as_it_is = {1, 1, 1, 1, 1.0F, 1.0F};
    const size_t capacity = detector->model->facts.prior_count;
    vl_box *cut = detector->pool + capacity - detector->pool_cut;
    size_t kept = vl_nms_apply(detector->pool, detector->pool_whole, VL_NMS_MAX_IOU);
    const size_t kept_cut = vl_nms_apply(cut, detector->pool_cut, VL_NMS_MAX_IOU);

    for (size_t i = 0; i < kept_cut; i++) {
        const vl_box box = cut[i]; /* a copy: the front may grow into the end */

        if (!is_inside_of_another(&box, detector->pool, kept)) detector->pool[kept++] = box;
    }
    kept = vl_nms_apply(detector->pool, kept, 1.0F); /* sorts */
    detector->face_count = 0;
    detector->has_doubts = false;
    for (size_t i = 0; i < kept; i++)
        detector->face_count +=
            face_from_box(&detector->pool[i], &as_it_is, picture, &detector->faces[detector->face_count]);
}

/* ---- Proof on the known face ------------------------------------------------------------------------------------- */

/* The known face, drawn at the size of the network's input, and where it is in parts of the sides. */
typedef struct known {
    uint8_t *pixels;
    size_t pixel_bytes;
    vl_image_view view;
    vl_box truth;
} known;

static veil_status known_make(const vl_detector *detector, known *out, veil_error *error)
{
    const vl_onnx_facts *facts = &detector->model->facts;
    veil_region face = {0};

    out->pixel_bytes = vl_image_tight_bytes(facts->width, facts->height, VEIL_PIXEL_BGR);
    out->pixels = vl_alloc(&detector->allocator, out->pixel_bytes);
    if (out->pixels == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for the known face");
    out->view = vl_view_make(out->pixels, facts->width, facts->height, VEIL_PIXEL_BGR);
    vl_known_face_draw(out->pixels, out->view.stride_bytes, facts->width, facts->height, &face);
    out->truth.x0 = (float)face.x / (float)facts->width;
    out->truth.y0 = (float)face.y / (float)facts->height;
    out->truth.x1 = (float)(face.x + face.w) / (float)facts->width;
    out->truth.y1 = (float)(face.y + face.h) / (float)facts->height;
    out->truth.score = 1;
    return VEIL_OK;
}

static void known_free(const vl_detector *detector, known *face)
{
    vl_free(&detector->allocator, face->pixels, face->pixel_bytes);
}

/* How well the candidates of the current priors agree with the best of them; 0 when that one is not on the face. */
static float agreement(vl_detector *detector, vl_box_coding coding, const float *scores, const float *codes,
                       const vl_box *truth)
{
    const vl_face_model *model = detector->model;
    const vl_box *boxes = detector->boxes;
    float sum = 0;
    size_t count, i, best = 0;

    if (!vl_boxes_decode(coding, model->priors, scores, codes, model->facts.prior_count, IDENTIFY_SCORE,
                         detector->boxes, &count) ||
        count == 0)
        return 0;
    for (i = 1; i < count; i++) {
        if (boxes[i].score > boxes[best].score) best = i;
    }
    if (vl_box_iou(&boxes[best], truth) < KNOWN_IOU_MIN) return 0;
    for (i = 0; i < count; i++)
        sum += vl_box_iou(&boxes[i], &boxes[best]);
    return sum / (float)count;
}

static bool choose_coding(vl_detector *detector, vl_face_model *model, const float *scores, const float *codes,
                          const vl_box *truth)
{
    float tall, square;

    if (vl_boxes_are_corners(codes, model->facts.prior_count)) {
        vl_face_model_use(model, VL_BOXES_CORNERS);
        return agreement(detector, VL_BOXES_CORNERS, scores, codes, truth) > 0;
    }
    vl_face_model_use(model, VL_BOXES_SQUARE);
    square = agreement(detector, VL_BOXES_SQUARE, scores, codes, truth);
    vl_face_model_use(model, VL_BOXES_TALL);
    tall = agreement(detector, VL_BOXES_TALL, scores, codes, truth);
    if (square > tall) vl_face_model_use(model, VL_BOXES_SQUARE);
    return tall > 0 || square > 0;
}

veil_status vl_detector_identify(vl_detector *detector, vl_face_model *model, veil_error *error)
{
    const float *scores;
    const float *codes;
    known face;
    veil_status status = known_make(detector, &face, error);

    if (status != VEIL_OK) return status;
    vl_detector_prepare(detector, &face.view);
    status = run_and_forget(detector, &scores, &codes);
    if (status == VEIL_ERR_INTERNAL)
        status = vl_error_set(error, VEIL_ERR_MODEL, 0, "OpenCV cannot run the network");
    else if (status != VEIL_OK)
        vl_error_set(error, status, 0, "no memory to run the network");
    else if (!choose_coding(detector, model, scores, codes, &face.truth))
        status = vl_error_set(error, VEIL_ERR_MODEL, 0, "the network does not find the known face");
    known_free(detector, &face);
    return status;
}

static bool finds(const vl_detector *detector, const known *face)
{
    const float width = (float)face->view.width;
    const float height = (float)face->view.height;
    size_t i;

    for (i = 0; i < detector->face_count; i++) {
        const vl_rect *rect = &detector->faces[i].rect;
        const vl_box box = {(float)rect->x / width, (float)rect->y / height, (float)(rect->x + rect->w) / width,
                            (float)(rect->y + rect->h) / height, detector->faces[i].score};

        if (vl_box_iou(&box, &face->truth) >= KNOWN_IOU_MIN) return true;
    }
    return false;
}

veil_status vl_detector_prove(vl_detector *detector, float min_score, veil_error *error)
{
    vl_letterbox box;
    known face;
    veil_status status = known_make(detector, &face, error);

    if (status != VEIL_OK) return status;
    box = vl_detector_prepare(detector, &face.view);
    status = vl_detector_run(detector, &box, &face.view, min_score);
    if (status == VEIL_ERR_NO_MEMORY)
        vl_error_set(error, status, 0, "no memory to run the network");
    else if (status != VEIL_OK || !finds(detector, &face))
        status = vl_error_set(error, VEIL_ERR_MODEL, 0, "the network does not find the known face");
    known_free(detector, &face);
    return status;
}
