/* The filter's loop: run a month, judge each member of the set by its series, resample its rows. */
#include "infer/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random/random.h"

typedef struct rows {
    int32_t *items;
    size_t n, cap;
} rows;

typedef struct filter {
    const paso_filter_plan *plan;
    paso_engine *engine;
    int set, n_members;
    size_t lanes;
    rows *local;        /* [n_members]: state rows of each member */
    double *signal;     /* [n_members][lanes]: running sum of the signal over the month */
    double *count;      /* [n_members][lanes]: running sum of the fitted observable */
    double *log_weight; /* [lanes] */
    uint32_t *ancestor; /* [lanes] */
    double *mean, *sd, *seen, *drawn, *effective; /* [n_members] */
} filter;

/* ---- which rows belong to a member ----------------------------------------------------------- */

static int position_of(paso_shape shape, int set) {
    for (int i = 0; i < shape.n; i++)
        if (shape.set[i] == set) return i;
    return -1;
}

static int member_of(const paso_model *m, paso_shape shape, int cell, int position) {
    for (int i = shape.n - 1; i > position; i--) cell /= m->set[shape.set[i]].n_members;
    return cell % m->set[shape.set[position]].n_members;
}

/* Rows [cell][width] of an item whose cells tell the member. */
static int add_rows(filter *f, paso_shape shape, int32_t first, int32_t width) {
    int position = position_of(shape, f->set);
    int n = paso_shape_cells(f->plan->model, shape);
    for (int cell = 0; position >= 0 && first >= 0 && cell < n; cell++) {
        rows *local = &f->local[member_of(f->plan->model, shape, cell, position)];
        for (int32_t i = 0; i < width; i++)
            if (PASO_PUSH(local, first + cell * width + i)) return -1;
    }
    return 0;
}

static int collect_rows(filter *f) {
    const paso_model *m = f->plan->model;
    const paso_program *p = f->plan->program;
    int failed = 0;
    for (int i = 0; i < m->n_signals; i++)
        failed |= add_rows(f, m->signal[i].item.shape, p->signal.items[i].row, 1);
    for (int i = 0; i < m->n_stages; i++) {
        const paso_prog_stage *s = &p->stage.items[i];
        failed |= add_rows(f, m->stage[i].item.shape, s->count, s->n_bins);
    }
    return failed;
}

/* ---- a month --------------------------------------------------------------------------------- */

static bool is_fitted(const filter *f, const paso_observable *o) {
    return o->data >= 0 && o->noise != PASO_NOISE_NONE && o->fit && o->take == PASO_SUM &&
           o->every == PASO_MONTH && o->item.shape.n == 1 && o->item.shape.set[0] == f->set;
}

static int fitted_observable(const filter *f) {
    for (int i = 0; i < f->plan->model->n_observables; i++)
        if (is_fitted(f, &f->plan->model->observable[i])) return i;
    return -1;
}

static void add_day(filter *f, int observable) {
    size_t n = (size_t)f->n_members * f->lanes;
    int32_t row = f->plan->program->signal.items[f->plan->signal].row;
    const double *count = paso_engine_observe(f->engine, (size_t)observable);
    const double *signal = paso_engine_row(f->engine, row);
    for (size_t i = 0; i < n; i++) {
        f->count[i] += count[i];
        f->signal[i] += signal[i];
    }
}

static paso_status run_month(filter *f, int observable, int32_t next) {
    size_t n = (size_t)f->n_members * f->lanes;
    memset(f->count, 0, n * sizeof *f->count);
    memset(f->signal, 0, n * sizeof *f->signal);
    while (paso_engine_today(f->engine) < next) {
        paso_status status = paso_engine_day(f->engine);
        if (status) return status;
        add_day(f, observable);
    }
    return PASO_OK;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Spread of the log of a count around its mean, from the observable's noise. */
static double log_spread(const paso_observable *o, double mean) {
    double own = 1 / fmax(mean, 1);
    switch (o->noise) {
    case PASO_NOISE_NEGBIN:
        return sqrt(own + 1 / o->noise_size);
    case PASO_NOISE_LOGNORMAL:
        return o->noise_size;
    case PASO_NOISE_NORMAL:
        return o->noise_size / fmax(mean, 1);
    default:
        return sqrt(own);
    }
}

static double log_likelihood(const paso_observable *o, double seen, double mean) {
    double sd = log_spread(o, mean);
    double z = (log(fmax(seen, 0.5)) - log(fmax(mean, 0.5))) / sd;
    return -0.5 * z * z - log(sd);
}

/* Weights of one member's particles, summing to 1; returns how many carry them. */
static double weigh(filter *f, const paso_observable *o, double seen, const double *count) {
    double most = -INFINITY, sum = 0, squares = 0;
    for (size_t l = 0; l < f->lanes; l++) {
        f->log_weight[l] = log_likelihood(o, seen, count[l]);
        most = fmax(most, f->log_weight[l]);
    }
    for (size_t l = 0; l < f->lanes; l++) {
        f->log_weight[l] = paso_exp(f->log_weight[l] - most);
        sum += f->log_weight[l];
    }
    for (size_t l = 0; l < f->lanes; l++) {
        f->log_weight[l] /= sum;
        squares += f->log_weight[l] * f->log_weight[l];
    }
    return 1 / squares;
}

/* Systematic: one uniform of the signal's name, the member and the day. */
static void choose_ancestors(filter *f, int member, int32_t day) {
    paso_key key = {.seed = f->plan->seed,
                    .name = paso_name_hash(f->plan->model->signal[f->plan->signal].item.name),
                    .cell = (uint32_t)member,
                    .day = (uint32_t)(day - f->plan->program->start + 1),
                    .purpose = PASO_DRAW_NOISE};
    double step = 1.0 / (double)f->lanes, at = paso_uniform(&key, 0) * step, upto = 0;
    size_t from = 0;
    for (size_t l = 0; l < f->lanes; l++, at += step) {
        while (from + 1 < f->lanes && upto + f->log_weight[from] < at)
            upto += f->log_weight[from++];
        f->ancestor[l] = (uint32_t)from;
    }
}

static void permute(const filter *f, double *value) {
    double *old = f->log_weight; /* the weights have done their work */
    memcpy(old, value, f->lanes * sizeof *old);
    for (size_t l = 0; l < f->lanes; l++) value[l] = old[f->ancestor[l]];
}

static void moments(filter *f, int member, double days) {
    const double *x = f->signal + (size_t)member * f->lanes;
    double sum = 0, squares = 0, n = (double)f->lanes * days;
    for (size_t l = 0; l < f->lanes; l++) sum += x[l];
    for (size_t l = 0; l < f->lanes; l++)
        squares += (x[l] / days - sum / n) * (x[l] / days - sum / n);
    f->mean[member] = sum / n;
    f->sd[member] = sqrt(squares / (double)f->lanes);
}

static void judge_member(filter *f, const paso_observable *o, int member, double seen,
                         int32_t day) {
    double *count = f->count + (size_t)member * f->lanes;
    double *signal = f->signal + (size_t)member * f->lanes;
    f->drawn[member] = 0;
    f->seen[member] = seen;
    f->effective[member] = (double)f->lanes;
    if (!isnan(seen)) {
        f->effective[member] = weigh(f, o, seen, count);
        choose_ancestors(f, member, day);
        paso_engine_permute(f->engine, f->local[member].items, f->local[member].n, f->ancestor);
        permute(f, count);
        permute(f, signal);
    }
    for (size_t l = 0; l < f->lanes; l++) f->drawn[member] += count[l] / (double)f->lanes;
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static double seen_value(const paso_data *d, int32_t day, int member, int n_members) {
    for (int i = 0; i < d->n_periods; i++)
        if (d->first_day[i] == day) return d->value[i * n_members + member];
    return NAN;
}

static paso_status filter_month(filter *f, int observable, int32_t first, paso_filter_sink *sink,
                                void *context) {
    const paso_observable *o = &f->plan->model->observable[observable];
    const paso_data *data = &f->plan->model->data[o->data];
    int32_t next = paso_period_next(first, PASO_MONTH);
    paso_status status = run_month(f, observable, next);
    for (int i = 0; i < f->n_members && !status; i++) {
        judge_member(f, o, i, seen_value(data, first, i, f->n_members), first);
        moments(f, i, next - first);
    }
    if (status) return status;
    paso_engine_recount(f->engine);
    paso_filter_month month = {first, f->mean, f->sd, f->seen, f->drawn, f->effective};
    return sink(context, &month);
}

static bool allocate(filter *f) {
    size_t n = (size_t)f->n_members;
    f->local = calloc(n, sizeof *f->local);
    f->signal = calloc(n * f->lanes, sizeof *f->signal);
    f->count = calloc(n * f->lanes, sizeof *f->count);
    f->log_weight = calloc(f->lanes, sizeof *f->log_weight);
    f->ancestor = calloc(f->lanes, sizeof *f->ancestor);
    f->mean = calloc(5 * n, sizeof *f->mean);
    if (f->mean) {
        f->sd = f->mean + n, f->seen = f->mean + 2 * n;
        f->drawn = f->mean + 3 * n, f->effective = f->mean + 4 * n;
    }
    f->engine = paso_engine_create(f->plan->program, f->plan->schedule, f->lanes);
    return f->local && f->signal && f->count && f->log_weight && f->ancestor && f->mean &&
           f->engine;
}

static void clear(filter *f) {
    for (int i = 0; f->local && i < f->n_members; i++) free(f->local[i].items);
    free(f->local);
    free(f->signal);
    free(f->count);
    free(f->log_weight);
    free(f->ancestor);
    free(f->mean);
    paso_engine_free(f->engine);
}

/* `known` series are hidden: a filtered course must not be judged by an earlier one. */
static paso_status start(filter *f) {
    uint32_t *member = calloc(f->lanes, sizeof *member);
    if (!member) return PASO_ERR_MEMORY;
    for (uint32_t l = 0; l < f->lanes; l++) member[l] = l;
    paso_status status = paso_engine_start(f->engine, f->plan->seed, member,
                                           f->plan->program->start, f->plan->program->start);
    free(member);
    return status;
}

paso_status paso_filter_run(const paso_filter_plan *plan, paso_filter_sink *sink, void *context,
                            paso_fault *fault) {
    const paso_signal *signal = &plan->model->signal[plan->signal];
    if (!signal->shock || signal->item.shape.n != 1 || plan->particles == 0) return PASO_ERR_USAGE;
    filter f = {.plan = plan, .set = signal->item.shape.set[0], .lanes = plan->particles};
    f.n_members = plan->model->set[f.set].n_members;
    int observable = fitted_observable(&f);
    if (observable < 0) return PASO_ERR_USAGE;
    paso_status status = allocate(&f) && collect_rows(&f) == 0 ? start(&f) : PASO_ERR_MEMORY;
    int32_t first = paso_period_start(plan->program->start, PASO_MONTH);
    if (first < plan->program->start) first = paso_period_next(first, PASO_MONTH);
    while (!status && paso_engine_today(f.engine) < first) status = paso_engine_day(f.engine);
    while (!status && paso_period_next(first, PASO_MONTH) <= plan->until) {
        status = filter_month(&f, observable, first, sink, context);
        first = paso_period_next(first, PASO_MONTH);
    }
    if (status == PASO_ERR_MODEL && fault) *fault = *paso_engine_fault(f.engine);
    clear(&f);
    return status;
}
