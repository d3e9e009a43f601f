/* What the loaded library knows: the catalogue of entities for checking names, and the commands that print it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json_out.h"
#include "cli/output.h"
#include "cli/plugin.h"
#include "cli/session.h"
#include "cli/table.h"

bool vl_cli_catalogue_read(cli_catalogue *catalogue)
{
    size_t count = veil_entity_count();
    catalogue->rows = calloc(count + 1, sizeof *catalogue->rows);
    catalogue->names = calloc(count + 1, sizeof *catalogue->names);
    if (!catalogue->rows || !catalogue->names) return false;
    for (size_t i = 0; i < count; i++) {
        veil_entity_info *row = &catalogue->rows[catalogue->count];
        row->struct_size = sizeof *row;
        if (veil_entity_at(i, row) == VEIL_OK) catalogue->names[catalogue->count++] = row->name;
    }
    return true;
}

static bool add_entity(cli_catalogue *catalogue, const veil_recognizer *own)
{
    size_t room = catalogue->count + 2;
    veil_entity_info *rows = realloc(catalogue->rows, room * sizeof *rows);
    if (rows) catalogue->rows = rows;
    const char **names = realloc(catalogue->names, room * sizeof *names);
    if (names) catalogue->names = names;
    if (!rows || !names) return false;
    size_t at = catalogue->count++;
    for (; at > 0 && strcmp(names[at - 1], own->entity) > 0; at--) {
        rows[at] = rows[at - 1];
        names[at] = names[at - 1];
    }
    names[at] = own->entity;
    rows[at] = (veil_entity_info){.struct_size = sizeof rows[at],
                                  .name = own->entity,
                                  .description = "own recognizer",
                                  .country = "",
                                  .languages = "",
                                  .validator = own->validator ? own->validator : "",
                                  .kind = "text",
                                  .score = own->score,
                                  .is_default = 1};
    return true;
}

bool vl_cli_catalogue_add_own(cli_catalogue *catalogue, const veil_config *config)
{
    for (size_t i = 0; i < config->recognizer_count; i++) {
        bool is_new = vl_cli_catalogue_find(catalogue, config->recognizers[i].entity) < 0;
        if (is_new && !add_entity(catalogue, &config->recognizers[i])) return false;
    }
    return true;
}

void vl_cli_catalogue_free(cli_catalogue *catalogue)
{
    free(catalogue->rows);
    free(catalogue->names);
    *catalogue = (cli_catalogue){0};
}

long vl_cli_catalogue_find(const cli_catalogue *catalogue, const char *name)
{
    size_t low = 0, high = catalogue->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, catalogue->names[middle]);
        if (order == 0) return (long)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static void languages(cli_buf *out, const char *list)
{
    vl_cli_buf_char(out, '[');
    for (const char *at = list; *at;) {
        size_t size = strcspn(at, ",");
        if (at != list) vl_cli_buf_char(out, ',');
        vl_cli_json_string(out, at, size);
        at += size + (at[size] == ',');
    }
    vl_cli_buf_char(out, ']');
}

/* Which of the host's own recognizers find the entity. */
static void own_json(cli_buf *out, const veil_config *config, const char *entity)
{
    size_t count = 0;
    for (size_t i = 0; i < config->recognizer_count; i++) {
        if (strcmp(config->recognizers[i].entity, entity) != 0) continue;
        vl_cli_buf_str(out, count++ ? "," : ",\"own_recognizers\":[");
        vl_cli_json_text(out, config->recognizers[i].name);
    }
    if (count) vl_cli_buf_char(out, ']');
}

static void entity_json(cli_buf *out, const veil_entity_info *row, const veil_config *config)
{
    const char *const keys[] = {"{\"name\":", ",\"description\":", ",\"country\":"};
    const char *const values[] = {row->name, row->description, row->country};
    for (int i = 0; i < 3; i++) {
        vl_cli_buf_str(out, keys[i]);
        vl_cli_json_text(out, values[i]);
    }
    vl_cli_buf_str(out, ",\"languages\":");
    languages(out, row->languages);
    vl_cli_buf_str(out, ",\"score\":");
    vl_cli_json_number(out, (double)row->score, 6);
    vl_cli_buf_str(out, ",\"validator\":");
    vl_cli_json_text(out, row->validator);
    vl_cli_buf_fmt(out, ",\"default\":%s,\"kind\":", row->is_default ? "true" : "false");
    vl_cli_json_text(out, row->kind);
    own_json(out, config, row->name);
    vl_cli_buf_char(out, '}');
}

static void entity_table(cli_buf *out, const cli_catalogue *catalogue)
{
    static const char *const heads[] = {"NAME",  "KIND",  "COUNTRY", "LANGUAGES",
                                        "SCORE", "CHECK", "DEFAULT", "DESCRIPTION"};
    cli_table table;
    vl_cli_table_begin(&table, 8, 0x10);
    for (size_t c = 0; c < 8; c++)
        vl_cli_table_cell(&table, heads[c], strlen(heads[c]));
    for (size_t i = 0; i < catalogue->count; i++) {
        const veil_entity_info *row = &catalogue->rows[i];
        const char *cells[] = {row->name, row->kind, *row->country ? row->country : "-",
                               *row->languages ? row->languages : "any"};
        for (size_t c = 0; c < 4; c++)
            vl_cli_table_cell(&table, cells[c], strlen(cells[c]));
        vl_cli_table_fmt(&table, "%.2f", (double)row->score);
        vl_cli_table_fmt(&table, "%s", *row->validator ? row->validator : "-");
        vl_cli_table_fmt(&table, "%s", row->is_default ? "yes" : "no");
        vl_cli_table_cell(&table, row->description, strlen(row->description));
    }
    vl_cli_table_end(&table, out, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
}

static int print(cli_buf *out)
{
    bool good = !out->failed && vl_cli_write_all(STDOUT_FILENO, out->data, out->size);
    if (!good) perror("veil: standard output");
    vl_cli_buf_free(out);
    return good ? 0 : 3;
}

/* What the configuration makes of the catalogue: it must be one that a sanitizer can be made of. */
static int show_effective(veil_config *config, veil_sanitizer **sanitizer, cli_catalogue *catalogue)
{
    veil_error error = VEIL_ERROR_INIT;
    const char key[] = "only the names are asked for"; /* operators that need a key are not run */
    config->key = key;
    config->key_bytes = sizeof key;
    config->text_workspaces = 1;
    veil_status status = veil_sanitizer_create(config, sanitizer, &error);
    if (status != VEIL_OK) {
        fprintf(stderr, "veil: %s: %s\n", veil_status_string(status), error.message);
        return status == VEIL_ERR_NO_MEMORY || status == VEIL_ERR_IO ? 3 : 2;
    }
    for (size_t i = 0; i < catalogue->count; i++)
        catalogue->rows[i].is_default = veil_sanitizer_has_entity(*sanitizer, catalogue->names[i]) == 1;
    for (size_t i = 0; i < veil_sanitizer_entity_count(*sanitizer); i++) {
        veil_entity_info info = {.struct_size = sizeof info};
        if (veil_sanitizer_entity_at(*sanitizer, i, &info) != VEIL_OK) continue;
        long row = vl_cli_catalogue_find(catalogue, info.name);
        if (row >= 0) catalogue->rows[row] = info;
    }
    return 0;
}

int vl_cli_entities(const cli_options *options)
{
    cli_catalogue catalogue = {0};
    cli_buf out = {0};
    veil_config config;
    veil_config_file *file = NULL;
    veil_sanitizer *sanitizer = NULL;
    int code = vl_cli_config_file(options, &file, &config);
    if (code == 0 && (!vl_cli_catalogue_read(&catalogue) || !vl_cli_catalogue_add_own(&catalogue, &config)))
        code = (fprintf(stderr, "veil: no memory\n"), 3);
    if (code == 0 && file) code = show_effective(&config, &sanitizer, &catalogue);
    if (code != 0) {
        vl_cli_catalogue_free(&catalogue);
        veil_config_file_destroy(file);
        return code;
    }
    if (options->json) {
        vl_cli_buf_char(&out, '[');
        for (size_t i = 0; i < catalogue.count; i++) {
            vl_cli_buf_str(&out, i ? ",\n" : "\n");
            entity_json(&out, &catalogue.rows[i], &config);
        }
        vl_cli_buf_str(&out, "\n]\n");
    } else {
        entity_table(&out, &catalogue);
    }
    vl_cli_catalogue_free(&catalogue);
    veil_sanitizer_destroy(sanitizer);
    veil_config_file_destroy(file);
    return print(&out);
}

static void plugin_line(cli_buf *out, const char *kind, bool is_there, const char *name, const char *why)
{
    if (is_there)
        vl_cli_buf_fmt(out, "plugins: %s (%s)\n", kind, name ? name : "no name");
    else
        vl_cli_buf_fmt(out, "plugins: no %s (%s)\n", kind, why);
}

/* A plugin that is not there is none; one that does not load is said. */
static void plugin_lines(cli_buf *out, const cli_options *options)
{
    char why[256];
    veil_ocr_engine ocr = {.struct_size = sizeof ocr};
    veil_asr_engine asr = {.struct_size = sizeof asr};
    bool has_ocr = vl_cli_plugin_load(CLI_PLUGIN_OCR, options->plugin_dir, &ocr, why, sizeof why);
    plugin_line(out, "ocr", has_ocr, ocr.name, why);
    bool has_asr = vl_cli_plugin_load(CLI_PLUGIN_ASR, options->plugin_dir, &asr, why, sizeof why);
    plugin_line(out, "asr", has_asr, asr.name, why);
}

int vl_cli_version(const cli_options *options)
{
    veil_build_info info = {.struct_size = sizeof info};
    cli_buf out = {0};
    vl_cli_buf_fmt(&out, "veil %s\n", veil_version_string());
    if (veil_build_info_get(&info) == VEIL_OK) {
        const char *const heads[] = {"engines: ", "cpu: ", "models: ", "options: "};
        const char *const values[] = {info.engines, info.cpu_level, info.models, info.options};
        for (int i = 0; i < 4; i++) {
            vl_cli_buf_str(&out, heads[i]);
            vl_cli_buf_str(&out, values[i] && *values[i] ? values[i] : "none");
            vl_cli_buf_char(&out, '\n');
        }
    }
    plugin_lines(&out, options);
    return print(&out);
}
