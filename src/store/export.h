/* Tables of a store in the conventions of others, and the manifest that goes beside a table.
 * The house table is paso_store_export (store.h). */
#ifndef PASO_STORE_EXPORT_H
#define PASO_STORE_EXPORT_H

#include "store/store.h"

enum { PASO_N_TIDY = 7, PASO_N_HUBVERSE = 9 };
extern const char *const paso_tidy_columns[PASO_N_TIDY];
extern const char *const paso_hubverse_columns[PASO_N_HUBVERSE];

/* Hubverse model output as CSV: 23 quantiles and the mean. *n_left_out: periods without a row,
 * because a member has no number there. PASO_ERR_USAGE for a central path. */
paso_status paso_store_hubverse(paso_store *store, FILE *out, size_t *n_left_out);
/* The house table as CSV, with a row of HXL hashtags under the header. */
paso_status paso_store_hxl(paso_store *store, FILE *out);
/* What made the table `file`: JSON with version, hashes, seed, members, commands, time, columns and
 * units. `format` is "csv", "json", "hubverse" or "hxl"; `command` the export's own. */
paso_status paso_store_manifest(paso_store *store, const char *file, const char *format,
                                const char *command, FILE *out);

#endif
