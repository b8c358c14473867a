#!/bin/sh
# Fits the latent wave of corridors/us-mexico to the record of encounters and appointments by origin, and writes series/wave.csv.
# usage: tools/fit_wave.sh [OPTIONS OF paso filter]     e.g. --rounds 3 --around: go on from the wave that is there
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --particles 64 --rounds 8
wave=corridors/us-mexico/series/wave.csv
"${PASO:-build/paso}" filter corridors/us-mexico --signal wave --by encounters --by called --until 2024-01-01 "$@" >"$wave.new" ||
    { rm -f "$wave.new"; exit 1; }
mv "$wave.new" "$wave"
