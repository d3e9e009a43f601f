/*
 * Escapes, one at a time: percent (RFC 3986), the strings of JSON and C (RFC 8259, \x), punctuation behind a backslash (JSON's
 * "\/", CommonMark), character references of HTML (decimal, hexadecimal, names of the ASCII characters and of the spaces and
 * dashes), quoted-printable (RFC 2045), colours of terminals (ECMA-48). What is malformed stands for itself. A unit is a mark
 * when a finding could depend on it; most escapes of ordinary texts (%2F between words,
 * \u003c, &amp;) are none, so that those texts are read once.
 */
#include "text/decode.h"

#include <string.h>

#include "text/chars.h"

#define NEAR        64u
#define LONG_NUMBER 7u /* bytes */
#define TOKEN       16u
#define TOKEN_MIXED 12u
#define ESC         0x1B

typedef struct escape {
    uint32_t value;  /* code point, or a byte of 128 and more that is part of nothing */
    unsigned length; /* 0: none */
    bool is_byte;    /* value is such a byte */
} escape;

static uint8_t at(const vl_source *s, size_t p)
{
    return p < s->size ? s->text[p] : 0;
}

static bool is_digit_at(const vl_source *s, size_t p)
{
    return vl_is_digit((char)at(s, p));
}

/* `count` hexadecimal digits at p, or -1. */
static int64_t hex_at(const vl_source *s, size_t p, unsigned count)
{
    int64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        int digit = vl_hex_value((char)at(s, p + i));
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* "%41", "=41", "\x41": an introducer of some bytes and two digits. Bytes that make up a character of UTF-8 are one unit. */
static escape read_bytes(const vl_source *s, size_t p, const char *sign, unsigned sign_length)
{
    uint8_t bytes[4];
    unsigned step = sign_length + 2;
    unsigned count = 0;
    for (; count < sizeof bytes; count++) {
        size_t from = p + count * step;
        if (s->size < from + step || memcmp(s->text + from, sign, sign_length) != 0) break;
        int64_t value = hex_at(s, from + sign_length, 2);
        if (value < 0) break;
        bytes[count] = (uint8_t)value;
        if (bytes[0] < 0x80) return (escape){bytes[0], step, false};
    }
    if (count == 0) return (escape){0, 0, false};
    uint32_t code_point;
    unsigned length = vl_fold_decode(bytes, count, &code_point);
    if (length == 0) return (escape){bytes[0], step, true};
    return (escape){code_point, length * step, false};
}

/* A code point of `count` hexadecimal digits at `from`: "\U00000034" of Python and C, "\u{34}" of JavaScript, "%u0034". */
static escape read_scalar(const vl_source *s, size_t p, size_t from, unsigned count)
{
    int64_t value = hex_at(s, from, count);
    if (value < 0 || value > 0x10FFFF || (value & 0x1FF800) == 0xD800) return (escape){0, 0, false};
    return (escape){(uint32_t)value, (unsigned)(from - p) + count, false};
}

static escape read_percent(const vl_source *s, size_t p)
{
    return at(s, p + 1) == 'u' ? read_scalar(s, p, p + 2, 4) : read_bytes(s, p, "%", 1);
}

static escape read_json(const vl_source *s, size_t p)
{
    static const char letters[] =
        "nrtbf\"\\/._-@()+:#,"; /* of JSON; and what Markdown escapes between parts of a value */
    static const char controls[] = "\n\r\t\b\f\"\\/._-@()+:#,";
    uint8_t c = at(s, p + 1);
    if (c == 'x') return read_bytes(s, p, "\\x", 2);
    if (c == 'U') return read_scalar(s, p, p + 2, 8);
    if (c == 'u' && at(s, p + 2) == '{') {
        unsigned digits = 0;
        while (digits < 6 && vl_hex_value((char)at(s, p + 3 + digits)) >= 0)
            digits++;
        bool is_closed = digits > 0 && at(s, p + 3 + digits) == '}';
        escape found = is_closed ? read_scalar(s, p, p + 3, digits) : (escape){0, 0, false};
        found.length += found.length > 0;
        return found;
    }
    if (c != 'u') {
        const char *letter = c == 0 ? NULL : strchr(letters, c);
        return letter == NULL ? (escape){0, 0, false} : (escape){(uint8_t)controls[letter - letters], 2, false};
    }
    int64_t value = hex_at(s, p + 2, 4);
    if (value < 0) return (escape){0, 0, false};
    if ((value & 0xF800) != 0xD800) return (escape){(uint32_t)value, 6, false};
    int64_t low = at(s, p + 6) == '\\' && at(s, p + 7) == 'u' ? hex_at(s, p + 8, 4) : -1;
    if ((value & 0xFC00) != 0xD800 || low < 0 || (low & 0xFC00) != 0xDC00) return (escape){0, 0, false};
    return (escape){(uint32_t)(0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00)), 12, false};
}

/* Names of the HTML standard for what stands in the values that are looked for. */
typedef struct html_name {
    char name[16];
    uint16_t value;
} html_name;

static const html_name html_names[] = {
    {"amp", '&'},
    {"lt", '<'},
    {"gt", '>'},
    {"quot", '"'},
    {"apos", '\''},
    {"commat", '@'},
    {"period", '.'},
    {"comma", ','},
    {"colon", ':'},
    {"semi", ';'},
    {"sol", '/'},
    {"bsol", '\\'},
    {"lowbar", '_'},
    {"UnderBar", '_'},
    {"plus", '+'},
    {"equals", '='},
    {"num", '#'},
    {"percnt", '%'},
    {"dollar", '$'},
    {"excl", '!'},
    {"quest", '?'},
    {"ast", '*'},
    {"lpar", '('},
    {"rpar", ')'},
    {"lsqb", '['},
    {"lbrack", '['},
    {"rsqb", ']'},
    {"rbrack", ']'},
    {"lcub", '{'},
    {"rcub", '}'},
    {"vert", '|'},
    {"verbar", '|'},
    {"hat", '^'},
    {"grave", '`'},
    {"Tab", '\t'},
    {"NewLine", '\n'},
    {"nbsp", 0xA0},
    {"ensp", 0x2002},
    {"emsp", 0x2003},
    {"thinsp", 0x2009},
    {"hairsp", 0x200A},
    {"shy", 0xAD},
    {"zwnj", 0x200C},
    {"zwj", 0x200D},
    {"lrm", 0x200E},
    {"rlm", 0x200F},
    {"hyphen", 0x2010},
    {"dash", 0x2010},
    {"ndash", 0x2013},
    {"mdash", 0x2014},
    {"minus", 0x2212},
    {"middot", 0xB7},
    {"numsp", 0x2007},
    {"puncsp", 0x2008},
    {"emsp13", 0x2004},
    {"emsp14", 0x2005},
    {"ThinSpace", 0x2009},
    {"NoBreak", 0x2060},
    {"MediumSpace", 0x205F},
    {"VeryThinSpace", 0x200A},
    {"ZeroWidthSpace", 0x200B},
};

static escape read_html_name(const vl_source *s, size_t p)
{
    size_t length = 0;
    while (length < sizeof html_names[0].name && vl_is_alnum((char)at(s, p + 1 + length)))
        length++;
    if (at(s, p + 1 + length) != ';') { /* browsers take this one without, which is what is seen */
        bool is_space = length >= 4 && memcmp(s->text + p + 1, "nbsp", 4) == 0 && at(s, p + 5) != '=';
        return is_space ? (escape){0xA0, 5, false} : (escape){0, 0, false};
    }
    for (size_t i = 0; i < sizeof html_names / sizeof html_names[0]; i++) {
        const char *name = html_names[i].name;
        if (strnlen(name, sizeof html_names[0].name) == length && memcmp(name, s->text + p + 1, length) == 0)
            return (escape){html_names[i].value, (unsigned)length + 2, false};
    }
    return (escape){0, 0, false};
}

/* "&#52;" "&#x34;" "&#0000000052", the semicolon may be missing as browsers accept it. At most 16 bytes. */
static escape read_html(const vl_source *s, size_t p)
{
    if (at(s, p + 1) != '#') return read_html_name(s, p);
    bool is_hex = (at(s, p + 2) | 0x20) == 'x';
    size_t from = p + 2 + is_hex;
    size_t end = from;
    uint64_t value = 0;
    for (; end - p < 15; end++) {
        int digit = vl_hex_value((char)at(s, end));
        if (digit < 0 || (!is_hex && digit > 9)) break;
        value = value * (is_hex ? 16 : 10) + (unsigned)digit;
    }
    if (end == from || value > 0x10FFFF || (value & 0x1FF800) == 0xD800) return (escape){0, 0, false};
    return (escape){(uint32_t)value, (unsigned)(end - p) + (at(s, end) == ';'), false};
}

/* Three letters that end a word which names a value of letters alone: a BIC, or a secret's. */
static bool is_cue(const uint8_t *word)
{
    static const char cues[][4] = {"bic", "ift", "ord", "ass", "pwd", "ret", "ken", "key", "uth"};
    for (size_t i = 0; i < sizeof cues / sizeof cues[0]; i++)
        if ((word[0] | 0x20) == cues[i][0] && (word[1] | 0x20) == cues[i][1] && (word[2] | 0x20) == cues[i][2])
            return true;
    return false;
}

/* Something that looks for a value in numbers or names is near: a digit, '@', '_', ':' or '=', "---", or before it a BIC's name. */
static bool has_near(const vl_source *s, size_t p, size_t end)
{
    if ((s->modes & VL_VIEW_OWN) != 0) return true;
    size_t from = p > NEAR ? p - NEAR : 0;
    size_t to = s->size - end > NEAR ? end + NEAR : s->size;
    unsigned seen = 0;
    for (size_t i = from; i < to; i++) {
        uint8_t c = s->text[i];
        seen |= (unsigned)(vl_is_digit((char)c) | (c == '@') | (c == '_') | (c == ':') | (c == '='));
    }
    for (size_t i = from; i + 3 < p && seen == 0; i++)
        seen |= (unsigned)(s->text[i + 3] == ' ' && is_cue(s->text + i));
    for (size_t i = from; i + 2 < to; i++) { /* "-----BEGIN", "www.example.com" */
        seen |= (unsigned)((s->text[i] == '-') & (s->text[i + 1] == '-') & (s->text[i + 2] == '-'));
        seen |= (unsigned)((s->text[i] == '.') & (s->text[i + 1] > ' '));
    }
    return seen != 0;
}

/* What stands between the spaces, quotes and brackets of a text. */
static bool is_token_byte(uint8_t c)
{
    return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>';
}

bool vl_unit_has_near(const vl_source *source, size_t p, size_t end)
{
    return has_near(source, p, end);
}

static bool is_intro(uint8_t c)
{
    return c == '%' || c == '\\' || c == '&' || c == '=';
}

/* The apostrophes of printing are those of the host's words; nothing else asks for them, and prose is full of them. */
static uint8_t fold_code(const vl_source *s, uint32_t code_point)
{
    bool is_apostrophe = code_point == 0x2018 || code_point == 0x2019 || code_point == 0x02BC;
    return is_apostrophe && (s->modes & VL_VIEW_OWN) != 0 ? '\'' : vl_fold_code(code_point);
}

/* Letters or digits of any script stand on both sides, and the host looks for words. */
static bool joins_own(const vl_source *s, uint8_t before, uint8_t behind)
{
    bool is_before = vl_is_alnum((char)before) || before >= 0x80;
    return (s->modes & VL_VIEW_OWN) != 0 && is_before && (vl_is_alnum((char)behind) || behind >= 0x80);
}

/* A separator counts between the groups of a number, in names, and in "://". */
static bool joins(const vl_source *s, uint8_t c, size_t p, size_t end)
{
    uint8_t before = p > 0 ? s->text[p - 1] : 0;
    uint8_t behind = at(s, end);
    bool is_name_before = vl_is_alnum((char)before) || before == ')';
    bool is_name_behind = vl_is_alnum((char)behind) || behind == '(' || is_intro(behind);
    if (c == ':' && (is_intro(behind) || behind == '/')) return true;
    if (c == '_' || c == '.') return is_name_before && is_name_behind;
    if (c == '(' || c == '+' || c == '-') is_name_before = true;
    return (is_name_before && vl_is_digit((char)behind)) || (vl_is_digit((char)before) && is_name_behind);
}

/* "\/" within a token that may be a URL, a date, a secret or a run of base64; not in "text\/html", "<\/p>". */
static bool slash_matters(const vl_source *s, size_t p, size_t end)
{
    size_t from = p;
    size_t to = end;
    while (from > 0 && p - from < NEAR && is_token_byte(s->text[from - 1]))
        from--;
    while (to - end < NEAR && is_token_byte(at(s, to)))
        to++;
    if (from == p || to == end) return false;
    unsigned seen = 0;
    for (size_t i = from; i < to; i++) {
        uint8_t c = s->text[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        seen |= (unsigned)(vl_is_digit((char)c) | is_upper | (c == ':') | (c == '.') | (c == '@'));
    }
    return seen != 0;
}

/* Does a backslash before this punctuation matter? "\"" and "\\n" are read by others. */
static bool backslash_matters(const vl_source *s, uint8_t c, size_t p, size_t end)
{
    if (c == '/') return slash_matters(s, p, end);
    bool is_inside = p > 0 && vl_is_alnum((char)s->text[p - 1]) && vl_is_alnum((char)at(s, end));
    if (c == '@' || (c == '-' && is_inside)) return is_inside;
    return strchr("._-()+:#,", c) != NULL && joins(s, c, p, end);
}

/* What a pass more would decode: the sign is there, and behind it what makes it an escape. */
static bool nests(const vl_source *s, uint8_t c, size_t end)
{
    uint8_t next = at(s, end);
    if (c == '%') return hex_at(s, end, 2) >= 0;
    if (c == '&') return next == '#';
    if (c != '\\') return false;
    if (next == 'u') return hex_at(s, end + 1, 4) >= 0;
    if (next == 'x') return hex_at(s, end + 1, 2) >= 0;
    if (next == '\\' && at(s, end + 1) == '/') return slash_matters(s, end - 2, end + 2);
    uint8_t behind = at(s, end + 1);
    bool is_value = vl_is_digit((char)behind) || behind == '+' || behind == '(' || (behind >= 'A' && behind <= 'Z');
    return (next == 'n' || next == 'r' || next == 't') && is_value;
}

/* A key or token may begin or go on here: "%3DAKIA...", sixteen letters and digits, or twelve with both among them. */
static bool precedes_token(const vl_source *s, size_t end)
{
    unsigned seen = 0;
    size_t i = end;
    for (; i < end + TOKEN; i++) {
        uint8_t c = at(s, i);
        if (!vl_is_alnum((char)c) && c != '_' && c != '-') break;
        seen |= vl_is_digit((char)c) ? 1u : vl_is_alpha((char)c) ? 2u : 0;
    }
    return i == end + TOKEN || (i - end >= TOKEN_MIXED && seen == 3);
}

/* The escape that stands at p sets a value apart from its name: "password%3Dhunter2", "%22secret%22%3A%22", "BIC%20DEUT". */
static bool follows_cue(const vl_source *s, uint8_t c, size_t p)
{
    bool is_joint = c == '=' || c == ':' || c == '"' || c == '\'' || c == ' ';
    return is_joint && p >= 3 && is_cue(s->text + p - 3);
}

/* Does an escape that stands for this byte matter? */
static bool byte_matters(const vl_source *s, uint8_t c, size_t p, size_t end)
{
    if (vl_is_alnum((char)c) || c == '@') return true;
    if (c == '%') return nests(s, c, end) || precedes_token(s, end);
    if (c == '&' || c == '\\') return nests(s, c, end);
    if (c == '-' && is_intro(at(s, end))) return true;
    if (c >= ' ' && joins_own(s, p > 0 ? s->text[p - 1] : 0, is_intro(at(s, end)) ? 'a' : at(s, end))) return true;
    bool is_separator = c == ' ' || (c != 0 && strchr("-./:_+()\t,", c) != NULL);
    return (is_separator && joins(s, c, p, end)) || follows_cue(s, c, p) || precedes_token(s, end);
}

/* Does an escape that stands for this character matter? */
static bool matters(const vl_source *s, uint32_t value, size_t p, size_t end)
{
    if (value < 0x80) return byte_matters(s, (uint8_t)value, p, end);
    uint8_t code = fold_code(s, value);
    if (code == 0 || code >= VL_FOLD_ALIKE) return (s->modes & VL_VIEW_OWN) != 0;
    if (joins_own(s, p > 0 ? s->text[p - 1] : 0, at(s, end))) return true;
    if (code != VL_FOLD_HIDDEN && (vl_is_alnum((char)code) || code == '@')) return true;
    return joins(s, code == VL_FOLD_HIDDEN ? ' ' : code, p, end) || (p > 0 && is_intro(at(s, end)));
}

static void give(vl_unit *unit, uint32_t value, unsigned length)
{
    unit->count = (uint8_t)vl_fold_encode(value, unit->bytes);
    unit->length = (uint8_t)length;
    unit->is_changed = true;
}

static void read_escape(const vl_source *s, size_t p, const escape *found, vl_unit *unit)
{
    size_t end = p + found->length;
    if (found->is_byte) {
        unit->bytes[0] = (uint8_t)found->value;
        unit->length = (uint8_t)found->length;
        unit->is_changed = true;
        return;
    }
    give(unit, found->value, found->length);
    bool is_plain = s->text[p] == '\\' && found->length == 2 && found->value != '\\';
    unit->is_mark = is_plain ? backslash_matters(s, (uint8_t)found->value, p, end) : matters(s, found->value, p, end);
    unit->may_nest = found->value >= 0x80 || is_intro((uint8_t)found->value);
}

/* "=\r\n" takes nothing but itself away. */
static unsigned soft_break(const vl_source *s, size_t p)
{
    if (at(s, p + 1) == '\n') return 2;
    return at(s, p + 1) == '\r' && at(s, p + 2) == '\n' ? 3 : 0;
}

static bool is_triplet(const vl_source *s, size_t p)
{
    return at(s, p) == '=' && hex_at(s, p + 1, 2) >= 0;
}

/* A triplet stands NEAR bytes before or behind. */
static bool has_triplet_near(const vl_source *s, size_t p, size_t end)
{
    size_t to = s->size - end > NEAR ? end + NEAR : s->size;
    for (size_t i = p > NEAR ? p - NEAR : 0; i + 3 <= to; i++)
        if (s->text[i] == '=' && i != p && is_triplet(s, i)) return true;
    return false;
}

/* Digits that go on behind "=20" as a year's or date's do: "=2026-01-05", "=20260105". */
static bool is_date_like(const vl_source *s, size_t end)
{
    size_t p = end;
    while (is_digit_at(s, p))
        p++;
    return p - end == 2 || p - end == 6 || p - end == 12;
}

/* The word at p has a digit among its first letters, or is a token. */
static bool is_number_like(const vl_source *s, size_t p)
{
    for (size_t i = p; i < p + TOKEN && vl_is_alnum((char)at(s, i)); i++)
        if (is_digit_at(s, i)) return true;
    return precedes_token(s, p);
}

/* Behind a triplet that may be the first digits of a plain number ("status=200", "flags=2b000002"): digits, hexadecimal letters and
 * single joints, as many as the shortest number that is looked for has. `needs_joint`: they are not all digits. */
static bool is_long_number(const vl_source *s, size_t p, bool needs_joint)
{
    size_t end = p;
    unsigned digits = 0;
    while (end - p < LONG_NUMBER) {
        uint8_t c = at(s, end);
        bool is_joint = c > 0 && c < 0x80 && strchr("-.:/ ()", c) != NULL && is_digit_at(s, end + 1);
        if (vl_hex_value((char)c) < 0 && !is_joint) break;
        digits += is_digit_at(s, end++);
    }
    bool is_long = end - p == LONG_NUMBER && digits >= LONG_NUMBER / 2;
    return is_long && !(needs_joint && digits == LONG_NUMBER);
}

/* The triplet at p and what follows it are one short number. */
static bool is_plain_number(const vl_source *s, uint32_t c, size_t p, size_t end)
{
    bool is_plain = is_digit_at(s, p + 1) && (is_digit_at(s, p + 2) || c == '+') && is_digit_at(s, end);
    bool is_sign = c != ' ' && c != '\t' && c != '+';
    return is_plain && !is_long_number(s, end, is_sign);
}

/* "ssn=3D536-90-4399", "is=20415-555-0132", "key=20AKIA...": a separator that stands directly before a number, behind a word or in a text with
 * more triplets. */
static bool leads_number(const vl_source *s, uint32_t c, size_t p, size_t end)
{
    uint8_t before = p > 0 ? s->text[p - 1] : 0;
    uint8_t behind = at(s, end);
    bool is_separator = c < 0x80 && (c == '\t' || (c >= ' ' && !vl_is_alnum((char)c)));
    if (!is_separator || (behind != '+' && behind != '(' && !is_number_like(s, end))) return false;
    if (is_plain_number(s, c, p, end)) return false;
    if (has_triplet_near(s, p, end) || c == '+') return true;
    return vl_is_alpha((char)before) && (c == '=' || c == ':' || (c == ' ' && !is_date_like(s, end)));
}

/* "port=8080" and "x=20" are no quoted-printable: a triplet alone counts where it joins what a value would not. */
static bool is_quoted_mark(const vl_source *s, const escape *found, size_t p)
{
    size_t end = p + found->length;
    uint32_t c = found->value;
    if (found->is_byte) return false;
    if (leads_number(s, c, p, end)) return true;
    if (!matters(s, c, p, end)) return false;
    if (is_triplet(s, end) || (p >= 3 && is_triplet(s, p - 3))) return true;
    uint8_t before = p > 0 ? s->text[p - 1] : 0;
    uint8_t behind = at(s, end);
    if (c == '@') return vl_is_alnum((char)before) && vl_is_alpha((char)behind);
    if (c >= 0x80 || (!vl_is_alnum((char)c) && joins_own(s, before, behind))) return true;
    if (c == ' ' || vl_is_alnum((char)c)) return vl_is_digit((char)before) && vl_is_digit((char)behind);
    return vl_is_alnum((char)before) && vl_is_alnum((char)behind) && !is_digit_at(s, p + 2); /* =2D =2E =3A =5F */
}

static bool read_quoted(const vl_source *s, size_t p, vl_unit *unit)
{
    unsigned gap = soft_break(s, p);
    if (gap > 0) {
        unit->count = 0;
        unit->length = (uint8_t)gap;
        unit->is_changed = true;
        uint8_t before = p > 0 ? s->text[p - 1] : 0;
        unit->is_mark = before >= ' ' && at(s, p + gap) >= ' ' && has_near(s, p, p + gap);
        return true;
    }
    escape found = read_bytes(s, p, "=", 1);
    if (found.length == 0) return false;
    read_escape(s, p, &found, unit);
    unit->is_mark = is_quoted_mark(s, &found, p);
    return true;
}

static bool read_sign(const vl_source *s, size_t p, vl_unit *unit)
{
    uint8_t c = s->text[p];
    if (c == '=') return (s->modes & VL_VIEW_QUOTED) != 0 && read_quoted(s, p, unit);
    if ((s->modes & VL_VIEW_DECODE) == 0) return false;
    escape found = c == '%' ? read_percent(s, p) : c == '\\' ? read_json(s, p) : read_html(s, p);
    if (found.length == 0) return false;
    read_escape(s, p, &found, unit);
    return true;
}

/* Behind the characters that are not seen from p on. Their end is remembered: a run of them is walked once. */
static size_t behind_hidden(vl_source *s, size_t p)
{
    if (p >= s->hidden_start && p < s->hidden_end) return s->hidden_end;
    s->hidden_start = p;
    while (at(s, p) >= 0x80 && p - s->hidden_start < VL_HIDDEN_MAX) {
        uint32_t code_point;
        unsigned length = vl_fold_decode(s->text + p, s->size - p, &code_point);
        if (length == 0 || vl_fold_code(code_point) != VL_FOLD_HIDDEN) break;
        p += length;
    }
    s->hidden_end = p;
    return p;
}

static bool is_name_byte(uint8_t c)
{
    return vl_is_alnum((char)c) || c == '@' || c == '_';
}

static bool is_graph(uint8_t c)
{
    return c >= ' ' && c < 0x7F;
}

/* A character beyond ASCII that stands for a letter or digit whatever is around it begins here. */
static bool is_wide_name(const vl_source *s, size_t p)
{
    uint32_t code_point;
    if (at(s, p) < 0x80 || vl_fold_decode(s->text + p, s->size - p, &code_point) == 0) return false;
    uint8_t code = vl_fold_code(code_point);
    return code < VL_FOLD_ALIKE && vl_is_alnum((char)code);
}

/* The dash before "BEGIN PRIVATE KEY", the space behind its first word: word processors change both. */
static bool begins_armour(const vl_source *s, uint8_t code, size_t p, size_t end)
{
    static const char word[5] = {'B', 'E', 'G', 'I', 'N'};
    if (code == '-') return s->size - end >= sizeof word && memcmp(s->text + end, word, sizeof word) == 0;
    return code == ' ' && p >= sizeof word && memcmp(s->text + p - sizeof word, word, sizeof word) == 0;
}

/* A dash, dot, space, ... that stands between parts of a value. */
static bool separator_matters(const vl_source *s, uint8_t code, uint8_t before, uint8_t behind, size_t p, size_t end)
{
    if (begins_armour(s, code, p, end) || joins_own(s, before, behind)) return true;
    if (vl_is_digit((char)before) || vl_is_digit((char)behind)) return true;
    if ((code == '.' || code == ':') && is_wide_name(s, end)) return true;
    if (code == ' ') { /* "N48.8584, E2.2945", "48.8584° N": coordinates, and the last byte of the degree sign */
        bool is_behind = behind == '-' || behind == '+' || (behind != 0 && strchr("NSEWO", behind) != NULL);
        return is_behind && (before == ',' || before == 0xB0) && has_near(s, p, end);
    }
    return vl_is_alnum((char)before) && vl_is_alnum((char)behind) && (code == '.' || has_near(s, p, end));
}

/* A character that is not seen matters inside a value. */
static bool hidden_matters(vl_source *s, uint8_t before, size_t p, size_t end)
{
    bool is_own = (s->modes & VL_VIEW_OWN) != 0 && before >= 0x80;
    if (!is_graph(before) && !is_own) return false;
    uint8_t behind = at(s, behind_hidden(s, end));
    if (joins_own(s, before, behind)) return true;
    bool is_beside_name = vl_is_alnum((char)before) || vl_is_alnum((char)behind);
    return is_graph(before) && is_graph(behind) && is_beside_name && has_near(s, p, end);
}

/* A folded character matters where it joins parts of a value, and some part of one is near. */
static bool folding_matters(vl_source *s, uint32_t code_point, uint8_t code, size_t p, size_t end)
{
    uint8_t before = p > 0 ? s->text[p - 1] : 0;
    if (code == VL_FOLD_HIDDEN) return hidden_matters(s, before, p, end);
    uint8_t behind = at(s, end);
    if (vl_is_digit((char)code) || code == '@') return true;
    if (code >= VL_FOLD_ALIKE) {
        if (code_point < 0x250) /* accents of Latin letters */
            return vl_is_digit((char)before) || vl_is_digit((char)behind);
        return (is_name_byte(before) || is_name_byte(behind)) && has_near(s, p, end);
    }
    if (vl_is_alpha((char)code)) return has_near(s, p, end);
    return separator_matters(s, code, before, behind, p, end);
}

static bool read_wide(vl_source *s, size_t p, vl_unit *unit)
{
    uint32_t code_point;
    unsigned length = vl_fold_decode(s->text + p, s->size - p, &code_point);
    uint8_t code = length == 0 ? 0 : fold_code(s, code_point);
    if (length == 0) return false;
    memcpy(unit->bytes, s->text + p, length);
    unit->count = (uint8_t)length;
    unit->length = (uint8_t)length;
    if (code == 0) return true;
    unit->is_mark = folding_matters(s, code_point, code, p, p + length);
    bool is_accent = code >= VL_FOLD_ALIKE && code_point < 0x250; /* a letter of its language as a rule */
    if ((s->marks_only || is_accent) && !unit->is_mark) return true;
    bool counts = code < VL_FOLD_ALIKE || vl_fold_is_mixed(s->text, s->size, p, &s->word);
    if (!counts) {
        unit->is_mark = false;
        return true;
    }
    unit->is_changed = true;
    unit->count = code != VL_FOLD_HIDDEN;
    unit->bytes[0] = code & 0x7F;
    return true;
}

/* The end of the colour "ESC[31m" at p, or p (ECMA-48 section 5.4; "K" is of grep). */
static size_t behind_colour(const vl_source *s, size_t p)
{
    size_t end = p + 2;
    if (at(s, p) != ESC || at(s, p + 1) != '[') return p;
    while (end - p < VL_UNIT_MAX - 1 && (is_digit_at(s, end) || at(s, end) == ';'))
        end++;
    return at(s, end) == 'm' || at(s, end) == 'K' ? end + 1 : p;
}

/* Colours are not seen. Inside a value they count: beside a sign of an address, or between digits, as a search that shows what it
 * found leaves them. Between letters they set words apart, and stay. */
static bool read_colour(const vl_source *s, size_t p, vl_unit *unit)
{
    size_t end = behind_colour(s, p);
    if (end == p || p == 0) return false;
    size_t second = behind_colour(s, end);
    if (second - p <= VL_UNIT_MAX) end = second;
    uint8_t before = s->text[p - 1];
    uint8_t behind = at(s, end);
    bool is_sign = before == '@' || before == '.' || before == '-' || behind == '@' || behind == '.' || behind == '-';
    bool is_inside =
        is_sign && (vl_is_alnum((char)before) || vl_is_alnum((char)behind)) && is_graph(before) && is_graph(behind);
    bool is_group = vl_is_digit((char)before) && vl_is_digit((char)behind);
    if ((!is_inside && !is_group) || !has_near(s, p, end)) return false;
    unit->count = 0;
    unit->length = (uint8_t)(end - p);
    unit->is_changed = true;
    unit->is_mark = true;
    return true;
}

void vl_unit_read(vl_source *s, size_t p, vl_unit *unit)
{
    uint8_t c = s->text[p];
    *unit = (vl_unit){.bytes = {c}, .count = 1, .length = 1};
    if (c >= 0xC2) {
        if ((s->modes & VL_VIEW_FOLD) != 0 && read_wide(s, p, unit)) return;
    } else if (is_intro(c)) {
        if (read_sign(s, p, unit)) return;
    } else if (c == ESC) {
        if ((s->modes & VL_VIEW_DECODE) != 0 && read_colour(s, p, unit)) return;
    } else if (c == '_' && (s->modes & VL_VIEW_UNDER) != 0 && p > 0 && vl_is_alpha((char)s->text[p - 1]) &&
               is_digit_at(s, p + 1)) {
        unit->bytes[0] = ' ';
        unit->is_changed = true;
        unit->is_mark = true;
        return;
    }
}

void vl_unit_starts(uint32_t modes, vl_byte_set *set)
{
    vl_byte_set_clear(set);
    if ((modes & VL_VIEW_FOLD) != 0) vl_fold_leads(set);
    for (const char *c = "%&\\\x1B"; (modes & VL_VIEW_DECODE) != 0 && *c != '\0'; c++)
        vl_byte_set_add(set, (uint8_t)*c);
    if ((modes & VL_VIEW_QUOTED) != 0) vl_byte_set_add(set, '=');
    if ((modes & VL_VIEW_UNDER) != 0) vl_byte_set_add(set, '_');
}
