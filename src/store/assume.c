/* Parameters, levers and sources as rows of `assumption` and `source`: what the report shows
 * beside its charts. Cells with the same numbers share one row. */
#include <math.h>
#include <stdlib.h>

#include "store/describe.h"

/* The numbers of one item: value, low and high for each cell. */
typedef struct numbers {
    const char *kind;
    const paso_item *item;
    const double *value, *low, *high;
    double bound[2]; /* where low and high are NULL */
    const char *who, *group;
} numbers;

static bool same_everywhere(const numbers *x, int n) {
    for (int i = 1; i < n; i++) {
        if (x->value[i] != x->value[0]) return false;
        if (x->low && (x->low[i] != x->low[0] || x->high[i] != x->high[0])) return false;
    }
    return true;
}

static paso_status put_numbers(paso_store *store, sqlite3_stmt *put, const paso_model *model,
                               const numbers *x) {
    const paso_item *item = x->item;
    int n = paso_shape_cells(model, item->shape);
    int n_rows = same_everywhere(x, n) ? 1 : n;
    double factor = item->unit.factor != 0 ? item->unit.factor : 1;
    paso_status status = PASO_OK;
    for (int i = 0; i < n_rows && status == PASO_OK; i++) {
        char cell[256] = "";
        if (n_rows > 1) paso_cell_write(model, item->shape, i, cell, sizeof cell);
        double low = x->low ? x->low[i] : x->bound[0], high = x->high ? x->high[i] : x->bound[1];
        if (x->low && low == high) low = high = NAN; /* held at its value: no range */
        status =
            paso_store_put(store, put, "sssssdddsssssss", x->kind, item->name, cell, item->en,
                           item->es, x->value[i] / factor, low / factor, high / factor,
                           item->unit_text ? item->unit_text : "1", paso_layer_name(item->layer),
                           item->source, item->doc, x->who, x->group, item->doc_es);
    }
    return status;
}

/* Units, and the corridor's other words, of which some may be units too. */
static paso_status put_units(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT OR IGNORE INTO unit VALUES(?, ?)");
    paso_status status = PASO_OK;
    for (size_t i = 1; i < model->units.n && status == PASO_OK; i++)
        status = paso_store_put(store, put, "ss", model->units.name[i], model->unit_es[i]);
    for (int i = 0; i < model->n_words && status == PASO_OK; i++)
        status = paso_store_put(store, put, "ss", model->word[i].en, model->word[i].es);
    sqlite3_finalize(put);
    return status;
}

static paso_status put_sources(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO source VALUES(?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (int i = 0; i < model->n_sources && status == PASO_OK; i++) {
        const paso_source *source = &model->source[i];
        status =
            paso_store_put(store, put, "ssss", source->key, source->title, source->by, source->url);
    }
    sqlite3_finalize(put);
    return status;
}

paso_status paso_store_describe_assumptions(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(
        store, "INSERT INTO assumption VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (int i = 0; i < model->n_parameters && status == PASO_OK; i++) {
        const paso_parameter *p = &model->parameter[i];
        numbers x = {"parameter", &p->item, p->value, p->low, p->high, {NAN, NAN}, NULL, NULL};
        status = put_numbers(store, put, model, &x);
    }
    for (int i = 0; i < model->n_levers && status == PASO_OK; i++) {
        const paso_lever *l = &model->lever[i];
        numbers x = {"lever", &l->item, l->value, NULL, NULL, {l->bound[0], l->bound[1]},
                     l->who,  l->group};
        status = put_numbers(store, put, model, &x);
    }
    sqlite3_finalize(put);
    if (status == PASO_OK) status = put_units(store, model);
    return status == PASO_OK ? put_sources(store, model) : status;
}
