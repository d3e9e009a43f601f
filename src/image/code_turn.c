/* The direction comes from the structure tensor (Foerstner and Guelch 1987; Bigun and Granlund 1987) of the whole place. */
#include "image/code_turn.h"

#include <math.h>

#define COHERENT 0.35F /* 0: edges in all directions, 1: in one */
#define SLANTED  0.17F /* radians from a row or column, about 10 degrees: less is read as it is */
#define PAPER    235
#define HALF_PI  1.57079633F

static void set_size(vl_code_turn *turn)
{
    const float w = (float)turn->place.w, h = (float)turn->place.h;
    const float c = fabsf(turn->cosine), s = fabsf(turn->sine);

    turn->width = (uint32_t)ceilf(w * c + h * s);
    turn->height = (uint32_t)ceilf(w * s + h * c);
}

bool vl_code_turn_wanted(const uint8_t *plane, uint32_t plane_width, const vl_rect *place, vl_code_turn *turn)
{
    double xx = 0, yy = 0, xy = 0, spread;
    float angle, off;

    if (place->w < 3 || place->h < 3) return false;
    for (uint32_t y = place->y + 1; y + 1 < place->y + place->h; y++) {
        const uint8_t *row = plane + (size_t)y * plane_width + place->x;
        int64_t row_xx = 0, row_yy = 0, row_xy = 0;

        for (uint32_t x = 1; x + 1 < place->w; x++) {
            const int32_t gx = row[x + 1] - row[x - 1];
            const int32_t gy = row[(ptrdiff_t)x + plane_width] - row[(ptrdiff_t)x - (ptrdiff_t)plane_width];

            row_xx += gx * gx;
            row_yy += gy * gy;
            row_xy += gx * gy;
        }
        xx += (double)row_xx;
        yy += (double)row_yy;
        xy += (double)row_xy;
    }
    spread = sqrt((xx - yy) * (xx - yy) + 4 * xy * xy);
    if (xx + yy <= 0 || spread < (double)COHERENT * (xx + yy)) return false;
    angle = (float)(0.5 * atan2(2 * xy, xx - yy)); /* across the bars */
    off = fabsf(remainderf(angle, HALF_PI));
    if (off < SLANTED) return false;
    *turn = (vl_code_turn){.place = *place, .cosine = cosf(angle), .sine = sinf(angle)};
    set_size(turn);
    return true;
}

/* Where (u, v) of the turned plane lies in the plane. */
static void source_of(const vl_code_turn *turn, float u, float v, float *x, float *y)
{
    const float du = u - (float)turn->width / 2, dv = v - (float)turn->height / 2;

    *x = (float)turn->place.x + (float)turn->place.w / 2 + du * turn->cosine - dv * turn->sine;
    *y = (float)turn->place.y + (float)turn->place.h / 2 + du * turn->sine + dv * turn->cosine;
}

static uint8_t sample(const uint8_t *plane, uint32_t plane_width, const vl_rect *place, float x, float y)
{
    const float fx = floorf(x - 0.5F), fy = floorf(y - 0.5F);
    const float ax = x - 0.5F - fx, ay = y - 0.5F - fy;
    const uint8_t *at;

    if (fx < (float)place->x || fy < (float)place->y || fx + 1 >= (float)(place->x + place->w) ||
        fy + 1 >= (float)(place->y + place->h))
        return PAPER;
    at = plane + (size_t)fy * plane_width + (size_t)fx;
    return (uint8_t)((1 - ay) * ((1 - ax) * at[0] + ax * at[1]) +
                     ay * ((1 - ax) * at[plane_width] + ax * at[plane_width + 1]) + 0.5F);
}

void vl_code_turn_draw(const uint8_t *plane, uint32_t plane_width, const vl_code_turn *turn, uint8_t *out)
{
    for (uint32_t v = 0; v < turn->height; v++) {
        for (uint32_t u = 0; u < turn->width; u++) {
            float x, y;

            source_of(turn, (float)u + 0.5F, (float)v + 0.5F, &x, &y);
            out[(size_t)v * turn->width + u] = sample(plane, plane_width, &turn->place, x, y);
        }
    }
}

void vl_code_turn_back(const vl_code_turn *turn, int32_t point[2])
{
    float x, y;

    source_of(turn, (float)point[0], (float)point[1], &x, &y);
    point[0] = (int32_t)lrintf(x);
    point[1] = (int32_t)lrintf(y);
}
