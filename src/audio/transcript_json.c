/*
 * The reader of JSON transcripts: one pass over the document, which stays where it is; words point into it. It follows the
 * tables of the format; members that no table names are skipped. Anything whose time cannot be known is an error: text that
 * cannot be placed cannot be removed.
 */
#include "audio/transcript_json.h"

#include <math.h>
#include <string.h>

#include "core/json.h"

typedef struct reader {
    vl_json json;
    vl_json_token token;
    const vl_json_shape *shape;
    vl_transcript_sink *sink;
    size_t base;    /* of this document in the transcript */
    uint16_t layer; /* of the list being read */
    int16_t channel;
    uint32_t first_word; /* of this document */
    double said_s;       /* the end of what was said in those before it */
    bool has_whole;      /* some text says all, and words must follow */
    uint8_t depth;
} reader;

#define DEPTH_MAX 24u /* of objects that tables name; none has more than eight */

/* What one object said. Times are NaN until seen. */
typedef struct node {
    double start_s;
    double end_s;
    double length_s;
    vl_json_token text;
    vl_json_token second; /* another writing of the same; no bytes: none */
    vl_json_token forms[4];
    uint32_t first_word;
    uint32_t first_place;
    uint32_t first_beside;
    uint32_t first_stray;
    int16_t channel;  /* -1: not said */
    int8_t text_rank; /* -1: none */
    bool is_mark;
    bool is_partial;
} node;

static veil_status read_object(reader *r, uint8_t kind);
static veil_status read_members(reader *r, node *n, uint8_t kind);

static size_t position(const reader *r, size_t offset)
{
    return r->base + offset;
}

static veil_status bad_json(reader *r)
{
    return vl_sink_malformed(r->sink, position(r, r->json.offset), "not valid JSON");
}

static veil_status bad_word(reader *r, const char *what)
{
    return vl_sink_malformed_word(r->sink, position(r, r->token.offset), what);
}

/* The value of a member that no table has. */
static veil_status read_unknown(reader *r, uint8_t kind)
{
    bool is_json = true;
    veil_status status = vl_json_read_strays(&r->json, &r->token, kind, r->sink, &is_json);
    return is_json ? status : bad_json(r);
}

/* ---- times ---- */

/* Two members may say the same time, in two units, rounded. */
#define SAME_TIME_S 0.02

static veil_status read_time(reader *r, uint8_t unit, double *out)
{
    const size_t start = position(r, r->json.offset);
    double value = 0;
    switch (vl_json_read_time(&r->json, &r->token, unit, &value)) {
    case VL_TIME_NONE:
        return VEIL_OK;
    case VL_TIME_BAD_JSON:
        return bad_json(r);
    case VL_TIME_TWICE:
        return bad_word(r, "a member of it stands twice");
    case VL_TIME_WRONG:
        return bad_word(r, "a time is not a number");
    default:
        break;
    }
    if (value < 0 && r->shape->unknown_is_negative) return VEIL_OK;
    if (value < 0) return bad_word(r, "a time is negative");
    if (fabs(value - *out) > SAME_TIME_S) return bad_word(r, "two of its members say a time, and not the same");
    if (r->shape->counts_ms && fabs(value * 1e3 - nearbyint(value * 1e3)) > 1e-3)
        return bad_word(r, "a time is not in whole milliseconds, as AssemblyAI counts; is it in seconds?");
    *out = value;
    return vl_sink_time(r->sink, start, position(r, r->json.offset));
}

/* ---- text, channels ---- */

static veil_status read_string(reader *r, vl_json_token *out, bool *is_there)
{
    vl_json_type type = vl_json_next(&r->json, &r->token);
    *is_there = false;
    if (type == VL_JSON_ERROR) return bad_json(r);
    if (type == VL_JSON_NULL) return VEIL_OK;
    if (type != VL_JSON_STRING) return bad_word(r, "its text is not a string");
    if (r->token.raw_bytes > UINT32_MAX / 2) return bad_word(r, "its text is too long");
    *out = r->token;
    *is_there = true;
    return VEIL_OK;
}

static uint8_t encoding_of(const vl_json_token *token)
{
    return token->has_escapes ? VL_TEXT_JSON : VL_TEXT_PLAIN;
}

static veil_status read_text(reader *r, node *n, uint8_t rank)
{
    bool is_there;
    vl_json_token token;
    veil_status status = read_string(r, &token, &is_there);
    if (status != VEIL_OK || !is_there) return status;
    const vl_json_token before = n->text;
    const bool is_first = n->text_rank<0, is_better = (int8_t)rank> n->text_rank;
    if (is_better) n->text = token;
    if (is_better) n->text_rank = (int8_t)rank;
    if (!is_first) n->second = is_better ? before : token; /* no kind of object has three */
    return vl_sink_place(r->sink, token.raw, token.raw_bytes, encoding_of(&token), VL_NO_WORD);
}

static bool is_blank(const vl_json_token *text)
{
    for (size_t i = 0; i < text->raw_bytes; i++) {
        if (text->raw[i] != ' ') return false; /* an escape counts as text */
    }
    return true;
}

static veil_status read_whole(reader *r)
{
    bool is_there;
    vl_json_token token;
    veil_status status = read_string(r, &token, &is_there);
    if (status != VEIL_OK || !is_there || is_blank(&token)) return status;
    r->has_whole = true;
    status = vl_sink_place(r->sink, token.raw, token.raw_bytes, encoding_of(&token), VL_NO_WORD);
    if (status != VEIL_OK) return status;
    const vl_beside whole = {.raw = token.raw,
                             .raw_bytes = (uint32_t)token.raw_bytes,
                             .id_first = r->first_word,
                             .id_end = UINT32_MAX,
                             .start_s = NAN,
                             .end_s = NAN,
                             .encoding = encoding_of(&token),
                             .is_whole = 1};
    return vl_sink_beside(r->sink, &whole);
}

static veil_status read_unsettled(reader *r)
{
    bool is_there;
    vl_json_token token;
    veil_status status = read_string(r, &token, &is_there);
    if (status != VEIL_OK || !is_there || is_blank(&token)) return status;
    const vl_beside beside = {.raw = token.raw,
                              .raw_bytes = (uint32_t)token.raw_bytes,
                              .start_s = NAN,
                              .end_s = NAN,
                              .encoding = encoding_of(&token),
                              .about = VL_ABOUT_NEXT};
    status = vl_sink_place(r->sink, token.raw, token.raw_bytes, beside.encoding, VL_NO_WORD);
    return status == VEIL_OK ? vl_sink_beside(r->sink, &beside) : status;
}

static bool is_digits(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
    }
    return n > 0 && n <= 3;
}

static veil_status read_channel(reader *r, uint8_t base, int16_t *out)
{
    vl_json_type type = vl_json_next(&r->json, &r->token);
    if (type == VL_JSON_ERROR) return bad_json(r);
    if (type == VL_JSON_NULL) return VEIL_OK;
    bool is_list = type == VL_JSON_ARRAY_BEGIN && base == VL_CH_ZERO; /* [0, 2]: channel 0 of two */
    if (is_list) type = vl_json_next(&r->json, &r->token);
    const char *text = r->token.raw;
    size_t n = type == VL_JSON_NUMBER || type == VL_JSON_STRING ? r->token.raw_bytes : 0;
    if (base == VL_CH_NAME && n > 3 && memcmp(text, "ch_", 3) == 0) text += 3, n -= 3;
    if (!is_digits(text, n)) return bad_word(r, "its channel is not a number");
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    if (value > VL_CHANNEL_MAX) return bad_word(r, "it is in a channel that the sound does not have");
    *out = (int16_t)(base == VL_CH_ONE ? value - 1 : value);
    if (!is_list) return VEIL_OK;
    vl_json_token open = {.type = VL_JSON_ARRAY_BEGIN};
    return vl_json_skip(&r->json, &open) ? VEIL_OK : bad_json(r);
}

static veil_status read_flags(reader *r, node *n, uint8_t action)
{
    vl_json_type type = vl_json_next(&r->json, &r->token);
    if (type == VL_JSON_ERROR) return bad_json(r);
    if (action == VL_J_PARTIAL && type == VL_JSON_TRUE) n->is_partial = true;
    if (action == VL_J_MARK && vl_json_equals(&r->token, "punctuation")) n->is_mark = true;
    if (type != VL_JSON_OBJECT_BEGIN && type != VL_JSON_ARRAY_BEGIN) return VEIL_OK;
    return vl_json_skip(&r->json, &r->token) ? VEIL_OK : bad_json(r);
}

/* ---- lists ---- */

static uint16_t layer_of_item(const vl_json_row *row, uint16_t outer, uint32_t item)
{
    if (row->action == VL_J_REPEAT) return VL_LAYER_REPEAT;
    if (row->action != VL_J_OTHERS || item == 0) return outer;
    uint32_t first = outer >= VL_LAYER_OTHER ? outer : VL_LAYER_OTHER;
    uint32_t layer = first + item;
    return (uint16_t)(layer < VL_LAYER_LIMIT ? layer : VL_LAYER_LIMIT);
}

static veil_status read_items(reader *r, const vl_json_row *row)
{
    const uint16_t outer = r->layer;
    const int16_t outer_channel = r->channel;
    uint32_t first = r->sink->out->count, item = 0;
    for (;; item++) {
        vl_json_type type = vl_json_next(&r->json, &r->token);
        if (type == VL_JSON_ARRAY_END) break;
        if (type != VL_JSON_OBJECT_BEGIN)
            return type == VL_JSON_ERROR ? bad_json(r) : bad_word(r, "it is not an object");
        r->layer = layer_of_item(row, outer, item);
        if (row->action == VL_J_BY_INDEX) r->channel = (int16_t)(item < VL_CHANNEL_MAX ? item : VL_CHANNEL_MAX);
        veil_status status = read_object(r, row->to);
        if (status != VEIL_OK) return status;
    }
    vl_transcript *t = r->sink->out;
    if (t->count > first && !r->shape->joins_segments) t->words[first].flags |= VL_WORD_STARTS_LIST;
    if (row->action == VL_J_REPEAT && t->count > first) r->sink->has_other_lists = true;
    if (row->action == VL_J_BY_INDEX && item == 1) { /* one result for all channels is not about the first */
        for (uint32_t i = first; i < t->count; i++)
            t->words[i].channel = outer_channel;
    }
    r->layer = outer;
    r->channel = outer_channel;
    return VEIL_OK;
}

static veil_status read_nested(reader *r, node *n, const vl_json_row *row)
{
    vl_json_type type = vl_json_next(&r->json, &r->token);
    if (type == VL_JSON_ERROR) return bad_json(r);
    if (type == VL_JSON_NULL) return VEIL_OK;
    bool is_object = row->action == VL_J_OBJECT || row->action == VL_J_INTO;
    if (is_object && type == VL_JSON_OBJECT_BEGIN)
        return row->action == VL_J_INTO ? read_members(r, n, row->to) : read_object(r, row->to);
    if (!is_object && type == VL_JSON_ARRAY_BEGIN) return read_items(r, row);
    return vl_sink_malformed(r->sink, position(r, r->token.offset),
                             is_object ? "a part is not an object" : "a list is not an array");
}

/* ---- members ---- */

static const vl_json_row *find_row(const vl_json_kind *kind, const vl_json_token *key)
{
    for (uint8_t i = 0; i < kind->row_count; i++) {
        const vl_json_row *row = &kind->rows[i];
        bool is_it = key->has_escapes
                         ? vl_json_equals(key, row->key)
                         : row->key_bytes == key->raw_bytes && memcmp(row->key, key->raw, row->key_bytes) == 0;
        if (is_it) return row;
    }
    return NULL;
}

static veil_status read_member(reader *r, node *n, const vl_json_row *row)
{
    bool is_there;
    switch (row->action) {
    case VL_J_START:
        return read_time(r, row->arg, &n->start_s);
    case VL_J_END:
        return read_time(r, row->arg, &n->end_s);
    case VL_J_LENGTH:
        return read_time(r, row->arg, &n->length_s);
    case VL_J_TEXT:
        return read_text(r, n, row->arg);
    case VL_J_FORM: {
        vl_json_token form;
        veil_status status = read_string(r, &form, &is_there);
        if (status == VEIL_OK && is_there) n->forms[row->arg & 3] = form;
        return status;
    }
    case VL_J_WHOLE:
        return read_whole(r);
    case VL_J_UNSETTLED:
        return read_unsettled(r);
    case VL_J_CHANNEL:
        return read_channel(r, row->arg, &n->channel);
    case VL_J_MARK:
    case VL_J_PARTIAL:
        return read_flags(r, n, row->action);
    default:
        return read_nested(r, n, row);
    }
}

/* A member that counts stands once: readers differ in which of two they believe. */
static veil_status read_members(reader *r, node *n, uint8_t kind)
{
    uint32_t seen = 0;
    for (;;) {
        vl_json_type type = vl_json_next(&r->json, &r->token);
        if (type == VL_JSON_OBJECT_END) return VEIL_OK;
        if (type != VL_JSON_KEY) return bad_json(r);
        const vl_json_row *row = find_row(&r->shape->kinds[kind], &r->token);
        const uint32_t bit = row == NULL ? 0 : 1u << (row - r->shape->kinds[kind].rows);
        if ((seen & bit) != 0) return bad_word(r, "a member of it stands twice");
        seen |= bit;
        veil_status status = row == NULL ? read_unknown(r, kind) : read_member(r, n, row);
        if (status != VEIL_OK) return status;
    }
}

/* ---- the end of an object ---- */

static void own_places(reader *r, const node *n, uint32_t word)
{
    vl_transcript *t = r->sink->out;
    for (uint32_t i = n->first_place; i < t->place_count; i++) {
        if (t->places[i].word == VL_NO_WORD) t->places[i].word = word;
    }
}

static veil_status add(reader *r, const node *n, const vl_json_token *text, uint16_t layer, uint8_t flags)
{
    bool has_second = text == &n->text && n->second.raw_bytes != 0 && !vl_json_is_same_writing(n->text, n->second);
    if (has_second) r->sink->has_seconds = true;
    vl_word word = {.start_s = n->start_s,
                    .end_s = n->end_s,
                    .raw = text->raw,
                    .raw_bytes = (uint32_t)text->raw_bytes,
                    .layer = layer,
                    .channel = n->channel >= 0 ? n->channel : r->channel,
                    .encoding = encoding_of(text),
                    .flags = flags,
                    .second = has_second ? n->second.raw : NULL,
                    .second_bytes = has_second ? (uint32_t)n->second.raw_bytes : 0,
                    .second_encoding = encoding_of(&n->second)};
    return vl_sink_add(r->sink, position(r, r->token.offset), &word);
}

static veil_status close_word(reader *r, node *n)
{
    if (n->text_rank < 0) return bad_word(r, "it has no text");
    if (vl_json_is_marker(r->shape, &n->text)) {
        r->sink->index++;
        return VEIL_OK;
    }
    if (r->shape->has_variants) vl_json_cut_variant(&n->text);
    own_places(r, n, r->sink->out->count);
    return add(r, n, &n->text, r->layer, n->is_mark ? VL_WORD_IS_MARK | VL_WORD_CONTINUES : 0);
}

static veil_status add_forms(reader *r, const node *n)
{
    for (uint16_t i = 0; i < 4; i++) {
        if (n->forms[i].raw_bytes == 0 || is_blank(&n->forms[i])) continue;
        uint32_t id = r->sink->out->count;
        veil_status status =
            vl_sink_place(r->sink, n->forms[i].raw, n->forms[i].raw_bytes, encoding_of(&n->forms[i]), id);
        uint16_t layer = r->layer == VL_LAYER_MAIN ? (uint16_t)(VL_LAYER_FORM + i) : r->layer;
        if (status == VEIL_OK) status = add(r, n, &n->forms[i], layer, VL_WORD_IS_SEGMENT | VL_WORD_STARTS_LIST);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

static veil_status add_beside(reader *r, const node *n, const vl_json_token *text, bool is_placed)
{
    if (text->raw_bytes == 0 || is_blank(text)) return VEIL_OK;
    const vl_beside beside = {.raw = text->raw,
                              .raw_bytes = (uint32_t)text->raw_bytes,
                              .id_first = n->first_word,
                              .id_end = r->sink->out->count,
                              .start_s = n->start_s,
                              .end_s = n->end_s,
                              .encoding = encoding_of(text)};
    veil_status status = vl_sink_beside(r->sink, &beside);
    if (status != VEIL_OK || is_placed) return status;
    return vl_sink_place(r->sink, text->raw, text->raw_bytes, beside.encoding, VL_NO_WORD);
}

/* What an object says beside its words. */
static veil_status add_besides(reader *r, const node *n)
{
    veil_status status = n->text_rank < 0 ? VEIL_OK : add_beside(r, n, &n->text, true);
    if (status == VEIL_OK) status = add_beside(r, n, &n->second, true);
    for (uint16_t i = 0; i < 4 && status == VEIL_OK; i++)
        status = add_beside(r, n, &n->forms[i], false);
    return status;
}

/* Alternatives without times lie beside one with times: they begin where it does at the latest. */
static double earliest(const vl_word *words, uint32_t first, uint32_t count)
{
    double low = NAN;
    for (uint32_t i = first; i < count; i++)
        low = fmin(low, fmin(words[i].start_s, words[i].end_s));
    return low;
}

static void settle_words(reader *r, const node *n)
{
    vl_transcript *t = r->sink->out;
    double first = earliest(t->words, n->first_word, t->count);
    for (uint32_t i = n->first_word; i < t->count; i++) {
        if (t->words[i].channel < 0) t->words[i].channel = n->channel;
        if (n->is_partial) t->words[i].layer = VL_LAYER_PARTIAL;
        if (n->is_mark) t->words[i].flags |= VL_WORD_IS_MARK | VL_WORD_CONTINUES;
    }
    for (uint32_t from = n->first_word, to; from < t->count; from = to) {
        to = from + 1;
        while (to < t->count && vl_word_same_group(&t->words[from], &t->words[to]))
            to++;
        bool is_beside = isnan(n->start_s) && isnan(earliest(t->words, from, to));
        if (!n->is_mark) vl_transcript_fill_times(t->words, from, to, is_beside ? first : n->start_s, n->end_s);
    }
}

/* An alternative without times has those of its phrase. */
static void settle_besides(reader *r, const node *n)
{
    vl_transcript *t = r->sink->out;
    for (uint32_t i = n->first_beside; i < t->beside_count; i++) {
        vl_beside *beside = &t->besides[i];
        if (beside->about == VL_ABOUT_IDS && beside->is_whole == 0 && isnan(beside->start_s))
            beside->start_s = n->start_s;
        if (beside->about == VL_ABOUT_IDS && beside->is_whole == 0 && isnan(beside->end_s)) beside->end_s = n->end_s;
    }
}

static veil_status close_group(reader *r, node *n, bool is_item)
{
    veil_status status = VEIL_OK;
    if (r->sink->out->count == n->first_word) {
        bool has_text = n->text_rank >= 0 && !is_blank(&n->text) && !vl_json_is_marker(r->shape, &n->text);
        if (has_text) {
            own_places(r, n, r->sink->out->count);
            uint8_t starts = r->shape->joins_segments ? 0 : VL_WORD_STARTS_LIST;
            status = add(r, n, &n->text, r->layer, VL_WORD_IS_SEGMENT | starts);
        }
        if (status == VEIL_OK) status = add_forms(r, n);
    } else {
        status = vl_sink_check_times(r->sink, position(r, r->token.offset), n->start_s, n->end_s, !is_item);
        if (status == VEIL_OK) status = add_besides(r, n);
    }
    if (status == VEIL_OK) settle_besides(r, n);
    if (status == VEIL_OK) settle_words(r, n);
    return status;
}

static veil_status close_beside(reader *r, const node *n)
{
    if (n->text_rank < 0 || is_blank(&n->text)) return VEIL_OK;
    if (isnan(n->start_s) || isnan(n->end_s)) return bad_word(r, "there is text without times");
    veil_status status = vl_sink_check_times(r->sink, position(r, r->token.offset), n->start_s, n->end_s, true);
    const vl_beside beside = {.raw = n->text.raw,
                              .raw_bytes = (uint32_t)n->text.raw_bytes,
                              .start_s = n->start_s,
                              .end_s = n->end_s,
                              .encoding = encoding_of(&n->text),
                              .about = VL_ABOUT_ITS_TIME};
    return status == VEIL_OK ? vl_sink_beside(r->sink, &beside) : status;
}

static veil_status read_object(reader *r, uint8_t kind)
{
    node n = {.start_s = NAN,
              .end_s = NAN,
              .length_s = NAN,
              .first_word = r->sink->out->count,
              .first_place = r->sink->out->place_count,
              .first_beside = r->sink->out->beside_count,
              .first_stray = r->sink->out->stray_count,
              .channel = -1,
              .text_rank = -1};
    if (r->depth == DEPTH_MAX) return bad_json(r);
    r->depth++;
    veil_status status = read_members(r, &n, kind);
    r->depth--;
    if (status != VEIL_OK) return status;
    if (!isnan(n.length_s) && !isnan(n.start_s) && isnan(n.end_s)) n.end_s = n.start_s + n.length_s;
    uint8_t close = r->shape->kinds[kind].close;
    vl_json_settle_strays(r->sink->out, n.first_stray, n.start_s, n.end_s);
    if (close == VL_CLOSE_BESIDE) return close_beside(r, &n);
    bool has_words = r->sink->out->count > n.first_word;
    bool is_word = close == VL_CLOSE_WORD || (close == VL_CLOSE_ITEM && !has_words);
    return is_word ? close_word(r, &n) : close_group(r, &n, close == VL_CLOSE_ITEM);
}

/* One value at the top: an object, or an array of them. */
static veil_status read_root(reader *r)
{
    vl_json_type type = vl_json_next(&r->json, &r->token);
    if (type == VL_JSON_OBJECT_BEGIN) return read_object(r, 0);
    if (type != VL_JSON_ARRAY_BEGIN) return bad_json(r);
    for (;;) {
        type = vl_json_next(&r->json, &r->token);
        if (type == VL_JSON_ARRAY_END) return VEIL_OK;
        if (type != VL_JSON_OBJECT_BEGIN) return bad_json(r);
        veil_status status = read_object(r, r->shape->item_kind);
        if (status != VEIL_OK) return status;
    }
}

static const vl_json_shape *shape_of(uint32_t format)
{
    static const vl_json_shape *const shapes[] = {
        [VEIL_TRANSCRIPT_WHISPER] = &vl_shape_whisper,         [VEIL_TRANSCRIPT_VOSK] = &vl_shape_vosk,
        [VEIL_TRANSCRIPT_WHISPER_CPP] = &vl_shape_whisper_cpp, [VEIL_TRANSCRIPT_AWS] = &vl_shape_aws,
        [VEIL_TRANSCRIPT_GOOGLE] = &vl_shape_google,           [VEIL_TRANSCRIPT_AZURE] = &vl_shape_azure,
        [VEIL_TRANSCRIPT_DEEPGRAM] = &vl_shape_deepgram,       [VEIL_TRANSCRIPT_ASSEMBLYAI] = &vl_shape_assemblyai,
        [VEIL_TRANSCRIPT_PICOVOICE] = &vl_shape_picovoice,     [VEIL_TRANSCRIPT_POCKETSPHINX] = &vl_shape_pocketsphinx};
    return shapes[format];
}

/* Text without any time of its own is an error. */
static veil_status check_complete(const reader *r)
{
    const vl_transcript *t = r->sink->out;
    for (uint32_t i = 0; i < t->count; i++) {
        const vl_word *word = &t->words[i];
        if ((word->flags & VL_WORD_IS_SEGMENT) == 0 || !isnan(word->end_s)) continue;
        r->sink->index = i;
        return vl_sink_malformed_word(r->sink, (size_t)(word->raw - r->sink->source->bytes),
                                      "there is text without times");
    }
    return VEIL_OK;
}

static veil_status close_all(const reader *r)
{
    const vl_transcript *t = r->sink->out;
    if (t->beside_count == 0 || t->besides[t->beside_count - 1].about != VL_ABOUT_NEXT) return check_complete(r);
    return vl_sink_malformed(r->sink, r->base, "there is text without times at its end");
}

static bool is_json_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The whole of a document is about its own words. */
static veil_status close_document(reader *r, uint32_t first_beside)
{
    vl_transcript *t = r->sink->out;
    bool has_words = vl_besides_settle(t, first_beside, r->first_word, &r->said_s);
    if ((r->has_whole && t->count == r->first_word) || !has_words)
        return vl_sink_malformed(r->sink, r->base, "there is text without times");
    r->has_whole = false;
    return VEIL_OK;
}

/* One document, or one an utterance, one after the other (Vosk, PocketSphinx, streams; any JSON-lines file). */
veil_status vl_transcript_read_json(vl_transcript_sink *sink, uint32_t format)
{
    reader r = {.sink = sink, .shape = shape_of(format), .channel = -1};
    const char *bytes = sink->source->bytes;
    size_t size_bytes = sink->source->size_bytes;
    sink->joins_by_space = r.shape->is_spaced;
    sink->joins_segments = r.shape->joins_segments;
    sink->zero_may_be_all = r.shape->zero_may_be_all;
    for (;;) {
        while (r.base < size_bytes && is_json_space(bytes[r.base]))
            r.base++;
        if (r.base == size_bytes) return close_all(&r);
        vl_json_init(&r.json, bytes + r.base, size_bytes - r.base);
        r.first_word = sink->out->count;
        const uint32_t first_beside = sink->out->beside_count;
        veil_status status = read_root(&r);
        if (status == VEIL_OK) status = close_document(&r, first_beside);
        if (status == VEIL_OK && r.shape->counts_ms && vl_json_is_too_quick(sink->out, r.first_word))
            status = vl_sink_malformed(sink, r.base,
                                       "more than 50 words a second in milliseconds; are its times in seconds?");
        if (status != VEIL_OK) return status;
        r.base += r.json.offset;
    }
}
