/* Sound files: ranges and a transcript say where; findings in seconds; a copy of the same format, rate and length. */
#include <stdlib.h>
#include <string.h>

#include "cli/audio_more.h"
#include "cli/json_out.h"
#include "cli/session.h"
#include "cli/table.h"

#define CLI_SPANS_FIRST ((size_t)256)

typedef struct found {
    veil_audio_finding *list;
    size_t count;
    veil_audio_result answer;
} found;

static void audio_options(const cli_session *session, veil_audio_options *options)
{
    veil_audio_options_init(options);
    options->ranges = session->options->ranges;
    options->range_count = session->options->range_count;
    options->transcript = session->transcript.data;
    options->transcript_bytes = session->transcript.size;
    options->entities = session->entities[CLI_KIND_AUDIO].items;
    options->entity_count = session->entities[CLI_KIND_AUDIO].count;
    options->exclude = session->exclude[CLI_KIND_AUDIO].items;
    options->exclude_count = session->exclude[CLI_KIND_AUDIO].count;
    if (session->options->min_score >= 0) options->min_score = session->options->min_score;
    options->guard_ms = session->options->guard_ms;
    if (!session->options->disguised.has_all) options->disguise_channels = session->options->disguised.bits;
    if (session->options->asr) options->flags |= VEIL_AUDIO_ASR;
    if (session->options->speaker_only) options->flags |= VEIL_AUDIO_SPEAKER_ONLY;
}

static bool scan(const cli_session *session, cli_result *result, const veil_audio_options *options, found *out)
{
    const cli_buf *input = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = VEIL_ERR_BUFFER_TOO_SMALL;
    for (size_t room = CLI_SPANS_FIRST; status == VEIL_ERR_BUFFER_TOO_SMALL; room = out->count) {
        veil_audio_finding *list = realloc(out->list, room * sizeof *list);
        if (!list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
        out->list = list;
        out->answer =
            (veil_audio_result){.struct_size = sizeof out->answer, .findings = list, .finding_capacity = room};
        status = veil_audio_scan_encoded(session->sanitizer, options, input->data, input->size, &out->answer, &error);
        out->count = out->answer.finding_count;
    }
    return status == VEIL_OK || vl_cli_fail_error(result, status, &error);
}

static bool redact(const cli_session *session, cli_result *result, const veil_audio_options *options, found *out,
                   cli_buf *copy)
{
    const cli_buf *input = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    size_t room = 0;
    veil_status status = veil_audio_encoded_bound(session->sanitizer, input->data, input->size, &room, &error);
    if (status != VEIL_OK) return vl_cli_fail_error(result, status, &error);
    out->list = malloc(CLI_SPANS_FIRST * sizeof *out->list);
    if (!out->list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
    status = VEIL_ERR_BUFFER_TOO_SMALL;
    while (status == VEIL_ERR_BUFFER_TOO_SMALL) {
        if (!vl_cli_buf_reserve(copy, room))
            return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the copy");
        out->answer = (veil_audio_result){
            .struct_size = sizeof out->answer, .findings = out->list, .finding_capacity = CLI_SPANS_FIRST};
        status = veil_audio_redact_encoded(session->sanitizer, options, input->data, input->size, copy->data,
                                           copy->capacity, &room, &out->answer, &error);
        out->count = out->answer.finding_count;
    }
    if (status != VEIL_OK) return vl_cli_fail_error(result, status, &error);
    copy->size = room;
    return out->count <= CLI_SPANS_FIRST || scan(session, result, options, out);
}

/* Keys are what was typed: they are shown to who scans, and go into no record of what was redacted. */
static void json(cli_result *result, const found *out, bool shows_keys)
{
    static const char *const words[] = {
        [VEIL_WORDS_NONE] = "none", [VEIL_WORDS_TRANSCRIPT] = "transcript", [VEIL_WORDS_ASR] = "asr"};
    cli_buf *line = &result->line;
    vl_cli_line_begin(result, "audio");
    vl_cli_buf_fmt(line, ",\"words\":\"%s\",\"findings\":[",
                   words[out->answer.words <= VEIL_WORDS_ASR ? out->answer.words : VEIL_WORDS_NONE]);
    for (size_t i = 0; i < out->count; i++) {
        const veil_audio_finding *one = &out->list[i];
        vl_cli_buf_str(line, i ? ",{\"entity\":" : "{\"entity\":");
        vl_cli_json_text(line, one->entity);
        vl_cli_buf_str(line, ",\"start\":");
        vl_cli_json_number(line, one->start_s, 6);
        vl_cli_buf_str(line, ",\"end\":");
        vl_cli_json_number(line, one->end_s, 6);
        vl_cli_buf_str(line, ",\"score\":");
        vl_cli_json_number(line, (double)one->score, 6);
        if (one->channel >= 0) vl_cli_buf_fmt(line, ",\"channel\":%d", one->channel);
        if (one->key != 0 && shows_keys) vl_cli_buf_fmt(line, ",\"key\":\"%c\"", (char)one->key);
        vl_cli_buf_char(line, '}');
    }
    vl_cli_buf_char(line, ']');
    vl_cli_line_end(result);
}

static void table(const cli_session *session, cli_result *result, const found *out)
{
    static const char *const heads[] = {"ENTITY", "START", "END", "SCORE", "CHANNEL"};
    cli_table cells;
    vl_cli_table_heading(session, result, out->count);
    if (out->count == 0 || session->options->command == CLI_REDACT) return;
    vl_cli_table_begin(&cells, 5, 0x1E);
    for (size_t c = 0; c < 5; c++)
        vl_cli_table_cell(&cells, heads[c], strlen(heads[c]));
    for (size_t i = 0; i < out->count; i++) {
        const veil_audio_finding *one = &out->list[i];
        vl_cli_table_cell(&cells, one->entity, strlen(one->entity));
        vl_cli_table_fmt(&cells, "%.3f", one->start_s);
        vl_cli_table_fmt(&cells, "%.3f", one->end_s);
        vl_cli_table_fmt(&cells, "%.2f", (double)one->score);
        if (one->channel < 0)
            vl_cli_table_cell(&cells, "all", 3);
        else
            vl_cli_table_fmt(&cells, "%d", one->channel);
    }
    vl_cli_table_end(&cells, &result->line, session->color);
}

/* A copy whose words nobody knows would pass for a clean one: redact needs words, or an order for what needs none. */
static bool may_redact(const cli_session *session, cli_result *result)
{
    const cli_names *named = &session->entities[CLI_KIND_AUDIO];
    bool needs_words = named->count == 0, has_range = false;
    for (size_t i = 0; i < named->count; i++) {
        bool is_range = strcmp(named->items[i], "RANGE") == 0;
        has_range = has_range || is_range;
        needs_words = needs_words || (!is_range && strcmp(named->items[i], "DTMF") != 0);
    }
    if (session->options->transcript || session->options->asr ||
        (!needs_words && (!has_range || session->options->range_count)))
        return true;
    return vl_cli_fail(
        result, VEIL_ERR_INVALID_ARGUMENT, 2,
        needs_words ? "nothing says what is spoken: give --transcript FILE or --asr, or --entities DTMF for keys "
                      "alone, or --entities RANGE with --range START-END to remove just that"
                    : "--entities RANGE needs a --range START-END");
}

static bool disguises(const cli_session *session)
{
    for (size_t i = 0; i < session->effect_count; i++)
        if (session->effects[i].effect == VEIL_EFFECT_DISGUISE) return true;
    return false;
}

/* What was not looked at, or only with luck. */
static void say_limits(const cli_session *session, cli_result *result)
{
    if (session->options->command == CLI_REDACT && disguises(session))
        vl_cli_buf_str(&result->diagnostics, "disguise is no anonymity: the voice can be brought back\n");
    if (session->options->asr)
        vl_cli_buf_str(&result->diagnostics, "--asr is an assist: it misses words, and what they say stays\n");
    else if (!session->options->transcript && !session->options->range_count)
        vl_cli_buf_str(&result->diagnostics, "no transcript: nothing of what is spoken was looked at, only tones\n");
}

void vl_cli_run_audio(const cli_session *session, cli_result *result)
{
    veil_audio_options options;
    found out = {0};
    cli_buf copy = {0};
    cli_out beside = {.fd = -1, .slot = -1};
    audio_options(session, &options);
    bool is_redact = session->options->command == CLI_REDACT;
    if (is_redact && !may_redact(session, result)) return;
    bool good = is_redact ? redact(session, result, &options, &out, &copy) : scan(session, result, &options, &out);
    for (size_t i = 0; good && i < out.count; i++)
        vl_cli_count(session, result, out.list[i].entity);
    if (good && session->options->json) json(result, &out, !is_redact);
    if (good && !session->options->json) table(session, result, &out);
    if (good) say_limits(session, result);
    if (good && session->options->report) vl_cli_audio_report(result, out.list, out.count);
    if (good && is_redact && session->options->transcript_out)
        good = vl_cli_transcript_write(session, result, &options, &out.answer, out.list, out.count, &beside);
    if (good && is_redact) good = vl_cli_deliver(result, &copy);
    if (good && beside.path) (void)vl_cli_transcript_commit(result, &beside);
    vl_cli_out_abandon(&beside);
    vl_cli_buf_free(&copy);
    free(out.list);
}
