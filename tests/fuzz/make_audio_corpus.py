#!/usr/bin/env python3
"""Make the seeds of fuzz_transcript and fuzz_audio_file (needs libsndfile for the sound files).

Usage: make_audio_corpus.py      writes into corpus/ beside this file
"""
import ctypes
import json
from pathlib import Path

HERE = Path(__file__).parent / "corpus"


def words(text, space=""):
    return [{"word": space + w, "start": i * 0.3, "end": i * 0.3 + 0.25} for i, w in enumerate(text.split())]


CARD = "my card number is four one one one one one one one one one one one one one one one thanks"
MAIL = "write to jane dot roe at example dot com or call 415-555-0132, please"
TRANSCRIPTS = {
    "whisper": {"text": CARD, "segments": [{"id": 0, "start": 0, "end": 9, "text": CARD, "words": words(CARD, " ")}]},
    "whisper_two_segments": {"segments": [{"words": words("four one one", " ")}, {"words": words("double oh seven", " ")}]},
    "segments_only": {"segments": [{"start": 0, "end": 3, "text": " " + MAIL}, {"start": 3, "end": 4, "text": " bye"}]},
    "verbose": {"task": "transcribe", "duration": 9.0, "text": MAIL, "words": words(MAIL),
                "segments": [{"start": 0, "end": 9, "text": MAIL}]},
    "whisperx": {"segments": [{"start": 0, "end": 5, "text": "pin 4160 ok",
                               "words": [{"word": "pin", "start": 0.1, "end": 0.4, "score": 0.9}, {"word": "4160"},
                                         {"word": "ok", "start": 2.0, "end": 2.4}]}],
                 "word_segments": [{"word": "pin", "start": 0.1, "end": 0.4}, {"word": "4160"}]},
    "vosk": {"result": [dict(w, conf=0.9) for w in words(MAIL)], "text": MAIL},
    "vosk_alternatives": {"alternatives": [{"confidence": 1, "result": words("four one six oh"), "text": "four one six oh"},
                                           {"confidence": 0.5, "result": words("for one six o"), "text": "for one six o"}]},
    "array": [{"start": 0, "end": 2, "text": "a b", "words": words("a b")}, {"start": 2, "end": 3, "text": "c"}],
    "spelled": {"words": words("J-A-N-E at g mail dot com b as in bravo forty-two hundred nineteen eighty-four")},
    "empty": {"text": "", "segments": []},
    "reversed": {"words": [{"word": "a", "start": 2, "end": 1}]},
    "beyond": {"words": [{"word": "a", "start": 19, "end": 21}]},
    "unicode": {"words": words("caf\u00e9 \u0661\u0662\u0663\u0664 \U0001f600 4111\u200b1111\u200b1111\u200b1111")},
    "numbers": {"words": words("5,000 +1 415. 555. 0132. 4-1-1-1 two million three hundred thousand and six triple 7")},
}


class Info(ctypes.Structure):
    _fields_ = [("frames", ctypes.c_int64), ("rate", ctypes.c_int), ("channels", ctypes.c_int),
                ("format", ctypes.c_int), ("sections", ctypes.c_int), ("seekable", ctypes.c_int)]


SOUNDS = {
    "wav_u8": (0x010005, 1), "wav_s16": (0x010002, 1), "wav_s16_stereo": (0x010002, 2), "wav_s24": (0x010003, 1),
    "wav_s32": (0x010004, 1), "wav_float": (0x010006, 1), "wav_mulaw": (0x010010, 1), "wav_alaw": (0x010011, 1),
    "ogg_vorbis": (0x200060, 1), "ogg_opus": (0x200064, 2), "mp3": (0x230082, 1), "rf64_s16": (0x220002, 1),
    "wavex_s16": (0x130002, 2), "flac_s8": (0x170001, 1), "flac_s16": (0x170002, 1), "flac_s24": (0x170003, 2),
}


def make_sound(library, path, format_, channels):
    info = Info(rate=8000, channels=channels, format=format_)
    file = library.sf_open(str(path).encode(), 0x20, ctypes.byref(info))
    library.sf_set_string(ctypes.c_void_p(file), 1, b"title")
    count = 400 * channels
    samples = (ctypes.c_short * count)(*[(i * 7919 % 20011) - 10000 for i in range(count)])
    library.sf_write_short(ctypes.c_void_p(file), samples, ctypes.c_int64(count))
    library.sf_close(ctypes.c_void_p(file))


def main():
    (HERE / "fuzz_transcript").mkdir(parents=True, exist_ok=True)
    (HERE / "fuzz_audio_file").mkdir(parents=True, exist_ok=True)
    for name, value in TRANSCRIPTS.items():
        (HERE / "fuzz_transcript" / f"{name}.json").write_text(json.dumps(value))
    (HERE / "fuzz_transcript" / "jsonl.json").write_text(
        json.dumps(TRANSCRIPTS["vosk"]) + "\n" + json.dumps({"text": ""}) + "\n" + json.dumps(TRANSCRIPTS["vosk"]) + "\n")
    (HERE / "fuzz_transcript" / "cut.json").write_text(json.dumps(TRANSCRIPTS["whisper"])[:333])
    library = ctypes.CDLL("libsndfile.so.1")
    library.sf_open.restype = ctypes.c_void_p
    for name, (format_, channels) in SOUNDS.items():
        make_sound(library, HERE / "fuzz_audio_file" / name, format_, channels)
    wav = (HERE / "fuzz_audio_file" / "wav_s16").read_bytes()
    flac = (HERE / "fuzz_audio_file" / "flac_s16").read_bytes()
    (HERE / "fuzz_audio_file" / "wav_cut").write_bytes(wav[:200])
    (HERE / "fuzz_audio_file" / "wav_small_riff").write_bytes(wav[:4] + bytes([3, 0, 0, 0]) + wav[8:])
    (HERE / "fuzz_audio_file" / "flac_cut").write_bytes(flac[: len(flac) // 2])
    (HERE / "fuzz_audio_file" / "ogg").write_bytes(b"OggS\0\2" + bytes(40))


if __name__ == "__main__":
    main()
