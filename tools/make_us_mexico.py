#!/usr/bin/env python3
"""Make corridors/us-mexico/series/*.csv from the collected official tables.

usage: make_us_mexico.py [DATA_FOLDER] [OUT_FOLDER]
Nothing is estimated but one thing: origin by kind for October 2018 to September 2019, where only margins were
published (see spread_year_one). The same input gives the same bytes.
"""
import csv
import sys
from collections import defaultdict
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
FIRST, DETAIL, LAST = "2018-10", "2019-10", "2023-12"
KINDS = ["adult", "family", "child"]
KIND_OF = {"Single Adults": "adult", "FMUA": "family", "UC / Single Minors": "child"}
ORIGIN_OF = {"MEXICO": "mex", "GUATEMALA": "gtm", "HONDURAS": "hnd", "EL SALVADOR": "slv", "VENEZUELA": "ven", "CUBA": "cub",
             "HAITI": "hti", "NICARAGUA": "nic", "ECUADOR": "ecu", "COLOMBIA": "col", "PERU": "per"}
ORIGINS = list(ORIGIN_OF.values()) + ["oth"]
GROUPED = ["ven", "cub", "hti", "nic", "ecu", "col", "per", "oth"]   # one group, OTHER, before October 2019
BOOKOUTS = {"released": ["USBP Releases"], "returned": ["T8 repatriations", "T42 expulsions"], "to_ice": ["Transfers to ICE"],
            "to_hhs": ["Transfers to HHS"], "sent_to_wait": ["Migrant Protection Protocols"]}
# Pending in Remain in Mexico, published by TRAC: end of January 2020, early 2021 (26 to 29 thousand), April 2021.
WAITING_IN_MEXICO = {"2020-01": 30000, "2021-01": 27500, "2021-04": 18087}


def rows(folder, name):
    with open(Path(folder) / name, newline="", encoding="utf-8") as f:
        yield from csv.DictReader(f)


def wanted(month):
    return FIRST <= month <= LAST


def write(folder, name, header, lines):
    with open(Path(folder) / name, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(header)
        out.writerows(lines)


def fit_margins(seed, row_sums, column_sums):
    """Iterative proportional fitting; the columns hold at the end, the rows nearly (they are rounded to tens)."""
    table = {key: float(value) for key, value in seed.items()}
    for _ in range(200):
        for axis, sums in ((0, row_sums), (1, column_sums)):
            have = defaultdict(float)
            for key, value in table.items():
                have[key[axis]] += value
            for key in table:
                table[key] *= sums[key[axis]] / have[key[axis]] if have[key[axis]] else 0.0
    return table


def round_to(total, shares):
    """Whole numbers that add up to total, by largest remainder; ties go to the earlier name."""
    whole = {key: int(value) for key, value in shares.items()}
    order = sorted(shares, key=lambda key: (whole[key] - shares[key], ORIGINS.index(key)))
    for key in order[:total - sum(whole.values())]:
        whole[key] += 1
    return whole


def read_encounters(data):
    """Border Patrol encounters by month, origin (or `group`) and kind."""
    seen = defaultdict(int)
    for r in rows(data, "cbp_swb_monthly.csv"):
        if r["component"] == "USBP" and wanted(r["month"]):
            other = "oth" if r["detail"] == "AOR" else "group"
            seen[r["month"], ORIGIN_OF.get(r["citizenship"], other), KIND_OF[r["demographic"]]] += int(r["count"])
    return seen


def read_citizenships(data):
    """Monthly totals by citizenship, rounded to tens: the one margin that year one has for the grouped origins."""
    seen = defaultdict(int)
    for r in rows(data, "khsm_usbp_swb_citizenship_monthly.csv"):
        origin = ORIGIN_OF.get(r["citizenship"].upper())
        if origin in GROUPED and FIRST <= r["month"] < DETAIL:
            seen[r["month"], origin] += int(r["count"])
    return seen


def spread_year_one(seen, data):
    """Deal the OTHER group over eight origins: OHSS citizenship totals and CBP kind totals are the margins, the kinds of
    the five months after (before Title 42) the first guess."""
    nations = read_citizenships(data)
    seed = {(o, k): 0.5 + sum(n for (m, oo, kk), n in seen.items() if (oo, kk) == (o, k) and DETAIL <= m <= "2020-02")
            for o in GROUPED for k in KINDS}
    for month in sorted({m for m, o, _ in seen if o == "group"}):
        kinds = {k: seen.pop((month, "group", k), 0) for k in KINDS}
        nation = {o: nations[month, o] for o in GROUPED}
        nation["oth"] = max(sum(kinds.values()) - sum(nation.values()), 0)
        table = fit_margins(seed, nation, kinds)
        for k in KINDS:
            for o, n in round_to(kinds[k], {o: table[o, k] for o in GROUPED}).items():
                seen[month, o, k] = n


def make_arrivals(data, out):
    seen = read_encounters(data)
    totals = defaultdict(int)
    for (month, _, _), n in seen.items():
        totals[month] += n
    spread_year_one(seen, data)
    months = sorted(totals)
    for month in months:
        assert totals[month] == sum(seen[month, o, k] for o in ORIGINS for k in KINDS), month
    write(out, "arrivals.csv", ["date", "origin", "kind", "value"],
          ([m, o, k, seen[m, o, k]] for m in months for o in ORIGINS for k in KINDS))
    write(out, "encounters.csv", ["date", "origin", "value"],
          ([m, o, sum(seen[m, o, k] for k in KINDS)] for m in months for o in ORIGINS))


def make_bookouts(data, out):
    table = defaultdict(dict)
    for r in rows(data, "ohss_swb_bookouts_by_agency.csv"):
        if r["agency"] == "USBP" and wanted(r["month"]) and r["count"]:
            table[r["outcome"]][r["month"]] = int(r["count"])
    for name, outcomes in BOOKOUTS.items():
        months = sorted({m for outcome in outcomes for m in table[outcome]})
        write(out, f"{name}.csv", ["date", "value"], ([m, sum(table[o].get(m, 0) for o in outcomes)] for m in months))


def make_single(data, out, name, source, keep):
    """A national monthly series: the rows of `source` for which `keep` holds."""
    write(out, f"{name}.csv", ["date", "value"],
          sorted([r["month"], int(r["count"])] for r in rows(data, source) if wanted(r["month"]) and r["count"] and keep(r)))


def make_parole(data, out):
    for name, measure in (("parole_arrivals", "parole"), ("parole_travel", "travel_authorization")):
        lines = [[r["month"], ORIGIN_OF[r["nationality"].upper()], int(r["count"])] for r in rows(data, "chnv_monthly.csv")
                 if r["measure"] == measure and r["nationality"] != "Total" and r["count"]]
        write(out, f"{name}.csv", ["date", "origin", "value"], sorted(lines, key=lambda x: (x[0], ORIGINS.index(x[1]))))


def make_docket(data, out):
    lines = sorted([r["as_of"][:7], int(r["value"])] for r in rows(data, "us_asylum_court_backlogs.csv")
                   if r["measure"] == "immigration_court_pending" and wanted(r["as_of"][:7]))
    write(out, "docket.csv", ["date", "value"], lines)


def main(argv):
    data = Path(argv[1]) if len(argv) > 1 else REPO / ".." / "shared" / "data" / "us-mexico"
    out = Path(argv[2]) if len(argv) > 2 else REPO / "corridors" / "us-mexico" / "series"
    if not data.is_dir():
        sys.exit(f"make_us_mexico: no folder {data}")
    out.mkdir(parents=True, exist_ok=True)
    make_arrivals(data, out)
    make_bookouts(data, out)
    make_single(data, out, "appointments", "cbp_one_appointments_monthly.csv", lambda r: r["citizenship"] == "Total")
    make_single(data, out, "fear_screenings", "ohss_swb_credible_fear.csv",
                lambda r: (r["table"], r["item"]) == ("completed_by_result", "Total"))
    make_parole(data, out)
    make_docket(data, out)
    write(out, "waiting_in_mexico.csv", ["date", "value"], sorted(WAITING_IN_MEXICO.items()))
    import make_us_mexico_people  # which uses the readers above
    make_us_mexico_people.make(data, out)


if __name__ == "__main__":
    main(sys.argv)
