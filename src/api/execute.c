/* Running: members from the ensemble into a store, hooks one at a time, and what is left of a run
 * that was stopped or failed. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "api/api.h"

/* What the ensemble's hooks share. */
typedef struct worker {
    paso_run *run;
    paso_store *store;
    atomic_bool stopped;
} worker;

static paso_status sink(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    worker *w = context;
    return paso_store_sample(w->store, policy, member, observable, value, n);
}

static paso_status batch(void *context, uint64_t n_clipped) {
    worker *w = context;
    return paso_store_batch(w->store, n_clipped);
}

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

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void tell_fault(const paso_api_job *job, const paso_fault *fault) {
    char day[16];
    paso_date_write(fault->day, day);
    const char *name = fault->name < 0 ? "" : paso_program_name(job->plan.program[0], fault->name);
    paso_error(&job->errors->diags, "fault", (paso_mark){0}, name, NULL,
               "%s (cell %d, %s, member %u)", paso_fault_text(fault->kind), (int)fault->cell, day,
               fault->member);
}

/* ---- the store ---- */

/* As the command writes them, so that it goes on with no other run. */
static const char *options_of(const paso_api_job *job) {
    const paso_run *run = job->run;
    const char *text = "";
    char day[16];
    for (size_t i = 0; i < run->setting.n && text; i++) {
        text = paso_arena_format(run->arena, "%s%s--set %s", text, text[0] ? " " : "",
                                 run->setting.items[i]);
    }
    for (size_t i = 0; i < run->without.n && text; i++) {
        text = paso_arena_format(run->arena, "%s%s--without %s", text, text[0] ? " " : "",
                                 run->without.items[i]);
    }
    if (text && run->strict) text = paso_arena_format(run->arena, "%s --strict", text);
    if (text && run->known_until != PASO_NO_DAY) {
        paso_date_write(run->known_until, day);
        text = paso_arena_format(run->arena, "%s --known-until %s", text, day);
    }
    if (text && run->start) {
        paso_date_write(run->start->day, day);
        text = paso_arena_format(run->arena, "%s --start %s", text, day);
    }
    return text;
}

static paso_status describe(const paso_api_job *job, paso_store *store,
                            const paso_store_stack *stack) {
    paso_grid *grid = NULL;
    paso_store_run about = {.version = PASO_VERSION,
                            .git = "",
                            .command = job->run->command,
                            .plan = &job->plan,
                            .stack = stack,
                            .override = job->run->override.items,
                            .n_overrides = (int)job->run->override.n,
                            .options = options_of(job)};
    if (!about.options) return PASO_ERR_MEMORY;
    paso_status status =
        paso_grid_create(job->plan.program[0], job->plan.from, job->plan.until, &grid);
    if (status == PASO_OK) status = paso_store_begin(store, job->run->model, grid, &about);
    paso_grid_free(grid);
    return status;
}

static paso_status begin_store(const paso_api_job *job, paso_store *store) {
    paso_store_stack *stack = calloc(job->n_stacks, sizeof *stack);
    if (!stack) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < job->n_stacks; i++) {
        const paso_api_stack *s = &job->stack[i];
        stack[i] = (paso_store_stack){s->name, s->policy, s->n_policies};
    }
    paso_status status = describe(job, store, stack);
    free(stack);
    return status;
}

/* ---- the state ---- */

static paso_status begin_state(paso_api_job *job) {
    paso_run *run = job->run;
    paso_state_free(run->state);
    run->state = NULL;
    if (!run->keep_state) return PASO_OK;
    const char **name = calloc(job->n_stacks, sizeof *name);
    if (!name) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < job->n_stacks; i++) name[i] = job->stack[i].name;
    paso_status status = paso_state_create(&job->plan, run->model->name, name, &run->state);
    job->plan.save = run->state;
    free(name);
    return status;
}

static void drop_state(paso_run *run) {
    paso_state_free(run->state);
    run->state = NULL;
}

/* ---- the run ---- */

static paso_status run_members(paso_api_job *job, paso_store *store) {
    worker w = {.run = job->run, .store = store};
    paso_ensemble_hooks hooks = {sink, &w, progress, stop, batch};
    paso_fault fault = {.name = -1};
    double begun = now();
    paso_status status = paso_ensemble_run(&job->plan, &hooks, &fault, NULL);
    if (status == PASO_ERR_MODEL) tell_fault(job, &fault);
    if (status != PASO_OK) drop_state(job->run);
    if (status < PASO_OK) return status;
    paso_status end = paso_store_end(store, status == PASO_STOPPED, 0, now() - begun);
    return end == PASO_OK ? status : end;
}

/* The store reports to a record of its own, which lives as long as the results. */
static paso_status run_job(paso_api_job *job, const char *path, bool force,
                           paso_results **results) {
    paso_store *store = NULL;
    paso_errors *told = paso_errors_create();
    paso_status status = told ? begin_state(job) : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = paso_store_create(path, force, &told->diags, &store);
    if (status == PASO_OK) status = begin_store(job, store);
    if (status == PASO_OK) status = run_members(job, store);
    if (told) paso_api_errors_move(job->errors, told);
    bool kept = store && (status == PASO_OK ||
                          (status == PASO_STOPPED && paso_store_read(store)->n_members > 0));
    if (kept) {
        *results = paso_api_results_create(store, told);
        return *results ? status : PASO_ERR_MEMORY;
    }
    paso_store_close(store);
    paso_errors_free(told);
    return status;
}

paso_status paso_run_execute(paso_run *run, const char *store, bool force, paso_errors *errors,
                             paso_results **results) {
    paso_api_job job;
    *results = NULL;
    paso_status status = paso_api_job_prepare(&job, run, errors);
    if (status == PASO_OK) status = run_job(&job, store, force, results);
    if (status < PASO_OK) drop_state(run);
    paso_api_job_clear(&job);
    return status;
}
