/* --start and --save-state: going on from the members of an earlier run, and keeping those of this
 * one for later. What a state is and when it fits: ensemble/state.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/session.h"
#include "ensemble/state.h"

/* ---- going on ---- */

static paso_status find_histories(cli_session *s) {
    for (size_t i = 0; i < s->n_stacks; i++) {
        int found = paso_state_find(s->start, s->stack[i].name);
        if (found < 0) {
            return cli_usage(s->c, "all policies go on from a state of one",
                             "--start: %s holds %zu policies, but no history of %s",
                             s->c->args.start, s->start->n_policies, s->stack[i].name);
        }
        s->start_policy[i] = (size_t)found;
    }
    return PASO_OK;
}

paso_status cli_fork_open(cli_session *s) {
    const char *file = s->c->args.start;
    if (!file) return PASO_OK;
    paso_status status = paso_state_load(file, &s->c->diags, &s->start);
    if (status == PASO_OK) return find_histories(s);
    paso_diags_print(&s->c->diags, stderr, false);
    return status;
}

/* Members, seed and known-until are the state's unless said otherwise, which the check may refuse.
 */
static void adopt(cli_session *s) {
    const paso_state *start = s->start;
    const cli *c = s->c;
    s->plan.start = start;
    s->plan.start_policy = s->start_policy;
    s->plan.first_member = start->first_member;
    if (!cli_given(c, "members") && !s->plan.quick) s->plan.n_members = start->n_members;
    if (!cli_given(c, "seed")) s->plan.seed = start->seed;
    if (c->args.known_until == CLI_NO_DAY) s->plan.known_until = start->known_until;
}

static paso_status check_start(cli_session *s) {
    char day[16];
    size_t n_told = s->c->diags.n;
    paso_status status = paso_state_check(&s->plan, s->model->name, s->c->args.start, &s->c->diags);
    cli_session_print_since(s, n_told);
    if (status != PASO_OK) return status;
    paso_date_write(s->start->day, day);
    for (size_t i = 0; i < s->n_stacks; i++) {
        const char *own = s->stack[i].name, *from = s->start->policy[s->start_policy[i]].name;
        if (strcmp(own, from) == 0) continue;
        cli_say(s->c, "%s goes on from the history of %s until %s\n", own, from, day);
    }
    return PASO_OK;
}

/* ---- saving ---- */

/* Before the run, so that no run is lost for a name. */
static paso_status begin_save(cli_session *s) {
    const cli_args *args = &s->c->args;
    const char *name[CLI_MAX_LIST];
    if (args->resume) {
        return cli_usage(s->c, "run again without --resume",
                         "--save-state needs all members from one run");
    }
    if (!args->force && access(args->save_state, F_OK) == 0) {
        fprintf(stderr, "%s: error: exists already; --force overwrites it\n", args->save_state);
        return PASO_ERR_IO;
    }
    for (size_t i = 0; i < s->n_stacks; i++) name[i] = s->stack[i].name;
    paso_status status = paso_state_create(&s->plan, s->model->name, name, &s->state);
    s->plan.save = s->state;
    return status;
}

paso_status cli_fork_plan(cli_session *s) {
    paso_status status = PASO_OK;
    if (s->start) adopt(s);
    if (s->start) status = check_start(s);
    if (status == PASO_OK && s->c->args.save_state) status = begin_save(s);
    return status;
}

paso_status cli_fork_save(cli_session *s) {
    const char *file = s->c->args.save_state;
    char day[16];
    if (!s->state) return PASO_OK;
    size_t n_told = s->c->diags.n;
    paso_status status = paso_state_save(s->state, file, s->c->args.force, &s->c->diags);
    cli_session_print_since(s, n_told);
    if (status != PASO_OK) return status;
    paso_date_write(s->state->day, day);
    cli_say(s->c, "wrote %s: %u members at the opening of %s; go on with --start %s\n", file,
            s->state->n_members, day, file);
    return PASO_OK;
}

void cli_fork_close(cli_session *s) {
    paso_state_free(s->start);
    paso_state_free(s->state);
}
