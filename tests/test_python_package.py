"""The Python package against the shared library of the build: every verb, every error as an exception."""

import contextlib
import csv
import ctypes
import datetime
import gc
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))
if "BENCH" in os.environ:
    os.environ.setdefault("PASO_LIBRARY", str(pathlib.Path(os.environ["BENCH"]).parent / "libpaso.so"))
else:
    print("needs the build folder")
    sys.exit(77)

import paso  # noqa: E402
from paso import library  # noqa: E402

MEMBERS = 9


def tutorial():
    return paso.load(ROOT / "corridors/tutorial")


class Declarations(unittest.TestCase):
    def test_every_function_of_the_headers_with_its_arguments(self):
        text = "".join(h.read_text() for h in sorted((ROOT / "include/paso").glob("*.h")))
        text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
        found = {}
        for result, name, arguments in re.findall(r"^PASO_API\b([^;(]*?)\b(\w+)\(([^;]*)\);", text, flags=re.M):
            n = 0 if arguments.strip() == "void" else arguments.count(",") + 1
            found[name] = (result.strip() == "void", n)
        declared = {name: (result is None, len(arguments)) for name, (result, arguments) in library.FUNCTIONS.items()}
        self.assertEqual(declared, found)

    def test_numbers_of_kinds_and_fields(self):
        text = (ROOT / "include/paso/corridor.h").read_text()
        for prefix in ("PASO_KIND_", "PASO_ABOUT_"):
            for name, number in re.findall(prefix + r"(\w+) = (\d+)", text):
                self.assertEqual(getattr(library, name), int(number), name)

    def test_records_have_the_size_of_c(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "size.c")
            source.write_text("#include <paso/paso.h>\n#include <stdio.h>\n"
                              'int main(void) { printf("%zu %zu", sizeof(paso_message), sizeof(paso_clock)); return 0; }\n')
            subprocess.run(["cc", "-I", ROOT / "include", source, "-o", f"{folder}/size"], check=True)
            sizes = subprocess.run([f"{folder}/size"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(sizes, f"{ctypes.sizeof(library.Message)} {ctypes.sizeof(library.Clock)}")


class Corridors(unittest.TestCase):
    def test_a_corridor_says_what_it_contains(self):
        c = tutorial()
        self.assertEqual(c.name, "tutorial")
        self.assertEqual(c.now, datetime.date(2023, 7, 1))
        self.assertEqual(len(c.hash), 64)
        self.assertEqual([p["name"] for p in c.policies], ["as-happened", "more-slots", "more-judges"])
        slots = c.levers.where(name="slots")[0]
        self.assertEqual((slots["value"], slots["low"], slots["high"], slots["unit"]), (25, 0, 100, "people/day"))
        self.assertTrue(all(p["low"] <= p["value"] <= p["high"] for p in c.parameters))
        arrivals = c.observables.where(name="arrivals")[0]
        self.assertEqual(arrivals["cells"], ["origin=hills", "origin=coast"])
        self.assertIn("queue", c.stages.columns["name"])
        self.assertEqual(c.warnings, [])

    def test_mechanisms_and_places(self):
        c = tutorial()
        self.assertEqual([(m["name"], m["number"], m["levers"]) for m in c.mechanisms],
                         [("calling", 1, ["slots"]), ("hearing", 0, ["judges"])])
        self.assertEqual([(p["set"], p["member"]) for p in c.places], [("origin", "hills"), ("origin", "coast")])
        self.assertTrue(all(-90 <= p["latitude"] <= 90 and -180 <= p["longitude"] <= 180 for p in c.places))

    def test_mistakes_are_an_exception_with_all_of_them(self):
        with self.assertRaises(paso.PasoError) as caught:
            paso.load(ROOT / "tests/bad/names")
        self.assertEqual(caught.exception.status, -300)
        self.assertGreater(len(caught.exception.diagnostics), 3)
        first = [m for m in caught.exception.diagnostics if not m.warning][0]
        self.assertTrue(first.text and first.id and first.line and first.column)
        self.assertIn("corridor.yml:5:24: error: sets.kind", str(caught.exception))
        with self.assertRaises(paso.PasoError):
            paso.load("no/such/corridor")


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.corridor = tutorial()
        cls.results = cls.corridor.run("as-happened", "more-slots", members=MEMBERS)

    def test_what_was_run(self):
        r = self.results
        self.assertEqual((r.members, r.policies), (MEMBERS, ["as-happened", "more-slots"]))
        self.assertEqual(r.member_numbers, list(range(MEMBERS)))
        self.assertEqual((r.meta("corridor_hash"), r.meta("seed"), r.interrupted), (self.corridor.hash, "1", False))
        self.assertEqual(r.meta("command"), "Python: tutorial, as-happened more-slots")
        self.assertEqual(r.dates("waiting")[0], datetime.date(2023, 7, 1))

    def test_values_and_summaries_agree(self):
        v = self.results.values("arrivals", "more-slots")
        self.assertEqual(v.shape, (MEMBERS, 2, 12))
        rows = self.results.summary("arrivals", "more-slots").where(cell="origin=coast")
        self.assertAlmostEqual(rows[3]["mean"], sum(v[m, 1, 3] for m in range(MEMBERS)) / MEMBERS)
        self.assertEqual(rows[3]["unit"], "people")
        total = self.results.summary("arrivals", "more-slots").where(cell="")
        self.assertAlmostEqual(total[3]["mean"], sum(v[m, c, 3] for m in range(MEMBERS) for c in range(2)) / MEMBERS)

    def test_pairs(self):
        rows = self.results.pairs("more-slots", "waiting")
        a, b = (self.results.values("waiting", p) for p in self.results.policies)
        self.assertAlmostEqual(rows[-1]["mean"], sum(b[m, 0, 11] - a[m, 0, 11] for m in range(MEMBERS)) / MEMBERS)
        compared = self.results.compare().where(observable="waiting", over="last")[0]
        self.assertEqual(compared["mean"], rows[-1]["mean"])
        again = self.corridor.compare("as-happened", "more-slots", members=MEMBERS)
        self.assertEqual(again, self.results.compare())
        with self.assertRaises(ValueError):
            self.corridor.compare("as-happened")

    def test_the_command_says_the_same(self):
        command = os.environ.get("PASO")
        if not command:
            self.skipTest("no command")
        out = subprocess.run([command, "compare", ROOT / "corridors/tutorial", "-p", "as-happened", "-p", "more-slots", "-n",
                              str(MEMBERS), "--format", "csv", "--quiet"], capture_output=True, text=True, check=True,
                             env={k: v for k, v in os.environ.items() if k != "LD_PRELOAD"}).stdout
        told = [r for r in csv.DictReader(out.splitlines()) if r["observable"] == "waiting" and r["over"] == "last"]
        mean = [float(r["value"]) for r in told if r["statistic"] == "mean"][0]
        self.assertEqual(mean, self.results.compare().where(observable="waiting", over="last")[0]["mean"])

    def test_dates_and_chances(self):
        r = self.corridor.run(members=40, settings={"judges": 16})
        found = r.summary("cleared")[0]
        self.assertTrue(0 < found["mean"] <= 1)
        self.assertTrue(self.corridor.now <= found["q05"] <= found["q50"] < self.corridor.end)
        never = self.corridor.run(members=2, settings={"judges": 0}).summary("cleared")[0]
        self.assertEqual((never["mean"], never["q50"]), (0, None))
        self.assertTrue(all(0 <= row["mean"] <= 1 for row in r.summary("crowded")))
        pairs = self.corridor.run("as-happened", "more-judges", members=40).compare(headline=False)
        self.assertEqual({row["unit"] for row in pairs.where(observable="cleared")}, {"days"})

    def test_settings_and_without(self):
        kwargs = {"members": 3, "threads": 1}
        none = self.corridor.run("levers", settings={"slots": 0}, **kwargs)
        self.assertGreater(min(none.values("waiting")[m, 0, 11] for m in range(3)), 1000)
        for bad in ({"settings": ["slot=3"]}, {"settings": {"slots": 1000}}, {"without": "lucky"}):
            with self.assertRaises(paso.PasoError) as caught:
                self.corridor.run(**bad, **kwargs)
            self.assertEqual(caught.exception.status, -200)
        self.corridor.run(without=["shock"], settings="road_time=9", quick=True, strict=True)

    def test_wrong_use(self):
        with self.assertRaisesRegex(paso.PasoError, "did you mean more-slots"):
            self.corridor.run("more-slot")
        with self.assertRaises(KeyError):
            self.results.values("nothing")
        with self.assertRaises(ValueError):
            self.results.observed("arrivals", "origin=moon")
        with self.assertRaises(ValueError):
            self.corridor.run(since="soon")
        with self.assertRaises(TypeError):
            self.corridor.run(mebmers=3)

    def test_progress_and_stop(self):
        seen = []
        self.corridor.run(members=MEMBERS, lanes=2, threads=2, progress=lambda done, all: seen.append(done / all) and None)
        self.assertEqual(seen[-1], 1)
        self.assertEqual(seen, sorted(seen))
        stopped = self.corridor.run(members=MEMBERS, lanes=1, threads=1, progress=lambda done, all: done > all / 2)
        self.assertTrue(stopped.interrupted)
        self.assertTrue(0 < stopped.members < MEMBERS)
        with self.assertRaises(paso.PasoError) as caught:
            self.corridor.run(members=MEMBERS, progress=lambda done, all: True)
        self.assertEqual(caught.exception.status, 1)

    def test_what_progress_raises_comes_out(self):
        def interrupt(done, everything):
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            self.corridor.run(members=3, progress=interrupt)

    def test_observed_series(self):
        c = paso.load(ROOT / "corridors/us-mexico/capacity.yml")
        r = c.run(quick=True, since="2023-12-01", until="2024-01-01")
        found = [o for o in r.observables if r.observed(o, None if "" in r.cells(o) or len(r.cells(o)) > 1 else "")]
        self.assertTrue(found)
        rows = r.observed(found[0])
        self.assertEqual([row["date"] for row in rows], sorted(row["date"] for row in rows))

    def test_handles_are_freed(self):
        for _ in range(3):
            corridor = tutorial()
            results = corridor.run(members=1)
            del corridor
            gc.collect()
            self.assertEqual(results.members, 1)
        del results
        gc.collect()


class Forks(unittest.TestCase):
    def test_a_fork_has_the_bits_of_the_unbroken_run(self):
        c = tutorial()
        whole = c.run("as-happened", "more-slots", members=MEMBERS, since="2023-10-01", until="2024-02-01")
        state = c.fork("2023-07-01", members=MEMBERS)
        self.assertEqual((state.date, state.members, state.policies), (datetime.date(2023, 7, 1), MEMBERS, ["as-happened"]))
        part = state.run("as-happened", "more-slots", since="2023-10-01", until="2024-02-01")
        for policy in whole.policies:
            for observable in whole.observables:
                self.assertEqual(bytes(whole.values(observable, policy)), bytes(part.values(observable, policy)))

    def test_a_saved_state(self):
        c = tutorial()
        state = c.fork("2023-05-01", members=3, seed=4)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "may.state")
            state.save(file)
            with self.assertRaises(paso.PasoError):
                state.save(file)
            state.save(file, force=True)
            again = c.open_state(file)
        self.assertEqual(again.run(members=2).meta("seed"), "4")
        self.assertEqual(state.compare("as-happened", "more-judges"), again.compare("as-happened", "more-judges"))
        with self.assertRaisesRegex(paso.PasoError, "found a state of tutorial"):
            again.run(settings={"road_time": 9})
        with self.assertRaisesRegex(paso.PasoError, "expected a state of seed 5"):
            again.run(seed=5)


class Resumed(unittest.TestCase):
    """Runs that were cut off, and go on to the bits of an unbroken run."""

    def setUp(self):
        self.corridor = tutorial()
        self.whole = self.corridor.run(members=MEMBERS, threads=1, lanes=1)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = pathlib.Path(folder.name, "a.db")

    def go_on(self):
        again = self.corridor.run(members=MEMBERS, out=self.store, resume=True)
        self.assertFalse(again.interrupted)
        for observable in self.whole.observables:
            self.assertEqual(bytes(self.whole.values(observable)), bytes(again.values(observable)))

    def test_after_a_stop(self):
        part = self.corridor.run(members=MEMBERS, threads=1, lanes=1, out=self.store, progress=lambda done, all: done > all / 2)
        self.assertTrue(0 < part.members < MEMBERS)
        with self.assertRaisesRegex(paso.PasoError, "seed: the run was begun with 1, found 2"):
            self.corridor.run(members=MEMBERS, seed=2, out=self.store, resume=True)
        self.go_on()
        with self.assertRaisesRegex(paso.PasoError, "the run is complete"):
            self.corridor.run(members=MEMBERS, out=self.store, resume=True)
        with self.assertRaises(ValueError):
            self.corridor.run(members=MEMBERS, resume=True)

    def test_after_the_process_was_killed(self):
        script = (f"import os, paso\nc = paso.load({str(ROOT / 'corridors/tutorial')!r})\n"
                  f"c.run(members={MEMBERS}, threads=1, lanes=1, out={str(self.store)!r},\n"
                  "      progress=lambda done, all: done > 0.7 * all and os._exit(9))\n")
        killed = subprocess.run([sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": str(ROOT / "python")})
        self.assertEqual(killed.returncode, 9)
        self.assertFalse(self.store.exists())
        self.go_on()


class Files(unittest.TestCase):
    def test_export(self):
        r = tutorial().run("as-happened", "more-slots", members=3)
        with tempfile.TemporaryDirectory() as folder:
            at = pathlib.Path(folder)
            for name in ("a.csv", "a.json", "a.db", "a.html"):
                r.export(at / name)
            r.export(at / "h.csv", "hubverse")
            self.assertEqual(json.loads((at / "h.csv.manifest.json").read_text())["format"], "hubverse")
            with self.assertRaisesRegex(paso.PasoError, "exists already"):
                r.export(at / "a.csv")
            r.export(at / "a.csv", force=True)
            rows = list(csv.DictReader((at / "a.csv").read_text().splitlines()))
            self.assertEqual(json.loads((at / "a.json").read_text())[0]["observable"], rows[0]["observable"])
            self.assertEqual(sum(row["statistic"] in ("mean", "chance") for row in rows), len(r.summary()))
            self.assertIn("<!doctype html>", (at / "a.html").read_text().lower())
            again = paso.open_results(at / "a.db")
            self.assertEqual(again.summary(), r.summary())
            with contextlib.closing(sqlite3.connect(at / "a.db")) as db:
                self.assertEqual(db.execute("PRAGMA integrity_check").fetchone(), ("ok",))
            with self.assertRaisesRegex(paso.PasoError, "expected csv, json, hubverse or hxl"):
                r.export(at / "a.xml")
            with self.assertRaises(paso.PasoError):
                paso.open_results(at / "a.csv")
            direct = tutorial().run("as-happened", "more-slots", members=3, out=at / "b.db")
            self.assertEqual(direct.summary(), r.summary())
            self.assertEqual(sorted(p.name for p in at.iterdir()), sorted(["a.csv", "a.csv.manifest.json", "a.db", "a.html", "a.json",
                                                                        "a.json.manifest.json", "b.db", "h.csv",
                                                                        "h.csv.manifest.json"]))

    def test_tables(self):
        table = paso.Table([{"a": 1, "b": 2.5}, {"a": 3, "b": 4.0}])
        self.assertEqual(table.columns, {"a": [1, 3], "b": [2.5, 4.0]})
        self.assertEqual(table.where(a=3), [{"a": 3, "b": 4.0}])
        self.assertEqual(str(table), "a  b\n1  2.5\n3  4")
        self.assertEqual((paso.Table().columns, str(paso.Table())), ({}, "(no rows)"))
        try:
            import pandas
        except ImportError:
            self.skipTest("pandas is not there")
        self.assertTrue(table.to_frame().equals(pandas.DataFrame({"a": [1, 3], "b": [2.5, 4.0]})))

    def test_numpy_shares_values(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("numpy is not there")
        values = tutorial().run(members=2).values("waiting")
        self.assertEqual(numpy.asarray(values).shape, values.shape)


class Library(unittest.TestCase):
    def test_a_missing_library_is_told(self):
        env = {**os.environ, "PASO_LIBRARY": "/no/such/libpaso.so", "PYTHONPATH": str(ROOT / "python")}
        done = subprocess.run([sys.executable, "-c", "import paso"], capture_output=True, text=True, env=env)
        self.assertEqual(done.returncode, 1)
        self.assertIn("PASO_LIBRARY", done.stderr)

    def test_the_readme_runs(self):
        text = (ROOT / "python/README.md").read_text()
        for block in re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S):
            with tempfile.TemporaryDirectory() as folder:
                os.symlink(ROOT / "corridors", pathlib.Path(folder, "corridors"))
                env = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
                done = subprocess.run([sys.executable, "-c", textwrap.dedent(block)], cwd=folder, capture_output=True,
                                      text=True, env=env)
                self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
