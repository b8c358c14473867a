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

/* All that came forward, item by item, into the rows of e->item: who is left to be served. */
static void gather_items(paso_engine *e, const paso_prog_stage *s, int32_t n_cells) {
    size_t width = (size_t)s->n_bins * e->lanes;
    for (int32_t k = 0; k < n_cells; k++)
        paso_lanes_copy(e->item + (size_t)k * width, came_of(e, s, k), width);
}

/* Where the limit binds, those who are left go from those who came; as many as there were places
 * must remain. */
static paso_status settle(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                          int32_t group, int32_t n_cells) {
    const double *binds = e->lane[3], *capacity = e->lane[4], *left = e->item;
    double *served = e->lane[0];
    paso_lanes_zero(served, e->lanes);
    for (int32_t i = 0; i < n_cells * s->n_bins; i++, left += e->lanes) {
        double *came = came_of(e, s, i / s->n_bins) + (size_t)(i % s->n_bins) * e->lanes;
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) {
            came[l] -= binds[l] > 0 ? left[l] : 0;
            served[l] += came[l];
        }
    }
    for (size_t l = 0; l < e->lanes; l++)
        if (binds[l] > 0 && !paso_engine_same(e, served[l], capacity[l]))
            return paso_engine_fail(e, PASO_FAULT_CONSERVATION, x->name, group, l);
    return PASO_OK;
}

/* The items first, first + step, ...: n rows of those left, and what each of them is dealt. */
typedef struct turn {
    double *left, *dealt;
    size_t stride, n;
} turn;

static turn turn_of(const paso_engine *e, size_t first, size_t step, size_t n) {
    return (turn){e->item + first * e->lanes, e->dealt + first * e->lanes, step * e->lanes, n};
}

/* Serves the items of a turn with the places, and takes from these what is used. Returns the
 * first lane that is too large to be dealt or e->lanes, and so do the next three. */
static size_t serve(const paso_engine *e, const turn *t, double *places, const double *u) {
    double *want = e->lane[5], short_of = 0;
    size_t lanes = e->lanes, end = t->n * t->stride, failed = lanes;
    paso_lanes_zero(want, lanes);
    for (size_t at = 0; at < end; at += t->stride) paso_lanes_add(want, t->left + at, lanes);
    for (size_t at = 0; at < end; at += t->stride) {
#pragma omp simd
        for (size_t l = 0; l < lanes; l++)
            t->dealt[at + l] = want[l] <= places[l] ? t->left[at + l] : 0;
    }
#pragma omp simd reduction(+ : short_of)
    for (size_t l = 0; l < lanes; l++)
        short_of += ((places[l] > 0) & (places[l] < want[l])) ? 1.0 : 0.0;
    if (short_of > 0)
        failed = paso_engine_deal(e, places, u, t->left, want, t->dealt, t->n, t->stride);
    for (size_t at = 0; at < end; at += t->stride)
        paso_lanes_take(t->left + at, t->dealt + at, lanes);
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) places[l] = want[l] <= places[l] ? places[l] - want[l] : 0;
    return failed;
}

static size_t serve_part(const paso_engine *e, const paso_prog_stage *s, int32_t kind,
                         int32_t n_cells, double *places, const double *u) {
    size_t bins = (size_t)s->n_bins, cells = (size_t)n_cells, failed = e->lanes;
    turn all = turn_of(e, 0, 1, cells * bins);
    if (kind == PASO_EVEN) return serve(e, &all, places, u);
    for (size_t b = 0; b < bins && failed == e->lanes && paso_lanes_any(places, e->lanes); b++) {
        turn bin = turn_of(e, kind == PASO_OLDEST ? bins - 1 - b : b, bins, cells);
        failed = serve(e, &bin, places, u);
    }
    return failed;
}

/* The one value of a part, or 1. */
static double part_share(const paso_engine *e, const paso_prog_exit *x, int32_t j, size_t l) {
    paso_operand share = e->program->part.items[x->part + j].share;
    return share.row < 0 ? 1 : paso_operand_row(e, share, 0)[l];
}

/* The uniforms of every part of a group, [parts][lanes]; an exit without parts has one. */
static void draw_parts(paso_engine *e, const paso_prog_exit *x, int32_t group) {
    for (int32_t j = 0; j < x->n_parts || j == 0; j++) {
        paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_DEAL, group, j);
        paso_uniform_lanes(&key, e->member, e->lanes, e->part + (size_t)j * e->lanes);
    }
}

/* Where the limit binds; elsewhere nobody asks for them, whatever they are. */
static paso_status sum_shares(paso_engine *e, const paso_prog_exit *x, int32_t group, double *all) {
    const double *binds = e->lane[3];
    for (size_t l = 0; l < e->lanes; l++) {
        all[l] = 0;
        for (int32_t j = 0; j < x->n_parts && binds[l] > 0; j++) {
            double share = part_share(e, x, j, l);
            if (share < 0) return paso_engine_fail(e, PASO_FAULT_NEGATIVE, x->name, group, l);
            all[l] += share;
        }
        if (!(all[l] <= 1e300))
            return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, x->name, group, l);
        if (binds[l] > 0 && all[l] == 0)
            return paso_engine_fail(e, PASO_FAULT_NO_WEIGHT, x->name, group, l);
    }
    return PASO_OK;
}

/* The places of part j: up to its end, where the last has all there are, without those given. */
static void places_of_part(const paso_engine *e, const paso_prog_exit *x, int32_t j,
                           double *places) {
    const double *all = e->lane[0], *upto = e->lane[1], *binds = e->lane[3], *capacity = e->lane[4];
    double *given = e->lane[2];
    for (size_t l = 0; l < e->lanes; l++) {
        double until = capacity[l];
        if (j < x->n_parts - 1) until = until * upto[l] / all[l];
        if (j < x->n_parts - 1 && !e->quick) until = paso_engine_floor(until + 0.5);
        places[l] = binds[l] > 0 ? until - given[l] : 0;
        given[l] = until;
    }
}

static size_t serve_parts(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                          int32_t n_cells) {
    size_t failed = e->lanes;
    double *upto = e->lane[1], *given = e->lane[2], *places = e->lane[6];
    paso_lanes_zero(upto, e->lanes);
    paso_lanes_zero(given, e->lanes);
    for (int32_t j = 0; j < x->n_parts && failed == e->lanes; j++) {
        int32_t kind = e->program->part.items[x->part + j].kind;
        for (size_t l = 0; l < e->lanes; l++) upto[l] += part_share(e, x, j, l);
        places_of_part(e, x, j, places);
        failed = serve_part(e, s, kind, n_cells, places, e->part + (size_t)j * e->lanes);
    }
    return failed;
}

static size_t serve_all(paso_engine *e, const paso_prog_stage *s, int32_t n_cells) {
    const double *binds = e->lane[3], *capacity = e->lane[4];
    double *places = e->lane[6];
    for (size_t l = 0; l < e->lanes; l++) places[l] = binds[l] > 0 ? capacity[l] : 0;
    return serve_part(e, s, PASO_EVEN, n_cells, places, e->part);
}

/* In the lanes that bind. */
static paso_status cut(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                       int32_t group, int32_t n_cells) {
    paso_status status = x->n_parts > 0 ? sum_shares(e, x, group, e->lane[0]) : PASO_OK;
    if (status) return status;
    draw_parts(e, x, group);
    gather_items(e, s, n_cells);
    size_t failed = x->n_parts > 0 ? serve_parts(e, s, x, n_cells) : serve_all(e, s, n_cells);
    if (failed < e->lanes) return paso_engine_fail(e, PASO_FAULT_TOO_MANY, x->name, group, failed);
    return settle(e, s, x, group, n_cells);
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
    for (size_t l = 0; l < e->lanes; l++) want[l] = want[l] > capacity[l] ? 1 : 0; /* binds */
    return paso_lanes_any(want, e->lanes) ? cut(e, s, x, group, n_cells) : PASO_OK;
}

PASO_CLONES_WHOLE paso_status paso_engine_limit(paso_engine *e, const paso_prog_stage *s,
                                                const paso_prog_exit *x) {
    for (int32_t group = 0; group < x->n_groups; group++) {
        paso_status status = limit_group(e, s, x, group);
        if (status) return status;
    }
    return PASO_OK;
}
