/* Keys and values of the exact cache; the table itself is core's. */
#include "image/exact_cache.h"

#include <string.h>

_Static_assert(sizeof(vl_picture_head) == 48, "no holes: every byte is hashed");

vl_picture_head vl_picture_head_make(const char purpose[8], const vl_image_request *request, const vl_image_view *view)
{
    vl_picture_head head = {
        .tenant = request->tenant,
        .width = view->width,
        .height = view->height,
        .format = view->format,
        .finders = (request->wants_faces ? VL_FINDERS_FACES : 0) | (request->wants_qr ? VL_FINDERS_QR : 0) |
                   (request->wants_bars ? VL_FINDERS_BARS : 0) | (request->wants_text ? VL_FINDERS_TEXT : 0) |
                   (request->wants_payloads ? VL_FINDERS_PAYLOADS : 0) |
                   (request->has_min_score ? VL_FINDERS_SCORE : 0),
        .names = vl_image_request_names(request),
    };

    memcpy(head.purpose, purpose, sizeof head.purpose);
    memcpy(&head.min_score_bits, &request->min_score, sizeof head.min_score_bits);
    memcpy(&head.mark_min_score_bits, &request->mark_min_score, sizeof head.mark_min_score_bits);
    return head;
}

veil_status vl_exact_key(vl_hasher *hasher, const vl_image_request *request, const vl_image_view *view, vl_hash128 *key)
{
    static const char purpose[8] = "exact-3"; /* the number changes with what a value means */
    const vl_picture_head head = vl_picture_head_make(purpose, request, view);

    return vl_hasher_rows(hasher, &head, sizeof head, view->pixels, (size_t)view->width * vl_pixel_bytes(view->format),
                          view->stride_bytes, view->height, key);
}

bool vl_cached_faces_pack(const vl_face *faces, size_t count, vl_cached_faces *out)
{
    if (count > VL_CACHED_FACES_MAX) return false;
    memset(out, 0, sizeof *out);
    out->count = (uint32_t)count;
    if (count > 0) memcpy(out->faces, faces, count * sizeof *faces);
    return true;
}

bool vl_cached_picture_pack(const vl_face *faces, size_t count, const vl_mark_list *marks, vl_cached_picture *out)
{
    if (marks->count > VL_CACHED_MARKS_MAX || !vl_cached_faces_pack(faces, count, &out->faces)) return false;
    memset(out->marks, 0, sizeof out->marks);
    out->mark_count = (uint32_t)marks->count;
    out->reserved = 0;
    if (marks->count > 0) memcpy(out->marks, marks->items, marks->count * sizeof *marks->items);
    return true;
}
