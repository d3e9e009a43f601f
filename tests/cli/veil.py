"""What the tests of the command share: running it, sample files, a tiny WAV and a tiny PNG made here. Standard library only."""
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

VEIL = os.environ["VEIL"]
ROOT = os.environ["VEIL_SOURCE_DIR"]
HAS_IMAGE = os.environ.get("VEIL_IMAGE") == "ON"
HAS_MODEL = HAS_IMAGE and os.environ.get("VEIL_EMBED_MODEL") == "ON"
HAS_AUDIO = os.environ.get("VEIL_AUDIO") == "ON"
EXAMPLES = os.path.join(ROOT, "examples")
MAIL = "jane.roe@example.com"
CARD = "4111 1111 1111 1111"
SSN = "536-90-4399"


def run(*args, stdin=b"", **kwargs):
    """The command with these arguments; bytes in, bytes out."""
    kwargs.setdefault("timeout", 60)
    if isinstance(stdin, str):
        stdin = stdin.encode()
    return subprocess.run([VEIL, *map(str, args)], input=stdin, capture_output=True, **kwargs)


def spoken(words):
    """A transcript in Whisper's form: (word, start, end) triples."""
    return {"text": " ".join(w for w, _, _ in words),
            "segments": [{"id": 0, "start": words[0][1], "end": words[-1][2], "text": " ".join(w for w, _, _ in words),
                          "words": [{"word": " " + w, "start": s, "end": e, "probability": 0.9} for w, s, e in words]}]}


def wav(seconds=4.0, rate=16000, channels=1):
    """A hum, as 16-bit WAV."""
    frames = int(seconds * rate)
    data = b"".join(struct.pack("<h", int(8000 * math.sin(i * 0.05))) * channels for i in range(frames))
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, rate,
                       rate * channels * 2, channels * 2, 16, b"data", len(data))
    return head + data


def keypad(keys, rate=8000, tone=0.06, pause=0.06, channels=1):
    """Telephone keys over a low hum, as 16-bit WAV, and where each lies: (key, start, end)."""
    values, truth = [0.0] * (rate // 2), []
    for key in keys:
        index = "123A456B789C*0#D".index(key)
        low, high = (697, 770, 852, 941)[index // 4], (1209, 1336, 1477, 1633)[index % 4]
        truth.append((key, len(values) / rate, len(values) / rate + tone))
        values += [0.2 * (math.sin(2 * math.pi * low * i / rate) + math.sin(2 * math.pi * high * i / rate))
                   for i in range(int(tone * rate))] + [0.0] * int(pause * rate)
    values += [0.0] * (rate // 2)
    data = b"".join(struct.pack("<h", int(32767 * v + 300 * math.sin(i * 0.05))) * channels for i, v in enumerate(values))
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, channels, rate,
                       rate * channels * 2, channels * 2, 16, b"data", len(data))
    return head + data, truth


def wav_samples(bytes_):
    at = bytes_.index(b"data") + 8
    size = struct.unpack("<I", bytes_[at - 4:at])[0]
    return struct.unpack("<%dh" % (size // 2), bytes_[at:at + size])


def png(width=64, height=48, text=None):
    """A gradient, as 8-bit RGB PNG."""
    rows = b"".join(b"\0" + bytes(v for x in range(width) for v in (x * 3 & 255, y * 5 & 255, (x + y) & 255))
                    for y in range(height))

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    extra = chunk(b"tEXt", b"Comment\0" + text.encode()) if text else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + extra +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Case(unittest.TestCase):
    """A test in its own empty directory."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="veil-cli-")
        self.addCleanup(folder.cleanup)
        self.dir = folder.name

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, data, mode=None):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)
        if mode is not None:
            os.chmod(path, mode)
        return path

    def read(self, path):
        with open(path, "rb") as file:
            return file.read()

    def names(self, folder=None):
        return sorted(os.listdir(folder or self.dir))

    def lines(self, result, code=0):
        """The JSON lines of a run that must end with `code`."""
        self.assertEqual(result.returncode, code, result.stderr)
        return [json.loads(line) for line in result.stdout.decode().splitlines()]

    def refused(self, result, *words, code=2):
        """Nothing on stdout, every word on stderr."""
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(result.stdout, b"")
        for word in words:
            self.assertIn(word, result.stderr.decode())


def main():
    unittest.main(verbosity=1, argv=[sys.argv[0]])
