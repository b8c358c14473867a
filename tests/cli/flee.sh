# paso flee: the shipped scenario in every format, the same bits from any threads, and every mistake in a
# folder told with file, row, column and a hint.
. "$SOURCE/tests/support/cli.sh"

run flee flee-example --members 3
expect_code 0
has out "flee-example, simsetting.yml: 13 places, 19 routes, 150 days, 3 members"
has out "Kessel"
has out "error_normal 0."
run flee flee-example --json --curves
expect_code 0
py 'import json; o = json.load(open("out")); assert o["locations"] == 13 and o["days"] == 150 and o["people_end"] == 31900; assert len(o["camps"]) == 3 and len(o["camps"][0]["mean"]) == 150'

run flee flee-example --format csv --seed 3
expect_code 0
cp out first
run flee flee-example --format csv --seed 3 --threads 2
same out first
run flee flee-example --format csv --seed 4
cmp -s out first && fail "another seed, the same run"
py 'import csv
rows = list(csv.DictReader(open("first")))
assert len(rows) == 150 and rows[0]["Date"] == "2030-03-02"
for row in rows:
    inside = sum(float(row[c + " sim"]) for c in ("Kessel", "Lorn", "Merrow"))
    assert float(row["refugees in camps (simulation)"]) == inside <= float(row["total refugees (simulation)"])'

# Members do not depend on how many there are or on threads.
run flee flee-example --json --curves --members 4 --threads 1
sed 's/"wall_seconds":[^,]*//' out >first
run flee flee-example --json --curves --members 4 --threads 3
sed 's/"wall_seconds":[^,]*//' out >second
same first second

run flee flee-example --members 4 --settings "$PASO_CORRIDORS/flee-example/simsetting.yml" --settings "$PASO_CORRIDORS/flee-example/ahead.yml"
expect_code 0
has out "ahead.yml, against: simsetting.yml"
has out "People in camp, Kessel"
# A store: report and export work on it, and it is not overwritten unasked.
run flee flee-example --members 4 --out results.db
expect_code 0
has out "error_normal 0."
run flee flee-example --out results.db
expect_code 4
has err "exists already; --force overwrites it"
run flee flee-example --members 5 --out results.db --force
expect_code 0
[ -e results.db.partial ] && fail "a partial store is left"
run export results.db
expect_code 0
py 'import csv, statistics
rows = list(csv.DictReader(open("out")))
day = {(r["observable"], r["cell"], r["date"]): float(r["value"]) for r in rows if r["statistic"] == "mean"}
assert len(day) == 150 * (3 + 1 + 1 + 2), len(day)
last = "2030-07-28"
assert abs(sum(day["in_camp", c, last] for c in ("Kessel", "Lorn", "Merrow")) - day["in_camps", "", last]) < 1e-6
assert day["people", "", last] == 31900
error = statistics.mean(v for (o, c, d), v in day.items() if o == "error_normal")
open("error", "w").write(repr(error))'
run flee flee-example --members 5 --json
py 'import json; assert abs(json.load(open("out"))["error_normal"] - float(open("error").read())) < 1e-9'
run report results.db
expect_code 0
has results.html "People in camp: Merrow"
has results.html "observed"
# The error that is told is the mean over all days, not the last day's.
has results.html "on average from 1 Mar 2030 to 28 Jul 2030"
py 'import re
told = float(re.search(r"Error .normal.:</span> <strong>([0-9.]+)", open("results.html").read()).group(1))
assert abs(told - float(open("error").read())) < 0.02, told'
run report results.db --lang es --force
expect_code 0
has results.html "Personas en el campamento: Merrow"
has results.html "en promedio del 1 mar 2030 al 28 jul 2030"
run run tutorial --resume results.db
expect_code 2
has err "nothing is to be resumed"

# compare: settings files in pairs, as text and for programs; the same file differs nowhere.
S="$PASO_CORRIDORS/flee-example"
run compare flee-example --members 4 --settings "$S/simsetting.yml" --settings "$S/ahead.yml" --out pair.db
expect_code 0
has out "ahead.yml, against: simsetting.yml"
has out "Error (normal)"
run report pair.db
expect_code 0
has pair.html "ahead.yml"
run compare flee-example --members 4 --settings "$S/simsetting.yml" --settings "$S/ahead.yml" --json
expect_code 0
py 'import json
rows = json.load(open("out"))
assert {r["cell"] for r in rows if r["observable"] == "in_camp"} == {"Kessel", "Lorn", "Merrow"}
assert {r["statistic"] for r in rows} >= {"mean", "q05", "q95", "same_sign"}'
cp "$S/simsetting.yml" again.yml
run compare flee-example --members 3 --settings "$S/simsetting.yml" --settings again.yml
expect_code 0
has out "No change: People in camp"
mkdir -p other
cp "$S/ahead.yml" other/simsetting.yml
run compare flee-example --members 2 --settings "$S/simsetting.yml" --settings other/simsetting.yml
expect_code 0
has out "other/simsetting.yml, against"
run compare flee-example --settings "$S/simsetting.yml"
expect_code 2
has err "expected two settings files or more for a Flee folder"
run compare flee-example --policy quiet
expect_code 2
sed 's/hasten: .*/hasten: 7/' "$S/simsetting.yml" >seven.yml
run compare flee-example --settings "$S/simsetting.yml" --settings seven.yml
expect_code 2
has err "cannot be compared"
run flee flee-example --fixed --hasten 10 --days 20
expect_code 0
has out "20 days"
run flee flee-example --format csv --members 2
expect_code 2
run flee nowhere
expect_code 3

# broken EDIT... : a fresh copy, then the edit; the run must end with 3 and say nothing on stdout.
broken() {
    rm -rf s
    cp -r "$PASO_CORRIDORS/flee-example" s
    (cd s && eval "$1")
    run flee s
    expect_code 3
    empty out
}
broken "sed -i 's/^Brask,Uplands,/Brask,/' input_csv/locations.csv"
has err "s/input_csv/locations.csv:3:39: error: location_type: row 3, column 6 (location_type): expected conflict_zone, town, camp, idpcamp, forwarding_hub or marker, found \"12\""
has err "hint: a number here means a shifted column"
broken "sed -i 's/,182000/,182000.5/' input_csv/locations.csv"
has err "row 2, column 8 (population): expected a whole number, found \"182000.5\""
has err "hint: write it without a decimal point"
broken "sed -i 's/^Brask,Merrow/Brask,Merow/' input_csv/routes.csv"
has err "s/input_csv/routes.csv:7:7: error: name2: row 7, column 2 (name2): expected a place of locations.csv, found \"Merow\""
has err "hint: did you mean Merrow?"
broken "printf '#a,b,km,forced,max_move_speed\n' >input_csv/r; sed 's/\$/,0,90000/; /^#/d' input_csv/routes.csv | cut -d, -f1-3,5- >>input_csv/r; mv input_csv/r input_csv/routes.csv"
has err "(max_move_speed): expected km a day, above 0 and up to 30000, found 90000"
broken "sed -i '20,\$d' input_csv/conflicts.csv"
has err "expected a row for each of the 150 days, found 18"
broken "sed -i 's/^3,/3,x/' input_csv/conflicts.csv"
has err "column 2 (Arenholt): expected a number, found \"x1.0\""
broken "sed -i '/^Lorn/d' source_data/data_layout.csv"
has err "Lorn: expected a row for each camp of locations.csv, found none"
broken "sed -i 's/2030-03-15,2600/15.03.2030,2600/' source_data/kessel.csv"
has err "s/source_data/kessel.csv:2:1: error: date: row 2, column 1 (date): expected a date, found \"15.03.2030\""
broken "sed -i 's/2030-05-24/2030-05-25/' input_csv/registration_corrections.csv"
has err "expected the date of a count of this camp after its first, found \"2030-05-25\""
broken "sed -i '/^StartDate/d' input_csv/sim_period.csv"
has err "expected a row StartDate, found none"
broken "sed -i 's/awareness_level: 1/awareness_level: one/' simsetting.yml"
has err "move_rules.awareness_level: expected a number, found \"one\""
broken "sed -i 's/  camp_weight/  flee_when_starving: True\n  camp_weight/' simsetting.yml"
has err "move_rules.flee_when_starving: not supported by Paso"
broken "printf '  flood_zone_spawning_only: True\n' | sed -i '/^spawn_rules:/r /dev/stdin' simsetting.yml"
has err "spawn_rules.flood_zone_spawning_only: not supported by Paso"
broken "sed -i 's/  camp_weight/  ChildrenAvoidHazards: True\n  camp_weight/' simsetting.yml"
has err "a rule needs people's age, and there is no such file"

rm -rf s
cp -r "$PASO_CORRIDORS/flee-example" s
rm s/source_data/lorn.csv
run flee s
expect_code 4
has err "s/source_data/lorn.csv: error: cannot be opened"

# Where Flee dies with an assertion or writes zeros.
rm -rf s
cp -r "$PASO_CORRIDORS/flee-example" s
sed -i 's/conflict_zone/town/' s/input_csv/locations.csv
sed -i '2,$s/,1.0/,0.0/g' s/input_csv/conflicts.csv
run flee s
expect_code 1
has err "no conflict zone with people in it"
# What Flee passes over without a word is told, and no more.
rm -rf s
cp -r "$PASO_CORRIDORS/flee-example" s
sed -i 's/^country/contry/' s/input_csv/closures.csv
run flee s
expect_code 0
has err "s/input_csv/closures.csv:2:1: warning: closure_type: row 2, column 1 (closure_type): expected country, location, camp, idpcamp, link or remove_forced_redirection, found \"contry\"; it closes nothing, in Flee neither"
has err "did you mean country?"
run flee s --fixed
expect_code 3
# An unknown setting has no effect: a warning with the nearest name.
rm -rf s
cp -r "$PASO_CORRIDORS/flee-example" s
sed -i 's/camp_weight/camp_wieght/' s/simsetting.yml
run flee s
expect_code 0
has err "move_rules.camp_wieght: no such setting"
has err "did you mean camp_weight?"
finish
