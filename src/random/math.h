/* The functions a day may use, in plain C without libm, so that the bits are the same everywhere.
 * No branches and no calls: a loop over lanes that uses them can become vector code. Needs
 * -ffp-contract=off. Errors measured are at each function; origin in docs/decisions/0002-draws.md.
 */
#ifndef PASO_RANDOM_MATH_H
#define PASO_RANDOM_MATH_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Forced, because one call left in a loop over lanes stops the compiler from using vectors. */
#define PASO_INLINE static inline __attribute__((always_inline))

/* ln 2 in two parts; the first has 21 zero bits at its end, so k times it is exact. */
#define PASO_LN2_HIGH 0x1.62e42feep-1
#define PASO_LN2_LOW 0x1.a39ef35793c76p-33

PASO_INLINE uint64_t paso_bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

PASO_INLINE double paso_from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* floor for 0 <= x < 2^52; the library's is a call on plain x86-64. */
PASO_INLINE double paso_whole_below(double x) {
    double near = (x + 0x1p52) - 0x1p52;
    return near > x ? near - 1.0 : near;
}

/* k ln 2 + log(1 + f) for 1 + f in [sqrt 1/2, sqrt 2): with s = f/(2+f) the logarithm is
 * 2s + sR(s^2), and 2s = f - sf leaves f, which is exact, as the leading part. */
PASO_INLINE double paso_log_parts(double k, double f) {
    double s = f / (2.0 + f), y = s * s, y2 = y * y;
    double even = 2.0 / 3 + y2 * (2.0 / 7 + y2 * (2.0 / 11 + y2 * (2.0 / 15 + y2 * (2.0 / 19))));
    double odd = 2.0 / 5 + y2 * (2.0 / 9 + y2 * (2.0 / 13 + y2 * (2.0 / 17 + y2 * (2.0 / 21))));
    double rest = y * (even + y * odd);
    return k * PASO_LN2_HIGH - ((s * (f - rest) - k * PASO_LN2_LOW) - f);
}

/* log of a positive, normal, finite x. The shift by the bits of sqrt 1/2 makes the exponent field
 * count from there; k becomes a double under the exponent of 2^52, for want of a conversion from
 * 64-bit integers in AVX2. */
PASO_INLINE double paso_log_normal(double x) {
    uint64_t bits = paso_bits_of(x) + (0x3ff0000000000000u - 0x3fe6a09e667f3bcdu);
    double k = paso_from_bits(0x4330000000000000u | (bits >> 52)) - (0x1p52 + 1023.0);
    double m = paso_from_bits((bits & 0x000fffffffffffffu) + 0x3fe6a09e667f3bcdu);
    return paso_log_parts(k, m - 1.0);
}

/* Natural logarithm; -inf at 0, NaN below. */
PASO_INLINE double paso_log(double x) {
    int small = x < 0x1p-1022;
    double y = paso_log_normal(small ? x * 0x1p54 : x);
    y = small ? y - 54.0 * 0x1.62e42fefa39efp-1 : y;
    y = x > 0.0 ? y : (x == 0.0 ? -(double)INFINITY : (double)NAN);
    return x == (double)INFINITY ? x : y;
}

/* -log(1 - p) for p in [-0.4, 1/2]: both choices of f are exact, so tiny p keep all digits. */
PASO_INLINE double paso_log1m_half(double p) {
    int far = p > 0.29289321881345248;
    return -paso_log_parts(far ? -1.0 : 0.0, far ? 1.0 - 2.0 * p : -p);
}

/* -log(1 - p): the hazard that empties a share p. +inf at 1, NaN above. */
PASO_INLINE double paso_log1m(double p) {
    double half = paso_log1m_half(p), rest = -paso_log(1.0 - p);
    return p >= -0.4 && p <= 0.5 ? half : rest;
}

/* x = k ln 2 + r with |r| <= ln(2)/2. Gives r, and k both as a double and, biased by 2048 so that
 * logical shifts suffice, as an integer. */
PASO_INLINE double paso_exp_reduce(double x, double *k, uint64_t *biased) {
    double t = x * 0x1.71547652b82fep0 + 0x1.8p52;
    *biased = paso_bits_of(t) - (0x4338000000000000u - 2048u);
    *k = t - 0x1.8p52;
    return (x - *k * PASO_LN2_HIGH) - *k * PASO_LN2_LOW;
}

/* exp(r) - 1 by Taylor to degree 13, even and odd halves apart for speed. */
PASO_INLINE double paso_exp_taylor(double r) {
    double y = r * r;
    double even = 1.0 / 3628800 + y * (1.0 / 479001600);
    double odd = 1.0 / 39916800 + y * (1.0 / 6227020800);
    even = 1.0 / 24 + y * (1.0 / 720 + y * (1.0 / 40320 + y * even));
    odd = 1.0 / 6 + y * (1.0 / 120 + y * (1.0 / 5040 + y * (1.0 / 362880 + y * odd)));
    return r + y * (0.5 + (y * even + r * odd));
}

/* Exponential; 0 and inf beyond the range. The power of two comes in two factors, so that results
 * below 2^-1022 round once. */
PASO_INLINE double paso_exp(double x) {
    double k, y;
    uint64_t biased, half;
    x = x < -746.0 ? -746.0 : x;
    x = x > 710.0 ? 710.0 : x;
    y = 1.0 + paso_exp_taylor(paso_exp_reduce(x, &k, &biased));
    half = biased >> 1;
    return y * paso_from_bits((half - 1) << 52) * paso_from_bits((biased - half - 1) << 52);
}

/* 1 - exp(-h): the share that leaves at hazard h; -inf below h = -709. */
PASO_INLINE double paso_rise(double h) {
    double k, q, power, y;
    uint64_t biased;
    double x = h > 42.0 ? -42.0 : -h;
    x = x > 709.0 ? 709.0 : x;
    q = paso_exp_taylor(paso_exp_reduce(x, &k, &biased));
    power = paso_from_bits((biased - 1025) << 52);
    y = (1.0 - power) - power * q;
    return h < -709.0 ? -(double)INFINITY : y;
}

/* The same bits as paso_exp(-h), into *stay, and paso_rise(h), for h >= 0 or no number, with one
 * series for both. Beyond 42 the rise is 1. */
PASO_INLINE double paso_stay_and_rise(double h, double *stay) {
    double k, q, power, y;
    uint64_t biased, half;
    double x = h > 746.0 ? -746.0 : -h;
    q = paso_exp_taylor(paso_exp_reduce(x, &k, &biased));
    half = biased >> 1;
    *stay =
        (1.0 + q) * paso_from_bits((half - 1) << 52) * paso_from_bits((biased - half - 1) << 52);
    power = paso_from_bits((biased - 1025) << 52);
    y = (1.0 - power) - power * q;
    return h > 42.0 ? 1.0 : y;
}

/* 1/(1 + exp(-x)), without loss far below zero. */
PASO_INLINE double paso_logistic(double x) {
    double e = paso_exp(x > 0.0 ? -x : x);
    return (x > 0.0 ? 1.0 : e) / (1.0 + e);
}

/* a to the power b. Exact for the powers models use; otherwise exp(b log a), whose relative error
 * grows as |b log a|. By agreement 0 to a power not above 0 is 1. */
PASO_INLINE double paso_pow(double a, double b) {
    double y = paso_exp(b * paso_log(a));
    y = a == 0.0 ? (b > 0.0 ? 0.0 : 1.0) : y;
    y = b == 0.5 ? sqrt(a) : y;
    y = b == 2.0 ? a * a : y;
    y = b == 1.0 ? a : y;
    return b != b ? b : y;
}

/* Normal quantile; u strictly between 0 and 1, NaN outside. One rational function of
 * sqrt(-2 log min(u, 1-u)) for centre and tails. */
PASO_INLINE double paso_normal_quantile(double u) {
    double t = u < 0.5 ? u : 1.0 - u;
    double r = sqrt(-2.0 * paso_log_normal(t)), num, den, z;
    num = 0.0069585641610121823 + r * 7.5222127203788822e-06;
    num = 2.3892540015889083 + r * (0.24788082075969442 + r * num);
    num = 46.847203525693949 + r * (15.044433022700206 + r * num);
    num = 3.6541350453341406 + r * (32.407640959918538 + r * num);
    den = 0.061507513541788031 + r * 0.001173743112798077;
    den = 5.451971765383151 + r * (0.78246482281679741 + r * den);
    den = 34.469249135088745 + r * (23.418017807784327 + r * den);
    den = 1.0 + r * (14.008295812105475 + r * den);
    z = r - num / den;
    z = u < 0.5 ? -z : z;
    return u > 0.0 && u < 1.0 ? z : (double)NAN;
}

#endif
