/* Deterministic inputs: a splitmix64 generator (Steele, Lea, Flood 2014) and small vocabularies. */
#include "inputs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char bench_text_clean33[] = "the quick brown fox jumps over it";
const char bench_text_four116[] =
    "Hi, I'm Jane Roe, reach me at jane.roe@example.com or 415-555-0132; SSN 536-90-4399, "
    "card 4111 1111 1111 1111 thanks";
_Static_assert(sizeof bench_text_clean33 == 33 + 1, "the budget names a text of 33 bytes");
_Static_assert(sizeof bench_text_four116 == 116 + 1, "the budget names a text of 116 bytes");

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static unsigned below(uint64_t *state, unsigned bound)
{
    return (unsigned)(next_random(state) % bound);
}

static const char *const words[] = {
    "request",  "worker", "queue", "handler", "timeout", "retry",  "upstream", "session",  "closed", "opened",
    "accepted", "slow",   "cache", "miss",    "hit",     "shard",  "leader",   "follower", "commit", "snapshot",
    "the",      "a",      "with",  "from",    "after",   "before", "and",      "over",     "into",   "some"};
static const char *const levels[] = {"INFO", "WARN", "DEBUG", "ERROR"};
static const char *const paths[] = {"/api/v1/items", "/health", "/login", "/static/app.js", "/orders", "/search"};

static const char *pick(uint64_t *state, const char *const *list, size_t count)
{
    return list[below(state, (unsigned)count)];
}
#define PICK(state, list) pick((state), (list), sizeof(list) / sizeof *(list))

static void append(char *out, size_t size, size_t *at, const char *line, size_t bytes)
{
    size_t room = size - *at;
    size_t take = bytes < room ? bytes : room;
    memcpy(out + *at, line, take);
    *at += take;
}

void bench_make_logs(char *out, size_t size, uint64_t seed)
{
    uint64_t state = seed;
    uint64_t millis = 0;
    for (size_t at = 0; at < size;) {
        char line[256];
        millis += below(&state, 40);
        unsigned seconds = (unsigned)(millis / 1000);
        int length = snprintf(
            line, sizeof line, "2026-03-%02uT%02u:%02u:%02u.%03uZ %s svc-%s[%u]: %u.%u.%u.%u %s %s %u %uus %s %s\n",
            1 + seconds / 86400 % 28, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60, (unsigned)(millis % 1000),
            PICK(&state, levels), PICK(&state, words), 100 + below(&state, 900), 10 + below(&state, 200),
            below(&state, 256), below(&state, 256), 1 + below(&state, 254), below(&state, 4) != 0 ? "GET" : "POST",
            PICK(&state, paths), below(&state, 5) != 0 ? 200u : 404u, below(&state, 90000), PICK(&state, words),
            PICK(&state, words));
        append(out, size, &at, line, (size_t)length);
    }
}

void bench_make_chat(char *out, size_t size, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t at = 0; at < size;) {
        unsigned count = 4 + below(&state, 12);
        for (unsigned i = 0; i < count; i++) {
            const char *word = PICK(&state, words);
            append(out, size, &at, word, strlen(word));
            append(out, size, &at, i + 1 < count ? " " : ".\n", i + 1 < count ? 1 : 2);
        }
        if (below(&state, 50) == 0) append(out, size, &at, "write to kim@example.org\n", 25);
    }
}

void bench_make_mail(char *out, size_t size, uint64_t seed)
{
    static const char head[] = "From: Jane Roe <jane.roe@example.com>\nTo: ops@example.org\nSubject: your order\n\n";
    static const char foot[] = "\nJane Roe\n415-555-0132\nhttps://www.example.com/contact\n";
    size_t at = 0;
    append(out, size, &at, head, sizeof head - 1);
    size_t body = size > sizeof foot + at ? size - (sizeof foot - 1) : at;
    bench_make_chat(out + at, body - at, seed);
    at = body;
    append(out, size, &at, foot, sizeof foot - 1);
}

void bench_make_lines64(char *out, size_t count, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < 63) {
            const char *word = PICK(&state, words);
            append(out + i * 64, 63, &at, word, strlen(word));
            append(out + i * 64, 63, &at, " ", 1);
        }
        out[i * 64 + 63] = '\n';
    }
}

void bench_make_sound(int16_t *out, size_t frames, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t i = 0; i < frames; i++) {
        double t = (double)i / 16000.0;
        double voice = sin(2 * 3.14159265358979 * 140 * t) + 0.5 * sin(2 * 3.14159265358979 * 700 * t);
        double envelope = 0.5 + 0.5 * sin(2 * 3.14159265358979 * 3 * t);
        out[i] = (int16_t)(voice * envelope * 6000 + (double)below(&state, 200) - 100);
    }
}

#define W(word, start, end) "{\"word\":\" " word "\",\"start\":" start ",\"end\":" end ",\"probability\":0.98}"
const char bench_transcript10
    [] = "{\"text\":\" hello my card number is four one one one one one one one one one one one one one one one thank "
         "you "
         "bye\",\"language\":\"en\",\"segments\":[{\"id\":0,\"start\":0.2,\"end\":9.6,\"text\":\" hello my card number "
         "is four one "
         "one one one one one one one one one one one one one one thank you bye\",\"words\":[" W("hello", "0.20",
                                                                                                 "0.50") "," W("my",
                                                                                                               "0.55",
                                                                                                               "0.70") "," W("card", "0.75", "1.00") "," W("number", "1.05", "1.40") "," W("is", "1.45", "1.60") "," W("four", "1.80", "2.10") "," W("one", "2.15", "2.40") "," W("one", "2.45", "2.70") "," W("one",
                                                                                                                                                                                                                                                                                                               "2.75", "3.00") "," W("one",
                                                                                                                                                                                                                                                                                                                                     "3.20", "3.45") "," W("one",
                                                                                                                                                                                                                                                                                                                                                           "3.50",
                                                                                                                                                                                                                                                                                                                                                           "3.75") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                         "3.80",
                                                                                                                                                                                                                                                                                                                                                                         "4.05") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                                       "4.10",
                                                                                                                                                                                                                                                                                                                                                                                       "4.35") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                                                     "4.60",
                                                                                                                                                                                                                                                                                                                                                                                                     "4.85") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                                                                   "4.90",
                                                                                                                                                                                                                                                                                                                                                                                                                   "5.15") "," W("one", "5.20", "5.45") "," W("one", "5.50", "5.75") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "6.00",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "6.25") "," W("one", "6.30", "6.55") "," W("one", "6.60", "6.85") "," W("one",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "6.90",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "7.15") "," W("thank",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "8.00", "8.30") "," W("you",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       "8.35",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       "8.60") "," W("bye",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "9.00",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "9.40") "]}]}";

char *bench_make_transcript(size_t word_count, uint64_t seed)
{
    static const char *const speech[] = {"well", "the",    "order", "was", "sent",  "to",  "you",
                                         "last", "week",   "and",   "we",  "think", "it",  "is",
                                         "late", "please", "let",   "me",  "know",  "when"};
    static const char *const digits[] = {"zero", "one", "two",   "three", "four",
                                         "five", "six", "seven", "eight", "nine"};
    const size_t room = word_count * 96 + word_count / 10 * 48 + 256;
    char *out = malloc(room);
    uint64_t state = seed;
    size_t at = 0;
    if (out == NULL) return NULL;
    at += (size_t)snprintf(out, room, "{\"language\":\"en\",\"segments\":[");
    for (size_t i = 0; i < word_count; i++) {
        const size_t pick = (size_t)next_random(&state);
        const char *word = i % 100 < 10 ? digits[pick % 10] : speech[pick % 20];
        const double start = (double)i * 0.4;
        if (i % 12 == 0)
            at += (size_t)snprintf(out + at, room - at, "%s{\"id\":%zu,\"words\":[", i ? "]}," : "", i / 12);
        at += (size_t)snprintf(out + at, room - at,
                               "%s{\"word\":\" %s\",\"start\":%.2f,\"end\":%.2f,\"probability\":0.98}",
                               i % 12 ? "," : "", word, start, start + 0.35);
    }
    snprintf(out + at, room - at, "]}]}");
    return out;
}
