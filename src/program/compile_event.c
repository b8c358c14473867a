/* Events: what starts them, how large they are and how long they last. They read opening stocks and
 * yesterday's signals, because their code runs before the signals are recomputed. */
#include <stdlib.h>

#include "program/compile_internal.h"
#include "random/random.h"

void paso_declare_events(paso_compiler *c) {
    for (int i = 0; i < c->model->n_events; i++) {
        c->item = &c->model->event[i].item;
        c->event_row[i] =
            paso_compile_rows(c, 2 * (int64_t)paso_shape_cells(c->model, c->item->shape));
    }
}

static paso_prog_drawn compile_drawn(paso_compiler *c, int law, const paso_expr *value,
                                     const paso_expr *sd, paso_shape shape) {
    paso_prog_drawn out = {.law = (int32_t)law};
    out.value = paso_compile_kept(c, value, shape);
    out.sd = paso_compile_kept(c, sd, shape);
    return out;
}

static int32_t push_sizes(paso_compiler *c, const paso_event *event) {
    int32_t at = (int32_t)c->program->number.n;
    for (int i = 0; i < event->n_dates; i++)
        if (PASO_PUSH(&c->program->number, event->date_size[i])) c->status = PASO_ERR_MEMORY;
    return at;
}

static void compile_event(paso_compiler *c, int index) {
    const paso_event *event = &c->model->event[index];
    paso_shape shape = event->item.shape;
    if (paso_compile_is_off(c, &event->item)) return;
    c->item = &event->item;
    paso_prog_event out = {.hash = (int32_t)paso_name_hash(event->item.name),
                           .n = paso_shape_cells(c->model, shape),
                           .row = c->event_row[index],
                           .n_dates = event->n_dates};
    out.name = paso_compile_text(c, event->item.name);
    out.left = out.row + out.n;
    c->block = PASO_BLOCK_EVENT;
    out.rate = paso_compile_kept(c, event->rate, shape);
    out.size = compile_drawn(c, event->size_law, event->size, event->size_sd, shape);
    out.lasts = compile_drawn(c, event->lasts_law, event->lasts, event->lasts_sd, shape);
    out.chance_from = event->has_dates ? c->model->clock_facts + 1 : c->model->clock_start;
    out.date = paso_compile_pool(c, event->date, (size_t)event->n_dates);
    out.date_size = push_sizes(c, event);
    if (PASO_PUSH(&c->program->event, out)) c->status = PASO_ERR_MEMORY;
    c->n_temps = 0;
}

void paso_compile_events(paso_compiler *c) {
    for (int i = 0; i < c->model->n_events; i++) compile_event(c, i);
}
