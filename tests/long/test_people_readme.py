"""The tables of the whole corridor in the README of corridors/us-mexico are what its commands print today."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
PASO = os.environ.get("PASO")


class Readme(unittest.TestCase):
    @unittest.skipUnless(PASO, "no command: set PASO")
    def test_tables_are_printed_today(self):
        corridor, stores = ROOT / "corridors/us-mexico", []
        with tempfile.TemporaryDirectory() as folder:
            for name, options in (("people", ["--from", "2018-10-01", "--known-until", "2024-01-01"]), ("december", ["--from", "2023-12-01"])):
                stores.append(pathlib.Path(folder, name + ".db"))
                subprocess.run([PASO, "run", corridor, *options, "--until", "2024-01-01", "--members", "100", "--out", stores[-1], "--quiet"],
                               check=True, stdout=subprocess.DEVNULL)
            done = subprocess.run([sys.executable, ROOT / "tools/people_table.py", *stores], check=True, capture_output=True, text=True)
        kept = (corridor / "README.md").read_text(encoding="utf-8")
        blocks = done.stdout.strip().split("\n\n")
        self.assertEqual(len(blocks), 4)
        for block in blocks:
            self.assertIn(block, kept, "run the README's commands and put their tables in")


if __name__ == "__main__":
    unittest.main()
