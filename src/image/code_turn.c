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

/* ---- Windows ----------------------------------------------------------------------------------------------------- */

/* Of one side of a place: so long, and a half of that apart. */
typedef struct windows {
    uint32_t side;
    uint32_t count;
} windows;

static windows windows_of(uint32_t whole, uint32_t side)
{
    const uint32_t step = side / 2 > 0 ? side / 2 : 1;

    return (windows){side, whole <= side ? 1 : 1 + (whole - side + step - 1) / step};
}

/*
 * A code of length L whose bars are T tall lies, turned by a, in a strip of height h only when L sin a + T cos a <= h: along the strip it
 * takes L cos a + T sin a <= h max(cot a, tan a). Windows twice as long, half of that apart, hold each whole.
 */
static void window_sides(const vl_code_turn *turn, size_t most, windows *across, windows *down)
{
    const float c = fabsf(turn->cosine), s = fabsf(turn->sine);
    const uint32_t less = turn->place.w < turn->place.h ? turn->place.w : turn->place.h;
    const float longest = ceilf(2 * (float)less * (c > s ? c / s : s / c));
    vl_code_turn part = *turn;

    if ((float)part.place.w > longest) part.place.w = (uint32_t)longest;
    if ((float)part.place.h > longest) part.place.h = (uint32_t)longest;
    set_size(&part);
    while ((uint64_t)part.width * part.height > most && (part.place.w > 8 || part.place.h > 8)) {
        uint32_t *side = part.place.w > part.place.h ? &part.place.w : &part.place.h;

        *side -= *side / 4;
        set_size(&part);
    }
    *across = windows_of(turn->place.w, part.place.w);
    *down = windows_of(turn->place.h, part.place.h);
}

size_t vl_code_turn_windows(const vl_code_turn *turn, size_t most)
{
    windows across, down;

    window_sides(turn, most, &across, &down);
    return (size_t)across.count * down.count;
}

static uint32_t window_start(const windows *w, uint32_t whole, uint32_t at)
{
    const uint32_t last = whole - w->side, step = w->side / 2 > 0 ? w->side / 2 : 1;

    return (uint64_t)step * at < last ? step * at : last;
}

void vl_code_turn_window(const vl_code_turn *turn, size_t most, size_t at, vl_code_turn *part)
{
    windows across, down;

    window_sides(turn, most, &across, &down);
    *part = *turn;
    part->place.x += window_start(&across, turn->place.w, (uint32_t)(at % across.count));
    part->place.y += window_start(&down, turn->place.h, (uint32_t)(at / across.count));
    part->place.w = across.side;
    part->place.h = down.side;
    set_size(part);
}

/* ---- Drawing ----------------------------------------------------------------------------------------------------- */

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
