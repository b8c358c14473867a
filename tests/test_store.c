/* The store written by hand and read back: every table, pairs, windows, the tidy table, files that
 * are refused, names that appear only when complete. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "model_text.h"
#include "program/compile.h"
#include "store/store.h"

static const char corridor[] =
    "title: {en: A test, es: Una prueba}\n"
    "sources:\n  diary: {title: Diary, by: somebody, url: \"https://example.org\"}\n"
    "sets:\n"
    "  origin: {columns: [en, es], rows: {hills: [The hills, La sierra], coast: [The coast, La "
    "costa]}}\n"
    "data:\n  seen: {table: seen.csv, over: [origin], every: month, unit: people, source: diary}\n"
    "parameters:\n"
    "  slow: {value: 2, range: [1, 4], unit: weeks, source: diary, doc: mean stay}\n"
    "levers:\n"
    "  gate: {over: [origin], value: 1, bounds: [0, 9], unit: people/week, who: x, group: y, en: "
    "Gate, es: Puerta}\n"
    "stages:\n"
    "  camp: {over: [origin], unit: people, start: 10 people, enters: {rate: gate}, exits: {go: "
    "{hazard: 1 / slow, to: outside}}, en: Camp, es: Campo}\n"
    "policies:\n"
    "  base: {en: Base, es: Base, set: {gate: {2024-01-01: 2, 2024-02-01: 3}}}\n"
    "  more: {en: More, es: Más, base: base, from: 2024-02-10, until: 2024-03-01, set: "
    "{\"gate[coast]\": gate + 1 people/week}}\n"
    "observables:\n"
    "  left: {is: camp.go, over: [origin], every: month, take: sum, unit: people, data: seen, "
    "noise: exact, headline: true, en: Left, es: Salieron, claims: [{says: 12, when: 2024-01, by: "
    "a paper, doc: said}]}\n"
    "  rate: {is: total(camp.go), every: month, take: mean, unit: people/week, en: Rate, es: "
    "Tasa, claims: [{says: 14, when: 2024-01, by: a, doc: b}]}\n"
    "  part: {is: \"ratio(camp, total(camp), 0)\", over: [origin], every: month, take: last, unit: "
    "1, en: Part, es: Parte}\n";

static paso_program *program;
static paso_grid *grid;
static paso_store *store;
static char path[128];

enum { JANUARY = 19723 }; /* 2024-01-01 */

static const int base_policy[] = {0}, more_policy[] = {1};
static const paso_store_stack stacks[] = {{"base", base_policy, 1, NULL},
                                          {"more", more_policy, 1, NULL}};
static paso_plan plan;

static void setup(void) {
    text_setup();
    text_write("seen.csv", "",
               "date,origin,value\n2023-12,hills,5\n2023-12,coast,6\n2024-01,hills,7\n"
               "2024-01,coast,\n2024-02,hills,8\n2024-02,coast,9\n");
    read_text(corridor);
    snprintf(path, sizeof path, "%s/results.db", text_folder);
    ck_assert_int_eq(paso_program_compile(model, NULL, &program), PASO_OK);
    ck_assert_int_eq(paso_grid_create(program, JANUARY, JANUARY + 60, &grid), PASO_OK);
    plan = (paso_plan){.n_policies = 2,
                       .seed = 9,
                       .first_member = 3,
                       .n_members = 4,
                       .from = JANUARY,
                       .until = JANUARY + 60};
}

static void teardown(void) {
    paso_store_close(store);
    store = NULL;
    paso_grid_free(grid);
    paso_program_free(program);
    remove(path);
    text_teardown();
}

static void begin(const char *name) {
    paso_store_run run = {
        .version = "1.2", .git = "abc", .command = "paso run x", .plan = &plan, .stack = stacks};
    ck_assert_int_eq(paso_store_create(name, false, &diags, &store), PASO_OK);
    ck_assert_int_eq(paso_store_begin(store, model, grid, &run), PASO_OK);
}

/* Internal units: left hills, coast by two months; rate in people a day; part. */
static void add_member(size_t policy, uint32_t member, double x) {
    double left[] = {x, 10 * x, 100, 200}, rate[] = {1.0, x / 7}, part[] = {0.5, 0.25, 0.5, 0.75};
    ck_assert_int_eq(paso_store_sample(store, policy, member, 0, left, 4), PASO_OK);
    ck_assert_int_eq(paso_store_sample(store, policy, member, 1, rate, 2), PASO_OK);
    ck_assert_int_eq(paso_store_sample(store, policy, member, 2, part, 4), PASO_OK);
}

static void write_run(const char *name) {
    begin(name);
    for (uint32_t m = 7; m-- > 3;) { /* blocks come in no promised order */
        add_member(0, m, m);
        add_member(1, m, m == 3 ? 2 : m + 2);
    }
    ck_assert_int_eq(paso_store_end(store, false, 11, 1.5), PASO_OK);
}

static void reopen(void) {
    paso_store_close(store);
    ck_assert_int_eq(paso_store_open(path, &diags, &store), PASO_OK);
}

/* ---- contents ---- */

START_TEST(what_was_written_is_read) {
    write_run(path);
    for (int time = 0; time < 2; time++) {
        const paso_store_contents *c = paso_store_read(store);
        ck_assert_uint_eq(c->n_policies, 2);
        ck_assert_str_eq(c->policy[1].es, "Más");
        ck_assert_str_eq(c->policy[1].base, "base");
        ck_assert_uint_eq(c->n_members, 4);
        ck_assert(!c->interrupted);
        ck_assert_int_eq(c->from, JANUARY);
        ck_assert_int_eq(c->until, JANUARY + 60);
        ck_assert_str_eq(paso_store_meta(store, "title_es"), "Una prueba");
        ck_assert_str_eq(paso_store_meta(store, "seed"), "9");
        ck_assert_str_eq(paso_store_meta(store, "clipped"), "11");
        ck_assert_str_eq(paso_store_meta(store, "corridor_hash"), model->hash);
        ck_assert_str_eq(paso_store_meta(store, "no such key"), "");
        reopen();
    }
}
END_TEST

START_TEST(observables_cells_and_periods) {
    write_run(path);
    reopen();
    const paso_store_contents *c = paso_store_read(store);
    ck_assert_uint_eq(c->n_observables, 3);
    const paso_store_observable *o = &c->observable[0];
    ck_assert_str_eq(o->name, "left");
    ck_assert_str_eq(o->take, "sum");
    ck_assert_str_eq(o->every, "month");
    ck_assert(o->headline && o->total);
    ck_assert_uint_eq(o->n_cells, 2);
    ck_assert_str_eq(o->cell[1].name, "origin=coast");
    ck_assert_str_eq(o->cell[1].es, "La costa");
    ck_assert_uint_eq(o->n_periods, 2);
    ck_assert_int_eq(o->first_day[1], JANUARY + 31);
    ck_assert_uint_eq(o->n_claims, 1);
    ck_assert_double_eq(o->claim[0].says, 12);
    ck_assert_int_eq(o->claim[0].last_day, JANUARY + 30);
    ck_assert_double_eq_tol(c->observable[1].claim[0].says, 14, 1e-12); /* a week, as written */
    ck_assert(!c->observable[1].total && c->observable[1].n_cells == 1);
    ck_assert(!c->observable[2].total); /* shares may not be added */
    ck_assert_int_eq(paso_store_observable_find(store, "part"), 2);
    ck_assert_int_eq(paso_store_observable_find(store, "gone"), -1);
    ck_assert_int_eq(paso_store_policy_find(store, "more"), 1);
}
END_TEST

START_TEST(assumptions_in_written_units) {
    write_run(path);
    const paso_store_contents *c = paso_store_read(store);
    ck_assert_uint_eq(c->n_assumptions, 2);
    const paso_store_assumption *slow = &c->assumption[0], *gate = &c->assumption[1];
    ck_assert_str_eq(slow->kind, "parameter");
    ck_assert_str_eq(slow->unit, "weeks");
    ck_assert_double_eq_tol(slow->value, 2, 1e-12);
    ck_assert_double_eq_tol(slow->low, 1, 1e-12);
    ck_assert_double_eq_tol(slow->high, 4, 1e-12);
    ck_assert_str_eq(slow->source, "diary");
    ck_assert_str_eq(gate->kind, "lever");
    ck_assert_str_eq(gate->cell, ""); /* the same everywhere: one row */
    ck_assert_double_eq_tol(gate->value, 1, 1e-12);
    ck_assert_double_eq_tol(gate->high, 9, 1e-12);
    ck_assert_str_eq(gate->who, "x");
    ck_assert_str_eq(gate->group, "y");
    ck_assert_uint_eq(c->n_sources, 1);
    ck_assert_str_eq(c->source[0].publisher, "somebody");
}
END_TEST

/* The layers of each policy, cut to their windows; an empty value ends a window. */
START_TEST(the_timeline_of_policies) {
    static const struct {
        size_t policy;
        const char *cell, *value;
        int day;
    } want[] = {{0, "", "2", JANUARY},
                {0, "", "3", JANUARY + 31},
                {1, "", "2", JANUARY},
                {1, "", "3", JANUARY + 31},
                {1, "origin=coast", "gate + 1 people/week", JANUARY + 40},
                {1, "origin=coast", "", JANUARY + 60}};
    write_run(path);
    const paso_store_contents *c = paso_store_read(store);
    ck_assert_uint_eq(c->n_settings, 6);
    for (size_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(c->setting[i].policy, want[i].policy);
        ck_assert_str_eq(c->setting[i].lever, "gate");
        ck_assert_str_eq(c->setting[i].cell, want[i].cell);
        if (i != 4) ck_assert_str_eq(c->setting[i].value, want[i].value);
        ck_assert_int_eq(c->setting[i].day, want[i].day);
        ck_assert_str_eq(c->setting[i].unit, "people/week");
    }
}
END_TEST

/* ---- numbers ---- */

START_TEST(series_of_cells_and_totals) {
    paso_summary s[2];
    write_run(path);
    reopen();
    ck_assert_int_eq(paso_store_series(store, 0, 0, 0, s), PASO_OK);
    ck_assert_double_eq_tol(s[0].mean, 4.5, 1e-12); /* 3 4 5 6 */
    ck_assert_double_eq_tol(s[0].band[2], 4.5, 1e-12);
    ck_assert_double_eq_tol(s[1].band[0], 31.5, 1e-12);
    ck_assert_int_eq(paso_store_series(store, 0, 0, -1, s), PASO_OK);
    ck_assert_double_eq_tol(s[0].mean, 104.5, 1e-12);
    ck_assert_double_eq_tol(s[1].mean, 245, 1e-12);
    ck_assert_int_eq(paso_store_series(store, 0, 1, -1, s), PASO_OK); /* people/week */
    ck_assert_double_eq_tol(s[0].mean, 7, 1e-12);
    ck_assert_double_eq_tol(s[1].mean, 4.5, 1e-12);
}
END_TEST

START_TEST(windows_are_sums_or_means) {
    paso_summary s;
    write_run(path);
    ck_assert_int_eq(paso_store_window(store, 0, 0, 0, &s), PASO_OK);
    ck_assert_double_eq_tol(s.mean, 11 * 4.5, 1e-12);
    ck_assert_int_eq(paso_store_window(store, 0, 1, 0, &s), PASO_OK);
    ck_assert_double_eq_tol(s.mean, (7 + 4.5) / 2, 1e-12);
}
END_TEST

START_TEST(pairs_go_by_member) {
    paso_pair pair[2], window;
    write_run(path);
    ck_assert_int_eq(paso_store_pairs(store, 0, 1, 0, 0, pair, &window), PASO_OK);
    ck_assert_double_eq_tol(pair[0].difference.mean, 1.25, 1e-12); /* -1 2 2 2 */
    ck_assert_double_eq_tol(pair[0].same_sign, 0.75, 1e-12);
    ck_assert_double_eq_tol(window.difference.mean, 11 * 1.25, 1e-12);
    ck_assert_int_eq(paso_store_pairs(store, 0, 1, 2, 0, pair, NULL), PASO_OK);
    ck_assert_double_eq(pair[1].difference.mean, 0);
    ck_assert(isinf(pair[1].gain));
}
END_TEST

START_TEST(what_was_observed) {
    paso_store_point *point = NULL;
    size_t n = 0;
    write_run(path);
    ck_assert_int_eq(paso_store_observed(store, 0, 0, &point, &n), PASO_OK);
    ck_assert_uint_eq(n, 3); /* the month before the run too */
    ck_assert_int_eq(point[0].first_day, JANUARY - 31);
    ck_assert_double_eq(point[2].value, 8);
    free(point);
    ck_assert_int_eq(paso_store_observed(store, 0, 1, &point, &n), PASO_OK);
    ck_assert_uint_eq(n, 2); /* what was not reported is no point */
    free(point);
    ck_assert_int_eq(paso_store_observed(store, 0, -1, &point, &n), PASO_OK);
    ck_assert_uint_eq(n, 2); /* nor has it a total */
    ck_assert_double_eq(point[0].value, 11);
    ck_assert_double_eq(point[1].value, 17);
    free(point);
    ck_assert_int_eq(paso_store_observed(store, 1, -1, &point, &n), PASO_OK);
    ck_assert_uint_eq(n, 0);
    free(point);
}
END_TEST

/* ---- the tidy table ---- */

static const char *exported(paso_tidy_format format) {
    static char text[30000];
    FILE *out = tmpfile();
    ck_assert_int_eq(paso_store_export(store, format, out), PASO_OK);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(out);
    return text;
}

START_TEST(tidy_csv) {
    write_run(path);
    const char *text = exported(PASO_TIDY_CSV);
    ck_assert_ptr_nonnull(strstr(text, "policy,observable,cell,date,statistic,value,unit\n"
                                       "base,left,,2024-01-01,mean,104.5,people\n"
                                       "base,left,,2024-01-01,q05,103.15,people\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nmore,left,origin=hills,2024-02-01,q50,65,people\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nbase,rate,,2024-01-01,q95,7,people/week\n"));
    int n_lines = 0;
    for (const char *c = text; *c; c++) n_lines += *c == '\n';
    ck_assert_int_eq(n_lines,
                     1 + 2 * 2 * 6 * (3 + 1 + 2)); /* policies, periods, statistics, cells */
}
END_TEST

START_TEST(tidy_json) {
    static const char first[] =
        "[\n{\"policy\":\"base\",\"observable\":\"left\",\"cell\":\"\",\"date\":\"2024-01-01\","
        "\"statistic\":\"mean\",\"value\":104.5,\"unit\":\"people\"},\n";
    write_run(path);
    const char *text = exported(PASO_TIDY_JSON);
    ck_assert_int_eq(strncmp(text, first, strlen(first)), 0);
    ck_assert_str_eq(text + strlen(text) - 4, "}\n]\n");
}
END_TEST

START_TEST(quotes_and_missing_numbers) {
    static const char *const columns[] = {"a", "b"};
    char text[200];
    FILE *out = tmpfile();
    paso_tidy csv = paso_tidy_begin(out, PASO_TIDY_CSV, columns, 2);
    paso_tidy_text(&csv, "one, \"two\"");
    paso_tidy_number(&csv, NAN);
    paso_tidy_end(&csv);
    paso_tidy json = paso_tidy_begin(out, PASO_TIDY_JSON, columns, 2);
    paso_tidy_text(&json, "one \"two\"");
    paso_tidy_number(&json, 0.1);
    paso_tidy_text(&json, "");
    paso_tidy_number(&json, INFINITY);
    paso_tidy_end(&json);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(out);
    ck_assert_str_eq(text, "a,b\n\"one, \"\"two\"\"\",\n[\n{\"a\":\"one \\\"two\\\"\",\"b\":0.1},\n"
                           "{\"a\":\"\",\"b\":null}\n]\n");
}
END_TEST

/* ---- files ---- */

static bool exists(const char *file) {
    return access(file, F_OK) == 0;
}

START_TEST(the_name_appears_at_the_end) {
    begin(path);
    add_member(0, 3, 1);
    add_member(1, 3, 1);
    ck_assert(!exists(path));
    ck_assert_int_eq(paso_store_end(store, true, 0, 0), PASO_OK);
    ck_assert(exists(path));
    reopen();
    ck_assert(paso_store_read(store)->interrupted);
    ck_assert_uint_eq(paso_store_read(store)->n_members, 1);
}
END_TEST

START_TEST(nothing_is_left_of_a_run_that_broke) {
    char command[160];
    begin(path);
    add_member(0, 3, 1);
    paso_store_close(store);
    store = NULL;
    snprintf(command, sizeof command, "test -z \"$(ls %s | grep results)\"", text_folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(no_members_no_store) {
    begin(path);
    ck_assert_int_eq(paso_store_end(store, true, 0, 0), PASO_STOPPED);
    ck_assert(!exists(path));
}
END_TEST

START_TEST(nothing_is_overwritten_without_force) {
    paso_store *other = NULL;
    write_run(path);
    ck_assert_int_eq(paso_store_create(path, false, &diags, &other), PASO_ERR_IO);
    ck_assert_ptr_null(other);
    ck_assert_uint_eq(diags.n_errors, 1);
    ck_assert_int_eq(paso_store_create(path, true, &diags, &other), PASO_OK);
    paso_store_close(other);
    reopen(); /* it is still the old one */
    ck_assert_uint_eq(paso_store_read(store)->n_members, 4);
}
END_TEST

START_TEST(a_private_store_reads_like_a_file) {
    paso_summary s[2];
    write_run(NULL);
    ck_assert_uint_eq(paso_store_read(store)->n_members, 4);
    ck_assert_int_eq(paso_store_series(store, 1, 0, 0, s), PASO_OK);
    ck_assert_double_eq_tol(s[0].mean, 5.75, 1e-12);
}
END_TEST

START_TEST(other_files_are_refused) {
    ck_assert_int_eq(paso_store_open("/nowhere/results.db", &diags, &store), PASO_ERR_IO);
    FILE *out = fopen(path, "wb");
    fputs("policy,observable\n", out);
    fclose(out);
    ck_assert_int_eq(paso_store_open(path, &diags, &store), PASO_ERR_INPUT);
    out = fopen(path, "wb"); /* an empty file is an empty database */
    fclose(out);
    ck_assert_int_eq(paso_store_open(path, &diags, &store), PASO_ERR_INPUT);
    ck_assert_ptr_null(store);
    ck_assert_uint_eq(diags.n_errors, 2); /* the same of the same file is told once */
}
END_TEST

int main(void) {
    Suite *suite = suite_create("store");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, what_was_written_is_read);
    tcase_add_test(all, observables_cells_and_periods);
    tcase_add_test(all, assumptions_in_written_units);
    tcase_add_test(all, the_timeline_of_policies);
    tcase_add_test(all, series_of_cells_and_totals);
    tcase_add_test(all, windows_are_sums_or_means);
    tcase_add_test(all, pairs_go_by_member);
    tcase_add_test(all, what_was_observed);
    tcase_add_test(all, tidy_csv);
    tcase_add_test(all, tidy_json);
    tcase_add_test(all, quotes_and_missing_numbers);
    tcase_add_test(all, the_name_appears_at_the_end);
    tcase_add_test(all, nothing_is_left_of_a_run_that_broke);
    tcase_add_test(all, no_members_no_store);
    tcase_add_test(all, nothing_is_overwritten_without_force);
    tcase_add_test(all, a_private_store_reads_like_a_file);
    tcase_add_test(all, other_files_are_refused);
    suite_add_tcase(suite, all);
    return paso_check_main(suite);
}
