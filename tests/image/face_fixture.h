/* Pictures and sanitizers that several image tests need. */
#ifndef VL_TESTS_FACE_FIXTURE_H
#define VL_TESTS_FACE_FIXTURE_H

#include "image/known_face.h"
#include "image/view.h"

/** A picture on the heap, tight rows. Free with picture_free. */
vl_image_view picture_make(uint32_t width, uint32_t height, uint32_t format);
void picture_free(vl_image_view *view);
vl_image_view picture_copy(const vl_image_view *view);

/** The known face filling the whole picture, converted to its format. */
void picture_draw_face(const vl_image_view *view, veil_region *truth);

/** The known face, drawn at w x h and put into the picture with its top left at (x, y). */
void picture_paste_face(const vl_image_view *view, uint32_t x, uint32_t y, uint32_t w, uint32_t h, veil_region *truth);

/** A smooth background without faces, different for each seed. */
void picture_draw_wall(const vl_image_view *view, uint32_t seed);

/** The public struct for a view. */
veil_image picture_image(const vl_image_view *view);

/** False in a build with VEIL_EMBED_MODEL=OFF. */
bool picture_has_network(void);

/** A config for images alone; names the network in this tree where none is embedded. */
veil_config picture_config(void);

/** Next number of a small generator (xorshift). */
uint32_t picture_random(uint32_t *state);

double picture_iou(const veil_region *a, const veil_region *b);

/** Path of a file in ../shared, or NULL when that folder is not there. Static buffer. */
const char *picture_shared(const char *name);

/** Whole file on the heap, or NULL. */
void *picture_read_file(const char *path, size_t *bytes);

#endif
