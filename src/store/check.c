/* Whether what a store says of itself holds together. A file that comes from elsewhere may say
 * anything; whoever reads the contents afterwards asks no more questions. */
#include <string.h>

#include "store/store_internal.h"

static bool is_one_of(const char *word, const char *const *words) {
    while (*words && strcmp(*words, word) != 0) words++;
    return *words != NULL;
}

static const char *wrong_with_observable(const paso_store_observable *o) {
    static const char *const takes[] = {"sum", "mean", "last", "any", "first", NULL};
    paso_period every;
    if (o->n_cells == 0) return "an observable without cells";
    bool whole_run = strcmp(o->every, paso_period_name(PASO_RUN)) == 0;
    if (!whole_run && paso_period_parse(o->every, &every) != 0)
        return "an observable without a period";
    if (!is_one_of(o->take, takes)) return "an observable taken in an unknown way";
    for (size_t k = 1; k < o->n_periods; k++) {
        if (o->first_day[k] <= o->first_day[k - 1]) return "periods in another order";
    }
    for (size_t i = 0; i < o->n_claims; i++) {
        if (o->claim[i].last_day < o->claim[i].first_day) return "a claim that ends too early";
    }
    return NULL;
}

static const char *wrong_with(const paso_store_contents *c) {
    const char *wrong = NULL;
    if (c->n_policies == 0) return "no policy";
    if (c->until <= c->from) return "no days";
    for (size_t i = 0; i < c->n_settings; i++) {
        if (c->setting[i].policy >= c->n_policies) return "a setting of no policy";
    }
    for (size_t i = 0; i < c->n_observables && !wrong; i++) {
        wrong = wrong_with_observable(&c->observable[i]);
    }
    return wrong;
}

/* Room is made for all members at once: there cannot be more than the file has bytes for. */
static const char *wrong_with_members(paso_store *store, paso_status *status) {
    sqlite3_stmt *get = paso_store_prepare(
        store, "SELECT page_count * page_size / 4 FROM pragma_page_count, pragma_page_size");
    bool more = false;
    if (paso_store_next(store, get, status))
        more = store->contents.n_members > (uint64_t)sqlite3_column_int64(get, 0);
    sqlite3_finalize(get);
    return more ? "more members than it has room for" : NULL;
}

paso_status paso_store_check(paso_store *store) {
    paso_status status = PASO_OK;
    const char *wrong = wrong_with(&store->contents);
    if (!wrong) wrong = wrong_with_members(store, &status);
    if (!wrong) return status;
    return paso_store_fail(store, PASO_ERR_INPUT, "expected a whole store, found %s", wrong);
}
