/* One member from the first day to the last, and members over threads. The day in its order:
 * conflicts, arrivals, closures, scores, movement, record. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "flee/state.h"

static void state_free(flee_state *st) {
    paso_flee_graph_free(st);
    for (size_t p = 0; st->spot && p < st->s->n_places; p++) free(st->spot[p].by_ethnicity);
    free(st->spot);
    flee_table *const table[] = {&st->at,      &st->on,    &st->next_at,
                                 &st->next_on, &st->queue, &st->away};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) paso_flee_table_free(table[i]);
    free(st->bucket);
    free(st->bucket_end);
    free(st->weight_up_to);
    free(st->split_index);
    free(st->split_count);
}

static paso_status state_start(flee_state *st, const paso_flee_scenario *s) {
    size_t most = s->n_places > s->n_classes ? s->n_places : s->n_classes;
    st->s = s;
    st->recent_per_km = FLEE_RECENT / s->set.max_move_speed;
    st->spot = calloc(s->n_places, sizeof *st->spot);
    st->bucket = calloc((size_t)s->n_cells, sizeof *st->bucket);
    st->bucket_end = calloc((size_t)s->n_cells, sizeof *st->bucket_end);
    st->weight_up_to = calloc(most + 1, sizeof *st->weight_up_to);
    if (!st->spot || !st->bucket || !st->bucket_end || !st->weight_up_to) return PASO_ERR_MEMORY;
    paso_flee_draw_today(st);
    return paso_flee_people_start(st);
}

static paso_status run_day(flee_state *st) {
    paso_flee_draw_today(st);
    paso_flee_people_conflicts(st);
    paso_status status = paso_flee_people_arrive(st);
    if (status != PASO_OK) return status;
    paso_flee_graph_closures(st);
    paso_flee_people_weights(st);
    paso_flee_people_scores(st);
    paso_flee_people_count_values(st);
    return st->status == PASO_OK ? paso_flee_move_day(st) : st->status;
}

/* ---- records ---- */

static paso_status result_start(paso_flee_result *r, const paso_flee_scenario *s) {
    size_t days = (size_t)s->days, all = days * s->n_camps;
    memset(r, 0, sizeof *r);
    r->days = s->days;
    r->driven = s->set.mode != FLEE_COUNTS;
    r->n_camps = s->n_camps;
    r->in_camp = calloc(2 * all + 4 * days + 1, sizeof *r->in_camp);
    if (!r->in_camp) return PASO_ERR_MEMORY;
    r->data = r->in_camp + all;
    r->people = r->data + all;
    r->raw = r->people + days;
    r->debt = r->raw + days;
    r->idps = r->debt + days;
    return PASO_OK;
}

void paso_flee_result_clear(paso_flee_result *result) {
    free(result->in_camp);
    memset(result, 0, sizeof *result);
}

static void record(const flee_state *st, paso_flee_result *r) {
    const paso_flee_scenario *s = st->s;
    size_t t = (size_t)st->day;
    for (size_t i = 0; i < s->n_camps; i++) {
        const flee_series *series = &s->column[s->camp_column[i]];
        double data = paso_flee_series_at(series, st->day);
        if (s->set.empty_camps_on_day0) data -= paso_flee_series_at(series, 0);
        r->in_camp[t * s->n_camps + i] = st->spot[s->camp[i]].count;
        r->data[t * s->n_camps + i] = data;
    }
    for (size_t p = 0; p < s->n_places; p++)
        if (st->spot[p].idp) r->idps[t] += st->spot[p].count;
    r->people[t] = st->people;
    r->raw[t] = st->raw;
    r->debt[t] = st->debt;
}

/* ---- the error ---- */

/* People counted on a day, as the errors have it: none where Flee's output says so. */
static double counted(const paso_flee_result *r, size_t t) {
    double sum = 0;
    if (!r->driven && !(r->raw[t] > 0)) return 0;
    for (size_t i = 0; i < r->n_camps; i++) sum += r->data[t * r->n_camps + i];
    return sum;
}

double paso_flee_day_error(const paso_flee_result *r, size_t t, bool rescaled) {
    double sim = 0, data = counted(r, t), sum = 0;
    for (size_t i = 0; i < r->n_camps; i++) sim += r->in_camp[t * r->n_camps + i];
    double factor = !rescaled ? 1 : sim > 0 ? data / sim : 0;
    for (size_t i = 0; i < r->n_camps; i++) {
        size_t at = t * r->n_camps + i;
        sum += fabs(r->in_camp[at] * factor - r->data[at]);
    }
    return sum / fmax(1, data);
}

static void measure(paso_flee_result *r) {
    for (size_t t = 0; t < (size_t)r->days; t++) {
        r->error_normal += paso_flee_day_error(r, t, false) / r->days;
        r->error_rescaled += paso_flee_day_error(r, t, true) / r->days;
    }
}

void paso_flee_camp_error(const paso_flee_result *r, size_t camp, paso_flee_camp *error) {
    memset(error, 0, sizeof *error);
    for (size_t t = 0; t < (size_t)r->days; t++) {
        double one = r->data[t * r->n_camps + camp], sim = r->in_camp[t * r->n_camps + camp];
        error->sim += sim / r->days;
        error->data += one / r->days;
        error->difference += fabs(sim - one) / r->days;
        error->share += fabs(sim - one) / fmax(1, counted(r, t)) / r->days;
    }
}

/* ---- members ---- */

paso_status paso_flee_run(const paso_flee_scenario *scenario, uint64_t seed, uint32_t member,
                          paso_flee_result *result, char why[200]) {
    flee_state st = {.seed = seed, .member = member};
    paso_status status = result_start(result, scenario);
    if (status == PASO_OK) status = state_start(&st, scenario);
    for (; status == PASO_OK && st.day < scenario->days; st.day++) {
        status = run_day(&st);
        if (status == PASO_OK) record(&st, result);
    }
    result->n_steps = st.n_steps;
    if (status == PASO_OK) measure(result);
    if (status == PASO_ERR_MODEL && why) memcpy(why, st.why, sizeof st.why);
    state_free(&st);
    return status;
}

/* Members over threads, and the lowest one that failed. */
typedef struct members {
    const paso_flee_scenario *scenario;
    uint64_t seed;
    uint32_t first;
    int threads;
    paso_flee_result *result;
    size_t failed;
    paso_status status;
    char *why;
} members;

static void run_member(members *m, size_t i) {
    char reason[200] = "";
    paso_status one =
        paso_flee_run(m->scenario, m->seed, m->first + (uint32_t)i, &m->result[i], reason);
    if (one == PASO_OK) return;
#pragma omp critical(paso_flee)
    if (i < m->failed) { /* the lowest member's reason, whatever the threads */
        m->failed = i;
        m->status = one;
        if (m->why) memcpy(m->why, reason, sizeof reason);
    }
}

paso_status paso_flee_members(const paso_flee_scenario *scenario, uint64_t seed, uint32_t first,
                              size_t n, int threads, paso_flee_result *result, char why[200]) {
    members m = {scenario, seed, first, threads, result, n, PASO_OK, why};
#ifdef _OPENMP
    if (threads <= 0) m.threads = omp_get_num_procs();
#endif
#pragma omp parallel for schedule(dynamic, 1) num_threads(m.threads)
    for (size_t i = 0; i < n; i++) run_member(&m, i);
    return m.status;
}
