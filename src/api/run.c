/* What to run, as its caller says it piece by piece, handed on to a session; and states. */
#include <stdlib.h>

#include "api/api.h"

paso_run *paso_run_create(paso_corridor *corridor) {
    paso_run *run = calloc(1, sizeof *run);
    if (!run) return NULL;
    if (paso_session_init(&run->session, corridor->model) == PASO_OK) return run;
    paso_run_free(run);
    return NULL;
}

void paso_run_free(paso_run *run) {
    if (!run) return;
    paso_state_free(run->state);
    paso_session_clear(&run->session);
    free(run);
}

/* ---- names ---- */

paso_status paso_run_add_policy(paso_run *run, const char *policy, paso_errors *errors) {
    return paso_session_add_policy(&run->session, policy, &errors->diags);
}

paso_status paso_run_add_setting(paso_run *run, const char *setting, paso_errors *errors) {
    return paso_session_add_setting(&run->session, setting, &errors->diags);
}

paso_status paso_run_add_without(paso_run *run, const char *name, paso_errors *errors) {
    return paso_session_add_without(&run->session, name, &errors->diags);
}

/* ---- numbers ---- */

void paso_run_set_members(paso_run *run, uint32_t first, uint32_t n) {
    run->session.first_member = first;
    run->session.n_members = n;
}

void paso_run_set_seed(paso_run *run, uint64_t seed) {
    run->session.seed = seed;
}

void paso_run_set_days(paso_run *run, int32_t from, int32_t until) {
    run->session.from = from;
    run->session.until = until;
}

void paso_run_set_known_until(paso_run *run, int32_t day) {
    run->session.known_until = day;
}

void paso_run_set_threads(paso_run *run, size_t threads, size_t lanes) {
    run->session.threads = threads;
    run->session.lanes = lanes;
}

void paso_run_set_strict(paso_run *run, bool strict) {
    run->session.strict = strict;
}

void paso_run_set_quick(paso_run *run, bool quick) {
    run->session.quick = quick;
}

paso_status paso_run_set_command(paso_run *run, const char *command) {
    const char *copy = paso_arena_text(run->session.arena, command);
    if (!copy) return PASO_ERR_MEMORY;
    run->session.command = copy;
    return PASO_OK;
}

void paso_run_set_hooks(paso_run *run, paso_progress_fn *progress, paso_stop_fn *stop,
                        void *context) {
    run->progress = progress;
    run->stop = stop;
    run->context = context;
}

/* ---- states ---- */

void paso_run_keep_state(paso_run *run, bool keep) {
    run->keep_state = keep;
}

paso_state *paso_run_take_state(paso_run *run) {
    paso_state *state = run->state;
    run->state = NULL;
    return state;
}

void paso_run_set_start(paso_run *run, const paso_state *state) {
    paso_session_set_start(&run->session, state);
}

paso_status paso_state_open(const char *path, paso_errors *errors, paso_state **state) {
    return paso_state_load(path, &errors->diags, state);
}

paso_status paso_state_write(const paso_state *state, const char *path, bool force,
                             paso_errors *errors) {
    return paso_state_save(state, path, force, &errors->diags);
}

int32_t paso_state_day(const paso_state *state) {
    return state->day;
}

void paso_state_members(const paso_state *state, uint32_t *first, uint32_t *n) {
    *first = state->first_member;
    *n = state->n_members;
}

size_t paso_state_policies(const paso_state *state) {
    return state->n_policies;
}

const char *paso_state_policy_name(const paso_state *state, size_t i) {
    return i < state->n_policies ? state->policy[i].name : NULL;
}
