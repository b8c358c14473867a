/* Expressions to operations. An expression without operation (a name, a pick of members) costs
 * nothing: it is a view of rows that exist. Everything else is one operation over its own cells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/compile_internal.h"

static const int opcode_of_binary[] = {
    [PASO_ADD] = PASO_OP_ADD, [PASO_SUB] = PASO_OP_SUB, [PASO_MUL] = PASO_OP_MUL,
    [PASO_DIV] = PASO_OP_DIV, [PASO_POW] = PASO_OP_POW, [PASO_LT] = PASO_OP_LT,
    [PASO_LE] = PASO_OP_LE,   [PASO_GT] = PASO_OP_GT,   [PASO_GE] = PASO_OP_GE,
    [PASO_EQ] = PASO_OP_EQ,   [PASO_NE] = PASO_OP_NE};

static const int opcode_of_function[] = {
    [PASO_FN_EXP] = PASO_OP_EXP,           [PASO_FN_LN] = PASO_OP_LN,
    [PASO_FN_SQRT] = PASO_OP_SQRT,         [PASO_FN_ABS] = PASO_OP_ABS,
    [PASO_FN_LOGISTIC] = PASO_OP_LOGISTIC, [PASO_FN_MIN] = PASO_OP_MIN,
    [PASO_FN_MAX] = PASO_OP_MAX,           [PASO_FN_IF] = PASO_OP_IF,
    [PASO_FN_RATIO] = PASO_OP_RATIO,       [PASO_FN_TOWARD] = PASO_OP_TOWARD,
    [PASO_FN_LAG] = PASO_OP_LAG,           [PASO_FN_MEAN] = PASO_OP_MEAN};

static paso_value rows_value(int32_t row, paso_shape shape, paso_class class) {
    return (paso_value){.row = row, .view = PASO_MAP_SAME, .shape = shape, .class = class};
}

static const paso_shape single = {0};

static int n_cells(const paso_compiler *c, paso_shape shape) {
    return paso_shape_cells(c->model, shape);
}

/* Rows for a result of this class: what is recomputed daily may share temporary rows. */
static int32_t result_rows(paso_compiler *c, paso_class class, int n) {
    if (class != PASO_CLASS_NOW || c->schedule) return paso_compile_rows(c, n);
    int32_t row = c->n_temps | PASO_TEMP_BIT;
    if (!paso_compile_fits(c, (int64_t)c->n_temps + n)) return 0;
    c->n_temps += n;
    if (c->n_temps > c->max_temps) {
        c->max_temps = c->n_temps;
        c->widest = c->item;
    }
    return row;
}

/* ---- views ---------------------------------------------------------------------------------- */

static bool is_identity(const int *map, int n) {
    for (int i = 0; i < n; i++)
        if (map[i] != i) return false;
    return true;
}

static bool is_constant(const int *map, int n) {
    for (int i = 1; i < n; i++)
        if (map[i] != map[0]) return false;
    return true;
}

static paso_operand operand_of_map(paso_compiler *c, int32_t row, const int *map, int n) {
    if (is_identity(map, n)) return (paso_operand){row, PASO_MAP_SAME};
    if (is_constant(map, n)) return (paso_operand){row + map[0], PASO_MAP_ONE};
    return (paso_operand){row, paso_compile_pool(c, map, (size_t)n)};
}

static int through_view(const paso_compiler *c, int32_t view, int i) {
    if (view == PASO_MAP_SAME) return i;
    if (view == PASO_MAP_ONE) return 0;
    return c->schedule ? c->schedule->pool.items[view + i] : c->program->pool.items[view + i];
}

paso_operand paso_compile_read(paso_compiler *c, paso_value value, paso_shape fine) {
    paso_operand operand = {value.row, PASO_MAP_ONE};
    int n = n_cells(c, fine);
    int *map = calloc((size_t)n, sizeof *map);
    if (!map) {
        c->status = PASO_ERR_MEMORY;
        goto out;
    }
    if (paso_shape_map(c->model, fine, value.shape, map) != 0) paso_compile_fail(c, PASO_ERR_INPUT);
    for (int i = 0; i < n; i++) map[i] = through_view(c, value.view, map[i]);
    operand = operand_of_map(c, value.row, map, n);
out:
    free(map);
    return operand;
}

/* ---- operations ----------------------------------------------------------------------------- */

static paso_class class_max(paso_class a, paso_class b) {
    return a > b ? a : b;
}

static paso_value emit_op(paso_compiler *c, int code, paso_shape shape, const paso_value *arg,
                          int n_args, int aux) {
    paso_class class = PASO_CLASS_FIXED;
    paso_operand read[3] = {{-1, PASO_MAP_SAME}, {-1, PASO_MAP_SAME}, {-1, PASO_MAP_SAME}};
    for (int i = 0; i < n_args; i++) {
        class = class_max(class, arg[i].class);
        read[i] = paso_compile_read(c, arg[i], shape);
    }
    int n = n_cells(c, shape);
    paso_op op = paso_compile_op(code, n, result_rows(c, class, n));
    op.aux = aux;
    op.a = read[0].row, op.map_a = read[0].map;
    op.b = read[1].row, op.map_b = read[1].map;
    op.c = read[2].row, op.map_c = read[2].map;
    paso_compile_emit(c, class, op);
    return rows_value(op.dst, shape, class);
}

/* min and max take any number of arguments: the operations take two. */
static paso_value compile_fold(paso_compiler *c, const paso_expr *e) {
    paso_value value = paso_compile_expr(c, e->arg[0]);
    for (int i = 1; i < e->n_args; i++) {
        paso_value pair[2] = {value, paso_compile_expr(c, e->arg[i])};
        value = emit_op(c, opcode_of_function[e->fn], e->shape, pair, 2, 0);
    }
    return value;
}

static paso_value compile_toward(paso_compiler *c, const paso_expr *e) {
    paso_shape shape = c->signal->item.shape;
    paso_value arg[3] = {rows_value(c->signal_row, shape, PASO_CLASS_NOW),
                         paso_compile_expr(c, e->arg[0]), paso_compile_expr(c, e->arg[1])};
    return emit_op(c, PASO_OP_TOWARD, shape, arg, 3, 0);
}

/* The source of a ring is worked out at the close, wherever the ring is read. */
static int32_t compile_ring_source(paso_compiler *c, const paso_expr *source) {
    int n = n_cells(c, source->shape), block = c->block;
    int32_t row = paso_compile_rows(c, n), temps = c->n_temps;
    c->block = PASO_BLOCK_CLOSE;
    paso_compile_into(c, source, row, source->shape);
    c->block = block;
    c->n_temps = temps;
    return row;
}

static paso_operand compile_ring_before(paso_compiler *c, const paso_expr *before,
                                        paso_shape shape) {
    int block = c->block;
    c->block = PASO_BLOCK_START;
    paso_value value = paso_compile_keep(c, paso_compile_expr(c, before));
    c->block = block;
    return paso_compile_read(c, value, shape);
}

static paso_value compile_ring(paso_compiler *c, const paso_expr *e) {
    bool late = e->fn == PASO_FN_LAG && c->block >= PASO_BLOCK_CLOSE;
    paso_prog_ring ring = {.n = n_cells(c, e->shape), .days = e->days + late, .late = late};
    ring.row = paso_compile_rows(c, (int64_t)ring.n * ring.days);
    ring.source = compile_ring_source(c, e->arg[0]);
    ring.before = compile_ring_before(c, e->arg[2], e->shape);
    int index = (int)c->program->ring.n;
    if (PASO_PUSH(&c->program->ring, ring)) c->status = PASO_ERR_MEMORY;
    paso_value now = rows_value(ring.row, single, PASO_CLASS_NOW);
    paso_value value = emit_op(c, opcode_of_function[e->fn], e->shape, &now, 1, index);
    return value;
}

/* The bins from one on, added up cell by cell. */
static paso_value compile_older(paso_compiler *c, const paso_expr *e) {
    const paso_prog_stage *stage = &c->program->stage.items[e->arg[0]->index];
    int first = e->days / stage->age_width, n_old = stage->n_bins - first, n = stage->n_cells;
    int *bins = calloc((size_t)2 * (size_t)n * (size_t)n_old, sizeof *bins),
        *cells = bins + n * n_old;
    paso_op op = paso_compile_op(PASO_OP_TOTAL, n, result_rows(c, PASO_CLASS_NOW, n));
    if (!bins) c->status = PASO_ERR_MEMORY;
    if (c->status) goto out;
    for (int i = 0; i < n * n_old; i++) {
        bins[i] = i / n_old * stage->n_bins + first + i % n_old;
        cells[i] = i / n_old;
    }
    op.a = stage->count, op.map_a = paso_compile_pool(c, bins, (size_t)n * (size_t)n_old);
    op.b = 0, op.map_b = paso_compile_pool(c, cells, (size_t)n * (size_t)n_old);
    op.aux = n * n_old;
    paso_compile_emit(c, PASO_CLASS_NOW, op);
out:
    free(bins);
    return rows_value(op.dst, e->shape, PASO_CLASS_NOW);
}

static paso_value compile_call(paso_compiler *c, const paso_expr *e) {
    paso_value arg[3];
    if (e->fn == PASO_FN_MIN || e->fn == PASO_FN_MAX) return compile_fold(c, e);
    if (e->fn == PASO_FN_TOWARD) return compile_toward(c, e);
    if (e->fn == PASO_FN_LAG || e->fn == PASO_FN_MEAN) return compile_ring(c, e);
    if (e->fn == PASO_FN_OLDER) return compile_older(c, e);
    for (int i = 0; i < e->n_args && i < 3; i++) arg[i] = paso_compile_expr(c, e->arg[i]);
    return emit_op(c, opcode_of_function[e->fn], e->shape, arg, e->n_args, 0);
}

static paso_value compile_binary(paso_compiler *c, const paso_expr *e) {
    paso_value arg[2] = {paso_compile_expr(c, e->arg[0]), paso_compile_expr(c, e->arg[1])};
    return emit_op(c, opcode_of_binary[e->op], e->shape, arg, 2, 0);
}

static paso_value compile_total(paso_compiler *c, const paso_expr *e) {
    paso_value arg = paso_compile_expr(c, e->arg[0]);
    paso_operand read = paso_compile_read(c, arg, arg.shape);
    paso_value dummy = {.row = 0, .view = PASO_MAP_SAME, .shape = e->shape};
    paso_operand into = paso_compile_read(c, dummy, arg.shape);
    int n = n_cells(c, e->shape);
    paso_op op = paso_compile_op(PASO_OP_TOTAL, n, result_rows(c, arg.class, n));
    op.a = read.row, op.map_a = read.map;
    op.b = into.row, op.map_b = into.map;
    op.aux = n_cells(c, arg.shape);
    paso_compile_emit(c, arg.class, op);
    return rows_value(op.dst, e->shape, arg.class);
}

/* ---- picks ---------------------------------------------------------------------------------- */

static int set_of_pick(const paso_compiler *c, const paso_expr *e, int k, paso_shape shape) {
    for (int i = 0; i < shape.n; i++) {
        const paso_set *set = &c->model->set[shape.set[i]];
        if (e->member[k] < 0 && shape.set[i] < 2) return shape.set[i];
        if (e->member[k] >= 0 && e->member[k] < set->n_members &&
            strcmp(set->member[e->member[k]], e->picks[k]) == 0)
            return shape.set[i];
    }
    return -1;
}

/* The member that the picks give for a set; -1 none of them, -2 today's. */
static int picked_member(const paso_compiler *c, const paso_expr *e, paso_shape shape, int set) {
    for (int k = 0; k < e->n_picks; k++)
        if (set_of_pick(c, e, k, shape) == set) return e->member[k] < 0 ? -2 : e->member[k];
    return -1;
}

/* Cell of `shape` that result cell i reads when today's set stands at `today`. */
static int picked_cell(const paso_compiler *c, const paso_expr *e, paso_shape shape, int i,
                       int today) {
    int cell = 0;
    for (int s = 0; s < shape.n; s++) {
        int member = picked_member(c, e, shape, shape.set[s]);
        if (member == -2) member = today;
        if (member == -1) member = paso_shape_member(c->model, e->shape, i, shape.set[s]);
        cell = cell * c->model->set[shape.set[s]].n_members + member;
    }
    return cell;
}

static int today_set(const paso_compiler *c, const paso_expr *e, paso_shape shape) {
    for (int s = 0; s < shape.n; s++)
        if (picked_member(c, e, shape, shape.set[s]) == -2) return shape.set[s];
    return -1;
}

static paso_value pick_rows(paso_compiler *c, paso_value arg, const paso_expr *e, const int *map,
                            int width) {
    int n = n_cells(c, e->shape);
    if (width == 1) {
        paso_operand view = operand_of_map(c, arg.row, map, n);
        return (paso_value){view.row, view.map, e->shape, arg.class};
    }
    paso_op op = paso_compile_op(PASO_OP_PICK, n, result_rows(c, PASO_CLASS_NOW, n));
    op.a = arg.row;
    op.map_a = paso_compile_pool(c, map, (size_t)n * (size_t)width);
    op.aux = width;
    paso_compile_emit(c, PASO_CLASS_NOW, op);
    return rows_value(op.dst, e->shape, PASO_CLASS_NOW);
}

static paso_value compile_pick(paso_compiler *c, const paso_expr *e) {
    paso_value arg = paso_compile_expr(c, e->arg[0]), value = arg;
    int today = today_set(c, e, arg.shape), n = n_cells(c, e->shape);
    int width = today < 0 ? 1 : c->model->set[today].n_members;
    int *map = calloc((size_t)n * (size_t)width, sizeof *map);
    if (!map) c->status = PASO_ERR_MEMORY;
    if (c->status) goto out;
    for (int i = 0; i < n * width; i++)
        map[i] = through_view(c, arg.view, picked_cell(c, e, arg.shape, i / width, i % width));
    value = pick_rows(c, arg, e, map, width);
out:
    free(map);
    return value;
}

/* ---- names ---------------------------------------------------------------------------------- */

static paso_value constant_value(paso_compiler *c, const double *number, paso_shape shape) {
    int32_t row = paso_compile_constant(c, number, n_cells(c, shape));
    return rows_value(row, shape, PASO_CLASS_FIXED);
}

static paso_value number_value(paso_compiler *c, double number) {
    return rows_value(paso_compile_number(c, number), single, PASO_CLASS_FIXED);
}

static paso_value compile_member(paso_compiler *c, const paso_expr *e) {
    const paso_set *set = &c->model->set[e->index];
    paso_shape shape = {.n = 1, .set = {e->index}};
    double *test = calloc((size_t)set->n_members, sizeof *test);
    paso_value value = {0};
    if (!test) {
        c->status = PASO_ERR_MEMORY;
        return value;
    }
    for (int i = 0; i < set->n_members; i++) test[i] = (i == e->member[0]) != e->negate;
    value = constant_value(c, test, shape);
    free(test);
    return value;
}

static paso_value stage_value(const paso_compiler *c, int index) {
    const paso_prog_stage *stage = &c->program->stage.items[index];
    int32_t row = stage->junction ? stage->inbox : stage->total;
    return rows_value(row, c->model->stage[index].item.shape, PASO_CLASS_NOW);
}

static paso_value exit_value(const paso_compiler *c, int stage, int sub) {
    const paso_prog_stage *s = &c->program->stage.items[stage];
    int32_t row = c->program->exit.items[s->first_exit + sub].flow;
    return rows_value(row, c->model->stage[stage].item.shape, PASO_CLASS_NOW);
}

static paso_value compile_name(paso_compiler *c, const paso_expr *e) {
    const paso_model *m = c->model;
    paso_shape set = {.n = 1, .set = {e->index}};
    switch (e->ref) {
    case PASO_REF_TODAY:
        return rows_value(PASO_ROW_TODAY, single, PASO_CLASS_NOW);
    case PASO_REF_MONTH_LENGTH:
        return rows_value(PASO_ROW_MONTH_LENGTH, single, PASO_CLASS_NOW);
    case PASO_REF_SHOCK:
        return rows_value(c->shock_row, c->signal->item.shape, PASO_CLASS_NOW);
    case PASO_REF_ATTRIBUTE:
        return constant_value(c, m->set[e->index].attribute[e->sub].value, set);
    case PASO_REF_DATA:
        return rows_value(paso_compile_data(c, e->index, false), m->data[e->index].item.shape,
                          PASO_CLASS_NOW);
    case PASO_REF_PARAMETER:
        return rows_value(c->parameter_row[e->index], m->parameter[e->index].item.shape,
                          PASO_CLASS_FIXED);
    case PASO_REF_LEVER:
        return rows_value(c->lever_row[e->index], m->lever[e->index].item.shape, PASO_CLASS_LEVER);
    case PASO_REF_SIGNAL:
        return rows_value(c->signal_rows[e->index], m->signal[e->index].item.shape, PASO_CLASS_NOW);
    case PASO_REF_EVENT:
        return rows_value(c->event_row[e->index], m->event[e->index].item.shape, PASO_CLASS_NOW);
    case PASO_REF_STAGE:
        return stage_value(c, e->index);
    case PASO_REF_EXIT:
        return exit_value(c, e->index, e->sub);
    default:
        paso_compile_fail(c, PASO_ERR_INPUT);
        return number_value(c, 0);
    }
}

paso_value paso_compile_expr(paso_compiler *c, const paso_expr *e) {
    paso_value arg;
    switch (e->kind) {
    case PASO_EX_NUMBER:
    case PASO_EX_DATE:
    case PASO_EX_UNIT:
        return number_value(c, e->number);
    case PASO_EX_NAME:
        return compile_name(c, e);
    case PASO_EX_PICK:
        return compile_pick(c, e);
    case PASO_EX_MEMBER:
        return compile_member(c, e);
    case PASO_EX_BINARY:
        return compile_binary(c, e);
    case PASO_EX_CALL:
        return compile_call(c, e);
    case PASO_EX_TOTAL:
        return compile_total(c, e);
    case PASO_EX_NEGATE:
        arg = paso_compile_expr(c, e->arg[0]);
        return emit_op(c, PASO_OP_NEGATE, e->shape, &arg, 1, 0);
    }
    paso_compile_fail(c, PASO_ERR_INPUT);
    return number_value(c, 0);
}

/* ---- results in lasting rows ---------------------------------------------------------------- */

/* The last operation of a list may as well write where its value is to stay. */
static bool redirect(paso_compiler *c, paso_value value, int32_t dst) {
    paso_op_list *list = &c->code[c->block];
    if (!(value.row & PASO_TEMP_BIT) || value.view != PASO_MAP_SAME || list->n == 0) return false;
    paso_op *last = &list->items[list->n - 1];
    if (last->dst != value.row || last->n != n_cells(c, value.shape)) return false;
    last->dst = dst;
    return true;
}

static void copy_to(paso_compiler *c, paso_value value, int32_t dst, paso_shape shape) {
    paso_operand read = paso_compile_read(c, value, shape);
    paso_op op = paso_compile_op(PASO_OP_COPY, n_cells(c, shape), dst);
    op.a = read.row, op.map_a = read.map;
    paso_compile_emit(c, value.class, op);
}

paso_value paso_compile_keep(paso_compiler *c, paso_value value) {
    if (!(value.row & PASO_TEMP_BIT)) return value;
    int32_t dst = paso_compile_rows(c, n_cells(c, value.shape));
    if (!redirect(c, value, dst)) copy_to(c, value, dst, value.shape);
    return rows_value(dst, value.shape, value.class);
}

paso_operand paso_compile_kept(paso_compiler *c, const paso_expr *expr, paso_shape shape) {
    paso_operand none = {-1, PASO_MAP_SAME};
    if (!expr) return none;
    return paso_compile_read(c, paso_compile_keep(c, paso_compile_expr(c, expr)), shape);
}

static bool same_shape(paso_shape a, paso_shape b) {
    if (a.n != b.n) return false;
    for (int i = 0; i < a.n; i++)
        if (a.set[i] != b.set[i]) return false;
    return true;
}

void paso_compile_into(paso_compiler *c, const paso_expr *expr, int32_t dst, paso_shape shape) {
    paso_value value = paso_compile_expr(c, expr);
    if (same_shape(value.shape, shape) && redirect(c, value, dst)) return;
    copy_to(c, value, dst, shape);
}
