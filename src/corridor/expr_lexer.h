/* Words of an expression with their places. Only the parser of expressions includes this. */
#ifndef PASO_CORRIDOR_EXPR_LEXER_H
#define PASO_CORRIDOR_EXPR_LEXER_H

#include "base/diag.h"

/* Single characters stand for themselves. */
enum {
    PASO_TOKEN_END = 256,
    PASO_TOKEN_NUMBER,
    PASO_TOKEN_DATE, /* number = day */
    PASO_TOKEN_WORD, /* with at most one point in it */
    PASO_TOKEN_LE,
    PASO_TOKEN_GE,
    PASO_TOKEN_EQ,
    PASO_TOKEN_NE
};

enum { PASO_EXPR_LIMIT = 8192 }; /* bytes of one expression; bounds the depth of its tree */

typedef struct paso_token {
    int kind;
    const char *text; /* in the expression's text */
    size_t length;
    paso_mark mark;
    double number;
} paso_token;

typedef struct paso_tokens {
    paso_token *items; /* malloc'ed, ends with PASO_TOKEN_END */
    size_t n, cap;
} paso_tokens;

/* The first mistake is reported and ends the list. */
paso_status paso_expr_lex(paso_diags *diags, const char *path, const char *text, paso_mark mark,
                          paso_tokens *tokens);

#endif
