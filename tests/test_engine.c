/* The engine against numbers by hand: the worked example of docs/language.md, then one small test
 * for each numbered rule of a stage's day, then the failures that must stop a run. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "random/random.h"
#include "support/lab.h"

/* An observable of one line: name, expression, sets. */
#define SEE(name, expression)                                                                      \
    "  " name ": {is: \"" expression "\", every: day, take: last, unit: people, en: x, es: x}\n"
#define SEE_KIND(name, expression)                                                                 \
    "  " name ": {is: \"" expression                                                               \
    "\", over: [kind], every: day, take: last, unit: people, en: x, es: x}\n"
#define SEE_RATE(name, expression)                                                                 \
    "  " name ": {is: \"" expression "\", every: day, take: mean, unit: people/day, en: x, es: "   \
    "x}\n"

START_TEST(worked_example) {
    lab *t = lab_open("tests/corridors/worked");
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "waiting", 0), 20);
    ck_assert_double_eq(lab_value(t, "waiting", 1), 10);
    ck_assert_double_eq(lab_value(t, "pending", 0), 10);
    ck_assert_double_eq(lab_value(t, "called", 0), 30);
    ck_assert_double_eq(lab_value(t, "passed", 0), 30);
    ck_assert_double_eq(lab_value(t, "crowding", 0), 1.2);
    ck_assert_double_eq(lab_value(t, "called_before", 0), 0);
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "waiting", 0), 8);
    ck_assert_double_eq(lab_value(t, "waiting", 1), 4);
    ck_assert_double_eq(lab_value(t, "pending", 0), 12);
    ck_assert_double_eq(lab_value(t, "called", 0), 18);
    ck_assert_double_eq(lab_value(t, "crowding", 0), 0.6);
    ck_assert_double_eq(lab_value(t, "called_before", 0), 30);
    lab_close(t);
}
END_TEST

/* Rule 1: hazards compete; each is a conditional binomial of its own key. */
START_TEST(hazards_compete) {
    lab *t = lab_text("stages:\n"
                      "  road:\n"
                      "    unit: people\n"
                      "    start: 1000 people\n"
                      "    exits:\n"
                      "      stopped: {hazard: 0.3 / day, to: outside}\n"
                      "      never: {hazard: 0 / day, to: outside}\n"
                      "      home: {hazard: 0.1 / day, to: outside}\n"
                      "observables:\n" SEE_RATE("stopped", "road.stopped")
                          SEE_RATE("home", "road.home") SEE("left", "road"));
    lab_days(t, 1);
    double all = paso_rise(0.4), stay = paso_exp(-0.4), first = 0.3 / 0.4 * all;
    double second = 0.1 / 0.4 * all;
    double u0 = lab_uniform("road.stopped", PASO_DRAW_EXIT, 0, 0, 1, 0);
    double u1 = lab_uniform("road.home", PASO_DRAW_EXIT, 0, 0, 1, 0);
    double x0 = paso_binomial(1000, first / (first + (second + stay)), u0);
    double x1 = paso_binomial(1000 - x0, second / (second + stay), u1);
    ck_assert_double_eq(lab_value(t, "stopped", 0), x0);
    ck_assert_double_eq(lab_value(t, "home", 0), x1);
    ck_assert_double_eq(lab_value(t, "left", 0), 1000 - x0 - x1);
    lab_close(t);
}
END_TEST

/* Rule 1, last sentence: whom a limit cuts from a hazard exit stays, and is not offered to shares.
 */
START_TEST(limit_on_hazard_keeps_people) {
    lab *t = lab_text("stages:\n"
                      "  road:\n"
                      "    unit: people\n"
                      "    start: 100 people\n"
                      "    exits:\n"
                      "      stopped: {hazard: 1000 / day, limit: 30 people/day, to: outside}\n"
                      "      on: {share: 1, to: outside}\n"
                      "observables:\n" SEE_RATE("stopped", "road.stopped") SEE_RATE("on", "road.on")
                          SEE("left", "road"));
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "stopped", 0), 30);
    ck_assert_double_eq(lab_value(t, "on", 0), 0);
    ck_assert_double_eq(lab_value(t, "left", 0), 70);
    lab_close(t);
}
END_TEST

/* Rule 2: only those who finish the last step are ready; a start stands evenly over the steps. */
START_TEST(passage_makes_ready) {
    lab *t = lab_text("stages:\n"
                      "  road:\n"
                      "    unit: people\n"
                      "    passage: {mean: 6 days, steps: 3}\n"
                      "    start: 300 people\n"
                      "    exits: {arrive: {share: 1, to: outside}}\n"
                      "observables:\n" SEE_RATE("arrive", "road.arrive") SEE("left", "road"));
    lab_days(t, 1);
    double u = lab_uniform("road", PASO_DRAW_STEP, 0, 2, 1, 0);
    double moved = paso_binomial(100, paso_rise(3 / 6.0), u);
    ck_assert_double_eq(lab_value(t, "arrive", 0), moved);
    ck_assert_double_eq(lab_value(t, "left", 0), 300 - moved);
    lab_close(t);
}
END_TEST

/* Rule 3: shares take of the ready in the written order; the ready who remain stay. */
START_TEST(shares_in_order) {
    lab *t = lab_text("stages:\n"
                      "  hall:\n"
                      "    over: [kind]\n"
                      "    unit: people\n"
                      "    start: 100 people\n"
                      "    exits:\n"
                      "      a: {share: kind == adult, to: outside}\n"
                      "      b: {share: 0.25, to: outside}\n"
                      "observables:\n" SEE_RATE("a", "total(hall.a)") SEE_RATE("b", "total(hall.b)")
                          SEE_KIND("left", "hall"));
    lab_days(t, 1);
    double b = paso_binomial(100, 0.25, lab_uniform("hall.b", PASO_DRAW_EXIT, 1, 0, 1, 0));
    ck_assert_double_eq(lab_value(t, "a", 0), 100);
    ck_assert_double_eq(lab_value(t, "b", 0), b);
    ck_assert_double_eq(lab_value(t, "left", 0), 0);
    ck_assert_double_eq(lab_value(t, "left", 1), 100 - b);
    lab_close(t);
}
END_TEST

/* Rule 4: capacity is floor(K + u), dealt in proportion; a cap for each member; none is kept. */
START_TEST(limit_is_dealt) {
    lab *t = lab_text("parameters:\n"
                      "  cap: {over: [town], value: {north: 10.5, south: 1000}, unit: people/day, "
                      "source: assumed}\n"
                      "stages:\n"
                      "  hall:\n"
                      "    over: [kind, town]\n"
                      "    unit: people\n"
                      "    start: 100 people\n"
                      "    exits: {go: {share: 1, limit: cap, to: outside}}\n"
                      "observables:\n"
                      "  gone: {is: total(hall.go by town), over: [town], every: day, take: mean, "
                      "unit: people/day, en: x, es: x}\n");
    lab_days(t, 1);
    double u = lab_uniform("hall.go", PASO_DRAW_LIMIT, 0, 0, 1, 0);
    ck_assert_double_eq(lab_value(t, "gone", 0), floor(10.5 + u));
    ck_assert_double_eq(lab_value(t, "gone", 1), 200);
    lab_close(t);
}
END_TEST

/* A crowd before one limit, of a size that each member draws. */
static lab *crowd(const char *value, const char *range) {
    char text[1024];
    snprintf(text, sizeof text,
             "parameters:\n"
             "  many: {value: %s, range: %s, unit: people, source: assumed}\n"
             "stages:\n"
             "  hall:\n    over: [kind]\n    unit: people\n    start: many\n"
             "    exits: {go: {share: 1, limit: 2e6 people/day, to: outside}}\n"
             "observables:\n" SEE_KIND("now", "hall"),
             value, range);
    return lab_text(text);
}

/* What is too many for products in doubles is dealt lane by lane, beside lanes with few. */
START_TEST(limit_is_dealt_to_very_many) {
    lab *t = crowd("4e8", "[1e7, 2e10]");
    const double *count = paso_engine_row(t->engine, t->program->stage.items[0].count);
    double before[2 * LAB_LANES], dealt[LAB_LANES + 1], least = INFINITY, most = 0;
    memcpy(before, count, sizeof before);
    lab_days(t, 1);
    for (unsigned l = 0; l < LAB_LANES; l++) {
        double u = lab_uniform("hall.go", PASO_DRAW_DEAL, 0, 0, 1, l);
        double sum = before[l] + before[LAB_LANES + l];
        least = sum < least ? sum : least, most = sum > most ? sum : most;
        ck_assert_int_eq(paso_deal(2e6, u, before + l, dealt, 2, LAB_LANES), 0);
        for (unsigned k = 0; k < 2; k++)
            ck_assert_double_eq(lab_lanes(t, "now", (int)k)[l],
                                before[k * LAB_LANES + l] - dealt[k * LAB_LANES]);
    }
    ck_assert_double_lt(2e6 * least, 0x1p52);
    ck_assert_double_gt(2e6 * most, 0x1p52);
    lab_close(t);
}
END_TEST

/* The member that has too many is named, not another of its block. */
START_TEST(too_many_names_the_member) {
    lab *t = crowd("2e12", "[1e9, 4e15]");
    const double *count = paso_engine_row(t->engine, t->program->stage.items[0].count);
    unsigned first = 0;
    while (first < LAB_LANES && 2e6 * (count[first] + count[LAB_LANES + first]) < 0x1p63) first++;
    ck_assert_uint_gt(first, 0);
    ck_assert_uint_lt(first, LAB_LANES);
    ck_assert_int_eq(lab_try_day(t), PASO_ERR_MODEL);
    ck_assert_int_eq((int)paso_engine_fault(t->engine)->kind, (int)PASO_FAULT_TOO_MANY);
    ck_assert_uint_eq(paso_engine_fault(t->engine)->member, first);
    lab_close(t);
}
END_TEST

static const char queue[] =
    "stages:\n"
    "  line:\n"
    "    unit: people\n"
    "    ages: {width: 1 day, keep: 3}\n"
    "    start: 8 people\n"
    "    enters: {rate: 100 people/day}\n"
    "    exits: {go: {share: 1, limit: 6 people/day, order: ORDER, to: outside}}\n"
    "observables:\n" SEE_RATE("go", "line.go") SEE("left", "line") SEE("old", "older(line, 1 day)")
        SEE("oldest", "older(line, 2 days)");

static lab *queue_lab(const char *order) {
    char text[1024], *at = text;
    for (const char *p = queue; *p; p++) {
        if (strncmp(p, "ORDER", 5) == 0)
            at += sprintf(at, "%s", order), p += 4;
        else
            *at++ = *p;
    }
    *at = 0;
    return lab_text(text);
}

static double bin(lab *t, int b) {
    const paso_prog_stage *line = &t->program->stage.items[0];
    return paso_engine_row(t->engine, line->count + b)[0];
}

/* Rule 5: bins move when their width has passed, entrants join the first, the last collects. */
START_TEST(ages_move) {
    lab *t = queue_lab("oldest");
    lab_days(t, 1);
    double came = paso_poisson(100, lab_uniform("line", PASO_DRAW_ENTER, 0, 0, 1, 0));
    ck_assert_double_eq(bin(t, 0), came);
    ck_assert_double_eq(bin(t, 1), 2);
    lab_days(t, 1);
    ck_assert_double_eq(bin(t, 2), 0);
    ck_assert_double_eq(bin(t, 1), came - 4);
    ck_assert_double_eq(lab_value(t, "old", 0), came - 4);
    ck_assert_double_eq(lab_value(t, "oldest", 0), 0);
    lab_close(t);
    t = queue_lab("newest");
    lab_days(t, 2);
    ck_assert_double_eq(lab_value(t, "old", 0), bin(t, 1) + 2);
    ck_assert_double_eq(lab_value(t, "oldest", 0), 2);
    lab_close(t);
}
END_TEST

/* Rule 4: newest first serves the first bin; parts pass on what they do not use. */
START_TEST(order_newest_and_parts) {
    lab *t = queue_lab("newest");
    lab_days(t, 2);
    double came = paso_poisson(100, lab_uniform("line", PASO_DRAW_ENTER, 0, 0, 1, 0));
    ck_assert_double_eq(bin(t, 1), came - 6);
    ck_assert_double_eq(bin(t, 2), 2);
    lab_close(t);
    t = queue_lab("{oldest: 0.5, newest: 0.5}");
    lab_days(t, 2);
    ck_assert_double_eq(bin(t, 2), 0);
    ck_assert_double_eq(bin(t, 1), came - 4);
    lab_close(t);
}
END_TEST

/* Rule 5: a hazard exit is drawn for the cell and taken evenly from its bins. */
START_TEST(hazard_takes_bins_evenly) {
    lab *t = lab_text("stages:\n"
                      "  line:\n"
                      "    unit: people\n"
                      "    ages: {width: 1 day, keep: 2}\n"
                      "    start: 1000 people\n"
                      "    enters: {rate: 1000 people/day}\n"
                      "    exits: {tire: {hazard: 0.2 / day, to: outside}}\n"
                      "observables:\n" SEE_RATE("tire", "line.tire"));
    lab_days(t, 1);
    double first = bin(t, 0), second = bin(t, 1);
    lab_days(t, 1);
    double out = lab_value(t, "tire", 0);
    double expected = second + first - out;
    ck_assert_double_eq(bin(t, 1), expected);
    ck_assert(out > 300 && out < 450);
    lab_close(t);
}
END_TEST

/* Rule 6: weights deal people over the sets that the destination has more; labels are forgotten. */
START_TEST(across_deals_and_forgets) {
    lab *t =
        lab_text("parameters:\n"
                 "  weight: {over: [town], value: {north: 3, south: 1}, unit: 1, source: assumed}\n"
                 "stages:\n"
                 "  road:\n"
                 "    over: [kind]\n"
                 "    unit: people\n"
                 "    start: 400 people\n"
                 "    exits: {arrive: {share: 1, to: shelter, across: weight}}\n"
                 "  shelter:\n"
                 "    over: [town]\n"
                 "    unit: people\n"
                 "    start: 0\n"
                 "observables:\n"
                 "  shelter_now: {is: shelter, over: [town], every: day, take: last, unit: "
                 "people, en: x, es: x}\n");
    lab_days(t, 1);
    double north = 0;
    for (int cell = 0; cell < 2; cell++)
        north +=
            paso_binomial(400, 0.75, lab_uniform("road.arrive", PASO_DRAW_ACROSS, cell, 0, 1, 0));
    ck_assert_double_eq(lab_value(t, "shelter_now", 0), north);
    ck_assert_double_eq(lab_value(t, "shelter_now", 1), 800 - north);
    lab_close(t);
}
END_TEST

/* Rule 6: a stage as weight is its opening count, even if it empties before the dealing. */
START_TEST(across_reads_opening_counts) {
    lab *t = lab_text(
        "parameters:\n"
        "  first: {over: [town], value: {north: 30, south: 10}, unit: people, source: assumed}\n"
        "stages:\n"
        "  camp:\n"
        "    over: [town]\n"
        "    unit: people\n"
        "    start: first\n"
        "    exits: {go: {share: 1, to: outside}}\n"
        "  road:\n"
        "    unit: people\n"
        "    start: 400 people\n"
        "    exits: {arrive: {share: 1, to: camp, across: camp}}\n"
        "observables:\n"
        "  now: {is: camp, over: [town], every: day, take: last, unit: people, en: x, es: x}\n");
    lab_days(t, 1);
    double north =
        paso_binomial(400, 0.75, lab_uniform("road.arrive", PASO_DRAW_ACROSS, 0, 0, 1, 0));
    ck_assert_double_eq(lab_value(t, "now", 0), north);
    ck_assert_double_eq(lab_value(t, "now", 1), 400 - north);
    lab_close(t);
}
END_TEST

/* A number that equals a parameter's default is not that parameter: --set moves one of them. */
START_TEST(literals_are_not_parameters) {
    lab *t = lab_text("parameters:\n  slope: {value: 3, unit: 1, source: assumed}\n"
                      "observables:\n"
                      "  sum: {is: slope + 3, every: day, take: last, unit: 1, en: x, es: x}\n");
    paso_override override;
    ck_assert_int_eq(paso_model_override(t->model, &t->diags, "slope=5", &override), PASO_OK);
    paso_compile_options options = {.override = &override, .n_overrides = 1};
    paso_program *p = NULL;
    ck_assert_int_eq(paso_program_compile(t->model, &options, &p), PASO_OK);
    paso_engine *e = paso_engine_create(p, t->schedule, 1);
    uint32_t member[1] = {0};
    ck_assert_int_eq(paso_engine_start(e, 1, member, p->start, INT32_MAX), PASO_OK);
    ck_assert_int_eq(paso_engine_day(e), PASO_OK);
    ck_assert_double_eq(paso_engine_observe(e, 0)[0], 8);
    paso_engine_free(e);
    paso_program_free(p);
    lab_close(t);
}
END_TEST

/* Rule 7: entries are Poisson of the rate, and wait in the inbox until the close. */
START_TEST(entries_arrive_at_the_close) {
    lab *t = lab_text("stages:\n"
                      "  camp:\n"
                      "    over: [kind]\n"
                      "    unit: people\n"
                      "    start: 0\n"
                      "    enters: {rate: 50 people/day}\n"
                      "    exits: {go: {share: 1, to: outside}}\n"
                      "observables:\n" SEE_RATE("go", "total(camp.go)") SEE_KIND("now", "camp"));
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "go", 0), 0);
    for (int cell = 0; cell < 2; cell++)
        ck_assert_double_eq(lab_value(t, "now", cell),
                            paso_poisson(50, lab_uniform("camp", PASO_DRAW_ENTER, cell, 0, 1, 0)));
    lab_close(t);
}
END_TEST

/* A policy that is off leaves all other numbers bit for bit as they were. */
START_TEST(a_hazard_of_zero_disturbs_nothing) {
    static const char body[] = "stages:\n"
                               "  road:\n"
                               "    unit: people\n"
                               "    start: 1000 people\n"
                               "    exits:\n"
                               "      home: {hazard: 0.1 / day, to: outside}\n%s"
                               "observables:\n" SEE("left", "road");
    char with[1024], plain[1024];
    sprintf(with, body, "      off: {hazard: 0 / day, to: outside}\n");
    sprintf(plain, body, "");
    lab *a = lab_text(with), *b = lab_text(plain);
    lab_days(a, 20), lab_days(b, 20);
    for (int l = 0; l < LAB_LANES; l++)
        ck_assert_double_eq(lab_lanes(a, "left", 0)[l], lab_lanes(b, "left", 0)[l]);
    lab_close(a), lab_close(b);
}
END_TEST

START_TEST(lag_and_mean_look_at_closes) {
    lab *t = lab_text("signals:\n"
                      "  one: {unit: people, is: \"lag(camp, 1 day, 7 people)\"}\n"
                      "  three: {unit: people, is: \"lag(camp, 3 days, 7 people)\"}\n"
                      "  two: {unit: people, is: \"mean(camp, 2 days, 7 people)\"}\n"
                      "stages:\n"
                      "  camp:\n"
                      "    unit: people\n"
                      "    start: 100 people\n"
                      "    exits: {go: {share: 1, limit: 10 people/day, to: outside}}\n"
                      "observables:\n" SEE("s1", "one") SEE("s2", "two") SEE("s3", "three")
                          SEE("late", "lag(camp, 1 day, 7 people)"));
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "s1", 0), 7);
    ck_assert_double_eq(lab_value(t, "s2", 0), 7);
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "s1", 0), 90);
    ck_assert_double_eq(lab_value(t, "s2", 0), (90 + 7) / 2.0);
    ck_assert_double_eq(lab_value(t, "late", 0), 90);
    lab_days(t, 2);
    ck_assert_double_eq(lab_value(t, "s1", 0), 70);
    ck_assert_double_eq(lab_value(t, "s2", 0), 75);
    ck_assert_double_eq(lab_value(t, "s3", 0), 90);
    ck_assert_double_eq(lab_value(t, "late", 0), 70);
    lab_close(t);
}
END_TEST

START_TEST(shock_has_memory_and_can_be_stilled) {
    static const char body[] =
        "signals:\n"
        "  ripple: {over: [kind], unit: 1, start: 0, shock: normal, neutral: 0,\n"
        "           next: ripple * exp(-1 day / (7 days)) + 0.5 * shock}\n"
        "observables:\n"
        "  r: {is: ripple, over: [kind], every: day, take: last, unit: 1, en: x, es: x}\n";
    lab *t = lab_text(body);
    lab_days(t, 2);
    double z1 = paso_normal_quantile(lab_uniform("ripple", PASO_DRAW_SHOCK, 1, 0, 1, 0));
    double z2 = paso_normal_quantile(lab_uniform("ripple", PASO_DRAW_SHOCK, 1, 0, 2, 0));
    ck_assert_double_eq(lab_value(t, "r", 1), (0.5 * z1) * paso_exp(-1 / 7.0) + 0.5 * z2);
    lab_close(t);
    t = lab_without(body, "shock");
    lab_days(t, 2);
    ck_assert_double_eq(lab_value(t, "r", 1), 0);
    lab_close(t);
}
END_TEST

/* Heavy tails and a part that all cells share: both have variance 1. */
START_TEST(shocks_share_a_common_part) {
    lab *t = lab_text("signals:\n"
                      "  wave: {over: [kind], unit: 1, start: 0, next: shock,\n"
                      "         shock: \"student(5, common 0.36)\"}\n"
                      "  tide: {over: [kind], unit: 1, start: 0, next: shock,\n"
                      "         shock: normal(common 1)}\n"
                      "observables:\n"
                      "  w: {is: wave, over: [kind], every: day, take: last, unit: 1, en: x, es: "
                      "x}\n"
                      "  t: {is: tide, over: [kind], every: day, take: last, unit: 1, en: x, es: "
                      "x}\n");
    paso_key all = {
        .seed = 1, .name = paso_name_hash("wave"), .purpose = PASO_DRAW_COMMON, .day = 3};
    lab_days(t, 3);
    for (uint32_t cell = 0; cell < 2; cell++) {
        paso_key own = all;
        own.purpose = PASO_DRAW_SHOCK;
        own.cell = cell;
        for (uint32_t l = 0; l < LAB_LANES; l++)
            ck_assert_double_eq(lab_lanes(t, "w", (int)cell)[l],
                                sqrt(1 - 0.36) * paso_student(&own, l, 5) +
                                    sqrt(0.36) * paso_student(&all, l, 5));
    }
    double z = paso_normal_quantile(lab_uniform("tide", PASO_DRAW_COMMON, 0, 0, 3, 0));
    ck_assert_double_eq(lab_value(t, "t", 0), z);
    ck_assert_double_eq(lab_value(t, "t", 1), z);
    lab_close(t);
}
END_TEST

/* `known` replaces the rule on days that the series reports and the run may know; the rule goes on
 * from there. The workout's series: 0.25 in February, a gap in March, 0.5 in April, 0.9 in May. */
START_TEST(known_until_a_day) {
    lab *t = lab_open("tests/corridors/workout");
    uint32_t member[LAB_LANES] = {0, 1, 2, 3};
    int signal = 0;
    while (strcmp(t->model->signal[signal].item.name, "effort") != 0) signal++;
    int32_t row = t->program->signal.items[signal].row, april = t->program->start + 40;
    paso_engine_start(t->engine, 1, member, t->program->start, april + 5);
    lab_days(t, 9); /* 20 to 28 February */
    ck_assert_double_eq(paso_engine_row(t->engine, row)[0], 0.25);
    lab_days(t, 1); /* the gap: towards the goal, which is 0.3 until 5 March */
    double rule = 0.25 + (0.3 - 0.25) * paso_rise(1 / 20.0);
    ck_assert_double_eq(paso_engine_row(t->engine, row)[0], rule);
    lab_days(t, 35); /* to 4 April, the last day that may be known */
    ck_assert_double_eq(paso_engine_row(t->engine, row)[0], 0.5);
    lab_days(t, 1);
    rule = 0.5 + (0.6 - 0.5) * paso_rise(1 / 20.0);
    ck_assert_double_eq(paso_engine_row(t->engine, row)[0], rule);
    lab_close(t);
}
END_TEST

START_TEST(months_pick_and_have_lengths) {
    lab *t =
        lab_text("parameters:\n"
                 "  season: {over: [calendar_month], value: {default: 1, apr: 5}, unit: 1, "
                 "source: assumed}\n"
                 "observables:\n"
                 "  s: {is: \"season[today]\", every: day, take: last, unit: 1, en: x, es: x}\n"
                 "  d: {is: month_length, every: day, take: last, unit: days, en: x, es: x}\n");
    lab_days(t, 31);
    ck_assert_double_eq(lab_value(t, "s", 0), 1);
    ck_assert_double_eq(lab_value(t, "d", 0), 31);
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "s", 0), 5);
    ck_assert_double_eq(lab_value(t, "d", 0), 30);
    lab_close(t);
}
END_TEST

/* The settings of one policy see the levers beneath it, whatever their order in the file. */
START_TEST(settings_of_a_policy_are_one_step) {
    lab *t = lab_text("levers:\n"
                      "  a: {value: 1, bounds: [0, 9], unit: 1, who: x, group: x, en: x, es: x}\n"
                      "  b: {value: 2, bounds: [0, 9], unit: 1, who: x, group: x, en: x, es: x}\n"
                      "policies:\n"
                      "  as-happened: {set: {a: b, b: a + 6}}\n"
                      "observables:\n"
                      "  a: {is: a, every: day, take: last, unit: 1, en: x, es: x}\n"
                      "  b: {is: b, every: day, take: last, unit: 1, en: x, es: x}\n");
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "a", 0), 2);
    ck_assert_double_eq(lab_value(t, "b", 0), 7);
    lab_close(t);
}
END_TEST

/* A policy that opens again from the moment of the shutting leaves no trace of it; a formula holds
 * for each piece of the day. */
START_TEST(a_day_is_the_mean_of_its_pieces) {
    lab *t = lab_text(
        "levers:\n"
        "  open: {value: 0.5, bounds: [0, 1], unit: 1, who: x, group: x, en: x, es: x}\n"
        "  half: {value: 1, bounds: [0, 1], unit: 1, who: x, group: x, en: x, es: x}\n"
        "policies:\n"
        "  truth:\n"
        "    set: {open: {2024-03-01: 1, 2024-03-02T08:00: 0, 2024-03-03T18:00: 1}}\n"
        "  again: {base: truth, from: 2024-03-02T08:00, until: 2024-03-03, set: {open: 1}}\n"
        "  as-happened: {base: again, from: 2024-03-02T12:00, set: {half: open / 2}}\n"
        "observables:\n"
        "  open: {is: open, every: day, take: last, unit: 1, en: x, es: x}\n"
        "  half: {is: half, every: day, take: last, unit: 1, en: x, es: x}\n");
    static const double open[] = {1, 1, 0.25, 1}, half[] = {1, 0.75, 0.125, 0.5};
    for (int day = 0; day < 4; day++) {
        lab_days(t, 1);
        ck_assert_double_eq(lab_value(t, "open", 0), open[day]);
        ck_assert_double_eq(lab_value(t, "half", 0), half[day]);
    }
    lab_close(t);
}
END_TEST

static void expect_fault(const char *body, paso_fault_kind kind, const char *name) {
    lab *t = lab_text(body);
    paso_status status = PASO_OK;
    for (int i = 0; i < 5 && status == PASO_OK; i++) status = lab_try_day(t);
    ck_assert_int_eq(status, PASO_ERR_MODEL);
    ck_assert_int_eq((int)paso_engine_fault(t->engine)->kind, (int)kind);
    ck_assert_str_eq(paso_program_name(t->program, paso_engine_fault(t->engine)->name), name);
    lab_close(t);
}

START_TEST(faults_stop_the_member) {
    expect_fault("signals:\n  bad: {unit: 1, is: ln(0 - 1)}\n"
                 "observables:\n  b: {is: bad, every: day, take: last, unit: 1, en: x, es: x}\n",
                 PASO_FAULT_NOT_A_NUMBER, "bad");
    expect_fault("stages:\n  camp:\n    unit: people\n    start: 5 people\n"
                 "    exits: {go: {hazard: -1 / day, to: outside}}\n"
                 "observables:\n" SEE("c", "camp"),
                 PASO_FAULT_NEGATIVE, "camp.go");
    expect_fault("stages:\n  camp:\n    unit: people\n    start: 5 people\n"
                 "    exits: {go: {share: 1, limit: -1 people/day, to: outside}}\n"
                 "observables:\n" SEE("c", "camp"),
                 PASO_FAULT_NEGATIVE, "camp.go");
    expect_fault("parameters:\n  none: {over: [town], value: 0, unit: 1, source: assumed}\n"
                 "stages:\n  camp:\n    unit: people\n    start: 5 people\n"
                 "    exits: {go: {share: 1, to: there, across: none}}\n"
                 "  there: {over: [town], unit: people, start: 0}\n"
                 "observables:\n" SEE("c", "camp"),
                 PASO_FAULT_NO_WEIGHT, "camp.go");
    expect_fault(
        "parameters:\n  none: {value: 0, unit: 1, source: assumed}\n"
        "stages:\n  camp:\n    unit: people\n    start: 50 people\n"
        "    ages: {width: 1 day, keep: 3}\n"
        "    exits: {go: {share: 1, limit: 5 people/day, order: {oldest: none, even: none}, "
        "to: outside}}\n"
        "observables:\n" SEE("c", "camp"),
        PASO_FAULT_NO_WEIGHT, "camp.go");
    expect_fault(
        "stages:\n  camp:\n    unit: people\n    start: 50 people\n"
        "    ages: {width: 1 day, keep: 3}\n"
        "    exits: {go: {share: 1, limit: 5 people/day, order: {oldest: 1, even: -1e-17}, "
        "to: outside}}\n"
        "observables:\n" SEE("c", "camp"),
        PASO_FAULT_NEGATIVE, "camp.go");
}
END_TEST

/* A rate that is no number where nobody is (0/0) does no harm, and no share is counted there,
 * whoever shares the block. */
START_TEST(lanes_without_people_are_not_asked) {
    lab *t = lab_text("stages:\n  camp:\n    unit: people\n    start: 0.5 people\n"
                      "    exits: {go: {share: total(camp) / total(camp) + 1, to: outside}}\n"
                      "  road:\n    unit: people\n    start: 0.5 people\n"
                      "    exits: {go: {hazard: total(road) / total(road) / day, to: outside}}\n"
                      "  walk:\n    unit: people\n    start: 0.5 people\n"
                      "    passage: {mean: 3 days * total(walk) / total(walk), steps: 2}\n"
                      "    exits: {go: {share: 1, to: outside}}\n"
                      "  hall:\n    unit: people\n    start: 0.5 people\n"
                      "    ages: {width: 1 day, keep: 2}\n"
                      "    exits: {go: {share: 1, limit: 0 people/day, to: outside, "
                      "order: {oldest: total(hall) / total(hall), even: 1}}}\n"
                      "observables:\n" SEE("c", "camp"));
    double before = 0;
    for (size_t l = 0; l < LAB_LANES; l++)
        before += paso_engine_row(t->engine, t->program->stage.items[0].count)[l];
    ck_assert_double_gt(before, 0);
    ck_assert_double_lt(before, LAB_LANES);
    lab_days(t, 5);
    ck_assert_uint_eq(paso_engine_clipped(t->engine), (uint64_t)before);
    lab_close(t);
}
END_TEST

/* Conservation is checked each day: a row changed behind the engine's back stops the run. */
START_TEST(lost_people_stop_the_run) {
    lab *t = lab_text("stages:\n  camp: {unit: people, start: 5 people}\n"
                      "observables:\n" SEE("c", "camp"));
    lab_days(t, 1);
    int32_t row = t->program->stage.items[0].count;
    ((double *)(uintptr_t)paso_engine_row(t->engine, row))[2] -= 1;
    ck_assert_int_eq(lab_try_day(t), PASO_ERR_MODEL);
    ck_assert_int_eq((int)paso_engine_fault(t->engine)->kind, (int)PASO_FAULT_CONSERVATION);
    ck_assert_uint_eq(paso_engine_fault(t->engine)->member, 2);
    lab_close(t);
}
END_TEST

START_TEST(shares_outside_are_clipped_and_counted) {
    static const char body[] = "stages:\n  camp:\n    unit: people\n    start: 5 people\n"
                               "    exits: {go: {share: 1.5, to: outside}}\n"
                               "observables:\n" SEE("c", "camp");
    lab *t = lab_text(body);
    lab_days(t, 1);
    ck_assert_double_eq(lab_value(t, "c", 0), 0);
    ck_assert_uint_eq(paso_engine_clipped(t->engine), LAB_LANES);
    lab_close(t);
    t = lab_text(body);
    paso_engine_strict(t->engine, true);
    ck_assert_int_eq(lab_try_day(t), PASO_ERR_MODEL);
    lab_close(t);
}
END_TEST

static const char town[] =
    "signals:\n"
    "  ripple: {unit: 1, start: 0, shock: normal,\n"
    "           next: ripple * exp(-1 day / (7 days)) + 0.5 * shock}\n"
    "  old: {unit: people, is: \"lag(total(camp), 5 days, 3 people)\"}\n"
    "stages:\n"
    "  camp:\n"
    "    over: [kind]\n"
    "    unit: people\n"
    "    ages: {width: 3 days, keep: 4}\n"
    "    start: 100 people\n"
    "    enters: {rate: 20 people/day * exp(0.1 * ripple) + old / (50 days)}\n"
    "    exits:\n"
    "      tire: {hazard: 0.05 / day, to: outside}\n"
    "      go: {share: 0.5, limit: 15 people/day, order: oldest, to: outside}\n"
    "observables:\n" SEE_KIND("now", "camp") SEE("r", "old");

/* A member saved between two days goes on with the bits of an unbroken run, in any lane. */
START_TEST(resume_is_an_unbroken_run) {
    lab *t = lab_text(town);
    uint32_t one[1] = {2};
    paso_engine *later = paso_engine_create(t->program, t->schedule, 1);
    double *state = calloc(paso_engine_state_size(t->engine), sizeof *state);
    lab_days(t, 10);
    paso_engine_state_get(t->engine, 2, state);
    const double *states[1] = {state};
    paso_engine_resume(later, 1, one, paso_engine_today(t->engine), INT32_MAX, states);
    lab_days(t, 25);
    for (int i = 0; i < 25; i++) ck_assert_int_eq(paso_engine_day(later), PASO_OK);
    for (int cell = 0; cell < 2; cell++) {
        double whole = lab_lanes(t, "now", cell)[2];
        ck_assert_double_eq(paso_engine_observe(later, 0)[cell], whole);
    }
    free(state);
    paso_engine_free(later);
    lab_close(t);
}
END_TEST

/* The skeleton is one path near the mean of the members: here within a fifth of it. */
START_TEST(skeleton_is_a_central_path) {
    lab *t = lab_text(town);
    uint32_t one[1] = {0};
    paso_engine *quick = paso_engine_create(t->program, t->schedule, 1);
    paso_engine_quick(quick, true);
    paso_engine_start(quick, 1, one, t->program->start, INT32_MAX);
    lab_days(t, 60);
    for (int i = 0; i < 60; i++) ck_assert_int_eq(paso_engine_day(quick), PASO_OK);
    double mean = 0, path = paso_engine_observe(quick, 0)[0];
    for (int l = 0; l < LAB_LANES; l++) mean += lab_lanes(t, "now", 0)[l] / LAB_LANES;
    ck_assert_msg(fabs(path - mean) < 0.2 * mean, "skeleton %g, mean %g", path, mean);
    paso_engine_free(quick);
    lab_close(t);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("engine");
    TCase *rules = tcase_create("rules");
    tcase_add_test(rules, worked_example);
    tcase_add_test(rules, hazards_compete);
    tcase_add_test(rules, limit_on_hazard_keeps_people);
    tcase_add_test(rules, passage_makes_ready);
    tcase_add_test(rules, shares_in_order);
    tcase_add_test(rules, limit_is_dealt);
    tcase_add_test(rules, limit_is_dealt_to_very_many);
    tcase_add_test(rules, too_many_names_the_member);
    tcase_add_test(rules, ages_move);
    tcase_add_test(rules, order_newest_and_parts);
    tcase_add_test(rules, hazard_takes_bins_evenly);
    tcase_add_test(rules, across_deals_and_forgets);
    tcase_add_test(rules, across_reads_opening_counts);
    tcase_add_test(rules, literals_are_not_parameters);
    tcase_add_test(rules, entries_arrive_at_the_close);
    tcase_add_test(rules, a_hazard_of_zero_disturbs_nothing);
    tcase_add_test(rules, lag_and_mean_look_at_closes);
    tcase_add_test(rules, shock_has_memory_and_can_be_stilled);
    tcase_add_test(rules, shocks_share_a_common_part);
    tcase_add_test(rules, known_until_a_day);
    tcase_add_test(rules, months_pick_and_have_lengths);
    tcase_add_test(rules, settings_of_a_policy_are_one_step);
    tcase_add_test(rules, a_day_is_the_mean_of_its_pieces);
    tcase_add_test(rules, resume_is_an_unbroken_run);
    tcase_add_test(rules, skeleton_is_a_central_path);
    suite_add_tcase(suite, rules);
    TCase *faults = tcase_create("faults");
    tcase_add_test(faults, faults_stop_the_member);
    tcase_add_test(faults, lanes_without_people_are_not_asked);
    tcase_add_test(faults, lost_people_stop_the_run);
    tcase_add_test(faults, shares_outside_are_clipped_and_counted);
    suite_add_tcase(suite, faults);
    return paso_check_main(suite);
}
