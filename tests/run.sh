#!/bin/sh
# Runs ctest in a build folder and ends with one line: N passed, N failed, N skipped.
# Counts single cases (Check, unittest) where a test reports them, and a shell script as one.
# Usage: tests/run.sh BUILD [ctest options]
set -u

build=$1
shift
junit=$(cd "$build" && pwd)/tests.xml || exit 2
rm -f "$junit"

# The sizes keep ctest from cutting a test's output before its summary.
ctest --test-dir "$build" --output-on-failure --output-junit "$junit" \
    --test-output-size-passed 4000000 --test-output-size-failed 4000000 "$@"
[ -f "$junit" ] || { echo "0 passed, 0 failed, 0 skipped"; exit 1; }

awk '
function number(text, key) { # the digits after the first plain-text key, else 0
    return index(text, key) ? substr(text, index(text, key) + length(key)) + 0 : 0
}
function complain(why) { printf "%s: %s\n", name, why; bad++ }
/<testcase / {
    name = status = $0
    sub(/.* name="/, "", name); sub(/".*/, "", name)
    sub(/.* status="/, "", status); sub(/".*/, "", status)
    reported = good = bad = idle = left_out = 0
}
/<skipped message="SKIP_RETURN_CODE/ { left_out = 1 }
/[0-9]%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/ {
    reported = 1
    wrong = number($0, "Failures: ") + number($0, "Errors: ")
    bad += wrong; good += number($0, "Checks: ") - wrong
}
/Ran [0-9]+ tests? in / { reported = 1; ran += number($0, "Ran ") }
/^(OK|FAILED)( \(|$)/ && reported {
    sub(/expected failures=/, "") # those count as passed
    wrong = number($0, "failures=") + number($0, "errors=") + number($0, "unexpected successes=")
    idle += number($0, "skipped="); bad += wrong
    good += (ran > wrong + idle) ? ran - wrong - idle : 0
    ran = 0
}
/<\/testcase>/ {
    if (left_out || status == "disabled") { good = bad = 0; idle = 1 }
    else if (status != "run") { if (!bad) complain("ended badly (" status ")") }
    else if (name ~ /\.py$/ && !reported) complain("no summary of unittest: does it call unittest.main()?")
    else if (reported && good + bad + idle == 0) complain("ran no case")
    else if (!reported) good = 1
    passed += good; failed += bad; skipped += idle
}
END {
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || passed == 0
}' "$junit"
