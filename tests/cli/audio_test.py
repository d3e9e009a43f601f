"""Sound through the command: src/cli/audio.c."""
import json
import os
import unittest

from veil import EXAMPLES, HAS_AUDIO, ROOT, Case, keypad, main, run, spoken, wav, wav_samples

CALL, WORDS = os.path.join(EXAMPLES, "call.wav"), os.path.join(EXAMPLES, "call.json")
SSN_WORDS = [("my", 0.2, 0.3), ("number", 0.3, 0.5), ("is", 0.5, 0.6)] + [
    (word, 1.0 + i * 0.1, 1.1 + i * 0.1) for i, word in enumerate("five three six nine zero four three nine nine".split())]


@unittest.skipUnless(HAS_AUDIO, "skipped: a build without audio")
class Audio(Case):
    def test_json_line_byte_for_byte(self):
        path = self.write("s.wav", wav(channels=2))
        out = run("scan", "--json", "--range", "1.5-2.25", "--range", "3-3.5@1", path).stdout.decode()
        self.assertEqual(out, '{"file":%s,"kind":"audio","words":"none","findings":[{"entity":"RANGE","start":1.5,"end":2.25,'
                         '"score":1.0},{"entity":"RANGE","start":3.0,"end":3.5,"score":1.0,"channel":1}]}\n' % json.dumps(path))

    def test_transcript(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", json.dumps(spoken(SSN_WORDS)))
        row = self.lines(run("scan", "--json", "--transcript", words, path))[0]
        self.assertEqual(row["words"], "transcript")
        self.assertTrue(row["findings"])
        for finding in row["findings"]:
            self.assertEqual(list(finding), ["entity", "start", "end", "score"])
        self.assertAlmostEqual(min(f["start"] for f in row["findings"]), 1.0, places=3)
        self.assertAlmostEqual(max(f["end"] for f in row["findings"]), 1.9, places=3)

    def test_scan_without_words_warns(self):
        path = self.write("s.wav", wav())
        result = run("scan", "--json", path)
        self.assertEqual(self.lines(result)[0]["findings"], [])
        self.assertIn(b"nothing of what is spoken", result.stderr)

    def test_redact_without_words_is_refused(self):
        path = self.write("s.wav", wav())
        for args in ([], ["--range", "1-2"], ["--entities", "RANGE,US_SSN", "--range", "1-2"], ["--entities", "RANGE"]):
            result = run("redact", "--json", *args, path)
            self.assertEqual(result.returncode, 2, args)
            self.assertEqual(json.loads(result.stdout)["error"], "INVALID_ARGUMENT")
            self.assertEqual(self.names(), ["s.wav"])

    def test_keys_are_heard(self):
        data, truth = keypad("12*#A" + "4111111111111111")
        path = self.write("k.wav", data)
        found = self.lines(run("scan", "--json", path))[0]["findings"]
        keys = [f for f in found if f["entity"] == "DTMF"]
        self.assertEqual([f["key"] for f in keys], [t[0] for t in truth])
        for finding, (_, start, end) in zip(keys, truth):
            self.assertTrue(start - 0.012 < finding["start"] <= start + 1e-3 and end - 1e-3 <= finding["end"] < end + 0.012)
        cards = [f for f in found if f["entity"] == "CREDIT_CARD"]
        self.assertEqual(len(cards), 1)
        self.assertNotIn("key", cards[0])
        self.assertEqual((cards[0]["start"], cards[0]["end"]), (keys[5]["start"], keys[-1]["end"]))

    def test_keys_alone_need_no_words_and_are_shown_by_scan_only(self):
        data, _ = keypad("9753", channels=2)
        path, report = self.write("k.wav", data), self.path("r.json")
        result = run("redact", "--json", "--report", report, "--entities", "DTMF", path)
        row = self.lines(result)[0]
        self.assertEqual([f["entity"] for f in row["findings"]], ["DTMF"] * 4)
        for text in (result.stdout, result.stderr, self.read(report)):
            self.assertNotIn(b'"key"', text)
            self.assertNotIn(b"9753", text)
        out = self.path("k.redacted.wav")
        self.assertEqual(len(self.read(out)), len(data))
        self.assertEqual(self.lines(run("scan", "--json", out))[0]["findings"], [])
        self.assertEqual(run("redact", "--entities", "DTMF,RANGE", path).returncode, 2)
        self.assertEqual(run("redact", "--entities", "DTMF,RANGE", "--range", "0.1-0.2", "-o", out, path).returncode, 0)

    def test_every_kind_of_file_is_told_from_its_content(self):
        seeds = os.path.join(ROOT, "tests", "fuzz", "corpus", "fuzz_audio_file")
        for seed, name in (("ogg_vorbis", "a.ogg"), ("ogg_opus", "b.opus"), ("mp3", "c.mp3"), ("rf64_s16", "d.wav"), ("flac_s16", "e.flac")):
            path = self.write(name, self.read(os.path.join(seeds, seed)))
            row = self.lines(run("redact", "--json", "--entities", "DTMF", path))[0]
            self.assertEqual(row["kind"], "audio", name)
            copy = name.replace(".", ".redacted.")
            self.assertTrue(row["output"].endswith(copy), name)
            self.assertEqual(self.lines(run("scan", "--json", self.path(copy)))[0]["findings"], [], name)
            cut = self.write("cut-" + name, self.read(path)[:-20])
            if not name.endswith(".mp3"):  # a decoder of MP3 drops a last frame that is cut
                self.assertEqual(run("redact", "--entities", "DTMF", cut).returncode, 3, name)
                self.assertNotIn("cut-" + copy, self.names())

    def test_range_alone(self):
        data = wav()
        path = self.write("s.wav", data)
        result = run("redact", "--entities", "RANGE", "--range", "1-2", "--effect", "RANGE=silence", "--guard", "0", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        before, after = wav_samples(data), wav_samples(self.read(self.path("s.redacted.wav")))
        self.assertEqual(len(before), len(after))
        self.assertFalse(any(after[16000:32000]))
        self.assertEqual(before[:15800], after[:15800])
        self.assertEqual(before[32200:], after[32200:])

    def test_guard(self):
        path = self.write("s.wav", wav())
        changed = []
        for guard in ("0", "400"):
            out = self.path("o.wav")
            run("redact", "--entities", "RANGE", "--range", "1-2", "--guard", guard, "-o", out, path)
            changed.append(sum(a != b for a, b in zip(wav_samples(self.read(path)), wav_samples(self.read(out)))))
        self.assertGreater(changed[1], changed[0] + 8000)

    def test_effects(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", json.dumps(spoken(SSN_WORDS)))
        outs = set()
        for effect in ("beep", "silence", "noise", "keep"):
            out = self.path("o.wav")
            result = run("redact", "--transcript", words, "--effect", "*=" + effect, "-o", out, path)
            self.assertEqual(result.returncode, 0, result.stderr)
            outs.add(self.read(out))
        self.assertEqual(len(outs), 4)

    def test_disguise(self):
        path, config = self.write("s.wav", wav(channels=2)), self.write("c.yaml", "effects: [{entity: '*', effect: disguise}]\n")
        cut = ["--entities", "RANGE", "--range", "1-2", "--guard", "0"]
        before, out = wav_samples(self.read(path)), self.path("o.wav")

        def redact(*args):
            result = run("redact", *cut, *args, "-o", out, path)
            self.assertEqual(result.returncode, 0, result.stderr)
            return wav_samples(self.read(out)), result.stderr

        plain, said = redact("--effect", "RANGE=silence")
        self.assertNotIn(b"anonymity", said)
        both, said = redact("--effect", "RANGE=silence", "--effect", "disguise")
        self.assertIn(b"disguise is no anonymity", said)
        self.assertEqual(len(both), len(before))
        self.assertTrue(any(before[40000:60000]))
        self.assertGreater(sum(a != b for a, b in zip(before, both)), len(before) // 2)
        self.assertEqual(both[32000:64000], plain[32000:64000])  # the second that was cut
        for other in (["--effect", "*=disguise"], ["--config", config], ["--effect", "disguise@0", "--effect", "disguise@1"],
                      ["--effect", "disguise", "--effect", "disguise@1"]):
            self.assertEqual(redact("--effect", "RANGE=silence", *other)[0], both)
        one = redact("--effect", "RANGE=silence", "--effect", "disguise@1")[0]
        self.assertEqual((one[::2], one[1::2]), (plain[::2], both[1::2]))
        result = run("redact", "--json", *cut, "--effect", "disguise@2", "-o", out, path)
        self.assertEqual(self.lines(result, 3)[0]["error"], "INVALID_ARGUMENT")
        fast = self.write("fast.wav", wav(rate=96000))
        result = run("redact", "--json", *cut, "--effect", "disguise", "-o", out, fast)
        self.assertEqual(self.lines(result, 3)[0]["error"], "UNSUPPORTED")

    def test_sample_call(self):
        out = self.path("call.wav")
        row = self.lines(run("scan", "--json", "--transcript", WORDS, CALL))[0]
        self.assertGreaterEqual(len(row["findings"]), 1)
        self.assertEqual(run("redact", "--transcript", WORDS, "-o", out, CALL).returncode, 0)
        before, after = wav_samples(self.read(CALL)), wav_samples(self.read(out))
        self.assertEqual(len(before), len(after))
        self.assertNotEqual(before, after)

    def test_transcript_out(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", json.dumps({**spoken(SSN_WORDS), "note": "536904399"}))
        out, report = self.path("t.json"), self.path("r.json")
        result = run("redact", "--json", "--transcript", words, "--transcript-out", out, "--report", report, "-o",
                     self.path("o.wav"), path)
        findings = self.lines(result)[0]["findings"]
        text = self.read(out).decode()
        mask = "[%s]" % findings[0]["entity"]
        before, after = json.loads(self.read(words)), json.loads(text)
        self.assertEqual(after["note"], mask)
        self.assertTrue(all(w["word"] == " " + mask for w in after["segments"][0]["words"][3:]))
        self.assertEqual(before["segments"][0]["words"][:3], after["segments"][0]["words"][:3])
        self.assertEqual(after["text"], "my number is " + mask)
        for word in ("536", "five", "nine"):
            self.assertNotIn(word, text)
        self.assertEqual(self.lines(run("scan", "--json", "--transcript", out, path))[0]["findings"], [])
        file = json.loads(self.read(report))["files"][0]
        self.assertEqual([{k: cut[k] for k in ("entity", "start", "end")} for cut in file["cuts"]],
                         [{k: f[k] for k in ("entity", "start", "end")} for f in findings])
        self.assertEqual({cut["source"] for cut in file["cuts"]}, {"transcript"})
        self.assertNotIn(b"nine", self.read(report))
        self.assertEqual(run("redact", "--transcript-out", out, "--entities", "DTMF", path).returncode, 2)
        for name in (words, self.path("o.wav")):
            self.assertEqual(run("redact", "--transcript", words, "--transcript-out", name, "-o", self.path("o.wav"),
                                 path).returncode, 2)

    def test_transcript_and_copy_appear_together(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", json.dumps(spoken(SSN_WORDS)))
        for out, copy in ((self.path("t.json"), self.path("no", "o.wav")), (self.path("no", "t.json"), self.path("o.wav"))):
            result = run("redact", "--transcript", words, "--transcript-out", out, "-o", copy, path)
            self.assertEqual(result.returncode, 3)
            self.assertEqual(self.names(), ["s.wav", "w.json"])
        os.mkdir(self.path("t.dir"))  # opens, but takes no bytes
        result = run("redact", "--transcript", words, "--transcript-out", self.path("t.dir"), "-o", self.path("o.wav"), path)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(self.names(), ["s.wav", "t.dir", "w.json"])

    def test_names_of_transcripts(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", json.dumps(spoken(SSN_WORDS)))
        self.refused(run("redact", "--transcript", words, "--transcript-out", "-", path, cwd=self.dir), "--transcript-out")
        self.assertEqual(self.names(), ["s.wav", "w.json"])
        self.refused(run("scan", "--transcript", self.path("gone.json"), path), "gone.json")
        self.refused(run("scan", "--transcript", "-", path), "a transcript is a file")

    def test_keys_go_from_the_transcript_by_their_time(self):
        data, truth = keypad("9753")
        spans = [("nine", truth[0][1], truth[0][2]), ("hello", truth[-1][2] + 0.1, truth[-1][2] + 0.3)]
        path, words = self.write("k.wav", data), self.write("w.json", json.dumps(spoken(spans)))
        out, report = self.path("t.json"), self.path("r.json")
        result = run("redact", "--transcript", words, "--transcript-out", out, "--report", report, path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([w["word"] for w in json.loads(self.read(out))["segments"][0]["words"]], [" [DTMF]", " hello"])
        self.assertEqual({c["source"] for c in json.loads(self.read(report))["files"][0]["cuts"]}, {"dtmf"})
        for i, (more, shown) in enumerate(((("--exclude", "RANGE"), " [DTMF]"), (("--effect", "RANGE=keep"), " [DTMF]"),
                            (("--effect", "DTMF=keep"), " nine"),
                            (("--effect", "RANGE=keep", "--range", "0-1"), " [DTMF]"))):
            out = self.path("t%d.json" % i)
            result = run("redact", "--transcript", words, "--transcript-out", out, "-o", self.path("o%d.wav" % i), *more,
                         path)
            self.assertEqual(result.returncode, 0, result.stderr)
            shows = [w["word"] for w in json.loads(self.read(out))["segments"][0]["words"]]
            self.assertEqual(shows, [shown, " hello"], more)

    def test_an_effect_for_each_entity_and_channel(self):
        card = "four one one one one one one one one one one one one one one one".split()
        mail = "jane at example dot com".split()
        lines = ["call 2 %.2f 0.10 %s\n" % (1 + i * 0.1, w) for i, w in enumerate(card)]
        lines += ["call 1 %.2f 0.10 %s\n" % (3.2 + i * 0.1, w) for i, w in enumerate(mail)]
        data = wav(seconds=6.0, channels=2)
        path, words, out = self.write("s.wav", data), self.write("w.ctm", "".join(lines)), self.path("o.wav")
        result = run("redact", "--json", "--transcript", words, "--channels", "speaker", "--guard", "0", "--range", "0.2-0.5@0",
                     "--effect", "CREDIT_CARD=silence", "--effect", "RANGE=noise", "--effect", "EMAIL_ADDRESS=keep",
                     "--effect", "*=beep", "-o", out, path)
        self.assertEqual({(f["entity"], f.get("channel")) for f in self.lines(result)[0]["findings"]},
                         {("CREDIT_CARD", 1), ("EMAIL_ADDRESS", 0), ("RANGE", 0)})
        before, after = wav_samples(data), wav_samples(self.read(out))

        def part(samples, channel, start, end):
            return samples[int(start * 16000) * 2 + channel:int(end * 16000) * 2 + channel:2]
        self.assertFalse(any(part(after, 1, 1.0, 2.6)))
        self.assertEqual(part(before, 0, 0.6, 6), part(after, 0, 0.6, 6))
        self.assertEqual(part(before, 1, 0, 0.9), part(after, 1, 0, 0.9))
        self.assertEqual(part(before, 1, 2.7, 6), part(after, 1, 2.7, 6))
        noise = part(after, 0, 0.2, 0.5)
        self.assertNotEqual(noise, part(before, 0, 0.2, 0.5))
        self.assertTrue(any(noise))

    def test_channels(self):
        lines = "".join("call %s %.2f 0.10 %s\n" % (1 + (w == "okay"), s, w) for w, s, _ in SSN_WORDS + [("okay", 3.0, 3.1)])
        data = wav(channels=2)
        path, words = self.write("s.wav", data), self.write("w.ctm", lines)
        changed = {}
        for channels in ("all", "speaker"):
            row = self.lines(run("redact", "--json", "--transcript", words, "--channels", channels, "-o",
                                 self.path("o.wav"), path))[0]
            self.assertEqual({f["channel"] for f in row["findings"]}, {0})
            before, after = wav_samples(data), wav_samples(self.read(self.path("o.wav")))
            changed[channels] = [before[c::2] != after[c::2] for c in (0, 1)]
        self.assertEqual(changed, {"all": [True, True], "speaker": [True, False]})
        self.refused(run("redact", "--transcript", words, "--channels", "left", path), "all or speaker")

    def test_broken_transcript_and_sound(self):
        path, words = self.write("s.wav", wav()), self.write("w.json", '{"segments": [ jane@example.com')
        result = run("redact", "--json", "--transcript", words, path)
        self.assertEqual(self.lines(result, code=3)[0]["error"], "MALFORMED_INPUT")
        self.assertNotIn(b"jane@", result.stderr + result.stdout)
        self.refused(run("redact", "--transcript", self.path("none"), path), "No such file")
        self.refused(run("redact", "--transcript", self.write("empty", b""), path), "empty")
        broken = self.write("b.wav", wav()[:30])
        self.assertEqual(self.lines(run("scan", "--json", broken), code=3)[0]["error"], "MALFORMED_INPUT")
        self.assertEqual(self.names(), ["b.wav", "empty", "s.wav", "w.json"])

    def test_one_transcript_for_one_sound(self):
        a, b = self.write("a.wav", wav()), self.write("b.wav", wav())
        words = self.write("w.json", json.dumps(spoken(SSN_WORDS)))
        self.refused(run("scan", "--transcript", words, a, b), "one sound")

    def test_stdin_to_stdout(self):
        data = wav()
        result = run("redact", "--entities", "RANGE", "--range", "0.5-1", stdin=data)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout[:4], b"RIFF")
        self.assertEqual(len(wav_samples(result.stdout)), len(wav_samples(data)))

    def test_range_beyond_the_end(self):
        path = self.write("s.wav", wav())
        row = self.lines(run("scan", "--json", "--range", "100-101", path), code=3)[0]
        self.assertEqual(row["error"], "INVALID_ARGUMENT")


main()
