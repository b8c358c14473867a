/* CSV tables: cells and their places, what RFC 4180 allows, and each refusal with its exact text.
 */
#include <string.h>

#include "check_main.h"
#include "corridor/table.h"

static const char file_name[] = "test_table_input.csv";
static paso_arena *arena;
static paso_diags diags;
static paso_table *table;

static void setup(void) {
    arena = paso_arena_create();
    ck_assert_int_eq(paso_diags_init(&diags), 0);
}

static void teardown(void) {
    paso_diags_clear(&diags);
    paso_arena_free(arena);
    remove(file_name);
}

static paso_status read_bytes(const char *text, size_t n) {
    FILE *f = fopen(file_name, "wb");
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    fclose(f);
    return paso_table_read(arena, &diags, file_name, &table);
}

static paso_status read_text(const char *text) {
    return read_bytes(text, strlen(text));
}

static const char *cell(size_t row, const char *column) {
    int c = paso_table_column(table, column);
    ck_assert_int_ge(c, 0);
    return table->cell[row * table->n_columns + (size_t)c];
}

static void check_place(int row, int column, int line, int at, int length) {
    paso_mark mark = paso_table_mark(table, row, column);
    ck_assert_str_eq(mark.file, file_name);
    ck_assert_int_eq(mark.line, line);
    ck_assert_int_eq(mark.column, at);
    ck_assert_int_eq(mark.length, length);
}

START_TEST(cells_and_places) {
    ck_assert_int_eq(read_text("date,origin, value\n2023-01, ven ,12.5\n2023-02,año,\n"), PASO_OK);
    ck_assert_uint_eq(table->n_columns, 3);
    ck_assert_uint_eq(table->n_rows, 2);
    ck_assert_str_eq(cell(0, "origin"), "ven");
    ck_assert_str_eq(cell(0, "value"), "12.5");
    ck_assert_str_eq(cell(1, "value"), "");
    ck_assert_int_eq(paso_table_column(table, "nothing"), -1);
    ck_assert_int_eq(table->line[1], 3);
    check_place(-1, 2, 1, 14, 5);
    check_place(0, 1, 2, 10, 3);
    check_place(0, 2, 2, 15, 4);
    check_place(1, 2, 3, 13, 1);
}
END_TEST

START_TEST(quotes) {
    ck_assert_int_eq(
        read_text("a,b,c\n\"x, y\" ,\"say \"\"ñ\"\"\",z\n\"two\nlines\",,\"\"\n\"1\"\"é\",2,3"),
        PASO_OK);
    ck_assert_uint_eq(table->n_rows, 3);
    ck_assert_str_eq(cell(0, "a"), "x, y");
    ck_assert_str_eq(cell(0, "b"), "say \"ñ\"");
    ck_assert_str_eq(cell(1, "a"), "two\nlines");
    ck_assert_str_eq(cell(1, "c"), "");
    ck_assert_str_eq(cell(2, "c"), "3");
    check_place(0, 2, 2, 21, 1);
    check_place(1, 0, 3, 1, 9);
    check_place(2, 1, 5, 8, 1);
}
END_TEST

START_TEST(what_spreadsheets_write) {
    ck_assert_int_eq(read_text("\xEF\xBB\xBF"
                               "a,b\r\n1,2\r\n3,\r\n\r\n  \n"),
                     PASO_OK);
    ck_assert_str_eq(table->header[0], "a");
    ck_assert_str_eq(table->header[1], "b");
    ck_assert_uint_eq(table->n_rows, 2);
    ck_assert_str_eq(cell(0, "b"), "2");
    ck_assert_str_eq(cell(1, "b"), "");
    check_place(-1, 0, 1, 1, 1);
}
END_TEST

START_TEST(a_header_alone_is_a_table) {
    ck_assert_int_eq(read_text("a,b"), PASO_OK);
    ck_assert_uint_eq(table->n_rows, 0);
}
END_TEST

static const struct {
    const char *text;
    int line, column;
    const char *id, *message;
} wrong[] = {
    {"", 1, 1, "csv-header", "expected a line with the names of the columns, found nothing"},
    {"\n \n", 1, 1, "csv-header", "expected a line with the names of the columns, found nothing"},
    {"a,,c\n", 1, 3, "csv-header", "expected a name for column 2, found nothing"},
    {"a,b,a\n", 1, 5, "csv-header", "expected each column once, found \"a\" again"},
    {"a,b\n1,2\n1\n", 3, 1, "csv-cells", "row 2: expected 2 cells as in the header, found 1"},
    {"a,b\n1,2,3\n", 2, 1, "csv-cells", "row 1: expected 2 cells as in the header, found 3"},
    {"a,b\n\n1,2\n", 2, 1, "csv-cells", "row 1: expected 2 cells as in the header, found 1"},
    {"a,b\né,x\"y\n", 2, 4, "csv-quote", "expected a cell without quotes inside, found a quote"},
    {"a,b\n1,\"y\" z\n", 2, 7, "csv-quote",
     "expected a comma after the closing quote, found more text"},
    {"a,b\n1,\"y\n2,3", 3, 4, "csv-quote", "expected a closing quote, found the end of the file"},
    {"a\nb\xff", 2, 2, "file-utf8", "expected UTF-8 text, found byte 0xFF"},
};

START_TEST(bad_tables_are_refused) {
    ck_assert_int_eq(read_text(wrong[_i].text), PASO_ERR_INPUT);
    ck_assert_ptr_null(table);
    ck_assert_uint_eq(diags.n, 1);
    ck_assert_str_eq(diags.items[0].id, wrong[_i].id);
    ck_assert_str_eq(diags.items[0].message, wrong[_i].message);
    ck_assert_str_eq(diags.items[0].mark.file, file_name);
    ck_assert_int_eq(diags.items[0].mark.line, wrong[_i].line);
    ck_assert_int_eq(diags.items[0].mark.column, wrong[_i].column);
}
END_TEST

START_TEST(all_bad_rows_are_told) {
    ck_assert_int_eq(read_text("a,b\n1\n1,2\n1,2,3\n"), PASO_ERR_INPUT);
    ck_assert_uint_eq(diags.n, 2);
    ck_assert_int_eq(diags.items[1].mark.line, 4);
}
END_TEST

START_TEST(files_have_limits) {
    static char big[16 * 1024 * 1024 + 1];
    memset(big, 'x', sizeof big);
    ck_assert_int_eq(read_bytes(big, sizeof big), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "file-size");
    ck_assert_int_eq(read_bytes(big, sizeof big - 1), PASO_OK);
    ck_assert_int_eq(read_bytes("a\0b", 3), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[1].message, "expected text, found a zero byte");
}
END_TEST

START_TEST(a_missing_file) {
    ck_assert_int_eq(paso_table_read(arena, &diags, "gone.csv", &table), PASO_ERR_IO);
    ck_assert_str_eq(diags.items[0].message, "cannot be opened: No such file or directory");
    ck_assert_int_eq(paso_table_read(arena, &diags, ".", &table), PASO_ERR_IO);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("table");
    TCase *tests = tcase_create("table");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, cells_and_places);
    tcase_add_test(tests, quotes);
    tcase_add_test(tests, what_spreadsheets_write);
    tcase_add_test(tests, a_header_alone_is_a_table);
    tcase_add_loop_test(tests, bad_tables_are_refused, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, all_bad_rows_are_told);
    tcase_add_test(tests, files_have_limits);
    tcase_add_test(tests, a_missing_file);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
