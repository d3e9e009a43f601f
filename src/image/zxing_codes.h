/*
 * ZXing-C++ behind plain C: reads the codes of a plane. Stateless; any number of threads. No exception leaves the shim.
 */
#ifndef VL_IMAGE_ZXING_CODES_H
#define VL_IMAGE_ZXING_CODES_H

#ifdef __cplusplus
#define VL_ZXING_NOEXCEPT noexcept
extern "C" { /* from here: veil.h and plain C */
#else
#define VL_ZXING_NOEXCEPT
#endif

#include <stdbool.h>

#include "veil.h"

#define VL_CODE_PAYLOAD_MAX 8192u /* bytes; QR holds 7,089 digits at most */

typedef struct vl_code {
    int32_t corners[4][2]; /* x, y in the plane: around the code, beginning at its own top left */
    bool is_qr;            /* QR or Micro QR; else a bar code, or another matrix code */
    bool is_linear;        /* bars: the corners tell where it was read, not how tall it is */
    bool is_whole;         /* it was read and its check digits are right */
    const char *payload;   /* UTF-8; until the sink returns */
    size_t payload_bytes;
} vl_code;

/** Not VEIL_OK: stop, and return that. What is found in more than 255 reads of one part of a plane, or in more than
 *  1,024 parts, is LIMIT. */
typedef veil_status (*vl_code_fn)(void *user, const vl_code *code);

enum {
    VL_CODES_QR = 1u,     /* QR, Micro QR */
    VL_CODES_BARS = 2u,   /* linear codes, PDF417 */
    VL_CODES_MATRIX = 4u, /* Aztec, Data Matrix, MaxiCode: looked for around the middle of the plane only */
    VL_CODES_ANY = 7u,
    VL_CODES_QUICK = 8u,     /* fewer rows; for large codes it is the same */
    VL_CODES_INVERTED = 32u, /* light on dark */
    VL_CODES_COARSE = 16u    /* there is a finer plane for crowds of small codes: no error, but left out */
};

/** Read codes until no more are found. Allocates a copy of the plane, and inside ZXing. NO_MEMORY, INTERNAL,
 *  LIMIT, or what `take` answered. */
veil_status vl_zxing_read(const uint8_t *plane, uint32_t width, uint32_t height, size_t stride_bytes, uint32_t kinds,
                          vl_code_fn take, void *user) VL_ZXING_NOEXCEPT;

/** "ZXing-C++ 1.4.0". Static. */
const char *vl_zxing_version(void) VL_ZXING_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
