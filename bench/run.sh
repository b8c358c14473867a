#!/bin/sh
# The engine's measure: paired runs of the hand-written yardstick and of the engine on the same
# corridor, medians and their ratio; then 1,000 members of the shipped corridor.
# `make bench` sets PASO and BENCH; PAIRS and MEMBERS may be set.
set -eu
PASO=${PASO:-build/paso}
BENCH=${BENCH:-build/bench}
pairs=${PAIRS:-5}
members=${MEMBERS:-256}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The last number of a line such as "3.26 ms a member".
figure() { grep -Eo '[0-9]+(\.[0-9]+)? ms' "$1" | tail -n 1 | cut -d' ' -f1; }
median() { sort -n "$1" | awk '{x[NR] = $1} END {print (NR % 2) ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2}'; }

"$PASO" check tests/corridors/yardstick --program "$work/yardstick.paso" --force 2>/dev/null >/dev/null
i=0
while [ "$i" -lt "$pairs" ]; do
    "$BENCH/yardstick" --members "$members" --time >"$work/y" 2>&1
    "$BENCH/engine" "$work/yardstick.paso" --members "$members" >"$work/e" 2>&1
    figure "$work/y" >>"$work/yardstick"
    figure "$work/e" >>"$work/engine"
    i=$((i + 1))
done
y=$(median "$work/yardstick")
e=$(median "$work/engine")
echo "yardstick  $y ms a member, engine  $e ms a member (548 days, one thread, medians of $pairs pairs)"
awk -v y="$y" -v e="$e" 'BEGIN {printf "ratio      %.2f (asked for: at most 3)\n", e / y}'

start=$(date +%s.%N)
"$PASO" run corridors/us-mexico --members 1000 --quiet >/dev/null
awk -v a="$start" -v b="$(date +%s.%N)" \
    'BEGIN {printf "us-mexico  %.1f s for 1,000 members x 18 months, all processors, the history from October 2018 included\n", b - a}'
