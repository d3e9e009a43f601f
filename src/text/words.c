/*
 * Words of letters and digits. Most recognizers here know a word by its length and by which of its bytes are digits, so one
 * look into a table of such shapes answers for all of them; what letters may stand where is checked only then. IBAN, wallet
 * addresses and ten-character PANs have too many shapes and are asked by their beginning or length.
 */
#include "text/scan.h"

#define EXTENDED_KEY 111u /* characters: 82 bytes in base 58 */

/* Shapes as text: A letter, 9 digit, each optionally repeated {least,most}. */
typedef struct shape_rule {
    uint16_t row;
    const char *shape;
} shape_rule;

static const shape_rule shape_rules[] = {
    {VL_ROW_NINO, "AA999999A"},
    /* driver licenses of the states (AAMVA member formats) */
    {VL_ROW_DL_ALNUM, "A9{3,14}"},
    {VL_ROW_DL_ALNUM, "A9{18,18}"},
    {VL_ROW_DL_ALNUM, "AA9{2,7}"},
    {VL_ROW_DL_ALNUM, "9{7,9}A"},
    {VL_ROW_DL_ALNUM, "A999999A"},
    {VL_ROW_DL_ALNUM, "AA999999A"},
    {VL_ROW_DL_ALNUM, "99999999AA"},
    {VL_ROW_DL_ALNUM, "999AA9999"},
    {VL_ROW_DL_ALNUM, "99AAA9{5,6}"},
    {VL_ROW_DL_ALNUM, "A9A9A"},
};

static size_t slot_of(uint64_t key)
{
    return (size_t)(key * 0x9E3779B97F4A7C15ull >> 54); /* VL_SHAPE_SLOTS is 2^10 */
}

static void add_shape(vl_tables *tables, uint64_t key, uint16_t row)
{
    unsigned length = 63 - (unsigned)__builtin_clzll(key);
    if (length < ((key & 1) != 0 ? VL_LEAST_DIGIT_WORD : VL_LEAST_WORD)) tables->has_short_words = true;
    size_t slot = slot_of(key);
    while (tables->shapes[slot].key != 0 && tables->shapes[slot].key != key)
        slot = (slot + 1) % VL_SHAPE_SLOTS;
    vl_shape *shape = &tables->shapes[slot];
    if (shape->key == 0)
        for (size_t i = 0; i < 4; i++)
            shape->rows[i] = VL_ROW_COUNT;
    shape->key = key;
    for (size_t i = 0; i < 4; i++) {
        if (shape->rows[i] == row) return;
        if (shape->rows[i] != VL_ROW_COUNT) continue;
        shape->rows[i] = row;
        return;
    }
}

static unsigned read_count(const char **at)
{
    unsigned value = 0;
    for (; vl_is_digit(**at); (*at)++)
        value = value * 10 + (unsigned)(**at - '0');
    return value;
}

/* Add every word that the rest of a shape stands for, behind `length` bytes with these digits. At most one repeat a shape. */
static void expand(vl_tables *tables, const shape_rule *rule, const char *at, uint64_t digits, unsigned length)
{
    while (*at != '\0') {
        bool is_digit = *at++ == '9';
        unsigned least = 1;
        unsigned most = 1;
        if (*at == '{') {
            at++;
            least = read_count(&at);
            at++;
            most = read_count(&at);
            at++;
        }
        for (unsigned n = least + 1; n <= most; n++) {
            uint64_t run = is_digit ? ((1ull << n) - 1) << length : 0;
            shape_rule tail = {rule->row, at};
            uint64_t more = digits | run;
            unsigned end = length + n;
            for (const char *c = tail.shape; *c != '\0'; c++, end++)
                more |= (uint64_t)(*c == '9') << end;
            add_shape(tables, more | 1ull << end, rule->row);
        }
        if (is_digit) digits |= ((1ull << least) - 1) << length;
        length += least;
    }
    add_shape(tables, digits | 1ull << length, rule->row);
}

void vl_words_prepare(vl_tables *tables)
{
    for (size_t i = 0; i < sizeof shape_rules / sizeof shape_rules[0]; i++)
        expand(tables, &shape_rules[i], shape_rules[i].shape, 0, 0);
}

static void try_shape(vl_scan *scan, const vl_shape *shape, size_t start, size_t end)
{
    for (size_t i = 0; i < 4 && shape->rows[i] != VL_ROW_COUNT; i++)
        vl_try(scan, shape->rows[i], start, end);
}

static void match_shape(vl_scan *scan, size_t start, uint64_t digits, unsigned length)
{
    uint64_t key = digits | 1ull << length;
    for (size_t slot = slot_of(key); scan->tables->shapes[slot].key != 0; slot = (slot + 1) % VL_SHAPE_SLOTS) {
        if (scan->tables->shapes[slot].key != key) continue;
        try_shape(scan, &scan->tables->shapes[slot], start, start + length);
        return;
    }
}

/* All letters in the same case: "LV80 bANK" is no IBAN. */
static bool is_one_case(const uint8_t *text, size_t length)
{
    unsigned seen = 0;
    for (size_t i = 0; i < length; i++)
        if (vl_is_alpha((char)text[i])) seen |= (text[i] & 0x20) != 0 ? 1u : 2u;
    return seen != 3;
}

/* An IBAN begins here: two letters, two digits. Its country says how long it is; groups may be set apart by spaces or dashes. */
static void match_iban(vl_scan *scan, size_t start)
{
    size_t wanted = vl_iban_length((const char *)scan->text + start);
    if (wanted == 0) return;
    size_t at = start;
    uint8_t separator = 0;
    for (size_t count = 0; count < wanted; at++) {
        uint8_t c = vl_byte(scan, at);
        if (vl_is_alnum((char)c)) {
            count++;
            continue;
        }
        if (c != ' ' && c != '-') return;
        if ((separator != 0 && c != separator) || count % 4 != 0) return;
        separator = c;
        if (!vl_is_alnum((char)vl_byte(scan, at + 1))) return;
    }
    if (vl_word_at(scan, at) || !is_one_case(scan->text + start, at - start)) return;
    vl_emit(scan, VL_ROW_IBAN, start, at);
}

static void match_wallet(vl_scan *scan, size_t start, unsigned length)
{
    const uint8_t *t = scan->text + start;
    if ((t[0] == '1' || t[0] == '3') && length >= 26 && length <= 35)
        vl_try(scan, VL_ROW_CRYPTO_BASE58, start, start + length);
    bool is_wif = (t[0] == '5' && length == 51) || ((t[0] == 'K' || t[0] == 'L') && length == 52);
    if (is_wif) vl_try(scan, VL_ROW_CRYPTO_KEY, start, start + length);
    if ((t[0] | 0x20) == 'b' && (t[1] | 0x20) == 'c' && t[2] == '1' && length <= 62)
        vl_try(scan, VL_ROW_CRYPTO_BECH32, start, start + length);
}

/* BIP-32: "xprv", "xpub" (y, z for witness programs, SLIP-132) and what fills 111 characters. */
static void match_extended_key(vl_scan *scan, size_t start)
{
    const uint8_t *t = scan->text + start;
    bool is_key =
        t[0] >= 'x' && t[0] <= 'z' && t[1] == 'p' && ((t[2] == 'r' && t[3] == 'v') || (t[2] == 'u' && t[3] == 'b'));
    size_t end = start + EXTENDED_KEY;
    if (!is_key || scan->size < end || vl_word_at(scan, end) || ~vl_view_alnum(scan, end - 64) != 0) return;
    vl_try(scan, VL_ROW_CRYPTO_KEY, start, end);
}

/* Sixteen characters that may be an Italian fiscal code; digits may be written as letters (omocodia). */
static void match_fiscal_code(vl_scan *scan, size_t start, uint64_t digits)
{
    static const char places[] = "AAAAAAmmAmmAmmmA"; /* m: digit or its letter */
    for (size_t i = 0; i < 16; i++) {
        uint8_t c = scan->text[start + i] | 0x20;
        bool is_digit = (digits >> i & 1) != 0;
        bool is_stand_in = c == 'l' || c == 'm' || c == 'n' || (c >= 'p' && c <= 'v');
        if (places[i] == 'A' ? is_digit : !is_digit && !is_stand_in) return;
    }
    uint8_t month = scan->text[start + 8] | 0x20;
    if ((month >= 'a' && month <= 'e') || month == 'h' || month == 'l' || month == 'm' || month == 'p' ||
        (month >= 'r' && month <= 't'))
        vl_emit(scan, VL_ROW_FISCAL_CODE, start, start + 16);
}

void vl_match_word_at(vl_scan *scan, size_t start)
{
    uint64_t word = vl_view_word(scan, start);
    uint64_t digits = vl_view_digit(scan, start);
    unsigned length = vl_run(word);
    if (start + length > scan->word_end) scan->word_end = start + length;
    if ((digits & 15) == 12 && vl_on(scan, VL_ROW_IBAN)) match_iban(scan, start);
    if (length == 64) match_extended_key(scan, start);
    if (length > 62) return;
    if (length >= 14) match_wallet(scan, start, length);
    if ((vl_view_alnum(scan, start) ^ word) << (64 - length) != 0) return; /* an underscore in it */
    digits &= (1ull << length) - 1;
    match_shape(scan, start, digits, length);
    if (length == 16 && vl_on(scan, VL_ROW_FISCAL_CODE)) match_fiscal_code(scan, start, digits);
    uint64_t pairs = digits & digits >> 1;
    if (length == 10 && (pairs & pairs >> 2) != 0) vl_try(scan, VL_ROW_PAN_LOW, start, start + length);
}

void vl_match_word(vl_scan *scan, size_t p)
{
    if (p < scan->word_end) return; /* a later digit of a word that was looked at */
    uint64_t behind = vl_behind_word(scan, p);
    if (~behind == 0) return; /* longer than any of these */
    size_t start = p - (unsigned)__builtin_clzll(~behind);
    if (!vl_is_digit((char)scan->text[start])) vl_match_word_at(scan, start); /* else its first digit is an anchor */
}
