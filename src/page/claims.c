/* claims.json: published figures beside the record and what members give over the same days, which
 * mostly lie before those that the page runs. */
#include <stdlib.h>

#include "page/page_internal.h"
#include "store/claims.h"

static paso_status write_claims(const char *hash, size_t members, json_t *policy, json_t *claims,
                                char **text) {
    json_t *all = json_pack("{s:o, s:I, s:o, s:o}", "hash", paso_page_text(hash), "members",
                            (json_int_t)members, "policy", policy, "claims", claims);
    *text = paso_json_write(all, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(all);
    return *text ? PASO_OK : PASO_ERR_MEMORY;
}

static paso_status write_store(const paso_store *store, const char *hash, char **text) {
    const paso_store_contents *c = paso_store_read(store);
    const paso_store_policy *p = &c->policy[0];
    return write_claims(hash, c->n_members, paso_page_label(p->en, p->es, p->name),
                        paso_store_claims_json(store), text);
}

static paso_status run_claims(paso_session *s, const paso_page_options *options, paso_diags *diags,
                              char **text, paso_fault *fault) {
    paso_session_hooks hooks = {.stop = options->stop, .context = options->context};
    paso_store *store = NULL;
    double seconds;
    paso_status status = paso_session_compile(s, diags);
    if (!status) status = paso_session_plan(s, diags);
    if (!status) status = paso_session_begin(s, NULL, false, diags, &store);
    if (!status) status = paso_session_run(s, store, &hooks, fault, &seconds);
    if (!status) status = write_store(store, s->model->hash, text);
    paso_session_drop(store, status);
    return status;
}

/* Under the policy that a run has by itself, as the command does. */
paso_status paso_page_claims(paso_model *model, const paso_page_options *options, paso_diags *diags,
                             char **text, paso_fault *fault) {
    paso_session s;
    *text = NULL;
    paso_status status = paso_session_init(&s, model);
    bool any = paso_session_claim_days(&s) && options->n_members > 0;
    s.seed = options->seed;
    s.n_members = options->n_members;
    s.threads = options->threads;
    if (!status && any) status = run_claims(&s, options, diags, text, fault);
    if (!status && !any) status = write_claims(model->hash, 0, json_null(), json_array(), text);
    paso_session_clear(&s);
    return status;
}
