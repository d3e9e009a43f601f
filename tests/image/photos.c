#include "photos.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "face_fixture.h"
#include "image/codec.h"

struct photo_list {
    char folder[64];
    char *text; /* boxes.jsonl */
    size_t text_bytes;
    size_t at;
    vl_pool *pool;
};

photo_list *photos_open(const char *set)
{
    static const vl_pool_class class = {1u << 16, 4};
    photo_list *list = calloc(1, sizeof *list);
    char name[128];

    if (list == NULL) abort();
    (void)snprintf(list->folder, sizeof list->folder, "data/faces/%s", set);
    (void)snprintf(name, sizeof name, "%s/boxes.jsonl", list->folder);
    if (picture_shared(name) != NULL) list->text = picture_read_file(picture_shared(name), &list->text_bytes);
    if (list->text == NULL ||
        vl_pool_create(&vl_allocator_default, &class, 1, VEIL_POOL_GROW, &list->pool) != VEIL_OK) {
        free(list->text);
        free(list);
        return NULL;
    }
    return list;
}

void photos_close(photo_list *list)
{
    if (list == NULL) return;
    vl_pool_destroy(list->pool);
    free(list->text);
    free(list);
}

static void read_boxes(vl_json *json, photo *out)
{
    vl_json_token token;
    double values[4];
    size_t count = 0;
    int depth = 1;

    out->box_count = 0;
    (void)vl_json_next(json, &token); /* the outer array */
    while (depth > 0) {
        const vl_json_type type = vl_json_next(json, &token);

        if (type == VL_JSON_ERROR || type == VL_JSON_END) return;
        if (type == VL_JSON_ARRAY_BEGIN) depth++, count = 0;
        if (type == VL_JSON_NUMBER && count < 4) (void)vl_json_double(&token, &values[count++]);
        if (type != VL_JSON_ARRAY_END) continue;
        if (--depth == 1 && count == 4 && out->box_count < PHOTO_BOXES_MAX)
            out->boxes[out->box_count++] = (veil_region){
                "FACE", (int32_t)values[0], (int32_t)values[1], (int32_t)values[2], (int32_t)values[3], 1, 0};
    }
}

static bool read_line(const char *line, size_t bytes, photo *out)
{
    vl_json json;
    vl_json_token token;

    out->name[0] = 0;
    out->box_count = 0;
    vl_json_init(&json, line, bytes);
    if (vl_json_next(&json, &token) != VL_JSON_OBJECT_BEGIN) return false;
    while (vl_json_next(&json, &token) == VL_JSON_KEY) {
        if (vl_json_equals(&token, "file")) {
            (void)vl_json_next(&json, &token);
            const size_t length = vl_json_decode(&token, out->name, sizeof out->name - 1);
            out->name[length < sizeof out->name ? length : 0] = 0;
        } else if (vl_json_equals(&token, "boxes")) {
            read_boxes(&json, out);
        } else if (!vl_json_skip(&json, &token)) {
            return false;
        }
    }
    return out->name[0] != 0;
}

static bool load(photo_list *list, photo *out)
{
    const vl_codec_limits limits = {1u << 26, 1u << 26};
    char name[256];
    const char *path;
    vl_image_info info;
    void *file = NULL;
    size_t bytes = 0;
    bool is_good;

    (void)snprintf(name, sizeof name, "%s/images/%s", list->folder, out->name);
    path = picture_shared(name);
    if (path != NULL) file = picture_read_file(path, &bytes);
    is_good = file != NULL && vl_codec_read_header(file, bytes, &limits, &info, NULL) == VEIL_OK &&
              info.format == VEIL_PIXEL_BGR;
    if (is_good) {
        out->view = picture_make(info.width, info.height, info.format);
        is_good = vl_codec_decode(file, bytes, &info, list->pool, &out->view, NULL) == VEIL_OK;
        if (!is_good) picture_free(&out->view);
    }
    free(file);
    return is_good;
}

/* Bytes of the next line; the list moves behind it. */
static size_t step_over_line(photo_list *list)
{
    const char *line = list->text + list->at;
    const char *end = memchr(line, '\n', list->text_bytes - list->at);
    const size_t bytes = end != NULL ? (size_t)(end - line) : list->text_bytes - list->at;

    list->at += bytes + 1;
    return bytes;
}

bool photos_next(photo_list *list, photo *out)
{
    while (list->at < list->text_bytes) {
        const char *line = list->text + list->at;
        const size_t bytes = step_over_line(list);

        if (bytes > 0 && read_line(line, bytes, out) && load(list, out)) return true;
    }
    return false;
}

void photos_skip(photo_list *list, int count)
{
    for (int i = 0; i < count && list->at < list->text_bytes; i++)
        (void)step_over_line(list);
}
