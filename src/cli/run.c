/*
 * scan and redact: look at every input first (so that mistakes are found before anything is done), plan where copies go,
 * build one sanitizer, then work on up to --jobs inputs at a time. Answers come in the order of the command line.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/folder.h"
#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/table.h"

typedef struct run {
    const cli_options *options;
    cli_session session;
    cli_files files;
    cli_input *inputs;
    cli_result *results;
    size_t count;
    size_t printed;
    struct timespec started;
    bool bar_stands; /* the terminal's last line is the progress bar */
    bool stdout_failed;
    atomic_size_t next;   /* input that a thread takes next */
    pthread_mutex_t lock; /* guards results[].is_done */
    pthread_cond_t done;  /* one more is_done */
} run;

/* One write a message, so that lines of several threads never mix. */
static void complain(const char *name, const char *status, const char *message)
{
    cli_buf line = {0};
    vl_cli_buf_str(&line, "veil: ");
    vl_cli_plain(&line, name, strlen(name));
    vl_cli_buf_fmt(&line, ": %s%s%s\n", status, *status ? ": " : "", message);
    (void)vl_cli_write_all(STDERR_FILENO, line.data, line.size);
    vl_cli_buf_free(&line);
}

static int usage(const char *message)
{
    fprintf(stderr, "veil: %s\n", message);
    return 2;
}

static int open_inputs(run *r)
{
    int code = vl_cli_files_list(r->options, &r->files);
    if (code != 0) return code;
    r->count = r->files.count;
    r->inputs = calloc(r->count, sizeof *r->inputs);
    r->results = calloc(r->count, sizeof *r->results);
    if (!r->inputs || !r->results) return usage("no memory");
    size_t from_stdin = 0;
    for (size_t i = 0; i < r->count; i++) {
        const cli_file *file = &r->files.items[i];
        from_stdin += strcmp(file->name, "-") == 0;
        r->results[i].input = &r->inputs[i];
        if (from_stdin > 1) continue;
        r->inputs[i].may_flow = r->count == 1 && vl_cli_text_may_flow(r->options);
        if (file->is_readable)
            vl_cli_input_open(&r->inputs[i], file->name, r->options->kind, r->options->jsonl);
        else
            vl_cli_input_refuse(&r->inputs[i], file->name, "neither a file nor a folder");
        r->inputs[i].copy = file->copy;
    }
    return from_stdin > 1 ? usage("- (stdin) can be given once") : 0;
}

/* An option that would do nothing was meant for something that is not there. Rules (--operator, --effect) are exempt: they say
 * what happens to whatever is found. */
static int check_use(const cli_options *options, const bool kinds[4])
{
    static const char *const missing[] = {
        [CLI_KIND_TEXT] = "text", [CLI_KIND_IMAGE] = "a picture", [CLI_KIND_AUDIO] = "sound"};
    const struct {
        const char *name;
        bool is_given;
        cli_kind kind;
    } rows[] = {
        {"show-text", options->show_text, CLI_KIND_TEXT},
        {"region", options->region_count > 0, CLI_KIND_IMAGE},
        {"polygon", options->polygon_count > 0, CLI_KIND_IMAGE},
        {"exclude-region", options->exempt_count > 0, CLI_KIND_IMAGE},
        {"min-size", options->min_size > 0, CLI_KIND_IMAGE},
        {"margin", options->margin_percent >= 0, CLI_KIND_IMAGE},
        {"ocr", options->ocr, CLI_KIND_IMAGE},
        {"payloads", options->payloads, CLI_KIND_IMAGE},
        {"plugin-dir", options->plugin_dir && !options->asr, CLI_KIND_IMAGE},
        {"model", options->model != NULL, CLI_KIND_IMAGE},
        {"model-sha256", options->model_sha256, CLI_KIND_IMAGE},
        {"asr", options->asr, CLI_KIND_AUDIO},
        {"range", options->range_count > 0, CLI_KIND_AUDIO},
        {"transcript", options->transcript, CLI_KIND_AUDIO},
        {"transcript-out", options->transcript_out, CLI_KIND_AUDIO},
        {"channels", options->speaker_only, CLI_KIND_AUDIO},
        {"guard", options->guard_ms >= 0, CLI_KIND_AUDIO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].is_given || kinds[rows[i].kind]) continue;
        fprintf(stderr, "veil: --%s is given, but no input is %s\n", rows[i].name, missing[rows[i].kind]);
        return 2;
    }
    return 0;
}

static int check_kinds(const run *r, bool kinds[4])
{
    const cli_options *options = r->options;
    size_t sounds = 0, failed = 0;
    for (size_t i = 0; i < r->count; i++) {
        kinds[r->inputs[i].kind] = true;
        sounds += r->inputs[i].kind == CLI_KIND_AUDIO;
        failed += r->inputs[i].status != VEIL_OK;
    }
    if (options->jsonl && options->kind > CLI_KIND_TEXT) return usage("--input jsonl is text; --kind says otherwise");
    if (options->jsonl && options->format != VEIL_FORMAT_TEXT)
        return usage("--input jsonl reads its own lines; leave --format out");
    if (options->field_count && options->format == VEIL_FORMAT_TEXT)
        return usage("--field-as belongs to --format json, ndjson, csv or tsv");
    if (options->transcript && sounds > 1) return usage("--transcript belongs to one sound; give one sound file");
    if (options->transcript_out && !options->transcript) return usage("--transcript-out belongs to --transcript");
    if (options->transcript_out && strcmp(options->transcript_out, "-") == 0)
        return usage("--transcript-out takes the name of a file; standard output is for the copy");
    if (options->model_sha256 && !options->model) return usage("--model-sha256 belongs to --model");
    return failed ? 0 : check_use(options, kinds); /* what failed may be what the options are for */
}

static void work(run *r, cli_result *result)
{
    cli_session *session = &r->session;
    cli_input *input = result->input;
    const cli_names *named = &session->entities[input->kind];
    if (session->options->report) {
        result->counts = calloc(session->catalogue.count + 1, sizeof *result->counts);
        if (!result->counts && !vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory")) return;
    }
    if (input->status == VEIL_OK && !session->options->jsonl && !input->flows) vl_cli_input_load(input);
    if (input->status != VEIL_OK) {
        vl_cli_fail(result, input->status, 3, input->message);
    } else if (session->options->entities.count && named->count == 0) {
        vl_cli_fail(result, VEIL_ERR_INVALID_ARGUMENT, 2, "none of the named entities is found in this kind of input");
    } else if (session->options->jsonl) {
        vl_cli_run_jsonl(session, result);
    } else if (input->flows) {
        vl_cli_run_flow(session, result);
    } else {
        static void (*const runs[])(const cli_session *, cli_result *) = {[CLI_KIND_TEXT] = vl_cli_run_text,
                                                                          [CLI_KIND_IMAGE] = vl_cli_run_image,
                                                                          [CLI_KIND_AUDIO] = vl_cli_run_audio};
        runs[input->kind](session, result);
    }
    if (result->line.failed || result->payload.failed)
        vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the answer");
    vl_cli_input_free(input);
}

static void error_line(cli_result *result)
{
    static const char *const kinds[] = {NULL, "text", "image", "audio"};
    vl_cli_line_begin(result, result->input->kind ? kinds[result->input->kind] : NULL);
    vl_cli_buf_fmt(&result->line, ",\"error\":\"%s\",\"message\":", veil_status_string(result->status));
    vl_cli_json_text(&result->line, result->message);
    vl_cli_buf_str(&result->line, "}\n");
}

/* A bar on the terminal, once the work has taken long enough for anybody to wonder. */
static void show_progress(run *r)
{
    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t passed_ns = (now.tv_sec - r->started.tv_sec) * 1000000000LL + (now.tv_nsec - r->started.tv_nsec);
    r->bar_stands = r->printed < r->count && passed_ns >= 1000000000LL;
    if (!r->bar_stands) return;
    size_t full = r->printed * WIDTH / r->count;
    memset(bar, '.', WIDTH);
    memset(bar, '#', full);
    bar[WIDTH] = 0;
    fprintf(stderr, "[%s] %zu of %zu", bar, r->printed, r->count);
}

/* JSON lines give way to the copy itself when that is what stdout is for. */
static void print_result(run *r, cli_result *result)
{
    bool is_redact = r->options->command == CLI_REDACT;
    bool copy_on_stdout = is_redact && !result->out_path;
    if (r->bar_stands) (void)vl_cli_write_all(STDERR_FILENO, "\r\033[K", 4);
    for (char *at = result->diagnostics.data, *end = at ? at + result->diagnostics.size : at; at < end;) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        *stop = 0;
        complain(result->input->name, "", at);
        at = stop + 1;
    }
    if (result->status != VEIL_OK) {
        complain(result->input->name, veil_status_string(result->status), result->message);
        if (r->options->json) error_line(result);
    }
    bool good = true;
    if (copy_on_stdout && result->status == VEIL_OK)
        good = vl_cli_write_all(STDOUT_FILENO, result->payload.data, result->payload.size);
    if (!copy_on_stdout)
        good = good && vl_cli_write_all(STDOUT_FILENO, result->line.data, result->line.size);
    else if (r->options->json)
        (void)vl_cli_write_all(STDERR_FILENO, result->line.data, result->line.size);
    if (!good && !r->stdout_failed) {
        fprintf(stderr, "veil: standard output: %s\n", strerror(errno));
        r->stdout_failed = true;
    }
    vl_cli_buf_free(&result->line);
    vl_cli_buf_free(&result->payload);
    vl_cli_buf_free(&result->diagnostics);
    r->printed++;
    if (r->session.progress) show_progress(r);
}

static void *thread_main(void *argument)
{
    run *r = argument;
    for (;;) {
        size_t i = atomic_fetch_add(&r->next, 1);
        if (i >= r->count) return NULL;
        work(r, &r->results[i]);
        pthread_mutex_lock(&r->lock);
        r->results[i].is_done = true;
        pthread_cond_broadcast(&r->done);
        pthread_mutex_unlock(&r->lock);
    }
}

static void run_alone(run *r)
{
    for (size_t i = 0; i < r->count; i++) {
        work(r, &r->results[i]);
        print_result(r, &r->results[i]);
    }
}

static void run_threads(run *r, size_t wanted)
{
    pthread_t threads[64];
    size_t started = 0;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->done, NULL);
    while (started < wanted && pthread_create(&threads[started], NULL, thread_main, r) == 0)
        started++;
    if (started == 0) thread_main(r); /* no thread to be had: do it here */
    for (size_t i = 0; i < r->count; i++) {
        pthread_mutex_lock(&r->lock);
        while (!r->results[i].is_done)
            pthread_cond_wait(&r->done, &r->lock);
        pthread_mutex_unlock(&r->lock);
        print_result(r, &r->results[i]);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_cond_destroy(&r->done);
    pthread_mutex_destroy(&r->lock);
}

static int exit_code(const run *r)
{
    int code = 0;
    for (size_t i = 0; i < r->count; i++) {
        int own = r->results[i].exit_code;
        if (own == 0 && r->options->fail_on_find && r->results[i].finding_count) own = 1;
        if (own > code) code = own;
    }
    return r->stdout_failed ? 3 : code;
}

static void close_run(run *r)
{
    for (size_t i = 0; r->results && i < r->count; i++) {
        free(r->results[i].out_path);
        free(r->results[i].counts);
        vl_cli_buf_free(&r->results[i].details);
        vl_cli_input_free(&r->inputs[i]);
    }
    free(r->inputs);
    free(r->results);
    vl_cli_files_free(&r->files);
    vl_cli_session_close(&r->session);
}

static void process(run *r)
{
    const cli_options *options = r->options;
    size_t jobs = options->jobs < r->count ? options->jobs : r->count;
    bool streams = options->jsonl && (options->command == CLI_SCAN || !r->results[0].out_path);
    r->session.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    r->session.progress = isatty(STDERR_FILENO) && r->count > 1;
    if (jobs > 1 && !streams)
        run_threads(r, jobs);
    else
        run_alone(r);
}

int vl_cli_run(const cli_options *options)
{
    run r = {.options = options};
    bool kinds[4] = {0};
    clock_gettime(CLOCK_MONOTONIC, &r.started);
    int code = open_inputs(&r);
    if (code == 0) code = check_kinds(&r, kinds);
    r.session.input_count = r.count;
    if (code == 0) code = vl_cli_session_open(&r.session, options, kinds);
    if (code == 0) code = vl_cli_plan(&r.session, r.inputs, r.results, r.count);
    if (code == 0) {
        process(&r);
        code = exit_code(&r);
        if (options->stats) vl_cli_stats_print(&r.session);
        if (options->report && !vl_cli_report_write(&r.session, r.results, r.count)) code = 3;
    }
    close_run(&r);
    return code;
}
