/* Mechanisms: what hangs together, and, for those with a number, the promise that a lever moves
 * outputs: which way, after how long, resting on what. They are read last, because they speak of
 * levers, series and observables; they change no result. */
#include <math.h>
#include <string.h>

#include "corridor/model_internal.h"

static const char need_number[] = "number: its place in the table, from 1";
static const char need_moves[] =
    "moves: {a lever: {to: a value, then: {an observable: [up, 3 months]}}}";
static const char need_rests[] =
    "rests: [series, parameters or events with a source], or [scenario]";

static void read_number(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_mechanism *m = c->item;
    if (!paso_whole_read(r, node, at, 1, PASO_MAX_MECHANISMS, &m->number)) return;
    for (const paso_mechanism *other = r->model->mechanism; other < m; other++)
        if (other->number == m->number)
            paso_err(r, "name-twice", at, NULL, "%d is the number of %s already", m->number,
                     other->item.name);
}

/* ---- moves: lever: {to: value, then: {observable: [sign, delay]}}. In their handlers the
 * context's item is the move. */

static void read_to(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_move *move = c->item;
    if (!paso_node_is(r, node, at, PASO_SCALAR)) return;
    paso_place key_at = {c->at.mark, c->at.path};
    move->to_text = node->text;
    if (!paso_setting_read(r, c, move->text, key_at, node, at, &move->setting)) return;
    if (c->index < PASO_MAX_MECHANISMS)
        r->model->lever[move->setting.lever].item.tags |= UINT64_C(1) << c->index;
}

/* What a run records by periods; a date is one for the whole run and has no delay. */
static bool find_output(paso_reader *r, const char *text, paso_place at, paso_effect *effect) {
    paso_target t;
    if (!paso_target_read(r, text, at, &t)) return false;
    effect->observable = paso_observable_find(r->model, t.name);
    if (effect->observable < 0) {
        paso_err_unknown_in(r, at, "an observable", t.name, PASO_IN_OBSERVABLES);
        return false;
    }
    const paso_observable *o = &r->model->observable[effect->observable];
    if (r->section[PASO_IN_OBSERVABLES].items[effect->observable].broken) return false;
    if (o->take == PASO_FIRST)
        paso_err(r, "value", at, NULL, "expected an observable with periods, found the date %s",
                 t.name);
    return paso_target_cells(r, &t, at, &o->item, &effect->cell, &effect->n_cells) &&
           o->take != PASO_FIRST;
}

/* The period that must show it has to lie inside the clock, or nothing could ever show it. */
static void find_period(paso_reader *r, paso_effect *effect, paso_place at) {
    const paso_observable *o = &r->model->observable[effect->observable];
    int from = r->model->clock_now + (int)ceil(effect->delay);
    effect->first = paso_period_start(from, o->every);
    if (effect->first < from) effect->first = paso_period_next(effect->first, o->every);
    effect->until = paso_period_next(effect->first, o->every);
    if (effect->until <= r->model->clock_end) return;
    paso_err(r, "clock", at, NULL,
             "expected a whole %s after the delay inside the clock, found its end before that",
             paso_period_name(o->every));
}

static void read_effect(paso_reader *r, const paso_node *node, paso_place at, paso_effect *effect) {
    static const char *const signs[] = {"down", "up"};
    const paso_node *sign = node->child;
    effect->text = node->key;
    bool found = find_output(r, node->key, (paso_place){node->key_mark, at.path}, effect);
    if (node->kind != PASO_LIST || node->n_children != 2 || sign->next->kind != PASO_SCALAR) {
        paso_err_expected(r, at, "[up or down, a delay]", node);
        return;
    }
    int word = paso_word_read(r, sign, (paso_place){sign->mark, at.path}, signs, 2, "a direction");
    effect->sign = word == 0 ? -1 : 1;
    effect->delay_text = sign->next->text;
    paso_place delay_at = {sign->next->mark, at.path};
    paso_unit days = paso_unit_time();
    days.factor = 1;
    if (!paso_quantity_read(r, effect->delay_text, delay_at, days, "days", &effect->delay)) return;
    if (effect->delay < 0 || effect->delay > 100000)
        paso_err_expected(r, delay_at, "a delay of 0 days or more", sign->next);
    else if (found)
        find_period(r, effect, delay_at);
}

static void read_then(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_move *move = c->item;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    if (node->n_children == 0) paso_err_expected(r, at, "at least one observable", node);
    move->effect = PASO_NEW(r, node->n_children, paso_effect);
    for (const paso_node *n = node->child; move->effect != NULL && n != NULL; n = n->next)
        read_effect(r, n, paso_place_child(r, at.path, n), &move->effect[move->n_effects++]);
}

const paso_field paso_move_fields[] = {{"to", read_to, "to: the value that the lever gets"},
                                       {"then", read_then, "then: {an observable: [up, 3 months]}"},
                                       {NULL, NULL, NULL}};

static void read_moves(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_mechanism *m = c->item;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    if (node->n_children == 0) paso_err_expected(r, at, "at least one lever", node);
    m->move = PASO_NEW(r, node->n_children, paso_move);
    for (const paso_node *n = node->child; m->move != NULL && n != NULL; n = n->next) {
        paso_context inner = *c;
        paso_move *move = &m->move[m->n_moves++];
        inner.item = move;
        inner.node = n;
        inner.at = (paso_place){n->key_mark, paso_place_child(r, at.path, n).path};
        move->text = n->key;
        if (paso_node_is(r, n, inner.at, PASO_MAP)) paso_fields_read(r, &inner, paso_move_fields);
    }
}

/* ---- what it rests on, and the sources of that */

static void add_source(paso_mechanism *m, const char *key) {
    for (int i = 0; i < m->n_sources; i++)
        if (strcmp(m->source[i], key) == 0) return;
    m->source[m->n_sources++] = key;
}

/* The item, if it may carry a mechanism: it must say where its numbers come from. */
static const paso_item *find_ground(paso_reader *r, const char *name, paso_place at) {
    paso_found found = paso_model_lookup(r->model, name);
    bool right = found.ref == PASO_REF_DATA || found.ref == PASO_REF_PARAMETER ||
                 found.ref == PASO_REF_EVENT;
    if (!right) {
        paso_err_unknown_in(r, at, "a series, a parameter, an event, or scenario", name,
                            PASO_IN_DATA);
        return NULL;
    }
    paso_section section = paso_section_of(found.ref);
    const paso_item *item = paso_item_of(r->model, section, found.index);
    paso_entry_of(r, section, found.index)->used = true;
    if (item->source != NULL && strcmp(item->source, "assumed") != 0) return item;
    paso_err(r, "value", at, "what rests on a guess rests on a scenario: rests: [scenario]",
             "expected an item with a source, found %s, which has none", name);
    return NULL;
}

static void read_rests(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_mechanism *m = c->item;
    if (!paso_node_is(r, node, at, PASO_LIST)) return;
    if (node->n_children == 0) paso_err_expected(r, at, "at least one name, or scenario", node);
    m->rests = PASO_NEW(r, node->n_children, const paso_item *);
    for (const paso_node *n = node->child; m->rests != NULL && n != NULL; n = n->next) {
        paso_place here = {n->mark, at.path};
        const char *name = paso_text_read(r, n, here);
        if (name != NULL && strcmp(name, "scenario") == 0) {
            m->scenario = true;
            continue;
        }
        const paso_item *item = name == NULL ? NULL : find_ground(r, name, here);
        if (item != NULL) m->rests[m->n_rests++] = item;
    }
}

static void read_sources(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_mechanism *m = c->item;
    if (!paso_node_is(r, node, at, PASO_LIST)) return;
    for (const paso_node *n = node->child; m->source != NULL && n != NULL; n = n->next) {
        paso_item item = {0};
        paso_context inner = *c;
        inner.item = &item;
        paso_read_source(r, &inner, n, (paso_place){n->mark, at.path});
        if (item.source != NULL) add_source(m, item.source);
    }
}

const paso_field paso_mechanism_fields[] = {PASO_FIELDS_LABELS(paso_need_label),
                                            {"doc", paso_read_doc, NULL},
                                            {"number", read_number, NULL},
                                            {"moves", read_moves, NULL},
                                            {"rests", read_rests, NULL},
                                            {"sources", read_sources, NULL},
                                            {NULL, NULL, NULL}};

static void need(paso_reader *r, const paso_context *c, const char *key, const char *hint) {
    if (paso_key_is_missing(c, key))
        paso_err(r, "missing", c->at, hint, "expected the key %s, found none", key);
}

/* A tag needs labels only; whoever says more says all. */
static void finish(paso_reader *r, paso_context *c) {
    paso_mechanism *m = c->item;
    static const char *const keys[] = {"number", "moves", "rests", "sources"};
    bool more = false;
    for (int i = 0; i < m->n_rests; i++) add_source(m, m->rests[i]->source);
    for (int i = 0; i < 4; i++) more |= paso_node_get(c->node, keys[i]) != NULL;
    if (!more) return;
    c->entry->used = true;
    need(r, c, "number", need_number);
    need(r, c, "moves", need_moves);
    need(r, c, "rests", need_rests);
    need(r, c, "doc", "doc: one sentence on how it works");
    bool known = m->n_sources > 0 || m->rests == NULL || (m->n_rests == 0 && !m->scenario);
    if (!known) need(r, c, "sources", "sources: [keys of sources]: where the scenario comes from");
}

/* Room for all sources that it can name: its own list, and one for each item that it rests on. */
static bool make_room(paso_reader *r, int index) {
    const paso_node *node = r->section[PASO_IN_MECHANISMS].items[index].node;
    const paso_node *rests = paso_node_get(node, "rests"), *own = paso_node_get(node, "sources");
    int n = (rests == NULL ? 0 : rests->n_children) + (own == NULL ? 0 : own->n_children);
    r->model->mechanism[index].source = PASO_NEW(r, n, const char *);
    return r->model->mechanism[index].source != NULL;
}

void paso_mechanisms_read(paso_reader *r) {
    for (int i = 0; i < r->model->n_mechanisms; i++) {
        if (!make_room(r, i)) return;
        paso_entry_read(r, PASO_IN_MECHANISMS, i, &r->model->mechanism[i], paso_mechanism_fields,
                        finish);
    }
}
