/*
 * Numbers that no format of a view can begin with, whatever their digits are: most of those in timestamps, addresses and
 * durations, which are most of a log's. anchors.c leaves them out by bit operations on eight blocks (free_words); what it knows
 * of such a number then is written down here, and creation proves it with the view's own sets: a shape counts only where no
 * format is in a set of every member of it.
 */
#include "text/formats_keys.h"

#define NUMBERS 0xFFu /* kinds before a number: all but letters */
#define REST    (1u << VL_BEFORE_REST)
#define SHORT   7u /* runs of one to three digits */
#define ANY     (~0ull)
#define WORD(n) (1ull << (n)) /* bytes of the word */
#define DIGITS                                                                                                         \
    {                                                                                                                  \
        {                                                                                                              \
            0x03FF000000000000ull, 0, 0, 0                                                                             \
        }                                                                                                              \
    }
#define LETTERS                                                                                                        \
    {                                                                                                                  \
        {                                                                                                              \
            0, 0x07FFFFFE07FFFFFEull, 0, 0                                                                             \
        }                                                                                                              \
    }
#define EVERY                                                                                                          \
    {                                                                                                                  \
        {                                                                                                              \
            ANY, ANY, ANY, ANY                                                                                         \
        }                                                                                                              \
    }
#define ONE(c)                                                                                                         \
    {                                                                                                                  \
        {                                                                                                              \
            (c) < 64 ? 1ull << ((c)&63) : 0, (c) >= 64 ? 1ull << ((c)&63) : 0, 0, 0                                    \
        }                                                                                                              \
    }
#define NO_WORD                                                                                                        \
    {                                                                                                                  \
        {                                                                                                              \
            ~0x03FF400000000000ull, ~0x07FFFFFE87FFFFFEull, ANY, ANY                                                   \
        }                                                                                                              \
    } /* nor a dot */
#define NO_ALPHA                                                                                                       \
    {                                                                                                                  \
        {                                                                                                              \
            ANY, ~0x07FFFFFE07FFFFFEull, ANY, ANY                                                                      \
        }                                                                                                              \
    }
#define POINTS                                                                                                         \
    {                                                                                                                  \
        {                                                                                                              \
            1ull << '.' | 1ull << ':', 0, 0, 0                                                                         \
        }                                                                                                              \
    }
/* Letters of escapes are none in the bitmaps: behind these bytes any may stand. */
#define ESCAPES                                                                                                        \
    {                                                                                                                  \
        {                                                                                                              \
            1ull << 0x1B | 1ull << '%', 1ull << ('\\' - 64) | 1ull << ('[' - 64), 0, 0                                 \
        }                                                                                                              \
    }

/* Lengths of the second run behind a dash, a dot: bit n for n digits. */
#define DASHED(lengths) ((uint64_t)(lengths) << 16)
#define DOTTED(lengths) ((uint64_t)(lengths) << 32)

typedef struct shape {
    uint8_t rule;
    uint8_t before; /* kinds */
    uint16_t runs;  /* bit n: n + 1 digits */
    uint64_t words;
    vl_byte_bits previous;
    vl_byte_bits next;
    vl_byte_bits next_but_one;
    uint64_t seconds;
    vl_byte_bits third;
    bool has_third; /* else also where there is none */
} shape;

static const shape shapes[] = {
    {VL_FREE_POINT, REST, SHORT, WORD(1) | WORD(2) | WORD(3), POINTS, ONE('.'), EVERY, ANY, EVERY, false},
    {VL_FREE_END, REST, SHORT, WORD(1) | WORD(2) | WORD(3), EVERY, NO_WORD, NO_ALPHA, ANY, EVERY, false},
    {VL_FREE_END, REST, SHORT, WORD(1) | WORD(2) | WORD(3), EVERY, ESCAPES, EVERY, ANY, EVERY, false},
    {VL_FREE_UNIT, REST, SHORT, WORD(2) | WORD(3) | WORD(4), EVERY, LETTERS, EVERY, ANY, EVERY, false},
    {VL_FREE_HOUR, REST, 2, WORD(5), EVERY, LETTERS, DIGITS, ANY, EVERY, false},
    {VL_FREE_YEAR, NUMBERS, 8, WORD(4), EVERY, ONE('-'), DIGITS, DASHED(4), ONE('-'), true},
    {VL_FREE_DOTS, NUMBERS, SHORT, WORD(1) | WORD(2) | WORD(3), EVERY, ONE('.'), DIGITS, DOTTED(14), ONE('.'), true},
    {VL_FREE_LONG, NUMBERS, 56, WORD(5) | WORD(6) | WORD(7), EVERY, LETTERS, EVERY, ANY, EVERY, false},
};

/* Formats that are in one of `count` rows of sets from `first` on, of those that `bits` names. */
static uint64_t united(const vl_format_view *view, size_t w, unsigned first, unsigned count, const uint64_t *bits)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < count; i++)
        if ((bits[i / 64] >> (i % 64) & 1) != 0) found |= view->sets[(first + i) * view->words + w];
    return found;
}

static uint64_t united_runs(const vl_format_view *view, size_t w, uint16_t runs)
{
    uint64_t found = 0;
    for (unsigned run = 0; run < 16; run++)
        for (unsigned behind = 0; behind < 16 && (runs >> run & 1) != 0; behind++)
            found |= view->sets[(VL_AROUND_RUN + run * 16 + behind) * view->words + w];
    return found;
}

static bool is_free(const vl_format_view *view, const shape *s)
{
    uint64_t before = s->before;
    for (size_t w = 0; w < view->words; w++) {
        uint64_t third = united(view, w, VL_AROUND_THIRD, 256, s->third.words);
        if (!s->has_third) third |= view->sets[(VL_AROUND_THIRD + VL_THIRD_ANY) * view->words + w];
        uint64_t left = third & united_runs(view, w, s->runs);
        left &= united(view, w, VL_AROUND_BEFORE, 16, &before) & united(view, w, VL_AROUND_WORD, 64, &s->words);
        left &= united(view, w, VL_AROUND_PREVIOUS, 256, s->previous.words);
        left &= united(view, w, VL_AROUND_NEXT, 256, s->next.words);
        left &= united(view, w, VL_AROUND_NEXT_BUT_ONE, 256, s->next_but_one.words);
        left &= united(view, w, VL_AROUND_SECOND, 64, &s->seconds);
        if (left != 0) return false;
    }
    return true;
}

void vl_free_find(vl_format_view *view)
{
    for (unsigned rule = 0; rule < VL_FREE_RULES; rule++)
        view->free[rule] = ~0ull;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (!is_free(view, &shapes[i])) view->free[shapes[i].rule] = 0;
}
