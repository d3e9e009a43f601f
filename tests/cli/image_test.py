"""Pictures through the command: src/cli/image.c."""
import json
import os
import subprocess
import unittest

from veil import EXAMPLES, HAS_MODEL, MAIL, ROOT, Case, main, png, run

HAS_OCR = os.environ.get("VEIL_OCR") == "ON"
PICTURE = os.path.join(EXAMPLES, "picture.jpg")


@unittest.skipUnless(HAS_MODEL, "skipped: a build without images or without a network")
class Image(Case):
    def test_json_line_byte_for_byte(self):
        path = self.write("p.png", png())
        out = run("scan", "--json", "--entities", "REGION", "--region", "4,5,10,12", path).stdout.decode()
        self.assertEqual(out, '{"file":%s,"kind":"image","width":64,"height":48,"findings":[{"entity":"REGION","x":4,"y":5,'
                         '"w":10,"h":12,"score":1.0}]}\n' % json.dumps(path))

    def test_faces_of_the_sample(self):
        row = self.lines(run("scan", "--json", PICTURE))[0]
        faces = [f for f in row["findings"] if f["entity"] == "FACE"]
        self.assertGreaterEqual(len(faces), 1)
        for face in faces:
            self.assertEqual(list(face), ["entity", "x", "y", "w", "h", "score"])
            self.assertTrue(all(isinstance(face[k], int) for k in "xywh"))
            self.assertTrue(0 <= face["x"] and face["x"] + face["w"] <= row["width"])
            self.assertTrue(0 <= face["y"] and face["y"] + face["h"] <= row["height"])

    def test_redacted_sample_has_no_face(self):
        out = self.path("out.jpg")
        result = run("redact", "--effect", "FACE=fill:303030", "-o", out, PICTURE)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.lines(run("scan", "--json", out))[0]["findings"], [])
        before, after = (self.lines(run("scan", "--json", p))[0] for p in (PICTURE, out))
        self.assertEqual((before["width"], before["height"]), (after["width"], after["height"]))

    def test_webp(self):
        corpus = os.path.join(ROOT, "tests", "fuzz", "corpus", "fuzz_image_decode")
        for name, path in (("webp_lossless", "lossless"), ("webp_lossy", "lossy")):
            with open(os.path.join(corpus, name), "rb") as stream:
                source = self.write("call.webp", stream.read())
            result = run("redact", "--json", "--region", "2,2,8,8", source)
            if b"UNSUPPORTED" in result.stdout + result.stderr:
                self.skipTest("a build without WebP")
            self.assertEqual(result.returncode, 0, result.stderr)
            line = self.lines(result)[0]
            self.assertEqual((line["kind"], line["path"]), ("image", path))
            self.assertTrue(line["output"].endswith("call.redacted.webp"))
            self.assertEqual(self.read(line["output"])[8:12], b"WEBP")
        with open(os.path.join(corpus, "webp_animated"), "rb") as stream:
            result = run("scan", "--json", self.write("a.webp", stream.read()))
        self.assertEqual(self.lines(result, 3)[0]["error"], "UNSUPPORTED")

    def test_path(self):
        out, report = self.path("out.jpg"), self.path("report.json")
        for source, args, path in ((PICTURE, [], "coefficients"), (self.write("p.png", png()), ["--region", "4,5,10,10"],
                                                                   "lossless")):
            line = self.lines(run("redact", "--json", "--report", report, *args, "-o", out, source))[0]
            self.assertEqual(line["path"], path)
            with open(report) as stream:
                self.assertEqual(json.load(stream)["files"][0]["path"], path)
        self.assertNotIn("path", self.lines(run("scan", "--json", PICTURE))[0])

    def test_effects(self):
        sizes = set()
        for effect in ("fill", "smooth", "blur", "pixelate", "fill:#ff0000", "fill:white"):
            out = self.path("out.jpg")
            self.assertEqual(run("redact", "--effect", "FACE=" + effect, "-o", out, PICTURE).returncode, 0, effect)
            sizes.add(self.read(out))
        self.assertEqual(len(sizes), 6)

    def test_keep_leaves_the_pixels(self):
        path = self.write("p.png", png())
        kept, gone = self.path("k.png"), self.path("g.png")
        self.assertEqual(run("redact", "--region", "4,5,30,30", "--effect", "*=keep", "-o", kept, path).returncode, 0)
        self.assertEqual(run("redact", "--region", "4,5,30,30", "-o", gone, path).returncode, 0)
        self.assertNotEqual(self.read(kept), self.read(gone))

    def test_stdin_to_stdout(self):
        self.assertEqual(run("redact", "--region", "64,5,10,10", stdin=png()).returncode, 3)
        result = run("redact", "--region", "4,5,10,10", stdin=png())
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(result.stdout.startswith(b"\x89PNG\r\n\x1a\n"))
        again = self.write("o.png", result.stdout)
        self.assertEqual(self.lines(run("scan", "--json", again))[0]["width"], 64)

    def test_metadata_does_not_survive(self):
        path = self.write("p.png", png(text="jane.roe@example.com"))
        self.assertIn(b"jane.roe", self.read(path))
        self.assertEqual(run("redact", path).returncode, 0)
        self.assertNotIn(b"jane.roe", self.read(self.path("p.redacted.png")))

    def test_margin(self):
        outs = []
        for margin in ("0", "40"):
            out = self.path(f"m{margin}.jpg")
            self.assertEqual(run("redact", "--margin", margin, "--effect", "*=fill", "-o", out, PICTURE).returncode, 0)
            outs.append(self.read(out))
        self.assertNotEqual(*outs)

    def test_exclude_and_min_score(self):
        found = self.lines(run("scan", "--json", "--exclude", "FACE", "--region", "1,1,9,9", PICTURE))[0]["findings"]
        self.assertEqual([f["entity"] for f in found], ["REGION"])
        self.assertEqual(self.lines(run("scan", "--json", "--min-score", "1", PICTURE))[0]["findings"], [])

    def test_text_entities_need_ocr(self):
        without = ("--plugin-dir", self.dir)
        row = self.lines(run("scan", "--json", "--entities", "EMAIL_ADDRESS", *without, PICTURE), code=3)[0]
        self.assertEqual(row["error"], "UNSUPPORTED")
        self.assertEqual(run("redact", "--entities", "FACE,EMAIL_ADDRESS", *without, "-o", self.path("o.jpg"), PICTURE).returncode, 3)
        self.refused(run("scan", "--ocr", *without, PICTURE), "UNSUPPORTED", "libveil-ocr.so")
        self.assertEqual(self.names(), [])

    @unittest.skipUnless(HAS_OCR, "without the plugin")
    def test_text_in_pictures(self):
        shot = os.path.join(EXAMPLES, "screenshot.png")
        found = {f["entity"]: f for f in self.lines(run("scan", "--json", "--ocr", shot))[0]["findings"]}
        self.assertLessEqual({"EMAIL_ADDRESS", "CREDIT_CARD", "US_SSN", "PHONE_NUMBER"}, set(found))
        self.assertLess(found["EMAIL_ADDRESS"]["y"], 44)  # light on dark
        named = self.lines(run("scan", "--json", "--entities", "US_SSN", shot))[0]["findings"]
        self.assertEqual([f["entity"] for f in named], ["US_SSN"])
        out = self.path("s.png")
        self.assertEqual(run("redact", "--ocr", "-o", out, shot).returncode, 0)
        self.assertEqual(self.lines(run("scan", "--json", "--ocr", out))[0]["findings"], [])
        kept = self.path("k.png")
        self.assertEqual(run("redact", "--ocr", "--effect", "US_SSN=keep", "-o", kept, shot).returncode, 0)
        self.assertEqual([f["entity"] for f in self.lines(run("scan", "--json", "--ocr", kept))[0]["findings"]], ["US_SSN"])

    def test_nothing_to_look_for_is_refused(self):
        names = [row["name"] for row in json.loads(run("entities", "--json").stdout) if row["kind"] == "image"]
        everything = ",".join(name for name in names if name != "REGION")
        for command in ("scan", "redact"):
            for args in (["--exclude", everything], ["--entities", "FACE", "--exclude", "FACE"], ["--entities", "REGION"]):
                result = run(command, "--json", *args, PICTURE, cwd=self.dir)
                self.assertEqual(self.lines(result, code=2)[0]["error"], "INVALID_ARGUMENT", args)
        out = self.path("o.png")
        self.assertEqual(run("redact", "--exclude", everything, "--region", "1,1,9,9", "-o", out, self.write("p.png", png())).returncode, 0)
        for args in (["--entities", "FACE"], ["--exclude", "QR_CODE,BARCODE"] if "QR_CODE" in names else ["--entities", "FACE"]):
            row = self.lines(run("scan", "--json", "--payloads", *args, PICTURE), code=2)[0]
            self.assertIn("--payloads", row["message"])

    @unittest.skipUnless(HAS_OCR, "without the plugin")
    def test_payloads_of_named_text(self):
        source = os.path.join(EXAMPLES, "screenshot.png")
        row = self.lines(run("scan", "--json", "--payloads", "--entities", "US_SSN", source))[0]
        self.assertEqual({f["entity"] for f in row["findings"]}, {"US_SSN"})

    def test_a_name_of_another_format_is_told(self):
        out = self.path("y.png")
        result = run("redact", "-o", out, PICTURE)
        self.assertEqual(result.returncode, 0)
        self.assertIn(b"the copy is JPEG", result.stderr)
        self.assertEqual(self.read(out)[:2], b"\xff\xd8")
        for name in ("y.JPG", "y.jpeg", "y", "y.x"):
            self.assertNotIn(b"the copy is", run("redact", "-o", self.path(name), PICTURE).stderr)

    def test_show_text_needs_text(self):
        self.refused(run("scan", "--show-text", PICTURE), "--show-text is given, but no input is text")

    def test_text_and_codes_are_never_blurred(self):
        for rule in ("CREDIT_CARD=pixelate", "US_SSN=blur", "QR_CODE=blur", "BARCODE=pixelate"):
            result = run("redact", "--effect", rule, "-o", self.path("o.png"), PICTURE)
            self.refused(result, "--effect " + rule.split("=")[0])
            if b"in this build" not in result.stderr:
                self.assertIn(b"guessed", result.stderr)
        self.assertEqual(self.names(), [])

    @unittest.skipUnless(HAS_OCR, "without the plugin")
    def test_star_blur_leaves_text_filled(self):
        shot = os.path.join(EXAMPLES, "screenshot.png")
        outs = []
        for rules in ((), ("--effect", "*=blur"), ("--effect", "*=keep", "--effect", "*=pixelate")):
            out = self.path(f"{len(outs)}.png")
            self.assertEqual(run("redact", "--ocr", *rules, "-o", out, shot).returncode, 0)
            outs.append(self.read(out))
        self.assertEqual(outs[0], outs[1])
        self.assertEqual(outs[0], outs[2])

    def test_polygons(self):
        path = self.write("p.png", png())
        found = self.lines(run("scan", "--json", "--polygon", "10,5,40,5,25,30", path))[0]["findings"]
        self.assertEqual([(f["entity"], f["x"], f["y"], f["w"], f["h"]) for f in found], [("REGION", 10, 5, 31, 26)])
        for bad in ("1,2,3,4", "1,2,3,4,5", "1,2,3,4,5,x", "1,2,3,4,5,6,", ""):
            self.refused(run("scan", "--polygon", bad, path), "--polygon takes X,Y")
        self.assertEqual(self.lines(run("scan", "--json", "--polygon", "90,90,95,90,95,95", path), code=3)[0]["error"],
                         "INVALID_ARGUMENT")

    def test_excluded_regions_and_smallest_size(self):
        face = [f for f in self.lines(run("scan", "--json", PICTURE))[0]["findings"] if f["entity"] == "FACE"][0]
        box = ",".join(str(face[k]) for k in "xywh")
        none = self.lines(run("scan", "--json", "--exclude-region", box, PICTURE))[0]["findings"]
        self.assertNotIn("FACE", [f["entity"] for f in none])
        cut = ",".join(str(v) for v in (face["x"] + 1, face["y"], face["w"], face["h"]))
        self.assertIn("FACE", [f["entity"] for f in self.lines(run("scan", "--json", "--exclude-region", cut, PICTURE))[0]["findings"]])
        self.assertEqual(self.lines(run("scan", "--json", "--min-size", "2000", PICTURE))[0]["findings"], [])
        self.refused(run("scan", "--exclude-region", "1,2,3", PICTURE), "--exclude-region takes X,Y,W,H")
        for option in (("--polygon", "1,1,2,2,3,1"), ("--exclude-region", "1,1,2,2"), ("--min-size", "4")):
            self.refused(run("scan", *option, stdin=MAIL), option[0] + " is given, but no input is a picture")

    def test_options_of_text_in_pictures_need_a_picture(self):
        for option in (("--ocr",), ("--payloads",)):
            self.refused(run("scan", *option, stdin=MAIL), option[0] + " is given, but no input is a picture")

    def test_broken_and_unknown_pictures(self):
        whole = self.read(PICTURE)
        for data, status in ((whole[:len(whole) // 2], "MALFORMED_INPUT"), (b"\xff\xd8\xff" + b"x" * 50, "MALFORMED_INPUT"),
                             (b"GIF89a" + b"\0" * 40, "UNSUPPORTED"), (png()[:40], "MALFORMED_INPUT")):
            path = self.write("broken", data)
            row = self.lines(run("redact", "--json", "-o", self.path("out"), path), code=3)[0]
            self.assertEqual((row["kind"], row["error"]), ("image", status))
            self.assertEqual(self.names(), ["broken"])

    def test_model_that_is_none(self):
        path = self.write("model.onnx", b"not a model")
        self.refused(run("scan", "--model", path, PICTURE), "MODEL")
        self.refused(run("scan", "--model", self.path("missing.onnx"), PICTURE), "")

    def test_jobs_give_the_same_answers(self):
        folder = self.path("in")
        for i in range(6):
            self.write(f"in/{i}.jpg", self.read(PICTURE))
        paths = [os.path.join(folder, name) for name in self.names(folder)]
        one, four = (run("scan", "--json", "--jobs", n, *paths) for n in ("1", "4"))
        self.assertEqual(one.stdout, four.stdout)
        self.assertEqual(len(self.lines(four)), 6)

    def test_exiftool_finds_nothing(self):
        out = self.path("out.jpg")
        self.assertEqual(run("redact", "-o", out, PICTURE).returncode, 0)
        try:
            listing = subprocess.run(["exiftool", "-j", "-G", out], capture_output=True, check=True).stdout
        except FileNotFoundError:
            self.skipTest("skipped: no exiftool")
        groups = {key.split(":")[0] for key in json.loads(listing)[0] if ":" in key}
        self.assertFalse(groups & {"EXIF", "XMP", "IPTC", "Photoshop", "MPF"}, groups)


main()
