/* --start and --save-state: going on from the members of an earlier run, and keeping those of this
 * one for later. What a state is and when it fits: ensemble/state.h. */
#include <string.h>

#include "base/target.h"
#include "cli/session.h"
#include "ensemble/state.h"

/* ---- going on ---- */

paso_status cli_fork_open(cli_session *s) {
    const char *file = s->c->args.start;
    size_t n_told = s->c->diags.n;
    if (!file) return PASO_OK;
    paso_status status = paso_state_load(file, &s->c->diags, &s->start);
    cli_session_print_since(s, n_told);
    return status;
}

static void say_histories(const cli_session *s) {
    char day[16];
    paso_date_write(s->start->day, day);
    for (size_t i = 0; i < s->run.n_stacks; i++) {
        const char *own = s->run.stack[i].name;
        const char *from = s->start->policy[s->run.start_policy[i]].name;
        if (strcmp(own, from) == 0) continue;
        cli_say(s->c, "%s goes on from the history of %s until %s\n", own, from, day);
    }
}

/* ---- saving ---- */

/* Before the run, so that no run is lost for a name. */
static paso_status begin_save(cli_session *s) {
    const cli_args *args = &s->c->args;
    if (args->resume) {
        return cli_usage(s->c, "run again without --resume",
                         "--save-state needs all members from one run");
    }
    if (args->out && strcmp(args->out, args->save_state) == 0)
        return cli_usage(s->c, NULL, "--out and --save-state: expected two files, found one");
    const char *refused = paso_place_refused(args->save_state, args->force);
    if (refused) {
        fprintf(stderr, "%s: error: %s\n", args->save_state, refused);
        return PASO_ERR_IO;
    }
    return paso_session_save(&s->run, &s->state);
}

paso_status cli_fork_begin(cli_session *s) {
    if (s->start) say_histories(s);
    return s->c->args.save_state ? begin_save(s) : PASO_OK;
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
