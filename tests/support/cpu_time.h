/* Time that this thread has spent on a CPU: a bound on how time grows must hold on a busy machine too. */
#ifndef VL_TESTS_CPU_TIME_H
#define VL_TESTS_CPU_TIME_H

#include <time.h>

static inline double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

#endif
