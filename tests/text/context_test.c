/* Context words: languages, letters with diacritics, scripts without spaces, how far they reach, what a named entity changes. */
#include "text/scan_fixture.h"

static float score_of(const veil_sanitizer *sanitizer, const char *language, const char *entity, const char *text)
{
    static found all;
    const char *entities[] = {entity};
    veil_text_options options;
    veil_text_options_init(&options);
    options.language = language;
    options.entities = entities;
    options.entity_count = 1;
    options.min_score = 0.0f;
    scan_text(sanitizer, &options, text, strlen(text), &all);
    return all.count == 1 ? all.items[0].score : -1.0f;
}

typedef struct context_case {
    const char *language;
    const char *entity;
    const char *text;
    float score;
} context_case;

static void check(const context_case *cases, size_t count)
{
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    unsigned failures = 0;
    for (size_t i = 0; i < count; i++) {
        float score = score_of(sanitizer, cases[i].language, cases[i].entity, cases[i].text);
        if (score > cases[i].score - 0.001f && score < cases[i].score + 0.001f) continue;
        printf("%s \"%s\": %.2f, expected %.2f\n", cases[i].language, cases[i].text, (double)score,
               (double)cases[i].score);
        failures++;
    }
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(failures, 0);
}

#define CHECK(cases) check(cases, sizeof(cases) / sizeof(cases)[0])

static void words_count_in_their_language(void **state)
{
    (void)state;
    static const context_case cases[] = {
        {"en", "IP_ADDRESS", "see 10.20.30.40", 0.6f},   {"en", "IP_ADDRESS", "ip 10.20.30.40", 0.95f},
        {"de", "IP_ADDRESS", "ip 10.20.30.40", 0.95f},   {"en", "DATE_TIME", "geboren 21/5/2021", 0.6f},
        {"de", "DATE_TIME", "geboren 21/5/2021", 0.95f}, {"any", "DATE_TIME", "geboren 21/5/2021", 0.95f},
        {"sv", "DATE_TIME", "geboren 21/5/2021", 0.6f},
    };
    CHECK(cases);
}

static void diacritics_and_case_do_not_matter(void **state)
{
    (void)state;
    static const context_case cases[] = {
        {"sv", "DATE_TIME",
         "f\xc3\xb6"
         "dd 21/5/2021",
         0.95f},
        {"sv", "DATE_TIME",
         "F\xc3\x96"
         "DD 21/5/2021",
         0.95f},
        {"sv", "DATE_TIME",
         "fo\xcc\x88"
         "dd 21/5/2021",
         0.95f}, /* o and a combining diaeresis */
        {"sv", "DATE_TIME", "fodd 21/5/2021", 0.95f},
        {"sv", "DATE_TIME",
         "f\xf6"
         "dd 21/5/2021",
         0.95f}, /* Latin-1 */
        {"tr", "DATE_TIME", "do\xc4\x9fum 21/5/2021", 0.95f},
        {"tr", "DATE_TIME", "DO\xc4\x9eUM TAR\xc4\xb0H\xc4\xb0 21/5/2021", 0.95f},
        {"fi", "DATE_TIME", "\xe2\x80\x9esyntynyt\xe2\x80\x9c 21/5/2021", 0.95f}, /* quotes around it */
        {"es", "DATE_TIME", "cumplea\xc3\xb1os: 21/5/2021", 0.95f},
        {"es", "DATE_TIME", "\xc3\xbcnacido 21/5/2021", 0.6f}, /* another word */
    };
    CHECK(cases);
}

static void scripts_without_spaces(void **state)
{
    (void)state;
    static const context_case cases[] = {
        {"ko", "DATE_TIME", "\xec\x83\x9d\xeb\x85\x84\xec\x9b\x94\xec\x9d\xbc 21/5/2021", 0.95f},
        {"ko", "DATE_TIME",
         "\xea\xb3\xa0\xea\xb0\x9d\xec\x83\x9d\xeb\x85\x84\xec\x9b\x94\xec\x9d\xbc\xec\x9d\x80 21/5/2021",
         0.95f}, /* inside a word, a particle glued to it */
        {"en", "DATE_TIME", "\xec\x83\x9d\xeb\x85\x84\xec\x9b\x94\xec\x9d\xbc 21/5/2021", 0.6f},
        {"th", "DATE_TIME", "\xe0\xb8\xa7\xe0\xb8\xb1\xe0\xb8\x99\xe0\xb8\x97\xe0\xb8\xb5\xe0\xb9\x88 21/5/2021",
         0.95f},
        {"ko", "IP_ADDRESS", "ip\xeb\x8a\x94 10.20.30.40", 0.95f}, /* a Latin word with a particle */
    };
    CHECK(cases);
}

static void how_far_they_reach(void **state)
{
    (void)state;
    static const context_case cases[] = {
        {"en", "DATE_TIME", "born on the evening of a 21/5/2021", 0.95f},
        {"en", "DATE_TIME", "born one two three four 21/5/2021", 0.95f},
        {"en", "DATE_TIME", "born one two three four five 21/5/2021", 0.6f},
        {"en", "DATE_TIME", "born to be an or it is at 21/5/2021", 0.95f}, /* two letters do not count */
        {"en", "DATE_TIME", "born                                                                  21/5/2021", 0.6f},
        {"en", "DATE_TIME", "21/5/2021 born", 0.6f},
        {"en", "DATE_TIME", "stubborn 21/5/2021", 0.6f},
        {"en", "DATE_TIME", "birthplace 21/5/2021", 0.95f},
        {"en", "IP_ADDRESS", "ips 10.20.30.40", 0.6f}, /* short words count whole */
        {"sv", "DATE_TIME",
         "f\xc3\xb6"
         "dd en tv\xc3\xa5 tre fyra fem sex 21/5/2021",
         0.6f},
    };
    CHECK(cases);
}

/* A check that only counts with context counts alone for who names the entity. */
static void naming_an_entity_trusts_its_check(void **state)
{
    (void)state;
    static const char text[] = "number 9434765919";
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    assert_true(score_of(sanitizer, "en", "UK_NHS", text) == 1.0f);
    scan_text(sanitizer, NULL, text, sizeof text - 1, &all);
    for (size_t i = 0; i < all.count; i++)
        assert_string_not_equal(all.items[i].entity, "UK_NHS");
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_count_in_their_language),
        cmocka_unit_test(diacritics_and_case_do_not_matter),
        cmocka_unit_test(scripts_without_spaces),
        cmocka_unit_test(how_far_they_reach),
        cmocka_unit_test(naming_an_entity_trusts_its_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
