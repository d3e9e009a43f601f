/*
 * Tesseract behind plain C: one instance, one user at a time. Knows no rotation, scale or polarity (ocr.c does), and no Veil
 * but its statuses. No exception leaves the shim.
 */
#ifndef VL_PLUGINS_TESS_H
#define VL_PLUGINS_TESS_H

#include <stdbool.h>

#include "veil.h"

#ifdef __cplusplus
#define VL_NOEXCEPT noexcept
extern "C" {
#else
#define VL_NOEXCEPT
#endif

#define VL_TESS_SIDE_MAX 32767u /* INT16_MAX: Tesseract refuses longer sides */

typedef struct vl_tess vl_tess;

/** One word: UTF-8 with a NUL, half-open box in pixels, confidence 0 to 1. Not VEIL_OK: stop. */
typedef veil_status (*vl_tess_word_fn)(void *user, const char *text, const int32_t box[4], float confidence,
                                       bool begins_line);

/** @param data_path  folder of eng.traineddata; NULL: Tesseract's own. NO_MEMORY, MODEL (no such data) */
veil_status vl_tess_create(const char *data_path, vl_tess **out) VL_NOEXCEPT;
void vl_tess_destroy(vl_tess *tess) VL_NOEXCEPT;

/** Read dark text on light ground: 8-bit gray with tight rows. Allocates in Tesseract. NO_MEMORY, INTERNAL, or `word`'s. */
veil_status vl_tess_read(vl_tess *tess, const uint8_t *pixels, uint32_t width, uint32_t height, vl_tess_word_fn word,
                         void *user) VL_NOEXCEPT;

/** "Tesseract 5.3.0". Static. */
const char *vl_tess_name(void) VL_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
