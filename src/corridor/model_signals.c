/* Signals: numbers recomputed every morning, with or without memory and shock.
 */
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"

static void read_rule(paso_reader *r, paso_context *c, const paso_node *node, paso_place at,
                      bool memory) {
    paso_signal *s = c->item;
    paso_use *use =
        paso_use_add(r, c, node, at, "a signal", PASO_AT_MORNING, s->item.unit, s->item.shape);
    if (use == NULL) return;
    if (memory) use->own = c->index;
    *(memory ? &s->next : &s->is) = use->expr;
}

static void read_is(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_rule(r, c, node, at, false);
}

static void read_next(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_rule(r, c, node, at, true);
}

static paso_expr *read_fixed(paso_reader *r, paso_context *c, const paso_node *node, paso_place at,
                             const char *what) {
    paso_item *item = c->item;
    paso_use *use = paso_use_add(r, c, node, at, what, PASO_AT_START, item->unit, item->shape);
    return use == NULL ? NULL : use->expr;
}

static void read_start(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_signal *)c->item)->start = read_fixed(r, c, node, at, "a start");
}

static void read_neutral(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_signal *)c->item)->neutral = read_fixed(r, c, node, at, "a neutral value");
}

/* normal | normal(common 0.3) | student(5) | student(5, common 0.31) */
static bool parse_shock(const char *text, paso_signal *s) {
    char law[16] = "", word[16] = "", rest = '\0';
    int df = 0, n = 0;
    double common = 0;
    if (strcmp(text, "normal") == 0) return true;
    if (sscanf(text, "student ( %d )%n%c", &df, &n, &rest) == 1 && text[n] == '\0' && n > 0) {
        s->shock_df = df;
        return df >= 3 && df <= 30;
    }
    n = 0;
    if (sscanf(text, "%15[a-z] ( common %lf )%n", law, &common, &n) == 2 && n > 0 &&
        text[n] == '\0' && strcmp(law, "normal") == 0) {
        s->shock_common = common;
        return common >= 0 && common <= 1;
    }
    n = 0;
    if (sscanf(text, "student ( %d , %15[a-z] %lf )%n", &df, word, &common, &n) != 3 || n == 0 ||
        text[n] != '\0' || strcmp(word, "common") != 0)
        return false;
    s->shock_df = df;
    s->shock_common = common;
    return df >= 3 && df <= 30 && common >= 0 && common <= 1;
}

static void read_shock(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_signal *s = c->item;
    s->shock = true;
    if (node->kind == PASO_SCALAR && parse_shock(node->text, s)) return;
    paso_err_expected(r, at,
                      "normal, or student(degrees of freedom from 3 to 30, common share), the "
                      "share being optional",
                      node);
}

static void read_known(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_signal *s = c->item;
    const char *name = paso_text_read(r, node, at);
    paso_found found = name == NULL ? (paso_found){0} : paso_model_lookup(r->model, name);
    if (name == NULL) return;
    if (found.ref != PASO_REF_DATA) {
        paso_err_unknown_in(r, at, "a series of data", name, PASO_IN_DATA);
        return;
    }
    paso_entry *entry = paso_entry_of(r, PASO_IN_DATA, found.index);
    const paso_item *data = &r->model->data[found.index].item;
    s->known = found.index;
    entry->used = true;
    if (entry->broken || c->entry->broken) return;
    if (!paso_unit_equal(data->unit, s->item.unit))
        paso_err_unit(r, at, "a series", s->item.unit, data->unit);
    if (!paso_shape_equal(data->shape, s->item.shape))
        paso_err(r, "sets", at, NULL, "expected a series over %s, found one over %s",
                 paso_shape_write(r, s->item.shape), paso_shape_write(r, data->shape));
}

static void finish_signal(paso_reader *r, paso_context *c) {
    paso_signal *s = c->item;
    bool has_is = paso_node_get(c->node, "is") != NULL;
    bool has_next = paso_node_get(c->node, "next") != NULL;
    bool has_start = paso_node_get(c->node, "start") != NULL;
    if (!has_is && !has_next && !(paso_key_is_missing(c, "is") && paso_key_is_missing(c, "next")))
        return;
    if (has_is == has_next)
        paso_err(r, "missing", c->at, "is: has no memory, next: has",
                 "expected either is or next, found %s", has_is ? "both" : "none");
    else if (has_next && paso_key_is_missing(c, "start"))
        paso_err(r, "missing", c->at, "the value on the eve of the first day",
                 "expected the key start, found none");
    else if (has_is && has_start)
        paso_err(r, "value", c->at, NULL, "expected no start: a signal with is has no memory");
    if (has_is && s->shock)
        paso_err(r, "value", c->at, NULL, "expected next, found is: a shock needs memory");
    if (s->item.layer == PASO_POLITICS && has_next && s->neutral == NULL &&
        paso_key_is_missing(c, "neutral"))
        paso_err(r, "neutral", c->at, "its value when politics is switched off",
                 "expected the key neutral, found none");
}

const paso_field paso_signal_fields[] = {{"over", paso_read_over, NULL},
                                         {"unit", paso_read_unit, paso_need_unit},
                                         {"source", paso_read_source, NULL},
                                         PASO_FIELDS_LABELS(NULL),
                                         PASO_FIELDS_COMMON,
                                         {"shock", read_shock, NULL},
                                         {"known", read_known, NULL},
                                         {"start", read_start, NULL},
                                         {"is", read_is, NULL},
                                         {"next", read_next, NULL},
                                         {"neutral", read_neutral, NULL},
                                         {NULL, NULL, NULL}};

void paso_signals_read(paso_reader *r) {
    for (int i = 0; i < r->model->n_signals; i++) r->model->signal[i].known = -1;
    paso_section_read(r, PASO_IN_SIGNALS, r->model->signal, sizeof(paso_signal), paso_signal_fields,
                      finish_signal);
}
