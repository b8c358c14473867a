/* The bands of a run as JSON, in the units that the corridor wrote: each side, and the difference
 * in pairs, of every cell and of the whole where cells add up. As `paso compare` has them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ensemble/summary.h"
#include "serve/serve_internal.h"

typedef struct answerer {
    const paso_run *run;
    const paso_model *model;
    uint32_t *member; /* [n] those that are there, in their order */
    size_t n;
    double *work; /* [3 n]: two sides, pairs */
} answerer;

/* ---- numbers ---- */

/* The number of one cell (or of all together, -1) in one period, of each member. */
static void collect(const answerer *a, int side, size_t at, const struct paso_grid_item *item,
                    int cell, size_t period, double factor, double *to) {
    for (size_t i = 0; i < a->n; i++) {
        const double *value = a->run->value[side] + (size_t)a->member[i] * a->run->width + at;
        size_t first = cell < 0 ? 0 : (size_t)cell;
        to[i] = value[first * item->n_periods + period] / factor;
        for (size_t c = 1; cell < 0 && c < item->n_cells; c++)
            to[i] += value[c * item->n_periods + period] / factor;
    }
}

static paso_summary summary_of(paso_take take, double *value, size_t n) {
    if (take == PASO_FIRST) return paso_summarise_dates(value, n);
    if (take == PASO_ANY) return paso_summarise_chance(value, n);
    return paso_summarise(value, n);
}

/* Pairs of dates are those in which both have one. A chance has no quantiles. */
static paso_summary difference_of(paso_take take, const double *a, const double *b, double *scratch,
                                  size_t n) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (take == PASO_FIRST && (isnan(a[i]) || isnan(b[i]))) continue;
        scratch[kept++] = b[i] - a[i];
    }
    if (kept == 0) return (paso_summary){NAN, {NAN, NAN, NAN, NAN, NAN}};
    return take == PASO_ANY ? paso_summarise_chance(scratch, kept) : paso_summarise(scratch, kept);
}

/* ---- writing ---- */

enum { N_SUMMARY = PASO_N_BANDS + 1 };

static const char *const summary_names[N_SUMMARY] = {"q05", "q25", "q50", "q75", "q95", "mean"};

typedef struct band {
    json_t *list[N_SUMMARY]; /* of each period, in the order of the names */
} band;

static band band_create(void) {
    band b;
    for (int i = 0; i < N_SUMMARY; i++) b.list[i] = json_array();
    return b;
}

static void put(band *b, const paso_summary *summary) {
    for (int i = 0; i < N_SUMMARY; i++) {
        double x = i < PASO_N_BANDS ? summary->band[i] : summary->mean;
        paso_json_append(&b->list[i], isfinite(x) ? json_real(x) : json_null());
    }
}

static json_t *json_of(const band *b) {
    json_t *o = json_object();
    for (int i = 0; i < N_SUMMARY; i++) paso_json_set(&o, summary_names[i], b->list[i]);
    return o;
}

static json_t *dates_of(const struct paso_grid_item *item) {
    char day[16];
    json_t *dates = json_array();
    for (size_t k = 0; k < item->n_periods; k++) {
        paso_date_write(item->first_day[k], day);
        paso_json_append(&dates, json_string(day));
    }
    return dates;
}

static json_t *series_of(const answerer *a, size_t o, size_t at, int cell) {
    const paso_observable *x = &a->model->observable[o];
    const struct paso_grid_item *item = &a->run->grid->item[o];
    double factor = x->item.unit.factor, *one = a->work, *two = one + a->n, *rest = two + a->n;
    band base = band_create(), other = band_create(), difference = band_create();
    char name[256] = "";
    if (cell >= 0) paso_cell_write(a->model, x->item.shape, cell, name, sizeof name);
    for (size_t k = 0; k < item->n_periods; k++) {
        collect(a, 0, at, item, cell, k, factor, one);
        collect(a, 1, at, item, cell, k, factor, two);
        paso_summary pairs = difference_of(x->take, one, two, rest, a->n);
        paso_summary first = summary_of(x->take, one, a->n);
        paso_summary second = summary_of(x->take, two, a->n);
        put(&base, &first);
        put(&other, &second);
        put(&difference, &pairs);
    }
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "observable", x->item.name, "cell", name,
                     "dates", dates_of(item), "base", json_of(&base), "other", json_of(&other),
                     "difference", json_of(&difference));
}

static json_t *all_series(const answerer *a) {
    json_t *list = json_array();
    size_t at = 0;
    for (size_t o = 0; o < a->run->grid->n_observables; o++) {
        const struct paso_grid_item *item = &a->run->grid->item[o];
        bool total =
            item->n_cells > 1 && paso_observable_adds_up(a->model, &a->model->observable[o]);
        for (int c = total ? -1 : 0; c < (int)item->n_cells; c++)
            paso_json_append(&list, series_of(a, o, at, c));
        at += item->n_cells * item->n_periods;
    }
    return list;
}

char *paso_answer_write(const paso_run *run, const bool *have, bool done, size_t *length) {
    answerer a = {.run = run, .model = run->shown->model};
    char *text = NULL;
    a.member = calloc(run->ask.members, sizeof *a.member);
    a.work = calloc(3 * (size_t)run->ask.members, sizeof *a.work);
    for (uint32_t m = 0; a.member && m < run->ask.members; m++)
        if (have[m]) a.member[a.n++] = m;
    if (a.member && a.work && a.n > 0) {
        json_t *json =
            json_pack("{s:I, s:I, s:b, s:o}", "members", (json_int_t)a.n, "asked",
                      (json_int_t)run->ask.members, "done", (int)done, "series", all_series(&a));
        text = paso_json_write(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
        json_decref(json);
    }
    if (text) *length = strlen(text);
    free(a.member);
    free(a.work);
    return text;
}
