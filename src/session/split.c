/* Of each difference, how much of its band is chance, how much doubt about parameters, how much
 * doubt about politics. A third of the members is run again under the same draws: with the
 * parameters of politics at their medians, and with all of them there. Keys of draws are names, so
 * what is held fixed shifts no other draw. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/session.h"

enum { FEWEST = 50 };

/* ---- the runs ---- */

typedef struct again {
    paso_session session;
    paso_store *store; /* NULL: it was not run */
    paso_diags diags;  /* of a store nobody sees */
} again;

/* The same policies and settings, with one more thing switched off. */
static paso_status say_again(const paso_session *s, const char *off, paso_session *x) {
    int failed = 0;
    paso_status status = paso_session_init(x, s->model);
    if (status != PASO_OK) return status;
    for (size_t i = 0; i < s->policy.n; i++) failed |= PASO_PUSH(&x->policy, s->policy.items[i]);
    for (size_t i = 0; i < s->override.n; i++)
        failed |= PASO_PUSH(&x->override, s->override.items[i]);
    for (size_t i = 0; i < s->without.n; i++) failed |= PASO_PUSH(&x->without, s->without.items[i]);
    failed |= PASO_PUSH(&x->without, off);
    return failed ? PASO_ERR_MEMORY : PASO_OK;
}

/* Over the first members only. */
static void plan_again(const paso_session *s, uint32_t n_members, paso_session *x) {
    x->plan = s->plan;
    x->plan.program = (const paso_program *const *)x->program;
    x->plan.schedule = (const paso_schedule *const *)x->schedule;
    x->plan.start_policy = x->start_policy;
    x->plan.n_members = n_members;
    x->plan.save = NULL;
}

static paso_status run_again(const paso_session *s, const char *off, uint32_t n_members,
                             const paso_session_hooks *hooks, paso_fault *fault, again *x) {
    double seconds;
    paso_status status = paso_diags_init(&x->diags) == 0 ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = say_again(s, off, &x->session);
    if (status == PASO_OK) status = paso_session_compile(&x->session, &x->diags);
    if (status != PASO_OK) return status;
    plan_again(s, n_members, &x->session);
    status = paso_session_begin(&x->session, NULL, false, &x->diags, &x->store);
    return status == PASO_OK ? paso_session_run(&x->session, x->store, hooks, fault, &seconds)
                             : status;
}

static void clear_again(again *x) {
    paso_store_close(x->store);
    paso_session_clear(&x->session);
    paso_diags_clear(&x->diags);
}

/* Whether politics is in any difference at all: else its parameters need not be held. */
static paso_status is_political(const paso_session *s, bool *political) {
    bool *rests = calloc((size_t)s->model->n_observables + 1, sizeof *rests);
    paso_status status = rests ? PASO_OK : PASO_ERR_MEMORY;
    *political = false;
    for (size_t p = 0; p < s->n_stacks && status == PASO_OK; p++) {
        bool calm = false;
        status = paso_session_is_calm(s, p, &calm);
        if (status == PASO_OK)
            status = paso_program_politics(s->model, s->program[p], s->schedule[p], s->plan.until,
                                           calm, rests);
        for (int i = 0; i < s->model->n_observables; i++) *political |= rests[i];
    }
    free(rests);
    return status;
}

/* ---- the variances ---- */

typedef struct split_list {
    paso_store_split *items;
    size_t n, cap;
} split_list;

static paso_status add_subject(const again *still, const again *calm, size_t policy,
                               size_t observable, int cell, split_list *list) {
    double noise[2], both[2] = {NAN, NAN};
    size_t n = still->session.plan.n_members;
    paso_status status = paso_store_variance(still->store, 0, policy, observable, cell, n, noise);
    if (status == PASO_OK && calm->store)
        status = paso_store_variance(calm->store, 0, policy, observable, cell, n, both);
    for (int window = 0; window < 2 && status == PASO_OK; window++) {
        paso_store_split one = {policy, observable, cell, window, noise[window], both[window]};
        if (PASO_PUSH(list, one)) status = PASO_ERR_MEMORY;
    }
    return status;
}

/* Headline observables, as in the table; all of them where none is. */
static paso_status add_all(const again *still, const again *calm, bool all, split_list *list) {
    const paso_store_contents *c = paso_store_read(still->store);
    paso_status status = PASO_OK;
    bool any = false;
    for (size_t o = 0; o < c->n_observables; o++) any |= c->observable[o].headline;
    for (size_t o = 0; o < c->n_observables; o++) {
        const paso_store_observable *x = &c->observable[o];
        if ((any && !all && !x->headline) || x->n_periods == 0) continue;
        int first = x->total ? -1 : 0, end = x->total ? 0 : (int)x->n_cells;
        for (size_t p = 1; p < c->n_policies; p++)
            for (int cell = first; cell < end && status == PASO_OK; cell++)
                status = add_subject(still, calm, p, o, cell, list);
    }
    return status;
}

paso_status paso_session_split(paso_session *s, paso_store *store, const paso_session_hooks *hooks,
                               paso_fault *fault) {
    if (s->start || s->quick) return PASO_ERR_USAGE; /* of another program, or no sample */
    uint32_t most = s->plan.n_members, n = most / 3 < FEWEST ? FEWEST : most / 3;
    again still = {.store = NULL}, calm = {.store = NULL};
    split_list list = {0};
    bool political;
    if (n > most) n = most;
    paso_status status = is_political(s, &political);
    if (status == PASO_OK) status = run_again(s, "parameters", n, hooks, fault, &still);
    if (status == PASO_OK && political)
        status = run_again(s, "politics-parameters", n, hooks, fault, &calm);
    if (status == PASO_OK) status = add_all(&still, &calm, s->split_all, &list);
    if (status == PASO_OK) status = paso_store_splits(store, list.items, list.n, n);
    free(list.items);
    clear_again(&still);
    clear_again(&calm);
    return status;
}
