/* What is found in a picture beside faces: codes, and personal data in text. */
#ifndef VL_IMAGE_MARKS_H
#define VL_IMAGE_MARKS_H

#include "image/view.h"

#define VL_MARKS_MAX 4096u /* in one picture; more are LIMIT */

typedef struct vl_mark {
    const char *entity; /* lives as long as the engine */
    vl_rect rect;       /* in the picture, before any margin */
    float score;
    uint32_t reserved;
} vl_mark;

typedef struct vl_mark_list {
    vl_mark *items;
    size_t count;
    size_t capacity;
} vl_mark_list;

/** False when there is no room. One that is there already, or lies in another of its entity, is not added again. */
bool vl_marks_add(vl_mark_list *list, const char *entity, vl_rect rect, float score);

/** Marks from `from` on come from another look at the same picture: those that share half of the smaller box with one before of their
 *  entity join it, whose box and score grow. */
void vl_marks_join(vl_mark_list *list, size_t from);

#endif
