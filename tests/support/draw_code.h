/* Codes in gray pictures, for tests: modules by ZXing's writers, turned and scaled by our own sampling. */
#ifndef TESTS_SUPPORT_DRAW_CODE_H
#define TESTS_SUPPORT_DRAW_CODE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum drawn_kind {
    DRAWN_QR,
    DRAWN_CODE_128,
    DRAWN_EAN_13,
    DRAWN_DATA_MATRIX,
    DRAWN_PDF_417,
    DRAWN_AZTEC
} drawn_kind;

typedef struct drawn_code {
    drawn_kind kind;
    const char *text;
    double x; /* its middle */
    double y;
    double module; /* pixels */
    double degrees;
    uint32_t tall; /* of bars, in modules */
} drawn_code;

/** Draw it with a quiet zone; `mask` (or NULL) gets 1 where its dark modules are. False when it cannot be made. */
bool draw_code(uint8_t *pixels, uint32_t width, uint32_t height, const drawn_code *code, uint8_t *mask);

#ifdef __cplusplus
}
#endif

#endif
