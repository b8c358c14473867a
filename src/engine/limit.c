/* A limit deals today's capacity over those who came forward: whole people, in proportion, by
 * systematic rounding, oldest or newest bins first where the exit says so. */
#include "engine/engine_internal.h"
#include "random/clones.h"

/* Above any count; below it a whole number and a uniform add up without loss. */
static const double LIMIT_MOST = 1e15;

/* The open cells of a group in order: the others have nobody to deal to. Its items are their bins:
 * item i is bin i mod n_bins of the cell number i / n_bins. */
static int32_t group_cells(paso_engine *e, const paso_prog_exit *x, int32_t group) {
    const int32_t *of_cell = e->program->pool.items + x->group;
    int32_t n = 0;
    for (int32_t i = 0; i < e->n_open; i++)
        if (of_cell[e->open[i]] == group) e->cell[n++] = e->open[i];
    return n;
}

/* Those who came forward in the bins of the group's k-th cell. */
static double *came_of(const paso_engine *e, const paso_prog_stage *s, int32_t k) {
    return e->came + (size_t)(e->cell[k] * s->n_bins) * e->lanes;
}

static void gather_lane(paso_engine *e, const paso_prog_stage *s, int32_t n_cells, size_t l) {
    double *item = e->item;
    for (int32_t k = 0; k < n_cells; k++) {
        const double *came = came_of(e, s, k) + l;
        for (int32_t b = 0; b < s->n_bins; b++, came += e->lanes) *item++ = *came;
    }
}

/* Takes those who are left from those who came; returns how many are served. */
static double settle_lane(paso_engine *e, const paso_prog_stage *s, int32_t n_cells, size_t l) {
    const double *left = e->item;
    double served = 0;
    for (int32_t k = 0; k < n_cells; k++) {
        double *came = came_of(e, s, k) + l;
        for (int32_t b = 0; b < s->n_bins; b++, came += e->lanes) {
            *came -= *left++;
            served += *came;
        }
    }
    return served;
}

/* Serves items i = first, first + step, ... of those left with `capacity`; returns what is not
 * used. */
static double serve(paso_engine *e, int32_t first, int32_t step, int32_t n, double capacity,
                    double u, bool *failed) {
    double *left = e->item, want = 0;
    for (int32_t i = first; i < n; i += step) want += left[i];
    if (want <= capacity) {
        for (int32_t i = first; i < n; i += step) left[i] = 0;
        return capacity - want;
    }
    size_t count = (size_t)((n - first + step - 1) / step);
    double *dealt = e->dealt;
    if (paso_engine_deal(e, capacity, u, left + first, dealt, count, (size_t)step) != 0)
        *failed = true;
    for (int32_t i = first; i < n && !*failed; i += step) left[i] -= dealt[i - first];
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

/* The one value of a part, or 1, in every lane. */
static double part_share(const paso_engine *e, const paso_prog_exit *x, int32_t j, size_t l) {
    const paso_prog_part *part = &e->program->part.items[x->part + j];
    return part->share.row < 0 ? 1 : paso_operand_row(e, part->share, 0)[l];
}

/* The uniforms of every part of a group, [parts][lanes]; an exit without parts has one. */
static void draw_parts(paso_engine *e, const paso_prog_exit *x, int32_t group) {
    for (int32_t j = 0; j < x->n_parts || j == 0; j++) {
        paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_DEAL, group, j);
        paso_uniform_lanes(&key, e->member, e->lanes, e->part + (size_t)j * e->lanes);
    }
}

static paso_status serve_parts(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                               int32_t group, int32_t n, double capacity, size_t l, bool *failed) {
    double all = 0, upto = 0, given = 0;
    for (int32_t j = 0; j < x->n_parts; j++) {
        double share = part_share(e, x, j, l);
        if (share < 0) return paso_engine_fail(e, PASO_FAULT_NEGATIVE, x->name, group, l);
        all += share;
    }
    if (!(all <= 1e300)) return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, x->name, group, l);
    if (all == 0) return paso_engine_fail(e, PASO_FAULT_NO_WEIGHT, x->name, group, l);
    for (int32_t j = 0; j < x->n_parts; j++) {
        upto += part_share(e, x, j, l);
        double until = j == x->n_parts - 1 ? capacity
                       : e->quick          ? capacity * upto / all
                                           : paso_engine_floor(capacity * upto / all + 0.5);
        int32_t kind = e->program->part.items[x->part + j].kind;
        serve_part(e, s, kind, n, until - given, e->part[(size_t)j * e->lanes + l], failed);
        given = until;
    }
    return PASO_OK;
}

static paso_status cut_lane(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                            int32_t group, int32_t n_cells, double capacity, size_t l) {
    bool failed = false;
    int32_t n = n_cells * s->n_bins;
    paso_status status = PASO_OK;
    gather_lane(e, s, n_cells, l);
    if (x->n_parts > 0)
        status = serve_parts(e, s, x, group, n, capacity, l, &failed);
    else
        serve(e, 0, 1, n, capacity, e->part[l], &failed);
    if (status) return status;
    if (failed) return paso_engine_fail(e, PASO_FAULT_TOO_MANY, x->name, group, l);
    if (!paso_engine_same(e, settle_lane(e, s, n_cells, l), capacity))
        return paso_engine_fail(e, PASO_FAULT_CONSERVATION, x->name, group, l);
    return PASO_OK;
}

static void sum_group(const paso_engine *e, const paso_prog_stage *s, int32_t n_cells,
                      double *want) {
    paso_lanes_zero(want, e->lanes);
    for (int32_t k = 0; k < n_cells; k++) {
        const double *came = came_of(e, s, k);
        for (int32_t b = 0; b < s->n_bins; b++, came += e->lanes)
            paso_lanes_add(want, came, e->lanes);
    }
}

/* A limit may be infinite: then it is none. */
static paso_status check_limit(paso_engine *e, const paso_prog_exit *x, int32_t group,
                               const double *limit) {
    double bad = 0;
#pragma omp simd reduction(+ : bad)
    for (size_t l = 0; l < e->lanes; l++) bad += limit[l] >= 0 ? 0.0 : 1.0;
    for (size_t l = 0; bad > 0 && l < e->lanes; l++)
        if (!(limit[l] >= 0))
            return paso_engine_fail(e, limit[l] < 0 ? PASO_FAULT_NEGATIVE : PASO_FAULT_NOT_A_NUMBER,
                                    x->name, group, l);
    return PASO_OK;
}

/* Today's places in each lane, [lanes]: the limit's whole part and, by chance, one more. */
static void draw_capacity(paso_engine *e, const paso_prog_exit *x, int32_t group,
                          const double *limit, double *capacity) {
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_LIMIT, group, 0);
    double *u = e->lane[5];
    paso_uniform_lanes(&key, e->member, e->lanes, u);
    for (size_t l = 0; l < e->lanes; l++) {
        double most = limit[l] < LIMIT_MOST ? limit[l] : LIMIT_MOST;
        capacity[l] = e->quick ? most : paso_engine_floor(most + u[l]);
    }
}

static paso_status limit_group(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                               int32_t group) {
    double *want = e->lane[3], *capacity = e->lane[4];
    paso_operand operand = {x->limit, x->limit_map};
    const double *limit = paso_operand_row(e, operand, group);
    int32_t n_cells = group_cells(e, x, group);
    bool binds = false;
    paso_status status = check_limit(e, x, group, limit);
    if (status) return status;
    sum_group(e, s, n_cells, want);
    /* Chance only adds a place, so most days need no draw to see that all fit. */
    for (size_t l = 0; l < e->lanes; l++)
        binds |= want[l] > paso_engine_floor(limit[l] < LIMIT_MOST ? limit[l] : LIMIT_MOST);
    if (!binds) return PASO_OK;
    draw_capacity(e, x, group, limit, capacity);
    binds = false;
    for (size_t l = 0; l < e->lanes; l++) binds |= want[l] > capacity[l];
    if (!binds) return PASO_OK;
    draw_parts(e, x, group);
    for (size_t l = 0; l < e->lanes && !status; l++)
        if (want[l] > capacity[l]) status = cut_lane(e, s, x, group, n_cells, capacity[l], l);
    return status;
}

PASO_CLONES_WHOLE paso_status paso_engine_limit(paso_engine *e, const paso_prog_stage *s,
                                                const paso_prog_exit *x) {
    for (int32_t group = 0; group < x->n_groups; group++) {
        paso_status status = limit_group(e, s, x, group);
        if (status) return status;
    }
    return PASO_OK;
}
