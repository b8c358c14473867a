"""tools/make_us_mexico.py gives the committed series again, byte by byte. The collected tables are an optional sibling folder;
without them this is skipped. What is committed is checked for its months either way."""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
SERIES = ROOT / "corridors/us-mexico/series"
TABLES = ROOT / "../shared/data/us-mexico"


class Series(unittest.TestCase):
    def test_made_again(self):
        if not TABLES.is_dir():
            self.skipTest("no collected tables beside the sources (../shared/data/us-mexico)")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, ROOT / "tools/make_us_mexico.py", TABLES, folder], check=True)
            made = {file.name: file.read_bytes() for file in pathlib.Path(folder).iterdir()}
        kept = {file.name: file.read_bytes() for file in SERIES.glob("*.csv")}
        self.assertEqual(sorted(made), sorted(kept))
        for name in kept:
            self.assertTrue(made[name] == kept[name], f"{name} differs")

    def test_nothing_outside_the_record(self):
        files = sorted(SERIES.glob("*.csv"))
        self.assertEqual(len(files), 13)
        for file in files:
            with open(file, newline="", encoding="utf-8") as rows:
                months = [row["date"] for row in csv.DictReader(rows)]
            self.assertTrue(months, file.name)
            self.assertLessEqual("2018-10", min(months), file.name)
            self.assertLessEqual(max(months), "2023-12", file.name)


if __name__ == "__main__":
    unittest.main()
