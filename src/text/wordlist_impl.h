/* Inside the word lists: what building and scanning share. */
#ifndef VL_TEXT_WORDLIST_IMPL_H
#define VL_TEXT_WORDLIST_IMPL_H

#include <string.h>

#include "text/wordlist.h"

#define VL_GAP_MAX_BYTES  8u                       /* between two words of a phrase */
#define VL_WORD_ROOM      (VL_WORD_MAX_BYTES * 2u) /* folding may lengthen */
#define VL_ENTRY_CASELESS 0x80u

/** One word or phrase of one list. */
typedef struct vl_word_entry {
    uint32_t text; /* offset of its normal form (white space is one space; folded where caseless) */
    uint32_t next; /* index + 1 of another entry with the same words when folded; 0: none */
    uint16_t row;
    uint8_t length; /* of the normal form */
    uint8_t lead;   /* bytes before its first letter, and VL_ENTRY_CASELESS */
} vl_word_entry;

struct vl_wordlist {
    vl_allocator allocator;
    /* Open addressing. High half: a part of the hash of a phrase's first words; low half: index + 1 of the first entry that
     * ends with them, times two, plus one when a longer phrase goes on. 0: free. */
    uint64_t *slots;
    uint64_t slot_count;
    uint64_t *filter; /* two bits a first word in one of its 64-bit words: most words of a text end here */
    unsigned filter_bits;
    vl_word_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    uint8_t *texts;
    size_t text_bytes;
    size_t text_capacity;
};

static inline uint64_t vl_word_mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0x9FB21C651E98DF25u; /* multiplier of rrmxmx (P. Evensen) */
    return h ^ h >> 29;
}

/* Bytes of a word with bit 5 set: ASCII letters have one case then, and what else falls together is told apart by comparing. */
#define VL_WORD_CASE 0x2020202020202020u

/* Two factors from the digits of pi: odd, with as many ones as zeros nearly. */
#define VL_WORD_KEY_0 0x243F6A8885A308D3u
#define VL_WORD_KEY_1 0x13198A2E03707345u

/** Of a word's first `n` bytes (at most 8) those that it has. */
static inline uint64_t vl_word_mask(size_t n)
{
    return n >= 8 ? ~0ull : n == 0 ? 0 : ~0ull >> (64 - 8 * n);
}

/** Mix sixteen bytes of a word into its hash. */
static inline uint64_t vl_word_mix16(uint64_t h, uint64_t low, uint64_t high)
{
    unsigned __int128 product = (unsigned __int128)(low ^ VL_WORD_KEY_0 ^ h) * (high ^ VL_WORD_KEY_1);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/** Hash of a word; the same for any case of ASCII letters. */
static inline uint64_t vl_word_hash(const uint8_t *text, size_t length)
{
    uint64_t h = length;
    for (size_t at = 0; at < length; at += 16) {
        uint64_t x[2] = {0, 0};
        size_t n = length - at < 16 ? length - at : 16;
        memcpy(x, text + at, n);
        x[0] = (x[0] | VL_WORD_CASE) & vl_word_mask(n);
        x[1] = (x[1] | VL_WORD_CASE) & vl_word_mask(n > 8 ? n - 8 : 0);
        h = vl_word_mix16(h, x[0], x[1]);
    }
    return h;
}

/** Hash of the words so far, what stands between, and one word more. */
static inline uint64_t vl_word_join(uint64_t so_far, uint64_t gap, uint64_t word)
{
    return vl_word_mix16(so_far, gap, word);
}

static inline uint64_t vl_word_place(uint64_t hash, uint64_t count)
{
    return (uint64_t)((unsigned __int128)hash * count >> 64);
}

static inline uint64_t vl_word_filter_mask(uint64_t hash)
{
    return 1ull << (hash & 63) | 1ull << (hash >> 6 & 63);
}

/** Slot of a hash, or 0. */
static inline uint64_t vl_word_look_up(const vl_wordlist *list, uint64_t hash)
{
    uint64_t place = vl_word_place(hash, list->slot_count);
    for (uint64_t slot; (slot = list->slots[place]) != 0;) {
        if (slot >> 32 == (hash & 0xFFFFFFFFu)) return slot;
        if (++place == list->slot_count) place = 0;
    }
    return 0;
}

/** A phrase while it is read word by word. */
typedef struct vl_phrase {
    const uint8_t *text;
    size_t size;
    size_t at;     /* behind the last word read */
    uint64_t hash; /* of the words read */
    unsigned words;
    unsigned raw_bytes; /* normal form so far, as written ... */
    unsigned folded_bytes;
    uint8_t raw[VL_WORD_ROOM];
    uint8_t folded[VL_WORD_ROOM]; /* ... and in one case */
} vl_phrase;

/** Begin at the first letter of a word. */
void vl_phrase_begin(vl_phrase *phrase, const uint8_t *text, size_t size, size_t at);
/** Read the next word with what stands before it. False: there is none near enough, or it is too long. */
bool vl_phrase_next(vl_phrase *phrase);

#endif
