/* What every function that can fail returns, and the record it fills for people.
 * Zero is success, negative is an error by group, positive a reason to stop early.
 * The command maps groups to exit codes (docs/language.md, "Exit codes"). */
#ifndef PASO_BASE_STATUS_H
#define PASO_BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum paso_status {
    PASO_OK = 0,
    PASO_STOPPED = 1, /* interrupted on request; finished members are kept */
    PASO_ERR_MODEL =
        -100, /* the run failed a check: not a number, conservation, clipped with strict */
    PASO_ERR_USAGE = -200, /* an option or argument is wrong */
    PASO_ERR_INPUT = -300, /* a corridor, table or store does not say what it must */
    PASO_ERR_IO = -400,    /* the system refused to read or write */
    PASO_ERR_MEMORY = -500 /* no memory */
} paso_status;

/* Where a text stands: `file` is owned by the diagnostics' file table; line and column count from
 * 1, 0 means unknown. `length` is the width of the caret line in characters, at least 1 when known.
 */
typedef struct paso_mark {
    const char *file;
    int line;
    int column;
    int length;
} paso_mark;

#endif
