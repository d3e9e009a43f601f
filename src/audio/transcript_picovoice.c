/* Picovoice Leopard: words with start_sec and end_sec (startSec and endSec from its Node and web packages). */
#include "audio/transcript_json.h"

enum { ROOT, WORD };

static const vl_json_row root_rows[] = {
    VL_ROW("words", VL_J_LIST, 0, WORD),
    VL_ROW("transcript", VL_J_WHOLE, 0, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("word", VL_J_TEXT, 0, 0),
    VL_ROW("start_sec", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("end_sec", VL_J_END, VL_UNIT_SECONDS, 0),
    VL_ROW("startSec", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("endSec", VL_J_END, VL_UNIT_SECONDS, 0),
};

static const vl_json_kind kinds[] = {
    [ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP), [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD)};

const vl_json_shape vl_shape_picovoice = {.kinds = kinds, .item_kind = WORD};
