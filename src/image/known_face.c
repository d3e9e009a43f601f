/*
 * The known face: soft ellipses painted over each other, far to near, from one table. Units are thousandths of half the
 * head's width, measured from the middle of the head, so the face scales with the picture. Integers only: the pixels are the
 * same on every machine and compiler, and the detectors' scores on them can be compared between versions.
 */
#include "image/known_face.h"

#include <stddef.h>

enum {
    PAIR = 1, /* painted again at -x, with the slant mirrored */
    HEAD = 2  /* only where the head is: shade and light do not spill onto the wall */
};

/* One soft ellipse. `soft` (0 to 64) is how much of the squared radius the edge takes; `cover` (0 to 64) the opacity. */
typedef struct stroke {
    int16_t x, y, rx, ry;
    int8_t slant; /* 64ths: how far y moves for each unit of x */
    uint8_t soft;
    uint8_t cover;
    uint8_t flags;
    uint8_t red, green, blue;
} stroke;

static const stroke head = {0, 40, 960, 1260, 0, 5, 64, HEAD, 222, 172, 143};

static const stroke strokes[] = {
    /* shoulders and shirt, collar */
    {0, 2600, 2150, 1120, 0, 6, 64, 0, 52, 70, 98},
    {-300, 2700, 1500, 1150, 0, 50, 40, 0, 68, 90, 122},
    {0, 1560, 620, 500, 0, 8, 64, 0, 42, 56, 80},
    /* hair behind the head */
    {0, -180, 1110, 1270, 0, 8, 64, 0, 48, 34, 26},
    /* neck and its shadow */
    {0, 1350, 520, 600, 0, 10, 64, 0, 190, 142, 116},
    {90, 1130, 480, 420, 0, 40, 44, 0, 120, 80, 62},
    /* ears */
    {985, 60, 120, 240, 0, 10, 64, PAIR, 196, 144, 118},
    {985, 60, 60, 150, 0, 40, 40, PAIR, 150, 98, 78},
    /* head, jaw */
    {0, 40, 960, 1260, 0, 5, 64, HEAD, 222, 172, 143},
    {0, 620, 760, 720, 0, 8, 64, 0, 222, 172, 143},
    /* light from the upper left, shade at the right, the temples and the jaw */
    {-300, -350, 640, 640, 0, 64, 30, HEAD, 246, 208, 184},
    {900, 250, 460, 1150, 0, 62, 42, HEAD, 160, 108, 84},
    {-960, 250, 290, 1050, 0, 62, 34, HEAD, 178, 124, 99},
    {60, 1270, 720, 200, 0, 62, 36, HEAD, 166, 114, 90},
    /* cheeks */
    {500, 430, 320, 240, 0, 64, 22, PAIR | HEAD, 228, 150, 126},
    {-430, 330, 240, 170, 0, 64, 22, HEAD, 246, 204, 180},
    /* eye sockets */
    {420, -110, 300, 200, 0, 60, 32, PAIR, 164, 112, 90},
    /* hair over the forehead, its shine, sideburns */
    {0, -1010, 900, 420, 0, 12, 64, 0, 48, 34, 26},
    {-360, -870, 620, 320, 14, 14, 64, 0, 50, 36, 27},
    {-330, -1050, 460, 170, 10, 64, 26, 0, 112, 84, 68},
    {940, -430, 110, 430, -4, 28, 60, PAIR, 48, 34, 26},
    /* brows */
    {430, -310, 265, 60, 8, 30, 58, PAIR, 62, 43, 33},
    {350, -300, 190, 56, -2, 30, 40, PAIR, 62, 43, 33},
    /* eyes: white, iris, pupil, upper lid, lower lid, crease, glints */
    {410, -90, 205, 86, 0, 14, 64, PAIR, 234, 227, 222},
    {410, -95, 92, 92, 0, 14, 64, PAIR, 88, 66, 48},
    {410, -95, 44, 44, 0, 16, 64, PAIR, 18, 14, 14},
    {412, -160, 225, 46, 0, 34, 62, PAIR, 46, 30, 26},
    {410, -8, 190, 28, 0, 50, 32, PAIR, 150, 98, 80},
    {410, -214, 220, 26, 0, 50, 28, PAIR, 148, 98, 80},
    {385, -125, 22, 22, 0, 24, 64, 0, 255, 255, 255},
    {-435, -125, 22, 22, 0, 24, 64, 0, 255, 255, 255},
    /* nose: shade at its root and its right side, light on the bridge, tip, wings, below, nostrils */
    {150, -90, 90, 190, -12, 62, 26, PAIR, 176, 124, 100},
    {130, 230, 110, 300, 12, 64, 30, 0, 178, 126, 102},
    {-25, 120, 70, 380, 0, 62, 34, 0, 250, 216, 194},
    {-10, 400, 150, 110, 0, 60, 34, 0, 240, 194, 168},
    {170, 430, 85, 95, 0, 56, 30, PAIR, 190, 134, 110},
    {10, 525, 220, 56, 0, 58, 44, 0, 146, 96, 78},
    {95, 490, 60, 34, 6, 44, 58, PAIR, 70, 40, 34},
    /* mouth: upper lip, lower lip, line between, light, corners, shade below, chin */
    {0, 765, 320, 66, 0, 28, 58, 0, 176, 92, 86},
    {0, 850, 265, 86, 0, 30, 58, 0, 196, 108, 102},
    {0, 803, 335, 22, 0, 44, 60, 0, 96, 42, 44},
    {-50, 862, 130, 34, 0, 62, 30, 0, 232, 164, 154},
    {345, 790, 70, 70, 0, 60, 28, PAIR, 160, 108, 88},
    {10, 975, 240, 54, 0, 60, 34, 0, 166, 114, 92},
    {-40, 1100, 220, 120, 0, 64, 26, 0, 242, 198, 174},
    /* folds from the nose to the mouth */
    {290, 610, 60, 190, 36, 64, 20, PAIR, 160, 106, 86},
};

typedef struct canvas {
    uint8_t *bgr;
    size_t stride_bytes;
    int32_t width, height;
    int32_t center_x, center_y; /* of the head, pixels */
    int32_t unit;               /* half the head's width, pixels */
} canvas;

/* Opacity of a stroke at (dx, dy) from its middle, in 1/4096: full inside, a smooth step across the soft edge. */
static int32_t coverage(const stroke *s, int64_t dx, int64_t dy)
{
    int64_t u = dx * 4096 / s->rx, v = dy * 4096 / s->ry;
    int64_t inside = 4096 - (u * u + v * v) / 4096;
    if (inside <= 0) return 0;
    int64_t edge = s->soft * 64;
    int64_t t = inside >= edge ? 4096 : inside * 4096 / edge;
    int64_t smooth = t * t / 4096 * (3 * 4096 - 2 * t) / 4096;
    return (int32_t)(smooth * s->cover / 64);
}

static uint8_t mix(uint8_t from, uint8_t to, int32_t cover)
{
    return (uint8_t)(from + ((to - from) * cover + 2048) / 4096);
}

static int32_t clamp(int64_t value, int32_t limit)
{
    return value < 0 ? 0 : value > limit ? limit : (int32_t)value;
}

static void paint(const canvas *c, const stroke *s, int32_t side)
{
    int64_t x0 = side * s->x, slant = side * s->slant;
    int64_t reach_y = s->ry + (slant < 0 ? -slant : slant) * s->rx / 64;
    int32_t left = clamp(c->center_x + (x0 - s->rx) * c->unit / 1000 - 1, c->width);
    int32_t right = clamp(c->center_x + (x0 + s->rx) * c->unit / 1000 + 2, c->width);
    int32_t top = clamp(c->center_y + (s->y - reach_y) * c->unit / 1000 - 1, c->height);
    int32_t bottom = clamp(c->center_y + (s->y + reach_y) * c->unit / 1000 + 2, c->height);
    for (int32_t y = top; y < bottom; y++) {
        uint8_t *row = c->bgr + (size_t)y * c->stride_bytes;
        for (int32_t x = left; x < right; x++) {
            int64_t dx = (int64_t)(x - c->center_x) * 1000 / c->unit - x0;
            int64_t face_y = (int64_t)(y - c->center_y) * 1000 / c->unit;
            int64_t dy = face_y - s->y - dx * slant / 64;
            int32_t cover = coverage(s, dx, dy);
            if (s->flags & HEAD) cover = cover * coverage(&head, dx + x0, face_y - head.y) / 4096;
            row[3 * x] = mix(row[3 * x], s->blue, cover);
            row[3 * x + 1] = mix(row[3 * x + 1], s->green, cover);
            row[3 * x + 2] = mix(row[3 * x + 2], s->red, cover);
        }
    }
}

/* A wall, a little lighter towards the top left. */
static void paint_wall(const canvas *c)
{
    for (int32_t y = 0; y < c->height; y++) {
        uint8_t *row = c->bgr + (size_t)y * c->stride_bytes;
        for (int32_t x = 0; x < c->width; x++) {
            int32_t shade = 24 * x / c->width + 30 * y / c->height;
            row[3 * x] = (uint8_t)(196 - shade);
            row[3 * x + 1] = (uint8_t)(202 - shade);
            row[3 * x + 2] = (uint8_t)(200 - shade);
        }
    }
}

void vl_known_face_draw(uint8_t *bgr, size_t stride_bytes, uint32_t width, uint32_t height, veil_region *truth)
{
    canvas c = {bgr, stride_bytes, (int32_t)width, (int32_t)height, (int32_t)width / 2, (int32_t)height * 45 / 100, 1};
    c.unit = (int32_t)(height < width ? height : width) * 20 / 100;
    if (c.unit < 1) c.unit = 1;
    paint_wall(&c);
    for (size_t i = 0; i < sizeof strokes / sizeof *strokes; i++) {
        paint(&c, &strokes[i], 1);
        if (strokes[i].flags & PAIR) paint(&c, &strokes[i], -1);
    }
    if (truth != NULL)
        *truth = (veil_region){.entity = "FACE",
                               .x = c.center_x - c.unit * 870 / 1000,
                               .y = c.center_y - c.unit * 850 / 1000,
                               .w = 2 * c.unit * 870 / 1000,
                               .h = c.unit * 2200 / 1000,
                               .score = 1};
}
