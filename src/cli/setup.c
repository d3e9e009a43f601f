/*
 * From options to a sanitizer: names are checked against the catalogue (an unknown one is an error with a suggestion, never
 * ignored), split by the kind of input they mean something for, and the config is filled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/plugin.h"
#include "cli/session.h"

#define CLI_KEY_MAX        ((size_t)1024) /* the library's limit */
#define CLI_TRANSCRIPT_MAX ((size_t)256 << 20)

static int usage(const char *option, const char *name, const char *why)
{
    fprintf(stderr, "veil: --%s%s%s: %s\n", option, name ? " " : "", name ? name : "", why);
    return 2;
}

static bool is_kind(const cli_session *session, long row, const char *kind)
{
    return strcmp(session->catalogue.rows[row].kind, kind) == 0;
}

/* The row of a name, or -1 after saying what is wrong with it. */
static long look_up(const cli_session *session, const char *option, const char *name)
{
    static const char *const later[] = {"DTMF", "QR_CODE", "BARCODE", "FACE", "REGION", "RANGE", "SPOKEN_NUMBER"};
    const cli_catalogue *catalogue = &session->catalogue;
    long row = vl_cli_catalogue_find(catalogue, name);
    if (row >= 0) return row;
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        if (strcmp(later[i], name) == 0) return usage(option, name, "UNSUPPORTED: nothing finds it in this build"), -1;
    const char *near = vl_cli_suggest(name, catalogue->names, catalogue->count);
    fprintf(stderr, "veil: --%s: unknown entity %.64s; ", option, name);
    fprintf(stderr, near ? "did you mean %s?\n" : "veil entities lists them\n", near);
    return -1;
}

static bool add(cli_names *names, const char *name, size_t room)
{
    if (!names->items) names->items = malloc(room * sizeof *names->items);
    if (!names->items) return false;
    names->items[names->count++] = name;
    return true;
}

static void *join(const void *first, size_t first_count, const void *second, size_t second_count, size_t size)
{
    char *joined = calloc(first_count + second_count + 1, size);
    if (joined && first_count) memcpy(joined, first, first_count * size);
    if (joined && second_count) memcpy(joined + first_count * size, second, second_count * size);
    return joined;
}

/* What is found in text is found in what is spoken too, and in what can be read in a picture. */
static int split_names(cli_session *session, const char *option, const cli_names *from, cli_names by_kind[4])
{
    for (size_t i = 0; i < from->count; i++) {
        long row = look_up(session, option, from->items[i]);
        if (row < 0) return 2;
        bool text = is_kind(session, row, "text"), image = is_kind(session, row, "image");
        const char *name = session->catalogue.names[row];
        bool good = (!text || add(&by_kind[CLI_KIND_TEXT], name, from->count)) &&
                    (!(image || text) || add(&by_kind[CLI_KIND_IMAGE], name, from->count)) &&
                    (image || add(&by_kind[CLI_KIND_AUDIO], name, from->count));
        if (!good) return usage(option, NULL, "no memory");
    }
    return 0;
}

/* The command line's entities replace the file's, as they do in a call; what either excludes stays out. */
static int split_lists(cli_session *session, const cli_options *options, const veil_config *file)
{
    const cli_names own = {.items = (const char **)(uintptr_t)file->entities, .count = file->entity_count};
    cli_names exclude = {.items = join(options->exclude.items, options->exclude.count, file->exclude,
                                       file->exclude_count, sizeof *exclude.items),
                         .count = options->exclude.count + file->exclude_count};
    if (!exclude.items) return usage("exclude", NULL, "no memory");
    int code = split_names(session, "entities", options->entities.count ? &options->entities : &own, session->entities);
    if (code == 0) code = split_names(session, "exclude", &exclude, session->exclude);
    free(exclude.items);
    return code;
}

static int check_rules(const cli_session *session, const cli_options *options)
{
    for (size_t i = 0; i < options->operator_count; i++) {
        const veil_operator_rule *rule = &options->operators[i];
        if (strcmp(rule->entity, "*") == 0) continue;
        long row = look_up(session, "operator", rule->entity);
        if (row < 0) return 2;
        if (!is_kind(session, row, "text"))
            return usage("operator", rule->entity, "this entity is not found in text; use --effect");
    }
    for (size_t i = 0; i < options->field_count; i++) {
        long row = look_up(session, "field-as", options->fields[i].entity);
        if (row < 0) return 2;
        if (!is_kind(session, row, "text"))
            return usage("field-as", options->fields[i].entity, "this entity is not found in text");
    }
    for (size_t i = 0; i < options->effect_count; i++) {
        const veil_effect_rule *rule = &options->effects[i];
        if (strcmp(rule->entity, "*") == 0) continue;
        long row = look_up(session, "effect", rule->entity);
        if (row < 0) return 2;
        bool text = is_kind(session, row, "text"); /* found in pictures and in sound */
        bool image = is_kind(session, row, "image"), for_sound = rule->effect >= VEIL_EFFECT_BEEP;
        bool by_means = rule->effect == VEIL_EFFECT_BLUR || rule->effect == VEIL_EFFECT_PIXELATE;
        if (by_means && (text || strcmp(rule->entity, "QR_CODE") == 0 || strcmp(rule->entity, "BARCODE") == 0))
            return usage("effect", rule->entity,
                         "blur and pixelate are for FACE and REGION; text and codes can be guessed from them");
        if (rule->effect == VEIL_EFFECT_KEEP || text || image != for_sound) continue;
        return usage("effect", rule->entity,
                     image ? "this entity is found in pictures; effects for them are fill, smooth, blur, pixelate, keep"
                           : "this entity is found in sound; effects for it are beep, silence, noise, keep");
    }
    return 0;
}

/* What operators take from the command line, and only they. */
static int check_inputs(const cli_session *session, const cli_options *options)
{
    bool shifts = false, tokens = false, fields = false;
    for (size_t i = 0; i < session->operator_count; i++) {
        const veil_operator_rule *rule = &session->operators[i];
        shifts = shifts || rule->op == VEIL_OP_DATE_SHIFT;
        tokens = tokens || rule->op == VEIL_OP_TOKEN;
        fields = fields || rule->op == VEIL_OP_FPE || (rule->op == VEIL_OP_ENCRYPT && rule->cipher != VEIL_CIPHER_CBC);
    }
    if (shifts && !options->subject && !options->jsonl) return usage("operator", "date-shift", "needs --subject TEXT");
    if (options->subject && !shifts) return usage("subject", NULL, "belongs to --operator ENTITY=date-shift");
    if (options->token_context && !tokens) return usage("token-context", NULL, "belongs to --operator ENTITY=token");
    if (options->field && !fields) return usage("field", NULL, "belongs to --operator ENTITY=encrypt or ENTITY=fpe");
    return 0;
}

static bool needs_key(const veil_operator_rule *rule)
{
    return rule->op == VEIL_OP_HASH || rule->op > VEIL_OP_KEEP;
}

/* The file's operators stand before the command line's. */
static int refuse_keyless(const cli_session *session, const cli_options *options)
{
    size_t i = 0;
    while (!needs_key(&session->operators[i]))
        i++;
    bool is_of_file = i < session->operator_count - options->operator_count;
    return usage(is_of_file ? "config" : "operator", session->operators[i].entity,
                 "the operator of this entity needs --key-file FILE");
}

static int read_key(cli_session *session, const cli_options *options)
{
    bool wanted = false;
    for (size_t i = 0; i < session->operator_count; i++)
        wanted = wanted || needs_key(&session->operators[i]);
    if (options->key_file && !wanted)
        return usage("key-file", NULL,
                     "only the operators hash, encrypt, fpe, pseudonym, token and date-shift use a key");
    if (!options->key_file && wanted) return refuse_keyless(session, options);
    if (!options->key_file) return 0;
    return vl_cli_read_key(options, &session->key);
}

int vl_cli_read_key(const cli_options *options, cli_buf *key)
{
    char why[160];
    struct stat info;
    if (!vl_cli_read_file(options->key_file, CLI_KEY_MAX, key, why, sizeof why)) return usage("key-file", NULL, why);
    if (key->size < 16) return usage("key-file", NULL, "a key has at least 16 bytes");
    if (stat(options->key_file, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 07))
        fprintf(stderr, "veil: warning: every user of this machine can reach the key file; chmod 600 it\n");
    return 0;
}

static int read_transcript(cli_session *session, const cli_options *options)
{
    char why[160];
    if (!options->transcript) return 0;
    if (strcmp(options->transcript, "-") == 0)
        return usage("transcript", "-", "a transcript is a file; standard input is for the sound");
    if (vl_cli_read_file(options->transcript, CLI_TRANSCRIPT_MAX, &session->transcript, why, sizeof why)) {
        if (session->transcript.size) return 0;
        snprintf(why, sizeof why, "the file is empty");
    }
    return usage("transcript", options->transcript, why);
}

/* Errors come back as statuses, and are printed once, with the input's name. */
static void print_log(void *user, uint32_t level, const char *message)
{
    (void)user;
    if (level == VEIL_LOG_WARNING) fprintf(stderr, "veil: warning: %s\n", message);
}

/* `config` holds the file's settings. */
static veil_status fill_config(const cli_session *session, const cli_options *options, const bool kinds[4],
                               veil_config *config)
{
    veil_status status = options->has_profile ? veil_config_apply_profile(config, options->profile) : VEIL_OK;
    uint32_t wanted = VEIL_MODALITY_TEXT;
    if (kinds[CLI_KIND_IMAGE] && session->has_image) wanted |= VEIL_MODALITY_IMAGE;
    if (kinds[CLI_KIND_AUDIO] && session->has_audio) wanted |= VEIL_MODALITY_AUDIO;
    config->modalities = (wanted & config->modalities) != 0 ? wanted & config->modalities : VEIL_MODALITY_TEXT;
    if (options->language) config->language = options->language;
    config->operators = session->operators;
    config->operator_count = session->operator_count;
    config->effects = session->effects;
    config->effect_count = session->effect_count;
    config->key = session->key.data;
    config->key_bytes = session->key.size;
    /* which of several kinds of input need the model, we know only now */
    if (options->model) config->model_path = options->model;
    if (options->model_sha256) config->model_sha256 = options->model_sha256;
    if (!(config->modalities & VEIL_MODALITY_IMAGE)) config->model_path = config->model_sha256 = NULL;
    if (options->min_score >= 0) config->min_score = options->min_score;
    if (options->margin_percent >= 0) config->margin_percent = options->margin_percent;
    if (!session->file || config->image_workspaces < options->jobs) config->image_workspaces = options->jobs;
    if (config->text_workspaces < options->jobs) config->text_workspaces = options->jobs;
    if (config->audio_workspaces < options->jobs) config->audio_workspaces = options->jobs;
    if (options->stats) config->metrics = VEIL_METRICS_FULL;
    config->log = print_log;
    return status;
}

/* The last rule that names an entity wins: the command line's. */
static bool join_rules(cli_session *session, const cli_options *options, const veil_config *file)
{
    session->operator_count = file->operator_count + options->operator_count;
    session->operators = join(file->operators, file->operator_count, options->operators, options->operator_count,
                              sizeof *session->operators);
    session->effect_count = file->effect_count + options->effect_count;
    session->effects =
        join(file->effects, file->effect_count, options->effects, options->effect_count, sizeof *session->effects);
    return session->operators && session->effects;
}

/* A picture that is to be read needs the plugin; where only the names of entities ask for it, other inputs go on without. */
static int load_ocr(cli_session *session, const cli_options *options, const bool kinds[4], veil_config *config)
{
    char why[256];
    if (!(config->modalities & VEIL_MODALITY_IMAGE) || !kinds[CLI_KIND_IMAGE]) return 0;
    if (!options->ocr && !session->names_text) return 0;
    session->ocr = (veil_ocr_engine){.struct_size = sizeof session->ocr};
    if (vl_cli_plugin_load(CLI_PLUGIN_OCR, options->plugin_dir, &session->ocr, why, sizeof why)) {
        config->ocr = &session->ocr;
        return 0;
    }
    fprintf(stderr, "veil: UNSUPPORTED: pictures cannot be read: %s\n", why);
    return options->ocr ? 2 : 0;
}

static int load_asr(cli_session *session, const cli_options *options, veil_config *config)
{
    char why[256];
    if (!options->asr || !(config->modalities & VEIL_MODALITY_AUDIO)) return 0;
    session->asr = (veil_asr_engine){.struct_size = sizeof session->asr};
    if (vl_cli_plugin_load(CLI_PLUGIN_ASR, options->plugin_dir, &session->asr, why, sizeof why)) {
        config->asr = &session->asr;
        config->audio_workspaces = options->jobs; /* a model for each */
        return 0;
    }
    return fprintf(stderr, "veil: UNSUPPORTED: speech cannot be heard: %s\n", why), 2;
}

static int load_plugins(cli_session *session, const cli_options *options, const bool kinds[4], veil_config *config)
{
    int code = load_ocr(session, options, kinds, config);
    return code == 0 ? load_asr(session, options, config) : code;
}

static bool holds(const cli_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

/* Where no face is to be found no network is loaded: a build without one can hide regions and codes. */
static veil_status create(cli_session *session, const cli_options *options, veil_config *config, veil_error *error)
{
    static const char *const face[] = {"FACE"};
    const cli_names *named = &session->entities[CLI_KIND_IMAGE];
    const bool is_out = holds(&session->exclude[CLI_KIND_IMAGE], "FACE") || (named->count > 0 && !holds(named, "FACE"));
    if (!is_out || options->model) return veil_sanitizer_create(config, &session->sanitizer, error);
    char *joined = join(config->exclude, config->exclude_count, face, 1, sizeof *face);
    if (!joined) return VEIL_ERR_NO_MEMORY;
    config->exclude = (const char *const *)(void *)joined;
    config->exclude_count++;
    const veil_status status = veil_sanitizer_create(config, &session->sanitizer, error);
    free(joined);
    return status;
}

/* The caller's mistakes are usage, the machine's are failures. */
static int code_of(veil_status status)
{
    bool usage_error = status == VEIL_ERR_INVALID_ARGUMENT || status == VEIL_ERR_KEY || status == VEIL_ERR_MODEL ||
                       status == VEIL_ERR_UNSUPPORTED;
    return usage_error ? 2 : 3;
}

int vl_cli_session_open(cli_session *session, const cli_options *options, const bool kinds[4])
{
    veil_config config;
    veil_error error = VEIL_ERROR_INIT;
    session->options = options;
    int code = vl_cli_config_file(options, &session->file, &config);
    if (code != 0) return code;
    if (!vl_cli_catalogue_read(&session->catalogue) || !vl_cli_catalogue_add_own(&session->catalogue, &config) ||
        !join_rules(session, options, &config))
        return fprintf(stderr, "veil: no memory\n"), 3;
    for (size_t i = 0; i < session->catalogue.count; i++) {
        session->has_image = session->has_image || is_kind(session, (long)i, "image");
        session->has_audio = session->has_audio || is_kind(session, (long)i, "audio");
    }
    code = split_lists(session, options, &config);
    session->names_text = session->entities[CLI_KIND_TEXT].count > 0;
    if (code == 0) code = check_rules(session, options);
    if (code == 0) code = check_inputs(session, options);
    if (code == 0) code = read_key(session, options);
    if (code == 0) code = read_transcript(session, options);
    if (code != 0) return code;
    veil_config defaults;
    veil_config_init(&defaults);
    session->pipe_bytes = config.max_text_bytes == defaults.max_text_bytes ? UINT64_MAX : config.max_text_bytes;
    veil_status status = fill_config(session, options, kinds, &config);
    if (status == VEIL_OK) code = load_plugins(session, options, kinds, &config);
    if (code != 0) return code;
    if (status == VEIL_OK) status = create(session, options, &config, &error);
    if (status == VEIL_OK) return 0;
    fprintf(stderr, "veil: %s%s%s\n", veil_status_string(status), error.message[0] ? ": " : "", error.message);
    return code_of(status);
}

void vl_cli_session_close(cli_session *session)
{
    veil_sanitizer_destroy(session->sanitizer);
    veil_config_file_destroy(session->file);
    free(session->operators);
    free(session->effects);
    for (int kind = 0; kind < 4; kind++) {
        free(session->entities[kind].items);
        free(session->exclude[kind].items);
    }
    vl_cli_catalogue_free(&session->catalogue);
    vl_cli_buf_free(&session->transcript);
    vl_cli_buf_free(&session->key);
    *session = (cli_session){0};
}
