/* Values of configuration files: texts, numbers, choices, lists, files of words. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"
#include "rules_impl.h"

#define LINES_MAX_BYTES ((size_t)64 << 20)
#define KEYS_MAX        64u

veil_status vl_file_no_memory(const veil_config_file *file)
{
    return vl_error_set(file->error, VEIL_ERR_NO_MEMORY, 0, "no memory for the configuration file");
}

void *vl_list_add(veil_config_file *file, vl_list *list, size_t item_bytes)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
        void *items = vl_arena_take(&file->arena, capacity * item_bytes);
        if (items == NULL) return NULL;
        if (list->count > 0) memcpy(items, list->items, list->count * item_bytes);
        list->items = items;
        list->capacity = capacity;
    }
    return (char *)list->items + list->count++ * item_bytes;
}

static bool is_near(const char *a, const char *b)
{
    size_t common = 0;
    size_t a_bytes = strlen(a);
    size_t b_bytes = strlen(b);
    while (a[common] != '\0' && a[common] == b[common])
        common++;
    size_t longer = a_bytes > b_bytes ? a_bytes : b_bytes;
    size_t tail = 0;
    while (tail < a_bytes - common && tail < b_bytes - common && a[a_bytes - 1 - tail] == b[b_bytes - 1 - tail])
        tail++;
    return longer - common - tail <= 2 && common + tail >= 2;
}

/* The misspelt word is not repeated; the one that was meant may be. */
static veil_status unknown_key(const veil_config_file *file, const vl_node *node, const vl_key *keys, size_t key_count,
                               const char *what)
{
    for (size_t i = 0; i < key_count; i++)
        if (is_near(node->text, keys[i].name))
            return vl_node_refuse(file->error, node, "unknown key of %s; did you mean %s?", what, keys[i].name);
    return vl_node_refuse(file->error, node, "unknown key of %s; docs/api.md lists them", what);
}

veil_status vl_read_map(veil_config_file *file, const vl_node *node, const vl_key *keys, size_t key_count, void *target,
                        const char *what)
{
    bool seen[KEYS_MAX] = {false};
    if (node->kind != VL_NODE_MAP) return vl_node_refuse(file->error, node, "%s is a map of keys and values", what);
    veil_status status = VEIL_OK;
    for (const vl_node *key = node->first; key != NULL && status == VEIL_OK; key = key->next->next) {
        size_t i = 0;
        if (key->kind != VL_NODE_SCALAR) return vl_node_refuse(file->error, key, "a key is a word");
        while (i < key_count && strcmp(keys[i].name, key->text) != 0)
            i++;
        if (i == key_count) return unknown_key(file, key, keys, key_count, what);
        if (seen[i]) return vl_node_refuse(file->error, key, "%s stands here twice", keys[i].name);
        seen[i] = true;
        status = keys[i].read(file, target, key->next);
    }
    return status;
}

veil_status vl_read_text(veil_config_file *file, const vl_node *node, const char **out)
{
    if (node->kind != VL_NODE_SCALAR) return vl_node_refuse(file->error, node, "a text is wanted here");
    if (node->bytes == 0) return vl_node_refuse(file->error, node, "the text is empty");
    *out = node->text;
    return VEIL_OK;
}

static bool parse_number(const char *text, double *out)
{
    double value = 0;
    double scale = 1;
    size_t digits = 0;
    bool has_dot = false;
    for (; *text != '\0'; text++) {
        if (*text == '.' && !has_dot) {
            has_dot = true;
        } else if (*text >= '0' && *text <= '9') {
            value = value * 10 + (*text - '0');
            if (has_dot) scale *= 10;
            digits++;
        } else if (*text != '_' || digits == 0) {
            return false;
        }
    }
    *out = value / scale;
    return digits > 0 && digits <= 18;
}

veil_status vl_read_number(veil_config_file *file, const vl_node *node, double low, double high, double *out)
{
    if (node->kind != VL_NODE_SCALAR || !node->is_plain || !parse_number(node->text, out) || *out < low || *out > high)
        return vl_node_refuse(file->error, node, "a number from %.15g to %.15g is wanted here", low, high);
    return VEIL_OK;
}

veil_status vl_read_bool(veil_config_file *file, const vl_node *node, bool *out)
{
    bool is_word = node->kind == VL_NODE_SCALAR && node->is_plain;
    *out = is_word && strcmp(node->text, "true") == 0;
    if (*out || (is_word && strcmp(node->text, "false") == 0)) return VEIL_OK;
    return vl_node_refuse(file->error, node, "true or false is wanted here");
}

veil_status vl_read_choice(veil_config_file *file, const vl_node *node, const char *const *words, uint32_t *out)
{
    char list[140] = "";
    for (uint32_t i = 0; words[i] != NULL; i++) {
        if (node->kind == VL_NODE_SCALAR && strcmp(node->text, words[i]) == 0) {
            *out = i;
            return VEIL_OK;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    return vl_node_refuse(file->error, node, "one of these is wanted here: %s", list);
}

veil_status vl_read_texts(veil_config_file *file, const vl_node *node, vl_list *out)
{
    const vl_node *item = node->kind == VL_NODE_LIST ? node->first : node;
    if (item == NULL) return vl_node_refuse(file->error, node, "the list is empty");
    for (; item != NULL; item = node->kind == VL_NODE_LIST ? item->next : NULL) {
        const char *text = NULL;
        veil_status status = vl_read_text(file, item, &text);
        if (status != VEIL_OK) return status;
        const char **slot = vl_list_add(file, out, sizeof *slot);
        if (slot == NULL) return vl_file_no_memory(file);
        *slot = text;
    }
    return VEIL_OK;
}

veil_status vl_note_use(veil_config_file *file, const char *name, const vl_node *node, bool is_text)
{
    vl_name_use *use = vl_list_add(file, &file->uses, sizeof *use);
    if (use == NULL) return vl_file_no_memory(file);
    *use = (vl_name_use){name, node, is_text};
    return VEIL_OK;
}

veil_status vl_read_path(veil_config_file *file, const vl_node *node, const char **out)
{
    const char *path = NULL;
    veil_status status = vl_read_text(file, node, &path);
    if (status != VEIL_OK) return status;
    if (file->directory == NULL)
        return vl_node_refuse(file->error, node, "files cannot be named here: the host gave no directory");
    if (path[0] != '/') {
        size_t size = strlen(file->directory) + strlen(path) + 2;
        char *joined = vl_arena_take(&file->arena, size);
        if (joined == NULL) return vl_file_no_memory(file);
        snprintf(joined, size, "%s/%s", file->directory, path);
        path = joined;
    }
    const char **named = vl_list_add(file, &file->paths, sizeof *named);
    if (named == NULL) return vl_file_no_memory(file);
    *named = *out = path;
    return VEIL_OK;
}

static veil_status at_node(const veil_config_file *file, veil_status status, const vl_node *node, const char *reason)
{
    return vl_error_set(file->error, status, 0, "line %u, column %u: %s", node->line, node->column, reason);
}

/* The file's bytes in the arena; a pipe or device is none. */
static veil_status read_file(veil_config_file *file, const vl_node *node, const char *path, char **out, size_t *bytes)
{
    struct stat info;
    veil_status status = VEIL_OK;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return at_node(file, VEIL_ERR_IO, node, errno == ENOENT ? "there is no such file" : "cannot be opened");
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        status = at_node(file, VEIL_ERR_IO, node, "this is no regular file");
    } else if (info.st_size > (off_t)LINES_MAX_BYTES) {
        status = at_node(file, VEIL_ERR_LIMIT, node, "the file is longer than 64 MiB");
    } else if ((*out = vl_arena_take(&file->arena, (size_t)info.st_size + 1)) == NULL) {
        status = vl_file_no_memory(file);
    }
    for (*bytes = 0; status == VEIL_OK && *bytes < (size_t)info.st_size;) {
        ssize_t got = read(fd, *out + *bytes, (size_t)info.st_size - *bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) status = at_node(file, VEIL_ERR_IO, node, "the file cannot be read");
        if (got <= 0) break;
        *bytes += (size_t)got;
    }
    close(fd);
    return status;
}

veil_status vl_read_lines(veil_config_file *file, const vl_node *node, vl_list *out)
{
    const char *path = NULL;
    char *text = NULL;
    size_t bytes = 0;
    veil_status status = vl_read_path(file, node, &path);
    if (status == VEIL_OK) status = read_file(file, node, path, &text, &bytes);
    if (status != VEIL_OK) return status;
    if (memchr(text, '\0', bytes) != NULL) return at_node(file, VEIL_ERR_MALFORMED_INPUT, node, "the file holds a NUL");
    for (size_t at = 0; at < bytes;) {
        char *end = memchr(text + at, '\n', bytes - at);
        size_t next = end == NULL ? bytes : (size_t)(end - text) + 1;
        size_t size = (end == NULL ? bytes : next - 1) - at;
        if (size > 0 && text[at + size - 1] == '\r') size--;
        text[at + size] = '\0';
        if (size > 0) {
            const char **slot = vl_list_add(file, out, sizeof *slot);
            if (slot == NULL) return vl_file_no_memory(file);
            *slot = text + at;
        }
        at = next;
    }
    return out->count == 0 ? vl_node_refuse(file->error, node, "the file has no lines") : VEIL_OK;
}
