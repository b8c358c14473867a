#!/usr/bin/env python3
"""Make corridors/darien/series/*.csv from the collected official tables, and with --fit print the shares that
corridors/darien/journey.yml takes from them.

usage: make_darien.py [--fit] [DATA_FOLDER] [OUT_FOLDER]
Two series are derived, and say so: setting_out.csv (the record of the jungle, a week earlier) and by_air.csv (what Honduras
registers beyond those who can have walked). The same input gives the same bytes.
"""
import csv
import sys
from collections import defaultdict
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
FIRST, LAST = "2022-01", "2023-12"
FIT = ("2023-01", "2023-06")       # what comes after is predicted
LEAD, LAG = 8 / 30.4, 8 / 30.4     # months: coast to Panama's register; from there to Honduras
MEXICO_LAG = 16 / 30.4             # months: Panama's register to Mexico
OWN = {"VEN": "ven", "HTI": "hti", "ECU": "ecu", "CUB": "cub", "COL": "col", "CHN": "chn", "TWN": "chn", "CHL": "sam", "BRA": "sam", "PER": "sam"}
AFRICA = set("AGO BEN BFA BDI CMR CAF TCD COM COG COD CIV DJI EGY ERI ETH GAB GMB GHA GIN GNB GNQ KEN LBR LBY MAR MDG MLI MOZ MRT MUS MWI NAM NER "
             "NGA RWA SDN SEN SLE SOM SSD SWZ TGO TUN TZA UGA ZAF ZMB ZWE DZA BWA LSO CPV STP ESH SYC".split())
ASIA = set("AFG ARE ARM AZE BGD BHR BTN GEO IDN IND IRN IRQ ISR JOR JPN KAZ KGZ KHM KOR KWT LAO LBN LKA MMR MNG MYS NPL OMN PAK PHL PRK PSE QAT SAU "
           "SGP SYR THA TJK TKM TUR UZB VNM YEM MDV HKG".split())
NORTH = {"MEX", "GTM", "HND", "SLV", "NIC", "BLZ", "CRI", "PAN", "USA", "CAN"}   # set out north of the jungle: not of this corridor
ORIGINS = ["ven", "hti", "ecu", "cub", "col", "chn", "sam", "africa", "asia", "oth"]
FLY = {"cub", "hti", "africa", "asia"}   # more of them in Honduras than in the jungle


def origin_of(iso3):
    if iso3 in NORTH:
        return None
    return OWN.get(iso3) or ("africa" if iso3 in AFRICA else "asia" if iso3 in ASIA else "oth")


def months(first=FIRST, last=LAST):
    year, month = map(int, first.split("-"))
    while f"{year}-{month:02d}" <= last:
        yield f"{year}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def read(folder, name, column):
    """{(month, origin): count} of every month in the file."""
    table = defaultdict(float)
    with open(Path(folder) / name, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if origin_of(row["nationality_iso3"]) and row[column]:
                table[row["month"], origin_of(row["nationality_iso3"])] += float(row[column])
    return table


def write(folder, name, table):
    with open(Path(folder) / name, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["date", "origin", "value"])
        out.writerows([m, o, f"{table[m, o]:.0f}"] for m in months() for o in ORIGINS)


def before(month):
    return list(months("2017-01", month))[-2]


def later(table, lag):
    """What stood at one place, at another place `lag` of a month on the way."""
    return {(m, o): (1 - lag) * table[m, o] + lag * table[before(m), o] for m in months("2021-03") for o in ORIGINS}


def earlier(table, lead):
    """The reverse; of the last month the record does not say what came after, so it stands for itself."""
    following = {before(m): m for m in months("2017-02")}
    return {(m, o): (1 - lead) * table[m, o] + lead * table[following.get(m, m), o] for m in months() for o in ORIGINS}


def ratio(over, under, first, last, origins):
    return sum(over[m, o] for m in months(first, last) for o in origins) / sum(under[m, o] for m in months(first, last) for o in origins)


def shares(darien, honduras):
    """Share of those who come by land whom Honduras registers: since the fine was lifted, and before (January to July 2022)."""
    walked = later(darien, LAG)
    land = [o for o in ORIGINS if o not in FLY]
    with_amnesty = {o: min(0.95, ratio(honduras, walked, *FIT, [o])) for o in land}
    fined = {o: min(0.95, ratio(honduras, walked, "2022-01", "2022-07", [o])) for o in ("ven", "ecu", "col", "sam")}
    all_land = ratio(honduras, walked, *FIT, land)
    return {**with_amnesty, **{o: all_land for o in FLY}}, fined


def by_air(darien, honduras, registered):
    walked = later(darien, LAG)
    return {(m, o): max(0.0, honduras[m, o] - registered[o] * walked[m, o]) if o in FLY else 0.0 for m in months() for o in ORIGINS}


def print_fit(darien, honduras, mexico, children):
    registered, fined = shares(darien, honduras)
    air, walked = by_air(darien, honduras, registered), later(darien, MEXICO_LAG)
    come = {(m, o): walked[m, o] + air[m, o] / registered[o] for m, o in air}
    print(f"registered without a fine, {FIT[0]} to {FIT[1]}:", {o: round(registered[o], 2) for o in ORIGINS})
    print("registered with a fine, 2022-01 to 2022-07:", {o: round(x, 2) for o, x in fined.items()})
    print("events in Mexico for each who comes:", {o: round(ratio(mexico, come, *FIT, [o]), 2) for o in ORIGINS})
    print("children among those in the jungle, 2023:", round(children, 3))


def share_of_children(folder):
    people, young = 0.0, 0.0
    with open(Path(folder) / "darien_transits_monthly_demography.csv", newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            if FIT[0] <= row["month"] <= LAST:
                people += sum(float(row[k]) for k in ("men", "women", "boys", "girls"))
                young += float(row["boys"]) + float(row["girls"])
    return young / people


def main():
    words = [w for w in sys.argv[1:] if w != "--fit"]
    data = Path(words[0]) if words else REPO / "../shared/data/us-mexico"
    darien = read(data, "darien_transits_monthly.csv", "transits")
    honduras = read(data, "honduras_irregular_entries_monthly.csv", "irregular_entries")
    mexico = read(data, "mexico_inm_events_monthly.csv", "events")
    if "--fit" in sys.argv:
        return print_fit(darien, honduras, mexico, share_of_children(data))
    out = Path(words[1]) if len(words) > 1 else REPO / "corridors/darien/series"
    out.mkdir(parents=True, exist_ok=True)
    write(out, "jungle.csv", darien)
    write(out, "honduras.csv", honduras)
    write(out, "mexico.csv", mexico)
    write(out, "setting_out.csv", earlier(darien, LEAD))
    write(out, "by_air.csv", by_air(darien, honduras, shares(darien, honduras)[0]))


if __name__ == "__main__":
    main()
