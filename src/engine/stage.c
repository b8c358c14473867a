/* A stage's day, from its opening counts (docs/program.md): hazards compete, passage makes ready,
 * shares take the ready in the written order, limits cut, all arrivals wait in inboxes. */
#include "engine/engine_internal.h"
#include "random/clones.h"

/* The ready of a cell: its only bin as it stands, or the sum of all in `sum`. */
static const double *ready_of(const paso_engine *e, const paso_prog_stage *s, int32_t cell,
                              double *sum) {
    const double *first = paso_bin_row(e, e->ready, s, cell, 0);
    if (s->n_bins == 1) return first;
    paso_lanes_copy(sum, first, e->lanes);
    for (int32_t b = 1; b < s->n_bins; b++) {
        const double *bin = paso_bin_row(e, e->ready, s, cell, b);
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
        double *ready = paso_bin_row(e, e->ready, s, cell, 0), some = 0;
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

/* ---- dealing a cell's count over its bins
 * ---------------------------------------------------------- */

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
    paso_engine_uniforms(e, &key, x - e->program->exit.items, u);
    size_t failed = paso_engine_deal(e, count, u, from, whole, to, n, e->lanes);
    return failed == e->lanes ? PASO_OK
                              : paso_engine_fail(e, PASO_FAULT_TOO_MANY, x->name, cell, failed);
}

/* ---- cells side by side ---- */

/* Open cells whose rows follow each other in scratch, so that few lanes fill long loops too. */
typedef struct batch {
    const int32_t *cell;
    int32_t n;
    size_t wide; /* lanes of all */
} batch;

static batch batch_at(const paso_engine *e, int32_t first) {
    int32_t n = e->n_open - first < e->beside ? e->n_open - first : e->beside;
    return (batch){e->open + first, n, (size_t)n * e->lanes};
}

/* The ready of each cell, side by side: in `all`, or where one cell's stand already. */
static const double *ready_of_batch(const paso_engine *e, const paso_prog_stage *s, const batch *g,
                                    double *all) {
    if (g->n == 1) return ready_of(e, s, g->cell[0], all);
    for (int32_t i = 0; i < g->n; i++) {
        double *to = all + (size_t)i * e->lanes;
        const double *one = ready_of(e, s, g->cell[i], to);
        if (one != to) paso_lanes_copy(to, one, e->lanes);
    }
    return all;
}

static paso_draw exit_draw(const paso_engine *e, const paso_prog_exit *x) {
    return (paso_draw){paso_engine_key(e, x->hash, PASO_DRAW_EXIT, 0, 0),
                       x - e->program->exit.items, 0, 1};
}

/* ---- hazards
 * -------------------------------------------------------------------------------------- */

static const paso_prog_exit *exit_of(const paso_engine *e, const paso_prog_stage *s, int32_t j) {
    return &e->program->exit.items[s->first_exit + j];
}

/* A lane without people has hazard 0, whatever its rate is, so that a rate that is not a number
 * there can neither end the run nor reach a draw. */
static paso_status read_hazards(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                                const double *present, double *hazard) {
    for (int32_t j = 0; j < s->n_exits; j++, hazard += e->wide) {
        const paso_prog_exit *x = exit_of(e, s, j);
        if (!x->hazard) continue;
        const double *rate = paso_operand_row(e, x->rate, cell);
        paso_status status = paso_engine_check_rate(e, rate, present, x->name, cell);
        if (status) return status;
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) hazard[l] = present[l] > 0 ? rate[l] : 0;
    }
    return PASO_OK;
}

/* Chances p_j = h_j / H * rise(H) into hazard[j]; suffix sums are worked out from the end. */
static void hazard_chances(paso_engine *e, const paso_prog_stage *s, size_t wide) {
    double *sum = e->lane[0], *suffix = e->lane[1], *rise = e->lane[2];
    paso_lanes_zero(sum, wide);
    for (int32_t j = 0; j < s->n_exits; j++)
        if (exit_of(e, s, j)->hazard) paso_lanes_add(sum, e->hazard + (size_t)j * e->wide, wide);
#pragma omp simd
    for (size_t l = 0; l < wide; l++) rise[l] = paso_stay_and_rise(sum[l], &suffix[l]);
    for (int32_t j = s->n_exits - 1; j >= 0; j--) {
        double *p = e->hazard + (size_t)j * e->wide;
        if (!exit_of(e, s, j)->hazard) continue;
#pragma omp simd
        for (size_t l = 0; l < wide; l++) {
            double part = p[l] / sum[l] * rise[l], chance = sum[l] > 0 ? part : 0;
            double all = chance + suffix[l], share = chance / all;
            suffix[l] = all;
            share = chance < all ? share : 1;
            p[l] = chance > 0 ? share : 0;
        }
    }
}

/* Draws every hazard exit; amounts stand in the exits' flow rows until they are cut. */
static void draw_hazards(paso_engine *e, const paso_prog_stage *s, const batch *g,
                         const double *present) {
    double *left = e->lane[2];
    paso_lanes_copy(left, present, g->wide);
    for (int32_t j = 0; j < s->n_exits; j++) {
        const paso_prog_exit *x = exit_of(e, s, j);
        if (!x->hazard) continue;
        double *flow = paso_row(e, x->flow + g->cell[0]), *drawn = g->n == 1 ? flow : e->lane[4];
        paso_draw draw = exit_draw(e, x);
        paso_engine_binomials(e, &draw, g->cell, g->n, left, e->hazard + (size_t)j * e->wide,
                              drawn);
        paso_lanes_take(left, drawn, g->wide);
        for (int32_t i = 0; g->n > 1 && i < g->n; i++)
            paso_lanes_copy(paso_row(e, x->flow + g->cell[i]), drawn + (size_t)i * e->lanes,
                            e->lanes);
    }
}

static paso_status hazards_of_batch(paso_engine *e, const paso_prog_stage *s, const batch *g) {
    const double *present = ready_of_batch(e, s, g, e->lane[3]);
    for (int32_t i = 0; i < g->n; i++) {
        size_t at = (size_t)i * e->lanes;
        paso_status status = read_hazards(e, s, g->cell[i], present + at, e->hazard + at);
        if (status) return status;
    }
    hazard_chances(e, s, g->wide);
    draw_hazards(e, s, g, present);
    return PASO_OK;
}

/* The drawn of one exit by bins into `came`, taken from the ready. */
static paso_status spread_drawn(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                                int32_t cell) {
    const double *drawn = paso_row(e, x->flow + cell);
    double *to = paso_bin_row(e, e->came, s, cell, 0),
           *from = paso_bin_row(e, e->ready, s, cell, 0);
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
    return status ? status : paso_engine_send(e, s, x, 0, false);
}

static paso_status run_hazards(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < e->n_open && !status; i += e->beside) {
        batch g = batch_at(e, i);
        status = hazards_of_batch(e, s, &g);
    }
    for (int32_t j = 0; j < s->n_exits && !status; j++)
        if (exit_of(e, s, j)->hazard) status = run_hazard(e, s, exit_of(e, s, j));
    return status;
}

static bool has_hazards(const paso_engine *e, const paso_prog_stage *s) {
    for (int32_t j = 0; j < s->n_exits; j++)
        if (exit_of(e, s, j)->hazard) return true;
    return false;
}

/* ---- passage
 * ---------------------------------------------------------------------------------------- */

/* A mean may be infinite: then nobody gets through. */
static paso_status step_chance(paso_engine *e, const paso_prog_stage *s, int32_t cell,
                               const double *present, double *chance) {
    const double *mean = paso_operand_row(e, s->mean, cell);
    double bad = 0;
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
    return PASO_OK;
}

/* Those who moved on from a step; from the last one nobody moves, but is ready. */
static void move_on(paso_engine *e, const paso_prog_stage *s, int32_t cell, int32_t step,
                    const double *moved) {
    double *ready = paso_bin_row(e, e->ready, s, cell, step);
    double *count = paso_bin_row(e, paso_row(e, s->count), s, cell, step);
    if (step == s->steps - 1) {
        paso_lanes_copy(ready, moved, e->lanes);
        return;
    }
    paso_lanes_zero(ready, e->lanes);
    paso_lanes_take(count, moved, e->lanes);
    paso_lanes_add(count + e->lanes, moved, e->lanes);
}

static void advance(paso_engine *e, const paso_prog_stage *s, const batch *g,
                    const double *chance) {
    double *moved = e->lane[1];
    for (int32_t step = s->steps - 1; step >= 0; step--) {
        paso_draw draw = {paso_engine_key(e, s->hash, PASO_DRAW_STEP, 0, step),
                          s - e->program->stage.items, step, s->steps};
        const double *there = paso_bin_row(e, e->ready, s, g->cell[0], step);
        for (int32_t i = 0; g->n > 1 && i < g->n; i++)
            paso_lanes_copy(e->lane[2] + (size_t)i * e->lanes,
                            paso_bin_row(e, e->ready, s, g->cell[i], step), e->lanes);
        paso_engine_binomials(e, &draw, g->cell, g->n, g->n > 1 ? e->lane[2] : there, chance,
                              moved);
        for (int32_t i = 0; i < g->n; i++)
            move_on(e, s, g->cell[i], step, moved + (size_t)i * e->lanes);
    }
}

static paso_status run_passage(paso_engine *e, const paso_prog_stage *s) {
    double *chance = e->lane[0];
    for (int32_t first = 0; first < e->n_open; first += e->beside) {
        batch g = batch_at(e, first);
        const double *present = ready_of_batch(e, s, &g, e->lane[3]);
        for (int32_t i = 0; i < g.n; i++) {
            size_t at = (size_t)i * e->lanes;
            paso_status status = step_chance(e, s, g.cell[i], present + at, chance + at);
            if (status) return status;
        }
        advance(e, s, &g, chance);
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

static paso_status deal_share(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x,
                              int32_t cell, const double *whole, const double *took) {
    double *from = paso_bin_row(e, e->ready, s, cell, 0),
           *to = paso_bin_row(e, e->came, s, cell, 0);
    size_t last = (size_t)(s->n_bins - 1) * e->lanes;
    if (s->age_width > 0) return deal_bins(e, s, x, cell, from, whole, took, to);
    paso_lanes_zero(to, last);
    paso_lanes_copy(to + last, took, e->lanes);
    return PASO_OK;
}

static paso_status shares_of_batch(paso_engine *e, const paso_prog_stage *s,
                                   const paso_prog_exit *x, const batch *g) {
    double *p = e->lane[0], *took = e->lane[4];
    const double *whole = ready_of_batch(e, s, g, e->lane[3]);
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < g->n && !status; i++) {
        size_t at = (size_t)i * e->lanes;
        status = clip_share(e, x, g->cell[i], whole + at, p + at);
    }
    if (status) return status;
    paso_draw draw = exit_draw(e, x);
    paso_engine_binomials(e, &draw, g->cell, g->n, whole, p, took);
    for (int32_t i = 0; i < g->n && !status; i++) {
        size_t at = (size_t)i * e->lanes;
        status = deal_share(e, s, x, g->cell[i], whole + at, took + at);
    }
    return status;
}

static paso_status share(paso_engine *e, const paso_prog_stage *s, const paso_prog_exit *x) {
    paso_status status = PASO_OK;
    for (int32_t i = 0; i < e->n_open && !status; i += e->beside) {
        batch g = batch_at(e, i);
        status = shares_of_batch(e, s, x, &g);
    }
    return status;
}

/* All who are still there. */
static void take_rest(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t i = 0; i < e->n_open; i++)
        paso_lanes_copy(paso_bin_row(e, e->came, s, e->open[i], 0),
                        paso_bin_row(e, e->ready, s, e->open[i], 0), (size_t)s->n_bins * e->lanes);
}

static paso_status run_shares(paso_engine *e, const paso_prog_stage *s) {
    paso_status status = PASO_OK;
    for (int32_t j = 0; j < s->n_exits && !status; j++) {
        const paso_prog_exit *x = exit_of(e, s, j);
        if (x->hazard) continue;
        if (x->rest)
            take_rest(e, s);
        else
            status = share(e, s, x);
        if (!status && x->n_groups) status = paso_engine_limit(e, s, x);
        if (!status) status = paso_engine_send(e, s, x, first_ready(s), true);
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
