/*
 * Tokens of services: checksums where their makers define one, else the entropy of their last bytes, which tells
 * placeholders ("sk_live_xxxxxxxxxxxx") from tokens. A checksum that fails does not clear a token: its beginning says what it
 * is, makers have changed formats without notice, and a mistyped token still tells most of the secret. It only proves nothing.
 */
#include <math.h>
#include <string.h>

#include "core/json.h"
#include "text/chars.h"
#include "text/secrets_impl.h"
#include "text/validators.h"

/* RFC 7515 headers are a few dozen bytes; with a certificate chain inside they are longer and are not looked into. */
#define JWT_HEADER_MAX_BYTES 1536u
#define WRAPPED_DIGITS       112u /* of the longest begin line */

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

#define TAIL_BYTES    32u
#define ENTROPY_BYTES 64u
/* Random tails have more: of 200,000 tails of 16 characters of base 32 none had less (secrets_test measures it); "xxxxxxxx"
 * has 0, "abababab" 1, "12341234" 2. */
#define TOKEN_ENTROPY 2.2f

float vl_entropy(const char *text, size_t size_bytes)
{
    uint8_t counts[256] = {0};
    size_t n = size_bytes < ENTROPY_BYTES ? size_bytes : ENTROPY_BYTES;
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        counts[(unsigned char)text[i]]++;
    for (size_t i = 0; i < n; i++) { /* each byte's share, once for every time it occurs */
        float count = counts[(unsigned char)text[i]];
        sum += log2f(count);
    }
    return n == 0 ? 0 : log2f((float)n) - sum / (float)n;
}

/* The last bytes: what stands before is a known beginning, or another part of the same token. */
static bool is_random(const char *text, size_t size_bytes)
{
    size_t tail = size_bytes > TAIL_BYTES + 4 ? TAIL_BYTES : size_bytes > 4 ? size_bytes - 4 : 0;
    return vl_entropy(text + size_bytes - tail, tail) >= TOKEN_ENTROPY;
}

vl_validity vl_validate_token(const char *text, size_t size_bytes)
{
    return is_random(text, size_bytes) ? VL_UNKNOWN : VL_INVALID;
}

vl_validity vl_validate_mixed_token(const char *text, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        if (vl_is_digit(text[i])) return vl_validate_token(text, size_bytes);
    return VL_INVALID;
}

static bool is_checked(const char *body)
{
    return is_base62(body + 30, crc32_of(body, 30));
}

/* "Behind GitHub's new authentication token formats" (GitHub, 2021): gh[pousr]_, 30 random characters, CRC-32 of them in six.
 * Tokens of installations became web tokens of several hundred bytes in 2026, and others may follow. */
static vl_validity check_classic(const char *body, size_t size_bytes)
{
    if (size_bytes < 36 || !is_alnum_run(body, 36)) return VL_INVALID;
    if (size_bytes == 36 && is_checked(body)) return VL_VALID;
    return is_random(body, size_bytes) ? VL_UNKNOWN : VL_INVALID;
}

/* Fine-grained tokens: github_pat_, 22 characters, '_', 59 characters. */
static vl_validity check_fine_grained(const char *body, size_t size_bytes)
{
    bool is_good = size_bytes >= 82 && body[22] == '_' && is_alnum_run(body, 22) && is_alnum_run(body + 23, 59);
    return is_good && is_random(body, size_bytes) ? VL_UNKNOWN : VL_INVALID;
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

/* "Announcing npm's new access token format" (GitHub, 2021): as GitHub's. */
vl_validity vl_validate_npm_token(const char *text, size_t size_bytes)
{
    if (size_bytes != 40 || memcmp(text, "npm_", 4) != 0 || !is_alnum_run(text + 4, 36)) return VL_INVALID;
    return is_checked(text + 4) ? VL_VALID : vl_validate_token(text, size_bytes);
}

/* Grafana, pkg/components/apikeygenprefixed: CRC-32 of all before the last '_', its bytes from the lowest, hexadecimal. */
vl_validity vl_validate_grafana_token(const char *text, size_t size_bytes)
{
    if (size_bytes != 46 || memcmp(text, "glsa_", 5) != 0 || text[37] != '_') return VL_INVALID;
    uint32_t crc = crc32_of(text, 37);
    bool is_same = true;
    for (unsigned i = 0; i < 8; i++) {
        int value = vl_hex_value(text[38 + i]);
        if (value < 0) return VL_INVALID;
        is_same &= (crc >> (8 * (i / 2) + (i % 2 == 0 ? 4 : 0)) & 15) == (uint32_t)value;
    }
    return is_same ? VL_VALID : vl_validate_token(text, size_bytes);
}

/* BIP-173's code over the whole key; age, "age(1)": human-readable part "AGE-SECRET-KEY-", 32 bytes. */
vl_validity vl_validate_age_key(const char *text, size_t size_bytes)
{
    static const char alphabet[32] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    static const char part[15] = "age-secret-key-";
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t check = 1;
    if (size_bytes != 74) return VL_INVALID;
    for (size_t i = 0; i < 2 * sizeof part + 1 + 58; i++) {
        uint32_t value = i < sizeof part ? (uint32_t)part[i] >> 5 : 0;
        if (i > sizeof part && i <= 2 * sizeof part) value = (uint32_t)part[i - sizeof part - 1] & 31;
        if (i > 2 * sizeof part) {
            const char *at = memchr(alphabet, text[16 + i - 2 * sizeof part - 1], sizeof alphabet);
            if (at == NULL) return VL_INVALID;
            value = (uint32_t)(at - alphabet);
        }
        uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ value;
        for (unsigned bit = 0; bit < 5; bit++)
            check ^= (top >> bit & 1) != 0 ? generator[bit] : 0;
    }
    return check == 1 ? VL_VALID : VL_INVALID;
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

/* Length of the packet at p of a macaroon in its second format (libmacaroons, doc/format.txt): a type, a length in 7-bit
 * groups, the bytes; 0 when it does not fit. */
static size_t packet_length(const uint8_t *data, size_t size, size_t p, size_t *body)
{
    if (p + 2 > size) return 0;
    size_t length = data[p + 1];
    *body = p + 2;
    if (length >= 128) {
        if (p + 3 > size || data[p + 2] >= 128) return 0;
        length = (length & 127) | (size_t)data[p + 2] << 7;
        *body = p + 3;
    }
    return length <= size - *body ? *body + length - p : 0;
}

enum { MACAROON_END = 0, MACAROON_LOCATION = 1, MACAROON_IDENTIFIER = 2, MACAROON_SIGNATURE = 6 };

/* Sections (location, identifier; then each caveat), an empty section, and a signature of 32 bytes at the end. */
static bool is_macaroon(const uint8_t *data, size_t size)
{
    size_t body;
    bool is_start = true;
    if (size < 1 || data[0] != 2) return false;
    for (size_t p = 1; p < size;) {
        if (data[p] == MACAROON_END) {
            if (is_start) return size - p == 35 && data[p + 1] == MACAROON_SIGNATURE && data[p + 2] == 32;
            is_start = true;
            p++;
            continue;
        }
        size_t length = packet_length(data, size, p, &body);
        if (data[p] > MACAROON_SIGNATURE || length == 0) return false;
        is_start = false;
        p += length;
    }
    return false;
}

/* PyPI, "API tokens": "pypi-" and a macaroon in base64url whose location is pypi.org or test.pypi.org. */
vl_validity vl_validate_pypi_token(const char *text, size_t size_bytes)
{
    char data[JWT_HEADER_MAX_BYTES];
    if (size_bytes < 60 || memcmp(text, "pypi-", 5) != 0) return VL_INVALID;
    if (size_bytes / 4 * 3 + 3 > sizeof data) return VL_UNKNOWN;
    size_t decoded = base64url_decode(text + 5, size_bytes - 5, data);
    if (decoded > 0 && is_macaroon((const uint8_t *)data, decoded)) return VL_VALID;
    return vl_validate_token(text, size_bytes);
}

/* Discord, "Reference": the first part is the bot's number, 17 to 20 decimal digits. */
vl_validity vl_validate_discord_token(const char *text, size_t size_bytes)
{
    char number[32];
    const char *dot = memchr(text, '.', size_bytes);
    if (dot == NULL || dot - text > 28) return VL_INVALID;
    size_t digits = base64url_decode(text, (size_t)(dot - text), number);
    if (digits < 17 || digits > 20) return VL_INVALID;
    for (size_t i = 0; i < digits; i++)
        if (!vl_is_digit(number[i])) return VL_INVALID;
    return VL_VALID;
}

/* RFC 4648 over RFC 7468: the armour's first line names a private key. It has neither of the bytes that give + and /. */
vl_validity vl_validate_wrapped_key(const char *text, size_t size_bytes)
{
    char line[WRAPPED_DIGITS];
    size_t digits = 0;
    while (digits < size_bytes && digits < WRAPPED_DIGITS && base64url_value(text[digits]) >= 0)
        digits++;
    size_t decoded = base64url_decode(text, digits - digits % 4, line);
    return memmem(line, decoded, "PRIVATE KEY", 11) != NULL ? VL_UNKNOWN : VL_INVALID;
}
