/* Cuts an expression into numbers, dates, words and signs.
 * Numbers are taken up to the next blank or sign and then read strictly, so that "28days" and
 * "1.2.3" are told as what they look like. */
#include "corridor/expr_lexer.h"

#include <string.h>

#include "base/calendar.h"
#include "base/utf8.h"
#include "corridor/number.h"

typedef struct lexer {
    paso_diags *diags;
    const char *path, *at;
    paso_mark base;
    int line, column;
} lexer;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word_char(char c) {
    return is_letter(c) || is_digit(c);
}

static paso_mark mark_of(const lexer *x, int length) {
    paso_mark mark = x->base;
    if (mark.line == 0) return mark;
    mark.line = x->line;
    mark.column = x->column;
    mark.length = length > 0 ? length : 1;
    return mark;
}

static void skip_blanks(lexer *x) {
    for (; *x->at != '\0' && strchr(" \t\r\n", *x->at) != NULL; x->at++) {
        x->column++;
        if (*x->at != '\n') continue;
        x->line++;
        x->column = x->base.column;
    }
}

static paso_status fail(const lexer *x, const char *id, size_t length, const char *hint,
                        const char *expected) {
    return paso_error(x->diags, id, mark_of(x, (int)paso_utf8_count(x->at, length)), x->path, hint,
                      "expected %s, found \"%.*s\"", expected, (int)length, x->at);
}

/* --- numbers and dates -------------------------------------------------------------------------
 */

static size_t number_length(const char *text) {
    size_t n = 0;
    while (is_word_char(text[n]) || text[n] == '.' ||
           ((text[n] == '-' || text[n] == '+') && (text[n - 1] == 'e' || text[n - 1] == 'E') &&
            is_digit(text[n + 1])))
        n++;
    return n;
}

static const char *number_hint(const char *text, size_t n) {
    size_t digits = strspn(text, "0123456789.");
    if (text[0] == '.') return "write a 0 before the point";
    if (digits < n && is_letter(text[digits])) return "put a blank between a number and its unit";
    return NULL;
}

static paso_status read_number(const lexer *x, paso_token *token) {
    char copy[64];
    token->kind = PASO_TOKEN_NUMBER;
    token->length = number_length(x->at);
    snprintf(copy, sizeof copy, "%.*s", (int)token->length, x->at);
    if (token->length < sizeof copy && paso_number_parse(copy, &token->number) == 0) return PASO_OK;
    return fail(x, "expr-number", token->length, number_hint(x->at, token->length), "a number");
}

/* Length of what looks like a date; "2024-11" does too: a difference is written with blanks. */
static size_t date_length(const char *text) {
    static const char shape[] = "dddd-dd-dd";
    size_t n = 0;
    while (n < 10 && (shape[n] == 'd' ? is_digit(text[n]) : text[n] == '-')) n++;
    if (n < 7 || (n == 7 && text[7] == '.')) return 0;
    while (is_word_char(text[n]) || text[n] == ':') n++;
    return n;
}

static paso_status read_date(const lexer *x, paso_token *token) {
    char copy[16];
    int day = 0;
    token->kind = PASO_TOKEN_DATE;
    snprintf(copy, sizeof copy, "%.10s", x->at);
    if (token->length != 10 || paso_date_parse(copy, &day, NULL) != 0)
        return fail(x, "expr-date", token->length,
                    token->length < 10 ? "write blanks around a minus" : NULL,
                    "a date such as 2024-11-05");
    token->number = day;
    return PASO_OK;
}

/* --- words and signs ---------------------------------------------------------------------------
 */

static paso_status read_word(const lexer *x, paso_token *token) {
    size_t n = 0, points = 0;
    while (is_word_char(x->at[n]) || x->at[n] == '.') points += x->at[n++] == '.';
    token->kind = PASO_TOKEN_WORD;
    token->length = n;
    if (points > 1) return fail(x, "expr-name", n, NULL, "a name with at most one point");
    const char *point = memchr(x->at, '.', n);
    if (point != NULL && !is_letter(point[1]))
        return fail(x, "expr-name", n, NULL, "a name after the point");
    return PASO_OK;
}

static int sign_kind(const char *text) {
    static const struct {
        char text[3];
        int kind;
    } pairs[] = {
        {"<=", PASO_TOKEN_LE}, {">=", PASO_TOKEN_GE}, {"==", PASO_TOKEN_EQ}, {"!=", PASO_TOKEN_NE}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (strncmp(text, pairs[i].text, 2) == 0) return pairs[i].kind;
    }
    return strchr("()[],+-*/^<>", *text) != NULL ? *text : 0;
}

static const char *sign_hint(char c) {
    switch (c) {
    case '=':
        return "write == to compare";
    case '&':
        return "multiply two comparisons to say \"and\"";
    case '|':
        return "take the max of two comparisons to say \"or\"";
    case '!':
        return "write 1 - x for \"not\"";
    case '%':
        return "write 0.05 for 5 %";
    default:
        return NULL;
    }
}

static paso_status read_sign(const lexer *x, paso_token *token) {
    token->kind = sign_kind(x->at);
    token->length = token->kind > PASO_TOKEN_END ? 2 : 1;
    if (token->kind != 0) return PASO_OK;
    size_t step = paso_utf8_step(x->at, strlen(x->at));
    return fail(x, "expr-syntax", step == 0 ? 1 : step, sign_hint(*x->at),
                "a name, number or sign");
}

static paso_status read_token(const lexer *x, paso_token *token) {
    bool is_number = is_digit(x->at[0]) || (x->at[0] == '.' && is_digit(x->at[1]));
    token->text = x->at;
    if (*x->at == '\0') {
        token->kind = PASO_TOKEN_END;
        return PASO_OK;
    }
    token->length = date_length(x->at);
    if (token->length > 0) return read_date(x, token);
    if (is_number) return read_number(x, token);
    return is_letter(*x->at) ? read_word(x, token) : read_sign(x, token);
}

paso_status paso_expr_lex(paso_diags *diags, const char *path, const char *text, paso_mark mark,
                          paso_tokens *tokens) {
    lexer x = {.diags = diags, .path = path, .at = text, .base = mark};
    x.line = mark.line;
    x.column = mark.column;
    if (strlen(text) > PASO_EXPR_LIMIT)
        return paso_error(diags, "expr-long", mark, path, "split it into several signals",
                          "expected at most %d characters, found more", PASO_EXPR_LIMIT);
    while (true) {
        paso_token token = {0};
        skip_blanks(&x);
        paso_status status = read_token(&x, &token);
        if (status != PASO_OK) return status;
        token.mark = mark_of(&x, (int)token.length);
        if (PASO_PUSH(tokens, token) != 0) return PASO_ERR_MEMORY;
        if (token.kind == PASO_TOKEN_END) return PASO_OK;
        x.at += token.length;
        x.column += (int)token.length;
    }
}
