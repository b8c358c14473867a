/* Units: text to exponents and back, the algebra, and what is refused. */
#include <string.h>

#include "base/units.h"
#include "check_main.h"

static paso_units units;

static void setup(void) {
    paso_units_init(&units);
    static const char *const names[] = {"people", "cars", "USD", "km", "officers", "judges"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_int_eq(paso_units_add(&units, names[i]), 0);
}

static paso_unit unit(const char *text) {
    paso_unit result;
    ck_assert_msg(paso_unit_parse(&units, text, &result, NULL) == 0, "%s", text);
    return result;
}

static void check_write(paso_unit u, const char *expected) {
    char text[64];
    ck_assert_str_eq(paso_unit_write(&units, u, text, sizeof text), expected);
}

START_TEST(text_round_trips) {
    check_write(unit("people/month"), "people/day");
    check_write(unit("people/judges/year"), "people/judges/day");
    check_write(unit("1"), "1");
    check_write(unit("1/week"), "1/day");
    check_write(unit("weeks"), "days");
    check_write(unit("date"), "date");
    check_write(unit("officers*day/people"), "officers*days/people");
    check_write(unit("officers day / people"), "officers*days/people");
    check_write(unit("people/day*day"), "people");
    check_write(unit("km * km"), "km^2");
    check_write(paso_unit_power(unit("people"), 0.5), "people^0.5");
}
END_TEST

START_TEST(factors_lead_to_days) {
    ck_assert_double_eq(unit("week").factor, 7);
    ck_assert_double_eq(unit("hours").factor, 1.0 / 24);
    ck_assert_double_eq(unit("year").factor, 365.2425);
    ck_assert_double_eq(unit("1/week").factor, 1.0 / 7);
    ck_assert_double_eq_tol(24000 * unit("people/month").factor, 788.5, 0.05);
    ck_assert_double_eq_tol(paso_unit_power(unit("week"), 2).factor, 49, 1e-12);
}
END_TEST

START_TEST(the_algebra) {
    paso_unit zero = {.any = true};
    ck_assert(
        paso_unit_equal(paso_unit_multiply(unit("people/day"), unit("weeks")), unit("people")));
    ck_assert(
        paso_unit_equal(paso_unit_divide(unit("people"), unit("months")), unit("people/day")));
    ck_assert(paso_unit_is_pure(paso_unit_divide(unit("hours"), unit("years"))));
    ck_assert(!paso_unit_equal(unit("people"), unit("cars")));
    ck_assert(!paso_unit_equal(unit("date"), unit("1")));
    ck_assert(!paso_unit_is_pure(unit("date")));
    ck_assert(paso_unit_equal(zero, unit("people/day")) && paso_unit_equal(unit("date"), zero));
    ck_assert(!paso_unit_is_pure(
        paso_unit_multiply(unit("people"), (paso_unit){.any = true, .factor = 1})));
    ck_assert(
        paso_unit_equal(paso_unit_power(paso_unit_power(unit("km"), 1.0 / 3), 3), unit("km")));
}
END_TEST

START_TEST(counting_units) {
    ck_assert(paso_unit_is_counting(unit("people")));
    ck_assert(!paso_unit_is_counting(unit("people/day")));
    ck_assert(!paso_unit_is_counting(unit("days")));
    ck_assert(!paso_unit_is_counting(unit("1")));
    ck_assert(!paso_unit_is_counting(unit("km*km")));
    ck_assert(!paso_unit_is_counting(unit("km*cars")));
    ck_assert(!paso_unit_is_counting(unit("date")));
}
END_TEST

static const struct {
    const char *text, *bad;
} wrong[] = {
    {"", ""},
    {"person/day", "person/day"},
    {"people/agents", "agents"},
    {"people/", ""},
    {"2/day", "2/day"},
    {"people per day", "per day"},
    {"people/1", "1"},
    {"1 people", "people"},
    {"People", "People"},
    {"car", "car"},
    {"date/day", "date/day"},
    {"/day", "/day"},
    {"people day)", ")"},
};

START_TEST(bad_text_names_the_word) {
    paso_unit u;
    const char *bad = NULL;
    ck_assert_int_eq(paso_unit_parse(&units, wrong[_i].text, &u, &bad), -1);
    ck_assert_str_eq(bad, wrong[_i].bad);
    ck_assert_int_eq(paso_unit_parse(&units, wrong[_i].text, &u, NULL), -1);
}
END_TEST

START_TEST(declaring) {
    static const char *const more[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    ck_assert_int_eq(paso_units_add(&units, "people"), -2);
    ck_assert_int_eq(paso_units_add(&units, "weeks"), -2);
    ck_assert_int_eq(paso_units_add(&units, "date"), -2);
    ck_assert_int_eq(paso_units_add(&units, "two words"), -2);
    ck_assert_int_eq(paso_units_add(&units, ""), -2);
    for (size_t i = 0; i < 9; i++) ck_assert_int_eq(paso_units_add(&units, more[i]), 0);
    ck_assert_int_eq(paso_units_add(&units, "j"), -1);
}
END_TEST

START_TEST(writing_stays_in_its_room) {
    char text[6];
    memset(text, 'x', sizeof text);
    paso_unit_write(&units, unit("people/judges/year"), text, sizeof text);
    ck_assert_str_eq(text, "peopl");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("units");
    TCase *tests = tcase_create("units");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, text_round_trips);
    tcase_add_test(tests, factors_lead_to_days);
    tcase_add_test(tests, the_algebra);
    tcase_add_test(tests, counting_units);
    tcase_add_loop_test(tests, bad_text_names_the_word, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, declaring);
    tcase_add_test(tests, writing_stays_in_its_room);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
