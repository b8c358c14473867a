#!/usr/bin/env python3
"""Which past shares would have said best where the next 27 months' crossings go? The years before October 2021 choose, the months after are looked at beside them.

usage: sector_rules.py [DATA_FOLDER]
First table: all Border Patrol encounters by sector, forecasts made every three months from October 2009, whose 27 months end before October 2021.
Second: by origin, with the record's origins, as the corridor does it with the model's; October 2021 on is for looking, not for choosing.
Third: the last year's shares of ever smaller groups (22 citizenships, kinds, Title 42 or not), each group weighted as it came.
"""
import statistics
import sys
from collections import defaultdict

import make_us_mexico as base
import make_us_mexico_people as people
import replay_table as table

AHEAD, FIRST = 27, 120
NAMES = "big_bend del_rio el_centro el_paso laredo rio_grande_valley san_diego tucson yuma".split()


def scale(parts):
    return [x / sum(parts) for x in parts]


def rules(window):
    """name -> forecast of the shares from month `o` on; window(i, j): counts by sector of the months i to j"""
    result = {f"the last {n} months": lambda o, n=n: scale(window(o - n, o)) for n in (3, 6, 12, 24, 60, 120)}
    for w in (0.1, 0.3):
        result[f"24 months, {w:.0%} towards ten years"] = lambda o, w=w: scale(
            [a ** (1 - w) * b ** w for a, b in zip(scale(window(o - 24, o)), scale(window(o - 120, o)))])
    result["24 months, flatter (power 0.85)"] = lambda o: scale([a ** 0.85 for a in scale(window(o - 24, o))])
    return result


def misses(forecast, seen):
    off = [100 * abs(a - b) for a, b in zip(forecast, seen)]
    return statistics.mean(off), max(off), sum(x > 5 for x in off)


def before(data):
    count = defaultdict(int)
    for r in base.rows(data, "usbp_swb_sector_monthly.csv"):
        count[r["month"], r["sector"]] += int(r["count"])
    months = sorted({m for m, _ in count if m < people.WINDOW})

    def window(i, j):
        return [sum(count[m, s] for m in months[i:j]) for s in NAMES]
    dates = range(FIRST, len(months) - AHEAD + 1, 3)
    rows = []
    for name, rule in rules(window).items():
        scores = [misses(rule(o), scale(window(o, o + AHEAD))) for o in dates]
        rows.append([name, *(f"{statistics.mean(column):.1f}" for column in zip(*scores))])
    table.print_table([f"{len(dates)} forecasts before October 2021", "mean error, points", "largest", "sectors off by more than 5"], rows)


def by_origin(seen, past, ahead, power):
    """Misses of each origin's shares of the months `past` for the months `ahead`, origins weighted as they came"""
    dealt, record = [0.0] * len(NAMES), scale([sum(seen[m, o, s] for m in ahead for o in base.ORIGINS) for s in people.SECTORS])
    for o in base.ORIGINS:
        shares = scale([(0.5 + sum(seen[m, o, s] for m in past)) ** power for s in people.SECTORS])
        came = sum(seen[m, o, s] for m in ahead for s in people.SECTORS)
        dealt = [d + came * x for d, x in zip(dealt, shares)]
    return misses(scale(dealt), record)


def after(data):
    seen = people.read_sectors(data)
    months = sorted({m for m, _, _ in seen})
    start = months.index(people.WINDOW)
    rows = []
    for n, first, last, when in ((12, start - 12, start, "October 2020 to September 2021"), *((n, start, len(months), "October 2021 on") for n in (3, 6, 12, 24))):
        for power in (1, 0.85):
            mean, most, wrong = by_origin(seen, months[first - n:first], months[first:last], power)
            rows.append([when, f"the last {n} months" + (f", power {power}" if power < 1 else ""), f"{mean:.1f}", f"{most:.1f}", str(wrong)])
    table.print_table(["by origin", "rule", "mean error, points", "largest", "sectors off by more than 5"], rows)


GROUPS = {"all as one": lambda r: (), "12 origins, as in the corridor": lambda r: base.ORIGIN_OF.get(r["citizenship"], "oth"), "22 citizenships": lambda r: r["citizenship"],
          "origin, kind": lambda r: (base.ORIGIN_OF.get(r["citizenship"], "oth"), r["demographic"]),
          "citizenship, kind, authority": lambda r: (r["citizenship"], r["demographic"], r["authority"])}


def by_group(counts, past, ahead):
    """Misses where each group goes as it went in the months `past`: what who comes can explain, and where the largest miss is"""
    went, came, record = defaultdict(lambda: [0.5] * len(NAMES)), defaultdict(int), [0] * len(NAMES)
    for (month, group, sector), n in counts.items():
        at = people.SECTORS.index(sector)
        if month in past:
            went[group][at] += n
        if month in ahead:
            came[group] += n
            record[at] += n
    dealt = [sum(n * scale(went[g])[i] for g, n in came.items()) for i in range(len(NAMES))]
    return misses(scale(dealt), scale(record))


def by_who_comes(data):
    rows, seen = [], [r for r in base.rows(data, "cbp_swb_monthly.csv") if r["component"] == "USBP" and r["detail"] == "AOR" and base.wanted(r["month"])]
    months = sorted({r["month"] for r in seen})
    start = months.index(people.WINDOW)
    for name, group in GROUPS.items():
        counts = defaultdict(int)
        for r in seen:
            counts[r["month"], group(r), people.SECTOR[r["aor"]]] += int(r["count"])
        cells = [name]
        for first, last in ((start - 12, start), (start - 6, start), (start, len(months))):
            mean, most, wrong = by_group(counts, set(months[first - 12:first]), set(months[first:last]))
            cells.append(f"{mean:.1f}, {most:.1f}, {wrong}")
        rows.append(cells)
    table.print_table(["the last 12 months by", "October 2020 to September 2021", "April to September 2021", "October 2021 on"], rows)


def main(argv):
    data = argv[1] if len(argv) > 1 else base.REPO / ".." / "shared" / "data" / "us-mexico"
    before(data)
    after(data)
    print("Mean error, largest, sectors off by more than 5:\n")
    by_who_comes(data)


if __name__ == "__main__":
    main(sys.argv)
