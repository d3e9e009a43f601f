/* CLOCK_MONOTONIC through the vDSO, and deadlines that saturate. */
#include "core/clock.h"

#include <time.h>

uint64_t vl_clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock and a valid pointer */
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t vl_deadline_after_us(uint64_t timeout_us)
{
    if (timeout_us == 0) return 0;
    uint64_t timeout_ns;
    uint64_t deadline_ns;
    if (__builtin_mul_overflow(timeout_us, 1000u, &timeout_ns)) return UINT64_MAX;
    if (__builtin_add_overflow(vl_clock_ns(), timeout_ns, &deadline_ns)) return UINT64_MAX;
    return deadline_ns;
}

bool vl_deadline_passed(uint64_t deadline_ns)
{
    return deadline_ns != 0 && vl_clock_ns() >= deadline_ns;
}
