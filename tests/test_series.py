"""What corridors/us-mexico is given. tools/make_us_mexico.py gives the committed series again, byte by byte. The collected tables are an optional sibling folder;
without them those tests are skipped. What is committed is checked for its months and dates either way."""

import csv
import datetime
import os
import pathlib
import re
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
        kept = {file.name: file.read_bytes() for file in SERIES.glob("*.csv") if file.name != "wave.csv"}   # tools/fit_wave.sh makes that one
        self.assertEqual(sorted(made), sorted(kept))
        for name in kept:
            self.assertTrue(made[name] == kept[name], f"{name} differs")

    def test_nothing_outside_the_record(self):
        files = sorted(SERIES.glob("*.csv"))
        self.assertEqual(len(files), 27)
        for file in files:
            with open(file, newline="", encoding="utf-8") as rows:
                months = [row["date"] for row in csv.DictReader(rows)]
            self.assertTrue(months, file.name)
            self.assertLessEqual("2018-10", min(months) + ("-10" if len(min(months)) == 4 else ""), file.name)
            self.assertLessEqual(max(months), "2023-12", file.name)


class Dates(unittest.TestCase):
    """From October 2021 settings of custody and detention change on dates of policy events only"""

    FREE = ("port_slots", "parole_slots", "judge_posts", "court_pace")

    def setUp(self):
        self.text = (ROOT / "corridors/us-mexico/policies.yml").read_text(encoding="utf-8")
        settings = re.findall(r"^ {6}(\w+)[^:#]*: +\{(.*)\}", self.text, re.MULTILINE)
        self.assertGreater(len(settings), 30)
        self.used = {date for lever, values in settings if lever not in self.FREE
                     for date in re.findall(r"\d{4}-\d\d-\d\d", values) if date > "2021-10-01"}

    def test_each_date_is_named(self):
        named = set(re.findall(r"(\d{4}-\d\d-\d\d) [A-Za-z]", self.text.partition("policies:")[0]))
        self.assertEqual(self.used, named)

    def test_each_date_is_of_an_event(self):
        events = TABLES / "policy_events.csv"
        if not events.is_file():
            self.skipTest("no collected events beside the sources (../shared/data/us-mexico)")
        dates = set()
        with open(events, newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                day = datetime.date.fromisoformat(row["date"])
                dates |= {str(day), str(day + datetime.timedelta(days=1))}
        self.assertLessEqual(self.used, dates)


if __name__ == "__main__":
    unittest.main()
