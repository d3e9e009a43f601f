/* Tokens of base64url parts and private keys: what Hyperscan finds the beginning of, and has no bound. See walks.h. */
#include "text/walks.h"

#include <string.h>

#define JWT_BEGIN  8u  /* bytes of the pattern that begins a token */
#define KEY_BEGIN  96u /* bytes of the longest begin line, and of the rest of an end line */
#define SHORT_WORD 16u /* lines of base64 are longer */
#define LINE_BYTES 16u /* more than "-----BEGIN" has */
#define DOTS_MAX   64u /* dots and dashes that are given up at the end of a long token */

static bool is_token_byte(uint8_t c)
{
    return vl_is_word(c) || c == '-' || c == '.';
}

/* Walk on to the end of the token, or of the text. */
static void walk_token(vl_scan *scan)
{
    vl_walks *walks = &scan->walks;
    while (walks->token_end < scan->size && is_token_byte(scan->text[walks->token_end]))
        walks->token_end++;
}

static void begin_token(vl_scan *scan, size_t start)
{
    vl_walks *walks = &scan->walks;
    unsigned dots = 0;
    walks->token_start = start;
    walks->token_end = start;
    walks->parts_end = 0;
    walk_token(scan);
    size_t end = walks->token_end - start < VL_CHAIN_MAX_BYTES ? walks->token_end : start + VL_CHAIN_MAX_BYTES;
    for (size_t p = start; p < end && walks->parts_end == 0; p++)
        if (scan->text[p] == '.' && ++dots == 3) walks->parts_end = p;
}

/* Where a long token ends: without the punctuation of a sentence. */
static size_t long_token_end(const vl_scan *scan, bool is_open)
{
    size_t end = scan->walks.token_end;
    if (is_open) return end - DOTS_MAX;
    for (unsigned i = 0; i < DOTS_MAX && (scan->text[end - 1] == '.' || scan->text[end - 1] == '-'); i++)
        end--;
    return end;
}

/* A token beyond the bound is one when its header is, and goes whole. */
static void match_long_token(vl_scan *scan, size_t start, bool is_open)
{
    uint32_t before = scan->count;
    size_t end = long_token_end(scan, is_open);
    vl_validity validity = vl_validate_jwt_header((const char *)scan->text + start, VL_CHAIN_MAX_BYTES);
    vl_emit_checked(scan, VL_ROW_JWT, start, end, validity);
    if (is_open && scan->count != before) vl_note_open(scan, VL_OPEN_TOKEN, VL_ROW_JWT, start, end);
}

/* The pattern's eight bytes begin a token of base64url parts, which is walked once however many hits and windows lie in it.
 * Claims may make it longer than any bound, and a file's ending or a sentence may be glued to its third part. */
void vl_match_jwt(vl_scan *scan, size_t hit_end)
{
    vl_walks *walks = &scan->walks;
    size_t start = hit_end - JWT_BEGIN;
    if (vl_word_before(scan, start)) return; /* two backslashes */
    if (start > walks->token_start && start < walks->token_end) return;
    if (start != walks->token_start || walks->token_end == 0) begin_token(scan, start);
    bool is_open = scan->may_grow && walks->token_end == scan->size;
    if (walks->token_end - start > VL_CHAIN_MAX_BYTES) {
        match_long_token(scan, start, is_open);
        return;
    }
    if (is_open) vl_note_undecided(scan, start);
    uint32_t before = scan->count;
    vl_emit(scan, VL_ROW_JWT, start, walks->token_end);
    if (scan->count == before && walks->parts_end != 0) vl_emit(scan, VL_ROW_JWT, start, walks->parts_end);
}

static size_t find_text(const vl_scan *scan, size_t from, size_t to, const char *wanted)
{
    if (to > scan->size) to = scan->size;
    if (from >= to) return SIZE_MAX;
    const uint8_t *at = memmem(scan->text + from, to - from, wanted, strlen(wanted));
    return at == NULL ? SIZE_MAX : (size_t)(at - scan->text);
}

/* An end line within `reach` bytes that belongs to no other key: where its rest begins, SIZE_MAX: none. */
static size_t find_end_line(const vl_scan *scan, size_t from, size_t reach)
{
    size_t limit = find_text(scan, from, from + reach + LINE_BYTES, "-----BEGIN");
    size_t at = find_text(scan, from, limit < from + reach ? limit : from + reach, "-----END");
    return at == SIZE_MAX ? SIZE_MAX : at + strlen("-----END");
}

/* Behind the dashes of an end line. */
static size_t end_line_end(const vl_scan *scan, size_t rest)
{
    size_t dashes = find_text(scan, rest, rest + KEY_BEGIN, "-----");
    return dashes == SIZE_MAX ? rest : dashes + 5;
}

/* There is no more text to come in [p, p + ahead). */
static bool is_known(const vl_scan *scan, size_t p, size_t ahead)
{
    return !scan->may_grow || scan->size - p >= ahead;
}

/* The walk over key material: an end line may still stand behind it. True: *end is where the key ends. */
static bool walk_key(vl_scan *scan, size_t *end)
{
    vl_armour *armour = &scan->walks.armour;
    bool is_over = vl_armour_walk(armour, scan);
    *end = armour->end;
    if (!is_over || !is_known(scan, *end, VL_LOOK_BACK + KEY_BEGIN + 2 * LINE_BYTES)) return false;
    size_t rest = find_end_line(scan, *end, VL_LOOK_BACK);
    if (rest != SIZE_MAX) *end = end_line_end(scan, rest);
    return true;
}

/* The key goes to its end line. Where that is far away or missing, it goes as far as there is key material. */
void vl_match_private_key(vl_scan *scan, size_t hit_end)
{
    size_t start = SIZE_MAX;
    for (size_t at = hit_end > KEY_BEGIN ? hit_end - KEY_BEGIN : 0;
         (at = find_text(scan, at, hit_end, "-----BEGIN")) != SIZE_MAX; at++)
        start = at;
    if (start == SIZE_MAX) return;
    size_t rest = find_end_line(scan, hit_end, VL_CHAIN_MAX_BYTES);
    if (rest != SIZE_MAX) {
        if (!is_known(scan, rest, KEY_BEGIN)) vl_note_undecided(scan, start);
        vl_emit(scan, VL_ROW_PRIVATE_KEY, start, end_line_end(scan, rest));
        return;
    }
    if (!is_known(scan, hit_end, VL_CHAIN_MAX_BYTES + LINE_BYTES)) {
        vl_note_undecided(scan, start);
        return;
    }
    size_t end;
    uint32_t before = scan->count;
    vl_armour_begin(&scan->walks.armour, hit_end);
    bool is_over = walk_key(scan, &end);
    vl_emit(scan, VL_ROW_PRIVATE_KEY, start, end);
    if (!is_over && scan->count != before) vl_note_open(scan, VL_OPEN_KEY, VL_ROW_PRIVATE_KEY, start, end);
}

/* Base64 ends with its padding; without one, a short word in a line of its own is of other bytes unless it is made of groups of
 * four, and the next key's name where a colon follows. */
static size_t wrapped_end(const vl_scan *scan, size_t start, size_t end)
{
    const uint8_t *text = scan->text;
    const uint8_t *padding = memchr(text + start, '=', end - start);
    if (padding != NULL) {
        size_t at = (size_t)(padding - text) + 1;
        return at < end && text[at] == '=' ? at + 1 : at;
    }
    size_t word = end;
    while (word > start && vl_is_alnum((char)text[word - 1]))
        word--;
    bool is_whole = (end - word) % 4 == 0 && vl_byte(scan, end) != ':';
    if (end - word >= SHORT_WORD || is_whole) return end;
    while (word > start && (text[word - 1] <= ' '))
        word--;
    return word;
}

/* A key whose armour is in base64 once more, as Kubernetes keeps it: as far as there are lines of it. */
void vl_match_wrapped_key(vl_scan *scan, size_t start, size_t hit_end)
{
    if (!is_known(scan, hit_end, VL_CHAIN_MAX_BYTES + LINE_BYTES)) {
        vl_note_undecided(scan, start);
        return;
    }
    size_t end;
    uint32_t before = scan->count;
    vl_armour_begin(&scan->walks.armour, hit_end);
    bool is_over = walk_key(scan, &end);
    if (is_over) end = wrapped_end(scan, start, end);
    vl_emit(scan, VL_ROW_WRAPPED_KEY, start, end);
    if (!is_over && scan->count != before) vl_note_open(scan, VL_OPEN_KEY, VL_ROW_WRAPPED_KEY, start, end);
}

/* PuTTY's own format (the manual's appendix on PPK files): the last line is the MAC over all of it. */
void vl_match_putty_key(vl_scan *scan, size_t start, size_t hit_end)
{
    size_t mac = find_text(scan, hit_end, hit_end + VL_CHAIN_MAX_BYTES, "Private-MAC: ");
    if (mac == SIZE_MAX && !is_known(scan, hit_end, VL_CHAIN_MAX_BYTES + LINE_BYTES)) {
        vl_note_undecided(scan, start);
        return;
    }
    size_t end = mac == SIZE_MAX ? find_text(scan, hit_end, hit_end + VL_CHAIN_MAX_BYTES, "Private-Lines: ") : mac;
    if (end == SIZE_MAX) return;
    end += strlen("Private-MAC: ") + (mac == SIZE_MAX ? 2 : 0); /* "Private-Lines: " */
    for (unsigned i = 0; i < KEY_BEGIN && vl_word_at(scan, end); i++)
        end++;
    if (!is_known(scan, end, 1)) vl_note_undecided(scan, start);
    vl_emit(scan, VL_ROW_PUTTY_KEY, start, end);
}

bool vl_walk_on(vl_scan *scan, uint32_t kind, size_t *end)
{
    if (kind == VL_OPEN_URL) return vl_walk_url(scan, end);
    if (kind == VL_OPEN_KEY) return walk_key(scan, end);
    if (kind == VL_OPEN_RUN) return vl_walk_run(scan, end);
    walk_token(scan);
    bool is_open = scan->may_grow && scan->walks.token_end == scan->size;
    *end = long_token_end(scan, is_open);
    return !is_open;
}
