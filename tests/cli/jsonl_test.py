"""--input jsonl: a line in, a line out. src/cli/jsonl.c, json_in.c, json_out.c."""
import json
import os
import subprocess

from veil import CARD, MAIL, SSN, VEIL, Case, main, run


def feed(*lines):
    return "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


class Scan(Case):
    def test_answers_byte_for_byte_in_order(self):
        out = run("scan", "--input", "jsonl", stdin=feed({"text": "a@example.com"}, {"text": "none"})).stdout.decode()
        self.assertEqual(out, '{"findings":[{"entity":"EMAIL_ADDRESS","start":0,"end":13,"score":1.0}]}\n{"findings":[]}\n')

    def test_overrides(self):
        text = f"{MAIL} ssn {SSN} card {CARD}"
        rows = self.lines(run("scan", "--input", "jsonl", "--entities", "CREDIT_CARD", stdin=feed(
            {"text": text}, {"text": text, "entities": ["EMAIL_ADDRESS", "US_SSN"]}, {"text": text, "entities": None},
            {"text": "x", "language": "any"}, {"text": text, "min_score": 1.0, "entities": ["CREDIT_CARD"]})))
        names = [sorted({f["entity"] for f in row["findings"]}) for row in rows]
        self.assertEqual(names, [["CREDIT_CARD"], ["EMAIL_ADDRESS", "US_SSN"], ["CREDIT_CARD"], [], ["CREDIT_CARD"]])

    def test_min_score_of_a_line(self):
        text = "call 415-555-0132"
        low, high = self.lines(run("scan", "--input", "jsonl", "--entities", "PHONE_NUMBER", stdin=feed(
            {"text": text, "min_score": 0.0}, {"text": text, "min_score": 1.0})))
        self.assertEqual((len(low["findings"]), len(high["findings"])), (1, 0))

    def test_offsets_are_of_the_decoded_text(self):
        line = '{"text":"\\ud83d\\ude00\\n %s"}' % MAIL
        for unit, start in (("byte", 6), ("codepoint", 3), ("utf16", 4)):
            row = self.lines(run("scan", "--input", "jsonl", "--offsets", unit, stdin=line))[0]
            self.assertEqual(row["findings"][0]["start"], start)

    def test_bad_lines_fail_alone_and_say_nothing_of_themselves(self):
        secret = "secret@example.com"
        bad = ['{"text":"%s"' % secret, '["%s"]' % secret, '{"text":1,"x":"%s"}' % secret, '{"x":"%s"}' % secret, "\0",
               '{"text":"%s","text":"b"}' % secret, '{"text":"%s","\\u0074ext":"b"}' % secret,
               '{"text":"%s","entities":["%s"]}' % (secret, secret), '{"text":"%s","entities":[]}' % secret,
               '{"text":"%s","entities":"%s"}' % (secret, secret), '{"text":"%s","language":"%s"}' % (secret, secret),
               '{"text":"%s","min_score":2}' % secret, '{"text":"%s","min_score":"0.5"}' % secret,
               '{"text":"%s"} x' % secret, '{"text":"%s\t"}' % secret, '{"text":"\\q%s"}' % secret,
               '{"text":"%s","n":01}' % secret, '{"text":"%s","n":%s}' % (secret, "[" * 100 + "]" * 100)]
        for command in ("scan", "redact"):
            result = run(command, "--input", "jsonl", stdin=feed(*bad, {"text": MAIL}))
            rows = self.lines(result, code=3)
            self.assertEqual(len(rows), len(bad) + 1)
            for row in rows[:-1]:
                self.assertEqual(list(row), ["error", "message"])
                self.assertIn(row["error"], ("MALFORMED_INPUT", "INVALID_ARGUMENT"))
            self.assertEqual(len(rows[-1]["findings"]), 1)
            self.assertNotIn(secret.encode(), result.stdout + result.stderr)

    def test_invalid_utf8_in_a_line_fails_alone(self):
        rows = self.lines(run("scan", "--input", "jsonl", stdin=b'{"text":"\xff"}\n{"text":"ok"}\n'), code=3)
        self.assertEqual([row.get("error") for row in rows], ["MALFORMED_INPUT", None])

    def test_last_line_without_newline_and_crlf(self):
        rows = self.lines(run("scan", "--input", "jsonl", stdin='{"text":"a"}\r\n{"text":"%s"}' % MAIL))
        self.assertEqual([len(row["findings"]) for row in rows], [0, 1])

    def test_long_lines_that_come_in_pieces(self):
        line = json.dumps({"text": MAIL + " " + "a b c " * 200000 + MAIL}) + "\n"  # 1.2 MB, many reads
        result = run("redact", "--input", "jsonl", stdin=line + feed({"text": MAIL}) + line)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stdout.decode().replace("<EMAIL_ADDRESS>", "").count("@"), 0)
        self.assertEqual(result.stdout.count(b"\n"), 3)

    def test_a_language_that_does_not_exist_fails_its_line(self):
        rows = self.lines(run("scan", "--input", "jsonl", stdin=feed({"text": SSN, "language": "xx"}, {"text": SSN})), code=3)
        self.assertEqual([row.get("error") for row in rows], ["INVALID_ARGUMENT", None])
        self.assertIn("language", rows[0]["message"])

    def test_blank_lines(self):
        lines = ["", {"text": MAIL}, " \t\r", {"text": "b"}]
        result = run("redact", "--input", "jsonl", stdin=feed(*lines))
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = result.stdout.decode().split("\n")
        self.assertEqual((rows[0], rows[2], len(rows)), ("", "", 5))
        self.assertEqual(json.loads(rows[1])["text"], "<EMAIL_ADDRESS>")
        found = self.lines(run("scan", "--input", "jsonl", stdin=feed(*lines)))
        self.assertEqual([len(row["findings"]) for row in found], [0, 1, 0, 0])

    def test_no_lines(self):
        result = run("scan", "--input", "jsonl", stdin=b"")
        self.assertEqual((result.returncode, result.stdout), (0, b""))

    def test_exit_codes(self):
        self.assertEqual(run("scan", "--input", "jsonl", "--fail-on-find", stdin=feed({"text": MAIL})).returncode, 1)
        self.assertEqual(run("scan", "--input", "jsonl", "--fail-on-find", stdin=feed({"text": "x"})).returncode, 0)
        self.assertEqual(run("scan", "--input", "jsonl", "--fail-on-find", stdin=feed({"text": MAIL}, "x")).returncode, 3)

    def test_answers_come_while_the_input_is_open(self):
        child = subprocess.Popen([VEIL, "redact", "--input", "jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for i in range(3):
            child.stdin.write(feed({"n": i, "text": MAIL}).encode())
            child.stdin.flush()
            self.assertEqual(json.loads(child.stdout.readline())["n"], i)
        child.stdin.close()
        self.assertEqual(child.wait(20), 0)
        child.stdout.close()


class Redact(Case):
    def test_keeps_other_fields_as_written(self):
        line = '{"id":123456789012345678901234567890, "x" : 1.10, "text" :"to %s", "y":{"a":[1,null,"\\u00e9"]}}' % MAIL
        out = run("redact", "--input", "jsonl", stdin=line).stdout.decode()
        self.assertEqual(out, '{"id":123456789012345678901234567890,"x":1.10,"text":"to <EMAIL_ADDRESS>",'
                         '"y":{"a":[1,null,"\\u00e9"]},"findings":[{"entity":"EMAIL_ADDRESS","start":3,"end":23,"score":1.0}]}\n')

    def test_findings_of_the_line_give_way(self):
        row = self.lines(run("redact", "--input", "jsonl", stdin=feed({"findings": [MAIL], "text": "x"})))[0]
        self.assertEqual(row, {"text": "x", "findings": []})

    def test_text_survives_its_journey(self):
        texts = ["\u0000\u0001\u001f\"\\/\b\f\n\r\t", "\U0001F600\u4e2d\u00e9", "\ud800 alone \udc00", "", "a" * 300000]
        rows = self.lines(run("redact", "--input", "jsonl", stdin=feed(*({"text": t} for t in texts))))
        self.assertEqual([row["text"] for row in rows], texts)

    def test_file_to_file(self):
        path = self.write("in.jsonl", feed({"text": MAIL}, {"text": "b"}))
        result = run("redact", "--input", "jsonl", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = [json.loads(line) for line in self.read(self.path("in.redacted.jsonl")).splitlines()]
        self.assertEqual([row["text"] for row in rows], ["<EMAIL_ADDRESS>", "b"])
        self.assertEqual(self.names(), ["in.jsonl", "in.redacted.jsonl"])

    def test_operators_and_long_results(self):
        out = self.lines(run("redact", "--input", "jsonl", "--operator", "*=replace:" + "z" * 4000,
                             stdin=feed({"text": (MAIL + " ") * 100})))[0]
        self.assertEqual(out["text"], ("z" * 4000 + " ") * 100)
        self.assertEqual(len(out["findings"]), 100)

    def test_several_files_in_parallel(self):
        paths = [self.write(f"{i}.jsonl", feed(*({"text": f"{i}.{k} {MAIL}"} for k in range(200)))) for i in range(6)]
        self.assertEqual(run("redact", "--input", "jsonl", "--jobs", "4", "-o", self.path("out"), *paths).returncode, 0)
        for i in range(6):
            rows = [json.loads(line) for line in self.read(self.path("out", f"{i}.redacted.jsonl")).splitlines()]
            self.assertEqual([row["text"] for row in rows], [f"{i}.{k} <EMAIL_ADDRESS>" for k in range(200)])

    def test_only_text(self):
        self.refused(run("redact", "--input", "jsonl", "--kind", "image", stdin="x"), "jsonl is text")
        self.assertTrue(os.path.exists(VEIL))


main()
