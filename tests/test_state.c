/* Forks from saved members: the same bits as the unbroken run, for every policy of two corridors,
 * any lanes and threads, through memory and through a file; and what a state is refused for. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "corridor/model.h"
#include "ensemble/state.h"
#include "program/compile.h"

enum { MEMBERS = 6, FIRST = 3, MAX_POLICIES = 16 };

/* A corridor with all its policies, each under its own program. */
typedef struct fixture {
    paso_diags diags;
    paso_model *model;
    paso_program *program[MAX_POLICIES];
    paso_schedule *schedule[MAX_POLICIES];
    const char *name[MAX_POLICIES];
    size_t start_policy[MAX_POLICIES];
    paso_plan plan;
} fixture;

static fixture f;

static void compile_policy(int p) {
    const paso_policy *policy = &f.model->policy[p];
    paso_compile_options options = {.without = policy->without, .n_without = policy->n_without};
    f.name[p] = policy->item.name;
    f.start_policy[p] = (size_t)p;
    ck_assert_int_eq(paso_program_compile(f.model, &options, &f.program[p]), PASO_OK);
    ck_assert_int_eq(paso_schedule_compile(f.model, f.program[p], &p, 1, NULL, 0, &f.schedule[p]),
                     PASO_OK);
}

/* Recorded are the days [from, until); `from` lies `before` days before the corridor's now. */
static void open_corridor(const char *path, int before, int days) {
    memset(&f, 0, sizeof f);
    ck_assert_int_eq(paso_diags_init(&f.diags), 0);
    ck_assert_int_eq(paso_model_read(path, &f.diags, &f.model), PASO_OK);
    ck_assert_int_le(f.model->n_policies, MAX_POLICIES);
    for (int p = 0; p < f.model->n_policies; p++) compile_policy(p);
    int from = f.model->clock_now - before;
    f.plan = (paso_plan){.program = (const paso_program *const *)f.program,
                         .schedule = (const paso_schedule *const *)f.schedule,
                         .n_policies = (size_t)f.model->n_policies,
                         .seed = 9,
                         .first_member = FIRST,
                         .n_members = MEMBERS,
                         .from = from,
                         .until = from + days,
                         .known_until = f.model->clock_now,
                         .lanes = 4,
                         .threads = 2};
}

static void close_corridor(void) {
    for (size_t p = 0; p < f.plan.n_policies; p++) {
        paso_schedule_free(f.schedule[p]);
        paso_program_free(f.program[p]);
    }
    paso_model_free(f.model);
    paso_diags_clear(&f.diags);
}

/* ---- everything a run records, as one row of numbers ---- */

typedef struct record {
    const paso_plan *plan;
    size_t offset[64], width; /* of observables in a member's row */
    double *value;            /* [policy][member][width] */
} record;

static paso_status keep(void *context, size_t policy, uint32_t member, size_t observable,
                        const double *value, size_t n) {
    record *r = context;
    size_t row = policy * r->plan->n_members + (member - r->plan->first_member);
    memcpy(r->value + row * r->width + r->offset[observable], value, n * sizeof *value);
    return PASO_OK;
}

static record run(const paso_plan *plan) {
    record r = {.plan = plan};
    paso_grid *grid = NULL;
    paso_fault fault = {0};
    ck_assert_int_eq(paso_grid_create(plan->program[0], plan->from, plan->until, &grid), PASO_OK);
    ck_assert_uint_le(grid->n_observables, 64);
    for (size_t o = 0; o < grid->n_observables; o++) {
        r.offset[o] = r.width;
        r.width += grid->item[o].n_cells * grid->item[o].n_periods;
    }
    ck_assert_uint_gt(r.width, 0);
    paso_grid_free(grid);
    r.value = calloc(plan->n_policies * plan->n_members * r.width, sizeof *r.value);
    paso_ensemble_hooks hooks = {.sink = keep, .context = &r};
    ck_assert_int_eq(paso_ensemble_run(plan, &hooks, &fault, NULL), PASO_OK);
    return r;
}

static void expect_same(const record *a, const record *b) {
    size_t n = a->plan->n_policies * a->plan->n_members * a->width;
    ck_assert_uint_eq(a->width, b->width);
    ck_assert_int_eq(memcmp(a->value, b->value, n * sizeof *a->value), 0);
}

/* ---- saving ---- */

/* The members at the opening of `day`. */
static paso_state *save_at(int day, size_t lanes, size_t threads) {
    paso_state *state = NULL;
    paso_plan plan = f.plan;
    plan.from = day - 20;
    plan.until = day;
    plan.lanes = lanes;
    plan.threads = threads;
    ck_assert_int_eq(paso_state_create(&plan, f.model->name, f.name, &state), PASO_OK);
    plan.save = state;
    record r = run(&plan);
    free(r.value);
    return state;
}

static paso_plan plan_from(const paso_state *state, size_t lanes, size_t threads) {
    paso_plan plan = f.plan;
    plan.start = state;
    plan.start_policy = f.start_policy;
    plan.lanes = lanes;
    plan.threads = threads;
    return plan;
}

static void expect_unbroken(int day) {
    static const size_t lanes[] = {1, 5, 16};
    paso_state *state = save_at(day, 5, 2);
    record whole = run(&f.plan);
    for (size_t i = 0; i < 3; i++) {
        for (size_t threads = 1; threads <= 2; threads++) {
            paso_plan plan = plan_from(state, lanes[i], threads);
            ck_assert_int_eq(paso_state_check(&plan, f.model->name, NULL, &f.diags), PASO_OK);
            record r = run(&plan);
            expect_same(&whole, &r);
            free(r.value);
        }
    }
    free(whole.value);
    paso_state_free(state);
}

START_TEST(workout_goes_on_from_the_window) {
    open_corridor("tests/corridors/workout", 40, 75);
    expect_unbroken(f.plan.from);
    close_corridor();
}
END_TEST

START_TEST(workout_goes_on_from_before_the_window) {
    open_corridor("tests/corridors/workout", 10, 75);
    expect_unbroken(f.plan.from - 13);
    close_corridor();
}
END_TEST

START_TEST(us_mexico_goes_on) {
    open_corridor("corridors/us-mexico/capacity.yml", 20, 120);
    expect_unbroken(f.plan.from - 3);
    close_corridor();
}
END_TEST

START_TEST(one_history_forks_into_all_policies) {
    open_corridor("corridors/us-mexico/capacity.yml", 0, 62);
    record whole = run(&f.plan);
    paso_plan one = f.plan;
    paso_state *state = NULL;
    one.n_policies = 1;
    one.from -= 30;
    one.until = f.plan.from - 1;
    ck_assert_int_eq(paso_state_create(&one, f.model->name, f.name, &state), PASO_OK);
    one.save = state;
    record history = run(&one);
    paso_plan all = plan_from(state, 0, 2);
    memset(f.start_policy, 0, sizeof f.start_policy);
    ck_assert_int_eq(paso_state_find(state, "any"), 0);
    ck_assert_int_eq(paso_state_check(&all, f.model->name, NULL, &f.diags), PASO_OK);
    record forked = run(&all);
    /* No policy of the corridor sets a lever before its now. */
    expect_same(&whole, &forked);
    free(whole.value);
    free(history.value);
    free(forked.value);
    paso_state_free(state);
    close_corridor();
}
END_TEST

START_TEST(states_do_not_depend_on_lanes_and_threads) {
    open_corridor("tests/corridors/workout", 10, 75);
    paso_state *a = save_at(f.plan.from, 1, 1), *b = save_at(f.plan.from, 16, 2);
    for (size_t p = 0; p < a->n_policies; p++) {
        size_t n = a->policy[p].n_values * MEMBERS * sizeof(double);
        ck_assert_int_eq(memcmp(a->policy[p].value, b->policy[p].value, n), 0);
    }
    paso_state_free(a);
    paso_state_free(b);
    close_corridor();
}
END_TEST

/* ---- a walk that goes back ---- */

/* Policy 0, and the same with its first lever moved at `day`. */
static paso_schedule *with_a_move(int day, double value) {
    paso_step step = {.row = f.program[0]->lever.items[0].row, .day = day, .value = value};
    paso_schedule *schedule = NULL;
    ck_assert_int_eq(paso_schedule_with_steps(f.program[0], f.schedule[0], &step, 1, &schedule),
                     PASO_OK);
    return schedule;
}

/* One policy under one of several schedules, and what a run of it without a walk records. */
typedef struct timeline {
    paso_schedule *schedule;
    record whole;
} timeline;

static paso_plan one_policy(const paso_schedule *const *schedule) {
    paso_plan plan = f.plan;
    plan.n_policies = 1;
    plan.schedule = schedule;
    return plan;
}

static timeline timeline_of(paso_schedule *schedule) {
    const paso_schedule *only = schedule;
    paso_plan plan = one_policy(&only);
    timeline t = {schedule, run(&plan)};
    t.whole.plan = &f.plan;
    return t;
}

static void expect_walked(paso_walk *walk, const record *walked, const timeline *t) {
    size_t n = MEMBERS * walked->width * sizeof *walked->value;
    bool done = false;
    memset(walked->value, 0, n);
    while (!done) ck_assert_int_eq(paso_walk_days(walk, 9, &done), PASO_OK);
    ck_assert_int_eq(memcmp(t->whole.value, walked->value, n), 0);
}

/* Later, the same day, earlier, left half-way, and where no mark is left. */
static void expect_walks(const timeline *t, size_t bytes) {
    const paso_schedule *first = t[0].schedule;
    paso_plan plan = one_policy(&first);
    record walked = run(&plan);
    paso_fault fault = {0};
    paso_ensemble_hooks hooks = {.sink = keep, .context = &walked};
    paso_luck *luck = paso_luck_create(f.program[0], MEMBERS, plan.from, plan.until, bytes);
    paso_walk *walk = NULL;
    paso_status status;
    bool done;
    ck_assert_int_eq(paso_walk_begin(&plan, &hooks, &fault, &walk), PASO_OK);
    ck_assert_int_eq(paso_walk_keep(walk, luck), PASO_OK);
    expect_walked(walk, &walked, &t[0]);
    for (size_t i = 1; i < 4; i++) {
        ck_assert(paso_walk_again(walk, t[i].schedule, &status));
        ck_assert_int_eq(status, PASO_OK);
        if (i == 2)
            ck_assert_int_eq(paso_walk_days(walk, 5, &done), PASO_OK);
        else
            expect_walked(walk, &walked, &t[i]);
    }
    ck_assert(!paso_walk_again(walk, t[4].schedule, &status));
    paso_walk_end(walk);
    paso_luck_free(luck);
    free(walked.value);
}

START_TEST(a_walk_goes_back_to_where_timelines_part) {
    open_corridor("tests/corridors/workout", 40, 75);
    int from = f.plan.from;
    timeline t[] = {timeline_of(f.schedule[0]),
                    timeline_of(with_a_move(from + 45, 1)),
                    timeline_of(with_a_move(from + 45, 2)),
                    timeline_of(with_a_move(from + 20, 1)),
                    {.schedule = with_a_move(from - 3, 2)}};
    expect_walks(t, 150000);  /* draws of some days are kept */
    expect_walks(t, 1 << 24); /* all */
    for (size_t i = 0; i < 5; i++) {
        if (i > 0) paso_schedule_free(t[i].schedule);
        free(t[i].whole.value);
    }
    close_corridor();
}
END_TEST

START_TEST(luck_is_of_one_program_and_width) {
    open_corridor("tests/corridors/workout", 40, 75);
    paso_engine *engine = paso_engine_create(f.program[0], f.schedule[0], 4);
    paso_luck *luck = paso_luck_create(f.program[0], 5, f.plan.from, f.plan.until, 1000);
    ck_assert_int_eq(paso_engine_luck(engine, luck), PASO_ERR_USAGE);
    ck_assert_int_eq(paso_engine_luck(engine, NULL), PASO_OK);
    paso_luck_free(luck);
    paso_engine_free(engine);
    close_corridor();
}
END_TEST

START_TEST(some_members_go_on) {
    open_corridor("tests/corridors/workout", 10, 75);
    paso_state *state = save_at(f.plan.from, 4, 1);
    f.plan.first_member = FIRST + 2;
    f.plan.n_members = 3;
    record whole = run(&f.plan);
    paso_plan plan = plan_from(state, 2, 1);
    record part = run(&plan);
    expect_same(&whole, &part);
    free(whole.value);
    free(part.value);
    paso_state_free(state);
    close_corridor();
}
END_TEST

/* ---- files ---- */

static char *temporary(void) {
    static char name[] = "/tmp/paso-state-XXXXXX";
    memcpy(name + strlen(name) - 6, "XXXXXX", 6);
    int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    close(file);
    unlink(name);
    return name;
}

START_TEST(a_file_says_what_was_saved) {
    open_corridor("tests/corridors/workout", 10, 75);
    char *name = temporary();
    paso_state *a = save_at(f.plan.from, 4, 1), *b = NULL;
    ck_assert_int_eq(paso_state_save(a, name, false, &f.diags), PASO_OK);
    ck_assert_int_eq(paso_state_save(a, name, false, &f.diags), PASO_ERR_IO);
    ck_assert_int_eq(paso_state_save(a, name, true, &f.diags), PASO_OK);
    ck_assert_int_eq(paso_state_load(name, &f.diags, &b), PASO_OK);
    ck_assert_str_eq(a->corridor, b->corridor);
    ck_assert_uint_eq(a->seed, b->seed);
    ck_assert_int_eq(a->day, b->day);
    ck_assert_int_eq(a->known_until, b->known_until);
    ck_assert_uint_eq(a->first_member, b->first_member);
    ck_assert_uint_eq(a->n_members, b->n_members);
    ck_assert_uint_eq(a->n_policies, b->n_policies);
    for (size_t p = 0; p < a->n_policies; p++) {
        ck_assert_str_eq(a->policy[p].name, b->policy[p].name);
        ck_assert_str_eq(a->policy[p].hash, b->policy[p].hash);
        ck_assert_uint_eq(a->policy[p].n_values, b->policy[p].n_values);
        size_t n = a->policy[p].n_values * MEMBERS * sizeof(double);
        ck_assert_int_eq(memcmp(a->policy[p].value, b->policy[p].value, n), 0);
    }
    paso_plan plan = plan_from(b, 3, 2);
    record whole = run(&f.plan), r = run(&plan);
    expect_same(&whole, &r);
    free(whole.value);
    free(r.value);
    paso_state_free(a);
    paso_state_free(b);
    unlink(name);
    close_corridor();
}
END_TEST

static size_t read_file(const char *name, unsigned char **bytes) {
    FILE *in = fopen(name, "rb");
    ck_assert_ptr_nonnull(in);
    fseek(in, 0, SEEK_END);
    size_t n = (size_t)ftell(in);
    rewind(in);
    *bytes = malloc(n);
    ck_assert_uint_eq(fread(*bytes, 1, n, in), n);
    fclose(in);
    return n;
}

static void write_file(const char *name, const unsigned char *bytes, size_t n) {
    FILE *out = fopen(name, "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(bytes, 1, n, out), n);
    fclose(out);
}

static const char *refusal(const char *name) {
    static char text[4096];
    paso_state *state = NULL;
    paso_diags diags;
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    ck_assert_int_eq(paso_state_load(name, &diags, &state), PASO_ERR_INPUT);
    ck_assert_ptr_null(state);
    ck_assert_uint_eq(diags.n, 1);
    snprintf(text, sizeof text, "%s", diags.items[0].message);
    paso_diags_clear(&diags);
    return text;
}

/* Every cut, and every changed byte of the head and of some numbers. */
START_TEST(a_broken_file_is_refused) {
    open_corridor("tests/corridors/workout", 10, 75);
    char *name = temporary();
    unsigned char *bytes;
    f.plan.n_policies = 1;
    paso_state *state = save_at(f.plan.from, 4, 1);
    ck_assert_int_eq(paso_state_save(state, name, false, &f.diags), PASO_OK);
    size_t n = read_file(name, &bytes);
    for (size_t i = 0; i < n; i += i < 300 ? 1 : n / 50) {
        write_file(name, bytes, i);
        refusal(name);
        bytes[i] ^= 0x10;
        write_file(name, bytes, n);
        refusal(name);
        bytes[i] ^= 0x10;
    }
    write_file(name, bytes, n - 1);
    ck_assert_str_eq(refusal(name), "the state is cut or was changed");
    bytes[8] = 77;
    write_file(name, bytes, n);
    ck_assert_str_eq(refusal(name), "expected a state of format 1, found 77");
    write_file(name, (const unsigned char *)"name: x\n", 8);
    ck_assert_str_eq(refusal(name), "expected a state of Paso, found another file");
    free(bytes);
    paso_state_free(state);
    unlink(name);
    close_corridor();
}
END_TEST

/* ---- what does not fit ---- */

static void expect_refused(const paso_plan *plan, const char *id, const char *part) {
    paso_diags diags;
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    ck_assert_int_eq(paso_state_check(plan, f.model->name, "x.state", &diags), PASO_ERR_INPUT);
    ck_assert_uint_eq(diags.n, 1);
    ck_assert_str_eq(diags.items[0].id, id);
    ck_assert_msg(strstr(diags.items[0].message, part) != NULL, "%s", diags.items[0].message);
    paso_diags_clear(&diags);
}

START_TEST(a_state_of_something_else_is_refused) {
    open_corridor("tests/corridors/workout", 10, 75);
    paso_state *state = save_at(f.plan.from, 4, 1);
    paso_plan plan = plan_from(state, 0, 1);
    plan.from = f.plan.from - 1;
    expect_refused(&plan, "state-day", "expected a state of");
    paso_ensemble_hooks hooks = {.sink = keep};
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
    plan = plan_from(state, 0, 1);
    plan.n_members++;
    expect_refused(&plan, "state-members", "members 3 to 9, found a state of members 3 to 8");
    ck_assert_int_eq(paso_ensemble_run(&plan, &hooks, NULL, NULL), PASO_ERR_USAGE);
    plan = plan_from(state, 0, 1);
    plan.seed++;
    expect_refused(&plan, "state-seed", "seed 10, found one of seed 9");
    plan = plan_from(state, 0, 1);
    plan.quick = true;
    expect_refused(&plan, "state-quick", "of a skeleton, found one of members with draws");
    plan = plan_from(state, 0, 1);
    memset(state->policy[0].hash, 'e', 64);
    expect_refused(&plan, "state-program", "found a state of workout, eeeeeeeeeeee");
    paso_state_free(state);
    close_corridor();
}
END_TEST

START_TEST(histories_are_found_by_name) {
    paso_state_policy policy[2] = {{.name = (char[]){"a"}}, {.name = (char[]){"b+c"}}};
    paso_state state = {.policy = policy, .n_policies = 2};
    ck_assert_int_eq(paso_state_find(&state, "b+c"), 1);
    ck_assert_int_eq(paso_state_find(&state, "b"), -1);
    state.n_policies = 1;
    ck_assert_int_eq(paso_state_find(&state, "b"), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("state");
    TCase *bits = tcase_create("bits"), *files = tcase_create("files");
    tcase_add_test(bits, workout_goes_on_from_the_window);
    tcase_add_test(bits, workout_goes_on_from_before_the_window);
    tcase_add_test(bits, us_mexico_goes_on);
    tcase_add_test(bits, one_history_forks_into_all_policies);
    tcase_add_test(bits, states_do_not_depend_on_lanes_and_threads);
    tcase_add_test(bits, some_members_go_on);
    tcase_add_test(bits, a_walk_goes_back_to_where_timelines_part);
    tcase_add_test(bits, luck_is_of_one_program_and_width);
    tcase_add_test(files, a_file_says_what_was_saved);
    tcase_add_test(files, a_broken_file_is_refused);
    tcase_add_test(files, a_state_of_something_else_is_refused);
    tcase_add_test(files, histories_are_found_by_name);
    suite_add_tcase(suite, bits);
    suite_add_tcase(suite, files);
    return paso_check_main(suite);
}
