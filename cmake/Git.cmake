# PASO_GIT: the commit that is being built, with "+" if files were changed since; empty outside git.

set(PASO_GIT "")
find_program(GIT_PROGRAM git)
if(GIT_PROGRAM AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
    execute_process(COMMAND ${GIT_PROGRAM} describe --always --abbrev=10 --exclude=* --dirty=+
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE PASO_GIT
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
