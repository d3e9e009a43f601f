/* Numbers of clauses are those of ICC.1:2022 (profile version 4.4); version 2 differs in the types of its texts only. */
#include "image/icc.h"

#include <stdbool.h>
#include <string.h>

#include "image/codec_internal.h"

#define TAG_BYTES    12u /* 7.3: signature, offset, size */
#define TAGS_MAX     32u /* kept: each of those below once */
#define TABLE_AT     VL_ICC_HEADER_BYTES
#define FIRST_TAG_AT (TABLE_AT + 4u)
#define ENTRIES_MAX  1024u /* looked at */

#define SIGNATURE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
#define TAG_DESC              SIGNATURE('d', 'e', 's', 'c')
#define TAG_CPRT              SIGNATURE('c', 'p', 'r', 't')

/* 9.2: tags that say what colours are. */
static const uint32_t color_tags[] = {
    SIGNATURE('w', 't', 'p', 't'), SIGNATURE('b', 'k', 'p', 't'), SIGNATURE('r', 'X', 'Y', 'Z'),
    SIGNATURE('g', 'X', 'Y', 'Z'), SIGNATURE('b', 'X', 'Y', 'Z'), SIGNATURE('r', 'T', 'R', 'C'),
    SIGNATURE('g', 'T', 'R', 'C'), SIGNATURE('b', 'T', 'R', 'C'), SIGNATURE('k', 'T', 'R', 'C'),
    SIGNATURE('A', '2', 'B', '0'), SIGNATURE('A', '2', 'B', '1'), SIGNATURE('A', '2', 'B', '2'),
    SIGNATURE('B', '2', 'A', '0'), SIGNATURE('B', '2', 'A', '1'), SIGNATURE('B', '2', 'A', '2'),
    SIGNATURE('g', 'a', 'm', 't'), SIGNATURE('c', 'h', 'a', 'd'), SIGNATURE('l', 'u', 'm', 'i'),
    SIGNATURE('c', 'i', 'c', 'p'),
};

typedef struct tag {
    uint32_t name;
    uint32_t offset;
    uint32_t size;
} tag;

typedef struct tag_list {
    tag items[TAGS_MAX];
    size_t count;
} tag_list;

/* ---- Bytes of a profile in pieces ---- */

static uint8_t *byte_at(const vl_icc *icc, size_t at)
{
    for (size_t i = 0; i < icc->count; i++) {
        if (at < icc->pieces[i].size) return icc->base + icc->pieces[i].offset + at;
        at -= icc->pieces[i].size;
    }
    return NULL;
}

/* Both: within the profile, as callers made sure. */
static uint32_t read32(const vl_icc *icc, size_t at)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++)
        value = value << 8 | *byte_at(icc, at + i);
    return value;
}

static void write_bytes(vl_icc *icc, size_t at, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *byte_at(icc, at + i) = ((const uint8_t *)bytes)[i];
}

static void write32(vl_icc *icc, size_t at, uint32_t value)
{
    const uint8_t bytes[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
    write_bytes(icc, at, bytes, sizeof bytes);
}

static void clear(vl_icc *icc, size_t from, size_t to)
{
    size_t start = 0;
    for (size_t i = 0; i < icc->count && from < to; i++) {
        size_t end = start + icc->pieces[i].size;
        if (from < end) {
            size_t stop = to < end ? to : end;
            memset(icc->base + icc->pieces[i].offset + (from - start), 0, stop - from);
            from = stop;
        }
        start = end;
    }
}

/* ---- What is kept ---- */

/* 10.6, 10.18, 10.22, 10.31: types of one exact size; a tag may claim more, and hide things there. The others keep what they claim. */
static uint32_t size_of(const vl_icc *icc, const tag *t)
{
    uint64_t need = t->size;
    switch (read32(icc, t->offset)) {
    case SIGNATURE('X', 'Y', 'Z', ' '):
        need = 20;
        break;
    case SIGNATURE('c', 'u', 'r', 'v'):
        need = 12 + 2 * (uint64_t)read32(icc, t->offset + 8);
        break;
    case SIGNATURE('p', 'a', 'r', 'a'):
        need = 12 + 4 * 7;
        break;
    case SIGNATURE('s', 'f', '3', '2'):
        need = 8 + 4 * 9;
        break;
    case SIGNATURE('c', 'i', 'c', 'p'):
        need = 12;
        break;
    default:
        break;
    }
    return need < t->size ? (uint32_t)need : t->size;
}

/* 10: a colour's tag that holds text or data is none. */
static bool is_color_type(uint32_t type)
{
    static const uint32_t types[] = {
        SIGNATURE('X', 'Y', 'Z', ' '), SIGNATURE('c', 'u', 'r', 'v'), SIGNATURE('p', 'a', 'r', 'a'),
        SIGNATURE('s', 'f', '3', '2'), SIGNATURE('m', 'f', 't', '1'), SIGNATURE('m', 'f', 't', '2'),
        SIGNATURE('m', 'A', 'B', ' '), SIGNATURE('m', 'B', 'A', ' '), SIGNATURE('c', 'i', 'c', 'p')};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] == type) return true;
    return false;
}

static bool is_color(const vl_icc *icc, const tag *t)
{
    for (size_t i = 0; i < sizeof color_tags / sizeof color_tags[0]; i++)
        if (color_tags[i] == t->name) return is_color_type(read32(icc, t->offset));
    return false;
}

static bool has(const tag_list *list, uint32_t name)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].name == name) return true;
    return false;
}

static bool overlaps(const tag_list *list, const tag *t)
{
    for (size_t i = 0; i < list->count; i++) {
        const tag *other = &list->items[i];
        if (t->offset < other->offset + (uint64_t)other->size && other->offset < t->offset + (uint64_t)t->size)
            return true;
    }
    return false;
}

static void collect(const vl_icc *icc, tag_list *colors, tag_list *texts)
{
    uint32_t entries = read32(icc, TABLE_AT);
    size_t first = FIRST_TAG_AT + (size_t)entries * TAG_BYTES;
    if (entries > ENTRIES_MAX || first > icc->total) return;
    for (uint32_t i = 0; i < entries; i++) {
        size_t at = FIRST_TAG_AT + (size_t)i * TAG_BYTES;
        tag t = {read32(icc, at), read32(icc, at + 4), read32(icc, at + 8)};
        bool is_within = t.offset >= first && t.size >= 12 && t.offset + (uint64_t)t.size <= icc->total;
        if (!is_within || has(colors, t.name) || has(texts, t.name)) continue;
        t.size = size_of(icc, &t);
        if (t.name == TAG_DESC || t.name == TAG_CPRT)
            texts->items[texts->count++] = t;
        else if (is_color(icc, &t))
            colors->items[colors->count++] = t;
    }
}

/* Gaps between the ranges that are kept; what two tags share is in none. */
static void clear_between(vl_icc *icc, const tag_list *colors, size_t from)
{
    while (from < icc->total) {
        size_t next = icc->total;
        size_t end = 0;
        for (size_t i = 0; i < colors->count; i++) {
            const tag *t = &colors->items[i];
            if (t->offset <= from && t->offset + (size_t)t->size > from)
                end = t->offset + (size_t)t->size;
            else if (t->offset > from && t->offset < next)
                next = t->offset;
        }
        if (end == 0) clear(icc, from, next);
        from = end == 0 ? next : end;
    }
}

/* ---- What is written anew ---- */

/* 7.2: the rest of the header says how the colours are to be read. */
static void write_header(vl_icc *icc)
{
    static const uint8_t date[12] = {0x07, 0xD0, 0, 1, 0, 1}; /* 2000-01-01: it must be a date */
    clear(icc, 4, 8);                                         /* the module preferred */
    write_bytes(icc, 24, date, sizeof date);
    clear(icc, 40, 44);                  /* platform */
    clear(icc, 48, 56);                  /* maker and model of the device */
    clear(icc, 80, VL_ICC_HEADER_BYTES); /* creator, MD5 of what the profile was, reserved bytes */
}

/* 10.15 (mluc), 10.24 (text), and ICC.1:2001-04, 6.5.17 (desc): "ICC", in a range that is clear. False: it has no room. */
static bool write_text(vl_icc *icc, const tag *t)
{
    static const uint8_t mluc[] = {'m', 'l', 'u', 'c', 0, 0, 0, 0, 0, 0, 0,  1, 0,   0, 0,   12, 'e',
                                   'n', 'U', 'S', 0,   0, 0, 6, 0, 0, 0, 28, 0, 'I', 0, 'C', 0,  'C'};
    static const uint8_t desc[91 + 3] = {'d', 'e', 's', 'c', 0, 0, 0, 0, 0, 0, 0, 4, 'I', 'C', 'C'};
    static const uint8_t text[] = {'t', 'e', 'x', 't', 0, 0, 0, 0, 'I', 'C', 'C', 0};
    bool is_new = *byte_at(icc, 8) >= 4;
    const uint8_t *bytes = is_new ? mluc : t->name == TAG_DESC ? desc : text;
    size_t size = is_new ? sizeof mluc : t->name == TAG_DESC ? sizeof desc : sizeof text;
    if (t->size < size) return false;
    write_bytes(icc, t->offset, bytes, size);
    return true;
}

static void write_table(vl_icc *icc, const tag_list *tags)
{
    write32(icc, TABLE_AT, (uint32_t)tags->count);
    for (size_t i = 0; i < tags->count; i++) {
        size_t at = FIRST_TAG_AT + i * TAG_BYTES;
        write32(icc, at, tags->items[i].name);
        write32(icc, at + 4, tags->items[i].offset);
        write32(icc, at + 8, tags->items[i].size);
    }
}

void vl_icc_keep_colors(vl_icc *icc)
{
    tag_list colors = {.count = 0};
    tag_list texts = {.count = 0};
    if (icc->total < VL_ICC_HEADER_BYTES) {
        clear(icc, 0, icc->total);
        return;
    }
    write_header(icc);
    if (icc->total < FIRST_TAG_AT) {
        clear(icc, VL_ICC_HEADER_BYTES, icc->total);
        return;
    }
    collect(icc, &colors, &texts);
    clear_between(icc, &colors, TABLE_AT);
    for (size_t i = 0; i < texts.count; i++) {
        const tag *t = &texts.items[i];
        if (!overlaps(&colors, t) && write_text(icc, t)) colors.items[colors.count++] = *t;
    }
    write_table(icc, &colors);
}
