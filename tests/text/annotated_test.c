/*
 * True findings on the annotated sentences (../shared/data/text/annotated_sentences.jsonl, skipped without), and findings on
 * real logs (../shared/data/text/logs), counted with the defaults. Sentences: a span is found when one finding of its entity
 * holds all of it; "any" counts spans whose every byte is in some finding, which is what redaction removes. The floors are what
 * was measured; more is welcome. Logs hold next to no personal data but addresses and dates: the ceilings keep other entities rare.
 */
#include "core/json.h"
#include "text/scan_fixture.h"

#define SHARED     VEIL_TEST_SOURCE_DIR "/../shared/data/text/"
#define SPANS_MAX  64
#define TEXT_BYTES 8192

typedef struct goal {
    const char *entity;
    unsigned floor; /* found */
    unsigned floor_any;
    unsigned total;
    unsigned found;
    unsigned any;
} goal;

typedef struct span {
    char type[32];
    double start;
    double end;
} span;

typedef struct sentence {
    char text[TEXT_BYTES];
    size_t text_bytes;
    span spans[SPANS_MAX];
    size_t span_count;
} sentence;

static void read_span(vl_json *json, span *out)
{
    vl_json_token token;
    while (vl_json_next(json, &token) == VL_JSON_KEY) {
        if (vl_json_equals(&token, "type")) {
            (void)vl_json_next(json, &token);
            (void)vl_json_decode(&token, out->type, sizeof out->type - 1);
        } else if (vl_json_equals(&token, "start_byte")) {
            (void)vl_json_next(json, &token);
            assert_true(vl_json_double(&token, &out->start));
        } else if (vl_json_equals(&token, "end_byte")) {
            (void)vl_json_next(json, &token);
            assert_true(vl_json_double(&token, &out->end));
        } else {
            assert_true(vl_json_skip(json, &token));
        }
    }
}

static void read_sentence(const char *line, sentence *out)
{
    vl_json json;
    vl_json_token token;
    memset(out, 0, sizeof *out);
    vl_json_init(&json, line, strlen(line));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_OBJECT_BEGIN);
    while (vl_json_next(&json, &token) == VL_JSON_KEY) {
        if (vl_json_equals(&token, "text")) {
            (void)vl_json_next(&json, &token);
            out->text_bytes = vl_json_decode(&token, out->text, sizeof out->text);
        } else if (vl_json_equals(&token, "spans")) {
            assert_int_equal(vl_json_next(&json, &token), VL_JSON_ARRAY_BEGIN);
            while (vl_json_next(&json, &token) == VL_JSON_OBJECT_BEGIN) {
                assert_true(out->span_count < SPANS_MAX);
                read_span(&json, &out->spans[out->span_count++]);
            }
        } else {
            assert_true(vl_json_skip(&json, &token));
        }
    }
}

static bool is_found(const found *all, const span *wanted)
{
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        if (strcmp(f->entity, wanted->type) == 0 && (double)f->start <= wanted->start && (double)f->end >= wanted->end)
            return true;
    }
    return false;
}

static bool is_removed(const found *all, const char *text, const span *wanted)
{
    size_t at = (size_t)wanted->start;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].start <= at && all->items[i].end > at) at = all->items[i].end;
    while (at < (size_t)wanted->end && strchr(" ()", text[at]) != NULL)
        at++;
    return at >= (size_t)wanted->end;
}

static void count_sentence(const veil_sanitizer *sanitizer, const sentence *s, goal *goals, size_t goal_count)
{
    static found all;
    scan_text(sanitizer, NULL, s->text, s->text_bytes, &all);
    for (size_t i = 0; i < s->span_count; i++) {
        for (size_t g = 0; g < goal_count; g++) {
            if (strcmp(goals[g].entity, s->spans[i].type) != 0) continue;
            bool found_it = is_found(&all, &s->spans[i]);
            goals[g].total++;
            goals[g].found += found_it;
            goals[g].any += is_removed(&all, s->text, &s->spans[i]);
            if (!found_it && getenv("VEIL_TEST_VERBOSE") != NULL)
                printf("missed %s \"%.*s\" in: %s\n", goals[g].entity, (int)(s->spans[i].end - s->spans[i].start),
                       s->text + (size_t)s->spans[i].start, s->text);
        }
    }
}

static void annotated_sentences_are_found(void **state)
{
    (void)state;
    static char line[65536];
    static sentence s;
    goal goals[] = {{.entity = "CREDIT_CARD", .floor = 212, .floor_any = 212},
                    {.entity = "US_SSN", .floor = 44, .floor_any = 44},
                    {.entity = "EMAIL_ADDRESS", .floor = 58, .floor_any = 58},
                    {.entity = "IBAN_CODE", .floor = 28, .floor_any = 28},
                    {.entity = "IP_ADDRESS", .floor = 11, .floor_any = 11},
                    {.entity = "PHONE_NUMBER", .floor = 133, .floor_any = 133},
                    {.entity = "DATE_TIME", .floor = 97, .floor_any = 97}};
    size_t goal_count = sizeof goals / sizeof goals[0];
    FILE *file = fopen(SHARED "annotated_sentences.jsonl", "r");
    if (file == NULL) {
        printf("skipped: no annotated sentences\n");
        skip();
    }
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    while (fgets(line, sizeof line, file) != NULL) {
        read_sentence(line, &s);
        count_sentence(sanitizer, &s, goals, goal_count);
    }
    (void)fclose(file);
    veil_sanitizer_destroy(sanitizer);
    unsigned failures = 0;
    printf("%-16s %6s %6s %6s\n", "entity", "spans", "found", "any");
    for (size_t g = 0; g < goal_count; g++) {
        printf("%-16s %6u %6u %6u\n", goals[g].entity, goals[g].total, goals[g].found, goals[g].any);
        failures += goals[g].found < goals[g].floor || goals[g].any < goals[g].floor_any;
    }
    assert_int_equal(failures, 0);
}

/* Findings of each file that are no addresses, dates or URLs; everything that is not listed must be absent. */
typedef struct ceiling {
    const char *file;
    const char *entity;
    unsigned most;
} ceiling;

static const ceiling ceilings[] = {
    {"Android", "PHONE_NUMBER", 1},   /* a negative device type */
    {"Mac", "ABA_ROUTING_NUMBER", 1}, /* cup2key=7:677488741 */
    {"Mac", "PHONE_NUMBER", 21},      /* TCP sequence numbers of ten digits */
    {"Mac", "US_BANK_NUMBER", 1},     /* "Checking ... DSID 874161398": check is a context word */
    {"Mac", "US_PASSPORT", 1},        /* ".../Documents/contents/916639562": document is one, too */
    {"Mac", "EMAIL_ADDRESS", 12},     /* a true one, in a URL's user part */
};

static bool is_common(const char *entity)
{
    static const char *const names[] = {"DATE_TIME", "IP_ADDRESS", "MAC_ADDRESS", "URL"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(entity, names[i]) == 0) return true;
    return false;
}

static unsigned most_of(const char *file, const char *entity)
{
    for (size_t i = 0; i < sizeof ceilings / sizeof ceilings[0]; i++)
        if (strcmp(ceilings[i].file, file) == 0 && strcmp(ceilings[i].entity, entity) == 0) return ceilings[i].most;
    return 0;
}

static unsigned check_counts(const char *file, const found *all)
{
    unsigned failures = 0;
    veil_entity_info info = {.struct_size = sizeof info};
    for (size_t e = 0; e < veil_entity_count(); e++) {
        unsigned count = 0;
        assert_int_equal(veil_entity_at(e, &info), VEIL_OK);
        for (size_t i = 0; i < all->count; i++)
            count += strcmp(all->items[i].entity, info.name) == 0;
        bool is_high = !is_common(info.name) && count > most_of(file, info.name);
        if (count > 0) printf("%-10s %-20s %6u%s\n", file, info.name, count, is_high ? "  too many" : "");
        failures += is_high;
    }
    return failures;
}

static void logs_hold_few_false_findings(void **state)
{
    (void)state;
    enum { FILE_BYTES = 1 << 20 };
    static const char *const files[] = {"Android", "Apache",  "HDFS",      "Hadoop",
                                        "Mac",     "OpenSSH", "OpenStack", "Zookeeper"};
    static char text[FILE_BYTES];
    static found all;
    char path[512];
    unsigned read = 0;
    unsigned failures = 0;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        (void)snprintf(path, sizeof path, "%slogs/%s.log", SHARED, files[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL) continue;
        size_t bytes = fread(text, 1, sizeof text, file);
        (void)fclose(file);
        scan_text(sanitizer, NULL, text, bytes, &all);
        failures += check_counts(files[i], &all);
        read++;
    }
    veil_sanitizer_destroy(sanitizer);
    if (read == 0) {
        printf("skipped: no logs\n");
        skip();
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(annotated_sentences_are_found),
        cmocka_unit_test(logs_hold_few_false_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
