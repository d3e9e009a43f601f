/* Inside the host's own recognizers: what their parts share. */
#ifndef VL_TEXT_CUSTOM_IMPL_H
#define VL_TEXT_CUSTOM_IMPL_H

#include <hs.h>

#include "core/arena.h"
#include "core/error.h"
#include "text/allow.h"
#include "text/custom.h"
#include "text/wordlist.h"

#define VL_OWN_ROW_MAX      512u
#define VL_OWN_PATTERN_MAX  4096u
#define VL_OWN_WIDTH_MAX    400u /* bytes of a match: with what stands around it, less than VL_LOOK_BACK */
#define VL_OWN_PATTERN_SIZE 2048u
#define VL_CALLBACK_ROOM    16384u

/* ---- Patterns (custom_patterns.c) ---- */

typedef struct vl_own_pattern {
    const char *text;
    uint16_t row;
    uint16_t item; /* its place in the recognizer, for messages */
    bool is_caseless;
} vl_own_pattern;

typedef struct vl_own_patterns vl_own_patterns;

typedef struct vl_pattern_refusal {
    size_t index;     /* of the pattern; SIZE_MAX: all together */
    char reason[120]; /* Hyperscan's words, or ours */
} vl_pattern_refusal;

/** Receives matches; a match may come more than once. True: stop. */
typedef bool (*vl_own_match_fn)(void *user, unsigned row, size_t start, size_t end);

veil_status vl_own_patterns_create(const vl_allocator *allocator, const vl_own_pattern *patterns, size_t count,
                                   vl_own_patterns **out, vl_pattern_refusal *refusal);
void vl_own_patterns_destroy(vl_own_patterns *patterns);
/** Make `scratch` large enough. VEIL_OK or NO_MEMORY. */
veil_status vl_own_patterns_scratch(const vl_own_patterns *patterns, hs_scratch_t **scratch);
/** Matches that begin in [from, to), and some that begin before; VEIL_OK or INTERNAL. */
veil_status vl_own_patterns_scan(const vl_own_patterns *patterns, hs_scratch_t *scratch, const vl_scan *scan,
                                 size_t from, size_t to, vl_own_match_fn each, void *user);
/** What is wrong with a pattern before Hyperscan sees it, or NULL. */
const char *vl_own_pattern_fault(const char *pattern);

/* ---- Checks (custom_check.c) ---- */

/** Everything about a recognizer that needs no compiling. `index` is for the message. */
veil_status vl_own_check(const veil_recognizer *recognizer, size_t index, veil_error *error);
/** "recognizer NAME (line 7): " for messages; `out` has 128 bytes. */
void vl_own_label(const veil_recognizer *recognizer, size_t index, char out[128]);
/** Validator by name; NULL for none of that name. */
vl_validator_fn vl_own_validator(const char *name);

/* ---- Callbacks (custom_callbacks.c) ---- */

typedef struct vl_own_callback {
    veil_recognizer_fn call;
    void *user;
    uint16_t row;
} vl_own_callback;

typedef struct vl_own_finding {
    uint64_t start;
    uint32_t bytes;
    float score;
    uint16_t row;
} vl_own_finding;

struct vl_custom {
    vl_arena arena;
    vl_catalogue catalogue; /* points into the arena */
    const char **samples;   /* of each row */
    uint32_t *lines;        /* of each row in the host's file; 0: none */
    const bool *are_whole;  /* of each row: whole words alone */
    vl_own_patterns *patterns;
    vl_wordlist *words;
    vl_own_callback *callbacks;
    unsigned callback_count;
    vl_row_set pattern_rows;
    vl_row_set word_rows;
    vl_row_set callback_rows;
    vl_allow *allow;
};

struct vl_custom_scratch {
    vl_allocator allocator;
    hs_scratch_t *hyperscan;       /* NULL: neither patterns nor regular expressions in the allow list */
    uint32_t last[VL_OWN_ROW_MAX]; /* index + 1 of the row's last match in this window */
    veil_callback_finding *raw;    /* VL_CALLBACK_ROOM; NULL without callbacks */
    vl_own_finding *found;         /* VL_CALLBACK_ROOM, ordered by start */
    size_t found_count;
};

veil_status vl_own_callbacks_run(const vl_custom *custom, vl_custom_scratch *scratch, const vl_row_set *rows,
                                 const uint8_t *text, size_t size, veil_error *error);

#endif
