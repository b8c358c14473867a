/* JSON that is whole or not there. */
#include "base/json.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static void keep(json_t **to, int failed) {
    if (!failed) return;
    json_decref(*to);
    *to = NULL;
}

/* Jansson refuses a value that is NULL, and frees one that it could not take. */
void paso_json_set(json_t **to, const char *key, json_t *value) {
    keep(to, json_object_set_new(*to, key, value));
}

void paso_json_append(json_t **to, json_t *value) {
    keep(to, json_array_append_new(*to, value));
}

/* ---- writing ---- */

typedef struct text {
    char *at;
    size_t n, cap;
    bool failed; /* once and for all: jansson does not always look at what `add` returns */
} text;

static int add(const char *piece, size_t n, void *context) {
    text *t = context;
    if (!t->failed && t->n + n + 1 > t->cap) {
        size_t cap = 2 * (t->n + n + 1);
        char *more = realloc(t->at, cap);
        t->failed = more == NULL;
        if (more) t->at = more;
        if (more) t->cap = cap;
    }
    if (t->failed) return -1;
    memcpy(t->at + t->n, piece, n);
    t->n += n;
    t->at[t->n] = '\0';
    return 0;
}

char *paso_json_write(const json_t *json, size_t flags) {
    text t = {0};
    if (json && json_dump_callback(json, add, &t, flags) == 0 && !t.failed) return t.at;
    free(t.at);
    return NULL;
}
