/*
 * One snapshot of all counters, and the same as Prometheus text (exposition format 0.0.4). Numbers are written without the
 * locale; seconds are nanoseconds with a decimal point put in.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "check.h"
#include "sanitizer.h"

#define METRICS_MIN_BYTES 16u

static void read_all(const veil_sanitizer *s, veil_metrics *m)
{
    const vl_metrics *metrics = s->runtime.metrics;
    memset(m, 0, sizeof *m);
    m->struct_size = sizeof *m;
    for (uint32_t i = 0; i <= VEIL_METRIC_JOB_WAIT; i++)
        vl_metrics_operation(metrics, i, &m->operations[i]);
#if VEIL_HAS_IMAGE
    if (s->image != NULL) {
        vl_cache_stats stats = {0};
        vl_image_cache_stats(s->image, &stats);
        m->cache_hits = stats.hits;
        m->cache_misses = stats.misses;
        m->cache_evictions = stats.evictions;
    }
#endif
    vl_pool_stats pool = {0};
    vl_pool_stats_read(s->runtime.pool, &pool);
    m->cache_near_hits = vl_metrics_read(metrics, VL_COUNT_CACHE_NEAR);
    m->findings = vl_metrics_read(metrics, VL_COUNT_FINDINGS);
    m->jobs_waiting = s->workers == NULL ? 0 : vl_workers_waiting(s->workers);
    m->jobs_rejected = vl_metrics_read(metrics, VL_COUNT_REJECTED);
    m->jobs_expired = vl_metrics_read(metrics, VL_COUNT_EXPIRED);
    m->pool_bytes = pool.reserved_bytes;
    m->pool_grown = pool.grown;
    m->live_recognizers = s->text == NULL ? 0 : vl_text_engine_live(s->text);
}

veil_status veil_metrics_snapshot(const veil_sanitizer *sanitizer, veil_metrics *metrics)
{
    veil_metrics ours;
    if (sanitizer == NULL) return VEIL_ERR_INVALID_ARGUMENT;
    if (vl_check_struct(metrics, METRICS_MIN_BYTES, sizeof ours, "metrics", NULL) != VEIL_OK)
        return VEIL_ERR_INVALID_ARGUMENT;
    read_all(sanitizer, &ours);
    ours.struct_size = metrics->struct_size;
    memcpy(metrics, &ours, metrics->struct_size < sizeof ours ? metrics->struct_size : sizeof ours);
    return VEIL_OK;
}

/* Text that counts always and is written while there is room. */
typedef struct prom_page {
    char *out;
    size_t capacity;
    size_t needed;
} prom_page;

static void put(prom_page *page, const char *format, ...) VL_PRINTF(2, 3);

static void put(prom_page *page, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const size_t room = page->needed < page->capacity ? page->capacity - page->needed : 0;
    const int length = vsnprintf(room == 0 ? NULL : page->out + page->needed, room, format, args);
    va_end(args);
    if (length > 0) page->needed += (size_t)length;
}

static void put_head(prom_page *page, const char *name, const char *type, const char *help)
{
    put(page, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *const operation_names[] = {
    [VEIL_METRIC_TEXT_SCAN] = "text_scan",     [VEIL_METRIC_TEXT_REDACT] = "text_redact",
    [VEIL_METRIC_IMAGE_SCAN] = "image_scan",   [VEIL_METRIC_IMAGE_REDACT] = "image_redact",
    [VEIL_METRIC_AUDIO_SCAN] = "audio_scan",   [VEIL_METRIC_AUDIO_REDACT] = "audio_redact",
    [VEIL_METRIC_TEXT_STREAM] = "text_stream", [VEIL_METRIC_AUDIO_STREAM] = "audio_stream",
};

#define CALL_COUNT (sizeof operation_names / sizeof operation_names[0])

static void put_calls(prom_page *page, const char *name, const char *help, const veil_metrics *m, size_t field)
{
    put_head(page, name, "counter", help);
    for (size_t i = 0; i < CALL_COUNT; i++) {
        if (operation_names[i] == NULL) continue; /* VEIL_METRIC_JOB_WAIT is no call */
        uint64_t value = 0;
        memcpy(&value, (const char *)&m->operations[i] + field, sizeof value);
        put(page, "%s{operation=\"%s\"} %" PRIu64 "\n", name, operation_names[i], value);
    }
}

static void put_seconds(prom_page *page, uint64_t ns)
{
    put(page, "%" PRIu64 ".%09" PRIu64 "\n", ns / 1000000000u, ns % 1000000000u);
}

static void put_quantile(prom_page *page, const char *name, const char *label, const char *quantile, uint64_t ns)
{
    put(page, "%s{%s%squantile=\"%s\"} ", name, label, label[0] == '\0' ? "" : ",", quantile);
    put_seconds(page, ns);
}

/* _sum and _count are both of the calls that were timed, so that their quotient is the mean. */
static void put_summary(prom_page *page, const char *name, const char *label, const veil_operation_metrics *o,
                        uint64_t sum_ns)
{
    put_quantile(page, name, label, "0.5", o->p50_ns);
    put_quantile(page, name, label, "0.9", o->p90_ns);
    put_quantile(page, name, label, "0.99", o->p99_ns);
    put_quantile(page, name, label, "0.999", o->p999_ns);
    put_quantile(page, name, label, "0.9999", o->p9999_ns);
    put(page, label[0] == '\0' ? "%s_sum%s " : "%s_sum{%s} ", name, label);
    put_seconds(page, sum_ns);
    put(page, label[0] == '\0' ? "%s_count%s %" PRIu64 "\n" : "%s_count{%s} %" PRIu64 "\n", name, label, o->samples);
}

static void put_latencies(prom_page *page, const veil_metrics *m, const vl_metrics *metrics)
{
    put_head(page, "veil_call_duration_seconds", "summary", "Latency of the calls that were timed, by operation.");
    for (size_t i = 0; i < CALL_COUNT; i++) {
        if (operation_names[i] == NULL) continue;
        char label[40];
        (void)snprintf(label, sizeof label, "operation=\"%s\"", operation_names[i]);
        put_summary(page, "veil_call_duration_seconds", label, &m->operations[i],
                    vl_metrics_sum_ns(metrics, (uint32_t)i));
    }
    put_head(page, "veil_job_wait_seconds", "summary", "Time that jobs waited from submit to start.");
    put_summary(page, "veil_job_wait_seconds", "", &m->operations[VEIL_METRIC_JOB_WAIT],
                vl_metrics_sum_ns(metrics, VEIL_METRIC_JOB_WAIT));
}

static void put_one(prom_page *page, const char *name, const char *type, const char *help, uint64_t value)
{
    put_head(page, name, type, help);
    put(page, "%s %" PRIu64 "\n", name, value);
}

static void put_page(prom_page *page, const veil_metrics *m, const vl_metrics *metrics)
{
    put_head(page, "veil_build_info", "gauge", "Always 1; the label carries the version of the library.");
    put(page, "veil_build_info{version=\"%s\"} 1\n", veil_version_string());
    put_calls(page, "veil_calls_total", "Calls, by operation.", m, offsetof(veil_operation_metrics, calls));
    put_calls(page, "veil_call_errors_total", "Calls that did not succeed, by operation.", m,
              offsetof(veil_operation_metrics, errors));
    put_calls(page, "veil_input_bytes_total", "Input in bytes, by operation.", m,
              offsetof(veil_operation_metrics, bytes));
    put_latencies(page, m, metrics);
    put_one(page, "veil_findings_total", "counter", "Findings in texts, pictures and sounds.", m->findings);
    put_head(page, "veil_cache_hits_total", "counter", "Pictures whose regions were remembered, by how they matched.");
    put(page, "veil_cache_hits_total{match=\"exact\"} %" PRIu64 "\n", m->cache_hits);
    put(page, "veil_cache_hits_total{match=\"near\"} %" PRIu64 "\n", m->cache_near_hits);
    put_one(page, "veil_cache_misses_total", "counter", "Pictures that were not remembered.", m->cache_misses);
    put_one(page, "veil_cache_evictions_total", "counter", "Results that made room for others.", m->cache_evictions);
    put_one(page, "veil_jobs_waiting", "gauge", "Jobs that wait for a worker.", m->jobs_waiting);
    put_one(page, "veil_jobs_rejected_total", "counter", "Jobs refused because a queue was full.", m->jobs_rejected);
    put_one(page, "veil_jobs_expired_total", "counter", "Jobs whose deadline passed before they ran.", m->jobs_expired);
    put_one(page, "veil_pool_reserved_bytes", "gauge", "Memory reserved by buffer pools.", m->pool_bytes);
    put_one(page, "veil_pool_grown_total", "counter", "Times a buffer pool had to grow.", m->pool_grown);
    put_one(page, "veil_live_recognizers", "gauge", "Recognizers that gave their known answer at creation.",
            m->live_recognizers);
}

veil_status veil_metrics_prometheus(const veil_sanitizer *sanitizer, char *out, size_t out_capacity, size_t *out_bytes)
{
    if (out_bytes != NULL) *out_bytes = 0;
    if (sanitizer == NULL || out_bytes == NULL || (out == NULL && out_capacity != 0)) return VEIL_ERR_INVALID_ARGUMENT;
    veil_metrics metrics;
    read_all(sanitizer, &metrics);
    prom_page page = {out, out_capacity, 0};
    put_page(&page, &metrics, sanitizer->runtime.metrics);
    if (page.needed < out_capacity) {
        *out_bytes = page.needed;
        return VEIL_OK;
    }
    vl_scrub(out, out_capacity, NULL);
    *out_bytes = page.needed + 1;
    return VEIL_ERR_BUFFER_TOO_SMALL;
}
