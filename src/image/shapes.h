/*
 * Shapes of the caller's: polygons as boxes, and boxes in which nothing is to be touched.
 */
#ifndef VL_IMAGE_SHAPES_H
#define VL_IMAGE_SHAPES_H

#include "image/workspace.h"

/** The box around a polygon, clipped to the picture. False when it lies outside. */
bool vl_polygon_box(const veil_polygon *polygon, const vl_image_view *view, vl_rect *box);

/**
 * Boxes that cover a polygon, from the top: at most VL_POLYGON_STEPS of rows of equal height, each from the leftmost to the rightmost
 * pixel that the polygon has in them. Returns how many (0: it lies outside).
 */
size_t vl_polygon_cover(const veil_polygon *polygon, const vl_image_view *view, vl_rect boxes[VL_POLYGON_STEPS]);

/** Take out of the workspace what was found and lies wholly in an exempt box, and faces that are too small. Sizes are of the whole picture. */
void vl_image_filter(vl_image_workspace *workspace, const vl_image_request *request);

#endif
