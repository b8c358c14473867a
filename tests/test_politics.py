#!/usr/bin/env python3
"""Politics is a layer that can be taken away: with its switches at 0 nothing differs from a corridor that
never had it, and each switch leaves alone what it does not feed. Equality is of bits, member by member."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

PASO = os.environ.get("PASO", "build/paso")
HERE = pathlib.Path(__file__).resolve().parent.parent / "corridors" / "us-mexico"
SPAN = ["--from", "2023-12-01", "--until", "2024-07-01", "-n", "3", "-q"]


def samples(corridor, out, policies):
    """{policy: {observable: bytes of all members}}"""
    store = pathlib.Path(out) / (corridor.name + ".db")
    command = [PASO, "compare" if len(policies) > 1 else "run", corridor, "--out", store, "--force", *SPAN]
    subprocess.run([*command, *(x for p in policies for x in ("-p", p))], check=True, stdout=subprocess.DEVNULL)
    found = {p: {} for p in policies}
    with sqlite3.connect(store) as db:
        rows = db.execute("SELECT p.name, o.name, value FROM sample s JOIN policy p ON p.id = s.policy"
                          " JOIN observable o ON o.id = s.observable ORDER BY member")
        for policy, name, value in rows:
            found[policy][name] = found[policy].get(name, b"") + value
    return found


def without_the_file(folder):
    copy = pathlib.Path(folder) / "bare"
    shutil.copytree(HERE, copy)
    (copy / "politics.yml").unlink()
    top = copy / "corridor.yml"
    top.write_text(top.read_text().replace(", politics.yml", ""))
    return copy


class Politics(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def variant(self, text):
        copy = pathlib.Path(self.folder.name) / "variant"
        shutil.copytree(HERE, copy)
        with open(copy / "politics.yml", "a") as file:
            file.write(text)
        return copy

    def test_off_is_the_corridor_without_the_file(self):
        bare = samples(without_the_file(self.folder.name), self.folder.name, ["as-happened"])["as-happened"]
        off = samples(HERE, self.folder.name, ["as-happened"])["as-happened"]
        self.assertGreater(len(bare), 50)
        self.assertEqual([], [name for name in bare if bare[name] != off[name]])

    def test_a_part_leaves_alone_what_it_does_not_feed(self):
        parts = {"calendar": ["encounters", "cars", "backlog", "accord_now", "pressure_now"],
                 "congress": ["accord_now", "pressure_now"],
                 "pressure": ["package_now", "accord_now"],
                 "bargain": ["cars", "drugs_found", "package_now", "pressure_now"]}
        text = "".join(f"  only-{p}: {{base: as-happened, from: 2023-12-01, set: {{politics_{p}: 1}}}}\n" for p in parts)
        found = samples(self.variant(text), self.folder.name, ["as-happened", *(f"only-{p}" for p in parts)])
        for part, names in parts.items():
            for name in names:
                if name in found["as-happened"]:
                    self.assertEqual(found["as-happened"][name], found[f"only-{part}"][name], (part, name))
        self.assertNotEqual(found["as-happened"]["effort_now"], found["only-bargain"]["effort_now"])
        self.assertNotEqual(found["as-happened"]["concern_now"], found["only-calendar"]["concern_now"])


if __name__ == "__main__":
    unittest.main()
