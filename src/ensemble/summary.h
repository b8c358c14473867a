/* Numbers about an ensemble: bands of one policy, paired differences of two. */
#ifndef PASO_ENSEMBLE_SUMMARY_H
#define PASO_ENSEMBLE_SUMMARY_H

#include <stddef.h>

enum { PASO_N_BANDS = 5 }; /* q05 q25 q50 q75 q95 */

typedef struct paso_summary {
    double mean;
    double band[PASO_N_BANDS]; /* linear interpolation between order statistics (type 7) */
} paso_summary;

typedef struct paso_pair {
    paso_summary difference; /* second minus first */
    double same_sign; /* share of members whose difference has the sign of the mean one; 0 counts
                         for neither */
    double gain; /* (Var A + Var B) / Var(B - A): what pairing shrank the variance by; INFINITY if B
                    - A never varies */
} paso_pair;

/* Of n >= 1 sorted values, linear between order statistics (type 7). */
double paso_quantile(const double *sorted, size_t n, double q);
/* value [n] is sorted in place. n >= 1. */
paso_summary paso_summarise(double *value, size_t n);
/* Dates, not a number meaning never: the mean is the share of members that have one, and a quantile
 * that falls on those without is not a number. value [n] is sorted in place. n >= 1. */
paso_summary paso_summarise_dates(double *value, size_t n);
/* What holds (1) or not (0): the mean is the chance; it has no quantiles. */
paso_summary paso_summarise_chance(const double *value, size_t n);
/* a, b [n]; scratch [n]. */
paso_pair paso_pair_of(const double *a, const double *b, double *scratch, size_t n);

#endif
