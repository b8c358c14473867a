#!/usr/bin/env python3
"""The shipped policies against what happened, in one table, and what the bands of the differences are made of.

    python3 tools/policies_table.py [--members 300] > table.md

Paired differences: the median of the members' differences, with the 5 and 95 % points; 0 where nothing differs in any member.
The second table splits the variance of a difference. Members are run again with the ranges of some parameters shut, the draws
being the same: all of them (what varies then is chance), all but those of the accounting layer, all but those of accounting and
behaviour. What each run adds to the one before is that layer's share. Shares of what varies only together fall to the later
layer. `--no-split` leaves the second table out."""
import argparse
import datetime
import json
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORRIDOR = ROOT / "corridors" / "us-mexico"
PASO = os.environ.get("PASO", str(ROOT / "build" / "paso"))
POLICIES = ["as-happened", "no-restoration", "more-appointments", "more-judges", "hard-package", "remain-in-mexico", "inclusion-ten-times",
            "accord-60", "accord-360", "rail-4-days", "rail-30-days", "both-harden", "wider-lawful"]
COLUMNS = [("encounters", "encounters", "sum"), ("stranded", "stranded, end", "last"), ("stranded_for:month_1|month_3|month_6", "of them over a month", "last"),
           ("stranded_for:month_3|month_6", "over three months", "last"),
           ("queue_wait", "days for an appointment, end", "last"), ("deaths", "deaths", "sum"), ("families_to_ice", "in families sent to detention", "sum"),
           ("children", "children in care, mean", "mean"), ("decided", "cases decided", "sum"), ("backlog", "court backlog, end", "last"),
           ("backlog_bends", "backlog bends", "date"), ("trade_shut", "trade delayed or diverted, USD", "sum"), ("closure_loss", "trade lost, modelled, USD", "sum"),
           ("us_cost", "US cost, USD", "sum"), ("mx_cost_events", "Mexican cost of stops, USD", "sum")]
LAYERS = ("accounting", "behaviour", "politics")
RUNS = [(), ("accounting",), ("accounting", "behaviour")]     # layers whose parameters vary; all of them in the main run


def paso(*words):
    return subprocess.run([PASO, *map(str, words)], check=True, capture_output=True, text=True).stdout


def compare(corridor, members, out):
    paso("compare", corridor, "--members", members, "--seed", 1, "--out", out, "--force", "--quiet", *(x for p in POLICIES for x in ("-p", p)))
    return sqlite3.connect(out)


# ---- a copy in which some parameters have no range

def shut(folder, varying):
    copy = pathlib.Path(folder) / "-".join(("varies", *varying))
    shutil.copytree(CORRIDOR, copy)
    layer = {p["name"]: p["layer"] for p in json.loads(paso("describe", CORRIDOR, "--format", "json", "--quiet"))["parameters"]}
    for path in copy.glob("*.yml"):
        path.write_text("".join(without_range(block, layer, varying) for block in re.split(r"(?m)^(?=  \w|\w)", path.read_text())))
    return copy


def without_range(block, layer, varying):
    name = re.match(r"  (\w+):", block)
    if not name or layer.get(name.group(1), varying) in (varying, *varying):
        return block
    return re.sub(r"(?s),\s*(range: (\[[^\]]*\]|\{[^{}]*\})|factor: [0-9.]+|each: true)(?=\s*[,}])", "", block)


# ---- members' numbers

def values(db, column, how):
    """{policy: [member's number]}: cells (those that match, in `name:this|that`) added up, periods as `how` says; a date is days since 1970"""
    name, _, wanted = column.partition(":")
    all_cells = db.execute("SELECT c.name FROM observable o LEFT JOIN cell c ON c.observable = o.id WHERE o.name = ? ORDER BY c.id", [name]).fetchall()
    cells = [i for i, (cell,) in enumerate(all_cells) if not wanted or re.search(f"={wanted}$".replace("|", "$|="), cell)]
    found = {}
    rows = db.execute("SELECT p.name, value FROM sample s JOIN policy p ON p.id = s.policy JOIN observable o ON o.id = s.observable"
                      " WHERE o.name = ? ORDER BY p.id, member", [name])
    for policy, blob in rows:
        x = struct.unpack(f"<{len(blob) // 8}d", blob)
        n = len(x) // len(all_cells)
        months = [sum(x[c * n + k] for c in cells) for k in range(n)]
        found.setdefault(policy, []).append({"sum": sum(months), "last": months[-1], "mean": sum(months) / n, "date": months[0]}[how])
    return found


def differences(db, columns):
    """{column: {policy: [difference]}}, and the baseline's own numbers; dates are not subtracted"""
    found = {}
    for name, _, how in columns:
        table = values(db, name, how)
        base = table[POLICIES[0]]
        found[name] = {p: x if how == "date" or p == POLICIES[0] else [a - b for a, b in zip(x, base)] for p, x in table.items()}
    return found


# ---- words

def short(x):
    size = abs(x)
    if size >= 1e9:
        return f"{x / 1e9:,.2f} bn"
    if size >= 1e6:
        return f"{x / 1e6:,.1f} M"
    if size >= 1e4:
        return f"{round(x, -2 if size < 1e5 else -3):,.0f}"
    return f"{x:,.0f}" if size >= 10 else f"{x:.1f}"


def at(x, q):
    x = sorted(x)
    return x[min(len(x) - 1, int(q * (len(x) - 1) + 0.5))]


def spread(x):
    return f"{short(at(x, 0.5))} ({short(at(x, 0.05))} to {short(at(x, 0.95))})" if any(x) else "0"


def date(x):
    seen = [d for d in x if not math.isnan(d)]
    if not seen:
        return "not by the end"
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=round(at(seen, 0.5)))
    return f"in {len(seen) / len(x):.0%} of runs, {day:%b %Y}"


def put(*cells):
    print("| " + " | ".join(cells) + " |")


def print_differences(found, columns):
    put("policy", *(label for _, label, _ in columns))
    put(*["---"] * (len(columns) + 1))
    for p in POLICIES:
        put(p, *((date if how == "date" else spread)(found[name][p]) for name, _, how in columns))


def shares(runs, name, policy):
    """What chance and each layer's parameters add to the variance of a difference, in per cent; runs from chance alone to everything"""
    whole = [statistics.pvariance(r[name][policy]) for r in runs]
    if whole[-1] == 0:
        return "0"
    steps = [max(0.0, b - a) for a, b in zip([0.0, *whole], whole)]
    return " / ".join(f"{100 * s / sum(steps):.0f}" for s in steps)


def print_split(runs, columns):
    columns = [c for c in columns if c[2] != "date"]
    put("policy", *(label for _, label, _ in columns))
    put(*["---"] * (len(columns) + 1))
    for p in POLICIES[1:]:
        put(p, *(shares(runs, name, p) for name, _, _ in columns))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument("--no-split", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = compare(CORRIDOR, args.members, pathlib.Path(folder) / "all.db")
        print_differences(differences(db, COLUMNS), COLUMNS)
        if args.no_split:
            return
        few = max(40, args.members // 5)
        runs = [differences(compare(shut(folder, varying), few, pathlib.Path(folder) / f"{i}.db"), COLUMNS) for i, varying in enumerate(RUNS)]
        whole = differences(db, COLUMNS)
        runs.append({name: {p: x[:few] for p, x in table.items()} for name, table in whole.items()})
        print(f"\nShares of the variance of each difference, in per cent: chance / parameters of {' / '.join(LAYERS)}\n")
        print_split(runs, COLUMNS)


if __name__ == "__main__":
    main()
