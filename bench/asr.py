"""Recall and false seconds of `veil scan --asr` on recordings with known words, for docs/accuracy.md.

Usage: python3 bench/asr.py build/release/bin/veil [--write]   with ../shared beside the tree; skipped without it.
A recording counts as covered when one finding, with the 400 ms guard, holds every digit of its number. False seconds are those
of findings, guard included, outside the number and its own guard.
"""
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "audio"
GUARD = 0.4


def findings(veil, path):
    done = subprocess.run([veil, "scan", "--asr", "--json", "--exclude", "DTMF", path], capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    row = json.loads(done.stdout)
    assert row["words"] == "asr"
    return [(f["entity"], f["start"] - GUARD, f["end"] + GUARD) for f in row["findings"]]


def union(spans, lo, hi):
    total, at = 0.0, lo
    for start, end in sorted((max(a, lo), min(b, hi)) for a, b in spans):
        total += max(0.0, end - max(start, at))
        at = max(at, end)
    return total


def measure(veil, name):
    table = {}
    for line in (DATA / f"{name}.jsonl").read_text().splitlines():
        truth = json.loads(line)
        found = findings(veil, DATA / truth["file"])
        entity = truth.get("entity")
        row = table.setdefault(entity["type"] if entity else "other speech", [0, 0, 0, 0.0, 0.0])
        spans = [(a, b) for _, a, b in found]
        length = truth["duration"]
        false = union(spans, 0, length)
        row[0] += 1
        if entity:
            start, end = truth["words"][0]["start"], truth["words"][-1]["end"]
            row[1] += any(a <= start and end <= b for a, b in spans)
            row[2] += any(n == "CREDIT_CARD" and a <= (start + end) / 2 <= b for n, a, b in found)
            false -= union(spans, max(0, start - GUARD), min(length, end + GUARD))
            length -= end - start
        row[3] += false
        row[4] += length
    return table


def main():
    veil = sys.argv[1]
    if not DATA.is_dir():
        print("skipped: no ../shared/data/audio")
        return
    table = {**measure(veil, "digits"), **measure(veil, "speech")}
    lines = ["| spoken | recordings | covered whole | as CREDIT_CARD | false seconds | of |", "|---|---|---|---|---|---|"]
    lines += [f"| {name} | {n} | {c if name != 'other speech' else '-'} | {k} | {f:.1f} | {t:.1f} |"
              for name, (n, c, k, f, t) in sorted(table.items())]
    text = "\n".join(lines)
    print(text)
    if "--write" in sys.argv:
        page = ROOT / "docs" / "accuracy.md"
        head, rest = page.read_text().split("<!-- asr: begin -->\n")
        page.write_text(head + "<!-- asr: begin -->\n" + text + "\n<!-- asr: end -->" + rest.split("<!-- asr: end -->", 1)[1])


if __name__ == "__main__":
    main() if len(sys.argv) in (2, 3) else sys.exit(__doc__)
