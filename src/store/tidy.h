/* Long tables of text and numbers, one row at a time, as CSV (RFC 4180) or a JSON array of objects.
 * Numbers are the shortest text that reads back as the same double; not a number is empty or null.
 */
#ifndef PASO_STORE_TIDY_H
#define PASO_STORE_TIDY_H

#include "base/status.h"

typedef enum paso_tidy_format { PASO_TIDY_CSV, PASO_TIDY_JSON } paso_tidy_format;

typedef struct paso_tidy {
    FILE *out;
    paso_tidy_format format;
    const char *const *column; /* [n_columns] */
    int n_columns, n_rows, at;
    paso_status status; /* PASO_ERR_INPUT: JSON cannot hold a text that is not UTF-8 */
} paso_tidy;

paso_tidy paso_tidy_begin(FILE *out, paso_tidy_format format, const char *const *column,
                          int n_columns);
/* The fields of a row in the order of the columns; the last one ends the row. */
void paso_tidy_text(paso_tidy *tidy, const char *text);
void paso_tidy_number(paso_tidy *tidy, double value);
void paso_tidy_end(paso_tidy *tidy);

#endif
