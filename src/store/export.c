/* The tidy table of a store: the rows of the view `tidy`, in the order of the run. */
#include "store/store_internal.h"
#include "store/tidy.h"

static const char query[] =
    "SELECT p.name, o.name, coalesce(c.name, ''), d.first_day, s.mean, s.q05, s.q25, s.q50, s.q75,"
    " s.q95, o.unit FROM summary s JOIN policy p ON p.id = s.policy"
    " JOIN observable o ON o.id = s.observable"
    " JOIN period d ON d.observable = s.observable AND d.id = s.period"
    " LEFT JOIN cell c ON c.observable = s.observable AND c.id = s.cell"
    " ORDER BY s.policy, s.observable, s.cell, s.period";

static void put_text(sqlite3_stmt *row, int i, paso_tidy *tidy) {
    const char *text = (const char *)sqlite3_column_text(row, i);
    paso_tidy_text(tidy, text ? text : "");
}

/* One row of the query is six rows of the table. */
static void put_row(sqlite3_stmt *row, paso_tidy *tidy) {
    static const char *const statistics[] = {"mean", "q05", "q25", "q50", "q75", "q95"};
    for (int s = 0; s < 6; s++) {
        for (int i = 0; i < 4; i++) put_text(row, i, tidy);
        paso_tidy_text(tidy, statistics[s]);
        paso_tidy_number(tidy, paso_store_number(row, 4 + s));
        put_text(row, 10, tidy);
    }
}

paso_status paso_store_export(paso_store *store, paso_tidy_format format, FILE *out) {
    static const char *const columns[] = {"policy",    "observable", "cell", "date",
                                          "statistic", "value",      "unit"};
    paso_status status = PASO_OK;
    sqlite3_stmt *rows = paso_store_prepare(store, query);
    paso_tidy tidy = paso_tidy_begin(out, format, columns, 7);
    while (paso_store_next(store, rows, &status)) put_row(rows, &tidy);
    paso_tidy_end(&tidy);
    sqlite3_finalize(rows);
    if (status == PASO_OK && tidy.status == PASO_ERR_MEMORY) return PASO_ERR_MEMORY;
    if (status == PASO_OK && tidy.status != PASO_OK) {
        return paso_store_fail(store, PASO_ERR_INPUT, "expected texts in UTF-8, found other bytes");
    }
    if (status == PASO_OK && (fflush(out) != 0 || ferror(out))) {
        return paso_store_fail(store, PASO_ERR_IO, "the table could not be written");
    }
    return status;
}
