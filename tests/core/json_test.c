/* JSON: what RFC 8259 allows is walked in order, everything else is an error with its place; values convert exactly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "support/malloc_count.h"

/* One letter a token: { } [ ] k s n t f z(null) . end, ! error */
static void walk(const char *text, size_t n, char *trace, size_t capacity)
{
    static const char letters[] = ".{}[]ksntfz!";
    char *copy = malloc(n + 1); /* exactly n readable bytes under ASan, and no terminator to lean on */
    vl_json json;
    vl_json_token token;
    size_t i = 0;
    memcpy(copy, text, n);
    char *exact = n > 0 ? realloc(copy, n) : copy;
    vl_json_init(&json, exact, n);
    do {
        vl_json_next(&json, &token);
        assert_true(token.offset <= n);
        assert_true(i + 1 < capacity);
        trace[i++] = letters[token.type];
    } while (token.type != VL_JSON_END && token.type != VL_JSON_ERROR);
    trace[i] = '\0';
    assert_int_equal(vl_json_next(&json, &token), token.type); /* end and error are final */
    free(exact);
}

static void check_walk(const char *text, const char *want)
{
    char trace[300];
    walk(text, strlen(text), trace, sizeof trace);
    assert_string_equal(trace, want);
}

__attribute__((noinline)) static bool is_valid(const char *text, size_t n)
{
    char trace[4000];
    walk(text, n, trace, sizeof trace);
    return strchr(trace, '!') == NULL;
}

static void documents_are_walked_in_order(void **state)
{
    (void)state;
    check_walk("{}", "{}.");
    check_walk(" [ ] ", "[].");
    check_walk("null", "z.");
    check_walk("\"a\"", "s.");
    check_walk("-0.5e+3\n", "n.");
    check_walk("{\"a\":1,\"b\":[true,false,null,\"x\",{}],\"c\":{\"d\":[[]]}}", "{knk[tfzs{}]k{k[[]]}}.");
    check_walk("\t{ \"a\" : [ 1 , 2 ] , \"b\" : \"\" }\r\n", "{k[nn]ks}.");
    check_walk("{\"a\":1,\"a\":2}", "{knkn}.");
}

static void malformed_documents_are_errors(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "{a:1}",
        "[1}",
        "{\"a\":1]",
        "1 2",
        "[] []",
        "{}x",
        "nul",
        "nulll",
        "True",
        "tru",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "\"\t\"",
        "\"\n\"",
        "\"\\\"",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "--1",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "-Infinity",
        "[1,,2]",
        "{\"a\"::1}",
        "// c\n1",
        "/**/1",
        "\xEF\xBB\xBF{}",
        "[\"a\":1]",
        "{\"a\",1}",
        ":",
        ",",
        "-01",
        "1.5.5",
        "1e5.5",
        "\"\\",
        "\"\\u",
        "{\"a",
        "{\"a\"",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (is_valid(bad[i], strlen(bad[i]))) fail_msg("accepted: %s", bad[i]);
    }
    assert_false(is_valid("\"\0\"", 3));
    assert_false(is_valid("1\0", 2));
}

static void strings_must_be_utf8(void **state)
{
    (void)state;
    static const char *const bad[] = {"\"\x80\"",         "\"\xC0\xAF\"",     "\"\xC3\"",
                                      "\"\xE0\x80\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
                                      "\"\xFF\"",         "\"\xE2\x82\"",     "\"\xF8\x88\x80\x80\x80\""};
    static const char *const good[] = {"\"\xC3\xA9\"", "\"\xE2\x82\xAC\"", "\"\xF0\x9F\x98\x80\"", "\"\x7F\"",
                                       "\"\xEF\xBF\xBF\""};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(is_valid(bad[i], strlen(bad[i])));
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(is_valid(good[i], strlen(good[i])));
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[200];
    for (size_t depth = VL_JSON_MAX_DEPTH - 1; depth <= VL_JSON_MAX_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        assert_int_equal(is_valid(text, 2 * depth), depth <= VL_JSON_MAX_DEPTH);
    }
    char nested[VL_JSON_MAX_DEPTH * 6]; /* objects and arrays in turn: each level must close as what it opened */
    size_t n = 0;
    for (int i = 0; i < VL_JSON_MAX_DEPTH; i++) {
        const char *opening = i % 2 ? "[" : "{\"a\":";
        memcpy(nested + n, opening, strlen(opening));
        n += strlen(opening);
    }
    nested[n++] = '1';
    for (int i = VL_JSON_MAX_DEPTH; i-- > 0;)
        nested[n++] = i % 2 ? ']' : '}';
    assert_true(is_valid(nested, n));
    nested[n - 1] = ']';
    assert_false(is_valid(nested, n));
}

static void errors_say_where(void **state)
{
    (void)state;
    vl_json json;
    vl_json_token token;
    static const char text[] = "{\"a\": 1, \"b\": tru}";
    vl_json_init(&json, text, strlen(text));
    while (vl_json_next(&json, &token) != VL_JSON_ERROR) {
    }
    assert_int_equal(token.offset, 14);
    vl_json_init(&json, "[1, 2", 5);
    while (vl_json_next(&json, &token) != VL_JSON_ERROR) {
    }
    assert_int_equal(token.offset, 5);
}

static vl_json_token first(const char *text, size_t n)
{
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, text, n);
    vl_json_next(&json, &token);
    return token;
}

static void check_decode(const char *text, const char *want, size_t want_bytes)
{
    char out[64];
    vl_json_token token = first(text, strlen(text));
    assert_int_equal(token.type, VL_JSON_STRING);
    assert_int_equal(vl_json_decode(&token, out, sizeof out), want_bytes);
    assert_memory_equal(out, want, want_bytes);
    for (size_t capacity = 0; capacity < want_bytes; capacity++) {
        memset(out, '#', sizeof out);
        assert_int_equal(vl_json_decode(&token, out, capacity), SIZE_MAX);
        assert_int_equal(out[capacity], '#');
    }
}

static void strings_decode(void **state)
{
    (void)state;
    check_decode("\"\"", "", 0);
    check_decode("\"plain\"", "plain", 5);
    check_decode("\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d", 7);
    check_decode("\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t", 5);
    check_decode("\"\\u0041\\u00e9\\u20AC\"", "A\xC3\xA9\xE2\x82\xAC", 6);
    check_decode("\"\\ud83d\\ude00!\"", "\xF0\x9F\x98\x80!", 5);
    check_decode("\"\\u0000x\"", "\0x", 2);
    check_decode("\"\\uD800\\uDC00\\uDBFF\\uDFFF\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8);
    check_decode("\"\xE2\x82\xAC\\n\"", "\xE2\x82\xAC\n", 4);
}

static void names_compare(void **state)
{
    (void)state;
    vl_json_token plain = first("\"start\"", 7);
    vl_json_token escaped = first("\"st\\u0061rt\"", 12);
    vl_json_token number = first("5", 1);
    assert_true(vl_json_equals(&plain, "start"));
    assert_true(vl_json_equals(&escaped, "start"));
    assert_false(vl_json_equals(&plain, "star"));
    assert_false(vl_json_equals(&plain, "starts"));
    assert_false(vl_json_equals(&escaped, "star"));
    assert_false(vl_json_equals(&escaped, "starts"));
    assert_false(vl_json_equals(&escaped, ""));
    assert_false(vl_json_equals(&number, "5"));
    char out[4];
    assert_int_equal(vl_json_decode(&number, out, sizeof out), SIZE_MAX);
}

static void skipping_lands_behind_the_value(void **state)
{
    (void)state;
    static const char text[] = "{\"skip\":{\"a\":[1,{\"b\":2}]},\"also\":3,\"list\":[[1],2],\"want\":7}";
    vl_json json;
    vl_json_token token;
    vl_json_init(&json, text, strlen(text));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_OBJECT_BEGIN);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(vl_json_next(&json, &token), VL_JSON_KEY);
        assert_true(vl_json_skip(&json, &token));
    }
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_KEY);
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_ARRAY_BEGIN);
    assert_true(vl_json_skip(&json, &token));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_KEY);
    assert_true(vl_json_equals(&token, "want"));
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_NUMBER);
    assert_true(vl_json_skip(&json, &token)); /* a scalar is behind us already */
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_OBJECT_END);
    assert_int_equal(vl_json_next(&json, &token), VL_JSON_END);
    vl_json_init(&json, "{\"a\":[1,}", 9);
    vl_json_next(&json, &token);
    vl_json_next(&json, &token);
    assert_false(vl_json_skip(&json, &token));
    assert_false(vl_json_skip(&json, &(vl_json_token){.type = VL_JSON_ERROR}));
}

static double to_double(const char *text)
{
    double value = NAN;
    vl_json_token token = first(text, strlen(text));
    assert_int_equal(token.type, VL_JSON_NUMBER);
    assert_true(vl_json_double(&token, &value));
    return value;
}

static void everyday_numbers_are_exact(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0",         "-0",
                                          "1",         "-1",
                                          "0.5",       "12.34",
                                          "0.1",       "1e22",
                                          "1e-22",     "123.456",
                                          "0.000001",  "3.14159265358979",
                                          "86399.999", "9007199254740992",
                                          "1E5",       "1.50",
                                          "100e-2",    "-273.15",
                                          "16000"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        assert_true(to_double(numbers[i]) == strtod(numbers[i], NULL));
    assert_true(signbit(to_double("-0")) != 0);
    char text[32];
    for (int i = 0; i < 200000; i += 7) { /* times with milliseconds */
        (void)snprintf(text, sizeof text, "%d.%03d", i / 1000, i % 1000);
        assert_true(to_double(text) == strtod(text, NULL));
    }
}

/* Up to 19 digits: the very double that a correct strtod gives. */
static void any_19_digits_are_exact(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "5e-324",
        "3e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "9007199254740993",
        "9007199254740995",
        "1e23",
        "8.5e22",
        "2.2250738585072011e-308",
        "2.225073858507201e-308",
        "6.02214076e23",
        "1.602176634e-19",
        "0.9800000190734863",
        "0.30000000000000004",
        "9999999999999999999",
        "4503599627370497.5",
        "4503599627370496.5",
        "1e-323",
        "7.5e-324",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (to_double(numbers[i]) != strtod(numbers[i], NULL)) fail_msg("%s", numbers[i]);
    }
    uint64_t seed = 11;
    for (int i = 0; i < 30000; i++) {
        char text[40];
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        unsigned long long digits = (seed >> (seed & 63)) % 10000000000000000000ull;
        int exponent = (int)(seed >> 40) % 660 - 350;
        (void)snprintf(text, sizeof text, "%llue%d", digits, exponent);
        double want = strtod(text, NULL);
        if (want <= DBL_MAX && to_double(text) != want) fail_msg("%s", text);
    }
}

/* With more digits the promise is one unit in the last place. */
static void longer_numbers_are_within_one_step(void **state)
{
    (void)state;
    static const char *const numbers[] = {
        "1.7976931348623157e308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "5e-324",
        "9007199254740993",
        "1e23",
        "8.5e22",
        "0.1000000000000000055511151231257827021181583404541015625",
        "123456789012345678901234567890",
        "1e-320",
        "2.2250738585072011e-308",
        "6.02214076e23",
        "1.602176634e-19",
        "99999999999999999999e-20",
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double want = strtod(numbers[i], NULL);
        double got = to_double(numbers[i]);
        assert_true(got == want || got == nextafter(want, 0) || got == nextafter(want, INFINITY));
    }
    uint64_t seed = 7;
    for (int i = 0; i < 100000; i++) {
        char text[40];
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        int exponent = (int)(seed >> 40) % 600 - 320;
        (void)snprintf(text, sizeof text, "%llue%d", (unsigned long long)(seed >> (seed & 31)), exponent);
        double want = strtod(text, NULL);
        if (!(want <= DBL_MAX)) continue;
        double got = to_double(text);
        if (!(got == want || got == nextafter(want, 0) || got == nextafter(want, INFINITY))) fail_msg("%s", text);
    }
    assert_true(to_double("1e-400") == 0);
    assert_true(to_double("1e-99999999999999999999") == 0);
    assert_true(to_double("0e99999999999999999999") == 0);
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    static const char *const numbers[] = {"1e309", "-1e309", "1.8e308", "1e99999999999999999999", "123456789e400"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double value = 1;
        vl_json_token token = first(numbers[i], strlen(numbers[i]));
        assert_int_equal(token.type, VL_JSON_NUMBER);
        assert_false(vl_json_double(&token, &value));
        assert_true(value == 0);
    }
    double value;
    vl_json_token token = first("\"5\"", 3);
    assert_false(vl_json_double(&token, &value));
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE"};
    bool is_set = false;
    for (size_t i = 0; i < 4 && !is_set; i++)
        is_set = setlocale(LC_NUMERIC, commas[i]) != NULL;
    assert_true(to_double("1.5") == 1.5);
    (void)setlocale(LC_NUMERIC, "C");
    if (!is_set) skip(); /* checked in the C locale only */
}

static void nothing_is_allocated(void **state)
{
    (void)state;
    if (!malloc_count_works()) skip();
    static const char text[] = "{\"a\\n\":[1.5e300,{\"b\":\"\\u20ac\"}]}";
    vl_json json;
    vl_json_token token;
    char out[32];
    double value;
    malloc_counts before = malloc_count_read();
    vl_json_init(&json, text, strlen(text));
    while (vl_json_next(&json, &token) != VL_JSON_END && token.type != VL_JSON_ERROR) {
        (void)vl_json_decode(&token, out, sizeof out);
        (void)vl_json_double(&token, &value);
    }
    malloc_counts change = malloc_count_since(before);
    assert_int_equal(token.type, VL_JSON_END);
    assert_int_equal(change.allocations + change.maps, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_walked_in_order),
        cmocka_unit_test(malformed_documents_are_errors),
        cmocka_unit_test(strings_must_be_utf8),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(strings_decode),
        cmocka_unit_test(names_compare),
        cmocka_unit_test(skipping_lands_behind_the_value),
        cmocka_unit_test(everyday_numbers_are_exact),
        cmocka_unit_test(any_19_digits_are_exact),
        cmocka_unit_test(longer_numbers_are_within_one_step),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(the_locale_does_not_matter),
        cmocka_unit_test(nothing_is_allocated),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
