#!/usr/bin/env python3
"""Set a run of the whole corridor us-mexico beside the record: the tables of its README on people and freight, as Markdown.

usage: people_table.py REPLAY [NOW]      stores of `paso run`: October 2018 to December 2023 with --known-until 2024-01-01,
                                         and December 2023 alone, with nothing of it known (for the closed bridges)
"""
import statistics
import sys

import replay_table as table

WINDOW = table.WINDOW
MISSED_DAYS = 101 / 24               # 18 December 08:00 to 22 December 13:00
NOVEMBER = {"eagle_pass_rail": 25549 / 30, "el_paso_rail": 10313 / 30}
RECORD = {"eagle_pass_rail": 0.63, "el_paso_rail": 0.34}


class People(table.Replay):
    def cells(self, name):
        return [name for (name,) in self.db.execute("SELECT name FROM cell WHERE observable = ? ORDER BY id", [self.ids[name]])]


def by_cell(replay, name):
    """month, cell number -> members' values"""
    months = list(replay.months(name))
    result = {}
    import struct
    for (blob,) in replay.db.execute("SELECT value FROM sample WHERE policy = 0 AND observable = ? ORDER BY member", [replay.ids[name]]):
        values = struct.unpack(f"<{len(blob) // 8}d", blob)
        for i, value in enumerate(values):
            result.setdefault((months[i % len(months)], i // len(months)), []).append(value)
    return result


def record_by_cell(replay, name):
    rows = replay.db.execute("SELECT substr(first_day, 1, 7), cell, sum(value) FROM observed WHERE observable = ? AND cell >= 0 AND value IS NOT NULL"
                             " GROUP BY 1, 2", [replay.ids[name]])
    return {(m, c): v for m, c, v in rows}


def fitted(replay, first="2019-01", last="2023-12"):
    """Mean monthly error of totals, and of origins (sum of misses over sum of record), and each origin's"""
    total, record = table.medians(replay.members("encounters")), replay.record("encounters")
    months = table.in_window(record, first, last)
    cells = {k: statistics.median(v) for k, v in by_cell(replay, "encounters").items()}
    seen = record_by_cell(replay, "encounters")
    keys = [k for k in seen if k[0] in months]
    origins = {}
    for c in sorted({c for _, c in keys}):
        mine = [k for k in keys if k[1] == c]
        origins[c] = sum(abs(cells[k] - seen[k]) for k in mine) / sum(seen[k] for k in mine)
    return (sum(abs(total[m] - record[m]) for m in months) / sum(record[m] for m in months),
            sum(abs(cells[k] - seen[k]) for k in keys) / sum(seen[k] for k in keys), origins)


def shares(replay, name, seen):
    """Cell -> (our share of the whole window, the record's, mean and largest monthly error, all in points)"""
    cells = {k: statistics.median(v) for k, v in by_cell(replay, name).items()}
    months = table.in_window({m for m, _ in seen})
    numbers = sorted({c for _, c in seen})
    ours = {m: sum(cells[m, c] for c in numbers) for m in months}
    theirs = {m: sum(seen[m, c] for c in numbers) for m in months}
    result = {}
    for c in numbers:
        off = [100 * abs(cells[m, c] / ours[m] - seen[m, c] / theirs[m]) for m in months]
        result[c] = (100 * sum(cells[m, c] for m in months) / sum(ours.values()), 100 * sum(seen[m, c] for m in months) / sum(theirs.values()),
                     statistics.mean(off), max(off))
    return result


def kinds_seen(replay):
    """The record of kinds, from the table of arrivals"""
    import csv
    from pathlib import Path
    seen = {}
    kinds = {"adult": 0, "family": 1, "child": 2}
    with open(Path(__file__).resolve().parent.parent / "corridors/us-mexico/series/arrivals.csv", newline="", encoding="utf-8") as rows:
        for r in csv.DictReader(rows):
            key = r["date"], kinds[r["kind"]]
            seen[key] = seen.get(key, 0) + int(r["value"])
    return seen


def over_window(replay, name, first, last):
    """Members' sums and the record's over the months with a record; mean monthly error; width of the 90 % band as a factor, median month"""
    members, record = replay.members(name), replay.record(name)
    months = table.in_window(record, first, last)
    sums = [sum(column) for column in zip(*(members[m] for m in months))]
    seen = sum(record[m] for m in months)
    model = table.medians(members)
    monthly = sum(abs(model[m] - record[m]) for m in months) / seen
    width = max((table.quantile(sums, 0.95) / max(statistics.median(sums), 1e-9)), statistics.median(sums) / max(table.quantile(sums, 0.05), 1e-9))
    return statistics.median(sums), table.quantile(sums, 0.05), table.quantile(sums, 0.95), seen, monthly, width


def caught_up(store, rail):
    """Of the railcars missed at November's rate, the share that still crossed in December, by member"""
    cell = list(NOVEMBER).index(rail)
    cars = by_cell(store, "cars")["2023-12", cell]
    missed = NOVEMBER[rail] * MISSED_DAYS
    return [(x - (31 * NOVEMBER[rail] - missed)) / missed for x in cars]


QUANTITIES = [("stops", "stops by Mexico", *WINDOW), ("sent_to_wait", "returned to wait in Mexico", "2021-12", "2022-08"), ("paroled", "parole arrivals by air", "2023-01", "2023-12"),
              ("admitted", "appointments", "2023-01", "2023-12"), *[("files_year", f"asylum applications in Mexico, {y}", f"{y}-01", f"{y}-01") for y in range(2019, 2024)],
              *[("deaths_year", f"deaths, {y}", f"{y}-01", f"{y}-01") for y in range(2019, 2024)],
              ("released", "released", *WINDOW), ("returned", "repatriated and expelled", *WINDOW), ("to_ice", "to ICE", *WINDOW), ("to_hhs", "to HHS", *WINDOW)]


def main(argv):
    if len(argv) not in (2, 3):
        sys.exit(__doc__)
    replay = People(argv[1])
    total, origins, each = fitted(replay)
    names = "mex gtm hnd slv ven cub hti nic ecu col per oth".split()
    print(f"Fitted, January 2019 to December 2023: monthly totals {100 * total:.1f} %, origins {100 * origins:.1f} % "
          f"({', '.join(f'{names[c]} {100 * e:.0f}' for c, e in each.items())}).\n")
    sectors = "sdc elc yum tca ept bbt drt lrt rgv".split()
    rows = [[sectors[c], *(f"{x:.1f}" for x in v)] for c, v in shares(replay, "by_sector", record_by_cell(replay, "by_sector")).items()]
    rows += [[["adult", "family", "child"][c], *(f"{x:.1f}" for x in v)] for c, v in shares(replay, "by_kind", kinds_seen(replay)).items()]
    table.print_table(["share of encounters, %", "model", "record", "monthly error, points", "worst month"], rows)
    rows = []
    for name, label, first, last in QUANTITIES:
        middle, low, high, seen, monthly, width = over_window(replay, name, first, last)
        rows.append([label, f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}", f"{seen:,.0f}", f"{100 * (middle / seen - 1):+.0f} %", f"{100 * monthly:.0f} %", f"{width:.2f}"])
    table.print_table(["October 2021 to December 2023, or the year", "model", "90 % band", "record", "off", "monthly error", "band ×/÷"], rows)
    if len(argv) == 3:
        now = People(argv[2])
        table.print_table(["missed railcars that still crossed in December", "model", "90 % band", "record"],
                          [[r, f"{100 * statistics.median(v):.0f} %", f"{100 * table.quantile(v, 0.05):.0f} to {100 * table.quantile(v, 0.95):.0f} %",
                            f"{100 * RECORD[r]:.0f} %"] for r in NOVEMBER for v in [caught_up(now, r)]])


if __name__ == "__main__":
    main(sys.argv)
