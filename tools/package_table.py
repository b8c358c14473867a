#!/usr/bin/env python3
"""The hardening package of corridors/us-mexico taken apart: what its sign hangs on, and what each of its parts does.

    python3 tools/package_table.py [--members 48] > tables.md

Two tables of docs/policies.md. The first sets `mind_odds`, how much fewer set out when fewer attempts end inside, to single values;
the second keeps one part at a time and sets the others to nothing. Paired differences, means of the members."""
import argparse
import pathlib
import statistics
import tempfile

import policies_table as table

ODDS = (0.02, 0.2, 0.5, 0.8)
PARTS = {"threshold rule (`rule_share`)": ["rule_share"], "more returns from custody": ["package_returns"], "fewer permits by air": ["parole_cut"],
         "stricter screening": ["fear_cut"], "twice the fear interviews": ["package_interviews"], "beds": ["package_beds"], "judges": ["package_judges"],
         "agents, fewer grants": ["package_agents", "grant_cut"]}
COLUMNS = [("encounters", "encounters", "sum"), ("departures", "departures", "sum"), ("returned", "sent back at once", "sum"), ("released", "released", "sum"),
           ("backlog", "court backlog", "last")]


def moved(members, folder, settings):
    """{observable: [difference by member]} of the package against what happened, 18 months"""
    out = pathlib.Path(folder) / "package.db"
    words = [x for name, value in settings.items() for x in ("--set", f"{name}={value}")]
    table.paso("compare", table.CORRIDOR, "-p", "as-happened", "-p", "hard-package", "--all", "--members", members, "--out", out, "--force", "--quiet", *words)
    with table.sqlite3.connect(out) as db:
        found = {name: table.values(db, name, how) for name, _, how in COLUMNS}
    return {name: [a - b for a, b in zip(x["hard-package"], x["as-happened"])] for name, x in found.items()}


def mean(x):
    return ("+" if statistics.mean(x) > 0 else "") + table.short(statistics.mean(x)) if any(x) else "0"


def more(x):
    return f"{sum(d > 0 for d in x) / len(x):.0%}" if any(x) else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=48)
    members = parser.parse_args().members
    everything = [name for names in PARTS.values() for name in names]
    with tempfile.TemporaryDirectory() as folder:
        table.put("`mind_odds`", "encounters, 18 months", "runs with more encounters", "departures")
        table.put(*["---"] * 4)
        for value in ODDS:
            found = moved(members, folder, {"mind_odds": value})
            table.put(str(value), mean(found["encounters"]), more(found["encounters"]), mean(found["departures"]))
        print()
        table.put("part", "encounters", "runs with more", *(label for _, label, _ in COLUMNS[1:]))
        table.put(*["---"] * (len(COLUMNS) + 2))
        for part, names in {"all": everything, **PARTS}.items():
            found = moved(members, folder, {name: 0 for name in everything if name not in names})
            table.put(part, mean(found["encounters"]), more(found["encounters"]), *(mean(found[name]) for name, _, _ in COLUMNS[1:]))


if __name__ == "__main__":
    main()
