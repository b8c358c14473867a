#!/usr/bin/env python3
"""Set a replay of corridors/darien beside the record: the table of its README, as Markdown.

usage: darien_table.py STORE        a store of `paso run --all`, January 2022 to December 2023
"""
import sqlite3
import struct
import sys

FINED, SPRING, AUTUMN = ("Jan–Jul 2022", "2022-01-01", "2022-07-01"), ("Jan–Jun 2023", "2023-01-01", "2023-06-01"), ("Jul–Dec 2023", "2023-07-01", "2023-12-01")
BETWEEN, YEAR = ("Aug–Dec 2022", "2022-08-01", "2022-12-01"), ("2022", "2022-01-01", "2022-12-01")
LAND, AIR = ["ven", "ecu", "col", "chn", "sam", "oth"], ["cub", "hti", "africa", "asia"]
ALL = LAND + AIR
# What, whose, when, how: what Honduras registers of those who mostly fly is what the flights were derived from.
ROWS = ([("darien", "all", ALL, when, "given") for when in (YEAR, SPRING, AUTUMN)]
        + [("honduras", "by land", LAND, when, how) for when, how in ((FINED, "fitted"), (BETWEEN, "predicted"), (SPRING, "fitted"), (AUTUMN, "predicted"))]
        + [("honduras", o, [o], AUTUMN, "predicted") for o in LAND]
        + [("honduras", "mostly by air", AIR, AUTUMN, "given")]
        + [("mexico", "all", ALL, when, how) for when, how in ((YEAR, "predicted"), (SPRING, "fitted"), (AUTUMN, "predicted"))]
        + [("mexico", o, [o], AUTUMN, "predicted") for o in ALL])


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def three_digits(x):
    digits = max(0, len(str(int(abs(x)))) - 3)
    return f"{round(x / 10 ** digits) * 10 ** digits:,}"


class Replay:
    def __init__(self, store):
        self.db = sqlite3.connect(store)

    def sums(self, name, origins, first, last):
        """Label, record, and the sum over the months of each member."""
        number, en = self.db.execute("SELECT id, en FROM observable WHERE name = ?", [name]).fetchone()
        days = [d for d, in self.db.execute("SELECT first_day FROM period WHERE observable = ? ORDER BY id", [number])]
        cells = [c for c, in self.db.execute("SELECT name FROM cell WHERE observable = ? ORDER BY id", [number])]
        wanted = [cells.index(f"origin={o}") for o in origins]
        months = [i for i, d in enumerate(days) if first <= d <= last]
        members = [struct.unpack(f"<{len(v) // 8}d", v) for v, in self.db.execute(
            "SELECT value FROM sample WHERE policy = 0 AND observable = ? ORDER BY member", [number])]
        observed = self.db.execute("SELECT cell, value FROM observed WHERE observable = ? AND first_day BETWEEN ? AND ?", [number, first, last])
        record = sum(value for cell, value in observed if cell in wanted)
        return en, record, [sum(v[c * len(days) + m] for c in wanted for m in months) for v in members]

    def row(self, name, whose, origins, when, how):
        label, first, last = when
        en, record, model = self.sums(name, origins, first, last)
        low, middle, high = (quantile(model, q) for q in (0.05, 0.5, 0.95))
        return [en, whose, label, how, three_digits(record), three_digits(middle), f"{three_digits(low)} to {three_digits(high)}",
                f"{100 * (middle / record - 1):+.0f} %", "yes" if low <= record <= high else "no"]


def table(store):
    replay = Replay(store)
    head = ["what", "whose", "when", "how", "record", "model, median", "5 to 95 %", "off", "record in the band"]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *(replay.row(*row) for row in ROWS)])


if __name__ == "__main__":
    print(table(sys.argv[1]))
