/* What the model does not make itself: lever values by day, series, parameters of the member. */
#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "engine/engine_internal.h"

void paso_engine_fill(const paso_engine *e, int32_t row, double value) {
    double *v = paso_row(e, row);
    for (size_t l = 0; l < e->lanes; l++) v[l] = value;
}

static void reset_levers(paso_engine *e) {
    const paso_program *p = e->program;
    for (size_t i = 0; i < p->lever.n; i++)
        for (int32_t k = 0; k < p->lever.items[i].n; k++)
            paso_engine_fill(e, p->lever.items[i].row + k,
                             p->number.items[p->lever.items[i].value + k]);
}

static void apply_assignment(paso_engine *e, const paso_assignment *a) {
    const paso_schedule *s = e->schedule;
    paso_engine_ops(e, s->op.items + a->code.first, a->code.n, s->pool.items, s->number.items);
    if (a->source < 0)
        paso_engine_fill(e, a->row, s->number.items[a->number]);
    else
        memcpy(paso_row(e, a->row), paso_row(e, a->source), e->lanes * sizeof(double));
}

void paso_engine_apply_change(paso_engine *e) {
    const paso_change *change = &e->schedule->change.items[e->change];
    reset_levers(e);
    for (int32_t i = 0; i < change->n; i++)
        apply_assignment(e, &e->schedule->assignment.items[change->first + i]);
    paso_engine_block(e, PASO_BLOCK_LEVER);
}

size_t paso_engine_change_at(const paso_schedule *s, int32_t day) {
    size_t i = 0;
    while (i + 1 < s->change.n && s->change.items[i + 1].day <= day) i++;
    return i;
}

void paso_engine_set_levers(paso_engine *e) {
    size_t change = paso_engine_change_at(e->schedule, e->today);
    if (change == e->change) return;
    e->change = change;
    paso_engine_apply_change(e);
}

static int32_t period_after_end(const paso_prog_data *d, int32_t i) {
    if (d->after == PASO_AFTER_HOLD) return d->n_periods - 1;
    if (d->after != PASO_AFTER_REPEAT) return -1;
    return d->n_periods - d->repeat + (i - d->n_periods) % d->repeat;
}

/* Index of the period that holds the day, were the series endless; found by walking the calendar.
 */
static int32_t period_index(const paso_program *p, const paso_prog_data *d, int32_t day) {
    const int32_t *first = p->pool.items + d->first_day;
    if (day < first[0]) return -1;
    int32_t low = 0, high = d->n_periods;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (first[middle + 1] > day)
            high = middle;
        else
            low = middle + 1;
    }
    int32_t end = first[d->n_periods];
    if (low < d->n_periods) return low;
    for (int32_t i = d->n_periods;; i++) {
        end = paso_period_next(end, (paso_period)d->every);
        if (day < end) return i;
    }
}

static double data_value(const paso_engine *e, const paso_prog_data *d, int32_t i, int32_t cell) {
    if (d->known && (e->today >= e->known_until || i >= d->n_periods)) return NAN;
    if (i >= d->n_periods) i = period_after_end(d, i);
    return i < 0 ? NAN : e->program->number.items[d->value + i * d->n + cell];
}

void paso_engine_supply(paso_engine *e, size_t data, const double *value) {
    e->supplied = data;
    e->supply = value;
}

void paso_engine_set_data(paso_engine *e) {
    for (size_t i = 0; i < e->program->data.n; i++) {
        const paso_prog_data *d = &e->program->data.items[i];
        if (e->supply && i == e->supplied) {
            memcpy(paso_row(e, d->row), e->supply, (size_t)d->n * e->lanes * sizeof(double));
            continue;
        }
        int32_t period = period_index(e->program, d, e->today);
        for (int32_t k = 0; k < d->n; k++)
            paso_engine_fill(e, d->row + k, data_value(e, d, period, k));
    }
    paso_engine_fill(e, PASO_ROW_TODAY, e->today);
    paso_engine_fill(e, PASO_ROW_MONTH_LENGTH, paso_month_length(e->today));
}

static double draw_parameter(const paso_engine *e, const paso_prog_parameter *p, int32_t cell,
                             double z) {
    const double *number = e->program->number.items;
    double value = number[p->value + cell];
    double bound = number[p->value + (z > 0 ? 2 : 1) * p->n + cell];
    if (bound == value)
        return value; /* also where the scale has no number for it, as 0 in a logarithm */
    double w = (z < 0 ? -z : z) / 1.6448536269514722;
    if (p->scale == PASO_LOG) return value * paso_exp(w * (paso_log(bound) - paso_log(value)));
    if (p->scale == PASO_LINEAR) return value + w * (bound - value);
    double b0 = number[p->bound], b1 = number[p->bound + 1];
    double g = paso_log((value - b0) / (b1 - value)), h = paso_log((bound - b0) / (b1 - bound));
    return b0 + (b1 - b0) * paso_logistic(g + w * (h - g));
}

void paso_engine_draw_parameters(paso_engine *e) {
    for (size_t i = 0; i < e->program->parameter.n; i++) {
        const paso_prog_parameter *p = &e->program->parameter.items[i];
        for (int32_t k = 0; k < p->n; k++) {
            paso_key key = paso_engine_key(e, p->hash, PASO_DRAW_PARAMETER, p->each ? k : 0, 0);
            for (size_t l = 0; l < e->lanes; l++) {
                double z = e->quick ? 0 : paso_normal_quantile(paso_uniform(&key, e->member[l]));
                paso_row(e, p->row + k)[l] = draw_parameter(e, p, k, z);
            }
        }
    }
}
