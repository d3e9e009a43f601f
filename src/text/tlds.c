/*
 * The table of top-level domains. Names are compared as big-endian numbers of eight bytes, so that a look-up is eleven integer
 * comparisons and, for the few longer names, one memcmp. New names enter the root zone a few times a year; the table is a
 * build's knowledge of it (docs/entities.md names its date).
 */
#include "text/tlds.h"

#include <stdint.h>
#include <string.h>

#include "text/chars.h"

#define TLD_MAX 20u /* the longest has 18 characters; a multiple of four keeps rows aligned */

typedef char tld_name[TLD_MAX];

static const tld_name names[] = {
#include "text/tlds_table.inc"
};

/* RFC 2606, RFC 6761 and RFC 6762 section 3 with appendix G; ICANN board resolution 2024.07.29.06 for "internal". */
static const tld_name private_names[] = {
    "corp",  "example",     "home",      "internal", "intranet", "invalid", "lan",
    "local", "localdomain", "localhost", "onion",    "private",  "test",
};

static uint64_t key_of(const char *name)
{
    uint64_t key;
    memcpy(&key, name, sizeof key);
    return __builtin_bswap64(key); /* x86-64 and every other platform we build for is little-endian */
}

static int compare(const char *a, const char *b)
{
    uint64_t key_a = key_of(a);
    uint64_t key_b = key_of(b);
    if (key_a != key_b) return key_a < key_b ? -1 : 1;
    return memcmp(a + 8, b + 8, TLD_MAX - 8);
}

static bool is_in(const tld_name *table, size_t count, const char *label, size_t n)
{
    tld_name name = {0};
    if (n < 2 || n >= TLD_MAX) return false;
    for (size_t i = 0; i < n; i++)
        name[i] = vl_to_lower(label[i]);
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(table[middle], name);
        if (order == 0) return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

size_t vl_tld_count(void)
{
    return sizeof names / sizeof names[0];
}

const char *vl_tld_at(size_t index)
{
    return names[index];
}

bool vl_tld_exists(const char *label, size_t n)
{
    bool is_international =
        n > 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label[2] == '-' && label[3] == '-';
    return is_international || is_in(names, sizeof names / sizeof names[0], label, n);
}

bool vl_tld_is_private(const char *label, size_t n)
{
    return is_in(private_names, sizeof private_names / sizeof private_names[0], label, n);
}
