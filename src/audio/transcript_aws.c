/*
 * AWS Transcribe, batch (times in quotes, punctuation without time, a copy of the items for each channel, segments with
 * alternatives) and streaming (capital names, numbers; events one after the other, wrapped or not, partial ones among them).
 */
#include "audio/transcript_json.h"

enum {
    ROOT,
    RESULTS,
    LABELS,
    CHANNEL,
    ITEM,
    CONTENT,
    SEGMENT,
    CHOICE,
    SPOKEN,
    EVENT,
    TRANSCRIPT,
    RESULT,
    ALTERNATIVE,
    WORD
};

static const vl_json_row root_rows[] = {
    VL_ROW("results", VL_J_OBJECT, 0, RESULTS),
    VL_ROW("Transcript", VL_J_OBJECT, 0, TRANSCRIPT),
    VL_ROW("TranscriptEvent", VL_J_OBJECT, 0, EVENT),
    VL_ROW("TranscriptResultStream", VL_J_OBJECT, 0, EVENT),
};
static const vl_json_row results_rows[] = {
    VL_ROW("items", VL_J_LIST, 0, ITEM),
    VL_ROW("channel_labels", VL_J_OBJECT, 0, LABELS),
    VL_ROW("segments", VL_J_REPEAT, 0, SEGMENT),
    VL_ROW("audio_segments", VL_J_LIST, 0, SPOKEN),
    VL_ROW("transcripts", VL_J_LIST, 0, TRANSCRIPT),
};
static const vl_json_row label_rows[] = {VL_ROW("channels", VL_J_REPEAT, 0, CHANNEL)};
static const vl_json_row channel_rows[] = {
    VL_ROW("channel_label", VL_J_CHANNEL, VL_CH_NAME, 0),
    VL_ROW("items", VL_J_LIST, 0, ITEM),
};
static const vl_json_row item_rows[] = {
    VL_ROW("start_time", VL_J_START, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("end_time", VL_J_END, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("alternatives", VL_J_OTHERS, 0, CONTENT),
    VL_ROW("content", VL_J_TEXT, 0, 0),
    VL_ROW("type", VL_J_MARK, 0, 0),
    VL_ROW("channel_label", VL_J_CHANNEL, VL_CH_NAME, 0),
};
static const vl_json_row content_rows[] = {VL_ROW("content", VL_J_TEXT, 0, 0)};
static const vl_json_row segment_rows[] = {
    VL_ROW("start_time", VL_J_START, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("end_time", VL_J_END, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("alternatives", VL_J_OTHERS, 0, CHOICE),
    VL_ROW("channel_label", VL_J_CHANNEL, VL_CH_NAME, 0),
};
static const vl_json_row choice_rows[] = {
    VL_ROW("transcript", VL_J_TEXT, 0, 0),
    VL_ROW("items", VL_J_LIST, 0, ITEM),
};
/* its items are numbers of those above */
static const vl_json_row spoken_rows[] = {
    VL_ROW("start_time", VL_J_START, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("end_time", VL_J_END, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("transcript", VL_J_TEXT, 0, 0),
};
static const vl_json_row event_rows[] = {
    VL_ROW("Transcript", VL_J_OBJECT, 0, TRANSCRIPT),
    VL_ROW("TranscriptEvent", VL_J_OBJECT, 0, EVENT),
};
static const vl_json_row transcript_rows[] = {
    VL_ROW("Results", VL_J_LIST, 0, RESULT), VL_ROW("transcript", VL_J_WHOLE, 0, 0), /* of a batch */
};
static const vl_json_row result_rows[] = {
    VL_ROW("StartTime", VL_J_START, VL_UNIT_SECONDS_TEXT, 0), VL_ROW("EndTime", VL_J_END, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("ChannelId", VL_J_CHANNEL, VL_CH_NAME, 0),         VL_ROW("IsPartial", VL_J_PARTIAL, 0, 0),
    VL_ROW("Alternatives", VL_J_OTHERS, 0, ALTERNATIVE),
};
static const vl_json_row alternative_rows[] = {
    VL_ROW("Transcript", VL_J_TEXT, 0, 0),
    VL_ROW("Items", VL_J_LIST, 0, WORD),
};
static const vl_json_row word_rows[] = {
    VL_ROW("Content", VL_J_TEXT, 0, 0),
    VL_ROW("StartTime", VL_J_START, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("EndTime", VL_J_END, VL_UNIT_SECONDS_TEXT, 0),
    VL_ROW("Type", VL_J_MARK, 0, 0),
};

static const vl_json_kind kinds[] = {
    [ROOT] = VL_KIND(root_rows, VL_CLOSE_GROUP),
    [RESULTS] = VL_KIND(results_rows, VL_CLOSE_GROUP),
    [LABELS] = VL_KIND(label_rows, VL_CLOSE_GROUP),
    [CHANNEL] = VL_KIND(channel_rows, VL_CLOSE_GROUP),
    [ITEM] = VL_KIND(item_rows, VL_CLOSE_ITEM),
    [CONTENT] = VL_KIND(content_rows, VL_CLOSE_WORD),
    [SEGMENT] = VL_KIND(segment_rows, VL_CLOSE_GROUP),
    [CHOICE] = VL_KIND(choice_rows, VL_CLOSE_GROUP),
    [SPOKEN] = VL_KIND(spoken_rows, VL_CLOSE_BESIDE),
    [EVENT] = VL_KIND(event_rows, VL_CLOSE_GROUP),
    [TRANSCRIPT] = VL_KIND(transcript_rows, VL_CLOSE_GROUP),
    [RESULT] = VL_KIND(result_rows, VL_CLOSE_GROUP),
    [ALTERNATIVE] = VL_KIND(alternative_rows, VL_CLOSE_GROUP),
    [WORD] = VL_KIND(word_rows, VL_CLOSE_WORD),
};

const vl_json_shape vl_shape_aws = {.kinds = kinds, .item_kind = ROOT};
