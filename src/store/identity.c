/* What a run is: the rows of `meta` that its command decides. Those that decide its bits are what a
 * resumed run must agree in, with the run that was begun. */
#include <stdlib.h>
#include <string.h>

#include "store/describe.h"

enum { MAX_FACTS = 24 };

typedef struct fact {
    const char *key, *value; /* NULL: not said */
    bool decides;            /* another value may give other bits */
} fact;

typedef struct facts {
    paso_arena *arena;
    fact item[MAX_FACTS];
    size_t n;
} facts;

static void add(facts *f, const char *key, const char *value, bool decides) {
    if (f->n < MAX_FACTS) f->item[f->n++] = (fact){key, value, decides};
}

static void add_count(facts *f, const char *key, uint64_t value, bool decides) {
    add(f, key, paso_arena_format(f->arena, "%llu", (unsigned long long)value), decides);
}

static void add_day(facts *f, const char *key, int day, bool decides) {
    char text[16];
    paso_date_write(day, text);
    add(f, key, paso_arena_text(f->arena, text), decides);
}

static const char *join_policies(paso_arena *arena, const paso_store_run *run) {
    const char *text = "";
    for (size_t p = 0; text && p < run->plan->n_policies; p++) {
        text = paso_arena_format(arena, "%s%s%s", text, p ? ", " : "", run->stack[p].name);
    }
    return text;
}

/* One hash for each program; policies that switch nothing off share one. */
static const char *join_hashes(paso_arena *arena, const paso_plan *plan) {
    const char *text = "";
    for (size_t p = 0; text && plan->program && p < plan->n_policies; p++) {
        bool told = false;
        char hex[65];
        for (size_t q = 0; q < p; q++) told |= plan->program[q] == plan->program[p];
        if (told) continue;
        paso_program_hash(plan->program[p], hex);
        text = paso_arena_format(arena, "%s%s%s", text, p ? " " : "", hex);
    }
    return text;
}

static void collect(facts *f, const paso_model *model, const paso_store_run *run) {
    const paso_plan *plan = run->plan;
    add(f, "corridor", model->name, true);
    add(f, "title_en", model->title_en, false);
    add(f, "title_es", model->title_es, false);
    add(f, "corridor_hash", model->hash, true);
    add(f, "version", run->version, true);
    add(f, "git", run->git, true);
    add(f, "command", run->command, false);
    add_day(f, "from", plan->from, true);
    add_day(f, "until", plan->until, true);
    add_day(f, "now", model->clock_now, false);
    add(f, "policies", join_policies(f->arena, run), true);
    add(f, "options", run->options ? run->options : "", true);
    add(f, "program_hash", join_hashes(f->arena, plan), true);
    add_count(f, "seed", plan->seed, true);
    add_count(f, "first_member", plan->first_member, true);
    add_count(f, "members_planned", plan->n_members, true);
    add_count(f, "lanes", plan->lanes, false);
    add_count(f, "threads", plan->threads, false);
    add_count(f, "quick", plan->quick, true);
}

static bool is_count(const char *key) {
    static const char *const counts[] = {"seed",  "first_member", "members_planned",
                                         "lanes", "threads",      "quick"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (strcmp(counts[i], key) == 0) return true;
    }
    return false;
}

paso_status paso_store_describe_run(paso_store *store, const paso_model *model,
                                    const paso_store_run *run) {
    facts f = {.arena = store->arena};
    collect(&f, model, run);
    paso_status status = paso_store_put_count(store, "format", PASO_STORE_FORMAT);
    for (size_t i = 0; i < f.n && status == PASO_OK; i++) {
        const fact *x = &f.item[i];
        status = is_count(x->key)
                     ? paso_store_put_count(store, x->key, strtoull(x->value, NULL, 10))
                     : paso_store_put_meta(store, x->key, x->value);
    }
    return status;
}

static const char *shown(const char *value) {
    return value && value[0] ? value : "nothing";
}

paso_status paso_store_same_run(paso_store *store, const paso_model *model,
                                const paso_store_run *run) {
    facts f = {.arena = store->arena};
    collect(&f, model, run);
    paso_status status = PASO_OK;
    for (size_t i = 0; i < f.n; i++) {
        const fact *x = &f.item[i];
        const char *begun = paso_store_meta(store, x->key);
        if (!x->decides || strcmp(begun, x->value ? x->value : "") == 0) continue;
        status = paso_store_fail(store, PASO_ERR_INPUT, "%s: the run was begun with %s, found %s",
                                 x->key, shown(begun), shown(x->value));
    }
    return status;
}
