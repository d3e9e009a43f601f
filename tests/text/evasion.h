/* What the suites of mutations and encodings share: every row's known answer, changed, goes through the public API alone with its
 * entity; a table of recall a change and an entity. */
#ifndef VL_TESTS_TEXT_EVASION_H
#define VL_TESTS_TEXT_EVASION_H

#include "text/scan_fixture.h"

#include "text/recognizers.h"

#define EVASION_TEXT 16384

typedef struct evasion_tally {
    unsigned tried;
    unsigned whole; /* every byte of the value is in a finding */
} evasion_tally;

/** Append a code point as UTF-8. */
static inline void put_wide(char **to, uint32_t c)
{
    char *p = *to;
    if (c < 0x80 || c >= 0x200000) { /* a byte of its own */
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xC0 | c >> 6);
        *p++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *p++ = (char)(0xE0 | c >> 12);
        *p++ = (char)(0x80 | (c >> 6 & 63));
        *p++ = (char)(0x80 | (c & 63));
    } else {
        *p++ = (char)(0xF0 | c >> 18);
        *p++ = (char)(0x80 | (c >> 12 & 63));
        *p++ = (char)(0x80 | (c >> 6 & 63));
        *p++ = (char)(0x80 | (c & 63));
    }
    *to = p;
}

/** Scan with the row's entity alone; true when findings cover [start, end) without a hole. Findings must not overlap. */
static inline bool is_covered(const veil_sanitizer *sanitizer, size_t row, const char *text, size_t size, size_t start,
                              size_t end, found *all)
{
    const char *entity = vl_entities[vl_rows[row].entity].name;
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = &entity;
    options.entity_count = 1;
    scan_text(sanitizer, &options, text, size, all);
    size_t reached = start;
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        if (f->end > size || f->start >= f->end) fail_msg("row %s: a finding outside the text", vl_rows[row].name);
        if (i > 0 && f->start < all->items[i - 1].end) fail_msg("row %s: findings overlap", vl_rows[row].name);
        if (f->start <= reached && f->end > reached) reached = f->end;
    }
    return reached >= end;
}

/** The redacted text; its size. */
static inline size_t redact_text(const veil_sanitizer *sanitizer, size_t row, const char *text, size_t size, char *out,
                                 size_t capacity)
{
    const char *entity = vl_entities[vl_rows[row].entity].name;
    size_t out_bytes = 0;
    veil_text_options options;
    veil_text_options_init(&options);
    options.entities = &entity;
    options.entity_count = 1;
    assert_int_equal(veil_text_redact(sanitizer, &options, text, size, out, capacity, &out_bytes, NULL, NULL), VEIL_OK);
    return out_bytes;
}

static inline void print_recall(const char *name, const evasion_tally *tally)
{
    printf("%-28s %5u of %5u  %5.1f %%\n", name, tally->whole, tally->tried,
           tally->tried == 0 ? 0.0 : 100.0 * tally->whole / tally->tried);
}

/** A line for each entity of which something stayed behind. */
static inline void print_entities(const evasion_tally *tallies)
{
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++)
        if (tallies[i].whole < tallies[i].tried)
            printf("  %-26s %5u of %5u\n", vl_entities[i].name, tallies[i].whole, tallies[i].tried);
}

#endif
