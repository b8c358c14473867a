/* From a request to a reply: what is refused, which address is what, and the server's life. Touches
 * no socket. Addresses are compared with tables; nothing of a request becomes a path. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "serve/serve_internal.h"

/* clang-format off */
static const char policy[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

const char *const paso_serve_headers[] = {
    "Content-Security-Policy", policy,
    "X-Content-Type-Options", "nosniff",
    "Referrer-Policy", "no-referrer",
    "Cross-Origin-Resource-Policy", "same-origin",
    "Cross-Origin-Opener-Policy", "same-origin",
    NULL};
/* clang-format on */

/* ---- what is refused ---- */

static bool is_one_of(const char *word, const char *first, const char *second) {
    return word && (strcasecmp(word, first) == 0 || strcasecmp(word, second) == 0);
}

/* The same work for every token of the right length. */
static bool is_token(const paso_serve *s, const char *token) {
    unsigned different = 0;
    if (!token || strlen(token) != PASO_SERVE_TOKEN - 1) return false;
    for (size_t i = 0; i < PASO_SERVE_TOKEN - 1; i++)
        different |= (unsigned)(token[i] ^ s->token[i]);
    return different == 0;
}

static bool is_reading(const paso_request *r) {
    return r->method == PASO_GET || r->method == PASO_HEAD;
}

static bool is_json(const char *type) {
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;
    return type && strncasecmp(type, json, n) == 0 && (type[n] == '\0' || type[n] == ';');
}

/* True after filling the reply. */
static bool refuse(const paso_serve *s, const paso_request *r, paso_reply *reply) {
    if (!is_one_of(r->host, s->host[0], s->host[1]))
        paso_reply_error(reply, 421, "this server is not that host", "", s->host[0]);
    else if (r->origin && !is_one_of(r->origin, s->origin[0], s->origin[1]))
        paso_reply_error(reply, 403, "another page may not ask here", "", "");
    else if (r->site && !is_one_of(r->site, "same-origin", "none"))
        paso_reply_error(reply, 403, "another site may not ask here", "", "");
    else if (r->method == PASO_OTHER)
        paso_reply_error(reply, 405, "expected GET, HEAD, POST or DELETE", "", "");
    else if (r->length > PASO_SERVE_BODY)
        paso_reply_error(reply, 413, "expected at most 4 MiB", "", "");
    else if (!is_reading(r) && !is_token(s, r->token))
        paso_reply_error(reply, 403, "expected the token of this server", "", "reload the page");
    else if (r->method == PASO_POST && !is_json(r->type))
        paso_reply_error(reply, 415, "expected application/json", "", "");
    return reply->status != 0;
}

bool paso_serve_reads(const paso_serve *s, const paso_request *r) {
    paso_reply reply = {0};
    bool refused = refuse(s, r, &reply);
    paso_reply_clear(&reply);
    return !refused && r->method == PASO_POST;
}

/* ---- the page's files ---- */

static const char *type_of(const char *path) {
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".json", "application/json"},
                                           {".wasm", "application/wasm"},
                                           {".svg", "image/svg+xml"},
                                           {".png", "image/png"},
                                           {".woff2", "font/woff2"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".webmanifest", "application/manifest+json"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i][0], dot) == 0) return types[i][1];
    return "application/octet-stream";
}

static bool show_file(const paso_serve *s, const paso_request *r, const char *path,
                      paso_reply *reply) {
    for (size_t i = 0; i < s->n_tags; i++) {
        const paso_page_tag *tag = &s->tag[i];
        if (strcmp(tag->file->path, path) != 0) continue;
        bool known = r->match && strcmp(r->match, tag->etag) == 0;
        *reply = (paso_reply){.status = known ? 304 : 200, .type = type_of(path)};
        snprintf(reply->etag, sizeof reply->etag, "%s", tag->etag);
        if (known) return true;
        reply->body = (const char *)tag->file->bytes;
        reply->length = tag->file->size;
        return true;
    }
    return false;
}

static void show_corridor(paso_serve *s, paso_reply *reply) {
    pthread_mutex_lock(&s->lock);
    paso_shown *shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    *reply = (paso_reply){.status = 200,
                          .type = "application/json",
                          .body = shown->corridor,
                          .length = strlen(shown->corridor),
                          .shown = shown,
                          .serve = s};
}

static void show_data(paso_serve *s, bool program, paso_reply *reply) {
    paso_shown *shown = paso_shown_built(s);
    *reply =
        (paso_reply){.status = 200, .type = "application/octet-stream", .shown = shown, .serve = s};
    if (!shown) {
        paso_reply_error(reply, 503, "the stored members are not ready", "", "ask again");
    } else if (shown->state == PASO_SHOWN_FAILED) {
        char text[sizeof shown->failure];
        memcpy(text, shown->failure, sizeof text);
        paso_reply_error(reply, 500, text, "", "");
    } else {
        const paso_page *page = &shown->page;
        reply->body = (const char *)(program ? page->program : page->state);
        reply->length = program ? page->n_program : page->n_state;
    }
}

static void show_claims(paso_serve *s, paso_reply *reply) {
    paso_shown *shown = paso_shown_told(s);
    const char *claims = shown ? shown->page.claims : NULL;
    *reply = (paso_reply){.status = 200, .type = "application/json", .shown = shown, .serve = s};
    if (claims) {
        reply->body = claims;
        reply->length = strlen(claims);
    } else {
        paso_reply_error(reply, 503, "the published figures are not ready", "", "ask again");
    }
}

static void show_server(paso_serve *s, paso_reply *reply) {
    pthread_mutex_lock(&s->lock);
    paso_shown *shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    json_int_t most = paso_ask_most(shown, shown->until);
    paso_shown_drop(s, shown);
    paso_reply_json(reply, 200,
                    json_pack("{s:b, s:b, s:s, s:s, s:I}", "edit", (int)s->options.edit, "save",
                              (int)s->options.save, "token", s->token, "version",
                              s->options.version, "max_members", most));
}

/* ---- addresses ---- */

static void show(paso_serve *s, const paso_request *r, paso_reply *reply) {
    const char *path = r->path + 1;
    if (strcmp(path, "api/server") == 0)
        show_server(s, reply);
    else if (strcmp(path, "api/text") == 0)
        paso_edit_text(s, reply);
    else if (strcmp(path, "data/corridor.json") == 0)
        show_corridor(s, reply);
    else if (strcmp(path, "data/program.bin") == 0)
        show_data(s, true, reply);
    else if (strcmp(path, "data/state.bin") == 0)
        show_data(s, false, reply);
    else if (strcmp(path, "data/claims.json") == 0)
        show_claims(s, reply);
    else if (!show_file(s, r, *path ? path : "index.html", reply))
        paso_reply_error(reply, 404, "no such address", "",
                         *path ? "" : "this program was built without the page");
}

static void edit(paso_serve *s, const paso_request *r, paso_reply *reply) {
    static const struct {
        const char *path;
        void (*call)(paso_serve *s, json_t *json, paso_reply *reply);
        bool saves;
    } calls[] = {{"/api/check", paso_edit_check, false},
                 {"/api/apply", paso_edit_apply, false},
                 {"/api/save", paso_edit_save, true}};
    size_t i = 0, n = sizeof calls / sizeof calls[0];
    while (i < n && strcmp(calls[i].path, r->path) != 0) i++;
    if (i == n) {
        paso_reply_error(reply, 404, "no such address", "", "");
    } else if (!s->options.edit) {
        paso_reply_error(reply, 403, "this server was started with --read-only", "", "");
    } else if (calls[i].saves && !s->options.save) {
        paso_reply_error(reply, 403, "a shipped corridor is not saved over", "",
                         "copy its folder, and serve that");
    } else {
        json_t *json = paso_json_read(r, reply);
        if (json) calls[i].call(s, json, reply);
        json_decref(json);
    }
}

void paso_serve_answer(paso_serve *s, const paso_request *r, paso_reply *reply) {
    static const char runs[] = "/api/runs/";
    *reply = (paso_reply){0};
    if (refuse(s, r, reply)) return;
    if (strncmp(r->path, runs, sizeof runs - 1) == 0)
        paso_runs_answer(s, r, r->path + sizeof runs - 1, reply);
    else if (is_reading(r) && r->path[0] == '/')
        show(s, r, reply);
    else if (r->method == PASO_POST && strcmp(r->path, "/api/runs") == 0)
        paso_runs_add(s, r, reply);
    else if (r->method == PASO_POST)
        edit(s, r, reply);
    else
        paso_reply_error(reply, 404, "no such address", "", "");
}

void paso_reply_clear(paso_reply *reply) {
    free(reply->own);
    paso_run *run = reply->events;
    paso_shown *shown = reply->shown;
    paso_serve *s = reply->serve;
    *reply = (paso_reply){0};
    if (run) {
        pthread_mutex_lock(&s->lock);
        paso_run_watch(run, false);
        pthread_mutex_unlock(&s->lock);
        paso_run_drop(s, run);
    }
    if (shown) paso_shown_drop(s, shown);
}
