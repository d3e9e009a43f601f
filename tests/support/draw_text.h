/* Text in pictures for tests: OpenCV's stroke fonts, which need no font files. Gray pictures with tight rows. */
#ifndef TESTS_SUPPORT_DRAW_TEXT_H
#define TESTS_SUPPORT_DRAW_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Draw one line of ASCII with its baseline starting at (x, y); `height` is about that of capitals in pixels. */
void draw_text(uint8_t *pixels, uint32_t width, uint32_t height, const char *text, int x, int y, double capitals,
               uint8_t tone, bool serif);

#ifdef __cplusplus
}
#endif

#endif
