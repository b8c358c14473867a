/* CSV as Flee's users write it: rows of any width, with or without a header, `#` before comments.
 * Every cell keeps its place, so that mistakes can be shown where they stand. */
#ifndef PASO_FLEE_ROWS_H
#define PASO_FLEE_ROWS_H

#include "base/diag.h"

typedef struct flee_row {
    int line;
    size_t n;          /* cells; 0 for an empty line */
    const char **cell; /* as they stand: names are compared with their blanks, as in Flee */
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
/* The same without blanks around it. */
const char *paso_flee_cell_stripped(paso_arena *arena, const flee_row *row, size_t cell);
bool paso_flee_row_is_comment(const flee_row *row); /* empty, or the first cell begins with # */

/* What Flee calls the cells beyond the first n_fixed: the words of all rows that begin with # and
 * are as wide, one after another. */
typedef struct flee_header {
    const char **name;
    size_t n, n_fixed;
} flee_header;
paso_status paso_flee_rows_header(paso_arena *arena, const flee_rows *rows, size_t n_fixed,
                                  flee_header *header);
/* Cells of a row that have a name end here; a mistake if others follow that are not empty. */
size_t paso_flee_rows_named(const flee_rows *rows, paso_diags *diags, size_t row,
                            const flee_header *header);

/* As Python's float(): "5.", ".5", "+1", "1_000" and blanks around it; 0 or -1. */
int paso_flee_number(const char *text, double *value);
int paso_flee_cell_number(const flee_row *row, size_t cell, double *value);

/* Cells as numbers, with a message where they are not; `what` is the column's name in it. */
int paso_flee_rows_number(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                          const char *what, double *value);
int paso_flee_rows_whole(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                         const char *what, double *value);
int paso_flee_rows_date(const flee_rows *rows, paso_diags *diags, size_t row, size_t cell,
                        const char *what, int *day);

#endif
