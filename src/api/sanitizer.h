/*
 * The handle: the services of one sanitizer, its engines, its workers. Written once by veil_sanitizer_create, read by every
 * call after that. Nothing here changes while calls run, but for the batch slots, whose state words are atomic.
 */
#ifndef VL_API_SANITIZER_H
#define VL_API_SANITIZER_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/runtime.h"
#include "core/slots.h"
#include "core/workers.h"
#include "text/text.h"
#if VEIL_HAS_IMAGE
#include "image/image.h"
#endif
#if VEIL_HAS_AUDIO
#include "audio/audio.h"
#endif

#define VL_KEY_MIN_BYTES 16u
#define VL_KEY_MAX_BYTES 1024u

typedef struct vl_batch vl_batch;

struct veil_sanitizer {
    vl_runtime runtime;
    veil_config config;   /* scalars as configured; the borrowed pointers are cleared after creation, but for `key` */
    vl_text_engine *text; /* also there when only audio was asked for: transcripts are text */
#if VEIL_HAS_IMAGE
    vl_image_engine *image;
#endif
#if VEIL_HAS_AUDIO
    vl_audio_engine *audio;
#endif
    vl_workers *workers;  /* NULL: worker_count is 0, or this is a forked child */
    vl_batch *batches;    /* VL_BATCH_SLOTS of them, in the same memory for the handle's life; NULL without workers */
    vl_slots *batch_free; /* indices of free batches */
    void *secrets;        /* secret pages: the hash secret, then the key */
    pid_t pid;            /* of the process whose workers these are */
};

/** In a forked child: nothing that the parent's threads held is coming back. */
void vl_batches_after_fork(veil_sanitizer *sanitizer);
veil_status vl_batches_create(veil_sanitizer *sanitizer);
void vl_batches_destroy(veil_sanitizer *sanitizer);

/** What a worker's queue holds; the first word says which (VL_WORK_*). At most VL_JOB_BYTES. */
enum { VL_WORK_JOB = 1, VL_WORK_BATCH = 2 };

/** vl_job_fn of every worker: dispatches to vl_job_run or vl_batch_help. */
void vl_work_run(void *context, void *payload, veil_status status, uint64_t waited_ns);
void vl_job_run(veil_sanitizer *sanitizer, void *payload, veil_status status, uint64_t waited_ns);
void vl_batch_help(veil_sanitizer *sanitizer, const void *payload, veil_status status);

#endif
