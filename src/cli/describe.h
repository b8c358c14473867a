/* What the files of paso describe share: a parameter or a lever as rows of numbers in the unit that
 * the corridor writes, the tables of them, and the forms in which all is printed. */
#ifndef PASO_CLI_DESCRIBE_H
#define PASO_CLI_DESCRIBE_H

#include "cli/explain.h" /* names of layers */

typedef struct cli_description {
    const paso_model *m;
    const char **pinned; /* [n_parameters], or NULL */
} cli_description;

/* One parameter or lever: one row for each cell that differs. */
typedef struct cli_numbers {
    const paso_model *model;
    const paso_item *item;
    const double *value, *low, *high; /* low and high NULL: a lever */
    const double *bound;              /* of a lever */
    const char *who, *group;
    const char *known;  /* of a parameter: "range from a source" */
    const char *pinned; /* what data say of it; NULL: nobody measured */
    int n_rows;
} cli_numbers;

cli_numbers cli_numbers_of_parameter(const cli_description *d, int i);
cli_numbers cli_numbers_of_lever(const cli_description *d, int i);
/* Value, low and high of a row; low and high are NAN where there is no range. */
void cli_numbers_row(const cli_numbers *x, int row, double out[3]);

/* A text in a cell of a Markdown table. */
void cli_put_cell(const char *text);
/* The tables of all parameters and of all levers. */
void cli_describe_parameters(const cli_description *d);
void cli_describe_levers(const cli_description *d);
void cli_describe_sources(const cli_description *d);

void cli_describe_json(const cli_description *d);
void cli_describe_odd(const cli_description *d);
/* Elements 5 to 7 of it. */
void cli_describe_lists(const cli_description *d);

#endif
