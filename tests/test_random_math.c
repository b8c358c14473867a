/* The functions of the day against the library's in long double, and their edges.
 * Largest errors allowed: 1.5 units in the last place where the recipe asks for it, 2.5 in the
 * corners models do not use; normal quantile 3e-13 absolute. */
#include <float.h>

#include "check_main.h"
#include "random/random.h"

#define POINTS 60000

/* Distance in units in the last place of the double nearest to what it should be. */
static double ulps(double is, long double should) {
    int place = ilogbl(should) - 52;
    if (should == 0.0L) return is == 0.0 ? 0.0 : 1e9;
    if (place < -1074) place = -1074;
    return (double)fabsl(((long double)is - should) / ldexpl(1.0L, place));
}

typedef double one(double);
typedef long double exact(long double);

static double worst(one *f, exact *g, double from, double to, int logarithmic) {
    double most = 0.0;
    for (int i = 0; i <= POINTS; i++) {
        double x = from + (to - from) * (i + 0.37) / (POINTS + 1);
        double off;
        if (logarithmic) x = exp(x);
        off = ulps(f(x), g((long double)x));
        if (!(off <= most)) most = off;
    }
    return most;
}

static double f_log(double x) {
    return paso_log(x);
}
static double f_log1m(double x) {
    return paso_log1m(x);
}
static double f_exp(double x) {
    return paso_exp(x);
}
static double f_rise(double x) {
    return paso_rise(x);
}
static double f_logistic(double x) {
    return paso_logistic(x);
}
static long double g_log1m(long double x) {
    return -log1pl(-x);
}
static long double g_rise(long double x) {
    return -expm1l(-x);
}
static long double g_logistic(long double x) {
    return 1.0L / (1.0L + expl(-x));
}

START_TEST(log_is_close) {
    ck_assert_double_le(worst(f_log, logl, -708.0, 709.0, 1), 1.5);
    ck_assert_double_le(worst(f_log, logl, 0.5, 2.0, 0), 1.5);
    ck_assert_double_le(worst(f_log, logl, -744.0, -708.0, 1), 1.5);
}
END_TEST

START_TEST(exp_is_close) {
    ck_assert_double_le(worst(f_exp, expl, -708.0, 709.7, 0), 1.5);
    ck_assert_double_le(worst(f_exp, expl, -745.0, -708.0, 0), 1.5);
    ck_assert_double_le(worst(f_exp, expl, -1.0, 1.0, 0), 1.5);
}
END_TEST

START_TEST(log1m_is_close) {
    ck_assert_double_le(worst(f_log1m, g_log1m, 0.0, 1.0, 0), 1.5);
    ck_assert_double_le(worst(f_log1m, g_log1m, -40.0, -0.7, 1), 1.5);
    ck_assert_double_le(worst(f_log1m, g_log1m, -9.0, 0.0, 0), 2.5);
}
END_TEST

START_TEST(rise_is_close) {
    ck_assert_double_le(worst(f_rise, g_rise, 0.0, 50.0, 0), 1.5);
    ck_assert_double_le(worst(f_rise, g_rise, -40.0, 1.0, 1), 1.5);
    ck_assert_double_le(worst(f_rise, g_rise, -700.0, 0.0, 0), 2.5);
}
END_TEST

START_TEST(logistic_is_close) {
    ck_assert_double_le(worst(f_logistic, g_logistic, -700.0, 700.0, 0), 2.5);
    ck_assert_double_le(worst(f_logistic, g_logistic, -4.0, 4.0, 0), 2.5);
}
END_TEST

static void expect_both(double h) {
    double stay, rise = paso_stay_and_rise(h, &stay);
    ck_assert_uint_eq(paso_bits_of(stay), paso_bits_of(paso_exp(-h)));
    ck_assert_uint_eq(paso_bits_of(rise), paso_bits_of(paso_rise(h)));
}

START_TEST(staying_and_rising_are_as_apart) {
    for (int i = 0; i <= POINTS; i += 12) {
        expect_both(800.0 * i / POINTS);
        expect_both(exp(-745.0 + 790.0 * i / POINTS));
        expect_both(42.0 + (i - POINTS / 2) * 0x1p-47);
    }
    expect_both(0.0);
    expect_both((double)INFINITY);
    double stay;
    ck_assert_double_nan(paso_stay_and_rise((double)NAN, &stay));
    ck_assert_double_nan(stay);
}
END_TEST

START_TEST(edges_are_defined) {
    ck_assert(paso_log(0.0) == -(double)INFINITY);
    ck_assert(paso_log((double)INFINITY) == (double)INFINITY);
    ck_assert(isnan(paso_log(-1.0)) && isnan(paso_log((double)NAN)));
    ck_assert(paso_exp(0.0) == 1.0 && paso_log(1.0) == 0.0);
    ck_assert(paso_exp(1000.0) == (double)INFINITY && paso_exp((double)INFINITY) > DBL_MAX);
    ck_assert(paso_exp(-1000.0) == 0.0 && paso_exp(-(double)INFINITY) == 0.0);
    ck_assert(isnan(paso_exp((double)NAN)));
    ck_assert(paso_log1m(0.0) == 0.0 && paso_log1m(1.0) == (double)INFINITY);
    ck_assert(isnan(paso_log1m(1.5)) && isnan(paso_log1m((double)NAN)));
    ck_assert(paso_rise(0.0) == 0.0 && paso_rise(1e300) == 1.0);
    ck_assert(paso_rise((double)INFINITY) == 1.0 && isnan(paso_rise((double)NAN)));
    ck_assert(paso_rise(-1000.0) == -(double)INFINITY);
    ck_assert(paso_logistic(0.0) == 0.5 && paso_logistic(-1000.0) == 0.0);
    ck_assert(paso_logistic(1000.0) == 1.0 && isnan(paso_logistic((double)NAN)));
}
END_TEST

START_TEST(powers_are_exact_where_promised) {
    ck_assert(paso_pow(0.3, 1.0) == 0.3 && paso_pow(0.3, 2.0) == 0.3 * 0.3);
    ck_assert(paso_pow(0.3, 0.5) == sqrt(0.3));
    ck_assert(paso_pow(-3.0, 1.0) == -3.0 && paso_pow(-3.0, 2.0) == 9.0);
    ck_assert(paso_pow(0.0, 3.0) == 0.0 && paso_pow(0.0, 0.5) == 0.0);
    ck_assert(paso_pow(0.0, 0.0) == 1.0 && paso_pow(0.0, -1.0) == 1.0);
    ck_assert(paso_pow(7.0, 0.0) == 1.0);
    ck_assert(isnan(paso_pow(-2.0, 3.0)) && isnan(paso_pow((double)NAN, 2.0)));
    ck_assert(isnan(paso_pow(2.0, (double)NAN)) && isnan(paso_pow(0.0, (double)NAN)));
    ck_assert_double_le(ulps(paso_pow(3.0, 1.7), powl(3.0L, 1.7)), 4.0);
    ck_assert_double_le(ulps(paso_pow(0.01, -0.3), powl(0.01, -0.3)), 4.0);
}
END_TEST

/* Error of z, by how much the exact chance at z misses u. */
static double quantile_error(double u) {
    long double z = paso_normal_quantile(u), root = sqrtl(2.0L), density;
    density = expl(-z * z / 2.0L) / sqrtl(8.0L * atanl(1.0L));
    if (u > 0.5) return (double)fabsl((erfcl(z / root) / 2.0L - (1.0L - (long double)u)) / density);
    return (double)fabsl((erfcl(-z / root) / 2.0L - (long double)u) / density);
}

START_TEST(normal_quantile_is_close) {
    double most = 0.0;
    for (int i = 1; i < POINTS; i++) {
        double u = (double)i / POINTS, tail = exp(-36.7 * u);
        most = fmax(most, fmax(quantile_error(u), quantile_error(tail)));
        most = fmax(most, quantile_error(1.0 - tail));
        ck_assert(paso_normal_quantile(1.0 - u) == -paso_normal_quantile(1.0 - (1.0 - u)) ||
                  u == 0.5);
    }
    ck_assert_double_le(most, 3e-13);
    ck_assert_double_le(fabs(paso_normal_quantile(0x1p-53) + 8.20953615160139), 1e-12);
    ck_assert_double_le(fabs(paso_normal_quantile(0.025) + 1.95996398454005), 1e-12);
    ck_assert(isnan(paso_normal_quantile(0.0)) && isnan(paso_normal_quantile(1.0)));
    ck_assert(isnan(paso_normal_quantile((double)NAN)));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_math");
    TCase *tests = tcase_create("math");
#if LDBL_MANT_DIG >= 64 /* elsewhere the library is no better than what it would judge */
    tcase_add_test(tests, log_is_close);
    tcase_add_test(tests, exp_is_close);
    tcase_add_test(tests, log1m_is_close);
    tcase_add_test(tests, rise_is_close);
    tcase_add_test(tests, logistic_is_close);
    tcase_add_test(tests, normal_quantile_is_close);
#endif
    tcase_add_test(tests, edges_are_defined);
    tcase_add_test(tests, powers_are_exact_where_promised);
    tcase_add_test(tests, staying_and_rising_are_as_apart);
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
