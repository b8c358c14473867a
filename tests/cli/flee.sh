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
run flee flee-example --members 4 --page page.html
expect_code 0
has page.html "<svg"
hasnt page.html "http"
run flee flee-example --members 4 --page page.html
expect_code 4
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
has err "(max_move_speed): expected km a day, above 0 and up to 4000, found 90000"
broken "sed -i '20,\$d' input_csv/conflicts.csv"
has err "expected a row for each of the 150 days, found 18"
broken "sed -i 's/^3,/3,x/' input_csv/conflicts.csv"
has err "column 2 (Arenholt): expected a number, found \"x1.0\""
broken "sed -i 's/^country/contry/' input_csv/closures.csv"
has err "did you mean country?"
broken "sed -i '/^Lorn/d' source_data/data_layout.csv"
has err "Lorn: expected a row for each camp of locations.csv, found none"
broken "sed -i 's/2030-03-15,2600/15.03.2030,2600/' source_data/kessel.csv"
has err "s/source_data/kessel.csv:2:1: error: date: row 2, column 1 (date): expected a date, found \"15.03.2030\""
broken "sed -i 's/2030-05-24/2030-05-25/' input_csv/registration_corrections.csv"
has err "expected the date of a count of this camp after its first, found \"2030-05-25\""
broken "sed -i 's/^StartDate.*//' input_csv/sim_period.csv"
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
# An unknown setting has no effect: a warning with the nearest name.
rm -rf s
cp -r "$PASO_CORRIDORS/flee-example" s
sed -i 's/camp_weight/camp_wieght/' s/simsetting.yml
run flee s
expect_code 0
has err "move_rules.camp_wieght: no such setting"
has err "did you mean camp_weight?"
finish
