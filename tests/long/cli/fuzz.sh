# Every fuzzer for long, with clang's libFuzzer, and the counts of inputs. FUZZ_SECONDS each.
. "$SOURCE/tests/support/cli.sh"
command -v clang >/dev/null && ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1 || exit 77
cmake -S "$SOURCE" -B build -D PASO_FUZZ=ON -D CMAKE_C_COMPILER=clang >out 2>err &&
    cmake --build build -j "$(nproc)" --target paso fuzz_tree fuzz_table fuzz_expr fuzz_model fuzz_program fuzz_state fuzz_store >out 2>err
code=$?
expect_code 0
bash "$SOURCE/tests/fuzz/run.sh" build "${FUZZ_SECONDS:-600}" "${FUZZ_INPUTS:-10000000}" >out 2>err
code=$?
cat out
expect_code 0
finish
