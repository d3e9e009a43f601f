/* Tokens of services: GitHub's checksum and the header of a JSON Web Token. */
#include <string.h>

#include "core/json.h"
#include "text/chars.h"
#include "text/validators.h"

/* RFC 7515 headers are a few dozen bytes; with a certificate chain inside they are longer and are not looked into. */
#define JWT_HEADER_MAX_BYTES 1536u

/* CRC-32 of ISO 3309 (reflected, 0xEDB88320), four bits at a time. */
static uint32_t crc32_of(const char *text, size_t size_bytes)
{
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                       0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size_bytes; i++) {
        crc ^= (unsigned char)text[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

static bool is_alnum_run(const char *text, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++) {
        if (!vl_is_alnum(text[i])) return false;
    }
    return true;
}

/* The number in base 62 (0-9, A-Z, a-z), six characters. */
static bool is_base62(const char text[6], uint32_t number)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (size_t i = 6; i-- > 0; number /= 62) {
        if (text[i] != alphabet[number % 62]) return false;
    }
    return number == 0;
}

/* "Behind GitHub's new authentication token formats" (GitHub, 2021): gh[pousr]_, 30 random characters, CRC-32 of them in six.
 * A wrong checksum does not clear a token: later formats differ, and the prefix says what it is. */
static vl_validity check_classic(const char *body, size_t size_bytes)
{
    if (size_bytes < 36 || !is_alnum_run(body, size_bytes)) return VL_INVALID;
    return size_bytes == 36 && is_base62(body + 30, crc32_of(body, 30)) ? VL_VALID : VL_UNKNOWN;
}

/* Fine-grained tokens: github_pat_, 22 characters, '_', 59 characters. */
static vl_validity check_fine_grained(const char *body, size_t size_bytes)
{
    bool is_good = size_bytes == 82 && body[22] == '_' && is_alnum_run(body, 22) && is_alnum_run(body + 23, 59);
    return is_good ? VL_UNKNOWN : VL_INVALID;
}

vl_validity vl_validate_github_token(const char *text, size_t size_bytes)
{
    static const char fine_grained[11] = "github_pat_";
    if (size_bytes > sizeof fine_grained && memcmp(text, fine_grained, sizeof fine_grained) == 0)
        return check_fine_grained(text + sizeof fine_grained, size_bytes - sizeof fine_grained);
    if (size_bytes < 4 || text[0] != 'g' || text[1] != 'h' || text[3] != '_') return VL_INVALID;
    if (memchr("pousr", text[2], 5) == NULL) return VL_INVALID;
    return check_classic(text + 4, size_bytes - 4);
}

/* RFC 4648 section 5; -1 for a character outside the alphabet. */
static int base64url_value(char c)
{
    if ((unsigned char)(c - 'A') < 26) return c - 'A';
    if ((unsigned char)(c - 'a') < 26) return c - 'a' + 26;
    if (vl_is_digit(c)) return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

/* Decode without padding; bytes written, or 0. `out` holds size_bytes * 3 / 4 bytes. */
static size_t base64url_decode(const char *text, size_t size_bytes, char *out)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t written = 0;
    if (size_bytes % 4 == 1) return 0;
    for (size_t i = 0; i < size_bytes; i++) {
        int value = base64url_value(text[i]);
        if (value < 0) return 0;
        bits = bits << 6 | (uint32_t)value;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out[written++] = (char)(bits >> held);
    }
    return written;
}

/* A JSON object with a string "alg" of its own (RFC 7515 section 4.1.1). */
static bool is_jose_header(const char *json_text, size_t size_bytes)
{
    vl_json json;
    vl_json_token token;
    bool has_alg = false;
    vl_json_init(&json, json_text, size_bytes);
    if (vl_json_next(&json, &token) != VL_JSON_OBJECT_BEGIN) return false;
    while (vl_json_next(&json, &token) == VL_JSON_KEY) {
        if (vl_json_equals(&token, "alg")) {
            if (vl_json_next(&json, &token) != VL_JSON_STRING) return false;
            has_alg = true;
        } else if (!vl_json_skip(&json, &token)) {
            return false;
        }
    }
    return has_alg && token.type == VL_JSON_OBJECT_END;
}

/* RFC 7515 compact form: header, payload, signature (empty for "none"); RFC 7516 has five parts. */
static bool has_jwt_parts(const char *text, size_t size_bytes)
{
    size_t dots = 0;
    for (size_t i = 0; i < size_bytes; i++) {
        if (text[i] == '.')
            dots++;
        else if (base64url_value(text[i]) < 0)
            return false;
    }
    return dots == 2 || dots == 4;
}

vl_validity vl_validate_jwt_header(const char *text, size_t size_bytes)
{
    char header[JWT_HEADER_MAX_BYTES];
    const char *dot = memchr(text, '.', size_bytes);
    if (dot == NULL) return VL_INVALID;
    size_t length = (size_t)(dot - text);
    if (length / 4 * 3 + 3 > sizeof header) return VL_UNKNOWN;
    size_t decoded = base64url_decode(text, length, header);
    return decoded > 0 && is_jose_header(header, decoded) ? VL_VALID : VL_INVALID;
}

vl_validity vl_validate_jwt(const char *text, size_t size_bytes)
{
    return has_jwt_parts(text, size_bytes) ? vl_validate_jwt_header(text, size_bytes) : VL_INVALID;
}
