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
