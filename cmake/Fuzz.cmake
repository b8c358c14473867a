# Fuzzers, tests/fuzz: fuzz_X is one target. By default with the own driver, a few seconds in `make test`;
# with PASO_FUZZ (clang) the same targets for libFuzzer, run by tests/fuzz/run.sh.

set(fuzz_seeds ${PROJECT_BINARY_DIR}/fuzz)
set(fuzz_inputs_tree 3000)
set(fuzz_inputs_table 10000)
set(fuzz_inputs_expr 20000)
set(fuzz_inputs_model 1000)
set(fuzz_inputs_program 3000)
set(fuzz_inputs_state 2000)
set(fuzz_inputs_store 3000)
set(fuzz_inputs_report 300)
set(fuzz_inputs_request 2000)
set(fuzz_inputs_flee 1500)
set(fuzz_targets tree table expr model program state store report request flee)

# The files of a target are in memory, and its database may stand open (the heads of memory.c and database.c).
set(fuzz_wraps LINKER:--wrap=fopen,--wrap=stat,--wrap=realpath,--wrap=access
    LINKER:--wrap=sqlite3_open_v2,--wrap=sqlite3_close,--wrap=sqlite3_prepare_v2,--wrap=sqlite3_finalize)

foreach(name ${fuzz_targets})
    add_executable(fuzz_${name} tests/fuzz/fuzz_${name}.c tests/fuzz/memory.c tests/fuzz/database.c tests/fuzz/days.c tests/fuzz/edits.c)
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY fuzz)
    target_include_directories(fuzz_${name} PRIVATE src)
    target_link_libraries(fuzz_${name} PRIVATE libpaso)
    target_link_options(fuzz_${name} PRIVATE ${fuzz_wraps})
    if(PASO_FUZZ)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(fuzz_${name} PRIVATE tests/fuzz/driver.c)
    endif()
endforeach()

if(NOT PASO_FUZZ AND TARGET paso)
    paso_test(fuzz/seeds OFF ${Python3_EXECUTABLE} tests/fuzz/seeds.py $<TARGET_FILE:paso> ${fuzz_seeds})
    set_tests_properties(fuzz/seeds PROPERTIES FIXTURES_SETUP fuzz_seeds)
    foreach(name ${fuzz_targets})
        paso_test(fuzz/${name} OFF fuzz_${name} -n ${fuzz_inputs_${name}} -d tests/fuzz/language.dict
            ${fuzz_seeds}/${name} tests/fuzz/regressions/${name})
        set_tests_properties(fuzz/${name} PROPERTIES FIXTURES_REQUIRED fuzz_seeds)
        set_property(TEST fuzz/${name} APPEND PROPERTY ENVIRONMENT
            FUZZ_CORRIDOR=corridors/tutorial FUZZ_STORE=${fuzz_seeds}/base.paso.db)
    endforeach()
endif()
