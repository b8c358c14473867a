/* Whether every row, map and index of a program lies inside its list. The engine asks no more
 * questions afterwards. */
#include <string.h>

#include "program/program.h"

typedef struct checker {
    const paso_program *p;
    const paso_schedule *s;
    const int32_t *pool;
    size_t n_pool, n_numbers;
    int32_t n_rows;
    const char *wrong; /* first thing found, NULL while all is well */
} checker;

static bool hold(checker *c, bool good, const char *what) {
    if (!good && !c->wrong) c->wrong = what;
    return !c->wrong;
}

static bool in_range(int64_t first, int64_t n, int64_t limit) {
    return first >= 0 && n >= 0 && first + n <= limit;
}

static bool rows(checker *c, int64_t first, int64_t n) {
    return hold(c, in_range(first, n, c->n_rows), "a row outside the table");
}

static bool pool(checker *c, int64_t first, int64_t n) {
    return hold(c, in_range(first, n, (int64_t)c->n_pool), "a map outside the pool");
}

static bool numbers(checker *c, int64_t first, int64_t n) {
    return hold(c, in_range(first, n, (int64_t)c->n_numbers), "a number outside the list");
}

static void mapped(checker *c, int32_t row, int32_t map, int32_t n, int32_t most) {
    if (map == PASO_MAP_SAME) {
        rows(c, row, n);
    } else if (map == PASO_MAP_ONE) {
        rows(c, row, 1);
    } else if (pool(c, map, n)) {
        for (int32_t i = 0; i < n; i++)
            if (most < 0)
                rows(c, (int64_t)row + c->pool[map + i], 1);
            else
                hold(c, in_range(c->pool[map + i], 1, most), "a total outside its result");
    }
}

static void operand(checker *c, paso_operand o, int32_t n) {
    if (o.row >= 0) mapped(c, o.row, o.map, n, -1);
}

static int operands_of(int32_t code) {
    static const char count[] = "122222222222111111223332110000";
    return count[code] - '0';
}

static void op_index(checker *c, const paso_op *op) {
    if (op->code == PASO_OP_SHOCK)
        hold(c,
             in_range(op->aux, 1, (int64_t)c->p->shock.n) && c->p->shock.items[op->aux].n == op->n,
             "a shock that is not there");
    if (op->code == PASO_OP_LAG || op->code == PASO_OP_MEAN)
        hold(c, in_range(op->aux, 1, (int64_t)c->p->ring.n) && c->p->ring.items[op->aux].n == op->n,
             "a ring that is not there");
    if (op->code == PASO_OP_NUMBER) numbers(c, op->aux, op->n);
}

static void pick_op(checker *c, const paso_op *op) {
    if (!hold(c, op->aux == 12 || op->aux == 7, "a pick of an unknown calendar set")) return;
    if (!pool(c, op->map_a, (int64_t)op->n * op->aux)) return;
    for (int32_t i = 0; i < op->n * op->aux; i++)
        rows(c, (int64_t)op->a + c->pool[op->map_a + i], 1);
}

static void check_op(checker *c, const paso_op *op) {
    if (!hold(c, op->code >= 0 && op->code <= PASO_OP_NUMBER, "an unknown operation")) return;
    if (!hold(c, op->n >= 0, "a negative number of cells") || !rows(c, op->dst, op->n)) return;
    op_index(c, op);
    if (op->code == PASO_OP_PICK) {
        pick_op(c, op);
    } else if (op->code == PASO_OP_TOTAL) {
        if (!hold(c, op->aux >= 0, "a negative number of cells")) return;
        mapped(c, op->a, op->map_a, op->aux, -1);
        if (op->map_b == PASO_MAP_ONE)
            hold(c, in_range(op->b, 1, op->n), "a total outside");
        else if (op->map_b == PASO_MAP_SAME)
            hold(c, op->aux <= op->n, "a total outside");
        else
            mapped(c, 0, op->map_b, op->aux, op->n);
    } else {
        int n = operands_of(op->code);
        if (n > 0) mapped(c, op->a, op->map_a, op->n, -1);
        if (n > 1) mapped(c, op->b, op->map_b, op->n, -1);
        if (n > 2) mapped(c, op->c, op->map_c, op->n, -1);
    }
}

static void block(checker *c, paso_block b, size_t n_ops) {
    hold(c, in_range(b.first, b.n, (int64_t)n_ops), "a block outside the operations");
}

/* The years 0 to 9999: no sum of days in the calendar can overflow. */
static bool is_day(int32_t day) {
    return day >= -719528 && day <= 2932897;
}

static void name(checker *c, int32_t at) {
    hold(c, in_range(at, 1, (int64_t)c->p->text.n), "a name outside the text");
}

static void check_values(checker *c) {
    const paso_program *p = c->p;
    for (size_t i = 0; i < p->constant.n; i++) {
        rows(c, p->constant.items[i].row, 1);
        numbers(c, p->constant.items[i].number, 1);
    }
    for (size_t i = 0; i < p->parameter.n; i++) {
        const paso_prog_parameter *x = &p->parameter.items[i];
        name(c, x->name), rows(c, x->row, x->n), numbers(c, x->bound, 2);
        numbers(c, x->value, 3 * (int64_t)x->n);
    }
    for (size_t i = 0; i < p->lever.n; i++) {
        const paso_prog_lever *x = &p->lever.items[i];
        name(c, x->name), rows(c, x->row, x->n), numbers(c, x->value, x->n);
    }
    for (size_t i = 0; i < p->signal.n; i++) {
        const paso_prog_signal *x = &p->signal.items[i];
        name(c, x->name), rows(c, x->row, x->n);
    }
    for (size_t i = 0; i < p->shock.n; i++) {
        numbers(c, p->shock.items[i].common, 1);
        hold(c, p->shock.items[i].df >= 0, "a shock with fewer than no degrees of freedom");
    }
}

static void check_data(checker *c, const paso_prog_data *d) {
    name(c, d->name), rows(c, d->row, d->n);
    hold(c, d->n_periods > 0 && d->every >= 0 && d->every <= 3, "a series without periods");
    hold(c, d->after != PASO_AFTER_REPEAT || (d->repeat > 0 && d->repeat <= d->n_periods),
         "a series that repeats more than it has");
    if (pool(c, d->first_day, (int64_t)d->n_periods + 1))
        for (int32_t i = 0; i < d->n_periods; i++)
            hold(c,
                 c->pool[d->first_day + i] < c->pool[d->first_day + i + 1] &&
                     is_day(c->pool[d->first_day + i]) && is_day(c->pool[d->first_day + i + 1]),
                 "unordered periods");
    numbers(c, d->value, (int64_t)d->n_periods * d->n);
}

static void check_ring(checker *c, const paso_prog_ring *r) {
    if (!hold(c, r->days > 0 && r->days <= 401 && r->n > 0, "a ring without days")) return;
    rows(c, r->row, (int64_t)r->n * r->days), rows(c, r->source, r->n);
    hold(c, r->source >= r->row + (int64_t)r->n * r->days || r->source + (int64_t)r->n <= r->row,
         "a ring that keeps itself");
    hold(c, r->before.row >= 0, "a ring without a start"), operand(c, r->before, r->n);
}

static void check_drawn(checker *c, const paso_prog_drawn *d, int32_t n) {
    hold(c, d->law >= 0 && d->law <= 2, "an unknown law");
    hold(c, d->law == PASO_LAW_VALUE || d->value.row >= 0, "a law without a value");
    hold(c, d->law != PASO_LAW_LOGNORMAL || d->sd.row >= 0, "a law without a spread");
    operand(c, d->value, n), operand(c, d->sd, n);
}

static void check_event(checker *c, const paso_prog_event *event) {
    if (!hold(c, event->n > 0 && event->n_dates >= 0, "an event without cells")) return;
    name(c, event->name), rows(c, event->row, event->n), rows(c, event->left, event->n);
    operand(c, event->rate, event->n);
    check_drawn(c, &event->size, event->n), check_drawn(c, &event->lasts, event->n);
    pool(c, event->date, event->n_dates), numbers(c, event->date_size, event->n_dates);
}

static void check_fan(checker *c, const paso_prog_stage *s, const paso_prog_exit *x,
                      const paso_prog_stage *to) {
    if (!pool(c, x->fan, (int64_t)s->n_cells + 1)) return;
    for (int32_t i = 0; i < s->n_cells; i++)
        hold(c, c->pool[x->fan + i] <= c->pool[x->fan + i + 1], "an unordered fan");
    int32_t n = c->pool[x->fan + s->n_cells];
    if (!hold(c, c->pool[x->fan] == 0, "an unordered fan") || !pool(c, x->fan_pair, 2 * (int64_t)n))
        return;
    for (int32_t k = 0; k < n; k++) {
        hold(c, in_range(c->pool[x->fan_pair + 2 * k], 1, to->n_cells), "a cell that is not there");
        rows(c, c->pool[x->fan_pair + 2 * k + 1], 1);
    }
}

static void check_to(checker *c, const paso_prog_stage *s, const paso_prog_exit *x) {
    hold(c, x->to >= 0 || x->fan < 0, "a fan to outside");
    if (x->to < 0 || !hold(c, (size_t)x->to < c->p->stage.n, "a stage that is not there")) return;
    const paso_prog_stage *to = &c->p->stage.items[x->to];
    if (x->fan >= 0) {
        check_fan(c, s, x, to);
    } else if (pool(c, x->to_cell, s->n_cells)) {
        for (int32_t i = 0; i < s->n_cells; i++)
            hold(c, in_range(c->pool[x->to_cell + i], 1, to->n_cells), "a cell that is not there");
    }
}

static void check_exit_limit(checker *c, const paso_prog_stage *s, const paso_prog_exit *x) {
    if (x->n_groups <= 0) return;
    operand(c, (paso_operand){x->limit, x->limit_map}, x->n_groups);
    hold(c, x->limit >= 0, "a limit without a row");
    if (pool(c, x->group, s->n_cells))
        for (int32_t i = 0; i < s->n_cells; i++)
            hold(c, in_range(c->pool[x->group + i], 1, x->n_groups), "a group that is not there");
    if (!hold(c, in_range(x->part, x->n_parts, (int64_t)c->p->part.n), "parts outside")) return;
    for (int32_t i = 0; i < x->n_parts; i++) {
        const paso_prog_part *part = &c->p->part.items[x->part + i];
        hold(c, part->kind >= 0 && part->kind <= 2, "an unknown order");
        operand(c, part->share, 1);
    }
}

static void check_exit(checker *c, const paso_prog_stage *s, const paso_prog_exit *x) {
    name(c, x->name), rows(c, x->flow, s->n_cells);
    hold(c, (x->rest && !x->hazard) || x->rate.row >= 0, "an exit without a rate");
    hold(c, !s->junction || !x->hazard, "a junction with a hazard");
    operand(c, x->rate, s->n_cells);
    check_to(c, s, x);
    check_exit_limit(c, s, x);
}

static void check_stage(checker *c, const paso_prog_stage *s) {
    name(c, s->name);
    if (!hold(c,
              s->n_cells > 0 && s->n_bins > 0 && s->steps >= 0 && s->age_width >= 0 &&
                  s->unit >= 0 && s->unit < 16,
              "a stage without cells"))
        return;
    hold(c, s->steps == 0 || (s->steps == s->n_bins && s->mean.row >= 0), "a passage without mean");
    rows(c, s->inbox, s->n_cells);
    hold(c, !s->junction || (s->n_bins == 1 && s->steps == 0), "a junction with a memory");
    if (!s->junction) {
        rows(c, s->count, (int64_t)s->n_cells * s->n_bins);
        rows(c, s->total, s->n_cells);
    }
    operand(c, s->start, s->n_cells), operand(c, s->enters, s->n_cells);
    operand(c, s->mean, s->n_cells);
    if (!hold(c, in_range(s->first_exit, s->n_exits, (int64_t)c->p->exit.n), "exits outside"))
        return;
    for (int32_t i = 0; i < s->n_exits; i++) check_exit(c, s, &c->p->exit.items[s->first_exit + i]);
}

static void check_program(checker *c) {
    const paso_program *p = c->p;
    for (size_t i = 0; i < p->op.n; i++) check_op(c, &p->op.items[i]);
    for (int b = 0; b < PASO_N_BLOCKS; b++) block(c, p->block[b], p->op.n);
    hold(c, p->text.n == 0 || p->text.items[p->text.n - 1] == 0, "an unended name");
    check_values(c);
    for (size_t i = 0; i < p->data.n; i++) check_data(c, &p->data.items[i]);
    for (size_t i = 0; i < p->ring.n; i++) check_ring(c, &p->ring.items[i]);
    for (size_t i = 0; i < p->event.n; i++) check_event(c, &p->event.items[i]);
    for (size_t i = 0; i < p->stage.n; i++) check_stage(c, &p->stage.items[i]);
    for (size_t i = 0; i < p->junction.n; i++)
        hold(c,
             in_range(p->junction.items[i], 1, (int64_t)p->stage.n) &&
                 p->stage.items[p->junction.items[i]].junction,
             "a junction that is not there");
    for (size_t i = 0; i < p->observable.n; i++) {
        const paso_prog_observable *x = &p->observable.items[i];
        name(c, x->name), rows(c, x->row, x->n), block(c, x->code, p->op.n);
        hold(c, x->every >= 0 && x->every <= 4 && x->take >= 0 && x->take <= 4,
             "an unknown period");
    }
}

static void check_schedule(checker *c) {
    const paso_schedule *s = c->s;
    for (size_t i = 0; i < s->op.n; i++) check_op(c, &s->op.items[i]);
    for (size_t i = 0; i < s->assignment.n; i++) {
        const paso_assignment *a = &s->assignment.items[i];
        rows(c, a->row, 1), block(c, a->code, s->op.n);
        numbers(c, a->number, 1);
        if (a->source != -1) rows(c, a->source, 1);
    }
    hold(c, s->change.n > 0, "a schedule without days");
    for (size_t i = 0; i < s->change.n; i++)
        hold(c, in_range(s->change.items[i].first, s->change.items[i].n, (int64_t)s->assignment.n),
             "assignments outside");
}

paso_status paso_program_check(const paso_program *program, const paso_schedule *schedule,
                               char *message, size_t size) {
    checker c = {.p = program,
                 .s = schedule,
                 .pool = program->pool.items,
                 .n_pool = program->pool.n,
                 .n_numbers = program->number.n,
                 .n_rows = program->n_rows};
    hold(&c,
         program->n_rows >= PASO_ROW_FIRST_FREE && schedule->n_rows <= PASO_MAX_ROWS &&
             program->n_rows <= schedule->n_rows,
         "too many rows");
    hold(&c,
         is_day(program->start) && program->start <= program->now && program->now <= program->end &&
             is_day(program->end),
         "a clock that runs backwards");
    check_program(&c);
    c.pool = schedule->pool.items, c.n_pool = schedule->pool.n;
    c.n_numbers = schedule->number.n, c.n_rows = schedule->n_rows;
    check_schedule(&c);
    const char *wrong = c.wrong ? c.wrong : "";
    size_t n = 0; /* not snprintf, which would bring files into the page's module */
    for (; n + 1 < size && wrong[n]; n++) message[n] = wrong[n];
    if (size > 0) message[n] = '\0';
    return c.wrong ? PASO_ERR_INPUT : PASO_OK;
}
