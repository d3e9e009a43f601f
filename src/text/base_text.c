/* base64url and base32: bits in at one end, letters out at the other. */
#include "text/base_text.h"

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static size_t put(vl_sink *sink, const uint8_t *bytes, size_t size_bytes, const char *letters, unsigned width)
{
    char chunk[128];
    size_t filled = 0;
    size_t total = 0;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < size_bytes || held > 0;) {
        if (held < width && i < size_bytes) {
            bits = bits << 8 | bytes[i++];
            held += 8;
            continue;
        }
        uint32_t value = held >= width ? bits >> (held - width) : bits << (width - held);
        held = held >= width ? held - width : 0;
        chunk[filled++] = letters[value & ((1u << width) - 1)];
        total++;
        if (filled < sizeof chunk) continue;
        vl_sink_put(sink, chunk, filled);
        filled = 0;
    }
    vl_sink_put(sink, chunk, filled);
    return total;
}

void vl_base64_put(vl_sink *sink, const uint8_t *bytes, size_t size_bytes, bool is_padded)
{
    size_t written = put(sink, bytes, size_bytes, base64, 6);
    if (is_padded) vl_sink_put(sink, "===", (4 - written % 4) % 4);
}

void vl_base32_put(vl_sink *sink, const uint8_t *bytes, size_t size_bytes)
{
    (void)put(sink, bytes, size_bytes, base32, 5);
}

/* Letters back to bits. What remains at the end must be less than a letter and zero, or two texts would mean the same. */
typedef struct bit_reader {
    uint8_t *out;
    size_t capacity;
    size_t filled;
    uint32_t bits;
    unsigned held;
} bit_reader;

static bool take(bit_reader *reader, unsigned value, unsigned width)
{
    reader->bits = reader->bits << width | value;
    reader->held += width;
    if (reader->held < 8) return true;
    reader->held -= 8;
    if (reader->filled == reader->capacity) return false;
    reader->out[reader->filled++] = (uint8_t)(reader->bits >> reader->held);
    reader->bits &= (1u << reader->held) - 1;
    return true;
}

static bool finish(const bit_reader *reader, unsigned width, size_t *out_bytes)
{
    *out_bytes = reader->filled;
    return reader->held < width && reader->bits == 0;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

int vl_base32_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool vl_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool vl_base64_read(const char *text, size_t size, bool is_padded, uint8_t *out, size_t capacity, size_t *out_bytes)
{
    bit_reader reader = {.out = out, .capacity = capacity};
    size_t letters = size;
    *out_bytes = 0;
    while (is_padded && letters > 0 && text[letters - 1] == '=')
        letters--;
    if (is_padded && (size % 4 != 0 || size - letters > 2)) return false;
    for (size_t i = 0; i < letters; i++) {
        int value = base64_digit(text[i]);
        if (value < 0 || !take(&reader, (unsigned)value, 6)) return false;
    }
    return finish(&reader, 6, out_bytes);
}

bool vl_base32_read(const char *text, size_t size, uint8_t *out, size_t capacity, size_t *out_bytes)
{
    bit_reader reader = {.out = out, .capacity = capacity};
    *out_bytes = 0;
    for (size_t i = 0; i < size; i++) {
        if (vl_is_blank(text[i])) continue;
        int value = vl_base32_digit(text[i]);
        if (value < 0 || !take(&reader, (unsigned)value, 5)) return false;
    }
    return finish(&reader, 5, out_bytes);
}
