# paso site: every shipped kind of corridor gets its files; nothing is overwritten without --force.
. "$SOURCE/tests/support/cli.sh"

run site tutorial page --members 3
expect_code 0
empty out
has err "wrote page"
[ "$(cat page/api/server)" = null ] || fail "a static page asks for a server in vain"
for file in index.html data/corridor.json data/program.bin data/state.bin data/claims.json data/paso.wasm; do
    [ -f "page/$file" ] || fail "no page/$file"
done
py '
import json
c = json.load(open("page/data/corridor.json"))
assert (c["name"], c["from"], c["until"]) == ("tutorial", "2023-07-01", "2024-07-01"), c["from"]
assert c["levers"] and c["policies"] and c["observables"] and c["assumptions"]
for item in c["levers"] + c["observables"] + c["policies"]:
    assert item["label"]["en"] and item["label"]["es"], item["name"]
slots = next(l for l in c["levers"] if l["name"] == "slots")
assert slots["cells"] == [{"cell": "", "label": {"en": "", "es": ""}, "value": 25, "min": 0, "max": 100, "step": 1}], slots
more = next(p for p in c["policies"] if p["name"] == "more-slots")
assert more["changes"] == [{"lever": "slots", "cell": "", "from": "2023-08-01", "value": 36}], more
for a in c["assumptions"]:
    assert a["unit"] and a["source"], a["name"]
assert any(o["observed"] for o in c["observables"])
assert {o["name"]: o["total"] for o in c["observables"]}["arrivals"] is True
assert c["flows"] == [] and {p["role"] for p in c["places"]} == {"place"}'

run site darien walks --members 0 --quiet
expect_code 0
py '
import json
c = json.load(open("walks/data/corridor.json"))
roles = {p["member"]: p["role"] for p in c["places"]}
assert (roles["ven"], roles["danli"], roles["panama"], roles["necocli"]) == ("origin", "stop", "goal", "place"), roles
places = {p["set"] + "=" + p["member"] for p in c["places"]}
cells = {(o["name"], x["cell"]) for o in c["observables"] for x in o["cells"]}
for f in c["flows"]:
    assert f["from"] in places and f["to"] in places and (f["observable"], f["cell"]) in cells, f
flown = [f["from"] for f in c["flows"] if f["observable"] == "flown"]
assert len(flown) == 9 and "origin=oth" not in flown, flown
one = next(f for f in c["flows"] if f["observable"] == "unregistered")
assert (one["from"], one["to"], one["cell"]) == ("stop=danli", "stop=hidden", ""), one'

run site tutorial page
expect_code 4
has err "page: error: exists already; --force writes into it"
run site tutorial page --force --members 0 --quiet
expect_code 0
empty err
[ ! -s page/data/state.bin ] || fail "members without being asked for"

run site tutorial
expect_code 2
has err "expected a folder to write"
run site tutorial seed --seed 9007199254740992
expect_code 2
has err "--seed: expected at most 9007199254740991 for a page"
[ ! -e seed ] || fail "a page of a seed that it cannot hold"
run site tutorial a b
expect_code 2
run site nowhere page2
expect_code 3
[ ! -e page2 ] || fail "a folder for a corridor that is not there"
touch file
run site tutorial file/page --members 0
expect_code 4

"$PASO" init own >/dev/null 2>&1
run site own own-page --members 2
expect_code 0

# Labels of any length, cut nowhere: a cut within a character would be no text.
cp -r "$SOURCE/corridors/tutorial" long
py '
import pathlib
path = pathlib.Path("long/corridor.yml")
text = path.read_text()
for old, new in (("The hills, La sierra]", "%s, %s]" % ("h" + "ñ" * 299, "s" + "é" * 299)), ("[0, 40]", "[-1e308, 1e308]")):
    assert old in text, old
    text = text.replace(old, new)
path.write_text(text)'
run site long longer --members 0 --quiet
expect_code 0
py '
import json
c = json.load(open("longer/data/corridor.json"))
cells = {x["cell"]: x["label"] for o in c["observables"] for x in o["cells"]}
assert cells["origin=hills"] == {"en": "h" + "ñ" * 299, "es": "s" + "é" * 299}, cells["origin=hills"]
judges = next(l for l in c["levers"] if l["name"] == "judges")
assert judges["cells"][0]["step"] == 1, judges'

# Policies that switch off seventy signals, and all but one of them, are two programs.
cp -r "$SOURCE/corridors/tutorial" many
py '
import pathlib
path = pathlib.Path("many/corridor.yml")
text = path.read_text()
names = [f"s{i}" for i in range(70)]
for section, lines in (("signals", [f"{n}: {{start: 0, neutral: 0, next: {n}, unit: 1}}" for n in names]),
                       ("policies", [f"{n}: {{base: as-happened, without: [{chr(44).join(off)}]}}" for n, off in (("most", names[:-1]), ("all", names))])):
    text = text.replace(f"\n{section}:", "\n  ".join([f"\n{section}:", *lines]), 1)
path.write_text(text)'
run site many many-page --members 0 --quiet
expect_code 0
py '
import json
under = json.load(open("many-page/data/corridor.json"))["politics"]
assert [under[p]["program"] for p in ("most", "all", "as-happened", "more-slots")] == [0, 1, 2, 2], under'
finish
