/* A run from arguments to a store: model, policies, programs, schedules, ensemble. What run,
 * compare and demo do alike. */
#ifndef PASO_CLI_SESSION_H
#define PASO_CLI_SESSION_H

#include "cli/cli.h"
#include "session/session.h"

typedef struct cli_session {
    cli *c;
    paso_model *model;
    paso_session run;
    paso_state *start, *state; /* of --start, for --save-state; or NULL */
    paso_store *store;
    double seconds;
    const char *off; /* switched off under every policy, besides what it says; or NULL */
} cli_session;

/* Reads and checks the corridor; prints its mistakes and warnings. */
paso_status cli_session_read(cli_session *s, cli *c, const char *place);
/* The policies of --policy (or the default one), compiled with --set and --without. */
paso_status cli_session_compile(cli_session *s);
/* Dates, members, seed, threads. After compile. */
paso_status cli_session_plan(cli_session *s);
/* Both again, for policies that were changed. */
paso_status cli_session_recompile(cli_session *s);
/* Runs into a store at `out`, or a private one. PASO_STOPPED after Ctrl-C, with the store if any
 * member finished (s->store is then not NULL). Prints a failed check. */
paso_status cli_session_run(cli_session *s, const char *out);
/* Says on stderr which check failed, where and when. */
void cli_session_fault(const cli_session *s, const paso_fault *fault);
void cli_session_close(cli_session *s);
/* Prints the messages after the first n_told. */
void cli_session_print_since(const cli_session *s, size_t n_told);
/* Says on stderr what was run and kept. */
void cli_session_say(const cli_session *s, paso_status status, const char *out);

/* Whether politics is switched off under a stack. */
bool cli_session_is_calm(const cli_session *s, size_t stack);
/* After the members, before the store ends: shares of the variance of each difference (split.c). */
paso_status cli_split(cli_session *s);

/* ---- fork.c ---- */

/* Reads the state of --start. */
paso_status cli_fork_open(cli_session *s);
/* Says whose histories the plan goes on from, and makes room for --save-state. */
paso_status cli_fork_begin(cli_session *s);
/* After a whole run: writes the state. */
paso_status cli_fork_save(cli_session *s);
void cli_fork_close(cli_session *s);

/* ---- site.c ---- */

/* Refuses seeds that a page cannot hold. */
paso_status cli_page_seed(const cli *c);

/* ---- resume.c ---- */

/* The present command, going on with the run at `out`. Lives in the command's arena. */
const char *cli_resume_line(const cli *c, const char *out);

#endif
