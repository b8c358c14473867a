"""The second corridor, written without C: it passes, runs, explains, reports and exports; what its README says is what a replay
gives; and its series are made again from the collected tables, byte by byte, where those are."""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tools")]

import darien_table  # noqa: E402
import mechanisms  # noqa: E402

DARIEN = ROOT / "corridors" / "darien"
TABLES = ROOT / "../shared/data/us-mexico"


@unittest.skipUnless(mechanisms.PASO, "no command was built")
class Darien(unittest.TestCase):
    def test_passes_without_a_warning(self):
        run = subprocess.run([mechanisms.PASO, "check", DARIEN], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_runs_strictly_reports_and_exports(self):
        with tempfile.TemporaryDirectory() as folder:
            store = f"{folder}/d.db"
            policies = ("as-happened", "close-jungle", "half-buses", "visa-for-flights", "fine-again")
            mechanisms.paso("compare", DARIEN, *(w for p in policies for w in ("--policy", p)), "--members", 4, "--all", "--strict", "--quiet", "--out", store)
            mechanisms.paso("report", store, "--quiet", "--out", f"{folder}/d.html")
            self.assertTrue("A visa for flights to Nicaragua" in pathlib.Path(folder, "d.html").read_text(encoding="utf-8"))
            self.assertTrue("present,stop=panama" in mechanisms.paso("export", store, "--format", "csv"))

    def test_readme_has_the_table_of_its_replay(self):
        with tempfile.TemporaryDirectory() as folder:
            store = f"{folder}/replay.db"
            mechanisms.paso("run", DARIEN, "--from", "2022-01-01", "--until", "2024-01-01", "--known-until", "2024-01-01", "--members", 200, "--all", "--quiet", "--out", store)
            self.assertIn(darien_table.table(store), (DARIEN / "README.md").read_text(encoding="utf-8"))

    def test_keeps_its_promises(self):
        rows, empty = mechanisms.empty_cells(DARIEN)
        self.assertGreater(rows, 10)
        self.assertEqual(empty, [])
        self.assertEqual(mechanisms.broken_promises(DARIEN), [])


class Series(unittest.TestCase):
    def test_made_again(self):
        if not TABLES.is_dir():
            self.skipTest("no collected tables beside the sources (../shared/data/us-mexico)")
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, ROOT / "tools/make_darien.py", TABLES, folder], check=True)
            made = {file.name: file.read_bytes() for file in pathlib.Path(folder).iterdir()}
        self.assertEqual(made, {file.name: file.read_bytes() for file in (DARIEN / "series").glob("*.csv")})

    def test_nothing_outside_the_record(self):
        files = sorted((DARIEN / "series").glob("*.csv"))
        self.assertEqual(len(files), 5)
        for file in files:
            with open(file, newline="", encoding="utf-8") as rows:
                months = {row["date"] for row in csv.DictReader(rows)}
            self.assertEqual((min(months), max(months), len(months)), ("2022-01", "2023-12", 24), file.name)


if __name__ == "__main__":
    unittest.main()
