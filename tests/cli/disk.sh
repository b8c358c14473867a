# A system that will not write: clear words, exit 4, nothing lost, nothing left behind. And nothing overwritten unasked.
. "$SOURCE/tests/support/cli.sh"
nothing_left() { ! ls -A "${1:-.}" | grep -q -e partial -e tmp || fail "left behind: $(ls -A "${1:-.}")"; }

# a folder in the way
mkdir folder.db
for force in "" --force; do
    run run tutorial -n 2 --out folder.db $force
    expect_code 4
    has err "folder.db: error: is a folder"
done
nothing_left
mkdir taken.db.partial
run run tutorial -n 2 --out taken.db
expect_code 4
has err "taken.db: error: cannot be written: Is a directory"
[ -d taken.db.partial ] || fail "the folder is gone"
rmdir taken.db.partial
echo "a diary" >taken.db.partial
run run tutorial -n 2 --out taken.db
expect_code 4
has err "taken.db.partial is in the way; --force overwrites it"
[ "$(cat taken.db.partial)" = "a diary" ] || fail "overwritten"
run run tutorial -n 2 --out taken.db --force -q
expect_code 0
run export taken.db
expect_code 0
run run tutorial -n 2 --out gone/x.db
expect_code 4
has err "gone/x.db: error: cannot be written: No such file or directory"

# a file that may not grow, as on a full disk: members that were finished stay, and can be gone on with
(
    ulimit -f 600
    run run tutorial -n 20000 --out small.db --lanes 4 -q
    echo "$code" >code
)
code=$(cat code)
expect_code 4
grep -qE '^small.db: error: .*is the disk full' err || fail "no clear error"
has err "of 20000 members are kept in small.db.partial; go on with"
has err "  paso run tutorial -n 20000 --lanes 4 -q --resume small.db"
[ ! -e small.db ] && [ -e small.db.partial ] && [ ! -e small.db.partial-journal ] || fail "$(ls)"
py 'import sqlite3; db = sqlite3.connect("small.db.partial"); assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)'
rm small.db.partial
(
    ulimit -f 4
    run run tutorial -n 3 --out small.db -q
    echo "$code" >code
)
code=$(cat code)
expect_code 4
nothing_left
# a report that does not fit leaves the old one
run run tutorial -n 3 --out r.db -q
run report r.db
cp r.html kept.html
(
    ulimit -f 8
    run report r.db --force
    echo "$code" >code
)
code=$(cat code)
expect_code 4
same r.html kept.html
nothing_left
# stdout on a full disk
if [ -w /dev/full ]; then
    "$PASO" export r.db >/dev/full 2>err
    code=$?
    expect_code 4
    "$PASO" run tutorial -n 2 -q >/dev/full 2>err
    code=$?
    expect_code 4
    has err "No space left on device"
fi

# a truly full disk, where a small one may be mounted
mkdir full
if mount -t tmpfs -o size=400k none full 2>/dev/null; then
    run run tutorial -n 20000 --out full/r.db --lanes 4 -q
    expect_code 4
    has err "full/r.db: error: database or disk is full"
    [ ! -e full/r.db ] || fail "half a store has a name"
    umount full
fi

# a folder that may not be written to; root may write everywhere and steps down first
mkdir closed open
cp r.db closed/
as_nobody=
if [ "$(id -u)" -eq 0 ]; then
    as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
    chmod 755 "$here"
fi
chmod 555 closed
if $as_nobody "$PASO" --version >/dev/null 2>&1 && $as_nobody test -r "$SOURCE/corridors/tutorial/corridor.yml"; then
    for words in "run tutorial -n 2 --out closed/x.db" "run tutorial -n 2 --out closed/r.db --force" "report closed/r.db" \
        "check tutorial --program closed/x.paso" "init closed/new" "export closed/r.db --out closed/x.csv"; do
        $as_nobody "$PASO" $words >out 2>err
        code=$?
        expect_code 4
        has err "closed/"
        has err "Permission denied"
    done
    [ "$(ls -A closed)" = r.db ] || fail "left behind: $(ls -A closed)"
    same r.db closed/r.db
fi
chmod 755 closed

# nothing is overwritten without --force
"$PASO" check tutorial --program p.paso -q >out 2>err
"$PASO" export r.db --out r.csv -q
"$PASO" export r.db --out s.csv -q && rm s.csv
"$PASO" init made -q >out 2>err
for words in "run tutorial -n 2 --out r.db" "compare tutorial -n 2 -p as-happened -p more-slots --out r.db" "report r.db" \
    "report r.db --out p.paso" "check tutorial --program p.paso" "export r.db --out r.csv" "export r.db --out s.csv" "init made"; do
    sum=$(find . -type f ! -name out ! -name err ! -name sum -exec sha256sum {} + | sort)
    run $words
    expect_code 4
    empty out
    [ "$sum" = "$(find . -type f ! -name out ! -name err ! -name sum -exec sha256sum {} + | sort)" ] || fail "$words: something was overwritten"
    nothing_left
done
finish
