/* Published figures: what was said, what the attached series says over the same days, and what the
 * first policy gives in each member, watched while the run goes through those days. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/describe.h"

/* ---- what a run must watch ---- */

static size_t count_claims(const paso_model *model) {
    size_t n = 0;
    for (int i = 0; i < model->n_observables; i++) n += (size_t)model->observable[i].n_claims;
    return n;
}

paso_watch *paso_store_watches(const paso_model *model, size_t *n) {
    paso_watch *watch = calloc(count_claims(model) + 1, sizeof *watch);
    *n = 0;
    for (int i = 0; watch && i < model->n_observables; i++) {
        const paso_observable *o = &model->observable[i];
        for (int k = 0; k < o->n_claims; k++) {
            const paso_claim *claim = &o->claim[k];
            watch[(*n)++] = (paso_watch){.observable = (size_t)i,
                                         .total = paso_observable_adds_up(model, o),
                                         .from = claim->total ? model->clock_start : claim->when,
                                         .until = claim->when_end};
        }
    }
    return watch;
}

/* ---- the claims themselves ---- */

/* A series of the store over the days of a claim, as the observable takes them. */
typedef struct record {
    double sum, last;
    size_t n;
    int next; /* the day after the last point */
} record;

static double record_of(const paso_observable *o, const paso_claim *claim, const record *r) {
    if (r->n == 0 || r->next < claim->when_end) return NAN;
    return o->take == PASO_SUM ? r->sum : o->take == PASO_LAST ? r->last : r->sum / (double)r->n;
}

static const char cell_query[] =
    "SELECT first_day, value FROM observed WHERE observable = ? AND cell = 0 ORDER BY 1";
/* Cells that the series never reports count as nothing: Mexicans do not ask for asylum in Mexico.
 */
static const char total_query[] =
    "SELECT first_day, sum(value) FROM observed WHERE observable = ?1 AND cell >= 0"
    " GROUP BY 1 HAVING count(*) = (SELECT count(DISTINCT cell) FROM observed"
    " WHERE observable = ?1 AND cell >= 0) ORDER BY 1";

/* Not a number where the series does not reach from the first to the last day. */
static double read_record(paso_store *store, const paso_observable *o, size_t id, bool total,
                          const paso_claim *claim, paso_status *status) {
    record r = {.next = claim->when};
    sqlite3_stmt *get = paso_store_prepare(store, total ? total_query : cell_query);
    if (get) sqlite3_bind_int64(get, 1, (int64_t)id);
    while (paso_store_next(store, get, status)) {
        int day = 0;
        const char *text = (const char *)sqlite3_column_text(get, 0);
        if (!text || paso_date_parse(text, &day, NULL) != 0 || day >= claim->when_end) continue;
        if (!claim->total && day < claim->when) continue;
        r.sum += r.last = sqlite3_column_double(get, 1);
        r.next = paso_period_next(day, o->every);
        r.n++;
    }
    sqlite3_finalize(get);
    return record_of(o, claim, &r);
}

static paso_status put_claim(paso_store *store, sqlite3_stmt *put, const paso_model *model,
                             size_t id, size_t observable, const paso_claim *c) {
    const paso_observable *o = &model->observable[observable];
    char first[16], last[16];
    paso_status status = PASO_OK;
    double seen = read_record(store, o, observable, paso_observable_adds_up(model, o), c, &status);
    paso_date_write(c->when, first);
    paso_date_write(c->when_end - 1, last);
    if (status != PASO_OK) return status;
    return paso_store_put(store, put, "iidssissssssssssd", (int64_t)id, (int64_t)observable,
                          c->says / o->item.unit.factor, first, last, (int64_t)c->total, c->by.en,
                          c->doc.en, c->by.es, c->doc.es, c->said.en, c->said.es, c->seen.en,
                          c->seen.es, c->why.en, c->why.es, seen);
}

paso_status paso_store_describe_claims(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(
        store, "INSERT INTO claim VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
               " NULL, NULL, NULL, NULL, NULL, NULL)");
    paso_status status = PASO_OK;
    size_t id = 0;
    for (int i = 0; i < model->n_observables; i++)
        for (int k = 0; k < model->observable[i].n_claims && status == PASO_OK; k++)
            status = put_claim(store, put, model, id++, (size_t)i, &model->observable[i].claim[k]);
    sqlite3_finalize(put);
    return status;
}

/* ---- members ---- */

paso_status paso_store_watched(void *context, uint32_t member, const double *value) {
    paso_store *store = context;
    paso_status status = PASO_OK;
    size_t claim = 0;
    for (int i = 0; i < store->model->n_observables; i++) {
        const paso_observable *o = &store->model->observable[i];
        for (int k = 0; k < o->n_claims && status == PASO_OK; k++, claim++)
            status = paso_store_put(store, store->claimed, "iid", (int64_t)claim, (int64_t)member,
                                    value[claim] / o->item.unit.factor);
    }
    return status;
}

/* Of one claim, in the order of members. False where one has no number. */
static bool read_values(paso_store *store, size_t claim, double *value, size_t *n,
                        paso_status *status) {
    sqlite3_stmt *get =
        paso_store_prepare(store, "SELECT value FROM claimed WHERE claim = ? ORDER BY member");
    size_t room = store->contents.n_members;
    bool good = true;
    if (get) sqlite3_bind_int64(get, 1, (int64_t)claim);
    for (*n = 0; *n < room && paso_store_next(store, get, status);) {
        value[*n] = paso_store_number(get, 0);
        good &= !isnan(value[(*n)++]);
    }
    sqlite3_finalize(get);
    return good && *n > 0;
}

paso_status paso_store_end_claims(paso_store *store) {
    const paso_store_contents *c = &store->contents;
    double *value = calloc(c->n_members + 1, sizeof *value);
    sqlite3_stmt *put = paso_store_prepare(store, "UPDATE claim SET mean = ?, q05 = ?, q25 = ?,"
                                                  " q50 = ?, q75 = ?, q95 = ? WHERE id = ?");
    paso_status status = !value ? PASO_ERR_MEMORY : put ? PASO_OK : paso_store_failed(store);
    size_t id = 0, n = 0;
    for (size_t i = 0; i < c->n_observables; i++) {
        for (size_t k = 0; k < c->observable[i].n_claims && status == PASO_OK; k++, id++) {
            if (!read_values(store, id, value, &n, &status) || status != PASO_OK) continue;
            paso_summary s = c->observable[i].claim[k].model = paso_summarise(value, n);
            status = paso_store_put(store, put, "ddddddi", s.mean, s.band[0], s.band[1], s.band[2],
                                    s.band[3], s.band[4], (int64_t)id);
        }
    }
    sqlite3_finalize(put);
    free(value);
    return status;
}

/* ---- reading ---- */

static void claim_row(paso_store_reader *r, void *item) {
    paso_store_claim *c = item;
    c->says = sqlite3_column_double(r->statement, 2);
    c->first_day = paso_store_day_at(r, 3);
    c->last_day = paso_store_day_at(r, 4);
    c->total = sqlite3_column_int(r->statement, 5) != 0;
    c->by = paso_store_text_at(r, 6);
    c->doc = paso_store_text_at(r, 7);
    c->by_es = paso_store_label_at(r, 8, c->by);
    c->doc_es = paso_store_label_at(r, 9, c->doc);
    c->said = paso_store_text_at(r, 10);
    c->said_es = paso_store_text_at(r, 11);
    c->seen = paso_store_text_at(r, 12);
    c->seen_es = paso_store_text_at(r, 13);
    c->why = paso_store_text_at(r, 14);
    c->why_es = paso_store_text_at(r, 15);
    c->record = paso_store_number(r->statement, 16);
    c->model.mean = paso_store_number(r->statement, 17);
    for (int i = 0; i < PASO_N_BANDS; i++)
        c->model.band[i] = paso_store_number(r->statement, 18 + i);
}

void paso_store_load_claims(paso_store *store, paso_status *status) {
    for (size_t i = 0; i < store->contents.n_observables; i++) {
        paso_store_observable *o = &store->contents.observable[i];
        paso_store_read_rows(store, status, "SELECT * FROM claim WHERE observable = ? ORDER BY id",
                             i, sizeof *o->claim, claim_row, &o->claim, &o->n_claims);
    }
}
