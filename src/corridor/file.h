/* Bytes of a corridor's files, read whole. Only readers include this. */
#ifndef PASO_CORRIDOR_FILE_H
#define PASO_CORRIDOR_FILE_H

#include "base/diag.h"

enum { PASO_FILE_LIMIT = 16 * 1024 * 1024 };

/* *text lives in the arena and ends with a zero that *length does not count; a byte order mark is
 * left out. Reports and returns PASO_ERR_IO when the file cannot be read, PASO_ERR_INPUT when it is
 * over the limit. */
paso_status paso_file_read(paso_arena *arena, paso_diags *diags, const char *file, char **text,
                           size_t *length);
/* Reports text that is too long, not UTF-8, or has a zero byte. `file` names it in messages. */
paso_status paso_text_check(paso_diags *diags, const char *file, const char *text, size_t length);

#endif
