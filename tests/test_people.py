"""The whole corridor us-mexico: encounters are produced. What is fitted, what is predicted, and what one lever alone does.
Seed 1 and few members; the engine gives the same bits everywhere, so nothing here can fail by chance."""

import csv
import io
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tools"))
import people_table as people  # noqa: E402
import replay_table as table  # noqa: E402

PASO = os.environ.get("PASO")
CORRIDOR = ROOT / "corridors/us-mexico"
SEED = 1
TUCSON, VALLEY = 3, 8


def paso(*words):
    if not PASO:
        raise unittest.SkipTest("no command: set PASO")
    done = subprocess.run([str(word) for word in (PASO, *words)], capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout


def store(folder, name, members, *options):
    file = pathlib.Path(folder, name)
    paso("run", CORRIDOR, "--members", members, "--seed", SEED, "--out", file, "--quiet", *options)
    return people.People(file)


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)


class Record(Folder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.replay = store(cls.folder.name, "replay.db", 24, "--from", "2018-10-01", "--until", "2024-01-01", "--known-until", "2024-01-01")
        cls.addClassCleanup(cls.replay.db.close)

    def test_fitted(self):
        total, origins, each = people.fitted(self.replay)
        self.assertLessEqual(total, 0.05)
        self.assertLessEqual(origins, 0.15)
        self.assertEqual(len(each), 12)

    def check_shares(self, name, seen, n, missed=()):
        """Shares of October 2021 to December 2023 rest on nothing after September 2021; `missed` is said in the README."""
        shares = people.shares(self.replay, name, seen)
        self.assertEqual(len(shares), n)
        for cell, (ours, theirs, _, _) in shares.items():
            with self.subTest(name, cell=cell):
                self.assertLessEqual(abs(ours - theirs), 9 if cell in missed else 5)

    def test_sectors(self):
        self.check_shares("by_sector", people.record_by_cell(self.replay, "by_sector"), 9, missed=(TUCSON, VALLEY))

    def test_kinds(self):
        self.check_shares("by_kind", people.kinds_seen(self.replay), 3)

    def test_shares_by_origin_use_nothing_of_the_window(self):
        for name in ("kinds", "sectors"):
            with open(CORRIDOR / "series" / f"{name}.csv", newline="", encoding="utf-8") as rows:
                table = list(csv.DictReader(rows))
            label = name[:-1]
            before, last = {}, {}
            for r in table:
                key = r["origin"], r[label]
                if r["date"] == "2021-10":
                    last[key] = int(r["value"])
                elif r["date"] >= "2019-10":
                    before[key] = before.get(key, 0) + int(r["value"])
            self.assertEqual(max(r["date"] for r in table), "2021-10")
            self.assertEqual(last, before)

    def test_within_15_percent_or_in_a_narrow_band(self):
        asked = [q for q in people.QUANTITIES if q[0] in ("stops", "sent_to_wait", "paroled", "admitted")]
        asked += [q for q in people.QUANTITIES if q[0] in ("files_year", "deaths_year") and q[2] >= "2022"]
        self.assertEqual(len(asked), 8)
        for name, label, first, last in asked:
            with self.subTest(label):
                middle, low, high, seen, _, width = people.over_window(self.replay, name, first, last)
                self.assertTrue(abs(middle / seen - 1) <= 0.15 or (low <= seen <= high and width <= 1.5), f"{middle:.0f} ({low:.0f} to {high:.0f}), record {seen:.0f}")

    def test_dispositions_of_produced_encounters(self):
        for name in ("released", "returned", "to_ice", "to_hhs"):
            with self.subTest(name):
                label = next(q for q in people.QUANTITIES if q[0] == name)
                middle, _, _, seen, _, _ = people.over_window(self.replay, *[label[0], *label[2:]])
                self.assertLessEqual(abs(middle / seen - 1), 0.15)


class Sensitive(Folder):
    def test_without_the_wave_nothing_is_fitted(self):
        flat = store(self.folder.name, "flat.db", 4, "--from", "2018-10-01", "--until", "2024-01-01", "--known-until", "2024-01-01", "--without", "wave")
        total, origins, _ = people.fitted(flat)
        flat.db.close()
        self.assertGreater(total, 0.15)
        self.assertGreater(origins, 0.3)


class Bridges(Folder):
    """18 to 22 December 2023: with one surge for both bridges and December's usual pattern, what still crossed in December"""

    def test_missed_cars_that_crossed_in_december(self):
        now = store(self.folder.name, "now.db", 32, "--from", "2023-12-01", "--until", "2024-01-01")
        for rail, record in people.RECORD.items():
            with self.subTest(rail):
                share = sorted(people.caught_up(now, rail))
                self.assertLessEqual(abs((share[15] + share[16]) / 2 - record), 0.15)
        now.db.close()


def differences(policy, members=8, *options, base="as-happened"):
    """observable -> paired mean difference of the last reported month (or sum), cells added, and whether any figure differs"""
    text = paso("compare", CORRIDOR, "--policy", base, "--policy", policy, "--members", members, "--seed", SEED, "--all", "--quiet",
                "--format", "csv", *options)
    rows = [r for r in csv.DictReader(io.StringIO(text)) if r["policy"] == policy and r["statistic"] == "mean" and r["value"]]   # a date that no member has under both is no number
    result = {}
    for r in rows:
        key = r["observable"]
        result.setdefault(key, {}).setdefault(r["over"], 0.0)
        if r["cell"] == "" or not any(x["observable"] == key and x["cell"] == "" for x in rows):
            result[key][r["over"]] += float(r["value"] or 0)   # a date that never comes has none
    return result


FREIGHT = ("cars", "cars_held", "trucks_in", "trade_shut", "closure_loss", "spoiled", "plants", "loss_doors", "loss_goods", "loss_sides", "loss_towns")
DRUGS = ("drugs_found", "drugs_passed", "freed")
MECHANISMS = {   # policy -> (observable: sign of its sum or mean over 18 months; what must not move by a bit)
    "root-causes":         ({"departures": -1}, FREIGHT + DRUGS + ("paroled",)),
    "firm-mexico":         ({"stops": 1, "encounters": -1, "released": -1}, FREIGHT + DRUGS + ("paroled",)),
    "no-restoration":      ({"encounters": 1}, FREIGHT + DRUGS + ("paroled",)),
    "smuggler-hunt":       ({"fee": 1, "encounters": -1, "fees_paid": 1}, FREIGHT + DRUGS + ("paroled",)),
    "officers-to-border":  ({"drugs_found": -1, "drugs_passed": 1, "freed": 1, "in_custody": -1}, FREIGHT + ("paroled",)),
    "more-lawful":         ({"admitted": 1, "paroled": 1, "encounters": -1}, FREIGHT + DRUGS),
    "inclusion-ten-times": ({"onward_mx": -1, "encounters": -1}, FREIGHT + DRUGS + ("paroled",)),
    "comar-doubled":       ({"files": 1, "ruled": 1, "line_comar": -1}, FREIGHT + DRUGS + ("paroled",)),
    "remain-in-mexico":    ({"waiting_mx": 1, "stranded": 1, "stranded_for": 1, "hearing_for": 1, "missed_court": 1, "released": -1}, FREIGHT + DRUGS + ("paroled",)),
    "long-closure":        ({"cars": -1, "cars_held": 1, "trade_shut": 1, "closure_loss": 1, "loss_goods": 1, "loss_sides": 1, "loss_towns": 1, "spoiled": 1, "plants": 1, "freed": 1},
                            ("paroled", "drugs_found", "trucks_in", "loss_doors")),
    "more-judges":         ({"backlog": -1, "protected": 1}, FREIGHT + DRUGS + ("encounters", "stops", "released", "paroled")),
}


class Mechanisms(unittest.TestCase):
    def test_one_lever_alone(self):
        for policy, (signs, still) in MECHANISMS.items():
            found = differences(policy, 8)
            for name, sign in signs.items():
                with self.subTest(policy, observable=name):
                    over = found[name]
                    self.assertGreater(sign * over.get("sum", over.get("mean", 0)), 0)
            for name in still:
                with self.subTest(policy, still=name):
                    self.assertEqual(set(found[name].values()), {0.0})


class Waiting(Folder):
    """Remain in Mexico: who is eligible, what a lawyer changes, how long people wait"""

    def test_lawyers(self):
        found = differences("remain-with-lawyers", 8, base="remain-in-mexico")
        self.assertGreater(found["protected"]["sum"], 0)
        self.assertLess(found["missed_court"]["mean"], 0)
        for name in FREIGHT + DRUGS + ("paroled",):
            with self.subTest(still=name):
                self.assertEqual(set(found[name].values()), {0.0})

    def last(self, *options):
        """observable -> {cell: members' sum in May 2025} under Remain in Mexico"""
        run = store(self.folder.name, "waiting.db", 4, "--policy", "remain-in-mexico", "--until", "2025-06-01", "--all", "--force", *options)
        last = {name: {cell: sum(values) for (month, cell), values in people.by_cell(run, name).items() if month == "2025-05"}
                for name in ("sent_to_wait", "waiting_mx", "stranded", "stranded_for", "hearing_for")}
        run.db.close()
        return last

    def test_only_who_is_eligible_is_sent(self):
        self.assertGreater(self.last()["sent_to_wait"][0], 0)
        none = [word for origin in "gtm hnd slv ven cub hti nic ecu col per oth".split() for word in ("--set", f"mpp_origins[{origin}]=0")]
        for options in (none, ["--set", "mpp_kinds[adult]=0", "--set", "mpp_kinds[family]=0"]):
            self.assertEqual(self.last(*options)["sent_to_wait"][0], 0)

    def test_by_how_long(self):
        last = self.last()
        spells = [[last["stranded_for"][4 * region + spell] for spell in range(4)] for region in range(4)]
        for region, cells in enumerate(spells):
            self.assertTrue(all(n > 0 for n in cells), cells)
            self.assertAlmostEqual(sum(cells) / last["stranded"][region], 1, delta=0.05)     # as of that day's morning
            self.assertLessEqual(last["hearing_for"][region], cells[3])
        self.assertGreater(sum(last["hearing_for"].values()), 0.2 * last["waiting_mx"][0])


class Towns(Folder):
    """Losses of a closure, by country and by town: the same sum dealt out"""

    def losses(self, *options):
        run = store(self.folder.name, "towns.db", 4, "--from", "2024-02-01", "--until", "2024-03-01", "--all", "--force", *options)
        towns = [name.split("=")[1] for name in run.cells("loss_towns")]
        cells = {name: [sum(v) for _, v in sorted(people.by_cell(run, name).items())] for name in ("closure_loss", "loss_sides", "loss_towns")}
        run.db.close()
        return cells, dict(zip(towns, cells["loss_towns"]))

    def test_where_a_closure_is_felt(self):
        _, usual = self.losses()
        for bridge, felt in (("open_rail[el_paso_rail]", ("el_paso", "juarez")), ("open_door[morley]", ("nogales_az", "nogales_son")),
                             ("open_lane[camino_real]", ("eagle_pass", "piedras_negras"))):
            with self.subTest(bridge):
                cells, towns = self.losses("--set", f"{bridge}=0")
                self.assertAlmostEqual(sum(cells["loss_sides"]) / cells["closure_loss"][0], 1, places=9)
                self.assertLess(sum(cells["loss_towns"]), cells["closure_loss"][0])
                self.assertEqual({t for t in towns if towns[t] > usual[t]}, set(felt))
                self.assertEqual({t for t in towns if towns[t] < usual[t]}, set())


class Sizes(Folder):
    def change(self, policy, name, month, until, members):
        model = []
        for p in ("as-happened", policy):
            run = store(self.folder.name, f"{p}.db", members, "--policy", p, "--until", until, "--force")
            model.append(sum(run.members(name)[month]))
            run.db.close()
        return model[1] / model[0] - 1

    def test_a_tenth_more_lawful_entries(self):
        self.assertTrue(-0.05 <= self.change("more-lawful", "encounters", "2024-12", "2025-01-01", 16) <= -0.01)

    def test_programme_takes_years(self):
        self.assertLess(abs(self.change("root-causes", "departures", "2025-05", "2025-06-01", 8)), 0.002)
        later = self.change("root-causes", "departures", "2029-01", "2029-02-01", 8)
        self.assertTrue(-0.05 < later < -0.0005, later)


if __name__ == "__main__":
    unittest.main()
