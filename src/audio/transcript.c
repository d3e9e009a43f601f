/*
 * From a transcript's bytes to words: tell the format, let its parser read, put the words in order, complete their times, join
 * them to text.
 */
#include "audio/transcript.h"

#include <math.h>
#include <string.h>

#include "audio/transcript_sink.h"

#define BYTES_MAX (UINT32_MAX / 2) /* places in the document are 32 bits */

static const char *const format_names[] = {
    [VEIL_TRANSCRIPT_AUTO] = "any",
    [VEIL_TRANSCRIPT_WHISPER] = "Whisper",
    [VEIL_TRANSCRIPT_VOSK] = "Vosk",
    [VEIL_TRANSCRIPT_WHISPER_CPP] = "whisper.cpp",
    [VEIL_TRANSCRIPT_AWS] = "AWS Transcribe",
    [VEIL_TRANSCRIPT_GOOGLE] = "Google",
    [VEIL_TRANSCRIPT_AZURE] = "Azure",
    [VEIL_TRANSCRIPT_DEEPGRAM] = "Deepgram",
    [VEIL_TRANSCRIPT_ASSEMBLYAI] = "AssemblyAI",
    [VEIL_TRANSCRIPT_PICOVOICE] = "Picovoice",
    [VEIL_TRANSCRIPT_POCKETSPHINX] = "PocketSphinx",
    [VEIL_TRANSCRIPT_CTM] = "CTM",
    [VEIL_TRANSCRIPT_SRT] = "SRT",
    [VEIL_TRANSCRIPT_VTT] = "WebVTT",
};

const char *vl_transcript_format_name(uint32_t format)
{
    return format < sizeof format_names / sizeof format_names[0] ? format_names[format] : "unknown";
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Byte order marks say nothing, however many there are. */
static size_t bom_bytes(const char *bytes, size_t size_bytes)
{
    size_t at = 0;
    while (size_bytes - at >= 3 && memcmp(bytes + at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    return at;
}

void vl_transcript_skip_bom(vl_transcript_source *source)
{
    size_t bom = bom_bytes(source->bytes, source->size_bytes);
    source->bytes += bom;
    source->size_bytes -= bom;
}

uint32_t vl_transcript_detect(const char *bytes, size_t size_bytes)
{
    size_t at = bom_bytes(bytes, size_bytes);
    while (at < size_bytes && is_space(bytes[at]))
        at++;
    if (at == size_bytes) return VEIL_TRANSCRIPT_AUTO;
    if (bytes[at] == '{' || bytes[at] == '[') return vl_transcript_detect_json(bytes + at, size_bytes - at);
    if (vl_transcript_is_vtt(bytes + at, size_bytes - at)) return VEIL_TRANSCRIPT_VTT;
    if (vl_transcript_is_srt(bytes + at, size_bytes - at)) return VEIL_TRANSCRIPT_SRT;
    if (vl_transcript_is_ctm(bytes + at, size_bytes - at)) return VEIL_TRANSCRIPT_CTM;
    return VEIL_TRANSCRIPT_AUTO;
}

/* Several empty utterances in front do not tell Vosk from others. Whisper reads what a Vosk file's first line may look like. */
static veil_status choose_format(const vl_transcript_source *source, uint32_t *out, veil_error *error)
{
    uint32_t found = vl_transcript_detect(source->bytes, source->size_bytes);
    if (source->format > VEIL_TRANSCRIPT_VTT) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "transcript format %u is unknown", source->format);
    }
    size_t at = bom_bytes(source->bytes, source->size_bytes);
    while (at < source->size_bytes && is_space(source->bytes[at]))
        at++;
    if (at == source->size_bytes) return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: empty");
    *out = source->format == VEIL_TRANSCRIPT_AUTO ? found : source->format;
    if (*out == VEIL_TRANSCRIPT_AUTO) {
        return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0,
                            "transcript: neither JSON of a recognizer that is known, nor CTM, SRT or WebVTT");
    }
    bool says_otherwise = found != VEIL_TRANSCRIPT_AUTO && found != *out;
    /* AssemblyAI's words alone look like Whisper's */
    bool is_alike = *out == VEIL_TRANSCRIPT_ASSEMBLYAI && found == VEIL_TRANSCRIPT_WHISPER;
    if (!says_otherwise || is_alike) return VEIL_OK;
    return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: not %s's format but %s's",
                        vl_transcript_format_name(*out), vl_transcript_format_name(found));
}

/* Without a sound, the last time that is known is its end. */
static double end_of(const vl_transcript *t, double duration_s)
{
    if (!isinf(duration_s)) return duration_s;
    double last = 0;
    for (uint32_t i = 0; i < t->count; i++)
        last = fmax(last, fmax(t->words[i].start_s, t->words[i].end_s));
    return last;
}

static void finish_times(vl_transcript *t, double duration_s)
{
    uint32_t first = 0;
    duration_s = end_of(t, duration_s);
    while (first < t->count) {
        uint32_t end = first + 1;
        while (end < t->count && vl_word_same_group(&t->words[end], &t->words[first]))
            end++;
        vl_transcript_fill_times(t->words, first, end, 0, duration_s);
        first = end;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        t->words[i].start_s = fmin(t->words[i].start_s, duration_s);
        t->words[i].end_s = fmin(fmax(t->words[i].end_s, t->words[i].start_s), duration_s);
    }
}

static veil_status read_format(vl_transcript_sink *sink, uint32_t format)
{
    switch (format) {
    case VEIL_TRANSCRIPT_CTM:
        return vl_transcript_read_ctm(sink);
    case VEIL_TRANSCRIPT_SRT:
    case VEIL_TRANSCRIPT_VTT:
        return vl_transcript_read_cues(sink, format == VEIL_TRANSCRIPT_VTT);
    default:
        return vl_transcript_read_json(sink, format);
    }
}

/* Room for the words of most formats: each is an object, or a line. Others grow. */
static veil_status first_room(vl_transcript_sink *sink, uint32_t format)
{
    const vl_transcript_source *source = sink->source;
    char mark = format == VEIL_TRANSCRIPT_CTM || format >= VEIL_TRANSCRIPT_SRT ? '\n' : '{';
    size_t count = 1;
    for (size_t i = 0; i < source->size_bytes; i++)
        count += source->bytes[i] == mark;
    if (count > VL_TRANSCRIPT_MAX_WORDS) count = VL_TRANSCRIPT_MAX_WORDS;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(sink->work, count, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for %zu words", count);
    sink->out->words = memory;
    sink->out->capacity = (uint32_t)count;
    return VEIL_OK;
}

veil_status vl_transcript_parse(const vl_transcript_source *source, vl_audio_work *work, vl_transcript *out,
                                veil_error *error)
{
    *out = (vl_transcript){0};
    uint32_t format = VEIL_TRANSCRIPT_AUTO;
    if (source->size_bytes > BYTES_MAX) return vl_error_set(error, VEIL_ERR_LIMIT, 0, "transcript: too long");
    vl_transcript_source body = *source;
    vl_transcript_skip_bom(&body);
    vl_transcript_sink sink = {.source = &body, .out = out, .work = work, .error = error};
    veil_status status = choose_format(&body, &format, error);
    if (status == VEIL_OK) status = first_room(&sink, format);
    if (status == VEIL_OK) status = read_format(&sink, format);
    out->format = format;
    if (status == VEIL_OK) status = vl_transcript_group(&sink);
    if (status != VEIL_OK) return status;
    finish_times(out, source->duration_s);
    out->end_s = end_of(out, source->duration_s);
    status = vl_transcript_add_seconds(&sink);
    return status == VEIL_OK ? vl_transcript_join(&sink) : status;
}
