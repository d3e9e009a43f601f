/* Google Speech-to-Text, v1 and v2: durations as "1.200s" or objects, names in either case, results bare or in a response. */
#include "audio/transcript_json.h"

enum { ROOT, RESULT, ALTERNATIVE, WORD };

static const vl_json_row root_rows[] = {
    VL_ROW("results", VL_J_LIST, 0, RESULT),
    VL_ROW("response", VL_J_OBJECT, 0, ROOT),
};
static const vl_json_row result_rows[] = {
    VL_ROW("alternatives", VL_J_OTHERS, 0, ALTERNATIVE),     VL_ROW("channelTag", VL_J_CHANNEL, VL_CH_ONE, 0),
    VL_ROW("channel_tag", VL_J_CHANNEL, VL_CH_ONE, 0),       VL_ROW("resultEndTime", VL_J_END, VL_UNIT_PROTO, 0),
    VL_ROW("resultEndOffset", VL_J_END, VL_UNIT_PROTO, 0),   VL_ROW("result_end_time", VL_J_END, VL_UNIT_PROTO, 0),
    VL_ROW("result_end_offset", VL_J_END, VL_UNIT_PROTO, 0),
};
static const vl_json_row alternative_rows[] = {
    VL_ROW("transcript", VL_J_TEXT, 0, 0),
    VL_ROW("words", VL_J_LIST, 0, WORD),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 0, 0),
    VL_ROW("startTime", VL_J_START, VL_UNIT_PROTO, 0),
    VL_ROW("endTime", VL_J_END, VL_UNIT_PROTO, 0),
    VL_ROW("startOffset", VL_J_START, VL_UNIT_PROTO, 0),
    VL_ROW("endOffset", VL_J_END, VL_UNIT_PROTO, 0),
    VL_ROW("start_time", VL_J_START, VL_UNIT_PROTO, 0),
    VL_ROW("end_time", VL_J_END, VL_UNIT_PROTO, 0),
    VL_ROW("start_offset", VL_J_START, VL_UNIT_PROTO, 0),
    VL_ROW("end_offset", VL_J_END, VL_UNIT_PROTO, 0),
};

static const vl_json_kind kinds[] = {[ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
                                     [RESULT] = VL_KIND(result_rows, VL_CLOSE_GROUP),
                                     [ALTERNATIVE] = VL_KIND(alternative_rows, VL_CLOSE_GROUP),
                                     [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD)};

const vl_json_shape vl_shape_google = {.kinds = kinds, .item_kind = ROOT};
