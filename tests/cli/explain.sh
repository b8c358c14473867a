# paso explain: what a corridor contains, and where a name comes from.
. "$SOURCE/tests/support/cli.sh"

run explain tutorial
expect_code 0
empty err
has out "tutorial: Tutorial: a shelter and its queue (invented)"
has out "clock: 2023-01-01 to 2024-06-30"
has out "queue[origin]"
has out "called: share 1 to interview, at most slots"
has out "25 people/day [0, 100]; the port; Appointments a day"
has out "judges = judges + 4"
has out "from 2023-08-01"
run explain tutorial --why slots
expect_code 0
grep -qE 'tutorial/corridor.yml:[0-9]+: lever slots' out || fail "no place"
has out "policy as-happened: slots 2 values"
has out "policy more-slots: slots = 36 people/day"
run explain tutorial --why queue.called
expect_code 0
run explain tutorial --why quue
expect_code 2
finish
