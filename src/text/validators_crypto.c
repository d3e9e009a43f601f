/*
 * Cryptocurrency addresses. Base58Check carries 32 bits of SHA-256 twice over, Bech32 a BCH code over 30 bits, so either one
 * proves itself. SHA-256 here is a checksum, not cryptography, and 25 bytes long: libcrypto's low-level functions compute it
 * without allocation, locks or a library context (its one-shot functions fetch from the default context, the host's).
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <string.h>

#include "text/chars.h"
#include "text/validators.h"

#define BASE58_MAX_CHARS 112u /* an extended key has 111 */
#define BASE58_MAX_WORDS 22u  /* 112 * log2(58) / 32 */

/* Satoshi's alphabet (bitcoin base58.cpp): no 0, I, O, l. 0xFF: not a digit. */
static uint8_t base58_value(char c)
{
    static const uint8_t upper[26] = {9,  10,   11, 12, 13, 14, 15, 16, 0xFF, 17, 18, 19, 20,
                                      21, 0xFF, 22, 23, 24, 25, 26, 27, 28,   29, 30, 31, 32};
    static const uint8_t lower[26] = {33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 0xFF, 44,
                                      45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56,   57};
    if (c >= '1' && c <= '9') return (uint8_t)(c - '1');
    if ((unsigned char)(c - 'A') < 26) return upper[c - 'A'];
    if ((unsigned char)(c - 'a') < 26) return lower[c - 'a'];
    return 0xFF;
}

/* words = words * factor + add, least significant word first. */
static void multiply_add(uint32_t *words, size_t *count, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (size_t i = 0; i < *count; i++) {
        carry += (uint64_t)words[i] * factor;
        words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) words[(*count)++] = (uint32_t)carry;
}

/* Decode; the bytes written to the end of `out`, or 0. A leading '1' is a zero byte. */
static size_t base58_decode(const char *text, size_t size_bytes, uint8_t out[4 * BASE58_MAX_WORDS + BASE58_MAX_CHARS])
{
    uint32_t words[BASE58_MAX_WORDS + 1];
    size_t count = 0;
    for (size_t i = 0; i < size_bytes;) {
        uint32_t factor = 1; /* five digits at a time: 58^5 < 2^32 */
        uint32_t add = 0;
        for (size_t end = i + 5 < size_bytes ? i + 5 : size_bytes; i < end; i++) {
            uint8_t value = base58_value(text[i]);
            if (value == 0xFF) return 0;
            factor *= 58;
            add = add * 58 + value;
        }
        multiply_add(words, &count, factor, add);
    }
    size_t zeros = 0;
    while (zeros < size_bytes && text[zeros] == '1')
        zeros++;
    memset(out, 0, zeros);
    size_t bytes = zeros;
    for (size_t i = 4 * count; i-- > 0;) {
        uint8_t byte = (uint8_t)(words[i / 4] >> (i % 4 * 8));
        if (byte != 0 || bytes > zeros) out[bytes++] = byte;
    }
    return bytes;
}

static void sha256(const uint8_t *data, size_t size_bytes, uint8_t out[32])
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, data, size_bytes);
    SHA256_Final(out, &context);
}

/* Base58Check: payload and the first four bytes of SHA-256(SHA-256(payload)). Payloads: 21 bytes (P2PKH and P2SH of Bitcoin and
 * its relatives), 33 and 34 (private keys), 78 (BIP-32 extended keys). */
static vl_validity check_base58(const char *text, size_t size_bytes)
{
    uint8_t bytes[4 * BASE58_MAX_WORDS + BASE58_MAX_CHARS];
    uint8_t digest[32];
    if (size_bytes < 25 || size_bytes > BASE58_MAX_CHARS) return VL_INVALID;
    size_t count = base58_decode(text, size_bytes, bytes);
    if (count != 25 && count != 37 && count != 38 && count != 82) return VL_INVALID;
    sha256(bytes, count - 4, digest);
    sha256(digest, 32, digest);
    return memcmp(digest, bytes + count - 4, 4) == 0 ? VL_VALID : VL_INVALID;
}

/* BIP-173: one step of the BCH code. */
static uint32_t polymod_step(uint32_t check, uint8_t value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        check ^= (top >> i & 1) != 0 ? generator[i] : 0;
    return check;
}

/* BIP-173: value of a data character, or 0xFF. */
static uint8_t bech32_value(char c)
{
    static const char alphabet[32] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const char *at = memchr(alphabet, c, sizeof alphabet);
    return at == NULL ? 0xFF : (uint8_t)(at - alphabet);
}

/* The witness program in `count` values (version first, check already removed) has a length that BIP-141 knows, and its spare
 * bits are zero. */
static bool is_witness_program(const uint8_t *values, size_t count)
{
    size_t bits = (count - 1) * 5;
    size_t bytes = bits / 8;
    if (values[0] > 16 || bytes < 2 || bytes > 40 || bits % 8 >= 5) return false;
    if (values[0] == 0 && bytes != 20 && bytes != 32) return false;
    return (values[count - 1] & ((1u << (bits % 8)) - 1)) == 0;
}

/* Segregated-witness address: human-readable part, '1', data, six check characters. Version 0 uses Bech32 (BIP-173), later
 * ones Bech32m (BIP-350). `text` is in one case, `separator` at most 4. */
static vl_validity check_bech32(const char *text, size_t size_bytes, size_t separator)
{
    uint8_t values[90];
    uint32_t check = 1;
    size_t count = size_bytes - separator - 1;
    if (size_bytes > 90 || count < 6 + 4) return VL_INVALID;
    for (size_t i = 0; i < separator; i++)
        check = polymod_step(check, (uint8_t)(vl_to_lower(text[i]) >> 5));
    check = polymod_step(check, 0);
    for (size_t i = 0; i < separator; i++)
        check = polymod_step(check, (uint8_t)(vl_to_lower(text[i]) & 31));
    for (size_t i = 0; i < count; i++) {
        values[i] = bech32_value(vl_to_lower(text[separator + 1 + i]));
        if (values[i] == 0xFF) return VL_INVALID;
        check = polymod_step(check, values[i]);
    }
    uint32_t expected = values[0] == 0 ? 1 : 0x2bc830a3;
    return check == expected && is_witness_program(values, count - 6) ? VL_VALID : VL_INVALID;
}

static bool has_one_case(const char *text, size_t size_bytes)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < size_bytes; i++) {
        has_upper |= (unsigned char)(text[i] - 'A') < 26;
        has_lower |= (unsigned char)(text[i] - 'a') < 26;
    }
    return !has_upper || !has_lower;
}

/* Length of a registered segregated-witness prefix (SLIP-173) that begins the text and is followed by '1', or 0. */
static size_t witness_prefix(const char *text, size_t size_bytes)
{
    static const char prefixes[5][5] = {"bc", "tb", "bcrt", "ltc", "tltc"};
    for (size_t i = 0; i < 5; i++) {
        size_t n = strlen(prefixes[i]);
        if (size_bytes <= n || text[n] != '1') continue;
        size_t same = 0;
        while (same < n && vl_to_lower(text[same]) == prefixes[i][same])
            same++;
        if (same == n) return n;
    }
    return 0;
}

vl_validity vl_validate_crypto(const char *text, size_t size_bytes)
{
    size_t separator = witness_prefix(text, size_bytes);
    if (separator > 0 && has_one_case(text, size_bytes)) return check_bech32(text, size_bytes, separator);
    return check_base58(text, size_bytes);
}
