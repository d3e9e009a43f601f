/*
 * What is wrong with a recognizer, said before anything is compiled: names, lists, numbers, and patterns that Hyperscan would
 * take in another sense than their author meant. Reasons name the recognizer and its line.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "text/chars.h"
#include "text/custom_impl.h"
#include "text/text.h"

#define NAME_MAX_BYTES   63u
#define ENTITY_MAX_BYTES 64u
#define CONTEXT_MAX      VL_CONTEXT_WORDS
#define LANGUAGES_MAX    64u
#define ITEMS_MAX        VL_WORDS_MAX
#define SAMPLE_MAX_BYTES 240u
#define POSITIONS_MAX    4096u /* of a pattern with its repeats written out: keeps compiling below a second */

static bool is_name(const char *name)
{
    size_t size = name == NULL ? 0 : strnlen(name, NAME_MAX_BYTES + 1);
    if (size == 0 || size > NAME_MAX_BYTES) return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == size;
}

static bool is_entity(const char *name)
{
    size_t size = name == NULL ? 0 : strnlen(name, ENTITY_MAX_BYTES + 1);
    if (size == 0 || size > ENTITY_MAX_BYTES || name[0] < 'A' || name[0] > 'Z') return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == size;
}

/* Names that images and audio use: a text entity of that name would be read as theirs. */
static bool is_taken(const char *name)
{
    static const char *const taken[] = {"FACE", "REGION", "RANGE", "QR_CODE", "BARCODE", "DTMF", "SPOKEN_NUMBER"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (strcmp(taken[i], name) == 0) return true;
    return false;
}

void vl_own_label(const veil_recognizer *recognizer, size_t index, char out[128])
{
    const char *name = is_name(recognizer->name) ? recognizer->name : "?";
    if (recognizer->line != 0)
        snprintf(out, 128, "line %u: recognizer %s", recognizer->line, name);
    else
        snprintf(out, 128, "config.recognizers[%zu] (%s)", index, name);
}

static const char *fault_of_lists(const veil_recognizer *r)
{
    if (r->context == NULL && r->context_count != 0) return "context is NULL but its count is not 0";
    if (r->context_count > CONTEXT_MAX) return "more than 20 context words";
    for (size_t i = 0; i < r->context_count; i++) {
        const char *word = r->context[i];
        size_t size = word == NULL ? 0 : strnlen(word, NAME_MAX_BYTES + 1);
        bool is_word = size >= 2 && size <= NAME_MAX_BYTES;
        for (size_t k = 0; is_word && k < size; k++)
            is_word = vl_is_alpha(word[k]) || (unsigned char)word[k] >= 0x80; /* letters of other scripts */
        if (!is_word) return "a context word has 2 to 63 bytes, all of letters";
    }
    if (r->languages == NULL && r->language_count != 0) return "languages is NULL but its count is not 0";
    if (r->languages != NULL && r->language_count == 0) return "the list of languages is empty: it would never run";
    if (r->language_count > LANGUAGES_MAX) return "more than 64 languages";
    for (size_t i = 0; i < r->language_count; i++) {
        const char *code = r->languages[i];
        if (code == NULL || strcmp(code, "any") == 0 || !vl_language_is_known(code))
            return "a language is a code of ISO 639-1";
    }
    return NULL;
}

static const char *fault_of_items(const veil_recognizer *r)
{
    if (r->kind == VEIL_RECOGNIZER_CALLBACK) {
        if (r->items != NULL || r->item_count != 0) return "items are given, but it is a callback";
        if (r->flags & ~(uint32_t)VEIL_RECOGNIZER_SOFT_CHECK) return "only SOFT_CHECK is a flag of callbacks";
        return r->callback == NULL ? "callback is NULL" : NULL;
    }
    if (r->callback != NULL || r->user != NULL) return "callback or user is set, but it is none";
    if (r->items == NULL || r->item_count == 0) return "without patterns or words it would find nothing";
    size_t most = r->kind == VEIL_RECOGNIZER_WORDS ? ITEMS_MAX : VL_OWN_PATTERN_MAX;
    return r->item_count > most ? "too many patterns or words" : NULL;
}

static const char *fault_of(const veil_recognizer *r)
{
    if (r->struct_size != sizeof *r) return "struct_size is not that of this library";
    if (!is_name(r->name)) return "name is not 1 to 63 of A-Z a-z 0-9 _ - .";
    if (!is_entity(r->entity)) return "entity is not of the form [A-Z][A-Z0-9_]{0,63}";
    if (is_taken(r->entity)) return "entity is one of images or audio";
    if (r->kind < VEIL_RECOGNIZER_PATTERN || r->kind > VEIL_RECOGNIZER_CALLBACK) return "unknown kind";
    if ((r->flags & ~7u) != 0) return "unknown flag";
    if (isnan(r->score) || r->score < 0.0f || r->score > 1.0f) return "score is not a number from 0 to 1";
    if (r->validator != NULL && vl_own_validator(r->validator) == NULL) return "unknown validator";
    if ((r->flags & VEIL_RECOGNIZER_SOFT_CHECK) != 0 && r->validator == NULL)
        return "SOFT_CHECK is set, but no validator";
    if (r->sample != NULL && (r->sample[0] == '\0' || strnlen(r->sample, SAMPLE_MAX_BYTES + 1) > SAMPLE_MAX_BYTES))
        return "sample is empty or longer than 240 bytes";
    const char *fault = fault_of_items(r);
    return fault != NULL ? fault : fault_of_lists(r);
}

veil_status vl_own_check(const veil_recognizer *recognizer, size_t index, veil_error *error)
{
    char label[128];
    const char *fault = fault_of(recognizer);
    if (fault == NULL) return VEIL_OK;
    if (recognizer->struct_size == sizeof *recognizer)
        vl_own_label(recognizer, index, label);
    else
        snprintf(label, sizeof label, "config.recognizers[%zu]", index);
    return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "%s: %s", label, fault);
}

veil_status vl_text_recognizer_check(const veil_recognizer *recognizer, size_t index, veil_error *error)
{
    return vl_own_check(recognizer, index, error);
}

bool vl_text_validator_exists(const char *name)
{
    return vl_own_validator(name) != NULL;
}

/* ---- Patterns ---------------------------------------------------------------------------------------------------- */

/* Behind the class that begins at text[at] == '['; *is_wide: it holds a byte beyond ASCII. */
static size_t class_end(const char *text, size_t at, bool *is_wide)
{
    size_t i = at + 1;
    if (text[i] == '^') i++;
    if (text[i] == ']') i++;
    for (; text[i] != '\0' && text[i] != ']'; i++) {
        if ((text[i] & 0x80) != 0) *is_wide = true;
        if (text[i] == '\\' && text[i + 1] != '\0') i++;
    }
    return text[i] == ']' ? i + 1 : i;
}

/* The upper bound of a repeat at text[*at], which moves behind it; 1 for none. */
static size_t repeat_of(const char *text, size_t *at)
{
    size_t times = 0;
    size_t i = *at;
    if (strchr("?+*", text[i]) != NULL && text[i] != '\0') {
        i++;
    } else if (text[i] == '{' && vl_is_digit(text[i + 1])) {
        for (i++; text[i] != '\0' && text[i] != '}'; i++) {
            if (text[i] == ',') times = 0;
            if (vl_is_digit(text[i]) && times < 100000) times = times * 10 + (size_t)(text[i] - '0');
        }
        i += text[i] == '}';
    }
    if (i != *at && (text[i] == '?' || text[i] == '+'))
        i++; /* lazy, possessive: Hyperscan says what it thinks of them */
    *at = i;
    return times == 0 ? 1 : times;
}

#define DEPTH_MAX 32u

/* Positions that the pattern has with its repeats written out; SIZE_MAX: groups nest too deep. */
static size_t positions_of(const char *text, bool *is_wide)
{
    size_t sums[DEPTH_MAX + 1] = {0};
    unsigned depth = 0;
    for (size_t i = 0; text[i] != '\0';) {
        size_t add = 1;
        if (text[i] == '(') {
            if (++depth > DEPTH_MAX) return SIZE_MAX;
            sums[depth] = 0;
            i++;
            continue;
        }
        if (text[i] == ')') {
            add = depth > 0 ? sums[depth] : 0;
            depth -= depth > 0;
            i++;
        } else if (text[i] == '[') {
            i = class_end(text, i, is_wide);
        } else {
            i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
        }
        sums[depth] += add * repeat_of(text, &i);
        if (sums[depth] > (size_t)1 << 40) return SIZE_MAX;
    }
    return sums[0];
}

/* Anchors of the whole text, which windows do not see. */
static bool has_text_anchor(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] != '\\' || text[i + 1] == '\0') continue;
        i++;
        if (strchr("AzZG", text[i]) != NULL) return true;
    }
    return false;
}

const char *vl_own_pattern_fault(const char *pattern)
{
    bool is_wide = false;
    size_t size = pattern == NULL ? 0 : strnlen(pattern, VL_OWN_PATTERN_SIZE + 1);
    if (size == 0) return "a pattern is NULL or empty";
    if (size > VL_OWN_PATTERN_SIZE) return "a pattern is longer than 2,048 bytes";
    size_t positions = positions_of(pattern, &is_wide);
    if (is_wide) return "a class holds a letter beyond ASCII; write alternatives (?:x|y) in place of [xy]";
    if (positions > POSITIONS_MAX) return "too large: its repeats written out have more than 4,096 positions";
    if (has_text_anchor(pattern)) return "\\A, \\z, \\Z and \\G are not known; ^ and $ are line ends";
    return NULL;
}
