/*
 * Presidio's own cases (../shared/data/text/presidio_vectors.jsonl, skipped without): for the entities served here the spans
 * come out as expected, each in its own language. docs/entities.md lists where Veil differs on purpose; this counts just those.
 */
#include "core/json.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"

#define SPANS_MAX  16
#define ON_PURPOSE 3 /* numbers glued to a word: a phone at leniency 0, a personnummer; quotes around a URL */

typedef struct vector {
    char text[4096];
    size_t text_bytes;
    char entity[64];
    char language[8];
    double bounds[2 * SPANS_MAX];
    size_t bound_count;
} vector;

static void read_bounds(vl_json *json, vector *out)
{
    vl_json_token token;
    unsigned depth = 0;
    do {
        vl_json_type type = vl_json_next(json, &token);
        depth += type == VL_JSON_ARRAY_BEGIN;
        depth -= type == VL_JSON_ARRAY_END;
        if (type == VL_JSON_NUMBER && out->bound_count < 2 * SPANS_MAX)
            assert_true(vl_json_double(&token, &out->bounds[out->bound_count++]));
    } while (depth > 0);
}

static void read_vector(const char *line, vector *out)
{
    vl_json json;
    vl_json_token token;
    memset(out, 0, sizeof *out);
    vl_json_init(&json, line, strlen(line));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_OBJECT_BEGIN);
    while (vl_json_next(&json, &token) == VL_JSON_KEY) {
        if (vl_json_equals(&token, "entity")) {
            (void)vl_json_next(&json, &token);
            (void)vl_json_decode(&token, out->entity, sizeof out->entity - 1);
        } else if (vl_json_equals(&token, "lang")) {
            (void)vl_json_next(&json, &token);
            (void)vl_json_decode(&token, out->language, sizeof out->language - 1);
        } else if (vl_json_equals(&token, "text")) {
            (void)vl_json_next(&json, &token);
            out->text_bytes = vl_json_decode(&token, out->text, sizeof out->text);
        } else if (vl_json_equals(&token, "expect_bytes")) {
            read_bounds(&json, out);
        } else {
            assert_true(vl_json_skip(&json, &token));
        }
    }
}

/* Winners of the entity are the expected spans, in order. */
static bool agrees(const vector *v, const found *all)
{
    size_t next = 0;
    for (size_t i = 0; i < all->count; i++) {
        const veil_finding *f = &all->items[i];
        if (next + 1 >= v->bound_count + (v->bound_count == 0)) return false;
        if ((double)f->start != v->bounds[next] || (double)f->end != v->bounds[next + 1]) return false;
        next += 2;
    }
    return next == v->bound_count;
}

static unsigned totals[VL_ENTITY_COUNT];
static unsigned passes[VL_ENTITY_COUNT];

/* For docs/accuracy.md (bench/accuracy.py). */
static void print_table(void)
{
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++)
        if (totals[i] > 0) printf("vectors: %-28s %4u of %4u\n", vl_entities[i].name, passes[i], totals[i]);
}

static void presidio_vectors_come_out(void **state)
{
    (void)state;
    static char line[65536];
    static vector v;
    static found all;
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/../shared/data/text/presidio_vectors.jsonl", "r");
    if (file == NULL) {
        printf("skipped: no shared vectors\n");
        skip();
    }
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    unsigned count = 0;
    unsigned differences = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        read_vector(line, &v);
        if (vl_entity_find(v.entity) < 0) continue;
        const char *entities[] = {v.entity};
        veil_text_options options;
        veil_text_options_init(&options);
        options.entities = entities;
        options.entity_count = 1;
        options.language = v.language;
        scan_text(sanitizer, &options, v.text, v.text_bytes, &all);
        count++;
        totals[vl_entity_find(v.entity)]++;
        passes[vl_entity_find(v.entity)] += agrees(&v, &all);
        if (agrees(&v, &all)) continue;
        printf("differs: %s\n", v.text);
        differences++;
    }
    (void)fclose(file);
    veil_sanitizer_destroy(sanitizer);
    print_table();
    assert_true(count == 453);
    assert_int_equal(differences, ON_PURPOSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(presidio_vectors_come_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
