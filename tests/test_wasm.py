"""The page's engine: natively and through the WebAssembly module the same bits, with and without stored members; a step
on top of a policy is what a policy with that setting does; damaged bytes are refused. Exact, so no chance of failing."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
PASO = os.environ.get("PASO")
LIVE = pathlib.Path(os.environ.get("BENCH", ROOT / "build/bench"), "live")
NODE = shutil.which("node")
CLANG = shutil.which("clang-14")
WASI = pathlib.Path("/usr/include/wasm32-wasi/stdlib.h")


def day(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def printed(command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    return done.stdout if done.returncode == 0 else f"exit {done.returncode}: {done.stderr}"


@unittest.skipUnless(PASO and LIVE.exists(), "needs the command and the benchmarks: set PASO and BENCH")
class SameBits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.sites = {}
        for name in ("tutorial", "darien"):
            out = pathlib.Path(cls.folder.name, name)
            subprocess.run([PASO, "site", ROOT / "corridors" / name, out, "--members", "6", "--quiet"], check=True)
            cls.sites[name] = (out / "data", json.loads((out / "data/corridor.json").read_text()))

    def words(self, name, policy, first, n, step=None):
        data, corridor = self.sites[name]
        at = [p["name"] for p in corridor["policies"]].index(policy)
        dates = (corridor["from"], corridor["until"], corridor["clock"]["now"])
        return [at, *map(day, dates), first, n, *(step or [])]

    def native(self, name, *words, data=None):
        return printed([LIVE, data or self.sites[name][0], *self.words(name, *words)])

    def module(self, name, *words, data=None):
        return printed([NODE, ROOT / "page/wasm/live.mjs", data or self.sites[name][0], *self.words(name, *words)])

    def edited(self, before, after):
        """The data of the tutorial with one thing changed, which is given the corridor's place in `sites`."""
        copy, out = pathlib.Path(self.folder.name, "edited"), pathlib.Path(self.folder.name, "edited-site")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(ROOT / "corridors/tutorial", copy)
        text = (copy / "corridor.yml").read_text()
        self.assertIn(before, text)
        (copy / "corridor.yml").write_text(text.replace(before, after))
        subprocess.run([PASO, "site", copy, out, "--members", "0", "--force", "--quiet"], check=True)
        return out / "data"

    @unittest.skipUnless(NODE, "node is not installed")
    def test_module_and_native(self):
        for name, (data, corridor) in self.sites.items():
            for policy in [p["name"] for p in corridor["policies"]][:3]:
                for first, n, step in ((0, 1, None), (1, 5, [0, 0, day(corridor["from"]) + 40, 1]), (4, 5, None)):
                    with self.subTest(corridor=name, policy=policy, first=first):
                        words = self.words(name, policy, first, n, step)
                        native = printed([LIVE, data, *words])
                        self.assertRegex(native, r"^\d+ values, hash [0-9a-f]{8}\n$")
                        self.assertEqual(printed([NODE, ROOT / "page/wasm/live.mjs", data, *words]), native)

    def test_stored_members_are_those_from_the_eve(self):
        for name, (data, corridor) in self.sites.items():
            bare = pathlib.Path(self.folder.name, f"{name}-bare")
            bare.mkdir()
            shutil.copy(data / "program.bin", bare)
            for policy in [p["name"] for p in corridor["policies"]]:
                with self.subTest(corridor=name, policy=policy):
                    self.assertEqual(self.native(name, policy, 2, 3), self.native(name, policy, 2, 3, data=bare))

    def test_step_is_what_a_policy_sets(self):
        step = [0, 0, day("2023-08-01"), 36]
        policy = self.native("tutorial", "more-slots", 0, 4)
        self.assertEqual(self.native("tutorial", "as-happened", 0, 4, step), policy)
        self.assertNotEqual(self.native("tutorial", "as-happened", 0, 4), policy)

    @staticmethod
    def moves(corridor, n, days, names):
        """Levers, all if none are named, one after the other, moved late in the window: what comes before is the same."""
        begins = day(corridor["from"])
        at = begins + (days // 2 + 2)
        cells = [(i, lever["cells"][0]) for i, lever in enumerate(corridor["levers"]) if lever["name"] in names or not names]
        other = [(i, cell["max"] if cell["value"] != cell["max"] else cell["min"]) for i, cell in cells]
        scale = [lever["scale"] for lever in corridor["levers"]]
        steps = [word for i, value in other if value is not None for word in (i, 0, at, repr(value * scale[i]))]
        return [0, begins, begins + days, day(corridor["clock"]["now"]), 1, n, *steps]

    def same_when_kept(self, data, corridor, n, sizes, days=62, names=()):
        words = self.moves(corridor, n, days, names)
        plain = printed([LIVE, data, *words])
        self.assertEqual(len(plain.splitlines()), (len(words) - 6) // 4)
        self.assertGreater(len(set(plain.splitlines())), (len(words) - 6) // 8)
        for kept in sizes:
            with self.subTest(corridor=corridor["name"], kept=kept):
                self.assertEqual(printed([LIVE, "--kept", kept, data, *words]), plain)
                if NODE:
                    self.assertEqual(printed([NODE, ROOT / "page/wasm/live.mjs", "--kept", kept, data, *words]), plain)

    def test_kept_runs_are_those_without(self):
        for data, corridor in self.sites.values():
            self.same_when_kept(data, corridor, 3, (1, 100_000, 1 << 26))  # marks alone, draws of some days, all of them

    def test_kept_runs_of_a_large_corridor(self):
        out = pathlib.Path(self.folder.name, "us-mexico")
        subprocess.run([PASO, "site", ROOT / "corridors/us-mexico", out, "--members", "3", "--quiet"], check=True)
        data = out / "data"
        corridor = json.loads((data / "corridor.json").read_text())
        self.same_when_kept(data, corridor, 2, (1 << 26,))
        # A year and a month: sums of the whole year stand half-way where the run goes back to.
        self.same_when_kept(data, corridor, 2, (1 << 26,), 397, ("mexican_effort", "port_slots", "judge_posts"))

    def test_a_lever_that_is_not_there(self):
        self.assertIn("status -200", self.native("tutorial", "as-happened", 0, 1, [99, 0, 19600, 1]))

    def test_damaged_bytes_are_refused(self):
        data, _ = self.sites["tutorial"]
        for name in ("program.bin", "state.bin"):
            whole = (data / name).read_bytes()
            for cut in [0, 1, 8, 16, 40, *range(64, len(whole), 1501), len(whole) - 8]:
                broken = pathlib.Path(self.folder.name, "broken")
                shutil.rmtree(broken, ignore_errors=True)
                shutil.copytree(data, broken)
                (broken / name).write_bytes(whole[:cut])
                with self.subTest(file=name, cut=cut):
                    if name == "state.bin" and cut == 0:
                        continue  # none is allowed
                    self.assertIn("status -300", self.native("tutorial", "as-happened", 0, 1, data=broken))

    def test_states_of_another_corridor_are_refused(self):
        data, _ = self.sites["tutorial"]
        mixed = pathlib.Path(self.folder.name, "mixed")
        shutil.copytree(data, mixed)
        whole = (data / "state.bin").read_bytes()
        self.assertEqual(whole[8:72].decode(), json.loads((data / "corridor.json").read_text())["hash"])
        (mixed / "state.bin").write_bytes(whole[:8] + b"0" * 64 + whole[72:])
        self.assertIn("status -300", self.native("tutorial", "as-happened", 0, 1, data=mixed))

    @unittest.skipUnless(NODE, "node is not installed")
    def test_the_module_refuses_what_the_native_one_refuses(self):
        data, _ = self.sites["tutorial"]
        for name in ("program.bin", "state.bin"):
            whole = (data / name).read_bytes()
            for cut in (1, 40, len(whole) // 2, len(whole) - 8):
                broken = pathlib.Path(self.folder.name, "broken-there")
                shutil.rmtree(broken, ignore_errors=True)
                shutil.copytree(data, broken)
                (broken / name).write_bytes(whole[:cut])
                with self.subTest(file=name, cut=cut):
                    self.assertRegex(self.module("tutorial", "as-happened", 0, 1, data=broken), "^exit 1: status ")
        self.assertIn("status -200", self.module("tutorial", "as-happened", 0, 1, [99, 0, 19600, 1]))
        self.assertIn("status -200", self.module("tutorial", "as-happened", 0, 1, [0, 9, 19600, 1]))

    @unittest.skipUnless(NODE, "node is not installed")
    def test_a_failed_check_is_no_number(self):
        data = self.edited("hazard: 1 / patience", "hazard: -1 / patience")
        self.assertIn("status -100", self.native("tutorial", "as-happened", 0, 2, data=data))
        self.assertIn("status -100", self.module("tutorial", "as-happened", 0, 2, data=data))

    @unittest.skipUnless(NODE, "node is not installed")
    def test_members_beyond_the_stored_ones(self):
        """They begin on the eve, and stand beside stored ones in one piece."""
        for name in self.sites:
            with self.subTest(corridor=name):
                native = self.native(name, "as-happened", 3, 6)
                self.assertRegex(native, "values, hash")
                self.assertEqual(self.module(name, "as-happened", 3, 6), native)

    @unittest.skipUnless(NODE, "node is not installed")
    def test_a_step_before_the_stored_day(self):
        for name, (_, corridor) in self.sites.items():
            early = day(corridor["from"]) - 20
            with self.subTest(corridor=name):
                native = self.native(name, "as-happened", 0, 3, [0, 0, early, 0.5])
                self.assertRegex(native, "values, hash")
                self.assertEqual(self.module(name, "as-happened", 0, 3, [0, 0, early, 0.5]), native)
                self.assertNotEqual(native, self.native(name, "as-happened", 0, 3))


@unittest.skipUnless(PASO and NODE and LIVE.exists(), "needs the command, the benchmarks and node")
class WholeBorder(unittest.TestCase):
    """The largest corridor: signals with memory, events, student shocks, formulas in policies."""

    def test_module_and_native(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([PASO, "site", ROOT / "corridors/us-mexico", folder, "--members", "2", "--force", "--quiet"], check=True)
            data = pathlib.Path(folder, "data")
            corridor = json.loads((data / "corridor.json").read_text())
            names = [p["name"] for p in corridor["policies"]]
            dates = [day(x) for x in (corridor["from"], "2024-06-01", corridor["clock"]["now"])]
            for policy in ("as-happened", "with-politics", "both-harden"):
                words = [data, names.index(policy), *dates, 0, 2]
                with self.subTest(policy=policy):
                    native = printed([LIVE, *words])
                    self.assertRegex(native, r"^\d+ values, hash [0-9a-f]{8}\n$")
                    self.assertEqual(printed([NODE, ROOT / "page/wasm/live.mjs", *words]), native)


class Committed(unittest.TestCase):
    @unittest.skipUnless(CLANG and WASI.exists(), "clang-14 with wasi-libc is not installed")
    def test_module_is_that_of_the_sources(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder, "paso.wasm")
            subprocess.run([ROOT / "page/wasm/build.sh", out], check=True)
            committed = (ROOT / "page/wasm/paso.wasm").read_bytes()
            self.assertTrue(out.read_bytes() == committed, "rebuild it: page/wasm/build.sh")


if __name__ == "__main__":
    unittest.main()
