/* The public library as its callers see it: nothing but include/paso. Corridors opened and asked,
 * runs made, stopped and forked, results read and written, and every mistake told. */
#include <math.h>
#include <paso/paso.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"

enum { MEMBERS = 7 };

static paso_errors *errors;
static paso_corridor *corridor;
static paso_run *run;
static paso_results *results;
static char folder[64];

static void open_corridor(const char *path) {
    ck_assert_int_eq(paso_corridor_open(path, errors, &corridor), PASO_OK);
    run = paso_run_create(corridor);
    ck_assert_ptr_nonnull(run);
    paso_run_set_members(run, 0, MEMBERS);
}

static void setup(void) {
    corridor = NULL, run = NULL, results = NULL;
    errors = paso_errors_create();
    ck_assert_ptr_nonnull(errors);
    snprintf(folder, sizeof folder, "/tmp/paso-api-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    open_corridor("tests/corridors/workout");
}

static void teardown(void) {
    char command[128];
    paso_results_free(results);
    paso_run_free(run);
    paso_corridor_free(corridor);
    paso_errors_free(errors);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static int32_t day_of(const char *text) {
    int32_t day = 0;
    ck_assert_int_eq(paso_day_read(text, &day), 0);
    return day;
}

static const char *file_in(const char *name) {
    static char path[2][128];
    static int at;
    at = !at;
    snprintf(path[at], sizeof path[at], "%s/%s", folder, name);
    return path[at];
}

static void execute(void) {
    paso_results_free(results);
    paso_status status = paso_run_execute(run, NULL, false, errors, &results);
    ck_assert_msg(status == PASO_OK, "%s", paso_errors_text(errors));
}

/* One of this id whose text has this part. */
static void expect_told(const char *id, const char *part) {
    size_t n = paso_errors_count(errors), i = 0;
    while (i < n && strcmp(paso_errors_get(errors, i).id, id) != 0) i++;
    ck_assert_msg(i < n, "no %s: %s", id, paso_errors_text(errors));
    ck_assert_msg(strstr(paso_errors_text(errors), part) != NULL, "%s", paso_errors_text(errors));
    paso_errors_clear(errors);
    ck_assert_uint_eq(paso_errors_count(errors), 0);
    ck_assert_str_eq(paso_errors_text(errors), "");
}

/* ---- what needs no corridor ---- */

START_TEST(small_facts) {
    char text[16];
    int32_t day;
    ck_assert_str_ne(paso_version(), "");
    ck_assert_str_eq(paso_status_text(PASO_ERR_INPUT), "bad input");
    ck_assert_str_eq(paso_status_text((paso_status)77), "unknown status");
    paso_day_write(day_of("2023-12-01"), text);
    ck_assert_str_eq(text, "2023-12-01");
    ck_assert_int_eq(paso_day_read("soon", &day), -1);
    paso_errors_free(NULL);
    paso_corridor_free(NULL);
    paso_run_free(NULL);
    paso_results_free(NULL);
    paso_state_free(NULL);
}
END_TEST

START_TEST(mistakes_of_a_corridor_are_collected) {
    paso_corridor *none = NULL;
    ck_assert_int_eq(paso_corridor_open("tests/bad/names", errors, &none), PASO_ERR_INPUT);
    ck_assert_ptr_null(none);
    ck_assert_uint_gt(paso_errors_count(errors), 3);
    size_t i = 0;
    while (paso_errors_get(errors, i).warning) i++;
    paso_message m = paso_errors_get(errors, i);
    ck_assert(m.line > 0 && m.column > 0);
    ck_assert_ptr_nonnull(strstr(m.file, "tests/bad/names"));
    ck_assert_str_ne(m.id, "");
    ck_assert_str_ne(m.text, "");
    ck_assert_ptr_nonnull(strstr(paso_errors_json(errors), "\"severity\":\"error\""));
    ck_assert_ptr_nonnull(strstr(paso_errors_text(errors), ": error: "));
    ck_assert_str_eq(paso_errors_get(errors, 999).text, "");
    paso_errors_clear(errors);
    ck_assert_int_eq(paso_corridor_open("no/such/corridor", errors, &none), PASO_ERR_IO);
    ck_assert_uint_eq(paso_errors_count(errors), 1);
}
END_TEST

/* ---- a corridor ---- */

START_TEST(a_corridor_says_what_it_contains) {
    paso_clock clock = paso_corridor_clock(corridor);
    ck_assert_str_eq(paso_corridor_name(corridor), "workout");
    ck_assert_uint_eq(strlen(paso_corridor_hash(corridor)), 64);
    ck_assert_str_ne(paso_corridor_title(corridor, true), "");
    ck_assert_int_eq(clock.start, day_of("2021-02-20"));
    ck_assert_int_lt(clock.now, clock.end);
    for (int kind = PASO_KIND_POLICY; kind <= PASO_KIND_MECHANISM; kind++) {
        size_t n = paso_corridor_count(corridor, (paso_kind)kind);
        for (size_t i = 0; i < n; i++) {
            const char *name = paso_corridor_text(corridor, (paso_kind)kind, i, PASO_ABOUT_NAME);
            ck_assert_int_eq(paso_corridor_find(corridor, (paso_kind)kind, name), (int)i);
            for (int about = PASO_ABOUT_NAME; about <= PASO_ABOUT_BASE; about++) {
                ck_assert_ptr_nonnull(
                    paso_corridor_text(corridor, (paso_kind)kind, i, (paso_about)about));
            }
        }
        ck_assert_ptr_null(paso_corridor_text(corridor, (paso_kind)kind, n, PASO_ABOUT_NAME));
        ck_assert_uint_eq(paso_corridor_cells(corridor, (paso_kind)kind, n), 0);
        ck_assert_int_eq(paso_corridor_find(corridor, (paso_kind)kind, "nobody"), -1);
    }
    ck_assert_uint_eq(paso_corridor_count(corridor, PASO_KIND_POLICY), 2);
    ck_assert_str_eq(paso_corridor_text(corridor, PASO_KIND_POLICY, 1, PASO_ABOUT_BASE),
                     "as-happened");
    ck_assert_uint_eq(paso_corridor_count(corridor, (paso_kind)99), 0);
}
END_TEST

START_TEST(mechanisms_tags_and_places) {
    paso_corridor *c = NULL;
    double at[2] = {0, 0};
    ck_assert_int_eq(paso_corridor_open("corridors/darien", errors, &c), PASO_OK);
    size_t n_tagged = 0, n_levers = paso_corridor_count(c, PASO_KIND_LEVER), n_places = 0;
    size_t n = paso_corridor_count(c, PASO_KIND_MECHANISM);
    ck_assert_uint_gt(n, 0);
    for (size_t m = 0; m < n; m++) {
        for (size_t i = 0; i < n_levers; i++)
            n_tagged += paso_corridor_tagged(c, PASO_KIND_LEVER, i, m);
    }
    ck_assert_uint_gt(n_tagged, 0);
    ck_assert(!paso_corridor_tagged(c, PASO_KIND_LEVER, 0, n));
    ck_assert(!paso_corridor_tagged(c, PASO_KIND_LEVER, n_levers, 0));
    ck_assert_int_gt(paso_corridor_mechanism(c, 0), 0);
    ck_assert_int_eq(paso_corridor_mechanism(c, n), 0);
    size_t n_sets = paso_corridor_count(c, PASO_KIND_SET);
    for (size_t i = 0; i < n_sets; i++) {
        size_t n_members = paso_corridor_cells(c, PASO_KIND_SET, i);
        for (size_t k = 0; k < n_members; k++)
            n_places += paso_corridor_place(c, i, k, &at[0], &at[1]) == 0;
        ck_assert_int_eq(paso_corridor_place(c, i, n_members, &at[0], &at[1]), -1);
    }
    ck_assert_uint_gt(n_places, 0);
    ck_assert(at[0] >= -90 && at[0] <= 90 && at[1] >= -180 && at[1] <= 180);
    paso_corridor_free(c);
}
END_TEST

START_TEST(observables_and_cells) {
    int crossed = paso_corridor_find(corridor, PASO_KIND_OBSERVABLE, "crossed");
    ck_assert_int_ge(crossed, 0);
    size_t o = (size_t)crossed;
    char text[64], two[2];
    ck_assert(paso_corridor_headline(corridor, o));
    ck_assert(!paso_corridor_headline(corridor, 99));
    ck_assert_str_eq(paso_corridor_text(corridor, PASO_KIND_OBSERVABLE, o, PASO_ABOUT_UNIT),
                     "people");
    ck_assert_str_eq(paso_corridor_text(corridor, PASO_KIND_OBSERVABLE, o, PASO_ABOUT_EVERY),
                     "month");
    ck_assert_str_eq(paso_corridor_text(corridor, PASO_KIND_OBSERVABLE, o, PASO_ABOUT_TAKE), "sum");
    ck_assert_str_eq(
        paso_corridor_text(corridor, PASO_KIND_OBSERVABLE, o, PASO_ABOUT_LABEL_SPANISH), "Cruces");
    ck_assert_int_eq(paso_corridor_cell(corridor, PASO_KIND_OBSERVABLE, o, 0, text, 64), 0);
    ck_assert_ptr_nonnull(strstr(text, "origin="));
    ck_assert_int_eq(paso_corridor_cell(corridor, PASO_KIND_OBSERVABLE, o, 0, two, 2), 0);
    ck_assert_str_eq(two, "o");
    ck_assert_int_eq(paso_corridor_cell(corridor, PASO_KIND_OBSERVABLE, o, 99, text, 64), -1);
    int kind = paso_corridor_find(corridor, PASO_KIND_SET, "kind");
    ck_assert_uint_eq(paso_corridor_cells(corridor, PASO_KIND_SET, (size_t)kind), 2);
    ck_assert_int_eq(paso_corridor_cell(corridor, PASO_KIND_SET, (size_t)kind, 1, text, 64), 0);
    ck_assert_str_eq(text, "child");
}
END_TEST

START_TEST(levers_and_parameters_have_numbers) {
    double value[64], low[64], high[64];
    for (int kind = PASO_KIND_LEVER; kind <= PASO_KIND_PARAMETER; kind++) {
        for (size_t i = 0; i < paso_corridor_count(corridor, (paso_kind)kind); i++) {
            size_t n = paso_corridor_cells(corridor, (paso_kind)kind, i);
            ck_assert_uint_le(n, 64);
            ck_assert_int_eq(paso_corridor_values(corridor, (paso_kind)kind, i, value, low, high),
                             PASO_OK);
            for (size_t k = 0; k < n; k++) ck_assert(low[k] <= value[k] && value[k] <= high[k]);
        }
    }
    ck_assert_int_eq(paso_corridor_values(corridor, PASO_KIND_LEVER, 0, value, NULL, NULL),
                     PASO_OK);
    ck_assert_int_eq(paso_corridor_values(corridor, PASO_KIND_STAGE, 0, value, NULL, NULL),
                     PASO_ERR_USAGE);
    ck_assert_int_eq(paso_corridor_values(corridor, PASO_KIND_LEVER, 99, value, NULL, NULL),
                     PASO_ERR_USAGE);
}
END_TEST

/* ---- a run ---- */

START_TEST(a_run_without_words_is_as_it_happened) {
    execute();
    ck_assert_uint_eq(paso_results_members(results), MEMBERS);
    ck_assert_uint_eq(paso_results_count(results, PASO_KIND_POLICY), 1);
    ck_assert_str_eq(paso_results_text(results, PASO_KIND_POLICY, 0, PASO_ABOUT_NAME),
                     "as-happened");
    ck_assert_str_eq(paso_results_meta(results, "corridor"), "workout");
    ck_assert_str_eq(paso_results_meta(results, "seed"), "1");
    ck_assert_str_eq(paso_results_meta(results, "from"), "2021-05-10");
    ck_assert_str_eq(paso_results_meta(results, "nothing"), "");
}
END_TEST

START_TEST(values_are_member_cell_period) {
    paso_run_set_members(run, 4, MEMBERS);
    paso_run_set_days(run, day_of("2021-03-01"), day_of("2021-06-01"));
    ck_assert_int_eq(paso_run_set_command(run, "by hand"), PASO_OK);
    execute();
    size_t o = (size_t)paso_results_find(results, PASO_KIND_OBSERVABLE, "crossed");
    size_t cells = paso_results_cells(results, o), periods = paso_results_periods(results, o);
    ck_assert_uint_eq(periods, 3);
    int32_t day[3];
    uint32_t member[MEMBERS];
    ck_assert_int_eq(paso_results_days(results, o, day), PASO_OK);
    ck_assert_int_eq(day[1], day_of("2021-04-01"));
    ck_assert_int_eq(paso_results_member_numbers(results, member, errors), PASO_OK);
    ck_assert_uint_eq(member[0], 4);
    ck_assert_uint_eq(member[MEMBERS - 1], 10);
    double *value = calloc(MEMBERS * cells * periods, sizeof *value), six[6], summary[3][6];
    ck_assert_int_eq(paso_results_values(results, 0, o, value, errors), PASO_OK);
    ck_assert_int_eq(paso_results_summary(results, 0, o, 1, summary[0], errors), PASO_OK);
    ck_assert_int_eq(paso_results_window(results, 0, o, 1, six, errors), PASO_OK);
    double mean = 0, all = 0;
    for (size_t m = 0; m < MEMBERS; m++) {
        mean += value[(m * cells + 1) * periods + 2] / MEMBERS;
        for (size_t k = 0; k < periods; k++) all += value[(m * cells + 1) * periods + k] / MEMBERS;
    }
    ck_assert_double_eq_tol(summary[2][PASO_SUMMARY_MEAN], mean, 1e-9);
    ck_assert_double_eq_tol(six[PASO_SUMMARY_MEAN], all, 1e-9);
    ck_assert(summary[2][PASO_SUMMARY_Q05] <= summary[2][PASO_SUMMARY_Q95]);
    ck_assert_str_eq(paso_results_meta(results, "command"), "by hand");
    free(value);
}
END_TEST

START_TEST(policies_are_compared_in_pairs) {
    double pair[8][PASO_PAIR_WIDTH], window[PASO_PAIR_WIDTH];
    ck_assert_int_eq(paso_run_add_policy(run, "as-happened", errors), PASO_OK);
    ck_assert_int_eq(paso_run_add_policy(run, "harder", errors), PASO_OK);
    paso_run_set_days(run, day_of("2021-03-01"), day_of("2021-06-01"));
    execute();
    size_t o = (size_t)paso_results_find(results, PASO_KIND_OBSERVABLE, "crossed");
    ck_assert_int_eq(paso_results_pairs(results, 0, 1, o, PASO_TOTAL, pair[0], window, errors),
                     PASO_OK);
    double a[8][6], b[8][6];
    ck_assert_int_eq(paso_results_summary(results, 0, o, PASO_TOTAL, a[0], errors), PASO_OK);
    ck_assert_int_eq(paso_results_summary(results, 1, o, PASO_TOTAL, b[0], errors), PASO_OK);
    double all = 0;
    for (size_t k = 0; k < 3; k++) {
        ck_assert_double_eq_tol(pair[k][0], b[k][0] - a[k][0], 1e-9);
        all += pair[k][0];
    }
    ck_assert_double_eq_tol(window[0], all, 1e-9);
    ck_assert(window[PASO_PAIR_SAME_SIGN] >= 0 && window[PASO_PAIR_SAME_SIGN] <= 1);
    ck_assert(window[PASO_PAIR_GAIN] > 0);
}
END_TEST

START_TEST(settings_and_what_is_switched_off_count) {
    double with[6], without[6];
    paso_run_set_days(run, day_of("2021-03-01"), day_of("2021-06-01"));
    execute();
    size_t o = (size_t)paso_results_find(results, PASO_KIND_OBSERVABLE, "crossed");
    ck_assert_int_eq(paso_results_window(results, 0, o, PASO_TOTAL, with, errors), PASO_OK);
    ck_assert_int_eq(paso_run_add_setting(run, "share=0", errors), PASO_OK);
    execute();
    ck_assert_int_eq(paso_results_window(results, 0, o, PASO_TOTAL, without, errors), PASO_OK);
    ck_assert(with[0] != without[0]);
    ck_assert_int_eq(paso_run_add_without(run, "shock", errors), PASO_OK);
    execute();
    ck_assert_int_eq(paso_results_window(results, 0, o, PASO_TOTAL, with, errors), PASO_OK);
    ck_assert(with[0] != without[0]);
}
END_TEST

START_TEST(wrong_words_are_told_at_once) {
    ck_assert_int_eq(paso_run_add_policy(run, "hardr", errors), PASO_ERR_USAGE);
    expect_told("unknown", "did you mean harder?");
    ck_assert_int_eq(paso_run_add_policy(run, "", errors), PASO_ERR_USAGE);
    expect_told("unknown", "no policy \"\"");
    ck_assert_int_eq(paso_run_add_policy(run, "as-happened+harder", errors), PASO_OK);
    ck_assert_int_eq(paso_run_add_policy(run, "as-happened+harder", errors), PASO_ERR_USAGE);
    expect_told("policy", "given twice");
    ck_assert_int_eq(paso_run_add_setting(run, "share=2", errors), PASO_ERR_USAGE);
    expect_told("bounds", "--set share=2");
    ck_assert_int_eq(paso_run_add_without(run, "shocks", errors), PASO_ERR_USAGE);
    expect_told("unknown", "did you mean shock?");
    execute();
}
END_TEST

static void expect_usage(const char *id, const char *part) {
    ck_assert_int_eq(paso_run_execute(run, NULL, false, errors, &results), PASO_ERR_USAGE);
    ck_assert_ptr_null(results);
    expect_told(id, part);
}

START_TEST(plans_that_can_not_be_are_refused) {
    paso_run_set_members(run, 0, 0);
    expect_usage("members", "expected 1 to 1000000 members");
    paso_run_set_members(run, UINT32_MAX, 5);
    expect_usage("members", "from member 4294967295 on");
    paso_run_set_members(run, 0, 3);
    paso_run_set_days(run, day_of("2020-01-01"), PASO_NO_DAY);
    expect_usage("days", "expected dates from 2021-02-20 to");
    paso_run_set_days(run, day_of("2021-04-01"), day_of("2021-04-01"));
    expect_usage("days", "is not after");
    paso_run_set_days(run, PASO_NO_DAY, PASO_NO_DAY);
    paso_run_set_threads(run, 5000, 0);
    expect_usage("threads", "at most 1024");
}
END_TEST

START_TEST(the_skeleton_is_one_path) {
    paso_run_set_quick(run, true);
    paso_run_set_strict(run, false);
    execute();
    ck_assert_uint_eq(paso_results_members(results), 1);
}
END_TEST

/* ---- hooks ---- */

typedef struct watcher {
    int n_progress, n_stop, stop_after;
    double done, all;
} watcher;

static void watch(void *context, double done, double all) {
    watcher *w = context;
    w->n_progress++;
    w->done = done;
    w->all = all;
}

static bool ask(void *context) {
    watcher *w = context;
    return ++w->n_stop >= w->stop_after;
}

START_TEST(progress_is_told_to_the_end) {
    watcher w = {.stop_after = 1000000};
    paso_run_set_hooks(run, watch, ask, &w);
    paso_run_set_threads(run, 2, 2);
    execute();
    ck_assert_int_gt(w.n_progress, 3);
    ck_assert_int_eq(w.n_progress, w.n_stop);
    ck_assert_double_eq(w.done, w.all);
}
END_TEST

START_TEST(a_stop_keeps_what_is_finished) {
    watcher all = {.stop_after = 1000000};
    paso_run_set_threads(run, 1, 2);
    paso_run_set_hooks(run, watch, ask, &all);
    execute();
    watcher some = {.stop_after = all.n_stop - 2}, none = {.stop_after = 1};
    paso_run_set_hooks(run, watch, ask, &some);
    paso_results_free(results);
    results = NULL;
    ck_assert_int_eq(paso_run_execute(run, file_in("part.db"), false, errors, &results),
                     PASO_STOPPED);
    ck_assert_ptr_nonnull(results);
    ck_assert_uint_ge(paso_results_members(results), 2);
    ck_assert_uint_lt(paso_results_members(results), MEMBERS);
    ck_assert_str_eq(paso_results_meta(results, "interrupted"), "1");
    paso_results_free(results);
    paso_run_set_hooks(run, NULL, ask, &none);
    ck_assert_int_eq(paso_run_execute(run, file_in("none.db"), false, errors, &results),
                     PASO_STOPPED);
    ck_assert_ptr_null(results);
    ck_assert_int_ne(access(file_in("none.db"), F_OK), 0);
}
END_TEST

/* ---- forks ---- */

static double *values_of(const char *observable, size_t policy, size_t *n) {
    size_t o = (size_t)paso_results_find(results, PASO_KIND_OBSERVABLE, observable);
    *n = paso_results_members(results) * paso_results_cells(results, o) *
         paso_results_periods(results, o);
    double *value = calloc(*n, sizeof *value);
    ck_assert_int_eq(paso_results_values(results, policy, o, value, errors), PASO_OK);
    return value;
}

/* Of as-happened, and of a second policy unless it is NULL. */
static paso_state *state_at(const char *day, uint32_t n_members, const char *second) {
    paso_run *history = paso_run_create(corridor);
    paso_results *unused = NULL;
    paso_run_add_policy(history, "as-happened", errors);
    if (second) paso_run_add_policy(history, second, errors);
    paso_run_set_members(history, 0, n_members);
    paso_run_set_days(history, day_of("2021-02-20"), day_of(day));
    ck_assert_ptr_null(paso_run_take_state(history));
    paso_run_keep_state(history, true);
    ck_assert_int_eq(paso_run_execute(history, NULL, false, errors, &unused), PASO_OK);
    paso_state *state = paso_run_take_state(history);
    ck_assert_ptr_nonnull(state);
    paso_results_free(unused);
    paso_run_free(history);
    return state;
}

START_TEST(a_fork_has_the_bits_of_the_unbroken_run) {
    static const char *const names[] = {"as-happened", "harder"};
    size_t n, n_again;
    double *whole[2];
    for (int i = 0; i < 2; i++) paso_run_add_policy(run, names[i], errors);
    paso_run_set_days(run, day_of("2021-02-28"), day_of("2021-05-01"));
    execute();
    for (size_t i = 0; i < 2; i++) whole[i] = values_of("queue", i, &n);
    paso_state *kept = state_at("2021-02-28", MEMBERS, NULL), *state = NULL;
    ck_assert_int_eq(paso_state_write(kept, file_in("a.state"), false, errors), PASO_OK);
    ck_assert_int_eq(paso_state_write(kept, file_in("a.state"), false, errors), PASO_ERR_IO);
    expect_told("state", "exists already");
    ck_assert_int_eq(paso_state_open(file_in("a.state"), errors, &state), PASO_OK);
    uint32_t first = 1, members = 0;
    paso_state_members(state, &first, &members);
    ck_assert(first == 0 && members == MEMBERS && paso_state_policies(state) == 1);
    ck_assert_str_eq(paso_state_policy_name(state, 0), "as-happened");
    ck_assert_ptr_null(paso_state_policy_name(state, 1));
    ck_assert_int_eq(paso_state_day(state), day_of("2021-02-28"));
    paso_run_set_start(run, state);
    execute();
    for (size_t i = 0; i < 2; i++) {
        double *again = values_of("queue", i, &n_again);
        ck_assert_uint_eq(n, n_again);
        ck_assert_int_eq(memcmp(whole[i], again, n * sizeof *again), 0);
        free(again);
        free(whole[i]);
    }
    paso_state_free(kept);
    paso_state_free(state);
}
END_TEST

static void expect_start_refused(paso_status expected, const char *id, const char *part) {
    paso_results_free(results);
    ck_assert_int_eq(paso_run_execute(run, NULL, false, errors, &results), expected);
    expect_told(id, part);
}

START_TEST(a_start_of_something_else_is_refused) {
    paso_state *state = state_at("2021-03-20", 3, NULL), *none = NULL;
    paso_run_set_start(run, state);
    paso_run_set_days(run, day_of("2021-03-01"), PASO_NO_DAY);
    expect_start_refused(PASO_ERR_INPUT, "state-day", "expected a state of 2021-03-01 or before");
    paso_run_set_days(run, PASO_NO_DAY, PASO_NO_DAY);
    paso_run_set_members(run, 0, 4);
    expect_start_refused(PASO_ERR_INPUT, "state-members",
                         "members 0 to 3, found a state of members 0 to 2");
    paso_run_set_members(run, 1, 2);
    execute();
    paso_run_set_seed(run, 6);
    expect_start_refused(PASO_ERR_INPUT, "state-seed",
                         "expected a state of seed 6, found one of seed 1");
    paso_run_set_start(run, state);
    paso_run_add_without(run, "shock", errors);
    expect_start_refused(PASO_ERR_INPUT, "state-program", "found a state of workout, ");
    ck_assert_int_eq(paso_state_open("tests/corridors/workout/corridor.yml", errors, &none),
                     PASO_ERR_INPUT);
    expect_told("state", "expected a state of Paso");
    ck_assert_int_eq(paso_state_open("no/such", errors, &none), PASO_ERR_IO);
    paso_state_free(state);
}
END_TEST

START_TEST(a_start_without_a_history_of_the_policy_is_refused) {
    paso_state *state = state_at("2021-03-20", 3, "harder");
    paso_run_set_start(run, state);
    ck_assert_int_eq(paso_run_add_policy(run, "levers", errors), PASO_OK);
    expect_start_refused(PASO_ERR_USAGE, "state-policy", "no history of levers");
    paso_state_free(state);
}
END_TEST

/* ---- going on with what was cut off ---- */

static void expect_same_values(const double *whole, size_t n) {
    size_t n_again;
    double *again = values_of("queue", 0, &n_again);
    ck_assert_uint_eq(n, n_again);
    ck_assert_int_eq(memcmp(whole, again, n * sizeof *again), 0);
    free(again);
}

/* Stopped after at least a block of members, which are two. */
static void stop_run(const char *path) {
    watcher all = {.stop_after = 1000000};
    paso_run_set_threads(run, 1, 2);
    paso_run_set_hooks(run, NULL, ask, &all);
    execute();
    watcher some = {.stop_after = all.n_stop - 2};
    paso_run_set_hooks(run, NULL, ask, &some);
    paso_results_free(results);
    ck_assert_int_eq(paso_run_execute(run, path, false, errors, &results), PASO_STOPPED);
    paso_run_set_hooks(run, NULL, NULL, NULL);
}

START_TEST(a_stopped_run_goes_on_to_the_same_bits) {
    size_t n;
    execute();
    double *whole = values_of("queue", 0, &n);
    stop_run(file_in("a.db"));
    paso_results_free(results);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_OK);
    ck_assert_uint_eq(paso_results_members(results), MEMBERS);
    ck_assert_str_eq(paso_results_meta(results, "interrupted"), "0");
    expect_same_values(whole, n);
    paso_results_free(results);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_ERR_USAGE);
    ck_assert_ptr_null(results);
    expect_told("store", "the run is complete");
    free(whole);
}
END_TEST

static void die_late(void *context, double done, double all) {
    (void)context;
    if (done > 0.7 * all) _exit(9);
}

/* The process ends in the middle, and another goes on with what it left. */
START_TEST(a_killed_run_goes_on_to_the_same_bits) {
    size_t n;
    int how = 0;
    paso_run_set_threads(run, 1, 1);
    execute();
    double *whole = values_of("queue", 0, &n);
    pid_t child = fork();
    if (child == 0) {
        paso_run_set_hooks(run, die_late, NULL, NULL);
        paso_results *none;
        (void)paso_run_execute(run, file_in("a.db"), false, errors, &none);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &how, 0), child);
    ck_assert(WIFEXITED(how) && WEXITSTATUS(how) == 9);
    paso_results_free(results);
    ck_assert_int_eq(access(file_in("a.db.partial"), F_OK), 0);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_OK);
    expect_same_values(whole, n);
    ck_assert_int_ne(access(file_in("a.db.partial"), F_OK), 0);
    free(whole);
}
END_TEST

START_TEST(another_run_is_not_gone_on_with) {
    paso_results_free(results);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_ERR_IO);
    expect_told("store", "there is nothing to resume");
    stop_run(file_in("a.db"));
    paso_results_free(results);
    paso_run_set_seed(run, 8);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_ERR_INPUT);
    expect_told("store", "seed: the run was begun with 1, found 8");
    paso_run_set_seed(run, 1);
    ck_assert_int_eq(paso_run_add_setting(run, "share=0.5", errors), PASO_OK);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_ERR_INPUT);
    expect_told("store", "options: the run was begun with nothing, found --set share=0.5");
    paso_run_keep_state(run, true);
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_ERR_USAGE);
    expect_told("state-resume", "has not all members to save");
    ck_assert_int_eq(access(file_in("a.db"), F_OK), 0);
}
END_TEST

static long size_of(const char *path) {
    struct stat s;
    return stat(path, &s) == 0 ? (long)s.st_size : -1;
}

/* Longer than the time between two transactions, once some members are finished. */
static void rest_once(void *context, double done, double all) {
    static const struct timespec rest = {.tv_nsec = 150000000};
    bool *rested = context;
    if (*rested || done < 0.2 * all) return;
    *rested = true;
    nanosleep(&rest, NULL);
}

/* No file may grow to what the whole run needs. */
START_TEST(a_full_disk_keeps_finished_members) {
    struct rlimit limit;
    bool rested = false;
    paso_run_set_members(run, 0, 60);
    paso_run_set_threads(run, 1, 1);
    ck_assert_int_eq(paso_run_execute(run, file_in("b.db"), false, errors, &results), PASO_OK);
    paso_results_free(results);
    paso_run_set_hooks(run, rest_once, NULL, &rested);
    getrlimit(RLIMIT_FSIZE, &limit);
    struct rlimit old = limit;
    limit.rlim_cur = (rlim_t)size_of(file_in("b.db")) * 6 / 10;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    paso_status status = paso_run_execute(run, file_in("a.db"), false, errors, &results);
    setrlimit(RLIMIT_FSIZE, &old);
    ck_assert_int_eq(status, PASO_ERR_IO);
    ck_assert_ptr_null(results);
    expect_told("kept", "of 60 members are kept in");
    ck_assert_int_eq(paso_run_resume(run, file_in("a.db"), errors, &results), PASO_OK);
    ck_assert_uint_eq(paso_results_members(results), 60);
}
END_TEST

/* ---- files ---- */

START_TEST(results_become_files) {
    execute();
    ck_assert_int_eq(paso_results_save(results, file_in("a.db"), false, errors), PASO_OK);
    ck_assert_int_eq(paso_results_save(results, file_in("a.db"), false, errors), PASO_ERR_IO);
    expect_told("file", "exists already");
    ck_assert_int_eq(paso_results_save(results, file_in("a.db"), true, errors), PASO_OK);
    ck_assert_int_eq(paso_results_export(results, "csv", file_in("a.csv"), false, errors), PASO_OK);
    ck_assert_int_eq(paso_results_export(results, "json", file_in("a.json"), false, errors),
                     PASO_OK);
    ck_assert_int_eq(paso_results_export(results, "hubverse", file_in("h.csv"), false, errors),
                     PASO_OK);
    ck_assert_int_eq(paso_results_export(results, "hxl", file_in("x.csv"), false, errors), PASO_OK);
    ck_assert_int_gt((int)size_of(file_in("x.csv.manifest.json")), 100);
    ck_assert_int_eq(paso_results_export(results, "csv", file_in("x.csv"), false, errors),
                     PASO_ERR_IO);
    expect_told("file", "exists already");
    ck_assert_int_eq(paso_results_export(results, "xml", file_in("a.xml"), false, errors),
                     PASO_ERR_USAGE);
    expect_told("format", "expected csv, json, hubverse or hxl");
    ck_assert_int_eq(paso_results_report(results, file_in("a.html"), false, errors), PASO_OK);
    ck_assert_int_eq(paso_results_report(results, file_in("a.html"), false, errors), PASO_ERR_IO);
    expect_told("file", "exists already");
    ck_assert_int_gt((int)size_of(file_in("a.html")), 1000);
    ck_assert_int_gt((int)size_of(file_in("a.csv")), 1000);
    ck_assert_int_eq(paso_results_save(results, file_in("no/a.db"), false, errors), PASO_ERR_IO);
    ck_assert_int_eq(paso_results_export(results, "csv", file_in("no/a.csv"), false, errors),
                     PASO_ERR_IO);
    ck_assert_int_eq(paso_results_report(results, file_in("no/a.html"), false, errors),
                     PASO_ERR_IO);
}
END_TEST

START_TEST(a_store_is_opened_again) {
    paso_results *again = NULL;
    size_t n, n_again;
    ck_assert_int_eq(paso_run_execute(run, file_in("b.db"), false, errors, &results), PASO_OK);
    double *value = values_of("queue", 0, &n);
    ck_assert_int_eq(paso_results_save(results, file_in("c.db"), false, errors), PASO_OK);
    paso_results_free(results);
    for (int i = 0; i < 2; i++) {
        const char *path = file_in(i == 0 ? "b.db" : "c.db");
        ck_assert_int_eq(paso_results_open(path, errors, &results), PASO_OK);
        double *copy = values_of("queue", 0, &n_again);
        ck_assert_uint_eq(n, n_again);
        ck_assert_int_eq(memcmp(value, copy, n * sizeof *copy), 0);
        free(copy);
        if (i == 0) paso_results_free(results);
    }
    free(value);
    ck_assert_int_eq(paso_run_execute(run, file_in("b.db"), false, errors, &again), PASO_ERR_IO);
    expect_told("store", "exists already");
    ck_assert_int_eq(paso_run_execute(run, file_in("b.db"), true, errors, &again), PASO_OK);
    paso_results_free(again);
    ck_assert_int_eq(paso_results_open(file_in("no.db"), errors, &again), PASO_ERR_IO);
    ck_assert_int_eq(paso_results_open("CMakeLists.txt", errors, &again), PASO_ERR_INPUT);
    ck_assert_uint_eq(paso_errors_count(errors), 2);
}
END_TEST

START_TEST(places_that_are_not_there_are_told) {
    double one[8];
    execute();
    size_t n = paso_results_count(results, PASO_KIND_OBSERVABLE);
    ck_assert_int_eq(paso_results_values(results, 9, 0, one, errors), PASO_ERR_USAGE);
    expect_told("index", "policy 9 of 1");
    ck_assert_int_eq(paso_results_values(results, 0, n, one, errors), PASO_ERR_USAGE);
    expect_told("index", "observable");
    ck_assert_int_eq(paso_results_summary(results, 0, 0, 99, one, errors), PASO_ERR_USAGE);
    expect_told("index", "cell 99");
    ck_assert_int_eq(paso_results_window(results, 0, 0, -2, one, errors), PASO_ERR_USAGE);
    ck_assert_int_eq(paso_results_pairs(results, 0, 3, 0, 0, one, NULL, errors), PASO_ERR_USAGE);
    ck_assert_ptr_null(paso_results_cell(results, 0, 99));
    ck_assert_ptr_null(paso_results_cell_label(results, 0, 99, false));
    ck_assert_ptr_null(paso_results_text(results, PASO_KIND_OBSERVABLE, n, PASO_ABOUT_NAME));
    ck_assert_ptr_null(paso_results_text(results, PASO_KIND_LEVER, 0, PASO_ABOUT_NAME));
    ck_assert_int_eq(paso_results_find(results, PASO_KIND_STAGE, "held"), -1);
    ck_assert_uint_eq(paso_results_cells(results, n), 0);
    ck_assert_int_eq(paso_results_days(results, n, NULL), PASO_ERR_USAGE);
}
END_TEST

START_TEST(observed_series_are_given_whole) {
    int32_t day[2];
    double value[2];
    size_t n = 0, all = 0;
    paso_run_free(run);
    paso_corridor_free(corridor);
    open_corridor("corridors/us-mexico");
    paso_run_set_members(run, 0, 1);
    paso_run_set_days(run, day_of("2019-01-01"), day_of("2019-03-01"));
    execute();
    size_t n_observables = paso_results_count(results, PASO_KIND_OBSERVABLE);
    for (size_t o = 0; o < n_observables; o++) {
        int cell = paso_results_has_total(results, o) ? PASO_TOTAL : 0;
        ck_assert_int_eq(paso_results_observed(results, o, cell, 2, day, value, &n, errors),
                         PASO_OK);
        if (n < 2) continue;
        all += n;
        ck_assert(day[0] < day[1] && isfinite(value[0]));
    }
    ck_assert_uint_gt(all, 20);
    ck_assert_int_eq(paso_results_observed(results, 999, 0, 0, NULL, NULL, &n, errors),
                     PASO_ERR_USAGE);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("api");
    TCase *asking = tcase_create("asking"), *running = tcase_create("running");
    tcase_add_checked_fixture(asking, setup, teardown);
    tcase_add_checked_fixture(running, setup, teardown);
    tcase_add_test(asking, small_facts);
    tcase_add_test(asking, mistakes_of_a_corridor_are_collected);
    tcase_add_test(asking, a_corridor_says_what_it_contains);
    tcase_add_test(asking, mechanisms_tags_and_places);
    tcase_add_test(asking, observables_and_cells);
    tcase_add_test(asking, levers_and_parameters_have_numbers);
    tcase_add_test(running, a_run_without_words_is_as_it_happened);
    tcase_add_test(running, values_are_member_cell_period);
    tcase_add_test(running, policies_are_compared_in_pairs);
    tcase_add_test(running, settings_and_what_is_switched_off_count);
    tcase_add_test(running, wrong_words_are_told_at_once);
    tcase_add_test(running, plans_that_can_not_be_are_refused);
    tcase_add_test(running, the_skeleton_is_one_path);
    tcase_add_test(running, progress_is_told_to_the_end);
    tcase_add_test(running, a_stop_keeps_what_is_finished);
    tcase_add_test(running, a_stopped_run_goes_on_to_the_same_bits);
    tcase_add_test(running, a_killed_run_goes_on_to_the_same_bits);
    tcase_add_test(running, another_run_is_not_gone_on_with);
    tcase_add_test(running, a_full_disk_keeps_finished_members);
    tcase_add_test(running, a_fork_has_the_bits_of_the_unbroken_run);
    tcase_add_test(running, a_start_of_something_else_is_refused);
    tcase_add_test(running, a_start_without_a_history_of_the_policy_is_refused);
    tcase_add_test(running, results_become_files);
    tcase_add_test(running, a_store_is_opened_again);
    tcase_add_test(running, places_that_are_not_there_are_told);
    tcase_add_test(running, observed_series_are_given_whole);
    suite_add_tcase(suite, asking);
    suite_add_tcase(suite, running);
    return paso_check_main(suite);
}
