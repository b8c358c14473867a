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
for f in hubverse hxl; do
    run export r.db --format $f
    expect_code 2
    has err "$f: not yet"
    empty out
done
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
