/* The report: one self-contained HTML page about a store, readable without a network. */
#ifndef PASO_REPORT_REPORT_H
#define PASO_REPORT_REPORT_H

#include "base/diag.h"

/* Reads the store, writes the page to a temporary name and renames it. An existing file is refused
 * without `force` (PASO_ERR_IO, with a message in diags). */
paso_status paso_report_write(const char *store, const char *out, bool force, paso_diags *diags);

#endif
