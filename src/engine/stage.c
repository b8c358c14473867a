/* A stage's day, from its opening counts (docs/program.md): hazards compete, passage makes ready,
 * shares take the ready in the written order, limits cut, all arrivals wait in inboxes. */
#include "engine/engine_internal.h"
#include "random/clones.h"

static double *bin_row(const paso_engine *e, double *base, const paso_prog_stage *s, int32_t cell,
                       int32_t bin) {
    return base + (size_t)(cell * s->n_bins + bin) * e->lanes;
}

/* The ready of a cell: its only bin as it stands, or the sum of all in `sum`. */
static const double *ready_of(const paso_engine *e, const paso_prog_stage *s, int32_t cell,
                              double *sum) {
    const double *first = bin_row(e, e->ready, s, cell, 0);
    if (s->n_bins == 1) return first;
    paso_lanes_copy(sum, first, e->lanes);
    for (int32_t b = 1; b < s->n_bins; b++) {
        const double *bin = bin_row(e, e->ready, s, cell, b);
        paso_lanes_add(sum, bin, e->lanes);
    }
    return sum;
}

/* All of a stage are ready when its day begins. Cells in which no lane has anybody are left out of
 * all that follows, which for many corridors is a third of them; nobody goes from there. */
static void open_cells(paso_engine *e, const paso_prog_stage *s, const double *count) {
    size_t width = (size_t)s->n_bins * e->lanes;
    e->n_open = 0;
    for (int32_t cell = 0; cell < s->n_cells; cell++, count += width) {
        double *ready = bin_row(e, e->ready, s, cell, 0), some = 0;
#pragma omp simd reduction(+ : some)
        for (size_t i = 0; i < width; i++) {
            ready[i] = count[i];
            some += count[i] != 0 ? 1.0 : 0.0;
        }
        if (some > 0) e->open[e->n_open++] = cell;
        for (int32_t j = 0; j < s->n_exits && some == 0; j++)
            paso_lanes_zero(paso_row(e, e->program->exit.items[s->first_exit + j].flow + cell),
                            e->lanes);
    }
}

/* ---- where people go
 * ----------------------------------------------------------------------------- */

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
        paso_draw draw = {paso_engine_key(e, x->hash, PASO_DRAW_ACROSS, cell, k),
                          x - e->program->exit.items, first + k};
        fan_chances(e, paso_row(e, pair[2 * k + 1]), k, chance);
        paso_engine_binomial(e, &draw, left, chance, taken);
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
    const double *came = bin_row(e, e->came, s, cell, bin);
    double *ready = bin_row(e, e->ready, s, cell, bin);
    double *count = s->junction ? NULL : bin_row(e, paso_row(e, s->count), s, cell, bin);
    paso_lanes_add(flow, came, e->lanes);
    if (of_ready) paso_lanes_take(ready, came, e->lanes);
    if (count) paso_lanes_take(count, came, e->lanes);
}

static paso_status send(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                        int32_t first_bin, bool of_ready) {
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

/* ---- dealing a cell's count over its bins
 * ---------------------------------------------------------- */

static paso_status deal_lane(paso_engine *e, const paso_prog_stage *s, const double *from, double k,
                             double u, double *to, size_t l) {
    double *w = e->item;
    for (int32_t b = 0; b < s->n_bins; b++) w[b] = from[(size_t)b * e->lanes + l];
    if (paso_engine_deal(e, k, u, w, w, (size_t)s->n_bins, 1) != 0) return PASO_ERR_MODEL;
    for (int32_t b = 0; b < s->n_bins; b++) to[(size_t)b * e->lanes + l] = w[b];
    return PASO_OK;
}

/* `whole` is the sum of `from` over the bins; where all of it goes no draw is needed. */
static paso_status deal_bins(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                             int32_t cell, const double *from, const double *whole,
                             const double *count, double *to) {
    double some = 0, *u = e->lane[5];
    size_t n = (size_t)s->n_bins;
#pragma omp simd reduction(+ : some)
    for (size_t l = 0; l < e->lanes; l++)
        some += ((count[l] > 0) & (count[l] < whole[l])) ? 1.0 : 0.0;
    for (size_t at = 0; at < n * e->lanes; at += e->lanes) {
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) to[at + l] = count[l] > 0 ? from[at + l] : 0;
    }
    if (some == 0) return PASO_OK;
    paso_key key = paso_engine_key(e, x->hash, PASO_DRAW_BINS, cell, 0);
    paso_uniform_lanes(&key, e->member, e->lanes, u);
    if (!e->quick && paso_deal_lanes(count, u, from, whole, to, n, e->lanes, e->lanes) == 0)
        return PASO_OK;
    for (size_t l = 0; l < e->lanes; l++)
        if (count[l] > 0 && count[l] < whole[l] && deal_lane(e, s, from, count[l], u[l], to, l))
            return paso_engine_fail(e, PASO_FAULT_TOO_MANY, x->name, cell, l);
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
    paso_lanes_zero(sum, e->lanes);
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (!x->hazard) continue;
        const double *rate = paso_operand_row(e, x->rate, cell);
        paso_status status = paso_engine_check_rate(e, rate, present, x->name, cell);
        if (status) return status;
        double *hazard = e->hazard + (size_t)j * e->lanes;
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) hazard[l] = present[l] > 0 ? rate[l] : 0;
        paso_lanes_add(sum, hazard, e->lanes);
    }
    double *suffix = e->lane[1], *rise = e->lane[2];
#pragma omp simd
    for (size_t l = 0; l < e->lanes; l++) rise[l] = paso_stay_and_rise(sum[l], &suffix[l]);
    for (int32_t j = s->n_exits - 1; j >= 0; j--) {
        double *p = e->hazard + (size_t)j * e->lanes;
        if (!e->program->exit.items[s->first_exit + j].hazard) continue;
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) {
            double part = p[l] / sum[l] * rise[l], chance = sum[l] > 0 ? part : 0;
            double all = chance + suffix[l], share = chance / all;
            suffix[l] = all;
            share = chance < all ? share : 1;
            p[l] = chance > 0 ? share : 0;
        }
    }
    return PASO_OK;
}

static paso_draw exit_draw(const paso_engine *e, const paso_prog_exit *x, int32_t cell) {
    return (paso_draw){paso_engine_key(e, x->hash, PASO_DRAW_EXIT, cell, 0),
                       x - e->program->exit.items, cell};
}

/* Draws every hazard exit of a cell; amounts stand in the exits' flow rows until they are cut. */
static void draw_hazards(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                         const double *present) {
    double *left = e->lane[2];
    paso_lanes_copy(left, present, e->lanes);
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (!x->hazard) continue;
        double *drawn = paso_row(e, x->flow + cell);
        paso_draw draw = exit_draw(e, x, cell);
        paso_engine_binomial(e, &draw, left, e->hazard + (size_t)j * e->lanes, drawn);
        paso_lanes_take(left, drawn, e->lanes);
    }
}

static paso_status hazards_of_cell(paso_engine *e, const paso_prog_stage *s, int32_t cell) {
    const double *present = ready_of(e, s, cell, e->lane[3]);
    if (paso_lanes_any(present, e->lanes)) {
        paso_status status = hazard_chances(e, s, cell, present);
        if (status) return status;
        draw_hazards(e, s, cell, present);
        return PASO_OK;
    }
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (x->hazard) paso_lanes_zero(paso_row(e, x->flow + cell), e->lanes);
    }
    return PASO_OK;
}

/* The drawn of one exit by bins into `came`, taken from the ready. */
static paso_status spread_drawn(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                                int32_t cell) {
    const double *drawn = paso_row(e, x->flow + cell);
    double *to = bin_row(e, e->came, s, cell, 0), *from = bin_row(e, e->ready, s, cell, 0);
    paso_status status = PASO_OK;
    if (s->n_bins > 1)
        status = deal_bins(e, s, x, cell, from, ready_of(e, s, cell, e->lane[3]), drawn, to);
    if (s->n_bins == 1) paso_lanes_copy(to, drawn, e->lanes);
    paso_lanes_take(from, to, (size_t)s->n_bins * e->lanes);
    return status;
}

static paso_status run_hazard(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x) {
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < e->n_open && !status; i++) status = spread_drawn(e, s, x, e->open[i]);
    if (!status && x->n_groups) status = paso_engine_limit(e, s, x);
    return status ? status : send(e, s, x, 0, false);
}

static paso_status run_hazards(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < e->n_open && !status; i++) status = hazards_of_cell(e, s, e->open[i]);
    for (int32_t j = 0; j < s->n_exits && !status; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (x->hazard) status = run_hazard(e, s, x);
    }
    return status;
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
    double *chance = e->lane[0], *moved = e->lane[1], bad = 0;
#pragma omp simd reduction(+ : bad)
    for (size_t l = 0; l < e->lanes; l++) {
        double share = paso_rise(s->steps / mean[l]);
        bad += ((present[l] > 0) & !(mean[l] >= 0)) ? 1.0 : 0.0;
        chance[l] = present[l] > 0 ? share : 0;
    }
    for (size_t l = 0; bad > 0 && l < e->lanes; l++)
        if (present[l] > 0 && !(mean[l] >= 0))
            return paso_engine_fail(e, mean[l] < 0 ? PASO_FAULT_NEGATIVE : PASO_FAULT_NOT_A_NUMBER,
                                    s->name, cell, l);
    for (int32_t b = s->steps - 1; b >= 0; b--) {
        double *ready = bin_row(e, e->ready, s, cell, b);
        double *count = bin_row(e, paso_row(e, s->count), s, cell, b);
        paso_draw draw = {paso_engine_key(e, s->hash, PASO_DRAW_STEP, cell, b),
                          s - e->program->stage.items, cell * s->steps + b};
        paso_engine_binomial(e, &draw, ready, chance, moved);
        paso_lanes_zero(ready, e->lanes);
        if (b == s->steps - 1) paso_lanes_copy(ready, moved, e->lanes);
        if (b == s->steps - 1) continue;
        paso_lanes_take(count, moved, e->lanes);
        paso_lanes_add(count + e->lanes, moved, e->lanes);
    }
    return PASO_OK;
}

static paso_status run_passage(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < e->n_open && !status; i++) {
        const double *present = ready_of(e, s, e->open[i], e->lane[3]);
        if (paso_lanes_any(present, e->lanes)) status = advance_cell(e, s, e->open[i], present);
    }
    return status;
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
    double bad = 0;
#pragma omp simd reduction(+ : bad)
    for (size_t l = 0; l < e->lanes; l++) {
        double share = whole[l] > 0 ? rate[l] : 0;
        bad += ((rate[l] >= 0) & (rate[l] <= 1)) ? 0.0 : 1.0;
        share = share < 0 ? 0 : share;
        p[l] = share > 1 ? 1 : share;
    }
    return bad == 0 ? PASO_OK : count_clipped(e, x, cell, whole, rate);
}

/* After a passage only the last step can be ready. */
static int32_t first_ready(const paso_prog_stage *s) {
    return s->steps > 0 ? s->n_bins - 1 : 0;
}

static paso_status share_of_cell(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                                 int32_t cell) {
    double *p = e->lane[0], *took = e->lane[4];
    double *from = bin_row(e, e->ready, s, cell, 0), *to = bin_row(e, e->came, s, cell, 0);
    const double *whole = ready_of(e, s, cell, e->lane[3]);
    size_t size = (size_t)s->n_bins * e->lanes, last = size - e->lanes;
    if (x->rest || !paso_lanes_any(whole, e->lanes)) {
        paso_lanes_copy(to, from, size);
        return PASO_OK;
    }
    paso_status status = clip_share(e, x, cell, whole, p);
    if (status) return status;
    paso_draw draw = exit_draw(e, x, cell);
    paso_engine_binomial(e, &draw, whole, p, took);
    if (s->age_width > 0) return deal_bins(e, s, x, cell, from, whole, took, to);
    paso_lanes_zero(to, last);
    paso_lanes_copy(to + last, took, e->lanes);
    return PASO_OK;
}

static paso_status run_shares(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t j = 0; j < s->n_exits && !status; j++) {
        const paso_prog_exit *x = &e->program->exit.items[s->first_exit + j];
        if (x->hazard) continue;
        for (int32_t i = 0; i < e->n_open && !status; i++)
            status = share_of_cell(e, s, x, e->open[i]);
        if (!status && x->n_groups) status = paso_engine_limit(e, s, x);
        if (!status) status = send(e, s, x, first_ready(s), true);
    }
    return status;
}

/* ---- entries, and the whole
 * -------------------------------------------------------------------------- */

static paso_status run_entries(paso_engine *e, const paso_prog_stage *s) {
    double *u = e->lane[0], *came = e->lane[1];
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        const double *rate = paso_operand_row(e, s->enters, cell);
        paso_status status = paso_engine_check_rate(e, rate, NULL, s->name, cell);
        if (status) return status;
        if (!paso_lanes_any(rate, e->lanes)) continue;
        paso_key key = paso_engine_key(e, s->hash, PASO_DRAW_ENTER, cell, 0);
        paso_uniform_lanes(&key, e->member, e->lanes, u);
        for (size_t l = 0; e->quick && l < e->lanes; l++) came[l] = rate[l];
        if (!e->quick) paso_poisson_lanes(rate, u, came, e->lanes);
        paso_lanes_add(paso_row(e, s->inbox + cell), came, e->lanes);
        paso_lanes_add(e->entered + (size_t)s->unit * e->lanes, came, e->lanes);
    }
    return PASO_OK;
}

PASO_CLONES_WHOLE paso_status paso_engine_stage(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    open_cells(e, s, paso_row(e, s->count));
    if (has_hazards(e, s)) status = run_hazards(e, s);
    if (!status && s->steps > 0) status = run_passage(e, s);
    if (!status) status = run_shares(e, s);
    if (!status && s->enters.row >= 0) status = run_entries(e, s);
    return status;
}

PASO_CLONES_WHOLE paso_status paso_engine_junction(paso_engine *e, const paso_prog_stage *s) {
    open_cells(e, s, paso_row(e, s->inbox));
    return run_shares(e, s);
}
