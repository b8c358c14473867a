/* The tidy table of a store as CSV (RFC 4180 quoting) or as a JSON array of objects.
 * Numbers are the shortest text that reads back as the same double. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_internal.h"

enum { N_COLUMNS = 7, VALUE = 5 };

static const char query[] =
    "SELECT p.name, o.name, coalesce(c.name, ''), d.first_day, s.mean, s.q05, s.q25, s.q50, s.q75,"
    " s.q95, o.unit FROM summary s JOIN policy p ON p.id = s.policy"
    " JOIN observable o ON o.id = s.observable"
    " JOIN period d ON d.observable = s.observable AND d.id = s.period"
    " LEFT JOIN cell c ON c.observable = s.observable AND c.id = s.cell"
    " ORDER BY s.policy, s.observable, s.cell, s.period";

static const char *const statistics[] = {"mean", "q05", "q25", "q50", "q75", "q95"};

static void write_number(double value, char text[32]) {
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) return;
    }
}

static void put_csv_text(const char *text, FILE *out) {
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void put_csv(const char *const field[N_COLUMNS], FILE *out) {
    for (int i = 0; i < N_COLUMNS; i++) {
        if (i > 0) fputc(',', out);
        put_csv_text(field[i], out);
    }
    fputc('\n', out);
}

static void put_json_text(const char *text, FILE *out) {
    json_t *string = json_string(text);
    json_dumpf(string, out, JSON_ENCODE_ANY);
    json_decref(string);
}

static void put_json(const char *const field[N_COLUMNS], bool first, FILE *out) {
    static const char *const name[] = {"policy",    "observable", "cell", "date",
                                       "statistic", "value",      "unit"};
    fputs(first ? "\n{" : ",\n{", out);
    for (int i = 0; i < N_COLUMNS; i++) {
        fprintf(out, "%s\"%s\":", i > 0 ? "," : "", name[i]);
        if (i == VALUE) {
            fputs(field[i][0] ? field[i] : "null", out);
        } else {
            put_json_text(field[i], out);
        }
    }
    fputc('}', out);
}

/* One row of the query is six rows of the table. */
static void put_row(sqlite3_stmt *row, paso_export_format format, bool first, FILE *out) {
    const char *field[N_COLUMNS];
    char number[32];
    for (int i = 0; i < 4; i++) field[i] = (const char *)sqlite3_column_text(row, i);
    field[6] = (const char *)sqlite3_column_text(row, 10);
    for (int s = 0; s < 6; s++) {
        double value = paso_store_number(row, 4 + s);
        number[0] = '\0';
        if (isfinite(value)) write_number(value, number);
        field[4] = statistics[s];
        field[5] = number;
        if (format == PASO_EXPORT_CSV) {
            put_csv(field, out);
        } else {
            put_json(field, first && s == 0, out);
        }
    }
}

paso_status paso_store_export(paso_store *store, paso_export_format format, FILE *out) {
    paso_status status = PASO_OK;
    bool first = true;
    sqlite3_stmt *rows = paso_store_prepare(store, query);
    fputs(format == PASO_EXPORT_CSV ? "policy,observable,cell,date,statistic,value,unit\n" : "[",
          out);
    while (paso_store_next(store, rows, &status)) {
        put_row(rows, format, first, out);
        first = false;
    }
    if (format == PASO_EXPORT_JSON) fputs("\n]\n", out);
    sqlite3_finalize(rows);
    if (status == PASO_OK && (fflush(out) != 0 || ferror(out))) {
        return paso_store_fail(store, PASO_ERR_IO, "the table could not be written");
    }
    return status;
}
