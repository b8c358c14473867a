#!/bin/sh
# Builds the engine for the page: one WebAssembly module without imports (clang 14, wasi-libc).
# Usage: page/wasm/build.sh [OUT]
set -eu
cd "$(dirname "$0")/../.."
out=${1:-page/wasm/paso.wasm}
exports=$(sed -n 's/^[a-z].*[ *]\(paso_live_[a-z_]*\)(.*/\1/p' src/live/live.h | grep -v pack | sed 's/^/-Wl,--export=/')
# shellcheck disable=SC2046,SC2086  # lists are meant to be split
clang-14 --target=wasm32-wasi -mexec-model=reactor -std=c17 -D_POSIX_C_SOURCE=200809L -O2 -fno-unroll-loops -mllvm -disable-loop-idiom-all -msimd128 -mbulk-memory -fno-slp-vectorize -DNDEBUG \
    -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd -w \
    -Iinclude -Isrc -ffile-prefix-map="$PWD"=. \
    src/base/calendar.c src/base/sha256.c src/program/program.c src/program/check.c \
    src/program/program_bytes.c src/program/steps.c src/random/*.c src/engine/*.c \
    src/ensemble/ensemble.c src/ensemble/grid.c src/ensemble/history.c src/ensemble/marks.c src/live/*.c \
    $exports -Wl,--gc-sections -Wl,--strip-all -Wl,-z,stack-size=262144 -o "$out"
