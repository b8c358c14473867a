/* Expressions: trees of the grammar's every line, quantities, places, and each refusal's text. */
#include <math.h>
#include <string.h>

#include "check_main.h"
#include "corridor/expr.h"
#include "corridor/number.h"

static const paso_mark place = {.file = "a.yml", .line = 7, .column = 11, .length = 1};
static paso_arena *arena;
static paso_diags diags;
static paso_units units;
static paso_expr *expr;

static void setup(void) {
    arena = paso_arena_create();
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    paso_units_init(&units);
    static const char *const names[] = {"people", "cars", "USD", "km", "officers"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_int_eq(paso_units_add(&units, names[i]), 0);
}

static void teardown(void) {
    paso_diags_clear(&diags);
    paso_arena_free(arena);
}

static paso_status parse(const char *text) {
    return paso_expr_parse(arena, &diags, &units, "signals.s.is", text, place, &expr);
}

static const char *show(const paso_expr *e);

static const char *show_list(const char *head, const paso_expr *e) {
    for (int i = 0; i < e->n_args; i++)
        head = paso_arena_format(arena, "%s %s", head, show(e->arg[i]));
    for (int i = 0; i < e->n_picks; i++)
        head = paso_arena_format(arena, "%s :%s", head, e->picks[i]);
    return paso_arena_format(arena, "(%s)", head);
}

static const char *show(const paso_expr *e) {
    static const char *const op[] = {"+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!="};
    char unit[64];
    paso_unit_write(&units, e->unit, unit, sizeof unit);
    switch (e->kind) {
    case PASO_EX_NUMBER:
        return paso_arena_format(arena, "%g[%s]", e->number, unit);
    case PASO_EX_DATE:
        return paso_arena_format(arena, "@%g[%s]", e->number, unit);
    case PASO_EX_UNIT:
        return paso_arena_format(arena, "u%g[%s]", e->number, unit);
    case PASO_EX_NAME:
        return e->name;
    case PASO_EX_PICK:
        return show_list("pick", e);
    case PASO_EX_NEGATE:
        return show_list("neg", e);
    case PASO_EX_BINARY:
        return show_list(op[e->op], e);
    case PASO_EX_CALL:
        return show_list(paso_function_name(e->fn), e);
    case PASO_EX_TOTAL:
        return show_list("total", e);
    default:
        return "?";
    }
}

static const struct {
    const char *text, *tree;
} good[] = {
    {"a", "a"},
    {"a.b", "a.b"},
    {" ( a ) ", "a"},
    {"1", "1[1]"},
    {"0", "0[any unit]"},
    {"0 days", "0[days]"},
    {"1.5e3", "1500[1]"},
    {"1e-3*a", "(* 0.001[1] a)"},
    {"a + b - c", "(- (+ a b) c)"},
    {"a - (b - c)", "(- a (- b c))"},
    {"a * b / c * d", "(* (/ (* a b) c) d)"},
    {"a + b * c", "(+ a (* b c))"},
    {"-a ^ b", "(neg (^ a b))"},
    {"a ^ -b ^ c", "(^ a (neg (^ b c)))"},
    {"--a", "(neg (neg a))"},
    {"a - -b", "(- a (neg b))"},
    {"a < b + c", "(< a (+ b c))"},
    {"a<=b", "(<= a b)"},
    {"a > b", "(> a b)"},
    {"a >= b", "(>= a b)"},
    {"kind == child", "(== kind child)"},
    {"(kind != child) * x", "(* (!= kind child) x)"},
    {"(a < b) * (b < c)", "(* (< a b) (< b c))"},
    /* quantities */
    {"28 days", "28[days]"},
    {"2 weeks", "14[days]"},
    {"100 people/day / (2 km)", "(/ 100[people/day] 2[km])"},
    {"0.25 / day", "(/ 0.25[1] u1[days])"},
    {"0.1 / week * a", "(* (/ 0.1[1] u7[days]) a)"},
    {"3 * people/day", "(/ (* 3[1] u1[people]) u1[days])"},
    {"12 km/day / (1800 km)", "(/ 12[km/day] 1800[km])"},
    {"a / (1 officers day / people)", "(/ a 1[officers*days/people])"},
    {"6 people / 2 days", "(/ 6[people] 2[days])"},
    {"20 / 2 days", "(/ 20[1] 2[days])"},
    {"1 day / memory", "(/ 1[days] memory)"},
    {"1 day / (7 days)", "(/ 1[days] 7[days])"},
    {"7 people/week * a", "(* 1[people/day] a)"},
    {"2 km * 3 km", "(* 2[km] 3[km])"},
    {"2 days ^ 2", "(^ 2[days] 2[1])"},
    {"people/day", "(/ u1[people] u1[days])"},
    {"x > 500 people/day", "(> x 500[people/day])"},
    {"-30000000 USD", "(neg 3e+07[USD])"},
    /* dates */
    {"(vote - today) / (300 days)", "(/ (- vote today) 300[days])"},
    {"today >= 2024-01-04", "(>= today @19726[date])"},
    {"2024 - 11", "(- 2024[1] 11[1])"},
    {"2024-11.5", "(- 2024[1] 11.5[1])"},
    /* calls */
    {"min(35, x)", "(min 35[1] x)"},
    {"max(a, b, c + 1)", "(max a b (+ c 1[1]))"},
    {"exp(-1 day / (7 days)) + 0.5 * shock",
     "(+ (exp (/ (neg 1[days]) 7[days])) (* 0.5[1] shock))"},
    {"if(a < 0.5, b + 1 day, 0 days)", "(if (< a 0.5[1]) (+ b 1[days]) 0[days])"},
    {"ratio(a, b, c)", "(ratio a b c)"},
    {"toward(logistic(a), 3 days)", "(toward (logistic a) 3[days])"},
    {"lag(total(x.y), 1 day, 0 people/day)", "(lag (total x.y) 1[days] 0[people/day])"},
    {"mean(ln(a), 7 days, abs(sqrt(b)))", "(mean (ln a) 7[days] (abs (sqrt b)))"},
    {"older(camp, 4 weeks)", "(older camp 28[days])"},
    {"total(a * b by origin, region)", "(total (* a b) :origin :region)"},
    {"total(3 by kind)", "(total 3[1] :kind)"},
    {"total(x)", "(total x)"},
    {"base / total(origin.base)", "(/ base (total origin.base))"},
    /* picks */
    {"season[today]", "(pick season :today)"},
    {"x[adult, ven] * 2", "(* (pick x :adult :ven) 2[1])"},
    {"origin.base[ven]", "(pick origin.base :ven)"},
    {"a\n  + b", "(+ a b)"},
};

START_TEST(trees) {
    paso_status status = parse(good[_i].text);
    ck_assert_msg(status == PASO_OK, "%s: %s", good[_i].text,
                  diags.n > 0 ? diags.items[0].message : "?");
    ck_assert_str_eq(show(expr), good[_i].tree);
    ck_assert_uint_eq(diags.n, 0);
}
END_TEST

static const struct {
    const char *text;
    int column, length; /* from 1 in the text */
    const char *id, *message, *hint;
} wrong[] = {
    {"", 1, 1, "expr-syntax", "expected an expression, found the end of the expression", NULL},
    {"a +", 4, 1, "expr-syntax", "expected a value, found the end of the expression", NULL},
    {"a + * b", 5, 1, "expr-syntax", "expected a value, found \"*\"", NULL},
    {"(a + b", 7, 1, "expr-syntax",
     "expected an operator or \")\", found the end of the expression", NULL},
    {"a) + b", 2, 1, "expr-syntax",
     "expected an operator or the end of the expression, found \")\"", NULL},
    {"a b", 3, 1, "expr-syntax", "expected an operator or the end of the expression, found \"b\"",
     "write * to multiply"},
    {"(a + b)[c]", 8, 1, "expr-syntax",
     "expected an operator or the end of the expression, found \"[\"",
     "only a name can have [ ] after it"},
    {"a < b < c", 7, 1, "expr-syntax", "expected no second comparison, found \"<\"",
     "multiply two comparisons, as in (a < b) * (b < c)"},
    {"a = b", 3, 1, "expr-syntax", "expected a name, number or sign, found \"=\"",
     "write == to compare"},
    {"a * ñ", 5, 1, "expr-syntax", "expected a name, number or sign, found \"ñ\"", NULL},
    {"x[", 3, 1, "expr-syntax", "expected a member's name, found the end of the expression", NULL},
    {"x[a.b]", 3, 3, "expr-syntax", "expected a member's name, found \"a.b\"", NULL},
    {"x[a b]", 5, 1, "expr-syntax", "expected \",\" or \"]\", found \"b\"", NULL},
    {"total(x by)", 11, 1, "expr-syntax", "expected a set's name, found \")\"", NULL},
    {"total(x by a b)", 14, 1, "expr-syntax", "expected an operator, \"by\" or \")\", found \"b\"",
     NULL},
    {"total(x, y)", 8, 1, "expr-arguments", "expected \"by\" or \")\", found \",\"",
     "total(x) or total(x by set, set)"},
    {"28days", 1, 6, "expr-number", "expected a number, found \"28days\"",
     "put a blank between a number and its unit"},
    {"a * .5", 5, 2, "expr-number", "expected a number, found \".5\"",
     "write a 0 before the point"},
    {"1.2.3", 1, 5, "expr-number", "expected a number, found \"1.2.3\"", NULL},
    {"0x10", 1, 4, "expr-number", "expected a number, found \"0x10\"",
     "put a blank between a number and its unit"},
    {"1e999", 1, 5, "expr-number", "expected a number, found \"1e999\"",
     "put a blank between a number and its unit"},
    {"3 peple", 3, 5, "expr-unit",
     "expected a unit or an operator after the number, found \"peple\"", "did you mean people?"},
    {"3 people dya", 10, 3, "expr-syntax",
     "expected an operator or the end of the expression, found \"dya\"", "write * to multiply"},
    {"today > 2024-11", 9, 7, "expr-date", "expected a date such as 2024-11-05, found \"2024-11\"",
     "write blanks around a minus"},
    {"2023-02-29", 1, 10, "expr-date", "expected a date such as 2024-11-05, found \"2023-02-29\"",
     NULL},
    {"2023-12-18T08:00", 1, 16, "expr-date",
     "expected a date such as 2024-11-05, found \"2023-12-18T08:00\"", NULL},
    {"a.b.c", 1, 5, "expr-name", "expected a name with at most one point, found \"a.b.c\"", NULL},
    {"a. + b", 1, 2, "expr-name", "expected a name after the point, found \"a.\"", NULL},
    {"sqr(a)", 1, 3, "expr-function", "expected a function, found \"sqr\"", "did you mean sqrt?"},
    {"a + smooth(b, c)", 5, 6, "expr-function", "expected a function, found \"smooth\"",
     "there are exp ln sqrt abs logistic min max if ratio total toward lag mean older"},
    {"3 people/day(2)", 10, 3, "expr-function", "expected a function, found \"day\"",
     "there are exp ln sqrt abs logistic min max if ratio total toward lag mean older"},
    {"mean + 1", 6, 1, "expr-function", "expected \"(\" after a function, found \"+\"",
     "the names of functions are reserved"},
    {"min(a)", 1, 3, "expr-arguments", "min: expected 2 or more arguments, found 1",
     "write min(x, y, ...)"},
    {"exp()", 1, 3, "expr-arguments", "exp: expected 1 argument, found 0", "write exp(x)"},
    {"lag(a, 1 day)", 1, 3, "expr-arguments", "lag: expected 3 arguments, found 2",
     "write lag(x, 1 day, before)"},
    {"toward(a, b, c)", 1, 6, "expr-arguments", "toward: expected 2 arguments, found 3",
     "write toward(target, time)"},
    {"min(a, )", 8, 1, "expr-syntax", "expected a value, found \")\"", NULL},
};

START_TEST(what_is_refused) {
    ck_assert_msg(parse(wrong[_i].text) == PASO_ERR_INPUT, "%s", wrong[_i].text);
    ck_assert_ptr_null(expr);
    ck_assert_uint_eq(diags.n, 1);
    const paso_diag *d = &diags.items[0];
    ck_assert_str_eq(d->message, wrong[_i].message);
    ck_assert_str_eq(d->id, wrong[_i].id);
    ck_assert_str_eq(d->path, "signals.s.is");
    ck_assert_int_eq(d->mark.line, 7);
    ck_assert_int_eq(d->mark.column, 10 + wrong[_i].column);
    ck_assert_int_eq(d->mark.length, wrong[_i].length);
    ck_assert_int_eq(d->hint == NULL, wrong[_i].hint == NULL);
    if (d->hint != NULL) ck_assert_str_eq(d->hint, wrong[_i].hint);
}
END_TEST

static void check_mark(paso_mark mark, int line, int column, int length) {
    ck_assert_str_eq(mark.file, "a.yml");
    ck_assert_int_eq(mark.line, line);
    ck_assert_int_eq(mark.column, column);
    ck_assert_int_eq(mark.length, length);
}

START_TEST(marks_cover_their_text) {
    ck_assert_int_eq(parse("(a + bb) * x[adult, ven]"), PASO_OK);
    check_mark(expr->mark, 7, 11, 24);
    check_mark(expr->arg[0]->mark, 7, 12, 6);
    check_mark(expr->arg[1]->mark, 7, 22, 13);
    check_mark(expr->arg[1]->pick_mark[0], 7, 24, 5);
    check_mark(expr->arg[1]->pick_mark[1], 7, 31, 3);
    ck_assert_int_eq(parse("-12 km/day"), PASO_OK);
    check_mark(expr->mark, 7, 11, 10);
    check_mark(expr->arg[0]->mark, 7, 12, 9);
    ck_assert_int_eq(parse("total(a by kind)"), PASO_OK);
    check_mark(expr->mark, 7, 11, 16);
    check_mark(expr->pick_mark[0], 7, 22, 4);
}
END_TEST

START_TEST(later_lines_count_from_the_first_column) {
    ck_assert_int_eq(parse("a +\n  bb\n* c"), PASO_OK);
    check_mark(expr->mark, 7, 11, 1);
    check_mark(expr->arg[1]->mark, 8, 13, 2);
    check_mark(expr->arg[1]->arg[1]->mark, 9, 13, 1);
}
END_TEST

START_TEST(a_text_without_place) {
    paso_mark none = {0};
    ck_assert_int_eq(paso_expr_parse(arena, &diags, &units, "--set x", "a +", none, &expr),
                     PASO_ERR_INPUT);
    ck_assert_ptr_null(diags.items[0].mark.file);
    ck_assert_int_eq(diags.items[0].mark.column, 0);
}
END_TEST

static paso_status parse_repeated(const char *open, const char *inside, const char *close, int n) {
    char text[1000] = "";
    for (int i = 0; i < n; i++) strcat(text, open);
    strcat(text, inside);
    for (int i = 0; i < n; i++) strcat(text, close);
    return parse(text);
}

START_TEST(depth_is_limited) {
    static const char *const open[] = {"(", "-", "2^", "exp(", "total("};
    static const char *const close[] = {")", "", "", ")", ")"};
    ck_assert_int_eq(parse_repeated(open[_i], "a", close[_i], 64), PASO_OK);
    ck_assert_int_eq(parse_repeated(open[_i], "a", close[_i], 65), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "expr-depth");
}
END_TEST

START_TEST(length_and_lists_are_limited) {
    static char text[8200];
    for (size_t i = 0; i < 8191; i++) text[i] = i % 2 ? '+' : 'a';
    ck_assert_int_eq(parse(text), PASO_OK);
    memset(text, ' ', 8193);
    ck_assert_int_eq(parse(text), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "expr-long");
    ck_assert_int_eq(parse_repeated("", "min(a", ",a", 31), PASO_ERR_INPUT);
    strcpy(text, "min(a");
    for (int i = 0; i < 31; i++) strcat(text, ",a");
    strcat(text, ")");
    ck_assert_int_eq(parse(text), PASO_OK);
    ck_assert_int_eq(expr->n_args, 32);
}
END_TEST

/* Every short text over an alphabet of the grammar's pieces: no crash, and errors always told. */
START_TEST(short_texts_do_no_harm) {
    static const char *const piece[] = {"a",     "1",    " day", "/", "*",         "-",  "(",
                                        ")",     "[",    "]",    ",", "<",         "==", "min",
                                        "total", " by ", ".",    "^", "2024-11-05"};
    enum { N = sizeof piece / sizeof *piece };
    char text[64];
    for (int i = 0; i < N * N * N; i++) {
        teardown();
        setup();
        snprintf(text, sizeof text, "%s%s%s", piece[i % N], piece[i / N % N], piece[i / N / N]);
        paso_status status = parse(text);
        if ((status == PASO_OK) != (diags.n_errors == 0) || (status == PASO_OK) != (expr != NULL))
            ck_abort_msg("%s", text);
    }
}
END_TEST

static const struct {
    const char *text;
    double value;
} number[] = {{"0", 0}, {"-12", -12}, {"0.5", 0.5}, {"1e3", 1000}, {"1.5E-2", 0.015}, {"007", 7}};

START_TEST(numbers_are_read) {
    double value = -1;
    ck_assert_int_eq(paso_number_parse(number[_i].text, &value), 0);
    ck_assert_double_eq(value, number[_i].value);
}
END_TEST

static const char *const bad_number[] = {"",    " 1",  "1 ",    "+1",  ".5",    "1.",    "1e",
                                         "1e+", "nan", "inf",   "0x1", "1e999", "1,000", "1_000",
                                         "--1", "-",   "1.5.2", "1d",  "1e5.5"};

START_TEST(numbers_are_strict) {
    double value = -1;
    ck_assert_int_eq(paso_number_parse(bad_number[_i], &value), -1);
    ck_assert_double_eq(value, -1);
}
END_TEST

START_TEST(keeps_what_was_written_on_one_line) {
    ck_assert_int_eq(parse("(kind == adult)\n  * (a  +\n b) \n"), PASO_OK);
    ck_assert_str_eq(expr->text, "(kind == adult) * (a + b)");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("expr");
    TCase *tests = tcase_create("expr");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, trees, 0, (int)(sizeof good / sizeof *good));
    tcase_add_loop_test(tests, what_is_refused, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, marks_cover_their_text);
    tcase_add_test(tests, later_lines_count_from_the_first_column);
    tcase_add_test(tests, keeps_what_was_written_on_one_line);
    tcase_add_test(tests, a_text_without_place);
    tcase_add_loop_test(tests, depth_is_limited, 0, 5);
    tcase_add_test(tests, length_and_lists_are_limited);
    tcase_add_test(tests, short_texts_do_no_harm);
    tcase_add_loop_test(tests, numbers_are_read, 0, (int)(sizeof number / sizeof *number));
    tcase_add_loop_test(tests, numbers_are_strict, 0,
                        (int)(sizeof bad_number / sizeof *bad_number));
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
