"""The engine against tests/reference.py and, for the yardstick, against bench/yardstick.c: every value
of every day must be the same bits. No tolerance anywhere."""

import datetime
import os
import pathlib
import subprocess
import tempfile
import unittest
from collections import defaultdict

import reference
from reference_random import bits_of

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASO, BENCH = os.environ.get("PASO"), os.environ.get("BENCH")
SEED, MEMBERS = 7, (3, 5)  # not from 0, so that a lane's place cannot pass for its member
START = datetime.date(1970, 1, 1)


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def paso(*options):
    """Standard output of the command, which must succeed; skips while it has no such option"""
    if not PASO:
        raise unittest.SkipTest("no command: set PASO")
    done = run(PASO, *options)
    if done.returncode == 2:
        raise unittest.SkipTest(done.stderr.splitlines()[0])
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def values(lines):
    """(day, member, name, cell) -> value, of lines in the form of `paso trace`"""
    table = {}
    for line in lines:
        day, member, name, cell, value = line.split()
        table[day, int(member), name, int(cell)] = float.fromhex(value)
    return table


def bits(x):
    return bits_of(x) if x == x else "nan"


class Engines(unittest.TestCase):
    def compare(self, corridor, policy, first, n_days):
        """All rows from the day `first` after the start of the clock"""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "program")
            policy = ["--policy", policy] if policy else []
            paso("check", corridor, "--program", file, *policy)
            program = reference.load(file)
        first += program.start
        window = [str(reference.date_of(day)) for day in (first, first + n_days)]
        members = "{}:{}".format(*MEMBERS)
        traced = values(paso("trace", corridor, *policy, "--members", members, "--seed", SEED,
                             "--from", window[0], "--until", window[1]).splitlines())
        n = 0
        for day, member, name, cell, value in reference.trace(
                program, SEED, range(*MEMBERS), first, first + n_days, program.now, reference.everything):
            at = (str(reference.date_of(day)), member, name, cell)
            self.assertIn(at, traced)
            self.assertEqual(bits(traced[at]), bits(value), f"{at}: {traced[at]} by the engine, {value} here")
            n += 1
        self.assertEqual(n, len(traced), "the engine has more rows")

    def test_workout(self):
        for policy in ("as-happened", "harder", "as-happened+harder"):
            with self.subTest(policy=policy):
                self.compare(ROOT / "tests/corridors/workout", policy, 0, 120)

    def test_run_that_starts_later(self):
        self.compare(ROOT / "tests/corridors/workout", "harder", 41, 30)

    def test_yardstick(self):
        self.compare(ROOT / "tests/corridors/yardstick", None, 0, 40)

    def test_shipped_corridors(self):
        for file in sorted(ROOT.glob("corridors/*/corridor.yml")):
            with self.subTest(corridor=file.parent.name):
                self.compare(file.parent, None, 0, 12)


class Yardstick(unittest.TestCase):
    """Final counts and monthly sums of the whole clock"""

    N_MEMBERS = 2

    @unittest.skipUnless(BENCH and pathlib.Path(BENCH, "yardstick").exists(), "bench/yardstick is not built")
    def test_engine_and_hand_agree(self):
        by_hand = run(pathlib.Path(BENCH, "yardstick"), "--seed", SEED, "--members", self.N_MEMBERS)
        by_hand = values(by_hand.stdout.splitlines())
        traced = values(paso("trace", ROOT / "tests/corridors/yardstick", "--seed", SEED,
                             "--members", f"0:{self.N_MEMBERS}").splitlines())
        last = max(day for day, *_ in traced)
        sums = defaultdict(float)
        for (day, *where), value in traced.items():
            sums[day[:7], *where] += value
        self.assertEqual(last, "2020-07-01")
        self.assertGreater(len(by_hand), 1000)
        for (when, *where), value in by_hand.items():
            engine = traced[last, *where] if when == "final" else sums[when, *where]
            self.assertEqual(bits(engine), bits(value), f"{when} {where}")


if __name__ == "__main__":
    unittest.main()
