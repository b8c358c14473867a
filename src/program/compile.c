/* The checked model becomes a program: rows for every item, then code in the order of need, then
 * the blocks laid end to end. Names decide the keys of draws, so nothing here shifts another's
 * numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/compile_internal.h"
#include "random/random.h"

/* ---- rows, constants, texts ------------------------------------------------------------------ */

bool paso_compile_fits(paso_compiler *c, int64_t n) {
    if (n <= PASO_MAX_ROWS) return true;
    paso_diags *diags = c->options ? c->options->diags : NULL;
    if (diags && c->item && c->status == PASO_OK)
        paso_error(diags, "rows", c->item->mark, c->item->name,
                   "a cell is a row, times its ages, or times the days that lag and mean look back",
                   "expected at most %d rows in all, found more", PASO_MAX_ROWS);
    paso_compile_fail(c, PASO_ERR_INPUT);
    return false;
}

int32_t paso_compile_rows(paso_compiler *c, int64_t n) {
    int32_t *next = c->schedule ? &c->schedule->n_rows : &c->program->n_rows;
    int32_t row = *next;
    if (!paso_compile_fits(c, row + n)) return 0;
    *next += (int32_t)n;
    return row;
}

static void constant_row(paso_compiler *c, int32_t row, double value) {
    paso_constant constant = {row, (int32_t)c->program->number.n};
    if (PASO_PUSH(&c->program->number, value) || PASO_PUSH(&c->program->constant, constant))
        c->status = PASO_ERR_MEMORY;
}

paso_op paso_compile_op(int code, int32_t n, int32_t dst) {
    return (paso_op){.code = (int32_t)code,
                     .n = n,
                     .dst = dst,
                     .a = -1,
                     .b = -1,
                     .c = -1,
                     .map_a = PASO_MAP_SAME,
                     .map_b = PASO_MAP_SAME,
                     .map_c = PASO_MAP_SAME};
}

/* In a schedule constants are operations, because the program's rows are already laid. */
static void setting_numbers(paso_compiler *c, int32_t row, const double *value, int n) {
    paso_op op = paso_compile_op(PASO_OP_NUMBER, n, row);
    op.aux = (int32_t)c->schedule->number.n;
    for (int i = 0; i < n; i++)
        if (PASO_PUSH(&c->schedule->number, value[i])) c->status = PASO_ERR_MEMORY;
    paso_compile_emit(c, PASO_CLASS_FIXED, op);
}

int32_t paso_compile_constant(paso_compiler *c, const double *value, int n) {
    int32_t row = paso_compile_rows(c, n);
    if (c->schedule)
        setting_numbers(c, row, value, n);
    else
        for (int i = 0; i < n; i++) constant_row(c, row + i, value[i]);
    return row;
}

int32_t paso_compile_number(paso_compiler *c, double value) {
    if (c->schedule) return paso_compile_constant(c, &value, 1);
    for (size_t i = c->first_literal; i < c->program->constant.n; i++) {
        const paso_constant *known = &c->program->constant.items[i];
        if (memcmp(&c->program->number.items[known->number], &value, sizeof value) == 0)
            return known->row;
    }
    return paso_compile_constant(c, &value, 1);
}

/* Maps repeat: the same one is kept once. */
static int32_t find_in_pool(const int32_t *pool, size_t n_pool, const int *value, size_t n) {
    for (size_t at = 0; at + n <= n_pool; at++)
        if (pool[at] == value[0] && memcmp(pool + at, value, n * sizeof *value) == 0)
            return (int32_t)at;
    return -1;
}

int32_t paso_compile_pool(paso_compiler *c, const int *value, size_t n) {
    paso_pool *pool = c->schedule ? (paso_pool *)(void *)&c->schedule->pool
                                  : (paso_pool *)(void *)&c->program->pool;
    int32_t at = n ? find_in_pool(pool->items, pool->n, value, n) : 0;
    if (at >= 0) return at;
    at = (int32_t)pool->n;
    for (size_t i = 0; i < n; i++)
        if (PASO_PUSH(pool, value[i])) c->status = PASO_ERR_MEMORY;
    return at;
}

int32_t paso_compile_text(paso_compiler *c, const char *text) {
    int32_t at = (int32_t)c->program->text.n;
    size_t n = strlen(text) + 1;
    for (size_t i = 0; i < n; i++)
        if (PASO_PUSH(&c->program->text, text[i])) c->status = PASO_ERR_MEMORY;
    return at;
}

static int32_t push_numbers(paso_compiler *c, const double *value, int n) {
    int32_t at = (int32_t)c->program->number.n;
    for (int i = 0; i < n; i++)
        if (PASO_PUSH(&c->program->number, value[i])) c->status = PASO_ERR_MEMORY;
    return at;
}

static int list_of_class(const paso_compiler *c, paso_class class) {
    if (c->schedule) return PASO_BLOCK_SETTING;
    if (class == PASO_CLASS_FIXED) return PASO_BLOCK_FIXED;
    if (class == PASO_CLASS_LEVER) return PASO_BLOCK_LEVER;
    return c->block;
}

void paso_compile_emit(paso_compiler *c, paso_class class, paso_op op) {
    if (PASO_PUSH(&c->code[list_of_class(c, class)], op)) c->status = PASO_ERR_MEMORY;
}

/* ---- what is switched off ---------------------------------------------------------------------
 */

static bool is_named(const paso_compiler *c, const char *name) {
    for (int i = 0; c->options && i < c->options->n_without; i++)
        if (strcmp(c->options->without[i], name) == 0) return true;
    return false;
}

bool paso_compile_is_off(const paso_compiler *c, const paso_item *item) {
    return is_named(c, item->name) || is_named(c, paso_layer_name(item->layer));
}

/* ---- data, parameters, levers ------------------------------------------------------------------
 */

int32_t paso_compile_data(paso_compiler *c, int index, bool known) {
    int32_t *row = known ? &c->known_row[index] : &c->data_row[index];
    const paso_data *data = &c->model->data[index];
    if (*row >= 0) return *row;
    paso_prog_data out = {.n = paso_shape_cells(c->model, data->item.shape),
                          .n_periods = data->n_periods,
                          .every = (int32_t)data->every,
                          .after = (int32_t)data->after,
                          .repeat = data->repeat,
                          .known = known};
    out.name = paso_compile_text(c, data->item.name);
    *row = out.row = paso_compile_rows(c, out.n);
    out.first_day = paso_compile_pool(c, data->first_day, (size_t)data->n_periods + 1);
    out.value = push_numbers(c, data->value, data->n_periods * out.n);
    if (PASO_PUSH(&c->program->data, out)) c->status = PASO_ERR_MEMORY;
    return *row;
}

static bool is_fixed(const paso_parameter *p, int n) {
    if (p->scale == PASO_FIXED) return true;
    for (int i = 0; i < n; i++)
        if (p->low[i] != p->high[i]) return false;
    return true;
}

static void fixed_parameter(paso_compiler *c, const paso_parameter *p, int index, int n) {
    for (int i = 0; i < n; i++) constant_row(c, c->parameter_row[index] + i, p->value[i]);
}

/* A value that --set gave is no longer drawn; the draws of all others stay as they were. */
static bool override_parameter(paso_compiler *c, int index, int n) {
    bool found = false;
    const paso_parameter *p = &c->model->parameter[index];
    for (int k = 0; c->options && k < c->options->n_overrides; k++) {
        const paso_override *o = &c->options->override[k];
        if (o->is_lever || o->parameter != index) continue;
        if (!found) fixed_parameter(c, p, index, n);
        found = true;
        for (int i = 0; i < o->n_cells; i++)
            constant_row(c, c->parameter_row[index] + o->cell[i], o->value);
    }
    return found;
}

/* Words beside the names of items: their draws are left out, and those of all others stay. */
static bool is_held(const paso_compiler *c, const paso_parameter *p) {
    return is_named(c, "parameters") ||
           (p->item.layer == PASO_POLITICS && is_named(c, "politics-parameters"));
}

static void compile_parameter(paso_compiler *c, int index) {
    const paso_parameter *p = &c->model->parameter[index];
    int n = paso_shape_cells(c->model, p->item.shape);
    c->item = &p->item;
    c->parameter_row[index] = paso_compile_rows(c, n);
    if (override_parameter(c, index, n)) return;
    if (is_fixed(p, n) || is_held(c, p)) {
        fixed_parameter(c, p, index, n);
        return;
    }
    paso_prog_parameter out = {.hash = (int32_t)paso_name_hash(p->item.name),
                               .row = c->parameter_row[index],
                               .n = n,
                               .scale = (int32_t)p->scale,
                               .each = p->each};
    out.name = paso_compile_text(c, p->item.name);
    out.value = push_numbers(c, p->value, n);
    push_numbers(c, p->low, n);
    push_numbers(c, p->high, n);
    out.bound = push_numbers(c, p->bound, 2);
    if (PASO_PUSH(&c->program->parameter, out)) c->status = PASO_ERR_MEMORY;
}

static void compile_lever(paso_compiler *c, int index) {
    const paso_lever *lever = &c->model->lever[index];
    int n = paso_shape_cells(c->model, lever->item.shape);
    c->item = &lever->item;
    paso_prog_lever out = {.row = paso_compile_rows(c, n), .n = n};
    out.name = paso_compile_text(c, lever->item.name);
    out.value = push_numbers(c, lever->value, n);
    c->lever_row[index] = out.row;
    if (PASO_PUSH(&c->program->lever, out)) c->status = PASO_ERR_MEMORY;
}

/* ---- signals ------------------------------------------------------------------------------------
 */

static void compile_shock(paso_compiler *c, const paso_signal *signal) {
    int n = paso_shape_cells(c->model, signal->item.shape);
    c->shock_row = paso_compile_rows(c, n);
    if (is_named(c, "shock")) {
        for (int i = 0; i < n; i++) constant_row(c, c->shock_row + i, 0);
        return;
    }
    paso_prog_shock shock = {
        .hash = (int32_t)paso_name_hash(signal->item.name), .n = n, .df = signal->shock_df};
    shock.common = push_numbers(c, &signal->shock_common, 1);
    paso_op op = paso_compile_op(PASO_OP_SHOCK, n, c->shock_row);
    op.aux = (int32_t)c->program->shock.n;
    paso_compile_emit(c, PASO_CLASS_NOW, op);
    if (PASO_PUSH(&c->program->shock, shock)) c->status = PASO_ERR_MEMORY;
}

static void compile_known(paso_compiler *c, const paso_signal *signal, paso_value rule,
                          int32_t row) {
    paso_shape shape = signal->item.shape;
    paso_value seen = {paso_compile_data(c, signal->known, true), PASO_MAP_SAME,
                       c->model->data[signal->known].item.shape, PASO_CLASS_NOW};
    paso_operand a = paso_compile_read(c, seen, shape), b = paso_compile_read(c, rule, shape);
    paso_op op = paso_compile_op(PASO_OP_KNOWN, paso_shape_cells(c->model, shape), row);
    op.a = a.row, op.map_a = a.map;
    op.b = b.row, op.map_b = b.map;
    paso_compile_emit(c, PASO_CLASS_NOW, op);
}

/* A rule reads its own row as yesterday's, so its result is complete before it is written there. */
static void compile_rule(paso_compiler *c, const paso_signal *signal, int32_t row) {
    paso_shape shape = signal->item.shape;
    paso_value rule = paso_compile_expr(c, signal->is ? signal->is : signal->next);
    paso_operand read = paso_compile_read(c, rule, shape);
    paso_op copy = paso_compile_op(PASO_OP_COPY, paso_shape_cells(c->model, shape), row);
    copy.a = read.row, copy.map_a = read.map;
    if (signal->known >= 0)
        compile_known(c, signal, rule, row);
    else
        paso_compile_emit(c, signal->next ? PASO_CLASS_NOW : rule.class, copy);
}

static void compile_signal(paso_compiler *c, int index) {
    const paso_signal *signal = &c->model->signal[index];
    int32_t row = c->signal_rows[index];
    paso_shape shape = signal->item.shape;
    c->item = &signal->item;
    c->signal = signal;
    c->signal_row = row;
    c->block = PASO_BLOCK_DAY;
    if (paso_compile_is_off(c, &signal->item) && signal->neutral) {
        paso_compile_into(c, signal->neutral, row, shape);
    } else {
        if (signal->shock) compile_shock(c, signal);
        if (signal->is && signal->known < 0)
            paso_compile_into(c, signal->is, row, shape);
        else
            compile_rule(c, signal, row);
        c->block = PASO_BLOCK_START;
        if (signal->start) paso_compile_into(c, signal->start, row, shape);
    }
    c->signal = NULL;
    c->n_temps = 0;
}

/* Rules without memory are worked out once on the eve, because the first morning's events look at
 * yesterday's signals. */
static void compile_eve(paso_compiler *c, int index) {
    const paso_signal *signal = &c->model->signal[index];
    if (!signal->is || c->model->n_events == 0) return;
    if (paso_compile_is_off(c, &signal->item) && signal->neutral) return;
    c->item = &signal->item;
    c->signal = signal;
    c->block = PASO_BLOCK_EVE;
    compile_rule(c, signal, c->signal_rows[index]);
    c->signal = NULL;
    c->n_temps = 0;
}

static void declare_signal(paso_compiler *c, int index) {
    const paso_signal *signal = &c->model->signal[index];
    int n = paso_shape_cells(c->model, signal->item.shape);
    c->item = &signal->item;
    paso_prog_signal out = {.row = paso_compile_rows(c, n), .n = n};
    out.name = paso_compile_text(c, signal->item.name);
    c->signal_rows[index] = out.row;
    if (PASO_PUSH(&c->program->signal, out)) c->status = PASO_ERR_MEMORY;
}

/* ---- observables --------------------------------------------------------------------------------
 */

static void compile_observable(paso_compiler *c, const paso_observable *observable) {
    int n = paso_shape_cells(c->model, observable->item.shape);
    c->item = &observable->item;
    paso_prog_observable out = {.row = paso_compile_rows(c, n),
                                .n = n,
                                .every = (int32_t)observable->every,
                                .take = (int32_t)observable->take};
    out.name = paso_compile_text(c, observable->item.name);
    out.code.first = (int32_t)c->code[PASO_BLOCK_OBSERVE].n;
    c->block = PASO_BLOCK_OBSERVE;
    paso_compile_into(c, observable->is, out.row, observable->item.shape);
    out.code.n = (int32_t)c->code[PASO_BLOCK_OBSERVE].n - out.code.first;
    c->n_temps = 0;
    if (PASO_PUSH(&c->program->observable, out)) c->status = PASO_ERR_MEMORY;
}

/* ---- the whole ----------------------------------------------------------------------------------
 */

static void settle_temp(int32_t *row, int32_t base) {
    if (*row >= 0 && (*row & PASO_TEMP_BIT)) *row = base + (*row & ~PASO_TEMP_BIT);
}

static void lay_list(paso_compiler *c, int list, int32_t temps) {
    for (size_t i = 0; i < c->code[list].n; i++) {
        paso_op op = c->code[list].items[i];
        settle_temp(&op.dst, temps);
        settle_temp(&op.a, temps);
        settle_temp(&op.b, temps);
        settle_temp(&op.c, temps);
        if (PASO_PUSH(&c->program->op, op)) c->status = PASO_ERR_MEMORY;
    }
}

static void lay_blocks(paso_compiler *c) {
    paso_program *p = c->program;
    c->item = c->widest;
    int32_t temps = paso_compile_rows(c, c->max_temps);
    for (int b = 0; b < PASO_N_BLOCKS; b++) {
        p->block[b].first = (int32_t)p->op.n;
        p->block[b].n = (int32_t)c->code[b].n;
        lay_list(c, b, temps);
    }
    for (size_t i = 0; i < p->observable.n; i++)
        p->observable.items[i].code.first += (int32_t)p->op.n;
    lay_list(c, PASO_BLOCK_OBSERVE, temps);
}

static int32_t *row_table(paso_compiler *c, int n) {
    int32_t *row = malloc((size_t)(n + 1) * sizeof *row);
    if (!row) c->status = PASO_ERR_MEMORY;
    for (int i = 0; row && i < n; i++) row[i] = -1;
    return row;
}

static paso_status compiler_init(paso_compiler *c, const paso_model *model,
                                 const paso_compile_options *options) {
    *c = (paso_compiler){.model = model, .options = options};
    c->program = calloc(1, sizeof *c->program);
    if (!c->program) return PASO_ERR_MEMORY;
    c->data_row = row_table(c, model->n_data);
    c->known_row = row_table(c, model->n_data);
    c->parameter_row = row_table(c, model->n_parameters);
    c->lever_row = row_table(c, model->n_levers);
    c->signal_rows = row_table(c, model->n_signals);
    c->event_row = row_table(c, model->n_events);
    c->program->n_rows = PASO_ROW_FIRST_FREE;
    c->program->start = model->clock_start;
    c->program->now = model->clock_now;
    c->program->end = model->clock_end;
    return c->status;
}

static void compiler_clear(paso_compiler *c) {
    for (int i = 0; i < PASO_N_CODE_LISTS; i++) free(c->code[i].items);
    free(c->data_row);
    free(c->known_row);
    free(c->parameter_row);
    free(c->lever_row);
    free(c->signal_rows);
    free(c->event_row);
}

/* Rows first, because signals, stages and rings name each other freely. */
static void compile_items(paso_compiler *c) {
    const paso_model *m = c->model;
    for (int i = 0; i < m->n_parameters; i++) compile_parameter(c, i);
    c->first_literal = c->program->constant.n;
    for (int i = 0; i < m->n_levers; i++) compile_lever(c, i);
    for (int i = 0; i < m->n_signals; i++) declare_signal(c, i);
    paso_declare_events(c);
    paso_declare_stages(c);
    if (c->status) return; /* what follows looks into what stands by now */
    paso_compile_events(c);
    for (int i = 0; i < m->n_signals; i++) compile_signal(c, m->signal_order[i]);
    for (int i = 0; i < m->n_signals; i++) compile_eve(c, m->signal_order[i]);
    paso_compile_stages(c);
    for (int i = 0; i < m->n_observables; i++) compile_observable(c, &m->observable[i]);
}

paso_status paso_program_compile(const paso_model *model, const paso_compile_options *options,
                                 paso_program **program) {
    paso_compiler c;
    *program = NULL;
    if (compiler_init(&c, model, options) != PASO_OK) goto out;
    compile_items(&c);
    lay_blocks(&c);
    if (c.status == PASO_OK) {
        *program = c.program;
        c.program = NULL;
    }
out:
    compiler_clear(&c);
    paso_program_free(c.program);
    return *program ? PASO_OK : c.status ? c.status : PASO_ERR_MEMORY;
}
