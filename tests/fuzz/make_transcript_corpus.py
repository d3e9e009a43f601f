#!/usr/bin/env python3
"""Writes the seeds of fuzz_transcript that tests/audio/formats_test.c reads as well: one sentence with a test card number, as
each recognizer would write it. Field names are those of the vendors' public documentation; everything else is made up.
Run by hand: make_transcript_corpus.py DIR"""
import json
import pathlib
import sys

TEXT = "My card number is four one one one one one one one one one one one one one one one. Thanks"
WORDS = [(w, round(0.5 * i, 2), round(0.5 * i + 0.4, 2)) for i, w in enumerate(TEXT.split())]
END = WORDS[-1][2]
BARE = [(w.strip(".").lower(), s, e) for w, s, e in WORDS]


def clock(seconds, comma):
    ms = round(seconds * 1000)
    return "%02d:%02d:%02d%s%03d" % (ms // 3600000, ms // 60000 % 60, ms // 1000 % 60, comma, ms % 1000)


def iso(seconds):
    return "PT%gS" % seconds


def ticks(seconds):
    return round(seconds * 1e7)


def aws_items(words, channel=None):
    items = []
    for w, s, e in words:
        label = {"channel_label": "ch_%d" % channel} if channel is not None else {}
        items.append({**label, "start_time": "%g" % s, "end_time": "%g" % e,
                      "alternatives": [{"confidence": "0.99", "content": w.strip(".")}], "type": "pronunciation"})
        if w.endswith("."):
            items.append({**label, "alternatives": [{"confidence": "0.0", "content": "."}], "type": "punctuation"})
    return items


def aws_stream(words, partial):
    return {"Transcript": {"Results": [{
        "Alternatives": [{"Items": [{"Confidence": 0.9, "Content": w, "EndTime": e, "StartTime": s, "Stable": True,
                                     "Type": "pronunciation"} for w, s, e in words],
                          "Transcript": " ".join(w for w, _, _ in words)}],
        "ChannelId": "ch_0", "EndTime": words[-1][2], "IsPartial": partial, "ResultId": "r", "StartTime": words[0][1]}]}}


def azure_words(names, time):
    return [{names[0]: w, **time(s, e)} for w, s, e in BARE]


def both(s, e):
    return {"offset": iso(s), "duration": iso(round(e - s, 3)), "offsetInTicks": ticks(s), "durationInTicks": ticks(e - s)}


def spoken(text):
    return {"lexical": text.lower().replace(".", ""), "itn": text, "maskedITN": text, "display": text}


SAMPLES = {
    "whispercpp_oj.json": {"model": {"type": "base"}, "result": {"language": "en"}, "transcription": [
        {"timestamps": {"from": clock(0, ","), "to": clock(END, ",")}, "offsets": {"from": 0, "to": round(END * 1000)},
         "text": " " + TEXT}]},
    "whispercpp_ojf.json": {"model": {"type": "base"}, "result": {"language": "en"}, "transcription": [
        {"offsets": {"from": 0, "to": round(END * 1000)}, "text": " " + TEXT, "tokens":
         [{"text": "[_BEG_]", "offsets": {"from": 0, "to": 0}, "id": 50364}] +
         [t for w, s, e in WORDS for t in (
             [{"text": " " + w[:2], "offsets": {"from": round(s * 1000), "to": round(s * 1000) + 200}, "id": 1}] +
             ([{"text": w[2:], "offsets": {"from": round(s * 1000) + 200, "to": round(e * 1000)}, "id": 2}] if w[2:] else []))]
         + [{"text": "[_TT_500]", "offsets": {"from": round(END * 1000), "to": round(END * 1000)}, "id": 50864}]}]},
    "aws_batch.json": {"jobName": "j", "accountId": "0", "status": "COMPLETED", "results": {
        "transcripts": [{"transcript": TEXT}], "items": aws_items(WORDS),
        "audio_segments": [{"id": 0, "transcript": TEXT, "start_time": "0.0", "end_time": "%g" % END, "items": [0, 1]}]}},
    "aws_channels.json": {"results": {
        "transcripts": [{"transcript": TEXT}],
        "channel_labels": {"channels": [{"channel_label": "ch_0", "items": aws_items(WORDS, 0)},
                                        {"channel_label": "ch_1", "items": aws_items([("okay.", 3.1, 3.4)], 1)}],
                           "number_of_channels": 2},
        "items": aws_items(WORDS[:7]) + aws_items([("okay.", 3.1, 3.4)]) + aws_items(WORDS[7:])}, "status": "COMPLETED"},
    "aws_segments.json": {"results": {
        "transcripts": [{"transcript": "thanks"}], "items": aws_items([("thanks", 1, 1.5)]),
        "segments": [{"start_time": "0.0", "end_time": "2.0", "alternatives": [
            {"transcript": "thanks", "items": [{"start_time": "1", "end_time": "1.5", "confidence": "0.9",
                                                "content": "thanks", "type": "pronunciation"}]},
            {"transcript": "jane@example.com", "items": [{"start_time": "1", "end_time": "1.5", "confidence": "0.1",
                                                          "content": "jane@example.com", "type": "pronunciation"}]}]}]}},
    "google_v1.json": {"results": [{"alternatives": [
        {"transcript": TEXT, "confidence": 0.98,
         "words": [{"startTime": "%gs" % s, "endTime": "%gs" % e, "word": w} for w, s, e in WORDS]},
        {"transcript": "my card number is for one one one"}], "languageCode": "en-us", "resultEndTime": "%gs" % END}]},
    "google_v2.json": {"results": [{"alternatives": [
        {"transcript": TEXT, "words": [{"startOffset": "%gs" % s, "endOffset": "%gs" % e, "word": w} for w, s, e in WORDS]}],
        "resultEndOffset": "%gs" % END, "languageCode": "en-US"}]},
    "google_objects.json": {"name": "1", "done": True, "response": {"results": [{"alternatives": [
        {"transcript": TEXT, "words": [{"start_time": {"seconds": str(int(s)), "nanos": round(s % 1 * 1e9)},
                                        "end_time": {"seconds": int(e), "nanos": round(e % 1 * 1e9)}, "word": w}
                                       for w, s, e in WORDS]}]}]}},
    "azure_batch.json": {"source": "x", "durationInTicks": ticks(END), "duration": iso(END),
                         "combinedRecognizedPhrases": [{"channel": 0, **spoken(TEXT)}],
                         "recognizedPhrases": [{"recognitionStatus": "Success", "channel": 0, **both(0, END), "nBest": [
                             {"confidence": 0.9, **spoken(TEXT), "words": azure_words(["word"], both)}]}]},
    "azure_batch_iso.json": {"combinedRecognizedPhrases": [], "recognizedPhrases": [
        {"recognitionStatus": "Success", "channel": 0, "offset": "PT1S", "duration": "PT0M10.5S", "nBest": [
            {"confidence": 0.9, "lexical": "my pin is four one six zero", "itn": "my pin is 4160", "maskedITN": "my pin is ####",
             "display": "My pin is 4160."}, {"lexical": "my pin is for one six", "display": "My pin is for one six."}]}]},
    "azure_fast.json": {"durationMilliseconds": round(END * 1000), "combinedPhrases": [{"channel": 0, "text": TEXT}],
                        "phrases": [{"channel": 0, "offsetMilliseconds": 0, "durationMilliseconds": round(END * 1000),
                                     "text": TEXT, "words": [{"text": w, "offsetMilliseconds": round(s * 1000),
                                                              "durationMilliseconds": round((e - s) * 1000)}
                                                             for w, s, e in WORDS], "locale": "en-US", "confidence": 0.9}]},
    "azure_sdk.json": {"Id": "1", "RecognitionStatus": "Success", "Offset": 0, "Duration": ticks(END), "Channel": 0,
                       "DisplayText": TEXT, "NBest": [{"Confidence": 0.9, "Lexical": TEXT.lower(), "Display": TEXT, "Words": [
                           {"Word": w, "Offset": ticks(s), "Duration": ticks(e - s)} for w, s, e in BARE]}]},
    "deepgram.json": {"metadata": {"duration": END, "channels": 1}, "results": {"channels": [{"alternatives": [
        {"transcript": TEXT, "confidence": 0.9, "words": [
            {"word": b[0], "start": b[1], "end": b[2], "confidence": 0.9, "punctuated_word": w[0]}
            for w, b in zip(WORDS, BARE)]}]}],
        "utterances": [{"start": 0.0, "end": END, "confidence": 0.9, "channel": 0, "transcript": TEXT, "words": [
            {"word": b[0], "start": b[1], "end": b[2], "confidence": 0.9, "punctuated_word": w[0]}
            for w, b in zip(WORDS, BARE)]}]}},
    "deepgram_stereo.json": {"metadata": {"duration": END, "channels": 2}, "results": {"channels": [
        {"alternatives": [{"transcript": "okay", "words": [{"word": "okay", "start": 3.1, "end": 3.4}]}]},
        {"alternatives": [{"transcript": TEXT, "words": [{"word": w, "start": s, "end": e} for w, s, e in WORDS]}]}]}},
    "assemblyai.json": {"id": "x", "status": "completed", "audio_url": "https://example.com/call.wav", "text": TEXT,
                        "words": [{"text": w, "start": round(s * 1000), "end": round(e * 1000), "confidence": 0.9,
                                   "speaker": "A", "channel": "2"} for w, s, e in WORDS],
                        "utterances": [{"confidence": 0.9, "start": 0, "end": round(END * 1000), "text": TEXT,
                                        "words": [{"text": w, "start": round(s * 1000), "end": round(e * 1000),
                                                   "confidence": 0.9, "speaker": "A", "channel": "2"} for w, s, e in WORDS],
                                        "speaker": "A", "channel": "2"}], "audio_duration": 11},
    "picovoice.json": {"transcript": TEXT, "words": [
        {"word": w, "start_sec": s, "end_sec": e, "confidence": 0.9, "speaker_tag": -1} for w, s, e in WORDS]},
    "picovoice_node.json": {"transcript": TEXT, "words": [
        {"word": w, "startSec": s, "endSec": e, "confidence": 0.9, "speakerTag": -1} for w, s, e in WORDS]},
}

LINES = {
    "aws_stream.jsonl": [aws_stream(BARE[:3], True), aws_stream(BARE, False)],
    "pocketsphinx.jsonl": [{"b": 0.0, "d": END, "p": 1.0, "t": " ".join(w for w, _, _ in BARE), "w":
                            [{"b": 0.0, "d": 0.0, "p": 1.0, "t": "<s>"}] +
                            [{"b": s, "d": 0.4, "p": 0.9, "t": w + ("(2)" if w == "one" else "")} for w, s, e in BARE] +
                            [{"b": END, "d": 0.1, "p": 1.0, "t": "<sil>"}]}],
    "deepgram_live.jsonl": [{"type": "Results", "channel_index": [0, 1], "duration": END, "start": 0.0, "is_final": True,
                             "channel": {"alternatives": [{"transcript": TEXT, "confidence": 0.9, "words": [
                                 {"word": w, "start": s, "end": e} for w, s, e in WORDS]}]}}],
}

TEXTS = {
    "words.ctm": ";; a comment\n" + "".join("call 1 %.2f 0.40 %s 0.98\n" % (s, w) for w, s, e in BARE),
    "choices.ctm": "call B 0.0 0.4 mail\ncall B * * <ALT_BEGIN>\ncall B 0.5 0.4 june@\ncall B * * <ALT>\n"
                   "call B 0.5 0.4 june@example.com\ncall B * * <ALT_END>\ncall B 1.0 0.4 thanks\n",
    "cues.srt": "1\n%s --> %s\n<i>Hello there.</i>\n\n2\n%s --> %s\nMy card number is 4111 1111\n1111 1111\n\n3\n%s --> %s\n"
                "Thanks\n" % (clock(0, ","), clock(2, ","), clock(2, ","), clock(6.5, ","), clock(6.5, ","), clock(9, ",")),
    "cues.vtt": "WEBVTT - call\n\nNOTE made up\n\nfirst\n%s --> %s align:start\n<v Agent>Hello &amp; welcome\n\n%s --> %s\n"
                "My <00:02.500><c>card</c> <00:03.000>is <00:03.500>4111 <00:04.000>1111 <00:04.500>1111 <00:05.000>1111 "
                "<00:05.500>thanks\n" % (clock(0, "."), clock(2, "."), clock(2, ".")[3:], clock(6, ".")[3:]),
}


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, value in SAMPLES.items():
        (folder / name).write_text(json.dumps(value) + "\n")
    for name, values in LINES.items():
        (folder / name).write_text("".join(json.dumps(v) + "\n" for v in values))
    for name, text in TEXTS.items():
        (folder / name).write_text(text)


main()
