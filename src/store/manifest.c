/* The manifest of an exported table: everything that is needed to make the same table again, and
 * what its columns mean. */
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "store/export.h"
#include "store/store_internal.h"

typedef struct column {
    const char *name, *type, *says;
} column;

static const column meanings[] = {
    {"policy", "text", "the policy of the run"},
    {"observable", "text", "what is reported"},
    {"cell", "text", "set=member, empty for a total or where there is one"},
    {"date", "date", "first day of the period"},
    {"statistic", "text", "mean, or a quantile over the members: q05 is the 5 % point"},
    {"value", "number", "in the unit of its observable; empty: no number"},
    {"unit", "text", "unit of the value"},
    {"origin_date", "date", "first day of the run"},
    {"scenario_id", "text", "the policy of the run"},
    {"location", "text", "set=member, or all"},
    {"target", "text", "what is reported"},
    {"horizon", "integer", "periods from the one that holds origin_date, which is 1"},
    {"target_end_date", "date", "last day of the period"},
    {"output_type", "text", "quantile or mean"},
    {"output_type_id", "text", "level of the quantile; NA for the mean"}};

/* Jansson refuses a value that found no memory, so that a failure anywhere shows here. */
static void set(json_t *to, const char *key, json_t *value, bool *failed) {
    *failed |= json_object_set_new(to, key, value) != 0;
}

static void append(json_t *list, json_t *value, bool *failed) {
    *failed |= json_array_append_new(list, value) != 0;
}

static json_t *describe_columns(const char *const *name, size_t n, bool *failed) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof meanings / sizeof *meanings; k++) {
            if (strcmp(meanings[k].name, name[i]) != 0) continue;
            append(list,
                   json_pack("{s:s, s:s, s:s}", "name", name[i], "type", meanings[k].type, "says",
                             meanings[k].says),
                   failed);
        }
    }
    return list;
}

static json_t *list_observables(const paso_store_contents *c, bool *failed) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_observables; i++) {
        const paso_store_observable *o = &c->observable[i];
        append(list,
               json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", o->name, "en", o->en, "unit", o->unit,
                         "every", o->every, "take", o->take),
               failed);
    }
    return list;
}

static json_t *list_policies(const paso_store_contents *c, bool *failed) {
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_policies; i++) {
        append(list, json_string(c->policy[i].name), failed);
    }
    return list;
}

/* Which observables are scenario, not estimate, and under which policies. */
static json_t *list_politics(const paso_store_contents *c, bool *failed) {
    json_t *all = json_object();
    for (size_t p = 0; p < c->n_policies; p++) {
        if (!c->policy[p].politics) continue;
        json_t *list = json_array();
        for (size_t o = 0; o < c->n_observables; o++)
            if (c->policy[p].rests[o]) append(list, json_string(c->observable[o].name), failed);
        set(all, c->policy[p].name, list, failed);
    }
    return all;
}

static void add_texts(paso_store *store, json_t *to, bool *failed) {
    static const char *const keys[] = {"version", "git",   "corridor", "corridor_hash", "options",
                                       "from",    "until", "now",      "started",       "finished"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        set(to, keys[i], json_string(paso_store_meta(store, keys[i])), failed);
    }
    set(to, "program_hash", json_string(paso_store_meta(store, "program_hash")), failed);
}

paso_status paso_store_manifest(paso_store *store, const char *file, const char *format,
                                const char *command, FILE *out) {
    bool hubverse = strcmp(format, "hubverse") == 0;
    const paso_store_contents *c = &store->contents;
    char created[32];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "file", file, "format", format, "created", created,
                  "command", paso_store_meta(store, "command"), "export_command", command);
    if (!all) return PASO_ERR_MEMORY;
    bool failed = false;
    add_texts(store, all, &failed);
    /* As text: JSON's numbers end at 2^53 in many readers. */
    set(all, "seed", json_string(paso_store_meta(store, "seed")), &failed);
    set(all, "members", json_integer((json_int_t)c->n_members), &failed);
    set(all, "interrupted", json_boolean(c->interrupted), &failed);
    set(all, "policies", list_policies(c, &failed), &failed);
    set(all, "on_politics", list_politics(c, &failed), &failed);
    set(all, "columns",
        hubverse ? describe_columns(paso_hubverse_columns, PASO_N_HUBVERSE, &failed)
                 : describe_columns(paso_tidy_columns, PASO_N_TIDY, &failed),
        &failed);
    set(all, "observables", list_observables(c, &failed), &failed);
    if (failed || paso_store_status(store) != PASO_OK) {
        json_decref(all);
        return PASO_ERR_MEMORY;
    }
    int bad = json_dumpf(all, out, JSON_INDENT(2));
    json_decref(all);
    if (bad != 0 && !ferror(out)) return PASO_ERR_MEMORY;
    if (bad == 0 && fputc('\n', out) != EOF && fflush(out) == 0) return PASO_OK;
    return paso_store_fail(store, PASO_ERR_IO, "the manifest could not be written");
}
