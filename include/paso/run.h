/* A run: policies, settings, members and days, carried out as an ensemble; and the saved state of
 * its members, from which other runs fork. */
#ifndef PASO_RUN_H
#define PASO_RUN_H

#include <paso/corridor.h>
#include <paso/results.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct paso_run paso_run;

/* The members of a run between two days. */
typedef struct paso_state paso_state;

#define PASO_NO_DAY INT32_MIN

/* ---- what to run ---- */

/* A run of 200 members, seed 1, on as many threads as there are processors, from the corridor's now
 * for 18 months, under `as-happened` (or the levers' defaults) until policies are added.
 * The corridor must outlive it. NULL without memory. Free it with paso_run_free. */
PASO_API paso_run *paso_run_create(paso_corridor *corridor);
PASO_API void paso_run_free(paso_run *run);

/* Adds a policy: a name, a stack "a+b" (b on top of a), or "levers" for the defaults alone. The
 * first is the one that others are compared with; all get the same draws.
 * Returns PASO_OK; PASO_ERR_USAGE for an unknown name or one given twice; PASO_ERR_MEMORY. */
PASO_API paso_status paso_run_add_policy(paso_run *run, const char *policy, paso_errors *errors);

/* Sets a lever, one cell of a lever or a parameter on top of all policies: "slots=3",
 * "capacity[north]=1200 people", with units as in a corridor.
 * Returns PASO_OK; PASO_ERR_USAGE for an unknown name, a wrong unit or a value out of bounds;
 * PASO_ERR_MEMORY. */
PASO_API paso_status paso_run_add_setting(paso_run *run, const char *setting, paso_errors *errors);

/* Switches off a layer ("behaviour"), a signal, an event, or all shocks ("shock").
 * Returns PASO_OK; PASO_ERR_USAGE for an unknown name; PASO_ERR_MEMORY. */
PASO_API paso_status paso_run_add_without(paso_run *run, const char *name, paso_errors *errors);

/* Members [first, first + n): the draws of a member depend on its number and the seed alone.
 * 1 to 1,000,000; another n is refused by paso_run_execute. */
PASO_API void paso_run_set_members(paso_run *run, uint32_t first, uint32_t n);
PASO_API void paso_run_set_seed(paso_run *run, uint64_t seed);

/* Recorded days [from, until). PASO_NO_DAY: the default (see paso_run_create; with a start, from
 * its day). Days before `from` are run, not recorded; only whole periods are. */
PASO_API void paso_run_set_days(paso_run *run, int32_t from, int32_t until);

/* First day that `known` series hide; PASO_NO_DAY: the corridor's now, or the start's. */
PASO_API void paso_run_set_known_until(paso_run *run, int32_t day);

/* Threads, and members side by side in a thread; 0: chosen. They change no result. */
PASO_API void paso_run_set_threads(paso_run *run, size_t threads, size_t lanes);

/* Strict: a share outside 0 to 1 ends the run instead of being clipped. */
PASO_API void paso_run_set_strict(paso_run *run, bool strict);

/* Quick: the deterministic skeleton, one central path in which every draw is its mean and shocks
 * are 0. One member; a path, not the mean of an ensemble. */
PASO_API void paso_run_set_quick(paso_run *run, bool quick);

/* What stands in the store as the command that made it; copied. PASO_ERR_MEMORY, else PASO_OK. */
PASO_API paso_status paso_run_set_command(paso_run *run, const char *command);

/* Called from time to time while members run, never twice at once, from any of the run's threads.
 * progress: days done of all days to do, each times members. stop: true ends the run early.
 * Either may be NULL. They must not call into the run. */
typedef void paso_progress_fn(void *context, double done, double all);
typedef bool paso_stop_fn(void *context);
PASO_API void paso_run_set_hooks(paso_run *run, paso_progress_fn *progress, paso_stop_fn *stop,
                                 void *context);

/* ---- running ---- */

/* Runs all policies. May be called again, also after changes.
 * store: file to write, complete or not at all; NULL: results that vanish when freed. Finished
 * members stay in store.partial if the process is killed or the system fails: see paso_run_resume.
 * force: overwrite an existing store.
 * errors: what was wrong; for a failed check its name, cell, day and member.
 * results: set on PASO_OK, and on PASO_STOPPED if any member was finished, else NULL. Free them
 * with paso_results_free; they do not need the run or the corridor.
 * Returns PASO_OK; PASO_STOPPED; PASO_ERR_MODEL when a member failed a check; PASO_ERR_USAGE for
 * days outside the clock or a bad number of members; PASO_ERR_INPUT for a start that does not fit;
 * PASO_ERR_IO; PASO_ERR_MEMORY. */
PASO_API paso_status paso_run_execute(paso_run *run, const char *store, bool force,
                                      paso_errors *errors, paso_results **results);

/* Goes on with a run that was cut off: runs the members that `store` lacks, which gives the bits of
 * an unbroken run. `store` is the name that paso_run_execute was given; the members are in it if
 * the run was stopped, else in store.partial, if the process was killed or the system failed. The
 * run must be set up as it was. Everything that decides its bits is compared: corridor, version,
 * days, policies, settings, what is switched off, seed and members.
 * errors, results: as for paso_run_execute.
 * Returns what paso_run_execute does; PASO_ERR_INPUT for another run, with both values of what
 * differs; PASO_ERR_USAGE for a complete run, or with paso_run_keep_state; PASO_ERR_IO if there is
 * nothing to go on with. On a failure, what was there stays. */
PASO_API paso_status paso_run_resume(paso_run *run, const char *store, paso_errors *errors,
                                     paso_results **results);

/* ---- forks ---- */

/* Keeps the members' state at the opening of `until` at the next execution: eight bytes for each
 * row of the compiled corridor, member and policy. */
PASO_API void paso_run_keep_state(paso_run *run, bool keep);

/* The state that the last execution kept, if it ended with PASO_OK; the caller owns it from now on
 * and frees it with paso_state_free. NULL if there is none. */
PASO_API paso_state *paso_run_take_state(paso_run *run);

/* Goes on from a state instead of the first day, with the bits of an unbroken run. Each policy
 * continues the history of the state's policy of the same name, or of its only one. Seed, members
 * and known-until become the state's; fewer members may be set afterwards.
 * state: must outlive the run's executions. NULL: from the first day again.
 * That corridor, parameters and what is switched off are as they were is checked on execution. */
PASO_API void paso_run_set_start(paso_run *run, const paso_state *state);

/* Reads a state.
 * Returns PASO_OK; PASO_ERR_IO; PASO_ERR_INPUT for another file, version, or one that was cut or
 * changed; PASO_ERR_MEMORY. */
PASO_API paso_status paso_state_open(const char *path, paso_errors *errors, paso_state **state);

/* Writes a state, complete or not at all; an existing file is refused without `force`.
 * Returns PASO_OK; PASO_ERR_IO; PASO_ERR_MEMORY. */
PASO_API paso_status paso_state_write(const paso_state *state, const char *path, bool force,
                                      paso_errors *errors);
PASO_API void paso_state_free(paso_state *state);

/* The next day to run, the members, and the policies whose histories it holds. */
PASO_API int32_t paso_state_day(const paso_state *state);
PASO_API void paso_state_members(const paso_state *state, uint32_t *first, uint32_t *n);
PASO_API size_t paso_state_policies(const paso_state *state);
PASO_API const char *paso_state_policy_name(const paso_state *state, size_t i); /* NULL: none */

#ifdef __cplusplus
}
#endif

#endif
