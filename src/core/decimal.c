/*
 * Decimal to double. Small numbers are one exact multiplication or division (Clinger 1990). Others are estimated in long
 * double, a step off at most, and then compared exactly, as big integers, with the midpoints to the two neighbours. The
 * integers stay below 2^2200: digits < 2^64, 5^400 < 2^929, and shifts of at most 1100 bits.
 */
#include "core/decimal.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define LIMBS        80 /* of 32 bits: 2560 bits */
#define EXPONENT_MAX 400

typedef struct big {
    uint32_t limb[LIMBS]; /* least significant first */
} big;

static void big_set(big *a, uint64_t value)
{
    *a = (big){{(uint32_t)value, (uint32_t)(value >> 32)}};
}

static void big_multiply(big *a, uint32_t factor)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)a->limb[i] * factor;
        a->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void big_multiply_pow5(big *a, int64_t n)
{
    for (; n >= 13; n -= 13)
        big_multiply(a, 1220703125u); /* 5^13, the largest in 32 bits */
    for (; n > 0; n--)
        big_multiply(a, 5);
}

static void big_shift(big *a, int64_t bits)
{
    int64_t limbs = bits / 32;
    memmove(a->limb + limbs, a->limb, (size_t)(LIMBS - limbs) * sizeof a->limb[0]);
    memset(a->limb, 0, (size_t)limbs * sizeof a->limb[0]);
    big_multiply(a, 1u << (bits % 32));
}

static int big_compare(const big *a, const big *b)
{
    for (int i = LIMBS; i-- > 0;) {
        if (a->limb[i] != b->limb[i]) return a->limb[i] < b->limb[i] ? -1 : 1;
    }
    return 0;
}

/* Sign of digits * 10^exponent - whole * 2^power. Powers of five go to the side where they multiply, so do those of two. */
static int compare(uint64_t digits, int64_t exponent, uint64_t whole, int64_t power)
{
    big a;
    big b;
    big_set(&a, digits);
    big_set(&b, whole);
    big_multiply_pow5(exponent > 0 ? &a : &b, exponent > 0 ? exponent : -exponent);
    int64_t twos = exponent - power;
    big_shift(twos > 0 ? &a : &b, twos > 0 ? twos : -twos);
    return big_compare(&a, &b);
}

/* The significand and the power of two of a finite positive double (or zero). */
static uint64_t split(double value, int64_t *power)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t fraction = bits & ((1ull << 52) - 1);
    int64_t biased = (int64_t)(bits >> 52);
    *power = biased == 0 ? -1074 : biased - 1075;
    return biased == 0 ? fraction : fraction | 1ull << 52;
}

/* Whether the decimal lies above the middle between `value` and the next double (or on it, where that one is even). */
static bool is_above_middle(uint64_t digits, int64_t exponent, double value)
{
    int64_t power;
    uint64_t whole = split(value, &power);
    int sign = compare(digits, exponent, 2 * whole + 1, power - 1);
    return sign > 0 || (sign == 0 && (whole & 1) != 0);
}

/* 10^n by squaring; exact up to 27 where long double has 64 bits. */
static long double power_of_ten(int64_t n)
{
    long double power = 1;
    for (long double base = 10; n != 0; n >>= 1, base *= base) {
        if (n & 1) power *= base;
    }
    return power;
}

double vl_decimal_to_double(uint64_t digits, int64_t exponent)
{
    static const double exact[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (digits == 0 || exponent < -EXPONENT_MAX) return 0; /* 2^64 * 10^-400 is far below the smallest double */
    if (exponent > EXPONENT_MAX) return INFINITY;
    if (digits <= 1ull << 53 && exponent >= -22 && exponent <= 22) {
        double whole = (double)digits;
        return exponent < 0 ? whole / exact[-exponent] : whole * exact[exponent];
    }
    long double scale = power_of_ten(exponent < 0 ? -exponent : exponent);
    long double estimate = exponent < 0 ? (long double)digits / scale : (long double)digits * scale;
    double value = (double)estimate;
    if (isinf(value)) value = 0x1.fffffffffffffp1023; /* the largest; the loop decides whether that was right */
    while (!isinf(value) && is_above_middle(digits, exponent, value))
        value = nextafter(value, INFINITY);
    while (value > 0 && !is_above_middle(digits, exponent, nextafter(value, 0)))
        value = nextafter(value, 0);
    return value;
}
