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

/* Spaces and punctuation beyond ASCII: U+00A0, A1, AB, AD, BB, BF, U+2000 to 206F, U+3000 to 3003, U+FEFF. */
static uint32_t separator_bytes(const unsigned char *text, uint32_t n)
{
    if (n >= 2 && text[0] == 0xC2 && memchr("\xA0\xA1\xAB\xAD\xBB\xBF", text[1], 6) != NULL) return 2;
    if (n < 3) return 0;
    bool is_general = text[0] == 0xE2 && (text[1] == 0x80 || (text[1] == 0x81 && text[2] <= 0xAF));
    bool is_wide = text[0] == 0xE3 && text[1] == 0x80 && text[2] <= 0x83;
    bool is_mark = text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF;
    return is_general || is_wide || is_mark ? 3 : 0;
}

uint32_t vl_unkept(const char *text, uint32_t size_bytes)
{
    char lower = (char)(*text | 0x20);
    if (is_digit(*text) || (lower >= 'a' && lower <= 'z')) return 0;
    if (((unsigned char)*text & 0x80) == 0) return 1;
    return separator_bytes((const unsigned char *)text, size_bytes);
}

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

uint32_t vl_squeeze(const char *text, uint32_t size_bytes, char *out)
{
    uint32_t written = 0;
    for (uint32_t i = 0; i < size_bytes;) {
        uint32_t gap = vl_unkept(text + i, size_bytes - i);
        if (gap == 0) out[written++] = folded(text[i]);
        i += gap == 0 ? 1 : gap;
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

veil_status vl_secrets_add(vl_secrets *secrets, const char *text, uint32_t size_bytes, const veil_finding *finding,
                           bool is_seen, vl_audio_work *work)
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
    secrets->items[secrets->count++] = (vl_secret){
        .text = memory, .entity = finding->entity, .size_bytes = n, .score = finding->score, .is_seen = is_seen};
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

typedef struct search {
    const char *squeezed;
    const uint32_t *from; /* of each squeezed byte: where it stands in text */
    uint32_t count;
} search;

/* Does a word end before the squeezed byte `at`? A letter beside a letter and a digit beside a digit are one word; a letter beside
 * a digit is not. */
static bool is_edge(const search *s, uint32_t at)
{
    if (at == 0 || at == s->count || s->from[at - 1] + 1 != s->from[at]) return true;
    return is_digit(s->squeezed[at - 1]) != is_digit(s->squeezed[at]);
}

static veil_status try_at(const vl_secrets *secrets, const search *s, uint32_t at, uint32_t beginning,
                          vl_audio_work *work, vl_masks *out)
{
    uint32_t slot = hash_of(s->squeezed + at, beginning) & secrets->mask;
    for (uint32_t i = secrets->heads[slot]; i != 0; i = secrets->items[i - 1].next) {
        const vl_secret *one = &secrets->items[i - 1];
        if (one->size_bytes > s->count - at || memcmp(one->text, s->squeezed + at, one->size_bytes) != 0) continue;
        uint32_t start = s->from[at], end = s->from[at + one->size_bytes - 1] + 1;
        if (!is_edge(s, at + one->size_bytes)) continue;
        veil_status status = vl_masks_add(out, start, end, one->entity, work);
        if (status != VEIL_OK) return status;
        out->items[out->count - 1].score = one->score;
        out->items[out->count - 1].secret = i;
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
    search s = {.squeezed = squeezed, .from = from};
    for (uint32_t i = 0, gap; i < size_bytes; i += gap == 0 ? 1 : gap) {
        gap = vl_unkept(text + i, size_bytes - i);
        if (gap != 0) continue;
        ((char *)squeezed)[s.count] = folded(text[i]);
        ((uint32_t *)from)[s.count++] = i;
    }
    for (uint32_t at = 0; at < s.count && status == VEIL_OK; at++) {
        if (!is_edge(&s, at)) continue;
        for (uint32_t b = 0; b < BEGINNINGS && status == VEIL_OK; b++) {
            if (beginnings[b] <= s.count - at) status = try_at(secrets, &s, at, beginnings[b], work, out);
        }
    }
    return status;
}
