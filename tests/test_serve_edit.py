"""The corridor's text in the page: shown as it was read, checked with the messages of `paso check`, applied, saved. No text
that is sent makes the server look at a file."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from serving import PASO, Served, Server, request  # noqa: E402


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Own(Served):
    """A copy of a corridor with files included from a folder, tables, and a file from outside."""

    @classmethod
    def setUpClass(cls):
        if not PASO:
            raise unittest.SkipTest("needs the command: set PASO")
        cls.home = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.home.cleanup)
        cls.folder = pathlib.Path(cls.home.name, "mine")
        shutil.copytree(ROOT / "corridors/tutorial", cls.folder)
        text = (cls.folder / "corridor.yml").read_text()
        (cls.folder / "corridor.yml").write_text(text + "\ninclude: [parts/own.yml, ../outside.yml]\n")
        (cls.folder / "parts").mkdir()
        (cls.folder / "parts/own.yml").write_text("parameters:\n  extra: {value: 2, unit: 1, source: assumed, doc: añadido}\n"
                                                  "signals:\n  doubled: {is: extra * 2, unit: 1}\n")
        pathlib.Path(cls.home.name, "outside.yml").write_text("signals:\n  outside_one: {is: 1, unit: 1}\n")
        cls.corridor = cls.folder
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.server.stop()
        if code != 0 or "Sanitizer" in errors or not errors.endswith("Ctrl-C ends it\n"):
            raise AssertionError(f"exit {code}: {errors}")

    def texts(self):
        return {f["file"]: f for f in self.server.get("/api/text").json["files"]}

    def main_with(self, old, new):
        text = self.texts()["corridor.yml"]["text"]
        self.assertIn(old, text)
        return text.replace(old, new, 1)

    def check(self, **files):
        reply = self.server.post("/api/check", {"files": [{"file": n, "text": t} for n, t in files.items()]})
        self.assertEqual(reply.status, 200, reply.bytes)
        return reply.json["diagnostics"]


class Checking(Own):
    def test_texts_are_those_of_the_folder(self):
        texts = self.texts()
        self.assertEqual(sorted(texts), ["arrivals_invented.csv", "corridor.yml", "parts/own.yml"])
        for name, f in texts.items():
            self.assertEqual(f["text"], (self.folder / name).read_text())
            self.assertEqual(f["was"], sha(f["text"]))

    def test_nothing_changed(self):
        mine = subprocess.run([PASO, "check", self.folder, "--json"], capture_output=True, text=True).stdout
        warnings = [json.loads(line) for line in mine.splitlines()][:-1]
        told = self.check()
        self.assertEqual([(d["line"], d["message"]) for d in told], [(w["line"], w["message"]) for w in warnings])
        self.assertEqual(self.check(**{n: f["text"] for n, f in self.texts().items()}), told)

    def test_same_messages_as_the_command(self):
        """Each edit is also written into a copy, which `paso check --json` reads."""
        edits = {"corridor.yml": (("patience, to", "patient, to"), ("stages:", "stage:"), ("unit: people", "unit: poeple"),
                                  ("levers:", "levers: ["), ("start: 2", "start: x2"), ("corridor:", "corridor: [\ncorridor:")),
                 "parts/own.yml": (("extra * 2", "extra * 2 days"), ("añadido", "añadido, y: más"), ("is: extra", "is: extr")),
                 "arrivals_invented.csv": (("month", "mouth"), (",", ";"))}
        n_errors = 0
        for name, pairs in edits.items():
            for old, new in pairs:
                with self.subTest(file=name, edit=new):
                    text = self.texts()[name]["text"]
                    if old not in text:
                        continue
                    copy = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "mine")
                    shutil.copytree(self.folder, copy)
                    shutil.copy(self.folder.parent / "outside.yml", copy.parent)
                    (copy / name).write_text(text.replace(old, new, 1))
                    done = subprocess.run([PASO, "check", copy, "--json"], capture_output=True, text=True)
                    expected = [json.loads(line) for line in done.stdout.splitlines()]
                    expected = [d for d in expected if d["severity"] in ("error", "warning")]
                    for d in expected:
                        d["hint"] = d["hint"] or ""
                        d["file"] = d["file"] or ""
                    told = self.check(**{name: text.replace(old, new, 1)})
                    own = [json.loads(json.dumps(d).replace(f"{self.folder}/", "")) for d in told]
                    self.assertEqual(own, [json.loads(json.dumps(d).replace(f"{copy}/", "")) for d in expected])
                    n_errors += sum(d["severity"] == "error" for d in told)
        self.assertGreater(n_errors, 8)

    def test_exact_place(self):
        text = self.main_with("patience, to", "patient, to")
        told = [d for d in self.check(**{"corridor.yml": text}) if d["severity"] == "error"]
        line = text[:text.index("patient, to")].count("\n") + 1
        self.assertEqual(told, [{"file": "corridor.yml", "line": line, "column": 28, "length": 7, "severity": "error",
                                 "id": "name-unknown", "path": "stages.queue.exits.tire.hazard",
                                 "message": 'expected a name that is defined, found "patient"',
                                 "hint": "did you mean patience?"}])

    def test_a_policy_out_of_bounds(self):
        """What only compiling finds is told too."""
        told = self.check(**{"corridor.yml": self.main_with("policies:", "policies:\n  far: {set: {slots: slots * 100}}")})
        self.assertTrue([d for d in told if d["severity"] == "error" and "far" in d["path"]], told)

    def test_no_text_reaches_a_file(self):
        """/etc/hostname is there, and files of the corridor's folder that were not read are, too."""
        (self.folder / "unread.yml").write_text("signals:\n  unread: {is: 1, unit: 1}\n")
        (self.folder / "unread.csv").write_text("month,origin,people\n")
        hint = "only files that the corridor was read from: save, and start again"
        for name in ("/etc/hostname", "../../../../../../etc/hostname", "unread.yml", "./parts/own.yml"):
            text = self.main_with("include: [", f"include: [{name}, ")
            errors = [d for d in self.check(**{"corridor.yml": text}) if d["severity"] == "error"]
            path = name if name.startswith("/") else f"{self.folder}/{name}"
            self.assertEqual([(d["message"], d["hint"]) for d in errors], [(f"expected a file, found no {path}", hint)])
        text = self.main_with("arrivals_invented.csv", "unread.csv")
        errors = [d for d in self.check(**{"corridor.yml": text}) if d["severity"] == "error"]
        self.assertIn((f"expected a table, found no {self.folder}/unread.csv", hint),
                      [(d["message"], d["hint"]) for d in errors])

    def test_what_is_no_file_of_the_corridor(self):
        for name in ("nothing.yml", "../outside.yml", "outside.yml", "/etc/hostname", "", ".", "parts", "parts/../corridor.yml",
                     str(self.folder / "corridor.yml")):
            for call in ("check", "apply"):
                with self.subTest(file=name, call=call):
                    reply = self.server.post(f"/api/{call}", {"files": [{"file": name, "text": ""}]})
                    self.assertEqual(reply.error, (400, "expected one of the corridor's files", "files[0]", ""))
            reply = self.server.post("/api/save", {"files": [{"file": name, "text": "", "was": ""}]})
            self.assertEqual(reply.error, (400, "expected one of the corridor's files", "files[0]", ""))

    def test_forms(self):
        one = {"file": "corridor.yml", "text": ""}
        for body, message, path in (({}, "expected the key files, which is missing", ""),
                                    ({"files": {}}, "expected a list of at most 256 files", "files"),
                                    ({"files": [one] * 257}, "expected a list of at most 256 files", "files"),
                                    ({"files": [1]}, "expected an object", "files[0]"),
                                    ({"files": [one, {"file": "x"}]}, "expected the key text, which is missing", "files[1]"),
                                    ({"files": [{**one, "text": 1}]}, "expected texts", "files[0]"),
                                    ({"files": [{**one, "mode": 1}]}, "expected the keys file, text", "files[0].mode")):
            with self.subTest(message=message):
                self.assertEqual(self.server.post("/api/check", body).error, (400, message, path, ""))
        self.assertEqual(self.server.post("/api/save", {"files": [one]}).error,
                         (400, "expected the key was, which is missing", "files[0]", ""))


class Applying(Own):
    def test_applied_and_run(self):
        before = self.server.get("/data/corridor.json").json
        program = self.server.get("/data/program.bin").bytes
        text = self.texts()["corridor.yml"]["text"]
        bad = self.server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": text.replace("patience, to", "p, to")}]})
        self.assertEqual((bad.status, bad.json["diagnostics"][0]["line"] > 0), (409, True))
        self.assertEqual(self.server.get("/data/corridor.json").json, before)
        self.assertEqual(self.server.get("/data/program.bin").bytes, program)

        changed = text.replace("policies:", "policies:\n  fewer-slots: {base: as-happened, from: 2023-08-01, set: {slots: 3}}", 1)
        good = self.server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": changed}]})
        self.assertEqual(good.status, 200, good.bytes)
        after = self.server.get("/data/corridor.json").json
        self.assertEqual(after["hash"], good.json["hash"])
        self.assertIn("fewer-slots", [p["name"] for p in after["policies"]])
        self.assertNotEqual(self.server.get("/data/program.bin").bytes, program)
        self.assertNotEqual(self.server.get("/data/state.bin").bytes, b"")
        run, last = self.server.finish(request(policies=("as-happened", "fewer-slots")))
        self.assertEqual(last["state"], "done")
        waiting = next(s for s in self.server.get(f"/api/runs/{run}/answer").json["series"] if s["observable"] == "waiting")
        self.assertGreater(waiting["difference"]["mean"][-1], 0)

        stale = (409, "the corridor was changed since this page was opened", "", "reload the page")
        self.assertEqual(self.server.post("/api/runs", request(hash=before["hash"])).error, stale)
        gone = request(policies=("as-happened", "no-more"), hash=before["hash"])
        self.assertEqual(self.server.post("/api/runs", gone).error, stale, "told before what it would cause")
        self.assertEqual(self.server.finish(request(hash=after["hash"]))[1]["state"], "done")

        texts = self.texts()
        self.assertEqual(texts["corridor.yml"]["text"], changed)
        self.assertEqual(texts["corridor.yml"]["was"], sha(text), "what is on the disk")
        self.assertEqual((self.folder / "corridor.yml").read_text(), text)
        back = self.server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": text}]})
        self.assertEqual(back.json["hash"], before["hash"])
        self.assertEqual(self.server.get("/data/program.bin").bytes, program)

    def test_many_at_once(self):
        """Whoever is last, what is shown is whole: its corridor and its program belong together."""
        text = self.texts()["corridor.yml"]["text"]
        def apply(n):
            changed = text.replace("policies:", f"policies:\n  p{n}: {{base: as-happened, set: {{slots: {n}}}}}", 1)
            self.server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": changed}]})
        threads = [threading.Thread(target=apply, args=(n,)) for n in range(1, 9)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        names = [p["name"] for p in self.server.get("/data/corridor.json").json["policies"]]
        own = [n for n in names if n.startswith("p")]
        self.assertEqual(len(own), 1)
        self.assertEqual(self.server.finish(request(policies=("as-happened", own[0])))[1]["state"], "done")
        self.server.post("/api/apply", {"files": [{"file": "corridor.yml", "text": text}]})


class Saving(Own):
    def save(self, *files):
        return self.server.post("/api/save", {"files": [dict(zip(("file", "text", "was"), f)) for f in files]})

    def test_saved(self):
        was = self.texts()
        own, main = was["parts/own.yml"], was["corridor.yml"]
        os.chmod(self.folder / "parts/own.yml", 0o640)
        text = own["text"] + "# saved: é\r\n"
        reply = self.save(("parts/own.yml", text, own["was"]), ("corridor.yml", main["text"] + "\n", main["was"]))
        self.assertEqual((reply.status, reply.json), (200, {"files": [
            {"file": "parts/own.yml", "was": sha(text)}, {"file": "corridor.yml", "was": sha(main["text"] + "\n")}]}))
        self.assertEqual((self.folder / "parts/own.yml").read_bytes(), text.encode())
        self.assertEqual((self.folder / "corridor.yml").read_text(), main["text"] + "\n")
        self.assertEqual((self.folder / "parts/own.yml").stat().st_mode & 0o777, 0o640)
        self.assertEqual(sorted(os.listdir(self.folder / "parts")), ["own.yml"])
        self.assertEqual(self.texts()["parts/own.yml"]["was"], sha(text))
        again = self.save(("parts/own.yml", own["text"], sha(text)), ("corridor.yml", main["text"], sha(main["text"] + "\n")))
        self.assertEqual(again.status, 200, again.bytes)

    def test_changed_meanwhile(self):
        was = self.texts()
        table = self.folder / "arrivals_invented.csv"
        kept = table.read_bytes()
        self.addCleanup(table.write_bytes, kept)
        table.write_bytes(kept + b"\n")
        reply = self.save(("corridor.yml", "x", was["corridor.yml"]["was"]), ("arrivals_invented.csv", "x", sha(kept.decode())))
        self.assertEqual(reply.error, (409, "the file on the disk is not what was read", "files[1]",
                                       "somebody else has changed it: keep a copy of yours, start again"))
        self.assertEqual((self.folder / "corridor.yml").read_text(), was["corridor.yml"]["text"], "none is written")
        table.unlink()
        gone = self.save(("arrivals_invented.csv", "x", sha(kept.decode())))
        self.assertEqual(gone.error[:2], (409, "expected a file of the corridor's folder, found a link"))
        self.assertFalse(table.exists())

    def test_links(self):
        outside = pathlib.Path(self.home.name, "elsewhere")
        outside.mkdir(exist_ok=True)
        own = self.folder / "parts/own.yml"
        was = self.texts()["parts/own.yml"]
        (outside / "own.yml").write_text(was["text"])
        refused = (409, "expected a file of the corridor's folder, found a link", "files[0]", "")
        kept = own.read_text()
        own.unlink()
        own.symlink_to(outside / "own.yml")
        self.assertEqual(self.save(("parts/own.yml", "x", was["was"])).error, refused)
        own.unlink()
        own.write_text(kept)
        (self.folder / "parts").rename(self.folder / "kept")
        (self.folder / "parts").symlink_to(outside)
        self.assertEqual(self.save(("parts/own.yml", "x", was["was"])).error, refused)
        (self.folder / "parts").unlink()
        (self.folder / "kept").rename(self.folder / "parts")
        self.assertEqual((outside / "own.yml").read_text(), was["text"])

    def test_disk(self):
        if os.geteuid() == 0:
            self.skipTest("root may write anywhere")
        was = self.texts()["parts/own.yml"]
        os.chmod(self.folder / "parts", 0o555)
        self.addCleanup(os.chmod, self.folder / "parts", 0o755)
        self.assertEqual(self.save(("parts/own.yml", "x", was["was"])).error,
                         (500, "cannot be written: Permission denied", "files[0]", ""))


class Allowed(unittest.TestCase):
    @unittest.skipUnless(PASO, "needs the command: set PASO")
    def setUp(self):
        os.environ["PASO_CORRIDORS"] = str(ROOT / "corridors")

    def serve(self, *words):
        server = Server(*words, "--members", "1", "--quiet")
        self.addCleanup(server.stop)
        return server

    def test_read_only(self):
        server = self.serve(ROOT / "corridors/tutorial", "--read-only")
        told = server.get("/api/server").json
        self.assertEqual((told["edit"], told["save"]), (False, False))
        for call in ("check", "apply", "save"):
            self.assertEqual(server.post(f"/api/{call}", {"files": []}).error,
                             (403, "this server was started with --read-only", "", ""))
        self.assertEqual(server.get("/api/text").status, 200)
        self.assertEqual(server.finish(request())[1]["state"], "done")

    def test_shipped_corridors_are_not_saved(self):
        server = self.serve("tutorial")
        text = server.get("/api/text").json["files"][0]
        self.assertEqual(server.post("/api/save", {"files": [text]}).error,
                         (403, "a shipped corridor is not saved over", "", "copy its folder, and serve that"))
        self.assertEqual(server.post("/api/check", {"files": []}).status, 200)

    def test_half_saved(self):
        """A file whose name leaves no room for another beside it cannot be written. What was saved before it is told with its
        hash, so that the rest can be saved again."""
        home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "mine")
        shutil.copytree(ROOT / "corridors/tutorial", home)
        long = "n" * 246 + ".yml"
        (home / long).write_text("signals:\n  own: {is: 1, unit: 1}\n")
        with open(home / "corridor.yml", "a") as main:
            main.write(f"\ninclude: [{long}]\n")
        server = self.serve(home)
        files = {f["file"]: f for f in server.get("/api/text").json["files"]}
        sent = [{**files["corridor.yml"], "text": files["corridor.yml"]["text"] + "# one\n"}, files[long],
                files["arrivals_invented.csv"]]
        reply = server.post("/api/save", {"files": sent})
        self.assertEqual(reply.error, (500, "cannot be written: File name too long", "files[1]", ""))
        self.assertEqual(reply.json["files"], [{"file": "corridor.yml", "was": sha(sent[0]["text"])}])
        self.assertEqual((home / "corridor.yml").read_text(), sent[0]["text"])
        again = server.post("/api/save", {"files": [{**sent[0], "was": reply.json["files"][0]["was"]}, sent[2]]})
        self.assertEqual(again.status, 200, again.bytes)

    def test_names_in_the_present_folder(self):
        """`paso serve .` and a file in place of its folder have the same names."""
        home = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "mine")
        shutil.copytree(ROOT / "corridors/tutorial", home)
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(home)
        for word in (".", "corridor.yml", "./", str(home / "corridor.yml"), f"{home}/"):
            with self.subTest(word=word):
                server = self.serve(word)
                files = server.get("/api/text").json["files"]
                self.assertEqual([f["file"] for f in files], ["corridor.yml", "arrivals_invented.csv"])
                reply = server.post("/api/save", {"files": files[:1]})
                self.assertEqual(reply.status, 200, reply.bytes)
                bad = files[0]["text"].replace("patience, to", "p, to")
                told = server.post("/api/check", {"files": [{"file": "corridor.yml", "text": bad}]}).json["diagnostics"]
                self.assertEqual({d["file"] for d in told}, {"corridor.yml"})


if __name__ == "__main__":
    unittest.main()
