/* Where the body of a private key ends that has no end line nearby: a walk that can stop and go on with more text. */
#ifndef VL_TEXT_ARMOUR_H
#define VL_TEXT_ARMOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vl_scan;

typedef struct vl_armour {
    size_t at;      /* the next byte to look at */
    size_t end;     /* the key material goes so far for certain */
    size_t line;    /* where the line begins */
    uint32_t phase; /* of the walk through a line */
    bool line_has_body;
    bool has_body;    /* a line before had */
    bool takes_short; /* a short word may be the body's last */
    bool is_over;     /* end is final */
} vl_armour;

/** Begin behind a begin line that ends at `at`. */
void vl_armour_begin(vl_armour *armour, size_t at);

/** Go on with the text there is. True when the end is known; armour->end is `at` of the beginning when nothing follows. */
bool vl_armour_walk(vl_armour *armour, const struct vl_scan *scan);

#endif
