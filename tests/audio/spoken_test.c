/* Spoken forms: what the words are written as, and which words each part of it came from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audio/find.h"
#include "audio/spoken.h"
#include "audio_fixture.h"
#include "transcript_fixture.h"

/* One engine and one workspace for all: what is not given back, or not wiped, shows in the next. */
static audio_fixture shared;
static vl_audio_works *works;

typedef struct bench {
    vl_audio_work *work;
    char *json;
    vl_transcript transcript;
    vl_units units;
} bench;

static void bench_read(bench *b, const vl_lexicon *lexicon, const char *text, double seconds)
{
    assert_int_equal(vl_audio_works_take(works, &b->work), VEIL_OK);
    b->json = transcript_whisper(text, 0);
    veil_error error = VEIL_ERROR_INIT;
    const vl_transcript_source source = {.bytes = b->json, .size_bytes = strlen(b->json), .duration_s = seconds};
    assert_int_equal(vl_transcript_parse(&source, b->work, &b->transcript, &error), VEIL_OK);
    assert_int_equal(vl_units_read(&b->transcript, lexicon, 0, b->transcript.count, b->work, &b->units), VEIL_OK);
}

static void bench_open(bench *b, const vl_lexicon *lexicon, const char *text)
{
    bench_read(b, lexicon, text, 1000);
    vl_units_build_numbers(&b->units);
    vl_units_join(&b->units);
}

static void bench_close(bench *b)
{
    vl_audio_works_give(works, b->work);
    free(b->json);
}

static void check_in(const vl_lexicon *lexicon, const char *said, const char *tight, const char *strict)
{
    bench b;
    bench_open(&b, lexicon, said);
    for (int is_strict = 0; is_strict < 2; is_strict++) {
        const char *expected = is_strict && strict != NULL ? strict : tight;
        vl_spoken_view view;
        assert_int_equal(vl_spoken_render(&b.units, is_strict, b.work, &view), VEIL_OK);
        if (view.text_bytes != strlen(expected) || memcmp(view.text, expected, view.text_bytes) != 0) {
            print_error("said:     %s\nwritten:  %.*s\nexpected: %s\n", said, (int)view.text_bytes, view.text,
                        expected);
            fail();
        }
    }
    bench_close(&b);
}

static void check(const char *said, const char *tight, const char *strict)
{
    check_in(&vl_lexicon_en, said, tight, strict);
}

static void numbers_are_written_as_they_are_said(void **state)
{
    (void)state;
    check("four one one one", "4111", NULL);
    check("my card number is four one one one one one one one", "my card number is 41111111", NULL);
    check("double oh seven", "007", NULL);
    check("triple five one two", "55512", NULL);
    check("quadruple nine", "9999", NULL);
    check("double four treble two", "44222", NULL);
    check("five oh two", "502", NULL);
    check("five o two", "502", NULL);
    check("oh four one five", "0415", NULL);
    check("forty-two hundred", "4200", NULL);
    check("forty two hundred", "4200", NULL);
    check("nineteen eighty four", "1984", NULL);
    check("nineteen eighty-four", "1984", NULL);
    check("nineteen oh four", "1904", NULL);
    check("twenty twenty six", "2026", NULL);
    check("forty one eleven", "4111", NULL);
    check("eight hundred five five five", "800555", NULL);
    check("eight hundred and five", "805", NULL);
    check("eight hundred five", "805", NULL);
    check("four hundred fifteen", "415", NULL);
    check("nineteen hundred", "1900", NULL);
    check("two thousand nineteen", "2019", NULL);
    check("two thousand and six", "2006", NULL);
    check("five thousand five hundred", "5500", NULL);
    check("one million two hundred thousand", "1200000", NULL);
    check("thirteen hundred and six", "1306", NULL);
    check("zero niner nought", "090", NULL);
    check("four one uh one um one", "4111", NULL);
    check("Four, one, one, one.", "4111", "4 1 1 1");
    check("4 1 1 1", "4111", NULL);
    check("4-1-1-1,", "4111,", "4-1-1-1,");
    check("4111 1111 1111 1111", "4111111111111111", NULL);
    check("four one five dash five five five dash zero one three two", "415-555-0132", NULL);
    check("plus one four one five", "+1415", NULL);
    check("one nine two dot one six eight dot one dot one", "192.168.1.1", NULL);
    check("three point one four", "3.14", NULL);
    check("5,000", "5000", NULL);
}

static void words_between_groups_are_left_out(void **state)
{
    (void)state;
    static const char *const links[] = {"okay",  "then",   "yes",      "got it", "mm-hmm",
                                        "right", "uh-huh", "and then", "sure",   ""};
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        char said[200];
        snprintf(said, sizeof said, "my social is five three six %s nine zero %s four three nine nine", links[i],
                 links[i]);
        check(said, "my social is 536904399", NULL);
    }
    check("my social is 536 - 90 - 4399", "my social is 536904399", "my social is 536-90-4399");
    check("four one five \xE2\x80\x93 five five five \xE2\x80\x94 zero one three two", "4155550132", "415-555-0132");
    check("one two three okay four people", "123 okay 4 people", NULL);
    check("room one two okay nine", "room 12 okay 9", NULL);
    check("a - b", "a - b", NULL);
    check("12 - 14 people", "12 - 14 people", NULL);
}

static double seconds_of(const char *const *words, uint32_t count, uint32_t n)
{
    char *text = malloc((size_t)n * 8);
    assert_non_null(text);
    size_t at = 0;
    for (uint32_t i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, 8, "%s ", words[i % count]);
    double least = 1e9;
    for (int round = 0; round < 2; round++) {
        bench b = {0};
        struct timespec from, to;
        bench_read(&b, &vl_lexicon_en, text, n);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
        vl_units_build_numbers(&b.units);
        vl_units_join(&b.units);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
        double took = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
        if (took < least) least = took;
        bench_close(&b);
    }
    free(text);
    return least;
}

/* Six times as many words take six times as long, not thirty-six. */
static void the_cost_grows_with_the_words(void **state)
{
    (void)state;
    static const char *const links[] = {"one", "two", "three", "and"}, *const codes[] = {"a", "1", "b", "2"};
    static const char *const amounts[] = {"5,000", "5,000", "5,000", "and"}, *const ands[] = {"and", "1"};
    const char *const *const cases[] = {links, codes, amounts, ands};
    const uint32_t counts[] = {4, 4, 4, 2};
    for (size_t i = 0; i < 4; i++) {
        double few = seconds_of(cases[i], counts[i], 20000), many = seconds_of(cases[i], counts[i], 120000);
        if (many > 16 * few) fail_msg("case %zu: %g s, then %g s", i, few, many);
    }
}

static void words_stay_words(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "oh no",
        "a dot com",
        "look at me",
        "call me at home",
        "hundred people",
        "double trouble",
        "the point is",
        "and in for as",
        "it cost $5,000",
        "I will",
        "jean-luc",
        "mike said hello",
        "plus",
        "at",
        "dash",
        "thousand",
        "well-known fact",
        "oh, my",
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        if (strcmp(plain[i], "a dot com") == 0) continue; /* a sign, see below */
        check(plain[i], plain[i], NULL);
    }
    check("call me at four one five", "call me at 415", NULL);
    check("look at www dot example dot com", "look at www.example.com", NULL);
}

static void addresses_are_put_together(void **state)
{
    (void)state;
    check("jane dot roe at example dot com", "jane.roe@example.com", NULL);
    check("my email is jane underscore roe at example dot co dot uk", "my email is jane_roe@example.co.uk", NULL);
    check("jane plus news at example dot org", "jane+news@example.org", NULL);
    check("jane at sign example dot com", "jane@example.com", NULL);
    check("jane one two at gmail dot com", "jane12@gmail.com", NULL);
    check("it is jane at gmail.com", "it is jane@gmail.com", NULL);
    check("j a n e at g mail dot com", "JANE@Gmail.com", NULL);
    check("jane at my company dot com", "jane@mycompany.com", NULL);
    check("j-a-n-e dot r-o-e at example dot com", "JANE.ROE@example.com", "JANE.ROE@example.com");
    check("jane dot roe, at example dot com.", "jane.roe@example.com.", NULL);
    check("jane dash roe at example hyphen mail dot com", "jane-roe@example-mail.com", NULL);
    check("example dot com slash jane", "example.com/jane", NULL);
}

static void letters_are_spelled(void **state)
{
    (void)state;
    check("alpha bravo charlie", "ABC", NULL);
    check("b as in bravo c for charlie", "BC", NULL);
    check("x-ray yankee zulu one two", "XYZ12", "XYZ 12");
    check("g b eight two west", "GB82 west", "GB 82 west");
    check("double u three", "W3", "w 3");
    check("double l", "ll", NULL);
    check("c zero one two three four five six seven", "C01234567", "c 01234567");
    check("I have a four", "I have a 4", NULL);
    check("J. A. N. E.", "JANE.", NULL);
}

/* Every byte of the written form must lead back to the words it came from. */
static void each_part_leads_back_to_its_words(void **state)
{
    (void)state;
    bench b;
    bench_open(&b, &vl_lexicon_en, "call double oh seven now nineteen eighty four please b as in bravo two");
    vl_spoken_view view;
    assert_int_equal(vl_spoken_render(&b.units, false, b.work, &view), VEIL_OK);
    const char *expected = "call 007 now 1984 please B2";
    assert_int_equal(view.text_bytes, strlen(expected));
    assert_memory_equal(view.text, expected, view.text_bytes);
    static const struct {
        uint32_t start, end, first, last;
    } cases[] = {{0, 4, 0, 0},   {5, 8, 1, 3},   {5, 6, 1, 2},    {7, 8, 3, 3},    {9, 12, 4, 4}, {13, 17, 5, 7},
                 {13, 15, 5, 5}, {15, 17, 6, 7}, {25, 26, 9, 12}, {25, 27, 9, 13}, {0, 27, 0, 13}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t first, last;
        vl_spoken_words(&view, cases[i].start, cases[i].end, &first, &last);
        assert_int_equal(first, cases[i].first);
        assert_int_equal(last, cases[i].last);
    }
    bench_close(&b);
}

static void words_between_groups_of_a_number_are_left_out(void **state)
{
    (void)state;
    check("four one one one and then one one one one", "41111111", NULL);
    check("four one one one space one one one one okay two two two", "41111111222", NULL);
    check("four one one one uh and one one one one", "41111111", NULL);
    check("two and three hundred", "2 and 300", NULL);
    check("four one one one and then we left", "4111 and then we left", NULL);
    check("five thousand and then one two three", "5000 and then 123", NULL);
    check_in(&vl_lexicon_de, "vier eins eins eins dann eins eins eins", "4111111", NULL);
}

static void days_of_dates_do_not_run_into_the_year(void **state)
{
    (void)state;
    check("born march third nineteen eighty four", "born march 3rd 1984", NULL);
    check("on june twenty first two thousand nineteen", "on june 21st 2019", NULL);
    check("on June twenty-second, 2019", "on June 22nd 2019", NULL);
    check("the twelfth of may nineteen ninety", "the 12th of may 1990", NULL);
    check("may four nineteen ninety", "may 4th 1990", NULL);
    check("you may four one one one", "you may 4111", NULL);
    check("the third time", "the third time", NULL);
    check("a thirty second clip", "a 30 second clip", NULL);
}

static void other_languages_have_their_own_numbers(void **state)
{
    (void)state;
    const vl_lexicon *de = &vl_lexicon_de, *es = &vl_lexicon_es, *fr = &vl_lexicon_fr, *it = &vl_lexicon_it;
    check_in(de,
             "null eins f"
             "\xC3\xBC"
             "nf zwo",
             "0152", NULL);
    check_in(de, "einundzwanzig", "21", NULL);
    check_in(de, "ein und zwanzig", "ein und 20", NULL);
    check_in(de, "zwei und vierzig", "42", NULL);
    check_in(de, "sechsundsechzig siebzehn", "6617", NULL);
    check_in(de,
             "vierhundertf"
             "\xC3\xBC"
             "nfundzwanzig",
             "425", NULL);
    check_in(de, "zweitausendvierundzwanzig", "2024", NULL);
    check_in(de, "doppelnull sieben", "007", NULL);
    check_in(de, "jana punkt roe klammeraffe beispiel punkt de", "jana.roe@beispiel.de", NULL);
    check_in(de,
             "jana unterstrich roe \xC3\xA4"
             "t beispiel punkt de",
             "jana_roe@beispiel.de", NULL);
    check_in(de, "ein hunderter", "ein hunderter", NULL);
    check_in(es, "cuatro uno uno uno", "4111", NULL);
    check_in(es, "seiscientos doce treinta y cuatro", "61234", NULL);
    check_in(es,
             "veintid\xC3\xB3"
             "s diecis"
             "\xC3\xA9"
             "is",
             "2216", NULL);
    check_in(es, "mil novecientos ochenta y cuatro", "1984", NULL);
    check_in(es, "doble cero siete", "007", NULL);
    check_in(es,
             "juana gui\xC3\xB3"
             "n bajo roe arroba ejemplo punto es",
             "juana_roe@ejemplo.es", NULL);
    check_in(fr,
             "z"
             "\xC3\xA9"
             "ro six douze trente-quatre",
             "061234", NULL);
    check_in(fr, "soixante-dix-huit", "78", NULL);
    check_in(fr, "soixante et onze", "71", NULL);
    check_in(fr, "quatre-vingts quatre-vingt-dix-sept", "8097", NULL);
    check_in(fr, "vingt et un", "21", NULL);
    check_in(fr, "cent deux", "102", NULL);
    check_in(fr, "mille neuf cent quatre-vingt-quatre", "1984", NULL);
    check_in(fr, "jeanne point roe arobase exemple point fr", "jeanne.roe@exemple.fr", NULL);
    check_in(it, "quattro uno uno uno", "4111", NULL);
    check_in(it, "ventuno trentotto sessantasette", "213867", NULL);
    check_in(it, "duecentocinquanta", "250", NULL);
    check_in(it, "millenovecentottantaquattro", "millenovecentottantaquattro", NULL);
    check_in(it, "giovanna trattino basso roe chiocciola esempio punto it", "giovanna_roe@esempio.it", NULL);
}

/* Tables are searched by halves. */
static void every_word_of_every_language_is_found(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < VL_LEXICONS; i++) {
        const vl_lexicon *lexicon = vl_lexicon_at(i);
        for (size_t k = 0; k < lexicon->count; k++) {
            const char *word = lexicon->entries[k].word;
            if (vl_lexicon_find(lexicon, word, strlen(word)) != &lexicon->entries[k])
                fail_msg("%s: %s is out of order", lexicon->language, word);
        }
        assert_int_equal(vl_lexicon_set(lexicon->language), 1u << i);
    }
    assert_int_equal(vl_lexicon_set("any"), 31);
    assert_int_equal(vl_lexicon_set("pl"), 0);
}

/* Any words in any order: the map stays inside the words and in order. */
static void random_words_never_lose_their_map(void **state)
{
    (void)state;
    static const char *const words[] = {"four",
                                        "double",
                                        "oh",
                                        "o",
                                        "twenty",
                                        "hundred",
                                        "thousand",
                                        "million",
                                        "at",
                                        "dot",
                                        "dash",
                                        "a",
                                        "b",
                                        "bravo",
                                        "as",
                                        "in",
                                        "jane",
                                        "com",
                                        "4111",
                                        "5,000",
                                        "and",
                                        "plus",
                                        "uh",
                                        "sign",
                                        "point",
                                        "teen",
                                        "x-ray",
                                        "4-1-1",
                                        "J-A",
                                        ".",
                                        "seven",
                                        "nine,",
                                        "zero.",
                                        "billion",
                                        "-",
                                        "--",
                                        "vierhundertzwei",
                                        "und",
                                        "mil",
                                        "quatre",
                                        "vingt",
                                        "soixante",
                                        "dix-sept",
                                        "ventotto",
                                        "guion",
                                        "bajo",
                                        "doppelnull"};
    uint64_t seed = 99;
    for (int round = 0; round < 300; round++) {
        char text[1024] = "";
        size_t count = 1 + random_below(&seed, 40);
        for (size_t i = 0; i < count; i++) {
            strcat(text, words[random_below(&seed, sizeof words / sizeof words[0])]);
            if (i + 1 < count) strcat(text, " ");
        }
        bench b;
        bench_open(&b, vl_lexicon_at((uint32_t)random_below(&seed, VL_LEXICONS)), text);
        assert_int_equal(b.transcript.count, count);
        for (int is_strict = 0; is_strict < 2; is_strict++) {
            vl_spoken_view view;
            assert_int_equal(vl_spoken_render(&b.units, is_strict, b.work, &view), VEIL_OK);
            uint32_t last = 0;
            for (uint32_t i = 0; i < view.piece_count; i++) {
                assert_true(view.pieces[i].word_first <= view.pieces[i].word_last);
                assert_true(view.pieces[i].word_last < count);
                assert_true(i == 0 || view.pieces[i].word_first >= last);
                assert_true(view.pieces[i].out_start <= view.text_bytes);
                last = view.pieces[i].word_first;
            }
        }
        bench_close(&b);
    }
}

static int open_shared(void **state)
{
    (void)state;
    audio_fixture_open(&shared, NULL, VEIL_CPU_AUTO, false);
    return vl_audio_works_create(&shared.runtime, 1, VEIL_POOL_GROW, NULL, &works) == VEIL_OK ? 0 : 1;
}

static int close_shared(void **state)
{
    (void)state;
    vl_audio_works_destroy(works);
    audio_fixture_close(&shared);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_as_they_are_said),
        cmocka_unit_test(words_between_groups_are_left_out),
        cmocka_unit_test(the_cost_grows_with_the_words),
        cmocka_unit_test(words_stay_words),
        cmocka_unit_test(addresses_are_put_together),
        cmocka_unit_test(letters_are_spelled),
        cmocka_unit_test(each_part_leads_back_to_its_words),
        cmocka_unit_test(random_words_never_lose_their_map),
        cmocka_unit_test(other_languages_have_their_own_numbers),
        cmocka_unit_test(every_word_of_every_language_is_found),
        cmocka_unit_test(words_between_groups_of_a_number_are_left_out),
        cmocka_unit_test(days_of_dates_do_not_run_into_the_year),
    };
    return cmocka_run_group_tests(tests, open_shared, close_shared);
}
