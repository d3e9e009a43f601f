/* Texts beside words that do not say which words they are about: told when their document is read. */
#include <math.h>

#include "audio/transcript_json.h"

#define LOOKS_MAX                                                                                                      \
    (1u << 26) /* words looked at for a document; behind that all of the time counts, as if there were no words */

/* Words that lie in its time, from the first to the last. */
static void settle_in_time(const vl_transcript *t, vl_beside *beside, uint32_t first_word, uint32_t *looks)
{
    beside->id_first = beside->id_end = first_word;
    beside->about = VL_ABOUT_IDS;
    if (*looks > LOOKS_MAX) return;
    *looks += t->count - first_word;
    for (uint32_t i = first_word; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        bool is_main = word->layer == VL_LAYER_MAIN && (word->flags & VL_WORD_IS_DROPPED) == 0;
        if (!is_main || !(word->end_s > beside->start_s && word->start_s < beside->end_s)) continue;
        if (beside->id_end == first_word) beside->id_first = i;
        beside->id_end = i + 1;
    }
}

/* What came before the words of this document is about them, or was said before them. */
static void settle_next(const vl_transcript *t, vl_beside *beside, uint32_t first_word, double start_s, double end_s)
{
    beside->about = VL_ABOUT_IDS;
    beside->start_s = start_s;
    beside->end_s = end_s;
    beside->id_first = first_word;
    beside->id_end = t->count;
}

bool vl_besides_settle(vl_transcript *t, uint32_t first, uint32_t first_word, double *said_s)
{
    uint32_t looks = 0;
    const double start_s = *said_s;
    const bool has_words = t->count > first_word;
    bool is_complete = true;
    for (uint32_t i = first_word; i < t->count; i++)
        *said_s = fmax(*said_s, t->words[i].end_s); /* but NaN */
    for (uint32_t i = first; has_words && i-- > 0 && t->besides[i].about == VL_ABOUT_NEXT;)
        settle_next(t, &t->besides[i], first_word, start_s, *said_s);
    for (uint32_t i = first; i < t->beside_count; i++) {
        vl_beside *beside = &t->besides[i];
        if (beside->about == VL_ABOUT_ITS_TIME) {
            is_complete = is_complete && has_words;
            settle_in_time(t, beside, first_word, &looks);
        } else if (beside->about == VL_ABOUT_NEXT && has_words) {
            settle_next(t, beside, first_word, start_s, *said_s);
        } else if (beside->id_end == UINT32_MAX) {
            beside->id_end = t->count;
        }
    }
    return is_complete;
}
