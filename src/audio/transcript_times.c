/*
 * Words without times (whisperX gives none to words it could not align, which is often the very number that matters), and words
 * that end where they begin, of which no more is known than that they are about there. They are never skipped: a run of such
 * words covers everything between the known times around it, and where that is too short
 * to hold them, the words around it as well.
 */
#include <math.h>

#include "audio/transcript.h"

/* The least time a word takes; 80 ms is a third of a quickly spoken syllable pair. A gap below this per word means that
 * the aligner gave their sound to a neighbour. */
#define WORD_LEAST_S 0.08

static bool is_open(const vl_word *word)
{
    bool is_known = !isnan(word->start_s) || !isnan(word->end_s);
    bool is_mark = (word->flags & VL_WORD_IS_MARK) != 0;
    return is_mark ? !is_known : !is_known || word->start_s == word->end_s;
}

/* The earliest known time at or after words[index], or hi_s. */
static double known_after(const vl_word *words, uint32_t index, uint32_t count, double hi_s)
{
    for (uint32_t i = index; i < count; i++) {
        if (!isnan(words[i].start_s)) return words[i].start_s;
        if (!isnan(words[i].end_s)) return words[i].end_s;
    }
    return hi_s;
}

static void fill_run(vl_word *words, uint32_t first, uint32_t from, uint32_t to, uint32_t count, double lo_s,
                     double hi_s)
{
    double low = from > first ? words[from - 1].end_s : lo_s;
    double high = known_after(words, to, count, hi_s);
    if (high - low < WORD_LEAST_S * (to - from)) {
        if (from > first) low = words[from - 1].start_s;
        if (to < count && !isnan(words[to].end_s)) high = words[to].end_s;
    }
    if (high < low) high = low; /* NaN stays NaN */
    for (uint32_t i = from; i < to; i++) {
        words[i].start_s = fmin(low, words[i].start_s);
        words[i].end_s = fmax(high, words[i].end_s);
    }
}

void vl_transcript_fill_times(vl_word *words, uint32_t first, uint32_t count, double lo_s, double hi_s)
{
    uint32_t i = first;
    while (i < count) {
        vl_word *word = &words[i];
        bool is_mark = (word->flags & VL_WORD_IS_MARK) != 0 && isnan(word->start_s);
        if (is_mark && i > first && !isnan(words[i - 1].end_s)) { /* a sign takes no time */
            word->start_s = word->end_s = words[i - 1].end_s;
            i++;
        } else if (!isnan(word->start_s) && !isnan(word->end_s) && !is_open(word)) {
            i++;
        } else if (!isnan(word->start_s) && isnan(word->end_s)) {
            double next = known_after(words, i + 1, count, hi_s);
            word->end_s = next < word->start_s ? word->start_s : next;
            i++;
        } else if (!isnan(word->end_s) && isnan(word->start_s)) {
            double before = i > first ? words[i - 1].end_s : lo_s;
            word->start_s = before > word->end_s ? word->end_s : before;
            i++;
        } else {
            uint32_t to = i + 1;
            while (to < count && is_open(&words[to]))
                to++;
            fill_run(words, first, i, to, count, lo_s, hi_s);
            i = to;
        }
    }
}
