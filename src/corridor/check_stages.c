/* What the keys of a stage ask of each other: one of hazard, share and
 * rest; junctions with shares and a final rest; orders with limits; destinations and across. */
#include <string.h>

#include "corridor/model_internal.h"

static paso_place stage_place(paso_reader *r, const paso_stage *s) {
    return (paso_place){s->item.mark, paso_reader_format(r, "stages.%s", s->item.name)};
}

static const paso_node *stage_node(paso_reader *r, int index) {
    return paso_entry_of(r, PASO_IN_STAGES, index)->node;
}

static const paso_node *exit_node(paso_reader *r, int stage, const paso_exit *e) {
    const paso_node *exits = paso_node_get(stage_node(r, stage), "exits");
    return exits == NULL ? NULL : paso_node_get(exits, e->name);
}

/* The place of an exit's key, or of its name for "". */
static paso_place exit_place(paso_reader *r, int stage, const paso_exit *e, const char *key) {
    const char *name = r->model->stage[stage].item.name;
    const paso_node *node = exit_node(r, stage, e);
    const paso_node *value = node == NULL ? NULL : paso_node_get(node, key);
    const char *path = paso_reader_format(r, "stages.%s.exits.%s%s%s", name, e->name,
                                          key[0] == '\0' ? "" : ".", key);
    return (paso_place){value == NULL ? e->mark : value->mark, path};
}

/* ---- the stage itself */

static void check_junction(paso_reader *r, int index, const paso_stage *s) {
    static const char *const night[] = {"start", "passage", "ages", "enters"};
    for (size_t i = 0; i < sizeof night / sizeof night[0]; i++) {
        const paso_node *node = paso_node_get(stage_node(r, index), night[i]);
        if (node == NULL) continue;
        paso_place at = stage_place(r, s);
        at.mark = node->key_mark;
        at.path = paso_reader_format(r, "%s.%s", at.path, night[i]);
        paso_err(r, "junction", at, "nobody spends the night in a junction",
                 "expected no %s in a junction", night[i]);
    }
    if (s->n_exits == 0 || !s->exit[s->n_exits - 1].rest)
        paso_err(r, "junction", stage_place(r, s),
                 "the last exit takes who is left: {rest: true, "
                 "to: ...}",
                 "expected a last exit with rest in a junction, found none");
}

static void check_stage(paso_reader *r, int index, const paso_stage *s) {
    if (s->junction) check_junction(r, index, s);
    if (s->steps > 0 && s->age_width > 0)
        paso_err(r, "stage", stage_place(r, s), NULL,
                 "expected either passage or ages, found both");
}

/* ---- one exit */

static void check_rest(paso_reader *r, int index, const paso_stage *s, const paso_exit *e) {
    if (!e->rest) return;
    for (const paso_exit *next = e + 1; next < s->exit + s->n_exits; next++) {
        if (next->kind == PASO_EXIT_HAZARD) continue;
        paso_err(r, "exit", exit_place(r, index, e, "rest"), NULL,
                 "expected rest to be last, found %s behind it", next->name);
        break;
    }
    const paso_node *node = exit_node(r, index, e);
    if (s->junction && node != NULL && paso_node_get(node, "limit") != NULL)
        paso_err(r, "junction", exit_place(r, index, e, "limit"),
                 "nobody can stay in a junction, so someone must be taken",
                 "expected no limit on the rest of a junction");
}

static void check_order(paso_reader *r, int index, const paso_stage *s, const paso_exit *e) {
    const paso_node *node = exit_node(r, index, e);
    if (node == NULL || paso_node_get(node, "order") == NULL) return;
    if (paso_node_get(node, "limit") == NULL)
        paso_err(r, "exit", exit_place(r, index, e, "order"), NULL,
                 "expected a limit with an order, found none");
    for (int i = 0; i < e->n_order; i++) {
        const paso_order_part *part = &e->order[i];
        if (part->kind != PASO_EVEN && s->age_width == 0) {
            paso_err(r, "exit", exit_place(r, index, e, "order"),
                     "ages: {width: 6 months, keep: 20}",
                     "expected ages in a stage with the order oldest or newest, found none");
            return;
        }
        if (part->share != NULL && e->limit != NULL &&
            !paso_shape_covers(r->model, e->limit->shape, part->share->shape))
            paso_err_sets(r, exit_place(r, index, e, "order"), e->limit->shape, part->share->shape);
    }
}

/* ---- destinations */

/* Sets of the destination that the source cannot give: neither the set nor a finer one. */
static paso_shape lacking(const paso_model *m, paso_shape source, paso_shape target) {
    paso_shape lack = {0};
    for (int i = 0; i < target.n; i++) {
        if (paso_shape_reads(m, source, target.set[i]) < 0) lack.set[lack.n++] = target.set[i];
    }
    return lack;
}

/* Each pair of cells is kept: a mistake in `over` must not take the memory. */
enum { MAX_PAIRS = 65536 };

static void check_weights(paso_reader *r, int index, const paso_stage *s, const paso_exit *e,
                          paso_shape lack) {
    paso_shape all;
    const paso_item *to = &r->model->stage[e->to].item;
    paso_place at = exit_place(r, index, e, "across");
    at.mark = e->across->mark;
    for (int i = 0; i < lack.n; i++) {
        if (paso_shape_has(e->across->shape, lack.set[i])) continue;
        paso_err(r, "across", at, NULL, "expected weights over %s, found them over %s",
                 paso_shape_write(r, lack), paso_shape_write(r, e->across->shape));
        return;
    }
    if (paso_shape_union(r->model, s->item.shape, to->shape, &all) != 0 ||
        !paso_shape_covers(r->model, all, e->across->shape))
        paso_err_sets(r, at, to->shape, e->across->shape);
    int64_t n =
        (int64_t)paso_shape_cells(r->model, s->item.shape) * paso_shape_cells(r->model, lack);
    if (n > MAX_PAIRS)
        paso_err(r, "across-size", at, NULL, "expected at most 65,536 pairs of cells, found %lld",
                 (long long)n);
}

static void check_across(paso_reader *r, int index, const paso_stage *s, const paso_exit *e) {
    const paso_node *node = exit_node(r, index, e);
    bool given = node != NULL && paso_node_get(node, "across") != NULL;
    paso_shape lack = {0};
    if (e->to >= 0) lack = lacking(r->model, s->item.shape, r->model->stage[e->to].item.shape);
    if (lack.n == 0 && given)
        paso_err(r, "across", exit_place(r, index, e, "across"), NULL,
                 "expected no across: %s has no set that %s lacks",
                 e->to < 0 ? "outside" : r->model->stage[e->to].item.name, s->item.name);
    else if (lack.n > 0 && !given)
        paso_err(r, "across", exit_place(r, index, e, ""),
                 paso_reader_format(r, "across: weights over %s", paso_shape_write(r, lack)),
                 "expected across, because %s is over %s and %s is not",
                 r->model->stage[e->to].item.name, paso_shape_write(r, lack), s->item.name);
    else if (lack.n > 0 && e->across != NULL)
        check_weights(r, index, s, e, lack);
}

static void check_to(paso_reader *r, int index, const paso_stage *s, const paso_exit *e) {
    if (e->to == index) {
        paso_err(r, "exit", exit_place(r, index, e, "to"), NULL,
                 "expected another stage, found the exit's own");
        return;
    }
    if (e->to >= 0) {
        const paso_stage *to = &r->model->stage[e->to];
        if (paso_entry_of(r, PASO_IN_STAGES, e->to)->broken) return;
        if (!paso_unit_equal(to->item.unit, s->item.unit)) {
            paso_err_unit(r, exit_place(r, index, e, "to"), "a stage", s->item.unit, to->item.unit);
            return;
        }
    }
    check_across(r, index, s, e);
}

static bool needs_failed(const paso_reader *r, const paso_exit *e) {
    for (size_t i = 0; i < r->uses.n; i++) {
        const paso_expr *x = r->uses.items[i].expr;
        if (r->uses.items[i].failed && (x == e->across || x == e->limit)) return true;
    }
    return false;
}

void paso_check_stages(paso_reader *r) {
    for (int i = 0; i < r->model->n_stages; i++) {
        const paso_stage *s = &r->model->stage[i];
        if (paso_entry_of(r, PASO_IN_STAGES, i)->broken) continue;
        check_stage(r, i, s);
        for (int k = 0; k < s->n_exits; k++) {
            const paso_exit *e = &s->exit[k];
            if (s->junction && e->kind == PASO_EXIT_HAZARD)
                paso_err(r, "junction", exit_place(r, i, e, "hazard"),
                         "a junction decides at once: use a share",
                         "expected no hazard in a junction");
            check_rest(r, i, s, e);
            if (needs_failed(r, e)) continue;
            check_order(r, i, s, e);
            check_to(r, i, s, e);
        }
    }
}
