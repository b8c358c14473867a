/* The day in order, the eve before the first one, and the state of a block of lanes. */
#include "engine/engine_internal.h"
#include "random/clones.h"

#include <stdlib.h>
#include <string.h>

/* ---- making -------------------------------------------------------------------------------------
 */

enum { WIDE = 64 }; /* lanes, of several cells where the block has fewer */

typedef struct sizes {
    size_t items, exits, fan, parts;
} sizes;

static void size_of_exit(const paso_program *p, const paso_prog_stage *s, const paso_prog_exit *x,
                         sizes *need) {
    const int32_t *pool = p->pool.items;
    if (x->n_groups > 0 && (size_t)x->n_parts > need->parts) need->parts = (size_t)x->n_parts;
    for (int32_t cell = 0; x->fan >= 0 && cell < s->n_cells; cell++) {
        size_t n = (size_t)(pool[x->fan + cell + 1] - pool[x->fan + cell]);
        if (n > need->fan) need->fan = n;
    }
}

static sizes sizes_of(const paso_program *p) {
    sizes need = {1, 1, 1, 1};
    for (size_t i = 0; i < p->stage.n; i++) {
        const paso_prog_stage *s = &p->stage.items[i];
        size_t items = (size_t)s->n_cells * (size_t)s->n_bins;
        if (items > need.items) need.items = items;
        if ((size_t)s->n_exits > need.exits) need.exits = (size_t)s->n_exits;
        for (int32_t j = 0; j < s->n_exits; j++)
            size_of_exit(p, s, &p->exit.items[s->first_exit + j], &need);
    }
    return need;
}

static double *rows_of(size_t n, size_t lanes, bool *failed) {
    double *rows = calloc(n * lanes + 1, sizeof *rows);
    if (!rows) *failed = true;
    return rows;
}

static bool make_scratch(paso_engine *e) {
    bool failed = false;
    sizes need = sizes_of(e->program);
    e->v = rows_of(e->n_rows, e->lanes, &failed);
    e->present = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->entered = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->left = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->ready = rows_of(need.items, e->lanes, &failed);
    e->came = rows_of(need.items, e->lanes, &failed);
    e->hazard = rows_of(need.exits, e->wide, &failed);
    e->fan = rows_of(need.fan + 1, e->lanes, &failed);
    for (int i = 0; i < PASO_SCRATCH; i++) e->lane[i] = rows_of(1, e->wide, &failed);
    e->part = rows_of(need.parts, e->lanes, &failed);
    e->item = rows_of(need.items, e->lanes, &failed);
    e->dealt = rows_of(need.items, e->lanes, &failed);
    e->open = calloc(need.items, sizeof *e->open);
    e->cell = calloc(need.items, sizeof *e->cell);
    e->member = calloc(e->lanes, sizeof *e->member);
    return !failed && e->open && e->cell && e->member;
}

paso_engine *paso_engine_create(const paso_program *program, const paso_schedule *schedule,
                                size_t n_lanes) {
    paso_engine *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->program = program;
    e->schedule = schedule;
    e->lanes = n_lanes;
    e->beside = n_lanes < WIDE ? (int32_t)(WIDE / n_lanes) : 1;
    e->wide = (size_t)e->beside * n_lanes;
    /* Room for the settings of any policy of this program that it may be rescheduled to. */
    e->n_rows = (size_t)(schedule->n_rows > program->n_rows ? schedule->n_rows : program->n_rows);
    if (make_scratch(e)) return e;
    paso_engine_free(e);
    return NULL;
}

void paso_engine_free(paso_engine *e) {
    if (!e) return;
    free(e->v);
    free(e->member);
    free(e->present);
    free(e->entered);
    free(e->left);
    free(e->ready);
    free(e->came);
    free(e->hazard);
    free(e->fan);
    for (int i = 0; i < PASO_SCRATCH; i++) free(e->lane[i]);
    free(e->part);
    free(e->item);
    free(e->dealt);
    free(e->open);
    free(e->cell);
    free(e);
}

/* ---- draws and faults
 * ----------------------------------------------------------------------------- */

paso_key paso_engine_key(const paso_engine *e, int32_t name, paso_purpose purpose, int32_t cell,
                         int32_t index) {
    return (paso_key){.seed = e->seed,
                      .name = (uint32_t)name,
                      .purpose = purpose,
                      .cell = (uint32_t)cell,
                      .index = (uint32_t)index,
                      .day = (uint32_t)(e->today - e->program->start + 1)};
}

/* paso_deal, or its mean in the skeleton. */
static int deal(const paso_engine *e, double k, double u, const double *w, double *out, size_t n,
                size_t stride) {
    if (!e->quick) return paso_deal(k, u, w, out, n, stride);
    double all = 0;
    for (size_t i = 0; i < n; i++) all += w[i * stride];
    for (size_t i = 0; i < n; i++) out[i * stride] = all > 0 ? w[i * stride] * (k / all) : 0;
    return 0;
}

size_t paso_engine_deal(const paso_engine *e, const double *k, const double *u, const double *w,
                        const double *total, double *out, size_t n, size_t stride) {
    if (!e->quick && paso_deal_lanes(k, u, w, total, out, n, stride, e->lanes) == 0)
        return e->lanes;
    for (size_t l = 0; l < e->lanes; l++)
        if (k[l] > 0 && k[l] < total[l] && deal(e, k[l], u[l], w + l, out + l, n, stride) != 0)
            return l;
    return e->lanes;
}

bool paso_engine_same(const paso_engine *e, double a, double b) {
    double off = a > b ? a - b : b - a, size = a > 0 ? a : -a;
    return e->quick ? off <= 1e-6 + 1e-9 * size : a == b;
}

paso_status paso_engine_fail(paso_engine *e, paso_fault_kind kind, int32_t name, int32_t cell,
                             size_t lane) {
    if (e->fault.kind == PASO_FAULT_NONE)
        e->fault = (paso_fault){kind, name, cell, e->today, e->member[lane]};
    return PASO_ERR_MODEL;
}

static PASO_CLONES bool all_good(const double *rate, size_t lanes) {
    double bad = 0;
#pragma omp simd reduction(+ : bad)
    for (size_t l = 0; l < lanes; l++)
        bad += (rate[l] >= 0 ? 0.0 : 1.0) + (rate[l] <= 1e300 ? 0.0 : 1.0);
    return bad == 0;
}

paso_status paso_engine_check_rate(paso_engine *e, const double *rate, const double *people,
                                   int32_t name, int32_t cell) {
    if (all_good(rate, e->lanes)) return PASO_OK;
    for (size_t l = 0; l < e->lanes; l++) {
        if ((people && !(people[l] > 0)) || (rate[l] >= 0 && rate[l] <= 1e300)) continue;
        return paso_engine_fail(e, rate[l] < 0 ? PASO_FAULT_NEGATIVE : PASO_FAULT_NOT_A_NUMBER,
                                name, cell, l);
    }
    return PASO_OK;
}

const char *paso_fault_text(paso_fault_kind kind) {
    switch (kind) {
    case PASO_FAULT_NONE:
        return "no fault";
    case PASO_FAULT_NOT_A_NUMBER:
        return "is not a finite number";
    case PASO_FAULT_NEGATIVE:
        return "is below zero";
    case PASO_FAULT_NO_WEIGHT:
        return "has people to deal but all weights are 0";
    case PASO_FAULT_CONSERVATION:
        return "lost or made counts, or passed its limit";
    case PASO_FAULT_CLIPPED:
        return "is a share outside 0 to 1";
    case PASO_FAULT_TOO_MANY:
        return "deals more than 2^63";
    }
    return "unknown fault";
}

/* ---- the day ---- */

static void clear_inboxes(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        memset(paso_row(e, s->inbox), 0, (size_t)s->n_cells * e->lanes * sizeof(double));
    }
    memset(e->entered, 0, PASO_COUNTING_UNITS * e->lanes * sizeof *e->entered);
    memset(e->left, 0, PASO_COUNTING_UNITS * e->lanes * sizeof *e->left);
}

static paso_status check_signals(paso_engine *e) {
    for (size_t i = 0; i < e->program->signal.n; i++) {
        const paso_prog_signal *s = &e->program->signal.items[i];
        for (int32_t k = 0; k < s->n; k++) {
            const double *v = paso_row(e, s->row + k);
            double bad = 0;
#pragma omp simd reduction(+ : bad)
            for (size_t l = 0; l < e->lanes; l++) bad += v[l] - v[l];
            for (size_t l = 0; bad != 0 && l < e->lanes; l++)
                if (!(v[l] - v[l] == 0))
                    return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, s->name, k, l);
        }
    }
    return PASO_OK;
}

static paso_status run_stages(paso_engine *e) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < e->program->stage.n && !status; i++)
        if (!e->program->stage.items[i].junction)
            status = paso_engine_stage(e, &e->program->stage.items[i]);
    return status;
}

static paso_status run_junctions(paso_engine *e) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < e->program->junction.n && !status; i++)
        status = paso_engine_junction(e, &e->program->stage.items[e->program->junction.items[i]]);
    return status;
}

/* One day, in the order that docs/language.md promises. */
paso_status paso_engine_day(paso_engine *e) {
    paso_status status;
    paso_engine_set_levers(e);
    paso_engine_set_data(e);
    clear_inboxes(e);
    if ((status = paso_engine_events(e))) return status;
    paso_engine_block(e, PASO_BLOCK_DAY);
    if ((status = check_signals(e))) return status;
    if ((status = run_stages(e))) return status;
    if ((status = run_junctions(e))) return status;
    if ((status = paso_engine_close(e))) return status;
    e->today++;
    return PASO_OK;
}
