/*
 * "Did you mean": the nearest name by optimal string alignment (Damerau-Levenshtein without repeated transpositions),
 * for misspelt commands, options and entities.
 */
#include <ctype.h>
#include <string.h>

#include "cli/args.h"

#define CLI_WORD_MAX ((size_t)48) /* longer than every name we have */

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
    unsigned least = a < b ? a : b;
    return least < c ? least : c;
}

static bool same(char a, char b)
{
    return toupper((unsigned char)a) == toupper((unsigned char)b);
}

static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    unsigned row[3][CLI_WORD_MAX + 1];
    unsigned *before = row[0], *last = row[1], *now = row[2];
    for (unsigned j = 0; j <= b_size; j++)
        last[j] = j;
    for (unsigned i = 1; i <= a_size; i++) {
        now[0] = i;
        for (unsigned j = 1; j <= b_size; j++) {
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + !same(a[i - 1], b[j - 1]));
            bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
            if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
        }
        unsigned *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_size];
}

/* A word that was cut short or run on ("EMAIL", "phone") is as good as one letter off. */
static bool begins_with(const char *longer, const char *shorter)
{
    size_t size = strlen(shorter);
    return size >= 3 && strncasecmp(longer, shorter, size) == 0;
}

const char *vl_cli_suggest(const char *word, const char *const *names, size_t count)
{
    size_t size = strlen(word);
    if (size == 0 || size > CLI_WORD_MAX) return NULL;
    const char *best = NULL;
    unsigned best_distance = (unsigned)(size / 3 > 2 ? size / 3 : 2) + 1; /* a third of the word may be wrong */
    for (size_t i = 0; i < count; i++) {
        size_t name_size = strlen(names[i]);
        if (name_size > CLI_WORD_MAX) continue;
        unsigned d = distance(word, size, names[i], name_size);
        if (d > 1 && begins_with(names[i], word)) d = 1;
        if (d < best_distance && d < size) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}
