/* Whether formulas of policies keep levers within their bounds: the schedule's own operations, run
 * once for each day of change at the medians of the parameters. Plain numbers were checked when
 * they were read. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/compile.h"

typedef struct bounds {
    const paso_model *model;
    const paso_program *program;
    const paso_schedule *schedule;
    const int *policy; /* the stack, lowest first */
    int n_policies;
    paso_diags *diags;
    double *v; /* [schedule->n_rows] */
    paso_status status;
} bounds;

/* ---- operations, one lane ---- */

static double read(const bounds *b, int32_t row, int32_t map, int32_t i) {
    if (row < 0) return 0;
    int32_t at = map == PASO_MAP_SAME  ? i
                 : map == PASO_MAP_ONE ? 0
                                       : b->schedule->pool.items[map + i];
    return b->v[row + at];
}

static double compute(const paso_op *op, double x, double y, double z) {
    switch ((paso_opcode)op->code) {
    case PASO_OP_ADD:
        return x + y;
    case PASO_OP_SUB:
        return x - y;
    case PASO_OP_MUL:
        return x * y;
    case PASO_OP_DIV:
        return x / y;
    case PASO_OP_POW:
        return pow(x, y);
    case PASO_OP_LT:
        return x < y;
    case PASO_OP_LE:
        return x <= y;
    case PASO_OP_GT:
        return x > y;
    case PASO_OP_GE:
        return x >= y;
    case PASO_OP_EQ:
        return x == y;
    case PASO_OP_NE:
        return x != y;
    case PASO_OP_NEGATE:
        return -x;
    case PASO_OP_EXP:
        return exp(x);
    case PASO_OP_LN:
        return log(x);
    case PASO_OP_SQRT:
        return sqrt(x);
    case PASO_OP_ABS:
        return fabs(x);
    case PASO_OP_LOGISTIC:
        return 1 / (1 + exp(-x));
    case PASO_OP_MIN:
        return x < y ? x : y;
    case PASO_OP_MAX:
        return x > y ? x : y;
    case PASO_OP_IF:
        return x != 0 ? y : z;
    case PASO_OP_RATIO:
        return y != 0 ? x / y : z;
    default: /* a copy; nothing else stands in a setting */
        return x;
    }
}

static void run_total(const bounds *b, const paso_op *op) {
    for (int32_t i = 0; i < op->n; i++) b->v[op->dst + i] = 0;
    for (int32_t i = 0; i < op->aux; i++) {
        int32_t to = op->map_b == PASO_MAP_SAME  ? i
                     : op->map_b == PASO_MAP_ONE ? 0
                                                 : b->schedule->pool.items[op->map_b + i];
        b->v[op->dst + to] += read(b, op->a, op->map_a, i);
    }
}

static void run_code(const bounds *b, paso_block code) {
    for (int32_t k = code.first; k < code.first + code.n; k++) {
        const paso_op *op = &b->schedule->op.items[k];
        if (op->code == PASO_OP_TOTAL) run_total(b, op);
        for (int32_t i = 0; i < op->n && op->code != PASO_OP_TOTAL; i++)
            b->v[op->dst + i] =
                op->code == PASO_OP_NUMBER
                    ? b->schedule->number.items[op->aux + i]
                    : compute(op, read(b, op->a, op->map_a, i), read(b, op->b, op->map_b, i),
                              read(b, op->c, op->map_c, i));
    }
}

/* ---- one day of change ---- */

static void set_levers(const bounds *b, const paso_change *change) {
    const double *number = b->schedule->number.items;
    for (size_t i = 0; i < b->program->lever.n; i++) {
        const paso_prog_lever *lever = &b->program->lever.items[i];
        for (int32_t k = 0; k < lever->n; k++)
            b->v[lever->row + k] = b->program->number.items[lever->value + k];
    }
    for (int32_t i = change->first; i < change->first + change->n; i++) {
        const paso_assignment *a = &b->schedule->assignment.items[i];
        run_code(b, a->code);
        b->v[a->row] = a->source >= 0 ? b->v[a->source] : number[a->number];
    }
}

static bool sets_cell(const paso_setting *s, int lever, int cell) {
    for (int i = 0; s->value && s->lever == lever && i < s->n_cells; i++)
        if (s->cell[i] == cell) return true;
    return false;
}

/* The highest policy of the stack whose formula sets the cell; NULL: a --set on top. */
static const paso_setting *find_setting(const bounds *b, int lever, int cell, int *policy) {
    for (int i = b->n_policies - 1; i >= 0; i--) {
        for (*policy = b->policy[i]; *policy >= 0; *policy = b->model->policy[*policy].base) {
            const paso_policy *p = &b->model->policy[*policy];
            for (int k = 0; k < p->n_settings; k++)
                if (sets_cell(&p->setting[k], lever, cell)) return &p->setting[k];
        }
    }
    return NULL;
}

static void refuse(bounds *b, int lever, int cell, int32_t day) {
    const paso_lever *l = &b->model->lever[lever];
    char date[16], where[256], path[256];
    bool pure = strcmp(l->item.unit_text, "1") == 0;
    int policy = -1;
    const paso_setting *s = find_setting(b, lever, cell, &policy);
    double f = l->item.unit.factor, value = b->v[b->program->lever.items[lever].row + cell] / f;
    paso_mark mark = s ? s->mark : (paso_mark){0};
    paso_date_write(day, date);
    paso_cell_write(b->model, l->item.shape, cell, where, sizeof where);
    if (s)
        snprintf(path, sizeof path, "policies.%s.set.%s", b->model->policy[policy].item.name,
                 l->item.name);
    else
        snprintf(path, sizeof path, "--set %s", l->item.name);
    b->status = paso_error(b->diags, "bounds", mark, path,
                           "parameters at their medians; min(…, …) and max(…, …) keep it inside",
                           "expected from %g to %g%s%s, found %g%s%s on %s", l->bound[0] / f,
                           l->bound[1] / f, pure ? "" : " ", pure ? "" : l->item.unit_text, value,
                           where[0] ? " for " : "", where, date);
    if (!s) b->status = PASO_ERR_USAGE;
}

static void check_levers(bounds *b, int32_t day) {
    for (int i = 0; i < b->model->n_levers && b->status == PASO_OK; i++) {
        const paso_lever *l = &b->model->lever[i];
        const paso_prog_lever *lever = &b->program->lever.items[i];
        double slack = 1e-9 * (l->bound[1] - l->bound[0]);
        for (int k = 0; k < lever->n && b->status == PASO_OK; k++) {
            double x = b->v[lever->row + k];
            if (!(x >= l->bound[0] - slack && x <= l->bound[1] + slack)) refuse(b, i, k, day);
        }
    }
}

static void fill_rows(const bounds *b) {
    const paso_program *p = b->program;
    for (size_t i = 0; i < p->constant.n; i++)
        b->v[p->constant.items[i].row] = p->number.items[p->constant.items[i].number];
    for (size_t i = 0; i < p->parameter.n; i++) {
        const paso_prog_parameter *parameter = &p->parameter.items[i];
        for (int32_t k = 0; k < parameter->n; k++)
            b->v[parameter->row + k] = p->number.items[parameter->value + k];
    }
}

paso_status paso_schedule_bounds(const paso_model *model, const paso_program *program,
                                 const paso_schedule *schedule, const int *policy, int n_policies,
                                 paso_diags *diags) {
    bounds b = {.model = model,
                .program = program,
                .schedule = schedule,
                .policy = policy,
                .n_policies = n_policies,
                .diags = diags,
                .v = calloc((size_t)schedule->n_rows + 1, sizeof *b.v)};
    if (!b.v) return PASO_ERR_MEMORY;
    fill_rows(&b);
    for (size_t i = 0; i < schedule->change.n && b.status == PASO_OK; i++) {
        int32_t day = schedule->change.items[i].day;
        if (day >= model->clock_end) break;
        set_levers(&b, &schedule->change.items[i]);
        check_levers(&b, day);
    }
    free(b.v);
    return b.status;
}
