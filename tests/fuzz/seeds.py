"""Makes the first inputs of the fuzzers from the corridors and tests: seeds.py PASO FOLDER.
A folder for each target, and FOLDER/base.paso.db: a store without the checks of its columns."""

import json
import pathlib
import re
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMALL = 20000  # bytes; longer seeds only slow the search


def corridors():
    found = [*ROOT.glob("tests/corridors/*/corridor.yml"), *ROOT.glob("tests/bad/*/corridor.yml"),
             ROOT / "corridors/tutorial/corridor.yml"]
    return sorted(path.parent for path in found)


def put(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def name_of(path):
    return "-".join(path.relative_to(ROOT).parts[-3:])


def texts(out):
    yml = [*ROOT.glob("corridors/**/*.yml"), *ROOT.glob("tests/**/*.yml")]
    for path in yml:
        if path.stat().st_size < SMALL:
            put(out / "tree", name_of(path), path.read_bytes())
    for path in [*ROOT.glob("corridors/**/*.csv"), *ROOT.glob("tests/**/*.csv")]:
        put(out / "table", name_of(path), path.read_bytes()[:SMALL])
    for i, path in enumerate(yml):
        for j, text in enumerate(re.findall(r'(?:is|next|hazard|start|rate): "?([^",}\n]{12,})', path.read_text(errors="ignore"))):
            if j % 8 == 0:
                put(out / "expr", f"{i}-{j}", text.encode())


def models(out):
    for folder in corridors():
        parts = [(folder / "corridor.yml").read_bytes()]
        for path in sorted([*folder.glob("*.yml"), *folder.glob("*.csv")]):
            if path.name != "corridor.yml":
                parts.append(f"=== {path.name}\n".encode() + path.read_bytes())
        if sum(map(len, parts)) < SMALL:
            put(out / "model", name_of(folder), b"\n".join(parts))


def flee_folders(out):
    """The shipped scenario and variants of its settings, for a few days."""
    folder = ROOT / "corridors/flee-example"
    files = [*sorted(folder.glob("input_csv/*")), *sorted(folder.glob("source_data/*"))]
    parts = []
    for path in files:
        text = path.read_text()
        if path.name == "conflicts.csv":
            text = "".join(text.splitlines(keepends=True)[:6])
        parts.append(f"=== f/{path.relative_to(folder)}\n{text}")
    more = ["=== f/location_changes.csv\nKessel,town,2\n",
            "=== f/input_csv/demographics_age.csv\nage,Default\n8,0.5\n70,0.5\n"]
    settings = {"as-shipped": (folder / "simsetting.yml").read_text(), "ahead": (folder / "ahead.yml").read_text(),
                "driven": "spawn_rules:\n  conflict_driven_spawning: {spawn_mode: poisson, displaced_per_conflict_day: 20}\n"
                          "move_rules: {awareness_level: 3, ElderlyAvoidHazards: True, stay_close_to_home: True}\n"}
    for name, text in settings.items():
        put(out / "flee", name, (text + "\n" + "".join(parts + more)).encode())


def programs_and_stores(out, paso):
    for folder in corridors():
        if "bad" in folder.parts:
            continue
        program = out / "program" / folder.name
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([paso, "check", folder, "--program", program, "--force", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        if program.stat().st_size > 4 * SMALL:
            program.unlink()
    store = out / "report" / "run.paso.db"
    store.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([paso, "compare", ROOT / "corridors/tutorial", "--policy", "as-happened", "--policy", "more-slots", "--members", "2", "--until", "2023-08-31", "--out", store,
                    "--force", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    loosen(store, out / "base.paso.db")
    states(out, paso)
    for target in ("store", "report"):
        put(out / target, "edits", bytes(range(64)))
        put(out / target, "edit", bytes([0, 9, 1, 3]))


def requests(out):
    """What the page asks, and what it may not."""
    side = {"policy": "as-happened", "changes": [{"lever": "slots", "cell": "", "from": "2023-08-01", "value": 36}]}
    run = {"base": {"policy": "more-slots", "changes": []}, "other": side, "members": 2, "seed": "1", "until": "2023-08-01", "first": 1}
    text = (ROOT / "corridors/tutorial/corridor.yml").read_text()
    files = {"files": [{"file": "corridor.yml", "text": text}]}
    def post(path, body):
        return f"POST {path}\nT\nC\n\n{json.dumps(body)}"
    def get(path, *headers, method="GET"):
        return "\n".join([f"{method} {path}", *headers, "", ""])
    every = [get("/"), get("/data/program.bin"), get("/data/state.bin"), get("/data/corridor.json"), get("/api/text")]
    asked = [post("/api/runs", run), get("/api/runs/$"), get("/api/runs/$/answer"), get("/api/runs/$/events"),
             get("/api/runs/$", "T", method="DELETE"), get("/api/runs/$")]
    odd = [get("/", "Hevil.example"), get("/api/server", "Onull"), get("/", "Scross-site"), get("/", method="PUT"), get("/../x"),
           "POST /api/runs\nT0\nC\n\n{}", "POST /api/check\nT\nCtext/plain\n\n{}", post("/api/save", {**files, "was": ""})]
    edit = [post("/api/check", files), post("/api/apply", files), get("/api/server")]
    small = [post("/api/check", {"files": [{"file": "corridor.yml", "text": t}]}) for t in ("", "corridor: x", "include: [a.yml]")]
    for name, parts in (("every", every), ("asked", asked), ("odd", odd), ("edit", edit), ("small", small)):
        put(out / "request", name, "\n%%\n".join(parts).encode())
        for i, part in enumerate(parts):
            put(out / "request", f"{name}-{i}", part.encode())


def states(out, paso):
    """Without their hash, which the target puts behind them."""
    for name, options in (("run", []), ("quick", ["--quick"])):
        file = out / "run.state"
        subprocess.run([paso, "run", ROOT / "corridors/tutorial", *(options or ["--members", "2"]),
                        "--until", "2023-08-01", "--save-state", file, "--force", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        put(out / "state", name, file.read_bytes()[:-64])
        file.unlink()


def loosen(store, base):
    """The same rows and columns, but any value may stand anywhere."""
    base.unlink(missing_ok=True)
    old, new = sqlite3.connect(store), sqlite3.connect(base)
    new.execute("PRAGMA page_size = 512")
    for pragma in ("application_id", "user_version"):
        new.execute(f"PRAGMA {pragma} = {old.execute('PRAGMA ' + pragma).fetchone()[0]}")
    for kind, name, sql in old.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL"):
        if kind == "table":
            new.execute(f"CREATE TABLE {name}({', '.join(c[1] for c in old.execute(f'PRAGMA table_info({name})'))})")
            for row in old.execute(f"SELECT * FROM {name}"):
                new.execute(f"INSERT INTO {name} VALUES({', '.join('?' * len(row))})", row)
        else:
            new.execute(sql)
    shrink(new)
    new.commit()


KEPT = {"arrivals": 0, "crowded": 1, "cleared": 2}  # a sum over cells, a chance, a date


def shrink(store):
    """What is read again and again: a few rows of each kind, and claims, which the corridor lacks."""
    old = dict(store.execute("SELECT id, name FROM observable"))
    for table in ("cell", "period", "sample", "summary", "observed", "claim", "rests", "split", "observable"):
        column = "id" if table == "observable" else "observable"
        for number, name in sorted(old.items()):
            if name in KEPT:
                store.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (KEPT[name], number))
            else:
                store.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))
    store.execute("DELETE FROM observed WHERE rowid % 8 > 0")
    store.execute("DELETE FROM assumption WHERE name NOT IN ('rest_time', 'patience', 'judges')")
    store.execute("INSERT INTO claim(id, observable, says, first_day, last_day, total, by, why_es, seen, mean, q50, q95)"
                  " VALUES(9, 0, 900, '2023-07-01', '2023-08-01', 1, 'a paper', 'porque', 800, 850, 850, 870)")
    store.execute("INSERT INTO claimed VALUES(9, 0, 840), (9, 1, 860)")
    store.execute("INSERT INTO split VALUES(1, 0, 0, 'last', 0.5, 0.4, 0.1)")


def main():
    paso, out = sys.argv[1], pathlib.Path(sys.argv[2])
    texts(out)
    models(out)
    flee_folders(out)
    programs_and_stores(out, paso)
    requests(out)
    for folder in sorted(out.iterdir()):
        if folder.is_dir():
            print(folder.name, len(list(folder.iterdir())))


main()
