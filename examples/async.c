/*
 * Asynchronous redaction with an event loop: lines of standard input go to two workers, completions come back through a
 * file descriptor that poll(2), epoll, libuv, Go or Node can wait on. Results are printed as they finish.
 *
 *     printf 'call 415-555-0132\nmail jane@example.com\n' | ./example_async
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <veil.h>

enum { LINES_MAX = 64, LINE_BYTES = 512 }; /* jobs on their way, and the longest line */

/* Everything that a job points to lives until its completion has been read. */
typedef struct line {
    char text[LINE_BYTES];
    char out[4 * LINE_BYTES];
    struct line *next_free;
} line;

static line lines[LINES_MAX];
static line *free_lines;
static int redacted_count, failed_count;

static veil_status submit(veil_sanitizer *sanitizer, veil_queue *queue, line *l)
{
    veil_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = sizeof job;
    job.kind = VEIL_JOB_TEXT_REDACT;
    job.input = l->text;
    job.input_bytes = strcspn(l->text, "\n");
    job.out = l->out;
    job.out_capacity = sizeof l->out;
    job.deadline_us = 5000000; /* rather an error than a late answer */
    job.queue = queue;
    job.user = l;
    return veil_submit(sanitizer, &job, NULL);
}

/* Print what has finished; wait for at least one when nothing has. Returns how many lines came back. */
static int collect(veil_queue *queue)
{
    veil_completion done[8];
    struct pollfd waiting = {veil_queue_fd(queue), POLLIN, 0};
    if (poll(&waiting, 1, -1) < 0) return 0;
    const int count = veil_queue_poll(queue, done, 8, sizeof done[0]);
    for (int i = 0; i < count; i++) {
        line *l = done[i].user;
        if (done[i].status == VEIL_OK)
            printf("%.*s\n", (int)done[i].out_bytes, l->out);
        else
            printf("[%s]\n", veil_status_string(done[i].status));
        *(done[i].status == VEIL_OK ? &redacted_count : &failed_count) += 1;
        l->next_free = free_lines;
        free_lines = l;
    }
    return count;
}

int main(void)
{
    veil_config config;
    veil_config_init(&config);
    config.modalities = VEIL_MODALITY_TEXT;
    config.worker_count = 2;
    veil_sanitizer *sanitizer = NULL;
    veil_queue *queue = NULL;
    veil_error error = VEIL_ERROR_INIT;
    if (veil_sanitizer_create(&config, &sanitizer, &error) != VEIL_OK ||
        veil_queue_create(sanitizer, LINES_MAX, &queue, &error) != VEIL_OK) {
        fprintf(stderr, "%s: %s\n", veil_status_string(error.status), error.message);
        veil_sanitizer_destroy(sanitizer);
        return 1;
    }
    for (size_t i = 0; i < LINES_MAX; i++) {
        lines[i].next_free = free_lines;
        free_lines = &lines[i];
    }
    int on_their_way = 0;
    while (fgets(free_lines->text, LINE_BYTES, stdin) != NULL) {
        line *l = free_lines;
        free_lines = l->next_free;
        on_their_way++;
        veil_status status;
        while ((status = submit(sanitizer, queue, l)) == VEIL_ERR_BUSY) /* make room first */
            on_their_way -= collect(queue);
        if (status != VEIL_OK) return 1;
        if (free_lines == NULL) on_their_way -= collect(queue);
    }
    while (on_their_way > 0)
        on_their_way -= collect(queue);
    veil_queue_destroy(queue);
    veil_sanitizer_destroy(sanitizer);
    fprintf(stderr, "%d lines of standard input redacted, %d failed\n", redacted_count, failed_count);
    return 0;
}
