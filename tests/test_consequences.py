#!/usr/bin/env python3
"""Of the corridor us-mexico: nobody but a child stays in Border Patrol custody for longer than its own standard allows, however many come;
who sets out answers to hope one for one, as the parameters mind_odds and mind_cost say; and a case heard from Mexico is a case decided."""
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import unittest

PASO = os.environ.get("PASO", "build/paso")
HERE = pathlib.Path(__file__).resolve().parent.parent / "corridors" / "us-mexico"


def run(folder, corridor, *options):
    """{observable: [sum of its cells, by period]} of one member"""
    store = pathlib.Path(folder) / "run.db"
    subprocess.run([PASO, "run", corridor, "--out", store, "--force", "-n", "1", "-q", *options], check=True, stdout=subprocess.DEVNULL)
    found = {}
    with sqlite3.connect(store) as db:
        cells = dict(db.execute("SELECT o.name, max(1, count(c.id)) FROM observable o LEFT JOIN cell c ON c.observable = o.id GROUP BY o.id"))
        for name, blob in db.execute("SELECT o.name, value FROM sample s JOIN observable o ON o.id = s.observable"):
            x = struct.unpack(f"<{len(blob) // 8}d", blob)
            n = len(x) // cells[name]
            found[name] = [sum(x[k::n]) for k in range(n)]
    return found


class Consequences(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def test_custody_does_not_fill_without_end(self):
        found = run(self.folder.name, HERE, "--until", "2024-02-01", "--set", "desk_share=0.03")
        desks = 0.03 * 16900 * 8 / 2.2                       # people a day, in the middle
        arrive = sum(found["encounters"]) / 62
        self.assertGreater(arrive, 1.5 * desks)
        self.assertLess(max(found["in_custody"]), 4 * desks + 2 * arrive)   # three days' work, and who came today

    def test_those_who_set_out_answer_to_hope(self):
        copy = pathlib.Path(self.folder.name) / "variant"
        shutil.copytree(HERE, copy)
        path = copy / "roots.yml"
        text = re.sub(r"(?m)^(  hope: .*is: )exp(\(.*\)\)), doc", r'\1"if(today < 2024-01-01, 1, 0.8) * exp\2", doc', path.read_text())
        path.write_text(text)
        low = run(self.folder.name, copy, "--until", "2024-08-01")["departures"]
        base = run(self.folder.name, HERE, "--until", "2024-08-01")["departures"]
        self.assertEqual(low[0], base[0])                    # December: nothing has changed
        self.assertAlmostEqual(sum(low[4:]) / sum(base[4:]), 0.8, delta=0.06)

    def test_cases_heard_from_mexico_are_decided(self):
        options = ("--all", "--until", "2024-08-01")
        wait = run(self.folder.name, HERE, *options, "--policy", "remain-in-mexico")["decided"]
        base = run(self.folder.name, HERE, *options, "--policy", "as-happened")["decided"]
        self.assertEqual(wait[0], base[0])                   # December: nothing has changed
        self.assertEqual(wait[-1] - base[-1], 31 * 150)      # all that the hearings for those who wait can take, in July


if __name__ == "__main__":
    unittest.main()
