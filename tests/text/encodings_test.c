/*
 * THREATS row 10: every row's known answer in every encoding that is decoded, and in pairs of them. Recall is printed an
 * encoding, and bounded; what is written in place of a finding leaves an escaped text that parses, and no finding twice.
 */
#include "support/seed.h"
#include "text/evasion.h"

#include "text/chars.h"

typedef size_t (*encode_fn)(const char *text, size_t size, char *out);

static size_t with_format(const char *text, size_t size, char *out, const char *format, bool all)
{
    char *at = out;
    for (size_t i = 0; i < size; i++) {
        if (all || !vl_is_alnum(text[i]))
            at += sprintf(at, format, (uint8_t)text[i]);
        else
            *at++ = text[i];
    }
    *at = '\0';
    return (size_t)(at - out);
}

static size_t percent_all(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "%%%02X", true);
}

static size_t percent_reserved(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "%%%02X", false);
}

static size_t json_all(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "\\u%04x", true);
}

static size_t json_reserved(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "\\u%04X", false);
}

static size_t c_all(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "\\x%02x", true);
}

static size_t with_backslash(const char *text, size_t size, char *out, const char *escaped)
{
    char *at = out;
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\0' && strchr(escaped, text[i]) != NULL) *at++ = '\\';
        *at++ = text[i];
    }
    *at = '\0';
    return (size_t)(at - out);
}

static size_t json_slashes(const char *text, size_t size, char *out)
{
    return with_backslash(text, size, out, "\"\\/");
}

static size_t markdown(const char *text, size_t size, char *out)
{
    return with_backslash(text, size, out, "\\`*_{}[]()#+-.!@");
}

static size_t c_reserved(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "\\x%02X", false);
}

static size_t quoted_reserved(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "=%02X", false);
}

static size_t html_decimal(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "&#%u;", true);
}

static size_t html_hex(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "&#x%X;", true);
}

static size_t quoted_all(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "=%02X", true);
}

/* A soft line break behind every tenth character; the sign of the encoding itself is encoded, as every encoder does. */
static size_t quoted_breaks(const char *text, size_t size, char *out)
{
    char *at = out;
    for (size_t i = 0; i < size; i++) {
        if (i > 0 && i % 10 == 0) at += sprintf(at, "=\r\n");
        if (text[i] == '=')
            at += sprintf(at, "=3D");
        else
            *at++ = text[i];
    }
    *at = '\0';
    return (size_t)(at - out);
}

static size_t hex_plain(const char *text, size_t size, char *out)
{
    return with_format(text, size, out, "%02x", true);
}

static size_t hex_prefixed(const char *text, size_t size, char *out)
{
    return (size_t)sprintf(out, "0x") + hex_plain(text, size, out + 2);
}

static size_t base64_with(const char *text, size_t size, char *out, const char *last, bool pads, size_t line)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char *at = out;
    size_t column = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t have = size - i < 3 ? size - i : 3;
        uint32_t bits = (uint32_t)(uint8_t)text[i] << 16;
        if (have > 1) bits |= (uint32_t)(uint8_t)text[i + 1] << 8;
        if (have > 2) bits |= (uint8_t)text[i + 2];
        if (line != 0 && column == line) {
            at += sprintf(at, "\r\n");
            column = 0;
        }
        for (size_t k = 0; k < 4; k++) {
            uint32_t value = bits >> (18 - 6 * k) & 63;
            if (k <= have)
                *at++ = value < 62 ? digits[value] : last[value - 62];
            else if (pads)
                *at++ = '=';
        }
        column += 4;
    }
    *at = '\0';
    return (size_t)(at - out);
}

static size_t base64_padded(const char *text, size_t size, char *out)
{
    return base64_with(text, size, out, "+/", true, 0);
}

static size_t base64_bare(const char *text, size_t size, char *out)
{
    return base64_with(text, size, out, "+/", false, 0);
}

static size_t base64_url(const char *text, size_t size, char *out)
{
    return base64_with(text, size, out, "-_", false, 0);
}

/* MIME lines: prose before the value makes it several. */
static size_t base64_lines(const char *text, size_t size, char *out)
{
    static char longer[EVASION_TEXT];
    size_t length =
        (size_t)sprintf(longer, "Words of a letter that take up the first line and a part of the second one, then: ");
    memcpy(longer + length, text, size);
    return base64_with(longer, length + size, out, "+/", true, 76);
}

typedef struct encoding {
    const char *name;
    encode_fn first;
    encode_fn second; /* over the first; or NULL */
    bool is_run;      /* one token: the whole of it must go */
    unsigned least;   /* percent of the rows */
} encoding;

static const encoding encodings[] = {
    {"percent, all", percent_all, NULL, false, 98},
    {"percent, reserved", percent_reserved, NULL, false, 90},
    {"JSON \\u, all", json_all, NULL, false, 98},
    {"JSON \\u, reserved", json_reserved, NULL, false, 90},
    {"\\x, all", c_all, NULL, false, 98},
    {"\\x, reserved", c_reserved, NULL, false, 95},
    {"JSON \\/", json_slashes, NULL, false, 98},
    {"Markdown", markdown, NULL, false, 95},
    {"HTML decimal", html_decimal, NULL, false, 98},
    {"HTML hexadecimal", html_hex, NULL, false, 98},
    {"quoted-printable, all", quoted_all, NULL, false, 98},
    {"quoted-printable, reserved", quoted_reserved, NULL, false, 95},
    {"quoted-printable, breaks", quoted_breaks, NULL, false, 90},
    {"hexadecimal", hex_plain, NULL, true, 90},
    {"hexadecimal, 0x", hex_prefixed, NULL, true, 90},
    {"base64", base64_padded, NULL, true, 90},
    {"base64, no padding", base64_bare, NULL, true, 90},
    {"base64url", base64_url, NULL, true, 90},
    {"base64, MIME lines", base64_lines, NULL, true, 90},
    {"percent of percent", percent_all, percent_reserved, false, 95},
    {"JSON of JSON", json_all, json_reserved, false, 95},
    {"JSON \\/ of JSON \\/", json_slashes, json_slashes, false, 90},
    {"HTML of HTML", html_decimal, html_decimal, false, 80},
    {"base64 of percent", percent_all, base64_padded, true, 95},
    {"base64 of JSON", json_all, base64_url, true, 95},
    {"base64 of base64", base64_padded, base64_padded, true, 85},
    {"hexadecimal of base64", base64_padded, hex_plain, true, 85},
    {"percent of base64", base64_padded, percent_all, false, 85},
};

static size_t encode(const encoding *e, const char *text, size_t size, char *out)
{
    static char once[EVASION_TEXT];
    if (e->second == NULL) return e->first(text, size, out);
    size_t length = e->first(text, size, once);
    return e->second(once, length, out);
}

/* Every escape of the text is whole. */
static void expect_parses(const encoding *e, const char *text, size_t size)
{
    bool has_percents = strstr(e->name, "percent") != NULL; /* "%B4111..." is track 1 of a card elsewhere */
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '%' && !has_percents) continue;
        size_t digits = text[i] == '%' ? 2 : text[i] == '\\' && text[i + 1] == 'u' ? 4 : 0;
        if (digits == 0) continue;
        size_t from = i + (text[i] == '%' ? 1 : 2);
        for (size_t k = from; k < from + digits; k++)
            if (k >= size || vl_hex_value(text[k]) < 0) fail_msg("%s leaves a broken escape: %s", e->name, text);
    }
}

static void try_row(const veil_sanitizer *sanitizer, const encoding *e, size_t row, evasion_tally *tally)
{
    static char plain[EVASION_TEXT], text[4 * EVASION_TEXT], out[4 * EVASION_TEXT];
    static found all;
    size_t before = strlen(vl_rows[row].before);
    size_t plain_size = (size_t)sprintf(plain, "%s%s", vl_rows[row].before, vl_rows[row].sample);
    if (plain_size > (e->second != NULL ? 60u : 200u)) return; /* beyond VL_VIEW_SPAN_MAX in the longest encoding */
    for (size_t i = 0; i < plain_size; i++)
        if ((uint8_t)plain[i] >= 0x80) return; /* the encoders of this file are those of ASCII */
    size_t start = 0;
    size_t size = (size_t)sprintf(text, "x ");
    if (!e->is_run && before > 0) start = encode(e, plain, before, text + size);
    start += size;
    size += encode(e, plain, plain_size, text + size);
    size_t end = size;
    size += (size_t)sprintf(text + size, " y");
    if (end - start < 16 && e->is_run) return; /* shorter than any run that is looked at */
    tally->tried++;
    if (is_covered(sanitizer, row, text, size, start, end, &all)) {
        tally->whole++;
        size_t out_size = redact_text(sanitizer, row, text, size, out, sizeof out - 1);
        out[out_size] = '\0';
        expect_parses(e, out, out_size);
        if (e->is_run && all.count != 1) fail_msg("%s of %s: %zu findings", e->name, vl_rows[row].name, all.count);
    } else if (getenv("EVASION_SHOW") != NULL) {
        printf("    %s %s: %s\n", e->name, vl_rows[row].name, text);
    }
}

static void every_row_is_found_in_every_encoding(void **state)
{
    (void)state;
    unsigned failures = 0;
    veil_sanitizer *sanitizer = make_text("any", 0.4f);
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        evasion_tally tally = {0, 0};
        for (size_t row = 0; row < VL_ROW_COUNT; row++)
            try_row(sanitizer, &encodings[i], row, &tally);
        print_recall(encodings[i].name, &tally);
        bool is_low = tally.tried == 0 || tally.whole * 100 < tally.tried * encodings[i].least;
        if (is_low) printf("  ^ below %u %%\n", encodings[i].least);
        failures += is_low;
    }
    veil_sanitizer_destroy(sanitizer);
    assert_int_equal(failures, 0);
}

static uint64_t seed = 7;

static uint8_t draw(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (uint8_t)(seed >> 40);
}

/* Pictures, archives and digests in base64 and hexadecimal digits: 2 MB of chance. */
static void random_bytes_hold_nothing(void **state)
{
    (void)state;
    static char bytes[3000], text[2 * EVASION_TEXT];
    static found all;
    size_t count = 0;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t round = 0; round < 500; round++) {
        size_t length = round % 2 != 0 ? sizeof bytes : 20 + round % 60;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)draw();
        size_t size = round % 4 < 2 ? base64_with(bytes, length, text, "+/", true, round % 3 == 0 ? 76 : 0)
                                    : hex_plain(bytes, length, text);
        veil_text_options options;
        veil_text_options_init(&options);
        scan_text(sanitizer, &options, text, size, &all);
        size_t with = all.count;
        options.flags = VEIL_TEXT_NO_DECODE;
        scan_text(sanitizer, &options, text, size, &all);
        count += with - (all.count < with ? all.count : with);
    }
    veil_sanitizer_destroy(sanitizer);
    printf("false findings in decoded random bytes: %zu\n", count);
    assert_int_equal(count, 0);
}

static void expect_redacted(const veil_sanitizer *sanitizer, const char *text, const char *expected)
{
    static char out[EVASION_TEXT];
    size_t out_bytes;
    assert_int_equal(veil_text_redact(sanitizer, NULL, text, strlen(text), out, sizeof out - 1, &out_bytes, NULL, NULL),
                     VEIL_OK);
    out[out_bytes] = '\0';
    assert_string_equal(out, expected);
}

static void texts_come_out_as_they_should(void **state)
{
    (void)state;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    expect_redacted(sanitizer, "q=4111%201111%201111%201111&p=%20jane@example.com%2C",
                    "q=<CREDIT_CARD>&p=%20<EMAIL_ADDRESS>%2C");
    expect_redacted(sanitizer, "{\"a\":\"\\\\n4111111111111111\",\"b\":\"jane\\u0040example.com\\n\"}",
                    "{\"a\":\"\\\\n<CREDIT_CARD>\",\"b\":\"<EMAIL_ADDRESS>\\n\"}");
    expect_redacted(sanitizer, "Authorization: Basic amFuZS5yb2VAZXhhbXBsZS5jb206c2VjcmV0",
                    "Authorization: Basic <EMAIL_ADDRESS>");
    expect_redacted(sanitizer, "/u/amFuZS5yb2VAZXhhbXBsZS5jb20/list", "/u/<EMAIL_ADDRESS>/list");
    expect_redacted(sanitizer, "<a href=3D\"x\">jane=40example=2Ecom</a>", "<a href=3D\"x\"><EMAIL_ADDRESS></a>");
    expect_redacted(sanitizer, "{\"u\":\"redis:\\/\\/:S3cretpw@10.0.0.1:6379\\/0\",\"t\":\"text\\/html\"}",
                    "{\"u\":\"<CONNECTION_STRING>\",\"t\":\"text\\/html\"}");
    expect_redacted(sanitizer, "{\"u\":\"https:\\/\\/portal.example.com\\/u\\/jane?tok=1\"}", "{\"u\":\"<URL>\"}");
    expect_redacted(sanitizer, "{\\\"u\\\":\\\"https:\\\\\\/\\\\\\/portal.example.com\\\\\\/u\\\\\\/jane\\\"}",
                    "{\\\"u\\\":\\\"<URL>\\\"}");
    expect_redacted(sanitizer, "jane\\.roe\\@example\\.com, ssn 536\\-90\\-4399, jane\\_roe@example.com",
                    "<EMAIL_ADDRESS>, ssn <US_SSN>, <EMAIL_ADDRESS>");
    expect_redacted(sanitizer, "port=8080 a=20 b=40 c=3D", "port=8080 a=20 b=40 c=3D");
    expect_redacted(sanitizer, "{\\x22phone\\x22:\\x22415-555-0132\\x22}",
                    "{\\x22phone\\x22:\\x22<PHONE_NUMBER>\\x22}");
    expect_redacted(sanitizer, "ssn:\\x20536-90-4399\\x0a", "ssn:\\x20<US_SSN>\\x0a");
    expect_redacted(sanitizer, "{\\x22m\\x22:\\x22jane.roe@example.com\\x22}",
                    "{\\x22m\\x22:\\x22<EMAIL_ADDRESS>\\x22}");
    expect_redacted(sanitizer, "mac\\x3D00:1b:63:84:45:e6", "mac\\x3D<MAC_ADDRESS>");
    expect_redacted(sanitizer, "ip\\x3d10.1.2.3, \\x3C4111 1111 1111 1111\\x3E",
                    "ip\\x3d<IP_ADDRESS>, \\x3C<CREDIT_CARD>\\x3E");
    expect_redacted(sanitizer, "card &#00000052;&#0000049;11&#x00000031;11111111111, 4111&nbsp1111&nbsp1111&nbsp1111",
                    "card <CREDIT_CARD>, <CREDIT_CARD>");
    expect_redacted(sanitizer, "jane&NoBreak;.roe@exa&ZeroWidthSpace;mple.com, 4111&numsp;1111&emsp13;1111&puncsp;1111",
                    "<EMAIL_ADDRESS>, <CREDIT_CARD>");
    expect_redacted(sanitizer, "jane.roe\\u{40}example.com, jane.roe\\U00000040example.com, jane.roe%u0040example.com",
                    "<EMAIL_ADDRESS>, <EMAIL_ADDRESS>, <EMAIL_ADDRESS>");
    expect_redacted(sanitizer, "jane.roe@\x1B[01;31m\x1B[Kexample\x1B[m\x1B[K.com, 4111\x1B[31m1111\x1B[0m11111111",
                    "<EMAIL_ADDRESS>, <CREDIT_CARD>");
    expect_redacted(sanitizer, "ssn_536-90-4399 tel_415-555-0132 ip_10.1.2.3 card_1 ip_4",
                    "ssn_<US_SSN> tel_<PHONE_NUMBER> ip_<IP_ADDRESS> card_1 ip_4");
    expect_redacted(sanitizer,
                    "card \xE2\x9E\x83\xE2\x9D\xB6\xE2\x93\xB5"
                    "1111111111111, \xF0\x9E\x93\xB4"
                    "111111111111111",
                    "card <CREDIT_CARD>, <CREDIT_CARD>");
    expect_redacted(sanitizer, "ssn=3D536-90-4399", "ssn=3D<US_SSN>");
    expect_redacted(sanitizer, "ip=3D10.1.2.3", "ip=3D<IP_ADDRESS>");
    expect_redacted(sanitizer, "Your SSN is=20536-90-4399", "Your SSN is=20<US_SSN>");
    expect_redacted(sanitizer, "day=20260 n=2012 t=201234567", "day=20260 n=2012 t=201234567");
    veil_sanitizer_destroy(sanitizer);
}

/* A run of many kilobytes is read in pieces; the groups of four digits that hold the value go. */
static void long_runs_lose_their_values(void **state)
{
    (void)state;
    static char plain[60000], text[100000], out[100000];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t line = 0; line <= 76; line += 76) {
        for (size_t at = 100; at + 100 < sizeof plain; at += 7001) {
            size_t out_bytes;
            for (size_t i = 0; i < sizeof plain; i++)
                plain[i] = "some words of prose, and more. "[i % 31];
            memcpy(plain + at, " jane.roe@example.com ", 22);
            size_t size = base64_with(plain, sizeof plain, text, "+/", true, line);
            assert_int_equal(veil_text_redact(sanitizer, NULL, text, size, out, sizeof out, &out_bytes, NULL, NULL),
                             VEIL_OK);
            out[out_bytes] = '\0';
            if (strstr(out, "<EMAIL_ADDRESS>") == NULL) fail_msg("line %zu, value at %zu", line, at);
            assert_true(out_bytes > size - 60);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* The same findings wherever windows fall. */
static void findings_are_the_same_at_every_offset(void **state)
{
    (void)state;
    static const char sample[] = "\npay ４１１１ １１１１ １１１１ １１１１, q=4111%201111%201111%201111, "
                                 "jane\\u0040example.com, jane=40example=2Ecom, "
                                 "amFuZS5yb2VAZXhhbXBsZS5jb20=, 6a616e65406578616d706c652e636f6d, "
                                 "j\u0430ne@ex\u0430mple.com, card_4111111111111111, "
                                 "&#52;111&nbsp;1111&#32;1111 1111, ssn 536\u201390\u20134399\n";
    static found reference, all;
    static char text[40000];
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    scan_text(sanitizer, NULL, sample, sizeof sample - 1, &reference);
    assert_true(reference.count >= 10);
    for (size_t shift = 14000; shift < 16500; shift += 7) {
        for (size_t i = 0; i < shift; i++)
            text[i] = "filler words 12 of 7.5 no-one needs: x. "[i % 40];
        text[shift - 1] = '\n';
        memcpy(text + shift, sample, sizeof sample);
        scan_text(sanitizer, NULL, text, shift + sizeof sample - 1, &all);
        assert_int_equal(all.count, reference.count);
        for (size_t i = 0; i < all.count; i++) {
            assert_int_equal(all.items[i].start - shift, reference.items[i].start);
            assert_int_equal(all.items[i].end - shift, reference.items[i].end);
            assert_string_equal(all.items[i].recognizer, reference.items[i].recognizer);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* More to decode than a window's matches can hold, and texts made to cost: every call ends, and ends well. */
static void hostile_texts_end(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    static const char *const units[] = {"％",
                                        "%34",
                                        "&#52;",
                                        "\\u0034",
                                        "=34",
                                        "=\n1",
                                        "4\u200b",
                                        "４",
                                        "\u0430a",
                                        "A4A4A4A4A4A4A4A4/",
                                        "NDExMTEx",
                                        "６１７８３５１２３, ",
                                        "%25",
                                        "\\\\\\\\n4",
                                        "&amp;#52;",
                                        "card_4111 ",
                                        "MDc4MDUxMTI1LCAw\n",
                                        "\xF3\xA0\x81\x81"};
    char *text = malloc(LENGTH);
    char *out = malloc(4 * LENGTH);
    veil_sanitizer *sanitizer = make_text("any", 0.0f);
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        size_t out_bytes;
        for (size_t i = 0; i < LENGTH; i++)
            text[i] = units[u][i % strlen(units[u])];
        veil_status status = veil_text_redact(sanitizer, NULL, text, LENGTH, out, 4 * LENGTH, &out_bytes, NULL, NULL);
        if (status != VEIL_OK) fail_msg("unit %s: %s", units[u], veil_status_string(status));
    }
    veil_sanitizer_destroy(sanitizer);
    free(text);
    free(out);
}

int main(void)
{
    seed = test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_in_every_encoding),  cmocka_unit_test(random_bytes_hold_nothing),
        cmocka_unit_test(texts_come_out_as_they_should),         cmocka_unit_test(long_runs_lose_their_values),
        cmocka_unit_test(findings_are_the_same_at_every_offset), cmocka_unit_test(hostile_texts_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
