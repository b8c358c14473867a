/* Where people go: out of their bins and into the inboxes, one place or across several. */
#include "engine/engine_internal.h"
#include "random/clones.h"

/* Sums of the weights from the end, S_k = w_k + S_(k+1), in rows of scratch; S_n is 0. */
static paso_status fan_sums(paso_engine *e, const paso_prog_exit *x, const int32_t *pair, int32_t n,
                            int32_t cell) {
    const double *flow = paso_row(e, x->flow + cell);
    double *after = e->fan + (size_t)n * e->lanes;
    paso_lanes_zero(after, e->lanes);
    for (int32_t k = n - 1; k >= 0; k--) {
        const double *weight = paso_row(e, pair[2 * k + 1]);
        paso_status status = paso_engine_check_rate(e, weight, flow, x->name, cell);
        if (status) return status;
        double *sum = e->fan + (size_t)k * e->lanes;
        const double *rest = sum + e->lanes;
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) sum[l] = weight[l] + rest[l];
    }
    double lost = 0;
#pragma omp simd reduction(+ : lost)
    for (size_t l = 0; l < e->lanes; l++) lost += ((flow[l] > 0) & !(e->fan[l] > 0)) ? 1.0 : 0.0;
    for (size_t l = 0; lost > 0 && l < e->lanes; l++)
        if (flow[l] > 0 && !(e->fan[l] > 0))
            return paso_engine_fail(e, PASO_FAULT_NO_WEIGHT, x->name, cell, l);
    return PASO_OK;
}

/* The chance that one of those left takes pair k: the last with a weight takes all. */
static void fan_chances(const paso_engine *e, const double *weight, int32_t k, double *chance) {
    const double *sum = e->fan + (size_t)k * e->lanes, *after = sum + e->lanes;
#pragma omp simd
    for (size_t l = 0; l < e->lanes; l++) {
        double p = weight[l] / sum[l];
        p = ((after[l] > 0) & (p < 1)) ? p : 1;
        chance[l] = weight[l] <= 0 ? 0 : p;
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
    const double *flow = paso_row(e, x->flow + cell);
    paso_lanes_copy(left, flow, e->lanes);
    for (int32_t k = 0; k < n && paso_lanes_any(left, e->lanes); k++) {
        paso_draw draw = {paso_engine_key(e, x->hash, PASO_DRAW_ACROSS, 0, k),
                          x - e->program->exit.items, first + k, 0};
        fan_chances(e, paso_row(e, pair[2 * k + 1]), k, chance);
        paso_engine_binomials(e, &draw, &cell, 1, left, chance, taken);
        paso_lanes_take(left, taken, e->lanes);
        paso_lanes_add(paso_row(e, inbox + pair[2 * k]), taken, e->lanes);
    }
    return PASO_OK;
}

static paso_status send_cell(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                             int32_t cell) {
    const double *flow = paso_row(e, x->flow + cell);
    if (x->to < 0) {
        paso_lanes_add(e->left + (size_t)s->unit * e->lanes, flow, e->lanes);
        return PASO_OK;
    }
    int32_t inbox = e->program->stage.items[x->to].inbox;
    if (x->fan >= 0) return send_across(e, x, inbox, cell);
    paso_lanes_add(paso_row(e, inbox + e->program->pool.items[x->to_cell + cell]), flow, e->lanes);
    return PASO_OK;
}

/* Those who came forward and were not cut leave the count, and the ready where they still stand
 * among those; their sum is the flow. */
static void take_away(paso_engine *e, const paso_prog_stage *s, int32_t cell, int32_t bin,
                      bool of_ready, double *flow) {
    const double *came = paso_bin_row(e, e->came, s, cell, bin);
    double *ready = paso_bin_row(e, e->ready, s, cell, bin);
    double *count = s->junction ? NULL : paso_bin_row(e, paso_row(e, s->count), s, cell, bin);
    paso_lanes_add(flow, came, e->lanes);
    if (of_ready) paso_lanes_take(ready, came, e->lanes);
    if (count) paso_lanes_take(count, came, e->lanes);
}

PASO_CLONES_WHOLE paso_status paso_engine_send(paso_engine *e, const paso_prog_stage *s,
                                               const paso_prog_exit *x, int32_t first_bin,
                                               bool of_ready) {
    for (int32_t i = 0; i < e->n_open; i++) {
        int32_t cell = e->open[i];
        double *flow = paso_row(e, x->flow + cell);
        paso_lanes_zero(flow, e->lanes);
        for (int32_t b = first_bin; b < s->n_bins; b++) take_away(e, s, cell, b, of_ready, flow);
        if (!paso_lanes_any(flow, e->lanes)) continue;
        paso_status status = send_cell(e, s, x, cell);
        if (status) return status;
    }
    return PASO_OK;
}
