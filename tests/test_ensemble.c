/* The ensemble on the workout corridor: whole periods, take, the same bits for any threads and
 * lanes, forks that change nothing, early ends. Exact comparisons; no statistics. */
#include <math.h>
#include <string.h>

#include "check_main.h"
#include "corridor/model.h"
#include "ensemble/ensemble.h"
#include "ensemble/history.h"
#include "program/compile.h"

enum { MEMBERS = 13, POLICIES = 3, MAX_VALUES = 400 };

static paso_diags diags;
static paso_model *model;
static paso_program *program;
static paso_schedule *schedule[POLICIES];
static const paso_program *programs[POLICIES];
static const paso_schedule *schedules[POLICIES];
static paso_plan plan;

static int day_of(const char *text) {
    int day = 0;
    ck_assert_int_eq(paso_date_parse(text, &day, NULL), 0);
    return day;
}

static void compile_policy(int at, const char *first, const char *second) {
    int stack[2] = {paso_policy_find(model, first), second ? paso_policy_find(model, second) : -1};
    ck_assert_int_eq(
        paso_schedule_compile(model, program, stack, second ? 2 : 1, NULL, 0, &schedule[at]),
        PASO_OK);
    schedules[at] = schedule[at];
    programs[at] = program;
}

static void setup(void) {
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    ck_assert_int_eq(paso_model_read("tests/corridors/workout", &diags, &model), PASO_OK);
    ck_assert_int_eq(paso_program_compile(model, NULL, &program), PASO_OK);
    compile_policy(0, "as-happened", NULL);
    compile_policy(1, "harder", NULL);
    compile_policy(2, "as-happened", NULL);
    plan = (paso_plan){.program = programs,
                       .schedule = schedules,
                       .n_policies = POLICIES,
                       .seed = 5,
                       .first_member = 2,
                       .n_members = MEMBERS,
                       .from = day_of("2021-02-24"),
                       .until = day_of("2021-05-05"),
                       .known_until = model->clock_now,
                       .lanes = 5,
                       .threads = 1};
}

static void teardown(void) {
    for (int i = 0; i < POLICIES; i++) paso_schedule_free(schedule[i]);
    paso_program_free(program);
    paso_model_free(model);
    paso_diags_clear(&diags);
    memset(schedule, 0, sizeof schedule);
}

/* ---- a sink that keeps everything ---- */

typedef struct kept {
    double value[POLICIES][MEMBERS][8][MAX_VALUES];
    size_t n[8];
    int times[POLICIES][MEMBERS][8];
    int n_calls, stop_after;
    double done, all;
    bool backwards;
} kept;

static kept now, before;

static paso_status keep(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    kept *k = context;
    size_t m = member - plan.first_member;
    ck_assert_uint_lt(m, MEMBERS);
    ck_assert_uint_le(n, MAX_VALUES);
    memcpy(k->value[policy][m][observable], value, n * sizeof *value);
    k->n[observable] = n;
    k->times[policy][m][observable]++;
    k->n_calls++;
    return PASO_OK;
}

static void watch(void *context, double done, double all) {
    kept *k = context;
    k->backwards |= done < k->done;
    k->done = done;
    k->all = all;
}

static bool stop(void *context) {
    kept *k = context;
    return k->stop_after > 0 && k->n_calls >= k->stop_after;
}

static paso_status run(kept *k) {
    paso_ensemble_hooks hooks = {keep, k, watch, stop, NULL};
    paso_fault fault = {0};
    return paso_ensemble_run(&plan, &hooks, &fault, NULL);
}

static kept *run_all(void) {
    memset(&now, 0, sizeof now);
    ck_assert_int_eq(run(&now), PASO_OK);
    return &now;
}

/* ---- the grid ---- */

static paso_grid *grid_of(const char *from, const char *until) {
    paso_grid *grid = NULL;
    ck_assert_int_eq(paso_grid_create(program, day_of(from), day_of(until), &grid), PASO_OK);
    return grid;
}

START_TEST(only_whole_periods) {
    paso_grid *grid = grid_of("2021-02-24", "2021-05-05"); /* a Wednesday to a Wednesday */
    int o = paso_observable_find(model, "crossed"), w = paso_observable_find(model, "crowded");
    ck_assert_uint_eq(grid->n_observables, program->observable.n);
    ck_assert_uint_eq(grid->item[o].n_cells, 3);
    ck_assert_uint_eq(grid->item[o].n_periods, 2); /* March and April */
    ck_assert_int_eq(grid->item[o].first_day[0], day_of("2021-03-01"));
    ck_assert_int_eq(grid->item[o].first_day[1], day_of("2021-04-01"));
    ck_assert_uint_eq(grid->item[w].n_periods, 9);
    ck_assert_int_eq(grid->item[w].first_day[0], day_of("2021-03-01")); /* a Monday */
    paso_grid_free(grid);
}
END_TEST

START_TEST(edges_of_periods) {
    int o = paso_observable_find(model, "crossed");
    paso_grid *grid = grid_of("2021-03-01", "2021-04-01");
    ck_assert_uint_eq(grid->item[o].n_periods, 1);
    paso_grid_free(grid);
    grid = grid_of("2021-03-02", "2021-04-30");
    ck_assert_uint_eq(grid->item[o].n_periods, 0);
    paso_grid_free(grid);
}
END_TEST

/* ---- values ---- */

/* The same by hand: one lane, one policy from the start, every close looked at. */
static void by_hand(size_t policy, uint32_t member, size_t o, int period, double *sum, double *last,
                    int *n_days) {
    paso_grid *grid = grid_of("2021-02-24", "2021-05-05");
    int first = grid->item[o].first_day[period];
    int next = paso_period_next(first, (paso_period)program->observable.items[o].every);
    paso_engine *e = paso_engine_create(program, schedule[policy], 1);
    ck_assert_int_eq(paso_engine_start(e, plan.seed, &member, program->start, plan.known_until),
                     PASO_OK);
    *sum = 0;
    for (int day = program->start; day < next; day++) {
        ck_assert_int_eq(paso_engine_day(e), PASO_OK);
        if (day < first) continue;
        *last = *paso_engine_observe(e, o);
        *sum += *last;
    }
    *n_days = next - first;
    paso_engine_free(e);
    paso_grid_free(grid);
}

START_TEST(sum_mean_and_last) {
    size_t sums = (size_t)paso_observable_find(model, "crossed");
    size_t lasts = (size_t)paso_observable_find(model, "crowded");
    size_t means = (size_t)paso_observable_find(model, "queue");
    program->observable.items[means].every = PASO_MONTH; /* a mean of more than one day */
    const kept *k = run_all();
    for (size_t p = 0; p < POLICIES; p++) {
        for (uint32_t m = 0; m < MEMBERS; m += 6) {
            double sum, last;
            int n;
            by_hand(p, m + plan.first_member, sums, 1, &sum, &last, &n);
            ck_assert_double_eq(k->value[p][m][sums][1], sum);
            by_hand(p, m + plan.first_member, lasts, 4, &sum, &last, &n);
            ck_assert_double_eq(k->value[p][m][lasts][4], last);
            by_hand(p, m + plan.first_member, means, 0, &sum, &last, &n);
            ck_assert_int_eq(n, 31);
            ck_assert_double_eq(k->value[p][m][means][0], sum / 31);
        }
    }
}
END_TEST

/* Against the daily series of what the conditions look at. */
START_TEST(chances_and_dates) {
    size_t daily = (size_t)paso_observable_find(model, "freight_now");
    size_t full = (size_t)paso_observable_find(model, "full");
    size_t since = (size_t)paso_observable_find(model, "since");
    const kept *k = run_all();
    int n_full = 0, n_weeks = 0, n_never = 0;
    ck_assert_uint_eq(k->n[since], 1);
    ck_assert_uint_eq(k->n[full], 9);
    for (size_t m = 0; m < MEMBERS; m++) {
        const double *now_full = k->value[0][m][full], *cars = k->value[0][m][daily];
        for (int week = 0; week < 9; week++, n_weeks++) {
            bool any = false; /* the first Monday is the sixth recorded day */
            for (int day = 0; day < 7; day++) any |= cars[5 + 7 * week + day] > 330;
            ck_assert_double_eq(now_full[week], any);
            n_full += any;
        }
        double date = *k->value[0][m][since], first = NAN;
        for (int day = plan.until - plan.from - 1; day >= 0; day--)
            if (cars[day] > 550) first = plan.from + day;
        ck_assert(isnan(first) ? isnan(date) : date == first);
        n_never += isnan(date);
    }
    ck_assert(n_full > 0 && n_full < n_weeks);
    ck_assert(n_never > 0 && n_never < MEMBERS);
}
END_TEST

START_TEST(every_member_once) {
    const kept *k = run_all();
    ck_assert_int_eq(k->n_calls, POLICIES * MEMBERS * (int)program->observable.n);
    for (size_t p = 0; p < POLICIES; p++)
        for (size_t m = 0; m < MEMBERS; m++)
            for (size_t o = 0; o < program->observable.n; o++)
                ck_assert_int_eq(k->times[p][m][o], 1);
}
END_TEST

START_TEST(same_bits_for_any_threads_and_lanes) {
    static const size_t lanes[] = {1, 5, 16, 0};
    memset(&before, 0, sizeof before);
    ck_assert_int_eq(run(&before), PASO_OK);
    for (size_t threads = 1; threads <= 2; threads++) {
        for (int i = 0; i < 4; i++) {
            plan.threads = threads;
            plan.lanes = lanes[i];
            const kept *k = run_all();
            ck_assert_mem_eq(k->value, before.value, sizeof k->value);
        }
    }
}
END_TEST

START_TEST(policies_differ_after_they_part) {
    const kept *k = run_all();
    size_t o = (size_t)paso_observable_find(model, "crossed");
    int differ = 0;
    for (size_t m = 0; m < MEMBERS; m++) {
        differ += k->value[0][m][o][1] != k->value[1][m][o][1];
        ck_assert_double_eq(k->value[0][m][o][1], k->value[2][m][o][1]);
    }
    ck_assert_int_gt(differ, MEMBERS / 2);
}
END_TEST

/* ---- forks ---- */

START_TEST(same_history_until_the_day_they_part) {
    ck_assert(paso_schedule_same_before(schedule[0], schedule[2], day_of("2021-08-31")));
    ck_assert(paso_schedule_same_before(schedule[0], schedule[1], day_of("2021-03-01")));
    ck_assert(!paso_schedule_same_before(schedule[0], schedule[1], day_of("2021-03-02")));
}
END_TEST

START_TEST(other_values_are_another_history) {
    schedule[2]->number.items[schedule[2]->assignment.items[0].number] += 1;
    ck_assert(!paso_schedule_same_before(schedule[0], schedule[2], day_of("2021-08-31")));
}
END_TEST

/* A fork shows in the days to do; its results equal those of policies run alone. */
START_TEST(a_fork_changes_nothing) {
    const kept *k = run_all();
    double history = plan.from - program->start, rest = plan.until - plan.from;
    ck_assert_double_eq(k->all, MEMBERS * (history + POLICIES * rest));
    memcpy(&before, k, sizeof before);
    plan.n_policies = 1;
    for (size_t p = 0; p < POLICIES; p++) {
        plan.program = &programs[p];
        plan.schedule = &schedules[p];
        k = run_all();
        ck_assert_mem_eq(k->value[0], before.value[p], sizeof k->value[0]);
    }
}
END_TEST

START_TEST(no_fork_after_they_parted) {
    plan.from = day_of("2021-03-10");
    const kept *k = run_all();
    double history = plan.from - program->start, rest = plan.until - plan.from;
    ck_assert_double_eq(k->all, MEMBERS * (2 * history + POLICIES * rest));
}
END_TEST

/* ---- progress and early ends ---- */

START_TEST(progress_reaches_its_end) {
    plan.threads = 2;
    const kept *k = run_all();
    ck_assert(!k->backwards);
    ck_assert_double_eq(k->done, k->all);
}
END_TEST

START_TEST(a_wish_to_stop_keeps_whole_members) {
    memset(&now, 0, sizeof now);
    now.stop_after = 1; /* after the first block of five */
    ck_assert_int_eq(run(&now), PASO_STOPPED);
    for (size_t m = 0; m < MEMBERS; m++)
        for (size_t p = 0; p < POLICIES; p++)
            for (size_t o = 0; o < program->observable.n; o++)
                ck_assert_int_eq(now.times[p][m][o], m < 5);
}
END_TEST

static paso_status refuse(void *context, size_t policy, uint32_t member, size_t observable,
                          const double *value, size_t n) {
    (void)context, (void)policy, (void)member, (void)observable, (void)value, (void)n;
    return PASO_ERR_IO;
}

START_TEST(a_sink_that_fails_ends_the_run) {
    paso_ensemble_hooks hooks = {.sink = refuse};
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_IO);
}
END_TEST

/* A hazard below zero in every member: the fault told is the first member's, whatever the threads.
 */
START_TEST(a_failed_check_names_its_place) {
    const char *name = "held.moved";
    size_t n = program->exit.n, at = n;
    for (size_t i = 0; i < n; i++)
        if (strcmp(paso_program_name(program, program->exit.items[i].name), name) == 0) at = i;
    ck_assert_uint_lt(at, n);
    paso_constant wrong = {program->n_rows++, (int32_t)program->number.n};
    ck_assert_int_eq(PASO_PUSH(&program->number, -1.0), 0);
    ck_assert_int_eq(PASO_PUSH(&program->constant, wrong), 0);
    program->exit.items[at].rate = (paso_operand){wrong.row, PASO_MAP_ONE};
    for (int i = 0; i < POLICIES; i++) schedule[i]->n_rows++;
    for (plan.threads = 1; plan.threads <= 2; plan.threads++) {
        paso_ensemble_hooks hooks = {keep, &now, NULL, NULL, NULL};
        paso_fault fault = {0};
        plan.n_policies = 1; /* its settings need no rows of their own */
        ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, &fault, NULL), PASO_ERR_MODEL);
        ck_assert_int_eq(fault.kind, PASO_FAULT_NEGATIVE);
        ck_assert_str_eq(paso_program_name(program, fault.name), name);
        ck_assert_uint_eq(fault.member, plan.first_member);
        ck_assert_int_eq(fault.day, program->start);
    }
}
END_TEST

START_TEST(plans_that_make_no_sense) {
    paso_ensemble_hooks hooks = {.sink = refuse};
    paso_plan good = plan;
    plan.until = plan.from;
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
    plan = good;
    plan.from = program->start - 1;
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
    plan = good;
    plan.until = program->end + 1;
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
    plan = good;
    plan.n_members = 0;
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ensemble");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, only_whole_periods);
    tcase_add_test(all, edges_of_periods);
    tcase_add_test(all, sum_mean_and_last);
    tcase_add_test(all, chances_and_dates);
    tcase_add_test(all, every_member_once);
    tcase_add_test(all, same_bits_for_any_threads_and_lanes);
    tcase_add_test(all, policies_differ_after_they_part);
    tcase_add_test(all, same_history_until_the_day_they_part);
    tcase_add_test(all, other_values_are_another_history);
    tcase_add_test(all, a_fork_changes_nothing);
    tcase_add_test(all, no_fork_after_they_parted);
    tcase_add_test(all, progress_reaches_its_end);
    tcase_add_test(all, a_wish_to_stop_keeps_whole_members);
    tcase_add_test(all, a_sink_that_fails_ends_the_run);
    tcase_add_test(all, a_failed_check_names_its_place);
    tcase_add_test(all, plans_that_make_no_sense);
    suite_add_tcase(suite, all);
    return paso_check_main(suite);
}
