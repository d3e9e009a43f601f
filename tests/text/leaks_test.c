/*
 * Overlaps through the whole engine: known answers of all rows glued to each other, so that findings meet, contain and cut each
 * other, redacted with placeholders. What is left of the text is exactly what no finding holds, losers and their tails
 * included: the output is walked beside the text, byte by byte.
 */
#include "support/seed.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"

#define ROUNDS     6000
#define TEXT_BYTES 8192
#define SAMPLE_MAX 400

static uint64_t seed = 2026;

static uint32_t draw(uint32_t limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % limit;
}

/* Two to seven known answers, some of them cut, with little or nothing between. */
static size_t glue(char *text)
{
    static const char *const joints[] = {"", "", " ", "-", ".", "/", ":", "@", ",", "=", "\n", "_", "4", " and "};
    size_t size = 0;
    for (uint32_t parts = 2 + draw(6); parts > 0; parts--) {
        const vl_row *row = &vl_rows[draw(VL_ROW_COUNT)];
        if (strlen(row->before) + strlen(row->sample) > SAMPLE_MAX) continue;
        if (draw(2) == 0) size += (size_t)sprintf(text + size, "%s", row->before);
        size_t length = strlen(row->sample);
        size_t from = draw(4) == 0 ? draw((uint32_t)length) : 0;
        size += (size_t)sprintf(text + size, "%s%s", row->sample + from, joints[draw(14)]);
    }
    text[size] = '\0';
    return size;
}

/* Bytes of a placeholder at `out`, or 0. */
static size_t placeholder(const char *out, size_t left)
{
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++) {
        size_t size = vl_entities[i].placeholder_bytes;
        if (size <= left && memcmp(out, vl_entities[i].placeholder, size) == 0) return size;
    }
    return 0;
}

/* 1 at every byte that a finding holds. */
static void mark(const found *all, uint8_t *held, size_t size)
{
    memset(held, 0, size);
    for (size_t i = 0; i < all->count; i++)
        memset(held + all->items[i].start, 1, (size_t)(all->items[i].end - all->items[i].start));
}

static void expect_rest(const char *text, size_t size, const uint8_t *held, const char *out, size_t out_size)
{
    size_t at = 0;
    for (size_t p = 0; p < size; p++) {
        if (!held[p]) {
            if (at == out_size || out[at] != text[p]) fail_msg("byte %zu of \"%s\" in \"%s\"", p, text, out);
            at++;
            continue;
        }
        if (p + 1 < size && held[p + 1]) continue;
        size_t first = placeholder(out + at, out_size - at);
        if (first == 0) fail_msg("no placeholder for what ends at %zu of \"%s\" in \"%s\"", p + 1, text, out);
        for (size_t more = first; more > 0; more = placeholder(out + at, out_size - at))
            at += more;
    }
    if (at != out_size) fail_msg("\"%s\" gives more than it holds: \"%s\"", text, out);
}

static void redact_all(const char *language, unsigned long *overlapped)
{
    static found all;
    static char text[TEXT_BYTES], out[4 * TEXT_BYTES];
    static uint8_t held[TEXT_BYTES];
    veil_sanitizer *sanitizer = make_text(language, 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL;
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t out_size;
        size_t size = glue(text);
        scan_text(sanitizer, &options, text, size, &all);
        for (size_t i = 0; i < all.count; i++)
            *overlapped += all.items[i].is_loser != 0;
        mark(&all, held, size);
        veil_status status = veil_text_redact(sanitizer, NULL, text, size, out, sizeof out - 1, &out_size, NULL, NULL);
        assert_int_equal(status, VEIL_OK);
        out[out_size] = '\0';
        expect_rest(text, size, held, out, out_size);
    }
    veil_sanitizer_destroy(sanitizer);
}

static void nothing_that_was_found_is_left(void **state)
{
    (void)state;
    static const char *const languages[] = {"en", "any", "de", "es"};
    unsigned long overlapped = 0;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        redact_all(languages[i], &overlapped);
    printf("%d texts a language, %lu findings that lost to others\n", ROUNDS, overlapped);
    assert_true(overlapped > 1000);
}

int main(void)
{
    seed = test_seed(seed);
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_that_was_found_is_left)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
