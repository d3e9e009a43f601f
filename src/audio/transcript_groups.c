/* Words in the order in which they are searched: what is said twice goes, channels are checked, groups are put together. */
#include <math.h>
#include <string.h>

#include "audio/sort.h"
#include "audio/transcript_sink.h"

#define LAYERS (VL_LAYER_LIMIT + 1u)

/* One channel is the sound itself, and so is "channel 0" where the format says that of a mixed sound as well. */
static veil_status check_channels(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    uint32_t channels = sink->source->channels;
    bool is_one = channels == 1, is_zero = sink->zero_may_be_all;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->words[i].channel > 0) is_zero = false;
        if (channels == 0 || t->words[i].channel < (int32_t)channels) continue;
        sink->index = t->words[i].id;
        return vl_sink_malformed_word(sink, (size_t)(t->words[i].raw - sink->source->bytes),
                                      "it is in a channel that the sound does not have");
    }
    for (uint32_t i = 0; i < t->count && (is_one || is_zero); i++)
        t->words[i].channel = -1;
    return VEIL_OK;
}

static void compact(vl_transcript *t)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        if ((t->words[i].flags & VL_WORD_IS_DROPPED) == 0) t->words[kept++] = t->words[i];
    }
    t->count = kept;
}

static uint32_t key_of(const vl_word *word)
{
    return (uint32_t)(word->channel + 1) * LAYERS + word->layer;
}

/* Stable grouping by channel and layer. */
static veil_status group(vl_transcript *t, vl_audio_work *work)
{
    uint32_t largest = 0;
    bool is_one = true;
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t key = key_of(&t->words[i]);
        if (key > largest) largest = key;
        is_one = is_one && key == key_of(&t->words[0]);
    }
    t->group_count = t->count != 0;
    if (is_one) return VEIL_OK;
    void *counts = NULL, *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, (size_t)largest + 2, sizeof(uint32_t), &counts);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, t->count, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return status;
    uint32_t *starts = counts;
    for (uint32_t i = 0; i < t->count; i++)
        starts[key_of(&t->words[i]) + 1]++;
    t->group_count = 0;
    for (uint32_t key = 0; key <= largest; key++) {
        t->group_count += starts[key + 1] != 0;
        starts[key + 1] += starts[key];
    }
    vl_word *grouped = memory;
    for (uint32_t i = 0; i < t->count; i++)
        grouped[starts[key_of(&t->words[i])]++] = t->words[i];
    t->words = grouped;
    return VEIL_OK;
}

static bool place_before(const void *left, const void *right)
{
    const vl_place *a = left, *b = right;
    return a->offset < b->offset;
}

/* Places know words by id so far. A word that was dropped for its twin is now the twin. */
static void point_places(vl_transcript *t, const uint32_t *twin_of, uint32_t *index_of, uint32_t ids)
{
    for (uint32_t i = 0; i < ids; i++)
        index_of[i] = VL_NO_WORD;
    for (uint32_t i = 0; i < t->count; i++)
        index_of[t->words[i].id] = i;
    for (uint32_t i = 0; i < t->place_count; i++) {
        vl_place *place = &t->places[i];
        if (place->word == VL_NO_WORD) continue;
        uint32_t own = index_of[place->word], twin = twin_of[place->word];
        place->word = own != VL_NO_WORD || twin == VL_NO_WORD ? own : index_of[twin];
    }
    for (uint32_t i = 0; i < ids; i++) {
        if (index_of[i] == VL_NO_WORD && twin_of[i] != VL_NO_WORD) index_of[i] = index_of[twin_of[i]];
    }
    t->index_of = index_of;
    vl_sort(t->places, t->place_count, sizeof(vl_place), place_before); /* a form is noted when its object ends */
}

static veil_status take_maps(vl_transcript_sink *sink, uint32_t **twin_of, uint32_t **index_of)
{
    const vl_transcript *t = sink->out;
    void *twins = NULL, *indices = NULL;
    veil_status status = vl_audio_work_alloc(sink->work, t->count, sizeof(uint32_t), &twins);
    if (status == VEIL_OK) status = vl_audio_work_alloc(sink->work, t->count, sizeof(uint32_t), &indices);
    if (status != VEIL_OK) return status;
    *twin_of = twins;
    *index_of = indices;
    for (uint32_t i = 0; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        bool has_twin = (word->flags & VL_WORD_IS_DROPPED) != 0 && word->layer == VL_LAYER_REPEAT;
        (*twin_of)[word->id] = has_twin ? word->text_start : VL_NO_WORD;
    }
    return VEIL_OK;
}

veil_status vl_transcript_group(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    const uint32_t ids = t->count;
    uint32_t *twin_of = NULL, *index_of = NULL;
    veil_status status = VEIL_OK;
    if (sink->has_other_lists) {
        status = vl_transcript_drop_segments(sink);
        if (status == VEIL_OK) status = vl_transcript_drop_repeats(sink);
    }
    if (status == VEIL_OK) status = check_channels(sink);
    if (status != VEIL_OK) return status;
    const bool wants_maps = sink->source->wants_places || t->beside_count != 0;
    if (wants_maps) status = take_maps(sink, &twin_of, &index_of);
    compact(t);
    if (status == VEIL_OK) status = group(t, sink->work);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for its layers");
    if (wants_maps) point_places(t, twin_of, index_of, ids);
    return VEIL_OK;
}

static bool has_second(const vl_word *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (words[i].second != NULL) return true;
    }
    return false;
}

/* The whole group once more, for a finding may need words of both kinds. Times are known by now. */
veil_status vl_transcript_add_seconds(vl_transcript_sink *sink)
{
    vl_transcript *t = sink->out;
    const uint32_t count = t->count;
    if (!sink->has_seconds || count == 0) return VEIL_OK;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(sink->work, (size_t)count * 2, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return vl_error_set(sink->error, status, 0, "transcript: no buffer for %u words", count);
    memcpy(memory, t->words, count * sizeof(vl_word));
    t->words = memory;
    t->capacity = count * 2;
    for (uint32_t from = 0, to; from < count; from = to) {
        to = from + 1;
        while (to < count && vl_word_same_group(&t->words[from], &t->words[to]))
            to++;
        if (!has_second(t->words + from, to - from)) continue;
        t->group_count++;
        for (uint32_t i = from; i < to; i++) {
            vl_word *word = &t->words[t->count++];
            *word = t->words[i];
            word->layer = (uint16_t)(word->layer + VL_LAYER_SECOND);
            if (word->second == NULL) continue;
            word->raw = word->second;
            word->raw_bytes = word->second_bytes;
            word->encoding = word->second_encoding;
        }
    }
    return VEIL_OK;
}
