/* The handles of the public library, which stand on the parts below: a corridor is a model, a run a
 * plan in the making, results a store. Contracts: include/paso. */
#ifndef PASO_API_API_H
#define PASO_API_API_H

#include <paso/paso.h>

#include "corridor/model.h"
#include "ensemble/state.h"
#include "program/compile.h"
#include "store/store.h"

struct paso_errors {
    paso_diags diags;
    char *text; /* what paso_errors_text or paso_errors_json gave last */
};

struct paso_corridor {
    paso_model *model;
};

typedef struct paso_api_stack {
    const char *name;
    int *policy; /* [n_policies] */
    int n_policies;
} paso_api_stack;

struct paso_run {
    paso_model *model; /* the corridor's */
    paso_arena *arena; /* names and stacks */
    PASO_LIST_OF(paso_api_stack) stack;
    PASO_LIST_OF(paso_override) override;
    PASO_LIST_OF(const char *) setting; /* the texts of `override` */
    PASO_LIST_OF(const char *) without;
    const char *command;
    uint64_t seed;
    uint32_t first_member, n_members;
    int32_t from, until, known_until; /* PASO_NO_DAY: the default */
    size_t threads, lanes;
    bool strict, quick, keep_state;
    paso_progress_fn *progress;
    paso_stop_fn *stop;
    void *context;
    const paso_state *start;
    paso_state *state; /* what the last execution kept */
};

struct paso_results {
    paso_errors *errors; /* of the store, handed on after each call */
    paso_store *store;
};

/* What one execution builds from a run. */
typedef struct paso_api_job {
    paso_run *run;
    paso_errors *errors;
    const paso_api_stack *stack; /* [n_stacks] the run's, or the default one */
    size_t n_stacks;
    paso_api_stack default_stack;
    int default_policy;
    paso_program **program; /* equal pointers where the same is switched off */
    paso_schedule **schedule;
    size_t *start_policy;
    paso_plan plan;
} paso_api_job;

/* Programs, schedules and the plan. Clear it in any case. */
paso_status paso_api_job_prepare(paso_api_job *job, paso_run *run, paso_errors *errors);
void paso_api_job_clear(paso_api_job *job);

/* A mistake of usage without a place in a file; returns PASO_ERR_USAGE. hint may be NULL. */
paso_status paso_api_usage(paso_errors *errors, const char *id, const char *path, const char *hint,
                           const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same for a word among names [n]: its hint is the nearest one. */
paso_status paso_api_unknown(paso_errors *errors, const char *what, const char *word,
                             const char *const *names, size_t n);
/* A handle around a store; it takes the store and its record, also on failure (NULL). */
paso_results *paso_api_results_create(paso_store *store, paso_errors *errors);
/* Moves what `from` collected to `to`. */
void paso_api_errors_move(paso_errors *to, paso_errors *from);

#endif
