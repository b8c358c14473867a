"""Each movement rule of Flee: people counted by state against one object a person, as laws.

Every rule is a small invented scenario. The mean of each camp on some days must agree within 4.5
standard errors, which happens by chance in fewer than 1 in 100,000 comparisons: with some 500
comparisons and fixed seeds, a false alarm is a 1 in 300 event of writing a test, not of running it.
To that comes an allowance where the counts are knowingly coarser than Flee: 1 % of the people where
recent travel is in steps, 2 % where a camp fills up.
"""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import flee_oracle

PASO = os.environ.get("PASO", "")
DAYS, ORACLE_MEMBERS, MEMBERS, SIGMAS = 16, 40, 400, 4.5
SHOWN = (3, 6, 10, 15)

PLACES = [
    ("Ashford", "North", "Vale", 1.0, 1.0, "conflict_zone", 0, 900),
    ("Birch", "North", "Vale", 1.0, 2.0, "conflict_zone", 3, 600),
    ("Cold", "South", "Vale", 2.0, 1.0, "town", 0, 300),
    ("Dale", "South", "Vale", 2.0, 2.0, "town", 0, 20000),
    ("Eastgate", "East", "Ridge", 3.0, 3.0, "forwarding_hub", 0, 0),
    ("Fern", "East", "Ridge", 3.0, 4.0, "camp", 0, 0),
    ("Glen", "West", "Moor", 0.0, 4.0, "camp", 0, 0),
    ("Heath", "West", "Moor", 0.0, 5.0, "idpcamp", 0, 0),
]
ROUTES = [("Ashford", "Birch", 40), ("Ashford", "Cold", 70), ("Birch", "Dale", 55), ("Cold", "Dale", 30),
          ("Cold", "Fern", 210), ("Dale", "Eastgate", 90), ("Eastgate", "Fern", 25), ("Dale", "Glen", 160),
          ("Glen", "Heath", 45), ("Birch", "Glen", 300)]


def scenario(**changes):
    base = {
        "days": DAYS, "locations": PLACES, "routes": ROUTES,
        "conflicts": {"Ashford": [1.0] * DAYS, "Birch": [0.0] * 3 + [0.5] * 7 + [0.0] * (DAYS - 10)},
        "counts": {"total": [(0, 60), (15, 400)], "Fern": [(0, 20), (10, 190), (15, 200)],
                   "Glen": [(0, 30), (15, 150)], "Heath": [(0, 10), (15, 50)]},
        "settings": {"max_move_speed": 200.0},
    }
    base.update({k: v for k, v in changes.items() if k != "settings"})
    base["settings"] = dict(base["settings"], **changes.get("settings", {}))
    return base


def with_place(index, **changes):
    names = ("name", "region", "country", "x", "y", "kind", "date", "size", "attributes")
    places = [list(p) for p in PLACES]
    for key, value in changes.items():
        if key == "attributes":
            places[index] = places[index][:8] + [value]
        else:
            places[index][names.index(key)] = value
    return [tuple(p) for p in places]


AGES = {8: 0.3, 16: 0.2, 40: 0.3, 70: 0.2}
GENDERS = {"male": 0.5, "female": 0.5}


# value: weight by default, weight in Ashford
ETHNICITIES = {"hill": (0.7, 0.2), "lake": (0.3, 0.8)}
RELIGIONS = {"old": (0.6, 0.6), "new": (0.4, 0.4)}


def demographic(r, place):
    return r.choices(list(AGES), AGES.values())[0], r.choices(list(GENDERS), GENDERS.values())[0]


def peoples(r, place):
    def draw(table):
        return r.choices(list(table), [w[place == "Ashford"] for w in table.values()])[0]
    return 30, "male", draw(ETHNICITIES), draw(RELIGIONS)


HAZARDS = {"conflict_weight": 0.25, "camp_weight": 3.0}
# name: (scenario, allowance as a share of the people)
RULES = {
    "plain": (scenario(), 0),
    "weights": (scenario(settings={"camp_weight": 2.0, "foreign_weight": 1.5, "conflict_weight": 0.25}), 0),
    "softening": (scenario(settings={"softening": 80.0, "distance_power": 0.5, "weight_softening": 0.4,
                                     "weight_power": 1.7}), 0),
    "move chances": (scenario(settings={"default_movechance": 0.7, "camp_movechance": 0.05,
                                        "idpcamp_movechance": 0.3, "conflict_movechance": 0.6}), 0),
    "awareness 2": (scenario(settings={"awareness_level": 2}), 0),
    "awareness 3": (scenario(settings={"awareness_level": 3}), 0),
    "awareness 0 freezes": (scenario(settings={"awareness_level": 0}), 0),
    "awareness -1 is 1": (scenario(settings={"awareness_level": -1}), 0),
    "pruning": (scenario(settings={"awareness_level": 2, "pruning_threshold": 2.0}), 0),
    "on foot first": (scenario(settings={"start_on_foot": True}), 0),
    "short stints": (scenario(settings={"avoid_short_stints": True}), 0.01),
    "on foot, short stints": (scenario(settings={"avoid_short_stints": True, "start_on_foot": True}), 0.01),
    "slow": (scenario(settings={"max_move_speed": 60.0}), 0),
    "marker": (scenario(locations=with_place(4, kind="marker")), 0),
    "marker, awareness 2": (scenario(locations=with_place(4, kind="marker"), settings={"awareness_level": 2}), 0),
    "conflict decay": (scenario(settings={"conflict_spawn_decay": [1.0, 0.5, 0.1],
                                          "conflict_spawn_decay_interval": 4}), 0),
    "population and weight": (scenario(settings={"use_pop_for_loc_weight": True,
                                                 "pop_power_for_loc_weight": 0.3}), 0),
    "population and leaving": (scenario(settings={"movechance_pop_base": 10000.0,
                                                  "movechance_pop_scale_factor": 0.5}), 0),
    "take from population": (scenario(settings={"take_from_population": True}), 0),
    "economic pull": (scenario(locations=with_place(5, attributes={"trade_volume": 1.5, "hdi": 0.7}),
                               settings={"use_economic_pull": True}), 0),
    "capacity": (scenario(locations=with_place(5, size=90)), 0.02),
    "capacity scaling": (scenario(locations=with_place(5, size=60), settings={"capacity_scaling": 1.5,
                                                                              "capacity_buffer": 0.6}), 0.02),
    "capacity grows": (scenario(locations=[p if p[0] != "Fern" else p[:7] + (50, {"capacity_per_day": 8})
                                           for p in PLACES]), 0.02),
    "country closed": (scenario(closures=[("country", "Vale", "Ridge", 2, 8)]), 0),
    "place closed": (scenario(closures=[("location", "Dale", "", 1, 7)]), 0),
    "place closed, awareness 2": (scenario(closures=[("location", "Dale", "", 4, 9)],
                                           settings={"awareness_level": 2}), 0),
    "camp opens": (scenario(closures=[("camp", "Glen", "", 0, 6)]), 0),
    "parallel links": (scenario(routes=ROUTES + [("Cold", "Fern", 100)]), 0),
    "speed of a link": (scenario(routes=[(a, b, km, {"max_move_speed": 30.0 + km}) for a, b, km in ROUTES]), 0),
    "walking on a link": (scenario(routes=[(a, b, km, {"walk_probability": 0.4}) for a, b, km in ROUTES]), 0),
    "empty camps": (scenario(settings={"empty_camps_on_day0": True}), 0),
    "nobody inserted": (scenario(settings={"insert_day0": False}), 0),
    "driven": (scenario(settings={"conflict_driven_spawning": {"spawn_mode": "constant",
                                                               "displaced_per_conflict_day": 20}}), 0),
    "driven by population": (scenario(settings={"conflict_driven_spawning": {
        "spawn_mode": "pop_ratio", "displaced_per_conflict_day": 0.02}}), 0),
    "driven by chance": (scenario(settings={"conflict_driven_spawning": {
        "spawn_mode": "poisson", "displaced_per_conflict_day": 15}}), 0),
    "the total counts": (scenario(settings={"sum_from_camps": False}), 0),
    "counts that fall": (scenario(counts={"total": [(0, 60), (15, 400)], "Fern": [(0, 20), (5, 150), (7, 90), (15, 200)],
                                          "Glen": [(0, 30), (15, 150)], "Heath": [(0, 10), (15, 50)]}), 0),
    "corrections": (scenario(corrections=[("Fern", 10), ("Glen", 15)]), 0),
    "two corrections": (scenario(counts={"total": [(0, 60), (15, 400)], "Fern": [(0, 20), (4, 60), (8, 80), (15, 200)],
                                         "Glen": [(0, 30), (15, 150)], "Heath": [(0, 10), (15, 50)]},
                                 corrections=[("Fern", 4), ("Fern", 8)]), 0),
    "a conflict begins": (scenario(conflicts={"Ashford": [1.0] * DAYS, "Birch": [0.0] * 3 + [30.0] * 13}), 0),
    "close to home": (scenario(locations=[p[:3] + (3 * p[3], 55 + 3 * p[4]) + p[5:] for p in PLACES], settings={"stay_close_to_home": True, "home_distance_power": 0.8}), 0),
    "changes of places": (scenario(changes=[("Cold", "marker", 4), ("Birch", "camp", 12), ("Dale", "conflict_zone", 6),
                                            ("Heath", "town", 8)]), 0),
    "displaced at the start": (scenario(locations=with_place(7, attributes={"initial_idps": 40})), 0),
    "conflict changes and returns": (scenario(conflicts={"Ashford": [1.0] * 4 + [0.2] * 3 + [0.0] * 3 + [2.0] * 6,
                                                         "Birch": [0.5] * DAYS}), 0),
    "conflict of locations.csv alone": (scenario(conflicts={"Birch": [0.0] * 2 + [1.0] * 14}), 0),
    "conflict intensity of a place": (scenario(locations=with_place(0, attributes={"conflict_intensity": 3.0}),
                                               conflicts={"Birch": [1.0] * DAYS}), 0),
    "forced twice": (scenario(routes=[(a, b, km, {"forced": int(a == "Dale")}) for a, b, km in ROUTES]), 0),
    "closed for a day, slow": (scenario(closures=[("country", "Vale", "Ridge", 5, 6)],
                                        settings={"max_move_speed": 60.0}), 0),
    "closed and never opened": (scenario(closures=[("country", "Moor", "Vale", 3, -1)]), 0),
    "links do not close": (scenario(closures=[("link", "Cold", "Fern", 0, 10)]), 0),
    "idp camp closes": (scenario(closures=[("idpcamp", "Heath", "", 3, 9)]), 0),
    "towns become camps": (scenario(counts={"total": [(0, 60), (15, 400)], "Birch": [(0, 0)], "Cold": [(0, 0)],
                                            "Dale": [(0, 5)], "Fern": [(0, 20), (10, 190), (15, 200)],
                                            "Glen": [(0, 30), (15, 150)], "Heath": [(0, 10), (15, 50)]},
                                    settings={"default_movechance": 0.004, "camp_movechance": 0.2}), 0),
    "buffer of one": (scenario(locations=with_place(5, size=90), settings={"capacity_buffer": 1.0}), 0.02),
    "awareness 5": (scenario(settings={"awareness_level": 5, "distance_power": 2.0}), 0),
    "ethnicities": (scenario(people=peoples, settings={"max_move_speed": 400.0, "MatchCampEthnicity": True,
                                                       "MatchTownEthnicity": True, "MatchConflictEthnicity": True,
                                                       "weight_softening": 0.3}), 0.01),
    "religions": (scenario(people=peoples, settings={"max_move_speed": 400.0, "MatchCampReligion": True,
                                                     "weight_softening": 0.1}), 0.01),
    "children": (scenario(people=demographic, settings=dict(HAZARDS, ChildrenAvoidHazards=True)), 0),
    "boys": (scenario(people=demographic, settings=dict(HAZARDS, ChildrenAvoidHazards=True, BoysTakeRisk=True)), 0),
    "elderly, women": (scenario(people=demographic, settings=dict(HAZARDS, ElderlyAvoidHazards=True,
                                                                  WomenAvoidHazards=True)), 0),
}


def write_rows(path, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def attribute_names(rows, at):
    return sorted({name for row in rows if len(row) > at for name in row[at]})


def date(day):
    return f"2020-03-{day + 1:02d}"


def yaml_value(value):
    return json.dumps(value) if not isinstance(value, bool) else str(value)


def write_scenario(folder, s):
    """The same scenario in Flee's layout."""
    given, data = folder / "input_csv", folder / "source_data"
    given.mkdir()
    data.mkdir()
    extra = attribute_names(s["locations"], 8)
    write_rows(given / "locations.csv",
               [["#name", "region", "country", "lat", "lon", "type", "date", "pop", *extra]]
               + [[*row[:8], *[(row[8] if len(row) > 8 else {}).get(n, "") for n in extra]] for row in s["locations"]])
    extra = [name for name in attribute_names(s["routes"], 3) if name != "forced"]
    write_rows(given / "routes.csv", [["#name1", "name2", "distance", "forced_redirection", *extra]]
               + [[*row[:3], (row[3] if len(row) > 3 else {}).get("forced", ""), *[row[3][n] for n in extra]]
                  for row in s["routes"]])
    write_rows(given / "conflicts.csv", [["#Day", *s["conflicts"]]]
               + [[t, *[c[t] for c in s["conflicts"].values()]] for t in range(s["days"])])
    write_rows(given / "closures.csv", [["#type", "name1", "name2", "start", "end"], *s.get("closures", [])])
    write_rows(given / "sim_period.csv", [["StartDate", date(0)], ["Length", s["days"]]])
    write_rows(data / "data_layout.csv", [[name, f"{name}.csv"] for name in s["counts"]])
    for name, rows in s["counts"].items():
        write_rows(data / f"{name}.csv", [[date(day), count] for day, count in rows])
    if "people" in s:
        write_rows(given / "demographics_age.csv", [["age", "Default"], *AGES.items()])
        write_rows(given / "demographics_gender.csv", [["gender", "Default"], *GENDERS.items()])
    if s.get("people") is peoples:
        for name, table in (("ethnicity", ETHNICITIES), ("religion", RELIGIONS)):
            write_rows(given / f"demographics_{name}.csv", [[name, "Default", "Ashford"], *[(k, *w) for k, w in table.items()]])
    if "corrections" in s:
        write_rows(given / "registration_corrections.csv", [[name, date(day)] for name, day in s["corrections"]])
    if "changes" in s:
        write_rows(folder / "location_changes.csv", s["changes"])
    spawn = ("sum_from_camps", "camps_are_sinks", "take_from_population", "insert_day0", "empty_camps_on_day0",
             "conflict_spawn_decay",
             "conflict_spawn_decay_interval", "conflict_driven_spawning")
    lines = ["spawn_rules:"]
    lines += [f"  {k}: {yaml_value(v)}" for k, v in dict({"sum_from_camps": True}, **s["settings"]).items() if k in spawn]
    lines += ["move_rules:"] + [f"  {k}: {yaml_value(v)}" for k, v in s["settings"].items() if k not in spawn]
    (folder / "simsetting.yml").write_text("\n".join(lines) + "\n")


def paso_means(s):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_scenario(folder, s)
        done = subprocess.run([PASO, "flee", name, "--json", "--curves", "--members", str(MEMBERS), "--seed", "7"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return [camp["mean"] for camp in json.loads(done.stdout)["camps"]]


@unittest.skipUnless(PASO, "needs the command")
class Rules(unittest.TestCase):
    def test_rules_agree_as_laws(self):
        for name, (s, allowance) in RULES.items():
            with self.subTest(rule=name):
                self.compare(s, allowance)

    def compare(self, s, allowance):
        ours, theirs = paso_means(s), flee_oracle.mean_and_deviation(s, ORACLE_MEMBERS)
        people = sum(s["counts"][c][-1][1] for c in s["counts"] if c != "total")
        self.assertEqual(len(ours), len(theirs[0]))
        for day in SHOWN:
            for camp, curve in enumerate(ours):
                mean, deviation = theirs[day][camp]
                # 40 members may all show none of a rare event
                error = max(deviation, 0.25) * (1 / ORACLE_MEMBERS + 1 / MEMBERS) ** 0.5
                limit = SIGMAS * error + allowance * people + 1e-9
                self.assertLessEqual(abs(curve[day] - mean), limit,
                                     f"day {day}, camp {camp}: {curve[day]:.2f} against {mean:.2f} ± {error:.2f}")

    def test_a_wrong_rule_would_be_seen(self):
        """The comparison has teeth: neighbouring settings are told apart."""
        wrong = scenario(settings={"camp_weight": 2.5, "foreign_weight": 1.5, "conflict_weight": 0.25})
        right = RULES["weights"][0]
        ours, theirs = paso_means(wrong), flee_oracle.mean_and_deviation(right, ORACLE_MEMBERS)
        worst = max(abs(ours[c][d] - theirs[d][c][0]) / (theirs[d][c][1] * (1 / ORACLE_MEMBERS + 1 / MEMBERS) ** 0.5 + 1e-9)
                    for d in SHOWN for c in range(len(ours)))
        self.assertGreater(worst, SIGMAS)


if __name__ == "__main__":
    unittest.main()
