/* Stages and exits: their rows, where each cell's people go, and the rates that move them. */
#include <stdlib.h>
#include <string.h>

#include "program/compile_internal.h"
#include "random/random.h"

/* ---- cells of other stages ----------------------------------------------------------------------
 */

static int member_at(const paso_model *m, paso_shape shape, int cell, int position) {
    for (int i = shape.n - 1; i > position; i--) cell /= m->set[shape.set[i]].n_members;
    return cell % m->set[shape.set[position]].n_members;
}

int paso_shape_member(const paso_model *m, paso_shape shape, int cell, int set) {
    for (int i = 0; i < shape.n; i++)
        if (shape.set[i] == set) return member_at(m, shape, cell, i);
    for (int i = 0; i < shape.n; i++) {
        const paso_set *fine = &m->set[shape.set[i]];
        for (int k = 0; k < fine->n_maps; k++)
            if (fine->maps[k] == set) return fine->map[k][member_at(m, shape, cell, i)];
    }
    return -1;
}

/* Whether cell i of `a` agrees with cell j of `b` in every set of `a` that `b` can tell. */
static bool agrees(const paso_model *m, paso_shape a, int i, paso_shape b, int j) {
    for (int s = 0; s < a.n; s++) {
        int there = paso_shape_member(m, b, j, a.set[s]);
        if (there >= 0 && there != member_at(m, a, i, s)) return false;
    }
    return true;
}

/* The cell of a weight for one pair: its sets come from the destination, else from the source. */
static int weight_cell(const paso_model *m, paso_shape weight, paso_shape from, int i,
                       paso_shape to, int j) {
    int cell = 0;
    for (int s = 0; s < weight.n; s++) {
        int member = paso_shape_member(m, to, j, weight.set[s]);
        if (member < 0) member = paso_shape_member(m, from, i, weight.set[s]);
        if (member < 0) return -1;
        cell = cell * m->set[weight.set[s]].n_members + member;
    }
    return cell;
}

/* ---- declaration --------------------------------------------------------------------------------
 */

static int unit_number(const paso_unit *unit) {
    for (int i = 1; i < PASO_MAX_UNITS; i++)
        if (unit->power[i] > 0) return i;
    return 0;
}

static int bins_of(const paso_stage *stage) {
    if (stage->steps > 0) return stage->steps;
    return stage->age_width > 0 ? stage->age_keep : 1;
}

static void declare_exit(paso_compiler *c, const paso_exit *exit, int n_cells) {
    paso_prog_exit out = {.hazard = exit->kind == PASO_EXIT_HAZARD,
                          .rest = exit->rest,
                          .rate = {-1, PASO_MAP_SAME},
                          .to = exit->to,
                          .to_cell = -1,
                          .fan = -1,
                          .fan_pair = -1,
                          .limit = -1,
                          .group = -1};
    out.name = paso_compile_text(c, exit->dotted);
    out.hash = (int32_t)paso_name_hash(exit->dotted);
    out.flow = paso_compile_rows(c, n_cells);
    if (PASO_PUSH(&c->program->exit, out)) c->status = PASO_ERR_MEMORY;
}

static void declare_rows(paso_compiler *c, paso_prog_stage *out) {
    out->inbox = paso_compile_rows(c, out->n_cells);
    out->count = out->total = -1;
    if (out->junction) return;
    out->count = paso_compile_rows(c, (int64_t)out->n_cells * out->n_bins);
    out->total = out->n_bins == 1 ? out->count : paso_compile_rows(c, out->n_cells);
}

static void declare_stage(paso_compiler *c, const paso_stage *stage) {
    c->item = &stage->item;
    paso_operand none = {-1, PASO_MAP_SAME};
    paso_prog_stage out = {.unit = unit_number(&stage->item.unit),
                           .junction = stage->junction,
                           .n_cells = paso_shape_cells(c->model, stage->item.shape),
                           .n_bins = bins_of(stage),
                           .steps = stage->steps,
                           .age_width = stage->age_width,
                           .start = none,
                           .enters = none,
                           .mean = none,
                           .n_exits = stage->n_exits};
    out.name = paso_compile_text(c, stage->item.name);
    out.hash = (int32_t)paso_name_hash(stage->item.name);
    out.first_exit = (int32_t)c->program->exit.n;
    declare_rows(c, &out);
    for (int i = 0; i < stage->n_exits; i++) declare_exit(c, &stage->exit[i], out.n_cells);
    if (PASO_PUSH(&c->program->stage, out)) c->status = PASO_ERR_MEMORY;
}

void paso_declare_stages(paso_compiler *c) {
    const paso_model *m = c->model;
    for (int i = 0; i < m->n_stages; i++) declare_stage(c, &m->stage[i]);
    for (int i = 0; i < m->n_junctions; i++)
        if (PASO_PUSH(&c->program->junction, m->junction_order[i])) c->status = PASO_ERR_MEMORY;
}

/* ---- rates, limits, destinations
 * ----------------------------------------------------------------- */

static void compile_part(paso_compiler *c, const paso_order_part *part) {
    paso_shape single = {0};
    paso_prog_part out = {.kind = (int32_t)part->kind,
                          .share = paso_compile_kept(c, part->share, single)};
    if (PASO_PUSH(&c->program->part, out)) c->status = PASO_ERR_MEMORY;
}

static void compile_limit(paso_compiler *c, const paso_stage *stage, const paso_exit *exit,
                          paso_prog_exit *out) {
    paso_shape groups = exit->limit->shape, shape = stage->item.shape;
    int n = paso_shape_cells(c->model, shape);
    paso_operand limit = paso_compile_kept(c, exit->limit, groups);
    int *group = calloc((size_t)n, sizeof *group);
    if (!group || paso_shape_map(c->model, shape, groups, group) != 0) c->status = PASO_ERR_MEMORY;
    out->n_groups = paso_shape_cells(c->model, groups);
    out->limit = limit.row;
    out->limit_map = limit.map;
    if (group) out->group = paso_compile_pool(c, group, (size_t)n);
    out->part = (int32_t)c->program->part.n;
    out->n_parts = exit->n_order;
    for (int i = 0; i < exit->n_order; i++) compile_part(c, &exit->order[i]);
    free(group);
}

static void compile_to(paso_compiler *c, const paso_stage *stage, const paso_exit *exit,
                       paso_prog_exit *out) {
    int n = paso_shape_cells(c->model, stage->item.shape);
    int *cell = calloc((size_t)n, sizeof *cell);
    paso_shape to = c->model->stage[exit->to].item.shape;
    if (!cell || paso_shape_map(c->model, stage->item.shape, to, cell) != 0)
        c->status = PASO_ERR_MEMORY;
    if (cell) out->to_cell = paso_compile_pool(c, cell, (size_t)n);
    free(cell);
}

typedef struct fan {
    int *items;
    size_t n, cap;
} fan;

static void fan_of_cell(paso_compiler *c, const paso_stage *stage, const paso_exit *exit,
                        paso_operand weight, int i, fan *pairs) {
    const paso_model *m = c->model;
    paso_shape from = stage->item.shape, to = m->stage[exit->to].item.shape;
    int n_to = paso_shape_cells(m, to);
    for (int j = 0; j < n_to; j++) {
        if (!agrees(m, from, i, to, j) || !agrees(m, to, j, from, i)) continue;
        int cell = weight_cell(m, exit->across->shape, from, i, to, j);
        int row = weight.map == PASO_MAP_SAME ? weight.row + cell
                  : weight.map == PASO_MAP_ONE
                      ? weight.row
                      : weight.row + c->program->pool.items[weight.map + cell];
        if (PASO_PUSH(pairs, j) || PASO_PUSH(pairs, row)) c->status = PASO_ERR_MEMORY;
    }
}

/* Weights are copied even if they are a stage's own counts, because those move during the day. */
static paso_operand copied(paso_compiler *c, const paso_expr *expr) {
    paso_operand copy = {paso_compile_rows(c, paso_shape_cells(c->model, expr->shape)),
                         PASO_MAP_SAME};
    paso_compile_into(c, expr, copy.row, expr->shape);
    return copy;
}

static void compile_across(paso_compiler *c, const paso_stage *stage, const paso_exit *exit,
                           paso_prog_exit *out) {
    int n = paso_shape_cells(c->model, stage->item.shape);
    paso_operand weight = copied(c, exit->across);
    fan pairs = {0}, first = {0};
    for (int i = 0; i < n; i++) {
        if (PASO_PUSH(&first, (int)(pairs.n / 2))) c->status = PASO_ERR_MEMORY;
        fan_of_cell(c, stage, exit, weight, i, &pairs);
    }
    if (PASO_PUSH(&first, (int)(pairs.n / 2))) c->status = PASO_ERR_MEMORY;
    out->fan = paso_compile_pool(c, first.items, first.n);
    out->fan_pair = paso_compile_pool(c, pairs.items, pairs.n);
    free(pairs.items);
    free(first.items);
}

static void compile_exit(paso_compiler *c, const paso_stage *stage, const paso_exit *exit,
                         int index) {
    paso_prog_exit out = c->program->exit.items[index];
    if (!exit->rest) out.rate = paso_compile_kept(c, exit->rate, stage->item.shape);
    if (exit->limit) compile_limit(c, stage, exit, &out);
    if (exit->to >= 0 && exit->across) compile_across(c, stage, exit, &out);
    if (exit->to >= 0 && !exit->across) compile_to(c, stage, exit, &out);
    c->program->exit.items[index] = out;
}

static void compile_stage(paso_compiler *c, int index) {
    const paso_stage *stage = &c->model->stage[index];
    paso_prog_stage *out = &c->program->stage.items[index];
    c->item = &stage->item;
    c->block = PASO_BLOCK_START;
    out->start = paso_compile_kept(c, stage->start, stage->item.shape);
    c->block = PASO_BLOCK_DAY;
    out->enters = paso_compile_kept(c, stage->enters, stage->item.shape);
    out->mean = paso_compile_kept(c, stage->mean, stage->item.shape);
    for (int i = 0; i < stage->n_exits; i++)
        compile_exit(c, stage, &stage->exit[i], out->first_exit + i);
    c->n_temps = 0;
}

void paso_compile_stages(paso_compiler *c) {
    for (int i = 0; i < c->model->n_stages; i++) compile_stage(c, i);
}
