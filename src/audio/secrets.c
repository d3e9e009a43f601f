/*
 * What was found, to be recognised where it stands again: in the full text of a transcript, in lists of entities, in fields that
 * nobody explained. Compared are letters and digits alone, so spaces, punctuation and case make no difference.
 */
#include <string.h>

#include "audio/mask.h"

#define LEAST       3u /* shorter ones say nothing by themselves */
#define LEAST_DIGIT 4u /* the same for digits */
#define BEGINNINGS  4u

/* Secrets are found by the hash of their beginning: the longest of these that they have. */
static const uint32_t beginnings[BEGINNINGS] = {16, 8, 4, 3};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_kept(char c)
{
    char lower = (char)(c | 0x20);
    return is_digit(c) || (lower >= 'a' && lower <= 'z') || ((unsigned char)c & 0x80) != 0;
}

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

uint32_t vl_squeeze(const char *text, uint32_t size_bytes, char *out)
{
    uint32_t written = 0;
    for (uint32_t i = 0; i < size_bytes; i++) {
        if (is_kept(text[i])) out[written++] = folded(text[i]);
    }
    return written;
}

static bool is_short(const char *text, uint32_t n)
{
    bool all_digits = true;
    for (uint32_t i = 0; i < n; i++)
        all_digits = all_digits && is_digit(text[i]);
    return n < (all_digits ? LEAST_DIGIT : LEAST);
}

veil_status vl_secrets_add(vl_secrets *secrets, const char *text, uint32_t size_bytes, const char *entity,
                           vl_audio_work *work)
{
    void *memory = NULL;
    if (size_bytes < LEAST) return VEIL_OK;
    if (secrets->count == secrets->capacity) {
        uint32_t capacity = secrets->capacity == 0 ? 64 : secrets->capacity * 2;
        veil_status status = vl_audio_work_alloc(work, capacity, sizeof(vl_secret), &memory);
        if (status != VEIL_OK) return status;
        if (secrets->count != 0) memcpy(memory, secrets->items, secrets->count * sizeof(vl_secret));
        secrets->items = memory;
        secrets->capacity = capacity;
    }
    veil_status status = vl_audio_work_alloc(work, size_bytes, 1, &memory);
    if (status != VEIL_OK) return status;
    uint32_t n = vl_squeeze(text, size_bytes, memory);
    if (is_short(memory, n)) return VEIL_OK;
    secrets->items[secrets->count++] = (vl_secret){.text = memory, .entity = entity, .size_bytes = n};
    return VEIL_OK;
}

static uint32_t hash_of(const char *text, uint32_t n)
{
    uint64_t hash = n;
    for (uint32_t i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001B3ull; /* FNV's prime */
    return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t beginning_of(uint32_t n)
{
    uint32_t i = 0;
    while (beginnings[i] > n)
        i++;
    return beginnings[i];
}

static bool is_known(const vl_secrets *secrets, uint32_t index, uint32_t slot)
{
    const vl_secret *one = &secrets->items[index];
    for (uint32_t i = secrets->heads[slot]; i != 0; i = secrets->items[i - 1].next) {
        const vl_secret *other = &secrets->items[i - 1];
        if (other->size_bytes == one->size_bytes && memcmp(other->text, one->text, one->size_bytes) == 0) return true;
    }
    return false;
}

veil_status vl_secrets_index(vl_secrets *secrets, vl_audio_work *work)
{
    void *memory = NULL;
    secrets->mask = 63;
    while (secrets->mask < secrets->count * 2)
        secrets->mask = secrets->mask * 2 + 1;
    veil_status status = vl_audio_work_alloc(work, (size_t)secrets->mask + 1, sizeof(uint32_t), &memory);
    if (status != VEIL_OK) return status;
    secrets->heads = memory;
    for (uint32_t i = 0; i < secrets->count; i++) {
        vl_secret *one = &secrets->items[i];
        uint32_t slot = hash_of(one->text, beginning_of(one->size_bytes)) & secrets->mask;
        if (is_known(secrets, i, slot)) continue;
        one->next = secrets->heads[slot];
        secrets->heads[slot] = i + 1;
    }
    return VEIL_OK;
}

/* A letter beside a letter and a digit beside a digit are one word; a letter beside a digit is not. */
static bool is_edge(char outside, char inside)
{
    return !is_kept(outside) || is_digit(outside) != is_digit(inside);
}

typedef struct search {
    const char *text;
    uint32_t size_bytes;
    const char *squeezed;
    const uint32_t *from; /* of each squeezed byte: where it stands in text */
    uint32_t count;
} search;

static veil_status try_at(const vl_secrets *secrets, const search *s, uint32_t at, uint32_t beginning,
                          vl_audio_work *work, vl_masks *out)
{
    uint32_t slot = hash_of(s->squeezed + at, beginning) & secrets->mask;
    for (uint32_t i = secrets->heads[slot]; i != 0; i = secrets->items[i - 1].next) {
        const vl_secret *one = &secrets->items[i - 1];
        if (one->size_bytes > s->count - at || memcmp(one->text, s->squeezed + at, one->size_bytes) != 0) continue;
        uint32_t start = s->from[at], end = s->from[at + one->size_bytes - 1] + 1;
        if (end < s->size_bytes && !is_edge(s->text[end], s->text[end - 1])) continue;
        veil_status status = vl_masks_add(out, start, end, one->entity, work);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

veil_status vl_secrets_search(const vl_secrets *secrets, const char *text, uint32_t size_bytes, vl_audio_work *work,
                              vl_masks *out)
{
    void *squeezed = NULL, *from = NULL;
    if (secrets->count == 0 || size_bytes < LEAST) return VEIL_OK;
    veil_status status = vl_audio_work_alloc(work, size_bytes, 1, &squeezed);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, size_bytes, sizeof(uint32_t), &from);
    if (status != VEIL_OK) return status;
    search s = {.text = text, .size_bytes = size_bytes, .squeezed = squeezed, .from = from};
    for (uint32_t i = 0; i < size_bytes; i++) {
        if (!is_kept(text[i])) continue;
        ((char *)squeezed)[s.count] = folded(text[i]);
        ((uint32_t *)from)[s.count++] = i;
    }
    for (uint32_t at = 0; at < s.count && status == VEIL_OK; at++) {
        uint32_t start = s.from[at];
        if (start > 0 && !is_edge(text[start - 1], text[start])) continue;
        for (uint32_t b = 0; b < BEGINNINGS && status == VEIL_OK; b++) {
            if (beginnings[b] <= s.count - at) status = try_at(secrets, &s, at, beginnings[b], work, out);
        }
    }
    return status;
}
