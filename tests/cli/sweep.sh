# paso run --sweep and --until-target: one lever over values with the same draws, and the value at which a target is met.
. "$SOURCE/tests/support/cli.sh"

run run tutorial --sweep slots=20:40:10 -n 12 --format csv --out sweep.db -q
expect_code 0
# the same as policies by hand: a lever set from the first recorded day on
cp -r "$SOURCE/corridors/tutorial" hand
sed -i 's/^policies:.*/&\n  v20: {en: a, es: a, base: as-happened, from: 2023-07-01, set: {slots: 20}}\n  v30: {en: b, es: b, base: as-happened, from: 2023-07-01, set: {slots: 30}}\n  v40: {en: c, es: c, base: as-happened, from: 2023-07-01, set: {slots: 40}}/' hand/corridor.yml
cp out sweep.csv
"$PASO" run hand -p v20 -p v30 -p v40 -n 12 --format csv -q >levels.csv || fail "levels"
"$PASO" compare hand -p v20 -p v30 -p v40 -n 12 --format csv -q >pairs.csv || fail "pairs"
py '
import csv
rows = list(csv.DictReader(open("sweep.csv")))
assert list(rows[0]) == ["lever", "lever_value", "lever_unit", "observable", "cell", "over", "date", "statistic", "value", "unit", "politics"]
assert {(r["lever"], r["lever_value"], r["lever_unit"]) for r in rows} == {("slots", v, "people/day") for v in ("20", "30", "40")}
key = lambda r, policy, statistic: (policy, r["observable"], r["cell"], r["over"], r["date"], statistic)
sweep = {key(r, "v" + r["lever_value"], r["statistic"]): r["value"] for r in rows}
levels = {key(r, r["policy"], r["statistic"]): r["value"] for r in csv.DictReader(open("levels.csv"))}
pairs = {key(r, r["policy"], "same_sign" if r["statistic"] == "same_sign" else "difference_" + r["statistic"]): r["value"]
    for r in csv.DictReader(open("pairs.csv")) if r["statistic"] != "gain"}
n = 0
for k, v in sweep.items():
    other = levels.get(k, pairs.get(k))
    assert other == v, (k, v, other)
    n += 1
assert n > 200, n'
# the store tells its policies and what each sets
py '
import sqlite3
db = sqlite3.connect("sweep.db")
assert [r[0] for r in db.execute("SELECT name FROM policy ORDER BY id")] == ["slots=20", "slots=30", "slots=40"]
assert ("2023-07-01", "30") in db.execute("SELECT date, value FROM setting WHERE policy = 1 AND lever = ?", ["slots"]).fetchall()
assert db.execute("SELECT en FROM policy WHERE id = 2").fetchone()[0].endswith("slots=40")'
run run tutorial --sweep slots=20:40:10 -n 12 -q
expect_code 0
has out "slots (people/day) from 2023-07-01 on, each value with the same draws"
has out "No change: Arrivals at the shelter"
grep -qE '^ +40 +[0-9,.]+  .* 100 %$' out || fail "no line of 40"
py 'assert max(len(line) for line in open("out", encoding="utf-8")) <= 101'
run run tutorial --sweep slots=20:30:5 -n 3 --all --json -q
py 'import json; rows = json.load(open("out")); assert {r["lever_value"] for r in rows} == {20, 25, 30} and any(r["unit"] == "date" for r in rows)'
run run us-mexico --sweep 'parole_slots[ven]=0:100:50' -n 1 -q
expect_code 0
run run tutorial --sweep slots=20:40:10 -n 12 --resume sweep.db
expect_code 2
has err "nothing is to be resumed"

run run tutorial --until-target "waiting<500" --vary slots=20:60 -n 24 --format csv -q
expect_code 0
py '
import csv
rows = list(csv.DictReader(open("out")))
assert list(rows[0]) == ["lever", "lever_value", "lever_unit", "observable", "date", "statistic", "value", "unit"]
trials = {}
for r in rows: trials.setdefault(float(r["lever_value"]), {})[r["statistic"]] = float(r["value"])
assert list(trials) == sorted(trials) and len(trials) >= 9
answer, = [v for v, t in trials.items() if t["answer"]]
assert trials[answer]["q50"] < 500 <= trials[answer - 1]["q50"], trials     # in ones, and the smallest
assert all(t["meets"] == (t["q50"] < 500) for t in trials.values())
open("answer", "w").write("%g" % answer)
open("chance", "w").write("%.6g" % trials[answer]["chance"])'
# what it found is what a sweep of that value shows
answer=$(cat answer)
"$PASO" run tutorial --sweep "slots=$answer:60:30" -n 24 --out at.db -q >out
py '
import sqlite3, struct
last = [struct.unpack("<%dd" % (len(v) // 8), v)[-1] for v, in sqlite3.connect("at.db").execute(
    "SELECT value FROM sample JOIN observable o ON o.id = observable WHERE policy = 0 AND name = ?", ["waiting"])]
assert "%.6g" % (sum(x < 500 for x in last) / 24) == open("chance").read()'
run run tutorial --until-target "waiting<500" --vary slots=20:60 -n 24
expect_code 0
has out "met from slots = $answer people/day on, set from 2023-07-01; chance "
run run tutorial --until-target "waiting<0" --vary slots=20:60 -n 6 -q
expect_code 0
has out "no value of slots from 20 to 60 meets it in the median"
run run tutorial --until-target "waiting>=1" --vary slots=20:60:20 -n 6 -q
has out "met at slots = 20, the smallest value looked at"
# what is met by every value, or by none that is larger, is met by the first; a lever may change nothing
run run tutorial --until-target "arrivals>1" --vary slots=20:60:20 -n 2 -q
expect_code 0
has out "met at slots = 20, the smallest value looked at"
run run tutorial --until-target "waiting>100" --vary slots=20:60:20 -n 2 -q
has out "met at slots = 20, the smallest value looked at"
run run tutorial --until-target "arrivals<1" --vary slots=20:60:20 -n 2 -q
expect_code 0
has out "no value of slots from 20 to 60 meets it in the median"
run run tutorial --sweep slots=20:40:50 -n 2 -q
expect_code 0
has out "No change: Arrivals at the shelter; Waiting for an appointment"
for words in "--sweep slots=60:20:10" "--sweep slots=20:40:-10" "--sweep slots=20:20:5" "--sweep slots=nan:40:10" \
    "--until-target waiting<500 --vary slots=60:20" "--until-target waiting<500 --vary slots=20:60:0"; do
    run run tutorial -n 2 $words
    expect_code 2
    has err "from the smaller value to the larger"
done
for words in "--sweep slots" "--sweep slots=20" "--sweep slots=40:20:5" "--sweep slots=20:40:0" "--sweep slots=20:40:5:1" "--sweep slots=0:400:100" \
    "--sweep slots=0:100:1" "--sweep patience=1:2:1" "--sweep slot=1:2:1" "--sweep slots=20:40:10 -p as-happened -p more-slots" \
    "--until-target waiting<5" "--vary slots=1:2" "--until-target waiting --vary slots=1:20" "--until-target waitin<5 --vary slots=1:20" \
    "--until-target arrivals<x --vary slots=1:20" "--until-target cleared<5 --vary slots=1:20" "--until-target crowded<1 --vary slots=1:20" \
    "--sweep slots=20:40:10 --vary slots=1:2" "--until-target waiting<5 --vary slots=1:20 --out x.db"; do
    run run tutorial -n 2 $words
    expect_code 2
    empty out
    [ -s err ] || fail "$words: no word"
done
[ ! -e x.db ] || fail "a store"
finish
