/*
 * The dictionary of context words: which words, in which languages, speak for which rows. Built at creation, read only.
 *
 * A row's `context` holds words separated by spaces, in sections separated by ';'. A section that begins with a language code
 * and ':' counts for that language and for `any`; one without counts always: "card credit; de:kreditkarte karte; ko:카드".
 * Words are lower case. Those in Latin letters are kept, and compared, without diacritics ("número" is "numero"); words in
 * other scripts, which often set no spaces and glue particles to words, are looked for anywhere.
 */
#ifndef VL_TEXT_CONTEXT_H
#define VL_TEXT_CONTEXT_H

#include "core/alloc.h"
#include "core/kernels.h"
#include "text/recognizers.h"

#define VL_CONTEXT_WORDS   20u /* of a recognizer of the host */
#define VL_CONTEXT_BYTES   64u /* before a match that are looked at */
#define VL_CONTEXT_ALWAYS  1u  /* language bit of sections without a code */
#define VL_CONTEXT_BUCKETS 4096u

/** How context words begin. Few others pass. */
typedef struct vl_context_gate {
    vl_letter_set *rows;  /* by row, three letters of its Latin words: a quick look at all bytes before a match */
    uint64_t begins[512]; /* bits of vl_context_begin */
    bool has_script;      /* words in other scripts */
} vl_context_gate;

/** The bit of a word that begins with these letters: first four in lower case, the first one lowest, 0 behind its end. */
static inline unsigned vl_context_begin(uint32_t letters)
{
    return letters * 0x9E3779B1u >> 17;
}

typedef struct vl_context_word {
    uint32_t text; /* offset into vl_context.text */
    uint32_t languages;
    uint32_t next; /* of the same bucket; VL_CONTEXT_NONE ends */
    uint32_t use;  /* first row that it speaks for */
    uint8_t length;
    bool is_script;
} vl_context_word;

typedef struct vl_context_use {
    uint32_t next;
    uint16_t row;
} vl_context_use;

#define VL_CONTEXT_NONE UINT32_MAX

typedef struct vl_context {
    vl_allocator allocator;
    uint32_t heads[VL_CONTEXT_BUCKETS];
    vl_context_word *words;
    vl_context_use *uses;
    uint8_t *text;
    size_t capacity; /* of words and uses */
    size_t row_count;
    size_t text_capacity;
    size_t word_count;
    size_t use_count;
    size_t text_size;
    char codes[31][2]; /* bit i + 1 of languages */
    unsigned code_count;
    vl_context_gate own; /* of the rows in force by default */
    vl_context_gate all;
} vl_context;

/** Take in the words of every row of the catalogue; `rows` and `language` are those in force by default. */
veil_status vl_context_create(const vl_catalogue *catalogue, const vl_row_set *rows, const char *language,
                              const vl_allocator *allocator, vl_context **out);
void vl_context_destroy(vl_context *context);

/** Bits of the sections that count for a language ("any": all). */
uint32_t vl_context_languages(const vl_context *context, const char *language);

/** Add the rows of the Latin word text[0, length): letters of any case, no diacritics. `rows` is written by the first word
 *  found (is_found says whether one was before). Returns is_found, or true when this word has rows. */
bool vl_context_find(const vl_context *context, const uint8_t *text, size_t length, uint32_t languages, bool is_found,
                     vl_row_set *rows);
/** The same for words in other scripts that begin text[0, size). */
bool vl_context_find_script(const vl_context *context, const uint8_t *text, size_t size, uint32_t languages,
                            bool is_found, vl_row_set *rows);

/** The character at text[0, size): its Latin letter in lower case without diacritics, ' ' for anything else, 0 for what is
 *  part of the letter before it or invisible. Returns its bytes, at least 1. Bytes that are no UTF-8 are read as Latin-1. */
unsigned vl_letter_fold(const uint8_t *text, size_t size, uint8_t *letter);
/** Greek and Cyrillic capitals of text[0, size) to small letters, in place. */
void vl_script_lower(uint8_t *text, size_t size);

#endif
