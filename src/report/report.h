/* The report: one self-contained HTML page about a store, readable without a network. */
#ifndef PASO_REPORT_REPORT_H
#define PASO_REPORT_REPORT_H

#include "base/diag.h"
#include "report/words.h"

/* Reads the store, writes the page to a temporary name and renames it. An existing file is refused
 * without `force` (PASO_ERR_IO, with a message in diags). */
paso_status paso_report_write(const char *store, const char *out, bool force, paso_diags *diags);
/* The same in a language: the page's own words, and the corridor's labels. */
paso_status paso_report_write_in(const char *store, const char *out, paso_language language,
                                 bool force, paso_diags *diags);

#endif
