"""The series of the people's and the freight's side of corridors/us-mexico; called by make_us_mexico.py.

Estimated is one thing: sectors by origin for October 2018 to September 2019, where only margins were published.
"""
import csv
from collections import defaultdict
from pathlib import Path

import make_us_mexico as base

ISO = {"MEX": "mex", "GTM": "gtm", "HND": "hnd", "SLV": "slv", "VEN": "ven", "CUB": "cub", "HTI": "hti", "NIC": "nic", "ECU": "ecu",
       "COL": "col", "PER": "per"}
COUNTRY = {"Mexico": "mex", "Guatemala": "gtm", "Honduras": "hnd", "El Salvador": "slv", "Venezuela": "ven", "Cuba": "cub", "Haiti": "hti",
           "Nicaragua": "nic", "Ecuador": "ecu", "Colombia": "col", "Peru": "per"}
SECTOR = {"San Diego Sector": "sdc", "El Centro Sector": "elc", "Yuma Sector": "yum", "Tucson Sector": "tca", "El Paso Sector": "ept",
          "Big Bend Sector": "bbt", "Del Rio Sector": "drt", "Laredo Sector": "lrt", "Rio Grande Valley Sector": "rgv"}
SECTORS = list(SECTOR.values())
RAIL = {"2303": "eagle_pass_rail", "2402": "el_paso_rail"}
LANE = {"Camino Real International Bridge": "camino_real", "Bridge of the Americas": "bota"}
WINDOW = "2021-10"                   # from here on shares are predicted
EFFORT_ONE = 3090                    # INM events a day, October and November 2023: effort 1


def days_of(month):
    year, number = int(month[:4]), int(month[5:])
    if number == 2:
        return 29 if year % 4 == 0 else 28
    return 30 if number in (4, 6, 9, 11) else 31


def read_sectors(data):
    """Border Patrol encounters by month, origin and sector, October 2019 on; by month and sector before."""
    seen = defaultdict(int)
    for r in base.rows(data, "cbp_swb_monthly.csv"):
        if r["component"] == "USBP" and r["detail"] == "AOR" and base.wanted(r["month"]):
            seen[r["month"], base.ORIGIN_OF.get(r["citizenship"], "oth"), SECTOR[r["aor"]]] += int(r["count"])
    return seen


def year_one_sectors(data, seen, origins):
    """Sector totals and origin totals are the margins, October 2019 to February 2020 the first guess."""
    totals = defaultdict(int)
    names = {name.replace(" Sector", "").lower().replace(" ", "_"): key for name, key in SECTOR.items()}
    for r in base.rows(data, "usbp_swb_sector_monthly.csv"):
        if base.FIRST <= r["month"] < base.DETAIL and r["sector"] in names:
            totals[r["month"], names[r["sector"]]] += int(r["count"])
    guess = {(o, s): 0.5 + sum(n for (m, oo, ss), n in seen.items() if (oo, ss) == (o, s) and m <= "2020-02")
             for o in base.ORIGINS for s in SECTORS}
    for month in sorted({m for m, _ in totals}):
        table = base.fit_margins(guess, {o: origins[month, o] for o in base.ORIGINS}, {s: totals[month, s] for s in SECTORS})
        for key, n in table.items():
            seen[(month, *key)] = round(n)


def write_before(out, name, label, seen, cells):
    """The record to September 2021; the last row is the two years before, which holds from then on: later shares are predicted."""
    months = sorted({m for m, _, _ in seen if m < WINDOW})
    last = {(o, c): sum(seen[m, o, c] for m in months if m >= base.DETAIL) for o in base.ORIGINS for c in cells}
    base.write(out, name, ["date", "origin", label, "value"],
               [[m, o, c, seen[m, o, c]] for m in months for o in base.ORIGINS for c in cells] + [[WINDOW, *key, n] for key, n in last.items()])


def make_kinds(out):
    with open(Path(out) / "arrivals.csv", newline="", encoding="utf-8") as rows:
        seen = {(r["date"], r["origin"], r["kind"]): int(r["value"]) for r in csv.DictReader(rows)}
    write_before(out, "kinds.csv", "kind", seen, list(dict.fromkeys(k for _, _, k in seen)))


def make_sectors(data, out, origins):
    seen = read_sectors(data)
    year_one_sectors(data, seen, origins)
    months = sorted({m for m, _, _ in seen})
    write_before(out, "sectors.csv", "sector", seen, SECTORS)
    base.write(out, "by_sector.csv", ["date", "sector", "value"],
               ([m, s, sum(seen[m, o, s] for o in base.ORIGINS)] for m in months for s in SECTORS))


def make_mexico(data, out):
    events, returns = defaultdict(int), defaultdict(int)
    for table, name, count in ((events, "mexico_inm_events_monthly.csv", "events"), (returns, "mexico_returns_monthly.csv", "returns")):
        for r in base.rows(data, name):
            if base.wanted(r["month"]) and r[count]:
                table[r["month"], ISO.get(r["nationality_iso3"], "oth")] += int(float(r[count]))
    months = sorted({m for m, _ in events})
    base.write(out, "inm_events.csv", ["date", "origin", "value"], ([m, o, events[m, o]] for m in months for o in base.ORIGINS if o != "mex"))
    total = {m: sum(events[m, o] for o in base.ORIGINS) for m in months}
    base.write(out, "inm_effort.csv", ["date", "value"], ([m, f"{total[m] / days_of(m) / EFFORT_ONE:.4f}"] for m in months))
    base.write(out, "inm_deported.csv", ["date", "value"],
               ([m, f"{min(sum(returns[m, o] for o in base.ORIGINS) / total[m], 0.95):.4f}"] for m in months))


def make_comar(data, out):
    files = defaultdict(int)
    for r in base.rows(data, "unhcr_asylum_applications_annual.csv"):
        if (r["asylum_iso3"], r["authority"]) == ("MEX", "COMAR") and "2019" <= r["year"] <= "2023":
            files[r["year"], ISO.get(r["origin_iso3"], "oth")] += int(r["applications"])
    base.write(out, "comar.csv", ["date", "origin", "value"],
               ([y, o, files[y, o]] for y in sorted({y for y, _ in files}) for o in base.ORIGINS if o != "mex"))


def make_ports(data, out):
    seen = defaultdict(int)
    for r in base.rows(data, "cbp_one_appointments_monthly.csv"):
        if r["citizenship"] != "Total" and base.wanted(r["month"]) and r["count"]:
            seen[r["month"], COUNTRY.get(r["citizenship"], "oth")] += int(r["count"])
    base.write(out, "appointments_origin.csv", ["date", "origin", "value"],
               ([m, o, seen[m, o]] for m in sorted({m for m, _ in seen}) for o in base.ORIGINS if o not in ("nic", "per")))   # they are in `oth`


def make_freight(data, out):
    cars = [[r["month"], RAIL[r["port_code"]], int(r["rail_containers_loaded"] or 0) + int(r["rail_containers_empty"] or 0)]
            for r in base.rows(data, "bts_border_crossings_monthly.csv") if r["port_code"] in RAIL and base.wanted(r["month"])]
    base.write(out, "railcars.csv", ["date", "rail", "value"], sorted(cars))
    trains = [[r["month"], RAIL[r["port_code"]], int(r["trains"] or 0)]
              for r in base.rows(data, "bts_border_crossings_monthly.csv") if r["port_code"] in RAIL and base.wanted(r["month"])]
    base.write(out, "trains.csv", ["date", "rail", "value"], sorted(trains))
    trucks = [[r["month"], LANE[r["crossing"]], int(r["commercial_trucks"])]
              for r in base.rows(data, "cbp_texas_bridge_crossings_monthly.csv") if r["crossing"] in LANE and base.wanted(r["month"])]
    base.write(out, "trucks.csv", ["date", "lane", "value"], sorted(trucks))


def make_deaths(data, out):
    years = defaultdict(int)
    lines = []
    for r in base.rows(data, "iom_missing_migrants_us_mexico_border_monthly.csv"):
        if base.wanted(r["month"]):
            lines.append([r["month"], int(r["dead_missing_total"])])
            years[r["month"][:4]] += int(r["dead_missing_total"])
    base.write(out, "deaths.csv", ["date", "value"], sorted(lines))
    base.write(out, "deaths_year.csv", ["date", "value"], ([y, n] for y, n in sorted(years.items()) if y >= "2019"))


def make(data, out):
    with open(Path(out) / "encounters.csv", newline="", encoding="utf-8") as rows:
        origins = {(r["date"], r["origin"]): int(r["value"]) for r in csv.DictReader(rows)}
    make_sectors(data, out, origins)
    make_kinds(out)
    make_mexico(data, out)
    make_comar(data, out)
    make_ports(data, out)
    make_freight(data, out)
    make_deaths(data, out)
