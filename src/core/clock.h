/* Monotonic time, and deadlines on it. */
#ifndef VL_CORE_CLOCK_H
#define VL_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/** Nanoseconds of CLOCK_MONOTONIC. Costs 13 to 30 ns. */
uint64_t vl_clock_ns(void);

/** Absolute deadline for a timeout counted from now; 0 stands for none, and saturates instead of wrapping. */
uint64_t vl_deadline_after_us(uint64_t timeout_us);

/** True when `deadline_ns` is not 0 and has passed. Reads the clock only when there is a deadline. */
bool vl_deadline_passed(uint64_t deadline_ns);

#endif
