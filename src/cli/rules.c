/*
 * The values of --operator, --effect, --region and --range. A rule's strings point into the command line. Entity names are
 * checked later, against the catalogue (setup.c).
 */
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"

bool vl_cli_parse_number(const char *text, double low, double high, double *out)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]) && text[0] != '.') return false; /* no sign, space, "nan", "inf" */
    if (strspn(text, "0123456789.eE+-") != strlen(text)) return false;    /* no hexadecimal */
    double value = strtod(text, &end);
    if (*end || !(value >= low && value <= high)) return false;
    *out = value;
    return true;
}

static bool say(char *why, size_t why_size, const char *text)
{
    snprintf(why, why_size, "%s", text);
    return false;
}

/* Splits "ENTITY=rest" in place and returns the rest. */
static char *split(char *text)
{
    char *rest = strchr(text, '=');
    if (!rest || rest == text || !rest[1]) return NULL;
    *rest = 0;
    return rest + 1;
}

/* One UTF-8 code point that is the whole of `text`; 0 when it is not. */
static uint32_t one_code_point(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t size = strlen(text);
    size_t need = p[0] < 0x80 ? 1 : p[0] >= 0xF0 && p[0] < 0xF5 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
    if (size == 0 || need != size) return 0;
    if (need == 1) return p[0];
    uint32_t point = p[0] & (0x7Fu >> need);
    for (size_t i = 1; i < need; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0;
        point = point << 6 | (p[i] & 0x3Fu);
    }
    bool valid = point >= (need == 2 ? 0x80u : need == 3 ? 0x800u : 0x10000u) && point <= 0x10FFFF;
    return valid && (point < 0xD800 || point > 0xDFFF) ? point : 0;
}

/* mask[:CHAR][:COUNT][:start|end] in any order: what a piece is shows from its look. Each at most once. */
static bool mask_pieces(char *pieces, veil_operator_rule *rule)
{
    enum { SIDE = 1, COUNT = 2, CHAR = 4 };
    unsigned seen = 0;
    for (char *piece = pieces, *next; piece; piece = next) {
        next = strchr(piece, ':');
        if (next) *next++ = 0;
        double count = 0;
        unsigned what = CHAR;
        if (strcmp(piece, "start") == 0 || strcmp(piece, "end") == 0) {
            rule->mask_end = piece[0] == 'e';
            what = SIDE;
        } else if (strspn(piece, "0123456789") == strlen(piece) && vl_cli_parse_number(piece, 0, UINT32_MAX, &count)) {
            rule->mask_count = (uint32_t)count;
            what = COUNT;
        } else if ((rule->mask_char = one_code_point(piece)) == 0) {
            return false;
        }
        if (seen & what) return false;
        seen |= what;
    }
    return true;
}

static bool cipher_argument(const char *argument, veil_operator_rule *rule, char *why, size_t why_size)
{
    static const char *const ciphers[] = {"gcm", "siv", "cbc"}; /* VEIL_CIPHER_*, from 1 */
    if (!argument) return true;
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++)
        if (strcmp(ciphers[i], argument) == 0) rule->cipher = (uint32_t)i + 1;
    return rule->cipher || say(why, why_size, "encrypt takes encrypt, encrypt:gcm, encrypt:siv or encrypt:cbc");
}

static bool operator_argument(char *argument, veil_operator_rule *rule, char *why, size_t why_size)
{
    double days = 0;
    switch (rule->op) {
    case VEIL_OP_REPLACE:
        rule->text = argument;
        return true;
    case VEIL_OP_MASK:
        if (!argument || mask_pieces(argument, rule)) return true;
        return say(why, why_size, "mask takes mask[:CHAR][:COUNT][:start|end], such as mask:*:12:start");
    case VEIL_OP_HASH:
        rule->hash_bits = 256;
        if (argument && strcmp(argument, "512") == 0) rule->hash_bits = 512;
        if (!argument || strcmp(argument, "256") == 0 || rule->hash_bits == 512) return true;
        return say(why, why_size, "hash takes hash, hash:256 or hash:512");
    case VEIL_OP_ENCRYPT:
        return cipher_argument(argument, rule, why, why_size);
    case VEIL_OP_DATE_SHIFT:
        if (!argument) return true;
        if (strspn(argument, "0123456789") == strlen(argument) && vl_cli_parse_number(argument, 1, 36500, &days)) {
            rule->shift_days = (uint32_t)days;
            return true;
        }
        return say(why, why_size, "date-shift takes date-shift or date-shift:DAYS, 1 to 36500");
    default:
        return argument ? say(why, why_size, "this operator takes no argument") : true;
    }
}

bool vl_cli_parse_operator(const char *text, veil_operator_rule *rule, char *why, size_t why_size)
{
    static const char *const names[] = {"replace", "redact", "mask",      "hash",  "keep", /* VEIL_OP_*, from 1 */
                                        "encrypt", "fpe",    "pseudonym", "token", "date-shift"};
    *rule = (veil_operator_rule){.struct_size = sizeof *rule, .entity = text};
    char *name = split((char *)(uintptr_t)text); /* argv, which is writable */
    if (!name) return say(why, why_size, "--operator takes ENTITY=op[:arg], such as US_SSN=mask");
    char *argument = strchr(name, ':');
    if (argument) *argument++ = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) rule->op = (uint32_t)i + 1;
    if (strcmp(name, "dateshift") == 0) rule->op = VEIL_OP_DATE_SHIFT;
    if (rule->op) return operator_argument(argument, rule, why, why_size);
    const char *near = vl_cli_suggest(name, names, sizeof names / sizeof names[0]);
    snprintf(why, why_size,
             "--operator knows replace, redact, mask, hash, keep, encrypt, fpe, pseudonym, token, date-shift%s%s%s",
             near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    return false;
}

static bool color(const char *argument, uint32_t *out)
{
    static const struct {
        const char *name;
        uint32_t rgb;
    } known[] = {{"black", 0}, {"white", 0xFFFFFF}, {"gray", 0x808080}, {"grey", 0x808080}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, argument) == 0) return *out = known[i].rgb, true;
    if (*argument == '#') argument++;
    if (strlen(argument) != 6 || strspn(argument, "0123456789abcdefABCDEF") != 6) return false;
    *out = (uint32_t)strtoul(argument, NULL, 16);
    return true;
}

static bool is_disguise(const char *name)
{
    return strncmp(name, "disguise", 8) == 0 && (name[8] == 0 || name[8] == '@');
}

/* disguise[@CHANNEL], the one effect that is for no entity. */
static bool disguise(char *text, veil_effect_rule *rule, cli_channels *channels, char *why, size_t why_size)
{
    double channel = 0;
    char *at = strchr(text, '@');
    *rule = (veil_effect_rule){.struct_size = sizeof *rule, .entity = "*", .effect = VEIL_EFFECT_DISGUISE};
    if (!at) return channels->has_all = true;
    if (!vl_cli_parse_number(at + 1, 0, 63, &channel) || channel != floor(channel))
        return say(why, why_size, "disguise takes the number of a channel, 0 to 63, such as disguise@1");
    channels->bits |= (uint64_t)1 << (uint32_t)channel;
    return true;
}

bool vl_cli_parse_effect(char *text, veil_effect_rule *rule, cli_channels *channels, char *why, size_t why_size)
{
    static const char *const names[] = {"fill", "smooth", "blur", "pixelate", "keep", "beep", "silence", "noise"};
    static const uint32_t effects[] = {VEIL_EFFECT_FILL, VEIL_EFFECT_SMOOTH, VEIL_EFFECT_BLUR,    VEIL_EFFECT_PIXELATE,
                                       VEIL_EFFECT_KEEP, VEIL_EFFECT_BEEP,   VEIL_EFFECT_SILENCE, VEIL_EFFECT_NOISE};
    if (is_disguise(text)) return disguise(text, rule, channels, why, why_size);
    *rule = (veil_effect_rule){.struct_size = sizeof *rule, .entity = text};
    char *name = split(text);
    if (!name)
        return say(why, why_size,
                   "--effect takes ENTITY=effect[:arg], such as FACE=fill:000000, or disguise[@CHANNEL]");
    if (is_disguise(name) && strcmp(rule->entity, "*") == 0) return disguise(name, rule, channels, why, why_size);
    if (is_disguise(name))
        return say(why, why_size, "disguise is for the whole voice, not for an entity: --effect disguise[@CHANNEL]");
    char *argument = strchr(name, ':');
    if (argument) *argument++ = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) rule->effect = effects[i];
    if (!rule->effect) {
        const char *near = vl_cli_suggest(name, names, sizeof names / sizeof names[0]);
        snprintf(why, why_size,
                 "--effect knows fill, smooth, blur, pixelate, keep, beep, silence, noise and disguise%s%s%s",
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        return false;
    }
    if (argument && rule->effect != VEIL_EFFECT_FILL)
        return say(why, why_size, "only fill takes an argument: fill:RRGGBB");
    if (argument && !color(argument, &rule->color_rgb))
        return say(why, why_size, "fill takes a colour as six hexadecimal digits, or black, white or gray");
    return true;
}

/* A whole number of pixels; moves `at` behind it. */
static bool read_pixels(const char **at, int32_t *out)
{
    char *end = NULL;
    const char *digits = **at == '-' ? *at + 1 : *at;
    long value = isdigit((unsigned char)*digits) ? strtol(*at, &end, 10) : 0;
    if (!end || value > 1000000 || value < -1000000) return false;
    *out = (int32_t)value;
    *at = end;
    return true;
}

bool vl_cli_parse_region(const char *option, const char *text, veil_region *region, char *why, size_t why_size)
{
    int32_t box[4] = {0};
    const char *at = text;
    bool good = true;
    for (int i = 0; i < 4 && good; i++) {
        good = read_pixels(&at, &box[i]) && (i < 2 || box[i] > 0) && *at == (i < 3 ? ',' : 0);
        at++;
    }
    if (!good) {
        snprintf(why, why_size, "--%s takes X,Y,W,H in whole pixels, such as 10,20,200,80", option);
        return false;
    }
    *region = (veil_region){.x = box[0], .y = box[1], .w = box[2], .h = box[3], .score = 1};
    return true;
}

bool vl_cli_parse_polygon(const char *text, veil_polygon *polygon, char *why, size_t why_size)
{
    size_t numbers = 1;
    for (const char *c = text; *c; c++)
        numbers += *c == ',';
    int32_t *points = malloc(numbers * sizeof *points);
    const char *at = text;
    bool good = points && numbers % 2 == 0 && numbers >= 6 && numbers <= 2048;
    for (size_t i = 0; i < numbers && good; i++) {
        good = read_pixels(&at, &points[i]) && *at == (i + 1 < numbers ? ',' : 0);
        at++;
    }
    *polygon = (veil_polygon){sizeof *polygon, points, numbers / 2};
    if (good) return true;
    free(points);
    return say(why, why_size, "--polygon takes X,Y,X,Y,X,Y,... in whole pixels: 3 to 1024 corners");
}

bool vl_cli_parse_range(const char *text, veil_audio_range *range, char *why, size_t why_size)
{
    char copy[96];
    const char *usage = "--range takes START-END[@CHANNEL] in seconds, such as 1.5-3.25 or 0-2@1";
    if (strlen(text) >= sizeof copy) return say(why, why_size, usage);
    strcpy(copy, text);
    double start = 0, end = 0, channel = -1;
    char *at = strchr(copy, '@'), *dash = strchr(copy, '-');
    if (at) *at++ = 0;
    if (!dash) return say(why, why_size, usage);
    *dash++ = 0;
    if (!vl_cli_parse_number(copy, 0, 1e7, &start) || !vl_cli_parse_number(dash, 0, 1e7, &end) || end <= start ||
        (at && (!vl_cli_parse_number(at, 0, 1023, &channel) || channel != floor(channel))))
        return say(why, why_size, usage);
    *range = (veil_audio_range){.start_s = start, .end_s = end, .channel = (int32_t)channel};
    return true;
}

bool vl_cli_parse_field(char *text, veil_field_rule *rule, char *why, size_t why_size)
{
    char *equals = strrchr(text, '=');
    snprintf(why, why_size, "--field-as takes NAME=ENTITY, such as ssn=US_SSN");
    if (!equals || equals == text || equals[1] == 0) return false;
    *equals = 0;
    *rule = (veil_field_rule){sizeof *rule, text, equals + 1};
    return true;
}
