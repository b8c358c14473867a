# The built page and its engine as arrays in one C file, so that the binary needs no file beside it.

file(GLOB_RECURSE page_files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/page/dist page/dist/*)
list(FILTER page_files EXCLUDE REGEX "^data/paso.wasm$")
set(page_pairs "data/paso.wasm=${PROJECT_SOURCE_DIR}/page/wasm/paso.wasm")
set(page_inputs ${PROJECT_SOURCE_DIR}/page/wasm/paso.wasm)
foreach(file ${page_files})
    list(APPEND page_pairs "${file}=${PROJECT_SOURCE_DIR}/page/dist/${file}")
    list(APPEND page_inputs ${PROJECT_SOURCE_DIR}/page/dist/${file})
endforeach()
list(SORT page_pairs)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/page_files.c
    COMMAND ${CMAKE_COMMAND} -D "PAIRS=${page_pairs}" -D OUT=${PROJECT_BINARY_DIR}/page_files.c
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake
    DEPENDS ${page_inputs} ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake VERBATIM)
