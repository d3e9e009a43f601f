/*
 * The exact cache: which faces, texts and codes were found in this very picture before. Holds boxes and their
 * entities, never pixels or words; the key is a keyed
 * 128-bit hash of every pixel row, the size, format, tenant and the options that change what is found.
 */
#ifndef VL_IMAGE_EXACT_CACHE_H
#define VL_IMAGE_EXACT_CACHE_H

#include "core/cache.h"
#include "image/detector.h"
#include "image/marks.h"
#include "image/request.h"

#define VL_CACHED_FACES_MAX 64u /* a picture with more faces or marks is not remembered */
#define VL_CACHED_MARKS_MAX 32u

/** A cached value. Constant size; bytes behind the last face are zero. */
typedef struct vl_cached_faces {
    uint32_t count;
    uint32_t reserved;
    vl_face faces[VL_CACHED_FACES_MAX];
} vl_cached_faces;

/** What the exact cache holds; the near-duplicate cache holds faces alone, for it looks at what the network sees. */
typedef struct vl_cached_picture {
    vl_cached_faces faces;
    uint32_t mark_count;
    uint32_t reserved;
    vl_mark marks[VL_CACHED_MARKS_MAX];
} vl_cached_picture;

enum {
    VL_FINDERS_FACES = 1u,
    VL_FINDERS_QR = 2u,
    VL_FINDERS_BARS = 4u,
    VL_FINDERS_TEXT = 8u,
    VL_FINDERS_PAYLOADS = 16u,
    VL_FINDERS_SCORE = 32u
};

/** What a key is made of besides pixels. No padding: all of it is hashed. */
typedef struct vl_picture_head {
    char purpose[8];
    uint64_t tenant;
    uint32_t width;
    uint32_t height;
    uint32_t format;
    uint32_t min_score_bits; /* of the float */
    uint32_t mark_min_score_bits;
    uint32_t finders; /* VL_FINDERS_*: what was looked for */
    uint64_t names;   /* vl_image_request_names */
} vl_picture_head;

vl_picture_head vl_picture_head_make(const char purpose[8], const vl_image_request *request, const vl_image_view *view);

/** Key of a picture under the hasher's secret. VEIL_OK or INTERNAL. */
veil_status vl_exact_key(vl_hasher *hasher, const vl_image_request *request, const vl_image_view *view,
                         vl_hash128 *key);

/** Pack faces for the cache; false when there are too many. */
bool vl_cached_faces_pack(const vl_face *faces, size_t count, vl_cached_faces *out);

/** The same for all that was found. */
bool vl_cached_picture_pack(const vl_face *faces, size_t count, const vl_mark_list *marks, vl_cached_picture *out);

#endif
