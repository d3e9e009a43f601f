/*
 * The redacted transcript: the document as it stands, byte for byte, but for what is masked. JSON is walked token by token, so that
 * every string is looked at, whoever put it there; other formats where their parser found text. What is written over becomes
 * "[ENTITY]".
 */
#include <string.h>

#include "audio/mask.h"
#include "audio/transcript_json.h"
#include "core/clock.h"
#include "core/json.h"

typedef struct writer {
    char *out;
    size_t capacity;
    size_t used; /* what it takes; more than the capacity when it does not fit */
} writer;

typedef struct rewriter {
    vl_masker *masker;
    const vl_transcript_source *source;
    writer to;
    uint32_t place;    /* the next */
    uint32_t time;     /* the next */
    vl_json_token key; /* the last */
    bool is_member;    /* the key is of the token that comes */
    bool drops_ids;    /* token ids say what was said */
    bool kept_ids;
    bool has_masked;
} rewriter;

static void put(writer *to, const char *bytes, size_t n)
{
    if (to->used <= to->capacity && n <= to->capacity - to->used && n != 0) memcpy(to->out + to->used, bytes, n);
    to->used += n;
}

static void put_mask(rewriter *r, const char *entity)
{
    writer *to = &r->to;
    r->has_masked = true;
    put(to, "[", 1);
    put(to, entity, strlen(entity));
    put(to, "]", 1);
}

/* A text, masked; `raw` is its writing in the document. Masks are in decoded bytes, in order. */
static void put_masked(rewriter *r, const char *raw, size_t raw_bytes, uint8_t encoding, const vl_masks *masks)
{
    size_t raw_at = 0, decoded_at = 0;
    for (uint32_t i = 0; i < masks->count; i++) {
        size_t start, end;
        vl_transcript_raw_span(raw + raw_at, raw_bytes - raw_at, encoding, masks->items[i].start - decoded_at,
                               masks->items[i].end - decoded_at, &start, &end);
        put(&r->to, raw + raw_at, start);
        put_mask(r, masks->items[i].entity);
        raw_at += end;
        decoded_at = masks->items[i].end;
    }
    put(&r->to, raw + raw_at, raw_bytes - raw_at);
}

static veil_status no_buffer(const rewriter *r, veil_status status)
{
    return vl_error_set(r->masker->error, status, 0, "no buffer for the transcript's text");
}

/* What it shows with the other strings of its member. */
static veil_status add_stray_masks(const rewriter *r, const char *raw, uint32_t size_bytes, vl_masks *masks)
{
    const uint32_t count = masks->count;
    veil_status status = vl_masker_stray(r->masker, (uint32_t)(raw - r->source->bytes), size_bytes, masks);
    if (status != VEIL_OK) return no_buffer(r, status);
    if (masks->count != count) vl_masks_settle(masks);
    return VEIL_OK;
}

/* A text that is no word of the transcript. */
static veil_status put_text(rewriter *r, const char *raw, size_t raw_bytes, uint8_t encoding, bool is_said)
{
    if (raw_bytes == 0) return VEIL_OK;
    vl_audio_work *work = r->masker->work;
    vl_audio_work_mark mark = vl_audio_work_save(work);
    vl_masks masks = {0};
    void *text = NULL;
    veil_status status = vl_audio_work_alloc(work, raw_bytes, 1, &text);
    if (status != VEIL_OK) return no_buffer(r, status);
    size_t n = vl_transcript_decode(raw, raw_bytes, encoding, text);
    if (n == SIZE_MAX) {
        status = vl_error_set(r->masker->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: a bad escape in a text");
    } else {
        status = vl_masker_text(r->masker, text, (uint32_t)n, vl_json_says_speech(&r->key), &masks);
        if (status == VEIL_OK) status = add_stray_masks(r, raw, (uint32_t)n, &masks);
    }
    if (status == VEIL_OK && is_said && masks.count != 0 && r->masker->cut_count == 0) {
        status = vl_error_set(r->masker->error, VEIL_ERR_MALFORMED_INPUT, (size_t)(raw - r->source->bytes),
                              "transcript: a text shows what no time of the sound is known for");
    }
    if (status == VEIL_OK) put_masked(r, raw, raw_bytes, encoding, &masks);
    vl_audio_work_reset(work, mark);
    return status;
}

/* All of a word's writing but the spaces around it. */
static void put_word_mask(rewriter *r, const char *raw, size_t raw_bytes, const char *entity)
{
    size_t lead = 0, tail = 0;
    while (lead < raw_bytes && raw[lead] == ' ')
        lead++;
    while (tail < raw_bytes - lead && raw[raw_bytes - 1 - tail] == ' ')
        tail++;
    put(&r->to, raw, lead);
    put_mask(r, entity);
    put(&r->to, raw + raw_bytes - tail, tail);
}

/* Bytes of a tag's name behind "<"; what follows up to ">" is text. A clock time is all name. */
static size_t tag_name_bytes(const char *raw, size_t n)
{
    static const char *const names[] = {"b", "i", "u", "s", "c", "v", "lang", "ruby", "rt", "font"};
    size_t clock = 0, slash = n > 0 && raw[0] == '/', end = slash;
    while (clock < n && clock < 13 &&
           ((raw[clock] >= '0' && raw[clock] <= '9') || raw[clock] == ':' || raw[clock] == '.'))
        clock++;
    if (clock == n && memchr(raw, ':', n) != NULL) return n;
    while (end < n && raw[end] >= 'a' && raw[end] <= 'z')
        end++;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == end - slash && memcmp(names[i], raw + slash, end - slash) == 0) return end;
    }
    return 0;
}

/* What a tag says beside its name ("<v Jane>", "<c.jane>", "<lang x>") is text too. */
static veil_status put_tags(rewriter *r, const char *raw, size_t raw_bytes)
{
    size_t from = 0;
    while (from < raw_bytes) {
        const char *open = memchr(raw + from, '<', raw_bytes - from);
        const char *close = open == NULL ? NULL : memchr(open, '>', raw_bytes - (size_t)(open - raw));
        if (close == NULL) break;
        const char *text = open + 1 + tag_name_bytes(open + 1, (size_t)(close - open) - 1);
        put(&r->to, raw + from, (size_t)(text - raw) - from);
        veil_status status = put_text(r, text, (size_t)(close - text), VL_TEXT_MARKUP, false);
        if (status != VEIL_OK) return status;
        from = (size_t)(close - raw);
    }
    put(&r->to, raw + from, raw_bytes - from);
    return VEIL_OK;
}

static veil_status put_segment_masks(rewriter *r, const vl_word *word, const vl_masks *masks)
{
    if (word->encoding != VL_TEXT_MARKUP) {
        put_masked(r, word->raw, word->raw_bytes, word->encoding, masks);
        return VEIL_OK;
    }
    size_t raw_at = 0, decoded_at = 0;
    for (uint32_t i = 0; i < masks->count; i++) {
        size_t start, end;
        vl_transcript_raw_span(word->raw + raw_at, word->raw_bytes - raw_at, word->encoding,
                               masks->items[i].start - decoded_at, masks->items[i].end - decoded_at, &start, &end);
        veil_status status = put_tags(r, word->raw + raw_at, start);
        if (status != VEIL_OK) return status;
        put_mask(r, masks->items[i].entity);
        raw_at += end;
        decoded_at = masks->items[i].end;
    }
    return put_tags(r, word->raw + raw_at, word->raw_bytes - raw_at);
}

static veil_status put_segment(rewriter *r, const vl_place *place, const char *raw)
{
    const vl_word *word = &r->masker->transcript->words[place->word];
    bool is_its_own = word->raw >= raw && word->raw + word->raw_bytes <= raw + place->size_bytes;
    if (!is_its_own) return put_text(r, raw, place->size_bytes, place->encoding, true);
    vl_audio_work *work = r->masker->work;
    vl_audio_work_mark mark = vl_audio_work_save(work);
    vl_masks masks = {0};
    veil_status status = vl_masker_segment(r->masker, place->word, &masks);
    if (status == VEIL_OK) {
        put(&r->to, raw, (size_t)(word->raw - raw));
        status = put_segment_masks(r, word, &masks);
    }
    const char *behind = word->raw + word->raw_bytes;
    if (status == VEIL_OK) put(&r->to, behind, (size_t)(raw + place->size_bytes - behind));
    vl_audio_work_reset(work, mark);
    return status;
}

/* A word that stays, or a name, may still be what was found elsewhere. */
static veil_status put_known(rewriter *r, const char *raw, size_t raw_bytes, uint8_t encoding)
{
    vl_audio_work *work = r->masker->work;
    vl_audio_work_mark mark = vl_audio_work_save(work);
    vl_masks masks = {0};
    void *text = NULL;
    veil_status status = vl_audio_work_alloc(work, raw_bytes, 1, &text);
    size_t n = status == VEIL_OK ? vl_transcript_decode(raw, raw_bytes, encoding, text) : 0;
    if (status == VEIL_OK && n != SIZE_MAX)
        status = vl_secrets_search(&r->masker->secrets, text, (uint32_t)n, work, &masks);
    if (status != VEIL_OK) return no_buffer(r, status);
    vl_masks_settle(&masks);
    put_masked(r, raw, raw_bytes, encoding, &masks);
    vl_audio_work_reset(work, mark);
    return VEIL_OK;
}

static bool is_same_text(const char *a, size_t a_bytes, const char *b, size_t b_bytes)
{
    while (a_bytes > 0 && *a == ' ')
        a++, a_bytes--;
    while (a_bytes > 0 && a[a_bytes - 1] == ' ')
        a_bytes--;
    return a_bytes == b_bytes && memcmp(a, b, b_bytes) == 0;
}

/* A word was searched with those around it in each of its writings, and nothing in it goes. What is written otherwise was not. */
static veil_status put_word(rewriter *r, const vl_place *place, const char *raw)
{
    const vl_word *word = &r->masker->transcript->words[place->word];
    const char *behind = raw + place->size_bytes;
    bool is_first = word->raw >= raw && word->raw + word->raw_bytes <= behind;
    bool is_second = word->second >= raw && word->second + word->second_bytes <= behind;
    bool is_twin =
        place->encoding == word->encoding && is_same_text(raw, place->size_bytes, word->raw, word->raw_bytes);
    if (!is_first && !is_second && !is_twin) return put_text(r, raw, place->size_bytes, place->encoding, true);
    put(&r->to, raw, place->size_bytes);
    return VEIL_OK;
}

static veil_status put_place(rewriter *r, const vl_place *place)
{
    const char *raw = r->source->bytes + place->offset;
    /* in lines and cues it is what stands around the words, and has no time by nature */
    const bool is_said = r->masker->transcript->format < VEIL_TRANSCRIPT_CTM;
    if (place->word == VL_NO_WORD) return put_text(r, raw, place->size_bytes, place->encoding, is_said);
    const char *entity = vl_masker_word(r->masker, place->word);
    if (entity != NULL) {
        put_word_mask(r, raw, place->size_bytes, entity);
        return VEIL_OK;
    }
    bool is_segment = (r->masker->transcript->words[place->word].flags & VL_WORD_IS_SEGMENT) != 0;
    return is_segment ? put_segment(r, place, raw) : put_word(r, place, raw);
}

/* The place at this offset of the document, or NULL. Offsets only ever rise. */
static const vl_place *place_at(rewriter *r, size_t offset)
{
    const vl_transcript *t = r->masker->transcript;
    while (r->place < t->place_count && t->places[r->place].offset < offset)
        r->place++;
    return r->place < t->place_count && t->places[r->place].offset == offset ? &t->places[r->place] : NULL;
}

/* Was it read as a time? Offsets only ever rise. */
static bool was_time(rewriter *r, size_t offset)
{
    const vl_transcript *t = r->masker->transcript;
    while (r->time < t->time_count && t->times[r->time].end <= offset)
        r->time++;
    return r->time < t->time_count && t->times[r->time].start <= offset;
}

/* Ids of the recognizer's tokens, from which its vocabulary gives back the text. */
static bool is_token_id(const rewriter *r)
{
    if (r->key.raw == NULL) return false;
    bool is_cpp = r->masker->transcript->format == VEIL_TRANSCRIPT_WHISPER_CPP;
    return vl_json_equals(&r->key, "tokens") || (is_cpp && r->is_member && vl_json_equals(&r->key, "id"));
}

#define SEARCHED_DIGITS 7u /* whole numbers of as many are searched; any is compared with what was found */

static veil_status search_number(rewriter *r, const vl_json_token *token, bool *is_found)
{
    char digits[VL_NUMBER_DIGITS];
    uint32_t n = vl_rewrite_digits(token, digits);
    vl_masks masks = {0};
    veil_status status;
    if (n >= SEARCHED_DIGITS)
        status = vl_masker_text(r->masker, digits, n, false, &masks);
    else
        status = vl_secrets_search(&r->masker->secrets, digits, n, r->masker->work, &masks);
    vl_wipe(digits, sizeof digits);
    *is_found = masks.count != 0;
    return status == VEIL_OK || n >= SEARCHED_DIGITS ? status : no_buffer(r, status);
}

/* A number must stay one: it becomes 0. */
static veil_status put_number(rewriter *r, const vl_json_token *token, bool is_time)
{
    vl_audio_work_mark mark = vl_audio_work_save(r->masker->work);
    bool is_found = false, is_id = is_token_id(r);
    veil_status status = is_id || is_time ? VEIL_OK : search_number(r, token, &is_found);
    vl_audio_work_reset(r->masker->work, mark);
    if (status != VEIL_OK) return status;
    r->has_masked = r->has_masked || is_found;
    r->kept_ids = r->kept_ids || (is_id && !r->drops_ids);
    if (is_found || (is_id && r->drops_ids))
        put(&r->to, "0", 1);
    else
        put(&r->to, token->raw, token->raw_bytes);
    return VEIL_OK;
}

/* A name of letters alone, as members have: nothing but what was found elsewhere could be in it. */
static bool is_name(const vl_json_token *token)
{
    for (size_t i = 0; i < token->raw_bytes; i++) {
        char c = (char)(token->raw[i] | 0x20);
        if ((c < 'a' || c > 'z') && token->raw[i] != '_') return false;
    }
    return token->type == VL_JSON_KEY && token->raw_bytes <= 32;
}

static veil_status put_token(rewriter *r, const vl_json_token *token, size_t *copied)
{
    size_t start = (size_t)(token->raw - r->source->bytes);
    put(&r->to, r->source->bytes + *copied, start - *copied);
    *copied = start + token->raw_bytes;
    if (token->type == VL_JSON_NUMBER) return put_number(r, token, was_time(r, start));
    if (is_name(token)) return put_known(r, token->raw, token->raw_bytes, VL_TEXT_PLAIN);
    bool is_time = token->type == VL_JSON_STRING && was_time(r, start);
    is_time = is_time || (r->is_member && vl_rewrite_is_time(&r->key, token, r->masker->transcript->end_s));
    if (is_time) {
        put(&r->to, token->raw, token->raw_bytes);
        return VEIL_OK;
    }
    const vl_place *place = token->type == VL_JSON_STRING ? place_at(r, start) : NULL;
    if (place != NULL) return put_place(r, place);
    return put_text(r, token->raw, token->raw_bytes, token->has_escapes ? VL_TEXT_JSON : VL_TEXT_PLAIN, false);
}

static veil_status check_time(const rewriter *r)
{
    if (!vl_deadline_passed(r->masker->plan->deadline_ns)) return VEIL_OK;
    return vl_error_set(r->masker->error, VEIL_ERR_TIMEOUT, 0, "the deadline passed before the transcript was written");
}

static veil_status rewrite_json(rewriter *r)
{
    const char *bytes = r->source->bytes;
    const size_t size_bytes = r->source->size_bytes;
    size_t base = 0, copied = 0;
    for (;;) {
        while (base < size_bytes && strchr(" \t\r\n", bytes[base]) != NULL && bytes[base] != '\0')
            base++;
        if (base == size_bytes) break;
        vl_json json;
        vl_json_token token;
        vl_json_init(&json, bytes + base, size_bytes - base);
        do {
            vl_json_type type = vl_json_next(&json, &token);
            if (type == VL_JSON_ERROR)
                return vl_error_set(r->masker->error, VEIL_ERR_MALFORMED_INPUT, base + json.offset,
                                    "transcript: not valid JSON");
            bool has_text = type == VL_JSON_STRING || type == VL_JSON_KEY || type == VL_JSON_NUMBER;
            veil_status status = has_text ? put_token(r, &token, &copied) : check_time(r);
            if (status != VEIL_OK) return status;
            r->is_member = type == VL_JSON_KEY;
            if (r->is_member) r->key = token;
        } while (json.depth != 0);
        base += json.offset;
    }
    put(&r->to, bytes + copied, size_bytes - copied);
    return VEIL_OK;
}

static veil_status rewrite_places(rewriter *r)
{
    const vl_transcript *t = r->masker->transcript;
    size_t copied = 0;
    for (uint32_t i = 0; i < t->place_count; i++) {
        const vl_place *place = &t->places[i];
        veil_status status = check_time(r);
        if (status != VEIL_OK) return status;
        put(&r->to, r->source->bytes + copied, place->offset - copied);
        copied = (size_t)place->offset + place->size_bytes;
        status = put_place(r, place);
        if (status != VEIL_OK) return status;
    }
    put(&r->to, r->source->bytes + copied, r->source->size_bytes - copied);
    return VEIL_OK;
}

veil_status vl_transcript_rewrite(vl_masker *masker, const vl_transcript_source *source, char *out, size_t capacity,
                                  size_t *out_bytes)
{
    const rewriter start = {.masker = masker, .source = source, .to = {.out = out, .capacity = capacity}};
    rewriter r = start;
    bool is_json = masker->transcript->format < VEIL_TRANSCRIPT_CTM;
    r.drops_ids = masker->cut_count != 0 || masker->found.count != 0;
    veil_status status = is_json ? rewrite_json(&r) : rewrite_places(&r);
    if (status == VEIL_OK && r.kept_ids && r.has_masked) { /* known too late */
        r = start;
        r.drops_ids = true;
        status = rewrite_json(&r);
    }
    *out_bytes = r.to.used;
    if (status != VEIL_OK || r.to.used <= capacity) return status;
    return vl_error_set(masker->error, VEIL_ERR_BUFFER_TOO_SMALL, 0, "the transcript takes %zu bytes, room for %zu",
                        r.to.used, capacity);
}
