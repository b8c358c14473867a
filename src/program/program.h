/* The compiled form of a corridor: flat lists of 32-bit words and one list of doubles. The engine
 * sees nothing else. docs/program.md describes the file; tests/reference.py reads and runs it.
 *
 * Values are rows of one array, v[row][lane]; a lane is one member of the ensemble. A vector item
 * over n cells has n consecutive rows. Time is in days, a day's number counts from 1970-01-01. */
#ifndef PASO_PROGRAM_PROGRAM_H
#define PASO_PROGRAM_PROGRAM_H

#include "base/diag.h"
#include "base/kinds.h"

enum { PASO_PROGRAM_VERSION = 3 };
enum { PASO_MAX_ROWS = 1 << 26 }; /* of a schedule, which has the program's and its own */

/* Rows that every program has. */
enum { PASO_ROW_TODAY = 0, PASO_ROW_MONTH_LENGTH = 1, PASO_ROW_FIRST_FREE = 2 };

/* Index maps: which row of an operand the i-th result row reads. */
enum { PASO_MAP_SAME = -1, PASO_MAP_ONE = -2 }; /* row i; row 0; else offset into `pool` */

/* i runs over the n result rows; A, B, C are the operands' rows for i. */
typedef enum paso_opcode {
    PASO_OP_COPY = 0, /* A */
    PASO_OP_ADD = 1,
    PASO_OP_SUB = 2,
    PASO_OP_MUL = 3,
    PASO_OP_DIV = 4,
    PASO_OP_POW = 5,
    PASO_OP_LT = 6, /* 1 or 0 */
    PASO_OP_LE = 7,
    PASO_OP_GT = 8,
    PASO_OP_GE = 9,
    PASO_OP_EQ = 10,
    PASO_OP_NE = 11,
    PASO_OP_NEGATE = 12,
    PASO_OP_EXP = 13,
    PASO_OP_LN = 14,
    PASO_OP_SQRT = 15,
    PASO_OP_ABS = 16,
    PASO_OP_LOGISTIC = 17,
    PASO_OP_MIN = 18,    /* A < B ? A : B */
    PASO_OP_MAX = 19,    /* A > B ? A : B */
    PASO_OP_IF = 20,     /* A != 0 ? B : C */
    PASO_OP_RATIO = 21,  /* B != 0 ? A / B : C */
    PASO_OP_TOWARD = 22, /* A + (B - A) * rise(1 / C) */
    PASO_OP_KNOWN = 23,  /* A is a number ? A : B */
    PASO_OP_TOTAL = 24,  /* dst = 0; for i < aux: dst[map_b[i]] += A(i), in order of i */
    PASO_OP_PICK =
        25, /* row a + pool[map_a + i * aux + k]; aux 12: k = month, aux 7: k = weekday */
    PASO_OP_SHOCK = 26, /* aux: shock */
    PASO_OP_LAG = 27,   /* aux: ring; position of today, or of tomorrow if late: its oldest close */
    PASO_OP_MEAN = 28,  /* aux: ring; (sum over its positions 0, 1, ...) / days */
    PASO_OP_NUMBER = 29 /* numbers[aux + i]; in schedules, whose numbers are not rows */
} paso_opcode;

typedef struct paso_op {
    int32_t code, n, dst;
    int32_t a, map_a, b, map_b, c, map_c;
    int32_t aux;
} paso_op;

typedef struct paso_operand {
    int32_t row, map; /* row of cell i: row + (map applied to i); row -1: absent */
} paso_operand;

typedef struct paso_block {
    int32_t first, n; /* ops */
} paso_block;

/* The blocks of a program, and when each runs. */
typedef enum paso_block_kind {
    PASO_BLOCK_FIXED, /* once a member: what rests on numbers and parameters only */
    PASO_BLOCK_LEVER, /* at the start and on days on which a lever changes */
    PASO_BLOCK_START, /* once, on the eve: starts of signals, stages, rings */
    PASO_BLOCK_EVE,   /* once, after START: rules without memory, for the first morning's events */
    PASO_BLOCK_EVENT, /* each morning, before DAY: rates, sizes and lengths of events */
    PASO_BLOCK_DAY,   /* each morning: signals in order of need, then rates and limits */
    PASO_BLOCK_CLOSE, /* each close: what rings keep */
    PASO_N_BLOCKS
} paso_block_kind;

typedef struct paso_constant {
    int32_t row, number;
} paso_constant;

typedef struct paso_prog_parameter {
    int32_t name, hash, row, n;
    int32_t value;       /* numbers: [n] medians, [n] low, [n] high */
    int32_t scale, each; /* paso_scale; fixed ones are constants */
    int32_t bound;       /* numbers: 2 */
} paso_prog_parameter;

typedef struct paso_prog_lever {
    int32_t name, row, n;
    int32_t value; /* numbers: [n] defaults */
} paso_prog_lever;

typedef struct paso_prog_data {
    int32_t name, row, n, n_periods;
    int32_t first_day;    /* pool: [n_periods + 1] */
    int32_t value;        /* numbers: [n_periods][n], NAN where not reported */
    int32_t every, after; /* paso_period, paso_after */
    int32_t repeat;       /* periods */
    int32_t known; /* 1: read by `known`: not a number outside the series or past known-until */
} paso_prog_data;

typedef struct paso_prog_shock {
    int32_t hash, n, df, common; /* df 0: normal; numbers: share of variance that is common */
} paso_prog_shock;

typedef struct paso_prog_signal {
    int32_t name, row, n; /* checked for being numbers after the day block */
} paso_prog_signal;

/* How a size or a length is drawn. */
typedef enum paso_law {
    PASO_LAW_VALUE = 0,
    PASO_LAW_LOGNORMAL = 1,
    PASO_LAW_EXPONENTIAL = 2
} paso_law;

typedef struct paso_prog_drawn {
    int32_t law;
    paso_operand value, sd; /* value absent: 1; sd (of the logarithm) only for lognormal */
} paso_prog_drawn;

typedef struct paso_prog_event {
    int32_t name, hash, n;
    int32_t row;       /* [n] size of what is active today, 0 if nothing is */
    int32_t left;      /* [n] days that it lasts, today among them */
    paso_operand rate; /* absent: dates only */
    paso_prog_drawn size, lasts;
    int32_t chance_from;              /* first day on which chance acts */
    int32_t n_dates, date, date_size; /* pool: days; numbers: sizes, for every cell */
} paso_prog_event;

typedef struct paso_prog_ring {
    int32_t row, n, days; /* rows [days][n]; the close of day d stands at position d mod days */
    int32_t late;         /* 1: a lag read at the close; `days` is one more than its lag */
    int32_t source;       /* row [n], written by the close block */
    paso_operand before;  /* fills the ring on the eve */
} paso_prog_ring;

typedef struct paso_prog_stage {
    int32_t name, hash, unit; /* unit: number of the counting unit, for conservation */
    int32_t junction;
    int32_t n_cells, n_bins;  /* bins: Erlang steps, ages, or 1 */
    int32_t steps, age_width; /* 0: none */
    int32_t count;            /* rows [n_cells][n_bins]; a junction has none (-1) */
    int32_t total;            /* rows [n_cells]: Σ bins; opening until the close, then closing */
    int32_t inbox;            /* rows [n_cells]: arrivals of the day; a junction's amount */
    paso_operand start, enters, mean;
    int32_t first_exit, n_exits; /* in the written order */
} paso_prog_stage;

typedef struct paso_prog_exit {
    int32_t name, hash;
    int32_t hazard, rest; /* hazard 1: competes; 0: share */
    paso_operand rate;    /* absent for rest */
    int32_t flow;         /* rows [stage's n_cells]: who went today */
    int32_t to;           /* stage, or -1 for outside */
    int32_t to_cell;      /* pool: [n_cells] cell of the destination; -1 with across or outside */
    int32_t fan; /* pool: [n_cells + 1] offsets into the pairs at fan_pair; -1 without across */
    int32_t fan_pair;      /* pool: pairs (cell of the destination, row of the weight) */
    int32_t n_groups;      /* 0: no limit */
    int32_t limit;         /* row of the first group's limit */
    int32_t limit_map;     /* how group g reads it */
    int32_t group;         /* pool: [n_cells] group of the cell, in order of groups */
    int32_t n_parts, part; /* parts: order under the limit; 0 parts: even */
} paso_prog_exit;

typedef struct paso_prog_part {
    int32_t kind;       /* paso_order_kind */
    paso_operand share; /* one value; absent: all */
} paso_prog_part;

typedef struct paso_prog_observable {
    int32_t name, row, n;
    int32_t every, take; /* paso_period, paso_take */
    paso_block code;     /* run at the close when needed */
} paso_prog_observable;

#define PASO_LIST_OF(type)                                                                         \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t n, cap;                                                                             \
    }

typedef struct paso_program {
    int32_t n_rows, start, now, end; /* days of the clock */
    paso_block block[PASO_N_BLOCKS];
    PASO_LIST_OF(paso_op) op;
    PASO_LIST_OF(int32_t) pool;
    PASO_LIST_OF(double) number;
    PASO_LIST_OF(char) text; /* names, each ended by a zero */
    PASO_LIST_OF(paso_constant) constant;
    PASO_LIST_OF(paso_prog_parameter) parameter;
    PASO_LIST_OF(paso_prog_lever) lever;
    PASO_LIST_OF(paso_prog_data) data;
    PASO_LIST_OF(paso_prog_shock) shock;
    PASO_LIST_OF(paso_prog_signal) signal;
    PASO_LIST_OF(paso_prog_event) event;
    PASO_LIST_OF(paso_prog_ring) ring;
    PASO_LIST_OF(paso_prog_stage) stage; /* in the order of the model */
    PASO_LIST_OF(int32_t) junction;      /* stages, in order of need */
    PASO_LIST_OF(paso_prog_exit) exit;
    PASO_LIST_OF(paso_prog_part) part;
    PASO_LIST_OF(paso_prog_observable) observable;
} paso_program;

/* Lever values through the layers of a policy. On a change day every lever is reset to its default
 * and all assignments of that day are carried out in order, lowest layer first. */
typedef struct paso_assignment {
    int32_t row;     /* lever cell */
    paso_block code; /* run before it; n may be 0 */
    int32_t source;  /* row of the value, or -1: `number` */
    int32_t number;  /* numbers: value */
} paso_assignment;

typedef struct paso_change {
    int32_t day, first, n; /* assignments in force from this day until the next change */
} paso_change;

typedef struct paso_schedule {
    int32_t n_rows; /* at least the program's */
    PASO_LIST_OF(paso_op) op;
    PASO_LIST_OF(int32_t) pool;
    PASO_LIST_OF(double) number;
    PASO_LIST_OF(paso_assignment) assignment;
    PASO_LIST_OF(paso_change) change; /* by day; the first is on or before the run's first day */
} paso_schedule;

void paso_program_free(paso_program *program);
void paso_schedule_free(paso_schedule *schedule);
const char *paso_program_name(const paso_program *program, int32_t name);
/* What else can change when the rows marked in row[n_rows] change: marks those too, observables'
 * among them. Rows left unmarked keep their bits. Marks of temporary rows mean nothing. The program
 * must have passed the structure check. PASO_ERR_MEMORY or PASO_OK. */
paso_status paso_program_reach(const paso_program *program, bool *row);
/* Structure check: every row, map and index inside its list. PASO_ERR_INPUT with a message. */
paso_status paso_program_check(const paso_program *program, const paso_schedule *schedule,
                               char *message, size_t size);
/* SHA-256 of everything in the program, in hex: states and stores of the same program agree in it.
 */
void paso_program_hash(const paso_program *program, char hex[65]);
/* The same bytes as in the file; *bytes is the caller's to free. */
paso_status paso_program_pack(const paso_program *program, const paso_schedule *schedule,
                              uint8_t **bytes, size_t *size);
/* Checks everything: PASO_ERR_INPUT for bytes that are no program. */
paso_status paso_program_unpack(const uint8_t *bytes, size_t size, paso_program **program,
                                paso_schedule **schedule);
/* A further schedule of a program that stands elsewhere. */
paso_status paso_schedule_pack(const paso_schedule *schedule, uint8_t **bytes, size_t *size);
paso_status paso_schedule_unpack(const paso_program *program, const uint8_t *bytes, size_t size,
                                 paso_schedule **schedule);
/* Timeline on top of a policy: cell `row` of a lever (a row of the program) has `value`, in
 * internal units, from `day` on, whatever the policy sets, until the next step of the row. */
typedef struct paso_step {
    int32_t row, day;
    double value;
} paso_step;
/* A copy of `base` with the steps on it, in any order; of two for one row and day the later in the
 * list wins. PASO_ERR_USAGE for a row that is no lever's or a value that is not a number. */
paso_status paso_schedule_with_steps(const paso_program *program, const paso_schedule *base,
                                     const paso_step *step, size_t n, paso_schedule **schedule);
/* Little-endian, versioned; written to a temporary name, then renamed. PASO_ERR_IO with why. */
paso_status paso_program_save(const paso_program *program, const paso_schedule *schedule,
                              const char *file, bool force, paso_diags *diags);
paso_status paso_program_load(const char *file, paso_program **program, paso_schedule **schedule);

#endif
