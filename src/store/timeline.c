/* Policies and what they set when, as rows of `policy` and `setting`: the layers of each stack,
 * lowest first, cut to the window of their policy. An empty value ends a window. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "program/compile.h"
#include "store/describe.h"

enum { MAX_CHAIN = 64 };

typedef struct timeline {
    paso_store *store;
    const paso_model *model;
    sqlite3_stmt *put;
    int64_t policy;
    double from, until; /* window of the layer */
} timeline;

static void write_time(double time, char text[32]) {
    int day = (int)floor(time);
    int minute = (int)lround((time - day) * 24 * 60);
    paso_date_write(day, text);
    size_t n = strlen(text);
    if (minute > 0) snprintf(text + n, 32 - n, "T%02d:%02d", minute / 60, minute % 60);
}

static paso_status put_row(const timeline *t, const paso_lever *lever, const char *cell,
                           double time, const char *value) {
    char date[32];
    write_time(time, date);
    return paso_store_put(t->store, t->put, "isssss", t->policy, lever->item.name, cell, date,
                          value, lever->item.unit_text ? lever->item.unit_text : "1");
}

static const char *value_text(const timeline *t, const paso_lever *lever, const paso_expr *expr,
                              double number) {
    double factor = lever->item.unit.factor != 0 ? lever->item.unit.factor : 1;
    if (!expr) return paso_arena_format(t->store->arena, "%.12g", number / factor);
    if (expr->kind == PASO_EX_NUMBER) {
        return paso_arena_format(t->store->arena, "%.12g", expr->number / factor);
    }
    return expr->text;
}

/* One value from `time` on, where that lies in the window and before `next`. */
static paso_status put_value(const timeline *t, const paso_lever *lever, const char *cell,
                             double time, double next, const char *value) {
    if (!value) return PASO_ERR_MEMORY;
    double start = time > t->from ? time : t->from;
    double end = next < t->until ? next : t->until;
    if (start >= end) return PASO_OK;
    return put_row(t, lever, cell, start, value);
}

static paso_status put_cell(const timeline *t, const paso_setting *setting, const char *cell) {
    const paso_lever *lever = &t->model->lever[setting->lever];
    paso_status status = PASO_OK;
    if (setting->value) {
        const char *text = value_text(t, lever, setting->value, 0);
        status = put_value(t, lever, cell, t->model->clock_start, INFINITY, text);
    }
    for (int i = 0; i < setting->n_dates && status == PASO_OK; i++) {
        double next = i + 1 < setting->n_dates ? setting->time[i + 1] : INFINITY;
        const char *text = value_text(t, lever, NULL, setting->number[i]);
        status = put_value(t, lever, cell, setting->time[i], next, text);
    }
    if (status == PASO_OK && t->until < t->model->clock_end) {
        status = put_row(t, lever, cell, t->until, "");
    }
    return status;
}

static paso_status put_setting(const timeline *t, const paso_setting *setting) {
    paso_shape shape = t->model->lever[setting->lever].item.shape;
    if (setting->n_cells == paso_shape_cells(t->model, shape)) return put_cell(t, setting, "");
    paso_status status = PASO_OK;
    for (int i = 0; i < setting->n_cells && status == PASO_OK; i++) {
        char cell[256];
        paso_cell_write(t->model, shape, setting->cell[i], cell, sizeof cell);
        status = put_cell(t, setting, cell);
    }
    return status;
}

static paso_status put_layer(timeline *t, const paso_policy *policy) {
    paso_status status = PASO_OK;
    t->from = policy->from;
    t->until = policy->until;
    for (int i = 0; i < policy->n_settings && status == PASO_OK; i++) {
        status = put_setting(t, &policy->setting[i]);
    }
    return status;
}

/* The base chain of one policy, lowest first. The checker refuses rings of bases. */
static paso_status put_chain(timeline *t, int index) {
    int chain[MAX_CHAIN], n = 0;
    for (int p = index; p >= 0 && n < MAX_CHAIN; p = t->model->policy[p].base) chain[n++] = p;
    paso_status status = PASO_OK;
    while (n > 0 && status == PASO_OK) status = put_layer(t, &t->model->policy[chain[--n]]);
    return status;
}

static paso_status put_stack(timeline *t, const paso_store_run *run, size_t p) {
    const paso_store_stack *stack = &run->stack[p];
    paso_status status = PASO_OK;
    t->policy = (int64_t)p;
    for (int i = 0; i < stack->n_policies && status == PASO_OK; i++) {
        status = put_chain(t, stack->policy[i]);
    }
    t->from = -INFINITY;
    t->until = INFINITY;
    for (int i = 0; i < run->n_overrides && status == PASO_OK; i++) {
        if (run->override[i].is_lever) status = put_setting(t, &run->override[i].setting);
    }
    if (stack->own && status == PASO_OK) status = put_setting(t, &stack->own->setting);
    return status;
}

/* A stack of several policies is called by all their labels. */
static const char *stack_label(const timeline *t, const paso_store_stack *stack, bool spanish) {
    const char *label = NULL;
    for (int i = 0; i < stack->n_policies; i++) {
        const paso_item *item = &t->model->policy[stack->policy[i]].item;
        const char *own = spanish && item->es ? item->es : item->en ? item->en : item->name;
        label = label ? paso_arena_format(t->store->arena, "%s + %s", label, own) : own;
    }
    if (stack->own) {
        label = paso_arena_format(t->store->arena, "%s%s%s", label ? label : "", label ? ", " : "",
                                  stack->name);
    }
    return label;
}

/* What rests on politics under it. A run written by hand has no programs. */
static paso_status put_rests(const timeline *t, const paso_store_run *run, size_t id,
                             bool *political) {
    const paso_plan *plan = run->plan;
    *political = false;
    if (!plan->program || !plan->schedule) return PASO_OK;
    bool calm = run->calm && run->calm[id], *rests = calloc((size_t)t->model->n_observables + 1, 1);
    paso_status status = rests ? paso_program_politics(t->model, plan->program[id],
                                                       plan->schedule[id], plan->until, calm, rests)
                               : PASO_ERR_MEMORY;
    sqlite3_stmt *put = paso_store_prepare(t->store, "INSERT INTO rests VALUES(?, ?)");
    for (int i = 0; i < t->model->n_observables && status == PASO_OK; i++) {
        if (!rests[i]) continue;
        *political = true;
        status = paso_store_put(t->store, put, "ii", (int64_t)id, (int64_t)i);
    }
    sqlite3_finalize(put);
    free(rests);
    return status;
}

static paso_status put_policy(const timeline *t, sqlite3_stmt *put, const paso_store_run *run,
                              size_t id) {
    bool political;
    paso_status status = put_rests(t, run, id, &political);
    if (status != PASO_OK) return status;
    const paso_store_stack *stack = &run->stack[id];
    const paso_policy *top =
        stack->n_policies > 0 ? &t->model->policy[stack->policy[stack->n_policies - 1]] : NULL;
    const char *base = top && top->base >= 0 ? t->model->policy[top->base].item.name : NULL;
    return paso_store_put(t->store, put, "issssssi", (int64_t)id, stack->name,
                          stack_label(t, stack, false), stack_label(t, stack, true), base,
                          top ? top->item.doc : "Every lever at the value that the corridor gives.",
                          top ? top->item.doc_es : "Cada palanca en el valor que da el corredor.",
                          (int64_t)political);
}

paso_status paso_store_describe_policies(paso_store *store, const paso_model *model,
                                         const paso_store_run *run) {
    timeline t = {.store = store, .model = model};
    sqlite3_stmt *put =
        paso_store_prepare(store, "INSERT INTO policy VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    t.put = paso_store_prepare(store, "INSERT INTO setting VALUES(?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (size_t p = 0; p < run->plan->n_policies && status == PASO_OK; p++) {
        status = put_policy(&t, put, run, p);
        if (status == PASO_OK) status = put_stack(&t, run, p);
    }
    sqlite3_finalize(put);
    sqlite3_finalize(t.put);
    return status;
}
