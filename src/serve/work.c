/* The running of a run: both timelines through the ensemble in pairs, members kept as they are
 * finished, and the bands of all of them. */
#include <stdlib.h>
#include <string.h>

#include "serve/serve_internal.h"

typedef struct worker {
    paso_serve *serve;
    paso_run *run;
    size_t *at;        /* [n_observables] where an observable's numbers begin within a member's */
    char failure[256]; /* the run's, once it has ended: others look at that */
} worker;

/* ---- hooks of the ensemble ---- */

static paso_status keep_sample(void *context, size_t side, uint32_t member, size_t observable,
                               const double *value, size_t n) {
    worker *w = context;
    paso_run *run = w->run;
    double *to = run->value[side] + (size_t)member * run->width + w->at[observable];
    if (n > 0) memcpy(to, value, n * sizeof *value);
    if (side == 0 || observable + 1 < run->grid->n_observables) return PASO_OK;
    pthread_mutex_lock(&w->serve->lock);
    run->have[member] = true;
    run->n_done++;
    pthread_mutex_unlock(&w->serve->lock);
    return PASO_OK;
}

static void show_progress(void *context, double done, double all) {
    worker *w = context;
    pthread_mutex_lock(&w->serve->lock);
    w->run->share = all > 0 ? done / all : 1;
    paso_run_tell(w->serve, w->run, false);
    pthread_mutex_unlock(&w->serve->lock);
}

static bool is_cancelled(void *context) {
    worker *w = context;
    pthread_mutex_lock(&w->serve->lock);
    if (paso_run_is_left(w->run)) paso_run_end(w->serve, w->run, PASO_RUN_CANCELLED);
    bool cancelled = w->run->state != PASO_RUN_RUNNING || w->serve->stopping;
    pthread_mutex_unlock(&w->serve->lock);
    return cancelled;
}

/* ---- one run ---- */

static paso_status make_timeline(const paso_run *run, const paso_ask_side *side,
                                 paso_timeline *timeline) {
    const paso_shown *shown = run->shown;
    paso_status status = paso_live_begin(shown->live, side->policy);
    for (size_t i = 0; i < side->n_steps && !status; i++) {
        const paso_ask_step *step = &side->step[i];
        status = paso_live_step(shown->live, step->lever, step->cell, step->day, step->value);
    }
    if (!status)
        status = paso_live_plan(shown->live, shown->from, run->ask.until, shown->model->clock_now);
    return status ? status : paso_live_timeline(shown->live, timeline);
}

/* Room is of the run under the lock: who looks at it must see all or nothing. */
static paso_status make_room(worker *w, const paso_program *program) {
    paso_run *run = w->run;
    size_t members = run->ask.members;
    paso_status status = paso_grid_create(program, run->shown->from, run->ask.until, &run->grid);
    if (status) return status;
    const paso_grid *grid = run->grid;
    w->at = calloc(grid->n_observables + 1, sizeof *w->at);
    for (size_t o = 0; w->at && o < grid->n_observables; o++)
        w->at[o + 1] = w->at[o] + grid->item[o].n_cells * grid->item[o].n_periods;
    run->width = w->at ? w->at[grid->n_observables] : 0;
    for (int p = 0; p < 2; p++) run->value[p] = calloc(members * run->width + 1, sizeof(double));
    bool *have = calloc(members, sizeof *have);
    pthread_mutex_lock(&w->serve->lock);
    run->have = have;
    pthread_mutex_unlock(&w->serve->lock);
    return w->at && run->value[0] && run->value[1] && have ? PASO_OK : PASO_ERR_MEMORY;
}

static paso_status run_members(worker *w, const paso_timeline timeline[2], paso_fault *fault) {
    const paso_run *run = w->run;
    const paso_program *program[2] = {timeline[0].program, timeline[1].program};
    const paso_schedule *schedule[2] = {timeline[0].schedule, timeline[1].schedule};
    paso_ensemble_hooks hooks = {
        .sink = keep_sample, .context = w, .progress = show_progress, .stop = is_cancelled};
    paso_plan plan = {.program = program,
                      .schedule = schedule,
                      .n_policies = 2,
                      .seed = run->ask.seed,
                      .n_members = run->ask.members,
                      .from = run->shown->from,
                      .until = run->ask.until,
                      .known_until = run->shown->model->clock_now,
                      .threads = w->serve->options.threads};
    return paso_ensemble_run(&plan, &hooks, fault, NULL);
}

static void say_fault(worker *w, const paso_program *program, paso_status status,
                      const paso_fault *fault) {
    char day[16];
    if (status != PASO_ERR_MODEL) {
        snprintf(w->failure, sizeof w->failure,
                 status == PASO_ERR_MEMORY ? "no memory" : "the engine refused the run");
        return;
    }
    paso_date_write(fault->day, day);
    const char *name = fault->name < 0 ? "the run" : paso_program_name(program, fault->name);
    snprintf(w->failure, sizeof w->failure, "%.100s: %s (cell %d, %s, member %u)", name,
             paso_fault_text(fault->kind), (int)fault->cell, day, fault->member);
}

static paso_status run_whole(worker *w) {
    paso_run *run = w->run;
    paso_timeline timeline[2] = {{0}};
    paso_fault fault = {.name = -1};
    paso_status status = make_timeline(run, &run->ask.side[0], &timeline[0]);
    if (!status) status = make_timeline(run, &run->ask.side[1], &timeline[1]);
    if (!status) status = make_room(w, timeline[0].program);
    if (!status) status = run_members(w, timeline, &fault);
    if (status && status != PASO_STOPPED) say_fault(w, timeline[0].program, status, &fault);
    for (int p = 0; p < 2; p++) paso_schedule_free(timeline[p].schedule);
    return status;
}

/* Without the lock. */
static void work_on(paso_serve *s, paso_run *run) {
    worker w = {.serve = s, .run = run};
    char *answer = NULL;
    size_t length = 0;
    bool built = run->shown->state == PASO_SHOWN_BUILT;
    if (!built) snprintf(w.failure, sizeof w.failure, "%s", run->shown->failure);
    paso_status status = built ? run_whole(&w) : PASO_ERR_MODEL;
    if (!status) answer = paso_answer_write(run, run->have, true, &length);
    if (!status && !answer) {
        status = PASO_ERR_MEMORY;
        snprintf(w.failure, sizeof w.failure, "no memory");
    }
    free(w.at);
    pthread_mutex_lock(&s->lock);
    paso_run_finish(s, run, answer, length);
    if (!status) run->share = 1;
    /* One that was cancelled meanwhile has no failure. */
    if (run->state == PASO_RUN_RUNNING) memcpy(run->failure, w.failure, sizeof run->failure);
    paso_run_end(s, run,
                 !status                  ? PASO_RUN_DONE
                 : status == PASO_STOPPED ? PASO_RUN_CANCELLED
                                          : PASO_RUN_FAILED);
    pthread_mutex_unlock(&s->lock);
}

/* Whether the run, which waits, is to be worked on: it may have ended before it began. */
static bool begin(paso_serve *s, paso_run *run) {
    bool left = paso_run_is_left(run), new = run->shown->state == PASO_SHOWN_NEW;
    if (left) {
        paso_run_end(s, run, PASO_RUN_CANCELLED);
    } else if (new) {
        snprintf(run->failure, sizeof run->failure,
                 "the corridor was changed before the run began");
        paso_run_end(s, run, PASO_RUN_FAILED);
    } else {
        run->state = PASO_RUN_RUNNING;
        paso_run_tell(s, run, true);
    }
    return run->state == PASO_RUN_RUNNING;
}

bool paso_runs_work(paso_serve *s) {
    paso_run *run = s->run;
    while (run && run->state != PASO_RUN_QUEUED) run = run->next;
    if (!run) return false;
    bool waits = run->shown == s->shown && run->shown->state == PASO_SHOWN_NEW;
    if (waits && !paso_run_is_left(run)) return false;
    run->n_refs++;
    bool begins = begin(s, run);
    pthread_mutex_unlock(&s->lock);
    if (begins) work_on(s, run);
    paso_run_drop(s, run);
    paso_runs_trim(s);
    pthread_mutex_lock(&s->lock);
    return true;
}
