"""restore, and the operators that need a key, through the command. CBC is checked against `openssl enc`."""
import base64
import json
import re
import shutil
import subprocess
import unittest

from veil import CARD, MAIL, SSN, Case, run

TEXT = f"Mail {MAIL} or SSN {SSN}, card {CARD}; born 1980-03-12, seen 1980-03-20.\n"
KEY = b"an example key of 32 bytes only."


class Restore(Case):
    def key(self, data=KEY, name="key"):
        return self.write(name, data, 0o600)

    def redact(self, *operators, text=TEXT, extra=(), key=KEY):
        args = [word for operator in operators for word in ("--operator", operator)]
        result = run("redact", *args, "--key-file", self.key(key), *extra, stdin=text)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, b"")
        return result.stdout.decode()

    def test_tokens_come_back(self):
        hidden = self.redact("*=token")
        for value in (MAIL, SSN, CARD):
            self.assertNotIn(value, hidden)
        result = run("restore", "--key-file", self.key(), stdin=hidden)
        self.assertEqual((result.returncode, result.stdout.decode(), result.stderr), (0, TEXT, b""))
        path = self.write("hidden.txt", hidden)
        self.assertEqual(run("restore", "--key-file", self.key(), path).stdout.decode(), TEXT)
        self.assertEqual(run("restore", "--key-file", self.key(), stdin=b"").stdout, b"")

    def test_other_keys_and_contexts_leave_tokens(self):
        hidden = self.redact("*=token", extra=("--token-context", "tenant 1"))
        for args in (("--key-file", self.key(b"another key of thirty-two bytes.", "other"), "--token-context", "tenant 1"),
                     ("--key-file", self.key()), ("--key-file", self.key(), "--token-context", "tenant 2")):
            result = run("restore", *args, stdin=hidden)
            self.assertEqual((result.returncode, result.stdout.decode()), (0, hidden))
            self.assertRegex(result.stderr, rb"0 restored; [1-9]\d* look like tokens")
        result = run("restore", "--key-file", self.key(), "--token-context", "tenant 1", stdin=hidden)
        self.assertEqual(result.stdout.decode(), TEXT)

    def test_values_come_back_a_line_each(self):
        for operator in ("encrypt", "encrypt:gcm", "encrypt:siv", "encrypt:cbc", "fpe"):
            field = () if operator == "encrypt:cbc" else ("--field", "users.ssn")
            hidden = self.redact(f"US_SSN={operator}", text=f"SSN {SSN}", extra=field)
            value = hidden[4:]
            self.assertNotIn(SSN, hidden)
            result = run("restore", "--key-file", self.key(), "--operator", f"US_SSN={operator}", *field,
                         stdin=f"{value}\n\n{value}\n!?no\n")
            self.assertEqual(result.returncode, 3)
            self.assertEqual(result.stdout.decode(), f"{SSN}\n\n{SSN}\n\n")
            self.assertIn(b"line 4", result.stderr)
            self.assertNotIn(b"!?no", result.stderr)

    def test_restore_usage(self):
        key = self.key()
        for args in (("--operator", "US_SSN=token"), ("--operator", "US_SSN=mask"), ("--operator", "*=fpe"),
                     ("--field", "x"), ("a", "b"), ("--operator", "US_SSN=fpe", "--operator", "US_SSN=fpe"),
                     ("--operator", "US_SNN=fpe"), ("--operator", "US_SSN=fpe", "--token-context", "x")):
            self.refused(run("restore", "--key-file", key, *args, stdin="x"))

    @unittest.skipUnless(shutil.which("openssl"), "skipped: no openssl program")
    def test_cbc_is_what_openssl_and_presidio_read(self):
        for size, name in ((16, "aes-128-cbc"), (24, "aes-192-cbc"), (32, "aes-256-cbc")):
            key = bytes(range(65, 65 + size))
            sealed = self.redact("EMAIL_ADDRESS=encrypt:cbc", text=MAIL, key=key)
            raw = base64.urlsafe_b64decode(sealed)
            opened = subprocess.run(["openssl", "enc", "-d", "-" + name, "-K", key.hex(), "-iv", raw[:16].hex()],
                                    input=raw[16:], capture_output=True, check=True).stdout
            self.assertEqual(opened.decode(), MAIL)
            made = subprocess.run(["openssl", "enc", "-" + name, "-K", key.hex(), "-iv", "00" * 16],
                                  input=b"from outside", capture_output=True, check=True).stdout
            value = base64.urlsafe_b64encode(bytes(16) + made)
            result = run("restore", "--key-file", self.key(key), "--operator", "EMAIL_ADDRESS=encrypt:cbc", stdin=value)
            self.assertEqual((result.returncode, result.stdout), (0, b"from outside"))
        self.refused(run("redact", "--operator", "*=encrypt:cbc", "--key-file", self.key(b"x" * 20), stdin=MAIL),
                     "16, 24 or 32")

    def test_dates_of_a_subject_keep_their_distance(self):
        for subject in ("patient 1", "patient 2"):
            text = self.redact("DATE_TIME=date-shift:100", extra=("--subject", subject, "--entities", "DATE_TIME"))
            days = [int(d) for d in re.findall(r"\d{4}-\d\d-(\d\d)", text)]
            self.assertEqual(len(days), 2)
            self.assertNotIn("1980-03-12", text)
            self.assertEqual(text, self.redact("DATE_TIME=date-shift:100", extra=("--subject", subject, "--entities",
                                                                                 "DATE_TIME")))
        self.refused(run("redact", "--operator", "DATE_TIME=date-shift", "--key-file", self.key(), "--subject", "",
                         stdin=TEXT), "options.subject", code=3)
        self.refused(run("redact", "--operator", "DATE_TIME=date-shift", "--key-file", self.key(), stdin=TEXT),
                     "--subject")

    def test_every_line_has_its_subject(self):
        def shift(*lines, extra=()):
            result = run("redact", "--operator", "DATE_TIME=date-shift", "--key-file", self.key(), "--input", "jsonl", *extra,
                         stdin="\n".join(json.dumps(line) for line in lines) + "\n")
            return result.returncode, [json.loads(line) for line in result.stdout.decode().splitlines()]
        code, rows = shift({"text": "1980-03-12", "subject": "a"}, {"text": "1980-03-12", "subject": "b"},
                           {"text": "1980-03-12", "subject": "a"}, {"text": "1980-03-12"}, {"text": "x", "subject": 3})
        self.assertEqual(code, 3)
        self.assertEqual(rows[0]["text"], rows[2]["text"])
        self.assertNotEqual(rows[0]["text"], rows[1]["text"])
        self.assertEqual(rows[0]["subject"], "a")
        self.assertEqual([row.get("error") for row in rows], [None, None, None, "INVALID_ARGUMENT", "INVALID_ARGUMENT"])
        code, again = shift({"text": "1980-03-12"}, {"text": "1980-03-12", "subject": "b"}, extra=("--subject", "a"))
        self.assertEqual((code, [row["text"] for row in again]), (0, [row["text"] for row in rows[:2]]))

    def test_inputs_that_nothing_uses_are_refused(self):
        for option in ("--subject", "--token-context", "--field"):
            self.refused(run("redact", option, "x", stdin=TEXT), option, "belongs to")

    def test_fpe_and_pseudonym_keep_shapes(self):
        for operator in ("fpe", "pseudonym"):
            text = self.redact("US_SSN=" + operator, text=f"SSN {SSN}", extra=("--entities", "US_SSN"))
            self.assertRegex(text, r"^SSN \d{3}-\d\d-\d{4}$")
            self.assertNotIn(SSN, text)
            self.assertEqual(text, self.redact("US_SSN=" + operator, text=f"SSN {SSN}", extra=("--entities", "US_SSN")))


if __name__ == "__main__":
    unittest.main()
