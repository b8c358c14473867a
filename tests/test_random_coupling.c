/* Coupling: with one uniform, two laws must differ as little as laws can, which is what merging
 * the two exact laws gives. Multinomials by a chain of conditional binomials, as laws.
 * Nothing is sampled. */
#include <float.h>

#include "check_main.h"
#include "test_random_laws.h"

static void hold_coupling(spec a, spec b) {
    law exact_a = law_exact(a), exact_b = law_exact(b);
    law drawn_a = law_paso(a, &exact_a), drawn_b = law_paso(b, &exact_b);
    double least = laws_paired_variance(&exact_a, &exact_b);
    double drawn = laws_paired_variance(&drawn_a, &drawn_b);
    ck_assert_msg(fabs(drawn / least - 1.0) <= 0.05, "n %g p %g to n %g p %g: %g instead of %g",
                  a.n, a.p, b.n, b.p, drawn, least);
    law_free(&exact_a);
    law_free(&exact_b);
    law_free(&drawn_a);
    law_free(&drawn_b);
}

START_TEST(pairs_are_as_close_as_laws_allow) {
    static const spec s[] = {{1000, .001}, {1000, .0098}, {1000, .05}, {1000, .49}, {1e5, .3},
                             {1e7, .3},    {0, 3},        {0, 9.8},    {0, 100},    {0, 1e5}};
    for (size_t i = 0; i < sizeof s / sizeof *s; i++) {
        hold_coupling(s[i], (spec){s[i].n, 1.03 * s[i].p});
        hold_coupling(s[i], (spec){s[i].n, 1.001 * s[i].p});
        if (s[i].n > 0.0) hold_coupling(s[i], (spec){ceil(1.03 * s[i].n), s[i].p});
    }
}
END_TEST

START_TEST(the_measure_knows_what_it_measures) {
    spec a = {1000, .05}, b = {1000, .0515};
    law x = law_exact(a), y = law_exact(b);
    ck_assert_double_le(laws_paired_variance(&x, &x), 1e-12);
    ck_assert_double_le(fabs((double)law_variance(&x) - 47.5), 1e-9);
    ck_assert_double_le(fabs(laws_paired_variance(&x, &y) - 0.250), 0.002);
    law_free(&x);
    law_free(&y);
}
END_TEST

#define CATEGORIES 10
#define MOST 250

static const double weights[CATEGORIES] = {5, 13, 0.25, 34, 3, 2, 21, 8, 1, 12.75};

/* One link: what is left (`rest`, by chance) gives a count to a category of conditional chance p.
 */
static void link_chain(size_t n, double p, long double *rest, long double *count) {
    long double after[MOST + 1] = {0};
    for (size_t x = 0; x <= n; x++) count[x] = 0;
    for (size_t r = 0; r <= n; r++) {
        spec s = {(double)r, p};
        double before = 0.0;
        if (rest[r] < 1e-13L) continue;
        for (size_t x = 0; x <= r && before < 1.0; x++) {
            double up_to = r == 0 ? 1.0 : paso_up_to(s, (double)x, before);
            count[x] += rest[r] * (up_to - before);
            after[r - x] += rest[r] * (up_to - before);
            before = up_to;
        }
    }
    for (size_t r = 0; r <= n; r++) rest[r] = after[r];
}

static void hold_marginal(size_t n, double share, const long double *count) {
    law exact = law_exact((spec){(double)n, share});
    long double tv = 0;
    for (size_t x = 0; x <= n; x++) {
        double i = (double)x - exact.low;
        int in = i >= 0.0 && i < (double)exact.n_counts;
        tv += fabsl(count[x] - (in ? law_at(&exact, (size_t)i) : 0)) / 2;
    }
    ck_assert_msg(tv <= 2e-4L, "n %zu share %g: TV %Lg", n, share, tv);
    law_free(&exact);
}

static void hold_multinomial(size_t n) {
    long double rest[MOST + 1] = {0}, count[MOST + 1];
    double suffix[CATEGORIES + 1] = {0};
    for (size_t j = CATEGORIES; j > 0; j--) suffix[j - 1] = suffix[j] + weights[j - 1];
    rest[n] = 1;
    for (size_t j = 0; j + 1 < CATEGORIES; j++) {
        link_chain(n, weights[j] / suffix[j], rest, count);
        hold_marginal(n, weights[j] / suffix[0], count);
    }
    hold_marginal(n, weights[CATEGORIES - 1] / suffix[0], rest);
}

START_TEST(multinomial_of_sixty) {
    hold_multinomial(60);
}
END_TEST

START_TEST(multinomial_of_two_hundred_fifty) {
    hold_multinomial(250);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_coupling");
    TCase *tests = tcase_create("coupling");
#if LDBL_MANT_DIG >= 64 /* elsewhere the exact laws are not exact enough */
    tcase_add_test(tests, pairs_are_as_close_as_laws_allow);
    tcase_add_test(tests, the_measure_knows_what_it_measures);
    tcase_add_test(tests, multinomial_of_sixty);
    tcase_add_test(tests, multinomial_of_two_hundred_fifty);
#endif
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
