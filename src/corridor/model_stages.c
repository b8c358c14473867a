/* Stages and junctions with their exits. What one key may hold is read here;
 * what keys ask of each other is in check_stages.c. */
#include <math.h>
#include <string.h>

#include "corridor/model_internal.h"

static paso_unit per_day(void) {
    return paso_unit_rate(paso_unit_pure());
}

static void read_junction(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_stage *)c->item)->junction = paso_flag_read(r, node, at);
}

static void read_stage_unit(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_item *item = c->item;
    paso_read_unit(r, c, node, at);
    if (c->entry->broken || paso_unit_is_counting(item->unit)) return;
    paso_err_expected(r, at, "a counting unit such as people", node);
    c->entry->broken = true;
}

/* ---- passage, ages, start, enters */

static void read_mean(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_stage *s = c->item;
    paso_use *use = paso_use_add(r, c, node, at, "a mean time", PASO_AT_MORNING, paso_unit_time(),
                                 s->item.shape);
    if (use != NULL) s->mean = use->expr;
}

static void read_steps(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_whole_read(r, node, at, 1, 100, &((paso_stage *)c->item)->steps);
}

const paso_field paso_passage_fields[] = {{"mean", read_mean, "the mean time to pass, in days"},
                                          {"steps", read_steps, NULL},
                                          {NULL, NULL, NULL}};

static void read_passage(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_context inner = *c;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    inner.node = node;
    inner.at = at;
    ((paso_stage *)c->item)->steps = 1;
    paso_fields_read(r, &inner, paso_passage_fields);
}

static void read_width(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    double days = 0;
    const char *text = paso_text_read(r, node, at);
    if (text == NULL ||
        !paso_quantity_read(r, text, at, paso_unit_time(), "days, or such as 6 months", &days))
        return;
    if (days >= 0.5 && days < 36525)
        ((paso_stage *)c->item)->age_width = (int)lround(days);
    else
        paso_err_expected(r, at, "at least a day", node);
}

static void read_keep(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_whole_read(r, node, at, 2, 1000, &((paso_stage *)c->item)->age_keep);
}

const paso_field paso_ages_fields[] = {{"width", read_width, "how long a bin is: 6 months"},
                                       {"keep", read_keep, "how many bins; the last collects"},
                                       {NULL, NULL, NULL}};

static void read_ages(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_context inner = *c;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    inner.node = node;
    inner.at = at;
    paso_fields_read(r, &inner, paso_ages_fields);
}

static void read_start(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_stage *s = c->item;
    paso_use *use =
        paso_use_add(r, c, node, at, "a start", PASO_AT_START, s->item.unit, s->item.shape);
    if (use != NULL) s->start = use->expr;
}

static void read_enters_rate(paso_reader *r, paso_context *c, const paso_node *node,
                             paso_place at) {
    paso_stage *s = c->item;
    paso_use *use = paso_use_add(r, c, node, at, "an entry", PASO_AT_MORNING,
                                 paso_unit_rate(s->item.unit), s->item.shape);
    if (use != NULL) s->enters = use->expr;
}

const paso_field paso_enters_fields[] = {{"rate", read_enters_rate, "rate: a count per time"},
                                         {NULL, NULL, NULL}};

static void read_enters(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_context inner = *c;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    inner.node = node;
    inner.at = at;
    paso_fields_read(r, &inner, paso_enters_fields);
}

/* ---- exits: here the context's item is the exit; the stage is found by the context's index */

static const paso_item *stage_item(const paso_reader *r, const paso_context *c) {
    return &r->model->stage[c->index].item;
}

static void read_rate(paso_reader *r, paso_context *c, const paso_node *node, paso_place at,
                      paso_exit_kind kind) {
    paso_exit *e = c->item;
    bool hazard = kind == PASO_EXIT_HAZARD;
    paso_use *use = paso_use_add(r, c, node, at, hazard ? "a hazard" : "a share", PASO_AT_MORNING,
                                 hazard ? per_day() : paso_unit_pure(), stage_item(r, c)->shape);
    e->kind = kind;
    if (use != NULL) e->rate = use->expr;
}

static void read_hazard(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_rate(r, c, node, at, PASO_EXIT_HAZARD);
}

static void read_share(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_rate(r, c, node, at, PASO_EXIT_SHARE);
}

static void read_rest(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_exit *e = c->item;
    e->kind = PASO_EXIT_SHARE;
    e->rest = paso_flag_read(r, node, at);
}

static void read_limit(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_exit *e = c->item;
    const paso_item *stage = stage_item(r, c);
    paso_use *use = paso_use_add(r, c, node, at, "a limit", PASO_AT_MORNING,
                                 paso_unit_rate(stage->unit), stage->shape);
    if (use != NULL) e->limit = use->expr;
}

static const char *const order_words[] = {"even", "oldest", "newest"};

static void read_order_parts(paso_reader *r, paso_context *c, const paso_node *node,
                             paso_place at) {
    paso_exit *e = c->item;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        paso_place here = paso_place_child(r, at.path, n);
        int kind = 0;
        while (kind < 3 && strcmp(order_words[kind], n->key) != 0) kind++;
        if (kind == 3) {
            here.mark = n->key_mark;
            paso_err_unknown(r, here, "even, oldest or newest", n->key, order_words, 3);
            continue;
        }
        paso_use *use = paso_use_add(r, c, n, here, "a share", PASO_AT_MORNING, paso_unit_pure(),
                                     stage_item(r, c)->shape);
        if (use != NULL)
            e->order[e->n_order++] = (paso_order_part){(paso_order_kind)kind, use->expr};
    }
}

static void read_order(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_exit *e = c->item;
    if (node->kind == PASO_MAP) {
        read_order_parts(r, c, node, at);
        return;
    }
    int kind = paso_word_read(r, node, at, order_words, 3, "an order");
    if (kind > PASO_EVEN) e->order[e->n_order++] = (paso_order_part){(paso_order_kind)kind, NULL};
}

static void read_to(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_exit *e = c->item;
    const char *name = paso_text_read(r, node, at);
    if (name == NULL || strcmp(name, "outside") == 0) return;
    paso_found found = paso_model_lookup(r->model, name);
    if (found.ref == PASO_REF_STAGE)
        e->to = found.index;
    else
        paso_err_unknown_in(r, at, "a stage or outside", name, PASO_IN_STAGES);
}

static void read_across(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_exit *e = c->item;
    paso_use *use = paso_use_add(r, c, node, at, "weights", PASO_AT_MORNING, paso_unit_pure(),
                                 stage_item(r, c)->shape);
    if (use == NULL) return;
    use->any_unit = use->any_shape = true; /* check_stages.c knows where the weights may lie */
    e->across = use->expr;
}

static void read_exit_en(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_exit *)c->item)->en = paso_text_read(r, node, at);
}

static void read_exit_es(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_exit *)c->item)->es = paso_text_read(r, node, at);
}

static void read_exit_doc(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_exit *)c->item)->doc = paso_text_read(r, node, at);
}

static void check_kind(paso_reader *r, const paso_context *c) {
    static const char *const keys[] = {"hazard", "share", "rest"};
    const char *found = "";
    int n = 0;
    for (int i = 0; i < 3; i++) {
        if (paso_node_get(c->node, keys[i]) != NULL)
            found = paso_reader_format(r, "%s%s%s", found, n++ == 0 ? "" : " and ", keys[i]);
    }
    if (n != 1)
        paso_err(r, "exit", c->at, NULL, "expected exactly one of hazard, share and rest, found %s",
                 n == 0 ? "none" : found);
}

const paso_field paso_exit_fields[] = {{"hazard", read_hazard, NULL},
                                       {"share", read_share, NULL},
                                       {"rest", read_rest, NULL},
                                       {"limit", read_limit, NULL},
                                       {"order", read_order, NULL},
                                       {"to", read_to, "to: the name of a stage, or outside"},
                                       {"across", read_across, NULL},
                                       {"en", read_exit_en, NULL},
                                       {"es", read_exit_es, NULL},
                                       {"doc", read_exit_doc, NULL},
                                       {NULL, NULL, NULL}};

static void read_exit(paso_reader *r, const paso_context *stage, const paso_node *node,
                      const char *path, paso_exit *e) {
    paso_context c = *stage;
    c.item = e;
    c.node = node;
    c.at = paso_place_child(r, path, node);
    c.at.mark = node->key_mark;
    *e = (paso_exit){.name = node->key, .mark = node->key_mark, .to = -1};
    e->dotted = paso_reader_format(r, "%s.%s", stage_item(r, stage)->name, e->name);
    if (!paso_name_good(e->name))
        paso_err(r, "name", c.at, NULL,
                 "expected a name in lower case with underscores, found \"%s\"", e->name);
    size_t before = r->diags->n_errors;
    if (paso_node_is(r, node, c.at, PASO_MAP)) paso_fields_read(r, &c, paso_exit_fields);
    if (r->diags->n_errors == before) check_kind(r, &c);
}

static void read_exits(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_stage *s = c->item;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    s->exit = PASO_NEW(r, node->n_children, paso_exit);
    if (s->exit == NULL) return;
    for (const paso_node *n = node->child; n != NULL; n = n->next)
        read_exit(r, c, n, at.path, &s->exit[s->n_exits++]);
}

const paso_field paso_stage_fields[] = {{"over", paso_read_over, NULL},
                                        {"unit", read_stage_unit, "what is counted: people"},
                                        {"source", paso_read_source, NULL},
                                        PASO_FIELDS_LABELS(NULL),
                                        PASO_FIELDS_COMMON,
                                        {"junction", read_junction, NULL},
                                        {"passage", read_passage, NULL},
                                        {"ages", read_ages, NULL},
                                        {"start", read_start, NULL},
                                        {"enters", read_enters, NULL},
                                        {"exits", read_exits, NULL},
                                        {NULL, NULL, NULL}};

void paso_stages_read(paso_reader *r) {
    paso_section_read(r, PASO_IN_STAGES, r->model->stage, sizeof(paso_stage), paso_stage_fields,
                      NULL);
}
