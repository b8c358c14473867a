/* Writing a run: the samples as they come, and at the end the summaries and the name.
 * What the corridor says about itself goes in first (describe.c). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/describe.h"

/* A transaction takes a moment: no more than ten of them a second. */
static const double between_batches = 0.1;

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- meta ---- */

void paso_store_now(char text[32]) {
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

paso_status paso_store_put_meta(paso_store *store, const char *key, const char *value) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT OR REPLACE INTO meta VALUES(?, ?)");
    paso_status status = paso_store_put(store, put, "ss", key, value);
    sqlite3_finalize(put);
    return status;
}

paso_status paso_store_put_count(paso_store *store, const char *key, uint64_t value) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT OR REPLACE INTO meta VALUES(?, ?)");
    paso_status status = paso_store_put(store, put, "si", key, (int64_t)value);
    sqlite3_finalize(put);
    return status;
}

/* ---- beginning ---- */

static paso_status prepare_scaling(paso_store *store, const paso_model *model,
                                   const paso_grid *grid) {
    size_t widest = 0;
    store->factor = calloc(grid->n_observables + 1, sizeof *store->factor);
    for (size_t o = 0; o < grid->n_observables; o++) {
        size_t n = grid->item[o].n_cells * grid->item[o].n_periods;
        if (n > widest) widest = n;
        if (store->factor) store->factor[o] = model->observable[o].item.unit.factor;
    }
    store->n_scaled = widest;
    store->scaled = calloc(widest + 1, sizeof *store->scaled);
    return store->factor && store->scaled ? PASO_OK : PASO_ERR_MEMORY;
}

paso_status paso_store_begin_samples(paso_store *store) {
    store->sample = paso_store_prepare(store, "INSERT INTO sample VALUES(?, ?, ?, ?)");
    store->claimed = paso_store_prepare(store, "INSERT INTO claimed VALUES(?, ?, ?)");
    return store->sample && store->claimed ? paso_store_do(store, "BEGIN")
                                           : paso_store_failed(store);
}

paso_status paso_store_begin(paso_store *store, const paso_model *model, const paso_grid *grid,
                             const paso_store_run *run) {
    char started[32];
    paso_store_now(started);
    store->n_members_planned = run->plan->n_members;
    store->model = model;
    paso_status status = prepare_scaling(store, model, grid);
    if (status == PASO_OK) status = paso_store_do(store, "BEGIN");
    if (status == PASO_OK) status = paso_store_describe_run(store, model, run);
    if (status == PASO_OK) status = paso_store_put_meta(store, "started", started);
    if (status == PASO_OK) status = paso_store_describe_policies(store, model, run);
    if (status == PASO_OK) status = paso_store_describe_observables(store, model, grid);
    if (status == PASO_OK) status = paso_store_describe_claims(store, model);
    if (status == PASO_OK) status = paso_store_describe_assumptions(store, model);
    if (status == PASO_OK) status = paso_store_describe_tags(store, model);
    if (status == PASO_OK) status = paso_store_do(store, "COMMIT");
    return status == PASO_OK ? paso_store_begin_samples(store) : status;
}

paso_status paso_store_continue(paso_store *store, const paso_model *model, const paso_grid *grid,
                                const paso_store_run *run) {
    store->n_members_planned = run->plan->n_members;
    store->model = model;
    store->n_clipped = strtoull(paso_store_meta(store, "clipped"), NULL, 10);
    paso_status status = prepare_scaling(store, model, grid);
    return status == PASO_OK ? paso_store_begin_samples(store) : status;
}

/* ---- samples ---- */

paso_status paso_store_sample(void *context, size_t policy, uint32_t member, size_t observable,
                              const double *value, size_t n) {
    paso_store *store = context;
    if (n > store->n_scaled) return PASO_ERR_USAGE;
    for (size_t i = 0; i < n; i++) store->scaled[i] = value[i] / store->factor[observable];
    sqlite3_bind_int64(store->sample, 1, (int64_t)policy);
    sqlite3_bind_int64(store->sample, 2, member);
    sqlite3_bind_int64(store->sample, 3, (int64_t)observable);
    sqlite3_bind_blob64(store->sample, 4, store->scaled, n * sizeof(double), SQLITE_STATIC);
    int code = sqlite3_step(store->sample);
    if (code != SQLITE_DONE) return paso_store_fail_sql(store);
    sqlite3_reset(store->sample);
    if (policy == 0 && observable == 0) store->contents.n_members++;
    return PASO_OK;
}

static paso_status save_batch(paso_store *store) {
    paso_status status = paso_store_put_count(store, "clipped", store->n_clipped);
    if (status == PASO_OK) status = paso_store_do(store, "COMMIT");
    if (status != PASO_OK) return status;
    store->n_safe = store->contents.n_members;
    store->saved = seconds_now();
    return PASO_OK;
}

paso_status paso_store_batch(paso_store *store, uint64_t n_clipped) {
    store->n_clipped += n_clipped;
    if (!store->temporary || seconds_now() - store->saved < between_batches) return PASO_OK;
    paso_status status = save_batch(store);
    return status == PASO_OK ? paso_store_do(store, "BEGIN") : status;
}

/* ---- summaries ---- */

/* `column` [n_members] is summarised for every period of `cell`. */
static paso_status put_cell(paso_store *store, sqlite3_stmt *put, size_t policy, size_t observable,
                            int cell, const paso_store_samples *s, double *column) {
    paso_status status = PASO_OK;
    for (size_t k = 0; k < s->n_periods && status == PASO_OK; k++) {
        for (size_t m = 0; m < s->n_members; m++) column[m] = s->value[m * s->n_periods + k];
        paso_summary sum =
            paso_store_summarise(&store->contents.observable[observable], column, s->n_members);
        status = paso_store_put(store, put, "iiiidddddd", (int64_t)policy, (int64_t)observable,
                                (int64_t)cell, (int64_t)k, sum.mean, sum.band[0], sum.band[1],
                                sum.band[2], sum.band[3], sum.band[4]);
    }
    return status;
}

static paso_status summarise_cell(paso_store *store, sqlite3_stmt *put, size_t policy,
                                  size_t observable, int cell) {
    paso_store_samples samples = {0};
    double *column = NULL;
    paso_status status = paso_store_samples_read(store, policy, observable, cell, &samples);
    if (status != PASO_OK) goto out;
    column = malloc(samples.n_members * sizeof *column + 1);
    status = column ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) {
        status = put_cell(store, put, policy, observable, cell, &samples, column);
    }
out:
    free(column);
    paso_store_samples_clear(&samples);
    return status;
}

static paso_status summarise_all(paso_store *store) {
    const paso_store_contents *c = &store->contents;
    sqlite3_stmt *put =
        paso_store_prepare(store, "INSERT INTO summary VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    paso_status status = put ? PASO_OK : paso_store_failed(store);
    for (size_t p = 0; p < c->n_policies; p++) {
        for (size_t o = 0; o < c->n_observables; o++) {
            int first = c->observable[o].total ? -1 : 0;
            for (int cell = first; cell < (int)c->observable[o].n_cells; cell++) {
                if (status == PASO_OK) status = summarise_cell(store, put, p, o, cell);
            }
        }
    }
    sqlite3_finalize(put);
    return status;
}

/* ---- the end ---- */

static paso_status put_end(paso_store *store, bool interrupted, double wall_seconds) {
    char finished[32], seconds[32];
    paso_store_now(finished);
    snprintf(seconds, sizeof seconds, "%.3f", wall_seconds);
    paso_status status = paso_store_put_meta(store, "finished", finished);
    if (status == PASO_OK) status = paso_store_put_meta(store, "wall_seconds", seconds);
    if (status == PASO_OK) status = paso_store_put_count(store, "interrupted", interrupted);
    if (status == PASO_OK) {
        status = paso_store_put_count(store, "members", store->contents.n_members);
    }
    return status;
}

/* Members first, so that they are safe if there is no room for the summaries. The transaction of
 * the summaries waits for the disk: it comes before the name. */
paso_status paso_store_end(paso_store *store, bool interrupted, uint64_t n_clipped,
                           double wall_seconds) {
    sqlite3_finalize(store->sample);
    sqlite3_finalize(store->claimed);
    store->sample = store->claimed = NULL;
    store->model = NULL;
    if (store->contents.n_members == 0) return PASO_STOPPED;
    store->n_clipped += n_clipped;
    paso_status status = save_batch(store);
    if (status == PASO_OK) status = paso_store_do(store, "PRAGMA synchronous = FULL; BEGIN");
    if (status == PASO_OK) status = put_end(store, interrupted, wall_seconds);
    if (status == PASO_OK) {
        status = paso_store_do(store, "CREATE UNIQUE INDEX sample_of"
                                      " ON sample(policy, observable, member)");
    }
    if (status == PASO_OK) status = paso_store_load(store);
    if (status == PASO_OK) status = summarise_all(store);
    if (status == PASO_OK) status = paso_store_end_claims(store);
    if (status == PASO_OK) status = paso_store_end_split(store);
    if (status == PASO_OK) status = paso_store_do(store, "COMMIT");
    if (status == PASO_OK && store->temporary) status = paso_store_give_name(store);
    return status;
}
