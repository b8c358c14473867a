/* What the checker leaves on expressions for the compiler, and the orders that it computes. */
#define _XOPEN_SOURCE 700
#include "corridor/model.h"

#include "model_text.h"

static const char sets_text[] =
    "sets:\n"
    "  bloc: [near, far]\n"
    "  origin: {maps: [bloc], units: {size: people}, columns: [bloc, size],\n"
    "           rows: {aaa: [near, 1], bbb: [far, 2], ccc: [far, 3]}}\n"
    "  kind: [adult, child]\n"
    "parameters:\n"
    "  p: {over: [kind, origin], value: 1, unit: people/day, source: assumed}\n"
    "  q: {over: [bloc], value: 1, unit: 1, source: assumed}\n"
    "  season: {over: [calendar_month, kind], value: 1, unit: 1, source: assumed}\n"
    "signals:\n"
    "  x: ";

enum { BLOC = 2, ORIGIN = 3, KIND = 4 };

/* Reads a corridor whose first signal is given; returns its rule. */
static const paso_expr *rule(const char *signal) {
    char text[4096];
    snprintf(text, sizeof text, "%s%s\n", sets_text, signal);
    read_text(text);
    return model->signal[0].is != NULL ? model->signal[0].is : model->signal[0].next;
}

static void check_shape(paso_shape shape, int n, int a, int b) {
    ck_assert_int_eq(shape.n, n);
    if (n > 0) ck_assert_int_eq(shape.set[0], a);
    if (n > 1) ck_assert_int_eq(shape.set[1], b);
}

START_TEST(names_keep_the_order_of_over) {
    const paso_expr *e = rule("{over: [kind, origin], unit: people/day, is: p}");
    ck_assert_int_eq(e->ref, PASO_REF_PARAMETER);
    ck_assert_int_eq(e->index, 0);
    check_shape(e->shape, 2, KIND, ORIGIN);
    ck_assert_double_eq(e->unit.power[1], 1);
    ck_assert_double_eq(e->unit.power[0], -1);
}
END_TEST

START_TEST(results_are_sorted_and_the_finer_set_stays) {
    const paso_expr *e = rule("{over: [kind, origin], unit: people/day, is: p * q}");
    check_shape(e->shape, 2, ORIGIN, KIND);
    check_shape(e->arg[1]->shape, 1, BLOC, 0);
}
END_TEST

START_TEST(totals_follow_maps) {
    const paso_expr *e =
        rule("{over: [kind, bloc], unit: people/day, is: \"total(p by kind, bloc)\"}");
    check_shape(e->shape, 2, BLOC, KIND);
    ck_assert_int_eq(e->member[0], KIND);
    ck_assert_int_eq(e->member[1], BLOC);
}
END_TEST

START_TEST(picks_drop_their_sets) {
    const paso_expr *e = rule("{over: [kind], unit: people/day, is: \"p[bbb] * season[today]\"}");
    const paso_expr *bbb = e->arg[0], *today = e->arg[1];
    check_shape(bbb->shape, 1, KIND, 0);
    ck_assert_int_eq(bbb->member[0], 1);
    check_shape(today->shape, 1, KIND, 0);
    ck_assert_int_eq(today->member[0], -1);
}
END_TEST

START_TEST(member_tests) {
    const paso_expr *e = rule("{over: [kind, bloc], unit: 1, is: (kind == child) * (bloc != far)}");
    const paso_expr *child = e->arg[0], *far = e->arg[1];
    ck_assert_int_eq(child->kind, PASO_EX_MEMBER);
    ck_assert_int_eq(child->index, KIND);
    ck_assert_int_eq(child->member[0], 1);
    ck_assert(!child->negate && far->negate);
    ck_assert_int_eq(far->member[0], 1);
    check_shape(far->shape, 1, BLOC, 0);
}
END_TEST

START_TEST(attributes_and_words) {
    const paso_expr *e = rule("{unit: people, is: total(origin.size) * (month_length / (1 day)) * "
                              "(today > 2024-02-01)}");
    const paso_expr *size = e->arg[0]->arg[0]->arg[0];
    ck_assert_int_eq(size->ref, PASO_REF_ATTRIBUTE);
    ck_assert_int_eq(size->index, ORIGIN);
    ck_assert_int_eq(size->sub, 0);
    ck_assert_int_eq(e->arg[0]->arg[1]->arg[0]->ref, PASO_REF_MONTH_LENGTH);
    ck_assert_int_eq(e->arg[1]->arg[0]->ref, PASO_REF_TODAY);
    ck_assert(e->arg[1]->arg[0]->unit.date);
}
END_TEST

START_TEST(zero_takes_the_unit_that_is_asked) {
    const paso_expr *e = rule("{unit: people, start: 0, next: \"max(0, x - 1 people)\"}");
    ck_assert(!model->signal[0].start->unit.any);
    ck_assert_double_eq(model->signal[0].start->unit.power[1], 1);
    ck_assert_double_eq(e->unit.power[1], 1);
}
END_TEST

START_TEST(the_past) {
    const paso_expr *e = rule("{unit: people/day, start: 0, next: \"toward(mean(total(wait.out), "
                              "4 weeks, 0), 2 days)\"}\n"
                              "stages:\n"
                              "  wait: {over: [kind], unit: people, enters: {rate: 5 people/day},\n"
                              "         exits: {out: {share: 1, to: outside}}}");
    const paso_expr *mean = e->arg[0];
    ck_assert_int_eq(mean->days, 28);
    const paso_expr *out = mean->arg[0]->arg[0];
    ck_assert_int_eq(out->ref, PASO_REF_EXIT);
    ck_assert_int_eq(out->sub, 0);
    check_shape(out->shape, 1, KIND, 0);
    ck_assert_double_eq(out->unit.power[0], -1);
}
END_TEST

START_TEST(power_and_root_change_units) {
    const paso_expr *e = rule("{unit: people, is: \"sqrt(total(origin.size) ^ 2)\"}");
    ck_assert_double_eq(e->unit.power[1], 1);
    ck_assert_double_eq(e->arg[0]->unit.power[1], 2);
}
END_TEST

static int place_in(const int *order, int n, int item) {
    for (int i = 0; i < n; i++) {
        if (order[i] == item) return i;
    }
    return -1;
}

START_TEST(signals_in_order_of_need) {
    rule("{unit: 1, is: b + d}\n"
         "  b: {unit: 1, is: c}\n"
         "  c: {unit: 1, start: 0, next: \"c + d + lag(x, 1 day, 0)\"}\n"
         "  d: {unit: 1, is: \"1\"}");
    const int *order = model->signal_order;
    ck_assert_int_lt(place_in(order, 4, 3), place_in(order, 4, 2));
    ck_assert_int_lt(place_in(order, 4, 2), place_in(order, 4, 1));
    ck_assert_int_lt(place_in(order, 4, 1), place_in(order, 4, 0));
}
END_TEST

START_TEST(junctions_in_order_of_need) {
    rule("{unit: 1, is: \"1\"}\n"
         "stages:\n"
         "  last:  {unit: people, junction: true, exits: {a: {rest: true, to: outside}}}\n"
         "  first: {unit: people, junction: true, exits: {a: {share: 1, to: last}, b: {rest: true, "
         "to: mid}}}\n"
         "  wait:  {unit: people, start: 5 people, exits: {a: {share: 1, to: first}}}\n"
         "  mid:   {unit: people, junction: true, exits: {a: {rest: true, to: last}}}\n");
    const int expected[] = {1, 3, 0};
    ck_assert_int_eq(model->n_junctions, 3);
    for (int i = 0; i < 3; i++) ck_assert_int_eq(model->junction_order[i], expected[i]);
}
END_TEST

START_TEST(observables_rest_on_layers) {
    rule(
        "{unit: 1, layer: politics, start: 0, neutral: 0, next: x}\n"
        "  calm: {unit: 1, is: \"1\"}\n"
        "  mood: {unit: 1, layer: behaviour, is: calm}\n"
        "stages:\n"
        "  a: {unit: people, enters: {rate: 5 people/day * x}, exits: {go: {share: mood, to: b}}}\n"
        "  b: {unit: people, start: 0}\n"
        "  c: {unit: people, start: 5 people, exits: {go: {share: 1, to: outside}}}\n"
        "observables:\n"
        "  b: {is: b, every: day, take: last, unit: people, en: a, es: b}\n"
        "  c: {is: c, every: day, take: last, unit: people, en: a, es: b}\n"
        "  m: {is: mood, every: day, take: last, unit: 1, en: a, es: b}\n");
    ck_assert_uint_eq(model->observable[0].rests_on, 7);
    ck_assert_uint_eq(model->observable[1].rests_on, 1u << PASO_ACCOUNTING);
    ck_assert_uint_eq(model->observable[2].rests_on, 1u << PASO_ACCOUNTING | 1u << PASO_BEHAVIOUR);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("check");
    add_test(suite, "names", names_keep_the_order_of_over);
    add_test(suite, "results", results_are_sorted_and_the_finer_set_stays);
    add_test(suite, "totals", totals_follow_maps);
    add_test(suite, "picks", picks_drop_their_sets);
    add_test(suite, "members", member_tests);
    add_test(suite, "words", attributes_and_words);
    add_test(suite, "zero", zero_takes_the_unit_that_is_asked);
    add_test(suite, "past", the_past);
    add_test(suite, "power", power_and_root_change_units);
    add_test(suite, "signals", signals_in_order_of_need);
    add_test(suite, "junctions", junctions_in_order_of_need);
    add_test(suite, "layers", observables_rest_on_layers);
    return paso_check_main(suite);
}
