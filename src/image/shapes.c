/* Polygons by rows, and the filter behind the detectors. */
#include "image/shapes.h"

#include <string.h>

#include <math.h>

/* ---- Polygons ---------------------------------------------------------------------------------------------------- */

bool vl_polygon_box(const veil_polygon *polygon, const vl_image_view *view, vl_rect *box)
{
    int64_t left = INT32_MAX, top = INT32_MAX, right = INT32_MIN, bottom = INT32_MIN;

    for (size_t i = 0; i < polygon->point_count; i++) {
        const int64_t x = polygon->points[2 * i], y = polygon->points[2 * i + 1];

        left = x < left ? x : left;
        right = x > right ? x : right;
        top = y < top ? y : top;
        bottom = y > bottom ? y : bottom;
    }
    /* a corner is a pixel, and belongs to the shape */
    return vl_rect_clip(view, left, top, right - left + 1, bottom - top + 1, box);
}

/* Where an edge runs between two heights: adds it to the span. Pixels are unit squares, corners their middles. */
static void add_edge(const int32_t *a, const int32_t *b, double top, double bottom, double *left, double *right)
{
    const double ax = a[0] + 0.5, ay = a[1] + 0.5, bx = b[0] + 0.5, by = b[1] + 0.5;
    const double high = ay < by ? ay : by, low = ay < by ? by : ay;
    const double from = high > top ? high : top, to = low < bottom ? low : bottom;
    double x0, x1;

    if (from > to) return;
    x0 = low > high ? ax + (bx - ax) * (from - ay) / (by - ay) : ax;
    x1 = low > high ? ax + (bx - ax) * (to - ay) / (by - ay) : bx;
    *left = fmin(*left, fmin(x0, x1));
    *right = fmax(*right, fmax(x0, x1));
}

size_t vl_polygon_cover(const veil_polygon *polygon, const vl_image_view *view, vl_rect boxes[VL_POLYGON_STEPS])
{
    vl_rect box;
    uint32_t step;
    size_t count = 0;

    if (!vl_polygon_box(polygon, view, &box)) return 0;
    step = (box.h + VL_POLYGON_STEPS - 1) / VL_POLYGON_STEPS;
    for (uint32_t y = box.y; y < box.y + box.h; y += step) {
        const uint32_t rows = box.y + box.h - y < step ? box.y + box.h - y : step;
        double left = INFINITY, right = -INFINITY;

        for (size_t i = 0; i < polygon->point_count; i++)
            add_edge(polygon->points + 2 * i, polygon->points + 2 * ((i + 1) % polygon->point_count), y, y + rows,
                     &left, &right);
        if (left > right) continue; /* cannot be: a row of the box is crossed by an edge */
        if (vl_rect_clip(view, (int64_t)floor(left), y, (int64_t)floor(right) - (int64_t)floor(left) + 1, rows,
                         &boxes[count]))
            count++;
    }
    return count;
}

/* ---- Filter ------------------------------------------------------------------------------------------------------ */

static bool is_exempt(const vl_image_request *request, const vl_rect *rect)
{
    for (size_t i = 0; i < request->exempt_count; i++) {
        const veil_region *box = &request->exempt[i];

        if ((int64_t)rect->x >= box->x && (int64_t)rect->y >= box->y &&
            (int64_t)rect->x + rect->w <= (int64_t)box->x + box->w &&
            (int64_t)rect->y + rect->h <= (int64_t)box->y + box->h)
            return true;
    }
    return false;
}

/* Text and codes are small and say all the same: only faces may be too small. */
static bool is_face_kept(const vl_image_request *request, const vl_rect *rect)
{
    const uint32_t less = rect->w < rect->h ? rect->w : rect->h;

    return less >= request->min_side && !is_exempt(request, rect);
}

static bool is_mark_kept(const vl_image_request *request, const vl_mark *mark)
{
    return strcmp(mark->entity, "FACE") == 0 ? is_face_kept(request, &mark->rect) : !is_exempt(request, &mark->rect);
}

void vl_image_filter(vl_image_workspace *workspace, const vl_image_request *request)
{
    /* it lies in the workspace's own pages, whichever list it is */
    vl_face *faces = (vl_face *)(uintptr_t)workspace->faces;
    vl_mark_list *marks = &workspace->marks;
    size_t kept = 0;

    if (request->min_side == 0 && request->exempt_count == 0) return;
    for (size_t i = 0; i < workspace->face_count; i++) {
        if (is_face_kept(request, &faces[i].rect)) faces[kept++] = faces[i];
    }
    workspace->face_count = kept;
    kept = 0;
    for (size_t i = 0; i < marks->count; i++) {
        if (is_mark_kept(request, &marks->items[i])) marks->items[kept++] = marks->items[i];
    }
    vl_wipe(marks->items + kept, (marks->count - kept) * sizeof *marks->items);
    marks->count = kept;
}
