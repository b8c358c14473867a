/* paso compare --split: of each difference, how much of its band is chance, how much doubt about
 * parameters, how much doubt about politics. A third of the members is run again under the same
 * draws: with the parameters of politics at their medians, and with all of them there. Keys of
 * draws are names, so what is held fixed shifts no other draw. */
#include <math.h>
#include <stdlib.h>

#include "cli/session.h"
#include "program/compile.h"

enum { FEWEST = 50 };

/* ---- the runs ---- */

/* The same policies without `off`, over the first members. Close it with close_run. */
static paso_status run_without(const cli_session *s, uint32_t n_members, const char *off,
                               cli_session *run) {
    *run = (cli_session){.c = s->c, .model = s->model, .off = off};
    cli_say(s->c, "again without doubt about %s, %u members\n", off, n_members);
    paso_status status = cli_session_compile(run);
    if (status != PASO_OK) return status;
    run->plan = s->plan;
    run->plan.program = (const paso_program *const *)run->program;
    run->plan.schedule = (const paso_schedule *const *)run->schedule;
    run->plan.n_members = n_members;
    run->plan.save = NULL;
    return cli_session_run(run, NULL);
}

static void close_run(cli_session *run) {
    run->model = NULL; /* the other session's */
    cli_session_close(run);
}

/* Whether politics is in any difference at all: else its parameters need not be held. */
static paso_status is_political(const cli_session *s, bool *political) {
    bool *rests = calloc((size_t)s->model->n_observables + 1, sizeof *rests);
    paso_status status = rests ? PASO_OK : PASO_ERR_MEMORY;
    *political = false;
    for (size_t p = 0; p < s->n_stacks && status == PASO_OK; p++) {
        status = paso_program_politics(s->model, s->program[p], s->schedule[p], s->plan.until,
                                       cli_session_is_calm(s, p), rests);
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

static paso_status add_subject(const cli_session *still, const cli_session *calm, size_t policy,
                               size_t observable, int cell, split_list *list) {
    double noise[2], both[2] = {NAN, NAN};
    size_t n = still->plan.n_members;
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
static paso_status add_all(const cli_session *still, const cli_session *calm, bool all,
                           split_list *list) {
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

paso_status cli_split(cli_session *s) {
    static const char *const all = "parameters", *const political_ones = "politics-parameters";
    uint32_t most = s->plan.n_members, n = most / 3 < FEWEST ? FEWEST : most / 3;
    cli_session still = {0}, calm = {0};
    split_list list = {0};
    bool political;
    if (n > most) n = most;
    paso_status status = is_political(s, &political);
    if (status == PASO_OK) status = run_without(s, n, all, &still);
    if (status == PASO_OK && political) status = run_without(s, n, political_ones, &calm);
    if (status == PASO_OK) status = add_all(&still, &calm, s->c->args.all, &list);
    if (status == PASO_OK) status = paso_store_splits(s->store, list.items, list.n, n);
    free(list.items);
    close_run(&still);
    close_run(&calm);
    return status;
}
