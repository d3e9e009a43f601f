/*
 * Secrets, row by row: random tokens are made from each row's pattern, and must be found whole, wherever they stand; every one
 * holds a byte of its row's trigger; the bound on entropy refuses none of them and all placeholders. Checksums are those of
 * the providers' own code.
 */

#include "support/cpu_time.h"
#include "support/seed.h"
#include "text/recognizers.h"
#include "text/scan_fixture.h"
#include "text/secrets.h"
#include "text/secrets_impl.h"

#define TOKEN_BYTES 512
#define TOKENS      300

static uint64_t seed = 7;

static uint32_t below(uint32_t bound)
{
    seed += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = (seed ^ seed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) % bound);
}

/* ---- a token from a pattern: literals, classes, groups with alternatives, {n}, {n,m}, ? ---- */

typedef struct maker {
    char *out;
    size_t size;
    char filler; /* 0: random bytes of a class, else this one where the class has it */
} maker;

static const char *make_sequence(maker *m, const char *p, bool is_written);

static size_t class_bytes(const char **p, char *bytes)
{
    size_t count = 0;
    const char *at = *p + 1;
    for (bool first = true; first || *at != ']'; first = false) {
        char low = *at == '\\' ? *++at : *at;
        char high = low;
        if (at[1] == '-' && at[2] != ']') {
            high = at[2];
            at += 2;
        }
        for (int c = low; c <= high; c++)
            bytes[count++] = (char)c;
        at++;
    }
    *p = at + 1;
    return count;
}

static const char *make_atom(maker *m, const char *p, bool is_written)
{
    char bytes[256];
    if (*p == '(') return make_sequence(m, p + 3, is_written) + 1; /* "(?:" */
    if (*p == '[') {
        size_t count = class_bytes(&p, bytes);
        char c = bytes[below((uint32_t)count)];
        if (m->filler != 0 && memchr(bytes, m->filler, count) != NULL) c = m->filler;
        if (is_written) m->out[m->size++] = c;
        return p;
    }
    if (*p == '\\' && p[1] == 'b') return p + 2;
    if (*p == '\\') p++;
    if (is_written) m->out[m->size++] = *p;
    return p + 1;
}

static const char *read_repeat(const char *p, unsigned *least, unsigned *most)
{
    *least = *most = 1;
    if (*p == '?') {
        *least = 0;
        return p + 1;
    }
    if (*p != '{') return p;
    *least = *most = (unsigned)strtoul(p + 1, (char **)&p, 10);
    if (*p == ',') *most = (unsigned)strtoul(p + 1, (char **)&p, 10);
    return p + 1;
}

/* One of the alternatives up to the closing parenthesis or the pattern's end. */
static const char *make_sequence(maker *m, const char *p, bool is_written)
{
    size_t start = m->size;
    uint32_t alternatives = 1;
    for (;;) {
        bool takes = is_written && below(alternatives) == 0;
        if (takes) m->size = start;
        while (*p != '\0' && *p != ')' && *p != '|') {
            unsigned least;
            unsigned most;
            const char *atom = p;
            const char *end = make_atom(m, atom, false);
            const char *next = read_repeat(end, &least, &most);
            unsigned times = least + below(most - least + 1);
            for (unsigned i = 0; i < times && takes; i++)
                (void)make_atom(m, atom, true);
            p = next;
        }
        if (*p != '|') return p;
        p++;
        alternatives++;
    }
}

static size_t make_token(unsigned row, char filler, char *out)
{
    maker m = {out, 0, filler};
    (void)make_sequence(&m, vl_rows[row].pattern, true);
    assert_true(m.size < TOKEN_BYTES);
    return m.size;
}

static bool is_secret(unsigned row)
{
    static const char *const others[] = {"PASSWORD", "PRIVATE_KEY", "JWT", "CONNECTION_STRING", "AUTH_TOKEN"};
    const char *entity = vl_entities[vl_rows[row].entity].name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(entity, others[i]) == 0) return false;
    size_t size = strlen(entity);
    return (size > 4 && strcmp(entity + size - 4, "_KEY") == 0) ||
           (size > 6 && strcmp(entity + size - 6, "_TOKEN") == 0) || strstr(entity, "WEBHOOK") != NULL;
}

/* Its pattern alone says how a token looks: no name before it, no number in base64. */
static bool is_made(unsigned row)
{
    return is_secret(row) && (vl_rows[row].flags & VL_ROW_NAMED) == 0 && row != VL_ROW_DISCORD_BOT &&
           row != VL_ROW_TERRAFORM && row != VL_ROW_AZURE_SECRET; /* whose end is a guess */
}

static const veil_finding *find_at(const found *all, unsigned row, size_t start)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].start == start && strcmp(all->items[i].recognizer, vl_rows[row].name) == 0)
            return &all->items[i];
    return NULL;
}

static bool may_be_refused(unsigned row, const char *token, size_t size)
{
    if (row == VL_ROW_CRATES) /* without a digit it is a word */
        for (size_t i = 0;; i++) {
            if (i == size) return true;
            if (token[i] >= '0' && token[i] <= '9') return false;
        }
    return row == VL_ROW_AGE_SECRET_KEY;
}

static void there_are_sixty_formats_and_more(void **state)
{
    (void)state;
    unsigned rows = 0;
    unsigned made = 0;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        rows += is_secret(row);
        made += is_made(row);
    }
    printf("%u formats of tokens and keys, %u of them checked with random tokens\n", rows, made);
    assert_true(made >= 90);
}

static void random_tokens_are_found_whole(void **state)
{
    (void)state;
    static found all;
    static const char *const behind[] = {"", " ", "\n", "\"", ",", ". ", ")", "\\n", "<", ";x"};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    veil_text_options options;
    veil_text_options_init(&options);
    options.flags = VEIL_TEXT_ALL;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        unsigned tried = 0;
        for (unsigned i = 0; i < TOKENS && is_made(row); i++) {
            char text[TOKEN_BYTES + 64];
            char token[TOKEN_BYTES];
            size_t size = make_token(row, 0, token);
            if (may_be_refused(row, token, size)) continue;
            int start = snprintf(text, sizeof text, "%.*s", (int)below(9), "no: \"x= (");
            if (start > 0 && (text[start - 1] == 'x' || text[start - 1] == 'o' || text[start - 1] == 'n'))
                text[start - 1] = ' ';
            int end = start + snprintf(text + start, sizeof text - (size_t)start, "%.*s", (int)size, token);
            int total = end + snprintf(text + end, sizeof text - (size_t)end, "%s", behind[i % 10]);
            scan_text(sanitizer, &options, text, (size_t)total, &all);
            const veil_finding *f = find_at(&all, row, (size_t)start);
            if (f == NULL) fail_msg("%s misses %s", vl_rows[row].name, text);
            if (f->end != (size_t)end) fail_msg("%s ends at %zu in %s", vl_rows[row].name, (size_t)f->end, text);
            tried++;
        }
        if (is_made(row)) /* a token that is missed ends the test */
            printf("tokens: %-26s %-32s %4u of %4u\n", vl_entities[vl_rows[row].entity].name, vl_rows[row].name, tried,
                   tried);
    }
    veil_sanitizer_destroy(sanitizer);
}

static void random_tokens_hold_their_trigger(void **state)
{
    (void)state;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        for (unsigned i = 0; i < TOKENS && is_made(row); i++) {
            char token[TOKEN_BYTES];
            size_t size = make_token(row, 0, token);
            const char *trigger = vl_rows[row].trigger;
            bool has_trigger = false;
            if (strcmp(trigger, "0-9") == 0) trigger = "0123456789";
            for (size_t k = 0; k < size; k++)
                has_trigger |= strchr(trigger, token[k]) != NULL;
            bool is_refused = vl_rows[row].validate(token, size) == VL_INVALID;
            if (!has_trigger && !is_refused) fail_msg("%s: %.*s", vl_rows[row].name, (int)size, token);
        }
    }
}

/* "sk_live_xxxxxxxx": not where it is one byte again and again, and where two take turns. */
static void placeholders_are_none(void **state)
{
    (void)state;
    static found all;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (unsigned row = 0; row < VL_ROW_COUNT; row++) {
        for (const char *filler = "xX0aA"; *filler != '\0' && is_made(row); filler++) {
            char token[TOKEN_BYTES];
            size_t size = make_token(row, *filler, token);
            if (vl_entropy(token + 4, size - 4) > 2.0f) continue; /* a class that does not have the byte */
            scan_text(sanitizer, NULL, token, size, &all);
            if (find_at(&all, row, 0) != NULL) fail_msg("%s finds %.*s", vl_rows[row].name, (int)size, token);
        }
    }
    veil_sanitizer_destroy(sanitizer);
}

/* What the bounds are made from: how little entropy random bytes have. */
static void the_bounds_on_entropy_are_measured(void **state)
{
    (void)state;
    static const struct {
        const char *alphabet;
        size_t size;
        float bound;
    } cases[] = {{"abcdefghijklmnopqrstuvwxyz234567", 16, 2.2f},
                 {"0123456789abcdef", 32, 2.2f},
                 {"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 16, 2.2f},
                 {"0123456789abcdef", 16, 2.2f}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        float least = 8;
        for (unsigned i = 0; i < 200000; i++) {
            char text[32];
            for (size_t k = 0; k < cases[c].size; k++)
                text[k] = cases[c].alphabet[below((uint32_t)strlen(cases[c].alphabet))];
            float entropy = vl_entropy(text, cases[c].size);
            if (entropy < least) least = entropy;
        }
        printf("%zu bytes of %zu: at least %.2f bits a byte\n", cases[c].size, strlen(cases[c].alphabet),
               (double)least);
        if (c < 3) assert_true(least > cases[c].bound);
    }
    assert_true(vl_entropy("aaaaaaaa", 8) == 0.0f);
    assert_true(vl_entropy("abababab", 8) == 1.0f);
    assert_true(vl_entropy("", 0) == 0.0f);
}

/* KEY_ENTROPY (credentials.c) costs random keys that are short: which share has less, in a hundred thousand. */
static void the_cost_of_the_bound_on_keys_is_measured(void **state)
{
    (void)state;
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const struct {
        unsigned kinds;
        size_t size;
        unsigned most;
    } cases[] = {{62, 8, 1700}, {62, 10, 150}, {62, 12, 15}, {62, 16, 0}, {16, 8, 23000}};
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        unsigned below_bound = 0;
        for (unsigned i = 0; i < 100000; i++) {
            char text[16];
            for (size_t k = 0; k < cases[c].size; k++)
                text[k] = letters[below(cases[c].kinds)];
            below_bound += vl_entropy(text, cases[c].size) < 2.5f;
        }
        printf("%zu bytes of %u: %u in 100,000 keys below the bound\n", cases[c].size, cases[c].kinds, below_bound);
        assert_in_range(below_bound, 0, cases[c].most);
    }
}

/* A run may be as long as it likes; no byte of it stays, and beginnings inside it cost nothing. */
static void long_runs_go_whole(void **state)
{
    (void)state;
    enum { LENGTH = 200000 };
    static char text[LENGTH + 1];
    static char out[LENGTH];
    static const char *const parts[] = {"sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH-",
                                        "glpat-abcdefghijklmn0123456-", "ghs_abcdefghijklmnopqrstuvwxyz0123456789.",
                                        "password=token="};
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        size_t part = strlen(parts[i]);
        size_t out_bytes;
        for (size_t p = 0; p < LENGTH; p++)
            text[p] = parts[i][p % part];
        assert_int_equal(veil_text_redact(sanitizer, NULL, text, LENGTH, out, sizeof out, &out_bytes, NULL, NULL),
                         VEIL_OK);
        assert_true(out_bytes < 64);
    }
    veil_sanitizer_destroy(sanitizer);
}

/* What the build compiled and what is compiled now find the same. */
static void both_ways_to_the_database_find_the_same(void **state)
{
    (void)state;
    static found loaded;
    static found compiled;
    static char text[40000];
    size_t size = 0;
    for (unsigned row = 0; row < VL_ROW_COUNT; row++)
        if (is_secret(row))
            size +=
                (size_t)snprintf(text + size, sizeof text - size, "%s%s\n", vl_rows[row].before, vl_rows[row].sample);
    for (unsigned i = 0; i < 2; i++) {
        vl_secrets_compile_always = i == 1;
        veil_sanitizer *sanitizer = make_text("en", 0.4f);
        scan_text(sanitizer, NULL, text, size, i == 0 ? &loaded : &compiled);
        veil_sanitizer_destroy(sanitizer);
    }
    vl_secrets_compile_always = false;
    assert_true(loaded.count > 100);
    assert_int_equal(loaded.count, compiled.count);
    for (size_t i = 0; i < loaded.count; i++) {
        assert_int_equal(loaded.items[i].start, compiled.items[i].start);
        assert_int_equal(loaded.items[i].end, compiled.items[i].end);
        assert_string_equal(loaded.items[i].recognizer, compiled.items[i].recognizer);
    }
}

/* Keys as forms, query strings and Kubernetes carry them. */
static void encoded_keys_go_whole(void **state)
{
    (void)state;
    static const char *const spaces[] = {" ", "+", "%20"};
    static char text[8192], out[8192];
    static const char line[] = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDCsdbpJBJtPKhY%2B%2F";
    static const char wrapped[] = "kind: Secret\n  tls.key: LS0tLS"
                                  "1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lH\nkeys: 3\n";
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    size_t written;
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t size = (size_t)snprintf(text, sizeof text, "a=1&key=-----BEGIN%sRSA%sPRIVATE%sKEY-----%%0A", spaces[i],
                                       spaces[i], spaces[i]);
        for (unsigned n = 0; n < 60; n++)
            size += (size_t)snprintf(text + size, sizeof text - size, "%s%%0A", line);
        size += (size_t)snprintf(text + size, sizeof text - size, "-----END%sRSA%sPRIVATE%sKEY-----%%0A&b=2", spaces[i],
                                 spaces[i], spaces[i]);
        assert_int_equal(veil_text_redact(sanitizer, NULL, text, size, out, sizeof out, &written, NULL, NULL), VEIL_OK);
        assert_string_equal(out, "a=1&key=<PRIVATE_KEY>%0A&b=2");
    }
    assert_int_equal(
        veil_text_redact(sanitizer, NULL, wrapped, sizeof wrapped - 1, out, sizeof out, &written, NULL, NULL), VEIL_OK);
    assert_string_equal(out, "kind: Secret\n  tls.key: <PRIVATE_KEY>\nkeys: 3\n");
    veil_sanitizer_destroy(sanitizer);
}

static double time_a_byte(const veil_sanitizer *sanitizer, const char *text, size_t size, unsigned rounds)
{
    double best = 1e9;
    for (unsigned i = 0; i < rounds; i++) {
        veil_text_result result = {sizeof result, NULL, 0, 0};
        double begin = cpu_seconds();
        veil_status status = veil_text_scan(sanitizer, NULL, text, size, &result, NULL);
        double took = (cpu_seconds() - begin) * 1e9;
        assert_true(status == VEIL_OK || status == VEIL_ERR_BUFFER_TOO_SMALL); /* they are counted only */
        if (took < best) best = took;
    }
    return best / (double)size;
}

/* Names whose values run on over the names that follow: what is looked at of each value is bounded. */
static void values_behind_values_cost_no_more(void **state)
{
    (void)state;
    static const char *const parts[] = {"pwd:x", "pwd:-", "token:a1", "secret:1B", "password:", "pass.pass:"};
    static char text[65536];
    const size_t small = 1024;
    veil_sanitizer *sanitizer = make_text("en", 0.4f);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        for (size_t k = 0; k < sizeof text; k++)
            text[k] = parts[i][k % strlen(parts[i])];
        double few = time_a_byte(sanitizer, text, small, 50);
        double many = time_a_byte(sanitizer, text, sizeof text, 10);
        printf("%s: %.1f and %.1f ns a byte\n", parts[i], few, many);
        assert_true(many < 5 * few); /* where 4,096 bytes of each value are read: 8 times and more */
    }
    veil_sanitizer_destroy(sanitizer);
}

int main(void)
{
    seed = test_seed(seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_sixty_formats_and_more),
        cmocka_unit_test(random_tokens_are_found_whole),
        cmocka_unit_test(encoded_keys_go_whole),
        cmocka_unit_test(random_tokens_hold_their_trigger),
        cmocka_unit_test(placeholders_are_none),
        cmocka_unit_test(the_bounds_on_entropy_are_measured),
        cmocka_unit_test(long_runs_go_whole),
        cmocka_unit_test(the_cost_of_the_bound_on_keys_is_measured),
        cmocka_unit_test(both_ways_to_the_database_find_the_same),
        cmocka_unit_test(values_behind_values_cost_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
