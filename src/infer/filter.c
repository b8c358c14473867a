/* The filter's loop: run a month, judge each member of the set by its series, resample its rows and
 * the course that its particles have come. */
#include "infer/filter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "random/random.h"

typedef struct rows {
    int32_t *items;
    size_t n, cap;
} rows;

typedef struct filter {
    const paso_filter_plan *plan;
    paso_course *course;
    paso_engine *engine;
    paso_judge *judge;
    int n_judges, set, n_members, window; /* months whose course particles keep: lag + 1 */
    size_t lanes;
    rows *local;        /* [n_members]: state rows of each member */
    double *signal;     /* [window][n_members][lanes]: the signal's sum over each month kept */
    double *count;      /* [n_judges][n_members][lanes]: the month's counts */
    double *log_weight; /* [lanes] */
    double *hidden;     /* [n_members][lanes] of NAN, for the signal's own series */
    uint32_t *ancestor; /* [lanes] */
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

static size_t block_size(const filter *f) {
    return (size_t)f->n_members * f->lanes;
}

static double *signal_of(const filter *f, int month, int member) {
    return f->signal + (size_t)(month % f->window) * block_size(f) + (size_t)member * f->lanes;
}

static double *count_of(const filter *f, int judge, int member) {
    return f->count + (size_t)judge * block_size(f) + (size_t)member * f->lanes;
}

static void add_day(filter *f, int month) {
    int32_t row = f->plan->program->signal.items[f->plan->signal].row;
    const double *signal = paso_engine_row(f->engine, row);
    double *sum = signal_of(f, month, 0);
    for (size_t i = 0; i < block_size(f); i++) sum[i] += signal[i];
    for (int j = 0; j < f->n_judges; j++) {
        const double *count = paso_engine_observe(f->engine, (size_t)f->judge[j].index);
        double *total = count_of(f, j, 0);
        for (size_t i = 0; i < block_size(f); i++) total[i] += count[i];
    }
}

static paso_status run_month(filter *f, int month) {
    int32_t next = paso_period_next(f->course->first_day[month], PASO_MONTH);
    memset(f->count, 0, (size_t)f->n_judges * block_size(f) * sizeof *f->count);
    memset(signal_of(f, month, 0), 0, block_size(f) * sizeof *f->signal);
    while (paso_engine_today(f->engine) < next) {
        paso_status status = paso_engine_day(f->engine);
        if (status) return status;
        add_day(f, month);
    }
    return PASO_OK;
}

/* ---- judging --------------------------------------------------------------------------------- */

static double log_likelihood(const paso_judge *judge, int member, double seen, double mean) {
    double sd = paso_judge_spread(judge, member, mean);
    double z = (paso_judge_log(judge, member, seen) - paso_judge_log(judge, member, mean)) / sd;
    return -0.5 * z * z - paso_log(sd);
}

/* Log weights of a member's particles; false without any record this month. */
static bool judge_lanes(filter *f, int month, int member) {
    bool any = false;
    memset(f->log_weight, 0, f->lanes * sizeof *f->log_weight);
    for (int j = 0; j < f->n_judges; j++) {
        const double *count = count_of(f, j, member);
        double seen = paso_judge_seen(&f->judge[j], f->course->first_day[month], member);
        for (size_t l = 0; l < f->lanes && !isnan(seen); l++)
            f->log_weight[l] += log_likelihood(&f->judge[j], member, seen, count[l]);
        any |= !isnan(seen);
    }
    return any;
}

/* Makes weights that sum to 1; returns how many particles carry them. */
static double weigh(filter *f) {
    double most = -INFINITY, sum = 0, squares = 0;
    for (size_t l = 0; l < f->lanes; l++) most = fmax(most, f->log_weight[l]);
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

static void resample(filter *f, int month, int member) {
    choose_ancestors(f, member, f->course->first_day[month]);
    paso_engine_permute(f->engine, f->local[member].items, f->local[member].n, f->ancestor);
    for (int j = 0; j < f->n_judges; j++) permute(f, count_of(f, j, member));
    for (int k = 0; k < f->window; k++) permute(f, signal_of(f, k, member));
}

static void judge_member(filter *f, int month, int member) {
    int at = month * f->n_members + member;
    f->course->drawn[at] = 0;
    f->course->effective[at] = (double)f->lanes;
    if (judge_lanes(f, month, member)) {
        f->course->effective[at] = weigh(f);
        resample(f, month, member);
    }
    const double *count = count_of(f, 0, member);
    for (size_t l = 0; l < f->lanes; l++) f->course->drawn[at] += count[l] / (double)f->lanes;
}

/* The course of a month that no later one will judge. */
static void settle_month(filter *f, int month) {
    int32_t first = f->course->first_day[month];
    double days = paso_period_next(first, PASO_MONTH) - first, n = (double)f->lanes;
    for (int i = 0; i < f->n_members; i++) {
        const double *x = signal_of(f, month, i);
        double sum = 0, squares = 0;
        for (size_t l = 0; l < f->lanes; l++) sum += x[l] / days;
        for (size_t l = 0; l < f->lanes; l++)
            squares += (x[l] / days - sum / n) * (x[l] / days - sum / n);
        f->course->mean[month * f->n_members + i] = sum / n;
        f->course->sd[month * f->n_members + i] = sqrt(squares / n);
    }
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static bool allocate(filter *f) {
    size_t n = (size_t)f->n_members, block = block_size(f);
    f->local = calloc(n, sizeof *f->local);
    f->signal = calloc((size_t)f->window * block, sizeof *f->signal);
    f->count = calloc((size_t)f->n_judges * block, sizeof *f->count);
    f->log_weight = calloc(f->lanes, sizeof *f->log_weight);
    f->ancestor = calloc(f->lanes, sizeof *f->ancestor);
    f->hidden = calloc(block, sizeof *f->hidden);
    f->engine = paso_engine_create(f->plan->program, f->plan->schedule, f->lanes);
    for (size_t i = 0; f->hidden && i < block; i++) f->hidden[i] = NAN;
    return f->local && f->signal && f->count && f->log_weight && f->ancestor && f->hidden &&
           f->engine;
}

static void clear(filter *f) {
    for (int i = 0; f->local && i < f->n_members; i++) free(f->local[i].items);
    free(f->local);
    free(f->signal);
    free(f->count);
    free(f->log_weight);
    free(f->ancestor);
    free(f->hidden);
    paso_judges_free(f->judge, f->n_judges);
    paso_engine_free(f->engine);
}

/* The signal's own series is hidden: a filtered course must not be judged by an earlier one. */
static paso_status start(filter *f) {
    int known = paso_filter_known(f->plan);
    uint32_t *member = calloc(f->lanes, sizeof *member);
    if (!member) return PASO_ERR_MEMORY;
    for (uint32_t l = 0; l < f->lanes; l++) member[l] = l;
    if (known >= 0) paso_engine_supply(f->engine, (size_t)known, f->hidden);
    paso_status status =
        paso_engine_start(f->engine, f->plan->seed, member, f->plan->program->start, INT32_MAX);
    free(member);
    return status;
}

static paso_status filter_months(filter *f) {
    int n = f->course->n_months;
    paso_status status = PASO_OK;
    while (!status && n > 0 && paso_engine_today(f->engine) < f->course->first_day[0])
        status = paso_engine_day(f->engine);
    for (int k = 0; k < n && !status; k++) {
        status = run_month(f, k);
        for (int i = 0; i < f->n_members && !status; i++) judge_member(f, k, i);
        paso_engine_recount(f->engine);
        if (!status && k - f->window + 1 >= 0) settle_month(f, k - f->window + 1);
    }
    for (int k = n - f->window + 1; k < n && !status; k++)
        if (k >= 0) settle_month(f, k);
    return status;
}

paso_status paso_filter_run(const paso_filter_plan *plan, paso_course *course, paso_fault *fault) {
    filter f = {.plan = plan,
                .course = course,
                .set = plan->model->signal[plan->signal].item.shape.set[0],
                .n_members = course->n_members,
                .window = plan->lag + 1,
                .lanes = plan->particles};
    if (plan->particles == 0 || plan->lag < 0) return PASO_ERR_USAGE;
    paso_status status =
        paso_judges_find(plan->model, f.set, plan->by, plan->n_by, &f.judge, &f.n_judges);
    if (!status) status = allocate(&f) && collect_rows(&f) == 0 ? start(&f) : PASO_ERR_MEMORY;
    if (!status) status = filter_months(&f);
    if (status == PASO_ERR_MODEL && fault) *fault = *paso_engine_fault(f.engine);
    clear(&f);
    return status;
}
