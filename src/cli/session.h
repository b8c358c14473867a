/* A run from arguments to a store: model, policies, programs, schedules, ensemble. What run,
 * compare and demo do alike. */
#ifndef PASO_CLI_SESSION_H
#define PASO_CLI_SESSION_H

#include "cli/cli.h"
#include "corridor/model.h"
#include "ensemble/ensemble.h"
#include "store/store.h"

typedef struct cli_session {
    cli *c;
    paso_model *model;
    paso_override override[CLI_MAX_LIST];
    int n_overrides;
    paso_store_stack stack[CLI_MAX_LIST];
    int members_of[CLI_MAX_LIST][8]; /* policies of each stack */
    size_t n_stacks;
    paso_program *program[CLI_MAX_LIST]; /* equal pointers where the same is switched off */
    paso_schedule *schedule[CLI_MAX_LIST];
    paso_plan plan;
    paso_store *store;
    double seconds;
} cli_session;

/* Reads and checks the corridor; prints its mistakes and warnings. */
paso_status cli_session_read(cli_session *s, cli *c, const char *place);
/* The policies of --policy (or the default one), compiled with --set and --without. */
paso_status cli_session_compile(cli_session *s);
/* Dates, members, seed, threads. After compile. */
paso_status cli_session_plan(cli_session *s);
/* Runs into a store at `out`, or a private one. PASO_STOPPED after Ctrl-C, with the store if any
 * member finished (s->store is then not NULL). Prints a failed check. */
paso_status cli_session_run(cli_session *s, const char *out);
/* Says on stderr which check failed, where and when. */
void cli_session_fault(const cli_session *s, const paso_fault *fault);
void cli_session_close(cli_session *s);
/* Says on stderr what was run and kept. */
void cli_session_say(const cli_session *s, paso_status status, const char *out);

#endif
