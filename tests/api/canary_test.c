/*
 * THREATS row 4: a planted secret shows up in no reason, log line, metric or Prometheus text, and after the calls nowhere in
 * this process's writable memory but in the test's own buffers. Those lie in one mapping of their own; everything else that
 * /proc/self/maps calls writable is searched, freed heap included; stacks in optimised builds, for without optimisation every
 * vector register that a kernel loads is a variable on the stack.
 *
 * The secret has two forms: CANARY, an e-mail address, for text; a pattern of bytes for pixels and samples.
 */
#include "api_support.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#define CANARY      "zq7canary.k4xw@example.com"
#define CANARY_PART 12u /* bytes of it that may not be seen together: more than chance, less than the whole */
#define ARENA_BYTES ((size_t)8 << 20)
#define MAPS_BYTES  ((size_t)1 << 18)
#define WORDS_BYTES ((size_t)1 << 18)

/* ---- The test's own memory ---- */

typedef struct arena {
    char *base;
    size_t used;
} arena;

static arena own;

static void *take(size_t size_bytes)
{
    void *memory = own.base + own.used;
    own.used += (size_bytes + 63) / 64 * 64;
    assert_true(own.used <= ARENA_BYTES);
    return memory;
}

static char *pattern; /* 16 bytes, for pixels and samples; each is small and odd, so that it survives as audio, too */

static void fill_pattern(void *memory, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        ((char *)memory)[i] = pattern[i % 16];
}

/* ---- Searching ---- */

static size_t count_in(const char *begin, const char *end, const char *secret, size_t secret_bytes)
{
    size_t count = 0;
    for (const char *at = begin; at + secret_bytes <= end; at++) {
        at = memchr(at, secret[0], (size_t)(end - at) - secret_bytes + 1);
        if (at == NULL) break;
        if (memcmp(at, secret, secret_bytes) == 0) count++;
    }
    return count;
}

/* Sanitizers keep shadows of everything, and freed blocks for ever: only what comes out is looked at there. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
enum { SEARCHES_MEMORY = 0 };
#else
enum { SEARCHES_MEMORY = 1 };
#endif
#if defined(__OPTIMIZE__)
enum { SEARCHES_STACKS = 1 };
#else
enum { SEARCHES_STACKS = 0 };
#endif

/* The main thread's, or one of the size that threads get: glibc keeps ended threads' stacks mapped. */
static bool is_stack(const char *line, size_t mapped_bytes)
{
    static size_t thread_bytes;
    pthread_attr_t attributes;
    if (thread_bytes == 0 && pthread_attr_init(&attributes) == 0) {
        (void)pthread_attr_getstacksize(&attributes, &thread_bytes);
        (void)pthread_attr_destroy(&attributes);
    }
    const char *name = memchr(line, '[', strcspn(line, "\n"));
    return mapped_bytes == thread_bytes || (name != NULL && strncmp(name, "[stack]", 7) == 0);
}

/* Times that the secret is seen in writable memory outside our arena; prints where. */
static size_t count_in_memory(const char *secret, size_t secret_bytes)
{
    if (!SEARCHES_MEMORY) return 0;
    static char *maps; /* reading through stdio would allocate */
    if (maps == NULL) maps = take(MAPS_BYTES);
    const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length<MAPS_BYTES - 1; length += got> 0 ? (size_t)got : 0)
        got = read(fd, maps + length, MAPS_BYTES - 1 - length);
    close(fd);
    maps[length] = '\0';
    size_t found = 0;
    for (char *line = maps; *line != '\0'; line = strchr(line, '\n') + 1) {
        char *rest;
        const char *begin = (const char *)(uintptr_t)strtoull(line, &rest, 16);
        const char *end = (const char *)(uintptr_t)strtoull(rest + 1, &rest, 16);
        const bool is_ours = own.base >= begin && own.base < end;
        if (rest[1] != 'r' || rest[2] != 'w') continue;
        if (!SEARCHES_STACKS && is_stack(line, (size_t)(end - begin))) continue;
        if (is_ours) {
            found += count_in(begin, own.base, secret, secret_bytes); /* the kernel merges neighbours into one line */
            found += count_in(own.base + ARENA_BYTES, end, secret, secret_bytes);
            continue;
        }
        const size_t here = count_in(begin, end, secret, secret_bytes);
        if (here != 0) print_message("seen %zu times in %.*s\n", here, (int)strcspn(line, "\n"), line);
        found += here;
    }
    return found;
}

/* ---- What comes out in words ---- */

static char *words; /* every reason and log line, joined */
static size_t words_used;

static void keep_words(const char *text)
{
    const size_t length = strlen(text);
    assert_true(words_used + length < WORDS_BYTES);
    memcpy(words + words_used, text, length);
    words_used += length;
}

static void keep_line(void *user, uint32_t level, const char *message)
{
    (void)user, (void)level;
    keep_words(message);
}

static veil_status keep_error(veil_status status, const veil_error *error)
{
    if (status != VEIL_OK) assert_true(error->message[0] != '\0');
    keep_words(error->message);
    return status;
}

/* No run of 6 bytes of the secret is in what was said. */
static void check_words(const veil_sanitizer *s)
{
    char *page = take(32768);
    size_t page_bytes = 0;
    assert_int_equal(veil_metrics_prometheus(s, page, 32768, &page_bytes), VEIL_OK);
    keep_words(page);
    veil_metrics *metrics = take(sizeof *metrics);
    metrics->struct_size = sizeof *metrics;
    assert_int_equal(veil_metrics_snapshot(s, metrics), VEIL_OK);
    for (size_t i = 0; i + 6 <= sizeof CANARY - 1; i++) {
        assert_int_equal(count_in(words, words + words_used, &CANARY[i], 6), 0);
        assert_int_equal(count_in((char *)metrics, (char *)(metrics + 1), &CANARY[i], 6), 0);
    }
}

/* ---- Cases ---- */

static veil_sanitizer *make_loud(uint32_t modalities)
{
    veil_config config;
    config_for(&config, modalities);
    config.log = keep_line;
    config.utf8_policy = VEIL_UTF8_STRICT;
    config.max_text_bytes = 4096;
    config.key = "0123456789abcdef0123456789abcdef";
    config.key_bytes = 32;
    return make(&config);
}

static int setup(void **state)
{
    (void)state;
    own.base = mmap(NULL, ARENA_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(own.base != MAP_FAILED);
    words = take(WORDS_BYTES);
    pattern = take(16);
    for (int i = 0; i < 16; i++)
        pattern[i] = (char)(33 + i * 37 % 89);
    return 0;
}

/* The search itself: a secret left on the heap is found, and not the one in the arena. */
static void the_search_finds_what_is_left(void **state)
{
    (void)state;
    if (!SEARCHES_MEMORY) skip();
    char *secret = take(32);
    memcpy(secret, "found-me-0123456789", 20);
    assert_int_equal(count_in_memory(secret, 19), 0);
    char *heap = malloc(64);
    memcpy(heap, secret, 20);
    assert_int_equal(count_in_memory(secret, 19), 1);
    memset(heap, 0, 64);
    __asm__ volatile("" : : "r"(heap) : "memory");
    free(heap);
    assert_int_equal(count_in_memory(secret, 19), 0);
}

/* What a stream keeps of its options goes with it. */
static void streams_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_TEXT);
    char *secret = take(64);
    memcpy(secret, CANARY, sizeof CANARY);
    const veil_operator_rule rules[] = {
        {.struct_size = sizeof rules[0], .entity = "DATE_TIME", .op = VEIL_OP_DATE_SHIFT},
        {.struct_size = sizeof rules[0], .entity = "EMAIL_ADDRESS", .op = VEIL_OP_TOKEN},
        {.struct_size = sizeof rules[0], .entity = "*", .op = VEIL_OP_FPE},
    };
    veil_text_options o;
    veil_text_options_init(&o);
    o.operators = rules;
    o.operator_count = 3;
    o.subject = o.token_context = o.field = secret;
    for (unsigned i = 0; i < 3; i++) {
        veil_text_stream *stream = NULL;
        size_t taken = 0;
        assert_int_equal(veil_text_stream_create(s, &o, &stream, NULL), VEIL_OK);
        assert_int_equal(veil_text_stream_push(stream, secret, strlen(secret), &taken, NULL), VEIL_OK);
        veil_text_stream_destroy(stream);
        if (SEARCHES_MEMORY) assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    }
    veil_sanitizer_destroy(s);
}

static void texts_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_TEXT);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *text = take(8192);
    char *out = take(8192);
    veil_finding *findings = take(16 * sizeof *findings);
    veil_text_result *result = take(sizeof *result);
    *result = (veil_text_result){sizeof *result, findings, 16, 0};
    size_t bytes = 0;
    memcpy(text, "write to " CANARY " or 415-555-0132", sizeof CANARY + 23);
    const size_t text_bytes = strlen(text);

    char *back = take(8192);
    for (uint32_t op = VEIL_OP_REPLACE; op <= VEIL_OP_DATE_SHIFT; op++) {
        if (op == VEIL_OP_KEEP) continue;
        for (uint32_t cipher = 0; cipher <= (op == VEIL_OP_ENCRYPT ? 3u : 0u); cipher++) {
            const veil_operator_rule rule = {.struct_size = sizeof rule, .entity = "*", .op = op, .cipher = cipher};
            veil_text_options o;
            veil_text_options_init(&o);
            o.operators = &rule;
            o.operator_count = 1;
            if (op == VEIL_OP_DATE_SHIFT) o.subject = "someone";
            memset(out, 0, 8192);
            assert_int_equal(veil_text_redact(s, &o, text, text_bytes, out, 8192, &bytes, result, error), VEIL_OK);
            assert_int_equal(count_in(out, out + 8192, CANARY, 5), 0);
            if (op == VEIL_OP_TOKEN)
                assert_int_equal(veil_text_restore(s, NULL, out, bytes, back, 8192, &bytes, NULL, error), VEIL_OK);
            if (op != VEIL_OP_ENCRYPT && op != VEIL_OP_FPE) continue;
            veil_operator_rule one = rule;
            one.entity = "EMAIL_ADDRESS";
            char *end = strstr(out + 9, " or "); /* "write to ", the value, " or " */
            assert_int_equal(
                veil_value_decrypt(s, NULL, &one, out + 9, (size_t)(end - out) - 9, back, 8192, &bytes, error),
                VEIL_OK);
            assert_int_equal(count_in(back, back + bytes, CANARY, sizeof CANARY - 1), 1);
        }
    }
    assert_int_equal(keep_error(veil_text_redact(s, NULL, text, text_bytes, out, 12, &bytes, NULL, error), error),
                     VEIL_ERR_BUFFER_TOO_SMALL);
    text[0] = '\xff';
    assert_int_equal(keep_error(veil_text_scan(s, NULL, text, text_bytes, result, error), error),
                     VEIL_ERR_MALFORMED_INPUT);
    text[0] = 'w';
    assert_int_equal(keep_error(veil_text_scan(s, NULL, text, 5000, result, error), error), VEIL_ERR_LIMIT);
    const char *const names[] = {text + 9}; /* even a list of names may come from a request */
    veil_text_options o;
    veil_text_options_init(&o);
    o.entities = names;
    o.entity_count = 1;
    assert_int_equal(keep_error(veil_text_scan(s, &o, text, text_bytes, result, error), error),
                     VEIL_ERR_INVALID_ARGUMENT);
    veil_text_options_init(&o);
    o.exclude = names;
    o.exclude_count = 1;
    assert_int_equal(keep_error(veil_text_scan(s, &o, text, text_bytes, result, error), error),
                     VEIL_ERR_INVALID_ARGUMENT);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    veil_sanitizer_destroy(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
}

static void workers_leave_nothing(void **state)
{
    (void)state;
    veil_config config;
    config_for(&config, VEIL_MODALITY_TEXT);
    config.worker_count = 2;
    veil_sanitizer *s = make(&config);
    veil_text_item *items = take(200 * sizeof *items);
    char *text = take(256);
    char *outs = take((size_t)200 * 64);
    memcpy(text, "write to " CANARY, sizeof CANARY + 9);
    for (size_t i = 0; i < 200; i++)
        items[i] = (veil_text_item){
            .text = text, .text_bytes = strlen(text), .out = outs + i * 64, .out_capacity = i % 7 == 0 ? 5 : 64};
    assert_int_equal(veil_text_redact_batch(s, NULL, items, 200, sizeof *items, NULL), VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(count_in(outs, outs + (size_t)200 * 64, CANARY, 5), 0);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    veil_sanitizer_destroy(s);
}

static size_t write_transcript(char *json, const char *tail)
{
    return (size_t)sprintf(json,
                           "{\"text\":\"write to %s now\",\"result\":[{\"word\":\"write\",\"start\":0.0,\"end\":0.1},"
                           "{\"word\":\"to\",\"start\":0.1,\"end\":0.2},{\"word\":\"%s\",\"start\":0.2,\"end\":0.4},"
                           "{\"word\":\"now\",\"start\":0.5,\"end\":0.6}]%s",
                           CANARY, CANARY, tail);
}

static void sounds_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_AUDIO);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *json = take(1024);
    int16_t *samples = take(32000);
    fill_pattern(samples, 32000);
    veil_audio audio = {sizeof audio, samples, 16000, 16000, 1, VEIL_SAMPLE_S16, 0};
    const veil_audio_range range = {0.3, 0.9, -1, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.ranges = &range;
    o.range_count = 1;
    o.transcript = json;
    o.transcript_bytes = write_transcript(json, "}");
    assert_int_equal(keep_error(veil_audio_redact(s, &o, &audio, NULL, error), error), VEIL_OK);
    assert_int_equal(count_in((char *)samples + 16000, (char *)samples + 24000, pattern, 16), 0);
    o.transcript_bytes = write_transcript(json, ""); /* cut short: does not parse */
    fill_pattern(samples, 32000);
    assert_int_equal(keep_error(veil_audio_redact(s, &o, &audio, NULL, error), error), VEIL_ERR_MALFORMED_INPUT);
    for (size_t i = 0; i < 16000; i++)
        assert_int_equal(samples[i], 0);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    assert_int_equal(count_in_memory(pattern, 16), 0);
    veil_sanitizer_destroy(s);
}

/* The words of a document, in every place where one may stand. */
static size_t write_document(char *json, const char *tail)
{
    return (size_t)sprintf(
        json,
        "{\"text\":\"write to %s now\",\"segments\":[{\"start\":0,\"end\":0.6,\"text\":\"write to %s now\",\"words\":["
        "{\"word\":\"write\",\"start\":0.0,\"end\":0.1},{\"word\":\"to\",\"start\":0.1,\"end\":0.2},{\"word\":\"%s\","
        "\"start\":0.2,\"end\":0.4},{\"word\":\"now\",\"start\":0.5,\"end\":0.6}]}],\"list\":[\"%.5s\",\"%s\"],"
        "\"%s\":1,\"note\":\"mail %s\"%s",
        CANARY, CANARY, CANARY, CANARY, &CANARY[5], CANARY, CANARY, tail);
}

static void transcripts_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_AUDIO);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *json = take(2048);
    char *out = take(2048);
    size_t out_bytes = 0;
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.transcript = json;
    o.transcript_bytes = write_document(json, "}");
    assert_int_equal(keep_error(veil_transcript_redact(s, &o, 1, 1, out, 2048, &out_bytes, error), error), VEIL_OK);
    assert_true(out_bytes > 100);
    assert_int_equal(count_in(out, out + out_bytes, CANARY, 5), 0);
    assert_int_equal(keep_error(veil_transcript_redact(s, &o, 1, 1, out, 40, &out_bytes, error), error),
                     VEIL_ERR_BUFFER_TOO_SMALL);
    assert_int_equal(keep_error(veil_transcript_redact(s, &o, 0.01, 1, out, 2048, &out_bytes, error), error),
                     VEIL_ERR_MALFORMED_INPUT); /* words beyond the end */
    o.transcript_bytes = write_document(json, "");
    assert_int_equal(keep_error(veil_transcript_redact(s, &o, 1, 1, out, 2048, &out_bytes, error), error),
                     VEIL_ERR_MALFORMED_INPUT);
    assert_int_equal(count_in(out, out + 2048, CANARY, 5), 0);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    veil_sanitizer_destroy(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
}

/* What a recogniser says: words of the call, then of one that fails in the middle. */
static char *heard; /* the secret, in the arena */
static veil_status heard_status;

static veil_status hear(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    (void)instance;
    float block[512];
    while (sound->read(sound->reader, block, 512) != 0)
        ;
    memset(block, 0, sizeof block); /* the recogniser's own copy of the sound is its own business */
    __asm__ volatile("" : : "r"(block) : "memory");
    for (int i = 0; i < 3; i++) {
        const veil_asr_word word = {.struct_size = sizeof word,
                                    .text = heard,
                                    .text_bytes = strlen(heard),
                                    .start_s = 0.2 * i,
                                    .end_s = 0.2 * i + 0.1,
                                    .confidence = 1};
        const veil_status status = sink(sink_user, &word);
        if (status != VEIL_OK) return status;
    }
    return heard_status;
}

static veil_status make_ear(void *user, void **instance)
{
    *instance = user;
    return VEIL_OK;
}

static void lose_ear(void *instance)
{
    (void)instance;
}

static void heard_words_leave_nothing(void **state)
{
    (void)state;
    static veil_asr_engine engine = {
        .struct_size = sizeof engine, .name = "canary", .create = make_ear, .recognize = hear, .destroy = lose_ear};
    veil_config config;
    config_for(&config, VEIL_MODALITY_AUDIO);
    config.log = keep_line;
    config.asr = &engine;
    veil_sanitizer *s = make(&config);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    int16_t *samples = take(32000);
    heard = take(64);
    memcpy(heard, CANARY, sizeof CANARY);
    veil_audio audio = {sizeof audio, samples, 16000, 16000, 1, VEIL_SAMPLE_S16, 0};
    veil_audio_finding *findings = take(8 * sizeof *findings);
    veil_audio_result result = {.struct_size = sizeof result, .findings = findings, .finding_capacity = 8};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.flags = VEIL_AUDIO_ASR;
    for (int round = 0; round < 2; round++) {
        heard_status = round == 0 ? VEIL_OK : VEIL_ERR_CALLBACK;
        fill_pattern(samples, 32000);
        const veil_status status = keep_error(veil_audio_redact(s, &o, &audio, &result, error), error);
        assert_int_equal(status, heard_status);
        assert_int_equal(count_in((char *)samples, (char *)samples + 16000, pattern, 16), 0);
        if (round == 0) assert_int_equal(result.finding_count, 3);
        check_words(s);
        assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    }
    veil_sanitizer_destroy(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
}

/* What is held back, and what was said about it. */
static void streams_of_sound_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_AUDIO);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *json = take(1024);
    int16_t *samples = take(32000);
    int16_t *out = take(32000);
    const veil_audio_stream_options shape = {.struct_size = sizeof shape,
                                             .sample_rate_hz = 16000,
                                             .channel_count = 1,
                                             .format = VEIL_SAMPLE_S16,
                                             .delay_ms = 2000};
    veil_audio_stream *stream = NULL;
    uint64_t taken = 0, frames = 0;
    assert_int_equal(keep_error(veil_audio_stream_create(s, &shape, NULL, &stream, error), error), VEIL_OK);
    fill_pattern(samples, 32000);
    assert_int_equal(keep_error(veil_audio_stream_push(stream, samples, 16000, &taken, error), error), VEIL_OK);
    assert_int_equal(taken, 16000);
    size_t bytes = write_transcript(json, "}");
    assert_int_equal(
        keep_error(veil_audio_stream_add_transcript(stream, json, bytes, VEIL_TRANSCRIPT_AUTO, error), error), VEIL_OK);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    assert_int_equal(keep_error(veil_audio_stream_end(stream, error), error), VEIL_OK);
    assert_int_equal(keep_error(veil_audio_stream_pull(stream, out, 8000, &frames, NULL, error), error), VEIL_OK);
    assert_int_equal(frames, 8000);
    /* one that is given up with half of its sound inside, after words that could not be read */
    bytes = write_transcript(json, "");
    assert_int_equal(
        keep_error(veil_audio_stream_add_transcript(stream, json, bytes, VEIL_TRANSCRIPT_AUTO, error), error),
        VEIL_ERR_MALFORMED_INPUT);
    veil_audio_stream_destroy(stream);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    assert_int_equal(count_in_memory(pattern, 16), 0);
    veil_sanitizer_destroy(s);
}

static char *put_le(char *at, uint32_t value, int size_bytes)
{
    for (int i = 0; i < size_bytes; i++)
        *at++ = (char)(value >> 8 * i);
    return at;
}

/* A second of 16 kHz mono with the pattern as samples, and a comment that says CANARY behind it. */
static size_t write_wav(char *file)
{
    char *at = file;
    memcpy(at, "RIFF", 4);
    at = put_le(at + 4, 36 + 32000 + 8 + 40, 4);
    memcpy(at, "WAVEfmt ", 8);
    at = put_le(at + 8, 16, 4);
    at = put_le(put_le(put_le(put_le(at, 1, 2), 1, 2), 16000, 4), 32000, 4);
    at = put_le(put_le(at, 2, 2), 16, 2);
    memcpy(at, "data", 4);
    at = put_le(at + 4, 32000, 4);
    fill_pattern(at, 32000);
    at += 32000;
    memcpy(at, "LIST", 4);
    at = put_le(at + 4, 40, 4);
    memset(at, 0, 40);
    memcpy(at, "INFOICMT", 8);
    (void)put_le(at + 8, 28, 4);
    memcpy(at + 12, CANARY, sizeof CANARY - 1);
    return (size_t)(at + 40 - file);
}

static void sound_files_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_AUDIO);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *file = take(40000);
    char *out = take(40000);
    size_t out_bytes = 0;
    const size_t file_bytes = write_wav(file);
    const veil_audio_range range = {0.3, 0.9, -1, 0};
    veil_audio_options o;
    veil_audio_options_init(&o);
    o.ranges = &range;
    o.range_count = 1;
    assert_int_equal(
        keep_error(veil_audio_redact_encoded(s, &o, file, file_bytes, out, 40000, &out_bytes, NULL, error), error),
        VEIL_OK);
    assert_int_equal(count_in(out, out + out_bytes, CANARY, 6), 0);
    assert_true(keep_error(veil_audio_redact_encoded(s, &o, file, file_bytes / 2, out, 40000, &out_bytes, NULL, error),
                           error) < 0);
    assert_int_equal(count_in(out, out + 40000, pattern, 16), 0);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0); /* libsndfile never saw the comment */
    assert_int_equal(count_in_memory(pattern, 16), 0);
    veil_sanitizer_destroy(s);
}

#if VEIL_TEST_IMAGE
static char *put_be(char *at, uint32_t value)
{
    for (int i = 3; i >= 0; i--)
        *at++ = (char)(value >> 8 * i);
    return at;
}

/* A PNG chunk: length, type, what the caller wrote at at + 8, CRC-32 (PNG, 5.5). */
static char *end_chunk(char *at, const char *type, size_t size_bytes)
{
    (void)put_be(at, (uint32_t)size_bytes);
    memcpy(at + 4, type, 4);
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size_bytes + 4; i++) {
        crc ^= (uint8_t)at[4 + i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return put_be(at + 8 + size_bytes, ~crc);
}

/* 64 by 64 gray pixels of the pattern in one stored deflate block, and a text chunk that says CANARY. */
static size_t write_png(char *file)
{
    enum { SIDE = 64, RAW = SIDE * (SIDE + 1) };
    memcpy(file, "\x89PNG\r\n\x1a\n", 8);
    char *at = file + 8;
    char *data = put_be(put_be(at + 8, SIDE), SIDE);
    memcpy(data, "\x08\0\0\0\0", 5);
    at = end_chunk(at, "IHDR", 13);
    memcpy(at + 8, "Comment\0" CANARY, 8 + sizeof CANARY - 1);
    at = end_chunk(at, "tEXt", 8 + sizeof CANARY - 1);
    memcpy(at + 8, "\x78\x01\x01", 3);
    data = put_le(put_le(at + 11, RAW, 2), ~(uint32_t)RAW, 2);
    uint32_t a = 1;
    uint32_t b = 0;
    for (int y = 0; y < SIDE; y++) {
        data[y * (SIDE + 1)] = 0;
        fill_pattern(data + y * (SIDE + 1) + 1, SIDE);
    }
    for (int i = 0; i < RAW; i++) {
        a = (a + (uint8_t)data[i]) % 65521;
        b = (b + a) % 65521;
    }
    (void)put_be(data + RAW, b << 16 | a);
    at = end_chunk(at, "IDAT", 2 + 5 + RAW + 4);
    return (size_t)(end_chunk(at, "IEND", 0) - file);
}

static void picture_files_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_IMAGE);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    char *file = take(8192);
    char *out = take(65536);
    size_t out_bytes = 0;
    const size_t file_bytes = write_png(file);
    const veil_region whole = {.x = 0, .y = 0, .w = 64, .h = 64};
    veil_image_options o;
    veil_image_options_init(&o);
    o.regions = &whole;
    o.region_count = 1;
    assert_int_equal(
        keep_error(veil_image_redact_encoded(s, &o, file, file_bytes, out, 65536, &out_bytes, NULL, error), error),
        VEIL_OK);
    assert_int_equal(count_in(out, out + out_bytes, CANARY, 6), 0);
    assert_int_equal(count_in(out, out + out_bytes, pattern, 16), 0);
    assert_int_equal(
        keep_error(veil_image_redact_encoded(s, &o, file, file_bytes - 30, out, 65536, &out_bytes, NULL, error), error),
        VEIL_ERR_MALFORMED_INPUT);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    assert_int_equal(count_in_memory(pattern, 16), 0);
    veil_sanitizer_destroy(s);
}

static void pictures_leave_nothing(void **state)
{
    (void)state;
    veil_sanitizer *s = make_loud(VEIL_MODALITY_IMAGE);
    veil_error *error = take(sizeof *error);
    error->struct_size = sizeof *error;
    uint8_t *pixels = take((size_t)640 * 480 * 3);
    fill_pattern(pixels, (size_t)640 * 480 * 3);
    veil_image image = {sizeof image, pixels, (size_t)640 * 3, 640, 480, VEIL_PIXEL_BGR, 0};
    const veil_region whole = {.x = 0, .y = 0, .w = 640, .h = 480};
    veil_image_options o;
    veil_image_options_init(&o);
    o.regions = &whole;
    o.region_count = 1;
    for (uint32_t i = 0; i < 3; i++) { /* detected, remembered, and with the caller's region alone */
        o.flags = i == 2 ? VEIL_IMAGE_NO_DETECTORS : 0;
        fill_pattern(pixels, (size_t)640 * 480 * 3);
        assert_int_equal(keep_error(veil_image_redact(s, &o, &image, NULL, error), error), VEIL_OK);
        assert_int_equal(count_in((char *)pixels, (char *)pixels + 640 * 480 * 3, pattern, 16), 0);
    }
    uint8_t *junk = take(4096);
    memcpy(junk, "\xff\xd8\xff\xe1\x10\x00" CANARY, sizeof CANARY + 6); /* begins as a JPEG does */
    char *out = take(4096);
    size_t out_bytes = 0;
    assert_int_equal(
        keep_error(veil_image_redact_encoded(s, NULL, junk, 4096, out, 4096, &out_bytes, NULL, error), error),
        VEIL_ERR_MALFORMED_INPUT);
    check_words(s);
    assert_int_equal(count_in_memory(CANARY, CANARY_PART), 0);
    assert_int_equal(count_in_memory(pattern, 16), 0);
    veil_sanitizer_destroy(s);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_what_is_left),
        cmocka_unit_test(streams_leave_nothing),
        cmocka_unit_test(texts_leave_nothing),
        cmocka_unit_test(workers_leave_nothing),
        cmocka_unit_test(sounds_leave_nothing),
        cmocka_unit_test(transcripts_leave_nothing),
        cmocka_unit_test(heard_words_leave_nothing),
        cmocka_unit_test(streams_of_sound_leave_nothing),
        cmocka_unit_test(sound_files_leave_nothing),
#if VEIL_TEST_IMAGE
        cmocka_unit_test(pictures_leave_nothing),
        cmocka_unit_test(picture_files_leave_nothing),
#endif
    };
    return cmocka_run_group_tests_name("canary", tests, setup, NULL);
}
