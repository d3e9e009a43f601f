/* The list of marks of one picture. */
#include "image/marks.h"

#include <string.h>

static bool lies_in(const vl_rect *inner, const vl_rect *outer)
{
    return inner->x >= outer->x && inner->y >= outer->y && inner->x + inner->w <= outer->x + outer->w &&
           inner->y + inner->h <= outer->y + outer->h;
}

bool vl_marks_add(vl_mark_list *list, const char *entity, vl_rect rect, float score)
{
    for (size_t i = 0; i < list->count; i++) {
        const vl_mark *known = &list->items[i];

        if (strcmp(known->entity, entity) == 0 && known->score >= score && lies_in(&rect, &known->rect)) return true;
    }
    if (list->count == list->capacity) return false;
    list->items[list->count++] = (vl_mark){.entity = entity, .rect = rect, .score = score};
    return true;
}

static uint64_t shared_length(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
    const uint32_t from = a > b ? a : b, to = a + a_size < b + b_size ? a + a_size : b + b_size;

    return to > from ? to - from : 0;
}

static bool are_one(const vl_mark *a, const vl_mark *b)
{
    const vl_rect *p = &a->rect, *q = &b->rect;
    const uint64_t area = (uint64_t)p->w * p->h, other = (uint64_t)q->w * q->h;
    const uint64_t shared = shared_length(p->x, p->w, q->x, q->w) * shared_length(p->y, p->h, q->y, q->h);

    return strcmp(a->entity, b->entity) == 0 && 2 * shared >= (area < other ? area : other);
}

void vl_marks_join(vl_mark_list *list, size_t from)
{
    size_t kept = from;

    for (size_t i = from; i < list->count; i++) {
        vl_mark *known = NULL;

        for (size_t j = 0; j < from && known == NULL; j++) {
            if (are_one(&list->items[j], &list->items[i])) known = &list->items[j];
        }
        if (known == NULL) {
            list->items[kept++] = list->items[i];
            continue;
        }
        known->rect = vl_rect_union(&known->rect, &list->items[i].rect);
        if (list->items[i].score > known->score) known->score = list->items[i].score;
    }
    list->count = kept;
}
