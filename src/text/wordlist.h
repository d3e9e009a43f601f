/*
 * Words and phrases, up to a million in all lists together, found in one pass over the text. See wordlist.c for how.
 */
#ifndef VL_TEXT_WORDLIST_H
#define VL_TEXT_WORDLIST_H

#include "core/alloc.h"
#include "text/scan.h"

#define VL_WORD_MAX_BYTES 64u
#define VL_WORDS_MAX      1000000u

typedef struct vl_wordlist vl_wordlist;

/** The words of one row. */
typedef struct vl_wordlist_source {
    const char *const *words; /* NUL-terminated */
    size_t count;
    uint16_t row;
    bool is_caseless;
} vl_wordlist_source;

/** Which word was refused, and why. */
typedef struct vl_word_fault {
    size_t source;
    size_t index;
    const char *reason; /* static; NULL: none was */
} vl_word_fault;

/** @return VEIL_OK, NO_MEMORY, INVALID_ARGUMENT with the fault. Words are borrowed until this returns. */
veil_status vl_wordlist_create(const vl_allocator *allocator, const vl_wordlist_source *sources, size_t source_count,
                               vl_wordlist **out, vl_word_fault *fault);
void vl_wordlist_destroy(vl_wordlist *list);

/** Memory that the list holds. */
size_t vl_wordlist_bytes(const vl_wordlist *list);

/** Receives the longest word of each list that begins at a place. True: stop. */
typedef bool (*vl_word_fn)(void *user, unsigned row, size_t start, size_t end);

/** Words whose first letter lies in [from, to) of the scan's window. Allocates nothing. */
void vl_wordlist_scan(const vl_wordlist *list, const vl_scan *scan, size_t from, size_t to, vl_word_fn each,
                      void *user);

#endif
