/* YAML trees: marks of keys and values, blocks, each refusal with its place, cut expressions. */
#include <string.h>

#include "check_main.h"
#include "corridor/tree.h"

static const char file_name[] = "test_tree_input.yml";
static paso_arena *arena;
static paso_diags diags;
static paso_node *tree;

static void setup(void) {
    arena = paso_arena_create();
    ck_assert_int_eq(paso_diags_init(&diags), 0);
}

static void teardown(void) {
    paso_diags_clear(&diags);
    paso_arena_free(arena);
    remove(file_name);
}

static paso_status parse(const char *text) {
    return paso_tree_parse(arena, &diags, "a.yml", text, strlen(text), &tree);
}

static void parse_good(const char *text) {
    paso_status status = parse(text);
    ck_assert_msg(status == PASO_OK, "%s: %s", text, diags.n > 0 ? diags.items[0].message : "?");
}

static paso_node *at(const char *path) {
    paso_node *node = tree;
    while (*path != '\0') {
        char key[40];
        size_t n = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        node = paso_node_get(node, key);
        ck_assert_ptr_nonnull(node);
        path += n + (path[n] == '.');
    }
    return node;
}

static void check_mark(paso_mark mark, int line, int column, int length) {
    ck_assert_str_eq(mark.file, "a.yml");
    ck_assert_int_eq(mark.line, line);
    ck_assert_int_eq(mark.column, column);
    ck_assert_int_eq(mark.length, length);
}

START_TEST(the_tree_and_its_marks) {
    parse_good("corridor: us-mexico\n"
               "title: {en: México, es: \"a, b\"}\n"
               "include:\n"
               "  - one.yml\n"
               "  - name: 'it''s'\n"
               "    no: off\n");
    ck_assert_int_eq(tree->kind, PASO_MAP);
    ck_assert_int_eq(tree->n_children, 3);
    ck_assert_str_eq(at("corridor")->text, "us-mexico");
    check_mark(at("corridor")->key_mark, 1, 1, 8);
    check_mark(at("corridor")->mark, 1, 11, 9);
    ck_assert_int_eq(at("title")->kind, PASO_MAP);
    check_mark(at("title")->mark, 2, 8, 1);
    check_mark(at("title.en")->mark, 2, 13, 6);
    check_mark(at("title.es")->key_mark, 2, 21, 2);
    check_mark(at("title.es")->mark, 2, 26, 4); /* the text begins after the quote */
    ck_assert(at("title.es")->quoted && !at("title.en")->quoted);
    paso_node *list = at("include");
    ck_assert_int_eq(list->kind, PASO_LIST);
    ck_assert_int_eq(list->n_children, 2);
    ck_assert_ptr_null(list->child->key);
    check_mark(list->child->mark, 4, 5, 7);
    check_mark(list->child->key_mark, 4, 5, 7);
    ck_assert_str_eq(paso_node_get(list->child->next, "name")->text, "it's");
    ck_assert_str_eq(paso_node_get(list->child->next, "no")->text, "off");
    ck_assert_ptr_null(list->child->next->next);
    ck_assert_ptr_null(paso_node_get(list, "name"));
    ck_assert_ptr_null(paso_node_get(tree, "titel"));
}
END_TEST

START_TEST(absent_and_empty) {
    parse_good("");
    ck_assert(tree->kind == PASO_MAP && tree->n_children == 0);
    parse_good("# only a comment\n");
    ck_assert_int_eq(tree->kind, PASO_MAP);
    parse_good("a:\nb: {}\nc: []\nd: ''\ne: {f: , g: 1}\n");
    ck_assert_int_eq(at("a")->kind, PASO_SCALAR);
    ck_assert_str_eq(at("a")->text, "");
    check_mark(at("a")->mark, 1, 1, 1);
    ck_assert_int_eq(at("b")->kind, PASO_MAP);
    ck_assert_int_eq(at("c")->kind, PASO_LIST);
    ck_assert_str_eq(at("d")->text, "");
    ck_assert_str_eq(at("e.f")->text, "");
    parse_good("just text");
    ck_assert_int_eq(tree->kind, PASO_SCALAR);
}
END_TEST

START_TEST(blocks_stand_where_their_text_stands) {
    parse_good("a: |\n"
               "\n"
               "  max(b,\n"
               "    c)\n"
               "\n"
               "d:\n"
               "  e: >-\n"
               "      one\n"
               "      two\n"
               "   # comment\n"
               "  f: |\n"
               "g: x\n");
    ck_assert_str_eq(at("a")->text, "max(b,\n  c)");
    check_mark(at("a")->mark, 3, 3, 6);
    ck_assert(at("a")->quoted);
    ck_assert_str_eq(at("d.e")->text, "one\ntwo");
    check_mark(at("d.e")->mark, 8, 7, 3);
    ck_assert_str_eq(at("d.f")->text, "");
    ck_assert_str_eq(at("g")->text, "x");
}
END_TEST

START_TEST(long_texts_are_folded) {
    parse_good("a: one\n  two\nb: \"one\n  two\"\n");
    ck_assert_str_eq(at("a")->text, "one two");
    ck_assert_str_eq(at("b")->text, "one two");
    check_mark(at("a")->mark, 1, 4, 1);
}
END_TEST

#define CUT "looks like an expression cut at a comma: put quotes around it"

static const struct {
    const char *text;
    int line, column;
    const char *id, *path, *message;
} wrong[] = {
    {"a: {is: max(a, b)}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {is: f((1, 2), c), unit: 1}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {is: x[a, b]}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {is: x[a]}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {unit: 1, is: total(x[a] by c)}", 1, 18, "yaml-cut", "a.is", CUT},
    {"a: {en: Hello, friend, es: Hola}", 1, 9, "yaml-cut", "a.en", CUT},
    {"a: {is: total(x by a, b), en: y}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: [min(1, 2), 3]", 1, 5, "yaml-cut", "a", CUT},
    {"a: {b: {is: toward(x, 3 days)}}", 1, 13, "yaml-cut", "a.b.is", CUT},
    {"a: {is: x * [b]}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {is: if(a, b: c)}", 1, 9, "yaml-cut", "a.is", CUT},
    {"a: {b)}", 1, 5, "yaml-cut", "a.b)", CUT},
    {"a: &x 1", 1, 5, "yaml-anchor", "a", "anchors are not part of the language"},
    {"a: *x", 1, 5, "yaml-anchor", "a", "aliases are not part of the language"},
    {"a: !!str 1", 1, 4, "yaml-tag", "a", "tags are not part of the language"},
    {"a: {<<: {b: 1}}", 1, 5, "yaml-anchor", "a.<<", "merge keys are not part of the language"},
    {"b: 1\na: {c: 1, c: 2}", 2, 11, "yaml-duplicate", "a.c",
     "expected each key once, found \"c\" again"},
    {"a: 1\nb: 2\na: 3", 3, 1, "yaml-duplicate", "a", "expected each key once, found \"a\" again"},
    {"a: 1\n---\nb: 1", 2, 1, "yaml-documents", "", "expected one document, found a second one"},
    {"? [a, b]\n: 1", 1, 3, "yaml-key", "", "expected a word as key, found something else"},
    {"a: 1\n\tb: 1", 2, 1, "yaml-tab", "", "expected no tabs, found one"},
    {"a: é\t", 1, 5, "yaml-tab", "", "expected no tabs, found one"},
    {"a: b: c", 1, 5, "yaml-syntax", "a", "invalid nested block mapping on the same line"},
    {"a: @x", 1, 4, "yaml-syntax", "a", "plain scalar cannot start with '@'"},
    {"a: \"x\\0y\"", 1, 5, "yaml-syntax", "a", "expected text, found a zero character"},
    {"a: 1\nb: \xC0\x80", 2, 4, "file-utf8", "", "expected UTF-8 text, found byte 0xC0"},
};

START_TEST(what_is_refused) {
    ck_assert_msg(parse(wrong[_i].text) == PASO_ERR_INPUT, "%s", wrong[_i].text);
    ck_assert_ptr_null(tree);
    const paso_diag *d = &diags.items[0];
    ck_assert_str_eq(d->message, wrong[_i].message);
    ck_assert_str_eq(d->id, wrong[_i].id);
    ck_assert_str_eq(d->path, wrong[_i].path);
    ck_assert_str_eq(d->mark.file, "a.yml");
    ck_assert_int_eq(d->mark.line, wrong[_i].line);
    ck_assert_int_eq(d->mark.column, wrong[_i].column);
    ck_assert_uint_eq(diags.n, 1);
}
END_TEST

static const char *const fine[] = {
    "a: {is: max(b}",         "a: [max(b]",
    "a: max(b, c)",           "a: {is: (b == c) * d}",
    "a: {is: \"max(b, c)\"}", "a: {en: 'x)', es: y}",
    "a: total(x[c] by d)",    "---\na: 1\n...\n",
    "a: {b: [1, 2], c: 3}",   "\"<<\": 1",
    "a: {\"b\": , c: 1}",     "a: x) first",
    "a: [[1, 2], [3, 4]]",    "a: {\n  b: (c\n    + d)\n}",
};

START_TEST(what_is_let_through) {
    parse_good(fine[_i]);
    ck_assert_uint_eq(diags.n, 0);
}
END_TEST

START_TEST(all_problems_are_told) {
    parse("a: {is: max(a, b), no: min(c, d)}\nb: &x 1\nb: 2\n");
    ck_assert_uint_eq(diags.n_errors, 4);
    ck_assert_int_eq(diags.items[1].mark.column, 24);
}
END_TEST

START_TEST(an_open_bracket_is_hinted_at) {
    parse("a: 1\nb: [1, 2\nc: 3\n");
    ck_assert_uint_eq(diags.n, 1);
    ck_assert_str_eq(diags.items[0].id, "yaml-syntax");
    ck_assert_str_eq(diags.items[0].hint, "is the bracket of line 2, column 4 closed?");
}
END_TEST

static paso_status parse_nested(int depth) {
    char text[400] = "";
    for (int i = 0; i < depth; i++) strcat(text, i % 2 ? "{a: " : "[");
    for (int i = depth; i-- > 0;) strcat(text, i % 2 ? "}" : "]");
    return parse(text);
}

START_TEST(depth_is_limited) {
    ck_assert_int_eq(parse_nested(32), PASO_OK);
    ck_assert_int_eq(parse_nested(33), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "yaml-depth");
}
END_TEST

START_TEST(size_is_limited) {
    size_t n = 16 * 1024 * 1024 + 1;
    char *text = malloc(n);
    memset(text, '#', n);
    ck_assert_int_eq(paso_tree_parse(arena, &diags, "a.yml", text, n, &tree), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "file-size");
    free(text);
}
END_TEST

START_TEST(maps_are_limited) {
    size_t n = 0;
    char *text = malloc(20 * 10001);
    for (int i = 0; i < 10001; i++) n += (size_t)sprintf(text + n, "k%d: 1\n", i);
    ck_assert_int_eq(paso_tree_parse(arena, &diags, "a.yml", text, n, &tree), PASO_ERR_INPUT);
    ck_assert_str_eq(diags.items[0].id, "yaml-size");
    ck_assert_int_eq(diags.items[0].mark.line, 10001);
    free(text);
}
END_TEST

START_TEST(files) {
    FILE *f = fopen(file_name, "wb");
    fputs("\xEF\xBB\xBF"
          "a: 1\r\nb: x\r\n",
          f);
    fclose(f);
    ck_assert_int_eq(paso_tree_read(arena, &diags, file_name, false, &tree), PASO_OK);
    ck_assert_str_eq(at("a")->text, "1");
    ck_assert_str_eq(at("b")->text, "x");
    ck_assert_int_eq(at("a")->key_mark.column, 1);
    ck_assert_str_eq(at("a")->mark.file, file_name);
    ck_assert_int_eq(paso_tree_read(arena, &diags, "gone.yml", false, &tree), PASO_ERR_IO);
    ck_assert_str_eq(diags.items[0].id, "file-open");
}
END_TEST

/* Every prefix and every text with one byte changed: no crash, and errors always told. */
START_TEST(broken_texts_do_no_harm) {
    static const char good[] =
        "a: {is: \"max(b, c)\", x: [1, 2]}\nb: |\n  y\nc:\n  - d: 'e'\n# f\n";
    static const char other[] = "{}[]()&*!|>'\"%@`:,-? \n\t#\\\x80";
    char text[sizeof good];
    for (size_t i = 0; i < sizeof good - 1; i++) {
        for (size_t j = 0; j < sizeof other; j++) {
            memcpy(text, good, sizeof good);
            text[i] = other[j];
            teardown();
            setup();
            paso_status status = paso_tree_parse(arena, &diags, "a.yml", text,
                                                 other[j] == '\0' ? i : sizeof good - 1, &tree);
            ck_assert((status == PASO_OK) == (diags.n_errors == 0));
            ck_assert((status == PASO_OK) == (tree != NULL));
        }
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("tree");
    TCase *tests = tcase_create("tree");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_tree_and_its_marks);
    tcase_add_test(tests, absent_and_empty);
    tcase_add_test(tests, blocks_stand_where_their_text_stands);
    tcase_add_test(tests, long_texts_are_folded);
    tcase_add_loop_test(tests, what_is_refused, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_loop_test(tests, what_is_let_through, 0, (int)(sizeof fine / sizeof *fine));
    tcase_add_test(tests, all_problems_are_told);
    tcase_add_test(tests, an_open_bracket_is_hinted_at);
    tcase_add_test(tests, depth_is_limited);
    tcase_add_test(tests, size_is_limited);
    tcase_add_test(tests, maps_are_limited);
    tcase_add_test(tests, files);
    tcase_add_test(tests, broken_texts_do_no_harm);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
