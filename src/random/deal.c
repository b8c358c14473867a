/* Dealing: whole items over whole weights by systematic rounding, in integers because sums in
 * doubles can miss the total by one. W. G. Madow, On the theory of systematic sampling, Annals of
 * Mathematical Statistics 20, 1949. */
#include "random.h"

#include "clones.h"

#define BLOCK 64 /* lanes worked on at once */

/* A whole number that a double holds exactly, or -1. */
static int64_t whole(double x) {
    int64_t i;
    if (!(x >= 0.0 && x < 0x1p53)) return -1;
    i = (int64_t)x;
    return (double)i == x ? i : -1;
}

/* Sum of the weights, or -1 where one is unfit or the sum could not be turned back to a double. */
static int64_t weigh(const double *w, size_t n, size_t stride) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t one = whole(w[i * stride]);
        if (one < 0) return -1;
        sum += one;
        if (sum >= INT64_C(1) << 53) return -1;
    }
    return sum;
}

/* What stands before item i together has whole((k (w_0 + ... + w_(i-1)) + start) / total), the sum
 * of the turns below: without a remainder to carry on and without division of whole numbers.
 * Rounding the quotient cannot reach a whole number q from below: the true one is at least 1/total
 * away, and as (q + 1) total < 2^52, which the caller sees to, there is a double in between. */
static void deal_small(double k, double u, const double *w, double total, double *out, size_t n,
                       size_t stride) {
    double sum = paso_whole_below(u * total), before = 0.0;
    for (size_t i = 0; i < n; i++) {
        double up_to;
        sum += k * w[i * stride];
        up_to = paso_whole_below(sum / total);
        out[i * stride] = up_to - before;
        before = up_to;
    }
}

/* The rest of a division is carried on, so that no product with the running sum is needed: cell i
 * gets the whole turns that K w_i adds to what was left before it. */
int paso_deal(double k, double u, const double *w, double *out, size_t n, size_t stride) {
    int64_t items = whole(k), total = weigh(w, n, stride), left;
    if (!(u >= 0.0 && u < 1.0) || items < 0 || total < 0 || (items > 0 && total == 0)) return -1;
    if (total > 0 && items > INT64_MAX / total - 1) return -1;
    if (total > 0 && (k + 1.0) * (double)total < 0x1p52) {
        deal_small(k, u, w, (double)total, out, n, stride);
        return 0;
    }
    left = (int64_t)(u * (double)total); /* below total: u is at least half a spacing below 1 */
    for (size_t i = 0; i < n; i++) {
        int64_t one = (int64_t)w[i * stride], turns = 0;
        if (one > 0 && items > 0) {
            left += items * one;
            turns = left / total;
            left -= turns * total;
        }
        out[i * stride] = (double)turns;
    }
    return 0;
}

/* As deal_small, in lanes. */
PASO_INLINE void deal_block(const double *restrict k, const double *restrict u,
                            const double *restrict w, const double *restrict total,
                            double *restrict out, size_t n, size_t stride, size_t lanes) {
    double sum[BLOCK], before[BLOCK];
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) {
        sum[l] = paso_whole_below(u[l] * total[l]);
        before[l] = 0.0;
    }
    for (size_t i = 0; i < n; i++, w += stride, out += stride) {
#pragma omp simd
        for (size_t l = 0; l < lanes; l++) {
            double up_to, old = out[l];
            sum[l] += k[l] * w[l];
            up_to = paso_whole_below(sum[l] / total[l]);
            out[l] = k[l] > 0.0 && k[l] < total[l] ? up_to - before[l] : old;
            before[l] = up_to;
        }
    }
}

PASO_CLONES int paso_deal_lanes(const double *k, const double *u, const double *w,
                                const double *total, double *restrict out, size_t n, size_t stride,
                                size_t lanes) {
    double unfit = 0.0;
#pragma omp simd reduction(+ : unfit)
    for (size_t l = 0; l < lanes; l++)
        unfit += k[l] > 0.0 && !((k[l] + 1.0) * total[l] < 0x1p52) ? 1.0 : 0.0;
    if (unfit > 0.0) return -1;
    for (size_t l = 0; l < lanes; l += BLOCK) {
        size_t some = lanes - l < BLOCK ? lanes - l : BLOCK;
        deal_block(k + l, u + l, w + l, total + l, out + l, n, stride, some);
    }
    return 0;
}
