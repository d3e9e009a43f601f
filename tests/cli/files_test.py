"""Files in and out: names, many inputs, failures, full disks, signals. src/cli/run.c, input.c, output.c, report.c."""
import json
import os
import pty
import resource
import signal
import stat
import subprocess
import tempfile
import threading
import time
import unittest

from veil import HAS_AUDIO, HAS_IMAGE, HAS_MODEL, MAIL, VEIL, Case, main, png, run, wav

SANITIZED = bool(os.environ.get("VEIL_SANITIZE"))


class Names(Case):
    def test_copies_lie_beside_their_originals(self):
        for name, copy in (("a.txt", "a.redacted.txt"), ("notes", "notes.redacted"), (".profile", ".profile.redacted"),
                           ("a.b.log", "a.b.redacted.log"), ("d.d/x", "d.d/x.redacted"), ("end.", "end..redacted")):
            path = self.write(name, MAIL)
            self.assertEqual(run("redact", path).returncode, 0)
            self.assertEqual(self.read(self.path(copy)), b"<EMAIL_ADDRESS>", name)
            self.assertEqual(self.read(path), MAIL.encode())

    def test_relative_names(self):
        self.write("a.txt", MAIL)
        self.assertEqual(run("redact", "a.txt", cwd=self.dir).returncode, 0)
        self.assertEqual(self.names(), ["a.redacted.txt", "a.txt"])

    def test_out_names_the_copy(self):
        path = self.write("a.txt", MAIL)
        for args in (["-o", self.path("o1")], ["-o" + self.path("o2")], ["--out", self.path("o3")], ["--out=" + self.path("o4")]):
            self.assertEqual(run("redact", *args, path).returncode, 0)
        self.assertEqual(self.names(), ["a.txt", "o1", "o2", "o3", "o4"])

    def test_configuration_is_never_overwritten(self):
        path = self.write("a.txt", MAIL)
        yaml = "entities: [EMAIL_ADDRESS]\n"
        config = self.write("c.yaml", yaml)
        if b"VEIL_YAML" not in run("version").stdout:
            self.skipTest("built without VEIL_YAML")
        rules = self.write("r.yaml", "recognizers: [{name: n, entity: STAFF, words: [abc]}]\n")
        for args in (["--rules", rules, "-o", rules], ["--config", config, "-o", config], ["--config", config, "--report", config],
                     ["--rules", rules, "--config", config, "--report", self.path(".", "r.yaml")]):
            self.refused(run("redact", *args, path), "a result would replace a file that is read")
        self.assertEqual(self.read(config).decode(), yaml)
        self.assertIn(b"STAFF", self.read(rules))

    def tree(self):
        for name, data in (("in/a.txt", "mail " + MAIL), ("in/deep/er/b.txt", "nothing"), ("in/deep/.hidden", MAIL),
                           ("in/deep/c.zip", b"PK\x03\x04" + b"\0" * 30)):
            self.write(name, data)
        return self.path("in")

    def test_folders_are_mirrored(self):
        folder = self.tree()
        result = run("redact", "--json", folder + "/")
        rows = {os.path.relpath(r["file"], folder): r for r in self.lines(result, code=3)}
        self.assertEqual(list(rows), ["a.txt", "deep/.hidden", "deep/c.zip", "deep/er/b.txt"])
        self.assertEqual(rows["deep/c.zip"]["error"], "UNSUPPORTED")  # reported, and nothing is written for it
        self.assertEqual(self.read(self.path("in.redacted", "a.txt")), b"mail <EMAIL_ADDRESS>")
        self.assertEqual(self.read(self.path("in.redacted", "deep", ".hidden")), b"<EMAIL_ADDRESS>")
        self.assertEqual(self.read(self.path("in.redacted", "deep", "er", "b.txt")), b"nothing")
        self.assertEqual(self.names(self.path("in.redacted", "deep")), [".hidden", "er"])
        self.assertEqual(self.names(folder), ["a.txt", "deep"])

    def test_folders_with_out(self):
        folder = self.tree()
        out = self.path("x", "clean")
        self.assertEqual(run("redact", "-o", out, folder).returncode, 3)
        self.assertEqual(self.names(out), ["a.txt", "deep"])
        single = self.write("one.txt", MAIL)
        self.assertEqual(run("redact", "--jobs", "2", "-o", self.path("all"), folder, single).returncode, 3)
        self.assertEqual(self.names(self.path("all")), ["in", "one.redacted.txt"])
        self.assertEqual(self.read(self.path("all", "in", "a.txt")), b"mail <EMAIL_ADDRESS>")

    def test_folders_that_cannot_be(self):
        folder = self.tree()
        self.refused(run("redact", "-o", os.path.join(folder, "clean"), folder), "inside of it")
        self.refused(run("redact", "-o", folder, folder), "inside of it")
        self.refused(run("redact", "-o", "-", folder), "stdout")
        self.refused(run("redact", ".", cwd=folder), "say with -o")
        os.mkdir(self.path("empty"))
        self.refused(run("scan", self.path("empty")), "there is no file")
        self.assertEqual(self.names(), ["empty", "in"])
        os.symlink("..", os.path.join(folder, "deep", "loop"))
        os.mkfifo(os.path.join(folder, "pipe"))
        result = run("scan", "--json", folder)
        rows = {os.path.relpath(r["file"], folder): r for r in self.lines(result, code=3)}
        self.assertNotIn("deep/loop", rows)  # left out, and said so
        self.assertIn(b"deep/loop: a link to a folder, left out", result.stderr)
        self.assertEqual(rows["pipe"]["error"], "UNSUPPORTED")
        self.assertEqual(len(rows), 5)
        os.makedirs(self.path("only", "x"))
        os.symlink("..", self.path("only", "loop"))
        self.write("only/a.txt", MAIL)
        self.assertEqual(run("redact", self.path("only")).returncode, 0)
        self.assertEqual(self.names(self.path("only.redacted")), ["a.txt"])

    def test_out_directory_for_several(self):
        a, b = self.write("a.txt", MAIL), self.write("in/b.txt", "x")
        out = self.path("new")
        self.assertEqual(run("redact", "-o", out, a, b).returncode, 0)
        self.assertEqual(self.names(out), ["a.redacted.txt", "b.redacted.txt"])
        self.assertEqual(run("redact", "-o", out + "/", a).returncode, 0)

    def test_out_that_is_a_file_for_several(self):
        a, b, out = self.write("a.txt", MAIL), self.write("b.txt", "x"), self.write("out", "keep me")
        self.refused(run("redact", "-o", out, a, b), "directory")
        self.assertEqual(self.read(out), b"keep me")
        self.refused(run("redact", "-o", "-", a, b), "stdout")

    def test_names_that_collide(self):
        a, b = self.write("x/a.txt", MAIL), self.write("y/a.txt", MAIL)
        self.refused(run("redact", "-o", self.path("out"), a, b), "same file")

    def test_never_replaces_an_original(self):
        path = self.write("a.txt", MAIL)
        os.link(path, self.path("hard"))
        os.symlink(path, self.path("soft"))
        for out in (path, self.path("hard"), self.path("soft"), os.path.join(self.dir, ".", "a.txt")):
            self.refused(run("redact", "-o", out, path), "never replaced")
        self.assertEqual(self.read(path), MAIL.encode())

    def test_never_replaces_what_it_reads_beside(self):
        path, key = self.write("a.txt", MAIL), self.write("key", b"k" * 32, 0o600)
        self.refused(run("redact", "--operator", "*=hash", "--key-file", key, "-o", key, path), "never replaced")
        self.refused(run("scan", "--report", path, path), "never replaced")
        self.refused(run("redact", "--report", self.path("a.redacted.txt"), path), "same file")
        with open(path, "rb") as file:
            result = subprocess.run([VEIL, "redact", "-o", path], stdin=file, capture_output=True)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(self.read(path), MAIL.encode())
        self.assertEqual(self.read(key), b"k" * 32)

    def test_hundreds_of_files(self):
        paths = [self.write(f"in/{i}", "x") for i in range(300)]
        start = time.monotonic()
        self.assertEqual(run("redact", "-o", self.path("out"), *paths).returncode, 0)
        self.assertEqual(len(self.names(self.path("out"))), 300)
        self.assertLess(time.monotonic() - start, 30)

    @unittest.skipIf(SANITIZED, "skipped: sanitizers need /proc")
    def test_without_proc_and_its_unnamed_files(self):
        """Where /proc is not there, copies go through a hidden file, and errors and signals remove it."""
        probe = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/proc"], capture_output=True)
        if probe.returncode != 0:
            self.skipTest("skipped: needs root and unshare")
        path, out = self.write("a.txt", MAIL), self.path("copy")
        shell = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh", VEIL, "redact", "-o", out]
        self.assertEqual(subprocess.run([*shell, path]).returncode, 0)
        self.assertEqual(self.read(out), b"<EMAIL_ADDRESS>")
        os.unlink(out)
        child = subprocess.Popen([*shell, "--input", "jsonl"], stdin=subprocess.PIPE)
        child.stdin.write(b'{"text":"a"}\n')
        child.stdin.flush()
        for _ in range(200):
            if len(self.names()) == 2:
                break
            time.sleep(0.05)
        self.assertTrue(self.names()[0].startswith(".veil-"), self.names())
        child.terminate()
        self.assertEqual(child.wait(20), -signal.SIGTERM)
        child.stdin.close()
        self.assertEqual(self.names(), ["a.txt"])

    def test_replaces_an_older_copy(self):
        path = self.write("a.txt", MAIL)
        self.write("a.redacted.txt", "old " * 1000)
        self.assertEqual(run("redact", path).returncode, 0)
        self.assertEqual(self.read(self.path("a.redacted.txt")), b"<EMAIL_ADDRESS>")

    def test_permission_bits_follow_the_original(self):
        for mode in (0o600, 0o640, 0o644):
            path = self.write(f"{mode:o}.txt", MAIL, mode)
            run("redact", path)
            self.assertEqual(stat.S_IMODE(os.stat(self.path(f"{mode:o}.redacted.txt")).st_mode), mode)
        run("redact", "-o", self.path("from-stdin"), stdin=MAIL)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("from-stdin")).st_mode), 0o600)

    def test_devices_are_written_not_replaced(self):
        self.assertEqual(run("redact", "-o", "/dev/null", stdin=MAIL).returncode, 0)
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_fifo_as_input(self):
        fifo = self.path("fifo")
        os.mkfifo(fifo)
        child = subprocess.Popen([VEIL, "scan", "--json", fifo], stdout=subprocess.PIPE)
        self.addCleanup(child.kill)
        with open(fifo, "wb") as pipe:
            pipe.write(MAIL.encode())
        out = child.communicate(timeout=30)[0]
        self.assertEqual(len(json.loads(out)["findings"]), 1)


class Targets(Case):
    def test_report_is_no_copy_under_another_name(self):
        path = self.write("a.txt", "Mail " + MAIL)
        os.mkdir(self.path("d"))
        for report in ("./a.redacted.txt", "d/../a.redacted.txt", self.path("a.redacted.txt")):
            self.refused(run("redact", "--report", report, "a.txt", cwd=self.dir), "same file as a copy")
        self.assertEqual(self.names(), ["a.txt", "d"])
        result = run("redact", "--report", "d/a.redacted.txt", path, cwd=self.dir)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_refused_run_makes_no_folder(self):
        path = self.write("a.txt", "Mail " + MAIL)
        self.refused(run("redact", "-o", self.path("out"), path, path), "same file")
        self.assertEqual(self.names(), ["a.txt"])


class Many(Case):
    def test_answers_in_the_order_given(self):
        paths = [self.write(f"{i:02}.txt", (MAIL + " ") * (400 - 13 * i)) for i in range(30)]
        for jobs in ("1", "4", "64"):
            rows = self.lines(run("scan", "--json", "--jobs", jobs, *paths))
            self.assertEqual([row["file"] for row in rows], paths)
            self.assertEqual([len(row["findings"]) for row in rows], [400 - 13 * i for i in range(30)])

    def test_a_file_that_fails_does_not_stop_the_others(self):
        good, other = self.write("good.txt", MAIL), self.write("other.txt", "x")
        for jobs in ("1", "3"):
            result = run("redact", "--json", "--jobs", jobs, "-o", self.path("out"), good, self.path("none"), good + "/x", other)
            rows = self.lines(result, code=3)
            self.assertEqual([row.get("error") for row in rows], [None, "IO", "IO", None])
            self.assertEqual([row["file"] for row in rows], [good, self.path("none"), good + "/x", other])
            self.assertIn(b"No such file", result.stderr)
            self.assertEqual(self.names(self.path("out")), ["good.redacted.txt", "other.redacted.txt"])

    def test_unreadable_file(self):
        if os.geteuid() == 0:
            self.skipTest("skipped: root reads everything")
        path = self.write("a.txt", MAIL, 0)
        self.assertEqual(self.lines(run("scan", "--json", path), code=3)[0]["error"], "IO")

    def test_highest_exit_code_wins(self):
        good = self.write("good.txt", MAIL)
        self.assertEqual(run("scan", "--fail-on-find", good, self.path("none")).returncode, 3)
        self.assertEqual(run("scan", "--fail-on-find", good).returncode, 1)

    @unittest.skipUnless(HAS_MODEL and HAS_AUDIO, "skipped: a build without images or audio")
    def test_kinds_are_told_by_content(self):
        paths = [self.write("a.wav", MAIL), self.write("b.txt", png()), self.write("c.jpg", wav())]
        rows = self.lines(run("scan", "--json", *paths))
        self.assertEqual([row["kind"] for row in rows], ["text", "image", "audio"])
        self.assertEqual(self.lines(run("scan", "--json", "--kind", "image", paths[0]), code=3)[0]["error"], "UNSUPPORTED")

    def test_file_names_cannot_steer_the_terminal(self):
        path = self.write("x\x1b[31m\n.txt", MAIL)
        self.assertNotIn(b"\x1b", run("scan", path).stdout)
        self.assertNotIn(b"\x1b", run("scan", path + "none").stderr)
        self.assertEqual(self.lines(run("scan", "--json", path))[0]["file"], path)

    def test_file_name_that_is_no_utf8(self):
        path = os.path.join(self.dir.encode(), b"\xff.txt")
        with open(path, "wb") as file:
            file.write(MAIL.encode())
        result = subprocess.run([VEIL.encode(), b"scan", b"--json", path], capture_output=True)
        self.assertEqual(len(json.loads(result.stdout.decode())["findings"]), 1)


class Terminal(Case):
    def setUp(self):
        """Terminals first: where there are none (a chroot without /dev/pts), nothing must have been started yet."""
        super().setUp()
        self.terminals = []
        try:
            for _ in range(2):
                self.terminals.append(pty.openpty())
        except OSError:
            self.skipTest("skipped: no pty")
        finally:
            self.addCleanup(lambda: [os.close(end) for pair in self.terminals for end in pair])

    def on_terminal(self, *args):
        """What the command writes to a terminal."""
        ours, theirs = self.terminals.pop()
        environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        child = subprocess.Popen([VEIL, *args], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=environment)
        os.close(theirs)
        out = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(ours)
        self.assertEqual(child.wait(60), 0)
        return out

    def test_colours_on_a_terminal_only(self):
        path = self.write("a.txt", MAIL)
        self.assertIn(b"\033[1mEMAIL_ADDRESS\033[0m", self.on_terminal("scan", path))
        self.assertNotIn(b"\033", run("scan", path).stdout)
        self.assertNotIn(b"\033", self.on_terminal("scan", "--json", path))

    def test_progress_of_long_work_on_a_terminal(self):
        paths = [self.write(f"{i}.txt", MAIL) for i in range(3)]
        slow = self.path("slow")
        os.mkfifo(slow)

        def feed():
            with open(slow, "wb") as pipe:
                time.sleep(2.1)
                pipe.write(MAIL.encode())
        writer = threading.Thread(target=feed, daemon=True)
        writer.start()
        out = self.on_terminal("scan", *paths, slow)
        writer.join()
        self.assertRegex(out, rb"\[#+\.+\] 3 of 4\r\x1b\[K")
        start = time.monotonic()
        quick = self.on_terminal("scan", *paths)
        if time.monotonic() - start < 1:
            self.assertNotIn(b"[#", quick)


class Report(Case):
    def test_report_counts_and_holds_no_match(self):
        paths = [self.write("a.txt", f"{MAIL} {MAIL}"), self.path("none"), self.write("b.txt", "x")]
        report = self.path("report.json")
        self.assertEqual(run("redact", "--report", report, "-o", self.path("out"), *paths).returncode, 3)
        text = self.read(report).decode()
        data = json.loads(text)
        self.assertNotIn(MAIL, text)
        self.assertNotIn("start", text)
        self.assertEqual([f["status"] for f in data["files"]], ["OK", "IO", "OK"])
        self.assertEqual(data["files"][0]["entities"], {"EMAIL_ADDRESS": 2})
        self.assertEqual((data["findings"], data["failed"], data["command"]), (2, 1, "redact"))

    def test_report_of_failed_lines_agrees_with_the_exit_code(self):
        path = self.write("a.jsonl", '{"text":"a"}\nno object\n{"text":"a","language":"xx"}\n')
        report = self.path("report.json")
        self.assertEqual(run("redact", "--input", "jsonl", "--report", report, path).returncode, 3)
        data = json.loads(self.read(report))
        self.assertEqual((data["failed"], data["files"][0]["status"]), (1, "MALFORMED_INPUT"))
        self.assertEqual((data["files"][0]["lines"], data["files"][0]["failed_lines"]), (3, 2))
        self.assertIn("output", data["files"][0])

    def test_report_that_cannot_be_written(self):
        path = self.write("a.txt", MAIL)
        self.assertEqual(run("scan", "--report", self.path("no", "dir.json"), path).returncode, 3)


class Faults(Case):
    def full_disk(self):
        """A folder on a file system of 256 KiB, or a skip."""
        folder = tempfile.mkdtemp(prefix="veil-full-")
        self.addCleanup(os.rmdir, folder)
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True)
        if made.returncode != 0:
            self.skipTest("skipped: mounting needs root")
        self.addCleanup(subprocess.run, ["umount", folder], check=True)
        return folder

    def test_stdout_that_is_full(self):
        for args in (["redact"], ["scan", "--json"], ["scan"], ["redact", "--input", "jsonl"], ["entities"], ["version"],
                     ["--help"]):
            with open("/dev/full", "wb") as full:
                result = subprocess.run([VEIL, *args], input=b'{"text":"a"}', stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(result.returncode, 3, args)

    def test_stdout_that_is_closed_early(self):
        read, write = os.pipe()
        os.close(read)
        result = subprocess.run([VEIL, "scan", "--json"], input=MAIL.encode(), stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        self.assertEqual(result.returncode, 3)
        self.assertIn(b"Broken pipe", result.stderr)

    def test_full_disk_leaves_nothing(self):
        folder = self.full_disk()
        path = self.write("big.txt", ("nothing to see here\n" * 40) * 1000)
        jsonl = self.write("big.jsonl", '{"text":"nothing to see here, nothing at all"}\n' * 20000)
        for args in ([path], ["--input", "jsonl", jsonl]):
            out = os.path.join(folder, "copy")
            result = run("redact", "--json", "-o", out, *args)
            self.assertEqual(self.lines(result, code=3)[0]["error"], "IO")
            self.assertIn(b"No space left", result.stderr)
            self.assertEqual(os.listdir(folder), [])

    def test_file_size_limit_leaves_nothing(self):
        path = self.write("big.txt", b"x" * 400000)

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
        result = run("redact", "-o", self.path("copy"), path, preexec_fn=limit)
        self.assertEqual(result.returncode, 3)
        self.assertEqual(self.names(), ["big.txt"])

    def test_folder_that_does_not_exist(self):
        path = self.write("a.txt", MAIL)
        self.assertEqual(run("redact", "-o", self.path("no", "where"), path).returncode, 3)
        self.assertEqual(self.names(), ["a.txt"])

    def test_signals_leave_nothing(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            out = self.path("copy.jsonl")
            child = subprocess.Popen([VEIL, "redact", "--input", "jsonl", "-o", out], stdin=subprocess.PIPE,
                                     stdout=subprocess.DEVNULL)
            child.stdin.write(b'{"text":"a"}\n' * 50000)
            child.stdin.flush()
            time.sleep(0.2)
            child.send_signal(number)
            self.assertEqual(child.wait(20), -number)
            child.stdin.close()
            self.assertEqual(self.names(), [])

    def test_no_input_bytes_in_messages(self):
        secret = "secret-4f1c"
        paths = [self.write("a.png", b"\x89PNG\r\n\x1a\n" + secret.encode() * 9), self.write("b.wav", b"RIFF\0\0\0\0WAVE" + secret.encode() * 9),
                 self.write("c.jsonl", secret)]
        for args in (["scan", *paths[:2]], ["scan", "--json", *paths[:2]], ["scan", "--input", "jsonl", paths[2]]):
            result = run(*args)
            self.assertEqual(result.returncode, 2 if HAS_IMAGE and not HAS_MODEL and "jsonl" not in args else 3)
            self.assertNotIn(secret.encode(), result.stdout + result.stderr)

    @unittest.skipIf(SANITIZED, "skipped: sanitizers reserve terabytes")
    def test_little_memory_is_an_error_not_a_crash(self):
        path = self.write("big.txt", b"x" * (64 << 20))

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (160 << 20, 160 << 20))
        result = run("redact", "--json", "-o", self.path("copy"), path, preexec_fn=limit)
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(self.names(), ["big.txt"])

    def test_no_core_dumps(self):
        child = subprocess.Popen([VEIL, "redact", "--input", "jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(b'{"text":"a"}\n')
        child.stdin.flush()
        child.stdout.readline()
        with open(f"/proc/{child.pid}/limits", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("Max core file size"))
        self.assertEqual(line.split()[4:6], ["0", "0"])
        child.stdin.close()
        child.stdout.close()
        child.wait(20)


main()
