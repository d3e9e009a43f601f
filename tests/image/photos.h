/* Photos of ../shared/data/faces with their labelled boxes. Absent in a plain checkout: tests then skip. */
#ifndef VL_TESTS_PHOTOS_H
#define VL_TESTS_PHOTOS_H

#include "image/view.h"

enum { PHOTO_BOXES_MAX = 32 };

typedef struct photo {
    vl_image_view view; /* BGR; free with picture_free */
    veil_region boxes[PHOTO_BOXES_MAX];
    size_t box_count;
    char name[128];
} photo;

typedef struct photo_list photo_list;

/** The photos of a set ("dev"), or NULL when they are not there. */
photo_list *photos_open(const char *set);
void photos_close(photo_list *list);

/** Next photo, decoded, or false at the end. Photos with more boxes than fit are passed over. */
bool photos_next(photo_list *list, photo *out);
/** Pass over so many without decoding them. */
void photos_skip(photo_list *list, int count);

#endif
