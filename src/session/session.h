/* A run in the making, as its caller says it piece by piece, and what is made of it: programs,
 * schedules, the plan, a store. What the command and the public library do alike.
 * Mistakes are told in the `diags` of each call; one of usage (PASO_ERR_USAGE) has no place. */
#ifndef PASO_SESSION_SESSION_H
#define PASO_SESSION_SESSION_H

#include "ensemble/state.h"
#include "program/compile.h"
#include "store/store.h"

typedef struct paso_session {
    paso_model *model; /* the caller's */
    paso_arena *arena; /* names, stacks, members that are missing */
    /* Said by add_*, which check names at once. */
    PASO_LIST_OF(paso_store_stack) policy; /* none: as-happened, or the levers' defaults */
    PASO_LIST_OF(paso_override) override;
    PASO_LIST_OF(const char *) setting; /* the texts of `override` */
    PASO_LIST_OF(const char *) without;
    /* Said by the caller. */
    const char *dashes;                 /* before words that are options: "--", or "" */
    const char *command, *git, *varied; /* for the store; `varied` also decides bits, or is NULL */
    uint64_t seed;
    uint32_t first_member, n_members;
    int32_t from, until, known_until; /* PASO_NO_DAY: the default */
    size_t threads, lanes;
    bool strict, quick;
    bool split, split_all; /* shares of each difference's variance; not of headlines only */
    const paso_state *start;
    const char *start_file; /* NULL: in memory */
    const char *history;    /* of the start, which all policies go on from; NULL: each its own */
    /* Made by compile: */
    const paso_store_stack *stack; /* [n_stacks] */
    size_t n_stacks;
    paso_program **program; /* equal pointers where the same is switched off */
    paso_schedule **schedule;
    size_t *start_policy;
    /* by plan: */
    paso_plan plan;
    /* by resume: */
    uint32_t *missing; /* [n_missing] members to go, NULL: all of the plan */
    size_t n_missing;
    /* for itself: */
    paso_store_stack default_stack;
    int default_policy;
} paso_session;

/* 200 members, seed 1. PASO_ERR_MEMORY. Clear it in any case. */
paso_status paso_session_init(paso_session *s, paso_model *model);
void paso_session_clear(paso_session *s);

/* ---- its pieces ---- */

/* "a", "a+b" (b on top of a), or "levers" for the defaults alone. */
paso_status paso_session_add_policy(paso_session *s, const char *text, paso_diags *diags);
/* "slots=3", on top of every policy. */
paso_status paso_session_add_setting(paso_session *s, const char *text, paso_diags *diags);
/* A layer, a signal, an event, "shock", "parameters" or "politics-parameters". */
paso_status paso_session_add_without(paso_session *s, const char *name, paso_diags *diags);
/* Goes on from a state, whose members, seed and known-until become the session's; NULL: from the
 * first day. It must outlive the session's runs. */
void paso_session_set_start(paso_session *s, const paso_state *start);

/* ---- what is made of them ---- */

/* Programs and schedules; may be called again after changes. */
paso_status paso_session_compile(paso_session *s, paso_diags *diags);
/* Days, members and start, checked. After compile. */
paso_status paso_session_plan(paso_session *s, paso_diags *diags);
/* Before plan: the days of all published figures of the model, of which the last is recorded and
 * the others are watched on the way to it. False where the corridor has none. */
bool paso_session_claim_days(paso_session *s);
/* Room for the members as they will stand at the plan's end, into which the next run puts them. */
paso_status paso_session_save(paso_session *s, paso_state **state);

/* Whether politics is switched off under a stack. */
paso_status paso_session_is_calm(const paso_session *s, size_t stack, bool *calm);

/* ---- running ---- */

/* A new store at `path` (NULL: a private one), or the unfinished one that is there, if it is of the
 * same run. The store may be there after a failure too: drop it then. */
paso_status paso_session_begin(paso_session *s, const char *path, bool force, paso_diags *diags,
                               paso_store **store);
paso_status paso_session_resume(paso_session *s, const char *path, paso_diags *diags,
                                paso_store **store);

typedef struct paso_session_hooks {
    void (*progress)(void *context, double done, double all); /* as paso_ensemble_hooks; or NULL */
    bool (*stop)(void *context);                              /* or NULL */
    void *context;
} paso_session_hooks;
/* Members into the store, and its end. PASO_STOPPED: with those that were finished.
 * `fault` is filled with PASO_ERR_MODEL. */
paso_status paso_session_run(paso_session *s, paso_store *store, const paso_session_hooks *hooks,
                             paso_fault *fault, double *seconds);
/* For paso_session_run, between the members and the end of the store (split.c). */
paso_status paso_session_split(paso_session *s, paso_store *store, const paso_session_hooks *hooks,
                               paso_fault *fault);
/* After a failure: finished members stay in path.partial, unless a check failed. How many stay. */
size_t paso_session_drop(paso_store *store, paso_status status);

#endif
