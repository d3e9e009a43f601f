/*
 * The scanner's state for one window, and the bit operations that its matchers share. Positions are byte offsets from the
 * start of the text. Bitmaps cover [base, base + classified); they begin LOOK_BACK bytes before the first anchor (or at the
 * text's start), so that matchers can look behind; bytes of the text itself can be read anywhere.
 *
 * What every matcher keeps to, so that results do not depend on where windows fall: whether [start, end) is a match depends
 * only on its own bytes and on less than VL_LOOK_BACK bytes before and behind them; the anchor (the byte that calls the
 * matcher) lies less than VL_LOOK_BACK bytes behind the start, and the end too.
 *
 * Some have no such bound: URLs, tokens, armour and values. They obey walks.h, so that a stream can decide without their end. Streams
 * know more of matches with white space in them, see tail.h.
 */
#ifndef VL_TEXT_SCAN_H
#define VL_TEXT_SCAN_H

#include "core/kernels.h"
#include "text/armour.h"
#include "text/chars.h"
#include "text/context.h"
#include "text/match.h"
#include "text/recognizers.h"

#define VL_WINDOW_BYTES                                                                                                \
    16384u /* classified at once: 16 KiB of text and 16 KiB of bitmaps stay in the first-level cache */
#define VL_WINDOW_BLOCKS (VL_WINDOW_BYTES / 64)
#define VL_LOOK_BACK     512u
#define VL_MATCH_MAX     2048u /* matches of a window; a window with more is cut short */
#define VL_SHAPE_SLOTS   1024u

/* The scanner leaves out shorter words with digits in them: no shape, IBAN or wallet address is shorter. */
#define VL_LEAST_WORD       4u /* that begins with a letter */
#define VL_LEAST_DIGIT_WORD 8u

/** Words of letters and digits that a row recognizes by length and by the places of their digits alone. */
typedef struct vl_shape {
    uint64_t key;     /* bit i: byte i is a digit; one more bit behind the last byte. 0: free */
    uint16_t rows[4]; /* VL_ROW_COUNT: none */
} vl_shape;

#define VL_RUN_VALUE 4u /* behind the name of a secret; less: tokens, by their VL_ROW_RUN_* flags */
#define VL_RUN_KINDS 5u

#define VL_FORMATS_MAX 512u
#define VL_FORMAT_SET  (VL_FORMATS_MAX / 64)

struct vl_formats; /* formats.h */
struct vl_format_view;

/** What is the same for every call: built at creation, read only. */
typedef struct vl_tables {
    vl_catalogue catalogue;
    vl_context *context;
    vl_shape shapes[VL_SHAPE_SLOTS];
    struct vl_formats *formats; /* NULL: there are none */
    vl_letter_set cue_leads;    /* how cues begin (cues.h) ... */
    vl_lead_set silent_leads;   /* ... and those of rows with VL_ROW_CUED */
    uint64_t tld_begins[1024]; /* lengths of the top-level domains that begin with these two letters (five bits each) */
    bool has_short_words;      /* a shape is shorter than VL_LEAST_WORD or VL_LEAST_DIGIT_WORD: leave no word out */
} vl_tables;

/** A run of bytes of one kind, walked from `start`. */
typedef struct vl_run_state {
    size_t start;
    size_t end;    /* so far; 0: none was walked */
    bool is_found; /* a match that begins at `start` goes to its end */
    bool is_open;  /* more text may make it longer */
} vl_run_state;

/** Walks over what has no bound (walks.h), as far as they came: what was walked is not walked again. They stay from window to
 *  window. */
typedef struct vl_walks {
    size_t url_start; /* the last run of URL bytes */
    size_t url_end;
    size_t token_start; /* the last token that was looked at */
    size_t token_end;   /* 0: none */
    size_t parts_end;   /* its third dot; 0: none */
    vl_armour armour;   /* of the last private key without an end line nearby */
    vl_run_state runs[VL_RUN_KINDS];
    unsigned open_run; /* kind of the run of the open match, when its kind is VL_OPEN_RUN */
} vl_walks;

/** Matches that run into the end of the text while more of it may follow. */
typedef struct vl_open {
    size_t undecided; /* the first byte from which on it is not known what is a match; SIZE_MAX: none */
    size_t start;     /* the first match whose end is not known; SIZE_MAX: none */
    size_t end;       /* ... as it was emitted: so far it goes for certain */
    uint32_t row;
    uint32_t kind; /* VL_OPEN_* */
} vl_open;

typedef struct vl_scan {
    const uint8_t *text;
    size_t size;
    bool may_grow; /* more text may follow behind size */
    vl_open open;
    size_t base;  /* of the bitmaps and of match offsets */
    size_t first; /* anchors before this belong to an earlier window */
    size_t block_count;
    const vl_class_block *blocks; /* one zero block more than block_count */
    const vl_tables *tables;
    const vl_row_set *rows;               /* in force */
    const struct vl_format_view *formats; /* of these rows and maybe more; NULL: there are none */
    bool knows_formats;                   /* the next is filled */
    uint64_t formats_on[VL_FORMAT_SET];   /* those of them that have a row in force */
    float min_score;
    uint32_t count;
    vl_match *matches; /* VL_MATCH_MAX */
    size_t url_end;    /* of the URLs with a scheme so far, the last: their dots are no hosts' */
    size_t host_end;   /* dots before this were looked at with their host */
    vl_walks walks;
    size_t word_end; /* digits before this belong to a word that was looked at */
    const vl_kernels *kernels;
    bool has_support;            /* `support` holds rows */
    bool is_named;               /* the caller named the entities: a passed check proves weak rows, too */
    size_t support_start;        /* the place asked about last; SIZE_MAX: none */
    vl_row_set support;          /* rows with a context word before it */
    uint32_t languages;          /* of context words that count */
    const vl_context_gate *gate; /* how context words begin */
} vl_scan;

static inline bool vl_on(const vl_scan *scan, unsigned row)
{
    return vl_row_set_has(scan->rows, row);
}

/** Byte at p, 0 outside the text. */
static inline uint8_t vl_byte(const vl_scan *scan, size_t p)
{
    return p < scan->size ? scan->text[p] : 0;
}

static inline bool vl_is_word(uint8_t c)
{
    return vl_is_alnum((char)c) || c == '_';
}

/** Bytes of an escape behind its backslash: 1, 5 for uXXXX, 3 for the xHH of a separator; 0: the byte at p begins none. */
unsigned vl_escape_length(const vl_scan *scan, size_t p);
/** The separator that the "%20" or "\x20" stands for whose last byte is at p, or 0. */
uint8_t vl_percent_at(const vl_scan *scan, size_t p);
/** p itself, or behind the letters of the escape that begin at p: they are no part of what follows. */
size_t vl_behind_escape(const vl_scan *scan, size_t p);
/** The byte at p is the last one of an escape. */
bool vl_ends_escape(const vl_scan *scan, size_t p);
/** The letter at p is the last one of a terminal's control sequence ("ESC [ 3 2 m"). */
bool vl_ends_control(const vl_scan *scan, size_t p);
/** Take the letters and digits of escapes out of the bitmaps of [base, base + size). */
void vl_escapes_clear(const vl_scan *scan, vl_class_block *blocks, size_t size);

/** A word character stands before p. Bytes above 127 are not word characters: data embedded in text of other scripts, which
 *  often has no spaces, must be found. Nor are the letters of escapes. */
static inline bool vl_word_before(const vl_scan *scan, size_t p)
{
    return p > 0 && vl_is_word(scan->text[p - 1]) && !vl_ends_escape(scan, p - 1);
}

static inline bool vl_word_at(const vl_scan *scan, size_t p)
{
    return p < scan->size && vl_is_word(scan->text[p]);
}

static inline bool vl_digit_at(const vl_scan *scan, size_t p)
{
    return p < scan->size && vl_is_digit((char)scan->text[p]);
}

static inline bool vl_alpha_at(const vl_scan *scan, size_t p)
{
    return p < scan->size && vl_is_alpha((char)scan->text[p]);
}

/** Bytes of the letter beyond ASCII that ends before p (of two bytes in UTF-8, U+00C0 to U+07FF, or one of Latin-1), 0 for
 *  none. Letters of three bytes and more are left out: scripts that have them often set no spaces. */
static inline unsigned vl_letter_before(const vl_scan *scan, size_t p)
{
    if (p == 0 || scan->text[p - 1] < 0x80) return 0;
    uint8_t c = scan->text[p - 1];
    if (c < 0xC0) return p > 1 && scan->text[p - 2] >= 0xC3 && scan->text[p - 2] <= 0xDF ? 2 : 0;
    return (vl_byte(scan, p) & 0xC0) != 0x80 && c != 0xD7 && c != 0xF7 ? 1 : 0;
}

/** The same for the letter that begins at p. */
static inline unsigned vl_letter_at(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    if (c < 0xC0) return 0;
    if ((vl_byte(scan, p + 1) & 0xC0) == 0x80) return c >= 0xC3 && c <= 0xDF ? 2 : 0;
    return c != 0xD7 && c != 0xF7 ? 1 : 0;
}

#define VL_VIEW(name, expression)                                                                                      \
    /** 64 bits of the class from p on (base <= p <= base + classified). */                                            \
    static inline uint64_t vl_view_##name(const vl_scan *scan, size_t p)                                               \
    {                                                                                                                  \
        size_t index = (p - scan->base) / 64;                                                                          \
        unsigned shift = (p - scan->base) % 64;                                                                        \
        const vl_class_block *b = &scan->blocks[index];                                                                \
        uint64_t low = (expression) >> shift;                                                                          \
        b++;                                                                                                           \
        return shift == 0 ? low : low | (expression) << (64 - shift);                                                  \
    }                                                                                                                  \
    /** 64 bits of the class up to p, bit 63 for the byte before p. */                                                 \
    static inline uint64_t vl_behind_##name(const vl_scan *scan, size_t p)                                             \
    {                                                                                                                  \
        size_t have = p - scan->base;                                                                                  \
        if (have >= 64) return vl_view_##name(scan, p - 64);                                                           \
        return have == 0 ? 0 : vl_view_##name(scan, scan->base) << (64 - have);                                        \
    }
VL_VIEW(digit, b->digit)
VL_VIEW(alpha, b->alpha)
VL_VIEW(alnum, b->digit | b->alpha)
VL_VIEW(word, b->digit | b->alpha | b->under)
VL_VIEW(host, b->digit | b->alpha | b->dash | b->dot)
VL_VIEW(dot, b->dot)
VL_VIEW(code, b->digit | b->alpha | b->under | b->dash | b->slash)
#undef VL_VIEW

static inline unsigned vl_low_bit(uint64_t bits)
{
    return bits == 0 ? 64 : (unsigned)__builtin_ctzll(bits);
}

/** Length of the run of ones at bit 0. */
static inline unsigned vl_run(uint64_t bits)
{
    return vl_low_bit(~bits);
}

/** No word character, and no number that goes on behind - or . */
static inline bool vl_number_ends(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    if (vl_is_word(c)) return false;
    return !((c == '-' || c == '.') && vl_digit_at(scan, p + 1));
}

/** Nor behind : */
static inline bool vl_time_ends(const vl_scan *scan, size_t p)
{
    return vl_number_ends(scan, p) && !(vl_byte(scan, p) == ':' && vl_digit_at(scan, p + 1));
}

/** Validate, score, keep. `row` must be in force. */
void vl_emit(vl_scan *scan, unsigned row, size_t start, size_t end);
/** The same with a score of its own, for what a callback of the host found. */
void vl_emit_scored(vl_scan *scan, unsigned row, size_t start, size_t end, float score);
/** The same for a candidate whose validity the matcher knows already. */
void vl_emit_checked(vl_scan *scan, unsigned row, size_t start, size_t end, vl_validity validity);

/** vl_emit when the row is in force. */
static inline void vl_try(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    if (vl_on(scan, row)) vl_emit(scan, row, start, end);
}

/** The number in [start, end) is a group of a UUID, or goes on from "_-" as the negative keys of databases do. */
bool vl_is_piece(const vl_scan *scan, size_t start, size_t end);
/** The number in [start, end) is a telephone number's part behind "+" or "+1 ". */
bool vl_is_dialled(const vl_scan *scan, size_t start, size_t end);
/** What begins at start is joined to a word before it: "VS-3681822W". */
bool vl_is_joined(const vl_scan *scan, size_t start);
/** The number at start is the value of what programs count: "id", "seq", "size:", "lock=". */
bool vl_is_key(const vl_scan *scan, size_t start);
/** The number that ends at `end` counts something: "4599066121 bytes". */
bool vl_is_counted(const vl_scan *scan, size_t end);

/** True when a context word of the row stands among the five words before `start`. */
bool vl_context_stands(vl_scan *scan, unsigned row, size_t start);
/** False: none does. Cheaper, and less sure. */
bool vl_context_may_stand(const vl_scan *scan, unsigned row, size_t start);
/* Matchers. Each is called with its anchor. */
void vl_match_number(vl_scan *scan, size_t p, bool continues); /* first digit of a word that begins with digits */
void vl_match_word(vl_scan *scan, size_t p);                   /* first digit of a word that begins with letters */
void vl_match_word_at(vl_scan *scan, size_t start);            /* the word itself */
bool vl_match_date(vl_scan *scan, size_t p, uint64_t digits);  /* digits: view at p. True: a date was found */
bool vl_match_year(vl_scan *scan, size_t p); /* four digits: a date with a month's name ends in them */
bool vl_match_joined_month(vl_scan *scan, size_t p, unsigned length, uint8_t joint); /* "10/Oct/2000", "04JUL1985" */
size_t vl_clock_end(const vl_scan *scan, size_t p);         /* where the time of day behind a date ends, or p */
size_t vl_weekday_start(const vl_scan *scan, size_t start); /* where "Fri, " before a date begins, or start */
unsigned vl_month_of(const uint8_t *word, size_t length);   /* 1 to 12 for a month's name, else 0 */
bool vl_is_weekday(const uint8_t *word, size_t length);
void vl_match_compact(vl_scan *scan, size_t p); /* "20210312T101112Z" */
void vl_match_phone(vl_scan *scan, size_t p);
/** p: the first digit of a word, or of a number that goes on from another; see formats.h */
void vl_match_formats(vl_scan *scan, const struct vl_format_view *view, size_t p, bool is_rest);
bool vl_phone_label_at(const vl_scan *scan, size_t end); /* behind a number: " fax", "-Office" */
bool vl_match_ipv4(vl_scan *scan, size_t p);             /* true: one was found */
void vl_match_colons(vl_scan *scan, size_t p);           /* "::", or the first of seven colons */
void vl_match_mac(vl_scan *scan, size_t p);              /* the first of five separators */
/** tracks.c: where the track of a card ends whose number and what follows it stand in [start, end). */
size_t vl_track_end(const vl_scan *scan, size_t start, size_t end);

void vl_match_email(vl_scan *scan, size_t p);  /* '@' */
void vl_match_scheme(vl_scan *scan, size_t p); /* ':' of "://" */
void vl_match_host(vl_scan *scan, size_t p);   /* '.' between a letter or digit and a letter */
void vl_words_prepare(vl_tables *tables);
void vl_web_prepare(vl_tables *tables);

/** Run all matchers on the anchors of [scan->first, limit). Returns the position where it stopped: limit, or a block's start
 *  where the matches were about to exceed their array. */
size_t vl_scan_blocks(vl_scan *scan, size_t limit);

#endif
