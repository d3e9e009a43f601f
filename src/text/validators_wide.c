/* Numbers whose groups stand further apart than their own matchers read: " - ", "--", "+", single digits. */
#include "text/validators.h"

#include "text/chars.h"

#define WIDE_MAX  48u
#define CARD_SIZE 16u /* digits of the cards that an expiry or a security code is written behind */

/* The same number with one dash for all that stands between two digits, with nothing where every group is one digit; 0: too long. */
static size_t join(const char *text, size_t size_bytes, char out[WIDE_MAX])
{
    size_t size = 0;
    size_t groups = 1;
    bool is_apart = false;
    for (size_t i = 0; i < size_bytes; i++) {
        if (!vl_is_digit(text[i])) {
            is_apart = size > 0;
            continue;
        }
        if (size + 2 > WIDE_MAX) return 0;
        if (is_apart) out[size++] = '-';
        groups += is_apart;
        is_apart = false;
        out[size++] = text[i];
    }
    if (2 * groups != size + 1) return size;
    for (size_t i = 0; i < groups; i++) /* every group is one digit */
        out[i] = out[2 * i];
    return groups;
}

static vl_validity validate_joined(const char *text, size_t size_bytes, vl_validator_fn validate)
{
    char joined[WIDE_MAX];
    size_t size = join(text, size_bytes, joined);
    return size == 0 ? VL_INVALID : validate(joined, size);
}

vl_validity vl_validate_card_wide(const char *text, size_t size_bytes)
{
    return validate_joined(text, size_bytes, vl_validate_credit_card);
}

/* What follows the number is its expiry or security code, and goes with it. */
vl_validity vl_validate_card_loose(const char *text, size_t size_bytes)
{
    char digits[CARD_SIZE];
    size_t count = 0;
    for (size_t i = 0; i < size_bytes && count < CARD_SIZE; i++)
        if (vl_is_digit(text[i])) digits[count++] = text[i];
    return count < CARD_SIZE ? VL_INVALID : vl_validate_credit_card(digits, count);
}

vl_validity vl_validate_ssn_wide(const char *text, size_t size_bytes)
{
    return validate_joined(text, size_bytes, vl_validate_us_ssn);
}

vl_validity vl_validate_phone_wide(const char *text, size_t size_bytes)
{
    return validate_joined(text, size_bytes, vl_validate_phone);
}
