/* Events of the morning: what was dated, what chance starts, what ends. Sizes and lengths are drawn
 * once, at the start of an occurrence. */
#include "engine/engine_internal.h"

static double drawn_value(const paso_engine *e, const paso_prog_event *event,
                          const paso_prog_drawn *drawn, paso_purpose purpose, int32_t cell,
                          size_t l) {
    double value = drawn->value.row < 0 ? 1 : paso_operand_row(e, drawn->value, cell)[l];
    if (drawn->law == PASO_LAW_VALUE) return value;
    paso_key key = paso_engine_key(e, event->hash, purpose, cell, 0);
    double u = paso_uniform(&key, e->member[l]);
    if (drawn->law == PASO_LAW_EXPONENTIAL) return -value * paso_log(1 - u);
    double sd = paso_operand_row(e, drawn->sd, cell)[l];
    return value * paso_exp(sd * paso_normal_quantile(u));
}

/* Whole days, at least one. */
static double drawn_days(const paso_engine *e, const paso_prog_event *event, int32_t cell,
                         size_t l) {
    double days = drawn_value(e, event, &event->lasts, PASO_DRAW_LASTS, cell, l);
    double whole = paso_engine_floor(days);
    whole = whole < days ? whole + 1 : whole;
    return whole > 1 ? whole : 1;
}

static bool has_chance(const paso_engine *e, const paso_prog_event *event) {
    return event->rate.row >= 0 && e->today >= event->chance_from;
}

static void pass_day(paso_engine *e, const paso_prog_event *event, int32_t cell) {
    double *size = paso_row(e, event->row + cell), *left = paso_row(e, event->left + cell);
    bool keep = e->quick && has_chance(e, event); /* the occupancy of the skeleton goes on */
    for (size_t l = 0; l < e->lanes; l++) {
        left[l] = left[l] > 0 ? left[l] - 1 : 0;
        if (left[l] == 0 && !keep) size[l] = 0;
    }
}

static void start_dated(paso_engine *e, const paso_prog_event *event, int32_t cell) {
    const paso_program *p = e->program;
    double *size = paso_row(e, event->row + cell), *left = paso_row(e, event->left + cell);
    for (int32_t i = 0; i < event->n_dates; i++) {
        if (p->pool.items[event->date + i] != e->today) continue;
        for (size_t l = 0; l < e->lanes; l++) {
            double days = drawn_days(e, event, cell, l);
            size[l] += p->number.items[event->date_size + i];
            left[l] = days > left[l] ? days : left[l];
        }
    }
}

static paso_status start_by_chance(paso_engine *e, const paso_prog_event *event, int32_t cell) {
    double *size = paso_row(e, event->row + cell), *left = paso_row(e, event->left + cell);
    const double *rate = paso_operand_row(e, event->rate, cell);
    paso_status status = paso_engine_check_rate(e, rate, NULL, event->name, cell);
    if (status) return status;
    paso_key key = paso_engine_key(e, event->hash, PASO_DRAW_EVENT, cell, 0);
    paso_uniform_lanes(&key, e->member, e->lanes, e->lane[5]);
    for (size_t l = 0; l < e->lanes; l++) {
        if (left[l] > 0 || e->lane[5][l] >= paso_rise(rate[l])) continue;
        size[l] = drawn_value(e, event, &event->size, PASO_DRAW_SIZE, cell, l);
        left[l] = drawn_days(e, event, cell, l);
        if (!(size[l] - size[l] == 0) || !(left[l] - left[l] == 0))
            return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, event->name, cell, l);
    }
    return PASO_OK;
}

static double mean_of(const paso_engine *e, const paso_prog_drawn *drawn, int32_t cell, size_t l) {
    double value = drawn->value.row < 0 ? 1 : paso_operand_row(e, drawn->value, cell)[l];
    if (drawn->law != PASO_LAW_LOGNORMAL) return value;
    double sd = paso_operand_row(e, drawn->sd, cell)[l];
    return value * paso_exp(0.5 * sd * sd);
}

/* Skeleton: a one-day event stands at its chance times its mean size; a lasting one comes and goes
 * with its occupancy, from what was dated. */
static void expect_event(paso_engine *e, const paso_prog_event *event, int32_t cell) {
    double *size = paso_row(e, event->row + cell);
    const double *left = paso_row(e, event->left + cell);
    const double *rate = paso_operand_row(e, event->rate, cell);
    for (size_t l = 0; l < e->lanes; l++) {
        double mean = mean_of(e, &event->size, cell, l);
        double days = event->lasts.value.row < 0 ? 1 : mean_of(e, &event->lasts, cell, l);
        double chance = paso_rise(rate[l]);
        if (left[l] > 0) continue;
        size[l] = days <= 1 ? chance * mean : size[l] + chance * (mean - size[l]) - size[l] / days;
    }
}

static paso_status run_event(paso_engine *e, const paso_prog_event *event) {
    for (int32_t cell = 0; cell < event->n; cell++) {
        pass_day(e, event, cell);
        start_dated(e, event, cell);
        if (!has_chance(e, event)) continue;
        paso_status status = PASO_OK;
        if (e->quick)
            expect_event(e, event, cell);
        else
            status = start_by_chance(e, event, cell);
        if (status) return status;
    }
    return PASO_OK;
}

paso_status paso_engine_events(paso_engine *e) {
    if (e->program->event.n == 0) return PASO_OK;
    paso_engine_block(e, PASO_BLOCK_EVENT);
    for (size_t i = 0; i < e->program->event.n; i++) {
        paso_status status = run_event(e, &e->program->event.items[i]);
        if (status) return status;
    }
    return PASO_OK;
}
