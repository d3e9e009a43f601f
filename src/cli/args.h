/*
 * What the command line asks for. One table in args.c holds every option: its name, what it takes, which commands know it
 * and its line of help; --help, the suggestions for misspelt names and the tests read the same table.
 */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <stdbool.h>

#include "veil.h"

typedef enum cli_command {
    CLI_NONE = 0,
    CLI_SCAN = 1,
    CLI_REDACT = 2,
    CLI_RESTORE = 4,
    CLI_ENTITIES = 8,
    CLI_VERSION = 16,
    CLI_HELP = 32
} cli_command;

typedef enum cli_kind { CLI_KIND_AUTO, CLI_KIND_TEXT, CLI_KIND_IMAGE, CLI_KIND_AUDIO } cli_kind;

/** Names that --entities or --exclude collected. */
typedef struct cli_names {
    const char **items;
    size_t count;
} cli_names;

#define CLI_FORMAT_AUTO ((uint32_t)VEIL_FORMAT_TSV + 1) /* by the file's name */

/* Of --effect disguise: channels one by one, or all. */
typedef struct cli_channels {
    uint64_t bits;
    bool has_all;
} cli_channels;

typedef struct cli_options {
    cli_command command;
    cli_command help_for; /* with CLI_HELP: which page */
    const char **files;
    size_t file_count;
    const char *out;
    const char *report;
    const char **rules; /* files of --rules */
    size_t rule_count;
    const char *config; /* file of --config */
    const char *key_file;
    const char *transcript;
    const char *transcript_out;
    const char *model;
    const char *model_sha256;
    const char *plugin_dir;
    const char *subject; /* whose dates are shifted */
    const char *token_context;
    const char *field;
    const char *language; /* NULL: en */
    cli_names entities;
    cli_names exclude;
    veil_operator_rule *operators;
    size_t operator_count;
    veil_field_rule *fields;
    size_t field_count;
    veil_effect_rule *effects;
    size_t effect_count;
    cli_channels disguised;
    veil_region *regions;
    size_t region_count;
    veil_polygon *polygons;
    size_t polygon_count;
    veil_region *exempt; /* --exclude-region */
    size_t exempt_count;
    veil_audio_range *ranges;
    size_t range_count;
    float min_score;      /* negative: the defaults */
    float margin_percent; /* negative: the default */
    int32_t guard_ms;     /* negative: the default */
    uint32_t profile;     /* VEIL_PROFILE_* */
    uint32_t min_size;    /* pixels; 0: none */
    uint32_t offsets;     /* VEIL_OFFSET_* */
    uint32_t format;      /* VEIL_FORMAT_*, or CLI_FORMAT_AUTO */
    uint32_t jobs;        /* inputs at the same time, 1 or more */
    cli_kind kind;
    bool has_profile;
    bool jsonl;
    bool json;
    bool all;
    bool no_fold;
    bool no_decode;
    bool show_text;
    bool ocr;
    bool ellipse;
    bool asr;
    bool payloads;
    bool stats;
    bool fail_on_find;
    bool speaker_only; /* --channels speaker */
} cli_options;

typedef struct cli_option_row {
    const char *name;  /* without the dashes */
    const char *value; /* what it takes, for the help; NULL: nothing */
    int commands;      /* CLI_SCAN | CLI_REDACT ... */
    int id;            /* args.c */
    const char *help;  /* one line */
    const char *later; /* not NULL: this version answers UNSUPPORTED, with this reason */
} cli_option_row;

/** The table, ended by a row whose name is NULL. */
const cli_option_row *vl_cli_option_table(void);

/** The command called `name`, or CLI_NONE. */
cli_command vl_cli_command_named(const char *name);
const char *vl_cli_command_name(cli_command command);

/** Read argv. On failure a line for stderr has been printed and the exit code (2) is returned; 0 otherwise. */
int vl_cli_args_parse(int argc, char **argv, cli_options *options);
void vl_cli_args_free(cli_options *options);

/** One value of an option, in rules.c: each returns false with a reason in `why` (never NULL, `why_size` bytes). */
bool vl_cli_parse_operator(const char *text, veil_operator_rule *rule, char *why, size_t why_size);
/** Cuts `text`; the channels of disguise are added. */
bool vl_cli_parse_effect(char *text, veil_effect_rule *rule, cli_channels *channels, char *why, size_t why_size);
/** NAME=ENTITY; cuts `text` at the last '='. */
bool vl_cli_parse_field(char *text, veil_field_rule *rule, char *why, size_t why_size);
bool vl_cli_parse_region(const char *option, const char *text, veil_region *region, char *why, size_t why_size);
/** The corners are malloc'd. */
bool vl_cli_parse_polygon(const char *text, veil_polygon *polygon, char *why, size_t why_size);
bool vl_cli_parse_range(const char *text, veil_audio_range *range, char *why, size_t why_size);
/** A number in [low, high], the whole of `text`. */
bool vl_cli_parse_number(const char *text, double low, double high, double *out);

/** Print the page of `command` (CLI_NONE: the overview) to stdout. False when stdout refused. */
bool vl_cli_help_print(cli_command command);

/** The name in `names` nearest to `word`, or NULL when none is near enough to be meant. Letter case does not count. */
const char *vl_cli_suggest(const char *word, const char *const *names, size_t count);

#endif
