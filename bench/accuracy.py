#!/usr/bin/env python3
"""Run the test programs that count and put their tables between the markers of docs/accuracy.md.

usage: bench/accuracy.py BUILD_DIR [SECTION...]      write the page's tables (programs of BUILD_DIR/tests), or some of them
       bench/accuracy.py --differential LOG...       write what long runs of text_differential_test --cases printed
       bench/accuracy.py --check                     prove the reading of tables on a few lines (an ordinary test)

The long run of the differential test takes an hour, so it is not started here: give the files into which runs printed.
A section whose program says "skipped" (no ../shared, no libphonenumber) keeps the table that it has.
"""
import re
import subprocess
import sys
from pathlib import Path

# Presidio's default English recognizers on sentences like these (../shared/README.md); not the same sentences.
PRESIDIO = {"CREDIT_CARD": "105 of 136", "PHONE_NUMBER": "50 of 92", "US_SSN": "all", "EMAIL_ADDRESS": "all",
            "IBAN_CODE": "all", "IP_ADDRESS": "all"}


def rows(head, lines):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] +
                     ["| " + " | ".join(cells) + " |" for cells in lines])


def of_lines(prefix, head, text):
    """Lines "prefix: name [...] n of m" and their sum."""
    found = re.findall(rf"^{prefix}: (\S.*?)\s+(\d+) of\s+(\d+)$", text, re.M)
    lines = [(" ".join(name.split()), part, whole) for name, part, whole in found]
    total = ("all", str(sum(int(x[1]) for x in lines)), str(sum(int(x[2]) for x in lines)))
    return rows(head, lines + [total]) if lines else None


def vectors(text):
    table = of_lines("vectors", ("entity", "as expected", "cases"), text)
    differs = re.findall(r"^differs: (.*)$", text, re.M)
    return table and table + "\n\nThose that differ, on purpose (docs/entities.md): " + "; ".join(f"`{d}`" for d in differs)


def sentences(text):
    found = re.findall(r"^([A-Z_]+)\s+(\d+)\s+(\d+)\s+(\d+)$", text, re.M)
    lines = [(*line, PRESIDIO.get(line[0], "not known")) for line in found]
    return rows(("entity", "spans", "found", "removed by any finding", "Presidio, similar sentences"), lines) if found else None


def logs(text):
    found = re.findall(r"^([A-Z][A-Za-z]+)\s+([A-Z][A-Z_]+)\s+(\d+)(?:  too many)?$", text, re.M)
    return rows(("log", "entity", "findings"), found) if found else None


def negatives(text):
    size = re.search(r"^(\d+) bytes of texts", text, re.M)
    counts = {}
    for language, _, entity, count in re.findall(r"^(en|any) (\S+) ([A-Z_]+) (\d+)$", text, re.M):
        counts.setdefault(entity, {"en": 0, "any": 0})[language] += int(count)
    if not size:
        return None
    lines = [(entity, str(c["en"]), str(c["any"])) for entity, c in sorted(counts.items())]
    total = [("all", *(str(sum(c[x] for c in counts.values())) for x in ("en", "any")))]
    return f"{int(size[1]):,} bytes.\n\n" + rows(("entity", "language en", "language any"), lines + total)


def recall(text):
    found = re.findall(r"^(\S.*?)\s+(\d+) of\s+(\d+)\s+([\d.]+) %$", text, re.M)
    entities = re.findall(r"^  ([A-Z_]+)\s+(\d+) of\s+(\d+)$", text, re.M)
    table = rows(("change", "whole", "tried", "%"), found)
    if entities:
        table += "\n\nEntities of which something stayed, over all changes:\n\n" + rows(("entity", "whole", "tried"), entities)
    return table if found else None


def phones(text):
    found = re.findall(r"^([A-Z]{2}|all|world)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)$", text, re.M)
    seen = dict((line[0], line) for line in reversed(found))
    lines = [line for line in found if seen[line[0]] is line]
    return rows(("region", "E.164", "international", "national", "national behind a word", "impossible, found"),
                lines) if found else None


def secrets(text):
    return of_lines("tokens", ("format", "found whole", "random tokens"), text)


def golden(text):
    found = re.findall(r"^golden: (\S+)\s+(\d+) lines, (\d+) differ$", text, re.M)
    cover = re.search(r"^coverage: (\d+) entities, (\d+) rows$", text, re.M)
    tail = f"\n\nCatalogue: {cover[1]} entities, {cover[2]} recognizers." if cover else ""
    return rows(("file", "lines", "differ"), found) + tail if found else None


def splits(text):
    found = re.search(r"^splits: (\d+) ways", text, re.M)
    return found and f"{int(found[1]):,} ways to cut texts; output and findings are those of one call in each." \
        if "FAILED" not in text else None


def digits(text):
    found = re.findall(r"^digits: ([A-Z]+) (\d+) of (\d+), as CREDIT_CARD (\d+), false ([\d.]+) of ([\d.]+) s$", text, re.M)
    lines = [(name, whole, cut, card, false, length) for name, cut, whole, card, false, length in found]
    return rows(("spoken", "recordings", "covered whole", "as CREDIT_CARD", "false seconds", "of"), lines) if found else None


def keys(text):
    found = re.findall(r"^dtmf: (\S.*?)\s+(\d+) of\s+(\d+), (\d+) extra, (\d+) files$", text, re.M)
    made = re.findall(r"^made:\s+(-?\d+) dB (\d+) of (\d+)$", text, re.M)
    lines = [(name, files, right if name != "must reject" else "-", whole if whole != "0" else "-", str(int(extra) + (
        int(right) if name == "must reject" else 0))) for name, right, whole, extra, files in found]
    tail = "\n\nMade by the test (50 ms, twist 2 dB, offset 0.5 %, 8 kHz, white noise): " + "; ".join(
        f"{db} dB {a} of {b}" for db, a, b in made) + "."
    return rows(("recordings", "files", "keys found", "of", "keys where there are none"), lines) + tail if found else None


def differential(text):
    """Runs that came to their end; one that found a difference ends with an error and counts nothing."""
    found = re.findall(r"^differential: (\d+) cases of seed (\d+), (\d+) findings, no difference", text, re.M)
    cases, findings = (sum(int(line[i]) for line in found) for i in (0, 2))
    return found and (f"{cases:,} cases in {len(found)} runs (seeds {', '.join(line[1] for line in found)}) with {findings:,} findings, "
                      "no difference.") or None


SECTIONS = {  # marker: (programs, reader)
    "vectors": (["shared_vectors"], vectors), "sentences": (["annotated"], sentences), "negatives": (["negatives"], negatives),
    "logs": (["annotated"], logs), "mutations": (["mutations"], recall), "encodings": (["encodings"], recall),
    "phones": (["phones_oracle"], phones), "secrets": (["secrets"], secrets), "golden": (["golden", "coverage"], golden),
    "splits": (["stream"], splits), "digits": (["audio/find"], digits),
    "keys": (["audio/dtmf"], keys),
}


FULL = {"stream": ["--full"]}  # what an ordinary run takes a sample of


def put(page, name, table):
    pattern = rf"(<!-- {name}: begin -->\n).*?(<!-- {name}: end -->)"
    if len(re.findall(pattern, page, re.S)) != 1:
        raise SystemExit(f"the page has not one section {name}")
    return re.sub(pattern, lambda m: m[1] + table + "\n" + m[2], page, flags=re.S)


def run(build, name, outputs):
    if name not in outputs:
        layer, _, short = name.rpartition("/")
        layer = layer or "text"
        done = subprocess.run([build / "tests" / layer / f"{layer}_{short}_test", *FULL.get(name, ())], capture_output=True, text=True,
                              errors="replace", timeout=1200)
        outputs[name] = done.stdout + done.stderr
        if done.returncode != 0:
            print(f"{name}: the test fails; its section says what it counted", file=sys.stderr)
    return outputs[name]


def write(build, path, wanted):
    page = path.read_text()
    outputs = {}
    for name, (programs, reader) in SECTIONS.items():
        if wanted and name not in wanted:
            continue
        table = reader("".join(run(build, program, outputs) for program in programs))
        if table is None:
            print(f"{name}: no table (skipped or failed), the page keeps its own", file=sys.stderr)
        else:
            page = put(page, name, table)
    path.write_text(page)


def check():
    assert "| A_B | 2 | 3 |" in vectors("vectors: A_B      2 of    3\ndiffers: x\n") and "`x`" in vectors(
        "vectors: A 2 of 3\ndiffers: x\n")
    assert "| US_SSN | 44 | 43 | 44 | all |" in sentences("US_SSN    44     43     44\n")
    assert "| Mac | URL | 40 |" in logs("Mac        URL     40\n")
    assert "| all | 3 | 4 |" in negatives("9 bytes of texts\nen code X_Y 1\nen sql X_Y 2\nany sql X_Y 4\n")
    assert "| en dash | 87 | 88 | 98.9 |" in recall("en dash      87 of    88   98.9 %\n")
    assert "| DE | 1.0 | 2.0 | 3.0 | 4.0 | 5.0 |" in phones("DE 1.0 2.0 3.0 4.0 5.0\n")
    assert "| X_TOKEN X_ROW | 5 | 5 |" in secrets("tokens: X_TOKEN   X_ROW    5 of    5\n")
    assert "| a.txt | 7 | 0 |" in golden("golden: a.txt   7 lines, 0 differ\n")
    assert splits("splits: 1200 ways to cut\n").startswith("1,200") and splits("FAILED splits: 1 ways") is None
    assert "| CARD | 4 | 3 | 3 | 0.5 | 40.0 |" in digits("digits: CARD 3 of 4, as CREDIT_CARD 3, false 0.5 of 40.0 s\n")
    assert "| snr 0 | 5 | 80 | 80 | 0 |" in keys("dtmf: snr 0   80 of  80, 0 extra, 5 files\nmade:   0 dB 93 of 96\n")
    assert differential("differential: 5000 cases of seed 3, 7 findings, no difference, 2 s\nERROR: x\n").startswith("5,000 cases in 1")
    assert all(reader("skipped: nothing here\n") is None for _, reader in SECTIONS.values())
    page = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
    for name in [*SECTIONS, "differential"]:
        put(page.read_text(), name, "")


def main(arguments):
    page = Path("docs/accuracy.md")
    if arguments == ["--check"]:
        check()
    elif len(arguments) > 1 and arguments[0] == "--differential":
        table = differential("\n".join(Path(log).read_text(errors="replace") for log in arguments[1:]))
        if table is None:
            raise SystemExit("no run in these files came to its end")
        page.write_text(put(page.read_text(), "differential", table))
    elif arguments and not (set(arguments[1:]) - set(SECTIONS)):
        write(Path(arguments[0]), page, arguments[1:])
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
