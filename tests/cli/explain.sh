# paso explain: one screen, what comes for each capacity, warnings; everything; and where a name comes from.
. "$SOURCE/tests/support/cli.sh"
one_screen() { # lines: a screen of a corridor with a dozen mechanisms is a tall one
    [ "$(wc -l <out)" -le "$1" ] || fail "more than one screen"
    py 'assert max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")) <= 80'
}

run explain tutorial
expect_code 0
empty err
one_screen 44
has out "tutorial: Tutorial: a shelter and its queue (invented)"
has out "clock: 2023-01-01 to 2024-06-30"
has out "interview* (2)"
has out "  The queue and its calls: slots 25 people/day"
has out "  others: road (2), shelter (1), queue (2), interview* (2), docket (1)"
has out "slots 25 people/day"
has out "2023-08-01  more-judges         as-happened and judges = judges + 4"
grep -qE '^  queue.called +3[0-9]\.[0-9] +30 +30 +1\.[0-9]+$' out || fail "no capacity"
has out "docket can only grow: "
run explain us-mexico
expect_code 0
one_screen 80

# a corridor made by hand: 20 a day come for 8 places, 5 of them in the north (2 places), and what else looks wrong
mkdir wrong
cat >wrong/corridor.yml <<'YAML'
corridor: wrong
clock: {start: 2024-01-01, now: 2024-02-01, end: 2024-12-31}
units: [people]
sets: {town: [north, south]}
levers:
  gate: {over: [town], value: {north: 2, south: 6}, bounds: [0, 50], unit: people/day, who: a, group: b, en: Gate, es: Puerta}
  idle: {value: 1, bounds: [0, 2], unit: 1, who: a, group: b, en: Idle, es: Ocioso}
parameters:
  come: {over: [town], value: {north: 5, south: 15}, unit: people/day, source: assumed}
stages:
  camp: {over: [town], unit: people, start: 100 people * idle, enters: {rate: come}, exits: {go: {share: 1, limit: gate, to: stay}}, en: Camp, es: Campo}
  stay: {over: [town], unit: people, start: 0, en: Stay, es: Quedan}
policies:
  late: {en: Late, es: Tarde, set: {"gate[north]": {2024-01-01: 2, 2025-03-01: 9}}}
observables: {left: {is: total(camp.go), every: month, take: sum, unit: people, headline: true, en: Left, es: Salieron}}
YAML
run explain wrong
expect_code 0
grep -qE '^  camp.go +20 +8 +8 +2.5$' out || fail "no capacity"
has out "camp can only grow: 20 a day come, at most 8 can leave"
has out "nobody leaves: stay"
has out "no policy sets: idle"
has out "policy late has dates outside the clock"
run explain wrong --set 'gate[south]=18'
grep -qE '^  camp.go +20 +20 +17 +1  worst 2.5$' out || fail "--set does not count"
has out "camp can only grow in a part: a group has room for one in 2.5"
run explain wrong --set gate=18
hasnt out "can only grow"
run explain wrong --format json -q
expect_code 0
py '
import json
o = json.load(open("out"))
assert set(o) == {"corridor", "title", "hash", "clock", "sets", "stages", "capacities", "levers", "policies", "observables", "warnings"}
exit, = o["capacities"]["exits"]
assert exit["exit"] == "camp.go" and abs(exit["ratio"] - 2.5) < 1e-9 and abs(exit["worst_group"] - 2.5) < 1e-9, exit
assert len(o["warnings"]) == 4 and o["clock"]["now"] == "2024-02-01"
assert o["levers"][0]["default"] == [2, 6]'
# a corridor whose run fails still tells what stands in it
sed -i 's/rate: come}/rate: come - 9 people \/ day}/' wrong/corridor.yml
run explain wrong
expect_code 0
has out "capacities are not known: "

run explain tutorial --all
expect_code 0
has out "called: share 1 to interview, at most slots"
has out "25 people/day [0, 100]; the port; Appointments a day"
has out "judges = judges + 4"
has out "wait "

# why: the definition, overrides, policies, --set, each with its place
run explain tutorial --why slots --set slots=40
expect_code 0
grep -qE 'tutorial/corridor.yml:[0-9]+:3: lever slots: Appointments a day; 25 people/day' out || fail "no place"
grep -qE 'tutorial/corridor.yml:[0-9]+:[0-9]+: policy as-happened: slots 2 values' out || fail "no place"
has out "policy more-slots: slots = 36 people/day"
has out "command line:1:1: --set slots: slots=40"
mkdir variant
cat >variant/corridor.yml <<YAML
corridor: variant
include: [$SOURCE/corridors/tutorial/corridor.yml]
override:
  patience: {value: 100}
  queue: {start: 5 people}
YAML
cp -r "$SOURCE/corridors/tutorial" variant/base
sed -i 's|include: .*|include: [base/corridor.yml]|' variant/corridor.yml
run explain variant --why patience
expect_code 0
has out "parameter patience: 100 days"
has out "variant/corridor.yml:4:14: override patience: value: 100"
run explain variant --why queue.called
has out "exit queue.called: share: 1; at most: slots; to interview"
has out "variant/corridor.yml:5:11: override queue: start: 5 people"
run explain tutorial --why slots --format json
py '
import json
rows = json.load(open("out"))
assert [r["kind"] for r in rows] == ["lever", "policy", "policy"] and all(r["line"] > 0 and r["column"] > 0 for r in rows)'
run explain tutorial --why quue
expect_code 2
run explain tutorial --set slot=3
expect_code 2

# what mechanisms promise, and what a lever feeds
run explain tutorial --mechanisms
expect_code 0
has out " 1  The queue and its calls (calling)"
has out "slots to 45 people/day: Appointments a day; held by the port"
has out "pending up, after 1 month"
has out "without a number, names only: hearing"
run explain tutorial --mechanisms --format md
has out '| 1 The queue and its calls | `slots` to 45 people/day | the port | pending | up | after 1 month | luck_size, scenario | diary | '
run explain tutorial --feeds judges
has out "observables: pending, cleared"
has out "not fed, so the same to the last bit: arrivals, waiting, gave_up, crowded,"
run explain tutorial --feeds judges --format json
py '
import json
o = json.load(open("out"))
assert o["signals"] == ["court"] and o["exits"] == ["docket.heard"] and o["observables"] == ["pending", "cleared"]'
run explain tutorial --feeds judge
expect_code 2
has err "did you mean judges?"
run explain tutorial --format md
expect_code 2

run explain tutorial --mechanisms --lang es
has out " 1  La fila y sus llamadas (calling)"
has out "slots a 45 people/day: Citas por día; la tiene: the port"
has out "pending sube, tras 1 mes"
has out "más citas por día vacían la fila"
has out "sin número, solo nombres: hearing"
# published figures: the model's number is that of a run over exactly the same days, before the window or inside one period
mkdir claims
cat >claims/corridor.yml <<'YAML'
corridor: claims
clock: {start: 2024-01-01, now: 2024-05-01, end: 2024-12-31}
units: {people: personas}
sets: {town: [north, south]}
data: {seen: {table: seen.csv, over: [town], every: month, unit: people, source: assumed}}
parameters: {come: {over: [town], value: 10, factor: 1.5, unit: people/day, source: assumed}}
stages: {camp: {over: [town], unit: people, start: 100 people, enters: {rate: come}, exits: {go: {hazard: 1 / (9 days), to: outside}}, en: Camp, es: Campo}}
observables:
  left:  {is: camp.go, over: [town], every: month, take: sum, unit: people, data: seen, noise: exact, en: Left, es: Salieron,
          claims: [{says: 900, when: 2024-02, by: {en: a paper, es: un diario}, doc: invented, said: {en: Nine hundred left, es: Salieron novecientas}, seen: {en: Counted, es: Contadas}, why: {en: Rounded, es: Redondeo}},
                   {says: 3000, when: 2024-03, total: true, by: radio}, {says: 30, when: 2024-02-29, by: radio}, {says: 9, when: 2025, by: radio}]}
  daily: {is: total(camp.go), every: day, take: sum, unit: people, en: Left that day, es: Salieron ese día}
  stock: {is: total(camp), every: month, take: mean, unit: people, en: Camp, es: Campo, claims: [{says: 200, when: 2024-03, by: radio}]}
YAML
printf 'date,town,value\n2024-01,north,300\n2024-02,north,400\n2024-03,north,500\n' >claims/seen.csv
run explain claims --claims --members 30 --format json -q
expect_code 0
cp out claims.json
run run claims --from 2024-01-01 --until 2024-06-01 -n 30 --out claims.db -q
run explain claims.db --claims --format json
cmp out claims.json || fail "a store and a run of its own disagree"
py '
import json, sqlite3, struct
claims = json.load(open("claims.json"))
db = sqlite3.connect("claims.db")
def periods(name):
    return [struct.unpack("<%dd" % (len(v) // 8), v) for v, in db.execute(
        "SELECT value FROM sample s JOIN observable o ON o.id = s.observable WHERE o.name = ? ORDER BY member", [name])]
median = lambda x: (sorted(x)[14] + sorted(x)[15]) / 2
left, stock, daily = periods("left"), periods("stock"), periods("daily")
near = lambda a, b: abs(a - b) < 1e-6 * max(1, abs(b))
assert near(claims[0]["model"]["q50"], median([m[1] + m[6] for m in left]))
assert near(claims[1]["model"]["q50"], median([sum(m[:3]) + sum(m[5:8]) for m in left]))
assert near(claims[2]["model"]["q50"], median([m[59] for m in daily]))
assert claims[3]["model"] is None and near(claims[4]["model"]["q50"], median([m[2] for m in stock]))
assert [c["series"] for c in claims] == [400, 1200, None, None, None]
assert claims[0]["by"] == {"en": "a paper", "es": "un diario"} and claims[0]["why"]["es"] == "Redondeo"'
run explain claims --claims --members 30 --lang es
expect_code 0
has out "Salieron, feb 2024"
has out "Se dijo   Salieron novecientas (un diario; invented)"
has out "Series    400 personas. Contadas"
has out "Por qué   Redondeo"
has out "Salieron, en total, hasta el 31 mar 2024"
has out "fuera de esta corrida"
run explain claims --claims --members 30 --format md
has out "| Left, Feb 2024 | Nine hundred left (a paper; invented) | 400 people. Counted | "
run explain claims --claims --lang fr
expect_code 2
has err 'no language "fr"'
run explain tutorial --claims
expect_code 0
has out "no published figure"
# every figure of the shipped corridor: four columns in two languages, none empty
run explain us-mexico --claims --members 4 --format json -q
expect_code 0
py '
import json
claims = json.load(open("out"))
for c in claims:
    for key in ("label", "by", "said", "seen", "why"):
        assert c[key]["en"].strip() and c[key]["es"].strip(), (c["observable"], key)
    assert all(c[key]["en"] != c[key]["es"] for key in ("label", "said", "seen", "why")), c["observable"]
    assert c["model"] and c["model"]["q05"] <= c["model"]["q50"] <= c["model"]["q95"], c
has = {(c["observable"], c["says"]) for c in claims}
assert {("encounters", 250000), ("files_year", 140000), ("sent_to_wait", 75000), ("trade_shut", 1e8), ("closure_loss", 1e8)} <= has, has
series = {c["observable"]: c["series"] for c in claims}
assert series["encounters"] == 191106 and series["files_year"] == 140979 and series["sent_to_wait"] == 71340, series'
finish
