/* A text through a stream in pieces, and the same text in one call: output and findings must be the same. */
#ifndef VL_TESTS_TEXT_STREAM_FIXTURE_H
#define VL_TESTS_TEXT_STREAM_FIXTURE_H

#include "text/scan_fixture.h"

#define STREAM_TEXT_MAX ((size_t)1 << 20)

/** What came out, of the one call and of the stream. */
typedef struct streamed {
    char *out;
    size_t out_bytes;
    size_t pushed;
    size_t held_max; /* bytes pushed and not yet decided, after a pull */
    found *all;
} streamed;

static inline streamed streamed_make(void)
{
    return (streamed){malloc(STREAM_TEXT_MAX), 0, 0, 0, malloc(sizeof(found))};
}

static inline void streamed_free(streamed *s)
{
    free(s->out);
    free(s->all);
}

/** Pull until nothing comes. `room`: bytes a pull may give. */
static inline void pull_all(veil_text_stream *stream, size_t room, streamed *s)
{
    for (;;) {
        size_t got = 0;
        veil_error error = VEIL_ERROR_INIT;
        veil_text_result result = {sizeof result, s->all->items + s->all->count, FOUND_MAX - s->all->count, 0};
        size_t left = STREAM_TEXT_MAX - s->out_bytes;
        veil_status status =
            veil_text_stream_pull(stream, s->out + s->out_bytes, room < left ? room : left, &got, &result, &error);
        if (status == VEIL_ERR_BUFFER_TOO_SMALL && got > room &&
            got <= left) { /* a chain of findings comes in one piece */
            room = got;
            continue;
        }
        if (status != VEIL_OK) fail_msg("pull: %s", error.message);
        s->out_bytes += got;
        s->all->count += result.finding_count;
        if (got == 0 && result.finding_count == 0) return;
    }
}

static inline void push_all(veil_text_stream *stream, const char *text, size_t size, size_t room, streamed *s)
{
    for (size_t at = 0; at < size;) {
        size_t taken = 0;
        veil_error error = VEIL_ERROR_INIT;
        veil_status status = veil_text_stream_push(stream, text + at, size - at, &taken, &error);
        if (status != VEIL_OK) fail_msg("push: %s", error.message);
        at += taken;
        pull_all(stream, room, s);
        if (taken == 0 && at < size) {
            size_t again = 0;
            (void)veil_text_stream_push(stream, text + at, size - at, &again, NULL);
            if (again == 0) fail_msg("the stream takes nothing at %zu", at);
            at += again;
        }
    }
    s->pushed += size;
}

static inline void redact_whole(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                                size_t size, streamed *s)
{
    veil_error error = VEIL_ERROR_INIT;
    veil_text_result result = {sizeof result, s->all->items, FOUND_MAX, 0};
    veil_status status =
        veil_text_redact(sanitizer, options, text, size, s->out, STREAM_TEXT_MAX, &s->out_bytes, &result, &error);
    if (status != VEIL_OK) fail_msg("redact: %s", error.message);
    s->all->count = result.finding_count;
}

static inline void expect_same(const streamed *whole, const streamed *parts, const char *text, size_t size,
                               const char *what)
{
    bool same = whole->out_bytes == parts->out_bytes && memcmp(whole->out, parts->out, whole->out_bytes) == 0;
    size_t count = whole->all->count;
    same = same && count == parts->all->count;
    for (size_t i = 0; same && i < count; i++) {
        const veil_finding *a = &whole->all->items[i];
        const veil_finding *b = &parts->all->items[i];
        same = a->start == b->start && a->end == b->end && a->entity == b->entity && a->recognizer == b->recognizer &&
               a->score == b->score && a->is_loser == b->is_loser;
    }
    if (same) return;
    size_t at = 0;
    while (at < whole->out_bytes && at < parts->out_bytes && whole->out[at] == parts->out[at])
        at++;
    printf("%s\ntext: %.*s\n", what, (int)(size < 600 ? size : 600), text);
    size_t from = at > 100 ? at - 100 : 0;
    printf("outputs differ at %zu\nwhole:  %.*s\nstream: %.*s\n", at,
           (int)(whole->out_bytes - from < 300 ? whole->out_bytes - from : 300), whole->out + from,
           (int)(parts->out_bytes - from < 300 ? parts->out_bytes - from : 300), parts->out + from);
    for (size_t i = 0; i < count || i < parts->all->count; i++) {
        const veil_finding *a = i < count ? &whole->all->items[i] : NULL;
        const veil_finding *b = i < parts->all->count ? &parts->all->items[i] : NULL;
        if (a != NULL && b != NULL && a->start == b->start && a->end == b->end && a->recognizer == b->recognizer)
            continue;
        if (a != NULL)
            printf("whole:  %s [%zu, %zu) %.2f\n", a->recognizer, (size_t)a->start, (size_t)a->end, (double)a->score);
        if (b != NULL)
            printf("stream: %s [%zu, %zu) %.2f\n", b->recognizer, (size_t)b->start, (size_t)b->end, (double)b->score);
        break;
    }
    fail_msg("the stream differs");
}

/** Split at `splits` (ascending), compare with `whole`. */
static inline void expect_split(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                                size_t size, const size_t *splits, size_t split_count, size_t room,
                                const streamed *whole, streamed *parts)
{
    char what[80];
    veil_text_stream *stream = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_text_stream_create(sanitizer, options, &stream, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    parts->out_bytes = 0;
    parts->all->count = 0;
    parts->pushed = 0;
    size_t at = 0;
    for (size_t i = 0; i <= split_count; i++) {
        size_t next = i < split_count ? splits[i] : size;
        push_all(stream, text + at, next - at, room, parts);
        at = next;
    }
    assert_int_equal(veil_text_stream_end(stream, NULL), VEIL_OK);
    pull_all(stream, room, parts);
    veil_text_stream_destroy(stream);
    (void)snprintf(what, sizeof what, "%zu splits, the first at %zu, room %zu", split_count,
                   split_count ? splits[0] : 0, room);
    expect_same(whole, parts, text, size, what);
}

/** Byte by byte. */
static inline void expect_bytes(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                                size_t size, size_t step, const streamed *whole, streamed *parts)
{
    veil_text_stream *stream = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_text_stream_create(sanitizer, options, &stream, &error) != VEIL_OK) fail_msg("create: %s", error.message);
    parts->out_bytes = 0;
    parts->all->count = 0;
    for (size_t at = 0; at < size; at += step)
        push_all(stream, text + at, size - at < step ? size - at : step, STREAM_TEXT_MAX, parts);
    assert_int_equal(veil_text_stream_end(stream, NULL), VEIL_OK);
    pull_all(stream, STREAM_TEXT_MAX, parts);
    veil_text_stream_destroy(stream);
    expect_same(whole, parts, text, size, "byte by byte");
}

#endif
