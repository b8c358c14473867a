/* Numbers that stand in the corridor: parameters with their uncertainty, levers with their bounds.
 * A value is one number, a map from members to numbers of which the most specific wins, or a table
 * over two sets. */
#include <math.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"

/* ---- keys: "mexico, adult" */

static bool key_add(paso_reader *r, const char *word, paso_place at, const paso_item *item,
                    paso_key_members *key) {
    int set, member;
    if (item->shape.n == 0) {
        paso_err_no_members(r, at, item->name);
        return false;
    }
    if (!paso_member_find(r->model, word, &set, &member)) {
        const char *names[512];
        size_t n = 0;
        for (int i = 0; i < r->model->n_sets; i++) {
            const paso_set *s = &r->model->set[i];
            if (paso_shape_reads(r->model, item->shape, i) < 0) continue;
            for (int k = 0; k < s->n_members && n < 512; k++) names[n++] = s->member[k];
        }
        paso_err_unknown(r, at, "a member", word, names, n);
        return false;
    }
    if (paso_shape_reads(r->model, item->shape, set) < 0) {
        paso_err(r, "sets", at, NULL, "expected a member of %s, found %s, a member of %s",
                 paso_shape_write(r, item->shape), word, r->model->set[set].item.name);
        return false;
    }
    paso_entry *entry = paso_entry_of(r, PASO_IN_SETS, set);
    if (entry != NULL) entry->used = true;
    key->set[key->n] = set;
    key->member[key->n++] = member;
    key->weight += paso_shape_has(item->shape, set) ? 2 : 1;
    return true;
}

bool paso_key_read(paso_reader *r, const char *text, paso_place at, const paso_item *item,
                   paso_key_members *key) {
    *key = (paso_key_members){0};
    if (strcmp(text, "default") == 0) return true;
    while (key->n < PASO_MAX_KEY) {
        size_t n = strcspn(text, ","), blanks = strspn(text, " ");
        size_t end = n;
        while (end > blanks && text[end - 1] == ' ') end--;
        const char *word =
            paso_reader_format(r, "%.*s", (int)(end > blanks ? end - blanks : 0), text + blanks);
        if (!key_add(r, word, at, item, key)) return false;
        if (text[n] == '\0') return true;
        text += n + 1;
    }
    paso_err(r, "sets", at, NULL, "expected at most %d members in a key", PASO_MAX_KEY);
    return false;
}

bool paso_key_holds(const paso_model *model, paso_shape shape, int cell,
                    const paso_key_members *key) {
    for (int i = 0; i < key->n; i++) {
        if (!paso_cell_in(model, shape, cell, key->set[i], key->member[i])) return false;
    }
    return true;
}

/* ---- the most specific of a map's entries, for each cell */

/* best[cell] = number of the entry that speaks for the cell. False when an error was reported. */
static bool choose(paso_reader *r, const paso_node *map, paso_place at, const paso_item *item,
                   const paso_key_members *keys, int *best) {
    int n_cells = paso_shape_cells(r->model, item->shape);
    char cell_text[256];
    for (int cell = 0; cell < n_cells; cell++) {
        const paso_node *node = map->child, *chosen = NULL, *tie = NULL;
        best[cell] = -1;
        for (int i = 0; node != NULL; node = node->next, i++) {
            if (!paso_key_holds(r->model, item->shape, cell, &keys[i])) continue;
            int above = best[cell] < 0 ? 1 : keys[i].weight - keys[best[cell]].weight;
            if (above == 0) tie = node;
            if (above > 0) best[cell] = i, chosen = node, tie = NULL;
        }
        paso_cell_write(r->model, item->shape, cell, cell_text, sizeof cell_text);
        if (chosen == NULL)
            paso_err(r, "value", at, "default: ... speaks for all others",
                     "expected a value for %s, found none", cell_text);
        else if (tie != NULL)
            paso_err(r, "value-tie", (paso_place){tie->key_mark, at.path}, NULL,
                     "\"%s\" and \"%s\" are equally specific for %s", chosen->key, tie->key,
                     cell_text);
        if (chosen == NULL || tie != NULL) return false;
    }
    return true;
}

typedef bool read_value(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                        double value[2]);

static bool read_one(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                     double value[2]) {
    if (node->kind == PASO_SCALAR)
        return paso_quantity_read(r, node->text, at, item->unit, item->unit_text, value);
    paso_err_expected(r, at, "a number", node);
    return false;
}

static bool read_map(paso_reader *r, const paso_node *map, paso_place at, const paso_item *item,
                     read_value *read, double (*value)[2]) {
    int n_cells = paso_shape_cells(r->model, item->shape), i = 0;
    paso_key_members *keys = PASO_NEW(r, map->n_children, paso_key_members);
    double(*given)[2] = paso_reader_alloc(r, (size_t)map->n_children, sizeof *given);
    int *best = PASO_NEW(r, n_cells, int);
    bool good = keys != NULL && given != NULL && best != NULL;
    for (const paso_node *n = map->child; keys != NULL && given != NULL && n != NULL;
         n = n->next, i++) {
        paso_place here = {n->key_mark, paso_reader_format(r, "%s.%s", at.path, n->key)};
        good = paso_key_read(r, n->key, here, item, &keys[i]) && good;
        here.mark = n->mark;
        good = read(r, n, here, item, given[i]) && good;
    }
    if (!good || !choose(r, map, at, item, keys, best)) return false;
    for (int cell = 0; cell < n_cells; cell++)
        memcpy(value[cell], given[best[cell]], sizeof *value);
    return true;
}

/* A number for each cell, or a pair (`range`). */
static bool read_values(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                        read_value *read, double (*value)[2]) {
    int n_cells = paso_shape_cells(r->model, item->shape);
    if (node->kind == PASO_MAP && item->shape.n == 0) {
        paso_err(r, "sets", at, "over: [...] names the sets of the value",
                 "expected one value, found a map");
        return false;
    }
    if (node->kind == PASO_MAP) return read_map(r, node, at, item, read, value);
    if (!read(r, node, at, item, value[0])) return false;
    for (int cell = 1; cell < n_cells; cell++) memcpy(value[cell], value[0], sizeof *value);
    return true;
}

/* ---- rows: the first set down, the second across */

static bool read_columns(paso_reader *r, const paso_node *list, paso_place at, const paso_set *set,
                         int *column) {
    int k = 0;
    if (list == NULL || list->kind != PASO_LIST || list->n_children != set->n_members) {
        paso_err(r, "value", at, NULL, "expected columns: a list of the %d members of %s",
                 set->n_members, set->item.name);
        return false;
    }
    for (int i = 0; i < set->n_members; i++) column[i] = -1;
    for (const paso_node *n = list->child; n != NULL; n = n->next, k++) {
        paso_place here = {n->mark, at.path};
        const char *name = paso_text_read(r, n, here);
        int m = 0;
        if (name == NULL) return false;
        while (m < set->n_members && strcmp(set->member[m], name) != 0) m++;
        if (m == set->n_members || column[m] >= 0) {
            paso_err_unknown(r, here,
                             paso_reader_format(r, "each member of %s once", set->item.name), name,
                             set->member, (size_t)set->n_members);
            return false;
        }
        column[m] = k;
    }
    return true;
}

static bool read_row(paso_reader *r, const paso_node *row, paso_place at, const paso_item *item,
                     const int *column, int n_columns, double (*value)[2]) {
    if (!paso_node_is(r, row, at, PASO_LIST)) return false;
    if (row->n_children != n_columns) {
        paso_err_cells(r, at, n_columns, row->n_children);
        return false;
    }
    for (int m = 0; m < n_columns; m++) {
        const paso_node *n = row->child;
        for (int i = 0; i < column[m]; i++) n = n->next;
        if (!read_one(r, n, (paso_place){n->mark, at.path}, item, value[m])) return false;
    }
    return true;
}

static bool read_rows(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                      double (*value)[2]) {
    if (item->shape.n != 2 || node->kind != PASO_MAP) {
        paso_err(r, "value", at, NULL, "expected rows only in an item over two sets");
        return false;
    }
    const paso_set *down = &r->model->set[item->shape.set[0]];
    const paso_set *across = &r->model->set[item->shape.set[1]];
    int *column = PASO_NEW(r, across->n_members, int);
    if (column == NULL || !read_columns(r, paso_node_get(node, "columns"), at, across, column))
        return false;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        int m = 0;
        while (m < down->n_members && strcmp(down->member[m], n->key) != 0) m++;
        if (m < down->n_members || strcmp(n->key, "columns") == 0) continue;
        paso_err_unknown(r, (paso_place){n->key_mark, at.path},
                         paso_reader_format(r, "a member of %s", down->item.name), n->key,
                         down->member, (size_t)down->n_members);
        return false;
    }
    for (int m = 0; m < down->n_members; m++) {
        const paso_node *row = paso_node_get(node, down->member[m]);
        if (row == NULL) {
            paso_err(r, "value", at, NULL, "expected a row for %s, found none", down->member[m]);
            return false;
        }
        if (!read_row(r, row, paso_place_child(r, at.path, row), item, column, across->n_members,
                      value + m * across->n_members))
            return false;
    }
    return true;
}

/* ---- `value` or `rows`, into an array of single numbers */

static double *first_of_pairs(paso_reader *r, const double (*pair)[2], int n, int which) {
    double *value = PASO_NEW(r, n, double);
    for (int i = 0; value != NULL && i < n; i++) value[i] = pair[i][which];
    return value;
}

static double *read_value_field(paso_reader *r, const paso_context *c, const paso_item *item) {
    const paso_node *value = paso_node_get(c->node, "value");
    const paso_node *rows = paso_node_get(c->node, "rows");
    int n = paso_shape_cells(r->model, item->shape);
    double(*pair)[2] = paso_reader_alloc(r, (size_t)n, sizeof *pair);
    bool good = false;
    if (pair == NULL || c->entry->broken) return NULL;
    if (value == NULL && rows == NULL && !paso_key_is_missing(c, "value")) return NULL;
    if ((value == NULL) == (rows == NULL))
        paso_err(r, "missing", c->at, NULL, "expected either value or rows, found %s",
                 value == NULL ? "none" : "both");
    else if (value != NULL)
        good = read_values(r, value, paso_place_child(r, c->at.path, value), item, read_one, pair);
    else
        good = read_rows(r, rows, paso_place_child(r, c->at.path, rows), item, pair);
    return good ? first_of_pairs(r, (const double(*)[2])pair, n, 0) : NULL;
}

static void nothing(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    (void)r, (void)c, (void)node, (void)at; /* read by the function after the fields */
}

/* The first cell outside [low, high], or -1. */
static int outside(const double *value, int n, double low, double high) {
    for (int i = 0; i < n; i++) {
        if (value[i] < low || value[i] > high) return i;
    }
    return -1;
}

static void check_bounds(paso_reader *r, const paso_context *c, const paso_item *item,
                         const double *value, const double bound[2]) {
    const paso_node *node = paso_node_get(c->node, "value");
    paso_place at = node == NULL ? c->at : paso_place_child(r, c->at.path, node);
    int cell = outside(value, paso_shape_cells(r->model, item->shape), bound[0], bound[1]);
    if (cell < 0) return;
    char text[256];
    paso_cell_write(r->model, item->shape, cell, text, sizeof text);
    paso_err_bounds(r, at, item, bound, value[cell], text);
}

/* ---- parameters */

static void read_parameter_bounds(paso_reader *r, paso_context *c, const paso_node *node,
                                  paso_place at) {
    paso_parameter *p = c->item;
    if (node->kind == PASO_SCALAR && strcmp(node->text, "any") == 0)
        p->scale = PASO_LINEAR;
    else if (node->kind == PASO_SCALAR)
        paso_err_expected(r, at, "[low, high] or any", node);
    else if (paso_pair_read(r, node, at, &p->item, p->bound))
        p->scale = PASO_LOGIT;
}

static void read_each(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_parameter *)c->item)->each = paso_flag_read(r, node, at);
}

/* A factor that would leave the bounds acts on the distance to the bound instead. */
static void spread_by_factor(paso_parameter *p, int cell, double factor) {
    double v = p->value[cell];
    p->low[cell] = v / factor;
    p->high[cell] = v * factor;
    if (p->scale != PASO_LOGIT) return;
    if (p->high[cell] >= p->bound[1]) p->high[cell] = p->bound[1] - (p->bound[1] - v) / factor;
    if (p->low[cell] <= p->bound[0]) p->low[cell] = p->bound[0] + (v - p->bound[0]) / factor;
}

static void read_factor(paso_reader *r, paso_context *c, const paso_node *node) {
    paso_parameter *p = c->item;
    paso_place at = paso_place_child(r, c->at.path, node);
    double factor = 0;
    int n = paso_shape_cells(r->model, p->item.shape);
    if (node->kind != PASO_SCALAR || paso_number_parse(node->text, &factor) != 0 || factor <= 1) {
        paso_err_expected(r, at, "a number above 1", node);
        return;
    }
    if (outside(p->value, n, 0, INFINITY) >= 0) {
        paso_err(r, "value", at, "range: [low, high] says it for any sign",
                 "expected a value that is not negative, for a factor");
        return;
    }
    for (int i = 0; i < n; i++) spread_by_factor(p, i, factor);
}

static void read_range(paso_reader *r, paso_context *c, const paso_node *node) {
    paso_parameter *p = c->item;
    paso_place at = paso_place_child(r, c->at.path, node);
    int n = paso_shape_cells(r->model, p->item.shape);
    double(*pair)[2] = paso_reader_alloc(r, (size_t)n, sizeof *pair);
    if (pair == NULL || !read_values(r, node, at, &p->item, paso_pair_read, pair)) return;
    p->low = first_of_pairs(r, (const double(*)[2])pair, n, 0);
    p->high = first_of_pairs(r, (const double(*)[2])pair, n, 1);
    if (p->low == NULL || p->high == NULL) return;
    for (int i = 0; i < n; i++) {
        if (p->value[i] >= p->low[i] && p->value[i] <= p->high[i]) continue;
        paso_warn(r->diags, "range", at.mark, at.path, NULL,
                  "the value %g is outside its range [%g, %g] %s",
                  p->value[i] / p->item.unit.factor, p->low[i] / p->item.unit.factor,
                  p->high[i] / p->item.unit.factor, p->item.unit_text);
        return;
    }
}

/* What is drawn must have a place on its scale: a logarithm, or the logit between the bounds. */
static void check_scale(paso_reader *r, paso_context *c, const paso_node *node) {
    paso_parameter *p = c->item;
    int n = paso_shape_cells(r->model, p->item.shape);
    double low = p->scale == PASO_LOGIT ? p->bound[0] : 0;
    double high = p->scale == PASO_LOGIT ? p->bound[1] : INFINITY;
    for (int i = 0; i < n && p->scale != PASO_LINEAR; i++) {
        if (p->low[i] == p->high[i] || (p->low[i] > low && p->high[i] < high)) continue;
        if (p->scale == PASO_LOGIT)
            paso_err(r, "range", paso_place_child(r, c->at.path, node),
                     "the ends of a range must be within reach: move them off the bounds",
                     "expected a range inside the bounds, found one that reaches them");
        else
            paso_err(r, "range", paso_place_child(r, c->at.path, node),
                     "bounds: any lets it have any sign",
                     "expected a range of positive numbers, found one that reaches 0");
        return;
    }
}

static void finish_parameter(paso_reader *r, paso_context *c) {
    paso_parameter *p = c->item;
    const paso_node *range = paso_node_get(c->node, "range");
    const paso_node *factor = paso_node_get(c->node, "factor");
    size_t before = r->diags->n_errors;
    int n = paso_shape_cells(r->model, p->item.shape);
    if (p->scale == PASO_FIXED) p->scale = PASO_LOG;
    p->value = read_value_field(r, c, &p->item);
    if (p->value == NULL) return;
    p->low = PASO_NEW(r, n, double);
    p->high = PASO_NEW(r, n, double);
    if (p->low == NULL || p->high == NULL) return;
    memcpy(p->low, p->value, (size_t)n * sizeof *p->low);
    memcpy(p->high, p->value, (size_t)n * sizeof *p->high);
    if (p->scale == PASO_LOGIT) check_bounds(r, c, &p->item, p->value, p->bound);
    if (range != NULL && factor != NULL)
        paso_err(r, "value", c->at, NULL, "expected either range or factor, found both");
    if (range != NULL) read_range(r, c, range);
    if (factor != NULL) read_factor(r, c, factor);
    if (r->no_memory) return;
    if (range == NULL && factor == NULL)
        p->scale = PASO_FIXED;
    else if (r->diags->n_errors == before)
        check_scale(r, c, range != NULL ? range : factor);
}

const paso_field paso_parameter_fields[] = {{"over", paso_read_over, NULL},
                                            {"unit", paso_read_unit, paso_need_unit},
                                            {"source", paso_read_source, paso_need_source},
                                            PASO_FIELDS_LABELS(NULL),
                                            PASO_FIELDS_COMMON,
                                            {"bounds", read_parameter_bounds, NULL},
                                            {"each", read_each, NULL},
                                            {"value", nothing, NULL},
                                            {"rows", nothing, NULL},
                                            {"range", nothing, NULL},
                                            {"factor", nothing, NULL},
                                            {NULL, NULL, NULL}};

void paso_parameters_read(paso_reader *r) {
    paso_section_read(r, PASO_IN_PARAMETERS, r->model->parameter, sizeof(paso_parameter),
                      paso_parameter_fields, finish_parameter);
}

/* ---- levers */

static void read_who(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_lever *)c->item)->who = paso_text_read(r, node, at);
}

static void read_group(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_lever *)c->item)->group = paso_text_read(r, node, at);
}

static void read_lever_bounds(paso_reader *r, paso_context *c, const paso_node *node,
                              paso_place at) {
    paso_lever *lever = c->item;
    if (!paso_pair_read(r, node, at, &lever->item, lever->bound)) c->entry->broken = true;
}

static void finish_lever(paso_reader *r, paso_context *c) {
    paso_lever *lever = c->item;
    lever->value = read_value_field(r, c, &lever->item);
    if (lever->value != NULL && paso_node_get(c->node, "bounds") != NULL)
        check_bounds(r, c, &lever->item, lever->value, lever->bound);
}

const paso_field paso_lever_fields[] = {
    {"over", paso_read_over, NULL},
    {"unit", paso_read_unit, paso_need_unit},
    {"bounds", read_lever_bounds, "bounds: [low, high] are the ends of its slider"},
    {"who", read_who, "who sets it"},
    {"group", read_group, "the heading under which it is shown"},
    PASO_FIELDS_LABELS(paso_need_label),
    {"source", paso_read_source, NULL},
    PASO_FIELDS_COMMON,
    {"value", nothing, NULL},
    {"rows", nothing, NULL},
    {NULL, NULL, NULL}};

void paso_levers_read(paso_reader *r) {
    paso_section_read(r, PASO_IN_LEVERS, r->model->lever, sizeof(paso_lever), paso_lever_fields,
                      finish_lever);
}
