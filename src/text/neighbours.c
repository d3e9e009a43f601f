/*
 * What stands beside a number can say that it is no number of a person: a group of a UUID, a database's negative key, the
 * value of something called an id. Only candidates that passed all else are looked at, so this costs clean text nothing. A
 * label in front ("card-4111...", "tel:415...") is no reason to refuse: what is refused in error stays in clear.
 */
#include <string.h>

#include "text/scan.h"

#define GROUP_LEAST 4u /* hexadecimal digits of a UUID's shortest group */
#define COUNTRY_MAX 3u /* digits of a country code */
#define GAP_MAX     4u /* between a name and its value: quotes, brackets, equal sign, colon, space */

/* "918c-" or "-beef-" in front of p: the number goes on from a group of hexadecimal digits. */
static bool follows_group(const vl_scan *scan, size_t p)
{
    bool has_digit = false;
    if (p < GROUP_LEAST + 1) return false;
    for (size_t i = p - 1 - GROUP_LEAST; i < p - 1; i++) {
        if (vl_hex_value((char)scan->text[i]) < 0 || vl_ends_escape(scan, i)) return false;
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

/* "+91", "+1-", "+44 " before start: the number goes on from a plus sign and up to three digits. */
static bool follows_country(const vl_scan *scan, size_t start, size_t *plus)
{
    size_t at = start;
    uint8_t joint = at > 0 ? scan->text[at - 1] : 0;
    if (joint == ' ' || joint == '-' || joint == '.') at--;
    for (unsigned i = 0; i < COUNTRY_MAX && at > 0 && vl_is_digit((char)scan->text[at - 1]); i++)
        at--;
    *plus = at - 1;
    return at > 0 && scan->text[at - 1] == '+' && !vl_word_before(scan, at - 1);
}

bool vl_is_dialled(const vl_scan *scan, size_t start, size_t end)
{
    size_t plus;
    if (!follows_country(scan, start, &plus)) return false;
    return vl_validate_phone((const char *)scan->text + plus, end - plus) != VL_INVALID;
}

bool vl_is_joined(const vl_scan *scan, size_t start)
{
    if (start < 2 || scan->text[start - 1] != '-' || !vl_is_alpha((char)scan->text[start - 2])) return false;
    return !vl_ends_escape(scan, start - 2); /* the letter of "\n" belongs to no word */
}

static bool is_gap(uint8_t c)
{
    return c == ' ' || c == '=' || c == ':' || c == '(' || c == '[' || c == '"' || c == '\'';
}

/* The name that ends at `end` is `name`, alone, behind an underscore, or as the last part of "taskID" and "eventTime"; "paid",
 * "said" and "userid" end in no name. */
static bool is_name(const vl_scan *scan, size_t end, const char *name, size_t length)
{
    if (end < length) return false;
    const uint8_t *at = scan->text + end - length;
    for (size_t i = 0; i < length; i++)
        if ((at[i] | 0x20) != (uint8_t)name[i]) return false;
    uint8_t before = end > length ? at[-1] : 0;
    bool is_capital = at[0] <= 'Z';
    return !vl_is_alnum((char)before) || (is_capital && before >= 'a' && before <= 'z');
}

/* One of the names in `list`, spaces between, ends at `end`. */
static bool is_one_of(const vl_scan *scan, size_t end, const char *list)
{
    for (const char *name = list; *name != '\0';) {
        size_t length = strcspn(name, " ");
        if (is_name(scan, end, name, length)) return true;
        name += length + (name[length] == ' ');
    }
    return false;
}

bool vl_is_key(const vl_scan *scan, size_t start)
{
    size_t at = start;
    bool is_pair = false;
    while (at > 0 && start - at < GAP_MAX && is_gap(scan->text[at - 1])) {
        at--;
        is_pair |= scan->text[at] == '=' || scan->text[at] == ':';
    }
    if (at == start) return false;
    if (is_one_of(scan, at, "id seq ack")) return true;
    if (is_pair && is_one_of(scan, at, "size bytes count length len offset timestamp elapsed duration latency"))
        return true;
    return start - at == 1 && scan->text[at] == '=' && is_one_of(scan, at, "time lock");
}

bool vl_is_counted(const vl_scan *scan, size_t end)
{
    static const char units[][13] = {"bytes", "byte",    "kb",      "mb",      "ms",       "us",       "ns",
                                     "KB",    "MB",      "sec",     "secs",    "seconds",  "ticks",    "cycles",
                                     "rows",  "items",   "records", "lines",   "requests", "events",   "blocks",
                                     "files", "entries", "objects", "packets", "km",       "messages", "tokens",
                                     "hits",  "bits",    "samples", "usec",    "msec"};
    char word[sizeof units[0]] = {0};
    size_t length = 0;
    if (vl_byte(scan, end) != ' ') return false;
    for (; length < sizeof word - 1 && vl_alpha_at(scan, end + 1 + length); length++)
        word[length] = (char)scan->text[end + 1 + length]; /* "us" counts, "US" and "GB" are countries */
    if (length < 2 || vl_word_at(scan, end + 1 + length)) return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(word, units[i]) == 0) return true;
    return false;
}
