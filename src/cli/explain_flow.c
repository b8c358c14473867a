/* Capacities against what comes for them: the skeleton runs to the corridor's now and a month on,
 * and limited exits are looked at day by day. Warnings are about what looks wrong from there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"

enum { DAYS = 30, MAX_WARNINGS = 64 };

/* Sums over the days, one for each group of a limited exit. */
typedef struct group_sum {
    double limit, arrives, leaves;
} group_sum;

typedef struct watch {
    const cli_explainer *e;
    const paso_program *p;
    paso_engine *engine;
    group_sum **exit; /* [exits of the program]; NULL: no limit */
    double *before;   /* rows of counts at the close of the day before, by row number */
    double *inflow;   /* [stages] sums over the days */
    double *outflow;  /* [stages] */
    int n_days;
} watch;

static double row_at(const watch *w, int32_t row) {
    return paso_engine_row(w->engine, row)[0];
}

static double operand_at(const watch *w, int32_t row, int32_t map, int32_t i) {
    if (map == PASO_MAP_ONE) return row_at(w, row);
    return row_at(w, row + (map == PASO_MAP_SAME ? i : w->p->pool.items[map + i]));
}

/* ---- one day ---- */

static double flow_of(const watch *w, const paso_prog_stage *s, int32_t cell) {
    double sum = 0;
    for (int32_t x = 0; x < s->n_exits; x++) {
        sum += row_at(w, w->p->exit.items[s->first_exit + x].flow + cell);
    }
    return sum;
}

static double arrived(const watch *w, const paso_prog_stage *s, int32_t cell) {
    if (s->junction) return row_at(w, s->inbox + cell);
    return row_at(w, s->total + cell) - w->before[s->total + cell] + flow_of(w, s, cell);
}

/* What comes for an exit: its share of those who arrive; at a junction, of those still there. */
static void watch_cell(watch *w, const paso_prog_stage *s, int32_t cell) {
    double comes = arrived(w, s, cell), left = comes;
    for (int32_t x = 0; x < s->n_exits; x++) {
        int32_t index = s->first_exit + x;
        const paso_prog_exit *exit = &w->p->exit.items[index];
        double flow = row_at(w, exit->flow + cell);
        if (w->exit[index]) {
            group_sum *g = &w->exit[index][w->p->pool.items[exit->group + cell]];
            double part =
                exit->rate.row < 0 ? 1 : operand_at(w, exit->rate.row, exit->rate.map, cell);
            g->arrives += (s->junction ? left : comes) * fmin(fmax(part, 0), 1);
            g->leaves += flow;
        }
        left -= flow;
    }
}

static void watch_stage(watch *w, int32_t index) {
    const paso_prog_stage *s = &w->p->stage.items[index];
    for (int32_t cell = 0; cell < s->n_cells; cell++) {
        w->inflow[index] += arrived(w, s, cell);
        w->outflow[index] += flow_of(w, s, cell);
        watch_cell(w, s, cell);
    }
    for (int32_t x = 0; x < s->n_exits; x++) {
        const paso_prog_exit *exit = &w->p->exit.items[s->first_exit + x];
        group_sum *g = w->exit[s->first_exit + x];
        for (int32_t k = 0; g && k < exit->n_groups; k++) {
            g[k].limit += operand_at(w, exit->limit, exit->limit_map, k);
        }
    }
}

static void keep_counts(watch *w) {
    for (size_t i = 0; i < w->p->stage.n; i++) {
        const paso_prog_stage *s = &w->p->stage.items[i];
        for (int32_t cell = 0; !s->junction && cell < s->n_cells; cell++) {
            w->before[s->total + cell] = row_at(w, s->total + cell);
        }
    }
}

static paso_status run_days(watch *w, int from, int until) {
    uint32_t member = 0;
    paso_engine_quick(w->engine, true);
    paso_status status = paso_engine_start(w->engine, 1, &member, w->p->start, w->e->m->clock_now);
    while (status == PASO_OK && paso_engine_today(w->engine) < until) {
        int day = paso_engine_today(w->engine);
        keep_counts(w);
        status = paso_engine_day(w->engine);
        if (status != PASO_OK || day < from) continue;
        for (size_t i = 0; i < w->p->stage.n; i++) watch_stage(w, (int32_t)i);
        w->n_days++;
    }
    return status;
}

/* ---- what it says ---- */

static void warn(cli_flows *flows, const char *text) {
    if (text && flows->n_warnings < MAX_WARNINGS) flows->warning[flows->n_warnings++] = text;
}

static cli_capacity capacity_of(const watch *w, size_t index) {
    const paso_prog_exit *exit = &w->p->exit.items[index];
    cli_capacity c = {.exit = paso_program_name(w->p, exit->name)};
    for (int32_t k = 0; k < exit->n_groups; k++) {
        const group_sum *g = &w->exit[index][k];
        c.limit += g->limit / w->n_days;
        c.arrives += g->arrives / w->n_days;
        c.leaves += g->leaves / w->n_days;
        double ratio = g->limit > 0 ? g->arrives / g->limit : g->arrives > 0 ? INFINITY : 0;
        c.worst = fmax(c.worst, ratio);
    }
    return c;
}

static int fuller(const void *left, const void *right) {
    const cli_capacity *a = left, *b = right;
    double x = a->limit > 0 ? a->arrives / a->limit : -1,
           y = b->limit > 0 ? b->arrives / b->limit : -1;
    if (x != y) return x < y ? 1 : -1;
    return strcmp(a->exit, b->exit);
}

/* Every way out is limited, and more come than all of them together let go. */
static void warn_growth(const watch *w, cli_flows *flows, size_t index) {
    const paso_prog_stage *s = &w->p->stage.items[index];
    double limit = 0, comes = w->inflow[index] / w->n_days;
    char a[40], b[40];
    for (int32_t x = 0; x < s->n_exits; x++) {
        const group_sum *g = w->exit[s->first_exit + x];
        if (!g) return;
        for (int32_t k = 0; k < w->p->exit.items[s->first_exit + x].n_groups; k++) {
            limit += g[k].limit / w->n_days;
        }
    }
    if (s->junction || s->n_exits == 0) return;
    const char *name = paso_program_name(w->p, s->name);
    if (comes > limit) {
        warn(flows, paso_arena_format(w->e->c->diags.arena,
                                      "%s can only grow: %s a day come, at most %s can leave", name,
                                      cli_number(comes, a), cli_number(limit, b)));
    } else if (s->n_exits == 1) {
        double worst = capacity_of(w, (size_t)s->first_exit).worst;
        if (worst <= 1) return;
        warn(flows, paso_arena_format(w->e->c->diags.arena,
                                      "%s can only grow in a part: a group has room for one in %s",
                                      name, isfinite(worst) ? cli_number(worst, a) : "none"));
    }
}

static const char *add_word(paso_arena *arena, const char *text, const char *word) {
    return paso_arena_format(arena, "%s%s%s", text ? text : "", text ? ", " : "", word);
}

static void warn_stuck(const watch *w, cli_flows *flows) {
    paso_arena *arena = w->e->c->diags.arena;
    const char *text = NULL;
    for (size_t i = 0; i < w->p->stage.n; i++) {
        const paso_prog_stage *s = &w->p->stage.items[i];
        double count = 0;
        for (int32_t cell = 0; !s->junction && cell < s->n_cells; cell++) {
            count += row_at(w, s->total + cell);
        }
        if (s->junction || w->outflow[i] > 0 || (s->n_exits > 0 && count == 0)) continue;
        text = add_word(arena, text, paso_program_name(w->p, s->name));
    }
    if (text) warn(flows, paso_arena_format(arena, "nobody leaves: %s", text));
}

/* ---- what the text alone says ---- */

static bool is_set(const paso_model *m, int lever) {
    for (int p = 0; p < m->n_policies; p++) {
        for (int i = 0; i < m->policy[p].n_settings; i++) {
            if (m->policy[p].setting[i].lever == lever) return true;
        }
    }
    return false;
}

static void warn_levers(const watch *w, cli_flows *flows) {
    const paso_model *m = w->e->m;
    paso_arena *arena = w->e->c->diags.arena;
    const char *text = NULL;
    for (int i = 0; i < m->n_levers; i++) {
        if (!is_set(m, i)) text = add_word(arena, text, m->lever[i].item.name);
    }
    if (text) warn(flows, paso_arena_format(arena, "no policy sets: %s", text));
}

static bool is_outside(const paso_model *m, double time) {
    return isfinite(time) && (time < m->clock_start || time >= m->clock_end);
}

static void warn_dates(const watch *w, cli_flows *flows) {
    const paso_model *m = w->e->m;
    for (int p = 0; p < m->n_policies; p++) {
        const paso_policy *policy = &m->policy[p];
        bool outside = is_outside(m, policy->from) || is_outside(m, policy->until);
        for (int i = 0; i < policy->n_settings; i++) {
            const paso_setting *s = &policy->setting[i];
            for (int k = 0; k < s->n_dates; k++) outside |= is_outside(m, s->time[k]);
        }
        if (!outside) continue;
        warn(flows, paso_arena_format(w->e->c->diags.arena, "policy %s has dates outside the clock",
                                      policy->item.name));
    }
}

static void warn_fault(const watch *w, cli_flows *flows) {
    const paso_fault *fault = paso_engine_fault(w->engine);
    char day[16];
    paso_date_write(fault->day, day);
    warn(flows,
         paso_arena_format(w->e->c->diags.arena, "capacities are not known: %s %s on %s",
                           fault->name < 0 ? "the run" : paso_program_name(w->p, fault->name),
                           paso_fault_text(fault->kind), day));
}

/* ---- all of it ---- */

static void watch_free(watch *w) {
    for (size_t i = 0; w->exit && i < w->p->exit.n; i++) free(w->exit[i]);
    free(w->exit);
    free(w->before);
    free(w->inflow);
    free(w->outflow);
    paso_engine_free(w->engine);
}

static paso_status watch_create(watch *w) {
    const paso_program *p = w->p;
    w->engine = paso_engine_create(p, w->e->session->run.schedule[0], 1);
    w->exit = calloc(p->exit.n + 1, sizeof(group_sum *));
    w->before = calloc((size_t)p->n_rows + 1, sizeof *w->before);
    w->inflow = calloc(p->stage.n + 1, sizeof *w->inflow);
    w->outflow = calloc(p->stage.n + 1, sizeof *w->outflow);
    if (!w->engine || !w->exit || !w->before || !w->inflow || !w->outflow) {
        return PASO_ERR_MEMORY;
    }
    for (size_t i = 0; i < p->exit.n; i++) {
        int32_t n = p->exit.items[i].n_groups;
        if (n > 0 && !(w->exit[i] = calloc((size_t)n, sizeof **w->exit))) return PASO_ERR_MEMORY;
    }
    return PASO_OK;
}

static void read_flows(const watch *w, cli_flows *flows) {
    for (size_t i = 0; i < w->p->exit.n; i++) {
        if (!w->exit[i]) continue;
        cli_capacity c = capacity_of(w, i);
        if (c.limit < 1e15) flows->capacity[flows->n_capacities++] = c;
    }
    qsort(flows->capacity, flows->n_capacities, sizeof *flows->capacity, fuller);
    for (size_t i = 0; i < w->p->stage.n; i++) warn_growth(w, flows, i);
    warn_stuck(w, flows);
}

/* The month after now; the last month of a corridor that ends with its record. */
paso_status cli_explain_flows(const cli_explainer *e, cli_flows *flows) {
    const paso_model *m = e->m;
    watch w = {.e = e, .p = e->session->run.program[0]};
    flows->until = m->clock_now + DAYS < m->clock_end ? m->clock_now + DAYS : m->clock_end;
    flows->from = flows->until - DAYS > m->clock_start ? flows->until - DAYS : m->clock_start;
    flows->capacity = paso_arena_alloc(e->c->diags.arena, w.p->exit.n + 1, sizeof *flows->capacity);
    flows->warning = paso_arena_alloc(e->c->diags.arena, MAX_WARNINGS, sizeof *flows->warning);
    paso_status status = flows->capacity && flows->warning ? watch_create(&w) : PASO_ERR_MEMORY;
    if (status == PASO_OK) {
        status = run_days(&w, flows->from, flows->until);
        flows->ran = status == PASO_OK;
        if (flows->ran) read_flows(&w, flows);
        if (status == PASO_ERR_MODEL) warn_fault(&w, flows);
        if (status == PASO_ERR_MODEL) status = PASO_OK; /* what the text says is still told */
    }
    if (status == PASO_OK) {
        warn_levers(&w, flows);
        warn_dates(&w, flows);
    }
    watch_free(&w);
    return status;
}
