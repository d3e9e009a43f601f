/*
 * What was found in a transcript may be said again where nothing around it gives it away: a password without "password", an account
 * in another reading of the same speech. It is recognised by its letters and digits, whole words of any list, and goes from the
 * sound as from the document.
 */
#include <math.h>
#include <string.h>

#include "audio/mask.h"
#include "audio/sort.h"

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

/* A time that is cut, whatever is said in it. Channel -1: in all. */
typedef struct cut {
    double start_s;
    double end_s;
    int32_t channel;
    uint32_t reserved;
} cut;

static bool cut_is_before(const void *left, const void *right)
{
    const cut *a = left, *b = right;
    if (a->channel != b->channel) return a->channel < b->channel;
    if (a->start_s != b->start_s) return a->start_s < b->start_s;
    return a->end_s < b->end_s;
}

/* In order, and apart. */
static uint32_t join_cuts(cut *cuts, uint32_t count)
{
    uint32_t last = 0;
    vl_sort(cuts, count, sizeof(cut), cut_is_before);
    for (uint32_t i = 1; i < count; i++) {
        if (cuts[i].channel == cuts[last].channel && cuts[i].start_s <= cuts[last].end_s)
            cuts[last].end_s = fmax(cuts[last].end_s, cuts[i].end_s);
        else
            cuts[++last] = cuts[i];
    }
    return last + 1;
}

static bool is_cut(const cut *cuts, uint32_t count, const vl_word *word, int32_t channel)
{
    const cut wanted = {word->start_s, INFINITY, channel, 0};
    uint32_t low = 0, high = count; /* the first that begins behind the word's start */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (cut_is_before(&wanted, &cuts[middle]))
            high = middle;
        else
            low = middle + 1;
    }
    return low > 0 && cuts[low - 1].channel == channel && word->end_s <= cuts[low - 1].end_s;
}

static veil_status cover_times(repeater *r, uint32_t count)
{
    const vl_transcript *t = r->transcript;
    void *memory = NULL;
    if (count == 0) return VEIL_OK;
    veil_status status = vl_audio_work_alloc(r->work, count, sizeof(cut), &memory);
    if (status != VEIL_OK) return status;
    cut *cuts = memory;
    count = 0;
    for (uint32_t i = r->from; i < r->hits->count; i++) {
        const vl_hit *hit = &r->hits->items[i];
        if (hit->is_time != 0 && !is_kept(r, hit))
            cuts[count++] = (cut){hit->start_s, hit->end_s, hit->channel < 0 ? -1 : hit->channel, 0};
    }
    count = join_cuts(cuts, count);
    for (uint32_t i = 0; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        if (is_cut(cuts, count, word, -1) || is_cut(cuts, count, word, word->channel))
            memset(r->is_covered + word->text_start, 1, word->text_end - word->text_start);
    }
    return VEIL_OK;
}

static veil_status cover_all(repeater *r)
{
    void *memory = NULL;
    uint32_t times = 0;
    veil_status status = vl_audio_work_alloc(r->work, (size_t)r->transcript->text_bytes + 1, 1, &memory);
    r->is_covered = memory;
    for (uint32_t i = r->from; i < r->hits->count && status == VEIL_OK; i++) {
        const vl_hit *hit = &r->hits->items[i];
        if (is_kept(r, hit)) continue;
        times += hit->is_time != 0;
        if (hit->is_time == 0) cover(r, hit);
    }
    return status == VEIL_OK ? cover_times(r, times) : status;
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
