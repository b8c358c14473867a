# What `make install` puts under the prefix: command, both libraries, headers, paso.pc, corridors, man
# pages and the completion for bash. The last two are made from the command's own tables.

install(TARGETS libpaso paso_shared ARCHIVE LIBRARY)
install(DIRECTORY include/ TYPE INCLUDE)
install(DIRECTORY corridors/ DESTINATION ${CMAKE_INSTALL_DATADIR}/paso/corridors)
install(DIRECTORY examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

if(TARGET paso)
    install(TARGETS paso RUNTIME)
    set(pages ${PROJECT_BINARY_DIR}/pages)
    add_custom_command(OUTPUT ${pages}/paso.1
        COMMAND ${PROJECT_SOURCE_DIR}/tools/pages.sh $<TARGET_FILE:paso> ${pages}
        DEPENDS paso ${PROJECT_SOURCE_DIR}/tools/pages.sh VERBATIM)
    add_custom_target(paso_pages ALL DEPENDS ${pages}/paso.1)
    install(DIRECTORY ${pages}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN *.1)
    install(FILES ${pages}/paso DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
endif()

# The prefix is found from the file's own place, so that a moved or staged tree still works.
file(RELATIVE_PATH PASO_PREFIX_FROM_PC ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" PASO_PREFIX_FROM_PC ${PASO_PREFIX_FROM_PC})
configure_file(cmake/paso.pc.in paso.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/paso.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
