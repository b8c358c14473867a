/* What a number of a run rests on: the layers that its observable reads, and politics only where a
 * policy of the run has it on. */
#include <string.h>

#include "store/store_internal.h"

void paso_store_load_rests(paso_store *store, paso_status *status) {
    paso_store_contents *c = &store->contents;
    for (size_t p = 0; p < c->n_policies && *status == PASO_OK; p++) {
        c->policy[p].rests = paso_arena_alloc(store->arena, c->n_observables + 1, sizeof(bool));
        if (!c->policy[p].rests) *status = PASO_ERR_MEMORY;
    }
    if (*status != PASO_OK) return;
    sqlite3_stmt *get = paso_store_prepare(store, "SELECT policy, observable FROM rests");
    while (paso_store_next(store, get, status)) {
        size_t p = (size_t)sqlite3_column_int64(get, 0), o = (size_t)sqlite3_column_int64(get, 1);
        if (p < c->n_policies && o < c->n_observables) c->policy[p].rests[o] = true;
    }
    sqlite3_finalize(get);
}

bool paso_store_rests(const paso_store *store, size_t policy, size_t against, size_t observable) {
    const paso_store_policy *p = store->contents.policy;
    return p[policy].rests[observable] || p[against].rests[observable];
}

const char *paso_store_layers(const paso_store *store, size_t policy, size_t against,
                              size_t observable, char text[64]) {
    static const char *const names[] = {"accounting", "behaviour"};
    const char *could = store->contents.observable[observable].layers;
    size_t n = 0;
    text[0] = '\0';
    for (int i = 0; i < 2; i++)
        if (strstr(could, names[i]))
            n += (size_t)snprintf(text + n, 64 - n, "%s%s", n ? "," : "", names[i]);
    if (paso_store_rests(store, policy, against, observable))
        snprintf(text + n, 64 - n, "%spolitics", n ? "," : "");
    return text;
}
