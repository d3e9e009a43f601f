/* Coordinates and ages: ranges, no check digits. */
#include "text/checksums.h"
#include "text/validators_world.h"

#define AGE_MAX      120u
#define COORDINATES  2u
#define FAR_FROM_NIL 10.0 /* degrees: pairs of small numbers are mostly no places */

/* One coordinate: degrees, or degrees and minutes, or degrees, minutes and seconds. */
typedef struct coordinate {
    double values[3];
    size_t count;
    char hemisphere; /* N S E W, 0: none */
} coordinate;

static double read_number(const char *text, size_t size, size_t *at)
{
    double value = 0;
    double place = 0.1;
    for (; *at < size && vl_is_digit(text[*at]); (*at)++)
        value = value * 10 + (text[*at] - '0');
    if (*at + 1 >= size || text[*at] != '.' || !vl_is_digit(text[*at + 1])) return value;
    for ((*at)++; *at < size && vl_is_digit(text[*at]); (*at)++, place /= 10)
        value += (text[*at] - '0') * place;
    return value;
}

static bool is_hemisphere(char c)
{
    return c == 'N' || c == 'S' || c == 'E' || c == 'W';
}

/* A byte that is no part of a number. False when there are too many coordinates. */
static bool read_mark(coordinate *all, size_t *last, char c)
{
    coordinate *current = &all[*last];
    bool is_full = current->count > 0;
    if (c != ',' && c != ';' && !is_hemisphere(c)) return true;
    bool is_behind = is_full && is_hemisphere(c) && current->hemisphere == 0;
    if (is_behind) current->hemisphere = c;
    if (is_behind || !is_full) {
        if (!is_full && is_hemisphere(c)) current->hemisphere = c;
        return true;
    }
    if (++*last == COORDINATES) return false;
    if (is_hemisphere(c)) all[*last].hemisphere = c;
    return true;
}

/* Numbers and letters of hemispheres, which stand before or behind all coordinates alike. Returns how many there are,
 * 0: malformed. */
static size_t read_coordinates(const char *text, size_t size, coordinate all[COORDINATES])
{
    size_t last = 0;
    for (size_t at = 0; at < size;) {
        if (!vl_is_digit(text[at])) {
            if (!read_mark(all, &last, text[at++])) return 0;
            continue;
        }
        bool is_closed = all[last].count > 0 && all[last].hemisphere != 0 && !is_hemisphere(text[0]);
        if (is_closed && ++last == COORDINATES) return 0;
        if (all[last].count == 3) return 0;
        all[last].values[all[last].count++] = read_number(text, size, &at);
    }
    return all[last].count > 0 ? last + 1 : last;
}

/* In degrees; 1000 where minutes or seconds are out of range. */
static double degrees(const coordinate *c)
{
    for (size_t i = 1; i < c->count; i++)
        if (c->values[i] >= 60) return 1000;
    return c->values[0] + c->values[1] / 60 + c->values[2] / 3600;
}

static bool is_longitude(const coordinate *c)
{
    return c->hemisphere == 'E' || c->hemisphere == 'W';
}

static bool are_in_range(const coordinate *all, size_t count)
{
    if (count == 0 || degrees(&all[0]) > (is_longitude(&all[0]) || count == 1 ? 180 : 90)) return false;
    if (count == 1) return is_longitude(&all[0]) || all[0].hemisphere == 0 || degrees(&all[0]) <= 90;
    bool has_letters = all[0].hemisphere != 0 && all[1].hemisphere != 0;
    if (has_letters && is_longitude(&all[0]) == is_longitude(&all[1])) return false;
    return degrees(&all[1]) <= (has_letters && !is_longitude(&all[1]) ? 90 : 180);
}

/* ISO 6709: latitude to 90 degrees, longitude to 180, minutes and seconds below 60; latitude first where no letter says
 * otherwise. */
vl_validity vl_validate_gps(const char *text, size_t size_bytes)
{
    coordinate all[COORDINATES] = {{.count = 0}};
    return are_in_range(all, read_coordinates(text, size_bytes, all)) ? VL_UNKNOWN : VL_INVALID;
}

/* A pair of signed numbers is a place only when one of them is large: weights and scores are pairs near zero. */
vl_validity vl_validate_gps_pair(const char *text, size_t size_bytes)
{
    coordinate all[COORDINATES] = {{.count = 0}};
    size_t count = read_coordinates(text, size_bytes, all);
    if (count != 2 || !are_in_range(all, count)) return VL_INVALID;
    return degrees(&all[0]) >= FAR_FROM_NIL || degrees(&all[1]) >= FAR_FROM_NIL ? VL_UNKNOWN : VL_INVALID;
}

/* The first number of the text. */
vl_validity vl_validate_age(const char *text, size_t size_bytes)
{
    size_t at = 0;
    unsigned age = 0;
    while (at < size_bytes && !vl_is_digit(text[at]))
        at++;
    size_t first = at;
    for (; at < size_bytes && at - first < 4 && vl_is_digit(text[at]); at++)
        age = age * 10 + (unsigned)(text[at] - '0');
    bool has_lead = at - first > 1 && text[first] == '0';
    return at > first && !has_lead && age <= AGE_MAX ? VL_UNKNOWN : VL_INVALID;
}
