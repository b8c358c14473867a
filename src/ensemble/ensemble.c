/* Runs members in blocks of lanes, each block through every policy with the same draws, and hands a
 * block's members over once all its policies are done, so that pairs are always complete.
 * Policies with one program and one history up to `from` share that history by a fork. */
#include "ensemble/ensemble.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/calendar.h"
#include "base/kinds.h"
#include "ensemble/history.h"
#include "ensemble/marks.h"
#include "ensemble/state.h"

enum { DEFAULT_LANES = 32, REPORT_EVERY = 16 };

/* What the threads share. `failed` and `status` are read and written atomically or under the lock.
 */
typedef struct job {
    const paso_plan *plan;
    const paso_ensemble_hooks *hooks;
    paso_grid **grid; /* [n_policies] */
    size_t *leader;   /* [n_policies] first policy with the same history */
    size_t lanes, threads, n_blocks;
    double done, all; /* days times lanes */
    size_t failed;    /* lowest block that ended early: those above it need not go on */
    paso_status status;
    paso_fault *fault;
    uint64_t clipped;
} job;

/* One block of lanes at work. */
typedef struct block {
    job *job;
    size_t index, lanes;
    uint32_t *member;   /* [lanes] */
    double **result;    /* [n_policies] of [lanes][values of a member] */
    double *sum;        /* [cells of all observables][lanes] of the periods that run */
    size_t *period;     /* [n_observables] the period that runs */
    double *watched;    /* [n_watches][lanes] */
    paso_engine *trunk; /* history of the present group of policies */
    uint64_t clipped;
    int unreported; /* days */
    paso_fault fault;
} block;

/* ---- sizes ---- */

static size_t cells_of(const paso_grid *grid) {
    size_t n = 0;
    for (size_t o = 0; o < grid->n_observables; o++) n += grid->item[o].n_cells;
    return n;
}

static size_t values_of(const paso_grid *grid) {
    size_t n = 0;
    for (size_t o = 0; o < grid->n_observables; o++) {
        n += grid->item[o].n_cells * grid->item[o].n_periods;
    }
    return n;
}

static size_t last_of_group(const job *j, size_t leader) {
    size_t last = leader;
    for (size_t p = leader; p < j->plan->n_policies; p++) {
        if (j->leader[p] == leader) last = p;
    }
    return last;
}

/* ---- recording ---- */

/* The finished period k: [cell][lane] of `sum` to each lane's [cell][period] in `result`. */
static void store_period(const block *b, const struct paso_grid_item *item, size_t k, double days,
                         const double *sum, double *result, size_t width) {
    for (size_t lane = 0; lane < b->lanes; lane++) {
        for (size_t cell = 0; cell < item->n_cells; cell++) {
            result[lane * width + cell * item->n_periods + k] = sum[cell * b->lanes + lane] / days;
        }
    }
}

/* Whether the condition held on a day of the period; the first day on which it did. */
static void add_condition(const double *value, size_t n, paso_take take, int32_t day, bool begins,
                          double *sum) {
    for (size_t i = 0; i < n; i++) {
        if (begins) sum[i] = take == PASO_ANY ? 0 : NAN;
        if (value[i] == 0) continue;
        if (take == PASO_ANY)
            sum[i] = 1;
        else if (isnan(sum[i]))
            sum[i] = day;
    }
}

/* Adds the close of `day`; returns true when that ended the period. A sum is of value times one
 * day. `last` looks at the last day only: nothing else is evaluated. */
static bool add_day(const block *b, paso_engine *engine, size_t o, paso_take take, int32_t day,
                    int32_t first, int32_t next, double *sum) {
    if (take == PASO_LAST && day != next - 1) return false;
    const double *value = paso_engine_observe(engine, o);
    size_t n = b->job->grid[0]->item[o].n_cells * b->lanes;
    if (take == PASO_ANY || take == PASO_FIRST) {
        add_condition(value, n, take, day, day == first, sum);
    } else if (take == PASO_LAST || day == first) {
        memcpy(sum, value, n * sizeof *sum);
    } else {
        for (size_t i = 0; i < n; i++) sum[i] += value[i];
    }
    return day == next - 1;
}

static void record_day(block *b, size_t policy, paso_engine *engine, int32_t day) {
    const paso_grid *grid = b->job->grid[policy];
    const paso_program *program = b->job->plan->program[policy];
    size_t width = values_of(grid), cells = 0, values = 0;
    for (size_t o = 0; o < grid->n_observables; o++) {
        const paso_prog_observable *observable = &program->observable.items[o];
        const struct paso_grid_item *item = &grid->item[o];
        double *sum = b->sum + cells * b->lanes;
        size_t k = b->period[o];
        if (k < item->n_periods && day >= item->first_day[k]) {
            int32_t first = item->first_day[k], next = item->first_day[k + 1];
            if (add_day(b, engine, o, (paso_take)observable->take, day, first, next, sum)) {
                double days = observable->take == PASO_MEAN ? next - first : 1;
                store_period(b, item, k, days, sum, b->result[policy] + values, width);
                b->period[o]++;
            }
        }
        cells += item->n_cells;
        values += item->n_cells * item->n_periods;
    }
}

/* ---- watching ---- */

static void watch_one(const block *b, paso_engine *engine, size_t index, int32_t day) {
    const paso_watch *w = &b->job->plan->watch[index];
    int32_t take = b->job->plan->program[0]->observable.items[w->observable].take;
    if (day < w->from || day >= w->until || (take == PASO_LAST && day != w->until - 1)) return;
    const double *value = paso_engine_observe(engine, w->observable);
    size_t n = w->total ? b->job->grid[0]->item[w->observable].n_cells : 1;
    double *sum = b->watched + index * b->lanes;
    for (size_t lane = 0; lane < b->lanes; lane++) {
        double today = 0;
        for (size_t cell = 0; cell < n; cell++) today += value[cell * b->lanes + lane];
        sum[lane] = day == w->from || take == PASO_LAST ? today : sum[lane] + today;
        if (day == w->until - 1 && take == PASO_MEAN) sum[lane] /= w->until - w->from;
    }
}

/* Before the first day of a watch its sums are no numbers, and stay so if that day never comes. */
static void watch_day(const block *b, paso_engine *engine, int32_t day) {
    for (size_t i = 0; i < b->job->plan->n_watches; i++) watch_one(b, engine, i, day);
}

static paso_status hand_watched(const block *b, size_t lane) {
    const paso_plan *plan = b->job->plan;
    double *value = calloc(plan->n_watches + 1, sizeof *value);
    if (!value) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < plan->n_watches; i++)
        value[i] = plan->watch[i].until > plan->until ? NAN : b->watched[i * b->lanes + lane];
    paso_status status = plan->watched(b->job->hooks->context, b->member[lane], value);
    free(value);
    return status;
}

/* ---- running ---- */

static bool must_end(const block *b) {
    size_t failed;
#pragma omp atomic read
    failed = b->job->failed;
    return failed <= b->index;
}

/* Keeps the failure of the lowest block, so that the fault told does not depend on threads. */
static paso_status end_early(block *b, paso_status status) {
    job *j = b->job;
#pragma omp critical(paso_ensemble)
    if (b->index < j->failed) {
        if (status != PASO_STOPPED || j->status == PASO_OK) j->status = status;
        if (status == PASO_ERR_MODEL && j->fault) *j->fault = b->fault;
#pragma omp atomic write
        j->failed = status == PASO_STOPPED ? 0 : b->index;
    }
    return status;
}

static void report_days(block *b) {
    job *j = b->job;
#pragma omp critical(paso_ensemble)
    {
        j->done += (double)b->unreported * (double)b->lanes;
        if (j->hooks->progress) j->hooks->progress(j->hooks->context, j->done, j->all);
    }
    b->unreported = 0;
}

static paso_status run_until(block *b, size_t policy, paso_engine *engine, int32_t until,
                             bool record) {
    const paso_ensemble_hooks *hooks = b->job->hooks;
    while (paso_engine_today(engine) < until) {
        int32_t day = paso_engine_today(engine);
        if (must_end(b)) return PASO_STOPPED;
        if (hooks->stop && hooks->stop(hooks->context)) return end_early(b, PASO_STOPPED);
        paso_status status = paso_engine_day(engine);
        if (status != PASO_OK) {
            b->fault = *paso_engine_fault(engine);
            return end_early(b, status);
        }
        if (record) record_day(b, policy, engine, day);
        if (policy == 0) watch_day(b, engine, day);
        if (++b->unreported >= REPORT_EVERY) report_days(b);
    }
    return PASO_OK;
}

/* Each block has its own members' places in the state. */
static void save_members(const block *b, size_t policy, const paso_engine *engine) {
    const paso_state *state = b->job->plan->save;
    const paso_state_policy *p = &state->policy[policy];
    for (size_t lane = 0; lane < b->lanes; lane++) {
        size_t m = b->member[lane] - state->first_member;
        paso_engine_state_get(engine, lane, p->value + m * p->n_values);
    }
}

static paso_status begin_branch(block *b, size_t policy, paso_engine *engine) {
    paso_status status = paso_engine_reschedule(engine, b->job->plan->schedule[policy]);
    if (status != PASO_OK) return end_early(b, status);
    memset(b->period, 0, b->job->grid[policy]->n_observables * sizeof *b->period);
    return PASO_OK;
}

/* From the fork to the end under one policy. */
static paso_status run_branch(block *b, size_t policy, paso_engine *engine) {
    const paso_plan *plan = b->job->plan;
    paso_status status = begin_branch(b, policy, engine);
    if (status == PASO_OK) status = run_until(b, policy, engine, plan->until, true);
    b->clipped += paso_engine_clipped(engine);
    if (status == PASO_OK && plan->save) save_members(b, policy, engine);
    return status;
}

static paso_status run_copy(block *b, size_t policy) {
    const paso_plan *plan = b->job->plan;
    paso_engine *engine =
        paso_engine_create(plan->program[policy], plan->schedule[policy], b->lanes);
    if (!engine) return end_early(b, PASO_ERR_MEMORY);
    paso_engine_copy(engine, b->trunk);
    paso_status status = run_branch(b, policy, engine);
    paso_engine_free(engine);
    return status;
}

/* The eve, or the saved members. */
static paso_status start_members(block *b, size_t leader) {
    const paso_plan *plan = b->job->plan;
    const paso_program *program = plan->program[leader];
    if (!plan->start) {
        return paso_engine_start(b->trunk, plan->seed, b->member, program->start,
                                 plan->known_until);
    }
    const paso_state_policy *from = &plan->start->policy[plan->start_policy[leader]];
    const double **state = calloc(b->lanes, sizeof *state);
    if (!state) return PASO_ERR_MEMORY;
    for (size_t lane = 0; lane < b->lanes; lane++) {
        size_t m = b->member[lane] - plan->start->first_member;
        state[lane] = from->value + m * from->n_values;
    }
    paso_status status = paso_engine_resume(b->trunk, plan->seed, b->member, plan->start->day,
                                            plan->known_until, state);
    free(state);
    return status;
}

/* The members of the block before `from`, at their start. */
static paso_status make_trunk(block *b, size_t leader) {
    const paso_plan *plan = b->job->plan;
    b->trunk = paso_engine_create(plan->program[leader], plan->schedule[leader], b->lanes);
    if (!b->trunk) return end_early(b, PASO_ERR_MEMORY);
    paso_engine_strict(b->trunk, plan->strict);
    paso_engine_quick(b->trunk, plan->quick);
    paso_status status = start_members(b, leader);
    if (status == PASO_OK) return PASO_OK;
    b->fault = *paso_engine_fault(b->trunk);
    return end_early(b, status);
}

static paso_status run_group(block *b, size_t leader) {
    const paso_plan *plan = b->job->plan;
    paso_status status = make_trunk(b, leader);
    if (status == PASO_OK) status = run_until(b, leader, b->trunk, plan->from, false);
    size_t last = last_of_group(b->job, leader);
    for (size_t p = leader; status == PASO_OK && p <= last; p++) {
        if (b->job->leader[p] != leader) continue;
        /* The last one needs no copy: nobody comes back to the fork. */
        status = p == last ? run_branch(b, p, b->trunk) : run_copy(b, p);
    }
    paso_engine_free(b->trunk);
    b->trunk = NULL;
    return status;
}

/* ---- handing over ---- */

static paso_status hand_over(const block *b) {
    const job *j = b->job;
    for (size_t lane = 0; lane < b->lanes && j->plan->n_watches > 0; lane++) {
        paso_status status = hand_watched(b, lane);
        if (status != PASO_OK) return status;
    }
    for (size_t p = 0; p < j->plan->n_policies; p++) {
        const double *value = b->result[p];
        for (size_t lane = 0; lane < b->lanes; lane++) {
            for (size_t o = 0; o < j->grid[p]->n_observables; o++) {
                size_t n = j->grid[p]->item[o].n_cells * j->grid[p]->item[o].n_periods;
                paso_status status =
                    j->hooks->sink(j->hooks->context, p, b->member[lane], o, value, n);
                if (status != PASO_OK) return status;
                value += n;
            }
        }
    }
    return PASO_OK;
}

/* A finished block is kept even if another one has failed meanwhile: the sink's owner decides. */
static void finish_block(block *b) {
    paso_status status = PASO_OK;
    report_days(b);
#pragma omp critical(paso_ensemble)
    {
        const paso_ensemble_hooks *hooks = b->job->hooks;
        status = hand_over(b);
        if (status == PASO_OK && hooks->batch) status = hooks->batch(hooks->context, b->clipped);
        b->job->clipped += b->clipped;
    }
    if (status != PASO_OK) end_early(b, status);
}

/* ---- blocks ---- */

static void block_free(block *b) {
    for (size_t p = 0; b->result && p < b->job->plan->n_policies; p++) free(b->result[p]);
    free(b->result);
    free(b->member);
    free(b->sum);
    free(b->period);
    free(b->watched);
}

static paso_status block_create(block *b, job *j, size_t index) {
    const paso_plan *plan = j->plan;
    size_t first = index * j->lanes;
    size_t left = plan->n_members - first;
    *b = (block){.job = j, .index = index, .lanes = left < j->lanes ? left : j->lanes};
    b->member = calloc(b->lanes, sizeof *b->member);
    b->result = calloc(plan->n_policies, sizeof *b->result);
    b->sum = calloc(cells_of(j->grid[0]) * b->lanes + 1, sizeof *b->sum);
    b->period = calloc(j->grid[0]->n_observables + 1, sizeof *b->period);
    b->watched = calloc(plan->n_watches * b->lanes + 1, sizeof *b->watched);
    if (!b->member || !b->result || !b->sum || !b->period || !b->watched) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < plan->n_watches * b->lanes; i++) b->watched[i] = NAN;
    for (size_t i = 0; i < b->lanes; i++) {
        b->member[i] =
            plan->member ? plan->member[first + i] : plan->first_member + (uint32_t)(first + i);
    }
    for (size_t p = 0; p < plan->n_policies; p++) {
        b->result[p] = calloc(values_of(j->grid[p]) * b->lanes + 1, sizeof **b->result);
        if (!b->result[p]) return PASO_ERR_MEMORY;
    }
    return PASO_OK;
}

static void run_block(job *j, size_t index) {
    block b;
    paso_status status = block_create(&b, j, index);
    if (status != PASO_OK) end_early(&b, status);
    for (size_t p = 0; status == PASO_OK && p < j->plan->n_policies; p++) {
        if (j->leader[p] == p) status = run_group(&b, p);
    }
    if (status == PASO_OK) finish_block(&b);
    block_free(&b);
}

static bool skip_block(job *j, size_t index) {
    size_t failed;
#pragma omp atomic read
    failed = j->failed;
    return failed <= index;
}

static void run_blocks(job *j) {
#pragma omp parallel for schedule(dynamic, 1) num_threads((int)j->threads)
    for (size_t i = 0; i < j->n_blocks; i++) {
        if (!skip_block(j, i)) run_block(j, i);
    }
}

/* ---- the job ---- */

static void find_leaders(job *j) {
    const paso_plan *plan = j->plan;
    for (size_t p = 0; p < plan->n_policies; p++) {
        j->leader[p] = p;
        for (size_t q = 0; q < p && j->leader[p] == p; q++) {
            if (j->leader[q] == q && plan->program[p] == plan->program[q] &&
                (!plan->start || plan->start_policy[p] == plan->start_policy[q]) &&
                paso_schedule_same_before(plan->schedule[p], plan->schedule[q], plan->from)) {
                j->leader[p] = q;
            }
        }
    }
}

static double days_of(const job *j) {
    const paso_plan *plan = j->plan;
    double days = 0;
    for (size_t p = 0; p < plan->n_policies; p++) {
        int32_t start = plan->start ? plan->start->day : plan->program[p]->start;
        if (j->leader[p] == p) days += plan->from - start;
        days += plan->until - plan->from;
    }
    return days;
}

/* Small ensembles get narrower blocks, so that every thread has work. */
static void choose_sizes(job *j) {
    const paso_plan *plan = j->plan;
    j->threads = plan->threads;
#ifdef _OPENMP
    if (j->threads == 0) j->threads = (size_t)omp_get_num_procs();
#endif
    if (j->threads == 0) j->threads = 1;
    j->lanes = plan->lanes;
    if (j->lanes == 0) {
        size_t share = (plan->n_members + j->threads - 1) / j->threads;
        j->lanes = share < DEFAULT_LANES ? share : DEFAULT_LANES;
    }
    j->n_blocks = (plan->n_members + j->lanes - 1) / j->lanes;
    j->failed = j->n_blocks;
}

static bool members_within(const paso_plan *plan, const paso_state *state) {
    uint64_t first = state->first_member, end = first + state->n_members;
    for (size_t i = 0; plan->member && i < plan->n_members; i++) {
        if (plan->member[i] < first || plan->member[i] >= end) return false;
    }
    return plan->member ||
           (plan->first_member >= first && (uint64_t)plan->first_member + plan->n_members <= end);
}

/* Sizes and days only, for memory's sake: paso_state_check compares programs and says why. */
static bool start_fits(const paso_plan *plan, size_t policy) {
    const paso_state *state = plan->start;
    return plan->start_policy[policy] < state->n_policies &&
           state->policy[plan->start_policy[policy]].n_values ==
               paso_program_state_size(plan->program[policy]) &&
           state->day >= plan->program[policy]->start && state->day <= plan->from;
}

static bool states_fit(const paso_plan *plan) {
    if (plan->start && !members_within(plan, plan->start)) return false;
    return !plan->save || members_within(plan, plan->save);
}

static bool plan_fits(const paso_plan *plan) {
    if (plan->n_policies == 0 || plan->n_members == 0 || plan->until <= plan->from) return false;
    if (!states_fit(plan)) return false;
    for (size_t p = 0; p < plan->n_policies; p++) {
        const paso_program *program = plan->program[p];
        if (plan->from < program->start || plan->until > program->end) return false;
        if (program->observable.n != plan->program[0]->observable.n) return false;
        if (plan->start && !start_fits(plan, p)) return false;
    }
    return true;
}

static void job_clear(job *j) {
    for (size_t p = 0; j->grid && p < j->plan->n_policies; p++) paso_grid_free(j->grid[p]);
    free(j->grid);
    free(j->leader);
}

static paso_status job_prepare(job *j) {
    const paso_plan *plan = j->plan;
    j->grid = calloc(plan->n_policies, sizeof(paso_grid *));
    j->leader = calloc(plan->n_policies, sizeof *j->leader);
    if (!j->grid || !j->leader) return PASO_ERR_MEMORY;
    for (size_t p = 0; p < plan->n_policies; p++) {
        if (paso_grid_create(plan->program[p], plan->from, plan->until, &j->grid[p]) != PASO_OK) {
            return PASO_ERR_MEMORY;
        }
    }
    choose_sizes(j);
    find_leaders(j);
    j->all = days_of(j) * (double)plan->n_members;
    return PASO_OK;
}

paso_status paso_ensemble_run(const paso_plan *plan, const paso_ensemble_hooks *hooks,
                              paso_fault *fault, uint64_t *n_clipped) {
    if (!plan_fits(plan)) return PASO_ERR_USAGE;
    job j = {.plan = plan, .hooks = hooks, .fault = fault};
    j.status = job_prepare(&j);
    if (j.status == PASO_OK) run_blocks(&j);
    if (n_clipped) *n_clipped = j.clipped;
    job_clear(&j);
    return j.status;
}

/* ---- one block by hand ---- */

struct paso_walk {
    job job;
    block block;
    bool branched, done;
    const paso_schedule *schedule;
    paso_marks *marks; /* NULL: none are made */
};

static paso_marked marked(const paso_walk *w) {
    return (paso_marked){w->block.trunk, w->block.sum, w->block.period};
}

static paso_status mark_month(paso_walk *w) {
    if (!w->marks || !w->branched) return PASO_OK;
    int32_t today = paso_engine_today(w->block.trunk);
    if (today != w->job.plan->from && paso_date_of(today).day != 1) return PASO_OK;
    paso_marked now = marked(w);
    return paso_marks_add(w->marks, &now, w->schedule);
}

/* With marks no further than the first of the next month. */
static int32_t next_stop(const paso_walk *w, int32_t until) {
    if (!w->marks || !w->branched) return until;
    int32_t month = paso_period_next(paso_engine_today(w->block.trunk), PASO_MONTH);
    return month < until ? month : until;
}

/* From the eve or the saved members to `from`, and from there on, `days` at most. */
static paso_status walk_days(paso_walk *w, int32_t days) {
    block *b = &w->block;
    const paso_plan *plan = w->job.plan;
    int32_t until = paso_engine_today(b->trunk) + days;
    int32_t to = w->branched ? plan->until : plan->from;
    until = until < to ? until : to;
    paso_status status = PASO_OK;
    while (status == PASO_OK && paso_engine_today(b->trunk) < until) {
        status = mark_month(w);
        if (status == PASO_OK) status = run_until(b, 0, b->trunk, next_stop(w, until), w->branched);
    }
    if (status != PASO_OK || paso_engine_today(b->trunk) < to) return status;
    if (w->branched) {
        w->done = true;
        b->clipped = paso_engine_clipped(b->trunk);
        finish_block(b);
        return w->job.status;
    }
    w->branched = true;
    return begin_branch(b, 0, b->trunk);
}

paso_status paso_walk_days(paso_walk *walk, int32_t days, bool *done) {
    paso_status status = walk->done ? PASO_ERR_USAGE : walk_days(walk, days);
    *done = walk->done;
    return status;
}

void paso_walk_end(paso_walk *walk) {
    if (!walk) return;
    paso_engine_free(walk->block.trunk);
    paso_marks_free(walk->marks);
    block_free(&walk->block);
    job_clear(&walk->job);
    free(walk);
}

paso_status paso_walk_begin(const paso_plan *plan, const paso_ensemble_hooks *hooks,
                            paso_fault *fault, paso_walk **walk) {
    if (!plan_fits(plan) || plan->n_policies != 1 || plan->save) return PASO_ERR_USAGE;
    paso_walk *w = calloc(1, sizeof *w);
    if (!w) return PASO_ERR_MEMORY;
    w->job = (job){.plan = plan, .hooks = hooks, .fault = fault};
    w->schedule = plan->schedule[0];
    paso_status status = job_prepare(&w->job);
    w->job.lanes = plan->n_members;
    w->job.failed = w->job.n_blocks = 1;
    if (status == PASO_OK) status = block_create(&w->block, &w->job, 0);
    if (status == PASO_OK) status = make_trunk(&w->block, 0);
    *walk = status == PASO_OK ? w : NULL;
    if (status != PASO_OK) paso_walk_end(w);
    return status;
}

paso_status paso_walk_keep(paso_walk *w, paso_luck *luck) {
    const paso_grid *grid = w->job.grid[0];
    const block *b = &w->block;
    paso_status status = paso_engine_luck(b->trunk, luck);
    if (status != PASO_OK || w->marks) return status;
    w->marks = paso_marks_create(w->job.plan->program[0], b->lanes, cells_of(grid) * b->lanes,
                                 grid->n_observables);
    return w->marks ? PASO_OK : PASO_ERR_MEMORY;
}

bool paso_walk_again(paso_walk *w, const paso_schedule *schedule, paso_status *status) {
    paso_marked now = marked(w);
    *status = PASO_OK;
    w->done = !w->marks || !paso_marks_back(w->marks, w->schedule, schedule, &now);
    if (w->done) return false;
    w->schedule = schedule;
    *status = paso_engine_reschedule(w->block.trunk, schedule);
    return true;
}
