/* What is said of a run: names are checked at once, so that a mistake is told where it is made. */
#include <stdlib.h>
#include <string.h>

#include "session/session.h"

enum { DEFAULT_MEMBERS = 200, DEFAULT_SEED = 1 };

static paso_status unknown(paso_diags *diags, const char *what, const char *word,
                           const char *const *names, size_t n) {
    char hint[512];
    paso_nearest_hint(word, names, n, hint, sizeof hint);
    return paso_usage(diags, "unknown", "", hint, "no %s \"%s\"", what, word);
}

paso_status paso_session_init(paso_session *s, paso_model *model) {
    *s = (paso_session){.model = model,
                        .arena = paso_arena_create(),
                        .dashes = "",
                        .command = "",
                        .git = "",
                        .seed = DEFAULT_SEED,
                        .n_members = DEFAULT_MEMBERS,
                        .from = PASO_NO_DAY,
                        .until = PASO_NO_DAY,
                        .known_until = PASO_NO_DAY};
    return s->arena ? PASO_OK : PASO_ERR_MEMORY;
}

/* ---- policies ---- */

static paso_status unknown_policy(const paso_session *s, const char *word, paso_diags *diags) {
    size_t n = (size_t)s->model->n_policies;
    const char **names = calloc(n + 1, sizeof *names);
    if (!names) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) names[i] = s->model->policy[i].item.name;
    names[n] = "levers";
    paso_status status = unknown(diags, "policy", word, names, n + 1);
    free(names);
    return status;
}

static size_t n_words(const char *text) {
    size_t n = 1;
    for (; *text; text++) n += *text == '+';
    return n;
}

static paso_status read_stack(paso_session *s, const char *text, paso_diags *diags,
                              paso_store_stack *stack) {
    int n = 0, *policy = paso_arena_alloc(s->arena, n_words(text), sizeof *policy);
    char *copy = paso_arena_text(s->arena, text);
    *stack = (paso_store_stack){.name = paso_arena_text(s->arena, text), .policy = policy};
    if (!stack->name || !policy || !copy) return PASO_ERR_MEMORY;
    if (text[0] == '\0') return unknown_policy(s, text, diags);
    for (char *rest = copy, *name; (name = strtok_r(rest, "+", &rest));) {
        policy[n] = paso_policy_find(s->model, name);
        if (policy[n] < 0 && strcmp(name, "levers") == 0) continue; /* the empty stack */
        if (policy[n++] < 0) return unknown_policy(s, name, diags);
    }
    stack->n_policies = n;
    return PASO_OK;
}

paso_status paso_session_add_policy(paso_session *s, const char *text, paso_diags *diags) {
    paso_store_stack stack;
    for (size_t i = 0; i < s->policy.n; i++) {
        if (strcmp(s->policy.items[i].name, text) != 0) continue;
        return paso_usage(diags, "policy", "", NULL, "%spolicy %s: given twice", s->dashes, text);
    }
    paso_status status = read_stack(s, text, diags, &stack);
    if (status != PASO_OK) return status;
    return PASO_PUSH(&s->policy, stack) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

/* ---- settings and what is switched off ---- */

/* One that does not fit is a mistake of usage, told like a mistake in a file. */
paso_status paso_session_add_setting(paso_session *s, const char *text, paso_diags *diags) {
    paso_override override;
    paso_status status = paso_model_override(s->model, diags, text, &override);
    if (status != PASO_OK) return status == PASO_ERR_INPUT ? PASO_ERR_USAGE : status;
    const char *copy = paso_arena_text(s->arena, text);
    if (!copy || PASO_PUSH(&s->setting, copy) != 0) return PASO_ERR_MEMORY;
    return PASO_PUSH(&s->override, override) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

/* All that may be switched off. */
static const char **list_parts(const paso_model *m, size_t *n) {
    static const char *const fixed[] = {"shock",      "parameters", "politics-parameters",
                                        "accounting", "behaviour",  "politics"};
    size_t all = 6 + (size_t)m->n_signals + (size_t)m->n_events;
    const char **names = calloc(all, sizeof *names);
    if (!names) return NULL;
    memcpy(names, fixed, sizeof fixed);
    *n = 6;
    for (int i = 0; i < m->n_signals; i++) names[(*n)++] = m->signal[i].item.name;
    for (int i = 0; i < m->n_events; i++) names[(*n)++] = m->event[i].item.name;
    return names;
}

paso_status paso_session_add_without(paso_session *s, const char *name, paso_diags *diags) {
    size_t n = 0, i = 0;
    const char **names = list_parts(s->model, &n);
    if (!names) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    while (i < n && strcmp(names[i], name) != 0) i++;
    if (i == n) {
        status = unknown(diags, "layer, signal or event", name, names, n);
    } else if (PASO_PUSH(&s->without, names[i]) != 0) {
        status = PASO_ERR_MEMORY;
    }
    free(names);
    return status;
}

void paso_session_set_start(paso_session *s, const paso_state *start) {
    s->start = start;
    if (!start) return;
    s->seed = start->seed;
    s->known_until = start->known_until;
    s->first_member = start->first_member;
    s->n_members = start->n_members;
    s->quick = start->quick;
}
