/* India: goods and services tax, registration plates. */
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

static unsigned value_of(char c)
{
    return vl_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A' + 10);
}

/* GSTN: state (01 to 38, 97, 99), PAN, entity number, Z, check character: base 36, factors 1 and 2 in turn, both digits of
 * products in base 36 added; what is missing to the next 36. */
vl_validity vl_validate_in_gstin(const char *text, size_t size_bytes)
{
    char c[15];
    uint32_t state;
    if (vl_collect_alnum(text, size_bytes, c, 15) != 15 || !vl_digits_value(c, 2, &state)) return VL_INVALID;
    if (state == 0 || (state > 38 && state != 97 && state != 99) || c[13] != 'Z') return VL_INVALID;
    unsigned sum = 0;
    for (unsigned i = 0; i < 14; i++) {
        unsigned product = value_of(c[i]) * (i % 2 + 1);
        sum += product / 36 + product % 36;
    }
    return (36 - sum % 36) % 36 == value_of(c[14]) ? VL_VALID : VL_INVALID;
}

/* Central Motor Vehicles Rules, notified codes of states and union territories, with the highest number of a district office. Old
 * codes are still on the road. */
static unsigned office_count(const char *state)
{
    static const char states[] =
        "AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ "
        "SK TG TN TR TS UA UK UL UP WB CT UT ";
    static const uint8_t counts[] = {10, 40, 26, 34, 57, 31, 4,  3,  18, 9,  12, 39, 99, 99, 24,
                                     22, 71, 99, 2,  9,  58, 14, 7,  71, 8,  10, 35, 31, 99, 5,
                                     58, 8,  38, 99, 8,  38, 20, 20, 20, 96, 98, 30, 20};
    _Static_assert(sizeof states - 1 == 3 * sizeof counts, "one count a state");
    for (size_t i = 0; i < sizeof counts; i++)
        if (memcmp(states + 3 * i, state, 2) == 0) return counts[i];
    return 0;
}

/* State, office of one or two digits, series of letters, four digits from 0001. */
vl_validity vl_validate_in_plate(const char *text, size_t size_bytes)
{
    char c[11];
    uint32_t number;
    size_t count = vl_collect_alnum(text, size_bytes, c, 11);
    if (count == SIZE_MAX || count < 8 || !vl_digits_value(c + count - 4, 4, &number) || number == 0) return VL_INVALID;
    unsigned most = office_count(c);
    if (most == 0 || !vl_is_digit(c[2])) return VL_INVALID;
    unsigned office = vl_is_digit(c[3]) ? (unsigned)(c[2] - '0') * 10 + (unsigned)(c[3] - '0') : (unsigned)(c[2] - '0');
    return office >= 1 && office <= most ? VL_VALID : VL_UNKNOWN;
}

/* Ministry of External Affairs: number of the mission, CD, CC or UN, number of the car. */
vl_validity vl_validate_in_diplomatic(const char *text, size_t size_bytes)
{
    static const uint8_t missions[] = {84,  85,  89,  93,  94,  95,  97,  98,  99,  102, 104, 105, 106, 109,
                                       111, 112, 113, 117, 119, 120, 121, 122, 123, 125, 126, 128, 133, 134,
                                       135, 137, 141, 145, 147, 149, 152, 153, 155, 156, 157, 159, 160};
    unsigned mission = 0;
    for (size_t i = 0; i < size_bytes && i < 3 && vl_is_digit(text[i]); i++)
        mission = mission * 10 + (unsigned)(text[i] - '0');
    for (size_t i = 0; i < sizeof missions; i++)
        if (missions[i] == mission) return VL_VALID;
    return VL_UNKNOWN;
}

vl_validity vl_validate_nonzero_end(const char *text, size_t size_bytes)
{
    for (size_t i = size_bytes; i > 0 && vl_is_digit(text[i - 1]); i--)
        if (text[i - 1] != '0') return VL_UNKNOWN;
    return VL_INVALID;
}
