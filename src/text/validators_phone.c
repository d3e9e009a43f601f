/*
 * Telephone numbers. Three forms stand on their own: international with a country code, North American, and national with a
 * trunk zero or an area code in parentheses. Other groupings are numbers of some country and of much else; the loose check
 * accepts them for patterns that need context words. Numbers carry no checksum: a good one keeps the pattern's score.
 */
#include "text/chars.h"
#include "text/validators.h"

#define DIGITS_MAX    18u /* E.164: 15, with an access prefix of three */
#define GROUPS_MAX    9u
#define EXTENSION_MAX 7u

typedef struct phone_plan {
    uint16_t code;
    uint16_t has_trunk; /* a zero that is dialled inside the country alone */
    uint32_t lengths;   /* bit n: national numbers have n digits */
} phone_plan;

static const phone_plan plans[] = {
#include "text/phone_plans_table.inc"
};

/* A number taken apart. */
typedef struct phone_shape {
    uint8_t digits[DIGITS_MAX];
    unsigned count;
    uint8_t groups[GROUPS_MAX]; /* digits of each group */
    unsigned group_count;
    bool has_plus;
    bool is_dashed; /* nothing but '-' and '.' between the groups */
    bool has_parentheses;
    bool has_extension;
} phone_shape;

/* "x12", "ext. 12", "extension 12", "#12" at text[at..]. */
static bool is_extension(const char *text, size_t size_bytes, size_t at)
{
    static const char word[] = "extension";
    unsigned count = 0;
    if (text[at] == '#' || (text[at] | 0x20) == 'x') {
        at++;
    } else {
        size_t n = 0;
        while (at < size_bytes && n < 9 && vl_to_lower(text[at]) == word[n])
            at++, n++;
        if (n != 3 && n != 9) return false;
    }
    for (; at < size_bytes; at++) {
        if (vl_is_digit(text[at]))
            count++;
        else if (count > 0 || (text[at] != ' ' && text[at] != '.' && text[at] != ':'))
            return false;
    }
    return count > 0 && count <= EXTENSION_MAX;
}

static bool is_separator(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/' || c == '\t' || (c & 0x80) != 0;
}

static bool read_shape(const char *text, size_t size_bytes, phone_shape *shape)
{
    bool in_group = false;
    for (size_t i = 0; i < size_bytes; i++) {
        char c = text[i];
        if (vl_is_digit(c)) {
            if (!in_group && shape->group_count == GROUPS_MAX) return false;
            if (shape->count == DIGITS_MAX) return false;
            if (!in_group) shape->groups[shape->group_count++] = 0;
            shape->groups[shape->group_count - 1]++;
            shape->digits[shape->count++] = (uint8_t)(c - '0');
            in_group = true;
            continue;
        }
        in_group = false;
        if (c == '+' && shape->count == 0) {
            shape->has_plus = true;
        } else if (is_separator(c)) {
            shape->is_dashed &= c == '-' || c == '.';
            shape->has_parentheses |= c == '(';
        } else {
            shape->has_extension = shape->count > 0 && is_extension(text, size_bytes, i);
            return shape->has_extension;
        }
    }
    return true;
}

static const phone_plan *find_plan(unsigned code)
{
    size_t low = 0;
    size_t high = sizeof plans / sizeof plans[0];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plans[middle].code == code) return &plans[middle];
        if (plans[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Country code and national number fill digits[from, count). A trunk zero that was left in ("+44 (0)20") is passed over; in a
 * few plans (Italy, Gabon) a zero is part of the number, and their lengths allow for it. */
static bool is_international(const phone_shape *shape, unsigned from)
{
    unsigned code = 0;
    for (unsigned n = 1; n <= 3 && from + n < shape->count; n++) {
        code = code * 10 + shape->digits[from + n - 1];
        const phone_plan *plan = code == 0 ? NULL : find_plan(code);
        if (plan == NULL) continue;
        unsigned national = shape->count - from - n;
        if ((plan->lengths >> national & 1) != 0) return true;
        return plan->has_trunk && shape->digits[from + n] == 0 && (plan->lengths >> (national - 1) & 1) != 0;
    }
    return false;
}

/* ITU access prefixes: 00 in most of the world, 011 in North America, each as the start of the first group. */
static bool has_access_prefix(const phone_shape *shape, unsigned *length)
{
    const uint8_t *d = shape->digits;
    if (shape->count < 10 || d[0] != 0) return false;
    *length = d[1] == 0 ? 2 : 3;
    return d[1] == 0 || (d[1] == 1 && d[2] == 1 && shape->groups[0] == 3);
}

static bool has_groups(const phone_shape *shape, unsigned from, const char *lengths)
{
    unsigned i = from;
    for (; *lengths != '\0'; lengths++, i++) {
        if (i >= shape->group_count || shape->groups[i] != *lengths - '0') return false;
    }
    return i == shape->group_count;
}

/* NANPA: area NXX (second digit not 9, not N11) and exchange NXX (not N11), N from 2 to 9. */
static bool is_nanp_number(const uint8_t *d)
{
    bool is_area = d[0] >= 2 && d[1] != 9 && !(d[1] == 1 && d[2] == 1);
    return is_area && d[3] >= 2 && !(d[4] == 1 && d[5] == 1);
}

/* North American: 3-3-4 written as such says what it is; without separators the numbering plan must agree. */
static bool is_north_american(const phone_shape *shape)
{
    unsigned lead = shape->count == 11 && shape->digits[0] == 1 ? 1 : 0;
    if (shape->count != 10 + lead) return false;
    unsigned first = lead == 1 && shape->groups[0] == 1 ? 1 : 0;
    if (lead == first && (has_groups(shape, first, "334") || has_groups(shape, first, "37")))
        return !vl_are_equal_digits(shape->digits + lead, 10);
    bool is_plain = shape->group_count == 1 || has_groups(shape, 0, "19") || (first == 1 && shape->group_count == 2);
    return is_plain && is_nanp_number(shape->digits + lead);
}

/* National with a trunk zero: eight to eleven digits behind it, the first of them not zero. Six and six are the date and the time
 * of a log line. */
static bool is_trunk_form(const phone_shape *shape)
{
    if (shape->digits[0] != 0 || shape->digits[1] == 0 || has_groups(shape, 0, "66")) return false;
    unsigned shortest = shape->group_count > 1 ? 9 : 10;
    return shape->count >= shortest && shape->count <= 12 && (shape->group_count == 1 || shape->groups[0] >= 2);
}

/* An area code in parentheses and a subscriber number behind it. */
static bool is_area_form(const phone_shape *shape)
{
    if (!shape->has_parentheses || shape->group_count < 2 || shape->group_count > 5) return false;
    return shape->count >= 8 && shape->count <= 12 && shape->groups[0] >= 1 && shape->groups[0] <= 5;
}

static bool is_strong(const phone_shape *shape)
{
    unsigned prefix;
    if (shape->has_plus) return is_international(shape, 0);
    if (has_access_prefix(shape, &prefix) && is_international(shape, prefix)) return true;
    return is_north_american(shape) || is_trunk_form(shape) || is_area_form(shape);
}

vl_validity vl_validate_phone(const char *text, size_t size_bytes)
{
    phone_shape shape = {.is_dashed = true};
    if (!read_shape(text, size_bytes, &shape) || shape.count < 7) return VL_INVALID;
    return is_strong(&shape) ? VL_UNKNOWN : VL_INVALID;
}

/* An IPv4 address as it stands in host names: "10-105-160-184". */
static bool is_dashed_address(const phone_shape *shape)
{
    const uint8_t *digits = shape->digits;
    bool has_three = false;
    if (!shape->is_dashed || shape->group_count != 4) return false;
    for (unsigned i = 0; i < 4; digits += shape->groups[i++]) {
        if (shape->groups[i] > 3) return false;
        if (shape->groups[i] == 3 && digits[0] * 100 + digits[1] * 10 + digits[2] > 255) return false;
        has_three |= shape->groups[i] == 3;
    }
    return has_three;
}

/* Groupings that dates, social security numbers and cards have. */
static bool is_other_number(const phone_shape *shape)
{
    static const char others[][6] = {"422", "224", "222", "324", "444", "4444", "412", "421", "124", "214"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (has_groups(shape, 0, others[i])) return true;
    }
    return false;
}

/* "33 93 31": three pairs with spaces, as small countries write them; with other separators they are a date. */
static bool is_three_pairs(const char *text, size_t size_bytes, const phone_shape *shape)
{
    return shape->count == 6 && size_bytes == 8 && text[2] == ' ' && text[5] == ' ';
}

vl_validity vl_validate_phone_loose(const char *text, size_t size_bytes)
{
    phone_shape shape = {.is_dashed = true};
    if (!read_shape(text, size_bytes, &shape)) return VL_INVALID;
    if (is_three_pairs(text, size_bytes, &shape)) return VL_UNKNOWN;
    if (shape.count < 7) return VL_INVALID;
    if (is_strong(&shape)) return VL_UNKNOWN;
    if (shape.has_plus || shape.group_count < 2 || shape.count > 12 || is_other_number(&shape)) return VL_INVALID;
    if (is_dashed_address(&shape)) return VL_INVALID;
    for (unsigned i = 0; i < shape.group_count; i++) {
        if (shape.groups[i] < 2 || shape.groups[i] > 7) return VL_INVALID;
    }
    return VL_UNKNOWN;
}

vl_validity vl_validate_phone_digits(const char *text, size_t size_bytes)
{
    uint8_t d[12];
    size_t count = vl_collect_digits(text, size_bytes, d, 12);
    if (count == SIZE_MAX || count < 7 || vl_are_equal_digits(d, count)) return VL_INVALID;
    unsigned year = vl_two(d) * 100 + vl_two(d + 2);
    bool is_date = count == 8 && year >= 1900 && year < 2100 && vl_is_calendar_day(year, vl_two(d + 4), vl_two(d + 6));
    return is_date ? VL_INVALID : VL_UNKNOWN;
}
