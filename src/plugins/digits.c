/* The numbers here were chosen on 21 recordings of spoken numbers and 8 of other speech: docs/accuracy.md has what they give. */
#include "plugins/digits.h"

#include <stdlib.h>
#include <string.h>

#define SCORE_LEAST  (-75.0) /* acoustic score a frame of one digit */
#define AROUND_SCORE (-67.0) /* of it with the two before and the two behind */
#define AROUND       2u
#define AROUND_SPAN  160u    /* frames: what is further away says nothing */
#define RUN_SCORE    (-62.0) /* of all in a run */
#define FRAMES_LEAST 9u      /* 90 ms: no digit is said quicker */
#define GAP_FRAMES   120u    /* 1.2 s between two digits of a run */
#define CARD_LEAST   13u
#define CARD_MOST    19u
#define RUN_LEAST    4u   /* digits */
#define OH_MARGIN    30.0 /* an "oh" fits better than a digit by that much, a frame */
#define OH_FRAMES    12u

veil_status vl_heard_add(vl_heard *heard, vl_sphinx_ear ear, const vl_sphinx_word *word, uint64_t first_frame)
{
    vl_heard_list *list = ear == VL_EAR_WORDS ? &heard->words : ear == VL_EAR_OHS ? &heard->ohs : &heard->digits;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 256 : list->capacity * 2;
        vl_heard_word *wider = calloc(capacity, sizeof *wider);
        if (wider == NULL) return VEIL_ERR_NO_MEMORY;
        if (list->count != 0) memcpy(wider, list->items, list->count * sizeof *wider);
        if (list->items != NULL) explicit_bzero(list->items, list->capacity * sizeof *list->items);
        free(list->items);
        list->items = wider;
        list->capacity = capacity;
    }
    vl_heard_word *kept = &list->items[list->count++];
    *kept = (vl_heard_word){.first = first_frame + word->first, .end = first_frame + word->end, .score = word->score};
    kept->text_bytes = (uint32_t)(word->text_bytes < VL_HEARD_TEXT ? word->text_bytes : VL_HEARD_TEXT);
    memcpy(kept->text, word->text, kept->text_bytes);
    return VEIL_OK;
}

static void clear(vl_heard_list *list)
{
    if (list->count != 0) explicit_bzero(list->items, list->count * sizeof *list->items);
    list->count = 0;
}

void vl_heard_clear(vl_heard *heard)
{
    clear(&heard->words);
    clear(&heard->digits);
    clear(&heard->ohs);
}

void vl_heard_free(vl_heard *heard)
{
    vl_heard_clear(heard);
    free(heard->words.items);
    free(heard->digits.items);
    free(heard->ohs.items);
    *heard = (vl_heard){0};
}

static bool is_oh(const vl_heard_word *word)
{
    return word->text_bytes == 2 && memcmp(word->text, "oh", 2) == 0;
}

static uint64_t shared(const vl_heard_word *a, const vl_heard_word *b)
{
    uint64_t first = a->first > b->first ? a->first : b->first, end = a->end < b->end ? a->end : b->end;
    return end > first ? end - first : 0;
}

/* What the digits alone score over the frames of an "oh"; silence there scores as badly as can be. */
static double score_under(const vl_heard_list *digits, const vl_heard_word *oh)
{
    double score = 0;
    uint64_t frames = 0;
    for (size_t i = 0; i < digits->count; i++) {
        uint64_t n = shared(&digits->items[i], oh);
        score += digits->items[i].score * (double)n;
        frames += n;
    }
    return frames == 0 ? SCORE_LEAST : score / (double)frames;
}

/* The digit that has most of these frames, or the count. */
static size_t digit_under(const vl_heard_list *digits, const vl_heard_word *oh)
{
    size_t best = digits->count;
    uint64_t most = (oh->end - oh->first) / 2;
    for (size_t i = 0; i < digits->count; i++) {
        uint64_t n = shared(&digits->items[i], oh);
        if (n > most) best = i, most = n;
    }
    return best;
}

void vl_digits_place_ohs(vl_heard *heard)
{
    vl_heard_list *digits = &heard->digits;
    for (size_t i = 0; i < heard->ohs.count; i++) {
        const vl_heard_word *oh = &heard->ohs.items[i];
        if (!is_oh(oh) || oh->end - oh->first < OH_FRAMES) continue;
        size_t at = digit_under(digits, oh);
        if (at == digits->count || is_oh(&digits->items[at])) continue;
        if (oh->score - score_under(digits, oh) >= OH_MARGIN) digits->items[at] = *oh;
    }
}

static uint64_t distance(const vl_heard_word *a, const vl_heard_word *b)
{
    return a->first > b->first ? a->first - b->first : b->first - a->first;
}

/* Other speech fits the grammar well for a digit by chance, but seldom for five. */
static double score_around(const vl_heard_list *digits, size_t index)
{
    size_t from = index < AROUND ? 0 : index - AROUND;
    size_t to = digits->count - index <= AROUND ? digits->count : index + AROUND + 1;
    double score = 0, frames = 0;
    for (size_t i = from; i < to; i++) {
        const vl_heard_word *word = &digits->items[i];
        if (distance(word, &digits->items[index]) >= AROUND_SPAN) continue;
        score += word->score * (double)(word->end - word->first);
        frames += (double)(word->end - word->first);
    }
    return score / frames;
}

static bool is_candidate(const vl_heard_list *digits, size_t index)
{
    const vl_heard_word *word = &digits->items[index];
    return word->score >= SCORE_LEAST && word->end - word->first >= FRAMES_LEAST &&
           score_around(digits, index) >= AROUND_SCORE;
}

static bool is_near(const vl_heard_word *before, const vl_heard_word *after, uint64_t gap)
{
    return after->first <= before->end + gap;
}

/* The digits around an "oh" may have been dropped: it begins no run, and ends none. */
static void drop_ohs_at_ends(vl_heard_list *digits, size_t from, size_t to)
{
    for (size_t i = from; i < to && (digits->items[i].run == 0 || is_oh(&digits->items[i])); i++)
        digits->items[i].run = 0;
    for (size_t i = to; i > from && (digits->items[i - 1].run == 0 || is_oh(&digits->items[i - 1])); i--)
        digits->items[i - 1].run = 0;
}

/* Digits [from, to), candidates and others: number it when it passes. */
static bool judge(vl_heard_list *digits, size_t from, size_t to, uint32_t number)
{
    double score = 0;
    uint64_t frames = 0;
    uint32_t count = 0;
    drop_ohs_at_ends(digits, from, to);
    for (size_t i = from; i < to; i++) {
        vl_heard_word *word = &digits->items[i];
        if (word->run == 0) continue;
        score += word->score * (double)(word->end - word->first);
        frames += word->end - word->first;
        count++;
    }
    bool passes = count >= RUN_LEAST && score >= RUN_SCORE * (double)frames;
    for (size_t i = from; i < to; i++)
        if (digits->items[i].run != 0) digits->items[i].run = passes ? number : 0;
    return passes;
}

uint32_t vl_digits_choose(vl_heard_list *digits)
{
    if (digits->count == 0) return 0;
    for (size_t i = 0; i < digits->count; i++)
        digits->items[i].run = is_candidate(digits, i) ? 1 : 0;
    uint32_t runs = 0;
    size_t from = 0, last = 0; /* of the run that is being collected */
    bool is_open = false;
    for (size_t i = 0; i < digits->count; i++) {
        if (digits->items[i].run == 0) continue;
        if (is_open && !is_near(&digits->items[last], &digits->items[i], GAP_FRAMES)) {
            runs += judge(digits, from, last + 1, runs + 1);
            is_open = false;
        }
        if (!is_open) from = i;
        is_open = true;
        last = i;
    }
    if (is_open) runs += judge(digits, from, last + 1, runs + 1);
    size_t kept = 0;
    for (size_t i = 0; i < digits->count; i++)
        if (digits->items[i].run != 0) digits->items[kept++] = digits->items[i];
    explicit_bzero(digits->items + kept, (digits->count - kept) * sizeof *digits->items);
    digits->count = kept;
    return runs;
}

static bool passes_luhn(const uint8_t *digits, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = digits[count - 1 - i];
        if (i % 2 == 1) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

static uint8_t value_of(const vl_heard_word *word)
{
    static const char *const names[] = {"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
    for (uint8_t i = 0; i < 10; i++) {
        if (word->text_bytes == strlen(names[i]) && memcmp(word->text, names[i], word->text_bytes) == 0) return i;
    }
    return 0;
}

size_t vl_digits_surplus(const vl_heard_word *run, size_t count)
{
    uint8_t all[CARD_MOST + 1], rest[CARD_MOST];
    size_t worst = count;
    if (count < CARD_LEAST + 1 || count > CARD_MOST + 1) return count;
    for (size_t i = 0; i < count; i++)
        all[i] = value_of(&run[i]);
    if (count <= CARD_MOST && passes_luhn(all, count)) return count;
    for (size_t skip = 0; skip < count; skip++) {
        memcpy(rest, all, skip);
        memcpy(rest + skip, all + skip + 1, count - 1 - skip);
        bool is_card = rest[0] >= 2 && rest[0] <= 6 && passes_luhn(rest, count - 1);
        if (is_card && (worst == count || run[skip].score < run[worst].score)) worst = skip;
    }
    return worst;
}
