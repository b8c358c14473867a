/* The run, its observables with cells, periods, attached series, and every assumption
 * with unit, layer and source, as rows. Numbers are in the units that the corridor wrote. */
#include "store/describe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- observables ---- */

static void write_layers(unsigned bits, char *text, size_t size) {
    size_t n = 0;
    text[0] = '\0';
    for (unsigned i = 0; i < 3; i++) {
        if (!(bits & (1U << i))) continue;
        n += (size_t)snprintf(text + n, size - n, "%s%s", n ? "," : "",
                              paso_layer_name((paso_layer)i));
    }
}

static paso_status put_observable(paso_store *store, sqlite3_stmt *put, const paso_observable *o,
                                  size_t id, bool total) {
    char layers[64];
    write_layers(o->rests_on, layers, sizeof layers);
    return paso_store_put(store, put, "issssssiisss", (int64_t)id, o->item.name, o->item.en,
                          o->item.es, o->item.unit_text ? o->item.unit_text : "1",
                          paso_period_name(o->every), paso_take_name(o->take), (int64_t)o->headline,
                          (int64_t)total, layers, o->item.doc, o->item.doc_es);
}

/* "Venezuela, adult": labels of the cell's members, or their names. */
static void write_label(const paso_model *model, paso_shape shape, int cell, bool spanish,
                        char *text, size_t size) {
    size_t n = 0;
    int left = paso_shape_cells(model, shape);
    text[0] = '\0';
    for (int i = 0; i < shape.n && n < size; i++) {
        const paso_set *set = &model->set[shape.set[i]];
        left /= set->n_members;
        int member = cell / left % set->n_members;
        const char *label = set->en ? set->en[member] : NULL;
        if (spanish && set->es && set->es[member]) label = set->es[member];
        if (!label) label = set->member[member];
        int k = snprintf(text + n, size - n, "%s%s", n ? ", " : "", label);
        n += k > 0 ? (size_t)k : 0;
    }
}

static paso_status put_cells(paso_store *store, sqlite3_stmt *put, const paso_model *model,
                             paso_shape shape, size_t id) {
    char name[256], en[256], es[256];
    paso_status status = PASO_OK;
    for (int cell = 0; cell < paso_shape_cells(model, shape) && status == PASO_OK; cell++) {
        paso_cell_write(model, shape, cell, name, sizeof name);
        write_label(model, shape, cell, false, en, sizeof en);
        write_label(model, shape, cell, true, es, sizeof es);
        status = paso_store_put(store, put, "iisss", (int64_t)id, (int64_t)cell, name, en, es);
    }
    return status;
}

static paso_status put_periods(paso_store *store, sqlite3_stmt *put,
                               const struct paso_grid_item *item, size_t id) {
    char day[16];
    paso_status status = PASO_OK;
    for (size_t k = 0; k < item->n_periods && status == PASO_OK; k++) {
        paso_date_write(item->first_day[k], day);
        status = paso_store_put(store, put, "iis", (int64_t)id, (int64_t)k, day);
    }
    return status;
}

/* One date of the attached series; what was not reported has no row, nor has its total. */
static paso_status put_points(paso_store *store, sqlite3_stmt *put, size_t id, const int *map,
                              int n, const double *value, const char *day, double factor,
                              bool total) {
    double sum = 0;
    paso_status status = PASO_OK;
    for (int cell = 0; cell < n && status == PASO_OK; cell++) {
        double x = value[map[cell]] / factor;
        sum += x;
        if (isnan(x)) continue;
        status = paso_store_put(store, put, "iisd", (int64_t)id, (int64_t)cell, day, x);
    }
    if (status != PASO_OK || !total || isnan(sum)) return status;
    return paso_store_put(store, put, "iisd", (int64_t)id, (int64_t)-1, day, sum);
}

static paso_status put_observed(paso_store *store, sqlite3_stmt *put, const paso_model *model,
                                const paso_observable *o, size_t id, bool total) {
    if (o->data < 0) return PASO_OK;
    const paso_data *data = &model->data[o->data];
    int n = paso_shape_cells(model, o->item.shape);
    int n_data = paso_shape_cells(model, data->item.shape);
    int *map = calloc((size_t)n + 1, sizeof *map);
    paso_status status = map ? PASO_OK : PASO_ERR_MEMORY;
    if (map && paso_shape_map(model, o->item.shape, data->item.shape, map) != 0) {
        status = PASO_ERR_INPUT;
    }
    for (int k = 0; k < data->n_periods && status == PASO_OK; k++) {
        char day[16];
        paso_date_write(data->first_day[k], day);
        status = put_points(store, put, id, map, n, data->value + (size_t)k * (size_t)n_data, day,
                            o->item.unit.factor, total);
    }
    free(map);
    return status;
}

paso_status paso_store_describe_observables(paso_store *store, const paso_model *model,
                                            const paso_grid *grid) {
    static const char *const sql[] = {
        "INSERT INTO observable VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "INSERT INTO cell VALUES(?, ?, ?, ?, ?)", "INSERT INTO period VALUES(?, ?, ?)",
        "INSERT INTO observed VALUES(?, ?, ?, ?)"};
    sqlite3_stmt *put[4];
    for (int i = 0; i < 4; i++) put[i] = paso_store_prepare(store, sql[i]);
    paso_status status = PASO_OK;
    for (size_t o = 0; o < grid->n_observables && status == PASO_OK; o++) {
        const paso_observable *observable = &model->observable[o];
        bool total = paso_observable_adds_up(model, observable);
        status = put_observable(store, put[0], observable, o, total);
        if (status == PASO_OK) status = put_cells(store, put[1], model, observable->item.shape, o);
        if (status == PASO_OK) status = put_periods(store, put[2], &grid->item[o], o);
        if (status == PASO_OK) status = put_observed(store, put[3], model, observable, o, total);
    }
    for (int i = 0; i < 4; i++) sqlite3_finalize(put[i]);
    return status;
}
