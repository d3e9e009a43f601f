/*
 * What a transcript says twice. Whisper gives the same speech as segments without words and as words at the top; others repeat
 * their list of words by channel or by utterance. Words are better than segments, and one list is enough, but only where
 * nothing that is said goes with the other.
 */
#include <math.h>
#include <string.h>

#include "audio/transcript_sink.h"

/* The next byte that is spoken, in lower case, or 0: spaces and ASCII punctuation are in segments only. */
static char next_spoken(const vl_word *word, uint32_t *at)
{
    while (*at < word->raw_bytes) {
        char c = word->raw[(*at)++];
        if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ((unsigned char)c & 0x80) != 0) return c;
    }
    return 0;
}

static bool is_top_word(const vl_word *word)
{
    return (word->flags & VL_WORD_IS_SEGMENT) == 0 && word->layer == VL_LAYER_REPEAT;
}

/* Lies before the segment. A time that is not known does not count as before. */
static bool is_before(const vl_word *word, const vl_word *segment)
{
    return (word->start_s + word->end_s) / 2 < segment->start_s;
}

/* Do the words of its time say all that the segment says, in its order? The place among the words only ever moves on, so
 * that all segments together cost one walk; words out of order leave segments standing, which is the safe side. */
static bool is_said_by_words(const vl_transcript *t, const vl_word *segment, uint32_t *place)
{
    uint32_t in_segment = 0, in_word = 0;
    for (char wanted = next_spoken(segment, &in_segment); wanted != 0;) {
        if (*place == t->count) return false;
        const vl_word *word = &t->words[*place];
        char said = 0;
        if (is_top_word(word) && !(word->start_s > segment->end_s))
            said = next_spoken(word, &in_word);
        else if (is_top_word(word))
            return false;
        if (said != 0 && said != wanted) return false;
        if (said != 0) wanted = next_spoken(segment, &in_segment);
        if (said == 0) ++*place, in_word = 0;
    }
    if (in_word != 0) ++*place;
    return true;
}

/* verbose_json gives the same speech as segments without words and as words at the top: the words are better, where there
 * are any. A list of words that misses some must not take the text of the segments away. */
veil_status vl_transcript_drop_segments(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    uint32_t place = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        vl_word *word = &t->words[i];
        bool is_main = (word->flags & VL_WORD_IS_SEGMENT) != 0 && word->layer == VL_LAYER_MAIN;
        if (!is_main) continue;
        while (place < t->count && (!is_top_word(&t->words[place]) || is_before(&t->words[place], word)))
            place++;
        const uint32_t from = place;
        if (!is_said_by_words(t, word, &place)) continue;
        word->flags |= VL_WORD_IS_DROPPED;
        const vl_beside beside = {.raw = word->raw,
                                  .raw_bytes = word->raw_bytes,
                                  .id_first = from,
                                  .id_end = place,
                                  .start_s = word->start_s,
                                  .end_s = word->end_s,
                                  .encoding = word->encoding};
        veil_status status = vl_sink_beside(sink, &beside);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

/* ---- Second lists of the same words ---- */

typedef struct twins {
    vl_transcript *transcript;
    uint32_t *slots; /* index + 1 of a word of the main list; 0: free */
    uint32_t mask;
} twins;

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * 0x9E3779B97F4A7C15ull; /* 2^64 by the golden ratio: spreads, no more is needed */
}

static uint64_t hash_word(const vl_word *word)
{
    uint64_t times[2], hash = word->raw_bytes;
    memcpy(&times[0], &word->start_s, 8);
    memcpy(&times[1], &word->end_s, 8);
    hash = mix(mix(hash, times[0]), times[1]);
    for (uint32_t i = 0; i < word->raw_bytes; i++)
        hash = mix(hash, (unsigned char)word->raw[i]);
    return hash ^ hash >> 32;
}

static bool is_twin(const vl_word *a, const vl_word *b)
{
    return a->start_s == b->start_s && a->end_s == b->end_s && a->raw_bytes == b->raw_bytes &&
           memcmp(a->raw, b->raw, a->raw_bytes) == 0 && a->second_bytes == b->second_bytes &&
           (a->second_bytes == 0 || memcmp(a->second, b->second, a->second_bytes) == 0);
}

static bool is_repeated(const vl_word *word)
{
    return word->layer == VL_LAYER_REPEAT && (word->flags & VL_WORD_IS_DROPPED) == 0;
}

static void remember(twins *table, uint32_t index)
{
    uint32_t slot = (uint32_t)hash_word(&table->transcript->words[index]) & table->mask;
    while (table->slots[slot] != 0)
        slot = (slot + 1) & table->mask;
    table->slots[slot] = index + 1;
}

/* The word of the main list that this one repeats. It learns its channel on the way. */
static vl_word *find_twin(const twins *table, const vl_word *word)
{
    uint32_t slot = (uint32_t)hash_word(word) & table->mask;
    for (; table->slots[slot] != 0; slot = (slot + 1) & table->mask) {
        vl_word *other = &table->transcript->words[table->slots[slot] - 1];
        bool may_be = other->channel < 0 || word->channel < 0 || other->channel == word->channel;
        if (!may_be || !is_twin(other, word)) continue;
        if (other->channel < 0) other->channel = word->channel;
        return other;
    }
    return NULL;
}

static bool is_mark(const vl_word *word)
{
    return (word->flags & VL_WORD_IS_MARK) != 0;
}

/* Punctuation has no times; it belongs to the word before it. */
static void settle_marks(vl_transcript *t)
{
    for (uint32_t i = 1; i < t->count; i++) {
        vl_word *word = &t->words[i];
        if (is_mark(word) && word->layer == VL_LAYER_MAIN && word->channel < 0) word->channel = word[-1].channel;
    }
}

veil_status vl_transcript_drop_repeats(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    uint32_t repeated = 0, others = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        repeated += is_repeated(&t->words[i]);
        others += t->words[i].layer == VL_LAYER_MAIN;
    }
    if (repeated == 0 || others == 0) return VEIL_OK;
    twins table = {.transcript = t, .mask = 63};
    while (table.mask < others * 2)
        table.mask = table.mask * 2 + 1;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(sink->work, (size_t)table.mask + 1, sizeof(uint32_t), &memory);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its lists");
    table.slots = memory;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->words[i].layer == VL_LAYER_MAIN && !is_mark(&t->words[i])) remember(&table, i);
    }
    for (uint32_t i = 0; i < t->count; i++) {
        vl_word *word = &t->words[i];
        if (!is_repeated(word)) continue;
        const vl_word *twin = is_mark(word) ? word : find_twin(&table, word);
        if (twin == NULL) return VEIL_OK; /* it says something of its own: all of it stays */
        word->text_start = twin->id;      /* until words are joined, the field is free */
    }
    for (uint32_t i = 0; i < t->count; i++) {
        if (is_repeated(&t->words[i])) t->words[i].flags |= VL_WORD_IS_DROPPED;
    }
    settle_marks(t);
    return VEIL_OK;
}
