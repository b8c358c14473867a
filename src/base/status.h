/* What every function that can fail returns (paso_status, of the public headers), and where a text
 * stands. Zero is success, negative is an error by group, positive a reason to stop early. The
 * command maps groups to exit codes (docs/language.md, "Exit codes"). */
#ifndef PASO_BASE_STATUS_H
#define PASO_BASE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <paso/status.h>

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
