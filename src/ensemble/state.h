/* The members of a run between two days, for forks: saved at the opening of a day, gone on from
 * later under the same or another policy. What follows has the bits of an unbroken run.
 * The file is described in docs/library.md, "Forks". */
#ifndef PASO_ENSEMBLE_STATE_H
#define PASO_ENSEMBLE_STATE_H

#include <paso/run.h> /* paso_state_free */

#include "ensemble/ensemble.h"

enum { PASO_STATE_VERSION = 1 };

typedef struct paso_state_policy {
    char *name;    /* "as-happened+quiet" */
    char hash[65]; /* of the program under which it ran */
    size_t n_values;
    double *value; /* [n_members][n_values], as paso_engine_state_get gives them */
} paso_state_policy;

struct paso_state {
    char *corridor;
    uint64_t seed;
    int32_t day; /* the next one to run */
    int32_t known_until;
    bool quick; /* the skeleton, whose counts are no whole numbers */
    uint32_t first_member, n_members;
    paso_state_policy *policy;
    size_t n_policies;
};

/* Room for what `plan` will save at its `until`. Texts are copied; name [plan->n_policies]. */
paso_status paso_state_create(const paso_plan *plan, const char *corridor, const char *const *name,
                              paso_state **state);

/* The history that a policy of this name goes on from: its own, or the only one there is. -1. */
int paso_state_find(const paso_state *state, const char *name);
/* Whether `plan`, with its start, may go on from it: the same programs and seed, members and days
 * that are there. PASO_ERR_INPUT and a message for each reason against it. `corridor` is the
 * plan's; `file` names the state (NULL: in memory). */
paso_status paso_state_check(const paso_plan *plan, const char *corridor, const char *file,
                             paso_diags *diags);

/* Written beside its name and renamed when complete; an existing file is refused without `force`.
 */
paso_status paso_state_save(const paso_state *state, const char *file, bool force,
                            paso_diags *diags);
/* Refuses what is not a state, another version, and a file that is cut or changed. */
paso_status paso_state_load(const char *file, paso_diags *diags, paso_state **state);

#endif
