/* PocketSphinx 5: one object an utterance; begin and duration; fillers ("<sil>", "[NOISE]", "++UM++") are no speech. */
#include "audio/transcript_json.h"

enum { ROOT, WORD };

static const vl_json_row root_rows[] = {
    VL_ROW("w", VL_J_LIST, 0, WORD),
    VL_ROW("t", VL_J_TEXT, 0, 0),
    VL_ROW("b", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("d", VL_J_LENGTH, VL_UNIT_SECONDS, 0),
};
static const vl_json_row word_rows[] = {
    VL_ROW("t", VL_J_TEXT, 0, 0),
    VL_ROW("b", VL_J_START, VL_UNIT_SECONDS, 0),
    VL_ROW("d", VL_J_LENGTH, VL_UNIT_SECONDS, 0),
};

static const vl_json_kind kinds[] = {
    [ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP), [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD)};
static const char *const markers[] = {"<", ">", "[", "]", "++", "++", NULL};

const vl_json_shape vl_shape_pocketsphinx = {
    .kinds = kinds, .marker_ends = markers, .item_kind = ROOT, .has_variants = true};
