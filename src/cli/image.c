/* Pictures: encoded bytes in, encoded bytes out; regions as a table or a JSON line, in pixels of the oriented picture. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/json_out.h"
#include "cli/session.h"
#include "cli/table.h"

#define CLI_REGIONS_FIRST ((size_t)256)

typedef struct found {
    veil_region *list;
    size_t count;
    uint32_t width;
    uint32_t height;
    uint32_t path; /* VEIL_PATH_* */
} found;

static void image_options(const cli_session *session, veil_image_options *options)
{
    const cli_names *names = &session->entities[CLI_KIND_IMAGE];
    veil_image_options_init(options);
    options->regions = session->options->regions;
    options->region_count = session->options->region_count;
    options->polygons = session->options->polygons;
    options->polygon_count = session->options->polygon_count;
    options->exempt = session->options->exempt;
    options->exempt_count = session->options->exempt_count;
    options->min_side = session->options->min_size;
    options->entities = names->items;
    options->entity_count = names->count;
    options->exclude = session->exclude[CLI_KIND_IMAGE].items;
    options->exclude_count = session->exclude[CLI_KIND_IMAGE].count;
    if (session->options->min_score >= 0) options->min_score = session->options->min_score;
    if (session->options->ellipse) options->flags |= VEIL_IMAGE_ELLIPSE;
    if (session->options->ocr) options->flags |= VEIL_IMAGE_TEXT;
    if (session->options->payloads) options->flags |= VEIL_IMAGE_PAYLOADS;
    /* One picture repeats nothing: looking it up costs a hash of all its pixels. */
    if (session->input_count < 2) options->flags |= VEIL_IMAGE_NO_CACHE;
}

static veil_image_result answer_for(const found *out, size_t room)
{
    return (veil_image_result){.struct_size = sizeof(veil_image_result), .regions = out->list, .region_capacity = room};
}

static bool scan(const cli_session *session, cli_result *result, const veil_image_options *options, found *out)
{
    const cli_buf *input = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    veil_status status = VEIL_ERR_BUFFER_TOO_SMALL;
    for (size_t room = CLI_REGIONS_FIRST; status == VEIL_ERR_BUFFER_TOO_SMALL; room = out->count) {
        veil_region *list = realloc(out->list, room * sizeof *list);
        if (!list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
        out->list = list;
        veil_image_result answer = answer_for(out, room);
        status = veil_image_scan_encoded(session->sanitizer, options, input->data, input->size, &answer, &error);
        *out = (found){list, answer.region_count, answer.width, answer.height, answer.path};
    }
    return status == VEIL_OK || vl_cli_fail_error(result, status, &error);
}

static bool redact(const cli_session *session, cli_result *result, const veil_image_options *options, found *out,
                   cli_buf *copy)
{
    const cli_buf *input = &result->input->content;
    veil_error error = VEIL_ERROR_INIT;
    size_t room = 0;
    veil_status status = veil_image_encoded_bound(session->sanitizer, input->data, input->size, &room, &error);
    if (status != VEIL_OK) return vl_cli_fail_error(result, status, &error);
    out->list = malloc(CLI_REGIONS_FIRST * sizeof *out->list);
    if (!out->list) return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the findings");
    status = VEIL_ERR_BUFFER_TOO_SMALL;
    while (status == VEIL_ERR_BUFFER_TOO_SMALL) {
        if (!vl_cli_buf_reserve(copy, room))
            return vl_cli_fail(result, VEIL_ERR_NO_MEMORY, 3, "no memory for the copy");
        veil_image_result answer = answer_for(out, CLI_REGIONS_FIRST);
        status = veil_image_redact_encoded(session->sanitizer, options, input->data, input->size, copy->data,
                                           copy->capacity, &room, &answer, &error);
        *out = (found){out->list, answer.region_count, answer.width, answer.height, answer.path};
    }
    if (status != VEIL_OK) return vl_cli_fail_error(result, status, &error);
    copy->size = room;
    if (out->count <= CLI_REGIONS_FIRST) return true;
    uint32_t path = out->path;
    bool good = scan(session, result, options, out);
    out->path = path;
    return good;
}

static const char *path_name(uint32_t path)
{
    if (path == VEIL_PATH_COEFFICIENTS) return "coefficients";
    if (path == VEIL_PATH_LOSSLESS) return "lossless";
    return path == VEIL_PATH_LOSSY ? "lossy" : NULL;
}

static void json(cli_result *result, const found *out)
{
    cli_buf *line = &result->line;
    vl_cli_line_begin(result, "image");
    vl_cli_buf_fmt(line, ",\"width\":%u,\"height\":%u", out->width, out->height);
    if (result->path != NULL) vl_cli_buf_fmt(line, ",\"path\":\"%s\"", result->path);
    vl_cli_buf_str(line, ",\"findings\":[");
    for (size_t i = 0; i < out->count; i++) {
        const veil_region *one = &out->list[i];
        vl_cli_buf_str(line, i ? ",{\"entity\":" : "{\"entity\":");
        vl_cli_json_text(line, one->entity);
        vl_cli_buf_fmt(line, ",\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d,\"score\":", one->x, one->y, one->w, one->h);
        vl_cli_json_number(line, (double)one->score, 6);
        vl_cli_buf_char(line, '}');
    }
    vl_cli_buf_char(line, ']');
    vl_cli_line_end(result);
}

static void table(const cli_session *session, cli_result *result, const found *out)
{
    static const char *const heads[] = {"ENTITY", "X", "Y", "W", "H", "SCORE"};
    cli_table cells;
    vl_cli_table_heading(session, result, out->count);
    if (out->count == 0 || session->options->command == CLI_REDACT) return;
    vl_cli_table_begin(&cells, 6, 0x3E);
    for (size_t c = 0; c < 6; c++)
        vl_cli_table_cell(&cells, heads[c], strlen(heads[c]));
    for (size_t i = 0; i < out->count; i++) {
        const veil_region *one = &out->list[i];
        vl_cli_table_cell(&cells, one->entity, strlen(one->entity));
        vl_cli_table_fmt(&cells, "%d", one->x);
        vl_cli_table_fmt(&cells, "%d", one->y);
        vl_cli_table_fmt(&cells, "%d", one->w);
        vl_cli_table_fmt(&cells, "%d", one->h);
        vl_cli_table_fmt(&cells, "%.2f", (double)one->score);
    }
    vl_cli_table_end(&cells, &result->line, session->color);
}

static bool holds(const cli_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0) return true;
    return false;
}

/* Detectors that are left by --entities and --exclude. */
static bool looks_for(const cli_session *session, const char *name)
{
    const cli_names *named = &session->entities[CLI_KIND_IMAGE];
    return (named->count == 0 || holds(named, name)) && !holds(&session->exclude[CLI_KIND_IMAGE], name);
}

static bool names_text(const cli_session *session)
{
    const cli_names *named = &session->entities[CLI_KIND_IMAGE];
    for (size_t i = 0; i < named->count; i++) {
        long row = vl_cli_catalogue_find(&session->catalogue, named->items[i]);
        bool is_text = row >= 0 && strcmp(session->catalogue.rows[row].kind, "text") == 0;
        if (is_text && looks_for(session, named->items[i])) return true;
    }
    return false;
}

/* "nothing found" where nothing was looked for would be a lie. */
static bool has_purpose(const cli_session *session, cli_result *result)
{
    const cli_options *options = session->options;
    const cli_names *excluded = &session->exclude[CLI_KIND_IMAGE];
    bool wants_codes = looks_for(session, "QR_CODE") || looks_for(session, "BARCODE");
    bool reads_codes =
        wants_codes || (names_text(session) && !(holds(excluded, "QR_CODE") && holds(excluded, "BARCODE")));
    bool is_any = options->ocr || options->region_count || options->polygon_count || names_text(session);
    for (size_t i = 0; i < session->catalogue.count && !is_any; i++) {
        const veil_entity_info *row = &session->catalogue.rows[i];
        is_any = strcmp(row->kind, "image") == 0 && strcmp(row->name, "REGION") != 0 && looks_for(session, row->name);
    }
    if (options->payloads && !reads_codes)
        return vl_cli_fail(result, VEIL_ERR_INVALID_ARGUMENT, 2,
                           "--payloads: --entities and --exclude leave neither codes nor text to look for");
    if (is_any) return true;
    return vl_cli_fail(result, VEIL_ERR_INVALID_ARGUMENT, 2,
                       "--entities and --exclude, or those of --config, leave nothing to look for in pictures");
}

/* A copy is of its original's format, whatever OUT is called. */
static void say_format(const cli_session *session, cli_result *result)
{
    static const struct {
        const char *ending, *format;
    } rows[] = {{".jpg", "JPEG"}, {".jpeg", "JPEG"}, {".jpe", "JPEG"}, {".png", "PNG"}, {".webp", "WebP"}};
    const unsigned char first = result->input->content.size ? (unsigned char)result->input->content.data[0] : 0;
    const char *format = first == 0xFF ? "JPEG" : first == 0x89 ? "PNG" : "WebP";
    const char *dot = session->options->out && result->out_path ? strrchr(result->out_path, '.') : NULL;
    for (size_t i = 0; dot && i < sizeof rows / sizeof rows[0]; i++)
        if (strcasecmp(dot, rows[i].ending) == 0 && strcmp(format, rows[i].format) != 0)
            vl_cli_buf_fmt(&result->diagnostics, "the copy is %s, as its original, whatever its name says\n", format);
}

void vl_cli_run_image(const cli_session *session, cli_result *result)
{
    veil_image_options options;
    found out = {0};
    cli_buf copy = {0};
    if (!has_purpose(session, result)) return;
    image_options(session, &options);
    bool is_redact = session->options->command == CLI_REDACT;
    bool good = is_redact ? redact(session, result, &options, &out, &copy) : scan(session, result, &options, &out);
    for (size_t i = 0; good && i < out.count; i++)
        vl_cli_count(session, result, out.list[i].entity);
    if (good && is_redact) result->path = path_name(out.path);
    if (good && session->options->json) json(result, &out);
    if (good && !session->options->json) table(session, result, &out);
    if (good && is_redact && vl_cli_deliver(result, &copy)) say_format(session, result);
    vl_cli_buf_free(&copy);
    free(out.list);
}
