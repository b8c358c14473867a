/* CSV as Flee's users write it: rows of any width, with or without a header, `#` before comments.
 * Every cell keeps its place, so that mistakes can be shown where they stand. */
#ifndef PASO_FLEE_ROWS_H
#define PASO_FLEE_ROWS_H

#include "base/diag.h"

typedef struct flee_row {
    int line;
    size_t n;          /* cells; 0 for an empty line */
    const char **cell; /* surrounding blanks removed */
    int *column;       /* [n] where each cell begins, from 1 */
} flee_row;

typedef struct flee_rows {
    const char *file;
    size_t n;
    flee_row *row;
} flee_rows;

paso_status paso_flee_rows_read(paso_arena *arena, paso_diags *diags, const char *file,
                                flee_rows *rows);
paso_mark paso_flee_rows_mark(const flee_rows *rows, size_t row, size_t cell);
/* Cell text, "" beyond the end of the row. */
const char *paso_flee_cell(const flee_row *row, size_t cell);
bool paso_flee_row_is_comment(const flee_row *row); /* empty, or the first cell begins with # */

/* Cells as numbers, with a message where they are not; `what` is the column's name in it. */
int paso_flee_rows_number(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                          const char *what, double *value);
int paso_flee_rows_whole(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                         const char *what, double *value);
int paso_flee_rows_date(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                        const char *what, int *day);

#endif
