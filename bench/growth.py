#!/usr/bin/env python3
"""Draw how time grows with the length of a text and with the number of recognizers, from the figures of veil-bench.

usage: build/release/bin/veil-bench --row growth --json growth.json && python3 bench/growth.py growth.json docs

Writes growth-length.svg and growth-recognizers.svg into the folder. Both axes are logarithmic.
"""
import json
import math
import os
import sys

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
COLOURS = ["#1b6ca8", "#c0392b", "#2e8b57", "#7d3c98"]
PLOTS = {
    "growth.length.": ("growth-length.svg", "Time of veil_text_scan by length of the text", "bytes"),
    "growth.recognizers.": (
        "growth-recognizers.svg", "Time of veil_text_scan by number of recognizers in force", "recognizers"),
}


def collect(results, prefix):
    """Points of each series, in the order of x."""
    series = {}
    for result in results:
        if result["row"].startswith(prefix):
            point = (float(result["row"][len(prefix):]), float(result["p50_ns"]))
            series.setdefault(result["who"], []).append(point)
    return {name: sorted(points) for name, points in series.items()}


def time(ns):
    for limit, unit in ((1e3, "ns"), (1e6, "us"), (1e9, "ms")):
        if ns < limit:
            return f"{ns / limit * 1e3:g} {unit}"
    return f"{ns / 1e9:g} s"


def amount(value):
    for limit, unit in ((1 << 20, "M"), (1 << 10, "K")):
        if value >= limit:
            return f"{value / limit:g} {unit}"
    return f"{value:g}"


class Axis:
    """A logarithmic axis from pixel `begin` to pixel `end`."""

    def __init__(self, values, base, begin, end):
        self.low = math.floor(math.log(min(values), base))
        self.high = max(math.ceil(math.log(max(values), base)), self.low + 1)
        self.base, self.begin, self.end = base, begin, end

    def place(self, value):
        share = (math.log(value, self.base) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self):
        return [self.base ** n for n in range(self.low, self.high + 1)]


def line(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ccc"/>'


def label(x, y, text, anchor="middle"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def draw(series, title, unit, note):
    points = [point for values in series.values() for point in values]
    x_axis = Axis([p[0] for p in points], 4 if unit == "bytes" else 2, LEFT, WIDTH - RIGHT)
    y_axis = Axis([p[1] for p in points], 10, HEIGHT - BOTTOM, TOP)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        label(WIDTH / 2, 20, title),
        label(WIDTH / 2, HEIGHT - 10, f"{unit} ({note})"),
    ]
    for tick in x_axis.ticks():
        x = x_axis.place(tick)
        out += [line(x, TOP, x, HEIGHT - BOTTOM), label(x, HEIGHT - BOTTOM + 15, amount(tick))]
    for tick in y_axis.ticks():
        y = y_axis.place(tick)
        out += [line(LEFT, y, WIDTH - RIGHT, y), label(LEFT - 5, y + 4, time(tick), "end")]
    for i, (name, values) in enumerate(series.items()):
        colour = COLOURS[i % len(COLOURS)]
        places = [(x_axis.place(x), y_axis.place(y)) for x, y in values]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        out.append(f'<text x="{LEFT + 12}" y="{TOP + 16 + 15 * i}" fill="{colour}">{name}</text>')
    return "\n".join(out + ["</svg>", ""])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        data = json.load(file)
    for prefix, (name, title, unit) in PLOTS.items():
        series = collect(data["results"], prefix)
        if not series:
            sys.exit(f"{sys.argv[1]} has no rows {prefix}*: run veil-bench --row growth")
        with open(os.path.join(sys.argv[2], name), "w", encoding="utf-8") as file:
            file.write(draw(series, title, unit, f"median, one thread, {data['machine']}, commit {data['commit']}"))


if __name__ == "__main__":
    main()
