/* Rounds around a course: pairs of members, pushed apart, say how the record follows from it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/calendar.h"
#include "infer/filter.h"
#include "random/random.h"

enum { PAIRS = 8, LANES = 2 * PAIRS, MOST_LAGS = 13 };

static const double PUSH = 0.2; /* spread of the push, and of what a round may move a month by */
static const double TURN = 2;   /* spread of a turn from month to month: none that is needless */
static const double FURTHEST = 0.7; /* most that a round moves a month */

typedef struct refine {
    const paso_filter_plan *plan;
    paso_course *course;
    paso_judge *judge;
    int n_judges, set, n_months, n_members, round;
    int threads;
    size_t known, n_blocks;
    double *push;  /* [n_months][n_members][pairs] */
    double *count; /* [n_judges][n_months][n_members][pairs][2]: logarithms once complete */
} refine;

static size_t pairs_of(const refine *r) {
    return r->n_blocks * PAIRS;
}

static double *push_of(const refine *r, int month, int member) {
    return r->push + ((size_t)month * (size_t)r->n_members + (size_t)member) * pairs_of(r);
}

static double *count_of(const refine *r, int judge, int month, int member) {
    size_t at = (size_t)judge * (size_t)r->n_months + (size_t)month;
    return r->count + (at * (size_t)r->n_members + (size_t)member) * pairs_of(r) * 2;
}

static void draw_pushes(refine *r) {
    paso_key key = {.seed = r->plan->seed,
                    .name = paso_name_hash(r->plan->model->signal[r->plan->signal].item.name),
                    .day = (uint32_t)r->round,
                    .purpose = PASO_DRAW_NOISE};
    for (int k = 0; k < r->n_months; k++)
        for (int i = 0; i < r->n_members; i++) {
            key.index = (uint32_t)k + 1, key.cell = (uint32_t)i;
            for (size_t p = 0; p < pairs_of(r); p++)
                push_of(r, k, i)[p] = PUSH * paso_normal_quantile(paso_uniform(&key, (uint32_t)p));
        }
}

/* ---- a block of pairs ------------------------------------------------------------------------ */

static void supply_month(const refine *r, size_t block, int month, double *supply) {
    for (int i = 0; i < r->n_members; i++)
        for (int l = 0; l < LANES; l++) {
            double push = push_of(r, month, i)[block * PAIRS + (size_t)l / 2];
            supply[i * LANES + l] =
                r->course->mean[month * r->n_members + i] + (l % 2 ? -push : push);
        }
}

static void add_day(const refine *r, paso_engine *e, size_t block, int month) {
    for (int j = 0; j < r->n_judges; j++) {
        const double *count = paso_engine_observe(e, (size_t)r->judge[j].index);
        for (int i = 0; i < r->n_members; i++)
            for (int l = 0; l < LANES; l++)
                count_of(r, j, month, i)[block * LANES + (size_t)l] += count[i * LANES + l];
    }
}

static paso_status run_months(const refine *r, paso_engine *e, size_t block, double *supply) {
    uint32_t member[LANES];
    for (uint32_t l = 0; l < LANES; l++) member[l] = (uint32_t)block * PAIRS + l / 2;
    supply_month(r, block, 0, supply);
    paso_engine_supply(e, r->known, supply);
    paso_status status =
        paso_engine_start(e, r->plan->seed, member, r->plan->program->start, INT32_MAX);
    while (!status && paso_engine_today(e) < r->course->first_day[0]) status = paso_engine_day(e);
    for (int k = 0; k < r->n_months && !status; k++) {
        int32_t next = paso_period_next(r->course->first_day[k], PASO_MONTH);
        supply_month(r, block, k, supply);
        while (!status && paso_engine_today(e) < next) {
            status = paso_engine_day(e);
            if (!status) add_day(r, e, block, k);
        }
    }
    return status;
}

static paso_status run_block(const refine *r, size_t block, paso_fault *fault) {
    double *supply = calloc((size_t)r->n_members * LANES, sizeof *supply);
    paso_engine *e = paso_engine_create(r->plan->program, r->plan->schedule, LANES);
    paso_status status = supply && e ? run_months(r, e, block, supply) : PASO_ERR_MEMORY;
    if (status == PASO_ERR_MODEL) *fault = *paso_engine_fault(e);
    paso_engine_free(e);
    free(supply);
    return status;
}

static paso_status run_blocks(refine *r, paso_fault *fault) {
    paso_status status = PASO_OK;
    int n = (int)r->n_blocks;
    memset(r->count, 0,
           (size_t)r->n_judges * (size_t)(r->n_months * r->n_members) * pairs_of(r) * 2 *
               sizeof *r->count);
#pragma omp parallel for schedule(dynamic, 1) num_threads(r->threads)
    for (int b = 0; b < n; b++) {
        paso_fault mine = {0};
        paso_status one = run_block(r, (size_t)b, &mine);
        if (one) {
#pragma omp critical(paso_refine)
            status = one, *fault = mine;
        }
    }
    return status;
}

/* ---- how far off, and what follows from what ------------------------------------------------- */

/* Logarithms in place of counts; the ensemble's middle into the course. */
static void take_logs(refine *r) {
    for (int j = 0; j < r->n_judges; j++)
        for (int k = 0; k < r->n_months; k++)
            for (int i = 0; i < r->n_members; i++) {
                double *count = count_of(r, j, k, i), sum = 0;
                for (size_t p = 0; p < 2 * pairs_of(r); p++)
                    sum += count[p] = paso_judge_log(&r->judge[j], i, count[p]);
                if (j > 0) continue;
                r->course->drawn[k * r->n_members + i] =
                    paso_exp(sum / (2 * (double)pairs_of(r))) - r->judge[j].floor[i];
            }
}

/* Relative misses: of the months' totals and of the members' months, added. */
static double misfit(const paso_course *c) {
    double totals = 0, cells = 0, all = 0;
    for (int k = 0; k < c->n_months; k++) {
        double miss = 0;
        for (int i = 0; i < c->n_members; i++) {
            int at = k * c->n_members + i;
            if (isnan(c->seen[at])) continue;
            miss += c->drawn[at] - c->seen[at];
            cells += fabs(c->drawn[at] - c->seen[at]);
            all += c->seen[at];
        }
        totals += fabs(miss);
    }
    return all > 0 ? (totals + cells) / all : 0;
}

/* Solves a x = b, a [n][n] symmetric and positive (Cholesky, in place); x stands in b. */
static void solve(double *a, double *b, int n) {
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++) sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / a[j * n + j];
        }
        for (int k = 0; k < i; k++) b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
}

/* How half the difference of a pair in a month follows from the pushes of that month and those
 * before it: least squares, slope[k] for the push k months earlier. */
static void find_slopes(const refine *r, int judge, int month, int member, int n, double *slope) {
    double a[MOST_LAGS * MOST_LAGS] = {0};
    const double *count = count_of(r, judge, month, member);
    for (int i = 0; i < n; i++) {
        const double *x = push_of(r, month - i, member);
        slope[i] = 0;
        for (size_t p = 0; p < pairs_of(r); p++)
            slope[i] += x[p] * (count[2 * p] - count[2 * p + 1]) / 2;
        for (int j = 0; j <= i; j++) {
            const double *y = push_of(r, month - j, member);
            for (size_t p = 0; p < pairs_of(r); p++) a[i * n + j] += x[p] * y[p];
        }
    }
    solve(a, slope, n);
}

/* Adds what one month's record says to the normal equations of a member's course. */
static void add_record(const refine *r, int judge, int month, int member, double *a, double *b) {
    const paso_judge *by = &r->judge[judge];
    double seen = paso_judge_seen(by, r->course->first_day[month], member), middle = 0;
    const double *count = count_of(r, judge, month, member);
    if (isnan(seen)) return;
    for (size_t p = 0; p < 2 * pairs_of(r); p++) middle += count[p] / (2 * (double)pairs_of(r));
    int n = month < r->plan->lag ? month + 1 : r->plan->lag + 1, m = r->n_months;
    double slope[MOST_LAGS], sd = paso_judge_spread(by, member, seen);
    double miss = paso_judge_log(by, member, seen) - middle;
    find_slopes(r, judge, month, member, n, slope);
    for (int i = 0; i < n; i++) {
        b[month - i] += slope[i] * miss / (sd * sd);
        for (int j = 0; j < n; j++)
            a[(month - i) * m + month - j] += slope[i] * slope[j] / (sd * sd);
    }
}

static void add_turns(const refine *r, int member, double *a, double *b) {
    const double weight = 1 / (TURN * TURN);
    const double *course = r->course->mean + member;
    int m = r->n_months;
    for (int k = 1; k < m; k++) {
        double turn = course[k * r->n_members] - course[(k - 1) * r->n_members];
        a[k * m + k] += weight, a[(k - 1) * m + k - 1] += weight;
        a[k * m + k - 1] -= weight, a[(k - 1) * m + k] -= weight;
        b[k] -= weight * turn, b[k - 1] += weight * turn;
    }
}

static void move_member(refine *r, int member, double *a, double *b) {
    int m = r->n_months;
    memset(a, 0, (size_t)(m * m) * sizeof *a);
    memset(b, 0, (size_t)m * sizeof *b);
    for (int k = 0; k < m; k++) a[k * m + k] = 1 / (PUSH * PUSH);
    add_turns(r, member, a, b);
    for (int j = 0; j < r->n_judges; j++)
        for (int k = 0; k < m; k++) add_record(r, j, k, member, a, b);
    solve(a, b, m);
    for (int k = 0; k < m; k++)
        r->course->mean[k * r->n_members + member] += fmax(-FURTHEST, fmin(FURTHEST, b[k]));
}

static paso_status move_course(refine *r) {
    size_t m = (size_t)r->n_months;
    double *a = calloc(m * m + m + 1, sizeof *a);
    if (!a) return PASO_ERR_MEMORY;
    for (int i = 0; i < r->n_members; i++) move_member(r, i, a, a + m * m);
    free(a);
    return PASO_OK;
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static paso_status run_rounds(refine *r, int rounds, double *best, paso_fault *fault) {
    size_t n = (size_t)r->n_months * (size_t)r->n_members;
    double least = INFINITY;
    paso_status status = PASO_OK;
    for (r->round = 0; r->round <= rounds && !status; r->round++) {
        draw_pushes(r);
        if ((status = run_blocks(r, fault))) break;
        take_logs(r);
        double off = misfit(r->course);
        if (off < least) {
            least = off;
            memcpy(best, r->course->mean, n * sizeof *best);
            memcpy(best + n, r->course->drawn, n * sizeof *best);
        }
        if (r->round < rounds) status = move_course(r);
    }
    memcpy(r->course->mean, best, n * sizeof *best);
    memcpy(r->course->drawn, best + n, n * sizeof *best);
    for (size_t i = 0; i < n; i++) r->course->sd[i] = 0, r->course->effective[i] = NAN;
    return status;
}

paso_status paso_filter_refine(const paso_filter_plan *plan, int rounds, paso_course *course,
                               paso_fault *fault) {
    int known = paso_filter_known(plan);
    if (known < 0 || plan->lag < 0 || plan->lag >= MOST_LAGS) return PASO_ERR_USAGE;
    if (course->n_months == 0) return PASO_OK;
    refine r = {.plan = plan, .course = course, .known = (size_t)known};
    r.n_months = course->n_months, r.n_members = course->n_members;
    r.threads = plan->threads;
#ifdef _OPENMP
    if (r.threads == 0) r.threads = omp_get_num_procs();
#endif
    r.n_blocks = (plan->particles + PAIRS - 1) / PAIRS;
    r.set = plan->model->signal[plan->signal].item.shape.set[0];
    paso_status status =
        paso_judges_find(plan->model, r.set, plan->by, plan->n_by, &r.judge, &r.n_judges);
    size_t n = (size_t)r.n_months * (size_t)r.n_members;
    double *best = calloc(2 * n, sizeof *best);
    r.push = calloc(n * pairs_of(&r) + 1, sizeof *r.push);
    r.count = calloc((size_t)r.n_judges * n * pairs_of(&r) * 2 + 1, sizeof *r.count);
    if (!status && (!best || !r.push || !r.count)) status = PASO_ERR_MEMORY;
    if (!status) status = run_rounds(&r, rounds, best, fault);
    free(best);
    free(r.push);
    free(r.count);
    paso_judges_free(r.judge, r.n_judges);
    return status;
}
