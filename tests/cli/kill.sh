# kill -9 at random moments: finished members survive, once each, and a resumed run has the bits of an unbroken one.
. "$SOURCE/tests/support/cli.sh"
. "$SOURCE/tests/support/kill.sh"
kill_runs 6 240

# what --resume refuses, with both values
"$PASO" run tutorial --members 1000000 --out r.db -q >/dev/null 2>&1 &
process=$!
until [ -e r.db.partial ] && [ "$(count r.db.partial 2>/dev/null || echo 0)" -gt 0 ]; do
    kill -0 $process 2>/dev/null || { echo "the run ended by itself"; exit 1; }
    sleep 0.2
done
# meanwhile: a second writer, and readers
run run tutorial --members 3 --out r.db
expect_code 4
has err "r.db: error: another process is writing it"
run run tutorial --members 3 --out r.db --force
expect_code 4
run run tutorial --members 1000000 --resume r.db
expect_code 4
has err "another process is writing it"
run export r.db.partial
expect_code 4
has err "another process is writing it"
kill -0 $process || fail "the first writer was disturbed"
kill -9 $process
wait $process 2>/dev/null
[ "$(count r.db.partial)" -gt 0 ] || fail "members were lost"
kept=$(count r.db.partial)
run export r.db
expect_code 4
has err "its run is not finished: paso run --resume goes on with it"
run report r.db.partial --out page.html
expect_code 3
has err "--resume goes on"
[ ! -e page.html ] || fail "a page about a part"
run run tutorial --members 3 --out r.db
expect_code 4
has err "finished members of a run that was cut off; --resume goes on with it, --force starts anew"
refuse() { # KEY BEGUN FOUND OPTIONS
    run run tutorial --resume r.db "${@:4}"
    expect_code 3
    has err "r.db: error: $1: the run was begun with $2, found $3"
}
refuse members_planned 1000000 200
refuse seed 1 7 --members 1000000 --seed 7
refuse policies as-happened "as-happened, more-slots" --members 1000000 -p as-happened -p more-slots
refuse until 2024-07-01 2024-01-01 --members 1000000 --until 2024-01-01
refuse options nothing "--set slots=3" --members 1000000 --set slots=3
refuse options nothing "--without luck" --members 1000000 --without luck
cp -r "$SOURCE/corridors/tutorial" other
sed -i 's/value: 9, range/value: 10, range/' other/corridor.yml
run run other --resume r.db --members 1000000
expect_code 3
has err "corridor_hash: the run was begun with "
[ "$(count r.db.partial)" -eq "$kept" ] || fail "members were lost"
run run tutorial --members 3 --out r.db --force
expect_code 0
[ -e r.db ] && [ ! -e r.db.partial ] || fail "files"
run run tutorial --members 3 --resume r.db
expect_code 2
has err "nothing is to be resumed"
run run tutorial --members 3 --resume gone.db
expect_code 4
has err "there is nothing to resume"
run run tutorial --members 3 --resume r.db --out s.db
expect_code 2

# Ctrl-C, and the printed command
"$PASO" run tutorial -n 1500 --out 'my run.db' -q --threads 2 --lanes 4 >out 2>err &
process=$!
until [ -e 'my run.db.partial' ] && [ "$(count 'my run.db.partial' 2>/dev/null || echo 0)" -gt 0 ]; do sleep 0.1; done
kill -INT $process
wait $process
code=$?
expect_code 5
grep -A1 '^go on with' err | tail -1 >next
[ "$(cat next)" = "  paso run tutorial -n 1500 -q --threads 2 --lanes 4 --resume 'my run.db'" ] || fail "$(cat next)"
eval "\"\$PASO\" $(sed 's/^ *paso //' next)" >out 2>err
code=$?
expect_code 0
"$PASO" run tutorial -n 1500 --out unbroken.db -q >/dev/null
[ "$(digest 'my run.db')" = "$(digest unbroken.db)" ] || fail "other bits after Ctrl-C"
ls -A | grep -q partial && fail "a temporary file is left"
finish
