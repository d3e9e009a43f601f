/*
 * Texts beside words: what a segment, an alternative, a phrase in its other writings or the whole document says in one piece. Most
 * say what their words say, letter for letter, and need no look. The others are searched too, and what they show must go: it is
 * covered by what was found in the words; or its letters and digits are those of some words, which go; or nobody knows where in
 * the time of that text it is said, and all of that time goes.
 */
#include <math.h>
#include <string.h>

#include "audio/find.h"
#include "audio/sort.h"

#define LAYERS    (VL_LAYER_LIMIT + 1u)
#define COSTS_MAX (1u << 28) /* bytes compared in a call; behind that, all of the time goes */

/* What a hit of the words says, squeezed. */
typedef struct cover {
    const vl_hit *hit;
    const char *said;
    const char *written;
    uint32_t said_bytes;
    uint32_t written_bytes;
} cover;

typedef struct seeker {
    const vl_audio_plan *plan;
    const vl_transcript *transcript;
    vl_audio_work *work;
    vl_hits *hits;
    veil_error *error;
    vl_transcript texts; /* those that do not say the same; word i is besides[beside_of[i]] */
    uint32_t *beside_of;
    vl_hits shown; /* in them */
    cover *covers; /* by text_start */
    uint32_t cover_count;
    uint32_t *walk; /* the words of one text, each once */
    uint32_t walk_count;
    uint32_t *taken; /* of each word: the last walk that it was in */
    uint32_t walks;
    char *letters; /* of the walk */
    uint32_t *letter_of;
    uint32_t letter_count;
    double start_s; /* the time of the text */
    double end_s;
    uint64_t costs;
} seeker;

static veil_status no_buffer(const seeker *s, veil_status status)
{
    return vl_error_set(s->error, status, 0, "no buffer for the transcript's texts");
}

/* ---- The words of a text: of all lists in it, the longest, else the first ---- */

static void take_walk(seeker *s, const vl_beside *beside)
{
    const vl_transcript *t = s->transcript;
    uint32_t counts[LAYERS] = {0}, layer = 0;
    s->walk_count = 0;
    if (s->costs > COSTS_MAX) return; /* as if nothing were known of its words */
    s->costs += LAYERS + 2 * (uint64_t)(beside->id_end - beside->id_first);
    for (uint32_t id = beside->id_first; id < beside->id_end; id++) {
        if (t->index_of[id] != VL_NO_WORD) counts[t->words[t->index_of[id]].layer & VL_LAYER_LIMIT]++;
    }
    for (uint32_t i = 1; i < LAYERS; i++)
        layer = counts[i] > counts[layer] ? i : layer;
    s->walks++;
    for (uint32_t id = beside->id_first; id < beside->id_end; id++) {
        uint32_t index = t->index_of[id];
        if (index == VL_NO_WORD || t->words[index].layer != layer || s->taken[index] == s->walks) continue;
        s->taken[index] = s->walks; /* a second list points to the same words */
        s->walk[s->walk_count++] = index;
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The same letters, marks and gaps: what the words show, this shows. */
static bool is_said_by_words(const seeker *s, const char *text, size_t n)
{
    const vl_transcript *t = s->transcript;
    size_t at = 0;
    for (uint32_t i = 0; i < s->walk_count; i++) {
        const vl_word *word = &t->words[s->walk[i]];
        size_t size = word->text_end - word->text_start, before = at;
        if (size == 0) continue;
        while (at < n && is_space(text[at]))
            at++;
        bool is_apart = at != before, continues = (word->flags & VL_WORD_CONTINUES) != 0;
        if (before != 0 && is_apart == continues) return false;
        if (size > n - at || memcmp(text + at, t->text + word->text_start, size) != 0) return false;
        at += size;
    }
    while (at < n && is_space(text[at]))
        at++;
    return at == n;
}

static void take_letters(seeker *s)
{
    const vl_transcript *t = s->transcript;
    s->letter_count = 0;
    for (uint32_t i = 0; i < s->walk_count; i++) {
        const vl_word *word = &t->words[s->walk[i]];
        uint32_t n =
            vl_squeeze(t->text + word->text_start, word->text_end - word->text_start, s->letters + s->letter_count);
        for (uint32_t j = 0; j < n; j++)
            s->letter_of[s->letter_count++] = i;
    }
}

/* The whole time of a text. Where it names none, the gaps around its words are its own. */
static void take_time(seeker *s, const vl_beside *beside)
{
    const vl_transcript *t = s->transcript;
    s->start_s = isnan(beside->start_s) ? INFINITY : beside->start_s;
    s->end_s = isnan(beside->end_s) ? 0 : beside->end_s;
    for (uint32_t i = 0; i < s->walk_count; i++) {
        s->start_s = fmin(s->start_s, t->words[s->walk[i]].start_s);
        s->end_s = fmax(s->end_s, t->words[s->walk[i]].end_s);
    }
    if (s->walk_count == 0) {
        s->start_s = isnan(beside->start_s) ? 0 : beside->start_s;
        s->end_s = isnan(beside->end_s) ? t->end_s : beside->end_s;
        return;
    }
    uint32_t first = s->walk[0], last = s->walk[s->walk_count - 1];
    bool has_before = first > 0 && vl_word_same_group(&t->words[first], &t->words[first - 1]);
    bool has_behind = last + 1 < t->count && vl_word_same_group(&t->words[last], &t->words[last + 1]);
    if (isnan(beside->start_s)) s->start_s = fmin(s->start_s, has_before ? t->words[first - 1].end_s : 0);
    if (isnan(beside->end_s)) s->end_s = fmax(s->end_s, has_behind ? t->words[last + 1].start_s : t->end_s);
}

/* ---- What is searched ---- */

static veil_status take_room(seeker *s)
{
    const vl_transcript *t = s->transcript;
    size_t bytes = 0;
    for (uint32_t i = 0; i < t->beside_count; i++)
        bytes += t->besides[i].raw_bytes + 1u;
    if (bytes > UINT32_MAX / 2) return vl_error_set(s->error, VEIL_ERR_LIMIT, 0, "transcript: text too long");
    void *words = NULL, *text = NULL, *besides = NULL, *walk = NULL, *taken = NULL;
    veil_status status = vl_audio_work_alloc(s->work, t->beside_count, sizeof(vl_word), &words);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, bytes, 1, &text);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, t->beside_count, sizeof(uint32_t), &besides);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, t->count, sizeof(uint32_t), &walk);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, t->count, sizeof(uint32_t), &taken);
    if (status != VEIL_OK) return no_buffer(s, status);
    s->texts = (vl_transcript){.words = words, .text = text, .group_count = 1, .format = t->format, .end_s = t->end_s};
    s->beside_of = besides;
    s->walk = walk;
    s->taken = taken;
    return VEIL_OK;
}

static bool is_as_before(const seeker *s, const vl_beside *beside, const char *text, uint32_t n)
{
    if (s->texts.count == 0) return false;
    const vl_word *last = &s->texts.words[s->texts.count - 1];
    const vl_beside *other = &s->transcript->besides[s->beside_of[s->texts.count - 1]];
    return other->id_first == beside->id_first && other->id_end == beside->id_end &&
           last->text_end - last->text_start == n && memcmp(s->texts.text + last->text_start, text, n) == 0;
}

static veil_status take_text(seeker *s, uint32_t index)
{
    vl_transcript *texts = &s->texts;
    const vl_beside *beside = &s->transcript->besides[index];
    const uint32_t at = texts->text_bytes;
    size_t n = vl_transcript_decode(beside->raw, beside->raw_bytes, beside->encoding, texts->text + at);
    if (n == SIZE_MAX) return vl_error_set(s->error, VEIL_ERR_MALFORMED_INPUT, 0, "transcript: a bad escape in a text");
    take_walk(s, beside);
    if (is_said_by_words(s, texts->text + at, n) || is_as_before(s, beside, texts->text + at, (uint32_t)n))
        return VEIL_OK;
    s->beside_of[texts->count] = index;
    texts->words[texts->count] = (vl_word){.text_start = at,
                                           .text_end = at + (uint32_t)n,
                                           .layer = (uint16_t)(VL_LAYER_BESIDE + (texts->count & 1)),
                                           .channel = -1,
                                           .flags = VL_WORD_IS_SEGMENT};
    texts->count++;
    texts->text[at + n] = ' ';
    texts->text_bytes = at + (uint32_t)n + 1;
    return VEIL_OK;
}

/* Those of parts first, then those of the whole. */
static veil_status take_texts(seeker *s)
{
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < s->transcript->beside_count * 2 && status == VEIL_OK; i++) {
        uint32_t index = i % s->transcript->beside_count;
        bool is_turn = (s->transcript->besides[index].is_whole != 0) == (i >= s->transcript->beside_count);
        if (is_turn) status = take_text(s, index);
    }
    return status;
}

/* ---- What covers it ---- */

static bool is_cover_before(const void *left, const void *right)
{
    const cover *a = left, *b = right;
    if (a->hit->layer != b->hit->layer) return a->hit->layer < b->hit->layer;
    return a->hit->text_start < b->hit->text_start;
}

static veil_status take_covers(seeker *s, uint32_t from)
{
    const vl_hits *hits = s->hits;
    size_t bytes = 0;
    for (uint32_t i = from; i < hits->count; i++)
        bytes += (size_t)(hits->items[i].text_end - hits->items[i].text_start) + hits->items[i].written_bytes;
    void *covers = NULL, *text = NULL, *copies = NULL;
    uint32_t count = hits->count - from;
    veil_status status = vl_audio_work_alloc(s->work, (size_t)count + 1, sizeof(cover), &covers);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, (size_t)count + 1, sizeof(vl_hit), &copies);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, bytes + 1, 1, &text);
    if (status != VEIL_OK) return no_buffer(s, status);
    s->covers = covers;
    char *to = text;
    vl_hit *copy = copies; /* the list of hits will grow, and move */
    for (uint32_t i = 0; i < count; i++, copy++) {
        *copy = hits->items[from + i];
        cover *one = &s->covers[s->cover_count++];
        *one = (cover){.hit = copy, .said = to};
        one->said_bytes = vl_squeeze(s->transcript->text + copy->text_start, copy->text_end - copy->text_start, to);
        one->written = to += one->said_bytes;
        if (copy->written != NULL) one->written_bytes = vl_squeeze(copy->written, copy->written_bytes, to);
        to += one->written_bytes;
    }
    vl_sort(s->covers, s->cover_count, sizeof(cover), is_cover_before);
    return VEIL_OK;
}

static bool contains(const char *text, uint32_t n, const char *part, uint32_t part_bytes)
{
    for (uint32_t i = 0; part_bytes != 0 && i + part_bytes <= n; i++) {
        if (text[i] == part[0] && memcmp(text + i, part, part_bytes) == 0) return true;
    }
    return false;
}

static bool is_kept(const seeker *s, const vl_hit *hit)
{
    return vl_audio_plan_effect(s->plan, hit->entity) == VEIL_EFFECT_KEEP;
}

/* How often hits of one list in this time say so, each place once. */
static uint32_t count_covers(seeker *s, uint16_t layer, const vl_hit *hit, const char *part, uint32_t n)
{
    uint32_t count = 0, behind = 0;
    for (uint32_t i = 0; i < s->cover_count; i++) {
        const cover *one = &s->covers[i];
        if (one->hit->layer != layer || one->hit->text_start < behind) continue;
        if (one->hit->end_s <= s->start_s || one->hit->start_s >= s->end_s) continue;
        if (is_kept(s, one->hit) && !is_kept(s, hit)) continue;
        s->costs += one->said_bytes + one->written_bytes;
        if (!contains(one->said, one->said_bytes, part, n) && !contains(one->written, one->written_bytes, part, n))
            continue;
        count++;
        behind = one->hit->text_end;
    }
    s->costs += s->cover_count;
    return count;
}

/* ---- What goes ---- */

static veil_status add(seeker *s, const vl_hit *hit)
{
    veil_status status = vl_hits_add(s->hits, hit, s->work);
    return status == VEIL_OK ? VEIL_OK : no_buffer(s, status);
}

/* A hit of words walk[first, last]. */
static veil_status add_words(seeker *s, const vl_hit *shown, uint32_t first, uint32_t last)
{
    const vl_word *words = s->transcript->words;
    vl_hit hit = *shown;
    hit.word_first = s->walk[first];
    hit.word_last = s->walk[last];
    hit.is_time = hit.word_last - hit.word_first != last - first; /* of several channels */
    hit.text_start = words[hit.word_first].text_start;
    hit.text_end = hit.is_time != 0 ? hit.text_start : words[hit.word_last].text_end;
    hit.channel = words[hit.word_first].channel;
    hit.start_s = INFINITY;
    hit.end_s = 0;
    for (uint32_t i = first; i <= last; i++) {
        const vl_word *word = &words[s->walk[i]];
        hit.start_s = fmin(hit.start_s, word->start_s);
        hit.end_s = fmax(hit.end_s, word->end_s);
        if (word->channel != hit.channel) hit.channel = -1;
    }
    if (hit.is_time != 0) hit.word_last = hit.word_first;
    return add(s, &hit);
}

static veil_status add_time(seeker *s, const vl_hit *shown)
{
    const vl_word *words = s->transcript->words;
    vl_hit hit = *shown;
    hit.word_first = s->walk_count == 0 ? 0 : s->walk[0];
    hit.word_last = hit.word_first;
    hit.is_time = 1;
    hit.text_start = words[hit.word_first].text_start;
    hit.text_end = hit.text_start;
    hit.channel = s->walk_count == 0 ? -1 : words[hit.word_first].channel;
    for (uint32_t i = 0; i < s->walk_count; i++) {
        if (words[s->walk[i]].channel != hit.channel) hit.channel = -1;
    }
    hit.start_s = s->start_s;
    hit.end_s = s->end_s;
    return add(s, &hit);
}

/* Where whole words are these letters: counted, and added when asked for. */
static veil_status locate(seeker *s, const vl_hit *shown, const char *part, uint32_t n, bool adds, uint32_t *count)
{
    veil_status status = VEIL_OK;
    *count = 0;
    s->costs += s->letter_count;
    for (uint32_t at = 0; n != 0 && at + n <= s->letter_count && status == VEIL_OK; at++) {
        uint32_t end = at + n;
        bool begins = at == 0 || s->letter_of[at - 1] != s->letter_of[at];
        if (!begins || s->letters[at] != part[0]) continue;
        s->costs += n;
        if (memcmp(s->letters + at, part, n) != 0) continue;
        if (end < s->letter_count && s->letter_of[end] == s->letter_of[end - 1]) continue;
        ++*count;
        if (adds) status = add_words(s, shown, s->letter_of[at], s->letter_of[end - 1]);
    }
    return status;
}

typedef struct part {
    const char *text;
    uint32_t size_bytes;
} part;

static bool is_same_part(const part *a, const part *b)
{
    return a->size_bytes == b->size_bytes && memcmp(a->text, b->text, a->size_bytes) == 0;
}

/* The how manieth of its kind is it in its text? */
static uint32_t count_before(seeker *s, const part *parts, uint32_t index)
{
    uint32_t count = 1, last = s->shown.items[index].text_start;
    for (uint32_t i = index; i-- > 0 && s->shown.items[i].word_first == s->shown.items[index].word_first;) {
        s->costs++;
        if (s->shown.items[i].text_start == last || !is_same_part(&parts[i], &parts[index])) continue;
        last = s->shown.items[i].text_start;
        count++;
    }
    return count;
}

static bool is_whole(const seeker *s, uint32_t text)
{
    return s->transcript->besides[s->beside_of[text]].is_whole != 0;
}

/* How often texts of parts of the document showed it; they have been seen to by now. */
static uint32_t count_in_parts(seeker *s, const part *parts, uint32_t index)
{
    uint32_t count = 0, behind = 0, text = VL_NO_WORD, last = 0;
    for (uint32_t i = 0; i < index && !is_whole(s, s->shown.items[i].word_first); i++) {
        const vl_hit *hit = &s->shown.items[i];
        const vl_beside *beside = &s->transcript->besides[s->beside_of[hit->word_first]];
        s->costs++;
        if (!is_same_part(&parts[i], &parts[index])) continue;
        bool is_next = hit->word_first == text && hit->text_start != last;
        bool is_new = hit->word_first != text && beside->id_first >= behind;
        if (!is_next && !is_new) continue;
        text = hit->word_first;
        last = hit->text_start;
        behind = beside->id_end;
        count++;
    }
    return count;
}

static veil_status settle(seeker *s, const part *parts, uint32_t index)
{
    vl_hit shown = s->shown.items[index];
    const part *said = &parts[index];
    const uint32_t beside = s->beside_of[shown.word_first];
    shown.layer = (uint16_t)(VL_LAYER_BESIDE + beside % (UINT16_MAX - VL_LAYER_BESIDE));
    if (said->size_bytes == 0 || s->walk_count == 0 || s->costs > COSTS_MAX) return add_time(s, &shown);
    uint32_t needed = count_before(s, parts, index), count = 0;
    uint16_t layer = s->transcript->words[s->walk[0]].layer;
    if (count_covers(s, layer, &shown, said->text, said->size_bytes) >= needed) return VEIL_OK;
    layer = (uint16_t)(layer + VL_LAYER_SECOND);
    if (count_covers(s, layer, &shown, said->text, said->size_bytes) >= needed) return VEIL_OK;
    if (is_whole(s, s->shown.items[index].word_first) && count_in_parts(s, parts, index) >= needed) return VEIL_OK;
    veil_status status = locate(s, &shown, said->text, said->size_bytes, false, &count);
    if (status != VEIL_OK || count < needed) return status == VEIL_OK ? add_time(s, &shown) : status;
    return locate(s, &shown, said->text, said->size_bytes, true, &count);
}

static bool is_shown_before(const void *left, const void *right)
{
    const vl_hit *a = left, *b = right;
    if (a->word_first != b->word_first) return a->word_first < b->word_first;
    return a->text_start < b->text_start;
}

/* The letters and digits of each thing that was found. */
static veil_status take_parts(seeker *s, part **out)
{
    size_t bytes = 1;
    for (uint32_t i = 0; i < s->shown.count; i++)
        bytes += s->shown.items[i].text_end - s->shown.items[i].text_start;
    void *parts = NULL, *text = NULL, *letters = NULL, *owners = NULL;
    const size_t size = (size_t)s->transcript->text_bytes + 1;
    veil_status status = vl_audio_work_alloc(s->work, s->shown.count, sizeof(part), &parts);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, bytes, 1, &text);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, size, 1, &letters);
    if (status == VEIL_OK) status = vl_audio_work_alloc(s->work, size, sizeof(uint32_t), &owners);
    if (status != VEIL_OK) return no_buffer(s, status);
    s->letters = letters;
    s->letter_of = owners;
    *out = parts;
    char *to = text;
    for (uint32_t i = 0; i < s->shown.count; i++) {
        const vl_hit *hit = &s->shown.items[i];
        uint32_t n = vl_squeeze(s->texts.text + hit->text_start, hit->text_end - hit->text_start, to);
        (*out)[i] = (part){.text = to, .size_bytes = n};
        to += n;
    }
    return VEIL_OK;
}

static veil_status settle_all(seeker *s)
{
    part *parts = NULL;
    uint32_t text = VL_NO_WORD;
    vl_sort(s->shown.items, s->shown.count, sizeof(vl_hit), is_shown_before);
    veil_status status = take_parts(s, &parts);
    for (uint32_t i = 0; i < s->shown.count && status == VEIL_OK; i++) {
        if (s->shown.items[i].word_first != text) {
            text = s->shown.items[i].word_first;
            const vl_beside *beside = &s->transcript->besides[s->beside_of[text]];
            take_walk(s, beside);
            take_letters(s);
            take_time(s, beside);
        }
        status = settle(s, parts, i);
    }
    return status;
}

veil_status vl_audio_find_beside(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                                 vl_audio_work *work, vl_hits *hits, uint32_t from, vl_secrets *secrets,
                                 veil_error *error)
{
    seeker s = {.plan = plan, .transcript = transcript, .work = work, .hits = hits, .error = error};
    veil_status status = take_room(&s);
    if (status == VEIL_OK) status = take_texts(&s);
    if (status == VEIL_OK) status = vl_audio_find(text, plan, &s.texts, work, &s.shown, secrets, error);
    if (status != VEIL_OK || s.shown.count == 0) return status;
    status = take_covers(&s, from);
    return status == VEIL_OK ? settle_all(&s) : status;
}
