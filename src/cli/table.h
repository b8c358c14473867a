/* The tables that run, compare and demo print: headline observables, at the last period and over
 * the whole window. */
#ifndef PASO_CLI_TABLE_H
#define PASO_CLI_TABLE_H

#include "cli/cli.h"
#include "store/store.h"

/* text, csv or json, as cli_format counts "text|csv|json". `all`: not only headline observables. */
paso_status cli_table_levels(paso_store *store, int format, bool all);
paso_status cli_table_pairs(paso_store *store, int format, bool all);

#endif
