/* Expressions: their grammar into a tree whose nodes keep their place, and the
 * annotations that the checker adds (what a name is, over which sets, in which unit). */
#ifndef PASO_CORRIDOR_EXPR_H
#define PASO_CORRIDOR_EXPR_H

#include "base/diag.h"
#include "base/units.h"

enum { PASO_MAX_DIMS = 4 };

/* The sets that a value has, in storage order (row-major). n = 0 is a single value. */
typedef struct paso_shape {
    int n;
    int set[PASO_MAX_DIMS]; /* indices into the model's sets */
} paso_shape;

typedef enum paso_expr_kind {
    PASO_EX_NUMBER, /* number, or a quantity: value already in internal units, `unit` set */
    PASO_EX_DATE,   /* value = day number */
    PASO_EX_UNIT,   /* a unit name alone: one of it */
    PASO_EX_NAME,   /* name, or name.attribute / stage.exit as one dotted word */
    PASO_EX_PICK,   /* arg[0] indexed by picks[]: members, or "today" */
    PASO_EX_MEMBER, /* SET == MEMBER (negate: !=); name = set, picks[0] = member */
    PASO_EX_NEGATE, /* arg[0] */
    PASO_EX_BINARY, /* op on arg[0], arg[1] */
    PASO_EX_CALL,   /* function on args */
    PASO_EX_TOTAL   /* total(arg[0] by picks[]): picks are set names; n_picks 0 = over everything */
} paso_expr_kind;

typedef enum paso_binary {
    PASO_ADD,
    PASO_SUB,
    PASO_MUL,
    PASO_DIV,
    PASO_POW,
    PASO_LT,
    PASO_LE,
    PASO_GT,
    PASO_GE,
    PASO_EQ,
    PASO_NE
} paso_binary;

typedef enum paso_function {
    PASO_FN_EXP,
    PASO_FN_LN,
    PASO_FN_SQRT,
    PASO_FN_ABS,
    PASO_FN_LOGISTIC,
    PASO_FN_MIN,
    PASO_FN_MAX,
    PASO_FN_IF,
    PASO_FN_RATIO,
    PASO_FN_TOWARD,
    PASO_FN_LAG,
    PASO_FN_MEAN,
    PASO_FN_OLDER
} paso_function;

/* What a name means, set by the checker. */
typedef enum paso_ref_kind {
    PASO_REF_NONE,
    PASO_REF_TODAY,        /* the word today: date of the day */
    PASO_REF_MONTH_LENGTH, /* the word month_length: days of the current calendar month */
    PASO_REF_SHOCK,        /* the word shock inside a signal's next */
    PASO_REF_ATTRIBUTE,    /* set.column: index = set, sub = column */
    PASO_REF_DATA,         /* index into model->data, and so on */
    PASO_REF_PARAMETER,
    PASO_REF_LEVER,
    PASO_REF_SIGNAL,
    PASO_REF_EVENT,
    PASO_REF_STAGE, /* a stage's count; a junction's amount of today */
    PASO_REF_EXIT   /* index = stage, sub = exit: today's amount per day */
} paso_ref_kind;

typedef struct paso_expr paso_expr;
struct paso_expr {
    paso_expr_kind kind;
    paso_mark mark;
    const char *name; /* NAME, MEMBER: the word */
    double number;    /* NUMBER, DATE, UNIT: value in internal units */
    paso_binary op;   /* BINARY */
    paso_function fn; /* CALL */
    bool negate;      /* MEMBER: != */
    paso_expr **arg;  /* [n_args] */
    int n_args;
    const char **picks;   /* [n_picks] member or set names */
    paso_mark *pick_mark; /* [n_picks] */
    int n_picks;
    const char *text; /* as it was written, on one line; only of a whole expression, NULL inside */
    /* set by the checker */
    paso_unit unit; /* NUMBER with unit, DATE and UNIT have it from the parser */
    paso_shape shape;
    paso_ref_kind ref;
    int index, sub;
    int *member; /* PICK, MEMBER: [n_picks] member index, or -1 for today; TOTAL: set index */
    int days;    /* LAG, MEAN: whole days, 1 to 400 */
};

/* Parses `text` (which stands at `mark`; columns of later lines count from that of the first).
 *
 * A number directly followed by unit words is one quantity and binds tighter than any operator:
 * `1 officers day / people` is one number. Words side by side multiply. A "/" belongs to the
 * quantity if a unit word stands before and after it and no "(" or "[" follows: so `100 people/day
 * / (2 km)` divides two quantities, and `0.25 / day` divides by the unit. A unit name alone is an
 * ordinary value: `3 * people/day` multiplies, then divides. The literal 0 without unit is `any`.
 * Units of nodes have factor 1: `number` is already in internal units.
 *
 * `a == b` comes as BINARY on two NAMEs; the checker makes it a MEMBER where `a` is a set. A node's
 * mark covers all of its text on its first line. At most 8192 bytes and 64 levels of brackets, so
 * that recursion over the tree is safe. *expr is NULL on any error; the first one is told. */
paso_status paso_expr_parse(paso_arena *arena, paso_diags *diags, const paso_units *units,
                            const char *path, const char *text, paso_mark mark, paso_expr **expr);
const char *paso_function_name(paso_function fn);

#endif
