# paso init: asks nothing, writes a corridor that runs, and never over anything.
. "$SOURCE/tests/support/cli.sh"

run init mine </dev/null
expect_code 0
empty out
has err "paso check mine"
[ "$(ls mine | tr '\n' ' ')" = "README.md arrivals.csv corridor.yml " ] || fail "$(ls mine)"
grep -c '#' mine/corridor.yml | grep -qE '^[2-9][0-9]' || fail "not commented"
grep -rqE 'NAME|DIR' mine && fail "a word was not put in"
run check mine
expect_code 0
has out "ok: mine: "
empty err
# the commands of its README run as they stand
grep '^paso ' mine/README.md >commands
[ "$(wc -l <commands)" -ge 5 ] || fail "few commands"
while read -r line; do
    run ${line#paso } -q
    expect_code 0
done <commands
run init mine
expect_code 4
has err "mine: exists and is not an empty folder"
mkdir "my place"
run init "my place/" -q
expect_code 0
empty err
grep -q '^corridor: mine' "my place/corridor.yml" || fail "a name that is no word"
has "my place/README.md" "paso check 'my place'"
run check "my place"
expect_code 0
echo x >file
run init file
expect_code 4
[ "$(cat file)" = x ] || fail "overwritten"
run init no/such/place
expect_code 4
has err "no/such/place: No such file or directory"
run init
expect_code 2
(
    ulimit -f 1
    run init narrow
    echo "$code" >code
)
code=$(cat code)
expect_code 4
[ ! -e narrow ] || fail "left behind: $(ls narrow)"
finish
