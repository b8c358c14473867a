/* Results: what a store holds, as flat arrays. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

/* ---- handles ---- */

paso_results *paso_api_results_create(paso_store *store, paso_errors *errors) {
    paso_results *results = calloc(1, sizeof *results);
    if (!results) {
        paso_store_close(store);
        paso_errors_free(errors);
        return NULL;
    }
    results->store = store;
    results->errors = errors;
    return results;
}

paso_status paso_results_open(const char *path, paso_errors *errors, paso_results **results) {
    paso_store *store = NULL;
    paso_errors *told = paso_errors_create();
    if (!told) return PASO_ERR_MEMORY;
    paso_status status = paso_store_open(path, &told->diags, &store);
    paso_api_errors_move(errors, told);
    if (status != PASO_OK) {
        paso_errors_free(told);
        return status;
    }
    *results = paso_api_results_create(store, told);
    return *results ? PASO_OK : PASO_ERR_MEMORY;
}

void paso_results_free(paso_results *results) {
    if (!results) return;
    paso_store_close(results->store);
    paso_errors_free(results->errors);
    free(results);
}

/* ---- what there is ---- */

static const paso_store_contents *contents_of(const paso_results *results) {
    return paso_store_read(results->store);
}

/* NULL if there is none. */
static const paso_store_observable *observable_of(const paso_results *results, size_t i) {
    const paso_store_contents *c = contents_of(results);
    return i < c->n_observables ? &c->observable[i] : NULL;
}

const char *paso_results_meta(paso_results *results, const char *key) {
    return paso_store_meta(results->store, key);
}

size_t paso_results_members(const paso_results *results) {
    return contents_of(results)->n_members;
}

size_t paso_results_count(const paso_results *results, paso_kind kind) {
    if (kind == PASO_KIND_POLICY) return contents_of(results)->n_policies;
    if (kind == PASO_KIND_OBSERVABLE) return contents_of(results)->n_observables;
    return 0;
}

int paso_results_find(const paso_results *results, paso_kind kind, const char *name) {
    if (kind == PASO_KIND_POLICY) return paso_store_policy_find(results->store, name);
    if (kind == PASO_KIND_OBSERVABLE) return paso_store_observable_find(results->store, name);
    return -1;
}

static const char *policy_text(const paso_store_policy *p, paso_about about) {
    switch (about) {
    case PASO_ABOUT_NAME:
        return p->name;
    case PASO_ABOUT_LABEL:
        return p->en;
    case PASO_ABOUT_LABEL_SPANISH:
        return p->es;
    case PASO_ABOUT_DOC:
        return p->doc;
    case PASO_ABOUT_BASE:
        return p->base;
    default:
        return "";
    }
}

static const char *observable_text(const paso_store_observable *o, paso_about about) {
    switch (about) {
    case PASO_ABOUT_NAME:
        return o->name;
    case PASO_ABOUT_LABEL:
        return o->en;
    case PASO_ABOUT_LABEL_SPANISH:
        return o->es;
    case PASO_ABOUT_UNIT:
        return o->unit;
    case PASO_ABOUT_DOC:
        return o->doc;
    case PASO_ABOUT_LAYER:
        return o->layers;
    case PASO_ABOUT_EVERY:
        return o->every;
    case PASO_ABOUT_TAKE:
        return o->take;
    default:
        return "";
    }
}

const char *paso_results_text(const paso_results *results, paso_kind kind, size_t i,
                              paso_about about) {
    if (i >= paso_results_count(results, kind)) return NULL;
    const paso_store_contents *c = contents_of(results);
    if (kind == PASO_KIND_POLICY) return policy_text(&c->policy[i], about);
    return observable_text(&c->observable[i], about);
}

bool paso_results_headline(const paso_results *results, size_t observable) {
    const paso_store_observable *o = observable_of(results, observable);
    return o && o->headline;
}

size_t paso_results_cells(const paso_results *results, size_t observable) {
    const paso_store_observable *o = observable_of(results, observable);
    return o ? o->n_cells : 0;
}

const char *paso_results_cell(const paso_results *results, size_t observable, size_t cell) {
    if (cell >= paso_results_cells(results, observable)) return NULL;
    return observable_of(results, observable)->cell[cell].name;
}

const char *paso_results_cell_label(const paso_results *results, size_t observable, size_t cell,
                                    bool spanish) {
    if (cell >= paso_results_cells(results, observable)) return NULL;
    const paso_store_cell *c = &observable_of(results, observable)->cell[cell];
    return spanish ? c->es : c->en;
}

bool paso_results_has_total(const paso_results *results, size_t observable) {
    const paso_store_observable *o = observable_of(results, observable);
    return o && o->total;
}

size_t paso_results_periods(const paso_results *results, size_t observable) {
    const paso_store_observable *o = observable_of(results, observable);
    return o ? o->n_periods : 0;
}

paso_status paso_results_days(const paso_results *results, size_t observable, int32_t *first_day) {
    const paso_store_observable *o = observable_of(results, observable);
    if (!o) return PASO_ERR_USAGE;
    for (size_t k = 0; k < o->n_periods; k++) first_day[k] = o->first_day[k];
    return PASO_OK;
}

/* ---- numbers ---- */

/* The store's messages go to the caller. */
static paso_status hand_on(paso_results *results, paso_status status, paso_errors *errors) {
    paso_api_errors_move(errors, results->errors);
    return status;
}

static paso_status check_place(const paso_results *results, size_t policy, size_t observable,
                               int cell, paso_errors *errors) {
    const paso_store_contents *c = contents_of(results);
    if (policy >= c->n_policies) {
        return paso_usage(&errors->diags, "index", "", NULL, "policy %zu of %zu", policy,
                          c->n_policies);
    }
    if (observable >= c->n_observables) {
        return paso_usage(&errors->diags, "index", "", NULL, "observable %zu of %zu", observable,
                          c->n_observables);
    }
    const paso_store_observable *o = &c->observable[observable];
    if (cell == PASO_TOTAL && !o->total && o->n_cells != 1) {
        return paso_usage(&errors->diags, "index", o->name, NULL, "its cells may not be added");
    }
    if (cell < PASO_TOTAL || cell >= (int)o->n_cells) {
        return paso_usage(&errors->diags, "index", o->name, NULL, "cell %d of %zu", cell,
                          o->n_cells);
    }
    return PASO_OK;
}

paso_status paso_results_member_numbers(paso_results *results, uint32_t *member,
                                        paso_errors *errors) {
    return hand_on(results, paso_store_members(results->store, member), errors);
}

paso_status paso_results_values(paso_results *results, size_t policy, size_t observable,
                                double *value, paso_errors *errors) {
    paso_status status = check_place(results, policy, observable, 0, errors);
    if (status != PASO_OK) return status;
    status = paso_store_values(results->store, policy, observable, value);
    return hand_on(results, status, errors);
}

static void write_summary(const paso_summary *s, double *row) {
    row[PASO_SUMMARY_MEAN] = s->mean;
    for (int i = 0; i < PASO_N_BANDS; i++) row[PASO_SUMMARY_Q05 + i] = s->band[i];
}

static void write_pair(const paso_pair *p, double *row) {
    write_summary(&p->difference, row);
    row[PASO_PAIR_SAME_SIGN] = p->same_sign;
    row[PASO_PAIR_GAIN] = p->gain;
}

paso_status paso_results_summary(paso_results *results, size_t policy, size_t observable, int cell,
                                 double *summary, paso_errors *errors) {
    paso_status status = check_place(results, policy, observable, cell, errors);
    if (status != PASO_OK) return status;
    size_t n = paso_results_periods(results, observable);
    paso_summary *rows = calloc(n + 1, sizeof *rows);
    if (!rows) return PASO_ERR_MEMORY;
    status = paso_store_series(results->store, policy, observable, cell, rows);
    for (size_t k = 0; k < n && status == PASO_OK; k++) {
        write_summary(&rows[k], summary + k * PASO_SUMMARY_WIDTH);
    }
    free(rows);
    return hand_on(results, status, errors);
}

paso_status paso_results_window(paso_results *results, size_t policy, size_t observable, int cell,
                                double *summary, paso_errors *errors) {
    paso_summary row;
    paso_status status = check_place(results, policy, observable, cell, errors);
    if (status != PASO_OK) return status;
    status = paso_store_window(results->store, policy, observable, cell, &row);
    if (status == PASO_OK) write_summary(&row, summary);
    return hand_on(results, status, errors);
}

paso_status paso_results_pairs(paso_results *results, size_t first, size_t second,
                               size_t observable, int cell, double *pair, double *window,
                               paso_errors *errors) {
    paso_status status = check_place(results, first, observable, cell, errors);
    if (status == PASO_OK) status = check_place(results, second, observable, cell, errors);
    if (status != PASO_OK) return status;
    size_t n = paso_results_periods(results, observable);
    paso_pair *rows = calloc(n + 1, sizeof *rows), whole;
    if (!rows) return PASO_ERR_MEMORY;
    status = paso_store_pairs(results->store, first, second, observable, cell, rows, &whole);
    for (size_t k = 0; k < n && status == PASO_OK; k++) {
        write_pair(&rows[k], pair + k * PASO_PAIR_WIDTH);
    }
    if (status == PASO_OK && window) write_pair(&whole, window);
    free(rows);
    return hand_on(results, status, errors);
}

paso_status paso_results_observed(paso_results *results, size_t observable, int cell, size_t cap,
                                  int32_t *first_day, double *value, size_t *n,
                                  paso_errors *errors) {
    paso_store_point *point = NULL;
    *n = 0;
    paso_status status = check_place(results, 0, observable, cell, errors);
    if (status != PASO_OK) return status;
    status = paso_store_observed(results->store, observable, cell, &point, n);
    for (size_t i = 0; i < *n && i < cap && status == PASO_OK; i++) {
        first_day[i] = point[i].first_day;
        value[i] = point[i].value;
    }
    free(point);
    return hand_on(results, status, errors);
}
