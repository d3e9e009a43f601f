/*
 * Greedy non-maximum suppression. Heap sort, because it needs no memory and has no bad case: the number of candidates is
 * the picture's to choose.
 */
#include "image/nms.h"

/* A total order, so that the result does not depend on how the candidates came. */
static bool comes_before(const vl_box *a, const vl_box *b)
{
    if (a->score != b->score) return a->score > b->score;
    if (a->y0 != b->y0) return a->y0 < b->y0;
    if (a->x0 != b->x0) return a->x0 < b->x0;
    if (a->y1 != b->y1) return a->y1 < b->y1;
    return a->x1 < b->x1;
}

static void swap(vl_box *a, vl_box *b)
{
    const vl_box kept = *a;

    *a = *b;
    *b = kept;
}

/* The root of a heap is the box that comes last. */
static void sift_down(vl_box *boxes, size_t root, size_t count)
{
    size_t child;

    while ((child = 2 * root + 1) < count) {
        if (child + 1 < count && comes_before(&boxes[child], &boxes[child + 1])) child++;
        if (!comes_before(&boxes[root], &boxes[child])) return;
        swap(&boxes[root], &boxes[child]);
        root = child;
    }
}

static void sort_by_score(vl_box *boxes, size_t count)
{
    size_t i;

    for (i = count / 2; i-- > 0;)
        sift_down(boxes, i, count);
    for (i = count; i-- > 1;) {
        swap(&boxes[0], &boxes[i]);
        sift_down(boxes, 0, i);
    }
}

static bool is_covered(const vl_box *boxes, size_t kept, const vl_box *box, float max_iou)
{
    size_t i;

    for (i = 0; i < kept; i++) {
        if (vl_box_iou(&boxes[i], box) > max_iou) return true;
    }
    return false;
}

size_t vl_nms_apply(vl_box *boxes, size_t count, float max_iou)
{
    size_t kept = 0;
    size_t i;

    sort_by_score(boxes, count);
    for (i = 0; i < count; i++) {
        if (!is_covered(boxes, kept, &boxes[i], max_iou)) boxes[kept++] = boxes[i];
    }
    return kept;
}
