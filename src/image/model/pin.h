/* The embedded network's SHA-256 and the part of it that its name shows; made anew with the file, in the same commit. */
#ifndef VL_IMAGE_MODEL_PIN_H
#define VL_IMAGE_MODEL_PIN_H

#define VL_EMBEDDED_SHA256 "2fc8202d5011ff38518df36dd7d5615345f8f02ee657cda3e45dee2fe756859d"
#define VL_EMBEDDED_NAME   "face_ssd (embedded, sha256 2fc8202d5011)"

#endif
