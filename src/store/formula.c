/* Writes a formula back as text, for the timeline of policies: the setting of a lever may be an
 * expression of levers and parameters. Parentheses stand only where the grammar needs them. */
#include "store/formula.h"

#include <string.h>

typedef struct writer {
    const paso_model *model;
    char *text;
    size_t n, size;
} writer;

static void put(writer *w, const char *text) {
    int n = snprintf(w->text + w->n, w->size - w->n, "%s", text);
    w->n += n < 0 ? 0 : (size_t)n;
    if (w->n >= w->size) w->n = w->size - 1;
}

/* Levels of the grammar: comparison 0, sum 1, product 2, power 3, atom 4. */
static int level_of(const paso_expr *e) {
    static const int level[] = {
        [PASO_ADD] = 1, [PASO_SUB] = 1, [PASO_MUL] = 2, [PASO_DIV] = 2, [PASO_POW] = 3};
    if (e->kind == PASO_EX_NEGATE) return 2;
    if (e->kind != PASO_EX_BINARY) return 4;
    return e->op <= PASO_POW ? level[e->op] : 0;
}

static void put_expr(writer *w, const paso_expr *e, int level);

static void put_list(writer *w, const paso_expr *e) {
    put(w, "(");
    for (int i = 0; i < e->n_args; i++) {
        if (i > 0) put(w, ", ");
        put_expr(w, e->arg[i], 0);
    }
    if (e->n_picks > 0) put(w, " by ");
    for (int i = 0; i < e->n_picks; i++) {
        if (i > 0) put(w, ", ");
        put(w, e->picks[i]);
    }
    put(w, ")");
}

static void put_picks(writer *w, const paso_expr *e) {
    put_expr(w, e->arg[0], 4);
    put(w, "[");
    for (int i = 0; i < e->n_picks; i++) {
        if (i > 0) put(w, ", ");
        put(w, e->picks[i]);
    }
    put(w, "]");
}

static void put_number(writer *w, const paso_expr *e) {
    char number[40], unit[64] = "";
    snprintf(number, sizeof number, "%.12g", e->number);
    put(w, number);
    if (e->unit.any || paso_unit_is_pure(e->unit)) return;
    put(w, " ");
    put(w, paso_unit_write(&w->model->units, e->unit, unit, sizeof unit));
}

static void put_date(writer *w, const paso_expr *e) {
    char date[16];
    paso_date_write((int)e->number, date);
    put(w, date);
}

static void put_binary(writer *w, const paso_expr *e, int level) {
    static const char *const sign[] = {" + ",  " - ", " * ",  " / ",  "^",   " < ",
                                       " <= ", " > ", " >= ", " == ", " != "};
    int own = level_of(e);
    if (own < level) put(w, "(");
    put_expr(w, e->arg[0], own + (e->op == PASO_POW || own == 0));
    put(w, sign[e->op]);
    put_expr(w, e->arg[1], own + (e->op != PASO_POW));
    if (own < level) put(w, ")");
}

static void put_expr(writer *w, const paso_expr *e, int level) {
    switch (e->kind) {
    case PASO_EX_NUMBER:
        put_number(w, e);
        break;
    case PASO_EX_DATE:
        put_date(w, e);
        break;
    case PASO_EX_UNIT:
    case PASO_EX_NAME:
        put(w, e->name ? e->name : "1");
        break;
    case PASO_EX_PICK:
        put_picks(w, e);
        break;
    case PASO_EX_MEMBER:
        put(w, e->name);
        put(w, e->negate ? " != " : " == ");
        put(w, e->picks[0]);
        break;
    case PASO_EX_NEGATE:
        put(w, level > 2 ? "(-" : "-");
        put_expr(w, e->arg[0], 3);
        if (level > 2) put(w, ")");
        break;
    case PASO_EX_BINARY:
        put_binary(w, e, level);
        break;
    case PASO_EX_CALL:
        put(w, paso_function_name(e->fn));
        put_list(w, e);
        break;
    case PASO_EX_TOTAL:
        put(w, "total");
        put_list(w, e);
        break;
    }
}

const char *paso_formula_write(paso_arena *arena, const paso_model *model, const paso_expr *expr) {
    char text[1024] = "";
    writer w = {.model = model, .text = text, .size = sizeof text};
    put_expr(&w, expr, 0);
    return paso_arena_text(arena, text);
}
