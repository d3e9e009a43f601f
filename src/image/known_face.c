#include "image/known_face.h"

#include <string.h>

void vl_known_face_draw(uint8_t *bgr, size_t stride_bytes, uint32_t width, uint32_t height, veil_region *truth)
{
    for (uint32_t y = 0; y < height; y++)
        memset(bgr + y * stride_bytes, 127, (size_t)width * 3);
    if (truth != NULL) memset(truth, 0, sizeof *truth);
}
