/*
 * Word lists. Hyperscan needs minutes for a million literals; here they take less than a second, because text is looked up
 * word by word: the hash of a word says by a small bit filter that no list begins with it (nearly always), or leads to a slot,
 * whose entries are compared in full. A phrase goes on from slot to slot, a word at a time. So time per byte is the same
 * for one word and for a million, and whatever the text is.
 *
 * A word is a run of letters, digits, marks and _ in any script; in scripts that set no spaces each character is one. What
 * stands before its first word and behind its last one in an entry ("@", "Inc.") is compared as it is; white space inside
 * stands for any white space. Everything is decided from the bytes of the match and its neighbours alone.
 */
#include "text/wordlist_impl.h"

#include "text/chars.h"
#include "text/custom_fold.h"

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void vl_phrase_begin(vl_phrase *phrase, const uint8_t *text, size_t size, size_t at)
{
    phrase->text = text;
    phrase->size = size;
    phrase->at = at;
    phrase->hash = 0;
    phrase->words = 0;
    phrase->raw_bytes = 0;
    phrase->folded_bytes = 0;
}

/* Behind the word at `at`; its bytes are at most VL_WORD_MAX_BYTES, or `at` is returned. */
static size_t word_end(const vl_phrase *phrase, size_t at)
{
    size_t end = at;
    while (end < phrase->size && end - at <= VL_WORD_MAX_BYTES) {
        size_t length;
        vl_char_kind kind = vl_char_at(phrase->text + end, phrase->size - end, &length);
        if (kind == VL_CHAR_LONE && end == at) return end + length;
        if (kind != VL_CHAR_LETTER) break;
        end += length;
    }
    return end - at > VL_WORD_MAX_BYTES ? at : end;
}

/* Copy what stands between words with white space as single spaces; SIZE_MAX: no word follows. Returns where it begins. */
static size_t copy_gap(vl_phrase *phrase, unsigned *gap_bytes)
{
    size_t at = phrase->at;
    *gap_bytes = 0;
    while (at < phrase->size && at - phrase->at <= VL_GAP_MAX_BYTES) {
        size_t length;
        if (vl_char_at(phrase->text + at, phrase->size - at, &length) != VL_CHAR_APART) return at;
        bool was_space = *gap_bytes > 0 && phrase->raw[phrase->raw_bytes + *gap_bytes - 1] == ' ';
        bool skips = is_space(phrase->text[at]) && was_space;
        if (phrase->raw_bytes + *gap_bytes + length > VL_WORD_ROOM) return SIZE_MAX;
        if (!skips) {
            memcpy(phrase->raw + phrase->raw_bytes + *gap_bytes, phrase->text + at, length);
            if (is_space(phrase->text[at])) phrase->raw[phrase->raw_bytes + *gap_bytes] = ' ';
            *gap_bytes += (unsigned)length;
        }
        at += length;
    }
    return SIZE_MAX;
}

bool vl_phrase_next(vl_phrase *phrase)
{
    unsigned gap = 0;
    size_t start = phrase->words == 0 ? phrase->at : copy_gap(phrase, &gap);
    if (start == SIZE_MAX || phrase->folded_bytes + gap > VL_WORD_ROOM) return false;
    size_t end = word_end(phrase, start);
    size_t length = end - start;
    if (length == 0 || phrase->raw_bytes + gap + length > VL_WORD_ROOM) return false;
    memcpy(phrase->folded + phrase->folded_bytes, phrase->raw + phrase->raw_bytes, gap);
    uint64_t gap_hash = vl_word_hash(phrase->raw + phrase->raw_bytes, gap);
    memcpy(phrase->raw + phrase->raw_bytes + gap, phrase->text + start, length);
    uint8_t *folded = phrase->folded + phrase->folded_bytes + gap;
    size_t folded_bytes = vl_fold_case(phrase->text + start, length, folded, VL_WORD_ROOM - phrase->folded_bytes - gap);
    if (folded_bytes == SIZE_MAX) return false;
    uint64_t word_hash = vl_word_hash(folded, folded_bytes);
    phrase->hash = phrase->words == 0 ? word_hash : vl_word_join(phrase->hash, gap_hash, word_hash);
    phrase->raw_bytes += gap + (unsigned)length;
    phrase->folded_bytes += gap + (unsigned)folded_bytes;
    phrase->at = end;
    phrase->words++;
    return true;
}

/* ---- Building ---------------------------------------------------------------------------------------------------- */

/* A word of a list, trimmed and taken apart. */
typedef struct reading {
    vl_phrase phrase; /* its words */
    const uint8_t *text;
    size_t size;
    size_t lead; /* bytes before the first word */
    size_t tail; /* and behind the last one */
} reading;

static const char *trim(const char *word, reading *out)
{
    size_t size = strnlen(word, 4 * VL_WORD_MAX_BYTES + 1);
    if (size > 4 * VL_WORD_MAX_BYTES) return "longer than 64 bytes";
    while (size > 0 && is_space((uint8_t)word[0]))
        word++, size--;
    while (size > 0 && is_space((uint8_t)word[size - 1]))
        size--;
    out->text = (const uint8_t *)word;
    out->size = size;
    if (size == 0) return "empty";
    return size > VL_WORD_MAX_BYTES ? "longer than 64 bytes" : NULL;
}

static const char *skip_lead(reading *out)
{
    out->lead = 0;
    while (out->lead < out->size) {
        size_t length;
        if (vl_char_at(out->text + out->lead, out->size - out->lead, &length) != VL_CHAR_APART) return NULL;
        if (length == 1 && out->text[out->lead] >= 0x80) return "not UTF-8";
        out->lead += length;
    }
    return "without a letter or digit";
}

/* Where the last word ends: behind the last character that is not apart. */
static size_t tail_of(const reading *word, const char **reason)
{
    size_t end = 0;
    for (size_t at = 0; at < word->size;) {
        size_t length;
        vl_char_kind kind = vl_char_at(word->text + at, word->size - at, &length);
        if (length == 1 && word->text[at] >= 0x80) *reason = "not UTF-8";
        at += length;
        if (kind != VL_CHAR_APART) end = at;
    }
    return word->size - end;
}

static const char *take_apart(const char *text, reading *out)
{
    const char *reason = trim(text, out);
    if (reason == NULL) reason = skip_lead(out);
    if (reason != NULL) return reason;
    out->tail = tail_of(out, &reason);
    vl_phrase_begin(&out->phrase, out->text, out->size - out->tail, out->lead);
    return reason;
}

static uint64_t *find_slot(vl_wordlist *list, uint64_t hash)
{
    uint64_t place = vl_word_place(hash, list->slot_count);
    while (list->slots[place] != 0 && list->slots[place] >> 32 != (hash & 0xFFFFFFFFu))
        if (++place == list->slot_count) place = 0;
    return &list->slots[place];
}

static void add_bits(vl_wordlist *list, uint64_t hash)
{
    list->filter[hash >> (64 - list->filter_bits)] |= vl_word_filter_mask(hash);
}

static bool is_same(const vl_wordlist *list, const vl_word_entry *a, const vl_word_entry *b)
{
    return a->row == b->row && a->length == b->length && a->lead == b->lead &&
           memcmp(list->texts + a->text, list->texts + b->text, a->length) == 0;
}

/* The entry's normal form goes behind the others; an entry that is there already is taken back. */
static void add_entry(vl_wordlist *list, uint64_t *slot, const reading *word, const vl_wordlist_source *source)
{
    const vl_phrase *phrase = &word->phrase;
    const uint8_t *core = source->is_caseless ? phrase->folded : phrase->raw;
    size_t core_bytes = source->is_caseless ? phrase->folded_bytes : phrase->raw_bytes;
    size_t length = word->lead + core_bytes + word->tail;
    uint8_t *to = list->texts + list->text_bytes;
    vl_word_entry entry = {.text = (uint32_t)list->text_bytes, .row = source->row, .length = (uint8_t)length};
    entry.lead = (uint8_t)(word->lead | (source->is_caseless ? VL_ENTRY_CASELESS : 0u));
    memcpy(to, word->text, word->lead);
    memcpy(to + word->lead, core, core_bytes);
    memcpy(to + word->lead + core_bytes, word->text + word->size - word->tail, word->tail);
    entry.next = (uint32_t)(*slot & 0xFFFFFFFFu) >> 1;
    for (uint32_t next = entry.next; next != 0; next = list->entries[next - 1].next)
        if (is_same(list, &list->entries[next - 1], &entry)) return;
    list->entries[list->entry_count++] = entry;
    list->text_bytes += length;
    *slot = (*slot & 0xFFFFFFFF00000001u) | (uint64_t)list->entry_count << 1;
}

/* Letters, digits and _ of ASCII alone; their number, or 0. */
static size_t plain_bytes(const char *text)
{
    size_t size = 0;
    while (vl_is_alnum(text[size]) || text[size] == '_')
        size++;
    return text[size] == '\0' && size <= VL_WORD_MAX_BYTES ? size : 0;
}

/* The usual entry, one plain word, needs none of the reading. */
static bool read_plain(const char *text, reading *out)
{
    size_t size = plain_bytes(text);
    vl_phrase *phrase = &out->phrase;
    if (size == 0) return false;
    memcpy(phrase->raw, text, size);
    for (size_t i = 0; i < size; i++)
        phrase->folded[i] = (uint8_t)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
    phrase->raw_bytes = phrase->folded_bytes = (unsigned)size;
    phrase->hash = vl_word_hash(phrase->folded, size);
    out->text = (const uint8_t *)text;
    out->size = size;
    out->lead = out->tail = 0;
    return true;
}

static const char *add_word(vl_wordlist *list, const char *text, const vl_wordlist_source *source)
{
    reading word;
    if (read_plain(text, &word)) {
        uint64_t *slot = find_slot(list, word.phrase.hash);
        if (*slot == 0) *slot = word.phrase.hash << 32;
        add_bits(list, word.phrase.hash);
        add_entry(list, slot, &word, source);
        return NULL;
    }
    const char *reason = take_apart(text, &word);
    if (reason != NULL) return reason;
    while (vl_phrase_next(&word.phrase)) {
        uint64_t hash = word.phrase.hash;
        uint64_t *slot = find_slot(list, hash);
        if (*slot == 0) *slot = hash << 32;
        if (word.phrase.words == 1) add_bits(list, hash);
        bool is_last = word.phrase.at == word.phrase.size;
        if (is_last) {
            add_entry(list, slot, &word, source);
            return NULL;
        }
        *slot |= 1;
    }
    return "with more than 8 bytes between two words";
}

/* Room that all words need at most. */
static const char *measure(const vl_wordlist_source *source, size_t index, size_t *slots, size_t *text_bytes)
{
    reading word;
    size_t plain = plain_bytes(source->words[index]);
    if (plain != 0) {
        ++*slots;
        *text_bytes += plain;
        return NULL;
    }
    const char *reason = take_apart(source->words[index], &word);
    if (reason != NULL) return reason;
    while (vl_phrase_next(&word.phrase))
        ++*slots;
    *text_bytes += word.lead + word.tail + (source->is_caseless ? word.phrase.folded_bytes : word.phrase.raw_bytes);
    return NULL;
}

static veil_status refuse(vl_word_fault *fault, size_t source, size_t index, const char *reason)
{
    *fault = (vl_word_fault){source, index, reason};
    return VEIL_ERR_INVALID_ARGUMENT;
}

static veil_status reserve(vl_wordlist *list, size_t slots)
{
    list->slot_count = slots + slots / 4 + 8;
    list->filter_bits = 6;
    while (list->filter_bits < 24 && ((size_t)4 << list->filter_bits) < list->entry_capacity)
        list->filter_bits++; /* sixteen bits a word */
    list->slots = vl_alloc_zero(&list->allocator, list->slot_count, sizeof *list->slots);
    list->filter = vl_alloc_zero(&list->allocator, (size_t)1 << list->filter_bits, sizeof *list->filter);
    list->entries = vl_alloc(&list->allocator, list->entry_capacity * sizeof *list->entries);
    list->texts = vl_alloc(&list->allocator, list->text_capacity);
    bool has_all = list->slots != NULL && list->filter != NULL && list->entries != NULL && list->texts != NULL;
    return has_all ? VEIL_OK : VEIL_ERR_NO_MEMORY;
}

static veil_status fill(vl_wordlist *list, const vl_wordlist_source *sources, size_t source_count, vl_word_fault *fault)
{
    for (size_t s = 0; s < source_count; s++) {
        for (size_t i = 0; i < sources[s].count; i++) {
            const char *reason = add_word(list, sources[s].words[i], &sources[s]);
            if (reason != NULL) return refuse(fault, s, i, reason);
        }
    }
    return VEIL_OK;
}

veil_status vl_wordlist_create(const vl_allocator *allocator, const vl_wordlist_source *sources, size_t source_count,
                               vl_wordlist **out, vl_word_fault *fault)
{
    size_t slots = 0;
    *out = NULL;
    *fault = (vl_word_fault){0, 0, NULL};
    vl_wordlist *list = vl_alloc_zero(allocator, 1, sizeof *list);
    if (list == NULL) return VEIL_ERR_NO_MEMORY;
    list->allocator = *allocator;
    veil_status status = VEIL_OK;
    for (size_t s = 0; s < source_count && status == VEIL_OK; s++) {
        for (size_t i = 0; i < sources[s].count && status == VEIL_OK; i++) {
            const char *reason =
                sources[s].words[i] == NULL ? "NULL" : measure(&sources[s], i, &slots, &list->text_capacity);
            if (reason != NULL) status = refuse(fault, s, i, reason);
        }
        list->entry_capacity += sources[s].count;
        if (status == VEIL_OK && list->entry_capacity > VL_WORDS_MAX)
            status = refuse(fault, s, sources[s].count - 1, "too many: all lists together hold 1,000,000");
    }
    if (status == VEIL_OK) status = reserve(list, slots);
    if (status == VEIL_OK) status = fill(list, sources, source_count, fault);
    if (status != VEIL_OK) {
        vl_wordlist_destroy(list);
        return status;
    }
    *out = list;
    return VEIL_OK;
}

void vl_wordlist_destroy(vl_wordlist *list)
{
    if (list == NULL) return;
    vl_allocator allocator = list->allocator;
    vl_free(&allocator, list->slots, list->slot_count * sizeof *list->slots);
    vl_free(&allocator, list->filter, ((size_t)1 << list->filter_bits) * sizeof *list->filter);
    vl_free(&allocator, list->entries, list->entry_capacity * sizeof *list->entries);
    vl_free(&allocator, list->texts, list->text_capacity);
    vl_free(&allocator, list, sizeof *list);
}

size_t vl_wordlist_bytes(const vl_wordlist *list)
{
    return sizeof *list + list->slot_count * sizeof *list->slots + (sizeof(uint64_t) << list->filter_bits) +
           list->entry_capacity * sizeof *list->entries + list->text_capacity;
}
