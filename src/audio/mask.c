/* What of a transcript is written over. */
#include "audio/mask.h"

#include <math.h>
#include <string.h>

#include "audio/sort.h"

#define LEAST_OVERLAP_S 0.001 /* words that only touch a cut stay */

static veil_status no_buffer(const vl_masker *m, veil_status status)
{
    return vl_error_set(m->error, status, 0, "no buffer for the transcript's masks");
}

veil_status vl_masks_add(vl_masks *masks, uint32_t start, uint32_t end, const char *entity, vl_audio_work *work)
{
    if (masks->count == masks->capacity) {
        uint32_t capacity = masks->capacity == 0 ? 16 : masks->capacity * 2;
        void *memory = NULL;
        veil_status status = vl_audio_work_alloc(work, capacity, sizeof(vl_mask), &memory);
        if (status != VEIL_OK) return status;
        if (masks->count != 0) memcpy(memory, masks->items, masks->count * sizeof(vl_mask));
        masks->items = memory;
        masks->capacity = capacity;
    }
    masks->items[masks->count++] = (vl_mask){.start = start, .end = end, .entity = entity};
    return VEIL_OK;
}

static bool mask_before(const void *left, const void *right)
{
    const vl_mask *a = left, *b = right;
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end > b->end;
    return strcmp(a->entity, b->entity) < 0;
}

void vl_masks_settle(vl_masks *masks)
{
    if (masks->count == 0) return;
    vl_sort(masks->items, masks->count, sizeof(vl_mask), mask_before);
    uint32_t last = 0;
    for (uint32_t i = 1; i < masks->count; i++) {
        vl_mask *before = &masks->items[last];
        const vl_mask *one = &masks->items[i];
        if (one->start > before->end) {
            masks->items[++last] = *one;
        } else if (one->end > before->end) {
            before->end = one->end;
        }
    }
    masks->count = last + 1;
}

static bool cut_before(const void *left, const void *right)
{
    const vl_cut *a = left, *b = right;
    if (a->start_s != b->start_s) return a->start_s < b->start_s;
    if (a->end_s != b->end_s) return a->end_s < b->end_s;
    if (a->channel != b->channel) return a->channel < b->channel;
    return strcmp(a->entity, b->entity) < 0;
}

static void add_cut(vl_masker *m, double start_s, double end_s, int32_t channel, const char *entity, uint32_t kind)
{
    m->cuts[m->cut_count++] = (vl_cut){start_s, end_s, entity, channel, kind};
    m->longest_s = fmax(m->longest_s, end_s - start_s);
}

/* Words go whole, so a hit that begins or ends within one takes all of it; segments go as far as they show something. */
static veil_status add_found(vl_masker *m, const vl_hit *hit)
{
    const vl_word *first = &m->transcript->words[hit->word_first], *last = &m->transcript->words[hit->word_last];
    uint32_t start = hit->text_start, end = hit->text_end;
    if ((first->flags & VL_WORD_IS_SEGMENT) == 0 && first->text_start < start) start = first->text_start;
    if ((last->flags & VL_WORD_IS_SEGMENT) == 0 && last->text_end > end) end = last->text_end;
    return vl_masks_add(&m->found, start, end, hit->entity, m->work);
}

static void add_given(vl_masker *m, const veil_audio_options *options)
{
    bool keeps_ranges = vl_audio_plan_effect(m->plan, VL_ENTITY_RANGE) == VEIL_EFFECT_KEEP;
    for (size_t i = 0; i < options->range_count && !keeps_ranges; i++) {
        const veil_audio_range *range = &options->ranges[i];
        add_cut(m, range->start_s, range->end_s, range->channel, VL_ENTITY_RANGE, VL_CUT_OF_SOUND);
    }
    for (size_t i = 0; i < options->heard_count; i++) {
        const veil_audio_finding *one = &options->heard[i];
        if (vl_audio_plan_effect(m->plan, one->entity) == VEIL_EFFECT_KEEP) continue;
        add_cut(m, one->start_s, one->end_s, one->channel, one->entity, VL_CUT_OF_SOUND);
    }
}

veil_status vl_masker_make(vl_masker *m, const vl_hits *hits, const veil_audio_options *options)
{
    void *memory = NULL;
    const size_t most = UINT32_MAX / 8;
    if (options->range_count > most || options->heard_count > most || hits->count > most)
        return no_buffer(m, VEIL_ERR_NO_MEMORY);
    const size_t count = options->range_count + options->heard_count + hits->count;
    veil_status status = vl_audio_work_alloc(m->work, count, sizeof(vl_cut), &memory);
    if (status != VEIL_OK) return no_buffer(m, status);
    m->cuts = memory;
    add_given(m, options);
    for (uint32_t i = 0; i < hits->count && status == VEIL_OK; i++) {
        const vl_hit *hit = &hits->items[i];
        if (vl_audio_plan_effect(m->plan, hit->entity) == VEIL_EFFECT_KEEP) continue;
        if (hit->is_time == 0) status = add_found(m, hit);
        bool of_segment = hit->is_time == 0 && (m->transcript->words[hit->word_first].flags & VL_WORD_IS_SEGMENT) != 0;
        uint32_t kind = of_segment ? VL_CUT_OF_SEGMENT : VL_CUT_OF_WORDS;
        add_cut(m, hit->start_s, hit->end_s, hit->channel, hit->entity, kind);
    }
    if (status == VEIL_OK) status = vl_parts_make(&m->parts, m->transcript->text, hits, m->plan, m->work);
    if (status != VEIL_OK) return no_buffer(m, status);
    vl_masks_settle(&m->found);
    vl_sort(m->cuts, m->cut_count, sizeof(vl_cut), cut_before);
    return VEIL_OK;
}

/* The first mask that ends behind `at`. */
static uint32_t mask_at(const vl_masks *masks, uint32_t at)
{
    uint32_t low = 0, high = masks->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (masks->items[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool overlaps(const vl_cut *cut, const vl_word *word)
{
    if (cut->channel >= 0 && word->channel >= 0 && cut->channel != word->channel) return false;
    if (word->end_s - word->start_s <= LEAST_OVERLAP_S)
        return word->start_s >= cut->start_s && word->end_s <= cut->end_s && (word->flags & VL_WORD_IS_MARK) == 0;
    return fmin(cut->end_s, word->end_s) - fmax(cut->start_s, word->start_s) > LEAST_OVERLAP_S;
}

/* Which cuts matter to a word. */
enum { CUTS_OF_SOUND, CUTS_OF_WORDS, CUTS_ALL };

static const char *cut_of(const vl_masker *m, const vl_word *word, int which)
{
    uint32_t low = 0, high = m->cut_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (m->cuts[middle].start_s < word->start_s - m->longest_s)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < m->cut_count && m->cuts[low].start_s <= word->end_s; low++) {
        uint32_t kind = m->cuts[low].kind;
        bool counts =
            kind == VL_CUT_OF_SOUND || which == CUTS_ALL || (which == CUTS_OF_WORDS && kind == VL_CUT_OF_WORDS);
        if (counts && overlaps(&m->cuts[low], word)) return m->cuts[low].entity;
    }
    return NULL;
}

const char *vl_masker_word(const vl_masker *m, uint32_t index)
{
    const vl_word *word = &m->transcript->words[index];
    if ((word->flags & VL_WORD_IS_SEGMENT) != 0) {
        /* another reading of what was cut: nobody knows which of its words are those */
        return cut_of(m, word, word->layer < VL_LAYER_OTHER ? CUTS_OF_SOUND : CUTS_ALL);
    }
    uint32_t mask = mask_at(&m->found, word->text_start);
    if (mask < m->found.count && m->found.items[mask].start < word->text_end) return m->found.items[mask].entity;
    return cut_of(m, word, CUTS_OF_WORDS);
}

veil_status vl_masker_segment(const vl_masker *m, uint32_t index, vl_masks *out)
{
    const vl_word *word = &m->transcript->words[index];
    const char *text = m->transcript->text + word->text_start;
    const uint32_t size_bytes = word->text_end - word->text_start;
    veil_status status = VEIL_OK;
    for (uint32_t i = mask_at(&m->found, word->text_start);
         i < m->found.count && m->found.items[i].start < word->text_end && status == VEIL_OK; i++) {
        const vl_mask *one = &m->found.items[i];
        uint32_t start = one->start > word->text_start ? one->start - word->text_start : 0;
        uint32_t end = one->end < word->text_end ? one->end - word->text_start : size_bytes;
        status = vl_masks_add(out, start, end, one->entity, m->work);
    }
    if (status == VEIL_OK) status = vl_secrets_search(&m->secrets, text, size_bytes, m->work, out);
    if (status != VEIL_OK) return no_buffer(m, status);
    vl_masks_settle(out);
    return VEIL_OK;
}

/* What was said is found all the same, for it is known by then. */
bool vl_is_weak_in_names(const char *entity)
{
    return strcmp(entity, VL_ENTITY_SPOKEN_NUMBER) == 0 || strcmp(entity, "DATE_TIME") == 0 ||
           strcmp(entity, "URL") == 0;
}

static bool has_space(const char *text, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') return true;
    }
    return false;
}

veil_status vl_masker_text(const vl_masker *m, const char *text, uint32_t size_bytes, bool says_speech, vl_masks *out)
{
    if (size_bytes == 0) return VEIL_OK;
    vl_word whole = {.text_end = size_bytes, .channel = -1, .flags = VL_WORD_IS_SEGMENT | VL_WORD_STARTS_LIST};
    union {
        const char *given;
        char *held;
    } bytes = {text}; /* a transcript may write its text, this one is only read */
    const vl_transcript view = {
        .words = &whole, .count = 1, .capacity = 1, .group_count = 1, .text = bytes.held, .text_bytes = size_bytes};
    vl_hits hits = {0};
    veil_status status = vl_audio_find(m->text, m->plan, &view, m->work, &hits, NULL, m->error);
    bool is_prose = has_space(text, size_bytes);
    for (uint32_t i = 0; i < hits.count && status == VEIL_OK; i++) {
        const vl_hit *hit = &hits.items[i];
        if (vl_audio_plan_effect(m->plan, hit->entity) == VEIL_EFFECT_KEEP) continue;
        if (is_prose || !vl_is_weak_in_names(hit->entity))
            status = vl_masks_add(out, hit->text_start, hit->text_end, hit->entity, m->work);
    }
    if (status == VEIL_OK) status = vl_secrets_search(&m->secrets, text, size_bytes, m->work, out);
    if (status == VEIL_OK && (is_prose || says_speech))
        status = vl_parts_search(&m->parts, text, size_bytes, m->work, out);
    if (status != VEIL_OK) return m->error != NULL && m->error->status != VEIL_OK ? status : no_buffer(m, status);
    vl_masks_settle(out);
    return VEIL_OK;
}
