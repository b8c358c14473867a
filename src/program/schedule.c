/* Policies to lever values by day. A policy is layers of settings with windows; a day's value is
 * the time-weighted mean over that day, so that a bridge shut at 08:00 is open for a third of it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/compile_internal.h"

typedef struct layer {
    const paso_setting *setting;
    double from, until;
    bool compiled;
    paso_block code;
    paso_operand source;
} layer;

typedef PASO_LIST_OF(layer) layer_list;
typedef PASO_LIST_OF(int32_t) day_list;

/* ---- layers, lowest first
 * ------------------------------------------------------------------------ */

static int add_policy(const paso_model *m, int policy, layer_list *layers) {
    const paso_policy *p = &m->policy[policy];
    if (p->base >= 0 && add_policy(m, p->base, layers) != 0) return -1;
    for (int i = 0; i < p->n_settings; i++) {
        layer one = {.setting = &p->setting[i], .from = p->from, .until = p->until};
        if (PASO_PUSH(layers, one)) return -1;
    }
    return 0;
}

static int add_overrides(const paso_override *override, int n, layer_list *layers) {
    for (int i = 0; i < n; i++) {
        layer one = {.setting = &override[i].setting, .from = -INFINITY, .until = INFINITY};
        if (override[i].is_lever && PASO_PUSH(layers, one)) return -1;
    }
    return 0;
}

/* ---- the days on which something changes
 * ----------------------------------------------------------- */

static int add_time(day_list *days, const paso_model *m, double time) {
    if (!isfinite(time)) return 0;
    int32_t day = (int32_t)floor(time);
    int32_t first = day < m->clock_start ? m->clock_start : day;
    if (PASO_PUSH(days, first)) return -1;
    if (time > day && day + 1 > m->clock_start) return PASO_PUSH(days, day + 1);
    return 0;
}

static int add_layer_days(day_list *days, const paso_model *m, const layer *one) {
    int failed = add_time(days, m, one->from) | add_time(days, m, one->until);
    for (int i = 0; i < one->setting->n_dates; i++)
        failed |= add_time(days, m, one->setting->time[i]);
    return failed;
}

static int by_day(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int change_days(const paso_model *m, const layer_list *layers, day_list *days) {
    int failed = PASO_PUSH(days, m->clock_start);
    for (size_t i = 0; i < layers->n; i++) failed |= add_layer_days(days, m, &layers->items[i]);
    if (failed) return -1;
    qsort(days->items, days->n, sizeof *days->items, by_day);
    size_t kept = 0;
    for (size_t i = 0; i < days->n; i++)
        if (i == 0 || days->items[i] != days->items[i - 1]) days->items[kept++] = days->items[i];
    days->n = kept;
    return 0;
}

/* ---- what a layer gives on a day
 * -------------------------------------------------------------------- */

static double overlap(double a, double b, double c, double d) {
    double from = a > c ? a : c, until = b < d ? b : d;
    return until > from ? until - from : 0;
}

/* Mean of the dated numbers over the part of the day that they and the window cover. */
static double dated_value(const layer *one, double day, double *cover) {
    const paso_setting *s = one->setting;
    double from = one->from > day ? one->from : day;
    double until = one->until < day + 1 ? one->until : day + 1;
    double sum = 0, only = 0;
    int n_pieces = 0;
    *cover = 0;
    for (int i = 0; i < s->n_dates; i++) {
        double next = i + 1 < s->n_dates ? s->time[i + 1] : INFINITY;
        double part = overlap(from, until, s->time[i], next);
        if (part <= 0) continue;
        sum += part * s->number[i];
        *cover += part;
        only = s->number[i];
        n_pieces++;
    }
    return n_pieces <= 1 ? only : sum / *cover;
}

static void compile_layer(paso_compiler *c, layer *one) {
    if (one->compiled) return;
    paso_shape shape = c->model->lever[one->setting->lever].item.shape;
    one->code.first = (int32_t)c->code[PASO_BLOCK_SETTING].n;
    one->source = paso_compile_read(c, paso_compile_expr(c, one->setting->value), shape);
    one->code.n = (int32_t)c->code[PASO_BLOCK_SETTING].n - one->code.first;
    one->compiled = true;
}

static int32_t source_row(const paso_compiler *c, paso_operand source, int cell) {
    if (source.map == PASO_MAP_SAME) return source.row + cell;
    if (source.map == PASO_MAP_ONE) return source.row;
    return source.row + c->schedule->pool.items[source.map + cell];
}

static void assign(paso_compiler *c, const layer *one, int k, double value, double cover) {
    const paso_setting *s = one->setting;
    paso_assignment a = {.row = c->program->lever.items[s->lever].row + s->cell[k], .source = -1};
    if (s->value) {
        a.source = source_row(c, one->source, s->cell[k]);
        if (k == 0) a.code = one->code;
    }
    a.number = (int32_t)c->schedule->number.n;
    if (PASO_PUSH(&c->schedule->number, value)) c->status = PASO_ERR_MEMORY;
    a.cover = (int32_t)c->schedule->number.n;
    if (PASO_PUSH(&c->schedule->number, cover)) c->status = PASO_ERR_MEMORY;
    if (PASO_PUSH(&c->schedule->assignment, a)) c->status = PASO_ERR_MEMORY;
}

static void apply_layer(paso_compiler *c, layer *one, int32_t day) {
    double cover = overlap(one->from, one->until, day, day + 1.0), value = 0;
    if (one->setting->value)
        compile_layer(c, one);
    else
        value = dated_value(one, day, &cover);
    if (cover <= 0) return;
    for (int k = 0; k < one->setting->n_cells; k++) assign(c, one, k, value, cover);
}

static void compile_change(paso_compiler *c, layer_list *layers, int32_t day) {
    paso_change change = {.day = day, .first = (int32_t)c->schedule->assignment.n};
    for (size_t i = 0; i < layers->n; i++) apply_layer(c, &layers->items[i], day);
    change.n = (int32_t)c->schedule->assignment.n - change.first;
    if (PASO_PUSH(&c->schedule->change, change)) c->status = PASO_ERR_MEMORY;
}

/* ---- the whole
 * ---------------------------------------------------------------------------------------- */

static void item_rows(paso_compiler *c, int32_t *parameter, int32_t *lever) {
    c->parameter_row = parameter;
    c->lever_row = lever;
    for (int i = 0; i < c->model->n_levers; i++) lever[i] = c->program->lever.items[i].row;
    /* Parameters were laid first, one after another. */
    int32_t row = PASO_ROW_FIRST_FREE;
    for (int i = 0; i < c->model->n_parameters; i++) {
        parameter[i] = row;
        row += paso_shape_cells(c->model, c->model->parameter[i].item.shape);
    }
}

static void lay_code(paso_compiler *c) {
    for (size_t i = 0; i < c->code[PASO_BLOCK_SETTING].n; i++)
        if (PASO_PUSH(&c->schedule->op, c->code[PASO_BLOCK_SETTING].items[i]))
            c->status = PASO_ERR_MEMORY;
}

paso_status paso_schedule_compile(const paso_model *model, const paso_program *program,
                                  const int *policy, int n_policies, const paso_override *override,
                                  int n_overrides, paso_schedule **schedule) {
    paso_compiler c = {.model = model};
    layer_list layers = {0};
    day_list days = {0};
    int failed = 0;
    int32_t *parameter = calloc((size_t)model->n_parameters + 1, sizeof *parameter);
    int32_t *lever = calloc((size_t)model->n_levers + 1, sizeof *lever);
    *schedule = NULL;
    c.schedule = calloc(1, sizeof *c.schedule);
    for (int i = 0; i < n_policies; i++) failed |= add_policy(model, policy[i], &layers);
    failed |= add_overrides(override, n_overrides, &layers);
    if (failed || !parameter || !lever || !c.schedule || change_days(model, &layers, &days) != 0) {
        c.status = PASO_ERR_MEMORY;
        goto out;
    }
    c.program = (paso_program *)(uintptr_t)program; /* only read: every row goes to the schedule */
    c.schedule->n_rows = program->n_rows;
    item_rows(&c, parameter, lever);
    for (size_t i = 0; i < days.n; i++) compile_change(&c, &layers, days.items[i]);
    lay_code(&c);
    if (c.status == PASO_OK) {
        *schedule = c.schedule;
        c.schedule = NULL;
    }
out:
    paso_schedule_free(c.schedule);
    for (int i = 0; i < PASO_N_CODE_LISTS; i++) free(c.code[i].items);
    free(parameter);
    free(lever);
    free(layers.items);
    free(days.items);
    return c.status;
}
