/* What rests on politics, as the command marks it: not what merely could, but what a lever of
 * politics reaches that a policy, or the reader, moves from its default. */
#include <stdlib.h>

#include "page/page_internal.h"

static json_t *names_of(const paso_model *m, const bool *observable) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_observables; i++)
        if (observable[i]) paso_json_append(&list, json_string(m->observable[i].item.name));
    return list;
}

/* At any time, since the reader may run on to the clock's end. */
static json_t *rests_under(const paso_session *s, size_t policy) {
    const paso_model *m = s->model;
    bool calm, *rests = calloc((size_t)m->n_observables + 1, sizeof *rests);
    paso_status status = rests ? paso_session_is_calm(s, policy, &calm) : PASO_ERR_MEMORY;
    if (!status)
        status = paso_program_politics(m, s->program[policy], s->schedule[policy], m->clock_end,
                                       calm, rests);
    json_t *list = status ? NULL : names_of(m, rests);
    free(rests);
    return list;
}

json_t *paso_page_politics(const paso_session *s) {
    json_t *all = json_object();
    for (size_t i = 0; i < s->n_stacks; i++) {
        const char *name = s->model->n_policies > 0 ? s->stack[i].name : "";
        paso_json_set(&all, name,
                      json_pack("{s:I, s:o}", "program", (json_int_t)paso_page_program(s, i),
                                "rests", rests_under(s, i)));
    }
    return all;
}

static json_t *reached(const paso_model *m, const paso_program *p, int lever) {
    const paso_prog_lever *l = &p->lever.items[lever];
    bool *row = calloc((size_t)p->n_rows + 1, sizeof *row);
    bool *observable = calloc((size_t)m->n_observables + 1, sizeof *observable);
    bool good = row && observable;
    for (int32_t i = 0; good && i < l->n; i++) row[l->row + i] = true;
    good = good && paso_program_reach(p, row) == PASO_OK;
    for (size_t i = 0; good && i < p->observable.n; i++) {
        const paso_prog_observable *o = &p->observable.items[i];
        for (int32_t k = 0; k < o->n; k++) observable[i] |= row[o->row + k];
    }
    json_t *list = good ? names_of(m, observable) : NULL;
    free(row);
    free(observable);
    return list;
}

json_t *paso_page_reach(const paso_session *s, int lever) {
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_stacks; i++)
        if (paso_page_program(s, i) == json_array_size(list))
            paso_json_append(&list, reached(s->model, s->program[i], lever));
    return list;
}
