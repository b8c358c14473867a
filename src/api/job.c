/* From a run to what the ensemble needs: programs, schedules and the plan. Policies share a program
 * unless they switch different things off, so that the ensemble can fork them. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

enum { DEFAULT_MONTHS = 18, MAX_MEMBERS = 1000000, MAX_WIDTH = 1024 };

typedef struct names {
    const char **items;
    size_t n, cap;
} names;

/* ---- what is switched off ---- */

static int add_name(names *list, const char *name) {
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i], name) == 0) return 0;
    }
    return PASO_PUSH(list, name);
}

/* By the run, and by the policies of a stack with their bases. */
static paso_status collect_without(const paso_api_job *job, size_t stack, names *list) {
    const paso_model *m = job->run->model;
    const paso_api_stack *s = &job->stack[stack];
    int failed = 0;
    for (size_t i = 0; i < job->run->without.n; i++) {
        failed |= add_name(list, job->run->without.items[i]);
    }
    for (int i = 0; i < s->n_policies; i++) {
        for (int p = s->policy[i]; p >= 0; p = m->policy[p].base) {
            for (int k = 0; k < m->policy[p].n_without; k++) {
                failed |= add_name(list, m->policy[p].without[k]);
            }
        }
    }
    return failed ? PASO_ERR_MEMORY : PASO_OK;
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
static paso_status find_program(const paso_api_job *job, size_t stack, const names *own,
                                paso_program **found) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < stack && !*found && status == PASO_OK; i++) {
        names other = {0};
        status = collect_without(job, i, &other);
        if (status == PASO_OK && same_names(own, &other)) *found = job->program[i];
        free(other.items);
    }
    return status;
}

/* ---- compiling ---- */

static paso_status compile_stack(paso_api_job *job, size_t stack) {
    const paso_run *run = job->run;
    int n_overrides = (int)run->override.n;
    names own = {0};
    paso_status status = collect_without(job, stack, &own);
    if (status == PASO_OK) status = find_program(job, stack, &own, &job->program[stack]);
    if (status == PASO_OK && !job->program[stack]) {
        paso_compile_options options = {own.items, (int)own.n, run->override.items, n_overrides};
        status = paso_program_compile(run->model, &options, &job->program[stack]);
    }
    if (status == PASO_OK) {
        status = paso_schedule_compile(run->model, job->program[stack], job->stack[stack].policy,
                                       job->stack[stack].n_policies, run->override.items,
                                       n_overrides, &job->schedule[stack]);
    }
    if (status == PASO_OK) {
        status = paso_schedule_bounds(run->model, job->program[stack], job->schedule[stack],
                                      job->stack[stack].policy, job->stack[stack].n_policies,
                                      &job->errors->diags);
    }
    free(own.items);
    return status;
}

static paso_status compile_all(paso_api_job *job) {
    job->program = calloc(job->n_stacks, sizeof(paso_program *));
    job->schedule = calloc(job->n_stacks, sizeof(paso_schedule *));
    job->start_policy = calloc(job->n_stacks, sizeof *job->start_policy);
    if (!job->program || !job->schedule || !job->start_policy) return PASO_ERR_MEMORY;
    paso_status status = PASO_OK;
    for (size_t i = 0; i < job->n_stacks && status == PASO_OK; i++) status = compile_stack(job, i);
    return status;
}

static void choose_stacks(paso_api_job *job) {
    const paso_run *run = job->run;
    job->stack = run->stack.items;
    job->n_stacks = run->stack.n;
    if (job->n_stacks > 0) return;
    job->default_policy = paso_policy_find(run->model, "as-happened");
    bool there = job->default_policy >= 0;
    job->default_stack =
        (paso_api_stack){there ? "as-happened" : "levers", &job->default_policy, there};
    job->stack = &job->default_stack;
    job->n_stacks = 1;
}

/* ---- the plan ---- */

static int32_t default_from(const paso_run *run) {
    const paso_model *m = run->model;
    if (run->start) return run->start->day;
    /* A corridor that ends with the record has no days after `now`: all of it is run. */
    return m->clock_now < m->clock_end ? m->clock_now : m->clock_start;
}

static int32_t default_until(const paso_run *run, int32_t from) {
    int day = from;
    for (int i = 0; i < DEFAULT_MONTHS; i++) day += paso_month_length(day);
    return day < run->model->clock_end ? day : run->model->clock_end;
}

static void make_plan(paso_api_job *job) {
    const paso_run *run = job->run;
    int32_t from = run->from == PASO_NO_DAY ? default_from(run) : run->from;
    int32_t known = run->known_until == PASO_NO_DAY ? run->model->clock_now : run->known_until;
    job->plan = (paso_plan){.program = (const paso_program *const *)job->program,
                            .schedule = (const paso_schedule *const *)job->schedule,
                            .n_policies = job->n_stacks,
                            .seed = run->seed,
                            .first_member = run->first_member,
                            .n_members = run->quick ? 1 : run->n_members,
                            .from = from,
                            .until = run->until,
                            .known_until = known,
                            .lanes = run->lanes,
                            .threads = run->threads,
                            .strict = run->strict,
                            .quick = run->quick,
                            .start = run->start,
                            .start_policy = job->start_policy};
    if (run->until == PASO_NO_DAY) job->plan.until = default_until(run, from);
}

static paso_status check_days(const paso_api_job *job) {
    char start[16], end[16], from[16], until[16];
    const paso_plan *plan = &job->plan;
    const paso_model *m = job->run->model;
    paso_date_write(m->clock_start, start);
    paso_date_write(m->clock_end, end);
    paso_date_write(plan->from, from);
    paso_date_write(plan->until, until);
    if (plan->from < m->clock_start || plan->until > m->clock_end) {
        return paso_api_usage(job->errors, "days", "", "the corridor's clock sets the bounds",
                              "expected dates from %s to %s, found %s to %s", start, end, from,
                              until);
    }
    if (plan->until > plan->from) return PASO_OK;
    return paso_api_usage(job->errors, "days", "", NULL, "until, %s, is not after from, %s", until,
                          from);
}

static paso_status check_counts(const paso_api_job *job) {
    const paso_plan *plan = &job->plan;
    uint64_t end = (uint64_t)plan->first_member + plan->n_members;
    if (plan->n_members < 1 || plan->n_members > MAX_MEMBERS || end > UINT32_MAX) {
        return paso_api_usage(job->errors, "members", "", NULL,
                              "expected 1 to %d members, found %u from member %u on", MAX_MEMBERS,
                              plan->n_members, plan->first_member);
    }
    if (plan->threads > MAX_WIDTH || plan->lanes > MAX_WIDTH) {
        return paso_api_usage(job->errors, "threads", "", NULL,
                              "expected at most %d threads and lanes", MAX_WIDTH);
    }
    return PASO_OK;
}

/* Each policy's own history, or the only one there is. */
static paso_status find_histories(paso_api_job *job) {
    const paso_state *start = job->run->start;
    for (size_t i = 0; start && i < job->n_stacks; i++) {
        int found = paso_state_find(start, job->stack[i].name);
        if (found < 0) {
            return paso_api_usage(job->errors, "state-policy", "",
                                  "a state of one policy is gone on from by all",
                                  "the state holds %zu policies, but no history of %s",
                                  start->n_policies, job->stack[i].name);
        }
        job->start_policy[i] = (size_t)found;
    }
    return PASO_OK;
}

paso_status paso_api_job_prepare(paso_api_job *job, paso_run *run, paso_errors *errors) {
    *job = (paso_api_job){.run = run, .errors = errors};
    choose_stacks(job);
    paso_status status = compile_all(job);
    if (status != PASO_OK) return status;
    make_plan(job);
    status = check_days(job);
    if (status == PASO_OK) status = check_counts(job);
    if (status == PASO_OK) status = find_histories(job);
    if (status == PASO_OK && run->start) {
        status = paso_state_check(&job->plan, run->model->name, NULL, &errors->diags);
    }
    return status;
}

void paso_api_job_clear(paso_api_job *job) {
    for (size_t i = 0; i < job->n_stacks; i++) {
        bool shared = false;
        for (size_t k = 0; k < i && job->program; k++) shared |= job->program[k] == job->program[i];
        if (job->schedule) paso_schedule_free(job->schedule[i]);
        if (job->program && !shared) paso_program_free(job->program[i]);
    }
    free(job->program);
    free(job->schedule);
    free(job->start_policy);
}
