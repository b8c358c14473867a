# paso check: one line where all is well, the house format of mistakes where it is not, a program file.
. "$SOURCE/tests/support/cli.sh"

run check tutorial
expect_code 0
has out "ok: tutorial: 5 stages"
empty err
run check tutorial --json
py 'import json; o = json.load(open("out")); assert o["severity"] == "ok" and o["stages"] == 5'

cp -r "$SOURCE/corridors/tutorial" wrong
sed -i 's/rest_time, *start/rest_tim, start/; s/mean: rest_time/mean: rest_tim/' wrong/corridor.yml
run check wrong
expect_code 3
empty out
grep -qE '^wrong/corridor.yml:[0-9]+:[0-9]+: error: ' err || fail "no place"
has err "rest_time"
has err "mistake"
run check wrong --json
expect_code 3
py 'import json; o = json.loads(open("out").readline()); assert o["severity"] == "error" and o["line"] > 0'
run run wrong
expect_code 3
empty out

run check tutorial --program tutorial.paso --policy more-judges
expect_code 0
[ "$(head -c 8 tutorial.paso)" = PASOPROG ] || fail "no program"
cp tutorial.paso first
run check tutorial --program tutorial.paso
expect_code 4
same first tutorial.paso
run check tutorial --program tutorial.paso --force
expect_code 0
run check tutorial --program no/such/folder/x
expect_code 4
finish
