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
finish

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
