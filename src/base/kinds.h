/* Small words that the model, the program and the engine share, with fixed numbers: they stand in
 * saved programs. */
#ifndef PASO_BASE_KINDS_H
#define PASO_BASE_KINDS_H

/* What a series shows past its end. */
typedef enum paso_after {
    PASO_AFTER_NONE = 0,
    PASO_AFTER_HOLD = 1,
    PASO_AFTER_REPEAT = 2
} paso_after;

/* On which scale a parameter's range is drawn. */
typedef enum paso_scale {
    PASO_FIXED = 0,
    PASO_LOG = 1,
    PASO_LOGIT = 2,
    PASO_LINEAR = 3
} paso_scale;

/* Who goes first under a limit. */
typedef enum paso_order_kind { PASO_EVEN = 0, PASO_OLDEST = 1, PASO_NEWEST = 2 } paso_order_kind;

/* How the days of a period become one number. `any` and `first` look at a condition: whether it
 * held on a day of the period, and the first day of the run on which it held (not a number: never).
 */
typedef enum paso_take {
    PASO_SUM = 0,
    PASO_MEAN = 1,
    PASO_LAST = 2,
    PASO_ANY = 3,
    PASO_FIRST = 4
} paso_take;

#endif
