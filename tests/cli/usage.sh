# Words, options, help and exit code 2: a mistake in the command line says what is wrong and what to type.
. "$SOURCE/tests/support/cli.sh"

run
expect_code 0
[ "$(wc -l <out)" -le 12 ] || fail "more than 12 lines"
has out "paso demo"
run --version
expect_code 0
grep -qE '^paso [0-9]+\.[0-9]+\.[0-9]+' out || fail "no version"
run --help
for c in demo init check explain run compare report export trace; do has out "  $c "; done

for c in demo init check explain run compare report export trace; do
    run "$c" --help
    expect_code 0
    has out "paso $c"
    has out "--help"
    has out "--quiet"
    empty err
    py 'assert max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8")) <= 100'
    [ -z "$(grep -oE '^ +(-., )?--[a-z-]+' out | grep -oE -- '--.*' | sort | uniq -d)" ] || fail "an option twice"
done
run run --help
has out "(default: 200)"
has out "--members N"

run rum tutorial
expect_code 2
has err "did you mean run?"
empty out
run fit tutorial
expect_code 2
has err "fit: not yet"
run run tutorial --member 3
expect_code 2
has err "did you mean --members?"
run run tutorial --xyzzy
expect_code 2
has err "paso run --help lists the options"
run run
expect_code 2
has err "expected DIR"
run run tutorial again
expect_code 2
has err "found also \"again\""
run run tutorial --members
expect_code 2
has err "--members: expected N"
for bad in -3 3x 1e3 99999999999999999999; do
    run run tutorial --members "$bad"
    expect_code 2
    has err "expected a whole number"
done
run run tutorial --members ""
expect_code 2
has err "--members: expected N, found an empty word"
run run tutorial --out "" --members 2
expect_code 2
has err "--out: expected FILE, found an empty word"
[ ! -e .partial ] || fail "ran before it refused"
run check ""
expect_code 2
has err "expected DIR, found an empty word"
run run tutorial --members 0
expect_code 2
run run tutorial --from yesterday
expect_code 2
has err "--from: expected a date, found \"yesterday\""
run run tutorial --quiet=yes
expect_code 2
has err "takes no value"
run run tutorial --format xml
expect_code 2
has err "there are text, csv, json"
run run nowhere-at-all
expect_code 3
has err "no such corridor"
run check tutorail
expect_code 3
has err "did you mean tutorial?"
run explain tutorial --why slot
expect_code 2
has err "did you mean slots?"

# What is read is not written over, and what is no file is not replaced, not even with --force.
run run tutorial --members 2 --out r.db -q
expect_code 0
cp r.db kept.db
run report r.db --out r.db --force
expect_code 4
has err "r.db: error: is the store itself"
run export r.db --out r.db --force
expect_code 2
has err "is the store itself"
same r.db kept.db
ln -s /dev/null device
for words in "run tutorial --members 2 --out" "report r.db --out" "export r.db --out" "check tutorial --program" \
    "run tutorial --members 2 -q --save-state"; do
    # shellcheck disable=SC2086
    run $words device --force
    expect_code 4
    has err "device: error: is no file that could be replaced"
done
[ -L device ] || fail "replaced"
run report here-is-nothing/ --out page.html
expect_code 4
run run tutorial --members 2 --out one --save-state one
expect_code 2
has err "--out and --save-state: expected two files, found one"
cp "$SOURCE/README.md" text.db
run report text.db --out page.html
expect_code 3
has err "text.db: error: expected a store of Paso, found another file"
mkdir folder
run report folder --out page.html
expect_code 4
has err "folder: error: is a folder"
run check tutorial --program program.bin -q
expect_code 0
run check tutorial --program program.bin
expect_code 4
has err "program.bin: error: exists already; --force overwrites it"
finish
