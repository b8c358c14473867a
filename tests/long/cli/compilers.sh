# Both compilers build everything, tests and benchmarks too, with warnings as errors; the thread sanitizer
# watches the ensemble.
. "$SOURCE/tests/support/cli.sh"
jobs=$(nproc)

build() { # build NAME OPTIONS
    name=$1
    shift
    env -u CFLAGS -u CC cmake -S "$SOURCE" -B "$name" "$@" >out 2>err && cmake --build "$name" -j "$jobs" ${targets:+--target $targets} >out 2>err
    code=$?
    [ "$code" -eq 0 ] || fail "$name does not build"
}

for compiler in gcc clang; do
    command -v $compiler >/dev/null || { echo "no $compiler"; continue; }
    build $compiler -D CMAKE_C_COMPILER=$compiler
done

# Only clang's OpenMP tells the sanitizer, through Archer, where threads wait for each other.
archer=$(ls /usr/lib/llvm-*/lib/libarcher.so 2>/dev/null | head -n 1)
if [ -n "$archer" ]; then
    targets=test_ensemble
    build threads -D CMAKE_C_COMPILER=clang -D "CMAKE_C_FLAGS=-fsanitize=thread -g"
    cd "$SOURCE" || exit 1
    OMP_TOOL_LIBRARIES=$archer ARCHER_OPTIONS=verbose=1 TSAN_OPTIONS=ignore_noninstrumented_modules=1 \
        CK_FORK=no OMP_NUM_THREADS=4 "$here/threads/tests/test_ensemble" >"$here/out" 2>"$here/err"
    code=$?
    cd "$here" || exit 1
    expect_code 0
    cat out err | grep -q "Archer detected" || fail "the sanitizer saw no threads"
else
    echo "no libarcher.so (libomp-dev): threads are not watched"
fi
finish
