# What the tests of the command share: a folder of their own, the command, and short checks.
# Source it first; PASO and SOURCE come from the test's environment.
set -u
[ -n "${PASO:-}" ] || { echo "no command: set PASO"; exit 77; }
export PASO_CORRIDORS=$SOURCE/corridors
unset NO_COLOR
here=$(mktemp -d) || exit 1
trap 'rm -rf "$here"' EXIT
cd "$here" || exit 1
n_failed=0

# run WORDS: runs the command; stdout, stderr and code are kept in out, err and $code.
run() {
    "$PASO" "$@" >out 2>err
    code=$?
}
fail() {
    echo "line ${BASH_LINENO[1]}: $1"
    sed 's/^/    /' out err
    n_failed=$((n_failed + 1))
}
expect_code() { [ "$code" -eq "$1" ] || fail "expected exit code $1, found $code"; }
# has FILE TEXT: the text stands in the file.
has() { grep -qF -- "$2" "$1" || fail "expected \"$2\" in $1"; }
hasnt() { ! grep -qF -- "$2" "$1" || fail "expected no \"$2\" in $1"; }
empty() { [ ! -s "$1" ] || fail "expected nothing in $1"; }
same() { cmp -s "$1" "$2" || fail "$1 and $2 differ"; }
# py CODE: runs Python in the test's folder; an exception is a failure.
py() { python3 -c "$1" >py_out 2>&1 || { cat py_out; fail "Python"; }; }
finish() { exit $((n_failed > 0)); }
