/* Numbers about an ensemble: mean, five quantiles, and what two policies differ by in pairs.
 * Quantiles are type 7 of Hyndman and Fan (1996): position q (n - 1), linear in between.
 * Sums run over members in their order, so that the same samples give the same bits. */
#include "ensemble/summary.h"

#include <math.h>
#include <stdlib.h>

static const double band_at[PASO_N_BANDS] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* NaN after every number, so that one look at the end finds it. */
static int compare_values(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    if (isnan(a) || isnan(b)) return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

double paso_quantile(const double *sorted, size_t n, double q) {
    double at = q * (double)(n - 1);
    size_t low = (size_t)at;
    if (low + 1 >= n) return sorted[n - 1];
    if (at == (double)low) return sorted[low]; /* its neighbour may be no number */
    return sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]);
}

static double mean_of(const double *value, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += value[i];
    return sum / (double)n;
}

static double spread_of(const double *value, size_t n) {
    double mean = mean_of(value, n), sum = 0;
    for (size_t i = 0; i < n; i++) sum += (value[i] - mean) * (value[i] - mean);
    return sum;
}

paso_summary paso_summarise(double *value, size_t n) {
    paso_summary summary = {.mean = mean_of(value, n)};
    qsort(value, n, sizeof *value, compare_values);
    for (int i = 0; i < PASO_N_BANDS; i++) {
        summary.band[i] = isnan(value[n - 1]) ? NAN : paso_quantile(value, n, band_at[i]);
    }
    return summary;
}

paso_summary paso_summarise_dates(double *value, size_t n) {
    paso_summary summary;
    size_t n_dates = 0;
    qsort(value, n, sizeof *value, compare_values);
    while (n_dates < n && !isnan(value[n_dates])) n_dates++;
    summary.mean = (double)n_dates / (double)n;
    /* Where one of two neighbours is never, so is what lies between. */
    for (int i = 0; i < PASO_N_BANDS; i++) summary.band[i] = paso_quantile(value, n, band_at[i]);
    return summary;
}

paso_summary paso_summarise_chance(const double *value, size_t n) {
    return (paso_summary){mean_of(value, n), {NAN, NAN, NAN, NAN, NAN}};
}

static double same_sign(const double *value, size_t n, double mean) {
    size_t same = 0;
    for (size_t i = 0; i < n; i++) same += (mean > 0 && value[i] > 0) || (mean < 0 && value[i] < 0);
    return (double)same / (double)n;
}

paso_pair paso_pair_of(const double *a, const double *b, double *scratch, size_t n) {
    paso_pair pair;
    for (size_t i = 0; i < n; i++) scratch[i] = b[i] - a[i];
    double apart = spread_of(a, n) + spread_of(b, n), paired = spread_of(scratch, n);
    pair.same_sign = same_sign(scratch, n, mean_of(scratch, n));
    pair.gain = paired > 0 ? apart / paired : INFINITY;
    pair.difference = paso_summarise(scratch, n);
    return pair;
}
