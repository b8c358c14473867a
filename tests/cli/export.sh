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
rows = {(r["policy"], r["observable"], r["cell"], r["date"], r["statistic"]): (float(r["value"]), r["unit"]) for r in csv.DictReader(open("out"))}
view = {r[:5]: r[5:] for r in sqlite3.connect("r.db").execute("SELECT * FROM tidy")}
assert rows == view and len(rows) > 100'
cp out r.csv
run export r.db --format json
expect_code 0
py '
import csv, json
rows = json.load(open("out"))
table = list(csv.DictReader(open("r.csv")))
assert len(rows) == len(table) and list(rows[0]) == list(table[0])
assert [str(r["cell"]) for r in rows] == [r["cell"] for r in table]
assert [r["value"] for r in rows] == [float(r["value"]) for r in table]'
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
