/* Reading a store: the describing tables at once into memory, the numbers when asked for.
 * Cell -1 is the total of all cells, or the only cell. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_internal.h"

/* ---- rows ---- */

const char *paso_store_text_at(paso_store_reader *r, int column) {
    bool absent = sqlite3_column_type(r->statement, column) == SQLITE_NULL;
    const char *text = absent ? "" : (const char *)sqlite3_column_text(r->statement, column);
    if (!text) r->status = PASO_ERR_MEMORY;
    if (!text || text[0] == '\0') return "";
    text = paso_arena_text(r->store->arena, text);
    if (!text) r->status = PASO_ERR_MEMORY;
    return text ? text : "";
}

/* The label, or what stands for it. */
const char *paso_store_label_at(paso_store_reader *r, int column, const char *otherwise) {
    const char *text = paso_store_text_at(r, column);
    return text[0] != '\0' ? text : otherwise;
}

int paso_store_day_at(paso_store_reader *r, int column) {
    int day = 0;
    double fraction;
    const char *text = (const char *)sqlite3_column_text(r->statement, column);
    if (text && paso_date_parse(text, &day, &fraction) == 0) return day;
    r->status = paso_store_fail(r->store, PASO_ERR_INPUT, "expected a date, found \"%s\"",
                                text ? text : "");
    return 0;
}

/* The rows of `sql`, each put by `read_row` into an item of `size` bytes of a new array. */
void paso_store_read_rows(paso_store *store, paso_status *status, const char *sql, size_t key,
                          size_t size, void (*read_row)(paso_store_reader *r, void *item),
                          void *items, size_t *count) {
    paso_store_reader r = {
        .store = store, .statement = paso_store_prepare(store, sql), .status = *status};
    char *grown = NULL;
    size_t cap = 0, n = 0;
    if (r.statement && strchr(sql, '?')) sqlite3_bind_int64(r.statement, 1, (int64_t)key);
    while (r.status == PASO_OK && paso_store_next(store, r.statement, &r.status)) {
        if (paso_array_reserve((void **)&grown, &cap, n, 1, size) != 0) {
            r.status = PASO_ERR_MEMORY;
            break;
        }
        memset(grown + n * size, 0, size);
        read_row(&r, grown + n++ * size);
    }
    sqlite3_finalize(r.statement);
    void *kept = paso_arena_alloc(store->arena, n + 1, size);
    if (!kept) r.status = PASO_ERR_MEMORY;
    if (kept && n > 0) memcpy(kept, grown, n * size);
    free(grown);
    memcpy(items, &kept, sizeof kept);
    *count = kept ? n : 0;
    *status = r.status;
}

static void policy_row(paso_store_reader *r, void *item) {
    paso_store_policy *p = item;
    p->name = paso_store_text_at(r, 0);
    p->en = paso_store_label_at(r, 1, p->name);
    p->es = paso_store_label_at(r, 2, p->en);
    p->base = paso_store_text_at(r, 3);
    p->doc = paso_store_text_at(r, 4);
    p->doc_es = paso_store_text_at(r, 5);
    p->politics = sqlite3_column_int(r->statement, 6) != 0;
}

static void setting_row(paso_store_reader *r, void *item) {
    paso_store_setting *s = item;
    s->policy = (size_t)sqlite3_column_int64(r->statement, 0);
    s->lever = paso_store_text_at(r, 1);
    s->cell = paso_store_text_at(r, 2);
    s->day = paso_store_day_at(r, 3);
    s->value = paso_store_text_at(r, 4);
    s->unit = paso_store_text_at(r, 5);
}

static void cell_row(paso_store_reader *r, void *item) {
    paso_store_cell *c = item;
    c->name = paso_store_text_at(r, 0);
    c->en = paso_store_label_at(r, 1, c->name);
    c->es = paso_store_label_at(r, 2, c->en);
}

static void period_row(paso_store_reader *r, void *item) {
    *(int *)item = paso_store_day_at(r, 0);
}

static void observable_row(paso_store_reader *r, void *item) {
    paso_store_observable *o = item;
    o->name = paso_store_text_at(r, 0);
    o->en = paso_store_label_at(r, 1, o->name);
    o->es = paso_store_label_at(r, 2, o->en);
    o->unit = paso_store_text_at(r, 3);
    o->every = paso_store_text_at(r, 4);
    o->take = paso_store_text_at(r, 5);
    o->headline = sqlite3_column_int(r->statement, 6) != 0;
    o->total = sqlite3_column_int(r->statement, 7) != 0;
    o->layers = paso_store_text_at(r, 8);
    o->doc = paso_store_text_at(r, 9);
    o->doc_es = paso_store_text_at(r, 10);
}

static void assumption_row(paso_store_reader *r, void *item) {
    paso_store_assumption *a = item;
    a->kind = paso_store_text_at(r, 0);
    a->name = paso_store_text_at(r, 1);
    a->cell = paso_store_text_at(r, 2);
    a->en = paso_store_label_at(r, 3, a->name);
    a->es = paso_store_label_at(r, 4, a->en);
    a->value = paso_store_number(r->statement, 5);
    a->low = paso_store_number(r->statement, 6);
    a->high = paso_store_number(r->statement, 7);
    a->unit = paso_store_text_at(r, 8);
    a->layer = paso_store_text_at(r, 9);
    a->source = paso_store_text_at(r, 10);
    a->doc = paso_store_text_at(r, 11);
    a->who = paso_store_text_at(r, 12);
    a->group = paso_store_text_at(r, 13);
    a->doc_es = paso_store_text_at(r, 14);
}

static void unit_row(paso_store_reader *r, void *item) {
    paso_store_unit *u = item;
    u->name = paso_store_text_at(r, 0);
    u->es = paso_store_label_at(r, 1, u->name);
}

static void source_row(paso_store_reader *r, void *item) {
    paso_store_source *s = item;
    s->key = paso_store_text_at(r, 0);
    s->title = paso_store_text_at(r, 1);
    s->publisher = paso_store_text_at(r, 2);
    s->url = paso_store_text_at(r, 3);
}

/* ---- everything ---- */

static void load_observables(paso_store *store, paso_status *status) {
    paso_store_contents *c = &store->contents;
    paso_store_read_rows(
        store, status,
        "SELECT name, en, es, unit, every, take, headline, total, layers, doc, doc_es"
        " FROM observable ORDER BY id",
        0, sizeof *c->observable, observable_row, &c->observable, &c->n_observables);
    for (size_t i = 0; i < c->n_observables; i++) {
        paso_store_observable *o = &c->observable[i];
        paso_store_read_rows(
            store, status,
            "SELECT name, label_en, label_es FROM cell WHERE observable = ? ORDER BY id", i,
            sizeof *o->cell, cell_row, &o->cell, &o->n_cells);
        paso_store_read_rows(store, status,
                             "SELECT first_day FROM period WHERE observable = ? ORDER BY id", i,
                             sizeof *o->first_day, period_row, &o->first_day, &o->n_periods);
    }
}

static int meta_day(paso_store *store, const char *key) {
    int day = 0;
    return paso_date_parse(paso_store_meta(store, key), &day, NULL) == 0 ? day : 0;
}

paso_status paso_store_load(paso_store *store) {
    paso_store_contents *c = &store->contents;
    paso_status status = PASO_OK;
    paso_store_read_rows(store, &status,
                         "SELECT name, en, es, base, doc, doc_es, politics FROM policy ORDER BY id",
                         0, sizeof *c->policy, policy_row, &c->policy, &c->n_policies);
    paso_store_read_rows(store, &status,
                         "SELECT policy, lever, cell, date, value, unit FROM setting"
                         " ORDER BY policy, lever, cell, date, rowid",
                         0, sizeof *c->setting, setting_row, &c->setting, &c->n_settings);
    load_observables(store, &status);
    paso_store_load_claims(store, &status);
    if (status == PASO_OK) paso_store_load_rests(store, &status);
    paso_store_read_rows(store, &status, "SELECT * FROM assumption ORDER BY rowid", 0,
                         sizeof *c->assumption, assumption_row, &c->assumption, &c->n_assumptions);
    paso_store_read_rows(store, &status, "SELECT * FROM source ORDER BY key", 0, sizeof *c->source,
                         source_row, &c->source, &c->n_sources);
    paso_store_read_rows(store, &status, "SELECT name, es FROM unit", 0, sizeof *c->unit, unit_row,
                         &c->unit, &c->n_units);
    paso_store_load_shares(store, &status);
    c->n_members = strtoul(paso_store_meta(store, "members"), NULL, 10);
    c->interrupted = strcmp(paso_store_meta(store, "interrupted"), "1") == 0;
    c->from = meta_day(store, "from");
    c->until = meta_day(store, "until");
    c->now = meta_day(store, "now");
    if (status == PASO_OK) status = paso_store_status(store);
    return status == PASO_OK ? paso_store_check(store) : status;
}
