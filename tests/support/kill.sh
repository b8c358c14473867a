# Kills runs at random moments (kill -9) and goes on with them: what is finished survives, once, and the result has the
# bits of an unbroken run. The moments come from a fixed seed. Source cli.sh first; then: kill_runs HOW_MANY MEMBERS
seconds() { date +%s.%N; }

# digest FILE: every sample and summary, by its key.
digest() {
    python3 - "$1" <<'PY'
import hashlib, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
print(hashlib.sha256(repr([db.execute(q).fetchall() for q in (
    "SELECT policy, member, observable, hex(value) FROM sample ORDER BY 1, 2, 3",
    "SELECT * FROM summary ORDER BY 1, 2, 3, 4",
    "SELECT * FROM meta WHERE key NOT IN ('started', 'finished', 'wall_seconds', 'command', 'lanes', 'threads') ORDER BY 1",
)]).encode()).hexdigest())
PY
}

# count FILE: finished members; fails where one is there twice or in part. Opened for writing, to undo what was cut off.
count() {
    python3 - "$1" <<'PY'
import shutil, sqlite3, sys, tempfile, os
with tempfile.TemporaryDirectory() as folder:
    for end in ("", "-journal"):
        if os.path.exists(sys.argv[1] + end): shutil.copy(sys.argv[1] + end, folder + "/x" + end)
    db = sqlite3.connect(folder + "/x")
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sample'").fetchone(): print(0); sys.exit()
    each = db.execute("SELECT count(*) FROM policy").fetchone()[0] * db.execute("SELECT count(*) FROM observable").fetchone()[0]
    rows = db.execute("SELECT member, count(*), count(DISTINCT policy * 1000 + observable) FROM sample GROUP BY member").fetchall()
    assert all(n == distinct == each for _, n, distinct in rows), rows
    print(len(rows))
PY
}

kill_runs() {
    local what="tutorial -p as-happened -p more-slots -q --threads 2 --lanes 4 --members $2"
    local began=$(seconds) whole kept n_resumed=0 last=0
    "$PASO" run $what --out whole.db >/dev/null || fail "the unbroken run"
    whole=$(python3 -c "print($(seconds) - $began)")
    local digest_whole=$(digest whole.db)
    for moment in $(python3 -c "
import random
random.seed(20240104)
for _ in range($1): print('%.3f' % (random.uniform(0, 1.1) * $whole))"); do
        # an earlier member is never lost: kills go on with the same file until a run gets through
        local how="--out r.db"
        [ ! -e r.db.partial ] || how="--resume r.db"
        "$PASO" run $what $how >out 2>err &
        local process=$!
        sleep "$moment"
        kill -9 $process 2>/dev/null
        wait $process 2>/dev/null
        code=$?
        if [ -e r.db ]; then
            [ ! -e r.db.partial ] || fail "two files of one run"
            [ "$(digest r.db)" = "$digest_whole" ] || fail "other bits after kills"
            rm -f r.db
            last=0
            continue
        fi
        [ $code -eq 137 ] || fail "ended by itself with $code"
        [ -e r.db.partial ] || continue
        kept=$(count r.db.partial) || fail "a broken file"
        [ "$kept" -ge "$last" ] || fail "finished members were lost: $last, then $kept"
        [ "$kept" -eq 0 ] || n_resumed=$((n_resumed + 1))
        [ "$kept" -gt 0 ] || rm -f r.db.partial*
        last=$kept
    done
    if [ -e r.db.partial ]; then
        run run $what --resume r.db
        expect_code 0
        [ "$(digest r.db)" = "$digest_whole" ] || fail "other bits after kills"
    fi
    rm -f r.db whole.db
    echo "$1 kills, $n_resumed with finished members to go on from"
    # whether a kill fell between two finished members is the machine's affair, so it is told and not asserted
}
