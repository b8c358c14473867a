/* From arguments to a finished store. Policies share a program unless they switch different things
 * off, so that the ensemble can fork them. */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"
#include "ensemble/state.h"
#include "program/compile.h"

enum { MAX_STACK = 8, DEFAULT_MONTHS = 18 };

/* ---- the corridor ---- */

paso_status cli_session_read(cli_session *s, cli *c, const char *place) {
    s->c = c;
    const char *path = cli_corridor(c, place);
    if (!path) return PASO_ERR_INPUT;
    paso_status status = paso_model_read(path, &c->diags, &s->model);
    if (status != PASO_OK || !c->args.quiet) paso_diags_print(&c->diags, stderr, false);
    return status;
}

/* Messages that came after those printed already. */
void cli_session_print_since(const cli_session *s, size_t n_told) {
    paso_diags fresh = s->c->diags;
    fresh.items += n_told;
    fresh.n -= n_told;
    bool json = s->c->args.json && strcmp(s->c->command, "check") == 0;
    paso_diags_print(&fresh, json ? stdout : stderr, json);
}

/* ---- policies ---- */

static paso_status unknown_policy(const cli_session *s, const char *word) {
    const char *names[CLI_MAX_LIST + 1];
    size_t n = 0;
    for (int i = 0; i < s->model->n_policies && n < CLI_MAX_LIST; i++) {
        names[n++] = s->model->policy[i].item.name;
    }
    names[n++] = "levers";
    return cli_unknown(s->c, "policy", word, names, n);
}

/* "a+b" onto the list of stacks; "levers" is the empty stack. */
static paso_status add_stack(cli_session *s, const char *text) {
    size_t at = s->n_stacks++;
    char *copy = paso_arena_text(s->c->diags.arena, text);
    if (!copy) return PASO_ERR_MEMORY;
    s->stack[at] = (paso_store_stack){.name = text, .policy = s->members_of[at]};
    for (char *rest = copy, *name; (name = strtok_r(rest, "+", &rest));) {
        int policy = paso_policy_find(s->model, name);
        if (policy < 0 && strcmp(name, "levers") == 0) continue;
        if (policy < 0) return unknown_policy(s, name);
        if (s->stack[at].n_policies == MAX_STACK) {
            return cli_usage(s->c, NULL, "%s: more than %d policies in a stack", text, MAX_STACK);
        }
        s->members_of[at][s->stack[at].n_policies++] = policy;
    }
    return PASO_OK;
}

static paso_status find_policies(cli_session *s) {
    const cli_list *list = &s->c->args.policy;
    paso_status status = PASO_OK;
    if (list->n == 0) {
        bool there = paso_policy_find(s->model, "as-happened") >= 0;
        return add_stack(s, there ? "as-happened" : "levers");
    }
    for (size_t i = 0; i < list->n && status == PASO_OK; i++) {
        for (size_t k = 0; k < i && status == PASO_OK; k++) {
            if (strcmp(list->item[i], list->item[k]) == 0) {
                status = cli_usage(s->c, NULL, "--policy %s: given twice", list->item[i]);
            }
        }
        if (status == PASO_OK) status = add_stack(s, list->item[i]);
    }
    return status;
}

/* A --set that does not fit is a mistake of usage, told like a mistake in a file. */
static paso_status find_overrides(cli_session *s) {
    const cli_list *list = &s->c->args.set;
    paso_status status = PASO_OK;
    size_t n_told = s->c->diags.n;
    for (size_t i = 0; i < list->n; i++) {
        paso_status one =
            paso_model_override(s->model, &s->c->diags, list->item[i], &s->override[i]);
        if (one != PASO_OK) status = one == PASO_ERR_INPUT ? PASO_ERR_USAGE : one;
    }
    s->n_overrides = (int)list->n;
    if (status != PASO_OK) cli_session_print_since(s, n_told);
    return status;
}

/* ---- what is switched off ---- */

static paso_status check_without(const cli_session *s, const char *word) {
    enum { MAX_NAMES = 1024 };
    const char *names[MAX_NAMES] = {"shock",      "parameters", "politics-parameters",
                                    "accounting", "behaviour",  "politics"};
    size_t n = 6;
    for (int i = 0; i < s->model->n_signals && n < MAX_NAMES; i++) {
        names[n++] = s->model->signal[i].item.name;
    }
    for (int i = 0; i < s->model->n_events && n < MAX_NAMES; i++) {
        names[n++] = s->model->event[i].item.name;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], word) == 0) return PASO_OK;
    }
    return cli_unknown(s->c, "layer, signal or event", word, names, n);
}

static void add_name(const char **names, int *n, const char *name) {
    for (int i = 0; i < *n; i++) {
        if (strcmp(names[i], name) == 0) return;
    }
    if (*n < CLI_MAX_LIST) names[(*n)++] = name;
}

/* Names switched off by the command line and by the policies of a stack with their bases. */
static int collect_without(const cli_session *s, size_t stack, const char **names) {
    int n = 0;
    const cli_list *list = &s->c->args.without;
    for (size_t i = 0; i < list->n; i++) add_name(names, &n, list->item[i]);
    if (s->off) add_name(names, &n, s->off);
    for (int i = 0; i < s->stack[stack].n_policies; i++) {
        for (int p = s->stack[stack].policy[i]; p >= 0; p = s->model->policy[p].base) {
            const paso_policy *policy = &s->model->policy[p];
            for (int k = 0; k < policy->n_without; k++) add_name(names, &n, policy->without[k]);
        }
    }
    return n;
}

static bool same_names(const char *const *a, int n_a, const char *const *b, int n_b) {
    int found = 0;
    for (int i = 0; i < n_a; i++) {
        for (int k = 0; k < n_b; k++) found += strcmp(a[i], b[k]) == 0;
    }
    return n_a == n_b && found == n_a;
}

bool cli_session_is_calm(const cli_session *s, size_t stack) {
    const char *names[CLI_MAX_LIST];
    int n = collect_without(s, stack, names);
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], "politics") == 0) return true;
    }
    return false;
}

static paso_status compile_program(cli_session *s, size_t stack) {
    const char *own[CLI_MAX_LIST], *other[CLI_MAX_LIST];
    int n = collect_without(s, stack, own);
    for (size_t i = 0; i < stack; i++) {
        int n_other = collect_without(s, i, other);
        if (!same_names(own, n, other, n_other)) continue;
        s->program[stack] = s->program[i];
        return PASO_OK;
    }
    paso_compile_options options = {own, n, s->override, s->n_overrides};
    return paso_program_compile(s->model, &options, &s->program[stack]);
}

static paso_status check_bounds(const cli_session *s, size_t stack) {
    size_t n_told = s->c->diags.n;
    paso_status status =
        paso_schedule_bounds(s->model, s->program[stack], s->schedule[stack],
                             s->stack[stack].policy, s->stack[stack].n_policies, &s->c->diags);
    cli_session_print_since(s, n_told);
    return status;
}

paso_status cli_session_compile(cli_session *s) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < s->c->args.without.n && status == PASO_OK; i++) {
        status = check_without(s, s->c->args.without.item[i]);
    }
    if (status == PASO_OK) status = find_overrides(s);
    if (status == PASO_OK) status = find_policies(s);
    for (size_t i = 0; i < s->n_stacks && status == PASO_OK; i++) {
        status = compile_program(s, i);
        if (status != PASO_OK) break;
        status = paso_schedule_compile(s->model, s->program[i], s->stack[i].policy,
                                       s->stack[i].n_policies, s->override, s->n_overrides,
                                       &s->schedule[i]);
        if (status == PASO_OK) status = check_bounds(s, i);
    }
    return status;
}

/* ---- the plan ---- */

static int months_after(int day, int months) {
    for (int i = 0; i < months; i++) day += paso_month_length(day);
    return day;
}

static paso_status check_dates(const cli_session *s) {
    char start[16], end[16], from[16], until[16];
    const paso_plan *p = &s->plan;
    paso_date_write(s->model->clock_start, start);
    paso_date_write(s->model->clock_end, end);
    paso_date_write(p->from, from);
    paso_date_write(p->until, until);
    if (p->from < s->model->clock_start || p->until > s->model->clock_end) {
        return cli_usage(s->c, "the corridor's clock sets the bounds",
                         "expected dates from %s to %s, found %s to %s", start, end, from, until);
    }
    if (p->until <= p->from) {
        return cli_usage(s->c, NULL, "--until %s is not after --from %s", until, from);
    }
    return PASO_OK;
}

/* A corridor that ends with the record has no days after `now`: all of it is run. What is saved for
 * a fork may end before. */
static int default_from(const cli_session *s) {
    const paso_model *m = s->model;
    if (s->start) return s->start->day;
    if (s->c->args.save_state) return m->clock_start;
    return m->clock_now < m->clock_end ? m->clock_now : m->clock_start;
}

paso_status cli_session_plan(cli_session *s) {
    const cli_args *args = &s->c->args;
    const paso_model *m = s->model;
    paso_status status = cli_fork_open(s);
    if (status != PASO_OK) return status;
    s->plan = (paso_plan){.program = (const paso_program *const *)s->program,
                          .schedule = (const paso_schedule *const *)s->schedule,
                          .n_policies = s->n_stacks,
                          .seed = args->seed,
                          .n_members = (uint32_t)args->members,
                          .from = args->from == CLI_NO_DAY ? default_from(s) : args->from,
                          .until = args->until,
                          .known_until =
                              args->known_until == CLI_NO_DAY ? m->clock_now : args->known_until,
                          .lanes = args->lanes,
                          .threads = args->threads,
                          .strict = args->strict,
                          .quick = args->quick};
    if (args->quick) s->plan.n_members = 1;
    if (args->until == CLI_NO_DAY) {
        int until = months_after(s->plan.from, DEFAULT_MONTHS);
        s->plan.until = until < m->clock_end ? until : m->clock_end;
    }
    if (args->members < 1 || args->members > 1000000) {
        return cli_usage(s->c, NULL, "--members: expected 1 to 1000000");
    }
    if (args->lanes > 1024) return cli_usage(s->c, NULL, "--lanes: expected at most 1024");
    if (args->threads > 1024) return cli_usage(s->c, NULL, "--threads: expected at most 1024");
    status = check_dates(s);
    return status == PASO_OK ? cli_fork_plan(s) : status;
}

/* ---- running ---- */

/* The hooks share one context. */
typedef struct job {
    paso_store *store;
    cli_progress progress;
} job;

static paso_status sink(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    job *j = context;
    return paso_store_sample(j->store, policy, member, observable, value, n);
}

static void progress(void *context, double done, double all) {
    job *j = context;
    cli_progress_show(&j->progress, done, all);
}

/* "error: detained.flown: is below zero (cell 3, 2024-02-11, member 17)" */
void cli_session_fault(const cli_session *s, const paso_fault *fault) {
    char day[16];
    paso_date_write(fault->day, day);
    const char *name = fault->name < 0 ? "the run" : paso_program_name(s->program[0], fault->name);
    fprintf(stderr, "error: %s: %s (cell %d, %s, member %u)\n", name, paso_fault_text(fault->kind),
            (int)fault->cell, day, fault->member);
    fprintf(stderr, "  hint: see the days before with paso trace %s --members %u:%u --rows\n",
            s->c->args.place ? s->c->args.place : "DIR", fault->member, fault->member + 1);
}

static paso_status watched(void *context, uint32_t member, const double *value) {
    job *j = context;
    return paso_store_watched(j->store, member, value);
}

static paso_status batch(void *context, uint64_t n_clipped) {
    job *j = context;
    return paso_store_batch(j->store, n_clipped);
}

static paso_status begin_store(cli_session *s, const char *out) {
    paso_grid *grid = NULL;
    bool calm[CLI_MAX_LIST];
    for (size_t i = 0; i < s->n_stacks; i++) calm[i] = cli_session_is_calm(s, i);
    paso_store_run run = {.version = PASO_VERSION,
                          .git = PASO_GIT,
                          .command = s->c->line,
                          .plan = &s->plan,
                          .stack = s->stack,
                          .override = s->override,
                          .n_overrides = s->n_overrides,
                          .own = s->varied ? s->own : NULL,
                          .calm = calm,
                          .options = cli_resume_options(s)};
    paso_status status = paso_grid_create(s->program[0], s->plan.from, s->plan.until, &grid);
    if (status != PASO_OK) return status;
    if (s->c->args.resume && out) {
        status = cli_resume_begin(s, out, grid, &run);
    } else {
        status = paso_store_create(out, s->c->args.force, &s->c->diags, &s->store);
        if (status == PASO_OK) status = paso_store_begin(s->store, s->model, grid, &run);
    }
    paso_grid_free(grid);
    return status;
}

/* Finished members outlive a failure of the system; a run that failed a check leaves nothing new.
 */
static void drop_store(cli_session *s, paso_status status, const char *out) {
    if (!s->store) return;
    if (status != PASO_ERR_MODEL) paso_store_keep(s->store);
    size_t n_kept = paso_store_kept(s->store);
    paso_store_close(s->store);
    s->store = NULL;
    if (n_kept == 0 || status == PASO_ERR_INPUT) return;
    fprintf(stderr, "%zu of %u members are kept in %s.partial; go on with\n  %s\n", n_kept,
            s->plan.n_members, out, cli_resume_line(s->c, out));
}

/* The members of the plan, or those that a resumed run still misses. */
static paso_status run_members(cli_session *s) {
    paso_fault fault = {.name = -1};
    job j = {.store = s->store};
    paso_ensemble_hooks hooks = {sink, &j, progress, cli_progress_stop, batch};
    paso_plan plan = s->plan;
    if (s->missing) {
        plan.member = s->missing;
        plan.n_members = (uint32_t)s->n_missing;
    }
    if (plan.n_members == 0) return PASO_OK;
    paso_watch *watch = paso_store_watches(s->model, &plan.n_watches);
    if (!watch) return PASO_ERR_MEMORY;
    plan.watch = watch;
    plan.watched = watched;
    cli_progress_begin(&j.progress, s->c->args.quiet);
    paso_status status = paso_ensemble_run(&plan, &hooks, &fault, NULL);
    s->seconds = cli_progress_end(&j.progress);
    if (status == PASO_ERR_MODEL) cli_session_fault(s, &fault);
    free(watch);
    return status;
}

static void say_clipped(const cli_session *s) {
    uint64_t n = strtoull(paso_store_meta(s->store, "clipped"), NULL, 10);
    if (n == 0) return;
    cli_say(s->c, "%llu shares lay outside 0 to 1 and were clipped; --strict stops there\n",
            (unsigned long long)n);
}

paso_status cli_session_run(cli_session *s, const char *out) {
    size_t n_told = s->c->diags.n;
    paso_status status = begin_store(s, out);
    if (status == PASO_OK) status = run_members(s);
    if (status == PASO_OK && s->c->args.split && !s->off) status = cli_split(s);
    if (status == PASO_OK || status == PASO_STOPPED) {
        paso_status end = paso_store_end(s->store, status == PASO_STOPPED, 0, s->seconds);
        if (end != PASO_OK) status = end;
    }
    cli_session_print_since(s, n_told);
    bool kept = status == PASO_STOPPED && paso_store_read(s->store)->n_members > 0;
    if (status != PASO_OK && !kept) drop_store(s, status, out);
    if (s->store) say_clipped(s);
    return status == PASO_OK ? cli_fork_save(s) : status;
}

void cli_session_say(const cli_session *s, paso_status status, const char *out) {
    char from[16], until[16];
    if (!s->store) {
        if (status == PASO_STOPPED) fputs("interrupted before any member was finished\n", stderr);
        return;
    }
    const paso_store_contents *c = paso_store_read(s->store);
    paso_date_write(c->from, from);
    paso_date_write(c->until, until);
    if (status == PASO_STOPPED) {
        fprintf(stderr, "interrupted: %zu of %u members are finished and kept%s%s\n", c->n_members,
                s->plan.n_members, out ? " in " : "", out ? out : "");
        if (out) fprintf(stderr, "go on with\n  %s\n", cli_resume_line(s->c, out));
    }
    if (s->plan.quick) {
        cli_say(s->c, "a central path, not a mean: every draw at its mean, shocks at 0; ");
    } else {
        cli_say(s->c, "%zu members, ", c->n_members);
    }
    cli_say(s->c, "%zu polic%s, %s to %s, %.1f s\n", c->n_policies,
            c->n_policies == 1 ? "y" : "ies", from, until, s->seconds);
    if (out) cli_say(s->c, "wrote %s; next: %s report %s\n", out, s->c->argv[0], out);
}

void cli_session_close(cli_session *s) {
    paso_store_close(s->store);
    cli_fork_close(s);
    for (size_t i = 0; i < s->n_stacks; i++) {
        bool shared = false;
        for (size_t k = 0; k < i; k++) shared |= s->program[k] == s->program[i];
        paso_schedule_free(s->schedule[i]);
        if (!shared) paso_program_free(s->program[i]);
    }
    paso_model_free(s->model);
}
