"""The pages keep their word: files and tests that they name exist, examples stay short."""
import glob
import json
import os
import re
import subprocess

from veil import ROOT, Case, main, run


def page(*names):
    with open(os.path.join(ROOT, *names), encoding="utf-8") as file:
        return file.read()


class Pages(Case):
    def test_links_lead_somewhere(self):
        for name in ["README.md", "examples/README.md", *(os.path.relpath(p, ROOT) for p in glob.glob(ROOT + "/docs/*.md"))]:
            for link in re.findall(r"\]\(([^)#:]+)\)", page(name)):
                target = os.path.join(ROOT, os.path.dirname(name), link)
                self.assertTrue(os.path.exists(target), f"{name}: {link}")

    def test_every_test_named_in_security_exists(self):
        names = set(re.findall(r"`(tests/[\w/.]+)`", page("docs", "security.md")))
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertTrue(os.path.exists(os.path.join(ROOT, name)), name)

    def test_every_case_named_in_security_exists(self):
        text = page("docs", "security.md")
        cases = re.findall(r"`(tests/[\w/.]+)`: (`\w+`(?:, `\w+`)*)", text)
        self.assertGreater(len(cases), 10)
        for name, list_ in cases:
            source = page(name)
            for case in re.findall(r"`(\w+)`", list_):
                self.assertIn(case, source, name)

    def test_every_failure_in_security_names_a_test(self):
        rows = re.findall(r"^\| (\d+) \|(.*)$", page("docs", "security.md"), re.M)
        self.assertGreaterEqual(len(rows), 26)
        self.assertEqual([int(n) for n, _ in rows], list(range(1, len(rows) + 1)))
        for number, row in rows:
            self.assertRegex(row.split(" | ")[-1], r"`tests/", number)

    def test_every_dependency_is_explained(self):
        script, explained = page("cmake", "dependencies.sh"), page("docs", "dependencies.md")
        packages = [p for line in re.findall(r'^(?:text|media|tools)="([^"]*)"', script, re.M) for p in line.split()]
        self.assertGreater(len(packages), 10)
        self.assertEqual([p for p in packages if p not in explained], [])

    def test_help_and_manual_name_the_same_options(self):
        manual = page("docs", "veil.1").replace("\\-", "-")
        shown = set()
        for command in ("scan", "redact", "version"):
            shown |= set(re.findall(r"--[a-z0-9-]+", run(command, "--help").stdout.decode()))
        named = set(re.findall(r"--[a-z0-9-]+", manual))
        self.assertGreater(len(shown), 25)
        self.assertEqual(named, shown)

    def test_pages_say_what_is_heard_and_what_is_not_found(self):
        """Keys go without a transcript, words do not: whoever reads a page must learn both."""
        pages = {"README": page("README.md"), "man": page("docs", "veil.1"), "security": page("docs", "security.md")}
        for name, text in pages.items():
            self.assertIn("DTMF", text, name)
            self.assertNotRegex(text, r"no DTMF|DTMF\) stay audible", name)
        for command in ("scan", "redact"):
            self.assertIn("speech without a transcript", run(command, "--help").stdout.decode())

    def test_the_number_of_kinds_is_right(self):
        rows = json.loads(run("entities", "--json").stdout)
        said = int(re.search(r"lists (\d+) kinds", page("README.md")).group(1))
        if not {"image", "audio"} <= {row["kind"] for row in rows}:
            self.skipTest("a build without pictures or sound lists fewer")
        if "QR_CODE" not in {row["name"] for row in rows}:
            self.skipTest("a build without codes lists fewer")
        self.assertEqual(said, len(rows))

    def test_the_two_commands(self):
        readme = page("README.md")
        for command in ("sh cmake/demo.sh", "sh cmake/test.sh"):
            self.assertIn(command, readme)
        self.assertIn("sh cmake/test.sh", page(".ci", "run"))

    def test_the_program_of_the_readme_compiles(self):
        block = re.search(r"```c\n(.*?)```", page("README.md"), re.S).group(1)
        path = self.write("readme.c", block)
        result = subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                                 "-I" + os.path.join(ROOT, "include"), path], capture_output=True)
        self.assertEqual(result.returncode, 0, result.stderr.decode())

    def test_the_transcript_of_the_readme_is_real(self):
        """Every line of output that the README shows is one that the command prints today."""
        block = re.search(r"```\n(\$ .*?)```", page("README.md"), re.S).group(1)
        letter = os.path.join("examples", "message.txt")
        real = run("scan", letter, cwd=ROOT).stdout + run("redact", "-o", "-", letter, cwd=ROOT).stdout
        lines = real.decode().splitlines() + ["..."]
        for line in block.splitlines():
            if not line.startswith("$ ") and "call.redacted" not in line:
                self.assertIn(line.strip() if line.strip() == "..." else line, lines)

    def test_examples_are_short(self):
        files = glob.glob(ROOT + "/examples/*.c") + glob.glob(ROOT + "/examples/*.py")
        for path in files:
            if os.path.basename(path) in ("text.c", "image.c", "audio.c", "async.c", "latency.c", "text.py"):
                self.assertLess(len(page(path).splitlines()), 100, path)


main()
