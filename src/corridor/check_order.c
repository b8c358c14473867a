/* Order of need: signals that read other signals of the same morning, and junctions that send
 * people to junctions of the same day. A ring of needs is an error that prints the ring. */
#include <string.h>

#include "corridor/model_internal.h"

typedef struct graph {
    int n;
    bool *edge;  /* [n][n]: from needs to */
    char *state; /* [n]: 0 new, 1 on the path, 2 done */
    int *path, n_path;
    int *order, n_order;
    int ring; /* where on the path the ring begins, or -1 */
} graph;

static bool graph_init(paso_reader *r, graph *g, int n) {
    *g = (graph){.n = n, .ring = -1};
    g->edge = PASO_NEW(r, n * n, bool);
    g->state = PASO_NEW(r, n, char);
    g->path = PASO_NEW(r, n + 1, int);
    g->order = PASO_NEW(r, n, int);
    return !r->no_memory;
}

/* Depth first, so that what a node needs comes before it. The path is at most n deep. */
static bool visit(graph *g, int node) {
    if (g->state[node] == 2) return true;
    g->path[g->n_path++] = node;
    if (g->state[node] == 1) {
        for (g->ring = 0; g->path[g->ring] != node; g->ring++) continue;
        return false;
    }
    g->state[node] = 1;
    for (int to = 0; to < g->n; to++) {
        if (g->edge[node * g->n + to] && !visit(g, to)) return false;
    }
    g->state[node] = 2;
    g->n_path--;
    g->order[g->n_order++] = node;
    return true;
}

static bool sort(graph *g) {
    for (int i = 0; i < g->n; i++) {
        if (!visit(g, i)) return false;
    }
    return true;
}

/* ---- signals */

typedef struct needs {
    graph *g;
    int from, own; /* own: the signal whose `next` this is, or -1 */
} needs;

static void need(void *user, const paso_expr *name, bool delayed) {
    const needs *n = user;
    if (name->ref != PASO_REF_SIGNAL || delayed || name->index == n->own) return;
    n->g->edge[n->from * n->g->n + name->index] = true;
}

static const char *ring_text(paso_reader *r, const graph *g, paso_section section,
                             const int *index) {
    const char *text = "";
    for (int i = g->ring; i < g->n_path; i++) {
        int at = index == NULL ? g->path[i] : index[g->path[i]];
        text = paso_reader_format(r, "%s%s%s", text, i == g->ring ? "" : " -> ",
                                  paso_item_of(r->model, section, at)->name);
    }
    return text;
}

static void order_signals(paso_reader *r) {
    graph g;
    paso_model *m = r->model;
    if (!graph_init(r, &g, m->n_signals)) return;
    for (size_t i = 0; i < r->uses.n; i++) {
        const paso_use *use = &r->uses.items[i];
        if (use->section != PASO_IN_SIGNALS || use->failed) continue;
        needs n = {&g, use->index, use->own};
        paso_expr_visit(use->expr, false, need, &n);
    }
    m->signal_order = g.order;
    if (sort(&g)) return;
    const paso_item *first = &m->signal[g.path[g.ring]].item;
    const paso_item *second = &m->signal[g.path[g.ring + 1]].item;
    paso_err(r, "ring", (paso_place){first->mark, paso_reader_format(r, "signals.%s", first->name)},
             paso_reader_format(r, "read yesterday's value somewhere: lag(%s, 1 day, ...)",
                                second->name),
             "expected no ring of needs, found %s", ring_text(r, &g, PASO_IN_SIGNALS, NULL));
}

/* ---- junctions: whoever receives runs after whoever sends */

static void order_junctions(paso_reader *r) {
    graph g;
    paso_model *m = r->model;
    int *junction = PASO_NEW(r, m->n_stages, int), *number = PASO_NEW(r, m->n_stages, int);
    if (junction == NULL || number == NULL) return;
    for (int i = 0; i < m->n_stages; i++) {
        if (m->stage[i].junction) number[i] = m->n_junctions, junction[m->n_junctions++] = i;
    }
    if (!graph_init(r, &g, m->n_junctions)) return;
    for (int i = 0; i < m->n_junctions; i++) {
        const paso_stage *s = &m->stage[junction[i]];
        for (int k = 0; k < s->n_exits; k++) {
            int to = s->exit[k].to;
            if (to >= 0 && to != junction[i] && m->stage[to].junction)
                g.edge[number[to] * g.n + i] = true;
        }
    }
    m->junction_order = junction;
    if (!sort(&g)) {
        const paso_item *first = &m->stage[junction[g.path[g.ring]]].item;
        paso_place at = {first->mark, paso_reader_format(r, "stages.%s", first->name)};
        paso_err(r, "ring", at, "let one of them be a stage where people spend the night",
                 "expected no ring of junctions, found %s",
                 ring_text(r, &g, PASO_IN_STAGES, junction));
        return;
    }
    int *order = PASO_NEW(r, m->n_junctions, int);
    if (order == NULL) return;
    for (int i = 0; i < m->n_junctions; i++) order[i] = junction[g.order[i]];
    m->junction_order = order;
}

void paso_check_orders(paso_reader *r) {
    order_signals(r);
    order_junctions(r);
}
