/* Programs and schedules of a session's policies. Policies share a program unless they switch
 * different things off, so that the ensemble can fork them. */
#include <stdlib.h>
#include <string.h>

#include "session/session.h"

/* ---- what is switched off ---- */

typedef struct names {
    const char **items;
    size_t n, cap;
} names;

static int add_name(names *list, const char *name) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], name) == 0) return 0;
    }
    return PASO_PUSH(list, name);
}

/* By the session, and by the policies of a stack with their bases. */
static paso_status collect_without(const paso_session *s, size_t stack, names *list) {
    const paso_model *m = s->model;
    int failed = 0;
    for (size_t i = 0; i < s->without.n; i++) failed |= add_name(list, s->without.items[i]);
    for (int i = 0; i < s->stack[stack].n_policies; i++) {
        for (int p = s->stack[stack].policy[i]; p >= 0; p = m->policy[p].base) {
            for (int k = 0; k < m->policy[p].n_without; k++) {
                failed |= add_name(list, m->policy[p].without[k]);
            }
        }
    }
    return failed ? PASO_ERR_MEMORY : PASO_OK;
}

paso_status paso_session_is_calm(const paso_session *s, size_t stack, bool *calm) {
    names list = {0};
    paso_status status = collect_without(s, stack, &list);
    *calm = false;
    for (size_t i = 0; i < list.n; i++) *calm |= strcmp(list.items[i], "politics") == 0;
    free(list.items);
    return status;
}

/* Both hold every name once. */
static bool same_names(const names *a, const names *b) {
    size_t found = 0;
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) found += strcmp(a->items[i], b->items[k]) == 0;
    }
    return a->n == b->n && found == a->n;
}

/* The program of an earlier stack that switches the same off; NULL: none. */
static paso_status find_program(const paso_session *s, size_t stack, const names *own,
                                paso_program **found) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < stack && !*found && status == PASO_OK; i++) {
        names other = {0};
        status = collect_without(s, i, &other);
        if (status == PASO_OK && same_names(own, &other)) *found = s->program[i];
        free(other.items);
    }
    return status;
}

static paso_status compile_program(paso_session *s, size_t stack, paso_diags *diags) {
    names own = {0};
    paso_status status = collect_without(s, stack, &own);
    if (status == PASO_OK) status = find_program(s, stack, &own, &s->program[stack]);
    if (status == PASO_OK && !s->program[stack]) {
        paso_compile_options options = {own.items, (int)own.n, s->override.items,
                                        (int)s->override.n, diags};
        status = paso_program_compile(s->model, &options, &s->program[stack]);
    }
    free(own.items);
    return status;
}

/* ---- levers ---- */

static paso_status compile_schedule(paso_session *s, size_t at, paso_diags *diags) {
    const paso_store_stack *stack = &s->stack[at];
    size_t n = s->override.n;
    paso_override *all = calloc(n + 1, sizeof *all);
    if (!all) return PASO_ERR_MEMORY;
    if (n > 0) memcpy(all, s->override.items, n * sizeof *all);
    if (stack->own) all[n++] = *stack->own;
    paso_status status = paso_schedule_compile(s->model, s->program[at], stack->policy,
                                               stack->n_policies, all, (int)n, &s->schedule[at]);
    if (status == PASO_ERR_INPUT) {
        paso_error(diags, "rows", (paso_mark){0}, stack->name, NULL,
                   "expected at most %d rows in all, found more", PASO_MAX_ROWS);
    }
    if (status == PASO_OK) {
        status = paso_schedule_bounds(s->model, s->program[at], s->schedule[at], stack->policy,
                                      stack->n_policies, diags);
    }
    free(all);
    return status;
}

/* ---- all ---- */

static void drop_compiled(paso_session *s) {
    for (size_t i = 0; i < s->n_stacks; i++) {
        bool shared = false;
        for (size_t k = 0; k < i && s->program; k++) shared |= s->program[k] == s->program[i];
        if (s->schedule) paso_schedule_free(s->schedule[i]);
        if (s->program && !shared) paso_program_free(s->program[i]);
    }
    free(s->program);
    free(s->schedule);
    free(s->start_policy);
    s->program = NULL;
    s->schedule = NULL;
    s->start_policy = NULL;
    s->n_stacks = 0;
}

void paso_session_clear(paso_session *s) {
    drop_compiled(s);
    free(s->policy.items);
    free(s->override.items);
    free(s->setting.items);
    free(s->without.items);
    paso_arena_free(s->arena);
    memset(s, 0, sizeof *s);
}

static void choose_stacks(paso_session *s) {
    s->stack = s->policy.items;
    s->n_stacks = s->policy.n;
    if (s->n_stacks > 0) return;
    s->default_policy = paso_policy_find(s->model, "as-happened");
    bool there = s->default_policy >= 0;
    s->default_stack = (paso_store_stack){.name = there ? "as-happened" : "levers",
                                          .policy = &s->default_policy,
                                          .n_policies = there};
    s->stack = &s->default_stack;
    s->n_stacks = 1;
}

paso_status paso_session_compile(paso_session *s, paso_diags *diags) {
    drop_compiled(s);
    choose_stacks(s);
    s->program = calloc(s->n_stacks, sizeof(paso_program *));
    s->schedule = calloc(s->n_stacks, sizeof(paso_schedule *));
    s->start_policy = calloc(s->n_stacks, sizeof *s->start_policy);
    if (!s->program || !s->schedule || !s->start_policy) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    for (size_t i = 0; i < s->n_stacks && status == PASO_OK; i++) {
        status = compile_program(s, i, diags);
        if (status == PASO_OK) status = compile_schedule(s, i, diags);
    }
    return status;
}
