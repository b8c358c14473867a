# paso export and report: the tidy table of a store, one page of it, files that are no store.
. "$SOURCE/tests/support/cli.sh"

run run tutorial -n 6 -p as-happened -p more-slots --out r.db -q
run export r.db
expect_code 0
empty err
[ "$(head -1 out)" = policy,observable,cell,date,statistic,value,unit ] || fail "header"
has out "as-happened,arrivals,,2023-07-01,mean,"
has out "more-slots,arrivals,origin=hills,2024-05-01,q95,"
py '
import csv, sqlite3
def value(r): return None if r["value"] == "" else r["value"] if r["unit"] == "date" else float(r["value"])
rows = {(r["policy"], r["observable"], r["cell"], r["date"], r["statistic"]): (value(r), r["unit"]) for r in csv.DictReader(open("out"))}
assert {r[4] for r in rows if r[1] == "crowded"} == {"chance"}
cleared = {r[4]: v for r, v in rows.items() if r[:2] == ("more-slots", "cleared")}
assert len(cleared) == 6 and 0 <= cleared["chance"][0] <= 1 and cleared["q05"][1] == "date", cleared
view = {r[:5]: r[5:] for r in sqlite3.connect("r.db").execute("SELECT * FROM tidy")}
assert rows == view and len(rows) > 100'
cp out r.csv
run report r.db --out dates.html
expect_code 0
has dates.html "<h2>Dates</h2>"
has dates.html "Fewer than 1500 cases pending"
hasnt dates.html "NaN"
run export r.db --format json
expect_code 0
py '
import csv, json
rows = json.load(open("out"))
table = list(csv.DictReader(open("r.csv")))
assert len(rows) == len(table) and list(rows[0]) == list(table[0])
assert [str(r["cell"]) for r in rows] == [r["cell"] for r in table]
def value(r): return None if r["value"] == "" else r["value"] if r["unit"] == "date" else float(r["value"])
assert [r["value"] for r in rows] == [value(r) for r in table]'
# hubverse: the columns in their order, 23 quantiles that are those of the samples, and the mean
run export r.db --format hubverse
expect_code 0
empty err
cp out hub.csv
py '
import csv, datetime, sqlite3, struct
rows = list(csv.DictReader(open("hub.csv")))
assert list(rows[0]) == ["origin_date", "scenario_id", "location", "target", "horizon", "target_end_date", "output_type", "output_type_id", "value"]
levels = ["0.01", "0.025"] + ["%g" % (i / 20) for i in range(1, 20)] + ["0.975", "0.99"]
tasks = {}
for r in rows:
    assert r["origin_date"] == "2023-07-01" and r["scenario_id"] in ("as-happened", "more-slots")
    end, horizon = datetime.date.fromisoformat(r["target_end_date"]), int(r["horizon"])
    assert (end + datetime.timedelta(1)).day == 1 and (end.year - 2023) * 12 + end.month - 6 == horizon >= 1
    assert r["output_type"] in ("quantile", "mean") and r["location"]
    float(r["value"])
    tasks.setdefault((r["scenario_id"], r["target"], r["location"], horizon), []).append(r)
for task in tasks.values():
    quantiles = [r for r in task if r["output_type"] == "quantile"]
    if task[0]["target"] == "crowded":
        assert [r["output_type"] for r in task] == ["mean"] and 0 <= float(task[0]["value"]) <= 1
        continue
    assert [r["output_type_id"] for r in quantiles] == levels, [r["output_type_id"] for r in quantiles]
    values = [float(r["value"]) for r in quantiles]
    assert values == sorted(values)
    mean, = [r for r in task if r["output_type"] == "mean"]
    assert mean["output_type_id"] == "NA"
assert not [k for k in tasks if k[1] == "cleared"] and [k for k in tasks if k[1] == "crowded"]
assert {k[2] for k in tasks if k[1] == "arrivals"} == {"all", "origin=hills", "origin=coast"}
db = sqlite3.connect("r.db")
sample = sorted(struct.unpack("<%dd" % (len(v) // 8), v)[2] for v, in db.execute(
    "SELECT value FROM sample JOIN observable o ON o.id = observable WHERE policy = 1 AND name = ?", ["waiting"]))
for r in tasks["more-slots", "waiting", "all", 3]:
    if r["output_type"] == "mean":
        assert abs(float(r["value"]) - sum(sample) / len(sample)) < 1e-9
        continue
    at = float(r["output_type_id"]) * (len(sample) - 1)
    low = int(at)
    value = sample[low] + (at - low) * (sample[min(low + 1, len(sample) - 1)] - sample[low])
    assert abs(float(r["value"]) - value) < 1e-9 * max(1, value), r'
"$PASO" run tutorial --from 2023-07-10 --until 2023-10-01 -n 3 --out mid.db -q >out
"$PASO" export mid.db --format hubverse >out
has out "2023-07-10,as-happened,all,waiting,2,2023-08-31,quantile,0.5,"
hasnt out ",waiting,1,"
"$PASO" run tutorial --quick --out quick.db -q >out
run export quick.db --format hubverse
expect_code 2
empty out
# a member without a number: no row, and it is said
python3 - <<'PY'
import shutil, sqlite3, struct
shutil.copy("r.db", "hole.db")
db = sqlite3.connect("hole.db")
o, v = db.execute("SELECT o.id, value FROM sample JOIN observable o ON o.id = observable WHERE policy = 0 AND member = 2 AND name = 'wait'").fetchone()
v = list(struct.unpack("<%dd" % (len(v) // 8), v)); v[0] = float("nan")
db.execute("UPDATE sample SET value = ? WHERE policy = 0 AND member = 2 AND observable = ?", [struct.pack("<%dd" % len(v), *v), o])
db.commit()
PY
run export hole.db --format hubverse
expect_code 0
has err "1 periods are left out"
[ $(($(wc -l <hub.csv) - $(wc -l <out))) -eq 24 ] || fail "not one task less"

# HXL: the house table with a row of hashtags
run export r.db --format hxl
expect_code 0
[ "$(sed 2d out | cmp - r.csv && echo same)" = same ] || fail "another table"
py '
import re
tags = open("out").read().splitlines()[1].split(",")
assert len(tags) == 7 and all(re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", t) for t in tags), tags'

# a file has a manifest beside it
for f in csv json hubverse hxl; do
    "$PASO" export r.db --format $f >plain
    run export r.db --format $f --out "table.$f"
    expect_code 0
    empty out
    has err "wrote table.$f and table.$f.manifest.json"
    same plain "table.$f"
    F=$f py '
import csv, json, os, re, sqlite3
f = os.environ["F"]
m = json.load(open("table.%s.manifest.json" % f))
meta = dict(sqlite3.connect("r.db").execute("SELECT key, value FROM meta"))
assert set(m) == {"file", "on_politics", "format", "created", "command", "export_command", "version", "git", "corridor", "corridor_hash", "program_hash",
    "options", "from", "until", "now", "started", "finished", "seed", "members", "interrupted", "policies", "columns", "observables"}, set(m)
assert m["file"] == "table." + f and m["format"] == f and m["members"] == 6 and m["seed"] == "1" and m["interrupted"] is False
assert m["corridor_hash"] == meta["corridor_hash"] and re.fullmatch("[0-9a-f]{64}", m["program_hash"])
assert m["command"] == "paso run tutorial -n 6 -p as-happened -p more-slots --out r.db -q"
assert m["export_command"] == "paso export r.db --format %s --out table.%s" % (f, f)
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", m["created"])
head = list(json.load(open("table.json"))[0]) if f == "json" else next(csv.reader(open("table." + f)))
assert [c["name"] for c in m["columns"]] == head and all(set(c) == {"name", "type", "says"} for c in m["columns"])
assert {"name": "waiting", "en": "Waiting for an appointment", "unit": "people", "every": "month", "take": "last"} in m["observables"]'
done
run export r.db --out table.csv
expect_code 4
rm table.csv
run export r.db --out table.csv
expect_code 4
has err "table.csv.manifest.json: error: exists already"
[ ! -e table.csv ] || fail "half a pair"
run export r.db --out table.csv --force -q
expect_code 0
! ls -A | grep -q partial || fail "a temporary file is left"
run export r.db --format xls
expect_code 2
run export gone.db
expect_code 4
has err "gone.db: error:"
run export r.csv
expect_code 3
empty out
head -c 5000 r.db >cut.db
run export cut.db
[ "$code" -ge 3 ] || fail "a cut store was read"

run report r.db
expect_code 0
[ -s r.html ] || fail "no page"
run report r.db
expect_code 4
run report r.db --force --out r.html
expect_code 0
run report r.csv --out x.html
expect_code 3
[ ! -e x.html ] || fail "a page about no store"
finish
