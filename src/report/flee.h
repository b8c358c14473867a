/* The page of a run of a Flee scenario: each camp's people over time against its counts. */
#ifndef PASO_REPORT_FLEE_H
#define PASO_REPORT_FLEE_H

#include "ensemble/summary.h"
#include "flee/flee.h"

/* Bands of one camp over members, day by day. band [days]; PASO_ERR_MEMORY or PASO_OK. */
paso_status paso_report_flee_bands(const paso_flee_result *result, size_t n, size_t camp,
                                   paso_summary *band);
/* Writes the page; whoever opened the file looks at ferror(). `line` is the command as typed. */
paso_status paso_report_flee(FILE *out, const paso_flee_scenario *scenario,
                             const paso_flee_result *result, size_t n, const char *line);

#endif
