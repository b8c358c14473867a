/* Parser of expressions by recursive descent, one function for each line of the grammar. Lists of
 * arguments and members are counted here; what names mean is the checker's. One mistake is told for
 * each expression: what follows the first is mostly noise. */
#include "corridor/expr.h"

#include <stdlib.h>
#include <string.h>

#include "corridor/expr_lexer.h"

enum { MAX_NESTING = 64, MAX_ARGS = 32, MAX_PICKS = 16 };

typedef struct parser {
    paso_arena *arena;
    paso_diags *diags;
    const paso_units *units;
    const char *path;
    paso_tokens tokens;
    size_t at;
    int nesting;
    paso_status status;
} parser;

typedef struct picks {
    const char *name[MAX_PICKS];
    paso_mark mark[MAX_PICKS];
    int n;
} picks;

/* In the order of paso_function; `many` arguments at most. */
static const struct {
    const char *name;
    int few, many;
    const char *shape;
} function[] = {
    {"exp", 1, 1, "exp(x)"},
    {"ln", 1, 1, "ln(x)"},
    {"sqrt", 1, 1, "sqrt(x)"},
    {"abs", 1, 1, "abs(x)"},
    {"logistic", 1, 1, "logistic(x)"},
    {"min", 2, MAX_ARGS, "min(x, y, ...)"},
    {"max", 2, MAX_ARGS, "max(x, y, ...)"},
    {"if", 3, 3, "if(test, then, else)"},
    {"ratio", 3, 3, "ratio(a, b, when b is 0)"},
    {"toward", 2, 2, "toward(target, time)"},
    {"lag", 3, 3, "lag(x, 1 day, before)"},
    {"mean", 3, 3, "mean(x, 7 days, before)"},
    {"older", 2, 2, "older(stage, 90 days)"},
};
enum { N_FUNCTIONS = sizeof function / sizeof *function };
static const char total_name[] = "total";
static const char total_shape[] = "total(x) or total(x by set, set)";

static paso_expr *parse_expr(parser *p);
static paso_expr *parse_unary(parser *p);

const char *paso_function_name(paso_function fn) {
    return function[fn].name;
}

/* --- tokens and errors -------------------------------------------------------------------------
 */

static const paso_token *peek(const parser *p) {
    return &p->tokens.items[p->at];
}

static bool accept(parser *p, int kind) {
    if (peek(p)->kind != kind) return false;
    p->at++;
    return true;
}

static bool is_word(const paso_token *token, const char *word) {
    return token->kind == PASO_TOKEN_WORD && strlen(word) == token->length &&
           memcmp(token->text, word, token->length) == 0;
}

static paso_expr *no_memory(parser *p) {
    p->status = PASO_ERR_MEMORY;
    return NULL;
}

/* Always NULL, so that a parsing function can return it. */
static paso_expr *fail(parser *p, const char *id, const paso_token *token, const char *hint,
                       const char *expected) {
    const char *quote = token->kind == PASO_TOKEN_END ? "" : "\"";
    const char *found = token->kind == PASO_TOKEN_END ? "the end of the expression" : token->text;
    int length = token->kind == PASO_TOKEN_END ? (int)strlen(found) : (int)token->length;
    p->status = paso_error(p->diags, id, token->mark, p->path, hint, "expected %s, found %s%.*s%s",
                           expected, quote, length, found, quote);
    return NULL;
}

static const char *text_of(parser *p, const paso_token *token) {
    const char *text = paso_arena_text_n(p->arena, token->text, token->length);
    if (text == NULL) p->status = PASO_ERR_MEMORY;
    return text;
}

/* Signs and exponents nest without brackets, and count as levels too. */
static paso_expr *parse_nested(parser *p, paso_expr *(*parse)(parser *)) {
    if (p->nesting == MAX_NESTING) {
        p->status = paso_error(p->diags, "expr-depth", peek(p)->mark, p->path,
                               "split it into several signals",
                               "expected at most %d levels of brackets, found more", MAX_NESTING);
        return NULL;
    }
    p->nesting++;
    paso_expr *e = parse(p);
    p->nesting--;
    return e;
}

/* --- nodes -------------------------------------------------------------------------------------
 */

/* The mark reaches from token `first` to the last one taken, as far as they share a line. */
static paso_expr *create(parser *p, paso_expr_kind kind, size_t first) {
    paso_expr *e = paso_arena_alloc(p->arena, 1, sizeof *e);
    if (e == NULL) return no_memory(p);
    const paso_mark *last = &p->tokens.items[p->at - 1].mark;
    e->kind = kind;
    e->mark = p->tokens.items[first].mark;
    if (last->line == e->mark.line && last->column >= e->mark.column)
        e->mark.length = last->column + last->length - e->mark.column;
    e->unit = paso_unit_pure();
    return e;
}

static paso_expr *set_args(parser *p, paso_expr *e, paso_expr *const *arg, int n) {
    if (e == NULL) return NULL;
    e->arg = paso_arena_alloc(p->arena, (size_t)n, sizeof(paso_expr *));
    if (e->arg == NULL) return no_memory(p);
    memcpy(e->arg, arg, (size_t)n * sizeof(paso_expr *));
    e->n_args = n;
    return e;
}

static paso_expr *set_picks(parser *p, paso_expr *e, const picks *list) {
    if (e == NULL) return NULL;
    e->picks = paso_arena_alloc(p->arena, (size_t)list->n, sizeof *e->picks);
    e->pick_mark = paso_arena_alloc(p->arena, (size_t)list->n, sizeof *e->pick_mark);
    if (e->picks == NULL || e->pick_mark == NULL) return no_memory(p);
    memcpy(e->picks, list->name, (size_t)list->n * sizeof *e->picks);
    memcpy(e->pick_mark, list->mark, (size_t)list->n * sizeof *e->pick_mark);
    e->n_picks = list->n;
    return e;
}

static paso_expr *create_binary(parser *p, paso_binary op, size_t first, paso_expr *left,
                                paso_expr *right) {
    paso_expr *both[2] = {left, right};
    if (right == NULL) return NULL;
    paso_expr *e = create(p, PASO_EX_BINARY, first);
    if (e != NULL) e->op = op;
    return set_args(p, e, both, 2);
}

/* --- atoms -------------------------------------------------------------------------------------
 */

static bool unit_at(const parser *p, size_t i, paso_unit *unit) {
    const paso_token *token = &p->tokens.items[i];
    if (token->kind != PASO_TOKEN_WORD) return false;
    int after = token[1].kind;
    if (after == '(' || after == '[') return false;
    return paso_unit_word(p->units, token->text, token->length, unit) == 0;
}

static paso_expr *fail_unit(parser *p) {
    static const char *const time[] = {"hours", "days", "weeks", "months", "years"};
    enum { N_TIME = sizeof time / sizeof *time };
    const char *names[PASO_MAX_UNITS + N_TIME];
    size_t n = 0;
    for (size_t i = 1; i < p->units->n; i++) names[n++] = p->units->name[i];
    for (size_t i = 0; i < N_TIME; i++) names[n++] = time[i];
    const char *word = text_of(p, peek(p));
    if (word == NULL) return NULL;
    const char *nearest = paso_nearest(word, names, n);
    const char *hint = nearest == NULL ? "units of counting are declared under `units`"
                                       : paso_arena_format(p->arena, "did you mean %s?", nearest);
    return fail(p, "expr-unit", peek(p), hint, "a unit or an operator after the number");
}

static paso_expr *parse_number(parser *p) {
    size_t first = p->at++;
    paso_unit unit = paso_unit_pure(), word;
    bool has_unit = false;
    while (true) {
        if (unit_at(p, p->at, &word)) {
            unit = paso_unit_multiply(unit, word);
            p->at++;
        } else if (has_unit && peek(p)->kind == '/' && unit_at(p, p->at + 1, &word)) {
            unit = paso_unit_divide(unit, word);
            p->at += 2;
        } else {
            break;
        }
        has_unit = true;
    }
    if (!has_unit && peek(p)->kind == PASO_TOKEN_WORD && !is_word(peek(p), "by"))
        return fail_unit(p);
    paso_expr *e = create(p, PASO_EX_NUMBER, first);
    if (e == NULL) return NULL;
    double number = p->tokens.items[first].number;
    e->number = number * unit.factor;
    unit.factor = 1;
    unit.any = number == 0 && !has_unit;
    e->unit = unit;
    return e;
}

static paso_expr *parse_date(parser *p) {
    size_t first = p->at++;
    paso_expr *e = create(p, PASO_EX_DATE, first);
    if (e == NULL) return NULL;
    e->number = p->tokens.items[first].number;
    e->unit.date = true;
    return e;
}

static paso_expr *parse_unit(parser *p, paso_unit unit) {
    size_t first = p->at++;
    paso_expr *e = create(p, PASO_EX_UNIT, first);
    if (e == NULL) return NULL;
    e->number = unit.factor;
    unit.factor = 1;
    e->unit = unit;
    return e;
}

/* Words between commas: members in brackets, sets after `by`. */
static bool parse_picks(parser *p, const char *what, picks *list) {
    list->n = 0;
    do {
        const paso_token *token = peek(p);
        bool is_plain = token->kind == PASO_TOKEN_WORD && !memchr(token->text, '.', token->length);
        if (!is_plain || list->n == MAX_PICKS) {
            fail(p, "expr-syntax", token, NULL, is_plain ? "fewer names" : what);
            return false;
        }
        p->at++;
        list->mark[list->n] = token->mark;
        list->name[list->n] = text_of(p, token);
        if (list->name[list->n++] == NULL) return false;
    } while (accept(p, ','));
    return true;
}

static bool close_bracket(parser *p, int kind, const char *expected) {
    if (accept(p, kind)) return true;
    fail(p, "expr-syntax", peek(p), NULL, expected);
    return false;
}

static paso_expr *parse_name(parser *p) {
    size_t first = p->at++;
    picks list;
    paso_expr *e = create(p, PASO_EX_NAME, first);
    if (e == NULL) return NULL;
    e->name = text_of(p, &p->tokens.items[first]);
    if (e->name == NULL) return NULL;
    if (!accept(p, '[')) return e;
    if (!parse_picks(p, "a member's name", &list)) return NULL;
    if (!close_bracket(p, ']', "\",\" or \"]\"")) return NULL;
    paso_expr *pick = set_args(p, create(p, PASO_EX_PICK, first), &e, 1);
    return set_picks(p, pick, &list);
}

/* --- calls -------------------------------------------------------------------------------------
 */

static int find_function(const paso_token *token) {
    for (int i = 0; i < N_FUNCTIONS; i++) {
        if (is_word(token, function[i].name)) return i;
    }
    return is_word(token, total_name) ? N_FUNCTIONS : -1;
}

static paso_expr *fail_function(parser *p) {
    const char *names[N_FUNCTIONS + 1];
    for (int i = 0; i < N_FUNCTIONS; i++) names[i] = function[i].name;
    names[N_FUNCTIONS] = total_name;
    const char *word = text_of(p, peek(p));
    if (word == NULL) return NULL;
    const char *nearest = paso_nearest(word, names, N_FUNCTIONS + 1);
    const char *hint = nearest == NULL
                           ? "there are exp ln sqrt abs logistic min max if ratio total toward "
                             "lag mean older"
                           : paso_arena_format(p->arena, "did you mean %s?", nearest);
    return fail(p, "expr-function", peek(p), hint, "a function");
}

static paso_expr *fail_arguments(parser *p, int fn, size_t first, int found) {
    const char *more = function[fn].few < function[fn].many ? " or more" : "";
    bool one = function[fn].many == 1;
    p->status = paso_error(p->diags, "expr-arguments", p->tokens.items[first].mark, p->path,
                           paso_arena_format(p->arena, "write %s", function[fn].shape),
                           "%s: expected %d%s argument%s, found %d", function[fn].name,
                           function[fn].few, more, one ? "" : "s", found);
    return NULL;
}

static paso_expr *parse_call(parser *p, int fn) {
    paso_expr *arg[MAX_ARGS];
    size_t first = p->at;
    int n = 0;
    p->at += 2;
    bool more = peek(p)->kind != ')';
    while (more) {
        if (n == MAX_ARGS) return fail(p, "expr-arguments", peek(p), NULL, "fewer arguments");
        arg[n] = parse_expr(p);
        if (arg[n++] == NULL) return NULL;
        more = accept(p, ',');
    }
    if (!close_bracket(p, ')', "an operator, \",\" or \")\"")) return NULL;
    if (n < function[fn].few || n > function[fn].many) return fail_arguments(p, fn, first, n);
    paso_expr *e = create(p, PASO_EX_CALL, first);
    if (e != NULL) e->fn = (paso_function)fn;
    return set_args(p, e, arg, n);
}

static paso_expr *parse_total(parser *p) {
    size_t first = p->at;
    picks list = {.n = 0};
    p->at += 2;
    paso_expr *what = parse_expr(p);
    if (what == NULL) return NULL;
    if (is_word(peek(p), "by")) {
        p->at++;
        if (!parse_picks(p, "a set's name", &list)) return NULL;
    }
    if (peek(p)->kind == ',' && list.n == 0) {
        return fail(p, "expr-arguments", peek(p), total_shape, "\"by\" or \")\"");
    }
    if (!close_bracket(p, ')', "an operator, \"by\" or \")\"")) return NULL;
    paso_expr *e = set_args(p, create(p, PASO_EX_TOTAL, first), &what, 1);
    return set_picks(p, e, &list);
}

static paso_expr *parse_word(parser *p) {
    const paso_token *token = peek(p);
    paso_unit unit;
    int fn = find_function(token);
    if (token[1].kind == '(') {
        if (fn < 0) return fail_function(p);
        return fn == N_FUNCTIONS ? parse_total(p) : parse_call(p, fn);
    }
    if (fn >= 0) {
        p->at++;
        return fail(p, "expr-function", peek(p), "the names of functions are reserved",
                    "\"(\" after a function");
    }
    return unit_at(p, p->at, &unit) ? parse_unit(p, unit) : parse_name(p);
}

static paso_expr *parse_brackets(parser *p) {
    p->at++;
    paso_expr *e = parse_expr(p);
    if (e == NULL || !close_bracket(p, ')', "an operator or \")\"")) return NULL;
    return e;
}

static paso_expr *parse_atom(parser *p) {
    switch (peek(p)->kind) {
    case PASO_TOKEN_NUMBER:
        return parse_number(p);
    case PASO_TOKEN_DATE:
        return parse_date(p);
    case PASO_TOKEN_WORD:
        return parse_word(p);
    case '(':
        return parse_brackets(p);
    default:
        return fail(p, "expr-syntax", peek(p), NULL, "a value");
    }
}

/* --- operators ---------------------------------------------------------------------------------
 */

static paso_expr *parse_power(parser *p) {
    size_t first = p->at;
    paso_expr *base = parse_atom(p);
    if (base == NULL || !accept(p, '^')) return base;
    return create_binary(p, PASO_POW, first, base, parse_nested(p, parse_unary));
}

static paso_expr *parse_unary(parser *p) {
    size_t first = p->at;
    if (!accept(p, '-')) return parse_power(p);
    paso_expr *of = parse_nested(p, parse_unary);
    return of == NULL ? NULL : set_args(p, create(p, PASO_EX_NEGATE, first), &of, 1);
}

static paso_expr *parse_product(parser *p) {
    size_t first = p->at;
    paso_expr *left = parse_unary(p);
    while (left != NULL && (peek(p)->kind == '*' || peek(p)->kind == '/')) {
        paso_binary op = p->tokens.items[p->at++].kind == '*' ? PASO_MUL : PASO_DIV;
        left = create_binary(p, op, first, left, parse_unary(p));
    }
    return left;
}

static paso_expr *parse_sum(parser *p) {
    size_t first = p->at;
    paso_expr *left = parse_product(p);
    while (left != NULL && (peek(p)->kind == '+' || peek(p)->kind == '-')) {
        paso_binary op = p->tokens.items[p->at++].kind == '+' ? PASO_ADD : PASO_SUB;
        left = create_binary(p, op, first, left, parse_product(p));
    }
    return left;
}

static int comparison(const paso_token *token) {
    switch (token->kind) {
    case '<':
        return PASO_LT;
    case PASO_TOKEN_LE:
        return PASO_LE;
    case '>':
        return PASO_GT;
    case PASO_TOKEN_GE:
        return PASO_GE;
    case PASO_TOKEN_EQ:
        return PASO_EQ;
    case PASO_TOKEN_NE:
        return PASO_NE;
    default:
        return -1;
    }
}

static paso_expr *parse_comparison(parser *p) {
    size_t first = p->at;
    paso_expr *left = parse_sum(p);
    if (left == NULL || comparison(peek(p)) < 0) return left;
    paso_binary op = (paso_binary)comparison(peek(p));
    p->at++;
    paso_expr *e = create_binary(p, op, first, left, parse_sum(p));
    if (e == NULL || comparison(peek(p)) < 0) return e;
    return fail(p, "expr-syntax", peek(p), "multiply two comparisons, as in (a < b) * (b < c)",
                "no second comparison");
}

static paso_expr *parse_expr(parser *p) {
    return parse_nested(p, parse_comparison);
}

static paso_expr *parse_all(parser *p) {
    const char *hint = NULL;
    if (peek(p)->kind == PASO_TOKEN_END)
        return fail(p, "expr-syntax", peek(p), NULL, "an expression");
    paso_expr *e = parse_comparison(p);
    int kind = peek(p)->kind;
    if (e == NULL || kind == PASO_TOKEN_END) return e;
    if (kind == '[') hint = "only a name can have [ ] after it";
    if (kind == PASO_TOKEN_WORD || kind == PASO_TOKEN_NUMBER) hint = "write * to multiply";
    return fail(p, "expr-syntax", peek(p), hint, "an operator or the end of the expression");
}

/* Blocks keep their line ends for the places of errors; people read one line. */
static const char *one_line(paso_arena *arena, const char *text) {
    char *line = paso_arena_text(arena, text);
    size_t n = 0;
    for (size_t i = 0; line && line[i] != '\0'; i++) {
        bool blank = line[i] == ' ' || line[i] == '\n' || line[i] == '\r';
        if (!blank)
            line[n++] = line[i];
        else if (n > 0 && line[n - 1] != ' ')
            line[n++] = ' ';
    }
    while (n > 0 && line[n - 1] == ' ') n--;
    if (line) line[n] = '\0';
    return line;
}

paso_status paso_expr_parse(paso_arena *arena, paso_diags *diags, const paso_units *units,
                            const char *path, const char *text, paso_mark mark, paso_expr **expr) {
    parser p = {.arena = arena, .diags = diags, .units = units, .path = path};
    *expr = NULL;
    p.status = paso_expr_lex(diags, path, text, mark, &p.tokens);
    paso_expr *e = p.status == PASO_OK ? parse_all(&p) : NULL;
    free(p.tokens.items);
    if (p.status == PASO_OK) {
        e->text = one_line(arena, text);
        *expr = e;
    }
    return p.status;
}
