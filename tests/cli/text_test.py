"""Text through the command: findings, offsets, operators. src/cli/text.c, json_out.c, table.c."""
import hashlib
import hmac
import json
import os

from veil import CARD, EXAMPLES, MAIL, SSN, Case, main, run

MESSAGE = os.path.join(EXAMPLES, "message.txt")


class Scan(Case):
    def test_json_line_byte_for_byte(self):
        path = self.write("a.txt", "Hi jane@example.com!")
        result = run("scan", "--json", "--entities", "EMAIL_ADDRESS", path)
        self.assertEqual(result.stdout.decode(), '{"file":%s,"kind":"text","findings":[{"entity":"EMAIL_ADDRESS",'
                         '"start":3,"end":19,"score":1.0}]}\n' % json.dumps(path))
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_stdin_is_dash(self):
        for args in ([], ["-"]):
            row = self.lines(run("scan", "--json", *args, stdin="x " + MAIL))[0]
            self.assertEqual(row["file"], "-")
            self.assertEqual(row["findings"][0]["start"], 2)

    def test_nothing_found(self):
        result = run("scan", "--json", stdin="the quick brown fox")
        self.assertEqual(result.stdout, b'{"file":"-","kind":"text","findings":[]}\n')
        self.assertEqual(self.lines(run("scan", "--json", stdin=b""))[0]["findings"], [])

    def test_findings_are_ordered(self):
        found = self.lines(run("scan", "--json", "--all", MESSAGE))[0]["findings"]
        order = [(f["start"], f["end"], f["entity"]) for f in found]
        self.assertEqual(order, sorted(order))
        self.assertGreaterEqual(len({f["entity"] for f in found}), 12)

    def test_all_reports_losers_too(self):
        winners = self.lines(run("scan", "--json", MESSAGE))[0]["findings"]
        every = self.lines(run("scan", "--json", "--all", MESSAGE))[0]["findings"]
        self.assertEqual([f for f in every if not f.get("loser")], winners)
        self.assertGreater(len(every), len(winners))

    def test_offsets(self):
        text = "\U0001F600 e\u0301\u00e9 \u4e2d " + MAIL
        for unit, start in (("byte", len(text.split(MAIL)[0].encode())),
                            ("codepoint", text.index(MAIL)),
                            ("utf16", len(text.split(MAIL)[0].encode("utf-16-le")) // 2)):
            row = self.lines(run("scan", "--json", "--offsets", unit, "--entities", "EMAIL_ADDRESS", stdin=text))[0]
            self.assertEqual([(f["start"], f["end"]) for f in row["findings"]], [(start, start + len(MAIL))])

    def test_entities_and_exclude(self):
        text = f"{MAIL} and {CARD} and {SSN}"
        names = {f["entity"] for f in self.lines(run("scan", "--json", "--entities", "EMAIL_ADDRESS,US_SSN", stdin=text))[0]["findings"]}
        self.assertEqual(names, {"EMAIL_ADDRESS", "US_SSN"})
        names = {f["entity"] for f in self.lines(run("scan", "--json", "--exclude", "EMAIL_ADDRESS", "--exclude", "US_SSN", stdin=text))[0]["findings"]}
        self.assertIn("CREDIT_CARD", names)
        self.assertFalse(names & {"EMAIL_ADDRESS", "US_SSN"})

    def test_min_score(self):
        scores = [f["score"] for f in self.lines(run("scan", "--json", "--min-score", "0", MESSAGE))[0]["findings"]]
        high = [f["score"] for f in self.lines(run("scan", "--json", "--min-score", "0.9", MESSAGE))[0]["findings"]]
        self.assertTrue(high and all(s >= 0.9 for s in high))
        self.assertGreater(len(scores), len(high))

    def test_language(self):
        self.assertEqual(run("scan", "--language", "any", stdin=MAIL).returncode, 0)
        self.assertEqual(run("scan", "--language", "en", stdin=MAIL).returncode, 0)
        for code in ("sp", "xx", "eng"):
            self.refused(run("scan", "--language", code, stdin=MAIL), "language")

    def test_table_shows_no_matches_unless_asked(self):
        text = f"first line\nsecond {MAIL}\n"
        plain, shown = run("scan", stdin=text), run("scan", "--show-text", stdin=text)
        self.assertNotIn(MAIL.encode(), plain.stdout + plain.stderr)
        self.assertIn(MAIL.encode(), shown.stdout)
        head, row = plain.stdout.decode().splitlines()[1:3]
        self.assertEqual(head.split(), ["ENTITY", "LINE", "START", "END", "SCORE"])
        self.assertEqual(row.split(), ["EMAIL_ADDRESS", "2", "18", "38", "1.00"])
        self.assertEqual(len(head), len(row))

    def test_table_is_harmless_to_terminals(self):
        out = run("scan", "--show-text", "--entities", "URL", stdin="see https://x.example.com/\u202ea\x1b[31m now").stdout
        self.assertNotIn(b"\x1b", out)

    def test_show_text_in_json(self):
        row = self.lines(run("scan", "--json", "--show-text", "--entities", "EMAIL_ADDRESS", stdin="a " + MAIL))[0]
        self.assertEqual(row["findings"][0]["text"], MAIL)

    def test_fail_on_find(self):
        self.assertEqual(run("scan", "--fail-on-find", stdin=MAIL).returncode, 1)
        self.assertEqual(run("scan", "--fail-on-find", stdin="nothing").returncode, 0)
        self.assertEqual(run("redact", "--fail-on-find", stdin=MAIL).returncode, 1)

    def test_what_is_not_text_is_refused(self):
        for data in ("mail jane@example.com".encode("utf-16"), b"PK\3\4rest", b"%PDF-1.7\n", b"\x1f\x8b\x08rest",
                     b"a\0b\0c\0d\0", b"\x7fELF\2\1\1"):
            row = self.lines(run("scan", "--json", stdin=data), code=3)[0]
            self.assertEqual(row["error"], "UNSUPPORTED")
            self.assertEqual(run("scan", "--kind", "text", stdin=data).returncode, 0)

    def test_what_nothing_reads_is_not_taken_for_text(self):
        for data in (b"\0\0\0\x0CjP  \r\n\x87\n rest", b"\xff\x4f\xff\x51 rest", b"\0\0\0\x0CJXL \r\n\x87\n", b"\xff\x0a rest",
                     b"\0\0\0\x18ftypheix rest", b"\0\0\0\x18ftypmsf1 rest", b"\0\0\0\x18ftypavis rest",
                     b"II+\0\x08\0", b"8BPS\0\1", b"\0\0\1\0\1\0" + b"a" * 40, b"DDS \x7C\0\0\0", b"qoif\0\0\2\x80",
                     b"P6\n640 480\n255\n" + b"abc" * 40, b"P5\n# made by hand\n8 8\n255\n", b"P7\nWIDTH 8\n", b"farbfeld\0\0\0\1",
                     b"riff\x2E\x91\xCF\x11\xA5\xD6", b"Creative Voice File\x1A", b"RIFX\0\0\1\0WAVE", b"RIFF\0\1\0\0AVI LIST",
                     b"FORM\0\0\1\0008SVX", b"#!AMR\n", b"wvpk\0", b"Rar!\x1A\7\1", b"PAR1\x15", b"\xD4\xC3\xB2\xA1\2\0",
                     bytes(range(1, 256)) * 3 + b"\n" * 60):  # PCX, TGA and others have no number: many kinds of control characters
            row = self.lines(run("scan", "--json", stdin=data), code=3)[0]
            self.assertEqual(row["error"], "UNSUPPORTED", data[:20])

    def test_control_characters_of_protocols_are_text(self):
        fix = "8=FIX.4.2\x0135=8\x0149=PHLX\x0111={}\x01".format(MAIL)
        coloured = "\x1b[31merror\x1b[0m\x07 {}\x08\x7f\n".format(MAIL)
        for text in (fix, coloured, "P6 is the name of a meeting room, {}\n".format(MAIL), "P5\nour plan: {}\n".format(MAIL), "P1\n3 tickets: {}\n".format(MAIL), "IIRO {}\n".format(MAIL),
                     "RIFX {}\n".format(MAIL), "\x0bw{}\n".format(MAIL)):
            self.assertEqual(len(self.lines(run("scan", "--json", "--entities", "EMAIL_ADDRESS", stdin=text))[0]["findings"]), 1, text)

    def test_a_stray_byte_is_no_reason_to_refuse(self):
        row = self.lines(run("scan", "--json", stdin=b"\xff\xf0\0 " + MAIL.encode()))[0]
        self.assertEqual(row["findings"][0]["start"], 4)

    def test_many_findings(self):
        row = self.lines(run("scan", "--json", "--entities", "EMAIL_ADDRESS", stdin=(MAIL + "\n") * 5000))[0]
        self.assertEqual(len(row["findings"]), 5000)

    def test_stats(self):
        result = run("scan", "--stats", stdin=MAIL)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr.decode(), r"text scan +1 +0 +20 ")
        self.assertNotIn(MAIL.encode(), result.stderr)


class Redact(Case):
    def test_stdin_to_stdout(self):
        result = run("redact", stdin=f"Write to {MAIL} now\n")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b"Write to <EMAIL_ADDRESS> now\n", b""))

    def test_clean_text_is_unchanged(self):
        text = b"nothing here\r\n\xff\xfe tail"
        self.assertEqual(run("redact", "--kind", "text", stdin=text).stdout, text)
        self.assertEqual(run("redact", stdin=b"").stdout, b"")

    def test_sample_letter(self):
        out = run("redact", "-o", "-", MESSAGE).stdout.decode()
        for secret in (MAIL, "4111 1111 1111 1111", "5500-0055-5555-5559", "GB82 WEST", "536-90-4399", "555-0132",
                       "203.0.113.42", "00:1B:44:11:3A:B7", "AKIAIOSFODNN7EXAMPLE", "943 476 5919",
                       "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "2001:db8::8a2e:370:7334", "021000021", "AB 12 34 56 C"):
            self.assertNotIn(secret, out)
        self.assertIn("Nothing to hide in this line: order 66, version 3.11.7, 12 apples at 0.99.", out)

    def test_operators(self):
        for operator, expected in (("replace", "<US_SSN>"), ("replace:[gone: %s]", "[gone: %s]"), ("redact", ""),
                                   ("mask", "*" * 11), ("mask:#", "#" * 11), ("mask:4", "****90-4399"),
                                   ("mask:x:4:end", "536-90-xxxx"), ("mask:\u2588:2:start", "\u2588\u25886-90-4399"),
                                   ("keep", SSN)):
            out = run("redact", "--entities", "US_SSN", "--operator", "US_SSN=" + operator, stdin=f"ssn {SSN}.").stdout
            self.assertEqual(out.decode(), f"ssn {expected}.", operator)

    def test_star_and_order_of_operators(self):
        out = run("redact", "--operator", "*=replace:X", "--operator", "US_SSN=replace:Y", stdin=f"{MAIL} ssn {SSN}").stdout
        self.assertEqual(out, b"X ssn Y")
        out = run("redact", "--operator", "US_SSN=replace:Y", "--operator", "US_SSN=replace:Z", stdin=f"ssn {SSN}").stdout
        self.assertEqual(out, b"ssn Z")

    def test_hash_is_keyed_hmac(self):
        key = os.urandom(31) + b"\n"
        path = self.write("key", key, 0o600)
        for bits, name in ((256, "sha256"), (512, "sha512")):
            out = run("redact", "--operator", f"EMAIL_ADDRESS=hash:{bits}", "--key-file", path, stdin=MAIL).stdout.decode()
            self.assertEqual(len(out), bits // 4)
            again = run("redact", "--operator", f"EMAIL_ADDRESS=hash:{bits}", "--key-file", path, stdin=MAIL).stdout.decode()
            self.assertEqual(out, again)
            self.assertEqual(out, hmac.new(key, MAIL.encode(), name).hexdigest())
            self.assertNotEqual(out, hashlib.new(name, MAIL.encode()).hexdigest())

    def test_json_line_names_the_copy(self):
        path = self.write("a.txt", MAIL)
        row = self.lines(run("redact", "--json", path))[0]
        self.assertEqual(row["output"], self.path("a.redacted.txt"))
        self.assertEqual(row["findings"][0]["entity"], "EMAIL_ADDRESS")

    def test_json_gives_way_to_a_copy_on_stdout(self):
        result = run("redact", "--json", stdin=MAIL)
        self.assertEqual(result.stdout, b"<EMAIL_ADDRESS>")
        self.assertEqual(json.loads(result.stderr)["findings"][0]["end"], 20)

    def test_output_that_grows(self):
        text = (MAIL + " ") * 2000
        out = run("redact", "--operator", "*=replace:" + "long " * 60, stdin=text).stdout.decode()
        self.assertEqual(out, ("long " * 60 + " ") * 2000)


main()
