/* The plan of a session: days and members with their defaults, and the histories it goes on from.
 */
#include <stdlib.h>

#include "session/session.h"

enum { DEFAULT_MONTHS = 18, MAX_MEMBERS = 1000000, MAX_WIDTH = 1024 };

static int32_t default_from(const paso_session *s) {
    const paso_model *m = s->model;
    if (s->start) return s->start->day;
    /* A corridor that ends with the record has no days after `now`: all of it is run. */
    return m->clock_now < m->clock_end ? m->clock_now : m->clock_start;
}

static int32_t default_until(const paso_session *s, int32_t from) {
    int day = from;
    for (int i = 0; i < DEFAULT_MONTHS; i++) day += paso_month_length(day);
    return day < s->model->clock_end ? day : s->model->clock_end;
}

bool paso_session_claim_days(paso_session *s) {
    const paso_model *m = s->model;
    int32_t until = PASO_NO_DAY;
    for (int i = 0; i < m->n_observables; i++)
        for (int k = 0; k < m->observable[i].n_claims; k++)
            if (m->observable[i].claim[k].when_end > until)
                until = m->observable[i].claim[k].when_end;
    bool any = until != PASO_NO_DAY;
    if (until <= m->clock_start) until = m->clock_start + 1;
    s->until = until < m->clock_end ? until : m->clock_end;
    s->from = s->until - 1;
    return any;
}

static void make_plan(paso_session *s) {
    int32_t from = s->from == PASO_NO_DAY ? default_from(s) : s->from;
    int32_t known = s->known_until == PASO_NO_DAY ? s->model->clock_now : s->known_until;
    s->plan = (paso_plan){.program = (const paso_program *const *)s->program,
                          .schedule = (const paso_schedule *const *)s->schedule,
                          .n_policies = s->n_stacks,
                          .seed = s->seed,
                          .first_member = s->first_member,
                          .n_members = s->quick ? 1 : s->n_members,
                          .from = from,
                          .until = s->until == PASO_NO_DAY ? default_until(s, from) : s->until,
                          .known_until = known,
                          .lanes = s->lanes,
                          .threads = s->threads,
                          .strict = s->strict,
                          .quick = s->quick,
                          .start = s->start,
                          .start_policy = s->start_policy};
}

static paso_status check_days(const paso_session *s, paso_diags *diags) {
    char start[16], end[16], from[16], until[16];
    const paso_plan *plan = &s->plan;
    const paso_model *m = s->model;
    paso_date_write(m->clock_start, start);
    paso_date_write(m->clock_end, end);
    paso_date_write(plan->from, from);
    paso_date_write(plan->until, until);
    if (plan->from < m->clock_start || plan->until > m->clock_end) {
        return paso_usage(diags, "days", "", "the corridor's clock sets the bounds",
                          "expected dates from %s to %s, found %s to %s", start, end, from, until);
    }
    if (plan->until > plan->from) return PASO_OK;
    return paso_usage(diags, "days", "", NULL, "%suntil %s is not after %sfrom %s", s->dashes,
                      until, s->dashes, from);
}

static paso_status check_counts(const paso_session *s, paso_diags *diags) {
    const paso_plan *plan = &s->plan;
    uint64_t end = (uint64_t)plan->first_member + plan->n_members;
    if (plan->n_members < 1 || plan->n_members > MAX_MEMBERS || end > UINT32_MAX) {
        return paso_usage(diags, "members", "", NULL,
                          "expected 1 to %d members, found %u from member %u on", MAX_MEMBERS,
                          plan->n_members, plan->first_member);
    }
    if (plan->threads > MAX_WIDTH || plan->lanes > MAX_WIDTH) {
        return paso_usage(diags, "threads", "", NULL, "expected at most %d threads and lanes",
                          MAX_WIDTH);
    }
    return PASO_OK;
}

/* Each policy's own history, or the only one there is. */
static paso_status find_histories(paso_session *s, paso_diags *diags) {
    const char *file = s->start_file;
    for (size_t i = 0; s->start && i < s->n_stacks; i++) {
        const char *name = s->history ? s->history : s->stack[i].name;
        int found = paso_state_find(s->start, name);
        if (found < 0) {
            return paso_usage(diags, "state-policy", "", "all policies go on from a state of one",
                              "%s%s holds %zu policies, but no history of %s",
                              file ? "--start: " : "the state", file ? file : "",
                              s->start->n_policies, name);
        }
        s->start_policy[i] = (size_t)found;
    }
    return PASO_OK;
}

paso_status paso_session_plan(paso_session *s, paso_diags *diags) {
    make_plan(s);
    paso_status status = check_days(s, diags);
    if (status == PASO_OK) status = check_counts(s, diags);
    if (status == PASO_OK) status = find_histories(s, diags);
    if (status == PASO_OK && s->start) {
        status = paso_state_check(&s->plan, s->model->name, s->start_file, diags);
    }
    return status;
}

paso_status paso_session_save(paso_session *s, paso_state **state) {
    const char **name = calloc(s->n_stacks, sizeof *name);
    if (!name) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < s->n_stacks; i++) name[i] = s->stack[i].name;
    paso_status status = paso_state_create(&s->plan, s->model->name, name, state);
    s->plan.save = *state;
    free(name);
    return status;
}
