/* A person's own settings on top of a policy that is compiled already: no model, no formulas. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/program.h"

static bool is_lever_row(const paso_program *p, int32_t row) {
    for (size_t i = 0; i < p->lever.n; i++) {
        const paso_prog_lever *lever = &p->lever.items[i];
        if (row >= lever->row && row < lever->row + lever->n) return true;
    }
    return false;
}

static paso_status check_steps(const paso_program *p, const paso_step *step, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!is_lever_row(p, step[i].row) || !isfinite(step[i].value)) return PASO_ERR_USAGE;
    }
    return PASO_OK;
}

static void *copy_of(const void *items, size_t n, size_t more, size_t size, bool *failed) {
    void *copy = calloc(n + more + 1, size);
    if (!copy) *failed = true;
    if (copy && n) memcpy(copy, items, n * size);
    return copy;
}

#define COPY(list, more)                                                                           \
    s->list.items = copy_of(base->list.items, base->list.n, more, sizeof *s->list.items, &failed); \
    s->list.n = base->list.n, s->list.cap = base->list.n + (more)

/* With room for n more numbers and changes, and for what each change then repeats. */
static paso_schedule *copy_schedule(const paso_schedule *base, size_t n) {
    bool failed = false;
    size_t widest = 0;
    paso_schedule *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    for (size_t i = 0; i < base->change.n; i++) {
        size_t wide = (size_t)base->change.items[i].n;
        if (wide > widest) widest = wide;
    }
    s->n_rows = base->n_rows;
    COPY(op, 0);
    COPY(pool, 0);
    COPY(number, n);
    COPY(assignment, (base->change.n + n) * (widest + n));
    COPY(change, n);
    s->assignment.n = s->change.n = 0;
    if (!failed) return s;
    paso_schedule_free(s);
    return NULL;
}

/* The first day after `day` on which the policy or a step changes something; INT32_MAX: none. */
static int32_t next_day(const paso_schedule *base, const paso_step *step, size_t n, int32_t day) {
    int32_t next = INT32_MAX;
    for (size_t i = 0; i < base->change.n; i++) {
        int32_t at = base->change.items[i].day;
        if (at > day && at < next) next = at;
    }
    for (size_t i = 0; i < n; i++) {
        if (step[i].day > day && step[i].day < next) next = step[i].day;
    }
    return next;
}

static const paso_change *change_in_force(const paso_schedule *base, int32_t day) {
    const paso_change *found = &base->change.items[0];
    for (size_t i = 1; i < base->change.n && base->change.items[i].day <= day; i++) {
        found = &base->change.items[i];
    }
    return found;
}

/* Indices of steps by day; of one day in their order. Few, and mostly sorted already. */
static size_t *order_of(const paso_step *step, size_t n) {
    size_t *order = calloc(n + 1, sizeof *order);
    for (size_t i = 0; order && i < n; i++) {
        size_t k = i;
        for (; k > 0 && step[order[k - 1]].day > step[i].day; k--) order[k] = order[k - 1];
        order[k] = i;
    }
    return order;
}

/* Later steps of a row come later in the list of assignments, and so win. */
static void put_steps(paso_schedule *s, const paso_schedule *base, const paso_step *step, size_t n,
                      const size_t *order, int32_t day) {
    for (size_t k = 0; k < n && step[order[k]].day <= day; k++)
        s->assignment.items[s->assignment.n++] =
            (paso_assignment){.row = step[order[k]].row,
                              .source = -1,
                              .number = (int32_t)(base->number.n + order[k])};
}

static void put_change(paso_schedule *s, const paso_schedule *base, const paso_step *step, size_t n,
                       const size_t *order, int32_t day) {
    const paso_change *under = change_in_force(base, day);
    paso_change change = {.day = day, .first = (int32_t)s->assignment.n};
    for (int32_t i = 0; i < under->n; i++) {
        s->assignment.items[s->assignment.n++] = base->assignment.items[under->first + i];
    }
    put_steps(s, base, step, n, order, day);
    change.n = (int32_t)s->assignment.n - change.first;
    s->change.items[s->change.n++] = change;
}

paso_status paso_schedule_with_steps(const paso_program *program, const paso_schedule *base,
                                     const paso_step *step, size_t n, paso_schedule **schedule) {
    *schedule = NULL;
    paso_status status = check_steps(program, step, n);
    if (status || base->change.n == 0) return PASO_ERR_USAGE;
    size_t *order = order_of(step, n);
    paso_schedule *s = order ? copy_schedule(base, n) : NULL;
    if (!s) {
        free(order);
        return PASO_ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++) s->number.items[base->number.n + i] = step[i].value;
    s->number.n = base->number.n + n;
    /* The first change stands before any day; a step from before it acts with it. */
    int32_t day = base->change.items[0].day;
    for (; day != INT32_MAX; day = next_day(base, step, n, day))
        put_change(s, base, step, n, order, day);
    free(order);
    *schedule = s;
    return PASO_OK;
}
