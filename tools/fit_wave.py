#!/usr/bin/env python3
"""Fit the latent wave of corridors/us-mexico to the record: writes series/wave.csv.

usage: fit_wave.py PASO [ROUNDS] [MEMBERS]
The central path of the whole corridor (MEMBERS 0) or the median of an ensemble is set beside the record of encounters
and appointments, by origin and month; the wave of the months before is moved by a part of the log ratio; again.
People set out weeks before they are met, so a month's miss is dealt over it and the two months before it.
"""
import csv
import math
import os
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

CORRIDOR = Path(__file__).resolve().parent.parent / "corridors" / "us-mexico"
LEADS = {"mex": (0.9, 0.1, 0.0)}                 # how a miss is dealt: the month itself, one before, two before
LEAD = (0.8, 0.15, 0.05)
HELD = {"cub": "2023-02", "hti": "2023-02"}     # from here set by appointments and asylum files, with few met between ports
FILES = {"cub": 18386 / 12, "hti": 44239 / 12}   # asylum applications in Mexico a month of 2023
REACH = 24                                       # of those who begin to hope in a month, those who come: 0.8 of 30 days
STEP, LOW, LATE, HIGH, SOFT, SMOOTH = 0.4, -7.0, -4.0, 3.0, 60, 0.08   # LATE: the lowest from 2021; SOFT: people a month that are neither here nor there


def table(name):
    with open(CORRIDOR / "series" / name, newline="", encoding="utf-8") as rows:
        return {(r["date"], r["origin"]): float(r["value"]) for r in csv.DictReader(rows)}


def run(paso, folder, members):
    store = Path(tempfile.gettempdir()) / f"fit{os.getpid()}.db"
    options = ["--quick"] if members == 0 else ["--members", str(members)]
    subprocess.run([paso, "run", folder, "--from", "2018-10-01", "--until", "2024-01-01", "--known-until", "2024-01-01", "--out", store,
                    "--force", "--quiet", *options], check=True, stdout=subprocess.DEVNULL)
    return sqlite3.connect(store)


def monthly(db, name, origins):
    """(month, origin) -> median over members"""
    ids = dict(db.execute("SELECT name, id FROM observable"))
    months = [day[:7] for (day,) in db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id", [ids[name]])]
    runs = [struct.unpack(f"<{len(blob) // 8}d", blob) for (blob,) in
            db.execute("SELECT value FROM sample WHERE policy = 0 AND observable = ?", [ids[name]])]
    n = len(months)
    return {(m, o): statistics.median(r[i * n + j] for r in runs) for i, o in enumerate(origins) for j, m in enumerate(months)}


def misses(db, seen, served, origins, months):
    """log of record over model, by month and origin"""
    met, called = monthly(db, "encounters", origins), monthly(db, "called", origins)
    result = {}
    for o in origins:
        for m in months:
            there = (m, o) in served
            model = met[m, o] + (called[m, o] if there else 0)
            result[m, o] = math.log((seen[m, o] + served.get((m, o), 0) + SOFT) / (model + SOFT))
    return result, met


def hold(wave, origin, months):
    """Cuba and Haiti in 2023: nearly all come for an appointment or stay in Mexico, so encounters say little of how many come."""
    seen, served, base = table("encounters.csv"), table("appointments_origin.csv"), {"cub": 550, "hti": 150}
    for i, m in enumerate(months):
        if m >= HELD.get(origin, "9999"):
            near = [months[j] for j in range(i - 1, min(i + 2, len(months)))]
            come = sum(seen[n, origin] + served[n, origin] + FILES[origin] for n in near) / len(near)
            wave[m, origin] = math.log(come / REACH / base[origin])


def move(wave, miss, origins, months):
    for o in origins:
        lead = LEADS.get(o, LEAD)
        for i, m in enumerate(months):
            parts = [(w, miss[months[i + k], o]) for k, w in enumerate(lead) if w and i + k < len(months)]
            if m >= HELD.get(o, "9999"):
                continue
            change = STEP * sum(w * x for w, x in parts) / sum(w for w, _ in parts)
            wave[m, o] = min(max(wave[m, o] + max(min(change, 0.5), -0.5), LATE if m >= "2021" else LOW), HIGH)
        hold(wave, o, months)
        old = [wave[m, o] for m in months]
        for i, m in enumerate(months):           # a course without needless turns
            near = old[max(i - 1, 0)], old[min(i + 1, len(old) - 1)]
            wave[m, o] += SMOOTH * (sum(near) / 2 - old[i])


def say(met, seen, origins, months):
    total = sum(abs(sum(met[m, o] - seen[m, o] for o in origins)) for m in months) / sum(seen[m, o] for m in months for o in origins)
    by_origin = sum(abs(met[m, o] - seen[m, o]) for m in months for o in origins) / sum(seen[m, o] for m in months for o in origins)
    print(f"totals {100 * total:.1f} %, origins {100 * by_origin:.1f} %", flush=True)
    return total + by_origin


def write(folder, wave, origins, months):
    with open(Path(folder) / "series" / "wave.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["date", "origin", "value"])
        out.writerows([m, o, f"{wave[m, o]:.4f}"] for m in months for o in origins)


def main(argv):
    if len(argv) < 2:
        sys.exit(__doc__)
    paso, rounds, members = argv[1], int(argv[2]) if len(argv) > 2 else 40, int(argv[3]) if len(argv) > 3 else 0
    seen, served, wave = table("encounters.csv"), table("appointments_origin.csv"), table("wave.csv")
    origins, months = list(dict.fromkeys(o for _, o in seen)), sorted({m for m, _ in seen})
    late = [m for m in months if m >= "2019-01"]
    best, kept = math.inf, dict(wave)
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "us-mexico")
        shutil.copytree(CORRIDOR, copy)
        for _ in range(rounds):
            write(copy, wave, origins, months)
            db = run(paso, copy, members)
            miss, met = misses(db, seen, served, origins, months)
            db.close()
            off = say(met, seen, origins, late)
            if off < best:
                best, kept = off, dict(wave)
            move(wave, miss, origins, months)
    write(CORRIDOR, kept, origins, months)


if __name__ == "__main__":
    main(sys.argv)
