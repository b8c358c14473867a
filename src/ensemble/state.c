/* Owning the members of a run between two days, and saying whether a run may go on from them. */
#include "ensemble/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

/* ---- owning ---- */

void paso_state_free(paso_state *state) {
    if (!state) return;
    for (size_t p = 0; state->policy && p < state->n_policies; p++) {
        free(state->policy[p].name);
        free(state->policy[p].value);
    }
    free(state->policy);
    free(state->corridor);
    free(state);
}

static paso_status create_policy(paso_state_policy *policy, const paso_program *program,
                                 const char *name, uint32_t n_members) {
    paso_program_hash(program, policy->hash);
    policy->n_values = paso_program_state_size(program);
    policy->name = strdup(name);
    policy->value = calloc(policy->n_values, n_members * sizeof *policy->value);
    return policy->name && policy->value ? PASO_OK : PASO_ERR_MEMORY;
}

paso_status paso_state_create(const paso_plan *plan, const char *corridor, const char *const *name,
                              paso_state **state) {
    paso_state *s = calloc(1, sizeof *s);
    if (!s) return PASO_ERR_MEMORY;
    s->seed = plan->seed;
    s->day = plan->until;
    s->known_until = plan->known_until;
    s->quick = plan->quick;
    s->first_member = plan->first_member;
    s->n_members = plan->n_members;
    s->n_policies = plan->n_policies;
    s->corridor = strdup(corridor);
    s->policy = calloc(plan->n_policies, sizeof *s->policy);
    paso_status status = s->corridor && s->policy ? PASO_OK : PASO_ERR_MEMORY;
    for (size_t p = 0; p < plan->n_policies && status == PASO_OK; p++) {
        status = create_policy(&s->policy[p], plan->program[p], name[p], plan->n_members);
    }
    if (status == PASO_OK) {
        *state = s;
    } else {
        paso_state_free(s);
    }
    return status;
}

int paso_state_find(const paso_state *state, const char *name) {
    for (size_t p = 0; p < state->n_policies; p++) {
        if (strcmp(state->policy[p].name, name) == 0) return (int)p;
    }
    return state->n_policies == 1 ? 0 : -1;
}

/* ---- checking ---- */

/* What the messages of one check share. */
typedef struct checker {
    const paso_plan *plan;
    const paso_state *state;
    const char *corridor, *file;
    paso_diags *diags;
} checker;

static paso_mark mark_of(const checker *k) {
    return (paso_mark){.file = k->file};
}

static paso_status check_program(const checker *k, size_t policy) {
    char hash[65];
    const paso_state_policy *from = &k->state->policy[k->plan->start_policy[policy]];
    paso_program_hash(k->plan->program[policy], hash);
    bool whole = from->n_values == paso_program_state_size(k->plan->program[policy]);
    if (whole && strcmp(hash, from->hash) == 0) return PASO_OK;
    return paso_error(k->diags, "state-program", mark_of(k), from->name,
                      "the corridor, what is set of its parameters, and what is switched off must "
                      "be as they were",
                      "expected the program of %s, %.12s, found a state of %s, %.12s", k->corridor,
                      hash, k->state->corridor, from->hash);
}

static paso_status check_members(const checker *k) {
    const paso_plan *plan = k->plan;
    const paso_state *state = k->state;
    uint64_t first = state->first_member, end = first + state->n_members;
    if (plan->first_member >= first && (uint64_t)plan->first_member + plan->n_members <= end) {
        return PASO_OK;
    }
    return paso_error(k->diags, "state-members", mark_of(k), "", NULL,
                      "expected members %u to %llu, found a state of members %llu to %llu",
                      plan->first_member,
                      (unsigned long long)plan->first_member + plan->n_members - 1,
                      (unsigned long long)first, (unsigned long long)end - 1);
}

static paso_status check_day(const checker *k) {
    char from[16], day[16];
    if (k->plan->from >= k->state->day) return PASO_OK;
    paso_date_write(k->plan->from, from);
    paso_date_write(k->state->day, day);
    return paso_error(k->diags, "state-day", mark_of(k), "", NULL,
                      "expected a state of %s or before, found one of %s", from, day);
}

static const char *way_of(bool quick) {
    return quick ? "a skeleton" : "members with draws";
}

static paso_status check_draws(const checker *k) {
    if (k->plan->quick != k->state->quick) {
        return paso_error(k->diags, "state-quick", mark_of(k), "", NULL,
                          "expected a state of %s, found one of %s", way_of(k->plan->quick),
                          way_of(k->state->quick));
    }
    if (k->plan->seed == k->state->seed) return PASO_OK;
    return paso_error(k->diags, "state-seed", mark_of(k), "",
                      "a member goes on with the draws that it began with",
                      "expected a state of seed %llu, found one of seed %llu",
                      (unsigned long long)k->plan->seed, (unsigned long long)k->state->seed);
}

paso_status paso_state_check(const paso_plan *plan, const char *corridor, const char *file,
                             paso_diags *diags) {
    checker k = {plan, plan->start, corridor, file, diags};
    paso_status status = PASO_OK;
    for (size_t p = 0; p < plan->n_policies; p++) {
        if (check_program(&k, p) != PASO_OK) status = PASO_ERR_INPUT;
    }
    if (check_members(&k) != PASO_OK) status = PASO_ERR_INPUT;
    if (check_day(&k) != PASO_OK) status = PASO_ERR_INPUT;
    if (check_draws(&k) != PASO_OK) status = PASO_ERR_INPUT;
    return status;
}
