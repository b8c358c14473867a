# paso demo: from nothing to a chart, a store and a page, in a folder of its own.
. "$SOURCE/tests/support/cli.sh"

# the small corridor, so that the test is quick under sanitizers
mkdir corridors
cp -r "$SOURCE/corridors/tutorial" corridors/
export PASO_CORRIDORS=$here/corridors
run demo --members 8
expect_code 0
has out "observed"
has out "against: "
has out "━"
has out "wrote paso-demo/results.db and paso-demo/report.html"
[ "$(grep -c '^next:\|^       .*run' out)" -eq 2 ] || fail "expected two commands"
[ -s paso-demo/results.db ] && [ -s paso-demo/report.html ] || fail "no files"
run demo --members 8
expect_code 0
run run tutorial -n 3 --out paso-demo/results.db --force -q
run demo --members 8
expect_code 4
has err "--force"
run demo --members 8 --force
expect_code 0
export PASO_CORRIDORS=$here/none
run demo
expect_code 3
has err "PASO_CORRIDORS"
finish
