/* Finding words in the tables of spoken words: folded to lower case without accents, by binary search. */
#include "audio/lexicon.h"

#include <string.h>

#include "core/alloc.h"

static const vl_lexicon *const lexicons[VL_LEXICONS] = {&vl_lexicon_en, &vl_lexicon_de, &vl_lexicon_es, &vl_lexicon_fr,
                                                        &vl_lexicon_it};

const vl_lexicon *vl_lexicon_at(uint32_t index)
{
    return lexicons[index];
}

uint32_t vl_lexicon_set(const char *language)
{
    if (language == NULL) return 1;
    if (strcmp(language, "any") == 0) return (1u << VL_LEXICONS) - 1;
    for (uint32_t i = 0; i < VL_LEXICONS; i++) {
        if (strcmp(lexicons[i]->language, language) == 0) return 1u << i;
    }
    return 0;
}

/* U+00C0 to U+00FF without their accents; '\0' drops. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty";

/* Letters of Latin-1 lose their accents, combining accents go. 0: too long. */
static size_t fold(const char *word, size_t word_bytes, char out[VL_LEXICON_WORD + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < word_bytes; i++) {
        unsigned char c = (unsigned char)word[i], next = i + 1 < word_bytes ? (unsigned char)word[i + 1] : 0;
        char folded = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        if ((c == 0xCC || c == 0xCD) && next >= 0x80) {
            i++;
            continue;
        }
        if (c == 0xC3 && next >= 0x80 && next <= 0xBF) {
            folded = latin[next - 0x80];
            i++;
        } else if (c == 0xE2 && next == 0x80 && i + 2 < word_bytes && (unsigned char)word[i + 2] == 0x99) {
            folded = '\''; /* U+2019 */
            i += 2;
        }
        if (n == VL_LEXICON_WORD) return 0;
        out[n++] = folded;
        bool is_sharp_s = c == 0xC3 && next == 0x9F;
        if (is_sharp_s && n == VL_LEXICON_WORD) return 0;
        if (is_sharp_s) out[n++] = 's';
    }
    out[n] = '\0';
    return n;
}

static const vl_lexicon_entry *search(const vl_lexicon *lexicon, const char *folded)
{
    size_t low = 0, high = lexicon->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(lexicon->entries[middle].word, folded);
        if (order == 0) return &lexicon->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* What every language borrows: the alphabet of radio, and the signs of addresses. */
static bool is_shared(const vl_lexicon_entry *entry)
{
    return entry->lexeme == VL_LEX_NATO || entry->lexeme == VL_LEX_GLUE || entry->lexeme == VL_LEX_SIGN;
}

const vl_lexicon_entry *vl_lexicon_find(const vl_lexicon *lexicon, const char *word, size_t word_bytes)
{
    char folded[VL_LEXICON_WORD + 1];
    if (word_bytes == 0 || word_bytes > 2 * VL_LEXICON_WORD) return NULL;
    const bool is_word = fold(word, word_bytes, folded) != 0;
    const vl_lexicon_entry *entry = is_word ? search(lexicon, folded) : NULL;
    if (is_word && entry == NULL && lexicon != &vl_lexicon_en) {
        entry = search(&vl_lexicon_en, folded);
        if (entry != NULL && !is_shared(entry)) entry = NULL;
    }
    vl_wipe(folded, sizeof folded); /* what was said stays on no stack */
    return entry;
}
