/*
 * Card numbers among keys: a run of 12 to 19 digits that passes Luhn's check (ISO/IEC 7812-1, annex B). A run ends at another
 * key (callers are asked to end a number with # or *) or at a pause of five seconds.
 */
#include "audio/tones.h"

static bool is_digit(const vl_tone *tone)
{
    return tone->key.key >= '0' && tone->key.key <= '9';
}

bool vl_passes_luhn(const char *digits, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(digits[count - 1 - i] - '0');
        if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return sum % 10 == 0;
}

static bool is_card(const vl_tone *keys, uint32_t count)
{
    char digits[VL_CARD_DIGITS_MAX];
    if (count < VL_CARD_DIGITS_MIN || count > VL_CARD_DIGITS_MAX) return false;
    for (uint32_t i = 0; i < count; i++)
        digits[i] = keys[i].key.key;
    bool passes = vl_passes_luhn(digits, count);
    vl_wipe(digits, sizeof digits);
    return passes;
}

static uint32_t run_end(const vl_tone *keys, uint32_t first, uint32_t next, uint64_t pause)
{
    uint32_t end = first;
    while (end < next && is_digit(&keys[end]) && (end == first || keys[end].key.start <= keys[end - 1].key.end + pause))
        end++;
    return end;
}

veil_status vl_tones_find_cards(vl_tones *tones, uint32_t first, uint32_t next, uint32_t rate_hz, vl_audio_work *work)
{
    uint64_t pause = (uint64_t)(VL_CARD_PAUSE_MAX_S * rate_hz);
    for (uint32_t end = first; first < next; first = end) {
        end = run_end(tones->items, first, next, pause);
        uint32_t count = end - first;
        if (count == 0) end++;
        if (!is_card(tones->items + first, count)) continue;
        for (uint32_t i = first; i < end; i++)
            tones->items[i].is_in_card = true;
        vl_tone card = {.key = {.start = tones->items[first].key.start, .end = tones->items[end - 1].key.end},
                        .channel = tones->items[first].channel,
                        .is_in_card = true};
        veil_status status = vl_tones_add(tones, &card, work);
        if (status != VEIL_OK) return status;
    }
    return VEIL_OK;
}
