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

targets="test_ensemble"
build threads -D CMAKE_C_COMPILER=gcc -D "CMAKE_C_FLAGS=-fsanitize=thread -g"
# libgomp's own barriers are not seen by the sanitizer: only what it reports in our files counts.
cd "$SOURCE" || exit 1
TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=0" CK_FORK=no CK_DEFAULT_TIMEOUT=3000 OMP_NUM_THREADS=4 \
    "$here/threads/tests/test_ensemble" >"$here/out" 2>"$here/err"
code=$?
cd "$here" || exit 1
expect_code 0
finish
