# Compiler flags, each group with its reason.

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(paso_flags INTERFACE)

# -std=c17 alone hides POSIX; one place says which edition is used.
target_compile_definitions(paso_flags INTERFACE _POSIX_C_SOURCE=200809L)

# Left out on purpose:
#   -Wfloat-equal          exact comparison is meant where it stands: equal bits are a promise here
#   -Wdouble-promotion     there are no floats, so it only speaks about variadic calls in headers
#   -Wswitch-enum          asks for every case even where a default is right; -Wswitch (in -Wall) stays
#   -Wcast-align           says nothing on x86 and arm64, and false things elsewhere
#   -Wpadded, -Winline     report layout and optimiser decisions, not mistakes
#   -Wpass-failed (clang)  an `omp simd` loop it could not widen is slower, not wrong; gcc keeps silent
#   -Weverything (clang)   contradicts itself
target_compile_options(paso_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes
    -Wcast-qual -Wwrite-strings -fno-common -Werror $<$<C_COMPILER_ID:Clang>:-Wno-pass-failed>)

# Same bits from every compiler and vector width: no fused multiply-add behind our back. The other
# two free the compiler from errno and traps nobody reads; they change no result. Never -ffast-math.
target_compile_options(paso_flags INTERFACE -ffp-contract=off -fno-math-errno -fno-trapping-math)

# Internal names stay internal; `omp simd` marks loops over lanes everywhere, without a runtime.
target_compile_options(paso_flags INTERFACE -fvisibility=hidden -fopenmp-simd)

if(PASO_COVERAGE)
    set(CMAKE_C_FLAGS_RELEASE "-O1 -g")
    target_compile_options(paso_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(paso_flags INTERFACE --coverage)
endif()
if(PASO_FUZZ)
    set(PASO_SANITIZE ON)
    target_compile_options(paso_flags INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(paso_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(PASO_SANITIZE STREQUAL "thread")
    # gcc's OpenMP runtime is not watched, so that every barrier would look like a race. clang's tells
    # the sanitizer what it does through libarcher, which lies beside it.
    if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "PASO_SANITIZE=thread needs clang: -D CMAKE_C_COMPILER=clang")
    endif()
    set(CMAKE_C_FLAGS_RELEASE "-O1 -g")
    target_compile_options(paso_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
    target_link_options(paso_flags INTERFACE -fsanitize=thread)
elseif(PASO_SANITIZE)
    # -O1: faster than -O0, and above it the sanitizers' own code sets off false warnings.
    # float-cast-overflow is not part of `undefined`, but a count made from a double is our daily bread.
    set(CMAKE_C_FLAGS_RELEASE "-O1 -g")
    set(sanitizers -fsanitize=address,undefined,float-cast-overflow -fno-sanitize-recover=all)
    # clang alone calls NULL + 0 a mistake, which an empty list is; C2y allows it.
    if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
        list(APPEND sanitizers -fno-sanitize=pointer-overflow)
    endif()
    target_compile_options(paso_flags INTERFACE ${sanitizers} -fno-omit-frame-pointer)
    target_link_options(paso_flags INTERFACE ${sanitizers})
endif()

# Threads live in src/ensemble, src/infer and src/flee; without OpenMP (clang without libomp-dev) Paso runs on one.
find_package(OpenMP QUIET COMPONENTS C)
if(OpenMP_C_FOUND)
    target_link_options(paso_flags INTERFACE ${OpenMP_C_FLAGS})
else()
    message(NOTICE "OpenMP not found: runs will use one thread (for clang: install libomp-dev)")
endif()

# Extra flags of one folder: threads for the ensemble, -O3 where the time of a run is spent.
function(paso_part_flags part sources)
    if(part MATCHES "^(ensemble|flee|infer)$" AND OpenMP_C_FOUND)
        set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS ${OpenMP_C_FLAGS})
    endif()
    if(part MATCHES "^(random|engine|flee|bench)$" AND NOT PASO_SANITIZE)
        set_property(SOURCE ${sources} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:-O3>)
    endif()
endfunction()
