/* Every allocation of reading, compiling, running, storing, reporting and the public functions
 * failed in turn: see failing.h. The server's are in test_allocations_serve.c. */
#define _XOPEN_SOURCE 700
#include "api/api.h"
#include "ensemble/state.h"
#include "failing.h"
#include "flee/flee.h"
#include "infer/filter.h"
#include "model_text.h"
#include "program/compile.h"
#include "report/report.h"
#include "store/export.h"
#include "support/lab.h"

/* ---- work ---- */

static const char corridor[] = "tests/corridors/workout";
static const int policies[] = {0, 1};
static const paso_store_stack stacks[] = {{"one", policies, 1, NULL},
                                          {"two", policies + 1, 1, NULL}};
static char store_path[96], page_path[96], program_path[96], state_path[96], table_path[96];
static char manifest_path[96];
static paso_program *program;
static paso_schedule *schedule[2];

/* The model outlives `text_teardown`, which frees it. */
static paso_status read_model(paso_model **read) {
    paso_diags own;
    *read = NULL;
    if (paso_diags_init(&own) != 0) return PASO_ERR_MEMORY;
    paso_status status = paso_model_read(corridor, &own, read);
    /* A warning that finds no memory is only counted: no model is wrong without it. */
    if (paso_diags_lost(&own)) status = PASO_ERR_MEMORY;
    paso_diags_clear(&own);
    return status;
}

static paso_status work_read(void) {
    paso_model *read = NULL;
    paso_status status = read_model(&read);
    paso_model_free(read);
    return status;
}

static paso_status work_compile(void) {
    paso_program *p = NULL;
    paso_schedule *s = NULL;
    paso_status status = paso_program_compile(model, NULL, &p);
    if (status == PASO_OK) status = paso_schedule_compile(model, p, policies + 1, 1, NULL, 0, &s);
    paso_schedule_free(s);
    paso_program_free(p);
    return status;
}

static paso_status work_days(void) {
    static const uint32_t member[] = {0, 1};
    paso_engine *engine = paso_engine_create(program, schedule[0], 2);
    if (!engine) return PASO_ERR_MEMORY;
    paso_status status = paso_engine_start(engine, 1, member, program->start, INT32_MAX);
    for (int i = 0; i < 3 && status == PASO_OK; i++) status = paso_engine_day(engine);
    if (status == PASO_OK) status = paso_engine_reschedule(engine, schedule[1]);
    paso_engine_free(engine);
    return status;
}

static paso_plan plan = {.n_policies = 2, .seed = 1, .n_members = 3, .lanes = 2, .threads = 1};

static paso_status look_away(void *context, size_t policy, uint32_t member, size_t observable,
                             const double *value, size_t n) {
    (void)context, (void)policy, (void)member, (void)observable, (void)value, (void)n;
    return PASO_OK;
}

static paso_status work_ensemble(void) {
    const paso_program *const run[] = {program, program};
    const paso_schedule *const days[] = {schedule[0], schedule[1]};
    paso_plan p = plan;
    paso_ensemble_hooks hooks = {.sink = look_away};
    paso_fault fault;
    p.program = run;
    p.schedule = days;
    return paso_ensemble_run(&p, &hooks, &fault, NULL);
}

/* A store filled with ones: the numbers are another test's. */
static paso_status fill(paso_store *store, const paso_grid *grid) {
    static const double one[4096] = {1, 2, 3};
    paso_status status = PASO_OK;
    for (uint32_t m = 0; m < plan.n_members; m++) {
        for (size_t p = 0; p < 2; p++) {
            for (size_t o = 0; o < grid->n_observables && status == PASO_OK; o++) {
                status = paso_store_sample(store, p, m, o, one,
                                           grid->item[o].n_cells * grid->item[o].n_periods);
            }
        }
    }
    return status;
}

static paso_status write_store(paso_diags *own) {
    paso_grid *grid = NULL;
    paso_store *store = NULL;
    paso_store_run run = {
        .version = "1", .git = "a", .command = "paso run", .plan = &plan, .stack = stacks};
    paso_status status = paso_store_create(store_path, true, own, &store);
    if (status == PASO_OK) status = paso_grid_create(program, plan.from, plan.until, &grid);
    if (status == PASO_OK) status = paso_store_begin(store, model, grid, &run);
    if (status == PASO_OK) status = fill(store, grid);
    if (status == PASO_OK) status = paso_store_end(store, false, 0, 1);
    paso_store_close(store);
    paso_grid_free(grid);
    return status;
}

static paso_status with_diags(paso_status (*work)(paso_diags *own)) {
    paso_diags own;
    if (paso_diags_init(&own) != 0) return PASO_ERR_MEMORY;
    paso_status status = work(&own);
    paso_diags_clear(&own);
    return status;
}

static paso_status save_and_load(paso_diags *own) {
    paso_program *p = NULL;
    paso_schedule *s = NULL;
    paso_status status = paso_program_save(program, schedule[0], program_path, true, own);
    if (status == PASO_OK) status = paso_program_load(program_path, &p, &s);
    paso_schedule_free(s);
    paso_program_free(p);
    return status;
}

static paso_status work_save_and_load(void) {
    return with_diags(save_and_load);
}

static paso_status work_store(void) {
    return with_diags(write_store);
}

static paso_status write_page(paso_diags *own) {
    return paso_report_write(store_path, page_path, true, own);
}

static paso_status work_report(void) {
    return with_diags(write_page);
}

static paso_status write_tables(paso_diags *own) {
    paso_store *store = NULL;
    FILE *nowhere = fopen("/dev/null", "w");
    paso_status status = paso_store_open(store_path, own, &store);
    if (status == PASO_OK) status = paso_store_export(store, PASO_TIDY_CSV, nowhere);
    if (status == PASO_OK) status = paso_store_export(store, PASO_TIDY_JSON, nowhere);
    if (status == PASO_OK) status = paso_store_hxl(store, nowhere);
    size_t n_left_out;
    if (status == PASO_OK) status = paso_store_hubverse(store, nowhere, &n_left_out);
    if (status == PASO_OK)
        status = paso_store_manifest(store, "t.csv", "hubverse", "paso export", nowhere);
    paso_store_close(store);
    fclose(nowhere);
    return status;
}

static paso_status work_export(void) {
    return with_diags(write_tables);
}

/* Members are saved by one ensemble, written, read, and gone on from by another. */
static paso_status save_and_go_on(paso_diags *own) {
    static const char *const names[] = {"one", "two"};
    static const size_t from[] = {0, 1};
    const paso_program *const run[] = {program, program};
    const paso_schedule *const days[] = {schedule[0], schedule[1]};
    paso_state *saved = NULL, *read = NULL;
    paso_ensemble_hooks hooks = {.sink = look_away};
    paso_plan p = plan;
    p.program = run;
    p.schedule = days;
    paso_status status = paso_state_create(&p, "workout", names, &saved);
    p.save = saved;
    if (status == PASO_OK) status = paso_ensemble_run(&p, &hooks, NULL, NULL);
    if (status == PASO_OK) status = paso_state_save(saved, state_path, true, own);
    if (status == PASO_OK) status = paso_state_load(state_path, own, &read);
    p.save = NULL;
    p.start = read;
    p.start_policy = from;
    p.from = plan.until;
    p.until = plan.until + 5;
    if (status == PASO_OK) status = paso_state_check(&p, "workout", state_path, own);
    if (status == PASO_OK) status = paso_ensemble_run(&p, &hooks, NULL, NULL);
    paso_state_free(saved);
    paso_state_free(read);
    return status;
}

static paso_status work_state(void) {
    return with_diags(save_and_go_on);
}

/* The public functions, one after another. */
static paso_status use_run(paso_run *run, paso_errors *errors) {
    paso_results *results = NULL;
    double value[4096], pair[4096];
    paso_run_set_members(run, 0, plan.n_members);
    paso_run_set_days(run, plan.from, plan.until);
    paso_run_set_threads(run, 1, 2);
    paso_run_keep_state(run, true);
    paso_status status = paso_run_add_policy(run, "as-happened", errors);
    if (status == PASO_OK) status = paso_run_add_policy(run, "as-happened+harder", errors);
    if (status == PASO_OK) status = paso_run_add_setting(run, "share=0.5", errors);
    if (status == PASO_OK) status = paso_run_add_without(run, "shock", errors);
    if (status == PASO_OK) status = paso_run_execute(run, NULL, false, errors, &results);
    if (status == PASO_OK) status = paso_results_values(results, 0, 0, value, errors);
    if (status == PASO_OK) {
        status = paso_results_pairs(results, 0, 1, 0, 0, pair, NULL, errors);
    }
    if (status == PASO_OK) status = paso_results_export(results, "csv", table_path, true, errors);
    paso_results_free(results);
    return status;
}

static paso_status work_library(void) {
    paso_corridor c = {model};
    paso_errors *errors = paso_errors_create();
    paso_run *run = paso_run_create(&c);
    paso_status status = errors && run ? use_run(run, errors) : PASO_ERR_MEMORY;
    paso_run_free(run);
    paso_errors_free(errors);
    return status;
}

/* A Flee folder: read, two members of twenty days, and both ways in which they are written. */
static paso_status run_flee(paso_diags *own) {
    static const paso_flee_source source = {.folder = "corridors/flee-example", .days = 20};
    paso_flee_scenario *scenario = NULL;
    paso_flee_result result[2] = {{0}};
    FILE *nowhere = fopen("/dev/null", "w");
    paso_status status = paso_flee_read(&source, own, &scenario);
    if (status == PASO_OK) status = paso_flee_members(scenario, 1, 0, 2, 1, result, NULL);
    if (status == PASO_OK) paso_flee_write_csv(nowhere, scenario, &result[0]);
    for (int i = 0; i < 2; i++) paso_flee_result_clear(&result[i]);
    paso_flee_free(scenario);
    fclose(nowhere);
    return status;
}

static paso_status work_flee(void) {
    return with_diags(run_flee);
}

static lab *latent;

static paso_status work_filter(void) {
    paso_filter_plan p = {.model = latent->model,
                          .program = latent->program,
                          .schedule = latent->schedule,
                          .seed = 1,
                          .particles = 8,
                          .lag = 1,
                          .threads = 1,
                          .until = latent->model->clock_start + 90};
    paso_course *course = NULL;
    paso_fault fault;
    paso_status status = paso_course_create(&p, &course);
    if (status == PASO_OK) status = paso_filter_run(&p, course, &fault);
    paso_course_free(course);
    return status;
}

/* ---- the tests ---- */

static void name(char path[96], const char *file) {
    snprintf(path, 96, "%s/%s", text_folder, file);
    snprintf(text_file[n_text_files++], sizeof text_file[0], "%s", path);
}

static void setup(void) {
    fail_at = 0;
    text_setup();
    hand_out();
    name(store_path, "results.db");
    name(page_path, "report.html");
    name(program_path, "program");
    name(state_path, "state");
    name(table_path, "table.csv");
    name(manifest_path, "table.csv.manifest.json");
    latent = lab_open("tests/corridors/latent");
    ck_assert_int_eq(read_model(&model), PASO_OK);
    ck_assert_int_eq(paso_program_compile(model, NULL, &program), PASO_OK);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(
            paso_schedule_compile(model, program, policies + i, 1, NULL, 0, &schedule[i]), PASO_OK);
    plan.from = program->start;
    plan.until = program->start + 40;
    plan.known_until = INT32_MAX;
    ck_assert_int_eq(work_store(), PASO_OK);
}

static void teardown(void) {
    for (int i = 0; i < 2; i++) paso_schedule_free(schedule[i]);
    paso_program_free(program);
    lab_close(latent);
    text_teardown();
    sqlite3_shutdown();
}

EACH(read, 100)
EACH(compile, 20)
EACH(save_and_load, 10)
EACH(days, 10)
EACH(ensemble, 20)
EACH(store, 100)
EACH(report, 100)
EACH(export, 50)
EACH(state, 40)
EACH(library, 200)
EACH(flee, 200)
EACH(filter, 20)

int main(void) {
    const TTest *tests[] = {each_read,     each_compile, each_save_and_load, each_days,
                            each_ensemble, each_store,   each_report,        each_export,
                            each_state,    each_library, each_flee,          each_filter};
    return run_each("allocations", tests, sizeof tests / sizeof tests[0], setup, teardown);
}
