/* A file on the way to its name: written beside it, and on the disk before it takes it, so that a
 * name is always a whole file. */
#ifndef PASO_BASE_TARGET_H
#define PASO_BASE_TARGET_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

typedef struct paso_target {
    const char *path; /* the caller's */
    char *temporary;
    FILE *file;
    char why[160]; /* after PASO_ERR_IO: what to say after the file's name */
} paso_target;

/* All: PASO_OK, PASO_ERR_IO or PASO_ERR_MEMORY. */
paso_status paso_target_open(paso_target *t, const char *path, bool force);
paso_status paso_target_finish(paso_target *t); /* closes the file */
paso_status paso_target_name(paso_target *t);
/* Both in one if `status` is PASO_OK, which is returned otherwise; clears in any case. */
paso_status paso_target_end(paso_target *t, paso_status status);
/* Removes what has not got its name. */
void paso_target_clear(paso_target *t);

/* Why nothing may be written under that name, or NULL. */
const char *paso_place_refused(const char *path, bool force);
bool paso_is_folder(const char *path);
/* Whether both are there and are one file. */
bool paso_is_same_file(const char *a, const char *b);

#endif
