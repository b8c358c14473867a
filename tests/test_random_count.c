/* Counts: known answers, the law over a grid by bisection instead of sampling, monotony.
 * Nothing here is a matter of chance; the pairs of the last tests are fixed by their keys. */
#include <float.h>

#include "check_main.h"
#include "test_random_laws.h"

typedef struct known {
    spec s;
    double x[7];
} known;

static const double at[7] = {1e-9, 0.001, 0.25, 0.5, 0.9, 0.999, 1 - 1e-9};

static const known answers[] = {
    {{10, .3}, {0, 0, 2, 3, 5, 8, 10}},
    {{40, .9}, {21, 29, 35, 36, 38, 40, 40}},
    {{1000, .0098}, {0, 2, 8, 10, 14, 21, 33}},
    {{1000, .011}, {0, 2, 9, 11, 15, 22, 36}},
    {{1e4, .05}, {375, 434, 485, 500, 528, 569, 636}},
    {{1e6, .1}, {98205, 99074, 99798, 100000, 100385, 100928, 101804}},
    {{1e7, .4}, {3990709, 3995213, 3998955, 4000000, 4001985, 4004788, 4009293}},
    {{1e9, .01}, {9981134, 9990278, 9997878, 10000000, 10004032, 10009725, 10018877}},
    {{0, .5}, {0, 0, 0, 0, 1, 4, 9}},
    {{0, 10.1}, {0, 2, 8, 10, 14, 21, 34}},
    {{0, 50}, {14, 30, 45, 50, 59, 73, 98}},
    {{0, 1e6}, {994008, 996911, 999325, 1000000, 1001282, 1003092, 1006004}}};

START_TEST(known_answers) {
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        for (int j = 0; j < 7; j++) {
            double x = spec_draw(answers[i].s, at[j]);
            ck_assert_msg(x == answers[i].x[j], "n %g p %g u %g: %.17g", answers[i].s.n,
                          answers[i].s.p, at[j], x);
        }
}
END_TEST

/* What the design promises of a law: exact below mean 10, bounds that shrink with the mean above.
 */
static void hold_law(spec s) {
    law exact = law_exact(s), drawn = law_paso(s, &exact);
    gap g = law_gap(&drawn, &exact);
    double m = spec_fold(s);
    double tv = m < 10 ? 1e-13 : fmax(1.2e-2 / (m * m), 1e-9);
    double miss = m < 10 ? 1e-12 : fmax(1e-2 / pow(m, 1.5), 1e-9);
    double bias = m < 10 ? 1e-11 : 1e-5;
    ck_assert_msg(g.total_variation <= tv && g.miss <= miss && fabs(g.bias) <= bias,
                  "n %g p %g mean %g: TV %g miss %g bias %g", s.n, s.p, m, g.total_variation,
                  g.miss, g.bias);
    for (size_t i = 1; i + 1 < exact.n_counts; i++)
        ck_assert_msg(drawn.up_to[i] >= exact.up_to[i - 1] - 1e-14L &&
                          drawn.up_to[i] <= exact.up_to[i + 1] + 1e-14L,
                      "n %g p %g: more than one count off at %g", s.n, s.p, exact.low + (double)i);
    law_free(&exact);
    law_free(&drawn);
}

START_TEST(binomial_law_of_few) {
    static const double p[] = {1e-6, .01, .1, .25, .49, .5, .51, .75, .999};
    for (double n = 1; n <= 50; n += 1)
        for (size_t j = 0; j < sizeof p / sizeof *p; j++) hold_law((spec){n, p[j]});
}
END_TEST

START_TEST(binomial_law_of_many) {
    static const double n[] = {100, 250, 1000, 1e4, 1e5, 1e6, 1e7};
    static const double p[] = {1e-6, 1e-5, 1e-4, 1e-3, 9.9e-3, 1e-2, 1.01e-2, .03, .1, .3, .5, .97};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        for (size_t j = 0; j < sizeof p / sizeof *p; j++)
            if (n[i] * p[j] * (1 - p[j]) <= 3e5) hold_law((spec){n[i], p[j]});
}
END_TEST

/* The worst places: just above the change of method. */
START_TEST(binomial_law_above_the_change) {
    static const double p[] = {1e-6, 1e-3, .01, .05, .1, .2, .3, .4, .45, .5};
    static const double m[] = {9.999, 10, 10.5, 11, 12, 14, 16, 20, 30};
    for (size_t i = 0; i < sizeof m / sizeof *m; i++)
        for (size_t j = 0; j < sizeof p / sizeof *p; j++) hold_law((spec){ceil(m[i] / p[j]), p[j]});
}
END_TEST

START_TEST(poisson_law) {
    static const double m[] = {1e-6, .01, .1, .5, 1, 2, 4, 7, 9.999, 10, 10.1, 12, 16, 30, 100};
    for (size_t i = 0; i < sizeof m / sizeof *m; i++) hold_law((spec){0, m[i]});
    hold_law((spec){0, 1e3});
    hold_law((spec){0, 1e4});
    hold_law((spec){0, 1e6});
}
END_TEST

static double keyed(uint32_t pair, uint32_t what) {
    paso_key key = {1, paso_name_hash("test.count"), 0, 0, 0, PASO_DRAW_NOISE};
    key.index = what;
    return paso_uniform(&key, pair);
}

#define PAIRS 100000u

static void hold_order(spec low, double u_low, spec high, double u_high) {
    double a = spec_draw(low, u_low), b = spec_draw(high, u_high);
    ck_assert_msg(a <= b, "n %.17g p %.17g u %.17g gives %g, n %.17g p %.17g u %.17g gives %g",
                  low.n, low.p, u_low, a, high.n, high.p, u_high, b);
}

START_TEST(counts_follow_u_p_and_n) {
    for (uint32_t i = 0; i < PAIRS; i++) {
        spec s = {floor(exp(16.0 * keyed(i, 0))), exp(-9.0 * keyed(i, 1))}, more;
        double u = keyed(i, 2), v = u + (1.0 - u) * 1e-3 * keyed(i, 3), grown;
        hold_order(s, u, s, v);
        more = (spec){s.n, s.p + 1e-6};
        hold_order(s, u, more, u);
        more = (spec){s.n + 1.0, s.p};
        grown = spec_draw(more, u) - spec_draw(s, u);
        ck_assert_msg(grown == 0.0 || grown == 1.0, "n %.17g p %.17g u %.17g: n + 1 gives %+g", s.n,
                      s.p, u, grown);
        s = (spec){0, exp(14.0 * keyed(i, 4) - 3.0)};
        hold_order(s, u, s, v);
        more = (spec){0, s.p * (1.0 + 1e-6)};
        hold_order(s, u, more, u);
    }
}
END_TEST

/* Across one half and across the change of method, where p + 3 % is a policy's usual step. */
START_TEST(counts_follow_p_across_the_seams) {
    for (uint32_t i = 0; i < PAIRS; i++) {
        double u = keyed(i, 5), below = 1.0 - 0.03 * keyed(i, 6);
        hold_order((spec){1000, .01 * below}, u, (spec){1000, .0103 * below}, u);
        hold_order((spec){0, 10 * below}, u, (spec){0, 10.3 * below}, u);
        hold_order((spec){1000, .5 * below}, u, (spec){1000, .515 * below}, u);
        hold_order((spec){15, .5 * below}, u, (spec){15, .515 * below}, u);
        hold_order((spec){30, .5}, u, (spec){30, .5 + 1e-9}, u);
    }
}
END_TEST

/* The expansion turns around far out: it must do so below zero, where the clamp hides it. */
START_TEST(counts_follow_dense_deviates) {
    for (double m = 10; m <= 20; m += 1) {
        const spec all[] = {{0, m}, {2 * m, .5}, {4 * m, .25}, {1e5 * m, 1e-5}};
        double last[4] = {0, 0, 0, 0};
        for (double z = -8.21; z <= 8.21; z += 0.002) {
            double k = floor(fmax(0.5 * erfc(-z / sqrt(2.0)), 0x1p-53) * GRID);
            double u = (2.0 * fmin(k, GRID - 1.0) + 1.0) * 0x1p-53;
            for (int i = 0; i < 4; i++) {
                double x = spec_draw(all[i], u);
                ck_assert_msg(x >= last[i], "n %g p %g z %g", all[i].n, all[i].p, z);
                last[i] = x;
            }
        }
    }
}
END_TEST

/* Around the change at mean 10, both sides of p = 1/2, blocks of one kind and mixed ones. */
START_TEST(known_quantiles_change_no_count) {
    enum { LANES = 70 };
    uint32_t member[LANES];
    double n[LANES], p[LANES], u[LANES], z[LANES], x[LANES], same[LANES];
    for (uint32_t i = 0; i < LANES; i++) member[i] = i;
    for (uint32_t round = 0; round < 600; round++) {
        paso_key key = {.seed = 5, .name = round, .purpose = PASO_DRAW_EXIT};
        paso_uniform_lanes(&key, member, LANES, u);
        paso_normal_lanes(u, z, LANES);
        for (uint32_t i = 0; i < LANES; i++) {
            n[i] = (double)(round % 90 + i * (round % 3));
            p[i] = paso_uniform(&key, 1000 + i) * (round % 4 == 0 ? 0.1 : 1.0);
            ck_assert_uint_eq(paso_bits_of(z[i]), paso_bits_of(paso_normal_quantile(u[i])));
        }
        paso_binomial_lanes(n, p, u, x, LANES);
        paso_binomial_known_lanes(n, p, u, z, same, LANES);
        ck_assert_mem_eq(x, same, sizeof x);
    }
}
END_TEST

START_TEST(edges_are_defined) {
    const double top = 1.0 - 0x1p-53, low = 0x1p-53, nan = (double)NAN;
    ck_assert(paso_binomial(0, .3, top) == 0 && paso_binomial(-2, .3, .5) == 0);
    ck_assert(paso_binomial(9, 0, top) == 0 && paso_binomial(9, -1, top) == 0);
    ck_assert(paso_binomial(9, 1, low) == 9 && paso_binomial(9, 1.5, low) == 9);
    ck_assert(paso_binomial(1e6, 1, low) == 1e6 && paso_binomial(1e6, 0, top) == 0);
    ck_assert(paso_binomial(1, .3, .7) == 0 && paso_binomial(1, .3, .7000001) == 1);
    ck_assert(paso_poisson(0, top) == 0 && paso_poisson(-1, top) == 0);
    ck_assert(isnan(paso_binomial(nan, .3, .5)) && isnan(paso_binomial(9, nan, .5)));
    ck_assert(isnan(paso_binomial(9, .3, nan)) && isnan(paso_binomial(900, .3, nan)));
    ck_assert(isnan(paso_poisson(nan, .5)) && isnan(paso_poisson(1, nan)));
}
END_TEST

/* Rounding can leave the sum of chances just below the largest uniform: the walk must still end
 * near its law. The exact quantile at the top for mean 9.9 is 45. */
START_TEST(the_last_uniform_stays_near_its_law) {
    for (double m = 0.001; m < 10.0; m += 0.001) {
        ck_assert_double_le(paso_poisson(m, 1.0 - 0x1p-53), 50.0);
        ck_assert_double_le(paso_binomial(1e6, m / 1e6, 1.0 - 0x1p-53), 50.0);
    }
    for (double n = 1.0; n < 30.0; n += 1.0)
        for (double p = 0.001; p < 0.5; p += 0.001)
            ck_assert_double_le(paso_binomial(n, p, 1.0 - 0x1p-53), n);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_count");
    TCase *tests = tcase_create("count");
    tcase_add_test(tests, known_answers);
#if LDBL_MANT_DIG >= 64 /* elsewhere the exact laws are not exact enough */
    tcase_add_test(tests, binomial_law_of_few);
    tcase_add_test(tests, binomial_law_of_many);
    tcase_add_test(tests, binomial_law_above_the_change);
    tcase_add_test(tests, poisson_law);
#endif
    tcase_add_test(tests, counts_follow_u_p_and_n);
    tcase_add_test(tests, counts_follow_p_across_the_seams);
    tcase_add_test(tests, counts_follow_dense_deviates);
    tcase_add_test(tests, edges_are_defined);
    tcase_add_test(tests, the_last_uniform_stays_near_its_law);
    tcase_add_test(tests, known_quantiles_change_no_count);
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
