/* The server's life: what it holds, its two threads, its end. */
#include <stdlib.h>
#include <string.h>

#include "serve/serve_internal.h"

static paso_status make_tags(paso_serve *s) {
    char hex[PASO_SHA256_HEX];
    const paso_page_file *file = paso_page_files(&s->n_tags);
    s->tag = calloc(s->n_tags + 1, sizeof *s->tag);
    if (!s->tag) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < s->n_tags; i++) {
        paso_sha256 hash;
        paso_sha256_init(&hash);
        paso_sha256_add(&hash, file[i].bytes, file[i].size);
        paso_sha256_finish(&hash, hex);
        s->tag[i].file = &file[i];
        snprintf(s->tag[i].etag, sizeof s->tag[i].etag, "\"%.32s\"", hex);
    }
    return PASO_OK;
}

static paso_status make_locks(paso_serve *s) {
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) return PASO_ERR_MEMORY;
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->edit, NULL);
    return PASO_OK;
}

paso_status paso_serve_create(const paso_serve_options *options, paso_diags *diags,
                              paso_serve **serve) {
    paso_serve *s = calloc(1, sizeof *s);
    *serve = NULL;
    if (!s) return PASO_ERR_MEMORY;
    s->options = *options;
    paso_status status = make_locks(s);
    if (status) {
        free(s);
        return status;
    }
    status = paso_random_hex(s->token);
    if (!status) status = make_tags(s);
    if (!status) status = paso_shown_create(s, options->path, NULL, diags, &s->shown);
    if (!status) status = paso_edit_begin(s);
    if (status)
        paso_serve_free(s);
    else
        *serve = s;
    return status;
}

void paso_serve_at(paso_serve *s, int port) {
    static const char *const names[2] = {"127.0.0.1", "localhost"};
    for (int i = 0; i < 2; i++) {
        snprintf(s->host[i], sizeof s->host[i], "%s:%d", names[i], port);
        snprintf(s->origin[i], sizeof s->origin[i], "http://%s:%d", names[i], port);
    }
}

/* ---- threads ---- */

static void *build_until_end(void *context) {
    paso_serve *s = context;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping) {
        if (s->shown->state == PASO_SHOWN_NEW)
            paso_shown_build(s);
        else if (s->shown->state == PASO_SHOWN_BUILT && !s->shown->told)
            paso_shown_tell(s);
        else
            pthread_cond_wait(&s->changed, &s->lock);
    }
    /* The first thread that LLVM's OpenMP met must outlast the others: its __kmpc_end_critical
     * looks at that one when a tool such as the thread sanitizer's listens. */
    while (s->has_runner) pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void *run_until_end(void *context) {
    paso_serve *s = context;
    pthread_mutex_lock(&s->lock);
    while (!s->stopping)
        if (!paso_runs_work(s)) pthread_cond_wait(&s->changed, &s->lock);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

paso_status paso_serve_start(paso_serve *s) {
    s->has_builder = pthread_create(&s->builder, NULL, build_until_end, s) == 0;
    s->has_runner = s->has_builder && pthread_create(&s->runner, NULL, run_until_end, s) == 0;
    return s->has_runner ? PASO_OK : PASO_ERR_MEMORY;
}

void paso_serve_work(paso_serve *s) {
    pthread_mutex_lock(&s->lock);
    if (s->shown->state == PASO_SHOWN_NEW) paso_shown_build(s);
    if (s->shown->state == PASO_SHOWN_BUILT && !s->shown->told) paso_shown_tell(s);
    while (paso_runs_work(s)) continue;
    pthread_mutex_unlock(&s->lock);
}

paso_status paso_serve_wait(paso_serve *s, char *text, size_t size) {
    paso_shown *shown = paso_shown_built(s);
    if (!shown) return PASO_STOPPED;
    bool failed = shown->state == PASO_SHOWN_FAILED;
    if (failed) snprintf(text, size, "%s", shown->failure);
    paso_shown_drop(s, shown);
    return failed ? PASO_ERR_MODEL : PASO_OK;
}

void paso_serve_stop(paso_serve *s) {
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->has_runner) pthread_join(s->runner, NULL);
    pthread_mutex_lock(&s->lock);
    s->has_runner = false;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (s->has_builder) pthread_join(s->builder, NULL);
    s->has_builder = false;
}

void paso_serve_free(paso_serve *s) {
    if (!s) return;
    paso_runs_clear(s);
    paso_shown_drop(s, s->shown);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->edit);
    free(s->tag);
    free(s->was);
    free(s);
}
