/*
 * Asynchronous calls: a job is checked, given a place in its queue, and copied into a worker's ring; the worker makes the
 * ordinary public call and delivers the completion. A job that never runs (TIMEOUT, CANCELLED) touches no buffer.
 */
#include <assert.h>

#include "check.h"
#include "completions.h"
#include "core/clock.h"
#include "sanitizer.h"

typedef struct job_record {
    uint32_t work; /* VL_WORK_JOB */
    uint32_t reserved;
    veil_job job;
} job_record;

static_assert(sizeof(job_record) <= VL_JOB_BYTES, "a job must fit into a worker's slot");

static veil_status invalid(veil_error *error, const char *message)
{
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s", message);
}

/* What the call behind `kind` could not do without, so that the answer comes at once and not through a completion. */
static veil_status check_payload(const veil_job *job, veil_error *error)
{
    switch (job->kind) {
    case VEIL_JOB_TEXT_SCAN:
        if (job->input == NULL && job->input_bytes != 0) return invalid(error, "job.input is NULL");
        return job->result == NULL ? invalid(error, "job.result is NULL") : VEIL_OK;
    case VEIL_JOB_TEXT_REDACT:
    case VEIL_JOB_IMAGE_REDACT_ENCODED:
    case VEIL_JOB_AUDIO_REDACT_ENCODED:
        if (job->input == NULL && job->input_bytes != 0) return invalid(error, "job.input is NULL");
        if (job->out == NULL && job->out_capacity != 0) return invalid(error, "job.out is NULL");
        return VEIL_OK;
    case VEIL_JOB_IMAGE_SCAN:
    case VEIL_JOB_AUDIO_SCAN:
        if (job->result == NULL) return invalid(error, "job.result is NULL");
        return job->subject == NULL ? invalid(error, "job.subject is NULL") : VEIL_OK;
    case VEIL_JOB_IMAGE_REDACT:
    case VEIL_JOB_AUDIO_REDACT:
        return job->subject == NULL ? invalid(error, "job.subject is NULL") : VEIL_OK;
    default:
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "job.kind %u is unknown", job->kind);
    }
}

static uint32_t modality_of(uint32_t kind)
{
    if (kind <= VEIL_JOB_TEXT_REDACT) return VEIL_MODALITY_TEXT;
    return kind <= VEIL_JOB_IMAGE_REDACT_ENCODED ? VEIL_MODALITY_IMAGE : VEIL_MODALITY_AUDIO;
}

static veil_status check_job(const veil_sanitizer *s, const veil_job *job, veil_error *error)
{
    if (s == NULL) return invalid(error, "sanitizer is NULL");
    veil_status status = vl_check_struct(job, sizeof *job, sizeof *job, "job", error);
    if (status == VEIL_OK) status = check_payload(job, error);
    if (status != VEIL_OK) return status;
    if (job->priority > VEIL_PRIORITY_LOW)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "job.priority %u is unknown", job->priority);
    if ((job->on_done == NULL) == (job->queue == NULL))
        return invalid(error, "exactly one of job.on_done and job.queue must be set");
    if ((s->config.modalities & modality_of(job->kind)) == 0)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0, "this sanitizer was created without what job.kind %u needs",
                            job->kind);
    if (s->workers == NULL)
        return vl_error_set(error, VEIL_ERR_UNSUPPORTED, 0,
                            "there are no workers: config.worker_count was 0, or a fork");
    return VEIL_OK;
}

veil_status veil_submit(const veil_sanitizer *sanitizer, const veil_job *job, veil_error *error)
{
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    veil_status status = check_job(sanitizer, job, error);
    if (status != VEIL_OK) return status;
    if (job->queue != NULL && !vl_completions_reserve(job->queue)) {
        vl_metrics_count(sanitizer->runtime.metrics, VL_COUNT_REJECTED, 1);
        return vl_error_set(error, VEIL_ERR_BUSY, 0, "the completion queue is full");
    }
    job_record record = {.work = VL_WORK_JOB};
    memcpy(&record.job, job, sizeof record.job);
    const uint64_t deadline = job->deadline_us == 0 ? 0 : vl_deadline_after_us(job->deadline_us);
    status = vl_workers_submit(sanitizer->workers, &record, sizeof record, job->priority, deadline);
    if (status == VEIL_OK) return VEIL_OK;
    if (job->queue != NULL) vl_completions_unreserve(job->queue);
    vl_metrics_count(sanitizer->runtime.metrics, VL_COUNT_REJECTED, 1);
    return vl_error_set(error, status, 0, "every worker's queue is full");
}

static veil_status run(const veil_sanitizer *s, const veil_job *job, veil_completion *done)
{
    veil_error *error = &done->error;
    size_t *out_bytes = &done->out_bytes;
    switch (job->kind) {
    case VEIL_JOB_TEXT_SCAN:
        return veil_text_scan(s, job->options, job->input, job->input_bytes, job->result, error);
    case VEIL_JOB_TEXT_REDACT:
        return veil_text_redact(s, job->options, job->input, job->input_bytes, job->out, job->out_capacity, out_bytes,
                                job->result, error);
    case VEIL_JOB_IMAGE_SCAN:
        return veil_image_scan(s, job->options, job->subject, job->result, error);
    case VEIL_JOB_IMAGE_REDACT:
        return veil_image_redact(s, job->options, job->subject, job->result, error);
    case VEIL_JOB_IMAGE_REDACT_ENCODED:
        return veil_image_redact_encoded(s, job->options, job->input, job->input_bytes, job->out, job->out_capacity,
                                         out_bytes, job->result, error);
    case VEIL_JOB_AUDIO_SCAN:
        return veil_audio_scan(s, job->options, job->subject, job->result, error);
    case VEIL_JOB_AUDIO_REDACT:
        return veil_audio_redact(s, job->options, job->subject, job->result, error);
    default:
        return veil_audio_redact_encoded(s, job->options, job->input, job->input_bytes, job->out, job->out_capacity,
                                         out_bytes, job->result, error);
    }
}

void vl_job_run(veil_sanitizer *sanitizer, void *payload, veil_status status, uint64_t waited_ns)
{
    const veil_job *job = &((const job_record *)payload)->job;
    vl_metrics *metrics = sanitizer->runtime.metrics;
    veil_completion done = {.struct_size = sizeof done, .user = job->user, .status = status};
    done.error.struct_size = sizeof done.error;
    if (status == VEIL_OK) {
        vl_metrics_record(metrics, VEIL_METRIC_JOB_WAIT, waited_ns);
        done.status = run(sanitizer, job, &done);
    } else {
        if (status == VEIL_ERR_TIMEOUT) vl_metrics_count(metrics, VL_COUNT_EXPIRED, 1);
        vl_error_set(&done.error, status, 0, "the job never ran");
    }
    if (job->queue != NULL)
        vl_completions_push(job->queue, &done);
    else
        job->on_done(job->user, &done);
}

void vl_work_run(void *context, void *payload, veil_status status, uint64_t waited_ns)
{
    uint32_t work = 0;
    memcpy(&work, payload, sizeof work);
    if (work == VL_WORK_JOB)
        vl_job_run(context, payload, status, waited_ns);
    else
        vl_batch_help(context, payload, status);
}
