# PASO_EXPORTS: a linker map that shows what include/paso declares and hides the rest. Hidden by
# default is not enough: the compiler shows the clones it makes for vector widths, and OpenMP its locks.

file(GLOB public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/paso/*.h)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${public_headers})
set(exported "")
foreach(header ${public_headers})
    file(READ ${header} text)
    string(REGEX MATCHALL "\nPASO_API [^(;]*\\(" declarations "${text}")
    foreach(declaration ${declarations})
        string(REGEX REPLACE ".*[ *](paso_[a-z_]+)\\($" "\\1" name "${declaration}")
        string(APPEND exported " ${name};")
    endforeach()
endforeach()
set(PASO_EXPORTS ${PROJECT_BINARY_DIR}/exports.map)
file(CONFIGURE OUTPUT ${PASO_EXPORTS} CONTENT "{ global:${exported} local: *; };\n")
