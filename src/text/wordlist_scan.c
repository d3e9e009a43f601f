/*
 * The pass over the text. Words of ASCII letters begin and end by the window's class bitmaps and are hashed eight bytes at a
 * time; words with other letters are read character by character.
 */
#include "text/custom_fold.h"
#include "text/wordlist_impl.h"

#define ENDS_MAX     VL_WORD_MAX_BYTES /* places where a phrase may end */
#define ROWS_AT_ONCE 16u

/* A place where the words read so far are some list's entry. */
typedef struct phrase_end {
    size_t at;
    uint32_t entry; /* index + 1 */
    uint8_t raw_bytes;
    uint8_t folded_bytes;
} phrase_end;

#define FIRST(n) (~0ull >> (64 - 8 * (n)))
static const uint64_t first_bytes[17] = {0,        FIRST(1), FIRST(2), FIRST(3), FIRST(4), FIRST(5),
                                         FIRST(6), FIRST(7), ~0ull,    ~0ull,    ~0ull,    ~0ull,
                                         ~0ull,    ~0ull,    ~0ull,    ~0ull,    ~0ull};

typedef struct pass {
    const vl_wordlist *list;
    const uint8_t *text;
    size_t size;
    vl_word_fn each;
    void *user;
} pass;

static uint64_t ascii_letters(const vl_class_block *block)
{
    return block->digit | block->alpha | block->under;
}

/* Bit i: byte i is beyond ASCII. */
static uint64_t high_bytes(const uint8_t *text, size_t size)
{
    uint64_t high = 0;
    if (size < 64) {
        for (size_t i = 0; i < size; i++)
            high |= (uint64_t)(text[i] >> 7) << i;
        return high;
    }
    uint64_t any = 0;
    uint64_t chunk[8];
    memcpy(chunk, text, sizeof chunk);
    for (unsigned i = 0; i < 8; i++)
        any |= chunk[i];
    if ((any & 0x8080808080808080u) == 0) return 0;
    for (unsigned i = 0; i < 8; i++) /* the top bits of eight bytes, gathered by a multiplication */
        high |= ((chunk[i] >> 7 & 0x0101010101010101u) * 0x0102040810204080u >> 56) << (8 * i);
    return high;
}

static uint64_t range_bits(size_t block, size_t from, size_t to)
{
    if (from < block) from = block;
    if (to > block + 64) to = block + 64;
    uint64_t bits = ~0ull << (from - block);
    return to == block + 64 ? bits : bits & ((1ull << (to - block)) - 1);
}

/* Letters beyond ASCII in the block of text that begins at `block`; where characters stand that are words by themselves. */
static uint64_t wide_letters(const pass *p, size_t block, uint64_t high, uint64_t *lone)
{
    uint64_t letters = 0;
    size_t at = block + vl_low_bit(high);
    for (unsigned i = 0; i < 3 && at > 0 && at <= block && (p->text[at] & 0xC0) == 0x80; i++)
        at--;
    while (at < block + 64 && at < p->size) {
        size_t length;
        vl_char_kind kind = vl_char_at(p->text + at, p->size - at, &length);
        if (kind == VL_CHAR_LETTER && p->text[at] >= 0x80 && at + length > block)
            letters |= range_bits(block, at, at + length);
        if (kind == VL_CHAR_LONE && at >= block) *lone |= 1ull << (at - block);
        at += length;
        if (at >= block + 64) break;
        uint64_t left = at < block ? high : high & ~0ull << (at - block);
        if (left == 0) break;
        size_t next = block + vl_low_bit(left);
        if (next > at) at = next;
    }
    return letters;
}

static bool is_entry(const pass *p, const vl_word_entry *entry, const vl_phrase *phrase, const phrase_end *end,
                     size_t start)
{
    bool is_caseless = (entry->lead & VL_ENTRY_CASELESS) != 0;
    size_t lead = entry->lead & ~VL_ENTRY_CASELESS;
    size_t core_bytes = is_caseless ? end->folded_bytes : end->raw_bytes;
    const uint8_t *form = p->list->texts + entry->text;
    if (entry->length < lead + core_bytes || start < lead) return false;
    size_t tail = entry->length - lead - core_bytes;
    if (tail > p->size - end->at) return false;
    return memcmp(form + lead, is_caseless ? phrase->folded : phrase->raw, core_bytes) == 0 &&
           memcmp(form, p->text + start - lead, lead) == 0 &&
           memcmp(form + lead + core_bytes, p->text + end->at, tail) == 0;
}

typedef struct given {
    uint16_t rows[ROWS_AT_ONCE];
    unsigned count;
} given;

static bool was_given(given *g, uint16_t row)
{
    for (unsigned i = 0; i < g->count; i++)
        if (g->rows[i] == row) return true;
    if (g->count < ROWS_AT_ONCE) g->rows[g->count++] = row;
    return false;
}

/* The entries that end at one place, each list's once at this start. Entries of one place differ in lead and tail alone. */
static bool give(const pass *p, const vl_phrase *phrase, const phrase_end *end, size_t start, given *g)
{
    for (uint32_t next = end->entry; next != 0; next = p->list->entries[next - 1].next) {
        const vl_word_entry *entry = &p->list->entries[next - 1];
        if (!is_entry(p, entry, phrase, end, start) || was_given(g, entry->row)) continue;
        bool is_caseless = (entry->lead & VL_ENTRY_CASELESS) != 0;
        size_t lead = entry->lead & ~VL_ENTRY_CASELESS;
        size_t core_bytes = is_caseless ? end->folded_bytes : end->raw_bytes;
        if (p->each(p->user, entry->row, start - lead, end->at + entry->length - lead - core_bytes)) return true;
    }
    return false;
}

/* Some list begins with the word at `start`: read on as long as one goes on, then take the longest entry of each list. */
static bool read_phrase(const pass *p, size_t start)
{
    phrase_end ends[ENDS_MAX];
    unsigned count = 0;
    vl_phrase phrase;
    vl_phrase_begin(&phrase, p->text, p->size, start);
    while (count < ENDS_MAX && vl_phrase_next(&phrase)) {
        uint64_t slot = vl_word_look_up(p->list, phrase.hash);
        uint32_t entry = (uint32_t)slot >> 1;
        if (entry != 0)
            ends[count++] = (phrase_end){phrase.at, entry, (uint8_t)phrase.raw_bytes, (uint8_t)phrase.folded_bytes};
        if ((slot & 1) == 0) break;
    }
    given g = {.count = 0};
    bool stops = false;
    while (count > 0 && !stops)
        stops = give(p, &phrase, &ends[--count], start, &g);
    return stops;
}

/* As vl_word_hash, with whole loads where the text has them. Most words have at most sixteen bytes: no branch asks. */
static uint64_t hash_ascii(const pass *p, size_t at, size_t length)
{
    uint64_t x[2];
    if (length > 16 || p->size - at < 16) return vl_word_hash(p->text + at, length);
    memcpy(x, p->text + at, sizeof x);
    x[0] = (x[0] | VL_WORD_CASE) & first_bytes[length];
    x[1] = (x[1] | VL_WORD_CASE) & (length <= 8 ? 0 : first_bytes[length - 8]);
    return vl_word_mix16(length, x[0], x[1]);
}

/* Bit i of the answer: some entry may begin with the word that begins at bit i of `starts`. Most words end here, so there is
 * nothing to guess: no branch depends on a word, and look-ups overlap. */
static uint64_t find_candidates(const pass *p, size_t block, uint64_t starts, uint64_t ascii, uint64_t next)
{
    const vl_wordlist *list = p->list;
    uint64_t candidates = 0;
    for (; starts != 0; starts &= starts - 1) {
        unsigned bit = vl_low_bit(starts);
        size_t at = block + bit;
        unsigned run = vl_run(ascii >> bit | (bit > 0 ? next << (64 - bit) : 0));
        bool is_read = run == 0 || run == 64 || (at + run < p->size && p->text[at + run] >= 0x80);
        uint64_t hash = hash_ascii(p, at, run);
        uint64_t mask = vl_word_filter_mask(hash);
        bool passes = (list->filter[hash >> (64 - list->filter_bits)] & mask) == mask;
        candidates |= (uint64_t)(is_read | passes) << bit; /* other letters: read it to know */
    }
    return candidates;
}

void vl_wordlist_scan(const vl_wordlist *list, const vl_scan *scan, size_t from, size_t to, vl_word_fn each, void *user)
{
    const pass p = {list, scan->text, scan->size, each, user};
    size_t index = (from - scan->base) / 64;
    if (index > 0) index--; /* whether a word goes on into the first block */
    uint64_t before = 0;
    for (; scan->base + index * 64 < to; index++) {
        size_t block = scan->base + index * 64;
        uint64_t ascii = ascii_letters(&scan->blocks[index]);
        uint64_t next = ascii_letters(&scan->blocks[index + 1]);
        uint64_t high = high_bytes(p.text + block, p.size - block);
        uint64_t lone = 0;
        uint64_t letters = high == 0 ? ascii : ascii | wide_letters(&p, block, high, &lone);
        uint64_t starts = (letters & ~(letters << 1 | before)) | lone;
        before = letters >> 63;
        if (block < from) starts &= from - block >= 64 ? 0 : ~0ull << (from - block);
        if (to - block < 64) starts &= (1ull << (to - block)) - 1;
        uint64_t candidates = find_candidates(&p, block, starts, ascii, next);
        for (; candidates != 0; candidates &= candidates - 1)
            if (read_phrase(&p, block + vl_low_bit(candidates))) return;
    }
}
