/* The corridor that is shown: read, then built by a thread of its own, because the stored members
 * take seconds. An edited one takes its place whole; whoever still uses the old one keeps it. */
#include <stdlib.h>
#include <string.h>

#include "serve/serve_internal.h"

/* ---- reading ---- */

static bool is_within(const char *path, const char *folder, size_t n) {
    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* Names with ".." would be files elsewhere, which are read but are not the corridor's own. */
const char *paso_shown_name(const paso_shown *shown, const char *path) {
    const char *folder = shown->model->folder;
    size_t n = strlen(folder);
    while (n > 0 && folder[n - 1] == '/') n--;
    const char *name = path;
    if (is_within(path, folder, n))
        name = path + n + 1;
    else if (strcmp(folder, ".") != 0 || path[0] == '/')
        return NULL;
    while (*name == '/') name++;
    return strstr(name, "..") ? NULL : name;
}

static paso_page_options page_options(const paso_serve *s) {
    return (paso_page_options){.version = s->options.version,
                               .git = s->options.git,
                               .seed = s->options.seed,
                               .n_members = s->options.n_members,
                               .from = PASO_PAGE_NO_DAY,
                               .until = PASO_PAGE_NO_DAY,
                               .threads = s->options.threads};
}

static void shown_free(paso_shown *shown) {
    if (!shown) return;
    paso_texts_clear(&shown->texts);
    paso_model_free(shown->model);
    paso_page_free(&shown->page);
    paso_live_close(shown->live);
    free(shown->corridor);
    free(shown);
}

paso_status paso_shown_create(const paso_serve *s, const char *path, paso_texts *texts,
                              paso_diags *diags, paso_shown **result) {
    paso_page_options options = page_options(s);
    paso_shown *shown = calloc(1, sizeof *shown);
    *result = NULL;
    if (!shown) return PASO_ERR_MEMORY;
    if (texts) {
        shown->texts = *texts;
        *texts = (paso_texts){0};
    }
    shown->n_refs = 1;
    paso_status status = paso_model_read_texts(path, &shown->texts, diags, &shown->model);
    shown->texts.closed = true;
    if (!status) status = paso_page_corridor(shown->model, &options, diags, &shown->corridor);
    if (status) {
        shown_free(shown);
        return status;
    }
    paso_page_days(shown->model, &shown->from, &shown->until);
    *result = shown;
    return PASO_OK;
}

/* ---- users ---- */

paso_shown *paso_shown_take(paso_shown *shown) {
    shown->n_refs++;
    return shown;
}

void paso_shown_drop(paso_serve *s, paso_shown *shown) {
    if (!shown) return;
    pthread_mutex_lock(&s->lock);
    bool last = --shown->n_refs == 0;
    pthread_mutex_unlock(&s->lock);
    if (last) shown_free(shown);
}

void paso_shown_replace(paso_serve *s, paso_shown *shown) {
    pthread_mutex_lock(&s->lock);
    paso_shown *old = s->shown;
    s->shown = shown;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    paso_shown_drop(s, old);
}

/* Under the lock. */
static bool is_awaited(const paso_serve *s, bool claims) {
    const paso_shown *shown = s->shown;
    if (s->stopping || !s->has_builder) return false;
    return shown->state == PASO_SHOWN_NEW ||
           (claims && shown->state == PASO_SHOWN_BUILT && !shown->told);
}

static paso_shown *wait_for(paso_serve *s, bool claims) {
    pthread_mutex_lock(&s->lock);
    while (is_awaited(s, claims)) pthread_cond_wait(&s->changed, &s->lock);
    bool good = !s->stopping && s->shown->state != PASO_SHOWN_NEW;
    paso_shown *shown = good ? paso_shown_take(s->shown) : NULL;
    pthread_mutex_unlock(&s->lock);
    return shown;
}

paso_shown *paso_shown_built(paso_serve *s) {
    return wait_for(s, false);
}

paso_shown *paso_shown_told(paso_serve *s) {
    return wait_for(s, true);
}

/* ---- building ---- */

typedef struct builder {
    paso_serve *serve;
    const paso_shown *shown;
} builder;

static bool is_outdated(void *context) {
    builder *b = context;
    pthread_mutex_lock(&b->serve->lock);
    bool outdated = b->serve->stopping || b->serve->shown != b->shown;
    pthread_mutex_unlock(&b->serve->lock);
    return outdated;
}

static void say_failure(paso_shown *shown, paso_status status, const paso_fault *fault) {
    if (status == PASO_ERR_MODEL)
        snprintf(shown->failure, sizeof shown->failure,
                 "a check of the model failed: member %u: %s", fault->member,
                 paso_fault_text(fault->kind));
    else
        snprintf(shown->failure, sizeof shown->failure, "no memory");
}

/* Mistakes were found when it was read; what is told here has no reader. */
typedef struct workshop {
    builder builder;
    paso_page_options options;
    paso_diags diags;
} workshop;

static paso_status open_workshop(workshop *w, paso_serve *s, const paso_shown *shown) {
    *w = (workshop){.builder = {s, shown}, .options = page_options(s)};
    w->options.stop = is_outdated;
    w->options.context = &w->builder;
    return paso_diags_init(&w->diags) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

static paso_status build(paso_serve *s, const paso_shown *shown, paso_page *page, paso_live **live,
                         paso_fault *fault) {
    workshop w;
    paso_status status = open_workshop(&w, s, shown);
    if (!status) status = paso_page_build(shown->model, &w.options, &w.diags, page, fault);
    paso_diags_clear(&w.diags);
    if (status) return status;
    *live = paso_live_open(page->program, page->n_program);
    return *live ? PASO_OK : PASO_ERR_MEMORY;
}

void paso_shown_build(paso_serve *s) {
    paso_page page = {0};
    paso_live *live = NULL;
    paso_fault fault = {.name = -1};
    paso_shown *shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    paso_status status = build(s, shown, &page, &live, &fault);
    pthread_mutex_lock(&s->lock);
    if (status == PASO_OK) {
        shown->page = page;
        shown->live = live;
        shown->state = PASO_SHOWN_BUILT;
    } else {
        if (status != PASO_STOPPED) say_failure(shown, status, &fault);
        if (status != PASO_STOPPED) shown->state = PASO_SHOWN_FAILED;
        paso_page_free(&page);
        paso_live_close(live);
    }
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    paso_shown_drop(s, shown);
    pthread_mutex_lock(&s->lock);
}

void paso_shown_tell(paso_serve *s) {
    workshop w;
    paso_fault fault = {.name = -1};
    char *claims = NULL;
    paso_shown *shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    if (open_workshop(&w, s, shown) == PASO_OK) /* without claims where it fails */
        (void)paso_page_claims(shown->model, &w.options, &w.diags, &claims, &fault);
    paso_diags_clear(&w.diags);
    pthread_mutex_lock(&s->lock);
    shown->page.claims = claims;
    shown->told = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    paso_shown_drop(s, shown);
    pthread_mutex_lock(&s->lock);
}
