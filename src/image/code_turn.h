/*
 * Bar codes that lie slanted: a reader follows rows and columns of pixels, so what has one clear direction that is neither is turned
 * upright first.
 */
#ifndef VL_IMAGE_CODE_TURN_H
#define VL_IMAGE_CODE_TURN_H

#include <stdbool.h>

#include "image/view.h"

/** A place of a plane, turned about its middle. */
typedef struct vl_code_turn {
    vl_rect place;
    float cosine; /* of the angle between the place's bars and upright ones */
    float sine;
    uint32_t width; /* of the turned plane: room for all of the place */
    uint32_t height;
} vl_code_turn;

/** Whether the edges of a place agree on one direction that is slanted; sets `turn`. */
bool vl_code_turn_wanted(const uint8_t *plane, uint32_t plane_width, const vl_rect *place, vl_code_turn *turn);

/**
 * Cut a turned place into windows that overlap by half, so that a turned one has at most `most` pixels and is at most as long as codes of
 * this slant can be, twice. Returns how many; window `at` of them becomes `part`.
 */
size_t vl_code_turn_windows(const vl_code_turn *turn, size_t most);
void vl_code_turn_window(const vl_code_turn *turn, size_t most, size_t at, vl_code_turn *part);

/** Draw the turned place: turn->width * turn->height bytes. Around it is paper. */
void vl_code_turn_draw(const uint8_t *plane, uint32_t plane_width, const vl_code_turn *turn, uint8_t *out);

/** From a point of the turned plane to the plane. */
void vl_code_turn_back(const vl_code_turn *turn, int32_t point[2]);

#endif
