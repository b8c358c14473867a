/* Published figures of a store as JSON, in both languages. */
#include "store/claims.h"

#include <math.h>

#include "base/json.h"

static json_t *both(const char *en, const char *es) {
    return json_pack("{s:s, s:s}", "en", en, "es", es);
}

static json_t *number_of(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *model_of(const paso_summary *s) {
    if (isnan(s->band[2])) return json_null();
    return json_pack("{s:f, s:f, s:f, s:f}", "mean", s->mean, "q05", s->band[0], "q50", s->band[2],
                     "q95", s->band[4]);
}

static json_t *claim_of(const paso_store_observable *o, const paso_store_claim *c, bool political) {
    char first[16], last[16];
    paso_date_write(c->first_day, first);
    paso_date_write(c->last_day, last);
    return json_pack("{s:s, s:o, s:s, s:s, s:s, s:b, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:b}",
                     "observable", o->name, "label", both(o->en, o->es), "unit", o->unit,
                     "first_day", first, "last_day", last, "total", (int)c->total, "says", c->says,
                     "by", both(c->by, c->by_es), "said", both(c->said, c->said_es), "series",
                     number_of(c->record), "seen", both(c->seen, c->seen_es), "why",
                     both(c->why, c->why_es), "model", model_of(&c->model), "politics",
                     (int)political);
}

json_t *paso_store_claims_json(const paso_store *store) {
    const paso_store_contents *c = paso_store_read(store);
    json_t *all = json_array();
    for (size_t i = 0; i < c->n_observables; i++) {
        const paso_store_observable *o = &c->observable[i];
        bool political = paso_store_rests(store, 0, 0, i);
        for (size_t k = 0; k < o->n_claims; k++)
            paso_json_append(&all, claim_of(o, &o->claim[k], political));
    }
    return all;
}
