# Tests: tests/test_*.c (Check), tests/test_*.py (unittest), tests/cli/*.sh (the command from outside);
# the same under tests/long, labelled "long" and run by `make test-long` only.
# Every test runs in the root of the sources and may leave with 77: skipped.

pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# What several C tests share (fixtures, a small corridor in memory).
file(GLOB support_sources CONFIGURE_DEPENDS tests/support/*.c)

set(test_environment
    SOURCE=${PROJECT_SOURCE_DIR}
    BENCH=${PROJECT_BINARY_DIR}/bench
    TEST_CC=${CMAKE_C_COMPILER}
    PYTHONDONTWRITEBYTECODE=1
    CK_DEFAULT_TIMEOUT=300 # Check's own 4 s would make a busy machine a failing test
    # 99 is none of the command's own exit codes, so a sanitizer's report can not pass for one.
    ASAN_OPTIONS=detect_leaks=1:exitcode=99
    LSAN_OPTIONS=exitcode=99
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99)
if(TARGET paso)
    list(APPEND test_environment PASO=$<TARGET_FILE:paso>)
endif()
if(PASO_SANITIZE STREQUAL "thread")
    # What libomp, SQLite and libmicrohttpd do among themselves is not compiled with it.
    list(APPEND test_environment TSAN_OPTIONS=halt_on_error=1:exitcode=99:ignore_noninstrumented_modules=1)
endif()

function(paso_test name long)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${test_environment}" SKIP_RETURN_CODE 77 TIMEOUT 900)
    if(long)
        set_tests_properties(${name} PROPERTIES LABELS long TIMEOUT 7200)
    endif()
endfunction()

function(paso_test_folder folder long)
    file(GLOB c_tests CONFIGURE_DEPENDS ${folder}/test_*.c)
    foreach(source ${c_tests})
        cmake_path(GET source STEM name)
        add_executable(${name} ${source} ${support_sources})
        set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY tests)
        target_include_directories(${name} PRIVATE src tests)
        target_link_libraries(${name} PRIVATE libpaso PkgConfig::CHECK)
        paso_test(${name} ${long} ${name})
    endforeach()

    file(GLOB python_tests CONFIGURE_DEPENDS ${folder}/test_*.py)
    foreach(source ${python_tests})
        cmake_path(GET source FILENAME name)
        paso_test(${name} ${long} ${Python3_EXECUTABLE} ${source})
    endforeach()

    file(GLOB shell_tests CONFIGURE_DEPENDS ${folder}/cli/*.sh)
    if(TARGET paso)
        foreach(source ${shell_tests})
            cmake_path(GET source FILENAME name)
            paso_test(cli/${name} ${long} bash ${source})
        endforeach()
    endif()
endfunction()

paso_test_folder(tests OFF)
paso_test_folder(tests/long ON)

# Python is not sanitized, so the sanitizer's runtime must be there before it; what Python itself
# never frees is no finding.
if(PASO_SANITIZE AND TEST test_python_package.py)
    set(runtime libasan.so)
    if(CMAKE_C_COMPILER_ID STREQUAL Clang)
        set(runtime libclang_rt.asan-${CMAKE_SYSTEM_PROCESSOR}.so)
    endif()
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=${runtime}
        OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE)
    set_property(TEST test_python_package.py APPEND PROPERTY ENVIRONMENT
        LD_PRELOAD=${runtime} ASAN_OPTIONS=detect_leaks=0:exitcode=99)
endif()

# What a test may refuse, in the place of the system (see tests/failing.h).
foreach(name test_allocations test_allocations_serve)
    target_link_options(${name} PRIVATE LINKER:--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup
        LINKER:--wrap=paso_arena_alloc,--wrap=paso_arena_text,--wrap=paso_arena_text_n)
endforeach()
