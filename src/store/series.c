/* The numbers of a store: summaries, attached series, samples, and paired differences.
 * Pairs join by member, so that two policies are compared under the same draws. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_internal.h"

static int row_of_cell(const paso_store_observable *o, int cell) {
    return cell < 0 && !o->total ? 0 : cell;
}

/* ---- summaries and observations ---- */

bool paso_store_is_take(const paso_store_observable *o, const char *take) {
    return strcmp(o->take, take) == 0;
}

paso_summary paso_store_summarise(const paso_store_observable *o, double *value, size_t n) {
    if (paso_store_is_take(o, "first")) return paso_summarise_dates(value, n);
    if (paso_store_is_take(o, "any")) return paso_summarise_chance(value, n);
    return paso_summarise(value, n);
}

/* A chance stands in the middle of charts and tables too. */
static void fill_bands(const paso_store_observable *o, paso_summary *summary) {
    if (!paso_store_is_take(o, "any")) return;
    for (int i = 0; i < PASO_N_BANDS; i++) summary->band[i] = summary->mean;
}

paso_status paso_store_series(paso_store *store, size_t policy, size_t observable, int cell,
                              paso_summary *summary) {
    const paso_store_observable *o = &store->contents.observable[observable];
    paso_status status = PASO_OK;
    sqlite3_stmt *get =
        paso_store_prepare(store, "SELECT period, mean, q05, q25, q50, q75, q95 FROM summary"
                                  " WHERE policy = ? AND observable = ? AND cell = ?");
    if (get) {
        sqlite3_bind_int64(get, 1, (int64_t)policy);
        sqlite3_bind_int64(get, 2, (int64_t)observable);
        sqlite3_bind_int64(get, 3, row_of_cell(o, cell));
    }
    while (paso_store_next(store, get, &status)) {
        size_t k = (size_t)sqlite3_column_int64(get, 0);
        if (k >= o->n_periods) continue;
        summary[k].mean = paso_store_number(get, 1);
        for (int i = 0; i < PASO_N_BANDS; i++) summary[k].band[i] = paso_store_number(get, 2 + i);
        fill_bands(o, &summary[k]);
    }
    sqlite3_finalize(get);
    return status;
}

paso_status paso_store_observed(paso_store *store, size_t observable, int cell,
                                paso_store_point **point, size_t *n) {
    const paso_store_observable *o = &store->contents.observable[observable];
    PASO_LIST_OF(paso_store_point) list = {0};
    paso_status status = PASO_OK;
    sqlite3_stmt *get =
        paso_store_prepare(store, "SELECT first_day, value FROM observed WHERE"
                                  " observable = ? AND cell = ? ORDER BY first_day");
    if (get) {
        sqlite3_bind_int64(get, 1, (int64_t)observable);
        sqlite3_bind_int64(get, 2, row_of_cell(o, cell));
    }
    while (paso_store_next(store, get, &status)) {
        paso_store_point p = {.value = paso_store_number(get, 1)};
        const char *day = (const char *)sqlite3_column_text(get, 0);
        if (!day || paso_date_parse(day, &p.first_day, NULL) != 0) continue;
        if (PASO_PUSH(&list, p) != 0) {
            status = PASO_ERR_MEMORY;
            break;
        }
    }
    sqlite3_finalize(get);
    *point = list.items;
    *n = list.n;
    return status;
}

/* ---- samples ---- */

void paso_store_samples_clear(paso_store_samples *samples) {
    free(samples->value);
    free(samples->member);
    memset(samples, 0, sizeof *samples);
}

/* One cell of a member's [cell][period], or the total over cells in order. SQLite's blobs stand
 * anywhere, also where a double may not. */
static void take_cell(const char *blob, size_t n_cells, size_t n_periods, int cell, double *value) {
    size_t size = n_periods * sizeof *value;
    if (cell >= 0) {
        memcpy(value, blob + (size_t)cell * size, size);
        return;
    }
    memset(value, 0, size);
    for (size_t i = 0; i < n_cells * n_periods; i++) {
        double x;
        memcpy(&x, blob + i * sizeof x, sizeof x);
        value[i % n_periods] += x;
    }
}

static sqlite3_stmt *samples_query(paso_store *store, size_t policy, size_t observable) {
    sqlite3_stmt *get =
        paso_store_prepare(store, "SELECT member, value FROM sample WHERE policy = ?"
                                  " AND observable = ? ORDER BY member");
    if (!get) return NULL;
    sqlite3_bind_int64(get, 1, (int64_t)policy);
    sqlite3_bind_int64(get, 2, (int64_t)observable);
    return get;
}

paso_status paso_store_samples_read(paso_store *store, size_t policy, size_t observable, int cell,
                                    paso_store_samples *samples) {
    const paso_store_observable *o = &store->contents.observable[observable];
    size_t size = o->n_cells * o->n_periods * sizeof(double), n = store->contents.n_members;
    paso_status status = PASO_OK;
    *samples = (paso_store_samples){.n_periods = o->n_periods};
    samples->value = calloc(n * o->n_periods + 1, sizeof *samples->value);
    samples->member = calloc(n + 1, sizeof *samples->member);
    if (!samples->value || !samples->member) return PASO_ERR_MEMORY;
    sqlite3_stmt *get = samples_query(store, policy, observable);
    while (samples->n_members < n && paso_store_next(store, get, &status)) {
        const char *blob = sqlite3_column_blob(get, 1);
        if ((size_t)sqlite3_column_bytes(get, 1) != size) {
            status = paso_store_fail(store, PASO_ERR_INPUT, "sample of another size than its grid");
            break;
        }
        double *value = samples->value + samples->n_members * o->n_periods;
        samples->member[samples->n_members++] = sqlite3_column_int64(get, 0);
        if (size > 0) take_cell(blob, o->n_cells, o->n_periods, row_of_cell(o, cell), value);
    }
    sqlite3_finalize(get);
    return status;
}

/* ---- windows and pairs ---- */

/* All periods of each member in one number: their sum, or their mean. */
static void over_window(const paso_store_samples *s, bool sum, double *value) {
    for (size_t m = 0; m < s->n_members; m++) {
        value[m] = 0;
        for (size_t k = 0; k < s->n_periods; k++) value[m] += s->value[m * s->n_periods + k];
        if (!sum) value[m] /= (double)s->n_periods;
    }
}

static void one_period(const paso_store_samples *s, size_t k, double *value) {
    for (size_t m = 0; m < s->n_members; m++) value[m] = s->value[m * s->n_periods + k];
}

static bool is_sum(const paso_store_observable *o) {
    return paso_store_is_take(o, "sum");
}

paso_status paso_store_window(paso_store *store, size_t policy, size_t observable, int cell,
                              paso_summary *summary) {
    const paso_store_observable *o = &store->contents.observable[observable];
    paso_store_samples s = {0};
    double *value = NULL;
    paso_status status = paso_store_samples_read(store, policy, observable, cell, &s);
    if (status != PASO_OK) goto out;
    value = calloc(s.n_members + 1, sizeof *value);
    status = value ? PASO_OK : PASO_ERR_MEMORY;
    if (!value) goto out;
    over_window(&s, is_sum(o), value);
    *summary = (paso_summary){.mean = NAN};
    if (s.n_members > 0 && paso_store_is_take(o, "first"))
        *summary = paso_summarise_dates(value, s.n_members);
    else if (s.n_members > 0) /* also of chances: the share of periods */
        *summary = paso_summarise(value, s.n_members);
out:
    free(value);
    paso_store_samples_clear(&s);
    return status;
}

/* Keeps the members that both have, in order. Both come sorted by member. */
static void keep_common(paso_store_samples *a, paso_store_samples *b) {
    size_t i = 0, j = 0, n = 0, width = a->n_periods;
    while (i < a->n_members && j < b->n_members) {
        if (a->member[i] < b->member[j]) {
            i++;
        } else if (b->member[j] < a->member[i]) {
            j++;
        } else {
            memmove(a->value + n * width, a->value + i++ * width, width * sizeof *a->value);
            memmove(b->value + n * width, b->value + j++ * width, width * sizeof *b->value);
            n++;
        }
    }
    a->n_members = b->n_members = n;
}

/* Keeps those that have a date in both. */
static size_t keep_dated(double *a, double *b, size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) || isnan(b[i])) continue;
        a[kept] = a[i];
        b[kept++] = b[i];
    }
    return kept;
}

static paso_pair pair_of(const paso_store_observable *o, double *a, double *b, double *scratch,
                         size_t n) {
    if (paso_store_is_take(o, "first")) n = keep_dated(a, b, n);
    if (n == 0) return (paso_pair){{NAN, {NAN, NAN, NAN, NAN, NAN}}, NAN, NAN};
    paso_pair pair = paso_pair_of(a, b, scratch, n);
    fill_bands(o, &pair.difference);
    return pair;
}

static paso_status make_pairs(const paso_store_observable *o, const paso_store_samples *a,
                              const paso_store_samples *b, paso_pair *pair, paso_pair *window) {
    size_t n = a->n_members;
    double *x = calloc(3 * n + 1, sizeof *x);
    if (!x) return PASO_ERR_MEMORY;
    for (size_t k = 0; k < a->n_periods; k++) {
        one_period(a, k, x);
        one_period(b, k, x + n);
        pair[k] = pair_of(o, x, x + n, x + 2 * n, n);
    }
    if (window) {
        over_window(a, is_sum(o), x);
        over_window(b, is_sum(o), x + n);
        *window = paso_store_is_take(o, "first") ? pair[0] : paso_pair_of(x, x + n, x + 2 * n, n);
    }
    free(x);
    return PASO_OK;
}

paso_status paso_store_pairs(paso_store *store, size_t first, size_t second, size_t observable,
                             int cell, paso_pair *pair, paso_pair *window) {
    const paso_store_observable *o = &store->contents.observable[observable];
    paso_store_samples a = {0}, b = {0};
    paso_status status = paso_store_samples_read(store, first, observable, cell, &a);
    if (status == PASO_OK) status = paso_store_samples_read(store, second, observable, cell, &b);
    if (status == PASO_OK) {
        keep_common(&a, &b);
        status = a.n_members > 0 ? make_pairs(o, &a, &b, pair, window)
                                 : paso_store_fail(store, PASO_ERR_INPUT, "no member of both");
    }
    paso_store_samples_clear(&a);
    paso_store_samples_clear(&b);
    return status;
}
