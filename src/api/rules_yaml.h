/* YAML text as a tree of nodes with their places. Nothing is interpreted here; what could blow up is refused. */
#ifndef VL_API_RULES_YAML_H
#define VL_API_RULES_YAML_H

#include <stdbool.h>

#include "core/arena.h"

#define VL_YAML_MAX_BYTES ((size_t)16 << 20)

typedef enum vl_node_kind { VL_NODE_SCALAR, VL_NODE_LIST, VL_NODE_MAP } vl_node_kind;

/** In a map, keys and values take turns. Text is NUL-terminated and holds no other NUL. */
typedef struct vl_node {
    vl_node_kind kind;
    uint32_t line; /* from 1 */
    uint32_t column;
    bool is_plain; /* a scalar without quotes */
    const char *text;
    size_t bytes;
    size_t count; /* of children */
    struct vl_node *first;
    struct vl_node *next;
} vl_node;

/**
 * Parse one document. Nodes live in the arena. Refused: aliases, anchors and tags, more than one document, nesting beyond 8.
 * @return VEIL_OK; MALFORMED_INPUT, LIMIT, NO_MEMORY with line and column
 */
veil_status vl_yaml_parse(vl_arena *arena, const char *text, size_t bytes, vl_node **root, veil_error *error);

/** Record INVALID_ARGUMENT with the place of `node` and a formatted reason. */
veil_status vl_node_refuse(veil_error *error, const vl_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
