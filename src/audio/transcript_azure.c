/*
 * Azure: batch (recognizedPhrases; ticks of 100 ns, or ISO 8601 where there are none), fast transcription (phrases; milliseconds) and
 * the detailed results of the SDK (capital names, ticks).
 */
#include "audio/transcript_json.h"

enum { ROOT, PHRASE, BEST, WORD, SHOWN, FAST, FAST_WORD, SDK_BEST, SDK_WORD, COMBINED };

static const vl_json_row root_rows[] = {
    VL_ROW("recognizedPhrases", VL_J_LIST, 0, PHRASE),
    VL_ROW("phrases", VL_J_LIST, 0, FAST),
    VL_ROW("combinedPhrases", VL_J_LIST, 0, COMBINED),
    VL_ROW("combinedRecognizedPhrases", VL_J_LIST, 0, COMBINED),
    /* one result of the SDK */
    VL_ROW("NBest", VL_J_OTHERS, 0, SDK_BEST),
    VL_ROW("Offset", VL_J_START, VL_UNIT_TICKS, 0),
    VL_ROW("Duration", VL_J_LENGTH, VL_UNIT_TICKS, 0),
    VL_ROW("Channel", VL_J_CHANNEL, VL_CH_ZERO, 0),
    VL_ROW("DisplayText", VL_J_TEXT, 0, 0),
};
static const vl_json_row phrase_rows[] = {
    VL_ROW("channel", VL_J_CHANNEL, VL_CH_ZERO, 0),           VL_ROW("offset", VL_J_START, VL_UNIT_ISO, 0),
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_ISO, 0),          VL_ROW("offsetInTicks", VL_J_START, VL_UNIT_TICKS, 0),
    VL_ROW("durationInTicks", VL_J_LENGTH, VL_UNIT_TICKS, 0), VL_ROW("nBest", VL_J_OTHERS, 0, BEST),
};
static const vl_json_row best_rows[] = {
    VL_ROW("words", VL_J_LIST, 0, WORD), VL_ROW("displayWords", VL_J_REPEAT, 0, SHOWN),
    VL_ROW("display", VL_J_TEXT, 0, 0),  VL_ROW("lexical", VL_J_FORM, 0, 0),
    VL_ROW("itn", VL_J_FORM, 1, 0),      VL_ROW("maskedITN", VL_J_FORM, 2, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 0, 0),
    VL_ROW("offset", VL_J_START, VL_UNIT_ISO, 0),
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_ISO, 0),
    VL_ROW("offsetInTicks", VL_J_START, VL_UNIT_TICKS, 0),
    VL_ROW("durationInTicks", VL_J_LENGTH, VL_UNIT_TICKS, 0),
};
static const vl_json_row shown_rows[] = {
    VL_ROW("displayText", VL_J_TEXT, 0, 0),
    VL_ROW("offset", VL_J_START, VL_UNIT_ISO, 0),
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_ISO, 0),
    VL_ROW("offsetInTicks", VL_J_START, VL_UNIT_TICKS, 0),
    VL_ROW("durationInTicks", VL_J_LENGTH, VL_UNIT_TICKS, 0),
};
static const vl_json_row fast_rows[] = {
    VL_ROW("channel", VL_J_CHANNEL, VL_CH_ZERO, 0),
    VL_ROW("offsetMilliseconds", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("durationMilliseconds", VL_J_LENGTH, VL_UNIT_MS, 0),
    VL_ROW("offset", VL_J_START, VL_UNIT_MS, 0), /* previews */
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_MS, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("words", VL_J_LIST, 0, FAST_WORD),
};
static const vl_json_row fast_word_rows[] = {
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("offsetMilliseconds", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("durationMilliseconds", VL_J_LENGTH, VL_UNIT_MS, 0),
    VL_ROW("offset", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_MS, 0),
};
static const vl_json_row sdk_best_rows[] = {
    VL_ROW("Words", VL_J_LIST, 0, SDK_WORD), VL_ROW("DisplayWords", VL_J_REPEAT, 0, SDK_WORD),
    VL_ROW("Display", VL_J_TEXT, 0, 0),      VL_ROW("Lexical", VL_J_FORM, 0, 0),
    VL_ROW("ITN", VL_J_FORM, 1, 0),          VL_ROW("MaskedITN", VL_J_FORM, 2, 0),
};
static const vl_json_row sdk_word_rows[] = {
    VL_ROW("Word", VL_J_TEXT, 0, 0),
    VL_ROW("DisplayText", VL_J_TEXT, 0, 0),
    VL_ROW("Offset", VL_J_START, VL_UNIT_TICKS, 0),
    VL_ROW("Duration", VL_J_LENGTH, VL_UNIT_TICKS, 0),
};
static const vl_json_row combined_rows[] = {
    VL_ROW("text", VL_J_WHOLE, 0, 0),
    VL_ROW("display", VL_J_WHOLE, 0, 0),
    VL_ROW("lexical", VL_J_WHOLE, 0, 0),
};

static const vl_json_kind kinds[] = {
    [ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),          [PHRASE] = VL_KIND(phrase_rows, VL_CLOSE_GROUP),
    [BEST] = VL_KIND(best_rows, VL_CLOSE_GROUP),          [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD),
    [SHOWN] = VL_KIND(shown_rows, VL_CLOSE_WORD),         [FAST] = VL_KIND(fast_rows, VL_CLOSE_GROUP),
    [FAST_WORD] = VL_KIND(fast_word_rows, VL_CLOSE_WORD), [SDK_BEST] = VL_KIND(sdk_best_rows, VL_CLOSE_GROUP),
    [SDK_WORD] = VL_KIND(sdk_word_rows, VL_CLOSE_WORD),   [COMBINED] = VL_KIND(combined_rows, VL_CLOSE_GROUP),
};

const vl_json_shape vl_shape_azure = {.kinds = kinds, .item_kind = ROOT, .zero_may_be_all = true};
