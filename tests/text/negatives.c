/* See negatives.h. The generator is a counter through a mixing function (SplitMix64, Steele and others 2014): no state outlives a
 * text, so a family can grow without changing the others. */
#include "negatives.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct writer {
    char *out;
    size_t capacity;
    size_t size;
    uint64_t seed;
} writer;

static uint64_t next(writer *w)
{
    w->seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = w->seed;
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static uint32_t below(writer *w, uint32_t bound)
{
    return (uint32_t)(next(w) % bound);
}

static void put(writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->out + w->size, w->capacity - w->size, format, args);
    va_end(args);
    if (n > 0) w->size += (size_t)n < w->capacity - w->size ? (size_t)n : w->capacity - w->size - 1;
}

static void put_from(writer *w, const char *alphabet, size_t count)
{
    size_t letters = strlen(alphabet);
    for (size_t i = 0; i < count; i++)
        put(w, "%c", alphabet[below(w, (uint32_t)letters)]);
}

static const char HEX[] = "0123456789abcdef";
static const char BASE64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
static const char DIGITS[] = "0123456789";

static const char *pick(writer *w, const char *const *words, size_t count)
{
    return words[below(w, (uint32_t)count)];
}

#define PICK(w, words) pick(w, words, sizeof(words) / sizeof(words)[0])

static const char *const NOUNS[] = {"request", "session", "worker",  "queue",   "shard", "volume", "packet", "buffer",
                                    "replica", "cluster", "message", "segment", "index", "handle", "thread", "block"};
static const char *const VERBS[] = {"started", "stopped", "finished", "dropped",
                                    "retried", "moved",   "closed",   "flushed"};
static const char *const LEVELS[] = {"DEBUG", "INFO", "WARN", "ERROR", "TRACE"};

static void put_uuid(writer *w)
{
    static const uint8_t groups[5] = {8, 4, 4, 4, 12};
    for (size_t i = 0; i < 5; i++) {
        if (i > 0) put(w, "-");
        put_from(w, HEX, groups[i]);
    }
}

static void make_uuid(writer *w)
{
    put(w, "%s_id=", PICK(w, NOUNS));
    put_uuid(w);
    put(w, " %s", PICK(w, VERBS));
}

static void make_digest(writer *w)
{
    static const char *const kinds[] = {"md5", "sha1", "sha256", "sha512"};
    static const uint8_t lengths[] = {32, 40, 64, 128};
    uint32_t kind = below(w, 4);
    put(w, "%s:", kinds[kind]);
    put_from(w, HEX, lengths[kind]);
}

static void make_base64(writer *w)
{
    put(w, "data=");
    put_from(w, BASE64, 20 + below(w, 180));
    put(w, "%s", below(w, 2) == 0 ? "==" : "");
}

static void make_semver(writer *w)
{
    static const char *const names[] = {"libfoo", "kernel", "node", "protobuf", "left-pad", "com.acme.core"};
    put(w, "%s %s%u.%u.%u", PICK(w, names), below(w, 2) == 0 ? "v" : "", below(w, 40), below(w, 60), below(w, 900));
    if (below(w, 3) == 0) put(w, "-rc.%u+build.%u", below(w, 9), below(w, 100000));
}

static void make_build_number(writer *w)
{
    put(w, "build %u.%u.%u.%u of %s", 10 + below(w, 5), below(w, 10), 10000 + below(w, 20000), 1000 + below(w, 9000),
        PICK(w, NOUNS));
}

static void make_epoch(writer *w)
{
    static const char *const keys[] = {"ts", "timestamp", "created_at", "exp", "mtime"};
    uint32_t scale = below(w, 4);
    put(w, "%s=%u", PICK(w, keys), 1400000000 + below(w, 400000000));
    if (scale == 1) put(w, "%03u", below(w, 1000));
    if (scale == 2) put(w, "%06u", below(w, 1000000));
    if (scale == 3) put(w, "%09u", below(w, 1000000000));
}

static void make_snowflake(writer *w)
{
    put(w, "%s %u", PICK(w, NOUNS), 1 + below(w, 9));
    put_from(w, DIGITS, 15 + below(w, 4));
    put(w, " %s", PICK(w, VERBS));
}

static void make_row_id(writer *w)
{
    put(w, "SELECT * FROM %ss WHERE id = ", PICK(w, NOUNS));
    put(w, "%u", 1 + below(w, 9));
    put_from(w, DIGITS, 4 + below(w, 8));
    put(w, " LIMIT %u;", 10 * (1 + below(w, 50)));
}

static void make_pointer(writer *w)
{
    put(w, "#%u 0x", below(w, 40));
    put_from(w, HEX, 16);
    put(w, " in %s_%s (self=0x", PICK(w, NOUNS), PICK(w, VERBS));
    put_from(w, HEX, 12);
    put(w, ") at src/%s.c:%u", PICK(w, NOUNS), 1 + below(w, 2000));
}

static void make_c_code(writer *w)
{
    const char *noun = PICK(w, NOUNS);
    put(w, "for (size_t i = 0; i < %s->count; i++) %s->items[i].%s = %s_%s(%u, 0x%08x);", noun, noun, PICK(w, NOUNS),
        noun, PICK(w, VERBS), below(w, 100000), (unsigned)next(w));
}

static void make_script(writer *w)
{
    put(w, "import os.path; self.%s = config.%s.get('%s', %u.%u) if user.name else None  # see README.md, setup.py",
        PICK(w, NOUNS), PICK(w, NOUNS), PICK(w, NOUNS), below(w, 100), below(w, 1000));
}

static void make_cpp_code(writer *w)
{
    put(w, "std::unordered_map<ab::%s, std::vector<std::%s>> %s_%u; // a::b::c", PICK(w, NOUNS), PICK(w, NOUNS),
        PICK(w, NOUNS), below(w, 100));
}

static void make_annotation(writer *w)
{
    put(w, "@Override @Test(timeout=%u) public void %s%u() { git@%s; user@%s }", below(w, 90000), PICK(w, NOUNS),
        below(w, 99), PICK(w, NOUNS), PICK(w, NOUNS));
}

static void make_log(writer *w)
{
    put(w, "%s [%s-%u] %s %s id=%u took %u.%03ums size=%u ratio=%u.%u%%", PICK(w, LEVELS), PICK(w, NOUNS), below(w, 64),
        PICK(w, NOUNS), PICK(w, VERBS), below(w, 1000000), below(w, 900), below(w, 1000), below(w, 10000000),
        below(w, 100), below(w, 100));
}

static void make_stack(writer *w)
{
    put(w, "\tat org.acme.%s.%s.%s(%s.java:%u) ~[%s-%u.%u.%u.jar:?]", PICK(w, NOUNS), PICK(w, NOUNS), PICK(w, VERBS),
        PICK(w, NOUNS), below(w, 3000), PICK(w, NOUNS), below(w, 9), below(w, 30), below(w, 99));
}

static void make_path(writer *w)
{
    put(w, "/usr/lib/x86_64-linux-gnu/lib%s.so.%u.%u.%u /proc/%u/fd/%u C:\\Windows\\%s.dll", PICK(w, NOUNS),
        below(w, 9), below(w, 40), below(w, 40), below(w, 60000), below(w, 99), PICK(w, NOUNS));
}

static void make_money(writer *w)
{
    put(w, "total %u,%03u,%03u.%02u USD (%u items at %u.%02u)", 1 + below(w, 99), below(w, 1000), below(w, 1000),
        below(w, 100), below(w, 1000), below(w, 500), below(w, 100));
}

static void make_image_reference(writer *w)
{
    put(w, "registry/%s/%s:%u.%u.%u@sha256:", PICK(w, NOUNS), PICK(w, NOUNS), below(w, 20), below(w, 20), below(w, 20));
    put_from(w, HEX, 64);
}

static void make_pod(writer *w)
{
    put(w, "pod/%s-%s-", PICK(w, NOUNS), PICK(w, NOUNS));
    put_from(w, "bcdfghjklmnpqrstvwxz2456789", 10);
    put(w, "-");
    put_from(w, "bcdfghjklmnpqrstvwxz2456789", 5);
    put(w, " %s restarts=%u", PICK(w, VERBS), below(w, 30));
}

static void make_coordinates(writer *w)
{
    put(w, "bbox [%u.%04u, %u.%04u, %u.%04u] vec3(%u.%u, %u.%u, 0.0) #%06x", below(w, 180), below(w, 10000),
        below(w, 90), below(w, 10000), below(w, 90), below(w, 10000), below(w, 9), below(w, 99), below(w, 9),
        below(w, 99), (unsigned)(next(w) & 0xFFFFFF));
}

static void make_prose(writer *w)
{
    static const char *const openers[] = {"The", "Every", "No", "Each", "Some"};
    put(w, "%s %s %s %u times before the %s was %s in chapter %u, section %u.%u.", PICK(w, openers), PICK(w, NOUNS),
        PICK(w, VERBS), 2 + below(w, 40), PICK(w, NOUNS), PICK(w, VERBS), 1 + below(w, 30), 1 + below(w, 20),
        1 + below(w, 9));
}

static void make_word(writer *w)
{
    put_from(w, LOWER, 3 + below(w, 12));
    put(w, "_");
    put_from(w, DIGITS, 1 + below(w, 20));
    put(w, ".");
    put_from(w, LOWER, 2 + below(w, 6));
}

/* Stock keeping units, tickets, invoices, batches: short codes of letters and digits, which many national numbers resemble. */
static void make_code(writer *w)
{
    static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char *const keys[] = {"sku", "part", "batch", "ticket", "invoice", "model", "bin", "lot", "seat"};
    put(w, "%s %s ", PICK(w, keys), PICK(w, VERBS));
    put_from(w, UPPER, 1 + below(w, 4));
    if (below(w, 2) == 0) put(w, "-");
    put_from(w, DIGITS, 2 + below(w, 8));
    if (below(w, 3) == 0) put_from(w, UPPER, 1 + below(w, 2));
    put(w, ", %u of %u", 1 + below(w, 20), 20 + below(w, 80));
}

/* Plain numbers of any length with thousands separators and units. */
static void make_number(writer *w)
{
    static const char *const units[] = {"bytes", "rows", "ms", "ticks", "items", "km", "requests", "cycles"};
    put(w, "total %u,%03u,%03u %s, ", 1 + below(w, 900), below(w, 1000), below(w, 1000), PICK(w, units));
    put_from(w, "123456789", 1);
    put_from(w, DIGITS, 4 + below(w, 15));
    put(w, " %s in %u.%u s (%u%%)", PICK(w, units), below(w, 100), below(w, 10), below(w, 101));
}

static void make_sql(writer *w)
{
    put(w, "INSERT INTO %s_%s (id, shard, size_bytes, ratio, flags) VALUES (%u, %u, %u, %u.%03u, 0x%04x);",
        PICK(w, NOUNS), PICK(w, NOUNS), 1000 + below(w, 9000000), below(w, 64), below(w, 2000000000), below(w, 4),
        below(w, 1000), below(w, 65536));
}

static void make_telemetry(writer *w)
{
    put(w, "{\"%s\":{\"count\":%u,\"sum\":%u.%06u,\"p99\":%u,\"trace\":\"", PICK(w, NOUNS), below(w, 100000),
        below(w, 5000), below(w, 1000000), below(w, 100000));
    put_from(w, HEX, 32);
    put(w, "\",\"span\":\"");
    put_from(w, HEX, 16);
    put(w, "\"}}");
}

static void make_markup(writer *w)
{
    put(w, "<rect x=\"%u.%u\" y=\"%u.%u\" width=\"%u\" height=\"%u\" style=\"fill:#%06x;z-index:%u\"/><!-- %s %u -->",
        below(w, 2000), below(w, 100), below(w, 2000), below(w, 100), below(w, 800), below(w, 600),
        (unsigned)(next(w) & 0xFFFFFF), below(w, 9999), PICK(w, NOUNS), below(w, 100000));
}

static void make_git(writer *w)
{
    put(w, "commit ");
    put_from(w, HEX, 40);
    put(w, " index ");
    put_from(w, HEX, 7);
    put(w, "..");
    put_from(w, HEX, 7);
    put(w, " 100644 @@ -%u,%u +%u,%u @@ fix %s (#%u)", below(w, 2000), below(w, 40), below(w, 2000), below(w, 40),
        PICK(w, NOUNS), below(w, 30000));
}

static void make_books(writer *w)
{
    put(w, "see vol. %u, no. %u, pp. %u-%u, doi 10.%u/", 1 + below(w, 120), 1 + below(w, 12), 1 + below(w, 900),
        901 + below(w, 900), 1000 + below(w, 9000));
    put_from(w, LOWER, 5);
    put(w, ".%u.%05u; figure %u.%u, table %u", 1990 + below(w, 36), below(w, 100000), below(w, 12), below(w, 9),
        below(w, 20));
}

static void make_sport(writer *w)
{
    put(w, "heat %u: %u-%u, %u-%u, %u-%u after %u:%02u.%02u, lane %u, rank %u/%u", 1 + below(w, 9), below(w, 22),
        below(w, 22), below(w, 22), below(w, 22), below(w, 22), below(w, 22), below(w, 60), below(w, 60), below(w, 100),
        1 + below(w, 8), 1 + below(w, 90), 90 + below(w, 100));
}

static void make_settings(writer *w)
{
    static const char *const keys[] = {
        "max_connections", "timeout_ms",           "retry.limit",         "pool-size",       "token_bucket_size",
        "key_cache_bytes", "secret_rotation_days", "password_min_length", "access_log_level"};
    static const char *const values[] = {"true", "false", "none", "auto", "on", "off", "${LIMIT}", "<unset>"};
    put(w, "%s = ", PICK(w, keys));
    if (below(w, 2) == 0)
        put(w, "%u", below(w, 1000000));
    else
        put(w, "%s", PICK(w, values));
    put(w, "  # since %u.%u", below(w, 12), below(w, 40));
}

/* Ordinary sentences with numbers, in the languages whose recognizers run for them. */
static void make_languages(writer *w)
{
    uint32_t a = 2 + below(w, 97);
    uint32_t b = 100 + below(w, 9900);
    switch (below(w, 8)) {
    case 0:
        put(w, "Der Zug hat %u Wagen und braucht %u Minuten für %u Kilometer.", a, b % 600, b);
        break;
    case 1:
        put(w, "El informe tiene %u páginas y cita %u fuentes de %u regiones.", b, a, a / 2);
        break;
    case 2:
        put(w, "Il museo ha %u sale e riceve %u visitatori ogni mese.", a, b);
        break;
    case 3:
        put(w, "W magazynie stoi %u skrzynek, razem %u kilogramów.", a, b);
        break;
    case 4:
        put(w, "Junassa on %u vaunua, ja matka kestää %u minuuttia.", a, b % 600);
        break;
    case 5:
        put(w, "Boken har %u sidor och %u bilder.", b, a);
        break;
    case 6:
        put(w, "Depoda %u kutu ve %u parça var.", a, b);
        break;
    default:
        put(w, "상자 %u개와 부품 %u개가 있습니다. มี %u กล่อง %u ชิ้น", a, b, a, b);
        break;
    }
}

static const struct family {
    const char *name;
    void (*make)(writer *w);
} families[] = {
    {"annotation", make_annotation},
    {"base64", make_base64},
    {"books", make_books},
    {"build_number", make_build_number},
    {"c_code", make_c_code},
    {"code", make_code},
    {"coordinates", make_coordinates},
    {"cpp_code", make_cpp_code},
    {"digest", make_digest},
    {"epoch", make_epoch},
    {"git", make_git},
    {"image_reference", make_image_reference},
    {"languages", make_languages},
    {"log", make_log},
    {"markup", make_markup},
    {"money", make_money},
    {"number", make_number},
    {"path", make_path},
    {"pod", make_pod},
    {"pointer", make_pointer},
    {"prose", make_prose},
    {"row_id", make_row_id},
    {"script", make_script},
    {"semver", make_semver},
    {"settings", make_settings},
    {"snowflake", make_snowflake},
    {"sport", make_sport},
    {"sql", make_sql},
    {"stack", make_stack},
    {"telemetry", make_telemetry},
    {"uuid", make_uuid},
    {"word", make_word},
};

size_t negatives_family_count(void)
{
    return sizeof families / sizeof families[0];
}

const char *negatives_family_name(size_t family)
{
    return families[family].name;
}

/* The name and not the place in the table seeds a family, so that a new one changes no other. */
static uint64_t seed_of(const char *name)
{
    uint64_t seed = UINT64_C(0xCBF29CE484222325); /* FNV-1a */
    for (; *name != '\0'; name++)
        seed = (seed ^ (unsigned char)*name) * UINT64_C(0x100000001B3);
    return seed;
}

size_t negatives_make(size_t family, uint32_t number, char *out, size_t capacity)
{
    writer w = {out, capacity, 0, seed_of(families[family].name) + ((uint64_t)number << 20)};
    families[family].make(&w);
    return w.size;
}
