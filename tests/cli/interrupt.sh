# Ctrl-C keeps the finished members: a whole store that says so, and exit code 5.
. "$SOURCE/tests/support/cli.sh"

"$PASO" run tutorial --members 1000000 --out r.db --threads 2 >out 2>err &
process=$!
until [ -e r.db.partial ]; do
    kill -0 $process 2>/dev/null || { echo "the run ended by itself"; cat err; exit 1; }
    sleep 0.1
done
sleep 1.5
kill -INT $process
wait $process
code=$?
expect_code 5
has err "interrupted: "
has err "of 1000000 members are finished and kept in r.db"
has err "paso run tutorial --members 1000000 --threads 2 --resume r.db"
has out "As it happened"
! ls -A | grep -q partial || fail "a temporary file is left"
py '
import sqlite3
db = sqlite3.connect("r.db")
meta = dict(db.execute("SELECT key, value FROM meta"))
n, = db.execute("SELECT count(DISTINCT member) FROM sample").fetchone()
assert meta["interrupted"] == 1 and 0 < meta["members"] < meta["members_planned"] == 1000000, meta
assert meta["members"] == n
assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)'
run export r.db
expect_code 0
finish
