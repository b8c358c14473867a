/* Members from the ensemble into a store: a new one, or one that was cut off and is gone on with.
 */
#include <stdlib.h>
#include <time.h>

#include "session/session.h"

/* ---- the store ---- */

static const char *add_list(paso_arena *arena, const char *text, const char *option,
                            const char *const *items, size_t n) {
    for (size_t i = 0; i < n && text; i++) {
        text = paso_arena_format(arena, "%s%s--%s %s", text, text[0] ? " " : "", option, items[i]);
    }
    return text;
}

static const char *add_day(paso_arena *arena, const char *text, const char *option, int day) {
    char date[16];
    paso_date_write(day, date);
    const char *const item[] = {date};
    return add_list(arena, text, option, item, 1);
}

/* Every choice that changes numbers and is not told by days, seed, members and policies, as the
 * command's options. NULL without memory. */
static const char *options_of(const paso_session *s) {
    paso_arena *arena = s->arena;
    const char *text = add_list(arena, "", "set", s->setting.items, s->setting.n);
    text = add_list(arena, text, "without", s->without.items, s->without.n);
    if (text && s->varied) text = paso_arena_format(arena, "%s %s", text, s->varied);
    if (text && s->strict) text = paso_arena_format(arena, "%s --strict", text);
    if (s->start && s->start_file) text = add_list(arena, text, "start", &s->start_file, 1);
    if (s->start && !s->start_file) text = add_day(arena, text, "start", s->start->day);
    if (s->known_until != PASO_NO_DAY) text = add_day(arena, text, "known-until", s->known_until);
    return text;
}

static paso_status describe(const paso_session *s, paso_store_run *run, paso_grid **grid) {
    bool *calm = paso_arena_alloc(s->arena, s->n_stacks, sizeof *calm);
    *grid = NULL;
    if (!calm) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < s->n_stacks; i++) {
        paso_status status = paso_session_is_calm(s, i, &calm[i]);
        if (status != PASO_OK) return status;
    }
    *run = (paso_store_run){.version = PASO_VERSION,
                            .git = s->git,
                            .command = s->command,
                            .plan = &s->plan,
                            .stack = s->stack,
                            .override = s->override.items,
                            .n_overrides = (int)s->override.n,
                            .calm = calm,
                            .options = options_of(s)};
    if (!run->options) return PASO_ERR_MEMORY;
    return paso_grid_create(s->program[0], s->plan.from, s->plan.until, grid);
}

paso_status paso_session_begin(paso_session *s, const char *path, bool force, paso_diags *diags,
                               paso_store **store) {
    paso_store_run run;
    paso_grid *grid;
    s->missing = NULL;
    paso_status status = describe(s, &run, &grid);
    if (status == PASO_OK) status = paso_store_create(path, force, diags, store);
    if (status == PASO_OK) status = paso_store_begin(*store, s->model, grid, &run);
    paso_grid_free(grid);
    return status;
}

/* Members of the plan that `done` [n_done], in order, does not have. */
static paso_status list_missing(paso_session *s, const uint32_t *done, size_t n_done) {
    const paso_plan *plan = &s->plan;
    s->missing = paso_arena_alloc(s->arena, (size_t)plan->n_members + 1, sizeof(uint32_t));
    s->n_missing = 0;
    if (!s->missing) return PASO_ERR_MEMORY;
    size_t at = 0;
    for (uint32_t i = 0; i < plan->n_members; i++) {
        uint32_t member = plan->first_member + i;
        while (at < n_done && done[at] < member) at++;
        if (at == n_done || done[at] != member) s->missing[s->n_missing++] = member;
    }
    return PASO_OK;
}

paso_status paso_session_resume(paso_session *s, const char *path, paso_diags *diags,
                                paso_store **store) {
    paso_store_run run;
    paso_grid *grid;
    uint32_t *done = NULL;
    size_t n_done = 0;
    paso_status status = describe(s, &run, &grid);
    if (status == PASO_OK) status = paso_store_resume(path, diags, store);
    if (status == PASO_OK) status = paso_store_same_run(*store, s->model, &run);
    if (status == PASO_OK) status = paso_store_finished(*store, &done, &n_done);
    if (status == PASO_OK) status = list_missing(s, done, n_done);
    if (status == PASO_OK) status = paso_store_continue(*store, s->model, grid, &run);
    free(done);
    paso_grid_free(grid);
    return status;
}

/* ---- the members ---- */

/* What the ensemble's hooks share. */
typedef struct worker {
    paso_store *store;
    const paso_session_hooks *hooks;
} worker;

static paso_status sink(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    worker *w = context;
    return paso_store_sample(w->store, policy, member, observable, value, n);
}

static paso_status watched(void *context, uint32_t member, const double *value) {
    worker *w = context;
    return paso_store_watched(w->store, member, value);
}

static paso_status batch(void *context, uint64_t n_clipped) {
    worker *w = context;
    return paso_store_batch(w->store, n_clipped);
}

static void progress(void *context, double done, double all) {
    const worker *w = context;
    if (w->hooks->progress) w->hooks->progress(w->hooks->context, done, all);
}

static bool stop(void *context) {
    const worker *w = context;
    return w->hooks->stop && w->hooks->stop(w->hooks->context);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The members of the plan, or those that a resumed run still misses. */
static paso_status run_members(paso_session *s, worker *w, paso_fault *fault) {
    paso_ensemble_hooks hooks = {sink, w, progress, stop, batch};
    paso_plan plan = s->plan;
    if (s->missing) {
        plan.member = s->missing;
        plan.n_members = (uint32_t)s->n_missing;
    }
    paso_watch *watch = paso_store_watches(s->model, &plan.n_watches);
    if (!watch) return PASO_ERR_MEMORY;
    plan.watch = watch;
    plan.watched = watched;
    paso_status status =
        plan.n_members == 0 ? PASO_OK : paso_ensemble_run(&plan, &hooks, fault, NULL);
    free(watch);
    return status;
}

paso_status paso_session_run(paso_session *s, paso_store *store, const paso_session_hooks *hooks,
                             paso_fault *fault, double *seconds) {
    worker w = {store, hooks};
    double begun = now();
    *fault = (paso_fault){.name = -1};
    paso_status status = run_members(s, &w, fault);
    if (status == PASO_OK && s->split) status = paso_session_split(s, store, hooks, fault);
    *seconds = now() - begun;
    if (status < PASO_OK) return status;
    paso_status end = paso_store_end(store, status == PASO_STOPPED, 0, *seconds);
    return end == PASO_OK ? status : end;
}

size_t paso_session_drop(paso_store *store, paso_status status) {
    if (!store) return 0;
    if (status != PASO_ERR_MODEL) paso_store_keep(store);
    size_t n_kept = paso_store_kept(store);
    paso_store_close(store);
    return n_kept;
}
