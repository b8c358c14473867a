/* A person's steps on a policy of the tutorial: their order in the list does not matter, of two for
 * one day the later counts, and there is an end to them. Exact comparisons; no statistics. */
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "live/live.h"
#include "page/page.h"

enum { MEMBERS = 3 };

static paso_diags diags;
static paso_model *model;
static paso_page page;
static paso_live *live;
static int32_t from, until;

static void setup(void) {
    paso_fault fault;
    paso_page_options options = {
        .version = "", .git = "", .seed = 1, .from = PASO_PAGE_NO_DAY, .until = PASO_PAGE_NO_DAY};
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    ck_assert_int_eq(paso_model_read("corridors/tutorial", &diags, &model), PASO_OK);
    ck_assert_int_eq(paso_page_build(model, &options, &diags, &page, &fault), PASO_OK);
    paso_page_days(model, &from, &until);
    live = paso_live_open(page.program, page.n_program);
    ck_assert_ptr_nonnull(live);
}

static void teardown(void) {
    paso_live_close(live);
    paso_page_free(&page);
    paso_model_free(model);
    paso_diags_clear(&diags);
}

typedef struct step {
    int day; /* after `from` */
    double value;
} step;

/* The numbers of some members with these steps of the first lever; the caller's to free. */
static double *run_with(const step *s, size_t n, size_t *size) {
    ck_assert_int_eq(paso_live_begin(live, 0), PASO_OK);
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(paso_live_step(live, 0, 0, from + s[i].day, s[i].value), PASO_OK);
    ck_assert_int_eq(paso_live_plan(live, from, until, model->clock_now), PASO_OK);
    *size = MEMBERS * paso_live_n_values(live) * sizeof(double);
    double *value = malloc(*size);
    ck_assert_ptr_nonnull(value);
    ck_assert_int_eq(paso_live_run(live, 1, 0, MEMBERS, value), PASO_OK);
    return value;
}

static bool same(const step *a, size_t n_a, const step *b, size_t n_b) {
    size_t size[2];
    double *value[2] = {run_with(a, n_a, &size[0]), run_with(b, n_b, &size[1])};
    bool equal = size[0] == size[1] && memcmp(value[0], value[1], size[0]) == 0;
    free(value[0]);
    free(value[1]);
    return equal;
}

START_TEST(steps_in_any_order) {
    static const step sorted[] = {{-400, 20}, {10, 40}, {50, 5}, {90, 60}};
    static const step mixed[] = {{90, 60}, {10, 99}, {50, 5}, {-400, 20}, {10, 40}};
    static const step other[] = {{90, 60}, {10, 40}, {50, 5}, {-400, 20}, {10, 99}};
    ck_assert(same(sorted, 4, mixed, 5));
    ck_assert(!same(sorted, 4, other, 5));
    ck_assert(!same(sorted, 4, sorted, 3));
}
END_TEST

START_TEST(steps_have_an_end) {
    ck_assert_int_eq(paso_live_begin(live, 0), PASO_OK);
    for (int i = 0; i < PASO_LIVE_STEPS; i++)
        ck_assert_int_eq(paso_live_step(live, 0, 0, from + i, 20), PASO_OK);
    ck_assert_int_eq(paso_live_step(live, 0, 0, from, 20), PASO_ERR_USAGE);
    ck_assert_int_eq(paso_live_plan(live, from, until, model->clock_now), PASO_OK);
    ck_assert_int_eq(paso_live_begin(live, 0), PASO_OK);
    ck_assert_int_eq(paso_live_step(live, 0, 0, from, 20), PASO_OK);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("live");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, steps_in_any_order);
    tcase_add_test(all, steps_have_an_end);
    suite_add_tcase(suite, all);
    return paso_check_main(suite);
}
