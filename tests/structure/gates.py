"""Sizes that STYLE makes a gate: file <= 1000 lines, function <= 100 lines, complexity <= 20, nesting <= 3, src and include.
Functions are found by their braces in the first column, which clang-format guarantees. exceptions.txt lists what may be
larger, each with a reason; a line that is not needed any more is an error, too."""
import re

import tree

FILE_LINES = 1000
FUNCTION_LINES = 100
COMPLEXITY = 20
NESTING = 3
DECISION = re.compile(r"\b(?:if|for|while|case)\b|&&|\|\||\?")
CONTROL = re.compile(r"^( *)(?:\} )?(?:if|for|while|do|switch)\b")
NAME = re.compile(r"(\w+)\([^;]*$")
NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)


def blank(match):
    """Comments and literals say nothing about a function's shape; line breaks stay, so that lines still count."""
    return "\n" * match.group(0).count("\n")


def functions(lines):
    """(name, first body line, lines of body) of each function definition."""
    start = None
    for number, line in enumerate(lines):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            head = number_of_head(lines, start)
            yield head, lines[start + 1:number]
            start = None


def number_of_head(lines, start):
    head = ""
    for line in reversed(lines[max(0, start - 12):start]):
        head = line.strip() + " " + head
        if line and not line[0].isspace():
            break
    match = re.search(r"(\w+)\s*\(", head)
    return match.group(1) if match else "?"


def measure(path):
    lines = NOISE.sub(blank, path.read_text(encoding="utf-8")).split("\n")
    if len(lines) - 1 > FILE_LINES and not path.name.endswith("_table.inc"):
        yield "file", f"{len(lines) - 1} lines"
    for name, body in functions(lines):
        complexity = 1 + sum(len(DECISION.findall(line)) for line in body)
        depth = max((len(m.group(1)) // 4 for m in map(CONTROL.match, body) if m), default=0)
        if len(body) > FUNCTION_LINES:
            yield name, f"{len(body)} lines"
        if complexity > COMPLEXITY:
            yield name, f"complexity {complexity}"
        if depth > NESTING:
            yield name, f"nesting {depth}"


def exceptions():
    """{(file, function): reason}"""
    table = {}
    for line in (tree.ROOT / "tests/structure/exceptions.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, function, reason = line.split(None, 2)
            table[path, function] = reason
    return table


def main():
    allowed = exceptions()
    used = set()
    problems = []
    paths = tree.files(["src", "include"], {".c", ".h", ".cpp", ".inc"})
    for path in paths:
        for function, size in measure(path):
            key = (tree.name(path), function)
            if key in allowed:
                used.add(key)
            else:
                problems.append(f"{key[0]}: {function}: {size}")
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if re.search(r"\b(?:TODO|FIXME|XXX)\b", line):
                problems.append(f"{tree.name(path)}:{number}: an open end without an issue")
    problems += [f"exceptions.txt: {path} {function} is not needed" for path, function in allowed
                 if (path, function) not in used]
    tree.finish(problems, len(paths), "sizes")


main()
