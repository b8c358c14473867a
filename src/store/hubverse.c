/* Model output in the columns of the hubverse (hubDocs, "model output"): one row for each policy,
 * cell, target, horizon and quantile. Quantiles are taken from the members, not from the five kept.
 * A chance has its mean only; dates have no place in it.
 * Where a member has no number (a wait with nobody served) there is no row: a hub allows none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/export.h"
#include "store/store_internal.h"

const char *const paso_hubverse_columns[PASO_N_HUBVERSE] = {
    "origin_date",     "scenario_id", "location",       "target", "horizon",
    "target_end_date", "output_type", "output_type_id", "value"};

/* The 23 levels that forecast hubs ask for. */
static const double levels[] = {0.01, 0.025, 0.05, 0.1, 0.15, 0.2,   0.25, 0.3,
                                0.35, 0.4,   0.45, 0.5, 0.55, 0.6,   0.65, 0.7,
                                0.75, 0.8,   0.85, 0.9, 0.95, 0.975, 0.99};

typedef struct writer {
    paso_store *store;
    paso_tidy tidy;
    size_t n_left_out;
    size_t policy;
    const paso_store_observable *o;
    int cell;
    char origin[16], end[16], horizon[24];
} writer;

/* A hub's horizon: periods from the one that holds the origin, which is the first. */
static void take_period(writer *w, size_t k) {
    paso_period every = PASO_MONTH;
    int horizon = 1, from = w->store->contents.from;
    paso_period_parse(w->o->every, &every);
    for (int day = paso_period_start(from, every); day < w->o->first_day[k];
         day = paso_period_next(day, every)) {
        horizon++;
    }
    snprintf(w->horizon, sizeof w->horizon, "%d", horizon);
    paso_date_write(paso_period_next(w->o->first_day[k], every) - 1, w->end);
}

static void put_row(writer *w, const char *type, const char *id, double value) {
    const char *cell = w->cell < 0 ? "" : w->o->cell[w->cell].name;
    paso_tidy_text(&w->tidy, w->origin);
    paso_tidy_text(&w->tidy, w->store->contents.policy[w->policy].name);
    paso_tidy_text(&w->tidy, cell[0] ? cell : "all");
    paso_tidy_text(&w->tidy, w->o->name);
    paso_tidy_text(&w->tidy, w->horizon);
    paso_tidy_text(&w->tidy, w->end);
    paso_tidy_text(&w->tidy, type);
    paso_tidy_text(&w->tidy, id);
    paso_tidy_number(&w->tidy, value);
}

/* value [n] of one period; sorted in place. */
static void put_period(writer *w, double *value, size_t n) {
    char level[16];
    bool chance = paso_store_is_take(w->o, "any");
    paso_summary summary = paso_summarise(value, n);
    if (!isfinite(summary.mean)) {
        w->n_left_out++;
        return;
    }
    for (size_t i = 0; !chance && i < sizeof levels / sizeof *levels; i++) {
        snprintf(level, sizeof level, "%g", levels[i]);
        put_row(w, "quantile", level, paso_quantile(value, n, levels[i]));
    }
    put_row(w, "mean", "NA", summary.mean);
}

static paso_status put_cell(writer *w, size_t observable) {
    paso_store_samples s = {0};
    double *value = NULL;
    paso_status status = paso_store_samples_read(w->store, w->policy, observable, w->cell, &s);
    if (status != PASO_OK) goto out;
    value = calloc(s.n_members + 1, sizeof *value);
    status = value ? PASO_OK : PASO_ERR_MEMORY;
    for (size_t k = 0; value && s.n_members > 0 && k < s.n_periods; k++) {
        for (size_t m = 0; m < s.n_members; m++) value[m] = s.value[m * s.n_periods + k];
        take_period(w, k);
        put_period(w, value, s.n_members);
    }
out:
    free(value);
    paso_store_samples_clear(&s);
    return status;
}

static paso_status put_policy(writer *w) {
    const paso_store_contents *c = &w->store->contents;
    paso_status status = PASO_OK;
    for (size_t o = 0; o < c->n_observables; o++) {
        w->o = &c->observable[o];
        if (paso_store_is_take(w->o, "first")) continue;
        for (w->cell = w->o->total ? -1 : 0; w->cell < (int)w->o->n_cells; w->cell++) {
            if (status == PASO_OK) status = put_cell(w, o);
        }
    }
    return status;
}

paso_status paso_store_hubverse(paso_store *store, FILE *out, size_t *n_left_out) {
    writer w = {.store = store};
    const paso_store_contents *c = &store->contents;
    if (strcmp(paso_store_meta(store, "quick"), "1") == 0) {
        return paso_store_fail(store, PASO_ERR_USAGE,
                               "a central path has no quantiles: run it without --quick");
    }
    paso_date_write(c->from, w.origin);
    w.tidy = paso_tidy_begin(out, PASO_TIDY_CSV, paso_hubverse_columns, PASO_N_HUBVERSE);
    paso_status status = PASO_OK;
    for (w.policy = 0; w.policy < c->n_policies && status == PASO_OK; w.policy++) {
        status = put_policy(&w);
    }
    paso_tidy_end(&w.tidy);
    *n_left_out = w.n_left_out;
    if (status == PASO_OK && (fflush(out) != 0 || ferror(out))) {
        return paso_store_fail(store, PASO_ERR_IO, "the table could not be written");
    }
    return status;
}
