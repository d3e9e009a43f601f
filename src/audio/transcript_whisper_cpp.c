/*
 * whisper.cpp: -oj (segments) and -ojf (tokens with their times). Times are whole milliseconds; a token is a piece of a word and
 * begins one where it has a leading space; "[_BEG_]", "[_TT_50]" are the decoder's own.
 */
#include "audio/transcript_json.h"

enum { ROOT, SEGMENT, TOKEN, OFFSETS };

static const vl_json_row root_rows[] = {VL_ROW("transcription", VL_J_LIST, 0, SEGMENT)};
static const vl_json_row segment_rows[] = {
    VL_ROW("offsets", VL_J_INTO, 0, OFFSETS),
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("tokens", VL_J_LIST, 0, TOKEN),
};
static const vl_json_row token_rows[] = {
    VL_ROW("text", VL_J_TEXT, 0, 0),
    VL_ROW("offsets", VL_J_INTO, 0, OFFSETS),
};
static const vl_json_row offset_rows[] = {
    VL_ROW("from", VL_J_START, VL_UNIT_MS, 0),
    VL_ROW("to", VL_J_END, VL_UNIT_MS, 0),
};

static const vl_json_kind kinds[] = {[ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
                                     [SEGMENT] = VL_KIND(segment_rows, VL_CLOSE_GROUP),
                                     [TOKEN] = VL_KIND(token_rows, VL_CLOSE_WORD),
                                     [OFFSETS] = VL_KIND(offset_rows, VL_CLOSE_GROUP)};
static const char *const markers[] = {"[_", "]", NULL};

const vl_json_shape vl_shape_whisper_cpp = {.kinds = kinds,
                                            .marker_ends = markers,
                                            .item_kind = SEGMENT,
                                            .is_spaced = true,
                                            .joins_segments = true,
                                            .unknown_is_negative = true};
