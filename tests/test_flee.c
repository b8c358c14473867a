/* Flee scenarios from inside: rows of any width, counts between their dates, sums of count files,
 * corrections, and runs that conserve people and repeat. Rules of movement: test_flee_oracle.py. */
#include "flee/flee.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "flee/rows.h"
#include "flee/state.h"

static char folder[64];
static paso_diags diags;

static void write_file(const char *name, const char *text) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

static void make_folder(const char *name) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ck_assert_int_eq(mkdir(path, 0700), 0);
}

static void setup(void) {
    snprintf(folder, sizeof folder, "/tmp/paso-flee-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    make_folder("input_csv");
    make_folder("source_data");
    write_file("simsetting.yml", "optimisations:\n  hasten: 1\n");
    write_file("input_csv/locations.csv", "#name,region,country,x,y,type,date,pop\n"
                                          "A,r,h,1,1,conflict_zone,0,1000\n"
                                          "B,r,h,1,2,town,,\n"
                                          "C,r,f,2,2,camp,,\n");
    write_file("input_csv/routes.csv", "#a,b,km\nA,B,90\nB,C,120\n");
    write_file("input_csv/conflicts.csv", "#Day,A\n0,1\n1,1\n2,1\n3,1\n4,1\n5,1\n6,1\n7,1\n");
    write_file("input_csv/closures.csv", "");
    write_file("input_csv/sim_period.csv", "StartDate,2020-01-01\nLength,8\n");
    write_file("source_data/data_layout.csv", "total,t.csv\nC,c.csv\n");
    write_file("source_data/t.csv", "2020-01-01,10\n2020-01-08,400\n");
    write_file("source_data/c.csv", "2020-01-01,10\n2020-01-05,30\n2020-01-08,400\n");
}

static void teardown(void) {
    char command[128];
    paso_diags_clear(&diags);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static paso_flee_scenario *read_it(bool fixed) {
    paso_flee_scenario *s = NULL;
    paso_flee_source source = {.folder = folder, .fixed = fixed};
    paso_status status = paso_flee_read(&source, &diags, &s);
    if (status != PASO_OK) paso_diags_print(&diags, stderr, false);
    ck_assert_int_eq(status, PASO_OK);
    return s;
}

START_TEST(rows_have_any_width) {
    char path[128];
    flee_rows rows;
    write_file("r.csv", "a, b ,\r\n\n\"x, \"\"y\"\"\",2\n# note\n\"l1\nl2\"z, \"q\"\rlast");
    snprintf(path, sizeof path, "%s/r.csv", folder);
    ck_assert_int_eq(paso_flee_rows_read(diags.arena, &diags, path, &rows), PASO_OK);
    ck_assert_uint_eq(rows.n, 6);
    ck_assert_uint_eq(rows.row[0].n, 3);
    ck_assert_str_eq(rows.row[0].cell[1], " b ");
    ck_assert_int_eq(rows.row[0].column[1], 3);
    ck_assert_str_eq(rows.row[4].cell[0], "l1\nl2z"); /* as Python's csv has it */
    ck_assert_str_eq(rows.row[4].cell[1], " \"q\"");
    ck_assert_int_eq(rows.row[5].line, 7);
    ck_assert_str_eq(rows.row[5].cell[0], "last");
    ck_assert_uint_eq(rows.row[1].n, 0);
    ck_assert_str_eq(rows.row[2].cell[0], "x, \"y\"");
    ck_assert(paso_flee_row_is_comment(&rows.row[3]) && paso_flee_row_is_comment(&rows.row[1]));
    write_file("r.csv", "\"open\n");
    ck_assert_int_eq(paso_flee_rows_read(diags.arena, &diags, path, &rows), PASO_ERR_INPUT);
}
END_TEST

/* The words of all comments that are as wide, as Flee strings them together. */
START_TEST(headers_are_strung_together) {
    char path[128];
    flee_rows rows;
    flee_header header;
    double number;
    snprintf(path, sizeof path, "%s/r.csv", folder);
    write_file("r.csv", "#a,b,c,d\n1, +2. ,3,4,5\n#1,2,3\n# note\n1,2,3,4,5,6\n");
    ck_assert_int_eq(paso_flee_rows_read(diags.arena, &diags, path, &rows), PASO_OK);
    ck_assert_int_eq(paso_flee_rows_header(diags.arena, &rows, 2, &header), PASO_OK);
    ck_assert_uint_eq(header.n, 3);
    ck_assert_str_eq(header.name[0], "c");
    ck_assert_str_eq(header.name[2], "3");
    ck_assert_uint_eq(paso_flee_rows_named(&rows, &diags, 1, &header), 5);
    ck_assert_int_eq(paso_diags_status(&diags), PASO_OK);
    ck_assert_uint_eq(paso_flee_rows_named(&rows, &diags, 4, &header), 5);
    ck_assert_int_eq(paso_diags_status(&diags), PASO_ERR_INPUT);
    ck_assert(paso_flee_cell_number(&rows.row[1], 1, &number) == 0 && number == 2);
}
END_TEST

START_TEST(counts_between_dates_are_cut) {
    int day[] = {-2, 4, 7};
    double value[] = {10, 19, 100};
    flee_series s = {day, value, 3};
    ck_assert_double_eq(paso_flee_series_at(&s, -9), 10);
    ck_assert_double_eq(paso_flee_series_at(&s, 0), 13);
    ck_assert_double_eq(paso_flee_series_at(&s, 1), 14);
    ck_assert_double_eq(paso_flee_series_at(&s, 5), 46);
    ck_assert_double_eq(paso_flee_series_at(&s, 70), 100);
}
END_TEST

/* Between dates of the other file, a file's last matched value holds; what comes after the added
 * file's end is dropped. */
START_TEST(count_files_add_up) {
    write_file("source_data/data_layout.csv", "total,t.csv\nC,c.csv,d.csv\n");
    write_file("source_data/d.csv", "2020-01-01,1\n2020-01-03,5\n2020-01-05,7\n");
    paso_flee_scenario *s = read_it(false);
    const flee_series *c = &s->column[1];
    ck_assert_uint_eq(c->n, 3);
    ck_assert_int_eq(c->day[1], 2);
    ck_assert_double_eq(c->value[0], 11);
    ck_assert_double_eq(c->value[1], 35);
    ck_assert_double_eq(c->value[2], 37);
    paso_flee_free(s);
}
END_TEST

START_TEST(corrections_lift_what_came_before) {
    write_file("input_csv/registration_corrections.csv", "C,2020-01-05,normalize\n");
    paso_flee_scenario *s = read_it(false);
    ck_assert_double_eq(s->column[1].value[0], 30);
    ck_assert_double_eq(s->column[1].value[1], 30);
    ck_assert_double_eq(s->column[1].value[2], 400);
    paso_flee_free(s);
}
END_TEST

START_TEST(settings_have_defaults) {
    write_file("simsetting.yml", "move_rules:\n  awareness_level: 1.5\n  start_on_foot: yes\n"
                                 "  camp_weight: .5\n");
    paso_flee_scenario *s = read_it(false);
    ck_assert_double_eq(s->set.awareness_level, 1);
    ck_assert(s->set.start_on_foot && s->set.insert_day0);
    ck_assert_double_eq(s->set.camp_weight, 0.5);
    ck_assert_double_eq(s->set.max_move_speed, 360);
    ck_assert_double_eq(s->set.default_movechance, 0.3);
    paso_flee_free(s);
}
END_TEST

START_TEST(people_add_up_and_runs_repeat) {
    paso_flee_scenario *s = read_it(false);
    paso_flee_result a, b;
    ck_assert_int_eq(paso_flee_run(s, 1, 0, &a, NULL), PASO_OK);
    ck_assert_int_eq(paso_flee_run(s, 1, 0, &b, NULL), PASO_OK);
    ck_assert_int_eq(a.days, 8);
    ck_assert_double_eq(a.people[0], 10);
    ck_assert_double_eq(a.people[7], 400);
    ck_assert_double_eq(a.raw[7], 410); /* day 0 twice: in the camp and in the total */
    for (int t = 0; t < 8; t++) {
        ck_assert_double_eq(a.in_camp[t], b.in_camp[t]);
        ck_assert_double_eq(a.data[t], paso_flee_series_at(&s->column[1], t));
        ck_assert(a.in_camp[t] <= a.people[t]);
    }
    paso_flee_result_clear(&a);
    paso_flee_result_clear(&b);
    paso_flee_free(s);
}
END_TEST

/* One route of 90 km at 360 km a day: whoever sets out from A decides again in B the same day. */
START_TEST(error_is_the_mean_over_days) {
    paso_flee_scenario *s = read_it(false);
    paso_flee_result r;
    double sum = 0;
    paso_flee_camp camp;
    ck_assert_int_eq(paso_flee_run(s, 1, 0, &r, NULL), PASO_OK);
    for (int t = 0; t < 8; t++) {
        double d = r.in_camp[t] - r.data[t];
        sum += (d < 0 ? -d : d) / r.data[t];
    }
    ck_assert_double_eq_tol(r.error_normal, sum / 8, 1e-12);
    paso_flee_camp_error(&r, 0, &camp);
    ck_assert_double_eq_tol(camp.share, r.error_normal, 1e-12);
    ck_assert(r.error_rescaled <= 1e-12); /* one camp: rescaled is always right */
    paso_flee_result_clear(&r);
    paso_flee_free(s);
}
END_TEST

/* A-B 90 km and B-C 120 km at 360 km a day. In C the last kilometres from which another hop still
 * leaves time for more end at 239; beyond, from 240 on, the next hop is the last. */
START_TEST(spans_end_where_a_day_can_end) {
    paso_flee_scenario *s = read_it(false);
    const int16_t *c = s->span + 2 * s->n_cells;
    ck_assert_int_eq(s->n_cells, 362);
    ck_assert_int_eq(c[300], 361);
    ck_assert_int_eq(c[240], 361);
    ck_assert_int_eq(c[239], 239);
    ck_assert_int_eq(c[150], 239); /* to B with 270: the hop to A or back to C is the last */
    ck_assert_int_eq(c[149], 149); /* to B with 269: there is time for one more in A */
    paso_flee_free(s);
}
END_TEST

/* With a distance that is no whole number, limits fall within kilometres, which are then not
 * joined. */
START_TEST(spans_keep_limits_within_a_kilometre) {
    write_file("input_csv/routes.csv", "#a,b,km\nA,B,90\nB,C,120.5\n");
    paso_flee_scenario *s = read_it(false);
    const int16_t *c = s->span + 2 * s->n_cells;
    ck_assert_int_eq(c[300], 361);
    ck_assert_int_eq(c[239], -1);
    ck_assert_int_eq(c[238], 238);
    ck_assert_int_eq(c[240], 361);
    paso_flee_free(s);
}
END_TEST

/* The short expansion against the long one, at the same uniforms: seldom another count, and then
 * the next one. Exactly at its least variance it misses most. */
START_TEST(counts_of_many_are_close) {
    const struct {
        int32_t n;
        double p;
    } at[] = {{64, 0.5}, {17000, 0.00095}, {80, 0.72}, {400, 0.0418}, {100000, 0.3}};
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        int other = 0;
        for (uint32_t k = 0; k < 100000; k++) {
            flee_draw draw = {k * 77777ULL};
            double count = paso_flee_draw_binomial(draw, at[i].n, at[i].p, 3);
            double exact = paso_binomial(at[i].n, at[i].p, paso_flee_draw_uniform(draw, 3));
            ck_assert(count == exact || count == exact + 1 || count == exact - 1);
            other += count != exact;
        }
        ck_assert_msg(other < 1000, "n %d p %g: %d of 100,000", at[i].n, at[i].p, other);
    }
}
END_TEST

START_TEST(fixed_counts_day_0_once) {
    paso_flee_scenario *s = read_it(true);
    paso_flee_result r;
    ck_assert_int_eq(paso_flee_run(s, 1, 0, &r, NULL), PASO_OK);
    ck_assert_double_eq(r.raw[7], 400);
    paso_flee_result_clear(&r);
    paso_flee_free(s);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("flee");
    TCase *tests = tcase_create("flee");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, rows_have_any_width);
    tcase_add_test(tests, headers_are_strung_together);
    tcase_add_test(tests, counts_between_dates_are_cut);
    tcase_add_test(tests, count_files_add_up);
    tcase_add_test(tests, corrections_lift_what_came_before);
    tcase_add_test(tests, settings_have_defaults);
    tcase_add_test(tests, people_add_up_and_runs_repeat);
    tcase_add_test(tests, error_is_the_mean_over_days);
    tcase_add_test(tests, spans_end_where_a_day_can_end);
    tcase_add_test(tests, spans_keep_limits_within_a_kilometre);
    tcase_add_test(tests, counts_of_many_are_close);
    tcase_add_test(tests, fixed_counts_day_0_once);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
