/* A small chart in the terminal: median, bands and what was observed, one column group a period. */
#ifndef PASO_CLI_CHART_H
#define PASO_CLI_CHART_H

#include "cli/cli.h"
#include "store/store.h"

/* cell -1: the total, or the only cell. */
paso_status cli_chart(const cli *c, paso_store *store, size_t policy, size_t observable, int cell);

#endif
