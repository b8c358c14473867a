"""The corridor that the language was drafted with, where it is at hand: with tables made up for its series and its
one mistake mended it passes the checker, and its skeleton and members run. No number of it means anything."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRAFT = ROOT.parent / "shared" / "design" / "draft-us-mexico"
PASO = os.environ.get("PASO", "")


def members(text, name):
    """Of a set written as a list, or as a table in place"""
    plain = re.search(rf"^  {name}: +\[(.*?)\]", text, flags=re.M)
    if plain:
        return plain[1].split(", ")
    body = re.search(rf"^  {name}:(.*?)(?=^  \w|^\w)", text, flags=re.M | re.S)[1]
    return re.findall(r"^      (\w+): \[", body, flags=re.M)


def make_tables(folder):
    sets = (folder / "corridor.yml").read_text()
    for file in folder.glob("*.yml"):
        for line in re.findall(r"table: (.*)", file.read_text()):
            name, over = line.split(",")[0], re.search(r"over: \[(\w+)\]", line)
            table = folder / name
            table.parent.mkdir(exist_ok=True)
            dates = ["2019", "2020"] if "every: year" in line else ["2018-10", "2018-11"]
            rows = [f"{d},{m},1" for d in dates for m in members(sets, over[1])] if over else [f"{d},0.5" for d in dates]
            table.write_text("\n".join([f"date,{over[1]},value" if over else "date,value", *rows]) + "\n")


@unittest.skipUnless(PASO, "no command was built")
@unittest.skipUnless(DRAFT.exists(), "the draft is not at hand")
class Draft(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory())) / "draft"
        shutil.copytree(DRAFT, self.folder)
        make_tables(self.folder)
        politics = self.folder / "politics.yml"
        politics.write_text(politics.read_text().replace("range: [0.3, 1], bounds: [0, 1]", "range: [0.3, 0.99], bounds: [0, 1]"))

    def paso(self, *words):
        return subprocess.run([PASO, *words], capture_output=True, text=True)

    def succeeds(self, *words):
        done = self.paso(*words)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        return done

    def test_passes_the_checker(self):
        self.assertIn("ok: us-mexico", self.succeeds("check", self.folder).stdout)

    def test_skeleton_and_members_run(self):
        days = ["--from", "2018-10-01", "--until", "2018-12-30"]
        self.assertIn("a central path", self.succeeds("run", self.folder, "--quick", "--all", *days).stderr)
        self.assertIn("16 members", self.succeeds("run", self.folder, "--members", "16", "--all", *days).stderr)


if __name__ == "__main__":
    unittest.main()
