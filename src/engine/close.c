/* The close of a day: inboxes join, ages move, nothing may have been lost, rings keep what is asked
 * of them tomorrow. */
#include <string.h>

#include "engine/engine_internal.h"
#include "random/clones.h"

void paso_engine_total(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells && s->n_bins > 1; cell++) {
        double *total = paso_row(e, s->total + cell);
        memcpy(total, paso_row(e, s->count + cell * s->n_bins), e->lanes * sizeof *total);
        for (int32_t b = 1; b < s->n_bins; b++) {
            const double *bin = paso_row(e, s->count + cell * s->n_bins + b);
            paso_lanes_add(total, bin, e->lanes);
        }
    }
}

void paso_engine_present(paso_engine *e, double *present) {
    memset(present, 0, PASO_COUNTING_UNITS * e->lanes * sizeof *present);
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        double *sum = present + (size_t)s->unit * e->lanes;
        for (int32_t cell = 0; cell < s->n_cells && !s->junction; cell++) {
            const double *total = paso_row(e, s->total + cell);
            paso_lanes_add(sum, total, e->lanes);
        }
    }
}

/* The last bin collects; the first is left empty for today's arrivals. */
static void move_ages(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        double *bin = paso_row(e, s->count + cell * s->n_bins);
        double *before = bin + (size_t)(s->n_bins - 2) * e->lanes, *last = before + e->lanes;
        paso_lanes_add(last, before, e->lanes);
        for (int32_t b = s->n_bins - 2; b > 0; b--)
            memcpy(bin + (size_t)b * e->lanes, bin + (size_t)(b - 1) * e->lanes,
                   e->lanes * sizeof *bin);
        memset(bin, 0, e->lanes * sizeof *bin);
    }
}

static void join_inbox(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        double *first = paso_row(e, s->count + cell * s->n_bins);
        const double *inbox = paso_row(e, s->inbox + cell);
        paso_lanes_add(first, inbox, e->lanes);
    }
}

static bool ages_move(const paso_engine *e, const paso_prog_stage *s) {
    return s->age_width > 0 && s->n_bins > 1 &&
           (e->today + 1 - e->program->start) % s->age_width == 0;
}

static paso_status check_counts(paso_engine *e, const paso_prog_stage *s) {
    const double limit = e->quick ? -1e-6 : 0;
    for (int32_t i = 0; i < s->n_cells * s->n_bins; i++) {
        const double *count = paso_row(e, s->count + i);
        double bad = 0;
#pragma omp simd reduction(+ : bad)
        for (size_t l = 0; l < e->lanes; l++) bad += count[l] < limit ? 1.0 : 0.0;
        for (size_t l = 0; bad > 0 && l < e->lanes; l++)
            if (count[l] < limit)
                return paso_engine_fail(e, PASO_FAULT_CONSERVATION, s->name, i / s->n_bins, l);
    }
    return PASO_OK;
}

static paso_status close_stage(paso_engine *e, const paso_prog_stage *s) {
    if (ages_move(e, s)) move_ages(e, s);
    join_inbox(e, s);
    paso_engine_total(e, s);
    return check_counts(e, s);
}

/* Whole numbers below 2^53: the sums are exact and must agree to the last one. */
static paso_status check_conservation(paso_engine *e) {
    double *before = e->lane[0];
    for (size_t unit = 0; unit < PASO_COUNTING_UNITS; unit++) {
        size_t at = unit * e->lanes;
        memcpy(before, e->present + at, e->lanes * sizeof *before);
        for (size_t l = 0; l < e->lanes; l++) before[l] += e->entered[at + l] - e->left[at + l];
        memcpy(e->entered + at, before, e->lanes * sizeof *before);
    }
    paso_engine_present(e, e->present);
    for (size_t i = 0; i < PASO_COUNTING_UNITS * e->lanes; i++)
        if (!paso_engine_same(e, e->present[i], e->entered[i]))
            return paso_engine_fail(e, PASO_FAULT_CONSERVATION, -1, (int32_t)(i / e->lanes),
                                    i % e->lanes);
    return PASO_OK;
}

static void write_rings(paso_engine *e) {
    for (size_t i = 0; i < e->program->ring.n; i++) {
        const paso_prog_ring *r = &e->program->ring.items[i];
        int32_t position = (e->today % r->days + r->days) % r->days;
        memcpy(paso_row(e, r->row + position * r->n), paso_row(e, r->source),
               (size_t)r->n * e->lanes * sizeof(double));
    }
}

PASO_CLONES_WHOLE paso_status paso_engine_close(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        paso_status status = s->junction ? PASO_OK : close_stage(e, s);
        if (status) return status;
    }
    paso_status status = check_conservation(e);
    if (status) return status;
    paso_engine_block(e, PASO_BLOCK_CLOSE);
    write_rings(e);
    return PASO_OK;
}
