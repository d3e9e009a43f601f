/*
 * Card numbers among keys: a run of 12 to 19 digits that passes Luhn's check (ISO/IEC 7812-1, annex B), or holds a number that some
 * issuer of cards gives out (a menu's digit before it, the expiry behind it). A run ends at another key (callers are asked to end a
 * number with # or *) or at a pause of five seconds.
 */
#include "audio/tones.h"
#include "text/validators.h"

static bool is_digit(const vl_tone *tone)
{
    return tone->key.key >= '0' && tone->key.key <= '9';
}

static bool passes_luhn(const char *digits, uint32_t count)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t digit = (uint32_t)(digits[count - 1 - i] - '0');
        if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return sum % 10 == 0;
}

static bool is_apart(const vl_card_keys *cards, uint32_t card_count, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < card_count; i++) {
        if (first < cards[i].first + cards[i].count && cards[i].first < first + count) return false;
    }
    return true;
}

/* Cards are few and lie apart. */
static void insert(vl_card_keys *cards, uint32_t card_count, vl_card_keys card)
{
    uint32_t at = card_count;
    for (; at > 0 && cards[at - 1].first > card.first; at--)
        cards[at] = cards[at - 1];
    cards[at] = card;
}

uint32_t vl_cards_in_run(const char *digits, uint32_t count, vl_card_keys out[VL_CARDS_IN_RUN])
{
    uint32_t found = 0;
    if (count >= VL_CARD_DIGITS_MIN && count <= VL_CARD_DIGITS_MAX && passes_luhn(digits, count)) {
        out[0] = (vl_card_keys){0, count};
        return 1;
    }
    for (uint32_t n = VL_CARD_DIGITS_MAX; n >= VL_CARD_DIGITS_MIN; n--) {
        for (uint32_t first = 0; first + n <= count; first++) {
            bool is_card = is_apart(out, found, first, n) && vl_validate_credit_card(digits + first, n) == VL_VALID;
            if (is_card) insert(out, found++, (vl_card_keys){first, n});
        }
    }
    return found;
}

static uint32_t run_end(const vl_tone *keys, uint32_t first, uint32_t next, uint64_t pause)
{
    uint32_t end = first;
    if (next - first > VL_CARD_RUN_MAX) next = first + VL_CARD_RUN_MAX;
    while (end < next && is_digit(&keys[end]) && (end == first || keys[end].key.start <= keys[end - 1].key.end + pause))
        end++;
    return end;
}

/* The keys of tones [first, first + count), all digits. */
static veil_status add_cards(vl_tones *tones, uint32_t first, uint32_t count, vl_audio_work *work)
{
    char digits[VL_CARD_RUN_MAX];
    vl_card_keys cards[VL_CARDS_IN_RUN];
    for (uint32_t i = 0; i < count; i++)
        digits[i] = tones->items[first + i].key.key;
    uint32_t found = vl_cards_in_run(digits, count, cards);
    vl_wipe(digits, sizeof digits);
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < found && status == VEIL_OK; i++) {
        vl_tone *keys = tones->items + first + cards[i].first, *last = keys + cards[i].count - 1;
        for (vl_tone *key = keys; key <= last; key++)
            key->is_in_card = true;
        vl_tone card = {
            .key = {.start = keys->key.start, .end = last->key.end}, .channel = keys->channel, .is_in_card = true};
        status = vl_tones_add(tones, &card, work);
    }
    return status;
}

veil_status vl_tones_find_cards(vl_tones *tones, uint32_t first, uint32_t next, uint32_t rate_hz, vl_audio_work *work)
{
    uint64_t pause = (uint64_t)(VL_CARD_PAUSE_MAX_S * rate_hz);
    for (uint32_t end = first; first < next; first = end) {
        end = run_end(tones->items, first, next, pause);
        veil_status status = add_cards(tones, first, end - first, work);
        if (status != VEIL_OK) return status;
        if (end == first) end++;
    }
    return VEIL_OK;
}
