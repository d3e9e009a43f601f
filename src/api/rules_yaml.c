/*
 * libyaml's events to a tree. Aliases are refused rather than counted, for a file of settings needs none and they are how a
 * kilobyte becomes a gigabyte; depth and size are bounded before anything is built. Reasons carry places and never text.
 */
#include "rules_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "core/error.h"

#define DEPTH_MAX 8u

typedef struct builder {
    vl_arena *arena;
    veil_error *error;
    vl_node *open[DEPTH_MAX]; /* lists and maps that are not closed yet */
    vl_node **tail[DEPTH_MAX];
    unsigned depth;
    unsigned documents;
    vl_node *root;
    bool is_done;
} builder;

static veil_status at_mark(veil_error *error, veil_status status, yaml_mark_t mark, const char *reason)
{
    return vl_error_set(error, status, mark.index, "line %zu, column %zu: %s", mark.line + 1, mark.column + 1, reason);
}

veil_status vl_node_refuse(veil_error *error, const vl_node *node, const char *format, ...)
{
    char reason[180];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "line %u, column %u: %s", node->line, node->column,
                        reason);
}

static vl_node *add_node(builder *b, vl_node_kind kind, const yaml_event_t *event)
{
    vl_node *node = vl_arena_take(b->arena, sizeof *node);
    if (node == NULL) return NULL;
    node->kind = kind;
    node->line = (uint32_t)event->start_mark.line + 1;
    node->column = (uint32_t)event->start_mark.column + 1;
    if (b->depth == 0) {
        b->root = node;
    } else {
        *b->tail[b->depth - 1] = node;
        b->tail[b->depth - 1] = &node->next;
        b->open[b->depth - 1]->count++;
    }
    return node;
}

static veil_status no_memory(builder *b)
{
    return vl_error_set(b->error, VEIL_ERR_NO_MEMORY, 0, "no memory for the configuration file");
}

static veil_status open_node(builder *b, vl_node_kind kind, const yaml_event_t *event, bool is_named)
{
    if (is_named)
        return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, event->start_mark, "anchors and tags are not accepted");
    if (b->depth == DEPTH_MAX)
        return at_mark(b->error, VEIL_ERR_LIMIT, event->start_mark, "lists and maps nest deeper than 8");
    vl_node *node = add_node(b, kind, event);
    if (node == NULL) return no_memory(b);
    b->open[b->depth] = node;
    b->tail[b->depth++] = &node->first;
    return VEIL_OK;
}

static veil_status add_scalar(builder *b, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t bytes = event->data.scalar.length;
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)
        return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, event->start_mark, "anchors and tags are not accepted");
    if (memchr(text, '\0', bytes) != NULL)
        return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, event->start_mark, "a text holds a NUL");
    vl_node *node = add_node(b, VL_NODE_SCALAR, event);
    if (node == NULL) return no_memory(b);
    node->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->bytes = bytes;
    node->text = vl_arena_copy(b->arena, text, bytes);
    return node->text == NULL ? no_memory(b) : VEIL_OK;
}

static veil_status take(builder *b, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(b, VL_NODE_LIST, event,
                         event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL);
    case YAML_MAPPING_START_EVENT:
        return open_node(b, VL_NODE_MAP, event,
                         event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return VEIL_OK;
    case YAML_ALIAS_EVENT:
        return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, event->start_mark, "aliases are not accepted");
    case YAML_DOCUMENT_START_EVENT:
        if (++b->documents > 1)
            return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, event->start_mark, "there is more than one document");
        return VEIL_OK;
    case YAML_STREAM_END_EVENT:
        b->is_done = true;
        return VEIL_OK;
    default:
        return VEIL_OK;
    }
}

static veil_status parser_failed(builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) return no_memory(b);
    /* libyaml's words name syntax ("found character that cannot start any token"), never the text */
    const char *problem = parser->problem == NULL ? "this is no YAML" : parser->problem;
    if (parser->error == YAML_READER_ERROR)
        return vl_error_set(b->error, VEIL_ERR_MALFORMED_INPUT, parser->problem_offset, "byte %zu: %s",
                            parser->problem_offset, problem);
    return at_mark(b->error, VEIL_ERR_MALFORMED_INPUT, parser->problem_mark, problem);
}

veil_status vl_yaml_parse(vl_arena *arena, const char *text, size_t bytes, vl_node **root, veil_error *error)
{
    builder b = {.arena = arena, .error = error};
    yaml_parser_t parser;
    *root = NULL;
    if (bytes > VL_YAML_MAX_BYTES)
        return vl_error_set(error, VEIL_ERR_LIMIT, bytes, "the configuration file is longer than 16 MiB");
    if (!yaml_parser_initialize(&parser)) return no_memory(&b);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)(bytes == 0 ? "" : text), bytes);
    veil_status status = VEIL_OK;
    while (status == VEIL_OK && !b.is_done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = parser_failed(&b, &parser);
            break;
        }
        status = take(&b, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (status == VEIL_OK) *root = b.root;
    return status;
}
