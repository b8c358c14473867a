/* Published figures of a store as JSON: what --claims prints and what the page shows. */
#ifndef PASO_STORE_CLAIMS_H
#define PASO_STORE_CLAIMS_H

#include <jansson.h>

#include "store/store.h"

/* A list in the order of the observables and their claims, texts in both languages; NULL without
 * memory. `model` is null where the run did not hold all days of the claim. */
json_t *paso_store_claims_json(const paso_store *store);

#endif
