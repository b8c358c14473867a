# Files made to hurt: deep, long, wide, many. Each is refused with exit code 3 and little memory: 256 MiB of
# addresses on a plain build (a sanitizer needs more). A hang would meet the alarm.
. "$SOURCE/tests/support/cli.sh"

cat >make.py <<'PY'
import sys
def fill(unit, size):
    return (unit * (size // len(unit) + 1))[:size]
def laughs():
    lines = ["a0: &a0 [lol]"]
    return "\n".join(lines + ["a%d: &a%d [%s]" % (i, i, ", ".join(["*a%d" % (i - 1)] * 10)) for i in range(1, 20)]) + "\n"
yaml = {
    "brackets": lambda n: fill("[", n),
    "braces": lambda n: fill("{a: ", n),
    "indented": lambda n: "".join(" " * i + "a:\n" for i in range(5000))[:n],
    "text": lambda n: "a: " + fill("x", n - 3),
    "escapes": lambda n: 'a: "' + fill("\\n", n - 6) + '"\n',
    "quote-open": lambda n: "a: '" + fill("''", n - 4),
    "block": lambda n: "a: |\n" + fill("  x\n", n - 5),
    "keys": lambda n: "".join("k%d: 1\n" % i for i in range(n // 9)),
    "list": lambda n: "a: [" + fill("1, ", n - 4),
    "items": lambda n: "a:\n" + fill("- {b: c}\n", n - 3),
    "laughs": lambda n: laughs() + fill("#\n", n - 2000),
    "anchors": lambda n: "a:\n" + fill("- &a b\n", n - 3),
    "questions": lambda n: fill("? ", n),
    "dashes": lambda n: fill("- ", n),
    "documents": lambda n: fill("---\n", n),
}
csv = {
    "commas": lambda n: fill(",", n),
    "columns": lambda n: ",".join("c%d" % i for i in range(n // 8)),
    "rows": lambda n: "a\n" + fill("1\n", n - 2),
    "short-rows": lambda n: "a,b\n" + fill("1\n", n - 4),
    "csv-quote-open": lambda n: 'a\n"' + fill('""', n - 3),
}
table = """corridor: x
clock: {start: 2024-01-01, end: 2024-12-31}
units: [people]
data: {d: {table: t.csv, every: month, unit: people, source: assumed}}
"""
kind, size = sys.argv[1], int(sys.argv[2])
if kind == "names":
    print(*yaml, *csv)
else:
    open("corridor.yml", "w").write(table if kind in csv else yaml[kind](size))
    if kind in csv:
        open("t.csv", "w").write(csv[kind](size))
PY

plain=1
nm "$PASO" 2>/dev/null | grep -q __asan_init && plain=
most=16777000 # just below the limit of a file, where a reader has the most to do

# refused KIND BYTES
refused() {
    python3 make.py "$1" "$2"
    (
        [ -z "$plain" ] || ulimit -v 262144
        exec timeout 120 "$PASO" check . >out 2>err
    )
    code=$?
    [ "$code" -eq 3 ] || fail "$1, $2 bytes: expected exit code 3, found $code"
    grep -q "error: " err || fail "$1, $2 bytes: expected an error"
}

for kind in $(python3 make.py names 0); do refused "$kind" $most; done
refused brackets 67108864
refused laughs 67108864
has err "expected at most 16 MiB"
refused rows 67108864
has err "expected at most 16 MiB"
finish
