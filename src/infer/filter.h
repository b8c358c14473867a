/* Which course of a latent signal the record speaks for, month by month.
 *
 * paso_filter_run: a particle filter on lanes with a fixed lag. A particle is a lane and keeps its
 * slot, so its draws stay well defined; what is resampled is the state of one member of a set (one
 * origin) at a time, judged by that member's own series (a local filter: with a dozen series a
 * joint one would be left with a single particle). Particles keep the course of their last months,
 * so that a month is judged by those after it too. Parameters, and what has no cell of that set,
 * stay with the slot. Rings stay too: for the days of their lag after a resampling they are another
 * particle's.
 *
 * paso_filter_refine: rounds around a course. Members run in pairs, whose draws are the same and
 * whose courses are pushed apart; how their counts part says how each month's count follows from
 * the months of the course, and the course moves until the ensemble's middle gives the record. It
 * takes out what resampling leaves behind: in use, the course is one for all members. Both take the
 * signal for a logarithm: pushes are a fifth, a month's turn about two. */
#ifndef PASO_INFER_FILTER_H
#define PASO_INFER_FILTER_H

#include "corridor/model.h"
#include "engine/engine.h"
#include "infer/judge.h"

typedef struct paso_filter_plan {
    const paso_model *model;
    const paso_program *program; /* compiled from the model */
    const paso_schedule *schedule;
    int signal;            /* the latent one, over exactly one set */
    const char *const *by; /* [n_by] observables that judge; none: all that are fitted */
    size_t n_by;
    uint64_t seed;
    uint32_t particles; /* for refine: pairs */
    int lag;            /* months, 0 to 12 */
    int threads;        /* of refine; 0: one for each processor */
    int32_t until;      /* months that end on or before this day are filtered */
} paso_filter_plan;

/* Months of the result; everything is [n_months][n_members]. */
typedef struct paso_course {
    int n_months, n_members;
    int32_t *first_day;   /* [n_months] */
    double *mean, *sd;    /* of the signal's monthly mean; sd is 0 after refine */
    double *effective;    /* particles that carried weight, before resampling; NAN after refine */
    double *seen, *drawn; /* of the first judge: record (NAN without) and what the course gives */
} paso_course;

/* PASO_ERR_USAGE: no judge, or the signal has no shock, or not one set. */
paso_status paso_course_create(const paso_filter_plan *plan, paso_course **course);
void paso_course_free(paso_course *course);
/* The series of the signal's `known` as a course. PASO_ERR_USAGE: it has none, or holes. */
paso_status paso_course_known(const paso_filter_plan *plan, paso_course *course);

/* PASO_ERR_MODEL: see *fault. The signal's own `known` is hidden, all others are in place. */
paso_status paso_filter_run(const paso_filter_plan *plan, paso_course *course, paso_fault *fault);
/* PASO_ERR_USAGE: the signal has no `known`. Ends with the best course of all rounds. */
paso_status paso_filter_refine(const paso_filter_plan *plan, int rounds, paso_course *course,
                               paso_fault *fault);

/* The program's data item that the signal's `known` reads, or -1. */
int paso_filter_known(const paso_filter_plan *plan);

#endif
