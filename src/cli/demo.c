/* paso demo: from nothing to a report in a few seconds. Runs a shipped corridor as it happened and
 * under two policies, draws one series, and writes its own folder paso-demo. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/chart.h"
#include "cli/session.h"
#include "cli/table.h"
#include "report/report.h"

#define FOLDER "paso-demo"
#define STORE FOLDER "/results.db"
#define PAGE FOLDER "/report.html"

enum { MAX_POLICIES = 3, YEAR = 365 };

/* Own files may be written again; a file that somebody else put there may not. */
static bool is_own(cli *c) {
    paso_diags quiet;
    paso_store *store = NULL;
    if (c->args.force || access(STORE, F_OK) != 0) return true;
    if (paso_diags_init(&quiet) != 0) return false;
    bool own = paso_store_open(STORE, &quiet, &store) == PASO_OK &&
               strncmp(paso_store_meta(store, "command"), "paso demo", 9) == 0;
    paso_store_close(store);
    paso_diags_clear(&quiet);
    return own;
}

static paso_status make_folder(cli *c) {
    if (mkdir(FOLDER, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "error: %s: %s\n", FOLDER, strerror(errno));
        return PASO_ERR_IO;
    }
    if (is_own(c)) return PASO_OK;
    fprintf(stderr, "error: %s: exists, and no demo wrote it; --force overwrites it\n", STORE);
    return PASO_ERR_IO;
}

static const char *find_corridor(cli *c) {
    const char *folder = getenv("PASO_CORRIDORS");
    static const char *const names[] = {"us-mexico", "tutorial"};
    if (!folder || !folder[0]) folder = PASO_CORRIDOR_DIR;
    for (size_t i = 0; i < CLI_COUNT_OF(names); i++) {
        const char *path = paso_arena_format(c->diags.arena, "%s/%s", folder, names[i]);
        const char *file = paso_arena_format(c->diags.arena, "%s/corridor.yml", path);
        if (path && file && access(file, R_OK) == 0) return path;
    }
    fprintf(stderr, "error: no shipped corridor in %s\n  hint: set PASO_CORRIDORS to the folder\n",
            folder);
    return NULL;
}

/* As it happened and the two policies written next, unless --policy says otherwise. */
static void choose_policies(cli_session *s) {
    cli_list *list = &s->c->args.policy;
    if (paso_policy_find(s->model, "as-happened") >= 0) list->item[list->n++] = "as-happened";
    if (list->n == 0) list->item[list->n++] = "levers";
    for (int i = 0; i < s->model->n_policies && list->n < MAX_POLICIES; i++) {
        const char *name = s->model->policy[i].item.name;
        if (strcmp(name, "as-happened") != 0) list->item[list->n++] = name;
    }
}

/* A year of the record before `now`, so that the chart has something to be held against. */
static void choose_dates(cli_session *s) {
    int from = paso_period_start(s->model->clock_now - YEAR, PASO_MONTH);
    if (from < s->model->clock_start) from = s->model->clock_start;
    s->c->args.from = from;
    int until = s->model->clock_now + YEAR;
    s->c->args.until = until < s->model->clock_end ? until : s->model->clock_end;
}

/* ---- what is shown ---- */

/* Whether a series fits a terminal, was observed, and is not simply given. */
static paso_status is_telling(paso_store *store, size_t o, bool *telling) {
    const paso_store_observable *x = &paso_store_read(store)->observable[o];
    paso_store_point *point = NULL;
    size_t n = 0;
    *telling = false;
    if (!x->headline || x->n_periods < 3 || x->n_periods > 60) return PASO_OK;
    paso_summary *series = calloc(x->n_periods, sizeof *series);
    if (!series) return PASO_ERR_MEMORY;
    paso_status status = paso_store_observed(store, o, -1, &point, &n);
    if (status == PASO_OK) status = paso_store_series(store, 0, o, -1, series);
    for (size_t k = 0; k < x->n_periods; k++) {
        *telling |= n > 0 && series[k].band[4] > series[k].band[0];
    }
    free(point);
    free(series);
    return status;
}

/* The first such series: a corridor names first what matters most. */
static paso_status choose_series(paso_store *store, size_t *series) {
    bool telling = false;
    paso_status status = PASO_OK;
    *series = 0;
    for (size_t o = 0; o < paso_store_read(store)->n_observables && status == PASO_OK; o++) {
        status = is_telling(store, o, &telling);
        if (telling) *series = o;
        if (telling) break;
    }
    return status;
}

static void print_head(const cli_session *s) {
    const paso_store_contents *c = paso_store_read(s->store);
    char from[16], until[16];
    paso_date_write(c->from, from);
    paso_date_write(c->until, until);
    printf("%s\n%zu members, %s to %s; simulated, with what was observed beside it\n\n",
           paso_store_meta(s->store, "title_en"), c->n_members, from, until);
}

static paso_status show(cli_session *s) {
    size_t series = 0;
    print_head(s);
    paso_status status = choose_series(s->store, &series);
    if (status == PASO_OK) status = cli_chart(s->c, s->store, 0, series, -1);
    putchar('\n');
    if (status == PASO_OK) status = cli_table_pairs(s->store, 0, false);
    return status;
}

/* Its own list of mistakes: those of the corridor were printed before. */
static paso_status write_page(void) {
    paso_diags diags;
    if (paso_diags_init(&diags) != 0) return PASO_ERR_MEMORY;
    paso_status status = paso_report_write(STORE, PAGE, true, &diags);
    paso_diags_print(&diags, stderr, false);
    paso_diags_clear(&diags);
    return status;
}

/* The command as it was typed: make calls it by its path. */
static void print_next(const cli *c, const char *corridor) {
    const char *name = strrchr(corridor, '/');
    name = name ? name + 1 : corridor;
    printf("\nwrote %s and %s\n", STORE, PAGE);
    printf("next:  %s explain %s\n", c->argv[0], name);
    printf("       %s run %s --set LEVER=VALUE --out mine.db\n", c->argv[0], name);
}

static paso_status run_demo(cli *c) {
    cli_session s = {0};
    paso_status status = make_folder(c);
    const char *corridor = status == PASO_OK ? find_corridor(c) : NULL;
    if (status == PASO_OK && !corridor) status = PASO_ERR_INPUT;
    if (status == PASO_OK) status = cli_session_read(&s, c, corridor);
    if (status == PASO_OK) {
        choose_policies(&s);
        choose_dates(&s);
        status = cli_session_compile(&s);
    }
    if (status == PASO_OK) status = cli_session_plan(&s);
    c->args.force = true; /* what stands there is our own, or may be overwritten */
    if (status == PASO_OK) status = cli_session_run(&s, STORE);
    if (status == PASO_OK) status = show(&s);
    if (status == PASO_OK) status = write_page();
    if (status == PASO_OK) print_next(c, corridor);
    if (status == PASO_STOPPED) cli_session_say(&s, status, STORE);
    cli_session_close(&s);
    return status;
}

static const cli_option demo_options[] = {CLI_MEMBERS("64"),
                                          CLI_SEED,
                                          CLI_THREADS,
                                          {"force", 0, CLI_FLAG, NULL, NULL,
                                           "overwrite files in paso-demo that no demo wrote",
                                           CLI_OPTION(force)},
                                          CLI_QUIET,
                                          CLI_COLOR,
                                          CLI_HELP};

const cli_command cli_demo = {
    .name = "demo",
    .doc = "runs a shipped corridor, draws one series, writes a report into paso-demo",
    .example = "paso demo",
    .option = demo_options,
    .n_options = CLI_COUNT_OF(demo_options),
    .run = run_demo,
};
