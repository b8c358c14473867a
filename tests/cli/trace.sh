# paso trace: the days of single members, values to the last bit in the form of Python's float.hex.
. "$SOURCE/tests/support/cli.sh"

run trace tutorial --members 2:4 --from 2023-03-01 --until 2023-03-04
expect_code 0
py '
import re
rows = [line.split() for line in open("out")]
assert {r[0] for r in rows} == {"2023-03-01", "2023-03-02", "2023-03-03"}
assert {r[1] for r in rows} == {"2", "3"}
assert ["arrivals", "0"] in [r[2:4] for r in rows] and ["arrivals", "1"] in [r[2:4] for r in rows]
for r in rows: assert r[4] == float.fromhex(r[4]).hex(), r'
cp out part
run trace tutorial --members 3 --until 2023-03-04
grep -E '^2023-03-0[1-3] 3 ' out >whole
grep ' 3 ' part >own
py '
a = [l for l in open("part") if l.split()[1] == "3"]
b = [l for l in open("out") if l >= "2023-03-01"]
assert a == b and len(a) > 10'
run trace tutorial --rows --until 2023-01-03
expect_code 0
for name in slots court queue queue.called interview interview.refused; do has out " 0 $name 0 0x"; done
hasnt out " waiting "
run trace tutorial --members 5:5
expect_code 2
run trace tutorial -p as-happened -p more-slots
expect_code 2
finish
