/*
 * A program of the build: compiles the anchored patterns for each level of CPU that Hyperscan knows and writes the serialised
 * databases as C, each with its SHA-256. The library loads them when its Hyperscan has the same version (patterns.c), else it
 * compiles the same patterns itself.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <hs.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "text/secrets_rows.h"

#define DATE (VL_ROW_NUMBER_LEFT | VL_ROW_NUMBER_RIGHT)

typedef struct row {
    uint32_t flags;
    const char *pattern;
    const char *lead;
} row;

static const row rows[] = {
#define ROW(id, entity, priority, score, flags, validate, context, pattern, lead, width, before, sample, trigger)      \
    {flags, pattern, lead},
#include "text/recognizers_table.inc"
#undef ROW
};

static char texts[VL_ROW_COUNT][1024];

static void fail(const char *what)
{
    (void)fprintf(stderr, "make_databases: %s\n", what);
    exit(1);
}

static hs_database_t *compile(unsigned long long features)
{
    static const char *expressions[VL_ROW_COUNT];
    static unsigned flags[VL_ROW_COUNT];
    static unsigned ids[VL_ROW_COUNT];
    unsigned count = 0;
    hs_platform_info_t platform = {.cpu_features = features};
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    for (unsigned i = 0; i < VL_ROW_COUNT; i++) {
        if (!vl_secret_is_anchored(rows[i].flags, rows[i].lead)) continue;
        if (vl_pattern_anchor(rows[i].pattern, texts[i], sizeof texts[i]) >= (int)sizeof texts[i]) fail("long pattern");
        expressions[count] = texts[i];
        flags[count] = HS_FLAG_DOTALL;
        ids[count++] = i;
    }
    if (hs_compile_multi(expressions, flags, ids, count, HS_MODE_BLOCK, &platform, &database, &error) != HS_SUCCESS)
        fail(error == NULL ? "out of memory" : error->message);
    return database;
}

static void write_one(FILE *out, const char *name, unsigned long long features)
{
    char *bytes;
    size_t size;
    unsigned char digest[SHA256_DIGEST_LENGTH];
    hs_database_t *database = compile(features);
    if (hs_serialize_database(database, &bytes, &size) != HS_SUCCESS) fail("cannot serialise");
    (void)SHA256((const unsigned char *)bytes, size, digest);
    (void)fprintf(out, "static const uint64_t %s_words[] = {\n", name);
    for (size_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, bytes + at, size - at < 8 ? size - at : 8);
        (void)fprintf(out, "0x%llx,%s", (unsigned long long)word, at % 64 == 56 ? "\n" : "");
    }
    (void)fprintf(out, "};\n#define %s_IMAGE {HS_VERSION_BUILT, %s_words, %zu, {", name, name, size);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)fprintf(out, "%u,", digest[i]);
    (void)fprintf(out, "}}\n");
    free(bytes);
    hs_free_database(database);
}

int main(int argc, char **argv)
{
    FILE *out = argc == 2 ? fopen(argv[1], "w") : NULL;
    if (out == NULL) fail("usage: make_databases OUT.inc");
    (void)fprintf(out, "/* Made by make_databases.c. */\n#define HS_VERSION_BUILT \"%s\"\n", hs_version());
    write_one(out, "plain", 0);
    write_one(out, "avx2", HS_CPU_FEATURES_AVX2);
    write_one(out, "avx512", HS_CPU_FEATURES_AVX2 | HS_CPU_FEATURES_AVX512);
    if (fclose(out) != 0) fail("cannot write");
    return 0;
}
