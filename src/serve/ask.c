/* A request for a run, checked against the corridor before it may wait: policies, levers, cells,
 * bounds, days and members. Every mistake is told with its place in the request. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "serve/serve_internal.h"

typedef struct asker {
    const paso_shown *shown;
    const paso_model *model;
    paso_reply *reply;
} asker;

__attribute__((format(printf, 4, 5))) static bool wrong(const asker *a, const char *path,
                                                        const char *hint, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    paso_reply_error(a->reply, 400, text, path, hint ? hint : "");
    return false;
}

/* ---- values ---- */

/* A cut text must end between two characters, or it would be no JSON. */
static const char *shown_word(const char *word, char text[80]) {
    size_t n = strlen(word);
    if (n > 60) {
        n = 60;
        while (n > 0 && ((unsigned char)word[n] & 0xC0) == 0x80) n--;
    }
    snprintf(text, 80, "%.*s", (int)n, word);
    return text;
}

static const char *text_at(const asker *a, json_t *o, const char *key, const char *path) {
    json_t *value = json_object_get(o, key);
    if (json_is_string(value)) return json_string_value(value);
    wrong(a, path, NULL, "expected a text");
    return NULL;
}

static bool whole_at(const asker *a, json_t *o, const char *key, json_int_t most,
                     json_int_t *number) {
    json_t *value = json_object_get(o, key);
    *number = json_integer_value(value);
    if (json_is_integer(value) && *number >= 1 && *number <= most) return true;
    return wrong(a, key, NULL, "expected a whole number from 1 to %lld", (long long)most);
}

static bool day_at(const asker *a, json_t *o, const char *key, const char *path, int32_t *day) {
    char word[80];
    const char *text = text_at(a, o, key, path);
    if (!text) return false;
    if (strlen(text) == 10 && paso_date_parse(text, day, NULL) == 0) return true;
    return wrong(a, path, NULL, "expected a date such as 2024-11-05, found \"%s\"",
                 shown_word(text, word));
}

static bool seed_at(const asker *a, json_t *o, uint64_t *seed) {
    const char *text = text_at(a, o, "seed", "seed");
    char *end;
    if (!text) return false;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    if (isdigit((unsigned char)*text) && *end == '\0' && errno == 0) return true;
    return wrong(a, "seed", NULL, "expected a whole number below 2^64 as a text");
}

/* ---- names ---- */

static bool unknown(const asker *a, const char *path, const char *what, const char *name,
                    const char *const *names, size_t n) {
    char word[80], hint[128] = "";
    const char *nearest = paso_nearest(name, names, n);
    if (nearest) snprintf(hint, sizeof hint, "did you mean %.80s?", nearest);
    return wrong(a, path, hint, "no %s \"%s\"", what, shown_word(name, word));
}

static bool find_policy(const asker *a, const char *name, const char *path, uint32_t *policy) {
    const paso_model *m = a->model;
    int found = paso_policy_find(m, name);
    *policy = found < 0 ? 0 : (uint32_t)found;
    /* A corridor without policies has one without settings, which has no name. */
    if (found >= 0 || (m->n_policies == 0 && *name == '\0')) return true;
    const char **names = calloc((size_t)m->n_policies + 1, sizeof *names);
    for (int i = 0; names && i < m->n_policies; i++) names[i] = m->policy[i].item.name;
    unknown(a, path, "policy", name, names, names ? (size_t)m->n_policies : 0);
    free(names);
    return false;
}

static bool find_lever(const asker *a, const char *name, const char *path, uint32_t *lever) {
    const paso_model *m = a->model;
    for (*lever = 0; *lever < (uint32_t)m->n_levers; ++*lever)
        if (strcmp(m->lever[*lever].item.name, name) == 0) return true;
    const char **names = calloc((size_t)m->n_levers + 1, sizeof *names);
    for (int i = 0; names && i < m->n_levers; i++) names[i] = m->lever[i].item.name;
    unknown(a, path, "lever", name, names, names ? (size_t)m->n_levers : 0);
    free(names);
    return false;
}

static bool find_cell(const asker *a, const paso_lever *lever, const char *name, const char *path,
                      uint32_t *cell) {
    char text[256], word[80], hint[300];
    uint32_t n = (uint32_t)paso_shape_cells(a->model, lever->item.shape);
    for (*cell = 0; *cell < n; ++*cell)
        if (strcmp(paso_cell_write(a->model, lever->item.shape, (int)*cell, text, sizeof text),
                   name) == 0)
            return true;
    paso_cell_write(a->model, lever->item.shape, 0, text, sizeof text);
    snprintf(hint, sizeof hint, *text ? "such as \"%s\"" : "its cell is \"\"%s", text);
    return wrong(a, path, hint, "no cell \"%s\" of %s", shown_word(name, word), lever->item.name);
}

/* ---- a side ---- */

static bool read_value(const asker *a, json_t *o, const paso_lever *lever, const char *path,
                       double *value) {
    json_t *number = json_object_get(o, "value");
    double factor = lever->item.unit.factor, given = json_number_value(number);
    if (!json_is_number(number)) return wrong(a, path, NULL, "expected a number");
    *value = given * factor;
    if (*value >= lever->bound[0] && *value <= lever->bound[1]) return true;
    return wrong(a, path, NULL, "expected %.6g to %.6g %s, found %.6g", lever->bound[0] / factor,
                 lever->bound[1] / factor, lever->item.unit_text ? lever->item.unit_text : "",
                 given);
}

static bool read_change(const asker *a, json_t *o, const char *path, paso_ask_step *step) {
    static const char *const keys[] = {"lever", "cell", "from", "value", NULL};
    char at[4][96];
    const paso_model *m = a->model;
    if (!paso_json_keys(o, path, keys, a->reply)) return false;
    for (int i = 0; i < 4; i++) snprintf(at[i], sizeof at[i], "%s.%s", path, keys[i]);
    const char *lever = text_at(a, o, "lever", at[0]);
    if (!lever || !find_lever(a, lever, at[0], &step->lever)) return false;
    const char *cell = text_at(a, o, "cell", at[1]);
    if (!cell || !find_cell(a, &m->lever[step->lever], cell, at[1], &step->cell)) return false;
    if (!day_at(a, o, "from", at[2], &step->day)) return false;
    if (step->day < m->clock_start || step->day >= m->clock_end)
        return wrong(a, at[2], NULL, "expected a day of the corridor's clock");
    return read_value(a, o, &m->lever[step->lever], at[3], &step->value);
}

static bool read_changes(const asker *a, json_t *list, const char *path, paso_ask_side *side) {
    char at[64];
    if (!json_is_array(list)) return wrong(a, path, NULL, "expected a list");
    size_t n = json_array_size(list);
    if (n > PASO_SERVE_CHANGES)
        return wrong(a, path, NULL, "expected at most %d changes, found %zu",
                     (int)PASO_SERVE_CHANGES, n);
    side->step = calloc(n + 1, sizeof *side->step);
    if (!side->step) paso_reply_json(a->reply, 500, NULL);
    if (!side->step) return false;
    for (; side->n_steps < n; side->n_steps++) {
        snprintf(at, sizeof at, "%s[%zu]", path, side->n_steps);
        if (!read_change(a, json_array_get(list, side->n_steps), at, &side->step[side->n_steps]))
            return false;
    }
    return true;
}

static bool read_side(const asker *a, json_t *all, const char *name, paso_ask_side *side) {
    static const char *const keys[] = {"policy", "changes", NULL};
    char policy[32], changes[32];
    json_t *o = json_object_get(all, name);
    if (!paso_json_keys(o, name, keys, a->reply)) return false;
    snprintf(policy, sizeof policy, "%s.policy", name);
    snprintf(changes, sizeof changes, "%s.changes", name);
    const char *word = text_at(a, o, "policy", policy);
    if (!word || !find_policy(a, word, policy, &side->policy)) return false;
    return read_changes(a, json_object_get(o, "changes"), changes, side);
}

/* ---- the whole ---- */

size_t paso_ask_width(const paso_model *m, int32_t from, int32_t until) {
    size_t n = 0;
    for (int i = 0; i < m->n_observables; i++) {
        const paso_observable *o = &m->observable[i];
        size_t cells = (size_t)paso_shape_cells(m, o->item.shape);
        n += cells * paso_grid_periods((int)o->every, from, until);
    }
    return n;
}

uint32_t paso_ask_most(const paso_shown *shown, int32_t until) {
    size_t pair = 2 * sizeof(double) * (paso_ask_width(shown->model, shown->from, until) + 1);
    size_t most = PASO_SERVE_BYTES / pair;
    return most < PASO_SERVE_MEMBERS ? (uint32_t)most : PASO_SERVE_MEMBERS;
}

static bool read_until(const asker *a, json_t *json, int32_t *until) {
    char first[16], last[16];
    if (!day_at(a, json, "until", "until", until)) return false;
    if (*until > a->shown->from && *until <= a->model->clock_end) return true;
    paso_date_write(a->shown->from + 1, first);
    paso_date_write(a->model->clock_end, last);
    return wrong(a, "until", NULL, "expected a day from %s to %s", first, last);
}

/* A page that was opened before an edit would take the answer for one of its own corridor. */
static bool is_same_corridor(const asker *a, json_t *json) {
    const char *hash = json_object_get(json, "hash") ? text_at(a, json, "hash", "hash") : NULL;
    if (hash && strcmp(hash, a->model->hash) != 0)
        paso_reply_error(a->reply, 409, "the corridor was changed since this page was opened", "",
                         "reload the page");
    return a->reply->status == 0;
}

static bool read_all(const asker *a, json_t *json, paso_ask *ask) {
    static const char *const keys[] = {"base",  "other", "members", "seed",
                                       "until", "first", "?hash",   NULL};
    json_int_t members, first;
    if (!paso_json_keys(json, "", keys, a->reply) || !is_same_corridor(a, json)) return false;
    if (!read_side(a, json, "base", &ask->side[0])) return false;
    if (!read_side(a, json, "other", &ask->side[1])) return false;
    if (!seed_at(a, json, &ask->seed) || !read_until(a, json, &ask->until)) return false;
    if (!whole_at(a, json, "members", paso_ask_most(a->shown, ask->until), &members)) return false;
    ask->members = (uint32_t)members;
    return whole_at(a, json, "first", PASO_SERVE_MEMBERS, &first);
}

bool paso_ask_read(const paso_shown *shown, json_t *json, paso_ask *ask, paso_reply *reply) {
    asker a = {.shown = shown, .model = shown->model, .reply = reply};
    *ask = (paso_ask){0};
    if (read_all(&a, json, ask)) return true;
    paso_ask_clear(ask);
    return false;
}

void paso_ask_clear(paso_ask *ask) {
    for (int i = 0; i < 2; i++) free(ask->side[i].step);
    *ask = (paso_ask){0};
}
