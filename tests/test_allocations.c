/* Every allocation failed in turn: the first, then the second, ... until the work succeeds. Each
 * failure must come back as a status, never as a crash, a leak (seen by the sanitizer) or as a
 * result that looks whole. The linker puts the functions below in the place of the system's
 * (--wrap, see cmake/Tests.cmake): what libpaso asks of malloc and of its own arenas. SQLite and
 * Jansson are given failing allocators of their own. libfyaml has no such door and does not check
 * all of its own: it is left out. */
#define _XOPEN_SOURCE 700
#include <jansson.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "api/api.h"
#include "ensemble/state.h"
#include "model_text.h"
#include "program/compile.h"
#include "report/report.h"
#include "store/store.h"

/* ---- failing ---- */

static atomic_long n_asked; /* since the work began */
static long fail_at;        /* the one that fails, from 1; 0: none */
static atomic_int n_failed;

/* TRACE=N shows where the Nth stands, with a sanitizer. */
__attribute__((weak)) void __sanitizer_print_stack_trace(void);
static long trace;

static bool refuse(void) {
    if (atomic_fetch_add(&n_asked, 1) + 1 != fail_at) return false;
    atomic_fetch_add(&n_failed, 1);
    if (trace == fail_at && __sanitizer_print_stack_trace) __sanitizer_print_stack_trace();
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__real_paso_arena_alloc(paso_arena *arena, size_t n, size_t size);
char *__real_paso_arena_text_n(paso_arena *arena, const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_paso_arena_alloc(paso_arena *arena, size_t n, size_t size);
char *__wrap_paso_arena_text(paso_arena *arena, const char *text);
char *__wrap_paso_arena_text_n(paso_arena *arena, const char *text, size_t n);

void *__wrap_malloc(size_t size) {
    return refuse() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size) {
    return refuse() ? NULL : __real_calloc(n, size);
}
void *__wrap_realloc(void *old, size_t size) {
    return refuse() ? NULL : __real_realloc(old, size);
}
char *__wrap_strdup(const char *text) {
    return refuse() ? NULL : __real_strdup(text);
}
void *__wrap_paso_arena_alloc(paso_arena *arena, size_t n, size_t size) {
    return __real_paso_arena_alloc(arena, refuse() ? SIZE_MAX : n, size); /* so that it knows */
}
char *__wrap_paso_arena_text(paso_arena *arena, const char *text) {
    return __wrap_paso_arena_text_n(arena, text, strlen(text));
}
char *__wrap_paso_arena_text_n(paso_arena *arena, const char *text, size_t n) {
    return __real_paso_arena_text_n(arena, text, refuse() ? SIZE_MAX : n);
}

/* SQLite asks often, so that only one in `stride` of its requests is counted (all in the long
 * tests); which ones is shifted with the failure asked for. */
static sqlite3_mem_methods plain;
static long stride = 1;
static atomic_long n_sql;

static atomic_bool is_sql; /* the refused one: SQLite may do without it */

static bool is_counted(void) {
    return atomic_fetch_add(&n_sql, 1) % stride == fail_at % stride;
}

static bool refuse_sql(void) {
    bool refused = is_counted() && refuse();
    if (refused) atomic_store(&is_sql, true);
    return refused;
}
static void *sql_malloc(int size) {
    return refuse_sql() ? NULL : plain.xMalloc(size);
}
static void *sql_realloc(void *old, int size) {
    return refuse_sql() ? NULL : plain.xRealloc(old, size);
}

static void *json_malloc(size_t size) {
    return is_counted() && refuse() ? NULL : __real_malloc(size);
}

static void hand_out(void) {
    sqlite3_mem_methods failing;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    failing = plain;
    failing.xMalloc = sql_malloc;
    failing.xRealloc = sql_realloc;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* its own small memory would hide requests */
    sqlite3_initialize();
    json_set_alloc_funcs(json_malloc, free);
}

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
    if (paso_arena_failed(own.arena) || own.n < own.n_warnings) status = PASO_ERR_MEMORY;
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

static paso_status work_save_and_load(void) {
    paso_program *p = NULL;
    paso_schedule *s = NULL;
    paso_status status = paso_program_save(program, schedule[0], program_path);
    if (status == PASO_OK) status = paso_program_load(program_path, &p, &s);
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
    text_teardown();
    sqlite3_shutdown();
}

/* Runs the work until it asks for less than fail_at; returns how many failures there were. */
static long fail_each(paso_status (*work)(void)) {
    for (fail_at = 1;; fail_at++) {
        atomic_store(&n_asked, 0);
        atomic_store(&n_sql, 0);
        atomic_store(&n_failed, 0);
        atomic_store(&is_sql, false);
        paso_status status = work();
        if (atomic_load(&n_failed) == 0) {
            ck_assert_int_eq(status, PASO_OK);
            return fail_at - 1;
        }
        bool spared = status == PASO_OK && atomic_load(&is_sql);
        ck_assert_msg(spared || status == PASO_ERR_MEMORY, "failure %ld is called %d", fail_at,
                      status);
    }
}

#define EACH(name, least)                                                                          \
    START_TEST(each_##name) {                                                                      \
        long n = fail_each(work_##name);                                                           \
        printf("%s: %ld allocations failed in turn\n", #name, n);                                  \
        ck_assert_int_ge(n, least);                                                                \
    }                                                                                              \
    END_TEST

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

int main(void) {
    Suite *suite = suite_create("allocations");
    const TTest *tests[] = {each_read,  each_compile, each_save_and_load, each_days,  each_ensemble,
                            each_store, each_report,  each_export,        each_state, each_library};
    trace = getenv("TRACE") ? atol(getenv("TRACE")) : -1;
    stride = getenv("PASO_LONG") ? 1 : 211;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        TCase *tc = tcase_create(tests[i]->name);
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_test(tc, tests[i]);
        suite_add_tcase(suite, tc);
    }
    return paso_check_main(suite);
}
