/* What a latent course is judged by: the observables that are fitted, month by month. */
#ifndef PASO_INFER_JUDGE_H
#define PASO_INFER_JUDGE_H

#include "corridor/model.h"

/* One observable with data and noise, taken as a monthly sum and given over the signal's set. */
typedef struct paso_judge {
    int index; /* of the observable */
    const paso_observable *observable;
    const paso_data *data;
    int n_members;
    double *floor; /* [n_members] people that may be here or elsewhere without saying much */
} paso_judge;

/* Whether an observable can judge: data and noise, a monthly sum, over the set. */
bool paso_judge_fits(const paso_observable *observable, int set);
/* Those named in `by` [n_by], in that order; none named: all that are fitted. The caller frees
 * them. PASO_ERR_USAGE: none, or a name that cannot judge. */
paso_status paso_judges_find(const paso_model *model, int set, const char *const *by, size_t n_by,
                             paso_judge **judge, int *n);
void paso_judges_free(paso_judge *judge, int n);

/* The record of the month that begins on `first_day`; NAN where there is none. */
double paso_judge_seen(const paso_judge *judge, int32_t first_day, int member);
/* Counts are compared as logarithms above the floor; the spread of a record around `mean` there. */
double paso_judge_log(const paso_judge *judge, int member, double count);
double paso_judge_spread(const paso_judge *judge, int member, double mean);

#endif
