"""What --fixed changes, one test a difference: Flee's code and what its documentation says."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import test_flee_oracle as oracle

PASO = os.environ.get("PASO", "")
DAYS = 6
ROADS = [("Ash", "Camp", 50), ("Ash", "Down", 50)]


def places(*changes):
    """A place of conflict at home and two camps abroad; changes: (name, column, value)."""
    columns = ("name", "region", "country", "x", "y", "kind", "date", "size")
    rows = {"Ash": ["Ash", "R", "Home", 60.0, 0.0, "conflict_zone", 0, 1000],
            "Camp": ["Camp", "S", "Away", 60.0, 2.0, "camp", 0, ""],
            "Down": ["Down", "S", "Away", 61.0, 0.0, "camp", 0, ""]}
    for name, column, value in changes:
        rows[name][columns.index(column)] = value
    return [tuple(row) for row in rows.values()]


def small(locations=None, **changes):
    counts = {"total": [(0, 0), (5, 500)], "Camp": [(0, 0), (5, 500)], "Down": [(0, 0)]}
    base = {"days": DAYS, "locations": locations or places(), "routes": ROADS, "counts": counts,
            "conflicts": {"Ash": [1.0] * DAYS}}
    return oracle.scenario(**{**base, **changes})


def driven(**settings):
    return {"conflict_driven_spawning": {"spawn_mode": "constant", "displaced_per_conflict_day": 10}, **settings}


def run(s, *options):
    with tempfile.TemporaryDirectory() as name:
        oracle.write_scenario(pathlib.Path(name), s)
        return subprocess.run([PASO, "flee", name, *options], capture_output=True, text=True)


def both(s):
    """The last day's mean of each camp and everybody: as Flee's code, and --fixed."""
    out = []
    for options in ([], ["--fixed"]):
        done = run(s, "--json", "--curves", "--members", "100", *options)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        o = json.loads(done.stdout)
        out.append([*(camp["mean"][-1] for camp in o["camps"]), o["people_end"]])
    return out


@unittest.skipUnless(PASO, "needs the command")
class Fixed(unittest.TestCase):
    def test_intensities_follow_the_file(self):
        code, fixed = both(small(conflicts={"Ash": [1.0, 1.0, 2.0, 2.0, 1.0, 1.0]}, settings=driven()))
        self.assertEqual((code[-1], fixed[-1]), (60, 80))

    def test_a_conflict_date_starts_a_conflict_without_a_column(self):
        locations = places(("Ash", "kind", "conflict_zone"), ("Ash", "date", 4))
        locations.append(("Birch", "R", "Home", 1.0, 1.0, "conflict_zone", 0, 100))
        roads = ROADS + [("Birch", "Ash", 10)]
        code, fixed = both(small(locations, routes=roads, conflicts={"Birch": [1.0] * DAYS}, settings=driven()))
        self.assertEqual((code[-1], fixed[-1]), (60, 80))

    def test_links_close(self):
        code, fixed = both(small(closures=[("link", "Ash", "Camp", 0, 10), ("link", "Ash", "Down", 0, 10)]))
        self.assertEqual((code[0] + code[1] > 300, fixed[:2]), (True, [0, 0]))

    def test_forced_links_take_everybody(self):
        roads = [("Ash", "Camp", 50, {"forced": 1}), ("Ash", "Down", 50, {"forced": 0})]
        code, fixed = both(small(routes=roads, settings={"camp_movechance": 0.0}))
        self.assertAlmostEqual(code[0] / code[1], 2, delta=0.2)  # the link is there twice
        self.assertEqual(fixed[:2], [500, 0])

    def test_a_lifted_redirection_forces_nobody(self):
        roads = [("Ash", "Camp", 50, {"forced": 1}), ("Ash", "Down", 50, {"forced": 0})]
        lifted = [("remove_forced_redirection", "Ash", "Camp", 0, -1)]
        _, fixed = both(small(routes=roads, closures=lifted, settings={"camp_movechance": 0.0}))
        self.assertAlmostEqual(fixed[0] / fixed[1], 1, delta=0.1)

    def test_day_0_counts_once(self):
        counts = {"total": [(0, 40), (5, 500)], "Camp": [(0, 40), (5, 500)], "Down": [(0, 0)]}
        raw = [list(csv.DictReader(run(small(counts=counts), "--format", "csv", *options).stdout.splitlines()))[0]
               for options in ([], ["--fixed"])]
        self.assertEqual([row["raw UNHCR refugee count"] for row in raw], ["80", "40"])

    def test_day_0_takes_no_capacity(self):
        counts = {"total": [(0, 40), (5, 500)], "Camp": [(0, 40), (5, 500)], "Down": [(0, 0)]}
        code, fixed = both(small(places(("Camp", "size", 60)), counts=counts, settings={"camp_movechance": 0.0}))
        self.assertEqual(code[0], 40)  # 20 of 60 are left, and 40 are there
        self.assertGreater(fixed[0], 56)

    def test_no_capacity_is_none_and_a_blank_is_no_limit(self):
        code, fixed = both(small(places(("Camp", "size", 0)), settings={"camp_movechance": 0.0}))
        self.assertAlmostEqual(code[0] / code[1], 1, delta=0.1)
        self.assertEqual((fixed[0], fixed[1] > 300), (0, True))

    def test_awareness_0_sees_distances(self):
        code, fixed = both(small(places(("Camp", "kind", "town")), settings={
            "awareness_level": 0, "camp_weight": 1000.0, "default_movechance": 0.0051, "camp_movechance": 0.0},
            counts={"total": [(0, 0), (5, 500)], "Down": [(0, 0), (5, 500)]}))
        self.assertEqual(code[0], 0)
        self.assertAlmostEqual(fixed[0], 250, delta=25)

    def test_awareness_minus_1_sees_nothing(self):
        roads = [("Ash", "Camp", 10), ("Ash", "Down", 190)]
        code, fixed = both(small(routes=roads, settings={"awareness_level": -1, "camp_movechance": 0.0,
                                                         "conflict_movechance": 1.0}))
        self.assertAlmostEqual(code[0] / code[1], 10, delta=2)  # 1 behaves the same: 200 to 20
        self.assertAlmostEqual(fixed[0] / fixed[1], 1, delta=0.1)

    def test_home_has_its_latitude_first(self):
        code, fixed = both(small(settings={"stay_close_to_home": True, "home_distance_power": 1.0,
                                           "camp_movechance": 0.0}))
        self.assertAlmostEqual(code[1] / code[0], 2, delta=0.2)
        self.assertAlmostEqual(fixed[1] / fixed[0], 1, delta=0.1)

    def test_camps_are_sinks(self):
        s = small(counts={"total": [(0, 100), (5, 100)], "Camp": [(0, 100)], "Down": [(0, 0)]},
                  settings={"camp_movechance": 0.5, "camps_are_sinks": True})
        code, fixed = both(s)
        self.assertLess(code[0], 80)
        self.assertEqual(fixed[0], 100)

    def test_match_rules_count_people_in_places(self):
        s = small(routes=[("Ash", "Camp", 500), ("Ash", "Down", 500)], people=oracle.peoples,
                  settings={"MatchCampEthnicity": True, "weight_softening": 0.1})
        done = run(s)
        self.assertEqual(done.returncode, 1)
        self.assertIn("a Match rule is on and people are between places, where Flee stops", done.stderr)
        self.assertEqual(run(s, "--fixed").returncode, 0)

    def test_towns_do_not_become_camps(self):
        s = small(places(("Down", "kind", "town")), settings={"default_movechance": 0.001},
                  counts={"total": [(0, 0), (5, 500)], "Camp": [(0, 0), (5, 500)]})
        done = run(s)
        self.assertEqual(done.returncode, 3)
        self.assertIn("Down: expected a row for each camp of locations.csv, found none", done.stderr)
        self.assertEqual(run(s, "--fixed").returncode, 0)

    def test_dates_are_the_day_itself(self):
        first = [run(small(), "--format", "csv", *options).stdout.splitlines()[1] for options in ([], ["--fixed"])]
        self.assertEqual([row.split(",")[1] for row in first], ["2020-03-02", "2020-03-01"])


if __name__ == "__main__":
    unittest.main()
