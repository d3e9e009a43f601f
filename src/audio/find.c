/*
 * Two or three texts are scanned for each layer: the words as they stand, the spoken forms written tightly, and, where these
 * are ambiguous, strictly. A thing that several of them show is one finding: the strongest is reported, and the union of
 * all is removed, so a disagreement between the views can only remove more.
 */
#include "audio/find.h"

#include <math.h>
#include <string.h>

#include "audio/sort.h"
#include "audio/spoken.h"
#include "core/clock.h"

#define COMPARED_MAX                                                                                                   \
    256u /* neighbours looked at for repeats; more at one moment is no speech, and may repeat in the report */
#define FIRST_FINDINGS 256u /* room for the first scan of a text; more takes a second scan */

/* Which text a hit comes from; each language adds VIEWS to its own. */
enum { VIEW_WORDS = 1, VIEW_TIGHT = 2, VIEW_STRICT = 3, VIEW_DIGITS = 4, VIEWS = 4 };

typedef struct finder {
    const vl_text_engine *text;
    const vl_audio_plan *plan;
    const vl_transcript *transcript;
    vl_audio_work *work;
    vl_hits *hits;
    vl_secrets *secrets; /* or NULL */
    uint8_t *owner;      /* of each word: the view whose reported finding holds it, 0 for none */
    uint8_t *is_shown;   /* of each byte of the text: a reported finding covers it */
    veil_finding *findings;
    size_t finding_capacity;
    veil_error *error;
    uint32_t first; /* words of the layer */
    uint32_t end;
} finder;

static veil_status no_buffer(const finder *f, veil_status status)
{
    return vl_error_set(f->error, status, 0, "no buffer for findings");
}

static veil_status grow_hits(vl_hits *hits, uint32_t more, vl_audio_work *work)
{
    if (more <= hits->capacity - hits->count) return VEIL_OK;
    uint32_t capacity = (hits->count + more) * 2 < 64 ? 64 : (hits->count + more) * 2;
    void *memory = NULL;
    veil_status status = vl_audio_work_alloc(work, capacity, sizeof *hits->items, &memory);
    if (status != VEIL_OK) return status;
    if (hits->count != 0) memcpy(memory, hits->items, hits->count * sizeof *hits->items);
    hits->items = memory;
    hits->capacity = capacity;
    return VEIL_OK;
}

veil_status vl_hits_add(vl_hits *hits, const vl_hit *hit, vl_audio_work *work)
{
    veil_status status = grow_hits(hits, 1, work);
    if (status == VEIL_OK) hits->items[hits->count++] = *hit;
    return status;
}

static veil_status reserve_hits(finder *f, uint32_t more)
{
    veil_status status = grow_hits(f->hits, more, f->work);
    return status == VEIL_OK ? VEIL_OK : no_buffer(f, status);
}

/* What shows a hit: bytes of the transcript's text, and the words that hold them. */
typedef struct shown {
    uint32_t text_start;
    uint32_t text_end;
    uint32_t word_first;
    uint32_t word_last;
} shown;

static void add_hit(finder *f, const veil_finding *finding, const shown *in, uint8_t view)
{
    uint32_t word_first = in->word_first, word_last = in->word_last;
    const vl_word *words = f->transcript->words;
    while (word_first > f->first && (words[word_first].flags & VL_WORD_CONTINUES) != 0)
        word_first--;
    while (word_last + 1 < f->end && (words[word_last + 1].flags & VL_WORD_CONTINUES) != 0)
        word_last++;
    vl_hit hit = {.entity = finding->entity,
                  .start_s = words[word_first].start_s,
                  .end_s = words[word_first].end_s,
                  .word_first = word_first,
                  .word_last = word_last,
                  .text_start = in->text_start,
                  .text_end = in->text_end,
                  .score = finding->score,
                  .confidence = 1,
                  .layer = words[word_first].layer,
                  .channel = words[word_first].channel,
                  .view = view,
                  .source = VEIL_SOURCE_TRANSCRIPT,
                  .is_reported = finding->is_loser == 0};
    for (uint32_t i = word_first + 1; i <= word_last; i++) {
        hit.start_s = fmin(hit.start_s, words[i].start_s);
        hit.end_s = fmax(hit.end_s, words[i].end_s);
    }
    const float *sure = f->transcript->confidence;
    for (uint32_t i = word_first; i <= word_last && sure != NULL; i++)
        hit.confidence = fminf(hit.confidence, sure[i]);
    f->hits->items[f->hits->count++] = hit;
}

/* Punctuation around what was said is not part of it. */
static void trim_shown(const finder *f, shown *in)
{
    const char *text = f->transcript->text;
    while (in->text_end > in->text_start && strchr(".,;:!?\"')]", text[in->text_end - 1]) != NULL)
        in->text_end--;
    while (in->text_start < in->text_end && strchr("\"'([", text[in->text_start]) != NULL)
        in->text_start++;
}

/* Something is remembered as it was said and as it would be written. */
static veil_status remember(finder *f, const veil_finding *finding, const shown *in, const char *written,
                            uint32_t written_bytes)
{
    if (f->secrets == NULL || vl_audio_plan_effect(f->plan, finding->entity) == VEIL_EFFECT_KEEP) return VEIL_OK;
    const char *said = f->transcript->text + in->text_start;
    veil_status status = vl_secrets_add(f->secrets, said, in->text_end - in->text_start, finding, true, f->work);
    if (status == VEIL_OK) status = vl_secrets_add(f->secrets, written, written_bytes, finding, true, f->work);
    return status == VEIL_OK ? VEIL_OK : no_buffer(f, status);
}

/* All findings of one text, losers included, in f->findings. */
static veil_status scan(finder *f, const char *text, size_t text_bytes, size_t *count)
{
    *count = 0;
    if (text_bytes == 0) return VEIL_OK;
    for (;;) {
        veil_text_options options = f->plan->text;
        if (f->plan->deadline_ns != 0) {
            uint64_t now = vl_clock_ns();
            if (now >= f->plan->deadline_ns) return vl_error_set(f->error, VEIL_ERR_TIMEOUT, 0, "before a text scan");
            options.timeout_us = (f->plan->deadline_ns - now) / 1000 + 1;
        }
        veil_text_result result = {
            .struct_size = sizeof result, .findings = f->findings, .finding_capacity = f->finding_capacity};
        veil_status status = vl_text_scan(f->text, &options, text, text_bytes, &result, f->error);
        if (status != VEIL_OK && status != VEIL_ERR_BUFFER_TOO_SMALL) return status;
        *count = result.finding_count;
        if (status == VEIL_OK && result.finding_count <= f->finding_capacity) return VEIL_OK;
        if (result.finding_count <= f->finding_capacity || result.finding_count > UINT32_MAX / 4) {
            return vl_error_set(f->error, VEIL_ERR_INTERNAL, 0, "text scan miscounted its findings");
        }
        vl_error_clear(f->error);
        void *memory = NULL;
        status = vl_audio_work_alloc(f->work, result.finding_count, sizeof *f->findings, &memory);
        if (status != VEIL_OK) return no_buffer(f, status);
        f->findings = memory;
        f->finding_capacity = result.finding_count;
    }
}

/* The word that holds the byte `offset` of the transcript's text, or the last one before it. */
static uint32_t word_at(const finder *f, uint32_t offset)
{
    uint32_t low = f->first, high = f->end;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (f->transcript->words[middle].text_start <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static veil_status find_in_words(finder *f)
{
    const vl_word *words = f->transcript->words;
    uint32_t from = words[f->first].text_start, to = words[f->end - 1].text_end;
    size_t count = 0;
    veil_status status = scan(f, f->transcript->text + from, to - from, &count);
    if (status == VEIL_OK) status = reserve_hits(f, (uint32_t)count);
    for (size_t i = 0; i < count && status == VEIL_OK; i++) {
        const veil_finding *finding = &f->findings[i];
        uint32_t start = from + (uint32_t)finding->start, end = from + (uint32_t)finding->end;
        shown in = {start, end, word_at(f, start), word_at(f, end > start ? end - 1 : start)};
        add_hit(f, finding, &in, VIEW_WORDS);
        status = remember(f, finding, &in, NULL, 0);
    }
    return status;
}

static veil_status find_in_view(finder *f, const vl_units *units, uint8_t view_id)
{
    vl_spoken_view view;
    veil_status status = vl_spoken_render(units, view_id % VIEWS == VIEW_STRICT, f->work, &view);
    if (status != VEIL_OK) return no_buffer(f, status);
    size_t count = 0;
    status = scan(f, view.text, view.text_bytes, &count);
    if (status == VEIL_OK) status = reserve_hits(f, (uint32_t)count);
    for (size_t i = 0; i < count && status == VEIL_OK; i++) {
        const veil_finding *finding = &f->findings[i];
        const uint32_t start = (uint32_t)finding->start, end = (uint32_t)finding->end;
        shown in;
        vl_spoken_words(&view, start, end, &in.word_first, &in.word_last);
        vl_spoken_text(&view, start, end, &in.text_start, &in.text_end);
        trim_shown(f, &in);
        add_hit(f, finding, &in, view_id);
        f->hits->items[f->hits->count - 1].written = view.text + start;
        f->hits->items[f->hits->count - 1].written_bytes = end - start;
        status = remember(f, finding, &in, view.text + start, end - start);
    }
    return status;
}

/* Stronger first: score, then more words, then the view that is closer to what was said. */
static bool is_stronger(const void *left, const void *right)
{
    const vl_hit *a = left, *b = right;
    if (a->is_reported != b->is_reported) return a->is_reported > b->is_reported;
    if (a->score != b->score) return a->score > b->score;
    uint32_t a_words = a->word_last - a->word_first, b_words = b->word_last - b->word_first;
    if (a_words != b_words) return a_words > b_words;
    if (a->view != b->view) return a->view < b->view;
    if (a->word_first != b->word_first) return a->word_first < b->word_first;
    return strcmp(a->entity, b->entity) < 0;
}

static bool is_owned_by_other(const finder *f, const vl_hit *hit)
{
    for (uint32_t i = hit->word_first; i <= hit->word_last; i++) {
        if (f->owner[i] != 0 && f->owner[i] != hit->view) return true;
    }
    return false;
}

/* Findings of one view never exclude each other (two may lie in one word); the text engine has judged them already. */
static void choose_reported(finder *f, uint32_t from)
{
    uint32_t count = f->hits->count - from;
    if (count == 0) return;
    vl_hit *hits = f->hits->items + from;
    vl_sort(hits, count, sizeof *hits, is_stronger);
    for (uint32_t i = 0; i < count && hits[i].is_reported; i++) {
        if (is_owned_by_other(f, &hits[i])) {
            hits[i].is_reported = 0;
            continue;
        }
        memset(f->owner + hits[i].word_first, hits[i].view, hits[i].word_last - hits[i].word_first + 1);
        memset(f->is_shown + hits[i].text_start, 1, hits[i].text_end - hits[i].text_start);
    }
}

static bool continues_run(const vl_unit *unit)
{
    if (unit->lexeme == VL_LEX_DIGITS) return true;
    return (unit->flags & VL_UNIT_ACTIVE) != 0 && (unit->flags & VL_UNIT_POINT) == 0 && unit->value != '@';
}

#define RUN_DIGITS_MAX 64u /* of a run that are remembered */

static veil_status remember_digits(finder *f, const vl_units *units, uint32_t from, uint32_t to, const shown *in)
{
    static const veil_finding finding = {.entity = VL_ENTITY_SPOKEN_NUMBER, .score = VL_SPOKEN_NUMBER_SCORE};
    void *memory = NULL;
    uint32_t count = 0;
    veil_status status = vl_audio_work_alloc(f->work, RUN_DIGITS_MAX, 1, &memory);
    if (status != VEIL_OK) return no_buffer(f, status);
    char *digits = memory;
    for (uint32_t i = from; i < to; i++) {
        const vl_unit *unit = &units->items[i];
        const char *text = (unit->flags & VL_UNIT_OWN) != 0 ? units->own : units->transcript->text;
        uint32_t n = unit->core_end - unit->core_start;
        if (unit->lexeme != VL_LEX_DIGITS || n > RUN_DIGITS_MAX - count) continue;
        memcpy(digits + count, text + unit->core_start, n);
        count += n;
    }
    f->hits->items[f->hits->count - 1].written = digits;
    f->hits->items[f->hits->count - 1].written_bytes = count;
    return remember(f, &finding, in, digits, count);
}

/* A segment may hold a finding and other digits besides: what counts there is its text. */
static bool is_unit_shown(const finder *f, const vl_unit *unit)
{
    if ((f->transcript->words[unit->word_first].flags & VL_WORD_IS_SEGMENT) == 0) return true;
    for (uint32_t at = unit->full_start; at < unit->full_end; at++) {
        char c = f->transcript->text[at];
        bool is_said = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (is_said && f->is_shown[at] == 0) return false;
    }
    return true;
}

static veil_status add_digit_run(finder *f, const vl_units *units, uint32_t from, uint32_t to)
{
    uint32_t digits = 0;
    for (uint32_t i = from; i < to; i++) {
        if (units->items[i].lexeme == VL_LEX_DIGITS) digits += units->items[i].spoken_digits;
    }
    if (digits < VL_SPOKEN_NUMBER_DIGITS) return VEIL_OK;
    uint32_t word_first = units->items[from].word_first, word_last = units->items[to - 1].word_last;
    bool is_covered = true;
    for (uint32_t i = word_first; i <= word_last; i++)
        is_covered = is_covered && f->owner[i] != 0;
    for (uint32_t i = from; i < to && is_covered; i++)
        is_covered = units->items[i].lexeme != VL_LEX_DIGITS || is_unit_shown(f, &units->items[i]);
    if (is_covered) return VEIL_OK;
    veil_status status = reserve_hits(f, 1);
    if (status != VEIL_OK) return status;
    veil_finding finding = {.entity = VL_ENTITY_SPOKEN_NUMBER, .score = VL_SPOKEN_NUMBER_SCORE};
    shown in = {units->items[from].full_start, units->items[to - 1].full_end, word_first, word_last};
    trim_shown(f, &in);
    add_hit(f, &finding, &in, VIEW_DIGITS);
    memset(f->owner + word_first, VIEW_DIGITS, word_last - word_first + 1); /* other languages find it too */
    memset(f->is_shown + in.text_start, 1, in.text_end - in.text_start);
    return remember_digits(f, units, from, to, &in);
}

static veil_status find_digit_runs(finder *f, const vl_units *units)
{
    uint32_t at = 0;
    while (at < units->count) {
        if (units->items[at].lexeme != VL_LEX_DIGITS) {
            at++;
            continue;
        }
        uint32_t from = at, to = at + 1;
        while (at < units->count && continues_run(&units->items[at])) {
            if (units->items[at++].lexeme == VL_LEX_DIGITS) to = at;
        }
        veil_status status = add_digit_run(f, units, from, to);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}

/* The spoken forms of one language. */
static veil_status find_spoken(finder *f, uint32_t lexicon, vl_units *units)
{
    veil_status status = vl_units_read(f->transcript, vl_lexicon_at(lexicon), f->first, f->end, f->work, units);
    if (status != VEIL_OK) return no_buffer(f, status);
    vl_units_build_numbers(units);
    vl_units_join(units);
    if (!f->plan->runs_text) return VEIL_OK;
    const uint8_t views = (uint8_t)(lexicon * VIEWS);
    if (units->is_changed) status = find_in_view(f, units, VIEW_TIGHT + views);
    if (status == VEIL_OK && units->is_ambiguous) status = find_in_view(f, units, VIEW_STRICT + views);
    return status;
}

/* Runs of digits come last, for they are what nothing stronger covers in any language. */
static veil_status find_in_layer(finder *f)
{
    uint32_t from = f->hits->count;
    uint32_t lexicons = f->plan->lexicons != 0 ? f->plan->lexicons : 1;
    bool wants_numbers = f->plan->runs_spoken_number && f->plan->min_score <= VL_SPOKEN_NUMBER_SCORE;
    vl_units units[VL_LEXICONS];
    veil_status status = f->plan->runs_text ? find_in_words(f) : VEIL_OK;
    for (uint32_t i = 0; i < VL_LEXICONS && status == VEIL_OK; i++) {
        if ((lexicons >> i & 1) != 0) status = find_spoken(f, i, &units[i]);
    }
    if (status == VEIL_OK && f->plan->runs_text) choose_reported(f, from);
    for (uint32_t i = 0; i < VL_LEXICONS && status == VEIL_OK && wants_numbers; i++) {
        if ((lexicons >> i & 1) != 0) status = find_digit_runs(f, &units[i]);
    }
    return status;
}

static bool is_earlier(const void *left, const void *right)
{
    const vl_hit *a = left, *b = right;
    if (a->start_s != b->start_s) return a->start_s < b->start_s;
    if (a->layer != b->layer) return a->layer < b->layer;
    if (a->channel != b->channel) return a->channel < b->channel;
    return is_stronger(a, b);
}

static bool is_number_within(const vl_hit *inner, const vl_hit *outer)
{
    double middle_s = (inner->start_s + inner->end_s) / 2;
    return strcmp(inner->entity, VL_ENTITY_SPOKEN_NUMBER) == 0 && inner->score < outer->score &&
           outer->start_s <= middle_s && middle_s <= outer->end_s;
}

/* Two hits at the same time, the earlier first: which of them says nothing new, or neither. A number is covered by what is
 * stronger, as within one text. */
static vl_hit *find_repeat(vl_hit *a, vl_hit *b)
{
    bool is_same_place = a->channel == b->channel || a->channel < 0 || b->channel < 0;
    bool is_same_list = a->layer == b->layer && a->channel == b->channel;
    if (is_same_list || !is_same_place || !b->is_reported) return NULL;
    if (strcmp(a->entity, b->entity) == 0) return b->confidence > a->confidence ? a : b;
    if (is_number_within(a, b)) return a;
    return is_number_within(b, a) ? b : NULL;
}

void vl_hits_report_once(vl_hits *hits, uint32_t from)
{
    if (hits->count == from) return; /* there may be no items at all */
    vl_sort(hits->items + from, hits->count - from, sizeof *hits->items, is_earlier);
    for (uint32_t i = from; i < hits->count; i++) {
        vl_hit *kept = &hits->items[i];
        uint32_t limit = hits->count - i > COMPARED_MAX ? i + COMPARED_MAX : hits->count;
        for (uint32_t j = i + 1; kept->is_reported && j < limit && hits->items[j].start_s < kept->end_s; j++) {
            vl_hit *repeat = find_repeat(kept, &hits->items[j]);
            if (repeat != NULL) repeat->is_reported = 0;
        }
    }
}

veil_status vl_audio_find(const vl_text_engine *text, const vl_audio_plan *plan, const vl_transcript *transcript,
                          vl_audio_work *work, vl_hits *hits, vl_secrets *secrets, veil_error *error)
{
    uint32_t from = hits->count;
    if (transcript->count == 0 || (!plan->runs_text && !plan->runs_spoken_number)) return VEIL_OK;
    finder f = {.text = text,
                .plan = plan,
                .transcript = transcript,
                .work = work,
                .hits = hits,
                .secrets = secrets,
                .error = error,
                .finding_capacity = FIRST_FINDINGS};
    void *owner = NULL, *findings = NULL, *is_shown = NULL;
    veil_status status = vl_audio_work_alloc(work, transcript->count, 1, &owner);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, (size_t)transcript->text_bytes + 1, 1, &is_shown);
    if (status == VEIL_OK) status = vl_audio_work_alloc(work, FIRST_FINDINGS, sizeof *f.findings, &findings);
    if (status != VEIL_OK) return no_buffer(&f, status);
    f.owner = owner;
    f.is_shown = is_shown;
    f.findings = findings;
    while (f.end < transcript->count && status == VEIL_OK) {
        f.first = f.end++;
        while (f.end < transcript->count && vl_word_same_group(&transcript->words[f.end], &transcript->words[f.first]))
            f.end++;
        status = find_in_layer(&f);
    }
    bool has_more = transcript->group_count > 1;
    if (status == VEIL_OK && transcript->beside_count != 0) {
        const uint32_t count = hits->count;
        status = vl_audio_find_beside(text, plan, transcript, work, hits, from, secrets, error);
        has_more = has_more || hits->count != count;
    }
    if (status == VEIL_OK && has_more) vl_hits_report_once(hits, from);
    return status;
}
