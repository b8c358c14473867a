/* Calendar: every day of six centuries round trips, periods tile the line, dates are read strictly.
 */
#include "base/calendar.h"
#include "check_main.h"

START_TEST(known_days) {
    ck_assert_int_eq(paso_day_of((paso_date){1970, 1, 1}), 0);
    ck_assert_int_eq(paso_day_of((paso_date){1969, 12, 31}), -1);
    ck_assert_int_eq(paso_day_of((paso_date){2000, 3, 1}), 11017);
    ck_assert_int_eq(paso_day_of((paso_date){2024, 1, 4}), 19726);
    ck_assert_int_eq(paso_day_of((paso_date){1, 1, 1}), -719162);
}
END_TEST

/* A second, slow calendar counts along. */
START_TEST(every_day_round_trips) {
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int day = paso_day_of((paso_date){1700, 1, 1});
    for (int year = 1700; year < 2300; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            int n = length[month - 1] + (leap && month == 2);
            for (int d = 1; d <= n; d++, day++) {
                paso_date date = paso_date_of(day);
                ck_assert(date.year == year && date.month == month && date.day == d);
                ck_assert_int_eq(paso_day_of(date), day);
                ck_assert_int_eq(paso_month_length(day), n);
            }
        }
    }
}
END_TEST

static int day(const char *text) {
    int result = 0;
    ck_assert_msg(paso_date_parse(text, &result, NULL) == 0, "%s", text);
    return result;
}

START_TEST(periods_tile) {
    for (int p = PASO_DAY; p <= PASO_YEAR; p++) {
        for (int d = -1500; d < 1500; d++) {
            int start = paso_period_start(d, (paso_period)p);
            int next = paso_period_next(d, (paso_period)p);
            ck_assert(start <= d && d < next);
            ck_assert_int_eq(paso_period_start(next - 1, (paso_period)p), start);
            ck_assert_int_eq(paso_period_start(next, (paso_period)p), next);
        }
    }
    ck_assert_int_eq(paso_period_start(day("2024-01-04"), PASO_WEEK),
                     day("2024-01-01")); /* Monday */
    ck_assert_int_eq(paso_period_next(day("2024-02-10"), PASO_MONTH), day("2024-03-01"));
    ck_assert_int_eq(paso_period_next(day("2023-12-31"), PASO_MONTH), day("2024-01-01"));
    ck_assert_int_eq(paso_period_start(day("2023-12-31"), PASO_YEAR), day("2023-01-01"));
    ck_assert_int_eq(paso_period_next(day("2023-12-31"), PASO_DAY), day("2024-01-01"));
}
END_TEST

START_TEST(dates_are_read) {
    int d;
    double fraction = -1;
    ck_assert_int_eq(day("2024"), day("2024-01-01"));
    ck_assert_int_eq(day("2024-02"), day("2024-02-01"));
    ck_assert_int_eq(day("2024-02-29"), 19782);
    ck_assert_int_eq(paso_date_parse("2023-12-18T08:00", &d, &fraction), 0);
    ck_assert_int_eq(d, day("2023-12-18"));
    ck_assert_double_eq(fraction, 8.0 / 24);
    ck_assert_int_eq(paso_date_parse("2023-12-18", &d, &fraction), 0);
    ck_assert_double_eq(fraction, 0);
    ck_assert_int_eq(paso_date_parse("2023-12-18T23:59", &d, &fraction), 0);
    ck_assert_double_eq(fraction, 1439.0 / 1440);
}
END_TEST

static const char *const bad_date[] = {"",
                                       "24",
                                       "202",
                                       "20240",
                                       "2024-",
                                       "2024-13",
                                       "2024-00",
                                       "2024-1",
                                       "2024-02-30",
                                       "2023-02-29",
                                       "2024-02-00",
                                       "2024-02-1",
                                       "2024-02-011",
                                       " 2024",
                                       "2024 ",
                                       "2024-02T08:00",
                                       "2024-02-01T24:00",
                                       "2024-02-01T08:60",
                                       "2024-02-01T8:00",
                                       "2024-02-01T08:00:00",
                                       "2024-02-01 08:00",
                                       "0000-01-01",
                                       "2024/02/01",
                                       "-024"};

START_TEST(bad_dates_are_refused) {
    int d;
    double fraction;
    ck_assert_int_eq(paso_date_parse(bad_date[_i], &d, &fraction), -1);
}
END_TEST

START_TEST(a_clock_time_needs_a_place) {
    int d;
    ck_assert_int_eq(paso_date_parse("2023-12-18T08:00", &d, NULL), -1);
}
END_TEST

START_TEST(dates_and_periods_are_written) {
    char text[16];
    paso_period period;
    paso_date_write(19726, text);
    ck_assert_str_eq(text, "2024-01-04");
    for (int p = PASO_DAY; p <= PASO_YEAR; p++) {
        ck_assert_int_eq(paso_period_parse(paso_period_name((paso_period)p), &period), 0);
        ck_assert_int_eq((int)period, p);
    }
    ck_assert_int_eq(paso_period_parse("months", &period), -1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("calendar");
    TCase *tests = tcase_create("calendar");
    tcase_add_test(tests, known_days);
    tcase_add_test(tests, every_day_round_trips);
    tcase_add_test(tests, periods_tile);
    tcase_add_test(tests, dates_are_read);
    tcase_add_loop_test(tests, bad_dates_are_refused, 0, (int)(sizeof bad_date / sizeof *bad_date));
    tcase_add_test(tests, a_clock_time_needs_a_place);
    tcase_add_test(tests, dates_and_periods_are_written);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
