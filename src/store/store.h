/* The store: one SQLite file for one run (docs/store.md). All SQL of Paso stands in this folder.
 * A store is written (create, begin, one sample for each finished member, end) and read; after its
 * end the writer's handle reads like an opened one, so a run without a file uses a private store.
 * Values are in the units that the corridor wrote. One handle belongs to one thread at a time. */
#ifndef PASO_STORE_STORE_H
#define PASO_STORE_STORE_H

#include "corridor/model.h"
#include "ensemble/ensemble.h"
#include "ensemble/summary.h"
#include "store/tidy.h"

enum { PASO_STORE_FORMAT = 2 };

typedef struct paso_store paso_store;

/* ---- reading ---- */

/* Texts are never NULL: an absent label is the name, an absent Spanish one the English one, and
 * other absent texts are "". All of it belongs to the store. */
typedef struct paso_store_policy {
    const char *name, *en, *es, *base, *doc, *doc_es;
    bool politics; /* some observable rests on politics under it */
    bool *rests;   /* [n_observables] which do */
} paso_store_policy;

typedef struct paso_store_setting {
    size_t policy;
    const char *lever, *cell; /* cell "" : every cell */
    int day;
    const char *value, *unit; /* a number, or an expression such as "judge_posts + 300" */
} paso_store_setting;

typedef struct paso_store_cell {
    const char *name, *en,
        *es; /* "origin=ven,kind=adult", "Venezuela, adult"; "" if the only one */
} paso_store_cell;

typedef struct paso_store_claim {
    double says;
    int first_day, last_day;
    bool total;
    const char *by, *by_es, *doc, *doc_es;
    const char *said, *said_es, *seen, *seen_es, *why, *why_es;
    double record;      /* what the attached series says over the same days; NAN if it does not */
    paso_summary model; /* of the first policy; NAN where the run does not hold those days */
} paso_store_claim;

typedef struct paso_store_observable {
    const char *name, *en, *es, *unit, *doc, *doc_es;
    const char *every, *take; /* "month", "sum"; take "any" is a chance, "first" a date */
    const char *layers;       /* "accounting,behaviour" */
    bool headline;
    bool total; /* several cells that may be added: cell -1 is their total */
    paso_store_cell *cell;
    size_t n_cells;
    int *first_day; /* [n_periods] */
    size_t n_periods;
    paso_store_claim *claim;
    size_t n_claims;
} paso_store_observable;

typedef struct paso_store_assumption {
    const char *kind; /* "parameter" or "lever" */
    const char *name, *cell, *en, *es;
    double value, low, high; /* 5 and 95 % points of a parameter, bounds of a lever; NAN absent */
    const char *unit, *layer, *source, *doc, *doc_es;
    const char *who, *group; /* levers */
} paso_store_assumption;

typedef struct paso_store_source {
    const char *key, *title, *publisher, *url;
} paso_store_source;

typedef struct paso_store_unit {
    const char *name, *es;
} paso_store_unit;

/* How much of the variance of a paired difference is what; the three add up to 1. */
typedef struct paso_store_shares {
    size_t policy, observable;
    int cell;
    bool window; /* over the whole window; else of the last period */
    double noise, parameters, politics;
} paso_store_shares;

typedef struct paso_store_contents {
    paso_store_policy *policy;
    size_t n_policies;
    paso_store_setting *setting; /* by policy, lever, cell, day */
    size_t n_settings;
    paso_store_observable *observable; /* in the order of the corridor */
    size_t n_observables;
    paso_store_assumption *assumption;
    size_t n_assumptions;
    paso_store_source *source;
    size_t n_sources;
    paso_store_unit *unit; /* words of the corridor's units in Spanish */
    size_t n_units;
    paso_store_shares *share; /* of a run with --split */
    size_t n_shares;
    size_t n_members; /* finished for every policy */
    bool interrupted;
    int from, until, now; /* days; until is the day after the last */
} paso_store_contents;

/* Refuses what is not a store, a newer format, and a run that was never finished. `diags` must
 * outlive the store. */
paso_status paso_store_open(const char *path, paso_diags *diags, paso_store **store);
void paso_store_close(paso_store *store); /* before its end: nothing is left on disk */
const paso_store_contents *paso_store_read(const paso_store *store);
/* PASO_ERR_MEMORY once memory was missing, also in a function that returns no status. */
paso_status paso_store_status(const paso_store *store);
/* A value of the table `meta`, such as "title_en"; "" if absent. Belongs to the store. */
const char *paso_store_meta(paso_store *store, const char *key);
int paso_store_policy_find(const paso_store *store, const char *name);     /* or -1 */
int paso_store_observable_find(const paso_store *store, const char *name); /* or -1 */

/* summary [n_periods] of one cell; cell -1: the total, or the only cell. Of take "first", the bands
 * are days (not a number: never) and the mean is the share of members with a date; of "any", mean
 * and bands are the chance. */
paso_status paso_store_series(paso_store *store, size_t policy, size_t observable, int cell,
                              paso_summary *summary);

typedef struct paso_store_point {
    int first_day;
    double value;
} paso_store_point;
/* The whole attached series, by date, also outside the run; n may be 0. Free *point with free(). */
paso_status paso_store_observed(paso_store *store, size_t observable, int cell,
                                paso_store_point **point, size_t *n);

/* Paired differences, `second` minus `first`, over the members that both have: pair [n_periods],
 * and *window (may be NULL) over all periods: of sums for take `sum`, else of means. Of take
 * "first": days, over the members that have a date under both. */
paso_status paso_store_pairs(paso_store *store, size_t first, size_t second, size_t observable,
                             int cell, paso_pair *pair, paso_pair *window);
/* The same numbers without a partner: one policy over all periods. */
paso_status paso_store_window(paso_store *store, size_t policy, size_t observable, int cell,
                              paso_summary *summary);

/* The variance of the paired differences of the last period and of the window, over the first
 * n_members; 0 where fewer than two have a number. */
paso_status paso_store_variance(paso_store *store, size_t first, size_t second, size_t observable,
                                int cell, size_t n_members, double variance[2]);
/* Whether an observable rests on politics under a policy or the one it is held against (the same
 * where it stands alone): then it is a scenario, not an estimate. */
bool paso_store_rests(const paso_store *store, size_t policy, size_t against, size_t observable);
/* "accounting,behaviour": the layers of an observable, politics only where it rests on it. */
const char *paso_store_layers(const paso_store *store, size_t policy, size_t against,
                              size_t observable, char text[64]);
/* NULL where the run was made without --split, or nothing varies. */
const paso_store_shares *paso_store_shares_of(const paso_store *store, size_t policy,
                                              size_t observable, int cell, bool window);

/* Numbers of the finished members, in order: member [n_members]. */
paso_status paso_store_members(paso_store *store, uint32_t *member);
/* Every value: [n_members][n_cells][n_periods], in the order of members. */
paso_status paso_store_values(paso_store *store, size_t policy, size_t observable, double *value);

/* ---- writing ---- */

/* One policy of a run: a stack of the model's policies, each with its base chain, lowest first. */
typedef struct paso_store_stack {
    const char *name; /* "as-happened+quiet" */
    const int *policy;
    int n_policies;
    const paso_override *own; /* a lever's value on top, which the name tells; or NULL */
} paso_store_stack;

typedef struct paso_store_run {
    const char *version, *git, *command;
    const paso_plan *plan;         /* n_policies, seed, members, from, until, lanes, threads */
    const paso_store_stack *stack; /* [plan->n_policies] */
    const paso_override *override; /* --set, on top of every policy */
    int n_overrides;
    const bool *calm;    /* [plan->n_policies] politics is switched off under it; or NULL */
    const char *options; /* every other choice that changes numbers, as text: "--strict"; or NULL */
} paso_store_run;

/* path NULL: a private store that vanishes when closed. Otherwise the file grows under the name
 * path.partial, locked against a second writer, and gets its name at the end, complete. An existing
 * file, and finished members in path.partial, are refused without `force`. */
paso_status paso_store_create(const char *path, bool force, paso_diags *diags, paso_store **store);
paso_status paso_store_begin(paso_store *store, const paso_model *model, const paso_grid *grid,
                             const paso_store_run *run);
/* A run that no corridor describes, such as one of a Flee folder. Of the contents: policies,
 * observables, units, from, until, now. Samples are then in the units told. */
typedef struct paso_store_facts {
    const char *name, *title, *title_es, *version, *git, *command, *options;
    uint64_t seed, members;
} paso_store_facts;
paso_status paso_store_begin_plain(paso_store *store, const paso_store_contents *about,
                                   const paso_store_facts *facts);
/* What was observed, before or between samples. */
paso_status paso_store_observe(paso_store *store, size_t observable, size_t cell,
                               const paso_store_point *point, size_t n);
/* A paso_sink whose context is the store. Values come in internal units. */
paso_status paso_store_sample(void *store, size_t policy, uint32_t member, size_t observable,
                              const double *value, size_t n);
/* What a plan must watch so that claims get the model's number; NULL without memory. Free it. */
paso_watch *paso_store_watches(const paso_model *model, size_t *n);
/* A hook of the ensemble whose context is the store. */
paso_status paso_store_watched(void *store, uint32_t member, const double *value);
/* Before the end: variances of paired differences from two more runs of the same first members.
 * Copied. */
typedef struct paso_store_split {
    size_t policy, observable;
    int cell;
    bool window;
    double noise; /* all parameters at their medians */
    double calm;  /* those of politics at their medians; NAN: as in the run itself */
} paso_store_split;
paso_status paso_store_splits(paso_store *store, const paso_store_split *split, size_t n,
                              size_t n_members);
/* Samples so far are of whole members, which survive from here on even a killed process; n_clipped
 * are the shares clipped in those since the last call. Costs little: not every call writes. */
paso_status paso_store_batch(paso_store *store, uint64_t n_clipped);
/* Summaries, index, rename; n_clipped since the last batch. With no finished member there is
 * nothing to keep: PASO_STOPPED. */
paso_status paso_store_end(paso_store *store, bool interrupted, uint64_t n_clipped,
                           double wall_seconds);
/* After a failure: members that are safe stay in path.partial when the store is closed. */
void paso_store_keep(paso_store *store);
size_t paso_store_kept(const paso_store *store); /* how many that will be; 0: no file is left */

/* ---- going on ---- */

/* Goes on with path.partial, or with a copy of an interrupted store at `path`, which stays until
 * the end. Then: finished, same_run, continue, and samples as above. */
paso_status paso_store_resume(const char *path, paso_diags *diags, paso_store **store);
/* The finished members, in order. Free *member with free(). */
paso_status paso_store_finished(paso_store *store, uint32_t **member, size_t *n);
/* Whether `run` would give the bits of the run that was begun: PASO_ERR_INPUT with both values of
 * everything that differs. */
paso_status paso_store_same_run(paso_store *store, const paso_model *model,
                                const paso_store_run *run);
paso_status paso_store_continue(paso_store *store, const paso_model *model, const paso_grid *grid,
                                const paso_store_run *run);

/* ---- out ---- */

/* policy,observable,cell,date,statistic,value,unit: the view `tidy`. */
paso_status paso_store_export(paso_store *store, paso_tidy_format format, FILE *out);

/* The whole store as a file, overwriting one of that name; the handle stays what it was. */
paso_status paso_store_save(paso_store *store, const char *path);

#endif
