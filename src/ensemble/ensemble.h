/* Members over threads, policies in pairs: each block of lanes runs every policy with the same
 * draws, forking at `from` where the policies' histories are the same until then. Results do not
 * depend on lanes or threads. */
#ifndef PASO_ENSEMBLE_ENSEMBLE_H
#define PASO_ENSEMBLE_ENSEMBLE_H

#include "engine/engine.h"

/* One number for each member of the first policy: an observable over days of its own, which may lie
 * before the recorded ones. Taken as the observable is: added, meant, or looked at on the last. */
typedef struct paso_watch {
    size_t observable;
    bool total;          /* of all cells; else of the first */
    int32_t from, until; /* [from, until); not a number where the run does not hold all of them */
} paso_watch;

typedef struct paso_plan {
    const paso_program *const *program;   /* [n_policies]; may repeat the same pointer */
    const paso_schedule *const *schedule; /* [n_policies] */
    size_t n_policies;
    uint64_t seed;
    uint32_t first_member, n_members;
    const uint32_t *member; /* [n_members] which ones; NULL: first_member and those after it */
    int32_t from, until; /* recorded days [from, until); days before `from` are run, not recorded */
    int32_t known_until;
    size_t lanes;   /* members in a block; 0: the default, 16 */
    size_t threads; /* 0: as many as there are processors */
    bool strict;
    bool quick;                     /* the skeleton: one member, one central path, not a mean */
    const struct paso_state *start; /* NULL: from the eve of the first day; see state.h */
    const size_t *start_policy;     /* [n_policies] with `start`: whose history each goes on from */
    const paso_watch *watch;        /* [n_watches] */
    size_t n_watches;
    /* With watches: value [n_watches], before the samples of the member; the context of the hooks.
     */
    paso_status (*watched)(void *context, uint32_t member, const double *value);
    struct paso_state *save; /* may be NULL; filled with the members at the opening of
                                `until`, to be used only if the run ends with PASO_OK */
} paso_plan;

/* What a run records: whole periods inside [from, until) only. */
typedef struct paso_grid {
    size_t n_observables;
    struct paso_grid_item {
        size_t n_cells, n_periods;
        int32_t *first_day; /* [n_periods + 1]: at last the day after the end */
    } * item;
} paso_grid;

paso_status paso_grid_create(const paso_program *program, int32_t from, int32_t until,
                             paso_grid **grid);
void paso_grid_free(paso_grid *grid);
/* How many periods that is, of an observable seen every `every`. */
size_t paso_grid_periods(int every, int32_t from, int32_t until);

/* Called for every finished member of every policy, never twice at a time, in no promised order;
 * value is [n_cells][n_periods]. A status other than PASO_OK ends the run. */
typedef paso_status paso_sink(void *context, size_t policy, uint32_t member, size_t observable,
                              const double *value, size_t n);

typedef struct paso_ensemble_hooks {
    paso_sink *sink;
    void *context;
    /* Called now and then from one thread: days done of all days to do. May be NULL. */
    void (*progress)(void *context, double done, double all);
    /* Checked between days; true ends the run early with PASO_STOPPED. May be NULL. */
    bool (*stop)(void *context);
    /* Called as `sink` is, once all samples of a block of members are handed over, with the shares
     * that were clipped in it: what may be made safe together. May be NULL. */
    paso_status (*batch)(void *context, uint64_t n_clipped);
} paso_ensemble_hooks;

/* PASO_ERR_USAGE for a plan that does not fit its programs or its start.
 * `fault` and `fault_program` are filled when a member failed a check (PASO_ERR_MODEL). */
paso_status paso_ensemble_run(const paso_plan *plan, const paso_ensemble_hooks *hooks,
                              paso_fault *fault, uint64_t *n_clipped);

/* One policy and few members, side by side in one block, some days at a time, for those who must
 * listen in between. Plan, hooks and fault must outlive the walk; the sink is called on the last
 * day. After a status other than PASO_OK only the end may follow. */
typedef struct paso_walk paso_walk;
paso_status paso_walk_begin(const paso_plan *plan, const paso_ensemble_hooks *hooks,
                            paso_fault *fault, paso_walk **walk);
paso_status paso_walk_days(paso_walk *walk, int32_t days, bool *done);
void paso_walk_end(paso_walk *walk);

/* For those who walk the same members again and again: the walk marks its way once a month, and
 * makes use of `luck`, which may be NULL and must outlive it. To be said before the first day. */
paso_status paso_walk_keep(paso_walk *walk, paso_luck *luck);
/* Begins anew under another schedule, from the last mark before which it says the same as the one
 * before, which must still be there; false, and the walk is at its end, where there is none. */
bool paso_walk_again(paso_walk *walk, const paso_schedule *schedule, paso_status *status);

#endif
