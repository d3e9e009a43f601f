/*
 * What was found in a transcript may be said again where nothing around it gives it away: a password without "password", an account
 * in another reading of the same speech. It is recognised by its letters and digits, whole words of any list, and goes from the
 * sound as from the document.
 */
#include <math.h>
#include <string.h>

#include "audio/mask.h"

typedef struct repeater {
    const vl_audio_plan *plan;
    const vl_transcript *transcript;
    vl_audio_work *work;
    vl_hits *hits;
    vl_secrets *secrets;
    uint32_t from;       /* hits of this transcript */
    uint32_t count;      /* of them before this */
    uint8_t *is_covered; /* of each byte of the text: it goes already */
} repeater;

static bool is_kept(const repeater *r, const vl_hit *hit)
{
    return vl_audio_plan_effect(r->plan, hit->entity) == VEIL_EFFECT_KEEP;
}

/* All of its words go, of a segment as well: its whole time is cut. */
static void cover(const repeater *r, const vl_hit *hit)
{
    const vl_word *words = r->transcript->words;
    const uint32_t start = words[hit->word_first].text_start;
    memset(r->is_covered + start, 1, words[hit->word_last].text_end - start);
}

static bool is_in_time(const vl_word *word, const vl_hit *hit)
{
    bool is_there = hit->channel < 0 || word->channel == hit->channel;
    return is_there && hit->start_s <= word->start_s && word->end_s <= hit->end_s;
}

/* What is cut as a time, whatever is said in it. */
static void cover_time(const repeater *r, const vl_hit *hit)
{
    const vl_transcript *t = r->transcript;
    for (uint32_t i = 0; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        if (is_in_time(word, hit)) memset(r->is_covered + word->text_start, 1, word->text_end - word->text_start);
    }
}

static veil_status cover_all(repeater *r)
{
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(r->work, (size_t)r->transcript->text_bytes + 1, 1, &memory);
    r->is_covered = memory;
    for (uint32_t i = r->from; i < r->hits->count && status == VEIL_OK; i++) {
        const vl_hit *hit = &r->hits->items[i];
        if (is_kept(r, hit)) continue;
        if (hit->is_time != 0)
            cover_time(r, hit);
        else
            cover(r, hit);
    }
    return status;
}

static bool is_covered(const repeater *r, uint32_t start, uint32_t end)
{
    const char *text = r->transcript->text;
    for (uint32_t gap; start < end; start += gap == 0 ? 1 : gap) {
        gap = vl_unkept(text + start, end - start);
        if (gap == 0 && r->is_covered[start] == 0) return false;
    }
    return true;
}

/* Words [first, end) are one text. */
static uint32_t word_at(const vl_word *words, uint32_t first, uint32_t end, uint32_t offset)
{
    while (end - first > 1) {
        uint32_t middle = first + (end - first) / 2;
        if (words[middle].text_start <= offset)
            first = middle;
        else
            end = middle;
    }
    return first;
}

static veil_status add(repeater *r, const vl_mask *mask, uint32_t first, uint32_t end)
{
    const vl_word *words = r->transcript->words;
    const float *sure = r->transcript->confidence;
    vl_hit hit = {.entity = mask->entity,
                  .start_s = INFINITY,
                  .word_first = word_at(words, first, end, mask->start),
                  .word_last = word_at(words, first, end, mask->end - 1),
                  .text_start = mask->start,
                  .text_end = mask->end,
                  .score = mask->score,
                  .confidence = 1,
                  .layer = words[first].layer,
                  .channel = words[first].channel,
                  .is_reported = 1,
                  .source = VEIL_SOURCE_TRANSCRIPT};
    while (hit.word_first > first && (words[hit.word_first].flags & VL_WORD_CONTINUES) != 0)
        hit.word_first--;
    while (hit.word_last + 1 < end && (words[hit.word_last + 1].flags & VL_WORD_CONTINUES) != 0)
        hit.word_last++;
    for (uint32_t i = hit.word_first; i <= hit.word_last; i++) {
        hit.start_s = fmin(hit.start_s, words[i].start_s);
        hit.end_s = fmax(hit.end_s, words[i].end_s);
        if (sure != NULL) hit.confidence = fminf(hit.confidence, sure[i]);
    }
    cover(r, &hit);
    return vl_hits_add(r->hits, &hit, r->work);
}

static veil_status search_words(repeater *r, uint32_t first, uint32_t end)
{
    const vl_word *words = r->transcript->words;
    const uint32_t from = words[first].text_start;
    vl_masks masks = {0};
    vl_audio_work_mark mark = vl_audio_work_save(r->work);
    veil_status status =
        vl_secrets_search(r->secrets, r->transcript->text + from, words[end - 1].text_end - from, r->work, &masks);
    bool is_new = false;
    for (uint32_t i = 0; i < masks.count; i++)
        r->secrets->items[masks.items[i].secret - 1].is_seen = 1;
    vl_masks_settle(&masks); /* the longest of those that begin at one place first */
    for (uint32_t i = 0; i < masks.count && status == VEIL_OK; i++) {
        vl_mask mask = masks.items[i];
        mask.start += from;
        mask.end += from;
        if (is_covered(r, mask.start, mask.end)) continue;
        is_new = true;
        status = add(r, &mask, first, end);
    }
    if (!is_new) vl_audio_work_reset(r->work, mark); /* else hits may have moved behind it */
    return status;
}

static veil_status find_repeats(repeater *r)
{
    const vl_transcript *t = r->transcript;
    veil_status status = cover_all(r);
    for (uint32_t first = 0, end; first < t->count && status == VEIL_OK; first = end) {
        end = first + 1;
        while (end < t->count && vl_word_same_group(&t->words[end], &t->words[first]))
            end++;
        status = search_words(r, first, end);
    }
    return status;
}

/* An error of the stage's own stands already, with its reason. */
static veil_status failed(veil_error *error, veil_status status)
{
    if (error != NULL && error->status == status) return status;
    return vl_error_set(error, status, 0, "no buffer for what the transcript repeats");
}

veil_status vl_transcript_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                               vl_audio_work *work, vl_findings *findings, veil_error *error)
{
    vl_hits *hits = findings->hits;
    vl_secrets *secrets = &findings->secrets;
    vl_strays *strays = &findings->strays;
    repeater r = {
        .plan = plan, .transcript = transcript, .work = work, .hits = hits, .secrets = secrets, .from = hits->count};
    veil_status status = vl_audio_find(text, plan, transcript, work, hits, secrets, error);
    r.count = hits->count;
    if (status == VEIL_OK) status = vl_strays_find(text, plan, transcript, work, secrets, strays, error);
    if (status != VEIL_OK) return status;
    status = vl_secrets_index(secrets, work);
    if (status == VEIL_OK && secrets->count != 0 && transcript->count != 0) status = find_repeats(&r);
    if (status == VEIL_OK)
        status = vl_strays_settle(plan, transcript, work, secrets, strays, findings->has_sound, hits, error);
    if (status != VEIL_OK) return failed(error, status);
    if (hits->count != r.count) vl_hits_report_once(hits, r.from);
    return VEIL_OK;
}
