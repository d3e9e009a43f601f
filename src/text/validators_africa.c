/* Nigeria and South Africa. */
#include "text/checksums.h"
#include "text/validators_national.h"

/* NIMC: eleven digits, the last one Verhoeff's check digit. */
vl_validity vl_validate_ng_nin(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || vl_are_equal_digits(d, 11)) return VL_INVALID;
    return vl_passes_verhoeff(d, 11) ? VL_VALID : VL_INVALID;
}

/* FRSC, plates since 2011: three letters of the local government, a serial from 001, two letters. */
vl_validity vl_validate_ng_plate(const char *text, size_t size_bytes)
{
    char c[8];
    uint32_t serial;
    if (vl_collect_alnum(text, size_bytes, c, 8) != 8) return VL_INVALID;
    return vl_digits_value(c + 3, 3, &serial) && serial != 0 ? VL_UNKNOWN : VL_INVALID;
}

/* Department of Home Affairs: date of birth (YYMMDD), four digits of sex and order, citizenship (0 to 2), 8 or 9, Luhn. */
vl_validity vl_validate_za_id(const char *text, size_t size_bytes)
{
    uint8_t d[13];
    if (vl_collect_digits(text, size_bytes, d, 13) != 13) return VL_INVALID;
    if (!vl_is_short_day(vl_two(d), vl_two(d + 2), vl_two(d + 4))) return VL_INVALID;
    if (d[10] > 2 || d[11] < 8) return VL_INVALID;
    return vl_passes_luhn(d, 13) ? VL_VALID : VL_INVALID;
}
