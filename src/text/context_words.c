/* The dictionary of context words: notation, folding, hashing by the first three bytes. context.c reads texts with it. */
#include "text/context.h"

#include <string.h>

#include "text/chars.h"

#define WORD_MAX   63u
#define KEY_BYTES  3u
#define LATIN_BASE 0xC0u

/* U+00C0 to U+017F without diacritics, in lower case; ligatures by their first letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                            "aaaaaaaceeeeiiiidnooooo ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggg"
                            "gggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssss"
                            "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

_Static_assert(sizeof latin == 193, "one letter for each code point");

static bool is_tail(const uint8_t *text, size_t size, size_t at)
{
    return at < size && (text[at] & 0xC0) == 0x80;
}

static uint8_t fold_pair(uint32_t point)
{
    if (point >= LATIN_BASE && point < LATIN_BASE + 192) return (uint8_t)latin[point - LATIN_BASE];
    if (point >= 0x218 && point <= 0x21B) return point < 0x21A ? 's' : 't';
    bool is_silent = (point >= 0x300 && point <= 0x36F) || point == 0xAD; /* combining marks, soft hyphen */
    return is_silent ? 0 : ' ';
}

unsigned vl_letter_fold(const uint8_t *text, size_t size, uint8_t *letter)
{
    uint8_t c = text[0];
    *letter = ' ';
    if (c < 0x80) {
        if (vl_is_alpha((char)c)) *letter = c | 0x20;
        return 1;
    }
    if (c >= 0xC2 && c <= 0xDF && is_tail(text, size, 1)) {
        *letter = fold_pair((uint32_t)(c & 31) << 6 | (text[1] & 63));
        return 2;
    }
    if (c >= 0xE0 && is_tail(text, size, 1)) {
        unsigned length = c < 0xF0 ? 3 : 4;
        unsigned have = 2;
        while (have < length && is_tail(text, size, have))
            have++;
        return have;
    }
    if (c >= LATIN_BASE) *letter = (uint8_t)latin[c - LATIN_BASE];
    return 1;
}

void vl_script_lower(uint8_t *text, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (text[i] < 0xCE || text[i] > 0xD0 || !is_tail(text, size, i + 1)) continue;
        uint32_t point = (uint32_t)(text[i] & 31) << 6 | (text[i + 1] & 63);
        if ((point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F))
            point += 0x20;
        else if (point >= 0x400 && point <= 0x40F)
            point += 0x50;
        text[i] = (uint8_t)(0xC0 | point >> 6);
        text[i + 1] = (uint8_t)(0x80 | (point & 63));
    }
}

/* ---- keys ---- */

static uint32_t key_of(const uint8_t *text, size_t length)
{
    return (uint32_t)text[0] | (uint32_t)text[1] << 8 | (length > 2 ? (uint32_t)text[2] << 16 : 0);
}

static uint32_t bucket_of(uint32_t key)
{
    return key * 0x9E3779B1u >> 20; /* VL_CONTEXT_BUCKETS is 2^12 */
}

/* ---- building ---- */

/* Words of two letters have a bucket for themselves, with any third byte. */
static void add_mark(vl_letter_set *marks, const uint8_t *text, size_t length)
{
    if (length > 2) {
        vl_letter_set_add(marks, (text[0] + text[1]) % 7u, (const char *)text);
        return;
    }
    for (unsigned third = 0; third < 32; third++)
        vl_letter_set_add(marks, 7, (const char[]){(char)text[0], (char)text[1], (char)third});
}

static void open_gate(vl_context_gate *gate, unsigned row, const vl_context_word *word, const uint8_t *text)
{
    if (word->is_script) {
        gate->has_script = true;
        return;
    }
    uint32_t letters = 0;
    memcpy(&letters, text, word->length < 4 ? word->length : 4);
    unsigned index = vl_context_begin(letters);
    gate->begins[index / 64] |= 1ull << (index % 64);
    add_mark(&gate->rows[row], text, word->length);
}

/* The word's entry; made when there is none. */
static vl_context_word *intern(vl_context *context, const uint8_t *text, size_t length, bool is_script,
                               uint32_t languages)
{
    uint32_t *head = &context->heads[bucket_of(key_of(text, length))];
    for (uint32_t i = *head; i != VL_CONTEXT_NONE; i = context->words[i].next) {
        vl_context_word *word = &context->words[i];
        if (word->length == length && word->languages == languages && word->is_script == is_script &&
            memcmp(context->text + word->text, text, length) == 0)
            return word;
    }
    vl_context_word *word = &context->words[context->word_count];
    *word = (vl_context_word){.text = (uint32_t)context->text_size,
                              .languages = languages,
                              .next = *head,
                              .use = VL_CONTEXT_NONE,
                              .length = (uint8_t)length,
                              .is_script = is_script};
    *head = (uint32_t)context->word_count++;
    memcpy(context->text + context->text_size, text, length);
    context->text_size += length;
    return word;
}

static void add_word(vl_context *context, unsigned row, const char *text, size_t size, uint32_t languages,
                     uint32_t in_force)
{
    uint8_t raw[WORD_MAX];
    uint8_t folded[WORD_MAX];
    size_t length = 0;
    bool is_script = false;
    if (size > WORD_MAX) size = WORD_MAX;
    memcpy(raw, text, size);
    for (size_t at = 0; at < size;) {
        uint8_t letter;
        at += vl_letter_fold(raw + at, size - at, &letter);
        if (letter == ' ') is_script = true;
        if (letter != 0) folded[length++] = letter;
    }
    vl_script_lower(raw, size);
    const uint8_t *kept = is_script ? raw : folded;
    if (is_script) length = size;
    if (length < 2) return;
    vl_context_word *word = intern(context, kept, length, is_script, languages);
    context->uses[context->use_count] = (vl_context_use){word->use, (uint16_t)row};
    word->use = (uint32_t)context->use_count++;
    open_gate(&context->all, row, word, kept);
    if ((languages & in_force) != 0) open_gate(&context->own, row, word, kept);
}

static uint32_t code_bit(const vl_context *context, const char *code)
{
    for (unsigned i = 0; i < context->code_count; i++)
        if (memcmp(context->codes[i], code, 2) == 0) return 2u << i;
    return 0;
}

/* The bit of a section that begins at *at, which moves behind the code. Codes beyond the 31st count always. */
static uint32_t read_code(vl_context *context, const char **at)
{
    const char *code = *at;
    if (!vl_is_alpha(code[0]) || !vl_is_alpha(code[1]) || code[2] != ':') return VL_CONTEXT_ALWAYS;
    *at += 3;
    uint32_t bit = code_bit(context, code);
    if (bit != 0) return bit;
    if (context->code_count == sizeof context->codes / sizeof context->codes[0]) return VL_CONTEXT_ALWAYS;
    memcpy(context->codes[context->code_count], code, 2);
    return 2u << context->code_count++;
}

static void add_row(vl_context *context, unsigned row, const char *at, const char *language, bool is_in_force)
{
    while (*at != '\0') {
        at += strspn(at, " ;");
        uint32_t languages = read_code(context, &at);
        uint32_t in_force = is_in_force ? vl_context_languages(context, language) : 0;
        while (*at != '\0' && *at != ';') {
            size_t size = strcspn(at, " ;");
            add_word(context, row, at, size, languages, in_force);
            at += size;
            at += strspn(at, " ");
        }
    }
}

/* Upper bounds: every word stands behind the row's beginning or a separator. */
static void measure(const vl_catalogue *catalogue, size_t *words, size_t *bytes)
{
    *words = 1;
    *bytes = 1;
    for (unsigned row = 0; row < vl_row_end(catalogue); row++) {
        const char *at = vl_row_of(catalogue, row)->context;
        *bytes += strlen(at);
        for (++*words; *at != '\0'; at++)
            *words += *at == ' ' || *at == ';';
    }
}

veil_status vl_context_create(const vl_catalogue *catalogue, const vl_row_set *rows, const char *language,
                              const vl_allocator *allocator, vl_context **out)
{
    vl_context *context = vl_alloc_zero(allocator, 1, sizeof *context);
    *out = context;
    if (context == NULL) return VEIL_ERR_NO_MEMORY;
    context->allocator = *allocator;
    measure(catalogue, &context->capacity, &context->text_capacity);
    context->words = vl_alloc_zero(allocator, context->capacity, sizeof *context->words);
    context->uses = vl_alloc_zero(allocator, context->capacity, sizeof *context->uses);
    context->text = vl_alloc_zero(allocator, context->text_capacity, 1);
    context->row_count = vl_row_end(catalogue);
    context->own.rows = vl_alloc_zero(allocator, context->row_count, sizeof *context->own.rows);
    context->all.rows = vl_alloc_zero(allocator, context->row_count, sizeof *context->all.rows);
    if (context->words == NULL || context->uses == NULL || context->text == NULL || context->own.rows == NULL ||
        context->all.rows == NULL) {
        vl_context_destroy(context);
        *out = NULL;
        return VEIL_ERR_NO_MEMORY;
    }
    memset(context->heads, 0xFF, sizeof context->heads);
    for (unsigned row = 0; row < vl_row_end(catalogue); row++)
        add_row(context, row, vl_row_of(catalogue, row)->context, language, vl_row_set_has(rows, row));
    return VEIL_OK;
}

void vl_context_destroy(vl_context *context)
{
    if (context == NULL) return;
    vl_allocator allocator = context->allocator;
    vl_free(&allocator, context->words, context->capacity * sizeof *context->words);
    vl_free(&allocator, context->uses, context->capacity * sizeof *context->uses);
    vl_free(&allocator, context->text, context->text_capacity);
    vl_free(&allocator, context->own.rows, context->row_count * sizeof *context->own.rows);
    vl_free(&allocator, context->all.rows, context->row_count * sizeof *context->all.rows);
    vl_free(&allocator, context, sizeof *context);
}

uint32_t vl_context_languages(const vl_context *context, const char *language)
{
    if (strcmp(language, "any") == 0) return UINT32_MAX;
    return VL_CONTEXT_ALWAYS | code_bit(context, language);
}

/* ---- looking up ---- */

static void add_uses(const vl_context *context, uint32_t use, bool is_first, vl_row_set *rows)
{
    if (is_first) *rows = (vl_row_set){{0}};
    for (; use != VL_CONTEXT_NONE; use = context->uses[use].next)
        vl_row_set_add(rows, context->uses[use].row);
}

static bool is_latin_word(const vl_context *context, const vl_context_word *word, const uint8_t *text, size_t length)
{
    if (word->is_script || length < word->length || (length > word->length && word->length < 4)) return false;
    const uint8_t *wanted = context->text + word->text;
    for (size_t i = 0; i < word->length; i++)
        if ((text[i] | 0x20) != wanted[i]) return false;
    return true;
}

bool vl_context_find(const vl_context *context, const uint8_t *text, size_t length, uint32_t languages, bool is_found,
                     vl_row_set *rows)
{
    uint32_t key = key_of(text, length) | (length > 2 ? 0x202020u : 0x2020u);
    for (uint32_t i = context->heads[bucket_of(key)]; i != VL_CONTEXT_NONE; i = context->words[i].next) {
        const vl_context_word *word = &context->words[i];
        if ((word->languages & languages) == 0 || !is_latin_word(context, word, text, length)) continue;
        add_uses(context, word->use, !is_found, rows);
        is_found = true;
    }
    return is_found;
}

bool vl_context_find_script(const vl_context *context, const uint8_t *text, size_t size, uint32_t languages,
                            bool is_found, vl_row_set *rows)
{
    if (size < KEY_BYTES) return is_found;
    for (uint32_t i = context->heads[bucket_of(key_of(text, size))]; i != VL_CONTEXT_NONE; i = context->words[i].next) {
        const vl_context_word *word = &context->words[i];
        if (!word->is_script || (word->languages & languages) == 0 || word->length > size) continue;
        if (memcmp(context->text + word->text, text, word->length) != 0) continue;
        add_uses(context, word->use, !is_found, rows);
        is_found = true;
    }
    return is_found;
}
