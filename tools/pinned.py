#!/usr/bin/env python3
"""How well the record pins each parameter of corridors/us-mexico that has a range, as a table.

    python3 tools/pinned.py [--members 400]     writes corridors/us-mexico/pinned.csv, which `paso describe` shows

An ensemble runs through October 2018 to December 2023 with every parameter drawn from its range; each member's draws are
observables in a copy. The logs of what is observed, by year, are regressed on the draws, all parameters at once, and on the
encounters of each year: whatever the parameters are, the latent wave is fitted so that encounters come out, so only what a
parameter changes beside them tells it. With the errors that the corridor says the record has (`noise`), and the members' chance,
that gives by Bayes' rule for a straight line how much narrower the record leaves each draw: the spread after over that before.
What this is not: a fit. Parameters stay where they are; lines are straight; years count as independent; a parameter that only
acts with another, or on what nobody counts, shows as open, which is right."""
import argparse
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORRIDOR = ROOT / "corridors" / "us-mexico"
PASO = os.environ.get("PASO", str(ROOT / "build" / "paso"))
FITTED = ("encounters", "called", "by_sector")
GIVEN = ("stops", "admitted", "authorised", "paroled", "sent_to_wait")   # set by date or by month
FLOOR = 0.05                                                           # no record is better than this, in logs
WORDS = [(0.5, "pinned"), (0.85, "weakly"), (2, "not at all")]


def paso(*words):
    return subprocess.run([PASO, *map(str, words)], check=True, capture_output=True, text=True).stdout


def ranged():
    about = json.loads(paso("describe", CORRIDOR, "--format", "json", "--quiet"))
    return [p for p in about["parameters"] if any("range" in c for c in p["cells"])]


def with_draws(folder, parameters):
    """A copy that reports every draw: the sum over a parameter's cells, which moves as its draw does"""
    copy = pathlib.Path(folder) / "us-mexico"
    shutil.copytree(CORRIDOR, copy)
    lines = [f"  draw_{p['name']}: {{is: total({p['name']}), every: year, take: last, unit: \"{p['unit']}\", en: a draw, es: un sorteo}}\n" for p in parameters]
    (copy / "draws.yml").write_text("observables:\n" + "".join(lines))
    top = copy / "corridor.yml"
    top.write_text(re.sub(r"(?m)^include: \[", "include: [draws.yml, ", top.read_text()))
    return copy


def noises():
    """{observable: spread of the log that the corridor gives its record}"""
    found = {}
    for path in CORRIDOR.glob("*.yml"):
        for block in re.split(r"(?m)^(?=  \w|\w)", path.read_text()):
            name, noise = re.match(r"  (\w+):", block), re.search(r"noise: (lognormal|negbin)\(([0-9.]+)\)", block)
            if name and noise:
                size = float(noise.group(2))
                found[name.group(1)] = size if noise.group(1) == "lognormal" else 1 / math.sqrt(size)
    return {n: max(FLOOR, s) for n, s in found.items() if n not in FITTED + GIVEN}


def samples(db, name):
    """[[value of period, cells added] by member], first days of periods"""
    observable = db.execute("SELECT id FROM observable WHERE name = ?", [name]).fetchone()[0]
    days = [d for (d,) in db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id", [observable])]
    rows = db.execute("SELECT value FROM sample WHERE observable = ? ORDER BY member", [observable])
    found = [struct.unpack(f"<{len(b) // 8}d", b) for (b,) in rows]
    return [[sum(x[k::len(days)]) for k in range(len(days))] for x in found], days


def observed_months(db, name):
    rows = db.execute("SELECT first_day FROM observed JOIN observable o ON o.id = observable WHERE o.name = ? AND value IS NOT NULL", [name])
    return {day for (day,) in rows}


def encounters(db):
    """[members' logs of a year's encounters]: what the wave is fitted to"""
    values, days = samples(db, "encounters")
    years = sorted({d[:4] for d in days})
    return [[math.log(sum(v for v, d in zip(x, days) if d[:4] == year)) for x in values] for year in years]


def targets(db, spreads):
    """[(members' logs of a year's total, spread of its record)]"""
    found = []
    for name, spread in spreads.items():
        values, days = samples(db, name)
        seen = observed_months(db, name)
        for year in sorted({d[:4] for d in days}):
            at = [k for k, d in enumerate(days) if d[:4] == year and d in seen]
            logs = [math.log(max(sum(x[k] for k in at), 0.5)) for x in values] if at else []
            if at and max(logs) > min(logs):
                found.append((logs, spread))
    return found


# ---- a straight line in all parameters, and what it leaves open

def standardised(x):
    mean = sum(x) / len(x)
    spread = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x))
    return [(v - mean) / spread for v in x]


def cholesky(a):
    n = len(a)
    low = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            s = a[i][j] - sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = math.sqrt(s) if i == j else s / low[j][j]
    return low


def solve(low, b):
    n, y = len(b), []
    for i in range(n):
        y.append((b[i] - sum(low[i][k] * y[k] for k in range(i))) / low[i][i])
    for i in reversed(range(n)):
        y[i] = (y[i] - sum(low[k][i] * y[k] for k in range(i + 1, n))) / low[i][i]
    return y


def left_open(draws, beside, observed):
    """For each parameter: its spread after the record over its spread before; `beside` is held as it is"""
    n_asked, draws = len(draws), draws + beside
    n, m = len(draws), len(draws[0])
    gram = [[sum(a * b for a, b in zip(draws[i], draws[j])) + (1.0 if i == j else 0.0) for j in range(n)] for i in range(n)]
    low = cholesky(gram)
    inverse = [solve(low, [1.0 if k == i else 0.0 for k in range(n)])[i] for i in range(n)]
    precision = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    for logs, spread in observed:
        mean = sum(logs) / m
        slope = solve(low, [sum(d * (y - mean) for d, y in zip(draws[i], logs)) for i in range(n)])
        rest = [y - mean - sum(slope[i] * draws[i][k] for i in range(n)) for k, y in enumerate(logs)]
        chance = sum(r * r for r in rest) / max(1, m - n)
        sure = [s if s * s > 6.6 * chance * inverse[i] else 0.0 for i, s in enumerate(slope)]   # one in a hundred by chance
        for i in range(n_asked):
            for j in range(n_asked):
                precision[i][j] += sure[i] * sure[j] / (spread * spread + chance)
    low = cholesky(precision)
    return [math.sqrt(solve(low, [1.0 if k == i else 0.0 for k in range(n)])[i]) for i in range(n_asked)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=400)
    args = parser.parse_args()
    parameters = ranged()
    with tempfile.TemporaryDirectory() as folder:
        store = pathlib.Path(folder) / "all.db"
        paso("run", with_draws(folder, parameters), "--from", "2018-10-01", "--until", "2024-01-01", "--known-until", "2024-01-01",
             "--members", args.members, "--out", store, "--quiet")
        db = sqlite3.connect(store)
        draws = [standardised([x[0] for x in samples(db, "draw_" + p["name"])[0]]) for p in parameters]
        after = left_open(draws, [standardised(x) for x in encounters(db)], targets(db, noises()))
    with open(CORRIDOR / "pinned.csv", "w", encoding="utf-8") as out:
        out.write("parameter,after,data\n")
        for p, ratio in zip(parameters, after):
            word = next(w for limit, w in WORDS if ratio <= limit)
            out.write(f"{p['name']},{ratio:.2f},{word}\n")
    for _, word in WORDS:
        print(word, sum(1 for r in after if next(w for limit, w in WORDS if r <= limit) == word))


if __name__ == "__main__":
    main()
