/* Runs that the page asks for: a list of them, oldest first, which one thread works through with
 * the ensemble of the command. A run is freed when the list and all who look at it have let go. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/serve_internal.h"

static const char *const state_names[] = {"queued", "running", "done", "failed", "cancelled"};

static bool has_ended(const paso_run *run) {
    return run->state >= PASO_RUN_DONE;
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- memory ---- */

void paso_run_forget(paso_run *run) {
    for (int p = 0; p < 2; p++) free(run->value[p]);
    free(run->have);
    run->value[0] = run->value[1] = NULL;
    run->have = NULL;
}

static void run_free(paso_serve *s, paso_run *run) {
    paso_run_forget(run);
    paso_shown_drop(s, run->shown);
    paso_ask_clear(&run->ask);
    paso_grid_free(run->grid);
    free(run->answer);
    free(run);
}

void paso_run_drop(paso_serve *s, paso_run *run) {
    if (!run) return;
    pthread_mutex_lock(&s->lock);
    bool last = --run->n_refs == 0;
    pthread_mutex_unlock(&s->lock);
    if (last) run_free(s, run);
}

static paso_run *take(paso_run *run) {
    run->n_refs++;
    return run;
}

static paso_run *find(paso_serve *s, const char *id, size_t n) {
    for (paso_run *run = s->run; run; run = run->next)
        if (n == strlen(run->id) && strncmp(run->id, id, n) == 0) return run;
    return NULL;
}

/* Out of the list; the list's hold on it goes to the caller. */
static paso_run *unlink_run(paso_serve *s, const paso_run *run) {
    paso_run **at = &s->run;
    while (*at != run) at = &(*at)->next;
    paso_run *found = *at;
    *at = found->next;
    found->next = NULL;
    return found;
}

/* The oldest that has ended, out of the list, if too many have; or NULL. Under the lock. */
static paso_run *surplus(paso_serve *s) {
    paso_run *oldest = NULL;
    int n = 0;
    for (paso_run *run = s->run; run; run = run->next) {
        if (!has_ended(run)) continue;
        if (!oldest) oldest = run;
        n++;
    }
    return n > PASO_SERVE_KEPT ? unlink_run(s, oldest) : NULL;
}

void paso_runs_trim(paso_serve *s) {
    pthread_mutex_lock(&s->lock);
    paso_run *gone = s->gone;
    s->gone = NULL;
    pthread_mutex_unlock(&s->lock);
    while (gone) {
        paso_run *next = gone->next;
        paso_run_drop(s, gone);
        gone = next;
    }
}

void paso_runs_clear(paso_serve *s) {
    paso_runs_trim(s);
    while (s->run) paso_run_drop(s, unlink_run(s, s->run));
}

/* ---- telling ---- */

void paso_run_tell(paso_serve *s, paso_run *run, bool at_once) {
    static const double every = 0.1; /* seconds */
    double now = seconds_now();
    if (!at_once && now - run->told < every) return;
    run->version++;
    run->told = now;
    pthread_cond_broadcast(&s->changed);
}

bool paso_run_is_left(const paso_run *run) {
    static const double patience = 10; /* seconds: a browser comes back after three */
    return run->n_watchers == 0 && run->left > 0 && seconds_now() - run->left > patience;
}

void paso_run_watch(paso_run *run, bool begins) {
    run->n_watchers += begins ? 1 : (size_t)-1;
    if (run->n_watchers == 0) run->left = seconds_now();
}

void paso_run_end(paso_serve *s, paso_run *run, paso_run_state state) {
    if (has_ended(run)) return;
    run->state = state;
    paso_run_tell(s, run, true);
    for (paso_run *old = surplus(s); old; old = surplus(s)) {
        old->next = s->gone;
        s->gone = old;
    }
}

static json_t *state_of(const paso_run *run) {
    json_t *o = json_pack("{s:s, s:I, s:I, s:f}", "state", state_names[run->state], "done",
                          (json_int_t)run->n_done, "asked", (json_int_t)run->ask.members, "share",
                          run->share);
    if (o && run->failure[0]) {
        json_t *error =
            json_pack("{s:s, s:s, s:s}", "message", run->failure, "path", "", "hint", "");
        paso_json_set(&o, "error", error);
    }
    return o;
}

/* Waits for news; true while the stream goes on. */
static bool wait_for_news(paso_serve *s, const paso_run *run, uint64_t seen) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec++;
    int late = 0;
    while (!s->stopping && !late && run->version == seen && !has_ended(run))
        late = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    return !s->stopping;
}

size_t paso_serve_event(const paso_reply *reply, uint64_t *seen, char *text, size_t size) {
    paso_serve *s = reply->serve;
    const paso_run *run = reply->events;
    json_t *state = NULL;
    pthread_mutex_lock(&s->lock);
    bool goes_on = *seen != UINT64_MAX && wait_for_news(s, run, *seen);
    bool news = goes_on && (run->version != *seen || has_ended(run));
    if (news) state = state_of(run);
    if (news) *seen = has_ended(run) ? UINT64_MAX : run->version;
    pthread_mutex_unlock(&s->lock);
    if (!goes_on) return 0;
    char *json = paso_json_write(state, JSON_COMPACT | JSON_REAL_PRECISION(4));
    json_decref(state);
    /* A comment finds out whether anybody still reads. */
    int n = json ? snprintf(text, size, "data: %s\n\n", json) : snprintf(text, size, ":\n\n");
    free(json);
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

/* ---- what is asked ---- */

/* Ends those that nobody waits for any more, and counts the others. */
static int n_waiting(paso_serve *s) {
    int n = 0;
    for (paso_run *run = s->run, *next; run; run = next) {
        bool left = run->state == PASO_RUN_QUEUED && paso_run_is_left(run);
        if (left) paso_run_end(s, run, PASO_RUN_CANCELLED);
        next = left ? s->run : run->next; /* an end may change the list */
        n = left ? 0 : n + (run->state == PASO_RUN_QUEUED);
    }
    return n;
}

static void append(paso_serve *s, paso_run *run) {
    paso_run **at = &s->run;
    while (*at) at = &(*at)->next;
    *at = run;
    paso_run_tell(s, run, true);
}

static paso_run *run_create(paso_serve *s, json_t *json, paso_reply *reply) {
    paso_run *run = calloc(1, sizeof *run);
    if (!run || paso_random_hex(run->id) != PASO_OK) {
        free(run);
        paso_reply_json(reply, 500, NULL);
        return NULL;
    }
    run->n_refs = 1;
    pthread_mutex_lock(&s->lock);
    run->shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    if (paso_ask_read(run->shown, json, &run->ask, reply)) return run;
    run_free(s, run);
    return NULL;
}

void paso_runs_add(paso_serve *s, const paso_request *request, paso_reply *reply) {
    json_t *json = paso_json_read(request, reply);
    paso_run *run = json ? run_create(s, json, reply) : NULL;
    json_decref(json);
    if (!run) return;
    paso_reply_json(reply, 202, json_pack("{s:s}", "id", run->id));
    pthread_mutex_lock(&s->lock);
    bool full = n_waiting(s) >= PASO_SERVE_WAITING;
    bool taken = !full && reply->status == 202;
    if (taken) append(s, run);
    pthread_mutex_unlock(&s->lock);
    paso_runs_trim(s);
    if (taken) return;
    paso_run_drop(s, run);
    if (full)
        paso_reply_error(reply, 429, "8 runs wait already", "", "cancel one, or ask again later");
}

/* ---- looking at one ---- */

/* Members that are there now; NULL when they are not to be read. Under the lock. */
static bool *look(paso_run *run) {
    if (!run->have || run->answering || run->n_done == 0) return NULL;
    if (run->answer && run->n_done < 2 * run->answer_n) return NULL;
    bool *have = calloc(run->ask.members, sizeof *have);
    if (!have) return NULL;
    memcpy(have, run->have, run->ask.members * sizeof *have);
    run->answering = true;
    run->n_readers++;
    return have;
}

static void keep_answer(paso_run *run, char *answer, size_t length, uint32_t n) {
    if (!answer) return;
    free(run->answer);
    run->answer = answer;
    run->answer_length = length;
    run->answer_n = n;
}

void paso_run_finish(paso_serve *s, paso_run *run, char *answer, size_t length) {
    while (run->n_readers > 0) pthread_cond_wait(&s->changed, &s->lock);
    keep_answer(run, answer, length, run->n_done);
    paso_run_forget(run);
}

/* Bands of what is there so far, if that is worth while. */
static void answer_partly(paso_serve *s, paso_run *run) {
    pthread_mutex_lock(&s->lock);
    uint32_t n = run->n_done;
    bool *have = look(run);
    pthread_mutex_unlock(&s->lock);
    if (!have) return;
    size_t length;
    char *answer = paso_answer_write(run, have, false, &length);
    free(have);
    pthread_mutex_lock(&s->lock);
    keep_answer(run, answer, length, n);
    run->answering = false;
    run->n_readers--;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void reply_answer(paso_serve *s, paso_run *run, paso_reply *reply) {
    answer_partly(s, run);
    pthread_mutex_lock(&s->lock);
    bool lost = run->state == PASO_RUN_FAILED || run->state == PASO_RUN_CANCELLED;
    char *copy = run->answer && !lost ? malloc(run->answer_length + 1) : NULL;
    if (copy) memcpy(copy, run->answer, run->answer_length + 1);
    size_t length = run->answer_length;
    pthread_mutex_unlock(&s->lock);
    /* None yet is no mistake, and a browser would tell one in its console. */
    *reply = (paso_reply){.status = 204};
    if (!copy) return;
    *reply = (paso_reply){
        .status = 200, .type = "application/json", .own = copy, .body = copy, .length = length};
}

static void cancel(paso_serve *s, paso_run *run, paso_reply *reply) {
    paso_run *gone = NULL;
    pthread_mutex_lock(&s->lock);
    if (has_ended(run) && find(s, run->id, strlen(run->id))) gone = unlink_run(s, run);
    paso_run_end(s, run, PASO_RUN_CANCELLED);
    json_t *state = state_of(run);
    pthread_mutex_unlock(&s->lock);
    paso_run_drop(s, gone);
    paso_runs_trim(s);
    paso_reply_json(reply, 200, state);
}

static void show_state(paso_serve *s, const paso_run *run, paso_reply *reply) {
    pthread_mutex_lock(&s->lock);
    json_t *state = state_of(run);
    pthread_mutex_unlock(&s->lock);
    paso_reply_json(reply, 200, state);
}

void paso_runs_answer(paso_serve *s, const paso_request *request, const char *path,
                      paso_reply *reply) {
    size_t n = strcspn(path, "/");
    const char *rest = path + n;
    bool get = request->method == PASO_GET || request->method == PASO_HEAD;
    pthread_mutex_lock(&s->lock);
    paso_run *run = find(s, path, n);
    if (run) take(run);
    pthread_mutex_unlock(&s->lock);
    if (!run) {
        paso_reply_error(reply, 404, "no such run", "", "the last 16 are kept");
    } else if (request->method == PASO_DELETE && *rest == '\0') {
        cancel(s, run, reply);
    } else if (get && *rest == '\0') {
        show_state(s, run, reply);
    } else if (get && strcmp(rest, "/answer") == 0) {
        reply_answer(s, run, reply);
    } else if (get && strcmp(rest, "/events") == 0) {
        pthread_mutex_lock(&s->lock);
        paso_run_watch(run, true);
        pthread_mutex_unlock(&s->lock);
        reply->status = 200;
        reply->type = "text/event-stream";
        reply->events = run;
        reply->serve = s;
        return; /* the reply holds it */
    } else {
        paso_reply_error(reply, 404, "no such address", "", "");
    }
    paso_run_drop(s, run);
}
