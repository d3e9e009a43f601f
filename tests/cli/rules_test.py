"""--rules and --config: src/cli/config_file.c and what it does to scan, redact and entities."""
import base64
import json
import os
import unittest

from veil import EXAMPLES, MAIL, Case, main, run

HAS_YAML = b"VEIL_YAML" in run("version").stdout
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==")
RULES = os.path.join(EXAMPLES, "rules.yaml")
TEXT = "EMP-104217, Robin Poe; info@example.com " + MAIL


@unittest.skipUnless(HAS_YAML, "built without VEIL_YAML")
class Rules(Case):
    def file(self, text, name="veil.yaml"):
        path = os.path.join(self.dir, name)
        with open(path, "w") as out:
            out.write(text)
        return path

    def bytes_of(self, path):
        with open(path, "rb") as source:
            return source.read()

    def test_the_example_redacts(self):
        result = run("redact", "--rules", RULES, stdin=TEXT)
        self.assertEqual(result.stdout.decode(), "<EMPLOYEE_NUMBER>, <PERSON>; info@example.com <EMAIL_ADDRESS>")

    def test_own_entities_have_names_on_the_command_line(self):
        result = run("scan", "--json", "--rules", RULES, "--entities", "EMPLOYEE_NUMBER", stdin=TEXT)
        found = json.loads(result.stdout)["findings"]
        self.assertEqual([(f["entity"], f["start"], f["end"]) for f in found], [("EMPLOYEE_NUMBER", 0, 10)])
        result = run("redact", "--rules", RULES, "--operator", "PERSON=redact", "--exclude", "EMPLOYEE_NUMBER",
                     stdin=TEXT)
        self.assertEqual(result.stdout.decode(), "EMP-104217, ; info@example.com <EMAIL_ADDRESS>")
        self.refused(run("scan", "--rules", RULES, "--entities", "EMPLOYEE_NUMBRE", stdin=TEXT),
                     "did you mean EMPLOYEE_NUMBER?")
        self.refused(run("scan", "--entities", "EMPLOYEE_NUMBER", stdin=TEXT), "unknown entity")

    def test_the_catalogue_shows_them(self):
        rows = {row["name"]: row for row in json.loads(run("entities", "--json", "--rules", RULES).stdout)}
        self.assertEqual(rows["PROJECT"]["own_recognizers"], ["project-names"])
        self.assertEqual(rows["PROJECT"]["default"], True)
        self.assertNotIn("own_recognizers", rows["EMAIL_ADDRESS"])
        config = self.file("entities: [PROJECT]\ndeny: [{entity: PROJECT, words: [x]}]\n")
        rows = {row["name"]: row for row in json.loads(run("entities", "--json", "--config", config).stdout)}
        self.assertEqual([name for name, row in rows.items() if row["default"] and row["kind"] == "text"], ["PROJECT"])

    def test_options_win_over_the_file(self):
        config = self.file("min_score: 1\noperators: [{entity: EMAIL_ADDRESS, op: redact}]\n")
        self.assertEqual(run("redact", "--config", config, stdin="a " + MAIL).stdout, b"a ")
        result = run("redact", "--config", config, "--operator", "EMAIL_ADDRESS=replace:X", stdin="a " + MAIL)
        self.assertEqual(result.stdout, b"a X")
        text = "8.8.8.8"
        self.assertEqual(run("redact", "--config", config, stdin=text).stdout.decode(), text)
        self.assertNotEqual(run("redact", "--config", config, "--min-score", "0.1", stdin=text).stdout.decode(), text)

    def test_lists_that_rules_name_are_never_replaced(self):
        self.file("Kingfisher\n", "words.txt")
        self.file("info@example.com\n", "texts.txt")
        rules = self.file("deny: [{entity: PROJECT, words_file: words.txt}]\nallow: [{texts_file: texts.txt}]\n")
        self.assertEqual(run("redact", "--rules", rules, stdin="Kingfisher").stdout, b"<PROJECT>")
        source = self.file("Kingfisher", "in.txt")
        for name in ("words.txt", "texts.txt"):
            path = os.path.join(self.dir, name)
            before = self.bytes_of(path)
            for output in (("-o", path), ("-o", os.path.join(self.dir, "out"), "--report", path)):
                self.refused(run("redact", "--rules", rules, *output, source), "originals are never replaced")
                self.assertEqual(self.bytes_of(path), before)

    @unittest.skipUnless(b"image" in run("entities", "--json").stdout, "built without pictures")
    def test_a_list_in_the_file_counts_for_what_is_looked_for(self):
        config = self.file("entities: [QR_CODE]\n")
        picture = self.file("", "p.png")
        with open(picture, "wb") as out:
            out.write(PIXEL)
        self.assertEqual(run("scan", "--config", config, picture).returncode, 0)
        self.refused(run("scan", "--config", config, "--exclude", "QR_CODE", picture), "nothing to look for")
        config = self.file("entities: [DTMF]\n")
        self.refused(run("scan", "--config", config, picture), "found by no modality")
        config = self.file("entities: [QR_CODE]\nexclude: [QR_CODE]\n")
        self.refused(run("scan", "--config", config, picture), "nothing to look for")

    def test_the_bound_of_a_text_holds_for_pipes(self):
        config = self.file("max_text_bytes: 10\n")
        for command in ("scan", "redact"):
            result = run(command, "--config", config, stdin=TEXT)
            self.assertEqual(result.returncode, 3)
            self.assertEqual(result.stdout, b"")
            self.assertIn(b"LIMIT: the text is longer than max_text_bytes", result.stderr)
        self.assertEqual(run("redact", "--config", config, stdin="abcdefghij").stdout, b"abcdefghij")

    def test_rules_first_then_config(self):
        config = self.file("entities: [PROJECT]\n")
        self.refused(run("scan", "--config", config, stdin=TEXT), "line 1, column 12: unknown entity")
        self.assertEqual(run("redact", "--config", config, "--rules", RULES, stdin="Kingfisher " + MAIL).stdout.decode(),
                         "<PROJECT> " + MAIL)

    def test_mistakes_are_named_with_their_line(self):
        secret = "hunter2" * 3
        bad = self.file("recognizers:\n- name: a\n  entity: A\n  %s: x\n" % secret)
        result = run("scan", "--rules", bad, stdin=TEXT)
        self.refused(result, "line 4, column 3: unknown key of a recognizer")
        self.assertNotIn(secret.encode(), result.stderr)
        bad = self.file("recognizers:\n- {name: a, entity: A, pattern: '('}\n")
        self.refused(run("scan", "--rules", bad, stdin=TEXT), "line 2: recognizer a: pattern 1: Missing close parenthesis")
        self.refused(run("entities", "--rules", bad), "line 2: recognizer a: pattern 1")
        self.refused(run("scan", "--rules", os.path.join(self.dir, "none.yaml"), stdin=TEXT), "--rules")
        bad = self.file("recognizers:\n- {name: a, entity: A, pattern: 'x[0-9]', sample: 'y1'}\n")
        self.refused(run("scan", "--rules", bad, stdin=TEXT), "line 2: recognizer a does not find its sample")
        bad = self.file("operators:\n- {entity: EMAIL_ADDRESS, op: mask, text: x}\n")
        self.refused(run("redact", "--config", bad, stdin=TEXT), "line 2, column 3: this operator has a wrong text")
        bad = self.file("operators:\n- {entity: EMAIL_ADDRESS, op: hash}\n")
        self.refused(run("redact", "--config", bad, stdin=TEXT), "--config EMAIL_ADDRESS: the operator of this entity needs --key-file")
        settings = self.file("language: en\n")
        self.refused(run("scan", "--rules", settings, stdin=TEXT), "is a setting; this is a rule file")
        self.refused(run("scan", "--config", settings, "--config", settings, stdin=TEXT), "given twice")


if __name__ == "__main__":
    main()
