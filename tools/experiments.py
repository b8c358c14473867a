#!/usr/bin/env python3
"""Natural experiments: what the corridor makes of three policy episodes that it has not been fitted to, and of six dates without one.

    python3 tools/experiments.py [--members 64] [--only 2023-01 ...] > tables.md

For each episode, in a copy of corridors/us-mexico: the latent wave is fitted again to the record up to the month before (`paso filter`),
from a start that knows nothing of the last half year, and then stands still. Politics is off. What governments did is given by date, and
Mexican effort by month. A second copy has everything that governments did from the episode on frozen at the month before; both runs have
the same draws, so their difference is what the model makes of the known inputs.

Two measures, both in logs against the month before:
  (i)  encounters, less the usual swing of the season: what a seasonal random walk would have missed;
  (ii) encounters of others less those of Mexicans, who cannot be stopped as foreigners inside Mexico.
docs/experiments.md says what they mean and what came of it; tests/long/test_experiments.py holds its tables to what is printed here."""
import argparse
import csv
import io
import math
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import struct
import subprocess
import tempfile

from freeze_2024 import add_months, cut

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORRIDOR = ROOT / "corridors" / "us-mexico"
PASO = os.environ.get("PASO", str(ROOT / "build" / "paso"))
STEPS = (1, 2, 3, 6)
# The record, in per cent: (i) and (ii) at one, two, three and six months. From US monthly counts by citizenship since October 1999:
# (i) against a seasonal random walk of the last ten years, (ii) less the median of the same calendar months in 9 to 14 untreated years
# since 2010, with z, the effect over the spread of those years.
JUNE = {"month": "2019-06", "all": (-17, -31, -51, -66), "others": (-31, -43, -67, -88), "z": (1.8, 2.6, 3.4, 4.4)}
EPISODES = {
    "June 2019": JUNE,
    "June 2019, effort up 88 %": {**JUNE, "dose": 1.88},
    "January 2023": {"month": "2023-01", "all": (-32, -39, -41, -58), "others": (-57, -70, -70, -70), "z": (4.2, 3.3, 2.9, 3.1)},
    "May 2023": {"month": "2023-05", "all": (-9, -40, -16, 8), "others": (12, -32, -18, 4), "z": (0.4, 1.0, 0.6, 0.1)},
}
PLACEBO = ["2020-08", "2020-11", "2021-05", "2021-09", "2022-02", "2022-07"]
# Spread of (i) over all origins whose targets lie in 2010 to 2023, by months ahead; of (ii) over the untreated years, for placebo dates
NOISE = {1: 0.21, 2: 0.32, 3: 0.41, 6: 0.54}
NOISE_DIFF = {1: 0.20, 2: 0.30, 3: 0.36, 6: 0.45}


def paso(*arguments):
    return subprocess.run([PASO, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def hold_after(path, last, until):
    """The months after `last`, up to `until`, repeat its values; later ones go."""
    kept = [r for r in rows_of(path) if r["date"] <= last]
    month = last
    while month < until:
        month = add_months(month, 1)
        kept += [{**r, "date": month} for r in kept if r["date"] == last]
    write_rows(path, kept)


def standing_wave(folder, month, rounds):
    """A copy of the corridor in which the wave is fitted to the record before `month`, and then stands still."""
    copy = pathlib.Path(folder) / "given"
    shutil.copytree(CORRIDOR, copy)
    wave, before = copy / "series" / "wave.csv", add_months(month, -1)
    hold_after(wave, add_months(month, -7), before)
    course = paso("filter", copy, "--signal", "wave", "--by", "encounters", "--by", "called", "--until", month + "-01",
                  "--particles", 32, "--rounds", rounds, "--around", "--quiet")
    write_rows(wave, list(csv.DictReader(io.StringIO(course))))
    with open(copy / "corridor.yml", "a", encoding="utf-8") as file:
        file.write('  wave: {next: "wave + 0 * shock"}\n')
    return copy


def keep_dose(path, month, dose):
    """Effort from `month` on: that of the month before times `dose`, whatever the events then were."""
    before = next(r["value"] for r in rows_of(path) if r["date"] == add_months(month, -1))
    write_rows(path, [r if r["date"] < month else {**r, "value": f"{float(before) * dose:.4f}"} for r in rows_of(path)])


def frozen(given, month):
    """The same with what governments do from `month` on as it was in the month before."""
    copy = given.parent / "frozen"
    shutil.copytree(given, copy)
    before = add_months(month, -1)
    for name in ("policies.yml", "measures.yml"):
        (copy / name).write_text(cut((copy / name).read_text(), before + "-31"))
    for name in ("inm_effort.csv", "inm_deported.csv"):
        hold_after(copy / "series" / name, before, "2023-12")
    return copy


def counts(corridor, month, last, members):
    """[{month: {origin: encounters}}] by member"""
    store, first = corridor.parent / (corridor.name + ".db"), add_months(month, -1)
    paso("run", corridor, "--from", first + "-01", "--until", add_months(last, 1) + "-01", "--known-until", "2024-01-01",
         "--members", members, "--out", store, "--quiet")
    with sqlite3.connect(store) as db:
        observable = db.execute("SELECT id FROM observable WHERE name = 'encounters'").fetchone()[0]
        months = [d[:7] for (d,) in db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id", [observable])]
        keys = [k for (k,) in db.execute("SELECT name FROM cell WHERE observable = ? ORDER BY id", [observable])]
        found = []
        for (blob,) in db.execute("SELECT value FROM sample WHERE observable = ? ORDER BY member", [observable]):
            x, n = struct.unpack(f"<{len(blob) // 8}d", blob), len(months)
            found.append({m: {key.split("=")[-1]: x[c * n + k] for c, key in enumerate(keys)} for k, m in enumerate(months)})
    return found


def swing():
    text = (CORRIDOR / "roots.yml").read_text(encoding="utf-8")
    values = re.search(r"season:.*?value: \{([^}]*)\}", text, re.S).group(1)
    return [float(p.split(":")[1]) for p in values.split(",")]


def change(path, month, h, origins=None, but=()):
    """Log of the encounters of some origins, or of all but some, against the month before"""
    then, before = path[add_months(month, h - 1)], path[add_months(month, -1)]
    chosen = [o for o in origins or then if o not in but]
    return math.log(max(sum(then[o] for o in chosen), 0.5) / max(sum(before[o] for o in chosen), 0.5))


def measures(path, month, h, season):
    """(i), (ii) and the Mexicans' own change of one course of counts"""
    before, then = add_months(month, -1), add_months(month, h - 1)
    usual = season[int(then[5:]) - 1] - season[int(before[5:]) - 1]
    mexican = change(path, month, h, ["mex"])
    return change(path, month, h) - usual, change(path, month, h, but=("mex",)) - mexican, mexican - usual


def record():
    found = {}
    for r in rows_of(CORRIDOR / "series" / "encounters.csv"):
        found.setdefault(r["date"], {})[r["origin"]] = float(r["value"] or 0)
    return found


def quantile(x, q):
    x = sorted(x)
    at = q * (len(x) - 1)
    low = int(at)
    return x[low] + (at - low) * (x[min(low + 1, len(x) - 1)] - x[low])


def percent(x):
    return f"{round(100 * (math.exp(x) - 1)) + 0:+d}"


def band(x):
    return f"{percent(statistics.median(x))} ({percent(quantile(x, 0.05))} to {percent(quantile(x, 0.95))})"


def verdict(seen, noise, model):
    """Of one horizon: does the model fall into what the record allows, and would no effect at all have done so too?"""
    spread = (quantile(model, 0.95) - quantile(model, 0.05)) / 3.29
    reach, middle = 1.645 * math.hypot(noise, spread), statistics.median(model)
    if abs(middle - seen) > reach:
        return "missed" if middle * seen > 0 else "missed, wrong sign"
    return "within" if abs(seen) > 1.645 * noise else "within; so would be no change"


def pair(month, last, members, rounds, dose=1):
    """Members' counts with the known inputs, and with inputs frozen at the month before"""
    with tempfile.TemporaryDirectory() as folder:
        given = standing_wave(folder, month, rounds)
        if dose != 1:
            keep_dose(given / "series" / "inm_effort.csv", month, dose)
        return [counts(c, month, last, members) for c in (given, frozen(given, month))]


def effect(both, month, steps):
    """{h: {measure: members' logs}}: the path with the known inputs, and what the inputs change of it"""
    season, found = swing(), {}
    for h in steps:
        pairs = [(measures(a, month, h, season), measures(b, month, h, season)) for a, b in zip(*both)]
        found[h] = {"path": [a[0] for a, _ in pairs], **{name: [a[k] - b[k] for a, b in pairs] for k, name in enumerate(("all", "others", "mexicans"))}}
    return found


def log_of(per_cent):
    return math.log(1 + per_cent / 100)


def within(seen, noise):
    return f"{percent(seen)} ({percent(seen - 1.645 * noise)} to {percent(seen + 1.645 * noise)})"


def put(*cells):
    print("| " + " | ".join(cells) + " |")


def head(first):
    put(first, "months", "(i) record", "(i) model", "verdict", "(ii) record", "(ii) model", "verdict", "Mexicans, model", "whole path, model")
    put(*["---"] * 10)


def print_effect(name, result, seen):
    """seen: h -> ((i), its noise, (ii), its noise), logs"""
    for h, x in result.items():
        one, noise, two, noise_2 = seen(h)
        put(name if h == 1 else "", f"+{h}", within(one, noise), band(x["all"]), verdict(one, noise, x["all"]), within(two, noise_2), band(x["others"]),
            verdict(two, noise_2, x["others"]), percent(statistics.median(x["mexicans"])), band(x["path"]))


def of_episode(episode):
    def seen(h):
        k = STEPS.index(h)
        two = log_of(episode["others"][k])
        return log_of(episode["all"][k]), NOISE[h], two, abs(two) / episode["z"][k]
    return seen


def of_record(month):
    counted, season = record(), swing()

    def seen(h):
        one, two, _ = measures(counted, month, h, season)
        return one, NOISE[h], two, NOISE_DIFF[h]
    return seen


def print_origins(both, month):
    """Who it was: change against the month before in the record, what the inputs change in the model"""
    groups = {o: [o] for o in ("cub", "nic", "hti", "ven", "mex")}
    print()
    put("January 2023", "months", *groups, "all others")
    put(*["---"] * (len(groups) + 3))
    counted, rest = record(), tuple(groups)
    for h in STEPS[:3]:
        put("record" if h == 1 else "", f"+{h}", *(percent(change(counted, month, h, g)) for g in groups.values()), percent(change(counted, month, h, but=rest)))
    for h in STEPS[:3]:
        model = lambda **choice: band([change(a, month, h, **choice) - change(b, month, h, **choice) for a, b in zip(*both)])
        put("model, inputs" if h == 1 else "", f"+{h}", *(model(origins=g) for g in groups.values()), model(but=rest))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=4, help="of fitting the wave to the record before")
    parser.add_argument("--only", nargs="*", help="names of episodes, or placebo months such as 2021-05")
    args = parser.parse_args()
    chosen = lambda names: [n for n in names if not args.only or n in args.only]
    found = {n: pair(e["month"], add_months(e["month"], STEPS[-1] - 1), args.members, args.rounds, e.get("dose", 1)) for n, e in EPISODES.items() if n in chosen(EPISODES)}
    head("episode")
    for name, both in found.items():
        print_effect(name, effect(both, EPISODES[name]["month"], STEPS), of_episode(EPISODES[name]))
    if "January 2023" in found:
        print_origins(found["January 2023"], "2023-01")
    print()
    head("no episode")
    for month in chosen(PLACEBO):
        both = pair(month, add_months(month, 2), args.members, args.rounds)
        print_effect(month, effect(both, month, STEPS[:3]), of_record(month))


if __name__ == "__main__":
    main()
