/* Writing a run that no corridor describes: what a reader would find is given as it would be read.
 * Samples and the end are those of any run. */
#include <stdlib.h>

#include "store/describe.h"

static paso_status put_policies(paso_store *store, const paso_store_contents *about) {
    sqlite3_stmt *put =
        paso_store_prepare(store, "INSERT INTO policy VALUES(?, ?, ?, ?, ?, ?, ?, 0)");
    paso_status status = PASO_OK;
    for (size_t i = 0; i < about->n_policies && status == PASO_OK; i++) {
        const paso_store_policy *p = &about->policy[i];
        status = paso_store_put(store, put, "issssss", (int64_t)i, p->name, p->en, p->es, p->base,
                                p->doc, p->doc_es);
    }
    sqlite3_finalize(put);
    return status;
}

static paso_status put_cells(paso_store *store, const paso_store_observable *o, size_t id) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO cell VALUES(?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (size_t i = 0; i < o->n_cells && status == PASO_OK; i++) {
        status = paso_store_put(store, put, "iisss", (int64_t)id, (int64_t)i, o->cell[i].name,
                                o->cell[i].en, o->cell[i].es);
    }
    sqlite3_finalize(put);
    return status;
}

static paso_status put_periods(paso_store *store, const paso_store_observable *o, size_t id) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO period VALUES(?, ?, ?)");
    paso_status status = PASO_OK;
    for (size_t k = 0; k < o->n_periods && status == PASO_OK; k++) {
        char day[16];
        paso_date_write(o->first_day[k], day);
        status = paso_store_put(store, put, "iis", (int64_t)id, (int64_t)k, day);
    }
    sqlite3_finalize(put);
    return status;
}

static paso_status put_observables(paso_store *store, const paso_store_contents *about) {
    sqlite3_stmt *put = paso_store_prepare(
        store, "INSERT INTO observable VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (size_t i = 0; i < about->n_observables && status == PASO_OK; i++) {
        const paso_store_observable *o = &about->observable[i];
        status = paso_store_put(store, put, "issssssiisss", (int64_t)i, o->name, o->en, o->es,
                                o->unit, o->every, o->take, (int64_t)o->headline, (int64_t)o->total,
                                o->layers, o->doc, o->doc_es);
        if (status == PASO_OK) status = put_cells(store, o, i);
        if (status == PASO_OK) status = put_periods(store, o, i);
    }
    sqlite3_finalize(put);
    return status;
}

static paso_status put_units(paso_store *store, const paso_store_contents *about) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO unit VALUES(?, ?)");
    paso_status status = PASO_OK;
    for (size_t i = 0; i < about->n_units && status == PASO_OK; i++)
        status = paso_store_put(store, put, "ss", about->unit[i].name, about->unit[i].es);
    sqlite3_finalize(put);
    return status;
}

static paso_status put_facts(paso_store *store, const paso_store_contents *about,
                             const paso_store_facts *facts) {
    const char *const pairs[][2] = {{"corridor", facts->name},     {"title_en", facts->title},
                                    {"title_es", facts->title_es}, {"version", facts->version},
                                    {"git", facts->git},           {"command", facts->command},
                                    {"options", facts->options}};
    const struct {
        const char *key;
        int day;
    } days[] = {{"from", about->from}, {"until", about->until}, {"now", about->now}};
    paso_status status = paso_store_put_count(store, "format", PASO_STORE_FORMAT);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs && status == PASO_OK; i++)
        status = paso_store_put_meta(store, pairs[i][0], pairs[i][1]);
    for (size_t i = 0; i < sizeof days / sizeof *days && status == PASO_OK; i++) {
        char text[16];
        paso_date_write(days[i].day, text);
        status = paso_store_put_meta(store, days[i].key, text);
    }
    if (status == PASO_OK) status = paso_store_put_count(store, "seed", facts->seed);
    if (status == PASO_OK) status = paso_store_put_count(store, "first_member", 0);
    if (status == PASO_OK) status = paso_store_put_count(store, "members_planned", facts->members);
    return status;
}

static paso_status prepare(paso_store *store, const paso_store_contents *about) {
    store->factor = calloc(about->n_observables + 1, sizeof *store->factor);
    for (size_t i = 0; i < about->n_observables; i++) {
        size_t n = about->observable[i].n_cells * about->observable[i].n_periods;
        if (n > store->n_scaled) store->n_scaled = n;
        if (store->factor) store->factor[i] = 1;
    }
    store->scaled = calloc(store->n_scaled + 1, sizeof *store->scaled);
    return store->factor && store->scaled ? PASO_OK : PASO_ERR_MEMORY;
}

paso_status paso_store_begin_plain(paso_store *store, const paso_store_contents *about,
                                   const paso_store_facts *facts) {
    char started[32];
    paso_store_now(started);
    store->n_members_planned = (uint32_t)facts->members;
    paso_status status = prepare(store, about);
    if (status == PASO_OK) status = paso_store_do(store, "BEGIN");
    if (status == PASO_OK) status = put_facts(store, about, facts);
    if (status == PASO_OK) status = paso_store_put_meta(store, "started", started);
    if (status == PASO_OK) status = put_policies(store, about);
    if (status == PASO_OK) status = put_observables(store, about);
    if (status == PASO_OK) status = put_units(store, about);
    if (status == PASO_OK) status = paso_store_do(store, "COMMIT");
    return status == PASO_OK ? paso_store_begin_samples(store) : status;
}

paso_status paso_store_observe(paso_store *store, size_t observable, size_t cell,
                               const paso_store_point *point, size_t n) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO observed VALUES(?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (size_t i = 0; i < n && status == PASO_OK; i++) {
        char day[16];
        paso_date_write(point[i].first_day, day);
        status = paso_store_put(store, put, "iisd", (int64_t)observable, (int64_t)cell, day,
                                point[i].value);
    }
    sqlite3_finalize(put);
    return status;
}
