/* A Flee run as a store, so that report, export and compare work on it: each settings file is a
 * policy; people in each camp, in all camps and everywhere, and the error, day by day. */
#include <stdlib.h>
#include <string.h>

#include "cli/flee.h"
#include "cli/table.h"

enum { IN_CAMP, IN_CAMPS, PEOPLE, NORMAL, RESCALED, N_OBSERVABLES };

static const paso_store_observable observables[N_OBSERVABLES] = {
    {.name = "in_camp",
     .en = "People in camp",
     .es = "Personas en el campamento",
     .unit = "people",
     .take = "last",
     .headline = true,
     .doc = "People in each camp at the end of the day, against the count of the day.",
     .doc_es = "Personas en cada campamento al final del día, frente al recuento del día."},
    {.name = "in_camps",
     .en = "People in all camps",
     .es = "Personas en todos los campamentos",
     .unit = "people",
     .take = "last",
     .headline = true,
     .doc = "The camps' sum.",
     .doc_es = "La suma de los campamentos."},
    {.name = "people",
     .en = "People in the simulation",
     .es = "Personas en la simulación",
     .unit = "people",
     .take = "last",
     .doc = "In camps, in other places and on the way.",
     .doc_es = "En campamentos, en otros lugares y en camino."},
    {.name = "error_normal",
     .en = "Error (normal)",
     .es = "Error (normal)",
     .unit = "per person counted",
     .take = "mean",
     .headline = true,
     .doc = "Differences of the camps from their counts, summed without sign, by the people "
            "counted. The mean over days is Flee's error (normal).",
     .doc_es =
         "Diferencias de los campamentos frente a sus recuentos, sumadas sin signo, entre las "
         "personas contadas. La media de los días es el error (normal) de Flee."},
    {.name = "error_rescaled",
     .en = "Error (rescaled)",
     .es = "Error (reescalado)",
     .unit = "per person counted",
     .take = "mean",
     .headline = true,
     .doc = "The same after scaling the simulated camps to the people counted.",
     .doc_es = "Lo mismo tras escalar los campamentos simulados a las personas contadas."}};

static paso_store_unit units[] = {{"people", "personas"},
                                  {"per person counted", "por persona contada"}};

/* ---- what the store says of itself ---- */

static paso_status describe(cli *c, const cli_flee_run *run, size_t n, paso_store_contents *about) {
    const paso_flee_scenario *s = run[0].s;
    paso_arena *arena = c->diags.arena;
    size_t days = (size_t)s->days;
    paso_store_policy *policy = paso_arena_alloc(arena, n, sizeof *policy);
    paso_store_observable *o = paso_arena_alloc(arena, N_OBSERVABLES, sizeof *o);
    paso_store_cell *cell = paso_arena_alloc(arena, s->n_camps + 1, sizeof *cell);
    int *day = paso_arena_alloc(arena, days, sizeof *day);
    static paso_store_cell whole = {.name = "", .en = "", .es = ""};
    if (!policy || !o || !cell || !day) return PASO_ERR_MEMORY;
    for (size_t t = 0; t < days; t++) day[t] = s->start + (int)t;
    for (size_t i = 0; i < s->n_camps; i++) {
        const char *name = s->place[s->camp[i]].name;
        cell[i] = (paso_store_cell){.name = name, .en = name, .es = name};
    }
    for (size_t i = 0; i < n; i++) policy[i] = (paso_store_policy){.name = run[i].s->settings_name};
    for (size_t i = 0; i < N_OBSERVABLES; i++) {
        o[i] = observables[i];
        o[i].every = "day";
        o[i].layers = "";
        o[i].cell = i == IN_CAMP ? cell : &whole;
        o[i].n_cells = i == IN_CAMP ? s->n_camps : 1;
        o[i].first_day = day;
        o[i].n_periods = days;
    }
    *about = (paso_store_contents){.policy = policy,
                                   .n_policies = n,
                                   .observable = o,
                                   .n_observables = N_OBSERVABLES,
                                   .unit = units,
                                   .n_units = 2,
                                   .from = s->start,
                                   .until = s->start + s->days,
                                   .now = s->start};
    return PASO_OK;
}

/* ---- numbers ---- */

static void take(const paso_flee_result *r, size_t observable, size_t cell, bool data,
                 double *value) {
    for (size_t t = 0; t < (size_t)r->days; t++) {
        const double *camp = (data ? r->data : r->in_camp) + t * r->n_camps;
        value[t] = 0;
        if (observable == IN_CAMP) value[t] = camp[cell];
        if (observable == PEOPLE) value[t] = r->people[t];
        if (observable == IN_CAMPS)
            for (size_t i = 0; i < r->n_camps; i++) value[t] += camp[i];
        if (observable == NORMAL || observable == RESCALED)
            value[t] = paso_flee_day_error(r, t, observable == RESCALED);
    }
}

static paso_status put_counts(paso_store *store, const cli_flee_run *run, double *value) {
    size_t days = (size_t)run->s->days, cells = run->s->n_camps;
    paso_status status = PASO_OK;
    paso_store_point *point = calloc(days + 1, sizeof *point);
    if (!point) return PASO_ERR_MEMORY;
    for (size_t i = 0; i <= cells && status == PASO_OK; i++) {
        size_t observable = i < cells ? IN_CAMP : IN_CAMPS;
        take(&run->result[0], observable, i, true, value);
        for (size_t t = 0; t < days; t++)
            point[t] = (paso_store_point){run->s->start + (int)t, value[t]};
        status = paso_store_observe(store, observable, i < cells ? i : 0, point, days);
    }
    free(point);
    return status;
}

static paso_status put_member(paso_store *store, const cli_flee_run *run, size_t policy,
                              uint32_t member, double *value) {
    size_t days = (size_t)run->s->days;
    paso_status status = PASO_OK;
    for (size_t o = 0; o < N_OBSERVABLES && status == PASO_OK; o++) {
        size_t cells = o == IN_CAMP ? run->s->n_camps : 1;
        for (size_t i = 0; i < cells; i++)
            take(&run->result[member], o, i, false, value + i * days);
        status = paso_store_sample(store, policy, member, o, value, cells * days);
    }
    return status;
}

static paso_status put_members(paso_store *store, const cli_flee_run *run, size_t n,
                               double *value) {
    paso_status status = PASO_OK;
    for (size_t m = 0; m < run[0].n && status == PASO_OK; m++)
        for (size_t p = 0; p < n && status == PASO_OK; p++)
            status = put_member(store, &run[p], p, (uint32_t)m, value);
    return status;
}

static const char *options_of(cli *c) {
    const cli_args *a = &c->args;
    const char *text = paso_arena_format(c->diags.arena, "--hasten %llu%s",
                                         (unsigned long long)a->hasten, a->fixed ? " --fixed" : "");
    return text ? text : "";
}

paso_status cli_flee_fill(cli *c, const cli_flee_run *run, size_t n, paso_store **store) {
    paso_store_contents about;
    const char *title =
        paso_arena_format(c->diags.arena, "%s: people in camps against counts", run[0].s->name);
    const char *title_es = paso_arena_format(
        c->diags.arena, "%s: personas en campamentos frente a los recuentos", run[0].s->name);
    paso_store_facts facts = {.name = run[0].s->name,
                              .title = title ? title : "",
                              .title_es = title_es ? title_es : "",
                              .version = PASO_VERSION,
                              .git = PASO_GIT,
                              .command = c->line,
                              .options = options_of(c),
                              .seed = c->args.seed,
                              .members = run[0].n};
    double wall = 0,
           *value = calloc((run[0].s->n_camps + 1) * (size_t)run[0].s->days, sizeof *value);
    paso_status status = value ? describe(c, run, n, &about) : PASO_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) wall += run[i].wall;
    if (status == PASO_OK) status = paso_store_begin_plain(*store, &about, &facts);
    if (status == PASO_OK) status = put_counts(*store, &run[0], value);
    if (status == PASO_OK) status = put_members(*store, run, n, value);
    if (status == PASO_OK) status = paso_store_end(*store, false, 0, wall);
    free(value);
    if (status == PASO_OK) return PASO_OK;
    paso_store_close(*store);
    *store = NULL;
    return status;
}

/* ---- paso compare ---- */

static paso_status check_compare(cli *c) {
    if (c->args.policy.n > 0)
        return cli_usage(c, "as in --settings a.yml --settings b.yml",
                         "a Flee folder has no policies; settings files are compared");
    if (c->args.split)
        return cli_usage(c, NULL,
                         "--split is for corridors: a Flee folder has no parameters in doubt");
    if (c->args.settings.n < 2)
        return cli_usage(c, "as in --settings a.yml --settings b.yml",
                         "expected two settings files or more for a Flee folder");
    return PASO_OK;
}

paso_status cli_flee_compare(cli *c) {
    cli_flee_run run[CLI_MAX_LIST] = {{0}};
    paso_store *store = NULL;
    size_t n = c->args.settings.n;
    int format = cli_format(c, "text|csv|json");
    paso_status status = format < 0 ? PASO_ERR_USAGE : check_compare(c);
    if (status != PASO_OK) return status;
    status = paso_store_create(c->args.out, c->args.force, &c->diags, &store);
    if (status == PASO_OK) status = cli_flee_run_all(c, run, n);
    if (status == PASO_OK) status = cli_flee_fill(c, run, n, &store);
    if (status != PASO_OK || !c->args.quiet) paso_diags_print(&c->diags, stderr, false);
    if (status == PASO_OK) status = cli_table_pairs(store, format, c->args.all);
    if (status == PASO_OK && c->args.out)
        cli_say(c, "wrote %s; next: %s report %s\n", c->args.out, c->argv[0], c->args.out);
    paso_store_close(store);
    cli_flee_clear(run, n);
    return status;
}
