/* Diagnostics: the exact text that people see, the JSON that tools read, limits, nearest names. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/diag.h"
#include "check_main.h"

static const char file_name[] = "test_diag_input.yml";
static paso_diags diags;
static char shown[20000];

static void setup(void) {
    FILE *f = fopen(file_name, "wb");
    fputs("stages:\n"
          "      limit: agents\n"
          "\tniño: \033[1m\r\n"
          "last",
          f);
    fclose(f);
    ck_assert_int_eq(paso_diags_init(&diags), 0);
}

static void teardown(void) {
    paso_diags_clear(&diags);
    remove(file_name);
}

static const char *show(bool json) {
    FILE *f = tmpfile();
    paso_diags_print(&diags, f, json);
    rewind(f);
    shown[fread(shown, 1, sizeof shown - 1, f)] = '\0';
    fclose(f);
    return shown;
}

static paso_mark at(int line, int column, int length) {
    return (paso_mark){file_name, line, column, length};
}

START_TEST(the_house_format) {
    paso_status s = paso_error(&diags, "unit", at(2, 14, 6), "stages.custody.limit",
                               "divide by a time", "expected %s, found %s", "people/day", "people");
    ck_assert_int_eq(s, PASO_ERR_INPUT);
    ck_assert_str_eq(show(false),
                     "test_diag_input.yml:2:14: error: stages.custody.limit: expected people/day, "
                     "found people\n"
                     "      limit: agents\n"
                     "             ^~~~~~\n"
                     "  hint: divide by a time\n");
}
END_TEST

START_TEST(columns_are_characters_and_tabs_stay) {
    paso_error(&diags, "x", at(3, 8, 99), "", NULL, "odd");
    ck_assert_str_eq(show(false), "test_diag_input.yml:3:8: error: odd\n"
                                  "\tniño: ?[1m\n"
                                  "\t      ^~~~\n");
}
END_TEST

START_TEST(places_may_be_missing) {
    paso_error(&diags, "a", (paso_mark){0}, "--set move_time", NULL, "expected a number");
    paso_error(&diags, "b", (paso_mark){.file = "gone.yml", .line = 3, .column = 2}, "", NULL,
               "no");
    paso_error(&diags, "c", at(0, 0, 0), "", NULL, "whole file");
    paso_error(&diags, "d", at(9, 1, 1), "", NULL, "past the end");
    paso_error(&diags, "e", at(4, 5, 1), "", NULL, "at the end");
    ck_assert_str_eq(show(false), "error: --set move_time: expected a number\n"
                                  "gone.yml:3:2: error: no\n"
                                  "test_diag_input.yml: error: whole file\n"
                                  "test_diag_input.yml:4:5: error: at the end\n"
                                  "last\n"
                                  "    ^\n"
                                  "test_diag_input.yml:9:1: error: past the end\n");
}
END_TEST

START_TEST(order_of_place_then_of_reporting) {
    paso_error(&diags, "x", at(4, 1, 1), "", NULL, "fourth");
    paso_warn(&diags, "x", at(2, 7, 1), "", NULL, "second");
    paso_error(&diags, "x", at(2, 7, 1), "", NULL, "third");
    paso_error(&diags, "x", at(2, 1, 1), "", NULL, "first");
    show(false);
    const char *place[] = {strstr(shown, "error: first"), strstr(shown, "warning: second"),
                           strstr(shown, "error: third"), strstr(shown, "error: fourth")};
    for (int i = 0; i < 4; i++) ck_assert_ptr_nonnull(place[i]);
    for (int i = 1; i < 4; i++) ck_assert(place[i - 1] < place[i]);
}
END_TEST

START_TEST(the_same_is_kept_once) {
    for (int i = 0; i < 3; i++) paso_error(&diags, "x", at(1, 1, 1), "", NULL, "same");
    paso_error(&diags, "x", at(1, 2, 1), "", NULL, "same");
    ck_assert_uint_eq(diags.n_errors, 2);
    ck_assert_uint_eq(diags.n, 2);
}
END_TEST

START_TEST(twenty_are_shown) {
    for (int i = 0; i < 23; i++) paso_error(&diags, "x", at(1, 1, 1), "", NULL, "number %d", i);
    for (int i = 0; i < 21; i++) paso_warn(&diags, "x", at(1, 1, 1), "", NULL, "number %d", i);
    ck_assert_uint_eq(diags.n, 40);
    ck_assert_uint_eq(diags.n_errors, 23);
    show(false);
    ck_assert_ptr_nonnull(strstr(shown, "number 19\n"));
    ck_assert_ptr_null(strstr(shown, "number 20\n"));
    ck_assert_ptr_nonnull(strstr(shown, "\n… and 3 more errors\n… and 1 more warning\n"));
}
END_TEST

START_TEST(warnings_are_no_failure) {
    ck_assert_int_eq(paso_diags_status(&diags), PASO_OK);
    paso_warn(&diags, "x", at(1, 1, 1), "", NULL, "odd");
    ck_assert_int_eq(paso_diags_status(&diags), PASO_OK);
    paso_error(&diags, "x", at(1, 1, 1), "", NULL, "wrong");
    ck_assert_int_eq(paso_diags_status(&diags), PASO_ERR_INPUT);
}
END_TEST

START_TEST(text_is_copied_and_cleaned) {
    char path[] = "levers.a", hint[] = "do";
    paso_error(&diags, "x", at(1, 1, 1), path, hint, "found \"%s\"", "a\nb\x1b\xff");
    path[0] = hint[0] = 'X';
    ck_assert_str_eq(diags.items[0].path, "levers.a");
    ck_assert_str_eq(diags.items[0].hint, "do");
    ck_assert_str_eq(diags.items[0].message, "found \"a?b??\"");
}
END_TEST

START_TEST(json_is_one_object_a_line) {
    paso_error(&diags, "name-unknown", at(2, 14, 6), "stages.x", "try \"y\"", "expected é");
    paso_warn(&diags, "never-used", (paso_mark){0}, "", NULL, "odd");
    show(true);
    char *second = strchr(strchr(shown, '\n') + 1, '\n') == NULL ? NULL : strchr(shown, '\n') + 1;
    ck_assert_ptr_nonnull(second);
    json_t *b = json_loadb(second, strlen(second), 0, NULL);
    json_t *a = json_loadb(shown, (size_t)(second - shown), 0, NULL);
    json_t *place = strstr(shown, "name-unknown") < second ? a : b;
    ck_assert_str_eq(json_string_value(json_object_get(place, "severity")), "error");
    ck_assert_str_eq(json_string_value(json_object_get(place, "id")), "name-unknown");
    ck_assert_str_eq(json_string_value(json_object_get(place, "file")), file_name);
    ck_assert_int_eq(json_integer_value(json_object_get(place, "line")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(place, "column")), 14);
    ck_assert_int_eq(json_integer_value(json_object_get(place, "length")), 6);
    ck_assert_str_eq(json_string_value(json_object_get(place, "path")), "stages.x");
    ck_assert_str_eq(json_string_value(json_object_get(place, "message")), "expected é");
    ck_assert_str_eq(json_string_value(json_object_get(place, "hint")), "try \"y\"");
    place = place == a ? b : a;
    ck_assert(json_is_null(json_object_get(place, "file")));
    ck_assert(json_is_null(json_object_get(place, "hint")));
    json_decref(a);
    json_decref(b);
}
END_TEST

START_TEST(nearest_names) {
    static const char *const names[] = {"moving", "custody", "court", "courts", "decide"};
    ck_assert_str_eq(paso_nearest("custdoy", names, 5), "custody"); /* a swap is one edit */
    ck_assert_str_eq(paso_nearest("coutr", names, 5), "court");
    ck_assert_str_eq(paso_nearest("cour", names, 5), "court");
    ck_assert_str_eq(paso_nearest("courtt", names, 5), "court"); /* tie with courts: the first */
    ck_assert_str_eq(paso_nearest("decide", names, 5), "decide");
    ck_assert_ptr_null(paso_nearest("elephant", names, 5));
    ck_assert_ptr_null(paso_nearest("ab", names, 5));
    ck_assert_ptr_null(paso_nearest("custody", NULL, 0));
    ck_assert_str_eq(paso_nearest("mving", names, 5), "moving");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("diag");
    TCase *tests = tcase_create("diag");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_house_format);
    tcase_add_test(tests, columns_are_characters_and_tabs_stay);
    tcase_add_test(tests, places_may_be_missing);
    tcase_add_test(tests, order_of_place_then_of_reporting);
    tcase_add_test(tests, the_same_is_kept_once);
    tcase_add_test(tests, twenty_are_shown);
    tcase_add_test(tests, warnings_are_no_failure);
    tcase_add_test(tests, text_is_copied_and_cleaned);
    tcase_add_test(tests, json_is_one_object_a_line);
    tcase_add_test(tests, nearest_names);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
