/* One writer for every long table, so that export, run and compare agree on quoting and numbers. */
#include "store/tidy.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void write_number(double value, char text[32]) {
    text[0] = '\0';
    if (!isfinite(value)) return;
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) return;
    }
}

static void put_csv(paso_tidy *t, const char *text) {
    FILE *out = t->out;
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

static void put_json(paso_tidy *t, const char *text) {
    json_t *string = json_string(text);
    bool readable = paso_utf8_valid(text, strlen(text)) == strlen(text);
    if (!readable)
        t->status = PASO_ERR_INPUT;
    else if (!string || json_dumpf(string, t->out, JSON_ENCODE_ANY) != 0)
        t->status = PASO_ERR_MEMORY;
    json_decref(string);
}

static void open_field(paso_tidy *t) {
    if (t->format == PASO_TIDY_CSV) {
        if (t->at > 0) fputc(',', t->out);
        return;
    }
    fputs(t->at > 0 ? "," : t->n_rows > 0 ? ",\n{" : "\n{", t->out);
    fprintf(t->out, "\"%s\":", t->column[t->at]);
}

static void close_field(paso_tidy *t) {
    if (++t->at < t->n_columns) return;
    fputs(t->format == PASO_TIDY_CSV ? "\n" : "}", t->out);
    t->at = 0;
    t->n_rows++;
}

paso_tidy paso_tidy_begin(FILE *out, paso_tidy_format format, const char *const *column,
                          int n_columns) {
    paso_tidy t = {.out = out, .format = format, .column = column, .n_columns = n_columns};
    if (format == PASO_TIDY_JSON) fputc('[', out);
    for (int i = 0; format == PASO_TIDY_CSV && i < n_columns; i++) {
        fprintf(out, "%s%s", column[i], i + 1 < n_columns ? "," : "\n");
    }
    return t;
}

void paso_tidy_text(paso_tidy *t, const char *text) {
    open_field(t);
    (t->format == PASO_TIDY_CSV ? put_csv : put_json)(t, text);
    close_field(t);
}

void paso_tidy_number(paso_tidy *t, double value) {
    char text[32];
    write_number(value, text);
    open_field(t);
    fputs(t->format == PASO_TIDY_JSON && text[0] == '\0' ? "null" : text, t->out);
    close_field(t);
}

void paso_tidy_end(paso_tidy *t) {
    if (t->format == PASO_TIDY_JSON) fputs("\n]\n", t->out);
}
