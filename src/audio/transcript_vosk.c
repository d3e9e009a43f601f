/* Vosk: one object an utterance, with its words or with alternatives; partial results say what a later object says again. */
#include "audio/transcript_json.h"

enum { ROOT, ALTERNATIVE, WORD };

static const vl_json_row root_rows[] = {
    VL_ROW("result", VL_J_LIST, 0, WORD),
    VL_ROW("alternatives", VL_J_OTHERS, 0, ALTERNATIVE),
    VL_ROW("partial_result", VL_J_REPEAT, 0, WORD),
    VL_ROW("partial", VL_J_UNSETTLED, 0, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
};
static const vl_json_row alternative_rows[] = {
    VL_ROW("result", VL_J_LIST, 0, WORD),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 1, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
};

static const vl_json_kind kinds[] = {[ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
                                     [ALTERNATIVE] = VL_KIND(alternative_rows, VL_CLOSE_GROUP),
                                     [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD)};

const vl_json_shape vl_shape_vosk = {.kinds = kinds, .item_kind = ROOT};
