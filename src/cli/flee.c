/* paso flee: a Flee scenario folder as it stands: members, the error of Flee's own validation, camp
 * curves, and settings files against each other in pairs. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/flee.h"
#include "cli/table.h"
#include "ensemble/summary.h"

enum { TEXT, JSON, CSV };

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool cli_flee_is_folder(const cli *c, const char *place) {
    if (!place || c->args.input || c->args.settings.n > 0) return place != NULL;
    const char *inputs = paso_arena_format(c->diags.arena, "%s/input_csv", place);
    return inputs && access(inputs, F_OK) == 0;
}

void cli_flee_clear(cli_flee_run *run, size_t n) {
    for (size_t i = 0; i < n; i++) {
        for (size_t m = 0; run[i].result && m < run[i].n; m++)
            paso_flee_result_clear(&run[i].result[m]);
        free(run[i].result);
        paso_flee_free(run[i].s);
    }
}

static paso_status run_one(cli *c, const char *settings, cli_flee_run *run) {
    const cli_args *args = &c->args;
    paso_flee_source source = {.folder = args->place,
                               .settings = settings,
                               .input = args->input,
                               .data = args->data,
                               .days = (int)args->days,
                               .hasten = (double)args->hasten,
                               .fixed = args->fixed};
    char why[200] = "";
    double start = seconds();
    paso_status status = paso_flee_read(&source, &c->diags, &run->s);
    if (status != PASO_OK) return status;
    run->n = args->members;
    run->result = calloc(run->n, sizeof *run->result);
    if (!run->result) return PASO_ERR_MEMORY;
    status = paso_flee_members(run->s, args->seed, 0, run->n, (int)args->threads, run->result, why);
    run->wall = seconds() - start;
    if (status == PASO_ERR_MODEL) fprintf(stderr, "paso flee: %s: %s\n", run->s->name, why);
    return status;
}

/* ---- numbers ---- */

static paso_summary errors_of(const cli_flee_run *run, bool rescaled, double *sd) {
    double *value = calloc(run->n + 1, sizeof *value), square = 0;
    paso_summary summary = {.mean = (double)NAN};
    *sd = 0;
    if (!value) return summary;
    for (size_t m = 0; m < run->n; m++) {
        const paso_flee_result *r = &run->result[m];
        value[m] = rescaled ? r->error_rescaled : r->error_normal;
    }
    summary = paso_summarise(value, run->n);
    for (size_t m = 0; m < run->n; m++)
        square += (value[m] - summary.mean) * (value[m] - summary.mean);
    if (run->n > 1) *sd = sqrt(square / (double)(run->n - 1));
    free(value);
    return summary;
}

static paso_flee_camp camp_of(const cli_flee_run *run, size_t camp) {
    paso_flee_camp sum = {0}, one = {0};
    for (size_t m = 0; m < run->n; m++) {
        paso_flee_camp_error(&run->result[m], camp, &one);
        sum.sim += one.sim / (double)run->n;
        sum.difference += one.difference / (double)run->n;
        sum.share += one.share / (double)run->n;
    }
    sum.data = one.data;
    return sum;
}

/* ---- text ---- */

static void print_row(const char *name, const double *value, size_t n) {
    char text[40];
    cli_pad(stdout, name, -24);
    for (size_t i = 0; i < n; i++) {
        putchar(' ');
        cli_pad(stdout, cli_number(value[i], text), 11);
    }
}

static void print_text(const cli_flee_run *run) {
    const paso_flee_scenario *s = run->s;
    double sd, normal, rescaled;
    char people[40];
    printf("%s, %s: %zu places, %zu routes, %d days, %zu member%s\n\n", s->name, s->settings_name,
           s->n_places, s->n_routes, s->days, run->n, run->n == 1 ? "" : "s");
    printf("%-24s %11s %11s %11s %11s\n", "camp, means over days", "simulated", "counted",
           "difference", "of error");
    for (size_t i = 0; i < s->n_camps; i++) {
        paso_flee_camp camp = camp_of(run, i);
        double value[3] = {camp.sim, camp.data, camp.difference};
        print_row(s->place[s->camp[i]].name, value, 3);
        printf(" %11.4f\n", camp.share);
    }
    rescaled = errors_of(run, true, &sd).mean;
    normal = errors_of(run, false, &sd).mean;
    printf("\nerror_normal %.4f", normal);
    if (run->n > 1) printf(" (sd %.4f)", sd);
    printf(", error_rescaled %.4f; %s people on the last day, %.2f s\n", rescaled,
           cli_number(run->result[0].people[s->days - 1], people), run->wall);
}

/* ---- JSON ---- */

static json_t *numbers(const double *value, size_t n, size_t step) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, json_real(value[i * step]));
    return list;
}

/* Bands of one camp over members, day by day. band [days]. */
static paso_status bands_of(const cli_flee_run *run, size_t camp, paso_summary *band) {
    double *value = calloc(run->n + 1, sizeof *value);
    if (!value) return PASO_ERR_MEMORY;
    for (size_t t = 0; t < (size_t)run->s->days; t++) {
        for (size_t m = 0; m < run->n; m++)
            value[m] = run->result[m].in_camp[t * run->s->n_camps + camp];
        band[t] = paso_summarise(value, run->n);
    }
    free(value);
    return PASO_OK;
}

static json_t *curves_of(const cli_flee_run *run) {
    const paso_flee_scenario *s = run->s;
    size_t days = (size_t)s->days, step = sizeof(paso_summary) / sizeof(double);
    json_t *list = json_array();
    paso_summary *band = calloc(days, sizeof *band);
    for (size_t i = 0; band && i < s->n_camps; i++) {
        if (bands_of(run, i, band) != PASO_OK) break;
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o, s:o}", "name",
                                              s->place[s->camp[i]].name, "data",
                                              numbers(run->result[0].data + i, days, s->n_camps),
                                              "mean", numbers(&band[0].mean, days, step), "q05",
                                              numbers(&band[0].band[0], days, step), "q95",
                                              numbers(&band[0].band[4], days, step)));
    }
    free(band);
    return list;
}

static paso_status print_json(const cli_flee_run *run, bool curves) {
    const paso_flee_scenario *s = run->s;
    double sd, none;
    paso_summary normal = errors_of(run, false, &sd), rescaled = errors_of(run, true, &none);
    json_t *o = json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:f, s:f, s:f, s:f, s:f, s:b}",
                          "scenario", s->name, "settings", s->settings_name, "days", s->days,
                          "locations", (int)s->n_places, "routes", (int)s->n_routes, "members",
                          (int)run->n, "people_end", run->result[0].people[s->days - 1],
                          "error_normal", normal.mean, "error_normal_sd", sd, "error_rescaled",
                          rescaled.mean, "wall_seconds", run->wall, "fixed", (int)s->fixed);
    if (!o) return PASO_ERR_MEMORY;
    if (curves) json_object_set_new(o, "camps", curves_of(run));
    json_dumpf(o, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(o);
    return PASO_OK;
}

/* ---- the command ---- */

static paso_status show(cli *c, const cli_flee_run *run, int format) {
    if (format == JSON) return print_json(run, c->args.curves);
    if (format == TEXT) print_text(run);
    if (format == CSV) paso_flee_write_csv(stdout, run->s, &run->result[0]);
    return PASO_OK;
}

static paso_status check_usage(const cli *c, int format) {
    if (format == CSV && (c->args.members > 1 || c->args.settings.n > 1))
        return cli_usage(c, "leave out --members, or use --format json --curves",
                         "--format csv prints Flee's out.csv of one member");
    return PASO_OK;
}

/* Settings files that tell of other camps, days or divisors are other scenarios. */
static paso_status check_alike(const cli *c, const cli_flee_run *a, const cli_flee_run *b) {
    const paso_flee_scenario *x = a->s, *y = b->s;
    bool alike = x->n_camps == y->n_camps && x->days == y->days && x->set.hasten == y->set.hasten;
    for (size_t i = 0; alike && i < x->n_camps; i++) alike = x->camp[i] == y->camp[i];
    if (alike) return PASO_OK;
    return cli_usage(c, x->set.hasten != y->set.hasten ? "--hasten N gives both the same" : NULL,
                     "%s and %s cannot be compared: %zu and %zu camps, hasten %g and %g",
                     x->settings_name, y->settings_name, x->n_camps, y->n_camps, x->set.hasten,
                     y->set.hasten);
}

/* Files of one name in two folders are told by their paths. */
static void name_apart(const cli *c, cli_flee_run *run, size_t n) {
    bool same = false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            same |= strcmp(run[i].s->settings_name, run[k].s->settings_name) == 0;
    for (size_t i = 0; same && i < n; i++) run[i].s->settings_name = c->args.settings.item[i];
}

paso_status cli_flee_run_all(cli *c, cli_flee_run *run, size_t n) {
    const cli_args *args = &c->args;
    paso_status status = PASO_OK;
    if (args->members < 1 || args->members > 100000)
        status = cli_usage(c, NULL, "--members: expected 1 to 100,000");
    else if (args->days > 40000)
        status = cli_usage(c, NULL, "--days: expected at most 40,000");
    for (size_t i = 0; i < n && status == PASO_OK; i++) {
        status = run_one(c, args->settings.n ? args->settings.item[i] : NULL, &run[i]);
        if (status == PASO_OK && i > 0) status = check_alike(c, &run[0], &run[i]);
    }
    if (status == PASO_OK && n > 1) name_apart(c, run, n);
    return status;
}

static paso_status show_all(cli *c, const cli_flee_run *run, size_t n, int format) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < n && run[i].s && status == PASO_OK; i++) {
        if (i > 0 && format == TEXT) putchar('\n');
        status = show(c, &run[i], format);
    }
    return status;
}

/* The store is there before the run, so that a name that is taken costs no time. */
static paso_status run_and_show(cli *c, cli_flee_run *run, size_t n, int format) {
    bool stored = c->args.out || (n > 1 && format == TEXT);
    paso_store *store = NULL;
    paso_status status = PASO_OK;
    if (stored) status = paso_store_create(c->args.out, c->args.force, &c->diags, &store);
    if (status == PASO_OK) status = cli_flee_run_all(c, run, n);
    if (status == PASO_OK) status = show_all(c, run, n, format);
    if (status == PASO_OK && stored) status = cli_flee_fill(c, run, n, &store);
    if (status == PASO_OK && n > 1 && format == TEXT) {
        putchar('\n');
        status = cli_table_pairs(store, 0, false);
    }
    paso_store_close(store);
    return status;
}

static paso_status run_flee(cli *c) {
    cli_flee_run run[CLI_MAX_LIST] = {{0}};
    size_t n = c->args.settings.n > 0 ? c->args.settings.n : 1;
    int format = cli_format(c, "text|json|csv");
    paso_status status = format < 0 ? PASO_ERR_USAGE : check_usage(c, format);
    if (status != PASO_OK) return status;
    c->args.place = cli_corridor(c, c->args.place);
    if (!c->args.place) return PASO_ERR_INPUT;
    status = run_and_show(c, run, n, format);
    if (status != PASO_OK || !c->args.quiet) paso_diags_print(&c->diags, stderr, false);
    if (status == PASO_OK && c->args.out)
        cli_say(c, "wrote %s; next: %s report %s\n", c->args.out, c->argv[0], c->args.out);
    cli_flee_clear(run, n);
    return status;
}

static const cli_option flee_options[] = {
    CLI_FLEE_OPTIONS,
    CLI_MEMBERS("1"),
    CLI_SEED,
    CLI_OUT("store to write, as for paso report"),
    {"curves", 0, CLI_FLAG, NULL, NULL, "with json: every camp day by day", CLI_OPTION(curves)},
    CLI_THREADS,
    CLI_FORMAT("text|json|csv", "text"),
    CLI_JSON,
    CLI_FORCE,
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_flee = {
    .name = "flee",
    .operand = "DIR",
    .doc = "runs a Flee scenario folder as it stands, and measures its error",
    .example = "paso flee flee-example --members 20",
    .option = flee_options,
    .n_options = CLI_COUNT_OF(flee_options),
    .run = run_flee,
};
