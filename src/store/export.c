/* The tidy table of a store: the rows of the view `tidy`, in the order of the run. */
#include "store/export.h"

#include <math.h>
#include <string.h>

#include "store/store_internal.h"

static const char query[] =
    "SELECT p.name, o.name, coalesce(c.name, ''), d.first_day, s.mean, s.q05, s.q25, s.q50, s.q75,"
    " s.q95, o.unit, o.take FROM summary s JOIN policy p ON p.id = s.policy"
    " JOIN observable o ON o.id = s.observable"
    " JOIN period d ON d.observable = s.observable AND d.id = s.period"
    " LEFT JOIN cell c ON c.observable = s.observable AND c.id = s.cell"
    " ORDER BY s.policy, s.observable, s.cell, s.period";

static const char *text_of(sqlite3_stmt *row, int i) {
    const char *text = (const char *)sqlite3_column_text(row, i);
    return text ? text : "";
}

/* What is no day of the calendar stays a number. */
static void put_value(paso_tidy *tidy, double value, bool date) {
    char day[16];
    if (date && fabs(value) < 2.9e6) {
        paso_date_write((int)lround(value), day);
        paso_tidy_text(tidy, day);
    } else {
        paso_tidy_number(tidy, value);
    }
}

/* One row of the query is six rows of the table; of a chance, one. */
static void put_row(sqlite3_stmt *row, paso_tidy *tidy) {
    static const char *const statistics[] = {"mean", "q05", "q25", "q50", "q75", "q95"};
    const char *take = text_of(row, 11);
    bool chance = strcmp(take, "any") == 0, date = strcmp(take, "first") == 0;
    for (int s = 0; s < (chance ? 1 : 6); s++) {
        for (int i = 0; i < 4; i++) paso_tidy_text(tidy, text_of(row, i));
        paso_tidy_text(tidy, s == 0 && (chance || date) ? "chance" : statistics[s]);
        put_value(tidy, paso_store_number(row, 4 + s), date && s > 0);
        paso_tidy_text(tidy, s == 0 && date ? "1" : text_of(row, 10));
    }
}

const char *const paso_tidy_columns[PASO_N_TIDY] = {"policy",    "observable", "cell", "date",
                                                    "statistic", "value",      "unit"};

static paso_status put_rows(paso_store *store, paso_tidy *tidy) {
    paso_status status = PASO_OK;
    sqlite3_stmt *rows = paso_store_prepare(store, query);
    while (paso_store_next(store, rows, &status)) put_row(rows, tidy);
    paso_tidy_end(tidy);
    sqlite3_finalize(rows);
    if (status == PASO_OK && tidy->status == PASO_ERR_MEMORY) return PASO_ERR_MEMORY;
    if (status == PASO_OK && tidy->status != PASO_OK) {
        return paso_store_fail(store, PASO_ERR_INPUT, "expected texts in UTF-8, found other bytes");
    }
    if (status == PASO_OK && (fflush(tidy->out) != 0 || ferror(tidy->out))) {
        return paso_store_fail(store, PASO_ERR_IO, "the table could not be written");
    }
    return status;
}

paso_status paso_store_export(paso_store *store, paso_tidy_format format, FILE *out) {
    paso_tidy tidy = paso_tidy_begin(out, format, paso_tidy_columns, PASO_N_TIDY);
    return put_rows(store, &tidy);
}

/* Tags of HXL 1.1 where there is one; #x_ marks our own. */
paso_status paso_store_hxl(paso_store *store, FILE *out) {
    static const char tags[] = "#x_policy,#indicator+name,#x_cell,#date+start,#x_statistic,"
                               "#indicator+num,#indicator+unit\n";
    paso_tidy tidy = paso_tidy_begin(out, PASO_TIDY_CSV, paso_tidy_columns, PASO_N_TIDY);
    fputs(tags, out);
    return put_rows(store, &tidy);
}
