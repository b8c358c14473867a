/* Warnings: what is legal but looks like a mistake. Given only when there are
 * no errors, which would make many of them false. */
#include <string.h>

#include "corridor/model_internal.h"

static void warn_unused(paso_reader *r, paso_section section) {
    for (size_t i = 0; i < r->section[section].n; i++) {
        const paso_entry *e = &r->section[section].items[i];
        if (!e->used)
            paso_warn(r->diags, "unused", e->mark, e->path, NULL, "%s is never used", e->node->key);
    }
}

static bool is_entered(const paso_model *m, int stage) {
    if (m->stage[stage].enters != NULL) return true;
    for (int i = 0; i < m->n_stages; i++) {
        for (int k = 0; k < m->stage[i].n_exits; k++) {
            if (m->stage[i].exit[k].to == stage) return true;
        }
    }
    return false;
}

static void warn_stages(paso_reader *r) {
    const paso_model *m = r->model;
    for (int i = 0; i < m->n_stages; i++) {
        const paso_entry *e = paso_entry_of(r, PASO_IN_STAGES, i);
        bool counted = m->stage[i].start != NULL; /* a stock that only drains is no mistake */
        if (!is_entered(m, i) && !(counted && m->stage[i].n_exits > 0))
            paso_warn(r->diags, "stage", e->mark, e->path, NULL, "nothing enters this stage");
    }
}

void paso_check_warnings(paso_reader *r) {
    if (r->diags->n_errors > 0) return;
    for (int s = PASO_IN_MECHANISMS; s <= PASO_IN_EVENTS; s++) warn_unused(r, (paso_section)s);
    warn_stages(r);
}
