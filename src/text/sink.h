/* Where redacted text goes: counts always, writes while there is room, so that one pass gives the text or the size it needs. */
#ifndef VL_TEXT_SINK_H
#define VL_TEXT_SINK_H

#include <stddef.h>

enum { VL_SINK_RAW = 0, VL_SINK_JSON = 1 /* inside a JSON string */, VL_SINK_CSV = 2 /* inside quotes */ };

typedef struct vl_sink {
    char *out;
    size_t capacity;
    size_t written;    /* bytes needed so far, also beyond the capacity */
    uint32_t encoding; /* VL_SINK_*: how bytes are written from now on */
} vl_sink;

void vl_sink_put(vl_sink *sink, const char *bytes, size_t size_bytes);

#endif
