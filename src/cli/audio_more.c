/* What audio gives beside the copy: the redacted transcript (--transcript-out), and what was cut and why (--report). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/audio_more.h"
#include "cli/json_out.h"
#include "cli/output.h"

static const char *source_name(uint32_t source)
{
    static const char *const names[] = {"unknown", "range", "transcript", "dtmf", "asr"};
    return names[source < sizeof names / sizeof names[0] ? source : 0];
}

void vl_cli_audio_report(cli_result *result, const veil_audio_finding *findings, size_t count)
{
    cli_buf *out = &result->details;
    vl_cli_buf_str(out, ",\"cuts\":[");
    for (size_t i = 0; i < count; i++) {
        const veil_audio_finding *one = &findings[i];
        vl_cli_buf_str(out, i ? ",{\"entity\":" : "{\"entity\":");
        vl_cli_json_text(out, one->entity);
        vl_cli_buf_str(out, ",\"start\":");
        vl_cli_json_number(out, one->start_s, 6);
        vl_cli_buf_str(out, ",\"end\":");
        vl_cli_json_number(out, one->end_s, 6);
        if (one->channel >= 0) vl_cli_buf_fmt(out, ",\"channel\":%d", one->channel);
        vl_cli_buf_str(out, ",\"score\":");
        vl_cli_json_number(out, (double)one->score, 6);
        vl_cli_buf_fmt(out, ",\"source\":\"%s\"}", source_name(one->source));
    }
    vl_cli_buf_char(out, ']');
}

/* What was heard, in tones or by recognition, goes from the transcript by its time. */
static bool add_heard(const veil_audio_options *options, const veil_audio_finding *findings, size_t count,
                      veil_audio_options *local, veil_audio_finding **heard)
{
    *local = *options;
    local->flags &= ~(uint32_t)VEIL_AUDIO_ASR; /* is among the findings */
    *heard = malloc((count + 1) * sizeof **heard);
    if (!*heard) return false;
    for (size_t i = 0; i < count; i++) {
        const veil_audio_finding *one = &findings[i];
        bool is_heard = one->source == VEIL_SOURCE_DTMF || one->source == VEIL_SOURCE_ASR;
        if (is_heard) (*heard)[local->heard_count++] = *one;
    }
    local->heard = *heard;
    return true;
}

static bool redact(const cli_session *session, cli_result *result, const veil_audio_options *options,
                   const veil_audio_result *sound, cli_buf *out)
{
    veil_error error = VEIL_ERROR_INIT;
    const double duration_s = (double)sound->frame_count / sound->sample_rate_hz;
    size_t room = options->transcript_bytes + 4096;
    veil_status status = VEIL_ERR_BUFFER_TOO_SMALL;
    while (status == VEIL_ERR_BUFFER_TOO_SMALL) {
        if (!vl_cli_buf_reserve(out, room))
            return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the transcript");
        status = veil_transcript_redact(session->sanitizer, options, duration_s, sound->channel_count, out->data,
                                        out->capacity, &room, &error);
    }
    if (status != VEIL_OK) return vl_cli_fail_error(result, status, &error);
    out->size = room;
    return true;
}

static bool fail_file(cli_result *result, cli_out *out)
{
    char line[sizeof result->message];
    snprintf(line, sizeof line, "the transcript could not be written: %s", out->message);
    vl_cli_out_abandon(out);
    return vl_cli_fail(result, VEIL_ERR_IO, 3, line);
}

static bool write_file(const cli_session *session, cli_result *result, const cli_buf *bytes, cli_out *out)
{
    return (vl_cli_out_open(out, session->options->transcript_out, 0600) &&
            vl_cli_out_write(out, bytes->data, bytes->size)) ||
           fail_file(result, out);
}

bool vl_cli_transcript_commit(cli_result *result, cli_out *out)
{
    if (vl_cli_out_commit(out)) return true;
    if (result->out_path) vl_cli_out_remove(result->out_path);
    return fail_file(result, out);
}

bool vl_cli_transcript_write(const cli_session *session, cli_result *result, const veil_audio_options *options,
                             const veil_audio_result *sound, const veil_audio_finding *findings, size_t count,
                             cli_out *out)
{
    cli_buf bytes = {0};
    veil_audio_options local;
    veil_audio_finding *heard = NULL;
    bool good = add_heard(options, findings, count, &local, &heard) ||
                vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the transcript");
    good = good && redact(session, result, &local, sound, &bytes) && write_file(session, result, &bytes, out);
    vl_cli_buf_free(&bytes);
    free(heard);
    return good;
}
