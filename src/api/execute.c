/* Running: a session into a store, the caller's hooks one at a time, and what is left of a run that
 * was stopped or failed. */
#include <stdatomic.h>

#include "api/api.h"

/* ---- hooks ---- */

typedef struct worker {
    const paso_run *run;
    atomic_bool stopped;
} worker;

/* The caller is asked here, where only one thread is; the others read the answer. */
static void progress(void *context, double done, double all) {
    worker *w = context;
    if (w->run->progress) w->run->progress(w->run->context, done, all);
    if (w->run->stop && w->run->stop(w->run->context)) atomic_store(&w->stopped, true);
}

static bool stop(void *context) {
    worker *w = context;
    return atomic_load_explicit(&w->stopped, memory_order_relaxed);
}

static void tell_fault(const paso_session *s, const paso_fault *fault, paso_errors *errors) {
    char day[16];
    paso_date_write(fault->day, day);
    const char *name = fault->name < 0 ? "" : paso_program_name(s->program[0], fault->name);
    paso_error(&errors->diags, "fault", (paso_mark){0}, name, NULL, "%s (cell %d, %s, member %u)",
               paso_fault_text(fault->kind), (int)fault->cell, day, fault->member);
}

/* ---- the state ---- */

static void drop_state(paso_run *run) {
    paso_state_free(run->state);
    run->state = NULL;
}

static paso_status begin_state(paso_run *run, bool resume, paso_errors *errors) {
    drop_state(run);
    if (!run->keep_state) return PASO_OK;
    if (resume) {
        return paso_usage(&errors->diags, "state-resume", "", "run all members anew",
                          "a resumed run has not all members to save");
    }
    return paso_session_save(&run->session, &run->state);
}

/* ---- the run ---- */

typedef struct place {
    const char *path;
    bool force, resume;
} place;

static paso_status run_members(paso_run *run, paso_store *store, paso_errors *errors) {
    worker w = {.run = run};
    paso_session_hooks hooks = {progress, stop, &w};
    paso_fault fault;
    double seconds;
    paso_status status = paso_session_run(&run->session, store, &hooks, &fault, &seconds);
    if (status == PASO_ERR_MODEL) tell_fault(&run->session, &fault, errors);
    return status;
}

static void drop_store(const paso_run *run, paso_store *store, place where, paso_status status,
                       paso_errors *errors) {
    size_t n_kept = paso_session_drop(store, status);
    if (n_kept == 0 || status == PASO_ERR_INPUT) return;
    paso_warn(&errors->diags, "kept", (paso_mark){.file = where.path}, "",
              "paso_run_resume goes on with them", "%zu of %u members are kept in %s.partial",
              n_kept, run->session.plan.n_members, where.path);
}

/* The store reports to a record of its own, which lives as long as the results. */
static paso_status run_into(paso_run *run, place where, paso_errors *errors,
                            paso_results **results) {
    paso_session *s = &run->session;
    paso_store *store = NULL;
    paso_errors *told = paso_errors_create();
    paso_status status = told ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) {
        status = where.resume
                     ? paso_session_resume(s, where.path, &told->diags, &store)
                     : paso_session_begin(s, where.path, where.force, &told->diags, &store);
    }
    if (status == PASO_OK) status = run_members(run, store, errors);
    if (told) paso_api_errors_move(errors, told);
    if (store &&
        (status == PASO_OK || (status == PASO_STOPPED && paso_store_read(store)->n_members > 0))) {
        *results = paso_api_results_create(store, told);
        return *results ? status : PASO_ERR_MEMORY;
    }
    drop_store(run, store, where, status, errors);
    paso_errors_free(told);
    return status;
}

static paso_status execute(paso_run *run, place where, paso_errors *errors,
                           paso_results **results) {
    paso_session *s = &run->session;
    *results = NULL;
    paso_status status = paso_session_compile(s, &errors->diags);
    if (status == PASO_OK) status = paso_session_plan(s, &errors->diags);
    if (status == PASO_OK) status = begin_state(run, where.resume, errors);
    if (status == PASO_OK) status = run_into(run, where, errors, results);
    if (status != PASO_OK) drop_state(run);
    return status;
}

paso_status paso_run_execute(paso_run *run, const char *store, bool force, paso_errors *errors,
                             paso_results **results) {
    return execute(run, (place){store, force, false}, errors, results);
}

paso_status paso_run_resume(paso_run *run, const char *store, paso_errors *errors,
                            paso_results **results) {
    return execute(run, (place){store, false, true}, errors, results);
}
