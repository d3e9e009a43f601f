/*
 * False findings, counted (THREATS row 14). Texts without personal data go through the public engine with its defaults; what is
 * found in them is compared with the table in the tree, so that a change for the better or the worse shows in review. Remake the
 * table with: build/dev/tests/text/text_negatives_test --write > tests/text/negatives_golden.txt
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "negatives.h"
#include "veil.h"

#define TEXTS_PER_FAMILY 2000u
#define CORPUS_BYTES     2000000u /* at least */
#define ENTITY_MAX       512u
#define FINDING_MAX      64u

static veil_sanitizer *sanitizer;
static const char *const languages[] = {"en", "any"};

static int create(void **state)
{
    (void)state;
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) == VEIL_OK) return 0;
    fprintf(stderr, "%s\n", error.message);
    return -1;
}

static int destroy(void **state)
{
    (void)state;
    veil_sanitizer_destroy(sanitizer);
    return 0;
}

/* An entity's name as the catalogue has it, so that names can be compared as pointers of ours. */
static size_t entity_index(const char *name)
{
    veil_entity_info info = {.struct_size = sizeof info};
    for (size_t i = 0; i < veil_entity_count(); i++) {
        if (veil_entity_at(i, &info) == VEIL_OK && strcmp(info.name, name) == 0) return i;
    }
    fail_msg("%s is not in the catalogue", name);
    return 0;
}

static void count_family(size_t family, const char *language, uint32_t counts[ENTITY_MAX], bool show)
{
    char text[512];
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = language;
    for (uint32_t number = 0; number < TEXTS_PER_FAMILY; number++) {
        veil_finding findings[FINDING_MAX];
        veil_text_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = FINDING_MAX};
        size_t bytes = negatives_make(family, number, text, sizeof text);
        assert_int_equal(veil_text_scan(sanitizer, &options, text, bytes, &result, NULL), VEIL_OK);
        for (size_t i = 0; i < result.finding_count; i++) {
            counts[entity_index(findings[i].entity)]++;
            if (show) fprintf(stderr, "%s %s: %s\n", negatives_family_name(family), findings[i].recognizer, text);
        }
    }
}

static size_t make_lines(size_t family, const char *language, char *out, size_t capacity, bool show)
{
    static uint32_t counts[ENTITY_MAX];
    size_t size = 0;
    memset(counts, 0, sizeof counts);
    count_family(family, language, counts, show);
    for (size_t i = 0; i < veil_entity_count(); i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        if (counts[i] == 0 || veil_entity_at(i, &info) != VEIL_OK) continue;
        size += (size_t)snprintf(out + size, capacity - size, "%s %s %s %u\n", language, negatives_family_name(family),
                                 info.name, counts[i]);
        assert_true(size < capacity);
    }
    return size;
}

/* The table as text: a line "language family entity count" for everything that was found. */
static size_t make_table(char *out, size_t capacity, bool show)
{
    size_t size = 0;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        for (size_t family = 0; family < negatives_family_count(); family++)
            size += make_lines(family, languages[i], out + size, capacity - size, show);
    }
    return size;
}

static size_t read_golden(char *out, size_t capacity)
{
    FILE *file = fopen(VEIL_TEST_SOURCE_DIR "/tests/text/negatives_golden.txt", "rb");
    assert_non_null(file);
    size_t size = 0;
    while (fgets(out + size, (int)(capacity - size), file) != NULL) {
        if (out[size] != '#') size += strlen(out + size);
    }
    fclose(file);
    out[size] = '\0';
    return size;
}

static void counts_are_those_of_the_table(void **state)
{
    (void)state;
    static char got[16384];
    static char expected[16384];
    make_table(got, sizeof got, false);
    read_golden(expected, sizeof expected);
    printf("false findings (language, family, entity, count of %u texts):\n%s", TEXTS_PER_FAMILY, got);
    if (strcmp(got, expected) == 0) return;
    print_error("found now:\n%s\nin the table:\n%s\n", got, expected);
    fail_msg("false findings changed; see the head of this file for how to remake the table");
}

static void corpus_is_large(void **state)
{
    (void)state;
    char text[512];
    size_t bytes = 0;
    for (size_t family = 0; family < negatives_family_count(); family++) {
        for (uint32_t number = 0; number < TEXTS_PER_FAMILY; number++)
            bytes += negatives_make(family, number, text, sizeof text);
    }
    printf("%zu bytes of texts without personal data\n", bytes);
    assert_true(bytes >= CORPUS_BYTES);
}

/* The generator itself: the same text twice, another one for another number, all of it printable. */
static void texts_are_reproducible(void **state)
{
    (void)state;
    char a[512];
    char b[512];
    for (size_t family = 0; family < negatives_family_count(); family++) {
        size_t bytes = negatives_make(family, 7, a, sizeof a);
        assert_int_equal(negatives_make(family, 7, b, sizeof b), bytes);
        assert_memory_equal(a, b, bytes);
        size_t other = negatives_make(family, 8, b, sizeof b);
        assert_false(other == bytes && memcmp(a, b, bytes) == 0);
        for (size_t i = 0; i < bytes; i++)
            assert_true(a[i] == '\t' || (a[i] >= ' ' && a[i] != '\x7f') || (a[i] & 0x80) != 0);
    }
}

static int write_table(bool show)
{
    static char table[16384];
    if (create(NULL) != 0) return 1;
    size_t size = make_table(table, sizeof table, show);
    printf("# False findings in %u texts of each family: language, family, entity, count. See negatives_test.c.\n",
           TEXTS_PER_FAMILY);
    fwrite(table, 1, size, stdout);
    return destroy(NULL);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--write") == 0) return write_table(false);
    if (argc > 1 && strcmp(argv[1], "--show") == 0) return write_table(true);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_reproducible),
        cmocka_unit_test(corpus_is_large),
        cmocka_unit_test_setup_teardown(counts_are_those_of_the_table, create, destroy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
