/* Compares schedules by value, so that a fork is taken only where nothing can tell the policies
 * apart yet. Where in doubt (scratch rows that differ) the answer is no: slower, never wrong. */
#include "ensemble/history.h"

static bool same_map(const paso_schedule *a, int32_t x, const paso_schedule *b, int32_t y,
                     int32_t n) {
    if (x < 0 || y < 0) return x == y;
    for (int32_t i = 0; i < n; i++) {
        if (a->pool.items[x + i] != b->pool.items[y + i]) return false;
    }
    return true;
}

static bool same_number(const paso_schedule *a, int32_t x, const paso_schedule *b, int32_t y) {
    return a->number.items[x] == b->number.items[y];
}

static bool same_numbers(const paso_schedule *a, const paso_op *x, const paso_schedule *b,
                         const paso_op *y) {
    if (x->n != y->n || x->dst != y->dst) return false;
    for (int32_t i = 0; i < x->n; i++) {
        if (!same_number(a, x->aux + i, b, y->aux + i)) return false;
    }
    return true;
}

/* A total reads as many source rows as `aux` says; every other operation has n. */
static bool same_op(const paso_schedule *a, const paso_op *x, const paso_schedule *b,
                    const paso_op *y) {
    if (x->code == PASO_OP_PICK)
        return false; /* its map is longer than n; not worth knowing here */
    if (x->code == PASO_OP_NUMBER) return y->code == x->code && same_numbers(a, x, b, y);
    int32_t n = x->code == PASO_OP_TOTAL ? x->aux : x->n;
    return x->code == y->code && x->n == y->n && x->dst == y->dst && x->a == y->a && x->b == y->b &&
           x->c == y->c && x->aux == y->aux && same_map(a, x->map_a, b, y->map_a, n) &&
           same_map(a, x->map_b, b, y->map_b, n) && same_map(a, x->map_c, b, y->map_c, n);
}

static bool same_code(const paso_schedule *a, paso_block x, const paso_schedule *b, paso_block y) {
    if (x.n != y.n) return false;
    for (int32_t i = 0; i < x.n; i++) {
        if (!same_op(a, &a->op.items[x.first + i], b, &b->op.items[y.first + i])) return false;
    }
    return true;
}

static bool same_assignment(const paso_schedule *a, const paso_assignment *x,
                            const paso_schedule *b, const paso_assignment *y) {
    if (x->row != y->row || x->source != y->source) return false;
    if (x->source < 0 && !same_number(a, x->number, b, y->number)) return false;
    return same_code(a, x->code, b, y->code);
}

static bool same_change(const paso_schedule *a, const paso_change *x, const paso_schedule *b,
                        const paso_change *y) {
    if (x->day != y->day || x->n != y->n) return false;
    for (int32_t i = 0; i < x->n; i++) {
        if (!same_assignment(a, &a->assignment.items[x->first + i], b,
                             &b->assignment.items[y->first + i])) {
            return false;
        }
    }
    return true;
}

static size_t changes_before(const paso_schedule *schedule, int32_t day) {
    size_t n = 0;
    while (n < schedule->change.n && schedule->change.items[n].day < day) n++;
    return n;
}

bool paso_schedule_same_before(const paso_schedule *a, const paso_schedule *b, int32_t day) {
    if (a == b) return true;
    size_t n = changes_before(a, day);
    if (n != changes_before(b, day)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!same_change(a, &a->change.items[i], b, &b->change.items[i])) return false;
    }
    return true;
}
