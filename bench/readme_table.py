#!/usr/bin/env python3
"""Put the figures of a veil-bench JSON between the bench markers of a page.

usage: build/release/bin/veil-bench --json figures.json && python3 bench/readme_table.py figures.json README.md
"""
import json
import sys

BEGIN, END = "<!-- bench: begin", "<!-- bench: end -->"
WORK = {
    "text.clean33": "text, 33 B, nothing in it",
    "text.four116": "text, 116 B, four entities",
    "text.options33": "the 33 B with options",
    "text.options116": "the 116 B with options",
    "text.mail4k": "text, a mail of 4 KB",
    "text.logs1m": "text, 1 MB of service logs",
    "text.chat1m": "text, 1 MB of chat",
    "text.batch64": "text, batch of 16,384 lines of 64 B",
    "image.detect": "image 640x480, one face, detect and blur",
    "image.repeat_xxh3": "image 640x480, seen before (XXH3)",
    "image.repeat_mac": "image 640x480, seen before (Poly1305)",
    "image.near": "image 640x480, like one seen before (noise), faces",
    "image.near_codes": "image 640x480, like one seen before, faces and codes",
    "image.codes": "image 640x480, codes looked for, none there",
    "image.effect_fill": "fill a 160x200 region",
    "image.effect_smooth": "smooth a 160x200 region",
    "image.effect_blur": "blur a 160x200 region",
    "image.effect_pixelate": "pixelate a 160x200 region",
    "image.jpeg1080": "JPEG to JPEG, 1920x1080, one face, detect and blur",
    "audio.transcript10s": "audio, 10 s at 16 kHz with transcript, parsed and beeped",
    "audio.range10s": "audio, 10 s at 16 kHz, one given range",
    "audio.disguise10s": "audio, 10 s at 16 kHz, the voice disguised",
    "audio.dtmf10s": "audio, 10 s at 16 kHz, telephone keys",
    "audio.chunk20ms": "audio, 20 ms at 16 kHz",
    "create.text": "create a sanitizer for text",
    "create.all": "create a sanitizer for all three",
    "mixed.load80": "texts, pictures, sounds at 80 % of capacity",
}


def time(ns):
    for limit, unit in ((1e3, "ns"), (1e6, "us"), (1e9, "ms")):
        if ns < limit:
            value = ns / limit * 1e3
            return f"{value:.3g} {unit}"
    return f"{ns / 1e9:.3g} s"


def ratio(value):
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def rate(result):
    if result["items_per_s"] > 1e6:
        return f"{result['items_per_s'] / 1e6:.0f} M/s"
    if result["items_per_s"] > 0:
        return f"{result['items_per_s']:.0f} /s"
    return f"{result['bytes_per_s'] / 1e9:.2f} GB/s" if result["bytes_per_s"] > 0 else ""


def table(data):
    lines = [
        f"One run of `build/release/bin/veil-bench` (commit {data['commit']}) on a 2-core machine, {data['machine']}; medians; contenders of a row",
        "take turns; the method is in [docs/latency.md](docs/latency.md). Times of P99 contain one clock read of "
        f"{data['clock_ns']} ns.",
        "",
        "| work | who | P50 | P99 | rate | times ours | allocations |",
        "|---|---|---|---|---|---|---|",
    ]
    row, ours = None, 0
    for result in data["results"]:
        if result["row"] not in WORK:
            continue
        is_new = result["row"] != row
        if is_new:
            row, ours = result["row"], result["p50_ns"]
        lines.append(
            f"| {WORK[row] if is_new else ''} | {result['who']} | {time(result['p50_ns'])} | {time(result['p99_ns'])} | "
            f"{rate(result)} | {'' if is_new else ratio(result['p50_ns'] / ours)} | {result['allocs']:.0f} |"
        )
    return "\n".join(lines)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        page = file.read()
    start = page.index(BEGIN)
    start = page.index("\n", start) + 1
    end = page.index(END)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(page[:start] + table(data) + "\n" + page[end:])


if __name__ == "__main__":
    main()
