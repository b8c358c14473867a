/* The eve of the first day: parameters, starts of signals, stages and rings. */
#include <string.h>

#include "engine/engine_internal.h"

/* Over the steps of a passage a start stands evenly; with ages all of it is new. */
static void place_start(paso_engine *e, const paso_prog_stage *s, int32_t cell, size_t l,
                        double count) {
    for (int32_t b = 0; b < s->n_bins; b++) {
        double part = b == 0 ? count : 0;
        if (e->quick && s->steps > 0)
            part = count / s->steps;
        else if (s->steps > 0)
            part = paso_engine_floor(count * (b + 1) / s->steps) -
                   paso_engine_floor(count * b / s->steps);
        paso_row(e, s->count + cell * s->n_bins + b)[l] = part;
    }
}

static double start_count(const paso_engine *e, double start, const paso_key *key, size_t l) {
    return e->quick ? start : paso_engine_floor(start + paso_uniform(key, e->member[l]));
}

static paso_status start_stage(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells && s->start.row >= 0; cell++) {
        const double *start = paso_operand_row(e, s->start, cell);
        paso_status status = paso_engine_check_rate(e, start, NULL, s->name, cell);
        if (status) return status;
        paso_key key = paso_engine_key(e, s->hash, PASO_DRAW_START, cell, 0);
        for (size_t l = 0; l < e->lanes; l++)
            place_start(e, s, cell, l, start_count(e, start[l], &key, l));
    }
    return PASO_OK;
}

static void fill_rings(paso_engine *e) {
    for (size_t i = 0; i < e->program->ring.n; i++) {
        const paso_prog_ring *r = &e->program->ring.items[i];
        for (int32_t k = 0; k < r->days * r->n; k++)
            memcpy(paso_row(e, r->row + k), paso_operand_row(e, r->before, k % r->n),
                   e->lanes * sizeof(double));
    }
}

static paso_status start_stages(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        paso_status status = s->junction ? PASO_OK : start_stage(e, s);
        if (status) return status;
        if (!s->junction) paso_engine_total(e, s);
    }
    paso_engine_present(e, e->present);
    return PASO_OK;
}

static void set_constants(paso_engine *e) {
    const paso_program *p = e->program;
    for (size_t i = 0; i < p->constant.n; i++)
        paso_engine_fill(e, p->constant.items[i].row, p->number.items[p->constant.items[i].number]);
}

void paso_engine_begin(paso_engine *e, uint64_t seed, const uint32_t *member, int32_t known_until) {
    memset(e->v, 0, e->n_rows * e->lanes * sizeof *e->v);
    memcpy(e->member, member, e->lanes * sizeof *e->member);
    e->seed = seed;
    e->known_until = known_until;
    e->n_clipped = 0;
    e->fault = (paso_fault){PASO_FAULT_NONE, -1, 0, 0, 0};
}

paso_status paso_engine_start(paso_engine *e, uint64_t seed, const uint32_t *member, int32_t day,
                              int32_t known_until) {
    paso_engine_begin(e, seed, member, known_until);
    e->today = e->program->start - 1;
    set_constants(e);
    paso_engine_draw_parameters(e);
    paso_engine_block(e, PASO_BLOCK_FIXED);
    e->today = day;
    e->change = paso_engine_change_at(e->schedule, day);
    paso_engine_apply_change(e);
    paso_engine_set_data(e);
    paso_engine_block(e, PASO_BLOCK_START);
    fill_rings(e);
    e->today = e->program->start - 1; /* the day of the eve's draws */
    paso_status status = start_stages(e);
    e->today = day;
    paso_engine_block(e, PASO_BLOCK_EVE);
    return status;
}
