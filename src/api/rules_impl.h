/* Inside configuration files: what their parts share. Built with VEIL_YAML alone. */
#ifndef VL_API_RULES_IMPL_H
#define VL_API_RULES_IMPL_H

#include "rules_yaml.h"
#include "text/text.h"

/** A list that grows in the arena; what it leaves behind there is freed with the rest. */
typedef struct vl_list {
    void *items;
    size_t count;
    size_t capacity;
} vl_list;

/** An entity name that can be checked only when the whole file was read. */
typedef struct vl_name_use {
    const char *name;
    const vl_node *node;
    bool is_text; /* must be a text entity */
} vl_name_use;

#define VL_SETTINGS_MAX 48

struct veil_config_file {
    vl_arena arena;
    veil_config values; /* of the settings that is_set marks */
    bool is_set[VL_SETTINGS_MAX];
    vl_list entities; /* const char * */
    vl_list exclude;
    vl_list operators;     /* veil_operator_rule */
    vl_list effects;       /* veil_effect_rule */
    vl_list recognizers;   /* veil_recognizer */
    vl_list allow;         /* veil_allow_rule */
    vl_list paths;         /* const char *, of every file that is named */
    vl_list uses;          /* vl_name_use, of the file that is being read */
    const char *directory; /* of the file that is being read; NULL: files are refused */
    unsigned deny_count;
    bool is_broken; /* a read failed */
    veil_error *error;
};

/** One more element, zeroed, or NULL. */
void *vl_list_add(veil_config_file *file, vl_list *list, size_t item_bytes);
veil_status vl_file_no_memory(const veil_config_file *file);

/** A key that a map may have; `read` gets its value. */
typedef struct vl_key {
    const char *name;
    veil_status (*read)(veil_config_file *file, void *target, const vl_node *value);
} vl_key;
/** Read a map by its keys; unknown and double ones are refused. */
veil_status vl_read_map(veil_config_file *file, const vl_node *node, const vl_key *keys, size_t key_count, void *target,
                        const char *what);

/* Values. Each refuses with the node's place. */
veil_status vl_read_text(veil_config_file *file, const vl_node *node, const char **out);
veil_status vl_read_number(veil_config_file *file, const vl_node *node, double low, double high, double *out);
veil_status vl_read_bool(veil_config_file *file, const vl_node *node, bool *out);
/** Index of the word in a list that ends with NULL. */
veil_status vl_read_choice(veil_config_file *file, const vl_node *node, const char *const *words, uint32_t *out);
/** A list of texts, or one text. */
veil_status vl_read_texts(veil_config_file *file, const vl_node *node, vl_list *out);
veil_status vl_note_use(veil_config_file *file, const char *name, const vl_node *node, bool is_text);
/** Path under the directory. */
veil_status vl_read_path(veil_config_file *file, const vl_node *node, const char **out);
/** Lines of a file. */
veil_status vl_read_lines(veil_config_file *file, const vl_node *node, vl_list *out);

/* rules_settings.c */
veil_status vl_read_settings(veil_config_file *file, const vl_node *root, uint32_t flags);
void vl_apply_settings(const veil_config_file *file, veil_config *config);
/* rules_recognizers.c */
veil_status vl_read_recognizers(veil_config_file *file, const vl_node *node);
veil_status vl_read_deny(veil_config_file *file, const vl_node *node);
veil_status vl_read_allow(veil_config_file *file, const vl_node *node);

#endif
