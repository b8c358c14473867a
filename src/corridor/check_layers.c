/* Layers: what an observable rests on, followed through everything that it reads; and politics read
 * by accounting, which must be able to be switched off. */
#include <string.h>

#include "corridor/model_internal.h"

/* ---- what each item reads: kept per section and index, to be followed */

typedef struct reach {
    paso_reader *r;
    bool *seen[PASO_N_SECTIONS];
    unsigned layers;
} reach;

static void follow_item(reach *f, paso_section section, int index);

static void follow_name(void *user, const paso_expr *name, bool delayed) {
    reach *f = user;
    (void)delayed;
    paso_section section = paso_section_of(name->ref);
    if (section != PASO_N_SECTIONS && section != PASO_IN_SETS) follow_item(f, section, name->index);
}

static void follow_uses(reach *f, paso_section section, int index) {
    for (size_t i = 0; i < f->r->uses.n; i++) {
        const paso_use *use = &f->r->uses.items[i];
        if (use->section == section && use->index == index && !use->failed)
            paso_expr_visit(use->expr, false, follow_name, f);
    }
}

/* A count rests on all who send to it. */
static void follow_senders(reach *f, int stage) {
    const paso_model *m = f->r->model;
    for (int i = 0; i < m->n_stages; i++) {
        for (int k = 0; k < m->stage[i].n_exits; k++) {
            if (m->stage[i].exit[k].to == stage) follow_item(f, PASO_IN_STAGES, i);
        }
    }
}

static void follow_item(reach *f, paso_section section, int index) {
    if (f->seen[section][index]) return;
    f->seen[section][index] = true;
    f->layers |= 1u << paso_item_of(f->r->model, section, index)->layer;
    follow_uses(f, section, index);
    if (section == PASO_IN_STAGES) follow_senders(f, index);
    if (section == PASO_IN_SIGNALS && f->r->model->signal[index].known >= 0)
        follow_item(f, PASO_IN_DATA, f->r->model->signal[index].known);
}

static unsigned layers_of(paso_reader *r, int observable) {
    reach f = {.r = r};
    for (int s = 0; s < PASO_N_SECTIONS; s++) {
        f.seen[s] = PASO_NEW(r, r->section[s].n, bool);
        if (f.seen[s] == NULL) return 0;
    }
    follow_item(&f, PASO_IN_OBSERVABLES, observable);
    return f.layers;
}

/* ---- politics read by accounting */

typedef enum answer { UNKNOWN, ASKED, YES, NO } answer;

typedef struct off {
    paso_reader *r;
    answer *answer; /* [n_signals] */
    bool good;      /* of the signal being looked at */
} off;

static bool can_be_off(off *o, int signal);

static void name_can_be_off(void *user, const paso_expr *name, bool delayed) {
    off *o = user;
    (void)delayed;
    if (name->ref == PASO_REF_SIGNAL && !can_be_off(o, name->index)) o->good = false;
}

/* With a neutral value of its own; or without memory, and all that it reads can be off. A ring is
 * reported elsewhere: one that is being asked already says yes. */
static bool can_be_off(off *o, int signal) {
    const paso_signal *s = &o->r->model->signal[signal];
    off inner = {o->r, o->answer, true};
    if (s->item.layer != PASO_POLITICS || s->neutral != NULL) return true;
    if (s->is == NULL) return false;
    if (o->answer[signal] == UNKNOWN) {
        o->answer[signal] = ASKED;
        paso_expr_visit(s->is, false, name_can_be_off, &inner);
        o->answer[signal] = inner.good ? YES : NO;
    }
    return o->answer[signal] != NO;
}

typedef struct reading {
    off *off;
    const paso_use *use;
} reading;

static void refuse_politics(void *user, const paso_expr *name, bool delayed) {
    const reading *x = user;
    paso_reader *r = x->off->r;
    (void)delayed;
    if (name->ref != PASO_REF_SIGNAL || can_be_off(x->off, name->index)) return;
    paso_err(r, "neutral", (paso_place){name->mark, x->use->at.path},
             paso_reader_format(r, "give %s a neutral value", name->name),
             "expected a value that politics can be switched off in, found %s, which is politics "
             "and has no neutral",
             name->name);
}

void paso_check_layers(paso_reader *r) {
    paso_model *m = r->model;
    off o = {r, PASO_NEW(r, m->n_signals, answer), true};
    for (int i = 0; i < m->n_observables; i++) m->observable[i].rests_on = layers_of(r, i);
    if (o.answer == NULL) return;
    for (size_t i = 0; i < r->uses.n; i++) {
        const paso_use *use = &r->uses.items[i];
        if (use->failed || use->section == PASO_IN_POLICIES || use->section == PASO_IN_MECHANISMS ||
            use->section == PASO_IN_OBSERVABLES ||
            paso_item_of(m, use->section, use->index)->layer != PASO_ACCOUNTING)
            continue;
        reading x = {&o, use};
        paso_expr_visit(use->expr, false, refuse_politics, &x);
    }
}
