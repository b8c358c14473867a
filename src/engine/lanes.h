/* The small loops over lanes of which a day is made. Their rows never overlap, which lets the
 * compiler use vectors without looking first. */
#ifndef PASO_ENGINE_LANES_H
#define PASO_ENGINE_LANES_H

#include <stdbool.h>
#include <stddef.h>

static inline void paso_lanes_zero(double *to, size_t lanes) {
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) to[l] = 0;
}

static inline void paso_lanes_copy(double *restrict to, const double *restrict from, size_t lanes) {
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) to[l] = from[l];
}

static inline void paso_lanes_add(double *restrict to, const double *restrict from, size_t lanes) {
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) to[l] += from[l];
}

static inline void paso_lanes_take(double *restrict from, const double *restrict what,
                                   size_t lanes) {
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) from[l] -= what[l];
}

static inline bool paso_lanes_any(const double *x, size_t lanes) {
    double n = 0;
#pragma omp simd reduction(+ : n)
    for (size_t l = 0; l < lanes; l++) n += x[l] > 0 ? 1.0 : 0.0;
    return n > 0;
}

#endif
