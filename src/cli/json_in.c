/* JSON reading for --input jsonl: see json_in.h. Everything is checked before anything is used. */
#include "cli/json_in.h"

#include <stdlib.h>
#include <string.h>

#define CLI_JSON_DEPTH 64

typedef struct reader {
    const char *text;
    size_t size;
    size_t at;
} reader;

static bool value(reader *in, int depth);

static void space(reader *in)
{
    while (in->at < in->size && memchr(" \t\r\n", in->text[in->at], 4))
        in->at++;
}

static bool take(reader *in, char c)
{
    if (in->at >= in->size || in->text[in->at] != c) return false;
    in->at++;
    return true;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool escape(reader *in)
{
    if (in->at >= in->size) return false;
    char c = in->text[in->at++];
    if (c != 'u') return memchr("\"\\/bfnrt", c, 8) != NULL;
    if (in->size - in->at < 4) return false;
    for (int i = 0; i < 4; i++)
        if (!is_hex(in->text[in->at++])) return false;
    return true;
}

/* Bytes of the UTF-8 sequence at p, or 0 (RFC 3629). */
static size_t sequence(const unsigned char *p, size_t left)
{
    size_t need = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (need == 0 || need > left) return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if (need == 3 && (p[0] == 0xE0 ? p[1] < 0xA0 : p[0] == 0xED && p[1] > 0x9F)) return 0;
    if (need == 4 && (p[0] == 0xF0 ? p[1] < 0x90 : p[0] == 0xF4 && p[1] > 0x8F)) return 0;
    return need;
}

static bool string(reader *in)
{
    if (!take(in, '"')) return false;
    while (in->at < in->size) {
        unsigned char c = (unsigned char)in->text[in->at];
        size_t step = 1;
        if (c < 0x20) return false;
        if (c >= 0x80) step = sequence((const unsigned char *)in->text + in->at, in->size - in->at);
        if (step == 0) return false;
        in->at += step;
        if (c == '"') return true;
        if (c == '\\' && !escape(in)) return false;
    }
    return false;
}

static size_t digits(reader *in)
{
    size_t start = in->at;
    while (in->at < in->size && in->text[in->at] >= '0' && in->text[in->at] <= '9')
        in->at++;
    return in->at - start;
}

static bool number(reader *in)
{
    take(in, '-');
    bool zero = in->at < in->size && in->text[in->at] == '0';
    size_t whole = digits(in);
    if (whole == 0 || (zero && whole > 1)) return false;
    if (take(in, '.') && digits(in) == 0) return false;
    if (take(in, 'e') || take(in, 'E')) {
        if (!take(in, '+')) take(in, '-');
        return digits(in) > 0;
    }
    return true;
}

static bool word(reader *in, const char *text)
{
    size_t size = strlen(text);
    if (in->size - in->at < size || memcmp(in->text + in->at, text, size) != 0) return false;
    in->at += size;
    return true;
}

/* Object or array, from behind its opening bracket. */
static bool members(reader *in, int depth, bool is_object)
{
    char close = is_object ? '}' : ']';
    space(in);
    if (take(in, close)) return true;
    for (;;) {
        space(in);
        if (is_object) {
            if (!string(in)) return false;
            space(in);
            if (!take(in, ':')) return false;
        }
        if (!value(in, depth)) return false;
        if (take(in, close)) return true;
        if (!take(in, ',')) return false;
    }
}

static bool value(reader *in, int depth)
{
    bool good = false;
    space(in);
    if (in->at >= in->size || depth > CLI_JSON_DEPTH) return false;
    switch (in->text[in->at]) {
    case '{':
    case '[': {
        bool is_object = in->text[in->at++] == '{';
        good = members(in, depth + 1, is_object);
        break;
    }
    case '"':
        good = string(in);
        break;
    case 't':
        good = word(in, "true");
        break;
    case 'f':
        good = word(in, "false");
        break;
    case 'n':
        good = word(in, "null");
        break;
    default:
        good = number(in);
    }
    if (good) space(in);
    return good;
}

static bool add_field(cli_json_line *out, cli_slice key, cli_slice value_slice)
{
    if (out->count == out->capacity) {
        size_t more = out->capacity ? 2 * out->capacity : 16;
        cli_json_field *fields = realloc(out->fields, more * sizeof *fields);
        if (!fields) return false;
        out->fields = fields;
        out->capacity = more;
    }
    out->fields[out->count++] = (cli_json_field){key, value_slice};
    return true;
}

static cli_slice trimmed(const reader *in, size_t start)
{
    size_t end = in->at;
    while (start < end && memchr(" \t\r\n", in->text[start], 4))
        start++;
    while (end > start && memchr(" \t\r\n", in->text[end - 1], 4))
        end--;
    return (cli_slice){in->text + start, end - start};
}

bool vl_cli_json_split(const char *line, size_t size, cli_json_line *out)
{
    reader in = {line, size, 0};
    out->count = 0;
    space(&in);
    if (!take(&in, '{')) return false;
    space(&in);
    if (!take(&in, '}')) {
        do {
            space(&in);
            size_t start = in.at;
            if (!string(&in)) return false;
            cli_slice key = {line + start, in.at - start};
            space(&in);
            if (!take(&in, ':')) return false;
            start = in.at;
            if (!value(&in, 1) || !add_field(out, key, trimmed(&in, start))) return false;
        } while (take(&in, ','));
        if (!take(&in, '}')) return false;
    }
    space(&in);
    return in.at == size;
}

void vl_cli_json_line_free(cli_json_line *line)
{
    free(line->fields);
    *line = (cli_json_line){0};
}

static uint32_t hex4(const char *p)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i];
        unit = unit << 4 | (c <= '9' ? c - '0' : (c | 32u) - 'a' + 10);
    }
    return unit;
}

static void add_point(cli_buf *out, uint32_t point)
{
    char bytes[4];
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; point >>= 6)
        bytes[i] = (char)(0x80u | (point & 0x3Fu));
    bytes[0] = (char)(lead[size] | point);
    vl_cli_buf_add(out, bytes, size);
}

/* The escape at p (behind the backslash); returns the bytes it took. The slice was checked before. */
static size_t add_escape(cli_buf *out, const char *p, size_t left)
{
    static const char letter[] = "btnfr", named[] = "\b\t\n\f\r";
    const char *hit = strchr(letter, *p);
    if (*p != 'u') return vl_cli_buf_char(out, hit ? named[hit - letter] : *p), 1;
    uint32_t unit = hex4(p + 1);
    if (unit >= 0xD800 && unit < 0xDC00 && left >= 11 && p[5] == '\\' && p[6] == 'u') {
        uint32_t low = hex4(p + 7);
        if (low >= 0xDC00 && low < 0xE000)
            return add_point(out, 0x10000 + ((unit - 0xD800) << 10 | (low - 0xDC00))), 11;
    }
    return add_point(out, unit), 5;
}

bool vl_cli_json_decode(cli_slice slice, cli_buf *out)
{
    if (slice.size < 2 || slice.at[0] != '"') return false;
    const char *p = slice.at + 1, *end = slice.at + slice.size - 1;
    while (p < end) {
        const char *stop = memchr(p, '\\', (size_t)(end - p));
        if (!stop) stop = end;
        vl_cli_buf_add(out, p, (size_t)(stop - p));
        p = stop;
        if (p < end) p += 1 + add_escape(out, p + 1, (size_t)(end - p - 1));
    }
    return !out->failed;
}

bool vl_cli_json_is(cli_slice slice, const char *name)
{
    size_t size = strlen(name);
    if (slice.size == size + 2 && memcmp(slice.at + 1, name, size) == 0) return true;
    if (slice.size < size + 2 || !memchr(slice.at, '\\', slice.size) || slice.size > 6 * size + 2) return false;
    cli_buf plain = {0};
    bool same = vl_cli_json_decode(slice, &plain) && plain.size == size && memcmp(plain.data, name, size) == 0;
    vl_cli_buf_free(&plain);
    return same;
}

bool vl_cli_json_element(cli_slice array, size_t *at, cli_slice *element)
{
    reader in = {array.at, array.size, *at};
    if (array.size < 2 || array.at[0] != '[') return false;
    if (in.at == 0) {
        in.at = 1;
        space(&in);
        if (in.at + 1 >= array.size) return false; /* an empty array */
    } else if (!take(&in, ',')) {
        return false;
    }
    size_t start = in.at;
    if (!value(&in, 1)) return false;
    *element = trimmed(&in, start);
    *at = in.at;
    return true;
}
