/* Timing loops and order statistics; see measure.h for the method. */
#include "rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GROUP_CALLS     16      /* calls in one timed group when a call is short */
#define SHORT_CALL_NS   1000    /* below this, P50 comes from groups */
#define MAX_SAMPLES     200000u /* a contender keeps at most this many of each kind */
#define ALLOC_PROBE_MAX 64      /* calls over which allocations are counted */

typedef struct samples {
    double *values;
    size_t count;
} samples;

typedef struct contender_state {
    samples grouped;
    samples single;
    double round_p50[BENCH_MAX_ROUNDS];
    double estimate_ns;
} contender_state;

uint64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *values, size_t count, double q)
{
    if (count == 0) return 0;
    qsort(values, count, sizeof *values, compare_doubles);
    size_t rank = (size_t)ceil(q * (double)count);
    return values[rank > 0 ? rank - 1 : 0];
}

void bench_plan_init(bench_plan *plan, bench_pace pace)
{
    static const bench_plan paces[] = {
        [BENCH_FULL] = {9, 120000000u, 0}, [BENCH_QUICK] = {3, 20000000u, 0}, [BENCH_SMOKE] = {1, 1000000u, 0}};
    *plan = paces[pace];
    double costs[257];
    for (size_t i = 0; i < 257; i++) {
        uint64_t begin = bench_now_ns();
        costs[i] = (double)(bench_now_ns() - begin);
    }
    plan->clock_cost_ns = (uint64_t)quantile(costs, 257, 0.5);
}

static void call(const bench_case *what)
{
    if (what->prepare != NULL) what->prepare(what->context);
    what->run(what->context);
}

static void add_sample(samples *list, double value)
{
    if (list->count < MAX_SAMPLES) list->values[list->count++] = value;
}

/* One timed call; preparation is outside the clock. */
static double time_single(const bench_case *what)
{
    if (what->prepare != NULL) what->prepare(what->context);
    uint64_t begin = bench_now_ns();
    what->run(what->context);
    return (double)(bench_now_ns() - begin);
}

static double time_group(const bench_case *what)
{
    uint64_t begin = bench_now_ns();
    for (int i = 0; i < GROUP_CALLS; i++)
        what->run(what->context);
    return (double)(bench_now_ns() - begin) / GROUP_CALLS;
}

static void run_round(const bench_plan *plan, const bench_case *what, contender_state *state, uint32_t round)
{
    bool is_grouped = state->estimate_ns < SHORT_CALL_NS && what->prepare == NULL;
    uint64_t half = bench_now_ns() + plan->round_ns / 2, end = half + plan->round_ns / 2;
    size_t first = state->grouped.count;
    while (is_grouped && bench_now_ns() < half)
        add_sample(&state->grouped, time_group(what));
    size_t first_single = state->single.count;
    do {
        add_sample(&state->single, time_single(what));
    } while (bench_now_ns() < end);
    /* sorting a round's own stretch of the samples does no harm to the whole */
    state->round_p50[round] =
        is_grouped ? quantile(state->grouped.values + first, state->grouped.count - first, 0.5)
                   : quantile(state->single.values + first_single, state->single.count - first_single, 0.5);
}

static void warm_up(const bench_plan *plan, const bench_case *what, contender_state *state)
{
    uint64_t end = bench_now_ns() + plan->round_ns / 2;
    uint64_t calls = 0, begin = bench_now_ns();
    do {
        call(what);
        calls++;
    } while (bench_now_ns() < end || calls < 3);
    state->estimate_ns = (double)(bench_now_ns() - begin) / (double)calls;
}

static double count_allocations(const bench_case *what, const contender_state *state)
{
    int calls = state->estimate_ns > 1e7 ? 4 : ALLOC_PROBE_MAX;
    uint64_t total = 0;
    for (int i = 0; i < calls; i++) {
        if (what->prepare != NULL) what->prepare(what->context);
        uint64_t before = bench_allocations();
        what->run(what->context);
        total += bench_allocations() - before;
    }
    return (double)total / calls;
}

static void finish(const bench_plan *plan, const bench_case *what, contender_state *state, bench_result *result)
{
    memset(result, 0, sizeof *result);
    snprintf(result->row, sizeof result->row, "%s", what->row);
    snprintf(result->who, sizeof result->who, "%s", what->who);
    snprintf(result->limit_text, sizeof result->limit_text, "%s", what->limit_text != NULL ? what->limit_text : "");
    samples *median_of = state->grouped.count > 0 ? &state->grouped : &state->single;
    result->p50_ns = quantile(median_of->values, median_of->count, 0.5);
    result->p99_ns = quantile(state->single.values, state->single.count, 0.99);
    result->p999_ns = quantile(state->single.values, state->single.count, 0.999);
    result->p50_low_ns = quantile(state->round_p50, plan->rounds, 0);
    result->p50_high_ns = quantile(state->round_p50, plan->rounds, 1);
    result->bytes_per_s = what->bytes > 0 ? what->bytes / result->p50_ns * 1e9 : 0;
    result->items_per_s = what->items > 0 ? what->items / result->p50_ns * 1e9 : 0;
    result->allocs_per_call = count_allocations(what, state);
    result->limit_p50_ns = what->limit_p50_ns;
    result->calls = state->single.count + state->grouped.count * GROUP_CALLS;
}

bool bench_measure(const bench_plan *plan, const bench_case *cases, size_t count, bench_result *results)
{
    contender_state *states = calloc(count, sizeof *states);
    bool is_ok = states != NULL;
    for (size_t i = 0; is_ok && i < count; i++) {
        states[i].grouped.values = malloc(MAX_SAMPLES * sizeof(double));
        states[i].single.values = malloc(MAX_SAMPLES * sizeof(double));
        is_ok = states[i].grouped.values != NULL && states[i].single.values != NULL;
    }
    for (size_t i = 0; is_ok && i < count; i++)
        warm_up(plan, &cases[i], &states[i]);
    for (uint32_t round = 0; is_ok && round < plan->rounds; round++) {
        for (size_t i = 0; i < count; i++)
            run_round(plan, &cases[i], &states[i], round);
    }
    for (size_t i = 0; is_ok && i < count; i++)
        finish(plan, &cases[i], &states[i], &results[i]);
    for (size_t i = 0; states != NULL && i < count; i++) {
        free(states[i].grouped.values);
        free(states[i].single.values);
    }
    free(states);
    return is_ok;
}

void bench_summarise(double *values, size_t count, bench_result *result)
{
    result->p50_ns = quantile(values, count, 0.5);
    result->p99_ns = quantile(values, count, 0.99);
    result->p999_ns = quantile(values, count, 0.999);
    result->p50_low_ns =
        quantile(values, count, 0.25); /* one run has no rounds: the middle half stands for its range */
    result->p50_high_ns = quantile(values, count, 0.75);
    result->calls = count;
}
