/* Whisper (segments with words, verbose_json with words at the top, segments alone) and whisperX (missing times, word_segments). */
#include "audio/transcript_json.h"

enum { ROOT, SEGMENT, WORD };

static const vl_json_row root_rows[] = {
    VL_ROW("segments", VL_J_LIST, 0, SEGMENT),
    VL_ROW("words", VL_J_REPEAT, 0, WORD),
    VL_ROW("word_segments", VL_J_REPEAT, 0, WORD),
    VL_ROW("text", VL_J_WHOLE, 0, 0),
};
static const vl_json_row segment_rows[] = {
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("word", VL_J_TEXT, 1, 0),
    VL_ROW("words", VL_J_LIST, 0, WORD),
    VL_ROW("segments", VL_J_LIST, 0, SEGMENT),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 1, 0),
    VL_ROW("start", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("text", VL_J_TEXT, 0, 0),
};

static const vl_json_kind kinds[] = {[ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
                                     [SEGMENT] = VL_KIND(segment_rows, VL_CLOSE_GROUP),
                                     [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD)};

const vl_json_shape vl_shape_whisper = {.kinds = kinds, .item_kind = SEGMENT, .is_spaced = true};
