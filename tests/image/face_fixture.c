#include "face_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

vl_image_view picture_make(uint32_t width, uint32_t height, uint32_t format)
{
    void *pixels = calloc(vl_image_tight_bytes(width, height, format), 1);

    if (pixels == NULL) abort();
    return vl_view_make(pixels, width, height, format);
}

void picture_free(vl_image_view *view)
{
    free(view->pixels);
    memset(view, 0, sizeof *view);
}

vl_image_view picture_copy(const vl_image_view *view)
{
    vl_image_view copy = picture_make(view->width, view->height, view->format);

    for (uint32_t y = 0; y < view->height; y++)
        memcpy(vl_view_row(&copy, y), vl_view_row(view, y), (size_t)view->width * vl_pixel_bytes(view->format));
    return copy;
}

static void put_pixel(const vl_image_view *view, uint32_t x, uint32_t y, uint32_t rgb)
{
    uint8_t pixel[4];
    const uint32_t bytes = vl_pixel_from_rgb(view->format, rgb, pixel);

    memcpy(vl_view_row(view, y) + (size_t)x * bytes, pixel, bytes);
}

void picture_paste_face(const vl_image_view *view, uint32_t x, uint32_t y, uint32_t w, uint32_t h, veil_region *truth)
{
    uint8_t *bgr = malloc((size_t)w * h * 3);

    if (bgr == NULL) abort();
    vl_known_face_draw(bgr, (size_t)w * 3, w, h, truth);
    for (uint32_t j = 0; j < h; j++) {
        for (uint32_t i = 0; i < w; i++) {
            const uint8_t *from = bgr + ((size_t)j * w + i) * 3;
            const uint32_t rgb = (uint32_t)from[2] << 16 | (uint32_t)from[1] << 8 | from[0];

            put_pixel(view, x + i, y + j, rgb);
        }
    }
    free(bgr);
    if (truth != NULL) {
        truth->x += (int32_t)x;
        truth->y += (int32_t)y;
    }
}

void picture_draw_face(const vl_image_view *view, veil_region *truth)
{
    picture_paste_face(view, 0, 0, view->width, view->height, truth);
}

uint32_t picture_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

void picture_draw_wall(const vl_image_view *view, uint32_t seed)
{
    uint32_t state = seed * 2654435761u + 1;
    const uint32_t base = 30 + picture_random(&state) % 90;
    const uint32_t right = picture_random(&state) % 64;
    const uint32_t down = picture_random(&state) % 64;

    for (uint32_t y = 0; y < view->height; y++) {
        for (uint32_t x = 0; x < view->width; x++) {
            const uint32_t tone = base + x * right / view->width + y * down / view->height;

            put_pixel(view, x, y, tone << 16 | (tone - 10) << 8 | (tone - 20));
        }
    }
}

veil_image picture_image(const vl_image_view *view)
{
    return (veil_image){
        .struct_size = sizeof(veil_image),
        .pixels = view->pixels,
        .stride_bytes = view->stride_bytes,
        .width = view->width,
        .height = view->height,
        .format = view->format,
    };
}

bool picture_has_network(void)
{
    veil_build_info info = {.struct_size = sizeof info};

    return veil_build_info_get(&info) == VEIL_OK && info.models[0] != 0;
}

veil_config picture_config(void)
{
    veil_config config;

    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    if (!picture_has_network()) config.model_path = VEIL_TEST_SOURCE_DIR "/src/image/model/face_ssd.onnx";
    return config;
}

double picture_iou(const veil_region *a, const veil_region *b)
{
    const double x0 = a->x > b->x ? a->x : b->x;
    const double y0 = a->y > b->y ? a->y : b->y;
    const double x1 = a->x + a->w < b->x + b->w ? a->x + a->w : b->x + b->w;
    const double y1 = a->y + a->h < b->y + b->h ? a->y + a->h : b->y + b->h;
    const double shared = x1 > x0 && y1 > y0 ? (x1 - x0) * (y1 - y0) : 0;

    return shared / ((double)a->w * a->h + (double)b->w * b->h - shared);
}

const char *picture_shared(const char *name)
{
    static char path[1024];

    (void)snprintf(path, sizeof path, "%s/../shared/%s", VEIL_TEST_SOURCE_DIR, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

void *picture_read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    void *content = NULL;
    long size;

    *bytes = 0;
    if (file == NULL) return NULL;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) > 0 && fseek(file, 0, SEEK_SET) == 0 &&
        (content = malloc((size_t)size)) != NULL)
        *bytes = fread(content, 1, (size_t)size, file);
    fclose(file);
    return content;
}
