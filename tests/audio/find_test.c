/*
 * Transcripts end to end with the real text engine: what is found, reported and removed. Real recordings' words come from the
 * shared data when it is there.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audio_fixture.h"
#include "core/json.h"
#include "support/malloc_count.h"
#include "transcript_fixture.h"

#define FINDINGS 64u
#define RATE     8000u

typedef struct outcome {
    veil_audio_finding findings[FINDINGS];
    veil_audio_result result;
    veil_error error;
} outcome;

/* As long as the longest that was asked for; lives as long as the program. */
static int16_t *silence_of(double seconds)
{
    static int16_t *silence;
    static size_t frames;
    size_t wanted = (size_t)(seconds * RATE) + 1;
    if (wanted > frames) {
        free(silence);
        silence = calloc(wanted, sizeof *silence);
        assert_non_null(silence);
        frames = wanted;
    }
    return silence;
}

static veil_status scan(const audio_fixture *f, veil_audio_options *options, const char *json, double seconds,
                        outcome *o)
{
    memset(o, 0, sizeof *o);
    o->error = (veil_error)VEIL_ERROR_INIT;
    o->result =
        (veil_audio_result){.struct_size = sizeof o->result, .findings = o->findings, .finding_capacity = FINDINGS};
    options->transcript = json;
    options->transcript_bytes = strlen(json);
    veil_audio audio = audio_of(silence_of(seconds), (uint64_t)(seconds * RATE), RATE, 1, VEIL_SAMPLE_S16);
    return vl_audio_scan(f->engine, options, &audio, &o->result, &o->error);
}

static const veil_audio_finding *find_entity(const outcome *o, const char *entity)
{
    for (size_t i = 0; i < o->result.finding_count && i < FINDINGS; i++) {
        if (strcmp(o->findings[i].entity, entity) == 0) return &o->findings[i];
    }
    return NULL;
}

static void print_outcome(const char *said, const outcome *o)
{
    print_error("%s\n", said);
    for (size_t i = 0; i < o->result.finding_count && i < FINDINGS; i++) {
        const veil_audio_finding *g = &o->findings[i];
        print_error("  %s %.2f to %.2f score %.2f\n", g->entity, g->start_s, g->end_s, (double)g->score);
    }
}

static void spoken_data_is_found_with_its_words(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        const char *entity;
        int first, last; /* words */
    } cases[] = {
        {"my card number is four one one one one one one one one one one one one one one one thank you", "CREDIT_CARD",
         4, 19},
        {"my card number is 4111 1111 1111 1111, thank you", "CREDIT_CARD", 4, 7},
        {"card four one one one, one one one one. one one one one, one one one one", "CREDIT_CARD", 1, 16},
        {"card four double one one one triple one one double one triple one one one", "CREDIT_CARD", 1, 14},
        {"write to jane dot roe at example dot com please", "EMAIL_ADDRESS", 2, 8},
        {"write to jane.roe@example.com, please", "EMAIL_ADDRESS", 2, 2},
        {"j a n e at g mail dot com is mine", "EMAIL_ADDRESS", 0, 8},
        {"call me at four one five five five five zero one three two today", "PHONE_NUMBER", 3, 12},
        {"call me at 415-555-0132 today", "PHONE_NUMBER", 3, 3},
        {"the server is one nine two dot one six eight dot one dot one now", "IP_ADDRESS", 3, 13},
        {"my social security number is five three six nine zero four three nine nine", "US_SSN", 5, 13},
        {"the pin code is four one six zero please", "SPOKEN_NUMBER", 4, 7},
        {"the pin code is 4160 please", "SPOKEN_NUMBER", 4, 4},
        {"the pin is forty-one sixty", "SPOKEN_NUMBER", 3, 4},
        {"pin double oh double seven ok", "SPOKEN_NUMBER", 1, 4},
        {"pin four uh one um six zero ok", "SPOKEN_NUMBER", 1, 6},
        {"it is four one one one and then one one one one then one one one one space one one one one thanks",
         "CREDIT_CARD", 2, 21},
        {"go to w w w dot example dot com slash home now", "URL", 2, 10},
        {"call plus one four one five five five five zero one three two", "PHONE_NUMBER", 1, 12},
        {"my date of birth is march third nineteen eighty four ok", "DATE_TIME", 5, 9},
        {"the routing number is zero two one double zero double zero two one", "ABA_ROUTING_NUMBER", 4, 12},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        for (int form = 0; form < 3; form++) {
            char *json = form == 2 ? transcript_vosk(cases[k].said) : transcript_whisper(cases[k].said, form);
            veil_audio_options options = audio_options();
            outcome o;
            assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
            assert_int_equal(o.result.words, VEIL_WORDS_TRANSCRIPT);
            const veil_audio_finding *g = find_entity(&o, cases[k].entity);
            bool is_right = g != NULL && fabs(g->start_s - 0.5 * cases[k].first) < 1e-9 &&
                            fabs(g->end_s - (0.5 * cases[k].last + 0.4)) < 1e-9 && g->channel == -1;
            bool is_once = true;
            for (size_t i = 0; i < o.result.finding_count; i++) {
                is_once = is_once && (&o.findings[i] == g || strcmp(o.findings[i].entity, cases[k].entity) != 0);
            }
            if (!is_right || !is_once) {
                print_outcome(cases[k].said, &o);
                fail_msg("case %zu form %d: %s", k, form, cases[k].entity);
            }
            free(json);
        }
    }
    audio_fixture_close(&f);
}

/* Other languages' numbers are understood when the language is named, or any. */
static void numbers_of_other_languages_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *said, *language, *entity;
        int first, last;
    } cases[] = {
        {"kartennummer vier eins eins eins eins eins eins eins eins eins eins eins eins eins eins eins danke", "de",
         "CREDIT_CARD", 1, 16},
        {"meine pin ist einundvierzig sechzig", "de", "SPOKEN_NUMBER", 3, 4},
        {"schreiben sie an jana punkt roe klammeraffe example punkt de", "de", "EMAIL_ADDRESS", 3, 9},
        {"mi correo es juana punto roe arroba example punto es gracias", "es", "EMAIL_ADDRESS", 3, 9},
        {"mi pin es cuarenta y uno sesenta", "es", "SPOKEN_NUMBER", 3, 6},
        {"mon code est quatre-vingt-dix-sept soixante et onze", "fr", "SPOKEN_NUMBER", 3, 6},
        {"il mio pin quarantuno sessanta grazie", "it", "SPOKEN_NUMBER", 3, 4},
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        for (int any = 0; any < 2; any++) {
            char *json = transcript_whisper(cases[k].said, 1);
            veil_audio_options options = audio_options();
            options.language = any ? "any" : cases[k].language;
            outcome o;
            assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
            const veil_audio_finding *g = find_entity(&o, cases[k].entity);
            bool is_right =
                g != NULL && g->start_s <= 0.5 * cases[k].first + 1e-9 && g->end_s >= 0.5 * cases[k].last + 0.4 - 1e-9;
            if (!is_right) {
                print_outcome(cases[k].said, &o);
                fail_msg("case %zu any %d: %s", k, any, cases[k].entity);
            }
            free(json);
        }
    }
    audio_fixture_close(&f);
}

static void ordinary_speech_has_no_findings(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "look at me",
        "two people came at ten",
        "we paid five thousand dollars",
        "he might even have been made amiable himself",
        "pick one or two or three of them",
        "there are twenty two of us",
        "what joy there is in living",
    };
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++) {
        char *json = transcript_vosk(plain[k]);
        veil_audio_options options = audio_options();
        outcome o;
        assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
        if (o.result.finding_count != 0) {
            print_outcome(plain[k], &o);
            fail();
        }
        free(json);
    }
    audio_fixture_close(&f);
}

static void a_segment_without_words_goes_whole(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = audio_options();
    outcome o;
    const char *json = "{\"segments\":[{\"start\":0,\"end\":3,\"text\":\" hello there\"},"
                       "{\"start\":3,\"end\":7.5,\"text\":\" write to jane.roe@example.com or so\"},"
                       "{\"start\":7.5,\"end\":9,\"text\":\" bye\"}]}";
    assert_int_equal(scan(&f, &options, json, 10, &o), VEIL_OK);
    assert_int_equal(o.result.finding_count, 1);
    assert_string_equal(o.findings[0].entity, "EMAIL_ADDRESS");
    assert_true(o.findings[0].start_s == 3 && o.findings[0].end_s == 7.5);
    audio_fixture_close(&f);
}

static void alternatives_report_once_and_remove_all(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    veil_audio_options options = audio_options();
    options.guard_ms = 0;
    options.fade_ms = 0;
    outcome o;
    const char *json =
        "{\"alternatives\":[{\"result\":[{\"word\":\"jane@example.com\",\"start\":1,\"end\":2}],\"text\":\"x\"},"
        "{\"result\":[{\"word\":\"jane@example.com\",\"start\":1.5,\"end\":3}],\"text\":\"x\"}]}";
    assert_int_equal(scan(&f, &options, json, 10, &o), VEIL_OK);
    assert_int_equal(o.result.finding_count, 1);
    assert_int_equal(o.result.redacted_frames, 2 * RATE);
    audio_fixture_close(&f);
}

static void names_and_scores_choose_what_runs(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    char *json =
        transcript_vosk("card four one one one one one one one one one one one one one one one mail jane at example "
                        "dot com pin four one six zero");
    const char *card = "CREDIT_CARD", *number = "SPOKEN_NUMBER";
    outcome o;
    veil_audio_options options = audio_options();
    options.entities = &card;
    options.entity_count = 1;
    assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
    assert_int_equal(o.result.finding_count, 1);
    assert_non_null(find_entity(&o, "CREDIT_CARD"));
    options.entities = &number; /* nothing stronger runs, so every run of digits is one */
    assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
    assert_int_equal(o.result.finding_count, 2);
    options = audio_options();
    options.exclude = &number;
    options.exclude_count = 1;
    assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
    assert_null(find_entity(&o, "SPOKEN_NUMBER"));
    assert_non_null(find_entity(&o, "EMAIL_ADDRESS"));
    options = audio_options();
    options.min_score = 0.6f;
    assert_int_equal(scan(&f, &options, json, 60, &o), VEIL_OK);
    assert_null(find_entity(&o, "SPOKEN_NUMBER"));
    assert_non_null(find_entity(&o, "CREDIT_CARD"));
    free(json);
    audio_fixture_close(&f);
}

/* ---- the shared recordings ---- */

typedef struct line_words {
    char json[65536];
    size_t bytes;
    uint32_t count;
} line_words;

static void add_word(line_words *w, const char *word, size_t n, double start, double end)
{
    w->bytes += (size_t)snprintf(w->json + w->bytes, sizeof w->json - w->bytes,
                                 "%s{\"word\":\"%.*s\",\"start\":%.4f,\"end\":%.4f}", w->count++ == 0 ? "" : ",",
                                 (int)n, word, start, end);
}

typedef struct timed {
    char text[256];
    double start, end;
} timed;

/* The next object of an array: its word or text, start, end. False at the array's end. */
static bool next_timed(vl_json *json, timed *out)
{
    vl_json_token token;
    if (vl_json_next(json, &token) != VL_JSON_OBJECT_BEGIN) return false;
    while (vl_json_next(json, &token) == VL_JSON_KEY) {
        vl_json_token value;
        bool is_text = vl_json_equals(&token, "word") || vl_json_equals(&token, "text");
        bool is_start = vl_json_equals(&token, "start"), is_end = vl_json_equals(&token, "end");
        vl_json_next(json, &value);
        if (is_text) out->text[vl_json_decode(&value, out->text, sizeof out->text - 1)] = '\0';
        if (is_start) assert_true(vl_json_double(&value, &out->start));
        if (is_end) assert_true(vl_json_double(&value, &out->end));
    }
    return true;
}

typedef struct recording {
    timed carrier[8];
    size_t carriers;
    timed words[64];
    size_t word_count;
    char type[16];
    double start, end, duration; /* of the entity; of the file */
} recording;

static void read_recording(const char *line, recording *r)
{
    memset(r, 0, sizeof *r);
    vl_json json;
    vl_json_token key, value;
    vl_json_init(&json, line, strlen(line));
    assert_int_equal(vl_json_next(&json, &key), VL_JSON_OBJECT_BEGIN);
    while (vl_json_next(&json, &key) == VL_JSON_KEY) {
        bool is_words = vl_json_equals(&key, "words"), is_carrier = vl_json_equals(&key, "carrier");
        bool is_entity = vl_json_equals(&key, "entity"), is_duration = vl_json_equals(&key, "duration");
        vl_json_next(&json, &value);
        if (is_words) {
            while (r->word_count < 64 && next_timed(&json, &r->words[r->word_count]))
                r->word_count++;
        } else if (is_carrier) {
            while (r->carriers < 8 && next_timed(&json, &r->carrier[r->carriers]))
                r->carriers++;
        } else if (is_entity) {
            while (vl_json_next(&json, &key) == VL_JSON_KEY) {
                bool is_type = vl_json_equals(&key, "type"), is_start = vl_json_equals(&key, "start");
                bool is_end = vl_json_equals(&key, "end");
                vl_json_next(&json, &value);
                if (is_type) r->type[vl_json_decode(&value, r->type, sizeof r->type - 1)] = '\0';
                if (is_start) vl_json_double(&value, &r->start);
                if (is_end) vl_json_double(&value, &r->end);
            }
        } else if (is_duration) {
            vl_json_double(&value, &r->duration);
        } else if (value.type == VL_JSON_ARRAY_BEGIN || value.type == VL_JSON_OBJECT_BEGIN) {
            vl_json_skip(&json, &value);
        }
    }
}

/* The carrier's words share its time evenly; whether it comes before or after the number is told by its start. */
static void add_carrier(line_words *w, const timed *phrase)
{
    size_t words = 1, index = 0;
    for (const char *p = phrase->text; *p != '\0'; p++)
        words += *p == ' ';
    double step = (phrase->end - phrase->start) / (double)words;
    for (const char *p = phrase->text; *p != '\0';) {
        size_t n = strcspn(p, " ");
        add_word(w, p, n, phrase->start + step * (double)index, phrase->start + step * (double)(index + 1));
        index++;
        p += n + (p[n] == ' ');
    }
}

static bool covers(const outcome *o, double start, double end)
{
    for (size_t i = 0; i < o->result.finding_count; i++) {
        if (o->findings[i].start_s <= start + 1e-3 && o->findings[i].end_s >= end - 1e-3) return true;
    }
    return false;
}

/* What docs/accuracy.md shows of one kind of recording. */
typedef struct tally {
    const char *type;
    int seen, covered, cards;
    double false_s, total_s; /* found outside the number; all that is recorded */
} tally;

static void count_recording(tally *tallies, const recording *r, const outcome *o)
{
    for (size_t i = 0; i < 4; i++) {
        tally *t = &tallies[i];
        if (strcmp(t->type, r->type) != 0) continue;
        t->seen++;
        t->covered += covers(o, r->start, r->end);
        t->cards += find_entity(o, "CREDIT_CARD") != NULL;
        t->total_s += r->duration;
        for (size_t k = 0; k < o->result.finding_count; k++) {
            const veil_audio_finding *g = &o->findings[k];
            double inside = fmin(g->end_s, r->end) - fmax(g->start_s, r->start);
            t->false_s += g->end_s - g->start_s - fmax(inside, 0);
        }
    }
}

static void every_recorded_number_is_found(void **state)
{
    (void)state;
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/../shared/data/audio/digits.jsonl", "r");
    if (file == NULL) skip();
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    static char line[65536];
    static recording r;
    static line_words w;
    int seen = 0, cards = 0, card_hits = 0, covered = 0;
    tally tallies[4] = {{.type = "CARD"}, {.type = "SSN"}, {.type = "PHONE"}, {.type = "PIN"}};
    while (fgets(line, sizeof line, file) != NULL) {
        read_recording(line, &r);
        w.bytes = (size_t)sprintf(w.json, "{\"result\":[");
        w.count = 0;
        for (size_t i = 0; i < r.carriers; i++) {
            if (r.carrier[i].start < r.start) add_carrier(&w, &r.carrier[i]);
        }
        for (size_t i = 0; i < r.word_count; i++) {
            add_word(&w, r.words[i].text, strlen(r.words[i].text), r.words[i].start, r.words[i].end);
        }
        for (size_t i = 0; i < r.carriers; i++) {
            if (r.carrier[i].start > r.start) add_carrier(&w, &r.carrier[i]);
        }
        sprintf(w.json + w.bytes, "]}");
        outcome o;
        veil_audio_options options = audio_options();
        assert_int_equal(scan(&f, &options, w.json, r.duration, &o), VEIL_OK);
        seen++;
        bool is_covered = covers(&o, r.start, r.end);
        count_recording(tallies, &r, &o);
        covered += is_covered;
        if (strcmp(r.type, "CARD") == 0) {
            cards++;
            card_hits += find_entity(&o, "CREDIT_CARD") != NULL;
        }
        if (!is_covered || o.result.finding_count != 1) print_outcome(line, &o);
    }
    fclose(file);
    for (size_t i = 0; i < 4; i++) {
        const tally *t = &tallies[i];
        print_message("digits: %s %d of %d, as CREDIT_CARD %d, false %.1f of %.1f s\n", t->type, t->covered, t->seen,
                      t->cards, t->false_s, t->total_s);
    }
    print_message("%d recordings: %d of %d cards as CREDIT_CARD, %d covered\n", seen, card_hits, cards, covered);
    assert_true(seen >= 20);
    assert_int_equal(card_hits, cards);
    assert_int_equal(covered, seen);
    audio_fixture_close(&f);
}

/* ---- the example, an hour, allocations, failing closed ---- */

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 65536);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static void the_sample_call_gives_its_three_secrets(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    char *json = read_text(VEIL_TEST_SOURCE_DIR "/examples/call.json");
    outcome o;
    veil_audio_options options = audio_options();
    assert_int_equal(scan(&f, &options, json, 11.1, &o), VEIL_OK);
    bool has_all =
        find_entity(&o, "CREDIT_CARD") && find_entity(&o, "PHONE_NUMBER") && find_entity(&o, "EMAIL_ADDRESS");
    if (!has_all) print_outcome("call.json", &o);
    assert_true(has_all);
    free(json);
    audio_fixture_close(&f);
}

/* Ten thousand words, a secret in every hundred. */
static char *an_hour(void)
{
    char *json = malloc(2000000);
    assert_non_null(json);
    size_t at = (size_t)sprintf(json, "{\"segments\":[");
    static const char *const filler[] = {"well", "and", "then", "we", "talked", "about", "it", "for", "a", "while"};
    for (int i = 0; i < 10000; i++) {
        if (i % 10 == 0) at += (size_t)sprintf(json + at, "%s{\"id\":%d,\"words\":[", i == 0 ? "" : ",", i / 10);
        const char *word = i % 100 == 50                  ? "jane.roe@example.com,"
                           : i % 100 > 60 && i % 100 < 77 ? "one"
                                                          : filler[i % 10];
        at += (size_t)sprintf(json + at, "%s{\"word\":\" %s\",\"start\":%.2f,\"end\":%.2f,\"probability\":0.98}",
                              i % 10 == 0 ? "" : ",", word, i * 0.36, i * 0.36 + 0.3);
        if (i % 10 == 9) at += (size_t)sprintf(json + at, "]}");
    }
    sprintf(json + at, "]}");
    return json;
}

static void an_hour_of_words_needs_no_allocation(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    char *json = an_hour();
    size_t bytes = strlen(json);
    veil_audio_options options = audio_options();
    options.transcript = json;
    options.transcript_bytes = bytes;
    int16_t *samples = calloc(3610u * RATE, sizeof *samples);
    assert_non_null(samples);
    veil_audio audio = audio_of(samples, 3610u * RATE, RATE, 1, VEIL_SAMPLE_S16);
    static veil_audio_finding findings[1024];
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 1024};
    assert_int_equal(vl_audio_redact(f.engine, &options, &audio, &result, NULL), VEIL_OK); /* caches of libraries */
    vl_pool_stats before_pool, after_pool;
    vl_pool_stats_read(f.runtime.pool, &before_pool);
    malloc_counts before = malloc_count_read();
    veil_status status = vl_audio_redact(f.engine, &options, &audio, &result, NULL);
    malloc_counts spent = malloc_count_since(before);
    vl_pool_stats_read(f.runtime.pool, &after_pool);
    assert_int_equal(status, VEIL_OK);
    assert_int_equal(spent.allocations + spent.maps, 0);
    assert_int_equal(before_pool.grown, after_pool.grown);
    assert_int_equal(before_pool.grown, 0);
    size_t mails = 0, numbers = 0;
    for (size_t i = 0; i < result.finding_count; i++) {
        mails += strcmp(findings[i].entity, "EMAIL_ADDRESS") == 0;
        numbers += strcmp(findings[i].entity, "EMAIL_ADDRESS") != 0;
    }
    assert_int_equal(mails, 100);
    assert_true(numbers >= 100);
    free(samples);
    free(json);
    audio_fixture_close(&f);
}

static void a_bad_transcript_leaves_zeros_and_bad_names_leave_the_sound(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    int16_t samples[800];
    veil_audio audio = audio_of(samples, 800, RATE, 1, VEIL_SAMPLE_S16);
    static const char *const bad[] = {"{", "{}", "{\"words\":[{\"word\":\"a\",\"start\":0.05,\"end\":0.01}]}",
                                      "{\"words\":[{\"word\":\"a\",\"start\":5,\"end\":6}]}"};
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < 800; i++)
            samples[i] = 99;
        veil_audio_options options = audio_options();
        options.transcript = bad[k];
        options.transcript_bytes = strlen(bad[k]);
        assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_ERR_MALFORMED_INPUT);
        for (size_t i = 0; i < 800; i++)
            assert_int_equal(samples[i], 0);
        const char *name = "EMAIL_ADRESS";
        options.entities = &name;
        options.entity_count = 1;
        for (size_t i = 0; i < 800; i++)
            samples[i] = 99;
        assert_int_equal(vl_audio_redact(f.engine, &options, &audio, NULL, NULL), VEIL_ERR_INVALID_ARGUMENT);
        for (size_t i = 0; i < 800; i++)
            assert_int_equal(samples[i], 99);
    }
    audio_fixture_close(&f);
}

/* Wherever a deadline strikes, the sound is whole or gone. */
static void a_deadline_leaves_the_sound_whole_or_zero(void **state)
{
    (void)state;
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    char *json = an_hour();
    int16_t *samples = malloc(3610u * RATE * sizeof *samples);
    assert_non_null(samples);
    int timeouts = 0, zeroed = 0;
    for (uint64_t timeout = 1; timeout < 20000; timeout = timeout * 2 + 1) {
        for (size_t i = 0; i < 3610u * RATE; i++)
            samples[i] = 5;
        veil_audio audio = audio_of(samples, 3610u * RATE, RATE, 1, VEIL_SAMPLE_S16);
        veil_audio_options options = audio_options();
        options.transcript = json;
        options.transcript_bytes = strlen(json);
        options.timeout_us = timeout;
        veil_status status = vl_audio_redact(f.engine, &options, &audio, NULL, NULL);
        assert_true(status == VEIL_OK || status == VEIL_ERR_TIMEOUT);
        if (status == VEIL_OK) continue;
        timeouts++;
        zeroed += samples[0] == 0;
        /* each is as the one before it */
        assert_memory_equal(samples, samples + 1, (3610u * RATE - 1) * sizeof *samples);
    }
    assert_true(timeouts > 0 && zeroed > 0);
    free(samples);
    free(json);
    audio_fixture_close(&f);
}

/* Overwrite what lies within the findings, all channels, with something else each time. */
static void speak_differently(const outcome *o, int16_t *samples, uint32_t channels, uint64_t *seed)
{
    for (size_t i = 0; i < o->result.finding_count; i++) {
        size_t from = (size_t)ceil(o->findings[i].start_s * RATE), to = (size_t)floor(o->findings[i].end_s * RATE);
        for (size_t k = from * channels; k < to * channels; k++)
            samples[k] = (int16_t)random_next(seed);
    }
}

static void check_same_output(const audio_fixture *f, const char *json, uint32_t effect, uint32_t channels,
                              uint64_t *seed)
{
    enum { FRAMES = 12 * RATE };
    size_t bytes = (size_t)FRAMES * channels * sizeof(int16_t);
    veil_effect_rule rule = {sizeof rule, "*", effect, 0};
    veil_audio_options options = audio_options();
    options.effects = &rule;
    options.effect_count = 1;
    outcome o;
    assert_int_equal(scan(f, &options, json, 12, &o), VEIL_OK);
    assert_true(o.result.finding_count > 0);
    int16_t *first = random_samples(seed, VEIL_SAMPLE_S16, (size_t)FRAMES * channels), *second = malloc(bytes);
    assert_non_null(second);
    memcpy(second, first, bytes);
    speak_differently(&o, second, channels, seed);
    assert_true(memcmp(first, second, bytes) != 0);
    veil_audio a = audio_of(first, FRAMES, RATE, channels, VEIL_SAMPLE_S16), b = a;
    b.samples = second;
    assert_int_equal(vl_audio_redact(f->engine, &options, &a, NULL, NULL), VEIL_OK);
    assert_int_equal(vl_audio_redact(f->engine, &options, &b, NULL, NULL), VEIL_OK);
    assert_memory_equal(first, second, bytes);
    free(first);
    free(second);
}

static void sounds_that_differ_only_in_found_words_come_out_the_same(void **state)
{
    (void)state;
    static const char *const said[] = {"write to jane.roe@example.com please",
                                       "my card is 4111 1111 1111 1111 and the mail is bob dot ray at example dot com",
                                       "the code is four one seven two nine one thanks"};
    static const uint32_t effects[] = {VEIL_EFFECT_BEEP, VEIL_EFFECT_NOISE, VEIL_EFFECT_SILENCE};
    audio_fixture f;
    audio_fixture_open(&f, NULL, VEIL_CPU_AUTO, true);
    uint64_t seed = 0xF0CD;
    for (size_t i = 0; i < 9; i++) {
        char *whisper = transcript_whisper(said[i % 3], 1), *vosk = transcript_vosk(said[i % 3]);
        check_same_output(&f, whisper, effects[i / 3], 1, &seed);
        check_same_output(&f, vosk, effects[i / 3], 2, &seed);
        free(whisper);
        free(vosk);
    }
    audio_fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spoken_data_is_found_with_its_words),
        cmocka_unit_test(numbers_of_other_languages_are_found),
        cmocka_unit_test(ordinary_speech_has_no_findings),
        cmocka_unit_test(a_segment_without_words_goes_whole),
        cmocka_unit_test(alternatives_report_once_and_remove_all),
        cmocka_unit_test(names_and_scores_choose_what_runs),
        cmocka_unit_test(every_recorded_number_is_found),
        cmocka_unit_test(the_sample_call_gives_its_three_secrets),
        cmocka_unit_test(an_hour_of_words_needs_no_allocation),
        cmocka_unit_test(a_bad_transcript_leaves_zeros_and_bad_names_leave_the_sound),
        cmocka_unit_test(a_deadline_leaves_the_sound_whole_or_zero),
        cmocka_unit_test(sounds_that_differ_only_in_found_words_come_out_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
