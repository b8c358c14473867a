/* Policies to lever values by day. A policy is layers of settings with windows; a day's value is
 * the time-weighted mean over that day, so that a bridge shut at 08:00 is open for a third of it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/unconst.h"
#include "program/compile_internal.h"

/* One setting. Those of one policy stand together and are one step: their formulas see the levers
 * as the steps beneath left them, whatever the order in the file. */
typedef struct layer {
    const paso_setting *setting;
    double from, until;
    int step;
    bool compiled; /* the formulas of its step */
    paso_block code;
    int32_t source; /* first row of the formula's result, one for each cell of the lever */
} layer;

typedef PASO_LIST_OF(layer) layer_list;
typedef PASO_LIST_OF(int32_t) day_list;
typedef PASO_LIST_OF(double) time_list;

/* ---- layers, lowest first
 * ------------------------------------------------------------------------ */

static int next_step(const layer_list *layers) {
    return layers->n > 0 ? layers->items[layers->n - 1].step + 1 : 0;
}

static int add_policy(const paso_model *m, int policy, layer_list *layers) {
    const paso_policy *p = &m->policy[policy];
    if (p->base >= 0 && add_policy(m, p->base, layers) != 0) return -1;
    int step = next_step(layers);
    for (int i = 0; i < p->n_settings; i++) {
        layer one = {.setting = &p->setting[i], .from = p->from, .until = p->until, .step = step};
        if (PASO_PUSH(layers, one)) return -1;
    }
    return 0;
}

static int add_overrides(const paso_override *override, int n, layer_list *layers) {
    for (int i = 0; i < n; i++) {
        layer one = {.setting = &override[i].setting,
                     .from = -INFINITY,
                     .until = INFINITY,
                     .step = next_step(layers)};
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

/* ---- what the layers give at a moment ---- */

/* The last dated number up to a moment, or -1. */
static int date_in_force(const paso_setting *s, double time) {
    int at = -1;
    while (at + 1 < s->n_dates && s->time[at + 1] <= time) at++;
    return at;
}

/* All formulas of a step before any of its levers changes, into rows of their own. */
static void compile_step(paso_compiler *c, layer *first, const layer *end) {
    if (first->compiled) return;
    paso_block code = {.first = (int32_t)c->code[PASO_BLOCK_SETTING].n};
    for (layer *one = first; one < end && one->step == first->step; one++) {
        if (!one->setting->value) continue;
        paso_shape shape = c->model->lever[one->setting->lever].item.shape;
        one->source = paso_compile_rows(c, paso_shape_cells(c->model, shape));
        paso_compile_into(c, one->setting->value, one->source, shape);
    }
    code.n = (int32_t)c->code[PASO_BLOCK_SETTING].n - code.first;
    for (layer *one = first; one < end && one->step == first->step; one++)
        one->compiled = true, one->code = code;
}

static void assign(paso_compiler *c, int32_t row, int32_t source, double number, paso_block *code) {
    paso_assignment a = {.row = row, .code = *code, .source = source};
    *code = (paso_block){0, 0}; /* runs once, before the first assignment that needs it */
    a.number = (int32_t)c->schedule->number.n;
    if (PASO_PUSH(&c->schedule->number, number) || PASO_PUSH(&c->schedule->assignment, a))
        c->status = PASO_ERR_MEMORY;
}

static void apply_layer(paso_compiler *c, const layer *one, double time, paso_block *code) {
    const paso_setting *s = one->setting;
    int32_t lever = c->program->lever.items[s->lever].row;
    int at = date_in_force(s, time);
    if (!s->value && at < 0) return;
    double number = s->value ? 0 : s->number[at];
    for (int k = 0; k < s->n_cells; k++)
        assign(c, lever + s->cell[k], s->value ? one->source + s->cell[k] : -1, number, code);
}

static void apply_layers(paso_compiler *c, const layer_list *layers, double time) {
    const layer *end = layers->items + layers->n;
    paso_block code = {0, 0};
    int step = -1;
    for (layer *one = layers->items; one < end; one++) {
        if (time < one->from || time >= one->until) continue;
        if (one->step != step) {
            compile_step(c, one, end);
            code = one->code;
            step = one->step;
        }
        apply_layer(c, one, time, &code);
    }
}

/* ---- a day of several pieces: each lever shows the mean over the day ---- */

static bool is_within(double time, int32_t day) {
    return time > day && time < day + 1.0;
}

static int by_time(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The moments at which something changes, the day's own first; the day's end closes the list. */
static void cut_day(paso_compiler *c, const layer_list *layers, int32_t day, time_list *cuts) {
    int failed = PASO_PUSH(cuts, (double)day);
    failed |= PASO_PUSH(cuts, day + 1.0);
    for (size_t i = 0; i < layers->n; i++) {
        const layer *one = &layers->items[i];
        if (is_within(one->from, day)) failed |= PASO_PUSH(cuts, one->from);
        if (is_within(one->until, day)) failed |= PASO_PUSH(cuts, one->until);
        for (int k = 0; k < one->setting->n_dates; k++)
            if (is_within(one->setting->time[k], day))
                failed |= PASO_PUSH(cuts, one->setting->time[k]);
    }
    if (failed) c->status = PASO_ERR_MEMORY;
    if (cuts->n > 0) qsort(cuts->items, cuts->n, sizeof *cuts->items, by_time);
}

/* sum = sum + lever * share, or its first term. */
static void add_piece(paso_compiler *c, const paso_prog_lever *lever, int32_t sum, double share,
                      bool first) {
    paso_op part = paso_compile_op(PASO_OP_MUL, lever->n, sum);
    if (!first) part.dst = paso_compile_rows(c, lever->n);
    part.a = lever->row;
    part.b = paso_compile_number(c, share);
    part.map_b = PASO_MAP_ONE;
    paso_compile_emit(c, PASO_CLASS_NOW, part);
    if (first) return;
    paso_op add = paso_compile_op(PASO_OP_ADD, lever->n, sum);
    add.a = sum;
    add.b = part.dst;
    paso_compile_emit(c, PASO_CLASS_NOW, add);
}

static bool is_set_within(const layer_list *layers, int lever, int32_t day) {
    for (size_t i = 0; i < layers->n; i++) {
        const layer *one = &layers->items[i];
        if (one->setting->lever == lever && one->from < day + 1.0 && one->until > day) return true;
    }
    return false;
}

/* Every lever that is set on the day: its sum over the pieces so far, and its default again. */
static void end_piece(paso_compiler *c, const layer_list *layers, int32_t day, int32_t sum,
                      double share, bool first, bool last) {
    paso_block code = {.first = (int32_t)c->code[PASO_BLOCK_SETTING].n};
    int32_t at = sum;
    for (int i = 0; i < c->model->n_levers; i++) {
        const paso_prog_lever *lever = &c->program->lever.items[i];
        if (is_set_within(layers, i, day)) add_piece(c, lever, at, share, first);
        at += lever->n;
    }
    code.n = (int32_t)c->code[PASO_BLOCK_SETTING].n - code.first;
    at = sum;
    for (int i = 0; i < c->model->n_levers; i++) {
        const paso_prog_lever *lever = &c->program->lever.items[i];
        for (int32_t k = 0; k < lever->n && is_set_within(layers, i, day); k++)
            assign(c, lever->row + k, last ? at + k : -1,
                   c->program->number.items[lever->value + k], &code);
        at += lever->n;
    }
}

static int32_t sum_rows(paso_compiler *c) {
    int32_t n = 0;
    for (int i = 0; i < c->model->n_levers; i++) n += c->program->lever.items[i].n;
    return paso_compile_rows(c, n);
}

static void compile_change(paso_compiler *c, const layer_list *layers, int32_t day) {
    paso_change change = {.day = day, .first = (int32_t)c->schedule->assignment.n};
    time_list cuts = {0};
    cut_day(c, layers, day, &cuts);
    int32_t sum = cuts.n > 2 ? sum_rows(c) : -1;
    for (size_t i = 0; i + 1 < cuts.n; i++) {
        double share = cuts.items[i + 1] - cuts.items[i];
        if (share <= 0) continue;
        apply_layers(c, layers, cuts.items[i]);
        if (sum >= 0) end_piece(c, layers, day, sum, share, i == 0, i + 2 == cuts.n);
    }
    free(cuts.items);
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
    c.program = paso_unconst(program); /* only read: every row goes to the schedule */
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
