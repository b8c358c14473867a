/* Laws of counts for the tests: the exact one by recursion from its mode in long double, and the
 * one Paso draws from, found without sampling by bisecting the uniform at every count.
 * A law is an array of cumulative chances from count `low` on; before it 0, after it 1. */
#ifndef PASO_TEST_RANDOM_LAWS_H
#define PASO_TEST_RANDOM_LAWS_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "random/random.h"

#define LAW_TAIL 1e-25L
#define GRID 0x1p52

/* A binomial, or with n = 0 a Poisson of mean p. */
typedef struct spec {
    double n, p;
} spec;

typedef struct law {
    double low;
    size_t n_counts;
    long double *up_to;
} law;

static inline double spec_mean(spec s) {
    return s.n > 0.0 ? s.n * s.p : s.p;
}

/* The mean that chooses the way: after folding at one half. */
static inline double spec_fold(spec s) {
    return s.n > 0.0 ? s.n * fmin(s.p, 1.0 - s.p) : s.p;
}

static inline double spec_draw(spec s, double u) {
    return s.n > 0.0 ? paso_binomial(s.n, s.p, u) : paso_poisson(s.p, u);
}

/* P(x + 1) / P(x) */
static inline long double spec_ratio(spec s, long double x) {
    if (s.n <= 0.0) return (long double)s.p / (x + 1);
    return ((long double)s.n - x) / (x + 1) * ((long double)s.p / (1.0L - (long double)s.p));
}

static inline void law_free(law *l) {
    free(l->up_to);
    l->up_to = NULL;
}

static inline law law_exact(spec s) {
    double mode = s.n > 0.0 ? floor((s.n + 1) * s.p) : floor(s.p), low = mode, high = mode;
    long double f = 1, sum = 0;
    law l;
    if (s.n > 0.0 && mode > s.n) low = high = mode = s.n;
    while (low > 0 && f > LAW_TAIL) f /= spec_ratio(s, (long double)(low -= 1));
    for (f = 1; f > LAW_TAIL && (s.n <= 0.0 || high < s.n); high += 1)
        f *= spec_ratio(s, (long double)high);
    l.low = low;
    l.n_counts = (size_t)(high - low) + 1;
    l.up_to = malloc(l.n_counts * sizeof *l.up_to);
    if (l.up_to == NULL) abort();
    l.up_to[(size_t)(mode - low)] = 1;
    for (size_t i = (size_t)(mode - low); i > 0; i--)
        l.up_to[i - 1] = l.up_to[i] / spec_ratio(s, (long double)(low + (double)i - 1));
    for (size_t i = (size_t)(mode - low); i + 1 < l.n_counts; i++)
        l.up_to[i + 1] = l.up_to[i] * spec_ratio(s, (long double)(low + (double)i));
    for (size_t i = 0; i < l.n_counts; i++) l.up_to[i] = (sum += l.up_to[i]);
    for (size_t i = 0; i < l.n_counts; i++) l.up_to[i] /= sum;
    return l;
}

/* Share of all uniforms that give at most x; the guess only saves time. */
static inline double paso_up_to(spec s, double x, double guess) {
    double below = -1.0, above = GRID, reach = 4.0; /* draw(below) <= x < draw(above) */
    double at = floor(fmin(fmax(guess, 0.0), 1.0 - 0x1p-52) * GRID);
    while (above - below > 1.0) {
        if (spec_draw(s, (2.0 * at + 1.0) * 0x1p-53) <= x) {
            below = at;
            at = at + reach < above ? at + reach : floor((below + above) / 2.0);
        } else {
            above = at;
            at = at - reach > below ? at - reach : floor((below + above) / 2.0);
        }
        if (below >= 0.0 && above < GRID) at = floor((below + above) / 2.0);
        reach *= 4.0;
    }
    return above / GRID;
}

/* The law drawn, over the same counts as the exact one. */
static inline law law_paso(spec s, const law *exact) {
    law l = {exact->low, exact->n_counts, malloc(exact->n_counts * sizeof *l.up_to)};
    if (l.up_to == NULL) abort();
    for (size_t i = 0; i < l.n_counts; i++)
        l.up_to[i] = paso_up_to(s, l.low + (double)i, (double)exact->up_to[i]);
    return l;
}

static inline long double law_at(const law *l, size_t i) {
    return l->up_to[i] - (i > 0 ? l->up_to[i - 1] : 0);
}

static inline long double law_variance(const law *l) {
    long double mean = 0, square = 0;
    for (size_t i = 0; i < l->n_counts; i++) mean += (long double)i * law_at(l, i);
    for (size_t i = 0; i < l->n_counts; i++)
        square += ((long double)i - mean) * ((long double)i - mean) * law_at(l, i);
    return square;
}

typedef struct gap {
    double total_variation, miss, bias;
} gap;

/* How far l is from the exact law over the same counts. */
static inline gap law_gap(const law *l, const law *exact) {
    long double tv = 0, miss = 0, bias = 0;
    for (size_t i = 0; i < l->n_counts; i++) {
        long double shift = l->up_to[i] - exact->up_to[i];
        tv += fabsl(law_at(l, i) - law_at(exact, i)) / 2;
        miss += fabsl(shift);
        bias -= shift;
    }
    return (gap){(double)tv, (double)miss, (double)bias};
}

/* Var(B - A) where one uniform draws both. */
static inline double laws_paired_variance(const law *a, const law *b) {
    long double from = 0, mean = 0, square = 0, shift = (long double)(b->low - a->low);
    size_t i = 0, j = 0;
    while (i < a->n_counts && j < b->n_counts) {
        long double to = fminl(a->up_to[i], b->up_to[j]);
        long double diff = shift + (long double)j - (long double)i;
        mean += diff * (to - from);
        square += diff * diff * (to - from);
        from = to > from ? to : from;
        if (a->up_to[i] <= b->up_to[j])
            i++;
        else
            j++;
    }
    return (double)(square - mean * mean);
}

#endif
