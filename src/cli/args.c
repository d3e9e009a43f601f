/*
 * Command line to cli_options. Our own loop instead of getopt_long, which accepts abbreviations (a contract must not) and
 * cannot suggest. Values are checked here as far as they need no library; names of entities are checked in setup.c.
 */
#include "cli/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    OPT_ENTITIES,
    OPT_EXCLUDE,
    OPT_MIN_SCORE,
    OPT_ALL,
    OPT_NO_FOLD,
    OPT_NO_DECODE,
    OPT_LANGUAGE,
    OPT_OPERATOR,
    OPT_EFFECT,
    OPT_KEY_FILE,
    OPT_SUBJECT,
    OPT_TOKEN_CONTEXT,
    OPT_FIELD,
    OPT_KIND,
    OPT_FORMAT,
    OPT_FIELD_AS,
    OPT_INPUT,
    OPT_OFFSETS,
    OPT_JSON,
    OPT_SHOW_TEXT,
    OPT_OUT,
    OPT_REGION,
    OPT_POLYGON,
    OPT_EXCLUDE_REGION,
    OPT_MIN_SIZE,
    OPT_RANGE,
    OPT_MARGIN,
    OPT_GUARD,
    OPT_TRANSCRIPT,
    OPT_TRANSCRIPT_OUT,
    OPT_CHANNELS,
    OPT_PROFILE,
    OPT_MODEL,
    OPT_MODEL_SHA256,
    OPT_PLUGIN_DIR,
    OPT_OCR,
    OPT_ELLIPSE,
    OPT_ASR,
    OPT_PAYLOADS,
    OPT_REPORT,
    OPT_JOBS,
    OPT_STATS,
    OPT_FAIL_ON_FIND,
    OPT_RULES,
    OPT_CONFIG,
    OPT_HELP
};

#define BOTH  (CLI_SCAN | CLI_REDACT)
#define EVERY (CLI_SCAN | CLI_REDACT | CLI_RESTORE | CLI_ENTITIES | CLI_VERSION)

static const cli_option_row table[] = {
    {"entities", "A,B", BOTH, OPT_ENTITIES, "look for these only (veil entities lists them)", NULL},
    {"exclude", "A,B", BOTH, OPT_EXCLUDE, "do not look for these", NULL},
    {"min-score", "S", BOTH, OPT_MIN_SCORE, "ignore what scores lower, 0 to 1 (text: 0.4)", NULL},
    {"all", NULL, CLI_SCAN, OPT_ALL, "also report findings that lost an overlap", NULL},
    {"no-fold", NULL, BOTH, OPT_NO_FOLD, "text: do not look behind odd digits, letters, spaces, dashes", NULL},
    {"no-decode", NULL, BOTH, OPT_NO_DECODE, "text: do not look behind percent, JSON, HTML, base64 ...", NULL},
    {"language", "en|any", BOTH, OPT_LANGUAGE, "whose recognizers run; any: all of them (en)", NULL},
    {"kind", "text|image|audio", BOTH, OPT_KIND, "do not tell the kind of input from its content", NULL},
    {"format", "NAME", BOTH, OPT_FORMAT,
     "text, json, ndjson, csv or tsv: findings in values only, valid output; auto: by the file's name (text)", NULL},
    {"field-as", "NAME=ENTITY", BOTH, OPT_FIELD_AS,
     "with --format: all of this field is an ENTITY; NAME is a key or column, a path a.b, or #3", NULL},
    {"input", "jsonl", BOTH, OPT_INPUT, "every line is a JSON object with a \"text\"", NULL},
    {"offsets", "UNIT", BOTH, OPT_OFFSETS, "count text in byte, codepoint or utf16 units (byte)", NULL},
    {"operator", "ENTITY=OP", CLI_REDACT | CLI_RESTORE, OPT_OPERATOR,
     "what is done to text: replace[:TEXT], redact, mask[:CHAR][:COUNT][:start|end], keep, and with a key "
     "hash[:256|512], "
     "encrypt[:gcm|siv|cbc], fpe, pseudonym, token, date-shift[:DAYS]; restore undoes encrypt and fpe",
     NULL},
    {"effect", "ENTITY=EFFECT", CLI_REDACT, OPT_EFFECT,
     "what is done to pixels: fill[:RRGGBB], smooth, blur, pixelate, keep; to sound: beep, silence, noise, keep; "
     "disguise[@CHANNEL]: besides, change the voice in the sound that stays (no anonymity)",
     NULL},
    {"key-file", "FILE", CLI_REDACT | CLI_RESTORE, OPT_KEY_FILE, "the key of operators: the bytes of FILE, 16 or more",
     NULL},
    {"subject", "TEXT", CLI_REDACT, OPT_SUBJECT, "date-shift: whose dates these are; the same shift for all of them",
     NULL},
    {"token-context", "TEXT", CLI_REDACT | CLI_RESTORE, OPT_TOKEN_CONTEXT,
     "token: a tenant or conversation, outside of which tokens mean nothing", NULL},
    {"field", "TEXT", CLI_REDACT | CLI_RESTORE, OPT_FIELD, "encrypt, fpe: where the values belong, such as users.phone",
     NULL},
    {"region", "X,Y,W,H", BOTH, OPT_REGION, "also hide this box of the picture, in pixels", NULL},
    {"polygon", "X,Y,X,Y,...", BOTH, OPT_POLYGON, "also hide this shape of the picture", NULL},
    {"exclude-region", "X,Y,W,H", BOTH, OPT_EXCLUDE_REGION, "leave alone what lies wholly inside this box", NULL},
    {"min-size", "PX", BOTH, OPT_MIN_SIZE, "leave alone faces that are smaller than this", NULL},
    {"ocr", NULL, BOTH, OPT_OCR, "read pictures, and look for personal data in their text (plugin libveil-ocr.so)",
     NULL},
    {"payloads", NULL, BOTH, OPT_PAYLOADS, "also look into what QR and bar codes say", NULL},
    {"ellipse", NULL, CLI_REDACT, OPT_ELLIPSE, "hide faces as ellipses (in JPEG and lossy WebP as whole boxes)", NULL},
    {"margin", "PCT", CLI_REDACT, OPT_MARGIN, "widen detected boxes on each side by this much (15)", NULL},
    {"asr", NULL, BOTH, OPT_ASR,
     "hear speech, and look for personal data in it (plugin libveil-asr.so, English; an assist: it misses words)",
     NULL},
    {"range", "START-END[@CH]", BOTH, OPT_RANGE, "also hide these seconds of the sound; channel 0 is the first", NULL},
    {"guard", "MS", CLI_REDACT, OPT_GUARD, "widen spans of sound on each side by this much (150)", NULL},
    {"transcript", "FILE", BOTH, OPT_TRANSCRIPT, "the words of the sound with times, as its recognizer wrote them",
     NULL},
    {"transcript-out", "FILE", CLI_REDACT, OPT_TRANSCRIPT_OUT, "write the transcript, redacted, in its own format",
     NULL},
    {"channels", "all|speaker", CLI_REDACT, OPT_CHANNELS,
     "where spoken words go: in all channels of the sound, or the speaker's alone (all)", NULL},
    {"profile", "NAME", BOTH, OPT_PROFILE, "speed, balanced, accuracy or memory (balanced)", NULL},
    {"model", "FILE", BOTH, OPT_MODEL, "another face detector (ONNX) than the embedded one", NULL},
    {"model-sha256", "HEX", BOTH, OPT_MODEL_SHA256, "refuse the model unless it has this digest", NULL},
    {"plugin-dir", "DIR", BOTH | CLI_VERSION, OPT_PLUGIN_DIR,
     "where plugins (libveil-*.so) lie, instead of beside the library", NULL},
    {"rules", "FILE", BOTH | CLI_ENTITIES, OPT_RULES,
     "your own recognizers, allow and deny lists (YAML); may be given again", NULL},
    {"config", "FILE", BOTH | CLI_ENTITIES, OPT_CONFIG, "settings and rules (YAML); options given here win", NULL},
    {"out", "OUT", CLI_REDACT, OPT_OUT, "-o: where the copy goes; with several FILEs, a directory", NULL},
    {"json", NULL, BOTH | CLI_ENTITIES, OPT_JSON, "an object a line instead of a table", NULL},
    {"show-text", NULL, CLI_SCAN, OPT_SHOW_TEXT, "also print what was found: personal data on your screen", NULL},
    {"report", "FILE", BOTH, OPT_REPORT, "write what was done as JSON, without the matches", NULL},
    {"jobs", "N", BOTH, OPT_JOBS, "work on N inputs at a time (1)", NULL},
    {"stats", NULL, BOTH, OPT_STATS, "print latencies and counts to stderr at the end", NULL},
    {"fail-on-find", NULL, BOTH, OPT_FAIL_ON_FIND, "exit with 1 when anything was found", NULL},
    {"help", NULL, EVERY, OPT_HELP, "-h: this page", NULL},
    {NULL, NULL, 0, 0, NULL, NULL},
};

static const struct {
    const char *name;
    cli_command command;
} commands[] = {{"scan", CLI_SCAN},         {"redact", CLI_REDACT},   {"restore", CLI_RESTORE},
                {"entities", CLI_ENTITIES}, {"version", CLI_VERSION}, {"help", CLI_HELP}};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

const cli_option_row *vl_cli_option_table(void)
{
    return table;
}

cli_command vl_cli_command_named(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return commands[i].command;
    return CLI_NONE;
}

const char *vl_cli_command_name(cli_command command)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].command == command) return commands[i].name;
    return "";
}

static int refuse(const char *what, const char *name, const char *why)
{
    fprintf(stderr, "veil: %s%s%s%s\n", what, name ? name : "", why ? ": " : "", why ? why : "");
    return 2;
}

static int unknown_option(const char *name, cli_command command)
{
    const char *names[sizeof table / sizeof table[0]];
    size_t count = 0;
    bool elsewhere = false;
    for (const cli_option_row *row = table; row->name; row++) {
        if (row->commands & command) names[count++] = row->name;
        if (strcmp(row->name, name) == 0) elsewhere = true;
    }
    if (elsewhere) {
        fprintf(stderr, "veil: --%s is not an option of %s; see veil %s --help\n", name, vl_cli_command_name(command),
                vl_cli_command_name(command));
        return 2;
    }
    const char *near = vl_cli_suggest(name, names, count);
    if (near)
        fprintf(stderr, "veil: unknown option --%s; did you mean --%s?\n", name, near);
    else
        fprintf(stderr, "veil: unknown option --%s; see veil %s --help\n", name, vl_cli_command_name(command));
    return 2;
}

static bool grow(void **items, size_t count, size_t item_size)
{
    if (count & (count - 1)) return true; /* full only at powers of two (and at nothing) */
    void *more = realloc(*items, (count ? 2 * count : 1) * item_size);
    if (!more) return false;
    *items = more;
    return true;
}

/* Splits in place: argv's strings are ours to change, and the pieces live as long as the program. */
static int add_names(cli_names *names, char *value)
{
    for (char *piece = value, *next; piece; piece = next) {
        next = strchr(piece, ',');
        if (next) *next++ = 0;
        if (!*piece) return refuse("an empty name in a list of entities", NULL, NULL);
        if (!grow((void **)&names->items, names->count, sizeof *names->items)) return refuse("no memory", NULL, NULL);
        names->items[names->count++] = piece;
    }
    return 0;
}

/* The index of `value` in a list of words, or -1 after complaining. */
static int one_of(const char *option, const char *value, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], value) == 0) return (int)i;
    const char *near = vl_cli_suggest(value, words, count);
    fprintf(stderr, "veil: --%s takes ", option);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
    fprintf(stderr, near ? "; did you mean %s?\n" : "\n", near);
    return -1;
}

static int choose(const char *option, const char *value, uint32_t *out)
{
    static const char *const kinds[] = {"text", "image", "audio"};
    static const char *const units[] = {"byte", "codepoint", "utf16"};
    static const char *const profiles[] = {"balanced", "speed", "accuracy", "memory"};     /* as VEIL_PROFILE_* */
    static const char *const formats[] = {"text", "json", "ndjson", "csv", "tsv", "auto"}; /* as VEIL_FORMAT_* */
    const char *const *words = kinds;
    size_t count = 3;
    if (strcmp(option, "format") == 0) words = formats, count = 6;
    if (strcmp(option, "offsets") == 0) words = units;
    if (strcmp(option, "profile") == 0) words = profiles, count = 4;
    int index = one_of(option, value, words, count);
    if (index < 0) return 2;
    *out = (uint32_t)index;
    return 0;
}

static int number(const char *option, const char *value, double low, double high, double *out)
{
    if (vl_cli_parse_number(value, low, high, out)) return 0;
    fprintf(stderr, "veil: --%s takes a number from %g to %g\n", option, low, high);
    return 2;
}

static int language(const char *value, cli_options *options)
{
    size_t size = strlen(value);
    bool letters = strspn(value, "abcdefghijklmnopqrstuvwxyz") == size && size >= 2 && size <= 3;
    if (!letters) return refuse("--language takes en, any, or another ISO 639 code in small letters", NULL, NULL);
    options->language = value;
    return 0;
}

static int add_rule(int id, char *value, cli_options *options)
{
    char why[160] = "no memory";
    bool good = false;
    switch (id) {
    case OPT_OPERATOR:
        good = grow((void **)&options->operators, options->operator_count, sizeof *options->operators) &&
               vl_cli_parse_operator(value, &options->operators[options->operator_count], why, sizeof why);
        options->operator_count += good;
        break;
    case OPT_FIELD_AS:
        good = grow((void **)&options->fields, options->field_count, sizeof *options->fields) &&
               vl_cli_parse_field(value, &options->fields[options->field_count], why, sizeof why);
        options->field_count += good;
        break;
    case OPT_EFFECT:
        good =
            grow((void **)&options->effects, options->effect_count, sizeof *options->effects) &&
            vl_cli_parse_effect(value, &options->effects[options->effect_count], &options->disguised, why, sizeof why);
        options->effect_count += good;
        break;
    case OPT_REGION:
        good = grow((void **)&options->regions, options->region_count, sizeof *options->regions) &&
               vl_cli_parse_region("region", value, &options->regions[options->region_count], why, sizeof why);
        options->region_count += good;
        break;
    case OPT_EXCLUDE_REGION:
        good = grow((void **)&options->exempt, options->exempt_count, sizeof *options->exempt) &&
               vl_cli_parse_region("exclude-region", value, &options->exempt[options->exempt_count], why, sizeof why);
        options->exempt_count += good;
        break;
    case OPT_POLYGON:
        good = grow((void **)&options->polygons, options->polygon_count, sizeof *options->polygons) &&
               vl_cli_parse_polygon(value, &options->polygons[options->polygon_count], why, sizeof why);
        options->polygon_count += good;
        break;
    default:
        good = grow((void **)&options->ranges, options->range_count, sizeof *options->ranges) &&
               vl_cli_parse_range(value, &options->ranges[options->range_count], why, sizeof why);
        options->range_count += good;
    }
    return good ? 0 : refuse(why, NULL, NULL);
}

static int apply_flag(int id, cli_options *options)
{
    switch (id) {
    case OPT_ALL:
        options->all = true;
        break;
    case OPT_NO_FOLD:
        options->no_fold = true;
        break;
    case OPT_NO_DECODE:
        options->no_decode = true;
        break;
    case OPT_JSON:
        options->json = true;
        break;
    case OPT_SHOW_TEXT:
        options->show_text = true;
        break;
    case OPT_ELLIPSE:
        options->ellipse = true;
        break;
    case OPT_ASR:
        options->asr = true;
        break;
    case OPT_OCR:
        options->ocr = true;
        break;
    case OPT_PAYLOADS:
        options->payloads = true;
        break;
    case OPT_STATS:
        options->stats = true;
        break;
    case OPT_FAIL_ON_FIND:
        options->fail_on_find = true;
        break;
    default:
        options->help_for = options->command, options->command = CLI_HELP;
    }
    return 0;
}

static int apply_number(const cli_option_row *row, const char *value, cli_options *options)
{
    double read = 0;
    int code = 0;
    switch (row->id) {
    case OPT_MIN_SCORE:
        code = number(row->name, value, 0, 1, &read);
        options->min_score = (float)read;
        break;
    case OPT_MARGIN:
        code = number(row->name, value, 0, 100, &read);
        options->margin_percent = (float)read;
        break;
    case OPT_MIN_SIZE:
        code = number(row->name, value, 1, 65535, &read);
        options->min_size = (uint32_t)read;
        break;
    case OPT_GUARD:
        code = number(row->name, value, 0, 10000, &read);
        options->guard_ms = (int32_t)read;
        break;
    default:
        code = number(row->name, value, 1, 64, &read);
        options->jobs = (uint32_t)read;
    }
    return code;
}

/* Where an option's value goes as it is; NULL for one that is read. */
static const char **string_of(int id, cli_options *options)
{
    switch (id) {
    case OPT_KEY_FILE:
        return &options->key_file;
    case OPT_SUBJECT:
        return &options->subject;
    case OPT_TOKEN_CONTEXT:
        return &options->token_context;
    case OPT_FIELD:
        return &options->field;
    case OPT_TRANSCRIPT:
        return &options->transcript;
    case OPT_TRANSCRIPT_OUT:
        return &options->transcript_out;
    case OPT_MODEL:
        return &options->model;
    case OPT_MODEL_SHA256:
        return &options->model_sha256;
    case OPT_PLUGIN_DIR:
        return &options->plugin_dir;
    case OPT_OUT:
        return &options->out;
    case OPT_REPORT:
        return &options->report;
    default:
        return NULL;
    }
}

static int apply_word(int id, const char *value, cli_options *options)
{
    if (id == OPT_INPUT) {
        options->jsonl = strcmp(value, "jsonl") == 0;
        return options->jsonl ? 0 : refuse("--input takes jsonl", NULL, NULL);
    }
    options->speaker_only = strcmp(value, "speaker") == 0;
    bool is_known = options->speaker_only || strcmp(value, "all") == 0;
    return is_known ? 0 : refuse("--channels takes all or speaker", NULL, NULL);
}

/* Options of which there may be many, each with a grammar of its own. */
static bool is_rule(int id)
{
    return id == OPT_OPERATOR || id == OPT_EFFECT || id == OPT_FIELD_AS || id == OPT_REGION || id == OPT_POLYGON ||
           id == OPT_EXCLUDE_REGION || id == OPT_RANGE;
}

static int apply_value(const cli_option_row *row, char *value, cli_options *options)
{
    uint32_t choice = 0;
    int code = 0;
    const char **string = string_of(row->id, options);
    if (string) return *string = value, 0;
    if (is_rule(row->id)) return add_rule(row->id, value, options);
    switch (row->id) {
    case OPT_RULES:
        if (!grow((void **)&options->rules, options->rule_count, sizeof *options->rules))
            return refuse("no memory", NULL, NULL);
        options->rules[options->rule_count++] = value;
        return 0;
    case OPT_CONFIG:
        if (options->config) return refuse("--config is given twice", NULL, NULL);
        options->config = value;
        return 0;
    case OPT_ENTITIES:
        return add_names(&options->entities, value);
    case OPT_EXCLUDE:
        return add_names(&options->exclude, value);
    case OPT_LANGUAGE:
        return language(value, options);
    case OPT_KIND:
        code = choose(row->name, value, &choice);
        options->kind = (cli_kind)(choice + CLI_KIND_TEXT);
        break;
    case OPT_OFFSETS:
        return choose(row->name, value, &options->offsets);
    case OPT_FORMAT:
        return choose(row->name, value, &options->format);
    case OPT_PROFILE:
        options->has_profile = true;
        return choose(row->name, value, &options->profile);
    case OPT_CHANNELS:
    case OPT_INPUT:
        return apply_word(row->id, value, options);
    default:
        return apply_number(row, value, options);
    }
    return code;
}

/* argv[*at] is an option. */
static int take_option(int argc, char **argv, int *at, cli_options *options)
{
    const char *name = argv[*at] + 1;
    char *value = NULL;
    char spelled[2] = {0};
    if (*name == '-') {
        name++;
        value = strchr(argv[*at], '=');
        if (value) *value++ = 0;
    } else if (*name == 'o') {
        value = name[1] ? argv[*at] + 2 : NULL;
        name = "out";
    } else {
        if (strcmp(name, "h") != 0) {
            spelled[0] = *name;
            return refuse("unknown option -", spelled, "options have long names, see --help");
        }
        name = "help";
    }
    const cli_option_row *row = table;
    while (row->name && strcmp(row->name, name) != 0)
        row++;
    if (!row->name || !(row->commands & options->command)) return unknown_option(name, options->command);
    if (row->later) return refuse("UNSUPPORTED: --", name, row->later);
    if (!row->value) return value ? refuse("this option takes no value: --", name, NULL) : apply_flag(row->id, options);
    if (!value && *at + 1 < argc) value = argv[++*at];
    if (!value) return refuse("a value is missing after --", name, row->value);
    return apply_value(row, value, options);
}

static int take_command(const char *word, cli_options *options)
{
    options->command = vl_cli_command_named(word);
    if (options->command) return 0;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) return options->command = CLI_HELP, 0;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) return options->command = CLI_VERSION, 0;
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
    const char *near = vl_cli_suggest(word, names, COMMAND_COUNT);
    fprintf(stderr, "veil: unknown command %s; ", word);
    fprintf(stderr, near ? "did you mean %s?\n" : "see veil --help\n", near);
    return 2;
}

static int take_file(const char *name, cli_options *options)
{
    if (options->command == CLI_HELP) {
        options->help_for = vl_cli_command_named(name);
        return options->help_for ? 0 : refuse("unknown command ", name, NULL);
    }
    if (options->command == CLI_ENTITIES || options->command == CLI_VERSION)
        return refuse("this command takes no FILE: ", vl_cli_command_name(options->command), NULL);
    if (!grow((void **)&options->files, options->file_count, sizeof *options->files))
        return refuse("no memory", NULL, NULL);
    options->files[options->file_count++] = name;
    return 0;
}

int vl_cli_args_parse(int argc, char **argv, cli_options *options)
{
    *options = (cli_options){.min_score = -1, .margin_percent = -1, .guard_ms = -1, .jobs = 1};
    if (argc < 2) {
        fprintf(stderr, "usage: veil scan|redact|restore|entities|version [options] [FILE...]; see veil --help\n");
        return 2;
    }
    int code = take_command(argv[1], options);
    bool only_files = false;
    for (int i = 2; i < argc && code == 0 && !(options->command == CLI_HELP && options->help_for); i++) {
        const char *word = argv[i];
        if (only_files || word[0] != '-' || word[1] == 0)
            code = take_file(word, options);
        else if (strcmp(word, "--") == 0)
            only_files = true;
        else if (options->command != CLI_HELP)
            code = take_option(argc, argv, &i, options);
    }
    return code;
}

void vl_cli_args_free(cli_options *options)
{
    free(options->files);
    free(options->rules);
    free(options->entities.items);
    free(options->exclude.items);
    free(options->operators);
    free(options->effects);
    free(options->fields);
    free(options->regions);
    for (size_t i = 0; i < options->polygon_count; i++)
        free((void *)(uintptr_t)options->polygons[i].points);
    free(options->polygons);
    free(options->exempt);
    free(options->ranges);
    *options = (cli_options){0};
}
