"""The tables in the README of corridors/us-mexico are what its two commands print today."""

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
        with tempfile.TemporaryDirectory() as folder:
            store = pathlib.Path(folder, "replay.db")
            subprocess.run([PASO, "run", ROOT / "corridors/us-mexico/capacity.yml", "--from", "2018-10-01", "--until", "2024-01-01", "--members", "200",
                            "--out", store, "--quiet"], check=True, stdout=subprocess.DEVNULL)
            done = subprocess.run([sys.executable, ROOT / "tools/replay_table.py", store], check=True, capture_output=True, text=True)
        kept = (ROOT / "corridors/us-mexico/README.md").read_text(encoding="utf-8")
        blocks = [block for block in done.stdout.strip().split("\n\n") if block.startswith("|")]
        self.assertEqual(len(blocks), 3)
        for block in blocks:
            self.assertIn(block, kept, "run the README's two commands and put their tables in")


if __name__ == "__main__":
    unittest.main()
