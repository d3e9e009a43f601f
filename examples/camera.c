/*
 * Frames of a camera: faces stay hidden from frame to frame, also in those where the detector misses one. The frames here are drawn
 * (a QR code that walks through the picture, and is blotted out in some frames); yours come from a camera.
 * Usage: example_camera
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <veil.h>

enum { WIDTH = 320, HEIGHT = 240, MODULE = 4, SIDE = 21 };

/* "VEIL" as a QR code of 21 by 21 modules, a row each. */
static const unsigned code[SIDE] = {0x1FC57F, 0x104841, 0x175C5D, 0x17535D, 0x17515D, 0x105241, 0x1FD57F,
                                    0x001800, 0x17CE7C, 0x0EABCE, 0x15C960, 0x1EABCC, 0x18E529, 0x001D2A,
                                    0x1FCA92, 0x105835, 0x175A94, 0x1757C8, 0x175160, 0x1047C9, 0x1FDD24};

static void draw(unsigned char *pixels, int left, int top, int is_blotted)
{
    memset(pixels, 230, (size_t)WIDTH * HEIGHT);
    for (int y = 0; y < SIDE * MODULE; y++)
        for (int x = 0; x < SIDE * MODULE; x++)
            if (code[y / MODULE] >> (SIDE - 1 - x / MODULE) & 1) pixels[(top + y) * WIDTH + left + x] = 20;
    for (int y = 20; is_blotted && y < 70; y++)
        memset(pixels + (top + y) * WIDTH + left + 10, 128, 70);
}

int main(void)
{
    static const char *const entities[] = {"QR_CODE"}; /* leave it out to look for faces, too */
    veil_config config;
    veil_sanitizer *sanitizer = NULL;
    veil_image_sequence *sequence = NULL;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_IMAGE;
    config.entities = entities;
    config.entity_count = 1;
    config.image_workspaces = 1;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK ||
        veil_image_sequence_create(sanitizer, NULL, 4, 15, &sequence, &error) != VEIL_OK)
        return fprintf(stderr, "%s\n", error.message), 1;

    unsigned char *pixels = malloc((size_t)WIDTH * HEIGHT);
    int hidden = 0, frames = 0;
    for (; pixels != NULL && frames < 20; frames++) {
        veil_image frame = {sizeof frame, pixels, WIDTH, WIDTH, HEIGHT, VEIL_PIXEL_GRAY, 0};
        veil_region regions[8];
        veil_image_result result = {.struct_size = sizeof result, .regions = regions, .region_capacity = 8};
        draw(pixels, 20 + 5 * frames, 60 + 2 * frames, frames == 7 || frames == 8 || frames == 13);
        if (veil_image_sequence_redact(sequence, &frame, &result, &error) != VEIL_OK)
            return fprintf(stderr, "%s\n", error.message), 1;
        hidden += result.region_count > 0;
    }
    printf("the code was hidden in %d of %d frames\n", hidden, frames);
    free(pixels);
    veil_image_sequence_destroy(sequence);
    veil_sanitizer_destroy(sanitizer);
    return 0;
}
