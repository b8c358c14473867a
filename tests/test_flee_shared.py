"""Six published scenarios against Flee's own results, where they lie beside the project.

Flee's runs are few and have no seed. The mean error of the members may differ by 0.01 and two standard
errors of Flee's mean; where Flee ran once, its spread is taken to be ours. Camp curves: means over
members within 3 % of the people, on every fifth day. Counted columns must be Flee's to the last digit.
"""

import csv
import json
import os
import pathlib
import statistics
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("PASO_FLEE_DATA", ROOT.parent / "shared" / "data" / "flee"))
PASO = os.environ.get("PASO", "")
LONG = os.environ.get("PASO_LONG") == "1"
MEMBERS = 20 if LONG else 6


def flee_results():
    """(scenario, settings, hasten) -> Flee's errors."""
    groups = {}
    with open(DATA / "FLEE_RESULTS.csv", newline="") as rows:
        for row in csv.DictReader(rows):
            key = row["scenario"], row["settings"], int(row["hasten"])
            groups.setdefault(key, []).append(float(row["err_normal"]))
    return groups


def paso(scenario, hasten, *options):
    done = subprocess.run([PASO, "flee", str(DATA / scenario), "--hasten", str(hasten), *options],
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout


def read_curves(scenario, hasten):
    files = sorted((DATA / scenario / "flee_out").glob(f"out_h{hasten}_s*.csv"))
    return [list(csv.DictReader(f.read_text().splitlines())) for f in files]


@unittest.skipUnless(PASO, "needs the command")
@unittest.skipUnless((DATA / "FLEE_RESULTS.csv").exists(), f"no Flee scenarios in {DATA}")
class Published(unittest.TestCase):
    def test_errors(self):
        for (scenario, settings, hasten), flee in flee_results().items():
            if hasten == 1 and not LONG:
                continue
            with self.subTest(scenario=scenario, settings=settings, hasten=hasten):
                ours = json.loads(paso(scenario, hasten, "--json", "--members", str(MEMBERS), "--settings",
                                       str(DATA / scenario / f"{settings}.yml")))
                spread = statistics.stdev(flee) if len(flee) > 1 else ours["error_normal_sd"]
                limit = 0.01 + 2 * spread / len(flee) ** 0.5
                self.assertLessEqual(abs(ours["error_normal"] - statistics.mean(flee)), limit,
                                     f"{ours['error_normal']:.4f} against {statistics.mean(flee):.4f}")

    def test_curves(self):
        for scenario in sorted({key[0] for key in flee_results()}):
            for hasten in (10, 1) if LONG else (10,):
                runs = read_curves(scenario, hasten)
                if runs:
                    with self.subTest(scenario=scenario, hasten=hasten):
                        self.compare_curves(scenario, hasten, runs)

    def compare_curves(self, scenario, hasten, runs):
        camps = json.loads(paso(scenario, hasten, "--json", "--curves", "--members", str(MEMBERS)))["camps"]
        most = max(float(row["refugees in camps (simulation)"]) for row in runs[0])
        for camp in camps:
            for day in range(0, len(runs[0]), 5):
                flee = statistics.mean(float(run[day][f"{camp['name']} sim"]) for run in runs)
                self.assertLessEqual(abs(camp["mean"][day] - flee), 0.03 * most, f"{camp['name']}, day {day}")

    def test_what_is_not_drawn_is_equal(self):
        for scenario in sorted({key[0] for key in flee_results()}):
            runs = read_curves(scenario, 10)
            if not runs:
                continue
            ours = list(csv.DictReader(paso(scenario, 10, "--format", "csv").splitlines()))
            with self.subTest(scenario=scenario):
                self.assertEqual(list(ours[0]), list(runs[0][0]))
                fixed = [name for name in ours[0] if name.endswith(" data") or name in (
                    "Day", "Date", "refugees in camps (UNHCR)", "total refugees (simulation)",
                    "raw UNHCR refugee count", "refugee_debt")]
                for a, b in zip(ours, runs[0]):
                    self.assertEqual([a[name] for name in fixed], [b[name] for name in fixed])
                self.assertEqual(len(ours), len(runs[0]))


if __name__ == "__main__":
    unittest.main()
