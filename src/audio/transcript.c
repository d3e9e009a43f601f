/*
 * Parser of transcripts: one pass over the JSON, which stays where it is; words point into it until they are joined. The same
 * function reads every object, since the formats differ only in which lists hold which objects. Anything whose time cannot be
 * known is an error: text that cannot be placed cannot be removed.
 */
#include "audio/transcript.h"

#include <math.h>
#include <string.h>

#include "core/json.h"

#define LAYER_LIMIT      255u
#define TOP_WORDS_LAYER  1u
#define WORD_IS_REPEATED 128u /* flag within this file: a segment that is to be dropped */

typedef enum role { ROLE_ROOT, ROLE_SEGMENT, ROLE_ALTERNATIVE, ROLE_WORD } role;

typedef struct parser {
    vl_json json;
    vl_json_token token;
    vl_transcript *out;
    veil_error *error;
    double duration_s;
    uint32_t format; /* VEIL_TRANSCRIPT_*: asked for */
    uint32_t layer;  /* of the list being read */
    uint32_t index;  /* words and segments in the order of the document, for messages */
    bool is_whisper; /* what was seen */
    bool is_vosk;
    bool has_top_words;
} parser;

/* What one object said. Times are NaN until seen. */
typedef struct node {
    double start_s;
    double end_s;
    vl_json_token text;
    bool has_text;
    bool has_lists;
    uint32_t first_word;
} node;

static veil_status parse_object(parser *p, role as);

static veil_status malformed_json(parser *p)
{
    return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, p->json.offset, "transcript: not valid JSON");
}

static veil_status malformed_word(parser *p, const char *what)
{
    return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, p->token.offset, "transcript: word %u: %s", p->index, what);
}

static veil_status skip_value(parser *p)
{
    vl_json_type type = vl_json_next(&p->json, &p->token);
    if (type == VL_JSON_ERROR || type == VL_JSON_END) return malformed_json(p);
    if (type != VL_JSON_OBJECT_BEGIN && type != VL_JSON_ARRAY_BEGIN) return VEIL_OK;
    return vl_json_skip(&p->json, &p->token) ? VEIL_OK : malformed_json(p);
}

static veil_status read_time(parser *p, double *out)
{
    vl_json_type type = vl_json_next(&p->json, &p->token);
    if (type == VL_JSON_ERROR) return malformed_json(p);
    if (type == VL_JSON_NULL) return VEIL_OK;
    double value = 0;
    if (type != VL_JSON_NUMBER || !vl_json_double(&p->token, &value) || !isfinite(value)) {
        return malformed_word(p, "a time is not a number");
    }
    if (value < 0) return malformed_word(p, "a time is negative");
    *out = value;
    return VEIL_OK;
}

static veil_status read_text(parser *p, node *n)
{
    vl_json_type type = vl_json_next(&p->json, &p->token);
    if (type == VL_JSON_ERROR) return malformed_json(p);
    if (type == VL_JSON_NULL) return VEIL_OK;
    if (type != VL_JSON_STRING) return malformed_word(p, "its text is not a string");
    if (p->token.raw_bytes > UINT32_MAX / 2) return malformed_word(p, "its text is too long");
    n->text = p->token;
    n->has_text = true;
    return VEIL_OK;
}

/* An array of objects; `own_layers` gives each of them a layer of its own (alternatives). */
static veil_status read_list(parser *p, node *n, role as, uint32_t layer, bool own_layers)
{
    vl_json_type type = vl_json_next(&p->json, &p->token);
    if (type == VL_JSON_ERROR) return malformed_json(p);
    if (type == VL_JSON_NULL) return VEIL_OK;
    if (type != VL_JSON_ARRAY_BEGIN) {
        return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, p->token.offset, "transcript: a list is not an array");
    }
    uint32_t outer_layer = p->layer, first = p->out->count;
    p->layer = layer;
    n->has_lists = true;
    veil_status status = VEIL_OK;
    for (;;) {
        type = vl_json_next(&p->json, &p->token);
        if (type == VL_JSON_ARRAY_END) break;
        if (type != VL_JSON_OBJECT_BEGIN) {
            return type == VL_JSON_ERROR ? malformed_json(p) : malformed_word(p, "it is not an object");
        }
        status = parse_object(p, as);
        if (status != VEIL_OK) return status;
        if (own_layers && p->layer < LAYER_LIMIT) p->layer++;
    }
    if (p->out->count > first) p->out->words[first].flags |= VL_WORD_STARTS_LIST;
    p->layer = outer_layer;
    return VEIL_OK;
}

/* Lists that an object of this role may hold. `*known` says whether the key was one. */
static veil_status read_lists(parser *p, node *n, role as, bool *known)
{
    *known = true;
    if (as == ROLE_ROOT && vl_json_equals(&p->token, "segments")) {
        p->is_whisper = true;
        return read_list(p, n, ROLE_SEGMENT, 0, false);
    }
    if ((as == ROLE_ROOT || as == ROLE_SEGMENT) && vl_json_equals(&p->token, "words")) {
        p->is_whisper = true;
        bool is_top = as == ROLE_ROOT;
        uint32_t before = p->out->count;
        veil_status status = read_list(p, n, ROLE_WORD, is_top ? TOP_WORDS_LAYER : p->layer, false);
        if (is_top && p->out->count > before) p->has_top_words = true;
        return status;
    }
    if (as == ROLE_ROOT && vl_json_equals(&p->token, "word_segments"))
        return read_list(p, n, ROLE_WORD, TOP_WORDS_LAYER, false);
    if ((as == ROLE_ROOT || as == ROLE_ALTERNATIVE) && vl_json_equals(&p->token, "result")) {
        p->is_vosk = true;
        return read_list(p, n, ROLE_WORD, p->layer, false);
    }
    if (as == ROLE_ROOT && vl_json_equals(&p->token, "alternatives")) {
        p->is_vosk = true;
        return read_list(p, n, ROLE_ALTERNATIVE, 0, true);
    }
    *known = false;
    return VEIL_OK;
}

static veil_status read_member(parser *p, node *n, role as)
{
    bool known = false;
    veil_status status = VEIL_OK;
    if (as != ROLE_WORD) {
        status = read_lists(p, n, as, &known);
        if (known || status != VEIL_OK) return status;
    }
    if (vl_json_equals(&p->token, "start")) return read_time(p, &n->start_s);
    if (vl_json_equals(&p->token, "end")) return read_time(p, &n->end_s);
    if (vl_json_equals(&p->token, "text") && !(as == ROLE_WORD && n->has_text)) return read_text(p, n);
    if (as == ROLE_WORD && vl_json_equals(&p->token, "word")) return read_text(p, n);
    return skip_value(p);
}

static bool is_blank(const vl_json_token *text)
{
    for (size_t i = 0; i < text->raw_bytes; i++) {
        if (text->raw[i] != ' ') return false; /* an escape counts as text */
    }
    return true;
}

static veil_status check_times(parser *p, const node *n, bool is_segment)
{
    double last = p->duration_s + VL_TRANSCRIPT_TOLERANCE_S;
    if (n->start_s > n->end_s) return malformed_word(p, "its times are reversed");
    if (n->start_s > last) return malformed_word(p, "it starts beyond the end of the sound");
    /* Whisper rounds the last segment up to its 30 s window, so only words are held to the end. */
    if (!is_segment && n->end_s > last) return malformed_word(p, "it ends beyond the end of the sound");
    return VEIL_OK;
}

static veil_status add_word(parser *p, const node *n, bool is_segment)
{
    veil_status status = check_times(p, n, is_segment);
    if (status != VEIL_OK) return status;
    vl_transcript *t = p->out;
    if (t->count == t->capacity)
        return vl_error_set(p->error, VEIL_ERR_INTERNAL, 0, "transcript: words outgrew their count");
    t->words[t->count++] = (vl_word){.start_s = n->start_s,
                                     .end_s = n->end_s,
                                     .raw = n->text.raw,
                                     .raw_bytes = (uint32_t)n->text.raw_bytes,
                                     .layer = (uint16_t)p->layer,
                                     .has_escapes = n->text.has_escapes,
                                     .flags = is_segment ? VL_WORD_IS_SEGMENT | VL_WORD_STARTS_LIST : 0};
    p->index++;
    return VEIL_OK;
}

static veil_status close_object(parser *p, const node *n, role as)
{
    if (as == ROLE_WORD) {
        if (!n->has_text) return malformed_word(p, "it has no text");
        return add_word(p, n, false);
    }
    bool has_words = p->out->count > n->first_word;
    if (has_words) { /* complete what lies at the edges of a segment from the segment's own times */
        if (as == ROLE_SEGMENT) {
            veil_status status = check_times(p, n, true);
            if (status != VEIL_OK) return status;
        }
        vl_transcript_fill_times(p->out->words, n->first_word, p->out->count, n->start_s, n->end_s);
        return VEIL_OK;
    }
    if (!n->has_text) return VEIL_OK;
    if (is_blank(&n->text)) { /* Vosk's answer to silence is an empty text and nothing else */
        p->is_vosk = p->is_vosk || (as == ROLE_ROOT && !n->has_lists);
        return VEIL_OK;
    }
    if (isnan(n->start_s) || isnan(n->end_s)) return malformed_word(p, "there is text without times");
    p->is_whisper = true;
    return add_word(p, n, true);
}

static veil_status parse_object(parser *p, role as)
{
    node n = {.start_s = NAN, .end_s = NAN, .first_word = p->out->count};
    for (;;) {
        vl_json_type type = vl_json_next(&p->json, &p->token);
        if (type == VL_JSON_OBJECT_END) break;
        if (type != VL_JSON_KEY) return malformed_json(p);
        veil_status status = read_member(p, &n, as);
        if (status != VEIL_OK) return status;
    }
    return close_object(p, &n, as);
}

/* One value at the top: an object, or an array of objects (utterances or segments). */
static veil_status parse_root(parser *p)
{
    vl_json_type type = vl_json_next(&p->json, &p->token);
    if (type == VL_JSON_OBJECT_BEGIN) return parse_object(p, ROLE_ROOT);
    if (type != VL_JSON_ARRAY_BEGIN) return malformed_json(p);
    for (;;) {
        type = vl_json_next(&p->json, &p->token);
        if (type == VL_JSON_ARRAY_END) return VEIL_OK;
        if (type != VL_JSON_OBJECT_BEGIN) return malformed_json(p);
        /* In a list at the top, words belong to their segment: they are the speech itself, not a second copy of it. */
        bool had_top_words = p->has_top_words;
        uint32_t first = p->out->count;
        veil_status status = parse_object(p, ROLE_ROOT);
        if (status != VEIL_OK) return status;
        if (!had_top_words && p->has_top_words) {
            p->has_top_words = false;
            for (uint32_t i = first; i < p->out->count; i++)
                p->out->words[i].layer = 0;
        }
    }
}

static bool is_json_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Vosk writes one object an utterance, one after the other; so does any JSON-lines file. */
static veil_status parse_roots(parser *p, const char *json, size_t json_bytes)
{
    size_t at = 0;
    bool any = false;
    for (;;) {
        while (at < json_bytes && is_json_space(json[at]))
            at++;
        if (at == json_bytes) break;
        vl_json_init(&p->json, json + at, json_bytes - at);
        veil_status status = parse_root(p);
        if (status != VEIL_OK) {
            if (p->error != NULL) p->error->offset += at;
            return status;
        }
        at += p->json.offset;
        any = true;
    }
    if (any) return VEIL_OK;
    return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: empty");
}

static veil_status check_format(const parser *p)
{
    if (!p->is_whisper && !p->is_vosk) {
        return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: neither Whisper nor Vosk");
    }
    if (p->format == VEIL_TRANSCRIPT_WHISPER && !p->is_whisper) {
        return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: not Whisper's format");
    }
    if (p->format == VEIL_TRANSCRIPT_VOSK && !p->is_vosk) {
        return vl_error_set(p->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: not Vosk's format");
    }
    return VEIL_OK;
}

/* ---- Segments that words at the top repeat ---- */

/* The next byte that is spoken, in lower case, or 0: spaces and ASCII punctuation are in segments only. */
static char next_spoken(const vl_word *word, uint32_t *at)
{
    while (*at < word->raw_bytes) {
        char c = word->raw[(*at)++];
        if (c >= 'A' && c <= 'Z') return (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || ((unsigned char)c & 0x80) != 0) return c;
    }
    return 0;
}

static bool is_top_word(const vl_word *word)
{
    return (word->flags & VL_WORD_IS_SEGMENT) == 0 && word->layer == TOP_WORDS_LAYER;
}

/* Lies before the segment. A time that is not known does not count as before. */
static bool is_before(const vl_word *word, const vl_word *segment)
{
    return (word->start_s + word->end_s) / 2 < segment->start_s;
}

/* Do the words of its time say all that the segment says, in its order? The place among the words only ever moves on, so
 * that all segments together cost one walk; words out of order leave segments standing, which is the safe side. */
static bool is_said_by_words(const vl_transcript *t, const vl_word *segment, uint32_t *place)
{
    uint32_t in_segment = 0, in_word = 0;
    while (*place < t->count && (!is_top_word(&t->words[*place]) || is_before(&t->words[*place], segment)))
        ++*place;
    for (char wanted = next_spoken(segment, &in_segment); wanted != 0;) {
        if (*place == t->count) return false;
        const vl_word *word = &t->words[*place];
        char said = 0;
        if (is_top_word(word) && !(word->start_s > segment->end_s))
            said = next_spoken(word, &in_word);
        else if (is_top_word(word))
            return false;
        if (said != 0 && said != wanted) return false;
        if (said != 0) wanted = next_spoken(segment, &in_segment);
        if (said == 0) ++*place, in_word = 0;
    }
    if (in_word != 0) ++*place;
    return true;
}

/* verbose_json gives the same speech as segments without words and as words at the top: the words are better, where there
 * are any. A list of words that misses some must not take the text of the segments away. */
static void drop_segments(vl_transcript *t)
{
    uint32_t kept = 0, place = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        vl_word *word = &t->words[i];
        if ((word->flags & VL_WORD_IS_SEGMENT) != 0 && is_said_by_words(t, word, &place))
            word->flags |= WORD_IS_REPEATED;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        if ((t->words[i].flags & WORD_IS_REPEATED) == 0) t->words[kept++] = t->words[i];
    }
    t->count = kept;
}

/* Stable grouping by layer, and layers renumbered without holes. */
static veil_status group_layers(vl_transcript *t, vl_audio_work *work)
{
    uint32_t starts[LAYER_LIMIT + 2] = {0};
    for (uint32_t i = 0; i < t->count; i++)
        starts[t->words[i].layer + 1]++;
    uint16_t renumbered[LAYER_LIMIT + 1] = {0};
    t->layer_count = 0;
    for (uint32_t layer = 0; layer <= LAYER_LIMIT; layer++) {
        renumbered[layer] = (uint16_t)t->layer_count;
        if (starts[layer + 1] != 0) t->layer_count++;
        starts[layer + 1] += starts[layer];
    }
    if (t->layer_count == 1) {
        for (uint32_t i = 0; i < t->count; i++)
            t->words[i].layer = 0;
    }
    if (t->layer_count <= 1) return VEIL_OK;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, t->count, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return status;
    vl_word *grouped = memory;
    for (uint32_t i = 0; i < t->count; i++) {
        uint32_t layer = t->words[i].layer;
        grouped[starts[layer]] = t->words[i];
        grouped[starts[layer]++].layer = renumbered[layer];
    }
    t->words = grouped;
    return VEIL_OK;
}

static void finish_times(vl_transcript *t, double duration_s)
{
    uint32_t first = 0;
    while (first < t->count) {
        uint32_t end = first + 1;
        while (end < t->count && t->words[end].layer == t->words[first].layer)
            end++;
        vl_transcript_fill_times(t->words, first, end, 0, duration_s);
        first = end;
    }
    for (uint32_t i = 0; i < t->count; i++) {
        t->words[i].start_s = fmin(t->words[i].start_s, duration_s);
        t->words[i].end_s = fmin(fmax(t->words[i].end_s, t->words[i].start_s), duration_s);
    }
}

static bool any_leads_with_space(const vl_transcript *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        bool is_word = (t->words[i].flags & VL_WORD_IS_SEGMENT) == 0;
        if (is_word && t->words[i].raw_bytes != 0 && t->words[i].raw[0] == ' ') return true;
    }
    return false;
}

/* Where words carry their own leading space (Whisper), a word without one continues the word before it (".roe", "-0132"). */
static veil_status join_words(vl_transcript *t, vl_audio_work *work, veil_error *error)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < t->count; i++)
        bytes += t->words[i].raw_bytes + 1u;
    if (bytes > UINT32_MAX / 2) return vl_error_set(error, VEIL_ERR_LIMIT, 0, "transcript: text too long");
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, (size_t)bytes, 1, &memory);
    if (status != VEIL_OK) return status;
    t->text = memory;
    bool is_spaced = any_leads_with_space(t);
    size_t at = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        vl_word *word = &t->words[i];
        bool continues = is_spaced && (word->flags & VL_WORD_STARTS_LIST) == 0 && word->raw_bytes != 0 &&
                         word->raw[0] != ' ' && i > 0 && t->words[i - 1].layer == word->layer;
        if (!continues && at != 0) t->text[at++] = ' ';
        vl_json_token token = {
            .type = VL_JSON_STRING, .raw = word->raw, .raw_bytes = word->raw_bytes, .has_escapes = word->has_escapes};
        size_t lead = 0;
        while (lead < token.raw_bytes && token.raw[lead] == ' ')
            lead++;
        token.raw += lead;
        token.raw_bytes -= lead;
        size_t written = vl_json_decode(&token, t->text + at, (size_t)bytes - at);
        if (written == SIZE_MAX) {
            return vl_error_set(error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: word %u: a bad escape in its text", i);
        }
        while (written > 0 && t->text[at + written - 1] == ' ')
            written--;
        word->text_start = (uint32_t)at;
        at += written;
        word->text_end = (uint32_t)at;
    }
    t->text_bytes = (uint32_t)at;
    return VEIL_OK;
}

static size_t count_braces(const char *json, size_t json_bytes)
{
    size_t count = 0;
    for (size_t i = 0; i < json_bytes; i++)
        count += json[i] == '{';
    return count;
}

veil_status vl_transcript_parse(const char *json, size_t json_bytes, uint32_t format, double duration_s,
                                vl_audio_work *work, vl_transcript *out, veil_error *error)
{
    *out = (vl_transcript){0};
    if (format > VEIL_TRANSCRIPT_VOSK) {
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "transcript format %u is unknown", format);
    }
    size_t bound = count_braces(json, json_bytes); /* every word is an object */
    if (bound > VL_TRANSCRIPT_MAX_WORDS) {
        return vl_error_set(error, VEIL_ERR_LIMIT, 0, "transcript: more than %u words", VL_TRANSCRIPT_MAX_WORDS);
    }
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, bound, sizeof(vl_word), &memory);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "transcript: no buffer for %zu words", bound);
    out->words = memory;
    out->capacity = (uint32_t)bound;
    parser p = {.out = out, .error = error, .duration_s = duration_s, .format = format};
    status = parse_roots(&p, json, json_bytes);
    if (status != VEIL_OK) return status;
    status = check_format(&p);
    if (status != VEIL_OK) return status;
    if (p.has_top_words) drop_segments(out);
    status = group_layers(out, work);
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "transcript: no buffer for its layers");
    finish_times(out, duration_s);
    return join_words(out, work, error);
}
