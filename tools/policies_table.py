#!/usr/bin/env python3
"""The shipped policies against what happened, in one table.

    python3 tools/policies_table.py [--members 300] > table.md

One `paso compare`; every cell is the median of the paired differences with its 5 to 95 % points. The last column says how much
of the variance of the difference in encounters is chance and how much doubt about parameters. The split: members are drawn
again in a second run with all parameters at their medians; what varies there is chance. With `--no-split` it is left out.
A first-order split: what chance and parameters do together counts as parameters."""
import argparse
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
ON_POLITICS = {"hard-package", "accord-60", "accord-360", "both-harden", "inclusion-ten-times"}   # a lever of layer politics away from its default
COLUMNS = [("encounters", "encounters, 18 months", "sum"), ("stranded", "stranded at the end", "last"), ("queue_wait", "days for an appointment", "last"),
           ("deaths", "deaths", "sum"), ("children", "children in care, mean", "mean"), ("decided", "cases decided", "sum"), ("backlog", "backlog at the end", "last"),
           ("trade_shut", "trade delayed or diverted, USD", "sum"), ("closure_loss", "modelled loss, USD", "sum")]


def compare(corridor, members, out):
    command = [PASO, "compare", str(corridor), "--members", str(members), "--seed", "1", "--out", str(out), "--force", "--quiet"]
    subprocess.run(command + [x for p in POLICIES for x in ("-p", p)], check=True, stdout=subprocess.DEVNULL)


def values(db, name, how):
    """{policy: [member's number]}: cells added up, periods as `how` says"""
    cells = db.execute("SELECT max(1, count(c.id)) FROM observable o LEFT JOIN cell c ON c.observable = o.id WHERE o.name = ?", [name]).fetchone()[0]
    found = {}
    rows = db.execute("SELECT p.name, value FROM sample s JOIN policy p ON p.id = s.policy JOIN observable o ON o.id = s.observable"
                      " WHERE o.name = ? ORDER BY p.id, member", [name])
    for policy, blob in rows:
        x = struct.unpack(f"<{len(blob) // 8}d", blob)
        n = len(x) // cells
        months = [sum(x[c * n + k] for c in range(cells)) for k in range(n)]
        found.setdefault(policy, []).append({"sum": sum(months), "last": months[-1], "mean": sum(months) / n}[how])
    return found


def short(x):
    size = abs(x)
    if size >= 1e6:
        return f"{x / 1e6:,.2f} M"
    return f"{x:,.0f}" if size >= 10 else f"{x:.1f}"


def spread(x):
    x = sorted(x)
    at = lambda q: x[min(len(x) - 1, int(q * (len(x) - 1) + 0.5))]
    return f"{short(at(0.5))} ({short(at(0.05))} to {short(at(0.95))})" if any(x) else "0"


def at_medians(folder):
    copy = pathlib.Path(folder) / "medians"
    shutil.copytree(CORRIDOR, copy)
    for path in copy.glob("*.yml"):
        text, inside, out = path.read_text(), False, []
        for line in text.splitlines(True):
            if re.match(r"\w", line):
                inside = line.startswith("parameters:")
            if inside:
                line = re.sub(r", (range: (\[[^\]]*\]|\{[^{}]*\})|factor: [0-9.]+|each: true)(?=[,}])", "", line)
            out.append(line)
        path.write_text("".join(out))
    return copy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=300)
    parser.add_argument("--no-split", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stores = [pathlib.Path(folder) / "all.db", pathlib.Path(folder) / "chance.db"]
        compare(CORRIDOR, args.members, stores[0])
        if not args.no_split:
            compare(at_medians(folder), max(50, args.members // 3), stores[1])
        dbs = [sqlite3.connect(s) for s in stores[:1 if args.no_split else 2]]
        names = {n for n, in dbs[0].execute("SELECT name FROM observable")}
        columns = [c for c in COLUMNS if c[0] in names]
        print("| policy | " + " | ".join(label for _, label, _ in columns) + " | chance / parameters | rests on politics |")
        print("|---" * (len(columns) + 3) + "|")
        tables = {c[0]: values(dbs[0], c[0], c[2]) for c in columns}
        chance = values(dbs[1], "encounters", "sum") if len(dbs) > 1 else None
        for p in POLICIES:
            row = [spread(tables[n][p] if p == POLICIES[0] else [a - b for a, b in zip(tables[n][p], tables[n][POLICIES[0]])]) for n, _, _ in columns]
            split = "–"
            if chance and p != POLICIES[0]:
                both = statistics.pvariance([a - b for a, b in zip(tables["encounters"][p], tables["encounters"][POLICIES[0]])])
                alone = statistics.pvariance([a - b for a, b in zip(chance[p], chance[POLICIES[0]])])
                split = f"{min(1, alone / both):.0%} / {max(0, 1 - alone / both):.0%}" if both else "–"
            print(f"| {p} | " + " | ".join(row) + f" | {split} | {'yes' if p in ON_POLITICS else 'no'} |")


if __name__ == "__main__":
    main()
