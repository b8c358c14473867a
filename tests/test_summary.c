/* Bands and pairs of an ensemble, against numbers worked out by hand. */
#include <math.h>

#include "check_main.h"
#include "ensemble/summary.h"

static const double tiny = 1e-12;

START_TEST(quantiles_of_type_7) {
    /* positions 0.05 * 4 = 0.2, 1, 2, 3, 3.8 of the sorted 1 2 4 8 16 */
    double value[] = {16, 1, 8, 2, 4};
    paso_summary s = paso_summarise(value, 5);
    double band[] = {1.2, 2, 4, 8, 14.4};
    ck_assert_double_eq_tol(s.mean, 6.2, tiny);
    for (int i = 0; i < PASO_N_BANDS; i++) ck_assert_double_eq_tol(s.band[i], band[i], tiny);
}
END_TEST

START_TEST(one_member_is_its_own_band) {
    double value[] = {7};
    paso_summary s = paso_summarise(value, 1);
    ck_assert_double_eq(s.mean, 7);
    for (int i = 0; i < PASO_N_BANDS; i++) ck_assert_double_eq(s.band[i], 7);
}
END_TEST

START_TEST(not_a_number_spoils_all) {
    double value[] = {1, NAN, 3};
    paso_summary s = paso_summarise(value, 3);
    ck_assert_double_nan(s.mean);
    for (int i = 0; i < PASO_N_BANDS; i++) ck_assert_double_nan(s.band[i]);
}
END_TEST

START_TEST(difference_is_second_minus_first) {
    double a[] = {1, 2, 3, 4}, b[] = {0, 4, 6, 8}, scratch[4];
    paso_pair pair = paso_pair_of(a, b, scratch, 4);
    ck_assert_double_eq_tol(pair.difference.mean, 2, tiny); /* -1 2 3 4 */
    ck_assert_double_eq_tol(pair.difference.band[2], 2.5, tiny);
    ck_assert_double_eq_tol(pair.same_sign, 0.75, tiny);
}
END_TEST

START_TEST(gain_of_pairing) {
    /* squares about the mean: A 5, B 35, B - A (-1 2 3 4) 14 */
    double a[] = {1, 2, 3, 4}, b[] = {0, 4, 6, 8}, scratch[4];
    paso_pair pair = paso_pair_of(a, b, scratch, 4);
    ck_assert_double_eq_tol(pair.gain, 40.0 / 14, tiny);
}
END_TEST

START_TEST(a_difference_that_never_varies) {
    double a[] = {1, 2, 5}, b[] = {4, 5, 8}, scratch[3];
    ck_assert(isinf(paso_pair_of(a, b, scratch, 3).gain));
    ck_assert(isinf(paso_pair_of(a, a, scratch, 3).gain));
}
END_TEST

START_TEST(no_difference_has_no_sign) {
    double a[] = {1, 2, 3, 4}, b[] = {1, 2, 3, 1}, scratch[4];
    ck_assert_double_eq(paso_pair_of(a, a, scratch, 4).same_sign, 0);
    ck_assert_double_eq_tol(paso_pair_of(a, b, scratch, 4).same_sign, 0.25, tiny);
}
END_TEST

START_TEST(pairs_leave_their_input_alone) {
    double a[] = {3, 1, 2}, b[] = {6, 5, 4}, scratch[3];
    paso_pair_of(a, b, scratch, 3);
    ck_assert(a[0] == 3 && a[1] == 1 && a[2] == 2);
    ck_assert(b[0] == 6 && b[1] == 5 && b[2] == 4);
}
END_TEST

/* Of five members two never come: the upper quantiles are never, not a late date. */
START_TEST(dates_that_some_never_reach) {
    double value[] = {NAN, 30, 10, NAN, 20};
    paso_summary s = paso_summarise_dates(value, 5);
    ck_assert_double_eq_tol(s.mean, 0.6, tiny);
    ck_assert_double_eq_tol(s.band[0], 12, tiny); /* 0.2 of the way from 10 to 20 */
    ck_assert_double_eq_tol(s.band[1], 20, tiny);
    ck_assert_double_eq_tol(s.band[2], 30, tiny); /* its neighbour is never, it is not */
    ck_assert_double_nan(s.band[3]);
    ck_assert_double_nan(s.band[4]);
    double never[] = {NAN, NAN};
    s = paso_summarise_dates(never, 2);
    ck_assert_double_eq(s.mean, 0);
    ck_assert_double_nan(s.band[0]);
}
END_TEST

START_TEST(a_chance_has_no_quantiles) {
    double value[] = {0, 1, 1, 0, 1};
    paso_summary s = paso_summarise_chance(value, 5);
    ck_assert_double_eq_tol(s.mean, 0.6, tiny);
    for (int i = 0; i < PASO_N_BANDS; i++) ck_assert_double_nan(s.band[i]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("summary");
    TCase *all = tcase_create("all");
    tcase_add_test(all, quantiles_of_type_7);
    tcase_add_test(all, one_member_is_its_own_band);
    tcase_add_test(all, not_a_number_spoils_all);
    tcase_add_test(all, difference_is_second_minus_first);
    tcase_add_test(all, gain_of_pairing);
    tcase_add_test(all, a_difference_that_never_varies);
    tcase_add_test(all, no_difference_has_no_sign);
    tcase_add_test(all, pairs_leave_their_input_alone);
    tcase_add_test(all, dates_that_some_never_reach);
    tcase_add_test(all, a_chance_has_no_quantiles);
    suite_add_tcase(suite, all);
    return paso_check_main(suite);
}
