/* Observed series: tidy CSV with a date column, one column for each set, and `value`. Periods are
 * made consecutive; what no row reports is NAN. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"
#include "corridor/table.h"

enum { MAX_VALUES = 10 * 1000 * 1000 };

static void read_every(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    if (!paso_period_read(r, node, at, &((paso_data *)c->item)->every)) c->entry->broken = true;
}

/* How many periods of `every` are one `word` (with or without a plural s); 0: no whole number. */
static int periods_in(paso_period every, const char *word) {
    size_t n = strlen(word);
    const char *name = paso_period_name(every);
    if (n > 0 && word[n - 1] == 's') n--;
    if (strlen(name) == n && strncmp(word, name, n) == 0) return 1;
    if (every == PASO_MONTH && n == 4 && strncmp(word, "year", n) == 0) return 12;
    if (every == PASO_DAY && n == 4 && strncmp(word, "week", n) == 0) return 7;
    return 0;
}

static void read_after(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_data *d = c->item;
    char word[16] = "";
    int count = 0, n = 0;
    const char *text = paso_text_read(r, node, at);
    if (text == NULL) return;
    if (strcmp(text, "none") == 0) return;
    if (strcmp(text, "hold") == 0) {
        d->after = PASO_AFTER_HOLD;
        return;
    }
    if (sscanf(text, "repeat %d %15[a-z]%n", &count, word, &n) == 2 && text[n] == '\0' &&
        count > 0 && count <= 4000 && periods_in(d->every, word) > 0) {
        d->after = PASO_AFTER_REPEAT;
        d->repeat = count * periods_in(d->every, word);
        return;
    }
    paso_err_expected(r, at, "hold, none, or repeat and a number of its periods (repeat 12 months)",
                      node);
}

/* ---- the table */

typedef struct series {
    paso_data *data;
    const paso_table *table;
    const char *path; /* of the item */
    int date, value;  /* columns */
    int set[PASO_MAX_DIMS];
    int *day, *cell; /* [n_rows] */
} series;

static paso_place cell_place(paso_reader *r, const series *s, int row, int column) {
    const char *path =
        paso_reader_format(r, "%s: row %d, column %s", s->path, row + 1, s->table->header[column]);
    return (paso_place){paso_table_mark(s->table, row, column), path};
}

static const char *cell_text(const series *s, int row, int column) {
    return s->table->cell[(size_t)row * s->table->n_columns + (size_t)column];
}

static int find_column(paso_reader *r, const series *s, const char *name) {
    char hint[256];
    const paso_table *t = s->table;
    int column = paso_table_column(t, name);
    if (column >= 0) return column;
    paso_nearest_hint(name, t->header, t->n_columns, hint, sizeof hint);
    bool parted = t->n_columns == 1 && strpbrk(t->header[0], ";\t") != NULL;
    paso_err(r, "name-unknown", (paso_place){paso_table_mark(t, -1, 0), s->path},
             parted ? "cells are parted by commas" : hint, "expected a column %s, found none",
             name);
    return column;
}

static bool find_columns(paso_reader *r, series *s) {
    paso_shape shape = s->data->item.shape;
    bool good = true;
    s->date = find_column(r, s, "date");
    s->value = find_column(r, s, "value");
    for (int i = 0; i < shape.n; i++) {
        s->set[i] = find_column(r, s, r->model->set[shape.set[i]].item.name);
        good = good && s->set[i] >= 0;
    }
    good = good && s->date >= 0 && s->value >= 0;
    for (int k = 0; good && k < (int)s->table->n_columns; k++) {
        bool known = k == s->date || k == s->value;
        for (int i = 0; i < shape.n; i++) known = known || k == s->set[i];
        if (known) continue;
        paso_err(r, "key-unknown", (paso_place){paso_table_mark(s->table, -1, k), s->path},
                 "one column for each set of over",
                 "expected date, the sets and value, found \"%s\"", s->table->header[k]);
        return false;
    }
    return good;
}

static bool read_day(paso_reader *r, series *s, int row) {
    const char *text = cell_text(s, row, s->date);
    int day = 0;
    if (paso_date_parse(text, &day, NULL) == 0 && paso_period_start(day, s->data->every) == day) {
        s->day[row] = day;
        return true;
    }
    paso_err(r, "date", cell_place(r, s, row, s->date), NULL,
             "expected the first day of a %s, found \"%s\"", paso_period_name(s->data->every),
             text);
    return false;
}

static bool read_cell(paso_reader *r, series *s, int row) {
    paso_shape shape = s->data->item.shape;
    s->cell[row] = 0;
    for (int i = 0; i < shape.n; i++) {
        const paso_set *set = &r->model->set[shape.set[i]];
        const char *name = cell_text(s, row, s->set[i]);
        int m = 0;
        while (m < set->n_members && strcmp(set->member[m], name) != 0) m++;
        if (m == set->n_members) {
            paso_err_unknown(r, cell_place(r, s, row, s->set[i]),
                             paso_reader_format(r, "a member of %s", set->item.name), name,
                             set->member, (size_t)set->n_members);
            return false;
        }
        s->cell[row] = s->cell[row] * set->n_members + m;
    }
    return true;
}

static bool make_periods(paso_reader *r, series *s) {
    paso_data *d = s->data;
    int first = s->day[0], last = s->day[0];
    for (size_t i = 1; i < s->table->n_rows; i++) {
        if (s->day[i] < first) first = s->day[i];
        if (s->day[i] > last) last = s->day[i];
    }
    for (int day = first; day <= last; day = paso_period_next(day, d->every)) d->n_periods++;
    int n_cells = paso_shape_cells(r->model, d->item.shape);
    if ((double)d->n_periods * n_cells > MAX_VALUES) {
        paso_err(r, "value", (paso_place){paso_table_mark(s->table, -1, s->date), s->path}, NULL,
                 "expected at most %d values from the first date to the last, found more",
                 MAX_VALUES);
        return false;
    }
    d->first_day = PASO_NEW(r, d->n_periods + 1, int);
    d->value = PASO_NEW(r, d->n_periods * n_cells, double);
    if (d->first_day == NULL || d->value == NULL) return false;
    for (int i = 0, day = first; i <= d->n_periods; i++, day = paso_period_next(day, d->every))
        d->first_day[i] = day;
    for (int i = 0; i < d->n_periods * n_cells; i++) d->value[i] = NAN;
    return true;
}

static int compare_days(const void *key, const void *day) {
    return *(const int *)key - *(const int *)day;
}

static void fill(paso_reader *r, series *s, bool *seen) {
    paso_data *d = s->data;
    int n_cells = paso_shape_cells(r->model, d->item.shape);
    for (int row = 0; row < (int)s->table->n_rows; row++) {
        const int *period = bsearch(&s->day[row], d->first_day, (size_t)d->n_periods,
                                    sizeof *d->first_day, compare_days);
        if (period == NULL) continue;
        int at = (int)(period - d->first_day) * n_cells + s->cell[row];
        const char *text = cell_text(s, row, s->value);
        if (seen[at])
            paso_err(r, "row-twice", cell_place(r, s, row, s->date), NULL,
                     "expected one row for each date and member, found a second");
        seen[at] = true;
        if (text[0] == '\0' || strcmp(text, "NA") == 0) continue;
        paso_quantity_read(r, text, cell_place(r, s, row, s->value), d->item.unit,
                           d->item.unit_text, &d->value[at]);
    }
}

static void read_series(paso_reader *r, const paso_context *c, const paso_table *table) {
    series s = {.data = c->item, .table = table, .path = c->at.path};
    bool good = true;
    if (!find_columns(r, &s)) return;
    if (table->n_rows == 0) {
        paso_err(r, "value", (paso_place){paso_table_mark(table, -1, 0), s.path}, NULL,
                 "expected at least one row, found none");
        return;
    }
    s.day = PASO_NEW(r, table->n_rows, int);
    s.cell = PASO_NEW(r, table->n_rows, int);
    if (s.day == NULL || s.cell == NULL) return;
    for (int row = 0; row < (int)table->n_rows; row++) {
        good = read_day(r, &s, row) && good;
        good = read_cell(r, &s, row) && good;
    }
    if (!good || !make_periods(r, &s)) return;
    int n = s.data->n_periods * paso_shape_cells(r->model, s.data->item.shape);
    bool *seen = PASO_NEW(r, n, bool);
    if (seen != NULL) fill(r, &s, seen);
    if (s.data->repeat > s.data->n_periods)
        paso_err(r, "value", c->at, NULL, "expected at least %d periods to repeat, found %d",
                 s.data->repeat, s.data->n_periods);
}

paso_table *paso_table_open(paso_reader *r, const paso_entry *entry, const paso_node *node,
                            paso_place at) {
    paso_table *table = NULL;
    const char *name = paso_text_read(r, node, at);
    if (name == NULL) return NULL;
    const char *path = paso_path_join(r, r->files.items[entry->file].folder, name);
    char *text;
    size_t length;
    if (!paso_source_is_there(r, path)) {
        paso_err(r, "file", at, paso_source_missing(r, "paths are relative to this file"),
                 "expected a table, found no %s", path);
        return NULL;
    }
    paso_status status = paso_source_read(r, path, &text, &length);
    if (status == PASO_OK)
        status = paso_table_parse(r->arena, r->diags, path, text, length, &table);
    r->no_memory |= status == PASO_ERR_MEMORY;
    return status == PASO_OK ? table : NULL;
}

static void read_table(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    const paso_table *table = paso_table_open(r, c->entry, node, at);
    if (table == NULL) return;
    ((paso_data *)c->item)->file = table->file;
    if (!c->entry->broken) read_series(r, c, table);
}

const paso_field paso_data_fields[] = {{"over", paso_read_over, NULL},
                                       {"unit", paso_read_unit, paso_need_unit},
                                       {"source", paso_read_source, paso_need_source},
                                       {"every", read_every, "every: day, week, month or year"},
                                       PASO_FIELDS_LABELS(NULL),
                                       PASO_FIELDS_COMMON,
                                       {"after", read_after, NULL},
                                       {"table", read_table, "table: a CSV file"},
                                       {NULL, NULL, NULL}};

void paso_data_read(paso_reader *r) {
    paso_section_read(r, PASO_IN_DATA, r->model->data, sizeof(paso_data), paso_data_fields, NULL);
}
