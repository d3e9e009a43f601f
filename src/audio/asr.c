/* From a channel's samples to words, and from words to findings. */
#include "audio/asr.h"

#include <math.h>
#include <string.h>

#include "audio/pcm.h"
#include "audio/sort.h"
#include "core/clock.h"

#define FIRST_WORDS  1024u
#define TEXT_MAX     (1u << 28) /* bytes of one channel's words: a hundred hours */
#define LAYER_OFFSET 4096u      /* recognition has layers of its own, above those of transcripts */

typedef struct heard_word {
    double start_s;
    double end_s;
    uint32_t text_start;
    uint32_t text_bytes;
    float confidence;
    uint32_t alternative;
} heard_word;

typedef struct listener {
    const vl_asr_job *job;
    veil_status status; /* why reading or taking words stopped */
    uint32_t channel;
    double duration_s;
    /* reading */
    vl_sound block;
    uint64_t taken; /* frames of the block */
    uint64_t given; /* samples that the recogniser has */
    uint64_t expected;
    bool is_ended;           /* of the source */
    vl_resampler *resampler; /* NULL: rates are equal */
    /* words */
    heard_word *words;
    uint32_t word_count;
    uint32_t word_capacity;
    char *text;
    uint32_t text_bytes;
    uint32_t text_capacity;
} listener;

/* ---- Samples ---- */

#define READ_SAMPLES 512u

/* Frames [first, first + count) of the channel, count at most READ_SAMPLES. False when a float is no number. */
static bool copy_samples(const vl_sound *block, uint32_t channel, uint64_t first, size_t count, float *out)
{
    if (block->format != VEIL_SAMPLE_F32) {
        int16_t samples[READ_SAMPLES];
        vl_pcm_channel(block, channel, first, count, samples);
        for (size_t i = 0; i < count; i++)
            out[i] = (float)samples[i] / 32768.0f;
        return true;
    }
    vl_sound plane = block->planes == NULL ? *block : vl_sound_plane(block, channel);
    size_t step = plane.channels, at = (size_t)first * step + (block->planes == NULL ? channel : 0);
    bool are_numbers = true;
    for (size_t i = 0; i < count; i++) {
        out[i] = ((const float *)plane.samples)[at + i * step];
        are_numbers = are_numbers && isfinite(out[i]);
    }
    return are_numbers;
}

static veil_status next_block(listener *l)
{
    const vl_asr_job *job = l->job;
    if (vl_deadline_passed(job->plan->deadline_ns))
        return vl_error_set(job->error, VEIL_ERR_TIMEOUT, 0, "the deadline passed before the sound was heard");
    l->taken = 0;
    veil_status status = job->source->next(job->source->self, &l->block, job->error);
    l->is_ended = status == VEIL_OK && l->block.frames == 0;
    return status;
}

/* Up to `count` samples of the channel as they are. 0 at the end or after a failure. */
static size_t read_channel(listener *l, float *samples, size_t count)
{
    if (l->taken == l->block.frames && !l->is_ended) l->status = next_block(l);
    if (l->status != VEIL_OK || l->is_ended) return 0;
    uint64_t left = l->block.frames - l->taken;
    if (count > left) count = (size_t)left;
    if (count > READ_SAMPLES) count = READ_SAMPLES;
    if (!copy_samples(&l->block, l->channel, l->taken, count, samples)) {
        l->status = vl_error_set(l->job->error, VEIL_ERR_MALFORMED_INPUT, l->block.first_frame + l->taken,
                                 "a sample is NaN or infinite within %zu frames", count);
        return 0;
    }
    l->taken += count;
    return count;
}

static bool fill_resampler(listener *l)
{
    float samples[READ_SAMPLES];
    size_t room = vl_resampler_room(l->resampler);
    size_t count = room < READ_SAMPLES ? room : READ_SAMPLES;
    size_t got = l->is_ended ? 0 : read_channel(l, samples, count);
    if (l->status != VEIL_OK) return false;
    if (got == 0 && !l->is_ended) return true;
    if (l->is_ended) memset(samples, 0, sizeof samples), got = count;
    vl_resampler_put(l->resampler, samples, got);
    return true;
}

static size_t read_resampled(listener *l, float *samples, size_t capacity)
{
    size_t count = 0;
    while (count == 0) {
        count = vl_resampler_take(l->resampler, samples, capacity);
        if (count == 0 && !fill_resampler(l)) return 0;
    }
    return count;
}

static size_t read_samples(void *reader, float *samples, size_t capacity)
{
    listener *l = reader;
    uint64_t left = l->expected - l->given;
    if (capacity > left) capacity = (size_t)left;
    if (l->status != VEIL_OK || capacity == 0) return 0;
    size_t count = l->resampler == NULL ? read_channel(l, samples, capacity) : read_resampled(l, samples, capacity);
    l->given += count;
    return count;
}

/* ---- Words ---- */

static const char *fault_of(const listener *l, const veil_asr_word *word)
{
    if (word == NULL || word->struct_size < sizeof *word) return "it is NULL or its struct_size is wrong";
    if (word->text == NULL || word->text_bytes == 0 || word->text_bytes > VL_ASR_WORD_BYTES)
        return "its text is NULL, empty or too long";
    for (size_t i = 0; i < word->text_bytes; i++) {
        unsigned char c = (unsigned char)word->text[i];
        if (c < 0x20 || c == 0x7F) return "its text holds a control character";
    }
    if (!isfinite(word->start_s) || !isfinite(word->end_s)) return "a time is not finite";
    if (word->start_s < 0 || word->end_s < word->start_s) return "its times are negative or reversed";
    if (word->end_s > l->duration_s + VL_TRANSCRIPT_TOLERANCE_S) return "it ends beyond the end of the sound";
    if (!(word->confidence >= 0 && word->confidence <= 1)) return "its confidence is not within 0 to 1";
    if (word->alternative >= VL_ASR_ALTERNATIVES) return "its alternative is above 15";
    return NULL;
}

/* Double a buffer of the workspace until `needed` fits. The old one stays until the call ends, and is wiped then. */
static veil_status grow(const listener *l, void **memory, uint32_t *capacity, uint32_t needed, size_t size_bytes)
{
    if (needed <= *capacity) return VEIL_OK;
    uint32_t larger = *capacity == 0 ? FIRST_WORDS : *capacity;
    while (larger < needed)
        larger *= 2;
    void *wider = NULL;
    veil_status status = vl_audio_work_alloc(l->job->work, larger, size_bytes, &wider);
    if (status != VEIL_OK) return vl_error_set(l->job->error, status, 0, "no buffer for %u recognised words", needed);
    if (*capacity != 0) memcpy(wider, *memory, *capacity * size_bytes);
    *memory = wider;
    *capacity = larger;
    return VEIL_OK;
}

static veil_status add_word(listener *l, const veil_asr_word *word)
{
    veil_error *error = l->job->error;
    const char *fault = fault_of(l, word);
    if (fault != NULL) return vl_error_set(error, VEIL_ERR_CALLBACK, 0, "recognised word %u: %s", l->word_count, fault);
    if (l->word_count == VL_TRANSCRIPT_MAX_WORDS || l->text_bytes > TEXT_MAX - VL_ASR_WORD_BYTES)
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "more than %u recognised words", l->word_count);
    void *words = l->words, *text = l->text;
    veil_status status = grow(l, &words, &l->word_capacity, l->word_count + 1, sizeof *l->words);
    l->words = words;
    if (status == VEIL_OK) status = grow(l, &text, &l->text_capacity, l->text_bytes + VL_ASR_WORD_BYTES, 1);
    l->text = text;
    if (status != VEIL_OK) return status;
    const char *from = word->text, *to = word->text + word->text_bytes;
    while (from < to && *from == ' ')
        from++;
    while (from < to && to[-1] == ' ')
        to--;
    if (from == to) return VEIL_OK;
    l->words[l->word_count++] = (heard_word){.start_s = fmin(word->start_s, l->duration_s),
                                             .end_s = fmin(word->end_s, l->duration_s),
                                             .text_start = l->text_bytes,
                                             .text_bytes = (uint32_t)(to - from),
                                             .confidence = word->confidence,
                                             .alternative = word->alternative};
    memcpy(l->text + l->text_bytes, from, (size_t)(to - from));
    l->text_bytes += (uint32_t)(to - from);
    return VEIL_OK;
}

static veil_status take_word(void *sink, const veil_asr_word *word)
{
    listener *l = sink;
    if (l->status == VEIL_OK) l->status = add_word(l, word);
    return l->status;
}

static bool is_earlier(const void *left, const void *right)
{
    const heard_word *a = left, *b = right;
    if (a->alternative != b->alternative) return a->alternative < b->alternative;
    if (a->start_s != b->start_s) return a->start_s < b->start_s;
    return a->text_start < b->text_start; /* as they came */
}

static veil_status make_transcript(listener *l, vl_transcript *out)
{
    *out = (vl_transcript){.count = l->word_count, .capacity = l->word_count};
    if (l->word_count == 0) return VEIL_OK;
    vl_sort(l->words, l->word_count, sizeof *l->words, is_earlier);
    void *words = NULL, *text = NULL, *confidence = NULL;
    vl_audio_work *work = l->job->work;
    veil_status status = vl_audio_work_alloc(work, l->word_count, sizeof *out->words, &words);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, l->text_bytes + l->word_count, 1, &text);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, l->word_count, sizeof(float), &confidence);
    if (status != VEIL_OK) return vl_error_set(l->job->error, status, 0, "no buffer for recognised words");
    out->words = words;
    out->text = text;
    out->confidence = confidence;
    float *sure = confidence;
    for (uint32_t i = 0; i < l->word_count; i++) {
        const heard_word *heard = &l->words[i];
        if (i == 0 || heard->alternative != l->words[i - 1].alternative) out->group_count++;
        if (i != 0) out->text[out->text_bytes++] = ' ';
        out->words[i] = (vl_word){.start_s = heard->start_s,
                                  .end_s = heard->end_s,
                                  .text_start = out->text_bytes,
                                  .text_end = out->text_bytes + heard->text_bytes,
                                  .layer = (uint16_t)(LAYER_OFFSET + heard->alternative),
                                  .channel = (int16_t)(l->job->sound->channels == 1 ? -1 : (int32_t)l->channel)};
        memcpy(out->text + out->text_bytes, l->text + heard->text_start, heard->text_bytes);
        out->text_bytes += heard->text_bytes;
        sure[i] = heard->confidence;
    }
    for (uint32_t from = 0, to; from < out->count; from = to) {
        to = from + 1;
        while (to < out->count && vl_word_same_group(&out->words[from], &out->words[to]))
            to++;
        vl_transcript_fill_times(out->words, from, to, 0, l->duration_s);
    }
    return VEIL_OK;
}

/* ---- Channels ---- */

veil_status vl_asr_status(veil_status status)
{
    bool is_status = status <= VEIL_OK && status >= VEIL_ERR_CALLBACK && status != VEIL_ERR_BUFFER_TOO_SMALL;
    return is_status ? status : VEIL_ERR_CALLBACK;
}

/* Statuses that promise an untouched sound are not the recogniser's to give; UNSUPPORTED is, before it hears anything. */
static veil_status heard_status(const listener *l, veil_status status)
{
    bool is_language = status == VEIL_ERR_UNSUPPORTED && l->channel == 0 && l->given == 0;
    bool promises = status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_UNSUPPORTED || status == VEIL_ERR_LIMIT ||
                    status == VEIL_ERR_BUSY;
    return promises && !is_language ? VEIL_ERR_CALLBACK : vl_asr_status(status);
}

static veil_status recognise(listener *l, uint32_t rate_hz)
{
    const vl_asr_job *job = l->job;
    veil_asr_sound sound = {.struct_size = sizeof sound,
                            .read = read_samples,
                            .reader = l,
                            .sample_count = l->expected,
                            .language = job->language,
                            .sample_rate_hz = rate_hz};
    veil_status status = job->source->open(job->source->self, job->error);
    if (status != VEIL_OK) return status;
    status = heard_status(l, job->asr->recognize(job->work->asr, &sound, take_word, l));
    job->source->close(job->source->self);
    if (l->status != VEIL_OK) return l->status;
    if (status != VEIL_OK)
        return vl_error_set(job->error, status, 0, "the recogniser of speech failed in channel %u", l->channel);
    if (l->given != l->expected)
        return vl_error_set(job->error, VEIL_ERR_CALLBACK, 0, "the recogniser of speech heard %llu of %llu samples",
                            (unsigned long long)l->given, (unsigned long long)l->expected);
    return VEIL_OK;
}

static veil_status hear_channel(listener *l, uint32_t rate_hz)
{
    const vl_sound *sound = l->job->sound;
    l->block = (vl_sound){0};
    l->taken = l->given = 0;
    l->is_ended = false;
    l->word_count = l->text_bytes = 0;
    l->expected = sound->total_frames;
    if (l->resampler != NULL) {
        l->expected = (sound->total_frames * rate_hz + sound->rate_hz - 1) / sound->rate_hz;
        vl_resampler_start(l->resampler, l->job->table, sound->rate_hz, rate_hz);
    }
    return recognise(l, rate_hz);
}

static veil_status find_in_channel(listener *l, vl_hits *hits)
{
    const vl_asr_job *job = l->job;
    vl_transcript transcript;
    uint32_t from = hits->count;
    veil_status status = make_transcript(l, &transcript);
    vl_findings findings = {.hits = hits, .has_sound = true};
    if (status == VEIL_OK)
        status = vl_transcript_find(job->text, job->plan, &transcript, job->work, &findings, job->error);
    uint32_t guard_ms = job->asr->guard_ms == 0 ? VL_ASR_GUARD_MS : job->asr->guard_ms;
    for (uint32_t i = from; i < hits->count; i++) {
        hits->items[i].guard_s = (float)guard_ms / 1000.0f;
        hits->items[i].source = VEIL_SOURCE_ASR;
        hits->items[i].written = NULL; /* goes with the channel's words */
        hits->items[i].written_bytes = 0;
    }
    return status;
}

/* What a channel took goes back, but for its hits, which move below it. */
static veil_status drop_channel(const vl_asr_job *job, vl_audio_work_mark mark, vl_hits *hits, const vl_hit *before)
{
    const size_t bytes = hits->count * sizeof *hits->items;
    void *copy = NULL, *items = NULL;
    if (hits->items != before && vl_pool_take(job->work->pool, bytes, &copy) != VEIL_OK) return VEIL_OK; /* all stays */
    if (hits->items != before) memcpy(copy, hits->items, bytes);
    vl_audio_work_reset(job->work, mark);
    if (hits->items == before) return VEIL_OK;
    veil_status status = vl_audio_work_alloc(job->work, hits->capacity, sizeof *hits->items, &items);
    if (status == VEIL_OK) memcpy(items, copy, bytes);
    vl_pool_give(job->work->pool, copy, bytes);
    hits->items = items;
    return status == VEIL_OK ? status : vl_error_set(job->error, status, 0, "no buffer for findings");
}

veil_status vl_asr_find(const vl_asr_job *job, vl_hits *hits)
{
    uint32_t rate_hz = job->asr->sample_rate_hz == 0 ? job->sound->rate_hz : job->asr->sample_rate_hz;
    listener l = {.job = job, .duration_s = (double)job->sound->total_frames / job->sound->rate_hz};
    veil_status status = VEIL_OK;
    if (rate_hz != job->sound->rate_hz) {
        void *memory = NULL;
        status = vl_audio_work_alloc(job->work, 1, sizeof *l.resampler, &memory);
        if (status != VEIL_OK) return vl_error_set(job->error, status, 0, "no buffer for resampling");
        l.resampler = memory;
    }
    for (l.channel = 0; l.channel < job->sound->channels && status == VEIL_OK; l.channel++) {
        status = hear_channel(&l, rate_hz);
        const vl_audio_work_mark mark = vl_audio_work_save(job->work);
        const vl_hit *before = hits->items;
        if (status == VEIL_OK) status = find_in_channel(&l, hits);
        if (status == VEIL_OK) status = drop_channel(job, mark, hits, before);
    }
    return status;
}

void vl_asr_copy(const veil_asr_engine *theirs, veil_asr_engine *out)
{
    *out = (veil_asr_engine){0};
    if (theirs == NULL) return;
    memcpy(out, theirs, theirs->struct_size < sizeof *out ? theirs->struct_size : sizeof *out);
    out->struct_size = sizeof *out;
}
