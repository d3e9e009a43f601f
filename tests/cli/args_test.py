"""Commands, options and their refusals: src/cli/args.c, rules.c, suggest.c, setup.c, help.c."""
import json
import os
import re
import subprocess
import unittest

from veil import ROOT, HAS_AUDIO, HAS_IMAGE, MAIL, Case, main, run


class Commands(Case):
    def test_no_command_is_usage(self):
        self.refused(run(), "usage: veil")

    def test_unknown_command_gets_a_suggestion(self):
        self.refused(run("scna"), "did you mean scan?")
        self.refused(run("xyzzy"), "see veil --help")

    def test_help_goes_to_stdout(self):
        for args in (["--help"], ["-h"], ["help"], ["scan", "--help"], ["redact", "-h"], ["help", "redact"],
                     ["entities", "--help"], ["version", "--help"], ["restore", "--help"]):
            result = run(*args)
            self.assertEqual((result.returncode, result.stderr), (0, b""), args)
            self.assertIn(b"usage: veil" if len(args) > 1 else b"Exit code", result.stdout)

    def test_help_of_redact_says_what_effects_protect(self):
        page = run("redact", "--help").stdout.decode()
        self.assertIn("cannot be inverted", page)
        self.assertIn("leave nothing", page)
        self.assertIn("turn the voice back", page)

    def test_version(self):
        result = run("version")
        self.assertEqual(result.returncode, 0)
        text = result.stdout.decode()
        self.assertRegex(text, r"^veil \d+\.\d+\.\d+\n")
        self.assertRegex(text, r"\nengines: Hyperscan \d+\.\d+\.\d+[,\n]")
        for word in ("cpu: ", "models: ", "options: "):
            self.assertIn(word, text)
        self.assertEqual(run("--version").stdout, result.stdout)

    def test_version_names_the_plugins(self):
        has_ocr = os.environ.get("VEIL_OCR") == "ON"
        lines = run("version").stdout.decode().splitlines()
        self.assertRegex(lines[-2], r"^plugins: ocr \(Tesseract 5" if has_ocr else r"^plugins: no ocr \(.*No such file")
        has_asr = os.environ.get("VEIL_ASR") == "ON"
        self.assertRegex(lines[-1], r"^plugins: asr \(PocketSphinx" if has_asr else r"^plugins: no asr \(.*No such file")
        empty = run("version", "--plugin-dir", self.dir)
        self.assertEqual(empty.returncode, 0)
        self.assertIn(b"plugins: no ocr (plugin libveil-ocr.so: No such file or directory)", empty.stdout)

    def test_a_plugin_that_is_none_is_not_taken_for_one(self):
        self.write("libveil-ocr.so", "no shared object")
        self.assertIn(b"no ocr (plugin libveil-ocr.so: it cannot be loaded",
                      run("version", "--plugin-dir", self.dir).stdout)
        other = subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", self.path("libveil-ocr.so")],
                               input=b"int nothing;\n")
        self.assertEqual(other.returncode, 0)
        self.assertIn(b"does not export the function", run("version", "--plugin-dir", self.dir).stdout)
        env = dict(os.environ, LD_LIBRARY_PATH=self.dir)  # no search path counts
        os.remove(self.path("libveil-ocr.so"))
        self.assertIn(b"No such file", run("version", "--plugin-dir", "", cwd=self.dir, env=env).stdout)

    def test_restore_needs_a_key(self):
        self.refused(run("restore", stdin=MAIL), "needs --key-file")
        self.refused(run("restore", "--key-file", self.path("none"), stdin=MAIL), "No such file")

    def test_entities_json(self):
        rows = json.loads(run("entities", "--json").stdout)
        self.assertIsInstance(rows, list)
        for row in rows:
            self.assertEqual(list(row)[:7],
                             ["name", "description", "country", "languages", "score", "validator", "default"])
            self.assertIsInstance(row["languages"], list)
            self.assertIsInstance(row["default"], bool)
            self.assertTrue(0 <= row["score"] <= 1)
        names = [row["name"] for row in rows]
        self.assertEqual(names, sorted(names))
        for name in ("EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "IBAN_CODE", "PRIVATE_KEY"):
            self.assertIn(name, names)
        if HAS_IMAGE:
            self.assertIn("FACE", names)

    def test_entities_table(self):
        result = run("entities")
        self.assertEqual(result.returncode, 0)
        lines = result.stdout.decode().splitlines()
        self.assertIn("DESCRIPTION", lines[0])
        self.assertEqual(len(lines) - 1, len(json.loads(run("entities", "--json").stdout)))
        self.assertNotIn("\033", result.stdout.decode())

    def test_commands_without_files_refuse_them(self):
        self.refused(run("entities", "file"), "takes no FILE")
        self.refused(run("version", "file"), "takes no FILE")


class Options(Case):
    def test_misspelt_option(self):
        self.refused(run("scan", "--entitis", "A"), "unknown option --entitis", "did you mean --entities?")
        self.refused(run("scan", "--qqqq"), "see veil scan --help")
        self.refused(run("scan", "-x"), "unknown option -x")

    def test_no_abbreviations(self):
        self.refused(run("scan", "--js"), "unknown option")

    def test_option_of_the_other_command(self):
        self.refused(run("scan", "--operator", "US_SSN=mask"), "not an option of scan")
        self.refused(run("redact", "--all"), "not an option of redact")

    def test_missing_and_unwanted_values(self):
        self.refused(run("scan", "--entities"), "value is missing")
        self.refused(run("scan", "--json=yes"), "takes no value")

    def test_operators_that_need_a_key(self):
        for name in ("hash", "encrypt", "encrypt:siv", "encrypt:cbc", "fpe", "pseudonym", "token", "date-shift", "date-shift:30"):
            self.refused(run("redact", "--operator", "US_SSN=" + name, "--subject", "x", stdin=MAIL)
                         if name.startswith("date") else run("redact", "--operator", "US_SSN=" + name, stdin=MAIL),
                         "needs --key-file")
        for value in ("encrypt:rot13", "encrypt:", "fpe:10", "token:x", "pseudonym:x", "date-shift:0", "date-shift:-3",
                      "date-shift:36501", "date-shift:x", "decrypt", "callback"):
            self.refused(run("redact", "--operator", "US_SSN=" + value, stdin=MAIL))

    def test_entities_that_nothing_serves(self):
        for option in ("--entities", "--exclude"):
            self.refused(run("scan", option, "EMAIL_ADRESS", stdin=MAIL), "did you mean EMAIL_ADDRESS?")
            self.refused(run("scan", option, "email_address", stdin=MAIL), "did you mean EMAIL_ADDRESS?")
            self.refused(run("scan", option, "XYZZY", stdin=MAIL), "unknown entity")
        self.refused(run("redact", "--operator", "EMIAL_ADDRESS=mask", stdin=MAIL), "did you mean EMAIL_ADDRESS?")
        self.refused(run("redact", "--effect", "FCAE=fill", stdin=MAIL), "unknown entity")
        self.refused(run("scan", "--entities", "A,,B", stdin=MAIL), "empty name")
        has_codes = b"VEIL_CODES" in run("version").stdout
        result = run("scan", "--entities", "BARCODE", stdin=MAIL)
        self.assertEqual(result.returncode, 2)
        self.assertIn(b"none of the named entities" if has_codes else b"UNSUPPORTED", result.stderr)

    def test_numbers(self):
        for option, bad in (("--min-score", ["2", "-1", "nan", "0x1", "", "half", "1e999"]),
                            ("--jobs", ["0", "65", "x"])):
            for value in bad:
                self.refused(run("scan", f"{option}={value}", stdin=MAIL), option, "a number from")
        for option, bad in (("--margin", ["-1", "101"]), ("--guard", ["-5", "x", "1e9"])):
            for value in bad:
                self.refused(run("redact", f"{option}={value}", stdin=MAIL), option)

    def test_choices(self):
        self.refused(run("scan", "--kind", "imge", stdin=MAIL), "text, image or audio", "did you mean image?")
        self.refused(run("scan", "--offsets", "bytes", stdin=MAIL), "byte, codepoint or utf16")
        self.refused(run("scan", "--profile", "fast", stdin=MAIL), "balanced, speed, accuracy or memory")
        self.refused(run("scan", "--input", "csv", stdin=MAIL), "jsonl")
        self.refused(run("scan", "--language", "English", stdin=MAIL), "--language")

    def test_operator_grammar(self):
        for value in ("US_SSN", "=mask", "US_SSN=", "US_SSN=mask:**", "US_SSN=mask:4:nowhere", "US_SSN=hash:128",
                      "US_SSN=redact:x", "US_SSN=maks"):
            self.refused(run("redact", "--operator", value, stdin=MAIL))
        for value in ("mask:#:x", "mask:4:5", "mask:end:start", "mask:#:4:end:*"):
            self.refused(run("redact", "--operator", "EMAIL_ADDRESS=" + value, stdin=MAIL), "mask takes")
        self.refused(run("redact", "--operator", "US_SSN=maks", stdin=MAIL), "did you mean mask?")
        if HAS_IMAGE:
            self.refused(run("redact", "--operator", "FACE=mask", stdin=MAIL), "use --effect")

    def test_effect_grammar(self):
        for value in ("FACE", "FACE=", "FACE=fill:red", "FACE=blur:3", "FACE=fill:12345"):
            self.refused(run("redact", "--effect", value, stdin=MAIL), "")
        self.refused(run("redact", "--effect", "*=blurr", stdin=MAIL), "did you mean blur?")
        for value in ("disguise@", "disguise@x", "disguise@64", "disguise@-1", "*=disguise@1.5"):
            self.refused(run("redact", "--effect", value, stdin=MAIL), "disguise takes the number of a channel")
        self.refused(run("redact", "--effect", "US_SSN=disguise", stdin=MAIL), "disguise is for the whole voice")
        self.refused(run("redact", "--effect", "*=disguised", stdin=MAIL), "--effect knows")
        self.assertEqual(run("redact", "--effect", "disguise", "--effect", "disguise@2", stdin=MAIL).returncode, 0)
        if HAS_IMAGE:
            self.refused(run("redact", "--effect", "FACE=beep", stdin=MAIL), "found in pictures")
        self.assertEqual(run("redact", "--effect", "US_SSN=fill", "--effect", "US_SSN=silence", stdin=MAIL).returncode, 0)

    def test_region_and_range_grammar(self):
        for value in ("1,2,3", "1,2,3,4,5", "1,2,0,4", "a,b,c,d", "1,2,3,", "1,2,-3,4", "99999999,1,1,1"):
            self.refused(run("scan", "--region", value, stdin=MAIL), "--region takes")
        for value in ("1", "2-1", "1-1", "-1-2", "1-2@x", "1-2@-1", "1-2@0.5", "a-b", "1-"):
            self.refused(run("scan", "--range=" + value, stdin=MAIL), "--range takes")

    def test_options_that_would_do_nothing(self):
        self.refused(run("scan", "--region", "1,1,5,5", stdin=MAIL), "no input is a picture")
        self.refused(run("scan", "--range", "1-2", stdin=MAIL), "no input is sound")
        words = self.write("w.json", "{}")
        self.refused(run("scan", "--transcript", words, stdin=MAIL), "no input is sound")
        self.refused(run("redact", "--guard", "20", stdin=MAIL), "no input is sound")
        self.refused(run("redact", "--margin", "20", stdin=MAIL), "no input is a picture")
        self.refused(run("scan", "--model", words, stdin=MAIL), "no input is a picture")
        self.refused(run("scan", "--model-sha256", "0" * 64, stdin=MAIL), "belongs to --model")
        self.refused(run("redact", "--key-file", self.write("key", "k" * 32), stdin=MAIL), "only the operators hash")

    @unittest.skipUnless(HAS_AUDIO, "skipped: a build without audio")
    def test_named_entities_of_another_kind(self):
        result = run("scan", "--entities", "RANGE", "--json", stdin=MAIL)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(json.loads(result.stdout)["error"], "INVALID_ARGUMENT")

    def test_stdin_once(self):
        self.refused(run("scan", "-", "-", stdin=MAIL), "can be given once")

    def test_double_dash_ends_options(self):
        path = self.write("--json", "Mail " + MAIL)
        result = run("scan", "--", "--json", cwd=self.dir)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(b"EMAIL_ADDRESS", result.stdout)
        self.assertTrue(os.path.exists(path))

    def test_options_may_follow_files(self):
        path = self.write("a.txt", "Mail " + MAIL)
        row = self.lines(run("scan", path, "--json"))[0]
        self.assertEqual(row["findings"][0]["entity"], "EMAIL_ADDRESS")


class Keys(Case):
    def test_hash_needs_a_key(self):
        self.refused(run("redact", "--operator", "*=hash", stdin=MAIL), "needs --key-file")

    def test_key_file_faults(self):
        for name, data in (("short", b"too short"), ("empty", b""), ("long", b"x" * 5000)):
            path = self.write(name, data, 0o600)
            self.refused(run("redact", "--operator", "*=hash", "--key-file", path, stdin=MAIL), "--key-file")
        self.refused(run("redact", "--operator", "*=hash", "--key-file", self.path("none"), stdin=MAIL), "No such file")

    def test_warns_of_a_key_that_everybody_reads(self):
        path = self.write("key", b"k" * 32, 0o644)
        result = run("redact", "--operator", "*=hash", "--key-file", path, stdin=MAIL)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"warning", result.stderr)
        os.chmod(path, 0o600)
        self.assertEqual(run("redact", "--operator", "*=hash", "--key-file", path, stdin=MAIL).stderr, b"")

    def test_no_key_in_arguments_or_environment(self):
        page = run("redact", "--help").stdout.decode()
        self.assertEqual(re.findall(r"--key\S*", page), ["--key-file"])


class Manual(Case):
    def test_every_option_is_in_the_manual(self):
        with open(os.path.join(ROOT, "docs", "veil.1"), encoding="utf-8") as file:
            manual = file.read().replace("\\-", "-")
        options = set(re.findall(r"--[a-z][a-z0-9-]+", run("scan", "--help").stdout.decode() +
                                 run("redact", "--help").stdout.decode()))
        missing = sorted(option for option in options if option not in manual)
        self.assertEqual(missing, [])
        for status in ("0", "1", "2", "3"):
            self.assertIn(".B " + status, manual)


main()
