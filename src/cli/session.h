/*
 * One run of scan or redact: the options, the catalogue, the one sanitizer that all inputs share, and what each input came
 * to. Everything in cli_session is read-only while inputs are worked on, so that --jobs threads may share it.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/args.h"
#include "cli/input.h"

typedef struct cli_catalogue {
    veil_entity_info *rows;
    const char **names; /* the same order: by name */
    size_t count;
} cli_catalogue;

typedef struct cli_session {
    const cli_options *options;
    cli_catalogue catalogue;
    veil_sanitizer *sanitizer;
    /* --entities (or else the file's list) and --exclude (and the file's) by the kind of input that they mean something for;
     * indexed with cli_kind */
    cli_names entities[4];
    cli_names exclude[4];
    bool names_text; /* --entities, or else the file's list, names one that is found in text */
    bool has_image;  /* the library was built with it */
    bool has_audio;
    veil_asr_engine asr; /* as ocr */
    veil_ocr_engine ocr; /* in use when the plugin was loaded */
    cli_buf transcript;
    cli_buf key;
    veil_config_file *file;        /* of --rules and --config; NULL: none */
    veil_operator_rule *operators; /* the file's and then the command line's */
    size_t operator_count;
    veil_effect_rule *effects;
    size_t effect_count;
    uint64_t pipe_bytes; /* most of a text from a pipe that is read as it comes; it needs no bound but the file's own */
    size_t input_count;  /* files, those in folders included */
    bool color;
    bool progress;
} cli_session;

/** What one input came to. */
typedef struct cli_result {
    cli_input *input;
    char *out_path; /* redact: where the copy goes; NULL: stdout */
    veil_status status;
    int exit_code; /* 0, 2 or 3 for this input */
    char message[256];
    const char *path; /* redacted pictures: how the copy was written; else NULL */
    uint64_t finding_count;
    uint64_t *counts; /* by catalogue row; NULL without --report */
    uint64_t lines;   /* jsonl */
    uint64_t failed_lines;
    veil_status line_status; /* of the first line that failed */
    bool is_done;
    cli_buf line;        /* the table or JSON line of this input */
    cli_buf payload;     /* the redacted copy, when it goes to stdout */
    cli_buf diagnostics; /* for stderr, besides the failure itself */
    cli_buf details;     /* for the report: more members of this input's object */
} cli_result;

/** setup.c: check names, read the key, create the sanitizer for these kinds. 0, or an exit code with the reason printed. */
int vl_cli_session_open(cli_session *session, const cli_options *options, const bool kinds[4]);
void vl_cli_session_close(cli_session *session);
/** Read --key-file, with the warnings it deserves. 0, or 2 with the reason printed. */
int vl_cli_read_key(const cli_options *options, cli_buf *key);
/** Read the catalogue of the loaded library. False: no memory. */
bool vl_cli_catalogue_read(cli_catalogue *catalogue);
void vl_cli_catalogue_free(cli_catalogue *catalogue);
/** Add the entities that only a config's own recognizers name. False: no memory. */
bool vl_cli_catalogue_add_own(cli_catalogue *catalogue, const veil_config *config);
/** config_file.c: read the files of --rules and --config into *file (NULL without any) and their settings into `config`. 0, or
 *  an exit code with the reason printed. */
int vl_cli_config_file(const cli_options *options, veil_config_file **file, veil_config *config);
/** Row of `name`, or -1. */
long vl_cli_catalogue_find(const cli_catalogue *catalogue, const char *name);

/** Fill options of a call from the command line. */
void vl_cli_text_options(const cli_session *session, veil_text_options *options);

/** Note a failure; `code` 3, or 2 when the options are to blame. Returns false. */
bool vl_cli_fail(cli_result *result, veil_status status, int code, const char *message);
bool vl_cli_fail_error(cli_result *result, veil_status status, const veil_error *error);
/** Count one finding. */
void vl_cli_count(const cli_session *session, cli_result *result, const char *entity);
/** Write the redacted copy to the result's OUT, or keep it as payload. Takes `bytes` over either way. */
bool vl_cli_deliver(cli_result *result, cli_buf *bytes);

/** Begin `{"file":...,"kind":...` and end the object; for tables the heading. */
void vl_cli_line_begin(cli_result *result, const char *kind);
void vl_cli_line_end(cli_result *result);
void vl_cli_table_heading(const cli_session *session, cli_result *result, size_t count);

/** One input of each kind. Results, failures included, are in `result`. */
void vl_cli_run_text(const cli_session *session, cli_result *result);
void vl_cli_run_image(const cli_session *session, cli_result *result);
void vl_cli_run_audio(const cli_session *session, cli_result *result);
/** flow.c: whether `redact` of stdin may write as it reads, and that. */
bool vl_cli_text_may_flow(const cli_options *options);
void vl_cli_run_flow(const cli_session *session, cli_result *result);
/** The format of one input. */
uint32_t vl_cli_text_format(const cli_options *options, const char *name);
/** Streams: writes to OUT or stdout itself as it goes. */
void vl_cli_run_jsonl(const cli_session *session, cli_result *result);

/** The findings array of a JSON line for text, without the key. `text` and `size` only matter with show_text. */
void vl_cli_text_findings_json(cli_buf *out, const veil_finding *findings, size_t count, const veil_finding *bytes,
                               const char *text);

/** plan.c: where each copy goes (results[].out_path), before anything is done. 0, or 2 with the reason printed. */
int vl_cli_plan(const cli_session *session, const cli_input *inputs, cli_result *results, size_t count);

/** run.c: all inputs, in order. Returns the exit code. */
int vl_cli_run(const cli_options *options);

/** report.c and stats.c. */
bool vl_cli_report_write(const cli_session *session, const cli_result *results, size_t count);
void vl_cli_stats_print(const cli_session *session);

/** catalogue.c: the other commands. Exit codes. */
int vl_cli_entities(const cli_options *options);
int vl_cli_version(const cli_options *options);
/** restore.c: tokens in a text, or values one a line, back to what they were. Exit code. */
int vl_cli_restore(const cli_options *options);

/** cv_threads.cpp, or nothing in a build without images: one OpenCV thread, for parallelism is ours (--jobs). */
void vl_cli_cv_threads(void);

#endif
