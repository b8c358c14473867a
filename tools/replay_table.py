#!/usr/bin/env python3
"""Set a replay of corridors/us-mexico/capacity.yml beside the record: the tables of its README, as Markdown.

usage: replay_table.py STORE        a store of `paso run`, October 2018 to December 2023, first policy of the run
The model's figure of a month is the median over members; errors are of that figure, not of single members.
"""
import sqlite3
import statistics
import struct
import sys
from pathlib import Path

WINDOW = ("2021-10", "2023-12")      # the months that the targets are about
ASKED = {"returned": 12, "to_hhs": 15, "to_ice": 25, "released": 20}
LABELS = {"returned": "repatriated and expelled", "to_hhs": "to HHS", "to_ice": "to ICE", "released": "released"}
FATES = [*ASKED, "sent_to_wait"]     # what may become of those who arrive; the share released is of their sum
SELECTED = ["2021-12", "2022-06", "2022-12", "2023-03", "2023-06", "2023-09", "2023-12"]
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def quantile(values, q):
    """Type 7, as in the store."""
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


class Replay:
    def __init__(self, store):
        if not Path(store).is_file():
            sys.exit(f"replay_table: no file {store}")
        self.db = sqlite3.connect(store)
        self.meta = dict(self.db.execute("SELECT key, value FROM meta"))
        self.ids = dict(self.db.execute("SELECT name, id FROM observable"))

    def months(self, name):
        rows = self.db.execute("SELECT id, first_day FROM period WHERE observable = ?", [self.ids[name]])
        return {day[:7]: i for i, day in rows}

    def members(self, name):
        """month -> the members' values, cells added"""
        months = self.months(name)
        table = {month: [] for month in months}
        for (blob,) in self.db.execute("SELECT value FROM sample WHERE policy = 0 AND observable = ? ORDER BY member", [self.ids[name]]):
            values = struct.unpack(f"<{len(blob) // 8}d", blob)
            for month, i in months.items():
                table[month].append(sum(values[i::len(months)]))
        return table

    def record(self, name):
        """month -> what was observed, cells added"""
        rows = self.db.execute("SELECT substr(first_day, 1, 7), sum(value) FROM observed WHERE observable = ? AND cell >= 0 AND value IS NOT NULL"
                               " GROUP BY 1", [self.ids[name]])
        return dict(rows)

    def shares(self):
        """Released as a share of all dispositions: (month -> members' shares, month -> the record's)"""
        model, seen = {n: self.members(n) for n in FATES}, {n: self.record(n) for n in FATES}
        months = [m for m in model["released"] if m in seen["released"]]
        ours = {m: [row[0] / sum(row) for row in zip(model["released"][m], *(model[n][m] for n in FATES if n != "released"))] for m in months}
        return ours, {m: seen["released"][m] / sum(seen[n].get(m, 0) for n in FATES) for m in months}


def in_window(months, first=WINDOW[0], last=WINDOW[1]):
    return [m for m in sorted(months) if first <= m <= last]


def medians(members):
    return {month: statistics.median(values) for month, values in members.items()}


def held(members, record, months):
    """In how many of the months the 5 % and 95 % points of the members hold the record"""
    return sum(quantile(members[m], 0.05) <= record[m] <= quantile(members[m], 0.95) for m in months)


def percent_error(model, record, months):
    """Mean of |model - record| / record, in percent"""
    return 100 * statistics.mean(abs(model[m] - record[m]) / record[m] for m in months)


def score(replay):
    """name -> (mean absolute error in percent, months held, months); "share": (mean points, worst points, months held, months)"""
    result = {}
    for name in ASKED:
        members, record = replay.members(name), replay.record(name)
        months = in_window(record)
        result[name] = (percent_error(medians(members), record, months), held(members, record, months), len(months))
    members, record = replay.shares()
    months = in_window(record)
    model = medians(members)
    off = [100 * abs(model[m] - record[m]) for m in months]
    result["share"] = (statistics.mean(off), max(off), held(members, record, months), len(months))
    return result


def month_name(month):
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


def print_table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def print_errors(replay):
    scores = score(replay)
    rows = [[LABELS[n], f"{scores[n][0]:.1f} %", f"{asked} %", "{} of {}".format(*scores[n][1:])] for n, asked in ASKED.items()]
    mean, worst, n_held, n = scores["share"]
    rows.append(["share released, points", f"{mean:.1f}, worst month {worst:.1f}", "5, worst month 15", f"{n_held} of {n}"])
    print_table(["", "error", "asked for, at most", "months in the 90 % band"], rows)


def print_selected(replay):
    ours, seen = {n: medians(replay.members(n)) for n in ASKED}, {n: replay.record(n) for n in ASKED}
    shares, seen_shares = replay.shares()
    print_table(["month", *LABELS.values(), "share released"],
                [[month_name(m), *(f"{ours[n][m]:,.0f} / {seen[n][m]:,.0f}" for n in ASKED),
                  f"{statistics.median(shares[m]):.2f} / {seen_shares[m]:.2f}"] for m in SELECTED])


def print_rest(replay):
    """One table of everything else that has a series"""
    rows = []
    for name, label in (("backlog", "court docket"), ("waiting_mx", "waiting in Mexico")):
        members, record = replay.members(name), replay.record(name)
        for m in in_window(record, "2018-10"):
            low, middle, high = (quantile(members[m], q) for q in (0.05, 0.5, 0.95))
            rows.append([label, month_name(m), f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}", f"{record[m]:,.0f}", ""])
    for name, label, first, last in (("admitted", "appointments", "2023-01", "2023-12"), ("paroled", "parole arrivals by air", "2023-01", "2023-12"),
                                     ("sent_to_wait", "sent to wait in Mexico", "2019-03", "2022-08"), ("screened", "fear screenings", *WINDOW)):
        members, record = replay.members(name), replay.record(name)
        months = in_window(record, first, last)
        sums = [sum(column) for column in zip(*(members[m] for m in months))]
        low, middle, high = (quantile(sums, q) for q in (0.05, 0.5, 0.95))
        off = sum(abs(v - record[m]) for m, v in medians(members).items() if m in months) / sum(record[m] for m in months)
        rows.append([label, f"{month_name(first)} to {month_name(last)}", f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}",
                     f"{sum(record[m] for m in months):,.0f}", f"{100 * off:.1f} %"])
    print_table(["", "when", "model", "90 % band", "record", "monthly error"], rows)


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    replay = Replay(argv[1])
    print("Members: {members}, seed {seed}. Model: median of the members.\n".format(**replay.meta))
    print_errors(replay)
    print_selected(replay)
    print_rest(replay)


if __name__ == "__main__":
    main(sys.argv)
