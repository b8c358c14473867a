#!/bin/sh
# Installs the Debian packages that a make target needs, naming them; says nothing when all are there.
# Without root or sudo it prints the command to type and fails.
# Usage: tools/deps.sh build|test|lint|fuzz|threads|coverage
set -eu

packages="gcc libc6-dev make cmake pkg-config libfyaml-dev libsqlite3-dev libjansson-dev libmicrohttpd-dev"
case ${1-} in
build) ;;
# zlib: what a static program of SQLite links. The last three are for the tests of the page.
test) packages="$packages check python3 python3-yaml python3-jsonschema zlib1g-dev chromium nodejs npm" ;;
fuzz) packages="$packages check python3 clang libclang-rt-14-dev libomp-dev" ;;
threads) packages="$packages check python3 clang libclang-rt-14-dev libomp-dev" ;;
coverage) packages="$packages check python3 gcovr" ;;
lint) packages="$packages check python3 clang clang-format clang-tidy libomp-dev" ;;
*) echo "usage: tools/deps.sh build|test|lint|fuzz|threads|coverage" >&2; exit 2 ;;
esac

list_missing() {
    for package in $packages; do
        case $package in # another source's Node brings npm along, and conflicts with Debian's
        npm | nodejs) command -v "${package%js}" >/dev/null 2>&1 && continue ;;
        esac
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
        [ "$status" = installed ] || printf ' %s' "$package"
    done
}

give_up() {
    echo "paso: $1; type this as root, then repeat make:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
}

# Elsewhere than Debian the names differ: CMake will say what it does not find.
command -v dpkg-query >/dev/null 2>&1 || exit 0

missing=$(list_missing)
[ -n "$missing" ] || exit 0
echo "paso: missing Debian packages:$missing" >&2

if [ "$(id -u)" = 0 ]; then
    root=
elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    root=sudo
else
    give_up "neither root nor sudo to install them"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
    $root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1
}
echo "paso: installing them${root:+ with sudo} (this takes a minute) ..." >&2
# shellcheck disable=SC2086  # the list is meant to be split
if ! { apt update && apt install -y --no-install-recommends $missing; }; then
    tail -n 20 "$log" >&2
    give_up "apt-get failed"
fi
missing=$(list_missing)
[ -z "$missing" ] || give_up "still missing:$missing"
