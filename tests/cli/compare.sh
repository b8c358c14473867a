# paso compare: differences against the first policy, in pairs.
. "$SOURCE/tests/support/cli.sh"

run compare tutorial --policy as-happened
expect_code 2
has err "expected two policies or more"

run compare tutorial -p as-happened -p more-slots -n 20
expect_code 0
has out "against: As it happened"
has out "No change: "
run compare tutorial -p as-happened -p more-slots -p more-judges -n 20 --all --format csv --out c.db -q
expect_code 0
py '
import csv
rows = list(csv.DictReader(open("out")))
assert list(rows[0]) == ["policy", "against", "observable", "cell", "over", "date", "statistic", "value", "unit"]
assert {r["against"] for r in rows} == {"as-happened"}
def one(policy, observable, over, statistic):
    found = [r for r in rows if (r["policy"], r["observable"], r["over"], r["statistic"]) == (policy, observable, over, statistic)]
    assert len(found) == 1, found
    return float(found[0]["value"])
assert one("more-slots", "waiting", "last", "mean") < 0      # more appointments, fewer who wait
assert one("more-slots", "waiting", "last", "q95") < 0
assert one("more-slots", "waiting", "last", "same_sign") == 1
assert one("more-slots", "waiting", "mean", "gain") > 1
assert one("more-judges", "waiting", "last", "mean") == 0    # judges do not call anyone
'
# the store holds the same samples: pairs worked out from them are those printed
py '
import csv, sqlite3, struct
db = sqlite3.connect("c.db")
o, = db.execute("SELECT id FROM observable WHERE name = ?", ["waiting"]).fetchone()
def last(policy):
    return [struct.unpack("<%dd" % (len(v) // 8), v)[-1] for v, in db.execute(
        "SELECT value FROM sample WHERE policy = ? AND observable = ? ORDER BY member", [policy, o])]
d = [b - a for a, b in zip(last(0), last(1))]
row, = [r for r in csv.DictReader(open("out")) if (r["policy"], r["observable"], r["over"], r["statistic"]) == ("more-slots", "waiting", "last", "mean")]
assert len(d) == 20 and abs(sum(d) / 20 - float(row["value"])) < 1e-9'
run compare tutorial -p as-happened -p more-slots -n 5 --json -q
py 'import json; assert json.load(open("out"))[0]["against"] == "as-happened"'

# long names and large numbers stay within 100 columns
cp -r "$SOURCE/corridors/tutorial" long
sed -i 's/en: Four more judges/en: "Four more judges, who sit in rooms that are to be built, in places that are to be found by others than those who pay"/
    s/en: Waiting for an appointment}/en: "Waiting for an appointment that nobody has promised them, at the end of a road that is long"}/
    s/start: 2000 people/start: 2000000000 people/' long/corridor.yml
run compare long -p as-happened -p more-judges -p more-slots -n 5 --all
expect_code 0
py 'assert max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")) <= 100'
# a band wider than its column keeps its distance from the next
cp -r "$SOURCE/corridors/tutorial" wide
sed -i 's/is: total(queue), every: month, take: last/is: total(queue) * 1000000, every: month, take: last/' wide/corridor.yml
run compare wide -p as-happened -p more-slots -n 5
expect_code 0
py 'import re
bands = re.findall(r" to (\S+) +\d+ %", open("out", encoding="utf-8").read())
assert max(map(len, bands)) > 10 and all(re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", b) for b in bands), bands'
run run long -p as-happened -p more-judges -n 5 --all
py 'assert max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")) <= 100'
finish
