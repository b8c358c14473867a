/* A simple particle filter on lanes: which course of a latent signal the record speaks for, month
 * by month. A particle is a lane and keeps its slot, so its draws stay well defined; what is
 * resampled is the state of one member of a set (one origin) at a time, judged by that member's own
 * series (a local particle filter: with a dozen series a joint one would be left with a single
 * particle). Parameters, and what has no cell of that set, stay with the slot. Rings stay too: for
 * the days of their lag after a resampling they are another particle's. */
#ifndef PASO_INFER_FILTER_H
#define PASO_INFER_FILTER_H

#include "corridor/model.h"
#include "engine/engine.h"

typedef struct paso_filter_plan {
    const paso_model *model;
    const paso_program *program; /* compiled from the model */
    const paso_schedule *schedule;
    int signal; /* the latent one, over exactly one set */
    uint64_t seed;
    uint32_t particles;
    int32_t until; /* months that end on or before this day are filtered */
} paso_filter_plan;

/* One month of the result, [n_members of the set]. */
typedef struct paso_filter_month {
    int32_t first_day;
    const double *mean, *sd;    /* of the signal's monthly mean over the particles */
    const double *seen, *drawn; /* the record's sum and the particles' mean, NAN without record */
    const double *effective;    /* particles that carried weight, before resampling */
} paso_filter_month;

typedef paso_status paso_filter_sink(void *context, const paso_filter_month *month);

/* Uses every observable with data and noise that is fitted, taken as a monthly sum and given over
 * the signal's set. PASO_ERR_USAGE: no such observable, or the signal has no shock or not one set.
 * PASO_ERR_MODEL: see *fault. */
paso_status paso_filter_run(const paso_filter_plan *plan, paso_filter_sink *sink, void *context,
                            paso_fault *fault);

#endif
