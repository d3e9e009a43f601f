/*
 * JSON, NDJSON, CSV and TSV: what is replaced and how, what stays, rules of fields, context from names, refusals; and over random
 * documents: every byte outside findings is the same, the output is valid, and findings are those of the unescaped values.
 */
#include <time.h>

#include "support/seed.h"
#include "text/scan_fixture.h"

static veil_sanitizer *sanitizer;
static char out[1 << 20];
static size_t out_bytes;
static found all;

static veil_status redact(uint32_t format, const veil_field_rule *fields, size_t field_count, const char *text,
                          size_t size, veil_error *error)
{
    veil_text_options options;
    veil_text_result result = {sizeof result, all.items, FOUND_MAX, 0};
    veil_text_options_init(&options);
    options.format = format;
    options.fields = fields;
    options.field_count = field_count;
    veil_status status =
        veil_text_redact(sanitizer, &options, text, size, out, sizeof out - 1, &out_bytes, &result, error);
    all.count = result.finding_count;
    out[out_bytes] = '\0';
    return status;
}

static void expect(uint32_t format, const char *text, const char *expected)
{
    veil_error error = VEIL_ERROR_INIT;
    if (redact(format, NULL, 0, text, strlen(text), &error) != VEIL_OK) fail_msg("%s: %s", text, error.message);
    assert_string_equal(out, expected);
}

static void values_of_json_are_scanned(void **state)
{
    (void)state;
    expect(VEIL_FORMAT_JSON, "{\"mail\": \"jane.roe@example.com\", \"n\": 1.50e3}",
           "{\"mail\": \"<EMAIL_ADDRESS>\", \"n\": 1.50e3}");
    expect(VEIL_FORMAT_JSON, "[\"a\\u0062 \\\"jane.roe@example.com\\\" \\/\", true, null]",
           "[\"a\\u0062 \\\"<EMAIL_ADDRESS>\\\" \\/\", true, null]");
    expect(VEIL_FORMAT_JSON, "\"jane\\u002eroe\\u0040example.com!\"", "\"<EMAIL_ADDRESS>!\"");
    expect(VEIL_FORMAT_JSON, "{\"jane.roe@example.com\": 1}", "{\"jane.roe@example.com\": 1}");
    expect(VEIL_FORMAT_JSON, " {} ", " {} ");
    expect(VEIL_FORMAT_JSON, "[\"\", \"10.1.2.3\\n\", \"\\ud83d\\ude00 10.1.2.3\"]",
           "[\"\", \"<IP_ADDRESS>\\n\", \"\\ud83d\\ude00 <IP_ADDRESS>\"]");
}

static void names_are_context(void **state)
{
    (void)state;
    expect(VEIL_FORMAT_JSON, "{\"ssn\": \"536904399\", \"x\": \"536904399\"}",
           "{\"ssn\": \"<US_SSN>\", \"x\": \"536904399\"}");
    expect(VEIL_FORMAT_JSON, "{\"customerSsn\": 536904399, \"id\": 536904399}",
           "{\"customerSsn\": \"<US_SSN>\", \"id\": 536904399}");
    expect(VEIL_FORMAT_JSON, "{\"ssn_list\": [536904399, \"536904399\"]}",
           "{\"ssn_list\": [\"<US_SSN>\", \"<US_SSN>\"]}");
    expect(VEIL_FORMAT_CSV, "name,ssn,no\nJane,536904399,536904399\n", "name,ssn,no\nJane,<US_SSN>,536904399\n");
    /* the same line as plain text has no context */
    expect(VEIL_FORMAT_TEXT, "Jane,536904399,536904399", "Jane,536904399,536904399");
}

/* As json.dumps of Python writes them by default. */
static void names_may_be_written_in_escapes(void **state)
{
    static const char street[] =
        "{\"stra\\u00dfe\": \"Hauptweg\", \"Stra\xC3\x9F\x65\": \"Nebenweg\", \"strasse\": \"x\"}";
    const veil_field_rule rule = {sizeof rule, "stra\xC3\x9F\x65", "CRYPTO"};
    (void)state;
    expect(VEIL_FORMAT_JSON, "{\"s\\u0073n\": \"536904399\"}", "{\"s\\u0073n\": \"<US_SSN>\"}");
    assert_int_equal(redact(VEIL_FORMAT_JSON, &rule, 1, street, sizeof street - 1, NULL), VEIL_OK);
    assert_string_equal(out,
                        "{\"stra\\u00dfe\": \"<CRYPTO>\", \"Stra\xC3\x9F\x65\": \"<CRYPTO>\", \"strasse\": \"x\"}");
}

/* A name of 300 KB beside 150,000 records of two bytes: walked once, not once a record (11 s before). */
static void long_names_cost_once(void **state)
{
    static char text[600001];
    const veil_field_rule rule = {sizeof rule, "#1", "CRYPTO"};
    size_t size = 300000;
    (void)state;
    memset(text, 'h', size);
    text[size++] = '\n';
    for (unsigned i = 0; i < 150000; i++, size += 2)
        memcpy(text + size, "1\n", 2);
    clock_t start = clock();
    assert_int_equal(redact(VEIL_FORMAT_CSV, NULL, 0, text, size, NULL), VEIL_OK);
    assert_int_equal(redact(VEIL_FORMAT_CSV, &rule, 1, text, 300005, NULL), VEIL_OK);
    assert_non_null(strstr(out, "h\n<CRYPTO>\n"));
    if (clock() - start > 5 * CLOCKS_PER_SEC) fail_msg("%ld ms", (long)((clock() - start) / (CLOCKS_PER_SEC / 1000)));
    size = 0; /* names are not kept without bound */
    for (unsigned column = 0; column < 40; column++) {
        memset(text + size, 'n', 300);
        text[size + 300] = column == 39 ? '\n' : ',';
        size += 301;
    }
    for (unsigned column = 0; column < 40; column++, size += 2)
        memcpy(text + size, "1,", 2);
    assert_int_equal(redact(VEIL_FORMAT_CSV, NULL, 0, text, size, NULL), VEIL_ERR_LIMIT);
}

/* Values that give no reason to look are looked at in no time each, and still take their time together. */
static void deadlines_hold_for_plain_values(void **state)
{
    static char text[900003];
    size_t size = 0;
    veil_text_options options;
    (void)state;
    text[size++] = '[';
    for (unsigned i = 0; i < 180000; i++, size += 5)
        memcpy(text + size, "\"ab\",", 5);
    text[size - 1] = ']';
    veil_text_options_init(&options);
    options.format = VEIL_FORMAT_JSON;
    options.timeout_us = 1;
    assert_int_equal(veil_text_redact(sanitizer, &options, text, size, out, sizeof out, &out_bytes, NULL, NULL),
                     VEIL_ERR_TIMEOUT);
    assert_int_equal(out_bytes, 0);
}

static void tables_stay_valid(void **state)
{
    (void)state;
    expect(VEIL_FORMAT_CSV, "a,b\r\n\"say \"\"hi\"\" to jane.roe@example.com, please\",2\r\n",
           "a,b\r\n\"say \"\"hi\"\" to <EMAIL_ADDRESS>, please\",2\r\n");
    expect(VEIL_FORMAT_CSV, "a\n10.1.2.3", "a\n<IP_ADDRESS>");
    expect(VEIL_FORMAT_CSV,
           "\xEF\xBB\xBF"
           "mail,x\n,\n\n\"\",jane.roe@example.com\n",
           "\xEF\xBB\xBF"
           "mail,x\n,\n\n\"\",<EMAIL_ADDRESS>\n");
    expect(VEIL_FORMAT_CSV, "a,b\n1,2,jane.roe@example.com\n", "a,b\n1,2,<EMAIL_ADDRESS>\n");
    expect(VEIL_FORMAT_CSV, "415-555-0132,jane.roe@example.com\n", "<PHONE_NUMBER>,<EMAIL_ADDRESS>\n");
    expect(VEIL_FORMAT_TSV, "a\tb\n1,2\tjane.roe@example.com\n", "a\tb\n1,2\t<EMAIL_ADDRESS>\n");
    expect(VEIL_FORMAT_CSV, "", "");
    /* a quote in a field without quotes: what is left of the field must not begin with it */
    expect(VEIL_FORMAT_CSV, "a\n10.1.2.3\"x\nb\"c\n", "a\n\"<IP_ADDRESS>\"\"x\"\nb\"c\n");
}

static void lines_are_documents(void **state)
{
    (void)state;
    expect(VEIL_FORMAT_NDJSON, "{\"ip\":\"10.1.2.3\"}\r\n\n  \n[\"10.1.2.3\"]",
           "{\"ip\":\"<IP_ADDRESS>\"}\r\n\n  \n[\"<IP_ADDRESS>\"]");
}

#define RULE(name, entity)                                                                                             \
    {                                                                                                                  \
        sizeof(veil_field_rule), name, entity                                                                          \
    }

static void rules_take_whole_values(void **state)
{
    (void)state;
    static const veil_field_rule rules[] = {RULE("user.name", "CRYPTO"), RULE("password", "US_BANK_NUMBER"),
                                            RULE("#2", "UK_NHS")};
    static const char json[] = "{\"Password\": \"x y\\n\", \"p\\u0061ssword\": 12, \"user\": {\"name\": [\"Jane\", "
                               "true, null, {\"a\": 1}], \"names\": 1}, "
                               "\"name\": \"J\", \"passwords\": \"x\", \"q\": {\"password\": \"\"}}";
    assert_int_equal(redact(VEIL_FORMAT_JSON, rules, 2, json, sizeof json - 1, NULL), VEIL_OK);
    assert_string_equal(out, "{\"Password\": \"<US_BANK_NUMBER>\", \"p\\u0061ssword\": \"<US_BANK_NUMBER>\", \"user\": "
                             "{\"name\": [\"<CRYPTO>\", "
                             "\"<CRYPTO>\", null, {\"a\": \"<CRYPTO>\"}], \"names\": 1}, \"name\": \"J\", "
                             "\"passwords\": \"x\", \"q\": {\"password\": \"\"}}");
    assert_int_equal(all.count, 5);
    assert_string_equal(all.items[0].recognizer, "FIELD");
    assert_int_equal(all.items[0].start, 14);
    assert_int_equal(all.items[0].end, 19);
    static const char csv[] = "user,\"pass\"\"word\",PASSWORD\nJane,a,\"b,c\"\n";
    assert_int_equal(redact(VEIL_FORMAT_CSV, rules + 1, 2, csv, sizeof csv - 1, NULL), VEIL_OK);
    assert_string_equal(out, "user,\"pass\"\"word\",PASSWORD\nJane,<UK_NHS>,\"<US_BANK_NUMBER>\"\n");
    /* one that fits no column is a mistake; where there is no record there are no columns */
    assert_int_equal(redact(VEIL_FORMAT_CSV, rules, 3, csv, sizeof csv - 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(redact(VEIL_FORMAT_CSV, rules, 3, "", 0, NULL), VEIL_OK);
}

static void replacements_are_encoded(void **state)
{
    (void)state;
    veil_operator_rule rule = {
        .struct_size = sizeof rule, .entity = "*", .op = VEIL_OP_REPLACE, .text = "a \"b\"\\,\n"};
    veil_text_options options;
    veil_text_options_init(&options);
    options.operators = &rule;
    options.operator_count = 1;
    options.format = VEIL_FORMAT_JSON;
    static const char json[] = "{\"ssn\": 536904399}";
    assert_int_equal(
        veil_text_redact(sanitizer, &options, json, sizeof json - 1, out, sizeof out, &out_bytes, NULL, NULL), VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, "{\"ssn\": \"a \\\"b\\\"\\\\,\\u000a\"}");
    options.format = VEIL_FORMAT_CSV;
    static const char csv[] = "ssn,x\nno 536-90-4399,y\n\"536-90-4399\",z\n";
    assert_int_equal(
        veil_text_redact(sanitizer, &options, csv, sizeof csv - 1, out, sizeof out, &out_bytes, NULL, NULL), VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, "ssn,x\n\"no a \"\"b\"\"\\,\n\",y\n\"a \"\"b\"\"\\,\n\",z\n");
}

static void malformed_documents_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t format;
        const char *text;
        uint64_t offset;
    } cases[] = {{VEIL_FORMAT_JSON, "{\"a\": \"10.1.2.3\", }", 18},
                 {VEIL_FORMAT_JSON, "", 0},
                 {VEIL_FORMAT_JSON, "[1] x", 4},
                 {VEIL_FORMAT_NDJSON, "{\"a\": \"10.1.2.3\"}\n{bad}\n", 19},
                 {VEIL_FORMAT_CSV, "a\n\"10.1.2.3", 2},
                 {VEIL_FORMAT_CSV, "a\n\"10.1.2.3\"x\n", 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        veil_error error = VEIL_ERROR_INIT;
        memset(out, 1, 64);
        assert_int_equal(redact(cases[i].format, NULL, 0, cases[i].text, strlen(cases[i].text), &error),
                         VEIL_ERR_MALFORMED_INPUT);
        assert_int_equal(error.offset, cases[i].offset);
        assert_int_equal(out_bytes, 0);
        assert_int_equal(all.count, 0);
        for (size_t k = 0; k < 64; k++)
            assert_int_equal(out[k], 0);
    }
}

static void options_are_checked(void **state)
{
    (void)state;
    veil_field_rule rule = RULE("x", "US_SSN");
    assert_int_equal(redact(VEIL_FORMAT_TEXT, &rule, 1, "x", 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
    assert_int_equal(redact(9, NULL, 0, "x", 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
    rule.entity = "NO_SUCH";
    assert_int_equal(redact(VEIL_FORMAT_JSON, &rule, 1, "1", 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
    rule.entity = "US_SSN";
    rule.name = "#1";
    assert_int_equal(redact(VEIL_FORMAT_JSON, &rule, 1, "1", 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
    rule.name = "";
    assert_int_equal(redact(VEIL_FORMAT_JSON, &rule, 1, "1", 1, NULL), VEIL_ERR_INVALID_ARGUMENT);
}

/* Values of any length, with escapes and without. */
static void long_values_are_scanned_whole(void **state)
{
    (void)state;
    static char text[300000];
    static const size_t lengths[] = {100, 16000, 16300, 17000, 40000, 200000};
    for (size_t l = 0; l < 2 * sizeof lengths / sizeof lengths[0]; l++) {
        size_t size = (size_t)sprintf(text, "{\"a\": \"10.1.2.3 ");
        for (size_t i = 0; i < lengths[l / 2]; i++)
            text[size++] = "filler of a value "[i % 18];
        size += (size_t)sprintf(text + size, "%s 10.1.2.3 https://a.com/%0*d\", \"b\": 536904399}", l % 2 ? "\\n" : "x",
                                (int)(lengths[l / 2] / 3), 0);
        assert_int_equal(redact(VEIL_FORMAT_JSON, NULL, 0, text, size, NULL), VEIL_OK);
        assert_int_equal(all.count, 3);
        char *end = strstr(out, "<IP_ADDRESS> https");
        if (end == NULL) end = strstr(out + 30, "<IP_ADDRESS> <URL>\", \"b\": 536904399}");
        assert_non_null(end);
        assert_memory_equal(out, "{\"a\": \"<IP_ADDRESS> filler", 26);
    }
}

/* ---- random documents ---- */

static uint64_t seed = 7;

static uint64_t rnd(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return seed >> 33;
}

static const char *const parts[] = {"jane.roe@example.com",
                                    "536-90-4399",
                                    "plain words",
                                    "4111 1111 1111 1111",
                                    "10.1.2.3",
                                    "x\xC3\xA9\xE2\x82\xAC",
                                    "\"",
                                    "\\",
                                    ",",
                                    "/",
                                    "\n",
                                    "415-555-0132",
                                    " ",
                                    "https://example.com/a?b=c",
                                    "12",
                                    "\t"};

static size_t put_json_string(char *to, const char *text)
{
    size_t size = 0;
    to[size++] = '"';
    for (; *text != '\0'; text++) {
        uint8_t c = (uint8_t)*text;
        if (c < 0x20 || (c < 0x80 && rnd() % 9 == 0))
            size += (size_t)sprintf(to + size, rnd() % 2 ? "\\u%04x" : "\\u%04X", c);
        else if (c == '"' || c == '\\' || (c == '/' && rnd() % 2))
            size += (size_t)sprintf(to + size, "\\%c", c);
        else
            to[size++] = (char)c;
    }
    to[size++] = '"';
    return size;
}

static size_t put_csv_field(char *to, const char *text)
{
    size_t size = 0;
    bool quotes = strpbrk(text, ",\"\r\n") != NULL || rnd() % 3 == 0;
    if (quotes) to[size++] = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"') to[size++] = '"';
        to[size++] = *text;
    }
    if (quotes) to[size++] = '"';
    return size;
}

/* What the document's bytes say, by a second hand. */
static size_t unescape(uint32_t format, const char *raw, size_t size, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++) {
        if (format == VEIL_FORMAT_CSV && raw[i] == '"') i++;
        if (format == VEIL_FORMAT_JSON && raw[i] == '\\') {
            i++;
            if (raw[i] == 'u') {
                unsigned code;
                (void)sscanf(raw + i + 1, "%4x", &code);
                to[n++] = (char)code;
                i += 4;
                continue;
            }
        }
        to[n++] = raw[i];
    }
    return n;
}

static void random_documents_keep_what_is_not_found(void **state)
{
    (void)state;
    static char text[65536];
    static char values[64][256];
    static char plain[4096];
    static found expected;
    for (unsigned round = 0; round < 600; round++) {
        uint32_t format = round % 2 ? VEIL_FORMAT_JSON : VEIL_FORMAT_CSV;
        size_t size = format == VEIL_FORMAT_JSON ? (size_t)sprintf(text, "[ ") : 0;
        size_t starts[64], ends[64], count = 1 + rnd() % 40;
        for (size_t i = 0; i < count; i++) {
            values[i][0] = '\0';
            for (unsigned k = 0; k < rnd() % 7; k++)
                strcat(strcat(values[i], parts[rnd() % (sizeof parts / sizeof parts[0])]), " "); /* no chains */
            if (i > 0)
                size += (size_t)sprintf(text + size, "%s", format == VEIL_FORMAT_JSON ? " ,\n" : i % 5 ? "," : "\n");
            starts[i] = size;
            size += format == VEIL_FORMAT_JSON ? put_json_string(text + size, values[i])
                                               : put_csv_field(text + size, values[i]);
            ends[i] = size;
            if (text[starts[i]] == '"') starts[i]++, ends[i]--;
        }
        if (format == VEIL_FORMAT_JSON) text[size++] = ']';
        veil_text_options options;
        veil_text_result result = {sizeof result, all.items, FOUND_MAX, 0};
        veil_text_options_init(&options);
        options.format = format;
        options.flags = format == VEIL_FORMAT_CSV ? VEIL_TEXT_NO_HEADER : 0;
        assert_int_equal(veil_text_redact(sanitizer, &options, text, size, out, sizeof out, &out_bytes, &result, NULL),
                         VEIL_OK);
        /* outside findings nothing changed */
        size_t at = 0, from = 0;
        for (size_t i = 0; i < result.finding_count; i++) {
            const veil_finding *f = &all.items[i];
            assert_memory_equal(out + at, text + from, (size_t)f->start - from);
            at += (size_t)f->start - from + strlen(f->entity) + 2;
            from = (size_t)f->end;
        }
        assert_int_equal(out_bytes - at, size - from);
        assert_memory_equal(out + at, text + from, size - from);
        /* and what was found is what the value alone gives */
        size_t next = 0;
        for (size_t i = 0; i < count; i++) {
            scan_text(sanitizer, NULL, values[i], strlen(values[i]), &expected);
            for (size_t k = 0; k < expected.count; k++, next++) {
                assert_true(next < result.finding_count);
                const veil_finding *f = &all.items[next];
                assert_true(f->start >= starts[i] && f->end <= ends[i]);
                size_t n = unescape(format, text + f->start, (size_t)(f->end - f->start), plain);
                assert_int_equal(n, expected.items[k].end - expected.items[k].start);
                assert_memory_equal(plain, values[i] + expected.items[k].start, n);
                assert_string_equal(f->entity, expected.items[k].entity);
            }
        }
        assert_int_equal(next, result.finding_count);
    }
}

static int open_all(void **state)
{
    (void)state;
    sanitizer = make_text("en", 0.4f);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    veil_sanitizer_destroy(sanitizer);
    return 0;
}

int main(void)
{
    seed = test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_json_are_scanned),
        cmocka_unit_test(names_are_context),
        cmocka_unit_test(names_may_be_written_in_escapes),
        cmocka_unit_test(long_names_cost_once),
        cmocka_unit_test(deadlines_hold_for_plain_values),
        cmocka_unit_test(tables_stay_valid),
        cmocka_unit_test(lines_are_documents),
        cmocka_unit_test(rules_take_whole_values),
        cmocka_unit_test(replacements_are_encoded),
        cmocka_unit_test(malformed_documents_are_refused),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(long_values_are_scanned_whole),
        cmocka_unit_test(random_documents_keep_what_is_not_found),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
