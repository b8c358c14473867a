/* CSV tables with a place for every cell: RFC 4180, header required, UTF-8, at most 16 MiB. */
#ifndef PASO_CORRIDOR_TABLE_H
#define PASO_CORRIDOR_TABLE_H

#include "base/diag.h"

typedef struct paso_table {
    const char *file;
    size_t n_columns, n_rows; /* rows without the header */
    const char **header;      /* [n_columns] */
    const char **cell;        /* [n_rows * n_columns], row by row, surrounding blanks removed */
    int *line;                /* [n_rows] line of the row in the file */
    int header_line;
    int *column; /* [(1 + n_rows) * n_columns] column of each cell, header first */
} paso_table;

paso_status paso_table_read(paso_arena *arena, paso_diags *diags, const char *file,
                            paso_table **table);
/* The same of text that is there, ends with a zero, and is changed. */
paso_status paso_table_parse(paso_arena *arena, paso_diags *diags, const char *name, char *text,
                             size_t length, paso_table **table);
int paso_table_column(const paso_table *table, const char *name); /* index or -1 */
/* The place of a cell, row -1 being the header; messages name row and column header themselves. */
paso_mark paso_table_mark(const paso_table *table, int row, int column);

#endif
