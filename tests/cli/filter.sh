# paso filter: a course on stdout, how well it follows on stderr, and what it refuses.
. "$SOURCE/tests/support/cli.sh"

cp -r "$SOURCE/tests/corridors/delayed" "$SOURCE/tests/corridors/latent" .
run filter delayed --particles 64
expect_code 0
[ "$(head -n 1 out)" = "date,town,value" ] || fail "expected a table"
[ "$(wc -l <out)" -eq 49 ] || fail "expected 24 months of two towns"
has err "24 months; misses over record: totals"
has err "fewest particles with weight"

# the table is what the signal's known reads, and rounds go on from there
run filter delayed --particles 64 -q
[ -s err ] && fail "expected silence"
cp out delayed/course_invented.csv
run check delayed
expect_code 0
run filter delayed --around --rounds 1 --particles 8 --by arrivals --threads 1
expect_code 0
[ "$(wc -l <out)" -eq 49 ] || fail "expected 24 months of two towns"
has err "misses over record"
run filter delayed --until 2022-04-01 --particles 8 --lag 0
[ "$(wc -l <out)" -eq 7 ] || fail "expected three months"

run filter delayed --signal wav
expect_code 2
has err 'wave'
run filter delayed --by other
expect_code 2
has err "arrivals"
run filter latent --around
expect_code 2
has err "has no \`known\` series of whole months"
run filter latent --rounds 1 --particles 8
expect_code 2
has err "has no \`known\` to put a course into"
run filter delayed --lag 13
expect_code 2
has err "expected 0 to 12"
run filter delayed --particles 0
expect_code 2
has err "expected 1 to 65536"
run filter delayed --rounds 101
expect_code 2
has err "expected 0 to 100"
run filter delayed --policy a --policy b
expect_code 2
has err "expected one"
sed -i '/arrivals:/d' latent/corridor.yml
sed -i 's/^observables:/observables:\n  kept: {is: total(road), every: month, take: last, unit: people, en: a, es: b}/' latent/corridor.yml
run filter latent
expect_code 2
has err "nothing to judge wave by"
run filter "$SOURCE/tests/corridors/worked"
expect_code 2
has err "no signal with a shock over one set"
run filter --help
expect_code 0
has out "--rounds N"
finish
