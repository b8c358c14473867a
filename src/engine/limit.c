/* A limit deals today's capacity over those who came forward: whole people, in proportion, by
 * systematic rounding, oldest or newest bins first where the exit says so. */
#include <math.h>

#include "engine/engine_internal.h"

/* The items of a group: its cells in order, in each its bins in order. */
static int32_t group_items(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                           int32_t group) {
    const int32_t *of_cell = e->program->pool.items + x->group;
    int32_t n = 0;
    for (int32_t cell = 0; cell < s->n_cells; cell++)
        for (int32_t b = 0; of_cell[cell] == group && b < s->n_bins; b++)
            e->place[n++] = cell * s->n_bins + b;
    return n;
}

static double *item_row(const paso_engine *e, int32_t i) {
    return e->came + (size_t)e->place[i] * e->lanes;
}

/* Serves items i = first, first + step, ... of `left` with `capacity`; returns what is not used. */
static double serve(paso_engine *e, int32_t first, int32_t step, int32_t n, double capacity,
                    double u, bool *failed) {
    double *left = e->item[0], *served = e->item[1], want = 0;
    for (int32_t i = first; i < n; i += step) want += left[i];
    if (want <= capacity) {
        for (int32_t i = first; i < n; i += step) served[i] += left[i], left[i] = 0;
        return capacity - want;
    }
    size_t count = (size_t)((n - first + step - 1) / step);
    double *dealt = e->dealt;
    if (paso_engine_deal(e, capacity, u, left + first, dealt, count, (size_t)step) != 0)
        *failed = true;
    for (int32_t i = first; i < n && !*failed; i += step) {
        served[i] += dealt[i - first];
        left[i] -= dealt[i - first];
    }
    return 0;
}

static void serve_part(paso_engine *e, const paso_prog_stage *s, int32_t kind, int32_t n,
                       double capacity, double u, bool *failed) {
    if (kind == PASO_EVEN) serve(e, 0, 1, n, capacity, u, failed);
    for (int32_t b = 0; kind != PASO_EVEN && b < s->n_bins && capacity > 0; b++) {
        int32_t bin = kind == PASO_OLDEST ? s->n_bins - 1 - b : b;
        capacity = serve(e, bin, s->n_bins, n, capacity, u, failed);
    }
}

static double part_share(const paso_engine *e, const paso_prog_exit *x, int32_t j, size_t l) {
    const paso_prog_part *part = &e->program->part.items[x->part + j];
    return part->share.row < 0 ? 1 : paso_operand_row(e, part->share, 0)[l];
}

static double part_uniform(const paso_engine *e, const paso_prog_exit *x, int32_t group, int32_t j,
                           size_t l) {
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_DEAL, group, j);
    return paso_uniform(&key, e->member[l]);
}

static void serve_parts(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                        int32_t group, int32_t n, double capacity, size_t l, bool *failed) {
    double all = 0, upto = 0, given = 0;
    for (int32_t j = 0; j < x->n_parts; j++) all += part_share(e, x, j, l);
    for (int32_t j = 0; j < x->n_parts; j++) {
        upto += part_share(e, x, j, l);
        double until = j == x->n_parts - 1 ? capacity
                       : e->quick          ? capacity * upto / all
                                           : paso_engine_floor(capacity * upto / all + 0.5);
        double u = part_uniform(e, x, group, j, l);
        int32_t kind = e->program->part.items[x->part + j].kind;
        serve_part(e, s, kind, n, until - given, u, failed);
        given = until;
    }
}

static paso_status cut_lane(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                            int32_t group, int32_t n, double capacity, size_t l) {
    bool failed = false;
    for (int32_t i = 0; i < n; i++) {
        e->item[0][i] = item_row(e, i)[l];
        e->item[1][i] = 0;
    }
    if (x->n_parts > 0)
        serve_parts(e, s, x, group, n, capacity, l, &failed);
    else
        serve(e, 0, 1, n, capacity, part_uniform(e, x, group, 0, l), &failed);
    double served = 0;
    for (int32_t i = 0; i < n; i++) {
        item_row(e, i)[l] = e->item[1][i];
        served += e->item[1][i];
    }
    if (failed) return paso_engine_fail(e, PASO_FAULT_TOO_MANY, x->name, group, l);
    if (!paso_engine_same(e, served, capacity))
        return paso_engine_fail(e, PASO_FAULT_CONSERVATION, x->name, group, l);
    return PASO_OK;
}

static void sum_items(paso_engine *e, int32_t n, double *want) {
    for (size_t l = 0; l < e->lanes; l++) want[l] = 0;
    for (int32_t i = 0; i < n; i++)
        for (size_t l = 0; l < e->lanes; l++) want[l] += item_row(e, i)[l];
}

static paso_status limit_group(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                               int32_t group) {
    double *want = e->lane[3], *u = e->lane[5];
    paso_operand operand = {x->limit, x->limit_map};
    const double *limit = paso_operand_row(e, operand, group);
    int32_t n = group_items(e, s, x, group);
    bool binds = false, good = true;
    sum_items(e, n, want);
    for (size_t l = 0; l < e->lanes; l++) {
        good &= limit[l] >= 0;
        binds |= want[l] > paso_engine_floor(limit[l] < 1e15 ? limit[l] : 1e15);
    }
    if (!good) return paso_engine_fail_rate(e, limit, x->name, group);
    if (!binds) return PASO_OK;
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_LIMIT, group, 0);
    paso_uniform_lanes(&key, e->member, e->lanes, u);
    for (size_t l = 0; l < e->lanes; l++) {
        double most = limit[l] < 1e15 ? limit[l] : 1e15;
        double capacity = e->quick ? most : paso_engine_floor(most + u[l]);
        if (want[l] <= capacity) continue;
        paso_status status = cut_lane(e, s, x, group, n, capacity, l);
        if (status) return status;
    }
    return PASO_OK;
}

paso_status paso_engine_limit(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x) {
    for (int32_t group = 0; group < x->n_groups; group++) {
        paso_status status = limit_group(e, s, x, group);
        if (status) return status;
    }
    return PASO_OK;
}
