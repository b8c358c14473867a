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
assert list(rows[0]) == ["policy", "against", "observable", "cell", "over", "date", "statistic", "value", "unit", "layers", "politics"]
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

# --split: shares of the variance of each difference, the same whether printed or read from the store; nothing else changes
run compare tutorial -p as-happened -p more-slots -n 60 --out whole.db --json -q
cp out whole.json
run compare tutorial -p as-happened -p more-slots -n 60 --split --out split.db --json -q
expect_code 0
py '
import json, sqlite3
rows, whole = json.load(open("out")), json.load(open("whole.json"))
assert [r for r in rows if not r["statistic"].startswith("share_")] == whole
shares = {}
for r in rows:
    if r["statistic"].startswith("share_"):
        shares.setdefault((r["observable"], r["over"] if r["over"] == "last" else "window"), []).append(r["value"])
assert len(shares) == 6 and all(len(s) == 3 and abs(sum(s) - 1) < 1e-9 and min(s) >= 0 for s in shares.values()), shares
assert all(s[2] == 0 for s in shares.values())       # there are no politics in it
assert 0.5 < shares["waiting", "last"][1] < 1        # mostly the doubt about who comes and how long they wait
stored = {(o, w): [a, b, c] for o, w, a, b, c in sqlite3.connect("split.db").execute(
    "SELECT name, over, noise, parameters, politics FROM split s JOIN observable o ON o.id = s.observable")}
assert stored == shares'
run compare tutorial -p as-happened -p more-slots -n 20 --without parameters --split --json -q
py 'import json; assert {r["value"] for r in json.load(open("out")) if r["statistic"] == "share_noise"} == {1}'
run compare tutorial -p as-happened -p more-slots -n 60 --split
has out "chance param polit"
hasnt out "politics"
run compare tutorial -p as-happened -p more-slots --split --quick
expect_code 2
has err "no --quick, no --start"

# politics: known by what a policy sets, not by what could be read
cat >scenario.yml <<'YAML'
corridor: scenario
clock: {start: 2024-01-01, now: 2024-02-01, end: 2024-12-31}
units: {people: personas}
parameters:
  come:  {value: 20, factor: 1.5, unit: people/day, source: assumed}
  fear:  {value: 0.3, range: [0.1, 0.6], bounds: [0, 1], unit: 1, layer: politics, source: assumed}
levers:
  law:   {value: 0, bounds: [0, 1], unit: 1, layer: politics, who: a, group: b, en: Law, es: Ley}
  gate:  {value: 15, bounds: [0, 50], unit: people/day, who: a, group: b, en: Gate, es: Puerta}
signals:
  harder: {unit: 1, layer: politics, neutral: 0, is: law * fear}
stages:
  camp: {unit: people, start: 50 people, enters: {rate: come}, exits: {go: {share: 1, limit: gate * (1 - harder), to: outside}}, en: Camp, es: Campo}
  other: {unit: people, start: 10 people, enters: {rate: come}, exits: {go: {hazard: 1 / (9 days), to: outside}}, en: Other, es: Otro}
policies:
  now:  {en: Now, es: Ahora, set: {gate: 15}}
  law:  {en: Law, es: Ley, base: now, from: 2024-03-01, set: {law: 1}}
  late: {en: Late, es: Tarde, base: now, from: 2024-12-01, set: {law: 1}}
  open: {en: Open, es: Abierto, base: now, from: 2024-03-01, set: {gate: 20}}
observables:
  waiting: {is: camp, every: month, take: last, unit: people, headline: true, en: Waiting, es: Esperan}
  others:  {is: other, every: month, take: last, unit: people, headline: true, en: Others, es: Otros}
YAML
run compare scenario.yml -p now -p law -p open -p late --until 2024-07-01 -n 60 --split --out p.db --json -q
expect_code 0
py '
import json
rows = json.load(open("out"))
found = {(r["policy"], r["observable"]): (r["layers"], r["politics"]) for r in rows}
plain = ("accounting", 0)
assert found == {("law", "waiting"): ("accounting,politics", 1), ("law", "others"): plain, ("open", "waiting"): plain,
                 ("open", "others"): plain, ("late", "waiting"): plain, ("late", "others"): plain}, found
share = {r["policy"]: r["value"] for r in rows if r["statistic"] == "share_politics" and r["over"] == "last"}
assert share["law"] > 0.2 and share["open"] == 0, share'
run compare scenario.yml -p now -p law -p open --until 2024-07-01 -n 20
has out "Law [p], against: Now"
has out "Open, against: Now"
has out "[p] on politics: scenario, not estimate"
run run scenario.yml -p now -p open --until 2024-07-01 -n 5
hasnt out "politics"
run run scenario.yml -p law --until 2024-07-01 -n 5 --without politics
hasnt out "politics"
run run scenario.yml -p now --sweep law=0:1:1 --until 2024-07-01 -n 5
has out "Waiting, people: last, 2024-06-01 [p]"
has out "[p] rests on politics: scenario, not estimate"
run run scenario.yml -p now --sweep gate=15:20:5 --until 2024-07-01 -n 5
hasnt out "politics"
run run scenario.yml -p now --until-target "waiting>10" --vary law=0:1 --until 2024-07-01 -n 5
has out "it rests on politics: scenario, not estimate"
run explain scenario.yml --claims
has out "no published figure"
run export p.db --format csv --out p.csv
py 'import json; assert json.load(open("p.csv.manifest.json"))["on_politics"] == {"law": ["waiting"]}'
run explain scenario.yml
has out "[p] now and law = 1"
has out "open                now and gate = 20"
has out "[p] rests on politics: scenario, not estimate"

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
