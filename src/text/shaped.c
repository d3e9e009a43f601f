/*
 * Tokens without a fixed beginning: told by their shape at the start of a word. Each check begins with a byte that few words
 * have at that place, for it is asked at every long word of the text.
 */
#include "text/secrets_impl.h"

static bool is_hex(uint8_t c)
{
    return vl_is_digit((char)c) || (c >= 'a' && c <= 'f');
}

static bool is_base64url(uint8_t c)
{
    return vl_is_word(c) || c == '-';
}

static size_t hex_run(const vl_scan *scan, size_t p, size_t limit)
{
    size_t run = 0;
    while (run < limit && is_hex(vl_byte(scan, p + run)))
        run++;
    return run;
}

static size_t base64url_run(const vl_scan *scan, size_t p, size_t limit)
{
    size_t run = 0;
    while (run < limit && is_base64url(vl_byte(scan, p + run)))
        run++;
    return run;
}

static size_t digits_before(const vl_scan *scan, size_t p, size_t limit)
{
    size_t run = 0;
    while (run < limit && run < p && vl_is_digit((char)scan->text[p - 1 - run]) && !vl_ends_escape(scan, p - 1 - run))
        run++;
    return run;
}

/* Telegram Bot API, "Authorizing your bot": the bot's number, ':', 35 characters that begin with "AA". */
static void match_telegram(vl_scan *scan, size_t p)
{
    if (base64url_run(scan, p, 36) != 35) return;
    size_t digits = digits_before(scan, p - 1, 11);
    if (digits < 8 || digits > 10 || vl_word_before(scan, p - 1 - digits)) return;
    vl_emit(scan, VL_ROW_TELEGRAM, p - 1 - digits, p + 35);
}

/* Asana, "Personal access tokens": version, '/', the user's number, for version 2 '/' and the token's number, ':', 32
 * hexadecimal digits. */
static void match_asana(vl_scan *scan, size_t p)
{
    if (hex_run(scan, p, 33) != 32 || vl_word_at(scan, p + 32)) return;
    size_t at = p - 1;
    for (unsigned group = 0; group < 2; group++) {
        size_t digits = digits_before(scan, at, 19);
        if (digits < 12 || digits > 18 || at <= digits + 1 || scan->text[at - digits - 1] != '/') return;
        at -= digits + 1;
        uint8_t version = scan->text[at - 1];
        bool is_first = (version == '1' || version == '2' || version == '0') && !vl_word_before(scan, at - 1);
        if (!is_first) continue;
        vl_emit(scan, VL_ROW_ASANA, at - 1, p + 32);
        return;
    }
}

/* Mailchimp Marketing API, "Quick start": 32 hexadecimal digits and the data centre. */
static void match_mailchimp(vl_scan *scan, size_t p)
{
    if (hex_run(scan, p, 33) != 32) return;
    size_t end = p + 35;
    while (end < p + 38 && vl_digit_at(scan, end))
        end++;
    if (end > p + 35 && !vl_word_at(scan, end)) vl_emit(scan, VL_ROW_MAILCHIMP, p, end);
}

/* Discord, "Reference": the bot's number in base64, the time it was made, an HMAC. The number has 17 to 20 digits. */
static void match_discord(vl_scan *scan, size_t p)
{
    size_t first = base64url_run(scan, p, 29);
    if (first < 23 || first > 28 || vl_byte(scan, p + first) != '.') return;
    size_t second = base64url_run(scan, p + first + 1, 8);
    if (second < 6 || second > 7 || vl_byte(scan, p + first + second + 1) != '.') return;
    size_t at = p + first + second + 2;
    size_t third = base64url_run(scan, at, 46);
    if (third < 27 || third > 45) return;
    vl_emit(scan, VL_ROW_DISCORD_BOT, p, at + third);
}

void vl_match_shaped_token(vl_scan *scan, size_t p)
{
    uint8_t c = scan->text[p];
    if (p > 0 && scan->text[p - 1] == ':') {
        if (c == 'A' && scan->text[p + 1] == 'A' && vl_on(scan, VL_ROW_TELEGRAM)) match_telegram(scan, p);
        if (is_hex(c) && vl_on(scan, VL_ROW_ASANA)) match_asana(scan, p);
    }
    if (vl_byte(scan, p + 32) == '-' && vl_byte(scan, p + 33) == 'u' && vl_byte(scan, p + 34) == 's' &&
        vl_on(scan, VL_ROW_MAILCHIMP))
        match_mailchimp(scan, p);
    if (c >= 'M' && c <= 'O' && vl_on(scan, VL_ROW_DISCORD_BOT)) match_discord(scan, p);
}
