/* Looking at a run, forking it, saving a member and going on from it. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine_internal.h"

int32_t paso_engine_today(const paso_engine *e) {
    return e->today;
}

const paso_fault *paso_engine_fault(const paso_engine *e) {
    return &e->fault;
}

void paso_engine_quick(paso_engine *e, bool quick) {
    e->quick = quick;
}

void paso_engine_strict(paso_engine *e, bool strict) {
    e->strict = strict;
}

uint64_t paso_engine_clipped(const paso_engine *e) {
    return e->n_clipped;
}

paso_status paso_engine_reschedule(paso_engine *e, const paso_schedule *schedule) {
    size_t n = (size_t)schedule->n_rows;
    if (n > e->n_rows) {
        double *v = realloc(e->v, n * e->lanes * sizeof *v);
        if (!v) return PASO_ERR_MEMORY;
        memset(v + e->n_rows * e->lanes, 0, (n - e->n_rows) * e->lanes * sizeof *v);
        e->v = v;
        e->n_rows = n;
    }
    e->schedule = schedule;
    e->change = paso_engine_change_at(schedule, e->today);
    paso_engine_apply_change(e);
    return PASO_OK;
}

size_t paso_program_state_size(const paso_program *program) {
    return (size_t)program->n_rows + PASO_COUNTING_UNITS;
}

void paso_engine_permute(paso_engine *e, const int32_t *row, size_t n, const uint32_t *ancestor) {
    double *old = e->lane[0];
    for (size_t i = 0; i < n; i++) {
        double *v = paso_row(e, row[i]);
        memcpy(old, v, e->lanes * sizeof *old);
        for (size_t l = 0; l < e->lanes; l++) v[l] = old[ancestor[l]];
    }
}

void paso_engine_recount(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        if (!s->junction) paso_engine_total(e, s);
    }
    paso_engine_present(e, e->present);
}

size_t paso_engine_state_size(const paso_engine *e) {
    return paso_program_state_size(e->program);
}

void paso_engine_state_get(const paso_engine *e, size_t lane, double *state) {
    size_t n = (size_t)e->program->n_rows;
    for (size_t i = 0; i < n; i++) state[i] = e->v[i * e->lanes + lane];
    for (size_t i = 0; i < PASO_COUNTING_UNITS; i++) state[n + i] = e->present[i * e->lanes + lane];
}

static void state_put(paso_engine *e, size_t lane, const double *state) {
    size_t n = (size_t)e->program->n_rows;
    for (size_t i = 0; i < n; i++) e->v[i * e->lanes + lane] = state[i];
    for (size_t i = 0; i < PASO_COUNTING_UNITS; i++) e->present[i * e->lanes + lane] = state[n + i];
}

paso_status paso_engine_resume(paso_engine *e, uint64_t seed, const uint32_t *member, int32_t day,
                               int32_t known_until, const double *const *state) {
    paso_engine_begin(e, seed, member, known_until);
    for (size_t l = 0; l < e->lanes; l++) state_put(e, l, state[l]);
    e->today = day;
    e->change = paso_engine_change_at(e->schedule, day);
    paso_engine_apply_change(e);
    return PASO_OK;
}

void paso_engine_copy(paso_engine *e, const paso_engine *from) {
    size_t rows = e->n_rows < from->n_rows ? e->n_rows : from->n_rows;
    memcpy(e->v, from->v, rows * e->lanes * sizeof *e->v);
    memcpy(e->member, from->member, e->lanes * sizeof *e->member);
    memcpy(e->present, from->present, PASO_COUNTING_UNITS * e->lanes * sizeof *e->present);
    e->seed = from->seed;
    e->today = from->today;
    e->known_until = from->known_until;
    e->change = from->change;
    e->strict = from->strict;
    e->quick = from->quick;
    e->n_clipped = from->n_clipped;
    e->fault = from->fault;
    e->schedule = from->schedule;
}

/* The close is that of the day before the next one to run. */
const double *paso_engine_observe(paso_engine *e, size_t o) {
    const paso_program *p = e->program;
    const paso_prog_observable *observable = &p->observable.items[o];
    int32_t today = e->today;
    e->today = today - 1;
    paso_engine_ops(e, p->op.items + observable->code.first, observable->code.n, p->pool.items,
                    p->number.items);
    e->today = today;
    return paso_row(e, observable->row);
}

const double *paso_engine_row(const paso_engine *e, int32_t row) {
    return paso_row(e, row);
}
