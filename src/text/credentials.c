/*
 * Values behind the name of a secret: "password=...", "api_key: ...", `"clientSecret": "..."`, "--password ...",
 * "Authorization: Bearer ...", <password>...</password>. The name is found by three letters of its last word, whatever stands
 * before it in the identifier ("DB_PASSWORD", "dbPassword"); then come an end quote, a separator, a quote, and the value.
 *
 * A password has no least entropy; a key or token has, for "token" and "key" name many harmless things. What stands for a
 * value ("${NAME}", "****", "null") or computes one (calls, members, other variables) is none. A value without quotes ends
 * at white space or where the next pair begins.
 */
#include <string.h>

#include "text/secrets_impl.h"
#include "text/walks.h"

#define NAME_BYTES      64u /* looked at before the word */
#define SPACES_MAX      8u
#define QUOTED_BYTES    360u /* with the name less than VL_LOOK_BACK; a longer value ends where one without quotes does */
#define SIGNATURE_BYTES 200u /* 32 bytes in base64 have 43, percent-encoded a few more */
#define SEEN_BYTES      4096u
/* Bits a byte. The price: of random keys from 62 letters and digits 1.5 % of those of 8 bytes have less, 0.1 % of 10 bytes,
 * 2 in 10^5 of 12; of 8 hexadecimal digits 22 % (secrets_test measures and bounds these). */
#define KEY_ENTROPY  2.5f
#define JUDGED_BYTES 256u /* of a value, for what costs time: values may overlap, "a:pwd:a:pwd:" */
#define CODE_BYTES   128u /* an expression's names are not longer */

enum { /* what a word names */
       KIND_NONE,
       KIND_PASSWORD, /* any value */
       KIND_PASS,     /* "pass", which is also a verb: behind = or in quotes */
       KIND_SECRET,   /* "secret", "token", "...key": at least KEY_ENTROPY */
       KIND_HEADER,   /* "authorization" */
       KIND_BEARER,   /* "bearer", wherever it stands */
       KIND_SIGNATURE /* "sig" of a shared access signature */
};

typedef struct word {
    const char *text; /* lower case; begins with one of the leads */
    uint8_t size;
    uint8_t kind;
} word;

static const word words[] = {
    {"password", 8, KIND_PASSWORD},
    {"passwort", 8, KIND_PASSWORD},
    {"passwd", 6, KIND_PASSWORD},
    {"passphrase", 10, KIND_PASSWORD},
    {"passcode", 8, KIND_PASSWORD},
    {"passwrd", 7, KIND_PASSWORD},
    {"pass", 4, KIND_PASS},
    {"pwd", 3, KIND_PASSWORD},
    {"secret", 6, KIND_SECRET},
    {"token", 5, KIND_SECRET},
    {"key", 3, KIND_SECRET},
    {"credential", 10, KIND_SECRET},
    {"authorization", 13, KIND_HEADER},
    {"auth", 4, KIND_SECRET},
    {"bearer", 6, KIND_BEARER},
    {"sig", 3, KIND_SIGNATURE},
};

void vl_credential_leads(vl_letter_set *set)
{
    static const char *const leads[] = {"pas", "pwd", "sec", "tok", "key", "aut", "cre", "sig", "bea"};
    static const uint8_t buckets[] = {0, 1, 2, 3, 4, 5, 6, 6, 4}; /* what shares a bucket mixes with few words */
    vl_letter_set_clear(set);
    for (size_t i = 0; i < sizeof buckets; i++)
        vl_letter_set_add(set, buckets[i], leads[i]);
    for (char digit = '0'; digit <= '9'; digit++) /* secrets of Microsoft Entra: "8Q~" */
        vl_letter_set_add(set, 7, (const char[]){digit, 'q', '~'});
    vl_letter_set_add(set, 7, "56~"); /* of OpenShift: "sha256~" */
}

static uint8_t lower_at(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    return (uint8_t)(c - 'A') < 26 ? c | 0x20 : c;
}

static bool is_at(const vl_scan *scan, size_t p, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (lower_at(scan, p + i) != (uint8_t)text[i]) return false;
    return true;
}

/* ---- values ---- */

static bool is_same_byte(const uint8_t *text, size_t size)
{
    for (size_t i = 1; i < size; i++)
        if (text[i] != text[0]) return false;
    return true;
}

/* Signs that hide a value: "****", "....", "xxxx-xxxx". */
static bool is_masked(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr("*.xX#-_ ", text[i]) == NULL || text[i] == '\0') return false;
    return true;
}

static bool equals_word(const uint8_t *text, size_t size, const char *wanted)
{
    if (strlen(wanted) != size) return false;
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)(text[i] | 0x20) != (uint8_t)wanted[i]) return false;
    return true;
}

static bool is_named(const uint8_t *text, size_t size)
{
    static const char *const none[] = {
        "null",     "none",    "nil",     "true",     "false",    "undefined", "unset",  "redacted", "removed",
        "filtered", "hidden",  "masked",  "required", "optional", "string",    "str",    "text",     "varchar",
        "boolean",  "integer", "bytes",   "bool",     "int",      "char",      "object", "self",     "this",
        "empty",    "default", "missing", "invalid",  "expired",  "incorrect"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        if (equals_word(text, size, none[i])) return true;
    return false;
}

/* "$DB_PASSWORD" */
static bool is_variable(const uint8_t *text, size_t size)
{
    if (text[0] != '$' || size < 2 || vl_is_digit((char)text[1])) return false;
    for (size_t i = 1; i < size; i++)
        if (!vl_is_word(text[i])) return false;
    return true;
}

/* "${...}", "{{...}}", "%(...)s", "<...>", "[...]", "%...%" */
static bool is_template(const uint8_t *text, size_t size)
{
    uint8_t first = text[0];
    uint8_t second = size > 1 ? text[1] : 0;
    uint8_t last = text[size - 1];
    if (second == '{' || second == '(') return first == '$' || first == '#' || first == '%' || first == '{';
    if (first == '<') return true;
    return (first == '[' && last == ']') || (first == '{' && last == '}') || (first == '%' && last == '%');
}

bool vl_is_placeholder(const uint8_t *text, size_t size)
{
    if (size == 0 || is_same_byte(text, size) || is_masked(text, size) || is_named(text, size)) return true;
    return is_template(text, size) || is_variable(text, size);
}

static bool is_name_byte(uint8_t c)
{
    return vl_is_alpha((char)c) || (c != 0 && strchr("_.$>:?!-", c) != NULL);
}

/* Names with digits, joined by dots, that are called, indexed or assigned to: "base64.b64encode(", "self.x1[". */
static bool is_member(const uint8_t *text, size_t size)
{
    size_t i = 0;
    unsigned dots = 0;
    while (i < size && (vl_is_word(text[i]) || text[i] == '.'))
        dots += text[i++] == '.';
    if (dots == 0 || i == size || vl_is_digit((char)text[0])) return false;
    return (text[i] == '(' || text[i] == '[' || text[i] == '=') && vl_is_word(text[i - 1]);
}

/* Words of code: a call, a member, an index, an object, another variable ("userPassword", "config.secret"). */
static bool is_expression(const uint8_t *text, size_t size)
{
    bool has_joint = false;
    bool has_hump = false;
    size_t i = 0;
    for (; i < size && is_name_byte(text[i]); i++) {
        if (i == CODE_BYTES) return false;
        has_joint |= text[i] == '.' || text[i] == '_' || text[i] == ':';
        has_hump |= i > 0 && (uint8_t)(text[i] - 'A') < 26 && (uint8_t)(text[i - 1] - 'a') < 26;
    }
    if (i == size) return (has_joint || has_hump) && text[size - 1] != '!';
    if (i == 0) return false;
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') return true;
    return ((text[i] == '@' || text[i] == '/') && has_joint) || is_member(text, size);
}

static bool is_letters(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!vl_is_alpha((char)text[i])) return false;
    return true;
}

/* ---- from the name to the value ---- */

typedef struct value {
    size_t start;
    size_t end;
    bool is_quoted;
    bool is_assigned; /* "=" */
    bool has_spaces;  /* around the separator */
    bool is_last;     /* nothing but punctuation behind it in its line */
} value;

static size_t skip_spaces(const vl_scan *scan, size_t p)
{
    for (unsigned i = 0; i < SPACES_MAX && (vl_byte(scan, p) == ' ' || vl_byte(scan, p) == '\t'); i++)
        p++;
    return p;
}

/* A quote, as it is or behind a backslash; bytes, or 0. */
static unsigned quote_at(const vl_scan *scan, size_t p, uint8_t *quote)
{
    uint8_t c = vl_byte(scan, p);
    unsigned slash = c == '\\';
    if (slash != 0) c = vl_byte(scan, p + 1);
    *quote = c;
    return c == '"' || c == '\'' || c == '`' ? 1 + slash : 0;
}

/* Behind "=", ":", "=>", ":="; `p` itself for none. */
static size_t separator_end(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    uint8_t next = vl_byte(scan, p + 1);
    if (c == '=') return next == '=' || next == '~' ? p : next == '>' ? p + 2 : p + 1;
    if (c == ':') return next == ':' ? p : next == '=' ? p + 2 : p + 1;
    return p;
}

/* The end of a value in quotes, or p when the quote is not closed in its line. */
static size_t quoted_end(vl_scan *scan, size_t p, uint8_t quote, bool is_escaped)
{
    for (size_t at = p; at - p < QUOTED_BYTES; at++) {
        if (at >= scan->size) { /* also behind an escaped end */
            if (scan->may_grow) vl_note_undecided(scan, p);
            return p;
        }
        uint8_t c = scan->text[at];
        if (c == '\n') return p;
        if (is_escaped && c == '\\' && vl_byte(scan, at + 1) == quote) return at;
        if (c == quote) return at;
        if (c == '\\' && !is_escaped) at++;
    }
    return p;
}

/* "b'...'", "@\"...\"": one letter or sign before the quote. */
static size_t skip_prefix(const vl_scan *scan, size_t p)
{
    uint8_t quote;
    uint8_t c = vl_byte(scan, p);
    bool is_prefix = c != 0 && strchr("bBrRuUfFLN@", c) != NULL;
    return is_prefix && quote_at(scan, p + 1, &quote) == 1 ? p + 1 : p;
}

/* Seen by one byte, for a stream decides word by word. */
static bool is_line_end(const vl_scan *scan, size_t p)
{
    uint8_t c = vl_byte(scan, p);
    return c == 0 || strchr("\n\r,;)]}\"'<&#", c) != NULL || (c == '\\' && vl_byte(scan, p + 1) == 'n');
}

static bool read_value(vl_scan *scan, size_t p, value *out)
{
    uint8_t quote;
    p = skip_prefix(scan, p);
    unsigned quote_bytes = quote_at(scan, p, &quote);
    out->is_quoted = false;
    if (quote_bytes != 0) {
        out->start = p + quote_bytes;
        out->end = quoted_end(scan, out->start, quote, quote_bytes == 2);
        out->is_quoted = out->end > out->start;
        if (vl_byte(scan, out->start) == quote) return false; /* empty */
        p = out->start;
    }
    if (!out->is_quoted) {
        out->start = p;
        out->end = vl_run_end(scan, VL_RUN_VALUE, p, p);
        while (out->end > p && strchr(",;.:", scan->text[out->end - 1]) != NULL)
            out->end--;
    }
    out->is_last = is_line_end(scan, out->end);
    return out->end > out->start;
}

/* From behind the name to the value. */
static bool find_value(vl_scan *scan, size_t name, size_t p, value *out)
{
    uint8_t quote;
    bool is_option = name >= 2 && scan->text[name - 1] == '-' && scan->text[name - 2] == '-';
    bool is_element = name >= 1 && scan->text[name - 1] == '<' && vl_byte(scan, p) == '>';
    p += quote_at(scan, p, &quote);
    if (vl_byte(scan, p) == ']') p++;
    size_t separator = skip_spaces(scan, p);
    size_t behind = separator_end(scan, separator);
    if (is_element)
        behind = p + 1;
    else if (behind == separator && (!is_option || separator == p))
        return false;
    size_t at = is_element ? behind : skip_spaces(scan, behind);
    out->is_assigned = vl_byte(scan, separator) == '=' || is_option || is_element;
    out->has_spaces = separator > p || at > behind;
    return read_value(scan, at, out) && (!is_element || vl_byte(scan, out->end) == '<');
}

/* ---- what each kind of name asks of its value ---- */

/* Where the identifier begins that holds the word at p. */
static size_t name_start(const vl_scan *scan, size_t p)
{
    size_t start = p;
    while (start > 0 && p - start < NAME_BYTES &&
           (vl_is_word(scan->text[start - 1]) || scan->text[start - 1] == '-' || scan->text[start - 1] == '.'))
        start--;
    while (start < p && !vl_is_word(scan->text[start]))
        start++;
    return start;
}

/* One of the words ends right before p, or before a joint there. */
static bool ends_with(const vl_scan *scan, size_t p, const char *const *list, size_t count)
{
    if (p > 0 && (scan->text[p - 1] == '_' || scan->text[p - 1] == '-' || scan->text[p - 1] == ' ')) p--;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(list[i]);
        if (p >= length && is_at(scan, p - length, list[i], length)) return true;
    }
    return false;
}
#define ENDS_WITH(scan, p, list) ends_with(scan, p, list, sizeof(list) / sizeof(list)[0])

/* "key" alone is a word of data structures; keys that open something are named so. In prose some of these words mean others. */
static bool names_key(const vl_scan *scan, size_t p)
{
    static const char *const apart[] = {"api", "access", "secret", "license", "encryption"};
    static const char *const before[] = {
        "api",     "access",       "secret", "private",  "auth",      "account", "encryption",   "signing",
        "shared",  "sharedaccess", "master", "consumer", "license",   "storage", "subscription", "service",
        "webhook", "app",          "admin",  "primary",  "secondary", "deploy",  "functions",    "role"};
    return p > 0 && scan->text[p - 1] == ' ' ? ENDS_WITH(scan, p, apart) : ENDS_WITH(scan, p, before);
}

/* Tokens of pagination and of parsers are no secrets. */
static bool names_token(const vl_scan *scan, size_t p)
{
    static const char *const before[] = {"page",         "next",       "continuation", "sync", "cursor",
                                         "cancellation", "unexpected", "cancel",       "pad",  "mask",
                                         "special",      "eos",        "bos",          "stop"};
    return !ENDS_WITH(scan, p, before);
}

static bool is_base64_key(const uint8_t *text, size_t size)
{
    if ((size != 44 && size != 88) || text[size - 1] != '=') return false;
    for (size_t i = 0; i < size; i++)
        if (!vl_is_alnum((char)text[i]) && text[i] != '+' && text[i] != '/' && text[i] != '=') return false;
    return true;
}

static bool is_aws_secret(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!vl_is_alnum((char)text[i]) && text[i] != '+' && text[i] != '/') return false;
    return size == 40;
}

/* A key of a provider that its name and its form give away; VL_ROW_COUNT: no such. */
static unsigned row_of_key(const vl_scan *scan, size_t name, const value *v)
{
    static const char *const azure[] = {"account", "sharedaccess", "primary", "secondary", "storage"};
    static const char *const aws[] = {"secret_access", "secretaccess", "secret-access", "aws_secret", "awssecret"};
    const uint8_t *text = scan->text + v->start;
    size_t size = v->end - v->start;
    if (ENDS_WITH(scan, name, azure) && is_base64_key(text, size)) return VL_ROW_AZURE_KEY;
    if (ENDS_WITH(scan, name, aws) && is_aws_secret(text, size)) return VL_ROW_AWS_SECRET;
    return VL_ROW_COUNT;
}

/* "compass", "bypass": other words that end so. */
static bool is_other_word(const vl_scan *scan, size_t p)
{
    static const char *const before[] = {"com", "by", "sur", "tres", "mini", "over"};
    return p > 0 && vl_is_alpha((char)scan->text[p - 1]) && ENDS_WITH(scan, p, before);
}

/* "password=password" hands a variable on. */
static bool names_itself(const uint8_t *text, size_t size)
{
    static const char *const names[] = {"password", "passwd", "passphrase", "pwd", "pass", "passcode"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (equals_word(text, size, names[i])) return true;
    return false;
}

/* Whether a value is a secret, its first bytes tell. */
static size_t seen_bytes(const value *v)
{
    return v->end - v->start < SEEN_BYTES ? v->end - v->start : SEEN_BYTES;
}

/* A value of letters alone is a password where a line holds nothing else, and not where code names a variable. */
static bool is_password(const vl_scan *scan, const value *v, bool is_weak)
{
    const uint8_t *text = scan->text + v->start;
    size_t size = seen_bytes(v);
    if (size < 4 || vl_is_placeholder(text, size)) return false;
    if (v->is_quoted) return memchr(text, ' ', size) == NULL || size > 8;
    if (is_expression(text, size) || text[0] == '/' || text[0] == '(' || text[0] == '&') return false;
    if (text[size - 1] == ')' && is_named(text, size - 1)) return false; /* "def f(password=None)" */
    if (is_weak && !v->is_assigned) return false;
    if (!is_letters(text, size)) return true;
    if (names_itself(text, size) || (is_weak && v->has_spaces)) return false;
    return v->is_last || (v->is_assigned && !v->has_spaces);
}

static bool has_mixed_bytes(const uint8_t *text, size_t size)
{
    unsigned kinds = 0;
    for (size_t i = 0; i < size; i++) {
        bool is_upper = (uint8_t)(text[i] - 'A') < 26;
        kinds |= vl_is_digit((char)text[i]) ? 1 : is_upper ? 2 : 4;
    }
    return (kinds & 1) != 0 || (size >= 20 && (kinds & 2) != 0);
}

static bool is_key(const vl_scan *scan, const value *v)
{
    const uint8_t *text = scan->text + v->start;
    size_t size = seen_bytes(v);
    if (size < 8 || vl_is_placeholder(text, size)) return false;
    if (size > JUDGED_BYTES) size = JUDGED_BYTES;
    if (!has_mixed_bytes(text, size)) return false;
    if (memchr(text, ' ', size) != NULL || (!v->is_quoted && is_expression(text, size))) return false;
    if (text[0] == '/' || text[0] == '.') return false;
    if (vl_is_digit((char)text[0]) && memchr(text, '.', size) != NULL && size < 12) return false; /* a version */
    return vl_entropy((const char *)text, size) >= KEY_ENTROPY;
}

/* Names that go on: digits ("password2"), a second field ("password_confirmation"). */
static size_t name_end(const vl_scan *scan, size_t p, unsigned kind)
{
    static const char *const more[] = {"_confirmation", "confirmation", "_confirm", "_again"};
    for (size_t i = 0; i < 4 && kind == KIND_PASSWORD; i++)
        if (is_at(scan, p, more[i], strlen(more[i]))) p += strlen(more[i]);
    size_t at = p + (vl_byte(scan, p) == '_' && vl_digit_at(scan, p + 1));
    for (unsigned i = 0; i < 2 && vl_digit_at(scan, at); i++)
        p = ++at;
    return p;
}

/* RFC 7235: the scheme's name, a space, the credentials. */
static void match_header(vl_scan *scan, size_t p)
{
    static const char *const schemes[] = {"bearer", "basic", "token", "digest", "apikey", "negotiate"};
    uint8_t quote;
    p += quote_at(scan, p, &quote);
    size_t at = skip_spaces(scan, p);
    size_t behind = separator_end(scan, at);
    if (behind == at) return;
    at = skip_spaces(scan, behind);
    unsigned quote_bytes = quote_at(scan, at, &quote);
    bool is_bare = quote_bytes == 0; /* no quote and no scheme: maybe code */
    at += quote_bytes;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (!is_at(scan, at, schemes[i], length) || vl_byte(scan, at + length) != ' ') continue;
        at = skip_spaces(scan, at + length);
        is_bare = false;
        break;
    }
    size_t end = at;
    while (vl_is_alnum((char)vl_byte(scan, end)) || (vl_byte(scan, end) != 0 && strchr("+/=._~-", scan->text[end])))
        end++;
    while (end > at && scan->text[end - 1] == '.')
        end--;
    bool is_call = is_bare && (vl_byte(scan, end) == '(' || vl_byte(scan, end) == '[');
    bool is_value = end - at >= 8 && !is_call && !vl_is_placeholder(scan->text + at, end - at);
    if (is_value) vl_emit(scan, VL_ROW_AUTHORIZATION, at, end);
}

static void match_bearer(vl_scan *scan, size_t p)
{
    size_t at = p + 1;
    size_t end = at;
    if (vl_byte(scan, p) != ' ') return;
    while (vl_is_alnum((char)vl_byte(scan, end)) || (vl_byte(scan, end) != 0 && strchr("+/=._~-", scan->text[end])))
        end++;
    while (end > at && scan->text[end - 1] == '.')
        end--;
    value v = {.start = at, .end = end, .is_quoted = true};
    if (end - at >= 16 && is_key(scan, &v)) vl_emit(scan, VL_ROW_AUTHORIZATION, at, end);
}

/* "sig=" in the query of a shared access signature: 32 bytes in base64, percent-encoded. */
static void match_signature(vl_scan *scan, size_t name, size_t p)
{
    uint8_t before = name > 0 ? scan->text[name - 1] : 0;
    if (vl_byte(scan, p) != '=' || (before != '&' && before != '?' && before != ';')) return;
    size_t end = p + 1;
    while (end - p < SIGNATURE_BYTES &&
           (vl_is_alnum((char)vl_byte(scan, end)) || (vl_byte(scan, end) != 0 && strchr("+/=%-_", scan->text[end]))))
        end++;
    if (end - p > 40) vl_emit(scan, VL_ROW_AZURE_SAS, p + 1, end);
}

/* Microsoft Entra: three characters, a digit, "Q~", and 31 to 34 more. `p` is the digit. */
static void match_entra(vl_scan *scan, size_t p)
{
    if (p < 3 || scan->text[p + 1] != 'Q' || vl_byte(scan, p + 2) != '~') return;
    for (size_t i = p - 3; i < p; i++)
        if (!vl_is_word(scan->text[i]) && strchr("~.-", scan->text[i]) == NULL) return;
    size_t end = p + 3;
    while (end - p < 3 + 34 &&
           (vl_is_word(vl_byte(scan, end)) || (vl_byte(scan, end) != 0 && strchr("~.-", scan->text[end]))))
        end++;
    if (end - p >= 3 + 31 && !vl_word_at(scan, end) && !vl_word_before(scan, p - 3))
        vl_emit(scan, VL_ROW_AZURE_SECRET, p - 3, end);
}

/* OpenShift, "Managing user-owned OAuth access tokens": "sha256~" and 32 bytes in base64url. `p` is the 5. */
static void match_openshift(vl_scan *scan, size_t p)
{
    if (p < 4 || !is_at(scan, p - 4, "sha256~", 7) || vl_word_before(scan, p - 4)) return;
    size_t end = p + 3;
    while (vl_is_word(vl_byte(scan, end)) || vl_byte(scan, end) == '-')
        end++;
    if (end - p - 3 == 43) vl_emit(scan, VL_ROW_OPENSHIFT, p - 4, end);
}

static void match_named(vl_scan *scan, size_t p, size_t end, unsigned kind)
{
    value v;
    if (kind == KIND_SECRET && scan->text[p] != 's' && scan->text[p] != 'S') {
        bool is_token = (scan->text[p] | 0x20) == 't';
        bool is_credential = (scan->text[p] | 0x20) == 'c' || (scan->text[p] | 0x20) == 'a';
        if (is_token ? !names_token(scan, p) : !is_credential && !names_key(scan, p)) return;
    }
    if (kind == KIND_PASS && is_other_word(scan, p)) return;
    size_t name = name_start(scan, p);
    if (!find_value(scan, name, end, &v)) return;
    unsigned row = kind == KIND_SECRET ? row_of_key(scan, p, &v) : VL_ROW_COUNT;
    if (row == VL_ROW_COUNT) {
        if (kind == KIND_SECRET ? !is_key(scan, &v) : !is_password(scan, &v, kind == KIND_PASS)) return;
        row = kind == KIND_SECRET ? VL_ROW_SECRET_VALUE : VL_ROW_PASSWORD_VALUE;
    }
    if (!vl_on(scan, row)) return;
    if (v.is_quoted)
        vl_emit(scan, row, v.start, v.end);
    else
        vl_emit_run(scan, VL_RUN_VALUE, row, v.start, v.end);
}

void vl_match_credential(vl_scan *scan, size_t p)
{
    if (vl_is_digit((char)scan->text[p])) {
        if (vl_on(scan, VL_ROW_AZURE_SECRET)) match_entra(scan, p);
        if (vl_on(scan, VL_ROW_OPENSHIFT)) match_openshift(scan, p);
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const word *w = &words[i];
        if ((scan->text[p] | 0x20) != (uint8_t)w->text[0] || !is_at(scan, p, w->text, w->size)) continue;
        size_t end = name_end(scan, p + w->size, w->kind);
        if (vl_word_at(scan, end)) continue;
        if (w->kind == KIND_HEADER) {
            if (vl_on(scan, VL_ROW_AUTHORIZATION)) match_header(scan, end);
        } else if (w->kind == KIND_BEARER) {
            if (vl_on(scan, VL_ROW_AUTHORIZATION)) match_bearer(scan, end);
        } else if (w->kind == KIND_SIGNATURE) {
            if (vl_on(scan, VL_ROW_AZURE_SAS)) match_signature(scan, p, end);
        } else {
            match_named(scan, p, end, w->kind);
        }
        return;
    }
}
