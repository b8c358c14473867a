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
    if (c->n_members > UINT32_MAX) return "more members than numbers for them";
    if (c->until <= c->from) return "no days";
    for (size_t i = 0; i < c->n_settings; i++) {
        if (c->setting[i].policy >= c->n_policies) return "a setting of no policy";
    }
    for (size_t i = 0; i < c->n_observables && !wrong; i++) {
        wrong = wrong_with_observable(&c->observable[i]);
    }
    return wrong;
}

paso_status paso_store_check(paso_store *store) {
    const char *wrong = wrong_with(&store->contents);
    if (!wrong) return PASO_OK;
    return paso_store_fail(store, PASO_ERR_INPUT, "expected a whole store, found %s", wrong);
}
