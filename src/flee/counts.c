/* data_layout.csv, the count files it names, and registration_corrections.csv: what people were
 * counted where. Sums of several files and corrections follow FLEE's own arithmetic. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "flee/read.h"

typedef struct points {
    struct point {
        int day;
        double value;
    } * items;
    size_t n, cap;
} points;

/* ---- one file ---- */

static bool is_header(const char *cell) {
    return cell[0] == '\0' || strcmp(cell, "Date") == 0 || strcmp(cell, "DateTime") == 0;
}

static paso_status read_points(flee_reader *r, const char *name, points *list) {
    flee_rows rows;
    paso_status status =
        paso_flee_rows_read(r->arena, r->diags, paso_flee_path(r, r->data, name), &rows);
    for (size_t i = 0; status == PASO_OK && i < rows.n; i++) {
        const flee_row *row = &rows.row[i];
        struct point point;
        if (row->n < 2 || paso_flee_row_is_comment(row) || paso_flee_cell(row, 1)[0] == '\0')
            continue;
        if (i == 0 && is_header(paso_flee_cell(row, 0))) continue;
        if (paso_flee_rows_date(&rows, r->diags, i, 0, "date", &point.day) != 0) continue;
        if (paso_flee_rows_whole(&rows, r->diags, i, 1, "count", &point.value) != 0) continue;
        point.day -= r->s->start;
        point.value /= r->s->set.hasten;
        if (list->n > 0 && list->items[list->n - 1].day > point.day)
            paso_warn(r->diags, "flee-order", paso_flee_rows_mark(&rows, i, 0), "date",
                      "sort the file by date",
                      "row %d, column 1 (date): expected dates in order, found \"%s\"", row->line,
                      paso_flee_cell(row, 0));
        if (PASO_PUSH(list, point) != 0) status = PASO_ERR_MEMORY;
    }
    if (status == PASO_OK && list->n == 0)
        paso_error(r->diags, "flee-counts", (paso_mark){.file = rows.file}, "",
                   "rows are dates and counts: 2012-02-29,20075",
                   "expected at least one count, found none");
    return status;
}

/* ---- several files in one column ---- */

/* Adds `more` to `base` without interpolation: see docs/flee.md, "Sums of count files". */
static int merge(const points *base, const points *more, points *sum) {
    size_t at = 0;
    double last = 0;
    int failed = 0;
    for (size_t i = 0; i < more->n && !failed; i++) {
        struct point add = more->items[i];
        while (base->items[at].day < add.day && !failed) {
            struct point known = base->items[at];
            known.value += last;
            failed |= PASO_PUSH(sum, known) != 0;
            if (at + 1 == base->n) break;
            at++;
        }
        struct point here = base->items[at];
        if (here.day < add.day) continue;
        if (here.day == add.day && at + 1 < base->n) at++;
        last = add.value;
        add.value += here.value;
        failed |= PASO_PUSH(sum, add) != 0;
    }
    return failed;
}

static paso_status add_file(flee_reader *r, const flee_rows *rows, size_t row, size_t cell,
                            points *column) {
    points more = {0}, sum = {0};
    const char *name = paso_flee_cell(&rows->row[row], cell);
    paso_status status = read_points(r, name, cell == 1 ? column : &more);
    if (status == PASO_OK && cell > 1 && column->n > 0 && more.n > 0) {
        if (more.items[0].day > column->items[0].day)
            paso_error(
                r->diags, "flee-counts", paso_flee_rows_mark(rows, row, cell), "",
                "begin the file on the first date of the files before it, with a count of 0",
                "row %d, column %zu: expected \"%s\" to begin no later than the files before "
                "it",
                rows->row[row].line, cell + 1, name);
        else if (merge(column, &more, &sum) != 0)
            status = PASO_ERR_MEMORY;
        if (sum.n > 0) {
            free(column->items);
            *column = sum;
        }
    }
    free(more.items);
    return status;
}

static paso_status keep(flee_reader *r, const points *list, flee_series *series) {
    series->day = paso_arena_alloc(r->arena, list->n + 1, sizeof *series->day);
    series->value = paso_arena_alloc(r->arena, list->n + 1, sizeof *series->value);
    if (!series->day || !series->value) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < list->n; i++) {
        series->day[i] = list->items[i].day;
        series->value[i] = list->items[i].value;
    }
    series->n = list->n;
    return PASO_OK;
}

static paso_status read_column(flee_reader *r, const flee_rows *rows, size_t row,
                               flee_series *series) {
    points column = {0};
    paso_status status = PASO_OK;
    if (rows->row[row].n < 2 || paso_flee_cell(&rows->row[row], 1)[0] == '\0')
        paso_error(r->diags, "flee-cells", paso_flee_rows_mark(rows, row, 0), "",
                   "rows are a name and one or more files: Mentao,bf-mentao.csv",
                   "row %d: expected a file after the name, found none", rows->row[row].line);
    for (size_t i = 1; i < rows->row[row].n && status == PASO_OK; i++) {
        if (paso_flee_cell(&rows->row[row], i)[0] == '\0') continue;
        status = add_file(r, rows, row, i, &column);
    }
    if (status == PASO_OK) status = keep(r, &column, series);
    free(column.items);
    return status;
}

/* ---- registration corrections ---- */

static void correct(flee_reader *r, const flee_rows *rows, size_t row, flee_series *series) {
    int day = 0;
    size_t i = 1;
    if (paso_flee_rows_date(rows, r->diags, row, 1, "date", &day) != 0) return;
    day -= r->s->start;
    if (day < 0) return;
    while (i < series->n && series->day[i] != day) i++;
    const char *date = paso_flee_cell(&rows->row[row], 1);
    if (i >= series->n) {
        paso_error(r->diags, "flee-correction", paso_flee_rows_mark(rows, row, 1), "date", NULL,
                   "row %d, column 2 (date): expected the date of a count of this camp after its "
                   "first, found \"%s\"",
                   rows->row[row].line, date);
        return;
    }
    for (; i < series->n; i++) { /* a date may be there twice */
        if (series->day[i] != day) continue;
        if (series->value[i - 1] < 1) {
            paso_error(
                r->diags, "flee-correction", paso_flee_rows_mark(rows, row, 1), "date",
                "a larger hasten makes counts smaller",
                "row %d, column 2 (date): expected at least 1 person before \"%s\", found %g",
                rows->row[row].line, date, series->value[i - 1]);
            return;
        }
        double factor = series->value[i] / series->value[i - 1];
        for (size_t k = 0; k < i; k++) series->value[k] *= factor;
    }
}

/* The first row of a name, as Flee finds it; n_columns if there is none. */
static size_t find_column(const flee_reader *r, const char *const *name, size_t n,
                          const char *wanted) {
    size_t k = 0;
    while (k < n && strcmp(name[k], wanted) != 0) k++;
    return k < n ? k : r->s->n_columns;
}

static const char *nearest_hint(flee_reader *r, const char *text, const char *const *name,
                                const char *otherwise) {
    const char *nearest = paso_nearest(text, name, r->s->n_columns);
    return nearest ? paso_arena_format(r->arena, "did you mean %s?", nearest) : otherwise;
}

static paso_status read_corrections(flee_reader *r, const char *const *name) {
    flee_rows rows;
    const char *file = paso_flee_path(r, r->input, "registration_corrections.csv");
    if (!paso_flee_file_exists(file)) return PASO_OK;
    paso_status status = paso_flee_rows_read(r->arena, r->diags, file, &rows);
    for (size_t i = 0; status == PASO_OK && i < rows.n; i++) {
        if (paso_flee_row_is_comment(&rows.row[i]) || rows.row[i].n < 2) continue;
        const char *wanted = paso_flee_cell(&rows.row[i], 0);
        size_t k = find_column(r, name, r->s->n_columns, wanted);
        if (k < r->s->n_columns) {
            correct(r, &rows, i, &r->s->column[k]);
            continue;
        }
        paso_error(r->diags, "flee-correction", paso_flee_rows_mark(&rows, i, 0), "name",
                   nearest_hint(r, wanted, name, NULL),
                   "row %d, column 1 (name): expected a name of data_layout.csv, found \"%s\"",
                   rows.row[i].line, wanted);
    }
    return status;
}

/* ---- the layout ---- */

static paso_status find_camps(flee_reader *r, const flee_rows *rows, const char *const *name) {
    paso_flee_scenario *s = r->s;
    s->camp_column = paso_arena_alloc(r->arena, s->n_camps + 1, sizeof *s->camp_column);
    if (!s->camp_column) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < s->n_camps; i++) {
        const char *camp = s->place[s->camp[i]].name;
        size_t k = find_column(r, name, s->n_columns, camp);
        s->camp_column[i] = (int)k;
        if (k < s->n_columns) continue;
        paso_error(r->diags, "flee-layout", (paso_mark){.file = rows->file}, camp,
                   nearest_hint(r, camp, name, "add a row with the camp's name and its count file"),
                   "expected a row for each camp of locations.csv, found none");
    }
    return PASO_OK;
}

static void find_total(flee_reader *r, const flee_rows *rows, const char *const *name) {
    paso_flee_scenario *s = r->s;
    size_t total = find_column(r, name, s->n_columns, "total");
    s->total = total < s->n_columns ? (int)total : -1;
    if (s->total < 0 && !s->set.sum_from_camps && s->set.mode == FLEE_COUNTS)
        paso_error(r->diags, "flee-layout", (paso_mark){.file = rows->file}, "total",
                   "name the first row total, or set spawn_rules.sum_from_camps to True",
                   "expected a row total, as spawn_rules.sum_from_camps is False, found none");
}

/* What Flee reads without a word and few will have meant. */
static void check_name(flee_reader *r, const flee_rows *rows, size_t row, size_t same) {
    const char *name = paso_flee_cell(&rows->row[row], 0);
    int place = r->s->n_columns == 0 ? paso_flee_place_index(r, name) : -1;
    if (place >= 0 && r->s->place[place].camp >= 0)
        paso_warn(r->diags, "flee-layout", paso_flee_rows_mark(rows, row, 0), name,
                  "begin with total,FILE",
                  "row %d, column 1 (name): the first row is the total: who arrives in this camp "
                  "is not among those who set out",
                  rows->row[row].line);
    if (same < r->s->n_columns)
        paso_warn(r->diags, "flee-layout", paso_flee_rows_mark(rows, row, 0), name,
                  "one row may name several files",
                  "row %d, column 1 (name): the name again; the first row of it counts twice, as "
                  "in Flee",
                  rows->row[row].line);
}

static paso_status read_row(flee_reader *r, const flee_rows *rows, size_t row, const char **name) {
    paso_flee_scenario *s = r->s;
    size_t at = s->n_columns;
    name[at] = paso_flee_cell(&rows->row[row], 0);
    size_t same = find_column(r, name, at, name[at]);
    check_name(r, rows, row, same);
    paso_status status = read_column(r, rows, row, &s->column[at]);
    if (same < at) s->column[at] = s->column[same];
    s->n_columns++;
    return status;
}

paso_status paso_flee_read_counts(flee_reader *r) {
    flee_rows rows;
    paso_flee_scenario *s = r->s;
    paso_status status = paso_flee_rows_read(r->arena, r->diags,
                                             paso_flee_path(r, r->data, "data_layout.csv"), &rows);
    if (status != PASO_OK) return status;
    const char **name = paso_arena_alloc(r->arena, rows.n + 1, sizeof *name);
    s->column = paso_arena_alloc(r->arena, rows.n + 1, sizeof *s->column);
    if (!name || !s->column) return PASO_ERR_MEMORY;
    size_t before = r->diags->n_errors;
    for (size_t i = 0; i < rows.n && status == PASO_OK; i++)
        if (!paso_flee_row_is_comment(&rows.row[i])) status = read_row(r, &rows, i, name);
    if (status == PASO_OK && s->n_columns == 0)
        return paso_error(r->diags, "flee-layout", (paso_mark){.file = rows.file}, "", NULL,
                          "expected total,FILE in the first row, found nothing");
    if (status == PASO_OK) status = find_camps(r, &rows, name);
    if (status == PASO_OK) find_total(r, &rows, name);
    /* Corrections of counts that could not be read would be told as mistakes too. */
    if (status == PASO_OK && r->diags->n_errors == before) status = read_corrections(r, name);
    return status;
}

double paso_flee_series_at(const flee_series *series, int day) {
    if (series->n == 0) return 0;
    if (day <= series->day[0]) return trunc(series->value[0]);
    size_t i = 1;
    while (i < series->n && series->day[i] <= day) i++;
    if (i == series->n) return trunc(series->value[i - 1]);
    double span = series->day[i] - series->day[i - 1];
    double part = (day - series->day[i - 1]) / span;
    return trunc(series->value[i - 1] + part * (series->value[i] - series->value[i - 1]));
}
