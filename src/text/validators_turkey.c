/* Turkey. */
#include <string.h>

#include "text/checksums.h"
#include "text/validators_national.h"

/* General Directorate of Civil Registration: not 0 first; the tenth digit is 7 times the odd places less the even ones, the
 * eleventh the sum of the ten, both modulo 10. */
vl_validity vl_validate_tr_id(const char *text, size_t size_bytes)
{
    uint8_t d[11];
    if (vl_collect_digits(text, size_bytes, d, 11) != 11 || d[0] == 0) return VL_INVALID;
    unsigned odd = 0u + d[0] + d[2] + d[4] + d[6] + d[8];
    unsigned even = 0u + d[1] + d[3] + d[5] + d[7];
    if ((odd * 7 + 100 - even) % 10 != d[9]) return VL_INVALID;
    return (odd + even + d[9]) % 10 == d[10] ? VL_VALID : VL_INVALID;
}

/* BTK, national numbering plan: area codes of the provinces. */
static bool is_area(unsigned code)
{
    static const uint16_t areas[] = {
        212, 216, 222, 224, 226, 228, 232, 236, 242, 246, 248, 252, 256, 258, 262, 264, 266, 272, 274, 276, 282,
        284, 286, 288, 312, 318, 322, 324, 326, 328, 332, 338, 342, 344, 346, 348, 352, 354, 356, 358, 362, 364,
        366, 368, 370, 372, 374, 376, 378, 380, 382, 384, 386, 388, 392, 412, 414, 416, 422, 424, 426, 428, 432,
        434, 436, 438, 442, 446, 452, 454, 456, 458, 462, 464, 466, 472, 474, 476, 478, 482, 484, 486, 488};
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++)
        if (areas[i] == code) return true;
    return false;
}

/* And those of mobile networks, 50x to 59x as far as they are assigned. */
static bool is_mobile(unsigned code)
{
    if (code >= 530 && code <= 549) return true;
    return code == 501 || (code >= 505 && code <= 507) || code == 510 || code == 516 || code == 524 || code == 551 ||
           (code >= 552 && code <= 555) || code == 559 || code == 561 || code == 592 || code == 594 || code == 596;
}

vl_validity vl_validate_tr_phone(const char *text, size_t size_bytes)
{
    uint8_t d[14];
    size_t count = vl_collect_digits(text, size_bytes, d, 14);
    if (count == SIZE_MAX || count < 10) return VL_INVALID;
    const uint8_t *last = d + count - 10;
    unsigned code = last[0] * 100u + vl_two(last + 1);
    return is_area(code) || is_mobile(code) ? VL_UNKNOWN : VL_INVALID;
}

/* Between two numbers these are units, months, time zones and words more often than letters of a plate: "10 DEC 2019",
 * "12:40:49 EST 2017", "21 CFR 1301". */
static bool is_word(const char *letters, size_t count)
{
    static const char words[] =
        "TL KM KG CM MM GB MB KB VE DE DA YA LT GR ML AY GUN SAAT JAN FEB MAR APR MAY JUN JUL AUG "
        "SEP OCT NOV DEC EST EDT CST CDT PST PDT MST MDT UTC GMT CET BST JST IST MSK AD BC AM "
        "PM EUR USD TRY GBP CFR USC ISO";
    for (const char *at = words; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == count && memcmp(at, letters, count) == 0) return true;
        at += size + (at[size] == ' ');
    }
    return false;
}

/* Law 2918 on road traffic, article 23: province 01 to 81, one to three letters (no Q, W, X), two to four digits. */
vl_validity vl_validate_tr_plate(const char *text, size_t size_bytes)
{
    char c[9];
    uint32_t province;
    size_t count = vl_collect_alnum(text, size_bytes, c, 9);
    if (count == SIZE_MAX || count < 5 || !vl_digits_value(c, 2, &province)) return VL_INVALID;
    size_t letters = 0;
    while (2 + letters < count && vl_is_alpha(c[2 + letters]))
        letters++;
    if (province < 1 || province > 81 || letters < 1 || letters > 3) return VL_INVALID;
    return is_word(c + 2, letters) ? VL_UNKNOWN : VL_VALID;
}
