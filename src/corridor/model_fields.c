/* Reading by tables: an item is a map, its keys have handlers, unknown keys get the nearest name
 * and missing ones the hint of their table line. Below, the small readings that the handlers share.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"

const char paso_need_unit[] = "unit: 1 is a pure number";
const char paso_need_source[] = "name a key of sources, or write source: assumed";
const char paso_need_label[] = "people read the report in English and Spanish: en and es";

paso_place paso_place_child(paso_reader *r, const char *path, const paso_node *node) {
    const char *name = node->key == NULL ? "-" : node->key;
    const char *joined = path[0] == '\0' ? paso_reader_format(r, "%s", name)
                                         : paso_reader_format(r, "%s.%s", path, name);
    return (paso_place){node->mark, joined};
}

bool paso_node_is(paso_reader *r, const paso_node *node, paso_place at, paso_node_kind kind) {
    static const char *const expected[] = {[PASO_SCALAR] = "a text",
                                           [PASO_MAP] = "a map (key: value)",
                                           [PASO_LIST] = "a list [..., ...]"};
    if (node->kind == kind) return true;
    paso_err_expected(r, at, expected[kind], node);
    return false;
}

static bool is_field(const paso_field *fields, const char *key) {
    for (; fields->key != NULL; fields++) {
        if (strcmp(fields->key, key) == 0) return true;
    }
    return false;
}

/* Without these nothing sensible can be said about those who read the item. */
static bool breaks(const char *key) {
    static const char *const keys[] = {"unit", "bounds", "every", "take"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0) return true;
    }
    return false;
}

static void refuse_missing(paso_reader *r, paso_context *c, const paso_field *f) {
    if (paso_key_is_missing(c, f->key))
        paso_err(r, "missing", c->at, f->need, "expected the key %s, found none", f->key);
    if (c->entry != NULL && breaks(f->key)) c->entry->broken = true;
}

static size_t field_names(const paso_field *fields, const char *names[32]) {
    size_t n = 0;
    for (; fields[n].key != NULL && n < 32; n++) names[n] = fields[n].key;
    return n;
}

bool paso_key_is_missing(const paso_context *c, const char *key) {
    const char *names[32];
    size_t n = field_names(c->fields, names);
    if (paso_node_get(c->node, key) != NULL) return false;
    for (const paso_node *k = c->node->child; k != NULL; k = k->next) {
        const char *near = is_field(c->fields, k->key) ? NULL : paso_nearest(k->key, names, n);
        if (near != NULL && strcmp(near, key) == 0) return false;
    }
    return true;
}

static void refuse_unknown_key(paso_reader *r, paso_place at, const char *key,
                               const paso_field *fields) {
    const char *names[32];
    size_t n = field_names(fields, names);
    const char *near = paso_nearest(key, names, n);
    const char *hint = near == NULL ? NULL : paso_reader_format(r, "did you mean %s?", near);
    const char *list = "";
    for (size_t i = 0; i < n; i++)
        list = paso_reader_format(r, "%s%s%s", list, i == 0 ? "" : ", ", names[i]);
    if (hint == NULL) hint = paso_reader_format(r, "the keys here are %s", list);
    paso_err(r, "key-unknown", at, hint, "expected a known key, found \"%s\"", key);
}

void paso_fields_read(paso_reader *r, paso_context *c, const paso_field *fields) {
    c->fields = fields;
    for (const paso_field *f = fields; f->key != NULL; f++) {
        const paso_node *node = paso_node_get(c->node, f->key);
        if (node != NULL)
            f->read(r, c, node, paso_place_child(r, c->at.path, node));
        else if (f->need != NULL)
            refuse_missing(r, c, f);
    }
    for (const paso_node *n = c->node->child; n != NULL; n = n->next) {
        if (is_field(fields, n->key)) continue;
        paso_place at = paso_place_child(r, c->at.path, n);
        at.mark = n->key_mark;
        refuse_unknown_key(r, at, n->key, fields);
    }
}

void paso_entry_read(paso_reader *r, paso_section section, int index, void *item,
                     const paso_field *fields, void (*after)(paso_reader *, paso_context *)) {
    paso_entry *entry = &r->section[section].items[index];
    paso_context c = {.item = item,
                      .entry = entry,
                      .section = section,
                      .index = index,
                      .node = entry->node,
                      .at = {entry->mark, entry->path}};
    if (entry->node->kind != PASO_MAP) {
        entry->broken = true;
        paso_err_expected(r, (paso_place){entry->node->mark, entry->path}, "a map (key: value)",
                          entry->node);
        return;
    }
    paso_fields_read(r, &c, fields);
    if (after != NULL) after(r, &c);
}

void paso_section_read(paso_reader *r, paso_section section, void *items, size_t size,
                       const paso_field *fields, void (*after)(paso_reader *, paso_context *)) {
    for (size_t i = 0; i < r->section[section].n; i++)
        paso_entry_read(r, section, (int)i, (char *)items + i * size, fields, after);
}

/* ---- handlers that every item shares */

void paso_read_en(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_item *)c->item)->en = paso_text_read(r, node, at);
}

void paso_read_es(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_item *)c->item)->es = paso_text_read(r, node, at);
}

void paso_read_doc(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_words words = paso_words_read(r, node, at);
    ((paso_item *)c->item)->doc = words.en;
    ((paso_item *)c->item)->doc_es = words.es;
}

void paso_read_source(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_item *item = c->item;
    item->source = paso_text_read(r, node, at);
    if (item->source == NULL || strcmp(item->source, "assumed") == 0) return;
    for (int i = 0; i < r->model->n_sources; i++) {
        if (strcmp(r->model->source[i].key, item->source) == 0) return;
    }
    paso_err_unknown_in(r, at, "a key of sources or assumed", item->source, PASO_IN_SOURCES);
}

void paso_read_layer(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    static const char *const layers[] = {"accounting", "behaviour", "politics"};
    int layer = paso_word_read(r, node, at, layers, 3, "a layer");
    if (layer >= 0) ((paso_item *)c->item)->layer = (paso_layer)layer;
}

void paso_read_tags(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    const paso_entries *list = &r->section[PASO_IN_MECHANISMS];
    if (!paso_node_is(r, node, at, PASO_LIST)) return;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        paso_place here = {n->mark, at.path};
        const char *name = paso_text_read(r, n, here);
        size_t i = 0;
        if (name == NULL) continue;
        while (i < list->n && strcmp(list->items[i].node->key, name) != 0) i++;
        if (i == list->n) {
            paso_err_unknown_in(r, here, "a key of mechanisms", name, PASO_IN_MECHANISMS);
            continue;
        }
        list->items[i].used = true;
        if (i < PASO_MAX_MECHANISMS) ((paso_item *)c->item)->tags |= UINT64_C(1) << i;
    }
}

/* Adds one set to a shape; false when the error is reported. */
static bool add_set(paso_reader *r, const paso_node *node, paso_place at, paso_shape *shape) {
    const char *name = paso_text_read(r, node, at);
    int set = name == NULL ? -1 : paso_set_find(r->model, name);
    if (name == NULL) return false;
    if (set < 0) {
        paso_err_unknown_in(r, at, "a set", name, PASO_IN_SETS);
        return false;
    }
    paso_entry *entry = paso_entry_of(r, PASO_IN_SETS, set);
    if (entry != NULL) entry->used = true;
    if (entry != NULL && entry->broken) return false;
    for (int i = 0; i < shape->n; i++) {
        int other = shape->set[i];
        if (other != set && paso_set_map(r->model, other, set) < 0 &&
            paso_set_map(r->model, set, other) < 0)
            continue;
        paso_err(r, "sets", at, "the finer set alone is enough", "%s does not go together with %s",
                 name, r->model->set[other].item.name);
        return false;
    }
    if (shape->n == PASO_MAX_DIMS) {
        paso_err(r, "sets", at, NULL, "expected at most %d sets, found more", PASO_MAX_DIMS);
        return false;
    }
    shape->set[shape->n++] = set;
    if (paso_shape_fits(r->model, *shape)) return true;
    paso_err_many_cells(r, at);
    return false;
}

void paso_read_over(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_item *item = c->item;
    bool good = paso_node_is(r, node, at, PASO_LIST);
    for (const paso_node *n = node->child; good && n != NULL; n = n->next)
        good = add_set(r, n, (paso_place){n->mark, at.path}, &item->shape);
    if (!good && c->entry != NULL) c->entry->broken = true;
}

/* `text` begins with the word that is no unit. */
static void refuse_unit(paso_reader *r, paso_place at, const char *text) {
    static const char *const times[] = {"hour", "day", "week", "month", "year"};
    const char *names[PASO_MAX_UNITS + 5];
    size_t n = r->model->units.n;
    int length = (int)strcspn(text, " /*");
    memcpy(names, r->model->units.name, n * sizeof *names);
    memcpy(names + n, times, sizeof times);
    paso_err_unknown(r, at, "a unit", paso_reader_format(r, "%.*s", length, text), names, n + 5);
}

void paso_read_unit(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_item *item = c->item;
    const char *bad = NULL;
    item->unit_text = paso_text_read(r, node, at);
    if (item->unit_text != NULL &&
        paso_unit_parse(&r->model->units, item->unit_text, &item->unit, &bad) == 0)
        return;
    if (c->entry != NULL) c->entry->broken = true;
    item->unit = paso_unit_pure();
    if (item->unit_text == NULL) return;
    refuse_unit(r, at, bad == NULL ? item->unit_text : bad);
}

/* ---- small readings */

const char *paso_text_read(paso_reader *r, const paso_node *node, paso_place at) {
    if (node->kind == PASO_SCALAR && node->text[0] != '\0') return node->text;
    paso_err_expected(r, at, "a text", node);
    return NULL;
}

const paso_field paso_words_fields[] = {PASO_FIELDS_LABELS(paso_need_label), {NULL, NULL, NULL}};

paso_words paso_words_read(paso_reader *r, const paso_node *node, paso_place at) {
    paso_item item = {0};
    paso_context c = {.item = &item, .node = node, .at = at};
    if (node->kind == PASO_MAP)
        paso_fields_read(r, &c, paso_words_fields);
    else
        item.en = paso_text_read(r, node, at);
    return (paso_words){item.en, item.es};
}

bool paso_flag_read(paso_reader *r, const paso_node *node, paso_place at) {
    if (node->kind == PASO_SCALAR && strcmp(node->text, "true") == 0) return true;
    paso_err_expected(r, at, "true (or leave the key out)", node);
    return false;
}

bool paso_whole_read(paso_reader *r, const paso_node *node, paso_place at, int low, int high,
                     int *value) {
    double number = 0;
    if (node->kind == PASO_SCALAR && paso_number_parse(node->text, &number) == 0 &&
        number == floor(number) && number >= low && number <= high) {
        *value = (int)number;
        return true;
    }
    paso_err_expected(r, at, paso_reader_format(r, "a whole number from %d to %d", low, high),
                      node);
    return false;
}

bool paso_period_read(paso_reader *r, const paso_node *node, paso_place at, paso_period *period) {
    if (node->kind == PASO_SCALAR && paso_period_parse(node->text, period) == 0) return true;
    paso_err_expected(r, at, "day, week, month or year", node);
    return false;
}

int paso_word_read(paso_reader *r, const paso_node *node, paso_place at, const char *const *words,
                   int n, const char *what) {
    const char *text = paso_text_read(r, node, at);
    const char *list = "";
    if (text == NULL) return -1;
    for (int i = 0; i < n; i++) {
        if (strcmp(text, words[i]) == 0) return i;
        list = paso_reader_format(r, "%s%s%s", list, i == 0 ? "" : ", ", words[i]);
    }
    what = paso_reader_format(r, "%s (%s)", what, list);
    paso_err_unknown(r, at, what, text, words, (size_t)n);
    return -1;
}

static bool date_read(paso_reader *r, const char *text, paso_place at, double *value) {
    int day = 0;
    if (paso_date_parse(text, &day, NULL) == 0) {
        *value = day;
        return true;
    }
    paso_err(r, "date", at, NULL, "expected a date such as 2024-11-05, found \"%s\"", text);
    return false;
}

static bool is_finite(paso_reader *r, double value, paso_place at) {
    if (isfinite(value)) return true;
    paso_err(r, "number", at, NULL,
             "expected a number that can be computed with, found one too large");
    return false;
}

/* 1,000 and 1_000 are numbers elsewhere. */
static const char *plain_number(paso_reader *r, const char *text) {
    char *plain = paso_arena_text(r->arena, text), *to = plain;
    double value;
    if (plain == NULL || strpbrk(text, ",_") == NULL) return NULL;
    for (const char *at = text; *at != '\0'; at++)
        if (*at != ',' && *at != '_') *to++ = *at;
    *to = '\0';
    if (paso_number_parse(plain, &value) != 0) return NULL;
    return paso_reader_format(r, "write %s", plain);
}

static void err_number(paso_reader *r, const char *text, paso_place at, const char *unit_text) {
    bool bare = unit_text == NULL || strcmp(unit_text, "1") == 0;
    paso_err(r, "number", at, plain_number(r, text), "expected a number%s%s, found \"%s\"",
             bare ? "" : " in ", bare ? "" : unit_text, text);
}

bool paso_quantity_read(paso_reader *r, const char *text, paso_place at, paso_unit unit,
                        const char *unit_text, double *value) {
    char number[64];
    paso_unit own;
    size_t n = strcspn(text, " /");
    if (unit.date) return date_read(r, text, at, value);
    if (paso_number_parse(text, value) == 0) {
        *value *= unit.factor;
        return is_finite(r, *value, at);
    }
    snprintf(number, sizeof number, "%.*s", (int)n, text);
    const char *rest = text + n;
    if (*rest == '/') rest = paso_reader_format(r, "1%s", rest); /* 1200/week */
    if (*rest == '\0' || paso_number_parse(number, value) != 0 ||
        paso_unit_parse(&r->model->units, rest, &own, NULL) != 0) {
        err_number(r, text, at, unit_text);
        return false;
    }
    *value *= own.factor;
    if (paso_unit_equal(own, unit)) return is_finite(r, *value, at);
    paso_err_unit(r, at, "a number", unit, own);
    return false;
}

bool paso_pair_read(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                    double pair[2]) {
    const paso_node *n = node->child;
    if (node->kind != PASO_LIST || node->n_children != 2 || n->kind != PASO_SCALAR ||
        n->next->kind != PASO_SCALAR) {
        paso_err_expected(r, at, "[low, high]", node);
        return false;
    }
    for (int i = 0; i < 2; i++, n = n->next) {
        paso_place here = {n->mark, at.path};
        if (!paso_quantity_read(r, n->text, here, item->unit, item->unit_text, &pair[i]))
            return false;
    }
    if (pair[0] < pair[1]) return true;
    paso_err(r, "value", at, NULL, "expected low below high, found [%s, %s]", node->child->text,
             node->child->next->text);
    return false;
}

/* ---- expressions */

paso_use *paso_use_text(paso_reader *r, const paso_context *c, const char *text, paso_place at,
                        const char *what, paso_phase phase, paso_unit unit, paso_shape within) {
    paso_use use = {.at = at,
                    .phase = phase,
                    .section = c->section,
                    .index = c->index,
                    .own = -1,
                    .what = what,
                    .within = within,
                    .unit = unit};
    paso_status status =
        paso_expr_parse(r->arena, r->diags, &r->model->units, at.path, text, at.mark, &use.expr);
    r->no_memory |= status == PASO_ERR_MEMORY;
    if (status != PASO_OK) return NULL;
    if (c->entry != NULL && c->entry->broken) use.any_shape = use.any_unit = true;
    if (PASO_PUSH(&r->uses, use) != 0) {
        r->no_memory = true;
        return NULL;
    }
    return &r->uses.items[r->uses.n - 1];
}

paso_use *paso_use_add(paso_reader *r, const paso_context *c, const paso_node *node, paso_place at,
                       const char *what, paso_phase phase, paso_unit unit, paso_shape within) {
    if (node->kind == PASO_SCALAR && node->text[0] != '\0')
        return paso_use_text(r, c, node->text, at, what, phase, unit, within);
    paso_err_expected(r, at, "an expression", node);
    return NULL;
}
