/* What a corridor and a run say about themselves, as rows of the store. Inside src/store only. */
#ifndef PASO_STORE_DESCRIBE_H
#define PASO_STORE_DESCRIBE_H

#include "store/store_internal.h"

paso_status paso_store_put_meta(paso_store *store, const char *key, const char *value);
paso_status paso_store_put_count(paso_store *store, const char *key, uint64_t value);
void paso_store_now(char text[32]); /* "2024-01-04T12:00:00Z" */
paso_status paso_store_begin_samples(paso_store *store);
paso_status paso_store_describe_run(paso_store *store, const paso_model *model,
                                    const paso_store_run *run);
paso_status paso_store_describe_policies(paso_store *store, const paso_model *model,
                                         const paso_store_run *run);
paso_status paso_store_describe_observables(paso_store *store, const paso_model *model,
                                            const paso_grid *grid);
paso_status paso_store_describe_assumptions(paso_store *store, const paso_model *model);
paso_status paso_store_describe_claims(paso_store *store, const paso_model *model);
/* Places, mechanisms and tags (tags.c). */
paso_status paso_store_describe_tags(paso_store *store, const paso_model *model);

#endif
