/* Coupled keyed draws: every random number is a pure function of its key.
 * Philox 4x32-10 (Salmon and others 2011) makes one word, one uniform makes one count.
 * Formulas, accuracy and the choices made: docs/decisions/0002-draws.md. */
#ifndef PASO_RANDOM_H
#define PASO_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "math.h"

/* What a draw is for. The values are part of every key: never renumber, only add. */
typedef enum {
    PASO_DRAW_START = 0,
    PASO_DRAW_ENTER = 1,
    PASO_DRAW_EXIT = 2,
    PASO_DRAW_STEP = 3,
    PASO_DRAW_LIMIT = 4,
    PASO_DRAW_DEAL = 5,
    PASO_DRAW_BINS = 6,
    PASO_DRAW_ACROSS = 7,
    PASO_DRAW_SHOCK = 8,
    PASO_DRAW_COMMON = 9,
    PASO_DRAW_EVENT = 10,
    PASO_DRAW_SIZE = 11,
    PASO_DRAW_LASTS = 12,
    PASO_DRAW_PARAMETER = 13,
    PASO_DRAW_NOISE = 14
} paso_purpose;

/* The whole identity of a draw but for the member. */
typedef struct paso_key {
    uint64_t seed;        /* of the run */
    uint32_t name;        /* paso_name_hash of the dotted name of what is drawn */
    uint32_t cell;        /* row-major in the order of `over`, below 2^24 */
    uint32_t day;         /* day number from the start of the run, below 2^16 */
    uint32_t index;       /* which of several draws of one purpose, below 2^16 */
    paso_purpose purpose; /* below 2^8 */
} paso_key;

/* FNV-1a, 32 bits, over the bytes of the name without its ending zero. */
uint32_t paso_name_hash(const char *dotted);

/* Philox 4x32 with ten rounds. */
void paso_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* One uniform, an odd multiple of 2^-53 strictly between 0 and 1, so that u and 1 - u are exact.
 * Fields of the key beyond their width are a caller's error and are cut off, not reported. */
double paso_uniform(const paso_key *key, uint32_t member);

/* u[i] = paso_uniform(key, member[i]), the same bits. */
void paso_uniform_lanes(const paso_key *key, const uint32_t *member, size_t lanes,
                        double *restrict u);

/* Counts: the quantile at u of a law, monotone in u and in each of its parameters.
 * Exact below mean 10, at most one count off with a chance below 3e-4 from there (see the note).
 * n (below 2^52) and the counts are whole numbers held in doubles, 0 < u < 1. Outside the law's
 * range the answer is the nearest that makes sense: p <= 0, n <= 0 or mean <= 0 give 0, p >= 1
 * gives n; NaN gives NaN. */
double paso_binomial(double n, double p, double u);
double paso_poisson(double mean, double u);

/* The same bits lane by lane, for any number of lanes. x must not overlap the inputs. */
void paso_binomial_lanes(const double *n, const double *p, const double *u, double *restrict x,
                         size_t lanes);
void paso_poisson_lanes(const double *mean, const double *u, double *restrict x, size_t lanes);

/* The same bits as paso_binomial_lanes, where z[i], the normal quantile of u[i], is known already.
 */
void paso_binomial_known_lanes(const double *n, const double *p, const double *u, const double *z,
                               double *restrict x, size_t lanes);
/* z[i] = paso_normal_quantile(u[i]). */
void paso_normal_lanes(const double *u, double *restrict z, size_t lanes);

/* A heavy-tailed shock of mean 0 and variance 1: Student's law with df (3 to 30) degrees of
 * freedom, scaled; df 0 asks for the normal law. Uses key->index up to key->index + df.
 * Any other df gives NaN. */
double paso_student(const paso_key *key, uint32_t member, int df);

/* x[i] = paso_student(key, member[i], df), the same bits. */
void paso_student_lanes(const paso_key *key, const uint32_t *member, size_t lanes, int df,
                        double *restrict x);

/* Deals k whole items over the n whole weights w[0], w[stride], ... by systematic rounding in
 * integers from one uniform. The shares add up to k, have mean k*w/W, and none is above its weight
 * as long as k <= W, the sum of weights. Writes out[0], out[stride], ...; out may be w.
 * Returns 0, or -1 with out untouched where k*W could pass 2^63, where k, a weight or W is
 * negative, not whole or not below 2^53, where u is not in [0, 1), or where k > 0 has no weight to
 * go to. */
int paso_deal(double k, double u, const double *w, double *out, size_t n, size_t stride);

/* The same shares for the lanes l with 0 < k[l] < total[l], the sum of their whole weights
 * w[i * stride + l], i < n; the other lanes of out keep what is there. Returns -1, with out
 * untouched, where a product does not fit a double: deal those lanes one by one. */
int paso_deal_lanes(const double *k, const double *u, const double *w, const double *total,
                    double *restrict out, size_t n, size_t stride, size_t lanes);

#endif
