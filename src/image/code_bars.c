/*
 * The row through the middle of what was read, as 8 pieces of samples, is compared with rows further and further along the
 * bars. A piece that correlates with its like (same or neighbouring offset) keeps the walk going: of a slanted code, the rows near its
 * ends hold a part only. The way along the bars comes from the edges around that row (structure tensor, as in code_turn.c), for the
 * reader tells it from rows that may lie close together; what is still wrong with it shows as a drift of the offset, which is followed.
 */
#include "image/code_bars.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define SAMPLES       256
#define PIECES        8
#define PIECE         (SAMPLES / PIECES)
#define MIN_SPREAD    12.0F /* standard deviation in levels: less is no print */
#define ALIKE         0.75F /* correlation */
#define GAP_STEPS     4     /* so many rows in a row may differ: a scratch, a fold */
#define LENGTHS_MAX   1.5F  /* no bars are taken to be taller than the code is long, by more than this */
#define SHIFT_SAMPLES 2
#define FAR_OUT       1048576.0F /* pixels: no picture is as large */
#define BAND          3          /* rows on each side of the middle one whose edges tell the direction */
#define COHERENT      0.6F       /* 0: edges in all directions, 1: in one */
#define CROSSING      0.5F       /* sine of the least angle between bars and the row that was read */

typedef struct walk {
    const uint8_t *plane;
    uint32_t width;
    uint32_t height;
    float x; /* start of the middle row */
    float y;
    float ux; /* to its end */
    float uy;
    float bx; /* one pixel along the bars */
    float by;
    float drift; /* along the row, as a part of it: how far the bars have moved */
    float reference[SAMPLES];
} walk;

static bool sample_row(const walk *w, float step, float row[SAMPLES + 2 * SHIFT_SAMPLES])
{
    bool is_inside = false;

    for (int i = 0; i < SAMPLES + 2 * SHIFT_SAMPLES; i++) {
        const float along = ((float)(i - SHIFT_SAMPLES) + 0.5F) / SAMPLES + w->drift;
        const float x = w->x + along * w->ux + step * w->bx;
        const float y = w->y + along * w->uy + step * w->by;
        const bool is_in = x >= 0 && y >= 0 && x < (float)w->width && y < (float)w->height;

        row[i] = is_in ? (float)w->plane[(size_t)y * w->width + (size_t)x] : 255.0F;
        is_inside = is_inside || is_in;
    }
    return is_inside;
}

/* Pearson's correlation of two pieces, 0 where one of them is flat. */
static float correlation(const float *a, const float *b)
{
    float sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;

    for (int i = 0; i < PIECE; i++) {
        sa += a[i];
        sb += b[i];
        saa += a[i] * a[i];
        sbb += b[i] * b[i];
        sab += a[i] * b[i];
    }
    saa -= sa * sa / PIECE;
    sbb -= sb * sb / PIECE;
    sab -= sa * sb / PIECE;
    if (saa < MIN_SPREAD * MIN_SPREAD * PIECE || sbb < MIN_SPREAD * MIN_SPREAD * PIECE) return 0;
    return sab / sqrtf(saa * sbb);
}

/* How many pieces are alike where they are alike best, and that offset, which is kept where others are no better. */
static int count_alike(const walk *w, const float *row, int *shift)
{
    int most = 0;

    for (int k = 0; k <= 2 * SHIFT_SAMPLES; k++) {
        const int at = SHIFT_SAMPLES + (k % 2 == 0 ? k / 2 : -(k + 1) / 2); /* from the middle outwards */
        int alike = 0;

        for (int piece = 0; piece < PIECES; piece++)
            alike += correlation(w->reference + piece * PIECE, row + at + piece * PIECE) >= ALIKE;
        if (alike <= most) continue;
        most = alike;
        *shift = at - SHIFT_SAMPLES;
    }
    return most;
}

/* How far the bars go that way, in steps of a pixel; `drift` is where they have moved to by then. */
static float walk_to_end(walk *w, float sign, float most, float *drift)
{
    float row[SAMPLES + 2 * SHIFT_SAMPLES];
    float end = 0;

    w->drift = *drift = 0;
    for (float step = 1; step <= most && step - end <= GAP_STEPS + 1; step += 1) {
        int alike, shift = 0;

        if (!sample_row(w, sign * step, row)) break;
        alike = count_alike(w, row, &shift);
        if (alike == 0) continue;
        end = step;
        if (alike >= PIECES / 2) w->drift += (shift > 0 ? 0.5F : shift < 0 ? -0.5F : 0) / SAMPLES;
        *drift = w->drift;
    }
    return end;
}

/* The way along the bars from the edges around the middle row. False where they have no one direction that crosses it. */
static bool direction_of_edges(walk *w, float length)
{
    const float nx = -w->uy / length, ny = w->ux / length;
    float xx = 0, yy = 0, xy = 0, angle;

    for (int i = 0; i < SAMPLES * (2 * BAND + 1); i++) {
        const float along = ((float)(i % SAMPLES) + 0.5F) / SAMPLES, off = (float)(i / SAMPLES - BAND);
        const float x = w->x + along * w->ux + off * nx, y = w->y + along * w->uy + off * ny;
        const uint8_t *at;
        float gx, gy;

        if (!(x >= 1 && y >= 1 && x < (float)w->width - 1 && y < (float)w->height - 1)) continue;
        at = w->plane + (size_t)y * w->width + (size_t)x;
        gx = (float)(at[1] - at[-1]);
        gy = (float)(at[w->width] - *(at - w->width));
        xx += gx * gx;
        yy += gy * gy;
        xy += gx * gy;
    }
    if (hypotf(xx - yy, 2 * xy) < COHERENT * (xx + yy) || xx + yy <= 0) return false;
    angle = 0.5F * atan2f(2 * xy, xx - yy); /* across the bars */
    w->bx = -sinf(angle);
    w->by = cosf(angle);
    if (w->bx * nx + w->by * ny < 0) {
        w->bx = -w->bx;
        w->by = -w->by;
    }
    return w->bx * nx + w->by * ny >= CROSSING;
}

/* The way along the bars: as the edges say, or from the upper row that was read to the lower one, or straight across when they are one. */
static void set_directions(walk *w, int32_t corners[4][2])
{
    const float dx = (float)(corners[3][0] + corners[2][0] - corners[0][0] - corners[1][0]) / 2;
    const float dy = (float)(corners[3][1] + corners[2][1] - corners[0][1] - corners[1][1]) / 2;
    const float tall = sqrtf(dx * dx + dy * dy);
    const float length = sqrtf(w->ux * w->ux + w->uy * w->uy);

    w->x = (float)(corners[0][0] + corners[3][0]) / 2;
    w->y = (float)(corners[0][1] + corners[3][1]) / 2;
    if (direction_of_edges(w, length)) return;
    w->bx = tall >= 4 ? dx / tall : -w->uy / length;
    w->by = tall >= 4 ? dy / tall : w->ux / length;
}

static void move(int32_t corner[2], const walk *w, float along, float step)
{
    const float x = w->x + along * w->ux + step * w->bx, y = w->y + along * w->uy + step * w->by;

    if (!(fabsf(x) < FAR_OUT && fabsf(y) < FAR_OUT)) return; /* also what is no number: the reader's own corner stays */
    corner[0] = (int32_t)lrintf(x);
    corner[1] = (int32_t)lrintf(y);
}

void vl_code_bars_extend(const uint8_t *plane, uint32_t width, uint32_t height, int32_t corners[4][2])
{
    walk w = {.plane = plane, .width = width, .height = height};
    float row[SAMPLES + 2 * SHIFT_SAMPLES];
    float length, up, down, up_drift, down_drift, tall;

    w.ux = (float)(corners[1][0] + corners[2][0] - corners[0][0] - corners[3][0]) / 2;
    w.uy = (float)(corners[1][1] + corners[2][1] - corners[0][1] - corners[3][1]) / 2;
    length = sqrtf(w.ux * w.ux + w.uy * w.uy);
    if (length < 8) return;
    set_directions(&w, corners);
    (void)sample_row(&w, 0, row);
    for (int i = 0; i < SAMPLES; i++)
        w.reference[i] = row[i + SHIFT_SAMPLES];
    tall = hypotf((float)(corners[3][0] - corners[0][0]), (float)(corners[3][1] - corners[0][1])) / 2;
    up = walk_to_end(&w, -1, length * LENGTHS_MAX, &up_drift);
    down = walk_to_end(&w, 1, length * LENGTHS_MAX, &down_drift);
    up = up > tall ? up : tall;
    down = down > tall ? down : tall;
    move(corners[0], &w, up_drift, -up);
    move(corners[1], &w, 1 + up_drift, -up);
    move(corners[2], &w, 1 + down_drift, down);
    move(corners[3], &w, down_drift, down);
}
