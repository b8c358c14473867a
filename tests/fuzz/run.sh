#!/bin/bash
# Runs the libFuzzer targets of a build one after the other and prints the counts of inputs.
# Usage: tests/fuzz/run.sh BUILD [SECONDS [INPUTS [TARGET ...]]]   (each target; 0 is no limit)
# New inputs that reach new code are kept in BUILD/fuzz/X, an input that fails in BUILD/fuzz/failures.
set -u
build=$(cd "$1" && pwd) || exit 2
seconds=${2:-60} inputs=${3:-0}
shift $(($# < 3 ? $# : 3))
source=$(cd "$(dirname "$0")" && pwd)
[ "$inputs" != 0 ] || inputs=-1
work=$build/fuzz
export FUZZ_CORRIDOR=$source/../../corridors/tutorial FUZZ_STORE=$work/base.paso.db ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=8:malloc_context_size=6 PASO_CORRIDORS=$source/../../corridors
mkdir -p "$work/failures"
[ -f "$FUZZ_STORE" ] || python3 "$source/seeds.py" "$build/paso" "$work" >"$work/seeds.log" 2>&1 || { cat "$work/seeds.log"; exit 2; }
failed=0
for name in ${*:-tree table expr model program state store report request flee}; do
    mkdir -p "$work/$name"
    case $name in
    store) longest=96 ;; # eight edits of twelve bytes
    model) longest=6000 ;;
    *) longest=20000 ;;
    esac
    "$work/fuzz_$name" -max_total_time="$seconds" -runs="$inputs" -max_len=$longest -timeout=20 -rss_limit_mb=3000 \
        -dict="$source/language.dict" -artifact_prefix="$work/failures/$name-" -print_final_stats=1 \
        "$work/$name" "$source/regressions/$name" >"$work/$name.log" 2>&1
    code=$?
    awk -v name="fuzz_$name" -v code=$code '/^Done|number_of_executed_units/ { n = $2 } /cov:/ { cov = $4; ft = $6 }
        END { printf "%s: %s inputs, %s edges, %s\n", name, n, cov, code ? "FAILED" : "no finding" }' "$work/$name.log"
    [ $code -eq 0 ] || { grep -E "ERROR|runtime error|SUMMARY|not so|Test unit written" "$work/$name.log"; failed=1; }
done
exit $failed
