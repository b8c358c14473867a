# --save-state and --start: a run in two pieces has the bits of one, and a state of something else is refused.
. "$SOURCE/tests/support/cli.sh"

run run tutorial -n 7 -p as-happened -p more-slots --from 2023-10-01 --until 2024-01-01 --out whole.db -q
expect_code 0
run run tutorial -n 7 --until 2023-07-01 --save-state july.state
expect_code 0
has err "wrote july.state: 7 members at the opening of 2023-07-01; go on with --start july.state"
run run tutorial -p as-happened -p more-slots --from 2023-10-01 --until 2024-01-01 --start july.state --out parts.db --threads 2 --lanes 2
expect_code 0
has err "more-slots goes on from the history of as-happened until 2023-07-01"
has err "7 members, 2 policies, 2023-10-01 to 2024-01-01"
"$PASO" export whole.db >a.csv
"$PASO" export parts.db >b.csv
same a.csv b.csv

# in pieces of pieces, and in pairs
run run tutorial --until 2023-09-10 --start july.state --save-state september.state -q
expect_code 0
run compare tutorial -p as-happened -p more-slots --from 2023-10-01 --until 2024-01-01 --start july.state --json -q
expect_code 0
cp out in-pairs
run compare tutorial -n 7 -p as-happened -p more-slots --from 2023-10-01 --until 2024-01-01 --json -q
same out in-pairs
run run tutorial -n 7 --from 2023-10-01 --until 2024-01-01 --format csv -q
cp out one
run run tutorial --from 2023-10-01 --until 2024-01-01 --format csv -q --start september.state
same out one

# several histories: each goes on from its own
run run tutorial -n 3 -p as-happened -p more-judges --until 2023-09-01 --save-state two.state -q
run run tutorial -p more-judges --start two.state --until 2024-01-01 --format csv -q
expect_code 0
cp out one
run run tutorial -n 3 -p more-judges --from 2023-09-01 --until 2024-01-01 --format csv -q
same out one
run run tutorial -p more-slots --start two.state
expect_code 2
has err "two.state holds 2 policies, but no history of more-slots"

# what does not fit
run run tutorial --start july.state --set road_time=9
expect_code 3
has err "july.state: error: as-happened: expected the program of tutorial, "
has err "found a state of tutorial, "
run run us-mexico --start july.state
expect_code 3
has err "expected the program of us-mexico, "
run run tutorial --start july.state --members 8
expect_code 3
has err "expected members 0 to 7, found a state of members 0 to 6"
run run tutorial --start july.state --seed 2
expect_code 3
has err "seed"
run run tutorial --start july.state --from 2023-06-01
expect_code 3
has err "expected a state of 2023-06-01 or before, found one of 2023-07-01"
run run tutorial --start july.state --quick
expect_code 3
run run tutorial --start july.state --members 2 -q
expect_code 0
run run tutorial --start no.state
expect_code 4
run run tutorial --start a.csv
expect_code 3
has err "a.csv: error: expected a state of Paso, found another file"
head -c 1000 july.state >cut.state
run run tutorial --start cut.state
expect_code 3
has err "the state is cut or was changed"

# nothing is overwritten, nothing half written
cp july.state kept.state
run run tutorial -n 2 --until 2023-06-01 --save-state july.state
expect_code 4
has err "--force"
same july.state kept.state
run run tutorial -n 2 --until 2023-06-01 --save-state july.state --force -q
expect_code 0
! cmp -s july.state kept.state || fail "nothing was written"
run run tutorial -n 2 --until 2023-06-01 --save-state no/such/folder/x.state
expect_code 4
run run tutorial -n 2 --resume whole.db --save-state x.state
expect_code 2
! ls -A | grep -q partial || fail "a temporary file is left"
finish
