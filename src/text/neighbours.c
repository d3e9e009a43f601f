/*
 * What stands beside a number can say that it is no number of a person: a group of a UUID, a database's negative key, the
 * value of something called an id. Only candidates that passed all else are looked at, so this costs clean text nothing. A
 * label in front ("card-4111...", "tel:415...") is no reason to refuse: what is refused in error stays in clear.
 */
#include <string.h>

#include "text/scan.h"

#define GROUP_LEAST 4u /* hexadecimal digits of a UUID's shortest group */
#define GAP_MAX     4u /* between a name and its value: quotes, brackets, equal sign, colon, space */

/* "918c-" or "-beef-" in front of p: the number goes on from a group of hexadecimal digits. */
static bool follows_group(const vl_scan *scan, size_t p)
{
    bool has_digit = false;
    if (p < GROUP_LEAST + 1) return false;
    for (size_t i = p - 1 - GROUP_LEAST; i < p - 1; i++) {
        if (vl_hex_value((char)scan->text[i]) < 0) return false;
        has_digit |= vl_is_digit((char)scan->text[i]);
    }
    return has_digit || (p > GROUP_LEAST + 1 && scan->text[p - GROUP_LEAST - 2] == '-');
}

/* "6e72" or "4960-" behind the dash before p. */
static bool precedes_group(const vl_scan *scan, size_t p)
{
    unsigned digits = 0;
    unsigned length = 0;
    for (; length < VL_LOOK_BACK && vl_hex_value((char)vl_byte(scan, p + length)) >= 0; length++)
        digits += vl_is_digit((char)scan->text[p + length]);
    if (length < GROUP_LEAST || vl_word_at(scan, p + length)) return false;
    if (length == GROUP_LEAST && vl_byte(scan, p + length) == '-') return digits > 0;
    return digits > 0 && digits < length;
}

bool vl_is_piece(const vl_scan *scan, size_t start, size_t end)
{
    if (start > 1 && scan->text[start - 1] == '-' && (scan->text[start - 2] == '_' || follows_group(scan, start)))
        return true;
    return vl_byte(scan, end) == '-' && precedes_group(scan, end + 1);
}

/* "id", "row_id", "taskID", "userId" end at `end`; "paid", "said" and "userid" do not count. */
static bool is_id_name(const vl_scan *scan, size_t end)
{
    if (end < 2 || (scan->text[end - 2] | 0x20) != 'i' || (scan->text[end - 1] | 0x20) != 'd') return false;
    uint8_t before = end > 2 ? scan->text[end - 3] : 0;
    bool is_capital = scan->text[end - 2] == 'I';
    return !vl_is_alnum((char)before) || (is_capital && before >= 'a' && before <= 'z');
}

bool vl_is_key(const vl_scan *scan, size_t start)
{
    size_t at = start;
    while (at > 0 && start - at < GAP_MAX && strchr(" =:[(\"'", scan->text[at - 1]) != NULL && scan->text[at - 1] != 0)
        at--;
    return at < start && is_id_name(scan, at);
}
