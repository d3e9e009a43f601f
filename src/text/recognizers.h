/*
 * The recognizer table: one row per pattern. A row says what is looked for (a reference pattern in the common subset of
 * Hyperscan, PCRE2 and RE2, with the conditions on its neighbours), what proves it (validator), what it is worth (score,
 * context words), and who finds it: its pattern itself (formats.c), code of its own, or Hyperscan. The tests compare both; the bench gives the
 * patterns to its peers.
 */
#ifndef VL_TEXT_RECOGNIZERS_H
#define VL_TEXT_RECOGNIZERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/validators.h"
#include "veil.h"

enum { /* vl_row.flags */
       VL_ROW_CASELESS = 1u,
       VL_ROW_SOFT_CHECK = 2u, /* a failed check leaves the pattern's score (the field is often mistyped) */
       VL_ROW_WEAK_CHECK =
           4u, /* a passed check counts only where a context word stands before, or the entity is named */
       VL_ROW_NUMBER_LEFT =
           8u, /* must not continue a number: before it no digit and dot, no two digits and -, nor two or
                                     three and : */
       VL_ROW_NUMBER_RIGHT = 16u,  /* must not go on as a number: no - or . and a digit behind it */
       VL_ROW_TIME_RIGHT = 32u,    /* nor : and a digit */
       VL_ROW_HYPERSCAN = 64u,     /* found by Hyperscan */
       VL_ROW_NO_REFERENCE = 128u, /* the pattern finds the start; the end is found by the matcher (PRIVATE_KEY, URL) */
       VL_ROW_WHOLE = 256u,        /* must be no group of a UUID nor stand behind "_-" (vl_is_piece) */
       VL_ROW_NO_KEY = 512u,       /* behind the name of a key or counter, or before a unit, only with a context word
                                      (vl_is_key, vl_is_counted) */
       VL_ROW_NO_UNIT = 32768u,    /* before a unit only with a context word */
       VL_ROW_SLASH_RIGHT = 1024u, /* must not go on behind / with a digit */
       VL_ROW_ALONE = 4096u,       /* behind a letter and - only with a context word (vl_is_joined) */
       VL_ROW_CUED = 8192u,        /* found by a word before it (cues.h): matches need not hold a trigger */
       VL_ROW_ASKS_WORD =
           65536u, /* unless a check proves it, only behind a context word, or when the entity is named */
       VL_ROW_NEEDS_WORD = 131072u, /* unless a check proves it, only behind a context word */
       VL_ROW_LOCAL = 16384u,       /* runs only for the languages in `lead` */
       VL_ROW_OWN =
           2048u, /* found by code written for it; rows with neither this nor VL_ROW_HYPERSCAN are found by their
                                      pattern (formats.c) */
       VL_ROW_RUN = 1u << 20,        /* secrets: goes on to the end of its run of letters, digits, _ and - ... */
       VL_ROW_RUN_BASE64 = 1u << 21, /* ... and + / = ... */
       VL_ROW_RUN_DOTS = 1u << 22,   /* ... and dots inside it */
       VL_ROW_NO_PROOF = 1u << 24,   /* its check can refuse a match but never prove one */
       VL_ROW_NAMED = 1u << 23 /* secrets: what stands right before names it; the known answer cannot stand alone */
};

typedef struct vl_row {
    const char *name; /* of the recognizer, reported with a finding */
    uint16_t entity;  /* index into the catalogue */
    uint8_t priority; /* decides between matches of equal score and length */
    uint32_t flags;
    float score;
    vl_validator_fn validate; /* or NULL */
    const char *context;      /* words in the notation of context.h: "card credit; de:kreditkarte"; "" for none */
    const char *pattern;      /* reference */
    const char *lead;   /* Hyperscan: how matches begin, three bytes or more, spaces between; VL_ROW_LOCAL: languages */
    uint16_t width_max; /* Hyperscan rows: longest match in bytes */
    const char *before; /* known answer: text that stands before ... */
    const char *sample; /* ... what must be found */
    const char *trigger; /* every match contains one of these bytes ("0-9": a digit); "" disables the early exit */
} vl_row;

typedef struct vl_entity {
    const char *name;
    const char *placeholder; /* "<NAME>" */
    size_t placeholder_bytes;
    const char *country;
    const char *languages;
    const char *validator;
    const char *description;
    bool is_default;
} vl_entity;

enum {
#define ENTITY(name, country, languages, validator, is_default, description) VL_ENTITY_##name,
#include "text/entities_table.inc"
#undef ENTITY
    VL_ENTITY_COUNT
};

enum {
#define ROW(id, ...) VL_ROW_##id,
#include "text/recognizers_table.inc"
#undef ROW
    VL_ROW_COUNT
};

#define VL_ROW_WORDS 16
#define VL_ROW_MAX   (64 * VL_ROW_WORDS) /* the table's rows and the rows of the host's own recognizers */

/** A set of rows. */
typedef struct vl_row_set {
    uint64_t words[VL_ROW_WORDS];
} vl_row_set;

static inline bool vl_row_set_has(const vl_row_set *set, unsigned row)
{
    return (set->words[row / 64] >> (row % 64) & 1) != 0;
}

static inline void vl_row_set_add(vl_row_set *set, unsigned row)
{
    set->words[row / 64] |= 1ull << (row % 64);
}

static inline void vl_row_set_remove(vl_row_set *set, unsigned row)
{
    set->words[row / 64] &= ~(1ull << (row % 64));
}

bool vl_row_set_is_empty(const vl_row_set *set);
/** True when a row is in both. */
bool vl_row_set_meets(const vl_row_set *a, const vl_row_set *b);

#define VL_ENTITY_WORDS 8
#define VL_ENTITY_MAX                                                                                                  \
    (64 * VL_ENTITY_WORDS) /* the catalogue's entities and those that the host's own recognizers name */

/** A set of entities. */
typedef struct vl_entity_set {
    uint64_t words[VL_ENTITY_WORDS];
} vl_entity_set;

static inline bool vl_entity_set_has(const vl_entity_set *set, unsigned entity)
{
    return (set->words[entity / 64] >> (entity % 64) & 1) != 0;
}

static inline void vl_entity_set_add(vl_entity_set *set, unsigned entity)
{
    set->words[entity / 64] |= 1ull << (entity % 64);
}

bool vl_entity_set_is_empty(const vl_entity_set *set);

extern const vl_row vl_rows[VL_ROW_COUNT];
extern const vl_entity vl_entities[VL_ENTITY_COUNT];

/**
 * The table and what the host added to it (custom.c): own rows have indices from VL_ROW_COUNT on, entities that only they name
 * from VL_ENTITY_COUNT on. Zeroed: the table alone. Read rows and entities through the functions below.
 */
typedef struct vl_catalogue {
    const vl_row *own_rows;
    const char *const *own_languages; /* of each own row: "de,fr", "" for every language */
    const vl_entity *own_entities;    /* ordered by name */
    unsigned own_row_count;
    unsigned own_entity_count;
} vl_catalogue;

static inline unsigned vl_row_end(const vl_catalogue *catalogue)
{
    return VL_ROW_COUNT + catalogue->own_row_count;
}

static inline unsigned vl_entity_end(const vl_catalogue *catalogue)
{
    return VL_ENTITY_COUNT + catalogue->own_entity_count;
}

static inline const vl_row *vl_row_of(const vl_catalogue *catalogue, unsigned row)
{
    return row < VL_ROW_COUNT ? &vl_rows[row] : &catalogue->own_rows[row - VL_ROW_COUNT];
}

static inline const vl_entity *vl_entity_of(const vl_catalogue *catalogue, unsigned entity)
{
    return entity < VL_ENTITY_COUNT ? &vl_entities[entity] : &catalogue->own_entities[entity - VL_ENTITY_COUNT];
}

/** Index of an entity of the table by name, or -1. */
int vl_entity_find(const char *name);

/** The same with the host's own entities. `catalogue` is a vl_catalogue (void for the operators, which know no table). */
int vl_catalogue_find(const void *catalogue, const char *name);

/** Fill all but struct_size. */
void vl_catalogue_describe(const vl_catalogue *catalogue, size_t index, veil_entity_info *info);

/** True when the row runs by default for `language` ("any" for all). */
bool vl_row_runs(const vl_catalogue *catalogue, unsigned row, const char *language);
/** True unless the row is bound to other languages (VL_ROW_LOCAL). */
bool vl_row_speaks(const vl_catalogue *catalogue, unsigned row, const char *language);

/** Placeholder "<NAME>" of an entity. */
const char *vl_entity_placeholder(const void *catalogue, uint16_t entity, size_t *size_bytes);

/* What the bench needs to give the same patterns to other engines. */
size_t vl_text_row_count(void);
const char *vl_text_row_entity(size_t row);
const char *vl_text_row_pattern(size_t row);
bool vl_text_row_caseless(size_t row);

#endif
