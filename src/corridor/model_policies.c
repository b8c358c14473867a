/* Policies: dated settings of levers on top of other settings, and the one
 * setting of `--set name=value`. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"

static bool read_moment(paso_reader *r, const char *text, paso_place at, double *time) {
    int day = 0;
    double fraction = 0;
    if (paso_date_parse(text, &day, &fraction) == 0) {
        *time = day + fraction;
        return true;
    }
    paso_err(r, "date", at, NULL,
             "expected a date such as 2024-02-01 or 2024-02-01T08:00, found \"%s\"", text);
    return false;
}

static void read_from(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    if (paso_node_is(r, node, at, PASO_SCALAR))
        read_moment(r, node->text, at, &((paso_policy *)c->item)->from);
}

static void read_until(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    if (paso_node_is(r, node, at, PASO_SCALAR))
        read_moment(r, node->text, at, &((paso_policy *)c->item)->until);
}

static void read_base(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    const char *name = paso_text_read(r, node, at);
    if (name == NULL) return;
    int base = paso_policy_find(r->model, name);
    ((paso_policy *)c->item)->base = base;
    if (base < 0) paso_err_unknown_in(r, at, "a policy", name, PASO_IN_POLICIES);
}

/* ---- without */

static bool is_layer(const char *name) {
    return strcmp(name, "accounting") == 0 || strcmp(name, "behaviour") == 0 ||
           strcmp(name, "politics") == 0;
}

static void check_without(paso_reader *r, const char *name, paso_place at) {
    paso_found found = paso_model_lookup(r->model, name);
    if (is_layer(name) || found.ref == PASO_REF_EVENT) return;
    if (found.ref != PASO_REF_SIGNAL) {
        paso_err_unknown_in(r, at, "a layer, a signal or an event", name, PASO_IN_SIGNALS);
    } else {
        const paso_entry *entry = paso_entry_of(r, PASO_IN_SIGNALS, found.index);
        if (paso_node_get(entry->node, "neutral") == NULL)
            paso_err(r, "neutral", at, NULL,
                     "expected a signal with a neutral value, found %s, which has none", name);
    }
}

static void read_without(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_policy *p = c->item;
    if (!paso_node_is(r, node, at, PASO_LIST)) return;
    p->without = PASO_NEW(r, node->n_children, const char *);
    if (p->without == NULL) return;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        paso_place here = {n->mark, at.path};
        const char *name = paso_text_read(r, n, here);
        if (name == NULL) continue;
        p->without[p->n_without++] = name;
        check_without(r, name, here);
    }
}

/* ---- one setting: name or name[member, ...], and its value */

bool paso_target_read(paso_reader *r, const char *text, paso_place at, paso_target *t) {
    const char *open = strchr(text, '[');
    size_t n = strlen(text);
    t->name = text;
    t->key = NULL;
    if (open == NULL) return true;
    if (text[n - 1] != ']') {
        paso_err(r, "value", at, NULL, "expected name[member], found \"%s\"", text);
        return false;
    }
    t->name = paso_reader_format(r, "%.*s", (int)(open - text), text);
    t->key = paso_reader_format(r, "%.*s", (int)(text + n - 1 - open - 1), open + 1);
    return true;
}

bool paso_target_cells(paso_reader *r, const paso_target *t, paso_place at, const paso_item *item,
                       int **cell, int *n_cells) {
    paso_key_members key = {0};
    int all = paso_shape_cells(r->model, item->shape);
    if (t->key != NULL && !paso_key_read(r, t->key, at, item, &key)) return false;
    *cell = PASO_NEW(r, all, int);
    *n_cells = 0;
    for (int i = 0; *cell != NULL && i < all; i++) {
        if (paso_key_holds(r->model, item->shape, i, &key)) (*cell)[(*n_cells)++] = i;
    }
    return *cell != NULL;
}

static bool within_bounds(paso_reader *r, paso_place at, const paso_lever *lever, double value) {
    if (value >= lever->bound[0] && value <= lever->bound[1]) return true;
    paso_err_bounds(r, at, &lever->item, lever->bound, value, "");
    return false;
}

typedef struct dated {
    double time, number;
} dated;

static int compare_dated(const void *a, const void *b) {
    const dated *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static bool read_date(paso_reader *r, const paso_node *node, paso_place at, const paso_lever *lever,
                      dated *d) {
    const char *path = paso_reader_format(r, "%s.%s", at.path, node->key);
    if (!read_moment(r, node->key, (paso_place){node->key_mark, path}, &d->time)) return false;
    if (d->time >= r->model->clock_end)
        paso_warn(r->diags, "clock", node->key_mark, path, NULL,
                  "this date lies after the end of the clock");
    at = (paso_place){node->mark, path};
    return paso_node_is(r, node, at, PASO_SCALAR) &&
           paso_quantity_read(r, node->text, at, lever->item.unit, lever->item.unit_text,
                              &d->number) &&
           within_bounds(r, at, lever, d->number);
}

static bool read_dated(paso_reader *r, const paso_node *map, paso_place at, const paso_lever *lever,
                       paso_setting *s) {
    dated *list = PASO_NEW(r, map->n_children, dated);
    int n = 0;
    bool good = true;
    for (const paso_node *k = map->child; list != NULL && k != NULL; k = k->next, n++)
        good = read_date(r, k, at, lever, &list[n]) && good;
    s->time = PASO_NEW(r, n, double);
    s->number = PASO_NEW(r, n, double);
    if (!good || list == NULL || s->time == NULL || s->number == NULL) return false;
    qsort(list, (size_t)n, sizeof *list, compare_dated);
    for (int i = 0; i < n; i++) s->time[i] = list[i].time, s->number[i] = list[i].number;
    s->n_dates = n;
    return true;
}

/* A bare number is in the lever's unit, so it becomes a literal of that unit. */
static paso_expr *literal(paso_reader *r, const paso_item *item, paso_mark mark, double value) {
    paso_expr *e = PASO_NEW(r, 1, paso_expr);
    if (e == NULL) return NULL;
    e->kind = PASO_EX_NUMBER;
    e->mark = mark;
    e->number = value;
    e->unit = item->unit;
    e->unit.factor = 1;
    return e;
}

static bool read_scalar(paso_reader *r, const paso_context *c, const char *text, paso_place at,
                        const paso_lever *lever, paso_setting *s) {
    double number = 0;
    if (text[0] == '\0') {
        paso_err(r, "value", at, NULL, "expected a number or an expression, found nothing");
        return false;
    }
    if (paso_number_parse(text, &number) == 0) {
        number *= lever->item.unit.factor;
        s->value = literal(r, &lever->item, at.mark, number);
        return s->value != NULL && within_bounds(r, at, lever, number);
    }
    paso_use *use = paso_use_text(r, c, text, at, "a setting", PASO_AT_SETTING, lever->item.unit,
                                  lever->item.shape);
    if (use == NULL) return false;
    s->value = use->expr;
    return true;
}

/* The lever that a setting names, or -1. */
static int find_lever(paso_reader *r, const char *name, paso_place at) {
    paso_found found = paso_model_lookup(r->model, name);
    if (found.ref == PASO_REF_LEVER) {
        paso_entry *entry = paso_entry_of(r, PASO_IN_LEVERS, found.index);
        return entry != NULL && entry->broken ? -1 : found.index;
    }
    if (found.ref == PASO_REF_NONE && !found.is_set)
        paso_err_unknown_in(r, at, "a lever", name, PASO_IN_LEVERS);
    else
        paso_err(r, "policy", at, "levers alone can be set", "expected a lever, found %s", name);
    return -1;
}

bool paso_setting_read(paso_reader *r, const paso_context *c, const char *key, paso_place key_at,
                       const paso_node *node, paso_place at, paso_setting *s) {
    paso_target t;
    if (!paso_target_read(r, key, key_at, &t)) return false;
    s->mark = key_at.mark;
    s->lever = find_lever(r, t.name, key_at);
    if (s->lever < 0) return false;
    const paso_lever *lever = &r->model->lever[s->lever];
    if (!paso_target_cells(r, &t, key_at, &lever->item, &s->cell, &s->n_cells)) return false;
    if (node->kind == PASO_MAP) return read_dated(r, node, at, lever, s);
    if (node->kind == PASO_SCALAR) return read_scalar(r, c, node->text, at, lever, s);
    paso_err_expected(r, at, "a number, dated numbers or an expression", node);
    return false;
}

static bool overlaps(const paso_setting *a, const paso_setting *b) {
    for (int i = 0; a->lever == b->lever && i < a->n_cells; i++) {
        for (int k = 0; k < b->n_cells; k++) {
            if (a->cell[i] == b->cell[k]) return true;
        }
    }
    return false;
}

static void read_set(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_policy *p = c->item;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    p->setting = PASO_NEW(r, node->n_children, paso_setting);
    if (p->setting == NULL) return;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        paso_setting *s = &p->setting[p->n_settings];
        paso_place here = paso_place_child(r, at.path, n);
        if (!paso_setting_read(r, c, n->key, (paso_place){n->key_mark, here.path}, n, here, s))
            continue;
        for (int i = 0; i < p->n_settings; i++) {
            if (overlaps(&p->setting[i], s))
                paso_err(r, "policy", (paso_place){n->key_mark, here.path}, NULL,
                         "this policy sets some of its cells already, at line %d",
                         p->setting[i].mark.line);
        }
        p->n_settings++;
    }
}

static void finish_policy(paso_reader *r, paso_context *c) {
    const paso_policy *p = c->item;
    int link = p->base;
    if (p->from >= p->until || p->from >= r->model->clock_end || p->until <= r->model->clock_start)
        paso_err(r, "clock", c->at, NULL,
                 "expected from before until, and the two to meet the clock");
    for (int i = 0; link >= 0 && i < r->model->n_policies; i++) {
        const paso_node *base =
            paso_node_get(r->section[PASO_IN_POLICIES].items[link].node, "base");
        if (link == c->index) {
            paso_err(r, "policy", c->at, NULL, "%s is its own base, directly or through others",
                     p->item.name);
            return;
        }
        link =
            base == NULL || base->kind != PASO_SCALAR ? -1 : paso_policy_find(r->model, base->text);
    }
}

const paso_field paso_policy_fields[] = {PASO_FIELDS_LABELS(NULL),
                                         {"source", paso_read_source, NULL},
                                         PASO_FIELDS_COMMON,
                                         {"base", read_base, NULL},
                                         {"from", read_from, NULL},
                                         {"until", read_until, NULL},
                                         {"without", read_without, NULL},
                                         {"set", read_set, NULL},
                                         {NULL, NULL, NULL}};

void paso_policies_read(paso_reader *r) {
    for (int i = 0; i < r->model->n_policies; i++) {
        paso_policy *p = &r->model->policy[i];
        p->base = -1;
        p->from = -INFINITY;
        p->until = INFINITY;
    }
    paso_section_read(r, PASO_IN_POLICIES, r->model->policy, sizeof(paso_policy),
                      paso_policy_fields, finish_policy);
}

/* ---- --set name=value */

static bool fix_parameter(paso_reader *r, const paso_target *t, const char *value, paso_place at,
                          int index, paso_override *o) {
    const paso_parameter *p = &r->model->parameter[index];
    o->is_lever = false;
    o->parameter = index;
    if (!paso_target_cells(r, t, at, &p->item, &o->cell, &o->n_cells) ||
        !paso_quantity_read(r, value, at, p->item.unit, p->item.unit_text, &o->value))
        return false;
    bool bounded = p->bound[0] < p->bound[1]; /* also where there is no range, so no scale */
    if (!bounded || (o->value >= p->bound[0] && o->value <= p->bound[1])) return true;
    paso_err_bounds(r, at, &p->item, p->bound, o->value, "");
    return false;
}

static bool set_lever(paso_reader *r, const paso_target *t, const char *value, paso_place at,
                      int index, paso_override *o) {
    const paso_lever *lever = &r->model->lever[index];
    paso_context c = {.section = PASO_N_SECTIONS, .index = -1, .at = at};
    o->is_lever = true;
    o->setting.lever = index;
    return paso_target_cells(r, t, at, &lever->item, &o->setting.cell, &o->setting.n_cells) &&
           read_scalar(r, &c, value, at, lever, &o->setting) &&
           (r->uses.n == 0 || paso_check_use(r, &r->uses.items[0]));
}

static void refuse_target(paso_reader *r, paso_place at, const char *name) {
    const paso_model *m = r->model;
    const char **names = PASO_NEW(r, m->n_levers + m->n_parameters, const char *);
    size_t n = 0;
    if (names == NULL) return;
    for (int i = 0; i < m->n_levers; i++) names[n++] = m->lever[i].item.name;
    for (int i = 0; i < m->n_parameters; i++) names[n++] = m->parameter[i].item.name;
    paso_err_unknown(r, at, "a lever or a parameter", name, names, n);
}

paso_status paso_model_override(paso_model *model, paso_diags *diags, const char *text,
                                paso_override *override) {
    paso_reader reader = {.arena = model->arena, .diags = diags, .model = model};
    paso_reader *r = &reader;
    paso_place at = {{0}, paso_reader_format(r, "--set %s", text)};
    const char *equals = strchr(text, '=');
    paso_target t;
    bool good = false;
    memset(override, 0, sizeof *override);
    if (equals == NULL) {
        paso_err(r, "value", at, NULL, "expected name=value, found \"%s\"", text);
        return PASO_ERR_INPUT;
    }
    const char *value = equals + 1 + strspn(equals + 1, " ");
    size_t n = (size_t)(equals - text);
    while (n > 0 && text[n - 1] == ' ') n--;
    if (paso_target_read(r, paso_reader_format(r, "%.*s", (int)n, text), at, &t)) {
        paso_found found = paso_model_lookup(model, t.name);
        if (found.ref == PASO_REF_LEVER)
            good = set_lever(r, &t, value, at, found.index, override);
        else if (found.ref == PASO_REF_PARAMETER)
            good = fix_parameter(r, &t, value, at, found.index, override);
        else
            refuse_target(r, at, t.name);
    }
    free(r->uses.items);
    if (r->no_memory) return PASO_ERR_MEMORY;
    return good ? PASO_OK : PASO_ERR_INPUT;
}
