/* AssemblyAI: times in milliseconds; utterances repeat the words; channels count from 1. */
#include "audio/transcript_json.h"

enum { ROOT, WORD, UTTERANCE };

static const vl_json_row root_rows[] = {
    VL_ROW("words", VL_J_LIST, 0, WORD),
    VL_ROW("utterances", VL_J_REPEAT, 0, UTTERANCE),
    VL_ROW("text", VL_J_WHOLE, 0, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_MS, 0),
    VL_ROW("channel", VL_J_CHANNEL, VL_CH_ONE, 0),
};
static const vl_json_row utterance_rows[] = {
    VL_ROW("start", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_MS, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("words", VL_J_LIST, 0, WORD),
    VL_ROW("channel", VL_J_CHANNEL, VL_CH_ONE, 0),
};

static const vl_json_kind kinds[] = {[ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
                                     [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD),
                                     [UTTERANCE] = VL_KIND(utterance_rows, VL_CLOSE_GROUP)};

const vl_json_shape vl_shape_assemblyai = {.kinds = kinds, .item_kind = ROOT, .counts_ms = true};
