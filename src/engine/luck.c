/* Draws of some members, kept between their runs under several schedules: see paso_luck in
 * engine.h. Every draw that is made often has a site, and a table says where the draw of a site
 * and a day stands; what policies draw differently is simply drawn. */
#include <stdlib.h>

#include "engine/engine_internal.h"

/* ---- sites ---- */

static int32_t *new_sites(paso_luck *k, paso_purpose purpose, size_t n_items) {
    return k->first[purpose] = calloc(n_items + 1, sizeof(int32_t));
}

static bool exit_sites(paso_luck *k) {
    const paso_program *p = k->program;
    int32_t *leave = new_sites(k, PASO_DRAW_EXIT, p->exit.n);
    int32_t *bins = new_sites(k, PASO_DRAW_BINS, p->exit.n);
    int32_t *across = new_sites(k, PASO_DRAW_ACROSS, p->exit.n);
    if (!leave || !bins || !across) return false;
    for (size_t i = 0; i < p->stage.n; i++) {
        const paso_prog_stage *s = &p->stage.items[i];
        for (int32_t j = s->first_exit; j < s->first_exit + s->n_exits; j++) {
            const paso_prog_exit *x = &p->exit.items[j];
            leave[j] = (int32_t)k->n_sites;
            bins[j] = leave[j] + s->n_cells;
            across[j] = bins[j] + (s->n_bins > 1 || s->age_width > 0 ? s->n_cells : 0);
            k->n_sites = (size_t)across[j];
            if (x->fan >= 0) k->n_sites += (size_t)p->pool.items[x->fan + s->n_cells];
        }
    }
    return true;
}

static bool step_sites(paso_luck *k) {
    const paso_program *p = k->program;
    int32_t *step = new_sites(k, PASO_DRAW_STEP, p->stage.n);
    for (size_t i = 0; step && i < p->stage.n; i++) {
        step[i] = (int32_t)k->n_sites;
        k->n_sites += (size_t)p->stage.items[i].n_cells * (size_t)p->stage.items[i].steps;
    }
    return step;
}

static bool shock_sites(paso_luck *k) {
    const paso_program *p = k->program;
    int32_t *shock = new_sites(k, PASO_DRAW_SHOCK, p->shock.n);
    for (size_t i = 0; shock && i < p->shock.n; i++) {
        int32_t n = 0;
        shock[i] = (int32_t)k->n_sites;
        for (size_t j = 0; j < p->op.n; j++) {
            const paso_op *op = &p->op.items[j];
            if (op->code == PASO_OP_SHOCK && op->aux == (int32_t)i && op->n > n) n = op->n;
        }
        k->n_sites += (size_t)n;
    }
    if (shock) shock[p->shock.n] = (int32_t)k->n_sites;
    return shock;
}

/* ---- making ---- */

static size_t bytes_of_draw(const paso_luck *k) {
    return 2 * k->lanes * sizeof(double);
}

paso_luck *paso_luck_create(const paso_program *program, size_t n_lanes, int32_t from,
                            int32_t until, size_t bytes) {
    paso_luck *k = calloc(1, sizeof *k);
    if (!k) return NULL;
    *k = (paso_luck){.program = program, .lanes = n_lanes, .from = from, .until = until};
    k->n_days = until > from ? (size_t)(until - from) : 0;
    if (exit_sites(k) && step_sites(k) && shock_sites(k))
        k->at = calloc(k->n_days * k->n_sites + 1, sizeof *k->at);
    size_t table = k->n_days * k->n_sites * sizeof *k->at;
    k->most = bytes > table ? (bytes - table) / bytes_of_draw(k) : 0;
    /* At once, because a browser takes long over each of many small steps of its memory. */
    k->drawn = malloc(k->most * bytes_of_draw(k) + 1);
    if (k->at && k->drawn) return k;
    paso_luck_free(k);
    return NULL;
}

void paso_luck_free(paso_luck *k) {
    if (!k) return;
    for (size_t i = 0; i < sizeof k->first / sizeof *k->first; i++) free(k->first[i]);
    free(k->drawn);
    free(k->at);
    free(k);
}

paso_status paso_engine_luck(paso_engine *e, paso_luck *luck) {
    if (luck && (luck->program != e->program || luck->lanes != e->lanes)) return PASO_ERR_USAGE;
    e->luck = luck;
    return PASO_OK;
}

/* ---- keeping ---- */

bool paso_engine_keeps(const paso_engine *e) {
    return e->luck && e->today >= e->luck->from && e->today < e->luck->until;
}

/* The number of today's draw at a site, 0 where there is none yet; NULL: never. */
static uint32_t *number_of(const paso_luck *k, int32_t today, paso_purpose purpose, ptrdiff_t item,
                           int32_t site) {
    int32_t at_site = k->first[purpose][item] + site;
    if (purpose == PASO_DRAW_SHOCK && at_site >= k->first[purpose][item + 1])
        return NULL; /* of a policy's formula */
    return &k->at[(size_t)(today - k->from) * k->n_sites + (size_t)at_site];
}

static double *drawn_at(const paso_luck *k, uint32_t number) {
    return k->drawn + (number - 1) * 2 * k->lanes;
}

const double *paso_engine_known(const paso_engine *e, paso_purpose purpose, ptrdiff_t item,
                                int32_t site) {
    if (!paso_engine_keeps(e)) return NULL;
    const uint32_t *number = number_of(e->luck, e->today, purpose, item, site);
    return number && *number > 0 ? drawn_at(e->luck, *number) : NULL;
}

double *paso_engine_keep(paso_engine *e, paso_purpose purpose, ptrdiff_t item, int32_t site) {
    paso_luck *k = e->luck;
    if (!paso_engine_keeps(e)) return NULL;
    uint32_t *number = number_of(k, e->today, purpose, item, site);
    if (!number || k->n_drawn == k->most) return NULL;
    *number = (uint32_t)++k->n_drawn;
    return drawn_at(k, *number);
}
