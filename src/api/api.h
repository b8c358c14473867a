/* The handles of the public library, which stand on the parts below: a corridor is a model, a run a
 * session, results a store. Contracts: include/paso. */
#ifndef PASO_API_API_H
#define PASO_API_API_H

#include <paso/paso.h>

#include "session/session.h"

struct paso_errors {
    paso_diags diags;
    char *text; /* what paso_errors_text or paso_errors_json gave last */
};

struct paso_corridor {
    paso_model *model;
};

struct paso_run {
    paso_session session;
    paso_progress_fn *progress;
    paso_stop_fn *stop;
    void *context;
    bool keep_state;
    paso_state *state; /* what the last execution kept */
};

struct paso_results {
    paso_errors *errors; /* of the store, handed on after each call */
    paso_store *store;
};

/* A handle around a store; it takes the store and its record, also on failure (NULL). */
paso_results *paso_api_results_create(paso_store *store, paso_errors *errors);
/* Moves what `from` collected to `to`. */
void paso_api_errors_move(paso_errors *to, paso_errors *from);

#endif
