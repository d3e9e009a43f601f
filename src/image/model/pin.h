/* The embedded network's SHA-256 and the part of it that its name shows; made anew with the file, in the same commit. */
#ifndef VL_IMAGE_MODEL_PIN_H
#define VL_IMAGE_MODEL_PIN_H

#define VL_EMBEDDED_SHA256 "422fb66cea72643e9bad2c744de06a376ae39f40c43c611d8c3d8aabe8f821fb"
#define VL_EMBEDDED_NAME   "face_ssd (embedded, sha256 422fb66cea72)"

#endif
