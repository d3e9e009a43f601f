"""Documents and flowing text through the command. src/cli/text.c, flow.c."""
import csv
import io
import json
import subprocess

from veil import Case, VEIL, main, run

PEOPLE = [["name", "ssn", "note"], ["Jane, Roe", "536904399", 'said "hi"\nto jane.roe@example.com'], ["J", "", "415-555-0132"]]


class Format(Case):
    def test_csv_stays_csv(self):
        text = io.StringIO()
        csv.writer(text).writerows(PEOPLE)
        got = run("redact", "--format", "csv", stdin=text.getvalue()).stdout.decode()
        self.assertEqual(list(csv.reader(io.StringIO(got, newline=""))),
                         [PEOPLE[0], ["Jane, Roe", "<US_SSN>", 'said "hi"\nto <EMAIL_ADDRESS>'], ["J", "", "<PHONE_NUMBER>"]])

    def test_json_stays_json(self):
        value = {"user": {"ssn": 536904399, "mail": "a \u20ac \"jane.roe@example.com\"", "n": [1.5, None, True]}}
        got = run("redact", "--format", "json", stdin=json.dumps(value)).stdout
        value["user"]["ssn"] = "<US_SSN>"
        value["user"]["mail"] = 'a \u20ac "<EMAIL_ADDRESS>"'
        self.assertEqual(json.loads(got), value)

    def test_names_are_context_that_plain_text_lacks(self):
        text = '{"customerSsn": "536904399"}'
        self.assertIn(b"<US_SSN>", run("redact", "--format", "json", stdin=text).stdout)
        self.assertNotIn(b"<US_SSN>", run("redact", stdin=text).stdout)

    def test_field_rules(self):
        text = '{"password": "hunter2", "a": {"pin": 1234}}\n{"PASSWORD": ["x"]}\n'
        got = run("redact", "--format", "ndjson", "--field-as", "password=CRYPTO", "--field-as", "a.pin=US_BANK_NUMBER", stdin=text)
        self.assertEqual(got.stdout.decode(), '{"password": "<CRYPTO>", "a": {"pin": "<US_BANK_NUMBER>"}}\n{"PASSWORD": ["<CRYPTO>"]}\n')
        got = run("redact", "--format", "tsv", "--field-as", "#2=CRYPTO", stdin="a\tb\n1\t2\n")
        self.assertEqual(got.stdout, b"a\tb\n1\t<CRYPTO>\n")

    def test_mistakes_are_named_with_their_place(self):
        result = run("redact", "--format", "ndjson", stdin='{"a":1}\n{"a":2}\n{"a" 3}\n')
        self.refused(result, "MALFORMED_INPUT: this is not valid JSON (line 3, byte 21)", code=3)
        result = run("redact", "--format", "json", stdin="[" * 70 + "1" + "]" * 70)
        self.refused(result, "LIMIT: objects and arrays are more than 64 deep (line 1, byte 64)", code=3)
        self.assertEqual(run("redact", "--format", "json", stdin="[" * 64 + "1" + "]" * 64).returncode, 0)
        self.refused(run("redact", "--format", "json", stdin="[" * 64 + "[" * 3), "LIMIT", code=3)

    def test_field_rules_that_fit_no_column_fail(self):
        text = "name,ssn\nJane,536904399\n"
        path = self.write("a.csv", text)
        for rule in ("snn=US_SSN", "#9=US_SSN", "#0=US_SSN", "x.ssn=US_SSN"):
            for given in ([rule], ["ssn=US_SSN", rule]):
                args = [a for one in given for a in ("--field-as", one)]
                result = run("redact", "--json", "--format", "auto", *args, "-o", self.path("o.csv"), path)
                self.assertEqual(self.lines(result, code=3)[0]["error"], "INVALID_ARGUMENT", rule)
                self.assertEqual(self.names(), ["a.csv"])
                got = run("redact", "--format", "tsv", *args, stdin=text.replace(",", "\t"))
                self.assertEqual((got.returncode, got.stdout), (3, b""))
        for rule in ("SSN=US_SSN", "#2=US_SSN"):
            got = run("redact", "--format", "csv", "--field-as", rule, stdin=text)
            self.assertEqual(got.stdout, b"name,ssn\nJane,<US_SSN>\n")
        got = run("redact", "--format", "csv", "--field-as", "#3=US_SSN", stdin=text + "Joe,x,y\n")  # a record may be wider
        self.assertTrue(got.stdout.endswith(b"Joe,x,<US_SSN>\n"))
        self.assertEqual(run("redact", "--format", "csv", "--field-as", "snn=US_SSN").returncode, 0)  # nothing there
        self.assertEqual(run("redact", "--format", "json", "--field-as", "snn=US_SSN", stdin="{}").returncode, 0)

    def test_auto_goes_by_the_name(self):
        for name, kind in (("a.json", "json"), ("a.JSONL", "ndjson"), ("a.csv", "csv"), ("a.txt", "text")):
            text = '{"ssn": 536904399}\n' if "json" in kind else "ssn,x\n536904399,1\n"
            path = self.write(name, text)
            auto = run("scan", "--json", "--format", "auto", path).stdout
            self.assertEqual(auto, run("scan", "--json", "--format", kind, path).stdout)

    def test_malformed_documents_fail_and_leave_nothing(self):
        for kind, text in (("json", '{"a": "jane.roe@example.com"'), ("ndjson", '{"a": 1}\nx jane.roe@example.com\n'), ("csv", 'a\n"jane.roe@example.com')):
            got = run("redact", "--format", kind, stdin=text)
            self.assertEqual((got.returncode, got.stdout), (3, b""))
            self.assertIn(b"MALFORMED_INPUT", got.stderr)

    def test_mistakes_are_named(self):
        for args in (["--format", "xml"], ["--field-as", "a=US_SSN"], ["--format", "json", "--field-as", "a"], ["--format", "json", "--field-as", "a=NOBODY"],
                     ["--format", "json", "--input", "jsonl"]):
            self.assertEqual(run("redact", *args, stdin="x").returncode, 2, args)


class Flow(Case):
    def test_lines_flow(self):
        with subprocess.Popen([VEIL, "redact"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as veil:
            for i in range(1, 4):
                veil.stdin.write(b"%d: a line from 10.1.2.%d\n" % (i, i))
                veil.stdin.flush()
                self.assertEqual(veil.stdout.readline(), b"%d: a line from <IP_ADDRESS>\n" % i)
            veil.stdin.write(b"the rest, 536-90-4399")
            veil.stdin.close()
            self.assertEqual(veil.stdout.read(), b"the rest, <US_SSN>")
        self.assertEqual(veil.returncode, 0)

    def test_a_pipe_gives_what_a_file_gives(self):
        text = "".join("%d mail jane.roe%d@example.com, 415-555-%04d; https://example.com/%s\n" % (i, i, i, "x" * (i % 3000)) for i in range(400))
        path = self.write("a.txt", text)
        run("redact", path)
        self.assertEqual(run("redact", stdin=text).stdout, self.read(self.path("a.redacted.txt")))

    def test_findings_are_counted(self):
        self.assertEqual(run("redact", "--fail-on-find", stdin="mail jane.roe@example.com").returncode, 1)
        self.assertEqual(run("redact", "--fail-on-find", stdin="nothing here").returncode, 0)

    def test_pictures_on_stdin_are_told_apart(self):
        self.assertEqual(run("redact", stdin=b"%PDF-1.4 jane.roe@example.com").stdout, b"")


if __name__ == "__main__":
    main()
