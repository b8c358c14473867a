/* Events by hand: dates, chance with the exact uniform, sizes and lengths, what events see, what
 * switches them off, and the skeleton's expectation of them. */
#include <math.h>

#include "check_main.h"
#include "random/random.h"
#include "support/lab.h"

#define SEE(name, expression, unit)                                                                \
    "  " name ": {is: \"" expression "\", every: day, take: last, unit: " unit ", en: x, es: x}\n"
#define SEE_KIND(name, expression, unit)                                                           \
    "  " name ": {is: \"" expression "\", over: [kind], every: day, take: last, unit: " unit       \
    ", en: x, es: x}\n"

static void expect_days(lab *t, const char *observable, const double *expected, int n) {
    for (int day = 0; day < n; day++) {
        lab_days(t, 1);
        ck_assert_msg(lab_value(t, observable, 0) == expected[day], "day %d: found %g, not %g",
                      day + 1, lab_value(t, observable, 0), expected[day]);
    }
}

/* A dated event is a pulse of one day; its name is its size, in every cell. */
START_TEST(dated) {
    static const double expected[] = {0, 30, 0, 5, 0};
    lab *t = lab_text("events:\n"
                      "  march: {over: [kind], unit: people, source: assumed,\n"
                      "          dates: {2024-03-04: 5, 2024-03-02: 30 people}}\n"
                      "observables:\n" SEE("m", "march[family]", "people")
                          SEE_KIND("both", "march", "people"));
    expect_days(t, "m", expected, 5);
    lab_close(t);
}
END_TEST

/* Sizes add while an occurrence lasts, and the longer length counts. */
START_TEST(sizes_add) {
    static const double expected[] = {0, 30, 35, 35, 35, 0, 0};
    lab *t = lab_text("events:\n"
                      "  march: {unit: people, source: assumed, lasts: 2.5 days,\n"
                      "          dates: {2024-03-02: 30, 2024-03-03: 5}}\n"
                      "observables:\n" SEE("m", "march", "people"));
    expect_days(t, "m", expected, 7);
    lab_close(t);
}
END_TEST

/* Chance is 1 - exp(-rate) against one uniform a cell and day; the size has its own. */
START_TEST(by_chance) {
    lab *t = lab_text("events:\n"
                      "  march: {over: [kind], unit: people, rate: 0.7 / day, source: assumed,\n"
                      "          size: \"lognormal(20 people, 0.5)\"}\n"
                      "observables:\n" SEE_KIND("m", "march", "people"));
    int n = 0;
    for (int day = 1; day <= 12; day++) {
        lab_days(t, 1);
        for (int cell = 0; cell < 2; cell++) {
            for (unsigned l = 0; l < LAB_LANES; l++) {
                bool starts =
                    lab_uniform("march", PASO_DRAW_EVENT, cell, 0, day, l) < paso_rise(0.7);
                double z =
                    paso_normal_quantile(lab_uniform("march", PASO_DRAW_SIZE, cell, 0, day, l));
                double expected = starts ? 20 * paso_exp(0.5 * z) : 0;
                ck_assert_double_eq(lab_lanes(t, "m", cell)[l], expected);
                n += starts;
            }
        }
    }
    ck_assert(n > 20 && n < 80);
    lab_close(t);
}
END_TEST

/* A length is drawn once and rounded up to whole days; none starts while one lasts. */
START_TEST(none_starts_while_one_lasts) {
    lab *t = lab_text("events:\n"
                      "  shut: {unit: 1, rate: 0.4 / day, lasts: exponential(3 days), "
                      "source: assumed}\n"
                      "observables:\n" SEE("s", "shut", "1"));
    double left[LAB_LANES] = {0};
    int n_lasting = 0;
    for (int day = 1; day <= 60; day++) {
        lab_days(t, 1);
        for (unsigned l = 0; l < LAB_LANES; l++) {
            left[l] = left[l] > 0 ? left[l] - 1 : 0;
            double u = lab_uniform("shut", PASO_DRAW_EVENT, 0, 0, day, l);
            n_lasting += left[l] > 0 && u < paso_rise(0.4);
            if (left[l] == 0 && u < paso_rise(0.4)) {
                double v = lab_uniform("shut", PASO_DRAW_LASTS, 0, 0, day, l);
                left[l] = fmax(ceil(-3 * paso_log(1 - v)), 1);
            }
            ck_assert_double_eq(lab_lanes(t, "s", 0)[l], left[l] > 0);
        }
    }
    ck_assert_int_gt(n_lasting, 0);
    lab_close(t);
}
END_TEST

/* With dates, even none, chance acts only after the facts: here the first day. */
START_TEST(chance_only_after_facts) {
    static const double expected[] = {0, 1, 1};
    static const double always[] = {1, 1, 1};
    lab *t = lab_text("events: {e: {unit: 1, rate: 1000 / day, dates: {}, source: assumed}}\n"
                      "observables:\n" SEE("s", "e", "1"));
    expect_days(t, "s", expected, 3);
    lab_close(t);
    t = lab_text("events: {e: {unit: 1, rate: 1000 / day, source: assumed}}\n"
                 "observables:\n" SEE("s", "e", "1"));
    expect_days(t, "s", always, 3);
    lab_close(t);
}
END_TEST

/* Events see opening stocks and yesterday's signals; the first morning, those of the eve. */
START_TEST(what_events_see) {
    static const double stocks[] = {100, 90, 80}, signals[] = {200, 200, 180};
    static const char body[] =
        "signals: {twice: {unit: people, is: 2 * camp}}\n"
        "events:\n"
        "  stock: {unit: people, rate: 1000 / day, size: camp, source: assumed}\n"
        "  sign: {unit: people, rate: 1000 / day, size: twice, source: assumed}\n"
        "stages:\n"
        "  camp: {unit: people, start: 100 people,\n"
        "         exits: {go: {share: 1, limit: 10 people/day, to: outside}}}\n"
        "observables:\n" SEE("a", "stock", "people") SEE("b", "sign", "people");
    lab *t = lab_text(body);
    expect_days(t, "a", stocks, 3);
    lab_close(t);
    t = lab_text(body);
    expect_days(t, "b", signals, 3);
    lab_close(t);
}
END_TEST

/* Signals and exits read today's size. */
START_TEST(stages_read_events) {
    static const double left[] = {100, 70, 70};
    lab *t = lab_text("events:\n"
                      "  march: {unit: people, source: assumed, dates: {2024-03-02: 30}}\n"
                      "signals: {room: {unit: people/day, is: march / (1 day)}}\n"
                      "stages:\n"
                      "  camp: {unit: people, start: 100 people,\n"
                      "         exits: {go: {share: 1, limit: room, to: outside}}}\n"
                      "observables:\n" SEE("c", "camp", "people"));
    expect_days(t, "c", left, 3);
    lab_close(t);
}
END_TEST

/* An event that is switched off is 0, and disturbs no other draw. */
START_TEST(without) {
    static const char body[] =
        "events:\n"
        "  march: {unit: people, rate: 0.5 / day, dates: {2024-03-01: 3}, source: assumed}\n"
        "  other: {unit: 1, rate: 0.5 / day, source: assumed}\n"
        "observables:\n" SEE("m", "march", "people") SEE("o", "other", "1");
    lab *with = lab_text(body), *off = lab_without(body, "march");
    lab *none = lab_without(body, "accounting");
    double seen = 0;
    for (int day = 0; day < 10; day++) {
        lab_days(with, 1), lab_days(off, 1), lab_days(none, 1);
        seen += lab_value(with, "m", 0);
        ck_assert_double_eq(lab_value(off, "m", 0), 0);
        ck_assert_double_eq(lab_value(off, "o", 0), lab_value(with, "o", 0));
        ck_assert_double_eq(lab_value(none, "m", 0) + lab_value(none, "o", 0), 0);
    }
    ck_assert(seen > 3);
    lab_close(with), lab_close(off), lab_close(none);
}
END_TEST

START_TEST(faults) {
    lab *t = lab_text("events: {bad: {unit: 1, rate: 0 / day - 1 / day, source: assumed}}\n"
                      "observables:\n" SEE("b", "bad", "1"));
    ck_assert_int_eq(lab_try_day(t), PASO_ERR_MODEL);
    ck_assert_int_eq((int)paso_engine_fault(t->engine)->kind, (int)PASO_FAULT_NEGATIVE);
    lab_close(t);
    t = lab_text("events: {bad: {unit: 1, rate: 1000 / day, size: ln(0 - 1), source: assumed}}\n"
                 "observables:\n" SEE("b", "bad", "1"));
    ck_assert_int_eq(lab_try_day(t), PASO_ERR_MODEL);
    ck_assert_int_eq((int)paso_engine_fault(t->engine)->kind, (int)PASO_FAULT_NOT_A_NUMBER);
    lab_close(t);
}
END_TEST

/* Skeleton: a pulse stands at chance times mean size; a lasting one follows its occupancy. */
START_TEST(skeleton) {
    lab *t =
        lab_text("events:\n"
                 "  pulse: {unit: people, rate: 0.1 / day, size: \"lognormal(20 people, 0.5)\", "
                 "source: assumed}\n"
                 "  shut: {unit: 1, rate: 0.1 / day, lasts: exponential(5 days), source: assumed}\n"
                 "observables:\n" SEE("p", "pulse", "people") SEE("s", "shut", "1"));
    uint32_t member[LAB_LANES] = {0, 1, 2, 3};
    double chance = paso_rise(0.1), occupancy = 0;
    paso_engine_quick(t->engine, true);
    paso_engine_start(t->engine, 1, member, t->program->start, INT32_MAX);
    for (int day = 0; day < 10; day++) {
        lab_days(t, 1);
        occupancy = occupancy + chance * (1 - occupancy) - occupancy / 5;
        ck_assert_double_eq(lab_value(t, "p", 0), chance * (20 * paso_exp(0.5 * 0.5 * 0.5)));
        ck_assert_double_eq(lab_value(t, "s", 0), occupancy);
    }
    lab_close(t);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("event");
    TCase *tc = tcase_create("event");
    tcase_add_test(tc, dated);
    tcase_add_test(tc, sizes_add);
    tcase_add_test(tc, by_chance);
    tcase_add_test(tc, none_starts_while_one_lasts);
    tcase_add_test(tc, chance_only_after_facts);
    tcase_add_test(tc, what_events_see);
    tcase_add_test(tc, stages_read_events);
    tcase_add_test(tc, without);
    tcase_add_test(tc, faults);
    tcase_add_test(tc, skeleton);
    suite_add_tcase(suite, tc);
    return paso_check_main(suite);
}
