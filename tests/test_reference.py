"""The engine against tests/reference.py and, for the yardstick, against bench/yardstick.c: every value
of every day must be the same bits. No tolerance anywhere."""

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


def run(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True)


def paso(*options):
    """Standard output of the command, which must succeed"""
    if not PASO:
        raise unittest.SkipTest("no command: set PASO")
    done = run(PASO, *options)
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


def trace_all(*options):
    """Rows and observables; a "." marks observables, whose names may be those of rows"""
    seen = values(paso("trace", *options, "--rows").splitlines())
    for (day, member, name, cell), value in values(paso("trace", *options).splitlines()).items():
        seen[day, member, "." + name, cell] = value
    return seen


def everything(one):
    yield from reference.rows(one)
    yield from (("." + name, values) for name, values in reference.observables(one))


class Engines(unittest.TestCase):
    def compare(self, corridor, policy, n_days, n_skipped=0):
        """All rows and observables of days after the start of the clock"""
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "program")
            policy = ["--policy", policy] if policy else []
            paso("check", corridor, "--program", file, *policy)
            program = reference.load(file)
        first, until = program.start + n_skipped, program.start + n_skipped + n_days
        options = [corridor, *policy, "--members", "{}:{}".format(*MEMBERS), "--seed", SEED, "--from",
                   reference.date_of(first), "--until", reference.date_of(until)]
        traced = trace_all(*options)
        lines = reference.trace(program, SEED, range(*MEMBERS), first, until, program.now, everything)
        n = 0
        for n, (day, *where, value) in enumerate(lines, 1):
            at = (str(reference.date_of(day)), *where)
            self.assertIn(at, traced)
            self.assertEqual(bits(traced[at]), bits(value), f"{at}: {traced[at]} by the engine, {value} here")
        self.assertGreater(n, 0)
        self.assertEqual(n, len(traced), "the engine has more rows")

    def test_workout(self):
        for policy in ("as-happened", "harder", "as-happened+harder"):
            with self.subTest(policy=policy):
                self.compare(ROOT / "tests/corridors/workout", policy, 120)

    def test_days_before_the_window_are_run(self):
        self.compare(ROOT / "tests/corridors/workout", "harder", 10, 41)

    def test_yardstick(self):
        self.compare(ROOT / "tests/corridors/yardstick", None, 40)

    def test_shipped_corridors(self):
        for file in sorted(ROOT.glob("corridors/*/corridor.yml")):
            with self.subTest(corridor=file.parent.name):
                self.compare(file.parent, None, 12)
                self.compare(file.parent, None, 3, 92)


class Yardstick(unittest.TestCase):
    """Final counts and monthly sums of the whole clock"""

    N_MEMBERS = 2

    @unittest.skipUnless(BENCH and pathlib.Path(BENCH, "yardstick").exists(), "bench/yardstick is not built")
    def test_engine_and_hand_agree(self):
        by_hand = run(pathlib.Path(BENCH, "yardstick"), "--seed", SEED, "--members", self.N_MEMBERS)
        by_hand = values(by_hand.stdout.splitlines())
        options = [ROOT / "tests/corridors/yardstick", "--seed", SEED, "--members", f"0:{self.N_MEMBERS}"]
        traced = trace_all(*options)
        last = max(day for day, *_ in traced)
        sums = defaultdict(float)
        for (day, *where), value in traced.items():
            sums[day[:7], *where] += value
        self.assertEqual(last, "2020-07-01")
        self.assertGreater(len(by_hand), 1000)
        for (when, member, name, cell), value in by_hand.items():
            where = (member, name, cell) if when == "final" else (member, "." + name, cell)
            engine = traced[last, *where] if when == "final" else sums[when, *where]
            self.assertEqual(bits(engine), bits(value), f"{when} {where}")


if __name__ == "__main__":
    unittest.main()
