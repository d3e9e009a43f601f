"""bench/growth.py draws a small result: both pictures are well-formed, hold every point, and a result without rows is refused."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SVG = "{http://www.w3.org/2000/svg}"


def draw(results, folder):
    path = os.path.join(folder, "growth.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"machine": "a machine", "commit": "0", "results": results}, file)
    script = os.path.join(ROOT, "bench", "growth.py")
    return subprocess.run([sys.executable, script, path, folder], stderr=subprocess.PIPE, check=False).returncode


def heights(path):
    circles = xml.parse(path).getroot().findall(SVG + "circle")
    return [float(circle.get("cy")) for circle in circles]


def main():
    rows = [("growth.length.64", "chat", 20.0), ("growth.length.4096", "chat", 900.5), ("growth.length.64", "logs", 90.0),
            ("growth.recognizers.1", "64 KB of logs", 1e4), ("growth.recognizers.300", "64 KB of logs", 9e4)]
    results = [{"row": row, "who": who, "p50_ns": ns} for row, who, ns in rows]
    with tempfile.TemporaryDirectory() as folder:
        assert draw(results, folder) == 0
        length = heights(os.path.join(folder, "growth-length.svg"))
        assert len(length) == 3 and length[1] < length[2] < length[0], length  # more time is higher up
        assert len(heights(os.path.join(folder, "growth-recognizers.svg"))) == 2
        assert draw(results[:3], folder) != 0
    print("growth: drawn")


main()
