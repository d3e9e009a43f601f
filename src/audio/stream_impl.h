/* What the files of the stream share. */
#ifndef VL_AUDIO_STREAM_IMPL_H
#define VL_AUDIO_STREAM_IMPL_H

#include "audio/disguise.h"
#include "audio/stream.h"

#define VL_STREAM_SPANS_MAX    1024u /* spans that are known and not over */
#define VL_STREAM_FINDINGS_MAX 4096u /* findings that nobody has pulled */
#define VL_STREAM_FINDINGS_ASK 2048u /* push waits for a pull from here on: a second's keys of 32 channels fit behind */

/** Digits of one channel that may become a card. */
typedef struct vl_stream_run {
    char digits[VL_CARD_RUN_MAX];
    uint64_t starts[VL_CARD_RUN_MAX];
    uint64_t ends[VL_CARD_RUN_MAX];
    uint32_t count;
} vl_stream_run;

struct vl_audio_stream {
    const vl_audio_engine *engine;
    vl_audio_work work; /* all memory; what a pull needs lies behind `kept` and is wiped after it */
    vl_audio_work_mark kept;
    veil_audio_options options; /* own copies of everything it points to */
    vl_audio_plan plan;
    vl_sound shape; /* total_frames is UNKNOWN until the end is known */
    uint64_t
        margin; /* frames between a frame that goes out and the first that is not known: fades may reach that far, and the disguise */
    uint64_t late;  /* frames that ranges and transcripts may come late */
    uint64_t guard; /* frames that a span may begin before what was found */
    uint64_t delay; /* frames held back at most */

    char *buffer;
    uint64_t capacity; /* frames */
    uint64_t first;    /* of the held frames, in the buffer */
    uint64_t in;       /* frames that came */
    uint64_t out;      /* frames that went */

    bool listens;
    uint32_t key_effect;
    vl_dtmf_bank bank;
    vl_dtmf_track *tracks; /* one a channel */
    vl_stream_run *runs;
    int32_t channel; /* whose keys are coming */

    vl_span *spans; /* by start */
    uint32_t span_count;
    vl_mix mix;
    vl_disguise disguise; /* works in the buffer, so far ahead of `out` as its delay says */
    vl_tracks now;        /* of the pull at work */

    veil_audio_finding *findings; /* in the order in which they were made */
    uint32_t finding_count;
    bool has_ended;
    veil_status failure; /* not VEIL_OK: silence from here on */
};

#define VL_STREAM_UNKNOWN (UINT64_MAX / 4)

/** Silence from here on. Returns `status`. */
veil_status vl_stream_fail(vl_audio_stream *stream, veil_status status);
/** LIMIT when there is no room for the finding. */
veil_status vl_stream_report(vl_audio_stream *stream, const veil_audio_finding *finding);

/* stream_spans.c */

/** Add a span; one of which frames may have gone out without it is silenced from the next frame on. `was_expected`: what went
 *  out has it already. TIMEOUT (late), LIMIT. */
veil_status vl_stream_add_span(vl_audio_stream *stream, vl_span span, bool was_expected);
/** Every span is known that touches frames before this one. */
uint64_t vl_stream_release_limit(const vl_audio_stream *stream);
/** Tracks for frames [out, out + frames), in memory that the pull wipes. BUSY, NO_MEMORY, LIMIT */
veil_status vl_stream_lay_out(vl_audio_stream *stream, uint64_t frames);
/** Forget what is over. */
void vl_stream_forget(vl_audio_stream *stream);

/* stream_keys.c */

/** Listen to frames that come in. */
veil_status vl_stream_listen(vl_audio_stream *stream, const vl_sound *block);
veil_status vl_stream_finish_keys(vl_audio_stream *stream);
/** Keys that sound now, as spans that reach as far as is known. Returns how many were written. */
uint32_t vl_stream_open_keys(const vl_audio_stream *stream, vl_span *out);

#endif
