#!/usr/bin/env python3
"""Freezes forecasts of 2024, and says how the same procedure did before.

    python3 tools/freeze_2024.py hindcast [--members N] [--every MONTHS] [--first YYYY-MM --last YYYY-MM] [--of encounters released]
                                                          table of earlier origins, record hidden after
    python3 tools/freeze_2024.py freeze [--members N]     docs/forecasts/2024/usbp-*.csv, with command, seed and hashes

A hindcast is a copy of the corridor with everything after its origin cut off: dated settings, dated events, tables. What
cannot be cut: parameters, and the latent wave, which was fitted month by month to the whole record."""
import argparse
import csv
import datetime
import hashlib
import io
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORRIDOR = ROOT / "corridors" / "us-mexico"
PASO = os.environ.get("PASO", str(ROOT / "build" / "paso"))
LEVELS = [0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99]
COLUMNS = ["origin_date", "target", "horizon", "target_end_date", "location", "output_type", "output_type_id", "value"]
SEED = "20240104"


def run(corridor, policy, first, until, members, out, of="encounters"):
    command = [PASO, "run", str(corridor), "--policy", policy, "--from", first, "--until", until, "--known-until", first,
               "--members", str(members), "--seed", SEED, "--out", str(out), "--force", "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    table = subprocess.run([PASO, "export", str(out), "--format", "hubverse", "--quiet"], check=True,
                           capture_output=True, text=True).stdout
    rows = [r for r in csv.DictReader(io.StringIO(table)) if r["target"] == of and r["output_type"] == "quantile"]
    return command, rows


def place(cell):
    name = cell.split("=")[-1]
    return "total" if name == "all" else name.upper()


# ---- hindcasts

def add_months(month, n):
    year, m = divmod(int(month[:4]) * 12 + int(month[5:7]) - 1 + n, 12)
    return f"{year:04d}-{m + 1:02d}"


def cut(text, day):
    """Dated settings up to `day`, and events' dates."""
    def keep(match):
        parts = [p for p in match.group(1).split(", ") if p.split(":")[0].strip()[:10] <= day]
        return "{" + ", ".join(parts) + "}"
    return re.sub(r"\{((?:\d{4}-\d\d-\d\d[^{}]*))\}", keep, text)


def hidden(folder, day):
    copy = pathlib.Path(folder) / day
    shutil.copytree(CORRIDOR, copy)
    for path in copy.glob("*.yml"):
        path.write_text(cut(path.read_text(), day))
    top = copy / "corridor.yml"
    top.write_text(re.sub(r"now: \S+, facts: \S+,", f"now: {day}, facts: {day},", top.read_text()))
    for name in ("arrivals.csv", "sectors.csv"):
        path = copy / "series" / name
        lines = path.read_text().splitlines(True)
        path.write_text("".join([lines[0], *(l for l in lines[1:] if l[:7] < day[:7])]))
    return copy


def record(of="encounters"):
    """{month: count}: the corridor's own series, and, where the optional folder of data is there, the months of encounters before."""
    total = {}
    older = ROOT.parent / "shared" / "data" / "us-mexico" / "usbp_swb_sector_monthly.csv"
    if of == "encounters" and older.exists():
        for r in csv.DictReader(open(older)):
            if r["count"] and r["month"] < "2018-10":
                total[r["month"]] = total.get(r["month"], 0) + float(r["count"])
    for r in csv.DictReader(open(CORRIDOR / "series" / f"{of}.csv")):
        total[r["date"][:7]] = total.get(r["date"][:7], 0) + float(r["value"] or 0)
    return total


def month_effects(log, end):
    months = [add_months(end, -i) for i in range(120)]
    by = {}
    for m in months[6:-6]:
        window = [log.get(add_months(m, k)) for k in range(-6, 7)]
        if None not in window and m in log:
            by.setdefault(m[5:], []).append(log[m] - (sum(window) - 0.5 * (window[0] + window[-1])) / 12)
    means = {k: sum(v) / len(v) for k, v in by.items()}
    return {k: v - sum(means.values()) / len(means) for k, v in means.items()} if len(means) == 12 else {}


def point(kind, log, end, h):
    to, e = add_months(end, h), month_effects(log, end)
    if kind == "seasonal naive":
        return log[add_months(to, -12)]
    if kind == "random walk" or not e:
        return log[end]
    drop = log[end] - e[end[5:]]
    if kind == "damped":
        level = sum(log[add_months(end, -i)] for i in range(12)) / 12
        drop = level + (drop - level) * 0.9 ** h
    return drop + e[to[5:]]


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def baseline(kind, log, end, h):
    """Log quantiles: the point, and the symmetrised errors of the same rule at the last 72 origins."""
    errors = []
    for back in range(h, h + 72):
        start = add_months(end, -back)
        if add_months(start, -125) in log:
            error = log[add_months(start, h)] - point(kind, log, start, h)
            errors += [error, -error]
    middle = point(kind, log, end, h)
    return {q: middle + quantile(errors, q) for q in LEVELS}


def wis(quantiles, truth):
    return sum(2 * ((truth >= v) * q * (truth - v) + (truth < v) * (1 - q) * (v - truth)) for q, v in quantiles.items()) / len(quantiles)


def score(rows):
    """rows: (quantiles of logs, log truth)"""
    n = len(rows)
    inside = lambda low, high: sum(f[low] <= y <= f[high] for f, y in rows) / n
    return sum(wis(f, y) for f, y in rows) / n, inside(0.25, 0.75), inside(0.05, 0.95), sum(f[0.5] - y for f, y in rows) / n


def hindcast(members, origins, of):
    seen = record(of)
    log = {m: math.log(v) for m, v in seen.items() if v > 0}
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for end in origins:
            day, last = add_months(end, 1) + "-01", add_months(end, 13) + "-01"
            _, rows = run(hidden(folder, day), "as-happened", day, last, members, pathlib.Path(folder) / "h.db", of)
            for r in rows:
                if place(r["location"]) == "total":
                    key = ("Paso", end, int(r["horizon"]))
                    found.setdefault(key, {})[float(r["output_type_id"])] = math.log(max(float(r["value"]), 1))
            for kind in ("random walk", "seasonal random walk", "damped", "seasonal naive"):
                for h in range(1, 13):
                    if add_months(end, -200) in log:
                        found[(kind, end, h)] = baseline(kind, log, end, h)
    print("| forecast | h | log-WIS | inside 50 % | inside 90 % | bias (log) | n |\n|---|---|---|---|---|---|---|")
    for kind in ("Paso", "seasonal random walk", "random walk", "damped", "seasonal naive"):
        for hs in ((1,), (2, 3), (4, 5, 6), (7, 8, 9), (10, 11, 12), range(1, 13)):
            rows = [(f, log[add_months(e, h)]) for (k, e, h), f in found.items()
                    if k == kind and h in hs and "2023-12" >= add_months(e, h) in log]
            if rows:
                s = score(rows)
                print(f"| {kind} | {min(hs)}–{max(hs)} | {s[0]:.3f} | {s[1]:.2f} | {s[2]:.2f} | {s[3]:+.2f} | {len(rows)} |")
    return found


# ---- the freeze

def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def write(path, rows):
    with open(path, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(rows)


def freeze(members, folder):
    folder.mkdir(parents=True, exist_ok=True)
    files, commands = {}, {}
    with tempfile.TemporaryDirectory() as temp:
        for policy, suffix in (("with-politics", ""), ("as-happened", "-held")):
            out = pathlib.Path(temp) / f"freeze{suffix}.db"
            command, rows = run(CORRIDOR, policy, "2024-01-01", "2025-01-01", members, out)
            commands[suffix or "politics simulated"] = " ".join(c.replace(str(ROOT) + "/", "").replace(temp + "/", "") for c in command)
            hub = [["2023-12-31", "usbp encounters", r["horizon"], r["target_end_date"], place(r["location"]), "quantile",
                    r["output_type_id"], str(round(float(r["value"])))] for r in rows]
            for name, want in (("usbp-total", True), ("usbp-by-origin", False)):
                path = folder / f"{name}{suffix}.csv"
                write(path, [r for r in hub if (r[4] == "total") == want])
                files[path.name] = sha256(path)
    corridor = sorted(p for p in CORRIDOR.rglob("*") if p.suffix in (".yml", ".csv"))
    git = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
    about = {"origin_date": "2023-12-31", "information": "to 4 January 2024", "seed": int(SEED), "members": members,
             "git": git, "commands": commands, "then": "paso export --format hubverse, target and locations renamed by tools/freeze_2024.py",
             "files": files, "corridor": {str(p.relative_to(ROOT)): sha256(p) for p in corridor}}
    (folder / "manifest.json").write_text(json.dumps(about, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("do", choices=["hindcast", "freeze"])
    parser.add_argument("--members", type=int, default=0)
    parser.add_argument("--every", type=int, default=12, help="months between hindcasts' origins")
    parser.add_argument("--first", default="2019-12", help="no hindcast from a month before this one")
    parser.add_argument("--last", default="2022-12", help="the month after which the last hindcast starts")
    parser.add_argument("--of", choices=["encounters", "released"], default="encounters", help="what is scored; released: Paso alone")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "forecasts" / "2024")
    args = parser.parse_args()
    if args.do == "freeze":
        freeze(args.members or 1000, args.out)
    else:
        back = (add_months(args.last, -args.every * i) for i in range(12 * 5 // args.every + 1))
        hindcast(args.members or 100, sorted(m for m in back if m >= args.first), args.of)


if __name__ == "__main__":
    main()
