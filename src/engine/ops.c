/* The operations of expressions, each over its own cells and all lanes. Sums run in the order of
 * the index, so that their bits are the same everywhere. */
#include <string.h>

#include "base/calendar.h"
#include "engine/engine_internal.h"
#include "random/clones.h"

typedef struct reader {
    const double *v;
    const int32_t *pool;
    size_t lanes;
    int32_t row, map;
} reader;

static inline const double *read_row(const reader *r, int32_t i) {
    int32_t at = r->map == PASO_MAP_SAME ? i : r->map == PASO_MAP_ONE ? 0 : r->pool[r->map + i];
    return r->v + (size_t)(r->row + at) * r->lanes;
}

static inline bool in_a_row(const paso_op *op, int n_operands) {
    return op->map_a == PASO_MAP_SAME && (n_operands < 2 || op->map_b == PASO_MAP_SAME) &&
           (n_operands < 3 || op->map_c == PASO_MAP_SAME);
}

/* One loop nest for every elementwise operation: a, b, c are one lane's operands. Where all rows
 * follow each other they are one long row. */
#define ELEMENTWISE(n_operands, expression)                                                        \
    if (in_a_row(op, n_operands)) n = 1, lanes *= (size_t)op->n;                                   \
    for (int32_t i = 0; i < n; i++) {                                                              \
        double *d = paso_row(e, op->dst + i);                                                      \
        const double *pa = read_row(&ra, i);                                                       \
        const double *pb = (n_operands) > 1 ? read_row(&rb, i) : pa;                               \
        const double *pc = (n_operands) > 2 ? read_row(&rc, i) : pa;                               \
        _Pragma("omp simd") for (size_t l = 0; l < lanes; l++) {                                   \
            double a = pa[l], b = pb[l], c = pc[l];                                                \
            (void)b, (void)c;                                                                      \
            d[l] = (expression);                                                                   \
        }                                                                                          \
    }                                                                                              \
    break

static void op_total(paso_engine *e, const paso_op *op, const reader *ra, const int32_t *pool) {
    size_t lanes = e->lanes;
    for (int32_t i = 0; i < op->n; i++) paso_lanes_zero(paso_row(e, op->dst + i), lanes);
    for (int32_t i = 0; i < op->aux; i++) {
        int32_t to = op->map_b == PASO_MAP_SAME  ? i
                     : op->map_b == PASO_MAP_ONE ? op->b
                                                 : pool[op->map_b + i];
        double *d = paso_row(e, op->dst + to);
        const double *a = read_row(ra, i);
        paso_lanes_add(d, a, lanes);
    }
}

/* One time for all cells is the rule, and its rise the dear part. */
static void op_toward(paso_engine *e, const paso_op *op, const reader *ra, const reader *rb,
                      const reader *rc) {
    double *rise = e->lane[0];
    for (int32_t i = 0; i < op->n; i++) {
        double *d = paso_row(e, op->dst + i);
        const double *a = read_row(ra, i), *b = read_row(rb, i), *c = read_row(rc, i);
        if (i == 0 || op->map_c != PASO_MAP_ONE) {
#pragma omp simd
            for (size_t l = 0; l < e->lanes; l++) rise[l] = paso_rise(1 / c[l]);
        }
#pragma omp simd
        for (size_t l = 0; l < e->lanes; l++) d[l] = a[l] + (b[l] - a[l]) * rise[l];
    }
}

static void op_pick(paso_engine *e, const paso_op *op, const int32_t *pool) {
    paso_date date = paso_date_of(e->today);
    int32_t monday_first = (int32_t)(((e->today + 3) % 7 + 7) % 7);
    int32_t k = op->aux == 12 ? date.month - 1 : monday_first;
    for (int32_t i = 0; i < op->n; i++) {
        int32_t row = op->a + pool[op->map_a + i * op->aux + k];
        paso_lanes_copy(paso_row(e, op->dst + i), paso_row(e, row), e->lanes);
    }
}

/* The part of a shock that all its cells share; a row of lanes. */
static const double *common_shock(const paso_engine *e, const paso_prog_shock *shock) {
    paso_key all = paso_engine_key(e, shock->hash, PASO_DRAW_COMMON, 0, 0);
    paso_student_lanes(&all, e->member, e->lanes, shock->df, e->lane[4]);
    return e->lane[4];
}

static void draw_shock(const paso_engine *e, const paso_prog_shock *shock, int32_t i,
                       const double **shared, double *d) {
    double common = e->program->number.items[shock->common];
    double own_part = __builtin_sqrt(1 - common), common_part = __builtin_sqrt(common);
    paso_key own = paso_engine_key(e, shock->hash, PASO_DRAW_SHOCK, i, 0);
    paso_student_lanes(&own, e->member, e->lanes, shock->df, d);
    if (!(common > 0)) return;
    if (!*shared) *shared = common_shock(e, shock);
    for (size_t l = 0; l < e->lanes; l++) d[l] = own_part * d[l] + common_part * (*shared)[l];
}

static void op_shock(paso_engine *e, const paso_op *op) {
    const paso_prog_shock *shock = &e->program->shock.items[op->aux];
    const double *shared = NULL;
    for (int32_t i = 0; i < op->n; i++) {
        double *d = paso_row(e, op->dst + i);
        const double *known = paso_engine_known(e, PASO_DRAW_SHOCK, op->aux, i);
        if (e->quick) paso_lanes_zero(d, e->lanes);
        if (!e->quick && known) paso_lanes_copy(d, known, e->lanes);
        if (e->quick || known) continue;
        draw_shock(e, shock, i, &shared, d);
        double *kept = paso_engine_keep(e, PASO_DRAW_SHOCK, op->aux, i);
        if (kept) paso_lanes_copy(kept, d, e->lanes);
    }
}

static int32_t ring_position(const paso_prog_ring *ring, int32_t day) {
    return (day % ring->days + ring->days) % ring->days;
}

static void op_lag(paso_engine *e, const paso_op *op) {
    const paso_prog_ring *ring = &e->program->ring.items[op->aux];
    int32_t row = ring->row + ring_position(ring, e->today + ring->late) * ring->n;
    for (int32_t i = 0; i < op->n; i++)
        paso_lanes_copy(paso_row(e, op->dst + i), paso_row(e, row + i), e->lanes);
}

static void op_mean(paso_engine *e, const paso_op *op) {
    const paso_prog_ring *ring = &e->program->ring.items[op->aux];
    for (int32_t i = 0; i < op->n; i++) {
        double *d = paso_row(e, op->dst + i);
        paso_lanes_copy(d, paso_row(e, ring->row + i), e->lanes);
        for (int32_t k = 1; k < ring->days; k++) {
            const double *a = paso_row(e, ring->row + k * ring->n + i);
            paso_lanes_add(d, a, e->lanes);
        }
        for (size_t l = 0; l < e->lanes; l++) d[l] /= ring->days;
    }
}

static void op_number(paso_engine *e, const paso_op *op, const double *number) {
    for (int32_t i = 0; i < op->n; i++) paso_engine_fill(e, op->dst + i, number[op->aux + i]);
}

/* Longer than our limit: a table of operations, one line each.
 * NOLINTNEXTLINE(readability-function-size) */
static void run_op(paso_engine *e, const paso_op *op, const int32_t *pool, const double *number) {
    size_t lanes = e->lanes;
    int32_t n = op->n;
    reader ra = {e->v, pool, lanes, op->a, op->map_a}, rb = {e->v, pool, lanes, op->b, op->map_b},
           rc = {e->v, pool, lanes, op->c, op->map_c};
    switch ((paso_opcode)op->code) {
    case PASO_OP_COPY:
        ELEMENTWISE(1, a);
    case PASO_OP_ADD:
        ELEMENTWISE(2, a + b);
    case PASO_OP_SUB:
        ELEMENTWISE(2, a - b);
    case PASO_OP_MUL:
        ELEMENTWISE(2, a * b);
    case PASO_OP_DIV:
        ELEMENTWISE(2, a / b);
    case PASO_OP_POW:
        ELEMENTWISE(2, paso_pow(a, b));
    case PASO_OP_LT:
        ELEMENTWISE(2, a < b ? 1.0 : 0.0);
    case PASO_OP_LE:
        ELEMENTWISE(2, a <= b ? 1.0 : 0.0);
    case PASO_OP_GT:
        ELEMENTWISE(2, a > b ? 1.0 : 0.0);
    case PASO_OP_GE:
        ELEMENTWISE(2, a >= b ? 1.0 : 0.0);
    case PASO_OP_EQ:
        ELEMENTWISE(2, a == b ? 1.0 : 0.0);
    case PASO_OP_NE:
        ELEMENTWISE(2, a != b ? 1.0 : 0.0);
    case PASO_OP_NEGATE:
        ELEMENTWISE(1, -a);
    case PASO_OP_EXP:
        ELEMENTWISE(1, paso_exp(a));
    case PASO_OP_LN:
        ELEMENTWISE(1, paso_log(a));
    case PASO_OP_SQRT:
        ELEMENTWISE(1, __builtin_sqrt(a));
    case PASO_OP_ABS:
        ELEMENTWISE(1, a < 0 ? -a : a);
    case PASO_OP_LOGISTIC:
        ELEMENTWISE(1, paso_logistic(a));
    case PASO_OP_MIN:
        ELEMENTWISE(2, a < b ? a : b);
    case PASO_OP_MAX:
        ELEMENTWISE(2, a > b ? a : b);
    case PASO_OP_IF:
        ELEMENTWISE(3, a != 0 ? b : c);
    case PASO_OP_RATIO:
        ELEMENTWISE(3, b != 0 ? a / b : c);
    case PASO_OP_TOWARD:
        op_toward(e, op, &ra, &rb, &rc);
        break;
    case PASO_OP_KNOWN:
        ELEMENTWISE(2, a == a ? a : b);
    case PASO_OP_TOTAL:
        op_total(e, op, &ra, pool);
        break;
    case PASO_OP_PICK:
        op_pick(e, op, pool);
        break;
    case PASO_OP_SHOCK:
        op_shock(e, op);
        break;
    case PASO_OP_LAG:
        op_lag(e, op);
        break;
    case PASO_OP_MEAN:
        op_mean(e, op);
        break;
    case PASO_OP_NUMBER:
        op_number(e, op, number);
        break;
    }
}

PASO_CLONES_WHOLE void paso_engine_ops(paso_engine *e, const paso_op *op, int32_t n,
                                       const int32_t *pool, const double *number) {
    for (int32_t i = 0; i < n; i++) run_op(e, &op[i], pool, number);
}

void paso_engine_block(paso_engine *e, paso_block_kind kind) {
    const paso_program *p = e->program;
    const paso_block *block = &p->block[kind];
    paso_engine_ops(e, p->op.items + block->first, block->n, p->pool.items, p->number.items);
}
