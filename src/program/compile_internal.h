/* What the compiler's files share. Nothing here is seen outside src/program.
 * A value is rows of the program read through a view; emitting an operation puts it into the block
 * of its class, so that what rests only on parameters runs once a member and not every day. */
#ifndef PASO_PROGRAM_COMPILE_INTERNAL_H
#define PASO_PROGRAM_COMPILE_INTERNAL_H

#include "program/compile.h"

/* Temporary rows are numbered from this bit on until their number is known. */
enum { PASO_TEMP_BIT = 1 << 29 };

typedef enum paso_class { PASO_CLASS_FIXED, PASO_CLASS_LEVER, PASO_CLASS_NOW } paso_class;

enum { PASO_BLOCK_OBSERVE = PASO_N_BLOCKS, PASO_BLOCK_SETTING, PASO_N_CODE_LISTS };

typedef struct paso_value {
    int32_t row, view; /* cell i stands in row + view(i), view as in paso_operand.map */
    paso_shape shape;
    paso_class class;
} paso_value;

typedef PASO_LIST_OF(paso_op) paso_op_list;
typedef PASO_LIST_OF(int32_t) paso_pool;
typedef PASO_LIST_OF(double) paso_numbers;

typedef struct paso_compiler {
    const paso_model *model;
    paso_program *program;
    paso_schedule *schedule; /* not NULL: code of settings goes here, constants become operations */
    paso_op_list code[PASO_N_CODE_LISTS];
    int block;            /* where operations of class NOW go */
    size_t first_literal; /* constants before it are parameters, whose rows --set may give */
    int32_t n_temps, max_temps;
    paso_status status;
    const paso_item *item, *widest; /* that is being compiled; that needs max_temps */
    const paso_signal *signal;      /* whose rule is being compiled, or NULL */
    int32_t signal_row, shock_row;
    int32_t *data_row, *known_row; /* [n_data] first row, or -1 while nothing reads it */
    int32_t *parameter_row, *lever_row, *signal_rows, *event_row; /* first row of each item */
    const paso_compile_options *options;
} paso_compiler;

/* The first failure stays: what follows it may only be its echo. */
static inline void paso_compile_fail(paso_compiler *c, paso_status status) {
    if (c->status == PASO_OK) c->status = status;
}
/* Fails with PASO_ERR_INPUT, and tells which item it was, when there are more than PASO_MAX_ROWS.
 */
int32_t paso_compile_rows(paso_compiler *c, int64_t n);
/* As many at most stand anywhere: in the program, among temporary rows. */
bool paso_compile_fits(paso_compiler *c, int64_t n);
int32_t paso_compile_constant(paso_compiler *c, const double *value, int n);
int32_t paso_compile_number(paso_compiler *c, double value);
int32_t paso_compile_pool(paso_compiler *c, const int *value, size_t n);
int32_t paso_compile_text(paso_compiler *c, const char *text);
int32_t paso_compile_data(paso_compiler *c, int data, bool known);
/* An operation whose operands are absent. */
paso_op paso_compile_op(int code, int32_t n, int32_t dst);
/* Emits into the block of `class`; returns nothing: an error shows in c->status. */
void paso_compile_emit(paso_compiler *c, paso_class class, paso_op op);

paso_value paso_compile_expr(paso_compiler *c, const paso_expr *expr);
/* How `value` is read over the cells of `fine`. */
paso_operand paso_compile_read(paso_compiler *c, paso_value value, paso_shape fine);
/* The value in rows that outlive the item. */
paso_value paso_compile_keep(paso_compiler *c, paso_value value);
/* As paso_compile_read of a lasting value; absent for NULL. */
paso_operand paso_compile_kept(paso_compiler *c, const paso_expr *expr, paso_shape shape);
void paso_compile_into(paso_compiler *c, const paso_expr *expr, int32_t dst, paso_shape shape);

bool paso_compile_is_off(const paso_compiler *c, const paso_item *item);
/* Member of `set` that a cell has, directly or along a map; -1 if the shape does not tell. */
int paso_shape_member(const paso_model *model, paso_shape shape, int cell, int set);

void paso_declare_events(paso_compiler *c); /* rows only */
void paso_compile_events(paso_compiler *c);
void paso_declare_stages(paso_compiler *c); /* rows, exits, destinations */
void paso_compile_stages(paso_compiler *c); /* rates, limits, weights, starts */

#endif
