/* Random bytes from the kernel; an interrupted or short read is continued, anything else fails closed. */
#include <errno.h>
#include <stdint.h>
#include <sys/random.h>

#include "core/hash.h"

veil_status vl_random_bytes(void *out, size_t size_bytes)
{
    uint8_t *bytes = out;
    size_t done = 0;
    while (done < size_bytes) {
        ssize_t got = getrandom(bytes + done, size_bytes - done, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            vl_wipe(out, size_bytes);
            return VEIL_ERR_INTERNAL;
        }
        done += (size_t)got;
    }
    return VEIL_OK;
}
