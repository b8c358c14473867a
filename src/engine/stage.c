/* A stage's day, from its opening counts (docs/program.md): hazards compete, passage makes ready,
 * shares take the ready in the written order, limits cut, all arrivals wait in inboxes. */
#include <string.h>

#include "engine/engine_internal.h"
#include "random/clones.h"

static bool any_above_zero(const double *x, size_t lanes) {
    double n = 0;
#pragma omp simd reduction(+ : n)
    for (size_t l = 0; l < lanes; l++) n += x[l] > 0 ? 1.0 : 0.0;
    return n > 0;
}

static double *bin_row(const paso_engine *e, double *base, const paso_prog_stage *s, int32_t cell,
                       int32_t bin) {
    return base + (size_t)(cell * s->n_bins + bin) * e->lanes;
}

static void sum_bins(const paso_engine *e, double *base, const paso_prog_stage *s, int32_t cell,
                     double *sum) {
    memcpy(sum, bin_row(e, base, s, cell, 0), e->lanes * sizeof *sum);
    for (int32_t b = 1; b < s->n_bins; b++) {
        const double *bin = bin_row(e, base, s, cell, b);
        for (size_t l = 0; l < e->lanes; l++) sum[l] += bin[l];
    }
}

/* ---- where people go
 * ----------------------------------------------------------------------------- */

static void add_lanes(double *to, const double *from, size_t lanes) {
    for (size_t l = 0; l < lanes; l++) to[l] += from[l];
}

/* Sums of the weights from the end, S_k = w_k + S_(k+1), in rows of scratch; S_n is 0. */
static paso_status fan_sums(paso_engine *e, const paso_prog_exit *x, const int32_t *pair, int32_t n,
                            int32_t cell) {
    const double *flow = paso_row(e, x->flow + cell);
    double *after = e->fan + (size_t)n * e->lanes;
    memset(after, 0, e->lanes * sizeof *after);
    for (int32_t k = n - 1; k >= 0; k--) {
        const double *weight = paso_row(e, pair[2 * k + 1]);
        paso_status status = paso_engine_check_rate(e, weight, flow, x->name, cell);
        if (status) return status;
        double *sum = e->fan + (size_t)k * e->lanes;
        for (size_t l = 0; l < e->lanes; l++) sum[l] = weight[l] + sum[l + e->lanes];
    }
    for (size_t l = 0; l < e->lanes; l++)
        if (flow[l] > 0 && !(e->fan[l] > 0))
            return paso_engine_fail(e, PASO_FAULT_NO_WEIGHT, x->name, cell, l);
    return PASO_OK;
}

/* The chance that one of those left takes pair k: the last with a weight takes all. */
static void fan_chances(const paso_engine *e, const double *weight, int32_t k, double *chance) {
    const double *sum = e->fan + (size_t)k * e->lanes, *after = sum + e->lanes;
    for (size_t l = 0; l < e->lanes; l++) {
        double p = weight[l] / sum[l];
        chance[l] = weight[l] <= 0 ? 0 : after[l] > 0 && p < 1 ? p : 1;
    }
}

static paso_status send_across(paso_engine *e, const paso_prog_exit *x, int32_t inbox,
                               int32_t cell) {
    const int32_t *pool = e->program->pool.items;
    int32_t first = pool[x->fan + cell], n = pool[x->fan + cell + 1] - first;
    const int32_t *pair = pool + x->fan_pair + 2 * first;
    double *left = e->lane[0], *chance = e->lane[1], *taken = e->lane[2];
    paso_status status = fan_sums(e, x, pair, n, cell);
    if (status) return status;
    memcpy(left, paso_row(e, x->flow + cell), e->lanes * sizeof *left);
    for (int32_t k = 0; k < n && any_above_zero(left, e->lanes); k++) {
        paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_ACROSS, cell, k);
        fan_chances(e, paso_row(e, pair[2 * k + 1]), k, chance);
        paso_engine_binomial(e, &key, left, chance, taken);
        for (size_t l = 0; l < e->lanes; l++) left[l] -= taken[l];
        add_lanes(paso_row(e, inbox + pair[2 * k]), taken, e->lanes);
    }
    return PASO_OK;
}

static paso_status send_cell(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                             int32_t cell) {
    const double *flow = paso_row(e, x->flow + cell);
    if (x->to < 0) {
        add_lanes(e->left + (size_t)s->unit * e->lanes, flow, e->lanes);
        return PASO_OK;
    }
    int32_t inbox = e->program->stage.items[x->to].inbox;
    if (x->fan >= 0) return send_across(e, x, inbox, cell);
    add_lanes(paso_row(e, inbox + e->program->pool.items[x->to_cell + cell]), flow, e->lanes);
    return PASO_OK;
}

/* Those who came forward and were not cut are the flow; they leave for their destination. */
static paso_status send(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x) {
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        double *flow = paso_row(e, x->flow + cell);
        sum_bins(e, e->came, s, cell, flow);
        if (!any_above_zero(flow, e->lanes)) continue;
        paso_status status = send_cell(e, s, x, cell);
        if (status) return status;
    }
    return PASO_OK;
}

static void take_away(paso_engine *e, double *from, const paso_prog_stage *s) {
    size_t n = (size_t)(s->n_cells * s->n_bins) * e->lanes;
    for (size_t i = 0; i < n; i++) from[i] -= e->came[i];
}

/* ---- dealing a cell's count over its bins
 * ---------------------------------------------------------- */

static paso_status deal_lane(paso_engine *e, const paso_prog_stage *s, const double *from,
                             int32_t name, int32_t cell, double k, double u, double *to, size_t l) {
    double *w = e->item;
    for (int32_t b = 0; b < s->n_bins; b++) w[b] = from[(size_t)b * e->lanes + l];
    if (paso_engine_deal(e, k, u, w, w, (size_t)s->n_bins, 1) != 0)
        return paso_engine_fail(e, PASO_FAULT_TOO_MANY, name, cell, l);
    for (int32_t b = 0; b < s->n_bins; b++) to[(size_t)b * e->lanes + l] = w[b];
    return PASO_OK;
}

/* `whole` is the sum of `from` over the bins; where all of it goes no draw is needed. */
static paso_status deal_bins(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                             int32_t cell, const double *from, const double *whole,
                             const double *count, double *to) {
    int some = 0;
    for (size_t l = 0; l < e->lanes; l++) some |= count[l] > 0 && count[l] < whole[l];
    for (int32_t b = 0; b < s->n_bins; b++) {
        size_t at = (size_t)b * e->lanes;
        for (size_t l = 0; l < e->lanes; l++) to[at + l] = count[l] > 0 ? from[at + l] : 0;
    }
    if (!some) return PASO_OK;
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_BINS, cell, 0);
    double *u = e->lane[5];
    paso_uniform_lanes(&key, e->member, e->lanes, u);
    for (size_t l = 0; l < e->lanes; l++) {
        if (!(count[l] > 0 && count[l] < whole[l])) continue;
        paso_status status = deal_lane(e, s, from, x->name, cell, count[l], u[l], to, l);
        if (status) return status;
    }
    return PASO_OK;
}

/* ---- hazards
 * -------------------------------------------------------------------------------------- */

/* Chances p_j = h_j / H * rise(H) into hazard[j]; suffix sums are worked out from the end. A lane
 * without people has hazard 0, whatever its rate is, so that a rate that is not a number there can
 * neither end the run nor reach a draw. */
static paso_status hazard_chances(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                                  const double *present) {
    double *sum = e->lane[0];
    memset(sum, 0, e->lanes * sizeof *sum);
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (!x->hazard) continue;
        const double *rate = paso_operand_row(e, x->rate, cell);
        paso_status status = paso_engine_check_rate(e, rate, present, x->name, cell);
        if (status) return status;
        double *hazard = e->hazard + (size_t)j * e->lanes;
        for (size_t l = 0; l < e->lanes; l++) hazard[l] = present[l] > 0 ? rate[l] : 0;
        add_lanes(sum, hazard, e->lanes);
    }
    double *suffix = e->lane[1];
    for (size_t l = 0; l < e->lanes; l++) suffix[l] = paso_exp(-sum[l]);
    for (int32_t j = s->n_exits - 1; j >= 0; j--) {
        double *p = e->hazard + (size_t)j * e->lanes;
        if (!e->program->exit.items[s->first_exit + j].hazard) continue;
        for (size_t l = 0; l < e->lanes; l++) {
            double chance = sum[l] > 0 ? p[l] / sum[l] * paso_rise(sum[l]) : 0;
            suffix[l] = chance + suffix[l];
            p[l] = chance > 0 ? (chance < suffix[l] ? chance / suffix[l] : 1) : 0;
        }
    }
    return PASO_OK;
}

/* Draws every hazard exit of a cell; amounts stand in the exits' flow rows until they are cut. */
static void draw_hazards(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                         const double *present) {
    double *left = e->lane[2];
    memcpy(left, present, e->lanes * sizeof *left);
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (!x->hazard) continue;
        double *drawn = paso_row(e, x->flow + cell);
        paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_EXIT, cell, 0);
        paso_engine_binomial(e, &key, left, e->hazard + (size_t)j * e->lanes, drawn);
        for (size_t l = 0; l < e->lanes; l++) left[l] -= drawn[l];
    }
}

static paso_status hazards_of_cell(paso_engine *e, const paso_prog_stage *s, int32_t cell) {
    double *present = e->lane[3];
    sum_bins(e, e->ready, s, cell, present);
    if (any_above_zero(present, e->lanes)) {
        paso_status status = hazard_chances(e, s, cell, present);
        if (status) return status;
        draw_hazards(e, s, cell, present);
        return PASO_OK;
    }
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (x->hazard) memset(paso_row(e, x->flow + cell), 0, e->lanes * sizeof(double));
    }
    return PASO_OK;
}

/* The drawn of one exit by bins into `came`, taken from the ready. */
static paso_status spread_drawn(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x) {
    double *whole = e->lane[3];
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        double *drawn = paso_row(e, x->flow + cell);
        double *to = bin_row(e, e->came, s, cell, 0), *from = bin_row(e, e->ready, s, cell, 0);
        if (s->n_bins == 1) {
            memcpy(to, drawn, e->lanes * sizeof *to);
            continue;
        }
        sum_bins(e, e->ready, s, cell, whole);
        paso_status status = deal_bins(e, s, x, cell, from, whole, drawn, to);
        if (status) return status;
    }
    take_away(e, e->ready, s);
    return PASO_OK;
}

static paso_status run_hazards(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t cell = 0; cell < s->n_cells; cell++)
        if ((status = hazards_of_cell(e, s, cell))) return status;
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (!x->hazard) continue;
        if ((status = spread_drawn(e, s, x))) return status;
        if (x->n_groups && (status = paso_engine_limit(e, s, x))) return status;
        take_away(e, paso_row(e, s->count), s);
        if ((status = send(e, s, x))) return status;
    }
    return PASO_OK;
}

static bool has_hazards(const paso_engine *e, const paso_prog_stage *s) {
    for (int32_t j = 0; j < s->n_exits; j++)
        if (e->program->exit.items[s->first_exit + j].hazard) return true;
    return false;
}

/* ---- passage
 * ---------------------------------------------------------------------------------------- */

/* A mean may be infinite: then nobody gets through. */
static paso_status advance_cell(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                                const double *present) {
    const double *mean = paso_operand_row(e, s->mean, cell);
    double *chance = e->lane[0], *moved = e->lane[1];
    for (size_t l = 0; l < e->lanes; l++) {
        chance[l] = 0;
        if (!(present[l] > 0)) continue;
        if (!(mean[l] >= 0))
            return paso_engine_fail(e, mean[l] < 0 ? PASO_FAULT_NEGATIVE : PASO_FAULT_NOT_A_NUMBER,
                                    s->name, cell, l);
        chance[l] = paso_rise(s->steps / mean[l]);
    }
    for (int32_t b = s->steps - 1; b >= 0; b--) {
        double *ready = bin_row(e, e->ready, s, cell, b);
        double *count = bin_row(e, paso_row(e, s->count), s, cell, b);
        paso_key key = paso_engine_key(e, s->hash, PASO_DRAW_STEP, cell, b);
        paso_engine_binomial(e, &key, ready, chance, moved);
        if (b == s->steps - 1) {
            memcpy(ready, moved, e->lanes * sizeof *ready);
            continue;
        }
        memset(ready, 0, e->lanes * sizeof *ready);
        for (size_t l = 0; l < e->lanes; l++) count[l] -= moved[l];
        add_lanes(count + e->lanes, moved, e->lanes);
    }
    return PASO_OK;
}

static paso_status run_passage(paso_engine *e, const paso_prog_stage *s) {
    double *present = e->lane[3];
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        sum_bins(e, e->ready, s, cell, present);
        if (!any_above_zero(present, e->lanes)) continue;
        paso_status status = advance_cell(e, s, cell, present);
        if (status) return status;
    }
    return PASO_OK;
}

/* ---- shares
 * ----------------------------------------------------------------------------------------- */

static paso_status count_clipped(paso_engine *e, const paso_prog_exit *x, int32_t cell,
                                 const double *whole, const double *rate) {
    for (size_t l = 0; l < e->lanes; l++) {
        if (!(whole[l] > 0) || (rate[l] >= 0 && rate[l] <= 1)) continue;
        if (rate[l] != rate[l])
            return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, x->name, cell, l);
        e->n_clipped++;
        if (e->strict) return paso_engine_fail(e, PASO_FAULT_CLIPPED, x->name, cell, l);
    }
    return PASO_OK;
}

/* Lanes without people have share 0 and are not counted: what is counted must not hang on who
 * shares the block. */
static paso_status clip_share(paso_engine *e, const paso_prog_exit *x, int32_t cell,
                              const double *whole, double *p) {
    const double *rate = paso_operand_row(e, x->rate, cell);
    bool good = true;
    for (size_t l = 0; l < e->lanes; l++) {
        good &= rate[l] >= 0 && rate[l] <= 1;
        p[l] = whole[l] > 0 ? rate[l] : 0;
        p[l] = p[l] < 0 ? 0 : p[l] > 1 ? 1 : p[l];
    }
    return good ? PASO_OK : count_clipped(e, x, cell, whole, rate);
}

static paso_status share_of_cell(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                                 int32_t cell) {
    double *whole = e->lane[3], *p = e->lane[0], *took = e->lane[4];
    double *from = bin_row(e, e->ready, s, cell, 0), *to = bin_row(e, e->came, s, cell, 0);
    size_t size = (size_t)s->n_bins * e->lanes * sizeof *to;
    sum_bins(e, e->ready, s, cell, whole);
    if (x->rest || !any_above_zero(whole, e->lanes)) {
        memcpy(to, from, size);
        return PASO_OK;
    }
    paso_status status = clip_share(e, x, cell, whole, p);
    if (status) return status;
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_EXIT, cell, 0);
    paso_engine_binomial(e, &key, whole, p, took);
    if (s->age_width > 0) return deal_bins(e, s, x, cell, from, whole, took, to);
    memset(to, 0, size);
    memcpy(to + (size_t)(s->n_bins - 1) * e->lanes, took, e->lanes * sizeof *to);
    return PASO_OK;
}

static paso_status run_shares(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        paso_status status = PASO_OK;
        if (x->hazard) continue;
        for (int32_t cell = 0; cell < s->n_cells; cell++)
            if ((status = share_of_cell(e, s, x, cell))) return status;
        if (x->n_groups && (status = paso_engine_limit(e, s, x))) return status;
        take_away(e, e->ready, s);
        if (!s->junction) take_away(e, paso_row(e, s->count), s);
        if ((status = send(e, s, x))) return status;
    }
    return PASO_OK;
}

/* ---- entries, and the whole
 * -------------------------------------------------------------------------- */

static paso_status run_entries(paso_engine *e, const paso_prog_stage *s) {
    double *u = e->lane[0], *came = e->lane[1];
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        const double *rate = paso_operand_row(e, s->enters, cell);
        paso_status status = paso_engine_check_rate(e, rate, NULL, s->name, cell);
        if (status) return status;
        if (!any_above_zero(rate, e->lanes)) continue;
        paso_key key = paso_engine_key(e, s->hash, PASO_DRAW_ENTER, cell, 0);
        paso_uniform_lanes(&key, e->member, e->lanes, u);
        if (e->quick)
            memcpy(came, rate, e->lanes * sizeof *came);
        else
            paso_poisson_lanes(rate, u, came, e->lanes);
        add_lanes(paso_row(e, s->inbox + cell), came, e->lanes);
        add_lanes(e->entered + (size_t)s->unit * e->lanes, came, e->lanes);
    }
    return PASO_OK;
}

PASO_CLONES_WHOLE paso_status paso_engine_stage(paso_engine *e, const paso_prog_stage *s) {
    size_t n = (size_t)(s->n_cells * s->n_bins) * e->lanes;
    paso_status status = PASO_OK;
    memcpy(e->ready, paso_row(e, s->count), n * sizeof *e->ready);
    if (has_hazards(e, s)) status = run_hazards(e, s);
    if (!status && s->steps > 0) status = run_passage(e, s);
    if (!status) status = run_shares(e, s);
    if (!status && s->enters.row >= 0) status = run_entries(e, s);
    return status;
}

PASO_CLONES_WHOLE paso_status paso_engine_junction(paso_engine *e, const paso_prog_stage *s) {
    memcpy(e->ready, paso_row(e, s->inbox), (size_t)s->n_cells * e->lanes * sizeof *e->ready);
    return run_shares(e, s);
}
