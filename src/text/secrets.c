#include "text/secrets.h"

#include <hs.h>
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "text/leads.h"
#include "text/patterns.h"
#include "text/secrets_impl.h"
#include "text/secrets_rows.h"
#include "text/text.h"
#include "text/walks.h"

#define PATTERN_BYTES 1024u
#define ESCAPE_BYTES  6u
#define WORD_START    "(?:\\b|\\\\(?:[nrtbf]|u[0-9a-fA-F]{4}))"

/* No token is shorter, counted up to the first byte that is neither a letter, a digit nor one of "_-.": "discord.com/api/". */
#define TOKEN_RUN 11u
_Static_assert(TOKEN_RUN == 8 + 3, "token_starts counts so far");
/* In a window: what else is in it finds room in its array, and as the least match with its name has ten bytes, a window still
 * moves on. */
#define MATCHES_MAX 512u
#define ROWS_AT     8u /* rows that match at one place */

bool vl_secrets_compile_always;

struct vl_secrets {
    vl_allocator allocator;
    vl_row_set rows;
    vl_patterns *anchored; /* rows with beginnings; NULL: none */
    vl_patterns *loose;    /* rows without; NULL: none */
    vl_leads leads;
    vl_letter_set credentials;
    vl_letter_set marks; /* of leads: a quick look at many bytes */
};

typedef struct place {
    unsigned count;
    uint16_t rows[ROWS_AT];
    size_t ends[ROWS_AT]; /* the longest match of each */
} place;

struct vl_secrets_scratch {
    vl_patterns_scratch *patterns;
    uint64_t marks[VL_WINDOW_BLOCKS + 2]; /* where words of credentials.c may begin */
    uint64_t leads[VL_WINDOW_BLOCKS + 2]; /* where leads may */
};

/* ---- creation ---- */

static bool is_hyperscan(unsigned row)
{
    return (vl_rows[row].flags & VL_ROW_HYPERSCAN) != 0;
}

static bool is_anchored(unsigned row)
{
    return vl_secret_is_anchored(vl_rows[row].flags, vl_rows[row].lead);
}

static bool is_loose(unsigned row)
{
    return is_hyperscan(row) && !is_anchored(row);
}

/* Rows that code of ours finds, called from here. */
static const uint16_t own_rows[] = {VL_ROW_ASANA,     VL_ROW_AUTHORIZATION, VL_ROW_AWS_SECRET,     VL_ROW_AZURE_KEY,
                                    VL_ROW_AZURE_SAS, VL_ROW_AZURE_SECRET,  VL_ROW_CONNECTION,     VL_ROW_DISCORD_BOT,
                                    VL_ROW_MAILCHIMP, VL_ROW_OPENSHIFT,     VL_ROW_PASSWORD_VALUE, VL_ROW_SECRET_VALUE,
                                    VL_ROW_TELEGRAM};

/* What begins at a word's start may begin behind an escape as well, which is then a part of the match. */
static const char *write_loose(const char *text, char *copy)
{
    bool is_word = strncmp(text, "\\b", 2) == 0;
    int length = snprintf(copy, PATTERN_BYTES, "%s%s", is_word ? WORD_START : "", text + (is_word ? 2 : 0));
    return length < (int)PATTERN_BYTES ? copy : NULL;
}

static size_t count_rows(bool (*takes)(unsigned))
{
    size_t count = 0;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++)
        count += takes(row);
    return count;
}

static veil_status fill_patterns(bool (*takes)(unsigned), vl_patterns_kind kind, vl_pattern *patterns,
                                 char (*copies)[PATTERN_BYTES])
{
    size_t count = 0;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        if (!takes(row)) continue;
        const char *text = vl_rows[row].pattern;
        if (kind == VL_PATTERNS_ANYWHERE) text = write_loose(text, copies[count]);
        if (text == NULL) return VEIL_ERR_INTERNAL;
        bool is_caseless = (vl_rows[row].flags & VL_ROW_CASELESS) != 0;
        patterns[count++] = (vl_pattern){text, is_caseless ? VL_PATTERN_CASELESS : 0, row};
    }
    return VEIL_OK;
}

static veil_status make_set(vl_secrets *secrets, bool (*takes)(unsigned), vl_patterns_kind kind, vl_patterns **out,
                            veil_error *error)
{
    size_t count = count_rows(takes);
    if (count == 0) return VEIL_OK;
    vl_pattern_fault fault = {.index = 0};
    vl_pattern *patterns = vl_alloc(&secrets->allocator, count * sizeof *patterns);
    char(*copies)[PATTERN_BYTES] = vl_alloc(&secrets->allocator, count * sizeof *copies);
    veil_status status = patterns == NULL || copies == NULL ? VEIL_ERR_NO_MEMORY : VEIL_OK;
    if (status == VEIL_OK) status = fill_patterns(takes, kind, patterns, copies);
    if (status == VEIL_OK) status = vl_patterns_create(&secrets->allocator, patterns, count, kind, out, &fault);
    vl_free(&secrets->allocator, patterns, count * sizeof *patterns);
    vl_free(&secrets->allocator, copies, count * sizeof *copies);
    if (status == VEIL_OK) return VEIL_OK;
    if (status == VEIL_ERR_INVALID_ARGUMENT) status = VEIL_ERR_INTERNAL;
    return vl_error_set(error, status, fault.index, "Hyperscan database of built-in patterns");
}

/* Compiled when the library was built, where that serves; else now. */
static veil_status load_anchored(vl_secrets *secrets, veil_error *error)
{
    size_t count;
    size_t width = 0;
    const vl_patterns_image *images = vl_secrets_images(&count);
    for (unsigned row = 0; row < VL_ROW_COUNT; row++)
        if (is_anchored(row) && vl_rows[row].width_max > width) width = vl_rows[row].width_max;
    for (size_t i = 0; i < count && !vl_secrets_compile_always; i++) {
        veil_status status = vl_patterns_load(&secrets->allocator, &images[i], width, &secrets->anchored);
        if (status == VEIL_OK) return VEIL_OK;
        if (status == VEIL_ERR_NO_MEMORY) return vl_error_set(error, status, 0, "Hyperscan database");
    }
    return make_set(secrets, is_anchored, VL_PATTERNS_ANCHORED, &secrets->anchored, error);
}

static veil_status collect_leads(vl_secrets *secrets, veil_error *error)
{
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        if (!is_anchored(row)) continue;
        for (const char *lead = vl_rows[row].lead; *lead != '\0';) {
            size_t length = strcspn(lead, " ");
            if (!vl_leads_add(&secrets->leads, lead, length, row))
                return vl_error_set(error, VEIL_ERR_INTERNAL, row, "a beginning of %s", vl_rows[row].name);
            vl_letter_set_add(&secrets->marks, (uint8_t)lead[0] & 31, lead);
            lead += length + (lead[length] == ' ');
        }
    }
    vl_credential_leads(&secrets->credentials);
    return VEIL_OK;
}

veil_status vl_secrets_create(const vl_allocator *allocator, vl_secrets **out, veil_error *error)
{
    vl_secrets *secrets = vl_alloc_zero(allocator, 1, sizeof *secrets);
    *out = NULL;
    if (secrets == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "text: secrets");
    secrets->allocator = *allocator;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++)
        if (is_hyperscan(row)) vl_row_set_add(&secrets->rows, row);
    for (size_t i = 0; i < sizeof own_rows / sizeof own_rows[0]; i++)
        vl_row_set_add(&secrets->rows, own_rows[i]);
    veil_status status = collect_leads(secrets, error);
    if (status == VEIL_OK) status = load_anchored(secrets, error);
    if (status == VEIL_OK) status = make_set(secrets, is_loose, VL_PATTERNS_ANYWHERE, &secrets->loose, error);
    if (status != VEIL_OK) {
        vl_secrets_destroy(secrets);
        return status;
    }
    *out = secrets;
    return VEIL_OK;
}

void vl_secrets_destroy(vl_secrets *secrets)
{
    if (secrets == NULL) return;
    vl_allocator allocator = secrets->allocator;
    vl_patterns_destroy(secrets->anchored);
    vl_patterns_destroy(secrets->loose);
    vl_free(&allocator, secrets, sizeof *secrets);
}

veil_status vl_secrets_scratch_create(const vl_secrets *secrets, const vl_allocator *allocator,
                                      vl_secrets_scratch **out)
{
    const vl_patterns *sets[] = {secrets->anchored, secrets->loose};
    vl_secrets_scratch *scratch = vl_alloc_zero(allocator, 1, sizeof *scratch);
    *out = NULL;
    if (scratch == NULL) return VEIL_ERR_NO_MEMORY;
    veil_status status = vl_patterns_scratch_create(allocator, sets, 2, &scratch->patterns);
    if (status != VEIL_OK) {
        vl_secrets_scratch_destroy(scratch, allocator);
        return status;
    }
    *out = scratch;
    return VEIL_OK;
}

void vl_secrets_scratch_destroy(vl_secrets_scratch *scratch, const vl_allocator *allocator)
{
    if (scratch == NULL) return;
    vl_patterns_scratch_destroy(scratch->patterns);
    vl_wipe(scratch, sizeof *scratch);
    vl_free(allocator, scratch, sizeof *scratch);
}

void vl_secrets_sizes(const vl_secrets *secrets, const vl_secrets_scratch *scratch, size_t *databases,
                      size_t *per_workspace)
{
    *databases = secrets->anchored == NULL ? 0 : vl_patterns_bytes(secrets->anchored);
    *databases += secrets->loose == NULL ? 0 : vl_patterns_bytes(secrets->loose);
    *per_workspace = sizeof *scratch + vl_patterns_scratch_bytes(scratch->patterns);
}

/* ---- matches ---- */

/* The organisation's part of a Terraform token stands before the pattern's beginning. */
static void refine_terraform(vl_scan *scan, size_t start, size_t end)
{
    if (start < 15 || scan->text[start - 1] != '.' || vl_word_before(scan, start - 15)) return;
    for (size_t i = start - 15; i < start - 1; i++)
        if (!vl_is_alnum((char)scan->text[i])) return;
    vl_match_run(scan, VL_ROW_TERRAFORM, start - 15, end);
}

static void refine(vl_scan *scan, unsigned row, size_t start, size_t end)
{
    if (!vl_on(scan, row)) return;
    if (row == VL_ROW_JWT)
        vl_match_jwt(scan, end);
    else if (row == VL_ROW_PRIVATE_KEY)
        vl_match_private_key(scan, end);
    else if (row == VL_ROW_WRAPPED_KEY)
        vl_match_wrapped_key(scan, start, end);
    else if (row == VL_ROW_PUTTY_KEY)
        vl_match_putty_key(scan, start, end);
    else if (row == VL_ROW_TERRAFORM)
        refine_terraform(scan, start, end);
    else if ((vl_rows[row].flags & VL_ROW_RUN) != 0)
        vl_match_run(scan, row, start, end);
    else
        vl_emit(scan, row, start, end);
}

/* ---- the walk ---- */

/* Longer matches of a row come later and replace shorter ones. */
static veil_status note_match(void *user, uint32_t id, size_t start, size_t end)
{
    place *here = user;
    unsigned i = 0;
    (void)start;
    while (i < here->count && here->rows[i] != id)
        i++;
    if (i == ROWS_AT) return VEIL_OK; /* rows that share a beginning are few: silent_test counts them */
    if (i == here->count) here->rows[here->count++] = (uint16_t)id;
    here->ends[i] = end;
    return VEIL_OK;
}

static veil_status look_at(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t p)
{
    if (!vl_leads_match(&secrets->leads, scan->text + p, scan->size - p, scan->rows)) return VEIL_OK;
    place here = {.count = 0};
    veil_status status =
        vl_patterns_at(secrets->anchored, scratch->patterns, scan->text, scan->size, p, note_match, &here);
    for (unsigned i = 0; i < here.count && status == VEIL_OK; i++)
        refine(scan, here.rows[i], p, here.ends[i]);
    return status;
}

/* Words with a joint soon, though their token bytes end ("whsec_", before base64, whose + and / end the run), and the fifth last
 * dash before a letter. */
static __attribute__((noinline)) uint64_t joint_starts(const vl_class_block *b, uint64_t starts)
{
    const vl_class_block *next = b + 1;
    uint64_t joint = b->under | b->dash;
    uint64_t joint_next = next->under | next->dash;
    uint64_t low = joint >> 3 | joint_next << 61 | joint >> 4 | joint_next << 60 | joint >> 5 | joint_next << 59 |
                   joint >> 6 | joint_next << 58;
    uint64_t dashes = b->dash;
    if (dashes == 0 || (dashes & (dashes >> 1 | next->dash << 63)) == 0) return starts & low;
    for (unsigned i = 1; i < 5; i++)
        dashes &= b->dash >> i | next->dash << (64 - i);
    return (starts & low) | (dashes & (b->alpha >> 5 | next->alpha << 59));
}

/* Where tokens may begin in a block. */
typedef struct token_bits {
    uint64_t starts; /* of words */
    uint64_t leads;  /* of what goes on for TOKEN_RUN bytes, and joint_starts */
    uint64_t shaped; /* of what goes on for SHAPED_RUN bytes */
} token_bits;

/* *before: the last byte of the block before is of a word. */
static inline token_bits find_tokens(const vl_class_block *b, uint64_t *before)
{
    token_bits bits;
    const vl_class_block *next = b + 1;
    uint64_t word = b->digit | b->alpha | b->under;
    uint64_t low = word | b->dash | b->dot;
    uint64_t high = next->digit | next->alpha | next->under | next->dash | next->dot;
    bits.starts = word & ~(word << 1 | *before);
    *before = word >> 63;
    /* runs of 2, 4, 8, 16 and 32 bytes; the last bits of the next block are wrong, and too far away to matter */
    low &= low >> 1 | high << 63;
    high &= high >> 1;
    low &= low >> 2 | high << 62;
    high &= high >> 2;
    low &= low >> 4 | high << 60;
    high &= high >> 4;
    bits.leads = bits.starts & low & (low >> 3 | high << 61);
    low &= low >> 8 | high << 56;
    high &= high >> 8;
    bits.shaped = bits.starts & low & (low >> 16 | high << 48);
    return bits;
}

/* Calls each candidate of the block; VEIL_OK or Hyperscan's failure. */
static veil_status run_tokens(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t at,
                              uint64_t leads, uint64_t shaped)
{
    veil_status status = VEIL_OK;
    for (uint64_t bits = leads | shaped; bits != 0 && status == VEIL_OK; bits &= bits - 1) {
        size_t p = at + vl_low_bit(bits);
        bool may_lead = (leads & bits & -bits) != 0 && vl_leads_may(&secrets->leads, scan->text + p);
        if (may_lead) status = look_at(secrets, scratch, scan, p);
        if ((shaped & bits & -bits) != 0) vl_match_shaped_token(scan, p);
    }
    return status;
}

static void run_credentials(vl_secrets_scratch *scratch, vl_scan *scan, size_t index)
{
    const vl_class_block *b = &scan->blocks[index];
    size_t at = scan->base + index * 64;
    for (uint64_t bits = scratch->marks[index]; bits != 0; bits &= bits - 1)
        vl_match_credential(scan, at + vl_low_bit(bits));
    uint64_t slash = b->slash >> 1 | b[1].slash << 63;
    uint64_t second = b->slash >> 2 | b[1].slash << 62;
    for (uint64_t bits = b->colon & slash & second; bits != 0; bits &= bits - 1)
        vl_match_authority(scan, at + vl_low_bit(bits));
}

/* Blocks of [from, to); words before `from` may have their value behind it. */
static veil_status run_blocks(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t from,
                              size_t *to)
{
    size_t classified =
        scan->block_count * 64 < scan->size - scan->base ? scan->block_count * 64 : scan->size - scan->base;
    scan->kernels->mark_letters(scan->text + scan->base, classified, &secrets->credentials, scratch->marks);
    scan->kernels->mark_letters(scan->text + scan->base, classified, &secrets->marks, scratch->leads);
    uint32_t first = scan->count;
    uint64_t word_before = 0;
    for (size_t index = 0; scan->base + index * 64 < *to; index++) {
        size_t at = scan->base + index * 64;
        const vl_class_block *block = &scan->blocks[index];
        token_bits found = find_tokens(block, &word_before);
        uint64_t leads = scratch->leads[index];
        uint64_t mask = ~0ull;
        if (at < from) mask = from - at < 64 ? mask << (from - at) : 0;
        if (*to - at < 64) mask &= (1ull << (*to - at)) - 1;
        if ((leads & (found.starts | block->dash)) != 0 &&
            ((block->under | block->dash | block[1].under | block[1].dash) != 0))
            found.leads |= joint_starts(block, found.starts);
        leads &= found.leads & mask;
        found.shaped &= mask;
        if ((leads | found.shaped | scratch->marks[index] | block->colon) == 0) continue;
        uint32_t before = scan->count;
        veil_status status = VEIL_OK;
        if ((leads | found.shaped) != 0) status = run_tokens(secrets, scratch, scan, at, leads, found.shaped);
        if (status != VEIL_OK) return status;
        run_credentials(scratch, scan, index);
        if (scan->count - first < MATCHES_MAX) continue;
        scan->count = before;
        *to = at;
    }
    return VEIL_OK;
}

static veil_status note_loose(void *user, uint32_t row, size_t start, size_t end)
{
    vl_scan *scan = user;
    if (!vl_on(scan, row)) return VEIL_OK;
    unsigned escape = scan->text[start] == '\\' ? vl_escape_length(scan, start + 1) : 0;
    if (scan->text[start] == '\\' && escape == 0) return VEIL_OK; /* two backslashes: the letter belongs to a word */
    vl_emit(scan, row, escape == 0 ? start : start + 1 + escape, end);
    return VEIL_OK;
}

veil_status vl_secrets_scan(const vl_secrets *secrets, vl_secrets_scratch *scratch, vl_scan *scan, size_t from,
                            size_t *to)
{
    if (!vl_row_set_meets(&secrets->rows, scan->rows)) return VEIL_OK;
    veil_status status = run_blocks(secrets, scratch, scan, from, to);
    if (status != VEIL_OK || secrets->loose == NULL) return status;
    size_t origin = from > ESCAPE_BYTES ? from - ESCAPE_BYTES : 0; /* an escape before is a part of the match */
    return vl_patterns_scan(secrets->loose, scratch->patterns, scan->text, scan->size, origin, *to, note_loose, scan);
}

const char *vl_text_engine_version(void)
{
    return hs_version();
}
