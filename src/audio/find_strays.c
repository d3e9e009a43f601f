/*
 * Members that no format has, for the sound as well: what a transcript shows in them must be known from its words, which go; or it
 * goes with the time of the object that it stands in; or there is no time for it, and then no sound comes out.
 */
#include <math.h>
#include <string.h>

#include "audio/mask.h"
#include "audio/sort.h"

typedef struct seeker {
    const vl_audio_plan *plan;
    const vl_transcript *transcript;
    vl_audio_work *work;
    veil_error *error;
    vl_strays *out;
} seeker;

static veil_status no_buffer(const seeker *s, veil_status status)
{
    return vl_error_set(s->error, status, 0, "no buffer for the transcript's members");
}

static bool is_prose(const vl_stray *stray)
{
    return memchr(stray->raw, ' ', stray->raw_bytes) != NULL && stray->raw[0] != ' ';
}

/* ---- One text of each run ---- */

/* Bytes of what marks the beginning of a word in front of a token: a space, U+2581, U+0120; 0: nothing does. */
static size_t lead_bytes(const char *raw, size_t n)
{
    if (n >= 1 && raw[0] == ' ') return 1;
    if (n >= 3 && memcmp(raw, "\xE2\x96\x81", 3) == 0) return 3;
    return n >= 2 && memcmp(raw, "\xC4\xA0", 2) == 0 ? 2 : 0;
}

/* A name or a number by itself is none of the sound's. */
static void choose_runs(const vl_transcript *t, uint8_t wanted[VL_STRAY_RUNS], bool spaced[VL_STRAY_RUNS])
{
    for (uint32_t i = 0; i < t->stray_count; i++) {
        const vl_stray *stray = &t->strays[i];
        bool counts = is_prose(stray) || stray->says_speech != 0;
        uint8_t *run = &wanted[stray->run];
        if (*run < 2) *run = counts ? 2 : (uint8_t)(*run + 1);
        if (lead_bytes(stray->raw, stray->raw_bytes) != 0) spaced[stray->run] = true;
    }
}

static veil_status add_text(seeker *s, uint32_t index, bool is_first, bool is_spaced)
{
    vl_transcript *texts = &s->out->texts;
    const vl_stray *stray = &s->transcript->strays[index];
    const size_t lead = lead_bytes(stray->raw, stray->raw_bytes);
    const bool is_segment = is_prose(stray), continues = !is_segment && !is_first && is_spaced && lead == 0;
    uint32_t at = texts->text_bytes;
    if (at != 0 && !continues) texts->text[at++] = ' ';
    size_t n = vl_transcript_decode(stray->raw + (is_segment ? 0 : lead), stray->raw_bytes - (is_segment ? 0 : lead),
                                    stray->encoding, texts->text + at);
    if (n == SIZE_MAX) return vl_error_set(s->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: a bad escape in a text");
    const uint8_t flags = is_segment ? VL_WORD_IS_SEGMENT | VL_WORD_STARTS_LIST : continues ? VL_WORD_CONTINUES : 0;
    s->out->stray_of[texts->count] = index;
    texts->words[texts->count++] = (vl_word){.text_start = at,
                                             .text_end = at + (uint32_t)n,
                                             .layer = (uint16_t)(VL_LAYER_BESIDE + stray->run),
                                             .channel = -1,
                                             .flags = flags};
    texts->text_bytes = at + (uint32_t)n;
    return VEIL_OK;
}

static veil_status take_texts(seeker *s)
{
    const vl_transcript *t = s->transcript;
    uint8_t wanted[VL_STRAY_RUNS] = {0};
    bool spaced[VL_STRAY_RUNS] = {0};
    size_t bytes = 1;
    for (uint32_t i = 0; i < t->stray_count; i++)
        bytes += t->strays[i].raw_bytes + 1u;
    if (bytes > UINT32_MAX / 2) return vl_error_set(s->error, VEIL_ERR_LIMIT, 0, "transcript: text too long");
    void *words = NULL, *text = NULL, *owners = NULL;
    veil_status status = vl_audio_work_alloc(s->work, t->stray_count, sizeof(vl_word), &words);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, t->stray_count, sizeof(uint32_t), &owners);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, bytes, 1, &text);
    if (status != VEIL_OK) return no_buffer(s, status);
    s->out->texts = (vl_transcript){.words = words, .text = text, .group_count = 1, .format = t->format};
    s->out->stray_of = owners;
    choose_runs(t, wanted, spaced);
    for (uint32_t run = 0; run < VL_STRAY_RUNS && status == VEIL_OK; run++) {
        bool is_first = true;
        for (uint32_t i = 0; i < t->stray_count && wanted[run] == 2 && status == VEIL_OK; i++) {
            if (t->strays[i].run != run) continue;
            status = add_text(s, i, is_first, spaced[run]);
            is_first = false;
        }
    }
    return status;
}

/* ---- What is found in them ---- */

static bool has_letter(const char *text, const vl_hit *hit)
{
    for (uint32_t at = hit->text_start; at < hit->text_end; at++) {
        char lower = (char)(text[at] | 0x20);
        if (lower >= 'a' && lower <= 'z') return true;
    }
    return false;
}

static bool counts(const vl_strays *out, const vl_transcript *t, const vl_hit *hit)
{
    const vl_word *first = &out->texts.words[hit->word_first];
    bool is_split = hit->word_first != hit->word_last;
    if (is_split) return !vl_is_weak_in_names(hit->entity) || has_letter(out->texts.text, hit);
    return (first->flags & VL_WORD_IS_SEGMENT) != 0 || t->strays[out->stray_of[hit->word_first]].says_speech != 0;
}

static veil_status remember(seeker *s, vl_secrets *secrets, const vl_hit *hit)
{
    const veil_finding finding = {.entity = hit->entity, .score = hit->score};
    const char *said = s->out->texts.text + hit->text_start;
    veil_status status = vl_secrets_add(secrets, said, hit->text_end - hit->text_start, &finding, false, s->work);
    if (status == VEIL_OK) status = vl_secrets_add(secrets, hit->written, hit->written_bytes, &finding, false, s->work);
    return status == VEIL_OK ? VEIL_OK : no_buffer(s, status);
}

veil_status vl_strays_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                           vl_audio_work *work, vl_secrets *secrets, vl_strays *out, veil_error *error)
{
    seeker s = {.plan = plan, .transcript = transcript, .work = work, .error = error, .out = out};
    *out = (vl_strays){0};
    if (transcript->stray_count == 0) return VEIL_OK;
    veil_status status = take_texts(&s);
    if (status != VEIL_OK || out->texts.count == 0) return status;
    status = vl_audio_find(text, plan, &out->texts, work, &out->hits, NULL, error);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < out->hits.count && status == VEIL_OK; i++) {
        const vl_hit *hit = &out->hits.items[i];
        bool is_kept = vl_audio_plan_effect(plan, hit->entity) == VEIL_EFFECT_KEEP;
        if (is_kept || !counts(out, transcript, hit)) continue;
        status = remember(&s, secrets, hit);
        out->hits.items[kept++] = *hit;
    }
    out->hits.count = kept;
    return status;
}

/* ---- What it means for the sound ---- */

static veil_status is_seen(seeker *s, const vl_secrets *secrets, const char *text, uint32_t n, bool *out)
{
    vl_masks masks = {0};
    vl_audio_work_mark mark = vl_audio_work_save(s->work);
    veil_status status = vl_secrets_search(secrets, text, n, s->work, &masks);
    for (uint32_t i = 0; i < masks.count; i++)
        *out = *out || secrets->items[masks.items[i].secret - 1].is_seen != 0;
    vl_audio_work_reset(s->work, mark);
    return status == VEIL_OK ? VEIL_OK : no_buffer(s, status);
}

/* The time of the strings that show it, and whether all of them say so by their name. */
static bool take_time(const seeker *s, const vl_hit *hit, vl_hit *time, bool *is_speech)
{
    *time = *hit;
    time->start_s = INFINITY;
    time->end_s = 0;
    bool is_known = true;
    for (uint32_t i = hit->word_first; i <= hit->word_last; i++) {
        const vl_stray *stray = &s->transcript->strays[s->out->stray_of[i]];
        is_known = is_known && !isnan(stray->start_s);
        *is_speech = *is_speech && stray->says_speech != 0;
        time->start_s = fmin(time->start_s, stray->start_s);
        time->end_s = fmax(time->end_s, stray->end_s);
    }
    time->start_s = fmin(time->start_s, s->transcript->end_s);
    time->end_s = fmin(time->end_s, s->transcript->end_s);
    return is_known && s->transcript->count != 0;
}

static veil_status settle(seeker *s, const vl_secrets *secrets, const vl_hit *hit, bool has_sound, vl_hits *hits)
{
    bool is_known = false, is_speech = true;
    vl_hit time;
    const char *said = s->out->texts.text + hit->text_start;
    veil_status status = is_seen(s, secrets, said, hit->text_end - hit->text_start, &is_known);
    if (status == VEIL_OK && hit->written != NULL)
        status = is_seen(s, secrets, hit->written, hit->written_bytes, &is_known);
    if (status != VEIL_OK || is_known) return status;
    bool has_time = take_time(s, hit, &time, &is_speech);
    if (vl_is_weak_in_names(hit->entity) && !is_speech) return VEIL_OK;
    if (!has_time && !has_sound) return VEIL_OK;
    if (!has_time) {
        return vl_error_set(s->error, VEIL_ERR_MALFORMED_INPUT, 0,
                            "transcript: a member that no format has shows what no word and no time is known for");
    }
    time.word_first = time.word_last = 0;
    time.text_start = time.text_end = s->transcript->words[0].text_start;
    time.is_time = 1;
    time.layer = VL_LAYER_BESIDE;
    time.channel = -1;
    status = vl_hits_add(hits, &time, s->work);
    return status == VEIL_OK ? VEIL_OK : no_buffer(s, status);
}

veil_status vl_strays_settle(const vl_audio_plan *plan, const vl_transcript *transcript, vl_audio_work *work,
                             const vl_secrets *secrets, vl_strays *strays, bool has_sound, vl_hits *hits,
                             veil_error *error)
{
    seeker s = {.plan = plan, .transcript = transcript, .work = work, .error = error, .out = strays};
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < strays->hits.count && status == VEIL_OK; i++)
        status = settle(&s, secrets, &strays->hits.items[i], has_sound, hits);
    return status;
}

/* ---- What is masked in them ---- */

static bool is_before(const void *left, const void *right)
{
    const vl_stray_mask *a = left, *b = right;
    if (a->offset != b->offset) return a->offset < b->offset;
    if (a->start != b->start) return a->start < b->start;
    return a->end < b->end;
}

/* Strings of prose as far as they show it, others whole. Masks are in order and apart, so are the strings. */
static uint32_t cut_masks(const vl_masker *m, const vl_strays *strays, const vl_masks *masks, vl_stray_mask *out)
{
    uint32_t count = 0, at = 0;
    for (uint32_t i = 0; i < masks->count; i++) {
        const vl_mask *mask = &masks->items[i];
        while (at < strays->texts.count && strays->texts.words[at].text_end <= mask->start)
            at++;
        for (uint32_t k = at; k < strays->texts.count && strays->texts.words[k].text_start < mask->end; k++) {
            const vl_word *word = &strays->texts.words[k];
            const vl_stray *stray = &m->transcript->strays[strays->stray_of[k]];
            bool is_part = (word->flags & VL_WORD_IS_SEGMENT) != 0;
            uint32_t start = is_part && mask->start > word->text_start ? mask->start - word->text_start : 0;
            uint32_t end = is_part && mask->end < word->text_end ? mask->end - word->text_start : UINT32_MAX;
            if (out != NULL)
                out[count] = (vl_stray_mask){
                    .offset = (uint32_t)(stray->raw - m->bytes), .start = start, .end = end, .entity = mask->entity};
            count++;
        }
    }
    return count;
}

veil_status vl_strays_mask(vl_masker *m, const vl_strays *strays)
{
    vl_masks masks = {0};
    void *memory = NULL;
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < strays->hits.count && status == VEIL_OK; i++) {
        const vl_hit *hit = &strays->hits.items[i];
        status = vl_masks_add(&masks, hit->text_start, hit->text_end, hit->entity, m->work);
    }
    if (status == VEIL_OK)
        status = vl_secrets_search(&m->secrets, strays->texts.text, strays->texts.text_bytes, m->work, &masks);
    vl_masks_settle(&masks);
    uint32_t count = cut_masks(m, strays, &masks, NULL);
    if (status == VEIL_OK && count != 0) status = vl_audio_work_alloc(m->work, count, sizeof(vl_stray_mask), &memory);
    if (status != VEIL_OK || count == 0) return status;
    m->stray_masks = memory;
    m->stray_mask_count = cut_masks(m, strays, &masks, memory);
    vl_sort(m->stray_masks, count, sizeof(vl_stray_mask), is_before);
    return VEIL_OK;
}

veil_status vl_masker_stray(const vl_masker *m, uint32_t offset, uint32_t size_bytes, vl_masks *out)
{
    uint32_t low = 0, high = m->stray_mask_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->stray_masks[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    veil_status status = VEIL_OK;
    for (; low < m->stray_mask_count && m->stray_masks[low].offset == offset && status == VEIL_OK; low++) {
        const vl_stray_mask *mask = &m->stray_masks[low];
        uint32_t end = mask->end < size_bytes ? mask->end : size_bytes;
        status = vl_masks_add(out, mask->start, end, mask->entity, m->work);
    }
    return status;
}
