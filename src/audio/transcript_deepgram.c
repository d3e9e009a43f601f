/* Deepgram: recorded (channels with alternatives, utterances) and live results, one after the other. */
#include "audio/transcript_json.h"

enum { ROOT, RESULTS, CHANNEL, ALTERNATIVE, WORD, UTTERANCE };

static const vl_json_row root_rows[] = {
    VL_ROW("results", VL_J_OBJECT, 0, RESULTS),
    /* live */
    VL_ROW("channel", VL_J_OBJECT, 0, CHANNEL),
    VL_ROW("channel_index", VL_J_CHANNEL, VL_CH_ZERO, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("duration", VL_J_LENGTH, VL_UNIT_SECONDS, 0),
};
static const vl_json_row results_rows[] = {
    VL_ROW("channels", VL_J_BY_INDEX, 0, CHANNEL),
    VL_ROW("utterances", VL_J_REPEAT, 0, UTTERANCE),
};
static const vl_json_row channel_rows[] = {VL_ROW("alternatives", VL_J_OTHERS, 0, ALTERNATIVE)};
static const vl_json_row alternative_rows[] = {
    VL_ROW("words", VL_J_LIST, 0, WORD),
    VL_ROW("transcript", VL_J_TEXT, 0, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 0, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("punctuated_word", VL_J_TEXT, 1, 0),
};
static const vl_json_row utterance_rows[] = {
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("channel", VL_J_CHANNEL, VL_CH_ZERO, 0),
    VL_ROW("transcript", VL_J_TEXT, 0, 0),
    VL_ROW("words", VL_J_LIST, 0, WORD),
};

static const vl_json_kind kinds[] = {
    [ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),       [RESULTS] = VL_KIND(results_rows, VL_CLOSE_GROUP),
    [CHANNEL] = VL_KIND(channel_rows, VL_CLOSE_GROUP), [ALTERNATIVE] = VL_KIND(alternative_rows, VL_CLOSE_GROUP),
    [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD),        [UTTERANCE] = VL_KIND(utterance_rows, VL_CLOSE_GROUP),
};

const vl_json_shape vl_shape_deepgram = {.kinds = kinds, .item_kind = ROOT, .zero_may_be_all = true};
