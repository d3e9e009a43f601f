#!/usr/bin/env python3
"""Make call.wav and call.json: a spoken recording with a card number, a telephone number and a spelled e-mail address.

Every word is synthesised by itself with espeak-ng, trimmed, and laid one after the other, so the word times in call.json are
exact to the sample. The numbers are published test values: 4111 1111 1111 1111 is the test card of payment providers,
415-555-0132 lies in the range kept for fiction, example.com is reserved by RFC 2606.

Usage: make_call.py [FOLDER]     needs espeak-ng; the files in the repository were made by version 1.51
"""
import array
import json
import math
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

RATE = 16000
WORDS_PER_MINUTE = 310
GAP_S = 0.015  # between words; punctuation adds to it
PAUSE_S = {",": 0.08, ".": 0.18}
EDGE_S = 0.20  # silence at both ends
TRIM_LEVEL = 60  # of 32767: quieter than this is not speech
SENTENCES = [
    "Hi, this is Jane.",
    "My card number is four one one one, one one one one, one one one one, one one one one.",
    "Call me at four one five, five five five, zero one three two.",
    "Or write to jane dot roe at example dot com.",
    "Thank you.",
]


def synthesise(word):
    """Samples of one word at espeak-ng's own rate, and that rate."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "word.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", str(WORDS_PER_MINUTE), "-w", str(path), word], check=True)
        with wave.open(str(path)) as file:
            samples = array.array("h", file.readframes(file.getnframes()))
            return samples, file.getframerate()


def trim(samples):
    loud = [i for i, s in enumerate(samples) if abs(s) > TRIM_LEVEL]
    return samples[loud[0] : loud[-1] + 1] if loud else samples


def resample(samples, rate):
    """Windowed sinc, 16 zero crossings a side, cut off at the lower of the two Nyquist frequencies."""
    ratio = min(1.0, RATE / rate)
    reach = 16 / ratio
    out = array.array("h")
    for n in range(int(len(samples) * RATE / rate)):
        centre = n * rate / RATE
        total = 0.0
        for i in range(max(0, math.ceil(centre - reach)), min(len(samples), math.floor(centre + reach) + 1)):
            x = (i - centre) * ratio
            sinc = 1.0 if x == 0 else math.sin(math.pi * x) / (math.pi * x)
            total += samples[i] * sinc * (0.5 + 0.5 * math.cos(math.pi * (i - centre) / reach)) * ratio
        out.append(max(-32768, min(32767, round(total))))
    return out


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    spoken = {}
    sound = array.array("h", bytes(2 * int(EDGE_S * RATE)))
    segments = []
    for index, sentence in enumerate(SENTENCES):
        words = []
        for word in sentence.split():
            bare = word.strip(".,")
            if bare not in spoken:
                samples, rate = synthesise(bare)
                spoken[bare] = resample(trim(samples), rate)
            start = len(sound) / RATE
            sound.extend(spoken[bare])
            words.append({"word": " " + word, "start": round(start, 4), "end": round(len(sound) / RATE, 4),
                          "probability": 1.0})
            sound.extend([0] * int((GAP_S + PAUSE_S.get(word[-1], 0)) * RATE))
        segments.append({"id": index, "start": words[0]["start"], "end": words[-1]["end"], "text": " " + sentence,
                         "words": words})
    sound.extend([0] * int(EDGE_S * RATE))
    with wave.open(str(folder / "call.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())
    transcript = {"text": " " + " ".join(SENTENCES), "segments": segments, "language": "en"}
    (folder / "call.json").write_text(json.dumps(transcript, indent=1) + "\n")
    print(f"{len(sound) / RATE:.2f} s, {sum(len(s['words']) for s in segments)} words")


if __name__ == "__main__":
    main()
