/* Decimal to double with correct rounding, without the locale and without memory. */
#ifndef VL_CORE_DECIMAL_H
#define VL_CORE_DECIMAL_H

#include <stdint.h>

/** The double nearest to digits * 10^exponent (ties to even); INFINITY when it is above the largest. */
double vl_decimal_to_double(uint64_t digits, int64_t exponent);

#endif
