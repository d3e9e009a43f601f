/*
 * Payment cards and US bank routing numbers.
 * Card: length, network range and check digit must all agree. One number in ten passes Luhn by chance, so the ranges carry
 * most of the weight: milliseconds since 1970 and database keys start with digits that no network has at that length.
 */
#include "text/chars.h"
#include "text/checksums.h"
#include "text/validators.h"

#define CARD_MIN 12u
#define CARD_MAX 19u

/* One run of issuer identification numbers. Lengths are bits: bit 0 is 12 digits, bit 7 is 19. */
typedef struct card_range {
    uint32_t low; /* first six digits */
    uint32_t high;
    uint8_t lengths;
} card_range;

#define LEN(n)      (uint8_t)(1u << ((n)-CARD_MIN))
#define LEN_16_19   (uint8_t)(LEN(16) | LEN(17) | LEN(18) | LEN(19))
#define LEN_12_19   (uint8_t)0xFF
#define LEN_MAESTRO LEN_12_19

/* Ranges as the networks publish them for ISO/IEC 7812-1 issuer numbers; ordered by the first six digits. Where two networks
 * share a range their lengths are joined. */
static const card_range ranges[] = {
    {60400, 60499, LEN_MAESTRO},                                /* Maestro (0604) */
    {100000, 179999, LEN(15)},                                  /* UATP */
    {180000, 180099, LEN(15)},                                  /* JCB, old 1800 */
    {180100, 194599, LEN(15)},                                  /* UATP */
    {194600, 194699, (uint8_t)(LEN(15) | LEN_16_19)},           /* GPN Indonesia, UATP */
    {194700, 199999, LEN(15)},                                  /* UATP */
    {213100, 213199, LEN(15)},                                  /* JCB, old 2131 */
    {220000, 220499, LEN_16_19},                                /* Mir */
    {220500, 220599, LEN(16)},                                  /* Borica */
    {222100, 272099, LEN(16)},                                  /* Mastercard, second series */
    {300000, 305999, (uint8_t)(LEN(14) | LEN(15) | LEN_16_19)}, /* Diners Club International */
    {309500, 309599, (uint8_t)(LEN(14) | LEN(15) | LEN_16_19)}, /* Diners Club International */
    {310000, 319999, LEN(19)},                                  /* China T-Union */
    {340000, 349999, LEN(15)},                                  /* American Express */
    {350000, 359999, LEN_16_19},                                /* JCB 3528-3589, RuPay 353 and 356, LankaPay 357 */
    {360000, 369999, (uint8_t)(LEN(14) | LEN(15) | LEN_16_19)}, /* Diners Club International */
    {370000, 379999, LEN(15)},                                  /* American Express */
    {380000, 399999, (uint8_t)(LEN(14) | LEN(15) | LEN_16_19)}, /* Diners Club International */
    {400000, 499999, (uint8_t)(LEN(13) | LEN(16) | LEN(19))},   /* Visa, and Elo, Dankort, Electron inside it */
    {500000, 509999, LEN_MAESTRO},                  /* Maestro 50xx, Dankort 5019, Elo 509, Verve 506, RuPay 508 */
    {510000, 559999, LEN(16)},                      /* Mastercard; Diners Club in North America 54, 55 */
    {560000, 589999, LEN_MAESTRO},                  /* Maestro 56 to 58, Uzcard 5614 */
    {600000, 609999, LEN_16_19},                    /* Discover 6011, RuPay 60, UkrCard, Hipercard 6062 */
    {620000, 629999, LEN_16_19},                    /* UnionPay, Discover 622126-622925, Elo 6277 */
    {630000, 639999, LEN_MAESTRO},                  /* Maestro, InterPayment, InstaPayment, Elo, Solo, Switch */
    {644000, 659999, LEN_16_19},                    /* Discover 644-649 and 65, Elo, RuPay, Troy, Verve */
    {670000, 679999, LEN_MAESTRO},                  /* Maestro 67, Laser, Solo, Bancontact 6703 */
    {810000, 829999, LEN(16)},                      /* RuPay 81, 82 */
    {860000, 860099, LEN(16)},                      /* Uzcard */
    {970400, 970499, (uint8_t)(LEN(16) | LEN(19))}, /* Napas */
    {979200, 979299, LEN(16)},                      /* Troy */
    {986000, 986099, LEN(16)},                      /* Humo */
};

static bool is_card_range(const uint8_t *digits, size_t count)
{
    uint32_t issuer = 0;
    for (size_t i = 0; i < 6; i++)
        issuer = issuer * 10 + digits[i];
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && ranges[i].low <= issuer; i++) {
        if (issuer <= ranges[i].high) return (ranges[i].lengths >> (count - CARD_MIN)) & 1;
    }
    return false;
}

vl_validity vl_validate_credit_card(const char *text, size_t size_bytes)
{
    uint8_t digits[CARD_MAX];
    size_t count = vl_collect_digits(text, size_bytes, digits, CARD_MAX);
    if (count == SIZE_MAX || count < CARD_MIN) return VL_INVALID;
    if (!vl_passes_luhn(digits, count) || !is_card_range(digits, count)) return VL_INVALID;
    return VL_VALID;
}

/* ISO/IEC 7813. Track 1: "%B", the number, "^". Track 2: the number, "=" (chips: D), year and month of the expiry, service code. */
vl_validity vl_validate_card_track(const char *text, size_t size_bytes)
{
    size_t from = size_bytes > 0 && text[0] == 'B';
    size_t end = from;
    while (end < size_bytes && vl_is_digit(text[end]))
        end++;
    if (end == size_bytes || vl_validate_credit_card(text + from, end - from) != VL_VALID) return VL_INVALID;
    if (from == 1) return text[end] == '^' ? VL_VALID : VL_INVALID;
    if (size_bytes - end < 8 || (text[end] != '=' && text[end] != 'D')) return VL_INVALID;
    unsigned month = (unsigned)(text[end + 3] - '0') * 10 + (unsigned)(text[end + 4] - '0');
    return month >= 1 && month <= 12 ? VL_VALID : VL_INVALID;
}

/* ABA Key to Routing Numbers: the first two digits name a Federal Reserve district (01-12), a thrift (21-32), an electronic
 * transfer (61-72), a traveller's cheque (80) or the government (00); check 3-7-1 modulo 10. */
vl_validity vl_validate_aba_routing(const char *text, size_t size_bytes)
{
    uint8_t d[9];
    if (vl_collect_digits(text, size_bytes, d, 9) != 9) return VL_INVALID;
    unsigned prefix = vl_two(d);
    bool is_district = prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80;
    unsigned sum = 3u * (d[0] + d[3] + d[6]) + 7u * (d[1] + d[4] + d[7]) + (d[2] + d[5] + d[8]);
    return is_district && sum != 0 && sum % 10 == 0 ? VL_VALID : VL_INVALID;
}
