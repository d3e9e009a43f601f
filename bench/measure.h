/*
 * How veil-bench measures. A row is one piece of work; its contenders (Veil and what a user would run instead) take turns,
 * round by round, on one pinned thread, so that a machine whose speed drifts treats them alike. The first round is warm-up
 * and dropped. P50 comes from groups of calls where a call is under a microsecond (the clock costs 13 to 30 ns), P99 and
 * P99.9 from single calls; the clock's own cost is printed beside. The range is the lowest and highest round median.
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_MAX_ROUNDS 32

/** One contender of a row. */
typedef struct bench_case {
    const char *row;                /* "text.clean33" */
    const char *who;                /* "veil scan", "hs_scan SOM" */
    void (*run)(void *context);     /* one call of the work */
    void (*prepare)(void *context); /* untimed, before every call; NULL for none */
    void *context;
    double bytes;           /* input of one call, for throughput; 0 for none */
    double items;           /* items of one call (lines of a batch); 0 for none */
    double limit_p50_ns;    /* budget, 0 for none; for throughput rows the time one call may take */
    const char *limit_text; /* "<= 60 ns" */
} bench_case;

typedef struct bench_result {
    char row[40];
    char who[40];
    double p50_ns;
    double p50_low_ns;  /* lowest round median */
    double p50_high_ns; /* highest round median */
    double p99_ns;
    double p999_ns;
    double bytes_per_s;
    double items_per_s;
    double allocs_per_call;
    double limit_p50_ns;
    char limit_text[32];
    uint64_t calls; /* timed */
} bench_result;

typedef struct bench_plan {
    uint32_t rounds;        /* counted rounds */
    uint64_t round_ns;      /* time a contender gets in one round */
    uint64_t clock_cost_ns; /* measured by bench_plan_init */
} bench_plan;

typedef enum bench_pace { BENCH_FULL, BENCH_QUICK, BENCH_SMOKE } bench_pace;

void bench_plan_init(bench_plan *plan, bench_pace pace);

/** Measure the contenders of one row in turns; results[i] belongs to cases[i]. False when out of memory. */
bool bench_measure(const bench_plan *plan, const bench_case *cases, size_t count, bench_result *results);

/** Allocations of this process so far (malloc and its kin, every thread). */
uint64_t bench_allocations(void);

/** Keep a value alive that nobody reads. */
static inline void bench_keep(const void *value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

uint64_t bench_now_ns(void);

#endif
