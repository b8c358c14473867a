/* What can change when some rows change: the program's own operations, rings, events and stages,
 * followed until nothing is added. The engine's draws are keyed by names, so rows that are not
 * reached keep their bits. Rules in docs/program.md. */
#include <stdlib.h>
#include <string.h>

#include "program/program.h"

typedef struct reach {
    const paso_program *p;
    bool *row;  /* [n_rows] reached */
    bool *here; /* [n_rows] reached at this place of a block: its temporary rows are used again */
    bool grown;
} reach;

static void add(reach *r, int32_t row, int32_t n) {
    for (int32_t i = row; row >= 0 && i < row + n; i++) {
        r->grown |= !r->row[i];
        r->row[i] = true;
    }
}

static int32_t row_of(const reach *r, int32_t row, int32_t map, int32_t i) {
    return row + (map == PASO_MAP_SAME ? i : map == PASO_MAP_ONE ? 0 : r->p->pool.items[map + i]);
}

static bool has(const reach *r, const bool *row, int32_t first, int32_t map, int32_t i) {
    return first >= 0 && row[row_of(r, first, map, i)];
}

static bool has_operand(const reach *r, paso_operand o, int32_t i) {
    return has(r, r->row, o.row, o.map, i);
}

/* ---- operations ---- */

static bool has_ring(const reach *r, int32_t index, int32_t i) {
    const paso_prog_ring *ring = &r->p->ring.items[index];
    return r->row[ring->row + i];
}

static bool op_cell(const reach *r, const paso_op *op, int32_t i) {
    bool any = false;
    if (op->code == PASO_OP_SHOCK || op->code == PASO_OP_NUMBER) return false;
    if (op->code == PASO_OP_LAG || op->code == PASO_OP_MEAN) return has_ring(r, op->aux, i);
    if (op->code != PASO_OP_PICK)
        return has(r, r->here, op->a, op->map_a, i) || has(r, r->here, op->b, op->map_b, i) ||
               has(r, r->here, op->c, op->map_c, i);
    for (int32_t k = 0; k < op->aux; k++)
        any |= r->here[op->a + r->p->pool.items[op->map_a + i * op->aux + k]];
    return any;
}

static void total_op(reach *r, const paso_op *op) {
    memset(r->here + op->dst, 0, (size_t)op->n * sizeof *r->here);
    for (int32_t i = 0; i < op->aux; i++)
        r->here[row_of(r, op->dst, op->map_b, i)] |= has(r, r->here, op->a, op->map_a, i);
}

static void run_block(reach *r, paso_block block) {
    memcpy(r->here, r->row, (size_t)r->p->n_rows * sizeof *r->here);
    for (int32_t k = block.first; k < block.first + block.n; k++) {
        const paso_op *op = &r->p->op.items[k];
        if (op->code == PASO_OP_TOTAL) total_op(r, op);
        for (int32_t i = 0; i < op->n && op->code != PASO_OP_TOTAL; i++)
            r->here[op->dst + i] = op_cell(r, op, i);
        for (int32_t i = 0; i < op->n; i++)
            if (r->here[op->dst + i]) add(r, op->dst + i, 1);
    }
}

/* ---- what the day does besides ---- */

static void run_ring(reach *r, const paso_prog_ring *ring) {
    for (int32_t i = 0; i < ring->n; i++)
        if (r->row[ring->source + i] || has_operand(r, ring->before, i))
            for (int32_t d = 0; d < ring->days; d++) add(r, ring->row + d * ring->n + i, 1);
}

static void run_event(reach *r, const paso_prog_event *e) {
    for (int32_t i = 0; i < e->n; i++) {
        bool any = has_operand(r, e->rate, i) || has_operand(r, e->size.value, i) ||
                   has_operand(r, e->size.sd, i) || has_operand(r, e->lasts.value, i) ||
                   has_operand(r, e->lasts.sd, i);
        if (any) add(r, e->row + i, 1), add(r, e->left + i, 1);
    }
}

/* Who is in a cell changes, and so who leaves it: at a junction only by the exits from this one on,
 * because those before it took their part first. */
static void add_cell(reach *r, const paso_prog_stage *s, int32_t cell, int32_t from) {
    if (!s->junction) add(r, s->count + cell * s->n_bins, s->n_bins), add(r, s->total + cell, 1);
    for (int32_t x = s->junction ? from : 0; x < s->n_exits; x++)
        add(r, r->p->exit.items[s->first_exit + x].flow + cell, 1);
}

/* The places under a limit are dealt over the cells of a group: one changes all. */
static void run_group(reach *r, const paso_prog_stage *s, int32_t index, int32_t group) {
    const paso_prog_exit *x = &r->p->exit.items[s->first_exit + index];
    const int32_t *of = &r->p->pool.items[x->group];
    bool any = has(r, r->row, x->limit, x->limit_map, group);
    for (int32_t i = 0; i < x->n_parts; i++)
        any |= has_operand(r, r->p->part.items[x->part + i].share, 0);
    for (int32_t cell = 0; cell < s->n_cells; cell++)
        any |= of[cell] == group && r->row[x->flow + cell];
    for (int32_t cell = 0; any && cell < s->n_cells; cell++)
        if (of[cell] == group) add_cell(r, s, cell, index);
}

static void run_destination(reach *r, const paso_prog_exit *x, int32_t cell) {
    const paso_prog_stage *to = &r->p->stage.items[x->to];
    const int32_t *pool = r->p->pool.items;
    if (x->fan < 0) {
        if (r->row[x->flow + cell]) add(r, to->inbox + pool[x->to_cell + cell], 1);
        return;
    }
    int32_t first = pool[x->fan + cell], last = pool[x->fan + cell + 1];
    bool any = r->row[x->flow + cell];
    for (int32_t k = first; k < last; k++) any |= r->row[pool[x->fan_pair + 2 * k + 1]];
    for (int32_t k = first; any && k < last; k++) add(r, to->inbox + pool[x->fan_pair + 2 * k], 1);
}

static void run_exit(reach *r, const paso_prog_stage *s, int32_t index) {
    const paso_prog_exit *x = &r->p->exit.items[s->first_exit + index];
    for (int32_t cell = 0; cell < s->n_cells; cell++)
        if (has_operand(r, x->rate, cell)) add_cell(r, s, cell, index);
    for (int32_t g = 0; g < x->n_groups; g++) run_group(r, s, index, g);
    for (int32_t cell = 0; x->to >= 0 && cell < s->n_cells; cell++) run_destination(r, x, cell);
}

static void run_stage(reach *r, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        bool any = r->row[s->inbox + cell] || has_operand(r, s->start, cell) ||
                   has_operand(r, s->mean, cell);
        if (has_operand(r, s->enters, cell)) any = true, add(r, s->inbox + cell, 1);
        if (any) add_cell(r, s, cell, 0);
    }
    for (int32_t x = 0; x < s->n_exits; x++) run_exit(r, s, x);
}

static void run_all(reach *r) {
    const paso_program *p = r->p;
    for (int b = 0; b < PASO_N_BLOCKS; b++) run_block(r, p->block[b]);
    for (size_t i = 0; i < p->ring.n; i++) run_ring(r, &p->ring.items[i]);
    for (size_t i = 0; i < p->event.n; i++) run_event(r, &p->event.items[i]);
    for (size_t i = 0; i < p->stage.n; i++) run_stage(r, &p->stage.items[i]);
}

paso_status paso_program_reach(const paso_program *program, bool *row) {
    reach r = {.p = program, .row = row};
    r.here = malloc((size_t)program->n_rows * sizeof *r.here);
    if (!r.here) return PASO_ERR_MEMORY;
    do {
        r.grown = false;
        run_all(&r);
    } while (r.grown);
    for (size_t i = 0; i < program->observable.n; i++)
        run_block(&r, program->observable.items[i].code);
    free(r.here);
    return PASO_OK;
}
