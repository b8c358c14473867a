# paso run: tables on stdout, talk on stderr, a store that no thread or lane can change.
. "$SOURCE/tests/support/cli.sh"

run run tutorial --members 8
expect_code 0
has out "As it happened"
has out "Waiting for an appointment"
has err "8 members, 1 policy, 2023-07-01 to 2024-07-01"
run run tutorial --members 8 --quiet
empty err

run run tutorial --members 8 --format csv --policy as-happened --policy more-judges
expect_code 0
[ "$(head -1 out)" = policy,observable,cell,over,date,statistic,value,unit,layers,politics ] || fail "header"
py '
import csv
rows = list(csv.DictReader(open("out")))
assert {r["policy"] for r in rows} == {"as-happened", "more-judges"}
assert {r["statistic"] for r in rows} >= {"mean", "q05", "q50", "q95"}
assert {r["over"] for r in rows} == {"last", "sum", "mean"}
waiting = [r for r in rows if r["observable"] == "waiting" and r["statistic"] == "q50"]
assert [r["date"] for r in waiting][:2] == ["2024-06-01", "2023-07-01/2024-07-01"], waiting'
run run tutorial --members 8 --json
py 'import json; assert json.load(open("out"))[0]["policy"] == "as-happened"'

# the skeleton says what it is
run run tutorial --quick
expect_code 0
has out "Central path, not a mean"
hasnt out " to "
has err "a central path, not a mean"
run run tutorial --quick --format csv --seed 5 -q
cp out quick.csv
run run tutorial --quick --format csv --seed 6 --members 50 -q
same out quick.csv
py '
import csv
rows = list(csv.DictReader(open("out")))
assert {r["statistic"] for r in rows} <= {"central", "observed"}, rows'
run compare tutorial --quick -p as-happened -p more-slots
expect_code 0
has out "Central path, not a mean"
run trace tutorial --quick --until 2023-01-10 --rows
expect_code 0
has out " 0 queue 0 0x"

# places, mechanisms and tags stand in the store
run run tutorial -n 2 --out t.db -q
py '
import sqlite3
db = sqlite3.connect("t.db")
assert db.execute("SELECT * FROM place").fetchall()[0] == ("origin", "hills", "The hills", "La sierra", 1.2, 0.4)
assert ("lever", "judges", "hearing") in db.execute("SELECT * FROM tag").fetchall()
assert {r[0] for r in db.execute("SELECT key FROM mechanism")} == {"calling", "hearing"}
assert db.execute("SELECT number, rests, sources FROM mechanism WHERE key = \"calling\"").fetchone() == (1, "luck_size, scenario", "diary")
assert ("calling", "slots", "45", "pending", "up", "1 month") in db.execute("SELECT * FROM move").fetchall()'

# a date and a chance in the tables
run compare tutorial -n 6 --all -p as-happened -p more-judges
expect_code 0
has out "ever from"
run run tutorial -n 6 --all --format csv -q
py '
import csv
rows = [r for r in csv.DictReader(open("out")) if r["observable"] in ("cleared", "crowded")]
date = {r["statistic"]: r for r in rows if r["observable"] == "cleared"}
assert set(date) == {"q05", "q25", "q50", "q75", "q95", "chance"} and date["chance"]["unit"] == "1"
assert date["q05"]["value"] == "" or date["q05"]["value"] >= "2023-07-01"
assert [r["statistic"] for r in rows if r["observable"] == "crowded" and r["over"] == "last"] == ["chance"]'

# one store for all widths
run run tutorial --members 9 --policy as-happened --policy more-slots --out a.db --quiet
expect_code 0
"$PASO" export a.db >a.csv
for threads in 1 2; do
    for lanes in 1 5 16; do
        run run tutorial -n 9 -p as-happened -p more-slots --out b.db --force --threads $threads --lanes $lanes -q
        "$PASO" export b.db >b.csv
        same a.csv b.csv
    done
done
run run tutorial -n 9 -p as-happened -p more-slots --out b.db --force --seed 2 -q
"$PASO" export b.db >b.csv
! cmp -s a.csv b.csv || fail "another seed, the same numbers"

# nothing is overwritten, nothing half written
cp a.db kept.db
run run tutorial --members 2 --out a.db
expect_code 4
has err "--force"
same a.db kept.db
run run tutorial --members 2 --out no/such/folder/x.db
expect_code 4
! ls -A | grep -q partial || fail "a temporary file is left"

# policies, levers, dates
run run tutorial --policy as-hapened
expect_code 2
has err "did you mean as-happened?"
run run tutorial --policy as-happened --policy as-happened
expect_code 2
run run tutorial --members 2 --policy levers --policy more-slots+more-judges
expect_code 0
run run tutorial --set slot=3
expect_code 2
has err "slots"
run run tutorial --set slots=1000
expect_code 2
run run tutorial --set "slots=slots * 1000"
expect_code 2
has err "error: --set slots: expected from 0 to"
run run tutorial --without luk
expect_code 2
has err "did you mean luck?"
run run tutorial --from 2022-01-01
expect_code 2
has err "2023-01-01 to 2024-07-01"
run run tutorial --until 2023-06-01
expect_code 2

run run tutorial -n 4 --set slots=0 --format csv
py '
import csv
for r in csv.DictReader(open("out")):
    if r["observable"] == "waiting" and r["statistic"] == "q05" and r["over"] == "last": assert float(r["value"]) > 1000'
run run tutorial -n 4 --without shock --set road_time=9 --set turn_back=0.01 --format csv
expect_code 0
finish
