/* What pages need besides numbers: where members of sets are, which mechanisms a corridor names,
 * and which items belong to them. */
#include <math.h>
#include <string.h>

#include "store/describe.h"

enum { TEXT = 512 };

static paso_status put_places(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO place VALUES(?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (int s = 0; s < model->n_sets; s++) {
        const paso_set *set = &model->set[s];
        for (int i = 0; set->lat && set->lon && i < set->n_members && status == PASO_OK; i++) {
            if (isnan(set->lat[i])) continue;
            status = paso_store_put(store, put, "ssssdd", set->item.name, set->member[i],
                                    set->en[i], set->es[i], set->lat[i], set->lon[i]);
        }
    }
    sqlite3_finalize(put);
    return status;
}

/* "comar, scenario": names are short words, so what does not fit is no corridor. */
static void join(char text[TEXT], const char *word) {
    size_t n = strlen(text);
    snprintf(text + n, TEXT - n, "%s%s", n > 0 ? ", " : "", word);
}

static paso_status put_mechanism(paso_store *store, sqlite3_stmt *put, const paso_mechanism *m) {
    char rests[TEXT] = "", sources[TEXT] = "";
    const paso_item *x = &m->item;
    for (int i = 0; i < m->n_rests; i++) join(rests, m->rests[i]->name);
    if (m->scenario) join(rests, "scenario");
    for (int i = 0; i < m->n_sources; i++) join(sources, m->source[i]);
    if (m->number == 0)
        return paso_store_put(store, put, "ssssssss", x->name, x->en, x->es, x->doc, x->doc_es,
                              NULL, NULL, NULL);
    return paso_store_put(store, put, "sssssiss", x->name, x->en, x->es, x->doc, x->doc_es,
                          (int64_t)m->number, rests, sources);
}

static paso_status put_mechanisms(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put =
        paso_store_prepare(store, "INSERT INTO mechanism VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (int i = 0; i < model->n_mechanisms && status == PASO_OK; i++)
        status = put_mechanism(store, put, &model->mechanism[i]);
    sqlite3_finalize(put);
    return status;
}

static paso_status put_effects(paso_store *store, sqlite3_stmt *put, const char *mechanism,
                               const paso_move *move) {
    paso_status status = PASO_OK;
    for (int i = 0; i < move->n_effects && status == PASO_OK; i++) {
        const paso_effect *x = &move->effect[i];
        status = paso_store_put(store, put, "ssssss", mechanism, move->text, move->to_text, x->text,
                                x->sign > 0 ? "up" : "down", x->delay_text);
    }
    return status;
}

static paso_status put_moves(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO move VALUES(?, ?, ?, ?, ?, ?)");
    paso_status status = PASO_OK;
    for (int i = 0; i < model->n_mechanisms; i++) {
        const paso_mechanism *m = &model->mechanism[i];
        for (int k = 0; k < m->n_moves && status == PASO_OK; k++)
            status = put_effects(store, put, m->item.name, &m->move[k]);
    }
    sqlite3_finalize(put);
    return status;
}

static paso_status put_tags(paso_store *store, sqlite3_stmt *put, const paso_model *model,
                            const char *kind, const paso_item *item) {
    paso_status status = PASO_OK;
    for (int i = 0; i < model->n_mechanisms && status == PASO_OK; i++)
        if (item->tags >> i & 1U)
            status =
                paso_store_put(store, put, "sss", kind, item->name, model->mechanism[i].item.name);
    return status;
}

#define PUT_ALL(kind, field, n)                                                                    \
    for (int i = 0; i < model->n && status == PASO_OK; i++)                                        \
        status = put_tags(store, put, model, kind, &model->field[i].item);

static paso_status put_all_tags(paso_store *store, const paso_model *model) {
    sqlite3_stmt *put = paso_store_prepare(store, "INSERT INTO tag VALUES(?, ?, ?)");
    paso_status status = PASO_OK;
    PUT_ALL("set", set, n_sets)
    PUT_ALL("data", data, n_data)
    PUT_ALL("parameter", parameter, n_parameters)
    PUT_ALL("lever", lever, n_levers)
    PUT_ALL("signal", signal, n_signals)
    PUT_ALL("event", event, n_events)
    PUT_ALL("stage", stage, n_stages)
    PUT_ALL("policy", policy, n_policies)
    PUT_ALL("observable", observable, n_observables)
    sqlite3_finalize(put);
    return status;
}

paso_status paso_store_describe_tags(paso_store *store, const paso_model *model) {
    paso_status status = put_places(store, model);
    if (status == PASO_OK) status = put_mechanisms(store, model);
    if (status == PASO_OK) status = put_moves(store, model);
    if (status == PASO_OK) status = put_all_tags(store, model);
    return status;
}
