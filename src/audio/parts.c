/*
 * Parts of what was found, for texts that were cut elsewhere than the words were: a finding that runs from one segment into the
 * next ends the text of the first and begins that of the second. A part ends where letters or digits do. Kept are hashes of
 * letters and digits alone; two parts with one hash would mean a word too many masked.
 */
#include "audio/mask.h"

#define PART_WORDS   24u /* longest part */
#define LEAST_LETTER 3u  /* shorter ones say nothing by themselves */
#define LEAST_DIGIT  4u

/* Where a text must have the part. */
enum { AT_TAIL = 1, AT_HEAD = 2, AS_WHOLE = 3 };

/* A hash on its way through a text. */
typedef struct progress {
    uint64_t hash;
    uint32_t count;
    bool all_digits;
} progress;

static uint64_t key_of(const progress *p, uint32_t where)
{
    uint64_t hash = (p->hash ^ where) * 0x9E3779B97F4A7C15ull; /* 2^64 by the golden ratio */
    hash ^= hash >> 29;
    return hash == 0 ? 1 : hash;
}

static bool is_short(const progress *p)
{
    return p->count < (p->all_digits ? LEAST_DIGIT : LEAST_LETTER);
}

/* Over one word from `at`; where it ends. */
static uint32_t take_word(progress *p, const char *text, uint32_t at, uint32_t end)
{
    for (; at < end && vl_unkept(text + at, end - at) == 0; at++) {
        char c = text[at] >= 'A' && text[at] <= 'Z' ? (char)(text[at] | 0x20) : text[at];
        p->hash = (p->hash ^ (unsigned char)c) * 0x100000001B3ull; /* FNV's prime */
        p->all_digits = p->all_digits && c >= '0' && c <= '9';
        p->count++;
    }
    return at;
}

static const progress at_start = {.hash = 0xCBF29CE484222325ull, .all_digits = true}; /* FNV's basis */

/* The next word's start from `at`, or end. */
static uint32_t skip_gap(const char *text, uint32_t at, uint32_t end)
{
    for (uint32_t gap; at < end && (gap = vl_unkept(text + at, end - at)) != 0;)
        at += gap;
    return at < end ? at : end;
}

/* The slot that has the key, or the empty one where it would be. */
static vl_part *slot_of(const vl_parts *parts, uint64_t key)
{
    uint32_t slot = (uint32_t)key & parts->mask;
    while (parts->slots[slot].key != 0 && parts->slots[slot].key != key)
        slot = (slot + 1) & parts->mask;
    return &parts->slots[slot];
}

/* What the part was found as, or NULL. */
static const char *entity_of(const vl_parts *parts, const progress *p, uint32_t where)
{
    return is_short(p) ? NULL : slot_of(parts, key_of(p, where))->entity;
}

static uint64_t count_parts(const char *text, const vl_hit *hit)
{
    uint64_t words = 0;
    progress unused = at_start;
    for (uint32_t at = skip_gap(text, hit->text_start, hit->text_end); at < hit->text_end; words++)
        at = skip_gap(text, take_word(&unused, text, at, hit->text_end), hit->text_end);
    return words * (words < PART_WORDS ? words : PART_WORDS);
}

/* The parts that begin at `from`. */
static void add_parts_from(const vl_parts *parts, const char *text, const vl_hit *hit, uint32_t from, bool is_first)
{
    const uint32_t end = hit->text_end;
    progress p = at_start;
    uint32_t at = from;
    for (uint32_t words = 0; at < end && words < PART_WORDS; words++) {
        at = skip_gap(text, take_word(&p, text, at, end), end);
        if (is_short(&p) || (is_first && at == end)) continue; /* all of it is a secret */
        uint64_t key = key_of(&p, is_first ? AT_TAIL : at == end ? AT_HEAD : AS_WHOLE);
        *slot_of(parts, key) = (vl_part){key, hit->entity};
    }
}

static void add_parts(const vl_parts *parts, const char *text, const vl_hit *hit)
{
    progress unused = at_start;
    uint32_t first = skip_gap(text, hit->text_start, hit->text_end);
    for (uint32_t at = first; at < hit->text_end;) {
        add_parts_from(parts, text, hit, at, at == first);
        at = skip_gap(text, take_word(&unused, text, at, hit->text_end), hit->text_end);
    }
}

veil_status vl_parts_make(vl_parts *parts, const char *text, const vl_hits *hits, const vl_audio_plan *plan,
                          vl_audio_work *work)
{
    uint64_t total = 0;
    void *memory = NULL;
    *parts = (vl_parts){0};
    for (uint32_t i = 0; i < hits->count; i++)
        total += count_parts(text, &hits->items[i]);
    if (total == 0) return VEIL_OK;
    if (total > UINT32_MAX / 8) return VEIL_ERR_NO_MEMORY;
    parts->mask = 63;
    while (parts->mask < total * 2)
        parts->mask = parts->mask * 2 + 1;
    veil_status status = vl_audio_work_alloc(work, (size_t)parts->mask + 1, sizeof *parts->slots, &memory);
    if (status != VEIL_OK) return status;
    parts->slots = memory;
    for (uint32_t i = 0; i <= parts->mask; i++)
        parts->slots[i] = (vl_part){0};
    for (uint32_t i = 0; i < hits->count; i++) {
        if (vl_audio_plan_effect(plan, hits->items[i].entity) != VEIL_EFFECT_KEEP)
            add_parts(parts, text, &hits->items[i]);
    }
    return VEIL_OK;
}

/* The longest head of the text that ends a finding, or all of the text within one. */
static vl_mask head_of(const vl_parts *parts, const char *text, uint32_t size_bytes)
{
    progress p = at_start;
    vl_mask found = {0};
    uint32_t at = skip_gap(text, 0, size_bytes);
    for (uint32_t words = 0; at < size_bytes && words < PART_WORDS; words++) {
        uint32_t end = take_word(&p, text, at, size_bytes);
        at = skip_gap(text, end, size_bytes);
        const char *entity = entity_of(parts, &p, AT_HEAD);
        if (entity == NULL && at == size_bytes) entity = entity_of(parts, &p, AS_WHOLE);
        if (entity != NULL) found = (vl_mask){.start = skip_gap(text, 0, size_bytes), .end = end, .entity = entity};
    }
    return found;
}

/* The longest tail that begins one. */
static vl_mask tail_of(const vl_parts *parts, const char *text, uint32_t size_bytes)
{
    uint32_t starts[PART_WORDS], words = 0, end = 0;
    progress unused = at_start;
    for (uint32_t at = skip_gap(text, 0, size_bytes); at < size_bytes; words++) {
        starts[words % PART_WORDS] = at;
        end = take_word(&unused, text, at, size_bytes);
        at = skip_gap(text, end, size_bytes);
    }
    for (uint32_t i = words > PART_WORDS ? words - PART_WORDS : 0; i < words; i++) {
        progress p = at_start;
        for (uint32_t at = starts[i % PART_WORDS]; at < size_bytes;)
            at = skip_gap(text, take_word(&p, text, at, size_bytes), size_bytes);
        const char *entity = entity_of(parts, &p, AT_TAIL);
        if (entity != NULL) return (vl_mask){.start = starts[i % PART_WORDS], .end = end, .entity = entity};
    }
    return (vl_mask){0};
}

veil_status vl_parts_search(const vl_parts *parts, const char *text, uint32_t size_bytes, vl_audio_work *work,
                            vl_masks *out)
{
    if (parts->slots == NULL) return VEIL_OK;
    const vl_mask found[2] = {head_of(parts, text, size_bytes), tail_of(parts, text, size_bytes)};
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < 2 && status == VEIL_OK; i++) {
        if (found[i].entity != NULL) status = vl_masks_add(out, found[i].start, found[i].end, found[i].entity, work);
    }
    return status;
}
