/* Which observables rest on politics under one policy: not those that merely could, but those that
 * a political lever reaches which the policy moves, or politics that no lever switches. */
#include <stdlib.h>
#include <string.h>

#include "program/compile.h"

/* Marks cells of political levers that some day before `until` find away from their default.
 * What a formula gives counts as away. */
static bool mark_moved(const paso_model *m, const paso_program *p, const paso_schedule *s,
                       int32_t until, bool *row) {
    bool *away = calloc((size_t)p->n_rows + 1, sizeof *away), *political;
    double *usual = calloc((size_t)p->n_rows + 1, sizeof *usual);
    political = calloc((size_t)p->n_rows + 1, sizeof *political);
    bool good = away && political && usual;
    for (size_t i = 0; good && i < p->lever.n; i++) {
        const paso_prog_lever *l = &p->lever.items[i];
        for (int32_t k = 0; k < l->n; k++) {
            political[l->row + k] = m->lever[i].item.layer == PASO_POLITICS;
            usual[l->row + k] = p->number.items[l->value + k];
        }
    }
    for (size_t c = 0; good && c < s->change.n && s->change.items[c].day < until; c++) {
        const paso_change *change = &s->change.items[c];
        memset(away, 0, (size_t)p->n_rows * sizeof *away);
        for (int32_t i = change->first; i < change->first + change->n; i++) {
            const paso_assignment *a = &s->assignment.items[i];
            away[a->row] = political[a->row] &&
                           (a->source >= 0 || s->number.items[a->number] != usual[a->row]);
        }
        for (int32_t i = 0; i < p->n_rows; i++) row[i] |= away[i];
    }
    free(away);
    free(political);
    free(usual);
    return good;
}

static void mark_levers(const paso_model *m, const paso_program *p, bool *row) {
    for (size_t i = 0; i < p->lever.n; i++) {
        const paso_prog_lever *l = &p->lever.items[i];
        if (m->lever[i].item.layer == PASO_POLITICS)
            memset(row + l->row, true, (size_t)l->n * sizeof *row);
    }
}

static bool is_reached(const paso_program *p, const bool *row, size_t observable) {
    const paso_prog_observable *o = &p->observable.items[observable];
    for (int32_t k = 0; k < o->n; k++)
        if (row[o->row + k]) return true;
    return false;
}

paso_status paso_program_politics(const paso_model *model, const paso_program *program,
                                  const paso_schedule *schedule, int32_t until, bool calm,
                                  bool *observable) {
    size_t n = (size_t)program->n_rows + 1;
    bool *moved = calloc(n, sizeof *moved), *could = calloc(n, sizeof *could);
    paso_status status = moved && could ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK && !mark_moved(model, program, schedule, until, moved))
        status = PASO_ERR_MEMORY;
    if (status == PASO_OK) mark_levers(model, program, could);
    if (status == PASO_OK && memchr(moved, true, n)) status = paso_program_reach(program, moved);
    if (status == PASO_OK && !calm) status = paso_program_reach(program, could);
    for (size_t i = 0; status == PASO_OK && i < program->observable.n; i++) {
        bool may = model->observable[i].rests_on & 1U << PASO_POLITICS;
        observable[i] =
            is_reached(program, moved, i) || (may && !calm && !is_reached(program, could, i));
    }
    free(moved);
    free(could);
    return status;
}
