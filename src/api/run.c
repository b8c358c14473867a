/* What to run, as its caller says it piece by piece. Names are checked at once, so that a mistake
 * is told where it is made; what depends on several pieces is checked on execution. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

enum { DEFAULT_MEMBERS = 200, DEFAULT_SEED = 1 };

paso_run *paso_run_create(paso_corridor *corridor) {
    paso_run *run = calloc(1, sizeof *run);
    if (!run) return NULL;
    run->arena = paso_arena_create();
    if (!run->arena) {
        free(run);
        return NULL;
    }
    run->model = corridor->model;
    run->command = "";
    run->seed = DEFAULT_SEED;
    run->n_members = DEFAULT_MEMBERS;
    run->from = run->until = run->known_until = PASO_NO_DAY;
    return run;
}

void paso_run_free(paso_run *run) {
    if (!run) return;
    paso_state_free(run->state);
    free(run->stack.items);
    free(run->override.items);
    free(run->setting.items);
    free(run->without.items);
    paso_arena_free(run->arena);
    free(run);
}

/* ---- names ---- */

static paso_status unknown_policy(const paso_run *run, const char *word, paso_errors *errors) {
    size_t n = (size_t)run->model->n_policies;
    const char **names = calloc(n + 1, sizeof *names);
    if (!names) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) names[i] = run->model->policy[i].item.name;
    names[n] = "levers";
    paso_status status = paso_api_unknown(errors, "policy", word, names, n + 1);
    free(names);
    return status;
}

static size_t n_words(const char *text) {
    size_t n = 1;
    for (; *text; text++) n += *text == '+';
    return n;
}

/* "a+b" to policies; "levers" is the empty stack. */
static paso_status read_stack(paso_run *run, const char *text, paso_errors *errors,
                              paso_api_stack *stack) {
    stack->name = paso_arena_text(run->arena, text);
    stack->policy = paso_arena_alloc(run->arena, n_words(text), sizeof *stack->policy);
    char *copy = paso_arena_text(run->arena, text);
    if (!stack->name || !stack->policy || !copy) return PASO_ERR_MEMORY;
    if (text[0] == '\0') return unknown_policy(run, text, errors);
    for (char *rest = copy, *name; (name = strtok_r(rest, "+", &rest));) {
        int policy = paso_policy_find(run->model, name);
        if (policy < 0 && strcmp(name, "levers") == 0) continue;
        if (policy < 0) return unknown_policy(run, name, errors);
        stack->policy[stack->n_policies++] = policy;
    }
    return PASO_OK;
}

paso_status paso_run_add_policy(paso_run *run, const char *policy, paso_errors *errors) {
    paso_api_stack stack = {0};
    for (size_t i = 0; i < run->stack.n; i++) {
        if (strcmp(run->stack.items[i].name, policy) != 0) continue;
        return paso_api_usage(errors, "policy", "", NULL, "policy %s: given twice", policy);
    }
    paso_status status = read_stack(run, policy, errors, &stack);
    if (status != PASO_OK) return status;
    return PASO_PUSH(&run->stack, stack) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

paso_status paso_run_add_setting(paso_run *run, const char *setting, paso_errors *errors) {
    paso_override override;
    paso_status status = paso_model_override(run->model, &errors->diags, setting, &override);
    if (status != PASO_OK) return status == PASO_ERR_INPUT ? PASO_ERR_USAGE : status;
    const char *copy = paso_arena_text(run->arena, setting);
    if (!copy || PASO_PUSH(&run->setting, copy) != 0) return PASO_ERR_MEMORY;
    return PASO_PUSH(&run->override, override) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

/* All that may be switched off. */
static const char **list_parts(const paso_model *m, size_t *n) {
    static const char *const fixed[] = {"shock", "accounting", "behaviour", "politics"};
    size_t all = 4 + (size_t)m->n_signals + (size_t)m->n_events;
    const char **names = calloc(all, sizeof *names);
    if (!names) return NULL;
    memcpy(names, fixed, sizeof fixed);
    *n = 4;
    for (int i = 0; i < m->n_signals; i++) names[(*n)++] = m->signal[i].item.name;
    for (int i = 0; i < m->n_events; i++) names[(*n)++] = m->event[i].item.name;
    return names;
}

paso_status paso_run_add_without(paso_run *run, const char *name, paso_errors *errors) {
    size_t n = 0, i = 0;
    const char **names = list_parts(run->model, &n);
    if (!names) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    while (i < n && strcmp(names[i], name) != 0) i++;
    if (i == n) {
        status = paso_api_unknown(errors, "layer, signal or event", name, names, n);
    } else if (PASO_PUSH(&run->without, names[i]) != 0) {
        status = PASO_ERR_MEMORY;
    }
    free(names);
    return status;
}

/* ---- numbers ---- */

void paso_run_set_members(paso_run *run, uint32_t first, uint32_t n) {
    run->first_member = first;
    run->n_members = n;
}

void paso_run_set_seed(paso_run *run, uint64_t seed) {
    run->seed = seed;
}

void paso_run_set_days(paso_run *run, int32_t from, int32_t until) {
    run->from = from;
    run->until = until;
}

void paso_run_set_known_until(paso_run *run, int32_t day) {
    run->known_until = day;
}

void paso_run_set_threads(paso_run *run, size_t threads, size_t lanes) {
    run->threads = threads;
    run->lanes = lanes;
}

void paso_run_set_strict(paso_run *run, bool strict) {
    run->strict = strict;
}

void paso_run_set_quick(paso_run *run, bool quick) {
    run->quick = quick;
}

paso_status paso_run_set_command(paso_run *run, const char *command) {
    const char *copy = paso_arena_text(run->arena, command);
    if (!copy) return PASO_ERR_MEMORY;
    run->command = copy;
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
    run->start = state;
    if (!state) return;
    run->seed = state->seed;
    run->known_until = state->known_until;
    run->first_member = state->first_member;
    run->n_members = state->n_members;
    run->quick = state->quick;
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
