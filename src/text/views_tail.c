/*
 * Views at the end of a text that grows. A view's finding counts when a mark stands VL_VIEW_EDGE bytes before or behind it, so
 * where something is folded or decoded, and a value may be near, more text may make the view in which there is one. Texts
 * without such characters are not held back.
 */
#include "text/scan.h"
#include "text/views_parts.h"

#define ZONE  512u               /* bytes before the end that are looked at */
#define WIDTH (2 * VL_VIEW_EDGE) /* of a value, about: it may begin so far before what is changed in it, ... */
#define AHEAD (3 * VL_VIEW_EDGE) /* ... and this many bytes of a view behind that decide it */

typedef struct tail_unit {
    uint16_t at;   /* from the zone's start */
    uint16_t gone; /* bytes up to its end that a view does not have */
    bool joins;    /* it is not seen and stands directly behind another unit */
} tail_unit;

/* What begins at p is no whole unit yet: no white space behind it. */
static bool is_open(const vl_source *source, size_t p)
{
    if (source->size - p >= VL_UNIT_MAX) return false;
    for (size_t i = p + 1; i < source->size; i++)
        if (source->text[i] <= ' ') return false;
    return true;
}

/* "\\n" and the like are read as they are, by all matchers. */
static bool is_plain(const uint8_t *text, size_t p, const vl_unit *unit)
{
    return text[p] == '\\' && unit->length == 2 && text[p + 1] != '\\';
}

static size_t find_units(vl_source *source, const vl_kernels *kernels, const vl_byte_set *set, size_t from,
                         tail_unit *units)
{
    size_t count = 0;
    uint32_t gone = 0;
    size_t end = SIZE_MAX; /* of the unit before */
    for (size_t p = from; p < source->size;) {
        p += kernels->find_in_set(source->text + p, source->size - p, set);
        if (p >= source->size) break;
        vl_unit unit;
        vl_unit_read(source, p, &unit);
        bool joins = unit.count == 0 && p == end;
        bool counts = (unit.is_changed && !is_plain(source->text, p, &unit)) || is_open(source, p);
        gone += (uint32_t)(unit.length - unit.count);
        if (counts && (joins || unit.is_mark || vl_unit_has_near(source, p, p + unit.length))) {
            units[count++] = (tail_unit){(uint16_t)(p - from), (uint16_t)gone, joins};
            end = p + unit.length;
        }
        p += unit.length;
    }
    return count;
}

size_t vl_views_settled(const vl_view_sets *sets, const vl_kernels *kernels, uint32_t modes, const uint8_t *text,
                        size_t size)
{
    tail_unit units[ZONE];
    if (modes == 0 || size == 0) return size;
    vl_source source = {text, size, modes | ((modes & VL_VIEW_DECODE) != 0 ? VL_VIEW_QUOTED : 0), {0, 0, false}, false,
                        0,    0};
    size_t from = size > ZONE ? size - ZONE : 0;
    while (from < size && (text[from] & 0xC0) == 0x80)
        from++;
    size_t count = find_units(&source, kernels, &sets->marks, from, units);
    if (count == 0) return size;
    uint32_t gone = units[count - 1].gone;
    for (size_t i = 0; i < count; i++) {
        size_t at = from + units[i].at;
        if (size - at - (gone - units[i].gone) >= AHEAD) continue;
        while (i > 0 && units[i].joins)
            at = from + units[--i].at;
        return at > WIDTH ? at - WIDTH : 0;
    }
    return size;
}
