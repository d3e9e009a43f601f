/*
 * Personal data in the text of a picture: words from the host's reader (veil_ocr_engine), put together as lines, through the
 * text engine, and back to boxes: one for each line that a finding covers. What codes say goes the same way, with the box of the
 * code. What was read lies in secret pages, and is wiped.
 */
#ifndef VL_IMAGE_READING_H
#define VL_IMAGE_READING_H

#include "core/pool.h"
#include "image/marks.h"
#include "image/request.h"
#include "text/text.h"

#define VL_READ_FINDINGS_MAX 256u /* in what one code says */

/** Of one workspace. */
typedef struct vl_reader {
    const veil_ocr_engine *ocr; /* NULL: pictures are not read */
    void *instance;
    const vl_text_engine *text; /* NULL: nothing is looked for in text */
    vl_pool *pool;
    const char *entities[VL_TEXT_NAMES_MAX]; /* of the call that runs */
    const char *excluded[VL_TEXT_NAMES_MAX];
    veil_finding findings[VL_READ_FINDINGS_MAX];
} vl_reader;

/** Make the instance of a zeroed reader. What the host's create answers, or CALLBACK. */
veil_status vl_reader_open(vl_reader *reader, const veil_ocr_engine *ocr, const vl_text_engine *text, vl_pool *pool,
                           veil_error *error);
void vl_reader_close(vl_reader *reader);

/** Read the picture and add what is found. NO_MEMORY, BUSY, LIMIT, INTERNAL, CALLBACK, or what the host's reader answers. */
veil_status vl_reader_picture(vl_reader *reader, const vl_image_request *request, const vl_image_view *view,
                              vl_mark_list *marks, veil_error *error);

/** Look into what a code says. */
veil_status vl_reader_payload(vl_reader *reader, const vl_image_request *request, const char *text, size_t text_bytes,
                              vl_rect rect, vl_mark_list *marks);

#endif
