/*
 * FF1 (NIST SP 800-38G, algorithms 7 and 8): ten Feistel rounds whose round function is a CBC-MAC. The halves stay strings of
 * numerals; only what a round needs is made a number: the half that goes into the MAC (as bytes), and the MAC's result (as
 * numerals, added one by one with a carry), so that no arithmetic modulo radix^m is needed. Names follow the standard.
 */
#include "text/ff1.h"

#include <string.h>

#include "core/error.h"

#define ROUNDS       10u
#define BLOCK        VL_AES_BLOCK
#define HALF_MAX     (VL_FF1_NUMERALS_MAX / 2)
#define LIMBS_MAX    (HALF_MAX / 4 + 2) /* eight bits a numeral, and the four bytes more that d has */
#define DOMAIN_LEAST 1000000u

/* What is the same in all rounds. */
typedef struct ff1 {
    vl_aes *aes;
    uint32_t radix;
    vl_bytes tweak;
    size_t b;             /* bytes of a half as a number */
    size_t d;             /* bytes of the MAC that are used */
    uint8_t start[BLOCK]; /* the MAC's state behind the block P */
} ff1;

bool vl_ff1_fits(uint32_t radix, size_t count)
{
    uint64_t domain = 1;
    if (radix < 2 || radix > 256 || count < 2 || count > VL_FF1_NUMERALS_MAX) return false;
    for (size_t i = 0; i < count && domain < DOMAIN_LEAST; i++)
        domain *= radix;
    return domain >= DOMAIN_LEAST;
}

/* NUM_radix as `bytes` big-endian bytes. */
static void to_bytes(uint32_t radix, const uint8_t *numerals, size_t count, uint8_t *out, size_t bytes)
{
    uint32_t limbs[LIMBS_MAX] = {0}; /* least first */
    size_t used = (bytes + 3) / 4;
    for (size_t i = 0; i < count; i++) {
        uint64_t carry = numerals[i];
        for (size_t k = 0; k < used; k++) {
            carry += (uint64_t)limbs[k] * radix;
            limbs[k] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    for (size_t i = 0; i < bytes; i++)
        out[bytes - 1 - i] = (uint8_t)(limbs[i / 4] >> 8 * (i % 4));
    vl_wipe(limbs, used * sizeof limbs[0]); /* half of the value */
}

/* The last `count` numerals of a big-endian number; `size` is a multiple of 4. */
static void to_numerals(uint32_t radix, const uint8_t *bytes, size_t size, uint8_t *out, size_t count)
{
    uint32_t limbs[LIMBS_MAX]; /* greatest first */
    size_t used = size / 4;
    for (size_t k = 0; k < used; k++)
        limbs[k] = (uint32_t)bytes[4 * k] << 24 | (uint32_t)bytes[4 * k + 1] << 16 | (uint32_t)bytes[4 * k + 2] << 8 |
                   bytes[4 * k + 3];
    for (size_t i = count; i-- > 0;) {
        uint64_t rest = 0;
        for (size_t k = 0; k < used; k++) {
            rest = rest << 32 | limbs[k];
            limbs[k] = (uint32_t)(rest / radix);
            rest %= radix;
        }
        out[i] = (uint8_t)rest;
    }
    vl_wipe(limbs, used * sizeof limbs[0]);
}

/* Bytes of radix^count - 1. */
static size_t number_bytes(uint32_t radix, size_t count)
{
    uint8_t largest[HALF_MAX];
    uint8_t bytes[HALF_MAX];
    size_t zeros = 0;
    memset(largest, (int)(radix - 1), count);
    to_bytes(radix, largest, count, bytes, count);
    while (bytes[zeros] == 0)
        zeros++;
    return count - zeros;
}

/* One block into the CBC-MAC. */
static veil_status mac_block(vl_aes *aes, uint8_t state[BLOCK], const uint8_t *block)
{
    for (size_t i = 0; i < BLOCK; i++)
        state[i] ^= block[i];
    return vl_aes_blocks(aes, state, BLOCK, state);
}

static veil_status begin(ff1 *f, size_t count)
{
    size_t u = count / 2;
    const uint8_t p[BLOCK] = {1,
                              2,
                              1,
                              (uint8_t)(f->radix >> 16),
                              (uint8_t)(f->radix >> 8),
                              (uint8_t)f->radix,
                              ROUNDS,
                              (uint8_t)u,
                              0,
                              0,
                              (uint8_t)(count >> 8),
                              (uint8_t)count,
                              0,
                              0,
                              (uint8_t)(f->tweak.size >> 8),
                              (uint8_t)f->tweak.size};
    f->b = number_bytes(f->radix, count - u);
    f->d = 4 * ((f->b + 3) / 4) + 4;
    memset(f->start, 0, BLOCK);
    return mac_block(f->aes, f->start, p);
}

/* y of one round as numerals: the MAC of tweak, round and half, stretched to d bytes. */
static veil_status round_value(const ff1 *f, unsigned round, const uint8_t *half, size_t half_count, uint8_t *out,
                               size_t out_count)
{
    uint8_t q[VL_FF1_TWEAK_MAX + 2 * BLOCK + HALF_MAX] = {0};
    uint8_t s[HALF_MAX + 2 * BLOCK];
    size_t t = f->tweak.size;
    size_t padding = (BLOCK - (t + f->b + 1) % BLOCK) % BLOCK;
    size_t q_bytes = t + padding + 1 + f->b;
    if (t > 0) memcpy(q, f->tweak.data, t);
    q[t + padding] = (uint8_t)round;
    to_bytes(f->radix, half, half_count, q + t + padding + 1, f->b);
    memcpy(s, f->start, BLOCK);
    veil_status status = VEIL_OK;
    for (size_t at = 0; at < q_bytes && status == VEIL_OK; at += BLOCK)
        status = mac_block(f->aes, s, q + at);
    for (size_t j = 1; j * BLOCK < f->d && status == VEIL_OK; j++) {
        uint8_t *block = s + j * BLOCK;
        memcpy(block, s, BLOCK);
        block[BLOCK - 1] ^= (uint8_t)j;
        status = vl_aes_blocks(f->aes, block, BLOCK, block);
    }
    if (status == VEIL_OK) to_numerals(f->radix, s, f->d, out, out_count);
    vl_wipe(q, sizeof q);
    vl_wipe(s, sizeof s);
    return status;
}

/* half plus y, or minus y, modulo radix^count. */
static void add_numerals(uint32_t radix, uint8_t *half, const uint8_t *y, size_t count, bool subtracts)
{
    unsigned carry = 0;
    for (size_t i = count; i-- > 0;) {
        unsigned sum = subtracts ? half[i] + radix - y[i] - carry : half[i] + y[i] + carry;
        carry = subtracts ? sum < radix : sum >= radix;
        half[i] = (uint8_t)(sum % radix);
    }
}

veil_status vl_ff1_run(vl_aes *aes, bool encrypts, uint32_t radix, vl_bytes tweak, uint8_t *numerals, size_t count)
{
    ff1 f = {.aes = aes, .radix = radix, .tweak = tweak};
    uint8_t y[HALF_MAX];
    if (!vl_ff1_fits(radix, count) || tweak.size > VL_FF1_TWEAK_MAX) return VEIL_ERR_INVALID_ARGUMENT;
    size_t u = count / 2;
    size_t v = count - u;
    veil_status status = begin(&f, count);
    /* The standard swaps the halves after each round. Here they stay: even rounds change the left one (u numerals) by the
     * right one, odd rounds the right one by the left one; ten rounds end where they began. */
    for (unsigned i = 0; i < ROUNDS && status == VEIL_OK; i++) {
        unsigned round = encrypts ? i : ROUNDS - 1 - i;
        bool is_even = round % 2 == 0;
        uint8_t *changed = is_even ? numerals : numerals + u;
        const uint8_t *other = is_even ? numerals + u : numerals;
        status = round_value(&f, round, other, is_even ? v : u, y, is_even ? u : v);
        if (status == VEIL_OK) add_numerals(radix, changed, y, is_even ? u : v, !encrypts);
    }
    vl_wipe(y, sizeof y);
    vl_wipe(&f, sizeof f);
    if (status != VEIL_OK) vl_wipe(numerals, count);
    return status;
}

static uint8_t numeral_of(char c)
{
    return (uint8_t)(c >= 'a' ? c - 'a' + 10 : c - '0');
}

static veil_status prove_one(vl_aes *aes, uint32_t radix, const char *tweak, const char *plain, const char *sealed)
{
    uint8_t numerals[32];
    size_t count = strlen(plain);
    const vl_bytes t = {tweak, strlen(tweak)};
    bool is_same = true;
    for (size_t i = 0; i < count; i++)
        numerals[i] = numeral_of(plain[i]);
    veil_status status = vl_ff1_run(aes, true, radix, t, numerals, count);
    for (size_t i = 0; i < count && status == VEIL_OK; i++)
        is_same = is_same && numerals[i] == numeral_of(sealed[i]);
    if (status == VEIL_OK) status = vl_ff1_run(aes, false, radix, t, numerals, count);
    for (size_t i = 0; i < count && status == VEIL_OK; i++)
        is_same = is_same && numerals[i] == numeral_of(plain[i]);
    return status == VEIL_OK && !is_same ? VEIL_ERR_SELF_TEST : status;
}

veil_status vl_ff1_prove(const vl_allocator *allocator, const vl_crypto *crypto, veil_error *error)
{
    static const uint8_t key[32] = {0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6, 0xAB, 0xF7, 0x15,
                                    0x88, 0x09, 0xCF, 0x4F, 0x3C, 0xEF, 0x43, 0x59, 0xD8, 0xD5, 0x80,
                                    0xAA, 0x4F, 0x7F, 0x03, 0x6D, 0x6F, 0x04, 0xFC, 0x6A, 0x94};
    vl_aes *aes;
    veil_status status = vl_aes_create(allocator, crypto, VL_AES_ECB, key, sizeof key, &aes);
    if (status == VEIL_OK) status = prove_one(aes, 10, "", "0123456789", "6657667009");
    if (status == VEIL_OK) status = prove_one(aes, 10, "9876543210", "0123456789", "1001623463");
    if (status == VEIL_OK) status = prove_one(aes, 36, "7777pqrs777", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd");
    vl_aes_destroy(aes);
    if (status == VEIL_ERR_SELF_TEST) return vl_error_set(error, status, 0, "FF1 did not give its known answer");
    return status == VEIL_OK ? status : vl_error_set(error, status, 0, "FF1 could not be used");
}
