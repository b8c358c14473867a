/* Owning a program and its schedule. Whether the engine may trust one is in check.c. */
#include "program/program.h"

#include <stdlib.h>
#include <string.h>

void paso_program_free(paso_program *p) {
    if (!p) return;
    free(p->op.items);
    free(p->pool.items);
    free(p->number.items);
    free(p->text.items);
    free(p->constant.items);
    free(p->parameter.items);
    free(p->lever.items);
    free(p->data.items);
    free(p->shock.items);
    free(p->signal.items);
    free(p->event.items);
    free(p->ring.items);
    free(p->stage.items);
    free(p->junction.items);
    free(p->exit.items);
    free(p->part.items);
    free(p->observable.items);
    free(p);
}

void paso_schedule_free(paso_schedule *s) {
    if (!s) return;
    free(s->op.items);
    free(s->pool.items);
    free(s->number.items);
    free(s->assignment.items);
    free(s->change.items);
    free(s);
}

const char *paso_program_name(const paso_program *p, int32_t name) {
    return name >= 0 && (size_t)name < p->text.n ? p->text.items + name : "?";
}
