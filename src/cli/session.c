/* From arguments to a finished store. What is made of a run's pieces is in src/session; here they
 * are taken from the options, and what comes of them is told. */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>

#include "cli/progress.h"

enum { MAX_MEMBERS = 1000000, MAX_WIDTH = 1024 };

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

/* The same of a call that failed; a mistake of usage without a place is the command's own. */
static paso_status tell(const cli_session *s, size_t n_told, paso_status status) {
    const paso_diags *diags = &s->c->diags;
    const paso_diag *last = diags->n > n_told ? &diags->items[diags->n - 1] : NULL;
    if (status == PASO_ERR_USAGE && last && !last->mark.file && last->path[0] == '\0') {
        return cli_usage(s->c, last->hint, "%s", last->message);
    }
    cli_session_print_since(s, n_told);
    return status;
}

/* ---- policies ---- */

static paso_status add_policies(cli_session *s) {
    const cli_list *list = &s->c->args.policy;
    paso_status status = PASO_OK;
    for (size_t i = 0; i < list->n && status == PASO_OK; i++) {
        status = paso_session_add_policy(&s->run, list->item[i], &s->c->diags);
    }
    return status;
}

static paso_status add_without(cli_session *s) {
    const cli_list *list = &s->c->args.without;
    paso_status status = PASO_OK;
    for (size_t i = 0; i < list->n && status == PASO_OK; i++) {
        status = paso_session_add_without(&s->run, list->item[i], &s->c->diags);
    }
    return status;
}

/* Every --set that does not fit is told, not only the first. */
static paso_status add_settings(cli_session *s) {
    const cli_list *list = &s->c->args.set;
    paso_status status = PASO_OK;
    for (size_t i = 0; i < list->n; i++) {
        paso_status one = paso_session_add_setting(&s->run, list->item[i], &s->c->diags);
        if (one != PASO_OK) status = one;
    }
    return status;
}

paso_status cli_session_compile(cli_session *s) {
    size_t n_told = s->c->diags.n;
    paso_status status = paso_session_init(&s->run, s->model);
    s->run.dashes = "--";
    s->run.command = s->c->line;
    s->run.git = PASO_GIT;
    if (status == PASO_OK) status = add_without(s);
    if (status == PASO_OK) status = add_settings(s);
    if (status == PASO_OK) status = add_policies(s);
    if (status == PASO_OK) status = paso_session_compile(&s->run, &s->c->diags);
    return tell(s, n_told, status);
}

paso_status cli_session_recompile(cli_session *s) {
    size_t n_told = s->c->diags.n;
    paso_status status = paso_session_compile(&s->run, &s->c->diags);
    if (status == PASO_OK) status = paso_session_plan(&s->run, &s->c->diags);
    return tell(s, n_told, status);
}

/* ---- the plan ---- */

static paso_status check_counts(const cli_session *s) {
    const cli_args *args = &s->c->args;
    if (args->members < 1 || args->members > MAX_MEMBERS) {
        return cli_usage(s->c, NULL, "--members: expected 1 to %d", MAX_MEMBERS);
    }
    if (args->lanes > MAX_WIDTH) {
        return cli_usage(s->c, NULL, "--lanes: expected at most %d", MAX_WIDTH);
    }
    if (args->threads > MAX_WIDTH) {
        return cli_usage(s->c, NULL, "--threads: expected at most %d", MAX_WIDTH);
    }
    return PASO_OK;
}

/* Members, seed and known-until are a state's unless said otherwise, which the plan may refuse.
 * What is saved for a fork may end before the corridor's now. */
static void put_numbers(cli_session *s) {
    const cli_args *args = &s->c->args;
    paso_session *run = &s->run;
    paso_session_set_start(run, s->start);
    run->start_file = args->start;
    if (!s->start || cli_given(s->c, "members")) run->n_members = (uint32_t)args->members;
    if (!s->start || cli_given(s->c, "seed")) run->seed = args->seed;
    if (args->known_until != CLI_NO_DAY) run->known_until = args->known_until;
    run->from = args->from;
    if (args->from == CLI_NO_DAY && args->save_state && !s->start)
        run->from = s->model->clock_start;
    run->until = args->until;
    run->lanes = args->lanes;
    run->threads = args->threads;
    run->strict = args->strict;
    run->quick = args->quick;
    run->split = args->split;
    run->split_all = args->all;
}

paso_status cli_session_plan(cli_session *s) {
    paso_status status = cli_fork_open(s);
    if (status == PASO_OK) status = check_counts(s);
    if (status != PASO_OK) return status;
    size_t n_told = s->c->diags.n;
    put_numbers(s);
    status = tell(s, n_told, paso_session_plan(&s->run, &s->c->diags));
    return status == PASO_OK ? cli_fork_begin(s) : status;
}

/* ---- running ---- */

/* "error: detained.flown: is below zero (cell 3, 2024-02-11, member 17)" */
void cli_session_fault(const cli_session *s, const paso_fault *fault) {
    char day[16];
    paso_date_write(fault->day, day);
    const char *name =
        fault->name < 0 ? "the run" : paso_program_name(s->run.program[0], fault->name);
    fprintf(stderr, "error: %s: %s (cell %d, %s, member %u)\n", name, paso_fault_text(fault->kind),
            (int)fault->cell, day, fault->member);
    fprintf(stderr, "  hint: see the days before with paso trace %s --members %u:%u --rows\n",
            s->c->args.place ? s->c->args.place : "DIR", fault->member, fault->member + 1);
}

/* Finished members outlive a failure of the system; a run that failed a check leaves nothing new.
 */
static void drop_store(cli_session *s, paso_status status, const char *out) {
    size_t n_kept = paso_session_drop(s->store, status);
    s->store = NULL;
    if (n_kept == 0 || status == PASO_ERR_INPUT) return;
    fprintf(stderr, "%zu of %u members are kept in %s.partial; go on with\n  %s\n", n_kept,
            s->run.plan.n_members, out, cli_resume_line(s->c, out));
}

static paso_status begin_store(cli_session *s, const char *out) {
    const paso_session *run = &s->run;
    if (!s->c->args.resume) {
        return paso_session_begin(&s->run, out, s->c->args.force, &s->c->diags, &s->store);
    }
    paso_status status = paso_session_resume(&s->run, out, &s->c->diags, &s->store);
    if (status == PASO_OK) {
        cli_say(s->c, "%zu of %u members are there, %zu to go\n",
                run->plan.n_members - run->n_missing, run->plan.n_members, run->n_missing);
    }
    return status;
}

static paso_status run_members(cli_session *s) {
    paso_fault fault;
    cli_progress shown;
    paso_session_hooks hooks = {cli_progress_show, cli_progress_stop, &shown};
    cli_progress_begin(&shown, s->c->args.quiet);
    paso_status status = paso_session_run(&s->run, s->store, &hooks, &fault, &s->seconds);
    cli_progress_end(&shown);
    if (status == PASO_ERR_MODEL) cli_session_fault(s, &fault);
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
                s->run.plan.n_members, out ? " in " : "", out ? out : "");
        if (out) fprintf(stderr, "go on with\n  %s\n", cli_resume_line(s->c, out));
    }
    if (s->run.plan.quick) {
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
    paso_session_clear(&s->run);
    paso_model_free(s->model);
}
