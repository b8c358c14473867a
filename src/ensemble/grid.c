/* The grid of a run: which whole periods of each observable lie inside [from, until). */
#include "ensemble/ensemble.h"

#include <stdlib.h>

#include "base/calendar.h"

/* Counts the periods; fills first_day where it is given. */
static size_t periods_between(paso_period every, int32_t from, int32_t until, int32_t *first_day) {
    size_t n = 0;
    if (every == PASO_RUN) {
        if (first_day) first_day[0] = from, first_day[1] = until;
        return 1;
    }
    int day = paso_period_start(from, every);
    if (day < from) day = paso_period_next(from, every);
    for (int next; (next = paso_period_next(day, every)) <= until; day = next) {
        if (first_day) first_day[n] = day;
        n++;
    }
    if (first_day) first_day[n] = day;
    return n;
}

size_t paso_grid_periods(int every, int32_t from, int32_t until) {
    return periods_between((paso_period)every, from, until, NULL);
}

paso_status paso_grid_create(const paso_program *program, int32_t from, int32_t until,
                             paso_grid **grid) {
    paso_grid *g = calloc(1, sizeof *g);
    if (!g) return PASO_ERR_MEMORY;
    g->n_observables = program->observable.n;
    g->item = calloc(g->n_observables + 1, sizeof *g->item);
    if (!g->item) goto out;
    for (size_t o = 0; o < g->n_observables; o++) {
        const paso_prog_observable *observable = &program->observable.items[o];
        paso_period every = (paso_period)observable->every;
        struct paso_grid_item *item = &g->item[o];
        item->n_cells = (size_t)observable->n;
        item->n_periods = periods_between(every, from, until, NULL);
        item->first_day = calloc(item->n_periods + 1, sizeof *item->first_day);
        if (!item->first_day) goto out;
        periods_between(every, from, until, item->first_day);
    }
    *grid = g;
    return PASO_OK;
out:
    paso_grid_free(g);
    return PASO_ERR_MEMORY;
}

void paso_grid_free(paso_grid *grid) {
    if (!grid) return;
    for (size_t o = 0; grid->item && o < grid->n_observables; o++) free(grid->item[o].first_day);
    free(grid->item);
    free(grid);
}
