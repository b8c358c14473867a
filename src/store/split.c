/* Of a paired difference: how much of its variance is chance, how much doubt about parameters, how
 * much doubt about politics. Two more runs of the same members give what is left once the
 * parameters of politics are at their medians, and once all are; what goes with each step is its
 * share. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_internal.h"

static double variance_of(const double *x, size_t n) {
    double mean = 0, sum = 0;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) mean += (x[i] - mean) / (double)++kept;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) sum += (x[i] - mean) * (x[i] - mean);
    return kept < 2 ? 0 : sum / (double)(kept - 1);
}

/* The difference of one member, in the last period and summed over all: the mean of the periods
 * would only change the scale. */
static void differences(const paso_store_samples *a, const paso_store_samples *b, size_t n,
                        double *last, double *window) {
    size_t width = a->n_periods;
    for (size_t m = 0; m < n; m++) {
        const double *x = a->value + m * width, *y = b->value + m * width;
        last[m] = y[width - 1] - x[width - 1];
        window[m] = 0;
        for (size_t k = 0; k < width; k++) window[m] += y[k] - x[k];
    }
}

paso_status paso_store_variance(paso_store *store, size_t first, size_t second, size_t observable,
                                int cell, size_t n_members, double variance[2]) {
    paso_store_samples a = {0}, b = {0};
    double *last = NULL;
    variance[0] = variance[1] = 0;
    paso_status status = paso_store_samples_read(store, first, observable, cell, &a);
    if (status == PASO_OK) status = paso_store_samples_read(store, second, observable, cell, &b);
    if (status != PASO_OK) goto out;
    size_t n = a.n_members < b.n_members ? a.n_members : b.n_members;
    if (n > n_members) n = n_members;
    last = calloc(2 * n + 1, sizeof *last);
    if (!last) status = PASO_ERR_MEMORY;
    if (!last || a.n_periods == 0) goto out;
    differences(&a, &b, n, last, last + n);
    variance[0] = variance_of(last, n);
    variance[1] = variance_of(last + n, n);
out:
    free(last);
    paso_store_samples_clear(&a);
    paso_store_samples_clear(&b);
    return status;
}

paso_status paso_store_splits(paso_store *store, const paso_store_split *split, size_t n,
                              size_t n_members) {
    free(store->split);
    store->n_splits = 0;
    store->split = calloc(n + 1, sizeof *split);
    if (!store->split) return PASO_ERR_MEMORY;
    memcpy(store->split, split, n * sizeof *split);
    store->n_splits = n;
    store->n_split_members = n_members;
    return PASO_OK;
}

/* A step that adds variance instead of taking some away has the share 0. */
static void shares_of(double whole, const paso_store_split *s, double share[3]) {
    double calm = isnan(s->calm) ? whole : fmin(s->calm, whole), noise = fmin(s->noise, calm);
    share[0] = noise / whole;
    share[1] = (calm - noise) / whole;
    share[2] = 1 - share[0] - share[1];
    if (share[2] < 1e-12) share[2] = 0;
}

static paso_status put_share(paso_store *store, sqlite3_stmt *put, const paso_store_split *s) {
    double variance[2], share[3];
    paso_status status = paso_store_variance(store, 0, s->policy, s->observable, s->cell,
                                             store->n_split_members, variance);
    double whole = variance[s->window ? 1 : 0];
    if (status != PASO_OK || !(whole > 0)) return status;
    shares_of(whole, s, share);
    return paso_store_put(store, put, "iiisddd", (int64_t)s->policy, (int64_t)s->observable,
                          (int64_t)s->cell, s->window ? "window" : "last", share[0], share[1],
                          share[2]);
}

paso_status paso_store_end_split(paso_store *store) {
    paso_status status = PASO_OK;
    if (store->n_splits == 0) return PASO_OK;
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO split VALUES(?, ?, ?, ?, ?, ?, ?)");
    if (!put) return paso_store_failed(store);
    for (size_t i = 0; i < store->n_splits && status == PASO_OK; i++)
        status = put_share(store, put, &store->split[i]);
    sqlite3_finalize(put);
    if (status == PASO_OK) paso_store_load_shares(store, &status);
    return status;
}

const paso_store_shares *paso_store_shares_of(const paso_store *store, size_t policy,
                                              size_t observable, int cell, bool window) {
    const paso_store_contents *c = &store->contents;
    if (cell < 0 && !c->observable[observable].total) cell = 0; /* the only one */
    for (size_t i = 0; i < c->n_shares; i++) {
        const paso_store_shares *s = &c->share[i];
        if (s->policy == policy && s->observable == observable && s->cell == cell &&
            s->window == window)
            return s;
    }
    return NULL;
}

static void share_row(paso_store_reader *r, void *item) {
    paso_store_shares *s = item;
    s->policy = (size_t)sqlite3_column_int64(r->statement, 0);
    s->observable = (size_t)sqlite3_column_int64(r->statement, 1);
    s->cell = sqlite3_column_int(r->statement, 2);
    s->window = strcmp(paso_store_text_at(r, 3), "window") == 0;
    s->noise = paso_store_number(r->statement, 4);
    s->parameters = paso_store_number(r->statement, 5);
    s->politics = paso_store_number(r->statement, 6);
}

void paso_store_load_shares(paso_store *store, paso_status *status) {
    paso_store_contents *c = &store->contents;
    paso_store_read_rows(store, status, "SELECT * FROM split", 0, sizeof *c->share, share_row,
                         &c->share, &c->n_shares);
}
