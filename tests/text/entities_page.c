/*
 * docs/entities.md from docs/entities.md.in and the tables. Without an argument this is the test that the page in the tree is
 * just that and that every entity names its source; "--write" writes the page. Lines @CATALOGUE@ and @RULES@ of the .in file
 * stand for the tables; all else is copied.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/recognizers.h"

#define PAGE_BYTES (1u << 20)
#define PAGE_PATH  VEIL_TEST_SOURCE_DIR "/docs/entities.md"

typedef struct source {
    int entity;
    const char *rule;
    const char *standard;
} source;

static const source sources[] = {
#define SOURCE(entity, rule, standard) {VL_ENTITY_##entity, rule, standard},
#include "text/sources_table.inc"
#undef SOURCE
};

#define SOURCE_COUNT (sizeof sources / sizeof sources[0])

static bool is_served(size_t entity)
{
    for (size_t row = 0; row < VL_ROW_COUNT; row++)
        if (vl_rows[row].entity == entity) return true;
    return false;
}

static bool has_score_before(size_t entity, size_t row)
{
    for (size_t other = 0; other < row; other++)
        if (vl_rows[other].entity == entity && vl_rows[other].score == vl_rows[row].score) return true;
    return false;
}

static void print_scores(FILE *out, size_t entity)
{
    const char *separator = "";
    for (size_t row = 0; row < VL_ROW_COUNT; row++) {
        if (vl_rows[row].entity != entity || has_score_before(entity, row)) continue;
        fprintf(out, "%s%g", separator, (double)vl_rows[row].score);
        separator = ", ";
    }
}

static void print_catalogue(FILE *out)
{
    fprintf(out, "| entity | what | country | languages | check | scores | default |\n|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++) {
        const vl_entity *entity = &vl_entities[i];
        if (!is_served(i)) continue;
        fprintf(out, "| %s | %s | %s | %s | %s | ", entity->name, entity->description, entity->country,
                entity->languages, entity->validator);
        print_scores(out, i);
        fprintf(out, " | %s |\n", entity->is_default ? "on" : "off");
    }
}

static void print_rules(FILE *out)
{
    fprintf(out, "| entity | rule | source |\n|---|---|---|\n");
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++)
        for (size_t s = 0; s < SOURCE_COUNT; s++)
            if (sources[s].entity == (int)i)
                fprintf(out, "| %s | %s | %s |\n", vl_entities[i].name, sources[s].rule, sources[s].standard);
}

static void print_page(FILE *in, FILE *out)
{
    char line[1024];
    while (fgets(line, sizeof line, in) != NULL) {
        if (strcmp(line, "@CATALOGUE@\n") == 0)
            print_catalogue(out);
        else if (strcmp(line, "@RULES@\n") == 0)
            print_rules(out);
        else
            fputs(line, out);
    }
}

/* Every entity that rows serve has one line of sources; no line is of another entity. */
static unsigned count_wrong_sources(void)
{
    unsigned wrong = 0;
    for (size_t i = 0; i < VL_ENTITY_COUNT; i++) {
        unsigned lines = 0;
        for (size_t s = 0; s < SOURCE_COUNT; s++)
            lines += sources[s].entity == (int)i;
        if (lines == (is_served(i) ? 1 : 0)) continue;
        fprintf(stderr, "%s: %s, %u lines in sources_*_table.inc\n", vl_entities[i].name,
                is_served(i) ? "has rows" : "has no rows", lines);
        wrong++;
    }
    return wrong;
}

static bool is_page(const char *wanted, size_t wanted_bytes)
{
    static char page[PAGE_BYTES];
    FILE *file = fopen(PAGE_PATH, "rb");
    if (file == NULL) return false;
    size_t bytes = fread(page, 1, sizeof page, file);
    (void)fclose(file);
    return bytes == wanted_bytes && memcmp(page, wanted, bytes) == 0;
}

static bool write_page(const char *page, size_t bytes)
{
    FILE *file = fopen(PAGE_PATH, "wb");
    if (file == NULL) return false;
    bool is_written = fwrite(page, 1, bytes, file) == bytes;
    return fclose(file) == 0 && is_written;
}

static bool check_page(const char *page, size_t bytes)
{
    if (count_wrong_sources() != 0) return false;
    if (is_page(page, bytes)) return true;
    fprintf(stderr, "docs/entities.md is not what the tables say: build the target entities-page\n");
    return false;
}

int main(int argc, char **argv)
{
    FILE *in = fopen(PAGE_PATH ".in", "rb");
    char *page = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&page, &bytes);
    bool is_good = in != NULL && out != NULL;
    if (is_good) print_page(in, out);
    if (in != NULL) (void)fclose(in);
    if (out != NULL) (void)fclose(out);
    bool writes = argc > 1 && strcmp(argv[1], "--write") == 0;
    if (is_good) is_good = writes ? write_page(page, bytes) : check_page(page, bytes);
    free(page);
    return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
